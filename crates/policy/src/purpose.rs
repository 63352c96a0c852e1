//! Purposes and categories: what data may be used for, how long, and what ends it.
//!
//! Clauses: C5, C6.1, C8.1–C8.10, C10.

use model::{CategoryCode, ClauseId, OperationSet, PurposeId, RecipientId};

use crate::policy::Texts;
use crate::recipient::RecipientKind;
use crate::set::CategorySet;

/// On what a purpose rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The person's consent.
    Consent,
    /// A duty that the law puts on the controller.
    LegalObligation,
}

impl Basis {
    /// The stable kebab-case code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::LegalObligation => "legal-obligation",
        }
    }
}

/// In what a limit is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Working days of the calendar in force.
    WorkingDays,
    /// Days, all of them.
    CalendarDays,
    /// Months: the same day number, else the last day of the month.
    Months,
    /// Hours, from the moment.
    Hours,
}

impl Unit {
    /// The stable kebab-case code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WorkingDays => "working-days",
            Self::CalendarDays => "calendar-days",
            Self::Months => "months",
            Self::Hours => "hours",
        }
    }
}

/// How long something lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoragePeriod {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
}

/// By which contact a purpose may reach the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// It sends nothing.
    None,
    /// Any contact the person gave.
    Any,
    /// E-mail only.
    Email,
    /// Phone only.
    Phone,
}

/// A purpose of clause 8, or a duty of the law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// Its id, such as `p8-2` or `rights`.
    pub id: PurposeId,
    /// Its clause.
    pub clause: ClauseId,
    /// On what it rests.
    pub basis: Basis,
    /// Its short name.
    pub title: Texts,
    /// What it is, in the words shown beside its box.
    pub text: Texts,
    /// The categories it may use.
    pub categories: CategorySet,
    /// The operations it may need.
    pub operations: OperationSet,
    /// The kinds of recipients it may know.
    pub recipient_kinds: Vec<RecipientKind>,
    /// The recipients named for it in `recipients.toml`.
    pub recipients: Vec<RecipientId>,
    /// The longest term of consent and of storage, from the day of the consent.
    pub storage: StoragePeriod,
    /// The event that reaches it (a code of `retention.toml`).
    pub ends: String,
    /// By which contact it may reach the person.
    pub channel: Channel,
    /// It is live only once a contact is proven (C9.0).
    pub needs_proven_contact: bool,
    /// Only anonymised data may be used for it (law art. 17(1)).
    pub anonymised_only: bool,
    /// A withdrawal may be put off while an obligation is open (C17.5).
    pub may_outlast_withdrawal: bool,
}

/// Which rule of `model::identifier` a value must meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Validator {
    /// A part of a person's name.
    Name,
    /// A 12-digit IIN with its check digit.
    Iin,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A postal address on lines of free text.
    Address,
    /// Free text.
    Text,
    /// An identifier that the server itself gave.
    Id,
}

impl Validator {
    /// The stable kebab-case code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Iin => "iin",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Text => "text",
            Self::Id => "id",
        }
    }
}

/// A category of personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its code, such as `email`.
    pub code: CategoryCode,
    /// The clause that names it.
    pub clause: ClauseId,
    /// Its name.
    pub label: Texts,
    /// The rule its values must meet.
    pub validator: Validator,
    /// Shown only after an extra step, never in lists.
    pub sensitive: bool,
    /// Longest value, in characters.
    pub max_len: u32,
    /// People can be looked up by it (a blind index is kept).
    pub lookup: bool,
    /// Where it stands in `categories.toml`, as a set of one.
    pub set: CategorySet,
}
