//! Texts that something else is still to fill in: templates, variables, encrypted values.

/// The mark of a template that stands in a text: `{{` of Go templates and Jinja, `{%` of Jinja.
pub fn of_template(text: &str) -> Option<&'static str> {
    ["{{", "{%"].into_iter().find(|mark| text.contains(mark))
}

/// What fills a value in that is not known here, in words; `None` for a value that is what it says.
pub fn of_value(value: &str) -> Option<&'static str> {
    if of_template(value).is_some() {
        return Some("a placeholder of a template");
    }
    if value.contains("ENC[") {
        return Some("an encrypted value");
    }
    let variable = value.match_indices('$').any(|(at, _)| {
        value[at + 1..].starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '_' | '{' | '('))
    });
    variable.then_some("a variable")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_something_else_fills_in() {
        let cases = [
            ("A=true", None),
            ("cost=5$", None),
            ("{{ .Values.gates }}", Some("a placeholder of a template")),
            ("{% if x %}", Some("a placeholder of a template")),
            ("${GATES}", Some("a variable")),
            ("$(GATES)", Some("a variable")),
            ("A=$GATE", Some("a variable")),
            ("ENC[AES256_GCM,data:x]", Some("an encrypted value")),
        ];
        for (value, expected) in cases {
            assert_eq!(of_value(value), expected, "{value}");
        }
    }
}
