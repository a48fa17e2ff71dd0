//! Gate and metric names that a questionnaire's blanks state: `Feature gate name: ...`.
//!
//! Start at [`stated`]. It finds the labels, reads how far each value goes (`Value`), and takes the
//! names from its text. A name is the token that the author gives: decoration is dropped, nothing is
//! added, joined or corrected. Every scan is linear in the text, since texts may be hostile.

use std::borrow::Cow;
use std::collections::HashSet;
use std::iter;
use std::mem;
use std::ops::Range;

use crate::profile::NameKind;
use crate::span::Span;
use crate::wording;

/// A visible line of the questionnaire: comments blanked, lines of fences empty.
#[derive(Clone, Debug)]
pub struct VisibleLine<'a> {
    /// What a reader sees. It differs from the source in comments only, and keeps its columns.
    pub text: Cow<'a, str>,
    /// The whole line in the source.
    pub span: Span,
}

/// The labels to look for, as [`wording::words`] gives them.
#[derive(Clone, Debug, Default)]
pub struct Labels<'a> {
    /// Labels whose values are names.
    pub names: Vec<(&'a str, NameKind)>,
    /// Labels of other blanks, which end a value or interrupt it.
    pub others: Vec<&'a str>,
}

/// A name that the document states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedName {
    /// What it names.
    pub kind: NameKind,
    /// The name as written.
    pub name: Box<str>,
    /// Where the name itself stands.
    pub span: Span,
}

/// Every name, each once per kind at its first place, in file order.
///
/// Each of `openings` is a line that may open a blank, and all lines below it.
#[must_use]
pub fn stated<'a, L>(openings: impl Iterator<Item = L>, labels: &Labels<'_>) -> Vec<StatedName>
where
    L: Iterator<Item = VisibleLine<'a>>,
{
    let mut names = Vec::new();
    for mut lines in openings {
        let Some(line) = lines.next() else { continue };
        let layout = Layout::of(&line.text);
        let Some((kind, text)) = labels.value(layout.body) else { continue };
        let mut value = Value::new(&layout, text, &line);
        for next in lines {
            if !value.takes(&next, labels) {
                break;
            }
        }
        names.extend(value.names(kind));
    }
    let mut seen = HashSet::new();
    names.retain(|found| seen.insert((mem::discriminant(&found.kind), found.name.clone())));
    names
}

// Labels.

const EMPHASIS: [char; 3] = ['*', '_', '`'];

impl Labels<'_> {
    /// What a line says behind the label of names that it opens with; nothing but emphasis may stand before.
    fn value<'t>(&self, body: &'t str) -> Option<(NameKind, &'t str)> {
        let text = body.trim_start_matches(EMPHASIS);
        let first = text.bytes().next()?.to_ascii_lowercase();
        if !self.names.iter().any(|(label, _)| label.bytes().next() == Some(first)) {
            return None;
        }
        self.names.iter().find_map(|(label, kind)| Some((*kind, after_colon(after_label(text, label)?)?)))
    }

    /// Whether a line opens with the label of another blank, or breaks off inside it.
    fn is_other(&self, body: &str) -> bool {
        let text = body.trim_start_matches(|character: char| !character.is_alphanumeric());
        let first = text.bytes().next().filter(u8::is_ascii).map(|first| first.to_ascii_lowercase());
        let may_open = |label: &&&str| first.is_none() || label.bytes().next() == first;
        self.others.iter().filter(may_open).any(|label| after_label(text, label).is_some() || breaks_off(text, label))
    }
}

/// What follows the words of `label` at the start of `text`.
fn after_label<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    let mut words = label.split(' ');
    let first = after_word(text, words.next()?)?;
    words.try_fold(first, |rest, word| after_word(to_next_word(rest), word))
}

/// Whether `text` ends with two words of `label` or more, and the next line must go on with it.
fn breaks_off(text: &str, label: &str) -> bool {
    let mut rest = text;
    for (count, word) in label.split(' ').enumerate() {
        if rest.is_empty() {
            return count >= 2;
        }
        let Some(after) = after_word(rest, word) else { return false };
        rest = to_next_word(after);
    }
    false
}

fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let mut characters = text.chars();
    for wanted in word.chars() {
        if !wording::lowers_to(characters.next()?, wanted) {
            return None;
        }
    }
    let rest = characters.as_str();
    // An underscore ends a word as emphasis does; between two letters it belongs to an identifier.
    (!rest.strip_prefix('_').unwrap_or(rest).starts_with(char::is_alphanumeric)).then_some(rest)
}

fn to_next_word(text: &str) -> &str {
    text.trim_start_matches(|character: char| !character.is_alphanumeric() && character != ':')
}

/// What follows the colon of a label, with emphasis and a remark in parentheses before it left out.
fn after_colon(text: &str) -> Option<&str> {
    let mut rest = text.trim_start_matches(EMPHASIS).trim_start();
    if let Some(inner) = rest.strip_prefix('(')
        && let Some(end) = inner.find(['(', ')'])
    {
        rest = inner[end..].strip_prefix(')')?;
    }
    rest = rest.trim_start_matches(EMPHASIS).trim_start();
    rest = rest.strip_prefix(':')?.trim_start_matches(['*', '_']);
    let ends_here = rest.is_empty() || rest.starts_with('`') || rest.starts_with(char::is_whitespace);
    ends_here.then(|| rest.trim_start())
}

// The extent of a value.

/// How a line is laid out.
struct Layout<'a> {
    /// Columns before its first character.
    indent: usize,
    /// Whether it opens a list item.
    item: bool,
    /// Its text, without the list mark.
    body: &'a str,
}

