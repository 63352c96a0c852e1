//! One module for each suite; each says what stands on both sides and what limits its figures.

pub(crate) mod access;
pub(crate) mod decisions;
pub(crate) mod due;
pub(crate) mod erasures;
pub(crate) mod footprint;
pub(crate) mod gate;
pub(crate) mod gdprbench;
pub(crate) mod log;
pub(crate) mod submissions;
pub(crate) mod tax;
pub(crate) mod withdrawals;
