//! `stage-unknown`: the stage is not one that the process has.

use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Fix, Proposal, Severity};

use super::status_unknown::{meant_of, shown};
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "stage-unknown",
    severity: Severity::Error,
    page: include_str!("stage_unknown.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(pair) = proposal.meant(prepared, Meaning::Stage) else { return };
    let Some(written) = pair.node.text().filter(|text| !text.trim().is_empty()) else { return };
    let stages = &prepared.profile.stage;
    if stages.iter().any(|stage| stage.name == written) {
        return;
    }
    let known: Vec<&str> = stages.iter().map(|stage| stage.name.as_str()).collect();
    let alias = stages.iter().find(|stage| stage.aliases.iter().any(|alias| alias == written));
    let spelling = stages.iter().find(|stage| stage.name.eq_ignore_ascii_case(written.trim()));
    let message = match spelling {
        Some(meant) => format!("stage {} is written `{}`", shown(written), meant.name),
        None => format!("unknown stage {}; this process has {}", shown(written), known.join(", ")),
    };
    let found = report.metadata(proposal, pair.node.span, message);
    if let Some(meant) = alias.or(spelling) {
        found.fix(Fix::replace(
            format!("write `{}`", meant.name),
            super::date_invalid::inside(&proposal.source.text, pair.node.span, written),
            meant.name.clone(),
        ));
    } else if let Some(help) = meant_of(written, &known) {
        found.help(help);
    }
}
