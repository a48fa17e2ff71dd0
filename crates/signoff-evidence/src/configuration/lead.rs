//! Where a path that a command line or a unit names lies among the files that were given.

use std::collections::HashMap;

use signoff_model::tree;

/// Most files of one name among which one is looked for.
const SAME_NAME_MAX: usize = 1000;

/// The files that may be meant, by their names.
#[derive(Default)]
pub struct Index<'p> {
    by_name: HashMap<&'p str, Vec<(usize, &'p str)>>,
}

impl<'p> Index<'p> {
    /// An index of paths.
    pub fn new(paths: impl Iterator<Item = &'p str>) -> Self {
        let mut index = Self::default();
        for (at, path) in paths.enumerate() {
            index.by_name.entry(tree::split(path).1).or_default().push((at, path));
        }
        index
    }

    /// Which path is meant by `target`, as written in the file at `from`; see [`among`].
    ///
    /// # Errors
    /// Why there is none, in words.
    pub fn to(&self, target: &str, from: &str) -> Result<usize, &'static str> {
        match self.by_name.get(tree::split(target).1) {
            None => Err("this file was not given"),
            Some(named) if named.len() > SAME_NAME_MAX => Err("too many files of this name were given"),
            Some(named) => among(target, from, named),
        }
    }
}

/// Which of the known paths is meant by `target`, as written in the file at `from`.
///
/// First a file at the end of whose path the whole target stands: what comes before that is the root of a machine, and
/// `from` must lie below it too, so that no machine is said to have the files of another. Of several the one with the
/// longest root is meant. Otherwise a file of the same name in the folder of `from`, above or below it, where there is
/// but one.
///
/// # Errors
/// Why there is none, in words.
fn among(target: &str, from: &str, known: &[(usize, &str)]) -> Result<usize, &'static str> {
    let whole = target.trim_start_matches('/');
    let rooted = known.iter().filter_map(|(at, path)| {
        let root = path.trim_start_matches('/').strip_suffix(whole)?;
        let is_root = root.is_empty() || root.ends_with(['/', '#']);
        (is_root && from.starts_with(root)).then_some((root.len(), *at))
    });
    let mut rooted: Vec<(usize, usize)> = rooted.collect();
    rooted.sort_unstable();
    match rooted.as_slice() {
        [.., (one, _), (other, _)] if one == other => return Err("several such files were given"),
        [.., (_, at)] => return Ok(*at),
        [] => {}
    }
    let folder = tree::split(from).0;
    let name = tree::split(whole).1;
    let near = known.iter().filter(|(_, path)| {
        let (around, own) = tree::split(path);
        own == name && (tree::is_below(around, folder) || tree::is_below(folder, around))
    });
    let mut near = near.map(|(at, _)| *at);
    match (near.next(), near.next()) {
        (Some(at), None) => Ok(at),
        (None, _) => Err("this file was not given"),
        _ => Err("several files of this name were given"),
    }
}

/// Where a path lies in the folder `target`, which the file at `from` names; `None` where it does not. The rules are
/// those for files: below the root of the machine, or in a folder of this name near `from`.
pub fn below<'p>(target: &str, from: &str, path: &'p str) -> Option<&'p str> {
    let whole = target.trim_matches('/');
    let rooted = path.match_indices(whole).find_map(|(start, _)| {
        let root = &path[..start];
        let rest = path[start + whole.len()..].strip_prefix('/')?;
        let is_root = root.is_empty() || root.ends_with(['/', '#']);
        (is_root && from.starts_with(root)).then_some(rest)
    });
    let (folder, name) = tree::split(path);
    let is_near = tree::split(folder).1 == tree::split(whole).1 && tree::is_below(folder, tree::split(from).0);
    rooted.or(is_near.then_some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_belong_to_one_machine() {
        let whole = "/var/lib/kubelet/config.yaml";
        type Case<'a> = (&'a str, &'a str, &'a [&'a str], Result<usize, &'a str>);
        let cases: [Case<'_>; 10] = [
            (whole, "etc/kubelet.service", &["var/lib/kubelet/config.yaml"], Ok(0)),
            (whole, "a/etc/kubelet.service", &["b/var/lib/kubelet/config.yaml"], Err("this file was not given")),
            (whole, "a/x.service", &["b/var/lib/kubelet/config.yaml", "a/var/lib/kubelet/config.yaml"], Ok(1)),
            (whole, "a/x.service", &["var/lib/kubelet/config.yaml", "a/var/lib/kubelet/config.yaml"], Ok(1)),
            (whole, "a/x.service", &["a/config.yaml"], Ok(0)),
            (whole, "a/x.service", &["a/b/config.yaml"], Ok(0)),
            (whole, "a/x.service", &["b/config.yaml"], Err("this file was not given")),
            (whole, "a/x.service", &["a/config.yaml", "a/b/config.yaml"], Err("several files of this name were given")),
            ("/x/config.conf", "m/proxy.yaml", &["m/proxy.yaml#kube-proxy/config.conf"], Ok(0)),
            (whole, "x.service", &["myconfig.yaml"], Err("this file was not given")),
        ];
        for (target, from, known, expected) in cases {
            let index = Index::new(known.iter().copied());
            assert_eq!(index.to(target, from), expected, "{target} from {from} in {known:?}");
        }
    }
}
