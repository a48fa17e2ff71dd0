//! The file of a forge snapshot, `signoff.forge/1`: one JSON object on each line.
//!
//! The first line is the [`Snapshot`], then come the [`Repository`] lines by name, then the [`Thread`] lines by repository
//! and number. So two snapshots differ in the lines of what changed, and one that is cut off can be told from a whole one.
//!
//! The wire types are here and not with the output formats, since they are read as often as they are written, and what
//! reads them is evidence. [`read`] gives the model's [`Forge`]; [`parse`] keeps what only a further pull needs.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use signoff_model::forge::{self, Forge, ForgeEvent, ForgeRepository, Happened, PullRequest, ReviewState};

/// The name of the format.
pub const SCHEMA: &str = "signoff.forge/1";

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A line that cannot be read.
    #[error("line {line}: {message}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A file that does not begin as a snapshot.
    #[error("this is no forge snapshot: its first line is no object of kind `snapshot` with schema {SCHEMA}")]
    NoSnapshot,
    /// A snapshot whose pull was interrupted.
    #[error("the pull of this snapshot was interrupted\nrun `signoff forge pull` again: it goes on where it stopped")]
    Incomplete,
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Line {
    /// What the file is.
    Snapshot(Snapshot),
    /// A repository, and what of it was asked for.
    Repository(Repository),
    /// An issue or a pull request.
    Thread(Thread),
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// The name of the format, `signoff.forge/1`.
    pub schema: String,
    /// When the pull began: what happened later may be missing.
    #[schemars(with = "String")]
    pub pulled_at: Timestamp,
    /// Whether all that was asked for is here; false after an interruption.
    pub complete: bool,
    /// The scope as words, so that a pull goes on only where it was asked for the same.
    pub scope: String,
}

/// A repository, and what of it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    /// `owner/name`.
    pub name: String,
    /// Every pull request that was open at this instant or later is here; null where not all were looked at.
    #[schemars(with = "Option<String>")]
    pub open_pulls_since: Option<Timestamp>,
    /// Numbers that the forge does not have.
    pub missing: Vec<u64>,
}

/// An issue or a pull request as of the pull.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Thread {
    /// `owner/name`.
    pub repository: String,
    /// Its number.
    pub number: u64,
    /// Address of its page.
    pub url: String,
    /// The title.
    pub title: String,
    /// Who opened it; null for an account that is gone.
    pub author: Option<String>,
    /// When it was opened.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// When it was closed; null while it is open.
    #[schemars(with = "Option<String>")]
    pub closed_at: Option<Timestamp>,
    /// Its labels, sorted.
    pub labels: Vec<String>,
    /// The title of its milestone.
    pub milestone: Option<String>,
    /// What a pull request has beside that; null for an issue.
    pub pull: Option<Pull>,
    /// What happened, oldest first; null where it was not pulled.
    pub events: Option<Vec<Event>>,
    /// The body, in Markdown.
    pub body: String,
    /// What the forge calls the answers that this was made of, so that it need not send them again.
    #[serde(default)]
    pub etags: Etags,
}

/// What a pull request has that an issue has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pull {
    /// Whether it is a draft.
    pub draft: bool,
    /// The branch that it is to be merged into.
    pub base: String,
    /// When it was merged.
    #[schemars(with = "Option<String>")]
    pub merged_at: Option<Timestamp>,
    /// Full id of the commit that merged it.
    pub merge_commit: Option<String>,
    /// Paths that it changes, sorted; null where they were not pulled.
    pub files: Option<Vec<String>>,
    /// Whether these are all of them.
    pub all_files: bool,
}

