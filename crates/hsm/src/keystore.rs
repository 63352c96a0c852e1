//! The keystore of one instance on a token.
//!
//! Two nodes may make the key of one epoch at the same moment, since a token knows no unique names. That does no
//! harm: a key is wrapped under whichever is found first, unwrapped by trying each, and the end of the epoch destroys
//! all.

use cryptoki::error::Error;
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use model::Entropy;
use vault::{Keystore, KeystoreFault, Piece, Root, SECRET_LEN, Secret, Unopened};
use zeroize::Zeroizing;

use crate::fault::{TokenFault, Trouble, is_unopened, is_vague};
use crate::token::{Token, logged_in};

const NONCE_LEN: usize = 12;
const TAG_BITS: u64 = 128;
const TAG_LEN: usize = 16;

/// Keys of one instance on a token.
pub struct TokenKeystore {
    token: Token,
    id: String,
}

impl TokenKeystore {
    pub(crate) fn new(token: Token, id: &str) -> Self {
        Self { token, id: id.to_owned() }
    }

    /// The token.
    pub const fn token(&self) -> &Token {
        &self.token
    }

    /// Makes the roots that are not there yet, then says what the instance is: from then on the token serves it.
    ///
    /// # Errors
    /// When the token serves another instance, or another node does the same at this moment; then nothing is left.
    pub fn make(&self, about: &[u8], entropy: &dyn Entropy) -> Result<(), TokenFault> {
        self.ensure_free(about)?;
        for name in Root::ALL {
            self.token.keep_root(&self.root_label(name), &Secret::random(entropy))?;
        }
        self.say(about)
    }

    /// Takes over roots and epoch keys that were kept elsewhere, then says what the instance is. Such epoch keys were
    /// outside once: end their epoch.
    ///
    /// # Errors
    /// When the token takes no keys from outside.
    pub fn import(
        &self,
        about: &[u8],
        roots: &[(Root, Secret)],
        epochs: &[(u32, Secret)],
        entropy: &dyn Entropy,
    ) -> Result<(), TokenFault> {
        self.ensure_free(about)?;
        for (name, secret) in roots {
            self.token.keep_root(&self.root_label(*name), secret)?;
        }
        for (epoch, secret) in epochs {
            let id = key_id(*epoch, entropy);
            self.token.sessions.with(|session| {
                if self.keys(session, *epoch)?.is_empty() {
                    let mut template = self.epoch_template(*epoch, &id);
                    template.push(Attribute::Value(secret.expose().to_vec()));
                    session.create_object(&template)?;
                }
                Ok(())
            })?;
        }
        self.say(about)
    }

    /// Takes back [`TokenKeystore::make`]: the token serves no instance again.
    ///
    /// # Errors
    /// When the token does not answer.
    pub fn unmake(&self) -> Result<(), KeystoreFault> {
        let roots = Root::ALL.map(|name| self.root_label(name));
        self.token.undo(&self.about_label(), &roots)
    }

    fn about_label(&self) -> String {
        format!("senim {}", self.id)
    }

    fn ensure_free(&self, about: &[u8]) -> Result<(), TokenFault> {
        match self.token.about()? {
            Some(said) if said != about => Err(TokenFault::Taken { label: self.token.label() }),
            _ => Ok(()),
        }
    }

    fn say(&self, about: &[u8]) -> Result<(), TokenFault> {
        if self.token.abouts()?.is_empty() {
            self.token.keep_about(&self.about_label(), about)?;
        }
        // Again: a token knows no unique names, and another node may have done the same just now.
        match self.token.abouts()?.as_slice() {
            [said] if said == about => Ok(()),
            _ => {
                self.unmake()?;
                Err(TokenFault::TwoAtOnce { label: self.token.label() })
            }
        }
    }

    fn root_label(&self, name: Root) -> String {
        format!("senim {} root {}", self.id, name.code())
    }

    fn epoch_head(&self) -> String {
        format!("senim {} epoch ", self.id)
    }

    fn epoch_label(&self, epoch: u32) -> Vec<u8> {
        format!("{}{epoch}", self.epoch_head()).into_bytes()
    }

    /// What every epoch key is.
    fn epoch_template(&self, epoch: u32, id: &[u8]) -> Vec<Attribute> {
        vec![
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::AES),
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Modifiable(false),
            // A copy under another name would outlive the epoch.
            Attribute::Copyable(false),
            Attribute::Encrypt(true),
            Attribute::Decrypt(true),
            Attribute::Wrap(false),
            Attribute::Unwrap(false),
            Attribute::Label(self.epoch_label(epoch)),
            Attribute::Id(id.to_vec()),
        ]
    }

    /// The keys of an epoch: one, more after a race of two nodes.
    fn keys(&self, session: &Session, epoch: u32) -> Result<Vec<ObjectHandle>, Trouble> {
        let found = session.find_objects(&[
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::Token(true),
            Attribute::Label(self.epoch_label(epoch)),
        ])?;
        if found.is_empty() {
            logged_in(session)?;
        }
        Ok(found)
    }
}

/// Tells keys of one epoch apart, for people who look at the token.
fn key_id(epoch: u32, entropy: &dyn Entropy) -> Vec<u8> {
    let random: [u8; 8] = model::platform::random(entropy);
    [&epoch.to_be_bytes()[..], &random].concat()
}

