//! What the metadata says of stage, status and releases.

use std::sync::Arc;

use signoff_model::Release;
use signoff_model::node::Pair;
use signoff_model::profile::Meaning;

use crate::signoff::look::{Answer, Look, Remedy, Work};

/// The stage that is targeted is one of the process, and the metadata names it.
pub(super) fn stage(look: &Look<'_>) -> Answer {
    let prepared = look.prepared();
    let written = look.proposal.stage(prepared);
    let wanted = look.target.stage.as_deref();
    let answer = match (written, wanted) {
        (Some(stage), Some(wanted)) if look.target.is_wanted && stage != wanted => {
            Answer::fail(format!("the stage is {stage}, not {wanted}"))
        }
        (Some(stage), _) if prepared.profile.stage(stage).is_none() => {
            Answer::fail(format!("the stage `{stage}` is none of the process"))
        }
        (Some(stage), _) => return seen(look, Meaning::Stage, Answer::pass(format!("the stage is {stage}"))),
        (None, _) => Answer::fail("the metadata names no stage"),
    };
    seen(look, Meaning::Stage, answer).mended_by(set(look, Meaning::Stage, None, wanted))
}

/// The latest milestone is the release.
pub(super) fn latest(look: &Look<'_>) -> Answer {
    let (prepared, release) = (look.prepared(), &look.target.release_text);
    let written = look.proposal.text(prepared, Meaning::LatestMilestone);
    let answer = match written {
        Some(text) if Release::parse(text) == Some(look.target.release) => {
            return seen(look, Meaning::LatestMilestone, Answer::pass(format!("the latest milestone is {text}")));
        }
        Some(text) => Answer::fail(format!("the latest milestone is {text}, not {release}")),
        None => Answer::fail("there is no latest milestone"),
    };
    let remedy = set(look, Meaning::LatestMilestone, None, Some(release));
    seen(look, Meaning::LatestMilestone, answer).mended_by(remedy)
}

/// The milestone of the stage is the release.
pub(super) fn of_stage(look: &Look<'_>) -> Answer {
    let (prepared, release) = (look.prepared(), &look.target.release_text);
    let Some(stage) = look.target.stage.as_deref() else {
        return Answer::fail("without a stage no milestone can be its own");
    };
    let milestones = look.proposal.milestones(prepared);
    let written = milestones.iter().find(|(name, _)| *name == stage).map(|(_, item)| item);
    let answer = match written {
        Some(item) if Release::parse(item.text) == Some(look.target.release) => {
            let pass = Answer::pass(format!("the milestone of {stage} is {}", item.text));
            return pass.seen(look.quote(&look.proposal.source, item.span));
        }
        Some(item) => Answer::fail(format!("the milestone of {stage} is {}, not {release}", item.text))
            .seen(look.quote(&look.proposal.source, item.span)),
        None => seen(look, Meaning::Milestones, Answer::fail(format!("there is no milestone for {stage}"))),
    };
    answer.mended_by(set(look, Meaning::Milestones, Some(stage), Some(release)))
}

/// The status is one of these.
pub(super) fn status(look: &Look<'_>, statuses: &[String]) -> Answer {
    let written = look.proposal.status(look.prepared());
    let answer = match written {
        Some(status) if statuses.iter().any(|wanted| wanted == status) => {
            return seen(look, Meaning::Status, Answer::pass(format!("the status is {status}")));
        }
        Some(status) => Answer::fail(format!("the status is {status}, not {}", either(statuses))),
        None => Answer::fail("there is no status"),
    };
    let wanted = statuses.first().map(String::as_str);
    seen(look, Meaning::Status, answer).mended_by(set(look, Meaning::Status, None, wanted))
}

fn either(words: &[String]) -> String {
    words.join(" or ")
}

fn seen(look: &Look<'_>, meaning: Meaning, answer: Answer) -> Answer {
    match look.proposal.meant(look.prepared(), meaning) {
        Some(pair) => answer.seen(look.quote(&look.proposal.source, pair.key_span)),
        None => answer.seen(look.absence(&look.proposal.metadata_path, "")),
    }
}

/// The order to set a field, or an entry of it.
pub(in crate::signoff) fn set(look: &Look<'_>, meaning: Meaning, entry: Option<&str>, to: Option<&str>) -> Remedy {
    let prepared = look.prepared();
    let name = prepared.field_named(meaning).unwrap_or("the field");
    let field = entry.map_or_else(|| name.to_owned(), |entry| format!("{name}.{entry}"));
    let pair = look.proposal.meant(prepared, meaning);
    let place = |pair: &Pair| match entry {
        Some(entry) => pair.node.pair(entry).map_or(pair.key_span, |own| own.key_span),
        None => pair.key_span,
    };
    let line = pair.map(|pair| look.proposal.source.line(place(pair).start));
    Remedy {
        work: Work::Metadata,
        what: match to {
            Some(to) => format!("set {field} to {to}"),
            None => format!("set {field}"),
        },
        field: Some(field),
        path: Arc::clone(&look.proposal.metadata_path),
        line,
        to: to.map(str::to_owned),
        heading: None,
    }
}
