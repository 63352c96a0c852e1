//! Exit codes, the same for every command; each command's help says which it uses.

/// Done, and nothing is wrong.
pub const FINE: u8 = 0;
/// Not done, or something is wrong: the output says what.
pub const FAILED: u8 = 1;
/// The command line or an input file cannot be understood.
pub const UNREADABLE: u8 = 2;
/// The storage failed: start again, so that recovery runs (`EX_SOFTWARE`).
pub const RESTART: u8 = 70;
/// The running server does not answer: try again (`EX_TEMPFAIL`).
pub const TRY_AGAIN: u8 = 75;
