//! Options of k3s and RKE2, which hand arguments on to the components that they run.
//!
//! Files of options: `pkg/configfilearg/parser.go` of k3s, `readConfigFile`; arguments of components: `GetArgs` there.

use std::collections::BTreeMap;
use std::sync::Arc;

use signoff_model::configured::Place;
use signoff_model::fact::Problem;
use signoff_model::{Node, tree};

use super::command::{Command, Word};
use super::found::Found;
use super::lead::Index;
use super::passage::{Document, Passage, problem};
use super::shell::base_name;

/// The programs.
pub const PROGRAMS: [&str; 2] = ["k3s", "rke2"];

/// The options that hand arguments on, and to whom.
const ARGUMENTS: [(&str, &str); 6] = [
    ("kubelet-arg", "kubelet"),
    ("kube-apiserver-arg", "kube-apiserver"),
    ("kube-controller-manager-arg", "kube-controller-manager"),
    ("kube-scheduler-arg", "kube-scheduler"),
    ("kube-proxy-arg", "kube-proxy"),
    ("kube-cloud-controller-manager-arg", "cloud-controller-manager"),
];

/// Options that no other format has at its top.
const OTHERS: [&str; 14] = [
    "write-kubeconfig-mode",
    "write-kubeconfig",
    "tls-san",
    "node-label",
    "node-taint",
    "cluster-init",
    "flannel-backend",
    "cluster-cidr",
    "service-cidr",
    "disable-cloud-controller",
    "token-file",
    "agent-token",
    "etcd-expose-metrics",
    "selinux",
];

/// A file of options, or the flags that stand for one.
pub struct Options {
    known_as: Arc<str>,
    place: Place,
    entries: Vec<Entry>,
    gaps: Vec<Problem>,
    /// Whether these are flags: they come behind those of the files.
    are_flags: bool,
}

struct Entry {
    key: String,
    appends: bool,
    values: Vec<Word>,
}

/// Reads a document as options; false where it has none that only they have.
pub fn read(found: &mut Found, passage: &Passage, document: &Document) -> bool {
    let plain = |key: &str| key.trim_end_matches('+').to_owned();
    let is_known = |key: &str| OTHERS.contains(&key) || ARGUMENTS.iter().any(|(known, _)| *known == key);
    let pairs = document.root.pairs();
    if document.root.get("kind").is_some() || !pairs.iter().any(|pair| is_known(&plain(&pair.key))) {
        return false;
    }
    if let Some(first) = found.options.last_mut().filter(|first| first.known_as == passage.known_as) {
        let gap = passage.problem(pairs[0].key_span, "a second document; only the first of such a file is read");
        if !first.gaps.iter().any(|known| known.message == gap.message) {
            first.gaps.push(gap);
        }
        return true;
    }
    let mut gaps = document.problems.clone();
    let entries = pairs.iter().map(|pair| {
        if pair.node.is_unread() {
            gaps.push(passage.problem(pair.key_span, format!("`{}` cannot be read", pair.key)));
        }
        let one = std::slice::from_ref(&pair.node);
        let values = if pair.node.items().is_empty() { one } else { pair.node.items() };
        let words = values.iter().filter(|node| node.text().is_some());
        Entry {
            key: plain(&pair.key),
            appends: pair.key.ends_with('+'),
            values: words.map(|node| Word::of_node(passage, "", node, pair.key_span)).collect(),
        }
    });
    let entries = entries.collect();
    let place = passage.place(pairs.first().map_or(document.root.span, |pair| pair.key_span));
    let known_as = Arc::clone(&passage.known_as);
    found.options.push(Options { known_as, place, entries, gaps, are_flags: false });
    true
}

/// Reads a command that starts a distribution, with what is missing in it; false for any other.
pub fn of_command(found: &mut Found, passage: &Passage, words: &[Word], gaps: &[Problem]) -> bool {
    let [program, role, flags @ ..] = words else { return false };
    if !PROGRAMS.contains(&base_name(&program.text)) || !matches!(role.text.as_str(), "server" | "agent") {
        return false;
    }
    let mut entries = Vec::new();
    let mut flags = flags.iter().peekable();
    while let Some(flag) = flags.next() {
        let Some(name) = flag.text.strip_prefix("--") else { continue };
        let (name, value) = match name.split_once('=') {
            Some((name, value)) => (name, Some(Word::new(value, flag.place.clone()))),
            None => (name, flags.next_if(|next| !next.text.starts_with('-')).cloned()),
        };
        entries.push(Entry { key: name.to_owned(), appends: true, values: value.into_iter().collect() });
    }
    let place = program.place.clone();
    let known_as = Arc::clone(&passage.known_as);
    found.options.push(Options { known_as, place, entries, gaps: gaps.to_vec(), are_flags: true });
    true
}

