//! The `signoff` program: terminal, disk, clock. What it knows, the crates below know.
//!
//! [`run`] parses the command line and picks a command; each command is one file of `commands/` and
//! reads like the sentence that describes it.
//!
//! **Invariant:** only this crate touches the terminal, the disk, the environment and the clock.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::FromArgMatches as _;

mod cache;
pub mod cli;
#[cfg(feature = "cluster")]
mod cluster;
mod commands;
mod data;
mod disk;
#[cfg(feature = "forge")]
mod download;
mod evidence;
mod fetch;
mod fleet;
#[cfg(feature = "forge")]
mod forge;
mod given;
mod granted;
mod held;
mod paths;
mod progress;
mod repository;
mod snapshots;
mod stamp;
mod watched;
mod write;

pub mod reference;

use cli::{Cli, Color, Command, Global};
use signoff_output::{Look, visible, visible_lines};

/// Runs the program with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    let parsed = cli::command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let mut out = io::BufWriter::with_capacity(64 * 1024, Output { stream: io::stdout().lock(), closed: false });
    let result = dispatch(&cli, &mut out).and_then(|code| {
        out.flush()?;
        Ok(code)
    });
    match result {
        Ok(code) => code,
        Err(error) => {
            complain(&error, &cli.global);
            ExitCode::from(2)
        }
    }
}

fn dispatch(cli: &Cli, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match &cli.command {
        Command::Check(args) => commands::check::run(&cli.global, args, out),
        Command::Rule(args) => commands::rule::run(&cli.global, args, out),
        Command::List(args) => commands::list::run(&cli.global, args, out),
        Command::Query(args) => commands::query::run(&cli.global, args, out),
        Command::Search(args) => commands::search::run(&cli.global, args, out),
        Command::Export(args) => commands::export::run(&cli.global, args, out),
        Command::Diff(args) => commands::diff::run(&cli.global, args, out),
        Command::Timeline(args) => commands::timeline::run(&cli.global, args, out),
        Command::Status(args) => commands::status::run(&cli.global, args, out),
        Command::Queue(args) => commands::queue::run(&cli.global, args, out),
        Command::Checklist(args) => commands::checklist::run(&cli.global, args, out),
        Command::Comment(args) => commands::comment::run(&cli.global, args, out),
        Command::Todo(args) => commands::todo::run(&cli.global, args, out),
        Command::Why(args) => commands::why::run(&cli.global, args, out),
        Command::Data(args) => commands::data::run(&cli.global, args, out),
        Command::Evidence(args) => commands::evidence::run(&cli.global, args, out),
        Command::Audit(args) => commands::audit::run(&cli.global, args, out),
        Command::Upgrade(args) => commands::upgrade::run(&cli.global, args, out),
        Command::Cluster(args) => commands::cluster::run(&cli.global, args, out),
        Command::Playbook(args) => commands::playbook::run(&cli.global, args, out),
        Command::Shipped(args) => commands::shipped::run(&cli.global, args, out),
        Command::Slipped(args) => commands::slipped::run(&cli.global, args, out),
        Command::Stale(args) => commands::stale::run(&cli.global, args, out),
        Command::Stats(args) => commands::stats::run(&cli.global, args, out),
        Command::Serve(args) => commands::serve::run(&cli.global, args, out),
        #[cfg(feature = "forge")]
        Command::Forge(args) => commands::forge::run(&cli.global, args, out),
        Command::Site(args) => commands::site::run(&cli.global, args, out),
        Command::Sweep(args) => commands::sweep::run(&cli.global, args, out),
        Command::Show(args) => commands::show::run(&cli.global, args, out),
        Command::Calendar(args) => commands::calendar::run(&cli.global, args, out),
        Command::Completions(args) => commands::completions::run(args, out),
    }
}

/// Help and version go to standard output; a wrong usage is exit code 2.
fn usage(error: &clap::Error) -> ExitCode {
    // Arguments may be names of files, such as a hook is given: what is wrong is said of their visible form.
    let arguments = std::env::args_os().map(|argument| visible(&argument.to_string_lossy()).into_owned());
    let tame = cli::command().try_get_matches_from(arguments).err();
    // Nothing can be done when even this cannot be printed.
    let _ = tame.as_ref().unwrap_or(error).print();
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

/// Standard output. A reader that went away, such as `head`, is no failure: what it does not want is dropped,
/// and the exit code stays that of the work.
struct Output<W> {
    stream: W,
    closed: bool,
}

impl<W: Write> Output<W> {
    fn unless_closed<T>(&mut self, done: T, act: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        if self.closed {
            return Ok(done);
        }
        match act(&mut self.stream) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(done)
            }
            result => result,
        }
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_closed(bytes.len(), |stream| stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed((), Write::flush)
    }
}

/// Says what happened, and on further lines why and what to do.
fn complain(error: &anyhow::Error, global: &Global) {
    let causes = error.chain().skip(1).map(|cause| format!("\n  because {cause}"));
    say(global, ("error", "\u{1b}[1;31m"), &(error.to_string() + &causes.collect::<String>()));
}

/// Says something beside the output.
fn note(global: &Global, text: &str) {
    say(global, ("note", "\u{1b}[1;36m"), text);
}

/// Writes to standard error, behind a word in its colour.
fn say(global: &Global, (word, color): (&str, &str), text: &str) {
    let (open, close) = if colors(global, &io::stderr()) { (color, "\u{1b}[0m") } else { ("", "") };
    // Nothing can be done when even this cannot be printed.
    let _ = io::stderr().write_all(format!("{open}{word}{close}: {}\n", visible_lines(text)).as_bytes());
}

/// Whether to use colours on a stream.
fn colors(global: &Global, stream: &impl io::IsTerminal) -> bool {
    match global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}

/// Narrower lines than this hold nothing.
const WIDTH_MIN: usize = 20;
/// Of a stream that tells no width.
const WIDTH_USUAL: usize = 100;

/// How output to standard output looks: as wide as `COLUMNS` says, else as the terminal is.
fn look(global: &Global) -> Look {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0);
    let width = told.or_else(terminal).unwrap_or(WIDTH_USUAL).max(WIDTH_MIN);
    Look { color: colors(global, &io::stdout()), width }
}
