//! `profile-invalid`: a profile has a mistake.

use signoff_model::Severity;

use super::{LooksAt, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "profile-invalid",
    severity: Severity::Error,
    page: include_str!("profile_invalid.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Elsewhere,
};
