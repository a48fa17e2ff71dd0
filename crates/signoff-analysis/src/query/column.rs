//! Columns: a key of `signoff.proposal/1`, a metadata field by its own name, or an expression.

use std::borrow::Cow;

use signoff_model::profile::{FieldKind, Meaning, PeopleStyle, Prepared};
use signoff_model::spelling::nearest;
use signoff_model::{Proposal, Release};

use super::{COUNT, QueryFault};
use crate::condition::{Expression, Shown};

/// A column that can be shown, sorted by and grouped by.
pub struct Column {
    name: String,
    /// What gives the values, as it was written: the name again, or an expression.
    written: String,
    source: Source,
}

enum Source {
    Known(Known),
    /// A metadata field, by its own name.
    Field(String),
    Expression(Expression),
}

/// What has a name of its own.
#[derive(Clone, Copy)]
enum Known {
    Number,
    Path,
    Class,
    Text(Meaning),
    List(Meaning),
    Milestones,
    Gates,
}

/// Every column with a name of its own: those of `signoff.proposal/1`, and what the status means.
const KNOWN: [(&str, Known); 14] = [
    ("proposal", Known::Number),
    ("title", Known::Text(Meaning::Title)),
    ("group", Known::Text(Meaning::Group)),
    ("path", Known::Path),
    ("status", Known::Text(Meaning::Status)),
    ("class", Known::Class),
    ("stage", Known::Text(Meaning::Stage)),
    ("latest_milestone", Known::Text(Meaning::LatestMilestone)),
    ("milestones", Known::Milestones),
    ("authors", Known::List(Meaning::Authors)),
    ("reviewers", Known::List(Meaning::Reviewers)),
    ("approvers", Known::List(Meaning::Approvers)),
    ("gates", Known::Gates),
    ("metrics", Known::List(Meaning::Metrics)),
];

/// The names of every column that shows all of a proposal's metadata: those that every profile has, and the fields
/// that none of these holds.
#[must_use]
pub fn all_of_metadata(prepared: &Prepared) -> Vec<String> {
    let is_held = |meaning: Meaning| KNOWN.iter().any(|(_, known)| known.holds() == Some(meaning));
    let fields = prepared.profile.fields.iter().filter(|(_, field)| !field.meaning.is_some_and(is_held));
    let known = KNOWN.iter().map(|(name, _)| (*name).to_owned());
    known.chain(fields.map(|(name, _)| name.clone())).collect()
}

impl Known {
    fn named(name: &str) -> Option<Self> {
        KNOWN.iter().find(|(known, _)| *known == name).map(|(_, known)| *known)
    }

    /// What it holds of the metadata.
    fn holds(self) -> Option<Meaning> {
        match self {
            Self::Number => Some(Meaning::Number),
            Self::Text(meaning) | Self::List(meaning) => Some(meaning),
            Self::Milestones => Some(Meaning::Milestones),
            Self::Gates => Some(Meaning::Gates),
            Self::Path | Self::Class => None,
        }
    }

    fn value<'a>(self, prepared: &Prepared, proposal: &'a Proposal) -> Value<'a> {
        match self {
            Self::Number => Value::text(proposal.label()),
            Self::Path => Value::text(&proposal.path),
            Self::Class => Value::text(proposal.class(prepared).word()),
            Self::Text(meaning) => Value::Text(proposal.text(prepared, meaning).map(Cow::Borrowed)),
            Self::List(meaning) => Value::list(proposal.items(prepared, meaning).into_iter().map(|item| item.text)),
            Self::Milestones => {
                let milestones = proposal.milestones_by_stage(prepared).into_iter();
                Value::List(milestones.map(|(stage, release)| format!("{stage} {release}").into()).collect())
            }
            Self::Gates => Value::list(proposal.gates(prepared).into_iter().map(|gate| gate.name)),
        }
    }

    fn kind(self) -> FieldKind {
        match self {
            Self::Number => FieldKind::Number,
            Self::Text(Meaning::LatestMilestone) => FieldKind::Release,
            Self::Text(Meaning::Stage) => FieldKind::Stage,
            Self::Text(Meaning::Status) => FieldKind::Status,
            Self::List(Meaning::Authors | Meaning::Reviewers | Meaning::Approvers) => FieldKind::People,
            _ => FieldKind::Text,
        }
    }
}

impl Source {
    /// What a name stands for, or `field("...")`, which keeps what is known of the field: how it sorts, and what it
    /// is grouped under.
    fn named(prepared: &Prepared, written: &str) -> Option<Self> {
        let looked_up = written.strip_prefix("field(\"").and_then(|rest| rest.strip_suffix("\")"));
        let known = || Known::named(written).filter(|_| looked_up.is_none()).map(Self::Known);
        let name = looked_up.unwrap_or(written);
        let field = || prepared.profile.fields.contains_key(name).then(|| Self::Field(name.to_owned()));
        known().or_else(field)
    }
}

