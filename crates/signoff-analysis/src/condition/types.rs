//! What each part of a condition gives, so that a condition that can never hold is a mistake, not an empty list.

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, SelectExpr};
use signoff_model::Release;
use signoff_model::profile::Prepared;
use signoff_model::spelling::nearest;

use super::{Comparison, ConditionFault, Uses, date_number};

/// Deepest nesting of what was read.
const DEPTH_MAX: usize = 150;
/// Most names in the part of a loop that is done for each element.
const NAMES_IN_LOOP_MAX: usize = 16;

/// The variables that hold one text or null.
const TEXTS: [&str; 7] = ["profile", "proposal", "title", "group", "path", "latest_milestone", "current_release"];
/// The variables that hold lists of texts.
const LISTS: [&str; 5] = ["authors", "reviewers", "approvers", "gates", "metrics"];
/// Every variable.
pub(super) const NAMES: [&str; 17] = [
    "profile",
    "proposal",
    "title",
    "group",
    "path",
    "status",
    "stage",
    "class",
    "latest_milestone",
    "milestones",
    "authors",
    "reviewers",
    "approvers",
    "gates",
    "metrics",
    "body",
    "current_release",
];
/// Every function, and what goes over lists.
const FUNCTIONS: [&str; 17] = [
    "field",
    "question",
    "section",
    "approval",
    "release",
    "date",
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "lowerAscii",
    "string",
    "has",
    "exists",
    "all",
    "filter",
    "map",
];
const STATES: [&str; 6] = ["absent", "empty", "placeholder", "not-applicable", "bare", "answered"];
const SECTION_STATES: [&str; 4] = ["absent", "empty", "scaffold", "written"];
const BODY: [&str; 5] = ["template_generation", "unresolved", "comments", "gates", "metrics"];
const CLASSES: [&str; 6] = ["open", "accepted", "done", "parked", "dead", "living"];

/// What an expression gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type<'p> {
    /// Anything: what a metadata field holds is known only when it is read.
    Any,
    Null,
    Bool,
    Number,
    Text,
    /// A text out of these.
    OneOf(Vec<&'p str>),
    Release,
    Date,
    List(Box<Type<'p>>),
    /// A text for each stage.
    Milestones,
    Approval,
    Body,
    Answer,
    Section,
}

impl Type<'_> {
    fn words(&self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Number => "a number",
            Self::Text | Self::OneOf(_) => "a text",
            Self::Release => "a release",
            Self::Date => "a date",
            Self::List(_) => "a list",
            Self::Milestones => "the milestones",
            Self::Approval => "an approval",
            Self::Body => "the body",
            Self::Answer => "a question",
            Self::Section => "a section",
        }
    }

    fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::OneOf(_) | Self::Any | Self::Null)
    }

    fn is_bool(&self) -> bool {
        matches!(self, Self::Bool | Self::Any)
    }

    fn is_number(&self) -> bool {
        matches!(self, Self::Number | Self::Any)
    }

    fn is_by_stage(&self) -> bool {
        matches!(self, Self::Milestones | Self::Approval)
    }

    /// The texts that there are, of a text or of the elements of a list.
    fn values(&self) -> Option<&[&str]> {
        match self {
            Self::OneOf(values) => Some(values),
            Self::List(element) => element.values(),
            _ => None,
        }
    }

    /// Whether values of both can be equal.
    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::Null, other) | (other, Self::Null) => {
                matches!(other, Self::Null | Self::Text | Self::OneOf(_) | Self::Body)
            }
            (Self::List(left), Self::List(right)) => left.meets(right),
            (left, right) => left.words() == right.words(),
        }
    }

    /// What holds values of both.
    fn joined(self, other: Self) -> Self {
        match (self, other) {
            (left, right) if left == right => left,
            (Self::List(left), Self::List(right)) => Self::List(Box::new(left.joined(*right))),
            (left, right) if left.is_text() && right.is_text() && left != Self::Any && right != Self::Any => Self::Text,
            _ => Self::Any,
        }
    }
}

