//! The reference: every page that can be said by the program itself, made from the program.
//!
//! [`pages`] makes them all; a test compares them with the files of the repository. `commands` reads
//! the command line, `declared` the rules of profiles, `types` the JSON Schema of a type.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use signoff_analysis::configuration::{Configuration, FILE_NAME};
use signoff_analysis::profiles::{self, EMBEDDED};
use signoff_analysis::rules::RULES;
use signoff_model::Profile;

mod commands;
pub(crate) mod declared;
mod markdown;
mod types;

use markdown::cell;

/// The folder of the pages, below the repository's root.
pub const PAGES: &str = "docs/src/reference";
/// The folder of the schemas, below the repository's root.
pub const SCHEMAS: &str = "docs/schemas";

/// Stands at the start of every page that is not one of a rule.
const NOTE: &str =
    "<!-- Made from the program; `SIGNOFF_BLESS=1 cargo test -p signoff --test generated` rewrites it. -->\n\n";

/// The groups of the contract, each with its first rule; the rules stand in the contract's order.
const GROUPS: [(&str, &str, &str); 4] = [
    ("Metadata", "metadata-unreadable", "What the metadata says, and the files around it."),
    ("Companions", "approval-missing", "The records beside a proposal, such as the approval of a review."),
    ("The body", "body-missing", "The prose: sections, questions and answers, links."),
    ("signoff's own files", "profile-invalid", "Settings, profiles, suppressions, limits."),
];

/// Every page and schema: path below the repository's root, and text.
#[must_use]
pub fn pages() -> Vec<(String, String)> {
    let profiles: Vec<Profile> = EMBEDDED.iter().filter_map(|(id, _)| profiles::load(id).ok()).collect();
    let declared = declared::rules(&profiles);
    let page = |name: &str, text: String| (format!("{PAGES}/{name}"), text);
    let mut pages = vec![
        page("commands.md", format!("{NOTE}{}", commands::page())),
        page("rules.md", format!("{NOTE}{}", index(&profiles, &declared))),
        page("profile.md", format!("{NOTE}{}", types::page("Profiles", PROFILE, &reading::<Profile>()))),
        page("configuration.md", format!("{NOTE}{}", types::page(FILE_NAME, SETTINGS, &reading::<Configuration>()))),
    ];
    pages.push(page(
        "database.md",
        format!("{NOTE}{DATABASE}\n```sql\n{}```\n", signoff_output::export::database::SCHEMA),
    ));
    pages.extend(RULES.iter().map(|rule| page(&format!("rules/{}.md", rule.code), rule.page.to_owned())));
    pages.extend(declared.iter().map(|rule| page(&format!("rules/{}.md", rule.code), rule.page())));
    pages.extend(schemas());
    pages
}

const PROFILE: &str = "\
A profile is a TOML file that states the rules of a process. The program has some; a repository may have its own,
which builds on one of them with `extends`. Everything has a default but `schema`, `id`, `layout.root` and
`layout.name`. `docs/schemas/profile.json` is the JSON Schema.

Conditions are CEL over the keys of `signoff.proposal/1`. The [kinds of rules](../profiles/rule-kinds.md) have a page of
their own, with examples; a mistake is reported as [profile-invalid](rules/profile-invalid.md).
";

const SETTINGS: &str = "\
The settings of a repository, a file at its root. Everything has a default, so a repository may do without it.
`docs/schemas/signoff-toml.json` is the JSON Schema. A mistake is reported as [config-invalid](rules/config-invalid.md),
which also shows examples.
";

const DATABASE: &str = "\
# Database

The tables of `signoff export --format sqlite`. [Exporting](../exporting.md) has examples. Values stand as
[`signoff.proposal/1`](../proposals.md#show) has them.
";

/// The schema of a type that is read.
fn reading<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}

fn schemas() -> Vec<(String, String)> {
    let file = |name: &str, schema: &Schema| (format!("{SCHEMAS}/{name}"), format!("{:#}\n", schema.as_value()));
    let outputs = signoff_output::schemas::all();
    let mut files: Vec<(String, String)> =
        outputs.iter().map(|output| file(&output.file_name(), &output.schema)).collect();
    files.push(file("signoff-toml.json", &reading::<Configuration>()));
    files.push(file("profile.json", &reading::<Profile>()));
    // Of one line: the file has one object on each.
    files.push(file("signoff.forge.1.json", &reading::<signoff_evidence::forge::Line>()));
    files
}

const RULES_INTRO: &str = "\
Every finding names its rule, and `signoff rule CODE` prints the rule's page. The severity is the usual one: the profile
and [signoff.toml](configuration.md) may change it.
";

/// The index of the rules.
fn index(profiles: &[Profile], declared: &[declared::Declared<'_>]) -> String {
    let mut text = format!("# Rules\n\n{RULES_INTRO}");
    for rule in RULES {
        if let Some((title, _, about)) = GROUPS.iter().find(|(_, first, _)| *first == rule.code) {
            text.push_str(&heading(title, about));
        }
        text.push_str(&row(rule.code, rule.severity.word(), &rule.summary()));
    }
    for profile in profiles {
        let mut own = declared.iter().filter(|rule| rule.is_of(profile)).peekable();
        if own.peek().is_some() {
            let title = format!("Of the profile {}", profile.id);
            text.push_str(&heading(
                &title,
                &format!("{}: what this process asks beyond the rules above.", profile.name),
            ));
        }
        own.for_each(|rule| text.push_str(&row(&rule.code, rule.severity(), &rule.title())));
    }
    text
}

fn heading(title: &str, about: &str) -> String {
    format!("\n## {title}\n\n{about}\n\n| rule | severity | what it is about |\n| --- | --- | --- |\n")
}

fn row(code: &str, severity: &str, about: &str) -> String {
    format!("| [{code}](rules/{code}.md) | {severity} | {} |\n", cell(about))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_start_with_rules_in_their_order() {
        let places: Vec<_> =
            GROUPS.iter().map(|(_, first, _)| RULES.iter().position(|rule| rule.code == *first)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
        assert_eq!(places[0], Some(0));
    }
}
