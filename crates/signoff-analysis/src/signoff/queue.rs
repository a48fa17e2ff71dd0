//! What waits for one person: proposals that they approve, in open pull requests and on the main branch.
//!
//! [`role`] says why a proposal is theirs. [`in_pulls`] and [`undecided`] find what waits for a first word,
//! [`changed`] what changed since they gave it.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use signoff_model::forge::{Replayed, ReviewState};
use signoff_model::people::Person;
use signoff_model::profile::{Meaning, Prepared, StatusClass};
use signoff_model::{Corpus, Finding, Proposal, Release, Severity};

use super::{Approved, ForgeView, OpenPull};
use crate::comparison::{self, Change, ChangeKind};
use crate::condition::Conditions;
use crate::rules;

/// Why a proposal waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The approval record names them for the proposal's stage.
    Approval(String),
    /// They are among the proposal's approvers.
    Approver,
}

/// Something that waits.
pub struct Waiting<'q> {
    /// The proposal: as it would be, where a pull request changes it.
    pub proposal: &'q Proposal,
    /// The pull request.
    pub pull: Option<&'q str>,
    /// Why it is theirs.
    pub role: Role,
    /// What it waits for, in one sentence.
    pub reason: String,
    /// Answers that are others than they were.
    pub answers: Vec<Change>,
    /// Answers that say little, worst first.
    pub weak: Vec<Finding>,
}

/// A handle without its mark, in lower case.
#[must_use]
pub fn plain(handle: &str) -> String {
    handle.trim().trim_start_matches('@').to_lowercase()
}

/// Everybody who approves something, without mark, in lower case.
#[must_use]
pub fn approvers(corpus: &Corpus) -> BTreeSet<String> {
    let prepared = &corpus.prepared;
    let mut found = BTreeSet::new();
    for proposal in corpus.all() {
        let items = proposal.items(prepared, Meaning::Approvers);
        found.extend(items.iter().filter_map(|item| Person::parse(item.text, &[]).handle()).map(plain));
        for record in &proposal.records {
            let (Some(rule), Ok(content)) = (prepared.profile.companion.get(record.companion), &record.content) else {
                continue;
            };
            let entries = content.metadata.root.pairs().iter();
            let names = entries.filter_map(|pair| pair.node.get(&rule.approver)?.text());
            found.extend(names.map(plain));
        }
    }
    for rule in &prepared.profile.companion {
        found.extend(corpus.aliases.members(&rule.approvers_alias).map(plain));
    }
    found.remove("");
    found
}

/// Why a proposal is a person's, by their plain handle; `None` when it is not.
#[must_use]
pub fn role(prepared: &Prepared, proposal: &Proposal, person: &str) -> Option<Role> {
    let stage = proposal.stage(prepared);
    let is_named = |record: &signoff_model::companion::Record| {
        let rule = prepared.profile.companion.get(record.companion)?;
        let name = record.approver(rule, stage?)?.text()?;
        (plain(name) == person).then_some(())
    };
    if proposal.records.iter().any(|record| is_named(record).is_some()) {
        return stage.map(|stage| Role::Approval(stage.to_owned()));
    }
    let items = proposal.items(prepared, Meaning::Approvers);
    let is_person = |text: &str| Person::parse(text, &[]).handle().is_some_and(|handle| plain(handle) == person);
    items.iter().any(|item| is_person(item.text)).then_some(Role::Approver)
}

/// Whether a proposal is meant for a release: the one asked for, or any that is not over.
#[must_use]
pub fn is_meant(prepared: &Prepared, proposal: &Proposal, release: Option<Release>, instant: Timestamp) -> bool {
    let Some(own) = proposal.latest_milestone(prepared) else { return false };
    match release {
        Some(release) => own.minors_after(release) == 0,
        None => {
            let current = prepared.current_release.as_deref().and_then(Release::parse);
            let is_dated = prepared.calendar(own).is_some();
            !super::todo::is_over(prepared.calendar(own), instant)
                && (is_dated || current.is_none_or(|current| own >= current))
        }
    }
}

/// Proposals that open pull requests change.
#[must_use]
pub fn in_pulls<'q>(
    corpus: &'q Corpus,
    pulls: &'q [OpenPull],
    person: &str,
    is_meant: &dyn Fn(&Proposal) -> bool,
) -> Vec<Waiting<'q>> {
    let prepared = &corpus.prepared;
    let mut found = Vec::new();
    for pull in pulls {
        for proposal in pull.corpus.all().filter(|proposal| proposal.loaded && is_meant(proposal)) {
            let Some(role) = role(prepared, proposal, person) else { continue };
            let main = corpus.all().find(|main| main.path == proposal.path && main.loaded);
            // What the pull request changes: the main branch may have gone on since it was begun.
            let forked = pull.before.as_ref().and_then(|before| before.all().find(|old| old.path == proposal.path));
            let answers = answers(prepared, forked.filter(|old| old.loaded).or(main), proposal);
            // Of a stage that is approved, what leaves the answers alone waits for somebody else.
            let is_settled = |stage: &str| main.is_some_and(|main| is_approved(prepared, main, stage));
            if answers.is_empty() && matches!(&role, Role::Approval(stage) if is_settled(stage)) {
                continue;
            }
            let weak = weak(&pull.corpus, proposal);
            let reason = pull_reason(prepared, (&pull.number, main, proposal), &role, &answers, &weak);
            found.push(Waiting { proposal, pull: Some(&pull.number), role, reason, answers, weak });
        }
    }
    found
}

