//! `signoff-waivers.toml` at the root of a proposals repository: who answers for which rule not being kept.

use signoff_model::profile::ConfigFault;
use signoff_model::spelling::nearest;
use signoff_model::waiver::Waiver;
use signoff_model::{Corpus, Span};

/// The name of the file.
pub const FILE_NAME: &str = "signoff-waivers.toml";

/// Waivers of rules and proposals that there are not, each at its place: they waive nothing.
#[must_use]
pub fn faults(waivers: &[Waiver], corpus: &Corpus) -> Vec<ConfigFault> {
    let rules = &corpus.prepared.profile.signoff.rule;
    let mut found = Vec::new();
    let mut add = |span: Span, message: String| found.push(ConfigFault { span, message });
    for waiver in waivers {
        if !rules.iter().any(|rule| *rule.id == *waiver.rule) {
            let message = format!("there is no rule `{}` to waive", waiver.rule);
            match nearest(&waiver.rule, rules.iter().map(|rule| rule.id.as_str())) {
                Some(near) => add(waiver.rule_span, format!("{message}; did you mean `{near}`?")),
                None => add(waiver.rule_span, message),
            }
        }
        match corpus.find(&waiver.proposal).as_slice() {
            [_] => {}
            [] => add(waiver.proposal_span, format!("there is no proposal `{}`", waiver.proposal)),
            several => {
                let paths: Vec<&str> = several.iter().map(|proposal| &*proposal.path).collect();
                let message = format!("`{}` may be {}; name one by its path", waiver.proposal, paths.join(" or "));
                add(waiver.proposal_span, message);
            }
        }
    }
    found
}
