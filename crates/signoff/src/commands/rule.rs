//! `signoff rule`: what a rule is about, or all of them.

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::condition::nearest;
use signoff_analysis::profiles::{self, EMBEDDED};
use signoff_analysis::rules::RULES;
use signoff_model::Profile;

use crate::cli::{Global, PlainFormat, RuleArgs};
use crate::reference::declared;
use crate::repository::Repository;

/// One rule.
#[derive(Serialize, JsonSchema)]
pub(crate) struct RuleOutput {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.rule/1"))]
    schema: &'static str,
    /// The code.
    code: String,
    /// The usual severity: `error`, `warning`, `info` or, for a rule of a profile, `off`.
    severity: &'static str,
    /// What the rule is about, in a sentence.
    title: String,
    /// The page: Markdown.
    page: String,
}

/// Every rule.
#[derive(Serialize, JsonSchema)]
pub(crate) struct RulesOutput {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.rules/1"))]
    schema: &'static str,
    /// The rules: those of the program in the order of the reference, then those of the process.
    rules: Vec<RuleOutput>,
}

/// Prints a rule's page, or the list.
pub fn run(global: &Global, args: &RuleArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let mut rules = built_in();
    let process = process(global)?;
    rules.extend(process.iter().flat_map(|profile| of_profiles(std::slice::from_ref(profile))));
    match &args.code {
        Some(code) => one(&find(rules, code)?, args.format, out)?,
        None => all(rules, args.format, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The process of the repository; outside of one there is none, unless the options name one.
fn process(global: &Global) -> anyhow::Result<Option<Profile>> {
    match Repository::open(global) {
        Ok(repository) => Ok(Some(repository.prepared.profile.clone())),
        Err(error) if global.directory.is_some() || global.sample => Err(error),
        Err(_) => Ok(None),
    }
}

fn built_in() -> Vec<RuleOutput> {
    let rules = RULES.iter().map(|rule| RuleOutput {
        schema: "signoff.rule/1",
        code: rule.code.to_owned(),
        severity: rule.severity.word(),
        title: rule.summary(),
        page: rule.page.to_owned(),
    });
    rules.collect()
}

fn of_profiles(profiles: &[Profile]) -> Vec<RuleOutput> {
    let rules = declared::rules(profiles).into_iter().map(|rule| RuleOutput {
        schema: "signoff.rule/1",
        severity: rule.severity(),
        title: rule.title(),
        page: rule.page(),
        code: rule.code,
    });
    rules.collect()
}

/// The rule of this code: the program's, the process's, else that of an embedded profile.
fn find(mut rules: Vec<RuleOutput>, code: &str) -> anyhow::Result<RuleOutput> {
    let embedded: Vec<Profile> = EMBEDDED.iter().filter_map(|(id, _)| profiles::load(id).ok()).collect();
    rules.extend(of_profiles(&embedded));
    if let Some(found) = rules.iter().position(|rule| rule.code == code) {
        return Ok(rules.swap_remove(found));
    }
    match nearest(code, rules.iter().map(|rule| rule.code.as_str())) {
        Some(near) => bail!("there is no rule `{code}`\ndid you mean `{near}`?"),
        None => bail!("there is no rule `{code}`\n`signoff rule` lists them all"),
    }
}

fn one(rule: &RuleOutput, format: PlainFormat, out: &mut dyn Write) -> anyhow::Result<()> {
    match format {
        PlainFormat::Human => out.write_all(rule.page.as_bytes())?,
        PlainFormat::Json => {
            serde_json::to_writer(&mut *out, rule)?;
            writeln!(out)?;
        }
    }
    Ok(())
}

fn all(rules: Vec<RuleOutput>, format: PlainFormat, out: &mut dyn Write) -> anyhow::Result<()> {
    match format {
        PlainFormat::Human => {
            let width = rules.iter().map(|rule| rule.code.len()).max().unwrap_or(0);
            for rule in rules {
                writeln!(out, "{:width$}  {:7}  {}", rule.code, rule.severity, rule.title)?;
            }
        }
        PlainFormat::Json => {
            serde_json::to_writer(&mut *out, &RulesOutput { schema: "signoff.rules/1", rules })?;
            writeln!(out)?;
        }
    }
    Ok(())
}
