//! What belongs to a release on the forge, asked for piece by piece; what has arrived is kept, so that an interrupted
//! pull goes on where it stopped.
//!
//! Read [`Pull::run`] first: the issues of the release, the pull requests that they list and that name them, those that
//! made proposals what they are, and the open ones of the proposals repository.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, anyhow, bail};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use signoff_analysis::signoff::linked;
use signoff_evidence::forge::{Etags, Event, File, Repository, Thread, What};
use signoff_model::Release;
use signoff_model::profile::Prepared;
use signoff_output::visible;

use super::client::{Answer, Client};
use super::github::{self, ChangedFile, Entry, Issue, Milestone};

/// Entries of a page: the most that the forge gives.
const PAGE: usize = 100;
/// Most pages of one list.
const PAGES_MAX: usize = 300;
/// The forge lists no more changed files of a pull request than these.
const FILES_MAX: usize = 3000;
/// After how many issues and pull requests what has arrived is written.
const SAVE_EVERY: usize = 25;

/// What is to be pulled.
pub struct Plan<'p> {
    /// The process.
    pub prepared: &'p Prepared,
    /// The release.
    pub release: Release,
    /// The proposals whose issues are wanted.
    pub wanted: Vec<Wanted>,
    /// Pull requests that were closed since then are wanted too.
    pub since: Option<Timestamp>,
    /// Repositories whose pull requests are followed.
    pub followed: Vec<String>,
}

/// A proposal whose issue is wanted.
pub struct Wanted {
    /// The number of the issue.
    pub number: u64,
    /// The stage under whose heading pull requests are followed.
    pub stage: Option<String>,
    /// The commit that brought a status, whose pull request is wanted too.
    pub commit: Option<String>,
}

/// A pull in progress.
pub struct Pull<'p> {
    plan: &'p Plan<'p>,
    client: &'p mut Client,
    /// What is there so far.
    file: File,
    /// What was there at the last pull, by repository and number.
    before: BTreeMap<Key, Thread>,
    /// What of the file is there.
    here: BTreeSet<Key>,
    unsaved: usize,
    save: &'p mut dyn FnMut(&File) -> anyhow::Result<()>,
    say: &'p dyn Fn(&str),
    statements: Vec<String>,
}

/// Repository and number.
type Key = (String, u64);

/// What of an issue or pull request is asked for.
#[derive(Clone, Copy)]
struct Want {
    is_pull: bool,
    events: bool,
}

/// A whole list.
enum Listed {
    Unchanged,
    Entries { entries: Vec<Value>, etags: Vec<String>, cut: bool },
    Missing,
}

impl<'p> Pull<'p> {
    /// A pull that goes on from what is there.
    pub fn new(
        plan: &'p Plan<'p>,
        client: &'p mut Client,
        (file, before): (File, Option<File>),
        save: &'p mut dyn FnMut(&File) -> anyhow::Result<()>,
        say: &'p dyn Fn(&str),
    ) -> Self {
        let key = |thread: &Thread| (thread.repository.clone(), thread.number);
        let here = file.threads.iter().map(key).collect();
        let before = before.into_iter().flat_map(|file| file.threads).map(|thread| (key(&thread), thread)).collect();
        let rules = &plan.prepared.profile.signoff.rule;
        let statements = rules.iter().flat_map(|rule| rule.statements.iter().cloned()).collect();
        Self { plan, client, file, before, here, unsaved: 0, save, say, statements }
    }

    /// Asks for everything. What arrived before an error has been saved.
    ///
    /// # Errors
    /// When the forge does not answer, or not as it should.
    pub fn run(mut self) -> anyhow::Result<File> {
        let result = self.all();
        if result.is_err() {
            (self.save)(&self.file)?;
        }
        result?;
        self.file.snapshot.complete = true;
        Ok(self.file)
    }

    fn all(&mut self) -> anyhow::Result<()> {
        let own = self.own().to_owned();
        self.repository(&own, None);
        for name in &self.plan.followed {
            self.repository(name, None);
        }
        let numbers = self.numbers()?;
        self.threads("issue", numbers.iter().map(|number| (own.clone(), *number)).collect(), ISSUE)?;
        let linked = self.linked();
        self.threads("pull request", linked, PULL)?;
        self.bringers()?;
        self.open_pulls()
    }

