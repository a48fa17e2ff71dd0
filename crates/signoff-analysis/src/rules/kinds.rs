//! The built-in kinds of rules that a profile may use under its own codes.
//!
//! [`Declared`] holds what the profile declares, with every expression compiled once for a check;
//! each kind is one file, whose `check` says what it finds. A kind looks at a value only where
//! there is one: that a field or section is missing is another rule's business.

use std::borrow::Cow;
use std::cell::OnceCell;

use regex::Regex;
use rustc_hash::FxHashMap;
use signoff_model::node::Pair;
use signoff_model::profile::{Level, Prepared, Profile, RuleDeclaration, RuleKind};
use signoff_model::proposal::Item;
use signoff_model::{Corpus, Node, Proposal, Severity, wording};

use super::Report;

mod body_excludes;
mod condition;
mod field_excludes;
mod field_forbidden;
mod field_length;
mod field_matches;
mod field_order;
mod link_excludes;
mod mark_forbidden;
mod owners_mark;
mod people_member;
mod relation_rank;
mod section_order;
mod section_text;

/// Longest value that a message quotes, in characters.
const QUOTED_MAX: usize = 80;

/// The rules that a profile declares, ready to run.
pub(super) struct Declared<'a> {
    rules: Vec<DeclaredRule<'a>>,
}

/// One declared rule with its expressions compiled.
struct DeclaredRule<'a> {
    declaration: &'a RuleDeclaration,
    severity: Severity,
    /// Matches `pattern`.
    pattern: Option<Regex>,
    /// Match one of `values`, for the kind whose values are expressions.
    exceptions: Vec<Regex>,
    /// The place of each name of `values`, status of `ranks`, or heading of `section`.
    places: FxHashMap<String, usize>,
    /// Whether a condition asks for the prose, so that the rule needs it.
    needs_prose: bool,
}

/// One proposal under the eyes of the declared rules.
struct Look<'a> {
    corpus: &'a Corpus,
    proposal: &'a Proposal,
    /// The prose without code, comments and addresses; made when the first rule needs it.
    visible: OnceCell<String>,
}

impl<'a> Declared<'a> {
    /// Prepares the rules of a profile. One that cannot work is left out: `profile-invalid` names it.
    pub(super) fn of(prepared: &'a Prepared) -> Self {
        let profile = &prepared.profile;
        Self { rules: profile.rule.iter().filter_map(|rule| DeclaredRule::of(profile, rule)).collect() }
    }

    /// Runs the rules on one proposal.
    pub(super) fn run(&self, corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
        // What could not be read whole would make every rule about absence a false alarm.
        if !proposal.is_complete() {
            return;
        }
        let look = Look { corpus, proposal, visible: OnceCell::new() };
        for rule in &self.rules {
            if rule.needs_prose && proposal.prose.is_none() {
                continue;
            }
            let declaration = rule.declaration;
            let applies = declaration.when.as_ref().is_none_or(|condition| report.holds(condition, proposal));
            if applies && declaration.under_way.is_none_or(|wanted| look.is_under_way() == wanted) {
                report.begin_as(Cow::Owned(declaration.code.clone()), rule.severity);
                check_of(declaration.kind)(rule, &look, report);
            }
        }
    }
}

impl Look<'_> {
    /// Whether the proposal's latest milestone is known to be the release under way.
    fn is_under_way(&self) -> bool {
        let calendar = self.corpus.prepared.calendars.under_way(self.corpus.today());
        let release = calendar.map(|calendar| calendar.release);
        release.is_some() && release == self.proposal.latest_milestone(&self.corpus.prepared)
    }
}

/// What a kind does once its `when` holds.
fn check_of(kind: RuleKind) -> fn(&DeclaredRule<'_>, &Look<'_>, &mut Report<'_>) {
    match kind {
        RuleKind::FieldMatches => field_matches::check,
        RuleKind::FieldExcludes => field_excludes::check,
        RuleKind::FieldLength => field_length::check,
        RuleKind::FieldForbidden => field_forbidden::check,
        RuleKind::FieldOrder => field_order::check,
        RuleKind::BodyExcludes => body_excludes::check,
        RuleKind::SectionOrder => section_order::check,
        RuleKind::SectionText => section_text::check,
        RuleKind::LinkExcludes => link_excludes::check,
        RuleKind::RelationRank => relation_rank::check,
        RuleKind::OwnersMark => owners_mark::check,
        RuleKind::PeopleMember => people_member::check,
        RuleKind::MarkForbidden => mark_forbidden::check,
        RuleKind::Condition => condition::check,
    }
}

