//! Configuration files that a page sends: read in memory, checked, and forgotten with the answer. Nothing of them is
//! written anywhere or logged, and no cache keeps the answer.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use signoff_evidence::configuration;
use signoff_model::Tree as _;
use signoff_model::source::decode;
use signoff_model::tree::MemoryTree;
use signoff_site::{Checked, Page, Text};
use tokio::sync::Semaphore;

use crate::{HTML, Live};

/// Most files at once.
const FILES_MAX: usize = 50;
/// Largest file, in bytes.
const FILE_MAX: usize = 1 << 20;
/// Most bytes of all files.
const TOGETHER_MAX: usize = 5 << 20;
/// Most bytes of a request. Who sends a little too much is told so on the page; who sends more is cut off.
const BODY_MAX: usize = 8 << 20;
/// Longest name of a file, in characters.
const NAME_MAX: usize = 200;
/// So many are read and checked at a time: each takes a few times its size of memory.
const AT_ONCE: usize = 4;

/// Places for those whose files are checked.
pub(crate) fn places() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(AT_ONCE))
}

/// The limit on what may arrive at all.
pub(crate) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(BODY_MAX)
}

/// Answers with what the files that were sent lead to.
pub(crate) async fn check(State(live): State<Arc<Live>>, request: Request) -> Response {
    if let Err(refusal) = admitted(request.headers(), request.uri()) {
        return refusal.into_response();
    }
    let Ok(place) = Arc::clone(&live.checks).try_acquire_owned() else {
        let again = [(header::RETRY_AFTER, "2")];
        return (StatusCode::SERVICE_UNAVAILABLE, again, "others have their files checked; try again\n")
            .into_response();
    };
    let Ok(form) = Multipart::from_request(request, &()).await else {
        return (StatusCode::BAD_REQUEST, "this is no form with files\n").into_response();
    };
    let sent = match Sent::read(form).await {
        Ok(sent) => sent,
        Err(status) => return (status, "the files could not be read; send them again\n").into_response(),
    };
    let answered = tokio::task::spawn_blocking(move || {
        let shown = live.current();
        let page = shown.site.upgrade(&sent.from, &sent.to, Some(&sent.checked()));
        drop(place);
        page
    });
    match answered.await {
        Ok(Some(page)) => once(page),
        Ok(None) => (StatusCode::NOT_FOUND, "there is nothing to check files by\n").into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "these files could not be checked\n").into_response(),
    }
}

/// A page that is for this reader alone, and not told of changes: what he sent is not there any more.
fn once(page: Page) -> Response {
    let fields = [
        (header::CONTENT_TYPE, HeaderValue::from_static(HTML)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (fields, Body::from(page.bytes)).into_response()
}

type Refusal = (StatusCode, &'static str);

/// Whether a request is a form of one of these pages, and small enough.
fn admitted(headers: &HeaderMap, uri: &Uri) -> Result<(), Refusal> {
    if uri.query().is_some() {
        return Err((StatusCode::BAD_REQUEST, "the versions belong into the form\n"));
    }
    if !is_from_here(headers) {
        return Err((StatusCode::FORBIDDEN, "files are taken from the pages of this server only\n"));
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "files come as multipart/form-data\n"));
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > BODY_MAX) {
        return Err((StatusCode::PAYLOAD_TOO_LARGE, "these files are more than 5 MB\n"));
    }
    Ok(())
}

/// Whether a form stands on a page of this server: a browser says where it does, and no page can make it say otherwise.
fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = text(header::HOST) else { return false };
    let origin = text(header::ORIGIN).and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(scheme, from)| matches!(scheme, "http" | "https") && from.eq_ignore_ascii_case(host))
}

/// What a form has.
#[derive(Default)]
struct Sent {
    from: String,
    to: String,
    files: MemoryTree,
    count: usize,
    size: usize,
    /// Why the files are not looked at.
    refused: Option<String>,
}

impl Sent {
    /// Reads a form to its end, also where a file is refused: who is not heard out does not get the answer.
    async fn read(mut form: Multipart) -> Result<Self, StatusCode> {
        let mut sent = Self::default();
        while let Some(field) = form.next_field().await.map_err(|error| error.status())? {
            match field.name() {
                Some("from") => sent.from = short(field).await?,
                Some("to") => sent.to = short(field).await?,
                Some("files") => sent.file(field).await?,
                _ => {}
            }
        }
        if sent.count == 0 && sent.refused.is_none() {
            sent.refused = Some("No file was given.".to_owned());
        }
        Ok(sent)
    }

