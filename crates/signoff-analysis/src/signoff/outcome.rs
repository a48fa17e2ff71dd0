//! From what the rules say of a proposal to where it stands.

use signoff_model::exception::{Decision, Exception};
use signoff_model::profile::{Basis, DecisionRule, Meaning, Predicate, Prepared, StatusClass};
use signoff_model::proposal::same_number;
use signoff_model::waiver::Waiver;
use signoff_model::{Corpus, Proposal};

use super::class::Class;
use super::look::{Answer, Look, Target};
use super::{Outcome, Question, RuleResult, Standing, Verdict, predicates};

/// What every rule of a checkpoint says.
pub(super) fn answer_all<'q>(
    look: &Look<'_>,
    asked: &[&'q DecisionRule],
    question: &Question<'q>,
) -> Vec<RuleResult<'q>> {
    let pull = best_pull(look, asked, question);
    let mut results: Vec<RuleResult<'q>> = Vec::with_capacity(asked.len());
    for rule in asked {
        let (answer, basis) = if !look.is_asked(rule) {
            let class = look.class.map_or("other", |class| class.name.as_str());
            (Answer::new(Outcome::NotApplicable, format!("not asked of class {class}")), rule.basis)
        } else {
            match rule.predicate {
                _ if !look.can_tell(rule) => (not_looked_at(rule), rule.basis),
                Some(Predicate::AllOf) => (all_of(rule, &results), joint_basis(rule, &results)),
                _ => ask(look, rule, pull, question),
            }
        };
        results.push(result(look, rule, answer, basis, question));
    }
    results
}

/// What a proposal would be with one of the open pull requests merged.
#[derive(Clone, Copy)]
struct Pulled<'q> {
    number: &'q str,
    corpus: &'q Corpus,
    proposal: &'q Proposal,
}

impl<'q> Pulled<'q> {
    fn look<'l>(&self, look: &Look<'l>) -> Look<'l>
    where
        'q: 'l,
    {
        Look { corpus: self.corpus, proposal: self.proposal, pull: None, ..*look }
    }
}

/// The pull request that meets most of what an open one may meet, if any changes the proposal.
fn best_pull<'q>(look: &Look<'_>, asked: &[&DecisionRule], question: &Question<'q>) -> Option<Pulled<'q>> {
    let open: Vec<&&DecisionRule> = asked.iter().filter(|rule| is_open_enough(rule, question)).collect();
    if open.is_empty() {
        return None;
    }
    let of_proposal = question.open_pulls(look.prepared()).filter_map(|pull| {
        let changed =
            pull.corpus.proposals.iter().find(|changed| changed.loaded && changed.path == look.proposal.path)?;
        Some(Pulled { number: &pull.number, corpus: &pull.corpus, proposal: changed })
    });
    let met = |pulled: &Pulled<'q>| {
        let look = pulled.look(look);
        open.iter().filter(|rule| look.is_asked(rule) && is_met(predicates::ask(&look, rule).outcome)).count()
    };
    // Of equal ones the first, which has the lowest number.
    let better = |best: (usize, Pulled<'q>), next: (usize, Pulled<'q>)| if next.0 > best.0 { next } else { best };
    of_proposal.map(|pulled| (met(&pulled), pulled)).reduce(better).map(|(_, pulled)| pulled)
}

fn is_open_enough(rule: &DecisionRule, question: &Question<'_>) -> bool {
    rule.open_is_enough_at.iter().any(|checkpoint| checkpoint == question.checkpoint)
}

fn is_met(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Pass | Outcome::Warn | Outcome::Waived | Outcome::NotApplicable)
}

/// Where an open pull request is enough, main alone gives a pass or nothing.
fn ask(look: &Look<'_>, rule: &DecisionRule, pull: Option<Pulled<'_>>, question: &Question<'_>) -> (Answer, Basis) {
    // What the issue says does not hang on where the files are.
    if rule.basis == Basis::Forge {
        return (predicates::ask(look, rule), rule.basis);
    }
    if let Some(number) = look.pull {
        let mut answer = predicates::ask(look, rule);
        if is_open_enough(rule, question) {
            answer.message = format!("{} (as pull request {number} has it)", answer.message);
        } else {
            answer.outcome = Outcome::Fail;
            answer.message = format!("it is in pull request {number} alone, which is not merged");
        }
        return (answer, Basis::Pulls);
    }
    let answer = predicates::ask(look, rule);
    if is_met(answer.outcome) || !is_open_enough(rule, question) {
        return (answer, rule.basis);
    }
    if let Some(pull) = pull {
        let mut there = predicates::ask(&pull.look(look), rule);
        there.message = format!("{} (as pull request {} has it)", there.message, pull.number);
        return (there, Basis::Pulls);
    }
    if question.has(Basis::Pulls) {
        let message = format!("{}, and no open pull request changes it", answer.message);
        return (Answer { message, ..answer }, Basis::Pulls);
    }
    let message = format!("{} on the main branch; an open pull request may have it", answer.message);
    (Answer { outcome: Outcome::Unknown, message, ..answer }, rule.basis)
}

