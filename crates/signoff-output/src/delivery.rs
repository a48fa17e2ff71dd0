//! What a release brought (`signoff.shipped/1`) and what slipped from it (`signoff.slipped/1`).

use std::borrow::Cow;
use std::io::{self, Write};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::course::Course;
use signoff_analysis::cycle::Cycle;
use signoff_analysis::delivery::{self, Delivery, Fate, Known, Moment};
use signoff_model::profile::Prepared;

use crate::Look;
use crate::query::csv_line;
use crate::standpoint::{Standpoint, counted, date, minute};
use crate::status::Evidence;
use crate::table::{self, Cell, Overflow};
use crate::visible::visible;

/// What would tell whether the code has it.
const DECIDED_BY_GATES: &str = "the code's list of feature gates at this release";
const DECIDED_BY_AUTHOR: &str = "the code; no feature gate is declared by which it could be looked up";

/// The dates of a release.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Dates {
    /// When it was settled what it is to bring; null when no calendar says so.
    #[schemars(with = "Option<String>")]
    pub settled: Option<Timestamp>,
    /// When it came out, or is to; null when no calendar says so.
    #[schemars(with = "Option<String>")]
    pub out: Option<Timestamp>,
    /// The day that is given for that.
    pub out_day: Option<String>,
    /// Whether it is out; null when that is not known.
    pub is_out: Option<bool>,
}

impl Dates {
    fn new(cycle: &Cycle, instant: Timestamp) -> Self {
        Self {
            settled: cycle.planned,
            out: cycle.out,
            out_day: cycle.out_day.map(|day| day.to_string()),
            is_out: cycle.is_out(instant),
        }
    }

    /// `, released 2026-04-22`.
    fn words(&self) -> String {
        match (&self.out_day, self.is_out) {
            (Some(day), Some(true)) => format!(", released {day}"),
            (Some(day), _) => format!(", not released yet: planned for {day}"),
            (None, _) => ", whose dates no calendar has".to_owned(),
        }
    }
}

/// What a release brought.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Shipped<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.shipped/1"))]
    schema: &'static str,
    /// The release.
    pub release: String,
    /// Its dates.
    #[serde(flatten)]
    pub dates: Dates,
    /// What this stands on.
    #[serde(flatten)]
    pub standpoint: Standpoint,
    /// Counts.
    pub summary: ShippedSummary,
    /// A row for each proposal and stage, by path.
    pub proposals: Vec<ShippedRow<'a>>,
}

/// How many rows there are of each kind.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct ShippedSummary {
    /// Planned.
    pub planned: usize,
    /// Claimed.
    pub claimed: usize,
    /// Planned and claimed.
    pub planned_and_claimed: usize,
    /// Planned, and what it says now is another thing.
    pub planned_not_claimed: usize,
    /// Claimed, and not planned when that was settled.
    pub claimed_not_planned: usize,
    /// Shown by the code.
    pub in_code: usize,
    /// Reached the last stage, and not marked as done.
    pub unmarked: usize,
}

/// A stage of a proposal in a release.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShippedRow<'a> {
    /// What people call it.
    pub proposal: &'a str,
    /// Its title.
    pub title: Option<&'a str>,
    /// The owning group.
    pub group: Option<&'a str>,
    /// Its folder or file.
    pub path: &'a str,
    /// The stage.
    pub stage: Option<&'a str>,
    /// `graduation`, or `same-stage` for work within a stage that it reached before.
    pub work: &'static str,
    /// Whether it targeted the release when that was settled: `yes`, `no`, `unknown`.
    pub planned: &'static str,
    /// Whether it says now that the release brought it: `yes`, `no`, `unknown`.
    pub claimed: &'static str,
    /// What the claim lacks, or is more than a yes.
    pub remark: Option<&'static str>,
    /// Whether the code of the release has it: `yes`, `no`, `unknown`.
    pub code: &'static str,
    /// What would tell, where it is unknown.
    pub code_decided_by: Option<&'static str>,
    /// What the code has, in one sentence; null where it was not looked at.
    pub code_reason: Option<&'a str>,
    /// Where the code says it.
    pub code_evidence: Vec<Evidence<'a>>,
    /// Its status now.
    pub status: Option<&'a str>,
    /// Its stage now.
    pub current_stage: Option<&'a str>,
    /// Its latest milestone now.
    pub latest_milestone: Option<&'a str>,
}

