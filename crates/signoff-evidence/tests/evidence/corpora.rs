//! The sources of real versions, where they are at hand.

use std::path::{Path, PathBuf};
use std::time::Instant;

use signoff_model::fact::{Facts, Record, SourceKind};

use crate::trees::{facts, folder};

/// The folder of evidence: in that named by `SIGNOFF_CORPORA`, or beside the workspace.
pub fn evidence() -> Option<PathBuf> {
    let named = std::env::var_os("SIGNOFF_CORPORA").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"));
    let evidence = folder.join("evidence");
    if !evidence.is_dir() {
        eprintln!("not run: no folder evidence in SIGNOFF_CORPORA or ../shared/corpora");
        return None;
    }
    Some(evidence)
}

fn of(evidence: &Path, name: &str, version: &str) -> Facts {
    let tree = folder(&evidence.join(name));
    let started = Instant::now();
    let facts = facts(name, version, &tree);
    eprintln!("{name}: {:?}", started.elapsed());
    facts
}

#[test]
fn explore() {
    let Some(evidence) = evidence() else { return };
    for (name, version) in [
        ("kubernetes-1.33.2", "1.33.2"),
        ("kubernetes-1.34.2", "1.34.2"),
        ("kubernetes-1.35.3", "1.35.3"),
        ("kubernetes-1.36.2", "1.36.2"),
        ("website", "1.35"),
        ("sig-release", "x"),
        ("apisnoop", "x"),
        ("live", "x"),
    ] {
        let facts = of(&evidence, name, version);
        for source in &facts.sources {
            eprintln!(
                "{name} {:?} {} {} facts {} problems",
                source.kind,
                source.path,
                source.facts.len(),
                source.problems.len()
            );
            for p in source.problems.iter().take(12) {
                eprintln!("   {}:{:?} {}", p.path, p.line, p.message);
            }
        }
    }
    let _ = (SourceKind::Changelog, |r: Record| r);
}
