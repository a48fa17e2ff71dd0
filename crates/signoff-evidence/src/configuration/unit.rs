//! Units of systemd and their drop-ins, up to the command lines that they start.
//!
//! The rules are those of `systemd.unit(5)`, `systemd.exec(5)` and `systemd.service(5)`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use signoff_model::configured::Place;
use signoff_model::fact::Problem;
use signoff_model::tree;

use super::command::{Command, Word};
use super::distribution;
use super::environment::{self, Environment, Variable};
use super::found::Found;
use super::lead::Index;
use super::passage::{Passage, problem};
use super::shell::{self, Started, Syntax};

/// Folders of units; of files of one name the first folder wins.
const FOLDERS: [&str; 5] = [
    "etc/systemd/system",
    "run/systemd/system",
    "usr/local/lib/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",
];

/// A unit or a drop-in.
pub struct Unit {
    /// Its path.
    known_as: Arc<str>,
    /// The file.
    path: Arc<str>,
    /// What it sets below `[Service]`, in its order.
    settings: Vec<Setting>,
}

struct Setting {
    key: String,
    value: String,
    places: Vec<Place>,
}

/// Which unit a file belongs to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Belongs {
    root: String,
    unit: String,
}

/// Reads a unit or a drop-in; false when it is none: its first line that says something is the name of a section.
pub fn read(found: &mut Found, passage: &Passage) -> bool {
    const SECTIONS: [&str; 3] = ["[Unit]", "[Service]", "[Install]"];
    let lines = shell::logical_lines(passage.text(), Syntax::Systemd);
    if !lines.first().is_some_and(|first| SECTIONS.contains(&first.text.trim())) {
        return false;
    }
    let mut is_service = false;
    let mut settings = Vec::new();
    for line in lines {
        let text = line.text.trim();
        if text.starts_with('[') {
            is_service = text == "[Service]";
            continue;
        }
        let Some((key, value)) = text.split_once('=').filter(|_| is_service) else { continue };
        let places = (0..line.text.lines().count()).map(|at| passage.place_of_line(line.line + at)).collect();
        settings.push(Setting { key: key.trim().to_owned(), value: value.trim().to_owned(), places });
    }
    found.units.push(Unit { known_as: Arc::clone(&passage.known_as), path: Arc::clone(passage.path()), settings });
    true
}

/// The command lines that all units start, drop-ins and variables included. Takes the files of variables that were used.
pub fn commands(found: &mut Found) {
    let mut groups: BTreeMap<Belongs, Vec<Unit>> = BTreeMap::new();
    for unit in std::mem::take(&mut found.units) {
        groups.entry(belongs(&unit.known_as)).or_default().push(unit);
    }
    let environments = std::mem::take(&mut found.environments);
    let mut files = Files {
        index: Index::new(environments.iter().map(|environment| &*environment.known_as)),
        used: vec![false; environments.len()],
        environments: &environments,
    };
    for (belongs, mut units) in groups {
        units.sort_by(|left, right| order(&left.known_as).cmp(&order(&right.known_as)));
        let mut seen = std::collections::HashSet::new();
        let hidden: Vec<Problem> =
            units.extract_if(.., |unit| !seen.insert(order(&unit.known_as).1.to_owned())).map(hidden).collect();
        let mut service = Service::default();
        for unit in &units {
            service.take(unit, &mut files);
        }
        service.remarks.extend(hidden);
        service.has_unit = units.iter().any(|unit| unit.known_as.ends_with(".service"));
        service.finish(found, &belongs, &units);
    }
    let used = files.used;
    found.environments = environments.into_iter().zip(used).filter(|(_, used)| !used).map(|(file, _)| file).collect();
}

fn hidden(unit: Unit) -> Problem {
    let message = "systemd does not read it: a folder that it looks into before has a file of this name";
    Problem { path: unit.path, line: None, message: message.into() }
}

/// Whether a path is that of a drop-in.
fn is_drop_in(path: &str) -> bool {
    tree::split(path).0.ends_with(".service.d")
}

fn belongs(path: &str) -> Belongs {
    let (folder, name) = tree::split(path);
    let (folder, unit) = if is_drop_in(path) { tree::split(folder) } else { (folder, name) };
    let unit = unit.strip_suffix(".d").filter(|_| is_drop_in(path)).unwrap_or(unit);
    let root = FOLDERS.iter().find_map(|known| {
        let root = folder.strip_suffix(known)?;
        (root.is_empty() || root.ends_with('/')).then_some(root.trim_end_matches('/'))
    });
    Belongs { root: root.unwrap_or(folder).to_owned(), unit: unit.to_owned() }
}

