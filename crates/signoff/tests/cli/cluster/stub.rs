//! An API server over TLS in the test itself: it answers what it is told to, and notes what it is asked.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

/// The token that the server knows.
pub const TOKEN: &str = "hush-bearer-token-of-ada";

/// An authority and what it vouches for, as PEM.
pub struct Authority {
    pub certificate: String,
    server: (String, String),
    pub client: (String, String),
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let own = params.self_signed(&key).expect("a certificate");
        let issuer = Issuer::new(params, key);
        let issue = |name: &str, usage: ExtendedKeyUsagePurpose| {
            let mut params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
            params.extended_key_usages = vec![usage];
            let key = KeyPair::generate().expect("a key");
            (params.signed_by(&key, &issuer).expect("a certificate").pem(), key.serialize_pem())
        };
        Self {
            certificate: own.pem(),
            server: issue("127.0.0.1", ExtendedKeyUsagePurpose::ServerAuth),
            client: issue("ada", ExtendedKeyUsagePurpose::ClientAuth),
        }
    }

    fn configuration(&self) -> ServerConfig {
        let certificate = |pem: &str| CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate");
        let mut roots = RootCertStore::empty();
        roots.add(certificate(&self.certificate)).expect("an authority");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let verifier = verifier.allow_unauthenticated().build().expect("a verifier");
        let key = PrivateKeyDer::from_pem_slice(self.server.1.as_bytes()).expect("a key");
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = builder.expect("versions").with_client_cert_verifier(verifier);
        builder.with_single_cert(vec![certificate(&self.server.0)], key).expect("a configuration")
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    /// Without the query.
    pub path: String,
    pub query: String,
    pub headers: BTreeMap<String, String>,
    pub has_certificate: bool,
}

/// What is answered.
pub enum Reply {
    /// Status, kind of content, body.
    Body(u16, &'static str, Vec<u8>),
    /// This piece so many times, in chunks.
    Repeated(Vec<u8>, usize),
    /// This piece until nobody reads it any more.
    Endless(Vec<u8>),
    /// A body that breaks off.
    Cut(Vec<u8>),
    /// Nothing for so long.
    Silence(Duration),
}

/// A server that runs until the test ends.
pub struct Stub {
    pub port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Stub {
    pub fn start(authority: &Authority, answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let configuration = Arc::new(authority.configuration());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (notes, answer) = (Arc::clone(&asked), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (configuration, notes, answer) =
                    (Arc::clone(&configuration), Arc::clone(&notes), Arc::clone(&answer));
                // A client that goes away ends its own connection and nothing else.
                std::thread::spawn(move || drop(serve(stream, configuration, &notes, &*answer)));
            }
        });
        Self { port, asked }
    }

    /// What was asked so far. Whatever it was, it was only asked for.
    pub fn asked(&self) -> Vec<Asked> {
        let asked = self.asked.lock().expect("notes").clone();
        for one in &asked {
            assert_eq!(one.method, "GET", "{} {}", one.method, one.path);
        }
        asked
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.asked();
        }
    }
}

fn serve(
    stream: TcpStream,
    configuration: Arc<ServerConfig>,
    notes: &Mutex<Vec<Asked>>,
    answer: &dyn Fn(&Asked) -> Reply,
) -> std::io::Result<()> {
    let connection = ServerConnection::new(configuration).expect("a connection");
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    while let Some(asked) = request(&mut stream)? {
        notes.lock().expect("notes").push(asked.clone());
        let ends = reply(stream.get_mut(), answer(&asked))?;
        if ends {
            return Ok(());
        }
    }
    Ok(())
}

fn request(stream: &mut BufReader<StreamOwned<ServerConnection, TcpStream>>) -> std::io::Result<Option<Asked>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let (path, query) = (path.to_owned(), query.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    stream.read_exact(&mut vec![0; length])?;
    let has_certificate = stream.get_ref().conn.peer_certificates().is_some();
    Ok(Some(Asked { method, path, query, headers, has_certificate }))
}

/// Writes an answer; tells whether the connection ends with it.
fn reply(stream: &mut impl Write, reply: Reply) -> std::io::Result<bool> {
    let chunked = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = |stream: &mut dyn Write, piece: &[u8]| {
        write!(stream, "{:x}\r\n", piece.len())?;
        stream.write_all(piece)?;
        stream.write_all(b"\r\n")
    };
    match reply {
        Reply::Body(status, kind, body) => {
            write!(stream, "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n", body.len())?;
            stream.write_all(&body)?;
            stream.flush()?;
            return Ok(false);
        }
        Reply::Repeated(piece, times) => {
            stream.write_all(chunked.as_bytes())?;
            (0..times).try_for_each(|_| chunk(stream, &piece))?;
            stream.write_all(b"0\r\n\r\n")?;
        }
        Reply::Endless(piece) => {
            stream.write_all(chunked.as_bytes())?;
            loop {
                chunk(stream, &piece)?;
            }
        }
        Reply::Cut(body) => {
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len() + 1000)?;
            stream.write_all(&body)?;
        }
        Reply::Silence(time) => std::thread::sleep(time),
    }
    stream.flush()?;
    Ok(true)
}

/// Writes a kubeconfig whose user is described by these lines, and returns its path.
pub fn kubeconfig(folder: &Path, authority: &Authority, port: u16, user: &str) -> String {
    std::fs::write(folder.join("ca.crt"), &authority.certificate).expect("a file");
    let text = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: prod\ncontexts:\n- name: prod\n  context: {{cluster: c, user: u}}\n- name: other\n  context: {{cluster: c, user: u}}\nclusters:\n- name: c\n  cluster:\n    server: https://127.0.0.1:{port}\n    certificate-authority: ca.crt\nusers:\n- name: u\n  user:\n{user}\n"
    );
    let path = folder.join("config");
    std::fs::write(&path, text).expect("a file");
    path.to_str().expect("a path").to_owned()
}
