//! `release-malformed`: a milestone that is no release.

use signoff_model::profile::{Meaning, StatusClass};
use signoff_model::{Corpus, Fix, Proposal, Release, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "release-malformed",
    severity: Severity::Warning,
    page: include_str!("release_malformed.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let format = &prepared.profile.release;
    if let Some(pair) = proposal.meant(prepared, Meaning::LatestMilestone)
        && let Some(written) = pair.node.text().filter(|text| !text.trim().is_empty())
        && !is_release(written)
        && !format.none.iter().any(|none| none == written)
    {
        let name = &pair.key;
        let found = report.metadata(
            proposal,
            pair.node.span,
            format!("`{name}` is `{written}`, which is no release such as `{}1.36`", format.prefix),
        );
        found.severity(severity(proposal.class(prepared)));
        mend(found, proposal, pair.node.span, written, &format.prefix);
    }
    for (stage, item) in proposal.milestones(prepared) {
        if is_release(item.text)
            || format.none.iter().any(|none| none == item.text)
            || prepared.profile.stage(stage).is_none()
        {
            continue;
        }
        let message =
            format!("the milestone of {stage} is `{}`, which is no release such as `{}1.36`", item.text, format.prefix);
        let open = format.placeholders.iter().any(|word| word.eq_ignore_ascii_case(item.text))
            && proposal.stage(prepared) != Some(stage);
        let found = report.metadata(proposal, item.span, message);
        if open {
            found.severity(Severity::Info).help("leave it out until it is known");
        }
        mend(found, proposal, item.span, item.text, &format.prefix);
    }
}

fn severity(class: StatusClass) -> Severity {
    match class {
        StatusClass::Accepted | StatusClass::Done => Severity::Error,
        _ => Severity::Warning,
    }
}

/// A release in its usual spelling, or without its prefix, which is another rule's business.
fn is_release(text: &str) -> bool {
    Release::parse(text).is_some() && !text.starts_with('V')
}

/// Mends what differs in white space and letter case only.
fn mend(
    found: &mut signoff_model::Finding,
    proposal: &Proposal,
    span: signoff_model::Span,
    written: &str,
    prefix: &str,
) {
    let bare: String = written.split_whitespace().collect();
    let bare = bare.trim_start_matches(['v', 'V', '.']);
    if Release::parse(bare).is_some() {
        let place = super::date_invalid::inside(&proposal.source.text, span, written);
        found.fix(Fix::replace(format!("write `{prefix}{bare}`"), place, format!("{prefix}{bare}")));
    }
}
