//! Clusters for people: what was read and what not, then the gates that are not as they would be by themselves.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;

use super::{Cell, Cluster, Clusters, Gate};
use crate::Look;
use crate::clock::away;
use crate::standpoint::{counted, minute};
use crate::table::{self, Overflow};
use crate::visible::visible;

/// Most gates of which every replica and node is listed when gates are asked for.
const DETAILED_MAX: usize = 20;

/// Most replicas and nodes that are listed one by one.
const COLUMNS_MAX: usize = 40;

/// Where nothing is known.
const UNKNOWN: &str = "?";

/// Longest part of an answer that is shown, in characters.
const ANSWER_MAX: usize = 400;

/// What is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Whether gates were asked for by name: then each replica and node is listed.
    pub is_asked: bool,
    /// Whether gates that are as they would be by themselves are shown too.
    pub all: bool,
}

/// Writes each cluster.
///
/// # Errors
/// Those of the writer.
pub fn write_human(clusters: &Clusters<'_>, shown: Shown, look: Look, out: &mut dyn Write) -> io::Result<()> {
    for (index, cluster) in clusters.clusters.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        write_head(cluster, clusters.now, look, out)?;
        write_unread(cluster, look, out)?;
        match shown.is_asked && cluster.gates.len() <= DETAILED_MAX {
            true => cluster.gates.iter().try_for_each(|gate| write_gate(cluster, gate, clusters.now, look, out))?,
            false => write_table(cluster, shown, look, out)?,
        }
    }
    Ok(())
}

fn write_head(cluster: &Cluster<'_>, now: Timestamp, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let version = match &cluster.version {
        None => "its version could not be read".to_owned(),
        Some(version) => {
            let emulated = version.emulated.as_ref().map(|emulated| format!(", emulating {emulated}"));
            let release = version.release.as_ref().filter(|release| !version.written.starts_with(release.as_str()));
            let release = release.map(|release| format!(" ({release}, its patch is not known)"));
            format!("{}{}{}", version.written, release.unwrap_or_default(), emulated.unwrap_or_default())
        }
    };
    let read = cluster.taken_at;
    writeln!(out, "{}  {}", look.strong(&visible(cluster.name)), visible(&version))?;
    writeln!(out, "{}", look.faint(&format!("read {} ({})", minute(read), away(now, read))))
}

/// What could not be read, the same words once.
fn write_unread(cluster: &Cluster<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut read: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut unread: Vec<(String, &str, &str, Vec<&str>)> = Vec::new();
    for reading in &cluster.readings {
        if reading.outcome == "read" {
            *read.entry((reading.what, reading.component)).or_default() += 1;
            continue;
        }
        let what = match reading.component {
            "" => reading.what.to_owned(),
            component => format!("{} of {component}", reading.what),
        };
        let same =
            unread.iter_mut().find(|known| known.0 == what && known.1 == reading.outcome && known.2 == reading.detail);
        match same {
            Some(known) => known.3.push(reading.instance),
            None => unread.push((what, reading.outcome, reading.detail, vec![reading.instance])),
        }
    }
    let read: Vec<String> = read
        .into_iter()
        .map(|((what, component), count)| {
            let times = if count > 1 { format!(" ({count})") } else { String::new() };
            if component.is_empty() { format!("{what}{times}") } else { format!("{what} of {component}{times}") }
        })
        .collect();
    let read = if read.is_empty() { "nothing".to_owned() } else { read.join(", ") };
    writeln!(out, "{}", look.faint(&visible(&format!("from {read}"))))?;
    for (what, outcome, detail, instances) in unread {
        let at = match instances.as_slice() {
            [""] => String::new(),
            [one] => format!(" at {one}"),
            several => format!(" at {} places", several.len()),
        };
        writeln!(out, "{} {}: {}", look.bad(outcome), visible(&format!("{what}{at}")), visible(detail))?;
    }
    Ok(())
}