/// Adds what the forge tells: pull requests that were closed wait for nobody, and what the person approved is said.
pub fn hear(waiting: &mut Vec<Waiting<'_>>, prepared: &Prepared, person: &str, view: ForgeView<'_>) {
    let Some(own) = view.forge.repository(&prepared.profile.forge.proposals) else { return };
    waiting.retain_mut(|entry| {
        let number = entry.pull.and_then(|number| number.parse().ok());
        let Some(thread) = number.and_then(|number| own.thread(number)) else { return true };
        let Replayed::Then(state) = view.replay(thread) else { return true };
        let reviews = thread.reviews(view.instant);
        if let Some((_, said, at)) = reviews.iter().find(|(name, ..)| plain(name) == person) {
            let word = if *said == ReviewState::Approved { "approved it" } else { "asked for changes" };
            entry.reason = format!("{}; they {word} on {}", entry.reason, at.strftime("%Y-%m-%d"));
        }
        state.open
    });
}

fn pull_reason(
    prepared: &Prepared,
    (number, main, proposal): (&str, Option<&Proposal>, &Proposal),
    role: &Role,
    answers: &[Change],
    weak: &[Finding],
) -> String {
    let what = match (main, role) {
        (None, _) => "is open and brings the proposal".to_owned(),
        (Some(main), Role::Approval(stage)) if !is_approved(prepared, main, stage) => {
            format!("is open and asks for the approval of {stage}")
        }
        (Some(main), _)
            if main.class(prepared) == StatusClass::Open && proposal.class(prepared) == StatusClass::Accepted =>
        {
            format!("is open and moves the proposal to {}", proposal.status(prepared).unwrap_or_default())
        }
        (Some(_), _) => "is open and changes the proposal".to_owned(),
    };
    let changed =
        if answers.is_empty() { String::new() } else { format!(", with {}", counted(answers.len(), "changed answer")) };
    format!("pull request {number} {what}{changed}{}", weakness(weak))
}

fn is_approved(prepared: &Prepared, proposal: &Proposal, stage: &str) -> bool {
    proposal.records.iter().any(|record| {
        let rule = prepared.profile.companion.get(record.companion);
        rule.and_then(|rule| record.approver(rule, stage)).is_some_and(|node| !node.is_blank())
    })
}

/// A proposal on the main branch that its approvers have not accepted.
#[must_use]
pub fn undecided<'q>(corpus: &'q Corpus, proposal: &'q Proposal, role: &Role) -> Option<Waiting<'q>> {
    let prepared = &corpus.prepared;
    let is_open = *role == Role::Approver && proposal.class(prepared) == StatusClass::Open;
    let status = proposal.status(prepared).filter(|_| is_open)?;
    let weak = weak(corpus, proposal);
    let reason = format!("its status is {status}: its approvers decide whether it goes on{}", weakness(&weak));
    Some(Waiting { proposal, pull: None, role: role.clone(), reason, answers: Vec::new(), weak })
}

/// A proposal on the main branch whose answers are others than when its stage was approved.
#[must_use]
pub fn changed<'q>(
    corpus: &'q Corpus,
    proposal: &'q Proposal,
    stage: &str,
    approved: &Approved,
) -> Option<Waiting<'q>> {
    let answers = answers(&corpus.prepared, Some(&approved.proposal), proposal);
    if answers.is_empty() {
        return None;
    }
    let weak = weak(corpus, proposal);
    let day = approved.at.strftime("%Y-%m-%d");
    let count = counted(answers.len(), "answer");
    let reason = format!("{count} changed since the approval for {stage} of {day}{}", weakness(&weak));
    Some(Waiting { proposal, pull: None, role: Role::Approval(stage.to_owned()), reason, answers, weak })
}

fn answers(prepared: &Prepared, before: Option<&Proposal>, after: &Proposal) -> Vec<Change> {
    let changes = comparison::compare_proposals(prepared, before, Some(after));
    // What the template's next version asks anew is no answer that changed.
    let is_silent = |state: &Option<String>| state.as_deref().is_none_or(|state| matches!(state, "absent" | "empty"));
    changes
        .into_iter()
        .filter(|change| change.kind == ChangeKind::Answer && !(is_silent(&change.from) && is_silent(&change.to)))
        .collect()
}

fn weak(corpus: &Corpus, proposal: &Proposal) -> Vec<Finding> {
    let conditions = Conditions::of(&corpus.prepared);
    let is_about_answers = |code: &str| code.starts_with("answer-") || code == "question-empty";
    let mut found = rules::of_proposal(corpus, proposal, &conditions, &is_about_answers);
    found.retain(|finding| finding.severity >= Severity::Warning);
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

fn weakness(weak: &[Finding]) -> String {
    if weak.is_empty() { String::new() } else { format!("; {} to look at", counted(weak.len(), "weak answer")) }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The id of the question that a finding is about.
#[must_use]
pub fn question_of<'q>(prepared: &'q Prepared, proposal: &Proposal, finding: &Finding) -> Option<&'q str> {
    let (span, prose) = (finding.span?, proposal.prose.as_ref()?);
    if !Arc::ptr_eq(&finding.path, &prose.source.path) && finding.path != prose.source.path {
        return None;
    }
    prose.document.answers.iter().enumerate().find_map(|(questionnaire, answers)| {
        let holds = |answer: &&signoff_model::questionnaire::Answer| {
            answer.asked.is_some_and(|asked| asked.cover(answer.text).contains(span))
        };
        let question = answers.answers.iter().position(|answer| holds(&answer))?;
        Some(prepared.question(questionnaire, question).1.id.as_str())
    })
}
