//! Settings of gates, read as components read them: from the value of a flag, and from a mapping of a file.

use std::sync::Arc;

use signoff_model::configured::{GateSetting, Place};
use signoff_model::fact::Problem;
use signoff_model::node::Pair;
use signoff_model::{Node, Value};

use super::command::Word;
use super::passage::{Passage, problem};
use super::placeholders;

/// Components that take the name of a component before a gate, since Kubernetes 1.32.
const WITH_PREFIX: [&str; 3] = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];

/// A setting in a file, which the file of a drop-in may also take back.
#[derive(Clone)]
pub struct Change {
    /// What is set.
    pub setting: GateSetting,
    /// Whether nothing stands there: `false` to a file, and to a drop-in that the gate is as if it were never set.
    pub is_null: bool,
}

/// What a file does to the gates.
#[derive(Clone, Default)]
pub struct Changes {
    /// Whether it takes back all that was set before, as a drop-in with `featureGates: null` does.
    pub resets: bool,
    /// What it sets, in its order.
    pub changes: Vec<Change>,
    /// What is still to be filled in.
    pub gaps: Vec<Problem>,
    /// Why the component does not start with it.
    pub faults: Vec<Problem>,
    /// Keys that stand twice.
    pub twice: Vec<Problem>,
}

/// What `strconv.ParseBool` of Go reads.
pub fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// The gates in the value of a flag: `A=true,B=false`, with or without prefixes.
pub fn of_flag(component: &str, value: &Word, gaps: &mut Vec<Problem>, faults: &mut Vec<Problem>) -> Vec<GateSetting> {
    let mut lines = value.lines();
    let mut settings = Vec::new();
    for pair in value.text.split(',').filter(|pair| !pair.is_empty()) {
        let place = lines.place_of(pair.trim());
        if let Some(what) = placeholders::of_value(pair) {
            gaps.push(problem(&place, format!("the gates in `{}` are not known: it is {what}", pair.trim())));
            continue;
        }
        let setting = of_pair(component, pair, place);
        if setting.value.is_none() {
            let message = format!("`{}` sets no gate: {component} wants `Name=true` or `Name=false`", pair.trim());
            faults.push(problem(&setting.place, message));
        }
        settings.push(setting);
    }
    settings
}

fn of_pair(component: &str, pair: &str, place: Place) -> GateSetting {
    let (prefix, rest) = match pair.split_once(':') {
        Some((prefix, rest)) if WITH_PREFIX.contains(&component) => (Some(prefix.trim()), rest),
        _ => (None, pair),
    };
    let (name, written) = rest.split_once('=').map_or((rest, ""), |(name, written)| (name, written));
    GateSetting {
        name: name.trim().into(),
        written: written.trim().into(),
        value: boolean(written.trim()).filter(|_| rest.contains('=')),
        prefix: prefix.filter(|prefix| !prefix.is_empty()).map(Arc::from),
        place,
    }
}

/// Gates of Kubernetes itself may stand without a prefix or behind `kube:`, not both ways in one command line.
pub fn mixed_prefixes(component: &str, settings: &[GateSetting], faults: &mut Vec<Problem>) {
    let is_kube = |setting: &GateSetting| setting.prefix.as_deref() == Some("kube");
    let plain = settings.iter().any(|setting| setting.prefix.is_none());
    if let Some(kube) = settings.iter().find(|setting| is_kube(setting)).filter(|_| plain) {
        let message =
            format!("{component} takes gates with `kube:` or without it, not both; write all of them one way");
        if !faults.iter().any(|fault| fault.message == message) {
            faults.push(problem(&kube.place, message));
        }
    }
}

/// The gates of a mapping in a file: `featureGates: {A: true}`.
pub fn of_mapping(passage: &Passage, component: &str, pair: &Pair) -> Changes {
    let mut found = Changes { resets: pair.node.is_null(), ..Changes::default() };
    match &pair.node.value {
        Value::Map(pairs) => {
            for pair in pairs {
                of_key(passage, component, pair, &mut found);
            }
        }
        _ if pair.node.is_null() => {}
        Value::Unread => {
            found.gaps.push(passage.problem(pair.key_span, "the gates cannot be read; mend the syntax of the file"));
        }
        _ => match pair.node.text().and_then(placeholders::of_value) {
            Some(what) => {
                let message = format!("the gates of `{}` are not known: it is {what}", pair.key);
                found.gaps.push(passage.problem(pair.key_span, message));
            }
            None => {
                let message = format!("`{}` is {}; {component} wants a mapping of gates", pair.key, pair.node.kind());
                found.faults.push(passage.problem(pair.key_span, message));
            }
        },
    }
    twice(passage, component, &pair.node, &mut found.twice);
    found
}

fn of_key(passage: &Passage, component: &str, pair: &Pair, found: &mut Changes) {
    let place = passage.place(pair.key_span);
    let written = pair.node.text().unwrap_or_default();
    let filled_in = placeholders::of_value(&pair.key).or_else(|| placeholders::of_value(written));
    if let Some(what) = filled_in.or_else(|| pair.node.is_unread().then_some("a value that cannot be read")) {
        found.gaps.push(problem(&place, format!("the gate `{}` is not known: it is {what}", pair.key)));
        return;
    }
    let is_null = pair.node.is_null();
    let value = if is_null { Some(false) } else { of_yaml(passage, &pair.node) };
    if value.is_none() {
        let message = format!("`{}` is not `true` or `false` without quotes, which {component} wants", pair.key);
        found.faults.push(problem(&place, message));
    }
    let written = if is_null { "null" } else { written };
    let setting = GateSetting { name: pair.key.as_ref().into(), written: written.into(), value, prefix: None, place };
    found.changes.push(Change { setting, is_null });
}

/// The booleans of YAML 1.1, which these files are read as; in JSON there are but two.
fn of_yaml(passage: &Passage, node: &Node) -> Option<bool> {
    let is_json = passage.is_json;
    match node.text().filter(|_| !node.is_quoted())? {
        "true" => Some(true),
        "false" => Some(false),
        "y" | "Y" | "yes" | "Yes" | "YES" | "True" | "TRUE" | "on" | "On" | "ON" if !is_json => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "False" | "FALSE" | "off" | "Off" | "OFF" if !is_json => Some(false),
        _ => None,
    }
}

/// Gates that stand in one mapping more than once.
fn twice(passage: &Passage, component: &str, gates: &Node, found: &mut Vec<Problem>) {
    let mut seen = std::collections::HashSet::new();
    for pair in gates.pairs().iter().filter(|pair| !seen.insert(&*pair.key)) {
        let message = format!("`{}` stands here twice; {component} takes the later one, and warns", pair.key);
        found.push(passage.problem(pair.key_span, message));
    }
}
