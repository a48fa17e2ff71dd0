//! `signoff audit`: every kind of claim against small lists and pages, one case for each trap that the sources hold.

use std::fmt::Write as _;

use serde_json::Value;

use crate::project::Project;

const METADATA: &str = "keps/sig-node/4000-widgets/kep.yaml";
const PROSE: &str = "keps/sig-node/4000-widgets/README.md";
const LIST: &str = "test/compatibility_lifecycle/reference/versioned_feature_list.yaml";
const TABLE: &str = "test/compatibility_lifecycle/reference/feature_list.md";
const METRICS: &str = "test/instrumentation/documentation/documentation-list.yaml";
const PAGES: &str = "content/en/docs/reference/command-line-tools-reference/feature-gates";

/// What one case is about; what is not said is as in [`Case::default`].
struct Case {
    about: &'static str,
    status: &'static str,
    stage: &'static str,
    latest: &'static str,
    milestones: &'static [(&'static str, &'static str)],
    gates: &'static [&'static str],
    more: &'static str,
    prose: &'static str,
    /// Version, then gates as `Name: Alpha 1.33 off, Beta 1.34 on locked`.
    lists: &'static [(&'static str, &'static [&'static str])],
    /// Rows of the table of the newest version.
    table: &'static [&'static str],
    /// Full names of metrics of the newest version, with their stability.
    metrics: &'static [(&'static str, &'static str)],
    /// Pages of 1.35 as name and front matter below `stages:` or beside.
    pages: &'static [(&'static str, &'static str)],
    /// `claim subject: verdict finding`, in any order; the others do not matter.
    expected: &'static [&'static str],
}

impl Default for Case {
    fn default() -> Self {
        Self {
            about: "",
            status: "implementable",
            stage: "beta",
            latest: "v1.35",
            milestones: &[("alpha", "v1.34"), ("beta", "v1.35")],
            gates: &["WidgetPools"],
            more: "",
            prose: "",
            lists: &[("1.36.2", &["WidgetPools: Alpha 1.34 off, Beta 1.35 on"])],
            table: &[],
            metrics: &[("apiserver_widget_pools_total", "ALPHA")],
            pages: &[],
            expected: &[],
        }
    }
}

impl Case {
    fn project(&self) -> Project {
        let project = Project::empty();
        let mut metadata = format!(
            "title: Widgets\nkep-number: 4000\nauthors: [\"@a\"]\nowning-sig: sig-node\nstatus: {}\nstage: {}\nlatest-milestone: \"{}\"\nmilestone:\n",
            self.status, self.stage, self.latest
        );
        for (stage, release) in self.milestones {
            writeln!(metadata, "  {stage}: \"{release}\"").expect("a text");
        }
        metadata.push_str("feature-gates:\n");
        for gate in self.gates {
            let (name, component) = gate.split_once(' ').unwrap_or((gate, "kubelet"));
            writeln!(metadata, "  - name: {name}\n    components: [{component}]").expect("a text");
        }
        metadata.push_str(self.more);
        project.write(METADATA, metadata);
        project.write(PROSE, format!("# KEP-4000: Widgets\n\n{}", self.prose));
        for (version, gates) in self.lists {
            project.write(&format!("code/kubernetes-{version}/{LIST}"), list(gates));
        }
        let newest = self.lists.last().map_or("1.36.2", |(version, _)| version);
        if !self.table.is_empty() {
            let head = "| Feature | Enabled | Locked | Alpha | Beta | GA | Deprecated | Dependencies |\n|---|---|---|---|---|---|---|---|\n";
            project.write(&format!("code/kubernetes-{newest}/{TABLE}"), format!("{head}{}\n", self.table.join("\n")));
        }
        if !self.metrics.is_empty() {
            let entry =
                |(name, level): &(&str, &str)| format!("- name: {name}\n  type: Counter\n  stabilityLevel: {level}\n");
            let text: String = self.metrics.iter().map(entry).collect();
            project.write(&format!("code/kubernetes-{newest}/{METRICS}"), text);
        }
        for (name, front) in self.pages {
            project.write(&format!("docs/{PAGES}/{name}.md"), format!("---\ntitle: {name}\n{front}---\nWords.\n"));
        }
        project.write("docs/data/releases/schedule.yaml", "schedules:\n- release: \"1.35\"\n");
        project
    }
}

