//! One proposal: as `signoff.proposal/1` for programs, as a page for a terminal ([`page`]).
//!
//! The shapes are those of the contract. Absent text is null, absent lists are empty, and values of
//! metadata are the file's text.

use std::borrow::Cow;
use std::io::{self, Write};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::{Serialize, SerializeMap, Serializer};
use signoff_model as model;
use signoff_model::profile::{Meaning, Prepared};
use signoff_model::proposal::{Document, Prose};
use signoff_model::{Corpus, Node, Source, Span};

pub mod page;

/// A proposal with everything that was read of it.
#[derive(Debug, serde::Serialize, JsonSchema)]
pub struct Proposal<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.proposal/1"))]
    schema: &'static str,
    /// Id of the process.
    profile: &'a str,
    /// The number that people know it by.
    proposal: &'a str,
    /// The title in the metadata.
    title: Option<&'a str>,
    /// The owning group.
    group: Option<&'a str>,
    /// Its folder or file: the unique key.
    path: &'a str,
    /// Where the document is.
    status: Option<&'a str>,
    /// Where the feature is.
    stage: Option<&'a str>,
    /// The release of the current work.
    latest_milestone: Option<&'a str>,
    /// The release of each stage that has one, in the order of the stages.
    milestones: Texts<'a>,
    /// The authors.
    authors: Vec<&'a str>,
    /// The reviewers.
    reviewers: Vec<&'a str>,
    /// The approvers.
    approvers: Vec<&'a str>,
    /// The declared feature gates.
    gates: Vec<Gate<'a>>,
    /// The declared metrics.
    metrics: Vec<&'a str>,
    /// Every metadata field as the file's text, in file order: a scalar's text, the source of a list or
    /// mapping, an empty text for a field without a value.
    fields: Texts<'a>,
    /// The prose; null when there is none.
    body: Option<Body<'a>>,
    /// Every question of every questionnaire, asked or not.
    questionnaires: Vec<Questionnaire<'a>>,
    /// The checklists that the prose has.
    checklists: Vec<Checklist<'a>>,
    /// Other proposals that the metadata names.
    relations: Vec<Relation<'a>>,
}

/// Several proposals.
#[derive(Debug, serde::Serialize, JsonSchema)]
pub(crate) struct Proposals<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.proposals/1"))]
    schema: &'static str,
    /// The proposals, by path.
    proposals: Vec<Proposal<'a>>,
}

/// A feature gate of the metadata.
#[derive(Debug, serde::Serialize, JsonSchema)]
struct Gate<'a> {
    /// Its name; null for an entry without one.
    name: Option<&'a str>,
    /// The components that have it.
    components: Vec<&'a str>,
    /// Line in the metadata.
    line: usize,
}

/// The prose.
#[derive(Debug, serde::Serialize, JsonSchema)]
struct Body<'a> {
    /// Its file.
    path: &'a str,
    /// The newest version of the template that left a mark.
    template_generation: Option<&'a str>,
    /// Every heading but the title.
    sections: Vec<Section<'a>>,
    /// Gates that the answers name.
    gates: Vec<&'a str>,
    /// Metrics that the answers name.
    metrics: Vec<&'a str>,
    /// Marks of unresolved debates.
    unresolved: usize,
    /// Comments, without the marks of the table of contents.
    comments: usize,
}

/// A heading and what stands below it.
#[derive(Debug, serde::Serialize, JsonSchema)]
struct Section<'a> {
    /// The heading's text, without markup.
    title: &'a str,
    /// 1 to 6.
    level: u8,
    /// Line of the heading.
    line: usize,
    /// What stands below it.
    state: SectionState,
}

/// What stands in a section.
#[derive(Debug, serde::Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum SectionState {
    /// Something of the author's.
    Written,
    /// Nothing.
    Empty,
    /// Only comments and template text.
    Scaffold,
}

/// A questionnaire.
#[derive(Debug, serde::Serialize, JsonSchema)]
struct Questionnaire<'a> {
    /// Its name in the profile.
    id: &'a str,
    /// Its questions, in the profile's order.
    questions: Vec<Question<'a>>,
}

