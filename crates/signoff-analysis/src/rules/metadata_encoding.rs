//! `metadata-encoding`: a file is not plain UTF-8 with line feeds.

use signoff_model::source::Encoding;
use signoff_model::{Corpus, Proposal, Severity, Span};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "metadata-encoding",
    severity: Severity::Warning,
    page: include_str!("metadata_encoding.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(_corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let text = &proposal.source.text;
    if let Some((span, severity, message)) = unusual(text, proposal.metadata.encoding) {
        report.metadata(proposal, span, message).severity(severity);
    }
    if let Some(prose) = &proposal.prose
        && prose.source.path != proposal.metadata_path
        && let Some((span, severity, message)) = unusual(&prose.source.text, prose.document.encoding)
    {
        report.prose(proposal, span, message).severity(severity);
    }
    for record in &proposal.records {
        if let Ok(content) = &record.content
            && let Some((span, severity, message)) = unusual(&content.source.text, content.metadata.encoding)
        {
            report.record(Some(proposal), record, span, message).severity(severity);
        }
    }
}

fn unusual(text: &str, encoding: Encoding) -> Option<(Span, Severity, String)> {
    match encoding {
        Encoding::Utf16 => Some((Span::at(0), Severity::Error, "the file is UTF-16; it must be UTF-8".to_owned())),
        Encoding::Invalid(at) => {
            let span = Span::new(at as usize, at as usize + char::REPLACEMENT_CHARACTER.len_utf8());
            Some((span, Severity::Error, "these bytes are not UTF-8".to_owned()))
        }
        Encoding::Utf8Mark => {
            let span = Span::new(0, '\u{feff}'.len_utf8());
            Some((
                span,
                Severity::Warning,
                "the file starts with a byte order mark, which some readers take for text".to_owned(),
            ))
        }
        Encoding::Utf8 => {
            let at = memchr::memchr(b'\r', text.as_bytes())?;
            let end = if text[at..].starts_with("\r\n") { "CR LF" } else { "CR alone" };
            let message = format!("lines end with {end}; they should end with LF");
            Some((Span::new(at, at + 1), Severity::Warning, message))
        }
    }
}
