//! The second process: one file per proposal, a header instead of YAML, no stages. A small corpus of
//! our own shows what each declared rule finds; the real one shows that all of it can be read.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests read files and unpack the corpora")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use signoff_analysis::condition::Condition;
use signoff_analysis::configuration::Configuration;
use signoff_analysis::query::Query;
use signoff_analysis::{profiles, rules};
use signoff_model::memo::Memo;
use signoff_model::profile::{Meaning, Prepared, Required, StatusClass};
use signoff_model::{Corpus, Finding, MemoryTree, corpus};

const PROFILE: &str = "eip";

/// How many real proposals have an abstract, a specification, a copyright section.
const SECTIONS_FOUND: [usize; 3] = [560, 580, 566];

/// Files of the 170 open proposals with findings of declared rules, by rule.
const FLAGGED_OPEN: [(&str, usize); 3] = [("body-smart-quotes", 22), ("copyright-text", 7), ("requires-unready", 2)];

/// The files of a folder as `EIPS/name`.
fn tree_of(folder: &Path) -> MemoryTree {
    let mut tree = MemoryTree::default();
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        tree.insert(format!("EIPS/{name}"), std::fs::read(&path).expect("a file"));
    }
    tree
}

fn prepared() -> Arc<Prepared> {
    Arc::new(Prepared::new(profiles::load(PROFILE).expect("the profile")))
}

fn load(tree: &MemoryTree) -> Corpus {
    let as_of = "2026-07-24T12:00:00Z".parse().expect("an instant");
    let request = corpus::Request { prepared: prepared(), paths: None, prose: true, as_of };
    corpus::load(tree, &request, &Memo::default())
}

/// Rule, severity, line and flagged text of the findings of declared rules in one file.
fn found(corpus: &Corpus, findings: &[Finding], number: &str) -> Vec<String> {
    let declared: BTreeSet<&str> = corpus.prepared.profile.rule.iter().map(|rule| rule.code.as_str()).collect();
    let proposal = corpus.find(number)[0];
    let own =
        findings.iter().filter(|finding| finding.path == proposal.metadata_path && declared.contains(&*finding.rule));
    own.map(|finding| {
        let span = finding.span.expect("a place");
        let line = proposal.source.position(span.start).line;
        format!("{line} {} {}: {}", finding.severity.word(), finding.rule, proposal.source.slice(span))
    })
    .collect()
}

