//! Conditions: the CEL of profiles and of `--where`, checked before anything runs.
//!
//! Variables are the keys of `signoff.proposal/1` that hold scalars and lists of texts, and
//! `class`, what the status means (`open`, `accepted`, `done`, `parked`, `dead`, `living`), and `current_release`,
//! the release that is worked on at the day asked about.
//! Functions: `field(name)`, `question(id)`, `section(title)`, `approval(id)` (their argument is a literal, so that
//! it can be checked), `release(text)` and `date(text)`, whose results compare by value; both
//! give -1 for what is no release or date, so that such a value is before every real one.
//!
//! A [`Condition`] is true or false of a proposal; an [`Expression`] gives a value to show.
//!
//! The library has no cost limit, so `bounds` and `types` refuse what could run for long, and lists and
//! texts are bounded when they are looked at.

use std::sync::{Arc, OnceLock};

use cel::common::ast::IdedExpr;
use cel::common::value::CowVal;
use cel::context::VariableResolver;
use cel::extractors::This;
use cel::{Context, Program, Value};
use plain::Plain;
use rustc_hash::FxHashMap;
use signoff_model::profile::{ConfigFault, Meaning, PeopleStyle, Prepared, Profile, Required};
use signoff_model::{Proposal, Release, Span};
use types::Checker;

mod bounds;
mod plain;
mod types;

/// Most elements of a list that a condition looks at; a longer one is taken for absent.
const LIST_MAX: usize = 200;
/// Longest part of a text that a condition looks at, in bytes.
const TEXT_MAX: usize = 1024 * 1024;

/// A condition whose names are known; evaluating it cannot fail for want of one.
pub struct Condition {
    form: Form,
    /// Of a plain condition nothing: it says it itself.
    uses: Uses,
}

/// What an expression looks at.
#[derive(Clone, Debug, Default)]
struct Uses {
    prose: bool,
    current_release: bool,
    /// What it compares with literals.
    comparisons: Vec<Comparison>,
}

/// A value that a condition compares: `"@ada" in approvers`, `milestones.beta == "v1.36"`.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What the value is compared with, its look-ups as variables.
    compared: IdedExpr,
    /// The text that is compared with it.
    pub value: Box<str>,
    /// Whether the comparison holds where it is not this value.
    pub negated: bool,
}

enum Form {
    Plain(Plain),
    General(Box<IdedExpr>),
}

/// Whether a name is that of a variable.
#[must_use]
pub fn is_variable(name: &str) -> bool {
    types::NAMES.contains(&name)
}

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionFault {
    /// What is wrong.
    pub message: String,
    /// What may be meant, or what there is.
    pub hint: String,
}

impl std::fmt::Display for ConditionFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}; {}", self.message, self.hint)
    }
}

impl Condition {
    /// Reads a condition and checks every name and enumerated value in it.
    ///
    /// # Errors
    /// What is wrong with it, with a suggestion where one is near.
    pub fn parse(prepared: &Prepared, text: &str) -> Result<Self, ConditionFault> {
        bounds::check(text).map_err(too_long)?;
        if let Some(plain) = Plain::read(prepared, text) {
            return Ok(Self { form: Form::Plain(plain), uses: Uses::default() });
        }
        let mut expression = compile(text)?;
        let uses = Checker::check_condition(prepared, &mut expression)?;
        Ok(Self { form: Form::General(Box::new(expression)), uses })
    }

    /// Whether the condition holds for a proposal. A comparison that makes no sense is false.
    #[must_use]
    pub fn holds(&self, prepared: &Prepared, proposal: &Proposal) -> bool {
        let scope = Scope { prepared, proposal };
        match &self.form {
            Form::Plain(plain) => plain.holds(&scope),
            Form::General(expression) => matches!(scope.evaluate(expression), Some(Value::Bool(true))),
        }
    }

    /// Whether the prose must have been read to know whether it holds.
    #[must_use]
    pub fn reads_prose(&self) -> bool {
        self.uses.prose
    }

    /// What it compares, in the order of its text.
    #[must_use]
    pub fn comparisons(&self) -> Vec<Comparison> {
        match &self.form {
            Form::Plain(plain) => plain.comparisons(),
            Form::General(_) => self.uses.comparisons.clone(),
        }
    }

    /// Whether it asks for the release that is worked on.
    #[must_use]
    pub fn reads_current_release(&self) -> bool {
        match &self.form {
            Form::Plain(plain) => plain.reads(TextVariable::CurrentRelease),
            Form::General(_) => self.uses.current_release,
        }
    }
}

