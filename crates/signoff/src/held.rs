//! A tree whose lists and contents are held between readings: after a change only what changed is read again.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use signoff_model::tree::{self, ContentId, Entry, Kind, ReadError, Shape, Tree};

/// What is known of the files of a folder. It stays true only as long as every change is told to [`Held::forget`].
#[derive(Default)]
pub struct Held(RwLock<State>);

#[derive(Default)]
struct State {
    /// The shape of the lists, if they were all told of since.
    shape: Option<Shape>,
    lists: HashMap<Box<str>, Vec<Entry>>,
    /// Lists that may have changed.
    doubtful: Vec<(Box<str>, Vec<Entry>)>,
    ids: HashMap<Box<str>, Option<ContentId>>,
}

impl Held {
    /// The tree, of which nothing is read that is held.
    pub fn over<'t>(&'t self, tree: &'t dyn Tree) -> HeldTree<'t> {
        HeldTree { held: self, tree }
    }

    /// Forgets what the files at these paths of the disk said; everything where it is not known which they are.
    pub fn forget<'p>(&self, root: &Path, changed: Option<impl IntoIterator<Item = &'p Path>>) {
        let mut state = self.change();
        let Some(changed) = changed else { return *state = State::default() };
        for path in changed {
            match path.strip_prefix(root).ok().and_then(Path::to_str) {
                Some(path) => state.forget(&path.replace(std::path::MAIN_SEPARATOR, "/")),
                None => return *state = State::default(),
            }
        }
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self) -> RwLockWriteGuard<'_, State> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Forgets a path, what lies below, and the folders that it is part of.
    fn forget(&mut self, path: &str) {
        let is_below = |known: &str| known.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        self.doubtful.extend(self.lists.extract_if(|known, _| is_below(known)));
        self.ids.retain(|known, _| !is_below(known));
        let mut at = path;
        loop {
            self.doubtful.extend(self.lists.remove_entry(at));
            self.ids.remove(at);
            if at.is_empty() {
                return;
            }
            at = at.rsplit_once('/').map_or("", |(folder, _)| folder);
        }
    }
}

/// A tree with what is held of it.
pub struct HeldTree<'t> {
    held: &'t Held,
    tree: &'t dyn Tree,
}

impl Tree for HeldTree<'_> {
    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        if let Some(known) = self.held.state().lists.get(folder) {
            return Ok(known.clone());
        }
        let entries = self.tree.list(folder)?;
        if !self.leads_through_link(folder) {
            self.held.change().lists.insert(folder.into(), entries.clone());
        }
        Ok(entries)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.tree.read(path)
    }

    fn content_id(&self, path: &str) -> Option<ContentId> {
        if let Some(known) = self.held.state().ids.get(path) {
            return *known;
        }
        let id = self.hashed(path).map(|hash| ContentId::new(first(hash)));
        if !self.leads_through_link(path) {
            self.held.change().ids.insert(path.into(), id);
        }
        id
    }

    fn shape(&self) -> Option<Shape> {
        let doubtful = std::mem::take(&mut self.held.change().doubtful);
        let is_same = doubtful.into_iter().all(|(folder, before)| self.list(&folder).is_ok_and(|now| now == before));
        let mut state = self.held.change();
        let known = state.shape.filter(|_| is_same);
        Some(*state.shape.insert(known.unwrap_or_else(Shape::fresh)))
    }
}

impl HeldTree<'_> {
    /// Whether a path has a link in it: what stands there changes without it.
    fn leads_through_link(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        ends.filter(|end| *end > 0).any(|end| self.kind(&path[..end]) == Some(Kind::Link))
    }

    /// The hash of a file, or of the names and hashes in a folder that has nothing but files and folders.
    fn hashed(&self, path: &str) -> Option<blake3::Hash> {
        match self.kind(path)? {
            Kind::File => Some(blake3::hash(&self.read(path).ok()?)),
            Kind::Folder => {
                let mut hasher = blake3::Hasher::new();
                for entry in self.list(path).ok()? {
                    let id = self.content_id(&tree::join(path, &entry.name))?;
                    hasher.update(&(entry.name.len() as u64).to_le_bytes());
                    hasher.update(entry.name.as_bytes());
                    hasher.update(&[u8::from(entry.kind == Kind::Folder)]);
                    hasher.update(id.bytes());
                }
                Some(hasher.finalize())
            }
            Kind::Link | Kind::Other => None,
        }
    }
}

