//! What can go wrong between this process and a token. No message holds a PIN or a key.

use std::path::PathBuf;

use cryptoki::error::{Error, RvError};
use vault::KeystoreFault;

/// Why a token cannot be used as a keystore.
#[derive(Debug, thiserror::Error)]
pub enum TokenFault {
    /// The module cannot be loaded or does not start.
    #[error(
        "{}: is no PKCS#11 module that can be used ({why}): install the token's software, or correct module-path",
        path.display()
    )]
    Module {
        /// Where it was looked for.
        path: PathBuf,
        /// What the system or the module says.
        why: String,
    },
    /// No such token.
    #[error(
        "no token is called {label:?} (there are: {}): connect or initialise it, or correct the address",
        listed(found)
    )]
    TokenMissing {
        /// The label asked for.
        label: String,
        /// The labels that are there.
        found: Vec<String>,
    },
    /// More than one such token.
    #[error("{count} tokens are called {label:?}: add serial=… to the address")]
    TokenTwice {
        /// The label asked for.
        label: String,
        /// How many there are.
        count: usize,
    },
    /// The token does not take the PIN.
    #[error(
        "token {label:?} refuses the PIN ({why}): correct it before the next try, after a few the token locks itself"
    )]
    Pin {
        /// The token.
        label: String,
        /// What it says.
        why: String,
    },
    /// The token cannot do what is needed.
    #[error("token {label:?} cannot do {mechanism}: choose one that can")]
    Mechanism {
        /// The token.
        label: String,
        /// What is missing.
        mechanism: &'static str,
    },
    /// Somebody else made an instance on it at the same moment.
    #[error(
        "token {label:?} was taken by two nodes that started for the first time at once: start one, then the others"
    )]
    TwoAtOnce {
        /// The token.
        label: String,
    },
    /// It serves an instance already, and not this one.
    #[error("token {label:?} serves another instance: a token serves one; initialise another")]
    Taken {
        /// The token.
        label: String,
    },
    /// It holds more than one instance.
    #[error(
        "token {label:?} holds several instances: a token serves one; take the objects of the others away"
    )]
    Several {
        /// The token.
        label: String,
    },
    /// A key or an object on it.
    #[error(transparent)]
    Keystore(#[from] KeystoreFault),
    /// The token cannot be read.
    #[error("token {label:?} does not answer ({why}): see to that, then try again")]
    Silent {
        /// The token.
        label: String,
        /// What it says.
        why: String,
    },
}

fn listed(labels: &[String]) -> String {
    if labels.is_empty() {
        return "none".to_owned();
    }
    labels.iter().map(|label| format!("{label:?}")).collect::<Vec<_>>().join(", ")
}

/// A token's refusal in few words: the standard's own sentences fill a paragraph each.
pub(crate) fn words(fault: &Error) -> String {
    match fault {
        Error::Pkcs11(code, function) => format!("{code:?} in {function:?}"),
        other => other.to_string(),
    }
}

/// What a call on a session ended with.
pub(crate) enum Trouble {
    /// The token said no.
    Token(Error),
    /// It said yes, and that is a fault here.
    Fault(KeystoreFault),
}

impl From<Error> for Trouble {
    fn from(fault: Error) -> Self {
        Self::Token(fault)
    }
}

impl From<KeystoreFault> for Trouble {
    fn from(fault: KeystoreFault) -> Self {
        Self::Fault(fault)
    }
}

/// What the token said, as an error with a source.
#[derive(Debug, thiserror::Error)]
#[error("the token says {0}")]
pub(crate) struct Said(pub String);

impl From<Trouble> for KeystoreFault {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Token(fault) => Self::Unavailable(Box::new(Said(words(&fault)))),
            Trouble::Fault(fault) => fault,
        }
    }
}

/// Whether session, login or device are gone, so that a new session may help.
pub(crate) const fn is_lost(trouble: &Trouble) -> bool {
    matches!(
        trouble,
        Trouble::Token(Error::Pkcs11(
            RvError::SessionHandleInvalid
                | RvError::SessionClosed
                | RvError::UserNotLoggedIn
                | RvError::DeviceRemoved
                | RvError::DeviceError
                | RvError::TokenNotPresent
                | RvError::SlotIdInvalid
                | RvError::CryptokiNotInitialized,
            _
        ))
    )
}

/// Whether the token says that a box does not open under its key.
pub(crate) const fn is_unopened(fault: &Error) -> bool {
    matches!(
        fault,
        Error::Pkcs11(
            RvError::EncryptedDataInvalid
                | RvError::EncryptedDataLenRange
                | RvError::DataInvalid
                | RvError::DataLenRange
                | RvError::SignatureInvalid,
            _
        )
    )
}

/// Whether the token says no more than that it did not work.
pub(crate) const fn is_vague(fault: &Error) -> bool {
    matches!(fault, Error::Pkcs11(RvError::GeneralError | RvError::FunctionFailed, _))
}
