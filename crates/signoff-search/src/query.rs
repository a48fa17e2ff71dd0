//! What people type into a search.
//!
//! | written | meaning |
//! |---|---|
//! | `pod resize` | both words, in any form (`pods`, `resizing`), best within one section |
//! | `"in place"` | these words in this order |
//! | `InPlace*` | words that begin so |
//! | `-windows` | not this word |
//! | `group:sig-node` | only proposals of this group; also `status:`, `stage:`, `release:`; `stage:alpha,beta` is either |
//! | `4603`, `KEP-4603`, `#4603` | the proposal of this number first |

use signoff_model::Release;
use signoff_model::profile::Prepared;
use signoff_model::spelling::nearest;

/// Most words, phrases and facets of a query; more are no search but a load.
const TERMS_MAX: usize = 32;
/// Longest query, in bytes.
const LENGTH_MAX: usize = 1024;

/// A search whose facets are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words, phrases and beginnings of words.
    pub terms: Vec<Term>,
    /// What the proposals must be.
    pub facets: Vec<Facet>,
}

/// A word, a phrase or the beginning of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Its words; several only in a phrase or where a word holds marks, as in `kube-proxy`.
    pub words: Vec<String>,
    /// Whether the last word may go on.
    pub prefix: bool,
    /// Whether it must not occur.
    pub excluded: bool,
    /// As it was written, without quotes and marks.
    pub written: String,
}

/// What proposals can be narrowed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacetName {
    /// The owning group.
    Group,
    /// The status.
    Status,
    /// The stage.
    Stage,
    /// The latest milestone.
    Release,
}

impl FacetName {
    /// Every facet.
    pub const ALL: [Self; 4] = [Self::Group, Self::Status, Self::Stage, Self::Release];

    /// The name in a query.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Status => "status",
            Self::Stage => "stage",
            Self::Release => "release",
        }
    }
}

/// A facet with the values that are wanted, or not wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// What is compared.
    pub name: FacetName,
    /// The values, any of which will do; as the process or the proposals write them.
    pub values: Vec<String>,
    /// Whether these are the ones that are not wanted.
    pub excluded: bool,
}

/// Why a text is no query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}\n{hint}")]
pub struct QueryFault {
    /// What is wrong.
    pub message: String,
    /// What may be meant, or what there is.
    pub hint: String,
}

/// The values that facets can have: those of the process, and those that occur.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    by_facet: [Known; 4],
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    values: Vec<String>,
    /// How many of them, the first ones, the process declares; none where it leaves the values open.
    declared: usize,
}

impl Known {
    /// What to suggest: mistakes may occur, but nobody should be led to them.
    fn suggested(&self) -> &[String] {
        if self.declared == 0 { &self.values } else { &self.values[..self.declared] }
    }
}

impl Values {
    /// The values of a process alone; groups and releases that occur are added by [`Values::add`].
    #[must_use]
    pub fn of_process(prepared: &Prepared) -> Self {
        let profile = &prepared.profile;
        let known = |values: Vec<String>| Known { declared: values.len(), values };
        let groups = profile.groups.known.iter().chain(&profile.groups.retired).cloned().collect();
        let statuses = profile.status.iter().map(|status| status.name.clone()).collect();
        let stages = profile.stage.iter().map(|stage| stage.name.clone()).collect();
        Self { by_facet: [known(groups), known(statuses), known(stages), Known::default()] }
    }

    /// The values that the process declares.
    pub(crate) fn declared(&self) -> impl Iterator<Item = (FacetName, &[String])> {
        FacetName::ALL.into_iter().zip(self.by_facet.iter().map(|known| &known.values[..known.declared]))
    }

    /// Adds a value that the process declares; before those that occur.
    pub(crate) fn declare(&mut self, name: FacetName, value: &str) {
        let known = &mut self.by_facet[name as usize];
        known.values.push(value.to_owned());
        known.declared = known.values.len();
    }

    /// Adds a value that occurs.
    pub fn add(&mut self, name: FacetName, value: &str) {
        let known = &mut self.by_facet[name as usize];
        if !value.is_empty() && !known.values.iter().any(|known| known == value) {
            known.values.push(value.to_owned());
        }
    }
}

impl Query {
    /// Whether a text asks for facets, so that their values must be known to read it.
    #[must_use]
    pub fn has_facets(text: &str) -> bool {
        text.len() <= LENGTH_MAX && tokens(text).iter().any(|token| token.facet().is_some())
    }

