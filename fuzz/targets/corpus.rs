//! A whole small repository: read, checked, and what was found written.
#![no_main]

use std::sync::{Arc, LazyLock};

use arbitrary::{Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use signoff_analysis::configuration::{self, Configuration};
use signoff_model::profile::Prepared;
use signoff_model::{MemoryTree, Tree as _};
use signoff_promises::{repository, sample};

static PROCESSES: LazyLock<Vec<Arc<Prepared>>> = LazyLock::new(sample::processes);

/// Where files can stand; a letter from `a` on picks one.
const PATHS: [&str; 20] = [
    "keps/sig-node/12-lamps/kep.yaml",
    "keps/sig-node/12-lamps/README.md",
    "keps/sig-node/13-bulbs/kep.yaml",
    "keps/sig-node/13-bulbs/README.md",
    "keps/prod-readiness/sig-node/12.yaml",
    "keps/prod-readiness/sig-node/0013.yaml",
    "OWNERS_ALIASES",
    "signoff.toml",
    "keps/sig-node/12-lamps/OWNERS",
    "keps/sig-node/12-lamps/kep.yml",
    "keps/sig-node/12-lamps/readme.md",
    "keps/NNNN-kep-template/README.md",
    "keps/README.md",
    "EIPS/eip-12.md",
    "EIPS/eip-13.md",
    "EIPS/eip-x.md",
    "assets/eip-12/a.png",
    "keps/sig-node/13-bulbs/12-lamps/kep.yaml",
    "keps/sig-é/14-\u{202e}x/kep.yaml",
    "keps/sig-node/15-x/README.md",
];
/// Stands before each file; behind it the letter, then what the file holds.
const RECORD: u8 = 0x1E;

/// The files of a repository.
#[derive(Debug)]
struct Repository(MemoryTree);

impl<'a> Arbitrary<'a> for Repository {
    fn arbitrary(input: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let bytes = input.bytes(input.len())?;
        let mut tree = MemoryTree::default();
        for file in bytes.split(|byte| *byte == RECORD) {
            let [letter, content @ ..] = file else { continue };
            let path = PATHS[usize::from(letter.wrapping_sub(b'a')) % PATHS.len()];
            // A capital letter makes a link of it.
            if letter.is_ascii_uppercase() {
                tree.link(path, String::from_utf8_lossy(content));
            } else {
                tree.insert(path, content);
            }
        }
        Ok(Self(tree))
    }

    fn arbitrary_take_rest(mut input: Unstructured<'a>) -> arbitrary::Result<Self> {
        Self::arbitrary(&mut input)
    }
}

fuzz_target!(|repository: Repository| {
    let Repository(tree) = repository;
    let settings = tree.read(configuration::FILE_NAME).unwrap_or_default();
    let configuration: Configuration = Configuration::parse(&String::from_utf8_lossy(&settings)).unwrap_or_default();
    // To compile the expressions of a profile takes longest: only a process that has files is asked.
    for prepared in PROCESSES.iter().filter(|prepared| tree.kind(&prepared.profile.layout.root).is_some()) {
        repository::check(&tree, prepared, &configuration);
    }
});
