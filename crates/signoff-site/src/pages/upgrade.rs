//! What changes for an operator between two versions: what breaks first, then what changes by itself, last what was not
//! looked at. A server answers for any two versions, and for files that were given; it keeps none of them.

use askama::Template;
use signoff_analysis::gates::Gates;
use signoff_analysis::upgrade::{self as analysis, Asked, Change, ChangeKind, Level, Question, Report, Text};
use signoff_model::Release;
use signoff_model::configured::Configured;
use signoff_model::fact::Problem;
use signoff_output::upgrade::{Upgrade, gap_words};

use super::{Kind, filters, rendered};
use crate::evidence::minor;
use crate::frame::{self, Frame, counted};
use crate::marks::Mark;
use crate::{Page, Site};

mod changes;
mod files;

use changes::{ChangeOf, NoticeOf};
use files::FileOf;

pub(super) const KIND: Kind = Kind { paths, make };

/// The page, which a server also sends files to.
pub const UPGRADE: &str = "upgrade.html";
/// Most changes that are told one by one: files of strangers may lead to any number.
const TOLD_MAX: usize = 300;

/// How components are configured, as files say that somebody gave.
#[derive(Debug, Default)]
pub struct Checked {
    /// The components.
    pub configured: Vec<Configured>,
    /// What of the files says nothing of a component.
    pub unrecognised: Vec<Problem>,
    /// The files.
    pub texts: Vec<Text>,
    /// How many files were given.
    pub count: usize,
    /// Why they were not read, where they were not.
    pub refused: Option<String>,
}

#[derive(Template)]
#[template(path = "upgrade.html")]
struct UpgradePage {
    frame: Frame,
    title: String,
    from: String,
    to: String,
    versions: Vec<String>,
    pairs: Vec<(String, String, bool)>,
    is_live: bool,
    refused: String,
    told: Option<Told>,
}

/// A report.
struct Told {
    tone: &'static str,
    lead: String,
    sentence: String,
    read: String,
    counts: Vec<(Mark, String)>,
    is_checked: bool,
    files: Vec<FileOf>,
    findings: Vec<ChangeOf>,
    changing: Vec<ChangeOf>,
    deciding: Vec<ChangeOf>,
    more: usize,
    notices: Vec<NoticeOf>,
    gaps: Vec<(String, String)>,
}

/// The minor versions that can be asked about: those whose lists are in hand, and of a single one the version before.
fn versions(site: &Site) -> Vec<Release> {
    let mut minors: Vec<Release> =
        site.code().releases.iter().map(|release| Release { patch: 0, ..*release }).collect();
    minors.dedup();
    if let [only] = minors[..]
        && only.minor > 0
    {
        minors.insert(0, Release { minor: only.minor - 1, ..only });
    }
    minors
}

/// Every earlier version with every later one, the newest first.
fn pairs(site: &Site) -> Vec<(Release, Release)> {
    let minors = versions(site);
    let mut pairs: Vec<(Release, Release)> = Vec::new();
    for (at, to) in minors.iter().enumerate().rev() {
        pairs.extend(minors[..at].iter().rev().map(|from| (*from, *to)));
    }
    pairs
}

fn page_of((from, to): (Release, Release)) -> String {
    format!("upgrade/{}-{}.html", minor(from), minor(to))
}

fn paths(site: &Site) -> Vec<String> {
    if !site.code().has_gates() {
        return Vec::new();
    }
    std::iter::once(UPGRADE.to_owned()).chain(pairs(site).into_iter().map(page_of)).collect()
}

fn make(site: &Site, path: &str) -> Option<String> {
    if !(path == UPGRADE || path.starts_with("upgrade/")) || !site.code().has_gates() {
        return None;
    }
    let pairs = pairs(site);
    let pair = match path {
        UPGRADE => *pairs.first()?,
        path => *pairs.iter().find(|pair| page_of(**pair) == path)?,
    };
    Some(page(site, path, (&minor(pair.0), &minor(pair.1)), None))
}

impl Site {
    /// What changes between two versions as people write them, with files that somebody gave.
    #[must_use]
    pub fn upgrade(&self, from: &str, to: &str, checked: Option<&Checked>) -> Option<Page> {
        if !self.code().has_gates() {
            return None;
        }
        let newest = pairs(self).first().map(|(from, to)| (minor(*from), minor(*to))).unwrap_or_default();
        let or = |text: &str, usual: String| match text.trim() {
            "" => usual,
            text => text.chars().take(20).collect(),
        };
        let (from, to) = (or(from, newest.0), or(to, newest.1));
        Some(Page { path: UPGRADE.to_owned(), bytes: page(self, UPGRADE, (&from, &to), checked).into_bytes() })
    }
}

fn page(site: &Site, path: &str, (from, to): (&str, &str), checked: Option<&Checked>) -> String {
    let given = match checked {
        Some(checked) if checked.refused.is_none() => format!(", with {}", counted(checked.count, "file")),
        _ => String::new(),
    };
    let title = format!("{from} to {to}{given}");
    let told = told(site, path, (from, to), checked);
    let about = format!("What breaks, flips or is locked between {from} and {to}.");
    let pair = |pair: (Release, Release)| {
        let own = page_of(pair);
        (format!("{} to {}", minor(pair.0), minor(pair.1)), own.clone(), own == path)
    };
    let refused = checked.and_then(|checked| checked.refused.clone());
    rendered(&UpgradePage {
        frame: Frame::of(site, path, "upgrade", &format!("Upgrade {from} to {to}"), &about),
        title,
        from: from.to_owned(),
        to: to.to_owned(),
        versions: known(site),
        pairs: pairs(site).into_iter().map(pair).collect(),
        is_live: site.is_live,
        refused: refused.or_else(|| told.as_ref().err().cloned()).unwrap_or_default(),
        told: told.ok(),
    })
}

