//! How the components of a cluster are configured, as files say: their gates in the order in which they apply, their
//! flags, and the formats of their files.
//!
//! Start at [`read`]. Each file is recognised by what stands in it, not by its name: `documents` says what it is, and
//! one module reads each kind. Command lines, configuration files, units and variables are then brought together as
//! the component would (`together`). `configuration.md` beside this lists the formats, their order, and where the rule
//! comes from.
//!
//! **The rule over all:** what was not looked at is never clean. What leads to something that was not given is a gap of
//! its component, and a file that nobody understands is named.

use std::sync::Arc;

use signoff_model::Tree;
use signoff_model::configured::Configured;
use signoff_model::fact::Problem;

mod cluster_api;
mod command;
mod component_file;
mod distribution;
mod documents;
mod environment;
mod found;
mod gates;
mod kubeadm;
mod lead;
mod passage;
mod placeholders;
mod shell;
mod talos;
mod together;
mod unit;
mod walk;
mod workload;

/// The page that lists the formats, the order in which each applies, and where that rule comes from.
pub const PAGE: &str = include_str!("configuration.md");

/// How components are configured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// The components, sorted by component and instance.
    pub configured: Vec<Configured>,
    /// Files, and documents in them, that nobody understood, or that cannot be read; sorted by path and line.
    pub unrecognised: Vec<Problem>,
    /// What was passed over in folders.
    pub skipped: Skipped,
}

impl Configuration {
    /// Everything of the files at these paths that says nothing of a component: what nobody understood, what is no text,
    /// and what was passed over.
    #[must_use]
    pub fn unheeded(&self, paths: &[String]) -> Vec<Problem> {
        let mut unheeded = self.unrecognised.clone();
        let problem = |path: Arc<str>, message: String| Problem { path, line: None, message };
        let binary = self.skipped.binary.iter();
        unheeded.extend(binary.map(|path| problem(Arc::clone(path), "it is no text".to_owned())));
        if self.skipped.hidden > 0 {
            let hidden = self.skipped.hidden;
            let message = format!("{hidden} files and folders have a name that begins with a dot; they are not read");
            unheeded.push(problem(paths.join(", ").into(), message));
        }
        unheeded
    }
}

/// What was not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    /// How many files and folders have a name that begins with a dot.
    pub hidden: usize,
    /// Files that are no text.
    pub binary: Vec<Arc<str>>,
}

/// Reads the files at these paths, and those in the folders there.
///
/// Never fails: what cannot be read is named. The same files lead to the same result, in whatever order they are given.
#[must_use]
pub fn read(files: &dyn Tree, paths: &[String]) -> Configuration {
    let mut walk = walk::Walk::of(files, paths);
    let mut found = found::Found::default();
    for path in std::mem::take(&mut walk.files) {
        if let Some(passage) = walk.read(files, &path) {
            documents::Documents::new(&mut found).file(&passage);
        }
    }
    let configured = together::components(&mut found);
    let mut unrecognised: Vec<Problem> = walk.problems.into_iter().chain(found.unrecognised).collect();
    unrecognised
        .sort_by(|left, right| (&left.path, left.line, &left.message).cmp(&(&right.path, right.line, &right.message)));
    Configuration { configured, unrecognised, skipped: walk.skipped }
}
