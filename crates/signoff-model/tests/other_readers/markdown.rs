//! Markdown, read by comrak, which follows the specifications of CommonMark and of GitHub's additions.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use rayon::prelude::*;
use signoff_model::body::{self, Block, BlockKind};
use signoff_model::profile::Prepared;
use signoff_model::proposal::Document;
use signoff_model::source::{self, Encoding, Source};
use signoff_model::{Body, Profile, header, wording};

use crate::corpora;
use crate::explained::{Said, judge};

#[test]
fn every_kep_body_is_read_as_comrak_reads_it() {
    let Some(bundle) = corpora::file("enhancements.bundle") else { return };
    let files =
        corpora::Repository::of(&bundle).files_of_head(|path| path.starts_with("keps/") && path.ends_with(".md"));
    assert!(files.len() > 600, "{} files", files.len());
    compare(files, |text| said(text, 0), include_str!("explained/kep_bodies.toml"));
}

/// The lists of boxes to tick before a release have as many boxes, and as many ticked ones, as comrak counts.
#[test]
fn every_checklist_has_the_boxes_that_comrak_counts() {
    let Some(bundle) = corpora::file("enhancements.bundle") else { return };
    let files =
        corpora::Repository::of(&bundle).files_of_head(|path| path.starts_with("keps/") && path.ends_with(".md"));
    let profile = Profile::parse(include_str!("../../../../profiles/kep.toml"), &|_| None).expect("the profile");
    let prepared = Prepared::new(profile);
    compare(files, |text| boxes(&prepared, text), include_str!("explained/kep_checklists.toml"));
}

#[test]
fn every_eip_is_read_as_comrak_reads_it() {
    let Some(files) = corpora::markdown_of("eips", "EIPS") else { return };
    assert!(files.len() > 900, "{} files", files.len());
    compare(files, |text| said(text, header::parse(text, "---").body_start), include_str!("explained/eips.toml"));
}

#[test]
fn every_rust_rfc_is_read_as_comrak_reads_it() {
    let Some(files) = corpora::markdown_of("rust-rfcs", "text") else { return };
    assert!(files.len() > 600, "{} files", files.len());
    compare(files, |text| said(text, 0), include_str!("explained/rust_rfcs.toml"));
}

/// No heading is invented and none is lost in any version of any body, broken ones included.
#[test]
fn every_heading_of_all_history_is_one_to_comrak() {
    let Some(bundle) = corpora::file("enhancements.bundle") else { return };
    let repository = corpora::Repository::of(&bundle);
    let objects = repository.objects(|path| path.starts_with("keps/") && path.ends_with(".md"));
    assert!(objects.len() > 7_000, "{} bodies", objects.len());
    let headings = |text: &str| {
        let (source, body) = (Source::new("file", text), body::parse(text, 0));
        (headings(&source, &body), Theirs::read(text, 0).headings)
    };
    // All at once they are a quarter of a gigabyte.
    let compared = objects.chunks(1_000).flat_map(|objects| {
        let names: Vec<&str> = objects.iter().map(|(blob, _)| blob.as_str()).collect();
        let named = objects.iter().map(|(blob, path)| format!("{path}@{}", &blob[..10]));
        read(named.zip(repository.blobs(&names)).collect(), headings)
    });
    judge(compared.collect(), include_str!("explained/headings.toml"));
}

fn compare(files: Vec<(String, Vec<u8>)>, say: impl Fn(&str) -> (Said, Said) + Sync, explained: &str) {
    judge(read(files, say), explained);
}

/// What the two readers say about each file.
fn read(files: Vec<(String, Vec<u8>)>, say: impl Fn(&str) -> (Said, Said) + Sync) -> Vec<(String, Said, Said)> {
    let said = files.into_par_iter().map(|(name, bytes)| {
        let (ours, theirs) = say(&source::decode(bytes).0);
        (name, ours, theirs)
    });
    said.collect()
}

/// What the two readers say about a body.
fn said(text: &str, start: usize) -> (Said, Said) {
    let (source, body) = (Source::new("file", text), body::parse(text, start));
    let line = |offset| source.line(offset);
    let mut ours = headings(&source, &body);
    for link in &body.links {
        let kind = if link.image { "image" } else { "link" };
        ours.push((line(link.span.start), format!("{kind} {}", link.target)));
    }
    ours.extend(body.code_spans.iter().map(|code| (line(code.start), "code span".to_owned())));
    let kind = |block: &Block| match block.kind {
        BlockKind::Item => Some("item"),
        BlockKind::Code => Some("fence"),
        BlockKind::Indented => Some("indented code"),
        BlockKind::Quote => Some("quote"),
        BlockKind::Table => Some("table"),
        // Comments are HTML to comrak and nothing to signoff; a paragraph ends where they stand.
        BlockKind::Html | BlockKind::Paragraph => None,
    };
    ours.extend(body.blocks.iter().filter_map(|block| Some((line(block.span.start), kind(block)?.to_owned()))));
    let Theirs { headings, rest, .. } = Theirs::read(text, start);
    (ours, [headings, rest].concat())
}

