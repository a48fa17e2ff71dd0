//! What a check finds in a proposal, asked of chosen rules.

use signoff_model::profile::StatusClass;
use signoff_model::{Finding, Severity};

use crate::rules;
use crate::signoff::Outcome;
use crate::signoff::look::{Answer, Look};

/// None of these codes is found as an error; lighter ones, and those of `doubts`, are doubts.
pub(super) fn none(look: &Look<'_>, codes: &[String], doubts: &[String]) -> Answer {
    let found = of(look, codes);
    let decides =
        |finding: &&Finding| finding.severity == Severity::Error && !doubts.iter().any(|doubt| *doubt == *finding.rule);
    let Some(first) = found.iter().find(decides).or(found.first()) else {
        return Answer::pass("no fault was found");
    };
    let outcome = if decides(&first) { Outcome::Fail } else { Outcome::Warn };
    let more = if found.len() == 1 { String::new() } else { format!(" (and {} more)", found.len() - 1) };
    let mut answer = Answer::new(outcome, format!("{}{more}", first.message));
    for finding in found.iter().take(SHOWN_MAX) {
        answer = answer.seen(evidence(look, finding));
    }
    answer
}

/// Most findings that are shown as evidence.
const SHOWN_MAX: usize = 5;

/// The findings of these codes in a proposal, in the order of the rules.
pub(in crate::signoff) fn of(look: &Look<'_>, codes: &[String]) -> Vec<Finding> {
    let fits = |code: &str| {
        codes.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => code.starts_with(start),
            None => code == pattern,
        })
    };
    rules::of_proposal(look.corpus, look.proposal, look.conditions, &fits)
}

/// Whether the rules about prose speak of this proposal: of a draft they say nothing.
pub(super) fn is_settled(look: &Look<'_>) -> bool {
    matches!(look.proposal.class(look.prepared()), StatusClass::Accepted | StatusClass::Done)
}

pub(super) fn evidence(look: &Look<'_>, finding: &Finding) -> signoff_model::fact::Evidence {
    let prose = look.proposal.prose.as_ref().map(|prose| &prose.source);
    let records = look.proposal.records.iter().filter_map(|record| Some(&record.content.as_ref().ok()?.source));
    let mut sources = std::iter::once(&look.proposal.source).chain(prose).chain(records);
    match (sources.find(|source| source.path == finding.path), finding.span) {
        (Some(source), Some(span)) => look.quote(source, span),
        _ => look.absence(&finding.path, ""),
    }
}
