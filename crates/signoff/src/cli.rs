//! The command line, as clap reads it. What a command does is in `commands/`.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, PossibleValuesParser, Styles, TypedValueParser};
use clap::{Arg, Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use signoff_analysis::claims::ClaimKind;
use signoff_analysis::upgrade::Asked;
use signoff_model::Release;
use signoff_model::fact::SourceKind;

use crate::evidence::Place;

/// Reads enhancement proposals, finds what is missing, and says what to do about it.
#[derive(Parser, Debug)]
#[command(name = "signoff", version, subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands in their groups.
pub const GROUPS: &[(&str, &[&str])] = &[
    ("Check", &["check", "rule"]),
    ("Find", &["list", "show", "query", "search", "export"]),
    ("Sign-off", &["status", "why", "todo", "queue", "checklist", "calendar", "comment", "sweep"]),
    ("History", &["timeline", "diff", "shipped", "slipped", "stale", "stats"]),
    #[cfg(not(feature = "forge"))]
    ("Evidence", &["audit", "upgrade", "cluster", "playbook", "evidence", "data"]),
    #[cfg(feature = "forge")]
    ("Evidence", &["audit", "upgrade", "cluster", "playbook", "evidence", "data", "forge"]),
    ("Pages", &["site", "serve"]),
    ("Tools", &["completions"]),
];

/// Examples of a command: lines to type, and what each does.
pub type Examples = &'static [(&'static str, &'static str)];

/// The examples below the help of commands.
pub const EXAMPLES: &[(&str, Examples)] = &[
    (
        "check",
        &[
            ("signoff check", "Every proposal"),
            ("signoff check keps/sig-node/1287-pod-resize", "One proposal"),
            ("signoff check --changed-since main --strict", "What a branch changes; warnings fail too"),
            ("signoff check --fix", "Mend what can be mended"),
            ("signoff check --write-baseline", "Accept what there is; only new findings fail"),
            ("signoff check - --stdin-path PATH < FILE", "A file that is not saved at its place"),
        ],
    ),
    (
        "upgrade",
        &[
            ("signoff upgrade --from 1.34 --to 1.36 --code ../kubernetes", "What changes for whoever sets nothing"),
            ("signoff upgrade --from 1.34.2 --to 1.36.2 --config /etc/kubernetes", "For these files"),
            ("signoff upgrade --from 1.35 --to 1.36 --config kubelet.yaml --both-ways", "Can one go back with them?"),
            (
                "signoff upgrade --from 1.35 --to 1.36 --emulate 1.35",
                "While the control plane emulates the old version",
            ),
        ],
    ),
    (
        "evidence",
        &[
            ("signoff evidence fetch v1.37.0", "What audits read of a version, kept for all that follow"),
            ("signoff evidence fetch v1.37.0 --docs", "With the documentation of its release"),
            ("signoff evidence fetch v1.37.0 --from ../kubernetes", "Out of a clone on this machine"),
            ("signoff evidence pack --code 1.36.2=../kubernetes -o 1.36.2.pack", "What one version says, in one file"),
        ],
    ),
    (
        "data",
        &[
            ("signoff data import FILE", "A profile that is newer than the program"),
            ("signoff data update https://example.org/v1.39.toml --sha256 SUM", "A calendar, from the network"),
            ("signoff data list", "What is kept, and what of it is in force"),
            ("signoff data remove NAME", "Back to what the program has"),
        ],
    ),
    (
        "rule",
        &[
            ("signoff rule", "Every rule in a line"),
            ("signoff rule status-unknown", "What a rule wants, with examples"),
        ],
    ),
    (
        "list",
        &[
            ("signoff list --where 'stage == \"beta\"'", "What is in beta"),
            ("signoff list --where '\"@ada\" in approvers'", "What one person approves"),
            ("signoff list --where 'section(\"Test Plan\").state == \"absent\"'", "What lacks a section"),
            ("signoff list --sort -latest_milestone --columns title,gates", "Newest release first"),
            ("signoff list --at 2026-02-12 --format csv", "The state at a date, as CSV"),
        ],
    ),
    (
        "query",
        &[
            ("signoff query", "The saved queries"),
            ("signoff query in-flight 'group == \"sig-node\"'", "One of them, narrowed"),
            ("signoff query 'question(\"slo\").state == \"empty\" && stage == \"beta\"'", "By an answer"),
            ("signoff query 'class == \"accepted\"' --group-by group,stage --count", "How many of each"),
            ("signoff query --group-by approvers --count --limit 10", "Who approves most"),
            ("signoff query --columns 'title,slo=question(\"slo\").state' --format csv", "A value as column"),
        ],
    ),
    (
        "search",
        &[
            ("signoff search pod resize memory", "All three words, best in one section"),
            ("signoff search 'InPlace*' stage:beta", "Words that begin so, in proposals at beta"),
            ("signoff search '\"in place\" -windows' release:v1.36", "A phrase, and what must not occur"),
            ("signoff search KEP-1287", "By number"),
        ],
    ),
    (
        "export",
        &[
            ("signoff export --format keps-json", "The manifest of Kubernetes"),
            ("signoff export --format sqlite --output proposals.sqlite", "A database to ask with SQL"),
            ("signoff export --format csv --output proposals.csv", "A row for each proposal"),
        ],
    ),
    (
        "status",
        &[
            ("signoff status", "The current release at its next checkpoint"),
            ("signoff status --release v1.36 --at enhancements-freeze", "As it was at a freeze"),
            ("signoff status --since 2026-02-09 --format markdown", "With what changed, to paste"),
            ("signoff status --fail", "Exit with 1 while any is at risk or removed"),
        ],
    ),
    (
        "why",
        &[
            ("signoff why 5526", "For the release that it targets, at the next checkpoint"),
            ("signoff why 5526 --release v1.35 --at code-freeze", "As it was at a freeze"),
        ],
    ),
    (
        "shipped",
        &[
            ("signoff shipped v1.36", "What was planned, what is claimed, what the code shows"),
            ("signoff shipped v1.36 --format csv", "A row for each proposal and stage"),
        ],
    ),
    (
        "slipped",
        &[
            ("signoff slipped v1.36", "What was planned at the freeze and went elsewhere"),
            ("signoff slipped v1.36 --planned any", "With what left the release before the freeze"),
        ],
    ),
    (
        "stale",
        &[
            ("signoff stale --group sig-node", "What is left alone in one group"),
            ("signoff stale --kind unmarked", "What is done and not marked so"),
        ],
    ),
    (
        "stats",
        &[
            ("signoff stats", "Time, lateness, load, acceptance, throughput"),
            ("signoff stats --release v1.36", "One release: when its proposals became ready"),
            ("signoff stats --by group --since 2025-01-01", "The figures of each group"),
        ],
    ),
    (
        "audit",
        &[
            (
                "signoff audit",
                "Every claim of every proposal that is wrong, by the evidence that comes with the program",
            ),
            ("signoff audit 4603", "All claims of one proposal"),
            ("signoff audit --code 1.36.2=../kubernetes --docs ../website", "By a checkout of code and documentation"),
            ("signoff audit --claim gate-exists --fix", "The names of gates that are certainly misspelt, as a patch"),
            ("signoff audit --docs ../website --docs-patch | git -C ../website apply", "Mend the pages of gates"),
            ("signoff audit --format json --fail", "For programs; exit with 1 while any claim is wrong"),
        ],
    ),
    (
        "cluster",
        &[
            ("signoff cluster", "What is on in the cluster of the current context, and what could not be read"),
            ("signoff cluster --context prod --snapshot prod.json", "Save what was read"),
            ("signoff cluster --cluster prod.json --gate SidecarContainers", "One gate on each replica and node"),
            ("signoff cluster --cluster fleet --format csv", "Every gate of every cluster of a folder"),
        ],
    ),
    (
        "playbook",
        &[
            ("signoff playbook SidecarContainers", "How to turn it off, what comes of it, what to watch"),
            (
                "signoff playbook SidecarContainers --cluster prod.json --format markdown",
                "With what it is in a cluster",
            ),
        ],
    ),
    (
        "sweep",
        &[
            ("signoff sweep --release v1.36", "Command lines for the forge, to look at and run"),
            ("signoff sweep --release v1.36 --patch", "Mark what is stable as done; for `git apply`"),
        ],
    ),
    (
        "todo",
        &[
            ("signoff todo 1287", "For the release that it targets, else the one that is worked on"),
            ("signoff todo 1287 --stage stable --release v1.37", "To reach a stage in a release"),
            ("signoff todo 1287 --approver @ada --patch | git apply", "Write what can be written"),
        ],
    ),
    (
        "queue",
        &[
            ("signoff queue --approver @ada", "What waits for one person, weak answers first"),
            ("signoff queue --approver ada --release v1.37 --format csv", "Of one release, as CSV"),
        ],
    ),
    #[cfg(feature = "forge")]
    (
        "forge",
        &[
            ("signoff forge pull", "The release that is worked on, into signoff-forge.jsonl"),
            (
                "signoff forge pull --release v1.37 --output forge.jsonl",
                "Another one; what is there is brought up to date",
            ),
            ("signoff forge pull --release v1.36 --at enhancements-freeze", "The proposals that targeted it then"),
        ],
    ),
    ("checklist", &[("signoff checklist 1287", "Each item as the files tell it, beside the author's box")]),
    (
        "comment",
        &[
            ("signoff comment 5526", "For the release that it targets, at the next checkpoint"),
            ("signoff comment 5526 --release v1.35 --checkpoint code-freeze --mention", "With the authors' handles"),
        ],
    ),
    (
        "show",
        &[("signoff show 1287", "By number"), ("signoff show 1287 --at v1.36 --format json", "As it was at a tag")],
    ),
    (
        "timeline",
        &[
            ("signoff timeline 1287", "When it moved, was approved and answered"),
            ("signoff timeline 1287 --all-commits", "And who did it"),
            ("signoff timeline 1287 --at v1.36:code-freeze", "As far as it was known at a freeze"),
        ],
    ),
    (
        "calendar",
        &[
            ("signoff calendar", "The current release, and what comes next"),
            ("signoff calendar --release v1.36 --zone Europe/Berlin", "Another one, with local time"),
            ("signoff calendar --all --format ics", "All of them, for a calendar program"),
            ("signoff calendar --page ../sig-release/releases", "Read release pages, and find their mistakes"),
        ],
    ),
    (
        "diff",
        &[
            ("signoff diff 2026-06-01..2026-07-01", "What changed in a month"),
            ("signoff diff v1.35..HEAD 1287", "Of one proposal, between a tag and the newest commit"),
            ("signoff diff HEAD..", "What is not committed yet"),
            ("signoff diff --pull 5526", "What a pull request changes, for its review"),
            ("signoff diff 2026-02-05..2026-02-12 --format markdown", "A week, ready to paste"),
        ],
    ),
];

/// What the environment sets.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("SIGNOFF_NOW", "The instant or date taken for now"),
    ("SIGNOFF_CACHE_DIR", "The folder of the cache"),
    ("SIGNOFF_DATA", "The folder of packs, profiles and calendars that are newer than the program"),
    #[cfg(feature = "forge")]
    ("GITHUB_TOKEN", "The token that `forge pull` shows to the forge; else GH_TOKEN"),
    ("TZ", "The zone of local times, by its name"),
    ("COLUMNS", "The width of the output"),
    ("NO_COLOR", "No colours, unless asked for"),
];