impl<'a> Shipped<'a> {
    /// Makes the output of what was found.
    #[must_use]
    pub fn new(prepared: &Prepared, cycle: &Cycle, rows: &'a [Delivery<'a>], standpoint: Standpoint) -> Self {
        let count = |is: &dyn Fn(&Delivery<'_>) -> bool| rows.iter().filter(|row| is(row)).count();
        let planned = |row: &Delivery<'_>| row.planned == Known::Yes;
        let claimed = |row: &Delivery<'_>| row.claimed == Known::Yes;
        Self {
            schema: "signoff.shipped/1",
            release: prepared.profile.release.spelt(cycle.release),
            dates: Dates::new(cycle, standpoint.instant),
            summary: ShippedSummary {
                planned: count(&planned),
                claimed: count(&claimed),
                planned_and_claimed: count(&|row| planned(row) && claimed(row)),
                planned_not_claimed: count(&|row| planned(row) && row.claimed == Known::No),
                claimed_not_planned: count(&|row| claimed(row) && row.planned == Known::No),
                in_code: count(&|row| row.code.as_ref().and_then(|code| code.is_there) == Some(true)),
                unmarked: count(&|row| claimed(row) && delivery::is_unmarked(prepared, row)),
            },
            standpoint,
            proposals: rows.iter().map(|row| ShippedRow::new(prepared, row)).collect(),
        }
    }

    /// Writes JSON.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        crate::write_json(self, out)
    }

    /// Writes a table for a terminal.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_human(&self, look: Look, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}{}", look.strong(&visible(&self.release)), self.dates.words())?;
        self.standpoint.write(look, out)?;
        let ShippedSummary { planned, claimed, planned_and_claimed, claimed_not_planned, in_code, unmarked, .. } =
            self.summary;
        let is_settled = self.dates.settled.filter(|at| *at <= self.standpoint.instant);
        let plan = match (is_settled, self.dates.settled) {
            (Some(at), _) => format!("planned at {}: {planned}", minute(at)),
            (None, Some(at)) => format!("planned: not settled before {}", minute(at)),
            (None, None) => "planned: unknown".to_owned(),
        };
        let more = format!("{planned_and_claimed} of the planned, {claimed_not_planned} more");
        let looked_at = self.proposals.iter().any(|row| row.code_reason.is_some());
        let code = match looked_at {
            true => format!("by code: {in_code}"),
            false => "by code: unknown, no evidence was given".to_owned(),
        };
        writeln!(out, "{plan}   claimed now: {claimed} ({more})   {code}")?;
        if unmarked > 0 {
            writeln!(out, "at the last stage, but not marked as done: {unmarked}")?;
        }
        if self.proposals.is_empty() {
            return writeln!(out, "No proposal was planned for it or claims it.");
        }
        writeln!(out)?;
        let heads = ["PROPOSAL", "STAGE", "PLANNED", "CLAIMED", "CODE", "NOW", "TITLE"];
        let mut cells: Vec<Vec<Cell>> = vec![heads.iter().map(|head| faint(head, look)).collect()];
        cells.extend(self.proposals.iter().map(|row| row.cells(look)));
        table::write(&cells, 0, look.width, Overflow::Wrap, out)?;
        let within = self.proposals.iter().any(|row| row.work == "same-stage");
        let note = "within: work in a stage that was reached before; metadata does not tell what became of it";
        if within { writeln!(out, "{}", look.faint(note)) } else { Ok(()) }
    }

    /// Writes a row for each proposal and stage, with a heading.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let heads = [
            "proposal",
            "title",
            "group",
            "stage",
            "work",
            "planned",
            "claimed",
            "remark",
            "code",
            "code_decided_by",
            "status",
            "current_stage",
            "latest_milestone",
            "path",
        ];
        csv_line(heads.into_iter().map(Cow::Borrowed), out)?;
        for row in &self.proposals {
            let text = |text: Option<&'a str>| text.unwrap_or_default();
            let values = [
                row.proposal,
                text(row.title),
                text(row.group),
                text(row.stage),
                row.work,
                row.planned,
                row.claimed,
                text(row.remark),
                row.code,
                text(row.code_decided_by),
                text(row.status),
                text(row.current_stage),
                text(row.latest_milestone),
                row.path,
            ];
            csv_line(values.into_iter().map(Cow::Borrowed), out)?;
        }
        Ok(())
    }
}

impl<'a> ShippedRow<'a> {
    fn new(prepared: &Prepared, row: &'a Delivery<'a>) -> Self {
        let gates = row.course.proposal.is_some_and(|proposal| !proposal.gates(prepared).is_empty());
        let is_there = row.code.as_ref().and_then(|code| code.is_there);
        Self {
            proposal: row.course.label(),
            title: row.course.title(),
            group: row.course.group(),
            path: row.course.path,
            stage: row.stage,
            work: row.work.word(),
            planned: row.planned.word(),
            claimed: row.claimed.word(),
            remark: row.remark,
            code: match is_there {
                Some(true) => Known::Yes.word(),
                Some(false) => Known::No.word(),
                None => Known::Unknown.word(),
            },
            code_decided_by: is_there.is_none().then_some(if gates { DECIDED_BY_GATES } else { DECIDED_BY_AUTHOR }),
            code_reason: row.code.as_ref().map(|code| code.reason.as_str()),
            code_evidence: row.code.iter().flat_map(|code| &code.evidence).map(Evidence::from).collect(),
            status: row.now.status,
            current_stage: row.now.stage,
            latest_milestone: row.now.latest,
        }
    }

