//! Real repositories to try the model on. They are no part of this one: `SIGNOFF_CORPORA` names the folder that holds
//! them, else they are looked for in `../shared/corpora` beside the workspace. Without them a test says that it does
//! not run, and passes.

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the model does no input or output; its tests fetch the documents that it is tried on"
)]
#![allow(clippy::print_stderr, reason = "says what does not run")]
#![allow(dead_code, reason = "each test takes what it needs")]

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The file of this name among the corpora; `None`, said aloud, where it is not.
pub fn file(name: &str) -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = [std::env::var_os("SIGNOFF_CORPORA").map(PathBuf::from), Some(workspace.join("../shared/corpora"))];
    let file = folders.into_iter().flatten().map(|folder| folder.join(name)).find(|file| file.is_file());
    if file.is_none() {
        eprintln!("not run: no {name} in $SIGNOFF_CORPORA or ../shared/corpora");
    }
    file
}

/// The Markdown files of a folder in an archive, by their names; `None` where the archive is not.
pub fn markdown_of(archive: &str, folder: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let file = file(&format!("{archive}.tar.xz"))?;
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("model").join(archive);
    std::fs::create_dir_all(&target).expect("a folder for the corpus");
    let unpacked = Command::new("tar").arg("-xf").arg(&file).arg("-C").arg(&target).status();
    assert!(unpacked.is_ok_and(|status| status.success()), "tar unpacks {}", file.display());
    let entries = std::fs::read_dir(target.join(folder)).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let named = paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")).map(|path| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read(&path).expect("a file"))
    });
    Some(named.collect())
}

/// The clone of a bundle.
pub struct Repository {
    folder: PathBuf,
}

impl Repository {
    /// A bare clone with the heads of pull requests; one that an earlier run left is used again.
    pub fn of(bundle: &Path) -> Self {
        static CLONING: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _alone = CLONING.lock();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("enhancements-with-pulls.git");
        if !folder.join("packed-refs").is_file() {
            // Cloned aside and moved, so that one that was cut off, or that another test is at, is not taken for whole.
            let aside = folder.with_extension(std::process::id().to_string());
            let done = git().args(["clone", "--mirror", "--quiet"]).arg(bundle).arg(&aside).status();
            assert!(done.expect("git runs").success(), "git clones {}", bundle.display());
            if std::fs::rename(&aside, &folder).is_err() {
                std::fs::remove_dir_all(&aside).expect("the folder of this process");
            }
        }
        Self { folder }
    }

    /// What git says to a question.
    pub fn ask(&self, question: &[&str]) -> String {
        let answer = git().arg("--git-dir").arg(&self.folder).args(question).output().expect("git runs");
        assert!(answer.status.success(), "git {question:?}: {}", String::from_utf8_lossy(&answer.stderr));
        String::from_utf8(answer.stdout).expect("text")
    }

    /// Every blob of all history whose path is asked for, each once, with one of its paths; by name of the blob.
    pub fn objects(&self, asked: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let listed = self.ask(&["rev-list", "--objects", "--all"]);
        let named = listed.lines().filter_map(|line| line.split_once(' ')).filter(|(_, path)| asked(path));
        let mut objects: Vec<_> = named.map(|(blob, path)| (blob.to_owned(), path.to_owned())).collect();
        objects.sort();
        objects
    }

    /// The files of the newest state whose path is asked for, with their bytes.
    pub fn files_of_head(&self, asked: impl Fn(&str) -> bool) -> Vec<(String, Vec<u8>)> {
        let listed = self.ask(&["ls-tree", "-r", "--format=%(objectname) %(path)", "HEAD"]);
        let named = listed.lines().filter_map(|line| line.split_once(' ')).filter(|(_, path)| asked(path));
        let (blobs, paths): (Vec<&str>, Vec<&str>) = named.unzip();
        paths.into_iter().map(str::to_owned).zip(self.blobs(&blobs)).collect()
    }

    /// The bytes of blobs, in the order of their names.
    pub fn blobs(&self, names: &[&str]) -> Vec<Vec<u8>> {
        let mut git = git()
            .arg("--git-dir")
            .arg(&self.folder)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("git runs");
        let mut asked = git.stdin.take().expect("a pipe");
        let request = names.join("\n") + "\n";
        let mut output = Vec::new();
        std::thread::scope(|scope| {
            scope.spawn(move || asked.write_all(request.as_bytes()).expect("git reads"));
            git.stdout.take().expect("a pipe").read_to_end(&mut output).expect("git answers");
        });
        assert!(git.wait().expect("git ends").success());
        let mut rest = output.as_slice();
        names.iter().map(|name| next_blob(name, &mut rest)).collect()
    }
}

/// The `git` command without the user's settings.
fn git() -> Command {
    let mut command = Command::new("git");
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.args(["-c", "init.defaultBranch=main"]);
    command
}

/// Takes `<name> blob <size>\n<bytes>\n` from the start of `rest`.
fn next_blob(name: &str, rest: &mut &[u8]) -> Vec<u8> {
    let end = rest.iter().position(|byte| *byte == b'\n').expect("a line");
    let head = std::str::from_utf8(&rest[..end]).expect("text");
    let size: usize =
        head.strip_prefix(name).and_then(|head| head.strip_prefix(" blob ")).expect(head).parse().expect(head);
    let bytes = &rest[end + 1..end + 1 + size];
    *rest = &rest[end + size + 2..];
    bytes.to_vec()
}
