//! Reads and writes the file of a snapshot. The same snapshot gives the same bytes.

use std::collections::HashMap;
use std::sync::Arc;

use signoff_model::Release;
use signoff_model::cluster::{self, Outcome, ReadingKind, ReportedGate, Snapshot};
use signoff_model::configured::{self, Place};
use signoff_model::fact::{GateStage, Problem};

use super::wire::{self, SCHEMA, Stage};

/// The file of a snapshot, with a final line break.
#[must_use]
pub fn write(snapshot: &Snapshot) -> String {
    let file = to_wire(snapshot);
    let mut text = serde_json::to_string(&file).expect("texts, numbers and mappings with texts for keys");
    text.push('\n');
    text
}

/// Reads the file of a snapshot.
///
/// # Errors
/// When it is none, or broken: in one sentence, with the line and column of the mistake.
pub fn read(bytes: &[u8]) -> Result<Snapshot, String> {
    // The name of the shape first, so that a file of another kind is told by what it is.
    #[derive(serde::Deserialize)]
    struct Head {
        schema: Option<String>,
    }
    let head: Head = serde_json::from_slice(bytes).map_err(|error| mistake(&error))?;
    match head.schema.as_deref() {
        Some(SCHEMA) => {}
        Some(other) => {
            let other: String = other.chars().take(40).collect();
            return Err(format!("its `schema` is `{other}`; a snapshot of a cluster has `{SCHEMA}`"));
        }
        None => return Err(format!("it has no `schema`; a snapshot of a cluster has `{SCHEMA}`")),
    }
    from_wire(serde_json::from_slice(bytes).map_err(|error| mistake(&error))?)
}

/// What is wrong with a file; the words of the parser may quote it, so that only the kind and the place are told.
fn mistake(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let what = match error.classify() {
        Category::Eof => "it ends in the middle of a value",
        Category::Syntax => "it is not JSON from here on",
        Category::Data | Category::Io => "a value is missing, or of another kind than it must be",
    };
    format!("{what} (line {}, column {})", error.line(), error.column())
}

fn to_wire(snapshot: &Snapshot) -> wire::File {
    // Destructured so that a new field is a compile error here, not a silent omission.
    let Snapshot { name, taken_at, version, readings, reported, flags, nodes, programs, configured, metrics } =
        snapshot;
    let mut sets: Vec<&[ReportedGate]> = Vec::new();
    let mut places: HashMap<&[ReportedGate], usize> = HashMap::new();
    let mut who = Vec::new();
    for one in reported {
        let place = *places.entry(&one.gates).or_insert_with(|| {
            sets.push(&one.gates);
            sets.len() - 1
        });
        who.push(wire::Reported {
            component: Arc::clone(&one.component),
            instance: Arc::clone(&one.instance),
            source: one.source.word().to_owned(),
            at: one.at,
            gates: place,
        });
    }
    let gate = |gate: &ReportedGate| {
        (Arc::clone(&gate.name), wire::Gate { stage: gate.stage.map(stage_to_wire), on: gate.enabled })
    };
    wire::File {
        schema: SCHEMA.to_owned(),
        name: Arc::clone(name),
        taken_at: *taken_at,
        version: version.as_ref().map(version_to_wire),
        readings: readings.iter().map(reading_to_wire).collect(),
        gate_sets: sets.into_iter().map(|gates| gates.iter().map(gate).collect()).collect(),
        reported: who,
        flags: flags.iter().map(flags_to_wire).collect(),
        nodes: nodes.iter().map(node_to_wire).collect(),
        programs: programs.iter().map(program_to_wire).collect(),
        configured: configured.iter().map(configured_to_wire).collect(),
        metrics: metrics.iter().map(metrics_to_wire).collect(),
    }
}

