//! Requests to a forge, one after another: with a token that goes nowhere else, within the forge's limits, and with an end.
//!
//! GitHub's own rules are its pages on best practices and rate limits of the REST API: one request at a time, wait as
//! `retry-after` or `x-ratelimit-reset` say, else at least a minute and longer each time.

use std::io::Read as _;
use std::time::Duration;

use ureq::http::Response;

use anyhow::{anyhow, bail};
use jiff::Timestamp;
use serde_json::Value;
use signoff_output::visible;

/// Largest answer, in bytes.
const BODY_MAX: u64 = 32 << 20;
/// How often a request is sent before it counts as failed.
const ATTEMPTS: u32 = 5;
/// How often an answer may send on to another address.
const REDIRECTS_MAX: u32 = 5;
/// The longest wait; whoever is to wait longer may as well run the command again.
const WAIT_MAX: Duration = Duration::from_secs(15 * 60);
/// The first wait after a failure of the server or the network.
const PATIENCE: Duration = Duration::from_secs(1);
/// The first wait after a limit that does not say when it ends.
const PATIENCE_LIMITED: Duration = Duration::from_secs(60);
/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Longest part of an answer that is quoted, in characters.
const QUOTE_MAX: usize = 200;

/// Sends requests to one forge.
pub struct Client {
    agent: ureq::Agent,
    api: Address,
    token: Option<Token>,
    clock: Clock,
    /// No request is sent before this.
    pause_until: Option<Timestamp>,
    /// How many requests were sent.
    pub sent: usize,
    /// How many answers said that nothing has changed.
    pub unchanged: usize,
}

/// Time, as the client sees it.
pub struct Clock {
    /// What time it is.
    pub now: fn() -> Timestamp,
    /// Waits.
    pub wait: Box<dyn FnMut(Duration)>,
}

impl Clock {
    /// That of the machine.
    pub fn of_machine() -> Self {
        Self { now: Timestamp::now, wait: Box::new(std::thread::sleep) }
    }
}

/// What is secret: it has no `Debug`, and what may quote it is cleaned.
pub struct Token(String);

impl Token {
    /// Reads a token; `None` for an empty text.
    ///
    /// # Errors
    /// When it cannot stand in a header.
    pub fn parse(text: &str) -> anyhow::Result<Option<Self>> {
        let text = text.trim();
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            bail!("the token has characters that no token has\ngive the token alone, on one line");
        }
        Ok((!text.is_empty()).then(|| Self(text.to_owned())))
    }
}

/// Where a forge answers: scheme, host and port, and the path before all others.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Address {
    origin: String,
    base: String,
}

impl Address {
    fn parse(url: &str) -> anyhow::Result<Self> {
        let shown = visible(url);
        let Some((scheme, rest)) = url.trim_end_matches('/').split_once("://") else {
            bail!("`{shown}` is no address of a forge\nname one such as https://api.github.com")
        };
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
        let is_here = matches!(name, "127.0.0.1" | "localhost" | "[::1]");
        match scheme {
            _ if host.is_empty() || host.contains(['@', '?', '#', ' ']) => {
                bail!("`{shown}` is no address of a forge\nname one such as https://api.github.com")
            }
            "https" => {}
            "http" if is_here => {}
            _ => bail!("`{shown}` is not secure: a token would be sent in the clear\nname an address with https"),
        }
        Ok(Self { origin: format!("{scheme}://{host}"), base: path.to_owned() })
    }

    fn holds(&self, url: &str) -> bool {
        url.strip_prefix(&self.origin).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    }
}

/// What came back.
#[derive(Debug)]
pub enum Answer {
    /// The content, the address of the next page, and what the forge calls this answer.
    Content {
        /// The content.
        content: Value,
        /// The next page.
        next: Option<String>,
        /// What the forge calls this answer.
        etag: Option<String>,
    },
    /// It is what it was.
    Unchanged,
    /// There is no such thing.
    Missing,
}

/// What to do after an attempt.
enum Next {
    Done(Answer),
    Again(Duration, String),
    Elsewhere(String),
    Failed(String),
}

