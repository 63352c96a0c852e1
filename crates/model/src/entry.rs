//! The log entry: what happened, for what, by whom in which role, under which clause; never a value and
//! never the person. Its canonical text is frozen: receipts made today must verify for ever.
//!
//! Clauses: C1.3, C11.3, L11; DESIGN §2c.

use base64::Engine as _;

use crate::actor::Actor;
use crate::code::{CategoryCode, ClauseId, PurposeId, RecipientId};
use crate::id::{EntryId, SubjectId};
use crate::operation::Operation;
use crate::private::Sealed;
use crate::time::Instant;

/// Standard base64 with padding, as all of the log's texts use it.
pub fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// The random bytes that hide an entry behind its commitment.
pub type Salt = [u8; 32];

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $operation:expr;)*) => {
        /// What an entry is about. The set is closed: an act without a kind cannot be written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EntryKind { $($(#[$doc])* $name,)* }

        impl EntryKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            /// The stable kebab-case code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
            /// The operation of clause 1 that it records, if it is one.
            pub const fn operation(self) -> Option<Operation> {
                match self { $(Self::$name => $operation,)* }
            }
        }
    };
}

kinds! {
    /// Data were collected by a form.
    Collection = "collection", Some(Operation::Collection);
    /// Data were received by another door.
    Obtaining = "obtaining", Some(Operation::Receipt);
    /// A value was written.
    Recording = "recording", Some(Operation::Recording);
    /// Records were ordered or merged.
    Systematisation = "systematisation", Some(Operation::Systematisation);
    /// Records were added to those held.
    Accumulation = "accumulation", Some(Operation::Accumulation);
    /// Storage was begun, prolonged or reviewed.
    Storage = "storage", Some(Operation::Storage);
    /// A value was corrected.
    Rectification = "rectification", Some(Operation::Rectification);
    /// Data were read.
    Retrieval = "retrieval", Some(Operation::Retrieval);
    /// Data were used, such as for a message.
    Use = "use", Some(Operation::Use);
    /// Data were made public.
    Distribution = "distribution", Some(Operation::Distribution);
    /// Data were given to a recipient.
    Disclosure = "disclosure", Some(Operation::Provision);
    /// A recipient was let in.
    ThirdPartyAccess = "third-party-access", Some(Operation::Access);
    /// Data were anonymised.
    Anonymisation = "anonymisation", Some(Operation::Anonymisation);
    /// Processing was restricted.
    Restriction = "restriction", Some(Operation::Restriction);
    /// A restriction was lifted.
    RestrictionLifted = "restriction-lifted", Some(Operation::Restriction);
    /// A value was deleted by the person.
    Deletion = "deletion", Some(Operation::Deletion);
    /// A person's data were destroyed.
    Destruction = "destruction", Some(Operation::Destruction);
    /// Consent was given.
    Consent = "consent", None;
    /// Consent was withdrawn.
    Withdrawal = "withdrawal", None;
    /// A decision was asked for.
    Decision = "decision", None;
    /// A read, use or disclosure was refused.
    Refusal = "refusal", None;
    /// A person signed in.
    SignIn = "sign-in", None;
    /// A contact was proven.
    ContactProven = "contact-proven", None;
    /// An enquiry changed its state.
    Enquiry = "enquiry", None;
    /// A request about rights changed its state.
    Request = "request", None;
    /// A notice was published.
    NoticePublished = "notice-published", None;
    /// An operator was added or changed.
    OperatorChanged = "operator-changed", None;
    /// An API key was added or revoked.
    ApiKeyChanged = "api-key-changed", None;
    /// A key epoch was opened and the one before it destroyed.
    KeysRotated = "keys-rotated", None;
    /// A backup was made.
    Backup = "backup", None;
    /// A restore was carried out.
    Restore = "restore", None;
    /// The log began.
    LogOpened = "log-opened", None;
    /// An access package was made for the person.
    AccessPackage = "access-package", Some(Operation::Retrieval);
    /// A commitment kept as evidence reached its end and was destroyed.
    EvidenceDestroyed = "evidence-destroyed", None;
    /// A receipt was given to the door that took the consent in, for the person before it.
    ReceiptHandedOver = "receipt-handed-over", None;
    /// The terms of a person's record were changed.
    TermsChanged = "terms-changed", None;
    /// A rule about a group of records was made or ended.
    GroupRule = "group-rule", None;
}

