//! Findings at any place of odd files, in every format: nothing panics, nothing is slow.

use std::borrow::Cow;
use std::sync::Arc;

use signoff_model::{Edit, Finding, Fix, Severity, Source, Span};
use signoff_output::check::{self, Detail, Format, Options, Report};

use crate::sample::Sample;

const TEXTS: [&str; 7] = [
    "",
    "\n",
    "a\r\nbé\r\n\r\n",
    "\u{feff}title: \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} 漢字\n\t- x\n",
    "no line break at the end é",
    "\u{1b}]0;x\u{7}\n\u{0}\u{202e}\n\n\n\n\n\nend\n",
    "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n",
];

fn finding(path: &str, span: Span, edits: Vec<Edit>) -> Finding {
    Finding {
        rule: Cow::Borrowed("link-dead"),
        severity: Severity::Error,
        proposal: None,
        path: path.into(),
        span: Some(span),
        message: "odd\n\u{1b}[0m".to_owned(),
        help: Some("do\r\nthis".to_owned()),
        fix: Some(Fix { title: "mend\u{7}".to_owned(), edits }),
    }
}

#[test]
fn any_place_of_any_text() {
    let sample = Sample::new();
    let others: Vec<Arc<Source>> =
        TEXTS.iter().enumerate().map(|(index, text)| Arc::new(Source::new(format!("odd {index}"), *text))).collect();
    let mut findings = Vec::new();
    for source in &others {
        let length = u32::try_from(source.text.len()).expect("short") + 2;
        for start in 0..length {
            for end in start..length {
                let span = Span { start, end };
                let replacement = ["", "new", "new\nlines\n", "\n"][(start + end) as usize % 4];
                let behind = Span { start: end, end };
                let edits = vec![Edit::new(span, replacement), Edit::new(behind, "x")];
                findings.push(finding(&source.path, span, edits));
            }
        }
        findings.push(finding(&source.path, Span { start: 3, end: 1 }, Vec::new()));
    }
    findings.push(finding("nowhere", Span { start: 7, end: u32::MAX }, Vec::new()));
    let report = Report { findings: &findings, others: &others, ..sample.report() };
    for format in Format::ALL {
        for color in [true, false] {
            let mut options = Options { detail: Detail::Verbose, ..Options::default() };
            options.look.color = color;
            options.look.width = if color { 0 } else { 100 };
            let mut out = Vec::new();
            check::write(format, &report, &options, &mut out).expect("memory takes everything");
            assert!(!out.is_empty());
        }
    }
}

#[test]
fn a_line_of_megabytes_costs_what_is_shown() {
    let sample = Sample::new();
    let text = "é ".repeat(2 * 1024 * 1024);
    let others = [Arc::new(Source::new("long", text))];
    let findings: Vec<Finding> =
        (0..100).map(|index| finding("long", Span::new(index * 3, 6 * 1024 * 1024), Vec::new())).collect();
    let report = Report { findings: &findings, others: &others, ..sample.report() };
    let mut out = Vec::new();
    check::write(Format::Human, &report, &Options::default(), &mut out).expect("memory takes everything");
    assert!(out.len() < 200_000, "{} bytes", out.len());
}
