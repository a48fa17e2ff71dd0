//! Promises of the architecture that no compiler checks: code names no process, the model has no wire
//! format, and crates depend on each other only as drawn.

#![allow(clippy::disallowed_methods, reason = "a test over the sources reads files")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use signoff_analysis::profiles;

/// What each crate of the workspace may depend on.
const ARROWS: [(&str, &[&str]); 10] = [
    ("signoff-model", &[]),
    ("signoff-analysis", &["signoff-model"]),
    ("signoff-history", &["signoff-model"]),
    ("signoff-evidence", &["signoff-model"]),
    ("signoff-output", &["signoff-model", "signoff-analysis"]),
    ("signoff-search", &["signoff-model"]),
    ("signoff-site", &["signoff-model", "signoff-analysis", "signoff-output", "signoff-search"]),
    (
        "signoff-server",
        &[
            "signoff-model",
            "signoff-analysis",
            "signoff-history",
            "signoff-evidence",
            "signoff-output",
            "signoff-search",
            "signoff-site",
        ],
    ),
    ("signoff-promises", &["signoff-model", "signoff-analysis", "signoff-history", "signoff-output", "signoff-search"]),
    (
        "signoff",
        &[
            "signoff-model",
            "signoff-analysis",
            "signoff-history",
            "signoff-evidence",
            "signoff-output",
            "signoff-search",
            "signoff-site",
            "signoff-server",
        ],
    ),
];

fn crates() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let entries = std::fs::read_dir(folder).expect("the crates").map(|entry| entry.expect("an entry").path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.join("Cargo.toml").is_file()).collect();
    found.sort();
    found
}

/// Every Rust file below a folder, with its text.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push((path.clone(), std::fs::read_to_string(&path).expect("a source")));
            }
        }
    }
    found
}

/// A source cut into code and string literals; comments and modules of tests are left out.
#[derive(Debug, Default, PartialEq, Eq)]
struct Cut {
    code: String,
    literals: Vec<String>,
}

fn cut(text: &str) -> Cut {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut cut = Cut::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let raw = raw_literal(rest, &cut.code);
        if rest.starts_with("//") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if rest.starts_with("/*") {
            rest = &rest[rest.find("*/").map_or(rest.len(), |end| end + 2)..];
        } else if let Some((literal, behind)) = raw {
            cut.literals.push(literal.to_owned());
            rest = behind;
        } else if first == '"' {
            let end = closing_quote(&rest[1..]);
            cut.literals.push(rest[1..=end].to_owned());
            rest = rest.get(end + 2..).unwrap_or_default();
        } else if let Some(behind) = character_literal(rest) {
            rest = behind;
        } else {
            cut.code.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    cut
}

/// The text of `r"..."` or `r#"..."#` and what stands behind it.
fn raw_literal<'t>(rest: &'t str, before: &str) -> Option<(&'t str, &'t str)> {
    let inside = rest.strip_prefix('r').filter(|_| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_'))?;
    let hashes = &inside[..inside.len() - inside.trim_start_matches('#').len()];
    let text = inside[hashes.len()..].strip_prefix('"')?;
    text.split_once(&format!("\"{hashes}"))
}

/// How many bytes stand before the quote that closes a literal.
fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    });
    end.unwrap_or(text.len())
}

/// What stands behind `'x'` or `'\n'`; a lifetime is no literal.
fn character_literal(rest: &str) -> Option<&str> {
    let inside = rest.strip_prefix('\'')?;
    if let Some(escape) = inside.strip_prefix('\\') {
        let behind = escape.get(1..)?;
        return Some(&behind[behind.find('\'')? + 1..]);
    }
    let first = inside.chars().next()?;
    inside[first.len_utf8()..].strip_prefix('\'')
}

