//! Notes of a release that is in the making, one for each change of the code.

use std::sync::Arc;

use signoff_model::Node;
use signoff_model::fact::{ChangeNote, Record, SourceKind};
use signoff_model::node::Pair;

use super::Reader;
use crate::json;
use crate::reading::Reading;
use crate::values::{boolean, names, proposals, text, texts};

pub(super) const READER: Reader =
    Reader { kind: SourceKind::ReleaseNotes, page: include_str!("release_notes.md"), read };

fn read(reading: &mut Reading<'_>) {
    let Some(root) = reading.json(json::whole) else { return };
    if root.pairs().is_empty() && !root.is_blank() {
        reading
            .problem(Some(1), format!("notes by the number of their change are expected, and this is {}", root.kind()));
    }
    let version = version(&reading.source.path);
    for pair in root.pairs() {
        let at = match pair.node.pair("text") {
            Some(written) => reading.quote_of(written.key_span),
            None => reading.quote_of(pair.key_span),
        };
        if pair.node.pairs().is_empty() {
            reading.problem_at(&at, format!("the note `{}` cannot be read", pair.key));
            continue;
        }
        // What is not to be published was taken back.
        if text(&pair.node, "do_not_publish").and_then(boolean) != Some(true) {
            let note = note(&reading.rules.proposal_marks, &version, pair);
            reading.say(at, Record::Change(note));
        }
    }
}

/// The release in whose folder the file lies: `releases/release-1.37/...`.
fn version(path: &str) -> Arc<str> {
    path.split('/').find_map(|folder| folder.strip_prefix("release-")).unwrap_or_default().into()
}

fn note(marks: &[String], version: &Arc<str>, pair: &Pair) -> ChangeNote {
    let note = &pair.node;
    let documents = note.get("documentation").map(Node::items).unwrap_or_default();
    let mut cited: Vec<Arc<str>> = Vec::new();
    for address in documents.iter().filter_map(|document| text(document, "url")) {
        for number in proposals(marks, address) {
            if !cited.contains(&number) {
                cited.push(number);
            }
        }
    }
    ChangeNote {
        version: Arc::clone(version),
        kinds: texts(note, "kinds"),
        pulls: vec![text(note, "pr_number").unwrap_or(&pair.key).into()],
        proposals: cited,
        names: names(text(note, "text").unwrap_or_default()),
        urgent: text(note, "action_required").and_then(boolean).unwrap_or(false),
    }
}
