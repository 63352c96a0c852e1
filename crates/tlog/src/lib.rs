//! `tlog`: an append-only Merkle log in the C2SP formats (tlog-tiles, tlog-checkpoint, signed-note,
//! tlog-cosignature) and the files that prove something about it offline.
//!
//! The crate is pure: no files, no clock, no randomness, no network; keys and storage come in through
//! [`Signer`], [`HashReader`] and [`TileReader`]. It knows nothing of privacy: a leaf is a 32-byte
//! [`commitment`] and nothing else.
//!
//! How one entry travels: `commitment::commit` → [`tree::leaf_hash`] → [`tile::EdgeTiles::append`] (keeps the
//! right edge, hands out every tile that became full) → [`checkpoint::Checkpoint`] signed once the commit is
//! durable → [`tree::inclusion_proof`] over [`tile::TileHashes`] → [`receipt::Receipt`].
//!
//! | module | noun |
//! |---|---|
//! | [`tree`] | RFC 6962 hashes, the frontier, inclusion and consistency proofs |
//! | [`tile`] | tile coordinates, paths, encodings, the edge, reading nodes out of tiles |
//! | [`note`] | signed notes, verifier keys, cosignatures |
//! | [`checkpoint`] | origin, size, root |
//! | [`commitment`] | what a public leaf is |
//! | [`receipt`] | the receipt file |
//! | [`proof`] | the bare proof files, and [`proof::Document`], any file `senim verify` reads |
//! | [`fsck`] | recompute everything, list each discrepancy |

mod b64;
pub mod checkpoint;
pub mod commitment;
pub mod fsck;
pub mod note;
pub mod proof;
pub mod receipt;
pub mod recent;
pub mod tile;
pub mod tree;

pub use b64::decode32 as decode_base64_32;
pub use checkpoint::Checkpoint;
pub use commitment::commit;
pub use note::{Ed25519Signer, Note, Signer, VerifierKey};
pub use proof::Document;
pub use receipt::{InvalidReceipt, Receipt, Trust, Unreadable, Verified};
pub use recent::Recent;
pub use tile::TileReader;
pub use tree::{Frontier, Hash, HashReader};

#[cfg(test)]
mod test_log;