/// The unit comes first, then drop-ins by their name; of one name that of the folder that wins.
fn order(path: &str) -> (bool, &str, usize) {
    let folder = tree::split(path).0;
    let rank = FOLDERS.iter().position(|known| folder.contains(known)).unwrap_or(0);
    (is_drop_in(path), tree::split(path).1, rank)
}

/// Files of variables, and which were used.
struct Files<'e> {
    index: Index<'e>,
    environments: &'e [Environment],
    used: Vec<bool>,
}

/// Most commands of a unit, and most gaps, that are kept.
const KEPT_MAX: usize = 100;
/// Most words, and most bytes, of a command whose variables are filled in.
const WORDS_MAX: usize = 100_000;
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// A service while its files are read.
#[derive(Default)]
struct Service {
    commands: Vec<Line>,
    variables: Vec<Variable>,
    /// Variables of files, which win over those of units.
    of_files: Vec<Variable>,
    /// What holds at the end, by name.
    values: HashMap<String, Variable>,
    files: Vec<Arc<str>>,
    /// Whether there is more than drop-ins.
    has_unit: bool,
    gaps: Vec<Problem>,
    remarks: Vec<Problem>,
}

/// A line that starts something.
struct Line {
    words: Vec<Word>,
    place: Place,
    known_as: Arc<str>,
    is_whole: bool,
}

impl Service {
    fn take(&mut self, unit: &Unit, files: &mut Files<'_>) {
        self.files.push(Arc::clone(&unit.path));
        for setting in &unit.settings {
            let place_of = |at: usize| setting.places.get(at).or(setting.places.last()).cloned();
            let place = || place_of(0).unwrap_or_else(|| Place { path: Arc::clone(&unit.path), line: None });
            match (setting.key.as_str(), setting.value.as_str()) {
                ("ExecStart", "") => self.commands.clear(),
                ("ExecStart", _) if self.commands.len() >= KEPT_MAX => {
                    self.gap(&place(), "it has so many commands that this one is not read");
                }
                ("ExecStart", value) => {
                    let (words, is_whole) = shell::split(value, |at| place_of(at).unwrap_or_else(place));
                    let known_as = Arc::clone(&unit.known_as);
                    self.commands.push(Line { words, place: place(), known_as, is_whole });
                }
                ("Environment", "") => self.variables.clear(),
                ("Environment", value) => {
                    let (words, _) = shell::split(value, |at| place_of(at).unwrap_or_else(place));
                    let set = words.into_iter();
                    self.variables.extend(set.filter_map(|word| {
                        let (name, value) = shell::assignment(&word.text)?;
                        Some(Variable { name: name.into(), value: value.into(), places: vec![word.place] })
                    }));
                }
                ("EnvironmentFile", "") => self.of_files.clear(),
                ("EnvironmentFile", value) => self.file(unit, value, &place(), files),
                _ => {}
            }
        }
    }

    fn gap(&mut self, place: &Place, message: impl Into<String>) {
        if self.gaps.len() < KEPT_MAX {
            self.gaps.push(problem(place, message));
        }
    }

    fn file(&mut self, unit: &Unit, value: &str, place: &Place, files: &mut Files<'_>) {
        let target = value.trim_start_matches('-').trim_matches(['"', '\'']);
        match files.index.to(target, &unit.known_as) {
            Ok(at) if self.files.len() < KEPT_MAX => {
                files.used[at] = true;
                self.files.push(Arc::clone(&files.environments[at].path));
                self.of_files.extend(files.environments[at].variables.iter().cloned());
            }
            Ok(_) => self.gap(place, format!("it names so many files that `{target}` is not read")),
            Err(why) => {
                let may = if value.starts_with('-') { "; it may not exist" } else { "" };
                self.gap(place, format!("the variables of `{target}` are not known: {why}{may}"));
            }
        }
    }

