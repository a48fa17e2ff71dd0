//! Reading one proposal's files.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use super::discover::Unit;
use super::{Corpus, Request};
use crate::companion::{Record, RecordContent};
use crate::memo::Memo;
use crate::metadata::{self, Metadata};
use crate::people::Owners;
use crate::profile::{self, Companion, Meaning, Prepared};
use crate::proposal::{Document, FileFault, Proposal, Prose, bare_number};
use crate::source::{self, Encoding, Source};
use crate::tree::{self, Kind, Tree};

/// The metadata of a proposal of which none was read.
static NOTHING: LazyLock<Arc<Metadata>> = LazyLock::new(|| Arc::new(metadata::from_yaml("", Encoding::Utf8)));

/// A proposal that is known by its name alone.
pub(super) fn name_only(unit: &Unit, request: &Request<'_>) -> Proposal {
    let layout = &request.prepared.profile.layout;
    let metadata_path: Arc<str> = match layout.unit {
        profile::Unit::File => unit.path.as_str().into(),
        profile::Unit::Folder => tree::join(&unit.path, &layout.metadata).into(),
    };
    Proposal {
        path: unit.path.as_str().into(),
        name: unit.name.as_str().into(),
        area: unit.area.as_str().into(),
        path_number: unit.number.as_deref().map(Arc::from),
        number: None,
        source: Arc::new(Source::new(Arc::clone(&metadata_path), "")),
        metadata: Arc::clone(&NOTHING),
        metadata_path,
        prose: None,
        records: Vec::new(),
        owners: None,
        file_faults: Vec::new(),
        loaded: false,
    }
}

/// Reads a proposal's metadata, prose, companions and owners.
pub(super) fn proposal(tree: &dyn Tree, request: &Request<'_>, unit: &Unit, memo: &Memo) -> Proposal {
    let mut proposal = name_only(unit, request);
    proposal.loaded = true;
    match request.prepared.profile.layout.unit {
        profile::Unit::Folder => read_folder(tree, request, unit, memo, &mut proposal),
        profile::Unit::File => read_file(tree, request, memo, &mut proposal),
    }
    let number = proposal.text(&request.prepared, Meaning::Number).map(Arc::from);
    proposal.number = number;
    proposal.records = request
        .prepared
        .profile
        .companion
        .iter()
        .enumerate()
        .filter_map(|(index, rule)| record(tree, index, companion_path(&request.prepared, rule, &proposal)?))
        .collect();
    proposal
}

fn read_folder(tree: &dyn Tree, request: &Request<'_>, unit: &Unit, memo: &Memo, proposal: &mut Proposal) {
    let layout = &request.prepared.profile.layout;
    if unit.kind(&layout.metadata).is_none() {
        let meant = layout.metadata_mistakes.iter().find(|name| unit.kind(name).is_some());
        let meant: Option<Arc<str>> = meant.map(|name| tree::join(&unit.path, name).into());
        if let Some(path) = &meant {
            proposal.metadata_path = Arc::clone(path);
        }
        proposal.file_faults.push(FileFault::MetadataMissing(meant));
    }
    if unit.kind(&layout.metadata).is_some()
        || proposal.metadata_path.as_ref() != tree::join(&unit.path, &layout.metadata)
    {
        read_metadata(tree, request, memo, proposal);
    }
    if unit.kind("OWNERS").is_some() {
        proposal.owners = Owners::read(tree, &unit.path);
    }
    if request.prose {
        read_prose(tree, request, unit, memo, proposal);
    } else if unit.kind(&layout.body).is_none() {
        body_name(unit, &layout.body, proposal);
    }
}

fn read_metadata(tree: &dyn Tree, request: &Request<'_>, memo: &Memo, proposal: &mut Proposal) {
    match tree.read(&proposal.metadata_path) {
        Ok(bytes) => {
            let key = memo.key(&bytes);
            let (text, encoding) = source::decode(bytes);
            let parsed = memo.metadata(key, || metadata::parse(&request.prepared.profile.metadata, &text, encoding));
            proposal.source = Arc::new(Source::new(Arc::clone(&proposal.metadata_path), text));
            proposal.metadata = parsed;
        }
        Err(error) => proposal.file_faults.push(FileFault::MetadataUnreadable(error)),
    }
}

fn read_prose(tree: &dyn Tree, request: &Request<'_>, unit: &Unit, memo: &Memo, proposal: &mut Proposal) {
    let expected = &request.prepared.profile.layout.body;
    let name = if unit.kind(expected).is_some() { Some(expected.clone()) } else { body_name(unit, expected, proposal) };
    let Some(name) = name else { return };
    let path: Arc<str> = tree::join(&unit.path, &name).into();
    match tree.read(&path) {
        Ok(bytes) => {
            let key = memo.key(&bytes);
            let (text, encoding) = source::decode(bytes);
            let document = memo.document(key, || Document::parse(&request.prepared, &text, 0, encoding));
            proposal.prose = Some(Prose { source: Arc::new(Source::new(path, text)), document });
        }
        Err(error) => proposal.file_faults.push(FileFault::BodyUnreadable(path, error)),
    }
}

