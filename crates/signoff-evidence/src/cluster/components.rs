//! How components are set up, as a cluster itself tells: the configuration of a node, the configuration maps of
//! kubeadm, command lines of pods.
//!
//! Each is handed to [`configuration::read`] as the file that it could be. What comes back loses the values of flags
//! that are not kept, and words that quote one.

use std::sync::Arc;

use serde_json::json;
use signoff_model::Node;
use signoff_model::cluster::{KEPT_FLAGS, ReportedFlags, RunningProgram, release_of};
use signoff_model::configured::{Configured, FlagSetting};
use signoff_model::fact::Problem;
use signoff_model::node::Value;
use signoff_model::tree::MemoryTree;

use super::answers::{is_map, object, of_kind};
use crate::configuration;
use crate::values::text;

/// Shortest value that is looked for in the words about a component: a shorter one stands in any sentence.
const QUOTED_MIN: usize = 4;

/// Longest name of an object that is taken for one.
const NAME_MAX: usize = 253;

/// Reads the configuration that a node works with: the answer at `/configz`. It has the gates that somebody set.
///
/// # Errors
/// When it has no configuration of a kubelet.
pub fn configz(answer: &str, node: &Arc<str>) -> Result<Configured, String> {
    let root = object(answer)?;
    let Some(kubelet) = root.get("kubeletconfig").filter(|kubelet| is_map(kubelet)) else {
        return Err("it has no mapping `kubeletconfig`".into());
    };
    let gates = kubelet.get("featureGates").map_or(serde_json::Value::Null, to_json);
    let api_version = text(kubelet, "apiVersion").unwrap_or("kubelet.config.k8s.io/v1beta1");
    let file = json!({"apiVersion": api_version, "kind": "KubeletConfiguration", "featureGates": gates});
    let found = read(&format!("node/{}/configz", name_of(node)?), &file.to_string())?;
    let mut one = found.into_iter().next().ok_or("it has no configuration of a kubelet")?;
    one.instance = Arc::clone(node);
    // It is what came of the files and the flags together: no flag is missing.
    one.gaps.clear();
    Ok(one)
}

/// Reads a configuration map of kubeadm: of the cluster, or that which kubelets of new nodes start with.
///
/// # Errors
/// When it is no configuration map, or none of its texts configures a component.
pub fn config_map(answer: &str, name: &str) -> Result<Vec<Configured>, String> {
    of_kind(answer, "ConfigMap")?;
    read(&format!("configmap/{}", name_of(name)?), answer)
}

/// How a component is set up that tells its flags: of those, the values that are kept.
#[must_use]
pub fn of_flags(flags: &ReportedFlags) -> Option<Configured> {
    let kept = flags.flags.iter().filter_map(|(name, value)| {
        // Settings for every component come with a colon, and nothing before it.
        let value = value.as_deref()?.trim_matches(['[', ']']).trim_start_matches(':').replace(",:", ",");
        (!value.is_empty()).then(|| format!("--{name}={value}"))
    });
    let words: Vec<String> = std::iter::once(flags.component.to_string()).chain(kept).collect();
    let file = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": &*flags.component},
        "spec": {"containers": [{"command": words}]},
    });
    let mut one = read("flagz", &file.to_string()).ok()?.into_iter().next()?;
    one.instance = Arc::clone(&flags.instance);
    Some(one)
}

/// A component of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodComponent {
    /// How it is set up.
    pub configured: Configured,
    /// Its version, where the image of a container says one.
    pub program: Option<RunningProgram>,
}

/// Reads the containers of a pod that run a component; none where no container does. The instance is the pod's node,
/// else its name.
pub(super) fn of_pod(pod: &Node) -> Vec<PodComponent> {
    let (Some(metadata), Some(spec)) = (pod.get("metadata"), pod.get("spec")) else { return Vec::new() };
    let Some(name) = text(metadata, "name").filter(|name| name_of(name).is_ok()) else { return Vec::new() };
    let Some(containers) = spec.get("containers").filter(|containers| may_run_component(containers)) else {
        return Vec::new();
    };
    let file = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {"containers": to_json(containers)},
    });
    let found = read(&format!("pod/{name}"), &file.to_string()).unwrap_or_default();
    let instance: Arc<str> = text(spec, "nodeName").unwrap_or(name).into();
    let with_version = found.into_iter().map(|mut configured| {
        configured.instance = Arc::clone(&instance);
        let version = version_of(containers, &configured.component);
        let program = version.map(|version| RunningProgram {
            component: Arc::clone(&configured.component),
            instance: Arc::clone(&instance),
            version: version.into(),
        });
        PodComponent { configured, program }
    });
    with_version.collect()
}

/// The tag of the image that is named for a component, where it is a release.
fn version_of<'n>(containers: &'n Node, component: &str) -> Option<&'n str> {
    let images = containers.items().iter().filter_map(|container| text(container, "image"));
    let own = images.filter_map(|image| {
        let name = image.rsplit('/').next()?.split('@').next()?;
        name.strip_prefix(component)?.strip_prefix(':')
    });
    own.rev().find(|tag| release_of(tag).is_some())
}

