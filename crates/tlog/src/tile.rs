//! C2SP tlog-tiles: where hashes and entries live, how they are spelled, how proofs map onto them.
//!
//! Invariant: a full tile is 256 wide and never changes; a partial tile is a prefix of the full one. A server
//! therefore stores full tiles and leaf hashes, and keeps the partial ones in memory as [`EdgeTiles`].

use crate::tree::{Frontier, HASH_BYTES, Hash, HashReader, SIZE_MAX, subtree_root};
use std::fmt;

/// Hashes or entries in a full tile.
pub const WIDTH: u16 = 256;
/// Tree levels that one tile level spans.
pub const HEIGHT: u8 = 8;
/// Largest tile level the path grammar allows (tlog-tiles); trees here never need more than 7.
pub const LEVEL_MAX: u8 = 63;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Hashes of the given tile level; level 0 are leaf hashes.
    Hashes(u8),
    /// An entry bundle: the leaf data under one tile of level 0.
    Entries,
}

/// Coordinates of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// What it holds, with the level.
    pub kind: Kind,
    /// Index within its level.
    pub index: u64,
    /// Hashes or entries in it, 1 to 256; below 256 it is partial.
    pub width: u16,
}

/// A path or a tile body that is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// The path does not follow the grammar.
    #[error("not a tile path; expected tile/<level>/<index>[.p/<width>] or tile/entries/<index>[.p/<width>]")]
    Path,
    /// The body has not the length its width requires.
    #[error("tile has the wrong length; expected 32 bytes for each hash")]
    Length,
    /// The bundle does not hold the expected number of length-prefixed entries.
    #[error(
        "entry bundle is malformed; expected a 16-bit length before each entry and nothing after the last"
    )]
    Bundle,
    /// An entry is longer than 65,535 bytes.
    #[error("entry is longer than 65535 bytes; log a hash of it instead")]
    EntryTooLong,
    /// The tile lies outside the tree.
    #[error("tile lies outside the tree; ask for one that the checkpoint covers")]
    OutOfTree,
}

impl Tile {
    /// A tile of hashes.
    pub fn hashes(level: u8, index: u64, width: u16) -> Self {
        Self { kind: Kind::Hashes(level), index, width }
    }

    /// An entry bundle.
    pub fn entries(index: u64, width: u16) -> Self {
        Self { kind: Kind::Entries, index, width }
    }

    /// Whether all 256 places are filled, so that it never changes again.
    pub fn is_full(&self) -> bool {
        self.width == WIDTH
    }

    /// The path below the log's prefix, as `tile/0/x001/x234/067.p/5`.
    pub fn path(&self) -> String {
        self.to_string()
    }

    /// Reads a path; one tile has exactly one accepted path.
    pub fn parse_path(path: &str) -> Result<Self, TileError> {
        let read = |path: &str| -> Option<Self> {
            let rest = path.strip_prefix("tile/")?;
            let (kind, rest) = rest.split_once('/')?;
            let kind = match kind {
                "entries" => Kind::Entries,
                level => Kind::Hashes(level.parse().ok().filter(|level| *level <= LEVEL_MAX)?),
            };
            let (index, width) = match rest.split_once(".p/") {
                Some((index, width)) => (index, width.parse().ok().filter(|w| (1..WIDTH).contains(w))?),
                None => (rest, WIDTH),
            };
            let mut number = 0u64;
            for part in index.split('/') {
                let digits = part.strip_prefix('x').unwrap_or(part);
                if digits.len() != 3 {
                    return None;
                }
                number = number.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
            }
            Some(Self { kind, index: number, width })
        };
        // Printing again settles leading zeroes, signs, `x` marks and everything else at once.
        read(path).filter(|tile| tile.path() == path).ok_or(TileError::Path)
    }

    /// Bytes of a tile of hashes of this width.
    pub fn bytes(&self) -> usize {
        usize::from(self.width) * HASH_BYTES
    }

    /// Whether this tile, at this width or wider, is part of the tree of `size` leaves.
    pub fn is_in(&self, size: u64) -> bool {
        let level = match self.kind {
            Kind::Hashes(level) => level,
            Kind::Entries => 0,
        };
        (1..=WIDTH).contains(&self.width) && width_in(level, self.index, size) >= self.width
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Hashes(level) => write!(f, "tile/{level}/")?,
            Kind::Entries => f.write_str("tile/entries/")?,
        }
        let mut divisor = 1;
        while self.index / divisor >= 1000 {
            divisor *= 1000;
        }
        while divisor > 1 {
            write!(f, "x{:03}/", self.index / divisor % 1000)?;
            divisor /= 1000;
        }
        write!(f, "{:03}", self.index % 1000)?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// Complete nodes at a tile level in a tree of `size` leaves.
fn nodes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(u32::from(level) * u32::from(HEIGHT)).unwrap_or(0)
}

