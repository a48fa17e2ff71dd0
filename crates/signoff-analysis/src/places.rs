//! Where names and texts stand in a TOML file, for mistakes that only show once it was read.
//!
//! A path names keys from the root on; `*` stands for any key, and lists on the way are passed through.

use signoff_model::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A name or a text of the file, and where it stands, quotes included.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    /// As it reads.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// The keys of every table at `path`, in file order; none when the text is not TOML.
pub(crate) fn keys(text: &str, path: &[&str]) -> Vec<Placed> {
    placed(text, path, |value, found| {
        let names = value.get_ref().as_table().into_iter().flat_map(DeTable::keys);
        found.extend(names.map(|name| of(name, name.get_ref())));
    })
}

/// The texts at `path`, in file order; none when the text is not TOML.
pub(crate) fn texts(text: &str, path: &[&str]) -> Vec<Placed> {
    placed(text, path, |value, found| found.extend(value.get_ref().as_str().map(|text| of(value, text))))
}

/// The tables at `path` with their keys, in file order; none when the text is not TOML.
pub(crate) fn tables(text: &str, path: &[&str]) -> Vec<(Span, Vec<String>)> {
    let Ok(root) = DeTable::parse(text) else { return Vec::new() };
    let root = Spanned::new(root.span(), DeValue::Table(root.into_inner()));
    let mut found = Vec::new();
    walk(&root, path, &mut |value| {
        if let Some(table) = value.get_ref().as_table() {
            found.push((Span::from(value.span()), table.keys().map(|key| key.get_ref().to_string()).collect()));
        }
    });
    found
}

fn of<T>(place: &Spanned<T>, text: &str) -> Placed {
    Placed { text: text.to_owned(), span: Span::from(place.span()) }
}

fn placed(text: &str, path: &[&str], collect: impl Fn(&Spanned<DeValue<'_>>, &mut Vec<Placed>)) -> Vec<Placed> {
    let Ok(root) = DeTable::parse(text) else { return Vec::new() };
    let root = Spanned::new(root.span(), DeValue::Table(root.into_inner()));
    let mut found = Vec::new();
    walk(&root, path, &mut |value| collect(value, &mut found));
    found.sort_by_key(|placed| placed.span.start);
    found
}

/// Visits what is at `path`. The reader of TOML bounds the nesting, and so the recursion.
fn walk<'v, 't>(value: &'v Spanned<DeValue<'t>>, path: &[&str], visit: &mut impl FnMut(&'v Spanned<DeValue<'t>>)) {
    match (value.get_ref(), path) {
        (DeValue::Array(items), _) => items.iter().for_each(|item| walk(item, path, visit)),
        (_, []) => visit(value),
        (DeValue::Table(table), [key, rest @ ..]) => {
            let inner = table.iter().filter(|(name, _)| *key == "*" || name.get_ref() == key);
            inner.for_each(|(_, value)| walk(value, rest, visit));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_file() {
        let text =
            "[rules]\n\"toc-*\" = \"off\"\n[[list]]\nof = { b = ['x', [\"y\"]], a = 1 }\n[[list]]\nof.b = \"x\"\n";
        let shown = |placed: Vec<Placed>| {
            let shown = placed.iter().map(|placed| format!("{}={}", placed.text, placed.span.of(text)));
            shown.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(keys(text, &["rules"])), "toc-*=\"toc-*\"");
        assert_eq!(shown(keys(text, &["list", "of"])), "b=b a=a b=b");
        assert_eq!(shown(texts(text, &["list", "of", "b"])), "x='x' y=\"y\" x=\"x\"");
        assert_eq!(shown(texts(text, &["list", "*", "b"])), "x='x' y=\"y\" x=\"x\"");
        assert_eq!(shown(texts(text, &["rules", "b", "c"])), "");
        assert_eq!(keys("rules = [", &["rules"]), []);
    }
}
