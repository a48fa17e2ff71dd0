//! What every page has: its head, the navigation, the foot; and how texts and instants are written.

use jiff::Timestamp;
use signoff_output::clock;
pub(crate) use signoff_output::standpoint::counted;

use crate::Site;
use crate::escape::escaped;

/// The part of a page around its content.
pub(crate) struct Frame {
    /// Title of the page.
    pub(crate) title: String,
    /// What it shows, in a sentence.
    pub(crate) about: String,
    /// The way to the root of the site: empty, or `../` for each folder.
    pub(crate) base: String,
    /// The entry of the navigation that the page belongs to.
    pub(crate) current: &'static str,
    /// The board of the navigation.
    pub(crate) board: Option<String>,
    /// Whether there is anything to say of gates.
    pub(crate) has_gates: bool,
    /// Whether claims can be judged.
    pub(crate) has_audit: bool,
    /// Whether there is a file of checkpoints.
    pub(crate) has_calendar: bool,
    /// What people call the repository.
    pub(crate) origin: String,
    /// The commit, shortened.
    pub(crate) commit: Option<String>,
    /// The instant for which all is said.
    pub(crate) instant: String,
}

impl Frame {
    /// The frame of the page at a path.
    pub(crate) fn of(site: &Site, path: &str, current: &'static str, title: &str, about: &str) -> Self {
        let snapshot = &site.snapshot;
        Self {
            title: title.to_owned(),
            about: about.to_owned(),
            base: base(path),
            current,
            board: snapshot.boards.first().map(|board| crate::places::board(&board.name)),
            has_gates: site.code().has_gates(),
            has_audit: site.code().has_sources(),
            has_calendar: crate::pages::has_calendars(site),
            origin: snapshot.origin.name.clone(),
            commit: snapshot.corpus.commit.as_deref().map(|id| id.chars().take(10).collect()),
            instant: moment(snapshot.instant),
        }
    }
}

/// The way from a page to the root of the site: empty, or `../` for each folder.
pub(crate) fn base(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

/// An instant: `12 Feb 2026, 12:00 UTC`.
pub(crate) fn moment(at: Timestamp) -> String {
    at.strftime("%-d %b %Y, %H:%M UTC").to_string()
}

/// A day: `12 Feb`.
pub(crate) fn day(at: Timestamp) -> String {
    at.strftime("%-d %b").to_string()
}

/// How far away an instant is: `in 13 days`, `7 days ago`, `now`.
pub(crate) fn away(now: Timestamp, at: Timestamp) -> String {
    if now == at { "now".to_owned() } else { clock::away(now, at) }
}

/// A message as HTML: what stands between back quotes is code.
pub(crate) fn marked(text: &str) -> String {
    let mut marked = String::new();
    for (index, part) in text.split('`').enumerate() {
        let is_code = index % 2 == 1;
        // A back quote without its other half is one.
        let is_closed = text.matches('`').count() > index;
        match (is_code, is_closed) {
            (true, true) => marked.push_str(&format!("<code>{}</code>", escaped(part))),
            (true, false) => marked.push_str(&format!("`{}", escaped(part))),
            (false, _) => marked.push_str(&escaped(part)),
        }
    }
    marked
}

/// A name as HTML that may be broken behind its slashes and underscores, and before a capital that begins a word of it.
pub(crate) fn breakable(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    let mut from = 0;
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        let begins = letter.is_ascii_uppercase() && before.is_ascii_lowercase();
        if begins || (matches!(before, '/' | '_') && letter.is_ascii_alphanumeric()) {
            broken.push_str(&escaped(&text[from..at]));
            broken.push_str("<wbr>");
            from = at;
        }
        before = letter;
    }
    broken + &escaped(&text[from..])
}

#[cfg(test)]
mod tests {
    use super::{breakable, marked};

    #[test]
    fn names_break_at_their_words_and_nothing_of_them_is_markup() {
        for (text, expected) in [
            ("ImageVolume", "Image<wbr>Volume"),
            ("a/b_c", "a/<wbr>b_<wbr>c"),
            ("<b>Xx</b>", "&lt;b&gt;Xx&lt;/<wbr>b&gt;"),
            ("", ""),
            ("éA_", "éA_"),
        ] {
            assert_eq!(breakable(text), expected);
        }
    }

    #[test]
    fn no_text_of_a_proposal_is_markup() {
        for (text, expected) in [
            ("plain", "plain"),
            ("set `stage` to <b>", "set <code>stage</code> to &lt;b&gt;"),
            ("`<x>` and `y`", "<code>&lt;x&gt;</code> and <code>y</code>"),
            ("an open ` one", "an open ` one"),
            ("``", "<code></code>"),
        ] {
            assert_eq!(marked(text), expected);
        }
    }
}
