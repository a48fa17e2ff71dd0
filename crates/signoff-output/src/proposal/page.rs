//! A proposal on one screen: what it is, who stands behind it, and what it still lacks.

use std::collections::BTreeSet;
use std::io::{self, Write};

use signoff_analysis::claims::{ClaimVerdict, Verdict};
use signoff_analysis::condition::Conditions;
use signoff_model::profile::{Meaning, Prepared, Required};
use signoff_model::proposal::{Document, Prose};
use signoff_model::questionnaire::State;
use signoff_model::template::SectionState;
use signoff_model::{Corpus, Finding, Proposal, Severity};

use crate::table::{self, Cell, Overflow};
use crate::visible::visible;
use crate::{Look, Places};

/// Writes the page of a proposal with the findings about it.
///
/// # Errors
/// Those of the writer.
pub fn write(
    corpus: &Corpus,
    proposal: &Proposal,
    findings: &[&Finding],
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let prepared = &*corpus.prepared;
    head(prepared, proposal, look, out)?;
    facts(prepared, proposal, look, out)?;
    gates(prepared, proposal, look, out)?;
    metrics(prepared, proposal, look, out)?;
    match &proposal.prose {
        None => writeln!(out, "\n{}", look.faint("No prose was read."))?,
        Some(prose) => {
            questionnaires(prepared, &prose.document, look, out)?;
            checklists(prepared, &prose.document, look, out)?;
            sections(prepared, proposal, prose, look, out)?;
        }
    }
    found(corpus, findings, look, out)
}