    async fn file(&mut self, mut field: Field<'_>) -> Result<(), StatusCode> {
        let name = field.file_name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| error.status())? {
            self.size += chunk.len();
            if self.refused.is_none() {
                bytes.extend_from_slice(&chunk);
            }
            if bytes.len() > FILE_MAX {
                self.refuse("One of the files has more than 1 MB; nothing was checked.");
                bytes = Vec::new();
            }
        }
        if name.is_empty() && bytes.is_empty() {
            // What a browser sends where no file was chosen.
            return Ok(());
        }
        self.count += 1;
        if self.count > FILES_MAX {
            self.refuse("These are more than 50 files; nothing was checked.");
        }
        if self.size > TOGETHER_MAX {
            self.refuse("These files have more than 5 MB together; nothing was checked.");
        }
        if self.refused.is_none() {
            let path = self.free(&plain(&name));
            self.files.insert(path, bytes);
        }
        Ok(())
    }

    fn refuse(&mut self, why: &str) {
        self.refused.get_or_insert_with(|| why.to_owned());
        self.files = MemoryTree::default();
    }

    /// The name, or another one where a file has it already.
    fn free(&self, name: &str) -> String {
        let mut own = name.to_owned();
        let mut next = 2;
        while self.files.read(&own).is_ok() {
            own = format!("{name} ({next})");
            next += 1;
        }
        own
    }

    /// What the files say.
    fn checked(&self) -> Checked {
        if self.refused.is_some() {
            return Checked { refused: self.refused.clone(), ..Checked::default() };
        }
        let paths: Vec<String> = self.files.files().map(|(path, _)| path.to_owned()).collect();
        let read = configuration::read(&self.files, &paths);
        let text = |path: &String| {
            let text = decode(self.files.read(path).ok()?).0;
            Some(Text { path: path.as_str().into(), text })
        };
        Checked {
            unrecognised: read.unheeded(&paths),
            texts: paths.iter().filter_map(text).collect(),
            configured: read.configured,
            count: self.count,
            refused: None,
        }
    }
}

/// A field that is a version: more of it is not read.
async fn short(field: Field<'_>) -> Result<String, StatusCode> {
    const LETTERS_MAX: usize = 40;
    let text = field.text().await.map_err(|error| error.status())?;
    Ok(text.chars().take(LETTERS_MAX).collect())
}

/// The name of a file as a path that leads nowhere else, on one line.
fn plain(name: &str) -> String {
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(NAME_MAX).collect();
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..")).collect();
    if parts.is_empty() { "file".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        for (given, expected) in [
            ("kubelet.yaml", "kubelet.yaml"),
            ("../../etc/passwd", "etc/passwd"),
            ("C:\\cluster\\a.yaml", "C:/cluster/a.yaml"),
            ("a\r\nb\u{0}", "ab"),
            ("", "file"),
            ("..", "file"),
        ] {
            assert_eq!(plain(given), expected);
        }
        assert_eq!(plain(&"x".repeat(5000)).len(), NAME_MAX);
    }

    #[test]
    fn forms_of_other_pages_are_refused() {
        let cases = [
            (Some("127.0.0.1:8420"), Some("http://127.0.0.1:8420"), true),
            (Some("Example.org"), Some("https://example.org"), true),
            (Some("127.0.0.1:8420"), Some("http://evil.example"), false),
            (Some("127.0.0.1:8420"), Some("http://127.0.0.1:1"), false),
            (Some("127.0.0.1:8420"), Some("null"), false),
            (Some("127.0.0.1:8420"), Some("file://127.0.0.1:8420"), false),
            (Some("127.0.0.1:8420"), None, false),
            (None, Some("http://127.0.0.1:8420"), false),
        ];
        for (host, origin, expected) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in [(header::HOST, host), (header::ORIGIN, origin)] {
                if let Some(value) = value {
                    headers.insert(name, HeaderValue::from_static(value));
                }
            }
            assert_eq!(is_from_here(&headers), expected, "{host:?} {origin:?}");
        }
    }
}
