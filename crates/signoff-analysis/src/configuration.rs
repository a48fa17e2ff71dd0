//! `signoff.toml` at the root of a proposals repository. Everything in it has a default.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use signoff_model::profile::{CheckpointKind, ConfigFault, Level, Prepared, SavedQuery, WrittenCalendar};
use signoff_model::spelling::nearest;
use signoff_model::tree;

use crate::{calendars, places, query, rules};

/// The name of the file.
pub const FILE_NAME: &str = "signoff.toml";

/// What a repository sets.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Configuration {
    /// Id of an embedded profile, or path of a profile in the repository. Absent: by the layout.
    pub profile: Option<String>,
    /// The baseline file, a path in the repository; `signoff-baseline.json` when absent.
    pub baseline: Option<String>,
    /// Severity by rule code: `off`, `info`, `warning`, `error`. A trailing `*` matches any end.
    pub rules: BTreeMap<String, Level>,
    /// Severities for some paths; later entries win.
    #[serde(rename = "override")]
    pub overrides: Vec<PathOverride>,
    /// Queries of this repository, by name; they stand before those of the profile.
    pub query: BTreeMap<String, SavedQuery>,
    /// Checkpoints of this repository's releases, beside those of the profile; one of the same `id` replaces it.
    pub checkpoint: Vec<CheckpointKind>,
    /// When the checkpoints are, by release; each date replaces that of the profile.
    pub calendar: Vec<WrittenCalendar>,
    /// Exceptions that were asked for: a file, or a folder of them, by its path in the repository.
    pub exceptions: Option<String>,
    /// What was pulled of the forge: a file of `signoff forge pull`, by its path in the repository.
    pub forge: Option<String>,
    /// Sources that tell whether the proposals are right, by paths from the repository's root.
    pub evidence: WrittenEvidence,
}

/// Sources that tell whether the proposals are right.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WrittenEvidence {
    /// Code: `[VERSION=]DIR` each, a folder or a git repository at a tag.
    pub code: Vec<String>,
    /// Documentation, in the same way.
    pub docs: Vec<String>,
}

/// Severities for some paths.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PathOverride {
    /// Paths from the repository's root; `*` matches within a name, `**` across folders.
    pub paths: Vec<String>,
    /// Severity by rule code.
    pub rules: BTreeMap<String, Level>,
}

impl Configuration {
    /// Reads the file's text.
    ///
    /// # Errors
    /// The mistake, at its place.
    pub fn parse(text: &str) -> Result<Self, ConfigFault> {
        toml::from_str(text).map_err(|error| with_suggestion(&ConfigFault::toml(&error)))
    }

    /// Mistakes that only show once all is read: codes under which nothing can be reported, overrides without
    /// effect, a baseline outside the repository, queries that cannot be answered, each at its place in the file's
    /// text. The rest of the configuration holds all the same. Of a text that cannot be read as a configuration,
    /// nothing more is said.
    #[must_use]
    pub fn faults(text: &str, prepared: &Prepared) -> Vec<ConfigFault> {
        let Ok(configuration) = Self::parse(text) else { return Vec::new() };
        let profile = &prepared.profile;
        let codes = places::keys(text, &["rules"]).into_iter().chain(places::keys(text, &["override", "rules"]));
        let unknown = |code: places::Placed| {
            let message = rules::unknown_code(profile, &code.text)?;
            Some(ConfigFault { span: code.span, message })
        };
        let mut found: Vec<ConfigFault> = codes.filter_map(unknown).collect();
        found.extend(
            places::texts(text, &["baseline"]).iter().filter_map(|file| outside(file, "signoff-baseline.json")),
        );
        found.extend(places::texts(text, &["forge"]).iter().filter_map(|file| outside(file, "signoff-forge.jsonl")));
        found.extend(places::texts(text, &["exceptions"]).iter().filter_map(|file| outside(file, "releases")));
        let kinds: Vec<CheckpointKind> = configuration.checkpoint.iter().chain(&profile.checkpoint).cloned().collect();
        found.extend(calendars::faults(&kinds, text));
        found.extend(idle_overrides(text));
        found.extend(query::faults(prepared, &configuration.query, text));
        found.sort_by_key(|fault| fault.span.start);
        found
    }

