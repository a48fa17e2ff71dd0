//! A page for each group: what it has in the release, and all its proposals.

use std::collections::BTreeMap;

use askama::Template;
use signoff_model::Proposal;
use signoff_model::profile::{Meaning, StatusClass};

use super::{Kind, filters, rendered};
use crate::frame::{Frame, counted};
use crate::marks::{self, Mark};
use crate::{Site, places, strip};

pub(super) const KIND: Kind = Kind { paths, make };

#[derive(Template)]
#[template(path = "group.html")]
struct GroupPage {
    frame: Frame,
    name: String,
    sentence: String,
    release: Option<Release>,
    parts: Vec<Part>,
    feed: String,
}

/// What it has in the release of the board.
struct Release {
    name: String,
    page: String,
    lines: Vec<InRelease>,
}

struct InRelease {
    label: String,
    title: String,
    page: Option<String>,
    mark: Mark,
    reason: String,
}

/// Its proposals of one kind of status.
struct Part {
    title: &'static str,
    lines: Vec<LineOf>,
}

struct LineOf {
    label: String,
    title: String,
    page: String,
    status: String,
    stage: String,
    latest: String,
    strip: String,
}

/// The proposals of each group that is named.
pub(super) fn by_group(site: &Site) -> BTreeMap<&str, Vec<&Proposal>> {
    let prepared = &site.snapshot.corpus.prepared;
    let mut groups: BTreeMap<&str, Vec<&Proposal>> = BTreeMap::new();
    for proposal in site.snapshot.corpus.all() {
        if let Some(group) = proposal.text(prepared, Meaning::Group) {
            groups.entry(group).or_default().push(proposal);
        }
    }
    groups
}

fn paths(site: &Site) -> Vec<String> {
    let mut paths: Vec<String> = by_group(site).keys().map(|name| places::group(name)).collect();
    // Two names that are the same but for letters that no file has share a page.
    paths.dedup();
    paths
}

fn make(site: &Site, path: &str) -> Option<String> {
    if !path.starts_with("groups/") {
        return None;
    }
    let (name, proposals) = by_group(site).into_iter().find(|(name, _)| places::group(name) == path)?;
    let parts = [
        ("Accepted", StatusClass::Accepted),
        ("Open", StatusClass::Open),
        ("Living", StatusClass::Living),
        ("Put aside", StatusClass::Parked),
        ("Done", StatusClass::Done),
        ("Rejected, withdrawn, replaced", StatusClass::Dead),
    ];
    let prepared = &site.snapshot.corpus.prepared;
    let part = |(title, class): (&'static str, StatusClass)| {
        let own = proposals.iter().filter(|proposal| proposal.class(prepared) == class);
        Part { title, lines: own.filter_map(|proposal| line(site, proposal)).collect() }
    };
    let sentence = format!("{} of {name}", counted(proposals.len(), "proposal"));
    Some(rendered(&GroupPage {
        frame: Frame::of(site, path, "proposals", name, &sentence),
        name: name.to_owned(),
        sentence,
        release: release(site, name),
        parts: parts.into_iter().map(part).filter(|part| !part.lines.is_empty()).collect(),
        feed: places::feed_of_group(name),
    }))
}

fn release(site: &Site, group: &str) -> Option<Release> {
    let board = site.snapshot.boards.first()?;
    let own = board.rows.iter().filter(|row| row.group == group);
    let line = |row: &crate::snapshot::Row| {
        let judged = row.now(board)?;
        Some(InRelease {
            label: row.label.clone(),
            title: row.title.clone(),
            page: site.places.page(&row.path).map(str::to_owned),
            mark: marks::of_standing(judged.standing),
            reason: judged.reason.clone(),
        })
    };
    Some(Release { name: board.name.clone(), page: places::board(&board.name), lines: own.filter_map(line).collect() })
}

fn line(site: &Site, proposal: &Proposal) -> Option<LineOf> {
    let prepared = &site.snapshot.corpus.prepared;
    let text = |meaning| proposal.text(prepared, meaning);
    Some(LineOf {
        label: proposal.label().to_string(),
        title: text(Meaning::Title).unwrap_or(&proposal.name).to_owned(),
        page: site.places.page(&proposal.path)?.to_owned(),
        status: proposal.status(prepared).unwrap_or_default().to_owned(),
        stage: proposal.stage(prepared).unwrap_or_default().to_owned(),
        latest: text(Meaning::LatestMilestone).unwrap_or_default().to_owned(),
        strip: strip::small(&strip::cells(prepared, proposal)),
    })
}