/// Checks every name and value of an expression, and turns `field("x")`, `question("x")`, `section("x")` into
/// variables.
pub(super) struct Checker<'p> {
    prepared: &'p Prepared,
    /// The variables of the loop that is being looked at.
    loop_names: Vec<(String, Type<'p>)>,
    /// What that loop goes over.
    loop_range: Option<IdedExpr>,
    names_in_loop: usize,
    depth: usize,
    uses: Uses,
}

fn fault(message: impl Into<String>, hint: impl Into<String>) -> ConditionFault {
    ConditionFault { message: message.into(), hint: hint.into() }
}

/// A fault about a name that is not one of those that there are.
fn unknown(message: String, name: &str, known: &[&str]) -> ConditionFault {
    let hint = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "there is none".to_owned(),
        None => format!("there are {}", known.join(", ")),
    };
    fault(message, hint)
}

/// The values of a variable that holds one of a few texts; `None` for any other.
fn enumerated<'p>(prepared: &'p Prepared, variable: &str) -> Option<Vec<&'p str>> {
    let profile = &prepared.profile;
    Some(match variable {
        "status" => profile.status.iter().map(|status| status.name.as_str()).collect(),
        "stage" => stages(prepared),
        "class" => CLASSES.to_vec(),
        _ => return None,
    })
}

fn stages(prepared: &Prepared) -> Vec<&str> {
    prepared.profile.stage.iter().map(|stage| stage.name.as_str()).collect()
}

/// Whether a variable that holds one text can have this value.
pub(super) fn can_be(prepared: &Prepared, variable: &str, value: &str) -> bool {
    enumerated(prepared, variable).is_none_or(|values| values.contains(&value))
}

type Typed<'p> = Result<Type<'p>, ConditionFault>;

impl<'p> Checker<'p> {
    /// Checks a whole condition.
    pub fn check_condition(prepared: &'p Prepared, expression: &mut IdedExpr) -> Result<Uses, ConditionFault> {
        let (found, uses) = Self::check(prepared, expression)?;
        if found.is_bool() {
            return Ok(uses);
        }
        let message = format!("the condition gives {}, neither true nor false", found.words());
        Err(fault(message, "compare it with something, as in `stage == \"beta\"`"))
    }

    /// Checks a whole expression whose value is shown.
    pub fn check_shown(prepared: &'p Prepared, expression: &mut IdedExpr) -> Result<Uses, ConditionFault> {
        let (found, uses) = Self::check(prepared, expression)?;
        let hint = match &found {
            Type::Any | Type::Null | Type::Bool | Type::Number | Type::Text | Type::OneOf(_) => return Ok(uses),
            Type::List(element) if element.is_text() => return Ok(uses),
            Type::List(_) => "show texts, as in `authors.filter(a, a.startsWith(\"@\"))`",
            Type::Release | Type::Date => "show the text itself, as in `latest_milestone`",
            Type::Milestones | Type::Approval => "show one stage, as in `milestones.beta`",
            Type::Body => "show a part, as in `body.unresolved`",
            Type::Answer | Type::Section => "show its `.state`",
        };
        Err(fault(format!("{} cannot be shown as it is", found.words()), hint))
    }

    fn check(prepared: &'p Prepared, expression: &mut IdedExpr) -> Result<(Type<'p>, Uses), ConditionFault> {
        let mut checker = Self {
            prepared,
            loop_names: Vec::new(),
            loop_range: None,
            names_in_loop: 0,
            depth: 0,
            uses: Uses::default(),
        };
        let found = checker.typed(expression)?;
        Ok((found, checker.uses))
    }