#[test]
fn sources_are_cut_into_code_and_literals() {
    let cases: [(&str, &str, &[&str]); 7] = [
        ("a(\"x\") // \"y\"\n", "a() \n", &["x"]),
        ("/* \"y\" */b", "b", &[]),
        ("r#\"a\"b\"# + r\"c\\\"", " + ", &["a\"b", "c\\"]),
        ("f('\"', '\\'', \"z\")", "f(, , )", &["z"]),
        ("x: &'a str, \"a\\\"b\"", "x: &'a str, ", &["a\\\"b"]),
        ("var\"x\"", "var", &["x"]),
        ("x\n#[cfg(test)]\nmod tests { \"y\" }", "x\n", &[]),
    ];
    for (text, code, literals) in cases {
        let expected = Cut { code: code.to_owned(), literals: literals.iter().map(|&text| text.to_owned()).collect() };
        assert_eq!(cut(text), expected, "{text}");
    }
}

/// What only a profile may know, by its own words: its id, the names of its files.
fn words_of_profiles() -> Vec<(String, bool)> {
    let mut words = Vec::new();
    for (id, _) in profiles::EMBEDDED {
        let profile = profiles::load(id).expect("the profile");
        words.push(((*id).to_owned(), true));
        words.push((profile.layout.metadata.clone(), false));
        let name = profile.layout.name.split('{').next().unwrap_or_default().to_owned();
        words.push((name, false));
    }
    words.retain(|(word, _)| !word.is_empty());
    words
}

#[test]
fn code_names_no_process() {
    let words = words_of_profiles();
    assert!(words.iter().any(|(word, _)| word == "kep.yaml") && words.iter().any(|(word, _)| word == "eip-"));
    let mut faults = Vec::new();
    for (path, text) in crates().iter().flat_map(|folder| sources(&folder.join("src"))) {
        if path.ends_with("signoff-analysis/src/profiles.rs") {
            continue;
        }
        for literal in cut(&text).literals {
            let names = |(word, whole): &(String, bool)| if *whole { literal == *word } else { literal.contains(word) };
            if words.iter().any(names) {
                faults.push(format!("{}: {literal:?}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "what depends on the process belongs into its profile:\n{}", faults.join("\n"));
}

#[test]
fn profiles_are_named_in_one_list_only() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/profiles.rs");
    let literals = cut(&std::fs::read_to_string(path).expect("the list")).literals;
    for (id, _) in profiles::EMBEDDED {
        let named: Vec<&String> = literals.iter().filter(|literal| literal.contains(id)).collect();
        let entry = [(*id).to_owned(), format!("../../../profiles/{id}.toml")];
        assert_eq!(named, entry.iter().collect::<Vec<_>>(), "the entry in EMBEDDED, and nothing else");
    }
}

/// A derived format is a promise that nobody decided to make: wire types live in `signoff-output`.
#[test]
fn no_model_type_serializes() {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../signoff-model/src");
    for (path, text) in sources(&model) {
        let code = cut(&text).code;
        let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
        assert!(words.all(|word| word != "Serialize"), "{} derives Serialize", path.display());
    }
}

#[test]
fn crates_depend_on_each_other_as_drawn() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    for folder in crates() {
        let text = std::fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
        let manifest: toml::Table = toml::from_str(&text).expect("TOML");
        let name = manifest["package"]["name"].as_str().expect("a name").to_owned();
        let arrows = allowed.get(name.as_str()).unwrap_or_else(|| panic!("{name} is not in ARROWS: draw it first"));
        for dependency in dependencies(&manifest).filter(|dependency| dependency.starts_with("signoff")) {
            assert!(arrows.contains(&dependency.as_str()), "{name} may not depend on {dependency}");
        }
    }
}

/// Everything that a crate is built with, on any target; what only its tests use does not count.
fn dependencies(manifest: &toml::Table) -> impl Iterator<Item = String> {
    let targets = manifest.get("target").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::values);
    let tables = targets.filter_map(toml::Value::as_table).chain([manifest]);
    let named = |table: &toml::Table| -> Vec<String> {
        let lists = ["dependencies", "build-dependencies"].into_iter().filter_map(|list| table.get(list)?.as_table());
        lists.flat_map(|list| list.keys().cloned()).collect()
    };
    tables.flat_map(named).collect::<Vec<_>>().into_iter()
}
