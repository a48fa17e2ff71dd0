//! One file from the network: over a secure connection, of a bounded size, whole, and what it was said to be.

use std::io::Read as _;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use sha2::{Digest as _, Sha256};
use signoff_model::source::SIZE_MAX;
use signoff_output::visible;
use ureq::http::{Response, Uri};

/// How often an answer may send on to another address.
const REDIRECTS_MAX: usize = 5;
/// How long all of it may take.
const TIMEOUT: Duration = Duration::from_secs(300);
/// How long it may take until somebody answers.
const TIMEOUT_CONNECT: Duration = Duration::from_secs(30);

/// A checksum as people write it, in hexadecimal digits.
pub enum Sum<'a> {
    /// SHA-256.
    Sha256(&'a str),
    /// BLAKE3.
    Blake3(&'a str),
}

impl Sum<'_> {
    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Sha256(written) => ("SHA-256", written),
            Self::Blake3(written) => ("BLAKE3", written),
        }
    }

    fn of(&self, bytes: &[u8]) -> String {
        match self {
            Self::Sha256(_) => Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
            Self::Blake3(_) => blake3::hash(bytes).to_hex().to_string(),
        }
    }

    fn verify(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let (name, written) = self.parts();
        let (found, wanted) = (self.of(bytes), written.trim().to_ascii_lowercase());
        if found != wanted {
            bail!(
                "the file is not the one that was meant: its {name} is {found}, not {}\nnothing was taken",
                visible(&wanted)
            );
        }
        Ok(())
    }

    fn refuse_malformed(&self) -> anyhow::Result<()> {
        let (name, written) = self.parts();
        let written = written.trim();
        if written.len() != 64 || !written.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            bail!("`{}` is no {name}\nit has 64 hexadecimal digits", visible(written));
        }
        Ok(())
    }
}

/// Gets a file. `http` is spoken with this machine alone, and redirects lead to `https` alone.
///
/// # Errors
/// When there is no such file, it is too large, not whole, or not the one with these checksums.
pub fn get(url: &str, sums: &[Sum<'_>]) -> anyhow::Result<Vec<u8>> {
    sums.iter().try_for_each(Sum::refuse_malformed)?;
    let mut address = address(url)?;
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(TIMEOUT))
        .timeout_connect(Some(TIMEOUT_CONNECT))
        .user_agent(concat!("signoff/", env!("CARGO_PKG_VERSION")))
        .build();
    let agent = ureq::Agent::from(config);
    for _ in 0..=REDIRECTS_MAX {
        let shown = visible(&address.to_string()).into_owned();
        // What is compressed on the way does not tell how long it is.
        let request = agent.get(&address).header("accept-encoding", "identity");
        let mut response =
            request.call().map_err(|error| anyhow!("{shown} cannot be got: {error}\ntry again later"))?;
        match response.status().as_u16() {
            200 => {
                let bytes = body(&mut response, sums.is_empty()).with_context(|| format!("{shown} cannot be used"))?;
                sums.iter()
                    .try_for_each(|sum| sum.verify(&bytes))
                    .with_context(|| format!("{shown} cannot be used"))?;
                return Ok(bytes);
            }
            301 | 302 | 303 | 307 | 308 => address = elsewhere(&address, &response)?,
            404 | 410 => bail!("there is no file at {shown}\ncheck the address"),
            status => bail!("{shown} answers {status}\ncheck the address, or try again later"),
        }
    }
    bail!("{} sends on again and again\ncheck the address", visible(url))
}

/// An address that may be asked.
fn address(url: &str) -> anyhow::Result<Uri> {
    let shown = visible(url);
    let Ok(address) = url.parse::<Uri>() else {
        bail!("`{shown}` is no address\nname one such as https://example.org/file")
    };
    let host = address.host().unwrap_or_default();
    let has_user = address.authority().is_some_and(|authority| authority.as_str().contains('@'));
    match address.scheme_str() {
        _ if host.is_empty() => bail!("`{shown}` is no address\nname one such as https://example.org/file"),
        _ if has_user => bail!("`{shown}` names a user\nname an address without one"),
        Some("https") => Ok(address),
        Some("http") if matches!(host, "127.0.0.1" | "localhost" | "[::1]") => Ok(address),
        Some("http") => {
            bail!("`{shown}` is not secure: anybody on the way could change the file\nname an address with https")
        }
        _ => bail!("`{shown}` is no address that can be asked\nname one with https"),
    }
}

