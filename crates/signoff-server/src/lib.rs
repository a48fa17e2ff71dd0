//! The live pages.
//!
//! [`serve`] answers with the pages that `signoff-site` makes, each when it is first asked for. When a file that is
//! watched changes, a new snapshot is made, and open pages are told (`/live`, server-sent events). A snapshot is
//! replaced whole: no page mixes two.

use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use signoff_model::Proposal;
use signoff_site::{Earlier, Page, Searched, Site, Snapshot, UPGRADE};
use tokio::sync::{Semaphore, watch};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::WatchStream;

mod asked;
mod given;
mod limits;
mod watched;

pub use watched::Changes;

/// What keeps a server from running.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be used.
    #[error("cannot listen on {address}: {cause}\nname another with --address")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        cause: std::io::Error,
    },
    /// The folder cannot be watched.
    #[error("cannot watch {}: {cause}", .folder.display())]
    Watch {
        /// The folder.
        folder: PathBuf,
        /// Why.
        cause: notify::Error,
    },
    /// The server stopped.
    #[error("the server stopped: {0}")]
    Stopped(std::io::Error),
}

/// Makes a snapshot of what is there after some changes; why it cannot, in words.
pub type Make = Arc<dyn Fn(&Changes) -> Result<Snapshot, String> + Send + Sync>;

/// Finds a proposal as it was at a time that somebody names: a date, a release, a commit; why it cannot, in words.
pub type Look = Box<dyn Fn(&Proposal, &str) -> Result<Earlier, String> + Send + Sync>;

/// Threads that make pages: more would take memory and time from each other.
const MAKERS: usize = 4;
/// So long they wait for work: new ones would have to get their memory first.
const MAKERS_LIVE: Duration = Duration::from_secs(24 * 60 * 60);

/// What to serve, and where.
pub struct Settings {
    /// The address; port 0 takes a free one.
    pub address: SocketAddr,
    /// Folders and files whose changes make a new snapshot.
    pub watch: Vec<PathBuf>,
    /// Folders below these whose changes do not count.
    pub ignore: Vec<PathBuf>,
    /// Looks into the past.
    pub look: Look,
}

/// What the requests share.
struct Live {
    shown: RwLock<Arc<Shown>>,
    state: watch::Sender<Told>,
    is_loopback: bool,
    look: Look,
    /// Places for those whose files are checked.
    checks: Arc<Semaphore>,
}

/// What open pages are told.
#[derive(Clone, Debug)]
struct Told {
    /// Which snapshot is shown.
    version: String,
    /// Why what is there now cannot be shown.
    fault: Option<String>,
}

/// A snapshot and the pages of it that were asked for.
struct Shown {
    site: Site,
    /// The name of the snapshot: another one in each process.
    version: String,
    pages: Mutex<Pages>,
}

/// Pages that were asked for, and how many bytes they have.
#[derive(Default)]
struct Pages {
    made: HashMap<String, Arc<Made>>,
    size: usize,
}

/// Most bytes of pages that are kept; with one more, all are made anew when they are asked for.
const PAGES_MAX: usize = 48 << 20;

/// A page as it is sent.
struct Made {
    bytes: axum::body::Bytes,
    tag: HeaderValue,
    kind: &'static str,
}

/// Serves until the process ends; `announce` is told the address when it listens.
///
/// # Errors
/// When the address cannot be used or a folder cannot be watched.
pub fn serve(settings: Settings, first: Snapshot, make: Make, announce: impl FnOnce(SocketAddr)) -> Result<(), Error> {
    let shown = Shown::new(first, None, 0);
    let live = Arc::new(Live {
        state: watch::Sender::new(Told { version: shown.version.clone(), fault: None }),
        shown: RwLock::new(Arc::new(shown)),
        is_loopback: settings.address.ip().is_loopback(),
        look: settings.look,
        checks: given::places(),
    });
    let (changed, again) = (Arc::clone(&live), Arc::clone(&make));
    // A thread that did its work once has the memory for it: the first change is shown as fast as any other. The last
    // snapshot is still there when the next one is made.
    let rehearse = move || drop([(); 2].map(|()| again(&Some(BTreeSet::new()))));
    let renew = move |count, changes: &Changes| changed.renew(&make, count, changes);
    let _watcher = watched::watch(&settings.watch, settings.ignore, rehearse, renew)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(MAKERS)
        .thread_keep_alive(MAKERS_LIVE)
        .enable_all()
        .build()
        .map_err(Error::Stopped)?;
    let first = Arc::clone(&live);
    runtime.spawn_blocking(move || first.warm());
    runtime.block_on(async {
        let address = settings.address;
        let listen = |cause| Error::Listen { address, cause };
        let listener = tokio::net::TcpListener::bind(address).await.map_err(listen)?;
        announce(listener.local_addr().map_err(listen)?);
        limits::serve(listener, router(live)).await.map_err(Error::Stopped).map(|never| match never {})
    })
}

