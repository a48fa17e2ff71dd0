//! What GitHub's REST API answers about issues, pull requests and their timelines, as lines of a snapshot.
//!
//! The shapes are those of GitHub's OpenAPI description; only what a snapshot keeps is read, and what an answer has
//! beside that is passed over.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use signoff_evidence::forge::{Event, Pull, Review, Thread, What};

/// An issue as `GET /repos/{owner}/{repo}/issues/{number}` gives it, and a pull request as `GET .../pulls/{number}` does.
#[derive(Deserialize)]
pub struct Issue {
    /// Its number.
    pub number: u64,
    html_url: String,
    title: String,
    user: Option<Account>,
    body: Option<String>,
    created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    closed_at: Option<Timestamp>,
    labels: Vec<Label>,
    milestone: Option<Milestone>,
    /// There for a pull request in a list of issues.
    pull_request: Option<IgnoredAny>,
    draft: Option<bool>,
    base: Option<Branch>,
    merged_at: Option<Timestamp>,
    merge_commit_sha: Option<String>,
}

#[derive(Deserialize)]
struct Account {
    login: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Label {
    Name(String),
    Whole { name: Option<String> },
}

/// A milestone as `GET /repos/{owner}/{repo}/milestones` gives it.
#[derive(Deserialize)]
pub struct Milestone {
    /// Its number, where it was asked for itself.
    pub number: Option<u64>,
    /// Its title.
    pub title: String,
}

#[derive(Deserialize)]
struct Branch {
    #[serde(rename = "ref")]
    name: String,
}

/// A file as `GET /repos/{owner}/{repo}/pulls/{number}/files` gives it.
#[derive(Deserialize)]
pub struct ChangedFile {
    /// Its path.
    pub filename: String,
    /// Its path before, where it was renamed.
    pub previous_filename: Option<String>,
}

impl Issue {
    /// Whether an entry of a list of issues is a pull request.
    pub fn is_pull(&self) -> bool {
        self.pull_request.is_some() || self.base.is_some()
    }

    /// Whether it is in a repository: one that was moved is answered from where it is now.
    pub fn is_of(&self, repository: &str) -> bool {
        let path = self.html_url.to_ascii_lowercase();
        path.contains(&format!("/{}/", repository.to_ascii_lowercase()))
    }

