//! Three small proposals with some faults, and findings about them that show what formats can show.
//!
//! The findings are written here and not found by rules, so that a change of a rule changes no format.

use std::borrow::Cow;
use std::sync::Arc;

use signoff_analysis::profiles;
use signoff_model::memo::Memo;
use signoff_model::profile::Prepared;
use signoff_model::{Corpus, Edit, Finding, Fix, MemoryTree, Severity, Source, Span, corpus};
use signoff_output::check::Report;

pub const POOLS: &str = "keps/sig-node/1234-widget-pools/kep.yaml";
pub const POOLS_TEXT: &str = "keps/sig-node/1234-widget-pools/README.md";
pub const SETS: &str = "keps/sig-apps/2345-widget-sets/kep.yaml";
pub const LOCKS: &str = "keps/sig-storage/3456-crate-locks/kep.yaml";
pub const LOCKS_TEXT: &str = "keps/sig-storage/3456-crate-locks/README.md";
const RECORD: &str = "keps/prod-readiness/sig-node/1234.yaml";

const POOLS_YAML: &str = r#"title: Widget pools on the node
kep-number: 1234
authors:
  - "@wanda-writer"
  - "@abel-author" # joined for beta
owning-sig: sig-node
status: imlpementable
creation-date: 2025-04-14
reviewers:
  - "@rita-reviewer"
approvers: ["@lena-lead", "@olaf-approves"]
see-also:
  - "/keps/sig-apps/2345-widget-sets"
replaces: [1000]
stage: beta
latest-milestone: "v1.36"
milestone:
  stable:
  beta: "v1.36"
  alpha: "v1.35"
feature-gates:
  - name: WidgetPools
    components:
      - kubelet
      - kube-apiserver
disable-supported: true
metrics:
  - kubelet_widget_pool_errors_total
"#;

const POOLS_PROSE: &str = "# KEP-1234: Widget pools on the node

<!-- toc -->
- [Summary](#summary)
<!-- /toc -->

## Release Signoff Checklist

- [x] (R) Design details documented
- [ ] (R) Test plan in place
- [X] Implementation History current

## Summary

A node offers widgets in named pools.

<<[UNRESOLVED who counts widgets ]>>
Perhaps nobody.
<<[/UNRESOLVED]>>

## Motivation

### Goals

<!-- to do -->

## Production Readiness Review Questionnaire

### Feature Enablement and Rollback

###### How can this feature be enabled / disabled in a live cluster?

- [x] Feature gate (also fill in values in `kep.yaml`)
  - Feature gate name: WidgetPools
  - Components depending on the feature gate: kubelet
- [ ] Other
  - Describe the mechanism:

###### Does enabling the feature change any default behavior?

No.

###### Can the feature be disabled once it has been enabled (i.e. can we roll back the enablement)?

TBD

###### What happens if we reenable the feature if it was previously rolled back?

N/A

###### Are there any tests for feature enablement/disablement?

## Drawbacks

None that anybody has found.
";

const SETS_YAML: &str = "title: \"Widget sets, \\\"grouped\\\"\"
kep-number: 2345
authors: []
owning-sig: sig-apps
status: provisional
";

// A byte order mark is no fault of this sample; control characters, a tab and a very long line are.
fn locks_yaml() -> String {
    format!(
        "title: \"Crate \\e[31mlocks\"\nauthors:\n\t- \"@nobody\"\nstatus: deferred\nstage: {}beta ähnlich\n",
        "very ".repeat(60)
    )
}

const LOCKS_PROSE: &str = "# Crate locks\r\n\r\n## Summary\r\n\r\nLocks für crates \u{202e}and\u{1b}[0m more.\r\n";

/// The sample's files.
pub fn tree() -> MemoryTree {
    let mut tree = MemoryTree::new([
        ("keps/README.md", "# Proposals\n"),
        (POOLS, POOLS_YAML),
        (POOLS_TEXT, POOLS_PROSE),
        (RECORD, "kep-number: 1234\nalpha:\n  approver: \"@petra\"\n"),
        (SETS, SETS_YAML),
        (LOCKS_TEXT, LOCKS_PROSE),
    ]);
    tree.insert(LOCKS, locks_yaml());
    tree
}

/// Reads a tree; `paths` as in a partial check.
pub fn load(tree: &MemoryTree, paths: Option<&[String]>) -> Corpus {
    let prepared = Arc::new(Prepared::new(profiles::load("kep").expect("the profile")));
    let as_of = "2026-07-24T12:00:00Z".parse().expect("an instant");
    corpus::load(tree, &corpus::Request { prepared, paths, prose: true, as_of }, &Memo::default())
}

/// The sample and its findings.
pub struct Sample {
    pub corpus: Corpus,
    pub findings: Vec<Finding>,
    pub others: Vec<Arc<Source>>,
}

impl Sample {
    pub fn new() -> Self {
        let corpus = load(&tree(), None);
        let others = vec![Arc::new(Source::new("signoff.toml", "profil = \"kep\"\n"))];
        Self { findings: findings(), corpus, others }
    }

    pub fn report(&self) -> Report<'_> {
        Report {
            corpus: &self.corpus,
            findings: &self.findings,
            baselined: &[],
            skipped: &[],
            fixed: &[],
            others: &self.others,
        }
    }

    /// The finding of a rule.
    pub fn finding(&self, rule: &str) -> &Finding {
        self.findings.iter().find(|finding| finding.rule == rule).expect("the sample has such a finding")
    }
}

