//! Where proposals stand at a checkpoint: `signoff.status/1`, and tables for people, spreadsheets and issues.
//!
//! [`Status`] is made of verdicts by [`Status::new`]; `human`, `markdown` and `csv` write it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::signoff::{Outcome, RuleResult, Standing, Verdict};
use signoff_model::exception::Exception;
use signoff_model::fact;
use signoff_model::profile::{Basis, Meaning, Prepared};

mod human;
mod plain;

pub use human::write as write_human;
pub(crate) use plain::cell;
pub use plain::{write_csv, write_markdown};

/// Where the proposals of a release stand at a checkpoint.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Status<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.status/1"))]
    schema: &'static str,
    /// The release.
    pub release: String,
    /// Id of the checkpoint.
    pub checkpoint: &'a str,
    /// What the release calls it.
    pub checkpoint_name: &'a str,
    /// When it is; null when no calendar says so.
    #[schemars(with = "Option<String>")]
    pub deadline: Option<Timestamp>,
    /// The instant for which this is said.
    #[schemars(with = "String")]
    pub instant: Timestamp,
    /// The commit whose files were read; null for a work tree.
    pub commit: Option<&'a str>,
    /// What it is decided on.
    pub basis: Vec<&'static str>,
    /// What cannot be known, and why.
    pub notes: Vec<String>,
    /// How many proposals have each verdict.
    pub counts: BTreeMap<&'static str, usize>,
    /// The proposals, by path.
    pub proposals: Vec<Entry<'a>>,
    /// What changed since an earlier instant; null when that cannot be known.
    pub changes: Option<Changes>,
}

/// Where one proposal stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Entry<'a> {
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
    /// The kind of work.
    pub class: Option<&'a str>,
    /// Where it stands.
    pub verdict: &'static str,
    /// Why, in one sentence.
    pub reason: &'a str,
    /// Required rules that were not looked at.
    pub undecided: &'a [&'a str],
    /// The exception for this checkpoint.
    pub exception: Option<ExceptionEntry<'a>>,
    /// Every rule of the checkpoint.
    pub rules: Vec<RuleEntry<'a>>,
    #[serde(skip)]
    pub(crate) standing: Standing,
}

/// A request for an exception.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExceptionEntry<'a> {
    /// The day of the request.
    pub requested: Option<String>,
    /// The day of the decision.
    pub reviewed: Option<String>,
    /// What was decided by the instant.
    pub decision: &'static str,
    /// The granted deadline.
    #[schemars(with = "Option<String>")]
    pub until: Option<Timestamp>,
    /// Address of the discussion.
    pub thread: Option<&'a str>,
    /// The file that says so.
    pub path: &'a str,
    /// Its line.
    pub line: usize,
}

/// What one rule said.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RuleEntry<'a> {
    /// Id of the rule.
    pub rule: &'a str,
    /// What it asks.
    pub about: &'a str,
    /// Whether it decides.
    pub required: bool,
    /// What came out.
    pub result: &'static str,
    /// What it was decided on, or waits for.
    pub basis: &'static str,
    /// What was seen.
    pub message: &'a str,
    /// Where.
    pub evidence: Vec<Evidence<'a>>,
    /// What to do next.
    pub next: Option<&'a str>,
    /// Document and section that ask for it.
    pub source: &'a str,
    /// The waiver that touches it.
    pub waiver: Option<WaiverEntry<'a>>,
}

/// A waiver.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WaiverEntry<'a> {
    /// Who answers for it.
    pub owner: &'a str,
    /// Why.
    pub reason: &'a str,
    /// When it ends, as written.
    pub until: &'a str,
    /// Whether it holds at the instant.
    pub holds: bool,
}

/// Where something was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Evidence<'a> {
    /// Name of the source.
    pub source: &'a str,
    /// Its version: a commit, a release, or `work tree`.
    pub version: &'a str,
    /// The file.
    pub path: &'a str,
    /// The line, from 1; null where there is none to name.
    pub line: Option<usize>,
    /// The quoted text, or what is missing.
    pub text: &'a str,
}

impl<'a> From<&'a fact::Evidence> for Evidence<'a> {
    fn from(evidence: &'a fact::Evidence) -> Self {
        let fact::Evidence { source, version, path, line, text } = evidence;
        Self { source, version, path, line: *line, text }
    }
}

impl Evidence<'_> {
    /// `kubernetes 1.36.2 path:line`.
    pub(crate) fn sourced_place(&self) -> String {
        format!("{} {} {}", self.source, self.version, self.place())
    }

    /// `path:line`, or the path alone.
    pub(crate) fn place(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.path),
            None => self.path.to_owned(),
        }
    }
}

/// What changed since an earlier instant.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Changes {
    /// The earlier instant.
    #[schemars(with = "String")]
    pub since: Timestamp,
    /// The proposals that stand elsewhere now, by path.
    pub proposals: Vec<Change>,
}

