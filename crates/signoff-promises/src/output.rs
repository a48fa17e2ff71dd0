//! Writing what is known of a corpus, in every format.

use signoff_analysis::query::Query;
use signoff_analysis::rules::Checked;
use signoff_model::profile::SavedQuery;
use signoff_model::{Corpus, Finding, Proposal};
use signoff_output::baseline::Baseline;
use signoff_output::check::{self, Detail, Format, Options, Report};
use signoff_output::{Look, Places, proposal, query};

/// Writes what was found, and every proposal, in every format.
pub(crate) fn everything(corpus: &Corpus, checked: &Checked) {
    let places = Places::new(corpus, &[]);
    for format in Format::ALL {
        let text = findings(corpus, checked, format);
        match format {
            Format::Human | Format::Github => is_harmless(&text),
            Format::Json => json(&places, &checked.findings, &text),
            Format::Sarif => drop(value(&text)),
            Format::Junit => assert!(text.chars().all(is_xml), "{text:?}"),
        }
    }
    for own in &corpus.proposals {
        let about: Vec<&Finding> = checked.findings.iter().collect();
        is_harmless(&written(|out| proposal::page::write(corpus, own, &about, Look::default(), out)));
    }
    let all: Vec<&Proposal> = corpus.all().collect();
    let shown = value(&written(|out| proposal::write_all_json(corpus, &all, out)));
    assert_eq!(shown["proposals"].as_array().map(Vec::len), Some(all.len()));
    tables(corpus, all.len());
    baseline(corpus, &checked.findings);
}

fn written(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut text = Vec::new();
    write(&mut text).expect("memory takes all that is written");
    String::from_utf8(text).expect("what is written is UTF-8")
}

fn findings(corpus: &Corpus, checked: &Checked, format: Format) -> String {
    let (findings, skipped) = (&checked.findings, &checked.skipped);
    let report = Report { corpus, findings, baselined: &[], skipped, fixed: &[], others: &[] };
    let options = Options { detail: Detail::Verbose, ..Options::default() };
    written(|out| check::write(format, &report, &options, out))
}

fn value(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("no JSON: {error}: {text}"))
}

/// What is written as JSON says of each finding what it is and where.
fn json(places: &Places<'_>, findings: &[Finding], text: &str) {
    let value = value(text);
    let written = value["findings"].as_array().expect("a list of findings");
    assert_eq!(written.len(), findings.len());
    for (finding, written) in findings.iter().zip(written) {
        assert_eq!(written["message"], finding.message.as_str());
        assert_eq!(written["path"], &*finding.path);
        let region = places.region(finding);
        let line = region.map(|region| region.start.line as u64);
        let column = region.map(|region| region.start.column as u64);
        assert_eq!((written["line"].as_u64(), written["column"].as_u64()), (line, column));
    }
}

/// No character of the files steers the terminal, or turns what stands around it.
fn is_harmless(text: &str) {
    let steers = |character: char| {
        (character.is_control() && character != '\n')
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(steers), "{text:?}");
}

/// Whether a character may stand in XML 1.0.
fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// A table of some columns has a row for each proposal in every format.
fn tables(corpus: &Corpus, rows: usize) {
    let columns = ["proposal", "title", "status", "stage", "authors", "path"].map(str::to_owned).to_vec();
    let asked = SavedQuery { columns, ..SavedQuery::default() };
    let asked = Query::parse(&corpus.prepared, &asked, &[]).unwrap_or_else(|fault| panic!("{}", fault.message));
    let table = asked.run(corpus).expect("a table");
    is_harmless(&written(|out| query::write_human(&table, Look::default(), out)));
    value(&written(|out| query::write_json(None, &table, out)));
    assert_eq!(records(&written(|out| query::write_csv(&table, out))), rows + 1);
}

/// How many records a text of comma-separated values has: line ends in quotes end none.
fn records(text: &str) -> usize {
    text.split('"').step_by(2).map(|outside| outside.matches('\n').count()).sum()
}

/// What a baseline accepts, it accepts when it is written and read again.
fn baseline(corpus: &Corpus, findings: &[Finding]) {
    let renewed = Baseline::default().renewed(findings, corpus, &[]);
    let text = written(|out| renewed.write(out));
    let read = Baseline::parse(&text).expect("a baseline that was just written");
    assert_eq!(read, renewed);
    let subtracted = read.subtract(findings, corpus, &[]);
    assert_eq!((subtracted.baselined.len(), subtracted.fixed.len()), (findings.len(), 0));
    for (finding, baselined) in findings.iter().zip(subtracted.baselined) {
        assert!(baselined || finding.severity == signoff_model::Severity::Info, "{finding:?}");
    }
}