fn not_looked_at(rule: &DecisionRule) -> Answer {
    let source = rule.decided_by.as_deref().unwrap_or("a source that was not given");
    Answer::unknown(format!("not looked at: {source} would tell"))
}

/// What several rules say together.
fn all_of(rule: &DecisionRule, results: &[RuleResult<'_>]) -> Answer {
    let of_rule = |result: &&RuleResult<'_>| rule.rules.contains(&result.rule.id);
    let joined: Vec<&RuleResult<'_>> = results.iter().filter(of_rule).collect();
    let named = |wanted: Outcome| -> Vec<&str> {
        joined.iter().filter(|result| result.outcome == wanted).map(|result| result.rule.id.as_str()).collect()
    };
    let (failed, unknown) = (named(Outcome::Fail), named(Outcome::Unknown));
    if !failed.is_empty() {
        return Answer::fail(format!("{} not met", are(&failed)));
    }
    if !unknown.is_empty() {
        return Answer::unknown(format!("{} not known", are(&unknown)));
    }
    match named(Outcome::Warn).as_slice() {
        [] => Answer::pass("all of them are met"),
        doubtful => Answer::new(Outcome::Warn, format!("{} met with doubts", are(doubtful))),
    }
}

fn are(ids: &[&str]) -> String {
    format!("{} {}", ids.join(", "), if ids.len() == 1 { "is" } else { "are" })
}

/// A joint rule stands on pull requests when one of its parts does.
fn joint_basis(rule: &DecisionRule, results: &[RuleResult<'_>]) -> Basis {
    let of_rule = |result: &&RuleResult<'_>| rule.rules.contains(&result.rule.id);
    let mut parts = results.iter().filter(of_rule).peekable();
    if parts.clone().all(|result| is_met(result.outcome) && result.basis == Basis::Git) && parts.peek().is_some() {
        return Basis::Git;
    }
    rule.basis
}

fn result<'q>(
    look: &Look<'_>,
    rule: &'q DecisionRule,
    answer: Answer,
    basis: Basis,
    question: &Question<'q>,
) -> RuleResult<'q> {
    let Answer { outcome, message, evidence, remedies } = answer;
    let is_flaw = matches!(outcome, Outcome::Fail | Outcome::Unknown);
    let waiver = if is_flaw { waiver(look.proposal, rule, question) } else { None };
    let holds = waiver.is_some_and(|waiver| waiver.holds(question.instant, question.release));
    let outcome = match outcome {
        Outcome::Fail | Outcome::Unknown if holds => Outcome::Waived,
        Outcome::Fail if rule.advisory => Outcome::Warn,
        outcome => outcome,
    };
    let message = match waiver {
        Some(waiver) if holds => format!("{message}; waived by {}: {}", waiver.owner, waiver.reason),
        Some(waiver) => format!("{message}; the waiver of {} has expired", waiver.owner),
        None => message,
    };
    let wants = matches!(outcome, Outcome::Fail | Outcome::Warn | Outcome::Unknown);
    let next = remedies.first().filter(|_| wants).map(|remedy| remedy.what.clone());
    RuleResult { rule, outcome, basis, message, evidence, next, remedies, waiver }
}

/// The waiver of a rule: one that holds, else one that has expired.
fn waiver<'q>(proposal: &Proposal, rule: &DecisionRule, question: &Question<'q>) -> Option<&'q Waiver> {
    let is_meant = |waiver: &&Waiver| waives(waiver, proposal, rule);
    let mut meant = question.waivers.iter().filter(is_meant);
    let holding = meant.clone().find(|waiver| waiver.holds(question.instant, question.release));
    holding.or_else(|| meant.next())
}

/// Whether a waiver is one of this rule for this proposal.
pub(super) fn waives(waiver: &Waiver, proposal: &Proposal, rule: &DecisionRule) -> bool {
    *waiver.rule == *rule.id && is_named(proposal, &waiver.proposal)
}

