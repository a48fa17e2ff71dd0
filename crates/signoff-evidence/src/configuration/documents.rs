//! Texts and their documents: what each is, by what stands in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use signoff_model::fact::Problem;
use signoff_model::{Node, Span};

use super::component_file;
use super::found::Found;
use super::passage::{Document, Passage};
use super::{cluster_api, distribution, environment, kubeadm, shell, talos, unit, workload};

/// Deepest level of texts within texts that is read.
const DEPTH_MAX: usize = 4;

/// Kinds that run nothing and configure no component; that they stand beside others is not worth a word.
const QUIET_GROUPS: [&str; 4] = ["rbac.authorization.k8s.io", "policy", "networking.k8s.io", "scheduling.k8s.io"];
const QUIET_KINDS: [&str; 7] =
    ["Service", "ServiceAccount", "Namespace", "Secret", "ConfigMap", "Endpoints", "PersistentVolumeClaim"];

/// Reads texts into what was found.
pub struct Documents<'f> {
    /// What was found.
    pub found: &'f mut Found,
    depth: usize,
    /// What stands in the file beside what was understood.
    others: Vec<(String, Problem)>,
}

impl<'f> Documents<'f> {
    /// A reader of one file.
    pub fn new(found: &'f mut Found) -> Self {
        Self { found, depth: 0, others: Vec::new() }
    }

    /// Reads a whole file; what nobody understands is said.
    pub fn file(mut self, passage: &Passage) {
        let (before, said) = (self.found.count(), self.found.unrecognised.len());
        self.text(passage);
        let understood = self.found.count() > before;
        let mut kinds = BTreeSet::new();
        let mut others: Vec<Problem> = Vec::new();
        for (kind, problem) in self.others {
            if kinds.insert(kind) {
                others.push(problem);
            }
        }
        match (understood, others.len()) {
            (true, _) => self.found.unrecognised.extend(others.into_iter().filter(|other| !other.message.is_empty())),
            (false, _) if self.found.unrecognised.len() > said => {}
            (false, _) => {
                let told = others.into_iter().find(|other| !other.message.is_empty());
                let message = "no component is known here that is configured by this";
                let path = Arc::clone(passage.path());
                self.found.unrecognised.push(told.unwrap_or(Problem { path, line: None, message: message.into() }));
            }
        }
    }

    /// Reads a text, whatever it is.
    pub fn text(&mut self, passage: &Passage) {
        if self.depth >= DEPTH_MAX {
            let message = "a text within so many others is not read";
            self.others.push((message.into(), passage.problem(Span::at(0), message)));
            return;
        }
        self.depth += 1;
        let is_read = unit::read(self.found, passage)
            || shell::read(self.found, passage)
            || environment::read(self.found, passage);
        if !is_read {
            for document in passage.documents() {
                self.document(passage, &document, None);
            }
        }
        self.depth -= 1;
    }

    /// Reads a text that stands in another and may be anything: that nobody understands it is not worth a word.
    pub fn any(&mut self, passage: &Passage) {
        let (others, said) = (self.others.len(), self.found.unrecognised.len());
        self.text(passage);
        self.others.truncate(others);
        self.found.unrecognised.truncate(said);
    }

    /// Reads a text that is the value of a node, and may be anything.
    pub fn inner(&mut self, passage: &Passage, node: Option<&Node>, name: &str) {
        let Some((node, text)) = node.and_then(|node| Some((node, node.text()?))) else { return };
        let inner = passage.inside(node, text, &format!("{}#/{name}", passage.known_as));
        self.any(&inner);
    }

