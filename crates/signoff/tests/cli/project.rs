//! A proposals repository in a temporary folder, and the program run on it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The metadata of the base's proposal 1234.
pub const POOLS: &str = "keps/sig-node/1234-widget-pools/kep.yaml";
/// Its prose.
pub const POOLS_PROSE: &str = "keps/sig-node/1234-widget-pools/README.md";
/// Its approval record.
pub const POOLS_RECORD: &str = "keps/prod-readiness/sig-node/1234.yaml";
/// The metadata of the base's proposal 2345.
pub const SETS: &str = "keps/sig-apps/2345-widget-sets/kep.yaml";

/// Now, for every run.
pub const NOW: &str = "2026-10-12T09:00:00Z";

/// A repository, beside a home and a cache for the program.
pub struct Project {
    folder: TempDir,
}

/// What a run of the program left.
pub struct Run {
    pub code: i32,
    pub bytes: Vec<u8>,
    pub out: String,
    pub err: String,
}

impl Project {
    /// A repository without a file.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["repository", "home", "cache", "data"] {
            std::fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        Self { folder }
    }

    /// Two proposals in which no rule finds anything: those on which the rules are tested.
    pub fn base() -> Self {
        let project = Self::empty();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../signoff-analysis/tests/base"), &project.root());
        project
    }

    /// The base with one text replaced in one file.
    pub fn changed(path: &str, from: &str, to: &str) -> Self {
        let project = Self::base();
        project.replace(path, from, to);
        project
    }

    /// The repository's root.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("repository")
    }

    /// The folder of the program's cache.
    pub fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// The folder of what is kept beside the program.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A file of the repository, on disk.
    pub fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let file = self.at(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(file, text).expect("a file");
    }

    pub fn read(&self, path: &str) -> String {
        String::from_utf8(self.bytes(path)).expect("text")
    }

    pub fn bytes(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn remove(&self, path: &str) {
        std::fs::remove_file(self.at(path)).expect("a file");
    }

    /// Replaces a text that must be there.
    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} does not contain {from:?}");
        self.write(path, text.replacen(from, to, 1));
    }

    /// Every file with its bytes, by path.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        collect(&self.root(), "", &mut found);
        found.sort();
        found
    }

    /// Runs the program at the root.
    pub fn run(&self, arguments: &[&str]) -> Run {
        finish(self.command(arguments), b"")
    }

    /// Runs the program on another day.
    pub fn run_at(&self, now: &str, arguments: &[&str]) -> Run {
        let mut command = self.command(arguments);
        command.env("SIGNOFF_NOW", now);
        finish(command, b"")
    }

    /// Runs the program, which must end with this code; what it prints.
    pub fn printed(&self, code: i32, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!(run.code, code, "signoff {arguments:?}\n{}{}", run.out, run.err);
        run.out
    }

    /// Runs the program with `--format json`; what it prints.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let run = self.run(&[arguments, &["--format", "json"]].concat());
        run.json()
    }

    /// The findings of a check as `rule path:line`, in their order.
    pub fn findings(&self, arguments: &[&str]) -> Vec<String> {
        brief(&self.json(&[&["check"], arguments].concat()))
    }

    /// The program at the root, deaf to the machine's settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
        command.current_dir(self.root()).args(arguments);
        for name in [
            "NO_COLOR",
            "COLUMNS",
            "RAYON_NUM_THREADS",
            "XDG_CACHE_HOME",
            "XDG_DATA_HOME",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "TZ",
        ] {
            command.env_remove(name);
        }
        command.env("SIGNOFF_NOW", NOW).env("SIGNOFF_CACHE_DIR", self.cache()).env("SIGNOFF_DATA", self.data());
        command.env("HOME", self.folder.path().join("home"));
        command
    }

    /// Makes the folder a git repository and commits what is there; the commit's id.
    pub fn commit(&self, date: &str) -> String {
        if !self.at(".git").exists() {
            self.git(&["init", "-q", "-b", "main", "."]);
        }
        self.git(&["add", "-A"]);
        git(
            &self.root(),
            &[("GIT_AUTHOR_DATE", date), ("GIT_COMMITTER_DATE", date)],
            &["commit", "-q", "--allow-empty", "-m", date],
        );
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs git here; what it prints.
    pub fn git(&self, arguments: &[&str]) -> String {
        git(&self.root(), &[], arguments)
    }
}

impl Run {
    /// The output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.out, self.err))
    }

    /// The complaint of a run that could not do what it was asked: nothing on standard output, and
    /// on standard error what is wrong and what to do.
    pub fn complaint(&self) -> &str {
        assert_eq!(self.code, 2, "{}{}", self.out, self.err);
        assert_eq!(self.out, "", "{}", self.err);
        assert!(self.err.starts_with("error: "), "{}", self.err);
        &self.err
    }
}

/// Runs a command to its end.
pub fn finish(mut command: Command, input: &[u8]) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that does not read its input may be gone already.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    let output = child.wait_with_output().expect("the program ends");
    Run {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        bytes: output.stdout,
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

/// Findings of `signoff.check/1` as `rule path:line`.
pub fn brief(check: &Value) -> Vec<String> {
    let findings = check["findings"].as_array().expect("a list");
    let place = |finding: &Value| match finding["line"].as_u64() {
        Some(line) => format!(":{line}"),
        None => String::new(),
    };
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    findings
        .iter()
        .map(|finding| format!("{} {}{}", text(&finding["rule"]), text(&finding["path"]), place(finding)))
        .collect()
}

/// Runs git in a folder, deaf to what the machine has configured; what it prints.
pub fn git(folder: &Path, environment: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "protocol.file.allow=always"]).args(arguments);
    command.envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")]);
    command.envs([("GIT_AUTHOR_NAME", "Ada"), ("GIT_COMMITTER_NAME", "Ada")]);
    command.envs([("GIT_AUTHOR_EMAIL", "ada@example.org"), ("GIT_COMMITTER_EMAIL", "ada@example.org")]);
    command.envs(environment.iter().copied());
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    let output = command.output().expect("git is installed");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim_end().to_owned()
}

/// Copies a folder with everything below it.
pub fn copy(from: &Path, to: &Path) {
    let mut files = Vec::new();
    collect(from, "", &mut files);
    for (path, bytes) in files {
        let file = to.join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(file, bytes).expect("a file");
    }
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("a name");
        if name == ".git" {
            continue;
        }
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.file_type().expect("a kind").is_dir() {
            collect(&entry.path(), &path, found);
        } else {
            found.push((path, std::fs::read(entry.path()).expect("a file")));
        }
    }
}
