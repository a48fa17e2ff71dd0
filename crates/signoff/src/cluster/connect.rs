//! Opens a connection as the kubeconfig of the user says: tokens, client certificates, plugins.

use std::time::Duration;

use anyhow::{anyhow, bail};
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};
use signoff_output::visible;

use super::Target;

/// How long it may take to reach a cluster at all.
const CONNECT_MAX: Duration = Duration::from_secs(10);

/// Name of a cluster that the program itself runs in.
const OWN_CLUSTER: &str = "in-cluster";

/// A cluster that can be asked.
pub struct Connection {
    /// The client.
    pub client: Client,
    /// What the cluster is called: the context.
    pub name: String,
    /// How long one answer may take.
    pub timeout: Duration,
    config: Config,
}

/// Opens a connection.
///
/// # Errors
/// When the kubeconfig cannot be read or used, or its plugin fails.
pub async fn connect(target: &Target<'_>) -> anyhow::Result<Connection> {
    let (mut config, name) = configure(target).await?;
    config.connect_timeout = Some(CONNECT_MAX.min(target.timeout));
    config.read_timeout = Some(target.timeout);
    config.write_timeout = Some(target.timeout);
    config.default_retry = false;
    let client = client(&config)?;
    Ok(Connection { client, name, timeout: target.timeout, config })
}

impl Connection {
    /// A client for one replica of the API server by its address, with the same credentials. Only where the cluster's
    /// own authority vouches for who is there: else nobody gets them.
    pub fn to_replica(&self, address: &str) -> Option<Client> {
        let is_vouched = self.config.root_cert.is_some() && !self.config.accept_invalid_certs;
        if !is_vouched || self.config.proxy_url.is_some() {
            return None;
        }
        let mut config = self.config.clone();
        let name = config.tls_server_name.clone().or_else(|| config.cluster_url.host().map(str::to_owned))?;
        config.cluster_url = format!("https://{address}").parse().ok()?;
        config.tls_server_name = Some(name.trim_matches(['[', ']']).to_owned());
        client(&config).ok()
    }
}

async fn configure(target: &Target<'_>) -> anyhow::Result<(Config, String)> {
    let read = match target.kubeconfig {
        Some(path) => Kubeconfig::read_from(path),
        None => Kubeconfig::read(),
    };
    let is_asked = target.kubeconfig.is_some() || target.context.is_some();
    let kubeconfig = match read {
        Ok(kubeconfig) => kubeconfig,
        Err(KubeconfigError::ReadConfig(..) | KubeconfigError::FindPath) if !is_asked => {
            return match Config::incluster() {
                Ok(config) => Ok((config, OWN_CLUSTER.to_owned())),
                Err(_) => bail!("there is no kubeconfig\nname one with --kubeconfig, or a saved state with --cluster"),
            };
        }
        Err(error) => return Err(unusable(&error)),
    };
    let named = target.context.map(str::to_owned).or_else(|| kubeconfig.current_context.clone());
    let Some(context) = named.filter(|name| !name.is_empty()) else {
        bail!("the kubeconfig has no current context\nname one: --context NAME");
    };
    if !kubeconfig.contexts.iter().any(|known| known.name == context) {
        let known: Vec<&str> = kubeconfig.contexts.iter().map(|context| context.name.as_str()).take(20).collect();
        bail!("the kubeconfig has no context `{}`\nit has {}", visible(&context), visible(&known.join(", ")));
    }
    let options = KubeConfigOptions { context: Some(context.clone()), ..KubeConfigOptions::default() };
    let config = Config::from_custom_kubeconfig(kubeconfig, &options).await.map_err(|error| unusable(&error))?;
    Ok((config, context))
}

/// What is wrong with a kubeconfig. The words of the libraries may quote the file, so these are our own.
fn unusable(error: &KubeconfigError) -> anyhow::Error {
    let what = match error {
        KubeconfigError::ReadConfig(error, path) => {
            let path = path.to_string_lossy().into_owned();
            return anyhow!("cannot read the kubeconfig {}: {error}", visible(&path));
        }
        KubeconfigError::Parse(_) => "it is no kubeconfig that can be read",
        KubeconfigError::LoadContext(_) | KubeconfigError::CurrentContextNotSet => "its context is not there",
        KubeconfigError::LoadClusterOfContext(_) => "the cluster of its context is not there",
        KubeconfigError::MissingClusterUrl | KubeconfigError::ParseClusterUrl(_) => {
            "the cluster of its context has no address, or none that can be read"
        }
        KubeconfigError::ParseProxyUrl(_) => "the proxy of its cluster has no address that can be read",
        KubeconfigError::LoadCertificateAuthority(_) | KubeconfigError::ParseCertificates(_) => {
            "the certificate of its cluster cannot be read"
        }
        KubeconfigError::LoadClientCertificate(_) => "the certificate of its user cannot be read",
        KubeconfigError::LoadClientKey(_) => "the key of its user cannot be read",
        _ => "it cannot be used",
    };
    anyhow!("the kubeconfig cannot be used: {what}\n`kubectl config view` shows it without secrets")
}

/// A client. What goes wrong here is the key, the certificate or the plugin; the words of the libraries may quote what
/// a plugin printed, so these are our own.
fn client(config: &Config) -> anyhow::Result<Client> {
    Client::try_from(config.clone()).map_err(|error| {
        let what = match &error {
            kube::Error::Auth(error) => of_user(error),
            kube::Error::ProxyProtocolUnsupported { .. } | kube::Error::ProxyProtocolDisabled { .. } => {
                "proxies are not supported"
            }
            kube::Error::RustlsTls(_) => "its certificates or keys cannot be used",
            _ => "no client can be made of it",
        };
        anyhow!("the kubeconfig cannot be used: {what}")
    })
}

fn of_user(error: &kube::client::AuthError) -> &'static str {
    use kube::client::AuthError;
    match error {
        AuthError::AuthExecStart(_) => "the plugin of its user cannot be started",
        AuthError::AuthExecRun { .. } => "the plugin of its user failed; run it by hand to see why",
        AuthError::AuthExecParse(_) | AuthError::ExecPluginFailed => "the plugin of its user printed no credential",
        AuthError::ReadTokenFile(..) => "the file with the token of its user cannot be read",
        _ => "its user cannot be used; tokens, client certificates and plugins can",
    }
}