/// What the exit codes say.
pub const EXIT_CODES: &[(&str, &str)] = &[
    ("0", "Done"),
    ("1", "A negative answer: `check` found errors (with --strict, warnings)"),
    ("2", "Could not run; standard error says what to do"),
];

/// The command line as its types say it.
#[must_use]
pub(crate) fn plain() -> clap::Command {
    Cli::command()
}

/// The command line with its help: the commands in groups, options on one line each, examples below.
#[must_use]
pub fn command() -> clap::Command {
    let plain = plain();
    let about = |name: &str| plain.find_subcommand(name).and_then(clap::Command::get_about).map(ToString::to_string);
    let width = GROUPS.iter().flat_map(|(_, names)| *names).map(|name| name.len()).max().unwrap_or(0);
    let header = Styles::styled();
    let header = header.get_header();
    let mut template = "{about}\n\n{usage-heading} {usage}\n".to_owned();
    for (group, names) in GROUPS {
        template.push_str(&format!("\n{header}{group}:{header:#}\n"));
        for name in *names {
            template.push_str(&format!("  {name:width$}  {}\n", about(name).unwrap_or_default()));
        }
    }
    template.push_str(&format!("\n{header}Options:{header:#}\n{{options}}{{after-help}}"));
    let environment = format!("{}\n{}", rows("Environment", ENVIRONMENT), rows("Exit codes", EXIT_CODES));
    let more = "`signoff COMMAND --help` explains a command, `signoff rule CODE` a rule.";
    plain
        .help_template(template)
        .after_help(format!("{environment}\n{more}"))
        .mut_args(on_one_line)
        .mut_subcommands(|command| with_examples(command).mut_args(on_one_line))
}

