//! Plaintext and ciphertext of personal data as two types that cannot be confused.
//!
//! Invariant: plaintext lives only in [`Private`], which can be neither printed, nor compared, nor
//! serialised, nor copied by accident; `tidy` lists the few files that may call [`Private::expose`].
//!
//! ```compile_fail
//! let value = model::Private::new(String::from("a name"));
//! println!("{value:?}"); // no Debug
//! ```
//! ```compile_fail
//! let value = model::Private::new(String::from("a name"));
//! println!("{value}"); // no Display
//! ```
//! ```compile_fail
//! let value = model::Private::new(String::from("a name"));
//! let copy = value.clone(); // no Clone
//! ```
//! ```compile_fail
//! let value = model::Private::new(String::from("a name"));
//! let text = serde_json::to_string(&value); // no Serialize
//! ```

use zeroize::{Zeroize, Zeroizing};

/// Plaintext of personal data, incoming or opened; wiped when dropped.
pub struct Private<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Private<T> {
    /// Wraps a plaintext at the door by which it came in.
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }
    /// The plaintext. Only the files that `tidy` lists may call this.
    pub fn expose(&self) -> &T {
        &self.0
    }
    /// The same value in another shape, still private.
    pub fn map<U: Zeroize>(self, change: impl FnOnce(&T) -> U) -> Private<U> {
        Private::new(change(&self.0))
    }
}

impl<'de, T: Zeroize + serde::Deserialize<'de>> serde::Deserialize<'de> for Private<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::new)
    }
}

/// Ciphertext with its nonce and tag, as made by `vault`; the only shape in which personal data
/// may reach storage.
///
/// ```compile_fail
/// let text = String::from("a name");
/// let sealed = model::Sealed::from_bytes(text); // a text is no ciphertext
/// ```
/// ```compile_fail
/// let value = model::Private::new(String::from("a name"));
/// let sealed: model::Sealed = value.into(); // nor is a plaintext: only `vault` makes one of the other
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Bytes that `vault` sealed, or that `store` read back.
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
    /// The bytes to store, by value.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}
