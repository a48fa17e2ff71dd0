//! The required answers of the proposal under the eyes of the rules, looked up once for all of them.

use std::cell::OnceCell;
use std::rc::Rc;

use signoff_model::{Corpus, Proposal};

use super::{Asked, looked_at};

/// Looks the answers up when the first rule asks for them; each one's words are split when they are needed.
pub(in crate::rules) struct RequiredAnswers<'a> {
    of: Option<(&'a Corpus, &'a Proposal)>,
    found: OnceCell<Rc<[Asked<'a>]>>,
}

impl<'a> RequiredAnswers<'a> {
    /// None without a proposal: a rule that looks at all of them asks for each one's itself.
    pub(in crate::rules) fn of(corpus: &'a Corpus, proposal: Option<&'a Proposal>) -> Self {
        Self { of: proposal.map(|proposal| (corpus, proposal)), found: OnceCell::new() }
    }

    /// The answers, in the profile's order.
    pub(in crate::rules) fn all(&self) -> Rc<[Asked<'a>]> {
        let look = || self.of.map(|(corpus, proposal)| looked_at(corpus, proposal)).unwrap_or_default().into();
        Rc::clone(self.found.get_or_init(look))
    }
}
