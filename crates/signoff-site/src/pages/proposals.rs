//! Every proposal in one table.

use askama::Template;
use signoff_model::profile::Meaning;

use super::choices::{Choices, choices};
use super::{Kind, rendered};
use crate::frame::Frame;
use crate::{Site, strip};

pub(super) const KIND: Kind = Kind { paths: |_| vec![PATH.to_owned()], make };

const PATH: &str = "proposals/index.html";

#[derive(Template)]
#[template(path = "proposals.html")]
struct Proposals {
    frame: Frame,
    lines: Vec<LineOf>,
    filters: Vec<Choices>,
    questions: usize,
}

struct LineOf {
    label: String,
    title: String,
    page: String,
    group: String,
    status: String,
    stage: String,
    latest: String,
    text: String,
    strip: String,
}

fn make(site: &Site, path: &str) -> Option<String> {
    if path != PATH {
        return None;
    }
    let mut lines: Vec<LineOf> = site.snapshot.corpus.all().filter_map(|proposal| line(site, proposal)).collect();
    // Those without a number come last.
    let number = |label: &str| label.parse().ok().filter(|number| *number > 0).unwrap_or(u64::MAX);
    lines.sort_by_key(|line| (number(&line.label), line.title.clone()));
    let about = format!("All {} proposals.", lines.len());
    let prepared = &site.snapshot.corpus.prepared;
    let questions = prepared.questionnaires.first().map_or(0, |own| own.questions.len());
    let filters = vec![
        choices("group", "Group", &lines, |line| &line.group),
        choices("status", "Status", &lines, |line| &line.status),
        choices("stage", "Stage", &lines, |line| &line.stage),
    ];
    Some(rendered(&Proposals {
        frame: Frame::of(site, path, "proposals", "Proposals", &about),
        lines,
        filters,
        questions,
    }))
}

fn line(site: &Site, proposal: &signoff_model::Proposal) -> Option<LineOf> {
    let prepared = &site.snapshot.corpus.prepared;
    let text = |meaning| proposal.text(prepared, meaning).unwrap_or_default().to_owned();
    let people: Vec<&str> = [Meaning::Authors, Meaning::Approvers, Meaning::Reviewers]
        .into_iter()
        .flat_map(|meaning| proposal.items(prepared, meaning))
        .map(|item| item.text)
        .collect();
    let gates: Vec<&str> = proposal.gates(prepared).iter().map(|gate| gate.name).collect();
    let title = text(Meaning::Title);
    let title = if title.is_empty() { proposal.name.to_string() } else { title };
    let group = text(Meaning::Group);
    Some(LineOf {
        label: proposal.label().to_string(),
        page: site.places.page(&proposal.path)?.to_owned(),
        status: proposal.status(prepared).unwrap_or_default().to_owned(),
        stage: proposal.stage(prepared).unwrap_or_default().to_owned(),
        latest: text(Meaning::LatestMilestone),
        text: format!("{} {title} {group} {} {}", proposal.label(), people.join(" "), gates.join(" ")).to_lowercase(),
        strip: strip::small(&strip::cells(prepared, proposal)),
        title,
        group,
    })
}
