//! Machine configuration of Talos.

use std::sync::Arc;

use signoff_model::Node;
use signoff_model::configured::ConfigFormat;

use super::command::{self, Command, Origin};
use super::component_file;
use super::documents::Documents;
use super::passage::{Document, Passage};
use super::workload;

/// Components below `cluster`.
const CLUSTER: [(&str, &str); 4] = [
    ("apiServer", "kube-apiserver"),
    ("controllerManager", "kube-controller-manager"),
    ("scheduler", "kube-scheduler"),
    ("proxy", "kube-proxy"),
];

/// Reads a machine configuration, or a part that is patched in; false for anything else.
pub fn read(documents: &mut Documents<'_>, passage: &Passage, document: &Document) -> bool {
    let root = &document.root;
    let is_own = |key: &str| matches!(key, "version" | "debug" | "persist" | "machine" | "cluster");
    let parts = ["machine", "cluster"].map(|key| root.get(key).filter(|node| !node.pairs().is_empty()));
    if parts == [None, None] || !root.pairs().iter().all(|pair| is_own(&pair.key)) {
        return false;
    }
    let [machine, cluster] = parts;
    let name = machine.and_then(|machine| machine.get("network")?.get("hostname")?.text()).map(Arc::from);
    let before = documents.found.commands.len();
    if let Some(machine) = machine {
        machine_parts(documents, passage, machine);
    }
    for (key, component) in CLUSTER {
        let Some(pair) = cluster.and_then(|cluster| cluster.pair(key)) else { continue };
        if pair.node.get("disabled").and_then(Node::text) == Some("true") {
            continue;
        }
        let words = pair.node.get("extraArgs").map(|node| command::of_arguments(passage, node)).unwrap_or_default();
        let mut command = Command::new(passage, component, passage.place(pair.key_span), words);
        own(
            passage,
            &mut command,
            pair.node.get("config"),
            "kubescheduler.config.k8s.io/v1",
            "KubeSchedulerConfiguration",
        );
        unread(passage, &pair.node, &mut command);
        documents.found.commands.push(command);
    }
    for manifest in cluster.and_then(|cluster| cluster.get("inlineManifests")).map(Node::items).unwrap_or_default() {
        documents.inner(passage, manifest.get("contents"), "manifest.yaml");
    }
    for command in &mut documents.found.commands[before..] {
        command.name = command.name.take().or_else(|| name.clone());
        command.gaps.extend(document.problems.iter().cloned());
    }
    true
}

fn machine_parts(documents: &mut Documents<'_>, passage: &Passage, machine: &Node) {
    if let Some(pair) = machine.pair("kubelet") {
        let words = pair.node.get("extraArgs").map(|node| command::of_arguments(passage, node)).unwrap_or_default();
        let mut command = Command::new(passage, "kubelet", passage.place(pair.key_span), words);
        own(
            passage,
            &mut command,
            pair.node.get("extraConfig"),
            "kubelet.config.k8s.io/v1beta1",
            "KubeletConfiguration",
        );
        unread(passage, &pair.node, &mut command);
        documents.found.commands.push(command);
    }
    for pod in machine.get("pods").map(Node::items).unwrap_or_default() {
        let format = component_file::format_of(passage, pod);
        let spec = pod.get("spec");
        let name = pod.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::text).map(Arc::from);
        if let (Some(format), Some(spec)) = (format, spec) {
            workload::pod(documents.found, passage, spec, name.as_ref(), &format);
        }
    }
}

/// The configuration file that Talos writes from a mapping: its kind is that of the version that Talos runs, where
/// the mapping does not say it.
fn own(passage: &Passage, command: &mut Command, part: Option<&Node>, api_version: &str, kind: &str) {
    let part = part.filter(|part| !part.pairs().is_empty());
    let files = part.and_then(|part| {
        let place = passage.place(part.span);
        let usual = ConfigFormat { api_version: api_version.into(), kind: kind.into(), place };
        let format = component_file::format_of(passage, part).unwrap_or(usual);
        component_file::part(passage, &command.component, part, format)
    });
    command.origin = Origin::Own(files.into_iter().collect());
}

fn unread(passage: &Passage, node: &Node, command: &mut Command) {
    for pair in node.pairs().iter().filter(|pair| pair.node.is_unread()) {
        command.gaps.push(passage.problem(pair.key_span, format!("`{}` cannot be read", pair.key)));
    }
    if node.is_unread() {
        command.gaps.push(passage.problem(node.span, "it cannot be read"));
    }
}
