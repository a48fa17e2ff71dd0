//! Forge snapshots as files on disk.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use signoff_analysis::configuration::{Configuration, FILE_NAME};
use signoff_analysis::signoff::ForgeView;
use signoff_evidence::forge;
use signoff_model::forge::Forge;
use signoff_output::visible;

use crate::cli::ForgeArgs;
use crate::repository::Repository;

/// Largest snapshot that is read, in bytes.
const SIZE_MAX: u64 = 1 << 30;

/// The file of a repository that names none.
#[cfg(feature = "forge")]
pub const FILE: &str = "signoff-forge.jsonl";

/// What is known of the forge.
#[derive(Clone, Default)]
pub struct Pulled {
    /// What was pulled; `None` where nothing was given, or it cannot be read.
    pub forge: Option<Arc<Forge>>,
    /// Why the file of the configuration cannot be used.
    pub note: Option<String>,
}

impl Repository {
    /// The snapshots of the command line joined, else that of the configuration.
    ///
    /// # Errors
    /// When one of the command line cannot be read.
    pub fn pulled(&self, args: &ForgeArgs) -> anyhow::Result<Pulled> {
        if args.forge.is_empty() {
            return Ok(self.configured_forge());
        }
        let read: Vec<Forge> = args.forge.iter().map(|path| read(path)).collect::<anyhow::Result<_>>()?;
        Ok(Pulled { forge: Some(Arc::new(Forge::joined(read))), note: None })
    }

    /// A snapshot is of now, whatever state of the files is asked about: it is read from disk alone.
    fn configured_forge(&self) -> Pulled {
        let Some(path) = self.forge_file().filter(|path| path.exists()) else { return Pulled::default() };
        match read(&path) {
            Ok(forge) => Pulled { forge: Some(Arc::new(forge)), note: None },
            Err(error) => {
                let causes: Vec<String> = error.chain().map(|cause| cause.to_string().replace('\n', "; ")).collect();
                Pulled { forge: None, note: Some(format!("nothing is known of the forge: {}", causes.join(": "))) }
            }
        }
    }

    /// The file of the configuration, that of the state asked about or of the work tree.
    pub fn forge_file(&self) -> Option<PathBuf> {
        let root = self.root()?;
        let of_today = || {
            let text = fs::read_to_string(root.join(FILE_NAME)).ok()?;
            Configuration::parse(&text).ok()?.forge
        };
        let named = self.configuration.forge.clone().or_else(of_today)?;
        let inside = signoff_model::tree::resolve("", &named).is_some_and(|path| path == named);
        inside.then(|| root.join(named))
    }
}

impl Pulled {
    /// What was pulled, as of the instant that a repository is asked about, or of another one.
    pub fn view(
        &self,
        repository: &Repository,
        instant: Timestamp,
        deadline: Option<Timestamp>,
    ) -> Option<ForgeView<'_>> {
        let forge = self.forge.as_deref()?;
        let is_now = repository.is_now() && instant == repository.instant();
        Some(ForgeView { forge, instant, deadline, is_now })
    }

    /// What there is to say of the snapshot: how old it is, or why it cannot be used.
    pub fn notes(&self, repository: &Repository) -> Vec<String> {
        let pulled = self.forge.iter().flat_map(|forge| &forge.repositories).map(|own| own.pulled_at).min();
        let old = pulled.filter(|pulled| repository.is_now() && *pulled < repository.instant());
        let old = old.map(|pulled| format!("the forge is known as of {}", pulled.strftime("%Y-%m-%d %H:%M UTC")));
        self.note.iter().cloned().chain(old).collect()
    }
}

/// Reads a snapshot.
fn read(path: &Path) -> anyhow::Result<Forge> {
    let shown = visible(&path.to_string_lossy()).into_owned();
    let bytes = bytes(path)?;
    forge::read(&bytes).with_context(|| format!("{shown} cannot be used"))
}

/// The bytes of a snapshot.
///
/// # Errors
/// When it is no file, or too large.
pub fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let shown = visible(&path.to_string_lossy()).into_owned();
    let metadata = fs::metadata(path)
        .with_context(|| format!("cannot read {shown}\n`signoff forge pull --output {shown}` writes one"))?;
    // Anything else may block for ever when it is opened.
    if !metadata.is_file() {
        bail!("{shown} is no file\nname one that `signoff forge pull` wrote");
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).with_context(|| format!("cannot read {shown}"))?;
    file.take(SIZE_MAX + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {shown}"))?;
    if bytes.len() as u64 > SIZE_MAX {
        bail!("{shown} is larger than {} MiB\nname one that `signoff forge pull` wrote", SIZE_MAX >> 20);
    }
    Ok(bytes)
}