fn list(gates: &[&str]) -> String {
    let mut text = String::from("# A list.\n\n");
    for gate in gates {
        let (name, specs) = gate.split_once(": ").expect("a gate and its stages");
        writeln!(text, "- name: {name}\n  versionedSpecs:").expect("a text");
        for spec in specs.split(", ") {
            let words: Vec<&str> = spec.split(' ').collect();
            let locked = words.contains(&"locked");
            writeln!(
                text,
                "  - default: {}\n    lockToDefault: {locked}\n    preRelease: {}\n    version: \"{}\"",
                words[2] == "on",
                words[0],
                words[1]
            )
            .expect("a text");
        }
    }
    text
}

fn audit(project: &Project, more: &[&str]) -> Value {
    project.json(&[&["audit", "--code", "code", "--docs", "docs"], more].concat())
}

/// A claim as `claim subject: verdict finding`.
fn brief(claim: &Value) -> String {
    let text = |key: &str| claim[key].as_str().unwrap_or_default();
    format!("{} {}: {} {}", text("claim"), text("subject"), text("verdict"), text("finding")).trim_end().to_owned()
}

fn assert_case(case: &Case) {
    let audit = audit(&case.project(), &[]);
    let claims: Vec<String> = audit["claims"].as_array().expect("claims").iter().map(brief).collect();
    for expected in case.expected {
        assert!(claims.iter().any(|claim| claim == expected), "{}: {expected} is not in\n{claims:#?}", case.about);
    }
}

const PAGE: &str = "stages:\n  - stage: alpha\n    defaultValue: false\n    fromVersion: \"1.34\"\n    toVersion: \"1.34\"\n  - stage: beta\n    defaultValue: true\n    fromVersion: \"1.35\"\n";

