//! An open token and what instance it serves. One token serves one instance.

use cryptoki::mechanism::MechanismType;
use cryptoki::object::{Attribute, AttributeType, ObjectClass};
use vault::{KeystoreFault, Root, Secret};
use zeroize::Zeroizing;

use crate::address::Address;
use crate::fault::{TokenFault, Trouble};
use crate::keystore::TokenKeystore;
use crate::sessions::Sessions;

/// What data objects say they belong to (`CKA_APPLICATION`).
const ABOUT: &[u8] = b"senim instance";
const ROOT: &[u8] = b"senim root";

/// A token, logged in.
pub struct Token {
    pub(crate) sessions: Sessions,
}

impl Token {
    /// Finds a token by its address and logs in.
    ///
    /// # Errors
    /// [`TokenFault`]: each says what to do.
    pub fn open(address: &Address, pin: &Zeroizing<String>) -> Result<Self, TokenFault> {
        let sessions = Sessions::open(address, pin)?;
        for (mechanism, name) in
            [(MechanismType::AES_GCM, "CKM_AES_GCM"), (MechanismType::AES_KEY_GEN, "CKM_AES_KEY_GEN")]
        {
            if !sessions.knows(mechanism)? {
                return Err(TokenFault::Mechanism { label: address.token.clone(), mechanism: name });
            }
        }
        Ok(Self { sessions })
    }

    /// Where it is.
    pub fn address(&self) -> &Address {
        self.sessions.address()
    }

    /// Label, model and serial number, for people.
    ///
    /// # Errors
    /// When the token does not answer.
    pub fn describe(&self) -> Result<String, TokenFault> {
        let described = self.sessions.describe()?;
        Ok(format!(
            "{:?} ({}, serial {})",
            self.address().token,
            described.model.trim(),
            described.serial.trim()
        ))
    }

    /// What [`TokenKeystore::make`] wrote about the instance that this token serves; `None` while it serves none.
    ///
    /// # Errors
    /// When it holds several; when the token does not answer.
    pub fn about(&self) -> Result<Option<Vec<u8>>, TokenFault> {
        let mut found = self.abouts()?;
        match found.len() {
            0 | 1 => Ok(found.pop()),
            _ => Err(TokenFault::Several { label: self.label() }),
        }
    }

    /// Everything said about instances on this token.
    pub(crate) fn abouts(&self) -> Result<Vec<Vec<u8>>, KeystoreFault> {
        self.sessions.with(|session| {
            let found = session.find_objects(&data(ABOUT, None))?;
            if found.is_empty() {
                logged_in(session)?;
            }
            found.into_iter().map(|object| value(session, object)).collect()
        })
    }

    pub(crate) fn label(&self) -> String {
        self.address().token.clone()
    }

    /// The keystore of the instance with this id on the token.
    pub fn of_instance(self, id: &str) -> TokenKeystore {
        TokenKeystore::new(self, id)
    }

    pub(crate) fn read_root(&self, label: &str, name: Root) -> Result<Secret, KeystoreFault> {
        self.sessions.with(|session| {
            let found = session.find_objects(&data(ROOT, Some(label)))?;
            let damaged = || KeystoreFault::Damaged(format!("data object {label:?}"));
            match found.as_slice() {
                [] => {
                    logged_in(session)?;
                    Err(KeystoreFault::RootMissing(name).into())
                }
                [object] => {
                    let bytes = Zeroizing::new(value(session, *object)?);
                    let bytes = bytes.as_slice().try_into().map_err(|_| damaged())?;
                    Ok(Secret::copy_of(bytes))
                }
                _ => Err(damaged().into()),
            }
        })
    }

    /// Keeps a root unless it is there.
    pub(crate) fn keep_root(&self, label: &str, secret: &Secret) -> Result<(), KeystoreFault> {
        self.sessions.with(|session| {
            if session.find_objects(&data(ROOT, Some(label)))?.is_empty() {
                logged_in(session)?;
                session.create_object(&kept(ROOT, label, secret.expose()))?;
            }
            Ok(())
        })
    }

    /// Takes away what this process just made for an instance.
    pub(crate) fn undo(&self, about: &str, roots: &[String]) -> Result<(), KeystoreFault> {
        self.sessions.with(|session| {
            let mut found = session.find_objects(&data(ABOUT, Some(about)))?;
            for label in roots {
                found.extend(session.find_objects(&data(ROOT, Some(label)))?);
            }
            for object in found {
                session.destroy_object(object)?;
            }
            Ok(())
        })
    }

    /// Says what instance the token serves.
    pub(crate) fn keep_about(&self, label: &str, about: &[u8]) -> Result<(), KeystoreFault> {
        self.sessions.with(|session| {
            session.create_object(&kept(ABOUT, label, about))?;
            Ok(())
        })
    }
}

/// Finds data objects of ours.
fn data(application: &[u8], label: Option<&str>) -> Vec<Attribute> {
    let mut template = vec![
        Attribute::Class(ObjectClass::DATA),
        Attribute::Token(true),
        Attribute::Application(application.to_vec()),
    ];
    template.extend(label.map(|label| Attribute::Label(label.into())));
    template
}

/// Makes a data object that only who is logged in sees and nobody changes.
fn kept(application: &[u8], label: &str, bytes: &[u8]) -> Vec<Attribute> {
    let mut template = data(application, Some(label));
    template.extend([
        Attribute::Private(true),
        Attribute::Modifiable(false),
        Attribute::Value(bytes.to_vec()),
    ]);
    template
}

fn value(
    session: &cryptoki::session::Session,
    object: cryptoki::object::ObjectHandle,
) -> Result<Vec<u8>, Trouble> {
    let found = session.get_attributes(object, &[AttributeType::Value])?;
    match found.into_iter().next() {
        Some(Attribute::Value(bytes)) => Ok(bytes),
        _ => Err(KeystoreFault::Damaged("a data object without a value".to_owned()).into()),
    }
}

/// What is not found may only be hidden: private objects are, from a session that is logged out.
pub(crate) fn logged_in(session: &cryptoki::session::Session) -> Result<(), Trouble> {
    use cryptoki::context::Function;
    use cryptoki::error::{Error, RvError};
    use cryptoki::session::SessionState;
    match session.get_session_info()?.session_state() {
        SessionState::RwUser | SessionState::RoUser => Ok(()),
        _ => Err(Error::Pkcs11(RvError::UserNotLoggedIn, Function::FindObjects).into()),
    }
}
