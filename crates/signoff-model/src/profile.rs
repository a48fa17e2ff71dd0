//! The process as data: what a TOML profile says about layout, metadata, statuses, sections,
//! questionnaires, companions and severities.
//!
//! Everything a profile can say is a field here, with its documentation; the reference page and
//! the JSON Schema are generated from these types. [`Profile::parse`] reads a text;
//! [`Prepared`] holds the look-ups made once from it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::finding::Severity;
use crate::release::Release;
use crate::span::Span;

mod cluster;
mod decisions;
mod declared;
mod evidence;
mod forge;
mod history;
mod inherit;
mod prepared;
mod schedule;
mod template_lines;
mod upgrade;

pub use cluster::{ClusterRules, PlaybookRules};
pub use decisions::{Basis, DecisionClass, DecisionRule, Decisions, Predicate, StatusComment, Work};
pub use evidence::{EvidenceRules, SourceRule};
pub use forge::ForgeRules;
pub use history::{CleanupCase, CleanupCommand, CleanupNeed, CleanupRules, HistoryRules, PassingStage, StaleRules};
pub use prepared::{FieldSlot, Prepared, QuestionSlot, QuestionnaireSlot, SectionSlot, item_words};
pub use schedule::{CheckpointKind, Renaming, WrittenCalendar, WrittenRevision};
pub use template_lines::LineReader;
pub use upgrade::{FlagLife, FormatLife, SettingChange, UpgradeRules};

/// A process: how its proposals are laid out, what they must say, and when.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// Version of this format; 1.
    pub schema: u32,
    /// Short name, e.g. for `signoff.toml`.
    pub id: String,
    /// Full name of the kind of proposal.
    pub name: String,
    /// Date or version of the rules that this profile states.
    pub version: String,
    /// Id or path of the profile that this one builds on. Tables are merged, lists of tables by
    /// their `id`, `name`, `code` or `title`.
    pub extends: Option<String>,
    /// What not to take over from the base, e.g. `questionnaire.prr` or `fields.metrics`.
    pub without: Vec<String>,
    /// Where proposals are.
    pub layout: Layout,
    /// How metadata is written.
    pub metadata: MetadataFormat,
    /// The metadata fields, by name.
    pub fields: BTreeMap<String, Field>,
    /// The statuses, in the order of the process.
    pub status: Vec<Status>,
    /// The stages of the feature, in order.
    pub stage: Vec<Stage>,
    /// How releases are named.
    pub release: ReleaseFormat,
    /// The points of a release's cycle. `start` and `release` bound it.
    pub checkpoint: Vec<CheckpointKind>,
    /// When they are, by release.
    pub calendar: Vec<WrittenCalendar>,
    /// Exceptions that were asked for: the name of a list that comes with the program.
    pub exceptions: Option<String>,
    /// Who can own a proposal.
    pub groups: Groups,
    /// How people are named.
    pub people: PeopleFormat,
    /// Sections of the body.
    pub section: Vec<SectionRule>,
    /// Questionnaires of the body.
    pub questionnaire: Vec<Questionnaire>,
    /// Checklists of the body.
    pub checklist: Vec<Checklist>,
    /// Files beside a proposal that record something about it.
    pub companion: Vec<Companion>,
    /// What is known about the template.
    pub template: Template,
    /// Rules about the body as a whole.
    pub body: BodyRules,
    /// Severities that depend on status, stage or age; later entries win.
    pub severity: Vec<SeverityRule>,
    /// Rules of this process, made of built-in kinds.
    pub rule: Vec<RuleDeclaration>,
    /// Queries that people ask again and again, by name.
    pub query: BTreeMap<String, SavedQuery>,
    /// What is asked of a proposal at each checkpoint of a release.
    pub signoff: Decisions,
    /// What history is asked for.
    pub history: HistoryRules,
    /// After how long a proposal counts as left alone.
    pub stale: StaleRules,
    /// What is tidied up behind a release.
    pub cleanup: CleanupRules,
    /// Sources beside the proposals that tell whether they are right.
    pub evidence: EvidenceRules,
    /// Where issues and pull requests are.
    pub forge: ForgeRules,
}