    /// A line of a snapshot, without what takes further requests.
    pub fn thread(self, repository: &str) -> Thread {
        let merged_at = self.merged_at;
        let pull = self.base.map(|base| Pull {
            draft: self.draft.unwrap_or(false),
            base: base.name,
            merged_at,
            // Of an open one this is a commit of a trial.
            merge_commit: self.merge_commit_sha.filter(|_| merged_at.is_some()),
            files: None,
            all_files: false,
        });
        let mut labels: Vec<String> = self
            .labels
            .into_iter()
            .filter_map(|label| match label {
                Label::Name(name) => Some(name),
                Label::Whole { name } => name,
            })
            .collect();
        labels.sort();
        Thread {
            repository: repository.to_owned(),
            number: self.number,
            url: self.html_url,
            title: self.title,
            author: self.user.map(|user| user.login),
            created_at: self.created_at,
            closed_at: self.closed_at,
            labels,
            milestone: self.milestone.map(|milestone| milestone.title),
            pull,
            events: None,
            body: self.body.unwrap_or_default(),
            etags: signoff_evidence::forge::Etags::default(),
        }
    }
}

/// An entry of `GET /repos/{owner}/{repo}/issues/{number}/timeline`, whatever it is.
#[derive(Deserialize)]
pub struct Entry {
    event: Option<String>,
    id: Option<u64>,
    created_at: Option<Timestamp>,
    submitted_at: Option<Timestamp>,
    actor: Option<Account>,
    user: Option<Account>,
    label: Option<Named>,
    milestone: Option<Milestone>,
    rename: Option<Rename>,
    state: Option<String>,
    body: Option<String>,
    dismissed_review: Option<DismissedReview>,
    source: Option<Origin>,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Rename {
    from: String,
    to: String,
}

#[derive(Deserialize)]
struct DismissedReview {
    state: Option<String>,
    review_id: u64,
}

#[derive(Deserialize)]
struct Origin {
    issue: Option<OriginIssue>,
}

#[derive(Deserialize)]
struct OriginIssue {
    number: u64,
    closed_at: Option<Timestamp>,
    repository: Option<Repository>,
    repository_url: Option<String>,
    pull_request: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Repository {
    full_name: String,
}

/// Most lines that are kept of one comment, and the most characters of each.
const LINES_MAX: usize = 20;
const LINE_MAX: usize = 500;

/// The events of a timeline, oldest first. Of comments the lines are kept that are commands or hold one of these texts.
pub fn events(entries: Vec<Entry>, statements: &[String]) -> Vec<Event> {
    let mut former: Vec<(u64, Option<String>)> = Vec::new();
    for entry in &entries {
        former.extend(entry.dismissed_review.as_ref().map(|review| (review.review_id, review.state.clone())));
    }
    let mut found: Vec<Event> = entries.into_iter().filter_map(|entry| event(entry, &former, statements)).collect();
    found.sort_by_key(|event| event.at);
    found
}

fn event(entry: Entry, former: &[(u64, Option<String>)], statements: &[String]) -> Option<Event> {
    let at = entry.created_at.or(entry.submitted_at)?;
    let actor = entry.user.or(entry.actor).map(|account| account.login);
    let label = || entry.label.as_ref().and_then(|label| label.name.clone());
    let title = || entry.milestone.as_ref().map(|milestone| milestone.title.clone());
    let what = match entry.event.as_deref()? {
        "labeled" => What::Labeled(label()?),
        "unlabeled" => What::Unlabeled(label()?),
        "milestoned" => What::Milestoned(title()?),
        "demilestoned" => What::Demilestoned(title()?),
        "closed" => What::Closed,
        "reopened" => What::Reopened,
        "merged" => What::Merged,
        "renamed" => {
            let Rename { from, to } = entry.rename?;
            What::Renamed { from, to }
        }
        "ready_for_review" => What::Ready,
        "convert_to_draft" => What::Drafted,
        "base_ref_changed" | "automatic_base_change_succeeded" => What::Rebased,
        "head_ref_force_pushed" => What::Pushed,
        "reviewed" => {
            let id = entry.id?;
            let state = entry.state.as_deref().unwrap_or_default().to_lowercase();
            let state = match state.as_str() {
                "pending" => return None,
                // What it was, its dismissal tells.
                "dismissed" => former.iter().find(|(own, _)| *own == id).and_then(|(_, state)| state.clone()),
                _ => Some(state),
            };
            What::Reviewed { id, state: review(state.as_deref().unwrap_or_default()) }
        }
        "review_dismissed" => What::Dismissed { id: entry.dismissed_review?.review_id },
        "commented" => What::Commented(kept(entry.body.as_deref().unwrap_or_default(), statements)?),
        "cross-referenced" => referenced(entry.source?.issue?)?,
        _ => return None,
    };
    Some(Event { at, actor, what })
}

fn review(state: &str) -> Review {
    match state {
        "approved" => Review::Approved,
        "changes_requested" => Review::ChangesRequested,
        _ => Review::Commented,
    }
}

fn referenced(issue: OriginIssue) -> Option<What> {
    let of_url = |url: &str| {
        let mut parts = url.rsplit('/');
        let (name, owner) = (parts.next()?, parts.next()?);
        Some(format!("{owner}/{name}"))
    };
    let repository = issue.repository.map(|own| own.full_name).or_else(|| of_url(issue.repository_url.as_deref()?))?;
    let (pull, closed_at) = (issue.pull_request.is_some(), issue.closed_at);
    Some(What::Referenced { repository, number: issue.number, pull, closed_at })
}

/// The lines of a comment that a rule may look at; `None` where there is none.
fn kept(body: &str, statements: &[String]) -> Option<String> {
    let matters = |line: &&str| {
        let lower = line.to_lowercase();
        line.starts_with('/') || statements.iter().any(|statement| lower.contains(&statement.to_lowercase()))
    };
    let lines = body.lines().map(str::trim).filter(matters).take(LINES_MAX);
    let lines: Vec<String> = lines.map(|line| line.chars().take(LINE_MAX).collect()).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(entries: serde_json::Value) -> Vec<(String, What)> {
        let entries: Vec<Entry> = serde_json::from_value(entries).expect("entries");
        let events = events(entries, &["all work is complete".to_owned()]);
        events.into_iter().map(|event| (event.actor.unwrap_or_default(), event.what)).collect()
    }

    #[test]
    fn entries_of_a_timeline() {
        let day = "2026-01-02T00:00:00Z";
        let ada = json!({"login": "ada"});
        let cases = [
            (
                json!({"event": "labeled", "created_at": day, "actor": ada, "label": {"name": "x"}}),
                Some(What::Labeled("x".into())),
            ),
            (
                json!({"event": "unlabeled", "created_at": day, "actor": ada, "label": {"name": "x"}}),
                Some(What::Unlabeled("x".into())),
            ),
            (
                json!({"event": "milestoned", "created_at": day, "actor": ada, "milestone": {"title": "v1.36"}}),
                Some(What::Milestoned("v1.36".into())),
            ),
            (json!({"event": "closed", "created_at": day, "actor": ada, "commit_id": null}), Some(What::Closed)),
            (
                json!({"event": "renamed", "created_at": day, "actor": ada, "rename": {"from": "a", "to": "b"}}),
                Some(What::Renamed { from: "a".into(), to: "b".into() }),
            ),
            (json!({"event": "ready_for_review", "created_at": day, "actor": ada}), Some(What::Ready)),
            (json!({"event": "convert_to_draft", "created_at": day, "actor": ada}), Some(What::Drafted)),
            (
                json!({"event": "reviewed", "id": 5, "user": ada, "state": "APPROVED", "submitted_at": day, "body": "fine"}),
                Some(What::Reviewed { id: 5, state: Review::Approved }),
            ),
            (json!({"event": "reviewed", "id": 5, "user": ada, "state": "pending", "submitted_at": day}), None),
            (
                json!({"event": "commented", "created_at": day, "user": ada, "body": "thanks\n/approve\r\nAll work is COMPLETE now"}),
                Some(What::Commented("/approve\nAll work is COMPLETE now".into())),
            ),
            (json!({"event": "commented", "created_at": day, "user": ada, "body": "thanks"}), None),
            (
                json!({"event": "cross-referenced", "created_at": day, "actor": ada, "source": {"type": "issue", "issue": {"number": 9, "closed_at": null, "pull_request": {}, "repository": {"full_name": "o/r"}}}}),
                Some(What::Referenced { repository: "o/r".into(), number: 9, pull: true, closed_at: None }),
            ),
            (json!({"event": "committed", "sha": "a", "author": {"name": "Ada", "date": day}}), None),
            (json!({"event": "labeled", "created_at": day, "actor": ada}), None),
            (json!({"event": "subscribed", "created_at": day, "actor": ada}), None),
            (json!({}), None),
        ];
        for (entry, expected) in cases {
            let found = read(json!([entry]));
            assert_eq!(found, expected.map(|what| ("ada".to_owned(), what)).into_iter().collect::<Vec<_>>(), "{entry}");
        }
    }

    #[test]
    fn a_dismissed_review_was_what_its_dismissal_says() {
        let found = read(json!([
            {"event": "review_dismissed", "created_at": "2026-01-03T00:00:00Z", "actor": {"login": "bob"}, "dismissed_review": {"state": "approved", "review_id": 5}},
            {"event": "reviewed", "id": 5, "user": {"login": "ada"}, "state": "dismissed", "submitted_at": "2026-01-02T00:00:00Z"},
        ]));
        let approved = What::Reviewed { id: 5, state: Review::Approved };
        assert_eq!(found, [("ada".to_owned(), approved), ("bob".to_owned(), What::Dismissed { id: 5 })]);
    }
}