/// What the forge calls its answers, page by page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Etags {
    /// Of the issue or pull request itself.
    pub thread: Vec<String>,
    /// Of its events.
    pub events: Vec<String>,
    /// Of its files.
    pub files: Vec<String>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Who did it; null for an account that is gone.
    pub actor: Option<String>,
    /// What it was.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A label was added.
    Labeled(String),
    /// A label was taken away.
    Unlabeled(String),
    /// It was put into the milestone with this title.
    Milestoned(String),
    /// It was taken out of the milestone with this title.
    Demilestoned(String),
    /// It was closed.
    Closed,
    /// It was opened again.
    Reopened,
    /// It was merged.
    Merged,
    /// It got another title.
    Renamed {
        /// The title before.
        from: String,
        /// The title after.
        to: String,
    },
    /// It was marked as ready for review.
    Ready,
    /// It was made a draft.
    Drafted,
    /// It was to be merged into another branch from then on.
    Rebased,
    /// Its head was replaced.
    Pushed,
    /// Somebody reviewed it.
    Reviewed {
        /// Id of the review.
        id: u64,
        /// What it came to.
        state: Review,
    },
    /// A review was dismissed.
    Dismissed {
        /// Id of the review.
        id: u64,
    },
    /// Somebody commented; only lines that rules look at are kept.
    Commented(String),
    /// Another issue or pull request named it.
    Referenced {
        /// The repository of the other one.
        repository: String,
        /// Its number.
        number: u64,
        /// Whether it is a pull request.
        pull: bool,
        /// When it was closed, as of the pull; null while it is open.
        #[schemars(with = "Option<String>")]
        closed_at: Option<Timestamp>,
    },
}

/// What a review came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Review {
    /// Approved.
    Approved,
    /// Changes are asked for.
    ChangesRequested,
    /// Remarks alone.
    Commented,
}

/// All lines of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What it is.
    pub snapshot: Snapshot,
    /// The repositories.
    pub repositories: Vec<Repository>,
    /// The issues and pull requests.
    pub threads: Vec<Thread>,
}

/// Reads a whole snapshot.
///
/// # Errors
/// When a line cannot be read, or the pull was interrupted.
pub fn read(bytes: &[u8]) -> Result<Forge, Error> {
    let file = parse(bytes)?;
    if file.snapshot.complete { Ok(forge_of(file)) } else { Err(Error::Incomplete) }
}

/// Reads the lines of a file, also of one whose pull was interrupted.
///
/// # Errors
/// When a line cannot be read, stands twice, or names a repository that has no line.
pub fn parse(bytes: &[u8]) -> Result<File, Error> {
    let mut lines = bytes
        .split(|byte| *byte == b'\n')
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim_ascii().is_empty());
    let snapshot = match lines.next().map(|(_, line)| serde_json::from_slice::<Line>(line)) {
        Some(Ok(Line::Snapshot(snapshot))) if snapshot.schema == SCHEMA => snapshot,
        _ => return Err(Error::NoSnapshot),
    };
    let mut file = File { snapshot, repositories: Vec::new(), threads: Vec::new() };
    let mut places: Vec<usize> = Vec::new();
    for (number, line) in lines {
        let wrong = |message: String| Error::Line { line: number, message };
        match serde_json::from_slice::<Line>(line).map_err(|error| wrong(plain(&error)))? {
            Line::Snapshot(_) => return Err(wrong("a second line of kind `snapshot`".to_owned())),
            Line::Repository(repository) => file.repositories.push(repository),
            Line::Thread(thread) => {
                file.threads.push(thread);
                places.push(number);
            }
        }
    }
    refuse_strays(&file, &places)?;
    file.sort();
    Ok(file)
}

/// What is wrong with a line, without the line number that a reader of one line gives.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let (message, place) = text.rsplit_once(" at line 1").unwrap_or((&text, ""));
    format!("{message}{}", place.replace(" column", ", at column"))
}

fn refuse_strays(file: &File, places: &[usize]) -> Result<(), Error> {
    let mut seen = std::collections::BTreeMap::new();
    let names: std::collections::BTreeSet<&str> = file.repositories.iter().map(|own| own.name.as_str()).collect();
    for (thread, line) in file.threads.iter().zip(places) {
        let key = (thread.repository.as_str(), thread.number);
        let (name, number) = key;
        if !names.contains(name) {
            let message = format!("`{name}` has no line of kind `repository`");
            return Err(Error::Line { line: *line, message });
        }
        if let Some(first) = seen.insert(key, line) {
            let message = format!("{name}#{number} stands on line {first} already");
            return Err(Error::Line { line: *line, message });
        }
    }
    Ok(())
}

