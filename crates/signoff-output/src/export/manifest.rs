//! The manifest that the Kubernetes project publishes of its proposals (`keps.json`), in the same shape: an array,
//! the keys in the same order, unset texts empty, lists that are not stated null.
//!
//! Shape: kubernetes/enhancements, `kepctl query --output json` (pkg/output, api). Two keys are always empty there
//! and are here, `id` and `markdown`.

use std::io::{self, Write};

use serde::Serialize;
use signoff_model::profile::{Meaning, Prepared};
use signoff_model::{Corpus, Node, Proposal};

/// A proposal as the manifest has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    id: &'static str,
    name: &'a str,
    path: &'a str,
    title: &'a str,
    kep_number: &'a str,
    authors: List<'a>,
    owning_sig: &'a str,
    participating_sigs: List<'a>,
    reviewers: List<'a>,
    approvers: List<'a>,
    editor: &'a str,
    creation_date: &'a str,
    last_updated: &'a str,
    status: &'a str,
    see_also: List<'a>,
    replaces: List<'a>,
    superseded_by: List<'a>,
    stage: &'a str,
    latest_milestone: &'a str,
    milestone: Milestone<'a>,
    feature_gates: Option<Vec<FeatureGate<'a>>>,
    disable_supported: bool,
    metrics: List<'a>,
    markdown: &'static str,
}

/// The texts of a list; null where none is stated.
type List<'a> = Option<Vec<&'a str>>;

/// The release of each stage.
#[derive(Serialize)]
struct Milestone<'a> {
    alpha: &'a str,
    beta: &'a str,
    stable: &'a str,
    deprecated: &'a str,
    removed: &'a str,
    disabled: &'a str,
}

#[derive(Serialize)]
struct FeatureGate<'a> {
    name: &'a str,
    components: List<'a>,
}

/// What YAML readers of version 1.1 take for true where a flag is wanted.
const TRUE: [&str; 11] = ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"];

/// Writes the manifest.
///
/// # Errors
/// Those of the writer.
pub fn write(corpus: &Corpus, out: &mut dyn Write) -> io::Result<()> {
    let entries: Vec<Entry<'_>> =
        corpus.proposals.iter().map(|proposal| Entry::new(&corpus.prepared, proposal)).collect();
    crate::write_json(&entries, out)
}

impl<'a> Entry<'a> {
    fn new(prepared: &Prepared, proposal: &'a Proposal) -> Self {
        let meant = |meaning| proposal.meant(prepared, meaning).map(|pair| &pair.node);
        let named = |name| proposal.field(prepared, name).map(|pair| &pair.node);
        Self {
            id: "",
            name: &proposal.name,
            path: &proposal.path,
            title: text(meant(Meaning::Title)),
            kep_number: text(meant(Meaning::Number)),
            authors: list(meant(Meaning::Authors)),
            owning_sig: text(meant(Meaning::Group)),
            participating_sigs: list(named("participating-sigs")),
            reviewers: list(meant(Meaning::Reviewers)),
            approvers: list(meant(Meaning::Approvers)),
            editor: text(named("editor")),
            creation_date: text(meant(Meaning::Created)),
            last_updated: text(named("last-updated")),
            status: text(meant(Meaning::Status)),
            see_also: list(meant(Meaning::Related)),
            replaces: list(meant(Meaning::Supersedes)),
            superseded_by: list(meant(Meaning::SupersededBy)),
            stage: text(meant(Meaning::Stage)),
            latest_milestone: text(meant(Meaning::LatestMilestone)),
            milestone: Milestone::new(meant(Meaning::Milestones)),
            feature_gates: meant(Meaning::Gates).and_then(gates),
            disable_supported: TRUE.contains(&text(meant(Meaning::CanDisable))),
            metrics: list(meant(Meaning::Metrics)),
            markdown: "",
        }
    }
}

impl<'a> Milestone<'a> {
    fn new(node: Option<&'a Node>) -> Self {
        let release = |stage| text(node.and_then(|node| node.get(stage)));
        Self {
            alpha: release("alpha"),
            beta: release("beta"),
            stable: release("stable"),
            deprecated: release("deprecated"),
            removed: release("removed"),
            disabled: release("disabled"),
        }
    }
}

/// A scalar's text; empty where there is none.
fn text(node: Option<&Node>) -> &str {
    node.filter(|node| !node.is_null()).and_then(Node::text).unwrap_or_default()
}

/// Null where nothing is stated; a single text stands for a list with it.
fn list(node: Option<&Node>) -> List<'_> {
    let node = node.filter(|node| !node.is_null())?;
    Some(if node.text().is_some() {
        vec![text(Some(node))]
    } else {
        node.items().iter().map(|item| text(Some(item))).collect()
    })
}

fn gates(node: &Node) -> Option<Vec<FeatureGate<'_>>> {
    (!node.is_null()).then(|| node.items().iter().map(FeatureGate::new).collect())
}

impl<'a> FeatureGate<'a> {
    fn new(node: &'a Node) -> Self {
        let name = if node.text().is_some() { Some(node) } else { node.get("name") };
        Self { name: text(name), components: list(node.get("components")) }
    }
}