    /// What the configuration says about a rule at a path, if anything.
    #[must_use]
    pub fn level(&self, rule: &str, path: &str) -> Option<Level> {
        let general = level_in(&self.rules, rule);
        self.overrides
            .iter()
            .filter(|entry| entry.paths.iter().any(|pattern| matches(pattern, path)))
            .filter_map(|entry| level_in(&entry.rules, rule))
            .next_back()
            .or(general)
    }
}

/// Adds to a fault about an unknown key or value the one that may be meant, out of those that it names.
fn with_suggestion(fault: &ConfigFault) -> ConfigFault {
    let mut names = fault.message.split('`').skip(1).step_by(2);
    let known_first = fault.message.starts_with("unknown ");
    let near = names.next().filter(|_| known_first).and_then(|wrong| nearest(wrong, names));
    let message = match near {
        Some(near) => format!("{}; did you mean `{near}`?", fault.message),
        // The reader of TOML speaks of a type of the program.
        None => fault.message.replace("expected usize", "expected a whole number"),
    };
    ConfigFault { span: fault.span, message }
}

/// A file that would be read, or written, outside the repository.
fn outside(file: &places::Placed, example: &str) -> Option<ConfigFault> {
    let name = &file.text;
    let inside =
        !name.starts_with('/') && !name.contains('\\') && tree::resolve("", name).is_some_and(|path| path == *name);
    let message = format!("`{name}` is no path of a file in the repository, such as `{example}`");
    (!inside).then_some(ConfigFault { span: file.span, message })
}

/// Overrides that say nothing, or for no path.
fn idle_overrides(text: &str) -> Vec<ConfigFault> {
    let overrides = places::tables(text, &["override"]);
    let idle = overrides.into_iter().filter_map(|(place, keys)| {
        let missing = ["paths", "rules"].into_iter().find(|key| !keys.iter().any(|known| known == key))?;
        let message = format!("this override has no effect: it has no `{missing}`");
        Some(ConfigFault { span: place, message })
    });
    idle.collect()
}

fn level_in(rules: &BTreeMap<String, Level>, rule: &str) -> Option<Level> {
    let pattern = |(code, _): &(&String, &Level)| code.strip_suffix('*').is_some_and(|start| rule.starts_with(start));
    rules.get(rule).copied().or_else(|| rules.iter().filter(pattern).map(|(_, level)| *level).next_back())
}

