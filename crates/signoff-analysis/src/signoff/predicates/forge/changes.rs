//! The pull requests for a proposal: those that its issue lists for the stage, and those that name it.

use signoff_model::forge::{Happened, Marks, State};

use super::{Asked, day, matches, to_do};
use crate::signoff::Outcome;
use crate::signoff::linked::{self, Link};
use crate::signoff::look::Answer;
use crate::signoff::predicates::forge::issue::is_release;

/// The pull requests of an issue, as they were.
#[derive(Default)]
pub(super) struct Changes<'a> {
    /// Those that were merged.
    pub(super) merged: Vec<State<'a>>,
    /// Those that were open.
    pub(super) open: Vec<State<'a>>,
    /// What is not known, in one sentence each.
    pub(super) unknown: Vec<String>,
}

/// Most pull requests that are quoted.
const QUOTED_MAX: usize = 20;

impl<'a> Changes<'a> {
    /// What links lead to. What was closed without being merged, or opened later, is no change of then.
    pub(super) fn of(asked: &Asked<'a>, links: &[Link]) -> Self {
        let mut changes = Self::default();
        for link in links {
            let repository = asked.view.forge.repository(&link.repository);
            let name = format!("{}#{}", link.repository, link.number);
            let Some(thread) = repository.and_then(|own| own.thread(link.number)) else {
                let is_missing = repository.is_some_and(|own| own.missing.binary_search(&link.number).is_ok());
                if !is_missing {
                    changes.unknown.push(format!("{name} is not in the snapshot"));
                }
                continue;
            };
            if thread.pull.is_none() {
                continue;
            }
            match asked.then(thread, "pull request") {
                Ok(state) if state.merged.is_some() => changes.merged.push(state),
                Ok(state) if state.open => changes.open.push(state),
                Ok(_) => {}
                Err(answer) if answer.outcome == Outcome::Unknown => changes.unknown.push(answer.message),
                Err(_) => {}
            }
        }
        changes
    }

    /// Those that the issue lists for the stage in the repositories of the code.
    fn listed(asked: &Asked<'a>, issue: &State<'a>) -> Self {
        let links = stage_links(asked, issue);
        let of_code: Vec<Link> = links.into_iter().filter(|link| asked.forge.is_code(&link.repository)).collect();
        Self::of(asked, &of_code)
    }

    fn all(&self) -> impl Iterator<Item = &State<'a>> {
        self.merged.iter().chain(&self.open)
    }

    fn is_empty(&self) -> bool {
        self.merged.is_empty() && self.open.is_empty()
    }

    /// Adds to an answer what each of these was.
    fn seen_in(&self, asked: &Asked<'a>, mut answer: Answer) -> Answer {
        answer.evidence.extend(self.all().take(QUOTED_MAX).map(|state| asked.about(state.thread, &words(state))));
        answer
    }
}

/// What the issue's body lists under the stage.
fn stage_links(asked: &Asked<'_>, issue: &State<'_>) -> Vec<Link> {
    let stage = asked.look.target.stage.as_deref().unwrap_or_default();
    linked::of_stage(asked.look.prepared(), &issue.thread.body, stage)
}

/// What a pull request was, as evidence.
fn words(state: &State<'_>) -> String {
    match (state.merged, &state.marks) {
        (Some(merged), _) => format!("{merged} merged"),
        (None, Some(marks)) => {
            let milestone = marks.milestone.map(|title| format!(", milestone {title}")).unwrap_or_default();
            let draft = if marks.draft { " as a draft" } else { "" };
            format!("{} open{draft}, labels: {}{milestone}", state.instant, marks.labels.join(", "))
        }
        (None, None) => format!("{} open", state.instant),
    }
}

pub(super) fn names<'s, 'a: 's>(states: impl IntoIterator<Item = &'s State<'a>>) -> String {
    states.into_iter().map(|state| short(&state.thread.url)).collect::<Vec<String>>().join(", ")
}

/// `owner/name#1` out of the address of a page.
fn short(url: &str) -> String {
    let mut parts = url.rsplit('/');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(number), Some(_), Some(name), Some(owner)) => format!("{owner}/{name}#{number}"),
        _ => url.to_owned(),
    }
}

