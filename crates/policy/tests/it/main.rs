//! The shipped policy, decided and linted: golden decisions, an oracle, planted mistakes, the matrix.

mod golden;
mod lints;
mod matrix;
mod oracle;
#[path = "../../examples/shipped/mod.rs"]
mod shipped;
