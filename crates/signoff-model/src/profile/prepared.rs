//! Look-ups made once from a profile, so that reading a document costs no searches.

use std::collections::BTreeMap;
use std::iter;

use rustc_hash::FxHashMap;

use super::template_lines::TemplateLines;
use super::{
    AnswerFieldRule, CheckpointKind, Field, Meaning, NameKind, Profile, Question, QuestionGroup, SectionRule,
    WrittenCalendar,
};
use crate::calendar::{Calendar, Calendars, Dated, Undated};
use crate::release::Release;
use crate::wording::{self, Unmarked};

/// A profile with its look-ups.
#[derive(Debug)]
pub struct Prepared {
    /// The profile itself.
    pub profile: Profile,
    /// Every questionnaire's questions in order.
    pub questionnaires: Vec<QuestionnaireSlot>,
    /// Words of a section's headings to its index in `profile.section`.
    pub sections: FxHashMap<Box<str>, SectionSlot>,
    /// Every line that a version of the template had.
    pub(super) template_lines: TemplateLines,
    /// Headings and questions by which a generation is recognised, by their words without `optional`.
    generation_headings: FxHashMap<Box<str>, Vec<Marker>>,
    /// Hashes of checklist items by which a generation is recognised.
    pub generation_items: FxHashMap<u64, usize>,
    /// Words of the section of every checklist.
    pub checklist_sections: Vec<Box<str>>,
    /// The release that is worked on at the day asked about, where it is known.
    pub current_release: Option<Box<str>>,
    /// Why it is not known.
    pub undated: Option<Undated>,
    /// When the checkpoints of releases are.
    pub calendars: Calendars,
    fields_by_meaning: BTreeMap<Meaning, String>,
    aliases: FxHashMap<Box<str>, Box<str>>,
}

/// Index into `profile.section`.
pub type SectionSlot = usize;

/// The questions of one questionnaire.
#[derive(Debug)]
pub struct QuestionnaireSlot {
    /// The questions, in the profile's order.
    pub questions: Vec<QuestionSlot>,
    /// Index of the questionnaire's own section in `profile.section`.
    pub section: Option<SectionSlot>,
    /// Words of the headings that open the questionnaire.
    headings: Vec<String>,
    /// Words of every wording, sorted, with the question's index.
    pub wordings: Vec<(Box<str>, usize)>,
    /// Words of the group headings.
    pub group_headings: Vec<Box<str>>,
    /// Whether each question has blanks.
    pub has_labels: Vec<bool>,
    /// Every label of every blank, longest first.
    pub labels: Vec<FieldSlot>,
    label_beginnings: Beginnings<2>,
    question_beginnings: Beginnings<5>,
    short_beginnings: Beginnings<2>,
    placeholder_beginnings: Beginnings<3>,
    /// [`wording::line`] of the texts that mean: does not apply.
    pub not_applicable: Vec<Box<str>>,
    /// [`wording::words`] of the texts that mean: not written yet.
    pub placeholders: Vec<Box<str>>,
    /// Words of the options that a tick box chooses.
    options: Vec<Box<str>>,
}

/// Where a question is in its questionnaire.
#[derive(Clone, Copy, Debug)]
pub struct QuestionSlot {
    /// Index of the group.
    pub group: usize,
    /// Index in the group.
    pub question: usize,
}

/// A label of a blank.
#[derive(Debug)]
pub struct FieldSlot {
    /// The label's words.
    pub words: Box<str>,
    /// Index of the question that has the blank.
    pub question: usize,
    /// Index of the blank in the question.
    pub field: usize,
    /// What names it holds.
    pub names: Option<NameKind>,
}

impl Prepared {
    /// Prepares a profile.
    #[must_use]
    pub fn new(profile: Profile) -> Self {
        let sections = sections(&profile.section);
        let mut prepared = Self {
            questionnaires: profile
                .questionnaire
                .iter()
                .map(|questionnaire| QuestionnaireSlot::new(questionnaire, &profile.section))
                .collect(),
            template_lines: TemplateLines::new(&sections),
            sections,
            generation_headings: FxHashMap::default(),
            generation_items: FxHashMap::default(),
            checklist_sections: profile.checklist.iter().map(|list| wording::words(&list.section).into()).collect(),
            current_release: None,
            undated: None,
            calendars: Calendars::read(&profile.checkpoint, &profile.calendar),
            fields_by_meaning: profile
                .fields
                .iter()
                .filter_map(|(name, field)| Some((field.meaning?, name.clone())))
                .collect(),
            aliases: aliases(&profile.fields),
            profile,
        };
        prepared.generations();
        prepared
    }

