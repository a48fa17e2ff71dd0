//! `signoff data`: packs, profiles and calendars that are newer than the program.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, anyhow, bail};
use signoff_analysis::additions::{Addition, is_newer};
use signoff_analysis::profiles;
use signoff_evidence::{pack, packs};
use signoff_model::fact::Facts;
use signoff_model::spelling::nearest;
use signoff_output::visible;

use crate::cli::{DataArgs, DataCommand, DataImportArgs, Global};
use crate::data::{self, Data, Item, Kind, State};
use crate::disk::read_regular;
use crate::write;

/// What the first line of a pack of any version begins with.
const PACK: &[u8] = b"signoff.pack/";

/// Answers.
pub fn run(global: &Global, args: &DataArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match &args.command {
        DataCommand::Import(args) => import(global, args, out),
        #[cfg(feature = "forge")]
        DataCommand::Update(args) => update(global, args, out),
        DataCommand::List => list(&Data::read(data::folder(), global), out),
        DataCommand::Remove(args) => remove(&Data::read(data::folder(), global), &args.name, out),
    }
}

/// Takes files: all of them are verified before the first one is written.
fn import(global: &Global, args: &DataImportArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let data = Data::read(data::folder(), global);
    let verified = args.files.iter().map(|path| {
        let shown = visible(&path.to_string_lossy()).into_owned();
        let bytes = read_regular(path).map_err(|error| anyhow!("{shown} cannot be read: {error}"))?;
        verify(&data, bytes, &shown, args.force)
    });
    for addition in verified.collect::<anyhow::Result<Vec<_>>>()? {
        keep(&data, &addition, out)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Downloads a file, and takes it.
#[cfg(feature = "forge")]
fn update(global: &Global, args: &crate::cli::DataUpdateArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    use crate::download::{self, Sum};
    use crate::progress::Progress;

    let sums = [args.sha256.as_deref().map(Sum::Sha256), args.blake3.as_deref().map(Sum::Blake3)];
    let sums: Vec<Sum<'_>> = sums.into_iter().flatten().collect();
    let progress = Progress::start(global, "Downloading");
    let bytes = download::get(&args.url, &sums)?;
    drop(progress);
    let data = Data::read(data::folder(), global);
    let addition = verify(&data, bytes, &visible(&args.url), args.force)?;
    keep(&data, &addition, out)?;
    Ok(ExitCode::SUCCESS)
}

/// A file that can be kept.
struct Verified {
    kind: Kind,
    name: String,
    bytes: Vec<u8>,
    forced: bool,
    /// What is said of it.
    words: String,
}

/// Says what a file is, and refuses what this program could not use.
fn verify(data: &Data, bytes: Vec<u8>, shown: &str, force: bool) -> anyhow::Result<Verified> {
    if bytes.starts_with(PACK) {
        return verify_pack(bytes, shown);
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => bail!("{shown} is neither a pack of evidence nor text\nnothing was taken"),
    };
    let mistakes = |said: String| {
        let lines: Vec<String> = said.lines().map(|line| format!("{shown}:{line}")).collect();
        anyhow!("{shown} cannot be used\n{}\nnothing was taken", lines.join("\n"))
    };
    match Addition::read(&text).map_err(|fault| mistakes(data::placed(&text, &[fault])))? {
        Addition::Profile(head) => {
            let base = |name: &str| data.profile_text(name).filter(|_| name != head.id).map(str::to_owned);
            let profile = data::checked_profile(&text, &base).map_err(mistakes)?;
            let forced = refuse_older(data, Kind::Profile, &profile.id, &profile.version, shown, force)?;
            let words = format!("profile `{}` {}", profile.id, profile.version);
            Ok(Verified { kind: Kind::Profile, name: profile.id, bytes: text.into_bytes(), forced, words })
        }
        Addition::Calendars(_) => {
            let (file, process) = data.calendars_of(&text).map_err(mistakes)?;
            let own = file.version.as_deref().filter(|version| !is_newer(version, &process.version));
            if let Some(version) = own.filter(|_| !force) {
                bail!(
                    "the calendars of {shown} are of {version}, and the profile `{}` is of {}\n--force takes them all the same",
                    process.id,
                    process.version
                );
            }
            let releases: Vec<&str> = file.calendar.iter().map(|calendar| &*calendar.release).collect();
            let version = file.version.as_deref().map(|version| format!(", as of {version}")).unwrap_or_default();
            let name = file_name(&calendar_name(file.profile.as_deref(), &releases));
            let words = format!("calendars of {}{version}", releases.join(", "));
            let forced = own.is_some();
            Ok(Verified { kind: Kind::Calendar, name, bytes: text.into_bytes(), forced, words })
        }
    }
}

fn verify_pack(bytes: Vec<u8>, shown: &str) -> anyhow::Result<Verified> {
    let facts = pack::read(&bytes).with_context(|| format!("{shown} cannot be used"))?;
    let Some(name) = pack_name(&facts) else { bail!("the pack {shown} holds nothing\nnothing was taken") };
    let count: usize = facts.sources.iter().map(|source| source.facts.len()).sum();
    let words = format!("pack {name}, {} sources with {count} entries", facts.sources.len());
    Ok(Verified { kind: Kind::Pack, name, bytes, forced: false, words })
}

/// Refuses a profile that is older than the one in use; whether it is taken although it is no newer than the program's.
fn refuse_older(data: &Data, kind: Kind, id: &str, version: &str, shown: &str, force: bool) -> anyhow::Result<bool> {
    let own = data::embedded_version(id).filter(|own| !is_newer(version, own));
    let kept = data.items.iter().find(|item| item.kind == kind && item.name == id);
    let kept = kept.map(|item| item.version.clone()).filter(|kept| is_newer(kept, version));
    if !force {
        let (who, than) = match (&own, &kept) {
            (Some(own), _) => ("the program", own),
            (None, Some(kept)) => ("the data folder", kept),
            (None, None) => return Ok(false),
        };
        bail!(
            "the profile `{id}` of {shown} is of {version}, and {who} has one of {than}\n--force takes it all the same"
        );
    }
    Ok(own.is_some())
}

/// The name of a pack: the projects and versions in it.
pub fn pack_name(facts: &Facts) -> Option<String> {
    let mut names: Vec<String> =
        facts.sources.iter().map(|source| format!("{}-{}", source.name, source.version)).collect();
    names.dedup();
    Some(file_name(&names.join("+"))).filter(|name| !name.is_empty())
}

/// A text as the name of a file.
pub fn file_name(text: &str) -> String {
    /// Names of files have an end.
    const LENGTH_MAX: usize = 120;
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "._+-".contains(character);
    let plain = |character: char| if is_plain(character) { character } else { '_' };
    let name: String = text.chars().map(plain).take(LENGTH_MAX).collect();
    name.trim_start_matches(['.', '-']).to_owned()
}

/// The name of a file of calendars: the process, and the releases from the first to the last.
fn calendar_name(profile: Option<&str>, releases: &[&str]) -> String {
    let head = profile.unwrap_or("calendar");
    match releases {
        [] => head.to_owned(),
        [only] => format!("{head}-{only}"),
        [first, .., last] => format!("{head}-{first}-{last}"),
    }
}

/// Writes a verified file whole, in place of one of its name.
fn keep(data: &Data, verified: &Verified, out: &mut dyn Write) -> anyhow::Result<()> {
    let Verified { kind, name, bytes, forced, words } = verified;
    let path = place(data, *kind, name, *forced)?;
    write::whole(&path, bytes)?;
    // What was forced before is over, and the other way round.
    let other = kind.place(path.parent().and_then(Path::parent).unwrap_or(&path), name, !forced);
    match fs::remove_file(&other) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot remove {}", other.display()));
        }
        _ => {}
    }
    let instead = data.items.iter().any(|item| item.kind == *kind && item.name == *name);
    let verb = if instead { "replaced" } else { "added" };
    writeln!(out, "{}  {verb}", visible(words))?;
    if *kind == Kind::Calendar && *forced {
        writeln!(out, "  older than the process, and used all the same until it is removed")?;
    }
    Ok(())
}

