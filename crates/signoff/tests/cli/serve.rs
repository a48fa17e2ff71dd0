//! `serve`: the live pages, over real connections.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::project::{NOW, POOLS, Project};
use crate::standing::{self, RECORD};

/// A server of the program, which ends with it.
pub(crate) struct Served {
    child: Child,
    /// Its address and port.
    pub(crate) host: String,
}

impl Served {
    pub(crate) fn of(project: &Project, arguments: &[&str]) -> Self {
        Self::at(project, NOW, arguments)
    }

    /// On another day.
    fn at(project: &Project, now: &str, arguments: &[&str]) -> Self {
        let mut command = project.command(&[arguments, &["serve", "--address", "127.0.0.1:0"]].concat());
        command.env("SIGNOFF_NOW", now);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("the program");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let host = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        assert!(host.starts_with("127.0.0.1:"), "{line}");
        Self { child, host }
    }

    /// Sends a request, which names headers; the whole answer.
    pub(crate) fn ask(&self, request: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(&self.host).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        let text = format!("{request} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
        stream.write_all(text.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Sends a body, also where the answer comes before its end.
    pub(crate) fn send(&self, request: &str, headers: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.host).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        let length = body.len();
        let text = format!("{request} HTTP/1.1\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
        stream.write_all(text.as_bytes()).expect("sent");
        let mut writer = stream.try_clone().expect("its other end");
        let body = body.to_vec();
        let writing = std::thread::spawn(move || writer.write_all(&body).is_ok());
        let mut answer = Vec::new();
        // Whoever is refused may be cut off.
        let _ = stream.read_to_end(&mut answer);
        let _ = writing.join();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Listens as an open page does: the next event each time.
    fn told(&self) -> impl FnMut() -> String + use<> {
        let mut stream = TcpStream::connect(&self.host).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        write!(stream, "GET /live HTTP/1.1\r\nHost: {}\r\n\r\n", self.host).expect("sent");
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        move || lines.by_ref().find(|line| line.starts_with("event: ")).expect("within the limit")
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path}"), &format!("Host: {}\r\n", self.host))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn pages_of_the_sample_come_with_what_keeps_them_inert() {
    let project = Project::empty();
    let served = Served::of(&project, &["--sample"]);
    for (path, kind) in [
        ("/", "text/html"),
        ("/index.html", "text/html"),
        ("/proposals/", "text/html"),
        ("/assets/signoff.css", "text/css"),
        ("/assets/signoff.js", "text/javascript"),
    ] {
        let answer = served.get(path);
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        assert!(answer.contains(&format!("content-type: {kind}")), "{path}: {answer}");
        for header in
            ["content-security-policy: default-src 'none'", "x-content-type-options: nosniff", "x-frame-options: DENY"]
        {
            assert!(answer.contains(header), "{path} has no {header}: {answer}");
        }
    }
    assert!(served.get("/").contains("data-live"), "an open page is told of changes");
}

#[test]
fn nothing_else_is_served() {
    let project = Project::base();
    let served = Served::of(&project, &[]);
    let own = format!("Host: {}\r\n", served.host);
    for (request, headers, expected) in [
        ("GET /nope.html", own.as_str(), "404"),
        ("GET /../../etc/passwd", &own, "404"),
        ("GET /%2e%2e/%2e%2e/etc/passwd", &own, "404"),
        ("GET /keps/sig-node/1234-widget-pools/kep.yaml", &own, "404"),
        ("POST /", &own, "405"),
        ("DELETE /index.html", &own, "405"),
        ("GET /", "Host: evil.example\r\n", "421"),
        ("GET /", "Host: 127.0.0.1.evil.example\r\n", "421"),
        ("GET /", "Host: localhost:1\r\n", "200"),
        ("GET /", "Host: [::1]:1\r\n", "200"),
    ] {
        let answer = served.ask(request, headers);
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected}")), "{request} {headers}: {answer}");
    }
    assert!(served.get("/nope.html").contains("There is no such page"));
}

#[test]
fn a_page_that_did_not_change_is_not_sent_again() {
    let project = Project::empty();
    let served = Served::of(&project, &["--sample"]);
    let first = served.get("/");
    let tag = first.lines().find_map(|line| line.strip_prefix("etag: ")).expect("a tag").trim().to_owned();
    let again = served.ask("GET /", &format!("Host: {}\r\nIf-None-Match: {tag}\r\n", served.host));
    assert!(again.starts_with("HTTP/1.1 304"), "{again}");
}

#[test]
fn a_change_of_a_file_is_told_and_shown() {
    let project = Project::base();
    let served = Served::of(&project, &[]);
    assert!(!served.get("/proposals/1234.html").contains("A wholly new title"));
    let mut told = served.told();
    assert_eq!(told(), "event: shown", "what is shown when a page begins to listen");
    let title = project.read(POOLS).lines().find(|line| line.starts_with("title:")).expect("a title").to_owned();
    project.replace(POOLS, &title, "title: A wholly new title");
    assert_eq!(told(), "event: shown", "the change is told");
    assert!(served.get("/proposals/1234.html").contains("A wholly new title"), "and shown");
    project.write(POOLS, "title: [");
    assert_eq!(told(), "event: shown", "a broken file is told too");
    assert!(served.get("/").starts_with("HTTP/1.1 200"), "and the others are shown");
}

/// What is kept between changes does not outlive a file that comes or goes.
#[test]
fn files_that_come_and_go_are_shown() {
    let project = Project::base();
    let served = Served::of(&project, &[]);
    let mut told = served.told();
    assert_eq!(told(), "event: shown");
    let other = "keps/sig-node/4321-other/kep.yaml";
    let status = |path: &str| served.get(path).lines().next().expect("a line").to_owned();
    assert!(status("/proposals/4321.html").contains(" 404 "));
    project.write(other, project.read(POOLS).replace("1234", "4321"));
    while !status("/proposals/4321.html").contains(" 200 ") {
        assert_eq!(told(), "event: shown", "the new one is told");
    }
    project.write("keps/sig-node/1234-widget-pools/README.md", "# KEP-1234: Widgets\n\n![x](new.svg)\n");
    project.write("keps/sig-node/1234-widget-pools/new.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    while !served.get("/proposals/1234.html").contains("<img") {
        assert_eq!(told(), "event: shown", "the image is told");
    }
    // What is a drawing by its name alone is read as one, although the same bytes are shown under another.
    let acting = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    project.write("keps/sig-node/1234-widget-pools/README.md", "# KEP-1234: Widgets\n\n![x](a.png) ![y](b.svg)\n");
    project.write("keps/sig-node/1234-widget-pools/a.png", acting);
    while !served.get("/proposals/1234.html").contains("<img") {
        assert_eq!(told(), "event: shown", "the picture is told");
    }
    project.write("keps/sig-node/1234-widget-pools/b.svg", acting);
    assert_eq!(told(), "event: shown", "the drawing is told");
    assert_eq!(served.get("/proposals/1234.html").matches("<img").count(), 1, "it is not shown");
    project.remove(other);
    while !status("/proposals/4321.html").contains(" 404 ") {
        assert_eq!(told(), "event: shown", "that it is gone is told");
    }
}

/// After every kind of change the pages are those of a server that was started then.
#[test]
fn what_is_kept_changes_no_page() {
    const FOLDER: &str = "keps/sig-node/1234-widget-pools";
    let project = Project::base();
    project.write("keps/sig-node/4321-other/kep.yaml", project.read(POOLS).replace("1234", "4321"));
    project.commit("2026-01-15T10:00:00Z");
    let edit = |path: &str, more: &str| project.write(path, project.read(path) + more);
    let moved = |from: &str, to: &str| std::fs::rename(project.at(from), project.at(to)).expect("moved");
    let changes: [(&str, &dyn Fn()); 10] = [
        ("prose", &|| edit(&format!("{FOLDER}/README.md"), "\n[other](../4321-other/README.md)\n")),
        ("a body that was missing", &|| project.write("keps/sig-node/4321-other/README.md", "# KEP-4321: Other\n")),
        ("copied answers", &|| {
            project.write("keps/sig-node/4321-other/README.md", project.read(&format!("{FOLDER}/README.md")));
        }),
        ("a record", &|| project.remove(RECORD)),
        ("another name", &|| moved("keps/sig-node/4321-other", "keps/sig-node/4321-renamed")),
        ("another group", &|| moved("keps/sig-node/4321-renamed", "keps/4321-renamed")),
        ("settings", &|| project.write("signoff.toml", "[rules]\n\"link-dead\" = \"off\"\n")),
        ("another calendar", &|| {
            let at = "start = \"2026-01-16\"\nprr-freeze = \"2026-01-25\"\nenhancements-freeze = \"2026-02-12\"\n";
            let calendar = format!("[[calendar]]\nrelease = \"v1.36\"\nsource = \"plan.md\"\n[calendar.at]\n{at}");
            project.write("signoff.toml", calendar);
        }),
        ("all as it was", &|| {
            project.git(&["checkout", "-q", "."]);
            project.git(&["clean", "-fdq"]);
        }),
        ("a commit", &|| {
            project.write("keps/sig-node/4321-other/README.md", "# KEP-4321: Other\n");
            project.commit("2026-02-01T10:00:00Z");
        }),
    ];
    let page = |served: &Served, path: &str| {
        let answer = served.get(path);
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let (before, after) = body.split_once("data-live=\"").unwrap_or((body, ""));
        format!("{before}{}", after.split_once('"').map_or("", |(_, after)| after))
    };
    let kept = Served::at(&project, "2026-02-05T00:00:00Z", &[]);
    for (change, make) in changes {
        make();
        let fresh = Served::at(&project, "2026-02-05T00:00:00Z", &[]);
        for path in [
            "/",
            "/board/v1.36.html",
            "/board/v1.36.days.js",
            "/proposals/",
            "/proposals/1234.html",
            "/proposals/4321.html",
        ] {
            let (expected, mut tries) = (page(&fresh, path), 0);
            while page(&kept, path) != expected {
                tries += 1;
                assert!(tries < 200, "{change}: {path} is another one");
                std::thread::sleep(Duration::from_millis(25));
            }
        }
    }
}

/// Pull requests are kept until other heads are fetched.
#[test]
fn heads_that_are_fetched_are_shown() {
    let project = standing::project(&[(RECORD, "beta:\n  approver: \"@QuinnPRR\"\n", "")]);
    let main = project.git(&["rev-parse", "HEAD"]);
    project.write(RECORD, "kep-number: 1234\nalpha:\n  approver: \"@petra-prr\"\nbeta:\n  approver: \"@QuinnPRR\"\n");
    let head = project.commit("2026-01-25T10:00:00Z");
    project.git(&["reset", "-q", "--hard", &main]);
    let served = Served::at(&project, "2026-02-01T00:00:00Z", &[]);
    let board = || served.get("/board/v1.36.html");
    assert!(board().starts_with("HTTP/1.1 200"), "{}", board());
    assert!(!board().contains("pull request 77"));
    let mut told = served.told();
    assert_eq!(told(), "event: shown");
    project.git(&["update-ref", "refs/pull/77/head", &head]);
    while !board().contains("pull request 77") {
        assert_eq!(told(), "event: shown", "the head is told");
    }
    project.git(&["update-ref", "-d", "refs/pull/77/head"]);
    while board().contains("pull request 77") {
        assert_eq!(told(), "event: shown", "that it is gone is told");
    }
}

/// Who sends slowly, too much or too often has the answer that he earns, and others have theirs at once.
#[test]
fn slow_and_hostile_clients_do_not_hurt_others() {
    let project = Project::empty();
    let served = Served::of(&project, &["--sample"]);
    let slow: Vec<TcpStream> = (0..300)
        .map(|_| {
            let mut stream = TcpStream::connect(&served.host).expect("a connection");
            stream.write_all(b"GET / HTTP/1.1\r\nHost: ").expect("sent");
            stream
        })
        .collect();
    assert!(served.get("/").starts_with("HTTP/1.1 200 "), "beside {} slow ones", slow.len());
    let large = format!("Host: {}\r\nX-Large: {}\r\n", served.host, "x".repeat(100_000));
    let answer = served.ask("GET /", &large);
    assert!(answer.starts_with("HTTP/1.1 431 "), "{}", answer.lines().next().unwrap_or_default());
    let body = format!("Host: {}\r\nContent-Length: 1000000000\r\n", served.host);
    assert!(served.ask("POST /", &body).starts_with("HTTP/1.1 405 "), "a body is not waited for");
    let one = format!("GET /assets/signoff.svg HTTP/1.1\r\nHost: {}\r\n\r\n", served.host);
    let mut stream = TcpStream::connect(&served.host).expect("a connection");
    let mut reader = stream.try_clone().expect("its other end");
    let reading = std::thread::spawn(move || {
        let mut answers = Vec::new();
        // It is cut off when enough was read.
        let _ = reader.read_to_end(&mut answers);
        String::from_utf8_lossy(&answers).matches("HTTP/1.1 429 ").count()
    });
    for _ in 0..4000 {
        stream.write_all(one.as_bytes()).expect("sent");
    }
    stream.write_all(one.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").as_bytes()).expect("sent");
    assert!(reading.join().expect("the reader") > 100, "a flood is told to wait");
}

#[test]
fn searches_are_answered_without_a_script() {
    let project = Project::empty();
    let served = Served::of(&project, &["--sample"]);
    for (path, expected, is_there) in [
        ("/search.html?q=uplink", "<mark>Uplink</mark> Failover", true),
        ("/search.html?q=205", "Uplink Failover", true),
        ("/search.html?q=uplink&group=sig-nothing", "Uplink</mark> Failover", false),
        ("/search.html?q=-uplink+group:sig-network", "Uplink</mark> Failover", false),
        ("/search.html?q=uplink", "<option value=\"sig-network\">sig-network (", true),
        ("/search.html?q=vessellease", "proposals/12.html", true),
        ("/search.html?q=vessel+-lea", "proposals/12.html", true),
        ("/search.html?q=vessel+-lea*", "proposals/12.html", false),
        ("/search.html?q=zzyzx", "Nothing has these words", true),
        ("/search.html?q=group:nowhere", "nowhere", true),
        ("/search.html?q=%3Cscript%3E", "<script>", false),
        ("/search.html", "Type words", true),
    ] {
        let answer = served.get(path);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{path}");
        assert_eq!(answer.contains(expected), is_there, "{expected} at {path}: {answer}");
    }
}

/// A bare repository is served as its branch is, and a push is shown.
#[test]
fn a_bare_repository_is_served_and_a_push_shown() {
    let project = Project::base();
    project.commit("2026-01-01T00:00:00Z");
    project.git(&["clone", "-q", "--bare", ".", "bare.git"]);
    let served = Served::of(&project, &["-C", "bare.git"]);
    assert!(served.get("/proposals/1234.html").starts_with("HTTP/1.1 200 "));
    let mut told = served.told();
    assert_eq!(told(), "event: shown");
    let title = project.read(POOLS).lines().find(|line| line.starts_with("title:")).expect("a title").to_owned();
    project.replace(POOLS, &title, "title: A pushed title");
    project.commit("2026-01-02T00:00:00Z");
    project.git(&["push", "-q", "bare.git", "main"]);
    while !served.get("/proposals/1234.html").contains("A pushed title") {
        assert_eq!(told(), "event: shown", "the push is told");
    }
}
