//! What `check` reports.

use std::borrow::Cow;
use std::sync::Arc;

use crate::edit::Edit;
use crate::span::Span;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Advice.
    Info,
    /// Something a person should look at.
    Warning,
    /// A fault.
    Error,
}

impl Severity {
    /// The word of the contract.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A flaw, its place, and perhaps how to mend it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Code of the rule.
    pub rule: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// Number of the proposal, if the finding belongs to one.
    pub proposal: Option<Arc<str>>,
    /// File, relative to the repository.
    pub path: Arc<str>,
    /// Place in the file; `None` for a finding about the whole file.
    pub span: Option<Span>,
    /// What is wrong and what would be right.
    pub message: String,
    /// What to do, if the message does not say it.
    pub help: Option<String>,
    /// A certain repair.
    pub fix: Option<Fix>,
}

/// A repair that is certain: applying it never changes what the author meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// The edits, all in the finding's file.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that replaces one span.
    #[must_use]
    pub fn replace(title: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        Self { title: title.into(), edits: vec![Edit::new(span, replacement)] }
    }
}

impl Finding {
    /// Adds what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a certain repair.
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.fix = Some(fix);
        self
    }

    /// Replaces the rule's own severity.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Lowers the severity to advice when `late`: the rule came after the proposal was accepted.
    pub fn advice_if(&mut self, late: bool) -> &mut Self {
        if late {
            self.severity = Severity::Info;
        }
        self
    }
}
