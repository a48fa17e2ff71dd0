//! The packs that come with the program: facts of released versions, so that an audit needs no checkout.

use signoff_model::fact::Facts;

use crate::pack::{self, PackError};

#[derive(rust_embed::RustEmbed)]
#[folder = "packs"]
struct Embedded;

/// The names of all packs, sorted.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> =
        Embedded::iter().filter_map(|file| Some(file.strip_suffix(".pack")?.to_owned())).collect();
    names.sort();
    names
}

/// The facts of a pack; `None` where the program has none of this name.
///
/// # Errors
/// Those of [`pack::read`].
pub fn read(name: &str) -> Option<Result<Facts, PackError>> {
    let file = Embedded::get(&format!("{name}.pack"))?;
    Some(pack::read(&file.data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_is_whole() {
        let names = names();
        assert!(!names.is_empty());
        for name in names {
            let facts = read(&name).expect("a pack").unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(facts.sources.iter().any(|source| !source.facts.is_empty()), "{name}");
            let written = pack::write(&facts);
            let file = Embedded::get(&format!("{name}.pack")).expect("the file");
            assert_eq!(written, file.data.as_ref(), "{name} is not in the form that this program writes");
        }
    }
}
