//! What waits for one person: `signoff.queue/1`, a list for people, a table.

use std::borrow::Cow;
use std::io::{self, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::comparison::{Change, Hunk};
use signoff_analysis::signoff::queue::{self, Role, Waiting};
use signoff_model::Finding;
use signoff_model::profile::{Meaning, Prepared};
use signoff_model::questionnaire::State;

use crate::query::csv_line;
use crate::standpoint::counted;
use crate::visible::visible;
use crate::{Look, clock};

/// What waits for one person.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Queue<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.queue/1"))]
    schema: &'static str,
    /// Who, with `@`.
    pub approver: String,
    /// The release that was asked for; null for all that are not over.
    pub release: Option<String>,
    /// The instant for which this is said.
    #[schemars(with = "String")]
    pub instant: Timestamp,
    /// The commit whose files were read; null for a work tree.
    pub commit: Option<&'a str>,
    /// What cannot be known, and why.
    pub notes: Vec<String>,
    /// What waits: by deadline, weak answers first.
    pub proposals: Vec<Entry<'a>>,
}

/// Something that waits.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Entry<'a> {
    /// What people call the proposal.
    pub proposal: &'a str,
    /// Its title.
    pub title: Option<&'a str>,
    /// The owning group.
    pub group: Option<&'a str>,
    /// Its folder or file.
    pub path: &'a str,
    /// Its stage.
    pub stage: Option<&'a str>,
    /// The release that it targets.
    pub release: Option<String>,
    /// `approval` where the approval record names the person for the stage, `approver` where the metadata does.
    pub role: &'static str,
    /// Number of the pull request that changes it; null for what is on the main branch.
    pub pull: Option<&'a str>,
    /// Id of the next checkpoint.
    pub checkpoint: Option<&'a str>,
    /// When that is.
    #[schemars(with = "Option<String>")]
    pub deadline: Option<Timestamp>,
    /// What it waits for, in one sentence.
    pub reason: &'a str,
    /// Answers that are others than on the main branch or, there, than when the stage was approved.
    pub answers: Vec<Answer<'a>>,
    /// Answers that say little.
    pub weak: Vec<Weak<'a>>,
    #[serde(skip)]
    checkpoint_name: Option<&'a str>,
}

/// An answer that changed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Answer<'a> {
    /// Id of the question.
    pub question: Option<&'a str>,
    /// The state before.
    pub from: Option<&'a str>,
    /// The state now.
    pub to: Option<&'a str>,
    /// How many words came.
    pub added: usize,
    /// How many went.
    pub removed: usize,
    /// Where words are others.
    pub hunks: Vec<Place<'a>>,
}

/// A place where words are others.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Place<'a> {
    /// Words in front of it.
    pub behind: &'a str,
    /// Words that went.
    pub removed: &'a str,
    /// Words that came.
    pub added: &'a str,
}

/// An answer that says little.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Weak<'a> {
    /// Code of the rule that found it.
    pub rule: &'a str,
    /// Id of the question.
    pub question: Option<&'a str>,
    /// The file.
    pub path: &'a str,
    /// The line, from 1.
    pub line: Option<usize>,
    /// What is wrong with it.
    pub message: &'a str,
}

/// What a queue is about.
pub struct Head<'a> {
    /// The process.
    pub prepared: &'a Prepared,
    /// The person's plain handle.
    pub person: &'a str,
    /// The release that was asked for.
    pub release: Option<signoff_model::Release>,
    /// The instant.
    pub instant: Timestamp,
    /// The commit.
    pub commit: Option<&'a str>,
    /// What cannot be known.
    pub notes: Vec<String>,
}

impl<'a> Queue<'a> {
    /// Puts a queue together, in its order.
    #[must_use]
    pub fn new(head: Head<'a>, waiting: &'a [Waiting<'a>]) -> Self {
        let Head { prepared, person, release, instant, commit, notes } = head;
        let mut proposals: Vec<Entry<'a>> =
            waiting.iter().map(|waiting| Entry::new(prepared, waiting, instant)).collect();
        proposals.sort_by(|left, right| {
            let key = |entry: &Entry<'a>| {
                (entry.deadline.unwrap_or(Timestamp::MAX), entry.weak.is_empty(), entry.path, entry.pull)
            };
            key(left).cmp(&key(right))
        });
        Self {
            schema: "signoff.queue/1",
            approver: format!("@{person}"),
            release: release.map(|release| prepared.profile.release.spelt(release)),
            instant,
            commit,
            notes,
            proposals,
        }
    }
}

