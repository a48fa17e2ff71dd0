//! `section-missing`: a section that the process requires is not there.

use std::cell::OnceCell;

use signoff_model::body::Section;
use signoff_model::profile::{Prepared, SectionRule};
use signoff_model::proposal::Prose;
use signoff_model::{Corpus, Proposal, Severity, Span, wording};

use super::sections::{best, headings_in_code, is_late, needed_by};
use super::{LooksAt, Report, Rule, Run};
use crate::condition::distance_within;

pub(super) static RULE: Rule = Rule {
    code: "section-missing",
    severity: Severity::Warning,
    page: include_str!("section_missing.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let Some(prose) = &proposal.prose else { return };
    let prepared = &corpus.prepared;
    let in_code = OnceCell::new();
    let rules = &prepared.profile.section;
    let document = &prose.document;
    if document.body.sections.is_empty() && document.body.blocks.is_empty() {
        report.prose(proposal, Span::at(0), "the prose is empty; it begins with the sections of the template");
        return;
    }
    let near = OnceCell::new();
    for (slot, rule) in rules.iter().enumerate() {
        if best(document, slot).is_some() || !report.requires(&rule.required, proposal) {
            continue;
        }
        let near = near.get_or_init(|| Near::of(prose));
        if near.has(rule) {
            continue;
        }
        let late = is_late(prepared, proposal, rule.since.as_deref());
        let since = rule.since.as_deref().filter(|_| late);
        let since = since.map(|since| format!(" (asked for since {since})")).unwrap_or_default();
        let message = format!("there is no section `{}`; {}{since}", rule.title, needed_by(corpus, proposal, rule));
        let above = rule.under.as_ref().and_then(|title| rules.iter().position(|rule| rule.title == *title));
        let place = above.and_then(|above| best(document, above)).map_or(Span::at(0), |above| above.section.heading);
        let found = report.prose(proposal, place, message).advice_if(late);
        if in_code
            .get_or_init(|| headings_in_code(&prose.source.text, &document.body))
            .contains(&wording::words(&rule.title))
        {
            found.help("a line with this heading stands in a code block; is a fence above it left open?");
        } else if let Some(section) = near.meant(prepared, rule) {
            let line = prose.source.line(section.heading.start);
            found.help(format!(
                "is `{}` (line {line}) meant? Then write the heading as the template does",
                section.title
            ));
        }
    }
}

/// The headings of a document without what authors put before and behind the template's words.
struct Near<'p> {
    sections: Vec<(&'p Section, String)>,
}

impl<'p> Near<'p> {
    fn of(prose: &'p Prose) -> Self {
        let bare = |section: &'p Section| (section, bare(&section.title));
        Self { sections: prose.document.body.sections.iter().map(bare).collect() }
    }

    /// Whether a heading is the section's but for a number before it or an explanation behind a colon.
    fn has(&self, rule: &SectionRule) -> bool {
        let names: Vec<String> = names(rule).collect();
        self.sections.iter().any(|(_, words)| names.contains(words))
    }

    /// A heading that may be meant for the section: it holds all of its words in a row, or is nearly the same.
    fn meant(&self, prepared: &Prepared, rule: &SectionRule) -> Option<&'p Section> {
        let names: Vec<String> = names(rule).filter(|name| name.len() >= NAME_MIN).collect();
        let others = || self.sections.iter().filter(|(section, _)| !prepared.sections.contains_key(&*section.words));
        // A single word, such as `tests`, stands in many headings; the title's own counts.
        let title = wording::words(&rule.title);
        let is_telling = |name: &str| name.contains(' ') || name == title;
        let holds = |words: &str| {
            let few = words.split(' ').count() <= WORDS_MAX;
            few && names.iter().filter(|name| is_telling(name)).any(|name| holds_words(words, name))
        };
        let alike = |words: &str| names.iter().any(|name| distance_within(words, name, EDITS_MAX).is_some());
        others()
            .find(|(_, words)| holds(words))
            .or_else(|| others().find(|(_, words)| alike(words)))
            .map(|(section, _)| *section)
    }
}

/// Whether a text of words holds all words of another in a row.
fn holds_words(words: &str, name: &str) -> bool {
    words.match_indices(name).any(|(at, _)| {
        let behind = &words[at + name.len()..];
        (at == 0 || words[..at].ends_with(' ')) && (behind.is_empty() || behind.starts_with(' '))
    })
}

/// Most words of a heading that may be meant for a section.
const WORDS_MAX: usize = 6;
/// Shortest heading, in letters, that others are compared with.
const NAME_MIN: usize = 5;
/// Most edits between a heading and the one that it is meant for.
const EDITS_MAX: usize = 2;

/// Every heading of a section, as words.
fn names(rule: &SectionRule) -> impl Iterator<Item = String> {
    std::iter::once(&rule.title).chain(&rule.aliases).map(|title| wording::words(title.trim_end_matches("(Optional)")))
}

/// The words of a heading without the number before it (`7.`, `2.1`) and what stands behind a colon.
fn bare(title: &str) -> String {
    let text = title.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ')');
    let text = if text.len() < title.len() && !text.starts_with(char::is_whitespace) { title } else { text };
    wording::words(text.split_once(':').map_or(text, |(name, _)| name))
}
