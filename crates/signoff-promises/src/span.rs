//! What holds for every place in a text.

use signoff_model::Span;

/// A place lies in its text and begins and ends between characters.
#[track_caller]
pub(crate) fn fits(text: &str, span: Span, what: &str) {
    assert!(span.start <= span.end, "{what} ends before it starts: {span:?}");
    assert!(text.get(span.range()).is_some(), "{what} is no part of the text of {} bytes: {span:?}", text.len());
}

/// One place lies in another.
#[track_caller]
pub(crate) fn holds(outer: Span, inner: Span, what: &str) {
    assert!(outer.contains(inner), "{what}: {outer:?} does not hold {inner:?}");
}

/// Places follow each other without touching the same byte.
#[track_caller]
pub(crate) fn apart(text: &str, spans: &[Span], what: &str) {
    for span in spans {
        fits(text, *span, what);
    }
    for pair in spans.windows(2) {
        assert!(pair[0].end <= pair[1].start, "{what}: {pair:?} overlap");
    }
}
