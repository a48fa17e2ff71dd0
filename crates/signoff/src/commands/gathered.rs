//! Everything that pages are made of, gathered from a repository.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use signoff_analysis::cycle;
use signoff_analysis::signoff::{self, Verdict};
use signoff_analysis::statistics::readiness::{self, Readiness};
use signoff_history::events::{self, Options};
use signoff_history::{History, When};
use signoff_model::event::Event;
use signoff_model::fact::Facts;
use signoff_model::memo::Memo;
use signoff_model::profile::{Basis, Prepared};
use signoff_model::tree::ContentId;
use signoff_model::{Corpus, Proposal, Release, Tree};
use signoff_output::status::{self, Status};
use signoff_site::{
    Board, CURVE_DAYS, Day, Earlier, Export, Judged, Origin, Row, Snapshot, Stood, Stop, Whole, images,
};

use super::standing::{self, Asked, Depth};
use crate::cli::{EvidenceArgs, ExceptionArgs, ForgeArgs, Global};
use crate::evidence;
use crate::held::Held;
use crate::repository::{Repository, Selection};

mod kept;

/// Most days of a cycle that can be gone back to.
const DAYS_MAX: usize = 200;
/// So often a memo is read by: it keeps every state of a file that it saw.
const READINGS_MAX: usize = 500;
/// Most images that are taken over.
const IMAGES_MAX: usize = 5000;
/// So many older releases are compared with.
const OLDER: usize = 3;

/// Gathers snapshots of one repository. What was read is kept as long as it is read by the same settings.
#[derive(Default)]
pub struct Gatherer {
    /// Whether what the history tells is kept for the next run too.
    keeps: bool,
    /// The evidence that the command line names.
    evidence: EvidenceArgs,
    kept: Mutex<Option<Arc<Kept>>>,
    held: Held,
}

/// The process, by what it was read from, and what was read by it.
struct Kept {
    settings: blake3::Hash,
    prepared: Arc<Prepared>,
    memo: Memo,
    past: Mutex<Option<Past>>,
    standing: standing::Kept,
    images: Mutex<Images>,
    /// What code and documentation say.
    facts: Mutex<Option<Arc<Facts>>>,
    readings: AtomicUsize,
}

/// The newest commit, and the release and checkpoint that are judged.
type Key = (String, Option<(Release, String)>);

/// The images of documents, by their path, which tells their kind, and what the tree knows their content by; `None` for
/// those that are not shown.
type Images = HashMap<(String, ContentId), Option<Arc<[u8]>>>;

/// What the history tells.
#[derive(Clone, Default)]
struct Past {
    /// What it was read for.
    key: Key,
    events: Arc<[Event]>,
    days: Arc<[Day]>,
    /// The proposals as they were on the first of the days.
    first: Arc<Vec<Arc<Proposal>>>,
    /// Made when a board asks for it.
    readiness: Arc<OnceLock<Vec<Readiness>>>,
}

impl Gatherer {
    /// One that keeps what the history tells for the next run, unless the options forbid it.
    pub fn new(global: &Global, evidence: &EvidenceArgs) -> Self {
        // Where a board stood on the days before depends on evidence too, which may be other files at the same place.
        let keeps = !global.no_cache && !global.sample && evidence.code.is_empty() && evidence.docs.is_empty();
        Self { keeps, evidence: evidence.clone(), ..Self::default() }
    }