/// A question and its answer.
#[derive(Debug, serde::Serialize, JsonSchema)]
struct Question<'a> {
    /// From 1.
    number: usize,
    /// Its name in the profile.
    id: &'a str,
    /// The name of its group.
    group: &'a str,
    /// The current wording.
    title: &'a str,
    /// From which stage on an answer is welcome.
    encouraged_from: Option<&'a str>,
    /// From which stage on an answer is required.
    required_from: Option<&'a str>,
    /// At which stage an earlier answer is to be confirmed.
    reconfirm_at: Option<&'a str>,
    /// Whether it is answered.
    state: AnswerState,
    /// Line of the question; null where it is absent.
    line: Option<usize>,
    /// Last line of the answer.
    end_line: Option<usize>,
    /// The answer's raw Markdown; null where there is none.
    text: Option<&'a str>,
    /// The named blanks that the answer has.
    fields: Vec<AnswerField<'a>>,
}

/// Whether a question is answered.
#[derive(Debug, serde::Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum AnswerState {
    /// The question is not asked.
    Absent,
    /// Nothing of the author's.
    Empty,
    /// Only a promise to answer.
    Placeholder,
    /// Said not to apply, without a reason.
    NotApplicable,
    /// Yes or no and at most two more words.
    Bare,
    /// Anything else.
    Answered,
}

/// A named blank of an answer.
#[derive(Debug, serde::Serialize, JsonSchema)]
struct AnswerField<'a> {
    /// Its name in the profile.
    id: &'a str,
    /// Its label in the profile.
    label: &'a str,
    /// Whether its box is ticked; null where there is no box.
    ticked: Option<bool>,
    /// What is filled in; null when nothing is.
    value: Option<&'a str>,
    /// Line of the value, or of the label when nothing is filled in.
    line: usize,
}

/// A checklist of the prose.
#[derive(Debug, serde::Serialize, JsonSchema)]
struct Checklist<'a> {
    /// Its name in the profile.
    id: &'a str,
    /// Ticked boxes.
    ticked: usize,
    /// All boxes.
    total: usize,
}

/// Another proposal that the metadata names.
#[derive(Debug, serde::Serialize, JsonSchema)]
struct Relation<'a> {
    /// What the other one is to this one.
    kind: RelationKind,
    /// The other one, as written.
    target: &'a str,
}

/// What another proposal is to this one.
#[derive(Clone, Copy, Debug, serde::Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum RelationKind {
    /// This one takes its place.
    Supersedes,
    /// It takes this one's place.
    SupersededBy,
    /// This one builds on it.
    Requires,
    /// Worth reading too.
    Related,
}

/// Writes one proposal as `signoff.proposal/1`.
///
/// # Errors
/// Those of the writer.
pub fn write_json(corpus: &Corpus, proposal: &model::Proposal, out: &mut dyn Write) -> io::Result<()> {
    crate::write_json(&Proposal::new(corpus, proposal), out)
}

/// Writes several proposals as `signoff.proposals/1`.
///
/// # Errors
/// Those of the writer.
pub fn write_all_json(corpus: &Corpus, proposals: &[&model::Proposal], out: &mut dyn Write) -> io::Result<()> {
    let proposals = proposals.iter().map(|proposal| Proposal::new(corpus, proposal)).collect();
    crate::write_json(&Proposals { schema: "signoff.proposals/1", proposals }, out)
}

