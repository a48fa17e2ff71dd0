//! What two answers of one questionnaire show together: one says no, another names what it denies.

use signoff_model::profile::Expectation;
use signoff_model::questionnaire::State;

use super::Asked;
use super::phrases::{Phrases, Words};
use super::signs;

/// Words for a type that the API did not have.
static TYPES: Phrases = Phrases::of(&[
    "new api type|types|kind|kinds|resource|resources|object type|types",
    "new api type|types|kind|kinds|resource|resources",
    "new crd|crds",
    "new custom resource|resources",
    "new resource type|types",
]);

/// Words that take back, in the same sentence, that a type is new.
static DENIALS: Phrases = Phrases::of(&["no|not|without|never|neither|if|any|doesn't|don't|future|alternative*"]);

/// What another answer says against this one, as the rest of a sentence; `None` when nothing does.
pub(in crate::rules) fn of(asked: &Asked<'_>, all: &[Asked<'_>]) -> Option<String> {
    let (calls, types) = (asked.expects(Expectation::ApiCalls), asked.expects(Expectation::ApiTypes));
    if !(calls || types) || !signs::says_no(asked.words()) {
        return None;
    }
    let mut others =
        all.iter().filter(|other| other.questionnaire == asked.questionnaire && other.question.id != asked.question.id);
    if calls { others.find_map(event) } else { others.find_map(new_type) }
}

/// The event that an answer says the feature sends: each one is a call.
fn event(other: &Asked<'_>) -> Option<String> {
    let field = other.answer.fields.iter().find(|field| {
        other.question.field[field.field].event && field.ticked != Some(false) && is_reason(&field.value)
    })?;
    let name = super::quoted(&field.value);
    Some(format!("the answer to \"{}\" names the event {name}, and every event sent is a call", other.question.title))
}

/// Whether a value is the reason of an event: one word of several capitals, as `WidgetPoolReserved`.
fn is_reason(value: &str) -> bool {
    let name = value.trim_matches(['`', '"', '.', ' ', '*']);
    name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().filter(u8::is_ascii_uppercase).count() > 1
        && name.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// The new type that an answer speaks of.
fn new_type(other: &Asked<'_>) -> Option<String> {
    if other.answer.state != State::Answered {
        return None;
    }
    let place = other.words().find(&TYPES)?;
    let sentence = signs::sentence(other.own(), place);
    let denied = Words::of(sentence).has(&DENIALS);
    (!denied).then(|| format!("the answer to \"{}\" says {}", other.question.title, super::quoted(sentence)))
}
