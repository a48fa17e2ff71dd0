//! All that a cluster is asked, and in which order. Lists come first, since they name the nodes and replicas.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use kube::Client;
use signoff_evidence::cluster::{self, Flags, Metrics, Page, PodComponent, Statusz};
use signoff_model::cluster::{
    Outcome, Reading, ReadingKind, Reported, ReportedFlags, ReportedGate, ServedMetrics, ServerVersion, Snapshot,
};
use signoff_model::configured::Configured;

use super::ask::{self, Answer};
use super::connect::Connection;
use super::rights;

const SERVER: &str = "kube-apiserver";
const KUBELET: &str = "kubelet";
const JSON: &str = "application/json";
/// Configuration maps of kubeadm: of the cluster, and for the kubelets of new nodes.
const CONFIG_MAPS: [&str; 2] = ["kubeadm-config", "kubelet-config"];
/// The versions of what flags and statuses are told in, the newest first.
const VERSIONS: [&str; 2] = ["v1beta1", "v1alpha1"];

/// How many questions are open at a time.
const OPEN_MAX: usize = 8;
/// How many items a page has.
const PAGE: usize = 500;
/// Most pages of a list.
const PAGES_MAX: usize = 200;
/// Most replicas of the API server that are asked by themselves.
const REPLICAS_MAX: usize = 16;
/// After so many nodes in a row to which the right is missing no further one is asked.
const DENIED_MAX: usize = 5;

/// Asks a cluster for all that tells which gates are on.
pub async fn ask_all(connection: &Connection, at: Timestamp) -> Snapshot {
    let mut asked = Asked::new(connection, at);
    asked.version().await;
    let addresses = asked.nodes().await;
    let replicas = asked.replicas().await;
    asked.servers(&replicas, &addresses).await;
    asked.kubelets().await;
    for name in CONFIG_MAPS {
        asked.config_map(name).await;
    }
    asked.pods().await;
    asked.finish()
}

/// A snapshot that is being taken.
struct Asked<'c> {
    connection: &'c Connection,
    snapshot: Snapshot,
    statuses: Vec<Statusz>,
    gate_sets: Vec<Arc<[ReportedGate]>>,
}

/// What an API server says of itself.
struct OfServer {
    metrics: Answer<Metrics>,
    flags: Answer<Flags>,
    status: Answer<Statusz>,
}

impl<'c> Asked<'c> {
    fn new(connection: &'c Connection, at: Timestamp) -> Self {
        let snapshot = Snapshot {
            name: connection.name.as_str().into(),
            taken_at: at,
            version: None,
            readings: Vec::new(),
            reported: Vec::new(),
            flags: Vec::new(),
            nodes: Vec::new(),
            programs: Vec::new(),
            configured: Vec::new(),
            metrics: Vec::new(),
        };
        Self { connection, snapshot, statuses: Vec::new(), gate_sets: Vec::new() }
    }

    async fn version(&mut self) {
        let answer = document(&self.connection.client, "/version", JSON, self.connection, cluster::version).await;
        self.snapshot.version = self.note((ReadingKind::Version, "", ""), answer, "needs get on /version");
    }

    /// The nodes; by address, their names.
    async fn nodes(&mut self) -> BTreeMap<Arc<str>, Arc<str>> {
        let (found, outcome) = self.list("/api/v1/nodes?", cluster::nodes, rights::NODES).await;
        self.say((ReadingKind::Nodes, "", ""), outcome);
        let mut by_address = BTreeMap::new();
        for one in found {
            by_address.extend(one.addresses.into_iter().map(|address| (address, Arc::clone(&one.node.name))));
            self.snapshot.nodes.push(one.node);
        }
        self.snapshot.nodes.sort_by(|left, right| left.name.cmp(&right.name));
        self.snapshot.nodes.dedup_by(|left, right| left.name == right.name);
        by_address
    }

    /// The addresses of the API servers behind the one that is asked.
    async fn replicas(&mut self) -> Vec<Arc<str>> {
        let path = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dkubernetes&";
        let (mut found, outcome) = self.list(path, cluster::replicas, rights::REPLICAS).await;
        self.say((ReadingKind::Replicas, SERVER, ""), outcome);
        found.sort();
        found.dedup();
        found
    }

