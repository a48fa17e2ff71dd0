//! A gate: what it is, its life, what it needs, what proposals and documentation say of it, and how to go back.

use askama::Template;
use signoff_analysis::claims::Verdict;
use signoff_analysis::gates::Certainty;
use signoff_analysis::gates::lives::{Life, Phase, Run};
use signoff_model::Proposal;
use signoff_model::profile::Meaning;
use signoff_model::questionnaire::State;

use super::line::{Cell, cells, told};
use super::{Kind, PATH, components, is_there, rendered};
use crate::document::answer_id;
use crate::evidence::{Claim, Docs, listed, meant, minor, spelt};
use crate::frame::{Frame, base};
use crate::marks::{self, Mark};
use crate::pages::board::Quote;
use crate::pages::claims::{self, ClaimOf};
use crate::pages::filters;
use crate::{Site, strip};

pub(super) const KIND: Kind = Kind { paths, make };

/// Longest part of an answer that is quoted, in characters.
const ANSWER_MAX: usize = 240;

#[derive(Template)]
#[template(path = "gate.html")]
struct GatePage {
    frame: Frame,
    all: &'static str,
    components: String,
    name: String,
    heading: String,
    releases: Vec<String>,
    cells: Vec<Cell>,
    remarks: Vec<String>,
    versions: Vec<VersionOf>,
    sources: String,
    needs: Vec<GateLink>,
    needs_quote: Vec<Quote>,
    tells_needs: bool,
    needed_by: Vec<GateLink>,
    proposals: Vec<ProposalOf>,
    docs: Option<DocsOf>,
    docs_release: String,
    claims: Vec<ClaimOf>,
    /// Those that need nobody, by verdict.
    rest: Vec<(Mark, Vec<ClaimOf>)>,
}

/// What it is over neighbouring releases.
struct VersionOf {
    releases: String,
    what: String,
    certainty: String,
    /// The source and its lines.
    source: String,
    lines: Vec<(Option<usize>, String)>,
}

struct GateLink {
    name: String,
    page: Option<String>,
}

/// A proposal that names it.
struct ProposalOf {
    label: String,
    title: String,
    page: Option<String>,
    facts: String,
    written: Option<String>,
    answers: Vec<AnswerOf>,
}

/// What it answers about going back.
struct AnswerOf {
    question: String,
    mark: Mark,
    href: Option<String>,
    text: String,
}

/// What the page in the documentation says.
struct DocsOf {
    stages: Vec<DocsLine>,
    former: String,
    removed: Vec<Quote>,
}

struct DocsLine {
    stage: &'static str,
    versions: String,
    default: String,
    quotes: Vec<Quote>,
}

fn paths(site: &Site) -> Vec<String> {
    let code = site.code();
    code.lives.lives.iter().filter_map(|life| code.page(&life.name)).map(str::to_owned).collect()
}

fn make(site: &Site, path: &str) -> Option<String> {
    if !path.starts_with("gates/") {
        return None;
    }
    let code = site.code();
    let life = code.life(code.at_page(path)?)?;
    Some(rendered(&page(site, path, life)))
}

fn page(site: &Site, path: &str, life: &Life) -> GatePage {
    let (code, judged) = (site.code(), site.judged());
    let name = life.name.clone();
    let gate = code.gate(&name);
    let objections = judged.objections(&name);
    let heading = heading(site, life);
    let needs = gate.and_then(|gate| gate.needs.as_ref());
    let link = |name: &String| GateLink { name: name.clone(), page: code.page(name).map(str::to_owned) };
    let base = base(path);
    let (claims, rest) = claims_about(site, &base, &name);
    GatePage {
        frame: Frame::of(site, path, "gates", &name, &heading),
        all: PATH,
        components: components(judged, &name).join(", "),
        heading,
        releases: code.lives.minors.iter().map(|release| minor(*release)).collect(),
        cells: cells(code, life, objections),
        remarks: objections.iter().map(|objection| objection.remark.clone()).collect(),
        versions: life.runs.iter().rev().map(|run| version(site, run)).collect(),
        sources: code.sources(),
        needs: needs.map(|needs| needs.gates.iter().map(link).collect()).unwrap_or_default(),
        needs_quote: needs.map(|needs| claims::quote(site, &base, &needs.evidence)).into_iter().collect(),
        tells_needs: site.has_source(signoff_model::fact::SourceKind::FeatureTable)
            || site.has_source(signoff_model::fact::SourceKind::GateDependencies),
        needed_by: gate.map(|gate| gate.needed_by.iter().map(link).collect()).unwrap_or_default(),
        proposals: proposals(site, &base, &name),
        docs: gate.and_then(|gate| gate.docs.as_ref()).map(|docs| docs_of(site, &base, docs)),
        docs_release: code.pages_of.map(minor).unwrap_or_default(),
        claims,
        rest,
        name,
    }
}

