//! Findings for a terminal, in the way of rustc: what, where, the line itself, and what to do.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Patch, Renderer, Snippet};
use signoff_model::{Fix, Severity, Source};

use super::{Detail, Found, Options, Outcome, summary};
use crate::Look;
use crate::visible::{visible, visible_lines};

mod excerpt;

use excerpt::Excerpt;

pub(super) fn write(outcome: &Outcome<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let renderer = renderer(options.look);
    for found in outcome.open().filter(|found| options.shows(found.finding.severity)) {
        writeln!(out, "{}\n", block(&renderer, outcome.places.source(&found.finding.path), found))?;
    }
    match options.detail {
        Detail::Quiet => Ok(()),
        Detail::Normal | Detail::Verbose => summary::write(outcome, options, out),
    }
}

fn renderer(look: Look) -> Renderer {
    let renderer = if look.color { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(excerpt::COLUMNS_MAX)
}

/// One finding: its title, its place with the line, its help, its fix.
fn block(renderer: &Renderer, source: Option<&Source>, found: &Found<'_>) -> String {
    let finding = found.finding;
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level.primary_title(visible(&finding.message)).id(visible(&finding.rule));
    let excerpt = source.zip(finding.span).and_then(|(source, span)| Excerpt::of(source, span));
    let mut main = title.element(excerpt.map_or_else(|| place(found), |excerpt| marked(found, excerpt)));
    if let Some(help) = &finding.help {
        main = main.element(Level::HELP.message(visible_lines(help)));
    }
    let suggestion = finding.fix.as_ref().map(|fix| (fix, source.and_then(|source| suggestion(source, fix))));
    let rest = match suggestion {
        None => None,
        Some((_, Some(group))) => Some(group),
        Some((fix, None)) => {
            let text = format!("{} (`signoff check --fix` does it)", visible(&fix.title));
            main = main.element(Level::HELP.message(text));
            None
        }
    };
    let groups: Vec<Group<'_>> = std::iter::once(main).chain(rest).collect();
    renderer.render(&groups)
}

/// The place in words, where there is no line to show.
fn place<'a>(found: &Found<'a>) -> Element<'a> {
    let origin = Origin::path(visible(&found.finding.path));
    match found.region {
        Some(region) => origin.line(region.start.line).char_column(region.start.column).into(),
        None => origin.into(),
    }
}

fn marked<'a>(found: &Found<'a>, excerpt: Excerpt) -> Element<'a> {
    let Excerpt { text, line, mark, last_line } = excerpt;
    let mut annotation = AnnotationKind::Primary.span(mark);
    if last_line > line {
        annotation = annotation.label(format!("to line {last_line}"));
    }
    Snippet::source(text).path(visible(&found.finding.path)).line_start(line).annotation(annotation).into()
}

/// The fix as a change of the lines it touches, where they can be shown.
fn suggestion<'a>(source: &Source, fix: &'a Fix) -> Option<Group<'a>> {
    let (text, line, offset) = excerpt::lines(source, &fix.edits)?;
    let patches = fix.edits.iter().map(|edit| {
        Patch::new(edit.span.start as usize - offset..edit.span.end as usize - offset, edit.replacement.as_str())
    });
    let snippet = Snippet::source(text).line_start(line).patches(patches);
    Some(Level::HELP.secondary_title(visible(&fix.title)).element(snippet))
}