impl Client {
    /// A client of the forge at an address.
    ///
    /// # Errors
    /// When the address is none, or would send the token in the clear.
    pub fn new(api: &str, token: Option<Token>, clock: Clock) -> anyhow::Result<Self> {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(TIMEOUT))
            .user_agent(concat!("signoff/", env!("CARGO_PKG_VERSION")))
            .build();
        let api = Address::parse(api)?;
        Ok(Self { agent: config.into(), api, token, clock, pause_until: None, sent: 0, unchanged: 0 })
    }

    /// The whole address of a path below that of the forge.
    pub fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.api.origin, self.api.base)
    }

    /// Asks for an address; with what the forge called the answer that is known, only whether it has changed.
    ///
    /// # Errors
    /// When there is no answer that can be used, with the address and what to do.
    pub fn get(&mut self, url: &str, etag: Option<&str>) -> anyhow::Result<Answer> {
        let mut url = url.to_owned();
        let mut redirects = 0;
        let mut attempt = 0;
        loop {
            if !self.api.holds(&url) {
                bail!(
                    "the forge sends on to {}, which is another host\nit was not asked, since it must not see the token",
                    visible(&url)
                );
            }
            self.keep_pause(&url)?;
            attempt += 1;
            match self.attempt(&url, etag, attempt) {
                Next::Done(answer) => return Ok(answer),
                Next::Elsewhere(other) if redirects < REDIRECTS_MAX => {
                    redirects += 1;
                    attempt = 0;
                    url = other;
                }
                Next::Elsewhere(_) => bail!("{}: it sends on again and again\ntry again later", visible(&url)),
                Next::Again(wait, why) if attempt < ATTEMPTS => self.pause(&url, wait, &why)?,
                Next::Again(_, why) | Next::Failed(why) => {
                    return Err(anyhow!("{}: {}", visible(&url), self.clean(&why)));
                }
            }
        }
    }

    fn keep_pause(&mut self, url: &str) -> anyhow::Result<()> {
        let Some(until) = self.pause_until.take() else { return Ok(()) };
        let left = (self.clock.now)().until(until).ok().and_then(|span| Duration::try_from(span).ok());
        match left.filter(|left| !left.is_zero()) {
            Some(left) => self.pause(url, left, "the forge takes no more requests until then"),
            None => Ok(()),
        }
    }

    fn pause(&mut self, url: &str, wait: Duration, why: &str) -> anyhow::Result<()> {
        if wait > WAIT_MAX {
            let minutes = wait.as_secs().div_ceil(60);
            bail!(
                "{}: {}, for {minutes} minutes\nrun the command again then: it goes on where it stopped",
                visible(url),
                self.clean(why)
            );
        }
        (self.clock.wait)(wait);
        Ok(())
    }

    fn attempt(&mut self, url: &str, etag: Option<&str>, attempt: u32) -> Next {
        self.sent += 1;
        let mut response = match self.request(url, etag).call() {
            Ok(response) => response,
            Err(error) => return Next::Again(grown(PATIENCE, attempt), format!("{error}\ntry again later")),
        };
        let head = Head::of(&response);
        match head.status {
            304 => {
                self.unchanged += 1;
                return Next::Done(Answer::Unchanged);
            }
            301 | 302 | 307 | 308 => return self.sent_on(&head),
            404 | 410 => return Next::Done(Answer::Missing),
            401 => {
                return Next::Failed(
                    "the forge does not know the token (401)\ngive one that is valid, with --token-file or GITHUB_TOKEN"
                        .to_owned(),
                );
            }
            _ => {}
        }
        let body = read(&mut response);
        match head.status {
            200 => self.taken(body, head, attempt),
            403 | 429 => self.refused(&head, &message(body.as_deref().unwrap_or_default()), attempt),
            status @ 500..=599 => {
                Next::Again(grown(PATIENCE, attempt), format!("the forge has trouble ({status})\ntry again later"))
            }
            status => {
                let said = message(body.as_deref().unwrap_or_default());
                Next::Failed(format!("the forge answers {status}: {said}"))
            }
        }
    }

    fn request(&self, url: &str, etag: Option<&str>) -> ureq::RequestBuilder<ureq::typestate::WithoutBody> {
        let mut request = self
            .agent
            .get(url)
            // The media type of the published description.
            .header("accept", "application/json")
            .header("x-github-api-version", "2022-11-28");
        if let Some(Token(token)) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        match etag {
            Some(etag) => request.header("if-none-match", etag),
            None => request,
        }
    }

    fn sent_on(&self, head: &Head) -> Next {
        match &head.location {
            Some(location) if location.starts_with('/') => Next::Elsewhere(format!("{}{location}", self.api.origin)),
            Some(location) => Next::Elsewhere(location.clone()),
            None => Next::Failed(format!("it sends on ({}) and says not where", head.status)),
        }
    }

    fn taken(&mut self, body: Result<Vec<u8>, Unread>, head: Head, attempt: u32) -> Next {
        match body {
            Ok(body) => {
                self.pause_until = head.until_reset;
                content(&body, head.next, head.etag)
            }
            Err(Unread::TooLarge) => {
                Next::Failed(format!("the answer is larger than {} MiB\nnothing of it was used", BODY_MAX >> 20))
            }
            Err(Unread::Broken(why)) => {
                Next::Again(grown(PATIENCE, attempt), format!("the answer broke off: {why}\ntry again later"))
            }
        }
    }

    /// A limit that was reached, or a right that the token lacks.
    fn refused(&self, head: &Head, said: &str, attempt: u32) -> Next {
        let status = head.status;
        let wait = match (head.retry_after, head.until_reset) {
            (Some(seconds), _) => Duration::from_secs(seconds),
            (None, Some(reset)) => {
                let left = (self.clock.now)().until(reset).ok().and_then(|span| Duration::try_from(span).ok());
                left.unwrap_or_default() + Duration::from_secs(1)
            }
            (None, None) if status == 429 || said.to_lowercase().contains("rate limit") => {
                grown(PATIENCE_LIMITED, attempt)
            }
            (None, None) => {
                return Next::Failed(format!(
                    "the forge refuses it ({status}): {said}\ngive a token that may read it, with --token-file or GITHUB_TOKEN"
                ));
            }
        };
        Next::Again(wait, format!("the forge takes no more requests for now ({status}: {said})"))
    }

    /// A text without the token, whoever quotes it.
    fn clean(&self, text: &str) -> String {
        match &self.token {
            Some(Token(token)) => text.replace(token.as_str(), "***"),
            None => text.to_owned(),
        }
    }
}

