//! A type that is read from TOML, as tables: one for each table and word list in it, made from its
//! JSON Schema, which has the documentation of the types.

use std::collections::VecDeque;

use schemars::Schema;
use serde_json::{Map, Value};

use super::markdown::{cell, code};

/// A page about a type and every type that it holds.
pub(super) fn page(title: &str, intro: &str, schema: &Schema) -> String {
    let empty = Map::new();
    let definitions = schema.get("$defs").and_then(Value::as_object).unwrap_or(&empty);
    let mut text = format!("# {title}\n\n{intro}\n## The whole file\n\n{}", fields(schema.as_value()));
    let mut waiting: VecDeque<Used> = used_by(schema.as_value(), "");
    let mut done: Vec<String> = Vec::new();
    while let Some(used) = waiting.pop_front() {
        let Some(definition) = definitions.get(&used.name).filter(|_| !done.contains(&used.name)) else { continue };
        text.push_str(&section(&used, definition));
        waiting.extend(used_by(definition, &used.path));
        done.push(used.name);
    }
    text
}

/// A type and the first place where it is used.
struct Used {
    /// Name of the type.
    name: String,
    /// The key of the place, from the root on: `questionnaire.group`.
    path: String,
    /// Whether it stands there once, in a list, or under names.
    many: Many,
}

#[derive(Clone, Copy)]
enum Many {
    One,
    List,
    Named,
}

/// The types that the fields of a type hold, in order.
fn used_by(schema: &Value, path: &str) -> VecDeque<Used> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let fields = properties.into_iter().flatten();
    let used = fields.flat_map(|(name, field)| {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        references(field, Many::One).into_iter().map(move |(name, many)| {
            let path = if matches!(many, Many::Named) { format!("{path}.NAME") } else { path.clone() };
            Used { name, path, many }
        })
    });
    used.collect()
}

fn references(schema: &Value, many: Many) -> Vec<(String, Many)> {
    if let Some(name) = reference(schema) {
        return vec![(name.to_owned(), many)];
    }
    let items = schema.get("items").map(|items| references(items, Many::List));
    let named = schema.get("additionalProperties").map(|values| references(values, Many::Named));
    let choices = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    let choices = choices.flat_map(|choice| references(choice, many));
    items.into_iter().flatten().chain(named.into_iter().flatten()).chain(choices).collect()
}

fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

fn section(used: &Used, definition: &Value) -> String {
    let mut text = format!("\n## {}\n\n{}\n\n", used.name, description(definition));
    if definition.get("properties").is_some() {
        let written = match used.many {
            Many::One | Many::Named => format!("[{}]", used.path),
            Many::List => format!("[[{}]]", used.path),
        };
        text.push_str(&format!("Written as {}.\n\n", code(&written)));
        return text + &fields(definition);
    }
    let choices = definition.get("oneOf").or_else(|| definition.get("anyOf")).and_then(Value::as_array);
    let words = choices.into_iter().flatten().any(|choice| choice.get("const").is_some());
    text.push_str(if words { "| word | meaning |\n| --- | --- |\n" } else { "| type | meaning |\n| --- | --- |\n" });
    for choice in choices.into_iter().flatten() {
        let word = choice.get("const").and_then(Value::as_str).map_or_else(|| kind(choice, false), code);
        text.push_str(&format!("| {} | {} |\n", word, cell(description(choice))));
    }
    text
}

/// The fields of a table.
fn fields(schema: &Value) -> String {
    let mut text = "| field | type | meaning |\n| --- | --- | --- |\n".to_owned();
    for (name, field) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        text.push_str(&format!("| {} | {} | {} |\n", code(name), kind(field, false), cell(description(field))));
    }
    text
}

fn description(schema: &Value) -> &str {
    schema.get("description").and_then(Value::as_str).unwrap_or_default()
}

/// The type of a value, in the singular or the plural.
fn kind(schema: &Value, plural: bool) -> String {
    if let Some(name) = reference(schema) {
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
        let choices = choices.iter().filter(|choice| choice.get("type").and_then(Value::as_str) != Some("null"));
        return choices.map(|choice| kind(choice, plural)).collect::<Vec<_>>().join(" or ");
    }
    let name = match schema.get("type") {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
        name => name.and_then(Value::as_str),
    };
    let inner = |key: &str| schema.get(key).map_or_else(|| "values".to_owned(), |inner| kind(inner, true));
    let s = if plural { "s" } else { "" };
    match name {
        Some("string") => format!("text{s}"),
        Some("integer" | "number") => format!("number{s}"),
        Some("boolean") => "`true` or `false`".to_owned(),
        Some("array") => format!("list{s} of {}", inner("items")),
        Some("object") => format!("table{s} of {} by name", inner("additionalProperties")),
        _ => "any value".to_owned(),
    }
}