impl<'a> Entry<'a> {
    fn new(prepared: &'a Prepared, waiting: &'a Waiting<'a>, instant: Timestamp) -> Self {
        let proposal = waiting.proposal;
        let release = proposal.latest_milestone(prepared);
        let next = release.and_then(|release| prepared.next_checkpoint(release, instant));
        Self {
            proposal: proposal.label(),
            title: proposal.text(prepared, Meaning::Title),
            group: proposal.text(prepared, Meaning::Group),
            path: &proposal.path,
            stage: proposal.stage(prepared),
            release: release.map(|release| prepared.profile.release.spelt(release)),
            role: match waiting.role {
                Role::Approval(_) => "approval",
                Role::Approver => "approver",
            },
            pull: waiting.pull,
            checkpoint: next.map(|next| &*next.id),
            checkpoint_name: next.zip(release).map(|(next, release)| prepared.checkpoint_name(&next.id, release)),
            deadline: next.map(|next| next.at),
            reason: &waiting.reason,
            answers: waiting.answers.iter().map(Answer::from).collect(),
            weak: waiting.weak.iter().map(|finding| Weak::new(prepared, waiting, finding)).collect(),
        }
    }
}

impl<'a> From<&'a Change> for Answer<'a> {
    fn from(change: &'a Change) -> Self {
        let words = change.words.as_ref();
        let place = |hunk: &'a Hunk| Place { behind: &hunk.behind, removed: &hunk.removed, added: &hunk.added };
        Self {
            question: change.subject.as_deref(),
            from: change.from.as_deref(),
            to: change.to.as_deref(),
            added: words.map_or(0, |words| words.added),
            removed: words.map_or(0, |words| words.removed),
            hunks: words.map(|words| words.hunks.iter().map(place).collect()).unwrap_or_default(),
        }
    }
}

impl<'a> Weak<'a> {
    fn new(prepared: &'a Prepared, waiting: &'a Waiting<'a>, finding: &'a Finding) -> Self {
        let source = waiting.proposal.prose.as_ref().map(|prose| &prose.source);
        let line = finding.span.and_then(|span| Some(source?.line(span.start)));
        Self {
            rule: &finding.rule,
            question: queue::question_of(prepared, waiting.proposal, finding),
            path: &finding.path,
            line,
            message: &finding.message,
        }
    }
}

/// Writes a queue as `signoff.queue/1`.
///
/// # Errors
/// Those of the writer.
pub fn write_json(queue: &Queue<'_>, out: &mut dyn Write) -> io::Result<()> {
    crate::write_json(queue, out)
}

/// Writes a row for each thing that waits.
///
/// # Errors
/// Those of the writer.
pub fn write_csv(queue: &Queue<'_>, out: &mut dyn Write) -> io::Result<()> {
    const NAMES: [&str; 11] = [
        "proposal",
        "title",
        "group",
        "path",
        "stage",
        "release",
        "role",
        "pull",
        "deadline",
        "reason",
        "changed_answers",
    ];
    csv_line(NAMES.into_iter().chain(["weak_answers"]).map(Cow::Borrowed), out)?;
    for entry in &queue.proposals {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let row = [
            entry.proposal.to_owned(),
            text(entry.title),
            text(entry.group),
            entry.path.to_owned(),
            text(entry.stage),
            entry.release.clone().unwrap_or_default(),
            entry.role.to_owned(),
            text(entry.pull),
            entry.deadline.map(|deadline| deadline.to_string()).unwrap_or_default(),
            entry.reason.to_owned(),
            entry.answers.len().to_string(),
            entry.weak.len().to_string(),
        ];
        csv_line(row.into_iter().map(Cow::Owned), out)?;
    }
    Ok(())
}