    fn typed(&mut self, expression: &mut IdedExpr) -> Typed<'p> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let message = format!("the condition is nested deeper than {DEPTH_MAX} levels");
            return Err(fault(message, "split it, or write it shorter"));
        }
        let found = match &mut expression.expr {
            Expr::Ident(name) => self.variable(name),
            Expr::Literal(literal) => Ok(literal_type(literal)),
            Expr::List(list) => self.list(&mut list.elements),
            Expr::Select(select) => self.select(select),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension),
            Expr::Call(call) => match self.looked_up(call)? {
                Some((variable, found)) => {
                    expression.expr = Expr::Ident(variable);
                    Ok(found)
                }
                None => self.call(call),
            },
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {
                Err(fault("a condition makes no maps", "compare values, as in `milestones.beta == \"v1.36\"`"))
            }
        };
        self.depth -= 1;
        found
    }

    fn variable(&mut self, name: &str) -> Typed<'p> {
        if let Some((_, found)) = self.loop_names.iter().rev().find(|(known, _)| known == name) {
            return Ok(found.clone());
        }
        if !self.loop_names.is_empty() {
            self.names_in_loop += 1;
            if self.names_in_loop > NAMES_IN_LOOP_MAX {
                let message = format!("a loop uses more than {NAMES_IN_LOOP_MAX} names for each element");
                return Err(fault(message, "compare outside of it what is the same for every element"));
            }
        }
        if let Some(values) = enumerated(self.prepared, name) {
            return Ok(Type::OneOf(values));
        }
        self.uses.current_release |= name == "current_release";
        Ok(match name {
            "milestones" => Type::Milestones,
            "body" => {
                self.uses.prose = true;
                Type::Body
            }
            _ if TEXTS.contains(&name) => Type::Text,
            _ if LISTS.contains(&name) => Type::List(Box::new(Type::Text)),
            _ => return Err(unknown(format!("unknown name `{name}`"), name, &NAMES)),
        })
    }

    fn list(&mut self, elements: &mut [IdedExpr]) -> Typed<'p> {
        let mut inner: Option<Type<'p>> = None;
        for element in elements {
            let found = self.typed(element)?;
            inner = Some(match inner {
                Some(before) => before.joined(found),
                None => found,
            });
        }
        Ok(Type::List(Box::new(inner.unwrap_or(Type::Any))))
    }

    /// `a.b`, or `has(a.b)`.
    fn select(&mut self, select: &mut SelectExpr) -> Typed<'p> {
        let operand = self.typed(&mut select.operand)?;
        let found = self.part(&operand, &select.field)?;
        Ok(if select.test { Type::Bool } else { found })
    }

    fn part(&self, whole: &Type<'p>, name: &str) -> Typed<'p> {
        let known = match whole {
            Type::Any => return Ok(Type::Any),
            Type::Milestones | Type::Approval => stages(self.prepared),
            Type::Body => BODY.to_vec(),
            Type::Answer => vec!["state", "text"],
            Type::Section => vec!["state"],
            other => return Err(fault(format!("{} has no part `{name}`", other.words()), "leave it out")),
        };
        match (whole, name) {
            (Type::Answer, "state") => Ok(Type::OneOf(STATES.to_vec())),
            (Type::Section, "state") => Ok(Type::OneOf(SECTION_STATES.to_vec())),
            (Type::Body, "unresolved" | "comments") => Ok(Type::Number),
            (Type::Body, "gates" | "metrics") => Ok(Type::List(Box::new(Type::Text))),
            _ if known.contains(&name) => Ok(Type::Text),
            _ => Err(unknown(format!("{} of a proposal has no part `{name}`", whole.words()), name, &known)),
        }
    }

    /// `exists`, `all`, `filter`, `map`, as the reader of CEL writes them out.
    fn comprehension(&mut self, comprehension: &mut ComprehensionExpr) -> Typed<'p> {
        let element = match self.typed(&mut comprehension.iter_range)? {
            Type::List(element) => *element,
            by_stage if by_stage.is_by_stage() => Type::OneOf(stages(self.prepared)),
            Type::Any => Type::Any,
            other => return Err(fault(format!("{} has no elements", other.words()), "name a list, such as `authors`")),
        };
        if !self.loop_names.is_empty() || comprehension.iter_var2.is_some() {
            let hint = "ask with `in`, as in `authors.exists(a, a in approvers)`";
            return Err(fault("a loop stands inside a loop", hint));
        }
        let name = comprehension.iter_var.clone();
        if NAMES.contains(&name.as_str()) || name.contains(':') {
            return Err(fault(format!("`{name}` has a meaning already"), "name the element otherwise"));
        }
        let result = self.typed(&mut comprehension.accu_init)?;
        self.loop_names = vec![(name, element), (comprehension.accu_var.clone(), result)];
        self.loop_range = Some(comprehension.iter_range.clone());
        self.names_in_loop = 0;
        self.typed(&mut comprehension.loop_cond)?;
        let step = self.typed(&mut comprehension.loop_step)?;
        if let Some((_, accumulated)) = self.loop_names.last_mut() {
            *accumulated = step;
        }
        let found = self.typed(&mut comprehension.result);
        self.loop_names.clear();
        found
    }

    /// The variable that a look-up with a literal argument stands for.
    fn looked_up(&mut self, call: &CallExpr) -> Result<Option<(String, Type<'p>)>, ConditionFault> {
        let profile = &self.prepared.profile;
        let (known, found): (Vec<&str>, Type<'p>) = match call.func_name.as_str() {
            "field" => (profile.fields.keys().map(String::as_str).collect(), Type::Any),
            "question" => (questions(self.prepared), Type::Answer),
            "section" => (profile.section.iter().map(|section| section.title.as_str()).collect(), Type::Section),
            "approval" => (profile.companion.iter().map(|companion| companion.id.as_str()).collect(), Type::Approval),
            _ => return Ok(None),
        };
        self.uses.prose |= matches!(found, Type::Answer | Type::Section);
        let function = &call.func_name;
        let (None, [IdedExpr { expr: Expr::Literal(LiteralValue::String(name)), .. }]) =
            (&call.target, call.args.as_slice())
        else {
            let message = format!("`{function}` takes one name in quotes");
            return Err(fault(message, format!("write `{function}(\"NAME\")`")));
        };
        let name = name.inner();
        if !known.is_empty() && !known.contains(&name) {
            return Err(unknown(format!("there is no {function} `{name}`"), name, &known));
        }
        // The closing colon tells the variable from one of its fields: the library asks for
        // `section:X:.state` as a whole before it asks for `section:X:`.
        Ok(Some((format!("{function}:{name}:"), found)))
    }

    fn call(&mut self, call: &mut CallExpr) -> Typed<'p> {
        let target = call.target.as_mut().map(|target| self.typed(target)).transpose()?;
        let arguments = call.args.iter_mut().map(|argument| self.typed(argument)).collect::<Result<Vec<_>, _>>()?;
        match (call.func_name.as_str(), target, arguments.as_slice()) {
            ("_&&_" | "_||_" | "!_" | "@not_strictly_false", None, operands) => logic(operands),
            ("_==_" | "_!=_", None, [left, right]) => {
                refuse_never(&call.args, left, right)?;
                self.note_comparison(&call.args, call.func_name == "_!=_");
                compared(left.meets(right), left, right)
            }
            ("_<_" | "_<=_" | "_>_" | "_>=_", None, [left, right]) => {
                let ordered =
                    |one: &Type<'_>| one.is_text() || one.is_number() || matches!(one, Type::Release | Type::Date);
                compared(left.meets(right) && ordered(left) && ordered(right), left, right)
            }
            ("@in", None, [left, right]) => {
                let keys = Type::List(Box::new(Type::OneOf(stages(self.prepared))));
                let right = if right.is_by_stage() { &keys } else { right };
                refuse_never(&call.args, left, right)?;
                self.note_comparison(&call.args, false);
                contained(left, right)
            }
            ("_?_:_", None, [condition, yes, no]) => {
                logic(std::slice::from_ref(condition))?;
                Ok(yes.clone().joined(no.clone()))
            }
            ("_[_]", None, [whole, index]) => self.indexed(whole, index, &call.args),
            // Elements are added to the result of a loop; texts and lists of proposals are not added up.
            ("_+_", None, [Type::List(left), Type::List(right)]) if is_result(&call.args) => {
                let known = if **left == Type::Any { right } else { left };
                Ok(Type::List(known.clone()))
            }
            ("_+_" | "_-_" | "_*_" | "_/_" | "_%_" | "-_", None, operands) => arithmetic(operands),
            (name, target, arguments) => {
                refuse_no_value(name, &call.args)?;
                function(name, target.as_ref(), arguments)
            }
        }
    }

    /// Keeps what is compared with literals, for the case that no proposal has it.
    fn note_comparison(&mut self, arguments: &[IdedExpr], negated: bool) {
        let [left, right] = arguments else { return };
        for (subject, literal) in [(left, right), (right, left)] {
            let element =
                matches!(&subject.expr, Expr::Ident(name) if self.loop_names.iter().any(|(own, _)| own == name));
            let compared = if element { self.loop_range.as_ref() } else { Some(subject) };
            let Some(compared) = compared.filter(|compared| written(compared).is_some()) else { continue };
            let stated = |value: &str| Comparison { compared: compared.clone(), value: value.into(), negated };
            self.uses.comparisons.extend(literals(literal).into_iter().map(stated));
        }
    }

    fn indexed(&self, whole: &Type<'p>, index: &Type<'p>, arguments: &[IdedExpr]) -> Typed<'p> {
        match whole {
            Type::List(element) if index.is_number() => Ok((**element).clone()),
            Type::Milestones | Type::Approval | Type::Body | Type::Answer | Type::Section | Type::Any => {
                match arguments.get(1).map(literals).as_deref() {
                    Some([name]) => self.part(whole, name),
                    _ => Ok(Type::Any),
                }
            }
            _ => Err(fault(
                format!("{} has no element at {}", whole.words(), index.words()),
                "a list has elements `[0]`, `[1]` and so on; milestones have `[\"beta\"]`",
            )),
        }
    }
}

