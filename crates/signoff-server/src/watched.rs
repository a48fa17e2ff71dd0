//! Files that are watched: many changes in a short time are one.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use notify::event::ModifyKind;
use notify::{EventKind, RecursiveMode, Watcher as _};

use crate::Error;

/// So long nothing more must happen before a change counts: editors and git write several files.
const QUIET: Duration = Duration::from_millis(2);

/// The files that changed; `None` where some may be missing.
pub type Changes = Option<BTreeSet<PathBuf>>;

/// Calls `changed` with a count after every change of what stands below some paths and not below the ignored ones, in a
/// thread of its own that calls `ready` first, as long as what is returned lives.
pub(crate) fn watch(
    paths: &[PathBuf],
    ignored: Vec<PathBuf>,
    ready: impl FnOnce() + Send + 'static,
    changed: impl Fn(u64, &Changes) + Send + 'static,
) -> Result<Option<notify::RecommendedWatcher>, Error> {
    let Some(first) = paths.first() else { return Ok(None) };
    let (sender, events) = mpsc::channel();
    let tell = move |event: notify::Result<notify::Event>| {
        let changes = match event {
            Ok(event) if event.need_rescan() => None,
            Ok(event) if !matters(&event, &ignored) => return,
            Ok(event) => Some(event.paths),
            // What cannot be read about a change may hide one.
            Err(_) => None,
        };
        let _ = sender.send(changes);
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
        ready();
        let mut count = 0;
        while let Ok(first) = events.recv() {
            let mut changes: Changes = first.map(BTreeSet::from_iter);
            while let Ok(next) = events.recv_timeout(QUIET) {
                changes = changes.zip(next).map(|(mut all, next)| {
                    all.extend(next);
                    all
                });
            }
            count += 1;
            changed(count, &changes);
        }
    });
    Ok(Some(watcher))
}

/// Whether an event may change what files say.
fn matters(event: &notify::Event, ignored: &[PathBuf]) -> bool {
    let is_nothing = |path: &PathBuf| {
        path.extension().is_some_and(|end| end == "lock") || ignored.iter().any(|folder| path.starts_with(folder))
    };
    let is_of_nothing = !event.paths.is_empty() && event.paths.iter().all(is_nothing);
    let is_of_reading = matches!(event.kind, EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)));
    !is_of_nothing && !is_of_reading
}
