//! The only crate that speaks SQL: one [`Store`], one [`Tx`], one file per table, numbered migrations.
//!
//! Invariants (DESIGN §1): personal data reaches this crate only as ciphertext or keyed hashes; what the log
//! says is written in the transaction of what it is about; the durable commit comes before the answer leaves;
//! after a storage error nothing is acknowledged any more.

pub mod backup;
mod checkpointer;
mod codec;
mod connection;
pub mod erase;
mod fault;
mod files;
mod integrate;
pub mod log;
mod migrations;
pub mod plans;
mod postgres;
mod redo;
mod resident;
pub mod restore;
pub mod scan;
mod sqlite;
mod store;
pub mod tables;
mod transfer;
mod tx;
mod value;
mod writer;

#[cfg(test)]
mod tests;

pub use fault::Fault;
pub use postgres::Server;
pub use resident::{Resident, ResidentFacts};
pub use store::{Options, Store};
pub use tx::{Lock, Tx, ensure_affected};
pub use value::{Param, Row, StoredId, Value};
