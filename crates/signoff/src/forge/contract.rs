//! Every kind of request that a pull sends, against GitHub's published description of its interface: a server made of
//! that description (Prism) refuses what it does not allow, and its answers are read as those of the forge.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::client::{Answer, Client, Clock};
use super::github::{ChangedFile, Entry, Issue, Milestone, events};
use super::pull::tests::requests;

/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server that is stopped when it is dropped.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn requests_are_those_of_the_published_description() {
    let modules = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/forge/node_modules");
    let description = modules.join("@octokit/openapi/generated/api.github.com.json");
    let program = modules.join(".bin/prism");
    if !description.is_file() || !program.exists() {
        eprintln!("not run: no GitHub description in tests/forge; scripts/test-setup installs it");
        return;
    }
    let text = std::fs::read(&description).expect("the description");
    let whole: Value = serde_json::from_slice(&text).expect("JSON");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("description.json");
    std::fs::write(&file, part(&whole).to_string()).expect("a file");
    let server = start(&program, &file);
    let clock = Clock { now: jiff::Timestamp::now, wait: Box::new(std::thread::sleep) };
    let mut client = Client::new(&server.address, None, clock).expect("a client");
    let mut kinds: BTreeMap<String, String> = BTreeMap::new();
    for target in requests() {
        let kind = target.replace(|character: char| character.is_ascii_digit(), "");
        kinds.entry(kind).or_insert(target);
    }
    assert!(kinds.len() >= 9, "{kinds:#?}");
    for target in kinds.values() {
        let url = client.url(target);
        let answer = client.get(&url, None).unwrap_or_else(|error| panic!("{error:#}"));
        let Answer::Content { mut content, .. } = answer else { panic!("{target}: {answer:?}") };
        // One example of the description is an example of an example.
        if content.get("value").is_some_and(Value::is_object) {
            content = content["value"].take();
        }
        read(target, content);
    }
    // What the description does not allow is refused, so that the above says something.
    let wrong = client.url("/repos/o/r/pulls?state=ajar");
    let error = client.get(&wrong, None).map(|_| ()).expect_err("no such state").to_string();
    assert!(error.contains("422"), "{error}");
}

/// Reads an answer as a pull does.
fn read(target: &str, content: Value) {
    let path = target.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').skip(4).collect();
    match parts.as_slice() {
        ["milestones"] => assert!(typed::<Vec<Milestone>>(target, content).iter().all(|own| own.number.is_some())),
        ["issues"] | ["pulls"] | ["commits", _, "pulls"] => assert!(!typed::<Vec<Issue>>(target, content).is_empty()),
        ["issues", _] => assert!(typed::<Issue>(target, content).number > 0),
        ["pulls", _] => assert!(typed::<Issue>(target, content).thread("o/r").pull.is_some()),
        ["pulls", _, "files"] => assert!(!typed::<Vec<ChangedFile>>(target, content).is_empty()),
        ["issues", _, "timeline"] => {
            let entries: Vec<Entry> = typed(target, content);
            assert!(!entries.is_empty() && events(entries, &[]).iter().all(|event| event.actor.is_some()));
        }
        _ => panic!("{target}: nobody reads this"),
    }
}

fn typed<T: DeserializeOwned>(target: &str, content: Value) -> T {
    serde_json::from_value(content.clone()).unwrap_or_else(|error| panic!("{target}: {error}: {content}"))
}

/// The part of the description that is asked for: the whole takes the server a minute to read.
fn part(whole: &Value) -> Value {
    const PATHS: [&str; 8] = [
        "/repos/{owner}/{repo}/milestones",
        "/repos/{owner}/{repo}/issues",
        "/repos/{owner}/{repo}/issues/{issue_number}",
        "/repos/{owner}/{repo}/issues/{issue_number}/timeline",
        "/repos/{owner}/{repo}/pulls",
        "/repos/{owner}/{repo}/pulls/{pull_number}",
        "/repos/{owner}/{repo}/pulls/{pull_number}/files",
        "/repos/{owner}/{repo}/commits/{commit_sha}/pulls",
    ];
    let mut part =
        serde_json::json!({"openapi": whole["openapi"], "info": whole["info"], "paths": {}, "components": {}});
    let mut wanted: Vec<String> = Vec::new();
    for path in PATHS {
        let get = &whole["paths"][path]["get"];
        assert!(get.is_object(), "the description has no {path}");
        part["paths"][path] = serde_json::json!({"get": get});
        references(get, &mut wanted);
    }
    let mut seen = BTreeSet::new();
    while let Some(pointer) = wanted.pop() {
        if !seen.insert(pointer.clone()) {
            continue;
        }
        let [kind, name] = pointer.trim_start_matches("#/components/").splitn(2, '/').collect::<Vec<_>>()[..] else {
            panic!("{pointer} is no component")
        };
        let component = &whole["components"][kind][name];
        references(component, &mut wanted);
        part["components"][kind][name] = component.clone();
    }
    part
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(pairs) => {
            found.extend(pairs.get("$ref").and_then(Value::as_str).map(str::to_owned));
            pairs.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

fn start(program: &std::path::Path, description: &std::path::Path) -> Server {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let mut command = Command::new(program);
    // Without `--errors`: examples of the description do not all keep to it, and a wrong request is refused all the same.
    command.args(["mock", "--host", "127.0.0.1", "--port", &free.port().to_string()]).arg(description);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the server");
    let mut server = Server { child, address: format!("http://{free}") };
    let begun = Instant::now();
    while TcpStream::connect(free).is_err() {
        assert!(server.child.try_wait().expect("a state").is_none(), "the server ended");
        assert!(begun.elapsed() < PATIENCE, "the server does not answer");
        std::thread::sleep(Duration::from_millis(100));
    }
    server
}
