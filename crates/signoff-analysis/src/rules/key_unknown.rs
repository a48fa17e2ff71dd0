//! `key-unknown`: a key that the profile does not declare.

use rustc_hash::FxHashMap;
use signoff_model::companion::Record;
use signoff_model::node::Pair;
use signoff_model::profile::{FieldKind, Prepared};
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
    let names = Names::of(prepared, proposal);
    for pair in proposal.metadata.root.pairs() {
        let Some(field) = prepared.profile.fields.get(&*pair.key) else {
            unknown(corpus, proposal, pair, severity, &names, report);
            continue;
        };
        inner_keys(corpus, proposal, field.kind, &pair.node, report);
    }
    for record in &proposal.records {
        record_keys(corpus, proposal, record, report);
    }
}

/// How many keys of a file are the name of each field, or are meant for it.
struct Names<'a>(FxHashMap<&'a str, usize>);

impl<'a> Names<'a> {
    fn of(prepared: &'a Prepared, proposal: &'a Proposal) -> Self {
        let mut counts = FxHashMap::default();
        for pair in proposal.metadata.root.pairs() {
            let declared = prepared.profile.fields.contains_key(&*pair.key).then_some(&*pair.key);
            if let Some(name) = declared.or_else(|| meant(prepared, pair)) {
                *counts.entry(name).or_default() += 1;
            }
        }
        Self(counts)
    }

    /// Whether a key can be renamed so: with two keys of one name nobody knows which of them counts.
    fn is_free(&self, name: &str) -> bool {
        self.0.get(name) == Some(&1)
    }
}

/// The field that an undeclared key is certainly meant for.
fn meant<'a>(prepared: &'a Prepared, pair: &'a Pair) -> Option<&'a str> {
    let folded = pair.key.to_ascii_lowercase().replace('_', "-");
    let name = prepared.profile.fields.get_key_value(&folded).map(|(name, _)| name.as_str());
    name.or_else(|| Some(prepared.canonical_key(&pair.key)).filter(|name| **name != *pair.key))
}

fn unknown(
    corpus: &Corpus,
    proposal: &Proposal,
    pair: &Pair,
    severity: Severity,
    names: &Names<'_>,
    report: &mut Report<'_>,
) {
    let prepared = &corpus.prepared;
    let fields = &prepared.profile.fields;
    if prepared.profile.metadata.tolerated_keys.iter().any(|key| **key == *pair.key) {
        let message = format!("nothing reads the key `{}`", pair.key);
        report.metadata(proposal, pair.key_span, message).severity(Severity::Warning).help("remove it");
        return;
    }
    let found = report.metadata(proposal, pair.key_span, format!("unknown key `{}`", pair.key));
    found.severity(severity);
    if let Some(name) = meant(prepared, pair).filter(|name| names.is_free(name)) {
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use signoff_model::memo::Memo;
    use signoff_model::{MemoryTree, Profile, corpus};

    use super::*;
    use crate::configuration::Configuration;
    use crate::rules;

    const PROFILE: &str = r#"
        schema = 1
        id = "x"
        layout = { root = "a", name = "{number}-{slug}", metadata = "m.yaml", body = "README.md" }
        metadata = { unknown_keys = "error" }
        fields.owning-sig = { kind = "text", aliases = ["owner"] }
    "#;

    #[test]
    fn of_several_keys_that_mean_one_none_is_renamed() {
        let prepared = Arc::new(Prepared::new(Profile::parse(PROFILE, &|_| None).expect("a profile")));
        let cases = [
            ("owning_sig: a\n", 1),
            ("owner: a\n", 1),
            ("Owning-SIG: a\nowning_sig: b\n", 0),
            ("owning_sig: a\nowner: b\n", 0),
            ("owner: a\nowner: a\n", 0),
            ("owner: a\nowning-sig: b\n", 0),
        ];
        for (text, renamed) in cases {
            let tree = MemoryTree::new([("a/1-x/m.yaml", text)]);
            let as_of = "2026-07-24T12:00:00Z".parse().expect("an instant");
            let request = corpus::Request { prepared: Arc::clone(&prepared), paths: None, prose: false, as_of };
            let corpus = corpus::load(&tree, &request, &Memo::default());
            let findings = rules::check(&corpus, &Configuration::default()).findings;
            let unknown = || findings.iter().filter(|finding| finding.rule == RULE.code);
            assert!(unknown().count() > 0, "{text:?}");
            assert_eq!(unknown().filter(|finding| finding.fix.is_some()).count(), renamed, "{text:?}");
        }
    }
}
