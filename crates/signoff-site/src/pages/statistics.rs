//! How the process goes, in figures: each part a sentence, a table, and a bar beside each row.

use askama::Template;
use signoff_analysis::statistics::{self, Lateness, Spent, Statistics, Wanted, quantile};
use signoff_model::profile::Prepared;

use super::{Kind, rendered};
use crate::Site;
use crate::frame::Frame;

pub(super) const KIND: Kind = Kind { paths: |_| vec![PATH.to_owned()], make };

const PATH: &str = "statistics.html";

#[derive(Template)]
#[template(path = "statistics.html")]
struct Page {
    frame: Frame,
    parts: Vec<Part>,
}

/// A table with bars.
struct Part {
    id: &'static str,
    title: String,
    caption: &'static str,
    head: Vec<&'static str>,
    rows: Vec<Row>,
}

/// A row: its name, its figures, and how long its bar is, of 100.
struct Row {
    name: String,
    cells: Vec<String>,
    bar: usize,
}

fn make(site: &Site, path: &str) -> Option<String> {
    if path != PATH {
        return None;
    }
    let corpus = &site.snapshot.corpus;
    let found = statistics::statistics(corpus, None, Wanted::default());
    let parts = [
        statuses(&found),
        lateness(&corpus.prepared, &found.lateness),
        releases(&corpus.prepared, &found),
        time(&found),
        acceptance(&found),
        years(&found),
    ];
    Some(rendered(&Page {
        frame: Frame::of(site, path, "", "Statistics", "How the process goes, in figures."),
        parts: parts.into_iter().filter(|part| !part.rows.is_empty()).collect(),
    }))
}

/// Gives each row a bar by its measure.
fn with_bars(rows: Vec<(String, Vec<String>, usize)>) -> Vec<Row> {
    let most = rows.iter().map(|(_, _, measure)| *measure).max().unwrap_or(0).max(1);
    rows.into_iter().map(|(name, cells, measure)| Row { name, cells, bar: measure * 100 / most }).collect()
}

fn percent(part: usize, whole: usize) -> String {
    let share = (part * 100 + whole / 2).checked_div(whole);
    share.map_or_else(|| "–".to_owned(), |share| format!("{share} %"))
}

fn statuses(found: &Statistics) -> Part {
    let all: usize = found.statuses.iter().map(|(_, count)| count).sum();
    let row = |(status, count): &(Option<String>, usize)| {
        let name = status.clone().unwrap_or_else(|| "another, or none".to_owned());
        (name, vec![count.to_string()], *count)
    };
    Part {
        id: "statuses",
        title: format!("{} of {all} proposals are neither done nor ended", found.unfinished),
        caption: "Proposals by status now",
        head: vec!["Status", "proposals"],
        rows: with_bars(found.statuses.iter().map(row).collect()),
    }
}

/// Days before a release is settled in which what becomes ready is late.
const LATE: i64 = 7;

fn lateness(prepared: &Prepared, found: &[Lateness]) -> Part {
    let late = |own: &Lateness| own.later_than(LATE);
    let share = |own: &Lateness| late(own) * 100 / own.days.len().max(1);
    // A handful says nothing about how things usually go.
    let usual = || found.iter().filter(|own| own.days.len() >= 10).map(share);
    let title = match (usual().min(), usual().max()) {
        (Some(least), Some(most)) => format!("{least} to {most} % of what is ready was not a week before"),
        _ => "What becomes ready in the last week".to_owned(),
    };
    let row = |own: &Lateness| {
        let cells = [own.targeting, own.days.len(), late(own)].map(|count| count.to_string());
        let cells = cells.into_iter().chain([percent(late(own), own.days.len())]).collect();
        (prepared.profile.release.spelt(own.release), cells, share(own))
    };
    Part {
        id: "lateness",
        title,
        caption: "Of the proposals that were ready when a release was settled: those that were not ready seven days before",
        head: vec!["Release", "target it", "ready", "late", "share"],
        rows: with_bars(found.iter().map(row).collect()),
    }
}

fn releases(prepared: &Prepared, found: &Statistics) -> Part {
    let planned: usize = found.releases.iter().map(|own| own.planned).sum();
    let slipped: usize = found.releases.iter().map(|own| own.slipped).sum();
    let row = |own: &statistics::ReleaseThroughput| {
        let claimed: usize = own.claimed.iter().map(|(_, count)| count).sum();
        let counts = [own.planned, own.slipped, claimed].map(|count| count.to_string());
        let cells = counts.into_iter().chain([percent(own.slipped, own.planned)]).collect();
        (prepared.profile.release.spelt(own.release), cells, own.planned)
    };
    Part {
        id: "releases",
        title: format!("{} of what was planned went elsewhere", percent(slipped, planned)),
        caption: "Proposals that targeted a release when that was settled, and stages that proposals say now it brought",
        head: vec!["Release", "planned", "slipped", "stages claimed", "slipped share"],
        rows: with_bars(found.releases.iter().map(row).collect()),
    }
}

fn time(found: &Statistics) -> Part {
    let days = |days: Option<i64>| days.map_or_else(|| "–".to_owned(), |days| days.to_string());
    let row = |own: &statistics::Spans| {
        let kind = match own.spent {
            Spent::Status => "status",
            Spent::Stage => "stage",
        };
        let cells = vec![
            own.ended.len().to_string(),
            days(own.median()),
            days(quantile(&own.ended, 0.9)),
            own.going_on.len().to_string(),
        ];
        let measure = usize::try_from(own.median().unwrap_or(0)).unwrap_or(0);
        (format!("{kind} {}", own.name), cells, measure)
    };
    Part {
        id: "time",
        title: "How long proposals stay in a status and stage".to_owned(),
        caption: "Days; the bar is the median of those that left it",
        head: vec!["In", "left it", "median", "nine of ten", "still in it"],
        rows: with_bars(found.spans.iter().map(row).collect()),
    }
}

fn acceptance(found: &Statistics) -> Part {
    let all = &found.acceptance.all;
    let row = |(year, own): (&Option<i16>, &statistics::Cohort)| {
        let name = year.map_or_else(|| "not known".to_owned(), |year| year.to_string());
        let cells = vec![
            own.created.to_string(),
            own.accepted.to_string(),
            own.done.to_string(),
            own.ended_total().to_string(),
            percent(own.done, own.created),
        ];
        (name, cells, own.created)
    };
    Part {
        id: "acceptance",
        title: format!(
            "{} were accepted, {} are done",
            percent(all.accepted, all.created),
            percent(all.done, all.created)
        ),
        caption: "What became of the proposals that began in a year",
        head: vec!["Began", "all", "accepted", "done", "ended", "done share"],
        rows: with_bars(found.acceptance.years.iter().map(row).collect()),
    }
}

fn years(found: &Statistics) -> Part {
    let row = |own: &statistics::YearThroughput| {
        let cells = [own.created, own.accepted, own.promoted, own.done, own.ended].map(|count| count.to_string());
        (own.year.to_string(), cells.to_vec(), own.promoted)
    };
    Part {
        id: "years",
        title: "What happens in a year".to_owned(),
        caption: "The bar is the number of promotions to a later stage",
        head: vec!["Year", "created", "accepted", "promoted", "done", "ended"],
        rows: with_bars(found.years.iter().map(row).collect()),
    }
}