    fn generations(&mut self) {
        for (index, generation) in self.profile.template.generation.iter().enumerate() {
            for key in generation.lines.split_whitespace().filter_map(|word| u64::from_str_radix(word, 16).ok()) {
                self.template_lines.insert(key);
            }
            for heading in &generation.headings {
                let words = wording::words(heading);
                let required = words.strip_suffix(" optional");
                let marker = Marker { optional: required.is_some(), level: heading_level(heading), generation: index };
                self.generation_headings.entry(required.unwrap_or(&words).into()).or_default().push(marker);
            }
            for item in &generation.items {
                self.generation_items.entry(wording::hash(&item_words(item))).or_insert(index);
            }
        }
    }

    /// The generation that brought a heading (level 1 to 6) or a bold bullet (level 0).
    ///
    /// `words` are its words without a trailing `optional`. A question's heading counts as the
    /// template's own level whatever level its author chose.
    #[must_use]
    pub fn generation_of_heading(&self, words: &str, optional: bool, level: u8) -> Option<usize> {
        let markers = self.generation_headings.get(words)?;
        let is_question = || self.questionnaires.iter().any(|slot| matches!(slot.find(words), Some((_, None))));
        let level = if level > 0 && is_question() { 6 } else { level };
        let fits = |marker: &&Marker| marker.level == level && marker.optional == optional;
        markers.iter().filter(fits).map(|marker| marker.generation).min()
    }

    /// Adds the lines of the repository's own template to those that are known.
    pub fn add_template(&mut self, text: &str) {
        for line in text.lines() {
            let normal = wording::line(line);
            if !normal.is_empty() {
                self.template_lines.insert(wording::key(normal.as_bytes()));
            }
        }
    }

    /// Lays the calendars of a repository over those of the process: dates of a release that it has are replaced
    /// one by one.
    pub fn add_calendars(&mut self, checkpoints: &[CheckpointKind], calendars: &[WrittenCalendar]) {
        if checkpoints.is_empty() && calendars.is_empty() {
            return;
        }
        for kind in checkpoints {
            match self.profile.checkpoint.iter_mut().find(|known| known.id == kind.id) {
                Some(known) => known.clone_from(kind),
                None => self.profile.checkpoint.push(kind.clone()),
            }
        }
        for own in calendars {
            let release = Release::parse(&own.release);
            let is_same = |known: &&mut WrittenCalendar| Release::parse(&known.release) == release;
            match self.profile.calendar.iter_mut().find(is_same) {
                Some(known) => known.lay_over(own),
                None => self.profile.calendar.push(own.clone()),
            }
        }
        self.calendars = Calendars::read(&self.profile.checkpoint, &self.profile.calendar);
    }

    /// Says which day is asked about, and so which release is current.
    pub fn set_today(&mut self, day: jiff::civil::Date) {
        let current = self.calendars.current(day).map(|calendar| self.profile.release.spelt(calendar.release));
        self.current_release = current.map(Into::into);
        self.undated = self.calendars.undated(day);
    }

    /// The calendar of a release.
    #[must_use]
    pub fn calendar(&self, release: Release) -> Option<&Calendar> {
        self.calendars.of(release)
    }

    /// The calendar of a release as it was known at an instant.
    #[must_use]
    pub fn calendar_as_known(&self, release: Release, instant: jiff::Timestamp) -> Option<Calendar> {
        self.calendars.of(release).map(|calendar| calendar.as_known(instant))
    }

