//! What the approval record says, and what happened since.

use std::sync::Arc;

use signoff_model::Release;
use signoff_model::companion::{Record, RecordContent};
use signoff_model::event::Event;
use signoff_model::people::Person;
use signoff_model::profile::Companion;
use signoff_model::proposal::same_number;

use crate::signoff::look::{Answer, Look, Remedy, Work};
use crate::signoff::{Approval, Outcome};

/// The companions that the release asks for.
fn asked<'a>(look: &Look<'a>) -> impl Iterator<Item = (&'a Companion, Option<&'a Record>)> {
    let release = look.target.release;
    look.companions()
        .filter(move |(rule, _)| rule.since.as_deref().and_then(Release::parse).is_none_or(|since| since <= release))
}

/// The record names an approver for the stage.
pub(super) fn named(look: &Look<'_>) -> Answer {
    let Some(stage) = look.target.stage.as_deref() else {
        return Answer::fail("without a stage nobody can approve it");
    };
    for (rule, record) in asked(look) {
        let Some(record) = record else {
            return Answer::unknown("the path of the approval record cannot be told from the metadata");
        };
        let approver = record.approver(rule, stage).filter(|node| !node.is_blank());
        if approver.is_none() {
            return unnamed(look, rule, record, stage);
        }
    }
    match approver(look, stage) {
        Some((record, content, span, name)) => Answer::pass(format!("{name} is named for {stage} in {}", record.path))
            .seen(look.quote(&content.source, span)),
        None => Answer::new(Outcome::NotApplicable, "the process asks for no approval record"),
    }
}

/// What an approver is for, its record, its text, and where the name stands.
fn approver<'a>(look: &Look<'a>, stage: &str) -> Option<(&'a Record, &'a RecordContent, signoff_model::Span, &'a str)> {
    asked(look).find_map(|(rule, record)| {
        let record = record?;
        let node = record.approver(rule, stage)?;
        let name = node.text().map(str::trim).filter(|name| !name.is_empty())?;
        Some((record, record.content.as_ref().ok()?, node.span, name))
    })
}

fn unnamed(look: &Look<'_>, rule: &Companion, record: &Record, stage: &str) -> Answer {
    let remedy = |line: Option<usize>| Remedy {
        work: Work::Companion,
        field: Some(format!("{stage}.{}", rule.approver)),
        path: Arc::clone(&record.path),
        line,
        what: format!("name an {} for {stage} in {}", rule.approver, record.path),
        to: None,
        heading: None,
    };
    match &record.content {
        Ok(content) => {
            let entry = record.entry(stage).map(|pair| pair.key_span);
            let line = entry.map(|span| content.source.line(span.start));
            let answer = Answer::fail(format!("{} names no approver for {stage}", record.path));
            let evidence = match entry {
                Some(span) => look.quote(&content.source, span),
                None => look.absence(&record.path, ""),
            };
            answer.seen(evidence).mended_by(remedy(line))
        }
        Err(_) if !record.exists() => Answer::fail(format!("there is no approval record {}", record.path))
            .seen(look.absence(&record.path, "there is no such file"))
            .mended_by(remedy(None)),
        Err(error) => {
            Answer::unknown(format!("{} cannot be read: {error}", record.path)).seen(look.absence(&record.path, ""))
        }
    }
}