/// A query with a name: `signoff query NAME` answers it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SavedQuery {
    /// The question that it answers, in a line.
    pub about: String,
    /// CEL condition that holds for the proposals that are meant; absent: all.
    #[serde(rename = "where")]
    pub condition: Option<String>,
    /// Columns: names, or expressions such as `slo=question("slo").state`; empty: the usual ones.
    pub columns: Vec<String>,
    /// Columns by which the proposals are grouped.
    pub group_by: Vec<String>,
    /// Columns to sort by, `count` for the size of groups; a leading `-` reverses.
    pub sort: Vec<String>,
    /// Count the proposals instead of listing them.
    pub count: bool,
    /// Most proposals, or groups, that are shown.
    pub limit: Option<usize>,
}

/// Where proposals are in a repository.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Layout {
    /// Folder that is searched at every depth.
    pub root: String,
    /// Whether a proposal is a folder or a single file.
    pub unit: Unit,
    /// Name of the folder or file: literal text, `{number}` (digits) and `{slug}` (anything).
    pub name: String,
    /// File of the folder that holds the metadata.
    pub metadata: String,
    /// File of the folder that holds the prose.
    pub body: String,
    /// Names that authors give the metadata file by mistake.
    pub metadata_mistakes: Vec<String>,
    /// Paths below the root that hold no proposals.
    pub ignore: Vec<String>,
    /// A file that every repository of this process has below the root.
    pub index: Option<String>,
    /// Path of the repository's own template (the prose).
    pub template: Option<String>,
    /// Paths by which a repository of this process is recognised; all must exist.
    pub recognise: Vec<String>,
}

/// What a proposal is on disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A folder with a metadata file and a body file.
    #[default]
    Folder,
    /// One file with both.
    File,
}

/// How metadata is written.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MetadataFormat {
    /// The syntax.
    pub syntax: Syntax,
    /// The line around a header; empty when the header ends at the first blank line.
    pub fence: String,
    /// Severity of a key that the profile does not declare; absent means any key is fine.
    pub unknown_keys: Option<Severity>,
    /// Keys that old tools accept although nothing reads them: a warning.
    pub tolerated_keys: Vec<String>,
    /// Marks in a line or comment that old readers of this format stumble over.
    pub fragile_marks: Vec<String>,
}

/// Syntaxes of metadata.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Syntax {
    /// A YAML file.
    #[default]
    Yaml,
    /// `Name: value` lines at the start of the file; commas separate the items of a list.
    Header,
}

/// A metadata field.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Field {
    /// Type of the value.
    pub kind: FieldKind,
    /// What the field means to the program, where it means something.
    pub meaning: Option<Meaning>,
    /// Whether the field must be there: `true`, `false` or a CEL condition.
    pub required: Required,
    /// How bad it is that the field is missing; an error when absent.
    pub missing: Option<Severity>,
    /// Whether a key without a value is fine.
    pub nullable: bool,
    /// Other spellings of the key, which are mended.
    pub aliases: Vec<String>,
    /// The values of a `choice`.
    pub values: Vec<String>,
    /// Values that mean: not filled in yet.
    pub placeholders: Vec<String>,
    /// Values that a group list may also have.
    pub also: Vec<String>,
    /// From which stage on the field is asked for (advice where it is missing).
    pub expected_from: Option<String>,
    /// For references: the relation that the target must state back.
    pub inverse: Option<String>,
}

/// Types of metadata values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// Any text.
    #[default]
    Text,
    /// A list of texts.
    Texts,
    /// The number of the proposal.
    Number,
    /// One of `values`.
    Choice,
    /// One of the statuses.
    Status,
    /// One of the stages.
    Stage,
    /// One of the groups.
    Group,
    /// A list of groups.
    Groups,
    /// A release.
    Release,
    /// A mapping from stages to releases.
    Releases,
    /// One person.
    Person,
    /// A list of people.
    People,
    /// A date, `YYYY-MM-DD`.
    Date,
    /// `true` or `false`.
    Flag,
    /// A list of other proposals: numbers, paths, addresses.
    References,
    /// A list of feature gates: `name` and `components`.
    Gates,
    /// A list of metric names.
    Metrics,
    /// An address.
    Address,
}

impl FieldKind {
    /// Whether the value is a list of scalars.
    #[must_use]
    pub fn is_list(self) -> bool {
        matches!(self, Self::Texts | Self::Groups | Self::People | Self::References | Self::Metrics)
    }
}

