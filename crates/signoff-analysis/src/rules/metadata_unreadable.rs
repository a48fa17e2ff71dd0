//! `metadata-unreadable`: a metadata file or companion cannot be read as the profile's syntax.

use signoff_model::metadata::Metadata;
use signoff_model::proposal::FileFault;
use signoff_model::yaml::{Fault, FaultKind};
use signoff_model::{Corpus, Finding, Proposal, Severity, Source, Span, source};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "metadata-unreadable",
    severity: Severity::Error,
    page: include_str!("metadata_unreadable.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let expected = &corpus.prepared.profile.layout.metadata;
    for fault in &proposal.file_faults {
        match fault {
            FileFault::MetadataMissing(None) => {
                let body = &corpus.prepared.profile.layout.body;
                let message =
                    format!("a folder with `{body}` is taken for a proposal, and this one has no `{expected}`");
                report
                    .file(Some(proposal), &proposal.metadata_path, message)
                    .help("without it no tool knows of the proposal; if this is none, give the file another name");
            }
            FileFault::MetadataUnreadable(error) if !matches!(error, signoff_model::tree::ReadError::TooLarge(_)) => {
                report.file(Some(proposal), &proposal.metadata_path, format!("the metadata cannot be read: {error}"));
            }
            _ => {}
        }
    }
    for flaw in faults(&proposal.metadata) {
        flaw.add_help(report.metadata(proposal, flaw.span, flaw.message.as_str()));
    }
    for span in fragile_lines(&proposal.source, &proposal.metadata, &corpus.prepared.profile.metadata.fragile_marks) {
        let message =
            format!("`{}` in a line makes old readers of this format drop the line", proposal.source.slice(span));
        report
            .metadata(proposal, span, message)
            .severity(Severity::Warning)
            .help("write another dash, such as `-` or an em dash");
    }
    if let Some(owners) = &proposal.owners
        && let Some(cause) = &owners.unread
    {
        super::tree::unread(Some(proposal), &owners.source, cause, report);
        report.begin(&RULE);
    }
    for record in &proposal.records {
        match &record.content {
            Ok(content) => {
                for flaw in faults(&content.metadata) {
                    flaw.add_help(report.record(Some(proposal), record, flaw.span, flaw.message.as_str()));
                }
            }
            Err(signoff_model::tree::ReadError::Missing | signoff_model::tree::ReadError::TooLarge(_)) => {}
            // Of a folder that cannot be listed that is said once.
            Err(_) if corpus.faults.iter().any(|fault| fault.hides(&record.path)) => {}
            Err(error) => {
                report.file(Some(proposal), &record.path, format!("the approval record cannot be read: {error}"));
            }
        }
    }
}

/// A place that cannot be read, and what to do about it.
pub(super) struct Flaw<'a> {
    pub(super) span: Span,
    pub(super) message: String,
    help: Option<&'a str>,
}

impl Flaw<'_> {
    pub(super) fn add_help(&self, found: &mut Finding) {
        if let Some(help) = self.help {
            found.help(help);
        }
    }
}

fn faults(metadata: &Metadata) -> Vec<Flaw<'_>> {
    let mut found: Vec<Flaw<'_>> = metadata.faults.iter().filter_map(flaw).collect();
    if !metadata.is_mapping {
        let message = "the file must be a mapping: lines of `key: value`".to_owned();
        found.push(Flaw { span: Span::at(0), message, help: None });
    }
    found
}

/// What to say about a fault; `None` for one that is another rule's business.
pub(super) fn flaw(fault: &Fault) -> Option<Flaw<'_>> {
    let (message, help) = match &fault.kind {
        FaultKind::Syntax(mistake) => (mistake.words.clone(), mistake.remedy.as_deref()),
        FaultKind::UnknownAlias => {
            let help = "for a text that starts with `*`, put it in quotes";
            ("the alias has no anchor before it".to_owned(), Some(help))
        }
        FaultKind::ComplexKey => ("a key must be a plain text".to_owned(), None),
        FaultKind::SecondDocument => ("a second document starts here; the file must hold one".to_owned(), None),
        FaultKind::DuplicateKey(..) | FaultKind::Limit(_) => return None,
    };
    Some(Flaw { span: fault.span, message, help })
}

/// The first mark in each line that old readers stumble over, in values and comments.
fn fragile_lines(source: &Source, metadata: &Metadata, marks: &[String]) -> Vec<Span> {
    let holds_documents = metadata.faults.iter().any(|fault| matches!(fault.kind, FaultKind::SecondDocument));
    if holds_documents || marks.iter().all(|mark| !source.text.contains(mark.as_str())) {
        return Vec::new();
    }
    let mark_in = |line: &str| {
        let inside = marks.iter().filter(|mark| line.trim() != **mark);
        inside.filter_map(|mark| Some((line.find(mark.as_str())?, mark.len()))).min()
    };
    let place = |line: &str| {
        let start = Span::of_slice(&source.text, line).range().start;
        mark_in(line).map(|(at, length)| Span::new(start + at, start + at + length))
    };
    source::lines(&source.text).filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<Span> {
        let metadata = signoff_model::metadata::from_yaml("", source::Encoding::Utf8);
        fragile_lines(&Source::new("kep.yaml", text), &metadata, &["---".to_owned()])
    }

    #[test]
    fn the_first_mark_of_each_line_is_fragile() {
        let text = "title: a --- b --- c\n---\n# ------\nx: y\n";
        let found: Vec<_> = places(text).into_iter().map(|span| span.range().start).collect();
        assert_eq!(found, [9, 27]);
    }

    /// Every mark was looked for from the start of its line: hours at this size.
    #[test]
    fn a_long_line_of_marks_is_looked_at_once() {
        assert_eq!(places(&"-".repeat(8_000_000)).len(), 1);
    }
}