impl Comparison {
    /// What the value is compared with, as people write it: `approvers`, `field("editor")`, `milestones.beta`.
    #[must_use]
    pub fn subject(&self) -> String {
        types::written(&self.compared).unwrap_or_default()
    }

    /// The texts that a proposal has there.
    #[must_use]
    pub fn values(&self, prepared: &Prepared, proposal: &Proposal) -> Vec<String> {
        match (Scope { prepared, proposal }).evaluate(&self.compared) {
            Some(Value::String(text)) => vec![text.to_string()],
            Some(Value::List(items)) => items.iter().filter_map(text_of).map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }
}

/// An expression that gives a value to show, such as `size(authors)` or `question("slo").state`.
pub struct Expression {
    expression: Box<IdedExpr>,
    uses: Uses,
}

/// What an expression gives for a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A text, or that there is none.
    Text(Option<String>),
    /// A number.
    Number(i64),
    /// True or false.
    Flag(bool),
    /// Several texts.
    List(Vec<String>),
}

impl Expression {
    /// Reads an expression and checks every name and enumerated value in it.
    ///
    /// # Errors
    /// What is wrong with it, with a suggestion where one is near.
    pub fn parse(prepared: &Prepared, text: &str) -> Result<Self, ConditionFault> {
        bounds::check(text).map_err(too_long)?;
        let mut expression = compile(text).map_err(|fault| ConditionFault {
            message: fault.message.replace("the condition", "the expression"),
            hint: "write it like `size(authors)` or `question(\"ID\").state`".to_owned(),
        })?;
        let uses = Checker::check_shown(prepared, &mut expression)?;
        Ok(Self { expression: Box::new(expression), uses })
    }

    /// What it gives for a proposal; no text where it makes no sense.
    #[must_use]
    pub fn value(&self, prepared: &Prepared, proposal: &Proposal) -> Shown {
        Scope { prepared, proposal }.evaluate(&self.expression).map_or(Shown::Text(None), shown)
    }

    /// Whether the prose must have been read to know its value.
    #[must_use]
    pub fn reads_prose(&self) -> bool {
        self.uses.prose
    }

    /// Whether it asks for the release that is worked on.
    #[must_use]
    pub fn reads_current_release(&self) -> bool {
        self.uses.current_release
    }

    /// What it compares, in the order of its text.
    #[must_use]
    pub fn comparisons(&self) -> &[Comparison] {
        &self.uses.comparisons
    }
}

fn shown(value: Value) -> Shown {
    match value {
        Value::String(text) => Shown::Text(Some(text.to_string())),
        Value::Int(number) => Shown::Number(number),
        Value::UInt(number) => Shown::Number(number.try_into().unwrap_or(i64::MAX)),
        Value::Bool(flag) => Shown::Flag(flag),
        Value::List(items) => Shown::List(items.iter().filter_map(text_of).map(str::to_owned).collect()),
        _ => Shown::Text(None),
    }
}

fn too_long(message: String) -> ConditionFault {
    ConditionFault { message, hint: "write it shorter".to_owned() }
}

fn compile(text: &str) -> Result<IdedExpr, ConditionFault> {
    let program = Program::compile(text).map_err(|errors| unreadable(&errors.to_string()))?;
    Ok(program.expression().clone())
}

/// What the reader of CEL says, in plain words: it begins with `ERROR: <input>:LINE:COLUMN: Syntax error:`.
fn unreadable(errors: &str) -> ConditionFault {
    let first = errors.lines().next().unwrap_or_default().trim_start_matches("ERROR: <input>:");
    let (place, words) = first.split_once(": ").unwrap_or(("", first));
    let column = place.rsplit_once(':').map_or(place, |(_, column)| column);
    let words = words.trim_start_matches("Syntax error: ");
    let unexpected = words.split_once(" input '").and_then(|(_, rest)| Some(rest.split_once("' expecting ")?.0));
    let message = match unexpected {
        Some("<EOF>") => "the condition ends too early".to_owned(),
        Some(unexpected) => format!("the condition cannot be read at character {column}: `{unexpected}` is unexpected"),
        None if words.contains("ecursion") => "the condition is nested too deep".to_owned(),
        None => format!("the condition cannot be read at character {column}: {words}"),
    };
    ConditionFault { message, hint: "write it like `stage == \"beta\" && \"@ada\" in approvers`".to_owned() }
}

