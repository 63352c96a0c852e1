//! On which storage family the tests run: the server at `SENIM_TEST_POSTGRES` when there is one, else the embedded
//! database. `scripts/with-postgres.sh` starts such a server and leaves nothing of it behind.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The address of a schema of its own for this data folder; `None` on the embedded database.
#[expect(clippy::disallowed_methods, reason = "the tests' own environment says which family they run on")]
pub fn url(data: &Path) -> Option<String> {
    let url = std::env::var("SENIM_TEST_POSTGRES").ok()?;
    let name: String = data
        .to_string_lossy()
        .chars()
        .map(|one| if one.is_ascii_alphanumeric() { one.to_ascii_lowercase() } else { '_' })
        .collect();
    Some(format!("{url}?options=-c%20search_path%3Dt{name}"))
}

/// What the store is told.
pub fn server(data: &Path) -> Option<store::Server> {
    Some(store::Server {
        url: url(data)?,
        authorities: None,
        connections_max: 8,
        statement_timeout: Duration::from_secs(20),
    })
}

/// Whether the tests run on a server.
pub fn is_server() -> bool {
    url(Path::new("")).is_some()
}

/// Where the database itself lies: the data folder, or the server's own.
pub fn storage(data: &Path) -> PathBuf {
    std::env::var_os("SENIM_TEST_POSTGRES_FOLDER").map_or_else(|| data.to_owned(), PathBuf::from)
}

/// Kills the server as a power cut would, and starts it again.
///
/// # Panics
/// When it does not start again, or the tests run on no server.
#[expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "the tests' own environment says where it is"
)]
pub fn cut_power() {
    let of = |name: &str| std::env::var(name).expect("the tests run on a server");
    let (folder, account) = (of("SENIM_TEST_POSTGRES_FOLDER"), of("SENIM_TEST_POSTGRES_ACCOUNT"));
    let control = format!("{}/pg_ctl", of("SENIM_TEST_POSTGRES_BIN"));
    let mut command = if account == "postgres" {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", &control]);
        command
    } else {
        Command::new(&control)
    };
    let (data, log) = (format!("{folder}/data"), format!("{folder}/log"));
    let done =
        command.args(["-D", &data, "-l", &log, "-m", "immediate", "-w", "restart"]).current_dir("/").output();
    assert!(done.is_ok_and(|done| done.status.success()), "the server does not start again");
}

/// Restores into a folder, or into the schema that belongs to it.
///
/// # Errors
/// As [`store::restore::restore`].
pub fn restore(data: &Path, keys: &Path, folder: &Path) -> Result<store::restore::Restored, store::Fault> {
    match server(folder) {
        None => store::restore::restore(data, keys, folder),
        Some(server) => store::restore::restore_to_server(data, keys, folder, &server),
    }
}

/// The variables with which a program works on the same database as the tests' own platform would.
pub fn variables(data: &Path) -> Vec<(&'static str, String)> {
    url(data).map(|url| ("SENIM_DATABASE_URL", url)).into_iter().collect()
}

/// What of the tests' own environment a program must not see: it would warn of names that it does not know.
pub const OURS: [&str; 7] = [
    "SENIM_BINARY",
    "SENIM_TORTURE_KILLS",
    "SENIM_TEST_POSTGRES",
    "SENIM_TEST_POSTGRES_FOLDER",
    "SENIM_TEST_POSTGRES_ACCOUNT",
    "SENIM_TEST_POSTGRES_BIN",
    "SENIM_TEST_TOKEN",
];
