//! One enhancement proposal: its metadata, its body, its companions. What the fields mean is the
//! profile's business: ask with [`Proposal::text`] and a [`Meaning`].

use std::any::Any;
use std::sync::{Arc, OnceLock};

use crate::body::Body;
use crate::companion::Record;
use crate::header;
use crate::metadata::Metadata;
use crate::names::StatedName;
use crate::node::{Node, Pair};
use crate::people::Owners;
use crate::profile::{FieldKind, Meaning, NameKind, Prepared, StatusClass, Syntax};
use crate::questionnaire::{self, Answers};
use crate::release::Release;
use crate::source::{self, Encoding, Source};
use crate::span::Span;
use crate::template::{self, Generation, SectionState};
use crate::tree::ReadError;
use crate::wording;

/// A proposal as it was read.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Its folder or file: the unique key.
    pub path: Arc<str>,
    /// The name of that folder or file.
    pub name: Arc<str>,
    /// The folders between the root of all proposals and this one, e.g. `sig-node`.
    pub area: Arc<str>,
    /// The number in the name, as written, if the name has one.
    pub path_number: Option<Arc<str>>,
    /// The number that the metadata states, as written.
    pub number: Option<Arc<str>>,
    /// The file that holds the metadata, or would.
    pub metadata_path: Arc<str>,
    /// The metadata's text; empty when the file could not be read.
    pub source: Arc<Source>,
    /// What the metadata says.
    pub metadata: Arc<Metadata>,
    /// The prose, if there is some.
    pub prose: Option<Prose>,
    /// Its companions, one per companion of the profile.
    pub records: Vec<Record>,
    /// The owners file of its folder.
    pub owners: Option<Owners>,
    /// What is wrong with the files themselves.
    pub file_faults: Vec<FileFault>,
    /// Whether it was read whole; false for one that is known by its name alone.
    pub loaded: bool,
    /// What was worked out of it alone.
    pub worked_out: WorkedOut,
}

/// What an analysis worked out of a proposal alone. It lives as long as what was read, so that after a change it is
/// worked out again for what changed.
#[derive(Clone, Debug, Default)]
pub struct WorkedOut(OnceLock<Arc<dyn Any + Send + Sync>>);

impl WorkedOut {
    /// What was made when it was first asked for. There is room for values of one type: others are made each time.
    pub fn get_or_make<T: Send + Sync + 'static>(&self, mut make: impl FnMut() -> T) -> Arc<T> {
        let kept = self.0.get_or_init(|| Arc::new(make()));
        Arc::clone(kept).downcast().unwrap_or_else(|_| Arc::new(make()))
    }
}

/// Longest text, in bytes, that is taken for a number: every finding repeats it.
const NUMBER_MAX: usize = 40;

/// The prose of a proposal.
#[derive(Clone, Debug)]
pub struct Prose {
    /// The file's text.
    pub source: Arc<Source>,
    /// What was read of it.
    pub document: Arc<Document>,
    /// Where its links lead to, each place once; worked out when somebody asks.
    pub(crate) leads_to: OnceLock<Box<[LeadsTo]>>,
}

/// A place in the tree that a link leads to.
#[derive(Clone, Debug)]
pub(crate) struct LeadsTo {
    pub(crate) path: Arc<str>,
    /// Whether an image is meant.
    pub(crate) is_image: bool,
}

/// Something wrong with the files of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// There is no metadata file; the file that may be meant.
    MetadataMissing(Option<Arc<str>>),
    /// The metadata file cannot be read.
    MetadataUnreadable(ReadError),
    /// There is no body; the file that may be meant.
    BodyMissing(Option<Arc<str>>),
    /// The body, which is this file, cannot be read.
    BodyUnreadable(Arc<str>, ReadError),
    /// The body is there under another spelling of its name.
    BodyName(Arc<str>),
}

impl FileFault {
    /// Whether a file is there and cannot be read.
    #[must_use]
    pub fn is_of_reading(&self) -> bool {
        matches!(self, Self::MetadataUnreadable(_) | Self::BodyUnreadable(..))
    }
}

