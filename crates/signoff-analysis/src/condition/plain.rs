//! Plain conditions: texts compared with literals, joined with `&&` and `||`.
//!
//! Nearly all of a profile's are plain. They are read and answered here, since the general reader of CEL takes
//! longer to start than the check of one file. Whatever is not plain, or wrong, is left to it: [`Plain::read`]
//! takes nothing that it would refuse.

use std::cmp::Ordering;

use signoff_model::Release;
use signoff_model::profile::Prepared;

use super::{Scope, TextVariable, release_number, release_value, types};

/// One of these rows holds when all of its comparisons do.
pub(super) struct Plain(Vec<Vec<Comparison>>);

struct Comparison {
    variable: TextVariable,
    test: Test,
}

enum Test {
    Is(Literal),
    IsNot(Literal),
    IsOneOf(Vec<Literal>),
    /// As a release, stands so to another.
    Release(fn(Ordering) -> bool, i64),
}

/// A text; `None` stands for null.
type Literal = Option<Box<str>>;

impl Plain {
    /// Reads a condition; `None` for one that is not plain or has a mistake.
    pub(super) fn read(prepared: &Prepared, text: &str) -> Option<Self> {
        let tokens = tokens(text)?;
        let rows = tokens.split(|token| *token == Token::Sign("||"));
        let row = |row: &[Token<'_>]| -> Option<Vec<Comparison>> {
            row.split(|token| *token == Token::Sign("&&")).map(|tokens| Comparison::read(prepared, tokens)).collect()
        };
        Some(Self(rows.map(row).collect::<Option<_>>()?))
    }

    pub(super) fn holds(&self, scope: &Scope<'_>) -> bool {
        self.0.iter().any(|row| row.iter().all(|comparison| comparison.holds(scope)))
    }

    /// What it compares with literals.
    pub(super) fn comparisons(&self) -> Vec<super::Comparison> {
        let of = |comparison: &Comparison| {
            let negated = matches!(comparison.test, Test::IsNot(_));
            let compared = types::variable(comparison.variable.name());
            let stated = |value: &str| super::Comparison { compared: compared.clone(), value: value.into(), negated };
            comparison.test.literals().map(stated).collect::<Vec<_>>()
        };
        self.0.iter().flatten().flat_map(of).collect()
    }

    /// Whether it looks at a variable.
    pub(super) fn reads(&self, variable: TextVariable) -> bool {
        self.0.iter().flatten().any(|comparison| comparison.variable == variable)
    }
}

