//! `signoff completions`: a script that completes commands and options in a shell.

use std::io::Write;
use std::process::ExitCode;

use crate::cli::{self, CompletionsArgs};

/// Prints the script.
pub fn run(args: &CompletionsArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli::command(), "signoff", &mut script);
    out.write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
