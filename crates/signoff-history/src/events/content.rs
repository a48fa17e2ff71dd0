//! What the files of proposals say, each content read once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::event::EventKind;
use signoff_model::event::standing::{self, Part, Told};
use signoff_model::profile::{self, Layout, Prepared};
use signoff_model::proposal::Proposal;
use signoff_model::tree::{ContentId, Kind, ReadError};
use signoff_model::{Source, body, corpus, metadata, questionnaire, source};

use super::Options;
use super::world::{Marks, Trace};
use crate::{Found, History};

/// What the metadata of a proposal says.
#[derive(Clone)]
pub(super) struct Fields {
    pub(super) part: Arc<Part>,
    /// Where its companions are; `None` where what the path is made of is not stated.
    pub(super) companions: Arc<[Option<Box<str>>]>,
    /// Whether all of it was read.
    pub(super) is_complete: bool,
}

/// What the files say, by content.
pub(super) struct Contents<'h> {
    history: &'h dyn History,
    prepared: &'h Prepared,
    fields: FxHashMap<ContentId, Fields>,
    answers: FxHashMap<ContentId, Option<Arc<[Told]>>>,
    companions: FxHashMap<(usize, ContentId), Arc<Part>>,
    unread: AtomicUsize,
}

/// A file to read, and what for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Wanted {
    id: ContentId,
    fields: bool,
    answers: bool,
}

/// What a file said.
struct Said {
    id: ContentId,
    fields: Option<Fields>,
    answers: Option<Option<Arc<[Told]>>>,
}

impl<'h> Contents<'h> {
    /// Reads all that the wanted proposals ever had. The versions of one are read one after the other, newest first:
    /// so does git keep most of them, as differences to the next.
    pub(super) fn read(
        history: &'h dyn History,
        prepared: &'h Prepared,
        options: &Options<'_>,
        trace: &Trace,
        is_wanted: &[bool],
    ) -> Self {
        let mut contents = Self {
            history,
            prepared,
            fields: FxHashMap::default(),
            answers: FxHashMap::default(),
            companions: FxHashMap::default(),
            unread: AtomicUsize::new(0),
        };
        let mut of_proposal: Vec<Vec<Wanted>> = is_wanted.iter().map(|_| Vec::new()).collect();
        let mut seen: FxHashSet<Wanted> = FxHashSet::default();
        let touches = trace.touched.iter().rev().flat_map(|touched| &touched.proposals);
        for touch in touches.filter(|touch| is_wanted[touch.id]) {
            for wanted in wanted(&prepared.profile.layout, &touch.marks, options.answers) {
                if seen.insert(wanted) {
                    of_proposal[touch.id].push(wanted);
                }
            }
        }
        let said: Vec<Said> =
            of_proposal.par_iter().flat_map_iter(|files| files.iter().map(|wanted| contents.say(*wanted))).collect();
        for Said { id, fields, answers } in said {
            contents.fields.extend(fields.map(|fields| (id, fields)));
            contents.answers.extend(answers.map(|answers| (id, answers)));
        }
        contents
    }

    /// How many files could not be read.
    pub(super) fn unread(&self) -> usize {
        self.unread.load(Ordering::Relaxed)
    }

    /// What the metadata in a file says.
    pub(super) fn fields(&mut self, id: ContentId) -> Fields {
        if !self.fields.contains_key(&id) {
            let said = self.say(Wanted { id, fields: true, answers: false });
            self.fields.extend(said.fields.map(|fields| (id, fields)));
        }
        self.fields.get(&id).cloned().unwrap_or_else(|| self.no_fields())
    }

    /// What the prose in a file says; `None` when it cannot be read.
    pub(super) fn answers(&mut self, id: ContentId) -> Option<Arc<[Told]>> {
        if !self.answers.contains_key(&id) {
            let said = self.say(Wanted { id, fields: false, answers: true });
            self.answers.extend(said.answers.map(|answers| (id, answers)));
        }
        self.answers.get(&id).cloned().flatten()
    }

    /// What a companion says.
    pub(super) fn companion(&mut self, companion: usize, id: ContentId) -> Arc<Part> {
        if let Some(known) = self.companions.get(&(companion, id)) {
            return Arc::clone(known);
        }
        let part = match self.bytes(id) {
            Ok(bytes) => {
                let (text, encoding) = source::decode(bytes);
                Part::of_companion(self.prepared, companion, &metadata::from_yaml(&text, encoding))
            }
            Err(_) => Part::unknown(&[EventKind::Approved]),
        };
        let part = Arc::new(part);
        self.companions.insert((companion, id), Arc::clone(&part));
        part
    }

