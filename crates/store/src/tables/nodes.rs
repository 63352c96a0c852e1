//! The nodes that serve one database now: rows of `meta`, each renewed by its node.

use model::Instant;

use super::meta;
use crate::{Fault, Lock, Tx, params};

/// What the keys of these rows begin with.
const PREFIX: &str = "node/";

/// A node as it last said that it is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name: drawn at its start.
    pub name: String,
    /// The policy that it goes by.
    pub policy: String,
    /// When it said so, by the database's clock.
    pub seen_at: Instant,
}

/// Keeps everybody else who asks for this from going on until the transaction ends: the one row that all nodes have.
pub fn hold(tx: &mut Tx<'_>) -> Result<(), Fault> {
    tx.query_locked("SELECT key FROM meta WHERE key = 'schema'", &[], Lock::Row).map(drop)
}

/// Puts a node in, or renews it.
pub fn put(tx: &mut Tx<'_>, node: &Node) -> Result<(), Fault> {
    let value = format!("{} {}", node.seen_at.micros(), node.policy);
    meta::put(tx, &format!("{PREFIX}{}", node.name), value.as_bytes())
}

/// Every node that said it is here and did not say that it went.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Node>, Fault> {
    tx.query_all("SELECT key, value FROM meta WHERE substr(key, 1, 5) = ?1 ORDER BY key", params![PREFIX])?
        .into_iter()
        .map(|mut row| {
            let damaged = Fault::Corrupt("node");
            let (key, value) = (row.take_text(0)?, row.take_bytes(1)?);
            let text = String::from_utf8(value).map_err(|_| damaged.clone())?;
            let (micros, policy) = text.split_once(' ').ok_or_else(|| damaged.clone())?;
            Ok(Node {
                name: key[PREFIX.len()..].to_owned(),
                policy: policy.to_owned(),
                seen_at: Instant::from_micros(micros.parse().map_err(|_| damaged)?),
            })
        })
        .collect()
}

/// Takes a node out.
pub fn remove(tx: &mut Tx<'_>, name: &str) -> Result<(), Fault> {
    tx.execute("DELETE FROM meta WHERE key = ?1", params![&format!("{PREFIX}{name}")]).map(drop)
}
