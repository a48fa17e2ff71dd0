//! A playbook for people, in the order in which it is needed: how to turn the gate off, what comes of it, what to watch.

use std::io::{self, Write};

use super::Playbook;
use crate::Look;
use crate::cluster::{Answer, told};
use crate::table::{self, Cell, Overflow};
use crate::visible::visible;

/// Most replicas and nodes of a cluster that are listed.
const COLUMNS_MAX: usize = 20;

/// Writes a playbook.
///
/// # Errors
/// Those of the writer.
pub fn write_human(playbook: &Playbook<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let registry = playbook.registry.map(|registry| format!("  a gate of {registry}")).unwrap_or_default();
    writeln!(out, "{}{}", look.strong(&visible(playbook.gate)), visible(&registry))?;
    for proposal in &playbook.proposals {
        writeln!(out, "{}", look.faint(&visible(&format!("{}  {}", proposal.proposal, proposal.path))))?;
    }
    write_off(playbook, look, out)?;
    write_states(playbook, look, out)?;
    write_clusters(playbook, look, out)?;
    write_answers("What comes of it", &playbook.consequences, look, out)?;
    write_answers("What to watch", &playbook.watch, look, out)?;
    if !playbook.metrics.is_empty() {
        writeln!(out, "\n{}", look.strong("Metrics"))?;
        for metric in &playbook.metrics {
            writeln!(out, "  {}: {}", visible(&metric.metric.name), visible(&metric.words()))?;
        }
    }
    write_answers("How it is known to fail", &playbook.failures, look, out)?;
    if !playbook.unknown.is_empty() {
        writeln!(out, "\n{}", look.strong("Not known"))?;
        playbook.unknown.iter().try_for_each(|text| writeln!(out, "  {}", visible(text)))?;
    }
    Ok(())
}

fn write_off(playbook: &Playbook<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", look.strong("Turning it off"))?;
    if let Some(state) = playbook.states.iter().rev().find(|state| state.stage.is_some()).filter(|state| state.locked) {
        writeln!(out, "  {} since it is locked in {}", look.bad("It cannot be turned off"), state.version)?;
    }
    for way in &playbook.off {
        let by = look.faint(&visible(&format!("({})", way.by)));
        writeln!(out, "  {}: {} {by}", look.strong(&visible(way.component)), visible(way.setting))?;
    }
    for dependent in &playbook.dependents {
        let what = format!("{} needs it, {}", dependent.gate, dependent.words());
        writeln!(out, "  {} {}", visible(&what), look.faint(&visible(&dependent.evidence.sourced_place())))?;
    }
    for needed in &playbook.needs {
        let place = look.faint(&visible(&needed.evidence.sourced_place()));
        writeln!(out, "  it needs {} {place}", visible(needed.gate))?;
    }
    Ok(())
}

fn write_states(playbook: &Playbook<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    if playbook.states.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", look.strong("What it is"))?;
    let rows: Vec<Vec<Cell>> = playbook
        .states
        .iter()
        .map(|state| {
            let place = state.evidence.as_ref().map(|evidence| {
                let line = evidence.line.map(|line| format!(":{line}")).unwrap_or_default();
                format!("{}{line}", evidence.path)
            });
            let place = visible(&place.unwrap_or_default()).into_owned();
            vec![
                Cell::new(state.version.clone()),
                Cell::new(state.words()),
                Cell::new(place).painted(move |text| look.faint(text)),
            ]
        })
        .collect();
    table::write(&rows, 2, look.width, Overflow::Cut, out)
}

fn write_clusters(playbook: &Playbook<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    for cluster in &playbook.clusters {
        let version = cluster.version.unwrap_or("version not known");
        writeln!(out, "\n{}  {}", look.strong(&visible(cluster.cluster)), look.faint(&visible(version)))?;
        let rows: Vec<Vec<Cell>> = cluster
            .columns
            .iter()
            .zip(&cluster.cells)
            .take(COLUMNS_MAX)
            .map(|(column, cell)| {
                let name = format!("{} {}", column.component, column.instance);
                let (known, what) = told(cell, playbook.now);
                let texts = [visible(name.trim()).into_owned(), known.to_owned(), visible(&what).into_owned()];
                texts.map(Cell::new).into_iter().collect()
            })
            .collect();
        table::write(&rows, 2, look.width, Overflow::Wrap, out)?;
        if cluster.columns.len() > COLUMNS_MAX {
            writeln!(out, "  and {} more; --format json has all", cluster.columns.len() - COLUMNS_MAX)?;
        }
        for one in &cluster.disagreeing {
            let how = if one.observed { "do not agree" } else { "may not agree" };
            writeln!(out, "  {} of {} {how}", look.bad("replicas or nodes"), visible(one.component))?;
        }
    }
    Ok(())
}

fn write_answers(title: &str, answers: &[Answer<'_>], look: Look, out: &mut dyn Write) -> io::Result<()> {
    if answers.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", look.strong(title))?;
    for answer in answers {
        let line = answer.line.map(|line| format!(":{line}")).unwrap_or_default();
        writeln!(out, "  {}", visible(answer.title))?;
        writeln!(out, "    {}", look.faint(&visible(&format!("{}{line}", answer.path))))?;
        let rows = [vec![Cell::new(visible(answer.text).into_owned())]];
        table::write(&rows, 4, look.width, Overflow::Wrap, out)?;
    }
    Ok(())
}