    /// What metadata says that cannot be read.
    pub(super) fn no_fields(&self) -> Fields {
        let kinds = [EventKind::Status, EventKind::Stage, EventKind::Retitled, EventKind::Milestone, EventKind::Gate];
        let companions = self.prepared.profile.companion.iter().map(|_| None).collect();
        Fields { part: Part::unknown(&kinds).into(), companions, is_complete: false }
    }

    fn bytes(&self, id: ContentId) -> Result<Vec<u8>, ReadError> {
        let bytes = self.history.content(id);
        self.unread.fetch_add(usize::from(bytes.is_err()), Ordering::Relaxed);
        bytes
    }

    fn say(&self, Wanted { id, fields, answers }: Wanted) -> Said {
        let Ok(bytes) = self.bytes(id) else {
            return Said { id, fields: fields.then(|| self.no_fields()), answers: answers.then_some(None) };
        };
        let (text, encoding) = source::decode(bytes);
        let in_one = self.prepared.profile.layout.unit == profile::Unit::File;
        let parsed = (fields || in_one).then(|| metadata::parse(&self.prepared.profile.metadata, &text, encoding));
        let start = parsed.as_ref().filter(|_| in_one).map_or(0, |parsed| parsed.body_start);
        let answers = answers.then(|| Some(self.told(&text, start)));
        let fields = parsed.filter(|_| fields).map(|parsed| self.fields_of(text, parsed));
        Said { id, fields, answers }
    }

    fn fields_of(&self, text: String, parsed: metadata::Metadata) -> Fields {
        let prepared = self.prepared;
        let proposal = Proposal::of_metadata(Source::new("", text), parsed);
        let path = |rule| corpus::companion_path(prepared, rule, &proposal).map(Into::into);
        Fields {
            part: Part::of_fields(prepared, &proposal).into(),
            companions: prepared.profile.companion.iter().map(path).collect(),
            is_complete: proposal.is_complete(),
        }
    }

    fn told(&self, text: &str, start: usize) -> Arc<[Told]> {
        let count = self.prepared.questionnaires.len();
        if count == 0 {
            return Arc::default();
        }
        let body = body::parse(text, start);
        let answers: Vec<_> = (0..count).map(|index| questionnaire::read(self.prepared, index, text, &body)).collect();
        standing::told(&answers)
    }
}

/// The file that holds the metadata, of those by which a proposal is one: of the right name, else of a mistaken one.
pub(super) fn metadata_file<'m>(layout: &Layout, marks: &'m Marks) -> Option<(&'m Arc<str>, Found)> {
    if layout.unit == profile::Unit::File {
        return marks.iter().next().map(|(name, found)| (name, *found));
    }
    let mut names = std::iter::once(&layout.metadata).chain(&layout.metadata_mistakes);
    names.find_map(|name| marks.get_key_value(name.as_str())).map(|(name, found)| (name, *found))
}

/// The file that holds the prose.
pub(super) fn body_file<'m>(layout: &Layout, marks: &'m Marks) -> Option<(&'m Arc<str>, Found)> {
    if layout.unit == profile::Unit::File {
        return metadata_file(layout, marks);
    }
    let exact = marks.get_key_value(layout.body.as_str());
    let other = || marks.iter().find(|(name, _)| name.eq_ignore_ascii_case(&layout.body));
    exact.or_else(other).map(|(name, found)| (name, *found))
}

/// The files that tell what a proposal says. What links lead to is found out later.
fn wanted(layout: &Layout, marks: &Marks, answers: bool) -> Vec<Wanted> {
    let is_file = |found: &(_, Found)| found.1.kind == Kind::File;
    let metadata = metadata_file(layout, marks).filter(is_file).map(|(_, found)| found.id);
    let body = body_file(layout, marks).filter(is_file).map(|(_, found)| found.id).filter(|_| answers);
    match (metadata, body) {
        (Some(id), Some(body)) if id == body => vec![Wanted { id, fields: true, answers: true }],
        _ => {
            let metadata = metadata.map(|id| Wanted { id, fields: true, answers: false });
            metadata.into_iter().chain(body.map(|id| Wanted { id, fields: false, answers: true })).collect()
        }
    }
}
