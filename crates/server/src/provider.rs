//! Which keystore an instance has: files of this machine, or a PKCS#11 token that several nodes share.
//!
//! Invariant: a token serves one instance and says which; a folder whose token says otherwise is refused.
//!
//! Clauses: C10.7, C11.1, C17.

use std::path::Path;

use anyhow::Context as _;
use hsm::{Token, TokenKeystore};
use model::Entropy;
use vault::{Keystore, KeystoreFault, Root, Secret};
use zeroize::Zeroizing;

use crate::config::Config;
use crate::data_folder::About;
use crate::files;
use crate::keystore::FileKeystore;

/// The keystore of an open instance.
pub enum Provider {
    /// Files in one folder: for one node.
    Files(FileKeystore),
    /// A token: for any number of nodes.
    Token(TokenKeystore),
}

/// A keystore before it is known whose it is.
#[expect(clippy::large_enum_variant, reason = "there is one, at the start")]
pub enum Found {
    /// Files in one folder.
    Files(FileKeystore),
    /// A token, and what it says of the instance it serves.
    Token(Token, Option<About>),
}

impl Found {
    /// Opens what the configuration names.
    ///
    /// # Errors
    /// No module, no token, a wrong PIN: each says what to do.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        let Some(address) = &config.keystore.url else {
            return Ok(Self::Files(FileKeystore::at(&config.keystore_dir())));
        };
        let token = Token::open(address, &pin(config, address)?).context("the keystore cannot be used")?;
        let about = token.about().context("the keystore cannot be used")?;
        let about = about
            .map(|bytes| {
                let text = String::from_utf8(bytes).ok();
                text.as_deref().map(About::parse).and_then(Result::ok).with_context(|| {
                    format!("{address}: what it says of its instance cannot be understood; is senim older than it?")
                })
            })
            .transpose()?;
        Ok(Self::Token(token, about))
    }

    /// The instance that the keystore itself names.
    pub const fn about(&self) -> Option<&About> {
        match self {
            Self::Token(_, about) => about.as_ref(),
            Self::Files(_) => None,
        }
    }

    /// The keystore of this instance.
    ///
    /// # Errors
    /// A token that serves another one, or none yet.
    pub fn of(self, about: &About) -> anyhow::Result<Provider> {
        match self {
            Self::Files(files) => {
                anyhow::ensure!(
                    files.holds_any()?,
                    "{}: holds no keys; restore the keystore from the key backup, or, if the keys are on a token, name \
                     it with --keystore",
                    files.folder().display()
                );
                Ok(Provider::Files(files))
            }
            Self::Token(token, Some(named)) if named.id == about.id => {
                Ok(Provider::Token(token.of_instance(&about.id)))
            }
            Self::Token(token, Some(named)) => anyhow::bail!(
                "{} serves the instance {}, this folder belongs to {}: name the token of this instance",
                token.address(),
                named.id,
                about.id
            ),
            Self::Token(token, None) => anyhow::bail!(
                "{} holds no keys of this instance ({}): if they are in files, `senim key import` takes them over; if \
                 the token was replaced or initialised anew, restore it with its maker's means",
                token.address(),
                about.id
            ),
        }
    }

    /// Makes roots for a new instance; again for one whose first start was cut short.
    ///
    /// # Errors
    /// A token that was taken by another instance meanwhile; a keystore that does not keep them.
    pub fn make(self, about: &About, entropy: &dyn Entropy) -> anyhow::Result<Provider> {
        match self {
            Self::Files(files) => {
                files.create_roots(entropy)?;
                Ok(Provider::Files(files))
            }
            Self::Token(token, _) => {
                let keystore = token.of_instance(&about.id);
                keystore.make(about.text()?.as_bytes(), entropy).context("the keystore cannot be used")?;
                Ok(Provider::Token(keystore))
            }
        }
    }
}

impl Provider {
    /// Takes back [`Found::make`] on a token. Files stay: they may have been there before.
    ///
    /// # Errors
    /// When the token does not answer.
    pub fn unmake(&self) -> Result<(), KeystoreFault> {
        match self {
            Self::Files(_) => Ok(()),
            Self::Token(keystore) => keystore.unmake(),
        }
    }

    /// Where it is, for people; no secret.
    pub fn place(&self) -> String {
        match self {
            Self::Files(files) => files.folder().display().to_string(),
            Self::Token(keystore) => keystore.token().address().to_string(),
        }
    }

    /// The token, by label, model and serial number, when its keys cannot be copied.
    ///
    /// # Errors
    /// When the token does not answer.
    pub fn token(&self) -> anyhow::Result<Option<String>> {
        match self {
            Self::Files(_) => Ok(None),
            Self::Token(keystore) => Ok(Some(keystore.token().describe()?)),
        }
    }

    /// Copies every key to a folder of a key backup; a token's never leave it.
    ///
    /// # Errors
    /// As [`FileKeystore::copy_to`].
    pub fn copy_to(&self, folder: &Path) -> Result<(), KeystoreFault> {
        match self {
            Self::Files(files) => files.copy_to(folder),
            Self::Token(_) => Ok(()),
        }
    }

    fn inner(&self) -> &dyn Keystore {
        match self {
            Self::Files(files) => files,
            Self::Token(token) => token,
        }
    }
}

impl Keystore for Provider {
    fn wrap(
        &self,
        epoch: u32,
        place: &[u8],
        key: &Secret,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, KeystoreFault> {
        self.inner().wrap(epoch, place, key, entropy)
    }
    fn unwrap(&self, epoch: u32, place: &[u8], wrapped: &[u8]) -> Result<Secret, KeystoreFault> {
        self.inner().unwrap(epoch, place, wrapped)
    }
    fn create_epoch(&self, epoch: u32, entropy: &dyn Entropy) -> Result<(), KeystoreFault> {
        self.inner().create_epoch(epoch, entropy)
    }
    fn destroy_epoch(&self, epoch: u32) -> Result<(), KeystoreFault> {
        self.inner().destroy_epoch(epoch)
    }
    fn epochs(&self) -> Result<Vec<u32>, KeystoreFault> {
        self.inner().epochs()
    }
    fn root(&self, name: Root) -> Result<Secret, KeystoreFault> {
        self.inner().root(name)
    }
}

/// The PIN, from where it was said to be.
fn pin(config: &Config, address: &hsm::Address) -> anyhow::Result<Zeroizing<String>> {
    let section = &config.keystore;
    if let Some(pin) = &section.pin {
        return Ok(pin.0.clone());
    }
    let file = section.pin_file.as_ref().or(address.pin_file.as_ref()).with_context(|| {
        format!(
            "{address}: no PIN; name a file with keystore.pin_file or pin-source, or set SENIM_KEYSTORE_PIN"
        )
    })?;
    let text = Zeroizing::new(
        files::read_text(file).with_context(|| format!("{}: the PIN cannot be read", file.display()))?,
    );
    let pin = text.lines().next().unwrap_or_default();
    anyhow::ensure!(!pin.is_empty(), "{}: holds no PIN in its first line", file.display());
    Ok(Zeroizing::new(pin.to_owned()))
}