impl Column {
    /// Reads a column: a name, an expression such as `question("slo").state`, or `name=expression`.
    ///
    /// # Errors
    /// When there is no such column, with the nearest name or all names; what is wrong with the expression.
    pub fn parse(prepared: &Prepared, text: &str) -> Result<Self, QueryFault> {
        let text = text.trim();
        if let Some(source) = Source::named(prepared, text) {
            return Ok(Self { name: text.to_owned(), written: text.to_owned(), source });
        }
        if text.is_empty() {
            let message = "a column has no name".to_owned();
            return Err(QueryFault {
                message,
                hint: "write them with a comma between, as in `proposal,title`".to_owned(),
            });
        }
        if text.chars().all(is_of_name) {
            return Err(unknown(prepared, text));
        }
        let (name, written) = named(text).unwrap_or((text, text));
        let written = written.trim();
        if name != written && (Known::named(name).is_some() || name == COUNT) {
            let message = format!("the name `{name}` has a meaning already");
            return Err(QueryFault { message, hint: "name the column otherwise".to_owned() });
        }
        let expression = || {
            Expression::parse(prepared, written).map(Source::Expression).map_err(|fault| {
                let message = format!("the column `{text}` cannot be shown: {}", fault.message);
                QueryFault { message, hint: fault.hint }
            })
        };
        let source = Source::named(prepared, written).map_or_else(expression, Ok)?;
        Ok(Self { name: name.to_owned(), written: written.to_owned(), source })
    }

    /// Reads several columns.
    ///
    /// # Errors
    /// As [`Column::parse`], for the first one that there is not.
    pub fn parse_all<T: AsRef<str>>(prepared: &Prepared, texts: &[T]) -> Result<Vec<Self>, QueryFault> {
        texts.iter().map(|text| Self::parse(prepared, text.as_ref())).collect()
    }

    /// The name: its heading, and its key in JSON.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What gives the values, when it is an expression.
    pub(super) fn expression(&self) -> Option<&Expression> {
        match &self.source {
            Source::Expression(expression) => Some(expression),
            _ => None,
        }
    }

    /// The whole text of the column: `name=expression` where it has a name of its own.
    pub(super) fn text(&self) -> String {
        if self.name == self.written { self.name.clone() } else { format!("{}={}", self.name, self.written) }
    }

    /// Whether both have the same values.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.written == other.written
    }

    /// What a proposal has there.
    #[must_use]
    pub fn value<'a>(&self, prepared: &Prepared, proposal: &'a Proposal) -> Value<'a> {
        match &self.source {
            Source::Known(known) => known.value(prepared, proposal),
            Source::Field(name) => field(prepared, proposal, name),
            Source::Expression(expression) => expression.value(prepared, proposal).into(),
        }
    }

    /// The values that a proposal is grouped under: each text of a list, or that there is none; a release as the
    /// process writes it, `0.0` for none; nobody for an entry that stands for nobody yet.
    pub(super) fn parts<'a>(&self, prepared: &Prepared, proposal: &'a Proposal) -> Vec<Value<'a>> {
        match self.value(prepared, proposal) {
            Value::List(mut items) => {
                if self.kind(prepared) == FieldKind::People {
                    items.retain(|item| !is_nobody(prepared, item));
                }
                if items.is_empty() {
                    return vec![Value::Text(None)];
                }
                items.sort_unstable();
                items.dedup();
                items.into_iter().map(|item| Value::Text(Some(item))).collect()
            }
            Value::Text(Some(text)) if self.kind(prepared) == FieldKind::Release => {
                let format = &prepared.profile.release;
                vec![Value::Text(match Release::parse(&text) {
                    Some(release) if release.is_none() => None,
                    Some(release) => Some(format.spelt(release).into()),
                    None => Some(text),
                })]
            }
            other => vec![other],
        }
    }

    /// What tells the groups of this column apart: people are the same however their handle is spelt.
    pub(super) fn group_key(&self, prepared: &Prepared, value: &Value<'_>) -> String {
        let text = value.joined();
        let handles = prepared.profile.people.style == PeopleStyle::Handle;
        match self.kind(prepared) {
            FieldKind::People | FieldKind::Person if handles => text.trim_start_matches('@').to_lowercase(),
            _ => text.into_owned(),
        }
    }

    fn kind(&self, prepared: &Prepared) -> FieldKind {
        match &self.source {
            Source::Known(known) => known.kind(),
            Source::Field(name) => Proposal::kind_of(prepared, name),
            Source::Expression(_) => FieldKind::Text,
        }
    }

    /// What a value of this column sorts by; `None` for one that is absent.
    pub(super) fn key(&self, prepared: &Prepared, value: &Value<'_>) -> Option<Key> {
        let text = match value {
            Value::Number(number) => return Some(Key::Number(*number)),
            Value::Flag(flag) => return Some(Key::Number(i64::from(*flag))),
            other => other.joined(),
        };
        let profile = &prepared.profile;
        match self.kind(prepared) {
            FieldKind::Number => text.trim().parse().ok().map(Key::Number),
            FieldKind::Release => Release::parse(&text).map(Key::Release),
            _ if text.trim().is_empty() => None,
            // What an expression gives is a release where it looks like one: `milestones.beta`.
            FieldKind::Text if self.expression().is_some() && Release::parse(&text).is_some() => {
                Release::parse(&text).map(Key::Release)
            }
            FieldKind::Stage => Some(in_order(profile.stage.iter().position(|stage| stage.name == text), &text)),
            FieldKind::Status => Some(in_order(profile.status.iter().position(|status| status.name == text), &text)),
            _ => Some(Key::Text(text.to_lowercase())),
        }
    }
}