impl<'a> Layout<'a> {
    fn of(line: &'a str) -> Self {
        let text = line.trim();
        let margin = &line[..line.len() - line.trim_start().len()];
        let column = |column: usize, character| if character == '\t' { (column / 4 + 1) * 4 } else { column + 1 };
        let body = wording::without_list_mark(text);
        Self { indent: margin.chars().fold(0, column), item: body.is_some(), body: body.unwrap_or(text) }
    }

    fn is_heading(&self) -> bool {
        let rest = self.body.trim_start_matches('#');
        let level = self.body.len() - rest.len();
        !self.item && matches!(level, 1..=6) && (rest.is_empty() || rest.starts_with(char::is_whitespace))
    }

    /// Whether the line opens something that no value goes past.
    fn ends_values(&self, labels: &Labels<'_>) -> bool {
        let bold_question = self.item && self.body.starts_with("**") && self.body.ends_with("?**");
        bold_question
            || self.is_heading()
            || wording::tick_box(self.body).is_some()
            || labels.value(self.body).is_some()
    }
}

/// The value of a blank, as far as it has been read.
struct Value {
    /// Columns before the label's line.
    indent: usize,
    /// Whether the label stands in a list item.
    listed: bool,
    /// The text behind the label and below it, up to the first list item.
    own: Passage,
    /// The list items below.
    items: Vec<Passage>,
    /// Whether the next line of text continues the last item.
    in_item: bool,
    /// Whether the line before was blank.
    after_blank: bool,
    /// Whether the items are siblings of the label: an empty label heads a list that was not indented.
    siblings: bool,
    /// Columns before another blank's label; what is indented below it belongs to that blank.
    skipped: Option<usize>,
}

impl Value {
    fn new(label: &Layout<'_>, text: &str, line: &VisibleLine<'_>) -> Self {
        let mut own = Passage::default();
        own.push_line(text.trim_end(), line);
        Self {
            indent: label.indent,
            listed: label.item,
            own,
            items: Vec::new(),
            in_item: false,
            after_blank: false,
            siblings: false,
            skipped: None,
        }
    }

    /// Takes in the next line; false when the value ends before it.
    fn takes(&mut self, line: &VisibleLine<'_>, labels: &Labels<'_>) -> bool {
        if line.text.trim().is_empty() {
            self.after_blank = true;
            return self.listed;
        }
        let layout = Layout::of(&line.text);
        if layout.ends_values(labels) {
            return false;
        }
        if self.skipped.is_some_and(|indent| layout.indent > indent) {
            return true;
        }
        self.skipped = None;
        let other = labels.is_other(layout.body);
        if layout.indent <= self.indent {
            if other || !self.takes_unindented(&layout) {
                return false;
            }
        } else if other {
            self.skipped = Some(layout.indent);
            self.in_item = false;
            self.after_blank = false;
            return true;
        }
        self.push(&layout, line);
        true
    }

    /// Whether a line that is not indented below the label still belongs to the value.
    fn takes_unindented(&mut self, layout: &Layout<'_>) -> bool {
        if !layout.item {
            return !self.after_blank;
        }
        let empty = self.own.text.is_empty() && self.items.is_empty();
        self.siblings |= self.listed && empty;
        self.siblings && layout.indent == self.indent
    }

    fn push(&mut self, layout: &Layout<'_>, line: &VisibleLine<'_>) {
        if layout.item {
            self.items.push(Passage::default());
            self.in_item = true;
        }
        let passage = self.items.last_mut().filter(|_| self.in_item).unwrap_or(&mut self.own);
        passage.push_line(layout.body, line);
        self.after_blank = false;
    }

    /// The names in the value's own text; in its items only when that has none, since items that
    /// follow a name describe it.
    fn names(&self, kind: NameKind) -> Vec<StatedName> {
        let own = self.own.undecorated();
        let names = own.names(&in_own_text(&own.text, kind), kind);
        if !names.is_empty() {
            return names;
        }
        let items = self.items.iter().map(Passage::undecorated);
        items.flat_map(|item| item.names(&in_item(&item.text, kind), kind)).collect()
    }
}

// Text that knows its place.

/// A text put together from lines of the source.
#[derive(Default)]
struct Passage {
    text: String,
    /// The byte of the source for each byte of the text.
    places: Vec<u32>,
}

impl Passage {
    /// Appends `part`, a slice of the line's text.
    fn push_line(&mut self, part: &str, line: &VisibleLine<'_>) {
        if part.is_empty() {
            return;
        }
        let start = line.span.start.saturating_add(Span::of_slice(&line.text, part).start);
        if !self.text.is_empty() {
            self.text.push('\n');
            self.places.push(start);
        }
        self.text.push_str(part);
        self.places.extend((0..part.len()).map(|byte| start.saturating_add(Span::at(byte).start)));
    }

    /// The passage without `cuts`, which are in order and do not overlap.
    fn without(&self, cuts: &[Range<usize>]) -> Self {
        let mut kept = Self::default();
        let mut start = 0;
        let all = self.text.len();
        for cut in cuts.iter().chain(iter::once(&(all..all))) {
            kept.text.push_str(&self.text[start..cut.start]);
            kept.places.extend_from_slice(&self.places[start..cut.start]);
            start = cut.end;
        }
        kept
    }

    /// The passage without the addresses of links, bold marks, and emphasis round code.
    fn undecorated(&self) -> Self {
        let linkless = self.without(&link_marks(&self.text));
        linkless.without(&emphasis_marks(&linkless.text))
    }

