//! The profiles that come with the program. Code never names one: it asks for what a repository
//! or its configuration says.

use std::sync::OnceLock;

use signoff_model::profile::{ConfigFault, FieldKind, Prepared, StatusComment};
use signoff_model::spelling::nearest;
use signoff_model::tree::Tree;
use signoff_model::{Profile, Span};

use crate::{calendars, condition, places, query, rules};

/// The embedded profiles: id and text.
pub static EMBEDDED: &[(&str, &str)] =
    &[("kep", include_str!("../../../profiles/kep.toml")), ("eip", include_str!("../../../profiles/eip.toml"))];

/// Exceptions that come with the program, by the name that a profile gives them.
static EXCEPTIONS: &[(&str, &str)] = &[("kubernetes", include_str!("../../../profiles/kubernetes-exceptions.yaml"))];

/// The text of an embedded list of exceptions.
#[must_use]
pub fn exceptions(name: &str) -> Option<&'static str> {
    EXCEPTIONS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

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
    let index = EMBEDDED.iter().position(|(known, _)| *known == id);
    let index = index.ok_or_else(|| vec![ConfigFault { span: Span::default(), message: unknown(id) }])?;
    parsed(index).clone()
}

fn parsed(index: usize) -> &'static Result<Profile, Vec<ConfigFault>> {
    static PARSED: [OnceLock<Result<Profile, Vec<ConfigFault>>>; EMBEDDED.len()] =
        [const { OnceLock::new() }; EMBEDDED.len()];
    PARSED[index].get_or_init(|| Profile::parse(EMBEDDED[index].1, &|base| embedded(base).map(str::to_owned)))
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
    let found = (0..EMBEDDED.len()).find(|index| parsed(*index).as_ref().is_ok_and(|own| fits(own, tree)))?;
    Some(EMBEDDED[found].0)
}

/// Whether a tree has what repositories of a process have.
#[must_use]
pub fn fits(profile: &Profile, tree: &dyn Tree) -> bool {
    let marks = &profile.layout.recognise;
    !marks.is_empty() && marks.iter().all(|path| tree.kind(path).is_some())
}

/// Mistakes of a profile that can be used all the same: conditions and names that stand for nothing, each at its
/// place in the profile's text.
///
/// What was taken over from a base is not in the text: its mistakes stand at the start.
#[must_use]
pub fn faults(prepared: &Prepared, text: &str) -> Vec<ConfigFault> {
    let profile = &prepared.profile;
    let mut faults = condition::faults(prepared, text);
    faults.extend(severity_faults(profile, text));
    faults.extend(field_faults(profile, text));
    faults.extend(companion_faults(profile, text));
    faults.extend(calendars::faults(&profile.checkpoint, text));
    faults.extend(query::faults(prepared, &profile.query, text));
    faults.extend(decision_faults(profile, text));
    faults
}