fn encrypt(
    session: &Session,
    key: ObjectHandle,
    nonce: &mut [u8; NONCE_LEN],
    place: &[u8],
    plaintext: &[u8; SECRET_LEN],
) -> Result<Vec<u8>, Error> {
    session.encrypt(&Mechanism::AesGcm(GcmParams::new(nonce, place, TAG_BITS.into())?), key, plaintext)
}

fn decrypt(
    session: &Session,
    key: ObjectHandle,
    mut nonce: [u8; NONCE_LEN],
    place: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let params = GcmParams::new(&mut nonce, place, TAG_BITS.into())?;
    session.decrypt(&Mechanism::AesGcm(params), key, sealed).map(Zeroizing::new)
}

/// Whether a key of the token opens what it has just sealed.
fn works(session: &Session, key: ObjectHandle) -> Result<bool, Error> {
    const PLACE: &[u8] = b"senim/v1/probe\0";
    let mut nonce = [0; NONCE_LEN];
    session.generate_random_slice(&mut nonce)?;
    let sealed = encrypt(session, key, &mut nonce, PLACE, &[0; SECRET_LEN])?;
    Ok(decrypt(session, key, nonce, PLACE, &sealed).is_ok_and(|opened| *opened == [0; SECRET_LEN]))
}

impl Keystore for TokenKeystore {
    fn wrap(
        &self,
        epoch: u32,
        place: &[u8],
        key: &Secret,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, KeystoreFault> {
        let drawn: [u8; NONCE_LEN] = model::platform::random(entropy);
        self.token.sessions.with(|session| {
            let found = self.keys(session, epoch)?;
            let epoch_key = *found.first().ok_or(KeystoreFault::Missing(epoch))?;
            // Some tokens put a nonce of their own in its place.
            let mut nonce = drawn;
            let sealed = encrypt(session, epoch_key, &mut nonce, place, key.expose())?;
            if sealed.len() != SECRET_LEN + TAG_LEN {
                let what =
                    format!("token {:?}: it sealed 32 bytes as {}", self.token.address().token, sealed.len());
                return Err(KeystoreFault::Damaged(what).into());
            }
            Ok(vault::wrapped_of(nonce, &sealed))
        })
    }

    fn unwrap(&self, epoch: u32, place: &[u8], wrapped: &[u8]) -> Result<Secret, KeystoreFault> {
        let (drawn, sealed) = vault::parts_of(wrapped)?;
        let broken = KeystoreFault::Unopened(Unopened::Broken(Piece::Bucket));
        if sealed.len() != SECRET_LEN + TAG_LEN {
            return Err(broken);
        }
        let opened = self.token.sessions.with(|session| {
            let found = self.keys(session, epoch)?;
            if found.is_empty() {
                return Err(KeystoreFault::Missing(epoch).into());
            }
            for epoch_key in found {
                match decrypt(session, epoch_key, drawn, place, sealed) {
                    Ok(opened) => return Ok(Some(opened)),
                    Err(fault) if is_unopened(&fault) => {}
                    // SoftHSM has no word for a box that does not open. If the key does its work, it is the box.
                    Err(fault) if is_vague(&fault) && works(session, epoch_key)? => {}
                    Err(fault) => return Err(fault.into()),
                }
            }
            Ok(None)
        })?;
        let opened = opened.ok_or_else(|| KeystoreFault::Unopened(Unopened::Broken(Piece::Bucket)))?;
        let bytes = opened.as_slice().try_into().map_err(|_| broken)?;
        Ok(Secret::copy_of(bytes))
    }

    fn create_epoch(&self, epoch: u32, entropy: &dyn Entropy) -> Result<(), KeystoreFault> {
        let id = key_id(epoch, entropy);
        self.token.sessions.with(|session| {
            if !self.keys(session, epoch)?.is_empty() {
                return Err(KeystoreFault::Exists(epoch).into());
            }
            let mut template = self.epoch_template(epoch, &id);
            template.push(Attribute::ValueLen((SECRET_LEN as u64).into()));
            session.generate_key(&Mechanism::AesKeyGen, &template)?;
            Ok(())
        })
    }

    fn destroy_epoch(&self, epoch: u32) -> Result<(), KeystoreFault> {
        self.token.sessions.with(|session| {
            for key in self.keys(session, epoch)? {
                session.destroy_object(key)?;
            }
            if self.keys(session, epoch)?.is_empty() {
                return Ok(());
            }
            Err(KeystoreFault::Damaged(format!(
                "token {:?}: a destroyed key is still there",
                self.token.address().token
            ))
            .into())
        })
    }

    fn epochs(&self) -> Result<Vec<u32>, KeystoreFault> {
        let head = self.epoch_head();
        let mut epochs = self.token.sessions.with(|session| {
            let found = session.find_objects(&[
                Attribute::Class(ObjectClass::SECRET_KEY),
                Attribute::KeyType(KeyType::AES),
                Attribute::Token(true),
            ])?;
            if found.is_empty() {
                logged_in(session)?;
            }
            let mut epochs = Vec::new();
            for key in found {
                let label = session.get_attributes(key, &[AttributeType::Label])?.into_iter().next();
                if let Some(Attribute::Label(label)) = label
                    && let Some(number) =
                        std::str::from_utf8(&label).ok().and_then(|label| label.strip_prefix(&head))
                    && let Ok(epoch) = number.parse::<u32>()
                {
                    epochs.push(epoch);
                }
            }
            Ok(epochs)
        })?;
        epochs.sort_unstable();
        epochs.dedup();
        Ok(epochs)
    }

    fn root(&self, name: Root) -> Result<Secret, KeystoreFault> {
        self.token.read_root(&self.root_label(name), name)
    }
}
