//! Conditions: the CEL of profiles and of `--where`, checked before anything runs.
//!
//! Variables are the keys of `signoff.proposal/1` that hold scalars and lists of texts, and
//! `class`, what the status means (`open`, `accepted`, `done`, `parked`, `dead`, `living`).
//! Functions: `field(name)`, `question(id)`, `section(title)` (their argument is a literal, so that
//! it can be checked), `release(text)` and `date(text)`, whose results compare by value; both
//! give -1 for what is no release or date, so that such a value is before every real one.
//!
//! The library has no cost limit, so nesting, lists and comprehensions are bounded here.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use cel::common::ast::{Expr, IdedExpr, LiteralValue};
use cel::common::value::CowVal;
use cel::context::VariableResolver;
use cel::{Context, Program, Value};
use signoff_model::profile::{Meaning, Prepared};
use signoff_model::{Proposal, Release};

/// Longest condition, in bytes.
const LENGTH_MAX: usize = 4096;
/// Deepest nesting of a condition.
const DEPTH_MAX: usize = 40;

/// A condition whose names are known; evaluating it cannot fail for want of one.
pub struct Condition {
    expression: IdedExpr,
}

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionFault {
    /// What is wrong.
    pub message: String,
    /// What may be meant.
    pub suggestion: Option<String>,
}

impl std::fmt::Display for ConditionFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.message)?;
        match &self.suggestion {
            Some(suggestion) => write!(formatter, "; did you mean `{suggestion}`?"),
            None => Ok(()),
        }
    }
}

/// The variables that hold one text or null.
const TEXTS: [&str; 8] = ["profile", "proposal", "title", "group", "path", "status", "stage", "latest_milestone"];
/// The variables that hold lists of texts.
const LISTS: [&str; 5] = ["authors", "reviewers", "approvers", "gates", "metrics"];
/// The variables that hold something else.
const OTHERS: [&str; 2] = ["class", "milestones"];
/// The functions.
const FUNCTIONS: [&str; 5] = ["field", "question", "section", "release", "date"];

impl Condition {
    /// Reads a condition and checks every name and enumerated value in it.
    ///
    /// # Errors
    /// What is wrong with it, with a suggestion where one is near.
    pub fn parse(prepared: &Prepared, text: &str) -> Result<Self, ConditionFault> {
        let fault = |message: String| ConditionFault { message, suggestion: None };
        if text.len() > LENGTH_MAX {
            return Err(fault(format!("the condition has {} bytes; the limit is {LENGTH_MAX}", text.len())));
        }
        if nesting(text) > DEPTH_MAX {
            return Err(fault(format!("the condition is nested deeper than {DEPTH_MAX} levels")));
        }
        let program = Program::compile(text).map_err(|errors| fault(first_line(&errors.to_string())))?;
        let mut expression = program.expression().clone();
        resolve(prepared, &mut expression)?;
        Ok(Self { expression })
    }

    /// Whether the condition holds for a proposal. A comparison that makes no sense is false.
    #[must_use]
    pub fn holds(&self, prepared: &Prepared, proposal: &Proposal) -> bool {
        let scope = Scope { prepared, proposal };
        let mut context = root().new_inner_scope();
        context.set_variable_resolver(&scope);
        matches!(context.resolve(&self.expression), Ok(Value::Bool(true)))
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim_start_matches("ERROR: <input>:").to_owned()
}

/// How deep brackets nest, and how many operators of one sign stand in a row.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut signs = 0;
    for character in text.chars() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '!' | '-' => signs += 1,
            ' ' => {}
            _ => signs = 0,
        }
        deepest = deepest.max(depth).max(signs);
    }
    deepest
}

/// The functions of every condition; made once, since making the standard library is slow.
fn root() -> &'static Context<'static, 'static> {
    static ROOT: OnceLock<Context<'static, 'static>> = OnceLock::new();
    ROOT.get_or_init(|| {
        let mut context = Context::default();
        let release = |value: Value| text_of(&value).and_then(Release::parse).map_or(-1, release_number);
        let date = |value: Value| text_of(&value).and_then(date_number).unwrap_or(-1);
        context.add_function("release", release).unwrap_or_default();
        context.add_function("date", date).unwrap_or_default();
        context
    })
}

fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn release_number(release: Release) -> i64 {
    (i64::from(release.major) * 1_000_000 + i64::from(release.minor)) * 1_000_000 + i64::from(release.patch)
}

fn date_number(text: &str) -> Option<i64> {
    let date: jiff::civil::Date = text.trim().parse().ok()?;
    Some(i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day()))
}

/// Checks names, and turns `field("x")`, `question("x")`, `section("x")` into variables.
fn resolve(prepared: &Prepared, expression: &mut IdedExpr) -> Result<(), ConditionFault> {
    match &mut expression.expr {
        Expr::Ident(name) => known_variable(name)?,
        Expr::Call(call) => {
            if let Some(variable) = looked_up(prepared, &call.func_name, &call.args)? {
                expression.expr = Expr::Ident(variable);
                return Ok(());
            }
            check_enumerated(prepared, &call.func_name, &call.args)?;
            if !call.func_name.starts_with(['_', '!', '-', '@']) && !is_known_function(&call.func_name) {
                let near = nearest(&call.func_name, FUNCTIONS.iter().copied());
                return Err(ConditionFault {
                    message: format!("unknown function `{}`", call.func_name),
                    suggestion: near,
                });
            }
            if let Some(target) = &mut call.target {
                resolve(prepared, target)?;
            }
            for argument in &mut call.args {
                resolve(prepared, argument)?;
            }
        }
        Expr::Select(select) => resolve(prepared, &mut select.operand)?,
        Expr::List(list) => {
            for element in &mut list.elements {
                resolve(prepared, element)?;
            }
        }
        Expr::Literal(_) | Expr::Unspecified => {}
        Expr::Comprehension(_) | Expr::Map(_) | Expr::Struct(_) => {
            let message = "only comparisons, `in`, logic and functions can be used here, no loops or maps".to_owned();
            return Err(ConditionFault { message, suggestion: None });
        }
    }
    Ok(())
}

fn is_known_function(name: &str) -> bool {
    const STANDARD: [&str; 6] = ["contains", "startsWith", "endsWith", "size", "lowerAscii", "string"];
    FUNCTIONS.contains(&name) || STANDARD.contains(&name)
}

fn known_variable(name: &str) -> Result<(), ConditionFault> {
    let all = || TEXTS.iter().chain(&LISTS).chain(&OTHERS).copied();
    if all().any(|known| known == name) {
        return Ok(());
    }
    let suggestion = nearest(name, all());
    let message = match &suggestion {
        Some(_) => format!("unknown name `{name}`"),
        None => format!("unknown name `{name}`; there are {}", all().collect::<Vec<_>>().join(", ")),
    };
    Err(ConditionFault { message, suggestion })
}

/// The variable that a look-up with a literal argument stands for.
fn looked_up(prepared: &Prepared, function: &str, arguments: &[IdedExpr]) -> Result<Option<String>, ConditionFault> {
    if !matches!(function, "field" | "question" | "section") {
        return Ok(None);
    }
    let [IdedExpr { expr: Expr::Literal(LiteralValue::String(name)), .. }] = arguments else {
        let message = format!("`{function}` takes one name in quotes");
        return Err(ConditionFault { message, suggestion: None });
    };
    let name = name.inner();
    let known: Vec<&str> = match function {
        "field" => prepared.profile.fields.keys().map(String::as_str).collect(),
        "question" => questions(prepared),
        _ => prepared.profile.section.iter().map(|section| section.title.as_str()).collect(),
    };
    if !known.is_empty() && !known.contains(&name) {
        let message = format!("there is no {function} `{name}`");
        return Err(ConditionFault { message, suggestion: nearest(name, known.into_iter()) });
    }
    // The closing colon tells the variable from one of its fields: the library asks for
    // `section:X:.state` as a whole before it asks for `section:X:`.
    Ok(Some(format!("{function}:{name}:")))
}

