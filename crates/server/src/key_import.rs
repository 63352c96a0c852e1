//! `senim key import`: an instance moves from keys in files to a token.
//!
//! Roots and epoch keys are copied into the token, then the keys are rotated, so that the open epoch's key was made in
//! the token and never stood outside; only then are the files destroyed. Cut short anywhere, it is run again.
//!
//! Clauses: C10.7, C17.4.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use hsm::Token;
use serde::Serialize;
use vault::{Keystore as _, Root, Secret};

use crate::config::Config;
use crate::data_folder::{self, About};
use crate::entropy::SystemEntropy;
use crate::keystore::FileKeystore;
use crate::provider::Found;
use crate::wiring::{self, Opening};
use crate::{commands, files};

/// What an import did.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// The token, for people.
    pub token: String,
    /// The open epoch, whose key was made in the token.
    pub epoch: u32,
    /// The folder whose key files were destroyed.
    pub destroyed: PathBuf,
}

/// Moves the keys of a folder that nobody serves.
///
/// # Errors
/// No token named; a folder that is held; a token of another instance; files without keys; of token or store.
pub fn run(config: &Config, opening: &Opening, from: Option<&Path>) -> anyhow::Result<Outcome> {
    let folder = &config.data;
    anyhow::ensure!(config.keystore.url.is_some(), "into which token? name it with --keystore pkcs11:…");
    let about = About::read(folder)?
        .with_context(|| format!("{}: is no data folder; nothing is to be imported", folder.display()))?;
    let keys = FileKeystore::at(&from.map_or_else(|| config.keystore_dir(), Path::to_owned));
    anyhow::ensure!(
        keys.holds_any()?,
        "{}: holds no keys; name their folder with --from",
        keys.folder().display()
    );
    let lock = files::open_lock(&folder.join(data_folder::LOCK))?;
    anyhow::ensure!(
        lock.try_lock().is_ok(),
        "{}: a server holds it; stop that first, its keys must not move meanwhile",
        folder.display()
    );
    match Found::open(config)? {
        // It was begun before, and the token has them all: what it serves is said last.
        Found::Token(_, Some(named)) if named.id == about.id => {}
        Found::Token(token, None) => import(token, &keys, &about)?,
        Found::Token(token, Some(named)) => {
            anyhow::bail!("{} serves the instance {}: a token serves one", token.address(), named.id)
        }
        Found::Files(_) => anyhow::bail!("no token is named"),
    }
    drop(lock);
    let instance = wiring::open(config, &Opening { create: false, command: true, ..opening.clone() })?;
    let rotation = commands::rotate(&instance)?;
    files::shred_folder(keys.folder())?;
    Ok(Outcome {
        token: instance.keystore.place(),
        epoch: rotation.epoch,
        destroyed: keys.folder().to_owned(),
    })
}

fn import(token: Token, keys: &FileKeystore, about: &About) -> anyhow::Result<()> {
    let roots = Root::ALL.map(|name| keys.root(name).map(|secret| (name, secret)));
    let roots = roots.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut epochs = Vec::new();
    for epoch in keys.epochs()? {
        epochs.push((epoch, Secret::copy_of(keys.epoch_key(epoch)?.secret().expose())));
    }
    token.of_instance(&about.id).import(about.text()?.as_bytes(), &roots, &epochs, &SystemEntropy).context(
        "the token takes no keys from outside: start anew on it with a pair of backups, or use another",
    )
}
