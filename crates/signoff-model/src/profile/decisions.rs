//! What a proposal must meet at each checkpoint of a release: the decision table of a process.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// The decision table: which kinds of work there are, and what is asked of each at which checkpoint.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Decisions {
    /// Kinds of work on a proposal; the first that fits counts.
    pub class: Vec<DecisionClass>,
    /// What is asked, in the order in which it is shown.
    pub rule: Vec<DecisionRule>,
    /// The status comment for the issue of a proposal.
    pub comment: StatusComment,
}

/// How the status comment for the issue of a proposal is put together.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StatusComment {
    /// The comment as Markdown. `{authors}`, `{number}`, `{title}`, `{stage}`, `{release}`, `{checkpoint}`,
    /// `{deadline}`, `{verdict}`, `{reason}`, `{rules}`, `{todo}` and `{basis}` are filled in; a line all of whose
    /// fields are empty is left out.
    pub text: String,
    /// What is said of each verdict; the verdict itself where nothing stands here.
    pub verdicts: BTreeMap<String, String>,
}

impl StatusComment {
    /// The names that are filled in where they stand between braces.
    pub const FIELDS: [&str; 12] = [
        "authors",
        "number",
        "title",
        "stage",
        "release",
        "checkpoint",
        "deadline",
        "verdict",
        "reason",
        "rules",
        "todo",
        "basis",
    ];
}

/// A kind of work on a proposal in a release.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DecisionClass {
    /// Name in output.
    pub name: String,
    /// CEL condition of a proposal of this class.
    #[serde(rename = "where")]
    pub condition: Option<String>,
    /// Whether the milestone of the proposal's stage must be the release.
    pub reaches_stage: bool,
    /// What tells the class where no condition can. Without it no proposal is of this class.
    pub basis: Option<Basis>,
    /// Labels of the issue, any of which tells the class.
    pub labels: Vec<String>,
    /// Whether nothing is asked of it: it needs no tracking.
    pub exempt: bool,
}

/// Something asked of a proposal at checkpoints.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DecisionRule {
    /// Short name in output, waivers and tables.
    pub id: String,
    /// What is asked, as a statement that is true when it is met.
    pub about: String,
    /// The checkpoints at which it is asked.
    pub checkpoints: Vec<String>,
    /// How it is decided; absent: by a source outside the proposals.
    pub predicate: Option<Predicate>,
    /// What it needs.
    pub basis: Basis,
    /// The kind of work that meets it, where what it needs does not tell.
    pub work: Option<Work>,
    /// Where its answer is to be had: what an unknown one waits for.
    pub decided_by: Option<String>,
    /// Whether a failure is a warning and does not decide.
    pub advisory: bool,
    /// Checkpoints at which a change that waits in a pull request is enough.
    pub open_is_enough_at: Vec<String>,
    /// Classes that it is asked of; empty: all.
    pub classes: Vec<String>,
    /// Classes that it is not asked of.
    pub except: Vec<String>,
    /// Whether it is asked only of proposals that declare feature gates.
    pub needs_gates: bool,
    /// The first release for which it is asked.
    pub from: Option<String>,
    /// The last release for which it is asked.
    pub until: Option<String>,
    /// Document and section that ask for it.
    pub source: String,
    /// The statuses that meet it.
    pub statuses: Vec<String>,
    /// Codes of the findings that `findings` looks for; a trailing `*` matches any end.
    pub findings: Vec<String>,
    /// Codes of findings that are no more than a doubt, whatever their severity.
    pub doubts: Vec<String>,
    /// Headings without which it fails; others that the template asks for are warnings.
    pub sections: Vec<String>,
    /// Ids of the rules that `all-of` joins.
    pub rules: Vec<String>,
    /// Releases that must lie between two stages, for `graduation-policy`.
    pub releases_between: Option<u32>,
    /// Labels that an issue or a pull request must have. `{stage}` is the stage, `{group}` the label of the group.
    pub labels: Vec<String>,
    /// Labels that it must not have; a trailing `*` matches any end.
    pub absent_labels: Vec<String>,
    /// Paths of tests: a leading `*` matches any beginning, a trailing one any end.
    pub paths: Vec<String>,
    /// What an author says in a comment where no file tells, in any letter case.
    pub statements: Vec<String>,
}

