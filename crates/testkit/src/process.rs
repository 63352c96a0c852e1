//! The real program as a process: built, started on a free port, ended with the test.
//!
//! Invariant: whatever was started here is dead when the value is dropped, also when a test fails.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// The program `senim` of this build; built first when a test runs without `make`.
///
/// # Panics
/// When it can be neither found nor built.
#[expect(clippy::disallowed_methods, clippy::panic, reason = "a test cannot go on without the program")]
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Ok(path) = std::env::var("SENIM_BINARY") {
            return PathBuf::from(path);
        }
        // A test lies in target/<profile>/deps.
        let found =
            std::env::current_exe().ok().and_then(|test| Some(test.parent()?.parent()?.join("senim")));
        let built = Command::new("cargo")
            .args(["build", "--quiet", "--locked", "-p", "server", "--bin", "senim"])
            .status();
        match (found, built) {
            (Some(path), Ok(status)) if status.success() && path.exists() => path,
            _ => panic!("no program to test: run `cargo build -p server --bin senim`, or set SENIM_BINARY"),
        }
    })
}

/// The program on a data folder, and on the family of this test run.
pub fn command(data: &Path) -> Command {
    let mut command = Command::new(binary());
    for name in crate::family::OURS {
        command.env_remove(name);
    }
    command.envs(crate::family::variables(data));
    command
}

/// A running `senim serve` on a free port of this machine.
pub struct Server {
    child: Running,
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    /// The one-time link, while there is no operator.
    pub setup_link: Option<String>,
}

impl Server {
    /// Starts it on a data folder, with more arguments and variables; waits until it is ready.
    ///
    /// # Panics
    /// When it does not start; its own words stand in the test's output.
    #[expect(clippy::expect_used, reason = "a test cannot go on without a server")]
    pub fn start(data: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut child = command(data)
            .args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(arguments)
            .env("SENIM_METRICS", "off")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let output = child.stdout.take();
        // Dropped, and so ended, when one of the expectations fails.
        let child = Running(child);
        let mut line = String::new();
        BufReader::new(output.expect("its output is ours"))
            .read_line(&mut line)
            .expect("its output can be read");
        let ready: serde_json::Value =
            serde_json::from_str(&line).expect("it says where it is when it is ready");
        let text = |name: &str| ready[name].as_str().map(str::to_owned);
        Self { child, address: text("address").expect("an address"), setup_link: text("setup_link") }
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.0.id()
    }

    /// Asks it to stop, and waits until it did.
    ///
    /// # Panics
    /// When it does not end well.
    #[expect(clippy::expect_used, reason = "a test's own words")]
    pub fn stop(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.id().to_string()]).status();
        assert!(asked.is_ok_and(|status| status.success()), "it cannot be asked to stop");
        assert!(self.child.0.wait().expect("it ends").success(), "it did not stop in peace");
    }

    /// Kills it as a power cut would: nothing of it runs any more.
    pub fn kill(self) {
        drop(self);
    }
}

/// Ends with the value that holds it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