    fn cells(&self, look: Look) -> Vec<Cell> {
        let known = |word: &'static str| {
            let shown = if word == Known::Unknown.word() { "?" } else { word };
            Cell::new(shown).painted(move |text| match word {
                "yes" => look.good(text),
                "no" => look.bad(text),
                _ => look.faint(text),
            })
        };
        let stage = match self.work {
            "same-stage" => format!("{}, within", self.stage.unwrap_or("-")),
            _ => self.stage.unwrap_or("-").to_owned(),
        };
        let title = self.title.unwrap_or(self.path);
        let title = self.remark.map_or_else(|| title.to_owned(), |remark| format!("{title}: {remark}"));
        vec![
            Cell::new(visible(self.proposal)),
            Cell::new(visible(&stage)),
            known(self.planned),
            known(self.claimed),
            known(self.code),
            Cell::new(visible(&standing(self.current_stage, self.status))),
            Cell::new(visible(&title)),
        ]
    }
}

fn standing(stage: Option<&str>, status: Option<&str>) -> String {
    match (stage, status) {
        (Some(stage), Some(status)) => format!("{stage}, {status}"),
        (one, other) => one.or(other).unwrap_or("gone").to_owned(),
    }
}

fn faint(text: &'static str, look: Look) -> Cell {
    Cell::new(text).painted(move |text| look.faint(text))
}

/// What slipped from a release.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Slipped<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.slipped/1"))]
    schema: &'static str,
    /// The release.
    pub release: String,
    /// Its dates.
    #[serde(flatten)]
    pub dates: Dates,
    /// What this stands on.
    #[serde(flatten)]
    pub standpoint: Standpoint,
    /// When a proposal must have targeted the release: `settled`, `start` or `any`.
    pub planned: &'static str,
    /// Proposals that did.
    pub planned_total: usize,
    /// Those that went elsewhere, by path.
    pub proposals: Vec<Slip<'a>>,
}

/// Something planned that went elsewhere.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Slip<'a> {
    /// What people call it.
    pub proposal: &'a str,
    /// Its title.
    pub title: Option<&'a str>,
    /// The owning group.
    pub group: Option<&'a str>,
    /// Its folder or file.
    pub path: &'a str,
    /// The stage that the release was to bring, or in which it was to be worked on.
    pub stage: Option<&'a str>,
    /// Which of the two: `graduation`, `same-stage`.
    pub work: &'static str,
    /// When it was planned so: the last such instant.
    #[schemars(with = "String")]
    pub planned_at: Timestamp,
    /// `later`, `unplanned`, `ended`, `put-aside`, `removed`.
    pub fate: &'static str,
    /// The release that it names now instead.
    pub to: Option<String>,
    /// The release to which it was moved first.
    pub first_to: Option<String>,
    /// How many releases later that is.
    pub by: Option<i64>,
    /// When it was moved; null when the history does not show it.
    #[schemars(with = "Option<String>")]
    pub moved_at: Option<Timestamp>,
    /// Full id of the commit that did it.
    pub commit: Option<&'a str>,
    /// Whether that commit changed dozens of proposals at once.
    pub sweep: bool,
    /// How often the milestone of the stage under way was put off before.
    pub earlier: usize,
    /// Its status now.
    pub status: Option<&'a str>,
    /// Its stage now.
    pub current_stage: Option<&'a str>,
}

impl<'a> Slipped<'a> {
    /// Makes the output of what was found.
    #[must_use]
    pub fn new(
        prepared: &Prepared,
        cycle: &Cycle,
        moment: Moment,
        found: &'a delivery::Slips<'a>,
        standpoint: Standpoint,
    ) -> Self {
        Self {
            schema: "signoff.slipped/1",
            release: prepared.profile.release.spelt(cycle.release),
            dates: Dates::new(cycle, standpoint.instant),
            standpoint,
            planned: moment.word(),
            planned_total: found.planned,
            proposals: found.slips.iter().map(|slip| Slip::new(prepared, cycle, slip)).collect(),
        }
    }

