//! Every feature gate, release by release, as the code has it; marks show where a proposal or a page says otherwise.

use std::collections::BTreeMap;

use askama::Template;
use signoff_analysis::gates::lives::{Life, Phase};
use signoff_output::gates::{Gates, Objection as Objected, Said};

use super::choices::Choices;
use super::{Kind, filters, rendered, written};
use crate::evidence::{AllClaims, Who, minor};
use crate::frame::{Frame, counted};
use crate::{Page, Site};

mod gate;
pub(super) mod line;

use line::{Cell, cells};

pub(super) const KIND: Kind = Kind { paths, make };
pub(super) const GATE: Kind = gate::KIND;

/// The page of all gates.
pub(crate) const PATH: &str = "gates/index.html";
/// The same for programs.
const JSON: &str = "gates.json";
const CSV: &str = "gates.csv";

/// What a reader asked of the page: a gate is shown that fits all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedGates {
    /// Words that it must have.
    pub words: String,
    /// Its component.
    pub component: String,
    /// Its stage in the newest version.
    pub stage: String,
    /// Who must disagree.
    pub marks: String,
}

#[derive(Template)]
#[template(path = "gates.html")]
struct GatesPage {
    frame: Frame,
    title: String,
    caption: String,
    filters: Vec<Filter>,
    words: String,
    is_live: bool,
    all: usize,
    shown: usize,
    releases: Vec<String>,
    groups: Vec<Group>,
    key: Vec<(&'static str, &'static str)>,
}

/// A filter with what was chosen.
struct Filter {
    choices: Choices,
    chosen: String,
}

/// The gates of a component.
struct Group {
    name: String,
    id: String,
    is_hidden: bool,
    rows: Vec<Row>,
}

/// A gate.
struct Row {
    name: String,
    page: String,
    proposals: Vec<(String, Option<String>)>,
    components: String,
    stage: &'static str,
    marks: &'static str,
    text: String,
    cells: Vec<Cell>,
    remarks: Vec<String>,
    is_hidden: bool,
}

fn paths(site: &Site) -> Vec<String> {
    if !site.code().has_gates() {
        return Vec::new();
    }
    // All claims are judged at once, before pages are made by many threads.
    site.judged();
    vec![PATH.to_owned(), JSON.to_owned(), CSV.to_owned()]
}

fn make(site: &Site, path: &str) -> Option<String> {
    if !site.code().has_gates() {
        return None;
    }
    match path {
        PATH => Some(page(site, &WantedGates::default())),
        JSON => written(|out| export(site).write_json(out)),
        CSV => written(|out| export(site).write_csv(out)),
        _ => None,
    }
}

impl Site {
    /// The page of gates with those alone that a reader asked for.
    #[must_use]
    pub fn gates(&self, wanted: &WantedGates) -> Option<Page> {
        let text = self.code().has_gates().then(|| page(self, wanted))?;
        Some(Page { path: PATH.to_owned(), bytes: text.into_bytes() })
    }
}

fn page(site: &Site, wanted: &WantedGates) -> String {
    let code = site.code();
    let groups = groups(site, wanted);
    let rows = || groups.iter().flat_map(|group| &group.rows);
    let releases: Vec<String> = code.lives.minors.iter().map(|release| minor(*release)).collect();
    let (first, last) = (releases.first().cloned().unwrap_or_default(), releases.last().cloned().unwrap_or_default());
    let title = format!("Feature gates, {first} to {last}");
    let disagreeing = rows().filter(|row| !row.marks.is_empty()).count();
    let all = rows().count();
    rendered(&GatesPage {
        frame: Frame::of(site, PATH, "gates", &title, "What the code does, release by release."),
        caption: format!("{}, of which {disagreeing} are marked. {}", counted(all, "gate"), code.sources()),
        title,
        filters: choosing(&groups, wanted),
        words: wanted.words.clone(),
        is_live: site.is_live,
        shown: rows().filter(|row| !row.is_hidden).count(),
        all,
        releases,
        key: line::KEY.to_vec(),
        groups,
    })
}

fn choosing(groups: &[Group], wanted: &WantedGates) -> Vec<Filter> {
    let rows = || groups.iter().flat_map(|group| &group.rows);
    let count = |values: &dyn Fn(&Row) -> Vec<String>| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        rows().flat_map(values).for_each(|value| *counts.entry(value).or_default() += 1);
        counts.into_iter().filter(|(value, _)| !value.is_empty()).collect::<Vec<_>>()
    };
    let filter = |name, label, options, chosen: &str| Filter {
        choices: Choices { name, label, options },
        chosen: chosen.to_owned(),
    };
    let parts = |text: &str| text.split(", ").map(str::to_owned).collect::<Vec<_>>();
    vec![
        filter("component", "Component", count(&|row| parts(&row.components)), &wanted.component),
        filter("stage", "Now", count(&|row| vec![row.stage.to_owned()]), &wanted.stage),
        filter("marks", "Who disagrees", count(&|row| parts(row.marks)), &wanted.marks),
    ]
}

