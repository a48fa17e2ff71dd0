//! Why a proposal stands where it stands: from the verdict to the rules, to the quoted lines. `signoff.why/1`.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::signoff::{Outcome, Standing};

use crate::Look;
use crate::status::{Entry, Evidence, ExceptionEntry, RuleEntry, Status};
use crate::visible::visible;

/// Why one proposal stands where it stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Why<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.why/1"))]
    schema: &'static str,
    /// The release.
    release: &'a str,
    /// Id of the checkpoint.
    checkpoint: &'a str,
    /// When it is; null when no calendar says so.
    #[schemars(with = "Option<String>")]
    deadline: Option<jiff::Timestamp>,
    /// The instant for which this is said.
    #[schemars(with = "String")]
    instant: jiff::Timestamp,
    /// The commit whose files were read; null for a work tree.
    commit: Option<&'a str>,
    /// What it is decided on.
    basis: &'a [&'static str],
    /// The proposal with every rule.
    proposal: &'a Entry<'a>,
}

/// Writes the only proposal of a status as `signoff.why/1`.
///
/// # Errors
/// Those of the writer.
pub fn write_json(status: &Status<'_>, entry: &Entry<'_>, out: &mut dyn Write) -> io::Result<()> {
    let why = Why {
        schema: "signoff.why/1",
        release: &status.release,
        checkpoint: status.checkpoint,
        deadline: status.deadline,
        instant: status.instant,
        commit: status.commit,
        basis: &status.basis,
        proposal: entry,
    };
    crate::write_json(&why, out)
}

/// Writes the way from the verdict to what was seen, for a terminal.
///
/// # Errors
/// Those of the writer.
pub fn write(status: &Status<'_>, entry: &Entry<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let title = format!("{}  {}", visible(entry.proposal), visible(entry.title.unwrap_or_default()));
    writeln!(out, "{}", look.strong(title.trim_end()))?;
    let facts = [entry.group, entry.stage, entry.class];
    let facts: Vec<String> = facts.into_iter().flatten().map(|fact| visible(fact).into()).collect();
    writeln!(out, "  {}  {}", visible(entry.path), look.faint(&facts.join(", ")))?;
    let verdict = match entry.standing {
        Standing::Removed | Standing::AtRisk => look.bad(entry.verdict),
        Standing::Tracked | Standing::ExceptionApproved => look.good(entry.verdict),
        _ => look.strong(entry.verdict),
    };
    writeln!(out, "\n{} at {}: {verdict}", visible(&status.release), visible(status.checkpoint_name))?;
    writeln!(out, "  {}", visible(entry.reason))?;
    writeln!(out, "  {}", look.faint(&when(status)))?;
    if let Some(exception) = &entry.exception {
        exception_line(exception, look, out)?;
    }
    writeln!(out)?;
    for rule in &entry.rules {
        rule_lines(rule, look, out)?;
    }
    Ok(())
}

fn when(status: &Status<'_>) -> String {
    let minute = |instant: jiff::Timestamp| instant.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let commit = status.commit.map_or("the files as they are".to_owned(), |commit| format!("commit {commit}"));
    let deadline = status.deadline.map(|deadline| format!(", deadline {}", minute(deadline))).unwrap_or_default();
    format!("as of {}, {commit}{deadline}. {}", minute(status.instant), status.statement())
}

fn exception_line(exception: &ExceptionEntry<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let day = |word: &str, day: &Option<String>| day.as_ref().map(|day| format!(", {word} {day}")).unwrap_or_default();
    let asked = day("asked for", &exception.requested);
    let decided = day("decided", &exception.reviewed);
    writeln!(out, "  exception {}{asked}{decided}", exception.decision)?;
    let place = format!("{}:{}", visible(exception.path), exception.line);
    writeln!(out, "    {}", look.faint(&[&place, exception.thread.unwrap_or_default()].join(" ")))
}

fn rule_lines(rule: &RuleEntry<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let is = |outcome: Outcome| rule.result == outcome.word();
    let result = format!("{:<14}", rule.result);
    let result = if is(Outcome::Fail) {
        look.bad(&result)
    } else if is(Outcome::Pass) {
        look.good(&result)
    } else if is(Outcome::Warn) || is(Outcome::Waived) {
        look.strong(&result)
    } else {
        look.faint(&result)
    };
    writeln!(out, "  {:<4}{result}  {}", rule.rule, visible(rule.about))?;
    let indent = " ".repeat(22);
    writeln!(out, "{indent}{}", visible(rule.message))?;
    for evidence in &rule.evidence {
        writeln!(out, "{indent}{}", look.faint(&quoted(evidence)))?;
    }
    if let Some(next) = rule.next {
        writeln!(out, "{indent}next: {}", visible(next))?;
    }
    if is(Outcome::Fail) || is(Outcome::Warn) || rule.waiver.is_some() {
        writeln!(out, "{indent}{}", look.faint(&format!("asked by {}", visible(rule.source))))?;
    }
    Ok(())
}

/// A place with its commit, and what stands there.
fn quoted(evidence: &Evidence<'_>) -> String {
    let version = evidence.version.get(..10).filter(|_| evidence.version.len() == 40).unwrap_or(evidence.version);
    let line = evidence.line.map(|line| format!(":{line}")).unwrap_or_default();
    let text = if evidence.text.is_empty() { String::new() } else { format!(": {}", visible(evidence.text)) };
    format!("{}{line} @ {}{text}", visible(evidence.path), visible(version))
}
