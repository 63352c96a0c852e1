//! `senim restore`: a data backup and a key backup at least as new make a new data folder.
//!
//! The fences of the key backup are applied before anything can be served: nobody erased since comes back,
//! nothing withdrawn since is live (DESIGN §2b). Clauses: C10.7, C17.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize;
use vault::Keystore as _;

use crate::backups::{self, KEYS_DATABASE, KEYSTORE};
use crate::config::Config;
use crate::data_folder::{ABOUT, About};
use crate::files;
use crate::keystore::FileKeystore;
use crate::provider::Found;
use crate::wiring::{self, Opening};

/// From what to restore.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The data backup.
    pub data: PathBuf,
    /// The folder of the key backup.
    pub keys: PathBuf,
    /// From now on the token of the keys serves what is restored, and not what it was made from.
    pub take_over: bool,
}

impl Sources {
    /// The newest data backup of a folder, unless a file is named, and the key backup.
    ///
    /// # Errors
    /// When either is missing.
    pub fn choose(
        folder: &Path,
        data: Option<PathBuf>,
        keys: Option<PathBuf>,
        take_over: bool,
    ) -> anyhow::Result<Self> {
        let data = if let Some(file) = data {
            file
        } else {
            let newest = backups::list(folder)?.pop();
            newest.with_context(|| format!("{}: holds no data backup", folder.display()))?.file
        };
        let keys = keys.unwrap_or_else(|| folder.join("keys"));
        anyhow::ensure!(
            backups::keys_note(&keys)?.is_some(),
            "{}: holds no whole key backup; name its folder with --keys",
            keys.display()
        );
        Ok(Self { data, keys, take_over })
    }
}

/// What a restore did.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// The data backup used.
    pub data: PathBuf,
    /// Size of the log in the data backup.
    pub data_log_size: u64,
    /// Size of the log now.
    pub log_size: u64,
    /// People erased since the data backup, erased again.
    pub erased_again: u64,
    /// Withdrawals and restrictions since, set again.
    pub fences_applied: u64,
    /// People who came after the data backup: their data are lost, their keys were removed.
    pub lost: u64,
    /// What the structural scan and the check of the log find now; empty when all is well.
    pub problems: Vec<String>,
}

/// Restores into an empty folder.
///
/// # Errors
/// The pair cannot be restored together; the folder is not empty; of the file system.
pub fn restore(config: &Config, sources: &Sources, opening: &Opening) -> anyhow::Result<Outcome> {
    let folder = &config.data;
    let names = files::names(folder)?;
    anyhow::ensure!(names.is_empty(), "{}: is not empty; restore into an empty folder", folder.display());
    files::create_folder(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
    let about = About::read(&sources.keys)?.context("the key backup does not say of which instance it is")?;
    let note = backups::keys_note(&sources.keys)?.context("the key backup is not whole")?;
    ensure_keys(config, sources, &about, &note)?;
    let outcome = rebuild(config, sources, opening);
    if outcome.is_err() {
        // A folder that was only half restored must never be served.
        files::shred_folder(folder)?;
    }
    outcome
}

/// The keys are where the backup and the configuration say, before anything is written anywhere.
fn ensure_keys(
    config: &Config,
    sources: &Sources,
    about: &About,
    note: &backups::Note,
) -> anyhow::Result<()> {
    let Some(token) = &note.token else {
        anyhow::ensure!(
            config.keystore.url.is_none(),
            "this key backup holds the keys as files: restore without --keystore; `senim key import` then takes them \
             over to a token"
        );
        return Ok(());
    };
    anyhow::ensure!(
        config.keystore.url.is_some(),
        "the keys of this backup are in the token {token}, which no backup holds: name it with --keystore"
    );
    let held = Found::open(config)?.of(about)?.epochs()?;
    anyhow::ensure!(
        note.epochs.iter().all(|epoch| held.contains(epoch)),
        "this key backup needs the keys of epochs {:?}, the token holds {held:?}: the keys were rotated since it was \
         made, and what it holds is dead by that; use the newest key backup",
        note.epochs
    );
    anyhow::ensure!(
        sources.take_over,
        "the token serves the database that this backup was made from, and from the next rotation on can only serve \
         one: if that database is lost or stopped for good, say --take-over; to try a backup out, `senim doctor` does"
    );
    Ok(())
}

fn rebuild(config: &Config, sources: &Sources, opening: &Opening) -> anyhow::Result<Outcome> {
    let folder = &config.data;
    if config.keystore.url.is_none() {
        FileKeystore::at(&sources.keys.join(KEYSTORE)).copy_to(&config.keystore_dir())?;
    }
    let keys = sources.keys.join(KEYS_DATABASE);
    let done = match &config.database {
        None => store::restore::restore(&sources.data, &keys, folder)?,
        Some(section) => store::restore::restore_to_server(&sources.data, &keys, folder, &section.server()?)?,
    };
    files::copy_new(&sources.keys.join(ABOUT), &folder.join(ABOUT))?;
    let opening = Opening { create: false, command: true, ..opening.clone() };
    let instance = wiring::open(config, &opening)?;
    app::backup::restored(&instance.app)?;
    app::erasure::sweep(&instance.app)?;
    let mut problems = app::log::fsck(&instance.app)?;
    problems.extend(app::backup::scan_structure(&instance.app)?);
    Ok(Outcome {
        data: sources.data.clone(),
        data_log_size: done.data_log_size,
        log_size: done.log_size,
        erased_again: done.erased_again,
        fences_applied: done.fences_applied,
        lost: done.keyrings_removed,
        problems,
    })
}
