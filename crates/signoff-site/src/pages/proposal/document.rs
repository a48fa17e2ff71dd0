//! The text of a proposal on its page: the document with remarks beside it, the other files line by line.

use std::collections::BTreeSet;

use signoff_model::proposal::Prose;
use signoff_model::{Finding, Proposal, Source};

use crate::Site;
use crate::document::{self, Heading, Rendered, Script, Setting};
use crate::evidence::Claim;
use crate::frame;
use crate::links::Around;
use crate::marks::{self, Mark};
use crate::sources;

/// Level of the highest heading of a document: the page's title and its parts stand above it.
const HEADING_LEVEL: u8 = 3;

/// Deepest heading that the table of contents has.
const CONTENTS_DEPTH: u8 = 2;

/// A document as it is shown.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) parts: Vec<Part>,
    pub(super) contents: Vec<Heading>,
    pub(super) has_diagrams: bool,
}

/// Blocks of a document with nothing said about any but the first.
pub(super) struct Part {
    /// Lines of the first block that something links to.
    pub(super) lines: Vec<usize>,
    pub(super) remarks: Vec<Remark>,
    pub(super) html: String,
}

/// What is said about a line.
pub(super) struct Remark {
    pub(super) mark: Mark,
    pub(super) message: String,
    line: usize,
}

/// A file that is shown line by line.
pub(super) struct FileOf {
    pub(super) path: String,
    /// Each line, with its id if something links to it.
    pub(super) lines: Vec<(Option<String>, String)>,
}

/// The document, and what was found in it beside the lines that it is about.
pub(super) fn shown(site: &Site, path: &str, proposal: &Proposal, found: &[Finding]) -> Shown {
    let Some(prose) = &proposal.prose else { return Shown::default() };
    let rendered = rendered(site, path, prose);
    let remarks = remarks(prose, found);
    let lines = lines(site, proposal, &prose.source, found);
    let contents = rendered.contents.iter().filter(|heading| heading.depth <= CONTENTS_DEPTH).cloned();
    Shown {
        parts: parts(&rendered, &lines, remarks),
        contents: contents.collect(),
        has_diagrams: rendered.scripts.contains(&Script::Mermaid),
    }
}

fn rendered(site: &Site, path: &str, prose: &Prose) -> Rendered {
    let prepared = &site.snapshot.corpus.prepared;
    let answers = prose.document.answers.iter().enumerate();
    let mut questions: Vec<(u32, &str)> = answers
        .flat_map(|(questionnaire, read)| {
            let asked = read.answers.iter().enumerate();
            asked.filter_map(move |(index, answer)| {
                Some((answer.asked?.start, prepared.question(questionnaire, index).1.id.as_str()))
            })
        })
        .collect();
    questions.sort_unstable();
    let setting = Setting {
        path: &prose.source.path,
        root: &frame::base(path),
        addresses: &site.addresses,
        heading_level: HEADING_LEVEL,
        questions: &questions,
        surroundings: &Around(site),
    };
    document::render(&prose.source, &prose.document.body, &setting)
}

/// What was found in the prose, in the order of its lines.
fn remarks(prose: &Prose, found: &[Finding]) -> Vec<Remark> {
    let here = found.iter().filter(|finding| finding.path == prose.source.path);
    let remark = |finding: &Finding| {
        let line = prose.source.line(finding.span?.start);
        Some(Remark { mark: marks::of_severity(finding.severity), message: finding.message.to_string(), line })
    };
    let mut remarks: Vec<Remark> = here.filter_map(remark).collect();
    remarks.sort_by_key(|remark| remark.line);
    remarks
}

/// The lines of a file that this page, the boards and the audit link to.
fn lines(site: &Site, proposal: &Proposal, source: &Source, found: &[Finding]) -> BTreeSet<usize> {
    let rows = site.snapshot.boards.iter().filter_map(|board| board.row(&proposal.path));
    let rules = rows.flat_map(|row| row.judged.iter().flatten()).flat_map(|judged| &judged.rules);
    let evidence = rules.flat_map(|rule| &rule.evidence).filter(|evidence| evidence.path == source.path);
    let spans = found.iter().filter(|finding| finding.path == source.path).filter_map(|finding| finding.span);
    let claims = claims(site, proposal);
    let stated = claims.iter().filter_map(|claim| claim.stated.as_ref()).filter(|stated| stated.path == source.path);
    let seen = claims.iter().flat_map(|claim| &claim.evidence).filter(|evidence| evidence.path == source.path);
    let found = evidence.chain(seen).filter_map(|evidence| evidence.line);
    found.chain(spans.map(|span| source.line(span.start))).chain(stated.map(|stated| stated.line)).collect()
}

/// What was claimed, where that is judged.
fn claims<'s>(site: &'s Site, proposal: &Proposal) -> &'s [Claim] {
    let at = site.snapshot.corpus.proposal_at(&proposal.path).filter(|_| site.code().has_sources());
    at.map_or(&[], |at| site.judged().of_proposal(at))
}

/// The blocks, each with what is said about its lines; what is said about hidden lines stands before the next block.
fn parts(rendered: &Rendered, lines: &BTreeSet<usize>, remarks: Vec<Remark>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut lines = lines.iter().copied().peekable();
    let mut remarks = remarks.into_iter().peekable();
    let blocks = rendered.blocks.iter().enumerate();
    for (index, block) in blocks {
        if Some(index) == rendered.title && rendered.blocks.len() > 1 {
            continue;
        }
        let is_last = index + 1 == rendered.blocks.len();
        let end = if is_last { usize::MAX } else { block.last_line };
        let own: Vec<usize> = std::iter::from_fn(|| lines.next_if(|line| *line <= end)).collect();
        let said: Vec<Remark> = std::iter::from_fn(|| remarks.next_if(|remark| remark.line <= end)).collect();
        let html = rendered.block(block);
        match parts.last_mut().filter(|_| own.is_empty() && said.is_empty()) {
            Some(last) => last.html.push_str(html),
            None => parts.push(Part { lines: own, remarks: said, html: html.to_owned() }),
        }
    }
    parts
}

/// The files beside the prose.
pub(super) fn files(site: &Site, proposal: &Proposal, found: &[Finding]) -> Vec<FileOf> {
    let file = |(index, source): (usize, &Source)| {
        let linked = lines(site, proposal, source, found);
        let line = |(at, text): (usize, &str)| {
            let id = linked.contains(&(at + 1)).then(|| sources::id_in_list(index, at + 1));
            (id, text.to_owned())
        };
        FileOf {
            path: source.path.to_string(),
            lines: sources::lines_of(proposal, source).enumerate().map(line).collect(),
        }
    };
    sources::listed(proposal).into_iter().enumerate().map(file).filter(|file| !file.lines.is_empty()).collect()
}
