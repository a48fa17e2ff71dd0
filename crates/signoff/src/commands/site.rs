//! `signoff site build`: every page as a file.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use rayon::prelude::*;
use signoff_output::visible;
use signoff_site::{Page, Site};

use super::gathered::Gatherer;
use crate::cli::{Global, SiteArgs, SiteCommand};
use crate::progress::Progress;
use crate::repository::Repository;

/// The file by which a folder of pages is known, so that no other folder is written over.
const SIGN: &str = ".signoff-site";

/// Builds.
pub fn run(global: &Global, args: &SiteArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let SiteCommand::Build(args) = &args.command;
    let folder = Path::new(&args.out);
    claim(folder)?;
    let mut repository = Repository::open_for(global, args.release)?;
    let progress = Progress::start(global, "Making pages");
    let mut snapshot = Gatherer::new(global, &args.evidence).snapshot(&mut repository, args.release)?;
    snapshot.address.clone_from(&args.url);
    let site = Site::new(snapshot);
    let paths = site.paths();
    let bytes: usize = paths
        .par_iter()
        .filter_map(|path| site.page(path))
        .map(|page| write(folder, &page).map(|()| page.bytes.len()))
        .sum::<anyhow::Result<usize>>()?;
    drop(progress);
    let shown = visible(&args.out);
    writeln!(out, "{} files, {:.1} MB, in {shown}", paths.len(), megabytes(bytes))?;
    writeln!(out, "Open {shown}/index.html")?;
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// Takes a folder that is new, empty or holds pages.
fn claim(folder: &Path) -> anyhow::Result<()> {
    let shown = folder.display();
    match std::fs::read_dir(folder) {
        Ok(mut entries) => {
            if entries.next().is_some() && !folder.join(SIGN).exists() {
                bail!("{shown} holds other files\nname a folder that is new or empty");
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {shown}"))?;
        }
        Err(error) => return Err(error).with_context(|| format!("cannot look into {shown}")),
    }
    std::fs::write(folder.join(SIGN), "").with_context(|| format!("cannot write to {shown}"))
}

fn write(folder: &Path, page: &Page) -> anyhow::Result<()> {
    let file = folder.join(&page.path);
    let cannot = || format!("cannot write {}", file.display());
    if let Some(parent) = file.parent() {
        std::fs::create_dir_all(parent).with_context(cannot)?;
    }
    std::fs::write(&file, &page.bytes).with_context(cannot)
}
