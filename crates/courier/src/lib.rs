//! The only crate that dials out. Today: letters over SMTP.
//!
//! Invariants: no address, subject or body ever appears in an error, a `Debug` text or a log line; a rehearsal
//! reaches nothing but this machine.
//!
//! Clauses: C4.3, C8.4, C11.1.

pub mod smtp;

pub use smtp::{Credentials, Encryption, Settings, Smtp, SmtpFault};
