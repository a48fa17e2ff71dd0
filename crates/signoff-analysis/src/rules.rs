//! What `check` reports. Each rule is one file, which states the flaw, and one page beside it,
//! which explains it and holds the examples that a test runs.
//!
//! Read [`Rule`] and [`report::Report`] first, then any rule. Rules are pure, know no other rule,
//! and report one flaw once; severity, suppression and order are decided in [`outcome`].

use rayon::prelude::*;
use signoff_model::corpus::FEW;
use signoff_model::profile::{Prepared, SectionRole};
use signoff_model::proposal::Document;
use signoff_model::spelling::nearest;
use signoff_model::template::SectionState;
use signoff_model::{Corpus, Finding, Profile, Proposal, Severity, Span};

use crate::condition::Conditions;
use crate::configuration::Configuration;

mod answers;
mod certain;
mod contents;
mod kinds;
mod link_places;
mod links;
pub mod outcome;
mod questions;
mod report;
pub(crate) mod sections;
mod stages;
pub mod suppression;
mod tree;

pub use questions::owes_answers;
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
    let checks = Checks::new(corpus, configuration);
    let loaded: Vec<&Proposal> = corpus.all().filter(|proposal| proposal.loaded).collect();
    let mut findings: Vec<Finding> = if loaded.len() <= FEW {
        loaded.iter().flat_map(|proposal| checks.each(proposal)).collect()
    } else {
        loaded.par_iter().flat_map_iter(|proposal| checks.each(proposal)).collect()
    };
    let whole = checks.whole();
    findings.extend(whole.findings);
    outcome::sort(corpus, &mut findings);
    Checked { findings, skipped: whole.skipped }
}

/// The rules that apply to a corpus, to look at one proposal after another.
pub struct Checks<'c> {
    corpus: &'c Corpus,
    configuration: &'c Configuration,
    conditions: Conditions<'c>,
    rules: Vec<&'static Rule>,
    declared: kinds::Declared<'c>,
}

impl<'c> Checks<'c> {
    /// The rules of a corpus as a repository sets them.
    #[must_use]
    pub fn new(corpus: &'c Corpus, configuration: &'c Configuration) -> Self {
        let applies = |rule: &&Rule| corpus.scope.prose || rule.looks_at == LooksAt::Metadata;
        Self {
            corpus,
            configuration,
            conditions: Conditions::of(&corpus.prepared),
            rules: RULES.iter().copied().filter(applies).collect(),
            declared: kinds::Declared::of(&corpus.prepared),
        }
    }

    /// What the rules find that look at one proposal.
    #[must_use]
    pub fn each(&self, proposal: &Proposal) -> Vec<Finding> {
        let mut report = Report::new(self.corpus, Some(proposal), &self.conditions);
        for rule in &self.rules {
            if let Run::Each(look) = rule.run {
                report.begin(rule);
                look(self.corpus, proposal, &mut report);
            }
        }
        self.declared.run(self.corpus, proposal, &mut report);
        outcome::settle(self.corpus, Some(proposal), report.finish(), self.configuration, &self.conditions)
    }

    /// What the rules find that look at all proposals, which are not run when only some were read.
    #[must_use]
    pub fn whole(&self) -> Checked {
        let settled = |found| outcome::settle_whole(self.corpus, found, self.configuration, &self.conditions);
        let mut report = Report::new(self.corpus, None, &self.conditions);
        tree::check(self.corpus, &mut report);
        let mut whole = Checked { findings: settled(report.finish()), skipped: Vec::new() };
        for rule in &self.rules {
            let Run::Whole(look) = rule.run else { continue };
            if self.corpus.scope.full {
                let mut report = Report::new(self.corpus, None, &self.conditions);
                report.begin(rule);
                look(self.corpus, &mut report);
                whole.findings.extend(settled(report.finish()));
            } else {
                whole.skipped.push(rule.code);
            }
        }
        whole
    }
}

/// What chosen rules find in one proposal, at the severities of the process.
pub(crate) fn of_proposal(
    corpus: &Corpus,
    proposal: &Proposal,
    conditions: &Conditions<'_>,
    chosen: &dyn Fn(&str) -> bool,
) -> Vec<Finding> {
    let mut report = Report::new(corpus, Some(proposal), conditions);
    for rule in RULES.iter().filter(|rule| chosen(rule.code)) {
        if let Run::Each(look) = rule.run {
            report.begin(rule);
            look(corpus, proposal, &mut report);
        }
    }
    outcome::settle(corpus, Some(proposal), report.finish(), &Configuration::default(), conditions)
}

/// The sections with a role in file order: their headings, and what stands in them.
pub(crate) fn sections_with_role(
    prepared: &Prepared,
    document: &Document,
    role: SectionRole,
) -> Vec<(Span, SectionState)> {
    let found = sections::with_role(prepared, document, role);
    found.iter().map(|known| (known.section.heading, known.state)).collect()
}

/// The rule of this code.
#[must_use]
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code == code)
}

impl Rule {
    /// What the rule is about: the first sentence of its page.
    #[must_use]
    pub fn summary(&self) -> String {
        let lines = self.page.lines().skip(1).skip_while(|line| line.trim().is_empty());
        let paragraph = lines.take_while(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" ");
        match paragraph.split_once(". ") {
            Some((sentence, _)) => format!("{sentence}."),
            None => paragraph,
        }
    }
}

