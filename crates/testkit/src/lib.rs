//! The test platform: the real policy, gate, vault, log and store, with a clock that stands still until it
//! is moved, seeded randomness and a keystore in memory.

pub mod family;
pub mod http;
pub mod platform;
pub mod process;
pub mod site;
pub mod softhsm;
pub mod staff;

pub use platform::{Person, Platform};

pub mod tidy;
