//! One question to an API server: a GET with a bound of time and of size.

use std::time::Duration;

use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use kube::Client;
use kube::client::Body;
use signoff_evidence::cluster::{Metrics, MetricsReader};

/// Largest answer that is held as a whole, in bytes.
const ANSWER_MAX: usize = 32 * 1024 * 1024;

/// Largest text of metrics that is read, in bytes; it is not held.
const METRICS_MAX: usize = 256 * 1024 * 1024;

/// How many times the time of one answer a text may take that keeps coming.
const PATIENCE: u32 = 4;

/// What came of a question.
pub enum Answer<T> {
    /// An answer.
    Read(T),
    /// The right is missing.
    Denied,
    /// The server does not have it.
    Absent(String),
    /// No answer, or one that cannot be used.
    Failed(String),
}

/// A text, and why it is not whole where it is not.
pub struct Text {
    /// The text.
    pub text: String,
    /// Why it ends before its end.
    pub cut: Option<String>,
}

/// Asks for a text.
pub async fn text(client: &Client, path: &str, accept: &str, timeout: Duration) -> Answer<Text> {
    let mut bytes = Vec::new();
    let hold = |piece: &[u8]| bytes.extend_from_slice(piece);
    match get(client, path, accept, (timeout, ANSWER_MAX), hold).await {
        Answer::Read(cut) => match String::from_utf8(bytes) {
            Ok(text) => Answer::Read(Text { text, cut }),
            Err(error) if cut.is_some() => {
                // A cut may go through a letter.
                let whole = error.utf8_error().valid_up_to();
                let mut bytes = error.into_bytes();
                bytes.truncate(whole);
                Answer::Read(Text { text: String::from_utf8(bytes).unwrap_or_default(), cut })
            }
            Err(_) => Answer::Failed("its answer is no text".into()),
        },
        Answer::Denied => Answer::Denied,
        Answer::Absent(why) => Answer::Absent(why),
        Answer::Failed(why) => Answer::Failed(why),
    }
}

/// Asks for metrics, which are read as they come.
pub async fn metrics(client: &Client, path: &str, timeout: Duration) -> Answer<Metrics> {
    let mut reader = MetricsReader::new();
    match get(client, path, "text/plain", (timeout, METRICS_MAX), |piece| reader.feed(piece)).await {
        Answer::Read(cut) => match reader.finish() {
            Ok(mut metrics) => {
                metrics.problem = cut.or(metrics.problem);
                Answer::Read(metrics)
            }
            Err(why) => Answer::Failed(cut.unwrap_or(why)),
        },
        Answer::Denied => Answer::Denied,
        Answer::Absent(why) => Answer::Absent(why),
        Answer::Failed(why) => Answer::Failed(why),
    }
}

/// Sends a request and hands on the pieces of the answer; tells why the answer is not whole, where it is not.
async fn get(
    client: &Client,
    path: &str,
    accept: &str,
    (timeout, size_max): (Duration, usize),
    mut hand_on: impl FnMut(&[u8]),
) -> Answer<Option<String>> {
    let request = Request::builder().method(Method::GET).uri(path).header(http::header::ACCEPT, accept);
    let Ok(request) = request.body(Body::empty()) else { return Answer::Failed("its address cannot be asked".into()) };
    let late = || format!("no answer within {} seconds", timeout.as_secs());
    let response = match tokio::time::timeout(timeout, client.send(request)).await {
        Err(_) => return Answer::Failed(late()),
        Ok(Err(error)) => return Answer::Failed(words(&error)),
        Ok(Ok(response)) => response,
    };
    let status = response.status();
    if status != StatusCode::OK {
        return refused(status);
    }
    let (mut size, mut body) = (0, response.into_body());
    let end = tokio::time::Instant::now() + timeout * PATIENCE;
    loop {
        let next = tokio::time::timeout_at(end.min(tokio::time::Instant::now() + timeout), body.frame());
        let frame = match next.await {
            Err(_) if size == 0 => return Answer::Failed(late()),
            Err(_) => return Answer::Read(Some("its answer does not come to an end in time".into())),
            Ok(None) => return Answer::Read(None),
            Ok(Some(Err(_))) if size == 0 => return Answer::Failed("its answer breaks off".into()),
            Ok(Some(Err(_))) => return Answer::Read(Some("its answer breaks off".into())),
            Ok(Some(Ok(frame))) => frame,
        };
        let Some(piece) = frame.data_ref() else { continue };
        if size + piece.len() > size_max {
            let limit = size_max / (1024 * 1024);
            return Answer::Read(Some(format!("its answer is larger than {limit} MiB; the rest is not read")));
        }
        size += piece.len();
        hand_on(piece);
        // A text that comes faster than it is read must not keep the others from their turn.
        tokio::task::yield_now().await;
    }
}

/// What a status says. The words of the server may name who asks, so that they are not repeated.
fn refused<T>(status: StatusCode) -> Answer<T> {
    let code = status.as_u16();
    match status {
        StatusCode::FORBIDDEN => Answer::Denied,
        StatusCode::UNAUTHORIZED => Answer::Failed("the cluster does not accept the credentials (401)".into()),
        StatusCode::NOT_FOUND | StatusCode::NOT_ACCEPTABLE | StatusCode::GONE => {
            Answer::Absent(format!("the server does not have it ({code})"))
        }
        _ => Answer::Failed(
            format!("it answers {code} {}", status.canonical_reason().unwrap_or_default()).trim_end().into(),
        ),
    }
}

/// Why a request did not come through. A plugin may run again for it, and what it prints is not repeated.
fn words(error: &kube::Error) -> String {
    if matches!(error, kube::Error::Auth(_)) {
        return "the plugin or the token of the kubeconfig's user cannot be used".into();
    }
    let mut cause: &dyn std::error::Error = error;
    let mut is_of_user = false;
    while let Some(source) = cause.source() {
        is_of_user |= source.is::<kube::client::AuthError>();
        cause = source;
    }
    if is_of_user || cause.is::<kube::client::AuthError>() {
        return "the plugin or the token of the kubeconfig's user cannot be used".into();
    }
    format!("it cannot be reached: {}", cause.to_string().chars().take(200).collect::<String>())
}