    fn finish(mut self, found: &mut Found, belongs: &Belongs, units: &[Unit]) {
        let before = found.count();
        let set = self.variables.drain(..).chain(self.of_files.drain(..));
        self.values = set.map(|variable| (variable.name.clone(), variable)).collect();
        let lines = std::mem::take(&mut self.commands);
        for line in &lines {
            let known = self.gaps.len();
            let words = self.expand(line);
            let Some(first) = words.first() else { continue };
            let passage = Passage::file(&line.place.path, String::new());
            if distribution::of_command(found, &passage, &words, &self.gaps[known..]) {
                continue;
            }
            let program = first.text.clone();
            let Some(Started { component, words }) = shell::started(&words) else { continue };
            let mut command = Command::new(&passage, component, line.place.clone(), words);
            command.known_as = Arc::clone(&line.known_as);
            command.files.clone_from(&self.files);
            command.gaps.clone_from(&self.gaps);
            command.remarks.clone_from(&self.remarks);
            if !self.has_unit {
                let message = "the unit that this changes was not given; it may set variables";
                command.gaps.push(problem(&line.place, message));
            }
            if !line.is_whole {
                command.gaps.push(problem(&line.place, "a quote is left open, and what stands behind it is not read"));
            }
            if command.words.is_empty() {
                let message = format!(
                    "`{program}` is started without a flag: drop-ins of `{}` that were not given may add some",
                    belongs.unit
                );
                command.gaps.push(problem(&line.place, message));
            }
            found.commands.push(command);
        }
        if lines.is_empty() {
            self.variables_alone(found, units);
        }
        if found.count() > before {
            return;
        }
        let named = shell::component(belongs.unit.trim_end_matches(".service"));
        if let (Some(component), Some(line)) = (named, lines.first()) {
            let passage = Passage::file(&line.place.path, String::new());
            let mut command = Command::new(&passage, component, line.place.clone(), Vec::new());
            command.files.clone_from(&self.files);
            let program = line.words.first().map(|word| word.text.as_str()).unwrap_or_default();
            let message = format!("`{program}` starts {component}, with flags that are not known here");
            command.gaps.push(problem(&line.place, message));
            found.commands.push(command);
            return;
        }
        for unit in units {
            let message = match named {
                Some(component) => format!("it starts nothing; what starts {component} was not given"),
                None => "it starts no component that is known here".to_owned(),
            };
            found.unrecognised.push(Problem { path: Arc::clone(&unit.path), line: None, message });
        }
    }

    /// Of a drop-in that starts nothing the variables still tell what a component is given.
    fn variables_alone(&self, found: &mut Found, units: &[Unit]) {
        let Some(unit) = units.last() else { return };
        let mut variables: Vec<Variable> = self.values.values().cloned().collect();
        variables.sort_by(|left, right| (&left.places, &left.name).cmp(&(&right.places, &right.name)));
        for mut command in environment::commands(&variables, &unit.path, &unit.known_as) {
            command.files.clone_from(&self.files);
            command.gaps.clone_from(&self.gaps);
            command.remarks.clone_from(&self.remarks);
            let message = format!("the unit that starts {} with these variables was not given", command.component);
            command.gaps.push(problem(&command.place, message));
            found.commands.push(command);
        }
    }

    /// The words of a command with its variables filled in.
    fn expand(&mut self, line: &Line) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::new();
        let mut bytes = 0;
        for (at, word) in line.words.iter().enumerate() {
            bytes += words.last().map_or(0, |word| word.text.len());
            if words.len() > WORDS_MAX || bytes > BYTES_MAX {
                self.gap(&line.place, "its variables make it so long that the rest is not read");
                break;
            }
            let mut word = word.clone();
            if at == 0 {
                word.text = word.text.trim_start_matches(['@', '-', ':', '+', '!', '|']).to_owned();
            }
            match word.text.strip_prefix('$').filter(|name| is_name(name)) {
                Some(name) => match self.variable(name) {
                    Some(variable) => words.extend(variable.words()),
                    None => self.unknown(name, &word.place),
                },
                None => {
                    word.text = self.filled_in(&word);
                    words.push(word);
                }
            }
        }
        words
    }

    /// A word with each `${NAME}` in it filled in; `$$` is a dollar sign.
    fn filled_in(&mut self, word: &Word) -> String {
        let mut text = String::new();
        let mut rest = word.text.as_str();
        while let Some((before, behind)) = rest.split_once('$').filter(|_| text.len() <= BYTES_MAX) {
            text.push_str(before);
            let braced =
                behind.strip_prefix('{').and_then(|inner| inner.split_once('}')).filter(|(name, _)| is_name(name));
            if let Some(plain) = behind.strip_prefix('$') {
                text.push('$');
                rest = plain;
            } else if let Some((name, behind)) = braced {
                match self.variable(name) {
                    Some(variable) => text.push_str(&variable.value),
                    None => self.unknown(name, &word.place),
                }
                rest = behind;
            } else {
                text.push('$');
                rest = behind;
            }
        }
        text.push_str(rest);
        text
    }

    fn variable(&self, name: &str) -> Option<Variable> {
        self.values.get(name).cloned()
    }

    fn unknown(&mut self, name: &str, place: &Place) {
        self.gap(place, format!("no file that was given sets `{name}`, whose flags are missing here"));
    }
}

fn is_name(text: &str) -> bool {
    environment::variable(&format!("{text}="), Vec::new()).is_some()
}