/// Values in a row behind the help, since clap would give each a paragraph and every option two lines.
fn on_one_line(arg: Arg) -> Arg {
    let values: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    match arg.get_help().map(ToString::to_string) {
        Some(help) if !values.is_empty() && arg.get_action().takes_values() => {
            arg.help(format!("{help}: {}", values.join(", "))).hide_possible_values(true)
        }
        _ => arg,
    }
}

fn with_examples(command: clap::Command) -> clap::Command {
    match examples(command.get_name()) {
        [] => command,
        examples => command.after_help(rows("Examples", examples)),
    }
}

/// The examples of a command.
#[must_use]
pub fn examples(command: &str) -> Examples {
    EXAMPLES.iter().find(|(name, _)| *name == command).map_or(&[], |(_, examples)| examples)
}

/// A heading with two columns below.
fn rows(heading: &str, rows: &[(&str, &str)]) -> String {
    let styles = Styles::styled();
    let header = styles.get_header();
    let width = rows.iter().map(|(left, _)| left.len()).max().unwrap_or(0);
    let lines = rows.iter().map(|(left, right)| format!("  {left:width$}  {right}\n"));
    format!("{header}{heading}:{header:#}\n{}", lines.collect::<String>())
}

/// What every command takes.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// The proposals repository [default: the nearest parent that looks like one]
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub directory: Option<PathBuf>,
    /// Use the sample repository that comes with the program
    #[arg(long, global = true, conflicts_with = "directory")]
    pub sample: bool,
    /// The state at a date (2026-02-12), an instant (2026-02-12T12:00Z), a revision (HEAD~20, a tag) or a checkpoint (v1.36:code-freeze) [default: the files as they are]
    #[arg(long, value_name = "WHEN", global = true)]
    pub at: Option<String>,
    /// When to use colours
    #[arg(long, value_enum, default_value_t, global = true)]
    pub color: Color,
    /// Print findings alone, without summary, notes and progress
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print advice (infos) too
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Check anew: do not use or keep the output of an unchanged check
    #[arg(long, global = true)]
    pub no_cache: bool,
}

/// What verdicts take beside the files.
#[derive(Args, Debug, Clone, Default)]
pub struct ExceptionArgs {
    /// Exceptions that were asked for: a file such as exceptions.yaml, or a folder of them
    #[arg(long, value_name = "PATH")]
    pub exceptions: Option<PathBuf>,
}

/// Evidence beside the proposals, for the commands that judge by it.
#[derive(Args, Debug, Clone, Default)]
pub struct EvidenceArgs {
    /// Code: a folder, a git repository at a tag, or a pack; several versions are used together [default: the packs that come with the program and those that are kept beside it]
    #[arg(long, value_name = "[VERSION=]DIR", value_parser = place())]
    pub code: Vec<Place>,
    /// Documentation: a folder, or a git repository at a revision
    #[arg(long, value_name = "[VERSION=]DIR", value_parser = place())]
    pub docs: Vec<Place>,
    /// What `signoff cluster --snapshot` wrote, or a folder of such files: a fleet
    #[arg(long, value_name = "SNAPSHOT")]
    pub cluster: Vec<PathBuf>,
}

/// Reads a place of evidence.
fn place() -> impl TypedValueParser<Value = Place> {
    any_text().map(|text| Place::parse(&text))
}

