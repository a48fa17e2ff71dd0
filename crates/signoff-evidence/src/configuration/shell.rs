//! Command lines in texts: words and quotes as in a shell, continued by a backslash at the end of a line.

use super::command::{Command, Word};
use super::distribution;
use super::found::Found;
use super::passage::{Passage, problem};

/// A component, and what a command line has behind its name.
pub struct Started {
    /// The component.
    pub component: &'static str,
    /// Its words.
    pub words: Vec<Word>,
}

/// The components whose configuration is read.
const COMPONENTS: [&str; 6] = [
    "kubelet",
    "kube-proxy",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "cloud-controller-manager",
];

/// What one program that holds all components calls them, beside their names.
const SHORT_NAMES: [(&str, &str); 4] = [
    ("apiserver", "kube-apiserver"),
    ("controller-manager", "kube-controller-manager"),
    ("scheduler", "kube-scheduler"),
    ("proxy", "kube-proxy"),
];

/// Most commands that are read of one file.
const COMMANDS_MAX: usize = 10_000;

const SHELLS: [&str; 4] = ["sh", "bash", "ash", "dash"];

/// Words before a command that do not change what is started.
const BEFORE: [&str; 6] = ["exec", "sudo", "nohup", "env", "setsid", "command"];

/// The component that a program is, by the last part of its path.
pub fn component(program: &str) -> Option<&'static str> {
    let name = base_name(program);
    COMPONENTS.into_iter().find(|component| *component == name)
}

/// The last part of a path.
pub fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The component that words start, however many programs stand before it.
pub fn started(words: &[Word]) -> Option<Started> {
    let program = words.first()?;
    if SHELLS.contains(&base_name(&program.text)) {
        let script = words.windows(2).find(|pair| is_script_flag(&pair[0].text)).map(|pair| &pair[1])?;
        return of_script(script);
    }
    // What stands behind a flag without a value is its value, not a program.
    let is_value = |at: usize| at > 0 && words[at - 1].text.starts_with('-') && !words[at - 1].text.contains('=');
    let programs = words.iter().enumerate().filter(|(at, _)| !is_value(*at));
    let named = programs.into_iter().find_map(|(at, word)| Some((at, component(&word.text)?)));
    if let Some((at, component)) = named {
        return Some(Started { component, words: words[at + 1..].to_vec() });
    }
    let hyper = words.iter().position(|word| base_name(&word.text) == "hyperkube")?;
    let short = words.get(hyper + 1)?;
    let (_, component) = SHORT_NAMES.into_iter().find(|(name, _)| *name == short.text)?;
    Some(Started { component, words: words[hyper + 2..].to_vec() })
}

fn is_script_flag(text: &str) -> bool {
    text.starts_with('-') && !text.starts_with("--") && text.ends_with('c')
}

/// The first component that a text for a shell starts.
fn of_script(script: &Word) -> Option<Started> {
    let mut lines = script.lines();
    logical_lines(&script.text, Syntax::Shell).into_iter().find_map(|line| {
        let place = lines.place_of(line.text.lines().next().unwrap_or_default().trim());
        let (words, _) = split(&line.text, |_| place.clone());
        commands(words).into_iter().find_map(|words| started(without_before(&words)))
    })
}

/// A line with those that continue it.
pub struct LogicalLine {
    /// The text; where a line was continued, a space and a newline stand.
    pub text: String,
    /// The first line, from 1.
    pub line: usize,
}

/// Whose rules for lines hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// A comment ends a line that was continued.
    Shell,
    /// Comments may stand between lines that continue each other, and begin with `;` too.
    Systemd,
}

/// The lines of a text that say something, each with those that continue it; comments are left out.
pub fn logical_lines(text: &str, syntax: Syntax) -> Vec<LogicalLine> {
    let mut found: Vec<LogicalLine> = Vec::new();
    let mut is_continued = false;
    let text = text.trim_start_matches('\u{feff}');
    for (index, line) in text.lines().enumerate() {
        let own = line.trim_start();
        let is_comment = own.starts_with('#') || (syntax == Syntax::Systemd && own.starts_with(';'));
        if !is_continued && (is_comment || line.trim().is_empty()) {
            continue;
        }
        let own = if is_comment { "" } else { line };
        let (own, goes_on) =
            own.strip_suffix('\\').map_or((own, is_comment && syntax == Syntax::Systemd), |own| (own, true));
        match found.last_mut().filter(|_| is_continued) {
            Some(last) => {
                last.text.push_str(" \n");
                last.text.push_str(own);
            }
            None => found.push(LogicalLine { text: own.to_owned(), line: index + 1 }),
        }
        is_continued = goes_on;
    }
    found
}