fn questions(prepared: &Prepared) -> Vec<&str> {
    let groups = prepared.profile.questionnaire.iter().flat_map(|questionnaire| &questionnaire.group);
    groups.flat_map(|group| &group.question).map(|question| question.id.as_str()).collect()
}

/// Refuses a comparison of an enumerated variable with a value that it never has.
fn check_enumerated(prepared: &Prepared, function: &str, arguments: &[IdedExpr]) -> Result<(), ConditionFault> {
    let [left, right] = arguments else { return Ok(()) };
    if !matches!(function, "_==_" | "_!=_" | "@in") {
        return Ok(());
    }
    for (one, other) in [(left, right), (right, left)] {
        let Some(values) = enumerated(prepared, one) else { continue };
        for literal in literals(other) {
            if !values.contains(&literal) {
                let message = format!("no proposal has the value `{literal}` here; there are {}", values.join(", "));
                return Err(ConditionFault { message, suggestion: nearest(literal, values.into_iter()) });
            }
        }
    }
    Ok(())
}

fn enumerated<'a>(prepared: &'a Prepared, expression: &IdedExpr) -> Option<Vec<&'a str>> {
    const STATES: [&str; 6] = ["absent", "empty", "placeholder", "not-applicable", "bare", "answered"];
    const CLASSES: [&str; 6] = ["open", "accepted", "done", "parked", "dead", "living"];
    match &expression.expr {
        Expr::Ident(name) => match name.as_str() {
            "status" => Some(prepared.profile.status.iter().map(|status| status.name.as_str()).collect()),
            "stage" => Some(prepared.profile.stage.iter().map(|stage| stage.name.as_str()).collect()),
            "class" => Some(CLASSES.to_vec()),
            _ => None,
        },
        Expr::Select(select) if select.field == "state" => match &select.operand.expr {
            Expr::Call(call) if call.func_name == "question" => Some(STATES.to_vec()),
            Expr::Call(call) if call.func_name == "section" => Some(vec!["absent", "empty", "scaffold", "written"]),
            _ => None,
        },
        _ => None,
    }
}

fn literals(expression: &IdedExpr) -> Vec<&str> {
    match &expression.expr {
        Expr::Literal(LiteralValue::String(text)) => vec![text.inner()],
        Expr::List(list) => list.elements.iter().flat_map(literals).collect(),
        _ => Vec::new(),
    }
}

/// Most edits between a word and what it may be meant for, however long it is.
const DISTANCE_MAX: usize = 8;

/// The name that `wrong` may be meant for: at most two letters away, or a third of its length.
#[must_use]
pub fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let length = wrong.chars().count();
    let most = 2.max(length / 3).min(DISTANCE_MAX).min(length.saturating_sub(1));
    // Words whose lengths differ by more cannot be so near.
    let near = known.filter(|name| name.chars().count().abs_diff(length) <= most && shares_an_end(wrong, name));
    let (distance, name) = near.map(|name| (distance(wrong, name), name)).min()?;
    (distance <= most).then(|| name.to_owned())
}

/// Whether two words begin or end alike, as a word and its misspelling do: a cheap test before the dear one.
fn shares_an_end(left: &str, right: &str) -> bool {
    let alike = |left: Option<char>, right: Option<char>| {
        left.zip(right).is_some_and(|(left, right)| left.eq_ignore_ascii_case(&right))
    };
    alike(left.chars().next(), right.chars().next()) || alike(left.chars().next_back(), right.chars().next_back())
}

/// Edits (insertions, deletions, replacements, swaps of neighbours) between two words, letter case aside.
#[must_use]
pub fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().take(64).flat_map(char::to_lowercase).collect();
    let right: Vec<char> = right.chars().take(64).flat_map(char::to_lowercase).collect();
    let (mut before, mut last) = (Vec::new(), (0..=right.len()).collect::<Vec<usize>>());
    for (i, a) in left.iter().enumerate() {
        let mut row = Vec::with_capacity(right.len() + 1);
        row.push(i + 1);
        for (j, b) in right.iter().enumerate() {
            let mut best = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[right.len()]
}

/// A proposal's values under the names of conditions.
struct Scope<'a> {
    prepared: &'a Prepared,
    proposal: &'a Proposal,
}

