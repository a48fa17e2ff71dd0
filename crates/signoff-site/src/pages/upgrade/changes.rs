//! Changes in words: what happens, since when, how to keep today's behaviour, how to go back.

use signoff_analysis::upgrade::{Change, Level, Report, Told};

use crate::Site;
use crate::marks::{self, Mark};
use crate::pages::board::Quote;
use crate::pages::claims;

/// Most quotes of a change.
const QUOTES_MAX: usize = 3;
/// Most lines that are named which set something.
const LINES_MAX: usize = 8;

/// A change.
pub(super) struct ChangeOf {
    /// The id of its place on the page.
    pub(super) id: String,
    pub(super) mark: Mark,
    pub(super) subject: String,
    /// The page of the gate.
    pub(super) gate: Option<String>,
    pub(super) component: String,
    pub(super) message: String,
    pub(super) since: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) keep: String,
    pub(super) set_in: Vec<String>,
    pub(super) already: bool,
    pub(super) certainty: &'static str,
    /// The proposal behind it: label, title, page.
    pub(super) proposal: Option<(String, String, Option<String>)>,
    pub(super) rollback: String,
    pub(super) monitoring: String,
    pub(super) quotes: Vec<Quote>,
}

/// The id of the place of a change that files lead to.
pub(super) fn id(at: usize) -> String {
    format!("f{}", at + 1)
}

impl ChangeOf {
    pub(super) fn of(site: &Site, base: &str, at: usize, change: &Change) -> Self {
        let behind = change.behind.as_ref();
        let told = |told: Option<&Told>| told.map(|told| told.text.clone()).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let line = |place: &signoff_model::configured::Place| match place.line {
            Some(line) => format!("{}:{line}", place.path),
            None => place.path.to_string(),
        };
        let component = match &change.component {
            Some(component) => component.clone(),
            None => change.components.join(", "),
        };
        Self {
            id: id(at),
            mark: marks::of_change(change.level, change.kind),
            subject: change.subject.clone(),
            gate: site.code().page(&change.subject).filter(|_| change.is_gate).map(str::to_owned),
            component: if change.instance.is_empty() {
                component
            } else {
                format!("{component} of {}", change.instance)
            },
            message: change.message.clone(),
            since: text(&change.release),
            from: text(&change.from),
            to: text(&change.to),
            keep: text(&change.keep_today),
            set_in: change.set_in.iter().take(LINES_MAX).map(line).collect(),
            already: change.already,
            certainty: change.certainty.word(),
            proposal: behind.map(|behind| {
                let page = site.places.page(&behind.path).map(str::to_owned);
                (behind.label.clone(), behind.title.clone().unwrap_or_default(), page)
            }),
            rollback: told(behind.and_then(|behind| behind.rollback.as_ref())),
            monitoring: told(behind.and_then(|behind| behind.monitoring.as_ref())),
            quotes: change.evidence.iter().take(QUOTES_MAX).map(|own| claims::quote(site, base, own)).collect(),
        }
    }
}

/// Things of a kind that are good to know.
pub(super) struct NoticeOf {
    pub(super) title: String,
    pub(super) subjects: Vec<(String, Option<String>, String)>,
}

/// What is good to know, by kind.
pub(super) fn notices(site: &Site, report: &Report) -> Vec<NoticeOf> {
    let mut kinds: Vec<(&'static str, NoticeOf)> = Vec::new();
    for change in report.of(Level::Notice).filter(|change| change.set_in.is_empty()) {
        let page = site.code().page(&change.subject).filter(|_| change.is_gate).map(str::to_owned);
        let states = match (&change.from, &change.to) {
            (Some(from), Some(to)) if from != to => format!("{from} → {to}"),
            (_, Some(to)) => to.clone(),
            (Some(from), None) => format!("was {from}"),
            (None, None) => String::new(),
        };
        let own = (change.subject.clone(), page, states);
        match kinds.iter_mut().find(|(kind, _)| *kind == change.kind.word()) {
            Some((_, notice)) => notice.subjects.push(own),
            None => {
                let kind = change.kind.word();
                kinds.push((kind, NoticeOf { title: String::new(), subjects: vec![own] }));
            }
        }
    }
    let titled =
        |(kind, notice): (&'static str, NoticeOf)| NoticeOf { title: title(kind, notice.subjects.len()), ..notice };
    kinds.into_iter().map(titled).collect()
}

/// What a kind of notices is about: `2 gates are gone: nothing starts that sets them`.
fn title(kind: &'static str, count: usize) -> String {
    let (what, state) = match kind {
        "removed" => ("gate", "gone: nothing starts that sets it"),
        "locked" => ("gate", "locked: nothing starts that sets it otherwise"),
        "new" => ("gate", "new, and off unless set"),
        "deprecated" => ("thing", "on the way out"),
        "metric-removed" => ("metric", "gone"),
        "flag-removed" => ("flag", "gone"),
        "api-removed" => ("version of the API", "no longer served"),
        "config-version-removed" => ("format", "no longer read"),
        "default-flipped" => ("default", "another one"),
        _ => ("thing", "good to know"),
    };
    match count {
        1 => format!("1 {what} is {state}"),
        _ if what == "version of the API" => format!("{count} versions of the API are {state}"),
        _ => format!("{count} {what}s are {}", state.replace("sets it", "sets them")),
    }
}
