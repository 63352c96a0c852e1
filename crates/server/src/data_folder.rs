//! The data folder: what it is, since when, and whether it is a rehearsal for ever.
//!
//! `DATA/about.toml` is written once, when the folder is made. `DATA/lock` is held by the open store; whoever
//! holds it decides (DESIGN §6).

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use model::{Entropy, Instant};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::files;

/// The version of the folder's layout that this program knows.
const FORMAT: u32 = 1;
/// The file that says what the folder is.
pub const ABOUT: &str = "about.toml";
/// The database, unless it stands on a server.
pub const DATABASE: &str = "senim.db";
/// The file whose lock decides.
pub const LOCK: &str = "lock";
/// The control socket of the running server.
pub const SOCKET: &str = "control.sock";
/// What a first start that was cut short may have left.
const BEGUN: &[&str] = &[LOCK, "keystore", "backups", "about.toml.draft", "reserve"];

/// What a data folder is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Version of the layout.
    pub format: u32,
    /// Tells this instance from every other.
    pub id: String,
    /// Name of the log, for ever.
    pub origin: String,
    /// Time comes from a file, for ever.
    pub rehearsal: bool,
    /// Since when the folder is there.
    pub created_at: Instant,
}

impl About {
    /// A new instance.
    pub fn new(config: &Config, rehearsal: bool, at: Instant, entropy: &dyn Entropy) -> Self {
        let bytes: [u8; 6] = model::platform::random(entropy);
        let id = files::hex(&bytes);
        let host = config.base_url.as_deref().and_then(public_host);
        let end = if rehearsal { tlog::checkpoint::REHEARSAL_SUFFIX } else { "" };
        let origin = format!("senim.{}{end}", host.unwrap_or(&id));
        Self { format: FORMAT, id, origin, rehearsal, created_at: at }
    }

    /// What the folder says it is; `None` when it is no data folder yet.
    ///
    /// # Errors
    /// A file that cannot be understood, or another version of the layout.
    pub fn read(folder: &Path) -> anyhow::Result<Option<Self>> {
        let path = folder.join(ABOUT);
        let text = match files::read_text(&path) {
            Ok(text) => text,
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(fault) => return Err(fault).with_context(|| format!("{}: cannot be read", path.display())),
        };
        let about: Self = toml::from_str(&text)
            .with_context(|| format!("{}: damaged; restore it from the key backup", path.display()))?;
        anyhow::ensure!(
            about.format == FORMAT,
            "{}: has layout {}, this program knows {FORMAT}; open it with the senim that wrote it",
            folder.display(),
            about.format
        );
        Ok(Some(about))
    }

    /// What a keystore that several nodes share says of its instance.
    ///
    /// # Errors
    /// A text that cannot be understood, or another version of the layout.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let about: Self = toml::from_str(text)?;
        anyhow::ensure!(about.format == FORMAT, "layout {} is not known, only {FORMAT}", about.format);
        Ok(about)
    }

    /// The same as a text.
    ///
    /// # Errors
    /// None in practice.
    pub fn text(&self) -> anyhow::Result<String> {
        Ok(toml::to_string(self)?)
    }

    /// Writes it into a folder that has none.
    ///
    /// # Errors
    /// Of the file system.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let head = "# What this data folder is. Written once; never edit it: receipts name the origin.\n";
        let text = format!("{head}{}", self.text()?);
        files::write_new(&folder.join(ABOUT), text.as_bytes())
            .with_context(|| format!("{}: cannot be written", folder.display()))
    }
}

/// The host of an address, unless it is this machine or a bare number.
fn public_host(base_url: &str) -> Option<&str> {
    let rest = base_url.split_once("://")?.1;
    let host = rest.split(['/', ':']).next()?;
    let named = host.contains('.') && host.parse::<std::net::IpAddr>().is_err();
    named.then_some(host)
}