#[test]
fn names_of_gates() {
    let cases = [
        Case { about: "as the code has it", expected: &["gate-exists WidgetPools: agree"], ..Case::default() },
        Case {
            about: "another case of letters",
            gates: &["WidgetPOOLS"],
            expected: &["gate-exists WidgetPOOLS: drift gate-misnamed"],
            ..Case::default()
        },
        Case {
            about: "the same releases, and a word in common",
            gates: &["PoolsOfWidgets"],
            milestones: &[("alpha", "v1.30"), ("beta", "v1.31")],
            lists: &[("1.36.2", &["WidgetPoolsOnNodes: Alpha 1.30 off, Beta 1.31 on"])],
            expected: &["gate-exists PoolsOfWidgets: drift gate-misnamed"],
            ..Case::default()
        },
        Case {
            about: "nothing like it anywhere, in lists that reach back to before it was to come",
            gates: &["Sprockets"],
            lists: &[("1.34.2", &["Other: Beta 1.30 on"]), ("1.36.2", &["Other: Beta 1.30 on"])],
            expected: &["gate-exists Sprockets: drift gate-missing", "milestone-beta Sprockets: drift not-reached"],
            ..Case::default()
        },
        Case {
            about: "a gate to come is never taken for one that is there",
            gates: &["WidgetPool"],
            latest: "v1.37",
            stage: "alpha",
            milestones: &[("alpha", "v1.37")],
            expected: &["gate-exists WidgetPool: future", "milestone-alpha WidgetPool: future"],
            ..Case::default()
        },
        Case {
            about: "lists have the constant, people the name",
            gates: &["CustomCPUCFSQuotaPeriod"],
            lists: &[("1.35.3", &["CPUCFSQuotaPeriod: Alpha 1.34 off, Beta 1.35 on"])],
            expected: &["gate-exists CustomCPUCFSQuotaPeriod: agree", "milestone-beta CustomCPUCFSQuotaPeriod: agree"],
            ..Case::default()
        },
        Case {
            about: "only the table has gates of clients",
            gates: &["ClientWidgets"],
            table: &["| ClientWidgets | :ballot_box_with_check:&nbsp;1.35+ |  | 1.34 | 1.35\u{2013} |  |  |  |"],
            expected: &["gate-exists ClientWidgets: agree", "milestone-beta ClientWidgets: agree"],
            ..Case::default()
        },
        Case {
            about: "gone after it was stable",
            gates: &["OldWidgets"],
            status: "implemented",
            stage: "stable",
            latest: "v1.33",
            milestones: &[("stable", "v1.33")],
            lists: &[
                ("1.34.2", &["OldWidgets: Beta 1.30 on, GA 1.33 on locked"]),
                ("1.36.2", &["Other: Beta 1.30 on"]),
            ],
            expected: &[
                "gate-exists OldWidgets: agree",
                "milestone-stable OldWidgets: agree",
                "status-implemented OldWidgets: agree",
            ],
            ..Case::default()
        },
        Case {
            about: "only a page remembers it",
            gates: &["AncientWidgets"],
            pages: &[(
                "AncientWidgets",
                "stages:\n  - stage: stable\n    defaultValue: true\n    fromVersion: 1.20\n    toVersion: 1.22\nremoved: true\n",
            )],
            milestones: &[("stable", "v1.20")],
            expected: &["gate-exists AncientWidgets: agree", "milestone-stable AncientWidgets: agree"],
            ..Case::default()
        },
        Case {
            about: "a page knows the former name",
            gates: &["FormerWidgets"],
            pages: &[(
                "NewWidgets",
                "former_titles:\n  - FormerWidgets\nstages:\n  - stage: beta\n    defaultValue: true\n    fromVersion: \"1.35\"\n",
            )],
            expected: &["gate-exists FormerWidgets: drift gate-misnamed"],
            ..Case::default()
        },
    ];
    cases.iter().for_each(assert_case);
}

#[test]
fn names_that_no_list_has() {
    let cases = [
        Case {
            about: "no name of a gate",
            gates: &["Widget{vendor}"],
            expected: &["gate-exists Widget{vendor}: drift gate-malformed"],
            ..Case::default()
        },
        Case {
            about: "a variable of the environment",
            gates: &["KUBECTL_WIDGETS"],
            expected: &["gate-exists KUBECTL_WIDGETS: unknown"],
            ..Case::default()
        },
        Case {
            about: "a component with gates of its own, which were not given",
            gates: &["RootlessWidgets kubeadm"],
            expected: &["gate-exists RootlessWidgets: unknown"],
            ..Case::default()
        },
        Case {
            about: "components of other projects",
            gates: &["SnapshotWidgets csi-snapshotter"],
            expected: &["gate-exists SnapshotWidgets: unknown"],
            ..Case::default()
        },
        Case {
            about: "a proposal that was given up promises nothing",
            gates: &["Sprockets"],
            status: "withdrawn",
            expected: &["gate-exists Sprockets: unknown"],
            ..Case::default()
        },
    ];
    cases.iter().for_each(assert_case);
}

