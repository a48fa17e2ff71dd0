//! `relation-unmirrored`: a relation that the other proposal does not state back, or that has no other.

use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "relation-unmirrored",
    severity: Severity::Info,
    page: include_str!("relation_unmirrored.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    for (name, item) in corpus.references(proposal) {
        if names_itself(corpus, proposal, item.text) {
            let message = format!("`{name}` names this proposal itself");
            report.metadata(proposal, item.span, message).help("remove it, or name the other proposal");
            continue;
        }
        let Some(inverse) = prepared.profile.fields.get(name).and_then(|field| field.inverse.as_deref()) else {
            continue;
        };
        let Some(index) = corpus.referenced_proposal(proposal, item.text) else { continue };
        let other = &corpus.proposals[index];
        if *other.path == *proposal.path || other.source.text.is_empty() || !other.is_complete() {
            continue;
        }
        let back = other.field(prepared, inverse).map(|pair| other.items_of(prepared, &pair.node)).unwrap_or_default();
        let states = back.iter().any(|item| {
            corpus
                .referenced_proposal(other, item.text)
                .is_some_and(|index| *corpus.proposals[index].path == *proposal.path)
        });
        if !states {
            let message = format!("`{name}` names {}, whose `{inverse}` does not name this proposal", other.label());
            report
                .metadata(proposal, item.span, message)
                .help(format!("add `/{}` to `{inverse}` of {}", proposal.path, other.metadata_path));
        }
    }
}

/// Whether a reference is the number or the folder of the proposal in which it stands.
fn names_itself(corpus: &Corpus, proposal: &Proposal, text: &str) -> bool {
    match corpus.reference_path(proposal, text) {
        Some(path) => path == *proposal.path || path == *proposal.metadata_path,
        None => corpus
            .referenced_proposal(proposal, text)
            .is_some_and(|index| *corpus.proposals[index].path == *proposal.path),
    }
}
