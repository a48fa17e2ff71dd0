//! Findings that an author has allowed, with a reason.
//!
//! In YAML `# signoff: allow RULE (reason)` on a line or above it; in prose the same in an HTML
//! comment before a block. Without a reason the finding is hidden all the same, and the missing
//! reason is a finding of its own.

use std::borrow::Cow;
use std::sync::Arc;

use signoff_model::body::Body;
use signoff_model::metadata::Metadata;
use signoff_model::{Corpus, Finding, Proposal, Severity, Source, Span};

use super::{LooksAt, Rule, Run};
use crate::configuration::Configuration;

pub(super) static RULE: Rule = Rule {
    code: "suppression-unexplained",
    severity: Severity::Warning,
    page: include_str!("suppression_unexplained.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Elsewhere,
};

/// One permission.
struct Suppression {
    path: Arc<str>,
    rule: String,
    reason: bool,
    /// The comment itself.
    comment: Span,
    /// What it covers.
    covers: Span,
}

/// Removes the findings that are allowed, and reports permissions without a reason.
pub(super) fn apply(_corpus: &Corpus, proposal: &Proposal, findings: &mut Vec<Finding>, configuration: &Configuration) {
    let suppressions = find(proposal);
    if suppressions.is_empty() {
        return;
    }
    let allowed = |finding: &Finding| {
        let span = finding.span.unwrap_or_default();
        suppressions.iter().any(|suppression| {
            suppression.path == finding.path
                && suppression.rule == finding.rule
                && suppression.covers.start <= span.start
                && span.start <= suppression.covers.end
        })
    };
    findings.retain(|finding| !allowed(finding));
    if findings.iter().any(|finding| finding.rule == RULE.code) {
        return;
    }
    for suppression in suppressions.iter().filter(|suppression| !suppression.reason) {
        let level = configuration.level(RULE.code, &suppression.path);
        let Some(severity) = level.map_or(Some(RULE.severity), signoff_model::profile::Level::severity) else { return };
        findings.push(Finding {
            rule: Cow::Borrowed(RULE.code),
            severity,
            proposal: Some(Arc::clone(proposal.label())),
            path: Arc::clone(&suppression.path),
            span: Some(suppression.comment),
            message: format!("`{}` is allowed here without a reason", suppression.rule),
            help: Some(format!("say why: `signoff: allow {} (reason)`", suppression.rule)),
            fix: None,
        });
    }
}

fn find(proposal: &Proposal) -> Vec<Suppression> {
    let mut found = in_yaml(&proposal.source, &proposal.metadata);
    for record in &proposal.records {
        if let Ok(content) = &record.content {
            found.extend(in_yaml(&content.source, &content.metadata));
        }
    }
    if let Some(prose) = &proposal.prose {
        found.extend(in_prose(&prose.source, &prose.document.body));
    }
    found
}

/// The rule and whether there is a reason, if a comment's text is a permission.
fn parse(comment: &str) -> Option<(String, bool)> {
    let text = comment.trim_start_matches('#').trim_start_matches("<!--").trim_end_matches("-->").trim();
    let rest = text.strip_prefix("signoff:")?.trim_start().strip_prefix("allow")?.trim_start();
    let end =
        rest.find(|character: char| !(character.is_ascii_alphanumeric() || character == '-')).unwrap_or(rest.len());
    let (rule, behind) = rest.split_at(end);
    let reason = behind.trim().strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    (!rule.is_empty()).then(|| (rule.to_owned(), reason.is_some_and(|reason| !reason.trim().is_empty())))
}

fn in_yaml(source: &Source, metadata: &Metadata) -> Vec<Suppression> {
    let text = &source.text;
    let mut found = Vec::new();
    for comment in &metadata.comments {
        let Some((rule, reason)) = parse(comment.of(text)) else { continue };
        let line = source.line(comment.start);
        let own_line = text[source.line_start(line)..comment.start as usize].trim().is_empty();
        let mut covered = line;
        while own_line && covered == line || is_comment_line(source, covered) {
            covered += 1;
            if source.line_start(covered) >= text.len() {
                break;
            }
        }
        let covers = Span::new(source.line_start(line.min(covered)), source.line_start(covered + 1).saturating_sub(1));
        found.push(Suppression { path: Arc::clone(&source.path), rule, reason, comment: *comment, covers });
    }
    found
}

fn is_comment_line(source: &Source, line: usize) -> bool {
    source.text[source.line_start(line)..].lines().next().is_some_and(|text| text.trim_start().starts_with('#'))
}

fn in_prose(source: &Source, body: &Body) -> Vec<Suppression> {
    let text = &source.text;
    let mut found = Vec::new();
    for comment in &body.comments {
        let Some((rule, reason)) = parse(comment.of(text)) else { continue };
        let block = body.blocks.iter().find(|block| block.span.start >= comment.end).map(|block| block.span);
        let section = body.sections.iter().find(|section| section.heading.start >= comment.end);
        let heading = section.map(|section| section.heading.cover(section.content));
        // A permission before a heading covers the section's own text; else the block that follows.
        let covers = match (block, heading) {
            (Some(block), Some(heading)) if heading.start < block.start => heading,
            (Some(block), _) => block,
            (None, Some(heading)) => heading,
            (None, None) => *comment,
        };
        let first = body.sections.is_empty() || comment.end <= body.sections[0].heading.start;
        let covers = if first { Span { start: 0, end: covers.end } } else { covers };
        found.push(Suppression { path: Arc::clone(&source.path), rule, reason, comment: *comment, covers });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_read_in_both_syntaxes() {
        let cases = [
            ("# signoff: allow link-dead (moved to the archive)", Some(("link-dead", true))),
            ("<!-- signoff: allow link-dead (x) -->", Some(("link-dead", true))),
            ("# signoff: allow link-dead", Some(("link-dead", false))),
            ("# signoff: allow link-dead ( )", Some(("link-dead", false))),
            ("# allow link-dead", None),
            ("# signoff: allow", None),
        ];
        for (text, expected) in cases {
            let parsed = parse(text);
            assert_eq!(parsed.as_ref().map(|(rule, reason)| (rule.as_str(), *reason)), expected, "{text}");
        }
    }
}
