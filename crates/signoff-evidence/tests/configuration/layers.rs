//! Settings in layers, at random: what is read comes to the same as a plain model of the rules says.

use std::collections::BTreeMap;

use proptest::prelude::*;
use signoff_evidence::configuration;
use signoff_model::MemoryTree;
use signoff_model::configured::Configured;

type Settings = Vec<(char, bool)>;
type Effective = BTreeMap<String, bool>;

fn gate() -> impl Strategy<Value = char> {
    prop::sample::select(vec!['A', 'B', 'C', 'D', 'E'])
}

fn settings() -> impl Strategy<Value = Settings> {
    prop::collection::vec((gate(), any::<bool>()), 0..4)
}

/// Keys of a mapping stand in it once.
fn mapping() -> impl Strategy<Value = BTreeMap<char, Option<bool>>> {
    prop::collection::btree_map(gate(), prop::option::weighted(0.8, any::<bool>()), 0..4)
}

fn flag(settings: &Settings) -> String {
    let pairs: Vec<String> = settings.iter().map(|(gate, value)| format!("{gate}={value}")).collect();
    format!("--feature-gates={}", pairs.join(","))
}

fn file(mapping: &BTreeMap<char, Option<bool>>) -> String {
    let mut text = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nfeatureGates:\n".to_owned();
    for (gate, value) in mapping {
        text += &format!("  {gate}: {}\n", value.map_or("null", |value| if value { "true" } else { "false" }));
    }
    if mapping.is_empty() { text.replace("featureGates:\n", "") } else { text }
}

/// What holds in the end.
fn effective(configured: &Configured) -> Effective {
    configured.gates.iter().map(|gate| (gate.name.to_string(), gate.value.expect("a boolean"))).collect()
}

fn apply(held: &mut Effective, settings: &Settings) {
    held.extend(settings.iter().map(|(gate, value)| (gate.to_string(), *value)));
}

fn read(files: &[(String, String)]) -> Vec<Configured> {
    let found = configuration::read(&MemoryTree::new(files.to_vec()), &[String::new()]);
    assert_eq!(found.unrecognised, Vec::new());
    found.configured
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_kubelet(
        base in mapping(),
        drop_ins in prop::collection::btree_map(0u8..40, mapping(), 0..4),
        start in prop::collection::vec(settings(), 0..3),
        of_unit in settings(),
        of_file in settings(),
        file_wins in any::<bool>(),
    ) {
        let name = if file_wins { "EXTRA" } else { "OTHER" };
        let directory = if drop_ins.is_empty() { "" } else { " --config-dir=/etc/kubelet.d" };
        let flags: Vec<String> = start.iter().map(flag).collect();
        let unit = format!(
            "[Service]\nEnvironmentFile=/etc/default/kubelet\nEnvironment=\"EXTRA={}\"\nExecStart=/usr/bin/kubelet --config=/etc/kubelet.yaml{directory} \\\n {} $EXTRA\n",
            flag(&of_unit), flags.join(" \\\n ")
        );
        let mut files = vec![
            ("etc/systemd/system/kubelet.service".to_owned(), unit),
            ("etc/default/kubelet".to_owned(), format!("{name}='{}'\n", flag(&of_file))),
            ("etc/kubelet.yaml".to_owned(), file(&base)),
        ];
        files.extend(drop_ins.iter().map(|(at, mapping)| (format!("etc/kubelet.d/{at:02}.conf"), file(mapping))));

        let mut held: Effective = base.iter().map(|(gate, value)| (gate.to_string(), value.unwrap_or(false))).collect();
        for (gate, value) in drop_ins.values().flatten() {
            match value {
                Some(value) => held.insert(gate.to_string(), *value),
                None => held.remove(&gate.to_string()),
            };
        }
        start.iter().for_each(|settings| apply(&mut held, settings));
        apply(&mut held, if file_wins { &of_file } else { &of_unit });

        let found = read(&files);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(&found[0].gaps, &Vec::new());
        prop_assert_eq!(effective(&found[0]), held);
    }

    #[test]
    fn a_component_of_a_distribution(
        files in prop::collection::vec((prop::collection::vec(settings(), 1..3), any::<bool>()), 1..4),
        flags in prop::collection::vec(settings(), 0..3),
    ) {
        let mut tree = Vec::new();
        let mut lists: Vec<&Settings> = Vec::new();
        for (at, (values, appends)) in files.iter().enumerate() {
            let items: String = values.iter().map(|settings| format!("- {}\n", &flag(settings)[2..])).collect();
            let key = if *appends { "kube-scheduler-arg+" } else { "kube-scheduler-arg" };
            let path = if at == 0 { "r/config.yaml".to_owned() } else { format!("r/config.yaml.d/{at}.yml") };
            tree.push((path, format!("{key}:\n{items}")));
            if !appends {
                lists.clear();
            }
            lists.extend(values);
        }
        let words: Vec<String> = flags.iter().map(|settings| format!("--kube-scheduler-arg={}", &flag(settings)[2..])).collect();
        tree.push(("k3s.service".to_owned(), format!("[Service]\nExecStart=/bin/k3s server --config /r/config.yaml {}\n", words.join(" "))));
        lists.extend(&flags);
        let mut held = Effective::new();
        lists.into_iter().for_each(|settings| apply(&mut held, settings));

        let found = read(&tree);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(&found[0].gaps, &Vec::new());
        prop_assert_eq!(effective(&found[0]), held);
    }

    #[test]
    fn arguments_that_kubeadm_sorts(values in prop::collection::vec(settings(), 0..5)) {
        let items: String = values.iter().map(|settings| format!("  - {{name: feature-gates, value: \"{}\"}}\n", &flag(settings)[16..])).collect();
        let text = format!("apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nscheduler:\n  extraArgs:\n{items}");
        let mut sorted = values.clone();
        sorted.sort_by_key(flag);
        let mut held = Effective::new();
        sorted.iter().for_each(|settings| apply(&mut held, settings));

        let found = read(&[("kubeadm.yaml".to_owned(), text)]);
        let scheduler = found.iter().find(|configured| &*configured.component == "kube-scheduler").expect("a scheduler");
        prop_assert_eq!(effective(scheduler), held);
    }
}
