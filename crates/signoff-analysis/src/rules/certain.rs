//! Which fixes are certain: those of values that stand in the file as they were read.

use signoff_model::companion::RecordContent;
use signoff_model::profile::Syntax;
use signoff_model::source::Encoding;
use signoff_model::{Corpus, Edit, Finding, Metadata, Node, Proposal, Source, Span, Value};

/// Takes out the fixes that are not certain.
pub(super) fn drop_others(corpus: &Corpus, proposal: &Proposal, findings: &mut [Finding]) {
    if findings.iter().all(|finding| finding.fix.is_none()) {
        return;
    }
    let syntax = corpus.prepared.profile.metadata.syntax;
    drop_in(findings, &proposal.metadata_path, || Elsewhere::of(&proposal.metadata, &proposal.source, syntax));
    for record in &proposal.records {
        if let Ok(RecordContent { source, metadata }) = &record.content {
            drop_in(findings, &record.path, || Elsewhere::of(metadata, source, Syntax::Yaml));
        }
    }
    // The text of a file that is not UTF-8 is not its bytes.
    if let Some(prose) = proposal.prose.as_ref().filter(|prose| is_garbled(prose.document.encoding)) {
        drop_in(findings, &prose.source.path, || Elsewhere::Everything);
    }
}

fn is_garbled(encoding: Encoding) -> bool {
    matches!(encoding, Encoding::Utf16 | Encoding::Invalid(_))
}

fn drop_in(findings: &mut [Finding], path: &str, elsewhere: impl FnOnce() -> Elsewhere) {
    let mut fixable = findings.iter_mut().filter(|finding| finding.fix.is_some() && *finding.path == *path).peekable();
    if fixable.peek().is_none() {
        return;
    }
    let elsewhere = elsewhere();
    for finding in fixable {
        finding.fix.take_if(|fix| fix.edits.iter().any(|edit| elsewhere.touches(edit)));
    }
}

/// The places of a metadata file whose text is not what was read there.
enum Elsewhere {
    /// Behind a syntax error a value may be another one than it seems.
    Everything,
    /// Blocks, which end where their indentation does; aliases and merge keys, whose values stand elsewhere. Sorted.
    In(Vec<Span>),
}

impl Elsewhere {
    fn of(metadata: &Metadata, source: &Source, syntax: Syntax) -> Self {
        if !metadata.is_complete() {
            return Self::Everything;
        }
        let mut places = Vec::new();
        if syntax == Syntax::Yaml {
            add(&metadata.root, source, &mut places);
            places.sort();
        }
        Self::In(places)
    }

    fn touches(&self, edit: &Edit) -> bool {
        let Self::In(places) = self else { return true };
        let behind = places.partition_point(|place| place.start <= edit.span.start);
        let above = behind.checked_sub(1).is_some_and(|last| edit.span.start < places[last].end);
        above || places.get(behind).is_some_and(|next| next.start < edit.span.end)
    }
}

fn add(node: &Node, source: &Source, places: &mut Vec<Span>) {
    let is_alias = |span: Span| source.slice(span).starts_with('*');
    match &node.value {
        _ if is_alias(node.span) => places.push(node.span),
        Value::Text(text) if text.block => places.push(node.span),
        Value::Text(_) | Value::Unread => {}
        Value::List(items) => items.iter().for_each(|item| add(item, source, places)),
        Value::Map(pairs) => {
            for pair in pairs {
                if is_alias(pair.key_span) {
                    places.push(pair.key_span);
                }
                if source.slice(pair.key_span) == "<<" {
                    places.extend([pair.key_span, pair.node.span]);
                } else {
                    add(&pair.node, source, places);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use signoff_model::memo::Memo;
    use signoff_model::profile::Prepared;
    use signoff_model::{MemoryTree, Profile, corpus};

    use crate::configuration::Configuration;
    use crate::rules;

    const PROFILE: &str = r#"
        schema = 1
        id = "x"
        layout = { root = "a", name = "{number}-{slug}", metadata = "m.yaml", body = "README.md" }
        metadata = { unknown_keys = "error" }
        people = { style = "handle" }
        fields.status = { kind = "status", meaning = "status" }
        fields.authors = { kind = "people", meaning = "authors" }
        fields.base = { kind = "text" }
        status = [{ name = "draft", class = "open" }]
    "#;

    #[test]
    fn a_value_that_stands_elsewhere_is_not_mended() {
        let prepared = Arc::new(Prepared::new(Profile::parse(PROFILE, &|_| None).expect("a profile")));
        let cases = [
            ("status: Draft\n", true),
            ("status: 'Draft'\n", true),
            ("status: &s Draft\n", true),
            ("authors: [ada]\n", true),
            ("Status: draft\n", true),
            ("status: |\n  Draft\nbase: x\n", false),
            ("authors:\n  - >-\n    ada\n", false),
            ("authors: |\n  ada", false),
            ("base: &s Draft\nstatus: *s\n", false),
            ("base: &s Status\n*s : draft\n", false),
            ("base: &b {Status: draft}\n<<: *b\n", false),
            ("<<: {Status: draft}\n", false),
        ];
        for (text, fixable) in cases {
            let tree = MemoryTree::new([("a/1-x/m.yaml", text)]);
            let as_of = "2026-07-24T12:00:00Z".parse().expect("an instant");
            let request = corpus::Request { prepared: Arc::clone(&prepared), paths: None, prose: false, as_of };
            let corpus = corpus::load(&tree, &request, &Memo::default());
            let findings = rules::check(&corpus, &Configuration::default()).findings;
            let codes = ["status-unknown", "handle-malformed", "key-unknown"];
            let flaw = findings.iter().find(|finding| codes.contains(&&*finding.rule)).expect(text);
            assert_eq!(flaw.fix.is_some(), fixable, "{text:?}: {flaw:?}");
        }
    }
}