fn router(live: Arc<Live>) -> Router {
    Router::new()
        .route("/live", get(told))
        .route(&format!("/{UPGRADE}"), get(page).post(given::check).layer(given::limit()))
        .fallback(page)
        .layer(middleware::from_fn_with_state(Arc::clone(&live), guarded))
        .with_state(live)
}

/// Refuses what is no reading and sends no files, and names that a foreign page may have given to this machine.
async fn guarded(State(live): State<Arc<Live>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let is_upgrade = path == UPGRADE || path.starts_with("upgrade/");
    let sends_files = *request.method() == Method::POST && path == UPGRADE;
    if !matches!(*request.method(), Method::GET | Method::HEAD) && !sends_files {
        return (StatusCode::METHOD_NOT_ALLOWED, "pages are read only\n").into_response();
    }
    if live.is_loopback && !is_of_this_machine(request.headers()) {
        return (StatusCode::MISDIRECTED_REQUEST, "this server answers to its own name only\n").into_response();
    }
    let is_drawing = request.uri().path() == DRAWING;
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, if is_drawing { POLICY_OF_DRAWING } else { POLICY }),
        (header::X_FRAME_OPTIONS, if is_drawing { "SAMEORIGIN" } else { "DENY" }),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // With no-referrer a browser would not say from which page a form comes.
        (header::REFERRER_POLICY, if is_upgrade { "same-origin" } else { "no-referrer" }),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The frame that diagrams are drawn in. The library that draws them writes styles of its own.
const DRAWING: &str = "/assets/diagram.html";
const POLICY_OF_DRAWING: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; \
                                 base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts";

fn is_of_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Tells open pages which snapshot is shown, now and whenever it changes, and why what is there cannot be shown.
async fn told(State(live): State<Arc<Live>>) -> Sse<impl tokio_stream::Stream<Item = Result<Event, Infallible>>> {
    let events = WatchStream::new(live.state.subscribe()).map(|state| {
        Ok(match state.fault {
            Some(fault) => Event::default().event("fault").data(fault.replace(['\r', '\n'], " ")),
            None => Event::default().event("shown").data(state.version),
        })
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

async fn page(State(live): State<Arc<Live>>, uri: Uri, headers: HeaderMap) -> Response {
    let shown = live.current();
    let made = tokio::task::spawn_blocking(move || {
        let path = uri.path().trim_start_matches('/');
        let page = match path {
            asked::SEARCH => asked::search(&uri).map(|searched| shown.site.found(&searched)),
            asked::GATES | "gates/" => asked::gates(&uri).and_then(|wanted| shown.site.gates(&wanted)),
            asked::AUDIT => asked::claims(&uri).and_then(|wanted| shown.site.audit(&wanted)),
            UPGRADE => asked::versions(&uri).and_then(|(from, to)| shown.site.upgrade(&from, &to, None)),
            path => asked::time(&uri).and_then(|when| {
                let earlier = (live.look)(shown.site.compared(path)?, &when);
                shown.site.comparison(path, &when, earlier.as_ref().map_err(Clone::clone))
            }),
        };
        match page {
            Some(page) => (StatusCode::OK, Arc::new(Made::of(page, &shown.version))),
            None => shown.page(path),
        }
    })
    .await;
    let Ok((status, made)) = made else {
        return (StatusCode::INTERNAL_SERVER_ERROR, "this page could not be made\n").into_response();
    };
    if headers.get(header::IF_NONE_MATCH) == Some(&made.tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, made.tag.clone())]).into_response();
    }
    let fields = [
        (header::CONTENT_TYPE, HeaderValue::from_static(made.kind)),
        (header::ETAG, made.tag.clone()),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (status, fields, Body::from(made.bytes.clone())).into_response()
}

impl Live {
    fn current(&self) -> Arc<Shown> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes pages before they are asked for, as many as are kept, and what a search needs; a change ends it, since
    /// whoever made it waits for his page.
    fn warm(&self) {
        let shown = self.current();
        let _ = shown.site.found(&Searched { words: "a".to_owned(), ..Searched::default() });
        for path in shown.site.paths().iter().filter(|path| path.ends_with(".html")) {
            let is_full = shown.made(path).is_some_and(|made| {
                let kept = shown.pages.lock().unwrap_or_else(PoisonError::into_inner).size;
                kept + made.bytes.len() > PAGES_MAX
            });
            if is_full || !Arc::ptr_eq(&shown, &self.current()) {
                return;
            }
        }
    }

    /// Makes a new snapshot; while it cannot be made, the last one stays.
    fn renew(&self, make: &Make, count: u64, changes: &Changes) {
        let snapshot = match make(changes) {
            Ok(snapshot) => snapshot,
            Err(fault) => return self.state.send_modify(|state| state.fault = Some(fault)),
        };
        let shown = Arc::new(Shown::new(snapshot, Some(&self.current().site), count));
        let version = shown.version.clone();
        let mut current = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *current, Arc::clone(&shown));
        drop(current);
        self.state.send_replace(Told { version, fault: None });
        // Open pages ask for theirs meanwhile.
        shown.site.snapshot().check_whole();
        shown.site.judge();
        drop(before);
    }
}