fn from_wire(file: wire::File) -> Result<Snapshot, String> {
    let gate = |(name, gate): (Arc<str>, wire::Gate)| ReportedGate {
        name,
        stage: gate.stage.map(stage_from_wire),
        enabled: gate.on,
    };
    let sets: Vec<Arc<[ReportedGate]>> =
        file.gate_sets.into_iter().map(|set| set.into_iter().map(gate).collect()).collect();
    let reported = |one: wire::Reported| -> Result<cluster::Reported, String> {
        let Some(gates) = sets.get(one.gates) else {
            return Err(format!("`reported` names set {} of {}", one.gates, sets.len()));
        };
        Ok(cluster::Reported {
            component: one.component,
            instance: one.instance,
            source: kind(&one.source)?,
            at: one.at,
            gates: Arc::clone(gates),
        })
    };
    Ok(Snapshot {
        name: file.name,
        taken_at: file.taken_at,
        version: file.version.map(version_from_wire).transpose()?,
        readings: file.readings.into_iter().map(reading_from_wire).collect::<Result<_, _>>()?,
        reported: file.reported.into_iter().map(reported).collect::<Result<_, _>>()?,
        flags: file.flags.into_iter().map(flags_from_wire).collect(),
        nodes: file.nodes.into_iter().map(node_from_wire).collect(),
        programs: file.programs.into_iter().map(program_from_wire).collect(),
        configured: file.configured.into_iter().map(configured_from_wire).collect(),
        metrics: file.metrics.into_iter().map(metrics_from_wire).collect(),
    })
}

fn kind(word: &str) -> Result<ReadingKind, String> {
    let found = ReadingKind::ALL.into_iter().find(|kind| kind.word() == word);
    found.ok_or_else(|| {
        format!("it names a kind of reading that is not known: `{}`", word.chars().take(40).collect::<String>())
    })
}

fn stage_to_wire(stage: GateStage) -> Stage {
    match stage {
        GateStage::PreAlpha => Stage::PreAlpha,
        GateStage::Alpha => Stage::Alpha,
        GateStage::Beta => Stage::Beta,
        GateStage::Stable => Stage::Stable,
        GateStage::Deprecated => Stage::Deprecated,
    }
}

fn stage_from_wire(stage: Stage) -> GateStage {
    match stage {
        Stage::PreAlpha => GateStage::PreAlpha,
        Stage::Alpha => GateStage::Alpha,
        Stage::Beta => GateStage::Beta,
        Stage::Stable => GateStage::Stable,
        Stage::Deprecated => GateStage::Deprecated,
    }
}

fn version_to_wire(version: &cluster::ServerVersion) -> wire::Version {
    let cluster::ServerVersion { written, release, has_patch, build, emulation, min_compatibility } = version;
    let spelt = |release: &Option<Release>| release.map(|release| release.to_string());
    wire::Version {
        written: Arc::clone(written),
        release: spelt(release),
        has_patch: *has_patch,
        build: build.clone(),
        emulation: spelt(emulation),
        min_compatibility: spelt(min_compatibility),
    }
}

fn version_from_wire(version: wire::Version) -> Result<cluster::ServerVersion, String> {
    let release = |text: Option<String>| match text {
        None => Ok(None),
        Some(text) => Release::parse(&text).map(Some).ok_or("a release in `version` is none"),
    };
    Ok(cluster::ServerVersion {
        written: version.written,
        release: release(version.release)?,
        has_patch: version.has_patch,
        build: version.build,
        emulation: release(version.emulation)?,
        min_compatibility: release(version.min_compatibility)?,
    })
}

fn reading_to_wire(reading: &cluster::Reading) -> wire::Reading {
    let cluster::Reading { what, component, instance, outcome, at } = reading;
    wire::Reading {
        what: what.word().to_owned(),
        component: Arc::clone(component),
        instance: Arc::clone(instance),
        outcome: outcome.word().to_owned(),
        detail: outcome.detail().into(),
        at: *at,
    }
}

fn reading_from_wire(reading: wire::Reading) -> Result<cluster::Reading, String> {
    let detail = reading.detail;
    let outcome = match reading.outcome.as_str() {
        "read" => Outcome::Read,
        "partly" => Outcome::Partly(detail),
        "denied" => Outcome::Denied(detail),
        "absent" => Outcome::Absent(detail),
        "failed" => Outcome::Failed(detail),
        _ => return Err("a reading has an `outcome` that is not known".into()),
    };
    let what = kind(&reading.what)?;
    Ok(cluster::Reading { what, component: reading.component, instance: reading.instance, outcome, at: reading.at })
}

fn flags_to_wire(flags: &cluster::ReportedFlags) -> wire::Flags {
    let cluster::ReportedFlags { component, instance, at, flags } = flags;
    let flags = flags.iter().cloned().collect();
    wire::Flags { component: Arc::clone(component), instance: Arc::clone(instance), at: *at, flags }
}