/// Writes a file, in the order of names and numbers.
#[must_use]
pub fn write(file: &File) -> Vec<u8> {
    let mut file = file.clone();
    file.sort();
    let mut bytes = Vec::new();
    let lines = std::iter::once(Line::Snapshot(file.snapshot))
        .chain(file.repositories.into_iter().map(Line::Repository))
        .chain(file.threads.into_iter().map(Line::Thread));
    for line in lines {
        serde_json::to_writer(&mut bytes, &line).expect("text, numbers and lists can be written to memory");
        bytes.push(b'\n');
    }
    bytes
}

impl File {
    fn sort(&mut self) {
        self.repositories.sort_by(|left, right| left.name.cmp(&right.name));
        self.repositories.dedup_by(|left, right| left.name == right.name);
        self.threads.sort_by(|left, right| left.repository.cmp(&right.repository).then(left.number.cmp(&right.number)));
    }
}

fn forge_of(file: File) -> Forge {
    let File { snapshot: Snapshot { schema: _, pulled_at, complete: _, scope: _ }, repositories, threads } = file;
    let mut repositories: Vec<ForgeRepository> = repositories
        .into_iter()
        .map(|Repository { name, open_pulls_since, mut missing }| {
            missing.sort_unstable();
            ForgeRepository { name: name.into(), pulled_at, open_pulls_since, missing, threads: Vec::new() }
        })
        .collect();
    // Both are sorted by name.
    let mut at = 0;
    for thread in threads {
        while at < repositories.len() && *repositories[at].name < *thread.repository {
            at += 1;
        }
        if let Some(repository) = repositories.get_mut(at) {
            repository.threads.push(thread_of(thread, pulled_at));
        }
    }
    Forge { repositories }
}

fn thread_of(thread: Thread, pulled_at: Timestamp) -> forge::Thread {
    let texts = |texts: Vec<String>| texts.into_iter().map(Arc::from).collect::<Vec<Arc<str>>>();
    let Thread { number, url, title, author, created_at, closed_at, labels, milestone, pull, events, body, .. } =
        thread;
    let mut events: Option<Vec<ForgeEvent>> = events.map(|events| events.into_iter().map(event_of).collect());
    if let Some(events) = &mut events {
        events.sort_by_key(|event| event.at);
    }
    forge::Thread {
        number,
        url: url.into(),
        pulled_at,
        title: title.into(),
        body: body.into(),
        author: author.map(Arc::from),
        created: created_at,
        closed: closed_at,
        labels: texts(labels),
        milestone: milestone.map(Arc::from),
        events,
        pull: pull.map(|Pull { draft, base, merged_at, merge_commit, files, all_files }| PullRequest {
            draft,
            base: base.into(),
            merged: merged_at,
            merge_commit: merge_commit.map(Arc::from),
            files: files.map(texts),
            all_files,
        }),
    }
}

