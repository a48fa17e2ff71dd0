//! Asks a server for pages and searches at a steady rate and prints how long answers took:
//! `load HOST:PORT [REQUESTS_A_SECOND] [SECONDS]`.
//!
//! Every request has its instant, and its time counts from there on: a server that falls behind cannot hide it.

#![allow(clippy::print_stdout, reason = "a program that measures prints")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 16;

/// Words of different kinds: frequent and rare ones, several, a beginning, a number, a facet.
const SEARCHES: [&str; 12] = [
    "kubelet",
    "pod",
    "the",
    "sidecar",
    "in+place",
    "%22feature+gate%22",
    "InPlace*",
    "4639",
    "stage:beta+volume",
    "dra+device",
    "topology",
    "windows",
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let host = arguments.next().expect("a server: HOST:PORT");
    let rate: f64 = arguments.next().map_or(500.0, |text| text.parse().expect("requests a second"));
    let seconds: f64 = arguments.next().map_or(10.0, |text| text.parse().expect("seconds"));
    let index = Connection::open(&host).get("/proposals/index.html");
    let pages: Vec<String> = index
        .split("href=\"")
        .filter_map(|rest| rest.split_once('"'))
        .filter(|(target, _)| target.starts_with("../proposals/") && target.ends_with(".html"))
        .map(|(target, _)| target.trim_start_matches("..").to_owned())
        .collect();
    assert!(!pages.is_empty(), "the server lists proposals");
    let paths: [Box<dyn Fn(usize) -> String + Sync>; 2] = [
        Box::new(|at| pages[at % pages.len()].clone()),
        // A word that is nowhere keeps the answers from being known already.
        Box::new(|at| format!("/search.html?q={}+-x{at}", SEARCHES[at % SEARCHES.len()])),
    ];
    for (name, path) in ["pages", "searches"].into_iter().zip(&paths) {
        let mut times = run(&host, path.as_ref(), rate, seconds);
        times.sort_unstable();
        let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
        println!("{name}: {} at {rate} a second; p50 {:.2} ms, p99 {:.2} ms", times.len(), at(50), at(99));
    }
}

fn run(host: &str, path: &(dyn Fn(usize) -> String + Sync), rate: f64, seconds: f64) -> Vec<Duration> {
    let begin = Instant::now() + Duration::from_millis(100);
    std::thread::scope(|scope| {
        let asking: Vec<_> =
            (0..CONNECTIONS).map(|own| scope.spawn(move || ask(host, path, own, (begin, rate, seconds)))).collect();
        asking.into_iter().flat_map(|thread| thread.join().expect("a thread")).collect()
    })
}

fn ask(
    host: &str,
    path: &(dyn Fn(usize) -> String + Sync),
    own: usize,
    (begin, rate, seconds): (Instant, f64, f64),
) -> Vec<Duration> {
    let mut connection = Connection::open(host);
    let mut times = Vec::new();
    for at in (own..).step_by(CONNECTIONS) {
        let after = f64::from(u32::try_from(at).expect("a small number")) / rate;
        if after >= seconds {
            return times;
        }
        let due = begin + Duration::from_secs_f64(after);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        connection.get(&path(at));
        times.push(due.elapsed());
    }
    times
}

/// A connection that is kept.
struct Connection {
    host: String,
    stream: BufReader<TcpStream>,
}

impl Connection {
    fn open(host: &str) -> Self {
        let stream = TcpStream::connect(host).expect("a server");
        stream.set_nodelay(true).expect("a connection");
        Self { host: host.to_owned(), stream: BufReader::new(stream) }
    }

    fn get(&mut self, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host);
        self.stream.get_mut().write_all(request.as_bytes()).expect("sent");
        let (mut line, mut length, mut is_first) = (String::new(), 0, true);
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("a head");
            assert!(!std::mem::take(&mut is_first) || line.contains(" 200 "), "{path}: {line}");
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("a body");
        String::from_utf8_lossy(&body).into_owned()
    }
}