/// `signoff audit`
#[derive(Args, Debug)]
pub struct AuditArgs {
    /// The proposal: its number, its folder's name, or its path [default: all]
    #[arg(value_parser = any_text())]
    pub id: Option<String>,
    /// Only claims of this kind, e.g. gate-exists
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(ClaimKind::ALL.map(ClaimKind::word)))]
    pub claim: Vec<String>,
    /// Show claims of this verdict [default: drift and soft; all of them for one proposal]
    #[arg(long, value_name = "VERDICT", value_parser = ["agree", "drift", "soft", "future", "unknown"])]
    pub verdict: Vec<String>,
    /// Show what the sources have and no proposal names, too
    #[arg(long, conflicts_with = "id")]
    pub unclaimed: bool,
    /// Exit with 1 while any claim is wrong
    #[arg(long)]
    pub fail: bool,
    /// Print the changes of metadata that are certain as a patch for `git apply`
    #[arg(long)]
    pub fix: bool,
    /// Print the changes of the documentation that make the pages of gates agree with the code, as a patch
    #[arg(long, conflicts_with_all = ["fix", "id"])]
    pub docs_patch: bool,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: AuditFormat,
    /// Evidence
    #[command(flatten)]
    pub evidence: EvidenceArgs,
}

/// `signoff evidence`
#[derive(Args, Debug)]
pub struct EvidenceCommandArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: EvidenceCommand,
}

/// What `signoff evidence` does.
#[derive(Subcommand, Debug)]
pub enum EvidenceCommand {
    /// Write what code and documentation say into one small file
    Pack(EvidencePackArgs),
    /// Fetch what audits read of versions, and keep it as packs
    Fetch(EvidenceFetchArgs),
}

/// `signoff evidence fetch`
#[derive(Args, Debug)]
pub struct EvidenceFetchArgs {
    /// Versions of the code, e.g. v1.37.0
    #[arg(required = true, value_name = "VERSION")]
    pub versions: Vec<String>,
    /// The git repository of the code: an address or a folder [default: the one that the profile names]
    #[arg(long, value_name = "URL")]
    pub from: Option<String>,
    /// Fetch the documentation of these versions too, or of this branch
    #[arg(long, value_name = "BRANCH", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub docs: Option<String>,
    /// The git repository of the documentation [default: the one that the profile names]
    #[arg(long, value_name = "URL", requires = "docs")]
    pub docs_from: Option<String>,
    /// Write the packs into this folder, instead of that of the data
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// Fetch what is there already once more
    #[arg(long)]
    pub again: bool,
}

/// `signoff data`
#[derive(Args, Debug)]
pub struct DataArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: DataCommand,
}

/// What `signoff data` does.
#[derive(Subcommand, Debug)]
pub enum DataCommand {
    /// Verify files, and keep them: packs of evidence, profiles, calendars
    Import(DataImportArgs),
    /// Download a file, verify it, and keep it
    #[cfg(feature = "forge")]
    Update(DataUpdateArgs),
    /// List what is kept, and what of it is in force
    List,
    /// Remove what is kept
    Remove(DataRemoveArgs),
}

/// `signoff data import`
#[derive(Args, Debug)]
pub struct DataImportArgs {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Take what is older than what the program has, and use it
    #[arg(long)]
    pub force: bool,
}

/// `signoff data update`
#[cfg(feature = "forge")]
#[derive(Args, Debug)]
pub struct DataUpdateArgs {
    /// The address of the file, with https
    pub url: String,
    /// The SHA-256 that the file must have
    #[arg(long, value_name = "SUM")]
    pub sha256: Option<String>,
    /// The BLAKE3 that the file must have
    #[arg(long, value_name = "SUM")]
    pub blake3: Option<String>,
    /// Take what is older than what the program has, and use it
    #[arg(long)]
    pub force: bool,
}

/// `signoff data remove`
#[derive(Args, Debug)]
pub struct DataRemoveArgs {
    /// Its name, as `signoff data list` shows it; or with its kind before it, as in profile/NAME
    pub name: String,
}

/// `signoff evidence pack`
#[derive(Args, Debug)]
pub struct EvidencePackArgs {
    /// What is packed
    #[command(flatten)]
    pub evidence: EvidenceArgs,
    /// Leave out sources of this kind, e.g. changelog
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(SourceKind::ALL.map(SourceKind::word)))]
    pub without: Vec<String>,
    /// The file
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
}

/// Formats of an audit.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AuditFormat {
    /// For people
    #[default]
    Human,
    /// signoff.audit/1
    Json,
    /// A row for each claim
    Csv,
    /// For code scanning
    Sarif,
    /// A table to paste into an issue
    Markdown,
}

/// What was pulled of the forge.
#[derive(Args, Debug, Clone, Default)]
pub struct ForgeArgs {
    /// What `signoff forge pull` wrote; of several the newest word counts [default: the file of signoff.toml]
    #[arg(long, value_name = "FILE")]
    pub forge: Vec<PathBuf>,
}