/// A parsed body with everything that the profile reads out of it.
#[derive(Debug)]
pub struct Document {
    /// Sections, blocks, links, comments.
    pub body: Body,
    /// State of each section.
    pub section_states: Vec<SectionState>,
    /// The sections that the profile knows, in file order: index into `profile.section`, index into `body.sections`.
    pub known_sections: Vec<(usize, usize)>,
    /// Answers of each questionnaire.
    pub answers: Vec<Answers>,
    /// Gate names that the answers state, with their place.
    pub gates: Vec<(Box<str>, Span)>,
    /// Metric names that the answers state, with their place.
    pub metrics: Vec<(Box<str>, Span)>,
    /// The template's generation.
    pub generation: Option<Generation>,
    /// Ticked and all boxes of each checklist; `None` where its section is absent.
    pub checklists: Vec<Option<Ticks>>,
    /// Comments that come from a template.
    pub template_comments: Vec<Span>,
    /// What was unusual about the bytes.
    pub encoding: Encoding,
}

/// Boxes of a checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticks {
    /// Ticked boxes.
    pub ticked: usize,
    /// All boxes.
    pub total: usize,
}

impl Document {
    /// Reads a body from byte `start` of its file on. Never fails.
    #[must_use]
    pub fn parse(prepared: &Prepared, text: &str, start: usize, encoding: Encoding) -> Self {
        let body = crate::body::parse(text, start);
        let answers: Vec<Answers> =
            (0..prepared.questionnaires.len()).map(|index| questionnaire::read(prepared, index, text, &body)).collect();
        let names: Vec<StatedName> = (0..prepared.questionnaires.len())
            .flat_map(|index| questionnaire::stated_names(prepared, index, text, &body))
            .collect();
        let of_kind = |kind: NameKind| {
            names.iter().filter(|name| name.kind == kind).map(|name| (name.name.clone(), name.span)).collect()
        };
        Self {
            section_states: template::section_states(prepared, text, &body),
            known_sections: template::known_sections(prepared, &body),
            gates: of_kind(NameKind::Gate),
            metrics: of_kind(NameKind::Metric),
            generation: template::generation(prepared, text, &body, &answers),
            checklists: checklists(prepared, text, &body),
            template_comments: template::template_comments(prepared, text, &body),
            answers,
            body,
            encoding,
        }
    }
}

fn checklists(prepared: &Prepared, text: &str, body: &Body) -> Vec<Option<Ticks>> {
    let ticks = |span: Span| {
        let own = body.without_comments(text, span);
        let boxes =
            source::lines(&own).filter_map(|line| wording::tick_box(wording::without_list_mark(line.trim_start())?));
        boxes.fold(Ticks { ticked: 0, total: 0 }, |sum, (ticked, _)| Ticks {
            ticked: sum.ticked + usize::from(ticked),
            total: sum.total + 1,
        })
    };
    prepared.checklist_sections.iter().map(|words| body.section(words).map(|section| ticks(section.extent))).collect()
}

/// A value of a list field: its text and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// The text.
    pub text: &'a str,
    /// Where it stands.
    pub span: Span,
}

/// A feature gate that the metadata declares.
#[derive(Clone, Debug)]
pub struct Gate<'a> {
    /// Its name; empty when none is given.
    pub name: &'a str,
    /// Where the name stands, or the entry without one.
    pub span: Span,
    /// The components that have it.
    pub components: Vec<&'a str>,
}

impl Proposal {
    /// A proposal of which nothing is known but what its metadata says.
    #[must_use]
    pub fn of_metadata(source: Source, metadata: Metadata) -> Self {
        Self {
            path: "".into(),
            name: "".into(),
            area: "".into(),
            path_number: None,
            number: None,
            metadata_path: Arc::clone(&source.path),
            source: source.into(),
            metadata: metadata.into(),
            prose: None,
            records: Vec::new(),
            owners: None,
            file_faults: Vec::new(),
            loaded: true,
            worked_out: WorkedOut::default(),
        }
    }

