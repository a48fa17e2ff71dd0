//! The days of a board as a script, for the date slider: which proposals stood where, and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use signoff_analysis::signoff::Standing;

use crate::snapshot::Board;
use crate::words::quoted;

/// The call that hands over the days: their instants, the labels, the reasons, and for each day the proposals as
/// `label standing reason`, by their places.
pub(crate) fn script(board: &Board) -> String {
    let mut labels = Names::default();
    let mut reasons = Names::default();
    let mut days = String::new();
    for (index, day) in board.days.iter().enumerate() {
        let stood = day.stood.iter().map(|own| {
            let standing = Standing::ALL.iter().position(|standing| *standing == own.standing).unwrap_or_default();
            format!("{} {standing} {}", labels.place(&own.label), reasons.place(&own.reason))
        });
        let comma = if index == 0 { "" } else { ",\n" };
        let stood: Vec<String> = stood.collect();
        let _ = write!(days, "{comma}[{},{}]", quoted(&day.at.to_string()), quoted(&stood.join(",")));
    }
    let standings = Standing::ALL.map(|standing| quoted(standing.word()));
    format!(
        "signoff.days({{\"standings\":[{}],\"labels\":[{}],\"reasons\":[{}],\"days\":[\n{days}\n]}});\n",
        standings.join(","),
        labels.literals(),
        reasons.literals()
    )
}

/// Texts by the order in which they came.
#[derive(Default)]
struct Names<'t> {
    places: BTreeMap<&'t str, usize>,
    texts: Vec<&'t str>,
}

impl<'t> Names<'t> {
    fn place(&mut self, text: &'t str) -> usize {
        let texts = &mut self.texts;
        *self.places.entry(text).or_insert_with(|| {
            texts.push(text);
            texts.len() - 1
        })
    }

    fn literals(&self) -> String {
        self.texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(",")
    }
}