    fn own(&self) -> &'p str {
        &self.plan.prepared.profile.forge.proposals
    }

    /// The line of a repository.
    fn repository(&mut self, name: &str, open_pulls_since: Option<Timestamp>) -> &mut Repository {
        let found = self.file.repositories.iter().position(|own| own.name == name);
        let at = found.unwrap_or_else(|| {
            let name = name.to_owned();
            self.file.repositories.push(Repository { name, open_pulls_since: None, missing: Vec::new() });
            self.file.repositories.len() - 1
        });
        let own = &mut self.file.repositories[at];
        own.open_pulls_since = open_pulls_since.or(own.open_pulls_since);
        own
    }

    /// The issues that are wanted: those of the proposals, and those in the milestone of the release.
    fn numbers(&mut self) -> anyhow::Result<BTreeSet<u64>> {
        let mut numbers: BTreeSet<u64> = self.plan.wanted.iter().map(|wanted| wanted.number).collect();
        let own = self.own();
        let url = self.client.url(&format!("/repos/{own}/milestones?state=all&per_page={PAGE}"));
        let Listed::Entries { entries, .. } = self.list(&url, &[])? else {
            bail!("the forge has no repository {}\nor the token may not see it", visible(own))
        };
        let milestones: Vec<Milestone> = typed(&url, Value::Array(entries))?;
        let is_release =
            |title: &str| Release::parse(title).is_some_and(|own| own.minors_after(self.plan.release) == 0);
        let of_release = milestones.iter().filter(|milestone| is_release(&milestone.title));
        let ids: Vec<u64> = of_release.filter_map(|milestone| milestone.number).collect();
        for id in ids {
            let url = self.client.url(&format!("/repos/{own}/issues?milestone={id}&state=all&per_page={PAGE}"));
            if let Listed::Entries { entries, .. } = self.list(&url, &[])? {
                let issues: Vec<Issue> = typed(&url, Value::Array(entries))?;
                numbers.extend(issues.iter().filter(|issue| !issue.is_pull()).map(|issue| issue.number));
            }
        }
        Ok(numbers)
    }

    fn threads(&mut self, what: &str, keys: BTreeSet<Key>, want: Want) -> anyhow::Result<()> {
        let count = keys.len();
        for (index, key) in keys.into_iter().enumerate() {
            (self.say)(&format!("Asking the forge: {what} {} of {count}", index + 1));
            self.thread(key, want, None)?;
        }
        Ok(())
    }

    /// The pull requests that issues list for their stage, and those that name an issue and were open.
    fn linked(&self) -> BTreeSet<Key> {
        let (plan, own, prepared) = (self.plan, self.own(), self.plan.prepared);
        let labels = prepared.profile.signoff.class.iter().flat_map(|class| &class.labels);
        let labels: Vec<&String> = labels.collect();
        let mut found = BTreeSet::new();
        for issue in self.file.threads.iter().filter(|thread| thread.repository == own && thread.pull.is_none()) {
            // Work outside the tree is in repositories that no profile names.
            let anywhere = issue.labels.iter().any(|label| labels.contains(&label));
            let name_of = |repository: &str| {
                let known = plan.followed.iter().find(|name| name.eq_ignore_ascii_case(repository)).cloned();
                let other = || anywhere && !repository.eq_ignore_ascii_case(own) && linked::is_repository(repository);
                known.or_else(|| other().then(|| repository.to_owned()))
            };
            let wanted = plan.wanted.iter().find(|wanted| wanted.number == issue.number);
            let stage = wanted.and_then(|wanted| wanted.stage.as_deref());
            for link in linked::links(prepared, &issue.body) {
                let is_docs = prepared.profile.forge.is_docs(&link.repository);
                let is_meant = is_docs || stage.is_none() || link.stage.is_none() || link.stage.as_deref() == stage;
                if let Some(name) = name_of(&link.repository).filter(|_| !link.is_issue && is_meant) {
                    found.insert((name, link.number));
                }
            }
            for event in issue.events.iter().flatten() {
                found.extend(self.referring(event).and_then(|(name, number)| Some((name_of(name)?, number))));
            }
        }
        found
    }

    /// A pull request that named an issue and is open, or was closed since then.
    fn referring<'e>(&self, event: &'e Event) -> Option<(&'e str, u64)> {
        let What::Referenced { repository, number, pull: true, closed_at } = &event.what else { return None };
        let was_open = closed_at.is_none_or(|closed| self.plan.since.is_some_and(|since| since <= closed));
        was_open.then_some((repository.as_str(), *number))
    }

    /// The pull requests whose commits brought proposals to a status.
    fn bringers(&mut self) -> anyhow::Result<()> {
        let own = self.own().to_owned();
        let commits: Vec<&String> = self.plan.wanted.iter().filter_map(|wanted| wanted.commit.as_ref()).collect();
        for (index, commit) in commits.iter().enumerate() {
            (self.say)(&format!("Asking the forge: approved proposal {} of {}", index + 1, commits.len()));
            let is_it = |thread: &Thread| {
                let merged = thread.pull.as_ref().and_then(|pull| pull.merge_commit.as_ref());
                thread.repository == own && merged == Some(*commit)
            };
            if self.file.threads.iter().any(is_it) || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                continue;
            }
            // The last pull may have found it.
            if let Some(known) = self.before.values().find(|thread| is_it(thread)).map(|thread| thread.number) {
                self.thread((own.clone(), known), PULL, None)?;
                continue;
            }
            let url = self.client.url(&format!("/repos/{own}/commits/{commit}/pulls?per_page={PAGE}"));
            if let Listed::Entries { entries, .. } = self.list(&url, &[])? {
                for pull in typed::<Vec<Issue>>(&url, Value::Array(entries))? {
                    self.thread((own.clone(), pull.number), PULL, None)?;
                }
            }
        }
        Ok(())
    }

    /// The pull requests of the proposals repository that are open, or were since then, with the files that they change.
    fn open_pulls(&mut self) -> anyhow::Result<()> {
        let own = self.own().to_owned();
        let pulls = self.pulls_since(&own)?;
        let count = pulls.len();
        let mut is_whole = true;
        for (index, pull) in pulls.into_iter().enumerate() {
            (self.say)(&format!("Asking the forge: open pull request {} of {count}", index + 1));
            let key = (own.clone(), pull.number);
            let is_here = self.thread(key, Want { is_pull: true, events: false }, Some(pull))?;
            is_whole &= is_here;
        }
        let pulled_at = self.file.snapshot.pulled_at;
        if is_whole {
            let since = self.plan.since.map_or(pulled_at, |since| since.min(pulled_at));
            self.repository(&own, Some(since));
        }
        Ok(())
    }

    fn pulls_since(&mut self, own: &str) -> anyhow::Result<Vec<Issue>> {
        let url = self.client.url(&format!("/repos/{own}/pulls?state=open&sort=created&direction=asc&per_page={PAGE}"));
        let mut pulls: BTreeMap<u64, Issue> = BTreeMap::new();
        if let Listed::Entries { entries, .. } = self.list(&url, &[])? {
            pulls.extend(typed::<Vec<Issue>>(&url, Value::Array(entries))?.into_iter().map(|pull| (pull.number, pull)));
        }
        let Some(since) = self.plan.since else { return Ok(pulls.into_values().collect()) };
        let path = format!("/repos/{own}/pulls?state=closed&sort=updated&direction=desc&per_page={PAGE}");
        let mut next = Some(self.client.url(&path));
        let mut seen = BTreeSet::new();
        while let Some(url) = next.take() {
            bounded(&mut seen, &url)?;
            let Answer::Content { content, next: further, .. } = self.client.get(&url, None)? else { break };
            let page: Vec<Issue> = typed(&url, content)?;
            let is_recent = page.last().is_some_and(|pull| pull.updated_at >= since);
            let recent = page.into_iter().filter(|pull| pull.updated_at >= since);
            pulls.extend(recent.map(|pull| (pull.number, pull)));
            next = further.filter(|_| is_recent);
        }
        Ok(pulls.into_values().collect())
    }

    /// Asks for an issue or pull request that is not there yet; whether it is there then.
    fn thread(&mut self, key: Key, want: Want, given: Option<Issue>) -> anyhow::Result<bool> {
        if self.here.contains(&key) {
            return Ok(true);
        }
        let before = self.before.get(&key).cloned();
        let known = before.as_ref().map(|thread| thread.etags.clone()).unwrap_or_default();
        let mut etags = Etags::default();
        let found = match given {
            Some(issue) => Some(issue.thread(&key.0)),
            None => self.head(&key, want, before.as_ref(), &mut etags)?,
        };
        let Some(mut thread) = found else {
            let missing = &mut self.repository(&key.0, None).missing;
            missing.push(key.1);
            missing.sort_unstable();
            missing.dedup();
            return Ok(false);
        };
        if thread.pull.is_some() {
            self.add_files(&key, &mut thread, (before.as_ref(), &known.files), &mut etags)?;
        }
        if want.events || self.changes_proposals(&thread) {
            self.add_events(&key, &mut thread, (before.as_ref(), &known.events), &mut etags)?;
        }
        thread.etags = etags;
        self.repository(&key.0, None);
        self.file.threads.push(thread);
        self.here.insert(key);
        self.unsaved += 1;
        if self.unsaved >= SAVE_EVERY {
            self.unsaved = 0;
            (self.save)(&self.file)?;
        }
        Ok(true)
    }

    /// The issue or pull request itself; `None` where the forge does not have it.
    fn head(
        &mut self,
        (repository, number): &Key,
        want: Want,
        before: Option<&Thread>,
        etags: &mut Etags,
    ) -> anyhow::Result<Option<Thread>> {
        let kinds: &[&str] = if want.is_pull { &["pulls"] } else { &["issues", "pulls"] };
        for kind in kinds {
            let url = self.client.url(&format!("/repos/{repository}/{kind}/{number}"));
            // A line of the last pull was made of the answer of its own kind.
            let same = before.filter(|before| before.pull.is_some() == (*kind == "pulls"));
            let etag = same.and_then(|before| before.etags.thread.first()).filter(|etag| !etag.is_empty());
            match (self.client.get(&url, etag.map(String::as_str))?, same) {
                (Answer::Unchanged, Some(before)) => {
                    etags.thread.clone_from(&before.etags.thread);
                    return Ok(Some(before.clone()));
                }
                (Answer::Unchanged, None) => return Err(unasked(&url)),
                (Answer::Missing, _) => return Ok(None),
                (Answer::Content { content, etag, .. }, _) => {
                    let issue: Issue = typed(&url, content)?;
                    if issue.number != *number || !issue.is_of(repository) {
                        return Ok(None);
                    }
                    // An issue that is a pull request is asked for as one.
                    if *kind == "issues" && issue.is_pull() {
                        continue;
                    }
                    etags.thread = etag.into_iter().collect();
                    return Ok(Some(issue.thread(repository)));
                }
            }
        }
        Ok(None)
    }

    fn add_events(
        &mut self,
        (repository, number): &Key,
        thread: &mut Thread,
        (before, known): (Option<&Thread>, &[String]),
        etags: &mut Etags,
    ) -> anyhow::Result<()> {
        let url = self.client.url(&format!("/repos/{repository}/issues/{number}/timeline?per_page={PAGE}"));
        match self.list(&url, known)? {
            Listed::Unchanged => {
                thread.events = before.and_then(|before| before.events.clone());
                known.clone_into(&mut etags.events);
            }
            Listed::Entries { entries, etags: own, cut } => {
                if cut {
                    bail!("{}: it has more than {PAGES_MAX} pages\nname another repository", visible(&url));
                }
                let entries: Vec<Entry> = typed(&url, Value::Array(entries))?;
                thread.events = Some(github::events(entries, &self.statements));
                etags.events = own;
            }
            Listed::Missing => thread.events = None,
        }
        Ok(())
    }

    fn add_files(
        &mut self,
        (repository, number): &Key,
        thread: &mut Thread,
        (before, known): (Option<&Thread>, &[String]),
        etags: &mut Etags,
    ) -> anyhow::Result<()> {
        let url = self.client.url(&format!("/repos/{repository}/pulls/{number}/files?per_page={PAGE}"));
        let listed = self.list(&url, known)?;
        let Some(pull) = &mut thread.pull else { return Ok(()) };
        match listed {
            Listed::Unchanged => {
                let before = before.and_then(|before| before.pull.as_ref());
                pull.files = before.and_then(|before| before.files.clone());
                pull.all_files = before.is_some_and(|before| before.all_files);
                known.clone_into(&mut etags.files);
            }
            Listed::Entries { entries, etags: own, cut } => {
                let files: Vec<ChangedFile> = typed(&url, Value::Array(entries))?;
                pull.all_files = !cut && files.len() < FILES_MAX;
                let paths = files.into_iter().flat_map(|file| [Some(file.filename), file.previous_filename]);
                let paths: BTreeSet<String> = paths.flatten().collect();
                pull.files = Some(paths.into_iter().collect());
                etags.files = own;
            }
            Listed::Missing => pull.files = None,
        }
        Ok(())
    }

    /// Whether a pull request changes files below the folder of the proposals.
    fn changes_proposals(&self, thread: &Thread) -> bool {
        let root = &self.plan.prepared.profile.layout.root;
        let files = thread.pull.as_ref().and_then(|pull| pull.files.as_ref());
        thread.repository == self.own()
            && files.into_iter().flatten().any(|path| signoff_model::tree::is_below(path, root))
    }

    /// A list with all its pages. With what the forge called them before, only whether any of them has changed.
    fn list(&mut self, url: &str, known: &[String]) -> anyhow::Result<Listed> {
        if !known.is_empty() && self.is_unchanged(url, known)? {
            return Ok(Listed::Unchanged);
        }
        let (mut entries, mut etags, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut next = Some(url.to_owned());
        while let Some(url) = next.take() {
            if seen.len() == PAGES_MAX {
                return Ok(Listed::Entries { entries, etags, cut: true });
            }
            bounded(&mut seen, &url)?;
            let (content, further, etag) = match self.client.get(&url, None)? {
                Answer::Content { content, next, etag } => (content, next, etag),
                Answer::Missing if seen.len() == 1 => return Ok(Listed::Missing),
                Answer::Missing => break,
                Answer::Unchanged => return Err(unasked(&url)),
            };
            let Value::Array(page) = content else {
                bail!("{}: the answer is no list\nis this the address of a forge?", visible(&url))
            };
            // A page that is full may have another one behind it next time.
            let is_last_and_full = further.is_none() && page.len() >= PAGE;
            etags.push(etag.filter(|_| !is_last_and_full).unwrap_or_default());
            entries.extend(page);
            next = further;
        }
        Ok(Listed::Entries { entries, etags, cut: false })
    }

    fn is_unchanged(&mut self, url: &str, known: &[String]) -> anyhow::Result<bool> {
        if known.iter().any(String::is_empty) {
            return Ok(false);
        }
        for (index, etag) in known.iter().enumerate() {
            let page = if index == 0 { url.to_owned() } else { format!("{url}&page={}", index + 1) };
            if !matches!(self.client.get(&page, Some(etag))?, Answer::Unchanged) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

const ISSUE: Want = Want { is_pull: false, events: true };
const PULL: Want = Want { is_pull: true, events: true };

/// Refuses a page that was asked for already, and more pages than anybody reads.
fn bounded(seen: &mut BTreeSet<String>, url: &str) -> anyhow::Result<()> {
    if seen.len() >= PAGES_MAX || !seen.insert(url.to_owned()) {
        bail!("{}: its pages have no end\ntry again later", visible(url));
    }
    Ok(())
}

fn unasked(url: &str) -> anyhow::Error {
    anyhow!("{}: it says that nothing has changed, which nobody asked\ntry again later", visible(url))
}

fn typed<T: DeserializeOwned>(url: &str, content: Value) -> anyhow::Result<T> {
    serde_json::from_value(content).map_err(|error| anyhow!("{error}")).with_context(|| {
        format!("{}: the answer is not what a forge gives\nis this the address of a forge?", visible(url))
    })
}

#[cfg(test)]
pub(in crate::forge) mod tests;
