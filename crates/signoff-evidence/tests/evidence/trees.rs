//! Folders as trees, and what the profile says of sources.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use signoff_evidence::{Given, gather};
use signoff_model::fact::Facts;
use signoff_model::profile::EvidenceRules;
use signoff_model::{MemoryTree, Tree};

/// What the profile says of sources.
pub fn rules() -> EvidenceRules {
    let text = include_str!("../../../../profiles/kep.toml");
    let profile: toml::Table = toml::from_str(text).expect("TOML");
    profile["evidence"].clone().try_into().expect("rules of evidence")
}

/// Every file below a folder.
pub fn folder(root: &Path) -> MemoryTree {
    let mut tree = MemoryTree::default();
    let mut waiting: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below it").display().to_string();
                tree.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    tree
}

/// The facts of one tree.
pub fn facts(name: &str, version: &str, tree: &dyn Tree) -> Facts {
    gather(&rules(), &[Given { name: Arc::from(name), version: Arc::from(version), tree }])
}
