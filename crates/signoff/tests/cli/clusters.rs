//! `signoff cluster` and `signoff playbook` against an API server that the test itself runs (`cluster/stub.rs`): TLS,
//! tokens, certificates and plugins, each right taken away in turn, wrong and endless answers.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::project::{Project, Run, finish};

#[path = "cluster/stub.rs"]
mod stub;

use stub::{Asked, Authority, Reply, Stub, TOKEN, kubeconfig};

const LIST: &str = "test/compatibility_lifecycle/reference/versioned_feature_list.yaml";

/// What must never be printed or kept: every secret of the kubeconfigs and of the cluster begins so.
const HUSH: &str = "hush-";

/// Rights, by the beginnings of the paths that need them.
const RIGHTS: [(&str, &str, &str); 9] = [
    ("metrics", "/metrics", "needs get on /metrics: ClusterRole system:monitoring"),
    ("flagz", "/flagz", "needs get on /flagz: ClusterRole system:monitoring"),
    ("statusz", "/statusz", "needs get on /statusz: ClusterRole system:monitoring"),
    ("nodes", "/api/v1/nodes", "needs list on nodes"),
    ("configz", "/api/v1/nodes/", "needs get on nodes/proxy"),
    ("replicas", "/apis/discovery.k8s.io/", "needs list on endpointslices.discovery.k8s.io in default"),
    ("pods", "/api/v1/namespaces/kube-system/pods", "needs list on pods in kube-system"),
    (
        "configmap",
        "/api/v1/namespaces/kube-system/configmaps/kubeadm-config",
        "needs get on configmaps/kubeadm-config in kube-system",
    ),
    (
        "configmap",
        "/api/v1/namespaces/kube-system/configmaps/kubelet-config",
        "needs get on configmaps/kubelet-config in kube-system",
    ),
];

