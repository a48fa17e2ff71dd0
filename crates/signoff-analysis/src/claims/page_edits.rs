//! The changes that make the page of a gate say what the code has: its default, its stage, that it is gone.

use signoff_model::fact::{GatePage, PageStage};
use signoff_model::{Edit, Release, Span};

use super::pages::{code_of, shown_at};
use super::{Known, spelt};
use crate::gates::{Paged, State};

/// The changes of one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageEdits {
    /// The page's file.
    pub path: String,
    /// The text that it has.
    pub text: String,
    /// What changes.
    pub edits: Vec<Edit>,
}

/// The changes of every page that differs from the code of its own release, by path. `read` gives the text of a page.
#[must_use]
pub fn page_edits(known: &Known<'_>, read: &dyn Fn(&str) -> Option<String>) -> Vec<PageEdits> {
    let Some(release) = known.gates.pages_of() else { return Vec::new() };
    let mut found: Vec<PageEdits> = Vec::new();
    for paged in known.gates.pages() {
        let wanted = wanted(known, paged, release);
        if matches!(wanted, Wanted::Nothing) {
            continue;
        }
        let Some(text) = read(&paged.fact.path) else { continue };
        let edits = edits(&text, paged.page, &wanted);
        if !edits.is_empty() {
            found.push(PageEdits { path: paged.fact.path.to_string(), text, edits });
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found
}

/// What a page has to say.
enum Wanted<'k> {
    Nothing,
    /// That the gate is gone.
    Removed,
    /// Another default at the stage that it shows.
    Default(&'k PageStage, bool),
    /// A stage after the last one.
    Stage(&'k PageStage, State<'k>),
}

fn wanted<'k>(known: &'k Known<'k>, paged: &Paged<'k>, release: Release) -> Wanted<'k> {
    let name = &*paged.page.name;
    let Some((_, listed, state)) = code_of(&known.gates, name, release) else {
        let registry = known.gates.newest_patch(release);
        let was_there = registry.is_some_and(|registry| {
            known.gates.registries().any(|other| other.release < registry.release && other.gates.contains_key(name))
        });
        return if was_there && !paged.page.removed { Wanted::Removed } else { Wanted::Nothing };
    };
    let Some(shown) = shown_at(paged, release).filter(|_| !paged.page.removed) else { return Wanted::Nothing };
    let is_last = paged.page.stages.last().is_some_and(|last| std::ptr::eq(last, shown));
    if shown.stage != state.spec.stage {
        let before = listed.specs.iter().filter(|spec| spec.since < state.spec.since).max_by_key(|spec| spec.since);
        let is_next = before.is_some_and(|before| before.stage == shown.stage);
        let follows = is_next && is_last && shown.to.is_none();
        return if follows && state.default.is_some() { Wanted::Stage(shown, state) } else { Wanted::Nothing };
    }
    match (shown.default, state.default) {
        (Some(page), Some(code)) if page != code => Wanted::Default(shown, code),
        _ => Wanted::Nothing,
    }
}

fn edits(text: &str, page: &GatePage, wanted: &Wanted<'_>) -> Vec<Edit> {
    match wanted {
        Wanted::Nothing => Vec::new(),
        Wanted::Removed => front_matter_end(text)
            .map(|end| Edit::new(Span::at(end), format!("removed: true{}", line_end(text))))
            .into_iter()
            .collect(),
        Wanted::Default(shown, is_on) => {
            let place = line_span(text, shown.default_at.line).and_then(|line| {
                let written = line.of(text);
                let old = if *is_on { "false" } else { "true" };
                let at = line.range().start + written.rfind(old)?;
                Some(Span::new(at, at + old.len()))
            });
            place.map(|span| Edit::new(span, is_on.to_string())).into_iter().collect()
        }
        Wanted::Stage(shown, state) => stage(text, page, shown, state),
    }
}

/// Ends the last stage, and adds the one that follows, written like the others.
fn stage(text: &str, page: &GatePage, shown: &PageStage, state: &State<'_>) -> Vec<Edit> {
    let (Some(first), Some(from)) = (line_span(text, shown.stage_at.line), line_span(text, shown.from_at.line)) else {
        return Vec::new();
    };
    let written = first.of(text);
    let dash = written.len() - written.trim_start().len();
    let (item, inner) = (" ".repeat(dash), " ".repeat(dash + 2));
    let end = line_end(text);
    let last = last_line_of_stages(text, page).unwrap_or(from.range().end);
    let since = state.spec.since;
    let before = Release { minor: since.minor.saturating_sub(1), ..since };
    let mut added = format!("{inner}toVersion: \"{}\"{end}", spelt(before));
    added.push_str(&format!("{item}- stage: {}{end}", state.spec.stage.word()));
    added.push_str(&format!("{inner}defaultValue: {}{end}", state.default.unwrap_or_default()));
    added.push_str(&format!("{inner}fromVersion: \"{}\"{end}", spelt(since)));
    if state.locked {
        added.push_str(&format!("{inner}locked: true{end}"));
    }
    vec![Edit::new(Span::at(last), added)]
}

/// Where the lines of the last stage end.
fn last_line_of_stages(text: &str, page: &GatePage) -> Option<usize> {
    let last = page.stages.last()?;
    let lines = [&last.stage_at, &last.from_at, &last.default_at].into_iter().map(|quote| quote.line).max()?;
    Some(line_span(text, lines)?.range().end + line_end(text).len()).filter(|end| *end <= text.len())
}

/// A line without its end.
fn line_span(text: &str, line: u32) -> Option<Span> {
    let index = (line as usize).checked_sub(1)?;
    let mut start = 0;
    for (at, whole) in text.split_inclusive('\n').enumerate() {
        if at == index {
            return Some(Span::new(start, start + whole.trim_end_matches(['\n', '\r']).len()));
        }
        start += whole.len();
    }
    None
}

/// Where the line begins that ends the front matter.
fn front_matter_end(text: &str) -> Option<usize> {
    let mut start = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if index > 0 && line.trim_end() == "---" {
            return Some(start);
        }
        start += line.len();
    }
    None
}

fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}
