//! JSON as the contract writes it, key for key and in its order, and the same bytes every time.

use serde_json::Value;

use crate::project::{POOLS, POOLS_PROSE, POOLS_RECORD, Project, SETS, finish};

#[test]
fn a_check_without_findings() {
    let project = Project::base();
    let expected = concat!(
        r#"{"schema":"signoff.check/1","scope":"full","rules_skipped":[],"findings":[],"#,
        r#""summary":{"proposals":2,"errors":0,"warnings":0,"infos":0,"baselined":0}}"#,
        "\n"
    );
    assert_eq!(project.printed(0, &["check", "--format", "json"]), expected);
}

/// Places count from 1, columns in Unicode scalar values, ends are exclusive; what is about a whole
/// file has no line; a missing field stands at line 1; the order is path, line, column, rule.
#[test]
fn findings_have_every_key() {
    let project = Project::base();
    project.remove(SETS);
    project.write(SETS, "title: \"Größe 漢\"\nkep-number: 2345\nauthors: [\"@ä\", sven-sets]\nowning-sig: sig-apps\n");
    project.remove("keps/sig-apps/2345-widget-sets/README.md");
    project.replace(POOLS, "creation-date: 2025-04-14", "creation-date: \"2025-4-14\" # ü");
    let check = project.json(&["check"]);
    let findings = check["findings"].as_array().expect("a list");
    let place = |finding: &Value| {
        let number = |key: &str| finding[key].as_u64();
        (number("line"), number("column"), number("end_line"), number("end_column"))
    };
    let at = |rule: &str| {
        let found = findings.iter().find(|finding| finding["rule"] == rule);
        found.unwrap_or_else(|| panic!("no {rule} in {check:#}"))
    };
    assert_eq!(place(at("date-invalid")), (Some(11), Some(16), Some(11), Some(27)), "{check:#}");
    // `sven-sets`, behind a character of two bytes.
    let handles: Vec<_> = findings.iter().filter(|finding| finding["rule"] == "handle-malformed").map(place).collect();
    assert!(handles.contains(&(Some(3), Some(17), Some(3), Some(26))), "{handles:?}");
    let missing: Vec<_> = findings.iter().filter(|finding| finding["rule"] == "field-missing").map(place).collect();
    assert!(missing.len() >= 2 && missing.iter().all(|place| place.0 == Some(1)), "{missing:?}");
    assert_eq!(at("body-missing")["line"].as_u64(), Some(1));
    let order: Vec<_> = findings
        .iter()
        .map(|finding| {
            let (line, column, ..) = place(finding);
            (finding["path"].as_str(), line, column, finding["rule"].as_str())
        })
        .collect();
    assert!(order.is_sorted(), "{order:#?}");
}

#[test]
fn a_proposal_as_bytes() {
    let project = Project::base();
    let text = project.printed(0, &["show", "1234", "--format", "json"]);
    let expected = [
        r##"{"schema":"signoff.proposal/1","profile":"kep","proposal":"1234","title":"Widget pools on the node","group":"sig-node","path":"keps/sig-node/1234-widget-pools","status":"implementable","stage":"beta","latest_milestone":"v1.36","milestones":{"alpha":"v1.35","beta":"v1.36","stable":"v1.38"},"authors":["@wanda-writer","@abel-author"],"reviewers":["@rita-reviewer","@ravi-reads"],"approvers":["@lena-lead","@olaf-approves"],"gates":[{"name":"WidgetPools","components":["kubelet","kube-apiserver"],"line":39}],"metrics":["kubelet_widget_pool_reservations_total","kubelet_widget_pool_errors_total"],"fields":{"title":"Widget pools on the node","kep-number":"1234","##,
        r##""creation-date":"2025-04-14","##,
        r##""replaces":"[]","##,
        r##"},"body":{"path":"keps/sig-node/1234-widget-pools/README.md","template_generation":"G18","sections":[{"title":"Release Signoff Checklist","level":2,"line":41,"state":"written"},"##,
        r##"],"gates":["WidgetPools"],"metrics":["kubelet_widget_pool_reservations_total","kubelet_widget_pool_errors_total"],"unresolved":0,"comments":"##,
        r##"},"questionnaires":[{"id":"prr","questions":[{"number":1,"id":"enable-disable","group":"enablement","title":"How can this feature be enabled / disabled in a live cluster?","encouraged_from":null,"required_from":"alpha","reconfirm_at":null,"state":"answered","line":156,"end_line":160,"text":"- [x] Feature gate (also fill in values in `kep.yaml`)\n  - Feature gate name: WidgetPools\n  - Components depending on the feature gate: kubelet, kube-apiserver","fields":[{"id":"gate-name","label":"Feature gate name","ticked":true,"value":"WidgetPools","line":159},"##,
        r##"{"number":16,"id":"api-calls","group":"scalability","title":"##,
        r##","encouraged_from":"alpha","required_from":"beta","reconfirm_at":"stable","state":"answered","##,
        r##"]}],"checklists":[{"id":"release-signoff","ticked":9,"total":14}],"relations":[{"kind":"related","target":"/keps/sig-apps/2345-widget-sets"}]}"##,
    ];
    contains_in_order(&text, &expected);
    assert!(text.ends_with("}\n") && text.matches('\n').count() == 1, "one line");
}

