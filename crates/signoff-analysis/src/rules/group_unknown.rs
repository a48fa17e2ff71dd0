//! `group-unknown`: a group that does not exist.

use signoff_model::profile::{FieldKind, Meaning};
use signoff_model::proposal::Item;
use signoff_model::spelling::nearest;
use signoff_model::{Corpus, Proposal, Severity};

use super::status_unknown::shown;
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "group-unknown",
    severity: Severity::Error,
    page: include_str!("group_unknown.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let groups = &prepared.profile.groups;
    if groups.known.is_empty() {
        return;
    }
    for (name, field) in &prepared.profile.fields {
        if !matches!(field.kind, FieldKind::Group | FieldKind::Groups) {
            continue;
        }
        let owns = field.meaning == Some(Meaning::Group);
        let Some(pair) = proposal.field(prepared, name) else { continue };
        for item in proposal.items_of(prepared, &pair.node) {
            let known = groups.known.iter().chain(&field.also).any(|group| group == item.text);
            // A value that leads out of the folder is `path-escape`.
            let escapes = owns && item.text.contains(|c: char| matches!(c, '/' | '\\') || c.is_control());
            if !(known || escapes || item.text.trim().is_empty()) {
                unknown(corpus, proposal, item, owns, report);
            }
        }
    }
}

fn unknown(corpus: &Corpus, proposal: &Proposal, item: Item<'_>, owns: bool, report: &mut Report<'_>) {
    let groups = &corpus.prepared.profile.groups;
    if groups.retired.iter().any(|group| group == item.text) {
        report
            .metadata(proposal, item.span, format!("the group `{}` no longer exists", item.text))
            .severity(Severity::Info);
        return;
    }
    let known = groups.known.iter().map(String::as_str);
    let message = match groups.known.iter().any(|group| group == item.text.trim()) {
        true => format!("the group {}; write the name alone", shown(item.text)),
        false => format!("there is no group `{}`", item.text),
    };
    let found = report.metadata(proposal, item.span, message);
    found.severity(if owns { Severity::Error } else { Severity::Warning });
    if let Some(near) = begun(item.text, &groups.known).or_else(|| nearest(item.text, known)) {
        found.help(format!("did you mean `{near}`?"));
    }
}

/// The only group whose name starts as the text does: `sig-arch` is nearer to `sig-auth` by its letters.
fn begun(text: &str, known: &[String]) -> Option<String> {
    let mut found = known.iter().filter(|group| group.starts_with(text));
    let first = found.next()?;
    found.next().is_none().then(|| first.clone())
}
