//! What `check` reports. Each rule is one file, which states the flaw, and one page beside it,
//! which explains it and holds the examples that a test runs.
//!
//! Read [`Rule`] and [`report::Report`] first, then any rule. Rules are pure, know no other rule,
//! and report one flaw once; severity, suppression and order are decided in [`outcome`].

use rayon::prelude::*;
use signoff_model::{Corpus, Finding, Proposal, Severity};

use crate::condition::Conditions;
use crate::configuration::Configuration;

mod kinds;
pub mod outcome;
mod report;
pub mod suppression;

pub use report::Report;

/// A rule: its code, how bad its findings are unless something says otherwise, and its page.
pub struct Rule {
    /// The code, as in the contract.
    pub code: &'static str,
    /// The usual severity.
    pub severity: Severity,
    /// The page: Markdown, `# code` first, with examples.
    pub page: &'static str,
    /// What it looks at.
    pub looks_at: LooksAt,
    /// How it looks.
    pub run: Run,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LooksAt {
    /// Metadata, companions, files: runs with `--metadata-only` too.
    Metadata,
    /// The prose.
    Prose,
}

/// How a rule looks.
#[derive(Clone, Copy)]
pub enum Run {
    /// At one proposal after another.
    Each(fn(&Corpus, &Proposal, &mut Report<'_>)),
    /// At all of them: not run when only some were read.
    Whole(fn(&Corpus, &mut Report<'_>)),
    /// Reported while configuration, profiles and suppressions are read.
    Elsewhere,
}

/// What a check found.
#[derive(Debug, Default)]
pub struct Checked {
    /// The findings, sorted by path, place and rule.
    pub findings: Vec<Finding>,
    /// Codes of the rules that were not run because not every file was read.
    pub skipped: Vec<&'static str>,
}

/// Checks every proposal that was read.
#[must_use]
pub fn check(corpus: &Corpus, configuration: &Configuration) -> Checked {
    let conditions = Conditions::default();
    let applies = |rule: &&Rule| corpus.scope.prose || rule.looks_at == LooksAt::Metadata;
    let rules: Vec<&Rule> = RULES.iter().copied().filter(applies).collect();
    let mut findings: Vec<Finding> = corpus
        .proposals
        .par_iter()
        .filter(|proposal| proposal.loaded)
        .flat_map_iter(|proposal| {
            let mut report = Report::new(corpus, Some(proposal), &conditions);
            for rule in &rules {
                if let Run::Each(look) = rule.run {
                    report.begin(rule);
                    look(corpus, proposal, &mut report);
                }
            }
            kinds::run(corpus, proposal, &mut report);
            outcome::settle(corpus, Some(proposal), report.finish(), configuration, &conditions)
        })
        .collect();
    let mut skipped = Vec::new();
    for rule in &rules {
        let Run::Whole(look) = rule.run else { continue };
        if corpus.scope.full {
            let mut report = Report::new(corpus, None, &conditions);
            report.begin(rule);
            look(corpus, &mut report);
            findings.extend(outcome::settle_whole(corpus, report.finish(), configuration, &conditions));
        } else {
            skipped.push(rule.code);
        }
    }
    outcome::sort(corpus, &mut findings);
    Checked { findings, skipped }
}

/// The rule of this code.
#[must_use]
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code == code)
}

mod answer_bare;
mod answer_copied;
mod answer_future;
mod answer_placeholder;
mod answer_unexplained;
mod answer_weak;
mod answers;
mod status_unknown;

/// Every rule, in the order of the contract.
pub static RULES: &[&Rule] = &[
    &status_unknown::RULE,
    &answer_placeholder::RULE,
    &answer_unexplained::RULE,
    &answer_bare::RULE,
    &answer_future::RULE,
    &answer_copied::RULE,
    &answer_weak::RULE,
    &suppression::RULE,
];
