//! People as proposals name them: handles, and the owners files of a repository.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::node::Node;
use crate::profile::{PeopleFormat, PeopleStyle};
use crate::source::{self, Source};
use crate::span::Span;
use crate::tree::{self, ReadError, Tree};
use crate::yaml::{self, Fault};

/// How an entry of a list of people reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Person<'a> {
    /// `@name`.
    Handle(&'a str),
    /// `name` without the `@`.
    Bare(&'a str),
    /// Nobody yet: `TBD`, `@TBD`, `@jane.doe` of the template.
    Placeholder,
    /// A handle with something around it: curly quotes, prose, a link; the handle, if one is in it.
    Malformed(Option<&'a str>),
}

impl<'a> Person<'a> {
    /// Reads one entry. `placeholders` are compared without case and `@`.
    #[must_use]
    pub fn parse(text: &'a str, placeholders: &[String]) -> Self {
        let text = text.trim();
        let name = text.strip_prefix('@').unwrap_or(text);
        if text.is_empty() || placeholders.iter().any(|word| word.eq_ignore_ascii_case(name)) {
            return Self::Placeholder;
        }
        if is_handle(name) {
            return if text.starts_with('@') { Self::Handle(name) } else { Self::Bare(name) };
        }
        Self::Malformed(text.split('@').nth(1).map(leading_handle).filter(|handle| is_handle(handle)))
    }

    /// The handle without `@`, if one can be made out.
    #[must_use]
    pub fn handle(&self) -> Option<&'a str> {
        match self {
            Self::Handle(name) | Self::Bare(name) => Some(name),
            Self::Malformed(name) => *name,
            Self::Placeholder => None,
        }
    }
}

/// Longest name of a person on the forge, in characters.
const HANDLE_MAX: usize = 39;

/// A person in free style: `Name (@handle)`, `Name <mail>`, `@handle`, or a name alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Named<'a> {
    /// The name; empty when only a handle or an address is given.
    pub name: &'a str,
    /// The handle, without `@`.
    pub handle: Option<&'a str>,
    /// The mail address.
    pub address: Option<&'a str>,
}

impl<'a> Named<'a> {
    /// Reads one entry.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let text = text.trim();
        let between = |open: &str, close: char| {
            let (_, behind) = text.split_once(open)?;
            Some(behind.split_once(close)?.0.trim())
        };
        let alone = text.strip_prefix('@').map(leading_handle);
        let handle = between("(@", ')').or(alone).filter(|handle| is_handle(handle));
        let address = between("<", '>').filter(|address| address.contains('@'));
        let name = if text.starts_with('@') { "" } else { text.split(['(', '<']).next().unwrap_or_default().trim() };
        Self { name, handle, address }
    }
}

/// The handle, without `@`, that an entry of a list of people names, in the style of the process.
#[must_use]
pub fn handle_of<'a>(text: &'a str, format: &PeopleFormat) -> Option<&'a str> {
    match format.style {
        PeopleStyle::Handle => Person::parse(text, &format.placeholders).handle(),
        PeopleStyle::Free => Named::parse(text).handle,
    }
}

/// Whether `name` can be a name of a forge: letters, digits and hyphens, or `organisation/team`.
#[must_use]
pub fn is_handle(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.len() <= HANDLE_MAX
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !part.starts_with('-')
    };
    match name.split_once('/') {
        Some((organisation, team)) => part(organisation) && part(team),
        None => part(name),
    }
}

fn leading_handle(text: &str) -> &str {
    let end = text.find(|character: char| !(character.is_ascii_alphanumeric() || character == '-' || character == '_'));
    &text[..end.unwrap_or(text.len())]
}

/// Why a file about people says nothing.
#[derive(Clone, Debug)]
pub enum Unread {
    /// It is there and cannot be read.
    File(ReadError),
    /// Its text cannot be read.
    Text(Vec<Fault>),
}

/// The text of a file about people and its value, or why it says nothing; `None` when there is no such file.
///
/// Half a list of people would deny the other half, so any fault makes all of it unread.
fn read(tree: &dyn Tree, path: &str) -> Option<(Arc<Source>, Result<Node, Unread>)> {
    let bytes = match tree.read(path) {
        Ok(bytes) => bytes,
        Err(ReadError::Missing) => return None,
        Err(error) => return Some((Arc::new(Source::new(path, "")), Err(Unread::File(error)))),
    };
    let (text, _) = source::decode(bytes);
    let yaml = yaml::parse(&text);
    let value = match yaml.root {
        Some(root) if yaml.faults.is_empty() => Ok(root),
        None if yaml.faults.is_empty() => Ok(Node::plain("", Span::default())),
        _ => Err(Unread::Text(yaml.faults)),
    };
    Some((Arc::new(Source::new(path, text)), value))
}

/// The aliases of a repository (`OWNERS_ALIASES`): alias to handles, in lower case, with the spelling of the file.
#[derive(Clone, Debug, Default)]
pub struct Aliases {
    groups: BTreeMap<String, BTreeMap<String, String>>,
    /// Whether the file was there and could be read.
    pub known: bool,
    /// The file, where there is one.
    pub source: Option<Arc<Source>>,
    /// Why it says nothing.
    pub unread: Option<Unread>,
}