    /// The checkpoints of a release at which something is decided, in the order of the process, with their instants as
    /// they were known then. Where no calendar has the release, they are those of the process, without one.
    #[must_use]
    pub fn deciding(
        &self,
        release: Release,
        instant: jiff::Timestamp,
    ) -> Vec<(&CheckpointKind, Option<jiff::Timestamp>)> {
        let calendar = self.calendar_as_known(release, instant);
        let dated = |kind: &'_ CheckpointKind| match &calendar {
            Some(calendar) => calendar.at(&kind.id).map(|dated| Some(dated.at)),
            None => Some(None),
        };
        let kinds = self.calendars.kinds.iter().filter(|kind| kind.decides);
        kinds.filter_map(|kind| Some((kind, dated(kind)?))).collect()
    }

    /// The kind of checkpoint of this id, alias or name.
    #[must_use]
    pub fn checkpoint(&self, name: &str) -> Option<&CheckpointKind> {
        self.calendars.kind(name)
    }

    /// What a release calls a checkpoint.
    #[must_use]
    pub fn checkpoint_name<'a>(&'a self, id: &'a str, release: Release) -> &'a str {
        self.calendars.name(id, release)
    }

    /// The first checkpoint of a release at or after an instant that decides about proposals.
    #[must_use]
    pub fn next_checkpoint(&self, release: Release, instant: jiff::Timestamp) -> Option<&Dated> {
        self.calendars.next(release, instant)
    }

    /// The name of the field with this meaning.
    #[must_use]
    pub fn field_named(&self, meaning: Meaning) -> Option<&str> {
        self.fields_by_meaning.get(&meaning).map(String::as_str)
    }

    /// The declared name of a key: itself, or what it is an alias of.
    #[must_use]
    pub fn canonical_key<'a>(&'a self, key: &'a str) -> &'a str {
        self.aliases.get(key).map_or(key, |name| name)
    }

    /// The question at an index of a questionnaire.
    #[must_use]
    pub fn question(&self, questionnaire: usize, question: usize) -> (&QuestionGroup, &Question) {
        let slot = self.questionnaires[questionnaire].questions[question];
        let group = &self.profile.questionnaire[questionnaire].group[slot.group];
        (group, &group.question[slot.question])
    }

    /// The index of a question by its id, in the first questionnaire that has it.
    #[must_use]
    pub fn question_by_id(&self, id: &str) -> Option<(usize, usize)> {
        (0..self.questionnaires.len()).find_map(|questionnaire| {
            let count = self.questionnaires[questionnaire].questions.len();
            let question = (0..count).find(|index| self.question(questionnaire, *index).1.id == id)?;
            Some((questionnaire, question))
        })
    }

    /// Whether a section, question or record with `since` came after a proposal's release, so that
    /// nobody asked for it when the proposal was accepted.
    #[must_use]
    pub fn came_after(since: Option<&str>, accepted: Option<Release>) -> bool {
        match (since.and_then(Release::parse), accepted) {
            (Some(since), Some(accepted)) => accepted < since,
            _ => false,
        }
    }
}

/// A heading or question by which a generation is recognised.
#[derive(Debug)]
struct Marker {
    /// Whether it ends with `(Optional)`.
    optional: bool,
    /// 0 for a bold bullet.
    level: u8,
    generation: usize,
}

/// `### Heading` is a heading of level 3; without marks it is a bold bullet, level 0.
fn heading_level(heading: &str) -> u8 {
    let level = heading.bytes().take_while(|byte| *byte == b'#').count();
    u8::try_from(level).unwrap_or(u8::MAX)
}

/// The words of a checklist item, by which items are compared.
#[must_use]
pub fn item_words(item: &str) -> String {
    Unmarked::of(item).words()
}

fn sections(rules: &[SectionRule]) -> FxHashMap<Box<str>, usize> {
    let mut found = FxHashMap::default();
    for (index, rule) in rules.iter().enumerate() {
        for title in iter::once(&rule.title).chain(&rule.aliases) {
            let words = wording::words(title);
            let words = words.strip_suffix(" optional").unwrap_or(&words);
            found.entry(words.into()).or_insert(index);
        }
    }
    found
}

fn aliases(fields: &BTreeMap<String, Field>) -> FxHashMap<Box<str>, Box<str>> {
    let pairs =
        fields.iter().flat_map(|(name, field)| field.aliases.iter().map(move |alias| (alias.as_str(), name.as_str())));
    pairs.map(|(alias, name)| (alias.into(), name.into())).collect()
}

