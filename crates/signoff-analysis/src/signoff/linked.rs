//! The issues and pull requests that the body of an issue names, and the stage that each stands under.

use signoff_model::comment;
use signoff_model::profile::Prepared;

/// An issue or pull request that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// `owner/name`, as it is written; that of the proposals where only a number is.
    pub repository: String,
    /// Its number.
    pub number: u64,
    /// The stage under which it stands.
    pub stage: Option<String>,
    /// Whether the address says that it is an issue.
    pub is_issue: bool,
}

/// Most links that are taken from one text.
const LINKS_MAX: usize = 1000;

/// The links of a text in their order, each once for every stage. What stands in comments and fences names nothing.
#[must_use]
pub fn links(prepared: &Prepared, text: &str) -> Vec<Link> {
    let hidden = comment::find(text, 0);
    let masked = comment::mask(text, 0, &hidden);
    let mut stage: Option<&str> = None;
    let mut found: Vec<Link> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for line in masked.text.lines() {
        stage = stage_of(prepared, line).or(stage);
        for (repository, number, is_issue) in named(prepared, line) {
            let key = (repository.to_ascii_lowercase(), number, stage);
            if found.len() < LINKS_MAX && seen.insert(key) {
                found.push(Link {
                    repository: repository.to_owned(),
                    number,
                    stage: stage.map(str::to_owned),
                    is_issue,
                });
            }
        }
    }
    found
}

/// The pull requests for a stage that a text lists: those under its heading; where no stage has a heading, all.
#[must_use]
pub fn of_stage(prepared: &Prepared, text: &str, stage: &str) -> Vec<Link> {
    let mut all = links(prepared, text);
    all.retain(|link| !link.is_issue);
    let has_headings = all.iter().any(|link| link.stage.is_some());
    all.retain(|link| !has_headings || link.stage.as_deref() == Some(stage));
    all
}

/// The stage that a line begins with, behind the marks of lists, boxes, headings and emphasis.
fn stage_of<'p>(prepared: &'p Prepared, line: &str) -> Option<&'p str> {
    let mut rest = line.trim_start_matches(['#', '*', '-', '+', ' ', '\t', '_']);
    if let Some(behind) = ["[ ]", "[x]", "[X]"].iter().find_map(|mark| rest.strip_prefix(mark)) {
        rest = behind;
    }
    let word: &str = rest.trim_start_matches(['#', '*', ' ', '_', '`']).split(|c: char| !c.is_alphanumeric()).next()?;
    let is_it = |name: &str| name.eq_ignore_ascii_case(word);
    let stages = &prepared.profile.stage;
    let found = stages.iter().find(|stage| is_it(&stage.name) || stage.aliases.iter().any(|alias| is_it(alias)))?;
    Some(&found.name)
}

/// What a line names: `https://forge/owner/name/pull/1`, `owner/name#1`, `#1`.
fn named<'t>(prepared: &'t Prepared, line: &'t str) -> Vec<(&'t str, u64, bool)> {
    let forge = &prepared.profile.forge;
    let mut found = Vec::new();
    for word in line.split(|c: char| c.is_whitespace() || "()[]<>,;\"'`|".contains(c)) {
        let address = word.split_once("://").map(|(_, rest)| rest.strip_prefix("www.").unwrap_or(rest));
        let host = forge.web.split_once("://").map_or("", |(_, host)| host);
        match address {
            Some(address) if !host.is_empty() => {
                let path = address.strip_prefix(host).and_then(|rest| rest.strip_prefix('/'));
                found.extend(path.and_then(of_path));
            }
            Some(_) => {}
            None => found.extend(of_short(word, &forge.proposals)),
        }
    }
    found
}

/// Reads `owner/name/pull/1`, whatever stands behind.
fn of_path(path: &str) -> Option<(&str, u64, bool)> {
    let (owner, rest) = path.split_once('/')?;
    let (name, rest) = rest.split_once('/')?;
    let (kind, rest) = rest.split_once('/')?;
    let is_issue = match kind {
        "pull" | "pulls" => false,
        "issues" => true,
        _ => return None,
    };
    let number = leading_number(rest)?;
    is_name(owner, name).then(|| (&path[..owner.len() + 1 + name.len()], number, is_issue))
}

