//! Rules that profiles declare under codes of their own, as pages.

use schemars::schema_for;
use serde_json::Value;
use signoff_analysis::rules;
use signoff_model::Profile;
use signoff_model::profile::{Level, RuleDeclaration, RuleKind};

use super::markdown::code;

/// A code and everything that profiles declare under it.
pub(crate) struct Declared<'a> {
    /// The code.
    pub code: String,
    declarations: Vec<(&'a Profile, &'a RuleDeclaration)>,
}

/// The rules that profiles declare, in their order, without those that have a page of the program.
pub(crate) fn rules(profiles: &[Profile]) -> Vec<Declared<'_>> {
    let mut found: Vec<Declared<'_>> = Vec::new();
    let all = profiles.iter().flat_map(|profile| profile.rule.iter().map(move |rule| (profile, rule)));
    for (profile, rule) in all.filter(|(_, rule)| rules::rule(&rule.code).is_none()) {
        match found.iter_mut().find(|declared| declared.code == rule.code) {
            Some(declared) => declared.declarations.push((profile, rule)),
            None => found.push(Declared { code: rule.code.clone(), declarations: vec![(profile, rule)] }),
        }
    }
    found
}

impl Declared<'_> {
    /// Whether the profile declares it.
    pub(crate) fn is_of(&self, profile: &Profile) -> bool {
        self.declarations.iter().any(|(of, _)| of.id == profile.id)
    }

    /// The severity of the first declaration.
    pub(crate) fn severity(&self) -> &'static str {
        self.declarations.first().map_or("off", |(_, rule)| severity(rule))
    }

    /// What it says, in a sentence; where it has no message of its own, what it asks for.
    pub(crate) fn title(&self) -> String {
        self.declarations.first().map(|(_, rule)| says(rule).unwrap_or_else(|| asks(rule))).unwrap_or_default()
    }

    /// Its page.
    pub(crate) fn page(&self) -> String {
        let mut text = format!("# {}\n", self.code);
        for (profile, rule) in &self.declarations {
            text.push_str(&format!(
                "\n{}\n\nA rule of the profile {} ({}).\n\n",
                asks(rule),
                code(&profile.id),
                profile.name
            ));
            facts(rule).iter().for_each(|(name, value)| text.push_str(&format!("- {name}: {value}\n")));
        }
        text
    }
}

fn severity(rule: &RuleDeclaration) -> &'static str {
    rule.level.unwrap_or(Level::Warning).severity().map_or("off", signoff_model::Severity::word)
}

/// What is declared, by name, as Markdown.
fn facts(rule: &RuleDeclaration) -> Vec<(&'static str, String)> {
    let text = |value: &Option<String>| value.as_deref().map(code);
    let number = |value: Option<usize>| value.map(|number| number.to_string());
    let list = |values: &[String]| {
        (!values.is_empty()).then(|| values.iter().map(|value| code(value)).collect::<Vec<_>>().join(", "))
    };
    let ranks = rule.ranks.iter().filter_map(|rank| list(rank)).collect::<Vec<_>>().join("; then ");
    let filled = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    let name = kind(rule.kind).0;
    let facts = [
        ("kind", Some(format!("[{name}](../../profiles/rule-kinds.md#{name})"))),
        ("severity", Some(severity(rule).to_owned())),
        ("message", filled(&rule.message)),
        ("source", filled(&rule.source)),
        ("when", text(&rule.when)),
        ("field", text(&rule.field)),
        ("pattern", text(&rule.pattern)),
        ("min", number(rule.min)),
        ("max", number(rule.max)),
        ("values", list(&rule.values)),
        ("section", text(&rule.section)),
        ("text", text(&rule.text)),
        ("ranks", filled(&ranks)),
        ("mark", text(&rule.mark)),
        ("alias", text(&rule.alias)),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// The message as a sentence, without the text that a finding would put into it.
fn says(rule: &RuleDeclaration) -> Option<String> {
    let message = rule.message.replace("`{value}`", "…").replace("{value}", "…");
    let mut letters = message.chars();
    let first = letters.next()?.to_uppercase();
    Some(format!("{first}{}.", letters.as_str().trim_end_matches('.')))
}

/// What the kind asks for, with the rule's own parameters.
fn asks(rule: &RuleDeclaration) -> String {
    let number = |value: Option<usize>, none: &str| value.map_or_else(|| none.to_owned(), |number| number.to_string());
    let parameters = [
        ("`when`", rule.when.as_deref().map(code)),
        ("`field`", rule.field.as_deref().map(code)),
        ("`pattern`", rule.pattern.as_deref().map(code)),
        ("`section`", rule.section.as_deref().map(code)),
        ("`text`", rule.text.as_deref().map(code)),
        ("`mark`", rule.mark.as_deref().map(code)),
        ("`alias`", rule.alias.as_deref().map(code)),
        ("`min`", Some(number(rule.min, "0"))),
        ("`max`", Some(number(rule.max, "any number of"))),
    ];
    let sentence = kind(rule.kind).1.replace(" (with `when`)", "");
    let condition = rule.when.as_ref().filter(|_| rule.kind != RuleKind::Condition);
    let Some(condition) = condition else { return filled_in(&sentence, &parameters) };
    format!("Where {} holds: {}", code(condition), filled_in(&sentence, &parameters))
}

/// The sentence with each name of a parameter replaced by its value, in one pass over the sentence.
fn filled_in(sentence: &str, parameters: &[(&str, Option<String>)]) -> String {
    let mut text = String::new();
    let mut rest = sentence;
    while let Some(at) = rest.find('`') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = parameters.iter().find(|(name, _)| rest.starts_with(name));
        match known {
            Some((name, Some(value))) => {
                text.push_str(value);
                rest = &rest[name.len()..];
            }
            _ => {
                let end = rest[1..].find('`').map_or(rest.len(), |end| end + 2);
                text.push_str(&rest[..end]);
                rest = &rest[end..];
            }
        }
    }
    text + rest
}

/// The name of a kind and what it asks for: the schema lists the kinds in the order of the type.
fn kind(kind: RuleKind) -> (String, String) {
    let schema = schema_for!(RuleKind).to_value();
    let entry = schema.get("oneOf").and_then(|kinds| kinds.get(kind as usize)).cloned().unwrap_or_default();
    let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    (text("const"), text("description"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found_in_the_schema() {
        assert_eq!(kind(RuleKind::FieldMatches).0, "field-matches");
        assert_eq!(kind(RuleKind::LinkExcludes).0, "link-excludes");
        assert_eq!(kind(RuleKind::Condition).0, "condition");
    }

    #[test]
    fn sentences_take_the_parameters() {
        let length = |max| RuleDeclaration {
            kind: RuleKind::FieldLength,
            field: Some("title".to_owned()),
            min: Some(2),
            max,
            ..RuleDeclaration::default()
        };
        assert_eq!(asks(&length(Some(44))), "The value of `title` has between 2 and 44 characters.");
        assert_eq!(asks(&length(None)), "The value of `title` has between 2 and any number of characters.");
    }
}