/// What a field means to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// The proposal's number.
    Number,
    /// Its title.
    Title,
    /// Its status.
    Status,
    /// The feature's stage.
    Stage,
    /// The owning group.
    Group,
    /// The release of the current work.
    LatestMilestone,
    /// The release of each stage.
    Milestones,
    /// The authors.
    Authors,
    /// The reviewers.
    Reviewers,
    /// The approvers.
    Approvers,
    /// The feature gates.
    Gates,
    /// Whether the feature can be turned off.
    CanDisable,
    /// The metrics.
    Metrics,
    /// When the proposal was created.
    Created,
    /// Proposals that this one supersedes.
    Supersedes,
    /// Proposals that supersede this one.
    SupersededBy,
    /// Proposals that this one builds on.
    Requires,
    /// Proposals related to this one.
    Related,
}

/// Whether something must be there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Required {
    /// Always or never.
    Always(bool),
    /// When the CEL condition holds.
    When(String),
}

impl Default for Required {
    fn default() -> Self {
        Self::Always(false)
    }
}

/// A status.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Status {
    /// As written in the metadata.
    pub name: String,
    /// What it means for the life of a proposal.
    pub class: StatusClass,
    /// Other spellings, which are mended.
    pub aliases: Vec<String>,
    /// CEL condition that a proposal of this status must meet.
    pub requires: Option<String>,
    /// What to say when it does not.
    pub requires_message: Option<String>,
    /// Whether the proposal must name its successor.
    pub successor: bool,
}

/// What a status means for the life of a proposal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StatusClass {
    /// Being written or discussed.
    #[default]
    Open,
    /// Accepted, being built.
    Accepted,
    /// Finished.
    Done,
    /// Put aside.
    Parked,
    /// Rejected, withdrawn, replaced.
    Dead,
    /// A living document without an end.
    Living,
}

impl StatusClass {
    /// The word used in conditions.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Done => "done",
            Self::Parked => "parked",
            Self::Dead => "dead",
            Self::Living => "living",
        }
    }
}

/// A stage of the feature.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Stage {
    /// As written in the metadata.
    pub name: String,
    /// Stages of one track follow each other; stages of different tracks cannot be compared.
    pub track: String,
    /// Other spellings, which are mended.
    pub aliases: Vec<String>,
}

/// How releases are named.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReleaseFormat {
    /// What a release starts with, e.g. `v`.
    pub prefix: String,
    /// Values that mean: no release.
    pub none: Vec<String>,
    /// Values that mean: not decided yet.
    pub placeholders: Vec<String>,
}

impl ReleaseFormat {
    /// A release as the process writes it, e.g. `v1.36`.
    #[must_use]
    pub fn spelt(&self, release: Release) -> String {
        format!("{}{}", self.prefix, release.to_string().trim_start_matches('v'))
    }
}

/// Who can own a proposal.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Groups {
    /// The groups. Empty: any.
    pub known: Vec<String>,
    /// Groups that existed once: advice instead of a fault.
    pub retired: Vec<String>,
    /// Folder names below the root that are no groups but may hold proposals, by the group they belong to.
    pub folders: BTreeMap<String, String>,
    /// Whether a folder below the root makes a group known.
    pub from_folders: bool,
}

/// How people are named.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PeopleFormat {
    /// `handle` (`@name`) or `free` (names, addresses).
    pub style: PeopleStyle,
    /// Entries that mean nobody yet, without `@`.
    pub placeholders: Vec<String>,
    /// The file of aliases.
    pub aliases: Option<String>,
}

/// Styles of naming people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PeopleStyle {
    /// `@name`.
    #[default]
    Handle,
    /// Anything.
    Free,
}

/// A section of the body.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SectionRule {
    /// The heading.
    pub title: String,
    /// Headings that mean the same, of older templates or by habit.
    pub aliases: Vec<String>,
    /// The section that holds this one in the template.
    pub under: Option<String>,
    /// Level of the heading in the template.
    pub level: u8,
    /// Whether it must be there: `true`, `false` or a CEL condition.
    pub required: Required,
    /// The first release whose template had it.
    pub since: Option<String>,
    /// What people do with this section (a role for rules): `history`, `criteria`, `tests`, `approvals`.
    pub role: Option<SectionRole>,
}

/// What a section is for, where a rule looks into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SectionRole {
    /// A log of what happened.
    History,
    /// What each stage must reach.
    Criteria,
    /// Which tests there are.
    Tests,
}

