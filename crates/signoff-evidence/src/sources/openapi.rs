//! Types of the API and their fields, as its description has them.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use signoff_model::Node;
use signoff_model::fact::{ApiType, Record, SourceKind};
use signoff_model::node::Pair;

use super::Reader;
use crate::json::Keep;
use crate::reading::Reading;

pub(super) const READER: Reader = Reader { kind: SourceKind::OpenApi, page: include_str!("openapi.md"), read };

/// The key under which a type says what it is in the API.
const IDENTITY: &str = "x-kubernetes-group-version-kind";

fn read(reading: &mut Reading<'_>) {
    let Some(root) = reading.json(keep) else { return };
    let types = root.get("definitions").or_else(|| root.get("components")?.get("schemas")).map(Node::pairs);
    let Some(types) = types else {
        reading.problem(None, "it has neither `definitions` nor `components.schemas`");
        return;
    };
    let groups = groups(types);
    for pair in types {
        let name = Name::parse(&pair.key);
        let group = match own_identity(&pair.node, name.kind) {
            Some(identity) => identity.get("group").and_then(Node::text).unwrap_or_default(),
            None => groups.get(name.package).copied().flatten().unwrap_or(name.group),
        };
        let fields = pair.node.get("properties").map(Node::pairs).unwrap_or_default();
        let record = ApiType {
            group: group.into(),
            version: name.version.into(),
            kind: name.kind.into(),
            fields: fields.iter().map(|field| Arc::from(&*field.key)).collect(),
            introduced: None,
            deprecated: None,
            removed: None,
        };
        let at = reading.quote_of(pair.key_span);
        reading.say(at, Record::Type(record));
    }
}

/// Of four megabytes a few names matter: those of types, of their fields, and what types are.
fn keep(path: &[Box<str>], key: &str) -> Keep {
    let inside = match path.first().map(|first| &**first) {
        None if matches!(key, "definitions" | "components") => return Keep::Open,
        Some("definitions") => &path[1..],
        Some("components") if path.len() == 1 => return if key == "schemas" { Keep::Open } else { Keep::Skip },
        Some("components") => &path[2..],
        _ => return Keep::Skip,
    };
    match inside {
        [] => Keep::Open,
        [_] if matches!(key, "properties" | IDENTITY) => Keep::Open,
        [_, list] if **list == *"properties" => Keep::Name,
        [_, list] if **list == *IDENTITY => Keep::Open,
        _ => Keep::Skip,
    }
}

/// A name such as `io.k8s.api.apps.v1.Deployment`, in its parts.
struct Name<'n> {
    /// All before the type: `io.k8s.api.apps.v1`.
    package: &'n str,
    /// What the package is called: `apps`; `core` stands for the group without a name.
    group: &'n str,
    /// `v1`; empty where the package has no version.
    version: &'n str,
    /// `Deployment`.
    kind: &'n str,
}

impl<'n> Name<'n> {
    fn parse(name: &'n str) -> Self {
        let (package, kind) = name.rsplit_once('.').unwrap_or(("", name));
        let (before, last) = package.rsplit_once('.').unwrap_or(("", package));
        let (group, version) = if is_version(last) {
            (before.rsplit_once('.').map_or(before, |(_, group)| group), last)
        } else {
            (last, "")
        };
        Self { package, group: if group == "core" { "" } else { group }, version, kind }
    }
}

/// `v1`, `v2beta3`.
fn is_version(text: &str) -> bool {
    text.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The group of each package whose types name one, and one alone: most types have no group of their own.
fn groups(types: &[Pair]) -> FxHashMap<&str, Option<&str>> {
    let mut groups: FxHashMap<&str, Option<&str>> = FxHashMap::default();
    for pair in types {
        let package = Name::parse(&pair.key).package;
        for identity in identities(&pair.node) {
            let group = identity.get("group").and_then(Node::text).unwrap_or_default();
            let known = groups.entry(package).or_insert(Some(group));
            if *known != Some(group) {
                *known = None;
            }
        }
    }
    groups
}

fn identities(node: &Node) -> &[Node] {
    node.get(IDENTITY).map(Node::items).unwrap_or_default()
}

/// What a type says that it is, where it says it once: those that every group has say it for each.
fn own_identity<'n>(node: &'n Node, kind: &str) -> Option<&'n Node> {
    match identities(node) {
        [only] if only.get("kind").and_then(Node::text) == Some(kind) => Some(only),
        _ => None,
    }
}
