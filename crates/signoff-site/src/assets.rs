//! Files that are the same in every site.

/// A file that comes with the program.
pub(crate) struct Asset {
    pub(crate) path: &'static str,
    pub(crate) bytes: &'static [u8],
    /// Whether only pages with diagrams need it.
    pub(crate) draws: bool,
}

macro_rules! asset {
    ($path:literal, $from:literal, $draws:literal) => {
        Asset { path: concat!("assets/", $path), bytes: include_bytes!(concat!("../assets/", $from)), draws: $draws }
    };
}

/// All of them.
pub(crate) const ALL: [Asset; 9] = [
    asset!("search.js", "search.js", false),
    asset!("signoff.svg", "signoff.svg", false),
    asset!("signoff.css", "signoff.css", false),
    asset!("signoff.js", "signoff.js", false),
    asset!("diagrams.js", "diagrams.js", true),
    asset!("diagram.html", "diagram.html", true),
    asset!("diagram.css", "diagram.css", true),
    asset!("diagram.js", "diagram.js", true),
    asset!("mermaid.js", "mermaid/mermaid.js", true),
];
