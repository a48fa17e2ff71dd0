//! The rights that readings need, each in one line: the least that suffices.

/// For metrics, flags and versions of an API server.
pub fn endpoint(path: &str) -> String {
    format!("needs get on {path}: ClusterRole system:monitoring")
}

/// For the list of nodes.
pub const NODES: &str = "needs list on nodes: a ClusterRole of its own";

/// For the configuration and the metrics of kubelets, which the API server passes on.
pub const NODE_PROXY: &str =
    "needs get on nodes/proxy: a ClusterRole of its own, and a strong one, see the documentation";

/// For the pods of the control plane.
pub const PODS: &str = "needs list on pods in kube-system: a Role there";

/// For the addresses of API servers.
pub const REPLICAS: &str = "needs list on endpointslices.discovery.k8s.io in default: a Role there";

/// For a configuration map of kubeadm.
pub fn config_map(name: &str) -> String {
    format!("needs get on configmaps/{name} in kube-system: a Role there")
}
