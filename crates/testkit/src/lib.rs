//! The test platform.