/// The functions of every condition; made once, since making the standard library is slow.
fn root() -> &'static Context<'static, 'static> {
    static ROOT: OnceLock<Context<'static, 'static>> = OnceLock::new();
    ROOT.get_or_init(|| {
        let mut context = Context::default();
        let release = |value: Value| release_value(text_of(&value));
        let date = |value: Value| text_of(&value).and_then(date_number).unwrap_or(-1);
        let lower = |This(text): This<Arc<String>>| text.to_ascii_lowercase();
        context.add_function("lowerAscii", lower).unwrap_or_default();
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

/// What stands for a release where releases are compared; -1 for what is none.
fn release_value(text: Option<&str>) -> i64 {
    text.and_then(Release::parse).map_or(-1, release_number)
}

fn release_number(release: Release) -> i64 {
    (i64::from(release.major) * 1_000_000 + i64::from(release.minor)) * 1_000_000 + i64::from(release.patch)
}

fn date_number(text: &str) -> Option<i64> {
    let date: jiff::civil::Date = text.trim().parse().ok()?;
    Some(i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day()))
}

/// The variables that hold one text or null.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TextVariable {
    Profile,
    Proposal,
    Path,
    Class,
    CurrentRelease,
    Meant(Meaning),
}

impl TextVariable {
    const NAMED: [(&str, Self); 10] = [
        ("profile", Self::Profile),
        ("proposal", Self::Proposal),
        ("path", Self::Path),
        ("class", Self::Class),
        ("current_release", Self::CurrentRelease),
        ("title", Self::Meant(Meaning::Title)),
        ("group", Self::Meant(Meaning::Group)),
        ("status", Self::Meant(Meaning::Status)),
        ("stage", Self::Meant(Meaning::Stage)),
        ("latest_milestone", Self::Meant(Meaning::LatestMilestone)),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(known, _)| *known == name).map(|(_, variable)| *variable)
    }

    fn name(self) -> &'static str {
        Self::NAMED.iter().find(|(_, variable)| *variable == self).map_or("", |(name, _)| name)
    }
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
    fn evaluate(&self, expression: &IdedExpr) -> Option<Value> {
        let mut context = root().new_inner_scope();
        context.set_variable_resolver(self);
        context.resolve(expression).ok()
    }

    /// The value of a variable; `None` for what is none, such as `milestones.alpha`.
    fn value(&self, variable: &str) -> Option<Value> {
        if let Some((function, name)) = variable.split_once(':') {
            let name = name.strip_suffix(':')?;
            return Some(match function {
                "field" => self.field(name),
                "question" => self.question(name),
                "approval" => self.approval(name),
                _ => self.section(name),
            });
        }
        if let Some(variable) = TextVariable::named(variable) {
            return Some(text_value(self.text(variable)));
        }
        Some(match variable {
            "authors" => self.items(Meaning::Authors),
            "reviewers" => self.items(Meaning::Reviewers),
            "approvers" => self.items(Meaning::Approvers),
            "metrics" => self.items(Meaning::Metrics),
            "gates" => list(self.proposal.gates(self.prepared).iter().map(|gate| gate.name)),
            "milestones" => {
                let milestones = self.proposal.milestones(self.prepared);
                map(milestones.into_iter().map(|(stage, item)| (stage.to_owned(), text_value(Some(item.text)))))
            }
            "body" => self.body(),
            _ => return None,
        })
    }

    fn text(&self, variable: TextVariable) -> Option<&str> {
        let text = match variable {
            TextVariable::Profile => Some(&*self.prepared.profile.id),
            TextVariable::Proposal => self.proposal.number.as_deref(),
            TextVariable::Path => Some(&*self.proposal.path),
            TextVariable::Class => Some(self.proposal.class(self.prepared).word()),
            TextVariable::CurrentRelease => self.prepared.current_release.as_deref(),
            TextVariable::Meant(meaning) => self.proposal.text(self.prepared, meaning),
        };
        text.map(bounded)
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

    /// The approver of each stage in the companion of this id; a handle with its `@`, however it is written there.
    fn approval(&self, id: &str) -> Value {
        let companions = &self.prepared.profile.companion;
        let Some(index) = companions.iter().position(|companion| companion.id == id) else { return Value::Null };
        let record = self.proposal.records.iter().find(|record| record.companion == index);
        let stages = self.prepared.profile.stage.iter();
        map(stages.filter_map(|stage| {
            let approver = record?.approver(&companions[index], &stage.name)?.text()?.trim();
            let is_bare_handle =
                self.prepared.profile.people.style == PeopleStyle::Handle && !approver.starts_with('@');
            let approver = if is_bare_handle { format!("@{approver}") } else { approver.to_owned() };
            (approver.len() > 1).then(|| (stage.name.clone(), text_value(Some(&approver))))
        }))
    }

    /// What is known about the prose as a whole; null where there is none.
    fn body(&self) -> Value {
        let Some(document) = self.proposal.document() else { return Value::Null };
        let names = |found: &[(Box<str>, Span)]| list(found.iter().map(|(name, _)| &**name));
        let generations = &self.prepared.profile.template.generation;
        let generation = document.generation.as_ref().and_then(|found| generations.get(found.index));
        let count = |number: usize| Value::Int(number.try_into().unwrap_or(i64::MAX));
        map([
            ("template_generation".to_owned(), text_value(generation.map(|generation| &*generation.id))),
            ("unresolved".to_owned(), count(document.body.unresolved.len())),
            ("comments".to_owned(), count(document.body.plain_comments().count())),
            ("gates".to_owned(), names(&document.gates)),
            ("metrics".to_owned(), names(&document.metrics)),
        ])
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
    text.map_or(Value::Null, |text| Value::from(bounded(text)))
}

/// The part of a text that conditions look at.
fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(TEXT_MAX)]
}