/// Reads `owner/name#1` and `#1`.
fn of_short<'t>(word: &'t str, own: &'t str) -> Option<(&'t str, u64, bool)> {
    let (repository, rest) = word.split_once('#')?;
    let number = leading_number(rest)?;
    if repository.is_empty() {
        return (!own.is_empty()).then_some((own, number, false));
    }
    let (owner, name) = repository.split_once('/')?;
    is_name(owner, name).then_some((repository, number, false))
}

fn leading_number(text: &str) -> Option<u64> {
    let digits = &text[..text.bytes().take_while(u8::is_ascii_digit).count()];
    let behind = text[digits.len()..].chars().next();
    if behind.is_some_and(char::is_alphanumeric) {
        return None;
    }
    digits.parse().ok().filter(|number| *number > 0)
}

/// Whether these can be the parts of a repository's name.
fn is_name(owner: &str, name: &str) -> bool {
    let is_part = |text: &str| {
        !text.is_empty()
            && text.len() <= 100
            && text != "."
            && text != ".."
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    is_part(owner) && is_part(name)
}

/// Whether a text can be the name of a repository, `owner/name`.
#[must_use]
pub fn is_repository(text: &str) -> bool {
    text.split_once('/').is_some_and(|(owner, name)| is_name(owner, name))
}

#[cfg(test)]
mod tests {
    use signoff_model::profile::Profile;

    use super::*;

    fn prepared() -> Prepared {
        let text = "schema = 1\nid = \"p\"\nname = \"P\"\n[layout]\nroot = \"p\"\nname = \"{number}\"\n\
            [[stage]]\nname = \"alpha\"\n[[stage]]\nname = \"stable\"\naliases = [\"GA\"]\n\
            [forge]\nweb = \"https://forge.example\"\nproposals = \"o/proposals\"\n";
        let profile = Profile::parse(text, &|_| None).unwrap_or_else(|faults| panic!("{faults:?}"));
        Prepared::new(profile)
    }

    #[test]
    fn links_and_what_they_stand_under() {
        let cases: [(&str, &[(&str, u64, Option<&str>, bool)]); 14] = [
            ("https://forge.example/o/r/pull/7", &[("o/r", 7, None, false)]),
            ("(https://forge.example/o/r/pull/7/files#diff-1).", &[("o/r", 7, None, false)]),
            ("[x](https://forge.example/o/r/issues/7)", &[("o/r", 7, None, true)]),
            ("http://www.forge.example/o/r/pull/7", &[("o/r", 7, None, false)]),
            ("o/r#7, #8.", &[("o/r", 7, None, false), ("o/proposals", 8, None, false)]),
            ("o/r#7 o/R#7", &[("o/r", 7, None, false)]),
            ("https://other.example/o/r/pull/7 o/r/pull/7 #7a #0 ## o/../r#7 #99999999999999999999", &[]),
            ("https://forge.example.evil/o/r/pull/7", &[]),
            ("<!-- o/r#7 -->", &[]),
            ("```\no/r#7\n```", &[]),
            (
                "- [ ] Alpha\n  - code: o/r#7\n- [x] **Stable**\n  - o/r#8",
                &[("o/r", 7, Some("alpha"), false), ("o/r", 8, Some("stable"), false)],
            ),
            ("### GA\no/r#8", &[("o/r", 8, Some("stable"), false)]),
            ("Alphabet soup\no/r#8", &[("o/r", 8, None, false)]),
            ("", &[]),
        ];
        let prepared = prepared();
        for (text, expected) in cases {
            let found = links(&prepared, text);
            let found: Vec<(&str, u64, Option<&str>, bool)> = found
                .iter()
                .map(|link| (link.repository.as_str(), link.number, link.stage.as_deref(), link.is_issue))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn without_headings_all_are_of_the_stage() {
        let prepared = prepared();
        let numbers = |text: &str| -> Vec<u64> {
            of_stage(&prepared, text, "alpha").into_iter().map(|link| link.number).collect()
        };
        assert_eq!(numbers("o/r#7\no/r#8"), [7, 8]);
        assert_eq!(numbers("o/r#6\n- Alpha\n  - o/r#7\n- GA\n  - o/r#8"), [7]);
        assert_eq!(numbers("- GA\n  - o/r#8"), [0; 0]);
    }
}
