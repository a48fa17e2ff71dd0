//! The types of a pack, as they are written. Texts are numbers of the table of texts.

use serde::{Deserialize, Serialize};

use super::texts::Id;

/// All of a pack.
#[derive(Serialize, Deserialize)]
pub struct Pack<'p> {
    /// All texts, one behind the other.
    pub texts: &'p str,
    /// How many bytes each has.
    pub sizes: Vec<u32>,
    /// The sources, each in a frame.
    #[serde(borrow)]
    pub sources: Vec<Frame<'p>>,
}

/// Something with the word of its kind, which a reader may not know.
#[derive(Serialize, Deserialize)]
pub struct Frame<'p> {
    /// The word.
    pub kind: Id,
    /// What it is.
    pub body: &'p [u8],
}

/// One file or folder.
#[derive(Serialize, Deserialize)]
pub struct Source<'p> {
    pub name: Id,
    pub version: Id,
    pub release: Option<Release>,
    pub path: Id,
    #[serde(borrow)]
    pub facts: Vec<Fact<'p>>,
    pub problems: Vec<Problem>,
}

#[derive(Serialize, Deserialize)]
pub struct Fact<'p> {
    pub path: Id,
    pub at: Quote,
    #[serde(borrow)]
    pub record: Frame<'p>,
}

#[derive(Serialize, Deserialize)]
pub struct Problem {
    pub path: Id,
    pub line: Option<u32>,
    pub message: Id,
}

/// Line and text.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Quote(pub u32, pub Id);

/// Major, minor, patch.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Release(pub u32, pub u32, pub u32);

/// Year, month, day.
#[derive(Serialize, Deserialize)]
pub struct Day(pub i16, pub i8, pub i8);

/// Seconds and nanoseconds since 1970.
#[derive(Serialize, Deserialize)]
pub struct Time(pub i64, pub i32);

#[derive(Serialize, Deserialize)]
pub struct Gate {
    pub name: Id,
    pub specs: Vec<Spec>,
    pub needs: Option<Vec<Id>>,
}

#[derive(Serialize, Deserialize)]
pub struct Spec {
    pub since: Release,
    pub stage: u8,
    pub default: Option<bool>,
    pub locked: bool,
    pub min_compatibility: Option<Release>,
    pub since_at: Quote,
    pub stage_at: Quote,
    pub default_at: Quote,
    pub locked_at: Quote,
}

#[derive(Serialize, Deserialize)]
pub struct Declaration {
    pub name: Id,
    pub constant: Option<Id>,
    pub proposals: Vec<Id>,
    pub specs: Vec<Spec>,
    pub now: Option<Now>,
    pub needs: Option<Vec<Id>>,
    pub registry: Option<Id>,
}

#[derive(Serialize, Deserialize)]
pub struct Now {
    pub stage: u8,
    pub default: Option<bool>,
    pub locked: bool,
    pub at: Quote,
}

#[derive(Serialize, Deserialize)]
pub struct Page {
    pub name: Id,
    pub former: Vec<Id>,
    pub stages: Vec<PageStage>,
    pub removed: bool,
    pub removed_at: Quote,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct PageStage {
    pub stage: u8,
    pub from: Option<Release>,
    pub to: Option<Release>,
    pub default: Option<bool>,
    pub locked: bool,
    pub stage_at: Quote,
    pub from_at: Quote,
    pub to_at: Quote,
    pub default_at: Quote,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Use {
    pub gate: Id,
    pub by: By,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub enum By {
    Page,
    Test,
    Feature,
    Field(Id),
    Program { component: Id, stage: Option<u8>, default: Option<bool> },
}

#[derive(Serialize, Deserialize)]
pub struct Metric {
    pub name: Id,
    pub stability: Option<Id>,
    pub kind: Option<Id>,
    pub labels: Vec<Id>,
    pub components: Vec<Id>,
    pub deprecated: Option<Release>,
}

#[derive(Serialize, Deserialize)]
pub struct Conformance {
    pub name: Id,
    pub code_name: Id,
    pub releases: Vec<Release>,
    pub file: Id,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Endpoint {
    pub name: Id,
    pub group: Id,
    pub version: Id,
    pub kind: Id,
    pub action: Id,
    pub level: Id,
    pub tested: Option<bool>,
    pub conformance: Option<bool>,
    pub ineligible: Option<Id>,
    pub link: Option<Id>,
    pub release: Option<Release>,
}

#[derive(Serialize, Deserialize)]
pub struct Type {
    pub group: Id,
    pub version: Id,
    pub kind: Id,
    pub fields: Vec<Id>,
    pub introduced: Option<Release>,
    pub deprecated: Option<Release>,
    pub removed: Option<Release>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Resource {
    pub group: Id,
    pub version: Id,
    pub resource: Id,
    pub kind: Id,
}

#[derive(Serialize, Deserialize)]
pub struct Change {
    pub version: Id,
    pub kinds: Vec<Id>,
    pub pulls: Vec<Id>,
    pub proposals: Vec<Id>,
    pub names: Vec<Id>,
    pub urgent: bool,
}

#[derive(Serialize, Deserialize)]
pub struct Dates {
    pub release: Release,
    pub released: Option<Day>,
    pub maintenance: Option<Day>,
    pub end: Option<Day>,
    pub patches: Vec<Patch>,
}

#[derive(Serialize, Deserialize)]
pub struct Patch {
    pub release: Release,
    pub day: Option<Day>,
    pub planned: bool,
}

#[derive(Serialize, Deserialize)]
pub struct Run {
    pub job: Id,
    pub run: Id,
    pub started: Option<Time>,
    pub finished: Option<bool>,
    pub commit: Option<Id>,
    pub tests: Option<Vec<Test>>,
}

#[derive(Serialize, Deserialize)]
pub struct Test {
    pub name: Id,
    pub outcome: u8,
}
