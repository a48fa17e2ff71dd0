//! Packs hold all that was gathered, and what is no whole pack is told apart.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use signoff_evidence::SOURCES;
use signoff_evidence::pack::{self, PackError};
use signoff_model::fact::{Fact, FactSource, Facts, Problem};

use crate::recorded::recorded;
use crate::trees::{facts, folder};

/// The facts of all recorded files, which have every kind of record.
fn all() -> Facts {
    let sources = SOURCES.iter().flat_map(|reader| {
        let tree = folder(&recorded().join(reader.kind.word()));
        facts("sample", "1.36.2", &tree).sources
    });
    Facts { sources: sources.collect() }
}

#[test]
fn what_was_gathered_comes_back_as_it_was() {
    let facts = all();
    let packed = pack::write(&facts);
    assert_eq!(pack::read(&packed).as_ref(), Ok(&facts));
    assert_eq!(pack::write(&facts), packed, "equal facts make equal bytes");
    assert_eq!(pack::read(&pack::write(&Facts::default())), Ok(Facts::default()));
}

#[test]
fn what_is_no_whole_pack_is_told_apart() {
    let packed = pack::write(&all());
    for size in 1..packed.len() {
        assert_eq!(pack::read(&packed[..size]), Err(PackError::Damaged), "cut off after {size} bytes");
    }
    for at in (15..packed.len()).step_by(97) {
        let mut damaged = packed.clone();
        damaged[at] ^= 1;
        assert_eq!(pack::read(&damaged), Err(PackError::Damaged), "a bit differs at {at}");
    }
    let other = |text: &str| pack::read(text.as_bytes()).expect_err("no pack");
    assert_eq!(other(""), PackError::NotAPack);
    assert_eq!(other("PK\x03\x04"), PackError::NotAPack);
    assert_eq!(other("signoff.pack/\n"), PackError::NotAPack);
    assert_eq!(other("signoff.pack/2\nabc"), PackError::OtherFormat { format: "signoff.pack/2".to_owned() });
    assert_eq!(other("signoff.pack/10\nabc"), PackError::OtherFormat { format: "signoff.pack/10".to_owned() });
    assert_eq!(pack::read(&[&packed[..], b"x"].concat()), Err(PackError::Damaged));
}

/// Content as a pack, with a checksum that fits.
fn sealed(size: u64, packed: &[u8]) -> Vec<u8> {
    let body = [&size.to_le_bytes()[..], packed].concat();
    [b"signoff.pack/1\n", &blake3::hash(&body).as_bytes()[..], &body].concat()
}

fn deflated(content: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).expect("in memory");
    encoder.finish().expect("in memory")
}

#[test]
fn a_bomb_does_not_go_off() {
    let zeros = deflated(&vec![0; 8 * 1024 * 1024]);
    let too_large = pack::CONTENT_MAX as u64 + 1;
    assert_eq!(pack::read(&sealed(too_large, &zeros)), Err(PackError::TooLarge { size: too_large }));
    assert_eq!(pack::read(&sealed(u64::MAX, &zeros)), Err(PackError::TooLarge { size: u64::MAX }));
    assert_eq!(pack::read(&sealed(10, &zeros)), Err(PackError::Unreadable));
    assert_eq!(pack::read(&sealed(pack::CONTENT_MAX as u64, &zeros)), Err(PackError::Unreadable));
    // Lists that say they are longer than memory.
    let claims = [0, 0xff, 0xff, 0xff, 0xff, 0x0f];
    assert_eq!(pack::read(&sealed(6, &deflated(&claims))), Err(PackError::Unreadable));
}

/// A pack of a newer program, made by hand: texts, their sizes, and frames of a kind and a body.
#[test]
fn what_a_newer_program_wrote_is_passed_over_and_said() {
    let record = |kind: u8, body: &[u8]| [&[1, 3, 1, kind, u8::try_from(body.len()).expect("short")], body].concat();
    // Name, version, no release, path; two facts (path, line, quote, kind, body); no problems.
    let resource = record(5, &[1, 1, 1, 1, 99]);
    let unknown = record(6, &[1, 2, 3]);
    let source = [&[1, 1, 0, 1, 2][..], &resource, &unknown, &[0]].concat();
    let mut content = Vec::new();
    let texts = ["", "a", "gate-pages", "a-new-kind", "b", "resource", "other"];
    let whole = texts.concat();
    content.push(u8::try_from(whole.len()).expect("short"));
    content.extend(whole.bytes());
    content.push(u8::try_from(texts.len()).expect("few"));
    content.extend(texts.iter().map(|text| u8::try_from(text.len()).expect("short")));
    content.extend([2, 3, 1, 7, 2, u8::try_from(source.len()).expect("short")]);
    content.extend(&source);
    let facts = pack::read(&sealed(content.len() as u64, &deflated(&content))).expect("a pack");
    let [source] = facts.sources.as_slice() else { panic!("one source is known: {facts:?}") };
    assert_eq!(source.facts.len(), 1, "what stands behind the fields that are known is passed over");
    let messages: Vec<&str> = source.problems.iter().map(|problem| &*problem.message).collect();
    let expected = [
        "the pack has 1 facts of the kind `other`, which this version cannot read",
        "the pack has 1 sources of the kind `a-new-kind`, which this version does not know",
    ];
    assert_eq!(messages, expected);
}

/// Sources made of real facts: any of them in any order, with any texts.
fn any_facts() -> impl Strategy<Value = Facts> {
    let known: Vec<FactSource> = all().sources;
    let facts: Vec<Fact> = known.iter().flat_map(|source| source.facts.clone()).collect();
    let fact = (select(facts), "\\PC{0,8}", any::<u32>()).prop_map(|(mut fact, text, line)| {
        (fact.at.text, fact.at.line) = (text.into(), line);
        fact
    });
    let problem = (".{0,9}", prop::option::of(0..u32::MAX as usize)).prop_map(|(message, line)| {
        let path = "a/b".into();
        Problem { path, line, message }
    });
    let lists = (prop::collection::vec(fact, 0..30), prop::collection::vec(problem, 0..4));
    let source = (any::<Index>(), "\\PC{0,5}", lists).prop_map(move |(which, name, (facts, problems))| {
        let source = which.get(&known).clone();
        FactSource { name: name.into(), facts, problems, ..source }
    });
    prop::collection::vec(source, 0..5).prop_map(|sources| Facts { sources })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_facts_come_back_as_they_were(facts in any_facts()) {
        let packed = pack::write(&facts);
        prop_assert_eq!(pack::read(&packed), Ok(facts));
    }

    #[test]
    fn any_content_is_survived(content in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = pack::read(&sealed(content.len() as u64, &deflated(&content)));
    }
}
