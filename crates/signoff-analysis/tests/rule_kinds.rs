//! The reference of the kinds of rules is run: every example of `docs/src/profiles/rule-kinds.md` must
//! report exactly what it marks, and every kind must have its section there.
//!
//! A section holds fences in order: `toml rule` opens a rule; files follow. A second file of the same
//! name opens the next example of that rule. Marks are those of the rules' pages.

#![allow(clippy::disallowed_methods, reason = "a test over a page reads it")]

use std::sync::Arc;

use signoff_analysis::configuration::Configuration;
use signoff_analysis::rules;
use signoff_model::memo::Memo;
use signoff_model::profile::{Prepared, RuleKind};
use signoff_model::{Corpus, Finding, MemoryTree, Profile, Source, Tree, corpus};

const FOLDER: &str = "lamps/7-lamp";

fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/profiles/rule-kinds.md");
    std::fs::read_to_string(path).expect("the page").replace("\r\n", "\n")
}

/// One example: its rule, its files, and the findings that it shows, as [`shown`] writes them.
#[derive(Default)]
struct Example {
    rule: String,
    files: Vec<(String, String)>,
    marks: Vec<String>,
}

fn path_of(name: &str) -> String {
    match name {
        "lamp.yaml" | "README.md" | "OWNERS" => format!("{FOLDER}/{name}"),
        other => other.to_owned(),
    }
}

/// The examples of the page, and the profile at its end.
fn examples(page: &str) -> (Vec<Example>, String) {
    let mut found: Vec<Example> = Vec::new();
    let mut profile = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some((file, text)) = line.strip_prefix("> ").and_then(|quoted| quoted.split_once(": ")) {
            found.last_mut().expect("an example").marks.push(format!("{} 1: {text}", path_of(file)));
        }
        let Some(info) = line.strip_prefix("```") else { continue };
        let content: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        match info {
            "toml profile" => profile = content.join("\n"),
            "toml rule" => found.push(Example { rule: content.join("\n"), ..Example::default() }),
            _ => add_file(&mut found, info.rsplit(' ').next().expect("a name"), &content),
        }
    }
    (found, profile)
}

fn add_file(found: &mut Vec<Example>, name: &str, content: &[&str]) {
    let path = path_of(name);
    let last = found.last().expect("a rule before its files");
    if last.files.iter().any(|(known, _)| *known == path) {
        let rule = last.rule.clone();
        found.push(Example { rule, ..Example::default() });
    }
    let example = found.last_mut().expect("an example");
    let mut kept: Vec<&str> = Vec::new();
    for line in content {
        let marks = line.trim_start();
        if marks.starts_with('^') && !kept.is_empty() {
            let column = line.len() - marks.len() + 1;
            let width = marks.bytes().take_while(|byte| *byte == b'^').count();
            let text = marks.trim_start_matches('^').trim();
            example.marks.push(format!("{path} {}:{column}-{}: {text}", kept.len(), column + width));
        } else {
            kept.push(line);
        }
    }
    example.files.push((path, kept.join("\n") + "\n"));
}

fn load(tree: &MemoryTree, profile: &str, prose: bool) -> Corpus {
    let profile = Profile::parse(profile, &|_| None).expect("a profile without mistakes");
    let as_of = "2026-07-24T12:00:00Z".parse().expect("an instant");
    let request = corpus::Request { prepared: Arc::new(Prepared::new(profile)), paths: None, prose, as_of };
    corpus::load(tree, &request, &Memo::default())
}

/// A finding as the page shows it.
fn shown(tree: &MemoryTree, finding: &Finding) -> String {
    let text = String::from_utf8(tree.read(&finding.path).expect("the file")).expect("text");
    let source = Source::new(Arc::clone(&finding.path), text);
    let span = finding.span.expect("a place");
    let (start, end) = (source.position(span.start), source.position(span.end));
    let place =
        if span.is_empty() { "1".to_owned() } else { format!("{}:{}-{}", start.line, start.column, end.column) };
    format!("{} {place}: {}: {}", finding.path, finding.severity.word(), finding.message)
}

