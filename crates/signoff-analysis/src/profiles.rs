//! The profiles that come with the program. Code never names one: it asks for what a repository
//! or its configuration says.

use std::sync::OnceLock;

use signoff_model::Profile;
use signoff_model::profile::ConfigFault;
use signoff_model::tree::Tree;

/// The embedded profiles: id and text.
pub static EMBEDDED: &[(&str, &str)] =
    &[("kep", include_str!("../../../profiles/kep.toml")), ("eip", include_str!("../../../profiles/eip.toml"))];

/// The text of an embedded profile.
#[must_use]
pub fn embedded(id: &str) -> Option<&'static str> {
    EMBEDDED.iter().find(|(known, _)| *known == id).map(|(_, text)| *text)
}

/// Reads an embedded profile; each is parsed once in a process.
///
/// # Errors
/// When there is no such profile, or it does not parse.
pub fn load(id: &str) -> Result<Profile, Vec<ConfigFault>> {
    static PARSED: [OnceLock<Result<Profile, Vec<ConfigFault>>>; EMBEDDED.len()] =
        [const { OnceLock::new() }; EMBEDDED.len()];
    let index = EMBEDDED.iter().position(|(known, _)| *known == id);
    let index =
        index.ok_or_else(|| vec![ConfigFault { span: signoff_model::Span::default(), message: unknown(id) }])?;
    let parse = || Profile::parse(EMBEDDED[index].1, &|base| embedded(base).map(str::to_owned));
    PARSED[index].get_or_init(parse).clone()
}

/// Says that there is no such profile, and which there are.
#[must_use]
pub fn unknown(id: &str) -> String {
    let known: Vec<&str> = EMBEDDED.iter().map(|(id, _)| *id).collect();
    format!("there is no profile `{id}`; the program has {}", known.join(", "))
}

/// Finds the profile whose layout a repository without configuration has.
#[must_use]
pub fn recognise(tree: &dyn Tree) -> Option<&'static str> {
    EMBEDDED.iter().map(|(id, _)| *id).find(|id| {
        load(id).is_ok_and(|profile| {
            let marks = &profile.layout.recognise;
            !marks.is_empty() && marks.iter().all(|path| tree.kind(path).is_some())
        })
    })
}
