//! stub
use crate::profile::NameKind;
use crate::span::Span;
use std::borrow::Cow;
pub struct VisibleLine<'a> {
    pub text: Cow<'a, str>,
    pub span: Span,
}
pub struct Labels<'a> {
    pub names: Vec<(&'a str, NameKind)>,
    pub others: Vec<&'a str>,
}
pub struct StatedName {
    pub kind: NameKind,
    pub name: Box<str>,
    pub span: Span,
}
pub fn stated(_lines: &[VisibleLine<'_>], _labels: &Labels<'_>) -> Vec<StatedName> {
    Vec::new()
}
