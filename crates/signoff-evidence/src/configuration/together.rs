//! Brings command lines and configuration files together, as each component does.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use signoff_model::configured::{Configured, Place};
use signoff_model::fact::Problem;

use super::command::{self, Command, Flags, Origin};
use super::component_file::ComponentFile;
use super::found::Found;
use super::lead::{Index, below};
use super::passage::problem;
use super::{distribution, environment, unit};

/// A component with what may name it.
struct Named {
    configured: Configured,
    name: Option<Arc<str>>,
    place: Place,
}

/// The components that were found, sorted by name, instance and place.
pub fn components(found: &mut Found) -> Vec<Configured> {
    unit::commands(found);
    distribution::commands(found);
    let mut commands = std::mem::take(&mut found.commands);
    for variables in std::mem::take(&mut found.environments) {
        commands.extend(of_variables(found, &variables));
    }
    let list = std::mem::take(&mut found.files);
    let mut files = Files::new(&list);
    let mut all: Vec<Named> = commands.into_iter().map(|command| of_command(command, &mut files)).collect();
    let unused: Vec<&ComponentFile> =
        list.iter().zip(&files.used).filter(|(_, used)| !**used).map(|(file, _)| file).collect();
    all.extend(unused.into_iter().map(of_file));
    all.extend(std::mem::take(&mut found.whole).into_iter().map(|(configured, name)| {
        let place = configured.formats.first().map(|format| format.place.clone());
        let path = configured.files.first().cloned().unwrap_or_default();
        Named { configured, name, place: place.unwrap_or(Place { path, line: None }) }
    }));
    told_apart(all)
}

/// Variables that no unit uses, as if the component took them all.
fn of_variables(found: &mut Found, variables: &environment::Environment) -> Vec<Command> {
    let mut commands = environment::commands(&variables.variables, &variables.path, &variables.known_as);
    for command in &mut commands {
        let message = format!("the unit that starts {} with these variables was not given", command.component);
        command.gaps.push(problem(&command.place, message));
    }
    if commands.is_empty() {
        let message = "no component is known here that takes one of these variables";
        let path = Arc::clone(&variables.path);
        found.unrecognised.push(Problem { path, line: None, message: message.into() });
    }
    commands
}

/// Most settings that are handed on to components, where many share files.
const SETTINGS_MAX: usize = 5_000_000;

/// How a configuration file applies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum As {
    /// Before anything else. Where nothing stands for a gate, it is off.
    File,
    /// On what stands before. Where nothing stands for a gate, it is taken back.
    Patch,
    /// The same, but decoded strictly: `DecodeKubeletConfigurationIntoJSON` has no lenient way.
    DropIn,
}

/// The configuration files, by what leads to them.
struct Files<'f> {
    files: &'f [ComponentFile],
    /// By component, those of an index stand in the order of the list beside it.
    by_component: HashMap<&'f str, (Vec<usize>, Index<'f>)>,
    by_path: HashMap<&'f str, Vec<usize>>,
    /// The configuration of kubelets that the cluster holds for those that join, where there is but one.
    shared: Option<usize>,
    used: Vec<bool>,
    /// How much may still be done.
    left: usize,
}

impl<'f> Files<'f> {
    fn new(files: &'f [ComponentFile]) -> Self {
        let mut of_component: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut by_path: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, file) in files.iter().enumerate() {
            of_component.entry(file.component).or_default().push(at);
            by_path.entry(&file.known_as).or_default().push(at);
        }
        let indexed = of_component.into_iter().map(|(component, list)| {
            let index = Index::new(list.iter().map(|at| &*files[*at].known_as));
            (component, (list, index))
        });
        let is_shared = |file: &ComponentFile| {
            file.component == "kubelet" && file.name.as_ref().is_some_and(|name| name.starts_with("kubelet-config"))
        };
        let mut shared = files.iter().enumerate().filter(|(_, file)| is_shared(file)).map(|(at, _)| at);
        Self {
            files,
            by_component: indexed.collect(),
            by_path,
            shared: shared.next().filter(|_| shared.next().is_none()),
            used: vec![false; files.len()],
            left: SETTINGS_MAX,
        }
    }

    /// Which file of a component is meant by a path.
    fn to(&self, component: &str, target: &str, from: &str) -> Result<usize, &'static str> {
        let (list, index) = self.by_component.get(component).ok_or("this file was not given")?;
        index.to(target, from).map(|at| list[at])
    }

    /// Whether so much may still be done.
    fn spend(&mut self, work: usize) -> bool {
        let may = work <= self.left;
        self.left = self.left.saturating_sub(work);
        may
    }
}

/// A component while its parts are put together.
struct Draft<'d, 'f> {
    configured: Configured,
    known_as: Arc<str>,
    files: &'d mut Files<'f>,
}