/// Whether something is added to what a loop has gathered.
fn is_result(arguments: &[IdedExpr]) -> bool {
    matches!(arguments.first(), Some(IdedExpr { expr: Expr::Ident(name), .. }) if name.starts_with('@'))
}

fn literal_type<'p>(literal: &LiteralValue) -> Type<'p> {
    match literal {
        LiteralValue::Boolean(_) => Type::Bool,
        LiteralValue::Null => Type::Null,
        LiteralValue::String(_) => Type::Text,
        LiteralValue::Int(_) | LiteralValue::UInt(_) | LiteralValue::Double(_) => Type::Number,
        LiteralValue::Bytes(_) => Type::Any,
    }
}

fn logic<'p>(operands: &[Type<'p>]) -> Typed<'p> {
    match operands.iter().find(|operand| !operand.is_bool()) {
        Some(other) => {
            let message = format!("{} stands where true or false is wanted", other.words());
            Err(fault(message, "compare it with something, as in `stage == \"beta\"`"))
        }
        None => Ok(Type::Bool),
    }
}

fn arithmetic<'p>(operands: &[Type<'p>]) -> Typed<'p> {
    match operands.iter().find(|operand| !operand.is_number()) {
        Some(other) => {
            let message = format!("{} is nothing to calculate with", other.words());
            Err(fault(message, "compare texts with `==`, `contains`, `startsWith`, and releases with `release(...)`"))
        }
        None => Ok(Type::Number),
    }
}

