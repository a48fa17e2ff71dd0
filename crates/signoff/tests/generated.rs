//! What a user can read about the program says what the program is: every page and schema that is made
//! from it is compared with the file of the repository.
//!
//! `SIGNOFF_BLESS=1 cargo test -p signoff --test generated` rewrites the files; look at the difference.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use signoff::{cli, reference};

const REMEDY: &str = "`SIGNOFF_BLESS=1 cargo test -p signoff --test generated` rewrites them; look at the difference";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files below a folder, as paths below the repository's root.
fn files(folder: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root().join(folder)) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.expect("an entry");
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn pages_are_what_the_program_says() {
    let made: BTreeMap<String, String> = reference::pages().into_iter().collect();
    let strays: Vec<String> = [reference::PAGES, reference::SCHEMAS]
        .into_iter()
        .flat_map(files)
        .filter(|path| !made.contains_key(path))
        .collect();
    if std::env::var_os("SIGNOFF_BLESS").is_some() {
        strays.iter().for_each(|path| fs::remove_file(root().join(path)).expect("a file that can be removed"));
        for (path, text) in &made {
            let path = root().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder that can be made");
            fs::write(path, text).expect("a file that can be written");
        }
        return;
    }
    let read = |path: &str| fs::read_to_string(root().join(path)).map(|text| text.replace("\r\n", "\n"));
    let differing: Vec<&String> =
        made.iter().filter(|(path, text)| read(path).ok().as_ref() != Some(*text)).map(|(path, _)| path).collect();
    assert!(differing.is_empty(), "these files are not what the program says: {differing:#?}\n{REMEDY}");
    assert!(strays.is_empty(), "nothing makes these files: {strays:#?}\n{REMEDY}");
}

#[test]
fn every_page_has_one_path() {
    let mut paths: Vec<String> = reference::pages().into_iter().map(|(path, _)| path).collect();
    let count = paths.len();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), count);
}

/// Links between the pages lead somewhere.
#[test]
fn links_of_the_pages_lead_to_pages() {
    let made: BTreeMap<String, String> = reference::pages().into_iter().collect();
    for page in ["rules.md", "profile.md", "configuration.md", "commands.md"] {
        let text = &made[&format!("{}/{page}", reference::PAGES)];
        // Not what stands in code.
        let prose: String = text.split('`').step_by(2).collect();
        for target in prose.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let found = match file {
                "" => text.lines().any(|line| line.to_lowercase() == format!("## {anchor}")),
                file => root().join(reference::PAGES).join(file).is_file(),
            };
            assert!(found, "{page}: nothing is at {target}");
        }
    }
}

/// Every command stands in one group, since the help lists the groups only.
#[test]
fn every_command_has_its_group() {
    let command = cli::command();
    let mut commands: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let mut grouped: Vec<&str> = cli::GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    commands.sort_unstable();
    grouped.sort_unstable();
    assert_eq!(commands, grouped);
}

/// Every example of the help can be typed.
#[test]
fn examples_are_command_lines() {
    cli::command().debug_assert();
    for (name, examples) in cli::EXAMPLES {
        for (line, _) in *examples {
            let typed = line.split(" < ").next().and_then(|line| line.split(" | ").next()).expect("a line");
            let parsed = cli::command().try_get_matches_from(words(typed));
            let matches = parsed.unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(matches.subcommand_name(), Some(*name), "{line}");
        }
    }
}

/// The words of a line, single quotes taken off.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    parts
        .flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

/// Every promise of the page names tests, and each of them is one of the sources.
#[test]
fn promises_are_held_by_tests() {
    let page = fs::read_to_string(root().join("docs/src/promises.md")).expect("the page");
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| promise "));
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in rows {
        let tests: Vec<(&str, &str)> =
            row.split('`').skip(1).step_by(2).filter_map(|code| code.split_once("::")).collect();
        if tests.is_empty() {
            wrong.push(format!("no test holds: {row}"));
        }
        wrong.extend(
            tests.iter().filter(|(path, name)| !is_test(path, name)).map(|test| format!("no such test: {test:?}")),
        );
        count += 1;
    }
    assert!(count > 20 && wrong.is_empty(), "docs/src/promises.md, {count} promises: {wrong:#?}");
}

/// Whether a file holds a test of this name: a function behind `#[test]`, with other attributes in between.
fn is_test(path: &str, name: &str) -> bool {
    let Ok(text) = fs::read_to_string(root().join(path)) else { return false };
    let head = format!("fn {name}(");
    let mut is_marked = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with(&head) && is_marked {
            return true;
        }
        is_marked = line == "#[test]" || (is_marked && (line.starts_with("#[") || line.starts_with("//")));
    }
    false
}