impl EntryKind {
    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// A log entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// When it happened.
    pub at: Instant,
    /// What happened.
    pub kind: EntryKind,
    /// For which purpose.
    pub purpose: Option<PurposeId>,
    /// Which categories it touched; ordered, no doubles.
    pub categories: Vec<CategoryCode>,
    /// Who, in which role.
    pub actor: Actor,
    /// Under which clause.
    pub clause: ClauseId,
    /// To whom, if data left.
    pub recipient: Option<RecipientId>,
    /// How many data subjects it concerns.
    pub subjects: u32,
    /// Hash of what a receipt shows, or of a bulk read's member list.
    pub payload: Option<[u8; 32]>,
    /// A short code that says more, such as a violation's or an enquiry's state.
    pub note: Option<CategoryCode>,
}

impl Entry {
    /// The canonical text: JSON with fixed keys in fixed order, no spaces. Codes and ids need no escaping.
    pub fn canonical(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::with_capacity(320);
        // Writing to a String cannot fail.
        let _ =
            write!(text, r#"{{"v":1,"id":"{}","at":"{}","kind":"{}""#, self.id, self.at, self.kind.code());
        if let Some(operation) = self.kind.operation() {
            let _ = write!(text, r#","operation":"{}""#, operation.code());
        }
        if let Some(purpose) = self.purpose {
            let _ = write!(text, r#","purpose":"{purpose}""#);
        }
        text.push_str(r#","categories":["#);
        for (position, category) in self.categories.iter().enumerate() {
            let comma = if position == 0 { "" } else { "," };
            let _ = write!(text, r#"{comma}"{category}""#);
        }
        let _ = write!(
            text,
            r#"],"actor":"{}","role":"{}","clause":"{}""#,
            self.actor.principal, self.actor.role, self.clause
        );
        if let Some(recipient) = self.recipient {
            let _ = write!(text, r#","recipient":"{recipient}""#);
        }
        let _ = write!(text, r#","subjects":{}"#, self.subjects);
        if let Some(payload) = &self.payload {
            let _ = write!(text, r#","payload":"{}""#, base64(payload));
        }
        if let Some(note) = self.note {
            let _ = write!(text, r#","note":"{note}""#);
        }
        text.push('}');
        text
    }
}

/// A line of a person's own history: the entry and its salt, sealed under that person's history key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// Whose history.
    pub subject: SubjectId,
    /// The entry's text and salt, sealed.
    pub sealed: Sealed,
}

/// An entry on its way into the log, with what is written beside it in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// The entry.
    pub entry: Entry,
    /// Its salt, drawn before the transaction.
    pub salt: Salt,
    /// The persons' history rows.
    pub history: Vec<HistoryRow>,
}

/// Whoever can make an entry durable together with the act it is about. The only implementation is the
/// store's transaction; `tidy` says so.
pub trait Witness {
    /// What can go wrong; then the act must not happen.
    type Fault;
    /// Appends the line in the caller's transaction.
    ///
    /// # Errors
    /// When the line cannot be written: the caller must give up the whole act.
    fn append(&mut self, line: LogLine) -> Result<(), Self::Fault>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Principal;
    use crate::code::RoleId;

    #[test]
    fn clause_1_3_every_operation_has_a_kind_of_entry() {
        for operation in Operation::ALL {
            assert!(EntryKind::ALL.iter().any(|kind| kind.operation() == Some(operation)), "{operation:?}");
        }
    }

    #[test]
    fn codes_of_kinds_are_unique() {
        for kind in EntryKind::ALL {
            assert_eq!(EntryKind::from_code(kind.code()), Some(*kind));
        }
    }

    #[test]
    fn the_canonical_text_is_frozen() {
        let entry = Entry {
            id: EntryId::from_bytes([1; 16]),
            at: Instant::from_micros(1_795_424_400_000_000),
            kind: EntryKind::Retrieval,
            purpose: Some(PurposeId::new("p8-2").unwrap()),
            categories: vec![CategoryCode::new("email").unwrap(), CategoryCode::new("phone").unwrap()],
            actor: Actor { principal: Principal::System, role: RoleId::new("service").unwrap() },
            clause: ClauseId::new("C8.2").unwrap(),
            recipient: None,
            subjects: 1,
            payload: Some([0; 32]),
            note: None,
        };
        assert_eq!(
            entry.canonical(),
            concat!(
                r#"{"v":1,"id":"ent_0101010101010101010101010101","at":"2026-11-23T09:00:00Z","#,
                r#""kind":"retrieval","operation":"retrieval","purpose":"p8-2","categories":["email","phone"],"#,
                r#""actor":"system","role":"service","clause":"C8.2","subjects":1,"#,
                r#""payload":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#
            )
            .replace("ent_0101010101010101010101010101", &entry.id.to_string())
        );
    }
}
