//! The keystore on a PKCS#11 token, for any number of nodes: epoch keys are made, used and destroyed inside the
//! token and never leave it.
//!
//! | on the token | as | leaves it |
//! |---|---|---|
//! | `senim ID epoch N` | AES-256 key: sensitive, not extractable, not copyable, not modifiable | never |
//! | `senim ID root NAME` | private data object | read at each start |
//! | `senim ID` | private data object: what the instance is | read at each start |
//!
//! Invariants: the PIN stands in no argument, message or log; a token that refused the PIN once is not asked again by
//! this process, since it would lock itself; no key of an epoch is taken to be gone while the session is not logged in.
//!
//! Clauses: C10.7, C17; RELIABILITY §1.1; PKCS#11 v2.40 and newer; RFC 7512.

mod address;
mod fault;
mod keystore;
mod sessions;
mod token;

pub use address::{Address, AddressFault};
pub use fault::TokenFault;
pub use keystore::TokenKeystore;
pub use token::Token;