impl Comparison {
    fn read(prepared: &Prepared, tokens: &[Token<'_>]) -> Option<Self> {
        use Token::{Name, Sign, Text};
        let (name, test) = match tokens {
            [Name(name), Sign("=="), value] => (name, Test::Is(value.literal()?)),
            [Name(name), Sign("!="), value] => (name, Test::IsNot(value.literal()?)),
            [Name(name), Name("in"), Sign("["), texts @ .., Sign("]")] => (name, Test::IsOneOf(listed(texts)?)),
            [
                Name("release"),
                Sign("("),
                Name(name),
                Sign(")"),
                Sign(operator),
                Name("release"),
                Sign("("),
                Text(release),
                Sign(")"),
            ] => (name, Test::Release(order(operator)?, release_number(Release::parse(release)?))),
            _ => return None,
        };
        let is_fine = test.literals().all(|literal| types::can_be(prepared, name, literal));
        Some(Self { variable: TextVariable::named(name).filter(|_| is_fine)?, test })
    }

    fn holds(&self, scope: &Scope<'_>) -> bool {
        let value = scope.text(self.variable);
        match &self.test {
            Test::Is(literal) => literal.as_deref() == value,
            Test::IsNot(literal) => literal.as_deref() != value,
            Test::IsOneOf(literals) => literals.iter().any(|literal| literal.as_deref() == value),
            Test::Release(fits, release) => fits(release_value(value).cmp(release)),
        }
    }
}

impl Test {
    fn literals(&self) -> impl Iterator<Item = &str> {
        let literals = match self {
            Self::Is(literal) | Self::IsNot(literal) => std::slice::from_ref(literal),
            Self::IsOneOf(literals) => literals,
            Self::Release(..) => &[],
        };
        literals.iter().filter_map(Option::as_deref)
    }
}

/// The texts of a list, a comma between each.
fn listed(tokens: &[Token<'_>]) -> Option<Vec<Literal>> {
    let text = |token: &[Token<'_>]| match token {
        [Token::Text(text)] => Some(Some((*text).into())),
        _ => None,
    };
    tokens.split(|token| *token == Token::Sign(",")).map(text).collect()
}

fn order(operator: &str) -> Option<fn(Ordering) -> bool> {
    Some(match operator {
        "==" => Ordering::is_eq,
        "!=" => Ordering::is_ne,
        "<" => Ordering::is_lt,
        "<=" => Ordering::is_le,
        ">" => Ordering::is_gt,
        ">=" => Ordering::is_ge,
        _ => return None,
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'t> {
    Name(&'t str),
    /// What stands between quotes.
    Text(&'t str),
    Sign(&'static str),
}

impl Token<'_> {
    fn literal(self) -> Option<Literal> {
        match self {
            Self::Text(text) => Some(Some(text.into())),
            Self::Name("null") => Some(None),
            _ => None,
        }
    }
}

/// Every sign of plain conditions, the longer ones first.
const SIGNS: [&str; 13] = ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", ","];

/// `None` when something else stands there, such as a number, a remark or an escape.
fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_ascii_start();
    while let Some(first) = rest.bytes().next() {
        let (token, length) = match first {
            b'"' | b'\'' => {
                let inside = &rest[1..];
                let length = inside.find(char::from(first))?;
                (Token::Text(&inside[..length]), length + 2)
            }
            b'a'..=b'z' => {
                let length = rest.bytes().take_while(|byte| matches!(byte, b'a'..=b'z' | b'_')).count();
                (Token::Name(&rest[..length]), length)
            }
            _ => SIGNS.iter().find(|sign| rest.starts_with(**sign)).map(|sign| (Token::Sign(sign), sign.len()))?,
        };
        let is_plain = |text: &str| !text.contains(['\\', '\n', '\r']);
        if matches!(token, Token::Text(text) if !is_plain(text)) {
            return None;
        }
        tokens.push(token);
        rest = rest[length..].trim_ascii_start();
    }
    Some(tokens)
}

#[cfg(test)]
mod tests {
    use signoff_model::{MemoryTree, Profile, corpus, memo::Memo};

    use super::super::{Condition, Form};
    use super::*;

    const PROFILE: &str = r#"
        schema = 1
        id = "x"
        layout = { root = "a", name = "{number}-{slug}", metadata = "m.yaml", body = "README.md" }
        fields.status = { kind = "status", meaning = "status" }
        fields.stage = { kind = "stage", meaning = "stage" }
        fields.title = { kind = "text", meaning = "title" }
        fields.latest = { kind = "release", meaning = "latest-milestone" }
        status = [{ name = "Draft", class = "open" }, { name = "Vote", class = "accepted" }]
        stage = [{ name = "alpha" }, { name = "beta" }]
    "#;

    /// What is read here means what the general reader makes of it: behind `true &&` a condition is not plain.
    #[test]
    fn plain_conditions_mean_what_they_say_in_cel() {
        let prepared = std::sync::Arc::new(Prepared::new(Profile::parse(PROFILE, &|_| None).expect("a profile")));
        let tree = MemoryTree::new([
            ("a/1-x/m.yaml", "status: Vote\nstage: beta\ntitle: in [it, \"x\"]\nlatest: v1.10\n"),
            ("a/2-y/m.yaml", "status: Draft\ntitle: ''\nlatest: soon\n"),
        ]);
        let as_of = "2026-07-24T12:00:00Z".parse().expect("an instant");
        let request = corpus::Request { prepared: std::sync::Arc::clone(&prepared), paths: None, prose: false, as_of };
        let corpus = corpus::load(&tree, &request, &Memo::default());
        let cases = [
            (r#"status == "Vote""#, [true, false]),
            ("status=='Vote'&&stage!='alpha'", [true, false]),
            (r#"status != "Vote""#, [false, true]),
            (r#"stage == null || stage in ["alpha"]"#, [false, true]),
            (r#"stage in ["alpha", "beta"]"#, [true, false]),
            ("latest_milestone != null", [true, true]),
            (r#"class == "open" || class == "accepted" && stage == "alpha""#, [false, true]),
            (r#"class == "accepted" && stage == "alpha" || class == "open""#, [false, true]),
            (r#"title == 'in [it, "x"]' || title == null"#, [true, true]),
            (r#"path == "a/1-x" && profile == "x" && group == null"#, [true, false]),
            (r#"proposal in ["1", "2"]"#, [false, false]),
            (r#"release(latest_milestone) >= release("v1.10")"#, [true, false]),
            (r#"release(latest_milestone) < release("v1.9")"#, [false, true]),
            (r#"release(latest_milestone) == release("1.10.0")"#, [true, false]),
        ];
        for (text, expected) in cases {
            let plain = Plain::read(&prepared, text).unwrap_or_else(|| panic!("{text} is not plain"));
            let general = Condition::parse(&prepared, &format!("true && ({text})")).expect(text);
            assert!(matches!(general.form, Form::General(_)), "{text}");
            for (proposal, expected) in corpus.proposals.iter().zip(expected) {
                assert_eq!(plain.holds(&Scope { prepared: &prepared, proposal }), expected, "{text}");
                assert_eq!(general.holds(&prepared, proposal), expected, "CEL: {text}");
            }
        }
    }

    #[test]
    fn anything_else_is_left_to_the_general_reader() {
        let prepared = Prepared::new(Profile::parse(PROFILE, &|_| None).expect("a profile"));
        let cases = [
            "",
            "status",
            "status == \"Voted\"",
            "class in [\"open\", \"shut\"]",
            "stats == \"Vote\"",
            "authors == null",
            "null == stage",
            "title == 'a\\'b'",
            "title == r'a'",
            "title == \"\"\"a\"\"\"",
            "title == 'a' 'b'",
            "title == 'open",
            "title in []",
            "title in ['a',]",
            "title in [null]",
            "(title == 'a')",
            "title == 'a' &&",
            "title == 'a' // remark",
            "title == titles",
            "size == '1'",
            "release('v1') >= release(title)",
            "release(title) == release(\"none\")",
            "release(title) >= 'v1'",
        ];
        for text in cases {
            assert!(Plain::read(&prepared, text).is_none(), "{text}");
        }
    }
}
