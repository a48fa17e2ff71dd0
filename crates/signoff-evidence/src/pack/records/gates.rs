//! Facts of gates.

use std::sync::Arc;

use signoff_model::fact::{GateDeclaration, GateNow, GatePage, GateRecord, GateSpec, GateUse, PageStage, Use};

use super::{quote, quote_of, release, release_of, stage, stage_of};
use crate::pack::texts::{Id, Numbers, Texts};
use crate::pack::wire;

pub fn gate<'f>(record: &'f GateRecord, numbers: &mut Numbers<'f>) -> wire::Gate {
    let GateRecord { name, specs: written, needs } = record;
    wire::Gate {
        name: numbers.of(name),
        specs: specs(written, numbers),
        needs: needs.as_ref().map(|needs| numbers.all(needs)),
    }
}

pub fn gate_of(gate: wire::Gate, texts: &mut Texts<'_>) -> Option<GateRecord> {
    let wire::Gate { name, specs, needs } = gate;
    let specs = specs_of(specs, texts)?;
    Some(GateRecord { name: texts.shared(name)?, specs, needs: needs_of(needs, texts)? })
}

pub fn declaration<'f>(declaration: &'f GateDeclaration, numbers: &mut Numbers<'f>) -> wire::Declaration {
    let GateDeclaration { name, constant, proposals, specs: written, now, needs, registry } = declaration;
    wire::Declaration {
        name: numbers.of(name),
        constant: numbers.maybe(constant.as_ref()),
        proposals: numbers.all(proposals),
        specs: specs(written, numbers),
        now: now.as_ref().map(|GateNow { stage: of, default, locked, at }| wire::Now {
            stage: stage(*of),
            default: *default,
            locked: *locked,
            at: quote(at, numbers),
        }),
        needs: needs.as_ref().map(|needs| numbers.all(needs)),
        registry: numbers.maybe(registry.as_ref()),
    }
}

pub fn declaration_of(declaration: wire::Declaration, texts: &mut Texts<'_>) -> Option<GateDeclaration> {
    let wire::Declaration { name, constant, proposals, specs, now, needs, registry } = declaration;
    let now = match now {
        Some(wire::Now { stage, default, locked, at }) => {
            Some(GateNow { stage: stage_of(stage)?, default, locked, at: quote_of(&at, texts)? })
        }
        None => None,
    };
    Some(GateDeclaration {
        name: texts.shared(name)?,
        constant: texts.maybe(constant)?,
        proposals: texts.all(&proposals)?,
        specs: specs_of(specs, texts)?,
        now,
        needs: needs_of(needs, texts)?,
        registry: texts.maybe(registry)?,
    })
}

pub fn page<'f>(page: &'f GatePage, numbers: &mut Numbers<'f>) -> wire::Page {
    let GatePage { name, former, stages, removed, removed_at } = page;
    wire::Page {
        name: numbers.of(name),
        former: numbers.all(former),
        stages: stages.iter().map(|stage| page_stage(stage, numbers)).collect(),
        removed: *removed,
        removed_at: quote(removed_at, numbers),
    }
}

pub fn page_of(page: wire::Page, texts: &mut Texts<'_>) -> Option<GatePage> {
    let wire::Page { name, former, stages, removed, removed_at } = page;
    Some(GatePage {
        name: texts.shared(name)?,
        former: texts.all(&former)?,
        stages: stages.into_iter().map(|stage| page_stage_of(stage, texts)).collect::<Option<_>>()?,
        removed,
        removed_at: quote_of(&removed_at, texts)?,
    })
}

pub fn gate_use<'f>(gate_use: &'f GateUse, numbers: &mut Numbers<'f>) -> wire::Use {
    let GateUse { gate, by } = gate_use;
    let by = match by {
        Use::Page => wire::By::Page,
        Use::Test => wire::By::Test,
        Use::Feature => wire::By::Feature,
        Use::Field(field) => wire::By::Field(numbers.of(field)),
        Use::Program { component, stage: of, default } => {
            wire::By::Program { component: numbers.of(component), stage: of.map(stage), default: *default }
        }
    };
    wire::Use { gate: numbers.of(gate), by }
}

pub fn gate_use_of(gate_use: wire::Use, texts: &mut Texts<'_>) -> Option<GateUse> {
    let by = match gate_use.by {
        wire::By::Page => Use::Page,
        wire::By::Test => Use::Test,
        wire::By::Feature => Use::Feature,
        wire::By::Field(field) => Use::Field(texts.shared(field)?),
        wire::By::Program { component, stage, default } => {
            let stage = stage.map(|stage| stage_of(stage).ok_or(())).transpose().ok()?;
            Use::Program { component: texts.shared(component)?, stage, default }
        }
    };
    Some(GateUse { gate: texts.shared(gate_use.gate)?, by })
}

fn specs<'f>(specs: &'f [GateSpec], numbers: &mut Numbers<'f>) -> Vec<wire::Spec> {
    let written = specs.iter().map(|spec| {
        let GateSpec {
            since,
            stage: of,
            default,
            locked,
            min_compatibility,
            since_at,
            stage_at,
            default_at,
            locked_at,
        } = spec;
        wire::Spec {
            since: release(*since),
            stage: stage(*of),
            default: *default,
            locked: *locked,
            min_compatibility: min_compatibility.map(release),
            since_at: quote(since_at, numbers),
            stage_at: quote(stage_at, numbers),
            default_at: quote(default_at, numbers),
            locked_at: quote(locked_at, numbers),
        }
    });
    written.collect()
}

fn specs_of(specs: Vec<wire::Spec>, texts: &Texts<'_>) -> Option<Vec<GateSpec>> {
    let read = specs.into_iter().map(|spec| {
        Some(GateSpec {
            since: release_of(spec.since),
            stage: stage_of(spec.stage)?,
            default: spec.default,
            locked: spec.locked,
            min_compatibility: spec.min_compatibility.map(release_of),
            since_at: quote_of(&spec.since_at, texts)?,
            stage_at: quote_of(&spec.stage_at, texts)?,
            default_at: quote_of(&spec.default_at, texts)?,
            locked_at: quote_of(&spec.locked_at, texts)?,
        })
    });
    read.collect()
}

fn page_stage<'f>(page_stage: &'f PageStage, numbers: &mut Numbers<'f>) -> wire::PageStage {
    let PageStage { stage: of, from, to, default, locked, stage_at, from_at, to_at, default_at } = page_stage;
    wire::PageStage {
        stage: stage(*of),
        from: from.map(release),
        to: to.map(release),
        default: *default,
        locked: *locked,
        stage_at: quote(stage_at, numbers),
        from_at: quote(from_at, numbers),
        to_at: quote(to_at, numbers),
        default_at: quote(default_at, numbers),
    }
}

fn page_stage_of(stage: wire::PageStage, texts: &Texts<'_>) -> Option<PageStage> {
    Some(PageStage {
        stage: stage_of(stage.stage)?,
        from: stage.from.map(release_of),
        to: stage.to.map(release_of),
        default: stage.default,
        locked: stage.locked,
        stage_at: quote_of(&stage.stage_at, texts)?,
        from_at: quote_of(&stage.from_at, texts)?,
        to_at: quote_of(&stage.to_at, texts)?,
        default_at: quote_of(&stage.default_at, texts)?,
    })
}

/// `None` only where a number is that of no text.
fn needs_of(needs: Option<Vec<Id>>, texts: &mut Texts<'_>) -> Option<Option<Vec<Arc<str>>>> {
    match needs {
        Some(needs) => texts.all(&needs).map(Some),
        None => Some(None),
    }
}