/// Makes sure that a folder can become a data folder: it is empty, or a first start was cut short in it.
///
/// # Errors
/// When something else lies in it.
pub fn ensure_fresh(folder: &Path) -> anyhow::Result<()> {
    let names = files::names(folder).with_context(|| format!("{}: cannot be read", folder.display()))?;
    let foreign =
        names.iter().find(|name| !BEGUN.contains(&name.as_str()) && !is_first_database(folder, name));
    if let Some(name) = foreign {
        anyhow::bail!(
            "{}: is neither empty nor a data folder (it holds {name:?}); choose another --data",
            folder.display()
        );
    }
    Ok(())
}

/// The empty database file that an interrupted opening leaves.
fn is_first_database(folder: &Path, name: &str) -> bool {
    name.starts_with(DATABASE) && folder.join(name).metadata().is_ok_and(|meta| meta.len() == 0)
}

/// Whether another process holds the folder now.
///
/// # Errors
/// Of the file system.
pub fn is_held(folder: &Path) -> std::io::Result<bool> {
    let path = folder.join(LOCK);
    if !path.exists() {
        return Ok(false);
    }
    match files::open_lock(&path)?.try_lock() {
        Ok(()) => Ok(false),
        Err(std::fs::TryLockError::WouldBlock) => Ok(true),
        Err(std::fs::TryLockError::Error(fault)) => Err(fault),
    }
}

/// The folder as an absolute path, so that it stays the same for a server that is asked from elsewhere.
///
/// # Errors
/// When the working folder is gone.
pub fn absolute(path: &Path) -> std::io::Result<PathBuf> {
    std::path::absolute(path)
}

#[cfg(test)]
mod tests {
    use model::platform::SeededEntropy;

    use super::*;
    use crate::files::scratch::Scratch;

    fn about(base_url: Option<&str>, rehearsal: bool) -> About {
        let config = Config { base_url: base_url.map(str::to_owned), ..Config::default() };
        About::new(&config, rehearsal, Instant::from_micros(1_795_424_400_000_000), &SeededEntropy::new(1))
    }

    #[test]
    fn the_origin_names_the_host_and_the_rehearsal() {
        assert_eq!(about(Some("https://privacy.example.kz"), false).origin, "senim.privacy.example.kz");
        assert_eq!(
            about(Some("https://privacy.example.kz:8443/x"), true).origin,
            "senim.privacy.example.kz/rehearsal"
        );
        let alone = about(Some("http://127.0.0.1:8080"), false);
        assert_eq!(alone.origin, format!("senim.{}", alone.id));
        assert_eq!(about(None, true).origin, format!("senim.{}/rehearsal", alone.id));
    }

    #[test]
    fn it_is_written_once_and_read_back() {
        let scratch = Scratch::new();
        assert_eq!(About::read(scratch.path()).unwrap(), None);
        ensure_fresh(scratch.path()).unwrap();
        let made = about(None, true);
        made.write(scratch.path()).unwrap();
        assert_eq!(About::read(scratch.path()).unwrap(), Some(made.clone()));
        assert!(made.write(scratch.path()).is_err(), "never overwritten");
    }

    #[test]
    fn another_layout_or_a_foreign_folder_is_refused() {
        let scratch = Scratch::new();
        let newer = About { format: 2, ..about(None, false) };
        newer.write(scratch.path()).unwrap();
        assert!(format!("{:#}", About::read(scratch.path()).unwrap_err()).contains("layout 2"));
        let other = Scratch::new();
        files::write_new(&other.path().join("holiday.jpg"), b"sea").unwrap();
        assert!(ensure_fresh(other.path()).is_err());
    }

    #[test]
    fn the_lock_decides() {
        let scratch = Scratch::new();
        assert!(!is_held(scratch.path()).unwrap());
        let held = files::open_lock(&scratch.path().join(LOCK)).unwrap();
        held.lock().unwrap();
        assert!(is_held(scratch.path()).unwrap());
        drop(held);
        assert!(!is_held(scratch.path()).unwrap());
    }
}
