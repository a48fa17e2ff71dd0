//! The table of the documentation: what there is to say for each two versions.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use signoff_analysis::gates::Gates;
use signoff_analysis::upgrade::{ChangeKind, Report, minor, spelt, upgrade};
use signoff_model::Release;

use super::given;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/upgrading.md");
const START: &str = "<!-- generated: pairs -->\n";
const END: &str = "<!-- end -->";

fn row(from: Release, to: Release, report: &Report, stops: usize) -> String {
    let count = |is: &dyn Fn(&ChangeKind) -> bool| {
        let own = report.changes.iter().filter(|change| change.is_gate && is(&change.kind));
        own.map(|change| &*change.subject).collect::<BTreeSet<_>>().len()
    };
    let locks = report.changes.iter().filter(|change| {
        let locked = |words: &Option<String>| words.as_deref().is_some_and(|words| words.ends_with("locked"));
        change.is_gate && change.from.is_some() && !locked(&change.from) && locked(&change.to)
    });
    format!(
        "| {} to {} | {} | {} | {} | {} | {stops} |\n",
        minor(from),
        minor(to),
        count(&|kind| *kind == ChangeKind::Removed),
        locks.count(),
        count(&|kind| *kind == ChangeKind::DefaultFlipped),
        report.changes.iter().filter(|it| it.kind == ChangeKind::MetricRemoved).count(),
    )
}

#[test]
fn the_table_of_the_documentation() {
    let Some(files) = given::corpora() else { return };
    let rules = given::profile_rules();
    let facts = given::facts(&files, &rules);
    let gates = Gates::of(&facts, &rules);
    let releases: Vec<Release> = gates.releases().collect();
    let mut table = String::from(
        "\n| | gates gone | newly locked | defaults that flip | metrics gone | single settings that what gates need refuses |\n|---|---|---|---|---|---|\n",
    );
    for from in &releases {
        for to in releases.iter().filter(|to| *to > from) {
            let question = given::question(&spelt(*from), &spelt(*to), &[]);
            let report = upgrade(&gates, &facts, &rules, None, &question).expect("a report");
            let names = gates.registry(*to).expect("gates").gates.keys();
            let single: Vec<_> = names
                .flat_map(|name| [format!("{name}=true"), format!("{name}=false")])
                .map(|text| signoff_model::configured::Configured {
                    instance: text.as_str().into(),
                    ..given::component("kubelet", &text)
                })
                .collect();
            let question = given::question(&spelt(*to), &spelt(*to), &single);
            let own = upgrade(&gates, &facts, &rules, None, &question).expect("a report");
            let unmet = own.changes.iter().filter(|change| change.kind == ChangeKind::DependencyUnmet);
            let stops = unmet.map(|change| &change.instance).collect::<BTreeSet<_>>().len();
            write!(table, "{}", row(*from, *to, &report, stops)).expect("a text");
        }
    }
    table.push('\n');
    let page = std::fs::read_to_string(PAGE).expect("the page");
    let (before, rest) = page.split_once(START).expect("the mark");
    let (old, after) = rest.split_once(END).expect("the end");
    if std::env::var_os("SIGNOFF_BLESS").is_some() {
        std::fs::write(PAGE, format!("{before}{START}{table}{END}{after}")).expect("the page");
        return;
    }
    assert!(old == table, "`SIGNOFF_BLESS=1 cargo test -p signoff-analysis --test upgrade` writes it anew:\n{table}");
}
