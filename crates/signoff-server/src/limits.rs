//! What keeps a slow or hostile client from others: limits on connections, on the time they take, and on the rate.

use std::convert::Infallible;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use governor::clock::DefaultClock;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tower_service::Service as _;

/// Most connections at a time, those of open pages that wait to be told among them.
const CONNECTIONS_MAX: usize = 1024;
/// So long a request may take to arrive, from the first byte of its connection or of the one before on.
const ARRIVAL_MAX: Duration = Duration::from_secs(10);
/// So long a client may take nothing of an answer.
const STALLED_MAX: Duration = Duration::from_secs(20);
/// So long a page may take to be made.
const ANSWER_MAX: Duration = Duration::from_secs(20);
/// Largest head of a request, in bytes.
const HEAD_MAX: usize = 32 << 10;
/// Requests a second of one address, and how many at once.
const RATE: NonZeroU32 = NonZeroU32::new(1000).unwrap();
const BURST: NonZeroU32 = NonZeroU32::new(2000).unwrap();

type Rates = RateLimiter<IpAddr, HashMapStateStore<IpAddr>, DefaultClock>;

/// Answers connections as long as the process runs.
///
/// # Errors
/// Those of the listener.
pub(crate) async fn serve(listener: TcpListener, router: Router) -> std::io::Result<Infallible> {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let rates = Arc::new(Rates::hashmap(Quota::per_second(RATE).allow_burst(BURST)));
    tokio::spawn(forget(Arc::clone(&rates)));
    loop {
        // Whoever finds no place is told so by the system: his connection waits to be taken.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { continue };
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            // The other side is gone, or this process has too many files open: others end meanwhile.
            Err(error) if is_passing(&error) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
            Err(error) => return Err(error),
        };
        let (router, rates) = (router.clone(), Arc::clone(&rates));
        tokio::spawn(async move {
            answer(stream, peer.ip(), router, rates).await;
            drop(place);
        });
    }
}

fn is_passing(error: &std::io::Error) -> bool {
    const TOO_MANY_FILES: [i32; 2] = [23, 24];
    matches!(error.kind(), std::io::ErrorKind::ConnectionAborted | std::io::ErrorKind::ConnectionReset)
        || error.raw_os_error().is_some_and(|code| TOO_MANY_FILES.contains(&code))
}

/// Forgets addresses that asked for nothing of late.
async fn forget(rates: Arc<Rates>) {
    loop {
        tokio::time::sleep(Duration::from_secs(30)).await;
        rates.retain_recent();
    }
}

async fn answer(stream: TcpStream, peer: IpAddr, router: Router, rates: Arc<Rates>) {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALLED_MAX));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (mut router, is_free) = (router.clone(), rates.check_key(&peer).is_ok());
        async move {
            if !is_free {
                return Ok::<_, Infallible>(too_many());
            }
            let answer = router.call(request.map(axum::body::Body::new) as Request);
            match tokio::time::timeout(ANSWER_MAX, answer).await {
                Ok(answer) => answer,
                Err(_) => Ok((StatusCode::SERVICE_UNAVAILABLE, "this takes too long\n").into_response()),
            }
        }
    });
    let mut connection = http1::Builder::new();
    connection.timer(TokioTimer::new()).header_read_timeout(ARRIVAL_MAX).max_buf_size(HEAD_MAX);
    // A connection that breaks off is the other side's loss.
    let _ = connection.serve_connection(TokioIo::new(Box::pin(stream)), service).await;
}

fn too_many() -> Response {
    (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")], "too many requests\n").into_response()
}
