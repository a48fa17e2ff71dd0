use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use signoff_evidence::forge::{self, SCHEMA, Snapshot};
use signoff_model::profile::Profile;

use super::*;
use crate::forge::client::{Clock, Token};
use crate::forge::fake::{Fake, Mischief};

const OWN: &str = "o/proposals";
const CODE: &str = "o/code";
const COMMIT: &str = "0123456789012345678901234567890123456789";

fn prepared() -> Prepared {
    let text = "schema = 1\nid = \"p\"\nname = \"P\"\n[layout]\nroot = \"proposals\"\nname = \"{number}\"\n\
        [[stage]]\nname = \"alpha\"\n[[stage]]\nname = \"beta\"\n\
        [forge]\nweb = \"https://forge.example\"\nproposals = \"o/proposals\"\ncode = [\"o/code\"]\ndocs = [\"o/docs\"]\n\
        [[signoff.class]]\nname = \"outside\"\nbasis = \"forge\"\nlabels = [\"outside\"]\n";
    Prepared::new(Profile::parse(text, &|_| None).unwrap_or_else(|faults| panic!("{faults:?}")))
}

fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// Two issues, the pull requests that they list, one that names the first, and two open ones of proposals.
fn forge() -> Fake {
    let fake = Fake::start();
    let mut state = fake.state();
    state.open_issue(
        OWN,
        1,
        "proposals/1\n- Alpha\n  - https://forge.example/o/code/pull/10\n- Beta\n  - o/code#11 o/docs#5",
    );
    state.open_issue(OWN, 2, "no links; o/other#7");
    state.milestone(OWN, 2, "v1.36", "2026-01-05T00:00:00Z");
    for (index, label) in ["lead-opted-in", "tracked/yes"].iter().enumerate() {
        state.label(OWN, 1, label, &format!("2026-01-0{}T00:00:00Z", index + 3));
    }
    // Three pages of a timeline.
    for index in 0..250 {
        let at = instant("2026-01-06T00:00:00Z") + Duration::from_secs(index);
        state.label(OWN, 2, &format!("label-{index:03}"), &at.to_string());
    }
    for (repository, number, base) in
        [(CODE, 10, "main"), (CODE, 11, "main"), (CODE, 12, "main"), ("o/docs", 5, "dev-1.36")]
    {
        state.open_pull(repository, number, base, &["test/a_test.go"]);
    }
    state.merge(CODE, 11, "abc", "2026-01-07T00:00:00Z");
    let named = |number: u64, closed: Option<&str>| {
        serde_json::json!({"event": "cross-referenced", "created_at": "2026-01-08T00:00:00Z", "actor": {"login": "bob"},
            "source": {"issue": {"number": number, "closed_at": closed, "pull_request": {}, "repository": {"full_name": CODE}}}})
    };
    state.thread(OWN, 1).timeline.extend([named(12, None), named(13, Some("2025-01-01T00:00:00Z"))]);
    state.open_pull(OWN, 20, "main", &["proposals/1/README.md"]);
    state.open_pull(OWN, 21, "main", &["README.md"]);
    state.open_pull(OWN, 22, "main", &["proposals/1/README.md"]);
    state.merge(OWN, 22, COMMIT, "2026-01-09T00:00:00Z");
    drop(state);
    fake
}

/// The kinds of requests that pulls send: paths with the numbers of a forge, each once.
pub(in crate::forge) fn requests() -> Vec<String> {
    let fake = forge();
    whole(&fake);
    let prepared = prepared();
    let plan = Plan {
        prepared: &prepared,
        release: Release::parse("v1.36").expect("a release"),
        wanted: Vec::new(),
        since: Some(instant("2026-01-01T00:00:00Z")),
        followed: Vec::new(),
    };
    let clock = Clock { now: Timestamp::now, wait: Box::new(|_| ()) };
    let mut client = Client::new(fake.address(), None, clock).expect("a client");
    let snapshot =
        Snapshot { schema: SCHEMA.into(), pulled_at: Timestamp::UNIX_EPOCH, complete: false, scope: String::new() };
    let file = File { snapshot, repositories: Vec::new(), threads: Vec::new() };
    Pull::new(&plan, &mut client, (file, None), &mut |_| Ok(()), &|_| ()).run().expect("a whole pull");
    fake.asked().into_iter().map(|request| request.target).collect()
}

/// The waits of a pull.
type Waits = Rc<RefCell<Vec<u64>>>;

struct Outcome {
    result: Result<File, String>,
    saved: Option<File>,
    waits: Vec<u64>,
    sent: usize,
    unchanged: usize,
}

