//! What kubeadm is told: its own gates, the arguments of the control plane, and those of kubelets.

use std::sync::Arc;

use signoff_model::Node;
use signoff_model::configured::{ConfigFormat, Configured};
use signoff_model::fact::Problem;
use signoff_model::node::Pair;

use super::command::{self, Command, Origin, Word};
use super::found::Found;
use super::gates;
use super::passage::{Document, Passage};

/// Where the arguments of the components of a control plane stand in a `ClusterConfiguration`.
pub const CONTROL_PLANE: [(&str, &str); 3] = [
    ("apiServer", "kube-apiserver"),
    ("controllerManager", "kube-controller-manager"),
    ("scheduler", "kube-scheduler"),
];

/// Reads a document of kubeadm's own kinds; false for a kind that it does not have.
pub fn read(
    found: &mut Found,
    passage: &Passage,
    document: &Document,
    format: &ConfigFormat,
    name: Option<&Arc<str>>,
) -> bool {
    let root = &document.root;
    match &*format.kind {
        "ClusterConfiguration" => {
            let (own, mut commands) = cluster(passage, root, Some(format));
            for command in &mut commands {
                command.gaps.extend(document.problems.iter().cloned());
                command.name = name.cloned();
            }
            found.commands.extend(commands);
            whole(found, own, format, document, name);
        }
        "InitConfiguration" | "JoinConfiguration" => {
            let mut command = node(passage, root, Some(format), format.place.line);
            command.origin = Origin::Beside { absent: absent(&format.kind) };
            command.gaps.extend(document.problems.iter().cloned());
            if let Some(pair) = root.pair("patches") {
                let message = "patches change what kubeadm writes; they are not read";
                command.gaps.push(passage.problem(pair.key_span, message));
            }
            found.commands.push(command);
            whole(found, Configured::default(), format, document, name);
        }
        "ClusterStatus" | "ResetConfiguration" | "UpgradeConfiguration" => {
            whole(found, Configured::default(), format, document, name);
        }
        _ => return false,
    }
    true
}

/// What holds for a kubelet beside whose arguments no configuration stands.
fn absent(kind: &str) -> (&'static str, bool) {
    match kind {
        "JoinConfiguration" => (
            "kubeadm takes the configuration of this kubelet from the cluster (`kubelet-config`), which was not given",
            true,
        ),
        _ => ("kubeadm writes the configuration of this kubelet by itself, without gates", false),
    }
}

fn whole(found: &mut Found, mut own: Configured, format: &ConfigFormat, document: &Document, name: Option<&Arc<str>>) {
    own.component = "kubeadm".into();
    own.files = vec![Arc::clone(&format.place.path)];
    own.formats.push(format.clone());
    own.gaps.extend(document.problems.iter().cloned());
    // kubeadm reads the documents of one file together.
    let before = found.whole.last_mut().filter(|(before, of)| before.files == own.files && of.as_ref() == name);
    match before {
        Some((before, _)) => {
            before.gates.extend(own.gates);
            before.formats.extend(own.formats);
            before.gaps.extend(own.gaps);
            before.faults.extend(own.faults);
            before.remarks.extend(own.remarks);
        }
        None => found.whole.push((own, name.cloned())),
    }
}

/// kubeadm's own gates, and the command lines of a control plane.
pub fn cluster(passage: &Passage, root: &Node, format: Option<&ConfigFormat>) -> (Configured, Vec<Command>) {
    let mut own = Configured::default();
    if let Some(pair) = root.pair("featureGates") {
        let found = gates::of_mapping(passage, "kubeadm", pair);
        own.gates = found.changes.into_iter().map(|change| change.setting).collect();
        own.gaps = found.gaps;
        own.faults = found.faults;
        own.remarks = found.twice;
    }
    let commands = CONTROL_PLANE.into_iter().map(|(key, component)| {
        let place = passage.place(root.pair(key).map_or(root.span, |pair| pair.key_span));
        let mut command = Command::new(passage, component, place, Vec::new());
        match root.get(key) {
            Some(part) if part.is_unread() => {
                command.gaps.push(passage.problem(part.span, format!("`{key}` cannot be read")));
            }
            part => extra(passage, part.and_then(|part| part.pair("extraArgs")), format, &mut command),
        }
        command
    });
    let commands = commands.collect();
    (own, commands)
}

/// The command line of the kubelet of a node, as `nodeRegistration` says.
pub fn node(passage: &Passage, root: &Node, format: Option<&ConfigFormat>, line: Option<usize>) -> Command {
    let registration = root.get("nodeRegistration");
    let mut place = passage.place(root.span);
    place.line = line.or(place.line);
    let mut command = Command::new(passage, "kubelet", place, Vec::new());
    command.name = registration.and_then(|node| node.get("name")).and_then(Node::text).map(Arc::from);
    extra(passage, registration.and_then(|node| node.pair("kubeletExtraArgs")), format, &mut command);
    command
}

/// Arguments, in the order in which kubeadm writes them: by name, then by value (`cmd/kubeadm/app/util/arguments.go`,
/// `ArgumentsToCommand`).
fn extra(passage: &Passage, pair: Option<&Pair>, format: Option<&ConfigFormat>, command: &mut Command) {
    let Some(pair) = pair else { return };
    if pair.node.is_unread() {
        command.gaps.push(passage.problem(pair.key_span, format!("`{}` cannot be read", pair.key)));
    }
    let mut words = command::of_arguments(passage, &pair.node);
    words.sort_by(|left, right| left.text.split_once('=').cmp(&right.text.split_once('=')));
    repeated(&words, &mut command.remarks);
    command.words = words;
    if let Some(format) = format {
        faults(passage, pair, format, &mut command.faults);
    }
}

/// Says that a repeated flag is sorted, where that may surprise.
fn repeated(words: &[Word], remarks: &mut Vec<Problem>) {
    let gates = words.iter().filter(|word| word.text.starts_with("--feature-gates="));
    if let Some(second) = gates.clone().nth(1) {
        let message =
            "kubeadm sorts flags of one name by their value: the last of them wins, whatever their order here";
        remarks.push(super::passage::problem(&second.place, message));
    }
}

/// What kubeadm refuses to read: the shape of another version, and values that are no texts.
fn faults(passage: &Passage, pair: &Pair, format: &ConfigFormat, found: &mut Vec<Problem>) {
    let is_old = ["v1beta1", "v1beta2", "v1beta3"].iter().any(|old| format.api_version.ends_with(old));
    let (wanted, is_wrong) = match is_old {
        true => ("a mapping of names to values", !pair.node.items().is_empty()),
        false => ("a list of `name` and `value`", !pair.node.pairs().is_empty()),
    };
    if is_wrong {
        let message = format!("`{}` is {wanted} in {}", pair.key, format.api_version);
        found.push(passage.problem(pair.key_span, message));
    }
    let listed = pair.node.items().iter().filter_map(|item| item.get("value"));
    for value in pair.node.pairs().iter().map(|pair| &pair.node).chain(listed) {
        if let Some(text) = value.text().filter(|text| !value.is_quoted() && is_no_text(text)) {
            let message = format!("`{text}` has to stand in quotes: kubeadm takes texts alone as values");
            found.push(passage.problem(value.span, message));
        }
    }
}

/// Whether a plain scalar is a boolean or a number.
fn is_no_text(text: &str) -> bool {
    matches!(text, "true" | "false" | "True" | "False" | "TRUE" | "FALSE" | "yes" | "no" | "on" | "off")
        || text.parse::<f64>().is_ok_and(f64::is_finite)
}