    /// What each API server says of itself. Where there are several, each is asked by its address, since the one that
    /// answers for all of them may be another one each time.
    async fn servers(&mut self, replicas: &[Arc<str>], addresses: &BTreeMap<Arc<str>, Arc<str>>) {
        let name_of = |address: &Arc<str>| {
            let host = address.rsplit_once(':').map_or(&**address, |(host, _)| host).trim_matches(['[', ']']);
            addresses.get(host).unwrap_or(address).clone()
        };
        if let [only] = replicas {
            let client = self.connection.client.clone();
            self.server(&client, &name_of(only)).await;
            return;
        }
        let mut has_answered = false;
        for address in replicas.iter().take(REPLICAS_MAX) {
            let Some(client) = self.connection.to_replica(address) else { break };
            let readings = self.snapshot.readings.len();
            self.server(&client, &name_of(address)).await;
            let new = &self.snapshot.readings[readings..];
            has_answered |= new.iter().any(|reading| !matches!(reading.outcome, Outcome::Failed(_)));
        }
        if !has_answered {
            // Which replica answers, nobody can tell.
            let client = self.connection.client.clone();
            self.server(&client, &"".into()).await;
        }
    }

    async fn server(&mut self, client: &Client, instance: &Arc<str>) {
        let OfServer { metrics, flags, status } = of_server(client, self.connection).await;
        let metrics = self.note((ReadingKind::Metrics, SERVER, instance), metrics, &rights::endpoint("/metrics"));
        if let Some(metrics) = metrics {
            self.keep_metrics(SERVER, instance, metrics);
        }
        if let Some(flags) = self.note((ReadingKind::Flagz, SERVER, instance), flags, &rights::endpoint("/flagz")) {
            let at = self.snapshot.taken_at;
            let (component, instance) = (SERVER.into(), Arc::clone(instance));
            self.snapshot.flags.push(ReportedFlags { component, instance, at, flags });
        }
        let status = self.note((ReadingKind::Statusz, SERVER, instance), status, &rights::endpoint("/statusz"));
        self.statuses.extend(status);
    }

    /// The configuration and the metrics of each kubelet, which the API server passes on.
    async fn kubelets(&mut self) {
        let names: Vec<Arc<str>> = self.snapshot.nodes.iter().map(|node| Arc::clone(&node.name)).collect();
        let (first, others) = names.split_at(names.len().min(DENIED_MAX));
        let denied_before = self.denied();
        self.kubelets_of(first).await;
        if !others.is_empty() && self.denied() - denied_before == 2 * first.len() {
            for name in others {
                for what in [ReadingKind::Configz, ReadingKind::Metrics] {
                    self.say((what, KUBELET, name), Outcome::Denied(rights::NODE_PROXY.into()));
                }
            }
            return;
        }
        self.kubelets_of(others).await;
    }

    fn denied(&self) -> usize {
        self.snapshot.readings.iter().filter(|reading| matches!(reading.outcome, Outcome::Denied(_))).count()
    }

    async fn kubelets_of(&mut self, names: &[Arc<str>]) {
        let connection = self.connection;
        let asked = stream::iter(names).map(|name| async move {
            let path = |what: &str| format!("/api/v1/nodes/{name}/proxy/{what}");
            let client = &connection.client;
            let read = |answer: &str| cluster::configz(answer, name);
            let configz = document(client, &path("configz"), JSON, connection, read).await;
            (configz, ask::metrics(client, &path("metrics"), connection.timeout).await)
        });
        let answers: Vec<_> = asked.buffered(OPEN_MAX).collect().await;
        for (name, (configz, metrics)) in names.iter().zip(answers) {
            let configured = self.note((ReadingKind::Configz, KUBELET, name), configz, rights::NODE_PROXY);
            self.snapshot.configured.extend(configured);
            if let Some(metrics) = self.note((ReadingKind::Metrics, KUBELET, name), metrics, rights::NODE_PROXY) {
                self.keep_metrics(KUBELET, name, metrics);
            }
        }
    }

    async fn config_map(&mut self, name: &str) {
        let path = format!("/api/v1/namespaces/kube-system/configmaps/{name}");
        let read = |answer: &str| cluster::config_map(answer, name);
        let answer = document(&self.connection.client, &path, JSON, self.connection, read).await;
        let found = self.note((ReadingKind::ConfigMap, name, ""), answer, &rights::config_map(name));
        self.snapshot.configured.extend(found.into_iter().flatten());
    }

