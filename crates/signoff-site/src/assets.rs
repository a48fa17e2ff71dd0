//! Files that are the same in every site.

/// A file that comes with the program.
pub(crate) struct Asset {
    pub(crate) path: &'static str,
    pub(crate) bytes: &'static [u8],
}

/// All of them.
pub(crate) const ALL: [Asset; 4] = [
    Asset { path: "assets/search.js", bytes: include_bytes!("../assets/search.js") },
    Asset { path: "assets/signoff.svg", bytes: include_bytes!("../assets/signoff.svg") },
    Asset { path: "assets/signoff.css", bytes: include_bytes!("../assets/signoff.css") },
    Asset { path: "assets/signoff.js", bytes: include_bytes!("../assets/signoff.js") },
];