fn recorded(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cli/cluster").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The answers of the recorded cluster to who may ask.
fn answer(asked: &Asked) -> Reply {
    let bearer = asked.headers.get("authorization").map(String::as_str);
    let is_known = asked.has_certificate || bearer == Some(&format!("Bearer {TOKEN}"));
    if bearer.is_some() && !is_known {
        return Reply::Body(401, "application/json", b"{\"kind\":\"Status\",\"code\":401}".into());
    }
    if !is_known && asked.path != "/version" {
        return forbidden();
    }
    let accept = asked.headers.get("accept").map(String::as_str).unwrap_or_default();
    let is_typed = accept.contains("v=v1beta1;g=config.k8s.io;as=");
    let (kind, name) = match asked.path.as_str() {
        "/version" => ("application/json", "version.json"),
        "/metrics" => ("text/plain; version=0.0.4", "metrics.txt"),
        "/flagz" | "/statusz" if !is_typed => return Reply::Body(406, "text/plain", b"not acceptable".into()),
        "/flagz" => ("application/json", "flagz.json"),
        "/statusz" => ("application/json", "statusz.json"),
        "/api/v1/nodes" if asked.query.contains("continue=next%20page") => ("application/json", "nodes-2.json"),
        "/api/v1/nodes" => ("application/json", "nodes-1.json"),
        "/api/v1/nodes/cp1/proxy/configz" => ("application/json", "configz-cp1.json"),
        "/api/v1/nodes/n1/proxy/configz" => ("application/json", "configz-n1.json"),
        "/api/v1/nodes/cp1/proxy/metrics" => ("text/plain", "kubelet-metrics.txt"),
        "/api/v1/nodes/n1/proxy/metrics" => return Reply::Body(404, "text/plain", b"404 page not found".into()),
        "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices" => ("application/json", "endpointslices.json"),
        "/api/v1/namespaces/kube-system/pods" => ("application/json", "pods.json"),
        path => match path.strip_prefix("/api/v1/namespaces/kube-system/configmaps/") {
            Some(name) => return Reply::Body(200, "application/json", recorded(&format!("{name}.json"))),
            None => return Reply::Body(404, "text/plain", b"404 page not found".into()),
        },
    };
    Reply::Body(200, kind, recorded(name))
}

fn forbidden() -> Reply {
    let body =
        format!("{{\"kind\":\"Status\",\"code\":403,\"message\":\"forbidden: User \\\"{HUSH}user\\\" cannot\"}}");
    Reply::Body(403, "application/json", body.into())
}

/// Two proposals, and lists of gates for two versions.
fn project() -> Project {
    let project = Project::base();
    let spec = |stage: &str, version: &str, default: bool, locked: bool| {
        format!(
            "  - default: {default}\n    lockToDefault: {locked}\n    preRelease: {stage}\n    version: \"{version}\"\n"
        )
    };
    let pools = spec("Alpha", "1.34", false, false) + &spec("Beta", "1.35", true, false);
    let queues = spec("Alpha", "1.35", false, false);
    let sets = spec("Beta", "1.33", true, false) + &spec("GA", "1.36", true, true);
    for version in ["1.35.3", "1.36.2"] {
        let gate = |name: &str, specs: &str| format!("- name: {name}\n  versionedSpecs:\n{specs}");
        let text = gate("WidgetPools", &pools) + &gate("WidgetQueues", &queues) + &gate("WidgetSets", &sets);
        project.write(&format!("code/kubernetes-{version}/{LIST}"), text);
    }
    project
}

/// A project with a kubeconfig for a server.
struct World {
    project: Project,
    authority: Authority,
    stub: Stub,
    config: String,
}

impl World {
    fn new(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let authority = Authority::new();
        let stub = Stub::start(&authority, answer);
        let project = project();
        let config = kubeconfig(&project.root(), &authority, stub.port, &format!("    token: {TOKEN}"));
        Self { project, authority, stub, config }
    }

    fn with_user(self, user: &str) -> Self {
        kubeconfig(&self.project.root(), &self.authority, self.stub.port, user);
        self
    }

    /// Runs `signoff cluster`; nothing that it prints is a secret.
    fn run(&self, more: &[&str]) -> Run {
        let start = ["cluster", "--kubeconfig", &self.config, "--code", "code"];
        let run = self.project.run(&[&start, more].concat());
        assert_hushed(&run.out);
        assert_hushed(&run.err);
        run
    }

    fn cluster(&self, more: &[&str]) -> Value {
        let run = self.run(&[more, &["--format", "json"]].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        run.json()["clusters"][0].clone()
    }
}

fn assert_hushed(text: &str) {
    assert!(!text.contains(HUSH), "a secret is told: {text}");
    assert!(!text.contains("PRIVATE KEY"), "a key is told: {text}");
}

/// The outcomes of readings as `what component instance: outcome detail`.
fn readings(cluster: &Value) -> Vec<String> {
    let text = |reading: &Value, key: &str| reading[key].as_str().expect("a text").to_owned();
    let readings = cluster["readings"].as_array().expect("readings").iter();
    readings
        .map(|reading| {
            let about = [text(reading, "what"), text(reading, "component"), text(reading, "instance")];
            let about: Vec<String> = about.into_iter().filter(|text| !text.is_empty()).collect();
            format!("{}: {} {}", about.join(" "), text(reading, "outcome"), text(reading, "detail"))
                .trim_end()
                .to_owned()
        })
        .collect()
}

/// What a gate is, as `component instance: known value`.
fn cells(cluster: &Value, gate: &str) -> Vec<String> {
    let gates = cluster["gates"].as_array().expect("gates");
    let row = gates.iter().find(|row| row["gate"] == gate).unwrap_or_else(|| panic!("no gate {gate}"));
    let columns = cluster["columns"].as_array().expect("columns").iter();
    let cells = row["cells"].as_array().expect("cells").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    columns
        .zip(cells)
        .map(|(column, cell)| {
            let about = format!("{} {}", text(&column["component"]), text(&column["instance"]));
            format!("{}: {} {}", about.trim(), text(&cell["known"]), text(&cell["value"])).trim_end().to_owned()
        })
        .collect()
}

#[test]
fn a_cluster_is_read_with_a_token() {
    let world = World::new(answer);
    let cluster = world.cluster(&[]);
    let expected = [
        "version: read",
        "nodes: read",
        "replicas kube-apiserver: read",
        "metrics kube-apiserver cp1: read",
        "flagz kube-apiserver cp1: read",
        "statusz kube-apiserver cp1: read",
        "configz kubelet cp1: read",
        "metrics kubelet cp1: read",
        "configz kubelet n1: read",
        "metrics kubelet n1: absent the server does not have it (404)",
        "configmap kubeadm-config: read",
        "configmap kubelet-config: read",
        "pods: read",
    ];
    assert_eq!(readings(&cluster), expected);
    let pools = [
        "kube-apiserver cp1: observed off",
        "kube-controller-manager cp1: inferred on",
        "kube-scheduler cp1: inferred on",
        "kubelet cp1: observed on",
        "kubelet n1: inferred on",
        "kube-proxy: unknown",
    ];
    assert_eq!(cells(&cluster, "WidgetPools"), pools);
    let queues = [
        "kube-apiserver cp1: observed off",
        "kube-controller-manager cp1: inferred off",
        "kube-scheduler cp1: observed on",
        "kubelet cp1: observed missing",
        "kubelet n1: inferred off",
        "kube-proxy: unknown",
    ];
    assert_eq!(cells(&cluster, "WidgetQueues"), queues);
    assert_eq!(cluster["columns"][4]["version"], "v1.35.3");
    let human = world.run(&[]).out;
    assert!(human.contains("prod  v1.36.2") && human.contains("WidgetPools"), "{human}");
    assert!(human.contains("absent metrics of kubelet at n1: the server does not have it (404)"), "{human}");
}

#[test]
fn each_right_is_named_when_it_is_missing_and_the_rest_is_read() {
    for (what, path, right) in RIGHTS {
        let is_exact = matches!(path, "/metrics" | "/flagz" | "/statusz" | "/api/v1/nodes");
        let world = World::new(move |asked| {
            let is_denied = if is_exact { asked.path == path } else { asked.path.starts_with(path) };
            if is_denied { forbidden() } else { answer(asked) }
        });
        let cluster = world.cluster(&[]);
        let all = readings(&cluster);
        let denied: Vec<&String> = all.iter().filter(|reading| reading.contains(": denied")).collect();
        assert!(!denied.is_empty() && denied.iter().all(|reading| reading.contains(right)), "{path}: {denied:?}");
        assert!(denied.iter().any(|reading| reading.starts_with(what)), "{path}: {denied:?}");
        let others = all.iter().filter(|reading| reading.ends_with(": read")).count();
        assert!(others >= 4, "{path}: {all:#?}");
        let human = world.run(&[]).out;
        assert!(human.contains(right), "{path}: {human}");
        if path == "/metrics" {
            // Its command line still tells what is set; what is not set follows from the version.
            assert_eq!(cells(&cluster, "WidgetPools")[0], "kube-apiserver cp1: observed off");
            assert_eq!(cells(&cluster, "WidgetQueues")[0], "kube-apiserver cp1: inferred off");
        }
    }
}

#[test]
fn without_any_right_the_version_tells_defaults() {
    let world = World::new(answer).with_user("    username: nobody");
    let cluster = world.cluster(&[]);
    let all = readings(&cluster);
    assert_eq!(all[0], "version: read");
    assert!(all[1..].iter().all(|reading| reading.contains(": denied")), "{all:#?}");
    assert_eq!(cells(&cluster, "WidgetPools")[0], "kube-apiserver: inferred on");
    assert_eq!(cells(&cluster, "WidgetPools")[1], "kube-controller-manager: unknown");
    let cell = &cluster["gates"][0]["cells"][1];
    assert_eq!(cell["right"], "needs list on pods in kube-system: a Role there");
}

#[test]
fn certificates_and_plugins_are_used() {
    let world = World::new(answer);
    let root = world.project.root();
    std::fs::write(root.join("client.crt"), &world.authority.client.0).expect("a file");
    std::fs::write(root.join("client.key"), &world.authority.client.1).expect("a file");
    let world = world.with_user("    client-certificate: client.crt\n    client-key: client.key");
    assert_eq!(readings(&world.cluster(&[]))[3], "metrics kube-apiserver cp1: read");
    assert!(world.stub.asked().iter().all(|asked| asked.has_certificate));
    #[cfg(unix)]
    {
        let script = format!(
            "#!/bin/sh\necho '{HUSH}said' >&2\necho '{{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{{\"token\":\"{TOKEN}\"}}}}'\n"
        );
        let path = executable(&world, "plugin", &script);
        let user = |path: &str| {
            format!(
                "    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: {path}\n      args: [{HUSH}argument]\n      interactiveMode: Never"
            )
        };
        let world = world.with_user(&user(&path));
        assert_eq!(readings(&world.cluster(&[]))[3], "metrics kube-apiserver cp1: read");
        for script in [
            format!("#!/bin/sh\necho '{HUSH}out'\necho '{HUSH}err' >&2\nexit 3\n"),
            format!("#!/bin/sh\necho '{{\"status\": {HUSH}out'\n"),
        ] {
            executable(&world, "plugin", &script);
            let run = world.run(&[]);
            assert!(run.complaint().contains("plugin of its user"), "{}", run.err);
        }
        let gone = world.with_user(&user("./nowhere"));
        assert!(gone.run(&[]).complaint().contains("the plugin of its user cannot be started"));
    }
}

#[cfg(unix)]
fn executable(world: &World, name: &str, script: &str) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let path = world.project.root().join(name);
    std::fs::write(&path, script).expect("a file");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("permissions");
    path.to_str().expect("a path").to_owned()
}

#[test]
fn kubeconfigs_that_cannot_be_used_are_told_without_their_secrets() {
    let world = World::new(answer);
    let text = std::fs::read_to_string(&world.config).expect("a file");
    let cases: [(String, &[&str], &str); 6] = [
        (text.clone(), &["--context", "nowhere"], "the kubeconfig has no context `nowhere`\nit has prod, other"),
        (text.replace("current-context: prod", ""), &[], "it has no current context"),
        (format!("token: [{HUSH}a\n{text}"), &[], "it is no kubeconfig that can be read"),
        (text.replace("server: https://127.0.0.1", "server: https://[nowhere"), &[], "no address"),
        (text.replace("ca.crt", "gone.crt"), &[], "the certificate of its cluster cannot be read"),
        (
            text.replace(&format!("token: {TOKEN}"), &format!("tokenFile: /nowhere/{HUSH}file")),
            &[],
            "token of its user",
        ),
    ];
    for (text, more, expected) in cases {
        std::fs::write(&world.config, text).expect("a file");
        let run = world.run(more);
        let expected = expected.replace("it has no current", "no current");
        assert!(run.complaint().contains(&expected), "{expected}: {}", run.err);
    }
    let run = world.project.run(&["cluster", "--kubeconfig", "nowhere"]);
    assert!(run.complaint().contains("cannot read the kubeconfig nowhere"), "{}", run.err);
    assert!(world.stub.asked().is_empty());
}

#[test]
fn who_is_not_known_or_cannot_be_reached_is_told_so() {
    let world = World::new(answer).with_user(&format!("    token: {HUSH}other"));
    let run = world.run(&[]);
    assert!(run.complaint().contains("does not accept the credentials (401)"), "{}", run.err);
    // A server that another authority vouches for is told nothing.
    let other = Authority::new();
    let world = World::new(answer);
    std::fs::write(world.project.root().join("ca.crt"), &other.certificate).expect("a file");
    let run = world.run(&[]);
    assert!(run.complaint().contains("it cannot be reached: "), "{}", run.err);
    assert!(world.stub.asked().is_empty());
}

#[test]
fn wrong_answers_are_named_and_the_others_are_used() {
    type Wrong = fn() -> Reply;
    let cases: [(&str, Wrong, &str, &str); 10] = [
        (
            "/api/v1/nodes",
            || Reply::Body(200, "application/json", recorded("nodes-1.json")[..300].into()),
            "nodes",
            "partly it ends in the middle of a value (line 2)",
        ),
        (
            "/version",
            || Reply::Body(200, "text/html", "<html>".into()),
            "version",
            "failed it is not JSON from here on (line 1)",
        ),
        (
            "/metrics",
            || Reply::Body(200, "text/html", "<html>\n</html>\n".into()),
            "metrics kube-apiserver",
            "failed it has no metrics",
        ),
        (
            "/metrics",
            || Reply::Body(503, "text/plain", "no".into()),
            "metrics kube-apiserver",
            "failed it answers 503 Service Unavailable",
        ),
        (
            "/flagz",
            || Reply::Body(200, "application/json", "{\"kind\": \"Fl".into()),
            "flagz",
            "failed it ends in the middle",
        ),
        ("/flagz", || Reply::Cut("{\"kind\": \"Flagz\"".into()), "flagz", "failed its answer breaks off"),
        (
            "/statusz",
            || Reply::Body(200, "application/json", "{\"kind\":\"List\"}".into()),
            "statusz",
            "failed it is no Statusz but a List",
        ),
        ("/api/v1/nodes", || Reply::Cut(recorded("nodes-1.json")), "nodes", "partly its answer breaks off"),
        (
            "/api/v1/namespaces/kube-system/pods",
            || Reply::Body(200, "application/json", vec![0xff; 100]),
            "pods",
            "failed its answer is no text",
        ),
        (
            "/api/v1/namespaces/kube-system/pods",
            || Reply::Body(302, "text/plain", Vec::new()),
            "pods",
            "failed it answers 302 Found",
        ),
    ];
    for (path, wrong, about, expected) in cases {
        let world = World::new(move |asked| if asked.path == path { wrong() } else { answer(asked) });
        let all = readings(&world.cluster(&[]));
        let found = all.iter().find(|reading| reading.starts_with(about)).expect(about);
        assert!(found.contains(expected), "{path}: {found}");
        assert!(all.iter().filter(|reading| reading.ends_with(": read")).count() >= 4, "{path}: {all:#?}");
    }
}

#[test]
fn endless_and_silent_servers_are_left() {
    let line = "# HELP x [ALPHA] Words.\nx 1\n".repeat(2000);
    let world = World::new(move |asked| match asked.path.as_str() {
        "/flagz" => Reply::Endless(vec![b' '; 1 << 20]),
        "/statusz" => Reply::Silence(Duration::from_secs(20)),
        "/api/v1/nodes/cp1/proxy/metrics" => Reply::Endless(line.clone().into()),
        _ => answer(asked),
    });
    let started = Instant::now();
    let all = readings(&world.cluster(&["--timeout", "1"]));
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    assert!(all.iter().any(|reading| reading.starts_with("flagz kube-apiserver cp1: failed its answer")), "{all:#?}");
    assert!(all.contains(&"statusz kube-apiserver cp1: failed no answer within 1 seconds".to_owned()), "{all:#?}");
    assert!(all.iter().any(|reading| reading.starts_with("metrics kubelet cp1: partly its answer")), "{all:#?}");
    assert!(all.contains(&"pods: read".to_owned()), "{all:#?}");
}

#[test]
fn a_list_whose_pages_never_end_is_left() {
    let world = World::new(|asked| match asked.path.as_str() {
        "/api/v1/nodes" => Reply::Body(200, "application/json", recorded("nodes-1.json")),
        _ => answer(asked),
    });
    let all = readings(&world.cluster(&[]));
    assert_eq!(all[1], "nodes: partly its list has more than 200 pages; the others are not read");
    assert_eq!(world.stub.asked().iter().filter(|asked| asked.path == "/api/v1/nodes").count(), 200);
}

#[test]
fn a_hundred_megabytes_of_metrics_are_read_as_they_come() {
    let sample = "apiserver_request_duration_seconds_bucket{verb=\"GET\",resource=\"pods\",le=\"0.05\"} 12345\n";
    let piece = sample.repeat((1 << 20) / sample.len());
    let world = World::new(move |asked| match asked.path.as_str() {
        "/metrics" => {
            let mut text = piece.clone();
            text.push_str("kubernetes_feature_enabled{name=\"WidgetPools\",stage=\"BETA\"} 1\n");
            Reply::Repeated(text.into(), 100)
        }
        _ => answer(asked),
    });
    let started = Instant::now();
    let cluster = world.cluster(&[]);
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    assert!(readings(&cluster).contains(&"metrics kube-apiserver cp1: read".to_owned()), "{:#?}", readings(&cluster));
    assert_eq!(cells(&cluster, "WidgetPools")[0], "kube-apiserver cp1: observed on");
}

#[test]
fn replicas_that_do_not_agree_are_flagged() {
    let authority = Authority::new();
    let second = Stub::start(&authority, |asked| match asked.path.as_str() {
        "/metrics" => {
            let text = String::from_utf8(recorded("metrics.txt")).expect("text");
            let text = text.replace("name=\"WidgetPools\",stage=\"BETA\"} 0", "name=\"WidgetPools\",stage=\"BETA\"} 1");
            Reply::Body(200, "text/plain", text.into())
        }
        _ => answer(asked),
    });
    let port = second.port;
    let own = std::sync::Arc::new(std::sync::atomic::AtomicU16::new(0));
    let known = std::sync::Arc::clone(&own);
    let first = Stub::start(&authority, move |asked| match asked.path.as_str() {
        path if path.ends_with("/endpointslices") => {
            let own = known.load(std::sync::atomic::Ordering::SeqCst);
            let slice = |port: u16| {
                format!("{{\"endpoints\":[{{\"addresses\":[\"127.0.0.1\"]}}],\"ports\":[{{\"port\":{port}}}]}}")
            };
            let text =
                format!("{{\"kind\":\"EndpointSliceList\",\"items\":[{},{},{}]}}", slice(own), slice(port), slice(1));
            Reply::Body(200, "application/json", text.into())
        }
        _ => answer(asked),
    });
    own.store(first.port, std::sync::atomic::Ordering::SeqCst);
    let project = project();
    let config = kubeconfig(&project.root(), &authority, first.port, &format!("    token: {TOKEN}"));
    let arguments = ["cluster", "--kubeconfig", &config, "--code", "code", "--gate", "WidgetPools"];
    let cluster = project.json(&arguments)["clusters"][0].clone();
    let all = cells(&cluster, "WidgetPools");
    assert!(all.contains(&format!("kube-apiserver 127.0.0.1:{}: observed off", first.port)), "{all:#?}");
    assert!(all.contains(&format!("kube-apiserver 127.0.0.1:{port}: observed on")), "{all:#?}");
    assert_eq!(cluster["gates"][0]["disagreeing"][0]["component"], "kube-apiserver");
    assert_eq!(cluster["gates"][0]["disagreeing"][0]["observed"], true);
    let failed = readings(&cluster);
    assert!(
        failed
            .iter()
            .any(|reading| reading.starts_with("metrics kube-apiserver 127.0.0.1:1: failed it cannot be reached")),
        "{failed:#?}"
    );
    let human = project.printed(0, &arguments);
    assert!(human.contains("replicas or nodes of kube-apiserver do not agree"), "{human}");
}

#[test]
fn a_saved_state_says_what_the_cluster_said_and_keeps_no_secret() {
    let world = World::new(answer);
    let live = world.cluster(&["--snapshot", "prod.json"]);
    let text = world.project.read("prod.json");
    assert_hushed(&text);
    assert!(text.contains("oidc-client-secret") && text.contains("token-auth-file"), "names of flags are kept");
    let again = world.cluster(&["--snapshot", "again.json"]);
    assert_eq!((text, &live), (world.project.read("again.json"), &again), "the same answers give the same bytes");
    let asked = world.stub.asked().len();
    let saved = world.project.json(&["cluster", "--cluster", "prod.json", "--code", "code"]);
    assert_eq!(saved["clusters"][0], live);
    assert_eq!(world.stub.asked().len(), asked, "a saved state is read in place of a cluster");
    let csv = world.project.printed(0, &["cluster", "--cluster", "prod.json", "--code", "code", "--format", "csv"]);
    assert!(csv.contains("prod,WidgetPools,kubelet,cp1,v1.36.2,observed,on,beta,metrics,"), "{csv}");
}

/// The answers of a running API server, where the corpora are there.
#[test]
#[expect(clippy::print_stderr, reason = "says that it did not run")]
fn answers_of_a_running_server_are_read_to_the_last_gate() {
    let named = std::env::var_os("SIGNOFF_CORPORA").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"));
    let live = folder.join("evidence/live");
    if !live.is_dir() {
        eprintln!("not run: no evidence/live; SIGNOFF_CORPORA names its folder");
        return;
    }
    let from = live.clone();
    let world = World::new(move |asked| {
        let accept = asked.headers.get("accept").cloned().unwrap_or_default();
        let version = if accept.contains("v=v1beta1") { "v1beta1" } else { "v1alpha1" };
        let name = match asked.path.as_str() {
            "/version" => "version.json".to_owned(),
            "/metrics" => "kube-apiserver-1.36.2-metrics.txt".to_owned(),
            "/flagz" => format!("flagz.{version}.json"),
            "/statusz" => format!("statusz.{version}.json"),
            _ => return forbidden(),
        };
        Reply::Body(200, "text/plain", std::fs::read(from.join(name)).expect("an answer"))
    });
    let code = folder.join("evidence").to_str().expect("a path").to_owned();
    let run = world.project.run(&["cluster", "--kubeconfig", &world.config, "--code", &code, "--format", "json"]);
    let cluster = run.json()["clusters"][0].clone();
    let gates = cluster["gates"].as_array().expect("gates");
    let text = std::fs::read_to_string(live.join("kube-apiserver-1.36.2-metrics.txt")).expect("metrics");
    let lines = text.lines().filter(|line| line.starts_with("kubernetes_feature_enabled{")).count();
    // Two of the lines stand for whole stages.
    assert_eq!(gates.len(), lines - 2);
    assert_eq!(cluster["columns"][0]["version"], "v1.36");
    let departing: Vec<&str> = gates
        .iter()
        .filter(|gate| gate["departs"] == true && !gate["listed"].is_null())
        .filter_map(|gate| gate["gate"].as_str())
        .collect();
    assert_eq!(departing, ["HPAScaleToZero"]);
    assert_eq!(&cells(&cluster, "HPAScaleToZero")[..1], ["kube-apiserver: observed on"]);
    assert!(cells(&cluster, "HPAScaleToZero")[1..].iter().all(|cell| cell.ends_with(": unknown")));
}

/// Snapshots made from the recorded one: a fleet.
fn fleet(world: &World, count: usize) {
    world.cluster(&["--snapshot", "prod.json"]);
    let text = world.project.read("prod.json");
    for number in 0..count {
        world
            .project
            .write(&format!("fleet/c{number:03}.json"), text.replacen("\"prod\"", &format!("\"c{number:03}\""), 1));
    }
}

#[test]
fn a_folder_of_snapshots_is_a_fleet_and_broken_ones_are_named() {
    let world = World::new(answer);
    fleet(&world, 3);
    world.project.write("fleet/broken.json", "{\"schema\": \"signoff.cluster/1\"");
    world.project.write("fleet/other.json", "{\"schema\": \"signoff.check/1\"}");
    world.project.write("fleet/readme.md", "words");
    let run = world.project.run(&["cluster", "--cluster", "fleet", "--code", "code", "--format", "json"]);
    let names: Vec<Value> =
        run.json()["clusters"].as_array().expect("a list").iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["c000", "c001", "c002"]);
    assert!(
        run.err.contains("fleet/broken.json is not used: it ends in the middle of a value (line 1, column 30)"),
        "{}",
        run.err
    );
    assert!(run.err.contains("its `schema` is `signoff.check/1`"), "{}", run.err);
    let run = world.project.run(&["cluster", "--cluster", "fleet/broken.json"]);
    assert!(run.complaint().contains("is no snapshot of a cluster"), "{}", run.err);
    let run = world.project.run(&["cluster", "--cluster", "nowhere"]);
    assert!(run.complaint().contains("cannot read nowhere"), "{}", run.err);
}