    /// The components that run as pods, with their command lines and versions.
    async fn pods(&mut self) {
        let path = "/api/v1/namespaces/kube-system/pods?";
        let (mut found, outcome) = self.list(path, cluster::pods, rights::PODS).await;
        self.say((ReadingKind::Pods, "", ""), outcome);
        found.sort_by(|left, right| {
            let key =
                |one: &PodComponent| (Arc::clone(&one.configured.component), Arc::clone(&one.configured.instance));
            key(left).cmp(&key(right))
        });
        for one in found {
            self.snapshot.configured.push(one.configured);
            self.snapshot.programs.extend(one.program);
        }
    }

    /// All pages of a list, and what came of it.
    async fn list<T>(&self, path: &str, read: fn(&str) -> Result<Page<T>, String>, right: &str) -> (Vec<T>, Outcome) {
        let (mut found, mut next) = (Vec::new(), None::<String>);
        for _ in 0..PAGES_MAX {
            let mark = next.as_deref().map(|next| format!("&continue={}", escaped(next))).unwrap_or_default();
            let url = format!("{path}limit={PAGE}{mark}");
            let page = match ask::text(&self.connection.client, &url, JSON, self.connection.timeout).await {
                Answer::Read(text) => match read(&text.text) {
                    Ok(page) => Ok(Page { cut: text.cut.or(page.cut), ..page }),
                    Err(why) => Err(Outcome::Failed(text.cut.unwrap_or(why).into())),
                },
                Answer::Denied => Err(Outcome::Denied(right.into())),
                Answer::Absent(why) => Err(Outcome::Absent(why.into())),
                Answer::Failed(why) => Err(Outcome::Failed(why.into())),
            };
            let page = match page {
                Ok(page) => page,
                Err(outcome) if found.is_empty() => return (found, outcome),
                Err(outcome) => {
                    let why = format!("its list breaks off after {} entries: {}", found.len(), outcome.detail());
                    return (found, Outcome::Partly(why.into()));
                }
            };
            found.extend(page.items);
            if let Some(cut) = page.cut {
                return (found, Outcome::Partly(cut.into()));
            }
            match page.next {
                Some(mark) => next = Some(mark),
                None => return (found, Outcome::Read),
            }
        }
        (found, Outcome::Partly(format!("its list has more than {PAGES_MAX} pages; the others are not read").into()))
    }

    /// Writes down what came of a question; the answer, if there is one.
    fn note<T>(&mut self, about: (ReadingKind, &str, &str), answer: Answer<T>, right: &str) -> Option<T> {
        let (outcome, value) = match answer {
            Answer::Read(value) => (Outcome::Read, Some(value)),
            Answer::Denied => (Outcome::Denied(right.into()), None),
            Answer::Absent(why) => (Outcome::Absent(why.into()), None),
            Answer::Failed(why) => (Outcome::Failed(why.into()), None),
        };
        self.say(about, outcome);
        value
    }

    fn say(&mut self, (what, component, instance): (ReadingKind, &str, &str), outcome: Outcome) {
        let at = self.snapshot.taken_at;
        let (component, instance) = (component.into(), instance.into());
        self.snapshot.readings.push(Reading { what, component, instance, outcome, at });
    }

    /// Keeps the gates and the names of metrics; those that others report as well are kept once.
    fn keep_metrics(&mut self, component: &str, instance: &Arc<str>, metrics: Metrics) {
        if let (Some(problem), Some(reading)) = (metrics.problem, self.snapshot.readings.last_mut()) {
            reading.outcome = Outcome::Partly(problem.into());
        }
        if !metrics.gates.is_empty() {
            let known = self.gate_sets.iter().find(|known| ***known == *metrics.gates);
            let gates = known.map_or_else(|| metrics.gates.into(), Arc::clone);
            if known.is_none() {
                self.gate_sets.push(Arc::clone(&gates));
            }
            self.snapshot.reported.push(Reported {
                component: component.into(),
                instance: Arc::clone(instance),
                source: ReadingKind::Metrics,
                at: self.snapshot.taken_at,
                gates,
            });
        }
        let served = &mut self.snapshot.metrics;
        let same = served.iter_mut().find(|one| *one.component == *component && one.names == metrics.names);
        match same {
            Some(one) => one.instances.push(Arc::clone(instance)),
            None => served.push(ServedMetrics {
                component: component.into(),
                instances: vec![Arc::clone(instance)],
                names: metrics.names,
            }),
        }
    }

