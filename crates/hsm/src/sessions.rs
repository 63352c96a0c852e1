//! Sessions with one token, shared by the threads of this process: each works with one at a time.
//!
//! Invariants: a session that saw a fault is not used again, so that no half-done operation stays on it; a new one
//! is logged in before it is used; when sessions, login or device are gone, the token is looked for again, once per
//! call.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use vault::KeystoreFault;
use zeroize::Zeroizing;

use crate::address::Address;
use crate::fault::{Said, TokenFault, Trouble, is_lost, words};

/// Most sessions of this process; whoever needs one more waits for it.
const SESSIONS_MAX: usize = 8;

/// Modules are initialised once in a process and never unloaded: threads of theirs may outlive any user of them.
static MODULES: Mutex<BTreeMap<PathBuf, Pkcs11>> = Mutex::new(BTreeMap::new());

pub(crate) struct Sessions {
    module: Pkcs11,
    address: Address,
    pin: AuthPin,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Default)]
struct Pool {
    free: Vec<Session>,
    /// Sessions that exist, free or not.
    count: usize,
    /// The token refused the PIN: to try again would lock it.
    is_refused: bool,
}

/// What a token calls itself.
#[derive(Debug, Clone)]
pub(crate) struct Described {
    pub serial: String,
    pub model: String,
}

impl Sessions {
    /// Loads the module, finds the token and logs in.
    pub(crate) fn open(address: &Address, pin: &Zeroizing<String>) -> Result<Self, TokenFault> {
        let sessions = Self {
            module: load(&address.module)?,
            address: address.clone(),
            pin: AuthPin::from(pin.as_str()),
            pool: Mutex::default(),
            returned: Condvar::new(),
        };
        let session = sessions.connect()?;
        let mut pool = sessions.pool();
        pool.count += 1;
        pool.free.push(session);
        drop(pool);
        Ok(sessions)
    }

    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    pub(crate) fn describe(&self) -> Result<Described, TokenFault> {
        let info = self.module.get_token_info(self.slot()?).map_err(|fault| self.silent(&fault))?;
        Ok(Described { serial: info.serial_number().to_owned(), model: info.model().to_owned() })
    }

    /// Whether the token knows a mechanism.
    pub(crate) fn knows(&self, mechanism: cryptoki::mechanism::MechanismType) -> Result<bool, TokenFault> {
        let known = self.module.get_mechanism_list(self.slot()?).map_err(|fault| self.silent(&fault))?;
        Ok(known.contains(&mechanism))
    }

    /// Does something on a session; once more on a new one if it was lost.
    pub(crate) fn with<R>(&self, f: impl Fn(&Session) -> Result<R, Trouble>) -> Result<R, KeystoreFault> {
        match self.once(&f) {
            Err(trouble) if is_lost(&trouble) => {
                // The others are lost too.
                let mut pool = self.pool();
                pool.count -= pool.free.len();
                pool.free.clear();
                drop(pool);
                Ok(self.once(&f)?)
            }
            outcome => Ok(outcome?),
        }
    }

    fn once<R>(&self, f: impl Fn(&Session) -> Result<R, Trouble>) -> Result<R, Trouble> {
        let lent = self.lend()?;
        let answer = f(lent.session())?;
        lent.give_back();
        Ok(answer)
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lend(&self) -> Result<Lent<'_>, Trouble> {
        let mut pool = self.pool();
        loop {
            if pool.is_refused {
                let why = "the PIN was refused before and is not tried again: correct it, then restart";
                return Err(KeystoreFault::Unavailable(Box::new(Said(why.to_owned()))).into());
            }
            if let Some(session) = pool.free.pop() {
                return Ok(Lent { sessions: self, session: Some(session) });
            }
            if pool.count < SESSIONS_MAX {
                pool.count += 1;
                break;
            }
            pool = self.returned.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        drop(pool);
        let mut lent = Lent { sessions: self, session: None };
        match self.connect() {
            Ok(session) => lent.session = Some(session),
            Err(fault) => {
                if matches!(fault, TokenFault::Pin { .. }) {
                    self.pool().is_refused = true;
                }
                return Err(KeystoreFault::Unavailable(Box::new(fault)).into());
            }
        }
        Ok(lent)
    }

    /// A new session, logged in.
    fn connect(&self) -> Result<Session, TokenFault> {
        let session = self.module.open_rw_session(self.slot()?).map_err(|fault| self.silent(&fault))?;
        match session.login(UserType::User, Some(&self.pin)) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
            Err(Error::Pkcs11(
                code @ (RvError::PinIncorrect
                | RvError::PinInvalid
                | RvError::PinLenRange
                | RvError::PinExpired
                | RvError::PinLocked
                | RvError::UserPinNotInitialized),
                _,
            )) => Err(TokenFault::Pin { label: self.address.token.clone(), why: format!("{code:?}") }),
            Err(fault) => Err(self.silent(&fault)),
        }
    }

    /// Where the token is now: it may have been plugged in elsewhere since.
    fn slot(&self) -> Result<Slot, TokenFault> {
        let slots = match self.module.get_slots_with_token() {
            Err(Error::Pkcs11(RvError::CryptokiNotInitialized, _)) => {
                initialise(&self.module, &self.address.module)?;
                self.module.get_slots_with_token()
            }
            slots => slots,
        };
        let slots = slots.map_err(|fault| self.silent(&fault))?;
        let mut found = Vec::new();
        let mut labels = Vec::new();
        for slot in slots {
            // A slot may lose its token between the two looks.
            let Ok(info) = self.module.get_token_info(slot) else { continue };
            if !info.token_initialized() {
                continue;
            }
            let serial = self.address.serial.as_deref();
            if info.label() == self.address.token
                && serial.is_none_or(|serial| serial == info.serial_number())
            {
                found.push(slot);
            }
            labels.push(info.label().to_owned());
        }
        let label = self.address.token.clone();
        match found.as_slice() {
            [slot] => Ok(*slot),
            [] => Err(TokenFault::TokenMissing { label, found: labels }),
            several => Err(TokenFault::TokenTwice { label, count: several.len() }),
        }
    }

    fn silent(&self, fault: &Error) -> TokenFault {
        TokenFault::Silent { label: self.address.token.clone(), why: words(fault) }
    }
}

/// A session on loan; one that is not given back is closed.
struct Lent<'a> {
    sessions: &'a Sessions,
    session: Option<Session>,
}

impl Lent<'_> {
    fn session(&self) -> &Session {
        #[expect(clippy::expect_used, reason = "it is taken only by `give_back`, which ends the loan")]
        self.session.as_ref().expect("a loan has a session")
    }

    fn give_back(mut self) {
        if let Some(session) = self.session.take() {
            self.sessions.pool().free.push(session);
            self.sessions.returned.notify_one();
            std::mem::forget(self);
        }
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.session = None;
        self.sessions.pool().count -= 1;
        self.sessions.returned.notify_one();
    }
}

fn load(path: &Path) -> Result<Pkcs11, TokenFault> {
    let mut modules = MODULES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(module) = modules.get(path) {
        return Ok(module.clone());
    }
    let module = Pkcs11::new(path)
        .map_err(|fault| TokenFault::Module { path: path.to_owned(), why: words(&fault) })?;
    initialise(&module, path)?;
    modules.insert(path.to_owned(), module.clone());
    Ok(module)
}

fn initialise(module: &Pkcs11, path: &Path) -> Result<(), TokenFault> {
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(()),
        Err(fault) => Err(TokenFault::Module { path: path.to_owned(), why: words(&fault) }),
    }
}
