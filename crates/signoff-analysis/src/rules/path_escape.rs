//! `path-escape`: a value that becomes part of a path leads elsewhere.

use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "path-escape",
    severity: Severity::Error,
    page: include_str!("path_escape.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let mut names: Vec<&str> = prepared.profile.companion.iter().flat_map(|rule| placeholders(&rule.path)).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let Some(pair) = proposal.field(prepared, name) else { continue };
        let Some(written) = pair.node.text() else { continue };
        let escapes = written.contains(['/', '\\', '\0'])
            || written.contains("..")
            || written.trim().starts_with('.')
            || written.chars().any(char::is_control);
        if escapes {
            let visible = |character: char| match character.is_control() {
                true => character.escape_default().collect::<String>(),
                false => character.to_string(),
            };
            let shown: String = written.chars().take(80).map(visible).collect();
            let message = format!("`{name}` becomes part of a path and must be a plain name, not `{shown}`");
            report.metadata(proposal, pair.node.span, message);
        }
    }
}

fn placeholders(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}
