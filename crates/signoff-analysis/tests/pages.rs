//! Every example of every rule's page is run, and must report exactly the marks that it shows.
//!
//! An example is a `###` section below `## Examples` with fenced files. `kep.yaml` replaces the
//! top-level keys that it names in a healthy proposal (`# without: key` drops one); every other file
//! replaces the one of the same name, and `(absent)` as the only line removes it. A line of `^` under
//! a line marks a finding there, with its severity and message behind; a quoted line
//! `> kep.yaml: error: ...` after the fence stands for one at line 1 or without a place.
//!
//! Words behind the file name of a fence change the bytes: `bom`, `crlf`, `latin-1`, `utf-16`; `link`
//! makes the file a symbolic link to the path that is its only line.
//!
//! `profile.toml` and `signoff.toml` are no proposals: they are read as a profile and as a
//! configuration, and their mistakes are compared with the marks.

#![allow(clippy::disallowed_methods, reason = "the test reads the healthy base and the folder of rules from disk")]

use std::fmt::Write as _;
use std::sync::Arc;

use signoff_analysis::configuration::{Configuration, FILE_NAME};
use signoff_analysis::{profiles, rules};
use signoff_model::memo::Memo;
use signoff_model::profile::{ConfigFault, Prepared, Profile};
use signoff_model::{Corpus, MemoryTree, Source, Span, Tree, corpus, source};

const FOLDER: &str = "keps/sig-node/1234-widget-pools";
const RECORD: &str = "keps/prod-readiness/sig-node/1234.yaml";

fn base() -> MemoryTree {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/base");
    let mut tree = MemoryTree::default();
    let mut folders = vec![std::path::PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the base folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below the base").to_string_lossy().replace('\\', "/");
                tree.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    tree
}

fn path_of(name: &str) -> String {
    match name {
        "kep.yaml" | "kep.yml" | "README.md" | "README.MD" | "OWNERS" => format!("{FOLDER}/{name}"),
        "approval.yaml" => RECORD.to_owned(),
        other => other.to_owned(),
    }
}

/// One expected finding: file, line (from 1; 0 where no place is asked for), columns, severity and message.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    path: String,
    line: usize,
    columns: (usize, usize),
    text: String,
}

struct Example {
    title: String,
    tree: MemoryTree,
    marks: Vec<Mark>,
}

fn examples(page: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut lines = page.lines().skip_while(|line| *line != "## Examples").peekable();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("### ") {
            found.push(Example { title: title.to_owned(), tree: base(), marks: Vec::new() });
        } else if let Some(quoted) = line.strip_prefix("> ") {
            let (file, text) = quoted.split_once(": ").expect("`> file: severity: message`");
            let mark = Mark { path: path_of(file), line: 0, columns: (0, 0), text: text.to_owned() };
            found.last_mut().expect("an example").marks.push(mark);
        } else if line.starts_with("```") {
            let fence: String = line.chars().take_while(|character| *character == '`').collect();
            // The language, the file, and what is done to its bytes.
            let mut words = line[fence.len()..].split(' ').skip(1);
            let name = words.next().expect("a file name");
            let content: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
            let example = found.last_mut().expect("an example");
            add_file(example, name, &content);
            for treatment in words {
                treat(&mut example.tree, &path_of(name), treatment);
            }
        }
    }
    found
}

fn add_file(example: &mut Example, name: &str, content: &[&str]) {
    let path = path_of(name);
    if content == ["(absent)"] {
        example.tree.remove(&path);
        return;
    }
    let mut text = if name == "kep.yaml" && !content.contains(&"# whole file") {
        kept_keys(&example.tree, &path, content)
    } else {
        String::new()
    };
    for line in content.iter().filter(|line| **line != "# whole file") {
        let marks = line.trim_start();
        if marks.starts_with('^') && !text.is_empty() {
            let width = marks.chars().take_while(|character| *character == '^').count();
            let column = line.chars().count() - marks.chars().count() + 1;
            let text_of_mark = marks.trim_start_matches('^').trim().to_owned();
            let line = text.matches('\n').count();
            example.marks.push(Mark {
                path: path.clone(),
                line,
                columns: (column, column + width),
                text: text_of_mark,
            });
        } else {
            writeln!(text, "{line}").expect("a text grows");
        }
    }
    example.tree.insert(path, text);
}

/// Changes the bytes of a file as the fence asks.
fn treat(tree: &mut MemoryTree, path: &str, treatment: &str) {
    let text = String::from_utf8(tree.read(path).expect("the file was just added")).expect("text");
    let bytes = match treatment {
        "bom" => format!("\u{feff}{text}").into_bytes(),
        "crlf" => text.replace('\n', "\r\n").into_bytes(),
        "latin-1" => text.chars().map(|character| u8::try_from(character).expect("a Latin-1 character")).collect(),
        "utf-16" => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "link" => {
            tree.remove(path);
            tree.link(path, text.lines().next_back().expect("the target"));
            return;
        }
        other => panic!("{path}: `{other}` is nothing that can be done to a file"),
    };
    tree.insert(path, bytes);
}

