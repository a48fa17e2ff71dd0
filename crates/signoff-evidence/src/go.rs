//! Source code in Go as a tree, also where it has mistakes; and the few shapes in it that readers look for.

use std::ops::{ControlFlow, Range};

use memchr::memrchr;
use tree_sitter::{Node, ParseOptions, Parser, Tree};

/// Largest file that is read, in bytes.
const SIZE_MAX: usize = 4 * 1024 * 1024;
/// So many steps may be taken beside one for each byte: recovery from mistakes can go on for ever.
const STEPS_MIN: usize = 10_000;
/// Longest comment of a declaration, in lines and in bytes.
const COMMENT_LINES_MAX: usize = 200;
const COMMENT_MAX: usize = 16 * 1024;

/// Reads a file. Where it has mistakes, what stands around them is there.
pub fn parse(text: &str) -> Result<Tree, String> {
    if text.len() > SIZE_MAX {
        return Err(format!("it has {} bytes; of Go no more than {SIZE_MAX} are read", text.len()));
    }
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_go::LANGUAGE.into()).map_err(|error| error.to_string())?;
    let mut left = STEPS_MIN + text.len();
    let mut step = |_: &tree_sitter::ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut step);
    let bytes = text.as_bytes();
    let tree = parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options));
    tree.ok_or_else(|| "it has too many mistakes to be read as Go".into())
}

/// Calls `visit` with every node, parents first.
pub fn each(tree: &Tree, mut visit: impl FnMut(Node<'_>)) {
    let mut cursor = tree.walk();
    loop {
        visit(cursor.node());
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// The text of a node.
pub fn slice<'t>(text: &'t str, node: Node<'_>) -> &'t str {
    text.get(node.byte_range()).unwrap_or_default()
}

/// The last name of `package.Name`, or the name.
pub fn last_name<'t>(text: &'t str, node: Node<'_>) -> &'t str {
    let written = slice(text, node);
    written.rsplit('.').next().unwrap_or(written).trim()
}

/// What stands between the quotes of a text without escapes.
pub fn string<'t>(text: &'t str, node: Node<'_>) -> Option<&'t str> {
    if !matches!(node.kind(), "interpreted_string_literal" | "raw_string_literal") {
        return None;
    }
    let written = slice(text, node);
    let inside = written.get(1..written.len().checked_sub(1)?)?;
    (!inside.contains(['\\', '\n'])).then_some(inside)
}

/// The comments between a declaration and the code above it, and the one behind it in its line.
pub fn comments_of(text: &str, node: Range<usize>) -> Vec<&str> {
    let near = text.floor_char_boundary(node.start.saturating_sub(COMMENT_MAX));
    let line_start = memrchr(b'\n', &text.as_bytes()[near..node.start]).map_or(near, |newline| near + newline);
    let above = text[near..line_start].rsplit('\n').take(COMMENT_LINES_MAX).map(str::trim);
    let comments = above.take_while(|line| line.is_empty() || line.starts_with("//"));
    let mut lines: Vec<&str> = comments.map(|line| line.trim_start_matches('/').trim_start()).collect();
    lines.reverse();
    let far = text.floor_char_boundary(node.end.saturating_add(COMMENT_MAX));
    let behind = text.get(node.end..far).unwrap_or_default().lines().next().unwrap_or_default();
    lines.extend(behind.split_once("//").map(|(_, comment)| comment.trim()));
    lines
}

/// What stands between the braces of a literal, with or without its type.
pub struct Literal<'t> {
    elements: Vec<Node<'t>>,
    start: usize,
}

impl<'t> Literal<'t> {
    /// The elements of a literal; none for anything else.
    pub fn of(node: Node<'t>) -> Self {
        let body = match node.kind() {
            "composite_literal" => node.child_by_field_name("body"),
            "literal_value" => Some(node),
            "unary_expression" => node.child_by_field_name("operand").and_then(|node| node.child_by_field_name("body")),
            _ => None,
        };
        let elements = body.map(|body| body.named_children(&mut body.walk()).collect()).unwrap_or_default();
        Self { elements, start: node.start_byte() }
    }

    /// Where it starts.
    pub fn start(&self) -> usize {
        self.start
    }

    /// The elements without a key.
    pub fn items(&self) -> impl Iterator<Item = Node<'t>> {
        self.elements.iter().filter(|node| node.kind() == "literal_element").filter_map(|node| node.named_child(0))
    }

    /// The elements with a key.
    pub fn pairs(&self) -> impl Iterator<Item = (Node<'t>, Node<'t>)> {
        self.elements.iter().filter_map(|node| Self::pair(*node))
    }

    /// Key and value of an element.
    pub fn pair(node: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
        if node.kind() != "keyed_element" {
            return None;
        }
        let part = |field: &str| node.child_by_field_name(field).and_then(|part| part.named_child(0));
        Some((part("key")?, part("value")?))
    }

    /// The value of a field.
    pub fn value(&self, text: &str, key: &str) -> Option<Node<'t>> {
        self.pairs().find(|(name, _)| slice(text, *name) == key).map(|(_, value)| value)
    }
}
