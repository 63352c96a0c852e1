//! What ends storage, how long evidence stays, and the limits of clause, law and GDPR.
//!
//! Clauses: C11.6, C16, C17, L7, L9, L11; the numbers come from `retention.toml` and the legal pack.

use model::ClauseId;

use crate::policy::Texts;
use crate::purpose::{StoragePeriod, Unit};

/// An event that reaches a purpose or ends storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndingEvent {
    /// Its code.
    pub code: String,
    /// Its clause.
    pub clause: ClauseId,
    /// What happens, in words.
    pub text: Texts,
    /// How long after the event the data may stay before they are destroyed.
    pub grace: StoragePeriod,
}

/// What stays after an erasure, on which ground, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRule {
    /// How long the keyed commitment to the consent receipt stays.
    pub period: StoragePeriod,
    /// The norm.
    pub rule: String,
    /// The ground in words, as it stands on the destruction receipt.
    pub ground: Texts,
}

/// Whether a person is told by letter that an erasure is done, and how long the address may wait for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastLetterRule {
    /// How long the address stays sealed at the latest, if the letter cannot be delivered sooner.
    pub period: StoragePeriod,
    /// The norm.
    pub rule: String,
    /// The ground in words, as it stands on the destruction receipt.
    pub ground: Texts,
}

/// A limit of the published policy itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClauseLimit {
    /// The clause.
    pub rule: ClauseId,
    /// How many; with `unit` the length of the limit.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
}

/// The limits that bind one kind of duty, such as `access`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlineRule {
    /// The kind.
    pub kind: String,
    /// The limits of the policy's own clauses.
    pub clause: Vec<ClauseLimit>,
    /// Rows of the legal pack, law and GDPR.
    pub pack: Vec<ClauseId>,
}

/// `retention.toml`, compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The events that end storage.
    pub events: Vec<EndingEvent>,
    /// What stays as evidence.
    pub evidence: EvidenceRule,
    /// The letter after an erasure; without it none is written and no address waits.
    pub last_letter: Option<LastLetterRule>,
    /// Longest restriction while data wait for destruction, from the trigger (C17).
    pub restriction_ceiling: StoragePeriod,
    /// The limits by kind of duty.
    pub deadlines: Vec<DeadlineRule>,
}

impl Retention {
    /// The event with this code.
    pub fn event(&self, code: &str) -> Option<&EndingEvent> {
        self.events.iter().find(|event| event.code == code)
    }
}

/// A source of the legal pack.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalSource {
    /// Its short id.
    pub id: String,
    /// Its full title, with date and number.
    pub title: String,
}

/// Whose limit a row of the pack is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authority {
    /// The law of the country.
    Law,
    /// The GDPR, as a promise made to everybody.
    Gdpr,
}

/// A duty of the law, with its number where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalLimit {
    /// Its id, such as `D1` or `G12.3`.
    pub id: ClauseId,
    /// Whose limit it is.
    pub authority: Authority,
    /// How long, if it is a limit and not a lasting duty.
    pub period: Option<StoragePeriod>,
    /// What must be done.
    pub text: Texts,
    /// Article and paragraph.
    pub article: String,
    /// The id of the source.
    pub source: String,
    /// Whether the law's own text was read, or a second source only.
    pub read_in: ReadIn,
}

/// Where a row of the pack was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadIn {
    /// In the law's own text.
    Primary,
    /// In secondary sources only: have a lawyer confirm it.
    Secondary,
}

/// A dated legal pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalPack {
    /// Its id, such as `kz.2026-09`.
    pub id: String,
    /// Up to which day its sources were read, `YYYY-MM-DD`.
    pub checked_until: String,
    /// Its sources.
    pub sources: Vec<LegalSource>,
    /// Its rows.
    pub limits: Vec<LegalLimit>,
}

impl LegalPack {
    /// The row with this id.
    pub fn limit(&self, id: ClauseId) -> Option<&LegalLimit> {
        self.limits.iter().find(|limit| limit.id == id)
    }
}