#[test]
fn stages_and_releases() {
    let cases = [
        Case {
            about: "as planned",
            expected: &[
                "milestone-alpha WidgetPools: agree",
                "milestone-beta WidgetPools: agree",
                "stage-reached WidgetPools: agree",
            ],
            ..Case::default()
        },
        Case {
            about: "another release",
            milestones: &[("alpha", "v1.33"), ("beta", "v1.35")],
            expected: &["milestone-alpha WidgetPools: drift milestone-differs"],
            ..Case::default()
        },
        Case {
            about: "versions are no numbers: 1.30 is not 1.3",
            milestones: &[("alpha", "1.30"), ("beta", "v1.35")],
            lists: &[("1.36.2", &["WidgetPools: Alpha 1.30 off, Beta 1.35 on"])],
            expected: &["milestone-alpha WidgetPools: agree"],
            ..Case::default()
        },
        Case {
            about: "beta again, with the default turned: either may be meant",
            lists: &[("1.36.2", &["WidgetPools: Alpha 1.31 off, Beta 1.33 off, Beta 1.35 on"])],
            milestones: &[("beta", "v1.35")],
            expected: &["milestone-beta WidgetPools: soft milestone-differs"],
            ..Case::default()
        },
        Case {
            about: "never came to beta",
            lists: &[("1.36.2", &["WidgetPools: Alpha 1.34 off"])],
            expected: &[
                "milestone-beta WidgetPools: drift not-reached",
                "stage-reached WidgetPools: drift not-reached",
            ],
            ..Case::default()
        },
        Case {
            about: "version 1.0 is no milestone",
            milestones: &[("stable", "v1.0")],
            lists: &[("1.36.2", &["WidgetPools: GA 1.0 on, Deprecated 1.33 off"])],
            expected: &["milestone-stable WidgetPools: drift not-reached"],
            ..Case::default()
        },
        Case {
            about: "deprecated is no later stage than stable",
            stage: "stable",
            latest: "v1.36",
            milestones: &[("stable", "v1.34")],
            lists: &[("1.36.2", &["WidgetPools: Beta 1.30 on, GA 1.34 on, Deprecated 1.36 on"])],
            expected: &["milestone-stable WidgetPools: agree", "stage-reached WidgetPools: agree"],
            ..Case::default()
        },
        Case {
            about: "two gates: which one is meant is not said",
            gates: &["WidgetPools", "WidgetSets"],
            lists: &[("1.36.2", &["WidgetPools: Alpha 1.34 off, Beta 1.35 on", "WidgetSets: Alpha 1.33 off"])],
            expected: &[
                "milestone-beta WidgetPools: agree",
                "milestone-beta WidgetSets: unknown",
                "stage-reached WidgetSets: unknown",
            ],
            ..Case::default()
        },
        Case {
            about: "a release that is still to come",
            stage: "stable",
            latest: "v1.37",
            milestones: &[("beta", "v1.35"), ("stable", "v1.37")],
            expected: &["milestone-stable WidgetPools: future", "stage-reached WidgetPools: future"],
            ..Case::default()
        },
        Case {
            about: "a patch release turned the default back: the stage stays",
            lists: &[
                ("1.35.2", &["WidgetPools: Alpha 1.34 off, Beta 1.35 on"]),
                ("1.35.3", &["WidgetPools: Alpha 1.34 off, Beta 1.35 off"]),
            ],
            pages: &[("WidgetPools", PAGE)],
            expected: &["stage-reached WidgetPools: agree", "docs-default WidgetPools: drift docs-differ"],
            ..Case::default()
        },
    ];
    cases.iter().for_each(assert_case);
}

#[test]
fn what_is_finished() {
    let finished = |about, lists, expected| Case {
        about,
        status: "implemented",
        stage: "stable",
        latest: "v1.36",
        milestones: &[("stable", "v1.36")],
        lists,
        expected,
        ..Case::default()
    };
    let cases = [
        finished(
            "marked, and stable",
            &[("1.36.2", &["WidgetPools: Beta 1.35 on, GA 1.36 on locked"])],
            &["status-implemented WidgetPools: agree"],
        ),
        finished(
            "marked, and at beta",
            &[("1.36.2", &["WidgetPools: Beta 1.35 on"])],
            &["status-implemented WidgetPools: drift status-ahead"],
        ),
        finished(
            "marked, and gone without ever having been stable",
            &[("1.35.3", &["WidgetPools: Alpha 1.33 off"]), ("1.36.2", &["Other: Beta 1.30 on"])],
            &["status-implemented WidgetPools: drift status-ahead"],
        ),
        Case {
            status: "implementable",
            ..finished(
                "stable, and not marked",
                &[("1.36.2", &["WidgetPools: Beta 1.35 on, GA 1.36 on locked"])],
                &["status-implemented WidgetPools: drift status-behind"],
            )
        },
        Case {
            gates: &["WidgetPools", "WidgetPoolsAlphaOptions"],
            ..finished(
                "one of its gates stays at alpha for good",
                &[("1.36.2", &["WidgetPools: GA 1.36 on locked", "WidgetPoolsAlphaOptions: Alpha 1.30 off"])],
                &["status-implemented WidgetPools: unknown"],
            )
        },
        Case { gates: &[], ..finished("no gate", Case::default().lists, &["status-implemented implemented: unknown"]) },
    ];
    cases.iter().for_each(assert_case);
}