#[test]
fn questions_are_all_there_in_order() {
    let ids = "enable-disable default-behavior can-disable reenable enablement-tests rollout-failure rollback-metrics \
               upgrade-tested deprecations in-use works-for-me slo sli missing-metrics dependencies api-calls api-types \
               cloud-calls object-size slo-impact resource-usage node-exhaustion api-unavailable failure-modes \
               slo-troubleshooting";
    let project = Project::base();
    for id in ["1234", "2345"] {
        let shown = project.json(&["show", id]);
        let questions = shown["questionnaires"][0]["questions"].as_array().expect("a list");
        let found: Vec<&str> = questions.iter().filter_map(|question| question["id"].as_str()).collect();
        assert_eq!(found, ids.split_whitespace().collect::<Vec<_>>(), "{id}");
        for (index, question) in questions.iter().enumerate() {
            assert_eq!(question["number"], index + 1, "{id}");
        }
    }
}

/// Absent text is null, an absent list or mapping is empty, and a value is the file's text.
#[test]
fn absent_is_null_or_empty() {
    let project = Project::base();
    let sets = project.printed(0, &["show", "2345", "--format", "json"]);
    let expected = [
        r##""stage":null,"latest_milestone":null,"milestones":{},"##,
        r##""gates":[],"metrics":[],"fields":{"##,
        r##""participating-sigs":"[]","##,
        r##""gates":[],"metrics":[],"unresolved":0,"comments":0},"##,
        r##""state":"absent","line":null,"end_line":null,"text":null,"fields":[]}"##,
        r##""relations":[]}"##,
    ];
    contains_in_order(&sets, &expected);
    project.remove("keps/sig-apps/2345-widget-sets/README.md");
    project.write(SETS, "kep-number: 02345\ntitle:\nstage: 1.30\ndisable-supported: yes\nstatus: ~\n");
    let broken = project.printed(0, &["show", "2345", "--format", "json"]);
    let expected = [
        r##""proposal":"02345","title":null,"group":null,"path":"keps/sig-apps/2345-widget-sets","##,
        r##""stage":"1.30","##,
        r##""authors":[],"reviewers":[],"approvers":[],"##,
        r##""fields":{"kep-number":"02345","title":"","stage":"1.30","disable-supported":"yes","status":"##,
        r##""body":null,"questionnaires":[{"id":"prr","questions":[{"number":1,"##,
        r##""checklists":[],"relations":[]}"##,
    ];
    contains_in_order(&broken, &expected);
}

#[test]
fn all_proposals_are_the_same_objects() {
    let project = Project::base();
    let one = |id: &str| project.printed(0, &["show", id, "--format", "json"]);
    let expected = format!(
        "{{\"schema\":\"signoff.proposals/1\",\"proposals\":[{},{}]}}\n",
        one("2345").trim(),
        one("1234").trim()
    );
    assert_eq!(project.printed(0, &["show", "--all", "--format", "json"]), expected);
}

