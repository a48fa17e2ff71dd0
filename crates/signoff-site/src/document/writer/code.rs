//! Code, and the fences that the model found.

use pulldown_cmark::{CodeBlockKind, CowStr};
use signoff_model::Span;
use signoff_model::comment::{HiddenKind, SHOWN_FENCE};
use std::ops::Range;

use super::Writer;
use crate::document::{Script, Surroundings, fence, highlight};
use crate::escape;

/// A code block that is being read.
pub(super) struct Code {
    pub(super) language: String,
    pub(super) text: String,
}

impl<S: Surroundings> Writer<'_, S> {
    pub(super) fn inline_code(&mut self, code: &CowStr<'_>) {
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(code);
        }
        self.elements.open("code", "");
        self.elements.text(code);
        self.elements.close();
    }

    pub(super) fn start_code(&mut self, kind: CodeBlockKind<'_>) {
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or_default().to_lowercase(),
            CodeBlockKind::Indented => String::new(),
        };
        self.code = Some(Code { language, text: String::new() });
    }

    /// Writes a code block of the Markdown reader's. Fences that stand indented in it are blocks of their own.
    pub(super) fn end_code(&mut self, range: &Range<usize>) {
        let Some(code) = self.code.take() else { return };
        if !code.text.contains(SHOWN_FENCE) {
            return self.code_block(&code.language, &code.text);
        }
        let span = self.places.span(range.clone());
        let first = self.hidden.partition_point(|part| part.span.start < span.start);
        let mut fences = self.hidden[first..].iter().filter(|part| part.kind == HiddenKind::Fence);
        let mut plain = String::new();
        for line in code.text.split_inclusive('\n') {
            let fence = if line.trim() == SHOWN_FENCE { fences.next() } else { None };
            match fence {
                Some(fence) => {
                    self.code_block(&code.language, &std::mem::take(&mut plain));
                    self.fence(fence.span);
                }
                None => plain.push_str(line),
            }
        }
        self.code_block(&code.language, &plain);
    }

    pub(super) fn code_block(&mut self, language: &str, code: &str) {
        if code.trim().is_empty() {
            return;
        }
        if language == "mermaid" {
            return self.diagram(code);
        }
        let mut html = String::with_capacity(code.len() * 3 / 2 + 40);
        html.push_str("<pre tabindex=\"0\"><code>");
        // A browser drops a line's end that stands first.
        if code.starts_with('\n') {
            html.push('\n');
        }
        highlight::write(&mut html, language, code);
        html.push_str("</code></pre>\n");
        self.elements.block(&html);
    }

    pub(super) fn diagram(&mut self, code: &str) {
        let mut html = String::from("<pre class=\"mermaid\" data-diagram=\"mermaid\" tabindex=\"0\">");
        escape::text(&mut html, code);
        html.push_str("</pre>\n");
        self.elements.block(&html);
        if self.rendered.scripts.is_empty() {
            self.rendered.scripts.push(Script::Mermaid);
        }
    }

    /// Writes a fence of the model's.
    pub(super) fn fence(&mut self, span: Span) {
        let text = &self.source.text;
        let line = text[..span.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
        let fence = fence::read(&text[line..span.start as usize], span.of(text));
        self.code_block(&fence.language, &fence.code);
        self.block_end = self.block_end.max(span.end);
    }
}