impl VariableResolver for Scope<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        self.value(variable)?.try_into().ok().map(CowVal::Owned)
    }
}

impl Scope<'_> {
    /// The value of a variable; `None` for what is none, such as `milestones.alpha`.
    fn value(&self, variable: &str) -> Option<Value> {
        if let Some((function, name)) = variable.split_once(':') {
            let name = name.strip_suffix(':')?;
            return Some(match function {
                "field" => self.field(name),
                "question" => self.question(name),
                _ => self.section(name),
            });
        }
        let text = |meaning| text_value(self.proposal.text(self.prepared, meaning));
        Some(match variable {
            "profile" => text_value(Some(&self.prepared.profile.id)),
            "proposal" => text_value(self.proposal.number.as_deref()),
            "path" => text_value(Some(&self.proposal.path)),
            "title" => text(Meaning::Title),
            "group" => text(Meaning::Group),
            "status" => text(Meaning::Status),
            "stage" => text(Meaning::Stage),
            "latest_milestone" => text(Meaning::LatestMilestone),
            "class" => text_value(Some(self.proposal.class(self.prepared).word())),
            "authors" => self.items(Meaning::Authors),
            "reviewers" => self.items(Meaning::Reviewers),
            "approvers" => self.items(Meaning::Approvers),
            "metrics" => self.items(Meaning::Metrics),
            "gates" => list(self.proposal.gates(self.prepared).iter().map(|gate| gate.name)),
            "milestones" => {
                let milestones = self.proposal.milestones(self.prepared);
                map(milestones.into_iter().map(|(stage, item)| (stage.to_owned(), text_value(Some(item.text)))))
            }
            _ => return None,
        })
    }

    fn items(&self, meaning: Meaning) -> Value {
        list(self.proposal.items(self.prepared, meaning).iter().map(|item| item.text))
    }

    fn field(&self, name: &str) -> Value {
        let Some(pair) = self.proposal.field(self.prepared, name) else { return Value::Null };
        match pair.node.text() {
            Some(text) => text_value(Some(text)),
            None if pair.node.is_null() => Value::Null,
            None => list(self.proposal.items_of(self.prepared, &pair.node).iter().map(|item| item.text)),
        }
    }

    fn question(&self, id: &str) -> Value {
        let answer = self.prepared.question_by_id(id).and_then(|(questionnaire, question)| {
            self.proposal.document()?.answers.get(questionnaire)?.answers.get(question)
        });
        let state = answer.map_or("absent", |answer| answer.state.word());
        let text = answer.map_or("", |answer| &answer.own);
        map([("state".to_owned(), text_value(Some(state))), ("text".to_owned(), text_value(Some(text)))])
    }

    fn section(&self, title: &str) -> Value {
        let slot = self.prepared.profile.section.iter().position(|section| section.title == title);
        let state = self.proposal.document().and_then(|document| {
            let index =
                document.body.sections.iter().position(|section| {
                    slot.is_some() && self.prepared.sections.get(&section.words).copied() == slot
                })?;
            document.section_states.get(index)
        });
        map([("state".to_owned(), text_value(Some(state.map_or("absent", |state| state.word()))))])
    }
}

fn text_value(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

fn list<'t>(items: impl Iterator<Item = &'t str>) -> Value {
    Value::List(Arc::new(items.map(Value::from).collect()))
}

fn map(pairs: impl IntoIterator<Item = (String, Value)>) -> Value {
    let pairs: std::collections::HashMap<String, Value> = pairs.into_iter().collect();
    Value::from(pairs)
}

/// Conditions of a profile, each parsed when it is first needed.
#[derive(Default)]
pub struct Conditions {
    parsed: std::sync::Mutex<BTreeMap<String, Arc<Result<Condition, ConditionFault>>>>,
}

