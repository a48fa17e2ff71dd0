//! Conditions and queries: reading them, and asking them about proposals.

use std::io;

use signoff_analysis::condition::Condition;
use signoff_analysis::query::{Query, split_columns};
use signoff_model::Corpus;
use signoff_model::profile::SavedQuery;
use signoff_output::{Look, query};

/// Most characters of what is said about a condition that is none.
const WORDS_MAX: usize = 2000;

/// Reads a text as a condition and, if it is one, asks it about every proposal of a corpus.
pub fn condition(corpus: &Corpus, text: &str) {
    let prepared = &corpus.prepared;
    let condition = match Condition::parse(prepared, text) {
        Ok(condition) => condition,
        Err(fault) => {
            assert!(!fault.message.is_empty() && !fault.hint.is_empty(), "a fault says what to do");
            assert!(fault.to_string().chars().count() <= text.chars().count() + WORDS_MAX, "{fault}");
            return;
        }
    };
    // Behind `true &&` a condition is read by the general reader of CEL, whatever it is.
    let general = Condition::parse(prepared, &format!("true && ({text}\n)"));
    for proposal in &corpus.proposals {
        let holds = condition.holds(prepared, proposal);
        assert_eq!(holds, condition.holds(prepared, proposal), "asked twice, a condition says the same");
        if let Ok(general) = &general {
            assert_eq!(holds, general.holds(prepared, proposal), "the plain reader and that of CEL agree: {text}");
        }
    }
}

/// Reads a text as columns to show, to sort by and to group by, and writes the answers that there are.
pub fn columns(corpus: &Corpus, text: &str) {
    let columns = split_columns(text);
    assert_eq!(columns.join(","), text, "columns are cut apart, and nothing is lost");
    for grouped in [false, true] {
        for count in [false, true] {
            let written = SavedQuery {
                columns: columns.clone(),
                group_by: if grouped { columns.clone() } else { Vec::new() },
                sort: if grouped || !count { columns.clone() } else { Vec::new() },
                count,
                limit: Some(2),
                ..SavedQuery::default()
            };
            match Query::parse(&corpus.prepared, &written, &[]) {
                Ok(query) => answer(corpus, &query),
                Err(fault) => assert!(!fault.message.is_empty() && !fault.hint.is_empty(), "a fault says what to do"),
            }
        }
    }
}

fn answer(corpus: &Corpus, asked: &Query) {
    let Ok(table) = asked.run(corpus) else { return };
    assert!(table.groups.iter().all(|group| group.rows.len() <= group.count && group.count <= table.total));
    let mut out = io::sink();
    query::write_human(&table, Look { color: true, width: 40 }, &mut out).expect("a sink takes everything");
    query::write_json(None, &table, &mut out).expect("a sink takes everything");
    query::write_csv(&table, &mut out).expect("a sink takes everything");
}
