//! Which commits changed which proposals, and who wrote the changes.

use std::sync::Arc;

use signoff_model::event::{Touch, Toucher};

use super::SWEEP_MIN;
use super::world::{TouchKind, Trace};
use crate::Ancestor;

/// The commits that changed proposals, in their order.
pub(super) fn of(ancestors: &[Ancestor], trace: &Trace, is_wanted: &[bool]) -> Vec<Touch> {
    let mut found = Vec::new();
    for (ancestor, touched) in ancestors.iter().zip(&trace.touched) {
        let own = touched.proposals.iter().filter(|touch| is_wanted[touch.id] && touch.kind != TouchKind::Removed);
        let mut own = own.peekable();
        if own.peek().is_none() {
            continue;
        }
        let commit: Arc<str> = ancestor.commit.id.as_str().into();
        let (by, sweep) = (toucher(ancestor), touched.count >= SWEEP_MIN);
        found.extend(own.map(|touch| Touch {
            at: ancestor.commit.at,
            commit: Arc::clone(&commit),
            proposal: Arc::clone(&trace.keys[touch.id]),
            by: by.clone(),
            sweep,
        }));
    }
    found
}

/// Who wrote what a commit brought. A merge is written by whoever merges, often a machine: there the title that forges
/// give it names whose branch it was.
fn toucher(ancestor: &Ancestor) -> Option<Toucher> {
    let from_branch = branch_owner(&ancestor.title).map(Toucher::Handle);
    if ancestor.is_merge {
        return from_branch;
    }
    let private = || private_handle(&ancestor.author).map(Toucher::Handle);
    from_branch.or_else(private).or_else(|| Some(Toucher::Name(Arc::clone(&ancestor.author))))
}

/// The handle in `Merge pull request #12 from HANDLE/BRANCH`.
fn branch_owner(title: &str) -> Option<Arc<str>> {
    let (number, branch) = title.strip_prefix("Merge pull request #")?.split_once(" from ")?;
    let (owner, _) = branch.split_once('/')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && signoff_model::people::is_handle(owner)).then(|| owner.into())
}

/// The handle in the address `12+HANDLE@users.noreply.github.com`, which stands for one that is kept private.
fn private_handle(author: &str) -> Option<Arc<str>> {
    let address = author.rsplit_once('<')?.1.trim_end_matches('>');
    let name = address.strip_suffix("@users.noreply.github.com")?;
    let handle = name.split_once('+').map_or(name, |(_, handle)| handle);
    signoff_model::people::is_handle(handle).then(|| handle.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wrote_a_change() {
        let branches = [
            ("Merge pull request #12 from ada-w/widgets", Some("ada-w")),
            ("Merge pull request #12 from ada-w/a/b", Some("ada-w")),
            ("Merge pull request #x from ada-w/widgets", None),
            ("Merge pull request #12 from widgets", None),
            ("Merge branch 'widgets'", None),
        ];
        for (title, expected) in branches {
            assert_eq!(branch_owner(title).as_deref(), expected, "{title}");
        }
        let authors = [
            ("Ada <12+ada-w@users.noreply.github.com>", Some("ada-w")),
            ("Ada <ada-w@users.noreply.github.com>", Some("ada-w")),
            ("Ada <ada@example.org>", None),
            ("Ada", None),
        ];
        for (author, expected) in authors {
            assert_eq!(private_handle(author).as_deref(), expected, "{author}");
        }
    }
}