fn flags_from_wire(flags: wire::Flags) -> cluster::ReportedFlags {
    let wire::Flags { component, instance, at, flags } = flags;
    cluster::ReportedFlags { component, instance, at, flags: flags.into_iter().collect() }
}

fn node_to_wire(node: &cluster::ClusterNode) -> wire::ClusterNode {
    let cluster::ClusterNode { name, kubelet_version, declared_features } = node.clone();
    wire::ClusterNode { name, kubelet_version, declared_features }
}

fn node_from_wire(node: wire::ClusterNode) -> cluster::ClusterNode {
    let wire::ClusterNode { name, kubelet_version, declared_features } = node;
    cluster::ClusterNode { name, kubelet_version, declared_features }
}

fn program_to_wire(program: &cluster::RunningProgram) -> wire::Program {
    let cluster::RunningProgram { component, instance, version } = program.clone();
    wire::Program { component, instance, version }
}

fn program_from_wire(program: wire::Program) -> cluster::RunningProgram {
    let wire::Program { component, instance, version } = program;
    cluster::RunningProgram { component, instance, version }
}

fn metrics_to_wire(metrics: &cluster::ServedMetrics) -> wire::Metrics {
    let cluster::ServedMetrics { component, instances, names } = metrics.clone();
    wire::Metrics { component, instances, names: names.into_iter().collect() }
}

fn metrics_from_wire(metrics: wire::Metrics) -> cluster::ServedMetrics {
    let wire::Metrics { component, instances, names } = metrics;
    cluster::ServedMetrics { component, instances, names: names.into_iter().collect() }
}

fn configured_to_wire(configured: &configured::Configured) -> wire::Configured {
    let configured::Configured { component, instance, files, gates, flags, formats, gaps, faults, remarks } =
        configured.clone();
    let gate = |gate: configured::GateSetting| {
        let configured::GateSetting { name, written, value, prefix, place: Place { path, line } } = gate;
        wire::GateSetting { name, written, value, prefix, path, line }
    };
    let flag = |flag: configured::FlagSetting| {
        let configured::FlagSetting { name, value, place: Place { path, line } } = flag;
        wire::FlagSetting { name, value, path, line }
    };
    let format = |format: configured::ConfigFormat| {
        let configured::ConfigFormat { api_version, kind, place: Place { path, line } } = format;
        wire::ConfigFormat { api_version, kind, path, line }
    };
    let gap = |gap: Problem| {
        let Problem { path, line, message } = gap;
        wire::Gap { path, line, message }
    };
    wire::Configured {
        component,
        instance,
        files,
        gates: gates.into_iter().map(gate).collect(),
        flags: flags.into_iter().map(flag).collect(),
        formats: formats.into_iter().map(format).collect(),
        gaps: gaps.into_iter().map(gap).collect(),
        faults: faults.into_iter().map(gap).collect(),
        remarks: remarks.into_iter().map(gap).collect(),
    }
}

