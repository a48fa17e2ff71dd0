//! Lists, which come in pages: nodes, pods, the addresses of API servers.

use std::sync::Arc;

use signoff_model::Node;
use signoff_model::cluster::ClusterNode;

use super::answers::{is_map, short};
use super::components::{PodComponent, of_pod};
use crate::json::{self, Keep};
use crate::values::{text, texts};

/// Longest mark of a further page, in bytes.
const CONTINUE_MAX: usize = 16 * 1024;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What it lists.
    pub items: Vec<T>,
    /// The mark with which the next page is asked for; `None` where this is the last one.
    pub next: Option<String>,
    /// What is wrong with the page, where it is cut off: the items before the cut are there.
    pub cut: Option<String>,
}

/// A node with its addresses within the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressedNode {
    /// The node.
    pub node: ClusterNode,
    /// Its addresses.
    pub addresses: Vec<Arc<str>>,
}

/// Reads a page of the list of nodes.
///
/// # Errors
/// When it is no list.
pub fn nodes(answer: &str) -> Result<Page<AddressedNode>, String> {
    page(answer, keep_of_nodes, |item| {
        let name = text(item.get("metadata")?, "name")?;
        let status = item.get("status");
        let info = status.and_then(|status| status.get("nodeInfo"));
        let addresses = status.and_then(|status| status.get("addresses")).map(Node::items).unwrap_or_default();
        let is_internal = |address: &&Node| text(address, "type") == Some("InternalIP");
        let node = ClusterNode {
            name: name.into(),
            kubelet_version: info.and_then(|info| text(info, "kubeletVersion")).unwrap_or_default().into(),
            declared_features: status.map(|status| texts(status, "declaredFeatures")).unwrap_or_default(),
        };
        let addresses = addresses.iter().filter(is_internal).filter_map(|address| text(address, "address"));
        Some(AddressedNode { node, addresses: addresses.map(Arc::from).collect() })
    })
}

/// Reads a page of a list of pods: the components that they run. Other pods are left out.
///
/// # Errors
/// When it is no list.
pub fn pods(answer: &str) -> Result<Page<PodComponent>, String> {
    let page = page(answer, keep_of_pods, |item| Some(of_pod(item)))?;
    Ok(Page { items: page.items.into_iter().flatten().collect(), next: page.next, cut: page.cut })
}

/// Reads a page of the slices of endpoints of the API server: `address:port` of each replica, sorted, each once.
///
/// # Errors
/// When it is no list.
pub fn replicas(answer: &str) -> Result<Page<Arc<str>>, String> {
    let page = page(answer, keep_of_endpoints, |item| {
        let port =
            item.get("ports").map(Node::items).unwrap_or_default().first().and_then(|port| text(port, "port"))?;
        let endpoints = item.get("endpoints").map(Node::items).unwrap_or_default().iter();
        let addresses = endpoints.flat_map(|endpoint| texts(endpoint, "addresses"));
        let joined = |address: Arc<str>| match address.contains(':') {
            true => format!("[{address}]:{port}").into(),
            false => format!("{address}:{port}").into(),
        };
        Some(addresses.map(joined).collect::<Vec<Arc<str>>>())
    })?;
    let mut items: Vec<Arc<str>> = page.items.into_iter().flatten().collect();
    items.sort();
    items.dedup();
    Ok(Page { items, next: page.next, cut: page.cut })
}

/// Reads a page. Of one that is cut off the last item is dropped: what it lacks nobody can tell.
fn page<T>(
    answer: &str,
    keep: fn(&[Box<str>], &str) -> Keep,
    item: impl Fn(&Node) -> Option<T>,
) -> Result<Page<T>, String> {
    let read = json::read(answer, keep);
    let cut = read.fault.map(|(line, words)| format!("{words} (line {line})"));
    let Some(root) = read.root.filter(is_map) else {
        return Err(cut.unwrap_or_else(|| "it is no object of JSON".into()));
    };
    let Some(items) = root.get("items") else {
        let kind = text(&root, "kind").unwrap_or("something else");
        return Err(cut.unwrap_or_else(|| format!("it is no list but a {}", short(kind))));
    };
    let whole =
        if cut.is_some() { items.items().split_last().map_or(&[][..], |(_, whole)| whole) } else { items.items() };
    let next = root.get("metadata").and_then(|metadata| text(metadata, "continue"));
    Ok(Page {
        items: whole.iter().filter_map(item).collect(),
        next: next.filter(|next| next.len() <= CONTINUE_MAX && cut.is_none()).map(str::to_owned),
        cut,
    })
}

/// The keys around a value, as long as the list itself is not one of them.
fn is_of_list(path: &[Box<str>], key: &str) -> Option<Keep> {
    match (path, key) {
        ([], "kind" | "metadata" | "items") => Some(Keep::Open),
        ([], _) => Some(Keep::Skip),
        ([first], key) if &**first == "metadata" => Some(if key == "continue" { Keep::Open } else { Keep::Skip }),
        _ => None,
    }
}

fn opened(is_wanted: bool) -> Keep {
    if is_wanted { Keep::Open } else { Keep::Skip }
}