/// `signoff upgrade`
#[derive(Args, Debug)]
pub struct UpgradeArgs {
    /// The version today, best with its patch [without one: the newest patch that is known]
    #[arg(long, value_name = "VERSION", value_parser = asked, required_unless_present = "cluster")]
    pub from: Option<Asked>,
    /// The version after
    #[arg(long, value_name = "VERSION", value_parser = asked)]
    pub to: Asked,
    /// How components are configured: files, or folders of them
    #[arg(long, value_name = "PATH", num_args = 1.., value_parser = any_text())]
    pub config: Vec<String>,
    /// Whether the same files do for both versions, as long as one may have to go back
    #[arg(long)]
    pub both_ways: bool,
    /// The version that the components of the control plane emulate after the upgrade
    #[arg(long, value_name = "VERSION", value_parser = release)]
    pub emulate: Option<Release>,
    /// Only this component, e.g. kubelet
    #[arg(long, value_name = "COMPONENT")]
    pub component: Vec<String>,
    /// Exit with 1 when something was not looked at
    #[arg(long)]
    pub require_complete: bool,
    /// Answer for a version that is not known by the newest one that is
    #[arg(long)]
    pub allow_unknown: bool,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: UpgradeFormat,
    /// Evidence
    #[command(flatten)]
    pub evidence: EvidenceArgs,
}

/// `signoff cluster`
#[derive(Args, Debug)]
pub struct ClusterArgs {
    /// The context of the kubeconfig [default: its current one]
    #[arg(long, value_name = "NAME")]
    pub context: Option<String>,
    /// The kubeconfig [default: KUBECONFIG, else ~/.kube/config]
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// Save what was read to this file
    #[arg(long, value_name = "FILE", conflicts_with = "cluster")]
    pub snapshot: Option<PathBuf>,
    /// Only this gate, with every replica and node
    #[arg(long, value_name = "NAME")]
    pub gate: Vec<String>,
    /// Show gates that are as they would be by themselves, too
    #[arg(long)]
    pub all: bool,
    /// How many seconds one answer may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
    /// Evidence
    #[command(flatten)]
    pub evidence: EvidenceArgs,
}

/// Reads a version with or without its patch.
fn asked(text: &str) -> Result<Asked, String> {
    Asked::parse(text).ok_or_else(|| "a version is written like 1.36.2 or 1.36".to_owned())
}

/// Formats of what changes between two versions.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UpgradeFormat {
    /// For people
    #[default]
    Human,
    /// signoff.upgrade/1
    Json,
    /// Tables to paste into an issue
    Markdown,
}

/// `signoff playbook`
#[derive(Args, Debug)]
pub struct PlaybookArgs {
    /// The gate
    #[arg(value_parser = any_text())]
    pub gate: String,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: PlaybookFormat,
    /// Evidence
    #[command(flatten)]
    pub evidence: EvidenceArgs,
}

/// Formats of a playbook.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PlaybookFormat {
    /// For people
    #[default]
    Human,
    /// signoff.playbook/1
    Json,
    /// To keep beside others
    Markdown,
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
    /// Answer a question about proposals: columns, groups, counts
    Query(QueryArgs),
    /// Search titles, gates, prose and answers
    Search(SearchArgs),
    /// Write all proposals for another program
    Export(ExportArgs),
    /// Show when the checkpoints of a release are
    Calendar(CalendarArgs),
    /// Tell where each proposal of a release stands at a checkpoint
    Status(StatusArgs),
    /// Explain a verdict: the rules, and the lines they saw
    Why(WhyArgs),
    /// Tell what happened to a proposal, commit by commit
    Timeline(TimelineArgs),
    /// Say what changed between two states, or in a pull request: not lines, but stages, gates, answers
    Diff(DiffArgs),
    /// Tell what a release was to bring, and what proposals claim that it brought
    Shipped(ShippedArgs),
    /// Tell what was planned for a release and went elsewhere
    Slipped(SlippedArgs),
    /// Find proposals that are left alone, and what to do about each
    Stale(StaleArgs),
    /// Count: time in each status and stage, lateness, load, acceptance, throughput
    Stats(StatsArgs),
    /// Tidy up behind a release: a patch and command lines, printed and never run
    Sweep(SweepArgs),
    /// Say what is left to do for a proposal, by when
    Todo(TodoArgs),
    /// List what waits for one approver
    Queue(QueueArgs),
    /// Compare the sign-off checklist with what the files and the history tell
    Checklist(ChecklistArgs),
    /// Draft the status comment for the issue of a proposal
    Comment(CommentArgs),
    /// Compare what proposals claim with what code, documentation and clusters say
    Audit(AuditArgs),
    /// Fetch and pack what code and documentation say, so that audits need no checkout
    Evidence(EvidenceCommandArgs),
    /// Keep packs, profiles and calendars that are newer than the program
    Data(DataArgs),
    /// Pull what the forge tells of a release: issues, pull requests, reviews and their events
    #[cfg(feature = "forge")]
    Forge(ForgeCommandArgs),
    /// Tell what changes for an operator between two versions
    Upgrade(UpgradeArgs),
    /// Show what is on in a cluster: each gate in each component and on each node
    Cluster(ClusterArgs),
    /// Show what to do with a gate in an incident: how to turn it off, what comes of it, what to watch
    Playbook(PlaybookArgs),
    /// Make pages of everything
    Site(SiteArgs),
    /// Show the pages live in a browser, on this machine
    Serve(ServeArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
}

/// Reads an argument that need not be Unicode, as the names of files need not be.
fn any_text() -> impl TypedValueParser<Value = String> {
    OsStringValueParser::new().map(|text| text.to_string_lossy().into_owned())
}

/// Reads a release.
fn release(text: &str) -> Result<Release, String> {
    Release::parse(text.trim()).ok_or_else(|| "a release is written like v1.36".to_owned())
}