#[test]
fn every_example_of_the_reference_reports_what_it_shows() {
    let (examples, profile) = examples(&page());
    for example in examples {
        let mut tree = MemoryTree::new([
            (path_of("lamp.yaml"), "number: 7\ntitle: A lamp\nstatus: Draft\n"),
            (path_of("README.md"), "# A lamp\n"),
        ]);
        example.files.iter().for_each(|(path, text)| tree.insert(path.clone(), text));
        let corpus = load(&tree, &format!("{profile}\n{}", example.rule), true);
        let code = &corpus.prepared.profile.rule[0].code;
        let findings = rules::check(&corpus, &Configuration::default()).findings;
        let own = findings.iter().filter(|finding| finding.rule == *code);
        let mut found: Vec<String> = own.map(|finding| shown(&tree, finding)).collect();
        let mut marks = example.marks;
        found.sort();
        marks.sort();
        assert_eq!(found, marks, "{}", example.rule);
    }
}

#[test]
fn every_kind_has_its_section() {
    let page = page();
    let schema = schemars::schema_for!(RuleKind).to_value().to_string();
    let kinds: Vec<&str> = schema.split("\"const\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(kinds.len() >= 13, "the schema lists the kinds: {schema}");
    for kind in kinds {
        assert!(page.contains(&format!("\n## {kind}\n")), "rule-kinds.md has no section `{kind}`");
        let file = format!("{}/src/rules/kinds/{}.rs", env!("CARGO_MANIFEST_DIR"), kind.replace('-', "_"));
        assert!(std::path::Path::new(&file).is_file(), "{kind}: no file {file}");
    }
}

/// Without the prose nobody can say that a section is absent.
#[test]
fn what_needs_the_prose_waits_for_it() {
    let (examples, profile) = examples(&page());
    let rule = examples.iter().find(|example| example.rule.contains("section(")).expect("such an example");
    let tree = MemoryTree::new([(path_of("lamp.yaml"), "number: 7\nstatus: Vote\n"), (path_of("README.md"), "x\n")]);
    for (prose, findings) in [(true, 1), (false, 0)] {
        let corpus = load(&tree, &format!("{profile}\n{}", rule.rule), prose);
        let found = rules::check(&corpus, &Configuration::default()).findings;
        assert_eq!(found.iter().filter(|finding| finding.rule == "purpose-late").count(), findings);
    }
}

/// Whatever stands in the files, nothing panics and every place lies in its file.
#[test]
fn kinds_bear_anything() {
    let (examples, profile) = examples(&page());
    let rules: Vec<&str> = examples.iter().map(|example| example.rule.as_str()).collect();
    let profile = format!("{profile}\n{}", rules.join("\n"));
    let metadata = [
        "",
        "[",
        "title: [[a], {b: c}]\nneeds: {x: y}\nkeepers: [1, null, '']\nstatus: []\n",
        "status: Lit\nneeds: 7\n",
    ];
    let bodies =
        ["", "\u{1}\u{2028}", "## Licence\n[a][b] [![c](d)](e) [f\n\n[b]: c", "## Licence\n## Licence\n``` LAMP1"];
    for (metadata, body) in metadata.iter().flat_map(|metadata| bodies.iter().map(move |body| (metadata, body))) {
        let tree = MemoryTree::new([(path_of("lamp.yaml"), metadata), (path_of("README.md"), body)]);
        for finding in rules::check(&load(&tree, &profile, true), &Configuration::default()).findings {
            let length = tree.read(&finding.path).map_or(0, |bytes| bytes.len());
            assert!(finding.span.unwrap_or_default().range().end <= length, "{metadata:?} {body:?}: {finding:?}");
        }
    }
}
