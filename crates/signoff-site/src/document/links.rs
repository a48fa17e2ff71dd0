//! Where links lead: into this document, to a page of the site, to another place, or nowhere.
//!
//! An address of a proposal's is never copied into a page but for `http:`, `https:` and `mailto:`; every other one is
//! looked up in the repository, and what is found there is written as the site's own address.

use rustc_hash::FxHashSet;
use signoff_model::{corpus, tree};

use super::{Place, Setting, Surroundings};

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// To an address, ready to be an attribute.
    To(String),
    /// To another host.
    Out(String),
    /// Nowhere; the reason in words.
    Nowhere(String),
}

/// What an image shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Picture {
    /// A file of the repository: its path, and its address from this page.
    Own {
        /// The path in the repository.
        path: String,
        /// The address.
        address: String,
    },
    /// An image that is not loaded, with where it is.
    Elsewhere(Lead),
}

/// What all links of a document have in common.
pub(super) struct Links<'a, S> {
    setting: &'a Setting<'a, S>,
    /// The anchors of this document.
    anchors: FxHashSet<&'a str>,
}

/// A target that is a path of the repository.
struct Local<'t> {
    path: Option<String>,
    fragment: &'t str,
    /// The whole address, where the target has one.
    address: Option<&'t str>,
}

impl<'a, S: Surroundings> Links<'a, S> {
    pub(super) fn new(setting: &'a Setting<'a, S>, body: &'a signoff_model::Body) -> Self {
        let headings = body.sections.iter().map(|section| &*section.anchor);
        Self { setting, anchors: headings.chain(body.html_anchors.iter().map(|name| &**name)).collect() }
    }

    /// Where a link leads.
    pub(super) fn lead(&self, target: &str) -> Lead {
        let target = clean(target);
        match self.local(&target) {
            Ok(local) => self.local_lead(&local),
            Err(lead) => lead,
        }
    }

    /// What an image shows.
    pub(super) fn picture(&self, target: &str) -> Picture {
        let target = clean(target);
        let local = match self.local(&target) {
            Ok(local) => local,
            Err(lead) => return Picture::Elsewhere(lead),
        };
        let found = local.path.as_deref().map(|path| (path, self.setting.surroundings.find(path)));
        match found {
            Some((path, Place::File(address))) if is_picture(path) => {
                Picture::Own { path: path.to_owned(), address: self.address(&address) }
            }
            _ => Picture::Elsewhere(self.local_lead(&local)),
        }
    }

    fn local_lead(&self, local: &Local<'_>) -> Lead {
        let Some(path) = &local.path else { return Lead::Nowhere("leads out of the repository".to_owned()) };
        if **path == *self.setting.path {
            return self.here(local.fragment);
        }
        match self.setting.surroundings.find(path) {
            Place::Page(page) => self.to_page(path, &page, local.fragment),
            Place::File(file) => Lead::To(self.address(&file)),
            Place::Elsewhere(address) => Lead::Out(format!("{address}{}", lines(local.fragment))),
            Place::Missing => Lead::Nowhere(format!("there is no {path}")),
            Place::Unknown => match local.address {
                Some(address) => Lead::Out(address.to_owned()),
                None => Lead::Nowhere(format!("{path} is not among the files that were read")),
            },
        }
    }

    fn here(&self, fragment: &str) -> Lead {
        let anchor = corpus::decode(fragment);
        if anchor.is_empty() {
            return Lead::To("#".to_owned());
        }
        let lower = anchor.to_lowercase();
        match [&*anchor, &*lower].into_iter().find(|anchor| self.anchors.contains(anchor)) {
            Some(anchor) => Lead::To(format!("#{}", id(anchor))),
            None => Lead::Nowhere(format!("nothing here is called {anchor}")),
        }
    }

    fn to_page(&self, path: &str, page: &str, fragment: &str) -> Lead {
        let mut address = self.address(page);
        let anchor = corpus::decode(fragment).to_lowercase();
        if !anchor.is_empty() && self.setting.surroundings.has_anchor(path, &anchor) {
            address.push('#');
            address.push_str(&id(&anchor));
        }
        Lead::To(address)
    }

