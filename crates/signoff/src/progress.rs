//! What takes long says so on standard error, when that is a terminal.

use std::io::{self, IsTerminal as _, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::cli::Global;

/// Nothing is said before this time.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often it is said again.
const STEP: Duration = Duration::from_millis(200);
/// Clears the line.
const CLEAR: &str = "\r\u{1b}[K";

/// A line that appears after half a second, counts the seconds, and goes when this is dropped.
pub struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
    #[cfg_attr(not(feature = "forge"), expect(dead_code, reason = "only what asks a forge says how far it is"))]
    doing: Arc<Mutex<String>>,
}

impl Progress {
    /// Says what is being done, if somebody looks.
    pub fn start(global: &Global, doing: &'static str) -> Self {
        if global.quiet || !io::stderr().is_terminal() {
            return Self { running: None, doing: Arc::default() };
        }
        Self::on(io::stderr(), doing, PATIENCE)
    }

    /// Says from now on that something else is being done.
    pub fn say(&self, doing: &str) {
        doing.clone_into(&mut self.doing.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn on(mut stream: impl Write + Send + 'static, doing: &'static str, patience: Duration) -> Self {
        let (done, wait) = mpsc::channel();
        let doing = Arc::new(Mutex::new(doing.to_owned()));
        let said_of = Arc::clone(&doing);
        let started = Instant::now();
        let say = move || {
            let mut pause = patience;
            let mut said = false;
            while wait.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                let doing = said_of.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let seconds = started.elapsed().as_secs_f32();
                // A terminal that is gone is no reason to stop the work.
                let _ = write!(stream, "{CLEAR}{doing}, {seconds:.1} s").and_then(|()| stream.flush());
                said = true;
                pause = STEP;
            }
            if said {
                let _ = write!(stream, "{CLEAR}").and_then(|()| stream.flush());
            }
        };
        let running = std::thread::Builder::new().spawn(say).ok().map(|thread| (done, thread));
        Self { running, doing }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.running.take() {
            drop(done);
            // It cannot fail, and if it did, nothing but a line would be left.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("a screen").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Screen {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().expect("a screen").clone()).expect("text")
        }
    }

    #[test]
    fn what_is_quick_says_nothing() {
        let screen = Screen::default();
        drop(Progress::on(screen.clone(), "Reading", Duration::from_secs(600)));
        assert_eq!(screen.text(), "");
    }

    #[test]
    fn what_takes_long_says_so_and_leaves_nothing() {
        let screen = Screen::default();
        let progress = Progress::on(screen.clone(), "Reading", Duration::ZERO);
        while screen.text().is_empty() {
            std::thread::sleep(Duration::from_millis(1));
        }
        drop(progress);
        let text = screen.text();
        assert!(text.starts_with("\r\u{1b}[KReading, 0.") && text.ends_with(CLEAR), "{text:?}");
    }
}