/// Every code under which a finding can be reported: those of the rules, and those that the profile declares.
pub fn codes(profile: &Profile) -> impl Iterator<Item = &str> {
    RULES.iter().map(|rule| rule.code).chain(profile.rule.iter().map(|declared| declared.code.as_str()))
}

/// What to say about a code that no rule has, or a pattern (`toc-*`) that fits none; `None` for a good one.
pub(crate) fn unknown_code(profile: &Profile, code: &str) -> Option<String> {
    let (wrong, near) = match code.strip_suffix('*') {
        Some(start) if codes(profile).any(|code| code.starts_with(start)) => return None,
        Some(start) => {
            let families = codes(profile).filter_map(|code| Some(&code[..=code.find('-')?]));
            (format!("no rule's code starts with `{start}`"), nearest(start, families).map(|near| near + "*"))
        }
        None if codes(profile).any(|known| known == code) => return None,
        None => (format!("there is no rule `{code}`"), nearest(code, codes(profile))),
    };
    Some(match near {
        Some(near) => format!("{wrong}; did you mean `{near}`?"),
        None => format!("{wrong}; `signoff rule` lists them all"),
    })
}

mod anchor_dead;
mod answer_bare;
mod answer_copied;
mod answer_future;
mod answer_placeholder;
mod answer_unexplained;
mod answer_weak;
mod approval_missing;
mod approval_number;
mod approval_orphan;
mod approval_stage_missing;
mod approver_case;
mod approver_emeritus;
mod approver_unknown;
mod body_missing;
mod body_name;
mod config_invalid;
mod date_invalid;
mod date_placeholder;
mod disable_contradicted;
mod disable_undeclared;
mod field_missing;
mod field_type;
mod gate_differs;
mod gate_malformed;
mod gate_missing;
mod gate_placeholder;
mod graduation_target_missing;
mod group_mismatch;
mod group_unknown;
mod handle_malformed;
mod history_stale;
mod image_dead;
mod key_duplicate;
mod key_unknown;
mod limit_exceeded;
mod link_dead;
mod metadata_encoding;
mod metadata_name;
mod metadata_unreadable;
mod metric_malformed;
mod metric_placeholder;
mod milestone_ahead;
mod milestone_missing;
mod milestones_disordered;
mod number_duplicate;
mod number_mismatch;
mod owners_mismatch;
mod path_escape;
mod people_missing;
mod people_placeholder;
mod profile_invalid;
mod question_empty;
mod question_missing;
mod reference_dead;
mod relation_unmirrored;
mod release_malformed;
mod release_unprefixed;
mod review_skipped;
mod section_empty;
mod section_missing;
mod self_approval;
mod stage_unknown;
mod status_stage_conflict;
mod status_unknown;
mod successor_missing;
mod template_text_left;
mod test_links_missing;
mod title_placeholder;
mod toc_missing;
mod toc_stale;
mod unresolved;

/// Every rule, in the order of the contract.
pub static RULES: &[&Rule] = &[
    &metadata_unreadable::RULE,
    &metadata_encoding::RULE,
    &metadata_name::RULE,
    &key_unknown::RULE,
    &key_duplicate::RULE,
    &field_missing::RULE,
    &field_type::RULE,
    &status_unknown::RULE,
    &stage_unknown::RULE,
    &group_unknown::RULE,
    &status_stage_conflict::RULE,
    &date_invalid::RULE,
    &date_placeholder::RULE,
    &release_malformed::RULE,
    &release_unprefixed::RULE,
    &milestones_disordered::RULE,
    &milestone_missing::RULE,
    &milestone_ahead::RULE,
    &number_mismatch::RULE,
    &number_duplicate::RULE,
    &group_mismatch::RULE,
    &path_escape::RULE,
    &people_missing::RULE,
    &people_placeholder::RULE,
    &handle_malformed::RULE,
    &self_approval::RULE,
    &owners_mismatch::RULE,
    &successor_missing::RULE,
    &relation_unmirrored::RULE,
    &reference_dead::RULE,
    &gate_missing::RULE,
    &gate_malformed::RULE,
    &gate_placeholder::RULE,
    &gate_differs::RULE,
    &metric_placeholder::RULE,
    &metric_malformed::RULE,
    &disable_undeclared::RULE,
    &disable_contradicted::RULE,
    &review_skipped::RULE,
    &approval_missing::RULE,
    &approval_number::RULE,
    &approval_stage_missing::RULE,
    &approver_unknown::RULE,
    &approver_emeritus::RULE,
    &approver_case::RULE,
    &approval_orphan::RULE,
    &body_missing::RULE,
    &body_name::RULE,
    &title_placeholder::RULE,
    &template_text_left::RULE,
    &section_missing::RULE,
    &section_empty::RULE,
    &question_missing::RULE,
    &question_empty::RULE,
    &answer_placeholder::RULE,
    &answer_unexplained::RULE,
    &answer_bare::RULE,
    &answer_future::RULE,
    &answer_copied::RULE,
    &answer_weak::RULE,
    &unresolved::RULE,
    &toc_missing::RULE,
    &toc_stale::RULE,
    &link_dead::RULE,
    &anchor_dead::RULE,
    &image_dead::RULE,
    &history_stale::RULE,
    &graduation_target_missing::RULE,
    &test_links_missing::RULE,
    &profile_invalid::RULE,
    &config_invalid::RULE,
    &suppression::RULE,
    &limit_exceeded::RULE,
];
