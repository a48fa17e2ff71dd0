//! `disable-contradicted`: metadata and answer disagree on whether the feature can be turned off.

use signoff_model::profile::{Expectation, Meaning};
use signoff_model::questionnaire::{Answer, State};
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "disable-contradicted",
    severity: Severity::Warning,
    page: include_str!("disable_contradicted.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(pair) = proposal.meant(prepared, Meaning::CanDisable) else { return };
    let Some(says) = pair.node.text().and_then(yes_or_no) else { return };
    let Some(document) = proposal.document() else { return };
    for (index, answers) in document.answers.iter().enumerate() {
        for (question, answer) in answers.answers.iter().enumerate() {
            let asks = prepared.question(index, question).1.expects.contains(&Expectation::CanDisable);
            let Some(answered) = asks.then(|| first_word(answer)).flatten() else { continue };
            if answered != says {
                let word = if answered { "yes" } else { "no" };
                let message = format!(
                    "`{}` is {says}, but the answer to \"{}\" starts with {word}",
                    pair.key,
                    prepared.question(index, question).1.title
                );
                report.metadata(proposal, pair.node.span, message);
            }
        }
    }
}

fn first_word(answer: &Answer) -> Option<bool> {
    let answered = matches!(answer.state, State::Answered | State::Bare);
    let word = answer.own.trim_start_matches(|character: char| !character.is_alphanumeric());
    let word = word.split(|character: char| !character.is_alphanumeric()).next().unwrap_or_default();
    answered.then(|| yes_or_no(word).filter(|_| word.len() >= 2)).flatten()
}

fn yes_or_no(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" => Some(true),
        "false" | "no" | "off" | "n" => Some(false),
        _ => None,
    }
}