fn compared<'p>(sensible: bool, left: &Type<'p>, right: &Type<'p>) -> Typed<'p> {
    if sensible {
        return Ok(Type::Bool);
    }
    let hint = match (left, right) {
        (Type::Release, _) | (_, Type::Release) => "write `release(\"v1.36\")` on both sides",
        (Type::Date, _) | (_, Type::Date) => "write `date(\"2026-02-12\")` on both sides",
        (Type::Answer | Type::Section, _) | (_, Type::Answer | Type::Section) => "ask for its `.state`",
        (Type::List(_), _) | (_, Type::List(_)) => "ask with `in`, as in `\"@ada\" in authors`",
        _ => "a text is written in quotes, a number without",
    };
    Err(fault(format!("{} is never compared with {}", left.words(), right.words()), hint))
}

fn contained<'p>(element: &Type<'p>, whole: &Type<'p>) -> Typed<'p> {
    match whole {
        Type::Any => Ok(Type::Bool),
        Type::List(known) => compared(element.meets(known), element, known),
        other => Err(fault(format!("{} holds nothing", other.words()), "behind `in` stands a list")),
    }
}

/// Refuses a comparison of an enumerated value with a text that it never is.
fn refuse_never(arguments: &[IdedExpr], left: &Type<'_>, right: &Type<'_>) -> Result<(), ConditionFault> {
    let [one, other] = arguments else { return Ok(()) };
    for (found, written) in [(left, other), (right, one)] {
        let Some(values) = found.values() else { continue };
        if let Some(wrong) = literals(written).into_iter().find(|literal| !values.contains(literal)) {
            let message = format!("no proposal has the value `{wrong}` here; there are {}", values.join(", "));
            let hint = match nearest(wrong, values.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "ask for one of these, or with `field(\"NAME\")` for any text".to_owned(),
            };
            return Err(fault(message, hint));
        }
    }
    Ok(())
}

