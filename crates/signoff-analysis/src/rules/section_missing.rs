//! `section-missing`: a section that the process requires is not there.

use std::cell::OnceCell;

use rustc_hash::FxHashSet;
use signoff_model::body::Section;
use signoff_model::profile::{Prepared, SectionRule};
use signoff_model::proposal::Prose;
use signoff_model::spelling::distance_within;
use signoff_model::{Corpus, Proposal, Severity, Span, wording};

use super::sections::{best, headings_in_code, is_late, needed_by};
use super::{LooksAt, Report, Rule, Run};

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
    let best = best(prepared, document);
    for (slot, rule) in rules.iter().enumerate() {
        if best[slot].is_some() || !report.requires(&rule.required, proposal) {
            continue;
        }
        let near = near.get_or_init(|| Near::of(prepared, prose));
        if near.has(rule) {
            continue;
        }
        let late = is_late(prepared, proposal, rule.since.as_deref());
        let since = rule.since.as_deref().filter(|_| late);
        let since = since.map(|since| format!(" (asked for since {since})")).unwrap_or_default();
        let message = format!("there is no section `{}`; {}{since}", rule.title, needed_by(corpus, proposal, rule));
        let above = rule.under.as_ref().and_then(|title| rules.iter().position(|rule| rule.title == *title));
        let place = above.and_then(|above| best[above]).map_or(Span::at(0), |above| above.section.heading);
        let found = report.prose(proposal, place, message).advice_if(late);
        if in_code
            .get_or_init(|| headings_in_code(&prose.source.text, &document.body))
            .contains(&wording::words(&rule.title))
        {
            found.help("a line with this heading stands in a code block; is a fence above it left open?");
        } else if let Some(section) = near.meant(rule) {
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
    /// The words of every heading.
    all: FxHashSet<String>,
    /// Those that are no heading of a section, in file order.
    others: Vec<Heading<'p>>,
}

struct Heading<'p> {
    section: &'p Section,
    words: String,
    /// Whether it is short enough to be a section's name with a few words more.
    is_short: bool,
}

impl<'p> Near<'p> {
    fn of(prepared: &Prepared, prose: &'p Prose) -> Self {
        let mut near = Self { all: FxHashSet::default(), others: Vec::new() };
        for section in &prose.document.body.sections {
            let words = bare(&section.title);
            near.all.insert(words.clone());
            if !prepared.sections.contains_key(&*section.words) {
                let is_short = words.split(' ').count() <= WORDS_MAX;
                near.others.push(Heading { section, words, is_short });
            }
        }
        near
    }

    /// Whether a heading is the section's but for a number before it or an explanation behind a colon.
    fn has(&self, rule: &SectionRule) -> bool {
        names(rule).any(|name| self.all.contains(&name))
    }

    /// A heading that may be meant for the section: it holds all of its words in a row, or is nearly the same.
    fn meant(&self, rule: &SectionRule) -> Option<&'p Section> {
        let names: Vec<String> = names(rule).filter(|name| name.len() >= NAME_MIN).collect();
        // A single word, such as `tests`, stands in many headings; the title's own counts.
        let title = wording::words(&rule.title);
        let telling: Vec<&String> = names.iter().filter(|name| name.contains(' ') || **name == title).collect();
        let holds = |other: &&Heading<'_>| telling.iter().any(|name| holds_words(&other.words, name));
        let alike =
            |other: &&Heading<'_>| names.iter().any(|name| distance_within(&other.words, name, EDITS_MAX).is_some());
        let short = self.others.iter().filter(|other| other.is_short).find(holds);
        short.or_else(|| self.others.iter().find(alike)).map(|found| found.section)
    }
}

/// Whether a text of words holds all words of another in a row.
fn holds_words(words: &str, name: &str) -> bool {
    let mut rest = words;
    while rest.len() >= name.len() {
        if rest.strip_prefix(name).is_some_and(|behind| behind.is_empty() || behind.starts_with(' ')) {
            return true;
        }
        let Some((_, behind)) = rest.split_once(' ') else { return false };
        rest = behind;
    }
    false
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