    /// Reads what somebody typed. Values may be left out where the text [has no facets](Query::has_facets).
    ///
    /// # Errors
    /// When it asks for nothing, is too long, or names a facet or a value that there is not.
    pub fn parse(text: &str, values: &Values) -> Result<Self, QueryFault> {
        let fault = |message: String, hint: &str| QueryFault { message, hint: hint.to_owned() };
        if text.len() > LENGTH_MAX {
            return Err(fault(format!("the search is longer than {LENGTH_MAX} bytes"), "search for fewer words"));
        }
        let mut query = Self::default();
        for token in tokens(text) {
            query.add(&token, values)?;
        }
        if query.terms.len() + query.facets.len() > TERMS_MAX {
            return Err(fault(format!("the search has more than {TERMS_MAX} words"), "search for fewer words"));
        }
        let wanted = query.terms.iter().any(|term| !term.excluded);
        if !wanted && !query.facets.iter().any(|facet| !facet.excluded) {
            let hint = "search for words, \"a phrase\", a prefix*, a number, or group:NAME";
            return Err(fault("the search asks for nothing".to_owned(), hint));
        }
        Ok(query)
    }

    fn add(&mut self, token: &Token<'_>, values: &Values) -> Result<(), QueryFault> {
        match token.facet() {
            Some((name, written)) => self.facets.push(facet(name, written, token.excluded, values)?),
            None => self.terms.extend(term(token)),
        }
        Ok(())
    }

    /// The number, when the query is nothing but one: `4603`, `KEP-4603`, `kep 4603`, `#4603`.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let label = |text: &str| text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        let words: Vec<&str> =
            self.terms.iter().filter(|term| !term.excluded).flat_map(|term| &term.words).map(String::as_str).collect();
        match words[..] {
            [number] if digits(number) => Some(number),
            [before, number] if label(before) && digits(number) => Some(number),
            _ => None,
        }
    }
}

/// A piece of a query between blanks, quotes respected.
struct Token<'t> {
    text: &'t str,
    quoted: bool,
    excluded: bool,
}

impl<'t> Token<'t> {
    /// The facet's name and values, when it looks like one.
    fn facet(&self) -> Option<(&'t str, &'t str)> {
        let (name, value) = self.text.split_once(':').filter(|_| !self.quoted)?;
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        // An address or a Go package is text.
        (is_name && !value.starts_with(['/', ':'])).then_some((name, value))
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let bare = rest.strip_prefix('-').filter(|bare| bare.starts_with(|c: char| !c.is_whitespace() && c != '-'));
        let excluded = bare.is_some();
        let start = bare.unwrap_or(rest);
        let (text, quoted, end) = match start.strip_prefix('"') {
            Some(inner) => match inner.split_once('"') {
                Some((phrase, after)) => (phrase, true, after),
                None => (inner, true, ""),
            },
            None => {
                let end = start.find(char::is_whitespace).unwrap_or(start.len());
                (&start[..end], false, &start[end..])
            }
        };
        found.push(Token { text, quoted, excluded });
        rest = end.trim_start();
    }
    found
}

/// The words of a text, in lower case.
pub(crate) fn words_of(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && !is_accent(c));
    words.filter(|word| word.contains(char::is_alphanumeric)).map(str::to_lowercase)
}

/// Whether a character is an accent of the letter before it: to the index such letters are letters.
fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// The words of a token; nothing when it holds none.
fn term(token: &Token<'_>) -> Option<Term> {
    let prefix = token.text.ends_with('*');
    let words: Vec<String> = words_of(token.text).collect();
    let written = token.text.trim_end_matches('*').to_owned();
    (!words.is_empty()).then_some(Term { words, prefix, excluded: token.excluded, written })
}

fn facet(name: &str, written: &str, excluded: bool, values: &Values) -> Result<Facet, QueryFault> {
    let names = || FacetName::ALL.into_iter().map(FacetName::name);
    let Some(name) = FacetName::ALL.into_iter().find(|facet| facet.name().eq_ignore_ascii_case(name)) else {
        let hint = match nearest(name, names()) {
            Some(near) => format!("did you mean `{near}:{written}`? In quotes it is text"),
            None => format!("there are {}; in quotes it is text", names().collect::<Vec<_>>().join(", ")),
        };
        return Err(QueryFault { message: format!("there is no facet `{name}`"), hint });
    };
    let known = &values.by_facet[name as usize];
    let mut values = Vec::new();
    for written in written.split(',').filter(|written| !written.is_empty()) {
        let before = values.len();
        // A release may occur with and without its prefix.
        values.extend(known.values.iter().filter(|value| is_same(name, value, written)).cloned());
        if values.len() == before {
            return Err(unknown_value(name, written, known.suggested()));
        }
    }
    if values.is_empty() {
        let message = format!("`{}:` names no value", name.name());
        return Err(QueryFault { message, hint: format!("there are {}", some_of(known.suggested())) });
    }
    Ok(Facet { name, values, excluded })
}

