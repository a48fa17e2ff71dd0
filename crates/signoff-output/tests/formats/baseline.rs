//! The baseline: what it accepts, what it drops, and when it does not shrink.

use signoff_model::{Finding, Severity};
use signoff_output::baseline::Baseline;

use crate::sample::{self, Sample};
use crate::{expect, fits_own_schema, written};

fn baseline(sample: &Sample) -> Baseline {
    Baseline::default().renewed(&sample.findings, &sample.corpus, &sample.others)
}

#[test]
fn a_written_baseline_is_read_again() {
    let sample = Sample::new();
    let baseline = baseline(&sample);
    let text = written(|out| baseline.write(out));
    expect("baseline.json", &text);
    fits_own_schema(&text);
    assert_eq!(Baseline::parse(&text).expect("a baseline"), baseline);
    assert_eq!(
        written(|out| Baseline::default().write(out)),
        "{\n  \"schema\": \"signoff.baseline/1\",\n  \"findings\": []\n}\n"
    );
}

#[test]
fn what_is_no_baseline_is_refused_with_a_remedy() {
    for text in ["", "[]", "{}", r#"{"schema":"signoff.baseline/2","findings":[]}"#] {
        let error = Baseline::parse(text).expect_err("no baseline").to_string();
        assert!(error.contains("--write-baseline"), "{text}: {error}");
    }
}

#[test]
fn accepted_findings_survive_unrelated_edits() {
    let sample = Sample::new();
    let baseline = baseline(&sample);
    let mut tree = sample::tree();
    let old = String::from_utf8(tree.files().find(|(path, _)| *path == sample::POOLS).expect("a file").1.to_vec());
    tree.insert(sample::POOLS, format!("# a new first line\n{}", old.expect("text")));
    let corpus = sample::load(&tree, None);
    let moved: Vec<Finding> = sample.findings.iter().map(|finding| shifted(finding, 19)).collect();
    let subtracted = baseline.subtract(&moved, &corpus, &sample.others);
    for (finding, baselined) in moved.iter().zip(&subtracted.baselined) {
        assert_eq!(*baselined, finding.severity > Severity::Info, "{finding:?}");
    }
    assert_eq!(subtracted.fixed, []);
}

fn shifted(finding: &Finding, by: u32) -> Finding {
    let mut finding = finding.clone();
    if *finding.path == *sample::POOLS
        && let Some(span) = &mut finding.span
    {
        (span.start, span.end) = (span.start + by, span.end + by);
    }
    finding
}

#[test]
fn equal_findings_are_counted() {
    let sample = Sample::new();
    let missing = sample.finding("field-missing").clone();
    let once = [missing.clone()];
    let baseline = Baseline::default().renewed(&once, &sample.corpus, &[]);
    let twice = baseline.subtract(&[missing.clone(), missing], &sample.corpus, &[]);
    assert_eq!(twice.baselined, [true, false]);
}

#[test]
fn a_partial_run_never_shrinks_the_baseline() {
    let sample = Sample::new();
    let baseline = baseline(&sample);
    let gone = baseline.subtract(&[], &sample.corpus, &[]);
    assert_eq!(gone.fixed.len(), baseline.entries().len());
    assert_eq!(baseline.renewed(&[], &sample.corpus, &[]), Baseline::default());
    let partial = sample::load(&sample::tree(), Some(&[sample::SETS.to_owned()]));
    assert_eq!(baseline.subtract(&[], &partial, &[]).fixed, []);
    assert_eq!(baseline.renewed(&[], &partial, &[]), baseline);
}
