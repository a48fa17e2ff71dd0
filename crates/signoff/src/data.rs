//! What is kept beside the program: packs, profiles and calendars that are newer than its own.
//!
//! The folder has one folder for each [`Kind`]. It counts as evidence that was given: it is read once in a process, and
//! [`Data::hash`] stands for all of it that answers may depend on. What is broken there is said and left aside, so that
//! no file of it makes a command fail.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use etcetera::BaseStrategy as _;
use rayon::prelude::*;
use signoff_analysis::additions::{self, Addition, CalendarFile, Head, is_newer};
use signoff_analysis::profiles;
use signoff_evidence::pack;
use signoff_model::fact::Facts;
use signoff_model::profile::{ConfigFault, Prepared, WrittenCalendar};
use signoff_model::tree::Tree;
use signoff_model::{Profile, Source};
use signoff_output::visible;

use crate::cli::Global;
use crate::disk::read_regular;

/// Most files of one kind that are read.
const FILES_MAX: usize = 1000;
/// What stands behind the name of what was taken although it is older than what the program has.
const FORCED: &str = ".forced";

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Facts of sources.
    Pack,
    /// A process.
    Profile,
    /// Dates of releases.
    Calendar,
}

impl Kind {
    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pack => "pack",
            Self::Profile => "profile",
            Self::Calendar => "calendar",
        }
    }

    /// Its folder in that of the data.
    fn folder(self) -> &'static str {
        match self {
            Self::Pack => "packs",
            Self::Profile => "profiles",
            Self::Calendar => "calendars",
        }
    }

    fn ending(self) -> &'static str {
        if self == Self::Pack { "pack" } else { "toml" }
    }

    /// Where a file of this kind is kept.
    pub fn place(self, folder: &Path, name: &str, forced: bool) -> PathBuf {
        let forced = if forced { FORCED } else { "" };
        folder.join(self.folder()).join(format!("{name}{forced}.{}", self.ending()))
    }
}

/// The folder: `SIGNOFF_DATA`, or where the platform keeps data.
pub fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("SIGNOFF_DATA").filter(|name| !name.is_empty()).map(PathBuf::from);
    named.or_else(|| Some(etcetera::choose_base_strategy().ok()?.data_dir().join("signoff")))
}

/// A file that is kept.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its kind.
    pub kind: Kind,
    /// Its name, without its ending.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// As of when it says it is.
    pub version: String,
    /// Whether it is used.
    pub state: State,
    /// Whether it was taken although it is older than what the program has.
    forced: bool,
}

/// Whether something that is kept is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is; with what the program has in its place, where it has something.
    InForce(Option<String>),
    /// What the program has is as new; its version.
    Older(String),
    /// It cannot be used, and why.
    Broken(String),
}

/// All that is kept.
pub struct Data {
    /// The folder; `None` where the platform has no place for data.
    pub folder: Option<PathBuf>,
    /// The files by kind and name. Packs are not opened yet.
    pub items: Vec<Item>,
    profiles: Vec<HeldProfile>,
    calendars: Vec<HeldCalendars>,
    hash: blake3::Hash,
    global: Global,
    said: Mutex<BTreeSet<String>>,
}

/// A profile that is in force.
struct HeldProfile {
    id: String,
    text: String,
    profile: Profile,
}

/// Calendars that are in force.
struct HeldCalendars {
    name: String,
    text: String,
    file: CalendarFile,
    forced: bool,
}

/// What is kept, read once; what is broken of it is said then.
pub fn held(global: &Global) -> &'static Data {
    static HELD: OnceLock<Data> = OnceLock::new();
    HELD.get_or_init(|| {
        let data = Data::read(folder(), global);
        for item in &data.items {
            if let State::Broken(why) = &item.state {
                data.say_broken(item, why);
            }
        }
        data
    })
}

impl Data {
    /// Reads the profiles and the calendars of a folder, and the names of its packs.
    pub fn read(folder: Option<PathBuf>, global: &Global) -> Self {
        let mut data = Self {
            folder,
            items: Vec::new(),
            profiles: Vec::new(),
            calendars: Vec::new(),
            hash: blake3::hash(b""),
            global: global.clone(),
            said: Mutex::default(),
        };
        let Some(folder) = data.folder.clone() else { return data };
        data.items.extend(items(&folder, Kind::Pack));
        data.read_profiles(&items(&folder, Kind::Profile));
        data.read_calendars(items(&folder, Kind::Calendar));
        data.hash = data.hashed();
        data
    }

