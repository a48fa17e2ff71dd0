//! The same for programs: JSON of each proposal, the manifest, what the boards export, feeds.

use std::fmt::Write as _;

use jiff::Timestamp;
use signoff_model::calendar::Calendar;
use signoff_model::event::Event;
use signoff_model::profile::Meaning;
use signoff_output::calendar::{self, View};
use signoff_output::{export, proposal};

use super::{Kind, groups, written};
use crate::escape::escaped;
use crate::{Site, days, places};

pub(super) const KIND: Kind = Kind { paths, make };

/// The manifest, in the shape that is published today.
const MANIFEST: &str = "keps.json";
/// The feed of everything.
const FEED: &str = "feeds/all.xml";
/// The checkpoints of every release, for programs that keep appointments.
const CALENDAR: &str = "calendar.ics";
/// Every page, for programs that look for them.
const SITEMAP: &str = "sitemap.xml";
/// How the file of a board's days ends.
pub(super) const DAYS: &str = "days.js";
/// Most entries of a feed.
const ENTRIES_MAX: usize = 40;

fn paths(site: &Site) -> Vec<String> {
    let snapshot = &site.snapshot;
    let mut paths = vec![MANIFEST.to_owned(), FEED.to_owned(), SITEMAP.to_owned()];
    paths.extend(has_calendars(site).then(|| CALENDAR.to_owned()));
    let pages = snapshot.corpus.all().filter_map(|own| site.places.page(&own.path));
    paths.extend(pages.filter_map(json_of));
    for board in &snapshot.boards {
        paths.push(places::feed_of_release(&board.name));
        paths.push(export_of(&board.name, DAYS));
        paths.extend(board.exports.iter().map(|export| export_of(&board.name, export.ending)));
    }
    paths.extend(groups::by_group(site).keys().map(|name| places::feed_of_group(name)));
    paths.dedup();
    paths
}

fn make(site: &Site, path: &str) -> Option<String> {
    let snapshot = &site.snapshot;
    let corpus = &snapshot.corpus;
    if path == MANIFEST {
        return written(|out| export::manifest::write(corpus, out));
    }
    if let Some(name) = path.strip_suffix(".json")
        && let Some(own) = site.proposal_at(&format!("{name}.html"))
    {
        return written(|out| proposal::write_json(corpus, own, out));
    }
    if path == CALENDAR {
        return has_calendars(site).then(|| calendar_of(site)).flatten();
    }
    if path == SITEMAP {
        return Some(sitemap(site));
    }
    if path == FEED {
        return Some(feed(site, path, &snapshot.origin.name, &|_| true));
    }
    for board in &snapshot.boards {
        if path == export_of(&board.name, DAYS) {
            return Some(days::script(board));
        }
        if path == places::feed_of_release(&board.name) {
            let title = format!("{}, {}", snapshot.origin.name, board.name);
            return Some(feed(site, path, &title, &|event| board.row(&event.proposal).is_some()));
        }
        if let Some(export) = board.exports.iter().find(|own| export_of(&board.name, own.ending) == path) {
            return Some(export.text.clone());
        }
    }
    if !path.starts_with("feeds/groups/") {
        return None;
    }
    let (name, _) = groups::by_group(site).into_iter().find(|(name, _)| places::feed_of_group(name) == path)?;
    let of_group = |event: &Event| {
        let own = corpus.proposal_at(&event.proposal).map(|index| &corpus.proposals[index]);
        own.is_some_and(|own| own.text(&corpus.prepared, Meaning::Group) == Some(name))
    };
    Some(feed(site, path, &format!("{}, {name}", snapshot.origin.name), &of_group))
}

/// The data of a proposal's page.
pub(super) fn json_of(page: &str) -> Option<String> {
    page.strip_suffix(".html").map(|name| format!("{name}.json"))
}

/// An export of a board.
pub(super) fn export_of(board: &str, ending: &str) -> String {
    let page = places::board(board);
    format!("{}.{ending}", page.strip_suffix(".html").unwrap_or(&page))
}

