//! What changed between two states: one edit of the base each, and what is said of it.

#![allow(clippy::disallowed_methods, reason = "a test reads the base")]

use std::path::Path;
use std::sync::Arc;

use signoff_analysis::comparison::{self, Difference};
use signoff_analysis::profiles;
use signoff_model::memo::Memo;
use signoff_model::profile::Prepared;
use signoff_model::{Corpus, MemoryTree, corpus};

const YAML: &str = "keps/sig-node/1234-widget-pools/kep.yaml";
const PROSE: &str = "keps/sig-node/1234-widget-pools/README.md";
const RECORD: &str = "keps/prod-readiness/sig-node/1234.yaml";

fn base() -> MemoryTree {
    let mut tree = MemoryTree::default();
    add(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/base"), "", &mut tree);
    tree
}

fn add(folder: &Path, prefix: &str, tree: &mut MemoryTree) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let path = signoff_model::tree::join(prefix, &entry.file_name().into_string().expect("a name"));
        if entry.file_type().expect("a kind").is_dir() {
            add(&entry.path(), &path, tree);
        } else {
            tree.insert(path, std::fs::read(entry.path()).expect("a file"));
        }
    }
}

fn text(tree: &MemoryTree, path: &str) -> String {
    let bytes = tree.files().find(|(known, _)| *known == path).expect("a file").1;
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// The base with one text replaced.
fn changed(path: &str, from: &str, to: &str) -> MemoryTree {
    let mut tree = base();
    let before = text(&tree, path);
    assert!(before.contains(from), "{path} does not contain {from:?}");
    tree.insert(path, before.replacen(from, to, 1));
    tree
}

fn load(tree: &MemoryTree) -> Corpus {
    let prepared = Arc::new(Prepared::new(profiles::load("kep").expect("a profile")));
    let as_of = "2026-10-12T09:00:00Z".parse().expect("an instant");
    corpus::load(tree, &corpus::Request { prepared, paths: None, prose: true, as_of }, &Memo::default())
}

fn compare(before: &MemoryTree, after: &MemoryTree) -> Vec<Difference> {
    comparison::compare(&load(before), &load(after))
}

/// Every change as `kind subject: from -> to +added -removed`.
fn brief(differences: &[Difference]) -> Vec<String> {
    let none = || "-".to_owned();
    let changes = differences.iter().flat_map(|difference| &difference.changes);
    let line = |change: &comparison::Change| {
        let subject = change.subject.as_ref().map(|subject| format!(" {subject}")).unwrap_or_default();
        let words = change.words.as_ref().map(|words| format!(" +{} -{}", words.added, words.removed));
        let (from, to) = (change.from.clone().unwrap_or_else(none), change.to.clone().unwrap_or_else(none));
        format!("{}{subject}: {from} -> {to}{}", change.kind.word(), words.unwrap_or_default())
    };
    changes.map(line).collect()
}

/// What one edit changes, there and back.
fn check(path: &str, from: &str, to: &str, expected: &[&str]) {
    let after = changed(path, from, to);
    assert_eq!(brief(&compare(&base(), &after)), expected, "{from:?} to {to:?}");
    let back = brief(&compare(&after, &base()));
    assert_eq!(back.len(), expected.len(), "back from {to:?}: {back:?}");
}

#[test]
fn metadata() {
    check(YAML, "status: implementable", "status: implemented", &["status: implementable -> implemented"]);
    check(YAML, "stage: beta", "stage: stable", &["stage: beta -> stable"]);
    check(YAML, "latest-milestone: \"v1.36\"", "latest-milestone: v1.37", &["milestone latest: v1.36 -> v1.37"]);
    check(YAML, "  stable: \"v1.38\"\n", "", &["milestone stable: v1.38 -> -"]);
    check(YAML, "title: Widget pools on the node", "title: Pools", &["retitled: Widget pools on the node -> Pools"]);
    check(
        YAML,
        "- name: WidgetPools\n",
        "- name: WidgetPoolsOnNodes\n",
        &["gate WidgetPoolsOnNodes: WidgetPools -> WidgetPoolsOnNodes"],
    );
    check(
        YAML,
        "- name: WidgetPools\n",
        "- name: CrateLock\n",
        &["gate CrateLock: - -> CrateLock", "gate WidgetPools: WidgetPools -> -"],
    );
    check(YAML, "      - kubelet\n", "", &["components WidgetPools: kube-apiserver, kubelet -> kube-apiserver"]);
    check(
        YAML,
        "  - \"@ravi-reads\"\n",
        "  - \"@new-one\"\n",
        &["person reviewers: @ravi-reads -> -", "person reviewers: - -> @new-one"],
    );
    check(YAML, "  - sig-apps\n", "", &["field participating-sigs: sig-apps -> -"]);
    check(YAML, "disable-supported: true", "disable-supported: false", &["field disable-supported: true -> false"]);
    // The record is looked for where the group's records are.
    check(
        YAML,
        "owning-sig: sig-node",
        "owning-sig: sig-apps",
        &["approved alpha: @petra-prr -> -", "approved beta: @QuinnPRR -> -", "field owning-sig: sig-node -> sig-apps"],
    );
}

#[test]
fn another_way_to_write_the_same_is_no_change() {
    check(YAML, "  - sig-apps\n  - sig-scheduling\n", "  [sig-apps, \"sig-scheduling\"]\n", &[]);
    check(YAML, "title: Widget pools on the node", "title: >\n  Widget pools\n  on the node", &[]);
    check(YAML, "replaces: []\n", "", &[]);
    check(YAML, "  - \"@wanda-writer\"", "  - \"@Wanda-Writer\" # a remark", &[]);
    check(PROSE, "A node offers widgets in named pools,", "A node offers\nwidgets  in named pools,", &[]);
    check(PROSE, "## Summary\n", "<!-- a remark -->\n\n## Summary\n", &[]);
    check(PROSE, "- [Summary](#summary)\n", "", &[]);
}

#[test]
fn records() {
    check(
        RECORD,
        "  approver: \"@QuinnPRR\"",
        "  approver: \"@petra-prr\"",
        &["approved beta: @QuinnPRR -> @petra-prr"],
    );
    check(RECORD, "beta:\n  approver: \"@QuinnPRR\"\n", "", &["approved beta: @QuinnPRR -> -"]);
    let mut without = base();
    without.remove(RECORD);
    assert_eq!(
        brief(&compare(&without, &base())),
        ["approved alpha: - -> @petra-prr", "approved beta: - -> @QuinnPRR"]
    );
}

#[test]
fn answers_sections_and_checklists() {
    check(
        PROSE,
        "A steady rise of `kubelet_widget_pool_errors_total` on upgraded nodes.",
        "",
        &["answer rollback-metrics: answered -> empty +0 -8"],
    );
    check(PROSE, "A steady rise", "A sudden rise", &["answer rollback-metrics: answered -> answered +1 -1"]);
    check(
        PROSE,
        "No, a pod that names no pool is treated as before.",
        "No.",
        &["answer default-behavior: answered -> bare +1 -11"],
    );
    check(
        PROSE,
        "###### What specific metrics should inform a rollback?\n",
        "",
        &["answer rollout-failure: answered -> answered +8 -0", "answer rollback-metrics: answered -> absent +0 -8"],
    );
    check(
        PROSE,
        "- [ ] User documentation created",
        "- [x] User documentation created",
        &["checklist release-signoff: 9 of 14 -> 10 of 14"],
    );
    check(PROSE, "- Moving widgets between nodes.", "", &["section Non-Goals: written -> empty +0 -5"]);
    check(
        PROSE,
        "- Moving widgets between nodes.",
        "- Moving widgets.",
        &["section Non-Goals: written -> written +1 -3"],
    );
    check(PROSE, "### Non-Goals\n\n- Moving widgets between nodes.\n", "", &["section Non-Goals: written -> - +0 -5"]);
    check(
        PROSE,
        "### Test Plan\n",
        "### Plan\n",
        &["section Plan: - -> written +14 -0", "section Test Plan: written -> - +0 -14"],
    );
    check(PROSE, "# KEP-1234: Widget pools on the node", "# Pools", &[]);
}

#[test]
fn what_changed_in_an_answer_is_shown() {
    let after = changed(PROSE, "A steady rise of", "A very steady fall of");
    let differences = compare(&base(), &after);
    let words = differences[0].changes[0].words.as_ref().expect("words");
    let hunks: Vec<_> = words.hunks.iter().map(|hunk| (&*hunk.behind, &*hunk.removed, &*hunk.added)).collect();
    assert_eq!(hunks, [("A", "steady rise", "very steady fall")]);
}

#[test]
fn what_cannot_be_read_is_no_removal() {
    let broken = changed(YAML, "owning-sig: sig-node\n", "owning-sig: sig-node\nbroken: [\n");
    let differences = brief(&compare(&base(), &broken));
    assert_eq!(differences, [format!("unread {YAML}: read -> unreadable")]);
    assert_eq!(brief(&compare(&broken, &base())), [format!("unread {YAML}: unreadable -> read")]);
    // What could be read is compared all the same.
    let both = text(&broken, YAML).replacen("title: Widget pools on the node", "title: Pools", 1);
    let mut after = broken.clone();
    after.insert(YAML, both);
    assert_eq!(brief(&compare(&broken, &after)), ["retitled: Widget pools on the node -> Pools"]);
    let record = changed(RECORD, "kep-number: 1234", "kep-number: [");
    assert_eq!(brief(&compare(&base(), &record)), [format!("unread {RECORD}: read -> unreadable")]);
}

#[test]
fn files_that_are_missing() {
    let mut without = base();
    without.remove(PROSE);
    let gone = brief(&compare(&base(), &without));
    assert!(gone.iter().any(|line| line == "answer slo: answered -> absent +0 -12"), "{gone:#?}");
    assert!(gone.iter().any(|line| line == "section Summary: written -> - +0 -25"), "{gone:#?}");
    let mut without = base();
    without.remove(YAML);
    let gone = brief(&compare(&base(), &without));
    assert_eq!(gone[0], format!("unread {YAML}: read -> missing"));
    assert!(gone.contains(&"status: implementable -> -".to_owned()), "{gone:#?}");
}

#[test]
fn new_gone_and_moved_proposals() {
    let mut without = base();
    for path in [YAML, PROSE, RECORD, "keps/sig-node/1234-widget-pools/OWNERS"] {
        without.remove(path);
    }
    let new = compare(&without, &base());
    assert_eq!((new.len(), &*new[0].path, &*new[0].label), (1, "keps/sig-node/1234-widget-pools", "1234"));
    let lines = brief(&new);
    assert_eq!(lines[..2], ["created: - -> keps/sig-node/1234-widget-pools", "status: - -> implementable"]);
    let gone = compare(&base(), &without);
    assert_eq!(brief(&gone), ["removed: keps/sig-node/1234-widget-pools -> -"]);
    assert_eq!(gone[0].title.as_deref(), Some("Widget pools on the node"));
    // Another folder: found again by its number, with what else changed.
    let mut moved = without.clone();
    moved.insert("keps/sig-apps/1234-pools/kep.yaml", text(&base(), YAML).replace("stage: beta", "stage: stable"));
    moved.insert("keps/sig-apps/1234-pools/README.md", text(&base(), PROSE));
    moved.insert(RECORD, text(&base(), RECORD));
    let lines = brief(&compare(&base(), &moved));
    assert_eq!(
        lines[..2],
        ["moved: keps/sig-node/1234-widget-pools -> keps/sig-apps/1234-pools", "stage: beta -> stable",]
    );
    // Another number as well: by what it says.
    let mut renumbered = without;
    renumbered.insert("keps/sig-apps/0000-pools/kep.yaml", text(&base(), YAML).replace("kep-number: 1234", ""));
    let mut before = renumbered.clone();
    before.remove("keps/sig-apps/0000-pools/kep.yaml");
    before.insert("keps/sig-apps/0001-pools/kep.yaml", text(&renumbered, "keps/sig-apps/0000-pools/kep.yaml"));
    let lines = brief(&compare(&before, &renumbered));
    assert_eq!(lines, ["moved: keps/sig-apps/0001-pools -> keps/sig-apps/0000-pools"]);
}

#[test]
fn nothing_changed() {
    assert_eq!(compare(&base(), &base()), []);
}
