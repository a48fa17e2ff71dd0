//! Exports of a whole corpus.

use rusqlite::{Connection, MAIN_DB};
use serde_json::{Value, json};
use signoff_model::Corpus;
use signoff_output::export::{database, manifest, table};

use crate::sample::{Sample, load};
use crate::{expect, written};

fn corpus(metadata: &str) -> Corpus {
    let tree = signoff_model::MemoryTree::new([
        ("keps/sig-node/12-x/kep.yaml", metadata),
        ("keps/sig-node/12-x/README.md", "# x\n"),
    ]);
    load(&tree, None)
}

fn records(metadata: &str) -> Value {
    let corpus = corpus(metadata);
    serde_json::from_str(&written(|out| manifest::write(&corpus, out))).expect("JSON")
}

/// The shape of the published manifest, key by key.
#[test]
fn a_whole_record_of_the_manifest() {
    let metadata = "title: \"A \\\"full\\\" one\"\nkep-number: 0012\nauthors: ['@a', b]\nowning-sig: sig-node\n\
        participating-sigs:\n  - sig-apps\nreviewers: []\napprovers:\n  - '@c'\neditor: '@d'\ncreation-date: 2024-05-01\n\
        last-updated: 2024-06-01\nstatus: implementable\nsee-also: [/keps/sig-node/1-y]\nreplaces: [/keps/sig-node/2-z]\n\
        superseded-by: [n/a]\nstage: beta\nlatest-milestone: 'v1.36'\nmilestone:\n  alpha: v1.33\n  beta: 1.36\n  removed: v1.40\n\
        feature-gates:\n  - name: X\n    components: [kubelet, kube-apiserver]\n  - name: Y\ndisable-supported: yes\nmetrics: [m_total]\n";
    let corpus = corpus(metadata);
    let text = written(|out| manifest::write(&corpus, out));
    let expected = concat!(
        r#"[{"id":"","name":"12-x","path":"keps/sig-node/12-x","title":"A \"full\" one","kepNumber":"0012","#,
        r#""authors":["@a","b"],"owningSig":"sig-node","participatingSigs":["sig-apps"],"reviewers":[],"approvers":["@c"],"#,
        r#""editor":"@d","creationDate":"2024-05-01","lastUpdated":"2024-06-01","status":"implementable","#,
        r#""seeAlso":["/keps/sig-node/1-y"],"replaces":["/keps/sig-node/2-z"],"supersededBy":["n/a"],"stage":"beta","#,
        r#""latestMilestone":"v1.36","milestone":{"alpha":"v1.33","beta":"1.36","stable":"","deprecated":"","removed":"v1.40","disabled":""},"#,
        r#""featureGates":[{"name":"X","components":["kubelet","kube-apiserver"]},{"name":"Y","components":null}],"#,
        r#""disableSupported":true,"metrics":["m_total"],"markdown":""}]"#,
        "\n"
    );
    assert_eq!(text, expected);
}

#[test]
fn what_is_not_stated_is_empty_or_null() {
    let cases = [
        ("title: x\n", "authors", Value::Null),
        ("title: x\n", "editor", json!("")),
        ("title: ~\n", "title", json!("")),
        ("authors:\n", "authors", Value::Null),
        ("authors: []\n", "authors", json!([])),
        ("authors: [null, '@a']\n", "authors", json!(["", "@a"])),
        (
            "milestone:\n",
            "milestone",
            json!({"alpha":"","beta":"","stable":"","deprecated":"","removed":"","disabled":""}),
        ),
        ("feature-gates: []\n", "featureGates", json!([])),
        ("feature-gates: ~\n", "featureGates", Value::Null),
        ("disable-supported: false\n", "disableSupported", json!(false)),
        ("disable-supported: 'true'\n", "disableSupported", json!(true)),
        ("title: |\n  two\n  lines\n", "title", json!("two\nlines\n")),
    ];
    for (metadata, key, expected) in cases {
        assert_eq!(records(metadata)[0][key], expected, "{metadata}");
    }
}

#[test]
fn a_table_has_every_field_and_question() {
    let sample = Sample::new();
    let text = written(|out| table::write(&sample.corpus, out).map_err(std::io::Error::other));
    let head = text.lines().next().expect("a header");
    for column in ["proposal", "path", "class", "creation-date", "disable-supported", "metrics", "slo", "failure-modes"]
    {
        assert_eq!(head.split(',').filter(|name| *name == column).count(), 1, "{column} in {head}");
    }
    expect("export.csv", &text.replace("\r\n", "\n"));
}

fn opened(bytes: &[u8]) -> Connection {
    let mut connection = Connection::open_in_memory().expect("memory");
    connection.deserialize_read_exact(MAIN_DB, bytes, bytes.len(), true).expect("a database");
    connection
}

fn exported(corpus: &Corpus) -> Vec<u8> {
    let mut bytes = Vec::new();
    database::write(corpus, &mut bytes).expect("a database");
    bytes
}

#[test]
fn a_database_says_what_the_json_says() {
    let sample = Sample::new();
    let bytes = exported(&sample.corpus);
    assert_eq!(bytes, exported(&sample.corpus), "equal input gives equal bytes");
    let database = opened(&bytes);
    let value = |sql: &str| database.query_row(sql, [], |row| row.get::<_, String>(0)).expect(sql);
    let cases = [
        ("SELECT value FROM about WHERE name = 'schema'", "signoff.sqlite/1"),
        ("SELECT group_concat(proposal) FROM proposals", "2345,1234,3456"),
        (
            "SELECT group_concat(person) FROM people JOIN proposals USING (path) WHERE proposal = '1234' AND role = 'author'",
            "@wanda-writer,@abel-author",
        ),
        (
            "SELECT group_concat(state) FROM (SELECT questions.state FROM questions JOIN proposals USING (path) WHERE proposal = '1234' ORDER BY number LIMIT 6)",
            "answered,bare,placeholder,not-applicable,empty,absent",
        ),
        ("SELECT count(*) || '' FROM questions", "75"),
        ("SELECT title FROM proposals WHERE proposal = '3456'", "Crate \u{1b}[31mlocks"),
        ("SELECT (body_path IS NULL) || '' FROM proposals WHERE proposal = '2345'", "1"),
    ];
    for (sql, expected) in cases {
        assert_eq!(value(sql), expected, "{sql}");
    }
    for table in ["people", "milestones", "gates", "metrics", "fields", "sections", "blanks", "checklists", "relations"]
    {
        assert_ne!(value(&format!("SELECT count(*) || '' FROM {table}")), "0", "{table}");
    }
}

/// Every question of the documentation can be asked.
#[test]
fn documented_questions_are_answered() {
    let sample = Sample::new();
    let database = opened(&exported(&sample.corpus));
    let page = include_str!("../../../../docs/src/exporting.md");
    let questions: Vec<&str> = page.split("```sql\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(questions.len() >= 5);
    for sql in questions {
        let mut statement = database.prepare(sql).unwrap_or_else(|error| panic!("{sql}{error}"));
        let columns = statement.column_count();
        let mut rows = statement.query([]).expect(sql);
        while let Some(row) = rows.next().expect(sql) {
            assert!((0..columns).all(|column| row.get_ref(column).is_ok()));
        }
    }
}