/// Whether a value is the one that was written: letter case aside, releases by version.
fn is_same(name: FacetName, value: &str, written: &str) -> bool {
    let releases = || Release::parse(value).zip(Release::parse(written));
    value.eq_ignore_ascii_case(written)
        || (name == FacetName::Release && releases().is_some_and(|(left, right)| left == right))
}

fn unknown_value(name: FacetName, written: &str, known: &[String]) -> QueryFault {
    let hint = match nearest(written, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{}:{near}`?", name.name()),
        None => format!("there are {}", some_of(known)),
    };
    QueryFault { message: format!("there is no {} `{written}`", name.name()), hint }
}

fn some_of(known: &[String]) -> String {
    const MOST: usize = 12;
    let first = known.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    if known.len() > MOST { format!("{first} and {} more", known.len() - MOST) } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        let mut values = Values::default();
        for (name, value) in [
            (FacetName::Group, "sig-lamps"),
            (FacetName::Status, "draft"),
            (FacetName::Stage, "alpha"),
            (FacetName::Stage, "beta"),
            (FacetName::Release, "v1.2"),
            (FacetName::Release, "1.2"),
        ] {
            values.add(name, value);
        }
        values
    }

    /// A query as one text: words by `+`, `*` behind a beginning, `-` before what is unwanted.
    fn read(text: &str) -> String {
        let query = match Query::parse(text, &values()) {
            Ok(query) => query,
            Err(fault) => return format!("{}; {}", fault.message, fault.hint),
        };
        let sign = |excluded: bool| if excluded { "-" } else { "" };
        let terms = query.terms.iter().map(|term| {
            format!("{}{}{}", sign(term.excluded), term.words.join("+"), if term.prefix { "*" } else { "" })
        });
        let facets = query
            .facets
            .iter()
            .map(|facet| format!("{}{}={}", sign(facet.excluded), facet.name.name(), facet.values.join("|")));
        terms.chain(facets).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_people_type() {
        let cases = [
            ("Pod resize", "pod resize"),
            ("  \"in place\"  Pod*", "in+place pod*"),
            ("kube-proxy's", "kube+proxy+s"),
            ("\"kube-prox*\"", "kube+prox*"),
            ("\"left open", "left+open"),
            ("pod -windows -\"two words\" - --x", "pod -windows -two+words x"),
            ("Größe ÄÖ", "größe äö"),
            ("cafe\u{301}s İx \u{301}", "cafe\u{301}s i\u{307}x"),
            ("Group:SIG-lamps x", "x group=sig-lamps"),
            ("stage:alpha,beta -status:draft", "stage=alpha|beta -status=draft"),
            ("release:1.2", "release=v1.2|1.2"),
            ("\"group:x\" https://x.io/a k8s::b", "group+x https+x+io+a k8s+b"),
            ("x \0\u{7}", "x"),
            ("stge:alpha", "there is no facet `stge`; did you mean `stage:alpha`? In quotes it is text"),
            ("zone:x", "there is no facet `zone`; there are group, status, stage, release; in quotes it is text"),
            ("stage:bta", "there is no stage `bta`; did you mean `stage:beta`?"),
            ("status:published", "there is no status `published`; there are draft"),
            ("stage:", "`stage:` names no value; there are alpha, beta"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text:?}");
        }
        for text in ["", " ", "-x", "...", "\"\"", "-stage:alpha"] {
            assert!(read(text).starts_with("the search asks for nothing; "), "{text:?}: {}", read(text));
        }
    }

    #[test]
    fn numbers() {
        let cases = [
            ("4603", Some("4603")),
            ("KEP-4603", Some("4603")),
            ("kep 0012", Some("0012")),
            ("#7", Some("7")),
            ("7 status:draft", Some("7")),
            ("pods 12", Some("12")),
            ("version 12", None),
            ("12 13", None),
            ("x", None),
        ];
        for (text, expected) in cases {
            let query = Query::parse(text, &values()).expect("a query");
            assert_eq!(query.number(), expected, "{text:?}");
        }
    }
}
