//! A small repository of each embedded process, for readers that ask about proposals.

use std::sync::Arc;

use signoff_analysis::profiles;
use signoff_model::profile::{Prepared, Syntax};
use signoff_model::{Corpus, MemoryTree};

use crate::repository;

/// Metadata with something in every kind of field.
const FIELDS: &str = "\
title: Big Lamps
status: implementable
stage: beta
type: Standards Track
category: Core
created: 2025-02-12
creation-date: 2025-02-12
last-updated: 2026-01-02
latest-milestone: v1.36
";
/// What only YAML can say.
const LISTS: &str = "\
kep-number: 12
authors: ['@ada', '@bob']
owning-sig: sig-node
participating-sigs: []
reviewers: ['@cy']
approvers: ['@dot']
milestone: {alpha: v1.34, beta: v1.36}
feature-gates:
  - name: BigLamps
    components: [kubelet]
disable-supported: true
metrics: [lamps_total]
see-also: [/keps/sig-node/12-lamps]
";
/// What only a header says so.
const HEADERS: &str = "eip: 12\nauthor: Ada (@ada), Bob <bob@example.org>\nrequires: 1, 12\n";
const PROSE: &str = "\
# Big Lamps

<!-- toc -->
- [Summary](#summary)
<!-- /toc -->

## Summary

Lamps that are big and `InPlace` bright. See [it](#summary) and [that](other.md).

## Abstract

Pods resize in place on windows.

## Production Readiness Review Questionnaire

### Feature Enablement and Rollback

###### How can this feature be enabled / disabled in a live cluster?

- [x] Feature gate
  - Feature gate name: BigLamps
  - Components depending on the feature gate: kubelet

###### Does enabling the feature change any default behavior?

No.

## Security Considerations

TBD
";

/// The embedded processes, ready for use.
///
/// # Panics
/// When one of them is faulty, which a test of its own finds.
#[must_use]
pub fn processes() -> Vec<Arc<Prepared>> {
    let ids = profiles::EMBEDDED.iter().map(|(id, _)| *id);
    ids.map(|id| Arc::new(Prepared::new(profiles::load(id).expect("an embedded profile")))).collect()
}

/// A small repository of each embedded process.
#[must_use]
pub fn corpora() -> Vec<Corpus> {
    processes().iter().map(|prepared| repository::load(&tree(prepared), prepared)).collect()
}

/// A small repository of a process: one proposal that says much, and one that says nothing.
#[must_use]
pub fn tree(prepared: &Prepared) -> MemoryTree {
    let [(metadata, body), (other, _)] = [12, 13].map(|number| repository::files(prepared, number));
    match prepared.profile.metadata.syntax {
        Syntax::Yaml => {
            MemoryTree::new([(metadata, [FIELDS, LISTS].concat()), (body, PROSE.to_owned()), (other, String::new())])
        }
        Syntax::Header => MemoryTree::new([
            (metadata, ["---\n", HEADERS, FIELDS, "---\n", PROSE].concat()),
            (other, "---\n---\n".to_owned()),
        ]),
    }
}
