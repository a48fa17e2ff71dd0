//! Headings: their levels, ids and links.

use signoff_model::Span;
use signoff_model::body::Section;

use super::Writer;
use crate::document::links;
use crate::document::{Heading, Surroundings};
use crate::escape;

/// Deepest headings that are links to themselves.
pub(super) const LINKED_DEPTH: u8 = 2;

impl<'a, S: Surroundings> Writer<'a, S> {
    pub(super) fn start_heading(&mut self, level: u8, span: Span) {
        let section = self.section(span.start);
        if section.is_some_and(|section| self.is_contents(section)) {
            self.skips_heading = true;
            return;
        }
        let line = self.source.line(span.start);
        let anchor = section.map_or_else(|| format!("line-{line}"), |section| section.anchor.to_string());
        let id = self.own_id(&anchor);
        let is_title = self.has_title && section.is_some_and(|own| std::ptr::eq(own, &raw const self.body.sections[0]));
        if is_title {
            self.rendered.title = Some(self.rendered.blocks.len());
        }
        let depth = if is_title { 1 } else { self.depth(level) };
        let mut attributes = String::new();
        escape::attribute(&mut attributes, "id", &id);
        self.elements.open(heading_tag(self.setting.heading_level, depth), &attributes);
        self.heading_start = self.elements.out.len();
        self.heading = Some(Heading { depth: if is_title { 0 } else { depth }, text: String::new(), id, line });
    }

    pub(super) fn end_heading(&mut self) {
        let Some(mut heading) = self.heading.take() else { return self.elements.close() };
        heading.text = escape::plain(heading.text.trim());
        self.elements.close_authors();
        self.permalink(&heading);
        self.elements.close();
        self.elements.out.push('\n');
        if heading.depth > 0 {
            self.rendered.contents.push(heading);
        }
    }

    /// Makes the words of a heading the link that leads here, unless one of them is a link of its own.
    ///
    /// There are many headings of the lower levels: their links would be a thirtieth of a site, and a script adds them.
    pub(super) fn permalink(&mut self, heading: &Heading) {
        if heading.depth > LINKED_DEPTH {
            return;
        }
        let mut link = String::from("<a");
        escape::attribute(&mut link, "href", &format!("#{}", heading.id));
        // The box of a task takes the place of a heading around it.
        let split = self.elements.out.split_at_checked(self.heading_start);
        let words = split.filter(|(before, _)| before.ends_with(&format!("id=\"{}\">", heading.id)));
        if words.is_none_or(|(_, words)| words.is_empty() || words.contains("<a")) {
            escape::attribute(&mut link, "aria-label", &format!("Link to {}", heading.text));
            self.elements.inline(&format!(" {link}>#</a>"));
        } else {
            self.elements.out.insert_str(self.heading_start, &format!("{link}>"));
            self.elements.out.push_str("</a>");
        }
    }

    /// The section whose heading begins at a place; places come in order.
    pub(super) fn section(&mut self, at: u32) -> Option<&'a Section> {
        let sections = &self.body.sections[self.next_section..];
        self.next_section += sections.iter().take_while(|section| section.heading.start < at).count();
        let section = self.body.sections.get(self.next_section).filter(|section| section.heading.start == at)?;
        self.next_section += 1;
        Some(section)
    }

    /// Whether a section holds nothing but the contents that are left out.
    pub(super) fn is_contents(&self, section: &Section) -> bool {
        let Some(contents) = self.body.contents.filter(|contents| contents.close.is_some()) else { return false };
        let end = contents.close.map_or(0, |close| close.end);
        let text = &self.source.text;
        let before = Span { start: section.content.start, end: contents.open.start };
        let after = Span { start: end, end: section.content.end };
        section.extent == section.content
            && section.content.contains(contents.open)
            && section.content.end >= end
            && before.of(text).trim().is_empty()
            && after.of(text).trim().is_empty()
    }

    /// How deep a heading of this level stands, without gaps.
    pub(super) fn depth(&mut self, level: u8) -> u8 {
        while self.levels.pop_if(|above| *above >= level).is_some() {}
        self.levels.push(level);
        u8::try_from(self.levels.len()).unwrap_or(u8::MAX)
    }

    /// The id of an anchor, told from an equal one by a number at its end.
    pub(super) fn own_id(&mut self, anchor: &str) -> String {
        let plain = links::id(anchor);
        let mut id = plain.clone();
        let mut next = 1;
        while !self.ids.insert(id.clone()) {
            id = format!("{plain}-{next}");
            next += 1;
        }
        id
    }
}

pub(super) fn heading_tag(highest: u8, depth: u8) -> &'static str {
    const TAGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];
    let level = usize::from(highest.max(1)) + usize::from(depth.max(1)) - 2;
    TAGS[level.min(TAGS.len() - 1)]
}
