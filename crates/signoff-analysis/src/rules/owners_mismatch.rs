//! `owners-mismatch`: who is marked as assigned, and the folder's OWNERS file, do not agree.
//!
//! The mark is a group's own, so the profile declares the rule with the kind `owners-mark`.

use signoff_model::Severity;

use super::{LooksAt, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "owners-mismatch",
    severity: Severity::Error,
    page: include_str!("owners_mismatch.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Elsewhere,
};
