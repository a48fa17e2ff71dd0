//! The lines of the template, and how they are told from those of an author.

use rustc_hash::{FxHashMap, FxHashSet};

use super::SectionSlot;
use super::prepared::{Beginnings, Prepared};
use crate::wording::{self, Normal, Unmarked};

/// Lines known by their [`wording::key`]s.
#[derive(Debug, Default)]
pub(super) struct TemplateLines {
    keys: FxHashSet<u64>,
    beginnings: FxHashSet<u16>,
    section_beginnings: Beginnings<3>,
}

impl TemplateLines {
    pub(super) fn new(sections: &FxHashMap<Box<str>, SectionSlot>) -> Self {
        Self { section_beginnings: Beginnings::of(sections.keys().map(|words| &**words)), ..Self::default() }
    }

    pub(super) fn insert(&mut self, key: u64) {
        self.keys.insert(key);
        self.beginnings.insert((key & 0xFFFF) as u16);
    }

    fn contains(&self, normal: &[u8]) -> bool {
        self.keys.contains(&wording::key(normal))
    }

    fn has_beginning(&self, beginning: u16) -> bool {
        self.beginnings.contains(&beginning)
    }
}

/// Tells the lines of a document: which are the template's, which the author's.
pub struct LineReader<'p> {
    prepared: &'p Prepared,
    /// The line at hand.
    normal: Normal,
}

impl<'p> LineReader<'p> {
    /// A reader of many lines.
    #[must_use]
    pub fn new(prepared: &'p Prepared) -> Self {
        Self { prepared, normal: Normal::default() }
    }

    /// Whether a line says something that no version of the template says.
    ///
    /// A heading of the template is template text as a heading only: `Unit tests.` is an answer.
    pub fn is_own(&mut self, text: &str) -> bool {
        if text.trim_ascii_start().is_empty() {
            return false;
        }
        !self.may_be_template(text) || !(self.normal.bytes().is_empty() || self.is_template(text))
    }

    /// Whether a comment's line is the template's, and long enough to be nobody else's.
    pub fn is_template_comment(&mut self, text: &str) -> bool {
        const LENGTH_MIN: usize = 16;
        self.may_be_template(text)
            && self.normal.bytes().len() >= LENGTH_MIN
            && self.prepared.template_lines.contains(self.normal.bytes())
    }

    /// Whether no line of the template begins like this one, so that neither it nor what it begins can be one.
    pub fn begins_unlike_template(&mut self, text: &str) -> bool {
        let mut is_known = true;
        self.normal.read(Unmarked::of(text), |beginning| {
            is_known = self.prepared.template_lines.has_beginning(beginning);
            false
        });
        !is_known
    }

    /// Normalises a line; false when its beginning tells already that no template has it.
    fn may_be_template(&mut self, text: &str) -> bool {
        self.normal.read(Unmarked::of(text), |beginning| self.prepared.template_lines.has_beginning(beginning))
    }

    /// Whether the line at hand, written as `text`, is the template's.
    fn is_template(&self, text: &str) -> bool {
        let normal = self.normal.bytes();
        let known = self.prepared.template_lines.contains(normal)
            || normal.strip_suffix(b":").is_some_and(|normal| self.prepared.template_lines.contains(normal));
        known && (text.trim_start().starts_with('#') || !self.is_section())
    }

    /// Whether the line at hand has the words of a section's heading.
    fn is_section(&self) -> bool {
        let normal = std::str::from_utf8(self.normal.bytes()).unwrap_or_default();
        self.prepared.template_lines.section_beginnings.may_begin(normal)
            && self.prepared.sections.contains_key(wording::words(normal).as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Profile, SectionRule};
    use super::*;

    #[test]
    fn a_templates_heading_is_template_text_as_a_heading_only() {
        let section = SectionRule { title: "Unit tests".to_owned(), ..SectionRule::default() };
        let mut prepared = Prepared::new(Profile { section: vec![section], ..Profile::default() });
        prepared.add_template("##### Unit tests\nDescribe them.\n");
        let cases = [
            ("##### Unit tests", false),
            ("Unit tests.", true),
            ("- Describe them", false),
            ("**Describe** them:", false),
            ("Describe them all", true),
            ("  ", false),
            ("-", false),
            ("", false),
        ];
        let mut reader = LineReader::new(&prepared);
        for (text, expected) in cases {
            assert_eq!(reader.is_own(text), expected, "{text:?}");
        }
    }
}
