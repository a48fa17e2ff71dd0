//! Repositories made for one test.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A repository in a temporary folder, which goes with it.
pub struct Scratch {
    folder: TempDir,
}

impl Scratch {
    /// An empty repository with the branch `main`.
    pub fn new() -> Self {
        let scratch = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        scratch.git(&["init", "-q", "-b", "main", "."]);
        scratch
    }

    /// A temporary folder that is no repository.
    pub fn bare_folder() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn at(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let file = self.at(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(file, text).expect("a file");
    }

    #[cfg(unix)]
    pub fn link(&self, path: &str, target: &str) {
        let file = self.at(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::os::unix::fs::symlink(target, file).expect("a link");
    }

    /// Commits everything at an instant; the id.
    pub fn commit(&self, date: &str) -> String {
        self.git(&["add", "-A"]);
        self.commit_index(date)
    }

    /// Commits what was added.
    pub fn commit_index(&self, date: &str) -> String {
        self.git_at(date, "Ada", "ada@example.org", &["commit", "-q", "--allow-empty", "-m", date]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs git here; what it prints.
    pub fn git(&self, arguments: &[&str]) -> String {
        self.git_at("2026-01-01T00:00:00Z", "Ada", "ada@example.org", arguments)
    }

    /// Runs git here at an instant as somebody.
    pub fn git_at(&self, date: &str, name: &str, email: &str, arguments: &[&str]) -> String {
        printed(self.output(date, name, email, arguments), arguments)
    }

    /// Whether git does it.
    pub fn can_git(&self, arguments: &[&str]) -> bool {
        self.output("2026-01-01T00:00:00Z", "Ada", "ada@example.org", arguments).status.success()
    }

    fn output(&self, date: &str, name: &str, email: &str, arguments: &[&str]) -> Output {
        let mut command = command(self.path(), arguments);
        command.envs([("GIT_AUTHOR_NAME", name), ("GIT_COMMITTER_NAME", name)]);
        command.envs([("GIT_AUTHOR_EMAIL", email), ("GIT_COMMITTER_EMAIL", email)]);
        command.envs([("GIT_AUTHOR_DATE", date), ("GIT_COMMITTER_DATE", date)]);
        command.output().expect("git is installed")
    }
}

/// Runs git in a folder; what it prints.
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    printed(command(folder, arguments).output().expect("git is installed"), arguments)
}

/// The command, deaf to what the machine has configured.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "protocol.file.allow=always"]).args(arguments);
    command.envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")]);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    command
}

fn printed(output: Output, arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = output;
    assert!(status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).expect("text").trim_end().to_owned()
}