    fn names(&self, ranges: &[Range<usize>], kind: NameKind) -> Vec<StatedName> {
        let name = |range: &Range<usize>| {
            let place = |at: usize| self.places.get(at).copied().unwrap_or_default();
            let span = Span { start: place(range.start), end: place(range.end - 1).saturating_add(1) };
            StatedName { kind, name: self.text[range.clone()].into(), span }
        };
        ranges.iter().map(name).collect()
    }
}

/// The marks of `[text](address)` and `[text][reference]`, in order; all but the text.
fn link_marks(text: &str) -> Vec<Range<usize>> {
    let mut marks = Vec::new();
    let mut at = 0;
    while let Some(open) = find_outside_code(text, at, &['[']) {
        at = open + 1;
        let Some(close) = text[at..].find(['[', ']']).map(|length| at + length) else { break };
        if text[close..].starts_with(']')
            && close > at
            && let Some(length) = link_target(&text[at..close], &text[close + 1..])
        {
            marks.push(open..at);
            at = close + 1 + length;
            marks.push(close..at);
        }
    }
    marks
}

/// Length of the target behind a link's text.
fn link_target(label: &str, rest: &str) -> Option<usize> {
    if let Some(address) = rest.strip_prefix('(') {
        let end = address.find(|character: char| matches!(character, '(' | ')') || character.is_whitespace())?;
        return address[end..].starts_with(')').then_some(end + 2);
    }
    // `name[label=value][5m]` is a selector and a range of a metric.
    let reference = rest.strip_prefix('[').filter(|_| !label.contains('='))?;
    reference.find(']').map(|end| end + 2)
}

/// The marks of bold text and of emphasis round code, in order.
///
/// Single marks elsewhere stay: in these texts they are parts of names far more often than emphasis.
fn emphasis_marks(text: &str) -> Vec<Range<usize>> {
    let mut marks = Vec::new();
    let mut at = 0;
    while let Some(start) = find_outside_code(text, at, &['*', '_']) {
        at = start + 1;
        if let Some(end) = bold_mark_end(text, start) {
            marks.push(start..end);
            at = end;
        } else if let Some(end) = emphasised_code_end(text, start) {
            marks.extend([start..at, end - 1..end]);
            at = end;
        }
    }
    marks
}

/// The end of the bold mark at `start`. `__` is one only at the edge of a word.
fn bold_mark_end(text: &str, start: usize) -> Option<usize> {
    let end = start + 2;
    let (before, after) = (text[..start].chars().next_back(), text.get(end..)?.chars().next());
    let touches = |side: Option<char>| side.is_some_and(|character| !character.is_whitespace());
    let is_mark = match &text[start..end] {
        "**" => touches(before) || touches(after),
        "__" => (!before.is_some_and(is_word) && touches(after)) || (touches(before) && !after.is_some_and(is_word)),
        _ => false,
    };
    is_mark.then_some(end)
}

/// The end of the emphasis that opens at `start` and holds nothing but a code span.
fn emphasised_code_end(text: &str, start: usize) -> Option<usize> {
    let code = text[start + 1..].strip_prefix('`')?;
    let end = start + 2 + code.find('`').filter(|length| *length > 0)? + 2;
    let outside = |side: Option<char>| !side.is_some_and(|character| is_word(character) || character == '`');
    let marked = text.get(..end)?.ends_with(['*', '_']);
    (marked && outside(text[..start].chars().next_back()) && outside(text[end..].chars().next())).then_some(end)
}

/// The first of `wanted` from `at` on that is not in a code span.
fn find_outside_code(text: &str, mut at: usize, wanted: &[char]) -> Option<usize> {
    loop {
        let found = at + text[at..].find(|character| character == '`' || wanted.contains(&character))?;
        if !text[found..].starts_with('`') {
            return Some(found);
        }
        at = found + 1;
        at += text[at..].find('`').map_or(0, |length| length + 1);
    }
}

// Names in a text.

fn in_own_text(text: &str, kind: NameKind) -> Vec<Range<usize>> {
    let remarks = remarks(text);
    let (mut names, end) = opening_list(text, kind, &remarks);
    // Gates are never taken from a sentence: those mentioned there belong to other proposals.
    if kind == NameKind::Metric {
        names.extend(in_sentence(&without_remarks(text, &remarks), end));
        if names.is_empty() {
            names = bare_metrics(text, 0);
        }
    }
    names
}

fn in_item(text: &str, kind: NameKind) -> Vec<Range<usize>> {
    let (names, _) = opening_list(text, kind, &remarks(text));
    if names.is_empty() && kind == NameKind::Metric { in_sentence(text, 0) } else { names }
}

/// A name in a text.
struct Token {
    name: Range<usize>,
    /// Where the text goes on, behind the closing quote if there is one.
    end: usize,
    /// Whether it stands in a code span or in quotes.
    quoted: bool,
}

/// The list of names that a text opens with, and where it ends.
fn opening_list(text: &str, kind: NameKind, remarks: &[Range<usize>]) -> (Vec<Range<usize>>, usize) {
    let (mut names, mut end, mut at) = (Vec::new(), 0, 0);
    while let Some(token) = token(text, at, kind) {
        let name = &text[token.name.clone()];
        let is_call = text[token.end..].starts_with('(') && !is_distinct(name, kind);
        let after = after_details(text, token.end, kind, remarks);
        if !token.quoted && (is_call || !stands_alone(name, &text[after..], kind)) {
            break;
        }
        names.push(token.name);
        end = after;
        let Some(length) = separator(&text[end..]) else { break };
        at = end + length;
    }
    (names, end)
}

