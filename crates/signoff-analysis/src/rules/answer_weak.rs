//! `answer-weak`: an answer that lacks what its question asks for, or that another answer denies.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use signoff_model::profile::{Expectation, Meaning, NameKind, StatusClass};
use signoff_model::questionnaire::State;
use signoff_model::{Corpus, Proposal, Severity, Span};

use super::answers::phrases::Words;
use super::answers::signs::{self, Blank};
use super::answers::{Asked, contradiction, quoted};
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "answer-weak",
    severity: Severity::Warning,
    page: include_str!("answer_weak.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

/// Before the tests must exist, an answer of up to so many words does not say what they cover.
const UNTOLD_TESTS_WORDS: usize = 6;
/// A longer answer without a metric tells operators what to look at.
const NO_METRIC_WORDS: usize = 35;
/// In an answer of up to so many words, a metric that it speaks of is the sign that it gives.
const UNNAMED_METRIC_WORDS: usize = 25;

struct Flaw {
    severity: Severity,
    span: Span,
    message: String,
}

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let all = report.answers.all();
    let is_open_work = proposal.class(&corpus.prepared) == StatusClass::Accepted;
    for asked in all.iter().filter(|asked| asked.answer.state == State::Answered) {
        let words = asked.words();
        let flaws = [
            open_blank(asked, words),
            metric_missing(asked, words),
            metric_unnamed(asked, words),
            tests_unnamed(asked, words),
            figure_missing(asked, words),
            denied(asked, &all),
            off_missing(asked, words).filter(|_| is_open_work),
            metrics_unlisted(asked, corpus, proposal),
        ];
        for flaw in flaws.into_iter().flatten() {
            report.prose(proposal, flaw.span, flaw.message).severity(flaw.severity);
        }
    }
    if let Some(asked) = workloads_missing(&all).filter(|_| is_open_work) {
        let message = format!("{} does not say what happens to running workloads", quoted(asked.own()));
        report.prose(proposal, asked.first_line(), message).severity(Severity::Info);
    }
}

fn open_blank(asked: &Asked<'_>, words: &Words<'_>) -> Option<Flaw> {
    let Blank { place, varies } = signs::open_blank(asked.own(), words)?;
    let sentence = signs::sentence(asked.own(), place.clone());
    let message = format!("{} leaves a blank open; fill it in", quoted(sentence));
    // `X` may be meant to differ from cluster to cluster.
    let severity = if varies { Severity::Info } else { Severity::Warning };
    Some(Flaw { severity, span: asked.place(&asked.own()[place]), message })
}

/// No metric is named, nothing is linked, and nobody says that there is none.
fn metric_missing(asked: &Asked<'_>, words: &Words<'_>) -> Option<Flaw> {
    let own = asked.own();
    let weak = asked.expects(Expectation::Metric)
        && !signs::names_metric(own)
        && !signs::refers_to_metrics(own, words)
        && !signs::denies_metric(words);
    if !weak {
        return None;
    }
    let blank = asked.metric_blank();
    let (text, span) = blank.map_or_else(|| (asked.plain(), asked.first_line()), |field| (&*field.value, field.span));
    if blank.is_some() && signs::is_name(text) {
        let message = format!("{} is no identifier of a metric; write it as it is exported", quoted(text));
        return Some(Flaw { severity: Severity::Info, span, message });
    }
    let message = format!("{} names no metric; name one by its identifier, or say why there is none", quoted(text));
    // Reviewers let other signs pass that an operator sees anyway.
    let tells = asked.takes_last_resort() || signs::names_symptom(words) || words.len() > NO_METRIC_WORDS;
    Some(Flaw { severity: if tells { Severity::Info } else { Severity::Warning }, span, message })
}

/// A metric is spoken of where other signs would do, but not by its name.
fn metric_unnamed(asked: &Asked<'_>, words: &Words<'_>) -> Option<Flaw> {
    let own = asked.own();
    let weak = asked.expects(Expectation::Signal)
        && words.len() <= UNNAMED_METRIC_WORDS
        && signs::speaks_of_metric(own, words)
        && !signs::names_metric(own)
        && !signs::refers(own, words)
        && !signs::denies_metric(words);
    weak.then(|| Flaw {
        severity: Severity::Warning,
        span: asked.first_line(),
        message: format!("{} speaks of a metric without its name; name it by its identifier", quoted(own)),
    })
}

