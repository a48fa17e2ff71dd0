//! The least that a check of a folder can cost: its files listed, read and parsed once, and nothing else.
//!
//! `scripts/bench` prints it beside what `signoff check` costs. Usage: `floor FOLDER ENDING...`, where an
//! ending is `yaml` or `md`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use pulldown_cmark::Options;
use rayon::prelude::*;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else { bail!("usage: floor FOLDER ENDING...") };
    let endings: Vec<String> = arguments.collect();
    let files = list(Path::new(&folder), &endings)?;
    let sums = files.par_iter().map(|file| read(file));
    let sum = sums.try_reduce(Sum::default, |left, right| Ok(left + right))?;
    write(&files, &sum)
}

#[expect(clippy::print_stdout, reason = "what was parsed is the proof that it was, and all that this prints")]
fn write(files: &[PathBuf], sum: &Sum) -> anyhow::Result<()> {
    println!("{} files, {} bytes, {} events", files.len(), sum.bytes, sum.events);
    if sum.events == 0 { bail!("nothing was parsed") } else { Ok(()) }
}

/// What was read: the events are counted so that no parser is optimised away.
#[derive(Default)]
struct Sum {
    bytes: usize,
    events: usize,
}

impl std::ops::Add for Sum {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { bytes: self.bytes + other.bytes, events: self.events + other.events }
    }
}

/// The files with these endings, folder by folder on all threads.
fn list(folder: &Path, endings: &[String]) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in entries {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && entry.file_name() != ".git" {
            folders.push(path);
        } else if kind.is_file() && endings.iter().any(|ending| path.extension().is_some_and(|own| own == &**ending)) {
            files.push(path);
        }
    }
    let below: Vec<Vec<PathBuf>> =
        folders.par_iter().map(|folder| list(folder, endings)).collect::<anyhow::Result<_>>()?;
    files.extend(below.into_iter().flatten());
    Ok(files)
}

fn read(file: &Path) -> anyhow::Result<Sum> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let events = if file.extension().is_some_and(|ending| ending == "md") { markdown(&text) } else { yaml(&text) };
    Ok(Sum { bytes: bytes.len(), events })
}

/// With the extensions that bodies are read with.
fn markdown(text: &str) -> usize {
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    pulldown_cmark::Parser::new_ext(text, options).into_offset_iter().count()
}

/// Up to the first mistake, as far as it can be read.
fn yaml(text: &str) -> usize {
    let mut parser = granit_parser::Parser::new_from_str(text);
    std::iter::from_fn(|| parser.next_event()).take_while(Result::is_ok).count()
}
