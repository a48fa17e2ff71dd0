//! Pods, and what makes pods: the command lines of their containers.

use std::collections::BTreeMap;
use std::sync::Arc;

use signoff_model::Node;
use signoff_model::configured::ConfigFormat;

use super::command::{Command, Word};
use super::found::Found;
use super::passage::Passage;
use super::shell::{self, Started};

/// Kinds that run containers, and where their pod is described.
const KINDS: [(&str, &[&str]); 9] = [
    ("Pod", &["spec"]),
    ("PodTemplate", &["template", "spec"]),
    ("DaemonSet", &["spec", "template", "spec"]),
    ("Deployment", &["spec", "template", "spec"]),
    ("StatefulSet", &["spec", "template", "spec"]),
    ("ReplicaSet", &["spec", "template", "spec"]),
    ("ReplicationController", &["spec", "template", "spec"]),
    ("Job", &["spec", "template", "spec"]),
    ("CronJob", &["spec", "jobTemplate", "spec", "template", "spec"]),
];

/// Longest word that is filled in, in bytes.
const WORD_MAX: usize = 1024 * 1024;

/// Reads an object that runs containers; `None` for one that does not, otherwise whether it runs a component.
pub fn read(found: &mut Found, passage: &Passage, root: &Node, format: &ConfigFormat) -> Option<bool> {
    let (_, path) = KINDS.iter().find(|(kind, _)| *kind == &*format.kind)?;
    let spec = path.iter().try_fold(root, |node, key| node.get(key))?;
    let name = root.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::text).map(Arc::from);
    Some(pod(found, passage, spec, name.as_ref(), format))
}

/// Reads the containers of a pod; tells whether one is a component.
pub fn pod(found: &mut Found, passage: &Passage, spec: &Node, name: Option<&Arc<str>>, format: &ConfigFormat) -> bool {
    let mut is_component = false;
    for container in spec.get("containers").map(Node::items).unwrap_or_default() {
        let Some(mut command) = container_command(passage, container) else { continue };
        command.name = name.cloned();
        command.formats.push(format.clone());
        found.commands.push(command);
        is_component = true;
    }
    is_component
}

fn container_command(passage: &Passage, container: &Node) -> Option<Command> {
    let variables = variables(container);
    let words_of = |key: &str| -> Vec<Word> {
        let items = container.get(key).map(Node::items).unwrap_or_default();
        items.iter().map(|item| filled_in(Word::of_node(passage, "", item, item.span), &variables)).collect()
    };
    let (command, arguments) = (words_of("command"), words_of("args"));
    let all: Vec<Word> = command.iter().chain(&arguments).cloned().collect();
    let image = container.get("image").and_then(Node::text).unwrap_or_default();
    let image_name = shell::base_name(image).split([':', '@']).next().unwrap_or_default();
    let of_image = shell::component(image_name);
    let place = passage.place(container.span);
    let mut started = match (shell::started(&all), of_image) {
        (Some(Started { component, words }), _) => Command::new(passage, component, place, words),
        (None, Some(component)) if command.is_empty() => Command::new(passage, component, place, arguments),
        (None, Some(component)) => {
            let mut unknown = Command::new(passage, component, place, Vec::new());
            let message = format!("`{}` starts {component}, with flags that are not known here", command[0].text);
            unknown.gaps.push(super::passage::problem(&command[0].place, message));
            unknown
        }
        (None, None) => return None,
    };
    for key in ["command", "args"] {
        if let Some(pair) = container.pair(key).filter(|pair| pair.node.text().is_some() || pair.node.is_unread()) {
            started.gaps.push(passage.problem(pair.key_span, format!("`{key}` is no list of words; it is not read")));
        }
    }
    Some(started)
}

/// The variables of a container whose values stand in it.
fn variables(container: &Node) -> BTreeMap<&str, &str> {
    let items = container.get("env").map(Node::items).unwrap_or_default();
    items.iter().filter_map(|item| Some((item.get("name")?.text()?, item.get("value")?.text()?))).collect()
}

/// A word with each `$(NAME)` in it filled in; one that is not known stays, as it does in Kubernetes.
fn filled_in(mut word: Word, variables: &BTreeMap<&str, &str>) -> Word {
    if !word.text.contains("$(") {
        return word;
    }
    let mut text = String::new();
    let mut rest = word.text.as_str();
    while let Some((before, behind)) = rest.split_once("$(").filter(|_| text.len() <= WORD_MAX) {
        text.push_str(before);
        let named = behind.split_once(')').and_then(|(name, behind)| Some((*variables.get(name)?, behind)));
        match named.filter(|_| !before.ends_with('$')) {
            Some((value, behind)) => {
                text.push_str(value);
                rest = behind;
            }
            None => {
                text.push_str("$(");
                rest = behind;
            }
        }
    }
    text.push_str(rest);
    word.text = text;
    word
}