/// What it is in the newest version, as a sentence without its subject.
fn heading(site: &Site, life: &Life) -> String {
    let code = site.code();
    let newest = code.releases.last().map(|release| spelt(*release)).unwrap_or_default();
    let since = |run: &Run| code.lives.minors.get(run.from).map(|release| minor(*release)).unwrap_or_default();
    match (life.now(), life.runs.last()) {
        (Phase::There { .. }, Some(run)) if run.from > 0 => {
            format!("{} is {} since {}", life.name, told(run.phase), since(run))
        }
        (phase @ Phase::There { .. }, _) => format!("{} is {} in {newest}", life.name, told(phase)),
        (Phase::Removed, Some(run)) => {
            let before = life.runs.iter().rev().find(|run| is_there(run.phase));
            let before = before.map(|run| format!("; it was {}", told(run.phase))).unwrap_or_default();
            format!("{} is gone since {}{before}", life.name, since(run))
        }
        _ => format!("What became of {} is not known", life.name),
    }
}

fn version(site: &Site, run: &Run) -> VersionOf {
    let release = |at: usize| site.code().lives.minors.get(at).map(|release| minor(*release)).unwrap_or_default();
    let (first, last) = (release(run.from), release(run.from + run.count - 1));
    VersionOf {
        releases: if run.count == 1 { first } else { format!("{first} to {last}") },
        what: told(run.phase),
        certainty: certainty(site, run),
        source: run.evidence.first().map(|evidence| claims::source(site, evidence)).unwrap_or_default(),
        lines: run.evidence.iter().map(|evidence| (evidence.line, evidence.text.clone())).collect(),
    }
}

/// How a run is known, in words.
fn certainty(site: &Site, run: &Run) -> String {
    let minors = &site.code().lives.minors;
    let is_in_hand = |at: &usize| site.code().releases.iter().any(|own| own.minors_after(minors[*at]) == 0);
    let last = (run.from..run.from + run.count).rev().find(is_in_hand);
    match (run.certainty, last) {
        (Certainty::Observed, _) if run.phase == Phase::Removed => "no list of the version has it; before it was there",
        (Certainty::Observed, _) if run.phase == Phase::Absent => "no list of the version has it",
        (Certainty::Observed, _) => "a list of the version says so",
        (Certainty::Inferred, Some(at)) if is_there(run.phase) => {
            return format!("a list of {} says so, also of the versions before", minor(minors[at]));
        }
        (Certainty::Inferred, _) => "it follows from later lists or its page",
        (Certainty::Unknown, _) => "no source in hand tells",
    }
    .to_owned()
}

fn proposals(site: &Site, base: &str, gate: &str) -> Vec<ProposalOf> {
    let corpus = &site.snapshot.corpus;
    let prepared = &*corpus.prepared;
    let of = |naming: &crate::evidence::Naming| {
        let proposal = &*corpus.proposals[naming.proposal];
        let text = |meaning| proposal.text(prepared, meaning);
        let facts = [proposal.status(prepared), proposal.stage(prepared), text(Meaning::LatestMilestone)];
        ProposalOf {
            label: proposal.label().to_string(),
            title: text(Meaning::Title).unwrap_or(&proposal.name).to_owned(),
            page: site.places.page(&proposal.path).map(str::to_owned),
            facts: facts.into_iter().flatten().collect::<Vec<_>>().join(", "),
            written: naming.written.clone(),
            answers: answers(site, base, proposal),
        }
    };
    site.judged().naming(gate).iter().map(of).collect()
}

