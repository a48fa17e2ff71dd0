//! Files as nobody writes them: nothing panics, nothing takes long, and no difference of line ends changes what is read.

use proptest::prelude::*;
use signoff_evidence::configuration::{self, Configuration};
use signoff_model::MemoryTree;

use super::{cases, read, shown};

fn one(path: &str, bytes: impl AsRef<[u8]>) -> Configuration {
    read(&[(path.to_owned(), bytes.as_ref().to_vec())])
}

const KUBELET: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

#[test]
fn line_ends_and_marks_change_nothing() {
    for (name, files) in cases() {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        let plain = shown(&read(&files));
        let with = |change: &dyn Fn(String) -> String| -> String {
            let files: Vec<(String, Vec<u8>)> = files
                .iter()
                .map(|(path, bytes)| {
                    (path.clone(), text(bytes).map_or_else(|| bytes.clone(), |text| change(text).into()))
                })
                .collect();
            shown(&read(&files))
        };
        assert_eq!(with(&|text| text.replace('\n', "\r\n")), plain, "{name} with CRLF");
        assert_eq!(with(&|text| format!("\u{feff}{text}")), plain, "{name} with a byte order mark");
    }
}

#[test]
fn the_order_of_paths_changes_nothing() {
    for (name, files) in cases() {
        let tree = MemoryTree::new(files.clone());
        let paths = |files: Vec<&(String, Vec<u8>)>| -> Vec<String> {
            files
                .into_iter()
                .filter(|(path, _)| !path.contains("/.") && !path.starts_with('.'))
                .map(|(path, _)| path.clone())
                .collect()
        };
        let forth = configuration::read(&tree, &paths(files.iter().collect()));
        let back = configuration::read(&tree, &paths(files.iter().rev().chain(&files).collect()));
        assert_eq!(forth, back, "{name}");
        assert_eq!(forth.configured, read(&files).configured, "{name}");
    }
}

/// Of what was removed something is missing: a component, or a gap says so.
#[test]
fn what_is_not_given_is_missed() {
    // Nobody can know how many files a folder had, nor that a command of a text is gone.
    let many = ["kubelet.conf.d/", "config.yaml.d/"];
    let mut removed = 0;
    for (name, files) in cases()
        .into_iter()
        .filter(|(name, _)| ["node", "nodes", "k3s", "kubeadm-join", "cluster"].contains(&name.as_str()))
    {
        let whole = read(&files);
        for (path, _) in files.iter().filter(|(path, _)| !many.iter().any(|folder| path.contains(folder))) {
            let rest: Vec<(String, Vec<u8>)> = files.iter().filter(|(other, _)| other != path).cloned().collect();
            let found = read(&rest);
            for before in
                whole.configured.iter().filter(|configured| configured.files.iter().any(|file| **file == **path))
            {
                let of = |configuration: &Configuration| -> (usize, usize) {
                    let same = configuration.configured.iter().filter(|one| one.component == before.component);
                    same.fold((0, 0), |(count, gaps), one| (count + 1, gaps + one.gaps.len()))
                };
                let ((count, gaps), (count_before, gaps_before)) = (of(&found), of(&whole));
                assert!(count < count_before || gaps > gaps_before, "{name} without {path}: {}", shown(&found));
                removed += 1;
            }
        }
    }
    assert!(removed >= 8, "{removed}");
}

#[test]
fn odd_texts() {
    let deep = format!("{KUBELET}featureGates: {}{}\n", "{a: ".repeat(2000), "}".repeat(2000));
    let brackets = "[".repeat(100_000);
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n";
    let joins = "---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: JoinConfiguration\n";
    let texts: [(&str, Vec<u8>); 14] = [
        ("deep.yaml", deep.into()),
        ("brackets.yaml", brackets.into()),
        ("bomb.yaml", format!("{KUBELET}{bomb}").into()),
        ("line.txt", format!("kubelet --feature-gates={}", "A=true,".repeat(150_000)).into()),
        ("words.txt", format!("kubelet {}", "--x ".repeat(250_000)).into()),
        ("commands.txt", "kubelet --config=/a\n".repeat(20_000).into()),
        ("documents.yaml", format!("---\n{KUBELET}featureGates: {{A: true}}\n").repeat(2000).into()),
        ("joins.yaml", format!("{joins}---\n{KUBELET}").repeat(5000).into()),
        ("semicolons.txt", "kubelet; ".repeat(20_000).into()),
        ("tabs.yaml", format!("{KUBELET}featureGates:\n\tA: true\n").into()),
        ("invalid.yaml", [KUBELET.as_bytes(), b"featureGates:\n  A\xff: true\n"].concat()),
        ("quote.env", b"KUBELET_EXTRA_ARGS=\"--feature-gates=A=true".to_vec()),
        ("backslash.service", b"[Service]\nExecStart=/usr/bin/kubelet \\".to_vec()),
        ("sixteen.yaml", KUBELET.encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ];
    for (path, bytes) in texts {
        let found = one(path, &bytes);
        let said = !found.configured.is_empty() || !found.unrecognised.is_empty();
        assert!(said || !found.skipped.binary.is_empty(), "{path} was passed over");
    }
    let zero = one("zero.yaml", b"kind: \0\n");
    assert_eq!(zero.skipped.binary.len(), 1);
    let marked = [[0xFF, 0xFE].to_vec(), KUBELET.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    assert_eq!(one("marked.yaml", marked).configured.len(), 1);
}

#[test]
fn variables_do_not_grow_without_end() {
    let value = "x".repeat(10_000);
    let mut unit = format!("[Service]\nEnvironment=A={value}\n");
    unit += &format!("ExecStart=/usr/bin/kubelet {}\n", "$A ".repeat(50_000));
    unit += &format!("ExecStart=/usr/bin/kubelet --{}\n", "${A}".repeat(50_000));
    let found = one("kubelet.service", unit);
    assert_eq!(found.configured.len(), 2);
    assert!(
        found.configured.iter().any(|configured| configured.gaps.iter().any(|gap| gap.message.contains("so long")))
    );
}

#[test]
fn a_broken_document_hides_no_other() {
    let text = format!("{KUBELET}featureGates: [\n---\n{KUBELET}featureGates: {{A: true}}\n");
    let found = one("two.yaml", text);
    assert_eq!(found.configured.len(), 2, "{}", shown(&found));
    assert!(found.configured.iter().any(|configured| configured.gates.len() == 1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn samples_with_changes(
        case in any::<prop::sample::Index>(),
        file in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        cut in 0usize..40,
        put in prop::collection::vec(prop::sample::select(b"{}[]:,-&*|>'\"#$=\\\n \tA\xff%!".to_vec()), 0..6),
    ) {
        let cases = cases();
        let mut files = cases[case.index(cases.len())].1.clone();
        let which = file.index(files.len());
        let bytes = &mut files[which].1;
        let start = at.index(bytes.len() + 1);
        let end = (start + cut).min(bytes.len());
        bytes.splice(start..end, put);
        let found = read(&files);
        prop_assert_eq!(&found, &read(&files));
    }

    #[test]
    fn any_text(bytes in prop::collection::vec(any::<u8>(), 0..200), name in "[a-z]{1,3}\\.(yaml|service|env|txt|conf)") {
        let found = one(&name, &bytes);
        let said = found.configured.len() + found.unrecognised.len() + found.skipped.binary.len();
        prop_assert!(said > 0);
    }
}
