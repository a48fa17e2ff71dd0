//! What changed in the prose: checklists, answers, sections.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::body::Section;
use signoff_model::profile::Prepared;
use signoff_model::proposal::{FileFault, Prose};
use signoff_model::questionnaire::Answer;
use signoff_model::template::SectionState;
use signoff_model::{Proposal, Span};

use super::metadata::unread;
use super::{Change, ChangeKind, Words};

/// Adds what changed in the prose.
pub(super) fn compare(prepared: &Prepared, before: Option<&Proposal>, after: &Proposal, changes: &mut Vec<Change>) {
    let path = body_path(after).or_else(|| before.and_then(body_path));
    if let Some(path) = path {
        unread(path, before.and_then(reading), reading(after).unwrap_or("read"), changes);
    }
    let old = before.map_or(Some(None), known);
    let (Some(old), Some(new)) = (old, known(after)) else { return };
    let is_same = old
        .zip(new)
        .is_some_and(|(old, new)| Arc::ptr_eq(&old.document, &new.document) || old.source.text == new.source.text);
    if is_same {
        return;
    }
    checklists(prepared, old, new, changes);
    answers(prepared, old, new, changes);
    sections(prepared, old, new, changes);
}

/// The prose, or that there is none; `None` where it was not read.
fn known(proposal: &Proposal) -> Option<Option<&Prose>> {
    let is_missing = || proposal.file_faults.iter().any(|fault| matches!(fault, FileFault::BodyMissing(_)));
    match &proposal.prose {
        Some(prose) => Some(Some(prose)),
        None => is_missing().then_some(None),
    }
}

fn body_path(proposal: &Proposal) -> Option<&str> {
    let unreadable = proposal.file_faults.iter().find_map(|fault| match fault {
        FileFault::BodyUnreadable(path, _) => Some(&**path),
        _ => None,
    });
    proposal.prose.as_ref().map(|prose| &*prose.source.path).or(unreadable)
}

/// How the prose could be read; `None` when nobody tried.
fn reading(proposal: &Proposal) -> Option<&'static str> {
    let of_fault = |fault: &FileFault| match fault {
        FileFault::BodyUnreadable(..) => Some("unreadable"),
        FileFault::BodyMissing(_) => Some("missing"),
        _ => None,
    };
    proposal.file_faults.iter().find_map(of_fault).or(proposal.prose.as_ref().map(|_| "read"))
}

fn checklists(prepared: &Prepared, old: Option<&Prose>, new: Option<&Prose>, changes: &mut Vec<Change>) {
    for (index, rule) in prepared.profile.checklist.iter().enumerate() {
        let ticks = |prose: Option<&Prose>| prose?.document.checklists.get(index).copied().flatten();
        let (from, to) = (ticks(old), ticks(new));
        if from != to {
            let text = |ticks: signoff_model::proposal::Ticks| format!("{} of {}", ticks.ticked, ticks.total);
            let (from, to) = (from.map(text), to.map(text));
            changes.push(Change::new(ChangeKind::Checklist, Some(&rule.id), from.as_deref(), to.as_deref()));
        }
    }
}

fn answers(prepared: &Prepared, old: Option<&Prose>, new: Option<&Prose>, changes: &mut Vec<Change>) {
    let nothing = Answer::default();
    for (index, slot) in prepared.questionnaires.iter().enumerate() {
        for question in 0..slot.questions.len() {
            let [from, to] = [old, new].map(|prose| {
                prose.and_then(|prose| prose.document.answers.get(index)?.answers.get(question)).unwrap_or(&nothing)
            });
            let words = Words::compare(&from.own, &to.own);
            if from.state != to.state || words.is_some() {
                let (_, rule) = prepared.question(index, question);
                let states = (Some(from.state.word()), Some(to.state.word()));
                let change = Change::new(ChangeKind::Answer, Some(&rule.id), states.0, states.1);
                changes.push(Change { words, ..change });
            }
        }
    }
}

/// A section's own part: what stands below its heading and is neither an answer nor another section.
struct Own<'a> {
    title: &'a str,
    state: SectionState,
    text: String,
}

/// By which a section is found again: the words of the heading that it stands under, its own, and how many such
/// stand in front of it.
type Key<'a> = (&'a str, &'a str, usize);