impl QuestionnaireSlot {
    fn new(questionnaire: &super::Questionnaire, sections: &[SectionRule]) -> Self {
        let mut slot = Self {
            questions: Vec::new(),
            section: sections.iter().position(|rule| rule.title == questionnaire.section),
            headings: questionnaire.section_words(),
            wordings: Vec::new(),
            group_headings: Vec::new(),
            has_labels: Vec::new(),
            labels: Vec::new(),
            label_beginnings: Beginnings::default(),
            question_beginnings: Beginnings::default(),
            short_beginnings: Beginnings::default(),
            placeholder_beginnings: Beginnings::default(),
            not_applicable: questionnaire.not_applicable.iter().map(|text| wording::line(text).into()).collect(),
            placeholders: questionnaire.placeholders.iter().map(|text| wording::words(text).into()).collect(),
            options: questionnaire.options.iter().map(|text| wording::words(text).into()).collect(),
        };
        for (group_index, group) in questionnaire.group.iter().enumerate() {
            for title in iter::once(&group.title).chain(&group.aliases) {
                slot.group_headings.push(wording::words(title).into());
            }
            for (question_index, question) in group.question.iter().enumerate() {
                slot.has_labels.push(!question.field.is_empty());
                slot.add(QuestionSlot { group: group_index, question: question_index }, question);
            }
        }
        slot.wordings.sort();
        slot.wordings.dedup();
        slot.labels.sort_by_key(|label| std::cmp::Reverse(label.words.len()));
        slot.label_beginnings = Beginnings::of(slot.labels.iter().map(|label| &*label.words));
        slot.question_beginnings = Beginnings::of(slot.wordings.iter().map(|(words, _)| &**words));
        let short = slot.not_applicable.iter().map(|text| &**text).chain(["yes", "no"]);
        slot.short_beginnings = Beginnings::of(short);
        slot.placeholder_beginnings = Beginnings::of(slot.placeholders.iter().map(|text| &**text));
        slot
    }

    fn add(&mut self, place: QuestionSlot, question: &Question) {
        let index = self.questions.len();
        self.questions.push(place);
        for text in iter::once(&question.title).chain(&question.wordings) {
            self.wordings.push((wording::words(text).into(), index));
        }
        for (field, rule) in question.field.iter().enumerate() {
            self.labels.extend(labels(rule).map(|words| FieldSlot {
                words: words.into(),
                question: index,
                field,
                names: rule.names,
            }));
        }
    }

    /// Whether a heading of these words opens the questionnaire.
    #[must_use]
    pub fn opens(&self, words: &str) -> bool {
        self.headings.iter().any(|heading| words.starts_with(heading.as_str()))
    }

    /// Whether a text may start with a label: its first letters are those of one.
    #[must_use]
    pub fn may_start_with_label(&self, text: &str) -> bool {
        self.label_beginnings.may_begin(text)
    }

    /// The labels that a text may start with: their first letters are its own. Longest first.
    pub fn labels_at(&self, text: &str) -> impl Iterator<Item = &FieldSlot> {
        self.label_beginnings.candidates(text).iter().map(|place| &self.labels[*place])
    }

    /// Whether a text may start with a question: its first letters are those of one.
    #[must_use]
    pub fn may_start_with_question(&self, text: &str) -> bool {
        self.question_beginnings.may_begin(text)
    }

    /// Whether these words name an option of the questionnaire.
    #[must_use]
    pub fn is_option(&self, words: &str) -> bool {
        self.options.iter().any(|option| **option == *words)
    }

    /// Whether a text may be a placeholder, or say that the question does not apply: by its first letters.
    #[must_use]
    pub fn may_be_no_answer(&self, text: &str) -> bool {
        self.placeholder_beginnings.may_begin(text) || self.short_beginnings.may_begin(text)
    }

    /// Whether a text may be a bare yes or no, or say that the question does not apply: by its first letters.
    #[must_use]
    pub fn may_be_short(&self, text: &str) -> bool {
        self.short_beginnings.may_begin(text)
    }

    /// Whether a normalised text only says that the question does not apply.
    #[must_use]
    pub fn is_not_applicable(&self, normal: &str) -> bool {
        self.not_applicable.iter().any(|text| **text == *normal)
    }

    /// Finds the question that `words` asks.
    ///
    /// Besides the wordings themselves: a wording with more text behind it (how many of its words
    /// belong to the question is returned), and the beginning of exactly one question.
    #[must_use]
    pub fn find(&self, words: &str) -> Option<(usize, Option<usize>)> {
        const BEGINNING_MIN: usize = 5;
        let places = self.question_beginnings.candidates(words);
        if places.is_empty() {
            return None;
        }
        let alike = || places.iter().map(|place| &self.wordings[*place]);
        if let Some((_, question)) = alike().find(|(wording, _)| **wording == *words) {
            return Some((*question, None));
        }
        let mut gaps = memchr::memchr_iter(b' ', words.as_bytes());
        gaps.nth(BEGINNING_MIN - 2)?;
        let length_min = gaps.next().unwrap_or(words.len());
        let longer = alike()
            .filter(|(wording, _)| wording.len() >= length_min)
            .filter(|(wording, _)| words.strip_prefix(&**wording).is_some_and(|rest| rest.starts_with(' ')));
        if let Some((wording, question)) = longer.max_by_key(|(wording, _)| wording.len()) {
            return Some((*question, Some(wording.split(' ').count())));
        }
        let mut begun = alike().filter(|(wording, _)| wording.starts_with(words)).map(|(_, question)| *question);
        let first = begun.next()?;
        begun.all(|question| question == first).then_some((first, None))
    }
}

