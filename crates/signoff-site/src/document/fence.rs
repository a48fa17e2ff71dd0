//! Code fences: the language that one names, and its lines without what stands before them.

/// A fence as its author wrote it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fence {
    /// The first word behind the opening mark, in lower case.
    pub(super) language: String,
    /// The lines.
    pub(super) code: String,
}

/// Reads a fence; `before` is what stands before it in its line.
///
/// A line loses the quote marks that the first one has, and at most as much white space as stands before the first.
pub(super) fn read(before: &str, written: &str) -> Fence {
    let mark = written.bytes().next().unwrap_or(b'`');
    let is_mark = |byte: char| byte == char::from(mark);
    let (opening, inside) = written.split_once('\n').unwrap_or((written, ""));
    let info = opening.trim_start_matches(is_mark).trim();
    let is_end = |character: char| !(character.is_alphanumeric() || matches!(character, '-' | '_' | '+' | '#'));
    let language = info.trim_start_matches('{').split(is_end).next().unwrap_or_default().to_lowercase();
    let (lines, last) = match inside.rsplit_once('\n') {
        Some((lines, last)) => (lines, last),
        None => ("", inside),
    };
    let marks = opening.len() - opening.trim_start_matches(is_mark).len();
    let closing = last.trim_start_matches([' ', '\t', '>']).trim_end();
    let is_closed = closing.len() >= marks && closing.chars().all(is_mark);
    let lines = match (is_closed, inside.contains('\n')) {
        (true, true) => lines,
        (true, false) => "",
        (false, _) => inside,
    };
    let quotes = before.matches('>').count();
    let behind_quotes = before.rfind('>').map_or(before, |at| &before[at + 1..]);
    let indent = behind_quotes.chars().map(|character| if character == '\t' { 4 } else { 1 }).sum();
    let mut code = String::with_capacity(lines.len() + 1);
    let is_empty = lines.is_empty() && !(is_closed && inside.contains('\n'));
    for line in lines.split('\n').filter(|_| !is_empty) {
        code.push_str(without_marks(line.strip_suffix('\r').unwrap_or(line), quotes, indent));
        code.push('\n');
    }
    Fence { language, code }
}

fn without_marks(line: &str, quotes: usize, indent: usize) -> &str {
    let mut rest = line;
    for _ in 0..quotes {
        let Some(behind) = rest.trim_start_matches([' ', '\t']).strip_prefix('>') else { break };
        rest = behind;
    }
    let mut column = 0;
    while column < indent {
        match rest.as_bytes().first() {
            Some(b' ') => column += 1,
            Some(b'\t') => column += 4 - column % 4,
            _ => break,
        }
        rest = &rest[1..];
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_of_every_place() {
        let cases = [
            ("", "```go\na\n  b\n```", "go", "a\n  b\n"),
            ("  ", "```yaml\n  a:\n    b\n c\n  ```", "yaml", "a:\n  b\nc\n"),
            ("1. ", "~~~ Bash extra\n   a\n   ~~~", "bash", "a\n"),
            ("> ", "```\n> a\n>b\n> ```", "", "a\nb\n"),
            ("- > ", "```{.json}\n  > a\n", "", "a\n\n"),
            ("", "```\na\n", "", "a\n\n"),
            ("", "```", "", ""),
            ("", "```\n```", "", ""),
            ("", "```\n\n```", "", "\n"),
            ("", "```c++ x\r\na\r\n```", "c++", "a\n"),
            ("\t", "```\n\ta\n\t```", "", "a\n"),
        ];
        for (before, written, language, code) in cases {
            let expected = Fence { language: language.to_owned(), code: code.to_owned() };
            assert_eq!(read(before, written), expected, "{written:?}");
        }
    }
}