fn pull(fake: &Fake, begun: Option<File>, before: Option<File>) -> Outcome {
    let prepared = prepared();
    let plan = Plan {
        prepared: &prepared,
        release: Release::parse("v1.36").expect("a release"),
        wanted: vec![
            Wanted { number: 1, stage: Some("beta".into()), commit: Some(COMMIT.into()) },
            Wanted { number: 99, stage: None, commit: None },
        ],
        since: None,
        followed: vec![CODE.into(), "o/docs".into()],
    };
    let waits = Waits::default();
    let told = Rc::clone(&waits);
    let wait = Box::new(move |wait: Duration| told.borrow_mut().push(wait.as_secs()));
    let clock = Clock { now: || "2026-02-01T00:00:00Z".parse().expect("an instant"), wait };
    let token = Token::parse("secret-token").expect("a token");
    let mut client = Client::new(fake.address(), token, clock).expect("a client");
    let anew = || File {
        snapshot: Snapshot {
            schema: SCHEMA.into(),
            pulled_at: instant("2026-02-01T00:00:00Z"),
            complete: false,
            scope: "tests".into(),
        },
        repositories: Vec::new(),
        threads: Vec::new(),
    };
    let mut saved = None;
    let mut save = |file: &File| {
        saved = Some(file.clone());
        Ok(())
    };
    let file = (begun.unwrap_or_else(anew), before);
    let result = Pull::new(&plan, &mut client, file, &mut save, &|_| ()).run();
    let result = result.map_err(|error| error.chain().map(ToString::to_string).collect::<Vec<String>>().join(": "));
    let waits = waits.borrow().clone();
    Outcome { result, saved, waits, sent: client.sent, unchanged: client.unchanged }
}

fn whole(fake: &Fake) -> File {
    pull(fake, None, None).result.expect("a whole pull")
}

fn keys(file: &File) -> Vec<String> {
    let parsed = forge::parse(&forge::write(file)).expect("a snapshot");
    parsed.threads.iter().map(|thread| format!("{}#{}", thread.repository, thread.number)).collect()
}

#[test]
fn what_belongs_to_a_release_is_pulled() {
    let fake = forge();
    let file = whole(&fake);
    assert!(file.snapshot.complete);
    let expected = [
        "o/code#11",
        "o/code#12",
        "o/docs#5",
        "o/proposals#1",
        "o/proposals#2",
        "o/proposals#20",
        "o/proposals#21",
        "o/proposals#22",
    ];
    assert_eq!(keys(&file), expected);
    let find = |repository: &str, number: u64| {
        file.threads.iter().find(|thread| thread.repository == repository && thread.number == number).expect("a thread")
    };
    assert_eq!(find(OWN, 2).events.as_ref().map(Vec::len), Some(251), "every page of the timeline");
    assert_eq!(find(OWN, 2).milestone.as_deref(), Some("v1.36"));
    assert_eq!(find(OWN, 22).pull.as_ref().and_then(|pull| pull.merge_commit.as_deref()), Some(COMMIT));
    assert!(find(OWN, 20).events.is_some() && find(OWN, 21).events.is_none(), "21 changes no proposal");
    let own = file.repositories.iter().find(|own| own.name == OWN).expect("the repository");
    assert_eq!(own.missing, [99]);
    assert_eq!(own.open_pulls_since, Some(instant("2026-02-01T00:00:00Z")));
    let read = forge::read(&forge::write(&file)).expect("a snapshot");
    assert_eq!(read.repositories.len(), 3);
}

#[test]
fn the_token_goes_to_the_forge_and_not_into_the_file() {
    let fake = forge();
    let file = whole(&fake);
    let asked = fake.asked();
    assert!(!asked.is_empty());
    assert!(asked.iter().all(|request| request.authorization.as_deref() == Some("Bearer secret-token")));
    assert!(!String::from_utf8_lossy(&forge::write(&file)).contains("secret-token"));
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let fake = forge();
    let first = whole(&fake);
    let again = pull(&fake, None, Some(first.clone()));
    assert_eq!(again.result.as_ref().ok(), Some(&first));
    assert!(again.unchanged > 15 && again.sent - again.unchanged <= 6, "{} of {}", again.unchanged, again.sent);
    fake.state().label(OWN, 1, "stage/beta", "2026-01-20T00:00:00Z");
    let third = pull(&fake, None, Some(first.clone())).result.expect("a whole pull");
    assert_ne!(third, first);
    assert_eq!(third, whole(&fake), "as if it had been asked for everything");
}

#[test]
fn an_interrupted_pull_goes_on_where_it_stopped() {
    let fake = forge();
    let expected = forge::write(&whole(&fake));
    let count = fake.asked().len();
    for answers in 0..count {
        fake.state().answers_left = Some(answers);
        let broken = pull(&fake, None, None);
        let error = broken.result.expect_err("it broke off");
        assert!(error.starts_with(fake.address()) && !error.contains("secret-token"), "{error}");
        let saved = broken.saved.expect("what has arrived");
        assert!(!saved.snapshot.complete);
        let saved = forge::parse(&forge::write(&saved)).expect("a snapshot");
        fake.state().answers_left = None;
        fake.asked();
        let there = saved.threads.len();
        let resumed = pull(&fake, Some(saved), None).result.expect("a whole pull");
        assert_eq!(forge::write(&resumed), expected, "after {answers} answers");
        let asked = fake.asked().len();
        assert!(asked <= count - there, "{asked} of {count} again, {there} were there");
    }
}

