//! One-time links that make an operator account.

use model::{Instant, RoleId};

use crate::value::join;
use crate::{Fault, Lock, Tx, params};

/// A set-up link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupLink {
    /// A keyed hash of its token.
    pub token_mac: [u8; 32],
    /// The roles of the account that it makes.
    pub roles: Vec<RoleId>,
    /// When it ends.
    pub expires_at: Instant,
    /// Whether it was used.
    pub used: bool,
}

/// Inserts a link.
pub fn insert(tx: &mut Tx<'_>, link: &SetupLink) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO setup_links (token_mac, roles, expires_at, used) VALUES (?1, ?2, ?3, ?4)",
        params![&link.token_mac, &join(link.roles.iter().map(RoleId::as_str)), link.expires_at, link.used],
    )
}

/// The link of a token, also when it has ended: the caller looks at `expires_at` and `used`.
pub fn fetch(tx: &mut Tx<'_>, token_mac: &[u8; 32]) -> Result<Option<SetupLink>, Fault> {
    tx.query_opt_locked(
        "SELECT token_mac, roles, expires_at, used FROM setup_links WHERE token_mac = ?1",
        params![token_mac],
        Lock::Row,
    )?
    .map(|row| {
        Ok(SetupLink {
            token_mac: row.array(0)?,
            roles: row.codes(1)?,
            expires_at: row.instant(2)?,
            used: row.flag(3)?,
        })
    })
    .transpose()
}

/// Marks a link used; [`Fault::Affected`] when it was used before.
pub fn use_up(tx: &mut Tx<'_>, token_mac: &[u8; 32]) -> Result<(), Fault> {
    tx.execute_one("UPDATE setup_links SET used = 1 WHERE token_mac = ?1 AND used = 0", params![token_mac])
}

/// Deletes links that ended before an instant; gives how many.
pub fn sweep(tx: &mut Tx<'_>, before: Instant) -> Result<usize, Fault> {
    tx.execute("DELETE FROM setup_links WHERE expires_at <= ?1", params![before])
}
