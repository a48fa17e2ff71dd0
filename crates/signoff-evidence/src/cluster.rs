//! What answers of a live cluster say, and the file that they are kept in.
//!
//! Each kind of answer has a function that takes its text: [`version`], [`flagz`], [`statusz`], [`configz`], [`nodes`],
//! [`pods`], [`replicas`], [`config_map`]; metrics come in pieces, to a [`MetricsReader`], since
//! there may be a hundred megabytes of them. [`write()`] and [`read`] are the file `signoff.cluster/1`.
//!
//! An answer that is not what was asked for is an error in one sentence without a period. A list that is cut off keeps
//! what stands before the cut. Of flags the names are kept, and values of [`KEPT_FLAGS`] alone.
//!
//! [`KEPT_FLAGS`]: signoff_model::cluster::KEPT_FLAGS

mod answers;
mod components;
mod lists;
mod metrics;
mod snapshot;
mod wire;

pub use answers::{Flags, Statusz, flagz, statusz, version};
pub use components::{PodComponent, config_map, configz, of_flags};
pub use lists::{AddressedNode, Page, nodes, pods, replicas};
pub use metrics::{Metrics, MetricsReader};
pub use snapshot::{read, write};

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWERS: [&str; 6] = [
        r#"{"kind":"Flagz","flags":{"feature-gates":":A=true","v":"2"}}"#,
        r#"{"gitVersion":"v1.36.2","major":"1","minor":"36+","emulationMajor":"1","emulationMinor":"35"}"#,
        r#"{"kubeletconfig":{"featureGates":{"A":true,"B":"x"}}}"#,
        r#"{"items":[{"metadata":{"name":"n1"},"status":{"nodeInfo":{"kubeletVersion":"v1.36.2"},"addresses":[{"type":"InternalIP","address":"::1"}]}}],"metadata":{"continue":"x"}}"#,
        r#"{"items":[{"metadata":{"name":"p"},"spec":{"nodeName":"n","containers":[{"image":"x/kube-proxy:v1.2.3@sha256:a","command":["sh","-c","exec kube-proxy --a=$(B) 'c"],"args":["--feature-gates","A=true,:B=0"]}]}}]}"#,
        r#"{"kind":"ConfigMap","apiVersion":"v1","data":{"kubelet":"kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nfeatureGates: {A: true}\n"}}"#,
    ];

    fn read_as_everything(answer: &str) {
        let _ = (version(answer), flagz(answer), statusz(answer), configz(answer, &"n".into()), nodes(answer));
        let _ = (pods(answer), replicas(answer), config_map(answer, "kubelet-config"), read(answer.as_bytes()));
        let mut metrics = MetricsReader::new();
        metrics.feed(answer.as_bytes());
        let _ = metrics.finish();
    }

    /// Each answer with each of its bytes left out, doubled or replaced, read as every kind: nothing panics.
    #[test]
    fn odd_answers_are_errors_at_most() {
        for answer in ANSWERS {
            for (at, own) in answer.char_indices() {
                let (before, behind) = (&answer[..at], &answer[at + own.len_utf8()..]);
                for odd in ["", "{", "[", "\"", "\\", ":", "-", "9", "\u{e9}", "\0", "null"] {
                    read_as_everything(&format!("{before}{odd}{behind}"));
                }
            }
        }
        read_as_everything(&"[".repeat(100_000));
        read_as_everything(&"{\"items\":".repeat(10_000));
    }
}