fn token(text: &str, at: usize, kind: NameKind) -> Option<Token> {
    let closing = match text[at..].chars().next()? {
        '“' => '”',
        quote @ ('`' | '"' | '\'') => quote,
        _ => return bare_token(text, at, kind),
    };
    let open = at + closing.len_utf8();
    let close = open + text[open..].find(closing)?;
    let inner = text[open..close].trim_start();
    let start = close - inner.len();
    let name = match kind {
        NameKind::Gate => 0..gate_length(inner)?,
        NameKind::Metric => metric(inner)?,
    };
    let rest = &inner[name.end..];
    let is_detail = match kind {
        NameKind::Gate => matches!(rest.trim_end(), "=true" | "=false"),
        NameKind::Metric => rest.starts_with(['{', '[']),
    };
    let whole = is_detail || rest.trim_matches([' ', '.', ',', ':', ';']).trim().is_empty();
    let token = Token { name: start + name.start..start + name.end, end: close + closing.len_utf8(), quoted: true };
    (whole && is_name(&inner[name])).then_some(token)
}

fn bare_token(text: &str, at: usize, kind: NameKind) -> Option<Token> {
    let rest = &text[at..];
    let name = match kind {
        NameKind::Gate => 0..gate_length(rest)?,
        NameKind::Metric => bare_metric(rest)?,
    };
    let range = at + name.start..at + name.end;
    is_name(&rest[name]).then_some(Token { end: range.end, name: range, quoted: false })
}

/// Where the text goes on behind a name's selectors and remarks.
fn after_details(text: &str, mut at: usize, kind: NameKind, remarks: &[Range<usize>]) -> usize {
    loop {
        let rest = &text[at..];
        let opening = text.len() - rest.trim_start().len();
        if kind == NameKind::Metric && rest.starts_with(['{', '[']) {
            let Some(length) = selector_length(rest) else { return at };
            at += length;
        } else if let Ok(found) = remarks.binary_search_by_key(&opening, |remark| remark.start) {
            at = remarks[found].end;
        } else {
            return at;
        }
    }
}

/// Length of `{...}` or `[...=...]`; a brace that is never closed goes to the end of its line.
fn selector_length(text: &str) -> Option<usize> {
    let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |length| from + length);
    if text.starts_with('{') {
        let stop = text.find(['}', '`', '\n']).unwrap_or(text.len());
        return Some(if text[stop..].starts_with('}') { stop + 1 } else { line_end(stop) });
    }
    let stop = text.find([']', '\n'])?;
    (text[stop..].starts_with(']') && text[..stop].contains('=')).then_some(stop + 1)
}

/// Whether a bare word is the name itself rather than the first word of a sentence.
fn stands_alone(name: &str, rest: &str, kind: NameKind) -> bool {
    if rest.starts_with(|next: char| is_word(next) || matches!(next, '*' | '{' | '-')) {
        return false;
    }
    if is_distinct(name, kind) {
        return true;
    }
    if kind == NameKind::Metric && name.contains(|character: char| character.is_ascii_uppercase()) {
        return false;
    }
    let next = rest.trim_start();
    next.is_empty()
        || rest.starts_with('\n')
        || next.starts_with(['.', ',', ';', ':', ')', '&'])
        || ["and", "or", "with"].contains(&leading_word(next))
        || next.strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

/// Whether a word looks like a name wherever it stands.
fn is_distinct(name: &str, kind: NameKind) -> bool {
    match kind {
        NameKind::Gate => name.contains(['_', '{']) || name.bytes().filter(u8::is_ascii_uppercase).count() > 1,
        NameKind::Metric => {
            let is_hump = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
            name.contains('_') || name.as_bytes().windows(2).any(is_hump)
        }
    }
}

/// Length of what divides two names of a list, white space included.
fn separator(text: &str) -> Option<usize> {
    let rest = text.trim_start();
    let word = leading_word(rest);
    let after = if matches!(word, "and" | "or") {
        &rest[word.len()..]
    } else if let Some(after) = rest.strip_prefix(',') {
        let next = after.trim_start();
        if leading_word(next) == "and" { &next["and".len()..] } else { after }
    } else if let Some(after) = rest.strip_prefix("&&") {
        after
    } else {
        rest.strip_prefix([';', '&', '/', '+'])?
    };
    Some(text.len() - after.trim_start().len())
}

/// The balanced parentheses of a text, in the order in which they open.
fn remarks(text: &str) -> Vec<Range<usize>> {
    let (mut remarks, mut open) = (Vec::new(), Vec::new());
    for (at, byte) in text.bytes().enumerate() {
        if byte == b'(' {
            open.push(at);
        } else if byte == b')'
            && let Some(start) = open.pop()
        {
            remarks.push(start..at + 1);
        }
    }
    remarks.sort_unstable_by_key(|remark| remark.start);
    remarks
}

/// The text with its remarks blanked, byte for byte.
fn without_remarks(text: &str, remarks: &[Range<usize>]) -> String {
    let mut blanked = String::with_capacity(text.len());
    for remark in remarks {
        if remark.start >= blanked.len() {
            blanked.push_str(&text[blanked.len()..remark.start]);
            blanked.extend(iter::repeat_n(' ', remark.len()));
        }
    }
    blanked.push_str(&text[blanked.len()..]);
    blanked
}

// Metrics inside a sentence.

/// Metric names anywhere from `start` on, in order.
fn in_sentence(text: &str, start: usize) -> Vec<Range<usize>> {
    let mut names = coded_metrics(text, start);
    names.extend(bare_metrics(text, start));
    names.sort_unstable_by_key(|name| name.start);
    names
}

/// Metric names in code spans, but for those that the sentence calls something else.
fn coded_metrics(text: &str, start: usize) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    let mut at = start;
    while let Some(open) = text[at..].find('`').map(|length| at + length) {
        let Some(close) = text[open + 1..].find('`').map(|length| open + 1 + length) else { break };
        // Of two backticks in a row, the second may open a span.
        at = if close == open + 1 { close } else { close + 1 };
        let Some(token) = token(text, open, NameKind::Metric) else { continue };
        if text[token.name.clone()].contains('_') && !is_called_otherwise(&text[..open], &text[token.end..]) {
            names.push(token.name);
        }
    }
    names
}

