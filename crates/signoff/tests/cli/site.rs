//! `site build`: every page as a file, from the sample and from a repository.

use std::collections::BTreeSet;
use std::path::Path;

use crate::project::{POOLS, Project, git};

fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.insert(path.strip_prefix(folder).expect("below").display().to_string());
            }
        }
    }
    found
}

fn built(arguments: &[&str]) -> (tempfile::TempDir, BTreeSet<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("pages").display().to_string();
    let run = Project::empty().run(&[arguments, &["site", "build", "--out", &out]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let files = files(&folder.path().join("pages"));
    (folder, files)
}

#[test]
fn the_sample_has_all_its_pages_and_every_link_leads_to_one() {
    let (folder, files) = built(&["--sample"]);
    for page in ["index.html", "404.html", "proposals/index.html", "assets/signoff.css", "assets/signoff.js"] {
        assert!(files.contains(page), "{page} is not in {files:?}");
    }
    assert!(files.iter().any(|file| file.starts_with("board/")), "{files:?}");
    for file in files.iter().filter(|file| file.ends_with(".html")) {
        let text = std::fs::read_to_string(folder.path().join("pages").join(file)).expect("a page");
        for target in text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let path = target.split(['#', '?']).next().unwrap_or_default();
            if path.contains("://") {
                continue;
            }
            let fragment = target.split_once('#').map_or("", |(_, fragment)| fragment);
            if path.is_empty() {
                let is_there = fragment.is_empty() || text.contains(&format!("id=\"{fragment}\""));
                assert!(is_there, "{file} links to {target}, which is nowhere on it");
                continue;
            }
            let from = Path::new(file).parent().expect("a folder");
            let mut led: Vec<&str> = from.iter().filter_map(std::ffi::OsStr::to_str).collect();
            for name in path.split('/') {
                if name == ".." {
                    led.pop().expect("no link leads out")
                } else {
                    led.push(name);
                    name
                };
            }
            let led = led.join("/");
            assert!(files.contains(&led), "{file} links to {target}, which is no page");
            if !fragment.is_empty() {
                let other = std::fs::read_to_string(folder.path().join("pages").join(&led)).expect("a page");
                assert!(other.contains(&format!("id=\"{fragment}\"")), "{file} links to {target}, which is nowhere");
            }
        }
    }
}

/// A process without releases has a first page too, and so has a time of which no calendar tells.
#[test]
fn without_a_release_there_is_a_first_page() {
    let project = Project::empty();
    project.write("EIPS/eip-1.md", "---\neip: 1\ntitle: A Thing\nauthor: Ada (@ada)\nstatus: Living\ntype: Meta\ncreated: 2015-10-27\n---\n\n## Abstract\n\nText.\n");
    let out = project.at("pages").display().to_string();
    assert_eq!(project.run(&["site", "build", "--out", &out]).code, 0);
    let first = project.read("pages/index.html");
    assert!(first.contains("1 proposal") && first.contains("Living"), "{first}");
    assert!(project.read("pages/proposals/1.html").contains("A Thing"));
}

/// A history that begins in the middle of a cycle still tells what happened, and the days that it has.
#[test]
fn a_history_that_is_younger_than_the_cycle_is_told() {
    let project = Project::base();
    let root = project.root();
    git(&root, &[], &["init", "-q", "-b", "main"]);
    git(&root, &[], &["add", "-A"]);
    let dates = [("GIT_AUTHOR_DATE", "2026-10-10T09:00:00Z"), ("GIT_COMMITTER_DATE", "2026-10-10T09:00:00Z")];
    git(&root, &dates, &["commit", "-q", "-m", "all"]);
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("pages");
    let run = project.run(&["site", "build", "--release", "v1.38", "--out", &out.display().to_string()]);
    assert_eq!(run.code, 0, "{}", run.err);
    let page = std::fs::read_to_string(out.join("proposals/1234.html")).expect("a page");
    assert!(page.contains("Created: "), "what happened is told");
    let days = std::fs::read_to_string(out.join("board/v1.38.days.js")).expect("the days");
    assert!(days.contains("2026-10-11") && !days.contains("2026-10-09"), "{days}");
}

#[test]
fn pages_are_the_same_for_the_same_input() {
    let (first, files) = built(&["--sample"]);
    let (second, _) = built(&["--sample"]);
    for file in files {
        let read = |folder: &Path| std::fs::read(folder.join("pages").join(&file)).expect("a page");
        assert!(read(first.path()) == read(second.path()), "{file} differs");
    }
}

#[test]
fn a_folder_with_other_files_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("letter.txt"), "Dear").expect("written");
    let out = folder.path().display().to_string();
    let run = Project::empty().run(&["--sample", "site", "build", "--out", &out]);
    assert!(run.complaint().contains("name a folder that is new or empty"), "{}", run.err);
    assert_eq!(files(folder.path()).len(), 1);
}