    fn read_profiles(&mut self, items: &[Item]) {
        let texts: Vec<Result<String, String>> = items.iter().map(|item| text(&item.path)).collect();
        let held: Vec<(String, &String)> = items
            .iter()
            .zip(&texts)
            .filter_map(|(item, text)| Some((item.name.clone(), text.as_ref().ok()?)))
            .collect();
        let mut judged = Vec::new();
        for (mut item, text) in items.iter().cloned().zip(&texts) {
            let base = |name: &str| {
                let other = held.iter().find(|(id, _)| id == name && *id != item.name);
                other.map(|(_, text)| (*text).clone()).or_else(|| profiles::embedded(name).map(str::to_owned))
            };
            let read = text.clone().and_then(|text| Ok((profile_named(&item.name, &text, &base)?, text)));
            match read {
                Ok((profile, text)) => {
                    item.version.clone_from(&profile.version);
                    item.state = standing(&profile.version, embedded_version(&item.name), item.forced);
                    if matches!(item.state, State::InForce(_)) {
                        self.profiles.push(HeldProfile { id: item.name.clone(), text, profile });
                    }
                }
                Err(why) => item.state = State::Broken(why),
            }
            judged.push(item);
        }
        self.items.extend(judged);
    }

    fn read_calendars(&mut self, items: Vec<Item>) {
        for mut item in items {
            let read = text(&item.path).and_then(|text| Ok((self.calendars_of(&text)?, text)));
            match read {
                Ok(((file, process), text)) => {
                    item.version = file.version.clone().unwrap_or_default();
                    let version = file.version.as_deref().filter(|_| !item.forced);
                    item.state = match version {
                        Some(version) => standing(version, Some(process.version), false),
                        None => State::InForce(Some(process.version)),
                    };
                    if matches!(item.state, State::InForce(_)) {
                        self.calendars.push(HeldCalendars { name: item.name.clone(), text, file, forced: item.forced });
                    }
                }
                Err(why) => item.state = State::Broken(why),
            }
            self.items.push(item);
        }
        // The newest is laid over the others; what says no version counts as newer than what does.
        self.calendars.sort_by(|left, right| {
            let key = |held: &HeldCalendars| (held.forced, held.file.version.is_none());
            let is_newer = |one: &HeldCalendars, than: &HeldCalendars| {
                is_newer(
                    one.file.version.as_deref().unwrap_or_default(),
                    than.file.version.as_deref().unwrap_or_default(),
                )
            };
            let by_version = is_newer(left, right).cmp(&is_newer(right, left));
            key(left).cmp(&key(right)).then(by_version).then_with(|| left.name.cmp(&right.name))
        });
    }

    /// Reads a file of calendars, and says of which process they are.
    pub fn calendars_of(&self, text: &str) -> Result<(CalendarFile, Profile), String> {
        let file = match Addition::read(text).map_err(|fault| placed(text, &[fault]))? {
            Addition::Calendars(file) => file,
            Addition::Profile(_) => return Err("it is a profile".to_owned()),
        };
        let process = match &file.profile {
            Some(id) => self.profile(id).ok_or_else(|| placed(text, &[unknown_profile(text, id, &self.ids())]))?,
            None => self.with_calendars().ok_or("no process has calendars")?,
        };
        let faults = additions::calendar_faults(&process, text);
        if faults.is_empty() { Ok((file, process)) } else { Err(placed(text, &faults)) }
    }

    fn hashed(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        let profiles = self.profiles.iter().map(|held| (&held.id, &held.text));
        let calendars = self.calendars.iter().map(|held| (&held.name, &held.text));
        for (name, text) in profiles.chain(calendars) {
            hasher.update(&(name.len() as u64).to_le_bytes()).update(name.as_bytes());
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        hasher.finalize()
    }

    /// Stands for all profiles and calendars that are in force.
    pub fn hash(&self) -> blake3::Hash {
        self.hash
    }

    /// The ids of all profiles: those of the program, then those that it lacks.
    pub fn ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = profiles::EMBEDDED.iter().map(|(id, _)| *id).collect();
        let others: Vec<&str> = self.profiles.iter().map(|held| &*held.id).filter(|id| !ids.contains(id)).collect();
        ids.extend(others);
        ids
    }