#[test]
fn locks_and_defaults() {
    let off =
        "## Design Details\n\n### Graduation Criteria\n\n#### Beta\n\n- The feature gate is disabled by default\n";
    let can_disable = "disable-supported: true\n";
    let cases = [
        Case {
            about: "not locked",
            more: can_disable,
            expected: &["gate-locked WidgetPools: agree"],
            ..Case::default()
        },
        Case {
            about: "locked at beta",
            more: can_disable,
            lists: &[("1.36.2", &["WidgetPools: Alpha 1.34 off, Beta 1.35 on locked"])],
            expected: &["gate-locked WidgetPools: drift cannot-be-disabled"],
            ..Case::default()
        },
        Case {
            about: "locked once it was stable, as all are",
            more: can_disable,
            lists: &[("1.36.2", &["WidgetPools: Beta 1.35 on, GA 1.36 on locked"])],
            expected: &["gate-locked WidgetPools: soft cannot-be-disabled"],
            ..Case::default()
        },
        Case {
            about: "the criteria say off, the code is on",
            prose: off,
            expected: &["gate-default WidgetPools: drift default-differs"],
            ..Case::default()
        },
        Case {
            about: "the criteria say off, the code says off",
            prose: off,
            lists: &[("1.36.2", &["WidgetPools: Alpha 1.34 off, Beta 1.35 off"])],
            expected: &["gate-default WidgetPools: agree"],
            ..Case::default()
        },
        Case {
            about: "off at first, on later, within one stage",
            prose: off,
            lists: &[("1.36.2", &["WidgetPools: Alpha 1.33 off, Beta 1.35 off, Beta 1.36 on"])],
            expected: &["gate-default WidgetPools: soft default-differs"],
            ..Case::default()
        },
        Case {
            about: "two entries of one version: which holds is not printed",
            more: can_disable,
            lists: &[("1.36.2", &["WidgetPools: Alpha 1.34 off, Beta 1.35 on, Beta 1.35 off"])],
            pages: &[("WidgetPools", PAGE)],
            expected: &["gate-locked WidgetPools: unknown", "docs-default WidgetPools: unknown"],
            ..Case::default()
        },
    ];
    cases.iter().for_each(assert_case);
}

