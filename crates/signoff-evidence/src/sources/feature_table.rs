//! Tables of gates for people, with what gates depend on.

use std::sync::Arc;

use signoff_model::Release;
use signoff_model::fact::{GateRecord, GateSpec, GateStage, Quote, Record, SourceKind};

use super::Reader;
use crate::reading::Reading;

pub(super) const READER: Reader =
    Reader { kind: SourceKind::FeatureTable, page: include_str!("feature_table.md"), read };

/// The columns by their titles; what a table lacks is `None`.
struct Columns {
    name: usize,
    enabled: Option<usize>,
    locked: Option<usize>,
    stages: Vec<(usize, GateStage)>,
    needs: Option<usize>,
}

fn read(reading: &mut Reading) {
    let text = std::mem::take(&mut reading.source.text);
    let mut columns: Option<Columns> = None;
    let mut has_table = false;
    for (index, line) in text.lines().enumerate() {
        let Some(row) = line.trim().strip_prefix('|').map(|row| row.strip_suffix('|').unwrap_or(row)) else {
            columns = None;
            continue;
        };
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        match &columns {
            None => columns = header(&cells),
            Some(_) if cells.iter().all(|cell| cell.bytes().all(|byte| matches!(byte, b'-' | b':' | b' '))) => {}
            Some(columns) => {
                has_table = true;
                let quote = quote(index + 1, columns, &cells);
                match record(columns, &cells, &quote) {
                    Ok(record) => reading.say(quote, Record::Gate(record)),
                    Err(message) => reading.problem(Some(index + 1), message),
                }
            }
        }
    }
    reading.source.text = text;
    if !has_table {
        reading.problem(None, "it has no table with a column `Feature`");
    }
}

fn header(cells: &[&str]) -> Option<Columns> {
    let column = |title: &str| cells.iter().position(|cell| cell.eq_ignore_ascii_case(title));
    let stages = cells.iter().enumerate();
    let stages = stages.filter_map(|(at, cell)| Some((at, GateStage::parse(cell)?)));
    Some(Columns {
        name: column("Feature")?,
        enabled: column("Enabled"),
        locked: column("Locked"),
        stages: stages.collect(),
        needs: column("Dependencies"),
    })
}

/// The row without the cells that hold links alone.
fn quote(line: usize, columns: &Columns, cells: &[&str]) -> Quote {
    let last = columns.needs.into_iter().chain(columns.stages.iter().map(|(at, _)| *at)).max().unwrap_or(columns.name);
    let kept: Vec<&str> = cells.iter().take(last + 1).copied().collect();
    Quote { line: u32::try_from(line).unwrap_or(0), text: format!("| {} |", kept.join(" | ")).into() }
}

fn record(columns: &Columns, cells: &[&str], quote: &Quote) -> Result<GateRecord, String> {
    let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).copied().unwrap_or_default();
    let name = cell(Some(columns.name)).trim_matches('`');
    if name.is_empty() {
        return Err("a row has no gate".into());
    }
    let bad = |what: &str| format!("{what} of `{name}` cannot be read");
    let enabled = since(cell(columns.enabled)).map_err(|()| bad("since when the default"))?;
    let locked = since(cell(columns.locked)).map_err(|()| bad("since when the lock"))?;
    let mut specs = Vec::new();
    for (at, stage) in &columns.stages {
        let ranges = cell(Some(*at)).split(',').map(str::trim).filter(|range| !range.is_empty());
        for range in ranges {
            let (from, to) = range_of(range).ok_or_else(|| bad("a range of versions"))?;
            specs.extend(pieces(*stage, from, to, enabled, locked, quote));
        }
    }
    specs.sort_by_key(|spec| (spec.since, spec.stage));
    // Several names are parted by line breaks of HTML.
    let needs = cell(columns.needs).replace("<br>", " ").replace("<br/>", " ");
    let names = needs.split([',', ' ']).map(|name| name.trim_matches('`')).filter(|name| !name.is_empty());
    let needs = columns.needs.map(|_| names.map(Arc::from).collect());
    Ok(GateRecord { name: name.into(), specs, needs })
}

/// A stage from one version to another, cut where the default or the lock changes within.
fn pieces(
    stage: GateStage,
    from: Release,
    to: Option<Release>,
    enabled: Option<Release>,
    locked: Option<Release>,
    quote: &Quote,
) -> Vec<GateSpec> {
    let within = |since: &Release| *since > from && to.is_none_or(|to| *since <= to);
    let mut starts: Vec<Release> =
        std::iter::once(from).chain([enabled, locked].into_iter().flatten().filter(within)).collect();
    starts.sort_unstable();
    starts.dedup();
    let spec = |since: Release| GateSpec {
        since,
        stage,
        default: Some(enabled.is_some_and(|enabled| enabled <= since)),
        locked: locked.is_some_and(|locked| locked <= since),
        min_compatibility: None,
        since_at: quote.clone(),
        stage_at: quote.clone(),
        default_at: quote.clone(),
        locked_at: quote.clone(),
    };
    starts.into_iter().map(spec).collect()
}

/// Since when something is so: `:ballot_box_with_check:&nbsp;1.27+`. An empty cell: it is not.
fn since(cell: &str) -> Result<Option<Release>, ()> {
    let written = cell.rsplit([' ', ';', ':', '\u{a0}']).next().unwrap_or_default().trim_end_matches('+');
    if cell.is_empty() {
        return Ok(None);
    }
    Release::parse(written).map(Some).ok_or(())
}

/// `1.22–1.26`, `1.27–`, `1.31`; the dash may be any.
fn range_of(text: &str) -> Option<(Release, Option<Release>)> {
    let text = text.trim();
    let Some((from, to)) = text.split_once(['\u{2013}', '-', '\u{2014}']) else {
        let only = Release::parse(text)?;
        return Some((only, Some(only)));
    };
    let to = to.trim();
    let to = if to.is_empty() { None } else { Some(Release::parse(to)?) };
    Some((Release::parse(from.trim())?, to))
}
