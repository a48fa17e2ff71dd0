//! Waivers: a rule that somebody answers for not being kept, for a time.

use jiff::Timestamp;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::calendar::moment;
use crate::profile::ConfigFault;
use crate::release::Release;
use crate::span::Span;
use crate::spelling::nearest;

/// A proposal's exemption from a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Number, folder name or path of the proposal.
    pub proposal: Box<str>,
    /// Code of the rule.
    pub rule: Box<str>,
    /// Who answers for it.
    pub owner: Box<str>,
    /// Why.
    pub reason: Box<str>,
    /// When it ends.
    pub until: Until,
    /// As the file writes it.
    pub until_written: Box<str>,
    /// Where it stands in the file: from its first value to its last.
    pub span: Span,
    /// Where the proposal is named.
    pub proposal_span: Span,
    /// Where the rule is named.
    pub rule_span: Span,
}

/// When a waiver ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// At an instant.
    Instant(Timestamp),
    /// With a release: it is the last one for which the waiver holds.
    Release(Release),
}

impl Waiver {
    /// Whether the waiver holds at an instant, for a release.
    #[must_use]
    pub fn holds(&self, instant: Timestamp, release: Release) -> bool {
        match self.until {
            Until::Instant(until) => instant < until,
            Until::Release(until) => release.minors_after(until) <= 0,
        }
    }
}

/// The keys of a waiver: all of them are needed.
const KEYS: [&str; 5] = ["proposal", "rule", "owner", "reason", "until"];

/// Reads the text of a file of waivers. A waiver with a fault is none.
#[must_use]
pub fn read(text: &str) -> (Vec<Waiver>, Vec<ConfigFault>) {
    let root = match DeTable::parse(text) {
        Ok(root) => root.into_inner(),
        Err(error) => return (Vec::new(), vec![ConfigFault::toml(&error)]),
    };
    let (mut waivers, mut faults) = (Vec::new(), Vec::new());
    for (key, value) in &root {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("waiver", DeValue::Array(items)) => {
                for item in items {
                    match waiver(item) {
                        Ok(waiver) => waivers.push(waiver),
                        Err(found) => faults.extend(found),
                    }
                }
            }
            ("waiver", _) => faults.push(at(value.span(), "expected `[[waiver]]` tables")),
            (key_text, _) => {
                faults
                    .push(at(key.span(), format!("unknown key `{key_text}`; the file has `[[waiver]]` tables alone")));
            }
        }
    }
    faults.sort_by_key(|fault| fault.span.start);
    (waivers, faults)
}

fn waiver(item: &Spanned<DeValue<'_>>) -> Result<Waiver, Vec<ConfigFault>> {
    let DeValue::Table(table) = item.get_ref() else {
        return Err(vec![at(item.span(), "expected a `[[waiver]]` table")]);
    };
    let mut faults = unknown_keys(table);
    let mut text = |key: &str| {
        let value = table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value);
        let found = value.and_then(|value| Some((value.get_ref().as_str()?.trim(), Span::from(value.span()))));
        match (value, found) {
            (_, Some((text, span))) if !text.is_empty() => return Some((text, span)),
            (Some(value), _) => faults.push(at(value.span(), format!("`{key}` must be a text that says something"))),
            (None, _) => faults.push(at(item.span(), format!("this waiver has no `{key}`; it does not hold"))),
        }
        None
    };
    let values = KEYS.map(&mut text);
    let [Some(proposal), Some(rule), Some(owner), Some(reason), Some(until)] = values else { return Err(faults) };
    let ends = match Release::parse(until.0) {
        Some(release) => Ok(Until::Release(release)),
        None => moment::read(until.0).map(|moment| Until::Instant(moment.at)),
    };
    match ends {
        Ok(ends) if faults.is_empty() => Ok(Waiver {
            proposal: proposal.0.into(),
            rule: rule.0.into(),
            owner: owner.0.into(),
            reason: reason.0.into(),
            until: ends,
            until_written: until.0.into(),
            span: Span {
                start: values.iter().flatten().map(|(_, span)| span.start).min().unwrap_or_default(),
                end: values.iter().flatten().map(|(_, span)| span.end).max().unwrap_or_default(),
            },
            proposal_span: proposal.1,
            rule_span: rule.1,
        }),
        Ok(_) => Err(faults),
        Err(message) => {
            faults.push(ConfigFault { span: until.1, message: format!("{message}, or a release such as `v1.37`") });
            Err(faults)
        }
    }
}

