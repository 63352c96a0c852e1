//! A small log in memory, stored as a server stores it: full tiles, commitments, the edge, one signed checkpoint.

use crate::checkpoint::Checkpoint;
use crate::commitment;
use crate::fsck::CommitmentReader;
use crate::note::{Ed25519Signer, Signer as _, VerifierKey};
use crate::receipt::Receipt;
use crate::tile::{EdgeTiles, Tile, TileHashes, TileReader, WIDTH, WithEdge, decode_hashes, encode_hashes};
use crate::tree::{Hash, inclusion_proof, verify_inclusion};
use std::collections::BTreeMap;

pub(crate) const ORIGIN: &str = "senim.example/log";

/// Full tiles by `(level, index)`.
#[derive(Clone, Default)]
pub(crate) struct FullTiles(pub(crate) BTreeMap<(u8, u64), Vec<u8>>);

impl TileReader for FullTiles {
    type Error = &'static str;

    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>, Self::Error> {
        assert_eq!(width, WIDTH, "a store of full tiles is asked for full tiles only");
        self.0.get(&(level, index)).cloned().ok_or("no such tile")
    }
}

pub(crate) struct TestLog {
    pub(crate) signer: Ed25519Signer,
    /// Rows as a table would hold them.
    pub(crate) rows: Vec<(u64, [u8; 32])>,
    pub(crate) tiles: FullTiles,
    pub(crate) edge: EdgeTiles,
}

impl TestLog {
    pub(crate) fn new(origin: &str) -> Self {
        let signer = Ed25519Signer::from_seed(origin, &[7; 32]).unwrap();
        Self { signer, rows: Vec::new(), tiles: FullTiles::default(), edge: EdgeTiles::new() }
    }

    pub(crate) fn of_size(size: u64) -> Self {
        let mut log = Self::new(ORIGIN);
        for index in 0..size {
            log.append(commitment::commit(&[9; 32], format!("entry {index}").as_bytes()));
        }
        log
    }

    pub(crate) fn append(&mut self, commitment: [u8; 32]) -> u64 {
        let mut completed = Vec::new();
        let index = self.edge.append(commitment::leaf(&commitment), &mut completed);
        self.rows.push((index, commitment));
        for (tile, hashes) in completed {
            let crate::tile::Kind::Hashes(level) = tile.kind else { panic!("hash tiles only") };
            self.tiles.0.insert((level, tile.index), encode_hashes(&hashes));
        }
        index
    }

    pub(crate) fn key(&self) -> &VerifierKey {
        self.signer.vkey()
    }

    pub(crate) fn size(&self) -> u64 {
        self.edge.size()
    }

    pub(crate) fn reader(&self) -> WithEdge<'_, FullTiles> {
        WithEdge { full: &self.tiles, edge: &self.edge }
    }

    pub(crate) fn head(&self) -> Checkpoint {
        Checkpoint::of(self.key().name(), &self.edge.frontier())
    }

    pub(crate) fn signed_head(&self) -> String {
        self.head().sign(&self.signer).unwrap().to_string()
    }

    pub(crate) fn leaves(&self) -> Vec<Hash> {
        self.rows.iter().map(|(_, commitment)| commitment::leaf(commitment)).collect()
    }

    pub(crate) fn inclusion(&self, index: u64) -> Vec<Hash> {
        let reader = self.reader();
        let proof = inclusion_proof(&TileHashes::new(&reader, self.size()), self.size(), index).unwrap();
        let leaf = self.leaves()[usize::try_from(index).unwrap()];
        verify_inclusion(&leaf, index, self.size(), &proof, &self.edge.root()).unwrap();
        proof
    }

    /// A log with entries before and after the one of the receipt.
    pub(crate) fn with_receipt(origin: &str, before: u8, after: u8) -> (Self, Receipt) {
        let mut log = Self::new(origin);
        for n in 0..before {
            log.append([n; 32]);
        }
        let body = "{\"purposes\":[\"p8-1\"],\"language\":\"kk\",\"text\":\"Келісім \\\"беремін\\\"\"}";
        let (nonce, salt) = ([3; 32], [4; 32]);
        let entry = format!(
            "{{\"kind\":\"consent\",\"clause\":\"C5\",\"payload\":\"{}\"}}",
            commitment::payload_base64(&nonce, body.as_bytes())
        );
        let index = log.append(commitment::commit(&salt, entry.as_bytes()));
        for n in 0..after {
            log.append([100u8.wrapping_add(n); 32]);
        }
        let receipt = Receipt {
            kind: "consent".into(),
            body: body.into(),
            nonce,
            entry,
            salt,
            index,
            checkpoint: log.signed_head(),
            proof: log.inclusion(index),
            vkey: log.key().to_string(),
        };
        (log, receipt)
    }
}

impl CommitmentReader for Vec<(u64, [u8; 32])> {
    type Error = &'static str;

    fn commitments(&self, first: u64, count: u16) -> Result<Vec<(u64, [u8; 32])>, Self::Error> {
        let range = first..first + u64::from(count);
        Ok(self.iter().filter(|(index, _)| range.contains(index)).copied().collect())
    }
}

/// The independent implementation reads our tiles; it must agree on paths and authenticate every hash.
impl tlog_tiles::TileReader for TestLog {
    fn height(&self) -> u8 {
        crate::tile::HEIGHT
    }

    fn read_tiles(&self, tiles: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        let read = |theirs: &tlog_tiles::Tile| {
            let tile = Tile::parse_path(&theirs.path().replacen("tile/8/", "tile/", 1)).unwrap();
            assert_eq!(
                (u64::from(tile.width), tile.index),
                (u64::from(theirs.width()), theirs.level_index())
            );
            let body = self.reader().tile(theirs.level(), tile.index, tile.width).unwrap();
            assert_eq!(decode_hashes(&body, tile.width).unwrap().len(), usize::from(tile.width));
            body
        };
        Ok(tiles.iter().map(read).collect())
    }

    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}