/// Whether a proposal is the one of this number, name or path.
fn is_named(proposal: &Proposal, name: &str) -> bool {
    same_number(proposal.label(), name) || *proposal.name == *name || *proposal.path == *name
}

/// The exception that decides at a checkpoint, of those known at the instant: the last that was asked for.
pub(super) fn exception<'q>(proposal: &Proposal, question: &Question<'q>) -> Option<&'q Exception> {
    let is_meant = |exception: &&Exception| {
        exception.release.minors_after(question.release) == 0
            && covers(exception, question)
            && is_named(proposal, &exception.proposal)
            && exception.decision_at(question.instant).is_some()
    };
    question.exceptions.iter().rfind(is_meant)
}

/// Whether an exception is about the checkpoint, or about one before it and reaches beyond its deadline.
fn covers(exception: &Exception, question: &Question<'_>) -> bool {
    let reaches = || exception.until.zip(question.deadline).is_some_and(|(until, deadline)| deadline <= until);
    exception.covers(question.checkpoint)
        || question.covered_by.iter().any(|earlier| exception.covers(earlier) && reaches())
}

/// A proposal that names another release.
pub(super) fn not_targeting<'q>(prepared: &Prepared, proposal: &'q Proposal, target: &Target) -> Verdict<'q> {
    let latest = proposal.text(prepared, Meaning::LatestMilestone);
    let reason = match latest {
        Some(latest) => format!("its latest milestone is {latest}, not {}", target.release_text),
        None => "it names no milestone".to_owned(),
    };
    Verdict {
        proposal,
        class: None,
        standing: Standing::NotTargeting,
        reason,
        undecided: Vec::new(),
        rules: Vec::new(),
        exception: None,
    }
}

/// What the results of a proposal's rules come to.
struct Tally<'r, 'q> {
    failed: Vec<&'r RuleResult<'q>>,
    /// Unknown although what they need was given.
    unsettled: Vec<&'r RuleResult<'q>>,
    undecided: Vec<&'q str>,
    /// Whether any required rule was decided.
    looked: bool,
}

impl<'r, 'q> Tally<'r, 'q> {
    fn of(results: &'r [RuleResult<'q>], question: &Question<'_>) -> Self {
        let required = || results.iter().filter(|result| !result.rule.advisory);
        let unknown = |given: bool| {
            required().filter(move |result| result.outcome == Outcome::Unknown && question.has(result.basis) == given)
        };
        Self {
            failed: required().filter(|result| result.outcome == Outcome::Fail).collect(),
            unsettled: unknown(true).collect(),
            undecided: unknown(false).map(|result| result.rule.id.as_str()).collect(),
            looked: required().any(|result| !matches!(result.outcome, Outcome::Unknown | Outcome::NotApplicable)),
        }
    }
}

/// Where a proposal of a class stands, by what the rules said.
pub(super) fn settle<'q>(
    look: &Look<'_>,
    (proposal, class): (&'q Proposal, Class<'q>),
    results: Vec<RuleResult<'q>>,
    question: &Question<'q>,
) -> Verdict<'q> {
    let tally = Tally::of(&results, question);
    let exception = exception(proposal, question);
    let not_opted_in = results.iter().find(|result| exception.is_none() && is_not_opted_in(look, result));
    let (standing, reason) = if let Some(result) = not_opted_in {
        (Standing::NotOptedIn, result.message.clone())
    } else if proposal.class(look.prepared()) == StatusClass::Parked {
        let status = proposal.status(look.prepared()).unwrap_or_default();
        (Standing::Deferred, format!("its status is {status}"))
    } else {
        decide(&tally, exception, question, look)
    };
    let undecided = tally.undecided;
    Verdict {
        proposal,
        class: class.map(|class| class.name.as_str()),
        standing,
        reason,
        undecided,
        rules: results,
        exception,
    }
}

/// Whether a result says that the lead has not opted in, and not only that it was late.
fn is_not_opted_in(look: &Look<'_>, result: &RuleResult<'_>) -> bool {
    result.rule.predicate == Some(Predicate::OptedIn)
        && result.outcome == Outcome::Fail
        && predicates::forge::is_opted_in(look, result.rule) == Some(false)
}