/// Most places of an answer that a terminal shows.
const HUNKS_MAX: usize = 2;
/// Most characters of a place that a terminal shows.
const WORDS_MAX: usize = 100;

/// Writes a queue for a terminal.
///
/// # Errors
/// Those of the writer.
pub fn write(queue: &Queue<'_>, zone: &TimeZone, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let count = queue.proposals.len();
    let release = queue.release.as_deref().map(|release| format!(" of {release}")).unwrap_or_default();
    let things = if count == 1 { "1 thing waits".to_owned() } else { format!("{count} things wait") };
    let instant = queue.instant.strftime("%Y-%m-%d %H:%M UTC");
    writeln!(out, "{}", look.strong(&format!("{things} for {}{release}, as of {instant}", visible(&queue.approver))))?;
    for note in &queue.notes {
        writeln!(out, "  {}", look.faint(&format!("note: {}", visible(note))))?;
    }
    let mut last = None;
    for entry in &queue.proposals {
        if last.replace(entry.deadline) != Some(entry.deadline) {
            let when = match (entry.checkpoint, entry.deadline) {
                (Some(_), Some(deadline)) => {
                    format!(
                        "{}  {} ({})",
                        entry.checkpoint_name.unwrap_or_default(),
                        clock::everywhere(deadline, zone),
                        clock::away(queue.instant, deadline)
                    )
                }
                _ => "without a deadline".to_owned(),
            };
            writeln!(out, "\n{}", look.strong(&when))?;
        }
        write_entry(entry, look, out)?;
    }
    Ok(())
}

fn write_entry(entry: &Entry<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let title = format!("{}  {}", visible(entry.proposal), visible(entry.title.unwrap_or_default()));
    let facts: Vec<String> = [entry.group, entry.stage, entry.release.as_deref()]
        .into_iter()
        .flatten()
        .map(|fact| visible(fact).into())
        .collect();
    writeln!(out, "  {}  {}", title.trim_end(), look.faint(&facts.join(", ")))?;
    writeln!(out, "    {}", visible(entry.reason))?;
    for weak in &entry.weak {
        let place = weak.line.map(|line| format!("{}:{line}", visible(weak.path))).unwrap_or_default();
        writeln!(out, "    {}  {}", look.bad(weak.question.unwrap_or(weak.rule)), visible(weak.message))?;
        writeln!(out, "      {}", look.faint(&place))?;
    }
    let (new, others): (Vec<&Answer<'_>>, Vec<&Answer<'_>>) =
        entry.answers.iter().partition(|answer| answer.from.is_none_or(|from| from == State::Absent.word()));
    // A proposal that is new as a whole has been told of as such.
    if !new.is_empty() && !others.is_empty() {
        let names: Vec<&str> = new.iter().map(|answer| answer.question.unwrap_or_default()).collect();
        writeln!(out, "    {} new: {}", counted(new.len(), "answer"), look.faint(&visible(&names.join(", "))))?;
    }
    for answer in others {
        let state = match (answer.from, answer.to) {
            (from, to) if from == to => String::new(),
            (from, to) => format!("{} -> {}, ", from.unwrap_or("absent"), to.unwrap_or("absent")),
        };
        let question = visible(answer.question.unwrap_or_default());
        writeln!(out, "    {question}  {state}+{} -{} words", answer.added, answer.removed)?;
        for hunk in answer.hunks.iter().take(HUNKS_MAX) {
            let removed = if hunk.removed.is_empty() { String::new() } else { format!(" -[{}]", cut(hunk.removed)) };
            let added = if hunk.added.is_empty() { String::new() } else { format!(" +[{}]", cut(hunk.added)) };
            writeln!(out, "      {}", look.faint(&format!("…{}{removed}{added}", visible(hunk.behind))))?;
        }
    }
    Ok(())
}

fn cut(text: &str) -> String {
    let short: String = text.chars().take(WORDS_MAX).collect();
    let mark = if short.len() < text.len() { "…" } else { "" };
    format!("{}{mark}", visible(&short))
}