    /// The text of the profile of this id: the newer one of that which is kept and that of the program.
    pub fn profile_text(&self, id: &str) -> Option<&str> {
        let held = self.profiles.iter().find(|held| held.id == id);
        held.map(|held| &*held.text).or_else(|| profiles::embedded(id))
    }

    /// The profile of this id, in the same way.
    pub fn profile(&self, id: &str) -> Option<Profile> {
        let held = self.profiles.iter().find(|held| held.id == id);
        held.map(|held| held.profile.clone()).or_else(|| profiles::load(id).ok())
    }

    /// Finds the profile whose layout a repository without configuration has.
    pub fn recognise(&self, tree: &dyn Tree) -> Option<&str> {
        if self.profiles.is_empty() {
            return profiles::recognise(tree);
        }
        self.ids().into_iter().find(|id| self.profile(id).is_some_and(|profile| profiles::fits(&profile, tree)))
    }

    /// The first profile that has calendars.
    pub fn with_calendars(&self) -> Option<Profile> {
        self.ids().into_iter().filter_map(|id| self.profile(id)).find(|profile| !profile.calendar.is_empty())
    }

    /// Whether a profile is one that is kept here.
    pub fn has_profile(&self, id: &str) -> bool {
        self.profiles.iter().any(|held| held.id == id)
    }

    /// Lays the calendars over those of a process, and says what of all this is in force where somebody asks.
    pub fn lay_over(&self, prepared: &mut Prepared) {
        let profile = &prepared.profile;
        if self.has_profile(&profile.id) {
            let than = embedded_version(&profile.id).map(|own| format!("; the program has {own}")).unwrap_or_default();
            self.tell(&format!("the profile `{}` {} is that of the data folder{than}", profile.id, profile.version));
        }
        let fits = |held: &&HeldCalendars| match &held.file.profile {
            Some(id) => *id == profile.id,
            None => !profile.calendar.is_empty() && additions::calendar_faults(profile, &held.text).is_empty(),
        };
        let is_newer = |held: &&HeldCalendars| {
            held.forced || held.file.version.as_deref().is_none_or(|version| is_newer(version, &profile.version))
        };
        let used: Vec<&HeldCalendars> = self.calendars.iter().filter(fits).filter(is_newer).collect();
        let names: Vec<&str> = used.iter().map(|held| &*held.name).collect();
        if !names.is_empty() {
            self.tell(&format!("calendars of the data folder are used: {}", names.join(", ")));
        }
        let calendars: Vec<WrittenCalendar> = used.iter().flat_map(|held| held.file.calendar.clone()).collect();
        prepared.add_calendars(&[], &calendars);
    }

    /// The facts of all packs. One that is damaged is said and left out.
    pub fn packs(&self) -> Vec<Facts> {
        let packs: Vec<&Item> = self.items.iter().filter(|item| item.kind == Kind::Pack).collect();
        let read: Vec<(&Item, Result<Facts, String>)> =
            packs.into_par_iter().map(|item| (item, read_pack(&item.path))).collect();
        let mut used = Vec::new();
        for (item, facts) in read {
            match facts {
                Ok(facts) => {
                    self.tell(&format!("the pack {} is that of the data folder", item.name));
                    used.push(facts);
                }
                Err(why) => self.say_broken(item, &why),
            }
        }
        used
    }

    fn say_broken(&self, item: &Item, why: &str) {
        let (word, path) = (item.kind.word(), item.path.to_string_lossy());
        self.say(&format!("the {word} {path} is not used: {why}\nget it again, or: signoff data remove {}", item.name));
    }

    /// Says something beside the output, once.
    pub fn say(&self, text: &str) {
        let is_new = self.said.lock().unwrap_or_else(PoisonError::into_inner).insert(text.to_owned());
        if is_new && !self.global.quiet {
            crate::note(&self.global, text);
        }
    }