/// Names in the decision table and in checklists that stand for nothing: a rule that is asked nowhere, or of nobody, would
/// be missed by no one.
fn decision_faults(profile: &Profile, text: &str) -> Vec<ConfigFault> {
    let signoff = &profile.signoff;
    let rules: Vec<&str> = signoff.rule.iter().map(|rule| rule.id.as_str()).collect();
    let classes: Vec<&str> = signoff.class.iter().map(|class| class.name.as_str()).collect();
    let checkpoints: Vec<&str> = profile.checkpoint.iter().map(|kind| kind.id.as_str()).collect();
    let statuses: Vec<&str> = profile.status.iter().map(|status| status.name.as_str()).collect();
    let sections: Vec<&str> = profile.section.iter().map(|section| section.title.as_str()).collect();
    let lists: [(&[&str], &str, &[&str]); 11] = [
        (&["signoff", "rule", "checkpoints"], "checkpoint", &checkpoints),
        (&["signoff", "rule", "open_is_enough_at"], "checkpoint", &checkpoints),
        (&["signoff", "rule", "classes"], "class", &classes),
        (&["signoff", "rule", "except"], "class", &classes),
        (&["signoff", "rule", "rules"], "rule of the decision table", &rules),
        (&["signoff", "rule", "statuses"], "status", &statuses),
        (&["signoff", "rule", "sections"], "section", &sections),
        (&["checklist", "required_by"], "checkpoint", &checkpoints),
        (&["checklist", "due"], "checkpoint", &checkpoints),
        (&["checklist", "item", "rules"], "rule of the decision table", &rules),
        (&["checklist", "item", "section"], "section", &sections),
    ];
    let unknown = |(path, what, known): &(&[&str], &str, &[&str])| {
        let wrong = places::texts(text, path).into_iter().filter(|name| !known.contains(&&*name.text));
        let fault = |name: places::Placed| {
            let message = format!("`{}` is no {what} of this profile", name.text);
            ConfigFault { span: name.span, message: suggesting(message, &name.text, known.iter().copied()) }
        };
        wrong.map(fault).collect::<Vec<_>>()
    };
    let mut faults: Vec<ConfigFault> = lists.iter().flat_map(unknown).collect();
    for key in ["findings", "doubts"] {
        faults.extend(places::texts(text, &["signoff", "rule", key]).into_iter().filter_map(|code| {
            let message = rules::unknown_code(profile, &code.text)?;
            Some(ConfigFault { span: code.span, message })
        }));
    }
    faults.extend(comment_faults(text));
    faults
}

/// Names between braces in the status comment that nothing stands for.
fn comment_faults(text: &str) -> Vec<ConfigFault> {
    let mut faults = Vec::new();
    for written in places::texts(text, &["signoff", "comment", "text"]) {
        for (_, behind) in written.text.match_indices('{').map(|(at, _)| written.text.split_at(at + 1)) {
            let Some((name, _)) = behind.split_once('}') else { continue };
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            if is_name && !StatusComment::FIELDS.contains(&name) {
                let message = format!("nothing stands for `{{{name}}}` in a status comment");
                let message = suggesting(message, name, StatusComment::FIELDS.into_iter());
                faults.push(ConfigFault { span: written.span, message });
            }
        }
    }
    faults
}

/// Codes that no rule has. Those of a base are left alone: they may be of a rule that this profile drops.
fn severity_faults<'a>(profile: &'a Profile, text: &str) -> impl Iterator<Item = ConfigFault> + 'a {
    places::texts(text, &["severity", "rules"]).into_iter().filter_map(|code| {
        let message = rules::unknown_code(profile, &code.text)?;
        Some(ConfigFault { span: code.span, message })
    })
}

/// Stages and fields that a field names although there are none.
fn field_faults(profile: &Profile, text: &str) -> Vec<ConfigFault> {
    let mut faults = Vec::new();
    for (name, field) in &profile.fields {
        let mut add = |key: &str, wrong: &str, message: String| {
            faults.push(ConfigFault { span: place(text, &["fields", name, key], wrong), message });
        };
        if let Some(stage) = field.expected_from.as_deref().filter(|stage| profile.stage(stage).is_none()) {
            let stages = profile.stage.iter().map(|stage| stage.name.as_str());
            add("expected_from", stage, suggesting(format!("`{stage}` is no stage of this profile"), stage, stages));
        }
        let Some(inverse) = &field.inverse else { continue };
        match profile.fields.get(inverse).map(|field| field.kind) {
            Some(FieldKind::References) => {}
            Some(_) => add("inverse", inverse, format!("`{inverse}` is no field of kind `references`")),
            None => {
                let references = profile.fields.iter().filter(|(_, field)| field.kind == FieldKind::References);
                let names = references.map(|(name, _)| name.as_str());
                let message = suggesting(format!("`{inverse}` is no field of this profile"), inverse, names);
                add("inverse", inverse, message);
            }
        }
    }
    faults
}