enum Unread {
    TooLarge,
    Broken(String),
}

/// What an answer says before its body.
struct Head {
    status: u16,
    /// When more requests are taken, where none is left.
    until_reset: Option<Timestamp>,
    /// How many seconds to wait.
    retry_after: Option<u64>,
    /// The address of the next page.
    next: Option<String>,
    etag: Option<String>,
    location: Option<String>,
}

impl Head {
    fn of(response: &Response<ureq::Body>) -> Self {
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let number = |name: &str| header(name).and_then(|text| text.trim().parse::<i64>().ok());
        let reset = number("x-ratelimit-reset").filter(|_| number("x-ratelimit-remaining") == Some(0));
        Self {
            status: response.status().as_u16(),
            until_reset: reset.and_then(|at| Timestamp::from_second(at).ok()),
            retry_after: number("retry-after").and_then(|seconds| u64::try_from(seconds).ok()),
            next: header("link").and_then(|link| next_of(&link)),
            etag: header("etag"),
            location: header("location"),
        }
    }
}

/// How long to wait before the next attempt: twice as long each time.
fn grown(first: Duration, attempt: u32) -> Duration {
    first.saturating_mul(1 << (attempt - 1).min(8))
}

fn read(response: &mut Response<ureq::Body>) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    let reader = response.body_mut().with_config().limit(u64::MAX).reader();
    reader.take(BODY_MAX + 1).read_to_end(&mut bytes).map_err(|error| Unread::Broken(error.to_string()))?;
    if bytes.len() as u64 > BODY_MAX { Err(Unread::TooLarge) } else { Ok(bytes) }
}

fn content(body: &[u8], next: Option<String>, etag: Option<String>) -> Next {
    match serde_json::from_slice(body) {
        Ok(content) => Next::Done(Answer::Content { content, next, etag }),
        Err(error) => {
            let start = quoted(&String::from_utf8_lossy(&body[..body.len().min(4 * QUOTE_MAX)]));
            Next::Failed(format!("the answer is no JSON ({error}): {start}\nis this the address of a forge?"))
        }
    }
}

/// What a forge says of a refusal.
fn message(body: &[u8]) -> String {
    let said = serde_json::from_slice::<Value>(body).ok();
    let said = said.as_ref().and_then(|said| said.get("message")?.as_str()).unwrap_or("no reason given");
    quoted(said)
}

fn quoted(text: &str) -> String {
    let text: String = text.chars().take(QUOTE_MAX).collect();
    visible(text.lines().next().unwrap_or_default()).into_owned()
}

/// The address of the next page in a `Link` header (RFC 8288).
fn next_of(link: &str) -> Option<String> {
    link.split(',').find_map(|part| {
        let (address, parameters) = part.trim().strip_prefix('<')?.split_once('>')?;
        let is_next = parameters.split(';').any(|parameter| matches!(parameter.trim(), "rel=\"next\"" | "rel=next"));
        is_next.then(|| address.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let cases = [
            ("https://api.github.com", Some("https://api.github.com")),
            ("https://forge.example:8443/api/v3/", Some("https://forge.example:8443")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("http://forge.example", None),
            ("http://127.0.0.1.evil.example", None),
            ("http://127.0.0.1@evil.example", None),
            ("ftp://forge.example", None),
            ("forge.example", None),
            ("https://", None),
        ];
        for (url, origin) in cases {
            assert_eq!(Address::parse(url).ok().map(|own| own.origin).as_deref(), origin, "{url}");
        }
        let api = Address::parse("https://forge.example/api").expect("an address");
        assert!(api.holds("https://forge.example/api/x") && api.holds("https://forge.example/other?page=2"));
        for url in ["https://forge.example.evil/x", "https://forge.example:1/x", "http://forge.example/x", "/x"] {
            assert!(!api.holds(url), "{url}");
        }
    }

    #[test]
    fn the_next_page() {
        let cases = [
            ("<https://f/x?page=2>; rel=\"next\", <https://f/x?page=9>; rel=\"last\"", Some("https://f/x?page=2")),
            ("<https://f/x?page=1>; rel=\"prev\"", None),
            ("rel=\"next\"", None),
            ("", None),
        ];
        for (link, next) in cases {
            assert_eq!(next_of(link).as_deref(), next, "{link}");
        }
    }

    #[test]
    fn tokens() {
        assert!(Token::parse(" \n").expect("nothing").is_none());
        assert!(Token::parse("abc\n").expect("a token").is_some());
        let error = Token::parse("se cret").map(|_| ()).expect_err("no token").to_string();
        assert!(!error.contains("cret"), "{error}");
    }
}
