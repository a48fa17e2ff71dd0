//! What a rule is about: its page, or every rule in a line. For people, and as JSON.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::visible::visible;

/// A rule as it is explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code.
    pub code: String,
    /// The usual severity: `error`, `warning`, `info` or, for a rule of a profile, `off`.
    pub severity: &'static str,
    /// What the rule is about, in a sentence.
    pub title: String,
    /// The page: Markdown.
    pub page: String,
}

/// One rule.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RuleOutput")]
pub(crate) struct One<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.rule/1"))]
    schema: &'static str,
    /// The code.
    code: &'a str,
    /// The usual severity: `error`, `warning`, `info` or, for a rule of a profile, `off`.
    severity: &'a str,
    /// What the rule is about, in a sentence.
    title: &'a str,
    /// The page: Markdown.
    page: &'a str,
}

/// Every rule.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RulesOutput")]
pub(crate) struct All<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.rules/1"))]
    schema: &'static str,
    /// The rules: those of the program in the order of the reference, then those of the process.
    rules: Vec<One<'a>>,
}

impl<'a> From<&'a Rule> for One<'a> {
    fn from(rule: &'a Rule) -> Self {
        let Rule { code, severity, title, page } = rule;
        Self { schema: "signoff.rule/1", code, severity, title, page }
    }
}

/// Writes a rule's page.
///
/// # Errors
/// Those of the writer.
pub fn write_page(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(rule.page.as_bytes())
}

/// Writes a rule as `signoff.rule/1`.
///
/// # Errors
/// Those of the writer.
pub fn write_json(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    crate::write_json(&One::from(rule), out)
}

/// Writes every rule, each in a line.
///
/// # Errors
/// Those of the writer.
pub fn write_list(rules: &[Rule], out: &mut dyn Write) -> io::Result<()> {
    let width = rules.iter().map(|rule| rule.code.len()).max().unwrap_or(0);
    for Rule { code, severity, title, .. } in rules {
        writeln!(out, "{code:width$}  {severity:7}  {}", visible(title))?;
    }
    Ok(())
}

/// Writes every rule as `signoff.rules/1`.
///
/// # Errors
/// Those of the writer.
pub fn write_list_json(rules: &[Rule], out: &mut dyn Write) -> io::Result<()> {
    crate::write_json(&All { schema: "signoff.rules/1", rules: rules.iter().map(One::from).collect() }, out)
}
