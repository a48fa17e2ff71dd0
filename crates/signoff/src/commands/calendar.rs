//! `signoff calendar`: when the checkpoints of releases are, and how long it is to each.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{anyhow, bail};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use signoff_model::calendar::page::{self, PageFault};
use signoff_model::calendar::{Calendar, moment};
use signoff_model::profile::Prepared;
use signoff_model::source::decode;
use signoff_model::tree::{self, Kind, Tree};
use signoff_model::{Release, Source};
use signoff_output::calendar::{self, View};
use signoff_output::visible;

use crate::cli::{CalendarArgs, CalendarFormat, Global};
use crate::data;
use crate::disk::DiskTree;
use crate::repository::{Repository, now};

/// Shows calendars.
pub fn run(global: &Global, args: &CalendarArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let (prepared, instant) = process(global, args.release)?;
    let zone = zone(args.zone.as_deref())?;
    let pages = args.page.as_deref().map(|path| read_pages(path, &prepared)).transpose()?;
    let (shown, faults) = match pages {
        Some(pages) => of_pages(pages, args)?,
        None => (of_process(&prepared, args, instant)?, Vec::new()),
    };
    let view = View {
        profile: &prepared.profile,
        calendars: &prepared.calendars,
        shown: &shown,
        instant,
        undated: prepared.undated,
        zone: zone.as_ref().map(|(name, zone)| (name.as_str(), zone.clone())),
        pages: &faults,
    };
    match args.format {
        CalendarFormat::Human => calendar::write_human(&view, crate::look(global), out)?,
        CalendarFormat::Json => calendar::write_json(&view, out)?,
        CalendarFormat::Csv => calendar::write_csv(&view, out)?,
        CalendarFormat::Ics => calendar::write_ics(&view, out)?,
    }
    if prepared.undated.is_some() && !matches!(args.format, CalendarFormat::Human | CalendarFormat::Json) {
        crate::note(global, &prepared.undated.map(|undated| undated.to_string()).unwrap_or_default());
    }
    Ok(ExitCode::SUCCESS)
}

/// The process of the repository, and the instant asked about. Dates are of use outside of one too: there it is the
/// process that comes with calendars, unless the options name one.
fn process(global: &Global, release: Option<Release>) -> anyhow::Result<(Arc<Prepared>, Timestamp)> {
    match Repository::open_for(global, release) {
        Ok(repository) => Ok((Arc::clone(&repository.prepared), repository.instant())),
        Err(error) if global.directory.is_some() || global.sample || global.at.is_some() => Err(error),
        Err(error) => {
            let data = data::held(global);
            let mut prepared = Prepared::new(data.with_calendars().ok_or(error)?);
            data.lay_over(&mut prepared);
            let now = now()?;
            prepared.set_today(now.to_zoned(TimeZone::UTC).date());
            Ok((Arc::new(prepared), now))
        }
    }
}

/// The zone of local times: the one named, else that of `TZ` where it is the name of one.
fn zone(named: Option<&str>) -> anyhow::Result<Option<(String, TimeZone)>> {
    if let Some(name) = named {
        let zone = moment::zone(name).map_err(|message| anyhow!("{}", visible(&message)))?;
        return Ok(Some((name.to_owned(), zone)));
    }
    let set = std::env::var("TZ").unwrap_or_default();
    let name = set.trim_start_matches(':');
    let is_universal = ["", "UTC", "Etc/UTC"].contains(&name);
    Ok(moment::zone(name).ok().filter(|_| !is_universal).map(|zone| (name.to_owned(), zone)))
}

