//! The lists that the tests ask about: small ones that are written here, and those of real versions where they are there.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use signoff_analysis::gates::Gates;
use signoff_analysis::profiles;
use signoff_analysis::upgrade::{Asked, Error, Question, Report, upgrade};
use signoff_evidence::{Given, gather};
use signoff_model::MemoryTree;
use signoff_model::configured::{Configured, GateSetting, Place};
use signoff_model::fact::Facts;
use signoff_model::profile::EvidenceRules;

pub const LIST: &str = "test/compatibility_lifecycle/reference/versioned_feature_list.yaml";
pub const TABLE: &str = "test/compatibility_lifecycle/reference/feature_list.md";
pub const NEEDS: &str = "gate-dependencies.yaml";

/// The only embedded profile that looks for sources.
pub fn profile_rules() -> EvidenceRules {
    let all = profiles::EMBEDDED.iter().filter_map(|(id, _)| profiles::load(id).ok());
    all.map(|profile| profile.evidence).find(|rules| !rules.source.is_empty()).expect("a profile with sources")
}

/// Files by version.
pub type Files = BTreeMap<String, MemoryTree>;

/// One entry of a list: `Name: 1.34 alpha off, 1.35 beta on, 1.36 ga on locked`.
fn entry(line: &str) -> String {
    let (name, specs) = line.split_once(':').expect("a name");
    let mut text = format!("- name: {}\n  versionedSpecs:\n", name.trim());
    for spec in specs.split(',') {
        let words: Vec<&str> = spec.split_whitespace().collect();
        let stage = match words[1] {
            "alpha" => "Alpha",
            "beta" => "Beta",
            "ga" => "GA",
            "deprecated" => "Deprecated",
            "prealpha" => "PreAlpha",
            other => panic!("{other}"),
        };
        text += &format!(
            "  - default: {}\n    lockToDefault: {}\n    preRelease: {stage}\n    version: \"{}\"\n",
            words[2] == "on",
            words.contains(&"locked"),
            words[0]
        );
    }
    text
}

/// A list in the format of the generator, of lines as [`entry`] has them.
pub fn list(lines: &str) -> String {
    lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(entry).collect()
}

/// A table that has no gate but tells that there are no others.
pub fn table(needs: &[(&str, &str)]) -> String {
    let mut text = "| Feature | Enabled | Locked | Alpha | Beta | GA | Deprecated | Dependencies |\n|---|---|---|---|---|---|---|---|\n".to_owned();
    text += "| ClientSide | :ballot_box_with_check:&nbsp;1.30+ |  |  | 1.30– |  |  |  |\n";
    for (gate, needs) in needs {
        text += &format!("| {gate} |  |  |  |  |  |  | {needs} |\n");
    }
    text
}

/// The small lists: four versions, one gate or two for each rule.
pub fn small() -> Files {
    let common = "
        Still: 1.30 beta on
        Alpha: 1.30 alpha off
        Dying: 1.30 beta on, 1.35 deprecated off
        Locks: 1.30 alpha off, 1.33 beta on, 1.36 ga on locked
        Flips: 1.31 alpha off, 1.36 beta on
        Falls: 1.31 beta on, 1.35 beta off
        Base: 1.30 beta on
        Upper: 1.32 alpha off, 1.35 beta on
        Top: 1.33 alpha off, 1.36 beta on
        Lonely: 1.33 alpha off
    ";
    let gone = "
        Gone: 1.28 beta on, 1.31 ga on locked
        Withdrawn: 1.33 alpha off
        Late: 1.27 beta on, 1.34 ga on
    ";
    let new = "
        Fresh: 1.36 alpha off
        FreshOn: 1.36 beta on
        Ancient: 1.0 ga on, 1.36 deprecated on
        Soon: 1.36 prealpha off
    ";
    let needs = [("Upper", "Base"), ("Top", "Upper, Still"), ("Lonely", "Alpha")];
    let mapping: String = needs.iter().map(|(gate, needs)| format!("{gate}: [{needs}]\n")).collect();
    let tree = |files: &[(&str, &str)]| MemoryTree::new(files.iter().map(|(path, text)| (*path, *text)));
    let early = list(&format!("{common}{gone}"));
    let middle = list(&format!("{common}Late: 1.27 beta on, 1.34 ga on"));
    let late = list(&format!("{common}{new}"));
    let table = table(&needs);
    BTreeMap::from([
        ("1.33.1".to_owned(), tree(&[(LIST, &early)])),
        ("1.34.2".to_owned(), tree(&[(LIST, &early)])),
        ("1.35.3".to_owned(), tree(&[(LIST, &middle), (NEEDS, &mapping)])),
        ("1.36.2".to_owned(), tree(&[(LIST, &late), (TABLE, &table)])),
    ])
}

/// The lists of real versions; `None`, and a line that says so, where they are not there.
pub fn corpora() -> Option<Files> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let folder = std::env::var_os("SIGNOFF_CORPORA").map_or_else(beside, PathBuf::from).join("evidence");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        let _ = writeln!(std::io::stderr(), "not run: no evidence in SIGNOFF_CORPORA or ../shared/corpora");
        return None;
    };
    let mut files = Files::new();
    for entry in entries.map(|entry| entry.expect("an entry")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(version) = name.strip_prefix("kubernetes-") else { continue };
        let found = profile_rules().source.iter().flat_map(|rule| rule.paths.clone()).collect::<Vec<_>>();
        let read = |path: &String| Some((path.clone(), std::fs::read(entry.path().join(path)).ok()?));
        files.insert(version.to_owned(), MemoryTree::new(found.iter().filter_map(read)));
    }
    Some(files)
}

/// What the files say.
pub fn facts(files: &Files, rules: &EvidenceRules) -> Facts {
    let given: Vec<Given<'_>> = files
        .iter()
        .map(|(version, tree)| Given { name: rules.code.as_str().into(), version: version.as_str().into(), tree })
        .collect();
    gather(rules, &given)
}

/// A setting, as `Name=true`, `kube:Name=false` or with a value that is none; its line is its place in the list.
pub fn setting(text: &str, line: usize) -> GateSetting {
    let (name, written) = text.split_once('=').expect("a value");
    let (prefix, name) = name.split_once(':').map_or((None, name), |(prefix, name)| (Some(prefix.into()), name));
    let value = written.parse().ok();
    let place = Place { path: "kubelet.yaml".into(), line: Some(line) };
    GateSetting { name: name.into(), written: written.into(), value, prefix, place }
}

/// A component with settings by comma.
pub fn component(component: &str, settings: &str) -> Configured {
    let gates = settings.split(',').filter(|text| !text.is_empty()).enumerate();
    Configured {
        component: component.into(),
        files: vec!["kubelet.yaml".into()],
        gates: gates.map(|(index, text)| setting(text.trim(), index + 1)).collect(),
        ..Configured::default()
    }
}

/// A question about two versions.
pub fn question<'a>(from: &str, to: &str, configured: &'a [Configured]) -> Question<'a> {
    let asked = |text| Asked::parse(text).expect("a version");
    Question {
        from: asked(from),
        to: asked(to),
        emulation: None,
        both_ways: false,
        allow_unknown: false,
        configured,
        texts: &[],
        unrecognised: &[],
        components: &[],
    }
}

/// The answer that some files give.
pub fn ask(files: &Files, question: &Question<'_>) -> Result<Report, Error> {
    let rules = profile_rules();
    let facts = facts(files, &rules);
    upgrade(&Gates::of(&facts, &rules), &facts, &rules, None, question)
}