    /// Gathers what is there now; `release` is the one that the board is about, the current one unless it is named.
    ///
    /// # Errors
    /// When there are no proposals, or too many files; or evidence that is named cannot be read.
    pub fn snapshot(&self, repository: &mut Repository, release: Option<Release>) -> anyhow::Result<Snapshot> {
        let kept = self.kept(repository);
        let repository = &*repository;
        // The trees of commits know the ids of their files.
        let held = repository.disk().map(|disk| self.held.over(disk));
        let tree = held.as_ref().map_or(repository.tree(), |held| held as &dyn Tree);
        let mut corpus = repository.load_again(tree, &kept.memo);
        Repository::refuse_cut(&corpus)?;
        corpus.as_of = repository.instant();
        let has_board = !repository.prepared.profile.signoff.rule.is_empty();
        let release = has_board.then(|| standing::release_of(repository, release).ok()).flatten();
        let facts = self.facts(repository, &kept)?;
        let given = evidence::is_given(&self.evidence, repository).then(|| Arc::clone(&facts));
        // Without a history the pages say that what happened is not known.
        let stops = release.map(|release| Stops::of(repository, release, given, &kept.standing)).transpose()?;
        let past = self.past(repository, &kept, stops.as_ref()).ok().unwrap_or_default();
        corpus.events = Arc::clone(&past.events);
        let mut boards = Vec::new();
        let mut earlier = BTreeMap::new();
        if let Some((release, stops)) = release.zip(stops) {
            earlier = earlier_of(repository, &corpus, release, &past);
            let (board, same) = board(repository, corpus, release, (stops, past))?;
            corpus = same;
            boards.push(board);
        }
        let images = images_of(tree, &corpus, &kept.images);
        Ok(Snapshot {
            origin: origin(repository),
            address: None,
            instant: repository.instant(),
            configuration: repository.configuration.clone(),
            whole: Whole::default(),
            corpus,
            earlier,
            images,
            boards,
            evidence: facts,
        })
    }

    /// Forgets what the files at these paths said; everything where it is not known which they are.
    pub fn forget(&self, root: &Path, changed: Option<&BTreeSet<PathBuf>>) {
        let git = root.join(".git");
        let is_told = |changed: &BTreeSet<PathBuf>| git.is_dir() && !changed.iter().any(|path| path.starts_with(&git));
        if let Some(kept) = &*self.kept.lock().unwrap_or_else(PoisonError::into_inner)
            && !changed.is_some_and(is_told)
        {
            kept.standing.forget_heads();
        }
        self.held.forget(root, changed.map(|paths| paths.iter().map(PathBuf::as_path)));
    }

    /// What was kept of a process with the same settings, which the repository then shares.
    fn kept(&self, repository: &mut Repository) -> Arc<Kept> {
        let settings = repository.settings();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let serves = |known: &&Arc<Kept>| {
            known.settings == settings && known.readings.fetch_add(1, Ordering::Relaxed) < READINGS_MAX
        };
        if let Some(known) = kept.as_ref().filter(serves) {
            repository.share(&known.prepared);
            return Arc::clone(known);
        }
        let prepared = Arc::clone(&repository.prepared);
        Arc::clone(kept.insert(Arc::new(Kept {
            settings,
            prepared,
            memo: Memo::keeping(),
            past: Mutex::default(),
            images: Mutex::default(),
            facts: Mutex::default(),
            standing: standing::Kept::default(),
            readings: AtomicUsize::new(0),
        })))
    }

    /// What code and documentation say: read once, since no proposal changes it.
    fn facts(&self, repository: &Repository, kept: &Kept) -> anyhow::Result<Arc<Facts>> {
        let mut facts = kept.facts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*facts {
            return Ok(Arc::clone(known));
        }
        let read = evidence::read(&self.evidence, repository)?.facts;
        Ok(Arc::clone(facts.insert(Arc::new(read))))
    }

