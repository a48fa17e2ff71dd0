//! Finds the files to read.

use std::collections::BTreeSet;
use std::sync::Arc;

use signoff_model::Tree;
use signoff_model::fact::Problem;
use signoff_model::source::decode;
use signoff_model::tree::{self, Kind};

use super::Skipped;
use super::passage::Passage;

/// Most files that are read.
const FILES_MAX: usize = 20_000;
/// Deepest folder that is looked into.
const DEPTH_MAX: usize = 64;

/// The files that were asked for.
#[derive(Default)]
pub struct Walk {
    /// Paths, sorted.
    pub files: BTreeSet<String>,
    /// What was passed over.
    pub skipped: Skipped,
    /// What could not be found or listed.
    pub problems: Vec<Problem>,
}

impl Walk {
    /// The files at these paths, and in the folders there.
    pub fn of(tree: &dyn Tree, paths: &[String]) -> Self {
        let mut walk = Self::default();
        for path in paths {
            let path = path.trim_end_matches('/').trim_start_matches("./");
            let path = if path == "." { "" } else { path };
            match tree.kind(path) {
                Some(Kind::Folder) => walk.folder(tree, path, 0),
                Some(Kind::File | Kind::Link) => walk.file(path.to_owned()),
                Some(Kind::Other) => walk.problem(path, "it is not a regular file"),
                None => walk.problem(path, "there is no such file"),
            }
        }
        walk
    }

    fn folder(&mut self, tree: &dyn Tree, folder: &str, depth: usize) {
        let entries = match tree.list(folder) {
            Ok(_) if depth > DEPTH_MAX => return self.problem(folder, "it lies too deep; what is in it is not read"),
            Ok(entries) => entries,
            Err(error) => return self.problem(folder, &error.to_string()),
        };
        for entry in entries {
            let path = tree::join(folder, &entry.name);
            match entry.kind {
                _ if entry.name.starts_with('.') => self.skipped.hidden += 1,
                Kind::Folder => self.folder(tree, &path, depth + 1),
                Kind::File | Kind::Link => self.file(path),
                Kind::Other => self.problem(&path, "it is not a regular file"),
            }
        }
    }

    fn file(&mut self, path: String) {
        if self.files.len() < FILES_MAX {
            self.files.insert(path);
        } else if !self.files.contains(&path) {
            self.problem(&path, "so many files were given that this one is not read");
        }
    }

    fn problem(&mut self, path: &str, message: &str) {
        self.problems.push(Problem { path: path.into(), line: None, message: message.into() });
    }

    /// The text of a file; `None` for one that is no text.
    pub fn read(&mut self, tree: &dyn Tree, path: &str) -> Option<Passage> {
        match tree.read(path) {
            Ok(bytes) if is_binary(&bytes) => {
                self.skipped.binary.push(path.into());
                None
            }
            Ok(bytes) => Some(Passage::file(&Arc::from(path), decode(bytes).0)),
            Err(error) => {
                self.problem(path, &error.to_string());
                None
            }
        }
    }
}

/// Whether a file is no text: it has a zero byte, and is no UTF-16.
fn is_binary(bytes: &[u8]) -> bool {
    !bytes.starts_with(&[0xFF, 0xFE]) && !bytes.starts_with(&[0xFE, 0xFF]) && bytes.contains(&0)
}
