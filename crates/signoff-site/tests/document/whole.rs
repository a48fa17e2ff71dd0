//! Real proposals: what is promised holds for them, and their headings are the model's.

use signoff_model::{Source, body};

use crate::allowed::check;
use crate::corpora::{self, Repository};
use crate::render;

fn hold(path: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let rendered = render(&text);
    check(&rendered, &text);
    let read = body::parse(&text, 0);
    let source = Source::new(path, text);
    let own: Vec<(usize, String)> =
        rendered.contents.iter().map(|heading| (heading.line, heading.text.clone())).collect();
    let mut expected: Vec<(usize, String)> = Vec::new();
    for section in &read.sections {
        let line = source.line(section.heading.start);
        // The title and a heading above contents that are left out have no entry.
        let is_shown = own.iter().any(|(known, _)| *known == line);
        let is_left_out = section.words.contains("contents");
        let is_title = rendered.title.is_some() && std::ptr::eq(section, &raw const read.sections[0]);
        if is_shown || !(is_left_out || is_title) {
            let shown = own.iter().find(|(known, text)| *known == line && text.contains('<'));
            // Tags that are none are text here, and nothing to the model.
            let title = shown.map_or_else(|| section.title.to_string(), |(_, text)| text.clone());
            expected.push((line, title));
        }
    }
    assert_eq!(own, expected, "{path}");
}

#[test]
fn bodies_of_the_kep_repository() {
    let Some(bundle) = corpora::file("enhancements.bundle") else { return };
    let files = Repository::of(&bundle).files_of_head(|path| path.starts_with("keps/") && path.ends_with(".md"));
    assert!(files.len() > 600);
    for (path, bytes) in files {
        hold(&path, &bytes);
    }
}

#[test]
fn bodies_of_the_eips() {
    let Some(files) = corpora::markdown_of("eips", "EIPS") else { return };
    for (path, bytes) in files {
        hold(&path, &bytes);
    }
}
