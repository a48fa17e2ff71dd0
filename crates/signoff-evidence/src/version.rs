//! Which project and which version a folder or a tag is, by its name.

use signoff_model::{Release, Tree};

use signoff_model::yaml;

/// A project and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The project; `None` where the name has a version alone.
    pub project: Option<String>,
    /// The version, without a leading `v`.
    pub version: String,
}

/// Reads `kubernetes-1.36.2`, `kubernetes-v1.36.2`, `v1.36.2`, `1.36.2`; `None` for names without a version.
#[must_use]
pub fn named(name: &str) -> Option<Named> {
    let plain = name.strip_suffix(".git").unwrap_or(name);
    let version_of = |text: &str| {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let core = text.split_once('-').map_or(text, |(core, _)| core);
        Release::parse(core).map(|_| text.to_owned())
    };
    if let Some(version) = version_of(plain) {
        return Some(Named { project: None, version });
    }
    let mut dashes = plain.match_indices(['-', '_', '@']);
    dashes.find_map(|(at, _)| {
        let version = version_of(&plain[at + 1..])?;
        Some(Named { project: Some(plain[..at].to_owned()), version })
    })
}

/// The version that a tree of documentation is of: the newest release of its own schedule, which it lists first.
#[must_use]
pub fn of_documentation(tree: &dyn Tree) -> Option<String> {
    let bytes = tree.read("data/releases/schedule.yaml").ok()?;
    let root = yaml::parse(std::str::from_utf8(&bytes).ok()?).root?;
    let releases = root.get("schedules")?.items().iter();
    let versions = releases.filter_map(|schedule| schedule.get("release")?.text().map(str::to_owned));
    versions.filter(|text| Release::parse(text).is_some()).max_by_key(|text| Release::parse(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let cases = [
            ("kubernetes-1.36.2", Some((Some("kubernetes"), "1.36.2"))),
            ("kubernetes-v1.36.2", Some((Some("kubernetes"), "1.36.2"))),
            ("v1.36.2", Some((None, "1.36.2"))),
            ("1.36", Some((None, "1.36"))),
            ("v1.37.0-beta.1", Some((None, "1.37.0-beta.1"))),
            ("cluster-api_1.9.0", Some((Some("cluster-api"), "1.9.0"))),
            ("website", None),
            ("kubernetes", None),
            ("", None),
        ];
        for (name, expected) in cases {
            let expected = expected
                .map(|(project, version)| Named { project: project.map(str::to_owned), version: version.to_owned() });
            assert_eq!(named(name), expected, "{name}");
        }
    }
}