/// Whether a word or an image is like the name of a component: most pods run none.
fn may_run_component(containers: &Node) -> bool {
    let is_like = |text: &str| text.contains("kube") || text.contains("controller-manager");
    containers.items().iter().any(|container| {
        let words = |key: &str| container.get(key).map(Node::items).unwrap_or_default().iter().filter_map(Node::text);
        text(container, "image").is_some_and(is_like) || words("command").chain(words("args")).any(is_like)
    })
}

/// Reads a text as the file at this path.
fn read(path: &str, text: &str) -> Result<Vec<Configured>, String> {
    let tree = MemoryTree::new([(path, text)]);
    let read = configuration::read(&tree, &[path.to_owned()]);
    if read.configured.is_empty() {
        let why = read.unrecognised.into_iter().next().map(|problem| problem.message);
        return Err(why.unwrap_or_else(|| "no component is configured by it".into()));
    }
    let mut found = read.configured;
    found.iter_mut().for_each(without_values);
    Ok(found)
}

/// Drops the values of flags that are not kept, and the words that quote one.
fn without_values(configured: &mut Configured) {
    let mut dropped: Vec<Arc<str>> = Vec::new();
    for flag in &mut configured.flags {
        let is_kept = KEPT_FLAGS.contains(&&*flag.name);
        dropped.extend(if is_kept { None } else { flag.value.take() });
        if !is_flag(flag) {
            dropped.push(std::mem::replace(&mut flag.name, "(no name of a flag)".into()));
        }
    }
    dropped.retain(|value| value.len() >= QUOTED_MIN);
    let quotes = |problem: &Problem| dropped.iter().any(|value| problem.message.contains(&**value));
    let lists = [&mut configured.gaps, &mut configured.faults, &mut configured.remarks];
    for problem in lists.into_iter().flatten().filter(|problem| quotes(problem)) {
        problem.message = "a flag of its command line matters here; its value is not kept".into();
    }
}

/// Whether its name is one: what is none may be anything.
fn is_flag(flag: &FlagSetting) -> bool {
    flag.name.len() <= 100 && flag.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The name of an object, as the API allows them.
fn name_of(name: &str) -> Result<&str, String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let is_name = !name.is_empty() && name.len() <= NAME_MAX && name.bytes().all(is_allowed) && !name.starts_with('.');
    if is_name { Ok(name) } else { Err("its name is no name of an object".into()) }
}