/// A proposal that stands elsewhere now.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Change {
    /// What people call it.
    pub proposal: String,
    /// Its folder or file.
    pub path: String,
    /// Its title.
    pub title: Option<String>,
    /// The verdict before; null when it did not target the release.
    pub from: Option<&'static str>,
    /// The verdict now; null when it no longer targets the release.
    pub to: Option<&'static str>,
    /// Why, in one sentence.
    pub reason: String,
}

/// What a status is about.
pub struct Head<'a> {
    /// The release, as the process writes it.
    pub release: String,
    /// Id of the checkpoint.
    pub checkpoint: &'a str,
    /// What the release calls it.
    pub checkpoint_name: &'a str,
    /// When it is.
    pub deadline: Option<Timestamp>,
    /// The instant.
    pub instant: Timestamp,
    /// The commit that was read.
    pub commit: Option<&'a str>,
    /// What was given.
    pub basis: Vec<Basis>,
    /// What cannot be known.
    pub notes: Vec<String>,
}

impl<'a> Status<'a> {
    /// Puts verdicts together.
    #[must_use]
    pub fn new(head: Head<'a>, prepared: &'a Prepared, verdicts: &'a [Verdict<'a>], changes: Option<Changes>) -> Self {
        let Head { release, checkpoint, checkpoint_name, deadline, instant, commit, basis, notes } = head;
        let mut counts = BTreeMap::new();
        for verdict in verdicts {
            *counts.entry(verdict.standing.word()).or_default() += 1;
        }
        let entry = |verdict: &'a Verdict<'a>| Entry::new(prepared, verdict, instant);
        Self {
            schema: "signoff.status/1",
            release,
            checkpoint,
            checkpoint_name,
            deadline,
            instant,
            commit,
            basis: basis.into_iter().map(Basis::word).collect(),
            notes,
            counts,
            proposals: verdicts.iter().map(entry).collect(),
            changes,
        }
    }

    /// What is said before all else: on which basis this stands.
    #[must_use]
    pub fn statement(&self) -> String {
        let known: Vec<&str> = self.basis.clone();
        let mut waiting: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for rule in self.proposals.iter().flat_map(|entry| &entry.rules) {
            let ids = waiting.entry(rule.basis).or_default();
            let is_open = rule.required && rule.result == Outcome::Unknown.word() && !known.contains(&rule.basis);
            if is_open && !ids.contains(&rule.rule) {
                ids.push(rule.rule);
            }
        }
        let open: Vec<String> = waiting
            .iter()
            .filter(|(_, ids)| !ids.is_empty())
            .map(|(basis, ids)| format!("{} {basis} rule{}", ids.len(), if ids.len() == 1 { "" } else { "s" }))
            .collect();
        match open.is_empty() {
            true => format!("Decided on {}.", known.join(" and ")),
            false => format!("As far as {} can tell; {} not looked at.", known.join(" and "), open.join(", ")),
        }
    }
}

impl<'a> Entry<'a> {
    fn new(prepared: &'a Prepared, verdict: &'a Verdict<'a>, instant: Timestamp) -> Self {
        let proposal = verdict.proposal;
        let text = |meaning| proposal.text(prepared, meaning);
        Self {
            proposal: proposal.label(),
            title: text(Meaning::Title),
            group: text(Meaning::Group),
            path: &proposal.path,
            stage: proposal.stage(prepared),
            class: verdict.class,
            verdict: verdict.standing.word(),
            reason: &verdict.reason,
            undecided: &verdict.undecided,
            exception: verdict.exception.map(|exception| ExceptionEntry::new(exception, instant)),
            rules: verdict.rules.iter().map(RuleEntry::new).collect(),
            standing: verdict.standing,
        }
    }
}

impl<'a> ExceptionEntry<'a> {
    fn new(exception: &'a Exception, instant: Timestamp) -> Self {
        use signoff_model::exception::Decision;
        let decision = exception.decision_at(instant).unwrap_or(Decision::Pending);
        let reviewed = exception.reviewed.filter(|_| decision != Decision::Pending);
        Self {
            requested: exception.requested.map(|day| day.to_string()),
            reviewed: reviewed.map(|day| day.to_string()),
            decision: decision.word(),
            until: exception.until.filter(|_| decision == Decision::Approved),
            thread: exception.thread.as_deref(),
            path: &exception.path,
            line: exception.line,
        }
    }
}

impl<'a> RuleEntry<'a> {
    fn new(result: &'a RuleResult<'a>) -> Self {
        let waiver = result.waiver.map(|waiver| WaiverEntry {
            owner: &waiver.owner,
            reason: &waiver.reason,
            until: &waiver.until_written,
            holds: result.outcome == Outcome::Waived,
        });
        Self {
            rule: &result.rule.id,
            about: &result.rule.about,
            required: !result.rule.advisory,
            result: result.outcome.word(),
            basis: result.basis.word(),
            message: &result.message,
            evidence: result.evidence.iter().map(Evidence::from).collect(),
            next: result.next.as_deref(),
            source: &result.rule.source,
            waiver,
        }
    }
}

/// Writes a status as `signoff.status/1`.
///
/// # Errors
/// Those of the writer.
pub fn write_json(status: &Status<'_>, out: &mut dyn Write) -> io::Result<()> {
    crate::write_json(status, out)
}
