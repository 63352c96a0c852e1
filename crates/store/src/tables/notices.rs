//! Published notices, byte for byte, for ever: old consents still open their own version.
//!
//! Clauses: C4, C19.

use model::{Instant, NoticeId};

use crate::value::Row;
use crate::{Fault, Tx, params};

/// A published notice in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRow {
    /// The id.
    pub notice: NoticeId,
    /// The version, shared by its languages.
    pub version: String,
    /// `ru`, `kk` or `en`.
    pub language: String,
    /// SHA-256 of the body.
    pub sha256: [u8; 32],
    /// The bytes as published; empty in lists.
    pub body: Vec<u8>,
    /// The first day it is in force, `YYYY-MM-DD`.
    pub effective_on: String,
    /// When it was published.
    pub published_at: Instant,
    /// Where it came from: a code, such as `shipped` or `published`.
    pub source: String,
}

fn notice_of(mut row: Row) -> Result<NoticeRow, Fault> {
    Ok(NoticeRow {
        notice: row.id(0)?,
        version: row.take_text(1)?,
        language: row.take_text(2)?,
        sha256: row.array(3)?,
        body: row.take_bytes(4)?,
        effective_on: row.take_text(5)?,
        published_at: row.instant(6)?,
        source: row.take_text(7)?,
    })
}

/// Publishes a notice.
pub fn insert(tx: &mut Tx<'_>, row: &NoticeRow) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO notices (notice_id, version, language, sha256, body, effective_on, published_at, source)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            &row.notice,
            &row.version,
            &row.language,
            &row.sha256,
            &row.body,
            &row.effective_on,
            row.published_at,
            &row.source
        ],
    )
}

/// The notice in force on a day (`YYYY-MM-DD`) in a language: the latest effective, then the latest published.
pub fn in_force(tx: &mut Tx<'_>, date: &str, language: &str) -> Result<Option<NoticeRow>, Fault> {
    tx.query_opt(
        "SELECT notice_id, version, language, sha256, body, effective_on, published_at, source FROM notices
         WHERE language = ?1 AND effective_on <= ?2 ORDER BY effective_on DESC, published_at DESC LIMIT 1",
        params![language, date],
    )?
    .map(notice_of)
    .transpose()
}

/// One notice.
pub fn fetch(tx: &mut Tx<'_>, notice: NoticeId) -> Result<Option<NoticeRow>, Fault> {
    tx.query_opt(
        "SELECT notice_id, version, language, sha256, body, effective_on, published_at, source
         FROM notices WHERE notice_id = ?1",
        params![&notice],
    )?
    .map(notice_of)
    .transpose()
}

/// The notice of a version in a language, the latest published.
pub fn fetch_version(tx: &mut Tx<'_>, version: &str, language: &str) -> Result<Option<NoticeRow>, Fault> {
    tx.query_opt(
        "SELECT notice_id, version, language, sha256, body, effective_on, published_at, source FROM notices
         WHERE version = ?1 AND language = ?2 ORDER BY published_at DESC LIMIT 1",
        params![version, language],
    )?
    .map(notice_of)
    .transpose()
}

/// Every notice without its body, latest in force first.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<NoticeRow>, Fault> {
    let nothing: &[u8] = &[];
    tx.query_all(
        "SELECT notice_id, version, language, sha256, ?1, effective_on, published_at, source
         FROM notices ORDER BY effective_on DESC, published_at DESC, language",
        params![nothing],
    )?
    .into_iter()
    .map(notice_of)
    .collect()
}
