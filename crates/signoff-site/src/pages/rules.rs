//! What is asked: the rules of the checkpoints, and those of a check with their pages.

use askama::Template;
use signoff_analysis::rules::{self, Rule};
use signoff_model::profile::DecisionRule;
use signoff_model::{Source, body};

use super::{Kind, filters, rendered};
use crate::Site;
use crate::document::{self, Addresses, Place, Setting, Surroundings};
use crate::frame::{self, Frame};

pub(super) const KIND: Kind = Kind { paths, make };

const INDEX: &str = "rules/index.html";

#[derive(Template)]
#[template(path = "rules.html")]
struct Rules {
    frame: Frame,
    asked: Vec<AskedOf>,
    checked: Vec<CheckedOf>,
}

/// A rule of the decision table.
struct AskedOf {
    id: String,
    about: String,
    checkpoints: String,
    basis: &'static str,
    source: String,
    is_advisory: bool,
}

/// A rule of a check.
struct CheckedOf {
    code: &'static str,
    severity: &'static str,
    title: String,
}

#[derive(Template)]
#[template(path = "rule.html")]
struct RulePage {
    frame: Frame,
    code: &'static str,
    severity: &'static str,
    html: String,
}

fn page_of(rule: &Rule) -> String {
    format!("rules/{}.html", rule.code)
}

fn paths(_: &Site) -> Vec<String> {
    std::iter::once(INDEX.to_owned()).chain(rules::RULES.iter().map(|rule| page_of(rule))).collect()
}

fn make(site: &Site, path: &str) -> Option<String> {
    if path == INDEX {
        return Some(rendered(&index(site)));
    }
    let rule = rules::RULES.iter().find(|rule| page_of(rule) == path)?;
    let source = Source::new(format!("rules/{}.md", rule.code), rule.page);
    let setting = Setting {
        path: &source.path,
        root: &frame::base(path),
        addresses: &Addresses::default(),
        heading_level: 2,
        questions: &[],
        surroundings: &Beside,
    };
    let document = document::render(&source, &body::parse(&source.text, 0), &setting);
    Some(rendered(&RulePage {
        frame: Frame::of(site, path, "", rule.code, &title(rule)),
        code: rule.code,
        severity: rule.severity.word(),
        html: document.without_title(),
    }))
}

fn index(site: &Site) -> Rules {
    let prepared = &site.snapshot.corpus.prepared;
    let names = |rule: &DecisionRule| {
        let release = site.snapshot.boards.first().map(|board| board.release);
        let name =
            |id: &String| release.map_or(id.as_str(), |release| prepared.checkpoint_name(id, release)).to_owned();
        rule.checkpoints.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let asked = prepared.profile.signoff.rule.iter().map(|rule| AskedOf {
        id: rule.id.clone(),
        about: rule.about.clone(),
        checkpoints: names(rule),
        basis: rule.basis.word(),
        source: rule.source.clone(),
        is_advisory: rule.advisory,
    });
    let checked = rules::RULES.iter().map(|rule| CheckedOf {
        code: rule.code,
        severity: rule.severity.word(),
        title: title(rule),
    });
    Rules {
        frame: Frame::of(site, INDEX, "", "Rules", "What is asked of a proposal, and by whom."),
        asked: asked.collect(),
        checked: checked.collect(),
    }
}

/// The first sentence of a rule's page.
fn title(rule: &Rule) -> String {
    let mut lines = rule.page.lines().skip_while(|line| line.starts_with('#') || line.trim().is_empty());
    lines.next().unwrap_or_default().to_owned()
}

/// Pages of rules name each other by their files.
struct Beside;

impl Surroundings for Beside {
    fn find(&self, path: &str) -> Place {
        let name = path.rsplit('/').next().unwrap_or_default();
        let code = name.strip_suffix(".md").unwrap_or(name).replace('_', "-");
        let rule = rules::RULES.iter().find(|rule| rule.code == code);
        rule.map_or(Place::Missing, |rule| Place::Page(page_of(rule)))
    }
}