/// A questionnaire in the body.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Questionnaire {
    /// Name in output, e.g. `prr`.
    pub id: String,
    /// Heading of the section that holds it.
    pub section: String,
    /// Other headings of that section.
    pub section_aliases: Vec<String>,
    /// The companion that records its approval.
    pub approval: Option<String>,
    /// Groups of questions.
    pub group: Vec<QuestionGroup>,
    /// Texts that say: does not apply.
    pub not_applicable: Vec<String>,
    /// Texts that say: not written yet.
    pub placeholders: Vec<String>,
    /// Options with a tick box, e.g. `Feature gate`; unticked they are no answer.
    pub options: Vec<String>,
}

/// A group of questions under one heading.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QuestionGroup {
    /// Name in output.
    pub id: String,
    /// The heading.
    pub title: String,
    /// Older headings.
    pub aliases: Vec<String>,
    /// From which stage on answers are welcome.
    pub encouraged_from: Option<String>,
    /// From which stage on answers are required.
    pub required_from: Option<String>,
    /// At which stage earlier answers are to be confirmed.
    pub reconfirm_at: Option<String>,
    /// The questions.
    pub question: Vec<Question>,
}

/// A question.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Question {
    /// Name in output and conditions.
    pub id: String,
    /// The current wording.
    pub title: String,
    /// Every other wording it had or is given by authors.
    pub wordings: Vec<String>,
    /// The first release whose template had it.
    pub since: Option<String>,
    /// Named blanks inside the question.
    pub field: Vec<AnswerFieldRule>,
    /// What the answer should have, for the rules on weak answers.
    pub expects: Vec<Expectation>,
    /// From which stage on what is asked about must exist: a plan is no answer any more. Absent: from
    /// the stage on from which the group's answers are required.
    pub done_from: Option<String>,
    /// The option of last resort: ticked and filled in, it stands in for what is expected.
    pub last_resort: Option<String>,
}

/// What reviewers look for in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// The name of a metric, or why there is none.
    Metric,
    /// The name of a metric, when the answer speaks of one.
    Signal,
    /// A link to tests, or their names.
    Tests,
    /// A reason, when it does not apply.
    Reason,
    /// What there is, if any: `None` is a full answer.
    List,
    /// What turning the feature on and off does.
    BothWays,
    /// A figure.
    Figure,
    /// Whether running workloads suffer.
    Workloads,
    /// Something done, not planned, from `done_from` on.
    Done,
    /// The same yes or no as the metadata field that means `can-disable`.
    CanDisable,
    /// Whether the feature calls the API. A no must agree with the events that other answers name.
    ApiCalls,
    /// Whether the feature brings types of the API. A no must agree with the types that other answers name.
    ApiTypes,
}

/// A named blank inside a question.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AnswerFieldRule {
    /// Name in output.
    pub id: String,
    /// The label before the value.
    pub label: String,
    /// Other labels.
    pub aliases: Vec<String>,
    /// What names it holds.
    pub names: Option<NameKind>,
    /// Whether its value names an event that the feature sends.
    pub event: bool,
    /// Whether its value names a condition that the feature sets.
    pub condition: bool,
    /// Whether its value names the components that serve the metrics of the same question.
    pub components: bool,
}

/// Kinds of names that an answer's blank can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NameKind {
    /// Feature gates.
    Gate,
    /// Metrics.
    Metric,
}

/// A checklist in the body.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Checklist {
    /// Name in output.
    pub id: String,
    /// Heading of its section.
    pub section: String,
    /// Mark of the items that must be ticked before a release is targeted.
    pub required_mark: Option<String>,
    /// Id of the checkpoint by which marked items are to be ticked.
    pub required_by: Option<String>,
    /// Id of the checkpoint by which all are.
    pub due: Option<String>,
    /// Its items, with what decides each.
    pub item: Vec<ChecklistItem>,
}

/// An item of a checklist, and what decides it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChecklistItem {
    /// The item, as the template has it.
    pub text: String,
    /// Other wordings that templates had.
    pub wordings: Vec<String>,
    /// Ids of the rules of the decision table that must be met.
    pub rules: Vec<String>,
    /// Heading of a section that must be there and written.
    pub section: Option<String>,
    /// Whether the history section must name where the metadata is.
    pub history: bool,
    /// What else would tell, where the proposals cannot.
    pub decided_by: Option<String>,
    /// The first generation of the template that has it.
    pub from: Option<String>,
    /// The last one.
    pub until: Option<String>,
}

