//! `field-type`: a value has another type than its field.

use signoff_model::companion::RecordContent;
use signoff_model::profile::FieldKind;
use signoff_model::{Corpus, Node, Proposal, Severity, Span, Value};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "field-type",
    severity: Severity::Error,
    page: include_str!("field_type.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let comma_lists = prepared.profile.metadata.syntax == signoff_model::profile::Syntax::Header;
    for pair in proposal.metadata.root.pairs() {
        let name = prepared.canonical_key(&pair.key);
        let Some(field) = prepared.profile.fields.get(name) else { continue };
        // A key that is to be renamed is `key-unknown`; what it holds is looked at under its right name.
        let renamed = *name != *pair.key
            && prepared.profile.metadata.unknown_keys.is_some()
            && !prepared.profile.fields.contains_key(&*pair.key);
        if renamed || pair.node.is_null() || pair.node.is_unread() || (comma_lists && field.kind.is_list()) {
            continue;
        }
        for (span, message) in misfits(field.kind, &pair.key, &pair.node) {
            report.metadata(proposal, span, message);
        }
    }
    for record in &proposal.records {
        let rule = &prepared.profile.companion[record.companion];
        let Ok(content) = &record.content else { continue };
        for (span, message) in record_misfits(corpus, content, &rule.number, &rule.approver) {
            report.record(Some(proposal), record, span, message);
        }
    }
}

fn misfits(kind: FieldKind, key: &str, node: &Node) -> Vec<(Span, String)> {
    match kind {
        FieldKind::Gates => gates(key, node),
        FieldKind::Releases => releases(key, node),
        FieldKind::Flag => flag(key, node).into_iter().collect(),
        FieldKind::Number => number(key, node).into_iter().collect(),
        FieldKind::Date => scalar(key, "a date", node).into_iter().collect(),
        FieldKind::Release => scalar(key, "a release", node).into_iter().collect(),
        _ if kind.is_list() => texts(key, node),
        _ => text(key, node).into_iter().collect(),
    }
}

fn text(key: &str, node: &Node) -> Option<(Span, String)> {
    scalar(key, "a text", node)
}

/// Anything but a list or a mapping; `what` names what the field is to hold.
fn scalar(key: &str, what: &str, node: &Node) -> Option<(Span, String)> {
    let wrong = !matches!(node.value, Value::Text(_));
    wrong.then(|| (node.span, format!("`{key}` must be {what}, not {}", node.kind())))
}

fn texts(key: &str, node: &Node) -> Vec<(Span, String)> {
    let Value::List(items) = &node.value else {
        return vec![(node.span, format!("`{key}` must be a list, not {}", node.kind()))];
    };
    let wrong = items.iter().filter(|item| !matches!(item.value, Value::Text(_)));
    wrong.map(|item| (item.span, format!("an entry of `{key}` must be a text, not {}", item.kind()))).collect()
}

/// YAML 1.1 words for true and false, which the readers of this format take when unquoted.
fn flag(key: &str, node: &Node) -> Option<(Span, String)> {
    const WORDS: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "y", "n"];
    let plain = node.text().filter(|_| !node.is_quoted());
    let fits = plain.is_some_and(|text| WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)));
    let written = node.text().map_or_else(|| node.kind().to_owned(), |text| format!("`{text}`"));
    let how = if node.is_quoted() { " in quotes" } else { "" };
    (!fits).then(|| (node.span, format!("`{key}` must be `true` or `false`, not {written}{how}")))
}

fn number(key: &str, node: &Node) -> Option<(Span, String)> {
    let Some(written) = node.text() else { return scalar(key, "a number", node) };
    // A separator or a control character in it is `path-escape`.
    let fits = written.trim().bytes().all(|byte| byte.is_ascii_digit())
        || written.contains(['/', '\\'])
        || written.contains("..")
        || written.starts_with('.')
        || written.chars().any(char::is_control);
    (!fits).then(|| (node.span, format!("`{key}` must be a number, not `{written}`")))
}

fn releases(key: &str, node: &Node) -> Vec<(Span, String)> {
    let Value::Map(pairs) = &node.value else {
        return vec![(node.span, format!("`{key}` must be a mapping of stages to releases, not {}", node.kind()))];
    };
    pairs.iter().filter_map(|pair| text(&format!("{key}.{}", pair.key), &pair.node)).collect()
}

fn gates(key: &str, node: &Node) -> Vec<(Span, String)> {
    let Value::List(items) = &node.value else {
        return vec![(node.span, format!("`{key}` must be a list of gates, not {}", node.kind()))];
    };
    let mut found = Vec::new();
    for item in items {
        if !matches!(item.value, Value::Map(_)) {
            found.push((
                item.span,
                format!("an entry of `{key}` must be a mapping with `name` and `components`, not {}", item.kind()),
            ));
            continue;
        }
        found.extend(item.get("name").and_then(|name| text("name", name)));
        if let Some(components) = item.get("components").filter(|components| !components.is_null()) {
            found.extend(texts("components", components));
        }
    }
    found
}

fn record_misfits(corpus: &Corpus, content: &RecordContent, number_key: &str, approver: &str) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    for pair in content.metadata.root.pairs().iter().filter(|pair| !pair.node.is_unread()) {
        if *pair.key == *number_key {
            found.extend(scalar(&pair.key, "a number", &pair.node));
        } else if corpus.prepared.profile.stage(&pair.key).is_some() && !pair.node.is_null() {
            match (&pair.node.value, pair.node.get(approver)) {
                (Value::Map(_), Some(name)) => found.extend(text(approver, name)),
                (Value::Map(_), None) => {}
                _ => found.push((
                    pair.node.span,
                    format!("`{}` must be a mapping with `{approver}`, not {}", pair.key, pair.node.kind()),
                )),
            }
        }
    }
    found
}