fn text_of(path: &str) -> String {
    let tree = tree();
    let (_, bytes) = tree.files().find(|(known, _)| *known == path).expect("a file of the sample");
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// The span of the first place where a text stands in a file.
pub fn span(path: &str, needle: &str) -> Span {
    let start = text_of(path).find(needle).expect("the text stands in the file");
    Span::new(start, start + needle.len())
}

fn finding(rule: &'static str, severity: Severity, path: &str, span: Option<Span>, message: &str) -> Finding {
    let number = path.split('/').nth(2).and_then(|name| name.split('-').next());
    Finding {
        rule: Cow::Borrowed(rule),
        severity,
        proposal: number.filter(|_| path.starts_with("keps/sig-")).map(Arc::from),
        path: path.into(),
        span,
        message: message.to_owned(),
        help: None,
        fix: None,
    }
}

fn findings() -> Vec<Finding> {
    use Severity::{Error, Info, Warning};
    let at = |path: &str, needle: &str| Some(span(path, needle));
    let mut found = vec![
        finding("approval-missing", Error, RECORD, Some(Span::at(0)), "nobody approved stage beta"),
        finding("body-missing", Error, SETS, None, "there is no README.md"),
        finding("field-missing", Error, SETS, Some(Span::at(0)), "`approvers` is missing"),
        finding("people-missing", Warning, SETS, at(SETS, "[]"), "`authors` is empty"),
        finding("question-empty", Info, POOLS_TEXT, at(POOLS_TEXT, "TBD"), "question 3 has no answer yet"),
        finding("status-unknown", Error, POOLS, at(POOLS, "imlpementable"), "unknown status `imlpementable`"),
        finding("config-invalid", Error, "signoff.toml", Some(Span::new(0, 6)), "unknown key `profil`"),
        finding(
            "field-type",
            Error,
            LOCKS,
            at(LOCKS, "\"Crate \\e[31mlocks\""),
            "the title \u{1b}[31mis red\nand long",
        ),
        finding("stage-unknown", Error, LOCKS, at(LOCKS, "beta ähnlich"), "unknown stage, 100%: a,b"),
        finding(
            "unresolved",
            Warning,
            POOLS_TEXT,
            at(POOLS_TEXT, "<<[UNRESOLVED who counts widgets ]>>\nPerhaps nobody."),
            "a debate is open",
        ),
        finding(
            "template-text-left",
            Warning,
            LOCKS_TEXT,
            at(LOCKS_TEXT, "crates \u{202e}and\u{1b}"),
            "odd <characters> & \"marks\"",
        ),
        finding("release-unprefixed", Warning, POOLS, at(POOLS, "\"v1.36\""), "the release has too many quotes"),
        finding(
            "toc-stale",
            Warning,
            POOLS_TEXT,
            at(POOLS_TEXT, "- [Summary](#summary)\n"),
            "the table of contents lacks 9 headings",
        ),
    ];
    found[0].help("ask a reviewer:\nthe record of stage `alpha` is there");
    found[5].help("did you mean `implementable`?");
    found[5].fix = Some(Fix::replace("write `implementable`", span(POOLS, "imlpementable"), "implementable"));
    let latest = span(POOLS, "latest-milestone: \"v1.36\"");
    let (open, close) = (latest.end as usize - 7, latest.end as usize - 1);
    found[11].fix = Some(Fix {
        title: "drop the quotes".to_owned(),
        edits: vec![Edit::new(Span::new(open, open + 1), ""), Edit::new(Span::new(close, close + 1), "")],
    });
    let long = (0..30).map(|number| format!("- [Heading {number}](#heading-{number})\n")).collect::<String>();
    found[12].fix = Some(Fix::replace("write the table anew", span(POOLS_TEXT, "- [Summary](#summary)\n"), long));
    found.sort_by_key(|finding| (Arc::clone(&finding.path), finding.span.map(|span| span.start), finding.rule.clone()));
    found
}