fn unknown_keys(table: &DeTable<'_>) -> Vec<ConfigFault> {
    let unknown = table.keys().filter(|key| !KEYS.contains(&key.get_ref().as_ref()));
    let fault = |key: &Spanned<std::borrow::Cow<'_, str>>| {
        let name = key.get_ref();
        let hint = match nearest(name, KEYS.into_iter()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "a waiver has `proposal`, `rule`, `owner`, `reason` and `until`".to_owned(),
        };
        at(key.span(), format!("unknown key `{name}`; {hint}"))
    };
    unknown.map(fault).collect()
}

fn at(span: std::ops::Range<usize>, message: impl Into<String>) -> ConfigFault {
    ConfigFault { span: Span::from(span), message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str =
        "[[waiver]]\nproposal = \"12\"\nrule = \"E4\"\nowner = \"@ada\"\nreason = \"shared tests\"\nuntil = \"v1.3\"\n";

    #[test]
    fn a_waiver_holds_until_its_end() {
        let cases = [
            ("v1.3", "2030-01-01T00:00Z", "v1.3", true),
            ("v1.3", "2020-01-01T00:00Z", "v1.4", false),
            ("1.3", "2020-01-01T00:00Z", "v1.2.1", true),
            ("2026-02-11", "2026-02-12T11:59Z", "v1.9", true),
            ("2026-02-11", "2026-02-12T12:00Z", "v1.9", false),
            ("2026-02-11T12:00Z", "2026-02-11T12:00Z", "v1.9", false),
        ];
        for (until, instant, release, expected) in cases {
            let (waivers, faults) = read(&WHOLE.replace("v1.3", until));
            assert_eq!(faults, [], "{until}");
            let release = Release::parse(release).expect("a release");
            assert_eq!(waivers[0].holds(instant.parse().expect("an instant"), release), expected, "{until} {instant}");
        }
    }

    #[test]
    fn a_waiver_says_everything() {
        let (waivers, faults) = read(WHOLE);
        assert_eq!(faults, []);
        let waiver = &waivers[0];
        assert_eq!((&*waiver.proposal, &*waiver.rule, &*waiver.owner), ("12", "E4", "@ada"));
        assert_eq!((waiver.rule_span.of(WHOLE), waiver.proposal_span.of(WHOLE)), ("\"E4\"", "\"12\""));
        assert!(waiver.span.of(WHOLE).starts_with("\"12\"") && waiver.span.of(WHOLE).ends_with("\"v1.3\""));
        for key in KEYS {
            let text: String =
                WHOLE.lines().filter(|line| !line.starts_with(key)).map(|line| format!("{line}\n")).collect();
            let (waivers, faults) = read(&text);
            assert_eq!(waivers, [], "{key}");
            let expected = format!("[[waiver]]: this waiver has no `{key}`; it does not hold");
            assert_eq!(
                faults.iter().map(|fault| format!("{}: {}", fault.span.of(&text), fault.message)).collect::<Vec<_>>(),
                [expected]
            );
        }
    }

    #[test]
    fn faults_are_found_at_their_place() {
        let cases = [
            (format!("{WHOLE}ownr = 1\n"), "ownr", "unknown key `ownr`; did you mean `owner`?"),
            (format!("{WHOLE}zzzzzzzz = 1\n"), "zzzzzzzz", "a waiver has `proposal`, `rule`"),
            (WHOLE.replace("\"shared tests\"", "\" \""), "\" \"", "`reason` must be a text that says something"),
            (WHOLE.replace("\"12\"", "12"), "12", "`proposal` must be a text"),
            (WHOLE.replace("\"v1.3\"", "\"soon\""), "\"soon\"", "`soon` is no time"),
            ("waiver = 1\n".to_owned(), "1", "expected `[[waiver]]` tables"),
            ("[waivers]\n".to_owned(), "waivers", "unknown key `waivers`"),
            ("[[waiver]\n".to_owned(), "", "expected"),
        ];
        for (text, place, words) in cases {
            let (waivers, faults) = read(&text);
            assert_eq!((waivers.len(), faults.len()), (0, 1), "{text}: {faults:?}");
            assert_eq!(faults[0].span.of(&text), place, "{text}");
            assert!(faults[0].message.contains(words), "{text}: {}", faults[0].message);
        }
    }
}
