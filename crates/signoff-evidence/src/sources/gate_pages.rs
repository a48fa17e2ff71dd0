//! Pages of gates: one file each, with the stages in its front matter.

use std::sync::Arc;

use signoff_model::fact::{GatePage, GateStage, PageStage, Quote, Record, SourceKind};
use signoff_model::source::lines;
use signoff_model::{Node, Release};

use super::Reader;
use crate::reading::Reading;
use crate::values::{boolean, text, texts};

pub(super) const READER: Reader = Reader { kind: SourceKind::GatePages, page: include_str!("gate_pages.md"), read };

fn read(reading: &mut Reading<'_>) {
    let stem = reading.stem();
    if matches!(&*stem, "index" | "_index") {
        return;
    }
    let Some(end) = front_matter_end(&reading.source.text) else {
        reading.problem(Some(1), "it has no front matter between two lines `---`");
        return;
    };
    let Some(root) = reading.yaml_until(end) else { return };
    let Some(listed) = root.pair("stages") else {
        if text(&root, "content_type") == Some("feature_gate") {
            reading.problem(Some(1), "the page of a gate has no stages");
        }
        return;
    };
    let at = match root.pair("title") {
        Some(title) => reading.quote_of(title.key_span),
        None => reading.quote_of(listed.key_span),
    };
    if listed.node.items().is_empty() && !listed.node.is_blank() {
        let line = reading.quote_of(listed.key_span).line as usize;
        reading.problem(Some(line), format!("a list of stages is expected, and this is {}", listed.node.kind()));
    }
    let stages = listed.node.items().iter().filter_map(|node| stage(reading, node)).collect();
    let removed = text(&root, "removed").and_then(boolean).unwrap_or(false);
    let page = GatePage {
        name: text(&root, "title").map_or(stem, Arc::from),
        former: texts(&root, "former_titles"),
        stages,
        removed,
        removed_at: if removed { reading.quote_key(&root, "removed") } else { Quote::default() },
    };
    reading.say(at, Record::Page(page));
}

/// Where the line starts that ends the front matter; `None` where there is none.
fn front_matter_end(text: &str) -> Option<usize> {
    let mut lines = lines(text);
    let first = lines.next()?;
    if first.trim_start_matches('\u{feff}').trim_end() != "---" {
        return None;
    }
    let last = lines.find(|line| line.trim_end() == "---")?;
    Some(last.as_ptr() as usize - text.as_ptr() as usize)
}

/// A stage without a name that can be read is a problem; one without versions is still a stage.
fn stage(reading: &mut Reading<'_>, node: &Node) -> Option<PageStage> {
    let at = reading.quote_of(node.span);
    let Some(stage) = text(node, "stage").and_then(GateStage::parse) else {
        reading.problem_at(&at, "a stage has no name that can be read");
        return None;
    };
    let from = version(reading, node, "fromVersion");
    if node.get("fromVersion").is_none() {
        reading.problem_at(&at, format!("a stage `{}` has no first version", stage.word()));
    }
    Some(PageStage {
        stage,
        from,
        to: version(reading, node, "toVersion"),
        default: text(node, "defaultValue").and_then(boolean),
        locked: text(node, "locked").and_then(boolean).unwrap_or(false),
        stage_at: reading.quote_key(node, "stage"),
        from_at: reading.quote_key(node, "fromVersion"),
        to_at: reading.quote_key(node, "toVersion"),
        default_at: reading.quote_key(node, "defaultValue"),
    })
}

fn version(reading: &mut Reading<'_>, node: &Node, key: &str) -> Option<Release> {
    let written = text(node, key)?;
    let release = Release::parse(written);
    if release.is_none() {
        let at = reading.quote_key(node, key);
        reading.problem_at(&at, format!("`{written}` is no version"));
    }
    release
}
