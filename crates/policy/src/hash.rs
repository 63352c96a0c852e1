//! A hasher for codes: a few multiplications instead of `SipHash`. The tables are built from the operator's
//! own files, so nobody can choose colliding keys for them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map by code.
pub(crate) type CodeMap<K, V> = HashMap<K, V, BuildHasherDefault<CodeHasher>>;

#[derive(Clone, Copy, Default)]
pub(crate) struct CodeHasher(u64);

impl CodeHasher {
    const fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for CodeHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            let mut eight = [0; 8];
            eight.copy_from_slice(word);
            self.mix(u64::from_le_bytes(eight));
        }
        for byte in words.remainder() {
            self.mix(u64::from(*byte));
        }
    }
    fn write_u32(&mut self, number: u32) {
        self.mix(u64::from(number));
    }
    fn write_usize(&mut self, _length: usize) {
        // Codes have one length: its prefix says nothing.
    }
    fn finish(&self) -> u64 {
        // The map takes its bits from both ends.
        self.0 ^ (self.0 >> 32)
    }
}