fn sections(prepared: &Prepared, old: Option<&Prose>, new: Option<&Prose>, changes: &mut Vec<Change>) {
    let [old, new] = [old, new].map(|prose| prose.map(|prose| own_sections(prepared, prose)).unwrap_or_default());
    let mut places: FxHashMap<Key<'_>, usize> = old.iter().enumerate().map(|(at, (key, _))| (*key, at)).collect();
    let mut before: Vec<Option<usize>> = new.iter().map(|(key, _)| places.remove(key)).collect();
    moved(&old, places.into_values(), &new, &mut before);
    for ((_, section), before) in new.iter().zip(&before) {
        let before = before.map(|at| &old[at].1);
        let words = Words::compare(before.map_or("", |own| &own.text), &section.text);
        let is_written = [before.map(|own| own.state), Some(section.state)].contains(&Some(SectionState::Written));
        if before.is_none() || (words.is_some() && is_written) {
            let from = before.map(|own| word(own.state));
            let change = Change::new(ChangeKind::Section, Some(section.title), from, Some(word(section.state)));
            changes.push(Change { words, ..change });
        }
    }
    let kept: FxHashSet<usize> = before.into_iter().flatten().collect();
    for (_, (_, section)) in old.iter().enumerate().filter(|(at, _)| !kept.contains(at)) {
        let change = Change::new(ChangeKind::Section, Some(section.title), Some(word(section.state)), None);
        changes.push(Change { words: Words::compare(&section.text, ""), ..change });
    }
}

/// Finds the sections that stand under another heading than before: by their own, where one such went and one came.
fn moved<'a>(
    old: &[(Key<'a>, Own<'a>)],
    gone: impl Iterator<Item = usize>,
    new: &[(Key<'a>, Own<'a>)],
    before: &mut [Option<usize>],
) {
    let mut by_heading: FxHashMap<&str, (Vec<usize>, Vec<usize>)> = FxHashMap::default();
    for at in gone {
        by_heading.entry(old[at].0.1).or_default().0.push(at);
    }
    for (at, (key, _)) in new.iter().enumerate().filter(|(at, _)| before[*at].is_none()) {
        by_heading.entry(key.1).or_default().1.push(at);
    }
    for (gone, came) in by_heading.into_values() {
        if let ([gone], [came]) = (gone.as_slice(), came.as_slice()) {
            before[*came] = Some(*gone);
        }
    }
}

fn word(state: SectionState) -> &'static str {
    match state {
        SectionState::Empty => "empty",
        SectionState::Scaffold => "scaffold",
        SectionState::Written => "written",
    }
}

fn own_sections<'a>(prepared: &Prepared, prose: &'a Prose) -> Vec<(Key<'a>, Own<'a>)> {
    let (text, body) = (&*prose.source.text, &prose.document.body);
    let title = body.title().map(|title| title.heading);
    let mut left_out: Vec<Span> = body.comments.clone();
    left_out.extend(body.contents.and_then(|contents| contents.inside()));
    let answers = prose.document.answers.iter().flat_map(|answers| &answers.answers);
    let answered: Vec<Span> = answers.filter_map(|answer| Some(answer.asked?.cover(answer.text))).collect();
    left_out.extend(&answered);
    let left_out = disjoint(left_out);
    let checklists: Vec<Span> =
        prepared.checklist_sections.iter().filter_map(|words| body.section(words)).map(|found| found.extent).collect();
    let is_answer = |section: &Section| answered.iter().any(|span| span.contains(section.heading));
    let mut counts: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    let mut found = Vec::new();
    for (section, state) in body.sections.iter().zip(&prose.document.section_states) {
        if Some(section.heading) == title || is_answer(section) {
            continue;
        }
        let parent = section.parent.map(|parent| &body.sections[parent as usize]);
        let parent = parent.filter(|parent| Some(parent.heading) != title).map_or("", |parent| &*parent.words);
        let count = counts.entry((parent, &*section.words)).or_insert(0);
        let mut own = without(text, section.content, &left_out);
        // Ticked boxes are a change of the checklist.
        if checklists.iter().any(|extent| extent.contains(section.content)) {
            own = own.replace("[x]", "[ ]").replace("[X]", "[ ]");
        }
        found.push(((parent, &*section.words, *count), Own { title: &section.title, state: *state, text: own }));
        *count += 1;
    }
    found
}

/// The same places in order, each once.
fn disjoint(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| span.start);
    let mut found: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match found.last_mut().filter(|last| span.start <= last.end) {
            Some(last) => *last = last.cover(span),
            None => found.push(span),
        }
    }
    found
}

/// The text of a span without what is left out, in order and disjoint.
fn without(text: &str, span: Span, left_out: &[Span]) -> String {
    let mut kept = String::with_capacity(span.len());
    let mut from = span.start;
    let first = left_out.partition_point(|out| out.end <= span.start);
    for out in left_out[first..].iter().take_while(|out| out.start < span.end) {
        kept.push_str(Span { start: from, end: out.start.max(from) }.of(text));
        kept.push('\n');
        from = out.end.min(span.end);
    }
    kept.push_str(Span { start: from, end: span.end.max(from) }.of(text));
    kept
}