fn none_listed(asked: &Asked<'_>, issue: &State<'_>) -> Answer {
    let number = issue.thread.number;
    let stage = asked.look.target.stage.as_deref().map(|stage| format!(" for {stage}")).unwrap_or_default();
    let answer =
        Answer::unknown(format!("issue {number} lists no pull request of {}{stage}", asked.forge.code.join(", ")));
    let what = format!("list the pull requests{stage} in the body of issue {number}");
    answer.seen(asked.body(issue.thread, "no such pull request")).mended_by(to_do(&what))
}

/// The listed ones are merged, or approved and only waiting to merge.
pub(super) fn merged(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let issue = asked.issue()?;
    let mut changes = Changes::listed(asked, &issue);
    if !asked.rule.paths.is_empty() {
        keep_tests(asked, &mut changes);
    }
    if changes.is_empty() && changes.unknown.is_empty() {
        return Ok(none_listed(asked, &issue));
    }
    let mut waiting = 0;
    let mut missing = Vec::new();
    for state in &changes.open {
        let Some(marks) = &state.marks else {
            changes.unknown.push(format!("what happened to {} was not pulled", short(&state.thread.url)));
            continue;
        };
        match unready(asked, marks) {
            Some(why) => missing.push(format!("{} is open and {why}", short(&state.thread.url))),
            None => waiting += 1,
        }
    }
    let message = match (missing.as_slice(), changes.unknown.as_slice()) {
        ([only], _) => only.clone(),
        ([first, rest @ ..], _) => format!("{first}, and {} more are not ready", rest.len()),
        ([], [first, ..]) => first.clone(),
        ([], []) => {
            let waits = if waiting > 0 { format!(", {waiting} approved and waiting to merge") } else { String::new() };
            format!("of the listed pull requests {} are merged{waits}", changes.merged.len())
        }
    };
    let outcome = match (missing.is_empty(), changes.unknown.is_empty()) {
        (false, _) => Outcome::Fail,
        (true, false) => Outcome::Unknown,
        (true, true) => Outcome::Pass,
    };
    let mut answer = changes.seen_in(asked, Answer::new(outcome, message));
    answer.remedies.extend(missing.iter().map(|what| to_do(&format!("have it merged or approved: {what}"))));
    Ok(answer)
}

/// What keeps an open pull request from being merged.
fn unready(asked: &Asked<'_>, marks: &Marks<'_>) -> Option<String> {
    let lacks = asked.rule.labels.iter().filter(|label| !marks.labels.contains(&label.as_str()));
    let lacks: Vec<&str> = lacks.map(String::as_str).collect();
    if !lacks.is_empty() {
        return Some(format!("lacks {}", lacks.join(", ")));
    }
    let is_hold = |label: &&&str| asked.rule.absent_labels.iter().any(|pattern| matches(pattern, label));
    marks.labels.iter().find(is_hold).map(|label| format!("has {label}"))
}

/// Leaves those that change tests; those whose files are not known are unknown.
fn keep_tests(asked: &Asked<'_>, changes: &mut Changes<'_>) {
    let mut unknown = Vec::new();
    let mut keep = |state: &State<'_>| match changes_tests(asked, state) {
        Some(tests) => tests,
        None => {
            unknown.push(format!("the files of {} were not pulled", short(&state.thread.url)));
            false
        }
    };
    changes.merged.retain(&mut keep);
    changes.open.retain(&mut keep);
    changes.unknown.extend(unknown);
}

/// Whether a pull request changes files of tests; `None` where nobody knows.
fn changes_tests(asked: &Asked<'_>, state: &State<'_>) -> Option<bool> {
    let pull = state.thread.pull.as_ref()?;
    let files = pull.files.as_ref()?;
    let is_test = |path: &str| {
        asked.rule.paths.iter().any(|pattern| match pattern.strip_prefix('*') {
            Some(end) => path.ends_with(end),
            None => matches(pattern, path),
        })
    };
    match files.iter().any(|path| is_test(path)) {
        false if !pull.all_files => None,
        found => Some(found),
    }
}

/// A listed one changes tests.
pub(super) fn tested(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let issue = asked.issue()?;
    let mut changes = Changes::listed(asked, &issue);
    let count = changes.merged.len() + changes.open.len();
    if count == 0 && changes.unknown.is_empty() {
        return Ok(Answer { outcome: Outcome::Fail, ..none_listed(asked, &issue) });
    }
    keep_tests(asked, &mut changes);
    if let Some(first) = changes.all().next() {
        let path = first.thread.pull.as_ref().and_then(|pull| pull.files.as_ref()).into_iter().flatten();
        let text = path.map(|path| &**path).find(|path| {
            asked.rule.paths.iter().any(|pattern| match pattern.strip_prefix('*') {
                Some(end) => path.ends_with(end),
                None => matches(pattern, path),
            })
        });
        let evidence = asked.about(first.thread, &format!("changes {}", text.unwrap_or_default()));
        return Ok(Answer::pass(format!("{} changes tests", short(&first.thread.url))).seen(evidence));
    }
    match changes.unknown.first() {
        Some(why) => Ok(Answer::unknown(why.clone())),
        None => Ok(Answer::fail(format!("none of the {count} listed pull requests changes tests"))
            .seen(asked.body(issue.thread, "the listed pull requests"))),
    }
}

