//! How a result is drawn: a shape and a word, which a colour repeats.

use signoff_analysis::claims::Verdict;
use signoff_analysis::signoff::checklist::Met;
use signoff_analysis::signoff::{Outcome, Standing};
use signoff_analysis::upgrade::{ChangeKind, Level};
use signoff_model::Severity;
use signoff_model::questionnaire::State;

/// A shape, a colour and a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The class of shape and colour, behind `v-`.
    pub(crate) tone: &'static str,
    /// The word.
    pub(crate) word: &'static str,
}

const fn mark(tone: &'static str, word: &'static str) -> Mark {
    Mark { tone, word }
}

/// What is not asked yet.
pub(crate) const NOT_DUE: Mark = mark("due", "Not due");

/// Of a verdict.
pub(crate) fn of_standing(standing: Standing) -> Mark {
    match standing {
        Standing::Removed => mark("fail", "Out"),
        Standing::AtRisk => mark("risk", "At risk"),
        Standing::ExceptionPending => mark("exc", "Exception asked for"),
        Standing::ExceptionApproved => mark("exc", "Exception granted"),
        Standing::NeedsEvidence => mark("unknown", "Needs evidence"),
        Standing::NotOptedIn => mark("na", "Not opted in"),
        Standing::Deferred => mark("na", "Put aside"),
        Standing::Tracked => mark("ok", "Tracked"),
        Standing::NotTargeting => mark("na", "Not planned"),
    }
}

/// Of what was found.
pub(crate) fn of_severity(severity: Severity) -> Mark {
    match severity {
        Severity::Error => mark("fail", "Error"),
        Severity::Warning => mark("risk", "Warning"),
        Severity::Info => mark("due", "Advice"),
    }
}

/// Of a rule.
pub(crate) fn of_outcome(outcome: Outcome) -> Mark {
    match outcome {
        Outcome::Pass => mark("ok", "Pass"),
        Outcome::Fail => mark("fail", "Fail"),
        Outcome::Warn => mark("risk", "Warn"),
        Outcome::Waived => mark("exc", "Waived"),
        Outcome::NotApplicable => mark("na", "Not asked"),
        Outcome::Unknown => mark("unknown", "Unknown"),
    }
}

/// Of a claim.
pub(crate) fn of_claim(verdict: Verdict) -> Mark {
    match verdict {
        Verdict::Agree => mark("ok", "Agree"),
        Verdict::Drift => mark("risk", "Drift"),
        Verdict::Soft => mark("due", "Soft"),
        Verdict::Future => mark("due", "Not due"),
        Verdict::Unknown => mark("unknown", "Unknown"),
    }
}

/// Of something that changes with an upgrade.
pub(crate) fn of_change(level: Level, kind: ChangeKind) -> Mark {
    match (level, kind) {
        (Level::Breaks, ChangeKind::Locked) => mark("exc", "Locked"),
        (Level::Breaks, _) => mark("fail", "Breaks"),
        (Level::Behaviour, ChangeKind::DefaultFlipped) => mark("flip", "Flips"),
        (Level::Behaviour, ChangeKind::New) => mark("flip", "New, on"),
        (Level::Behaviour, _) => mark("risk", "Changes"),
        (Level::Review, _) => mark("unknown", "Decide"),
        (Level::Notice, _) => mark("due", "Notice"),
    }
}

/// Of an item of a checklist.
pub(crate) fn of_met(met: Met) -> Mark {
    match met {
        Met::Yes => mark("ok", "Met"),
        Met::No => mark("risk", "Not met"),
        Met::Unknown => mark("unknown", "Unknown"),
    }
}

/// Of an answer.
pub(crate) fn of_answer(state: State, is_required: bool, is_weak: bool) -> Mark {
    match (state, is_required) {
        (State::Answered, _) if is_weak => mark("risk", "Weak"),
        (State::Answered, _) => mark("ok", "Answered"),
        (State::Bare, _) if is_weak => mark("risk", "Yes or no"),
        (State::Bare, _) => mark("ok", "Yes or no"),
        (State::NotApplicable, _) if is_weak => mark("risk", "N/A"),
        (State::NotApplicable, _) => mark("na", "N/A"),
        (State::Placeholder, true) => mark("risk", "Placeholder"),
        (State::Empty, true) => mark("risk", "Empty"),
        (State::Absent, true) => mark("fail", "Absent"),
        (State::Placeholder, false) => mark("due", "Placeholder"),
        (State::Empty, false) => mark("due", "Empty"),
        (State::Absent, false) => mark("due", "Absent"),
    }
}