/// The calendars that the process has, as they were known at the instant.
fn of_process(prepared: &Prepared, args: &CalendarArgs, instant: Timestamp) -> anyhow::Result<Vec<Calendar>> {
    let calendars = &prepared.calendars;
    let known = |calendar: &Calendar| calendar.as_known(instant);
    if args.all {
        return Ok(calendars.all.iter().map(known).collect());
    }
    let Some(release) = args.release else {
        let day = instant.to_zoned(TimeZone::UTC).date();
        return Ok(calendars.current(day).into_iter().map(known).collect());
    };
    if let Some(calendar) = calendars.of(release) {
        return Ok(vec![known(calendar)]);
    }
    let spelt = |release| prepared.profile.release.spelt(release);
    match (calendars.all.first(), calendars.all.last()) {
        (Some(first), Some(last)) => bail!(
            "there is no calendar of {}\nthere are those from {} to {}; signoff.toml can have others",
            spelt(release),
            spelt(first.release),
            spelt(last.release)
        ),
        _ => bail!("there is no calendar of {}\nwrite it into signoff.toml", spelt(release)),
    }
}

/// A page with what was read from it.
type ReadPage = (Source, page::Page);

/// A page with what is wrong with it.
type FaultyPage = (Source, Vec<PageFault>);

/// The calendars of pages, and what is wrong with each page.
fn of_pages(pages: Vec<ReadPage>, args: &CalendarArgs) -> anyhow::Result<(Vec<Calendar>, Vec<FaultyPage>)> {
    let (mut shown, mut faults) = (Vec::new(), Vec::new());
    for (source, page) in pages {
        let is_meant =
            |calendar: &Calendar| args.release.is_none_or(|release| calendar.release.minors_after(release) == 0);
        match page.calendar {
            Some(calendar) if is_meant(&calendar) => shown.push(calendar),
            Some(_) => continue,
            None => {}
        }
        faults.push((source, page.faults));
    }
    if shown.is_empty() && faults.is_empty() {
        bail!("no page is of this release\nleave --release out to see what there is");
    }
    shown.sort_by_key(|calendar| calendar.release);
    Ok((shown, faults))
}

/// The page at a path: a file, or the pages of the folders of releases below it.
fn read_pages(path: &Path, prepared: &Prepared) -> anyhow::Result<Vec<ReadPage>> {
    let shown = visible(&path.to_string_lossy()).into_owned();
    let (folder, inside) = match path.is_file() {
        true => (path.parent().unwrap_or(path), path.file_name()),
        false => (path, None),
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(tree) = DiskTree::new(folder) else {
        bail!("there is no page {shown}\nname a file, a release's folder, or a folder with those of several releases");
    };
    let paths = match inside {
        Some(name) => vec![name.to_string_lossy().into_owned()],
        None => pages_below(&tree),
    };
    if paths.is_empty() {
        bail!("{shown} has no release pages\nthey are called README.md, in folders such as release-1.36");
    }
    let read = |path: String| -> anyhow::Result<ReadPage> {
        let bytes = tree.read(&path).map_err(|error| anyhow!("{} cannot be read: {error}", visible(&path)))?;
        // The folder's own name may be the one of the release.
        let whole = folder.join(&path).to_string_lossy().replace('\\', "/");
        let source = Source::new(whole, decode(bytes).0);
        let page = page::read(&source, &prepared.calendars);
        Ok((source, page))
    };
    paths.into_iter().map(read).collect()
}

/// The page of a release's folder, or of the folders of releases in it or in its `releases`.
fn pages_below(tree: &dyn Tree) -> Vec<String> {
    const PAGE: &str = "README.md";
    let of_folders = |folder: &str| -> Vec<String> {
        let entries = tree.list(folder).unwrap_or_default();
        let releases = entries.iter().filter(|entry| entry.kind == Kind::Folder && entry.name.starts_with("release-"));
        releases.map(|entry| tree::join(&tree::join(folder, &entry.name), PAGE)).collect()
    };
    let found: Vec<String> = ["", "releases"].into_iter().flat_map(of_folders).collect();
    let exist: Vec<String> = found.into_iter().filter(|path| tree.kind(path) == Some(Kind::File)).collect();
    if exist.is_empty() && tree.kind(PAGE) == Some(Kind::File) { vec![PAGE.to_owned()] } else { exist }
}
