//! `status-unknown`: the status is not one that the process has.

use signoff_model::profile::Meaning;
use signoff_model::spelling::nearest;
use signoff_model::{Corpus, Fix, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "status-unknown",
    severity: Severity::Error,
    page: include_str!("status_unknown.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(pair) = proposal.meant(prepared, Meaning::Status) else { return };
    let Some(written) = pair.node.text() else { return };
    let statuses = &prepared.profile.status;
    if statuses.iter().any(|status| status.name == written) {
        return;
    }
    let known: Vec<&str> = statuses.iter().map(|status| status.name.as_str()).collect();
    let alias = statuses.iter().find(|status| status.aliases.iter().any(|alias| alias == written));
    let spelling = statuses.iter().find(|status| status.name.eq_ignore_ascii_case(written.trim()));
    if let Some(meant) = alias.or(spelling) {
        let place = super::date_invalid::inside(&proposal.source.text, pair.node.span, written);
        let fix = Fix::replace(format!("write `{}`", meant.name), place, meant.name.clone());
        let message = match alias {
            Some(meant) => format!("`{written}` is another word for status `{}`", meant.name),
            None => format!("status {} is written `{}`", shown(written), meant.name),
        };
        let found = report.metadata(proposal, pair.node.span, message);
        found.fix(fix).severity(if alias.is_some() { Severity::Warning } else { Severity::Error });
        return;
    }
    let message = format!("unknown status `{written}`; this process has {}", known.join(", "));
    let found = report.metadata(proposal, pair.node.span, message);
    let stages = prepared.profile.stage.iter().map(|stage| stage.name.as_str());
    if let Some(help) = meant_of(written, &known) {
        found.help(help);
    } else if let Some(stage) = stages.into_iter().find(|stage| stage.eq_ignore_ascii_case(written.trim())) {
        found.help(format!("`{stage}` is a stage; the status says whether the work is agreed on or done"));
    }
}

/// What a value outside a list of names may be meant for: one of those that it names, or one like it.
pub(super) fn meant_of(written: &str, known: &[&str]) -> Option<String> {
    let first = written.split(['(', '#', ';', ':']).next().unwrap_or_default();
    let words: Vec<&str> =
        written.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty()).collect();
    let named: Vec<&str> =
        known.iter().copied().filter(|name| words.iter().any(|word| word.eq_ignore_ascii_case(name))).collect();
    match named.as_slice() {
        [] => nearest(first.trim(), known.iter().copied()).map(|near| format!("did you mean `{near}`?")),
        [only] if words.len() > 1 => {
            Some(format!("only `{only}`; what else is to be said stands in a comment or the prose"))
        }
        [only] => Some(format!("did you mean `{only}`?")),
        _ => Some("keep one of them".to_owned()),
    }
}

/// A value in backticks; white space around it is said, since it is not seen.
pub(super) fn shown(written: &str) -> String {
    match written.trim() {
        trimmed if trimmed.len() == written.len() => format!("`{written}`"),
        trimmed => format!("`{trimmed}` with white space around it"),
    }
}