/// Whether a path matches a pattern with `*` (within a name) and `**` (across folders).
#[must_use]
pub fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((before, behind)) => {
            let Some(rest) = path.strip_prefix(before) else { return false };
            let (deep, behind) = match behind.strip_prefix('*') {
                Some(behind) => (true, behind.strip_prefix('/').unwrap_or(behind)),
                None => (false, behind),
            };
            let end = if deep { rest.len() } else { rest.find('/').unwrap_or(rest.len()) };
            (0..=end).filter(|at| rest.is_char_boundary(*at)).any(|at| matches(behind, &rest[at..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let cases = [
            ("keps/a/kep.yaml", "keps/a/kep.yaml", true),
            ("keps/*/kep.yaml", "keps/a/kep.yaml", true),
            ("keps/*/kep.yaml", "keps/a/b/kep.yaml", false),
            ("keps/**/kep.yaml", "keps/a/b/kep.yaml", true),
            ("keps/**", "keps/a/b", true),
            ("keps/a", "keps/ab", false),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn codes_that_no_rule_has_are_mistakes() {
        let profile = Prepared::new(crate::profiles::load("eip").expect("a profile"));
        let cases = [
            ("[rules]\ntoc-stale = \"off\"\n\"toc-*\" = \"off\"\n\"*\" = \"info\"\ntitle-length = \"off\"\n", vec![]),
            (
                "[rules]\n\"toc-stal\" = \"off\"\n",
                vec!["\"toc-stal\": there is no rule `toc-stal`; did you mean `toc-stale`?"],
            ),
            (
                "[rules]\ntitle-lenght = \"off\"\n",
                vec!["title-lenght: there is no rule `title-lenght`; did you mean `title-length`?"],
            ),
            (
                "[rules]\n\"tok-*\" = \"off\"\n",
                vec!["\"tok-*\": no rule's code starts with `tok-`; did you mean `toc-*`?"],
            ),
            (
                "[[override]]\npaths = []\nrules = { zzzzzzz = \"off\" }\n[[override]]\nrules.x-y = \"off\"\n",
                vec![
                    "zzzzzzz: there is no rule `zzzzzzz`; `signoff rule` lists them all",
                    "[[override]]: this override has no effect: it has no `paths`",
                    "x-y: there is no rule `x-y`; `signoff rule` lists them all",
                ],
            ),
            ("baseline = \"old/accepted.json\"\n[[override]]\npaths = [\"a\"]\nrules = {}\n", vec![]),
            (
                "[[override]]\npaths = [\"a\"]\n[[override]]\n",
                vec![
                    "[[override]]: this override has no effect: it has no `rules`",
                    "[[override]]: this override has no effect: it has no `paths`",
                ],
            ),
            (
                "[query.mine]\nwhere = 'satus == \"Draft\"'\n[query.yours]\ncount = true\n",
                vec!["mine: in this query: unknown name `satus`; did you mean `status`?"],
            ),
            (
                "baseline = \"../x.json\"\n",
                vec![
                    "\"../x.json\": `../x.json` is no path of a file in the repository, such as `signoff-baseline.json`",
                ],
            ),
            (
                "baseline = '/etc/passwd'\n",
                vec![
                    "'/etc/passwd': `/etc/passwd` is no path of a file in the repository, such as `signoff-baseline.json`",
                ],
            ),
        ];
        for (text, expected) in cases {
            assert!(Configuration::parse(text).is_ok(), "{text}");
            let faults = Configuration::faults(text, &profile);
            let shown: Vec<_> =
                faults.iter().map(|fault| format!("{}: {}", fault.span.of(text), fault.message)).collect();
            assert_eq!(shown, expected, "{text}");
        }
    }

    #[test]
    fn mistakes_suggest_what_is_meant() {
        let cases = [
            ("profil = 1\n", "profil: ", "did you mean `profile`?"),
            ("[[overrides]]\npaths = []\n", "overrides: ", "did you mean `override`?"),
            ("[[override]]\npath = []\n", "path: ", "did you mean `paths`?"),
            ("[[override]]\nrules = { x = 'of' }\n", "'of': ", "did you mean `off`?"),
            ("[[override]]\nrules = { x = 'warn' }\n", "'warn': ", "expected one of `off`, `info`, `warning`, `error`"),
            ("[[override]]\npaths = 'a'\n", "'a': ", "expected a sequence"),
            ("[rules]\nx = 'error'\nx = 'info'\n", "x: ", "duplicate key"),
            ("[query.x]\nlimit = -1\n", "-1: ", "expected a whole number"),
            ("zzzzz = 1\n", "zzzzz: ", "expected one of `profile`, "),
        ];
        for (text, place, words) in cases {
            let fault = Configuration::parse(text).expect_err(text);
            let shown = format!("{}: {}", fault.span.of(text), fault.message);
            assert!(shown.starts_with(place) && shown.contains(words), "{shown}");
        }
    }

    #[test]
    fn the_most_specific_level_wins() {
        let text = "[rules]\n\"toc-*\" = \"off\"\ntoc-stale = \"error\"\n[[override]]\npaths = [\"keps/old/**\"]\nrules = { toc-stale = \"info\" }\n";
        let configuration = Configuration::parse(text).expect("valid");
        assert_eq!(configuration.level("toc-missing", "x"), Some(Level::Off));
        assert_eq!(configuration.level("toc-stale", "x"), Some(Level::Error));
        assert_eq!(configuration.level("toc-stale", "keps/old/a"), Some(Level::Info));
        assert_eq!(configuration.level("link-dead", "x"), None);
        assert!(Configuration::parse("profil = 1\n").is_err());
    }
}