    /// The number people know it by: the metadata's (if it can be one), else the one in its name, else its name.
    #[must_use]
    pub fn label(&self) -> &Arc<str> {
        let number = self.number.as_ref().filter(|number| number.len() <= NUMBER_MAX);
        number.or(self.path_number.as_ref()).unwrap_or(&self.name)
    }

    /// Whether the metadata was read whole, so that what it does not say is really not said.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let unread =
            |fault: &FileFault| matches!(fault, FileFault::MetadataMissing(_) | FileFault::MetadataUnreadable(_));
        self.metadata.is_complete() && !self.file_faults.iter().any(unread)
    }

    /// The field of this name (or an alias of it), as written; `None` when it is absent, or could not be read.
    #[must_use]
    pub fn field(&self, prepared: &Prepared, name: &str) -> Option<&Pair> {
        let pairs = self.metadata.root.pairs();
        let written = pairs.iter().find(|pair| &*pair.key == name);
        let aliased = || {
            prepared.profile.fields.get(name).filter(|field| !field.aliases.is_empty())?;
            pairs.iter().find(|pair| prepared.canonical_key(&pair.key) == name)
        };
        written.or_else(aliased).filter(|pair| !pair.node.is_unread())
    }

    /// The field with this meaning, as written.
    #[must_use]
    pub fn meant(&self, prepared: &Prepared, meaning: Meaning) -> Option<&Pair> {
        self.field(prepared, prepared.field_named(meaning)?)
    }

    /// The text of the field with this meaning; `None` when it is absent, null or no scalar.
    #[must_use]
    pub fn text(&self, prepared: &Prepared, meaning: Meaning) -> Option<&str> {
        self.meant(prepared, meaning)?.node.text().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The entries of the list with this meaning.
    #[must_use]
    pub fn items(&self, prepared: &Prepared, meaning: Meaning) -> Vec<Item<'_>> {
        self.meant(prepared, meaning).map_or_else(Vec::new, |pair| self.items_of(prepared, &pair.node))
    }

    /// The entries of a list value: of a list, of a comma-separated header, or a single text.
    #[must_use]
    pub fn items_of<'a>(&'a self, prepared: &Prepared, node: &'a Node) -> Vec<Item<'a>> {
        if let Some(text) = node.text() {
            if prepared.profile.metadata.syntax == Syntax::Yaml {
                return vec![Item { text, span: node.span }];
            }
            return self.header_items(text, node.span);
        }
        node.items().iter().filter_map(|item| Some(Item { text: item.text()?, span: item.span })).collect()
    }

    /// The items of a header's value: their text with folded lines joined, their place as written.
    fn header_items<'a>(&'a self, text: &'a str, span: Span) -> Vec<Item<'a>> {
        let raw = header::items(self.source.slice(span));
        let joined = header::items(text);
        let place = |piece: &str| Span::of_slice(&self.source.text, piece);
        if raw.len() != joined.len() {
            return raw.into_iter().map(|piece| Item { text: piece, span: place(piece) }).collect();
        }
        joined.into_iter().zip(raw).map(|(text, piece)| Item { text, span: place(piece) }).collect()
    }

    /// The status, as written.
    #[must_use]
    pub fn status(&self, prepared: &Prepared) -> Option<&str> {
        self.text(prepared, Meaning::Status)
    }

    /// What the status means; an unknown or missing one is taken for open.
    #[must_use]
    pub fn class(&self, prepared: &Prepared) -> StatusClass {
        let Some(written) = self.status(prepared) else { return StatusClass::Open };
        let known = prepared
            .profile
            .status
            .iter()
            .find(|status| status.name == written || status.aliases.iter().any(|alias| alias == written));
        known.map_or(StatusClass::Open, |status| status.class)
    }

    /// The stage, as written.
    #[must_use]
    pub fn stage(&self, prepared: &Prepared) -> Option<&str> {
        self.text(prepared, Meaning::Stage)
    }

    /// Whether the stage is `from` or a later one of the same track.
    #[must_use]
    pub fn reached(&self, prepared: &Prepared, from: &str) -> bool {
        self.stage(prepared).is_some_and(|stage| prepared.profile.reached(stage, from))
    }

    /// The latest milestone, when it is a release.
    #[must_use]
    pub fn latest_milestone(&self, prepared: &Prepared) -> Option<Release> {
        self.text(prepared, Meaning::LatestMilestone).and_then(Release::parse).filter(|release| !release.is_none())
    }

    /// The milestone of each stage, as written: stage, text, place of the text.
    #[must_use]
    pub fn milestones(&self, prepared: &Prepared) -> Vec<(&str, Item<'_>)> {
        let pairs = self.meant(prepared, Meaning::Milestones).map(|pair| pair.node.pairs()).unwrap_or_default();
        pairs
            .iter()
            .filter_map(|pair| Some((&*pair.key, Item { text: pair.node.text()?.trim(), span: pair.node.span })))
            .filter(|(_, item)| !item.text.is_empty())
            .collect()
    }

    /// The milestones in the order of the stages, as written; those of stages that the profile does not know come last.
    #[must_use]
    pub fn milestones_by_stage(&self, prepared: &Prepared) -> Vec<(&str, &str)> {
        let stages = &prepared.profile.stage;
        let mut found = self.milestones(prepared);
        found.sort_by_key(|(name, _)| stages.iter().position(|stage| stage.name == *name).unwrap_or(stages.len()));
        found.into_iter().map(|(stage, item)| (stage, item.text)).collect()
    }

    /// The milestone of a stage, when it is a release.
    #[must_use]
    pub fn milestone(&self, prepared: &Prepared, stage: &str) -> Option<Release> {
        let milestones = self.milestones(prepared);
        let (_, item) = milestones.iter().find(|(name, _)| *name == stage)?;
        Release::parse(item.text).filter(|release| !release.is_none())
    }

    /// The newest release that the proposal was accepted for: its latest milestone, else the newest of its stages.
    #[must_use]
    pub fn accepted(&self, prepared: &Prepared) -> Option<Release> {
        let stages = self.milestones(prepared);
        let newest =
            stages.iter().filter_map(|(_, item)| Release::parse(item.text)).filter(|release| !release.is_none()).max();
        self.latest_milestone(prepared).or(newest)
    }

    /// The declared feature gates.
    #[must_use]
    pub fn gates(&self, prepared: &Prepared) -> Vec<Gate<'_>> {
        let Some(pair) = self.meant(prepared, Meaning::Gates) else { return Vec::new() };
        pair.node.items().iter().map(gate_of).collect()
    }

    /// The prose's document.
    #[must_use]
    pub fn document(&self) -> Option<&Document> {
        self.prose.as_ref().map(|prose| &*prose.document)
    }

    /// The declared type of a field.
    #[must_use]
    pub fn kind_of(prepared: &Prepared, name: &str) -> FieldKind {
        prepared.profile.fields.get(name).map_or(FieldKind::Text, |field| field.kind)
    }
}

fn gate_of(node: &Node) -> Gate<'_> {
    let named = node.get("name").or(Some(node)).filter(|node| node.text().is_some());
    let components = node.get("components").map(Node::items).unwrap_or_default();
    Gate {
        name: named.and_then(Node::text).map(str::trim).unwrap_or_default(),
        span: named.map_or(node.span, |node| node.span),
        components: components.iter().filter_map(Node::text).collect(),
    }
}

/// Whether two numbers are the same: leading zeros do not count.
#[must_use]
pub fn same_number(left: &str, right: &str) -> bool {
    bare_number(left) == bare_number(right)
}

/// A number without leading zeros.
#[must_use]
pub fn bare_number(number: &str) -> &str {
    let bare = number.trim().trim_start_matches('0');
    if bare.is_empty() && !number.trim().is_empty() { "0" } else { bare }
}
