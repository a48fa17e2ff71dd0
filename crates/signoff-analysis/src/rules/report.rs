//! Where rules put what they found.

use std::borrow::Cow;
use std::sync::Arc;

use signoff_model::companion::Record;
use signoff_model::profile::Required;
use signoff_model::{Corpus, Finding, Proposal, Severity, Source, Span};

use super::Rule;
use super::answers::required::RequiredAnswers;
use crate::condition::Conditions;

/// Collects the findings of one proposal, or of a rule that looks at all of them.
pub struct Report<'a> {
    proposal: Option<&'a Proposal>,
    conditions: &'a Conditions<'a>,
    rule: Cow<'static, str>,
    severity: Severity,
    findings: Vec<Finding>,
    /// The answers that the proposal's stage requires.
    pub(super) answers: RequiredAnswers<'a>,
}

impl<'a> Report<'a> {
    pub(super) fn new(corpus: &'a Corpus, proposal: Option<&'a Proposal>, conditions: &'a Conditions<'a>) -> Self {
        let answers = RequiredAnswers::of(corpus, proposal);
        Self { proposal, conditions, rule: Cow::Borrowed(""), severity: Severity::Info, findings: Vec::new(), answers }
    }

    /// What follows is found by this rule.
    pub(super) fn begin(&mut self, rule: &Rule) {
        self.begin_as(Cow::Borrowed(rule.code), rule.severity);
    }

    /// What follows is found by a rule of the profile.
    pub(super) fn begin_as(&mut self, code: Cow<'static, str>, severity: Severity) {
        self.rule = code;
        self.severity = severity;
    }

    pub(super) fn finish(self) -> Vec<Finding> {
        self.findings
    }

    /// Whether a condition of the profile holds for a proposal.
    #[must_use]
    pub fn holds(&self, condition: &str, proposal: &Proposal) -> bool {
        self.conditions.hold(condition, proposal)
    }

    /// Whether something is required of a proposal.
    #[must_use]
    pub fn requires(&self, required: &Required, proposal: &Proposal) -> bool {
        match required {
            Required::Always(always) => *always,
            Required::When(condition) => self.holds(condition, proposal),
        }
    }

    /// Reports a flaw at a place in a proposal's metadata.
    pub fn metadata(&mut self, proposal: &Proposal, span: Span, message: impl Into<String>) -> &mut Finding {
        self.push(Some(proposal), Arc::clone(&proposal.metadata_path), Some(span), message.into())
    }

    /// Reports that something is missing in a proposal's metadata: line 1 stands for it.
    pub fn missing(&mut self, proposal: &Proposal, message: impl Into<String>) -> &mut Finding {
        self.metadata(proposal, Span::at(0), message)
    }

    /// Reports a flaw at a place in a proposal's prose, or in its metadata when it has none.
    pub fn prose(&mut self, proposal: &Proposal, span: Span, message: impl Into<String>) -> &mut Finding {
        match &proposal.prose {
            Some(prose) => self.push(Some(proposal), Arc::clone(&prose.source.path), Some(span), message.into()),
            None => self.missing(proposal, message),
        }
    }

    /// Reports a flaw at a place in a companion.
    pub fn record(
        &mut self,
        proposal: Option<&Proposal>,
        record: &Record,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.push(proposal, Arc::clone(&record.path), Some(span), message.into())
    }

    /// Reports a flaw of a file as a whole.
    pub fn file(&mut self, proposal: Option<&Proposal>, path: &Arc<str>, message: impl Into<String>) -> &mut Finding {
        self.push(proposal, Arc::clone(path), None, message.into())
    }

    /// Reports a flaw at a place in any other file.
    pub fn place(
        &mut self,
        proposal: Option<&Proposal>,
        source: &Source,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.push(proposal, Arc::clone(&source.path), Some(span), message.into())
    }

    fn push(
        &mut self,
        proposal: Option<&Proposal>,
        path: Arc<str>,
        span: Option<Span>,
        message: String,
    ) -> &mut Finding {
        let number = proposal.or(self.proposal).map(|proposal| Arc::clone(proposal.label()));
        let found = Finding::new(self.rule.clone(), self.severity, path, span, message);
        self.findings.push(Finding { proposal: number, ..found });
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }
}

/// Most names that a list shows.
const NAMES_MAX: usize = 10;

/// Names for a message: the first ten, and how many more there are.
pub(super) fn listed<'n>(mut names: impl Iterator<Item = &'n str>) -> String {
    let shown: Vec<&str> = names.by_ref().take(NAMES_MAX).collect();
    match names.count() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
