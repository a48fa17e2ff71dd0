//! What changes between two versions, in every format.

use std::sync::Arc;

use signoff_analysis::gates::Gates;
use signoff_analysis::profiles;
use signoff_analysis::upgrade::{Asked, Question, Report, upgrade};
use signoff_evidence::{Given, gather};
use signoff_model::configured::{Configured, GateSetting, Place};
use signoff_model::fact::Problem;
use signoff_model::memo::Memo;
use signoff_model::profile::{EvidenceRules, Prepared};
use signoff_model::{Corpus, MemoryTree, corpus};
use signoff_output::Look;
use signoff_output::upgrade::{Upgrade, write_human, write_markdown};

use crate::{expect, fits_own_schema, written};

const LOOK: Look = Look { color: false, width: 90 };

const METADATA: &str = "title: \"Widget \\e[31mpools | @all\"
kep-number: 1234
owning-sig: sig-node
status: implementable
stage: stable
latest-milestone: v1.36
milestone: {beta: v1.34, stable: v1.36}
feature-gates: [{name: WidgetPools, components: [kubelet]}]
";

const BODY: &str = "# KEP-1234: Widget pools

## Production Readiness Review Questionnaire

### Feature Enablement and Rollback

###### Can the feature be disabled once it has been enabled (i.e. can we roll back the enablement)?

Yes. Pools that are filled stay filled until they are emptied by hand. Nothing else is left.

### Rollout, Upgrade and Rollback Planning

###### What specific metrics should inform a rollback?

Watch `kubelet_widget_pools_total`. It must not fall.
";

/// A name, and one stage after the other: since, stage, default, lock.
type Gate = (&'static str, &'static [(&'static str, &'static str, bool, bool)]);

fn list(gates: &[Gate]) -> String {
    let mut text = String::new();
    for (name, specs) in gates {
        text += &format!("- name: {name}\n  versionedSpecs:\n");
        for (since, stage, default, locked) in *specs {
            text += &format!(
                "  - default: {default}\n    lockToDefault: {locked}\n    preRelease: {stage}\n    version: \"{since}\"\n"
            );
        }
    }
    text
}

fn trees() -> [(&'static str, MemoryTree); 2] {
    const LIST: &str = "test/compatibility_lifecycle/reference/versioned_feature_list.yaml";
    const METRICS: &str = "test/instrumentation/documentation/documentation-list.yaml";
    let metrics = |name: &str| {
        format!("- name: {name}\n  subsystem: kubelet\n  help: Pools\n  type: Counter\n  stabilityLevel: BETA\n")
    };
    let pools: Gate = ("WidgetPools", &[("1.34", "Beta", true, false), ("1.36", "GA", true, true)]);
    let flips: Gate = ("CrateLocks", &[("1.34", "Alpha", false, false), ("1.36", "Beta", true, false)]);
    let kept: Gate = ("KeptCrates", &[("1.34", "Alpha", false, false), ("1.36", "Beta", true, false)]);
    let gone: Gate = ("OldCrates", &[("1.34", "GA", true, true)]);
    let before = [(LIST, list(&[pools, flips, kept, gone])), (METRICS, metrics("widget_pools_total"))];
    let after = [(LIST, list(&[pools, flips, kept])), (METRICS, metrics("widget_pool_total"))];
    [("1.35.1", MemoryTree::new(before)), ("1.36.0", MemoryTree::new(after))]
}

fn kubelet() -> Configured {
    let setting = |name: &str, value: bool, line: usize| GateSetting {
        name: name.into(),
        written: value.to_string().into(),
        value: Some(value),
        prefix: None,
        place: Place { path: "kubelet.yaml".into(), line: Some(line) },
    };
    Configured {
        component: "kubelet".into(),
        instance: "pool|a".into(),
        files: vec!["kubelet.yaml".into()],
        gates: vec![setting("WidgetPools", false, 5), setting("OldCrates", true, 6), setting("KeptCrates", false, 7)],
        ..Configured::default()
    }
}

fn proposals(prepared: Prepared) -> Corpus {
    let tree = MemoryTree::new([
        ("keps/sig-node/1234-widget-pools/kep.yaml", METADATA),
        ("keps/sig-node/1234-widget-pools/README.md", BODY),
    ]);
    let as_of = jiff::Timestamp::UNIX_EPOCH;
    let request = corpus::Request { prepared: Arc::new(prepared), paths: None, prose: true, as_of };
    corpus::load(&tree, &request, &Memo::default())
}

fn report(configured: &[Configured], with: impl Fn(&Report)) {
    let profile = profiles::load("kep").expect("the profile");
    let rules: EvidenceRules = profile.evidence.clone();
    let trees = trees();
    let given: Vec<Given<'_>> = trees
        .iter()
        .map(|(version, tree)| Given { name: rules.code.as_str().into(), version: (*version).into(), tree })
        .collect();
    let facts = gather(&rules, &given);
    let corpus = proposals(Prepared::new(profile));
    let asked = |text| Asked::parse(text).expect("a version");
    let unrecognised =
        [Problem { path: "odd\u{1b}.yaml".into(), line: Some(1), message: "nothing in it says what it is".to_owned() }];
    let question = Question {
        from: asked("1.35.1"),
        to: asked("1.36"),
        emulation: None,
        both_ways: false,
        allow_unknown: false,
        configured,
        texts: &[],
        unrecognised: &unrecognised,
        components: &[],
    };
    with(&upgrade(&Gates::of(&facts, &rules), &facts, &rules, Some(&corpus), &question).expect("a report"));
}

#[test]
fn every_format() {
    report(&[kubelet()], |report| {
        let upgrade = Upgrade::new(report);
        expect("upgrade.txt", &written(|out| write_human(&upgrade, false, LOOK, out)));
        expect("upgrade-verbose.txt", &written(|out| write_human(&upgrade, true, LOOK, out)));
        expect("upgrade.md", &written(|out| write_markdown(&upgrade, out)));
        let json = written(|out| upgrade.write_json(out));
        fits_own_schema(&json);
        expect("upgrade.json", &json);
    });
}

#[test]
fn nothing_configured() {
    report(&[], |report| {
        let upgrade = Upgrade::new(report);
        expect("upgrade-unconfigured.txt", &written(|out| write_human(&upgrade, false, LOOK, out)));
        fits_own_schema(&written(|out| upgrade.write_json(out)));
    });
}

#[test]
fn the_first_line_says_what_was_not_looked_at() {
    for configured in [vec![], vec![kubelet()]] {
        report(&configured, |report| {
            let upgrade = Upgrade::new(report);
            assert!(!upgrade.complete);
            for text in [
                written(|out| write_human(&upgrade, false, Look { color: false, width: 2000 }, out)),
                written(|out| write_markdown(&upgrade, out)),
            ] {
                let first = text.lines().next().expect("a line");
                assert!(
                    first.starts_with("Read: lists of 1.35.1, 1.36.0; ") && first.contains("Not looked at: "),
                    "{first}"
                );
            }
        });
    }
}
