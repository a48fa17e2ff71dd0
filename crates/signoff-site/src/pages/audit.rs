//! What proposals claim, against what code and documentation say: what does not agree, with both sides quoted.

use std::collections::BTreeMap;

use askama::Template;
use signoff_analysis::claims::{UnclaimedKind, Verdict};
use signoff_model::profile::Meaning;
use signoff_output::audit::Audit;

use super::board::Quote;
use super::choices::Choices;
use super::claims::{self, ClaimOf};
use super::{Kind, filters, rendered, written};
use crate::evidence::Claim;
use crate::frame::{Frame, counted};
use crate::marks::{self, Mark};
use crate::{Page, Site};

pub(super) const KIND: Kind = Kind { paths, make };

/// The page.
const PATH: &str = "audit.html";
/// The same for programs, as the command writes it.
const JSON: &str = "audit.json";
const CSV: &str = "audit.csv";

/// What a reader asked of the page: a claim is shown that fits all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedClaims {
    /// Words that it must have.
    pub words: String,
    /// The kind of claim.
    pub claim: String,
    /// What came out.
    pub verdict: String,
    /// The group of the proposal.
    pub group: String,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    frame: Frame,
    heading: String,
    sources: String,
    counts: Vec<(Mark, usize)>,
    filters: Vec<(Choices, String)>,
    words: String,
    is_live: bool,
    all: usize,
    shown: usize,
    proposals: Vec<ProposalOf>,
    unclaimed: Vec<Unclaimed>,
}

/// The claims of a proposal that do not agree.
struct ProposalOf {
    label: String,
    title: String,
    page: Option<String>,
    group: String,
    is_hidden: bool,
    claims: Vec<Row>,
}

struct Row {
    claim: ClaimOf,
    text: String,
    is_hidden: bool,
}

/// Things of a kind that nobody claims.
struct Unclaimed {
    title: String,
    names: Vec<Nobodys>,
}

struct Nobodys {
    name: String,
    page: Option<String>,
    found: String,
    quote: Quote,
}

fn paths(site: &Site) -> Vec<String> {
    if !site.code().has_sources() {
        return Vec::new();
    }
    site.judged();
    vec![PATH.to_owned(), JSON.to_owned(), CSV.to_owned()]
}

fn make(site: &Site, path: &str) -> Option<String> {
    if !site.code().has_sources() {
        return None;
    }
    match path {
        PATH => Some(page(site, &WantedClaims::default())),
        JSON => exported(site, |audit, out| audit.write_json(out)),
        CSV => exported(site, |audit, out| audit.write_csv(out)),
        _ => None,
    }
}

impl Site {
    /// The page of claims with those alone that a reader asked for.
    #[must_use]
    pub fn audit(&self, wanted: &WantedClaims) -> Option<Page> {
        let text = self.code().has_sources().then(|| page(self, wanted))?;
        Some(Page { path: PATH.to_owned(), bytes: text.into_bytes() })
    }
}

