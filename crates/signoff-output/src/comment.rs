//! The status comment that a person of the release team leaves on the issue of a proposal, as Markdown.
//!
//! The profile has its text; what is filled in can neither break the Markdown nor notify anyone.

use std::io::{self, Write};

use signoff_analysis::signoff::Outcome;
use signoff_model::Proposal;
use signoff_model::people::Person;
use signoff_model::profile::{Meaning, Predicate, Prepared, StatusComment};

use crate::status::{Entry, RuleEntry, Status};
use crate::visible::visible;

/// What a comment is about.
pub struct Comment<'a> {
    /// The process.
    pub prepared: &'a Prepared,
    /// The proposal.
    pub proposal: &'a Proposal,
    /// The status of this proposal alone.
    pub status: &'a Status<'a>,
    /// Where it stands.
    pub entry: &'a Entry<'a>,
    /// Whether to begin with the authors' handles, which notifies them.
    pub mention: bool,
}

/// Writes a comment.
///
/// # Errors
/// Those of the writer.
pub fn write(comment: &Comment<'_>, out: &mut dyn Write) -> io::Result<()> {
    let template = &comment.prepared.profile.signoff.comment;
    writeln!(out, "{}", filled(&template.text, &fields(comment, template)).trim())
}

/// What stands for each of [`StatusComment::FIELDS`].
fn fields(comment: &Comment<'_>, template: &StatusComment) -> Vec<(&'static str, String)> {
    StatusComment::FIELDS.into_iter().map(|name| (name, field(comment, template, name))).collect()
}

fn field(comment: &Comment<'_>, template: &StatusComment, name: &str) -> String {
    let Comment { prepared, proposal, status, entry, .. } = comment;
    match name {
        "authors" if comment.mention => authors(prepared, proposal),
        "number" => escaped(entry.proposal),
        "title" => escaped(entry.title.unwrap_or(entry.path)),
        "stage" => escaped(entry.stage.unwrap_or("none")),
        "release" => escaped(&status.release),
        "checkpoint" => escaped(status.checkpoint_name),
        "deadline" => status.deadline.map(|at| at.strftime(" (%Y-%m-%d %H:%M UTC)").to_string()).unwrap_or_default(),
        "verdict" => escaped(template.verdicts.get(entry.verdict).map_or(entry.verdict, String::as_str)),
        "reason" => escaped(&capital(entry.reason)),
        "rules" => rules(prepared, entry),
        "todo" => todo(entry),
        "basis" => escaped(&status.statement()),
        _ => String::new(),
    }
}

/// The handles of the authors; what is no handle is left out.
fn authors(prepared: &Prepared, proposal: &Proposal) -> String {
    let items = proposal.items(prepared, Meaning::Authors);
    let handles = items.iter().filter_map(|item| Person::parse(item.text, &[]).handle());
    let mentioned: Vec<String> =
        handles.filter(|handle| signoff_model::people::is_handle(handle)).map(|handle| format!("@{handle}")).collect();
    mentioned.join(" ")
}

fn rules(prepared: &Prepared, entry: &Entry<'_>) -> String {
    // A joint rule repeats what its parts say, by ids that readers of an issue do not know.
    let joint: Vec<&str> = prepared
        .profile
        .signoff
        .rule
        .iter()
        .filter(|rule| rule.predicate == Some(Predicate::AllOf))
        .map(|rule| rule.id.as_str())
        .collect();
    let is_shown = |rule: &&RuleEntry<'_>| rule.result != Outcome::NotApplicable.word() && !joint.contains(&rule.rule);
    let shown = entry.rules.iter().filter(is_shown);
    shown.map(rule).collect::<Vec<_>>().join("\n")
}