fn configured_from_wire(configured: wire::Configured) -> configured::Configured {
    let wire::Configured { component, instance, files, gates, flags, formats, gaps, faults, remarks } = configured;
    let gate = |gate: wire::GateSetting| {
        let wire::GateSetting { name, written, value, prefix, path, line } = gate;
        configured::GateSetting { name, written, value, prefix, place: Place { path, line } }
    };
    let flag = |flag: wire::FlagSetting| {
        let wire::FlagSetting { name, value, path, line } = flag;
        configured::FlagSetting { name, value, place: Place { path, line } }
    };
    let format = |format: wire::ConfigFormat| {
        let wire::ConfigFormat { api_version, kind, path, line } = format;
        configured::ConfigFormat { api_version, kind, place: Place { path, line } }
    };
    let gap = |gap: wire::Gap| {
        let wire::Gap { path, line, message } = gap;
        Problem { path, line, message }
    };
    configured::Configured {
        component,
        instance,
        files,
        gates: gates.into_iter().map(gate).collect(),
        flags: flags.into_iter().map(flag).collect(),
        formats: formats.into_iter().map(format).collect(),
        gaps: gaps.into_iter().map(gap).collect(),
        faults: faults.into_iter().map(gap).collect(),
        remarks: remarks.into_iter().map(gap).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Snapshot {
        let at = "2026-11-28T14:00:00Z".parse().expect("an instant");
        let gates: Arc<[ReportedGate]> = [
            ReportedGate { name: "A".into(), stage: Some(GateStage::PreAlpha), enabled: false },
            ReportedGate { name: "B".into(), stage: None, enabled: true },
        ]
        .into();
        let reported = |instance: &str| cluster::Reported {
            component: "kubelet".into(),
            instance: instance.into(),
            source: ReadingKind::Metrics,
            at,
            gates: Arc::clone(&gates),
        };
        let reading = |outcome| cluster::Reading {
            what: ReadingKind::Flagz,
            component: "kube-apiserver".into(),
            instance: "".into(),
            outcome,
            at,
        };
        Snapshot {
            name: "prod".into(),
            taken_at: at,
            version: Some(cluster::ServerVersion {
                written: "v1.36.2".into(),
                release: Release::parse("1.36.2"),
                has_patch: true,
                build: None,
                emulation: Release::parse("1.35"),
                min_compatibility: None,
            }),
            readings: [
                Outcome::Read,
                Outcome::Partly("a".into()),
                Outcome::Denied("b".into()),
                Outcome::Absent("c".into()),
                Outcome::Failed("d".into()),
            ]
            .map(reading)
            .into(),
            reported: vec![reported("n1"), reported("n2")],
            flags: vec![cluster::ReportedFlags {
                component: "kube-apiserver".into(),
                instance: "".into(),
                at,
                flags: vec![("feature-gates".into(), Some("A=true".into())), ("v".into(), None)],
            }],
            nodes: vec![cluster::ClusterNode {
                name: "n1".into(),
                kubelet_version: "v1.36.2".into(),
                declared_features: vec!["B".into()],
            }],
            programs: vec![cluster::RunningProgram {
                component: "kube-scheduler".into(),
                instance: "n1".into(),
                version: "v1.36.2".into(),
            }],
            configured: vec![set_up()],
            metrics: vec![cluster::ServedMetrics {
                component: "kubelet".into(),
                instances: vec!["n1".into(), "n2".into()],
                names: vec![("a_total".into(), Some("ALPHA".into())), ("b".into(), None)],
            }],
        }
    }

    fn set_up() -> configured::Configured {
        let place = Place { path: "pod p".into(), line: Some(3) };
        configured::Configured {
            component: "kubelet".into(),
            instance: "n1".into(),
            files: vec!["pod p".into()],
            gates: vec![configured::GateSetting {
                name: "A".into(),
                written: "maybe".into(),
                value: None,
                prefix: Some("kube".into()),
                place: place.clone(),
            }],
            flags: vec![configured::FlagSetting { name: "v".into(), value: None, place: place.clone() }],
            formats: vec![configured::ConfigFormat { api_version: "x/v1".into(), kind: "K".into(), place }],
            gaps: vec![Problem { path: "pod p".into(), line: None, message: "gone".into() }],
            faults: Vec::new(),
            remarks: vec![Problem { path: "pod p".into(), line: Some(2), message: "odd".into() }],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let text = write(&sample());
        assert_eq!(read(text.as_bytes()), Ok(sample()));
        assert_eq!(text.matches("\"A\":").count(), 1, "gates are kept once: {text}");
    }

    #[test]
    fn broken_files_are_errors_and_never_panics() {
        let text = write(&sample());
        for end in 0..text.len() - 2 {
            assert!(read(&text.as_bytes()[..end]).is_err(), "{end}");
        }
        let changed = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            read(text.replacen(from, to, 1).as_bytes()).expect_err(to)
        };
        assert!(changed(SCHEMA, "signoff.check/1").contains("its `schema` is `signoff.check/1`"));
        assert!(changed("\"gates\":0", "\"gates\":7").contains("set 7 of 1"));
        assert!(changed("\"what\":\"flagz\"", "\"what\":\"x\"").contains("`x`"));
        assert!(changed("\"outcome\":\"denied\"", "\"outcome\":\"x\"").contains("`outcome`"));
        assert!(changed("v1.36.2\",\"has", "x\",\"has").contains("a release"));
        assert!(changed("2026-11-28T14:00:00Z", "yesterday").contains("of another kind"));
        assert_eq!(
            read(b"{}").expect_err("no snapshot"),
            "it has no `schema`; a snapshot of a cluster has `signoff.cluster/1`"
        );
        assert!(read(&[0xff, 0xfe]).is_err());
    }
}