/// The key of an item, and those around it within the item.
fn within(path: &[Box<str>]) -> Vec<&str> {
    path.iter().skip(1).map(|key| &**key).collect()
}

fn keep_of_nodes(path: &[Box<str>], key: &str) -> Keep {
    is_of_list(path, key).unwrap_or_else(|| match within(path).as_slice() {
        [] => opened(matches!(key, "metadata" | "status")),
        ["metadata"] => opened(key == "name"),
        ["status"] => opened(matches!(key, "nodeInfo" | "declaredFeatures" | "addresses")),
        ["status", "nodeInfo"] => opened(key == "kubeletVersion"),
        ["status", "addresses"] => Keep::Open,
        _ => Keep::Skip,
    })
}

fn keep_of_pods(path: &[Box<str>], key: &str) -> Keep {
    is_of_list(path, key).unwrap_or_else(|| match within(path).as_slice() {
        [] => opened(matches!(key, "metadata" | "spec")),
        ["metadata"] => opened(key == "name"),
        ["spec"] => opened(matches!(key, "nodeName" | "containers")),
        ["spec", "containers"] => opened(matches!(key, "image" | "command" | "args")),
        _ => Keep::Skip,
    })
}

fn keep_of_endpoints(path: &[Box<str>], key: &str) -> Keep {
    is_of_list(path, key).unwrap_or_else(|| match within(path).as_slice() {
        [] => opened(matches!(key, "endpoints" | "ports")),
        ["ports"] => opened(key == "port"),
        ["endpoints"] => opened(key == "addresses"),
        _ => Keep::Skip,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODES: &str = r#"{"kind":"NodeList","metadata":{"continue":"abc"},"items":[
        {"metadata":{"name":"n1","annotations":{"a":"b"}},"status":{"nodeInfo":{"kubeletVersion":"v1.36.2"},
         "declaredFeatures":["A","B"],"addresses":[{"type":"InternalIP","address":"10.0.0.1"},{"type":"Hostname","address":"n1"}]}},
        {"metadata":{"name":"n2"},"status":{"nodeInfo":{"kubeletVersion":"v1.35.3+k3s1"}}}]}"#;

    #[test]
    fn a_page_of_nodes() {
        let page = nodes(NODES).expect("a page");
        assert_eq!((page.next.as_deref(), &page.cut), (Some("abc"), &None));
        let features = |index: usize| page.items[index].node.declared_features.len();
        assert_eq!((features(0), features(1)), (2, 0));
        assert_eq!(page.items[0].addresses.iter().map(|address| &**address).collect::<Vec<_>>(), ["10.0.0.1"]);
        assert_eq!(page.items[1].node.release(), signoff_model::Release::parse("1.35.3"));
    }

    #[test]
    fn a_page_that_is_cut_off_keeps_what_is_whole() {
        for end in 0..NODES.len() {
            match nodes(&NODES[..end]) {
                Ok(page) => {
                    assert!(page.cut.is_some() && page.next.is_none() && page.items.len() <= 1, "{end}");
                }
                Err(error) => assert!(error.contains("ends in the middle"), "{end}: {error}"),
            }
        }
    }

    #[test]
    fn what_is_no_list_is_an_error() {
        let cases = [
            ("<html></html>", "it is not JSON from here on (line 1)"),
            (r#"{"kind":"Status","message":"x"}"#, "it is no list but a Status"),
            ("[1]", "it is no object of JSON"),
        ];
        for (answer, expected) in cases {
            assert_eq!(nodes(answer).expect_err(answer), expected);
        }
        let odd =
            nodes(r#"{"items":[1,null,{},{"metadata":[]},{"metadata":{"name":"n"},"status":7}]}"#).expect("a page");
        assert_eq!(odd.items.len(), 1);
    }

    #[test]
    fn addresses_of_replicas() {
        let answer = r#"{"items":[{"ports":[{"name":"https","port":6443}],"endpoints":[{"addresses":["10.0.0.2"]},
            {"addresses":["10.0.0.1","10.0.0.1"]}]},{"ports":[{"port":6443}],"endpoints":[{"addresses":["fd00::1"]}]},{"ports":[]}]}"#;
        let found = replicas(answer).expect("a page");
        assert_eq!(
            found.items.iter().map(|item| &**item).collect::<Vec<_>>(),
            ["10.0.0.1:6443", "10.0.0.2:6443", "[fd00::1]:6443"]
        );
    }

    #[test]
    fn pods_that_run_no_component_are_left_out() {
        let answer = r#"{"items":[{"metadata":{"name":"a"},"spec":{"containers":[{"image":"coredns"}]}},
            {"metadata":{"name":"b"},"spec":{"containers":[{"image":"x/kube-proxy:v1","env":[{"name":"T","value":"s3cret"}]}]}}]}"#;
        let found = pods(answer).expect("a page");
        assert_eq!(found.items.iter().map(|one| &*one.configured.instance).collect::<Vec<_>>(), ["b"]);
        assert!(!format!("{found:?}").contains("s3cret"));
    }
}