/// Where a file is to be kept; its folder is made.
pub fn place(data: &Data, kind: Kind, name: &str, forced: bool) -> anyhow::Result<PathBuf> {
    let folder = data.folder.as_deref().context("this system tells no folder for data\nname one with SIGNOFF_DATA")?;
    let path = kind.place(folder, name, forced);
    if let Some(parent) = path.parent() {
        let shown = parent.display();
        fs::create_dir_all(parent)
            .with_context(|| format!("cannot make {shown}\nname another folder with SIGNOFF_DATA"))?;
    }
    Ok(path)
}

/// Says what is kept, and what of it is used.
fn list(data: &Data, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let folder = data.folder.as_deref().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default();
    writeln!(out, "{}", visible(&folder))?;
    let rows: Vec<[String; 4]> = data.items.iter().map(row).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    for [kind, name, version, state] in &rows {
        let [first, second, third] = widths;
        writeln!(out, "  {kind:first$}  {name:second$}  {version:third$}  {state}")?;
    }
    if rows.is_empty() {
        writeln!(out, "  nothing is kept there")?;
    }
    let own = |(id, _): &(&str, &str)| {
        let version = data::embedded_version(id).unwrap_or_default();
        format!("{id} {version}")
    };
    let own: Vec<String> = profiles::EMBEDDED.iter().map(own).collect();
    writeln!(out, "with the program: profiles {}; packs {}", own.join(", "), packs::names().join(", "))?;
    Ok(ExitCode::SUCCESS)
}

fn row(item: &Item) -> [String; 4] {
    let state = match (&item.state, item.kind) {
        (_, Kind::Pack) => match data::read_pack(&item.path) {
            Ok(facts) => format!("in force, {} sources", facts.sources.len()),
            Err(why) => format!("not used: {why}"),
        },
        (State::InForce(Some(own)), Kind::Profile) => format!("in force instead of {own}"),
        (State::InForce(Some(own)), _) => format!("in force, over those of {own}"),
        (State::InForce(None), _) => "in force".to_owned(),
        (State::Older(own), _) => format!("not used: the program has {own}"),
        (State::Broken(why), _) => format!("not used: {}", why.lines().next().unwrap_or_default()),
    };
    [item.kind.word().to_owned(), item.name.clone(), item.version.clone(), state]
        .map(|text| visible(&text).into_owned())
}

/// Removes what has a name.
fn remove(data: &Data, name: &str, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let full = |item: &Item| format!("{}/{}", item.kind.word(), item.name);
    let meant: Vec<&Item> = data.items.iter().filter(|item| item.name == name || full(item) == name).collect();
    let names = || data.items.iter().map(|item| item.name.as_str());
    let item = match meant[..] {
        [item] => item,
        [] => {
            let near = nearest(name, names()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            bail!("nothing of the name `{}` is kept{near}\n`signoff data list` says what is", visible(name))
        }
        _ => bail!(
            "`{}` is the name of several\nname one: {}",
            visible(name),
            meant.iter().map(|item| full(item)).collect::<Vec<_>>().join(", ")
        ),
    };
    fs::remove_file(&item.path).with_context(|| format!("cannot remove {}", item.path.display()))?;
    writeln!(out, "{} {}  removed", item.kind.word(), visible(&item.name))?;
    Ok(ExitCode::SUCCESS)
}