/// Which clusters will not start after an upgrade, and because of which lines; what is broken is named.
#[test]
fn a_fleet_is_upgraded_in_one_table() {
    let world = World::new(answer);
    fleet(&world, 3);
    world.project.write("fleet/broken.json", "{");
    world.project.write(
        &format!("code/kubernetes-1.37.0/{LIST}"),
        "- name: Other\n  versionedSpecs:\n  - default: true\n    lockToDefault: false\n    preRelease: Beta\n    version: \"1.30\"\n",
    );
    let asked = ["upgrade", "--cluster", "fleet", "--to", "1.37", "--code", "code"];
    let run = world.project.run(&asked);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains("3 clusters to v1.37: 3 will not start, 0 start, 0 not known"), "{}", run.out);
    assert!(run.out.contains("WidgetPools"), "{}", run.out);
    assert!(run.err.contains("fleet/broken.json is not used"), "{}", run.err);
    let told = world.project.run(&[&asked[..], &["--format", "json"]].concat()).json();
    assert_eq!(told["schema"], "signoff.fleet/1");
    let clusters = told["clusters"].as_array().expect("clusters");
    let verdicts: Vec<&Value> = clusters.iter().map(|cluster| &cluster["verdict"]).collect();
    assert_eq!(verdicts, ["will-not-start"; 3]);
    assert_eq!(clusters[0]["upgrade"]["from"], "1.36.2");
    // One snapshot stands for its cluster; its configuration is in it.
    let one = world.project.run(&["upgrade", "--cluster", "prod.json", "--to", "1.37", "--code", "code"]);
    assert!(one.code == 1 && one.out.contains("Breaks: the component does not start"), "{}{}", one.out, one.err);
    let both = world.project.run(&[&asked[..], &["--config", "code"]].concat());
    assert!(both.code == 2 && both.err.contains("leave --config or --cluster out"), "{}", both.err);
}