fn rule(rule: &RuleEntry<'_>) -> String {
    let about = escaped(&capital(rule.about));
    let is = |outcome: Outcome| rule.result == outcome.word();
    if is(Outcome::Pass) || is(Outcome::Waived) {
        format!("- [x] {about}")
    } else if is(Outcome::Warn) {
        format!("- [x] {about}; to look at: {}", escaped(rule.message))
    } else if is(Outcome::Fail) {
        format!("- [ ] {about}: {}", escaped(rule.message))
    } else {
        format!("- [ ] {about} (not looked at)")
    }
}

fn todo(entry: &Entry<'_>) -> String {
    let open = entry.rules.iter().filter(|rule| rule.result == Outcome::Fail.word());
    let mut steps: Vec<String> = Vec::new();
    for next in open.filter_map(|rule| rule.next) {
        let step = format!("- {}", escaped(&capital(next)));
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    if steps.is_empty() { String::new() } else { format!("What is left to do:\n\n{}", steps.join("\n")) }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// A text with its fields filled in; lines all of whose fields are empty are left out. What is filled in is not
/// looked at again.
fn filled(text: &str, fields: &[(&str, String)]) -> String {
    let mut result = String::new();
    for line in text.lines() {
        let (mut own, mut rest, mut any, mut some) = (String::new(), line, false, false);
        while let Some((before, behind)) = rest.split_once('{') {
            own.push_str(before);
            let found =
                fields.iter().find_map(|(name, value)| Some((value, behind.strip_prefix(name)?.strip_prefix('}')?)));
            match found {
                Some((value, after)) => {
                    any = true;
                    some |= !value.is_empty();
                    own.push_str(value);
                    rest = after;
                }
                None => {
                    own.push('{');
                    rest = behind;
                }
            }
        }
        own.push_str(rest);
        let is_double_blank = own.trim().is_empty() && (result.is_empty() || result.ends_with("\n\n"));
        if (!any || some) && !is_double_blank {
            result.push_str(&own);
            result.push('\n');
        }
    }
    result
}

/// A mark of no width that joins words: it parts what a forge would take for a mention, a reference or an address.
const JOINER: char = '\u{2060}';

/// A text in which nothing is Markdown, starts a tag, notifies anyone or refers to anything.
fn escaped(text: &str) -> String {
    let visible = visible(text);
    let mut escaped = String::with_capacity(visible.len());
    let mut characters = visible.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '<' | '>' | '~' | '|' | '!' | '&' => {
                escaped.extend(['\\', character]);
            }
            '#' => escaped.extend(['\\', '#', JOINER]),
            '@' => escaped.extend(['@', JOINER]),
            ':' if characters.peek() == Some(&'/') => escaped.extend([':', JOINER]),
            // `GH-12` is a reference, `www.` an address.
            '-' if escaped.to_ascii_lowercase().ends_with("gh") => escaped.extend([JOINER, '-']),
            '.' if escaped.to_ascii_lowercase().ends_with("www") => escaped.extend([JOINER, '.']),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_filled_in_is_markdown_or_notifies() {
        let cases = [
            ("Pods @ada and #12", "Pods @\u{2060}ada and \\#\u{2060}12"),
            ("[x](https://a.b) `c`", "\\[x\\]\\(https:\u{2060}//a.b\\) \\`c\\`"),
            ("a\nb <img> &amp;", "a\\\\nb \\<img\\> \\&amp;"),
            ("GH-1 www.a.b", "GH\u{2060}-1 www\u{2060}.a.b"),
        ];
        for (text, expected) in cases {
            assert_eq!(escaped(text), expected);
        }
    }

    #[test]
    fn lines_without_a_value_are_left_out() {
        let fields = [("a", String::new()), ("b", "{a}".to_owned())];
        let cases = [
            ("{a}\n\nx {b}\n", "x {a}\n"),
            ("x{a}y{b}z\n", "xy{a}z\n"),
            ("one {a}\ntwo\n", "two\n"),
            ("{c} {\n", "{c} {\n"),
        ];
        for (text, expected) in cases {
            assert_eq!(filled(text, &fields), expected, "{text:?}");
        }
    }
}