    /// A path of the site as an address from this page; whatever is no plain letter of a path is escaped.
    fn address(&self, path: &str) -> String {
        let mut address = self.setting.root.to_owned();
        for byte in path.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
                address.push(char::from(byte));
            } else {
                address.push_str(&format!("%{byte:02X}"));
            }
        }
        address
    }

    /// The path that a target means, or where it leads when it means none of the repository.
    fn local<'t>(&self, target: &'t str) -> Result<Local<'t>, Lead> {
        let own = self.setting.addresses.path(target);
        let rest = match own {
            Some(rest) => rest,
            None => match scheme(target) {
                Some(scheme) => return Err(out(scheme, target)),
                None if target.starts_with("//") || target.starts_with('\\') => {
                    return Err(out("https", &format!("https:{target}")));
                }
                None => target,
            },
        };
        let (path, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let path = corpus::decode(path.split_once('?').map_or(path, |(path, _)| path));
        let path = match own {
            Some(_) => tree::resolve("", &path),
            None if path.is_empty() => Some(self.setting.path.to_owned()),
            None => tree::resolve(self.setting.path, &path),
        };
        Ok(Local { path, fragment, address: own.map(|_| target) })
    }
}

/// The addresses under which the files of a repository are known.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    /// What stands before a path.
    paths: Vec<String>,
}

impl Addresses {
    /// Addresses that lead into the repository, as a profile lists them (`body.own_addresses`). Where a file has other
    /// addresses on the same forge, they are known too.
    pub fn new<T: AsRef<str>>(own: impl IntoIterator<Item = T>) -> Self {
        const FORGE: &str = "https://github.com/";
        let mut known = Self::default();
        for address in own {
            let address = address.as_ref();
            known.paths.push(address.to_owned());
            let Some(rest) = address.strip_prefix(FORGE) else { continue };
            let parts: Vec<&str> = rest.trim_end_matches('/').split('/').collect();
            if let [owner, repository, "blob", branch] = parts[..] {
                known.paths.push(format!("{FORGE}{owner}/{repository}/raw/{branch}/"));
                known.paths.push(format!("https://raw.githubusercontent.com/{owner}/{repository}/{branch}/"));
            }
        }
        known
    }

    fn path<'t>(&self, target: &'t str) -> Option<&'t str> {
        if !target.starts_with("http") {
            return None;
        }
        self.paths.iter().find_map(|address| target.strip_prefix(&**address))
    }
}

/// The id of an author's anchor. With its hyphen it is the name of nothing that a script of a page asks for.
pub(super) fn id(anchor: &str) -> String {
    const LENGTH_MAX: usize = 300;
    let kept = |character: &char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.' | ':');
    let name: String = anchor.chars().filter(kept).take(LENGTH_MAX).collect();
    format!("d-{name}")
}

/// A target without what a browser does not look at.
fn clean(target: &str) -> String {
    crate::escape::plain(target).trim().to_owned()
}

/// The scheme of an address, as written.
fn scheme(target: &str) -> Option<&str> {
    let end = target.find([':', '/', '?', '#', '\\'])?;
    let name = target[..end].trim();
    let is_scheme = target[end..].starts_with(':') && !name.is_empty();
    is_scheme.then_some(name)
}

/// Where an address with a scheme leads.
fn out(scheme: &str, address: &str) -> Lead {
    let behind = &address[address.find(':').map_or(0, |colon| colon + 1)..];
    let is_web = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let is_whole = is_web && behind.starts_with("//") && behind.len() > 2;
    if is_whole || (scheme.eq_ignore_ascii_case("mailto") && !behind.is_empty()) {
        return Lead::Out(address.replace(char::is_whitespace, "%20"));
    }
    Lead::Nowhere("no address of the web".to_owned())
}

/// A fragment that names lines of a file, as forges write it.
fn lines(fragment: &str) -> String {
    let is_lines = fragment.starts_with('L')
        && fragment.len() < 20
        && fragment.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'L' | b'-' | b'C'));
    if is_lines { format!("#{fragment}") } else { String::new() }
}

