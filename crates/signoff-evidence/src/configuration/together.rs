//! Brings command lines and configuration files together, as each component does.

use std::collections::BTreeMap;
use std::sync::Arc;

use signoff_model::configured::{Configured, Place};
use signoff_model::fact::Problem;
use signoff_model::tree;

use super::command::{self, Command, Flags, Origin};
use super::component_file::ComponentFile;
use super::found::Found;
use super::passage::problem;
use super::{distribution, environment, lead, unit};

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
    let files = std::mem::take(&mut found.files);
    let mut used = vec![false; files.len()];
    let mut all: Vec<Named> = commands.into_iter().map(|command| of_command(command, &files, &mut used)).collect();
    all.extend(files.into_iter().zip(used).filter(|(_, used)| !used).map(|(file, _)| of_file(file)));
    all.extend(std::mem::take(&mut found.whole).into_iter().map(|(configured, name)| {
        let place = configured.formats.first().map(|format| format.place.clone());
        let path = configured.files.first().cloned().unwrap_or_default();
        Named { configured, name, place: place.unwrap_or(Place { path, line: None }) }
    }));
    told_apart(all)
}

/// Variables that no unit uses, as if the component took them all.
fn of_variables(found: &mut Found, variables: &environment::Environment) -> Vec<Command> {
    let mut commands = environment::commands(variables);
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

/// A component while its parts are put together.
struct Draft<'f> {
    configured: Configured,
    known_as: Arc<str>,
    files: &'f [ComponentFile],
    used: &'f mut [bool],
}

fn of_command(command: Command, files: &[ComponentFile], used: &mut [bool]) -> Named {
    let Command { component, name, place, known_as, words, origin, files: mut read, formats, gaps, faults, remarks } = command;
    let flags = command::flags(&component, &words);
    if !read.contains(&place.path) {
        read.push(Arc::clone(&place.path));
    }
    for word in &words {
        if !read.contains(&word.place.path) {
            read.push(Arc::clone(&word.place.path));
        }
    }
    let configured = Configured { component, files: read, formats, gaps, faults, remarks, ..Configured::default() };
    let mut draft = Draft { configured, known_as, files, used };
    match origin {
        Origin::Own(parts) => parts.iter().enumerate().for_each(|(at, part)| draft.apply(part, at > 0)),
        Origin::Beside { absent } => draft.beside(absent, &place),
        Origin::Flags => {}
    }
    draft.named(&flags);
    draft.flags(flags);
    Named { configured: draft.configured, name, place }
}