/// What a proposal answers about going back, and what it says to watch.
fn answers(site: &Site, base: &str, proposal: &Proposal) -> Vec<AnswerOf> {
    let prepared = &*site.snapshot.corpus.prepared;
    let rules = &site.rules_of_evidence().upgrade;
    let Some(document) = proposal.document() else { return Vec::new() };
    let cells = strip::cells(prepared, proposal);
    let answer = |id: &String| {
        let (questionnaire, index) = prepared.question_by_id(id)?;
        let answer = document.answers.get(questionnaire)?.answers.get(index)?;
        let is_required = questionnaire == 0 && cells.get(index).is_some_and(|cell| cell.is_required);
        let place = answer.asked.and(site.places.page(&proposal.path));
        Some(AnswerOf {
            question: prepared.question(questionnaire, index).1.title.clone(),
            mark: marks::of_answer(answer.state, is_required, false),
            href: place.filter(|_| questionnaire == 0).map(|page| format!("{base}{page}#{}", answer_id(id))),
            text: if answer.state == State::Absent { String::new() } else { beginning(&answer.own) },
        })
    };
    rules.rollback_questions.iter().chain(&rules.monitoring_questions).filter_map(answer).collect()
}

/// The beginning of an answer, on one line.
fn beginning(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match folded.char_indices().nth(ANSWER_MAX) {
        Some((end, _)) => format!("{}…", folded[..end].trim_end()),
        None => folded,
    }
}

fn docs_of(site: &Site, base: &str, docs: &Docs) -> DocsOf {
    let line = |stage: &crate::evidence::DocsStage| DocsLine {
        stage: stage.stage.word(),
        versions: match (stage.from, stage.to) {
            (Some(from), Some(to)) if from == to => minor(from),
            (Some(from), Some(to)) => format!("{} to {}", minor(from), minor(to)),
            (Some(from), None) => format!("from {}", minor(from)),
            (None, Some(to)) => format!("to {}", minor(to)),
            (None, None) => "not told".to_owned(),
        },
        default: match (stage.default, stage.locked) {
            (Some(true), true) => "on, locked",
            (Some(false), true) => "off, locked",
            (Some(true), false) => "on",
            (Some(false), false) => "off",
            (None, _) => "not told",
        }
        .to_owned(),
        quotes: vec![claims::quote(site, base, &stage.evidence)],
    };
    DocsOf {
        stages: docs.stages.iter().map(line).collect(),
        former: if docs.former.is_empty() { String::new() } else { listed(&docs.former) },
        removed: docs.removed.iter().map(|evidence| claims::quote(site, base, evidence)).collect(),
    }
}

/// What proposals claim about it: what does not agree, and the rest by verdict.
fn claims_about(site: &Site, base: &str, gate: &str) -> (Vec<ClaimOf>, Vec<(Mark, Vec<ClaimOf>)>) {
    let judged = site.judged();
    let mut found: Vec<(&Claim, usize)> = Vec::new();
    for naming in judged.naming(gate) {
        let claims = judged.of_proposal(naming.proposal);
        let own = claims.iter().filter(|claim| meant(claims, &claim.subject) == gate);
        found.extend(own.map(|claim| (claim, naming.proposal)));
    }
    let of = |verdict: Verdict| -> Vec<ClaimOf> {
        let own = found.iter().filter(|(claim, _)| claim.verdict == verdict);
        own.map(|(claim, proposal)| ClaimOf::of(site, base, *proposal, claim)).collect()
    };
    let wrong = [Verdict::Drift, Verdict::Soft].map(of).into_iter().flatten().collect();
    let rest =
        [Verdict::Agree, Verdict::Future, Verdict::Unknown].map(|verdict| (marks::of_claim(verdict), of(verdict)));
    (wrong, rest.into_iter().filter(|(_, own)| !own.is_empty()).collect())
}