fn is_picture(path: &str) -> bool {
    const ENDINGS: [&str; 7] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "avif"];
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

/// A web address in a text, as GitHub finds them: from a scheme or `www.` on to white space, without the punctuation
/// that ends the sentence.
pub(super) fn address_in(text: &str) -> Option<std::ops::Range<usize>> {
    let mut from = 0;
    while let Some(start) = next_start(text, from) {
        // What is no host is seen before the rest is looked at: a text of beginnings is read once.
        if has_host(&text[start..]) {
            return Some(start..start + length(&text[start..]));
        }
        from = start + 4;
    }
    None
}

/// Whether an address goes on with the name of a host, which has a dot.
fn has_host(address: &str) -> bool {
    let behind = ["https://", "http://"].iter().find_map(|scheme| address.strip_prefix(scheme)).unwrap_or(address);
    let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_:".contains(byte) || *byte > 127;
    let host = behind.bytes().take_while(is_host).count();
    let host = &behind.as_bytes()[..host];
    let dot = host.iter().position(|byte| *byte == b'.');
    dot.is_some_and(|dot| dot > 0 && host[dot + 1..].iter().any(u8::is_ascii_alphanumeric))
}

/// Where an address may begin: not in a word.
fn next_start(text: &str, from: usize) -> Option<usize> {
    const STARTS: [&str; 3] = ["http://", "https://", "www."];
    let mut from = from;
    loop {
        let found = memchr::memchr2_iter(b'h', b'w', text.get(from..)?.as_bytes())
            .map(|at| from + at)
            .find(|at| STARTS.iter().any(|start| text.as_bytes()[*at..].starts_with(start.as_bytes())))?;
        let before = text[..found].chars().next_back();
        if before.is_none_or(|before| !before.is_alphanumeric() && before != '/' && before != '-') {
            return Some(found);
        }
        from = found + 1;
    }
}

fn length(text: &str) -> usize {
    let end = text.find(|character: char| character.is_whitespace() || matches!(character, '<' | '"' | '`' | '\u{2}'));
    let mut rest = &text[..end.unwrap_or(text.len())];
    let mut opened = rest.matches('(').count();
    let mut closed = rest.matches(')').count();
    loop {
        let Some(last) = rest.chars().next_back() else { return 0 };
        let ends_sentence = matches!(last, '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'');
        let is_spare = last == ')' && closed > opened;
        if !ends_sentence && !is_spare {
            return rest.len();
        }
        closed -= usize::from(last == ')');
        opened -= usize::from(last == '(');
        rest = &rest[..rest.len() - last.len_utf8()];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_text() {
        let cases = [
            ("see https://a.example/b_c.", Some("https://a.example/b_c")),
            ("(https://a.example/b(c))", Some("https://a.example/b(c)")),
            ("www.a.example, and", Some("www.a.example")),
            ("xhttps://a.example", None),
            ("http://localhost and https://b.example", Some("https://b.example")),
            ("https:// www. http", None),
            ("no address", None),
        ];
        for (text, expected) in cases {
            assert_eq!(address_in(text).map(|range| &text[range]), expected, "{text}");
        }
    }

    #[test]
    fn only_addresses_of_the_web_lead_out() {
        let cases = [
            ("https://a.example/x y", Lead::Out("https://a.example/x%20y".to_owned())),
            ("HTTPS://a.example", Lead::Out("HTTPS://a.example".to_owned())),
            ("mailto:a@b.example", Lead::Out("mailto:a@b.example".to_owned())),
        ];
        for (address, expected) in cases {
            assert_eq!(out(scheme(address).expect("a scheme"), address), expected);
        }
        for address in
            ["javascript:x", "JAVASCRIPT:x", "data:text/html,x", "https:x", "https://", "mailto:", "file:///etc"]
        {
            let lead = out(scheme(address).expect("a scheme"), address);
            assert!(matches!(lead, Lead::Nowhere(_)), "{address}");
        }
    }
}