    fn past(&self, repository: &Repository, kept: &Kept, stops: Option<&Stops<'_>>) -> anyhow::Result<Past> {
        let (history, prefix) = repository.history().context("what happened cannot be told")?;
        let newest = repository.newest(&*history)?;
        let asked = stops.map(Stops::judged);
        let judged = asked.as_ref().map(|asked| (asked.release, asked.checkpoint.clone()));
        let key = (newest.id.clone(), judged);
        let mut past = kept.past.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = past.as_ref().filter(|known| known.key == key) {
            return Ok(known.clone());
        }
        let place = kept::place(self.keeps, repository, &prefix, &key);
        let known = place.as_ref().and_then(|place| kept::read(place, repository, &*history, &prefix));
        let (events, Days { days, first, .. }) = match known {
            Some(known) => known,
            None => {
                let options = Options { prefix: &prefix, ..Options::default() };
                let log = events::read(&*history, &newest, &repository.prepared, &options)?;
                // That a day cannot be gone back to is no reason to lose what is known to have happened.
                let days = asked.and_then(|asked| days(&asked).ok()).unwrap_or_default();
                // What a history lacks may be fetched later.
                if let Some(place) = place.filter(|_| log.cut.is_none()) {
                    kept::write(&place, &log.events, &days);
                }
                (log.events, days)
            }
        };
        let (events, days) = (events.into(), days.into());
        Ok(past.insert(Past { key, events, days, first: Arc::new(first), readiness: Arc::default() }).clone())
    }
}

/// The checkpoints of a release that decide.
struct Stops<'r> {
    /// What is asked at the one that comes next, or the last.
    asked: Asked<'r>,
    all: Vec<Stop>,
    /// The one that comes next, or the last.
    current: usize,
    /// The one whose verdicts are shown: that one, or the last before it that asks for something of which the files can
    /// tell.
    judged: usize,
}

impl<'r> Stops<'r> {
    fn of(
        repository: &'r Repository,
        release: Release,
        facts: Option<Arc<Facts>>,
        kept: &'r standing::Kept,
    ) -> anyhow::Result<Self> {
        let beside = (&ExceptionArgs::default(), &ForgeArgs::default(), facts);
        let asked = Asked::by(repository, Some(release), None, beside)?.keeping(kept);
        let all = stops(repository, release);
        let current = all.iter().position(|stop| stop.id == asked.checkpoint).unwrap_or(all.len().saturating_sub(1));
        let tells = |index: &usize| {
            let mut rules = signoff::rules(&repository.prepared, release, &all[*index].id);
            rules.any(|rule| rule.basis == Basis::Git && !rule.advisory)
        };
        let judged = (0..all.len().min(current + 1)).rev().find(tells).unwrap_or(current);
        Ok(Self { asked, all, current, judged })
    }

    /// What is asked at the one whose verdicts are shown.
    fn judged(&self) -> Asked<'r> {
        self.asked.at(self.all.get(self.judged).map_or(&self.asked.checkpoint, |stop| &stop.id))
    }
}

/// The images of the repository that documents show.
fn images_of(tree: &dyn Tree, corpus: &Corpus, kept: &Mutex<Images>) -> BTreeMap<String, Arc<[u8]>> {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let before = std::mem::take(&mut *kept);
    let read = |path: &str| tree.read(path).ok().filter(|bytes| images::is_inert(path, bytes)).map(Arc::from);
    let mut found: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
    for prose in corpus.all().filter_map(|proposal| proposal.prose.as_ref()) {
        for path in corpus.images(prose).filter(|path| images::is_image(path)) {
            if found.contains_key(path) || found.len() == IMAGES_MAX {
                continue;
            }
            let key = tree.content_id(path).map(|id| (path.to_owned(), id));
            let known = key.as_ref().and_then(|key| before.get(key).cloned());
            let image = known.unwrap_or_else(|| read(path));
            if let Some(key) = key {
                kept.insert(key, image.clone());
            }
            // One that cannot be read is shown as what it is: a link that leads nowhere.
            if let Some(bytes) = image {
                found.insert(path.to_owned(), bytes);
            }
        }
    }
    found
}

