//! How the rows of the decision table are decided, from the proposals themselves and from a forge snapshot.
//!
//! A predicate looks at one proposal and says what it saw; what that means at a checkpoint is decided in
//! `outcome`. Those that only ask what a `check` finds call its rules.

use signoff_model::profile::{DecisionRule, Predicate};

use super::look::{Answer, Look};

mod approval;
mod code;
mod document;
pub(super) mod findings;
pub(super) mod forge;
mod milestones;
mod policy;
mod questionnaire;

/// What a proposal says to a rule of the table.
pub(super) fn ask(look: &Look<'_>, rule: &DecisionRule) -> Answer {
    match rule.predicate {
        Some(Predicate::Stage) => milestones::stage(look),
        Some(Predicate::LatestMilestone) => milestones::latest(look),
        Some(Predicate::StageMilestone) => milestones::of_stage(look),
        Some(Predicate::Status) => milestones::status(look, &rule.statuses),
        Some(Predicate::ApproverNamed) => approval::named(look),
        Some(Predicate::ApproverListed) => approval::listed(look),
        Some(Predicate::ApprovalMerged) => approval::merged(look),
        Some(Predicate::ReviewCurrent) => approval::current(look),
        Some(Predicate::Questionnaire) => questionnaire::filled(look),
        Some(Predicate::Sections) => document::sections(look, &rule.sections),
        Some(Predicate::GraduationCriteria) => document::criteria(look),
        Some(Predicate::TestPlan) => document::test_plan(look),
        Some(Predicate::Findings) => findings::none(look, &rule.findings, &rule.doubts),
        Some(Predicate::GraduationPolicy) => policy::distances(look, rule.releases_between),
        Some(Predicate::Finished) => policy::finished(look, &rule.statuses),
        Some(Predicate::GatesAtStage) => code::gates(look),
        Some(Predicate::GatePages) => code::pages(look),
        Some(Predicate::AllOf) | None => Answer::unknown("it is made of other rules"),
        Some(_) => forge::ask(look, rule),
    }
}
