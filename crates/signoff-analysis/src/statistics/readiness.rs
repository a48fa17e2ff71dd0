//! How many proposals of a release were ready, day by day.

use jiff::{SignedDuration, Timestamp};
use signoff_model::{Corpus, Release};

use crate::course::{Course, courses};

/// How many proposals were ready so many days before a release was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// The release.
    pub release: Release,
    /// When it was settled what it is to bring.
    pub settled: Timestamp,
    /// Days before that, and how many were ready then; the earliest first. Days that are still to come are left out.
    pub days: Vec<(usize, usize)>,
}

impl Readiness {
    /// How many were ready so many days before; `None` for a day that is still to come.
    #[must_use]
    pub fn at(&self, day: usize) -> Option<usize> {
        self.days.iter().find(|(own, _)| *own == day).map(|(_, ready)| *ready)
    }
}

/// The proposals that were ready on each of the last `days` days before each instant, and at it. Needs the events of
/// the corpus; what lies behind its `as_of` is left out.
#[must_use]
pub fn readiness(corpus: &Corpus, settled: &[(Release, Timestamp)], days: usize) -> Vec<Readiness> {
    let courses: Vec<Course<'_>> = courses(corpus).into_iter().filter(|course| !course.events.is_empty()).collect();
    let of_release = |(release, settled): &(Release, Timestamp)| {
        let day = |before: usize| SignedDuration::from_hours(24 * i64::try_from(before).unwrap_or(i64::MAX / 24));
        let instants: Vec<(usize, Timestamp)> = (0..=days)
            .rev()
            .filter_map(|before| Some((before, settled.checked_sub(day(before)).ok()?)))
            .filter(|(_, at)| *at <= corpus.as_of)
            .collect();
        let mut counts = vec![0; instants.len()];
        for course in courses.iter().filter(|course| names(course, *release)) {
            for (count, (_, at)) in counts.iter_mut().zip(&instants) {
                *count += usize::from(course.at(*at).is_ready(&corpus.prepared, *release));
            }
        }
        let days = instants.into_iter().zip(counts).map(|((before, _), count)| (before, count)).collect();
        Readiness { release: *release, settled: *settled, days }
    };
    settled.iter().map(of_release).collect()
}

/// Whether a proposal ever named a release as that of its latest work.
fn names(course: &Course<'_>, release: Release) -> bool {
    let is_named = |text: Option<&str>| text.and_then(crate::course::release) == Some(release);
    is_named(course.before().latest)
        || is_named(course.now().latest)
        || course
            .events
            .iter()
            .any(|event| event.subject.as_deref() == Some(crate::course::LATEST) && is_named(event.to.as_deref()))
}
