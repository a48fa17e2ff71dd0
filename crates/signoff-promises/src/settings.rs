//! Reading what a repository sets: profiles, and `signoff.toml`.

use std::sync::Arc;

use signoff_analysis::configuration::Configuration;
use signoff_analysis::profiles;
use signoff_model::profile::{ConfigFault, Prepared};
use signoff_model::{MemoryTree, Profile};

use crate::repository;
use crate::span::fits;

/// Reads a text as a profile and, if it is one, checks a small repository with it.
pub fn profile(text: &str) {
    let base = |id: &str| profiles::embedded(id).map(str::to_owned);
    let profile = match Profile::parse(text, &base) {
        Ok(profile) => profile,
        Err(found) => {
            assert!(!found.is_empty(), "what is no profile has a fault");
            return faults(text, &found);
        }
    };
    let prepared = Arc::new(Prepared::new(profile));
    faults(text, &profiles::faults(&prepared, text));
    let (metadata, body) = repository::files(&prepared, 12);
    let prose = "# Lamps\n\n## Summary\n\n- **Can it be off?** Yes.\n\n[dead](dead.md)\n";
    let fields = "title: Lamps\nstatus: draft\nauthors: ['@ada']\n";
    let whole = if metadata == body { ["---\n", fields, "---\n", prose].concat() } else { fields.to_owned() };
    let tree = MemoryTree::new([(body, prose.to_owned()), (metadata, whole)]);
    repository::check(&tree, &prepared, &Configuration::default());
}

/// Reads a text as the configuration of a repository of a process.
pub fn configuration(prepared: &Prepared, text: &str) {
    match Configuration::parse(text) {
        Ok(configuration) => {
            let again = Configuration::parse(text).map(|again| format!("{again:?}"));
            assert_eq!(again, Ok(format!("{configuration:?}")), "read twice, a text says the same");
            for path in ["", "a", "keps/sig-é/12-lamps/README.md"] {
                for code in ["link-dead", "toc-stale"] {
                    let _ = configuration.level(code, path);
                }
            }
        }
        Err(fault) => faults(text, &[fault]),
    }
    let found = Configuration::faults(text, prepared);
    faults(text, &found);
    assert!(found.windows(2).all(|pair| pair[0].span.start <= pair[1].span.start), "faults stand in order");
}

fn faults(text: &str, found: &[ConfigFault]) {
    for fault in found {
        fits(text, fault.span, "a fault");
        assert!(!fault.message.is_empty(), "a fault has words");
    }
}
