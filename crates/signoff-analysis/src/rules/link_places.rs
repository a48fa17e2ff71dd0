//! Where the target of a link stands: behind its text, or in the definition that it names.

use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::Span;
use signoff_model::body::{BlockKind, Link};
use signoff_model::proposal::Prose;

/// The targets of a document's links, for rules that report a flaw of a target once.
pub(super) struct LinkPlaces<'p> {
    prose: &'p Prose,
    /// The target of each definition by its label; made when the first link needs it.
    definitions: Option<FxHashMap<String, Span>>,
    /// The definitions that were reported.
    reported: FxHashSet<u32>,
}

impl<'p> LinkPlaces<'p> {
    pub(super) fn of(prose: &'p Prose) -> Self {
        Self { prose, definitions: None, reported: FxHashSet::default() }
    }

    /// Where to report the target of a link; `None` when a link with the same definition was reported.
    pub(super) fn report_at(&mut self, link: &Link) -> Option<Span> {
        let text = &*self.prose.source.text;
        let whole = link.span.of(text);
        if whole.ends_with(')') {
            let target = whole.rfind("](").and_then(|at| whole[at..].find(&*link.target).map(|within| at + within));
            let span = |at: usize| Span::of_slice(text, &whole[at..at + link.target.len()]);
            return Some(target.map_or(link.span, span));
        }
        let prose = self.prose;
        let definitions = self.definitions.get_or_insert_with(|| definitions(prose));
        let Some(definition) = label(whole).and_then(|label| definitions.get(&folded(label))) else {
            return Some(link.span);
        };
        self.reported.insert(definition.start).then_some(*definition)
    }
}

/// The label that a link names: `b` of `[a][b]`, `a` of `[a][]` and `[a]`.
fn label(link: &str) -> Option<&str> {
    let link = link.strip_suffix("[]").unwrap_or(link).strip_suffix(']')?;
    let label = link.rsplit_once("][").map_or(link, |(_, label)| label);
    Some(label.trim_start_matches('!').strip_prefix('[').unwrap_or(label))
}

/// The targets of all definitions (`[label]: target`) outside code; of equal labels the first counts.
fn definitions(prose: &Prose) -> FxHashMap<String, Span> {
    let text = &*prose.source.text;
    let body = &prose.document.body;
    let mut code = body.blocks.iter().filter(|block| block.kind == BlockKind::Code).map(|block| block.span).peekable();
    let mut found = FxHashMap::default();
    for line in text[body.start as usize..].split('\n') {
        let at = Span::of_slice(text, line);
        while code.next_if(|span| span.end <= at.start).is_some() {}
        let hidden = code.peek().is_some_and(|span| span.start <= at.start);
        let Some((label, target)) = definition(line).filter(|_| !hidden) else { continue };
        found.entry(folded(label)).or_insert_with(|| Span::of_slice(text, target));
    }
    found
}

/// Label and target of a line that defines a link.
fn definition(line: &str) -> Option<(&str, &str)> {
    let (label, rest) = line.trim_start().strip_prefix('[')?.split_once("]:")?;
    let rest = rest.trim_start();
    let target = match rest.strip_prefix('<') {
        Some(inner) => inner.split('>').next()?,
        None => rest.split_whitespace().next()?,
    };
    Some((label, target))
}

/// A label as labels are compared: without regard to letter case and runs of white space.
fn folded(label: &str) -> String {
    label.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_definitions() {
        for (link, expected) in [("[a][b c]", "b c"), ("[a][]", "a"), ("[a]", "a"), ("![a]", "a")] {
            assert_eq!(label(link), Some(expected), "{link}");
        }
        let cases = [
            ("[a]: /x \"title\"", Some(("a", "/x"))),
            ("  [A  b]:<x y>", Some(("A  b", "x y"))),
            ("[a]:", None),
            ("[a] b", None),
            ("a]: b", None),
        ];
        for (line, expected) in cases {
            assert_eq!(definition(line), expected, "{line}");
        }
        assert_eq!(folded("A\n  b"), "a b");
    }
}