    /// Reads a document. `holder` is the name of the object that it stands in.
    fn document(&mut self, passage: &Passage, document: &Document, holder: Option<&Arc<str>>) {
        let root = &document.root;
        if let Some(mut file) = component_file::read(passage, document) {
            file.name = holder.cloned();
            self.found.files.push(file);
            return;
        }
        let Some(format) = component_file::format_of(passage, root) else {
            if !talos::read(self, passage, document) && !distribution::read(self.found, passage, document) {
                self.unknown(passage, document);
            }
            return;
        };
        let group = component_file::group(&format.api_version);
        if group == "kubeadm.k8s.io" && kubeadm::read(self.found, passage, document, &format, holder) {
            return;
        }
        if group.ends_with("cluster.x-k8s.io") && cluster_api::read(self, passage, document, &format) {
            return;
        }
        if format.kind.ends_with("List") && root.pair("items").is_some() && self.depth < DEPTH_MAX {
            self.depth += 1;
            for item in root.get("items").map(Node::items).unwrap_or_default() {
                let item =
                    Document { root: item.clone(), problems: document.problems.iter().take(1).cloned().collect() };
                self.document(passage, &item, None);
            }
            self.depth -= 1;
            return;
        }
        let before = self.found.commands.len();
        match workload::read(self.found, passage, root, &format) {
            Some(true) => {
                for command in &mut self.found.commands[before..] {
                    command.gaps.extend(document.problems.iter().cloned());
                }
            }
            _ if &*format.kind == "ConfigMap" && self.config_map(passage, root) => {}
            runs => {
                let name = format!("{} {}", format.api_version, format.kind);
                // Machine configuration of Talos has further documents of its own.
                let is_quiet = runs.is_some()
                    || &*format.api_version == "v1alpha1"
                    || QUIET_GROUPS.contains(&group)
                    || QUIET_KINDS.contains(&&*format.kind);
                let message = if is_quiet && document.problems.is_empty() {
                    String::new()
                } else {
                    about(&format.kind, group, &name)
                };
                let place = &format.place;
                let problem = Problem { path: Arc::clone(&place.path), line: place.line, message };
                self.others.push((name, problem));
                self.others.extend(document.problems.iter().map(|problem| (problem.message.clone(), problem.clone())));
            }
        }
    }

    /// Reads the texts of a `ConfigMap`; tells whether one of them configures a component.
    fn config_map(&mut self, passage: &Passage, root: &Node) -> bool {
        let name: Arc<str> = root
            .get("metadata")
            .and_then(|metadata| metadata.get("name"))
            .and_then(Node::text)
            .unwrap_or_default()
            .into();
        let before = self.found.count();
        for pair in root.get("data").map(Node::pairs).unwrap_or_default() {
            let Some(text) = pair.node.text().filter(|text| text.contains("kind")) else { continue };
            let known_as = format!("{}#{name}/{}", passage.known_as, pair.key);
            let inner = passage.inside(&pair.node, text, &known_as);
            for document in inner.documents() {
                let format = component_file::format_of(&inner, &document.root);
                let is_config = format.is_some_and(|format| {
                    format.api_version.contains(".config.k8s.io/") || format.api_version.starts_with("kubeadm.")
                });
                if is_config {
                    self.document(&inner, &document, Some(&name));
                } else if document.root.get("kind").is_some() {
                    let problems = document.problems.into_iter();
                    self.others.extend(problems.map(|problem| (problem.message.clone(), problem)));
                }
            }
        }
        self.found.count() > before
    }

    /// A document without a kind that nobody knows.
    fn unknown(&mut self, passage: &Passage, document: &Document) {
        self.others.extend(document.problems.iter().map(|problem| (problem.message.clone(), problem.clone())));
        let root = &document.root;
        let message = if root.pair("featureGates").is_some() {
            "it has gates, and no `apiVersion` and `kind` that say whose"
        } else if distribution::is_like_options(root) {
            "it may hold options of k3s or RKE2, and none that hands arguments on to a component"
        } else {
            "no component is known here that is configured by this"
        };
        self.others.push((message.into(), passage.problem(root.span, message)));
    }
}

/// What to say about an object that nobody reads.
fn about(kind: &str, group: &str, name: &str) -> String {
    if kind.contains("ENC[") || group.contains("ENC[") {
        return "it is encrypted; decrypt it before".into();
    }
    if group.starts_with("k0s.") || group.contains("eks.amazonaws.com") {
        return format!("`{name}` is not read; what it generates sets up components by itself, give that");
    }
    format!("no component is known here that is configured by `{name}`")
}