/// The pull requests of the code that name the issue until the instant.
fn referring<'a>(asked: &Asked<'a>, issue: &State<'a>, is_wanted: impl Fn(&str) -> bool) -> Vec<Link> {
    let mut found: Vec<Link> = Vec::new();
    for event in issue.thread.until(asked.instant()) {
        if let Happened::Referenced { repository, number, is_pull: true } = &event.happened
            && is_wanted(repository)
            && !found.iter().any(|link| link.number == *number && link.repository.eq_ignore_ascii_case(repository))
        {
            found.push(Link { repository: repository.to_string(), number: *number, stage: None, is_issue: false });
        }
    }
    found
}

/// Every open one that names the issue is listed.
pub(super) fn listed(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let issue = asked.issue()?;
    if issue.thread.events.is_none() {
        return Err(Answer::unknown(format!("what happened to {} was not pulled", issue.thread.number)));
    }
    let named = linked::links(asked.look.prepared(), &issue.thread.body);
    let is_listed = |link: &Link| {
        named.iter().any(|own| own.number == link.number && own.repository.eq_ignore_ascii_case(&link.repository))
    };
    let mut links = referring(asked, &issue, |repository| asked.forge.is_code(repository));
    links.retain(|link| !is_listed(link));
    let changes = Changes::of(asked, &links);
    let answer = match (changes.open.as_slice(), changes.unknown.as_slice()) {
        ([], []) => {
            let said = "no open pull request that names the issue is unlisted; mentions of gates were not looked for";
            Answer::pass(said).seen(asked.about(issue.thread, "no event of another one"))
        }
        ([], [first, ..]) => Answer::unknown(format!("whether a pull request is unlisted: {first}")),
        (open, _) => {
            let answer = Answer::fail(format!("{} name the issue and are not listed in it", names(open)));
            answer.mended_by(to_do(&format!("list {} in the body of issue {}", names(open), issue.thread.number)))
        }
    };
    let open = Changes { merged: Vec::new(), ..changes };
    Ok(open.seen_in(asked, answer))
}

/// Those that are not merged are in the milestone of the release.
pub(super) fn in_milestone(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let issue = asked.issue()?;
    let changes = Changes::listed(asked, &issue);
    let mut without = Vec::new();
    for state in &changes.open {
        let marks = asked.marks(state)?;
        if !marks.milestone.is_some_and(|title| is_release(title, asked.look.target.release)) {
            without.push(state);
        }
    }
    let release = &asked.look.target.release_text;
    let answer = match (without.is_empty(), changes.unknown.first()) {
        (false, _) => {
            let names = names(without.iter().copied());
            let answer = Answer::fail(format!("{names} is open and not in milestone {release}"));
            answer.mended_by(to_do(&format!("have {names} put into milestone {release}")))
        }
        (true, Some(why)) => Answer::unknown(why.clone()),
        (true, None) if changes.open.is_empty() => {
            Answer::pass("no listed pull request is open").seen(asked.body(issue.thread, "the listed pull requests"))
        }
        (true, None) => Answer::pass(format!("what is open is in milestone {release}")),
    };
    Ok(changes.seen_in(asked, answer))
}

/// They are all merged or all open, or an author says that what is merged is not visible.
pub(super) fn whole(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let issue = asked.issue()?;
    let changes = Changes::listed(asked, &issue);
    let answer = match (changes.merged.is_empty(), changes.open.is_empty(), changes.unknown.first()) {
        (_, _, Some(why)) => Answer::unknown(why.clone()),
        (true, true, None) => return Ok(none_listed(asked, &issue)),
        (_, true, None) => Answer::pass("every listed pull request is merged"),
        (true, _, None) => Answer::pass("no listed pull request is merged"),
        (false, false, None) => match asked.statement(issue.thread) {
            Some(said) => {
                Answer::pass("it is merged in part, and an author says that this part is not visible to users")
                    .seen(asked.event(issue.thread, said))
            }
            None => {
                let open = names(&changes.open);
                Answer::fail(format!(
                    "it is merged in part: {open} is open, and no author says that the rest is not visible to users"
                ))
                .mended_by(to_do("say in the issue whether the merged part is visible to users"))
            }
        },
    };
    Ok(changes.seen_in(asked, answer))
}

