//! Rules as they are explained.

use signoff_output::rule::{self, Rule};

use crate::{expect, fits_own_schema, written};

fn rules() -> Vec<Rule> {
    let rule = |code: &str, severity, title: &str| Rule {
        code: code.to_owned(),
        severity,
        title: title.to_owned(),
        page: format!("# {code}\n\n{title}\n"),
    };
    vec![
        rule("status-unknown", "error", "Flags a status that the process does not define."),
        rule("lamp-dim", "off", "Asks for \"light\",\u{1b}[31m always."),
    ]
}

#[test]
fn one_rule() {
    let rules = rules();
    let json = written(|out| rule::write_json(&rules[0], out));
    fits_own_schema(&json);
    expect("rule.json", &json);
    assert_eq!(written(|out| rule::write_page(&rules[0], out)), rules[0].page);
}

#[test]
fn all_rules() {
    let rules = rules();
    let json = written(|out| rule::write_list_json(&rules, out));
    fits_own_schema(&json);
    expect("rules.json", &json);
    let text = written(|out| rule::write_list(&rules, out));
    expect("rules.txt", &text);
    assert!(!text.contains('\u{1b}'));
    assert_eq!(written(|out| rule::write_list(&[], out)), "");
}