#[test]
fn a_list_as_bytes() {
    let project = Project::base();
    let expected = concat!(
        r##"{"schema":"signoff.list/1","columns":["proposal","title","group","status","stage","latest_milestone"],"proposals":["##,
        r##"{"proposal":"2345","title":"Widget sets","group":"sig-apps","status":"provisional","stage":null,"latest_milestone":null},"##,
        r##"{"proposal":"1234","title":"Widget pools on the node","group":"sig-node","status":"implementable","stage":"beta","latest_milestone":"v1.36"}]}"##,
        "\n"
    );
    assert_eq!(project.printed(0, &["list", "--format", "json"]), expected);
    let none = "{\"schema\":\"signoff.list/1\",\"columns\":[\"path\"],\"proposals\":[]}\n";
    let nothing = ["list", "--where", "stage == 'removed'", "--columns", "path", "--format", "json"];
    assert_eq!(project.printed(0, &nothing), none);
}

#[test]
fn other_formats_name_what_they_are() {
    let project = Project::changed(POOLS, "status: implementable", "status: implementabel");
    let sarif: Value = project.json_of(1, &["check", "--format", "sarif"]);
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "status-unknown");
    let github = project.printed(1, &["check", "--format", "github"]);
    assert!(github.contains(&format!("::error file={POOLS},line=10,")), "{github}");
    let junit = project.printed(1, &["check", "--format", "junit"]);
    assert!(junit.starts_with("<?xml") && junit.contains("status-unknown"), "{junit}");
}

/// Output depends on the files and the instant alone.
#[test]
fn the_same_bytes_every_time() {
    let project = crate::sample::written();
    let commands: [&[&str]; 18] = [
        &["check", "--metadata-only", "--strict"],
        &["check", "--format", "github", "-q"],
        &["show", "--all"],
        &["list", "--format", "csv", "--columns", "path,gates,milestones"],
        &["list", "--where", "section('Test Plan').state == 'written' && authors.all(a, a != '')"],
        &["rule", "--format", "json"],
        &["check"],
        &["check", "-v", "--color", "always"],
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
        &["check", "--format", "junit"],
        &["check", "--format", "github"],
        &["check", "--format", "json", "keps/sig-storage"],
        &["check", "--format", "json", "--metadata-only"],
        &["show", "--all", "--format", "json"],
        &["show", "231"],
        &["list", "--format", "json"],
        &["list", "--sort", "-title"],
    ];
    for arguments in commands {
        let run = |threads: &str, cached: bool| {
            let all = if cached { arguments.to_vec() } else { [arguments, &["--no-cache"]].concat() };
            let mut command = project.command(&all);
            command.env("RAYON_NUM_THREADS", threads);
            let run = finish(command, b"");
            assert_ne!(run.code, 2, "{arguments:?}: {}", run.err);
            (run.code, run.bytes)
        };
        let first = run("1", false);
        for (threads, cached) in [("2", false), ("8", false), ("1", true), ("2", true), ("2", true)] {
            assert!(run(threads, cached) == first, "{arguments:?} with {threads} threads, cached: {cached}");
        }
    }
}

/// The same files elsewhere, written in another order, give the same bytes: no path of the machine
/// and no order of a folder is in the output.
#[test]
fn the_same_bytes_everywhere() {
    let here = Project::base();
    let there = Project::empty();
    let mut files = here.files();
    files.reverse();
    for (path, bytes) in files {
        there.write(&path, bytes);
    }
    for project in [&here, &there] {
        project.replace(POOLS, "status: implementable", "status: implementabel");
        project.replace(POOLS_RECORD, "kep-number: 1234", "kep-number: 1243");
        project.replace(POOLS_PROSE, "## Summary\n", "## Sumary\n");
    }
    for arguments in [&["check", "-v"][..], &["check", "--format", "sarif"], &["show", "--all"]] {
        let (one, other) = (here.run(arguments), there.run(arguments));
        assert_eq!((one.code, one.out), (other.code, other.out), "{arguments:?}");
    }
}

impl Project {
    fn json_of(&self, code: i32, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.printed(code, arguments)).expect("JSON")
    }
}

/// Whether the parts stand in a text, one behind the other.
fn contains_in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let at = rest.find(part).unwrap_or_else(|| panic!("no {part}\nin {rest}"));
        rest = &rest[at + part.len()..];
    }
}