/// A row for each gate that is not as it would be by itself, a column for each component.
fn write_table(cluster: &Cluster<'_>, shown: Shown, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let is_odd = |gate: &Gate<'_>| gate.departs || gate.disagreeing.iter().any(|one| one.observed);
    let is_shown = |gate: &&Gate<'_>| shown.all || shown.is_asked || is_odd(gate);
    let gates: Vec<&Gate<'_>> = cluster.gates.iter().filter(is_shown).collect();
    if gates.is_empty() {
        let quiet = "no gate is known to be set to anything but its default";
        return writeln!(out, "\n{}: {quiet}", counted(cluster.gates.len(), "gate"));
    }
    let is_known = |(_, columns): &(&str, Vec<usize>)| gates.iter().any(|gate| words(gate, columns) != UNKNOWN);
    let (components, silent): (Vec<_>, Vec<_>) = components(cluster).into_iter().partition(is_known);
    // What every name begins with tells nothing, and the names of gates need the room.
    let short = components.iter().map(|(component, _)| component.strip_prefix("kube-").unwrap_or(component));
    let head = ["gate", "stage", "default"].into_iter().chain(short);
    let mut rows = vec![head.map(|text| heading(text, look)).collect::<Vec<_>>()];
    rows.extend(gates.iter().map(|gate| {
        let listed = gate.listed.as_ref();
        let stage = listed.and_then(|listed| listed.stage).or_else(|| stage_of(gate)).unwrap_or("?");
        let default = match listed.and_then(|listed| listed.default) {
            Some(default) => on(default),
            None => "?",
        };
        let start = [gate.gate, stage, default].map(|text| table::Cell::new(visible(text).into_owned()));
        let cells = components.iter().map(|(component, columns)| {
            let words = words(gate, columns);
            let is_torn = gate.disagreeing.iter().any(|one| one.observed && one.component == *component);
            let cell = table::Cell::new(words);
            if is_torn { cell.painted(move |text| look.bad(text)) } else { cell }
        });
        start.into_iter().chain(cells).collect()
    }));
    writeln!(out)?;
    table::write(&rows, 0, look.width, Overflow::Cut, out)?;
    let legend = "observed, (inferred from the version), ? unknown; with --gate NAME each replica and node";
    writeln!(out, "{}", look.faint(legend))?;
    if !silent.is_empty() {
        let components: Vec<&str> = silent.iter().map(|(component, _)| *component).collect();
        writeln!(out, "nothing is known of these in {}", visible(&components.join(", ")))?;
    }
    let is_by_version = |gate: &&Gate<'_>| !is_odd(gate) && !gate.disagreeing.is_empty();
    let by_version = cluster.gates.iter().filter(is_by_version).count();
    if by_version > 0 && !shown.all {
        let gates = counted(by_version, "gate");
        writeln!(out, "{gates} may differ between replicas or nodes, since their versions do; --all lists all gates")?;
    }
    if gates.len() < cluster.gates.len() {
        let others = counted(cluster.gates.len() - gates.len(), "other gate");
        writeln!(out, "{others}: none is known to be set to anything but its default")?;
    }
    Ok(())
}

fn heading(text: &str, look: Look) -> table::Cell {
    table::Cell::new(visible(text).into_owned()).painted(move |text| look.faint(text))
}

fn on(enabled: bool) -> &'static str {
    if enabled { "on" } else { "off" }
}

/// The components with the places of their columns.
fn components<'a>(cluster: &Cluster<'a>) -> Vec<(&'a str, Vec<usize>)> {
    let mut found: Vec<(&str, Vec<usize>)> = Vec::new();
    for (index, column) in cluster.columns.iter().enumerate() {
        match found.last_mut().filter(|(component, _)| *component == column.component) {
            Some((_, columns)) => columns.push(index),
            None => found.push((column.component, vec![index])),
        }
    }
    found
}

/// The stage that a component tells.
fn stage_of(gate: &Gate<'_>) -> Option<&'static str> {
    gate.cells.iter().find_map(|cell| match cell {
        Cell::Observed { stage, .. } | Cell::Inferred { stage, .. } => *stage,
        Cell::Unknown { .. } => None,
    })
}

/// `on`, `(off)`, `?`, or how many of each.
fn words(gate: &Gate<'_>, columns: &[usize]) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for index in columns {
        let word = match &gate.cells[*index] {
            Cell::Observed { value, .. } => (*value).to_owned(),
            Cell::Inferred { value, .. } => format!("({value})"),
            Cell::Unknown { .. } => UNKNOWN.to_owned(),
        };
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
    match counts.as_slice() {
        [(word, _)] => word.clone(),
        several => several.iter().map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", "),
    }
}

