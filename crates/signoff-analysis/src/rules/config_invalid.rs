//! `config-invalid`: `signoff.toml` has a mistake.

use signoff_model::Severity;

use super::{LooksAt, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "config-invalid",
    severity: Severity::Error,
    page: include_str!("config_invalid.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Elsewhere,
};
