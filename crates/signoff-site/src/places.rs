//! Where the page of each thing is.

use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::Corpus;

/// The pages of proposals, by the proposals' paths.
pub struct Places {
    pages: FxHashMap<Box<str>, Box<str>>,
}

impl Places {
    /// A page is named by the proposal's number where it is the only one with it, else by its folder's name.
    pub(crate) fn of(corpus: &Corpus) -> Self {
        let mut count: FxHashMap<&str, usize> = FxHashMap::default();
        for proposal in corpus.all() {
            *count.entry(proposal.label()).or_default() += 1;
        }
        let mut taken: FxHashSet<String> = FxHashSet::default();
        let mut pages = FxHashMap::default();
        for proposal in corpus.all() {
            let label: &str = proposal.label();
            let name = if count[label] == 1 { label } else { &proposal.name };
            let plain = plain(name);
            let mut own = plain.clone();
            let mut next = 2;
            while !taken.insert(own.clone()) {
                own = format!("{plain}-{next}");
                next += 1;
            }
            pages.insert((*proposal.path).into(), format!("proposals/{own}.html").into());
        }
        Self { pages }
    }

    /// The page of a proposal, by its path.
    #[must_use]
    pub fn page(&self, path: &str) -> Option<&str> {
        self.pages.get(path).map(|page| &**page)
    }
}

/// The page of the board of a release.
pub(crate) fn board(release: &str) -> String {
    format!("board/{}.html", plain(release))
}

/// The id of a row of a board.
pub(crate) fn row(label: &str) -> String {
    format!("p{}", plain(label))
}

/// The page of a group.
pub(crate) fn group(name: &str) -> String {
    format!("groups/{}.html", plain(name))
}

/// Pages of gates: two names that are the same but for letters that no file has do not share one.
#[derive(Default)]
pub(crate) struct GatePages {
    taken: FxHashSet<String>,
}

impl GatePages {
    /// The page of a gate, which is asked for once.
    pub(crate) fn page(&mut self, name: &str) -> String {
        format!("gates/{}.html", self.name(name))
    }

    /// A name that is a file's, and no other one's.
    pub(crate) fn name(&mut self, name: &str) -> String {
        let plain = plain(name);
        let mut own = plain.clone();
        let mut next = 2;
        // The page of all gates is there already.
        while own == "index" || !self.taken.insert(own.clone()) {
            own = format!("{plain}-{next}");
            next += 1;
        }
        own
    }
}

/// The feed of a group.
pub(crate) fn feed_of_group(name: &str) -> String {
    format!("feeds/groups/{}.xml", plain(name))
}

/// The feed of a release.
pub(crate) fn feed_of_release(name: &str) -> String {
    format!("feeds/releases/{}.xml", plain(name))
}

/// A name that is a file's on every system and needs no escape in an address.
fn plain(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
    let text: String =
        name.chars().map(|letter| if is_plain(letter) { letter.to_ascii_lowercase() } else { '-' }).collect();
    let text = text.trim_matches(['.', '-']);
    // Longer names than this are refused by some systems.
    let text: String = text.chars().take(100).collect();
    if text.is_empty() { "unnamed".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_of_pages_are_names_of_files_everywhere() {
        let cases = [
            ("1287", "1287"),
            ("1287-In_Place", "1287-in_place"),
            ("../../etc", "etc"),
            ("a b/c?d#e", "a-b-c-d-e"),
            ("", "unnamed"),
            ("...", "unnamed"),
            ("naïve", "na-ve"),
        ];
        for (name, expected) in cases {
            assert_eq!(plain(name), expected);
        }
        assert_eq!(plain(&"x".repeat(500)).len(), 100);
    }
}