#[test]
fn declared_rules_find_what_they_should() {
    let corpus = load(&tree_of(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/eip"))));
    let findings = rules::check(&corpus, &Configuration::default()).findings;
    let expected: [(&str, &[&str]); 5] = [
        ("8101", &[]),
        (
            "8102",
            &[
                "3 error title-length: A standard for EIP8101: lamps with doors, windows and stairs",
                "3 error title-standard: standard",
                "3 error title-number-form: EIP8101",
                "3 error title-colon: :",
                "5 error preamble-order: description",
                "5 error description-length: ?",
                "7 error discussions-elsewhere: https://example.org/forum/8102",
                "9 error category-forbidden: category",
                "9 error category-moved: ERC",
                "11 error requires-form: eip-8101; 8105",
                "12 warning withdrawal-unfounded: withdrawal-reason",
            ],
        ),
        (
            "8103",
            &[
                "5 error author-handle: Fay Foghorn <fay@example.org>,\n  Gus Gale",
                "13 error requires-unready: 8102",
                "13 error requires-unready: 8101",
                "19 error body-number-form: EIP 8101",
                "19 error link-external: [ERC20](https://example.org/erc20)",
                "19 error body-number-form: ERC20",
                "21 error section-disordered: ## Abstract",
                "23 error body-smart-quotes: “",
                "23 error body-smart-quotes: ”",
                "35 error copyright-text: All rights waived.",
            ],
        ),
        (
            "8104",
            &[
                "3 warning title-colon: :",
                "5 warning author-handle: Hal Helm",
                "17 warning copyright-text: ## Copyright",
            ],
        ),
        ("8105", &[]),
    ];
    for (number, lines) in expected {
        assert_eq!(found(&corpus, &findings, number), lines, "{number}");
    }
}

#[test]
fn messages_say_what_was_found() {
    let corpus = load(&tree_of(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/eip"))));
    let findings = rules::check(&corpus, &Configuration::default()).findings;
    let message = |rule: &str| findings.iter().find(|finding| finding.rule == rule).map(|finding| &*finding.message);
    let cases = [
        ("title-length", "`title` has 60 characters; at most 44 are asked for"),
        (
            "title-standard",
            "the title says `standard`: every proposal is meant to be a standard, so leave the word out",
        ),
        ("preamble-order", "`description` belongs before `author`"),
        ("requires-unready", "`8102` is Draft, not as far as this proposal, which is Last Call"),
        ("section-disordered", "section `Abstract` belongs before `Specification`"),
        (
            "copyright-text",
            "section `Copyright` must say exactly: Copyright and related rights waived via [CC0](../LICENSE.md).",
        ),
    ];
    for (rule, expected) in cases {
        assert_eq!(message(rule), Some(expected));
    }
}

/// A process is recognised by its folder, and its own places name no other one.
#[test]
fn the_process_is_recognised() {
    let tree = tree_of(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/eip")));
    assert_eq!(profiles::recognise(&tree), Some(PROFILE));
    let corpus = load(&tree);
    let moved = corpus.find("8105")[0];
    assert_eq!((moved.number.as_deref(), &*moved.path), (Some("8105"), "EIPS/eip-8105.md"));
    let folded = corpus.find("8103")[0];
    let items = folded.items(&corpus.prepared, Meaning::Authors);
    let authors: Vec<&str> = items.iter().map(|item| item.text).collect();
    assert_eq!(authors, ["Fay Foghorn <fay@example.org>", "Gus Gale"]);
}

/// Every condition of every profile that comes with the program can be evaluated.
#[test]
fn conditions_of_profiles_parse() {
    for (id, _) in profiles::EMBEDDED {
        let prepared = Prepared::new(profiles::load(id).expect("the profile"));
        let profile = &prepared.profile;
        let when = |required: &Required| match required {
            Required::When(condition) => Some(condition.clone()),
            Required::Always(_) => None,
        };
        let fields = profile.fields.values().filter_map(|field| when(&field.required));
        let sections = profile.section.iter().filter_map(|section| when(&section.required));
        let statuses = profile.status.iter().filter_map(|status| status.requires.clone());
        let severities = profile.severity.iter().filter_map(|rule| rule.when.clone());
        let declared = profile.rule.iter().filter_map(|rule| rule.when.clone());
        for condition in fields.chain(sections).chain(statuses).chain(severities).chain(declared) {
            let fault = Condition::parse(&prepared, &condition).err();
            assert!(fault.is_none(), "{id}: `{condition}`: {fault:?}");
        }
    }
}

/// The real proposals, unpacked once; `None` where the corpora are not there, which is said once.
fn real() -> Option<Corpus> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let folder = FOLDER.get_or_init(unpack).as_ref()?;
    Some(load(&tree_of(folder)))
}

fn unpack() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let corpora = std::env::var_os("SIGNOFF_CORPORA").map_or_else(beside, PathBuf::from);
    let archive = corpora.join("eips.tar.xz");
    if !archive.is_file() {
        // Past the capture of the test's output, so that it is seen.
        let _ = writeln!(std::io::stderr(), "not run: no eips.tar.xz in SIGNOFF_CORPORA or ../shared/corpora");
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("eips");
    std::fs::create_dir_all(&folder).expect("a folder for the corpus");
    let unpacked = std::process::Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(&folder).status();
    assert!(unpacked.is_ok_and(|status| status.success()), "tar could not unpack {}", archive.display());
    Some(folder.join("EIPS"))
}

#[test]
fn every_real_proposal_is_read() {
    let Some(corpus) = real() else { return };
    let prepared = &corpus.prepared;
    assert_eq!(corpus.proposals.len(), 949);
    for proposal in &corpus.proposals {
        let path = &proposal.path;
        assert!(proposal.metadata.faults.is_empty() && proposal.file_faults.is_empty(), "{path}");
        assert_eq!(proposal.number, proposal.path_number, "{path}");
        let status = proposal.status(prepared).unwrap_or_else(|| panic!("{path}: no status"));
        assert!(prepared.profile.status(status).is_some(), "{path}: {status}");
        for pair in proposal.metadata.root.pairs() {
            assert_eq!(pair.key_span.of(&proposal.source.text), &*pair.key, "{path}");
            assert_eq!(Some(proposal.source.slice(pair.node.span)), pair.node.text(), "{path}");
        }
        let body = &proposal.document().expect("prose is read").body;
        // What moved to another repository has left its number, category and status.
        if status == "Moved" {
            assert!(body.sections.is_empty() && proposal.text(prepared, Meaning::Title).is_none(), "{path}");
            continue;
        }
        assert!(proposal.text(prepared, Meaning::Title).is_some(), "{path}");
        assert!(!proposal.items(prepared, Meaning::Authors).is_empty(), "{path}");
        assert!(body.sections.iter().any(|section| prepared.sections.contains_key(&section.words)), "{path}");
    }
    let having = |words: &str| {
        let bodies = corpus.proposals.iter().filter_map(|proposal| proposal.document());
        bodies.filter(|document| document.body.section(words).is_some()).count()
    };
    assert_eq!(["abstract", "specification", "copyright"].map(having), SECTIONS_FOUND);
}

/// The linter of the process lets no change of an open proposal in that its rules refuse, so the
/// rules that stand for it find next to nothing there. The three left came in before their lint did.
#[test]
fn declared_rules_agree_with_the_linter_on_open_proposals() {
    let Some(corpus) = real() else { return };
    let declared: BTreeSet<&str> = corpus.prepared.profile.rule.iter().map(|rule| rule.code.as_str()).collect();
    let mut flagged: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in rules::check(&corpus, &Configuration::default()).findings {
        let proposal = corpus.find(&finding.path)[0];
        if declared.contains(&*finding.rule) && proposal.class(&corpus.prepared) == StatusClass::Open {
            flagged.entry(finding.rule.to_string()).or_default().insert(finding.path.to_string());
        }
    }
    let files: BTreeMap<&str, usize> = flagged.iter().map(|(rule, files)| (rule.as_str(), files.len())).collect();
    assert_eq!(files, BTreeMap::from(FLAGGED_OPEN), "{flagged:#?}");
}

/// What the saved queries answer about the real proposals: how many, in how many groups, and what comes first.
#[test]
fn saved_queries_answer_about_real_proposals() {
    let Some(corpus) = real() else { return };
    let cases: [(&str, usize, usize, &str); 7] = [
        ("by-category", 949, 30, "Informational |  | Draft"),
        ("last-call", 5, 1, "3076 | Slashing Protection Interchange Format | Interface | 2021-11-03"),
        ("needed", 306, 20, "2929"),
        ("needs-review", 39, 1, "8282 | Builder Execution Requests | Review | Core |  | 2026-05-22"),
        ("newcomers", 238, 1, "8012 | Generalized consolidation requests | Core | 2025-08-22 | Potuz (@potuz)"),
        ("overloaded", 170, 20, "Toni Wahrstätter (@nerolation)"),
        ("withdrawn", 35, 1, "3 | Addition of CALLDEPTH opcode | "),
    ];
    let saved = &corpus.prepared.profile.query;
    assert_eq!(saved.keys().collect::<Vec<_>>(), cases.iter().map(|(name, ..)| *name).collect::<Vec<_>>());
    for (name, total, groups, first) in cases {
        let query = Query::parse(&corpus.prepared, &saved[name], &[]).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let table = query.run(&corpus).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let group = table.groups.first().expect("a group");
        let values = group.rows.first().map_or(&group.values, |row| &row.values);
        let found: Vec<_> = values.iter().map(|value| value.joined()).collect();
        assert_eq!((table.total, table.groups.len(), &*found.join(" | ")), (total, groups, first), "{name}");
    }
}
