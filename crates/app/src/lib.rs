//! The obligations as use cases.
