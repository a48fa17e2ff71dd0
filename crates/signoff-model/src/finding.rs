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

/// Most characters of a message or a help.
const TEXT_MAX: usize = 500;
/// Most characters of a value that a message or a help quotes.
const QUOTED_MAX: usize = 200;

/// A message or help of a length that a reader can bear: quoted values and the whole are cut where they are long.
#[must_use]
pub fn bounded(text: String) -> String {
    if text.len() <= QUOTED_MAX {
        return text;
    }
    let mut short = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            short.push('`');
        }
        short.push_str(&cut(part, if index % 2 == 1 { QUOTED_MAX } else { TEXT_MAX }));
        if short.len() > 4 * TEXT_MAX {
            break;
        }
    }
    cut(&short, TEXT_MAX).into_owned()
}

fn cut(text: &str, characters: usize) -> Cow<'_, str> {
    match text.char_indices().nth(characters) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

impl Finding {
    /// A flaw without help or repair.
    #[must_use]
    pub fn new(
        rule: impl Into<Cow<'static, str>>,
        severity: Severity,
        path: Arc<str>,
        span: Option<Span>,
        message: String,
    ) -> Self {
        let (rule, message) = (rule.into(), bounded(message));
        Self { rule, severity, proposal: None, path, span, message, help: None, fix: None }
    }

    /// Adds what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(bounded(help.into()));
        self
    }

    /// Adds a certain repair.
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.fix = Some(Fix { title: bounded(fix.title), ..fix });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_where_they_are_long() {
        let long = "ä".repeat(100_000);
        let cases = [
            ("short `a`".to_owned(), "short `a`".to_owned()),
            (format!("unknown `{long}`; use `b`"), format!("unknown `{}…`; use `b`", "ä".repeat(QUOTED_MAX))),
            (long.clone(), format!("{}…", "ä".repeat(TEXT_MAX))),
        ];
        for (text, expected) in cases {
            assert_eq!(bounded(text), expected);
        }
        assert_eq!(bounded("`a` ".repeat(100_000)).chars().count(), TEXT_MAX + 1);
    }
}
