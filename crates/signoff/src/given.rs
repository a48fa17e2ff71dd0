//! Files and folders that a command line names, wherever they are, as one tree under the names that people wrote.

use std::path::Path;

use anyhow::Context as _;
use signoff_model::Tree;
use signoff_model::tree::{self, Entry, Kind, ReadError};
use signoff_output::visible;

use crate::disk::DiskTree;

/// The files that were given.
#[derive(Default)]
pub struct GivenFiles {
    places: Vec<Place>,
}

/// A folder on disk, and the name that it has in the tree.
struct Place {
    prefix: String,
    folder: DiskTree,
    /// The only file of the folder that was given; all of them where there is none.
    only: Option<String>,
}

impl GivenFiles {
    /// The files at these paths, and those in the folders there.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn open(paths: &[String]) -> anyhow::Result<Self> {
        let mut given = Self::default();
        for path in paths {
            given.add(path).with_context(|| format!("the configuration {} cannot be read", visible(path)))?;
        }
        Ok(given)
    }

    /// The paths under which they are in the tree.
    pub fn paths(&self) -> Vec<String> {
        self.places
            .iter()
            .map(|place| match &place.only {
                Some(name) => tree::join(&place.prefix, name),
                None if place.prefix.is_empty() => ".".to_owned(),
                None => place.prefix.clone(),
            })
            .collect()
    }

    fn add(&mut self, path: &str) -> anyhow::Result<()> {
        let named = path.trim_end_matches('/').trim_start_matches("./");
        let (named, on_disk) = if matches!(named, "" | ".") { ("", path) } else { (named, named) };
        let on_disk = if path.starts_with('/') && named.is_empty() { Path::new("/") } else { Path::new(on_disk) };
        let is_folder = std::fs::metadata(on_disk)?.is_dir();
        let place = match is_folder {
            true => Place { prefix: named.to_owned(), folder: DiskTree::new(on_disk)?, only: None },
            false => {
                let (folder, name) = tree::split(named);
                let on_disk = match folder {
                    "" if named.starts_with('/') => Path::new("/"),
                    "" => Path::new("."),
                    folder => Path::new(folder),
                };
                Place { prefix: folder.to_owned(), folder: DiskTree::new(on_disk)?, only: Some(name.to_owned()) }
            }
        };
        self.places.push(place);
        Ok(())
    }

    /// The place that a path is in, and its path there.
    fn place<'p>(&self, path: &'p str) -> Option<(&Place, &'p str)> {
        self.places.iter().find_map(|place| {
            let rest = match place.prefix.as_str() {
                "" => path,
                prefix => path.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'))?,
            };
            let inside = rest.trim_start_matches('/');
            place.only.as_deref().is_none_or(|only| only == inside).then_some((place, inside))
        })
    }
}

impl Tree for GivenFiles {
    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        match self.place(folder) {
            Some((place, inside)) => place.folder.list(inside),
            None => Ok(Vec::new()),
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let (place, inside) = self.place(path).ok_or(ReadError::Missing)?;
        place.folder.read(inside)
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        match self.place(path)? {
            (_, "") => Some(Kind::Folder),
            (place, inside) => place.folder.kind(inside),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_people_write() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("a")).expect("a folder");
        std::fs::write(folder.path().join("a/b.yaml"), "b").expect("a file");
        std::fs::write(folder.path().join("c.yaml"), "c").expect("a file");
        let root = folder.path().to_str().expect("a name");
        let given = GivenFiles::open(&[format!("{root}/a/"), format!("{root}/c.yaml")]).expect("the files");
        assert_eq!(given.paths(), [format!("{root}/a"), format!("{root}/c.yaml")]);
        assert_eq!(given.read(&format!("{root}/a/b.yaml")).expect("a file"), b"b");
        assert_eq!(given.kind(&format!("{root}/a")), Some(Kind::Folder));
        assert_eq!(given.kind(&format!("{root}/c.yaml")), Some(Kind::File));
        assert_eq!(given.kind(&format!("{root}/d.yaml")), None);
        assert_eq!(given.list(&format!("{root}/a")).expect("a folder").len(), 1);
        assert!(GivenFiles::open(&[format!("{root}/none")]).is_err());
    }
}
