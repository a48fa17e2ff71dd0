//! The commands, as clap has them.

use clap::{Arg, Command};

use super::markdown::{cell, code};
use crate::cli;

/// The page of the commands.
pub(super) fn page() -> String {
    // Only the built tree knows how it is used; in the other one, arguments stand once, where they are declared.
    let declared = cli::plain();
    let mut built = cli::command();
    built.build();
    let mut text = format!("# Commands\n\n{}.\n\n{}", about(&declared), usage(&built));
    for (group, names) in cli::GROUPS {
        text.push_str(&format!("\n## {group}\n"));
        for name in *names {
            let (Some(command), Some(built)) = (declared.find_subcommand(name), built.find_subcommand(name)) else {
                continue;
            };
            text.push_str(&section(command, &usage(built)));
        }
    }
    text.push_str(
        "\n## Options of every command\n\n`-h` explains the command, `signoff --version` prints the version.\n\n",
    );
    text.push_str("| option | meaning |\n| --- | --- |\n");
    declared.get_arguments().for_each(|arg| text.push_str(&row(arg)));
    text.push_str(&table("Environment", "variable", cli::ENVIRONMENT));
    text + &table("Exit codes", "code", cli::EXIT_CODES)
}

fn section(command: &Command, usage: &str) -> String {
    let mut text = format!("\n### signoff {}\n\n{}.\n\n{usage}", command.get_name(), about(command));
    let (positional, options): (Vec<&Arg>, Vec<&Arg>) = command.get_arguments().partition(|arg| arg.is_positional());
    for (title, args) in [("argument", positional), ("option", options)] {
        if !args.is_empty() {
            text.push_str(&format!("\n| {title} | meaning |\n| --- | --- |\n"));
            args.into_iter().for_each(|arg| text.push_str(&row(arg)));
        }
    }
    let examples = cli::examples(command.get_name());
    if !examples.is_empty() {
        let width = examples.iter().map(|(line, _)| line.len()).max().unwrap_or(0);
        let lines = examples.iter().map(|(line, what)| format!("{line:width$}  # {what}\n"));
        text.push_str(&format!("\n```sh\n{}```\n", lines.collect::<String>()));
    }
    text
}

fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

fn usage(command: &Command) -> String {
    let usage = command.clone().render_usage().to_string();
    format!("```text\n{}\n```\n", usage.trim_start_matches("Usage: ").trim_end())
}

fn row(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    format!("| {} | {}{} |\n", code(&cell(&name(arg))), cell(&help), cell(&values(arg)))
}

/// How an argument is written: `-q, --quiet`, `--format <FORMAT>`, `[PATHS]...`.
fn name(arg: &Arg) -> String {
    if arg.is_positional() {
        return arg.to_string();
    }
    let short = arg.get_short().map(|short| format!("-{short}"));
    let long = arg.get_long().map(|long| format!("--{long}"));
    let names: Vec<String> = short.into_iter().chain(long).collect();
    let takes = arg.get_action().takes_values();
    let value = arg.get_value_names().filter(|_| takes).and_then(<[_]>::first).map(|name| format!(" <{name}>"));
    format!("{}{}", names.join(", "), value.unwrap_or_default())
}

/// The values that an argument can have, with what they mean.
fn values(arg: &Arg) -> String {
    let default = arg.get_default_values().first().and_then(|value| value.to_str());
    let one = |value: &clap::builder::PossibleValue| {
        let usual = if default == Some(value.get_name()) { ", the default" } else { "" };
        let help = value.get_help().map(|help| format!(" ({help}{usual})"));
        format!("{}{}", code(value.get_name()), help.unwrap_or_default())
    };
    let values: Vec<String> = arg.get_possible_values().iter().map(one).collect();
    if values.is_empty() || !arg.get_action().takes_values() {
        String::new()
    } else {
        format!(": {}", values.join(", "))
    }
}

fn table(title: &str, column: &str, rows: &[(&str, &str)]) -> String {
    let rows = rows.iter().map(|(left, right)| format!("| {} | {} |\n", code(left), cell(right)));
    format!("\n## {title}\n\n| {column} | meaning |\n| --- | --- |\n{}", rows.collect::<String>())
}
