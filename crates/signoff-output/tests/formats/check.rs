//! Findings in every format.

use serde_json::Value;
use signoff_model::Severity;
use signoff_output::Look;
use signoff_output::baseline::{Baseline, Entry};
use signoff_output::check::{self, Detail, Format, Options, Report};

use crate::sample::{self, Sample};
use crate::{expect, fits_own_schema, written};

/// The sample with two findings in the baseline and one entry that is gone.
fn with_baseline(sample: &Sample) -> (Vec<bool>, Vec<Entry>) {
    let accepted = |rule: &str| ["people-missing", "body-missing"].contains(&rule);
    let baselined = sample.findings.iter().map(|finding| accepted(&finding.rule)).collect();
    let gone = Entry {
        path: sample::POOLS_TEXT.to_owned(),
        rule: "link-dead".to_owned(),
        text: "0123456789abcdef".to_owned(),
        ordinal: 0,
    };
    (baselined, vec![gone])
}

fn report_as(format: Format, options: &Options) -> String {
    let sample = Sample::new();
    let (baselined, fixed) = with_baseline(&sample);
    let report = Report { baselined: &baselined, fixed: &fixed, skipped: &["number-duplicate"], ..sample.report() };
    written(|out| check::write(format, &report, options, out))
}

#[test]
fn human() {
    let options = Options::default();
    expect("check-human.txt", &report_as(Format::Human, &options));
    let verbose = Options { detail: Detail::Verbose, look: Look { color: true, width: 72 }, ..options };
    expect("check-human-verbose-color.txt", &report_as(Format::Human, &verbose));
    let quiet = report_as(Format::Human, &Options { detail: Detail::Quiet, ..options });
    assert!(quiet.contains("error[status-unknown]") && !quiet.contains("By rule") && !quiet.contains("warnings"));
}

#[test]
fn human_text_never_steers_the_terminal() {
    let text = report_as(Format::Human, &Options { detail: Detail::Verbose, ..Options::default() });
    let steering = |character: char| character != '\n' && (character.is_control() || character == '\u{202e}');
    assert_eq!(text.chars().find(|character| steering(*character)), None);
}

#[test]
fn human_without_findings_is_one_line() {
    let sample = Sample::new();
    let report = Report { findings: &[], ..sample.report() };
    let text = written(|out| check::write(Format::Human, &report, &Options::default(), out));
    assert_eq!(text, "0 errors, 0 warnings, 0 infos in 3 proposals\n");
}

#[test]
fn json() {
    let text = report_as(Format::Json, &Options::default());
    assert_eq!(text.lines().count(), 1);
    fits_own_schema(&text);
    expect("check.json", &text.replace("{\"rule\":", "\n{\"rule\":").replace("],\"summary\"", "\n],\"summary\""));
}

#[test]
fn json_keys_are_those_of_the_contract_in_its_order() {
    let text = report_as(Format::Json, &Options::default());
    let keys = [
        "schema",
        "scope",
        "rules_skipped",
        "findings",
        "rule",
        "severity",
        "proposal",
        "path",
        "line",
        "column",
        "end_line",
        "end_column",
        "message",
        "help",
        "fixable",
        "baselined",
    ];
    let places: Vec<usize> =
        keys.iter().map(|key| text.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} is there"))).collect();
    assert!(places.is_sorted(), "{keys:?} stand in order");
    let summary = r#""summary":{"proposals":3,"errors":6,"warnings":4,"infos":1,"baselined":2}}"#;
    assert!(text.trim_end().ends_with(summary), "{text}");
}

#[test]
fn github() {
    let options = Options { detail: Detail::Verbose, ..Options::default() };
    let text = report_as(Format::Github, &options);
    expect("check-github.txt", &text);
    let quiet = report_as(Format::Github, &Options { detail: Detail::Quiet, ..options });
    assert!(quiet.lines().all(|line| line.starts_with("::error ") || line.starts_with("::warning ")));
}

#[test]
fn junit() {
    expect("check-junit.xml", &report_as(Format::Junit, &Options::default()));
    let strict = report_as(Format::Junit, &Options { strict: true, ..Options::default() });
    assert!(strict.contains("warning[unresolved]") && !strict.contains("<system-out>"));
}

#[test]
fn sarif() {
    let text = report_as(Format::Sarif, &Options::default());
    let mut log: Value = serde_json::from_str(&text).expect("JSON");
    let validator = jsonschema::validator_for(&sarif_schema()).expect("a valid schema");
    let errors: Vec<String> =
        validator.iter_errors(&log).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    without_other_rules(&mut log);
    expect("check.sarif.json", &format!("{log:#}\n"));
}

fn sarif_schema() -> Value {
    let text = include_str!("../sarif/sarif-2.1.0-rtm.5.json");
    let mut schema: Value = serde_json::from_str(text).expect("the standard's schema");
    // A stray bracket makes the pattern of languages no regular expression; we name no language.
    for definition in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][definition]["properties"]["language"];
        language.as_object_mut().expect("a property").remove("pattern").expect("the odd pattern");
    }
    schema
}

/// Keeps the rules that the sample's findings name, so that a new rule does not change the expected file.
fn without_other_rules(log: &mut Value) {
    let run = &mut log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules").clone();
    let mut used = Vec::new();
    for result in run["results"].as_array_mut().expect("results") {
        let Some(index) = result.as_object_mut().expect("an object").remove("ruleIndex") else { continue };
        let rule = &rules[usize::try_from(index.as_u64().expect("a number")).expect("small")];
        assert_eq!(rule["id"], result["ruleId"], "an index leads to its rule");
        used.push(rule["id"].clone());
    }
    let kept: Vec<Value> = rules.into_iter().filter(|rule| rule["id"] == "status-unknown").collect();
    assert!(used.contains(&kept[0]["id"]));
    run["tool"]["driver"]["rules"] = kept.into();
    run["tool"]["driver"]["version"] = "0.0.0".into();
}

#[test]
fn sarif_fingerprints_are_unique_and_survive_a_move() {
    let sample = Sample::new();
    let report = sample.report();
    let text = written(|out| check::write(Format::Sarif, &report, &Options::default(), out));
    let log: Value = serde_json::from_str(&text).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    let mut prints: Vec<String> = results.iter().map(|result| result["partialFingerprints"].to_string()).collect();
    let count = prints.len();
    prints.sort();
    prints.dedup();
    assert_eq!(prints.len(), count);
    let baseline = Baseline::default().renewed(&sample.findings, &sample.corpus, &sample.others);
    let recorded = sample.findings.iter().filter(|finding| finding.severity > Severity::Info).count();
    assert_eq!(baseline.entries().len(), recorded);
}
