//! The pages: the whole corpus to look at, as (path, bytes).
//!
//! Start at [`Snapshot`], which holds all that pages are made of, and [`Site`], which makes them. Each kind of page is
//! one file of `pages` and a template beside it; charts are SVG and complete without a script.
//!
//! **Invariant:** nothing is written, no clock and no environment is read. The same snapshot gives the same bytes.

mod assets;
mod charts;
mod days;
pub mod document;
mod escape;
mod evidence;
mod frame;
pub mod images;
mod links;
mod marks;
mod pages;
mod places;
mod search;
mod snapshot;
mod sources;
mod strip;
mod words;

use std::sync::{Arc, Mutex, OnceLock};

use document::Addresses;
use evidence::{AllClaims, Code};
use rustc_hash::FxHashMap;
use signoff_model::{Corpus, Proposal};
use sources::Owners;
use words::Words;

pub use pages::{Checked, Searched, UPGRADE, WantedClaims, WantedGates};
pub use places::Places;
pub use signoff_analysis::upgrade::Text;
pub use snapshot::{Board, CURVE_DAYS, Day, Earlier, Export, Judged, Origin, Row, Rule, Snapshot, Stood, Stop, Whole};

/// A file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it is, from the root of the site, with `/`.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Everything that is known of a repository, as pages.
pub struct Site {
    snapshot: Snapshot,
    places: Places,
    /// Proposals by their page.
    by_page: FxHashMap<String, usize>,
    owners: Owners,
    /// What happened to each proposal, by its path: places in the corpus' events.
    events: Arc<Happened>,
    /// The addresses of the repository's own files.
    addresses: Addresses,
    /// Whether a server answers, which can look things up.
    is_live: bool,
    /// Made when a page asks for it.
    words: OnceLock<Words>,
    /// What code and documentation say of gates.
    code: Arc<Code>,
    /// What came out for the claims of proposals; made when a page asks for it.
    judged: OnceLock<Arc<AllClaims>>,
    /// The same of the snapshot that was shown before, until the claims are judged.
    judged_before: Mutex<Option<Arc<AllClaims>>>,
}

type Happened = FxHashMap<Arc<str>, Vec<usize>>;

fn happened(corpus: &Corpus) -> Arc<Happened> {
    let mut events = Happened::default();
    for (index, event) in corpus.events.iter().enumerate() {
        events.entry(Arc::clone(&event.proposal)).or_default().push(index);
    }
    events.into()
}

impl Site {
    /// The pages of a snapshot; none of them is made yet.
    #[must_use]
    pub fn new(snapshot: Snapshot) -> Self {
        let events = happened(&snapshot.corpus);
        Self::with(snapshot, events, None)
    }

    fn with(snapshot: Snapshot, events: Arc<Happened>, before: Option<&Self>) -> Self {
        let places = Places::of(&snapshot.corpus);
        let pages = snapshot.corpus.proposals.iter().enumerate();
        let by_page = pages.filter_map(|(index, own)| Some((places.page(&own.path)?.to_owned(), index))).collect();
        let owners = Owners::of(&snapshot.corpus);
        let addresses = Addresses::new(&snapshot.corpus.prepared.profile.body.own_addresses);
        let code = Code::of(&snapshot.evidence, &snapshot.corpus.prepared, before.map(|before| &before.code));
        Self {
            snapshot,
            places,
            by_page,
            owners,
            events,
            addresses,
            is_live: false,
            words: OnceLock::new(),
            code,
            judged: OnceLock::new(),
            judged_before: Mutex::new(before.and_then(Self::judgement)),
        }
    }

    /// The pages of a snapshot for a server that [compares](Self::comparison), [searches](Self::found) and
    /// [checks](Self::upgrade), and that may have shown another one before.
    #[must_use]
    pub fn live(snapshot: Snapshot, before: Option<&Self>) -> Self {
        let same = before.filter(|before| Arc::ptr_eq(&before.snapshot.corpus.events, &snapshot.corpus.events));
        let events = same.map_or_else(|| happened(&snapshot.corpus), |before| Arc::clone(&before.events));
        Self { is_live: true, ..Self::with(snapshot, events, before) }
    }

    /// What came out for the claims, or for those of the snapshot before.
    fn judgement(&self) -> Option<Arc<AllClaims>> {
        let before = || self.judged_before.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        self.judged.get().cloned().or_else(before)
    }

    /// What the pages are made of.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Judges what proposals claim, unless that was done: pages of proposals, gates and the audit wait for it.
    pub fn judge(&self) {
        if self.code().has_sources() {
            self.judged();
        }
    }

    /// The paths of all pages.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let made = pages::KINDS.iter().flat_map(|kind| (kind.paths)(self));
        let images = self.snapshot.images.keys().filter_map(|path| images::place(path));
        let has_diagrams = self.has_diagrams();
        let assets = assets::ALL.iter().filter(|asset| has_diagrams || !asset.draws);
        made.chain(assets.map(|asset| asset.path.to_owned())).chain(images).collect()
    }

    /// The page at a path; `None` where there is none.
    #[must_use]
    pub fn page(&self, path: &str) -> Option<Page> {
        let asset = || assets::ALL.iter().find(|asset| asset.path == path).map(|asset| asset.bytes.to_vec());
        let bytes = pages::KINDS.iter().find_map(|kind| (kind.make)(self, path)).map(String::into_bytes);
        Some(Page { path: path.to_owned(), bytes: bytes.or_else(asset).or_else(|| self.image(path))? })
    }

    /// Whether a document may have a diagram.
    fn has_diagrams(&self) -> bool {
        let mut prose = self.snapshot.corpus.all().filter_map(|proposal| proposal.prose.as_ref());
        prose.any(|prose| memchr::memmem::find(prose.source.text.as_bytes(), b"mermaid").is_some())
    }

    fn words(&self) -> &Words {
        self.words.get_or_init(|| Words::of(self))
    }

    fn image(&self, page: &str) -> Option<Vec<u8>> {
        let mut images = self.snapshot.images.iter().filter(|_| page.starts_with("files/"));
        images.find(|(path, _)| images::place(path).as_deref() == Some(page)).map(|(_, bytes)| bytes.to_vec())
    }

    fn proposal_at(&self, page: &str) -> Option<&Proposal> {
        self.by_page.get(page).map(|index| &*self.snapshot.corpus.proposals[*index])
    }
}
