//! Configuration files of components: documents whose kind says which component reads them.

use std::sync::Arc;

use signoff_model::Node;
use signoff_model::configured::{ConfigFormat, Place};
use signoff_model::fact::Problem;

use super::gates::{self, Changes};
use super::passage::{Document, Passage};

/// A configuration file of a component.
#[derive(Clone)]
pub struct ComponentFile {
    /// The component.
    pub component: &'static str,
    /// The name of the object that holds it, where there is one.
    pub name: Option<Arc<str>>,
    /// The path by which a command line leads here.
    pub known_as: Arc<str>,
    /// Where it begins.
    pub place: Place,
    /// What it does to the gates.
    pub gates: Changes,
    /// Its format.
    pub format: ConfigFormat,
    /// What of it cannot be read.
    pub gaps: Vec<Problem>,
}

/// A kind of configuration file.
struct Format {
    group: &'static str,
    kind: &'static str,
    component: &'static str,
    /// Whether it has gates. Where it has none, a field for them stops the component.
    has_gates: bool,
}

const FORMATS: [Format; 5] = [
    Format { group: "kubelet.config.k8s.io", kind: "KubeletConfiguration", component: "kubelet", has_gates: true },
    Format {
        group: "kubeproxy.config.k8s.io",
        kind: "KubeProxyConfiguration",
        component: "kube-proxy",
        has_gates: true,
    },
    Format {
        group: "kubescheduler.config.k8s.io",
        kind: "KubeSchedulerConfiguration",
        component: "kube-scheduler",
        has_gates: false,
    },
    Format {
        group: "kubecontrollermanager.config.k8s.io",
        kind: "KubeControllerManagerConfiguration",
        component: "kube-controller-manager",
        has_gates: false,
    },
    Format {
        group: "cloudcontrollermanager.config.k8s.io",
        kind: "CloudControllerManagerConfiguration",
        component: "cloud-controller-manager",
        has_gates: false,
    },
];

/// The group and version, and the kind, that a document says it has.
pub fn format_of(passage: &Passage, root: &Node) -> Option<ConfigFormat> {
    let kind = root.pair("kind")?;
    Some(ConfigFormat {
        api_version: root.get("apiVersion").and_then(Node::text).unwrap_or_default().into(),
        kind: kind.node.text()?.into(),
        place: passage.place(root.pair("apiVersion").map_or(kind.key_span, |pair| pair.key_span)),
    })
}

/// The group of an `apiVersion`.
pub fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// A document as a configuration file; `None` where it is of another kind.
pub fn read(passage: &Passage, document: &Document) -> Option<ComponentFile> {
    let format = format_of(passage, &document.root)?;
    let known =
        FORMATS.iter().find(|known| known.group == group(&format.api_version) && known.kind == &*format.kind)?;
    Some(of(passage, document, known, format))
}

/// A mapping that is taken as a part of a configuration file of a component, whatever it says of its kind.
pub fn part(passage: &Passage, component: &str, root: &Node, format: ConfigFormat) -> Option<ComponentFile> {
    let known = FORMATS.iter().find(|known| known.component == component)?;
    let document = Document { root: root.clone(), problems: Vec::new() };
    Some(of(passage, &document, known, format))
}

fn of(passage: &Passage, document: &Document, known: &Format, format: ConfigFormat) -> ComponentFile {
    let pairs = document.root.pairs().iter().filter(|pair| &*pair.key == "featureGates");
    let mut gates = Changes::default();
    for pair in pairs {
        if known.has_gates {
            // The later of two keys holds, as in JSON.
            let before = gates;
            gates = gates::of_mapping(passage, known.component, pair);
            gates.twice.extend(before.twice);
            if !before.changes.is_empty() {
                let message = "`featureGates` stands here twice; only the later one holds";
                gates.twice.push(passage.problem(pair.key_span, message));
            }
        } else {
            let message =
                format!("{} has no field `featureGates`; set gates by its flag `--feature-gates`", known.kind);
            gates.faults.push(passage.problem(pair.key_span, message));
        }
    }
    ComponentFile {
        component: known.component,
        name: None,
        known_as: Arc::clone(&passage.known_as),
        place: format.place.clone(),
        gates,
        format,
        gaps: document.problems.clone(),
    }
}
