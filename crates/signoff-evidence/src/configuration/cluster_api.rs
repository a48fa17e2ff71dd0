//! Objects of Cluster API that carry what kubeadm is told, and files for the machines.

use std::sync::Arc;

use signoff_model::Node;
use signoff_model::configured::ConfigFormat;

use super::command::{Command, Origin};
use super::component_file::{self, ComponentFile};
use super::documents::Documents;
use super::kubeadm;
use super::passage::{Document, Passage};
use super::shell::base_name;

/// Kinds, and where what kubeadm is told stands in them.
const KINDS: [(&str, &[&str]); 4] = [
    ("KubeadmControlPlane", &["spec", "kubeadmConfigSpec"]),
    ("KubeadmControlPlaneTemplate", &["spec", "template", "spec", "kubeadmConfigSpec"]),
    ("KubeadmConfig", &["spec"]),
    ("KubeadmConfigTemplate", &["spec", "template", "spec"]),
];

/// Reads an object; false for other kinds.
pub fn read(documents: &mut Documents<'_>, passage: &Passage, document: &Document, format: &ConfigFormat) -> bool {
    let Some((_, path)) = KINDS.iter().find(|(kind, _)| *kind == &*format.kind) else { return false };
    let name: Option<Arc<str>> =
        document.root.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::text).map(Arc::from);
    let empty = Node::plain("", document.root.span);
    let spec = path.iter().try_fold(&document.root, |node, key| node.get(key)).unwrap_or(&empty);
    let mut commands = Vec::new();
    if let Some(part) = spec.get("clusterConfiguration") {
        let (mut own, control_plane) = kubeadm::cluster(passage, part, None);
        commands.extend(control_plane);
        own.component = "kubeadm".into();
        own.files = vec![Arc::clone(passage.path())];
        own.formats.push(format.clone());
        own.gaps.extend(document.problems.iter().cloned());
        own.gaps.push(super::passage::problem(
            &format.place,
            "Cluster API sets gates of kubeadm by itself, as its version decides",
        ));
        documents.found.whole.push((own, name.clone()));
    }
    let nodes = [("initConfiguration", " (first node)"), ("joinConfiguration", "")];
    let kubelets = nodes.into_iter().filter_map(|(key, which)| {
        let pair = spec.pair(key)?;
        let mut command = kubeadm::node(passage, &pair.node, None, Some(passage.line(pair.key_span)));
        command.name = name.as_ref().map(|name| format!("{name}{which}").into());
        Some(command)
    });
    commands.extend(kubelets);
    if !commands.iter().any(|command| &*command.component == "kubelet") {
        commands.push(Command::new(passage, "kubelet", format.place.clone(), Vec::new()));
    }
    let mut reading = Files { patches: Vec::new(), gaps: Vec::new() };
    let root = format!("{}#{}", passage.known_as, name.as_deref().unwrap_or_default());
    for file in spec.get("files").map(Node::items).unwrap_or_default() {
        reading.file(documents, passage, file, &root);
    }
    reading.commands(passage, spec);
    for mut command in commands {
        let gaps = reading.gaps.iter().filter(|(component, _)| *component == &*command.component);
        command.gaps.extend(gaps.map(|(_, gap)| gap.clone()));
        command.gaps.extend(document.problems.iter().cloned());
        if &*command.component == "kubelet" {
            command.origin = Origin::Patches(reading.patches.clone());
        }
        command.name = command.name.take().or_else(|| name.clone());
        command.formats.push(format.clone());
        documents.found.commands.push(command);
    }
    true
}

/// The files that an object writes to machines.
struct Files {
    /// Patches of the configuration of kubelets.
    patches: Vec<ComponentFile>,
    /// What is not known because of files, and of which component.
    gaps: Vec<(&'static str, signoff_model::fact::Problem)>,
}

impl Files {
    fn file(&mut self, documents: &mut Documents<'_>, passage: &Passage, file: &Node, root: &str) {
        let Some(path) = file.get("path").and_then(Node::text) else { return };
        let target = patched(path);
        let unknown = file.pair("contentFrom").or_else(|| file.pair("encoding").filter(|pair| !pair.node.is_blank()));
        if let Some(pair) = unknown {
            let about = target.or_else(|| path.contains("kubelet").then_some("kubelet"));
            let gap = passage.problem(
                pair.key_span,
                format!("the content of `{path}` is not read: it stands elsewhere, or is encoded"),
            );
            self.gaps.extend(about.map(|component| (component, gap)));
            return;
        }
        let Some((node, text)) = file.get("content").and_then(|node| Some((node, node.text()?))) else { return };
        let inner = passage.inside(node, text, &format!("{root}/{}", path.trim_start_matches('/')));
        match target {
            Some("kubelet") => self.patches.extend(patch(&inner)),
            Some(component) => {
                let message = format!("`{path}` patches {component}; patches of pods are not applied here");
                self.gaps.push((component, passage.problem(node.span, message)));
            }
            None => {
                let before = documents.found.count();
                match path.contains("kube") {
                    true => documents.text(&inner),
                    false => documents.any(&inner),
                }
                if documents.found.count() > before {
                    let message =
                        format!("`{path}` sets up a component as well; it is listed by itself, not applied here");
                    self.gaps.push(("kubelet", passage.problem(node.span, message)));
                }
            }
        }
    }

    /// Commands that run before and after kubeadm, where they set gates.
    fn commands(&mut self, passage: &Passage, spec: &Node) {
        let lists = ["preKubeadmCommands", "postKubeadmCommands"];
        for item in lists.iter().filter_map(|key| spec.get(key)).flat_map(Node::items) {
            let text = item.text().unwrap_or_default();
            if text.contains("feature-gates") || text.contains("featureGates") || text.contains("kubelet") {
                let gap = passage.problem(item.span, "a command changes how components are set up; it is not read");
                self.gaps.push(("kubelet", gap));
            }
        }
    }
}

/// The component whose configuration a file patches: kubeadm tells by the name (`kubeletconfiguration0+merge.yaml`).
fn patched(path: &str) -> Option<&'static str> {
    const TARGETS: [(&str, &str); 4] = [
        ("kubeletconfiguration", "kubelet"),
        ("kube-apiserver", "kube-apiserver"),
        ("kube-controller-manager", "kube-controller-manager"),
        ("kube-scheduler", "kube-scheduler"),
    ];
    let name = base_name(path);
    let is_patch = path.contains("/patches/") || name.contains('+');
    TARGETS.into_iter().find(|(start, _)| is_patch && name.starts_with(start)).map(|(_, component)| component)
}

/// A patch of the configuration of a kubelet.
fn patch(passage: &Passage) -> Vec<ComponentFile> {
    let documents = passage.documents();
    let parts = documents.iter().filter_map(|document| {
        let place = passage.place(document.root.span);
        let usual = ConfigFormat {
            api_version: "kubelet.config.k8s.io/v1beta1".into(),
            kind: "KubeletConfiguration".into(),
            place,
        };
        let format = component_file::format_of(passage, &document.root).unwrap_or(usual);
        let mut part = component_file::part(passage, "kubelet", &document.root, format)?;
        part.gaps.extend(document.problems.iter().cloned());
        if !document.root.items().is_empty() {
            part.gaps
                .push(passage.problem(document.root.span, "a patch that is a list of operations is not applied here"));
        }
        Some(part)
    });
    parts.collect()
}
