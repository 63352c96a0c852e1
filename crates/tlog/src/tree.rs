//! RFC 6962 Merkle trees: hashes, the append-only right edge, inclusion and consistency proofs.
//!
//! Invariant: a node is named by `(level, index)` and covers the leaves `index << level .. (index + 1) << level`;
//! only complete nodes are ever stored or read. Incomplete right edges are folded from complete ones here.

use crate::b64;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// Bytes in a hash.
pub const HASH_BYTES: usize = 32;
/// The largest tree this crate works on: 2^62 leaves; a bound, so that no shift or sum can overflow.
pub const SIZE_MAX: u64 = 1 << 62;

/// A SHA-256 hash of a leaf, a node or a whole tree; prints as base64.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; HASH_BYTES]);

impl Hash {
    /// Reads the canonical base64 form.
    pub fn from_base64(text: &str) -> Option<Self> {
        b64::decode32(text).map(Self)
    }
}

impl AsRef<[u8]> for Hash {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&b64::encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::from_base64(&String::deserialize(from)?)
            .ok_or_else(|| de::Error::custom("not base64 of 32 bytes"))
    }
}

/// Hash of a leaf: SHA-256(0x00 || data), RFC 6962 §2.1.
pub fn leaf_hash(data: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(data).finalize().into())
}

/// Hash of an inner node: SHA-256(0x01 || left || right), RFC 6962 §2.1.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// Root of the tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// Root of a perfect subtree whose 2^k nodes of one level are given; `None` when their number is no power of two.
pub fn subtree_root(nodes: &[Hash]) -> Option<Hash> {
    if !nodes.len().is_power_of_two() {
        return None;
    }
    let mut row = nodes.to_vec();
    while row.len() > 1 {
        row = row.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
    }
    row.first().copied()
}

/// Reads complete nodes of one tree; the caller never asks beyond the size it was told.
pub trait HashReader {
    /// Why a node could not be read.
    type Error;

    /// The hash of the complete node that covers leaves `index << level .. (index + 1) << level`.
    fn hash(&self, level: u8, index: u64) -> Result<Hash, Self::Error>;
}

/// Leaf hashes in memory, folded on demand; for tests, tools and small logs.
impl HashReader for [Hash] {
    type Error = ProofError;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, ProofError> {
        let start = index.checked_shl(u32::from(level)).and_then(|n| usize::try_from(n).ok());
        let count = 1usize.checked_shl(u32::from(level));
        start
            .zip(count)
            .and_then(|(start, count)| self.get(start..start.checked_add(count)?))
            .and_then(subtree_root)
            .ok_or(ProofError::OutOfTree)
    }
}

impl HashReader for Vec<Hash> {
    type Error = ProofError;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, ProofError> {
        self.as_slice().hash(level, index)
    }
}

/// Why a proof does not prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The index or size lies outside the tree.
    #[error("index or size lies outside the tree; ask for one that the checkpoint covers")]
    OutOfTree,
    /// The proof has more or fewer hashes than the sizes require.
    #[error("proof has the wrong number of hashes; fetch it again for these sizes")]
    WrongLength,
    /// The proof leads to another root.
    #[error("proof leads to another root; the entry is not in this tree or the history was changed")]
    RootMismatch,
}

/// Why a proof could not be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError<E> {
    /// The index or size lies outside the tree.
    #[error("index or size lies outside the tree; ask for one that the checkpoint covers")]
    OutOfTree,
    /// A stored node could not be read.
    #[error("a stored hash could not be read; run fsck")]
    Read(#[source] E),
}

/// The right edge of a tree: one hash per set bit of its size, largest subtree first; all that appending needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    edge: Vec<Hash>,
}

impl Frontier {
    /// The frontier of the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes up a stored frontier; `OutOfTree` when the number of hashes does not fit the size.
    pub fn from_parts(size: u64, edge: Vec<Hash>) -> Result<Self, ProofError> {
        if size > SIZE_MAX || edge.len() != size.count_ones() as usize {
            return Err(ProofError::OutOfTree);
        }
        Ok(Self { size, edge })
    }

