//! Files that are watched: many changes in a short time are one.

use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use notify::event::ModifyKind;
use notify::{EventKind, RecursiveMode, Watcher as _};

use crate::Error;

/// So long nothing more must happen before a change counts: editors and git write several files.
const QUIET: Duration = Duration::from_millis(15);

/// Calls `changed` after every change of what stands below some paths, in a thread of its own, as long as what is
/// returned lives.
pub(crate) fn watch(
    paths: &[PathBuf],
    changed: impl Fn() + Send + 'static,
) -> Result<Option<notify::RecommendedWatcher>, Error> {
    let Some(first) = paths.first() else { return Ok(None) };
    let (sender, events) = mpsc::channel();
    let tell = move |event: notify::Result<notify::Event>| {
        // What cannot be read about a change may hide one.
        if event.map_or(true, |event| matters(&event)) {
            let _ = sender.send(());
        }
    };
    let cannot = |folder: &PathBuf| {
        let folder = folder.clone();
        move |cause| Error::Watch { folder, cause }
    };
    let mut watcher = notify::recommended_watcher(tell).map_err(cannot(first))?;
    for path in paths {
        watcher.watch(path, RecursiveMode::Recursive).map_err(cannot(path))?;
    }
    std::thread::spawn(move || {
        while events.recv().is_ok() {
            while !matches!(events.recv_timeout(QUIET), Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected))
            {
            }
            changed();
        }
    });
    Ok(Some(watcher))
}

/// Whether an event may change what files say.
fn matters(event: &notify::Event) -> bool {
    let is_lock = |path: &PathBuf| path.extension().is_some_and(|end| end == "lock");
    let is_of_locks = !event.paths.is_empty() && event.paths.iter().all(is_lock);
    let is_of_reading = matches!(event.kind, EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)));
    !is_of_locks && !is_of_reading
}
