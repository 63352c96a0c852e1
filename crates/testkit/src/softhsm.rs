//! Tokens of SoftHSM 2 in a folder that vanishes with the test.
//!
//! The module finds its tokens by `SOFTHSM2_CONF`, which belongs to a whole process: a program is started with
//! [`Tokens::variables`], and a test that opens a token itself runs once more in a process of its own ([`alone`]).

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian's package puts the module.
const MODULES: &[&str] = &["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so"];
/// The PIN of every token here.
pub const PIN: &str = "7351-quiet-river";
/// The variable by which the module finds its tokens.
const CONFIGURATION: &str = "SOFTHSM2_CONF";

/// A folder of tokens.
pub struct Tokens {
    folder: tempfile::TempDir,
}

impl Tokens {
    /// A folder without a token.
    ///
    /// # Panics
    /// When the folder cannot be filled.
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "a test cannot go on without its tokens"
    )]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let tokens = folder.path().join("tokens");
        std::fs::create_dir(&tokens).expect("a folder for tokens");
        let text = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            tokens.display()
        );
        std::fs::write(folder.path().join("softhsm2.conf"), text).expect("the module's configuration");
        std::fs::write(folder.path().join("pin"), format!("{PIN}\n")).expect("the PIN's file");
        Self { folder }
    }

    /// A folder with one token.
    ///
    /// # Panics
    /// As [`Tokens::new`] and [`Tokens::add`].
    pub fn with(label: &str) -> Self {
        let tokens = Self::new();
        tokens.add(label);
        tokens
    }

    /// Initialises one more token.
    ///
    /// # Panics
    /// When SoftHSM is missing.
    #[expect(clippy::expect_used, reason = "a test cannot go on without its tokens")]
    pub fn add(&self, label: &str) {
        let done = Command::new("softhsm2-util")
            .args(["--init-token", "--free", "--label", label, "--so-pin", "90210-so", "--pin", PIN])
            .envs(self.variables())
            .output()
            .expect("softhsm2-util: install the Debian package softhsm2 (scripts/setup.sh test does)");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// What a program that uses these tokens must see.
    pub fn variables(&self) -> [(&'static str, String); 1] {
        [(CONFIGURATION, self.folder.path().join("softhsm2.conf").display().to_string())]
    }

    /// The file with the PIN.
    pub fn pin_file(&self) -> PathBuf {
        self.folder.path().join("pin")
    }

    /// The folder in which the tokens lie.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().join("tokens")
    }

    /// The address of a token.
    pub fn address(&self, label: &str) -> String {
        format!(
            "pkcs11:token={label}?module-path={}&pin-source=file:{}",
            module().display(),
            self.pin_file().display()
        )
    }
}

impl Default for Tokens {
    fn default() -> Self {
        Self::new()
    }
}

/// The module.
///
/// # Panics
/// When SoftHSM is missing.
pub fn module() -> &'static Path {
    let found = MODULES.iter().map(Path::new).find(|path| path.exists());
    #[expect(clippy::expect_used, reason = "a test cannot go on without it")]
    found.expect("no SoftHSM: install the Debian package softhsm2 (scripts/setup.sh test does)")
}

/// Runs the calling test once more in a process that sees one fresh token, and says there `true`; here, after that
/// went well, `false`.
///
/// # Panics
/// When the test fails there.
#[expect(clippy::expect_used, reason = "the tests' own environment")]
pub fn alone(test: &str, label: &str) -> bool {
    const INSIDE: &str = "SENIM_TEST_TOKEN";
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let tokens = Tokens::with(label);
    let itself = std::env::current_exe().expect("the test's own program");
    let done = Command::new(itself)
        .args(["--exact", test, "--nocapture"])
        .envs(tokens.variables())
        .env(INSIDE, tokens.address(label))
        .output()
        .expect("the test's own program runs");
    let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
    // Under a wrong name nothing runs, and nothing fails.
    assert!(done.status.success() && said.contains(" 1 passed"), "{test} failed in its own process:\n{said}");
    false
}

/// The address of the token that [`alone`] made.
///
/// # Panics
/// Outside of it.
#[expect(clippy::disallowed_methods, clippy::expect_used, reason = "the tests' own environment")]
pub fn address() -> String {
    std::env::var("SENIM_TEST_TOKEN").expect("softhsm::alone comes first")
}