/// `signoff check`
#[derive(Args, Debug, Clone, Default)]
pub struct CheckArgs {
    /// Files or folders to check, or `-` for standard input [default: all proposals]
    #[arg(value_parser = any_text())]
    pub paths: Vec<String>,
    /// The file that standard input stands for, by its path; it need not exist
    #[arg(long, value_name = "PATH", value_parser = any_text(), conflicts_with = "changed_since")]
    pub stdin_path: Option<String>,
    /// Check the proposals with files that changed since the merge base with a revision, committed or not
    #[arg(long, value_name = "REV", conflicts_with = "paths")]
    pub changed_since: Option<String>,
    /// Check metadata and approval records alone, without the prose
    #[arg(long)]
    pub metadata_only: bool,
    /// Exit with 1 for warnings too, not for errors alone
    #[arg(long)]
    pub strict: bool,
    /// Mend what can be mended with certainty, then report what is left
    #[arg(long)]
    pub fix: bool,
    /// The file of accepted findings [default: the one of signoff.toml, else signoff-baseline.json]
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Accept today's errors and warnings: write them to the baseline, so that only new ones fail
    #[arg(long)]
    pub write_baseline: bool,
    /// The format of the findings
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
    /// The format
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
    #[arg(long = "where", value_name = "CEL", allow_hyphen_values = true)]
    pub condition: Option<String>,
    /// Columns, by comma: proposal, title, group, status, stage, class, latest_milestone, milestones, path, authors, reviewers, approvers, gates, metrics, any metadata field, or a CEL expression
    #[arg(long, value_name = "COLUMNS")]
    pub columns: Vec<String>,
    /// Sort by columns; a leading `-` reverses
    #[arg(long, value_name = "COLUMNS", allow_hyphen_values = true)]
    pub sort: Vec<String>,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// `signoff status`
#[derive(Args, Debug)]
pub struct StatusArgs {
    /// The release [default: that of the checkpoint of --at, else the one that is worked on]
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    pub release: Option<Release>,
    /// The checkpoint whose rules are asked [default: that of --at, else the next one]
    #[arg(long, value_name = "NAME")]
    pub checkpoint: Option<String>,
    /// List proposals of other releases too
    #[arg(long)]
    pub all: bool,
    /// Tell what changed since a date, an instant or a revision [default: the day before]
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Exit with 1 when any proposal is at risk or removed
    #[arg(long)]
    pub fail: bool,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: StatusFormat,
    /// Exceptions.
    #[command(flatten)]
    pub exceptions: ExceptionArgs,
    /// The forge.
    #[command(flatten)]
    pub forge: ForgeArgs,
    /// Evidence
    #[command(flatten)]
    pub evidence: EvidenceArgs,
}

/// Formats of a status.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StatusFormat {
    /// For people
    #[default]
    Human,
    /// signoff.status/1
    Json,
    /// A row for each proposal
    Csv,
    /// Tables to paste into an issue
    Markdown,
}

/// `signoff why`
#[derive(Args, Debug)]
pub struct WhyArgs {
    /// The proposal: its number, its folder's name, or its path
    pub id: String,
    /// The release [default: that of the checkpoint of --at, else the one that the proposal targets]
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    pub release: Option<Release>,
    /// The checkpoint whose rules are asked [default: that of --at, else the next one]
    #[arg(long, value_name = "NAME")]
    pub checkpoint: Option<String>,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: PlainFormat,
    /// Exceptions.
    #[command(flatten)]
    pub exceptions: ExceptionArgs,
    /// The forge.
    #[command(flatten)]
    pub forge: ForgeArgs,
    /// Evidence
    #[command(flatten)]
    pub evidence: EvidenceArgs,
}

/// `signoff todo`
#[derive(Args, Debug)]
pub struct TodoArgs {
    /// The proposal: its number, its folder's name, or its path
    pub id: String,
    /// The release [default: the one that the proposal targets, unless that is past; else the one that is worked on]
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    pub release: Option<Release>,
    /// The stage [default: the proposal's own, or the next one where that was reached before the release]
    #[arg(long, value_name = "STAGE")]
    pub stage: Option<String>,
    /// Print what can be written as a patch for `git apply`
    #[arg(long)]
    pub patch: bool,
    /// Who approves the stage, to be written into the patch
    #[arg(long, value_name = "HANDLE")]
    pub approver: Option<String>,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: PlainFormat,
    /// The forge.
    #[command(flatten)]
    pub forge: ForgeArgs,
    /// Evidence
    #[command(flatten)]
    pub evidence: EvidenceArgs,
}

/// `signoff queue`
#[derive(Args, Debug)]
pub struct QueueArgs {
    /// Who; letter case and `@` do not matter
    #[arg(long, value_name = "HANDLE")]
    pub approver: String,
    /// The release [default: every one that is not over]
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    pub release: Option<Release>,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
    /// The forge.
    #[command(flatten)]
    pub forge: ForgeArgs,
    /// Evidence
    #[command(flatten)]
    pub evidence: EvidenceArgs,
}

/// `signoff checklist`
#[derive(Args, Debug)]
pub struct ChecklistArgs {
    /// The proposal: its number, its folder's name, or its path
    pub id: String,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: PlainFormat,
    /// The forge.
    #[command(flatten)]
    pub forge: ForgeArgs,
    /// Evidence
    #[command(flatten)]
    pub evidence: EvidenceArgs,
}

/// `signoff comment`
#[derive(Args, Debug)]
pub struct CommentArgs {
    /// The proposal: its number, its folder's name, or its path
    pub id: String,
    /// The release [default: that of the checkpoint of --at, else the one that the proposal targets]
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    pub release: Option<Release>,
    /// The checkpoint whose rules are asked [default: that of --at, else the next one]
    #[arg(long, value_name = "NAME")]
    pub checkpoint: Option<String>,
    /// Begin with the authors' handles, which notifies them
    #[arg(long)]
    pub mention: bool,
    /// Exceptions.
    #[command(flatten)]
    pub exceptions: ExceptionArgs,
    /// The forge.
    #[command(flatten)]
    pub forge: ForgeArgs,
    /// Evidence
    #[command(flatten)]
    pub evidence: EvidenceArgs,
}