fn event_of(Event { at, actor, what }: Event) -> ForgeEvent {
    let happened = match what {
        What::Labeled(label) => Happened::Labeled(label.into()),
        What::Unlabeled(label) => Happened::Unlabeled(label.into()),
        What::Milestoned(title) => Happened::Milestoned(title.into()),
        What::Demilestoned(title) => Happened::Demilestoned(title.into()),
        What::Closed => Happened::Closed,
        What::Reopened => Happened::Reopened,
        What::Merged => Happened::Merged,
        What::Renamed { from, to } => Happened::Renamed { from: from.into(), to: to.into() },
        What::Ready => Happened::Ready,
        What::Drafted => Happened::Drafted,
        What::Rebased => Happened::Rebased,
        What::Pushed => Happened::Pushed,
        What::Reviewed { id, state } => Happened::Reviewed {
            id,
            state: match state {
                Review::Approved => ReviewState::Approved,
                Review::ChangesRequested => ReviewState::ChangesRequested,
                Review::Commented => ReviewState::Commented,
            },
        },
        What::Dismissed { id } => Happened::Dismissed { id },
        What::Commented(text) => Happened::Commented(text.into()),
        What::Referenced { repository, number, pull, closed_at: _ } => {
            Happened::Referenced { repository: repository.into(), number, is_pull: pull }
        }
    };
    ForgeEvent { at, actor: actor.map(Arc::from), happened }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"kind":"snapshot","schema":"signoff.forge/1","pulled_at":"2026-02-12T12:00:00Z","complete":true,"scope":""}"#;
    const OWN: &str = r#"{"kind":"repository","name":"o/r","open_pulls_since":null,"missing":[]}"#;

    fn thread(number: u64, rest: &str) -> String {
        format!(
            r#"{{"kind":"thread","repository":"o/r","number":{number},"url":"u","title":"t","author":null,"created_at":"2026-01-01T00:00:00Z","closed_at":null,"labels":[],"milestone":null,"pull":null,"events":[{rest}],"body":""}}"#
        )
    }

    #[test]
    fn what_was_written_is_read_and_is_in_order() {
        let event = r#"{"at":"2026-01-02T00:00:00Z","actor":"ada","what":{"labeled":"tracked/yes"}}"#;
        let closed = r#"{"at":"2026-01-03T00:00:00Z","actor":null,"what":"closed"}"#;
        let text = [HEAD, &thread(9, closed), &thread(10, event), OWN].join("\n");
        let file = parse(text.as_bytes()).expect("a snapshot");
        let numbers: Vec<u64> = file.threads.iter().map(|thread| thread.number).collect();
        assert_eq!(numbers, [9, 10]);
        let written = write(&file);
        assert_eq!(parse(&written).expect("a snapshot"), file);
        assert_eq!(write(&parse(&written).expect("a snapshot")), written);
        let forge = read(&written).expect("a snapshot");
        let thread = forge.repository("o/r").and_then(|own| own.thread(10)).expect("a thread");
        let events = thread.events.as_ref().expect("events");
        assert_eq!(events[0].happened, Happened::Labeled("tracked/yes".into()));
    }

    #[test]
    fn mistakes_name_their_line() {
        let twice = [HEAD, OWN, &thread(1, ""), "", &thread(1, "")].join("\n");
        let stray = [HEAD, &thread(1, "")].join("\n");
        let cut = format!("{HEAD}\n{OWN}\n{}", &thread(1, "")[..40]);
        let deep = format!("{HEAD}\n{}", "[".repeat(100_000));
        let broken = HEAD.replace("true", "false");
        let cases = [
            ("", "this is no forge snapshot"),
            ("\u{0}\u{1}", "this is no forge snapshot"),
            (OWN, "this is no forge snapshot"),
            (&HEAD.replace("forge/1", "forge/2"), "this is no forge snapshot"),
            (&twice, "line 5: o/r#1 stands on line 3 already"),
            (&stray, "line 2: `o/r` has no line of kind `repository`"),
            (&cut, "line 3: EOF while parsing"),
            (&deep, "line 2: "),
            (&format!("{HEAD}\n{HEAD}"), "line 2: a second line of kind `snapshot`"),
            (&thread(1, r#"{"at":"yesterday","actor":null,"what":"closed"}"#), "this is no forge snapshot"),
            (
                &format!("{HEAD}\n{OWN}\n{}", thread(1, r#"{"at":"yesterday","actor":null,"what":"closed"}"#)),
                "line 3: ",
            ),
            (&broken, "the pull of this snapshot was interrupted"),
        ];
        for (text, expected) in cases {
            let error = read(text.as_bytes()).expect_err("a mistake").to_string();
            assert!(error.starts_with(expected), "{expected}: {error}");
        }
    }
}
