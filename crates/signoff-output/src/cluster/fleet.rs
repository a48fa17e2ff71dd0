//! A fleet in one table: which clusters will not start after an upgrade, and because of which lines.

use std::io::{self, Write};

use crate::Look;
use crate::standpoint::counted;
use crate::table::{self, Cell, Overflow};
use crate::visible::visible;

/// Most things of one cluster that are named one by one.
const GAPS_MAX: usize = 2;

/// A cluster of a fleet, and what an upgrade does to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// What it is called.
    pub name: String,
    /// Its version; `None` where that is not known.
    pub version: Option<String>,
    /// Why components of it will not start.
    pub refusals: Vec<Refusal>,
    /// What keeps the answer from being complete; none where everything was looked at.
    pub gaps: Vec<String>,
}

/// Why a component will not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The component.
    pub component: String,
    /// Its replica or node; empty where there is one.
    pub instance: String,
    /// Why, in one sentence without a period.
    pub reason: String,
    /// The lines that it is because of, as `path:line` or the path alone.
    pub places: Vec<String>,
}

impl Member {
    fn verdict(&self) -> &'static str {
        match (self.refusals.is_empty(), self.gaps.is_empty()) {
            (false, _) => "will not start",
            (true, true) => "starts",
            (true, false) => "not known",
        }
    }
}

/// Writes a row for each cluster, those that will not start first, and below it the lines that it is because of. What
/// was not looked at is never counted as starting.
///
/// # Errors
/// Those of the writer.
pub fn write_fleet(members: &[Member], to: &str, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut members: Vec<&Member> = members.iter().collect();
    members.sort_by_key(|member| (member.refusals.is_empty(), member.gaps.is_empty(), &member.name));
    let head = ["cluster", "version", "", "because of"];
    let mut rows: Vec<Vec<Cell>> =
        vec![head.map(|text| Cell::new(text).painted(move |text| look.faint(text))).into_iter().collect()];
    for member in &members {
        let version = member.version.as_deref().unwrap_or("?");
        let mut because = member.refusals.iter().map(because).chain(not_looked_at(&member.gaps));
        let verdict = member.verdict();
        let paint = move |text: &str| match verdict {
            "will not start" => look.bad(text),
            "starts" => look.good(text),
            _ => look.strong(text),
        };
        let first = because.next().unwrap_or_default();
        let texts = [&member.name, version].map(|text| Cell::new(visible(text).into_owned()));
        let last = [Cell::new(verdict).painted(paint), Cell::new(visible(&first).into_owned())];
        rows.push(texts.into_iter().chain(last).collect());
        rows.extend(because.map(|text| ["", "", "", &visible(&text)].map(Cell::new).into_iter().collect()));
    }
    table::write(&rows, 0, look.width, Overflow::Wrap, out)?;
    let of = |word: &str| members.iter().filter(|member| member.verdict() == word).count();
    let total = counted(members.len(), "cluster");
    let (stopped, started, open) = (of("will not start"), of("starts"), of("not known"));
    writeln!(out, "{total} to {}: {stopped} will not start, {started} start, {open} not known", visible(to))
}

/// The first things that were not looked at, and how many more there are.
fn not_looked_at(gaps: &[String]) -> Vec<String> {
    let more = gaps.len().saturating_sub(GAPS_MAX);
    let first = gaps.iter().take(GAPS_MAX).map(|gap| format!("not looked at: {gap}"));
    first.chain((more > 0).then(|| format!("and {more} more"))).collect()
}

fn because(refusal: &Refusal) -> String {
    let at = if refusal.instance.is_empty() { String::new() } else { format!(" {}", refusal.instance) };
    let places = if refusal.places.is_empty() { String::new() } else { format!(" ({})", refusal.places.join(", ")) };
    format!("{}{at}: {}{places}", refusal.component, refusal.reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_that_do_not_start_come_first_and_gaps_are_no_success() {
        let member = |name: &str, refusals: Vec<Refusal>, gaps: Vec<String>| Member {
            name: name.into(),
            version: Some("v1.36.2".into()),
            refusals,
            gaps,
        };
        let refusal = Refusal {
            component: "kubelet".into(),
            instance: "n1".into(),
            reason: "v1.37 has no gate X".into(),
            places: vec!["node/n1/configz:1".into()],
        };
        let members = [
            member("a", Vec::new(), Vec::new()),
            member("b", Vec::new(), vec!["its pods were not read".into()]),
            member("c", vec![refusal.clone(), refusal], vec!["x".into()]),
            member("d", Vec::new(), vec!["x".into(), "y".into(), "z".into()]),
        ];
        let mut out = Vec::new();
        write_fleet(&members, "v1.37", Look::default(), &mut out).expect("a writer");
        let text = String::from_utf8(out).expect("text");
        let expected = "\
cluster  version                  because of
c        v1.36.2  will not start  kubelet n1: v1.37 has no gate X (node/n1/configz:1)
                                  kubelet n1: v1.37 has no gate X (node/n1/configz:1)
                                  not looked at: x
b        v1.36.2  not known       not looked at: its pods were not read
d        v1.36.2  not known       not looked at: x
                                  not looked at: y
                                  and 1 more
a        v1.36.2  starts
4 clusters to v1.37: 1 will not start, 1 start, 2 not known
";
        assert_eq!(text, expected);
    }
}