#[test]
fn limits_and_trouble_are_waited_for() {
    let limited = "{\"message\": \"You have exceeded a secondary rate limit\"}";
    let headers = |pairs: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    let reset = instant("2026-02-01T00:01:40Z").as_second().to_string();
    let used_up = headers(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", &reset)]);
    let retry = headers(&[("retry-after", "7")]);
    let cases: [(&str, Vec<Mischief>, &[u64]); 6] = [
        (
            "the limit is used up",
            vec![Mischief::Status(403, used_up, "{\"message\": \"API rate limit exceeded\"}")],
            &[101],
        ),
        ("it says when", vec![Mischief::Status(429, retry, limited)], &[7]),
        (
            "it does not say when",
            vec![Mischief::Status(403, vec![], limited), Mischief::Status(429, vec![], "")],
            &[60, 120],
        ),
        ("trouble", vec![Mischief::Status(500, vec![], "oops"), Mischief::Status(502, vec![], "")], &[1, 2]),
        ("broken off", vec![Mischief::Truncated], &[1]),
        ("nothing", vec![], &[]),
    ];
    for (about, mischief, waits) in cases {
        let fake = forge();
        let expected = whole(&fake);
        let meant = mischief.into_iter().map(|mischief| ("issues/1/timeline".to_owned(), mischief));
        fake.state().mischief = meant.collect();
        let outcome = pull(&fake, None, None);
        assert_eq!(outcome.result.as_ref(), Ok(&expected), "{about}");
        assert_eq!(outcome.waits, waits, "{about}");
    }
}

#[test]
fn what_cannot_be_used_names_the_address_and_ends() {
    let moved = |to: &str| Mischief::Status(301, vec![("location", to.to_owned())], "");
    let linked = Mischief::Status(200, vec![("link", "<https://evil.example/x>; rel=\"next\"".to_owned())], "[]");
    let late = Mischief::Status(403, vec![("retry-after", "3600".to_owned())], "{}");
    let secret = "{\"message\": \"Bad secret-token\"}";
    let cases = [
        (moved("https://evil.example/x"), "the forge sends on to https://evil.example/x, which is another host"),
        (linked, "the forge sends on to https://evil.example/x, which is another host"),
        (Mischief::Endless, "the answer is larger than 32 MiB"),
        (Mischief::Status(200, vec![], "<html>"), "the answer is no JSON"),
        (Mischief::Status(200, vec![], "{}"), "the answer is no list"),
        (Mischief::Status(200, vec![], "[7]"), "the answer is not what a forge gives"),
        (Mischief::Status(401, vec![], secret), "the forge does not know the token"),
        (Mischief::Status(403, vec![], secret), "the forge refuses it (403): Bad ***"),
        (Mischief::Status(418, vec![], ""), "the forge answers 418"),
        (late, "the forge takes no more requests for now (403: no reason given), for 60 minutes"),
    ];
    for (mischief, expected) in cases {
        let fake = forge();
        fake.state().mischief = vec![("issues/1/timeline".to_owned(), mischief)];
        let outcome = pull(&fake, None, None);
        let error = outcome.result.expect_err(expected);
        assert!(error.contains(expected) && !error.contains("secret-token"), "{expected}: {error}");
        assert!(error.contains("evil.example") || error.contains("issues/1/timeline"), "{expected}: {error}");
        assert!(outcome.saved.is_some_and(|file| !file.snapshot.complete), "{expected}");
        assert_eq!(outcome.waits, [0; 0], "{expected}");
    }
}

#[test]
fn trouble_without_an_end_ends() {
    let fake = forge();
    let trouble = ("issues/1/timeline".to_owned(), Mischief::Status(503, vec![], ""));
    fake.state().mischief = vec![trouble; 10];
    let outcome = pull(&fake, None, None);
    assert!(outcome.result.expect_err("it ends").contains("the forge has trouble (503)"));
    assert_eq!(outcome.waits, [1, 2, 4, 8]);
}

#[test]
fn pages_that_lead_to_themselves_end() {
    let fake = forge();
    let url = format!("{}/repos/o/proposals/issues/1/timeline?per_page=100", fake.address());
    let headers = vec![("link", format!("<{url}>; rel=\"next\""))];
    fake.state().mischief = vec![("issues/1/timeline".to_owned(), Mischief::Status(200, headers, "[]"))];
    let error = pull(&fake, None, None).result.expect_err("it ends");
    assert!(error.contains("its pages have no end"), "{error}");
}

#[test]
fn a_redirect_within_the_forge_is_followed() {
    let fake = forge();
    let expected = whole(&fake);
    let location = format!("{}/repos/o/proposals/issues/1/timeline?per_page=100&page=1", fake.address());
    let moved = Mischief::Status(301, vec![("location", location)], "");
    fake.state().mischief = vec![("issues/1/timeline".to_owned(), moved)];
    assert_eq!(pull(&fake, None, None).result, Ok(expected));
}

#[test]
fn a_forge_without_the_repository_says_so() {
    let fake = Fake::start();
    let error = pull(&fake, None, None).result.expect_err("nothing is there");
    assert!(error.contains("the forge has no repository o/proposals"), "{error}");
}