impl Draft<'_> {
    /// The documents that stand beside the arguments, or in the cluster.
    fn beside(&mut self, (words, is_gap): (&str, bool), place: &Place) {
        let (files, component) = (self.files, Arc::clone(&self.configured.component));
        let fits = |file: &&ComponentFile| file.component == &*component;
        let own: Vec<usize> = (0..files.len()).filter(|at| fits(&&files[*at]) && files[*at].known_as == self.known_as).collect();
        let shared: Vec<usize> = (0..files.len())
            .filter(|at| fits(&&files[*at]) && files[*at].name.as_ref().is_some_and(|name| name.starts_with("kubelet-config")))
            .collect();
        match (own.as_slice(), shared.as_slice()) {
            ([], [only]) if is_gap => self.take(*only, false),
            ([], _) => {
                let into = if is_gap { &mut self.configured.gaps } else { &mut self.configured.remarks };
                into.push(problem(place, words));
            }
            (own, _) => own.iter().for_each(|at| self.take(*at, false)),
        }
    }

    /// The files that flags name.
    fn named(&mut self, flags: &Flags) {
        let value = |name: &str| flags.flags.iter().rev().find(|flag| &*flag.name == name);
        let component = Arc::clone(&self.configured.component);
        if !matches!(&*component, "kubelet" | "kube-proxy" | "kube-scheduler") {
            return;
        }
        if let Some((flag, target)) = value("config").and_then(|flag| Some((flag, flag.value.as_deref()?))) {
            let candidates: Vec<usize> = (0..self.files.len()).filter(|at| self.files[*at].component == &*component).collect();
            let known: Vec<&str> = candidates.iter().map(|at| &*self.files[*at].known_as).collect();
            match lead::to(target, &self.known_as, &known) {
                Ok(at) => self.take(candidates[at], false),
                Err(why) => {
                    let message = format!("the configuration of {component} in `{target}` is not known: {why}");
                    self.configured.gaps.push(problem(&flag.place, message));
                }
            }
        }
        if let Some((flag, target)) = value("config-dir").filter(|_| &*component == "kubelet").and_then(|flag| Some((flag, flag.value.as_deref()?))) {
            self.drop_ins(target, &flag.place);
        }
    }

    /// The drop-ins of a folder, in the order of their paths. The kubelet reads files that end in `.conf` alone.
    fn drop_ins(&mut self, target: &str, place: &Place) {
        let whole = target.trim_matches('/');
        let mut found: Vec<(&str, usize)> = Vec::new();
        for (at, file) in self.files.iter().enumerate().filter(|(_, file)| file.component == "kubelet") {
            let path = &*file.known_as;
            let inside = path.match_indices(whole).find_map(|(start, _)| {
                let root = &path[..start];
                let rest = path[start + whole.len()..].strip_prefix('/')?;
                let is_root = root.is_empty() || root.ends_with(['/', '#']);
                (is_root && self.known_as.starts_with(root)).then_some(rest)
            });
            let near = {
                let (folder, name) = tree::split(path);
                let from = tree::split(&self.known_as).0;
                let is_named = tree::split(folder).1 == tree::split(whole).1;
                (is_named && tree::is_below(folder, from)).then_some(name)
            };
            if let Some(rest) = inside.or(near) {
                found.push((rest, at));
            }
        }
        found.sort_by(|left, right| left.0.split('/').cmp(right.0.split('/')));
        if !found.iter().any(|(rest, _)| rest.ends_with(".conf")) {
            let message = format!("no file of `{target}` was given; the kubelet reads those that end in `.conf`");
            self.configured.gaps.push(problem(place, message));
        }
        for (rest, at) in found {
            if rest.ends_with(".conf") {
                self.take(at, true);
            } else {
                self.used[at] = true;
                let message = "the kubelet does not read it: in this folder it reads files that end in `.conf`";
                self.configured.remarks.push(problem(&self.files[at].place, message));
            }
        }
    }

    fn take(&mut self, at: usize, is_drop_in: bool) {
        self.used[at] = true;
        let files = self.files;
        self.apply(&files[at], is_drop_in);
    }

    /// Applies a configuration file on what was set before.
    fn apply(&mut self, file: &ComponentFile, is_drop_in: bool) {
        let configured = &mut self.configured;
        if !configured.files.contains(&file.place.path) {
            configured.files.push(Arc::clone(&file.place.path));
        }
        configured.formats.push(file.format.clone());
        configured.gaps.extend(file.gaps.iter().chain(&file.gates.gaps).cloned());
        configured.faults.extend(file.gates.faults.iter().cloned());
        configured.remarks.extend(file.gates.twice.iter().cloned());
        if file.gates.resets && is_drop_in {
            configured.gates.clear();
            let message = "it takes back all gates that were set before";
            configured.remarks.push(problem(&file.place, message));
        }
        for change in &file.gates.changes {
            if change.is_null && is_drop_in {
                configured.gates.retain(|setting| setting.name != change.setting.name);
                let message = format!("it takes back what was set for `{}` before", change.setting.name);
                configured.remarks.push(problem(&change.setting.place, message));
            } else {
                configured.gates.push(change.setting.clone());
            }
        }
    }

    /// What the flags set. They win over files, but for kube-proxy, which ignores them beside a file.
    fn flags(&mut self, flags: Flags) {
        let configured = &mut self.configured;
        let has_file = flags.flags.iter().any(|flag| &*flag.name == "config");
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
fn of_file(file: ComponentFile) -> Named {
    let (name, place) = (file.name.clone(), file.place.clone());
    let configured = Configured { component: file.component.into(), ..Configured::default() };
    let mut draft = Draft { configured, known_as: Arc::clone(&file.known_as), files: &[], used: &mut [] };
    draft.apply(&file, false);
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
