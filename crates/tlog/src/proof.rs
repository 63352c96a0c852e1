//! Bare proof files (`senim-proof/v1`) and [`Document`], any file that `senim verify` reads.
//!
//! Invariant: as for receipts, one spelling each, and everything in the file is bound by a signature.

use crate::b64;
use crate::commitment;
use crate::note::VerifierKey;
use crate::receipt::{
    self, FILE_BYTES_MAX, InvalidReceipt, Receipt, Unreadable, Verified, encode_canonical, log_key,
    malformed, open_single, parse_canonical, verified,
};
use crate::tree::{Hash, verify_consistency, verify_inclusion};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Value of `format` in a proof file.
pub const FORMAT: &str = "senim-proof/v1";
/// Value of `kind` in the proof that a commitment is in the log.
pub const INCLUSION: &str = "inclusion";
/// Value of `kind` in the proof that one checkpoint extends another.
pub const CONSISTENCY: &str = "consistency";

/// Proof that a commitment stands in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inclusion {
    /// The leaf data.
    #[serde(with = "b64::array32")]
    pub commitment: [u8; 32],
    /// Index of the leaf.
    pub index: u64,
    /// Signed note of the log's head, with the log's signature line only.
    pub checkpoint: String,
    /// Inclusion proof.
    pub proof: Vec<Hash>,
    /// The log's verifier key.
    pub vkey: String,
}

/// Proof that the log only grew between two checkpoints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consistency {
    /// Signed note of the older head, with the log's signature line only.
    pub older: String,
    /// Signed note of the newer head, with the log's signature line only.
    pub checkpoint: String,
    /// Consistency proof.
    pub proof: Vec<Hash>,
    /// The log's verifier key.
    pub vkey: String,
}

/// A proof file: format and kind, then the members of the proof.
#[derive(Serialize, Deserialize)]
struct File<T> {
    format: String,
    kind: String,
    #[serde(flatten)]
    proof: T,
}

fn encode<T: Serialize>(kind: &str, proof: T) -> String {
    encode_canonical(&File { format: FORMAT.to_owned(), kind: kind.to_owned(), proof })
}

/// Format and kind were read before; parsing again binds them to the spelling.
fn parse<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    Ok(parse_canonical::<File<T>>(bytes)?.proof)
}

impl Inclusion {
    /// The file in its one spelling.
    pub fn encode(&self) -> String {
        encode(INCLUSION, self)
    }

    /// Verifies the proof offline.
    pub fn verify(&self, trusted: Option<&VerifierKey>) -> Result<Verified, InvalidReceipt> {
        let (key, trust) = log_key(&self.vkey, trusted)?;
        let checkpoint = open_single(&self.checkpoint, &key)?;
        let leaf = commitment::leaf(&self.commitment);
        verify_inclusion(&leaf, self.index, checkpoint.size, &self.proof, &checkpoint.root)
            .map_err(InvalidReceipt::Proof)?;
        Ok(verified(INCLUSION, &checkpoint, &key, trust, self.index))
    }
}

impl Consistency {
    /// The file in its one spelling.
    pub fn encode(&self) -> String {
        encode(CONSISTENCY, self)
    }

    /// Verifies the proof offline.
    pub fn verify(&self, trusted: Option<&VerifierKey>) -> Result<Verified, InvalidReceipt> {
        let (key, trust) = log_key(&self.vkey, trusted)?;
        let older = open_single(&self.older, &key)?;
        let newer = open_single(&self.checkpoint, &key)?;
        verify_consistency(older.size, &older.root, newer.size, &newer.root, &self.proof)
            .map_err(InvalidReceipt::Proof)?;
        Ok(verified(CONSISTENCY, &newer, &key, trust, older.size))
    }
}

/// Any file that proves something about the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// A receipt or an access package.
    Receipt(Receipt),
    /// A bare inclusion proof.
    Inclusion(Inclusion),
    /// A bare consistency proof.
    Consistency(Consistency),
}

#[derive(Deserialize)]
struct Head {
    format: String,
    kind: String,
}

impl Document {
    /// Reads a file of any of these formats, strictly.
    pub fn parse_strict(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(Unreadable::TooLarge);
        }
        let head: Head = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
        match (head.format.as_str(), head.kind.as_str()) {
            (receipt::FORMAT, _) => Receipt::parse_strict(bytes).map(Self::Receipt),
            (FORMAT, INCLUSION) => parse(bytes).map(Self::Inclusion),
            (FORMAT, CONSISTENCY) => parse(bytes).map(Self::Consistency),
            _ => Err(Unreadable::UnknownFormat),
        }
    }

    /// Verifies it offline, with the key given or else the one inside.
    pub fn verify(&self, trusted: Option<&VerifierKey>) -> Result<Verified, InvalidReceipt> {
        match self {
            Self::Receipt(receipt) => receipt.verify(trusted),
            Self::Inclusion(proof) => proof.verify(trusted),
            Self::Consistency(proof) => proof.verify(trusted),
        }
    }
}

#[cfg(test)]
mod tests;