/// A file that records something about a proposal.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Companion {
    /// Name in output.
    pub id: String,
    /// Path, with `{field}` for values of the metadata.
    pub path: String,
    /// Folder below which every file is such a record.
    pub root: String,
    /// Names below the root that are no records.
    pub ignore: Vec<String>,
    /// CEL condition under which the file must exist.
    pub required: Option<String>,
    /// Key that holds the number of the proposal.
    pub number: String,
    /// Key inside a stage's entry that names the approver.
    pub approver: String,
    /// Alias whose members may approve.
    pub approvers_alias: String,
    /// Alias of those who could once.
    pub emeritus_alias: Option<String>,
    /// The first release for which the record is required.
    pub since: Option<String>,
}

/// What is known about the template that documents start from.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Template {
    /// The versions, oldest first.
    pub generation: Vec<Generation>,
    /// Titles that mean: not filled in.
    pub placeholder_titles: Vec<String>,
}

/// One version of the template.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Generation {
    /// Name in output.
    pub id: String,
    /// Day it came, `YYYY-MM-DD`.
    pub since: String,
    /// Keys of the lines that it brought, 16 hexadecimal digits each, by white space: hashes of the
    /// line normalised as `ARCHITECTURE.md` says. Hashes, so that a profile holds no prose.
    pub lines: String,
    /// Headings and questions that it brought and by which it is recognised.
    pub headings: Vec<String>,
    /// Checklist items that it brought and by which it is recognised.
    pub items: Vec<String>,
}

/// Rules about the body as a whole.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BodyRules {
    /// Whether the body must start with one heading that names the proposal.
    pub title: bool,
    /// Whether a table of contents between `<!-- toc -->` marks is kept.
    pub contents: bool,
    /// Deepest heading level in the table of contents.
    pub contents_level: u8,
    /// Addresses that lead into the repository itself, e.g. of its main branch on the forge.
    pub own_addresses: Vec<String>,
    /// Hosts of result pages and code whose links prove tests.
    pub test_hosts: Vec<String>,
    /// Parts of an address that show that it leads to a test, wherever it is.
    pub test_paths: Vec<String>,
}

/// A severity that depends on the proposal.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SeverityRule {
    /// Codes; a trailing `*` matches any end.
    pub rules: Vec<String>,
    /// CEL condition; absent means always.
    pub when: Option<String>,
    /// The severity.
    pub level: Level,
    /// Only lower a severity, never raise it.
    pub at_most: bool,
}

/// A severity in a configuration, or `off`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not reported.
    Off,
    /// Advice.
    #[default]
    Info,
    /// Something to look at.
    Warning,
    /// A fault.
    Error,
}

impl Level {
    /// The severity, or `None` for off.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// A rule of a process, made of a built-in kind.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RuleDeclaration {
    /// Its code in output.
    pub code: String,
    /// The built-in kind.
    pub kind: RuleKind,
    /// Its severity; a warning when absent.
    pub level: Option<Level>,
    /// What to say; `{value}` is the offending text.
    pub message: String,
    /// Where the rule comes from: document and section.
    pub source: String,
    /// CEL condition under which it applies.
    pub when: Option<String>,
    /// `true`: only for proposals whose latest milestone is the release under way at the instant of the
    /// check, by its `calendar`. `false`: only for those of which that is not known. Absent: for both.
    pub under_way: Option<bool>,
    /// The metadata field that it looks at.
    pub field: Option<String>,
    /// A regular expression.
    pub pattern: Option<String>,
    /// Smallest length, in characters.
    pub min: Option<usize>,
    /// Largest length, in characters.
    pub max: Option<usize>,
    /// Names in order, or allowed values.
    pub values: Vec<String>,
    /// The section that it looks at.
    pub section: Option<String>,
    /// The text that must stand there.
    pub text: Option<String>,
    /// Statuses by rank, lowest first: a proposal may only rely on one of its own rank or higher.
    pub ranks: Vec<Vec<String>>,
    /// Mark in a comment behind an entry.
    pub mark: Option<String>,
    /// Alias of people.
    pub alias: Option<String>,
}

