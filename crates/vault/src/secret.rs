//! A secret of 32 bytes: a key of any rung of the hierarchy.
//!
//! Invariant: it can be neither printed, nor compared with `==`, nor serialised, nor copied by accident;
//! it lives in one place on the heap, so that moving it leaves no copy behind, and is wiped when dropped.
//!
//! ```compile_fail,E0277
//! let key = vault::Secret::copy_of(&[7; 32]);
//! println!("{key:?}"); // no Debug
//! ```
//! ```compile_fail,E0599
//! let key = vault::Secret::copy_of(&[7; 32]);
//! let copy = key.clone(); // no Clone
//! ```
//! ```compile_fail,E0369
//! let key = vault::Secret::copy_of(&[7; 32]);
//! assert!(key == vault::Secret::copy_of(&[7; 32])); // no ==: use `matches`
//! ```

use aws_lc_rs::constant_time::verify_slices_are_equal;
use model::Entropy;
use zeroize::Zeroize;

/// Bytes in a secret.
pub const SECRET_LEN: usize = 32;

/// 32 secret bytes, wiped when dropped.
pub struct Secret(Box<[u8; SECRET_LEN]>);

impl Secret {
    /// A fresh secret.
    pub fn random(entropy: &dyn Entropy) -> Self {
        let mut secret = Self(Box::new([0; SECRET_LEN]));
        entropy.fill(secret.0.as_mut_slice());
        secret
    }
    /// The secret that a keystore kept as these bytes, which the caller still has to wipe.
    pub fn copy_of(bytes: &[u8; SECRET_LEN]) -> Self {
        let mut secret = Self(Box::new([0; SECRET_LEN]));
        secret.0.copy_from_slice(bytes);
        secret
    }
    /// The bytes, for a keystore to keep.
    pub fn expose(&self) -> &[u8; SECRET_LEN] {
        &self.0
    }
    /// Whether both are the same secret, in constant time.
    pub fn matches(&self, other: &Self) -> bool {
        same(self.expose(), other.expose())
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Whether two secrets or MACs are equal, in time that depends on their lengths only.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    verify_slices_are_equal(left, right).is_ok()
}
