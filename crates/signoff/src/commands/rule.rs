//! `signoff rule`: what a rule is about, or all of them.

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use signoff_analysis::profiles::{self, EMBEDDED};
use signoff_analysis::rules::RULES;
use signoff_model::Profile;
use signoff_model::spelling::nearest;
use signoff_output::rule::{self, Rule};

use crate::cli::{Global, PlainFormat, RuleArgs};
use crate::reference::declared;
use crate::repository::Repository;

/// Prints a rule's page, or the list.
pub fn run(global: &Global, args: &RuleArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let mut rules = built_in();
    let process = process(global)?;
    rules.extend(process.iter().flat_map(|profile| of_profiles(std::slice::from_ref(profile))));
    match (&args.code, args.format) {
        (Some(code), PlainFormat::Human) => rule::write_page(&find(rules, code)?, out)?,
        (Some(code), PlainFormat::Json) => rule::write_json(&find(rules, code)?, out)?,
        (None, PlainFormat::Human) => rule::write_list(&rules, out)?,
        (None, PlainFormat::Json) => rule::write_list_json(&rules, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The process of the repository; outside of one there is none, unless the options name one.
fn process(global: &Global) -> anyhow::Result<Option<Profile>> {
    match Repository::open(global) {
        Ok(repository) => Ok(Some(repository.prepared.profile.clone())),
        Err(error) if global.directory.is_some() || global.sample || global.at.is_some() => Err(error),
        Err(_) => Ok(None),
    }
}

fn built_in() -> Vec<Rule> {
    let rules = RULES.iter().map(|rule| Rule {
        code: rule.code.to_owned(),
        severity: rule.severity.word(),
        title: rule.summary(),
        page: rule.page.to_owned(),
    });
    rules.collect()
}

fn of_profiles(profiles: &[Profile]) -> Vec<Rule> {
    let rules = declared::rules(profiles).into_iter().map(|rule| Rule {
        severity: rule.severity(),
        title: rule.title(),
        page: rule.page(),
        code: rule.code,
    });
    rules.collect()
}

/// The rule of this code: the program's, the process's, else that of an embedded profile.
fn find(mut rules: Vec<Rule>, code: &str) -> anyhow::Result<Rule> {
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
