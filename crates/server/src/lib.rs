//! The binary `senim`: configuration, files, clock, randomness, keystore, wiring, commands.
//!
//! Invariant: the only crate that holds ambient authority (DESIGN §1, invariant 2). The files that use it are
//! `files.rs`, `clock.rs`, `entropy.rs` and `cli.rs`; everything else gets it as an argument.

pub mod backups;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod control;
pub mod data_folder;
pub mod doctor;
pub mod embedded;
pub mod entropy;
pub mod exit;
pub mod files;
pub mod hardening;
pub mod key_import;
pub mod keystore;
pub mod logging;
pub mod provider;
pub mod restore;
pub mod scan;
pub mod serve;
pub mod wiring;

/// A submission allocates some four hundred times: with the system's allocator that took a tenth of it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