    /// Says something to whoever asked for more.
    fn tell(&self, text: &str) {
        if self.global.verbose {
            self.say(text);
        }
    }
}

/// The files of one kind, sorted by name. Of one that was forced and one that was not, the forced one counts.
fn items(folder: &Path, kind: Kind) -> Vec<Item> {
    let Ok(entries) = fs::read_dir(folder.join(kind.folder())) else { return Vec::new() };
    let ending = format!(".{}", kind.ending());
    let item = |entry: fs::DirEntry| {
        let file = entry.file_name().into_string().ok()?;
        let stem = file.strip_suffix(&ending).filter(|stem| !stem.is_empty() && !stem.starts_with('.'))?;
        let (name, forced) = stem.strip_suffix(FORCED).map_or((stem, false), |name| (name, true));
        let state = State::InForce(None);
        Some(Item { kind, name: name.to_owned(), path: entry.path(), version: String::new(), state, forced })
    };
    let mut found: Vec<Item> = entries.filter_map(Result::ok).filter_map(item).collect();
    found.sort_by(|left, right| (&left.name, !left.forced).cmp(&(&right.name, !right.forced)));
    found.dedup_by(|left, right| left.name == right.name);
    found.truncate(FILES_MAX);
    found
}

fn text(path: &Path) -> Result<String, String> {
    let bytes = read_regular(path).map_err(|error| format!("it cannot be read: {error}"))?;
    String::from_utf8(bytes).map_err(|error| format!("byte {} is not UTF-8", error.utf8_error().valid_up_to() + 1))
}

/// The facts of a pack on disk.
pub fn read_pack(path: &Path) -> Result<Facts, String> {
    let bytes = read_regular(path).map_err(|error| format!("it cannot be read: {error}"))?;
    pack::read(&bytes).map_err(|error| error.to_string())
}

/// Reads the profile that a file is named for.
fn profile_named(name: &str, text: &str, base: &dyn Fn(&str) -> Option<String>) -> Result<Profile, String> {
    let profile = checked_profile(text, base)?;
    match profile.id == name {
        true => Ok(profile),
        false => Err(format!("its id is `{}`, and its name `{}`", visible(&profile.id), visible(name))),
    }
}

/// Reads a profile as strictly as those of the program; every mistake with its line.
pub fn checked_profile(text: &str, base: &dyn Fn(&str) -> Option<String>) -> Result<Profile, String> {
    if let Ok(Addition::Profile(Head { id, extends: Some(extends), .. })) = Addition::read(text)
        && extends == id
    {
        let message = format!("`{id}` cannot build on itself: write it whole, or give it another id");
        return Err(placed(text, &[ConfigFault::near(text, "extends", message)]));
    }
    additions::profile(text, base).map_err(|faults| placed(text, &faults))
}

/// The version of the program's own profile of an id.
pub fn embedded_version(id: &str) -> Option<String> {
    profiles::load(id).ok().map(|profile| profile.version)
}

/// Whether what is kept is used instead of what the program has.
fn standing(version: &str, own: Option<String>, forced: bool) -> State {
    match own {
        Some(own) if !forced && !is_newer(version, &own) => State::Older(own),
        own => State::InForce(own),
    }
}

fn unknown_profile(text: &str, id: &str, known: &[&str]) -> ConfigFault {
    ConfigFault::near(text, id, format!("there is no profile `{id}`; there are {}", known.join(", ")))
}

/// Mistakes with their lines and columns.
pub fn placed(text: &str, faults: &[ConfigFault]) -> String {
    /// So many are said; whoever mends them runs the command again.
    const SAID_MAX: usize = 10;
    let source = Source::new("", text);
    let line = |fault: &ConfigFault| {
        let at = source.position(fault.span.start);
        format!("{}:{}: {}", at.line, at.column, fault.message)
    };
    let mut lines: Vec<String> = faults.iter().take(SAID_MAX).map(line).collect();
    if faults.len() > SAID_MAX {
        lines.push(format!("and {} more", faults.len() - SAID_MAX));
    }
    lines.join("\n")
}
