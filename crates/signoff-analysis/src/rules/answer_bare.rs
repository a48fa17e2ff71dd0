//! `answer-bare`: yes or no, and nothing else, where more is asked.

use signoff_model::profile::Expectation;
use signoff_model::questionnaire::State;
use signoff_model::{Corpus, Proposal, Severity};

use super::answers::signs::says_no;
use super::answers::{Asked, contradiction, quoted, signs};
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "answer-bare",
    severity: Severity::Info,
    page: include_str!("answer_bare.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(_corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let all = report.answers.all();
    for asked in all.iter().filter(|asked| asked.answer.state == State::Bare) {
        let answer = quoted(asked.own());
        if let Some(against) = contradiction::of(asked, &all) {
            let message = format!("{answer} to \"{}\", but {against}", asked.question.title);
            report.prose(proposal, asked.first_line(), message).severity(Severity::Warning);
        } else if let Some(wanted) = wanted(asked) {
            let message = format!("{answer} alone to \"{}\"; {wanted}", asked.question.title);
            let found = report.prose(proposal, asked.first_line(), message);
            // Reviewers ask back about tests at every stage, about other work when it must be done.
            let is_due = asked.expects(Expectation::Done) && asked.is_due;
            if asked.expects(Expectation::Tests) || is_due {
                found.severity(Severity::Warning);
            }
        }
    }
}

/// What to write instead; `None` where the word is a full answer, as "no" often is.
fn wanted(asked: &Asked<'_>) -> Option<&'static str> {
    let words = asked.words();
    let no = says_no(words);
    if signs::refers(asked.own(), words) {
        return None;
    }
    if asked.expects(Expectation::Tests) {
        if signs::names_tests(asked.own(), words) {
            return None;
        }
        return Some(if no { "say why there are none" } else { "name the tests or link them" });
    }
    if asked.expects(Expectation::Metric) {
        return Some("name a metric, or say why there is none");
    }
    if asked.expects(Expectation::Workloads) {
        return Some("say what happens to running workloads");
    }
    if asked.expects(Expectation::Done) || asked.expects(Expectation::Figure) || asked.expects(Expectation::Reason) {
        return Some(if no { "say why not" } else { "say what was done or is the case" });
    }
    // `Yes, WidgetPool.` names at least what it is about.
    (!no && words.len() == 1).then_some("describe it")
}
