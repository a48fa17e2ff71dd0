//! `metadata-unreadable`: a metadata file or companion cannot be read as the profile's syntax.

use signoff_model::metadata::Metadata;
use signoff_model::proposal::FileFault;
use signoff_model::yaml::FaultKind;
use signoff_model::{Corpus, Proposal, Severity, Source, Span};

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
    for (span, message) in faults(&proposal.metadata) {
        report.metadata(proposal, span, message);
    }
    for span in fragile_lines(&proposal.source, &proposal.metadata, &corpus.prepared.profile.metadata.fragile_marks) {
        let message =
            format!("`{}` in a line makes old readers of this format drop the line", proposal.source.slice(span));
        report
            .metadata(proposal, span, message)
            .severity(Severity::Warning)
            .help("write another dash, such as `-` or an em dash");
    }
    for record in &proposal.records {
        match &record.content {
            Ok(content) => {
                for (span, message) in faults(&content.metadata) {
                    report.record(Some(proposal), record, span, message);
                }
            }
            Err(signoff_model::tree::ReadError::Missing | signoff_model::tree::ReadError::TooLarge(_)) => {}
            Err(error) => {
                report.file(Some(proposal), &record.path, format!("the approval record cannot be read: {error}"));
            }
        }
    }
}

fn faults(metadata: &Metadata) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    for fault in &metadata.faults {
        let message = match &fault.kind {
            FaultKind::Syntax(words) => format!("this is not valid here: {words}"),
            FaultKind::UnknownAlias => "the alias has no anchor before it".to_owned(),
            FaultKind::ComplexKey => "a key must be a plain text".to_owned(),
            FaultKind::SecondDocument => "a second document starts here; the file must hold one".to_owned(),
            FaultKind::DuplicateKey(..) | FaultKind::Limit(_) => continue,
        };
        found.push((fault.span, message));
    }
    if !metadata.is_mapping {
        found.push((Span::at(0), "the file must be a mapping: lines of `key: value`".to_owned()));
    }
    found
}

/// Places of the marks that old readers stumble over, in values and comments.
fn fragile_lines(source: &Source, metadata: &Metadata, marks: &[String]) -> Vec<Span> {
    let mut found = Vec::new();
    for mark in marks {
        for (at, text) in source.text.match_indices(mark.as_str()) {
            let line_start = source.text[..at].rfind('\n').map_or(0, |end| end + 1);
            let line = source.text[line_start..].lines().next().unwrap_or_default();
            let inside = line.trim() != mark && !source.text[line_start..at].ends_with(mark.as_str());
            if inside && !metadata.faults.iter().any(|fault| matches!(fault.kind, FaultKind::SecondDocument)) {
                found.push(Span::new(at, at + text.len()));
            }
        }
    }
    found.dedup_by_key(|span| source.line(span.start));
    found
}
