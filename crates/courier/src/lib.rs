//! The only crate that dials out.
