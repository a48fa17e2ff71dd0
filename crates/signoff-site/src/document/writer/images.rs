//! Links and images.

use pulldown_cmark::{Event, Tag};

use super::Writer;
use crate::document::Surroundings;
use crate::document::links::{Lead, Picture};
use crate::escape;

/// An image whose text is being read.
pub(super) struct Image {
    pub(super) target: String,
    pub(super) title: String,
    pub(super) text: String,
    /// How many images are open.
    pub(super) depth: u32,
}

impl<S: Surroundings> Writer<'_, S> {
    pub(super) fn start_link(&mut self, target: &str, title: &str) {
        self.links_open += 1;
        let mut attributes = String::new();
        lead_attributes(&mut attributes, &self.links.lead(target), title);
        self.elements.open_link(&attributes);
    }

    pub(super) fn start_image(&mut self, target: &str, title: &str) {
        let image = Image { target: target.to_owned(), title: title.to_owned(), text: String::new(), depth: 1 };
        self.image = Some(image);
    }

    pub(super) fn end_image(&mut self) {
        let Some(image) = &mut self.image else { return };
        image.depth -= 1;
        if image.depth == 0
            && let Some(image) = self.image.take()
        {
            self.image(&image.target, &image.text, &image.title, "");
        }
    }

    /// Shows an image of the repository; one of another place is a link with its text.
    pub(super) fn image(&mut self, target: &str, text: &str, title: &str, size: &str) {
        let text = escape::plain(text);
        match self.links.picture(target) {
            Picture::Own { path, address } => {
                let mut html = String::from("<img");
                escape::attribute(&mut html, "src", &address);
                escape::attribute(&mut html, "alt", &text);
                if !title.is_empty() {
                    escape::attribute(&mut html, "title", title);
                }
                html.push_str(size);
                html.push_str(" loading=\"lazy\">");
                self.elements.inline(&html);
                if !self.rendered.images.contains(&path) {
                    self.rendered.images.push(path);
                }
            }
            Picture::Elsewhere(lead) => {
                let name = target.rsplit('/').find(|part| !part.is_empty()).unwrap_or("image");
                let shown = if text.trim().is_empty() { name } else { &*text };
                let mut attributes = String::from(" class=\"image");
                if matches!(lead, Lead::Nowhere(_)) {
                    attributes.push_str(" dead");
                }
                attributes.push('"');
                address_attributes(&mut attributes, &lead, title);
                self.elements.open_link(&attributes);
                self.elements.text(shown);
                self.elements.close();
            }
        }
    }
}

pub(super) fn lead_attributes(out: &mut String, lead: &Lead, title: &str) {
    if matches!(lead, Lead::Nowhere(_)) {
        out.push_str(" class=\"dead\"");
    }
    address_attributes(out, lead, title);
}

pub(super) fn address_attributes(out: &mut String, lead: &Lead, title: &str) {
    let title = match lead {
        Lead::To(address) | Lead::Out(address) => {
            escape::attribute(out, "href", address);
            title
        }
        Lead::Nowhere(reason) => return escape::attribute(out, "title", &format!("Leads nowhere: {reason}")),
    };
    if !title.is_empty() {
        escape::attribute(out, "title", title);
    }
}

impl Image {
    pub(super) fn add(&mut self, event: &Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.text.push_str(text),
            Event::SoftBreak | Event::HardBreak => self.text.push(' '),
            Event::Start(Tag::Image { .. }) => self.depth += 1,
            _ => {}
        }
    }
}
