//! Packs of evidence: facts of sources in one small file, so that an audit needs neither the sources nor a network.
//!
//! A pack is a line `signoff.pack/1`, a blake3 checksum of all that follows, the size of the content as eight bytes
//! (the lowest first), and the content, compressed (raw deflate). The content is in the postcard format: the texts, each
//! once, and the sources with their facts, which name texts by number (`wire`). Equal facts make equal bytes.
//!
//! Every fact stands in a frame of its own with the word of its kind: a reader passes over kinds that it does not know
//! and over what stands behind the fields that it knows, and says so. What changes otherwise gets another word.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use signoff_model::fact::Facts;

mod records;
mod sources;
mod texts;
mod wire;

/// The first line.
const FORMAT: &str = "signoff.pack/1\n";
/// What a first line of any version begins with.
const FAMILY: &str = "signoff.pack/";
/// Bytes of the checksum.
const SUM: usize = 32;
/// Most bytes that a pack may have when it is not compressed.
pub const CONTENT_MAX: usize = 64 * 1024 * 1024;

/// Why a pack cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// It does not begin as one.
    #[error("it is not a pack of evidence: its first line is not `signoff.pack/1`")]
    NotAPack,
    /// It is of another version of the format.
    #[error(
        "it is a pack in the format `{format}`, and this program reads `signoff.pack/1`; use a program as new as the pack"
    )]
    OtherFormat {
        /// Its first line.
        format: String,
    },
    /// Its checksum is that of other bytes.
    #[error("the pack is damaged or was cut off: its checksum does not fit; get it again")]
    Damaged,
    /// It would be too large.
    #[error("the pack has {size} bytes of content; the limit is {CONTENT_MAX}")]
    TooLarge {
        /// Bytes that it says it has.
        size: u64,
    },
    /// The checksum fits, and yet it is not what a pack holds.
    #[error("the content of the pack cannot be read, though its checksum fits: it was not written by this program")]
    Unreadable,
}

/// Writes facts as a pack. One with more than [`CONTENT_MAX`] bytes of content is written, and cannot be read.
///
/// # Panics
/// Never: what is written is in memory, and its types have a form in the format.
#[must_use]
pub fn write(facts: &Facts) -> Vec<u8> {
    let content = sources::write(facts);
    let mut packed = (content.len() as u64).to_le_bytes().to_vec();
    let mut encoder = DeflateEncoder::new(&mut packed, Compression::best());
    encoder.write_all(&content).expect("a vector takes all bytes");
    encoder.finish().expect("a vector takes all bytes");
    let sum = blake3::hash(&packed);
    [FORMAT.as_bytes(), sum.as_bytes(), &packed].concat()
}

/// Reads the facts of a pack. What of it this program does not know becomes problems of the sources.
///
/// # Errors
/// When it is no pack, one of another format, damaged, or too large.
pub fn read(bytes: &[u8]) -> Result<Facts, PackError> {
    let Some(rest) = bytes.strip_prefix(FORMAT.as_bytes()) else { return Err(other(bytes)) };
    let (sum, packed) = rest.split_first_chunk::<SUM>().ok_or(PackError::Damaged)?;
    if blake3::hash(packed).as_bytes() != sum {
        return Err(PackError::Damaged);
    }
    let (size, packed) = packed.split_first_chunk::<8>().ok_or(PackError::Unreadable)?;
    let size = u64::from_le_bytes(*size);
    let room = usize::try_from(size).ok().filter(|size| *size <= CONTENT_MAX).ok_or(PackError::TooLarge { size })?;
    // A few bytes may claim to become many; a vector grows with what really comes.
    let mut content = Vec::with_capacity(room.min(packed.len().saturating_mul(16)));
    let read = DeflateDecoder::new(packed).take(size + 1).read_to_end(&mut content);
    if read.is_err() || content.len() != room {
        return Err(PackError::Unreadable);
    }
    sources::read(&content).ok_or(PackError::Unreadable)
}

/// Why bytes that do not begin as a pack are none.
fn other(bytes: &[u8]) -> PackError {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]).into_owned();
    let line = head.split('\n').next().unwrap_or_default();
    if FORMAT.starts_with(&head) && !head.is_empty() {
        return PackError::Damaged;
    }
    match line.strip_prefix(FAMILY) {
        Some(version) if !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()) => {
            PackError::OtherFormat { format: line.to_owned() }
        }
        _ => PackError::NotAPack,
    }
}
