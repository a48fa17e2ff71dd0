//! `api-type`, `no-new-api-types`, `event-reason`, `condition-type`: what a proposal says about the API that people see.

use std::collections::BTreeSet;

use signoff_model::fact::{Evidence, Record, SourceKind};
use signoff_model::profile::{AnswerFieldRule, Expectation};
use signoff_model::questionnaire::{Answer, State};

use super::subject::stated;
use super::{ClaimKind, ClaimVerdict, Examined, Flaw};

pub(super) fn judge<'c>(examined: &Examined<'c, '_>, found: &mut Vec<ClaimVerdict<'c>>) {
    let prepared = &examined.corpus.prepared;
    let Some(prose) = &examined.proposal.prose else { return };
    for (questionnaire, answers) in prose.document.answers.iter().enumerate() {
        for (index, answer) in answers.answers.iter().enumerate() {
            let (_, question) = prepared.question(questionnaire, index);
            if question.expects.contains(&Expectation::ApiTypes) {
                found.extend(types(examined, answer));
            }
            found.extend(fields(examined, &question.field, answer));
        }
    }
}

/// Reasons of events and types of conditions that an answer names.
fn fields<'c>(examined: &Examined<'c, '_>, rules: &[AnswerFieldRule], answer: &Answer) -> Vec<ClaimVerdict<'c>> {
    let Some(prose) = &examined.proposal.prose else { return Vec::new() };
    let mut found = Vec::new();
    for field in &answer.fields {
        let Some(rule) = rules.get(field.field) else { continue };
        let kind = match (rule.event, rule.condition) {
            (true, _) => ClaimKind::EventReason,
            (_, true) => ClaimKind::ConditionType,
            _ => continue,
        };
        let value = field.value.trim().trim_matches('`');
        let is_name = value.len() > 2
            && value.starts_with(|first: char| first.is_ascii_uppercase())
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_name || ["TBD", "None", "TODO"].contains(&value) {
            continue;
        }
        let claim = examined.claim(kind, value, value).stated(stated(&prose.source, field.span));
        let what = if kind == ClaimKind::EventReason { "reasons of events" } else { "types of conditions" };
        found.push(claim.unknown(format!("no source in hand lists {what}; the code would tell")));
    }
    found
}

/// Types that an answer names, or that there are none.
fn types<'c>(examined: &Examined<'c, '_>, answer: &Answer) -> Vec<ClaimVerdict<'c>> {
    let Some(prose) = &examined.proposal.prose else { return Vec::new() };
    if !matches!(answer.state, State::Answered | State::Bare | State::NotApplicable) {
        return Vec::new();
    }
    let text = &*answer.own;
    let first = text.split(|character: char| !character.is_ascii_alphanumeric()).find(|word| !word.is_empty());
    let says_no = first.is_some_and(|word| ["no", "none", "na"].iter().any(|no| word.eq_ignore_ascii_case(no)));
    let place = answer.asked.unwrap_or(answer.text);
    if says_no {
        let claim = examined.claim(ClaimKind::NoNewApiTypes, "API types", "no new API types");
        let claim = claim.stated(stated(&prose.source, place));
        return vec![claim.unknown("types do not say which proposal brought them")];
    }
    let known = kinds(examined);
    if known.is_empty() {
        return Vec::new();
    }
    let named: BTreeSet<&str> =
        text.split('`').skip(1).step_by(2).map(str::trim).filter(|name| is_kind(name)).collect();
    let judged = named.into_iter().filter_map(|name| {
        let claim = examined.claim(ClaimKind::ApiType, name, name).stated(stated(&prose.source, place));
        match known.iter().find(|(kind, _)| *kind == name) {
            Some((_, evidence)) => Some(claim.agree(name, "the API has it").seen([evidence()])),
            None => missing(examined, claim, text, name),
        }
    });
    judged.collect()
}

/// A type that the API does not have: wrong only where the answer calls it a type, and it is due.
fn missing<'c>(
    examined: &Examined<'c, '_>,
    claim: ClaimVerdict<'c>,
    text: &str,
    name: &str,
) -> Option<ClaimVerdict<'c>> {
    let lower = text.to_ascii_lowercase();
    let named = name.to_ascii_lowercase();
    let calls = ["api type: ", "api type ", "kind: ", "kind ", "new type ", "api kind "];
    let is_called = calls.iter().any(|call| lower.contains(&format!("{call}`{named}`")));
    if !is_called {
        return Some(
            claim.unknown("the API in hand has no type of this name; it may be a field, or belong to another API"),
        );
    }
    let accepted = examined.proposal.accepted(&examined.corpus.prepared);
    match accepted {
        Some(release) if examined.is_ahead(release) => Some(claim.future("work is planned for a later release")),
        Some(_) => Some(claim.drift(Flaw::TypeMissing, None, "the API in hand has no type of this name")),
        None => Some(claim.unknown("the proposal names no release")),
    }
}

fn is_kind(name: &str) -> bool {
    let inner = name.get(1..).unwrap_or_default();
    name.len() > 3
        && name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && inner.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// The types of the API in hand, each with the way to its evidence.
fn kinds<'k>(examined: &Examined<'_, 'k>) -> Vec<(&'k str, impl Fn() -> Evidence + use<'k>)> {
    let sources = examined.known.facts.of(SourceKind::OpenApi);
    let facts = sources.flat_map(|source| source.facts.iter().map(move |fact| (source, fact)));
    let kinds = facts.filter_map(|(source, fact)| match &fact.record {
        Record::Type(kind) => Some((&*kind.kind, move || source.evidence(&fact.path, &fact.at))),
        _ => None,
    });
    kinds.collect()
}