impl<'a> Proposal<'a> {
    /// The shape of a proposal.
    #[must_use]
    pub fn new(corpus: &'a Corpus, proposal: &'a model::Proposal) -> Self {
        let prepared = &*corpus.prepared;
        let text = |meaning| proposal.text(prepared, meaning);
        let list = |meaning| -> Vec<&str> {
            proposal.items(prepared, meaning).into_iter().map(|item| item.text.trim()).collect()
        };
        Self {
            schema: "signoff.proposal/1",
            profile: &prepared.profile.id,
            proposal: proposal.label(),
            title: text(Meaning::Title),
            group: text(Meaning::Group),
            path: &proposal.path,
            status: text(Meaning::Status),
            stage: text(Meaning::Stage),
            latest_milestone: text(Meaning::LatestMilestone),
            milestones: Texts::new(proposal.milestones_by_stage(prepared).into_iter()),
            authors: list(Meaning::Authors),
            reviewers: list(Meaning::Reviewers),
            approvers: list(Meaning::Approvers),
            gates: proposal.gates(prepared).into_iter().map(|gate| Gate::new(gate, &proposal.source)).collect(),
            metrics: list(Meaning::Metrics),
            fields: fields(proposal),
            body: proposal.prose.as_ref().map(|prose| Body::new(prepared, prose)),
            questionnaires: questionnaires(prepared, proposal.prose.as_ref()),
            checklists: checklists(prepared, proposal.document()),
            relations: relations(prepared, proposal),
        }
    }
}

fn fields(proposal: &model::Proposal) -> Texts<'_> {
    let pairs = proposal.metadata.root.pairs().iter();
    Texts::new(pairs.map(|pair| (&*pair.key, field_text(&proposal.source, &pair.node))))
}

/// A value as the file's text.
fn field_text<'a>(source: &'a Source, node: &'a Node) -> &'a str {
    match &node.value {
        model::Value::Text(_) => node.text().unwrap_or_default().trim(),
        model::Value::List(_) | model::Value::Map(_) | model::Value::Unread => source.slice(node.span).trim(),
    }
}

fn checklists<'a>(prepared: &'a Prepared, document: Option<&'a Document>) -> Vec<Checklist<'a>> {
    let Some(document) = document else { return Vec::new() };
    let known = prepared.profile.checklist.iter().zip(&document.checklists);
    known
        .filter_map(|(rule, ticks)| {
            let model::proposal::Ticks { ticked, total } = (*ticks)?;
            Some(Checklist { id: &rule.id, ticked, total })
        })
        .collect()
}

fn relations<'a>(prepared: &Prepared, proposal: &'a model::Proposal) -> Vec<Relation<'a>> {
    let kinds = [
        (Meaning::Supersedes, RelationKind::Supersedes),
        (Meaning::SupersededBy, RelationKind::SupersededBy),
        (Meaning::Requires, RelationKind::Requires),
        (Meaning::Related, RelationKind::Related),
    ];
    let mut found = Vec::new();
    for (meaning, kind) in kinds {
        let items = proposal.items(prepared, meaning);
        found.extend(items.into_iter().map(|item| Relation { kind, target: item.text.trim() }));
    }
    found
}

impl<'a> Gate<'a> {
    fn new(gate: model::proposal::Gate<'a>, source: &Source) -> Self {
        let model::proposal::Gate { name, span, components } = gate;
        Self { name: filled(name), components, line: source.line(span.start) }
    }
}

impl<'a> Body<'a> {
    fn new(prepared: &'a Prepared, prose: &'a Prose) -> Self {
        let Prose { source, document, .. } = prose;
        let Document {
            body,
            section_states,
            known_sections: _,
            answers: _,
            gates,
            metrics,
            generation,
            checklists: _,
            template_comments: _,
            encoding: _,
        } = &**document;
        let title = body.title().map(|title| title.heading);
        let sections = body.sections.iter().zip(section_states);
        let generation = generation.as_ref().and_then(|found| prepared.profile.template.generation.get(found.index));
        Self {
            path: &source.path,
            template_generation: generation.map(|generation| generation.id.as_str()),
            sections: sections
                .filter(|(section, _)| Some(section.heading) != title)
                .map(|(section, state)| Section {
                    title: &section.title,
                    level: section.level,
                    line: source.line(section.heading.start),
                    state: (*state).into(),
                })
                .collect(),
            gates: gates.iter().map(|(name, _)| &**name).collect(),
            metrics: metrics.iter().map(|(name, _)| &**name).collect(),
            unresolved: body.unresolved.len(),
            comments: body.plain_comments().count(),
        }
    }
}

