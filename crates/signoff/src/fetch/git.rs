//! Runs the system's git on a repository of the cache: never through a shell, never asking, never with hooks.

use std::io::{ErrorKind, Read, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context as _, anyhow, bail};
use signoff_output::visible;

/// Most bytes that git may print.
const PRINTED_MAX: u64 = 256 * 1024 * 1024;
/// Most bytes of what git says that are kept.
const SAID_MAX: usize = 64 * 1024;
/// Lines of git's complaint that are passed on.
const LINES_MAX: usize = 6;

/// Settings for every run. A connection that brings less than a thousand bytes a second for a minute is given up.
const SETTINGS: [&str; 9] = [
    "core.hooksPath=/dev/null",
    "core.askPass=",
    "gc.auto=0",
    "maintenance.auto=false",
    "protocol.version=2",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=60",
    "fetch.recurseSubmodules=false",
    "credential.interactive=false",
];

/// What would lead git to another repository, or to other settings of one run.
const REMOVED: [&str; 10] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_SHALLOW_FILE",
    "GIT_EXTERNAL_DIFF",
    "GIT_TEMPLATE_DIR",
];

/// A repository of the cache.
pub struct Git {
    /// Where it is.
    pub folder: PathBuf,
}

impl Git {
    /// Runs git; what it prints.
    ///
    /// # Errors
    /// When git is not installed or fails, with what it said.
    pub fn run(&self, arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
        self.watched(arguments, b"", &|_| ())
    }

    /// Runs git with an input, and tells what it says of its progress.
    ///
    /// # Errors
    /// Those of [`Git::run`].
    pub fn watched(&self, arguments: &[&str], input: &[u8], tell: &dyn Fn(&str)) -> anyhow::Result<Vec<u8>> {
        let mut child = match self.command(arguments).spawn() {
            Ok(child) => child,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bail!("git is not installed, or not where programs are looked for\ninstall it: https://git-scm.com")
            }
            Err(error) => return Err(error).context("git cannot be started"),
        };
        let pipes = child.stdin.take().zip(child.stdout.take()).zip(child.stderr.take());
        let ((mut stdin, stdout), stderr) = pipes.context("git has no pipes")?;
        let (printed, said) = thread::scope(|scope| {
            // What git does not read it does not need: that it went away is seen by how it ends.
            scope.spawn(move || drop(stdin.write_all(input)));
            let printed = scope.spawn(move || {
                let mut bytes = Vec::new();
                stdout.take(PRINTED_MAX).read_to_end(&mut bytes).map(|_| bytes)
            });
            let said = listen(stderr, tell);
            (printed.join(), said)
        });
        let status = child.wait().context("git did not end")?;
        if !status.success() {
            let is_command = |argument: &&&str| !argument.starts_with('-') && !argument.contains('=');
            let what = arguments.iter().find(is_command).copied().unwrap_or_default();
            return Err(anyhow!("git {what} failed: {}", complaint(&said)));
        }
        let printed = printed.map_err(|_| anyhow!("what git printed was lost"))?.context("git cannot be read")?;
        if printed.len() as u64 == PRINTED_MAX {
            bail!("git printed more than {} MiB", PRINTED_MAX >> 20)
        } else {
            Ok(printed)
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("--git-dir").arg(&self.folder);
        command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting])).args(arguments);
        for name in REMOVED {
            command.env_remove(name);
        }
        command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_ALLOW_PROTOCOL", "https:file:ssh").env("LC_ALL", "C");
        // Else a look at what is missing would fetch it, one file after another.
        command.env("GIT_NO_LAZY_FETCH", "1");
        if std::env::var_os("GIT_SSH_COMMAND").is_none() {
            command.env("GIT_SSH_COMMAND", "ssh -oBatchMode=yes");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// Reads what git says, tells it line by line, and keeps the end of it.
fn listen(mut stream: impl Read, tell: &dyn Fn(&str)) -> String {
    let (mut kept, mut line, mut piece) = (String::new(), Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = stream.read(&mut piece) {
        for byte in &piece[..count] {
            match byte {
                b'\r' | b'\n' => {
                    let text = String::from_utf8_lossy(&line).trim().to_owned();
                    tell(&text);
                    // Progress ends in a carriage return, and is no part of a complaint.
                    if *byte == b'\n' && kept.len() < SAID_MAX {
                        kept.push_str(&text);
                        kept.push('\n');
                    }
                    line.clear();
                }
                byte if line.len() < SAID_MAX => line.push(*byte),
                _ => {}
            }
        }
    }
    kept + String::from_utf8_lossy(&line).trim()
}

/// The lines with which git says why it failed.
fn complaint(said: &str) -> String {
    let told = said.lines().filter(|line| !line.is_empty());
    let bad: Vec<&str> = told.clone().filter(|line| line.starts_with("fatal:") || line.starts_with("error:")).collect();
    let lines = if bad.is_empty() { told.collect() } else { bad };
    let last = lines.len().saturating_sub(LINES_MAX);
    let lines: Vec<String> = lines[last..].iter().map(|line| visible(line).into_owned()).collect();
    if lines.is_empty() { "it did not say why".to_owned() } else { lines.join("\n") }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn what_git_says_is_told_and_its_complaint_kept() {
        let said = "Receiving objects:  10%\rReceiving objects: 100%\rReceiving objects: 100%, done.\nwarning: x\nfatal: no such tag\n";
        let told = RefCell::new(Vec::new());
        let kept = listen(said.as_bytes(), &|line| told.borrow_mut().push(line.to_owned()));
        assert_eq!(told.borrow()[0], "Receiving objects:  10%");
        assert_eq!(told.borrow().len(), 5);
        assert_eq!(complaint(&kept), "fatal: no such tag");
        assert_eq!(complaint("warning: x\n"), "warning: x");
        assert_eq!(complaint(""), "it did not say why");
    }
}
