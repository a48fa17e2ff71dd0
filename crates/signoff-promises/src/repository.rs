//! Checking a whole repository, and writing what was found.

use std::sync::Arc;

use signoff_analysis::configuration::Configuration;
use signoff_analysis::rules::{self, Checked};
use signoff_model::memo::Memo;
use signoff_model::profile::{Prepared, Unit};
use signoff_model::{Corpus, Finding, MemoryTree, Position, Source, Tree, corpus};
use signoff_output::Places;

use crate::output;
use crate::span::fits;

/// Reads all proposals of a tree, as of one day.
#[must_use]
pub fn load(tree: &dyn Tree, prepared: &Arc<Prepared>) -> Corpus {
    load_part(tree, prepared, None)
}

fn load_part(tree: &dyn Tree, prepared: &Arc<Prepared>, paths: Option<&[String]>) -> Corpus {
    let as_of = jiff::Timestamp::from_second(1_780_000_000).expect("an instant of the year 2026");
    let request = corpus::Request { prepared: Arc::clone(prepared), paths, prose: true, as_of };
    corpus::load(tree, &request, &Memo::default())
}

/// Checks each proposal of a tree alone: what is found in its files then is found there when all are checked.
///
/// The other way round is not promised: some flaws show only beside other proposals.
pub fn parts(tree: &dyn Tree, prepared: &Arc<Prepared>) {
    let all = load(tree, prepared);
    let found = rules::check(&all, &Configuration::default()).findings;
    for proposal in &all.proposals {
        let paths = [proposal.path.to_string()];
        let part = rules::check(&load_part(tree, prepared, Some(&paths)), &Configuration::default());
        for finding in part.findings.iter().filter(|finding| proposal.owns_file(&finding.path)) {
            assert!(found.contains(finding), "only found in {} alone: {finding:?}", proposal.path);
        }
    }
}

/// Checks a tree and looks at what is found and at what is written of it.
pub fn check(tree: &dyn Tree, prepared: &Arc<Prepared>, configuration: &Configuration) -> Checked {
    let corpus = load(tree, prepared);
    let checked = rules::check(&corpus, configuration);
    let places = Places::new(&corpus, &[]);
    checked.findings.iter().for_each(|finding| look_at(&places, finding));
    output::everything(&corpus, &checked);
    checked
}

/// Line ends of another system change nothing of what is found, nor in which line.
pub fn line_ends(tree: &MemoryTree, prepared: &Arc<Prepared>) {
    let lines = |tree: &MemoryTree| -> Vec<(String, String, usize)> {
        let corpus = load(tree, prepared);
        let places = Places::new(&corpus, &[]);
        let line = |finding: &Finding| places.region(finding).map_or(0, |region| region.start.line);
        let findings = rules::check(&corpus, &Configuration::default()).findings;
        // That lines end otherwise is a finding itself.
        let others = findings.iter().filter(|finding| finding.rule != "metadata-encoding");
        others.map(|finding| (finding.rule.to_string(), finding.path.to_string(), line(finding))).collect()
    };
    let plain = tree.files().map(|(path, bytes)| (path, String::from_utf8_lossy(bytes).replace('\r', "")));
    let plain = MemoryTree::new(plain);
    let other = MemoryTree::new(
        plain.files().map(|(path, bytes)| (path, String::from_utf8_lossy(bytes).replace('\n', "\r\n"))),
    );
    let (mut found, mut expected) = (lines(&other), lines(&plain));
    found.sort();
    expected.sort();
    let differs: Vec<_> = found.iter().filter(|own| !expected.contains(own)).collect();
    let missing: Vec<_> = expected.iter().filter(|own| !found.contains(own)).collect();
    assert!(found == expected, "with other line ends there is {differs:?} more and {missing:?} less");
}

/// Where the metadata and the prose of a proposal stand; the same place where one file holds both.
#[must_use]
pub fn files(prepared: &Prepared, number: usize) -> (String, String) {
    let layout = &prepared.profile.layout;
    let name = layout.name.replace("{number}", &number.to_string()).replace("{slug}", "lamps");
    match layout.unit {
        Unit::File => {
            let path = [layout.root.as_str(), name.as_str()].join("/");
            (path.clone(), path)
        }
        Unit::Folder => {
            let file = |own: &str| [layout.root.as_str(), "sig-node", name.as_str(), own].join("/");
            (file(&layout.metadata), file(&layout.body))
        }
    }
}

fn look_at(places: &Places<'_>, finding: &Finding) {
    assert!(!finding.message.is_empty(), "a finding says what is wrong: {finding:?}");
    let Some(span) = finding.span else { return };
    let Some(source) = places.source(&finding.path) else {
        assert!(finding.fix.is_none(), "a file that was not read is not mended: {finding:?}");
        return;
    };
    fits(&source.text, span, &finding.rule);
    let region = places.region(finding).expect("the file was read");
    assert_eq!(region.start, position(source, span.start as usize), "{finding:?}");
    assert_eq!(region.end, position(source, span.end as usize), "{finding:?}");
    for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
        fits(&source.text, edit.span, "an edit");
    }
}

/// Line and column of a byte, counted from the start of the text.
fn position(source: &Source, offset: usize) -> Position {
    let before = &source.text[..offset];
    let line = before.rsplit('\n').next().unwrap_or_default();
    Position { line: before.split('\n').count(), column: line.chars().count() + 1 }
}