/// Splits a line into words. `place_of` tells the place of the so many-th line of it, from 0. Also tells whether it is
/// whole: no quote is left open.
pub fn split(text: &str, place_of: impl Fn(usize) -> signoff_model::configured::Place) -> (Vec<Word>, bool) {
    let mut shlex = shlex::Shlex::new(text);
    let mut words = Vec::new();
    while let Some(word) = shlex.next() {
        words.push(Word::new(word, place_of(shlex.line_no - 1)));
    }
    (words, !shlex.had_error)
}

/// The commands of a line: shells begin a new one behind these words.
fn commands(words: Vec<Word>) -> Vec<Vec<Word>> {
    let mut found = vec![Vec::new()];
    for mut word in words {
        let ends = matches!(word.text.as_str(), ";" | "&&" | "||" | "|" | "&");
        let is_last = word.text.len() > 1 && word.text.ends_with(';');
        if is_last {
            word.text.pop();
        }
        match found.last_mut() {
            Some(last) if !ends => last.push(word),
            _ => {}
        }
        if ends || is_last {
            found.push(Vec::new());
        }
    }
    for command in &mut found {
        let redirected = command.iter().position(|word| {
            word.text.trim_start_matches(|next: char| next.is_ascii_digit() || next == '&').starts_with(['>', '<'])
        });
        command.truncate(redirected.unwrap_or(command.len()));
    }
    found
}

/// A command without the assignments and programs before it.
fn without_before(words: &[Word]) -> &[Word] {
    let is_before = |word: &&Word| BEFORE.contains(&base_name(&word.text)) || assignment(&word.text).is_some();
    &words[words.iter().take_while(is_before).count()..]
}

/// The name and the value of `NAME=value`.
pub fn assignment(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some((name, value))
}

/// Reads a file that has the flags of a component alone, which is named by its name, as those of MicroK8s in
/// `args/kubelet` are; false when it is none.
fn arguments(found: &mut Found, passage: &Passage) -> bool {
    let Some(component) = component(&passage.known_as) else { return false };
    let lines = logical_lines(passage.text(), Syntax::Shell);
    if lines.is_empty() || !lines.iter().all(|line| line.text.trim_start().starts_with('-')) {
        return false;
    }
    let words = lines.iter().map(|line| split(&line.text, |at| passage.place_of_line(line.line + at)));
    let (words, whole): (Vec<Vec<Word>>, Vec<bool>) = words.unzip();
    let mut command = Command::new(passage, component, passage.place_of_line(lines[0].line), words.concat());
    if whole.contains(&false) {
        command.gaps.push(problem(&command.place, "a quote is left open, and what stands behind it is not read"));
    }
    found.commands.push(command);
    true
}

/// Reads a text of command lines; false when it is none.
///
/// It is one when its first line starts a component, or, for a script with `#!`, when any line does.
pub fn read(found: &mut Found, passage: &Passage) -> bool {
    let text = passage.text();
    if arguments(found, passage) {
        return true;
    }
    let mut programs = COMPONENTS.iter().chain(["hyperkube"].iter()).chain(distribution::PROGRAMS.iter());
    if !programs.any(|program| text.contains(program)) {
        return false;
    }
    let is_script = text.trim_start_matches('\u{feff}').starts_with("#!");
    let before = found.count();
    let mut started_any = false;
    let mut others = Vec::new();
    for line in logical_lines(text, Syntax::Shell) {
        if found.count() - before >= COMMANDS_MAX {
            let message = format!("more than {COMMANDS_MAX} commands; this one and those behind it are not read");
            found.unrecognised.push(problem(&passage.place_of_line(line.line), message));
            break;
        }
        let (words, is_whole) = split(&line.text, |at| passage.place_of_line(line.line + at));
        let mut starts = false;
        let all = commands(words);
        if all.len() > COMMANDS_MAX {
            let message = format!("more than {COMMANDS_MAX} commands in one line; those behind them are not read");
            found.unrecognised.push(problem(&passage.place_of_line(line.line), message));
        }
        for words in all.into_iter().take(COMMANDS_MAX) {
            let own = without_before(&words);
            starts |= distribution::of_command(found, passage, own, &[]);
            let named =
                own.first().filter(|first| component(&first.text).is_some() || base_name(&first.text) == "hyperkube");
            let Some(Started { component, words }) = named.and_then(|_| started(own)) else { continue };
            starts = true;
            let mut command = Command::new(passage, component, passage.place_of_line(line.line), words);
            if !is_whole {
                command
                    .gaps
                    .push(problem(&command.place, "a quote is left open, and what stands behind it is not read"));
            }
            found.commands.push(command);
        }
        started_any |= starts;
        if !starts && !is_script && !started_any && !line.text.split_whitespace().all(|word| assignment(word).is_some())
        {
            return false;
        }
        if !starts {
            others.push(passage.place_of_line(line.line));
        }
    }
    if let Some(first) = others.first().filter(|_| started_any && !is_script) {
        let message = format!("{} of its lines start no component that is known here", others.len());
        found.unrecognised.push(problem(first, message));
    }
    started_any
}