/// `signoff query`
#[derive(Args, Debug)]
pub struct QueryArgs {
    /// Names of saved queries and CEL conditions, which must all hold [default: with no option either, the saved queries are listed]
    pub queries: Vec<String>,
    /// Columns, by comma: those of `list`, or a CEL expression, as it is or as NAME=EXPRESSION
    #[arg(long, value_name = "COLUMNS")]
    pub columns: Vec<String>,
    /// Group by columns; a proposal with several values stands under each
    #[arg(long, value_name = "COLUMNS")]
    pub group_by: Vec<String>,
    /// Sort by columns, or groups by `count`; a leading `-` reverses
    #[arg(long, value_name = "COLUMNS", allow_hyphen_values = true)]
    pub sort: Vec<String>,
    /// Count the proposals instead of listing them
    #[arg(long)]
    pub count: bool,
    /// Most proposals, or groups, to show
    #[arg(long, value_name = "NUMBER")]
    pub limit: Option<usize>,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// Formats of lists.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ListFormat {
    /// A table
    #[default]
    Human,
    /// signoff.list/1, signoff.query/1
    Json,
    /// Comma-separated values
    Csv,
}

/// `signoff calendar`
#[derive(Args, Debug)]
pub struct CalendarArgs {
    /// The release [default: the one that is worked on]
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    pub release: Option<Release>,
    /// Every release with a calendar
    #[arg(long, conflicts_with = "release")]
    pub all: bool,
    /// Read release pages instead: a page, a release's folder, or a folder with those of several releases
    #[arg(long, value_name = "PATH", conflicts_with = "all")]
    pub page: Option<PathBuf>,
    /// The zone for local times, e.g. Europe/Berlin [default: that of TZ]
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: CalendarFormat,
}

/// Formats of calendars.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CalendarFormat {
    /// A table
    #[default]
    Human,
    /// signoff.calendar/1
    Json,
    /// iCalendar
    Ics,
    /// Comma-separated values
    Csv,
}

/// `signoff search`
#[derive(Args, Debug)]
pub struct SearchArgs {
    /// Words, "a phrase", a prefix*, -unwanted (in quotes), a number, group:, status:, stage: or release: with a value
    #[arg(required = true, value_parser = any_text())]
    pub words: Vec<String>,
    /// How many proposals to show
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    pub limit: usize,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: PlainFormat,
}

/// `signoff show`
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// Evidence
    #[command(flatten)]
    pub evidence: EvidenceArgs,
    /// Number, name or path of the proposal
    #[arg(required_unless_present = "all", value_parser = any_text())]
    pub id: Option<String>,
    /// Show every proposal
    #[arg(long, conflicts_with = "id")]
    pub all: bool,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: PlainFormat,
}

/// `signoff export`
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// The format
    #[arg(long, value_enum)]
    pub format: ExportFormat,
    /// The file to write, `-` for standard output [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Formats of exports.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// The KEP manifest (`keps.json`)
    KepsJson,
    /// signoff.proposals/1
    Json,
    /// Comma-separated values, a row for each proposal
    Csv,
    /// A SQLite database
    Sqlite,
}

/// `signoff timeline`
#[derive(Args, Debug)]
pub struct TimelineArgs {
    /// Number, name or path of the proposal; of one that is gone, what it was
    #[arg(value_parser = any_text())]
    pub id: String,
    /// Every commit and who wrote it, not only when it came to the main branch
    #[arg(long)]
    pub all_commits: bool,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: TimelineFormat,
}

/// Formats of what happened.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TimelineFormat {
    /// A story by date
    #[default]
    Human,
    /// signoff.timeline/1
    Json,
    /// Comma-separated values, a row for each event
    Csv,
}

/// `signoff diff`
#[derive(Args, Debug)]
#[command(override_usage = "signoff diff [OPTIONS] A..B [ID]...\n       signoff diff [OPTIONS] --pull NUMBER [ID]...")]
pub struct DiffArgs {
    /// Two states by date, instant, revision or checkpoint (`A..` ends with the files as they are; `A...B` begins where B left A), or a branch, to compare with where it left the main one; then numbers, names or paths of proposals [default: all]
    #[arg(value_name = "A..B or ID", value_parser = any_text())]
    pub words: Vec<String>,
    /// The pull request with this number, compared with where its branch left the main one; its head must have been fetched
    #[arg(long, value_name = "NUMBER", value_parser = any_text())]
    pub pull: Option<String>,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: DiffFormat,
}

/// Formats of what changed.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DiffFormat {
    /// For people
    #[default]
    Human,
    /// signoff.diff/1
    Json,
    /// Markdown, to be pasted
    Markdown,
    /// Comma-separated values, a row for each change
    Csv,
}

