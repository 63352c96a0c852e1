//! Seals and opens values.
