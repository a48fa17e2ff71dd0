//! What a terminal gets: how much, in which colours, how wide.

use crate::project::{POOLS, POOLS_PROSE, Project, finish};

/// An error, a warning and advice.
fn faulty() -> Project {
    let project = Project::changed(POOLS, "status: implementable", "status: implementabel");
    project.replace(POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14");
    project.replace(POOLS_PROSE, "## Summary\n", "## Summary\n\n<<[UNRESOLVED x]>>\ny\n<<[/UNRESOLVED]>>\n");
    project.write("signoff.toml", "[rules]\nunresolved = \"info\"\n");
    project
}

#[test]
fn quiet_is_findings_alone_and_verbose_is_advice_too() {
    let project = faulty();
    let normal = project.printed(1, &["check"]);
    assert!(normal.contains("error[status-unknown]") && normal.contains("warning[date-invalid]"), "{normal}");
    assert!(!normal.contains("info[unresolved]"), "{normal}");
    assert!(normal.contains("\n1 error, 1 warning, 1 info in 2 proposals\n"), "{normal}");
    assert!(normal.contains("1 info not shown; `-v` shows advice too.\n"), "{normal}");
    let quiet = project.printed(1, &["check", "-q"]);
    assert!(quiet.contains("error[status-unknown]") && !quiet.contains("1 error,"), "{quiet}");
    assert!(!quiet.contains("info["), "{quiet}");
    let verbose = project.printed(1, &["check", "-v"]);
    assert!(verbose.contains("info[unresolved]") && !verbose.contains("not shown"), "{verbose}");
    assert_eq!(project.printed(0, &["-C", ".", "--quiet", "check", "keps/sig-apps"]), "");
}

#[test]
fn a_program_gets_everything_whatever_is_shown() {
    let project = faulty();
    let all = project.printed(1, &["check", "--format", "json"]);
    for how in ["-q", "-v"] {
        assert_eq!(project.printed(1, &["check", "--format", "json", how]), all);
    }
    assert!(all.contains("\"infos\":1"), "{all}");
}

#[test]
fn colours_only_where_they_are_wanted() {
    let project = faulty();
    let esc = '\u{1b}';
    for arguments in [&["check"][..], &["list"], &["show", "1234"]] {
        let run = |color: &str, variable: Option<&str>| {
            let mut command = project.command(&[arguments, &["--color", color]].concat());
            if let Some(value) = variable {
                command.env("NO_COLOR", value);
            }
            finish(command, b"").out
        };
        assert!(!run("auto", None).contains(esc), "{arguments:?}: a pipe is no terminal");
        assert!(!run("auto", Some("1")).contains(esc), "{arguments:?}");
        assert!(!run("never", None).contains(esc), "{arguments:?}");
        assert!(run("always", None).contains(esc), "{arguments:?}");
        assert!(run("always", Some("1")).contains(esc), "{arguments:?}: the option is nearer than the variable");
        assert_eq!(uncolored(&run("always", None)), run("never", None), "{arguments:?}: colours are all that differs");
    }
    let run = project.run(&["show", "7", "--color", "always"]);
    assert!(run.err.contains(esc));
}

/// A text without its colours.
fn uncolored(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or("", |(_, rest)| rest))
}

/// A terminal, as `script` makes one.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_is_coloured_unless_it_is_told_not_to_be() {
    let project = faulty();
    let on_terminal = |variables: &[(&str, &str)]| {
        let command = project.command(&[]);
        let program = command.get_program().to_string_lossy();
        let mut script = std::process::Command::new("script");
        script.current_dir(project.root()).args(["-qec", &format!("'{program}' list"), "/dev/null"]);
        script.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        script.env_remove("NO_COLOR").env("TERM", "xterm").envs(variables.iter().copied());
        script.output().ok().map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    // Without the tool there is no terminal to try.
    let Some(colored) = on_terminal(&[]) else { return };
    assert!(colored.contains('\u{1b}'), "{colored:?}");
    assert!(!on_terminal(&[("NO_COLOR", "1")]).expect("as before").contains('\u{1b}'));
    assert!(on_terminal(&[("NO_COLOR", "")]).expect("as before").contains('\u{1b}'), "an empty NO_COLOR is none");
}