/// `signoff shipped`
#[derive(Args, Debug)]
pub struct ShippedArgs {
    /// Evidence
    #[command(flatten)]
    pub evidence: EvidenceArgs,
    /// The release [default: that of the checkpoint of --at, else the newest that is out]
    #[arg(value_parser = release)]
    pub release: Option<Release>,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// `signoff slipped`
#[derive(Args, Debug)]
pub struct SlippedArgs {
    /// The release [default: that of the checkpoint of --at, else the newest that is out]
    #[arg(value_parser = release)]
    pub release: Option<Release>,
    /// When a proposal must have targeted the release
    #[arg(long, value_enum, default_value_t)]
    pub planned: PlannedMoment,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// When something counts as planned.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PlannedMoment {
    /// When it was settled what the release is to bring (its enhancements freeze)
    #[default]
    Settled,
    /// When work on the release began
    Start,
    /// At any time from then until the release
    Any,
}

/// `signoff stale`
#[derive(Args, Debug)]
pub struct StaleArgs {
    /// Evidence
    #[command(flatten)]
    pub evidence: EvidenceArgs,
    /// Only these kinds, by comma [default: each proposal once, under its worst kind]
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',')]
    pub kind: Vec<StaleKind>,
    /// Only proposals of these groups, by comma
    #[arg(long, value_name = "GROUP", value_delimiter = ',')]
    pub group: Vec<String>,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// In which way a proposal is left alone.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaleKind {
    /// Done, but not marked so
    Unmarked,
    /// Superseded, but not marked so
    Superseded,
    /// Nobody is left who tends it
    Orphaned,
    /// Its release passed, and nothing happens
    Stuck,
    /// Stays in a stage that is meant to be passed
    Lingering,
    /// Proposed long ago, and nothing happens
    Dormant,
}

impl StaleKind {
    /// Whether it is this kind of the analysis.
    #[must_use]
    pub fn is(self, kind: signoff_analysis::stale::StaleKind) -> bool {
        self.to_possible_value().is_some_and(|value| value.get_name() == kind.word())
    }
}

/// `signoff stats`
#[derive(Args, Debug)]
pub struct StatsArgs {
    /// One release [default: all that calendars have]
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    pub release: Option<Release>,
    /// Only what happened on this day or later
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Show a table of its own, told apart by
    #[arg(long, value_enum)]
    pub by: Option<StatsBy>,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// By what figures are told apart.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatsBy {
    /// The owning group
    Group,
    /// The people whom proposals name as approvers
    Approver,
    /// The stage
    Stage,
}

/// `signoff sweep`
#[derive(Args, Debug)]
pub struct SweepArgs {
    /// The release [default: that of the checkpoint of --at, else the newest that is out]
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    pub release: Option<Release>,
    /// Print the edits of the files as a unified diff, and nothing else
    #[arg(long, conflicts_with = "format")]
    pub patch: bool,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub format: PlainFormat,
    /// The forge.
    #[command(flatten)]
    pub forge: ForgeArgs,
    /// Evidence
    #[command(flatten)]
    pub evidence: EvidenceArgs,
}

/// `signoff forge`
#[cfg(feature = "forge")]
#[derive(Args, Debug)]
pub struct ForgeCommandArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ForgeCommand,
}

/// What to do with a forge.
#[cfg(feature = "forge")]
#[derive(Subcommand, Debug)]
pub enum ForgeCommand {
    /// Write the issues of a release, the pull requests for them, their reviews and events to one file
    Pull(ForgePullArgs),
}

/// `signoff forge pull`
#[cfg(feature = "forge")]
#[derive(Args, Debug)]
pub struct ForgePullArgs {
    /// The release [default: that of the checkpoint of --at, else the one that is worked on]
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    pub release: Option<Release>,
    /// The issues of all proposals, not only of those that target the release
    #[arg(long)]
    pub all: bool,
    /// Repositories whose pull requests are followed [default: those of code and documentation in the profile]
    #[arg(long, value_name = "OWNER/NAME", value_parser = any_text())]
    pub repository: Vec<String>,
    /// Pull requests that were closed since a date or an instant too [default: since work on the release began]
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// The file; what it holds is brought up to date [default: the one of signoff.toml, else signoff-forge.jsonl]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Ask for everything again, whatever the file holds
    #[arg(long)]
    pub anew: bool,
    /// A file with the token for the forge [default: GITHUB_TOKEN or GH_TOKEN, else none]
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// The address of the forge's programming interface [default: that of the profile]
    #[arg(long, value_name = "URL", value_parser = any_text())]
    pub api: Option<String>,
}

/// `signoff serve`
#[derive(Args, Debug, Clone)]
pub struct ServeArgs {
    /// Address and port to listen at [default: 127.0.0.1:8420, or another port when that is taken]
    #[arg(long, value_name = "ADDRESS")]
    pub address: Option<std::net::SocketAddr>,
    /// The release of the board [default: that of the checkpoint of --at, else the one that is worked on]
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    pub release: Option<Release>,
    /// What code and documentation say
    #[command(flatten)]
    pub evidence: EvidenceArgs,
}

/// `signoff site`
#[derive(Args, Debug)]
pub struct SiteArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: SiteCommand,
}

/// What to do with pages.
#[derive(Subcommand, Debug)]
pub enum SiteCommand {
    /// Write every page to a folder, for any web server and to be opened from disk
    Build(SiteBuildArgs),
}

/// `signoff site build`
#[derive(Args, Debug)]
pub struct SiteBuildArgs {
    /// The folder: new, empty, or one of pages
    #[arg(long, value_name = "DIR", value_parser = any_text())]
    pub out: String,
    /// The release of the board [default: that of the checkpoint of --at, else the one that is worked on]
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    pub release: Option<Release>,
    /// The address where the pages will be, for the sitemap
    #[arg(long, value_name = "URL", value_parser = any_text())]
    pub url: Option<String>,
    /// What code and documentation say
    #[command(flatten)]
    pub evidence: EvidenceArgs,
}

/// `signoff completions`
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}