fn first(hash: blake3::Hash) -> [u8; 20] {
    let mut bytes = [0; 20];
    bytes.copy_from_slice(&hash.as_bytes()[..20]);
    bytes
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use signoff_model::tree::MemoryTree;

    use super::*;

    fn tree(files: &[(&str, &str)]) -> MemoryTree {
        MemoryTree::new(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned().into_bytes())))
    }

    /// What is told of three paths after a change that was told, and one that was not.
    #[test]
    fn only_what_changed_is_read_again() {
        let held = Held::default();
        let before = tree(&[("a/b/x", "1"), ("a/c/y", "2")]);
        let ids = |tree: &MemoryTree| ["a", "a/b", "a/c/y"].map(|path| held.over(tree).content_id(path));
        let known = ids(&before);
        assert!(known.iter().all(Option::is_some));
        let after = tree(&[("a/b/x", "3"), ("a/c/y", "4"), ("a/b/z", "")]);
        assert_eq!(ids(&after), known, "nothing was told");
        let root = PathBuf::from("/r");
        held.forget(&root, Some([Path::new("/r/a/b/x")]));
        let told = ids(&after);
        assert!(told[0] != known[0] && told[1] != known[1] && told[2] == known[2], "{told:?}");
        assert_eq!(held.over(&after).list("a/b").expect("a list").len(), 2, "the folder of a change is listed again");
        held.forget(&root, None::<[&Path; 0]>);
        assert!(ids(&after)[2] != known[2], "all is forgotten");
    }

    /// Whether the shape of the tree is another one after a change of the files below `a` that was told by a path.
    #[test]
    fn the_shape_changes_with_names_alone() {
        let before = [("a/b/x", "1"), ("a/c/y", "2")];
        type Files<'a> = &'a [(&'a str, &'a str)];
        let cases: [(&str, Files<'_>, bool); 5] = [
            ("/r/a/b/x", &[("a/b/x", "other"), ("a/c/y", "2")], false),
            ("/r/a/b/z", &[("a/b/x", "1"), ("a/b/z", ""), ("a/c/y", "2")], true),
            ("/r/a/d", &[("a/b/x", "1"), ("a/c/y", "2"), ("a/d/e/f", "")], true),
            ("/r/a/c", &[("a/b/x", "1")], true),
            ("/r/a/b/x", &[("a/b/x/w", "1"), ("a/c/y", "2")], true),
        ];
        for (told, after, is_other) in cases {
            let held = Held::default();
            let files = tree(&before);
            let over = held.over(&files);
            let known = over.shape();
            for folder in ["", "a", "a/b", "a/c"] {
                over.list(folder).expect("a list");
            }
            assert_eq!(over.shape(), known, "nothing changed");
            held.forget(Path::new("/r"), Some([Path::new(told)]));
            let after = tree(after);
            assert_eq!(held.over(&after).shape() != known, is_other, "{told}");
        }
        let (one, other) = (Held::default(), Held::default());
        let files = tree(&before);
        assert_ne!(
            one.over(&files).shape(),
            other.over(&files).shape(),
            "of two trees nothing is known to be the same"
        );
    }

    #[test]
    fn folders_tell_names_from_contents() {
        let id = |files: &[(&str, &str)]| Held::default().over(&tree(files)).content_id("a");
        assert_eq!(id(&[("a/x", "1"), ("a/y", "")]), id(&[("a/y", ""), ("a/x", "1")]));
        assert_ne!(id(&[("a/x", "1"), ("a/y", "")]), id(&[("a/x", ""), ("a/y", "1")]));
        assert_ne!(id(&[("a/x/y", "1")]), id(&[("a/x", "1")]));
        assert_eq!(id(&[("b/x", "1")]), None);
    }
}
