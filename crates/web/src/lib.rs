//! The only crate that listens.
