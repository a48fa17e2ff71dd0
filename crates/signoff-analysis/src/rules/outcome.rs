//! From what rules reported to what is shown: severities, suppressions, bounds, order.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use signoff_model::profile::SeverityRule;
use signoff_model::{Corpus, Finding, Proposal, Source};

use super::{certain, suppression};
use crate::condition::Conditions;
use crate::configuration::Configuration;

/// Most findings of one rule in one file; the rest is a count.
const PER_FILE_MAX: usize = 100;

/// Settles the findings about one proposal.
pub(super) fn settle(
    corpus: &Corpus,
    proposal: Option<&Proposal>,
    findings: Vec<Finding>,
    configuration: &Configuration,
    conditions: &Conditions<'_>,
) -> Vec<Finding> {
    let severities = &corpus.prepared.profile.severity;
    // Many findings ask for the same conditions: each is looked at once.
    let mut known = vec![None; severities.len()];
    let mut holds = |index: usize, condition: &str| {
        let hold = |proposal| conditions.hold(condition, proposal);
        *known[index].get_or_insert_with(|| proposal.is_some_and(hold))
    };
    let mut kept: Vec<Finding> = findings
        .into_iter()
        .filter_map(|finding| with_severity(finding, severities, configuration, &mut holds))
        .collect();
    if let Some(proposal) = proposal {
        suppression::apply(corpus, proposal, &mut kept, configuration);
        certain::drop_others(corpus, proposal, &mut kept);
    }
    let mut kept = bound(kept);
    kept.sort_by(by_place);
    kept
}

/// Settles the findings of a rule that looked at everything.
pub(super) fn settle_whole(
    corpus: &Corpus,
    findings: Vec<Finding>,
    configuration: &Configuration,
    conditions: &Conditions<'_>,
) -> Vec<Finding> {
    let proposals = corpus.proposals.iter().enumerate();
    let records =
        proposals.flat_map(|(index, proposal)| proposal.records.iter().map(move |record| (&*record.path, index)));
    let records: FxHashMap<&str, usize> = records.collect();
    let mut by_owner: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    for finding in findings {
        let owner = corpus.proposal_at(&finding.path).or_else(|| records.get(&*finding.path).copied());
        by_owner.entry(owner.unwrap_or(usize::MAX)).or_default().push(finding);
    }
    by_owner
        .into_iter()
        .flat_map(|(owner, findings)| {
            settle(corpus, corpus.proposals.get(owner).map(|owner| &**owner), findings, configuration, conditions)
        })
        .collect()
}

/// `holds` says whether the condition of the rule at an index holds.
fn with_severity(
    mut finding: Finding,
    rules: &[SeverityRule],
    configuration: &Configuration,
    holds: &mut impl FnMut(usize, &str) -> bool,
) -> Option<Finding> {
    if let Some(level) = configuration.level(&finding.rule, &finding.path) {
        finding.severity = level.severity()?;
        return Some(finding);
    }
    for (index, rule) in rules.iter().enumerate() {
        let is_named = rule.rules.iter().any(|pattern| names(pattern, &finding.rule));
        if !is_named || rule.when.as_ref().is_some_and(|condition| !holds(index, condition)) {
            continue;
        }
        let severity = rule.level.severity()?;
        finding.severity = if rule.at_most { finding.severity.min(severity) } else { severity };
    }
    Some(finding)
}

/// Whether a pattern (a code, or a beginning with `*`) names a rule.
fn names(pattern: &str, code: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == code, |start| code.starts_with(start))
}

/// Keeps at most a hundred findings of one rule in one file and counts the others.
fn bound(findings: Vec<Finding>) -> Vec<Finding> {
    // Of each file and rule: how many there are, and where the last one that is kept stands.
    let mut counts: FxHashMap<(Arc<str>, Cow<'static, str>), (usize, usize)> = FxHashMap::default();
    let mut kept = Vec::with_capacity(findings.len());
    for finding in findings {
        let (count, last) = counts.entry((Arc::clone(&finding.path), finding.rule.clone())).or_default();
        *count += 1;
        if *count <= PER_FILE_MAX {
            *last = kept.len();
            kept.push(finding);
        }
    }
    for ((_, rule), (count, last)) in counts.into_iter().filter(|(_, (count, _))| *count > PER_FILE_MAX) {
        let more = count - PER_FILE_MAX;
        let message = &mut kept[last].message;
        *message = format!("{message} (and {more} more findings of `{rule}` in this file)");
    }
    kept
}

/// Sorts findings by path, line, column, rule; equal ones stand once.
pub fn sort(_corpus: &Corpus, findings: &mut Vec<Finding>) {
    findings.sort_by(by_place);
    findings.dedup_by(|left, right| by_place(left, right).is_eq());
}

fn by_place(left: &Finding, right: &Finding) -> Ordering {
    let span = |finding: &Finding| finding.span.map(|span| (span.start, span.end));
    let paths = if Arc::ptr_eq(&left.path, &right.path) { Ordering::Equal } else { left.path.cmp(&right.path) };
    paths
        .then_with(|| span(left).cmp(&span(right)))
        .then_with(|| left.rule.cmp(&right.rule))
        .then_with(|| left.message.cmp(&right.message))
}

/// Every source of a proposal, by path.
pub fn sources(proposal: &Proposal) -> impl Iterator<Item = &Arc<Source>> {
    let records = proposal.records.iter().filter_map(|record| Some(&record.content.as_ref().ok()?.source));
    let same_file = |source: &&Arc<Source>| source.path != proposal.source.path;
    let prose = proposal.prose.iter().map(|prose| &prose.source).filter(same_file);
    let owners = proposal.owners.iter().map(|owners| &owners.source);
    std::iter::once(&proposal.source).chain(prose).chain(records).chain(owners)
}