/// The texts as a list; null when there are so many that looking at each could take for ever.
fn list<'t>(items: impl Iterator<Item = &'t str>) -> Value {
    let items: Vec<Value> = items.take(LIST_MAX + 1).map(|text| text_value(Some(text))).collect();
    if items.len() > LIST_MAX { Value::Null } else { Value::List(Arc::new(items)) }
}

fn map(pairs: impl IntoIterator<Item = (String, Value)>) -> Value {
    let pairs: std::collections::HashMap<String, Value> = pairs.into_iter().collect();
    Value::from(pairs)
}

/// The conditions of a profile, each parsed when it is first needed.
pub struct Conditions<'p> {
    prepared: &'p Prepared,
    parsed: FxHashMap<&'p str, OnceLock<Option<Condition>>>,
}

impl<'p> Conditions<'p> {
    /// The conditions of this profile.
    #[must_use]
    pub fn of(prepared: &'p Prepared) -> Self {
        Self { prepared, parsed: texts(&prepared.profile).map(|text| (text, OnceLock::new())).collect() }
    }

    /// Whether a condition of the profile holds; one that does not parse never does (`profile-invalid` says so).
    #[must_use]
    pub fn hold(&self, text: &str, proposal: &Proposal) -> bool {
        let Some(parsed) = self.parsed.get(text) else { return false };
        let condition = parsed.get_or_init(|| Condition::parse(self.prepared, text).ok());
        condition.as_ref().is_some_and(|condition| condition.holds(self.prepared, proposal))
    }
}

/// Mistakes in the conditions of a profile, each at its place in the profile's text.
///
/// Conditions taken over from a base are not in the text: their mistakes stand at its start.
#[must_use]
pub fn faults(prepared: &Prepared, text: &str) -> Vec<ConfigFault> {
    let fault = |condition| {
        let fault = Condition::parse(prepared, condition).err()?;
        Some(ConfigFault::near(text, condition, format!("in this condition: {fault}")))
    };
    texts(&prepared.profile).filter_map(fault).collect()
}