/// Where gates stand of which nobody names a component.
const NONE_NAMED: &str = "No component named";

fn groups(site: &Site, wanted: &WantedGates) -> Vec<Group> {
    let judged = site.judged();
    let lives = &site.code().lives.lives;
    let components: Vec<Vec<&str>> = lives.iter().map(|life| components(judged, &life.name)).collect();
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    components.iter().flatten().for_each(|component| *count.entry(component).or_default() += 1);
    let known = &site.rules_of_evidence().upgrade.components;
    let is_known = |component: &&&str| known.iter().any(|known| known == **component);
    let mut groups: BTreeMap<(usize, &str), Vec<Row>> = BTreeMap::new();
    for (life, own) in lives.iter().zip(&components) {
        // A gate stands once: below the rarest of its components, which says most.
        let rarest = own.iter().filter(is_known).min_by_key(|component| count[**component]);
        let group = rarest.or(own.first()).copied().unwrap_or(NONE_NAMED);
        // Those that upgrades are about come first, in the order of the profile; last what nobody assigns.
        let place = known.iter().position(|known| known == group);
        let place = place.unwrap_or(known.len() + usize::from(own.is_empty()));
        groups.entry((place, group)).or_default().push(row(site, life, own, wanted));
    }
    let mut ids = crate::places::GatePages::default();
    let group = |((_, name), rows): ((usize, &str), Vec<Row>)| Group {
        name: name.to_owned(),
        id: format!("c-{}", ids.name(name)),
        is_hidden: rows.iter().all(|row| row.is_hidden),
        rows,
    };
    groups.into_iter().map(group).collect()
}

/// The components that proposals name for a gate, each once.
fn components<'j>(judged: &'j AllClaims, gate: &str) -> Vec<&'j str> {
    let mut components: Vec<&str> = Vec::new();
    for component in judged.naming(gate).iter().flat_map(|naming| &naming.components) {
        if !component.is_empty() && !components.contains(&component.as_str()) {
            components.push(component);
        }
    }
    components
}

fn row(site: &Site, life: &Life, components: &[&str], wanted: &WantedGates) -> Row {
    let judged = site.judged();
    let corpus = &site.snapshot.corpus;
    let objections = judged.objections(&life.name);
    let says = |who: Who| objections.iter().any(|objection| objection.who == who);
    let marks = match (says(Who::Proposal), says(Who::Docs)) {
        (true, true) => "anybody, the docs page, a proposal",
        (true, false) => "anybody, a proposal",
        (false, true) => "anybody, the docs page",
        (false, false) => "",
    };
    let proposals = judged.naming(&life.name).iter().map(|naming| {
        let proposal = &corpus.proposals[naming.proposal];
        (proposal.label().to_string(), site.places.page(&proposal.path).map(str::to_owned))
    });
    let proposals: Vec<(String, Option<String>)> = proposals.collect();
    let labels = proposals.iter().map(|(label, _)| label.as_str()).collect::<Vec<_>>().join(" ");
    let remarks: Vec<String> = objections.iter().map(|objection| objection.remark.clone()).collect();
    let components = components.join(", ");
    let text = format!("{} {labels} {components} {}", life.name, remarks.join(" ")).to_lowercase();
    let stage = line::now(life.now());
    let is_one = |all: &str, one: &str| one.is_empty() || all.split(", ").any(|own| own == one);
    let fits = wanted.words.to_lowercase().split_whitespace().all(|word| text.contains(word))
        && is_one(&components, &wanted.component)
        && is_one(stage, &wanted.stage)
        && is_one(marks, &wanted.marks);
    Row {
        name: life.name.clone(),
        page: site.code().page(&life.name).unwrap_or(PATH).to_owned(),
        proposals,
        components,
        stage,
        marks,
        text,
        cells: cells(site.code(), life, objections),
        remarks,
        is_hidden: !fits,
    }
}

fn export(site: &Site) -> Gates<'_> {
    let judged = site.judged();
    let corpus = &site.snapshot.corpus;
    Gates::new(&site.code().lives, |life| {
        let objection = |own: &'_ crate::evidence::Objection| match own.who {
            Who::Proposal => "proposal",
            Who::Docs => "docs",
        };
        let objections = judged.objections(&life.name).iter();
        Said {
            components: components(judged, &life.name),
            proposals: judged
                .naming(&life.name)
                .iter()
                .map(|naming| &**corpus.proposals[naming.proposal].label())
                .collect(),
            objections: objections.map(|own| Objected { by: objection(own), message: &own.remark }).collect(),
        }
    })
}

/// Whether a gate is there in the newest version.
fn is_there(phase: Phase) -> bool {
    matches!(phase, Phase::There { .. })
}