#[test]
fn pages_of_gates() {
    let cases = [
        Case {
            about: "the page says what the code has",
            pages: &[("WidgetPools", PAGE)],
            expected: &[
                "docs-page WidgetPools: agree",
                "docs-stage WidgetPools: agree",
                "docs-default WidgetPools: agree",
            ],
            ..Case::default()
        },
        Case {
            about: "the page is compared with its own release, not with a later one",
            pages: &[("WidgetPools", PAGE)],
            lists: &[("1.36.2", &["WidgetPools: Alpha 1.34 off, Beta 1.35 on, GA 1.36 on locked"])],
            expected: &["docs-stage WidgetPools: agree"],
            ..Case::default()
        },
        Case {
            about: "the page lags behind",
            pages: &[(
                "WidgetPools",
                "stages:\n  - stage: alpha \n    defaultValue: false\n    fromVersion: \"1.34\"\n",
            )],
            expected: &["docs-stage WidgetPools: drift docs-differ", "docs-default WidgetPools: drift docs-differ"],
            ..Case::default()
        },
        Case {
            about: "no page",
            pages: &[("Other", PAGE)],
            expected: &["docs-page WidgetPools: drift docs-missing"],
            ..Case::default()
        },
        Case {
            about: "no page, and none is due: the gate only takes something away",
            pages: &[("Other", PAGE)],
            stage: "deprecated",
            lists: &[("1.36.2", &["WidgetPools: Deprecated 1.35 on"])],
            expected: &["docs-page WidgetPools: soft docs-missing"],
            ..Case::default()
        },
        Case {
            about: "no page yet: the pages are older than the gate",
            pages: &[("Other", PAGE)],
            latest: "v1.36",
            stage: "alpha",
            milestones: &[("alpha", "v1.36")],
            lists: &[("1.36.2", &["WidgetPools: Alpha 1.36 off"])],
            expected: &["docs-page WidgetPools: future"],
            ..Case::default()
        },
        Case {
            about: "the page outlives the gate",
            pages: &[("WidgetPools", PAGE)],
            lists: &[("1.34.2", &["WidgetPools: Alpha 1.34 off"]), ("1.35.3", &["Other: Beta 1.30 on"])],
            expected: &["docs-stage WidgetPools: drift docs-differ"],
            ..Case::default()
        },
        Case {
            about: "the gate outlives the page",
            pages: &[(
                "WidgetPools",
                "stages:\n  - stage: beta\n    defaultValue: true\n    fromVersion: \"1.35\"\nremoved: true\n",
            )],
            expected: &["docs-stage WidgetPools: drift docs-differ"],
            ..Case::default()
        },
    ];
    cases.iter().for_each(assert_case);
}

#[test]
fn metrics() {
    let named = |about, more, expected| Case { about, more, expected, ..Case::default() };
    let cases = [
        named(
            "the whole name",
            "metrics: [apiserver_widget_pools_total]\n",
            &["metric-exists apiserver_widget_pools_total: agree"],
        ),
        named(
            "with labels and a remark",
            "metrics:\n  - 'apiserver_widget_pools_total{code}'\n  - '`apiserver_widget_pools_total` (by code)'\n",
            &[
                "metric-exists apiserver_widget_pools_total{code}: agree",
                "metric-exists `apiserver_widget_pools_total` (by code): agree",
            ],
        ),
        named(
            "what samples end with is no part of the name",
            "metrics: [apiserver_widget_pools_total_bucket]\n",
            &["metric-exists apiserver_widget_pools_total_bucket: agree"],
        ),
        named(
            "without what it begins with",
            "metrics: [widget_pools_total]\n",
            &["metric-exists widget_pools_total: soft metric-partial-name"],
        ),
        named(
            "not there",
            "metrics: [widget_sprockets_total]\n",
            &["metric-exists widget_sprockets_total: drift metric-missing"],
        ),
        named("made by a library", "metrics: [workqueue_depth]\n", &["metric-exists workqueue_depth: unknown"]),
        named(
            "no name",
            "metrics: [how long pools take]\n",
            &["metric-exists how long pools take: drift metric-not-a-name"],
        ),
        Case {
            latest: "v1.37",
            ..named("not due", "metrics: [widget_sprockets_total]\n", &["metric-exists widget_sprockets_total: future"])
        },
    ];
    cases.iter().for_each(assert_case);
}

#[test]
fn approvals() {
    let approval = "keps/prod-readiness/sig-node/4000.yaml";
    let case = Case { about: "approval", ..Case::default() };
    let project = case.project();
    let of = |project: &Project| {
        let audit = audit(project, &[]);
        let claims: Vec<String> = audit["claims"].as_array().expect("claims").iter().map(brief).collect();
        claims.into_iter().filter(|claim| claim.starts_with("approval")).collect::<Vec<_>>()
    };
    assert_eq!(of(&project), ["approval beta: drift approval-missing"]);
    project.write(approval, "kep-number: 4000\nalpha:\n  approver: \"@b\"\n");
    assert_eq!(of(&project), ["approval beta: drift approval-missing"]);
    project.write(approval, "kep-number: 4000\nbeta:\n  approver: \"@b\"\n");
    assert_eq!(of(&project), ["approval beta: agree"]);
}

