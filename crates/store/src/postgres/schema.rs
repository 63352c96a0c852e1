//! The schema on a server that several nodes migrate at the same moment.

use super::Session;
use crate::fault::Fault;
use crate::migrations::{self, Family};
use crate::params;
use crate::tx::Tx;

/// One number for all nodes: whoever holds it migrates.
const LOCK: i64 = 0x7365_6e69_6d01;

/// Brings the schema to the newest version, in one transaction.
///
/// # Errors
/// [`Fault::Version`] when it is newer than this program or of another line.
pub(super) fn apply(session: &mut Session, schema: &str) -> Result<(), Fault> {
    session.begin("BEGIN");
    let mut tx = Tx::postgres(session, true);
    tx.query_one("SELECT pg_advisory_xact_lock(?1)", params![LOCK])?;
    if schema != "public" {
        tx.execute_unrecorded(&format!("CREATE SCHEMA IF NOT EXISTS {schema}"), &[])?;
    }
    let stored = {
        let known = tx.query_one("SELECT CAST(to_regclass('meta') AS TEXT)", &[])?;
        if known.is_null(0)? {
            None
        } else {
            tx.query_opt("SELECT value FROM meta WHERE key = 'schema'", &[])?
                .map(|mut row| row.take_bytes(0))
                .transpose()?
        }
    };
    let from = migrations::applied(stored.as_deref())?;
    for step in migrations::after(from) {
        for statement in migrations::statements(&migrations::form(step.sql, Family::Postgres)) {
            tx.execute_unrecorded(&statement, &[])?;
        }
    }
    if from != migrations::newest() {
        tx.execute(
            "INSERT INTO meta (key, value) VALUES ('schema', ?1)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            params![migrations::hashes().as_bytes()],
        )?;
    }
    session.commit()
}