/// A variable as an expression.
pub(super) fn variable(name: &str) -> IdedExpr {
    IdedExpr { id: 0, expr: Expr::Ident(name.to_owned()) }
}

/// A variable, a look-up or a part of one, as people write it; `None` for anything else.
pub(super) fn written(expression: &IdedExpr) -> Option<String> {
    match &expression.expr {
        Expr::Ident(name) if name.starts_with('@') => None,
        Expr::Ident(name) => Some(match name.trim_end_matches(':').split_once(':') {
            Some((function, name)) => format!("{function}(\"{name}\")"),
            None => name.clone(),
        }),
        Expr::Select(select) if !select.test => Some(format!("{}.{}", written(&select.operand)?, select.field)),
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

/// Refuses a literal that is no release or no date: it would be before every real one.
fn refuse_no_value(function: &str, arguments: &[IdedExpr]) -> Result<(), ConditionFault> {
    let [IdedExpr { expr: Expr::Literal(LiteralValue::String(text)), .. }] = arguments else { return Ok(()) };
    let text = text.inner();
    match function {
        "release" if Release::parse(text).is_none() => {
            Err(fault(format!("`{text}` is no release"), "it is written like `release(\"v1.36\")`"))
        }
        "date" if date_number(text).is_none() => {
            Err(fault(format!("`{text}` is no date"), "it is written like `date(\"2026-02-12\")`"))
        }
        _ => Ok(()),
    }
}

/// What a function gives.
fn function<'p>(name: &str, target: Option<&Type<'p>>, arguments: &[Type<'p>]) -> Typed<'p> {
    let sized = |one: &Type<'_>| one.is_text() || matches!(one, Type::List(_)) || one.is_by_stage();
    let (found, usage) = match (name, target, arguments) {
        ("size", Some(one), []) | ("size", None, [one]) => (sized(one).then_some(Type::Number), "size(authors)"),
        ("contains" | "startsWith" | "endsWith", Some(text), [part]) => {
            ((text.is_text() && part.is_text()).then_some(Type::Bool), "title.contains(\"node\")")
        }
        ("lowerAscii", Some(text), []) => (text.is_text().then_some(Type::Text), "title.lowerAscii()"),
        ("string", None, [_]) => (Some(Type::Text), ""),
        ("release", None, [text]) => (text.is_text().then_some(Type::Release), "release(\"v1.36\")"),
        ("date", None, [text]) => (text.is_text().then_some(Type::Date), "date(\"2026-02-12\")"),
        ("size", ..) => (None, "size(authors)"),
        ("contains" | "startsWith" | "endsWith", ..) => (None, "title.contains(\"node\")"),
        ("lowerAscii", ..) => (None, "title.lowerAscii()"),
        ("string", ..) => (None, "string(size(authors))"),
        ("release", ..) => (None, "release(\"v1.36\")"),
        ("date", ..) => (None, "date(\"2026-02-12\")"),
        ("has", ..) => (None, "has(milestones.beta)"),
        ("exists" | "all" | "filter" | "map", ..) => (None, "authors.exists(a, a.contains(\"ada\"))"),
        _ => return Err(unknown(format!("unknown function `{name}`"), name, &FUNCTIONS)),
    };
    found.ok_or_else(|| fault(format!("`{name}` is not used like that"), format!("it is used like `{usage}`")))
}

fn questions(prepared: &Prepared) -> Vec<&str> {
    let groups = prepared.profile.questionnaire.iter().flat_map(|questionnaire| &questionnaire.group);
    groups.flat_map(|group| &group.question).map(|question| question.id.as_str()).collect()
}
