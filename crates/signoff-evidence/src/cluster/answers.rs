//! Answers of a single object: the version, flags and versions of a component.

use std::sync::Arc;

use signoff_model::cluster::{KEPT_FLAGS, ServerVersion, release_of};
use signoff_model::node::Value;
use signoff_model::{Node, Release};

use crate::json;
use crate::values::text;

/// Most flags that a component is believed to have.
const FLAGS_MAX: usize = 5_000;

/// Flags by name, with the values that are kept.
pub type Flags = Vec<(Arc<str>, Option<Arc<str>>)>;

/// What a component says of its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statusz {
    /// The version of the program.
    pub binary: Option<Release>,
    /// The version whose behaviour it shows.
    pub emulation: Option<Release>,
    /// The oldest version that it stays compatible with.
    pub min_compatibility: Option<Release>,
}

/// Reads the answer at `/version`.
///
/// # Errors
/// When it is no object of JSON, or tells no version.
pub fn version(answer: &str) -> Result<ServerVersion, String> {
    let root = object(answer)?;
    let written = text(&root, "gitVersion").unwrap_or_default();
    let numbers = pair(&root, "major", "minor");
    let Some(release) = release_of(written).or(numbers) else {
        return Err("it tells no version: `gitVersion`, `major` and `minor` are missing".into());
    };
    let build = written.split_once(['-', '+']).map(|(_, build)| build).filter(|_| release_of(written).is_some());
    Ok(ServerVersion {
        written: if written.is_empty() { release.to_string().into() } else { written.into() },
        release: Some(release),
        has_patch: release_of(written).is_some(),
        build: build.map(Arc::from),
        emulation: pair(&root, "emulationMajor", "emulationMinor"),
        min_compatibility: pair(&root, "minCompatibilityMajor", "minCompatibilityMinor"),
    })
}

/// Reads the JSON answer at `/statusz`, of any of its versions.
///
/// # Errors
/// When it is no `Statusz`.
pub fn statusz(answer: &str) -> Result<Statusz, String> {
    let root = of_kind(answer, "Statusz")?;
    let release = |key: &str| text(&root, key).and_then(release_of);
    Ok(Statusz {
        binary: release("binaryVersion"),
        emulation: release("emulationVersion"),
        min_compatibility: release("minimumCompatibilityVersion"),
    })
}

/// Reads the JSON answer at `/flagz`, of any of its versions: names, sorted, with the values that are kept.
///
/// # Errors
/// When it is no `Flagz`.
pub fn flagz(answer: &str) -> Result<Flags, String> {
    let root = of_kind(answer, "Flagz")?;
    let Some(flags) = root.get("flags").filter(|flags| is_map(flags)).map(Node::pairs) else {
        return Err("it has no mapping `flags`".into());
    };
    if flags.len() > FLAGS_MAX {
        return Err(format!("it has {} flags; the limit is {FLAGS_MAX}", flags.len()));
    }
    let kept = |name: &str, value: Option<&str>| value.filter(|_| KEPT_FLAGS.contains(&name)).map(Arc::from);
    let mut found: Flags =
        flags.iter().map(|flag| (flag.key.as_ref().into(), kept(&flag.key, flag.node.text()))).collect();
    found.sort();
    found.dedup_by(|left, right| left.0 == right.0);
    Ok(found)
}

/// An object of JSON that is there as a whole.
pub(super) fn object(answer: &str) -> Result<Node, String> {
    let read = json::read(answer, json::whole);
    if let Some((line, words)) = read.fault {
        return Err(format!("{words} (line {line})"));
    }
    read.root.filter(is_map).ok_or_else(|| "it is no object of JSON".into())
}

pub(super) fn is_map(node: &Node) -> bool {
    matches!(node.value, Value::Map(_))
}

