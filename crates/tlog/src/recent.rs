//! The newest nodes of a growing tree, in memory: proofs for what was just appended without reading anything.
//!
//! Invariant: per level the complete nodes from `start` on, without a gap, always with the last one that has no
//! sibling yet; so the left sibling of everything still to come is here.

use std::collections::VecDeque;

use crate::tree::{self, BuildError, Frontier, Hash, HashReader, node_hash};

/// Nodes of a level kept beyond its share of the leaves: the oldest leaf's node and its left sibling.
const SLACK: usize = 3;

/// Complete nodes of the newest leaves, about 64 bytes for each leaf kept.
#[derive(Debug, Clone)]
pub struct Recent {
    size: u64,
    leaves_max: usize,
    levels: Vec<Level>,
}

#[derive(Debug, Clone, Default)]
struct Level {
    /// Index of the first node kept.
    start: u64,
    nodes: VecDeque<Hash>,
}

/// A node is older than what is kept: read it from tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the node is no longer kept in memory; read it from tiles")]
pub struct NotKept;

impl Recent {
    /// Begins at the right edge of a tree; keeps the newest `leaves_max` leaves appended from now on.
    pub fn after(frontier: &Frontier, leaves_max: usize) -> Self {
        let size = frontier.size();
        let mut edge = frontier.edge().iter().rev();
        let mut levels = Vec::new();
        let mut rest = size;
        // One complete subtree without a sibling for each set bit of the size, the smallest last.
        while rest != 0 {
            let nodes: VecDeque<Hash> =
                if rest & 1 == 1 { edge.next().copied().into_iter().collect() } else { VecDeque::new() };
            levels.push(Level { start: rest - nodes.len() as u64, nodes });
            rest >>= 1;
        }
        Self { size, leaves_max, levels }
    }

    /// Number of leaves of the tree.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash.
    pub fn append(&mut self, leaf: Hash) {
        let mut node = leaf;
        let mut index = self.size;
        self.size += 1;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Level::default());
            }
            let kept = (self.leaves_max >> level) + SLACK;
            let Some(Level { start, nodes }) = self.levels.get_mut(level) else { return };
            nodes.push_back(node);
            let left = nodes.len().checked_sub(2).and_then(|at| nodes.get(at)).copied();
            if nodes.len() > kept {
                nodes.pop_front();
                *start += 1;
            }
            let (true, Some(left)) = (index % 2 == 1, left) else { return };
            node = node_hash(&left, &node);
            index /= 2;
        }
    }

    /// Inclusion proof of a leaf in the tree as it stands, nearest sibling first (RFC 6962 §2.1.1).
    ///
    /// # Errors
    /// [`NotKept`] for a leaf that is too old or not there.
    pub fn inclusion_proof(&self, index: u64) -> Result<Vec<Hash>, NotKept> {
        tree::inclusion_proof(self, self.size, index).map_err(|error| match error {
            BuildError::Read(not_kept) => not_kept,
            BuildError::OutOfTree => NotKept,
        })
    }

    /// The root of the tree as it stands.
    ///
    /// # Errors
    /// Never in a tree that was begun at a true edge; [`NotKept`] otherwise.
    pub fn root(&self) -> Result<Hash, NotKept> {
        tree::root(self, self.size).map_err(|_| NotKept)
    }
}

impl HashReader for Recent {
    type Error = NotKept;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, NotKept> {
        let level = self.levels.get(usize::from(level)).ok_or(NotKept)?;
        let at = index.checked_sub(level.start).and_then(|at| usize::try_from(at).ok()).ok_or(NotKept)?;
        level.nodes.get(at).copied().ok_or(NotKept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::leaf_hash;

    fn leaf(number: u64) -> Hash {
        leaf_hash(&number.to_be_bytes())
    }

    /// From every size, every leaf appended since is proven as from all leaves, as long as it is kept.
    #[test]
    fn proofs_are_those_of_the_whole_tree() {
        for begun in [0, 1, 2, 3, 7, 8, 100, 255, 256, 257, 1000] {
            let mut leaves: Vec<Hash> = (0..begun).map(leaf).collect();
            let mut frontier = Frontier::new();
            for &leaf in &leaves {
                frontier.append(leaf);
            }
            let mut recent = Recent::after(&frontier, 64);
            for number in begun..begun + 150 {
                leaves.push(leaf(number));
                frontier.append(leaf(number));
                recent.append(leaf(number));
                let size = leaves.len() as u64;
                assert_eq!(recent.size(), size);
                assert_eq!(recent.root(), Ok(frontier.root()), "{size}");
                for index in (size.saturating_sub(60).max(begun)..size).step_by(7) {
                    let whole = tree::inclusion_proof(&leaves, size, index).unwrap();
                    assert_eq!(recent.inclusion_proof(index), Ok(whole), "{index} of {size}, from {begun}");
                }
            }
        }
    }

    #[test]
    fn what_is_too_old_or_not_there_is_said() {
        let mut recent = Recent::after(&Frontier::new(), 8);
        assert_eq!(recent.inclusion_proof(0), Err(NotKept));
        for number in 0..100 {
            recent.append(leaf(number));
        }
        assert_eq!(recent.inclusion_proof(0), Err(NotKept));
        assert_eq!(recent.inclusion_proof(100), Err(NotKept));
        assert!(recent.inclusion_proof(99).is_ok());
    }
}