    /// Writes JSON.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        crate::write_json(self, out)
    }

    /// Writes a table for a terminal.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_human(&self, look: Look, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}{}", look.strong(&visible(&self.release)), self.dates.words())?;
        self.standpoint.write(look, out)?;
        let when = match (self.planned, self.dates.settled) {
            ("settled", Some(at)) => format!("when that was settled, at {}", minute(at)),
            ("start", _) => "when work on it began".to_owned(),
            _ => "at some time of its cycle".to_owned(),
        };
        let total = counted(self.planned_total, "proposal");
        writeln!(out, "{total} targeted it {when}; {} went elsewhere", self.proposals.len())?;
        if self.proposals.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        let heads = ["PROPOSAL", "STAGE", "WENT TO", "BY", "ON", "COMMIT", "BEFORE", "NOW", "TITLE"];
        let mut cells: Vec<Vec<Cell>> = vec![heads.iter().map(|head| faint(head, look)).collect()];
        cells.extend(self.proposals.iter().map(Slip::cells));
        table::write(&cells, 0, look.width, Overflow::Cut, out)
    }

    /// Writes a row for each, with a heading.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let heads = [
            "proposal",
            "title",
            "group",
            "stage",
            "work",
            "planned_at",
            "fate",
            "to",
            "first_to",
            "by",
            "moved_at",
            "commit",
            "sweep",
            "earlier",
            "status",
            "current_stage",
            "path",
        ];
        csv_line(heads.into_iter().map(Cow::Borrowed), out)?;
        for slip in &self.proposals {
            let text = |text: Option<&'a str>| Cow::Borrowed(text.unwrap_or_default());
            let values = [
                Cow::Borrowed(slip.proposal),
                text(slip.title),
                text(slip.group),
                text(slip.stage),
                Cow::Borrowed(slip.work),
                Cow::Owned(slip.planned_at.to_string()),
                Cow::Borrowed(slip.fate),
                Cow::Owned(slip.to.clone().unwrap_or_default()),
                Cow::Owned(slip.first_to.clone().unwrap_or_default()),
                Cow::Owned(slip.by.map_or_else(String::new, |by| by.to_string())),
                Cow::Owned(slip.moved_at.map_or_else(String::new, |at| at.to_string())),
                text(slip.commit),
                Cow::Borrowed(if slip.sweep { "true" } else { "false" }),
                Cow::Owned(slip.earlier.to_string()),
                text(slip.status),
                text(slip.current_stage),
                Cow::Borrowed(slip.path),
            ];
            csv_line(values.into_iter(), out)?;
        }
        Ok(())
    }
}

impl<'a> Slip<'a> {
    pub(crate) fn new(prepared: &Prepared, cycle: &Cycle, slip: &'a delivery::Slip<'a>) -> Self {
        let course: &Course<'a> = &slip.course;
        let to = match slip.fate {
            Fate::Later(release) => Some(prepared.profile.release.spelt(release)),
            _ => None,
        };
        Self {
            proposal: course.label(),
            title: course.title(),
            group: course.group(),
            path: course.path,
            stage: slip.stage,
            work: slip.work.word(),
            planned_at: slip.planned_at,
            fate: slip.fate.word(),
            to,
            first_to: slip.first_to().map(|release| prepared.profile.release.spelt(release)),
            by: slip.releases(cycle.release),
            moved_at: slip.moved.map(|event| event.at),
            commit: slip.moved.map(|event| &*event.commit),
            sweep: slip.moved.is_some_and(|event| event.sweep),
            earlier: slip.earlier,
            status: slip.now.status,
            current_stage: slip.now.stage,
        }
    }

    fn cells(&self) -> Vec<Cell> {
        let to = match (&self.first_to, &self.to, self.fate) {
            (Some(first), Some(to), _) if first != to => format!("{first}, now {to}"),
            (_, Some(to), _) => to.clone(),
            (_, None, "unplanned") => "no release".to_owned(),
            (_, None, fate) => fate.to_owned(),
        };
        let stage = match self.work {
            "same-stage" => format!("{}, within", self.stage.unwrap_or("-")),
            _ => self.stage.unwrap_or("-").to_owned(),
        };
        let commit = self.commit.map(|commit| commit.get(..10).unwrap_or(commit)).unwrap_or_default();
        let sweep = if self.sweep { " (sweep)" } else { "" };
        vec![
            Cell::new(visible(self.proposal)),
            Cell::new(visible(&stage)),
            Cell::new(visible(&to)),
            Cell::new(self.by.map_or_else(String::new, |by| format!("+{by}"))),
            Cell::new(self.moved_at.map_or_else(String::new, date)),
            Cell::new(format!("{commit}{sweep}")),
            Cell::new(if self.earlier == 0 { String::new() } else { counted(self.earlier, "time") }),
            Cell::new(visible(&standing(self.current_stage, self.status))),
            Cell::new(visible(self.title.unwrap_or(self.path))),
        ]
    }
}