fn of_command(command: Command, files: &mut Files<'_>) -> Named {
    let Command { component, name, place, known_as, words, origin, files: mut read, formats, gaps, faults, remarks } =
        command;
    let flags = command::flags(&component, &words);
    for path in std::iter::once(&place.path).chain(words.iter().map(|word| &word.place.path)) {
        if !read.contains(path) {
            read.push(Arc::clone(path));
        }
    }
    let configured = Configured { component, files: read, formats, gaps, faults, remarks, ..Configured::default() };
    let mut draft = Draft { configured, known_as, files };
    match origin {
        Origin::Own(parts) => parts.iter().for_each(|part| draft.apply(part, As::File)),
        Origin::Patches(parts) => parts.iter().for_each(|part| draft.apply(part, As::Patch)),
        Origin::Beside { absent } => draft.beside(absent, &place),
        Origin::Flags => {}
    }
    draft.named(&flags);
    draft.flags(flags);
    Named { configured: draft.configured, name, place }
}

impl Draft<'_, '_> {
    /// The document that stands beside the arguments, or in the cluster.
    fn beside(&mut self, (words, is_gap): (&str, bool), place: &Place) {
        let of_component = |at: &usize| self.files.files[*at].component == &*self.configured.component;
        let own = self.files.by_path.get(&*self.known_as).map(Vec::as_slice).unwrap_or_default();
        let mut own = own.iter().copied().filter(of_component);
        if let Some(first) = own.next() {
            let second = own.next().map(|at| self.files.files[at].place.clone());
            self.take(first, As::File);
            if let Some(place) = second {
                self.configured
                    .gaps
                    .push(problem(&place, "a second configuration of its kind; only the first is taken"));
            }
            return;
        }
        match self.files.shared.filter(|_| is_gap) {
            Some(shared) => self.take(shared, As::File),
            None if is_gap => self.configured.gaps.push(problem(place, words)),
            None => self.configured.remarks.push(problem(place, words)),
        }
    }

    /// The files that flags name.
    fn named(&mut self, flags: &Flags) {
        let component = Arc::clone(&self.configured.component);
        if !matches!(&*component, "kubelet" | "kube-proxy" | "kube-scheduler") {
            return;
        }
        if let Some((target, place)) = flags.last("config") {
            match self.files.to(&component, target, &self.known_as) {
                Ok(at) => self.take(at, As::File),
                Err(why) => {
                    let message = format!("the configuration of {component} in `{target}` is not known: {why}");
                    self.configured.gaps.push(problem(place, message));
                }
            }
        }
        if let Some((target, place)) = flags.last("config-dir").filter(|_| &*component == "kubelet") {
            self.drop_ins(target, place);
        }
    }

    /// The drop-ins of a folder, in the order of their paths. The kubelet reads files that end in `.conf` alone.
    fn drop_ins(&mut self, target: &str, place: &Place) {
        let kubelets = self.files.by_component.get("kubelet").map_or(0, |(list, _)| list.len());
        if !self.files.spend(kubelets) {
            self.configured.gaps.push(problem(place, "so many files were given that this folder is not read"));
            return;
        }
        let list = self.files.by_component.get("kubelet").map(|(list, _)| list.as_slice()).unwrap_or_default();
        let files = self.files.files;
        let lies = |at: &usize| Some((below(target, &self.known_as, &files[*at].known_as)?, *at));
        let mut found: Vec<(&str, usize)> = list.iter().filter_map(lies).collect();
        found.sort_by(|left, right| left.0.split('/').cmp(right.0.split('/')));
        if !found.iter().any(|(rest, _)| rest.ends_with(".conf")) {
            let message = format!("no file of `{target}` was given; the kubelet reads those that end in `.conf`");
            self.configured.gaps.push(problem(place, message));
        }
        for (rest, at) in found {
            if rest.ends_with(".conf") {
                self.take(at, As::DropIn);
            } else {
                self.files.used[at] = true;
                let message = "the kubelet does not read it: in this folder it reads files that end in `.conf`";
                self.configured.remarks.push(problem(&files[at].place, message));
            }
        }
    }

    fn take(&mut self, at: usize, how: As) {
        self.files.used[at] = true;
        let files = self.files.files;
        self.apply(&files[at], how);
    }

