//! Code as HTML, its parts told apart by class.
//!
//! The classes are `k` a reserved word, `t` a type or a value of the language, `f` a function or a target, `a` a key
//! or a variable, `s` a string, `n` a number, `c` a comment, `p` a prompt, `i` and `d` lines that a difference adds
//! and takes away. A language is a table ([`super::languages`]) and one of a few ways of reading it.
//!
//! Readers that know whole grammars were measured: of the fences of the KEP repository (1.3 MB), syntect makes 8.1 MB of
//! HTML in 0.9 CPU seconds, most of the time that all pages may take. This reader needs a hundredth of it, and what it
//! does not know it leaves plain.

use super::languages::{self, Form, Language};
use crate::escape;

/// Adds code of a language; a name that is not known leaves it plain.
pub(super) fn write(out: &mut String, language: &str, code: &str) {
    match languages::named(language) {
        Some(language) => Reader { out, language, code, at: 0 }.read(),
        None => escape::text(out, code),
    }
}

struct Reader<'o, 'c> {
    out: &'o mut String,
    language: &'static Language,
    code: &'c str,
    at: usize,
}

impl<'c> Reader<'_, 'c> {
    fn read(mut self) {
        match self.language.form {
            Form::Words | Form::Json | Form::Shell => self.words(self.code.len()),
            Form::Diff => self.lines(Self::diff_line),
            Form::Console => self.lines(Self::console_line),
            Form::Yaml => self.yaml(),
            Form::Toml => self.lines(Self::toml_line),
            Form::Makefile => self.lines(Self::makefile_line),
            Form::Dockerfile => self.lines(Self::dockerfile_line),
        }
    }

    /// Reads line by line; `line` is given where each ends.
    fn lines(&mut self, line: fn(&mut Self, usize)) {
        while self.at < self.code.len() {
            let end = self.line_end();
            line(self, end);
            self.plain_to(end);
            self.plain_to((end + 1).min(self.code.len()));
        }
    }

    fn rest(&self) -> &'c str {
        &self.code[self.at..]
    }

    fn line_end(&self) -> usize {
        memchr::memchr(b'\n', self.rest().as_bytes()).map_or(self.code.len(), |end| self.at + end)
    }

    fn plain_to(&mut self, end: usize) {
        if end > self.at {
            escape::text(self.out, &self.code[self.at..end]);
            self.at = end;
        }
    }

    fn paint_to(&mut self, class: &str, end: usize) {
        if end <= self.at {
            return;
        }
        self.out.push_str("<span class=\"");
        self.out.push_str(class);
        self.out.push_str("\">");
        self.plain_to(end);
        self.out.push_str("</span>");
    }

    /// Reads words, strings and comments up to `end`. What goes on over lines may go further.
    fn words(&mut self, end: usize) {
        let mut plain = self.at;
        let mut at = self.at;
        while at < end {
            let Some((class, length)) = self.token(at) else {
                at += self.code[at..].chars().next().map_or(1, char::len_utf8);
                continue;
            };
            if let Some(class) = class {
                self.at = plain;
                self.plain_to(at);
                self.paint_to(class, at + length);
                plain = at + length;
            }
            at += length;
        }
        self.at = plain;
        self.plain_to(at);
    }

    /// What begins at a place, with its length.
    fn token(&self, at: usize) -> Option<(Option<&'static str>, usize)> {
        let rest = &self.code[at..];
        let first = rest.as_bytes()[0];
        match first {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Some(self.word(rest)),
            b'0'..=b'9' => {
                Some((Some("n"), run(rest, |byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_')))
            }
            b' ' | b'\n' | b'\t' | b'(' | b')' | b'{' | b'}' | b',' | b';' => None,
            b'$' if matches!(self.language.form, Form::Shell | Form::Console | Form::Makefile) => variable(rest),
            b'@' if self.language.form == Form::Words => {
                Some((Some("a"), 1 + run(&rest[1..], |byte| byte.is_ascii_alphanumeric() || byte == b'.')))
            }
            _ => self.comment(at, rest).or_else(|| self.string(rest, first)),
        }
    }

    fn word(&self, rest: &str) -> (Option<&'static str>, usize) {
        let is_dashed = matches!(self.language.form, Form::Shell | Form::Console);
        let length = run(rest, |byte| byte.is_ascii_alphanumeric() || byte == b'_' || (is_dashed && byte == b'-'));
        let (word, behind) = rest.split_at(length);
        if self.language.keywords.contains(&word) {
            return (Some("k"), length);
        }
        if self.language.types.contains(&word) {
            return (Some("t"), length);
        }
        let is_called = self.language.form == Form::Words && behind.starts_with('(');
        (is_called.then_some("f"), length)
    }

    fn comment(&self, at: usize, rest: &str) -> Option<(Option<&'static str>, usize)> {
        let begins = self.language.line_comments.iter().any(|mark| rest.starts_with(mark));
        // `#` within a word begins no comment where it stands for one in scripts.
        let in_word = rest.starts_with('#') && at > 0 && !self.code.as_bytes()[at - 1].is_ascii_whitespace();
        if begins && !in_word {
            return Some((Some("c"), memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())));
        }
        let (open, close) = self.language.block_comment?;
        let inside = rest.strip_prefix(open)?;
        let length = inside.find(close).map_or(rest.len(), |end| open.len() + end + close.len());
        Some((Some("c"), length))
    }

    fn string(&self, rest: &str, first: u8) -> Option<(Option<&'static str>, usize)> {
        for mark in self.language.long_strings {
            if let Some(inside) = rest.strip_prefix(mark) {
                let length = inside.find(mark).map_or(rest.len(), |end| end + 2 * mark.len());
                return Some((Some("s"), length));
            }
        }
        if !self.language.quotes.contains(&first) {
            return None;
        }
        let length = quoted(rest, matches!(self.language.form, Form::Shell | Form::Console))?;
        let is_key = self.language.form == Form::Json && rest[length..].trim_start().starts_with(':');
        Some((Some(if is_key { "a" } else { "s" }), length))
    }

    fn diff_line(&mut self, end: usize) {
        let line = &self.code[self.at..end];
        let is_head = ["+++", "---", "diff ", "index "].iter().any(|mark| line.starts_with(mark));
        match line.bytes().next() {
            _ if is_head => self.paint_to("c", end),
            Some(b'+') => self.paint_to("i", end),
            Some(b'-') => self.paint_to("d", end),
            Some(b'@') => self.paint_to("t", end),
            _ => {}
        }
    }

    fn console_line(&mut self, end: usize) {
        let line = &self.code[self.at..end];
        let start = line.len() - line.trim_start().len();
        if ["$ ", "# ", "> "].iter().any(|prompt| line[start..].starts_with(prompt)) {
            self.plain_to(self.at + start);
            self.paint_to("p", self.at + 1);
            self.words(end);
        }
    }

    fn toml_line(&mut self, end: usize) {
        let line = &self.code[self.at..end];
        if line.trim_start().starts_with('[') {
            let close = line.find(']').map_or(end, |close| self.at + close + 1);
            self.paint_to("t", close);
        } else if !line.trim_start().starts_with(['#', ';'])
            && let Some(equals) = line.find('=')
        {
            self.paint_to("a", self.at + equals);
        }
        self.words(end);
    }

    fn makefile_line(&mut self, end: usize) {
        let line = &self.code[self.at..end];
        let is_target = |name: &str| !name.is_empty() && !name.contains(['#', '=', '"']);
        if !line.starts_with([' ', '\t'])
            && let Some((name, _)) = line.split_once(':').filter(|(name, _)| is_target(name))
        {
            self.paint_to("f", self.at + name.len());
        }
        self.words(end);
    }

    fn dockerfile_line(&mut self, end: usize) {
        let length = run(&self.code[self.at..end], |byte| byte.is_ascii_uppercase());
        if length > 1 {
            self.paint_to("k", self.at + length);
        }
        self.words(end);
    }

    /// Reads lines of a key and a value. Lines below a value that opens a block of text belong to it while they are
    /// indented further.
    fn yaml(&mut self) {
        let mut block = None;
        while self.at < self.code.len() {
            let end = self.line_end();
            let line = &self.code[self.at..end];
            let indent = line.len() - line.trim_start_matches(' ').len();
            let is_blank = indent == line.len();
            if block.is_some_and(|column| indent > column) && !is_blank {
                self.plain_to(self.at + indent);
                self.paint_to("s", end);
            } else if !is_blank {
                self.yaml_line(line, end);
                let value = line.trim_end();
                let opens = [": |", ": >", ": |-", ": >-", ": |+", ": >+", "- |", "- >"].iter();
                block = opens.clone().any(|mark| value.ends_with(mark)).then_some(indent);
            }
            self.plain_to(end);
            self.plain_to((end + 1).min(self.code.len()));
        }
    }

    fn yaml_line(&mut self, line: &str, end: usize) {
        let inside = line.trim_start_matches([' ', '-']);
        let start = self.at + line.len() - inside.len();
        if line.starts_with("---") || inside.starts_with('#') {
            return self.paint_to("c", end);
        }
        let key = inside.find(": ").or_else(|| inside.strip_suffix(':').map(str::len));
        let is_key = |key: &str| !key.is_empty() && !key.contains(" #") && !key.starts_with(['{', '[', '|', '>']);
        self.plain_to(start);
        if let Some(key) = key.filter(|key| is_key(&inside[..*key])) {
            self.paint_to("a", start + key);
            self.plain_to(start + key + 1);
        }
        self.yaml_value(end);
    }

    fn yaml_value(&mut self, end: usize) {
        let value = &self.code[self.at..end];
        let inside = value.trim_start();
        self.plain_to(end - inside.len());
        let comment = if inside.starts_with('#') { Some(0) } else { inside.find(" #").map(|space| space + 1) };
        let scalar = inside[..comment.unwrap_or(inside.len())].trim_end();
        let is_number =
            scalar.trim_start_matches(['-', '+']).parse::<f64>().is_ok() && !scalar.ends_with(['n', 'f', 'y']);
        let scalar_end = self.at + scalar.len();
        match scalar.bytes().next() {
            Some(b'"' | b'\'') if quoted(scalar, false) == Some(scalar.len()) => self.paint_to("s", scalar_end),
            Some(b'"' | b'\'' | b'{' | b'[') => return self.words(end),
            Some(b'&' | b'*' | b'!') => self.paint_to("t", scalar_end),
            _ if is_number => self.paint_to("n", scalar_end),
            _ if self.language.types.contains(&scalar) => self.paint_to("t", scalar_end),
            _ => {}
        }
        if let Some(comment) = comment {
            self.plain_to(end - (inside.len() - comment));
            self.paint_to("c", end);
        }
    }
}

/// How many bytes at the start of a text are of a kind.
fn run(text: &str, is_of: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(|byte| !is_of(byte)).unwrap_or(text.len())
}

/// The length of a string with its quotes. One that its line does not close is none, unless it may go on over lines.
fn quoted(text: &str, over_lines: bool) -> Option<usize> {
    // Apostrophes in prose begin strings that end nowhere near: so much is looked at.
    const LENGTH_MAX: usize = 4096;
    let quote = text.as_bytes()[0];
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1).take(LENGTH_MAX) {
        match byte {
            b'\n' if !over_lines => return None,
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            _ if byte == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// A variable of a shell.
fn variable(text: &str) -> Option<(Option<&'static str>, usize)> {
    let inside = &text[1..];
    let length = match inside.bytes().next()? {
        b'{' => inside.bytes().take(100).position(|byte| byte == b'}')? + 1,
        byte if byte.is_ascii_alphabetic() || byte == b'_' => {
            run(inside, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
        }
        _ => return None,
    };
    Some((Some("a"), length + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(language: &str, code: &str) -> String {
        let mut out = String::new();
        write(&mut out, language, code);
        out.replace("<span class=\"", "[").replace("\">", " ").replace("</span>", "]")
    }

    #[test]
    fn parts_of_code_are_told_apart() {
        let cases = [
            ("go", "func (a *B) C(x int) { // d\n", "[k func] (a *B) [f C](x [t int]) { [c // d]\n"),
            ("go", "s := `a\nb` + \"c\\\"\" + 'd' + 0x1F", "s := [s `a\nb`] + [s \"c\\\"\"] + [s 'd'] + [n 0x1F]"),
            ("go", "/* a\nb */ x", "[c /* a\nb */] x"),
            ("yaml", "a:\n  - b: 1 # c\n", "[a a]:\n  - [a b]: [n 1] [c # c]\n"),
            ("yaml", "x: \"y\"\nz: true\n", "[a x]: [s \"y\"]\n[a z]: [t true]\n"),
            ("yaml", "a: |\n  b: c\n\n  d\ne: f\n", "[a a]: |\n  [s b: c]\n\n  [s d]\n[a e]: f\n"),
            ("yaml", "# a\n---\nb: https://c#d\n", "[c # a]\n[c ---]\n[a b]: https://c#d\n"),
            ("json", "{\"a\": [\"b\", 1.5, null]}", "{[a \"a\"]: [[s \"b\"], [n 1.5], [t null]]}"),
            ("bash", "if a-b $C ${D}; then # e\n", "[k if] a-b [a $C] [a ${D}]; [k then] [c # e]\n"),
            ("console", "$ echo \"a\"\nif b\n", "[p $] echo [s \"a\"]\nif b\n"),
            ("diff", "--- a\n+b\n-c\n d\n@@ e\n", "[c --- a]\n[i +b]\n[d -c]\n d\n[t @@ e]\n"),
            ("protobuf", "message A { string b = 1; }", "[k message] A { [t string] b = [n 1]; }"),
            ("makefile", "all: b\n\tgo $(C)\n", "[f all]: b\n\tgo $(C)\n"),
            ("toml", "[a]\nb = \"c\" # d\n", "[t [a]]\n[a b ]= [s \"c\"] [c # d]\n"),
            ("dockerfile", "FROM a AS b\n", "[k FROM] a AS b\n"),
            ("python", "def f(): # don't\n  \"\"\"a\nb\"\"\"", "[k def] [f f](): [c # don't]\n  [s \"\"\"a\nb\"\"\"]"),
            ("nothing", "if <b>", "if &lt;b>"),
        ];
        for (language, code, expected) in cases {
            assert_eq!(short(language, code).replace("&gt;", ">"), expected, "{code}");
        }
    }
}
