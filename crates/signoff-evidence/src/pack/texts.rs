//! The texts of a pack, each once.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// The number of a text.
pub type Id = u32;

/// Numbers texts while a pack is written.
#[derive(Default)]
pub struct Numbers<'f> {
    known: FxHashMap<&'f str, Id>,
    /// All texts, one behind the other.
    pub texts: String,
    /// How many bytes each has.
    pub sizes: Vec<u32>,
}

impl<'f> Numbers<'f> {
    /// The number of a text.
    pub fn of(&mut self, text: &'f str) -> Id {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let id = Id::try_from(self.sizes.len()).expect("fewer texts than bytes of memory for their numbers");
        self.known.insert(text, id);
        self.texts.push_str(text);
        self.sizes.push(u32::try_from(text.len()).expect("a text of a file, which is smaller"));
        id
    }

    /// The numbers of texts.
    pub fn all(&mut self, texts: &'f [Arc<str>]) -> Vec<Id> {
        texts.iter().map(|text| self.of(text)).collect()
    }

    /// The number of a text that may be missing.
    pub fn maybe(&mut self, text: Option<&'f Arc<str>>) -> Option<Id> {
        text.map(|text| self.of(text))
    }
}

/// The texts of a pack that is read; those that are asked for as shared ones are shared.
pub struct Texts<'p> {
    plain: Vec<&'p str>,
    shared: Vec<Option<Arc<str>>>,
}

impl<'p> Texts<'p> {
    /// Cuts the texts apart; `None` where the sizes do not fit.
    pub fn new(texts: &'p str, sizes: &[u32]) -> Option<Self> {
        let mut rest = texts;
        let mut plain = Vec::with_capacity(sizes.len());
        for size in sizes {
            let (text, behind) = rest.split_at_checked(*size as usize)?;
            plain.push(text);
            rest = behind;
        }
        Some(Self { shared: vec![None; plain.len()], plain })
    }

    /// A text.
    pub fn plain(&self, id: Id) -> Option<&'p str> {
        self.plain.get(id as usize).copied()
    }

    /// A text, shared with all who ask for it.
    pub fn shared(&mut self, id: Id) -> Option<Arc<str>> {
        let text = self.plain(id)?;
        Some(Arc::clone(self.shared.get_mut(id as usize)?.get_or_insert_with(|| text.into())))
    }

    /// Shared texts.
    pub fn all(&mut self, ids: &[Id]) -> Option<Vec<Arc<str>>> {
        ids.iter().map(|id| self.shared(*id)).collect()
    }

    /// A text that may be missing: `None` only where its number is that of no text.
    pub fn maybe(&mut self, id: Option<Id>) -> Option<Option<Arc<str>>> {
        match id {
            Some(id) => self.shared(id).map(Some),
            None => Some(None),
        }
    }
}