/// The linked ones of any repository are merged, or an author says that the work is complete.
pub(super) fn outside(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let issue = asked.issue()?;
    if let Some(said) = asked.statement(issue.thread) {
        return Ok(Answer::pass("an author says that the work is complete").seen(asked.event(issue.thread, said)));
    }
    let mut links = stage_links(asked, &issue);
    links.retain(|link| {
        !link.repository.eq_ignore_ascii_case(&asked.forge.proposals) && !asked.forge.is_docs(&link.repository)
    });
    let changes = Changes::of(asked, &links);
    let say = "say in the issue that the work is complete, or list its pull requests";
    let answer = match (changes.open.as_slice(), changes.unknown.first()) {
        (open @ [_, ..], _) => Answer::fail(format!("{} is open", names(open))).mended_by(to_do(say)),
        ([], Some(why)) => Answer::unknown(why.clone()).mended_by(to_do(say)),
        ([], None) if changes.merged.is_empty() => {
            Answer::fail("no pull request is linked, and no author says that the work is complete")
                .seen(asked.body(issue.thread, "no such pull request"))
                .mended_by(to_do(say))
        }
        ([], None) => Answer::pass("every linked pull request is merged"),
    };
    Ok(changes.seen_in(asked, answer))
}

/// No open pull request of the proposals repository changes the proposal's own files.
pub(super) fn none_open(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let (own, proposal) = (asked.own, asked.look.proposal);
    let instant = asked.view.instant_for(own.pulled_at);
    let body = proposal.prose.as_ref().map(|prose| prose.source.path.to_string());
    let body = body.unwrap_or_else(|| format!("{}/{}", proposal.path, asked.look.prepared().profile.layout.body));
    let is_own = |path: &str| *path == *proposal.metadata_path || path == body;
    let (mut open, mut unread): (Vec<(&_, &str)>, Vec<u64>) = (Vec::new(), Vec::new());
    for (thread, pull) in own.pulls() {
        let Ok(state) = asked.then(thread, "pull request") else { continue };
        if !state.open {
            continue;
        }
        let found = pull.files.iter().flatten().find(|path| is_own(path));
        match found {
            Some(path) => open.push((thread, path)),
            None if pull.files.is_none() || !pull.all_files => unread.push(thread.number),
            None => {}
        }
    }
    if let Some((first, _)) = open.first() {
        let numbers: Vec<String> = open.iter().map(|(thread, _)| thread.number.to_string()).collect();
        let (is, change) =
            if open.len() == 1 { ("request", "is open and changes") } else { ("requests", "are open and change") };
        let mut answer = Answer::fail(format!("pull {is} {} {change} the proposal", numbers.join(", ")));
        for (thread, path) in open.iter().take(QUOTED_MAX) {
            let text = format!("opened {}, changes {path} (files as of {})", thread.created, thread.pulled_at);
            answer = answer.seen(asked.about(thread, &text));
        }
        return Ok(answer.mended_by(to_do(&format!("merge or close pull request {}", first.number))));
    }
    if !own.has_all_open_at(instant) {
        let message = match own.open_pulls_since {
            None => "open pull requests were not pulled".to_owned(),
            Some(_) if instant > own.pulled_at => {
                format!(
                    "the snapshot is of {} and cannot tell which pull requests are open at {instant}",
                    own.pulled_at
                )
            }
            Some(since) => format!(
                "pull requests that were closed before {} were not pulled: `--since {}` would",
                day(since),
                day(instant)
            ),
        };
        return Ok(Answer::unknown(message));
    }
    if let Some(first) = unread.first() {
        return Ok(Answer::unknown(format!("the files of pull request {first} were not pulled")));
    }
    let evidence = signoff_model::fact::Evidence {
        source: "forge".into(),
        version: own.pulled_at.to_string().into(),
        path: format!("{}/{}/pulls", asked.forge.web, own.name).into(),
        line: None,
        text: format!("no pull request that was open at {instant} changes it"),
    };
    Ok(Answer::pass("no open pull request changes the proposal").seen(evidence))
}
