//! Calendars of releases in every format.

use std::sync::LazyLock;

use icalendar::parser::{read_calendar, unfold};
use signoff_model::calendar::page::{self, PageFault};
use signoff_model::calendar::{Calendar, moment};
use signoff_model::profile::{Prepared, Profile};
use signoff_model::{Release, Source};
use signoff_output::Look;
use signoff_output::calendar::{self, View};

use crate::{expect, fits_own_schema, written};

const PROFILE: &str = r#"
schema = 1
id = "lamps"
layout = { root = "x", name = "{number}" }
release = { prefix = "v" }
[[checkpoint]]
id = "start"
name = "Start"
[[checkpoint]]
id = "plans"
name = "Plans; and, lamps"
renamed = [{ from = "v1.3", name = "Plans Deadline of all the lamps in the long corridor behind the great hall — früh" }]
decides = true
hard_from = "v1.3"
page = ["Plans"]
[[checkpoint]]
id = "code"
name = "Code Freeze"
decides = true
[[checkpoint]]
id = "release"
name = "Release"
[[calendar]]
release = "v1.2"
at = { start = "2026-03-02", plans = "2026-03-12T18:00 America/Los_Angeles", release = "2026-05-04" }
[[calendar]]
release = "v1.3"
source = "lamps/README.md"
at = { start = "2026-06-01", plans = "2026-06-30 AoE", code = "2026-07-15T12:00Z", release = "2026-08-03" }
[[calendar.revision]]
checkpoint = "code"
until = "2026-06-10T00:00Z"
at = "2026-07-08T12:00Z"
why = "the hall was booked"
"#;

static PREPARED: LazyLock<Prepared> =
    LazyLock::new(|| Prepared::new(Profile::parse(PROFILE, &|_| None).expect("a profile")));

const INSTANT: &str = "2026-07-03T10:00:00Z";

fn view(shown: &[Calendar], test: impl Fn(&View<'_>)) {
    let source =
        Source::new("release-1.3/README.md", "# Lamps 1.3\n\n| What | When |\n| Plans | Monday 30th June 2026 |\n");
    let page = page::read(&source, &PREPARED.calendars);
    let pages: [(Source, Vec<PageFault>); 1] = [(source, page.faults)];
    test(&View {
        profile: &PREPARED.profile,
        calendars: &PREPARED.calendars,
        shown,
        instant: INSTANT.parse().expect("an instant"),
        undated: None,
        zone: Some(("Europe/Berlin", moment::zone("Europe/Berlin").expect("a zone"))),
        pages: &pages,
    });
}

#[test]
fn every_format_says_the_same() {
    view(&PREPARED.calendars.all, |view| {
        expect("calendar.txt", &written(|out| calendar::write_human(view, Look::default(), out)));
        expect("calendar.csv", &written(|out| calendar::write_csv(view, out)));
        let json = written(|out| calendar::write_json(view, out));
        fits_own_schema(&json);
        expect("calendar.json", &json);
        expect("calendar.ics", &written(|out| calendar::write_ics(view, out)));
    });
}

#[test]
fn a_day_outside_every_calendar_is_said() {
    let undated = PREPARED.calendars.undated("2027-01-01".parse().expect("a day"));
    view(&[], |given| {
        let view = View {
            undated,
            pages: &[],
            zone: None,
            instant: "2027-01-01T00:00Z".parse().expect("an instant"),
            ..*given
        };
        expect("calendar-undated.txt", &written(|out| calendar::write_human(&view, Look::default(), out)));
        let json = written(|out| calendar::write_json(&view, out));
        fits_own_schema(&json);
        assert!(
            json.contains("\"current\":null,\"note\":\"which release is worked on at 2027-01-01 is not known"),
            "{json}"
        );
    });
}

/// Another reader finds every event, with its identity, its name and its time.
#[test]
fn another_reader_takes_the_icalendar() {
    view(&PREPARED.calendars.all, |view| {
        let text = written(|out| calendar::write_ics(view, out));
        assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");
        let text = unfold(&text);
        let read = read_calendar(&text).expect("a calendar");
        let events: Vec<[String; 4]> = read
            .components
            .iter()
            .map(|event| {
                assert_eq!(event.name, "VEVENT");
                ["UID", "SUMMARY", "DTSTART", "SEQUENCE"].map(|name| {
                    let property = event.find_prop(name).unwrap_or_else(|| panic!("no {name}"));
                    property.val.clone().unescape_text().to_string()
                })
            })
            .collect();
        let expected = [
            ["v1.2-start@lamps.signoff", "v1.2 Start", "20260302", "0"],
            ["v1.2-plans@lamps.signoff", "v1.2 Plans; and, lamps", "20260313T010000Z", "0"],
            ["v1.2-release@lamps.signoff", "v1.2 Release", "20260504", "0"],
            ["v1.3-start@lamps.signoff", "v1.3 Start", "20260601", "0"],
            [
                "v1.3-plans@lamps.signoff",
                "v1.3 Plans Deadline of all the lamps in the long corridor behind the great hall — früh",
                "20260701T120000Z",
                "0",
            ],
            ["v1.3-code@lamps.signoff", "v1.3 Code Freeze", "20260715T120000Z", "1"],
            ["v1.3-release@lamps.signoff", "v1.3 Release", "20260803", "0"],
        ];
        assert_eq!(events, expected.map(|event| event.map(str::to_owned)));
        let release = Release::parse("v1.3").expect("a release");
        assert!(view.calendars.of(release).is_some_and(|calendar| calendar.checkpoints.len() == 4));
    });
}
