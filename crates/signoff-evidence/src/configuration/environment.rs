//! Files of variables: `KUBELET_EXTRA_ARGS="--feature-gates=A=true"`.

use std::sync::Arc;

use signoff_model::configured::Place;

use super::command::{Command, Word};
use super::found::Found;
use super::passage::Passage;
use super::placeholders;
use super::shell::{self, Syntax};

/// A file of variables.
pub struct Environment {
    /// The path by which units lead here.
    pub known_as: Arc<str>,
    /// The file.
    pub path: Arc<str>,
    /// What it sets, in its order.
    pub variables: Vec<Variable>,
}

/// A variable that is set.
#[derive(Clone)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value; where a line was continued, a space and a newline stand.
    pub value: String,
    /// The line of its file in which it begins, and how the lines behind it are found.
    pub places: Vec<Place>,
}

impl Variable {
    /// The value split at white space, as systemd splits `$NAME`.
    pub fn words(&self) -> Vec<Word> {
        let (words, is_whole) = shell::split(&self.value, |at| self.place(at));
        if is_whole {
            return words;
        }
        self.value.split_whitespace().map(|word| Word::new(word, self.place(0))).collect()
    }

    /// The place of the so many-th line of it.
    pub fn place(&self, at: usize) -> Place {
        let last = self.places.last().cloned().unwrap_or_else(|| Place { path: Arc::from(""), line: None });
        self.places.get(at).cloned().unwrap_or(last)
    }
}

/// Which component takes the words of a variable where no unit says so: by how the name begins.
const USES: [(&str, &str); 6] = [
    ("KUBELET", "kubelet"),
    ("KUBE_API", "kube-apiserver"),
    ("KUBE_CONTROLLER_MANAGER", "kube-controller-manager"),
    ("KUBE_SCHEDULER", "kube-scheduler"),
    ("KUBE_PROXY", "kube-proxy"),
    ("CLOUD_CONTROLLER_MANAGER", "cloud-controller-manager"),
];

/// The component that takes the words of a variable.
pub fn component(variable: &str) -> Option<&'static str> {
    USES.into_iter().find(|(start, _)| variable.starts_with(start)).map(|(_, component)| component)
}

/// Reads a file of variables; false when it is none: each of its lines sets one.
pub fn read(found: &mut Found, passage: &Passage) -> bool {
    let lines = shell::logical_lines(passage.text(), Syntax::Systemd);
    let set: Option<Vec<Variable>> = lines
        .iter()
        .map(|line| {
            let text = line.text.trim_start();
            let places = |count: usize| (0..count).map(|at| passage.place_of_line(line.line + at)).collect();
            variable(text.strip_prefix("export ").unwrap_or(text), places(line.text.lines().count()))
        })
        .collect();
    let Some(variables) = set.filter(|variables| !variables.is_empty()) else { return false };
    let environment =
        Environment { known_as: Arc::clone(&passage.known_as), path: Arc::clone(passage.path()), variables };
    found.environments.push(environment);
    true
}

/// `NAME=value`, where the value may stand in quotes.
pub fn variable(text: &str, places: Vec<Place>) -> Option<Variable> {
    let (name, value) = shell::assignment(text)?;
    let value = value.trim();
    let unquoted = value.starts_with(['"', '\'']).then(|| shlex::split(value)).flatten();
    let value = unquoted.map_or_else(|| value.to_owned(), |words| words.join(" "));
    Some(Variable { name: name.to_owned(), value, places })
}

/// The command lines that variables stand for where nothing says who uses them: one for each component.
pub fn commands(variables: &[Variable], path: &Arc<str>, known_as: &Arc<str>) -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    for variable in variables {
        let Some(component) = component(&variable.name) else { continue };
        let passage = Passage::file(path, String::new());
        let words = variable.words();
        let has_flags = |word: &Word| word.text.starts_with('-') || placeholders::of_value(&word.text).is_some();
        if !words.is_empty() && !words.iter().any(has_flags) {
            continue;
        }
        match commands.iter_mut().find(|command| &*command.component == component) {
            Some(command) => command.words.extend(words),
            None => {
                let mut command = Command::new(&passage, component, variable.place(0), words);
                command.known_as = Arc::clone(known_as);
                commands.push(command);
            }
        }
    }
    commands
}