/// Whether the words round a code span make it a label, a field or a plugin.
fn is_called_otherwise(before: &str, after: &str) -> bool {
    let before = before.trim_end();
    let next = after.trim_start();
    before.ends_with("label")
        || before.ends_with("labels")
        || next.len() < after.len()
            && ["label", "labels", "dimension", "dimensions", "field", "plugin"].contains(&leading_word(next))
}

/// Units that a metric's name ends in.
const UNITS: &str = "total seconds ms bytes count ratio errors sum bucket info percent size time duration depth";

/// Words in snake case that end in a unit, and lines that are a `subsystem/name`.
fn bare_metrics(text: &str, start: usize) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    let mut at = start;
    while let Some(length) = text[at..].find(|character: char| character.is_ascii_lowercase()) {
        let word = at + length;
        let (first, second) = subsystem_and_name(&text[word..]);
        at = word + first.len() + second.map_or(0, |name| name.len() + 1);
        let is_line = text[..word].chars().next_back().is_none_or(|character| character == '\n')
            && text[at..].trim_start_matches(' ').chars().next().is_none_or(|character| character == '\n');
        let is_path = is_line && second.is_some_and(is_lower_case) && is_lower_case(first) && first.contains('_');
        let is_measure = ends_in_unit(&text[word..at]) && is_snake_case(first) && second.is_none_or(is_lower_case);
        if is_path || is_measure && is_free(&text[..word], &text[at..]) {
            names.push(word..at);
        }
    }
    names
}

fn ends_in_unit(name: &str) -> bool {
    name.rsplit_once('_').is_some_and(|(_, last)| UNITS.split(' ').any(|unit| unit == last))
}

/// The word at the start of a text, and the one behind its slash.
fn subsystem_and_name(text: &str) -> (&str, Option<&str>) {
    let first = leading_word(text);
    let second = text[first.len()..].strip_prefix('/').map(leading_word);
    (first, second.filter(|word| !word.is_empty()))
}

/// Whether nothing touches a word that would make it a part of something else.
fn is_free(before: &str, after: &str) -> bool {
    const BEFORE: [char; 9] = ['`', '/', '"', '=', '.', '<', '>', '{', '-'];
    const AFTER: [char; 6] = ['`', '/', '"', '=', '*', '-'];
    !before.ends_with(|character| is_word(character) || BEFORE.contains(&character)) && !after.starts_with(AFTER)
}

fn is_snake_case(word: &str) -> bool {
    is_lower_case(word) && word.contains('_') && word.split('_').all(|part| !part.is_empty())
}