/// Blanks in the paths of companions that no field fills. Without declared fields any name may be one.
fn companion_faults(profile: &Profile, text: &str) -> Vec<ConfigFault> {
    let mut faults = Vec::new();
    for companion in &profile.companion {
        let mut add = |message: String| {
            faults.push(ConfigFault { span: place(text, &["companion", "path"], &companion.path), message });
        };
        for blank in companion.path.split('{').skip(1) {
            let Some((name, _)) = blank.split_once('}') else {
                add("a `{` of this path is never closed".to_owned());
                continue;
            };
            if !profile.fields.is_empty() && !profile.fields.contains_key(name) {
                let names = profile.fields.keys().map(String::as_str);
                add(suggesting(format!("`{{{name}}}` is no field of this profile"), name, names));
            }
        }
    }
    faults
}

/// The first place of a text at a path of keys, else the start.
fn place(text: &str, path: &[&str], wanted: &str) -> Span {
    let found = places::texts(text, path).into_iter().find(|placed| placed.text == wanted);
    found.map_or_else(Span::default, |placed| placed.span)
}

fn suggesting<'a>(message: String, wrong: &str, known: impl Iterator<Item = &'a str>) -> String {
    match nearest(wrong, known) {
        Some(near) => format!("{message}; did you mean `{near}`?"),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_profiles_have_no_faults() {
        for (id, text) in EMBEDDED {
            let prepared = Prepared::new(load(id).expect("a profile"));
            assert_eq!(faults(&prepared, text), [], "{id}");
        }
    }

    #[test]
    fn names_of_the_decision_table_must_stand_for_something() {
        let head = "schema = 1\nid = \"x\"\nlayout = { root = \"p\", name = \"{number}\" }\n[[status]]\nname = \"open\"\n[[section]]\ntitle = \"Tests\"\n[[checkpoint]]\nid = \"plans\"\n[[signoff.class]]\nname = \"usual\"\n[[signoff.rule]]\nid = \"A1\"\n";
        let cases = [
            ("checkpoints = [\"plans\"]\nclasses = [\"usual\"]\nstatuses = [\"open\"]\nsections = [\"Tests\"]", ""),
            ("checkpoints = [\"plan\"]", "`plan` is no checkpoint of this profile; did you mean `plans`?"),
            ("open_is_enough_at = [\"plam\"]", "`plam` is no checkpoint of this profile; did you mean `plans`?"),
            ("except = [\"usal\"]", "`usal` is no class of this profile; did you mean `usual`?"),
            ("rules = [\"A2\"]", "`A2` is no rule of the decision table of this profile"),
            ("statuses = [\"opne\"]", "`opne` is no status of this profile; did you mean `open`?"),
            ("sections = [\"Test\"]", "`Test` is no section of this profile; did you mean `Tests`?"),
            ("findings = [\"unresolve\"]", "there is no rule `unresolve`; did you mean `unresolved`?"),
            ("[signoff.comment]\ntext = \"{numbre}: {title}\"", "nothing stands for `{numbre}` in a status comment"),
            ("[signoff.comment]\ntext = \"{number}: {title} {}\"", ""),
        ];
        for (line, expected) in cases {
            let text = format!("{head}{line}\n");
            let profile = Profile::parse(&text, &|_| None).expect("a profile");
            let found: Vec<String> =
                faults(&Prepared::new(profile), &text).into_iter().map(|fault| fault.message).collect();
            assert_eq!(found.is_empty(), expected.is_empty(), "{line}: {found:?}");
            assert!(found.iter().all(|message| message.starts_with(expected)), "{line}: {found:?}");
        }
    }

    /// A rule that is dropped may still be named by a severity of the base, which nobody can take back.
    #[test]
    fn codes_of_a_base_are_its_own_business() {
        let base = "schema = 1\nid = \"base\"\nlayout = { root = \"p\", name = \"{number}\" }\n[[rule]]\ncode = \"x-y\"\nkind = \"field-forbidden\"\nfield = \"x\"\n[[severity]]\nrules = [\"x-y\"]\n";
        let text = "schema = 1\nid = \"mine\"\nextends = \"base\"\nwithout = [\"rule.x-y\"]\n";
        let profile = Profile::parse(text, &|_| Some(base.to_owned())).expect("a profile");
        assert_eq!(faults(&Prepared::new(profile), text), []);
    }
}
