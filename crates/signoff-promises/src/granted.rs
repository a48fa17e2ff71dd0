//! Reading what stands beside proposals: release pages, lists of exceptions, waivers, written times.

use std::sync::Arc;

use signoff_model::calendar::{moment, page};
use signoff_model::profile::Prepared;
use signoff_model::{Source, exception, waiver};

use crate::span::fits;

/// Reads a text as a release page of a process.
pub fn release_page(prepared: &Prepared, text: &str) {
    for path in ["release-1.36/README.md", "page.md"] {
        let source = Source::new(path, text);
        let page = page::read(&source, &prepared.calendars);
        for fault in &page.faults {
            fits(text, fault.span, "a mistake of a page");
            assert!(!fault.message.is_empty(), "a mistake has words");
        }
        let places = page.faults.iter().map(|fault| fault.span.start);
        assert!(places.is_sorted(), "mistakes stand in order");
        for dated in page.calendar.iter().flat_map(|calendar| &calendar.checkpoints) {
            let read = moment::read(&dated.written).unwrap_or_else(|message| panic!("{}: {message}", dated.written));
            assert_eq!((read.at, read.day, read.exact), (dated.at, dated.day, dated.exact), "{}", dated.written);
            assert!(prepared.checkpoint(&dated.id).is_some(), "a checkpoint of the process");
        }
    }
}

/// Reads a text as a list of exceptions.
pub fn exceptions(prepared: &Prepared, text: &str) {
    for path in ["v1.36.yaml", "exceptions.yaml"] {
        let source = Arc::new(Source::new(path, text));
        let read = exception::read(&source, &prepared.calendars);
        for finding in &read.findings {
            fits(text, finding.span.expect("a fault has a place"), "a fault");
        }
        for exception in &read.all {
            assert!(prepared.checkpoint(&exception.checkpoint).is_some(), "a checkpoint of the process");
            let instants = [jiff::Timestamp::MIN, jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX];
            for instant in instants {
                let _ = (exception.decision_at(instant), exception.is_in_time(instant));
            }
        }
        let count = read.all.len();
        assert_eq!(exception::layered([read.all, Vec::new()]).len(), count, "of one source every request stays");
    }
}

/// Reads a text as waivers.
pub fn waivers(text: &str) {
    let (waivers, faults) = waiver::read(text);
    for fault in &faults {
        fits(text, fault.span, "a fault");
        assert!(!fault.message.is_empty(), "a fault has words");
    }
    for waiver in &waivers {
        for span in [waiver.span, waiver.rule_span, waiver.proposal_span] {
            fits(text, span, "a part of a waiver");
        }
        assert!(![&waiver.owner, &waiver.reason].iter().any(|text| text.trim().is_empty()), "somebody answers for it");
    }
}

/// Reads a text as a written time, and what it means as one again.
pub fn written_time(text: &str) {
    match moment::read(text) {
        Ok(moment) => {
            let instant = moment.at.to_string();
            // Years before the first one are written with six digits, which no calendar needs.
            if !instant.starts_with('-') {
                assert_eq!(moment::read(&instant).map(|again| again.at), Ok(moment.at), "an instant is a written time");
            }
        }
        Err(message) => assert!(!message.is_empty(), "what is wrong has words"),
    }
}