/// The place of a value that the profile lists; another one comes behind all of them.
fn in_order(place: Option<usize>, text: &str) -> Key {
    let place = place.and_then(|place| i64::try_from(place).ok());
    place.map_or_else(|| Key::Text(text.to_lowercase()), Key::Number)
}

/// What a column sorts by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Number(i64),
    Release(Release),
    Text(String),
}

/// Whether an entry of people stands for nobody yet.
fn is_nobody(prepared: &Prepared, item: &str) -> bool {
    let name = item.trim().trim_start_matches('@');
    prepared.profile.people.placeholders.iter().any(|placeholder| placeholder.eq_ignore_ascii_case(name))
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-')
}

/// The two sides of `name=expression`.
fn named(text: &str) -> Option<(&str, &str)> {
    let (name, expression) = text.split_once('=')?;
    let name = name.trim_end();
    let is_name = !name.is_empty() && name.chars().all(is_of_name) && !expression.starts_with('=');
    is_name.then_some((name, expression))
}

fn unknown(prepared: &Prepared, name: &str) -> QueryFault {
    let own = |field: &&str| Known::named(field).is_none();
    let names =
        || KNOWN.iter().map(|(name, _)| *name).chain(prepared.profile.fields.keys().map(String::as_str).filter(own));
    let hint = match nearest(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
    };
    QueryFault { message: format!("there is no column `{name}`"), hint }
}

fn field<'a>(prepared: &Prepared, proposal: &'a Proposal, name: &str) -> Value<'a> {
    let Some(pair) = proposal.field(prepared, name) else { return Value::Text(None) };
    if Proposal::kind_of(prepared, name).is_list() {
        return Value::list(proposal.items_of(prepared, &pair.node).into_iter().map(|item| item.text));
    }
    match pair.node.value {
        signoff_model::Value::Text(_) => {
            Value::Text(pair.node.text().map(str::trim).filter(|text| !text.is_empty()).map(Cow::Borrowed))
        }
        _ => Value::text(proposal.source.slice(pair.node.span).trim()),
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A text, or that there is none.
    Text(Option<Cow<'a, str>>),
    /// A number.
    Number(i64),
    /// True or false.
    Flag(bool),
    /// Several texts.
    List(Vec<Cow<'a, str>>),
}

impl<'a> Value<'a> {
    fn text(text: &'a str) -> Self {
        Self::Text(Some(Cow::Borrowed(text)))
    }

    fn list(items: impl Iterator<Item = &'a str>) -> Self {
        Self::List(items.map(|item| Cow::Borrowed(item.trim())).collect())
    }

    /// All of it in one text: nothing for what is absent, a list's texts with commas between.
    #[must_use]
    pub fn joined(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text.as_deref().unwrap_or_default()),
            Self::Number(number) => number.to_string().into(),
            Self::Flag(flag) => if *flag { "true" } else { "false" }.into(),
            Self::List(items) => items.join(", ").into(),
        }
    }
}

impl From<Shown> for Value<'_> {
    fn from(shown: Shown) -> Self {
        match shown {
            Shown::Text(text) => Self::Text(text.map(Cow::Owned)),
            Shown::Number(number) => Self::Number(number),
            Shown::Flag(flag) => Self::Flag(flag),
            Shown::List(items) => Self::List(items.into_iter().map(Cow::Owned).collect()),
        }
    }
}