/// Whether the process has calendars.
pub(crate) fn has_calendars(site: &Site) -> bool {
    !site.snapshot.corpus.prepared.calendars.all.is_empty()
}

fn calendar_of(site: &Site) -> Option<String> {
    let prepared = &site.snapshot.corpus.prepared;
    let instant = site.snapshot.instant;
    let shown: Vec<Calendar> = prepared.calendars.all.iter().map(|calendar| calendar.as_known(instant)).collect();
    let view = View {
        profile: &prepared.profile,
        calendars: &prepared.calendars,
        shown: &shown,
        instant,
        undated: prepared.undated,
        zone: None,
        pages: &[],
    };
    written(|out| calendar::write_ics(&view, out))
}

/// The pages as a sitemap (sitemaps.org, protocol 0.9). Where nobody said what the address of the site is, they are
/// named from its root on.
fn sitemap(site: &Site) -> String {
    let address = site.snapshot.address.as_deref().unwrap_or_default().trim_end_matches('/');
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let pages = super::KINDS.iter().flat_map(|kind| (kind.paths)(site));
    for path in pages.filter(|path| path.ends_with(".html") && path != "404.html") {
        let _ = writeln!(text, "<url><loc>{}</loc></url>", escaped(&format!("{address}/{path}")));
    }
    text + "</urlset>\n"
}

/// What happened to some proposals, newest first, as Atom (RFC 4287). Sweeps over many proposals are left out.
fn feed(site: &Site, path: &str, title: &str, wanted: &dyn Fn(&Event) -> bool) -> String {
    let corpus = &site.snapshot.corpus;
    let mut entries: Vec<(&Event, Vec<String>)> = Vec::new();
    for event in corpus.events.iter().rev().filter(|event| !event.sweep && wanted(event)) {
        let line = super::proposal::told(event);
        let same = |own: &Event| own.commit == event.commit && own.proposal == event.proposal;
        match entries.last_mut() {
            Some((own, lines)) if same(own) => lines.push(line),
            _ => entries.push((event, vec![line])),
        }
        if entries.len() > ENTRIES_MAX {
            entries.pop();
            break;
        }
    }
    let updated = entries.first().map_or(site.snapshot.instant, |(event, _)| event.at);
    let base = crate::frame::base(path);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>{}</title>\n\
         <id>urn:signoff:{}</id>\n<updated>{}</updated>\n<author><name>{}</name></author>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{base}index.html\"/>\n",
        escaped(title),
        escaped(&urn(&format!("{}:{path}", site.snapshot.origin.name))),
        second(updated),
        escaped(&site.snapshot.origin.name)
    );
    for (event, mut lines) in entries {
        lines.reverse();
        entry(site, &base, event, &lines, &mut xml);
    }
    xml + "</feed>\n"
}

fn entry(site: &Site, base: &str, event: &Event, lines: &[String], xml: &mut String) {
    let corpus = &site.snapshot.corpus;
    let own = corpus.proposal_at(&event.proposal).map(|index| &corpus.proposals[index]);
    let label = own.map_or(&*event.proposal, |own| own.label());
    let title = own.and_then(|own| own.text(&corpus.prepared, Meaning::Title)).unwrap_or_default();
    let page = site.places.page(&event.proposal).unwrap_or("proposals/index.html");
    let id = urn(&format!("{}:{}", event.commit, event.proposal));
    let _ = writeln!(
        xml,
        "<entry><title>{}</title><id>urn:signoff:{}</id><updated>{}</updated>\
         <link rel=\"alternate\" type=\"text/html\" href=\"{base}{page}\"/><content type=\"text\">{}</content></entry>",
        escaped(&format!("{label} {title}: {}", lines.first().map_or("", String::as_str))),
        escaped(&id),
        second(event.at),
        escaped(&lines.join("\n"))
    );
}

/// A text as the specific part of a name (RFC 8141): other signs are dashes.
fn urn(text: &str) -> String {
    text.chars().map(|sign| if sign.is_ascii_alphanumeric() || "-._:".contains(sign) { sign } else { '-' }).collect()
}

fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
