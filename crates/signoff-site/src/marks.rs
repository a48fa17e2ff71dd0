//! How a result is drawn: a shape and a word, which a colour repeats.

use signoff_analysis::signoff::checklist::Met;
use signoff_analysis::signoff::{Outcome, Standing};
use signoff_model::questionnaire::State;

/// A shape, a colour and a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Id of the shape in the page's sprite.
    pub(crate) glyph: &'static str,
    /// The class of the colour, behind `v-`.
    pub(crate) tone: &'static str,
    /// The word.
    pub(crate) word: &'static str,
}

const fn mark(glyph: &'static str, tone: &'static str, word: &'static str) -> Mark {
    Mark { glyph, tone, word }
}

/// What is not asked yet.
pub(crate) const NOT_DUE: Mark = mark("due", "due", "Not due");

/// Of a verdict.
pub(crate) fn of_standing(standing: Standing) -> Mark {
    match standing {
        Standing::Removed => mark("fail", "fail", "Out"),
        Standing::AtRisk => mark("risk", "risk", "At risk"),
        Standing::ExceptionPending => mark("exc", "exc", "Exception asked for"),
        Standing::ExceptionApproved => mark("exc", "exc", "Exception granted"),
        Standing::NeedsEvidence => mark("unknown", "unknown", "Needs evidence"),
        Standing::NotOptedIn => mark("na", "na", "Not opted in"),
        Standing::Deferred => mark("na", "na", "Put aside"),
        Standing::Tracked => mark("ok", "ok", "Tracked"),
        Standing::NotTargeting => mark("na", "na", "Not planned"),
    }
}

/// Of a rule.
pub(crate) fn of_outcome(outcome: Outcome) -> Mark {
    match outcome {
        Outcome::Pass => mark("ok", "ok", "Pass"),
        Outcome::Fail => mark("fail", "fail", "Fail"),
        Outcome::Warn => mark("risk", "risk", "Warn"),
        Outcome::Waived => mark("exc", "exc", "Waived"),
        Outcome::NotApplicable => mark("na", "na", "Not asked"),
        Outcome::Unknown => mark("unknown", "unknown", "Unknown"),
    }
}

/// Of an item of a checklist.
pub(crate) fn of_met(met: Met) -> Mark {
    match met {
        Met::Yes => mark("ok", "ok", "Met"),
        Met::No => mark("risk", "risk", "Not met"),
        Met::Unknown => mark("unknown", "unknown", "Unknown"),
    }
}

/// Of an answer.
pub(crate) fn of_answer(state: State, is_required: bool, is_weak: bool) -> Mark {
    match (state, is_required) {
        (State::Answered, _) if is_weak => mark("risk", "risk", "Weak"),
        (State::Answered, _) => mark("ok", "ok", "Answered"),
        (State::Bare, _) if is_weak => mark("risk", "risk", "Yes or no"),
        (State::Bare, _) => mark("ok", "ok", "Yes or no"),
        (State::NotApplicable, _) if is_weak => mark("risk", "risk", "N/A"),
        (State::NotApplicable, _) => mark("na", "na", "N/A"),
        (State::Placeholder, true) => mark("risk", "risk", "Placeholder"),
        (State::Empty, true) => mark("risk", "risk", "Empty"),
        (State::Absent, true) => mark("fail", "fail", "Absent"),
        (State::Placeholder, false) => mark("due", "due", "Placeholder"),
        (State::Empty, false) => mark("due", "due", "Empty"),
        (State::Absent, false) => mark("due", "due", "Absent"),
    }
}
