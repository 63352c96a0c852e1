//! Programs with a key: a role, purposes, a keyed hash.

use model::{ApiKeyId, Instant, PurposeId, RoleId};

use crate::value::{Row, join};
use crate::{Fault, Tx, params};

/// An API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The id.
    pub key: ApiKeyId,
    /// A keyed hash of the key; unique.
    pub key_mac: [u8; 32],
    /// What staff call it.
    pub name: String,
    /// The role.
    pub role: RoleId,
    /// The purposes it may use; all of the role when empty.
    pub purposes: Vec<PurposeId>,
    /// A code of `app`, such as `active`.
    pub status: String,
    /// When it was made.
    pub created_at: Instant,
}

fn key_of(mut row: Row) -> Result<ApiKey, Fault> {
    Ok(ApiKey {
        key: row.id(0)?,
        key_mac: row.array(1)?,
        name: row.take_text(2)?,
        role: row.code(3)?,
        purposes: row.codes(4)?,
        status: row.take_text(5)?,
        created_at: row.instant(6)?,
    })
}

/// Inserts a key.
pub fn insert(tx: &mut Tx<'_>, row: &ApiKey) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO api_keys (key_id, key_mac, name, role, purposes, status, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            &row.key,
            &row.key_mac,
            &row.name,
            &row.role,
            &join(row.purposes.iter().map(PurposeId::as_str)),
            &row.status,
            row.created_at
        ],
    )
}

/// The key with this keyed hash.
pub fn fetch_by_mac(tx: &mut Tx<'_>, key_mac: &[u8; 32]) -> Result<Option<ApiKey>, Fault> {
    tx.query_opt(
        "SELECT key_id, key_mac, name, role, purposes, status, created_at FROM api_keys WHERE key_mac = ?1",
        params![key_mac],
    )?
    .map(key_of)
    .transpose()
}

/// The key with this id.
pub fn fetch(tx: &mut Tx<'_>, key: ApiKeyId) -> Result<Option<ApiKey>, Fault> {
    tx.query_opt(
        "SELECT key_id, key_mac, name, role, purposes, status, created_at FROM api_keys WHERE key_id = ?1",
        params![&key],
    )?
    .map(key_of)
    .transpose()
}

/// Changes the state.
pub fn set_status(tx: &mut Tx<'_>, key: ApiKeyId, status: &str) -> Result<(), Fault> {
    tx.execute_one("UPDATE api_keys SET status = ?2 WHERE key_id = ?1", params![&key, status])
}

/// Every key, oldest first.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<ApiKey>, Fault> {
    tx.query_all(
        "SELECT key_id, key_mac, name, role, purposes, status, created_at FROM api_keys ORDER BY key_id",
        &[],
    )?
    .into_iter()
    .map(key_of)
    .collect()
}