fn is_lower_case(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

// The shape of a name.

/// Words that fill a blank without naming anything.
const NO_NAMES: &str = "n/a na none no not nil yes tbd tbc todo fixme pending unknown undecided existing new same see \
    event events";

fn is_name(text: &str) -> bool {
    let is_phrase = text.contains('/') && !text.contains('_');
    !is_phrase && !NO_NAMES.split(' ').any(|word| word.eq_ignore_ascii_case(text))
}

/// Length of the gate at the start of a text: an identifier, or a template such as `In{vendor}Out`.
fn gate_length(text: &str) -> Option<usize> {
    let length = identifier_length(text).filter(|_| !text.starts_with('_'))?;
    let Some(template) = text[length..].strip_prefix('{') else { return Some(length) };
    let variable = run_length(template, |byte| byte.is_ascii_alphabetic() || byte == b'-');
    let Some(rest) = template[variable..].strip_prefix('}').filter(|_| variable > 0) else { return Some(length) };
    Some(text.len() - rest.len() + run_length(rest, |byte| byte.is_ascii_alphanumeric()))
}

/// The metric at the start of a code span: as in text, or the path of a field.
fn metric(text: &str) -> Option<Range<usize>> {
    let path = |start: usize| Some(start..start + path_length(&text[start..])?);
    component_length(text).and_then(path).or_else(|| path(0)).or_else(|| bare_metric(text))
}

/// The metric at the start of a text, behind its component if that is named.
fn bare_metric(text: &str) -> Option<Range<usize>> {
    let name = |start: usize| Some(start..start + metric_length(&text[start..])?);
    component_length(text).and_then(name).or_else(|| name(0))
}

/// Length of a component before a metric, as `kube-proxy/`. The hyphen tells it from a subsystem.
fn component_length(text: &str) -> Option<usize> {
    let length = run_length(text, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let hyphen = text[..length].find('-')?;
    (hyphen > 0 && text[length..].starts_with('/')).then_some(length + 1)
}

/// Length of `subsystem/name`, of a family `name_*`, or of an identifier with colons.
fn metric_length(text: &str) -> Option<usize> {
    let first = identifier_length(text)?;
    let mut end = first;
    while let Some(length) = text[end..].strip_prefix('/').and_then(identifier_length) {
        end += 1 + length;
    }
    if end > first {
        return Some(end);
    }
    let family = run_length(text, |byte| is_identifier(byte) || byte == b':');
    if family > 1 && text[..family].ends_with('_') && text[family..].starts_with('*') {
        return Some(family + 1);
    }
    while let Some(rest) = text[end..].strip_prefix(':') {
        match run_length(rest, is_identifier) {
            0 => break,
            length => end += 1 + length,
        }
    }
    Some(end)
}

/// Length of a path with dots, as `status.items[i].count`.
fn path_length(text: &str) -> Option<usize> {
    let mut end = path_part_length(text)?;
    let mut parts = 1;
    while let Some(length) = text[end..].strip_prefix('.').and_then(path_part_length) {
        end += 1 + length;
        parts += 1;
    }
    (parts > 1).then_some(end)
}

fn path_part_length(text: &str) -> Option<usize> {
    let length = identifier_length(text)?;
    let Some(inside) = text[length..].strip_prefix('[') else { return Some(length) };
    let index = run_length(inside, is_identifier);
    Some(if inside[index..].starts_with(']') { length + index + 2 } else { length })
}

fn identifier_length(text: &str) -> Option<usize> {
    let length = run_length(text, is_identifier);
    (length > 0 && !text.starts_with(|first: char| first.is_ascii_digit())).then_some(length)
}

fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Length of the ASCII bytes at the start of a text that all satisfy `wanted`.
fn run_length(text: &str, wanted: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii() && wanted(*byte)).count()
}

fn leading_word(text: &str) -> &str {
    &text[..text.find(|character| !is_word(character)).unwrap_or(text.len())]
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<StatedName> {
        let labels = Labels {
            names: vec![
                ("feature gate name", NameKind::Gate),
                ("feature gate names", NameKind::Gate),
                ("metric name", NameKind::Metric),
                ("metric s name", NameKind::Metric),
            ],
            others: vec![
                "components exposing the metric",
                "optional aggregation method",
                "details",
                "will enabling disabling the feature require downtime of the control plane",
            ],
        };
        let lines: Vec<VisibleLine<'_>> = text.lines().map(|line| visible(text, line)).collect();
        stated((0..lines.len()).map(|opening| lines[opening..].iter().cloned()), &labels)
    }

    /// A line as the caller passes it on. The comments of the tests stay within a line.
    fn visible<'a>(text: &'a str, line: &'a str) -> VisibleLine<'a> {
        let span = Span::of_slice(text, line);
        let Some((open, close)) = line.find("<!--").zip(line.find("-->")).filter(|(open, close)| open < close) else {
            return VisibleLine { text: Cow::Borrowed(line), span };
        };
        let blank = " ".repeat(close + 3 - open);
        VisibleLine { text: Cow::Owned(format!("{}{blank}{}", &line[..open], &line[close + 3..])), span }
    }

    /// Names by spaces, gates before a bar and metrics behind it.
    fn summary(text: &str) -> String {
        let names = read(text);
        let of_kind = |kind| names.iter().filter(|name| name.kind == kind).map(|name| &*name.name).collect::<Vec<_>>();
        format!("{} | {}", of_kind(NameKind::Gate).join(" "), of_kind(NameKind::Metric).join(" "))
    }

    fn check(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(summary(text).trim(), *expected, "{text:?}");
        }
    }

    /// Checks values of a blank for gates.
    fn check_gates(cases: &[(&str, &str)]) {
        for (value, expected) in cases {
            assert_eq!(summary(&format!("- Feature gate name: {value}")), format!("{expected} | "), "{value:?}");
        }
    }

    /// Checks values of a blank for metrics.
    fn check_metrics(cases: &[(&str, &str)]) {
        for (value, expected) in cases {
            assert_eq!(summary(&format!("- Metric name: {value}")), format!(" | {expected}"), "{value:?}");
        }
    }

    #[test]
    fn labels() {
        check(&[
            ("- Feature gate name: LampDimmer", "LampDimmer |"),
            ("Feature gate name: LampDimmer", "LampDimmer |"),
            ("  1. FEATURE  Gate Names: LampDimmer", "LampDimmer |"),
            ("* **Feature gate name:** LampDimmer", "LampDimmer |"),
            ("+ _Feature gate name_ : `LampDimmer`", "LampDimmer |"),
            ("- Feature gate name:`LampDimmer`", "LampDimmer |"),
            ("- Metric(s) name: lamp_hours_total", "| lamp_hours_total"),
            ("- Metric name (all new: see below): lamp_hours_total", "| lamp_hours_total"),
            ("- <!-- old --> Metric name: lamp_hours_total", "| lamp_hours_total"),
            // No label: no colon, no space behind it, another word in front, a longer word, a key, a box.
            ("- Feature gate name LampDimmer", "|"),
            ("- Feature gate name:LampDimmer", "|"),
            ("- The feature gate name: LampDimmer", "|"),
            ("- Feature gate nameless: LampDimmer", "|"),
            ("- Feature: gate name: LampDimmer", "|"),
            ("feature_gate_name: LampDimmer", "|"),
            ("- [x] Feature gate name: LampDimmer", "|"),
            ("- Feature gate name (a (b)): LampDimmer", "|"),
        ]);
    }

    #[test]
    fn several_fields() {
        check(&[
            (
                "- Feature gate name: LampDimmer\n- Feature gate name: LampTimer\n- Metric name: lamp_hours_total",
                "LampDimmer LampTimer | lamp_hours_total",
            ),
            ("- Feature gate name:\n  - Feature gate name: LampDimmer", "LampDimmer |"),
            ("- Metric name: lamp_ms\n- Metric name: lamp_hours\n- Metric name: lamp_ms", "| lamp_ms lamp_hours"),
            ("- Feature gate name: Lamp_Dimmer\n- Metric name: Lamp_Dimmer", "Lamp_Dimmer | Lamp_Dimmer"),
        ]);
    }

    #[test]
    fn own_text() {
        check(&[
            ("- Feature gate name:\n  LampDimmer", "LampDimmer |"),
            ("- Feature gate name:\n\n  LampDimmer", "LampDimmer |"),
            ("- Feature gate name: LampDimmer,\nLampTimer", "LampDimmer LampTimer |"),
            ("\t- Feature gate name: LampDimmer,\n    LampTimer", "LampDimmer LampTimer |"),
            ("- Feature gate name:\n\nLampDimmer", "|"),
            ("Feature gate name:\n\n  LampDimmer", "|"),
            ("- Feature gate name:\r\n  LampDimmer\r\n", "LampDimmer |"),
        ]);
    }

    #[test]
    fn items() {
        check(&[
            ("- Feature gate name:\n  - LampDimmer\n  - `LampTimer`: new", "LampDimmer LampTimer |"),
            ("- Feature gate name:\n  - LampDimmer\n\n    - LampTimer", "LampDimmer LampTimer |"),
            ("- Metric name:\n  - lamp_ms,\nlamp_hours", "| lamp_ms lamp_hours"),
            // Items behind a name describe it.
            ("- Metric name: lamp_ms\n  - `lamp_kind`\n  - type: Gauge", "| lamp_ms"),
            // A list that was not indented.
            ("- Feature gate name:\n- LampDimmer\n- LampTimer", "LampDimmer LampTimer |"),
            ("- Feature gate name: LampDimmer\n- LampTimer", "LampDimmer |"),
            ("  - Feature gate name:\n- LampDimmer", "|"),
            ("Feature gate name:\n- LampDimmer", "|"),
        ]);
    }

    #[test]
    fn the_end_of_a_value() {
        check(&[
            ("- Feature gate name:\n## LampDimmer", "|"),
            ("- Feature gate name:\n  - [ ] LampDimmer", "|"),
            ("- Feature gate name:\n  - **Lamps?**\n  - LampDimmer", "|"),
            ("- Feature gate name:\n- Details: x\n- LampDimmer", "|"),
            ("- Feature gate name:\nDetails: x\n  LampDimmer", "|"),
            ("- Feature gate name: Lamp_1,\n#123", "Lamp_1 |"),
        ]);
    }

    #[test]
    fn other_labels_below_are_skipped() {
        check(&[
            ("- Metric name:\n  - Details:\n    - lamp_kind\n  - lamp_ms", "| lamp_ms"),
            (
                "- Metric name:\n  - [Optional] Aggregation method: `lamp_sum`\n\n      lamp_kind\n  - lamp_ms",
                "| lamp_ms",
            ),
            ("- Metric name:\n  - Components exposing the metric: lamp_count\n  - lamp_ms", "| lamp_ms"),
            ("- Metric name:\n  - Will enabling / disabling\n    lamp_total\n  - lamp_ms", "| lamp_ms"),
            ("- Metric name:\n  - details_total\n  - Will", "| details_total"),
        ]);
    }

    #[test]
    fn lists_of_names() {
        check_gates(&[
            ("LampDimmer, LampTimer and LampColor", "LampDimmer LampTimer LampColor"),
            ("`LampDimmer`,and `LampTimer`;LampColor", "LampDimmer LampTimer LampColor"),
            ("LampDimmer && LampTimer & LampColor / LampSize", "LampDimmer LampTimer LampColor LampSize"),
            ("LampDimmer + LampTimer or\n  LampColor", "LampDimmer LampTimer LampColor"),
            ("LampDimmer (alpha (1.2)), LampTimer(beta) and LampColor", "LampDimmer LampTimer LampColor"),
            ("LampDimmer (alpha, LampTimer", "LampDimmer"),
            ("LampDimmer andLampTimer", "LampDimmer"),
        ]);
    }

    #[test]
    fn quoted_names() {
        check_gates(&[
            ("`LampDimmer=true`.", "LampDimmer"),
            ("\"LampDimmer\", 'LampTimer', “LampColor”", "LampDimmer LampTimer LampColor"),
            ("` LampDimmer. `", "LampDimmer"),
            ("`LampDimmer=maybe`", ""),
            ("`lamp dimmer`", ""),
            ("`LampDimmer", ""),
            ("`none`", ""),
        ]);
        check_metrics(&[
            ("`lamp_ms{kind=\"a\"}` and `lamp_hours[kind=a]`", "lamp_ms lamp_hours"),
            ("`lamp_ms{kind=\"a\"`", "lamp_ms"),
        ]);
    }

    #[test]
    fn bare_names() {
        check_gates(&[
            ("LampDimmer in the lamp - alpha", "LampDimmer"),
            ("LampDimmer.", "LampDimmer"),
            ("Lamps", "Lamps"),
            ("Lamps, Bulbs", "Lamps Bulbs"),
            ("Lamps with light", "Lamps"),
            ("Lamps (lit)", "Lamps"),
            ("Lamps - alpha", "Lamps"),
            ("Lamps are lit", ""),
            ("Lamps() is called", ""),
            ("LampDimmer-beta", ""),
            ("LampDimmerß", ""),
            ("the LampDimmer gate", ""),
            ("N/A", ""),
            ("TBD, LampDimmer", ""),
            ("None", ""),
        ]);
        check_metrics(&[("lamps", "lamps"), ("Lamps", ""), ("lampHours of light", "lampHours"), ("lamps burn", "")]);
    }

    #[test]
    fn decoration() {
        check_gates(&[
            ("[LampDimmer](https://example.org/a_b), [`LampTimer`][gates]", "LampDimmer LampTimer"),
            ("**LampDimmer** and __LampTimer__", "LampDimmer LampTimer"),
            ("_`LampDimmer`_, **_`LampTimer`_**", "LampDimmer LampTimer"),
            ("**[LampDimmer](x)**", "LampDimmer"),
            ("[LampDimmer](x y)", ""),
        ]);
        check_metrics(&[("`__lamp__ms`", "__lamp__ms"), ("lamp_ms[kind=a][5m]", "lamp_ms")]);
    }

    #[test]
    fn metrics_in_a_sentence() {
        check_metrics(&[
            ("we use `lamp_state` and lamp_hours_total.", "lamp_state lamp_hours_total"),
            ("lamp_ms, then there is `lamp_state{kind=\"b\"}`", "lamp_ms lamp_state"),
            ("it has the label `lamp_kind`, or `lamp_room` dimension", ""),
            ("it has `lamp_state`plugin", "lamp_state"),
            ("see lamp_state", ""),
            ("see x.lamp_ms, lamp_ms-x, lamp__ms, Lamp_ms, lamp_ms_, kind=lamp_ms", ""),
            ("see lamp_hall/hours_total", "lamp_hall/hours_total"),
            ("these two:\n  lamp_hall/hours\n  hall/hours", "lamp_hall/hours"),
            // Remarks are read when nothing else names a metric.
            ("the lamps have `lamp_state` (not lamp_ms)", "lamp_state"),
            ("the lamps have one (lamp_ms)", "lamp_ms"),
        ]);
        check_metrics(&[
            ("\n  - how long (lamp_ms)\n  - `lamp_state`: the `lamp_kind`", "lamp_ms lamp_state"),
            ("some lamps\n  - lamp_ms", "lamp_ms"),
        ]);
        check_gates(&[("set the gate `LampDimmer`", ""), ("\n  - the gate `LampDimmer`", "")]);
    }

    #[test]
    fn shapes_of_names() {
        check_gates(&[
            ("`Lamp{room}Dimmer`, Lamp{hall-way}", "Lamp{room}Dimmer Lamp{hall-way}"),
            ("Lamp{room 1}", ""),
            ("lampDimmer in the hall", ""),
            ("lamp_dimmer in the hall", "lamp_dimmer"),
            ("LAMP_*", ""),
        ]);
        check_metrics(&[
            ("lamp_ms{kind=\"a\"} and lamp_hours [sic]", "lamp_ms lamp_hours"),
            ("lamp_ms{kind=\"a\", lamp_kind\n  lamp_total", "lamp_ms lamp_total"),
            ("lamp:hours:rate5m", "lamp:hours:rate5m"),
            ("lamp_ms: how long", "lamp_ms"),
            ("lamp_* and `lamp_hall/hours`", "lamp_* lamp_hall/hours"),
            ("hall-lamp/lamp_hours", "lamp_hours"),
            ("`status.lamps[i].hours_on`", "status.lamps[i].hours_on"),
            ("lamp_status.lamps", "lamp_status"),
            ("lamp_ms_bucket", "lamp_ms_bucket"),
            ("hall/lamp", ""),
        ]);
    }

    #[test]
    fn places() {
        let text = "é\n\t- <!-- é --> **Feature gate name**: [`LampDimmer`](x), “LampTimer”\r\n\
            - Metric name:\n  - hall-lamp/lamp_ms";
        for (found, name) in read(text).iter().zip(["LampDimmer", "LampTimer", "lamp_ms"]) {
            assert_eq!((&*found.name, Some(found.span.start as usize)), (name, text.find(name)));
            assert_eq!(found.span.of(text), name);
        }
        // Marks inside a name belong to its place.
        let [name] = &*read("- Feature gate name: Lamp**Dimmer**") else { panic!("one name") };
        assert_eq!((&*name.name, name.span), ("LampDimmer", Span::new(21, 33)));
    }

    /// Takes minutes when a scan is quadratic.
    #[test]
    fn hostile_lines() {
        let units = "`|``|`a|`a_b`|(|()|((a)|[|[]|[a](|[a][|[a](b)|{|{}|x{|**|**a |_|__a |_`|_`a`_|a_|a_b |a_b/|a.b|a:|\
            a-|a,|a_b, |a_b(c) |a_b{} |a_b{}|[a=b]|`a_b` label | |\t|\"|“|'|é|\u{3000}|#|- |1|[x] |Feature gate name: |\
            Details |and |`a_b`\u{3000}|a_total\n|\n|\n  - a_b|\n- Metric name:|\n- Metric name:\n  a_b, (|a_b\n  (";
        for unit in units.split('|') {
            for (before, after) in [("- Metric name: ", ""), ("- Metric name:\n  - `a_b", "`)]}")] {
                let text = format!("{before}{}{after}", unit.repeat(40_000 / unit.len()));
                assert!(read(&text).iter().all(|name| !name.span.is_empty()), "{unit:?}");
            }
        }
    }

    /// Any text is read, and every place lies on character boundaries of its source.
    #[test]
    fn any_text() {
        let parts = "- Feature gate name: |- Metric name:|\n|\n  |\n  - |LampDimmer|lamp_ms|hall-lamp/|é|“|”|`|**|__|_|*|[|](x)|\
            ][|]|(|)|{|}|=true|,| and |/|.|:| |\t|'|<!-- é -->|\u{85}|label |Details|## |_total|İ";
        let parts: Vec<&str> = parts.split('|').collect();
        let mut state = 7_u64;
        for _ in 0..5_000 {
            let mut text = String::from("- Metric name: ");
            for _ in 0..24 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(parts[(state >> 33) as usize % parts.len()]);
            }
            for name in read(&text) {
                let first = name.name.chars().next();
                assert!(first.is_some() && name.span.of(&text).chars().next() == first, "{text:?} {name:?}");
            }
        }
    }
}