fn headings(source: &Source, body: &Body) -> Said {
    let heading = |section: &body::Section| {
        (source.line(section.heading.start), format!("heading {} {}", section.level, section.title))
    };
    body.sections.iter().map(heading).collect()
}

/// What the two say about the boxes in the lists that a profile knows.
fn boxes(prepared: &Prepared, text: &str) -> (Said, Said) {
    let document = Document::parse(prepared, text, 0, Encoding::Utf8);
    let theirs = Theirs::read(text, 0);
    let (mut ours_said, mut theirs_said) = (Said::new(), Said::new());
    let source = Source::new("file", text);
    for (words, ticks) in prepared.checklist_sections.iter().zip(&document.checklists) {
        if let (Some(section), Some(ticks)) = (document.body.section(words), ticks) {
            let line = source.line(section.heading.start);
            ours_said.push((line, format!("{} of {} boxes ticked", ticks.ticked, ticks.total)));
        }
        theirs_said.extend(theirs.boxes_below(words));
    }
    (ours_said, theirs_said)
}

/// What comrak says.
#[derive(Default)]
struct Theirs {
    headings: Said,
    /// The level of each heading, and its words as signoff normalises them.
    levels: Vec<(u8, String)>,
    rest: Said,
    /// The line of each box, and whether it is ticked.
    boxes: Vec<(usize, bool)>,
}

impl Theirs {
    fn read(text: &str, start: usize) -> Self {
        let mut options = Options::default();
        options.extension.table = true;
        options.extension.tasklist = true;
        options.extension.strikethrough = true;
        let arena = Arena::new();
        let above = text[..start].matches('\n').count();
        let mut theirs = Self::default();
        for node in parse_document(&arena, &text[start..], &options).descendants() {
            let data = node.data.borrow();
            theirs.node(node, &data.value, above + data.sourcepos.start.line);
        }
        theirs
    }

    fn node<'a>(&mut self, node: &'a AstNode<'a>, value: &NodeValue, line: usize) {
        let what = match value {
            NodeValue::Heading(heading) => {
                let title = title(node);
                self.levels.push((heading.level, wording::words(&title)));
                self.headings.push((line, format!("heading {} {title}", heading.level)));
                return;
            }
            NodeValue::TaskItem(item) => {
                self.boxes.push((line, item.symbol.is_some()));
                "item".to_owned()
            }
            NodeValue::Item(_) => "item".to_owned(),
            NodeValue::Link(link) => format!("link {}", link.url),
            NodeValue::Image(image) => format!("image {}", image.url),
            NodeValue::Code(_) => "code span".to_owned(),
            NodeValue::CodeBlock(code) => if code.fenced { "fence" } else { "indented code" }.to_owned(),
            NodeValue::BlockQuote => "quote".to_owned(),
            NodeValue::Table(_) => "table".to_owned(),
            _ => return,
        };
        self.rest.push((line, what));
    }

    /// The boxes below the first heading of these words, if there is one.
    fn boxes_below(&self, words: &str) -> Option<(usize, String)> {
        let found = self.levels.iter().position(|(_, own)| own == words)?;
        let (level, line) = (self.levels[found].0, self.headings[found].0);
        let behind = self.levels[found + 1..].iter().position(|(other, _)| *other <= level);
        let end = behind.map_or(usize::MAX, |behind| self.headings[found + 1 + behind].0);
        let own: Vec<bool> =
            self.boxes.iter().filter(|(at, _)| (line..end).contains(at)).map(|(_, ticked)| *ticked).collect();
        let ticked = own.iter().filter(|ticked| **ticked).count();
        Some((line, format!("{ticked} of {} boxes ticked", own.len())))
    }
}

/// The text of a heading without its markup.
fn title<'a>(heading: &'a AstNode<'a>) -> String {
    let mut title = String::new();
    for node in heading.descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(text) => title.push_str(text),
            NodeValue::Code(code) => title.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => title.push(' '),
            _ => {}
        }
    }
    title.trim().to_owned()
}