/// What a terminal of a width shows, as lines.
fn shown(project: &Project, width: &str, arguments: &[&str]) -> Vec<String> {
    let mut command = project.command(arguments);
    command.env("COLUMNS", width);
    finish(command, b"").out.lines().map(str::to_owned).collect()
}

#[test]
fn tables_are_as_wide_as_the_terminal() {
    let project = Project::empty();
    let columns = "title,authors,approvers,reviewers,milestones,status,group,path";
    let list = ["list", "--sample", "--columns", columns];
    let widest = |lines: &[String]| lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    for width in [40, 60, 100, 150] {
        for arguments in [&list[..], &["show", "--sample", "231"], &["list", "--sample"]] {
            // Names and headings are never cut.
            if arguments[0] == "show" && width < 60 {
                continue;
            }
            let lines = shown(&project, &width.to_string(), arguments);
            assert!(widest(&lines) <= width, "{arguments:?} at {width}: {lines:#?}");
        }
    }
    let wide = shown(&project, "400", &list);
    assert!(widest(&wide) > 200 && !wide.iter().any(|line| line.contains('…')), "{wide:#?}");
    // What is no width is none.
    for nonsense in ["0", "", "wide", "-4"] {
        assert_eq!(shown(&project, nonsense, &list), shown(&project, "100", &list), "{nonsense}");
    }
}

/// Standard error is for what goes wrong, and a terminal's progress.
#[test]
fn a_pipe_sees_no_progress() {
    let project = faulty();
    for arguments in [&["check", "--no-cache"][..], &["list"], &["show", "--all"]] {
        assert_eq!(project.run(arguments).err, "", "{arguments:?}");
    }
}

#[test]
fn help_shows_the_commands_in_groups() {
    let project = Project::base();
    let help = project.printed(0, &["--help"]);
    for text in ["Check:\n  check", "Find:\n  list", "Tools:\n  completions", "-C <DIR>", "--sample", "--at <WHEN>"] {
        assert!(help.contains(text), "{text}: {help}");
    }
    assert!(!help.contains("\n\n\n"), "{help}");
    assert_eq!(project.printed(0, &["--version"]), format!("signoff {}\n", env!("CARGO_PKG_VERSION")));
}

/// A command must be given: what there is goes to standard error, so that a script does not take it for output.
#[test]
fn without_a_command_help_is_shown() {
    let project = Project::base();
    let run = project.run(&[]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(run.err, project.printed(0, &["help"]));
    for command in ["check", "rule", "list", "show", "completions"] {
        let help = project.printed(0, &["help", command]);
        assert_eq!(help, project.printed(0, &[command, "--help"]), "{command}");
        assert!(help.contains("Options of every command:") || command == "completions", "{help}");
        // Every option says what it does, in the same line or the next.
        for (at, line) in help.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with('-')) {
            let words = line.split_whitespace().filter(|word| !word.starts_with(['-', '<', '['])).count();
            let more = help.lines().nth(at + 1).unwrap_or_default().trim();
            assert!(words > 1 || !more.is_empty(), "{command}: {line}");
        }
    }
    assert!(project.printed(0, &["help", "check"]).contains("\nExamples:\n  signoff check "));
}

#[test]
fn completions_for_every_shell() {
    let project = Project::base();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = project.printed(0, &["completions", shell]);
        assert!(script.contains("signoff") && script.contains("changed-since"), "{shell}");
    }
    // They are made without a repository.
    assert_eq!(Project::empty().run(&["completions", "fish"]).code, 0);
}

#[test]
fn rules_are_explained() {
    let project = Project::empty();
    let all = project.printed(0, &["rule"]);
    assert!(all.lines().any(|line| line.starts_with("status-unknown ") && line.contains(" error ")), "{all}");
    let json = project.json(&["rule"]);
    assert_eq!(json["schema"], "signoff.rules/1");
    let rules = json["rules"].as_array().expect("a list");
    assert_eq!(rules.len(), all.lines().count());
    for rule in rules {
        let code = rule["code"].as_str().expect("a code");
        let page = project.printed(0, &["rule", code]);
        assert!(page.starts_with(&format!("# {code}\n")), "{code}");
        assert_eq!(project.json(&["rule", code])["page"], page.as_str(), "{code}");
    }
}
