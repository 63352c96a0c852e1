//! Seals and opens values; keyrings, buckets, epochs; blind indexes; shredding; the [`Keystore`] trait.
//! Never stores anything.
//!
//! Epoch key → bucket keys → subject keys → record keys (`schedule.rs` has the picture). Destroying a value is
//! closing its keyring without its key; erasing a person is losing their keyring; and when the epoch ends, its
//! key goes, and with it every older copy of either (DESIGN §2b).
//!
//! Invariants: encryption and key wrapping happen only here; every format begins with its version; a key that
//! seals values seals one; plaintext leaves only through [`Vault::open`] as [`model::Private`], and only for a
//! [`policy::Witnessed`] grant.

mod aead;
mod bucket;
mod cache;
mod fault;
mod index;
mod keyring;
mod keystore;
mod schedule;
mod secret;
#[cfg(test)]
mod tests;
mod totp;
mod value;
mod vault;

pub use bucket::{BUCKET_CAPACITY, WrappedBucket, WrappedKeyring};
pub use fault::{Fault, OpenFault, Piece, Unopened};
pub use keyring::{Keyring, MAX_RECORDS};
pub use keystore::{EpochKey, Keystore, KeystoreFault, MemoryKeystore, Root, parts_of, wrapped_of};
pub use secret::{SECRET_LEN, Secret, same};
pub use totp::totp;
pub use value::{MAX_VALUE_LEN, ValueRef};
pub use vault::Vault;