/// Writes how many claims the evidence confirms, and those that it contradicts.
///
/// # Errors
/// Those of the writer.
pub fn write_claims(claims: &[ClaimVerdict<'_>], look: Look, out: &mut dyn Write) -> io::Result<()> {
    let looked_at = claims.iter().filter(|claim| claim.verdict != Verdict::Unknown).count();
    if looked_at == 0 {
        return Ok(());
    }
    let count = |verdict: Verdict| claims.iter().filter(|claim| claim.verdict == verdict).count();
    writeln!(out, "\n{}", look.strong("Claims against code and documentation"))?;
    let counts = [Verdict::Agree, Verdict::Drift, Verdict::Soft, Verdict::Future, Verdict::Unknown];
    let counts: Vec<String> = counts.iter().map(|verdict| format!("{} {}", count(*verdict), verdict.word())).collect();
    writeln!(out, "  {}", counts.join(", "))?;
    let wrong = claims.iter().filter(|claim| matches!(claim.verdict, Verdict::Drift | Verdict::Soft));
    let rows: Vec<Vec<Cell>> = wrong.map(|claim| claim_cells(claim, look)).collect();
    table::write(&rows, 2, look.width, Overflow::Wrap, out)
}

/// The verdict, the claim, and why, with the first place that says so.
fn claim_cells(claim: &ClaimVerdict<'_>, look: Look) -> Vec<Cell> {
    let is_drift = claim.verdict == Verdict::Drift;
    let paint = move |text: &str| if is_drift { look.bad(text) } else { look.strong(text) };
    let place = claim.evidence.first().map(|evidence| {
        let line = evidence.line.map(|line| format!(":{line}")).unwrap_or_default();
        let source = if evidence.source.as_ref() == "git" {
            String::new()
        } else {
            format!("{} {} ", evidence.source, evidence.version)
        };
        format!(" ({source}{}{line})", evidence.path)
    });
    let text = format!("{}: {}{}", claim.subject, claim.reason, place.unwrap_or_default());
    vec![Cell::new(claim.verdict.word()).painted(paint), Cell::new(claim.claim.word()), Cell::new(visible(&text))]
}

fn head(prepared: &Prepared, proposal: &Proposal, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let title = proposal.text(prepared, Meaning::Title).unwrap_or(&proposal.name);
    let number = if **proposal.label() == *title { String::new() } else { format!("{}  ", proposal.label()) };
    writeln!(out, "{}", look.strong(&visible(&format!("{number}{title}"))))?;
    writeln!(out, "{}\n", look.faint(&visible(&proposal.path)))
}

/// Short facts in two columns where the terminal is wide enough, long ones below on lines of their own.
fn facts(prepared: &Prepared, proposal: &Proposal, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let text = |meaning| proposal.text(prepared, meaning).unwrap_or("-").to_owned();
    let short = [
        ("group", Meaning::Group),
        ("status", Meaning::Status),
        ("created", Meaning::Created),
        ("stage", Meaning::Stage),
        ("milestone", Meaning::LatestMilestone),
        ("can be disabled", Meaning::CanDisable),
    ];
    let known: Vec<(&str, String)> = short
        .into_iter()
        .filter(|(_, meaning)| prepared.field_named(*meaning).is_some())
        .map(|(label, meaning)| (label, text(meaning)))
        .collect();
    let half = known.len().div_ceil(2);
    let label = |label: &str| Cell::new(label).painted(move |text| look.faint(text));
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (index, (name, value)) in known[..half].iter().enumerate() {
        let mut row = vec![label(name), Cell::new(visible(value))];
        if let Some((name, value)) = known.get(half + index) {
            row.extend([label(name), Cell::new(visible(value))]);
        }
        rows.push(row);
    }
    table::write(&rows, 2, look.width, Overflow::Cut, out)?;
    lists(prepared, proposal, look, out)
}

fn lists(prepared: &Prepared, proposal: &Proposal, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let joined = |meaning| {
        let items = proposal.items(prepared, meaning);
        items.iter().map(|item| item.text.trim()).collect::<Vec<_>>().join(", ")
    };
    let stages: Vec<String> =
        proposal.milestones_by_stage(prepared).iter().map(|(stage, release)| format!("{stage} {release}")).collect();
    let rows: Vec<Vec<Cell>> = [
        ("milestones", stages.join(", ")),
        ("authors", joined(Meaning::Authors)),
        ("reviewers", joined(Meaning::Reviewers)),
        ("approvers", joined(Meaning::Approvers)),
        ("supersedes", joined(Meaning::Supersedes)),
        ("superseded by", joined(Meaning::SupersededBy)),
        ("requires", joined(Meaning::Requires)),
        ("see also", joined(Meaning::Related)),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| vec![Cell::new(name).painted(move |text| look.faint(text)), Cell::new(visible(&value))])
    .collect();
    if !rows.is_empty() {
        writeln!(out)?;
    }
    table::write(&rows, 2, look.width, Overflow::Wrap, out)
}

fn gates(prepared: &Prepared, proposal: &Proposal, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let gates = proposal.gates(prepared);
    if gates.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", look.strong("Feature gates"))?;
    let rows: Vec<Vec<Cell>> = gates
        .into_iter()
        .map(|gate| {
            let name = if gate.name.is_empty() { "(no name)" } else { gate.name };
            vec![Cell::new(visible(name)), Cell::new(visible(&gate.components.join(", ")))]
        })
        .collect();
    table::write(&rows, 2, look.width, Overflow::Cut, out)
}

fn metrics(prepared: &Prepared, proposal: &Proposal, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let metrics = proposal.items(prepared, Meaning::Metrics);
    if metrics.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", look.strong("Metrics"))?;
    for metric in metrics {
        writeln!(out, "  {}", visible(metric.text.trim()))?;
    }
    Ok(())
}

/// Every state with its symbol, best first.
const STATES: [State; 6] =
    [State::Answered, State::Bare, State::NotApplicable, State::Placeholder, State::Empty, State::Absent];

fn symbol(state: State) -> &'static str {
    match state {
        State::Answered => "●",
        State::Bare => "◐",
        State::NotApplicable => "–",
        State::Placeholder => "?",
        State::Empty => "○",
        State::Absent => "·",
    }
}

fn painted(state: State, look: Look) -> String {
    match state {
        State::Answered => look.good(symbol(state)),
        State::Bare | State::NotApplicable => look.severity(Severity::Info, symbol(state)),
        State::Placeholder | State::Empty => look.severity(Severity::Warning, symbol(state)),
        State::Absent => look.faint(symbol(state)),
    }
}