/// One gate with every replica and node, and the proposals behind it.
fn write_gate(
    cluster: &Cluster<'_>,
    gate: &Gate<'_>,
    now: Timestamp,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let listed = match &gate.listed {
        None => "no list that was given has it for this version".to_owned(),
        Some(listed) => {
            let stage = listed.stage.unwrap_or("not yet there");
            let default = listed
                .default
                .map_or("default not known", |default| if default { "on by default" } else { "off by default" });
            let locked = if listed.locked { ", locked" } else { "" };
            format!("{stage}, {default}{locked} (list of {})", listed.of)
        }
    };
    writeln!(out, "\n{}  {}", look.strong(&visible(gate.gate)), look.faint(&listed))?;
    write_cells(cluster, gate, now, look, out)?;
    for one in &gate.disagreeing {
        let how = if one.observed { "do not agree" } else { "may not agree" };
        writeln!(out, "  {} of {} {how}", look.bad("replicas or nodes"), visible(one.component))?;
    }
    for proposal in &gate.proposals {
        writeln!(out, "  {}  {}", look.strong(&visible(proposal.proposal)), look.faint(&visible(proposal.path)))?;
        if let Some(answer) = &proposal.rollback {
            let line = answer.line.map(|line| format!(":{line}")).unwrap_or_default();
            writeln!(out, "    {} {}", visible(answer.title), look.faint(&visible(&format!("{}{line}", answer.path))))?;
            writeln!(out, "      {}", visible(&shortened(answer.text)))?;
        }
        for metric in &proposal.metrics {
            let by = metric.components.join(", ");
            let found = match metric.found {
                "served" => format!("served by {by}"),
                "not-seen" => format!("not in what {by} serves now"),
                _ => "no metrics were read".to_owned(),
            };
            writeln!(out, "    metric {}: {}", visible(&metric.name), visible(&found))?;
        }
    }
    Ok(())
}

fn write_cells(
    cluster: &Cluster<'_>,
    gate: &Gate<'_>,
    now: Timestamp,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut rows = Vec::new();
    for (column, cell) in cluster.columns.iter().zip(&gate.cells).take(COLUMNS_MAX) {
        let name = format!("{} {}", column.component, column.instance);
        let (known, what) = told(cell, now);
        let version = column.effective.clone().unwrap_or_default();
        let texts = [visible(name.trim()).into_owned(), version, known.to_owned(), visible(&what).into_owned()];
        rows.push(texts.map(table::Cell::new).into_iter().collect::<Vec<_>>());
    }
    table::write(&rows, 2, look.width, Overflow::Wrap, out)?;
    match cluster.columns.len().checked_sub(COLUMNS_MAX).filter(|more| *more > 0) {
        Some(more) => writeln!(out, "  and {more} more; --format csv lists all"),
        None => Ok(()),
    }
}

/// What a cell says, in words.
pub(crate) fn told(cell: &Cell<'_>, now: Timestamp) -> (&'static str, String) {
    match cell {
        Cell::Observed { value, stage, source, at, .. } => {
            let stage = stage.map(|stage| format!(", {stage}")).unwrap_or_default();
            ("observed", format!("{value}{stage}, by {source} {}", away(now, *at)))
        }
        Cell::Inferred { value, from, by, settled, .. } => {
            let by = by.map(|by| format!(", by {by}")).unwrap_or_default();
            let doubt = if *settled { "" } else { "; its settings were not read" };
            ("inferred", format!("{value}, by the list of {from}{by}{doubt}"))
        }
        Cell::Unknown { reason, right } => {
            let right = right.map(|right| format!("; {right}")).unwrap_or_default();
            ("unknown", format!("{reason}{right}"))
        }
    }
}

/// The beginning of a long text.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(ANSWER_MAX) {
        Some((end, _)) => format!("{}\u{2026}", text[..end].trim_end()),
        None => text.to_owned(),
    }
}