#[test]
fn three_hundred_snapshots_are_read_at_once() {
    let world = World::new(answer);
    fleet(&world, 300);
    let started = Instant::now();
    let run = finish(
        world.project.command(&[
            "cluster",
            "--cluster",
            "fleet",
            "--code",
            "code",
            "--gate",
            "WidgetPools",
            "--format",
            "csv",
        ]),
        b"",
    );
    let time = started.elapsed();
    assert_eq!(
        (run.code, run.out.lines().filter(|line| line.contains(",kubelet,cp1,")).count()),
        (0, 300),
        "{}",
        run.err
    );
    assert!(time < Duration::from_secs(10), "{time:?}");
}

#[test]
fn a_playbook_says_how_to_turn_a_gate_off_and_what_is_not_known() {
    let world = World::new(answer);
    world.cluster(&["--snapshot", "prod.json"]);
    let arguments = ["playbook", "WidgetPools", "--code", "code", "--cluster", "prod.json"];
    let playbook = world.project.json(&arguments);
    assert_eq!(playbook["schema"], "signoff.playbook/1");
    let states: Vec<String> = playbook["states"]
        .as_array()
        .expect("states")
        .iter()
        .map(|state| format!("{} {} {}", state["version"], state["stage"], state["default"]))
        .collect();
    assert_eq!(states, ["\"v1.35.3\" \"beta\" true", "\"v1.36.2\" \"beta\" true"]);
    assert!(!playbook["off"].as_array().expect("ways").is_empty());
    assert!(!playbook["consequences"].as_array().expect("answers").is_empty());
    assert!(playbook["consequences"][0]["line"].as_u64().is_some());
    assert_eq!(playbook["clusters"][0]["cells"][0]["value"], "off");
    for format in ["human", "markdown"] {
        let text = world.project.printed(0, &[&arguments[..], &["--format", format]].concat());
        assert!(
            text.contains("Turning it off") && text.contains("What comes of it") && text.contains("kubelet"),
            "{text}"
        );
    }
    let run = world.project.run(&["playbook", "WidgetPool", "--code", "code"]);
    assert!(run.complaint().contains("did you mean WidgetPools?"), "{}", run.err);
    let alone = world.project.printed(0, &["playbook", "WidgetQueues", "--code", "code"]);
    assert!(alone.contains("what comes of turning it off: no proposal names it"), "{alone}");
    assert!(alone.contains("what it is in a cluster now: no snapshot was given (--cluster)"), "{alone}");
}