fn exported(
    site: &Site,
    write: impl FnOnce(&Audit<'_>, &mut dyn std::io::Write) -> std::io::Result<()>,
) -> Option<String> {
    let corpus = &site.snapshot.corpus;
    // The rest is told on the pages of proposals; the command writes all of it.
    let verdicts = site.judged().drifts(corpus);
    let unclaimed = site.unclaimed();
    let audit = Audit::new(corpus.commit.as_deref(), &site.snapshot.evidence, &verdicts, &unclaimed)
        .counting(site.judged().all().map(|claim| claim.verdict));
    written(|out| write(&audit, out))
}

fn page(site: &Site, wanted: &WantedClaims) -> String {
    let proposals = proposals(site, wanted);
    let rows = || proposals.iter().flat_map(|own| &own.claims);
    let heading = heading(site, &proposals);
    rendered(&AuditPage {
        frame: Frame::of(site, PATH, "audit", "Audit", &heading),
        heading,
        sources: site.code().sources(),
        counts: counts(site),
        filters: choosing(&proposals, wanted),
        words: wanted.words.clone(),
        is_live: site.is_live,
        all: rows().count(),
        shown: rows().filter(|row| !row.is_hidden).count(),
        unclaimed: unclaimed(site),
        proposals,
    })
}

fn heading(site: &Site, proposals: &[ProposalOf]) -> String {
    let drifts = |own: &&ProposalOf| own.claims.iter().any(|row| row.claim.verdict == Verdict::Drift.word());
    let claims = site.snapshot.corpus.proposals.iter().enumerate();
    let drift: usize = claims
        .map(|(at, _)| site.judged().of_proposal(at).iter().filter(|claim| claim.verdict == Verdict::Drift).count())
        .sum();
    match (drift, proposals.iter().filter(drifts).count()) {
        (0, _) => "Nothing that proposals claim is known to be wrong".to_owned(),
        (1, _) => "1 claim does not agree with the code or the documentation".to_owned(),
        (drift, of) => {
            format!("{drift} claims of {} do not agree with the code or the documentation", counted(of, "proposal"))
        }
    }
}

fn counts(site: &Site) -> Vec<(Mark, usize)> {
    let of = |verdict: Verdict| {
        let count = site.judged().all().filter(|claim| claim.verdict == verdict).count();
        (marks::of_claim(verdict), count)
    };
    [Verdict::Drift, Verdict::Soft, Verdict::Agree, Verdict::Future, Verdict::Unknown].map(of).to_vec()
}

fn proposals(site: &Site, wanted: &WantedClaims) -> Vec<ProposalOf> {
    let corpus = &site.snapshot.corpus;
    let of = |(at, own): (usize, &std::sync::Arc<signoff_model::Proposal>)| {
        let text = |meaning| own.text(&corpus.prepared, meaning).unwrap_or_default().to_owned();
        let (group, title) = (text(Meaning::Group), text(Meaning::Title));
        let is_wrong = |claim: &&Claim| matches!(claim.verdict, Verdict::Drift | Verdict::Soft);
        let mut wrong: Vec<&Claim> = site.judged().of_proposal(at).iter().filter(is_wrong).collect();
        wrong.sort_by_key(|claim| claims::rank(claim.verdict));
        let row = |claim: &Claim| row(ClaimOf::of(site, "", at, claim), (&title, &group), wanted);
        let claims: Vec<Row> = wrong.into_iter().map(row).collect();
        ProposalOf {
            label: own.label().to_string(),
            page: site.places.page(&own.path).map(str::to_owned),
            is_hidden: claims.iter().all(|row| row.is_hidden),
            title: if title.is_empty() { own.name.to_string() } else { title },
            group,
            claims,
        }
    };
    corpus.proposals.iter().enumerate().map(of).filter(|own| !own.claims.is_empty()).collect()
}

fn row(claim: ClaimOf, (title, group): (&str, &str), wanted: &WantedClaims) -> Row {
    let text = format!("{} {title} {group} {} {}", claim.label, claim.subject, claim.about).to_lowercase();
    let is_one = |own: &str, one: &str| one.is_empty() || own == one;
    let fits = wanted.words.to_lowercase().split_whitespace().all(|word| text.contains(word))
        && is_one(claim.kind, &wanted.claim)
        && is_one(claim.verdict, &wanted.verdict)
        && is_one(group, &wanted.group);
    Row { claim, text, is_hidden: !fits }
}

fn choosing(proposals: &[ProposalOf], wanted: &WantedClaims) -> Vec<(Choices, String)> {
    let rows = || proposals.iter().flat_map(|own| own.claims.iter().map(move |row| (own, row)));
    let count = |value: &dyn Fn(&ProposalOf, &Row) -> String| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        rows().for_each(|(own, row)| *counts.entry(value(own, row)).or_default() += 1);
        counts.into_iter().filter(|(value, _)| !value.is_empty()).collect::<Vec<_>>()
    };
    let filter = |name, label, options, chosen: &str| (Choices { name, label, options }, chosen.to_owned());
    vec![
        filter("claim", "Claim", count(&|_, row| row.claim.kind.to_owned()), &wanted.claim),
        filter("verdict", "Verdict", count(&|_, row| row.claim.verdict.to_owned()), &wanted.verdict),
        filter("group", "Group", count(&|own, _| own.group.clone()), &wanted.group),
    ]
}

/// What the sources have and no proposal names, by kind.
fn unclaimed(site: &Site) -> Vec<Unclaimed> {
    let found = site.unclaimed();
    let kinds = [
        (UnclaimedKind::Gate, "gate of the newest code is", "gates of the newest code are", " named by no proposal"),
        (UnclaimedKind::Page, "page is", "pages are", " of a gate that the code does not have"),
        (UnclaimedKind::Metric, "metric that is", "metrics that are", " promised to stay, and named by no proposal"),
    ];
    let of = |(kind, one, many, what): (UnclaimedKind, &str, &str, &str)| {
        let own = found.iter().filter(|own| own.kind == kind);
        let name = |own: &signoff_analysis::claims::Unclaimed| Nobodys {
            name: own.name.clone(),
            page: site.code().page(&own.name).filter(|_| kind != UnclaimedKind::Metric).map(str::to_owned),
            found: own.found.clone(),
            quote: claims::quote(site, "", &own.evidence),
        };
        let names: Vec<Nobodys> = own.map(name).collect();
        Unclaimed { title: format!("{} {}{what}", names.len(), if names.len() == 1 { one } else { many }), names }
    };
    kinds.map(of).into_iter().filter(|own| !own.names.is_empty()).collect()
}
