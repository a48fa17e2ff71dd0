//! `self-approval`: an author is also an approver.

use rustc_hash::FxHashSet;
use signoff_model::people::Person;
use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "self-approval",
    severity: Severity::Info,
    page: include_str!("self_approval.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let placeholders = &prepared.profile.people.placeholders;
    let handle = |text: &str| Person::parse(text, placeholders).handle().map(str::to_ascii_lowercase);
    let authors: FxHashSet<String> =
        proposal.items(prepared, Meaning::Authors).iter().filter_map(|item| handle(item.text)).collect();
    let approvers = proposal.items(prepared, Meaning::Approvers);
    let named: Vec<_> = approvers.iter().filter_map(|item| Some((handle(item.text)?, *item))).collect();
    let all = !named.is_empty() && named.iter().all(|(name, _)| authors.contains(name));
    for (name, item) in named.iter().filter(|(name, _)| authors.contains(name)) {
        let message = match all {
            true => format!("@{name} is an author, and no approver is anyone else"),
            false => format!("@{name} approves their own proposal"),
        };
        let found = report.metadata(proposal, item.span, message);
        found.help("approvers should be other people than the authors");
        if all {
            found.severity(Severity::Warning);
        }
    }
}
