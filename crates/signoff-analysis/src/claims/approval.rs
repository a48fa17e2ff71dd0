//! `approval`: whether the stage that a proposal is at was approved on record.

use std::sync::Arc;

use signoff_model::Release;
use signoff_model::fact::Evidence;
use signoff_model::profile::{Meaning, StatusClass};

use super::subject::stated;
use super::{ClaimKind, ClaimVerdict, Examined, Flaw};

pub(super) fn judge<'c>(examined: &Examined<'c, '_>, found: &mut Vec<ClaimVerdict<'c>>) {
    let prepared = &examined.corpus.prepared;
    if !matches!(examined.proposal.class(prepared), StatusClass::Accepted | StatusClass::Done) {
        return;
    }
    let Some(stage) = examined.proposal.stage(prepared) else { return };
    let Some(release) = examined.proposal.latest_milestone(prepared) else { return };
    let Some(pair) = examined.proposal.meant(prepared, Meaning::Stage) else { return };
    for (index, rule) in prepared.profile.companion.iter().enumerate() {
        if rule.since.as_deref().and_then(Release::parse).is_some_and(|since| release < since) {
            continue;
        }
        let claim = examined.claim(ClaimKind::Approval, stage, stage);
        let claim = claim.stated(stated(&examined.proposal.source, pair.node.span));
        let Some(record) = examined.proposal.records.iter().find(|record| record.companion == index) else {
            found.push(claim.unknown("the path of the approval record cannot be told from the metadata"));
            continue;
        };
        let absent = |text: &str| Evidence {
            source: Arc::from("git"),
            version: examined.version(),
            path: Arc::clone(&record.path),
            line: None,
            text: text.to_owned(),
        };
        let Ok(content) = &record.content else {
            found.push(match record.exists() {
                false => claim
                    .drift(Flaw::ApprovalMissing, None, format!("there is no record {}", record.path))
                    .seen([absent("there is no such file")]),
                true => claim.unknown(format!("{} cannot be read", record.path)),
            });
            continue;
        };
        let approver = record.approver(rule, stage).and_then(|node| Some((node.text()?.trim(), node.span)));
        found.push(match approver.filter(|(name, _)| !name.is_empty()) {
            Some((name, span)) => {
                let line = stated(&content.source, span);
                let evidence = Evidence { line: Some(line.line), ..absent(&line.text) };
                claim.agree(name, format!("{name} approved {stage}")).seen([evidence])
            }
            None => claim
                .drift(Flaw::ApprovalMissing, None, format!("{} names no approver for {stage}", record.path))
                .seen([absent(&format!("no approver for {stage}"))]),
        });
    }
}