/// The approver is one of those who may approve, and the record states the proposal's number.
pub(super) fn listed(look: &Look<'_>) -> Answer {
    let none = || Answer::new(Outcome::NotApplicable, "nobody is named yet");
    let Some(stage) = look.target.stage.as_deref() else { return none() };
    for (rule, record) in asked(look) {
        let Some(record) = record else { return none() };
        let Some(node) = record.approver(rule, stage).filter(|node| !node.is_blank()) else { return none() };
        let (Some(written), Ok(content)) = (node.text(), &record.content) else { return none() };
        let seen = look.quote(&content.source, node.span);
        let aliases = &look.corpus.aliases;
        if !aliases.has(&rule.approvers_alias) {
            return Answer::unknown(format!("the repository does not say who is in {}", rule.approvers_alias))
                .seen(seen);
        }
        let handle = Person::parse(written, &[]).handle().unwrap_or_default();
        let is_member = |alias: &str| aliases.member(alias, handle).is_some();
        if !is_member(&rule.approvers_alias) && !rule.emeritus_alias.as_deref().is_some_and(is_member) {
            let remedy = Remedy {
                work: Work::Companion,
                field: Some(format!("{stage}.{}", rule.approver)),
                path: Arc::clone(&record.path),
                line: Some(content.source.line(node.span.start)),
                what: format!("name a member of {} for {stage}", rule.approvers_alias),
                to: None,
                heading: None,
            };
            return Answer::fail(format!("{written} is not in {}", rule.approvers_alias)).seen(seen).mended_by(remedy);
        }
        if let Some(answer) = foreign(look, rule, record, content) {
            return answer;
        }
    }
    match approver(look, stage) {
        Some((_, content, span, name)) => {
            Answer::pass(format!("{name} may approve")).seen(look.quote(&content.source, span))
        }
        None => none(),
    }
}

/// A record that states the number of another proposal.
fn foreign(look: &Look<'_>, rule: &Companion, record: &Record, content: &RecordContent) -> Option<Answer> {
    let node = content.metadata.root.get(&rule.number)?;
    let (stated, own) = (node.text()?, look.proposal.number.as_deref()?);
    if same_number(stated, own) {
        return None;
    }
    let remedy = Remedy {
        work: Work::Companion,
        field: Some(rule.number.clone()),
        path: Arc::clone(&record.path),
        line: Some(content.source.line(node.span.start)),
        what: format!("set {} to {own}", rule.number),
        to: Some(own.to_owned()),
        heading: None,
    };
    // A slip of the pen that the old check lets pass: no reason to drop a proposal that was approved.
    let answer = Answer::new(Outcome::Warn, format!("{} says that it is of {stated}, not of {own}", record.path));
    Some(answer.seen(look.quote(&content.source, node.span)).mended_by(remedy))
}

/// The approval is merged; where the history was read, its commit is the evidence.
pub(super) fn merged(look: &Look<'_>) -> Answer {
    let answer = named(look);
    let Some(stage) = look.target.stage.as_deref().filter(|_| answer.outcome == Outcome::Pass) else { return answer };
    let Some(event) = Approval::last(look.corpus, look.proposal, stage) else { return answer };
    let commit = event.commit.get(..10).unwrap_or(&event.commit);
    let since = event.at.strftime("%Y-%m-%d");
    Answer { message: format!("{} since commit {commit} of {since}", answer.message), ..answer }
}

fn own_events<'a>(look: &Look<'a>) -> impl Iterator<Item = &'a Event> {
    let path = &look.proposal.path;
    look.corpus.events.iter().filter(move |event| event.proposal == *path)
}

/// No answer changed since the stage was last approved.
pub(super) fn current(look: &Look<'_>) -> Answer {
    let Some(stage) = look.target.stage.as_deref() else {
        return Answer::new(Outcome::NotApplicable, "there is no stage that was approved");
    };
    if own_events(look).next().is_none() {
        return Answer::unknown("the history was not read");
    }
    let Some(approved) = look.approved else {
        return Answer::unknown(format!("the history has no approval for {stage}"));
    };
    let changed = approved.changed_answers(look.prepared(), look.proposal);
    let since = approved.at.strftime("%Y-%m-%d");
    let commit = approved.commit.get(..10).unwrap_or(&approved.commit);
    if changed.is_empty() {
        return Answer::pass(format!("no answer changed since commit {commit} of {since} approved {stage}"));
    }
    let answers = if changed.len() == 1 { "an answer".to_owned() } else { format!("{} answers", changed.len()) };
    let answer = Answer::fail(format!(
        "{answers} changed since commit {commit} of {since} approved {stage}: {}; if they matter, ask for another review",
        changed.join(", ")
    ));
    match &look.proposal.prose {
        Some(prose) => answer.seen(look.absence(&prose.source.path, "")),
        None => answer,
    }
}
