//! The obligations as use cases, one module each: synchronous, transactional, logged.
//!
//! Every use case takes the [`App`] and a [`ProcessingContext`], asks `policy::decide` where personal
//! data are touched, writes its log entry in the same transaction, and answers after the durable commit.
//!
//! **Invariants**: no `async fn`; seals are made before a transaction and opened after it, never inside;
//! ids, nonces and times are drawn before, so that a re-run of a unit is identical; an answer that shows
//! a value has passed `Grant → Witnessed<Grant> → Vault::open`.

pub mod access;
pub mod account;
pub mod api_key;
pub mod backup;
mod buckets;
pub mod consent;
pub mod enquiry;
pub mod erasure;
pub mod evidence;
pub mod failure;
mod held;
pub mod intake;
pub mod keys;
mod lease;
pub mod log;
mod look;
pub mod node;
pub mod notice;
pub mod operator;
pub mod outbox;
mod paging;
pub mod receipt;
pub mod record;
mod replay;
pub mod request;
pub mod retention;
pub mod rule;
mod secret;
pub mod status;
pub mod upkeep;
pub mod value;

use std::sync::Arc;

use model::{Clock, Entropy, Instant, Principal, ProcessingContext, RoleId};
use policy::{Policy, PolicyFiles};
use store::Store;
use vault::Vault;

pub use failure::Failure;
/// What `web` may say about the policy without reaching into the store.
pub use policy;

/// What stays the same as long as the server runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Origin of links in mails and receipts, such as `https://privacy.example.kz`.
    pub base_url: String,
    /// Time comes from a file and everything says REHEARSAL.
    pub rehearsal: bool,
    /// Where the database, keystore, backups and mail server stand (C11.1).
    pub locations: Vec<Location>,
    /// Mail leaves by SMTP; else it waits, readable in the outbox.
    pub smtp: bool,
    /// Sender of mails.
    pub mail_from: String,
    /// Where pairs of backups are written.
    pub backup_dir: std::path::PathBuf,
}

/// Where something that holds personal data or keys stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Location {
    /// What: `database`, `keystore`, `backups`, `mail`.
    pub what: String,
    /// ISO 3166 country code, or `None` when undeclared.
    pub country: Option<String>,
    /// Path or host; never credentials.
    pub place: String,
}

/// Everything a use case needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    policy: Arc<Policy>,
    files: Arc<PolicyFiles>,
    store: Store,
    vault: Vault,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    signer: Arc<dyn tlog::Signer>,
    settings: Settings,
    mailer: outbox::Wording,
    buckets: buckets::Buckets,
    watch: lease::Watch,
    notices: notice::Resident,
    api_keys: api_key::Resident,
}

impl App {
    /// Wires the parts together. The files are those the policy was loaded from.
    #[expect(clippy::too_many_arguments, reason = "wiring: each part is handed over once, by server")]
    pub fn new(
        policy: Arc<Policy>,
        files: Arc<PolicyFiles>,
        store: Store,
        vault: Vault,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        signer: Arc<dyn tlog::Signer>,
        settings: Settings,
        mailer: outbox::Wording,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                policy,
                files,
                store,
                vault,
                clock,
                entropy,
                signer,
                settings,
                mailer,
                buckets: buckets::Buckets::default(),
                watch: lease::Watch::default(),
                notices: notice::Resident::default(),
                api_keys: api_key::Resident::default(),
            }),
        }
    }

    /// The policy in force.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.inner.policy
    }
    /// The texts it was loaded from, for `check`.
    pub fn policy_files(&self) -> &PolicyFiles {
        &self.inner.files
    }
    /// The instant now.
    pub fn now(&self) -> Instant {
        self.inner.clock.now()
    }
    /// What stays the same as long as the server runs.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }
    /// 32 random bytes for what one process needs to itself: tokens of forms, keys of rate limits.
    pub fn process_key(&self) -> [u8; 32] {
        model::platform::random(self.entropy())
    }
    /// Whether the store stopped acknowledging after a storage error; then the server must restart.
    pub fn is_stopped(&self) -> bool {
        self.inner.store.is_stopped()
    }
    /// Whether what is asked with a way back (`…_then`) is answered later, without the caller's thread; else the call
    /// blocks until it is answered.
    pub fn answers_later(&self) -> bool {
        self.inner.store.is_alone()
    }
    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }
    pub(crate) fn vault(&self) -> &Vault {
        &self.inner.vault
    }
    pub(crate) fn entropy(&self) -> &dyn Entropy {
        &*self.inner.entropy
    }
    pub(crate) fn signer(&self) -> &dyn tlog::Signer {
        &*self.inner.signer
    }
    pub(crate) fn buckets(&self) -> &buckets::Buckets {
        &self.inner.buckets
    }
    pub(crate) fn watch(&self) -> &lease::Watch {
        &self.inner.watch
    }
    pub(crate) fn notices(&self) -> &notice::Resident {
        &self.inner.notices
    }
    pub(crate) fn api_keys(&self) -> &api_key::Resident {
        &self.inner.api_keys
    }
    pub(crate) fn wording(&self) -> &outbox::Wording {
        &self.inner.mailer
    }

    /// The context in which the server itself acts: sweeps and jobs.
    pub fn system(&self) -> ProcessingContext {
        ProcessingContext {
            actor: model::Actor { principal: Principal::System, role: role("system") },
            at: self.now(),
            locale: model::Locale::Ru,
        }
    }

    /// The context of a visitor who has not shown who he is.
    pub fn visitor(&self, locale: model::Locale) -> ProcessingContext {
        ProcessingContext {
            actor: model::Actor { principal: Principal::Visitor, role: role("intake") },
            at: self.now(),
            locale,
        }
    }
}

/// A role whose code is known to be well formed.
pub(crate) const fn role(code: &'static str) -> RoleId {
    match RoleId::new(code) {
        Ok(role) => role,
        Err(_) => panic_on_bad_code(),
    }
}

macro_rules! constants {
    ($($(#[$doc:meta])* $name:ident: $kind:ty = $code:literal;)*) => {
        /// Codes that the product itself stands on; `policy/` must define them.
        pub mod code {
            $($(#[$doc])* pub const $name: $kind = match <$kind>::new($code) {
                Ok(code) => code,
                Err(_) => super::panic_on_bad_code(),
            };)*
        }
    };
}

constants! {
    /// The person's rights, a duty of the law.
    RIGHTS: model::PurposeId = "rights";
    /// Role of the person whose data it is.
    DATA_SUBJECT: model::RoleId = "data-subject";
    /// E-mail addresses.
    EMAIL: model::CategoryCode = "email";
    /// Telephone numbers.
    PHONE: model::CategoryCode = "phone";
    /// Individual identification numbers.
    IIN: model::CategoryCode = "iin";
    /// Surnames.
    SURNAME: model::CategoryCode = "surname";
    /// Given names.
    GIVEN_NAME: model::CategoryCode = "given_name";
    /// Patronymics.
    PATRONYMIC: model::CategoryCode = "patronymic";
    /// What a person asks, in his own words.
    MESSAGE: model::CategoryCode = "message";
    /// Letters, receipts and messages of the person.
    CORRESPONDENCE: model::CategoryCode = "correspondence";
}

/// Reached only at compile time, by a code in this crate that is not well formed.
#[expect(clippy::panic, reason = "evaluated in constants: a bad code does not compile")]
pub(crate) const fn panic_on_bad_code() -> ! {
    panic!("a code in this crate is not well formed")
}
