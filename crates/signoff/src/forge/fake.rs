//! A small forge for tests: it keeps issues and pull requests, pages its lists, knows what it has answered before, and
//! misbehaves when it is told to.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

/// A forge that answers until it is dropped.
pub struct Fake {
    address: String,
    state: Arc<Mutex<State>>,
}

/// What a forge has, and what it was asked.
#[derive(Default)]
pub struct State {
    /// Issues and pull requests, by repository and number.
    pub threads: BTreeMap<(String, u64), Thread>,
    /// How it misbehaves, once each, where the address holds the text.
    pub mischief: Vec<(String, Mischief)>,
    /// How many requests it still answers before it closes every connection.
    pub answers_left: Option<usize>,
    /// What it was asked, in order.
    pub asked: Vec<Request>,
    /// Its own address.
    address: String,
}

/// An issue or a pull request.
pub struct Thread {
    /// As the forge shows it.
    pub shown: Value,
    /// Its timeline.
    pub timeline: Vec<Value>,
    /// Files of a pull request.
    pub files: Vec<Value>,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Request {
    /// Path and query.
    pub target: String,
    /// The header `authorization`.
    pub authorization: Option<String>,
    /// Whether only a change was asked for.
    pub conditional: bool,
}

/// What a forge does instead of answering.
#[derive(Clone)]
pub enum Mischief {
    /// Answers with a status, headers and a body.
    Status(u16, Vec<(&'static str, String)>, &'static str),
    /// Announces more than it sends.
    Truncated,
    /// Sends without an end.
    Endless,
}

impl Fake {
    /// Starts a forge without anything in it.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State { address: address.clone(), ..State::default() }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that went away is no reason to stop.
                let _ = serve(stream, &shared);
            }
        });
        Self { address, state }
    }

    /// Its address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it has.
    pub fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Takes what it was asked since the last time.
    pub fn asked(&self) -> Vec<Request> {
        std::mem::take(&mut self.state().asked)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    /// Opens an issue.
    pub fn open_issue(&mut self, repository: &str, number: u64, body: &str) {
        let shown = json!({
            "number": number, "html_url": format!("https://forge.example/{repository}/issues/{number}"),
            "title": format!("Issue {number}"), "user": {"login": "ada"}, "body": body, "state": "open",
            "created_at": "2026-01-02T00:00:00Z", "updated_at": "2026-01-02T00:00:00Z", "closed_at": null,
            "labels": [], "milestone": null,
        });
        let thread = Thread { shown, timeline: Vec::new(), files: Vec::new() };
        self.threads.insert((repository.to_owned(), number), thread);
    }

    /// Opens a pull request.
    pub fn open_pull(&mut self, repository: &str, number: u64, base: &str, files: &[&str]) {
        self.open_issue(repository, number, "");
        let thread = self.thread(repository, number);
        thread.shown["html_url"] = json!(format!("https://forge.example/{repository}/pull/{number}"));
        for (key, value) in [
            ("draft", json!(false)),
            ("base", json!({"ref": base})),
            ("merged_at", Value::Null),
            ("merge_commit_sha", Value::Null),
        ] {
            thread.shown[key] = value;
        }
        thread.files = files.iter().map(|path| json!({"filename": path, "status": "modified"})).collect();
    }

    /// An issue or pull request.
    pub fn thread(&mut self, repository: &str, number: u64) -> &mut Thread {
        self.threads.get_mut(&(repository.to_owned(), number)).expect("a thread")
    }

    /// Adds a label.
    pub fn label(&mut self, repository: &str, number: u64, label: &str, at: &str) {
        let thread = self.thread(repository, number);
        thread.shown["labels"].as_array_mut().expect("labels").push(json!({"id": 1, "name": label}));
        thread.shown["updated_at"] = json!(at);
        let event = json!({"event": "labeled", "id": 1, "created_at": at, "actor": {"login": "lead"}, "label": {"name": label, "color": "fff"}});
        thread.timeline.push(event);
    }

    /// Puts something into a milestone.
    pub fn milestone(&mut self, repository: &str, number: u64, title: &str, at: &str) {
        let thread = self.thread(repository, number);
        thread.shown["milestone"] = json!({"number": 7, "title": title});
        let event = json!({"event": "milestoned", "id": 2, "created_at": at, "actor": {"login": "lead"}, "milestone": {"title": title}});
        thread.timeline.push(event);
    }

    /// Merges a pull request.
    pub fn merge(&mut self, repository: &str, number: u64, commit: &str, at: &str) {
        let thread = self.thread(repository, number);
        for (key, value) in [
            ("merged_at", at),
            ("closed_at", at),
            ("updated_at", at),
            ("merge_commit_sha", commit),
            ("state", "closed"),
        ] {
            thread.shown[key] = json!(value);
        }
        for event in ["merged", "closed"] {
            thread.timeline.push(json!({"event": event, "id": 3, "created_at": at, "actor": {"login": "robot"}}));
        }
    }

    /// What stands at a path; `None` where there is nothing.
    fn at(&self, target: &str) -> Option<Value> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query: BTreeMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let parts: Vec<&str> = path.strip_prefix("/repos/")?.split('/').collect();
        let [owner, name, rest @ ..] = parts.as_slice() else { return None };
        let repository = format!("{owner}/{name}");
        let own = || self.threads.iter().filter(|((of, _), _)| *of == repository).map(|(_, thread)| thread);
        own().next()?;
        let thread = |number: &str| self.threads.get(&(repository.clone(), number.parse().ok()?));
        let is_pull = |thread: &Thread| thread.shown.get("base").is_some();
        let listed = |thread: &Thread| {
            let mut shown = thread.shown.clone();
            if is_pull(thread) {
                shown["pull_request"] = json!({"url": ""});
                for key in ["base", "merge_commit_sha"] {
                    shown.as_object_mut().expect("an object").remove(key);
                }
            }
            shown
        };
        match rest {
            ["milestones"] => Some(json!([{"number": 3, "title": "v1.35"}, {"number": 7, "title": "v1.36"}])),
            ["issues"] => {
                let wanted = query.get("milestone").and_then(|id| id.parse::<u64>().ok());
                let is_in = |thread: &&Thread| thread.shown["milestone"]["number"].as_u64() == wanted;
                Some(own().filter(is_in).map(listed).collect())
            }
            ["issues", number] => thread(number).map(listed),
            ["issues", number, "timeline"] => thread(number).map(|thread| Value::Array(thread.timeline.clone())),
            ["pulls"] => {
                let is_in =
                    |thread: &&Thread| is_pull(thread) && thread.shown["state"].as_str() == query.get("state").copied();
                let mut pulls: Vec<Value> = own().filter(is_in).map(|thread| thread.shown.clone()).collect();
                if query.get("sort") == Some(&"updated") {
                    pulls.sort_by_key(|pull| std::cmp::Reverse(pull["updated_at"].as_str().map(str::to_owned)));
                }
                Some(Value::Array(pulls))
            }
            ["pulls", number] => thread(number).filter(|thread| is_pull(thread)).map(|thread| thread.shown.clone()),
            ["pulls", number, "files"] => thread(number).map(|thread| Value::Array(thread.files.clone())),
            ["commits", commit, "pulls"] => {
                let is_it = |thread: &&Thread| thread.shown["merge_commit_sha"].as_str() == Some(commit);
                Some(own().filter(is_it).map(|thread| thread.shown.clone()).collect())
            }
            _ => None,
        }
    }

    /// A page of a list, and the header that leads to the next one.
    fn page(&self, target: &str, content: Value) -> (Value, Option<String>) {
        let Value::Array(entries) = content else { return (content, None) };
        let parameter = |name: &str| {
            let pair = target.split(['?', '&']).find_map(|pair| pair.strip_prefix(&format!("{name}=")));
            pair.and_then(|value| value.parse::<usize>().ok())
        };
        let (size, page) = (parameter("per_page").unwrap_or(30).min(100), parameter("page").unwrap_or(1));
        let shown: Vec<Value> = entries.iter().skip((page - 1) * size).take(size).cloned().collect();
        let base = target.split("&page=").next().unwrap_or(target);
        let next =
            (page * size < entries.len()).then(|| format!("<{}{base}&page={}>; rel=\"next\"", self.address, page + 1));
        (Value::Array(shown), next)
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let (mut authorization, mut etag) = (None, None);
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        match line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())) {
            Some((name, value)) if name == "authorization" => authorization = Some(value),
            Some((name, value)) if name == "if-none-match" => etag = Some(value),
            _ => {}
        }
    }
    let mut state = lock(state);
    if let Some(left) = &mut state.answers_left {
        if *left == 0 {
            return Ok(());
        }
        *left -= 1;
    }
    state.asked.push(Request { target: target.clone(), authorization, conditional: etag.is_some() });
    let bad = state.mischief.iter().position(|(part, _)| target.contains(part.as_str()));
    if let Some(index) = bad {
        let (_, mischief) = state.mischief.remove(index);
        drop(state);
        return misbehave(stream, &mischief);
    }
    let Some(content) = state.at(&target) else {
        return send(stream, 404, &[], br#"{"message": "Not Found"}"#);
    };
    let (content, next) = state.page(&target, content);
    drop(state);
    let body = content.to_string();
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    let own = format!("W/\"{:x}\"", hasher.finish());
    let mut headers = vec![("etag", own.clone())];
    headers.extend(next.map(|next| ("link", next)));
    if etag.as_ref() == Some(&own) {
        return send(stream, 304, &headers[..1], b"");
    }
    send(stream, 200, &headers, body.as_bytes())
}

fn send(mut stream: TcpStream, status: u16, headers: &[(&str, String)], body: &[u8]) -> std::io::Result<()> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = if status == 304 { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    write!(stream, "HTTP/1.1 {status} Any\r\n{headers}{length}connection: close\r\n\r\n")?;
    stream.write_all(body)
}

fn misbehave(mut stream: TcpStream, mischief: &Mischief) -> std::io::Result<()> {
    match mischief {
        Mischief::Status(status, headers, body) => send(stream, *status, headers, body.as_bytes()),
        Mischief::Truncated => {
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\nconnection: close\r\n\r\n[{{\"number\"")
        }
        Mischief::Endless => {
            write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[")?;
            let chunk = vec![b' '; 1 << 20];
            while stream.write_all(&chunk).is_ok() {}
            Ok(())
        }
    }
}
