//! Findings that an author has allowed, with a reason.
//!
//! In YAML `# signoff: allow RULE (reason)` on a line or above it; in prose the same in an HTML
//! comment before a block. Without a reason the finding is hidden all the same, and the missing
//! reason is a finding of its own.

use std::sync::Arc;

use rustc_hash::FxHashMap;
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
    let permissions = Permissions::of(&suppressions);
    findings.retain(|finding| !permissions.cover(finding));
    if findings.iter().any(|finding| finding.rule == RULE.code) {
        return;
    }
    for suppression in suppressions.iter().filter(|suppression| !suppression.reason) {
        let level = configuration.level(RULE.code, &suppression.path);
        let Some(severity) = level.map_or(Some(RULE.severity), signoff_model::profile::Level::severity) else { return };
        let message = format!("`{}` is allowed here without a reason", suppression.rule);
        let mut found =
            Finding::new(RULE.code, severity, Arc::clone(&suppression.path), Some(suppression.comment), message);
        found.help(format!("say why: `signoff: allow {} (reason)`", suppression.rule));
        findings.push(Finding { proposal: Some(Arc::clone(proposal.label())), ..found });
    }
}

/// The permissions of a proposal, so that a finding costs one look-up however many there are.
struct Permissions<'a> {
    /// By file and rule: where each permission starts, and the farthest end of those up to it.
    covered: FxHashMap<(&'a str, &'a str), Vec<(u32, u32)>>,
}

impl<'a> Permissions<'a> {
    fn of(suppressions: &'a [Suppression]) -> Self {
        let mut covered: FxHashMap<(&str, &str), Vec<(u32, u32)>> = FxHashMap::default();
        for suppression in suppressions {
            let places = covered.entry((&*suppression.path, suppression.rule.as_str())).or_default();
            places.push((suppression.covers.start, suppression.covers.end));
        }
        for places in covered.values_mut() {
            places.sort_unstable();
            let mut farthest = 0;
            for (_, end) in places {
                farthest = farthest.max(*end);
                *end = farthest;
            }
        }
        Self { covered }
    }

    /// Whether a finding starts where its rule is allowed to find something.
    fn cover(&self, finding: &Finding) -> bool {
        let Some(places) = self.covered.get(&(&*finding.path, &*finding.rule)) else { return false };
        let start = finding.span.unwrap_or_default().start;
        let before = places.partition_point(|(from, _)| *from <= start);
        before > 0 && start <= places[before - 1].1
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

/// How a permission begins.
const PREFIX: &str = "signoff:";

/// The rule and whether there is a reason, if a comment's text is a permission.
fn parse(comment: &str) -> Option<(String, bool)> {
    // Hardly a comment is one, which its first letters show.
    if !comment.trim_start_matches(['#', '<', '!', '-']).trim_start().starts_with(PREFIX) {
        return None;
    }
    let text = comment.trim_start_matches('#').trim_start_matches("<!--").trim_end_matches("-->").trim();
    let rest = text.strip_prefix(PREFIX)?.trim_start().strip_prefix("allow")?.trim_start();
    let end =
        rest.find(|character: char| !(character.is_ascii_alphanumeric() || character == '-')).unwrap_or(rest.len());
    let (rule, behind) = rest.split_at(end);
    let reason = behind.trim().strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    (!rule.is_empty()).then(|| (rule.to_owned(), reason.is_some_and(|reason| !reason.trim().is_empty())))
}

fn in_yaml(source: &Source, metadata: &Metadata) -> Vec<Suppression> {
    let text = &source.text;
    let mut found = Vec::new();
    // From the last to the first, so that the line which a block of comments stands above is known.
    let mut below: Option<(usize, usize)> = None;
    for comment in metadata.comments.iter().rev() {
        let line = source.line(comment.start);
        let own_line = text[source.line_start(line)..comment.start as usize].trim().is_empty();
        let covered = match below {
            _ if !own_line => line,
            Some((next, covered)) if next == line + 1 => covered,
            _ => line + 1,
        };
        if own_line {
            below = Some((line, covered));
        }
        let Some((rule, reason)) = parse(comment.of(text)) else { continue };
        let covers = Span::new(source.line_start(line), source.line_start(covered + 1).saturating_sub(1));
        found.push(Suppression { path: Arc::clone(&source.path), rule, reason, comment: *comment, covers });
    }
    found.reverse();
    found
}

fn in_prose(source: &Source, body: &Body) -> Vec<Suppression> {
    let text = &source.text;
    let mut found = Vec::new();
    for comment in &body.comments {
        let Some((rule, reason)) = parse(comment.of(text)) else { continue };
        let block = body.blocks.partition_point(|block| block.span.start < comment.end);
        let section = body.sections.partition_point(|section| section.heading.start < comment.end);
        let block = body.blocks.get(block).map(|block| block.span);
        let heading = body.sections.get(section).map(|section| section.heading.cover(section.content));
        // A permission before a heading covers the section's own text; else the block that follows.
        let covers = match (block, heading) {
            (Some(block), Some(heading)) if heading.start < block.start => heading,
            (Some(block), _) => block,
            (None, Some(heading)) => heading,
            (None, None) => *comment,
        };
        let first = section == 0;
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

    /// Each line was compared with all below it, and each finding with each permission: hours at this size.
    #[test]
    fn many_permissions_are_read_once() {
        let mut text = String::from("title: x\n");
        for _ in 0..400_000 {
            text.push_str("# signoff: allow date-invalid (x)\n");
        }
        text.push_str("status: y\n");
        let metadata = signoff_model::metadata::from_yaml(&text, signoff_model::source::Encoding::Utf8);
        let source = Source::new("kep.yaml", text.as_str());
        let found = in_yaml(&source, &metadata);
        assert_eq!(found.len(), 400_000);
        let last = source.position(found[0].covers.end);
        assert_eq!((last.line, found[399_999].covers.end), (400_002, found[0].covers.end));
        let permissions = Permissions::of(&found);
        let finding = |at: usize| {
            let span = Span::at(at);
            Finding::new("date-invalid", Severity::Error, Arc::clone(&source.path), Some(span), String::new())
        };
        let covered = (0..400_000).filter(|line| permissions.cover(&finding(source.line_start(line + 1)))).count();
        assert_eq!(covered, 399_999, "all but the first line, which stands above them");
    }

    #[test]
    fn many_permissions_in_prose_are_read_once() {
        let text = format!("# H\n\n{}", "<!-- signoff: allow link-dead (x) -->\n\nText.\n\n".repeat(100_000));
        let body = signoff_model::body::parse(&text, 0);
        let found = in_prose(&Source::new("README.md", text.as_str()), &body);
        assert_eq!(found.len(), 100_000);
        assert!(found.iter().all(|one| one.covers.of(&text).trim() == "Text."));
    }
}
