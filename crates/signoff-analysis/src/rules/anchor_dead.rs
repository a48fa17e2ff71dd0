//! `anchor-dead`: a link to a heading that the document does not have.

use std::borrow::Cow;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use signoff_model::body::{Body, Link};
use signoff_model::spelling::nearest;
use signoff_model::{Corpus, Proposal, Severity, tree};

use super::link_places::LinkPlaces;
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "anchor-dead",
    severity: Severity::Warning,
    page: include_str!("anchor_dead.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

/// For how many dead anchors of a file a similar one is looked for.
const SUGGESTIONS_MAX: usize = 100;

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let Some(prose) = &proposal.prose else { return };
    let body = &prose.document.body;
    let contents =
        body.contents.and_then(|contents| contents.inside()).filter(|_| corpus.prepared.profile.body.contents);
    let mut anchors: FxHashMap<usize, FxHashSet<Cow<'_, str>>> = FxHashMap::default();
    let mut places = LinkPlaces::of(prose);
    let mut suggestions = 0;
    for link in &body.links {
        // The entries of the table of contents are compared with the headings by a rule of their own.
        if contents.is_some_and(|inside| inside.contains(link.span)) {
            continue;
        }
        let Some((index, anchor)) = target(corpus, &prose.source.path, link) else { continue };
        let Some(other) = corpus.proposals[index].document() else { continue };
        let known = anchors.entry(index).or_insert_with(|| anchors_of(&other.body));
        if known.contains(&lowered(&anchor)) {
            continue;
        }
        let Some(place) = places.report_at(link) else { continue };
        let own = *corpus.proposals[index].path == *proposal.path;
        let whose = if own { "this document".to_owned() } else { format!("`{}`", corpus.proposals[index].path) };
        let found = report.prose(proposal, place, format!("no heading of {whose} has the anchor `#{anchor}`"));
        suggestions += 1;
        if suggestions <= SUGGESTIONS_MAX
            && let Some(near) = nearest(&anchor, other.body.sections.iter().map(|section| &*section.anchor))
        {
            found.help(format!("is `#{near}` meant?"));
        }
    }
}

/// The proposal whose prose a link leads to and the anchor in it.
fn target(corpus: &Corpus, from: &str, link: &Link) -> Option<(usize, String)> {
    let target = corpus.link_target(from, &link.target)?;
    let (path, anchor) = (target.path?, target.anchor?);
    let anchor = anchor.strip_prefix("user-content-").unwrap_or(&anchor);
    if anchor.is_empty() || anchor == "top" || is_line(anchor) || anchor.starts_with(':') {
        return None;
    }
    let in_folder = || corpus.targets.proposal_of_body(&tree::join(&path, &corpus.prepared.profile.layout.body));
    Some((corpus.targets.proposal_of_body(&path).or_else(in_folder)?, anchor.to_owned()))
}

/// `L12` or `L12-L15`: lines of the file, not headings.
fn is_line(anchor: &str) -> bool {
    anchor.strip_prefix('L').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Every anchor of a document in lower case, since the forge finds them in any.
fn anchors_of(body: &Body) -> FxHashSet<Cow<'_, str>> {
    let mut anchors = FxHashSet::with_capacity_and_hasher(body.sections.len(), FxBuildHasher);
    anchors.extend(body.sections.iter().map(|section| lowered(&section.anchor)));
    anchors.extend(body.html_anchors.iter().map(|anchor| lowered(anchor)));
    anchors
}

fn lowered(anchor: &str) -> Cow<'_, str> {
    let others = anchor.bytes().filter(|byte| !byte.is_ascii() || byte.is_ascii_uppercase()).count();
    if others == 0 { Cow::Borrowed(anchor) } else { Cow::Owned(anchor.to_lowercase()) }
}