    /// What several answers say together.
    fn finish(mut self) -> Snapshot {
        self.name_the_only_server();
        let status = self.statuses.first();
        match (&mut self.snapshot.version, status) {
            (Some(version), Some(status)) => {
                version.emulation = version.emulation.or(status.emulation);
                version.min_compatibility = version.min_compatibility.or(status.min_compatibility);
            }
            (version @ None, Some(status)) => {
                *version = status.binary.map(|binary| ServerVersion {
                    written: binary.to_string().into(),
                    release: Some(binary),
                    has_patch: false,
                    build: None,
                    emulation: status.emulation,
                    min_compatibility: status.min_compatibility,
                });
            }
            _ => {}
        }
        // A command line says what is set and in which order; what the component tells of its flags is second best.
        let has_pod = self
            .snapshot
            .configured
            .iter()
            .any(|one| *one.component == *SERVER && one.files.first().is_some_and(|file| file.starts_with("pod/")));
        if !has_pod {
            let told: Vec<_> = self.snapshot.flags.iter().filter_map(cluster::of_flags).collect();
            self.snapshot.configured.extend(told);
        }
        self.snapshot
    }
}

impl Asked<'_> {
    /// Where the pods show one API server, what nobody could tell from others is of that one.
    fn name_the_only_server(&mut self) {
        let snapshot = &mut self.snapshot;
        let are_pods_read =
            snapshot.readings.iter().any(|one| one.what == ReadingKind::Pods && one.outcome == Outcome::Read);
        let mut pods = snapshot.configured.iter().filter(|one| is_server(&one.component) && is_of_pod(one));
        let (Some(only), None, true) = (pods.next().map(|one| Arc::clone(&one.instance)), pods.next(), are_pods_read)
        else {
            return;
        };
        let readings = snapshot.readings.iter_mut().filter(|one| is_server(&one.component));
        let readings = readings.filter(|one| one.what != ReadingKind::Replicas).map(|one| &mut one.instance);
        let reported = snapshot.reported.iter_mut().filter(|one| is_server(&one.component));
        let reported = reported.map(|one| &mut one.instance);
        let flags = snapshot.flags.iter_mut().map(|one| &mut one.instance);
        let metrics = snapshot.metrics.iter_mut().filter(|one| is_server(&one.component));
        let metrics = metrics.flat_map(|one| &mut one.instances);
        for instance in readings.chain(reported).chain(flags).chain(metrics).filter(|instance| instance.is_empty()) {
            *instance = Arc::clone(&only);
        }
    }
}

fn is_server(component: &str) -> bool {
    component == SERVER
}

fn is_of_pod(configured: &Configured) -> bool {
    configured.files.first().is_some_and(|file| file.starts_with("pod/"))
}

/// Metrics, flags and versions of an API server.
async fn of_server(client: &Client, connection: &Connection) -> OfServer {
    let metrics = ask::metrics(client, "/metrics", connection.timeout).await;
    let flags = versioned(client, "/flagz", "Flagz", connection, cluster::flagz).await;
    let status = versioned(client, "/statusz", "Statusz", connection, cluster::statusz).await;
    OfServer { metrics, flags, status }
}

/// Asks for an object in each version that there is, until the server has one.
async fn versioned<T>(
    client: &Client,
    path: &str,
    kind: &str,
    connection: &Connection,
    read: fn(&str) -> Result<T, String>,
) -> Answer<T> {
    let mut last = Answer::Failed(String::new());
    for version in VERSIONS {
        let accept = format!("application/json;v={version};g=config.k8s.io;as={kind}");
        last = document(client, path, &accept, connection, read).await;
        if !matches!(last, Answer::Absent(_)) {
            break;
        }
    }
    last
}

/// Asks for an object, which is there as a whole or not at all.
async fn document<T>(
    client: &Client,
    path: &str,
    accept: &str,
    connection: &Connection,
    read: impl FnOnce(&str) -> Result<T, String>,
) -> Answer<T> {
    match ask::text(client, path, accept, connection.timeout).await {
        Answer::Read(text) => match (text.cut, read(&text.text)) {
            (Some(cut), _) => Answer::Failed(cut),
            (None, Ok(value)) => Answer::Read(value),
            (None, Err(why)) => Answer::Failed(why),
        },
        Answer::Denied => Answer::Denied,
        Answer::Absent(why) => Answer::Absent(why),
        Answer::Failed(why) => Answer::Failed(why),
    }
}

/// A value in an address.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
