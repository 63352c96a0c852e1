//! No core dumps: memory holds opened values and keys, and no file may ever get them.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Turns core dumps off for this process and keeps other processes of the account from reading its memory.
///
/// # Errors
/// When the system refuses; then do not go on.
pub fn apply() -> std::io::Result<()> {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    // Files and sockets of ours are for this account only, also those that libraries make.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    Ok(())
}
