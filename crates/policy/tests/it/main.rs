//! The shipped policy, decided and linted: golden decisions, an oracle, planted mistakes, the matrix.

#[cfg(test)]
mod golden;
#[cfg(test)]
mod lints;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod oracle;
#[path = "../../examples/shipped/mod.rs"]
mod shipped;
