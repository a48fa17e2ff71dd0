//! The command line, as clap reads it. What a command does is in `commands/`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Reads enhancement proposals, finds what is missing, and says what to do about it.
#[derive(Parser, Debug)]
#[command(name = "signoff", version, help_template = HELP, after_help = GROUPS, subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

const HELP: &str = "{about}\n\n{usage-heading} {usage}\n\n{after-help}\n\nOptions:\n{options}";

const GROUPS: &str = "\
Check:
  check        Report what is wrong or missing, with its place
  rule         Explain a rule, or list them all

Find:
  list         List proposals, all or those that a condition holds for
  show         Show what one proposal says, and what is wrong with it

Tools:
  completions  Print a completion script for a shell
  help         Explain a command";

/// What every command takes.
#[derive(Args, Debug, Clone, Default)]
pub struct Global {
    /// The proposals repository [default: the nearest parent that looks like one]
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub directory: Option<PathBuf>,
    /// Use the sample repository that comes with the program
    #[arg(long, global = true, conflicts_with = "directory")]
    pub sample: bool,
    /// Read the state at a date, an instant or a revision [default: the files as they are]
    #[arg(long, value_name = "WHEN", global = true)]
    pub at: Option<String>,
    /// When to use colours
    #[arg(long, value_enum, default_value_t, global = true)]
    pub color: Color,
    /// Print results only, no summary
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print advice too
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Do not read or write the cache of results
    #[arg(long, global = true)]
    pub no_cache: bool,
}

/// When to use colours.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Report what is wrong or missing, with its place
    Check(CheckArgs),
    /// Explain a rule, or list them all
    Rule(RuleArgs),
    /// List proposals, all or those that a condition holds for
    List(ListArgs),
    /// Show what one proposal says, and what is wrong with it
    Show(ShowArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
}

/// `signoff check`
#[derive(Args, Debug, Clone, Default)]
pub struct CheckArgs {
    /// Files or folders to check, or `-` for standard input [default: all proposals]
    pub paths: Vec<String>,
    /// The path for which standard input stands
    #[arg(long, value_name = "PATH")]
    pub stdin_path: Option<String>,
    /// Check the proposals with files that changed since the merge base with a revision
    #[arg(long, value_name = "REV", conflicts_with = "paths")]
    pub changed_since: Option<String>,
    /// Leave the prose out
    #[arg(long)]
    pub metadata_only: bool,
    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,
    /// Mend what can be mended with certainty
    #[arg(long)]
    pub fix: bool,
    /// The baseline of accepted findings [default: signoff-baseline.json]
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Accept today's findings: write them to the baseline
    #[arg(long)]
    pub write_baseline: bool,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t)]
    pub format: CheckFormat,
}

/// Formats of findings.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CheckFormat {
    /// For people: the source line with the place marked
    #[default]
    Human,
    /// signoff.check/1
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
    /// `JUnit` XML
    Junit,
}

/// `signoff rule`
#[derive(Args, Debug)]
pub struct RuleArgs {
    /// Code of the rule [default: list them all]
    pub code: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub format: PlainFormat,
}

/// Formats of most commands.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PlainFormat {
    /// For people
    #[default]
    Human,
    /// JSON
    Json,
}

/// `signoff list`
#[derive(Args, Debug)]
pub struct ListArgs {
    /// Only proposals for which this CEL condition holds, e.g. 'stage == "beta"'
    #[arg(long = "where", value_name = "CEL")]
    pub condition: Option<String>,
    /// Columns, by comma: proposal, title, group, status, stage, latest_milestone, milestones, path, authors, gates, metrics, or any metadata field
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    pub columns: Vec<String>,
    /// Sort by a column; a leading `-` reverses
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// How to print the list
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// Formats of lists.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ListFormat {
    /// A table
    #[default]
    Human,
    /// signoff.list/1
    Json,
    /// Comma-separated values
    Csv,
}

/// `signoff show`
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// Number, name or path of the proposal
    #[arg(required_unless_present = "all")]
    pub id: Option<String>,
    /// Show every proposal
    #[arg(long, conflicts_with = "id")]
    pub all: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub format: PlainFormat,
}

/// `signoff completions`
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}