/// The built-in kinds of rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RuleKind {
    /// The value of `field` must match `pattern`.
    #[default]
    FieldMatches,
    /// The value of `field` must not match `pattern`.
    FieldExcludes,
    /// The value of `field` has between `min` and `max` characters.
    FieldLength,
    /// `field` must be absent (with `when`).
    FieldForbidden,
    /// Metadata keys stand in the order of `values`.
    FieldOrder,
    /// The prose must not match `pattern`.
    BodyExcludes,
    /// Sections of level 2 stand in the order of `values`.
    SectionOrder,
    /// `section` says exactly `text`.
    SectionText,
    /// Links that match `pattern` are not allowed unless they match one of `values`.
    LinkExcludes,
    /// Proposals named in `field` have a rank of at least the proposal's own.
    RelationRank,
    /// Entries of `field` with the comment `mark` and the approvers of the folder's OWNERS file agree.
    OwnersMark,
    /// Among the entries of `field` is a member of `alias`, or one with the comment `mark`.
    PeopleMember,
    /// No entry of `field` has the comment `mark`.
    MarkForbidden,
    /// A CEL condition (`when`) that must not hold.
    Condition,
}

/// A mistake in a profile or configuration, with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFault {
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
}

impl ConfigFault {
    /// A fault at the first place where `needle` stands in `text`, else at its start.
    #[must_use]
    pub fn near(text: &str, needle: &str, message: impl Into<String>) -> Self {
        let at = if needle.is_empty() { None } else { text.find(needle) };
        let span = at.map_or_else(Span::default, |at| Span::new(at, at + needle.len()));
        Self { span, message: message.into() }
    }

    /// The fault that the TOML reader reported.
    #[must_use]
    pub fn toml(error: &toml::de::Error) -> Self {
        Self { span: error.span().map_or_else(Span::default, Span::from), message: error.message().to_owned() }
    }
}

impl Questionnaire {
    /// The words of the headings that open the questionnaire.
    #[must_use]
    pub fn section_words(&self) -> Vec<String> {
        std::iter::once(&self.section).chain(&self.section_aliases).map(|title| crate::wording::words(title)).collect()
    }
}

impl Profile {
    /// Reads a profile. `base` gives the text of the profile that it extends, by id or path.
    ///
    /// # Errors
    /// The mistakes found, each at its place; what could be read is used all the same where possible.
    pub fn parse(text: &str, base: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<ConfigFault>> {
        let alone: Self = toml::from_str(text).map_err(|error| vec![ConfigFault::toml(&error)])?;
        let profile = match &alone.extends {
            None => alone,
            Some(_) => inherit::resolve(text, base)?,
        };
        let faults = profile.faults(text);
        if faults.is_empty() { Ok(profile) } else { Err(faults) }
    }

    /// The position of a status in the profile.
    #[must_use]
    pub fn status(&self, name: &str) -> Option<&Status> {
        self.status.iter().find(|status| status.name == name)
    }

    /// The stage of this name.
    #[must_use]
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        self.stage.iter().find(|stage| stage.name == name)
    }

    /// Whether `stage` is `from` or a later stage of the same track.
    #[must_use]
    pub fn reached(&self, stage: &str, from: &str) -> bool {
        let place = |name: &str| self.stage.iter().position(|stage| stage.name == name);
        match (place(stage), place(from)) {
            (Some(is), Some(wanted)) => is >= wanted && self.stage[is].track == self.stage[wanted].track,
            _ => false,
        }
    }

    /// The name of the field with this meaning.
    #[must_use]
    pub fn field_named(&self, meaning: Meaning) -> Option<&str> {
        self.fields.iter().find(|(_, field)| field.meaning == Some(meaning)).map(|(name, _)| name.as_str())
    }

    /// Mistakes that only show when the parts are put together.
    fn faults(&self, text: &str) -> Vec<ConfigFault> {
        let mut faults = Vec::new();
        if self.schema != 1 {
            faults.push(ConfigFault::near(text, "schema", "`schema` must be 1, the only version of this format"));
        }
        for (name, value) in [("id", &self.id), ("layout.root", &self.layout.root), ("layout.name", &self.layout.name)]
        {
            if value.is_empty() {
                faults.push(ConfigFault::near(text, "", format!("`{name}` is missing")));
            }
        }
        for group in self.questionnaire.iter().flat_map(|questionnaire| &questionnaire.group) {
            let of_group = [&group.encouraged_from, &group.required_from, &group.reconfirm_at];
            let of_questions = group.question.iter().map(|question| &question.done_from);
            for stage in of_group.into_iter().chain(of_questions).flatten() {
                if self.stage(stage).is_none() {
                    let message = format!("`{stage}` is no stage of this profile");
                    faults.push(ConfigFault::near(text, &format!("\"{stage}\""), message));
                }
            }
        }
        faults.extend(self.rule.iter().flat_map(|declaration| declaration.faults(text)));
        faults
    }
}
