//! Mending what is certain, as `check --fix` does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use signoff_analysis::configuration::Configuration;
use signoff_analysis::rules;
use signoff_model::profile::Prepared;
use signoff_model::{Corpus, Edit, MemoryTree, Tree as _, edit};
use signoff_output::Places;

use crate::repository;
use crate::span::fits;

/// After so many rounds nothing certain is left: of one rule at most a hundred findings of a file come in each.
const ROUNDS_MAX: usize = 20;

/// Mends the files of a tree until nothing is left to mend; the tree as it is then.
#[must_use]
pub fn fix(mut tree: MemoryTree, prepared: &Arc<Prepared>) -> MemoryTree {
    let mut seen: BTreeSet<Vec<(String, Vec<u8>)>> = BTreeSet::new();
    for _ in 0..ROUNDS_MAX {
        let corpus = repository::load(&tree, prepared);
        let edited = round(&mut tree, &corpus);
        if edited.is_empty() {
            return tree;
        }
        whole(&corpus, &repository::load(&tree, prepared), &edited);
        let files = tree.files().map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect();
        assert!(seen.insert(files), "fixes undo each other");
    }
    panic!("fixes do not end within {ROUNDS_MAX} rounds");
}

/// Applies every fix once; the edits of the files that changed.
fn round(tree: &mut MemoryTree, corpus: &Corpus) -> BTreeMap<String, Vec<Edit>> {
    let checked = rules::check(corpus, &Configuration::default());
    let mut edits: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
    for finding in &checked.findings {
        let Some(fix) = &finding.fix else { continue };
        assert!(!fix.edits.is_empty() && !fix.title.is_empty(), "a fix does something and says so: {finding:?}");
        edits.entry(finding.path.to_string()).or_default().extend(fix.edits.iter().cloned());
    }
    let places = Places::new(corpus, &[]);
    edits.retain(|path, edits| {
        let text = &places.source(path).expect("a file that is mended was read").text;
        assert_eq!(tree.read(path).as_deref(), Ok(text.as_bytes()), "a file that is mended is UTF-8");
        let after = edit::apply(text, edits);
        applied(text, edits, &after);
        tree.insert(path.as_str(), &after);
        after != *text
    });
    edits
}

/// Edits change their own bytes alone, and those of one place come from the first that stands there.
///
/// # Panics
/// When they change others.
pub fn applied(before: &str, edits: &[Edit], after: &str) {
    let mut sorted = edits.to_vec();
    sorted.sort();
    sorted.dedup();
    let (mut from, mut rest) = (0, after);
    for edit in &sorted {
        fits(before, edit.span, "an edit");
        let range = edit.span.range();
        // One that overlaps is left for the next round.
        if range.start < from {
            continue;
        }
        rest = rest.strip_prefix(&before[from..range.start]).expect("what stands between edits is kept");
        rest = rest.strip_prefix(edit.replacement.as_str()).expect("an edit is applied");
        from = range.end;
    }
    assert_eq!(rest, &before[from..], "what stands behind the last edit is kept");
}

/// Metadata is read as well as before, and says the same but where it was mended.
fn whole(before: &Corpus, after: &Corpus, edited: &BTreeMap<String, Vec<Edit>>) {
    assert_eq!(before.proposals.len(), after.proposals.len());
    for (before, after) in before.proposals.iter().zip(&after.proposals) {
        let text = &after.source.text;
        assert_eq!(before.metadata.faults.len(), after.metadata.faults.len(), "{text}");
        let (old, new) = (before.metadata.root.pairs(), after.metadata.root.pairs());
        assert_eq!(old.len(), new.len(), "{text}");
        let edits = edited.get(&*before.metadata_path).map_or(&[][..], Vec::as_slice);
        for (old, new) in old.iter().zip(new) {
            let place = old.key_span.cover(old.node.span);
            // An alias says what stands at its anchor, which may be mended.
            let is_alias = before.source.slice(old.node.span).starts_with('*');
            if !is_alias && !edits.iter().any(|edit| edit.span.overlaps(place)) {
                assert_eq!((&old.key, old.node.text()), (&new.key, new.node.text()), "{text}");
            }
        }
    }
}
