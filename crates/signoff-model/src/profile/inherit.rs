//! Inheritance: a profile laid over the one that it extends.

use toml::{Table, Value};

use super::{ConfigFault, Profile};

/// Longest chain of profiles.
const CHAIN_MAX: usize = 8;

/// The keys by which the tables of a list are told apart.
const KEYS: [&str; 5] = ["id", "name", "code", "title", "release"];

/// Reads `text` and everything below it as one profile.
pub(super) fn resolve(text: &str, base: &dyn Fn(&str) -> Option<String>) -> Result<Profile, Vec<ConfigFault>> {
    let merged = chain(text, base, 0).map_err(|fault| vec![fault])?;
    Profile::deserialize_table(merged).map_err(|error| vec![ConfigFault::near(text, "extends", error.message())])
}

fn chain(text: &str, base: &dyn Fn(&str) -> Option<String>, depth: usize) -> Result<Table, ConfigFault> {
    let mut table: Table = toml::from_str(text).map_err(|error| ConfigFault::toml(&error))?;
    let Some(Value::String(name)) = table.remove("extends") else { return Ok(table) };
    if depth >= CHAIN_MAX {
        return Err(ConfigFault::near(
            text,
            "extends",
            format!("more than {CHAIN_MAX} profiles extend each other; is there a circle?"),
        ));
    }
    let Some(below) = base(&name) else {
        return Err(ConfigFault::near(text, &name, format!("there is no profile `{name}` to extend")));
    };
    let mut merged = chain(&below, base, depth + 1)?;
    if let Some(Value::Array(dropped)) = table.remove("without") {
        for path in dropped.iter().filter_map(Value::as_str) {
            remove(&mut merged, path);
        }
    }
    overlay(&mut merged, table);
    Ok(merged)
}

fn overlay(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new)) => overlay(old, new),
            (Some(Value::Array(old)), Value::Array(new)) if is_keyed(&new) => lay_over_list(old, new),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

fn is_keyed(list: &[Value]) -> bool {
    !list.is_empty() && list.iter().all(|item| identity(item).is_some())
}

fn identity(item: &Value) -> Option<(&'static str, &str)> {
    let table = item.as_table()?;
    KEYS.iter().find_map(|key| Some((*key, table.get(*key)?.as_str()?)))
}

fn lay_over_list(old: &mut Vec<Value>, new: Vec<Value>) {
    for item in new {
        let place = old.iter().position(|existing| identity(existing) == identity(&item));
        match (place.map(|index| &mut old[index]), item) {
            (Some(Value::Table(existing)), Value::Table(item)) => overlay(existing, item),
            (_, item) => old.push(item),
        }
    }
}

/// Removes `table.key` or, from a list of tables, the one that `key` identifies.
fn remove(table: &mut Table, path: &str) {
    match path.split_once('.') {
        None => {
            table.remove(path);
        }
        Some((head, rest)) => match table.get_mut(head) {
            Some(Value::Table(inner)) => remove(inner, rest),
            Some(Value::Array(list)) => list.retain(|item| identity(item).is_none_or(|(_, name)| name != rest)),
            _ => {}
        },
    }
}

impl Profile {
    fn deserialize_table(table: Table) -> Result<Self, toml::de::Error> {
        table.try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "schema = 1\nid = \"base\"\nlayout = { root = \"p\", name = \"{number}\" }\n[fields.title]\nrequired = true\n[[status]]\nname = \"open\"\n[[status]]\nname = \"gone\"\n";

    fn base(name: &str) -> Option<String> {
        (name == "base").then(|| BASE.to_owned())
    }

    #[test]
    fn tables_merge_and_lists_of_tables_by_name() {
        let text = "schema = 1\nid = \"mine\"\nextends = \"base\"\nwithout = [\"status.gone\"]\n[fields.title]\nkind = \"text\"\n[[status]]\nname = \"open\"\nclass = \"accepted\"\n[[status]]\nname = \"new\"\n";
        let profile = Profile::parse(text, &base).expect("a profile");
        assert_eq!(profile.id, "mine");
        assert_eq!(profile.layout.root, "p");
        assert_eq!(profile.fields["title"].required, super::super::Required::Always(true));
        let names: Vec<_> = profile.status.iter().map(|status| (status.name.as_str(), status.class.word())).collect();
        assert_eq!(names, [("open", "accepted"), ("new", "open")]);
    }

    #[test]
    fn mistakes_are_found_at_their_place() {
        let cases = [
            ("schema = 1\nid = 'x'\nextends = \"nope\"\n", "nope"),
            ("schema = 1\nid = 'x'\nlayot = 1\n", "layot"),
            ("schema = 2\nid = 'x'\nlayout = { root = 'p', name = '{number}' }\n", "schema"),
            ("id = \n", "id"),
        ];
        for (text, needle) in cases {
            let faults = Profile::parse(text, &base).expect_err("a mistake");
            let line = |offset: usize| text[..offset].matches('\n').count();
            assert_eq!(
                line(faults[0].span.start as usize),
                line(text.find(needle).unwrap_or(0)),
                "{text:?}: {faults:?}"
            );
        }
    }

    #[test]
    fn circles_end() {
        let circle = |_: &str| Some("schema = 1\nextends = \"a\"\n".to_owned());
        assert!(Profile::parse("schema = 1\nid = 'a'\nextends = \"a\"\n", &circle).is_err());
    }
}
