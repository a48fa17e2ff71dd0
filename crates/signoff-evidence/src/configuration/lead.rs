//! Where a path that a command line or a unit names lies among the files that were given.

use signoff_model::tree;

/// Which of the known paths is meant by `target`, as written in the file at `from`.
///
/// First a file at the end of whose path the whole target stands: what comes before that is the root of a machine, and
/// `from` must lie below it too, so that no machine is said to have the files of another. Of several the one with the
/// longest root is meant. Otherwise a file of the same name in the folder of `from`, above or below it, where there is
/// but one.
///
/// # Errors
/// Why there is none, in words.
pub fn to(target: &str, from: &str, known: &[&str]) -> Result<usize, &'static str> {
    let whole = target.trim_start_matches('/');
    let rooted = known.iter().enumerate().filter_map(|(at, path)| {
        let root = path.trim_start_matches('/').strip_suffix(whole)?;
        let is_root = root.is_empty() || root.ends_with(['/', '#']);
        (is_root && from.starts_with(root)).then_some((root.len(), at))
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
    let near = known.iter().enumerate().filter(|(_, path)| {
        let (around, own) = tree::split(path);
        own == name && (tree::is_below(around, folder) || tree::is_below(folder, around))
    });
    let mut near = near.map(|(at, _)| at);
    match (near.next(), near.next()) {
        (Some(at), None) => Ok(at),
        (None, _) => Err("this file was not given"),
        _ => Err("several files of this name were given"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_belong_to_one_machine() {
        let whole = "/var/lib/kubelet/config.yaml";
        let cases: [(&str, &str, &[&str], Result<usize, &str>); 10] = [
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
            assert_eq!(to(target, from, known), expected, "{target} from {from} in {known:?}");
        }
    }
}
