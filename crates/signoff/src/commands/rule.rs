//! `signoff rule`: what a rule is about, or all of them.

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use serde::Serialize;
use signoff_analysis::condition::nearest;
use signoff_analysis::rules::{RULES, Rule, rule};

use crate::cli::{Global, PlainFormat, RuleArgs};

/// One rule in JSON.
#[derive(Serialize)]
struct RuleOutput<'a> {
    schema: &'static str,
    code: &'a str,
    severity: &'a str,
    title: &'a str,
    page: &'a str,
}

/// All rules in JSON.
#[derive(Serialize)]
struct RulesOutput<'a> {
    schema: &'static str,
    rules: Vec<RuleOutput<'a>>,
}

/// Prints a rule's page, or the list.
pub fn run(_global: &Global, args: &RuleArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match &args.code {
        Some(code) => one(find(code)?, args.format, out)?,
        None => all(args.format, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn find(code: &str) -> anyhow::Result<&'static Rule> {
    if let Some(found) = rule(code) {
        return Ok(found);
    }
    match nearest(code, RULES.iter().map(|rule| rule.code)) {
        Some(near) => bail!("there is no rule `{code}`\ndid you mean `{near}`?"),
        None => bail!("there is no rule `{code}`\n`signoff rule` lists them all"),
    }
}

fn one(rule: &Rule, format: PlainFormat, out: &mut dyn Write) -> anyhow::Result<()> {
    match format {
        PlainFormat::Human => out.write_all(rule.page.as_bytes())?,
        PlainFormat::Json => {
            serde_json::to_writer(&mut *out, &output(rule))?;
            writeln!(out)?;
        }
    }
    Ok(())
}

fn all(format: PlainFormat, out: &mut dyn Write) -> anyhow::Result<()> {
    match format {
        PlainFormat::Human => {
            let width = RULES.iter().map(|rule| rule.code.len()).max().unwrap_or(0);
            for rule in RULES {
                writeln!(out, "{:width$}  {:7}  {}", rule.code, rule.severity.word(), title(rule))?;
            }
        }
        PlainFormat::Json => {
            let rules =
                RulesOutput { schema: "signoff.rules/1", rules: RULES.iter().map(|rule| output(rule)).collect() };
            serde_json::to_writer(&mut *out, &rules)?;
            writeln!(out)?;
        }
    }
    Ok(())
}

fn output(rule: &Rule) -> RuleOutput<'_> {
    RuleOutput {
        schema: "signoff.rule/1",
        code: rule.code,
        severity: rule.severity.word(),
        title: title(rule),
        page: rule.page,
    }
}

/// The first sentence of a rule's page.
fn title(rule: &Rule) -> &'static str {
    rule.page.lines().skip(1).find(|line| !line.trim().is_empty()).unwrap_or_default()
}