/// Width that tile `(level, index)` has in a tree of `size` leaves; 0 when it does not exist there.
pub fn width_in(level: u8, index: u64, size: u64) -> u16 {
    let start = index.saturating_mul(u64::from(WIDTH));
    let left = nodes_at(level, size).saturating_sub(start);
    u16::try_from(left).unwrap_or(WIDTH).min(WIDTH)
}

/// The full tiles of hashes that a tree completes when it grows from `older` to `newer` leaves, lowest level first.
pub fn completed(older: u64, newer: u64) -> Vec<Tile> {
    let mut tiles = Vec::new();
    for level in 0..HEIGHT {
        let full = |size| nodes_at(level, size) >> HEIGHT;
        tiles.extend((full(older)..full(newer)).map(|index| Tile::hashes(level, index, WIDTH)));
    }
    tiles
}

/// The partial tiles of hashes of a tree of `size` leaves: at most one at each level.
pub fn partial(size: u64) -> Vec<Tile> {
    (0..HEIGHT)
        .filter_map(|level| {
            let nodes = nodes_at(level, size);
            let width = u16::try_from(nodes % u64::from(WIDTH)).ok().filter(|width| *width > 0)?;
            Some(Tile::hashes(level, nodes >> HEIGHT, width))
        })
        .collect()
}

/// The body of a tile of hashes.
pub fn encode_hashes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// Reads a tile body of exactly `width` hashes.
pub fn decode_hashes(body: &[u8], width: u16) -> Result<Vec<Hash>, TileError> {
    let (chunks, rest) = body.as_chunks::<HASH_BYTES>();
    if !rest.is_empty() || chunks.len() != usize::from(width) {
        return Err(TileError::Length);
    }
    Ok(chunks.iter().copied().map(Hash).collect())
}

/// The body of an entry bundle.
pub fn encode_entries<T: AsRef<[u8]>>(entries: &[T]) -> Result<Vec<u8>, TileError> {
    let mut body = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        let length = u16::try_from(entry.len()).map_err(|_| TileError::EntryTooLong)?;
        body.extend(length.to_be_bytes());
        body.extend(entry);
    }
    Ok(body)
}

/// Reads an entry bundle of exactly `width` entries.
pub fn decode_entries(mut body: &[u8], width: u16) -> Result<Vec<Vec<u8>>, TileError> {
    let mut entries = Vec::with_capacity(usize::from(width));
    for _ in 0..width {
        let (length, rest) = body.split_first_chunk::<2>().ok_or(TileError::Bundle)?;
        let (entry, rest) =
            rest.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or(TileError::Bundle)?;
        entries.push(entry.to_vec());
        body = rest;
    }
    if body.is_empty() { Ok(entries) } else { Err(TileError::Bundle) }
}

/// Reads tiles of hashes from where they are kept.
pub trait TileReader {
    /// Why a tile could not be read.
    type Error;

    /// The body of tile `(level, index)`, its first `width` hashes exactly; a store of full tiles cuts the prefix.
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>, Self::Error>;
}

/// Why a node could not be taken out of tiles.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError<E> {
    /// The reader failed.
    #[error("a tile could not be read; run fsck")]
    Read(#[source] E),
    /// The tile has a wrong length or lies outside the tree.
    #[error("a stored tile is unusable; run fsck")]
    Tile(#[source] TileError),
}

/// Nodes of the tree of `size` leaves, read out of tiles: one tile for each node.
///
/// Nothing is checked against a root here; verify what is built before it is handed out.
#[derive(Debug, Clone, Copy)]
pub struct TileHashes<'a, R: ?Sized> {
    reader: &'a R,
    size: u64,
}

impl<'a, R: TileReader + ?Sized> TileHashes<'a, R> {
    /// Nodes of the tree of `size` leaves.
    pub fn new(reader: &'a R, size: u64) -> Self {
        Self { reader, size }
    }
}

impl<R: TileReader + ?Sized> HashReader for TileHashes<'_, R> {
    type Error = ReadError<R::Error>;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, Self::Error> {
        let outside = || ReadError::Tile(TileError::OutOfTree);
        let (tile_level, height) = (level / HEIGHT, level % HEIGHT);
        let count = 1usize << height;
        let first = index.checked_shl(u32::from(height)).filter(|_| index <= SIZE_MAX).ok_or_else(outside)?;
        let tile_index = first >> HEIGHT;
        let offset = usize::try_from(first % u64::from(WIDTH)).map_err(|_| outside())?;
        let width = width_in(tile_level, tile_index, self.size);
        let body = self.reader.tile(tile_level, tile_index, width).map_err(ReadError::Read)?;
        let hashes = decode_hashes(&body, width).map_err(ReadError::Tile)?;
        hashes.get(offset..offset + count).and_then(subtree_root).ok_or_else(outside)
    }
}