fn decide(
    tally: &Tally<'_, '_>,
    exception: Option<&Exception>,
    question: &Question<'_>,
    look: &Look<'_>,
) -> (Standing, String) {
    let missing = first_missing(&tally.failed);
    if !tally.failed.is_empty() && !question.is_past() {
        return (Standing::AtRisk, missing);
    }
    if !tally.failed.is_empty() && !question.hard && exception.is_none() {
        return (Standing::AtRisk, format!("{missing}; the deadline has passed, and it is not strict"));
    }
    let excused = exception.filter(|_| question.is_past()).map(|exception| excuse(exception, question));
    match excused {
        // What was refused is out, whatever else is in place by now.
        Some((Standing::Removed, why)) => return (Standing::Removed, with(&missing, &why)),
        Some((standing, why)) if !tally.failed.is_empty() => return (standing, with(&missing, &why)),
        // A request says that something is missing; git may not see what.
        Some((standing, why)) if !tally.looked || standing == Standing::ExceptionPending => return (standing, why),
        _ => {}
    }
    if !tally.failed.is_empty() {
        return (Standing::Removed, format!("{missing}; no exception was asked for"));
    }
    if let Some(first) = tally.unsettled.first() {
        return (Standing::NeedsEvidence, first.message.clone());
    }
    if !tally.looked {
        let sources = bases(&tally.undecided, question, look);
        return (Standing::NeedsEvidence, format!("nothing that decides here was given: it takes {sources}"));
    }
    (Standing::Tracked, on_track(look, exception))
}

fn first_missing(failed: &[&RuleResult<'_>]) -> String {
    // A joint rule repeats what its parts say.
    let own = failed.iter().filter(|result| result.rule.predicate != Some(Predicate::AllOf));
    let mut messages: Vec<&str> = own.map(|result| result.message.as_str()).collect();
    messages.dedup();
    match messages.as_slice() {
        [] => failed.first().map(|result| result.message.clone()).unwrap_or_default(),
        [only] => (*only).to_owned(),
        [first, second] => format!("{first}, and {second}"),
        [first, rest @ ..] => format!("{first}, and {} more things are missing", rest.len()),
    }
}

fn with(missing: &str, why: &str) -> String {
    if missing.is_empty() { why.to_owned() } else { format!("{missing}; {why}") }
}

/// What an exception makes of a proposal that is not ready at the deadline.
fn excuse(exception: &Exception, question: &Question<'_>) -> (Standing, String) {
    let asked = exception.requested.map(|day| format!(" asked for on {day}")).unwrap_or_default();
    let decided = exception.reviewed.map(|day| format!(" on {day}")).unwrap_or_default();
    let decision = exception.decision_at(question.instant).unwrap_or(Decision::Pending);
    let late = question.requests_until.is_none_or(|last| exception.is_in_time(last) == Some(false));
    if late && decision != Decision::Approved {
        return (Standing::Removed, format!("the exception{asked} came too late"));
    }
    match decision {
        Decision::Pending => (Standing::ExceptionPending, format!("an exception{asked} is not decided yet")),
        Decision::Rejected | Decision::Removed => {
            (Standing::Removed, format!("the exception{asked} was refused{decided}"))
        }
        Decision::Approved => match exception.until {
            Some(until) if until <= question.instant => {
                (Standing::Removed, format!("the exception{asked} was granted until {until} and has expired"))
            }
            Some(until) => (Standing::ExceptionApproved, format!("an exception is granted until {until}")),
            None => (Standing::ExceptionApproved, format!("an exception{asked} was granted{decided}")),
        },
    }
}

/// The bases that the undecided rules need, as words.
fn bases(undecided: &[&str], question: &Question<'_>, look: &Look<'_>) -> String {
    let rules = &look.prepared().profile.signoff.rule;
    let mut found: Vec<&str> = Vec::new();
    for rule in rules.iter().filter(|rule| undecided.contains(&rule.id.as_str()) && !question.has(rule.basis)) {
        if !found.contains(&rule.basis.word()) {
            found.push(rule.basis.word());
        }
    }
    if found.is_empty() { "a calendar or a table that asks something".to_owned() } else { found.join(", ") }
}

fn on_track(look: &Look<'_>, exception: Option<&Exception>) -> String {
    let prepared = look.prepared();
    let status = look.proposal.status(prepared).unwrap_or("without status");
    let stage = look.target.stage.as_deref().map(|stage| format!(" for {stage}")).unwrap_or_default();
    let approver = look
        .companions()
        .find_map(|(rule, record)| record?.approver(rule, look.target.stage.as_deref()?)?.text().map(str::to_owned));
    let approved = approver.map(|name| format!(", approved{stage} by {name}")).unwrap_or_default();
    let granted = if exception.is_some() { ", under an exception" } else { "" };
    format!("{status}{approved}{granted}")
}