impl Shown {
    fn new(snapshot: Snapshot, before: Option<&Site>, count: u64) -> Self {
        let site = Site::live(snapshot, before);
        Self { site, version: format!("{}-{count}", std::process::id()), pages: Mutex::default() }
    }

    /// The page at a path, else the one that says that there is none.
    fn page(&self, path: &str) -> (StatusCode, Arc<Made>) {
        let path = match path {
            "" => "index.html".to_owned(),
            path if path.ends_with('/') => format!("{path}index.html"),
            path => path.to_owned(),
        };
        match self.made(&path) {
            Some(made) => (StatusCode::OK, made),
            None => (StatusCode::NOT_FOUND, self.made("404.html").unwrap_or_else(|| Arc::new(Made::nothing()))),
        }
    }

    fn made(&self, path: &str) -> Option<Arc<Made>> {
        let known = || self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = known().made.get(path) {
            return Some(Arc::clone(made));
        }
        let made = Arc::new(Made::of(self.site.page(path)?, &self.version));
        known().keep(path, &made);
        Some(made)
    }
}

impl Pages {
    fn keep(&mut self, path: &str, made: &Arc<Made>) {
        if self.size + made.bytes.len() > PAGES_MAX {
            *self = Self::default();
        }
        let before = self.made.insert(path.to_owned(), Arc::clone(made));
        self.size = self.size + made.bytes.len() - before.map_or(0, |made| made.bytes.len());
    }
}

impl Made {
    fn of(page: Page, version: &str) -> Self {
        let kind = kind_of(&page.path);
        let bytes = match kind {
            HTML => live_page(page.bytes, version),
            _ => page.bytes,
        };
        let tag = format!("\"{}\"", &blake3::hash(&bytes).to_hex()[..32]);
        // A hash is of letters and digits.
        let tag = HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""));
        Self { bytes: bytes.into(), tag, kind }
    }

    fn nothing() -> Self {
        Self { bytes: "there is no such page\n".into(), tag: HeaderValue::from_static("\"\""), kind: "text/plain" }
    }
}

const HTML: &str = "text/html; charset=utf-8";

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => HTML,
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "xml" => "application/xml",
        "ics" => "text/calendar; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        _ => "application/octet-stream",
    }
}

/// A page that asks to be told of changes.
fn live_page(bytes: Vec<u8>, version: &str) -> Vec<u8> {
    const MARK: &str = "<body data-base=";
    match String::from_utf8(bytes) {
        Ok(text) => text.replacen(MARK, &format!("<body data-live=\"{version}\" data-base="), 1).into_bytes(),
        Err(error) => error.into_bytes(),
    }
}