/// The board of a release: every checkpoint up to the one that comes next.
fn board(
    repository: &Repository,
    mut corpus: Corpus,
    release: Release,
    (stops, past): (Stops<'_>, Past),
) -> anyhow::Result<(Board, Corpus)> {
    let prepared = Arc::clone(&repository.prepared);
    let Stops { asked, all: stops, current, judged: at } = stops;
    let mut rows: BTreeMap<Arc<str>, Row> = BTreeMap::new();
    let (mut statement, mut exports) = (String::new(), Vec::new());
    for (index, stop) in stops.iter().enumerate().take(current + 1) {
        let asked = asked.at(&stop.id);
        let known = asked.known(corpus, Depth::default());
        let question = asked.question(&known, repository.instant(), false);
        let verdicts = signoff::verdicts(&known.corpus, &question);
        for verdict in &verdicts {
            let row = rows
                .entry(Arc::clone(&verdict.proposal.path))
                .or_insert_with(|| Row::of(&prepared, verdict, stops.len()));
            row.judged[index] = Some(Judged::from(verdict));
        }
        if index == at {
            let status = Status::new(asked.head(&known), &prepared, &verdicts, None);
            statement = status.statement();
            exports = exported(&status);
        }
        corpus = known.corpus;
    }
    let days = past.days;
    let curves = || readiness::readiness(&corpus, &settled(repository, release), CURVE_DAYS);
    let readiness = past.readiness.get_or_init(curves).clone();
    let name = prepared.profile.release.spelt(release);
    // Others were asked about at a checkpoint before alone, in a pull request that is not merged.
    let rows = rows.into_values().filter(|row| row.judged[at].is_some()).collect();
    Ok((Board { release, name, stops, current, judged: at, rows, statement, readiness, exports, days }, corpus))
}

/// Where every proposal stood on each day of the cycle so far, as far as the files of then tell.
fn days(asked: &Asked<'_>) -> anyhow::Result<Days> {
    let repository = asked.repository;
    let (history, prefix) = repository.history()?;
    let cycle = cycle::of(&repository.prepared, asked.release);
    let last = cycle.out.map_or(repository.instant(), |out| out.min(repository.instant()));
    let memo = Memo::keeping();
    let mut found = Days::default();
    let mut begun = None;
    let mut next = cycle.start;
    while let Some(at) = next.filter(|at| *at < last && found.days.len() < DAYS_MAX) {
        next = at.checked_add(SignedDuration::from_hours(24)).ok();
        // The history may begin later than the cycle.
        let Ok(commit) = history.commit_at(&When::Instant(at)) else { continue };
        let known = asked.read_files(&*history, &prefix, &commit, at, &memo)?;
        let verdicts = signoff::verdicts(&known.corpus, &asked.question(&known, at, false));
        let stood = |verdict: &Verdict<'_>| Stood {
            label: verdict.proposal.label().to_string(),
            standing: verdict.standing,
            reason: verdict.reason.clone(),
        };
        found.days.push(Day { at, stood: verdicts.iter().map(stood).collect() });
        if begun.is_none() {
            begun = Some((commit, known.corpus.proposals));
        }
    }
    let targeting: BTreeSet<&str> =
        found.days.iter().flat_map(|day| &day.stood).map(|stood| stood.label.as_str()).collect();
    if let Some((commit, proposals)) = begun {
        let wanted = proposals.iter().filter(|proposal| targeting.contains(&**proposal.label()));
        let paths = wanted.map(|proposal| proposal.metadata_path.to_string()).collect();
        found.start(repository, &*history, &prefix, (commit.id, paths))?;
    }
    Ok(found)
}

/// Where every proposal stood on the days of a cycle.
#[derive(Default)]
struct Days {
    days: Vec<Day>,
    /// Those that target the release on one of the days, as they were on the first.
    first: Vec<Arc<Proposal>>,
    /// The commit of that day, and the files of their metadata.
    origin: Option<(String, Vec<String>)>,
}