/// The healthy metadata without the keys that an example writes itself.
fn kept_keys(tree: &MemoryTree, path: &str, content: &[&str]) -> String {
    let base = String::from_utf8(tree.read(path).expect("the base has it")).expect("text");
    let key_of = |line: &str| line.split_once(':').map(|(key, _)| key.trim_matches('"').to_owned());
    let own: Vec<String> = content
        .iter()
        .filter_map(|line| {
            line.strip_prefix("# without: ")
                .map(str::to_owned)
                .or_else(|| key_of(line).filter(|_| !line.starts_with([' ', '#', '^'])))
        })
        .collect();
    let mut kept = String::new();
    let mut dropping = false;
    for line in base.lines() {
        if !line.starts_with([' ', '#']) && !line.is_empty() {
            dropping = key_of(line).is_some_and(|key| own.contains(&key));
        }
        if !dropping {
            writeln!(kept, "{line}").expect("a text grows");
        }
    }
    kept
}

fn load(tree: &dyn Tree) -> Corpus {
    let mut prepared = Prepared::new(profiles::load("kep").expect("the profile"));
    let template = prepared.profile.layout.template.clone();
    if let Some(text) = template.and_then(|path| tree.read(&path).ok()) {
        prepared.add_template(&String::from_utf8_lossy(&text));
    }
    let as_of = "2026-07-24T12:00:00Z".parse().expect("an instant");
    let request = corpus::Request { prepared: Arc::new(prepared), paths: None, prose: true, as_of };
    corpus::load(tree, &request, &Memo::default())
}

#[test]
fn every_example_reports_what_it_shows() {
    let mut failures = String::new();
    for rule in rules::RULES {
        for example in examples(rule.page) {
            let mut found = match rule.code {
                "profile-invalid" => mistakes(&example, "profile.toml", &profile_mistakes),
                "config-invalid" => mistakes(&example, FILE_NAME, &configuration_mistakes),
                code => findings(&example, code),
            };
            let mut expected = example.marks;
            found.sort();
            expected.sort();
            if found != expected {
                writeln!(failures, "{} / {}\n  shows    {expected:?}\n  reported {found:?}", rule.code, example.title)
                    .expect("text");
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn findings(example: &Example, code: &str) -> Vec<Mark> {
    let corpus = load(&example.tree);
    let checked = rules::check(&corpus, &Configuration::default());
    let found = checked.findings.iter().filter(|finding| finding.rule == code);
    found
        .map(|finding| {
            let text = format!("{}: {}", finding.severity.word(), finding.message);
            mark(example, &finding.path, finding.span.unwrap_or_default(), text)
        })
        .collect()
}

fn mistakes(example: &Example, path: &str, read: &dyn Fn(&str) -> Vec<ConfigFault>) -> Vec<Mark> {
    let text = String::from_utf8(example.tree.read(path).expect("the example has this file")).expect("text");
    let found = read(&text).into_iter();
    found.map(|fault| mark(example, path, fault.span, format!("error: {}", fault.message))).collect()
}

fn profile_mistakes(text: &str) -> Vec<ConfigFault> {
    let base = |id: &str| profiles::embedded(id).map(str::to_owned);
    match Profile::parse(text, &base) {
        Ok(profile) => profiles::faults(&Prepared::new(profile), text),
        Err(faults) => faults,
    }
}

fn configuration_mistakes(text: &str) -> Vec<ConfigFault> {
    match Configuration::parse(text) {
        Ok(configuration) => {
            let profile = configuration.profile.as_deref().unwrap_or("kep");
            Configuration::faults(text, &Prepared::new(profiles::load(profile).expect("an embedded profile")))
        }
        Err(fault) => vec![fault],
    }
}

/// A finding as a mark; where the page shows only line 1, the place is left out.
fn mark(example: &Example, path: &str, span: Span, text: String) -> Mark {
    let quoted = example.marks.iter().any(|mark| mark.line == 0 && mark.path == *path && mark.text == text);
    let (content, _) = source::decode(example.tree.read(path).unwrap_or_default());
    let source = Source::new(path, content);
    let (start, end) = (source.position(span.start), source.position(span.end));
    if quoted && start.line == 1 {
        return Mark { path: path.to_owned(), line: 0, columns: (0, 0), text };
    }
    let end_column = if end.line == start.line {
        end.column
    } else {
        start.column + source.text[span.start as usize..].lines().next().unwrap_or_default().chars().count()
    };
    Mark { path: path.to_owned(), line: start.line, columns: (start.column, end_column), text }
}

#[test]
fn every_page_has_its_parts() {
    for rule in rules::RULES {
        assert!(rule.page.starts_with(&format!("# {}\n", rule.code)), "{}: the page starts with the code", rule.code);
        for part in ["\n## Why\n", "\n## How to fix\n", "\n## Examples\n"] {
            assert!(rule.page.contains(part), "{}: the page lacks `{}`", rule.code, part.trim());
        }
        let examples = examples(rule.page);
        let flawed = examples.iter().filter(|example| !example.marks.is_empty()).count();
        assert!(flawed >= 1 && flawed < examples.len(), "{}: a flawed and a clean example", rule.code);
    }
}

#[test]
fn every_rule_file_is_registered() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
    for entry in std::fs::read_dir(folder).expect("the rules") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix(".md") {
            let code = stem.replace('_', "-");
            assert!(rules::rule(&code).is_some(), "{name}: no rule `{code}` is registered in rules.rs");
        }
    }
}