/// The sitemap names every page, by the address that was given.
#[test]
fn a_sitemap_and_a_calendar_for_other_programs() {
    let (folder, files) = built(&["--sample"]);
    let read = |name: &str| std::fs::read_to_string(folder.path().join("pages").join(name)).expect("a file");
    let named = read("sitemap.xml").matches("<loc>/").count();
    let pages = files.iter().filter(|file| file.ends_with(".html") && *file != "404.html").count();
    assert!(named == pages && pages > 10, "{named} of {pages}");
    assert!(read("calendar.ics").contains("BEGIN:VEVENT"));
    let project = Project::empty();
    project.printed(0, &["--sample", "site", "build", "--out", "pages", "--url", "https://example.org/a/"]);
    assert!(project.read("pages/sitemap.xml").contains("<loc>https://example.org/a/index.html</loc>"));
}

/// A reader of HTML as the standard has it finds no error in any page, and no id twice.
#[test]
fn every_page_is_valid_html() {
    let (folder, files) = built(&["--sample"]);
    for file in files.iter().filter(|file| file.ends_with(".html")) {
        let text = std::fs::read_to_string(folder.path().join("pages").join(file)).expect("a page");
        use html5ever::tendril::TendrilSink as _;
        let dom = html5ever::parse_document(markup5ever_rcdom::RcDom::default(), html5ever::ParseOpts::default())
            .one(text.as_str());
        assert_eq!(*dom.errors.borrow(), [""; 0], "{file}");
        let mut ids: Vec<&str> = text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "{file} has an id twice");
    }
}

/// What a history tells is kept for the next build, which is the same to the byte.
#[test]
fn a_second_build_is_the_same() {
    let project = Project::base();
    project.commit("2026-01-10T00:00:00Z");
    project.replace(POOLS, "status: implementable", "status: provisional");
    project.replace("keps/sig-node/1234-widget-pools/README.md", "Widgets of different speed", "Widgets of any speed");
    project.commit("2026-01-20T00:00:00Z");
    let build = |out: &str, more: &[&str]| {
        let arguments = [&["site", "build", "--release", "v1.36", "--out", out], more].concat();
        let run = project.run_at("2026-02-01T00:00:00Z", &arguments);
        assert_eq!(run.code, 0, "{}", run.complaint());
    };
    build("../none", &["--no-cache"]);
    assert!(!project.cache().join("histories").exists(), "nothing is kept where it is forbidden");
    build("../first", &[]);
    assert_eq!(std::fs::read_dir(project.cache().join("histories")).expect("a folder").count(), 1);
    build("../second", &[]);
    let [none, first, second] =
        ["none", "first", "second"].map(|name| files_below(&project.root().join("..").join(name)));
    assert!(none.keys().any(|path| path.starts_with("compare/")) && none.keys().any(|path| path.ends_with(".days.js")));
    assert!(none == first && first == second, "three builds of the same");
    let compared = String::from_utf8_lossy(&none["compare/1234.html"]);
    assert!(compared.contains("1 passage of the text reads otherwise"), "{compared}");
}

fn files_below(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder").filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    found
}