impl Days {
    /// Reads the proposals of the first day with their prose, which the verdicts of a day may do without.
    fn start(
        &mut self,
        repository: &Repository,
        history: &dyn History,
        prefix: &str,
        origin: (String, Vec<String>),
    ) -> anyhow::Result<()> {
        let (commit, paths) = &origin;
        let commit = history.commit_at(&When::Revision(commit.clone()))?;
        let state = Repository::state(history, prefix, commit)?;
        let selection = Selection { paths: Some(paths), ..Selection::default() };
        self.first = repository.load_state(&state, &selection).proposals;
        self.first.retain(|own| own.loaded && paths.iter().any(|path| **path == *own.metadata_path));
        self.origin = Some(origin);
        Ok(())
    }
}

/// Proposals that say something else than at the beginning of the cycle.
fn earlier_of(repository: &Repository, corpus: &Corpus, release: Release, past: &Past) -> BTreeMap<Arc<str>, Earlier> {
    let Some(at) = past.days.first().map(|day| day.at) else { return BTreeMap::new() };
    let name = format!("the beginning of {}", repository.prepared.profile.release.spelt(release));
    let differs = |then: &Proposal, now: &Proposal| {
        let [before, after] = [then, now].map(|own| own.prose.as_ref().map(|prose| &*prose.source.text));
        then.source.text != now.source.text || before != after
    };
    let pair = |then: &Arc<Proposal>| {
        let now = corpus.proposal_at(&then.path).map(|index| &corpus.proposals[index])?;
        differs(then, now)
            .then(|| (Arc::clone(&now.path), Earlier { proposal: Arc::clone(then), at, name: name.clone() }))
    };
    past.first.iter().filter_map(pair).collect()
}

/// A board in the formats of `status`.
fn exported(status: &Status<'_>) -> Vec<Export> {
    type Written = fn(&Status<'_>, &mut dyn std::io::Write) -> std::io::Result<()>;
    let formats: [(&str, &str, Written); 3] = [
        ("CSV", "csv", status::write_csv),
        ("JSON", "json", status::write_json),
        ("Markdown", "md", status::write_markdown),
    ];
    let written = |(name, ending, write): (&'static str, &'static str, Written)| {
        let mut bytes = Vec::new();
        // A list takes all that is written to it.
        write(status, &mut bytes).ok()?;
        Some(Export { name, ending, text: String::from_utf8(bytes).ok()? })
    };
    formats.into_iter().filter_map(written).collect()
}

/// The checkpoints of a release at which something is decided, in their order.
fn stops(repository: &Repository, release: Release) -> Vec<Stop> {
    let prepared = &repository.prepared;
    let deciding = prepared.deciding(release, repository.instant()).into_iter();
    let name = |id: &str| prepared.checkpoint_name(id, release).to_owned();
    let mut stops: Vec<Stop> =
        deciding.map(|(kind, at)| Stop { id: kind.id.clone(), name: name(&kind.id), at }).collect();
    stops.sort_by_key(|stop| stop.at);
    stops
}

/// When the release was, or is to be, settled; and some older ones.
fn settled(repository: &Repository, release: Release) -> Vec<(Release, Timestamp)> {
    let mut cycles = cycle::all(&repository.prepared);
    cycles.retain(|cycle| cycle.release.minors_after(release) <= 0);
    cycles.sort_by_key(|cycle| std::cmp::Reverse(cycle.release));
    let planned = cycles.iter().filter_map(|cycle| Some((cycle.release, cycle.planned?)));
    planned.take(OLDER + 1).collect()
}

/// The name and address of the repository, as far as the process knows them.
fn origin(repository: &Repository) -> Origin {
    let own = repository.prepared.profile.body.own_addresses.first();
    let address = own.and_then(|address| Some(address.split_once("/blob/")?.0.to_owned()));
    let name =
        address.as_deref().and_then(|address| address.split_once("://")?.1.split_once('/').map(|(_, name)| name));
    let name = name.map_or_else(|| repository.prepared.profile.name.clone(), str::to_owned);
    Origin { name, address }
}
