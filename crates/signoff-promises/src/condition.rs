//! Conditions: reading them, and asking them about proposals.

use signoff_analysis::condition::Condition;
use signoff_model::Corpus;

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