    /// Reads the frontier of a tree of `size` leaves out of its nodes.
    pub fn read<R: HashReader + ?Sized>(reader: &R, size: u64) -> Result<Self, BuildError<R::Error>> {
        if size > SIZE_MAX {
            return Err(BuildError::OutOfTree);
        }
        let edge = cover(0, size)
            .map(|(level, index)| reader.hash(level, index).map_err(BuildError::Read))
            .collect::<Result<_, _>>()?;
        Ok(Self { size, edge })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The hashes of the edge, largest subtree first.
    pub fn edge(&self) -> &[Hash] {
        &self.edge
    }

    /// Appends a leaf hash and returns its index; at most one hash per level is computed.
    pub fn append(&mut self, leaf: Hash) -> u64 {
        let index = self.size;
        let mut node = leaf;
        // Every trailing one bit of the size is a complete subtree that the new leaf closes.
        for _ in 0..index.trailing_ones() {
            if let Some(left) = self.edge.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.edge.push(node);
        self.size = index + 1;
        index
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        fold(&self.edge)
    }
}

/// Folds complete subtrees, largest first, into the root above them.
fn fold(edge: &[Hash]) -> Hash {
    edge.iter().rev().copied().reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root)
}

/// The complete nodes `(level, index)` that cover leaves `lo..hi`, left to right and as RFC 6962 splits them;
/// `lo` must be a multiple of every subtree inside, which holds for all ranges the recursions below produce.
fn cover(lo: u64, hi: u64) -> impl Iterator<Item = (u8, u64)> {
    let mut at = lo;
    std::iter::from_fn(move || {
        if at >= hi {
            return None;
        }
        let level = (hi - at).ilog2();
        let node = (u8::try_from(level).ok()?, at >> level);
        at += 1 << level;
        Some(node)
    })
}

/// Root over leaves `lo..hi`.
fn range_root<R: HashReader + ?Sized>(reader: &R, lo: u64, hi: u64) -> Result<Hash, BuildError<R::Error>> {
    let nodes: Vec<Hash> = cover(lo, hi)
        .map(|(level, index)| reader.hash(level, index).map_err(BuildError::Read))
        .collect::<Result<_, _>>()?;
    Ok(fold(&nodes))
}

/// The largest power of two below `count` (which is at least 2).
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// Root of the tree of the first `size` leaves.
pub fn root<R: HashReader + ?Sized>(reader: &R, size: u64) -> Result<Hash, BuildError<R::Error>> {
    Ok(Frontier::read(reader, size)?.root())
}

/// Inclusion proof of leaf `index` in the tree of the first `size` leaves, nearest sibling first (RFC 6962 §2.1.1).
pub fn inclusion_proof<R: HashReader + ?Sized>(
    reader: &R,
    size: u64,
    index: u64,
) -> Result<Vec<Hash>, BuildError<R::Error>> {
    if index >= size || size > SIZE_MAX {
        return Err(BuildError::OutOfTree);
    }
    let (mut lo, mut hi) = (0, size);
    let mut proof = Vec::new();
    while hi - lo > 1 {
        let middle = lo + split(hi - lo);
        if index < middle {
            proof.push(range_root(reader, middle, hi)?);
            hi = middle;
        } else {
            proof.push(range_root(reader, lo, middle)?);
            lo = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Consistency proof from the tree of `older` leaves to that of `newer` (RFC 6962 §2.1.2).
///
/// Empty when the sizes are equal, and from the empty tree, which every tree extends.
pub fn consistency_proof<R: HashReader + ?Sized>(
    reader: &R,
    older: u64,
    newer: u64,
) -> Result<Vec<Hash>, BuildError<R::Error>> {
    if older > newer || newer > SIZE_MAX {
        return Err(BuildError::OutOfTree);
    }
    if older == 0 || older == newer {
        return Ok(Vec::new());
    }
    let (mut lo, mut hi) = (0, newer);
    let mut proof = Vec::new();
    while older != hi {
        let middle = lo + split(hi - lo);
        if older <= middle {
            proof.push(range_root(reader, middle, hi)?);
            hi = middle;
        } else {
            proof.push(range_root(reader, lo, middle)?);
            lo = middle;
        }
    }
    // The verifier knows the old root itself; a subtree of it (lo > 0) must be told.
    if lo > 0 {
        proof.push(range_root(reader, lo, hi)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that `leaf` stands at `index` in the tree of `size` leaves with that `root` (RFC 9162 §2.1.3.2).
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size || size > SIZE_MAX {
        return Err(ProofError::OutOfTree);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::WrongLength);
    }
    if hash == *root { Ok(()) } else { Err(ProofError::RootMismatch) }
}

/// Checks that the tree `(newer, newer_root)` extends the tree `(older, older_root)` (RFC 9162 §2.1.4.2).
pub fn verify_consistency(
    older: u64,
    older_root: &Hash,
    newer: u64,
    newer_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if older > newer || newer > SIZE_MAX {
        return Err(ProofError::OutOfTree);
    }
    if older == newer || older == 0 {
        if !proof.is_empty() {
            return Err(ProofError::WrongLength);
        }
        let expected = if older == newer { *newer_root } else { empty_root() };
        return if *older_root == expected { Ok(()) } else { Err(ProofError::RootMismatch) };
    }
    // An old tree that is one perfect subtree is the starting point itself and is not repeated in the proof.
    let (start, rest) = if older.is_power_of_two() {
        (*older_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(ProofError::WrongLength)?;
        (*first, rest)
    };
    let (mut node, mut last) = (older - 1, newer - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (start, start);
    for sibling in rest {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::WrongLength);
    }
    if old_hash == *older_root && new_hash == *newer_root { Ok(()) } else { Err(ProofError::RootMismatch) }
}

#[cfg(test)]
mod tests;
