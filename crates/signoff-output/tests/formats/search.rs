//! What a search found, for a terminal and as JSON.

use signoff_output::Look;
use signoff_output::search::{self, Answer, Count, Facet, Found, FoundSection, Piece};

use crate::{expect, fits_own_schema, written};

fn answer() -> Answer {
    let section = FoundSection {
        path: "keps/sig-a/7-lamps/README.md".to_owned(),
        line: 12,
        title: "Design Details".to_owned(),
        text: [(false, "…two "), (true, "lamps"), (false, " burn\u{1b}[31m")]
            .map(|(found, text)| Piece { text: text.to_owned(), found })
            .into(),
    };
    let lamps = Found {
        proposal: "7".to_owned(),
        title: Some("Lamps".to_owned()),
        path: "keps/sig-a/7-lamps".to_owned(),
        group: Some("sig-a".to_owned()),
        status: Some("implementable".to_owned()),
        stage: Some("beta".to_owned()),
        latest_milestone: Some("v1.2".to_owned()),
        gates: vec!["LampLight".to_owned()],
        sections: vec![section],
    };
    let bare = Found { proposal: "8".to_owned(), path: "keps/sig-b/8-x".to_owned(), ..Found::default() };
    Answer {
        query: "lamps".to_owned(),
        total: 9,
        partial: true,
        proposals: vec![lamps, bare],
        facets: vec![facet("group", &[("sig-a", 6), ("sig-b", 3)]), facet("stage", &[("beta", 9)])],
    }
}

fn facet(name: &'static str, values: &[(&str, usize)]) -> Facet {
    let count = |(value, count): &(&str, usize)| Count { value: (*value).to_owned(), count: *count };
    Facet { name, values: values.iter().map(count).collect() }
}

#[test]
fn what_was_found() {
    for (name, color) in [("search-human.txt", false), ("search-human-color.txt", true)] {
        expect(name, &written(|out| search::write(&answer(), Look { color, width: 80 }, out)));
    }
    let json = written(|out| search::write_json(&answer(), out));
    fits_own_schema(&json);
    expect("search.json", &json);
}

#[test]
fn nothing_was_found() {
    let nothing = Answer { query: "x\ny".to_owned(), ..Answer::default() };
    assert_eq!(written(|out| search::write(&nothing, Look::default(), out)), "No proposal has `x\\ny`.\n");
    fits_own_schema(&written(|out| search::write_json(&nothing, out)));
}
