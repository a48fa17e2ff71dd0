//! Tables of proposals in every format.

use signoff_analysis::query::Query;
use signoff_model::profile::SavedQuery;
use signoff_output::{Look, query};

use crate::sample::{Sample, load, tree};
use crate::{expect, fits_own_schema, written};

const NARROW: Look = Look { color: false, width: 60 };

fn query(sample: &Sample, text: &str) -> Query {
    let saved: SavedQuery = toml::from_str(text).expect("a query");
    Query::parse(&sample.corpus.prepared, &saved, &[]).expect("a query")
}

#[test]
fn lists() {
    let sample = Sample::new();
    let usual = query(&sample, "");
    expect("list.txt", &written(|out| query::write_human(&usual.run(&sample.corpus).expect("a table"), NARROW, out)));
    let some = query(
        &sample,
        "columns = ['proposal', 'path', 'authors', 'creation-date', 'milestones', 'gates', 'proposal', 'milestone']",
    );
    let json = written(|out| query::write_list_json(&some.run(&sample.corpus).expect("a table"), out));
    fits_own_schema(&json);
    expect("list.json", &json);
    expect("list.csv", &written(|out| query::write_csv(&some.run(&sample.corpus).expect("a table"), out)));
}

#[test]
fn queries() {
    let sample = Sample::new();
    let cases = [
        (
            "rows",
            "columns = ['title', 'size(authors)', 'slo=question(\"slo\").state', 'b=body.unresolved > 0']\nlimit = 2",
        ),
        ("groups", "group_by = ['group', 'authors']\ncolumns = ['proposal', 'title']"),
        ("counts", "group_by = ['status']\ncount = true"),
        ("count", "count = true"),
        ("nothing", "where = 'title == \"Quetzalcoatl\"'"),
    ];
    for (name, text) in cases {
        let query = query(&sample, text);
        let table = query.run(&sample.corpus).expect("a table");
        let json = written(|out| query::write_json(Some(name), &table, out));
        fits_own_schema(&json);
        let human = written(|out| query::write_human(&table, NARROW, out));
        let csv = written(|out| query::write_csv(&table, out));
        expect(&format!("query-{name}.txt"), &format!("{human}\n{json}\n{}", csv.replace("\r\n", "\n")));
    }
    let groups = query(&sample, "group_by = ['stage']\ncolumns = ['proposal']");
    let color = Look { color: true, width: 60 };
    expect(
        "query-color.txt",
        &written(|out| query::write_human(&groups.run(&sample.corpus).expect("a table"), color, out)),
    );
}

#[test]
fn saved_queries() {
    let corpus = load(&tree(), None);
    let own: SavedQuery = toml::from_str("about = 'Mine'\nwhere = 'true'\nlimit = 3").expect("a query");
    let of_profile = corpus.prepared.profile.query.iter().take(2);
    let mut saved: Vec<query::Saved<'_>> =
        of_profile.map(|(name, query)| query::Saved { name, own: false, query }).collect();
    saved.push(query::Saved { name: "zebra", own: true, query: &own });
    let json = written(|out| query::write_saved_json(&saved, out));
    fits_own_schema(&json);
    expect("queries.txt", &(written(|out| query::write_saved_human(&saved, NARROW, out)) + &json));
}
