//! A repository that another program rewrites while it is read, and disks that are full: what comes out is true of some
//! moment, and no file is lost.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::project::{POOLS, POOLS_PROSE, POOLS_RECORD, Project, SETS, finish};

/// How often a command runs beside the other program.
const ROUNDS: usize = 15;

/// What the other program does, over and over.
fn rewrite(project: &Project, step: usize) {
    let folder = project.at("keps/sig-node/1234-widget-pools");
    let file = project.at([POOLS, POOLS_PROSE, POOLS_RECORD, SETS][step % 4]);
    match step % 7 {
        // Gone.
        0 => _ = fs::remove_file(file),
        // Cut off, then longer than a reader may have been told.
        1 => _ = fs::write(file, "title: x"),
        2 => _ = fs::write(file, "status: [\n".repeat(3000)),
        // A folder in its place, and a file again.
        3 => {
            let _ = fs::remove_file(&file);
            let _ = fs::create_dir_all(file.join("below"));
        }
        4 => {
            let _ = fs::remove_dir_all(&file);
            let _ = fs::write(file, "kep-number: 1\n");
        }
        // The whole proposal goes away and comes back.
        5 => _ = fs::rename(&folder, project.at("keps/sig-node/1300-moved")),
        _ => {
            let _ = fs::rename(project.at("keps/sig-node/1300-moved"), &folder);
            let _ = fs::create_dir_all(&folder);
        }
    }
}

#[test]
fn a_repository_that_is_rewritten_is_still_read() {
    let project = Project::base();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for step in 0.. {
                if done.load(Ordering::Relaxed) {
                    return;
                }
                rewrite(&project, step);
            }
        });
        let runs = std::panic::catch_unwind(|| {
            for _ in 0..ROUNDS {
                for arguments in [
                    &["check", "--format", "json"][..],
                    &["check", "--format", "json", "keps/sig-node"],
                    &["list", "--format", "json"],
                    &["show", "--all", "--format", "json"],
                    &["search", "widget", "--format", "json"],
                ] {
                    let run = project.run(arguments);
                    if run.code == 2 {
                        assert!(run.complaint().contains("there is no `keps/sig-node`"), "{arguments:?}: {}", run.err);
                    } else {
                        assert!(run.code <= 1 && run.err.is_empty(), "{arguments:?}: {} {}", run.code, run.err);
                        assert!(run.json()["schema"].is_string());
                    }
                }
            }
        });
        done.store(true, Ordering::Relaxed);
        runs.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

/// `--fix` writes what it read, mended, or nothing: never a part of one text and a part of another.
#[test]
fn fixes_beside_another_writer_mix_nothing() {
    let project = Project::base();
    let text = |date: &str, remark: &str| {
        let text = Project::base().read(POOLS).replace("creation-date: 2025-04-14", &format!("creation-date: {date}"));
        format!("{text}# {remark}\n")
    };
    let remarks = ["one", "two, which is longer", "three"];
    let flawed: Vec<String> = remarks.iter().map(|remark| text("2025-4-14", remark)).collect();
    let mended: Vec<String> = remarks.iter().map(|remark| text("2025-04-14", remark)).collect();
    project.write(POOLS, &flawed[0]);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for step in 0.. {
                if done.load(Ordering::Relaxed) {
                    return;
                }
                let beside = project.root().join("../beside.yaml");
                fs::write(&beside, &flawed[step % 3]).expect("a file");
                fs::rename(&beside, project.at(POOLS)).expect("a file moved");
                std::thread::yield_now();
            }
        });
        let runs = std::panic::catch_unwind(|| {
            for _ in 0..ROUNDS * 2 {
                let run = project.run(&["check", "--fix", "--format", "json"]);
                if run.code == 2 {
                    assert!(run.complaint().contains("changed while it was checked"), "{}", run.err);
                }
                let now = project.read(POOLS);
                assert!(flawed.contains(&now) || mended.contains(&now), "{now}");
            }
        });
        done.store(true, Ordering::Relaxed);
        runs.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
    let folder = project.at("keps/sig-node/1234-widget-pools");
    let left: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(
        left.len(),
        Project::base().files().iter().filter(|(path, _)| path.contains("/1234-widget-pools/")).count()
    );
}

/// The program in a shell that lets no file grow beyond some blocks, as a full disk would.
#[cfg(unix)]
fn on_full_disk(project: &Project, blocks: u32, arguments: &[&str]) -> crate::project::Run {
    let program = project.command(arguments);
    let mut shell = std::process::Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    shell.current_dir(project.root()).args(["-c", &script]).arg(program.get_program()).args(arguments);
    shell.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    finish(shell, b"")
}

#[cfg(unix)]
#[test]
fn a_full_disk_costs_no_file() {
    let project = Project::changed(POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14");
    let long = format!("{}{}", project.read(POOLS), "# remark\n".repeat(3000));
    project.write(POOLS, &long);
    let files = project.files();
    for arguments in [&["check", "--fix"][..], &["check", "--write-baseline"]] {
        let run = on_full_disk(&project, 0, arguments);
        assert!(run.code == 2 && run.err.starts_with("error: "), "{arguments:?}: {} {}", run.code, run.err);
        assert!(project.files() == files, "{arguments:?}: nothing is changed and nothing is left");
    }
    // The cache and the index are a help only.
    std::thread::sleep(std::time::Duration::from_millis(120));
    for arguments in [&["check", "--format", "json"][..], &["search", "widget", "--format", "json"]] {
        let usual = project.run(&[arguments, &["--no-cache"]].concat());
        for blocks in [0, 1, 40] {
            let run = on_full_disk(&project, blocks, arguments);
            assert_eq!((run.code, run.out, run.err.as_str()), (usual.code, usual.out.clone(), ""), "{arguments:?}");
        }
        let run = project.run(arguments);
        assert_eq!((run.code, run.out), (usual.code, usual.out), "{arguments:?}: no half of a file was kept");
    }
}
