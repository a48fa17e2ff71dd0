//! `key-unknown`: a key that the profile does not declare.

use signoff_model::companion::Record;
use signoff_model::node::Pair;
use signoff_model::profile::FieldKind;
use signoff_model::spelling::nearest;
use signoff_model::{Corpus, Finding, Fix, Node, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "key-unknown",
    severity: Severity::Error,
    page: include_str!("key_unknown.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(severity) = prepared.profile.metadata.unknown_keys else { return };
    for pair in proposal.metadata.root.pairs() {
        let Some(field) = prepared.profile.fields.get(&*pair.key) else {
            unknown(corpus, proposal, pair, severity, report);
            continue;
        };
        inner_keys(corpus, proposal, field.kind, &pair.node, report);
    }
    for record in &proposal.records {
        record_keys(corpus, proposal, record, report);
    }
}

fn unknown(corpus: &Corpus, proposal: &Proposal, pair: &Pair, severity: Severity, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let fields = &prepared.profile.fields;
    if prepared.profile.metadata.tolerated_keys.iter().any(|key| **key == *pair.key) {
        let message = format!("nothing reads the key `{}`", pair.key);
        report.metadata(proposal, pair.key_span, message).severity(Severity::Warning).help("remove it");
        return;
    }
    let folded = pair.key.to_ascii_lowercase().replace('_', "-");
    let meant = fields.keys().find(|name| **name == folded).map(String::as_str);
    let meant = meant.or_else(|| Some(prepared.canonical_key(&pair.key)).filter(|name| **name != *pair.key));
    let free = |name: &str| proposal.metadata.root.pair(name).is_none();
    let found = report.metadata(proposal, pair.key_span, format!("unknown key `{}`", pair.key));
    found.severity(severity);
    if let Some(name) = meant.filter(|name| free(name)) {
        found.help(format!("the key is `{name}`"));
        found.fix(Fix::replace(format!("rename the key to `{name}`"), pair.key_span, name));
    } else if let Some(near) = nearest(&pair.key, fields.keys().map(String::as_str)) {
        found.help(format!("did you mean `{near}`?"));
    }
}

/// Keys inside the mapping of milestones and inside the entries of gates.
fn inner_keys(corpus: &Corpus, proposal: &Proposal, kind: FieldKind, node: &Node, report: &mut Report<'_>) {
    match kind {
        FieldKind::Releases => {
            let stages: Vec<&str> = corpus.prepared.profile.stage.iter().map(|stage| stage.name.as_str()).collect();
            for pair in node.pairs().iter().filter(|pair| !stages.contains(&&*pair.key)) {
                let message = format!("`{}` is no stage; there are {}", pair.key, stages.join(", "));
                report.metadata(proposal, pair.key_span, message);
            }
        }
        FieldKind::Gates => {
            for pair in node.items().iter().flat_map(Node::pairs) {
                if !matches!(&*pair.key, "name" | "components") {
                    let message = format!("unknown key `{}`; a gate has `name` and `components`", pair.key);
                    report.metadata(proposal, pair.key_span, message);
                }
            }
        }
        _ => {}
    }
}

fn record_keys(corpus: &Corpus, proposal: &Proposal, record: &Record, report: &mut Report<'_>) {
    let profile = &corpus.prepared.profile;
    let rule = &profile.companion[record.companion];
    let Ok(content) = &record.content else { return };
    for pair in content.metadata.root.pairs() {
        if profile.stage(&pair.key).is_some() {
            for inner in pair.node.pairs().iter().filter(|inner| *inner.key != *rule.approver) {
                let message = format!("unknown key `{}`; an entry has `{}`", inner.key, rule.approver);
                let found = report.record(Some(proposal), record, inner.key_span, message);
                suggest(found, &inner.key, std::iter::once(rule.approver.as_str()));
            }
        } else if *pair.key != *rule.number {
            let stages: Vec<&str> = profile.stage.iter().map(|stage| stage.name.as_str()).collect();
            let message =
                format!("unknown key `{}`; a record has `{}` and stages: {}", pair.key, rule.number, stages.join(", "));
            let found = report.record(Some(proposal), record, pair.key_span, message);
            suggest(found, &pair.key, stages.into_iter().chain(std::iter::once(rule.number.as_str())));
        }
    }
}

/// Names the key that one of a record may be meant for.
fn suggest<'k>(found: &mut Finding, key: &str, known: impl Iterator<Item = &'k str>) {
    if let Some(near) = nearest(key, known) {
        found.help(format!("did you mean `{near}`?"));
    }
}