/// The command lines of the components of all distributions.
pub fn commands(found: &mut Found) {
    let (flags, mut files): (Vec<Options>, Vec<Options>) =
        std::mem::take(&mut found.options).into_iter().partition(|options| options.are_flags);
    let mut groups: BTreeMap<String, Vec<Options>> = BTreeMap::new();
    files.sort_by(|left, right| left.known_as.cmp(&right.known_as));
    for file in files {
        let base = base_of(&file.known_as);
        let group = groups.entry(base).or_default();
        // The file itself comes before the folder of files beside it.
        let at = if base_of(&file.known_as) == *file.known_as { 0 } else { group.len() };
        group.insert(at, file);
    }
    let bases: Vec<String> = groups.keys().cloned().collect();
    let index = Index::new(bases.iter().map(String::as_str));
    let mut flags_of: Vec<Vec<Options>> = bases.iter().map(|_| Vec::new()).collect();
    for options in flags {
        let config = options.entries.iter().find(|entry| entry.key == "config").and_then(|entry| entry.values.first());
        let target = config.map_or("/etc/rancher/k3s/config.yaml", |word| &word.text).to_owned();
        match index.to(&target, &options.known_as) {
            Ok(at) => flags_of[at].push(options),
            Err(why) => {
                let gap = problem(
                    &options.place,
                    format!("the options in `{target}` are not known: {why}; it may not exist"),
                );
                merged(found, &[options], &[gap]);
            }
        }
    }
    for ((base, mut group), flags) in groups.into_iter().zip(flags_of) {
        let mut gaps = Vec::new();
        if group.first().is_some_and(|first| *first.known_as != *base) {
            let message = format!("`{}` was not given; it comes before the files beside it", base_name(&base));
            gaps.push(problem(&group[0].place, message));
        }
        if flags.is_empty() {
            gaps.push(problem(
                &group[0].place,
                "the flags with which it is started were not given; they add to these options",
            ));
        }
        group.extend(flags);
        merged(found, &group, &gaps);
    }
}

/// The file that a file belongs to: itself, or that whose folder of further files it lies in.
fn base_of(path: &str) -> String {
    let (folder, _) = tree::split(path);
    folder
        .strip_suffix(".d")
        .filter(|base| base.ends_with(".yaml") || base.ends_with(".yml"))
        .unwrap_or(path)
        .to_owned()
}

/// What files of options come to together, as command lines of components.
fn merged(found: &mut Found, files: &[Options], gaps: &[Problem]) {
    for (key, component) in ARGUMENTS {
        let mut values: Vec<Word> = Vec::new();
        for entry in files.iter().flat_map(|file| &file.entries).filter(|entry| entry.key == key) {
            if !entry.appends {
                values.clear();
            }
            values.extend(entry.values.iter().cloned());
        }
        let Some(first) = values.first() else { continue };
        let passage = Passage::file(&first.place.path, String::new());
        let (words, replaces) = arguments(&values);
        let mut command = Command::new(&passage, component, first.place.clone(), words);
        command.known_as = Arc::clone(&files[0].known_as);
        command.files = files.iter().map(|file| Arc::clone(&file.place.path)).collect();
        command.gaps.extend(gaps.iter().cloned());
        command.gaps.extend(files.iter().flat_map(|file| file.gaps.iter().cloned()));
        if !replaces {
            let message = format!("the distribution sets gates of {component} by itself, which are not known here");
            command.gaps.push(problem(&first.place, message));
        }
        if component == "kubelet" {
            let message = "the distribution writes a configuration file of the kubelet, and reads those in `kubelet.conf.d`; neither was given";
            command.gaps.push(problem(&first.place, message));
        }
        found.commands.push(command);
    }
}

/// The arguments of a component, and whether its gates replace those that the distribution sets by itself: an argument
/// does, unless `+` or `-` behind its name asks to put it behind or before them.
fn arguments(values: &[Word]) -> (Vec<Word>, bool) {
    let mut words: Vec<Word> = Vec::new();
    // Those that ask to stand before all others; each comes before those before it.
    let mut before: Vec<Word> = Vec::new();
    let mut replaces = None;
    for value in values {
        let plain = value.text.trim_start_matches('-');
        let (name, rest) = plain.split_once('=').unwrap_or((plain, "true"));
        let bare = name.trim_end_matches(['+', '-']);
        if bare == "feature-gates" {
            replaces = replaces.or(Some(bare == name));
        }
        let mut word = value.clone();
        word.text = format!("--{bare}={rest}");
        if name.ends_with('-') { before.push(word) } else { words.push(word) }
    }
    let words = before.into_iter().rev().chain(words).collect();
    (words, replaces.unwrap_or(false))
}

/// Whether a node has the shape of options; for messages alone.
pub fn is_like_options(root: &Node) -> bool {
    root.pairs().iter().any(|pair| matches!(&*pair.key, "token" | "server" | "disable" | "cni" | "profile"))
}