/// What the proposal says and what the source says are quoted at their lines.
#[test]
fn both_sides_are_quoted() {
    let case = Case { milestones: &[("alpha", "v1.33")], ..Case::default() };
    let audit = audit(&case.project(), &[]);
    let claims = audit["claims"].as_array().expect("claims");
    let claim = claims.iter().find(|claim| claim["claim"] == "milestone-alpha").expect("the claim");
    assert_eq!(claim["stated"]["path"], METADATA);
    assert_eq!((&claim["stated"]["line"], &claim["stated"]["text"]), (&9.into(), &"alpha: \"v1.33\"".into()));
    let evidence = &claim["evidence"][0];
    assert_eq!((&evidence["source"], &evidence["version"]), (&"kubernetes".into(), &"1.36.2".into()));
    assert_eq!((&evidence["path"], &evidence["line"]), (&LIST.into(), &8.into()));
    assert_eq!(evidence["text"], "version: \"1.34\"");
    assert_eq!(claim["suggestion"], "v1.34");
}

/// The edit of the metadata is printed where the right value is certain.
#[test]
fn certain_values_are_a_patch() {
    let case = Case { gates: &["WidgetPOOLS"], ..Case::default() };
    let project = case.project();
    let patch = project.printed(0, &["audit", "--code", "code", "--fix"]);
    assert!(patch.contains("-  - name: WidgetPOOLS\n+  - name: WidgetPools\n"), "{patch}");
    let doubtful = Case {
        gates: &["PoolsOfWidgets"],
        milestones: &[("alpha", "v1.30"), ("beta", "v1.31")],
        lists: &[("1.36.2", &["WidgetPoolsOnNodes: Alpha 1.30 off, Beta 1.31 on"])],
        ..Case::default()
    };
    assert_eq!(doubtful.project().printed(0, &["audit", "--code", "code", "--fix"]), "");
}

/// Pages are mended where the code leaves no doubt.
#[test]
fn pages_are_a_patch() {
    let alpha = "stages:\n  - stage: alpha\n    defaultValue: false\n    fromVersion: \"1.34\"\n";
    let cases = [
        ("WidgetPools: Alpha 1.34 off, Beta 1.35 on", PAGE, ""),
        ("WidgetPools: Alpha 1.34 off, Beta 1.35 off", PAGE, "-    defaultValue: true\n+    defaultValue: false\n"),
        (
            "WidgetPools: Alpha 1.34 off, Beta 1.35 on locked",
            alpha,
            "+    toVersion: \"1.34\"\n+  - stage: beta\n+    defaultValue: true\n+    fromVersion: \"1.35\"\n+    locked: true\n",
        ),
        ("WidgetPools: Alpha 1.33 off, Beta 1.34 on, GA 1.35 on", alpha, ""),
    ];
    for (gate, page, expected) in cases {
        let lists = [("1.35.3", [gate])];
        let project = Case { pages: &[], ..Case::default() }.project();
        project.write(&format!("code/kubernetes-{}/{LIST}", lists[0].0), list(&lists[0].1));
        project.write(&format!("docs/{PAGES}/WidgetPools.md"), format!("---\ntitle: WidgetPools\n{page}---\nWords.\n"));
        let patch = project.printed(0, &["audit", "--code", "code", "--docs", "docs", "--docs-patch"]);
        assert_eq!(patch.is_empty(), expected.is_empty(), "{gate}: {patch}");
        assert!(patch.contains(expected), "{gate}: {patch}");
    }
    let gone = Case {
        lists: &[("1.34.2", &["WidgetPools: Alpha 1.34 off"]), ("1.35.3", &["Other: Beta 1.30 on"])],
        pages: &[("WidgetPools", PAGE)],
        ..Case::default()
    };
    let patch = gone.project().printed(0, &["audit", "--code", "code", "--docs", "docs", "--docs-patch"]);
    assert!(patch.contains("+removed: true\n"), "{patch}");
}