    /// Applies a configuration file on what was set before.
    fn apply(&mut self, file: &ComponentFile, how: As) {
        let configured = &mut self.configured;
        if !configured.files.contains(&file.place.path) {
            configured.files.push(Arc::clone(&file.place.path));
        }
        configured.formats.push(file.format.clone());
        if !self.files.spend(file.gates.changes.len() + configured.gates.len()) {
            let message = "so many components share files that its gates are not read for this one";
            configured.gaps.push(problem(&file.place, message));
            return;
        }
        configured.gaps.extend(file.gaps.iter().chain(&file.gates.gaps).cloned());
        configured.faults.extend(file.gates.faults.iter().cloned());
        if how == As::DropIn {
            let stops = "a key stands here twice; the kubelet decodes drop-ins strictly, and does not start";
            let twice = file.gates.twice.iter().map(|twice| Problem { message: stops.into(), ..twice.clone() });
            configured.faults.extend(twice);
        } else {
            configured.remarks.extend(file.gates.twice.iter().cloned());
        }
        if how == As::File {
            configured.gates.extend(file.gates.changes.iter().map(|change| change.setting.clone()));
            return;
        }
        if file.gates.resets {
            configured.gates.clear();
            configured.remarks.push(problem(&file.place, "it takes back all gates that were set before"));
        }
        // Of a key that stands twice the later one holds.
        let last: HashMap<&str, bool> =
            file.gates.changes.iter().map(|change| (&*change.setting.name, change.is_null)).collect();
        let is_taken_back = |name: &str| last.get(name).copied().unwrap_or(false);
        configured.gates.retain(|setting| !is_taken_back(&setting.name));
        for change in &file.gates.changes {
            if !is_taken_back(&change.setting.name) {
                configured.gates.push(change.setting.clone());
            } else if change.is_null {
                let message = format!("it takes back what was set for `{}` before", change.setting.name);
                configured.remarks.push(problem(&change.setting.place, message));
            }
        }
    }

    /// What the flags set. They win over files, but for kube-proxy, which ignores them beside a file.
    fn flags(&mut self, flags: Flags) {
        let configured = &mut self.configured;
        let has_file = flags.last("config").is_some();
        let ignored = &*configured.component == "kube-proxy" && has_file;
        match flags.gates.first().filter(|_| ignored) {
            Some(first) => {
                let message = "kube-proxy ignores gates of its command line, since `--config` names a file";
                configured.remarks.push(problem(&first.place, message));
            }
            None => configured.gates.extend(flags.gates),
        }
        configured.flags = flags.flags;
        configured.gaps.extend(flags.gaps);
        configured.faults.extend(flags.faults);
    }
}

/// A configuration file that no command line leads to.
fn of_file(file: &ComponentFile) -> Named {
    let (name, place) = (file.name.clone(), file.place.clone());
    let configured = Configured { component: file.component.into(), ..Configured::default() };
    let mut draft = Draft { configured, known_as: Arc::clone(&file.known_as), files: &mut Files::new(&[]) };
    draft.apply(file, As::File);
    let mut configured = draft.configured;
    match file.component {
        "kube-proxy" => {}
        "kubelet" => {
            let message = "the flags of the kubelet were not given; they win over its files";
            configured.gaps.push(problem(&place, message));
        }
        component => {
            let message = format!("the flags of {component} were not given; it takes gates from them alone");
            configured.gaps.push(problem(&place, message));
        }
    }
    Named { configured, name, place }
}

/// Gives each component an instance: the name of what holds it, the file where it has none or others have the same, and
/// the line where the file holds several.
fn told_apart(all: Vec<Named>) -> Vec<Configured> {
    let by_name = |one: &Named| one.name.clone().unwrap_or_else(|| Arc::clone(&one.place.path));
    let by_path = |one: &Named| Arc::clone(&one.place.path);
    let count = |key: &dyn Fn(&Named) -> Arc<str>| {
        let mut counts: BTreeMap<(Arc<str>, Arc<str>), usize> = BTreeMap::new();
        for one in &all {
            *counts.entry((Arc::clone(&one.configured.component), key(one))).or_default() += 1;
        }
        counts
    };
    let (names, paths) = (count(&by_name), count(&by_path));
    let instance = |one: &Named| -> Arc<str> {
        let component = Arc::clone(&one.configured.component);
        if names.get(&(Arc::clone(&component), by_name(one))) == Some(&1) {
            return by_name(one);
        }
        match paths.get(&(component, by_path(one))) {
            Some(1) => by_path(one),
            _ => format!("{}:{}", one.place.path, one.place.line.unwrap_or(1)).into(),
        }
    };
    let instances: Vec<Arc<str>> = all.iter().map(instance).collect();
    let mut found: Vec<(Configured, Place)> = all
        .into_iter()
        .zip(instances)
        .map(|(one, instance)| (Configured { instance, ..one.configured }, one.place))
        .collect();
    found.sort_by(|(left, one), (right, other)| {
        (&left.component, &left.instance, one).cmp(&(&right.component, &right.instance, other))
    });
    found.into_iter().map(|(configured, _)| configured).collect()
}