/// A value as JSON again, with texts for numbers.
fn to_json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Map(pairs) => pairs
            .iter()
            .map(|pair| (pair.key.to_string(), to_json(&pair.node)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::List(items) => items.iter().map(to_json).collect::<Vec<_>>().into(),
        Value::Text(text) if text.quoted => text.text.to_string().into(),
        Value::Text(text) => serde_json::from_str(&text.text).unwrap_or_else(|_| text.text.to_string().into()),
        Value::Unread => serde_json::Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use signoff_model::configured::GateSetting;

    use super::*;

    /// Gates as `prefix:Name=written`, flags as `name=value`.
    fn brief(configured: &Configured) -> (Vec<String>, Vec<String>) {
        let gate = |gate: &GateSetting| {
            let prefix = gate.prefix.as_ref().map(|prefix| format!("{prefix}:")).unwrap_or_default();
            format!("{prefix}{}={}", gate.name, gate.written)
        };
        let flag = |flag: &FlagSetting| format!("{}={}", flag.name, flag.value.as_deref().unwrap_or("?"));
        (configured.gates.iter().map(gate).collect(), configured.flags.iter().map(flag).collect())
    }

    #[test]
    fn command_lines_of_pods() {
        let pod = |container: &str| {
            format!(
                r#"{{"metadata":{{"name":"p"}},"spec":{{"nodeName":"cp1","containers":[{{"name":"c",{container}}}]}}}}"#
            )
        };
        /// A container, and its component, gates and flags.
        type Case = (&'static str, Option<&'static str>, &'static [&'static str], &'static [&'static str]);
        let cases: [Case; 6] = [
            (
                r#""command":["kube-apiserver","--feature-gates=A=true,kube:B=false","--feature-gates","C=1","--token-auth-file=/x","--runtime-config=api/all=true"]"#,
                Some("kube-apiserver"),
                &["A=true", "kube:B=false", "C=1"],
                &["token-auth-file=?", "runtime-config=api/all=true"],
            ),
            (
                r#""command":["/usr/local/bin/kube-scheduler"],"args":["--feature_gates=A=maybe","-v","2"]"#,
                Some("kube-scheduler"),
                &["A=maybe"],
                &["v=?"],
            ),
            (
                r#""image":"registry.k8s.io/kube-proxy:v1.36.2","args":["--s3cret value"]"#,
                Some("kube-proxy"),
                &[],
                &["(no name of a flag)=?"],
            ),
            (
                r#""image":"registry.k8s.io/kube-proxy:v1.36.2","command":["/bin/sh","-c","x"]"#,
                Some("kube-proxy"),
                &[],
                &[],
            ),
            (r#""image":"coredns","command":["coredns"]"#, None, &[], &[]),
            (r#""image":5,"command":{"a":"b"}"#, None, &[], &[]),
        ];
        for (container, component, gates, flags) in cases {
            let pod = object(&pod(container)).expect("an object");
            let found = of_pod(&pod);
            let versions: Vec<_> = found.iter().map(|found| found.program.clone()).collect();
            assert_eq!(found.first().map(|found| &*found.configured.component), component, "{container}");
            let Some(found) = found.first().map(|found| &found.configured) else { continue };
            let (found_gates, found_flags) = brief(found);
            assert_eq!(
                (found_gates.as_slice(), found_flags.as_slice()),
                (
                    gates.iter().map(|gate| (*gate).to_owned()).collect::<Vec<_>>().as_slice(),
                    flags.iter().map(|flag| (*flag).to_owned()).collect::<Vec<_>>().as_slice(),
                )
            );
            assert_eq!(&*found.instance, "cp1");
            assert_eq!(found.gaps.len(), usize::from(container.contains("/bin/sh")));
            let version = versions.first().and_then(|program| program.as_ref()).map(|program| &*program.version);
            assert_eq!(version, container.contains("v1.36.2").then_some("v1.36.2"));
        }
    }

    #[test]
    fn configuration_maps_of_kubeadm() {
        let old = "apiVersion: kubeadm.k8s.io/v1beta3\\nkind: ClusterConfiguration\\nfeatureGates: {RootlessControlPlane: true}\\napiServer:\\n  extraArgs:\\n    feature-gates: A=true\\n    etcd-servers: x\\n";
        let new = "apiVersion: kubeadm.k8s.io/v1beta4\\nkind: ClusterConfiguration\\napiServer:\\n  extraArgs:\\n  - {name: feature-gates, value: A=true}\\n  - {name: etcd-servers, value: x}\\n";
        for text in [old, new] {
            let answer = format!(
                r#"{{"kind":"ConfigMap","apiVersion":"v1","metadata":{{"name":"kubeadm-config"}},"data":{{"ClusterConfiguration":"{text}"}}}}"#
            );
            let found = config_map(&answer, "kubeadm-config").expect("a configuration");
            let server = found.iter().find(|one| &*one.component == "kube-apiserver").expect("an API server");
            assert_eq!(brief(server), (vec!["A=true".to_owned()], vec!["etcd-servers=?".to_owned()]));
            let own = found.iter().find(|one| &*one.component == "kubeadm").expect("kubeadm");
            assert_eq!(own.gates.len(), usize::from(text == old));
        }
    }

    #[test]
    fn flags_that_a_component_tells() {
        let flags = |value: &str| ReportedFlags {
            component: "kube-apiserver".into(),
            instance: "cp1".into(),
            at: jiff::Timestamp::UNIX_EPOCH,
            flags: vec![
                ("emulated-version".into(), Some("[]".into())),
                ("feature-gates".into(), Some(value.into())),
                ("token-auth-file".into(), None),
            ],
        };
        for (value, gates) in
            [(":A=false,:B=true", vec!["A=false", "B=true"]), ("", Vec::new()), ("A=true", vec!["A=true"])]
        {
            let found = of_flags(&flags(value)).expect("a component");
            assert_eq!(
                (brief(&found).0, &*found.instance, found.gaps.len()),
                (gates.into_iter().map(str::to_owned).collect(), "cp1", 0)
            );
        }
    }

    #[test]
    fn configurations_of_kubelets() {
        let node: Arc<str> = "n1".into();
        let answer = r#"{"kubeletconfig":{"staticPodPath":"/x","featureGates":{"A":true,"B":false}}}"#;
        let found = configz(answer, &node).expect("a configuration");
        assert_eq!((brief(&found).0, &*found.instance), (vec!["A=true".to_owned(), "B=false".to_owned()], "n1"));
        let none = configz(r#"{"kubeletconfig":{"staticPodPath":"/x"}}"#, &node).expect("a configuration");
        assert_eq!((brief(&none).0, none.gaps), (Vec::new(), Vec::new()));
        let map = r#"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"kubelet-config"},"data":{"kubelet":"apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nfeatureGates:\n  A: true\n"}}"#;
        let found = config_map(map, "kubelet-config").expect("a configuration");
        assert_eq!(brief(&found[0]).0, ["A=true"]);
    }

    #[test]
    fn what_is_no_configuration_is_an_error() {
        let cases = [
            r#"{"kind":"Secret","data":{"kubelet":"x"}}"#,
            r#"{"kind":"ConfigMap","apiVersion":"v1"}"#,
            r#"{"kind":"ConfigMap","apiVersion":"v1","data":{"kubelet":"- a"}}"#,
            r#"{"kind":"ConfigMap","apiVersion":"v1","data":{"kubelet":"a: [b"}}"#,
            "null",
        ];
        for answer in cases {
            assert!(config_map(answer, "kubelet-config").is_err(), "{answer}");
        }
        assert!(configz("{}", &"n".into()).is_err());
        assert!(configz(r#"{"kubeletconfig":{}}"#, &"../n".into()).is_err());
    }
}
