//! The one integration-test binary: one more file here would be compiled, linked and started for itself.
//!
//! Tests of an obligation carry its clause in their name: `cargo nextest run clause_17`.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect must fail, and it looks at the files of its own server"
)]

#[path = "all/acceptance.rs"]
mod acceptance;
#[path = "all/access.rs"]
mod access;
#[path = "all/account.rs"]
mod account;
#[path = "all/browser.rs"]
mod browser;
#[path = "all/consent.rs"]
mod consent;
#[path = "all/crash.rs"]
mod crash;
#[path = "all/erasure.rs"]
mod erasure;
#[path = "all/evidence.rs"]
mod evidence;
#[path = "all/hsm.rs"]
mod hsm;
#[path = "all/intake.rs"]
mod intake;
#[path = "all/last_letter.rs"]
mod last_letter;
#[path = "all/nodes.rs"]
mod nodes;
#[path = "all/operator.rs"]
mod operator;
#[path = "all/promise.rs"]
mod promise;
#[path = "all/records.rs"]
mod records;
#[path = "all/restore.rs"]
mod restore;
#[path = "all/smtp.rs"]
mod smtp;
#[path = "all/status.rs"]
mod status;
#[path = "all/tidy.rs"]
mod tidy;
