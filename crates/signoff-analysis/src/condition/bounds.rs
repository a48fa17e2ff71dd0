//! What a condition's text may look like before it is read: the reader of CEL recurses, and has no limit of
//! its own for what stands in a row.

/// Longest condition, in bytes.
const LENGTH_MAX: usize = 4096;
/// Deepest nesting of brackets, and most questions `a ? b : c`: each is a level for the reader.
const DEPTH_MAX: usize = 8;
/// Most signs and operators in a row, without `&&`, `||` or a comma between them.
const ROW_MAX: usize = 100;

/// Refuses a text that is too long, too deep, or one endless row.
pub(super) fn check(text: &str) -> Result<(), String> {
    if text.len() > LENGTH_MAX {
        return Err(format!("the condition has {} bytes; the limit is {LENGTH_MAX}", text.len()));
    }
    let code = without_texts(text);
    if nesting(&code) > DEPTH_MAX || code.matches('?').count() > DEPTH_MAX {
        return Err(format!("the condition is nested deeper than {DEPTH_MAX} levels"));
    }
    if longest_row(&code) > ROW_MAX {
        return Err(format!("the condition has more than {ROW_MAX} operators in a row"));
    }
    Ok(())
}

/// How deep brackets nest, and how many signs (`!`, `-`) stand in a row.
fn nesting(code: &str) -> usize {
    let (mut depth, mut deepest, mut signs) = (0_usize, 0, 0);
    for character in code.chars() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '!' | '-' => signs += 1,
            _ if character.is_whitespace() => {}
            _ => signs = 0,
        }
        deepest = deepest.max(depth).max(signs);
    }
    deepest
}

/// How many operators follow each other: `1 < 1 < 1`, `a.b.c`, `a[0][0]`, `x ? y : x ? y : z`.
fn longest_row(code: &str) -> usize {
    let (mut row, mut longest) = (0, 0);
    for part in code.split([' ', '\t', '\n', '\r']).flat_map(|word| word.split_inclusive(OPERATORS)) {
        match part.chars().next_back() {
            Some('&' | '|' | ',') => row = 0,
            _ if part == "in" => row += 1,
            Some(last) if OPERATORS.contains(&last) => row += 1,
            _ => {}
        }
        longest = longest.max(row);
    }
    longest
}

const OPERATORS: [char; 14] = ['<', '>', '=', '!', '+', '-', '*', '/', '%', '.', '[', '?', '&', '|'];

/// The text with every quoted text as one quote and every remark gone, so that only operators are counted.
fn without_texts(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if matches!(character, '"' | '\'') {
            let raw = code.ends_with(['r', 'R']) || code.ends_with("rb") || code.ends_with("RB");
            rest = &rest[quoted(rest, character, raw)..];
            code.push(character);
        } else if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else {
            code.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    code
}

/// Length of the quoted text at the start, quotes included; to the end when it is not closed.
fn quoted(text: &str, quote: char, raw: bool) -> usize {
    let triple = text.chars().take_while(|character| *character == quote).count() >= 3;
    let close: String = std::iter::repeat_n(quote, if triple { 3 } else { 1 }).collect();
    let mut at = close.len();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(&close) {
            return at + close.len();
        }
        let mut characters = rest.chars();
        let first = characters.next().map_or(1, char::len_utf8);
        let escaped = if !raw && rest.starts_with('\\') { characters.next().map_or(0, char::len_utf8) } else { 0 };
        at += first + escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_operators_count() {
        let cases = [
            (r#"title == "((((" && x"#, r#"title == " && x"#),
            (r"title == 'a\'b(' + c", "title == ' + c"),
            (r#"title == r'\' + "(""#, r#"title == r' + ""#),
            (r#"'''a'b(''' + """x"y""" < 1"#, r#"' + " < 1"#),
            ("a // ((\n+ b", "a \n+ b"),
            ("'open ((", "'"),
            ("é'é\\é'é", "é'é"),
        ];
        for (text, expected) in cases {
            assert_eq!(without_texts(text), expected, "{text}");
        }
    }

    #[test]
    fn rows_and_depth_are_bounded() {
        let many = |part: &str, count: usize| part.repeat(count);
        let fine = [
            "title == \"x\" || ".repeat(200) + "true",
            format!("stage in [{}]", many("\"beta\", ", 300)),
            format!("title == '{}'", many("(", 3000)),
            format!("{}true{}", many("(", 8), many(")", 8)),
        ];
        for text in fine {
            assert_eq!(check(&text), Ok(()), "{text}");
        }
        let refused = [
            many("(", 2000),
            many("!", 2000),
            many("!\n", 1000),
            many("- ", 1000),
            format!("title{}", many(".a", 1000)),
            format!("title{}", many("[0]", 1000)),
            many("1 < ", 900),
            many("1<", 1900),
            many("1 in ", 700),
            many("1\nin\t", 700),
            many("x ? ", 900),
            many("1 + ", 900),
            format!("title == '{}'", many("x", 5000)),
        ];
        for text in refused {
            assert!(check(&text).is_err(), "{text}");
        }
    }
}