/// What a rule needs to be decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The proposals and their history.
    #[default]
    Git,
    /// Heads of open pull requests of the proposals repository.
    Pulls,
    /// Issues and pull requests with their labels and reviews.
    Forge,
    /// The code that implements the proposals.
    Code,
    /// The documentation of what they bring.
    Docs,
    /// Results of tests.
    Tests,
}

impl Basis {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Git => "git",
            Self::Pulls => "pulls",
            Self::Forge => "forge",
            Self::Code => "code",
            Self::Docs => "docs",
            Self::Tests => "tests",
        }
    }
}

/// What kind of work would meet a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// A field of the metadata.
    Metadata,
    /// A value in a companion.
    Companion,
    /// A section of the body.
    Section,
    /// An answer of a questionnaire.
    Question,
    /// A box of a checklist.
    Checklist,
    /// Something on the forge.
    Forge,
    /// Something in the code.
    Code,
    /// Something in the documentation.
    Docs,
}

impl Work {
    /// The word of the contract.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Companion => "companion",
            Self::Section => "section",
            Self::Question => "question",
            Self::Checklist => "checklist",
            Self::Forge => "forge",
            Self::Code => "code",
            Self::Docs => "docs",
        }
    }
}

/// How a rule is decided from the proposals and their history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Predicate {
    /// The stage is one of the process.
    Stage,
    /// The latest milestone is the release.
    LatestMilestone,
    /// The milestone of the stage is the release.
    StageMilestone,
    /// The companion names an approver for the stage.
    ApproverNamed,
    /// The approver is one of those who may approve, and the companion states the proposal's number.
    ApproverListed,
    /// The questions that the stage requires are there and answered.
    Questionnaire,
    /// The status is one of `statuses`.
    Status,
    /// The headings of the template are there.
    Sections,
    /// There are criteria for the stage.
    GraduationCriteria,
    /// The test plan is written, its acknowledgement ticked, its tests linked.
    TestPlan,
    /// The approval of the stage is on the main branch; its commit is the evidence.
    ApprovalMerged,
    /// Releases lie between two stages as the process asks.
    GraduationPolicy,
    /// None of the `findings` is an error; those of less weight are warnings.
    Findings,
    /// No answer changed since the last approval of the stage.
    ReviewCurrent,
    /// All of `rules` are met.
    AllOf,
    /// What reached the last stage says that it is finished.
    Finished,
    /// The code of the release has every gate at the stage.
    GatesAtStage,
    /// The page of every gate has the stage from the release on, with the default of the code.
    GatePages,
    /// The issue is open, and its body links the proposal's folder.
    IssueOpen,
    /// The issue is in the milestone of the release.
    IssueMilestone,
    /// The issue had all of `labels` before the checkpoint; without them the proposal is not opted in.
    OptedIn,
    /// The issue has all of `labels`, and no other of the same kind.
    IssueLabels,
    /// No open pull request changes the proposal's own files.
    NoOpenChange,
    /// Every approver approved the pull request that brought the status.
    ApproversApproved,
    /// The listed pull requests are merged, or have all of `labels` and none of `absent_labels`; with `paths`, those
    /// that change such files.
    ChangesMerged,
    /// A listed pull request changes files at `paths`.
    ChangesTested,
    /// Every open pull request that names the issue is listed.
    ChangesListed,
    /// The listed pull requests that are open are in the milestone of the release.
    ChangesMilestone,
    /// The linked pull requests are merged, or an author made one of the `statements`.
    OutsideComplete,
    /// The listed pull requests are all merged or all open, or an author made one of the `statements`.
    ChangesWhole,
    /// There is a pull request for the documentation of the release, or an author made one of the `statements`.
    DocsOpen,
    /// It is no draft.
    DocsReady,
    /// It is merged, or has all of `labels`, and nobody asks for changes.
    DocsApproved,
    /// After the release, the issue has none of `absent_labels` and no milestone, and is open while a stage is ahead.
    IssueCleared,
    /// The issue has exactly one of `labels`; the first one means that it is in the milestone of the release.
    IssueTracked,
}