/// An object whose `kind` is this one.
pub(super) fn of_kind(answer: &str, kind: &str) -> Result<Node, String> {
    let root = object(answer)?;
    match text(&root, "kind") {
        Some(found) if found == kind => Ok(root),
        Some(found) => Err(format!("it is no {kind} but a {}", short(found))),
        None => Err(format!("it is no {kind}: it has no `kind`")),
    }
}

/// The first letters of a text that somebody else wrote.
pub(super) fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// A release in two fields; a minor version may have a mark behind it, as in `34+`.
fn pair(root: &Node, major: &str, minor: &str) -> Option<Release> {
    let digits = |key: &str| text(root, key).map(|text| text.trim_end_matches('+'));
    Release::parse(&format!("{}.{}", digits(major)?, digits(minor)?)).filter(|release| !release.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(text: &str) -> Option<Release> {
        Release::parse(text)
    }

    #[test]
    fn versions() {
        let version = version(
            r#"{"major":"1","minor":"36","emulationMajor":"1","emulationMinor":"35","minCompatibilityMajor":"1",
               "minCompatibilityMinor":"34","gitVersion":"v1.36.2"}"#,
        )
        .expect("a version");
        assert_eq!((version.release, version.has_patch, version.build.clone()), (release("1.36.2"), true, None));
        assert_eq!((version.emulated(), version.min_compatibility), (release("1.35"), release("1.34")));
        let cases = [
            (r#"{"gitVersion":"v1.34.1-gke.100","major":"1","minor":"34+"}"#, "1.34.1", true, Some("gke.100")),
            (r#"{"gitVersion":"v0.0.0-master+$Format:%H$","major":"1","minor":"36"}"#, "1.36", false, None),
            (r#"{"major":"1","minor":"29+"}"#, "1.29", false, None),
        ];
        for (answer, own, has_patch, build) in cases {
            let found = super::version(answer).expect(answer);
            assert_eq!((found.release, found.has_patch, found.build.as_deref()), (release(own), has_patch, build));
        }
    }

    #[test]
    fn answers_of_another_kind_are_errors() {
        let cases = [
            ("", "it ends in the middle of a value (line 1)"),
            ("<html>", "it is not JSON from here on (line 1)"),
            ("[]", "it is no object of JSON"),
            ("{\"kind\": \"Flagz\", \"flags\": {\"a\": \"b\"", "it ends in the middle of a value (line 1)"),
            ("{\"kind\": \"Status\"}", "it is no Flagz but a Status"),
            ("{}", "it is no Flagz: it has no `kind`"),
            ("{\"kind\": \"Flagz\"}", "it has no mapping `flags`"),
        ];
        for (answer, expected) in cases {
            assert_eq!(flagz(answer).expect_err(answer), expected, "{answer}");
        }
        assert!(version("{\"kind\": \"Status\"}").expect_err("no version").starts_with("it tells no version"));
        assert!(statusz("{}").is_err());
    }

    #[test]
    fn values_of_flags_are_kept_for_gates_and_versions_alone() {
        let answer = r#"{"kind":"Flagz","apiVersion":"config.k8s.io/v1beta1","metadata":{"name":"apiserver"},
            "flags":{"token-auth-file":"s3cret","feature-gates":":HPAScaleToZero=true","emulated-version":"[]","v":"2"}}"#;
        let flags = flagz(answer).expect("flags");
        let flags: Vec<(&str, Option<&str>)> = flags.iter().map(|(name, value)| (&**name, value.as_deref())).collect();
        let expected = [
            ("emulated-version", Some("[]")),
            ("feature-gates", Some(":HPAScaleToZero=true")),
            ("token-auth-file", None),
            ("v", None),
        ];
        assert_eq!(flags, expected);
    }

    #[test]
    fn statuses() {
        let answer = r#"{"kind":"Statusz","apiVersion":"config.k8s.io/v1beta1","binaryVersion":"1.36","emulationVersion":"1.35"}"#;
        let expected = Statusz { binary: release("1.36"), emulation: release("1.35"), min_compatibility: None };
        assert_eq!(statusz(answer), Ok(expected));
    }
}