impl Conditions {
    /// Whether a condition holds; one that does not parse never does (`profile-invalid` says so).
    pub fn hold(&self, prepared: &Prepared, text: &str, proposal: &Proposal) -> bool {
        let condition = self.get(prepared, text);
        condition.as_ref().as_ref().is_ok_and(|condition| condition.holds(prepared, proposal))
    }

    fn get(&self, prepared: &Prepared, text: &str) -> Arc<Result<Condition, ConditionFault>> {
        let mut parsed = self.parsed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = parsed.get(text) {
            return Arc::clone(known);
        }
        let condition = Arc::new(Condition::parse(prepared, text));
        parsed.insert(text.to_owned(), Arc::clone(&condition));
        condition
    }
}

/// Mistakes in the conditions of a profile, each at its place in the profile's text.
///
/// Conditions taken over from a base are not in the text: their mistakes stand at its start.
#[must_use]
pub fn faults(prepared: &Prepared, text: &str) -> Vec<signoff_model::profile::ConfigFault> {
    let profile = &prepared.profile;
    let required = profile.fields.values().map(|field| &field.required);
    let required = required.chain(profile.section.iter().map(|section| &section.required));
    let required = required.filter_map(|required| match required {
        signoff_model::profile::Required::When(condition) => Some(condition),
        signoff_model::profile::Required::Always(_) => None,
    });
    let statuses = profile.status.iter().filter_map(|status| status.requires.as_ref());
    let companions = profile.companion.iter().filter_map(|companion| companion.required.as_ref());
    let severities = profile.severity.iter().filter_map(|severity| severity.when.as_ref());
    let rules = profile.rule.iter().filter_map(|rule| rule.when.as_ref());
    required
        .chain(statuses)
        .chain(companions)
        .chain(severities)
        .chain(rules)
        .filter_map(|condition| {
            let fault = Condition::parse(prepared, condition).err()?;
            Some(signoff_model::profile::ConfigFault::near(text, condition, format!("in this condition: {fault}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use signoff_model::memo::Memo;
    use signoff_model::{MemoryTree, Profile, corpus};

    use super::*;

    const PROFILE: &str = r#"
        schema = 1
        id = "x"
        layout = { root = "a", name = "{number}-{slug}", metadata = "m.yaml", body = "README.md" }
        fields.status = { kind = "status", meaning = "status" }
        fields.plan = { kind = "releases", meaning = "milestones" }
        status = [{ name = "Draft" }, { name = "Vote" }]
        stage = [{ name = "alpha" }, { name = "beta" }]
        section = [{ title = "Purpose" }, { title = "Of v1.0" }]
    "#;

    #[test]
    fn parts_of_values_are_found() {
        let prepared = Arc::new(Prepared::new(Profile::parse(PROFILE, &|_| None).expect("a profile")));
        let tree = MemoryTree::new([
            ("a/1-x/m.yaml", "status: Vote\nplan: {alpha: v1.2}\n"),
            ("a/1-x/README.md", "## Of v1.0\nx\n"),
        ]);
        let as_of = "2026-07-24T12:00:00Z".parse().expect("an instant");
        let request = corpus::Request { prepared: Arc::clone(&prepared), paths: None, prose: true, as_of };
        let corpus = corpus::load(&tree, &request, &Memo::default());
        let cases = [
            (r#"section("Purpose").state == "absent""#, true),
            (r#"section("Of v1.0").state == "written""#, true),
            (r#"section("Of v1.0").state == "empty""#, false),
            (r#"milestones.alpha == "v1.2""#, true),
            (r#"milestones.beta == "v1.2""#, false),
            (r#"field("status") == "Vote" && status != "Draft""#, true),
            ("stage == null", true),
            (r#"stage != "beta""#, true),
        ];
        for (text, expected) in cases {
            let condition = Condition::parse(&prepared, text).expect("a condition");
            assert_eq!(condition.holds(&prepared, &corpus.proposals[0]), expected, "{text}");
        }
    }
}