/// Every condition of a profile, as written.
fn texts(profile: &Profile) -> impl Iterator<Item = &str> {
    let required = profile.fields.values().map(|field| &field.required);
    let required = required.chain(profile.section.iter().map(|section| &section.required));
    let required = required.filter_map(|required| match required {
        Required::When(condition) => Some(condition),
        Required::Always(_) => None,
    });
    let statuses = profile.status.iter().filter_map(|status| status.requires.as_ref());
    let companions = profile.companion.iter().filter_map(|companion| companion.required.as_ref());
    let severities = profile.severity.iter().filter_map(|severity| severity.when.as_ref());
    let rules = profile.rule.iter().filter_map(|rule| rule.when.as_ref());
    let classes = profile.signoff.class.iter().filter_map(|class| class.condition.as_ref());
    let all = required.chain(statuses).chain(companions).chain(severities).chain(rules).chain(classes);
    all.map(String::as_str)
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
        fields.title = { kind = "text", meaning = "title" }
        fields.authors = { kind = "people", meaning = "authors" }
        fields.reviewers = { kind = "people", meaning = "reviewers" }
        fields.latest = { kind = "release", meaning = "latest-milestone" }
        fields.created = { kind = "date" }
        status = [{ name = "Draft" }, { name = "Vote" }]
        stage = [{ name = "alpha" }, { name = "beta" }]
        section = [{ title = "Purpose" }, { title = "Of v1.0" }]
    "#;

    #[test]
    fn parts_of_values_are_found() {
        let prepared = Arc::new(Prepared::new(Profile::parse(PROFILE, &|_| None).expect("a profile")));
        let tree = MemoryTree::new([
            (
                "a/1-x/m.yaml",
                "status: Vote\nplan: {alpha: v1.2}\ntitle: Big LAMPS\nauthors: ['@x', '@y']\nlatest: v1.10\ncreated: 2026-02-12\n",
            ),
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
            (r#"stage < "c""#, false),
            (r#"title.lowerAscii() == "big lamps""#, true),
            (r#"title.lowerAscii().startsWith("big") && title.endsWith("LAMPS") && !title.contains("lamps")"#, true),
            (r#"authors.exists(a, a == "@x")"#, true),
            (r#"authors.exists(a, a == "@z")"#, false),
            (r#"authors.all(a, a.startsWith("@"))"#, true),
            (r#"reviewers.all(r, r == "")"#, true),
            (r#"authors.filter(a, a == "@y").size() == 1"#, true),
            (r#""@x!" in authors.map(a, a) || authors.map(a, a.startsWith("@")) == [true, true]"#, true),
            (r#"authors.exists_one(a, a == "@x") && authors.filter(a, a != "@x")[0] == "@y""#, true),
            (r#"authors.exists(a, a in reviewers)"#, false),
            (r#"milestones.exists(s, s == "alpha") && "alpha" in milestones && !("beta" in milestones)"#, true),
            ("has(milestones.alpha) && !has(milestones.beta)", true),
            (r#"milestones["alpha"] == "v1.2""#, true),
            (r#"release(latest_milestone) > release("v1.9") && release("v1.9") <= release(latest_milestone)"#, true),
            (r#"release(field("latest")) == release("1.10.0")"#, true),
            (r#"release(title) < release("v0.1")"#, true),
            (r#"date(field("created")) >= date("2026-02-12") && date(field("created")) < date("2026-02-13")"#, true),
            (r#"date(title) < date("0001-01-01")"#, true),
            (r#"size(authors) + size(reviewers) == 2"#, true),
            (r#"field("authors") == ["@x", "@y"] && "@x" in field("authors")"#, true),
            (r#"field("status").lowerAscii() == "vote""#, true),
            (r#"field("reviewers") == null && latest_milestone != null"#, true),
            (r#"status == "Vote" ? true : false"#, true),
            (r#"true || status == "Draft""#, true),
        ];
        for (text, expected) in cases {
            let condition = Condition::parse(&prepared, text).expect("a condition");
            assert_eq!(condition.holds(&prepared, &corpus.proposals[0]), expected, "{text}");
        }
    }

    #[test]
    fn what_never_holds_is_a_mistake() {
        let prepared = Prepared::new(Profile::parse(PROFILE, &|_| None).expect("a profile"));
        let cases = [
            ("", "the condition ends too early", "write it like"),
            ("status == ", "the condition ends too early", "write it like"),
            ("status = \"Vote\"", "cannot be read at character 8", "write it like"),
            ("status == 'Vote", "cannot be read at character 11", "write it like"),
            ("stats == 'Vote'", "unknown name `stats`", "did you mean `status`?"),
            ("foo", "unknown name `foo`", "there are profile, proposal, "),
            ("lowerAsci(title) == ''", "unknown function `lowerAsci`", "did you mean `lowerAscii`?"),
            ("title.matches('(a+)+')", "unknown function `matches`", "there are field, question, "),
            ("field('statu') == ''", "there is no field `statu`", "did you mean `status`?"),
            ("field(title) == ''", "`field` takes one name in quotes", "field(\"NAME\")"),
            ("section('Porpose').state == 'empty'", "there is no section `Porpose`", "did you mean `Purpose`?"),
            ("section('Purpose').stat == 'empty'", "no part `stat`", "did you mean `state`?"),
            ("section('Purpose').state == 'emtpy'", "the value `emtpy`", "did you mean `empty`?"),
            ("section('Purpose') == null", "a section is never compared with null", "ask for its `.state`"),
            ("status == 'Voted'", "there are Draft, Vote", "did you mean `Vote`?"),
            ("status in ['Draft', 'Vode']", "the value `Vode`", "did you mean `Vote`?"),
            ("'bta' == stage", "the value `bta`", "did you mean `beta`?"),
            ("'bta' in milestones", "the value `bta`", "did you mean `beta`?"),
            ("[status].exists(s, s == 'Vode')", "the value `Vode`", "did you mean `Vote`?"),
            ("milestones.btea == 'v1'", "no part `btea`", "did you mean `beta`?"),
            ("milestones['btea'] == 'v1'", "no part `btea`", "did you mean `beta`?"),
            ("has(milestones.btea)", "no part `btea`", "did you mean `beta`?"),
            ("has(title)", "", ""),
            ("title.name == 'x'", "a text has no part `name`", "leave it out"),
            ("title", "the condition gives a text", "compare it with something"),
            ("size(title)", "the condition gives a number", "compare it with something"),
            ("title && true", "a text stands where true or false is wanted", "compare it"),
            ("!authors", "a list stands where", "compare it"),
            ("latest_milestone == 1.2", "a text is never compared with a number", "written in quotes"),
            ("authors == '@x'", "a list is never compared with a text", "ask with `in`"),
            ("title in '@x'", "a text holds nothing", "stands a list"),
            ("1 in authors", "a number is never compared with a text", ""),
            ("release('v1.0') > latest_milestone", "a release is never compared with a text", "on both sides"),
            ("date('2026-01-01') < 3", "a date is never compared with a number", "on both sides"),
            ("title + 'x' == ''", "nothing to calculate with", "compare texts with"),
            ("authors + reviewers == []", "nothing to calculate with", ""),
            ("title[0] == 'x'", "a text has no element", ""),
            ("title.contains(1)", "`contains` is not used like that", "title.contains"),
            ("release(title) > release('v1.3x')", "`v1.3x` is no release", "release(\"v1.36\")"),
            ("date(title) > date('yesterday')", "`yesterday` is no date", "date(\"2026-02-12\")"),
            ("date('2026-13-44') > date(title)", "`2026-13-44` is no date", "date(\"2026-02-12\")"),
            ("release('v1', 1) == 1", "`release` is not used like that", "release(\"v1.36\")"),
            ("authors.exists(a)", "", ""),
            ("authors.exists(title, true)", "`title` has a meaning already", "name the element otherwise"),
            ("title.exists(a, true)", "a text has no elements", "name a list"),
            ("authors.exists(a, reviewers.exists(b, a == b))", "a loop stands inside a loop", "ask with `in`"),
            ("authors.exists(a, b == a)", "unknown name `b`", ""),
            ("authors.exists(a, a) ", "", ""),
            ("{'a': 1}.a == 1", "a condition makes no maps", ""),
        ];
        for (text, message, hint) in cases {
            let Err(fault) = Condition::parse(&prepared, text) else { panic!("{text} is a condition") };
            assert!(fault.message.contains(message), "{text}: {fault}");
            assert!(!fault.hint.is_empty() && fault.hint.contains(hint), "{text}: {fault}");
        }
        let names = "a == title || ".repeat(20);
        assert!(Condition::parse(&prepared, &format!("authors.exists(a, {names} false)")).is_err());
    }

    /// What a reader of rules runs on is small, and no text may exhaust it.
    #[test]
    fn a_small_stack_is_enough() {
        let prepared = Prepared::new(Profile::parse(PROFILE, &|_| None).expect("a profile"));
        let texts = [
            format!("title{} == ''", ".a".repeat(99)),
            format!("{}1", "1 < ".repeat(99)),
            format!("{}1 > 0", "1 + ".repeat(99)),
            format!("{}true{}", "(".repeat(8), ")".repeat(8)),
            format!("{}true{}", "!(".repeat(8), ")".repeat(8)),
            format!("{}'x'{} == []", "[".repeat(8), "]".repeat(8)),
            format!("{}title{} > 0", "size(".repeat(8), ")".repeat(8)),
            format!("{}true", "title == 'x' || ".repeat(250)),
            format!("{}true", "true ? true : ".repeat(8)),
            format!("title in [{}'']", "'x', ".repeat(800)),
        ];
        let small = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
        let read = move || {
            for text in texts {
                let _ = Condition::parse(&prepared, &text);
            }
        };
        small.spawn(read).expect("a thread").join().expect("no overflow");
    }
}