/// A list that cannot be read is named, and the others are still used.
#[test]
fn broken_sources() {
    let case = Case { pages: &[("WidgetPools", PAGE)], ..Case::default() };
    let project = case.project();
    project.write(&format!("code/kubernetes-1.35.3/{LIST}"), "- name: A\n  versionedSpecs: [\n");
    project.write(&format!("code/kubernetes-1.36.2/{METRICS}"), [0xff, 0x00, 0x5b]);
    project.write(&format!("docs/{PAGES}/Broken.md"), "---\ntitle: Broken\nstages: 7\n---\n");
    let audit = audit(&project, &[]);
    let sources = audit["sources"].as_array().expect("sources");
    let broken: Vec<&str> = sources
        .iter()
        .filter(|source| source["problems"].as_array().is_some_and(|problems| !problems.is_empty()))
        .map(|source| source["kind"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(broken, ["feature-list", "metrics-list", "gate-pages"], "{sources:#?}");
    let claims: Vec<String> = audit["claims"].as_array().expect("claims").iter().map(brief).collect();
    assert!(claims.contains(&"gate-exists WidgetPools: agree".to_owned()), "{claims:#?}");
}

#[test]
fn ends_and_formats() {
    let good = Case { prose: "", ..Case::default() }.project();
    good.write("keps/prod-readiness/sig-node/4000.yaml", "kep-number: 4000\nbeta:\n  approver: \"@b\"\n");
    let bad = Case { gates: &["Sprockets"], ..Case::default() }.project();
    let evidence = ["--code", "code"];
    good.printed(0, &[&["audit", "--fail"], &evidence[..]].concat());
    bad.printed(0, &[&["audit"], &evidence[..]].concat());
    bad.printed(1, &[&["audit", "--fail"], &evidence[..]].concat());
    bad.printed(2, &["audit", "--code", "nowhere"]);
    bad.printed(2, &["audit", "--code", "code/kubernetes-1.36.2/test"]);
    bad.printed(2, &["audit", "9999", "--code", "code"]);
    let misspelt = bad.run(&["audit", "--claim", "gate-exist", "--code", "code"]);
    assert!(misspelt.code == 2 && misspelt.err.contains("gate-exists"), "{}", misspelt.err);
    for (format, text) in [
        ("human", "drift gate-exists (gate-missing) Sprockets"),
        ("csv", "4000,keps/sig-node/4000-widgets,gate-exists,Sprockets,Sprockets,,drift,gate-missing,"),
        ("sarif", "\"ruleId\":\"gate-missing\""),
        ("markdown", "| 4000 | gate-exists | `Sprockets` | drift: "),
    ] {
        let out = bad.printed(0, &[&["audit", "--format", format], &evidence[..]].concat());
        assert!(out.contains(text), "{format}: {out}");
    }
    let one = bad.printed(0, &["audit", "4000", "--code", "code", "--claim", "gate-exists"]);
    assert!(one.contains("1 claim: 0 agree, 1 drift"), "{one}");
}

/// What the code and the pages have and nobody claims.
#[test]
fn the_other_way_round() {
    let case = Case {
        lists: &[
            ("1.34.2", &["Gone: Beta 1.30 on"]),
            ("1.35.3", &["WidgetPools: Alpha 1.34 off, Beta 1.35 on", "Orphan: Beta 1.30 on"]),
        ],
        metrics: &[("apiserver_stays_total", "STABLE"), ("apiserver_goes_total", "ALPHA")],
        pages: &[("Gone", PAGE), ("WidgetPools", PAGE)],
        ..Case::default()
    };
    let audit = audit(&case.project(), &[]);
    let unclaimed: Vec<String> = audit["unclaimed"]
        .as_array()
        .expect("unclaimed")
        .iter()
        .map(|entry| {
            format!("{} {}", entry["kind"].as_str().unwrap_or_default(), entry["name"].as_str().unwrap_or_default())
        })
        .collect();
    let expected =
        ["gate-without-proposal Orphan", "page-without-gate Gone", "metric-without-proposal apiserver_stays_total"];
    assert_eq!(unclaimed, expected);
}