/// Finds the body under another spelling of its name and notes the fault.
fn body_name(unit: &Unit, expected: &str, proposal: &mut Proposal) -> Option<String> {
    let other = unit.entries().iter().find(|entry| entry.name.eq_ignore_ascii_case(expected));
    if let Some(entry) = other {
        proposal.file_faults.push(FileFault::BodyName(tree::join(&unit.path, &entry.name).into()));
        return Some(entry.name.clone());
    }
    let prose = unit
        .entries()
        .iter()
        .find(|entry| entry.kind == Kind::File && entry.name.to_ascii_lowercase().ends_with(".md"));
    let meant = prose.map(|entry| tree::join(&unit.path, &entry.name).into());
    proposal.file_faults.push(FileFault::BodyMissing(meant));
    None
}

/// Reads a file that holds metadata and prose.
fn read_file(tree: &dyn Tree, request: &Request<'_>, memo: &Memo, proposal: &mut Proposal) {
    let bytes = match tree.read(&proposal.metadata_path) {
        Ok(bytes) => bytes,
        Err(error) => {
            proposal.file_faults.push(FileFault::MetadataUnreadable(error));
            return;
        }
    };
    let key = memo.key(&bytes);
    let (text, encoding) = source::decode(bytes);
    let parsed = memo.metadata(key, || metadata::parse(&request.prepared.profile.metadata, &text, encoding));
    let source = Arc::new(Source::new(Arc::clone(&proposal.metadata_path), text));
    if request.prose {
        let document =
            memo.document(key, || Document::parse(&request.prepared, &source.text, parsed.body_start, encoding));
        proposal.prose = Some(Prose { source: Arc::clone(&source), document });
    }
    proposal.source = source;
    proposal.metadata = parsed;
}

/// The path of a companion; `None` when a value that it is made of is missing or leads elsewhere.
#[must_use]
pub(super) fn companion_path(prepared: &Prepared, rule: &Companion, proposal: &Proposal) -> Option<String> {
    let mut path = String::new();
    let mut rest = rule.path.as_str();
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}')?;
        let value = proposal.field(prepared, name)?.node.text()?.trim();
        if !is_plain_name(value) {
            return None;
        }
        path.push_str(before);
        path.push_str(value);
        rest = after;
    }
    path.push_str(rest);
    Some(path)
}

/// Whether a value can be a part of a path: no separator, no way up, no control character.
#[must_use]
pub fn is_plain_name(value: &str) -> bool {
    !value.is_empty()
        && !value.starts_with('.')
        && !value.chars().any(|character| matches!(character, '/' | '\\' | ':') || character.is_control())
}

fn record(tree: &dyn Tree, companion: usize, path: String) -> Option<Record> {
    let mut record = read_record(tree, companion, path);
    if !record.exists() {
        // The number may be written with leading zeros in one place only.
        let (folder, name) = tree::split(&record.path);
        let shorter = tree::join(folder, bare_number(name));
        if shorter != *record.path && tree.kind(&shorter) == Some(Kind::File) {
            record = read_record(tree, companion, shorter);
        }
    }
    Some(record)
}

fn read_record(tree: &dyn Tree, companion: usize, path: String) -> Record {
    let path: Arc<str> = path.into();
    let content = tree.read(&path).map(|bytes| {
        let (text, encoding) = source::decode(bytes);
        let parsed: Metadata = metadata::from_yaml(&text, encoding);
        RecordContent { source: Arc::new(Source::new(Arc::clone(&path), text)), metadata: Arc::new(parsed) }
    });
    Record { companion, path, content }
}

/// Companion files that no proposal claims.
pub(super) fn orphans(tree: &dyn Tree, corpus: &Corpus) -> Vec<Record> {
    let claimed: BTreeSet<&str> =
        corpus.proposals.iter().flat_map(|proposal| &proposal.records).map(|record| &*record.path).collect();
    let mut found = Vec::new();
    for (index, rule) in corpus.prepared.profile.companion.iter().enumerate() {
        let ending = rule.path.rsplit_once('.').map_or("", |(_, ending)| ending);
        for path in files_below(tree, &rule.root, &rule.ignore, ending) {
            if !claimed.contains(path.as_str()) {
                found.push(read_record(tree, index, path));
            }
        }
    }
    found
}

/// Whether two endings of file names mean the same format, such as `yaml` and `yml`.
fn is_same_format(own: &str, ending: &str) -> bool {
    let is_yaml = |ending: &str| ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml");
    own.eq_ignore_ascii_case(ending) || (is_yaml(own) && is_yaml(ending))
}

fn files_below(tree: &dyn Tree, root: &str, ignore: &[String], ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        // A folder that cannot be listed is a fault of the tree already.
        for entry in tree.list(&folder).unwrap_or_default() {
            let path = tree::join(&folder, &entry.name);
            if ignore.contains(&entry.name) {
                continue;
            }
            match entry.kind {
                Kind::Folder if folders.len() < 10_000 => folders.push(path),
                Kind::File if path.rsplit_once('.').is_some_and(|(_, own)| is_same_format(own, ending)) => {
                    found.push(path);
                }
                _ => {}
            }
        }
    }
    found.sort();
    found
}