/// Some texts by their first letters or digits: a cheap test before a search among them.
#[derive(Debug)]
pub(super) struct Beginnings<const LETTERS: usize> {
    /// Every place of a text, in order.
    all: Vec<usize>,
    /// The same by the letters; `None` when one of the texts is too short or begins in another alphabet.
    by_letters: Option<FxHashMap<u64, Vec<usize>>>,
}

impl<const LETTERS: usize> Default for Beginnings<LETTERS> {
    fn default() -> Self {
        Self::of(iter::empty())
    }
}

impl<const LETTERS: usize> Beginnings<LETTERS> {
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let letters: Vec<Option<u64>> = texts.map(Self::letters).collect();
        let all = (0..letters.len()).collect();
        let mut by_letters = Some(FxHashMap::default());
        for (place, letters) in letters.into_iter().enumerate() {
            match (&mut by_letters, letters) {
                (Some(places), Some(letters)) => places.entry(letters).or_insert_with(Vec::new).push(place),
                _ => by_letters = None,
            }
        }
        Self { all, by_letters }
    }

    /// Whether `text` may begin with one of the texts.
    pub(super) fn may_begin(&self, text: &str) -> bool {
        match (&self.by_letters, Self::letters(text)) {
            (Some(known), Some(letters)) => known.contains_key(&letters),
            _ => true,
        }
    }

    /// The places of the texts that `text` may begin with, in order.
    fn candidates(&self, text: &str) -> &[usize] {
        match (&self.by_letters, Self::letters(text)) {
            (Some(known), Some(letters)) => known.get(&letters).map_or(&[], Vec::as_slice),
            _ => &self.all,
        }
    }

    /// In lower case, as one number; `None` when there are fewer, or they are not ASCII.
    fn letters(text: &str) -> Option<u64> {
        const { assert!(LETTERS <= 8) };
        let mut found = text.bytes().filter(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
        (0..LETTERS).try_fold(0, |letters, _| {
            let letter = found.next().filter(u8::is_ascii)?.to_ascii_lowercase();
            Some(letters << 8 | u64::from(letter))
        })
    }
}

fn labels(rule: &AnswerFieldRule) -> impl Iterator<Item = String> {
    iter::once(&rule.label).chain(&rule.aliases).map(|label| wording::words(label))
}

#[cfg(test)]
mod tests {
    use super::super::Questionnaire;
    use super::*;

    #[test]
    fn a_question_is_found_by_its_words_or_its_beginning() {
        let titles =
            ["Lit", "How long will the lamp burn in a hall?", "How long will the lamp burn in a room?", "Who?"];
        let question = |title: &&str| Question { title: (*title).to_owned(), ..Question::default() };
        let group = QuestionGroup { question: titles.iter().map(question).collect(), ..QuestionGroup::default() };
        let slot = QuestionnaireSlot::new(&Questionnaire { group: vec![group], ..Questionnaire::default() }, &[]);
        let cases = [
            ("lit", Some((0, None))),
            ("who", Some((3, None))),
            ("who else", None),
            ("how long will the lamp burn in a room", Some((2, None))),
            ("how long will the lamp burn in a room yes", Some((2, Some(9)))),
            ("how long will the lamp burn in a roomy", None),
            ("how long will the lamp burn in a h", Some((1, None))),
            ("how long will the lamp burn", None),
            ("how long will", None),
            ("", None),
        ];
        for (words, expected) in cases {
            assert_eq!(slot.find(words), expected, "{words:?}");
        }
    }

    #[test]
    fn a_text_begins_like_those_with_its_first_letters() {
        let beginnings = Beginnings::<2>::of(["lamp", "late", "bulb"].into_iter());
        let cases: [(&str, &[usize]); 6] = [
            ("**Lamp**", &[0, 1]),
            ("B-ulb", &[2]),
            ("wire", &[]),
            ("l", &[0, 1, 2]),
            ("lé", &[0, 1, 2]),
            ("", &[0, 1, 2]),
        ];
        for (text, expected) in cases {
            assert_eq!(beginnings.candidates(text), expected, "{text:?}");
            assert_eq!(beginnings.may_begin(text), !expected.is_empty(), "{text:?}");
        }
        let short = Beginnings::<2>::of(["lamp", "l"].into_iter());
        assert_eq!(short.candidates("wire"), [0, 1]);
    }
}