/// The partial tiles of a growing tree, one row of at most 255 hashes per level, kept in memory by the writer.
///
/// About 8 KiB per level; with the stored full tiles it answers every tile and proof (see [`WithEdge`]).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EdgeTiles {
    size: u64,
    rows: Vec<Vec<Hash>>,
}

impl EdgeTiles {
    /// The edge of the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Rebuilds the edge from full tiles and leaf hashes at start.
    ///
    /// `full` is asked only for full tiles; `leaves` are the leaf hashes after the last full tile of level 0.
    /// Compare [`EdgeTiles::root`] with the newest signed checkpoint before the edge is used.
    pub fn rebuild<R: TileReader + ?Sized>(
        size: u64,
        leaves: &[Hash],
        full: &R,
    ) -> Result<Self, ReadError<R::Error>> {
        if size > SIZE_MAX || leaves.len() as u64 != size % u64::from(WIDTH) {
            return Err(ReadError::Tile(TileError::OutOfTree));
        }
        let mut rows = Vec::new();
        for level in 0..HEIGHT {
            let nodes = nodes_at(level, size);
            if nodes == 0 {
                break;
            }
            let first = nodes - nodes % u64::from(WIDTH);
            let mut row = Vec::new();
            if level == 0 {
                row.extend(leaves);
            } else {
                for index in first..nodes {
                    let body = full.tile(level - 1, index, WIDTH).map_err(ReadError::Read)?;
                    let hashes = decode_hashes(&body, WIDTH).map_err(ReadError::Tile)?;
                    row.extend(subtree_root(&hashes));
                }
            }
            rows.push(row);
        }
        Ok(Self { size, rows })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash; every tile that became full goes to `completed` with its hashes, lowest level first.
    pub fn append(&mut self, leaf: Hash, completed: &mut Vec<(Tile, Vec<Hash>)>) -> u64 {
        let index = self.size;
        self.size += 1;
        let mut node = Some(leaf);
        let mut level = 0u8;
        while let Some(hash) = node.take() {
            let row = usize::from(level);
            if self.rows.len() == row {
                self.rows.push(Vec::new());
            }
            let row = &mut self.rows[row];
            row.push(hash);
            if row.len() == usize::from(WIDTH) {
                let hashes = std::mem::take(row);
                node = subtree_root(&hashes);
                let tile_index =
                    (self.size >> (u32::from(HEIGHT) * (u32::from(level) + 1))).saturating_sub(1);
                completed.push((Tile::hashes(level, tile_index, WIDTH), hashes));
                level += 1;
            }
        }
        index
    }

    /// The partial tile of a level: its hashes, empty when there is none.
    pub fn row(&self, level: u8) -> &[Hash] {
        self.rows.get(usize::from(level)).map_or(&[], Vec::as_slice)
    }

    /// The frontier of the tree, folded from the rows.
    pub fn frontier(&self) -> Frontier {
        let mut edge = Vec::new();
        for row in self.rows.iter().rev() {
            let mut rest = row.as_slice();
            while !rest.is_empty() {
                let (head, tail) = rest.split_at(1 << rest.len().ilog2());
                edge.extend(subtree_root(head));
                rest = tail;
            }
        }
        // The rows hold size mod 256 at each level, so the number of edge hashes is the number of set bits.
        Frontier::from_parts(self.size, edge).unwrap_or_default()
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        self.frontier().root()
    }
}

/// Full tiles from a store, partial ones from the edge: all tiles of the tree as it stands and as it ever was.
#[derive(Debug, Clone, Copy)]
pub struct WithEdge<'a, R: ?Sized> {
    /// The store, asked for full tiles only.
    pub full: &'a R,
    /// The edge of the newest tree.
    pub edge: &'a EdgeTiles,
}

impl<R: TileReader + ?Sized> TileReader for WithEdge<'_, R> {
    type Error = ReadError<R::Error>;

    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>, Self::Error> {
        let now = width_in(level, index, self.edge.size);
        if width == 0 || width > now {
            return Err(ReadError::Tile(TileError::OutOfTree));
        }
        let mut body = if now == WIDTH {
            self.full.tile(level, index, WIDTH).map_err(ReadError::Read)?
        } else {
            encode_hashes(self.edge.row(level))
        };
        let bytes = usize::from(width) * HASH_BYTES;
        if body.len() < bytes {
            return Err(ReadError::Tile(TileError::Length));
        }
        body.truncate(bytes);
        Ok(body)
    }
}

#[cfg(test)]
mod tests;
