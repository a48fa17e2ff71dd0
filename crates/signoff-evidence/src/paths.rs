//! Finds the files that a pattern means in a tree.

use std::sync::Arc;

use signoff_model::Tree;
use signoff_model::fact::Problem;
use signoff_model::tree::Kind;

/// Most files that one pattern finds.
const FILES_MAX: usize = 50_000;

/// What a pattern found.
#[derive(Default)]
pub struct Matching {
    /// Paths, sorted.
    pub files: Vec<Arc<str>>,
    /// Folders that could not be listed.
    pub problems: Vec<Problem>,
}

/// The files that any of the patterns means: `*` matches within a name, a whole name `**` any folders.
pub fn matching(tree: &dyn Tree, patterns: &[&str]) -> Matching {
    let mut found = Matching::default();
    for pattern in patterns {
        let segments: Vec<&str> = pattern.split('/').collect();
        walk(tree, String::new(), &segments, &mut found);
        if found.files.len() >= FILES_MAX {
            let message = format!("more than {FILES_MAX} files; the others are not read");
            found.problems.push(Problem { path: place(pattern).into(), line: None, message });
            break;
        }
    }
    found.files.sort();
    found.files.dedup();
    // A folder that two patterns are about cannot be listed for either.
    found.problems.dedup();
    found
}

/// The file or folder that a pattern is about: what stands before the first `*`.
pub fn place(pattern: &str) -> &str {
    match pattern.find('*') {
        None => pattern,
        Some(star) => pattern[..star].rfind('/').map_or("", |slash| &pattern[..slash]),
    }
}

fn walk(tree: &dyn Tree, folder: String, segments: &[&str], found: &mut Matching) {
    let Some((first, rest)) = segments.split_first() else { return };
    if found.files.len() >= FILES_MAX {
        return;
    }
    if !first.contains('*') {
        let path = join(&folder, first);
        match rest.is_empty() {
            false => walk(tree, path, rest, found),
            true if matches!(tree.kind(&path), Some(Kind::File | Kind::Link)) => found.files.push(path.into()),
            true => {}
        }
        return;
    }
    if *first == "**" {
        walk(tree, folder.clone(), rest, found);
    }
    let entries = match tree.list(&folder) {
        Ok(entries) => entries,
        Err(error) => {
            found.problems.push(Problem { path: folder.into(), line: None, message: error.to_string() });
            return;
        }
    };
    for entry in entries {
        let path = join(&folder, &entry.name);
        match entry.kind {
            Kind::Folder if *first == "**" => walk(tree, path, segments, found),
            Kind::Folder if !rest.is_empty() && is_match(first, &entry.name) => walk(tree, path, rest, found),
            Kind::File if rest.is_empty() && is_match(first, &entry.name) => found.files.push(path.into()),
            _ => {}
        }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Whether a name is one that the pattern means; `*` stands for any text.
fn is_match(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else { return rest.is_empty() };
    for piece in middle {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use signoff_model::MemoryTree;

    use super::*;

    #[test]
    fn patterns() {
        let files = ["a/b.md", "a/c.txt", "a/d/e.md", "a/d/f/g.md", "h.md"];
        let tree = MemoryTree::new(files.map(|path| (path, "")));
        let cases: [(&[&str], &[&str]); 9] = [
            (&["a/b.md"], &["a/b.md"]),
            (&["a/*.md"], &["a/b.md"]),
            (&["a/**/*.md"], &["a/b.md", "a/d/e.md", "a/d/f/g.md"]),
            (&["*/d/e.md"], &["a/d/e.md"]),
            (&["a/x.md"], &[]),
            (&["a"], &[]),
            (&["x/*.md"], &[]),
            (&["a/*.txt", "a/*.md", "a/b.*"], &["a/b.md", "a/c.txt"]),
            (&[], &[]),
        ];
        for (patterns, expected) in cases {
            let found = matching(&tree, patterns).files;
            assert_eq!(found.iter().map(|path| &**path).collect::<Vec<_>>(), expected, "{patterns:?}");
        }
    }

    #[test]
    fn names() {
        let cases = [("*.md", "a.md", true), ("*.md", "a.txt", false), ("a*c*e", "abcde", true), ("a*a", "a", false)];
        for (pattern, name, expected) in cases {
            assert_eq!(is_match(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn places() {
        for (pattern, expected) in [("a/b.md", "a/b.md"), ("a/*.md", "a"), ("a/**/b", "a"), ("*.md", "")] {
            assert_eq!(place(pattern), expected);
        }
    }
}