/// Where an answer sends on to.
fn elsewhere(from: &Uri, response: &Response<ureq::Body>) -> anyhow::Result<Uri> {
    let shown = visible(&from.to_string()).into_owned();
    let location = response.headers().get("location").and_then(|value| value.to_str().ok());
    let location = location.with_context(|| format!("{shown} sends on, and says not where\ncheck the address"))?;
    let whole = match (location.strip_prefix('/'), from.scheme_str(), from.authority()) {
        (Some(path), Some(scheme), Some(authority)) if !path.starts_with('/') => {
            format!("{scheme}://{authority}{location}")
        }
        _ => location.to_owned(),
    };
    match address(&whole) {
        Ok(address) if address.scheme_str() == Some("https") => Ok(address),
        _ => {
            bail!("{shown} sends on to {}, which is not secure\nit was not asked; nothing was taken", visible(location))
        }
    }
}

/// The whole content of an answer.
fn body(response: &mut Response<ureq::Body>, needs_length: bool) -> anyhow::Result<Vec<u8>> {
    let too_large = || anyhow!("it is larger than {} MiB\nnothing was taken", SIZE_MAX >> 20);
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    let length: Option<u64> = header("content-length").and_then(|text| text.trim().parse().ok());
    let is_chunked = header("transfer-encoding").is_some_and(|text| text.trim().eq_ignore_ascii_case("chunked"));
    if length.is_some_and(|length| length > SIZE_MAX as u64) {
        return Err(too_large());
    }
    if needs_length && length.is_none() && !is_chunked {
        bail!(
            "the server does not say how long it is, so that it may be cut off\ngive its checksum with --sha256 or --blake3"
        );
    }
    let mut bytes = Vec::new();
    let reader = response.body_mut().with_config().limit(u64::MAX).reader();
    let read = reader.take(SIZE_MAX as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| anyhow!("it broke off: {error}\nnothing was taken; try again later"))?;
    if bytes.len() > SIZE_MAX {
        return Err(too_large());
    }
    if length.is_some_and(|length| length != bytes.len() as u64) {
        bail!("it broke off\nnothing was taken; try again later");
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let cases = [
            ("https://example.org/a.pack", ""),
            ("https://example.org:8443/a.pack?b=c", ""),
            ("http://127.0.0.1:8080/a.pack", ""),
            ("http://localhost/a.pack", ""),
            ("http://[::1]:80/a.pack", ""),
            ("http://example.org/a.pack", "is not secure"),
            ("http://127.0.0.1.example.org/a.pack", "is not secure"),
            ("http://localhost@example.org/a.pack", "names a user"),
            ("https://user:word@example.org/a.pack", "names a user"),
            ("ftp://example.org/a.pack", "is no address that can be asked"),
            ("file:///etc/passwd", "is no address"),
            ("a.pack", "is no address"),
            ("https://", "is no address"),
            ("", "is no address"),
        ];
        for (url, expected) in cases {
            let found = address(url).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(found.contains(expected), "{url}: {found}");
            assert_eq!(found.is_empty(), expected.is_empty(), "{url}: {found}");
        }
    }

    #[test]
    fn checksums() {
        let sums = [
            Sum::Sha256("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"),
            Sum::Blake3("6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"),
        ];
        for sum in sums {
            sum.refuse_malformed().expect("a checksum");
            sum.verify(b"abc").expect("the file");
            assert!(sum.verify(b"abd").is_err());
        }
        assert!(Sum::Sha256("ba78").refuse_malformed().is_err());
    }
}
