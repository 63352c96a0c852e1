//! Structured logs on the error stream: codes, ids of jobs and counts; never a value, an address or a name.

use tracing_subscriber::EnvFilter;

/// Starts logging at this level (`error`, `warn`, `info`, `debug`, or a filter such as `server=debug,info`).
///
/// # Errors
/// When the level is none.
pub fn start(level: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(level)
        .map_err(|_| anyhow::anyhow!("log_level {level:?} is none: use error, warn, info or debug"))?;
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_target(true)
        .with_current_span(false)
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        .finish();
    // Already started, as in tests: the first one stays.
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(())
}