impl<'a> DeclaredRule<'a> {
    /// `None` for a rule that is off or cannot work.
    fn of(profile: &Profile, declaration: &'a RuleDeclaration) -> Option<Self> {
        let pattern = match &declaration.pattern {
            Some(pattern) => Some(Regex::new(pattern).ok()?),
            None => None,
        };
        let exceptions = match declaration.kind {
            RuleKind::LinkExcludes => {
                declaration.values.iter().map(|value| Regex::new(value).ok()).collect::<Option<_>>()?
            }
            _ => Vec::new(),
        };
        let asks_prose = |condition: &String| condition.contains("section(") || condition.contains("question(");
        Some(Self {
            declaration,
            severity: declaration.level.unwrap_or(Level::Warning).severity()?,
            pattern,
            exceptions,
            places: places(profile, declaration),
            needs_prose: declaration.when.as_ref().is_some_and(asks_prose),
        })
    }

    /// The field that the rule looks at, where the proposal has it.
    fn field<'p>(&self, look: &Look<'p>) -> Option<&'p Pair> {
        look.proposal.field(&look.corpus.prepared, self.declaration.field.as_deref()?)
    }

    /// The name of the field that the rule looks at.
    fn field_name(&self) -> &str {
        self.declaration.field.as_deref().unwrap_or_default()
    }

    /// The profile's message with the offending text, or the kind's own where the profile has none.
    fn message(&self, value: &str, own: impl FnOnce(&str) -> String) -> String {
        let value = quoted(value);
        if self.declaration.message.is_empty() {
            return own(&value);
        }
        self.declaration.message.replace("{value}", &value)
    }

    /// The first match of `pattern` in a text.
    fn found<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.pattern.as_ref()?.find(text).map(|found| found.as_str())
    }
}

/// The place of each name in `values`, status in `ranks`, or heading of `section`; headings by their words.
fn places(profile: &Profile, declaration: &RuleDeclaration) -> FxHashMap<String, usize> {
    let values = || declaration.values.iter().enumerate();
    match declaration.kind {
        RuleKind::FieldOrder => values().map(|(place, name)| (name.clone(), place)).collect(),
        RuleKind::SectionOrder => values().flat_map(|(place, title)| headings(profile, title, place)).collect(),
        RuleKind::SectionText => headings(profile, declaration.section.as_deref().unwrap_or_default(), 0).collect(),
        RuleKind::RelationRank => {
            let ranks = declaration.ranks.iter().enumerate();
            ranks.flat_map(|(rank, names)| names.iter().map(move |name| (name.clone(), rank))).collect()
        }
        _ => FxHashMap::default(),
    }
}

/// Every heading under which a section may stand: its title and, where the profile has it, the aliases.
fn headings(profile: &Profile, title: &str, place: usize) -> impl Iterator<Item = (String, usize)> {
    let words = wording::words(title);
    let declared = profile.section.iter().find(|section| wording::words(&section.title) == words);
    let aliases = declared.map(|section| section.aliases.as_slice()).unwrap_or_default();
    std::iter::once(words).chain(aliases.iter().map(|alias| wording::words(alias))).map(move |words| (words, place))
}

/// The texts of a value: the entries of a list, or the one text (in a header, all of it).
fn texts(node: &Node) -> Vec<Item<'_>> {
    let nodes = if node.items().is_empty() { std::slice::from_ref(node) } else { node.items() };
    nodes.iter().filter_map(|node| Some(Item { text: node.text()?, span: node.span })).collect()
}

/// A value as a message shows it: its first line, cut where it is long.
fn quoted(value: &str) -> Cow<'_, str> {
    let line = value.trim().lines().next().unwrap_or_default();
    match line.char_indices().nth(QUOTED_MAX) {
        Some((end, _)) => Cow::Owned(format!("{}…", &line[..end])),
        None => Cow::Borrowed(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_quote_one_short_line() {
        assert_eq!(quoted(" a\nb "), "a");
        assert_eq!(quoted(&"ä".repeat(100)).chars().count(), QUOTED_MAX + 1);
    }
}