/// A strip per questionnaire: a line for each group, a symbol for each question.
fn questionnaires(prepared: &Prepared, document: &Document, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut used = BTreeSet::new();
    for (index, rule) in prepared.profile.questionnaire.iter().enumerate() {
        let Some(answers) = document.answers.get(index) else { continue };
        let states: Vec<State> = answers.answers.iter().map(|answer| answer.state).collect();
        let answered = states.iter().filter(|state| **state == State::Answered).count();
        let title = look.strong(&visible(&rule.section));
        writeln!(out, "\n{title}  {}", look.faint(&format!("{answered} of {} answered", states.len())))?;
        used.extend(states.iter().copied());
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut rest = states.iter();
        for group in &rule.group {
            let own: Vec<State> = rest.by_ref().take(group.question.len()).copied().collect();
            let strip: String = own.iter().map(|state| symbol(*state)).collect();
            let colored: String = own.iter().map(|state| painted(*state, look)).collect();
            let from = group.required_from.as_ref().map(|stage| format!("from {stage}")).unwrap_or_default();
            rows.push(vec![
                Cell::new(visible(&group.title)),
                Cell::new(strip).painted(move |_| colored.clone()),
                Cell::new(visible(&from)).painted(move |text| look.faint(text)),
            ]);
        }
        table::write(&rows, 2, look.width, Overflow::Cut, out)?;
    }
    if used.is_empty() {
        return Ok(());
    }
    let legend: Vec<String> = STATES
        .into_iter()
        .filter(|state| used.contains(state))
        .map(|state| format!("{} {}", painted(state, look), look.faint(&state.word().replace('-', " "))))
        .collect();
    writeln!(out, "  {}", legend.join("  "))
}

fn checklists(prepared: &Prepared, document: &Document, look: Look, out: &mut dyn Write) -> io::Result<()> {
    for (rule, ticks) in prepared.profile.checklist.iter().zip(&document.checklists) {
        if let Some(ticks) = ticks {
            let count = look.faint(&format!("{} of {} ticked", ticks.ticked, ticks.total));
            writeln!(out, "\n{}  {count}", look.strong(&visible(&rule.section)))?;
        }
    }
    Ok(())
}

/// The sections that the profile asks of this proposal and that are not there, or not written.
fn sections(
    prepared: &Prepared,
    proposal: &Proposal,
    prose: &Prose,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let conditions = Conditions::of(prepared);
    let accepted = proposal.accepted(prepared);
    let mut states: Vec<Option<SectionState>> = vec![None; prepared.profile.section.len()];
    for (section, state) in prose.document.body.sections.iter().zip(&prose.document.section_states) {
        if let Some(slot) = prepared.sections.get(&*section.words) {
            states[*slot] = states[*slot].max(Some(*state));
        }
    }
    let asked = prepared.profile.section.iter().zip(states).filter(|(rule, _)| {
        let required = match &rule.required {
            Required::Always(always) => *always,
            Required::When(condition) => conditions.hold(condition, proposal),
        };
        required && !Prepared::came_after(rule.since.as_deref(), accepted)
    });
    let (mut missing, mut unwritten): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for (rule, state) in asked {
        match state {
            None => missing.push(&rule.title),
            Some(SectionState::Empty | SectionState::Scaffold) => unwritten.push(&rule.title),
            Some(SectionState::Written) => {}
        }
    }
    for (title, sections) in [("Sections missing", missing), ("Sections not written yet", unwritten)] {
        if !sections.is_empty() {
            writeln!(out, "\n{}", look.strong(title))?;
            for section in sections {
                writeln!(out, "  {}", visible(section))?;
            }
        }
    }
    Ok(())
}

fn found(corpus: &Corpus, findings: &[&Finding], look: Look, out: &mut dyn Write) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    let places = Places::new(corpus, &[]);
    writeln!(out, "\n{}", look.strong("Findings"))?;
    let rows: Vec<Vec<Cell>> = findings
        .iter()
        .map(|finding| {
            let severity = finding.severity;
            let name = signoff_model::tree::split(&finding.path).1;
            let place = match places.region(finding) {
                Some(region) => format!("{name}:{}", region.start.line),
                None => name.to_owned(),
            };
            vec![
                Cell::new(severity.word()).painted(move |text| look.severity(severity, text)),
                Cell::new(visible(&place)),
                Cell::new(visible(&finding.rule)),
                Cell::new(visible(&finding.message)),
            ]
        })
        .collect();
    table::write(&rows, 2, look.width, Overflow::Wrap, out)
}