fn tests_unnamed(asked: &Asked<'_>, words: &Words<'_>) -> Option<Flaw> {
    let own = asked.own();
    let weak = asked.expects(Expectation::Tests)
        && !signs::names_tests(own, words)
        && !signs::excuses_tests(words)
        // A plan is one flaw, not two: answer-future says so.
        && signs::plan_of_work(words).is_none();
    if !weak {
        return None;
    }
    let (severity, message) = if asked.is_due {
        // Reviewers who know that the tests are there hardly ask for their names.
        (Severity::Info, format!("{} names no test; link the tests or name them", quoted(own)))
    } else if words.len() <= UNTOLD_TESTS_WORDS {
        (Severity::Warning, format!("{} does not say what the tests cover", quoted(own)))
    } else {
        return None;
    };
    Some(Flaw { severity, span: asked.first_line(), message })
}

fn figure_missing(asked: &Asked<'_>, words: &Words<'_>) -> Option<Flaw> {
    let own = asked.own();
    let weak = asked.expects(Expectation::Figure)
        && !signs::has_figure(words)
        && !signs::refers(own, words)
        && !signs::gives_reason(words);
    // Reviewers let objectives without a figure pass as often as they send them back.
    weak.then(|| Flaw {
        severity: Severity::Info,
        span: asked.first_line(),
        message: format!("{} states no figure; give the objective as a number", quoted(own)),
    })
}

fn denied(asked: &Asked<'_>, all: &[Asked<'_>]) -> Option<Flaw> {
    let against = contradiction::of(asked, all)?;
    let message = format!("{} to \"{}\", but {against}", quoted(asked.own()), asked.question.title);
    Some(Flaw { severity: Severity::Warning, span: asked.first_line(), message })
}

fn off_missing(asked: &Asked<'_>, words: &Words<'_>) -> Option<Flaw> {
    let weak = asked.expects(Expectation::BothWays)
        && signs::speaks_of_on(words)
        && !signs::speaks_of_off(words)
        // Older wordings ask only how a rollout fails.
        && signs::speaks_of_off(&Words::of(asked.heading()));
    weak.then(|| Flaw {
        severity: Severity::Info,
        span: asked.first_line(),
        message: format!("{} covers turning the feature on but not off; say what a rollback does", quoted(asked.own())),
    })
}

/// The first answer that should say what happens to running workloads, if no other says it either.
fn workloads_missing<'l, 'a>(all: &'l [Asked<'a>]) -> Option<&'l Asked<'a>> {
    let mut silent = None;
    for asked in all.iter().filter(|asked| asked.expects(Expectation::Workloads)) {
        if signs::speaks_of_workloads(asked.words()) {
            return None;
        }
        silent = silent.or((asked.answer.state == State::Answered).then_some(asked));
    }
    silent
}

/// Metrics in the blanks of an answer that the metadata's own list lacks.
fn metrics_unlisted(asked: &Asked<'_>, corpus: &Corpus, proposal: &Proposal) -> Option<Flaw> {
    let prepared = &corpus.prepared;
    let field = prepared.field_named(Meaning::Metrics)?;
    let listed = LazyCell::new(|| proposal.items(prepared, Meaning::Metrics));
    let is_listed = |name: &str| listed.iter().any(|item| item.text.contains(name));
    let mut missing: BTreeSet<&str> = BTreeSet::new();
    let mut first = None;
    for value in &asked.answer.fields {
        if asked.question.field[value.field].names != Some(NameKind::Metric) || value.ticked == Some(false) {
            continue;
        }
        for name in signs::metrics(value.value.split('{').next().unwrap_or_default()).filter(|name| !is_listed(name)) {
            first.get_or_insert(value.span);
            missing.insert(name);
        }
    }
    let span = first?;
    let names: Vec<String> = missing.into_iter().map(|name| format!("`{name}`")).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let message = format!("{} {verb} not in `{field}` of the metadata; add the name there", names.join(", "));
    Some(Flaw { severity: Severity::Info, span, message })
}
