//! A playbook as Markdown, to keep beside others.

use std::io::{self, Write};

use super::Playbook;
use crate::cluster::{Answer, told};
use crate::visible::visible;

/// Writes a playbook.
///
/// # Errors
/// Those of the writer.
pub fn write_markdown(playbook: &Playbook<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}", text(playbook.gate))?;
    for proposal in &playbook.proposals {
        writeln!(out, "\n{}: `{}`", text(proposal.proposal), code(proposal.path))?;
    }
    writeln!(out, "\n## Turning it off\n")?;
    let newest = playbook.states.iter().rev().find(|state| state.stage.is_some());
    if let Some(state) = newest.filter(|state| state.locked) {
        writeln!(out, "- **It cannot be turned off** since it is locked in {}", state.version)?;
    }
    for way in &playbook.off {
        writeln!(out, "- {}: `{}` ({})", text(way.component), code(way.setting), text(way.by))?;
    }
    for dependent in &playbook.dependents {
        let place = code(&dependent.evidence.sourced_place());
        writeln!(out, "- {} needs it, {} (`{place}`)", text(dependent.gate), text(&dependent.words()))?;
    }
    for needed in &playbook.needs {
        writeln!(out, "- it needs {} (`{}`)", text(needed.gate), code(&needed.evidence.sourced_place()))?;
    }
    if !playbook.states.is_empty() {
        writeln!(out, "\n## What it is\n")?;
        for state in &playbook.states {
            writeln!(out, "- {}: {}", state.version, state.words())?;
        }
    }
    for cluster in &playbook.clusters {
        writeln!(out, "\n## In {}\n", text(cluster.cluster))?;
        for (column, cell) in cluster.columns.iter().zip(&cluster.cells) {
            let name = format!("{} {}", column.component, column.instance);
            let (known, what) = told(cell, playbook.now);
            writeln!(out, "- {}: {known}: {}", text(name.trim()), text(&what))?;
        }
    }
    write_answers("What comes of it", &playbook.consequences, out)?;
    write_answers("What to watch", &playbook.watch, out)?;
    if !playbook.metrics.is_empty() {
        writeln!(out, "\n## Metrics\n")?;
        for metric in &playbook.metrics {
            writeln!(out, "- `{}`: {}", code(&metric.metric.name), text(&metric.words()))?;
        }
    }
    write_answers("How it is known to fail", &playbook.failures, out)?;
    if !playbook.unknown.is_empty() {
        writeln!(out, "\n## Not known\n")?;
        playbook.unknown.iter().try_for_each(|unknown| writeln!(out, "- {}", text(unknown)))?;
    }
    Ok(())
}

fn write_answers(title: &str, answers: &[Answer<'_>], out: &mut dyn Write) -> io::Result<()> {
    if answers.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## {title}")?;
    for answer in answers {
        let line = answer.line.map(|line| format!(":{line}")).unwrap_or_default();
        writeln!(out, "\n**{}** (`{}{line}`)\n", text(answer.title), code(&answer.path))?;
        writeln!(out, "> {}", text(answer.text))?;
    }
    Ok(())
}

/// Text in which nothing makes markup.
fn text(written: &str) -> String {
    let mut safe = String::with_capacity(written.len());
    for character in visible(written).chars() {
        if matches!(character, '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '!') {
            safe.push('\\');
        }
        safe.push(if character == '\n' { ' ' } else { character });
    }
    safe
}

/// Text between backticks.
fn code(written: &str) -> String {
    visible(written).replace('`', "'").replace('\n', " ")
}