fn questionnaires<'a>(prepared: &'a Prepared, prose: Option<&'a Prose>) -> Vec<Questionnaire<'a>> {
    let known = prepared.profile.questionnaire.iter().enumerate();
    known
        .map(|(index, rule)| {
            let count = prepared.questionnaires[index].questions.len();
            let questions = (0..count).map(|number| Question::new(prepared, (index, number), prose));
            Questionnaire { id: &rule.id, questions: questions.collect() }
        })
        .collect()
}

impl<'a> Question<'a> {
    fn new(prepared: &'a Prepared, (index, question): (usize, usize), prose: Option<&'a Prose>) -> Self {
        let (group, rule) = prepared.question(index, question);
        let mut found = Self {
            number: question + 1,
            id: &rule.id,
            group: &group.id,
            title: &rule.title,
            encouraged_from: group.encouraged_from.as_deref(),
            required_from: group.required_from.as_deref(),
            reconfirm_at: group.reconfirm_at.as_deref(),
            state: AnswerState::Absent,
            line: None,
            end_line: None,
            text: None,
            fields: Vec::new(),
        };
        let answer = prose.and_then(|prose| Some((prose, prose.document.answers.get(index)?.answers.get(question)?)));
        if let Some((prose, answer)) = answer {
            found.fill(rule, answer, &prose.source);
        }
        found
    }

    fn fill(
        &mut self,
        rule: &'a model::profile::Question,
        answer: &'a model::questionnaire::Answer,
        source: &'a Source,
    ) {
        let model::questionnaire::Answer { state, asked, text, own: _, fields } = answer;
        self.state = (*state).into();
        let Some(asked) = asked else { return };
        self.line = Some(source.line(asked.start));
        self.text = filled(answer_text(source, *text));
        let whole = asked.cover(*text);
        let last = whole.start as usize + source.slice(whole).trim_end().len();
        self.end_line = Some(source.line(Span::at(last).start));
        self.fields = fields
            .iter()
            .filter_map(|field| {
                let model::questionnaire::AnswerField { field, ticked, value, span } = field;
                let rule = rule.field.get(*field)?;
                let (id, label) = (&rule.id, &rule.label);
                Some(AnswerField { id, label, ticked: *ticked, value: filled(value), line: source.line(span.start) })
            })
            .collect();
    }
}

/// The answer without the blank lines around it. The first line keeps its indent, which Markdown reads,
/// unless it stands behind the question itself.
fn answer_text(source: &Source, span: Span) -> &str {
    let text = source.slice(span).trim_end();
    let start = text.len() - text.trim_start().len();
    match text[..start].rfind('\n') {
        Some(line_break) => &text[line_break + 1..],
        None => &text[start..],
    }
}

/// A text unless it is blank.
fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.trim().is_empty())
}

impl From<model::template::SectionState> for SectionState {
    fn from(state: model::template::SectionState) -> Self {
        match state {
            model::template::SectionState::Empty => Self::Empty,
            model::template::SectionState::Scaffold => Self::Scaffold,
            model::template::SectionState::Written => Self::Written,
        }
    }
}

impl From<model::questionnaire::State> for AnswerState {
    fn from(state: model::questionnaire::State) -> Self {
        match state {
            model::questionnaire::State::Absent => Self::Absent,
            model::questionnaire::State::Empty => Self::Empty,
            model::questionnaire::State::Placeholder => Self::Placeholder,
            model::questionnaire::State::NotApplicable => Self::NotApplicable,
            model::questionnaire::State::Bare => Self::Bare,
            model::questionnaire::State::Answered => Self::Answered,
        }
    }
}

/// Texts by name, in an order of their own. Of equal names the first one counts.
#[derive(Debug, Default)]
struct Texts<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Texts<'a> {
    fn new(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut seen = std::collections::BTreeSet::new();
        Self(pairs.filter(|(name, _)| seen.insert(*name)).collect())
    }
}

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, text) in &self.0 {
            map.serialize_entry(name, text)?;
        }
        map.end()
    }
}

impl JsonSchema for Texts<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Texts".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "object", "additionalProperties": { "type": "string" } })
    }
}
