//! Reading one proposal's files.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, OnceLock};

use super::discover::Unit;
use super::{Corpus, Request};
use crate::companion::{Record, RecordContent};
use crate::memo::{self, Memo, Text};
use crate::metadata::{self, Metadata};
use crate::people::Owners;
use crate::profile::{self, Companion, Meaning, Prepared};
use crate::proposal::{Document, FileFault, Proposal, Prose, WorkedOut, bare_number};
use crate::source::{self, Encoding, Source};
use crate::tree::{self, Kind, ReadError, Tree};

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
        worked_out: WorkedOut::default(),
    }
}

/// Reads a proposal's metadata, prose, companions and owners, or takes it from the memo if all of them are the same.
pub(super) fn proposal(tree: &dyn Tree, request: &Request<'_>, unit: &Unit, memo: &Memo) -> Arc<Proposal> {
    // What a link leads to is not part of a folder's content.
    let is_whole = unit.entries().iter().all(|entry| entry.kind != Kind::Link);
    let id = memo.content_id(tree, &unit.path).filter(|_| is_whole);
    let known = id.and_then(|id| memo.proposal(&unit.path, id, request.prose, |file| is_same(tree, file)));
    known.unwrap_or_else(|| {
        let mut seen = Seen::default();
        let proposal = Arc::new(fresh(tree, request, unit, memo, &mut seen));
        let is_certain = seen.is_plain && proposal.file_faults.iter().all(|fault| !fault.is_of_reading());
        if let Some(id) = id.filter(|_| is_certain) {
            memo.keep_proposal(id, request.prose, &proposal, seen.companions);
        }
        proposal
    })
}

/// The companions that were looked for.
struct Seen {
    companions: Vec<memo::Companion>,
    /// Whether each was a file or nothing at all.
    is_plain: bool,
}

impl Default for Seen {
    fn default() -> Self {
        Self { companions: Vec::new(), is_plain: true }
    }
}

fn is_same(tree: &dyn Tree, (path, id): &memo::Companion) -> bool {
    match id {
        Some(id) => tree.content_id(path).as_ref() == Some(id),
        None => tree.read(path) == Err(ReadError::Missing),
    }
}

fn fresh(tree: &dyn Tree, request: &Request<'_>, unit: &Unit, memo: &Memo, seen: &mut Seen) -> Proposal {
    let mut proposal = name_only(unit, request);
    proposal.loaded = true;
    match request.prepared.profile.layout.unit {
        profile::Unit::Folder => read_folder(tree, request, unit, memo, &mut proposal),
        profile::Unit::File => read_file(tree, request, memo, &mut proposal),
    }
    let number = proposal.text(&request.prepared, Meaning::Number).map(Arc::from);
    proposal.number = number;
    let rules = request.prepared.profile.companion.iter().enumerate();
    let paths = rules.filter_map(|(index, rule)| Some((index, companion_path(&request.prepared, rule, &proposal)?)));
    proposal.records = paths.map(|(index, path)| record(tree, memo, index, path, seen)).collect();
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
    match memo.text(tree, &proposal.metadata_path) {
        Ok(Text { source, encoding, key }) => {
            let format = &request.prepared.profile.metadata;
            proposal.metadata = memo.metadata(key, || metadata::parse(format, &source.text, encoding));
            proposal.source = source;
        }
        Err(error) => proposal.file_faults.push(FileFault::MetadataUnreadable(error)),
    }
}

fn read_prose(tree: &dyn Tree, request: &Request<'_>, unit: &Unit, memo: &Memo, proposal: &mut Proposal) {
    let expected = &request.prepared.profile.layout.body;
    let name = if unit.kind(expected).is_some() { Some(expected.clone()) } else { body_name(unit, expected, proposal) };
    let Some(name) = name else { return };
    let path: Arc<str> = tree::join(&unit.path, &name).into();
    match memo.text(tree, &path) {
        Ok(Text { source, encoding, key }) => {
            let document = memo.document(key, || Document::parse(&request.prepared, &source.text, 0, encoding));
            proposal.prose = Some(Prose { source, document, leads_to: OnceLock::new() });
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
    let Text { source, encoding, key } = match memo.text(tree, &proposal.metadata_path) {
        Ok(text) => text,
        Err(error) => {
            proposal.file_faults.push(FileFault::MetadataUnreadable(error));
            return;
        }
    };
    let parsed = memo.metadata(key, || metadata::parse(&request.prepared.profile.metadata, &source.text, encoding));
    if request.prose {
        let document =
            memo.document(key, || Document::parse(&request.prepared, &source.text, parsed.body_start, encoding));
        proposal.prose = Some(Prose { source: Arc::clone(&source), document, leads_to: OnceLock::new() });
    }
    proposal.source = source;
    proposal.metadata = parsed;
}

/// The path of a companion; `None` when a value that it is made of is missing or leads elsewhere.
#[must_use]
pub fn companion_path(prepared: &Prepared, rule: &Companion, proposal: &Proposal) -> Option<String> {
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

fn record(tree: &dyn Tree, memo: &Memo, companion: usize, path: String, seen: &mut Seen) -> Record {
    let record = read_record(tree, memo, companion, path.into(), seen);
    if record.exists() {
        return record;
    }
    // The number may be written with leading zeros in one place only.
    let (folder, name) = tree::split(&record.path);
    let shorter: Arc<str> = tree::join(folder, bare_number(name)).into();
    match tree.kind(&shorter) {
        _ if shorter == record.path => record,
        Some(Kind::File) => read_record(tree, memo, companion, shorter, seen),
        other => {
            seen.is_plain &= other.is_none();
            seen.companions.push((shorter, None));
            record
        }
    }
}

fn read_record(tree: &dyn Tree, memo: &Memo, companion: usize, path: Arc<str>, seen: &mut Seen) -> Record {
    let id = memo.content_id(tree, &path);
    let content = memo.record(&path, id, || {
        let (text, encoding) = source::decode(tree.read(&path)?);
        let metadata = Arc::new(metadata::from_yaml(&text, encoding));
        Ok(RecordContent { source: Arc::new(Source::new(Arc::clone(&path), text)), metadata })
    });
    seen.is_plain &= matches!(content, Ok(_) | Err(ReadError::Missing));
    seen.companions.push((Arc::clone(&path), id));
    Record { companion, path, content }
}

/// Companion files that no proposal claims.
pub(super) fn orphans(tree: &dyn Tree, corpus: &Corpus, memo: &Memo) -> Vec<Record> {
    let claimed: BTreeSet<&str> =
        corpus.proposals.iter().flat_map(|proposal| &proposal.records).map(|record| &*record.path).collect();
    let mut found = Vec::new();
    for (index, rule) in corpus.prepared.profile.companion.iter().enumerate() {
        let ending = rule.path.rsplit_once('.').map_or("", |(_, ending)| ending);
        for path in files_below(tree, &rule.root, &rule.ignore, ending) {
            if !claimed.contains(path.as_str()) {
                found.push(read_record(tree, memo, index, path.into(), &mut Seen::default()));
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