/// The versions that are offered: a server knows each patch, files have a page for each minor version.
fn known(site: &Site) -> Vec<String> {
    match site.is_live {
        true => site.code().releases.iter().map(|release| crate::evidence::spelt(*release)).collect(),
        false => versions(site).into_iter().map(minor).collect(),
    }
}

fn told(site: &Site, path: &str, (from, to): (&str, &str), checked: Option<&Checked>) -> Result<Told, String> {
    let asked =
        |text: &str| Asked::parse(text).ok_or_else(|| format!("{text} is no version; write one like 1.36.2 or 1.36"));
    let nothing = Checked::default();
    let given = checked.filter(|checked| checked.refused.is_none()).unwrap_or(&nothing);
    let question = Question {
        from: asked(from)?,
        to: asked(to)?,
        emulation: None,
        both_ways: false,
        allow_unknown: false,
        configured: &given.configured,
        texts: &given.texts,
        unrecognised: &given.unrecognised,
        components: &[],
    };
    let (facts, rules) = (&site.snapshot.evidence, site.rules_of_evidence());
    let gates = Gates::of(facts, rules);
    let report = analysis::upgrade(&gates, facts, rules, Some(&site.snapshot.corpus), &question);
    let report = report.map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())?;
    Ok(of_report(site, path, &report, given))
}

fn of_report(site: &Site, path: &str, report: &Report, given: &Checked) -> Told {
    let shown = Upgrade::new(report);
    let base = frame::base(path);
    let is_given = given.count > 0;
    let is_finding = |change: &&Change| change.level == Level::Breaks || !change.set_in.is_empty();
    let found: Vec<&Change> = report.changes.iter().filter(is_finding).collect();
    let by_itself = |level: Level| -> Vec<&Change> {
        report.changes.iter().filter(|change| change.level == level && !is_finding(change)).collect()
    };
    let of = |changes: &[&Change]| -> Vec<ChangeOf> {
        changes.iter().take(TOLD_MAX).enumerate().map(|(at, change)| ChangeOf::of(site, &base, at, change)).collect()
    };
    let (changing, deciding) = (by_itself(Level::Behaviour), by_itself(Level::Review));
    let more = [&found, &changing, &deciding].map(|all| all.len().saturating_sub(TOLD_MAX)).into_iter().sum();
    let (tone, lead) = lead(report, is_given);
    Told {
        tone,
        lead,
        sentence: shown.sentence(),
        read: shown.looked_at(),
        counts: counts(report),
        is_checked: is_given,
        files: files::of(given, &found[..found.len().min(TOLD_MAX)]),
        findings: of(&found),
        changing: of(&changing),
        deciding: of(&deciding),
        more,
        notices: changes::notices(site, report),
        gaps: shown.not_inspected.iter().map(gap_words).collect(),
    }
}

/// What happens, as one sentence, and its tone.
fn lead(report: &Report, is_given: bool) -> (&'static str, String) {
    let to = minor(report.to.release);
    let mut stopped: Vec<&str> =
        report.of(Level::Breaks).map(|change| change.component.as_deref().unwrap_or("component")).collect();
    stopped.sort_unstable();
    stopped.dedup();
    let flips = report.of(Level::Behaviour).count();
    match (stopped[..].len(), flips) {
        (1, _) => ("fail", format!("A {} of {to} does not start with these files", stopped[0])),
        (more, _) if more > 1 => ("fail", format!("Components of {to} do not start with these files")),
        (_, 0) if is_given => ("ok", format!("In these files nothing stops a component of {to}")),
        (_, 0) => ("ok", format!("Nothing is known to change by itself with {to}")),
        (_, 1) => ("risk", format!("1 thing works otherwise with {to} unless somebody sets it")),
        (_, flips) => ("risk", format!("{flips} things work otherwise with {to} unless somebody sets them")),
    }
}

/// How many things there are of each kind. What stops a component nobody can tell without its configuration.
fn counts(report: &Report) -> Vec<(Mark, String)> {
    let is_lock = |change: &&Change| change.kind == ChangeKind::Locked;
    let locked = report.of(Level::Breaks).filter(is_lock).count();
    let breaks = report.of(Level::Breaks).count() - locked;
    let count =
        |tone, word, count: usize| (Mark { tone: if count == 0 { "na" } else { tone }, word }, count.to_string());
    let is_blind = report.inspected.is_empty();
    let told = |tone, word, number: usize| match number {
        0 if is_blind => (Mark { tone: "unknown", word }, "?".to_owned()),
        number => count(tone, word, number),
    };
    vec![
        told("fail", "break", breaks),
        told("exc", "locked against you", locked),
        count("flip", "work otherwise", report.of(Level::Behaviour).count()),
    ]
}
