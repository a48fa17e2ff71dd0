//! What may be in the HTML, looked at twice: as it is written, and as a browser's parser reads it.

use std::collections::HashSet;

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use signoff_site::document::Rendered;

/// An element: how deep it stands, its name, its attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) depth: usize,
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
}

impl Element {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }
}

/// Looks at all of a rendered body, and at each of its blocks alone.
pub(crate) fn check(rendered: &Rendered, given: &str) {
    let built = built(&rendered.html);
    assert_eq!(written(&rendered.html), built, "a browser builds what is written\n{given:?}\n{}", rendered.html);
    for element in &built {
        allowed(element, given);
    }
    let ids: Vec<&str> = built.iter().filter_map(|element| element.get("id")).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "an id stands once\n{given:?}");
    blocks(rendered, given);
}

fn blocks(rendered: &Rendered, given: &str) {
    let mut end = 0;
    for block in &rendered.blocks {
        assert_eq!(block.html.start, end, "blocks cover everything\n{given:?}");
        end = block.html.end;
        written(rendered.block(block));
        assert!(block.first_line <= block.last_line, "a block ends below its start\n{given:?}");
    }
    assert_eq!(end, rendered.html.len(), "blocks cover everything\n{given:?}");
    assert!(rendered.title.is_none_or(|title| title < rendered.blocks.len()));
    let lines = given.lines().count().max(1);
    assert!(rendered.blocks.iter().all(|block| block.last_line <= lines), "lines are of the text\n{given:?}");
}

/// The elements as they are written, each closed by its own end tag.
pub(crate) fn written(html: &str) -> Vec<Element> {
    const VOID: [&str; 5] = ["br", "hr", "img", "input", "wbr"];
    let mut found = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for piece in html.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("a tag ends");
        assert!(!text.contains('>'), "text is escaped: {text:?} in {html}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "end tags fit in {html}");
            continue;
        }
        let (name, rest) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "a name: {tag}");
        found.push(Element { depth: open.len(), name: name.to_owned(), attributes: attributes(rest) });
        if !VOID.contains(&name) {
            open.push(name.to_owned());
        }
    }
    assert_eq!(open, Vec::<String>::new(), "everything is closed in {html}");
    found
}

fn attributes(written: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = written.trim_start();
    while !rest.is_empty() {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let name = &rest[..end];
        let value = match rest[end..].strip_prefix("=\"") {
            Some(inside) => {
                let (value, behind) = inside.split_once('"').expect("a value ends");
                rest = behind.trim_start();
                value
            }
            None => {
                rest = rest[end..].trim_start();
                ""
            }
        };
        let value = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        found.push((name.to_owned(), value));
    }
    found
}

/// The elements as a browser's parser finds them.
fn built(html: &str) -> Vec<Element> {
    let context = QualName::new(None, ns!(html), local_name!("article"));
    let dom = parse_fragment(RcDom::default(), ParseOpts::default(), context, Vec::new(), true).one(html);
    let mut found = Vec::new();
    for root in dom.document.children.borrow().iter() {
        for child in root.children.borrow().iter() {
            walk(child, 0, &mut found);
        }
    }
    found
}

fn walk(node: &Handle, depth: usize, found: &mut Vec<Element>) {
    match &node.data {
        NodeData::Element { name, attrs, template_contents, .. } => {
            assert_eq!(name.ns, ns!(html), "only HTML");
            assert!(template_contents.borrow().is_none(), "no template");
            let attributes =
                attrs.borrow().iter().map(|own| (own.name.local.to_string(), own.value.to_string())).collect();
            found.push(Element { depth, name: name.local.to_string(), attributes });
        }
        NodeData::Text { .. } => {}
        _ => panic!("only elements and text"),
    }
    for child in node.children.borrow().iter() {
        walk(child, depth + 1, found);
    }
}

const TAGS: &str = " a abbr b bdi bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h1 \
    h2 h3 h4 h5 h6 hr i img input ins kbd label li mark ol p pre q s samp small span strong sub summary sup table tbody \
    td tfoot th thead tr u ul var wbr ";

const CLASSES: &str = " alert alert-title caution center dead footnotes heading image important mermaid note \
    right task tip warning scrolls k t f a s n c p i d ";

fn allowed(element: &Element, given: &str) {
    let name = &*element.name;
    let told = || format!("{element:?}\n{given:?}");
    assert!(TAGS.contains(&format!(" {name} ")), "a known element: {}", told());
    for (attribute, value) in &element.attributes {
        let is_fine = match (name, &**attribute) {
            (_, "id") => value.starts_with("d-") || value.starts_with("answer-"),
            (_, "class") => value.split(' ').all(|class| CLASSES.contains(&format!(" {class} "))),
            (_, "title" | "aria-label") | ("img", "alt") => true,
            ("a", "href") => is_address(value),
            ("img", "src") => is_own(value),
            ("img", "loading") => value == "lazy",
            ("img", "width" | "height") | ("ol", "start") | ("li", "value") | ("td" | "th", "colspan" | "rowspan") => {
                value.parse::<u64>().is_ok()
            }
            ("th", "scope") => value == "col",
            ("details", "open") | ("input", "disabled" | "checked") => value.is_empty(),
            ("input", "type") => value == "checkbox",
            ("pre", "data-diagram") => value == "mermaid",
            ("pre" | "div", "tabindex") => value == "0",
            ("div", "role") => value == "note" || value == "group",
            _ => false,
        };
        assert!(is_fine, "a known attribute {attribute}: {}", told());
    }
    if name == "input" {
        assert!(element.get("disabled").is_some() && element.get("type").is_some(), "{}", told());
    }
    if name == "img" {
        assert!(element.get("src").is_some() && element.get("alt").is_some(), "{}", told());
    }
}

/// An address in the page, on the site, or of the web.
fn is_address(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let is_web = ["http://", "https://", "mailto:"].iter().any(|start| lower.starts_with(start));
    let is_clean = !value.contains(|byte: char| byte.is_whitespace() || byte.is_control());
    (is_web && is_clean) || value == "#" || value.starts_with("#d-") || is_own(value)
}

fn is_own(value: &str) -> bool {
    let Some(path) = value.strip_prefix("../") else { return false };
    let (path, anchor) = path.split_once('#').unwrap_or((path, "d-"));
    path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte)) && anchor.starts_with("d-")
}
