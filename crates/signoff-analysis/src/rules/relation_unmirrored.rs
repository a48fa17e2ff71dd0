//! `relation-unmirrored`: a relation that the other proposal does not state back.

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
        let Some(inverse) = prepared.profile.fields.get(name).and_then(|field| field.inverse.as_deref()) else {
            continue;
        };
        let Some(index) = corpus.referenced_proposal(proposal, item.text) else { continue };
        let other = &corpus.proposals[index];
        if std::ptr::eq(other, proposal) || other.source.text.is_empty() || !other.is_complete() {
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