impl Aliases {
    /// Reads the aliases file of a tree.
    #[must_use]
    pub fn read(tree: &dyn Tree, path: &str) -> Self {
        let Some((source, value)) = read(tree, path) else { return Self::default() };
        let source = Some(source);
        let root = match value {
            Ok(root) => root,
            Err(unread) => return Self { source, unread: Some(unread), ..Self::default() },
        };
        let mut groups = BTreeMap::new();
        for pair in root.get("aliases").map(Node::pairs).unwrap_or_default() {
            let members = pair.node.items().iter().filter_map(Node::text);
            let members = members.map(|name| (name.to_ascii_lowercase(), name.to_owned())).collect();
            groups.insert(pair.key.to_string(), members);
        }
        Self { known: !groups.is_empty(), groups, source, unread: None }
    }

    /// How the alias spells this handle; `None` when it is no member. Letter case does not count.
    #[must_use]
    pub fn member(&self, alias: &str, handle: &str) -> Option<&str> {
        self.groups.get(alias)?.get(&handle.to_ascii_lowercase()).map(String::as_str)
    }

    /// Whether there is such an alias.
    #[must_use]
    pub fn has(&self, alias: &str) -> bool {
        self.groups.contains_key(alias)
    }

    /// The members of every alias, as spelt.
    pub fn everybody(&self) -> impl Iterator<Item = &str> {
        self.groups.values().flat_map(|members| members.values().map(String::as_str))
    }

    /// The members of an alias, as spelt.
    pub fn members(&self, alias: &str) -> impl Iterator<Item = &str> {
        self.groups.get(alias).into_iter().flat_map(|members| members.values().map(String::as_str))
    }
}

/// An `OWNERS` file of a folder.
#[derive(Clone, Debug)]
pub struct Owners {
    /// The file.
    pub source: Arc<Source>,
    /// Handles or aliases under `approvers`, in lower case.
    pub approvers: BTreeSet<String>,
    /// Handles or aliases under `reviewers`, in lower case.
    pub reviewers: BTreeSet<String>,
    /// Why it says nothing.
    pub unread: Option<Unread>,
}

impl Owners {
    /// Reads the `OWNERS` file of a folder, if it has one.
    #[must_use]
    pub fn read(tree: &dyn Tree, folder: &str) -> Option<Self> {
        let (source, value) = read(tree, &tree::join(folder, "OWNERS"))?;
        let names = |root: &Node, key: &str| {
            let items = root.get(key).map(Node::items).unwrap_or_default().iter().filter_map(Node::text);
            items.map(|name| name.trim_start_matches('@').to_ascii_lowercase()).collect()
        };
        Some(match value {
            Ok(root) => Self {
                approvers: names(&root, "approvers"),
                reviewers: names(&root, "reviewers"),
                source,
                unread: None,
            },
            Err(unread) => {
                Self { source, approvers: BTreeSet::new(), reviewers: BTreeSet::new(), unread: Some(unread) }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    #[test]
    fn people_in_every_spelling() {
        let placeholders = vec!["TBD".to_owned(), "jane.doe".to_owned()];
        let cases = [
            ("@deads2k", Person::Handle("deads2k")),
            ("deads2k", Person::Bare("deads2k")),
            ("TBD", Person::Placeholder),
            ("@tbd", Person::Placeholder),
            ("@jane.doe", Person::Placeholder),
            ("", Person::Placeholder),
            ("“@neolit123”", Person::Malformed(Some("neolit123"))),
            ("@deads2k - For the server", Person::Malformed(Some("deads2k"))),
            ("SIG Node leads", Person::Malformed(None)),
            ("@kubernetes/sig-node-leads", Person::Handle("kubernetes/sig-node-leads")),
        ];
        for (text, expected) in cases {
            assert_eq!(Person::parse(text, &placeholders), expected, "{text:?}");
        }
    }

    #[test]
    fn people_in_free_style() {
        let cases = [
            ("Ada Writer (@ada-w)", ("Ada Writer", Some("ada-w"), None)),
            ("Ada Writer <ada@example.org>", ("Ada Writer", None, Some("ada@example.org"))),
            ("Ada (@ada) <ada@example.org>", ("Ada", Some("ada"), Some("ada@example.org"))),
            ("@ada", ("", Some("ada"), None)),
            ("Ada Writer", ("Ada Writer", None, None)),
            ("Ada (@ada", ("Ada", None, None)),
            ("", ("", None, None)),
        ];
        for (text, (name, handle, address)) in cases {
            assert_eq!(Named::parse(text), Named { name, handle, address }, "{text:?}");
        }
        let free = PeopleFormat { style: PeopleStyle::Free, ..PeopleFormat::default() };
        assert_eq!(handle_of("Ada (@ada)", &free), Some("ada"));
        assert_eq!(handle_of("ada", &PeopleFormat::default()), Some("ada"));
    }

    #[test]
    fn aliases_ignore_letter_case_and_keep_the_spelling() {
        let tree = MemoryTree::new([("OWNERS_ALIASES", "aliases:\n  prr:\n    - JohnB\n    - wojtek-t\n")]);
        let aliases = Aliases::read(&tree, "OWNERS_ALIASES");
        assert_eq!(aliases.member("prr", "johnb"), Some("JohnB"));
        assert_eq!(aliases.member("prr", "x"), None);
        assert!(aliases.has("prr") && !Aliases::read(&tree, "none").known);
    }
}
