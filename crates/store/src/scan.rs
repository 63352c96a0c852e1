//! The structural erasure scan: no row, key, lookup or blob of a person with a tombstone; every blob has a
//! living keyring, every keyring its bucket, every bucket its epoch.
//!
//! Clauses: C16, C17; DESIGN §6 (`senim erasure scan`).

use model::{ReceiptId, SubjectId};

use crate::fault::Fault;
use crate::params;
use crate::tables::dossier::{self, Kind};
use crate::tables::jobs::{LAST_LETTER, LAST_LETTER_END};
use crate::tables::value_sets;
use crate::tx::Tx;

/// Rows that must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// A stable kebab-case code.
    pub code: &'static str,
    /// The table.
    pub table: &'static str,
    /// How many rows.
    pub rows: u64,
}

/// A sealed blob with where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Blob<'a> {
    /// What it is: `values`, `history`, `receipt` or `job`.
    pub kind: &'static str,
    /// Whose; 16 zero bytes for a job about nobody.
    pub subject: SubjectId,
    /// The sealed bytes.
    pub sealed: &'a [u8],
}

/// Tables with a `subject_id` that must be empty for an erased person at once.
const STOPPED: [&str; 7] = ["subjects", "keyrings", "lookups", "sessions", "secrets", "jobs", "idempotency"];
/// Tables with a `subject_id` that must be empty for an erased person once the tombstone says so.
const SWEPT: [&str; 5] = ["dossier", "id_index", "enquiries", "requests", "numbers"];

fn count(
    tx: &mut Tx<'_>,
    found: &mut Vec<Finding>,
    code: &'static str,
    table: &'static str,
    condition: &str,
) -> Result<(), Fault> {
    let rows: u64 =
        tx.query_one(&format!("SELECT COUNT(*) FROM {table} t WHERE {condition}"), &[])?.int(0)?;
    if rows > 0 {
        found.push(Finding { code, table, rows });
    }
    Ok(())
}

/// Everything the structure forbids; empty when all is well.
pub fn structure(tx: &mut Tx<'_>) -> Result<Vec<Finding>, Fault> {
    tx.take_time()?;
    let mut found = Vec::new();
    let of_erased = "EXISTS (SELECT 1 FROM tombstones e WHERE e.subject_id = t.subject_id)";
    for table in STOPPED {
        count(tx, &mut found, "row-of-erased-subject", table, of_erased)?;
    }
    let of_swept =
        "EXISTS (SELECT 1 FROM tombstones e WHERE e.subject_id = t.subject_id AND e.rows_gone = 1)";
    for table in SWEPT {
        count(tx, &mut found, "row-of-erased-subject", table, of_swept)?;
    }
    // A person neither alive nor erased: its rows have no key and nobody would sweep them.
    let of_nobody = "NOT EXISTS (SELECT 1 FROM subjects s WHERE s.subject_id = t.subject_id)
                     AND NOT EXISTS (SELECT 1 FROM tombstones e WHERE e.subject_id = t.subject_id)";
    for table in SWEPT.into_iter().chain(["lookups", "secrets"]) {
        count(tx, &mut found, "row-of-unknown-subject", table, of_nobody)?;
    }
    // One exception: the key of a last letter on its way, as long as its end stands beside it.
    let open_letter = format!(
        "EXISTS (SELECT 1 FROM jobs j WHERE j.subject_id = t.subject_id AND j.kind = '{LAST_LETTER}'
                 AND j.status IN ('waiting', 'claimed'))
         AND EXISTS (SELECT 1 FROM jobs j WHERE j.subject_id = t.subject_id AND j.kind = '{LAST_LETTER_END}'
                     AND j.status IN ('waiting', 'claimed'))"
    );
    let of_nobody_and_no_letter = format!("{of_nobody} AND NOT ({open_letter})");
    count(tx, &mut found, "row-of-unknown-subject", "keyrings", &of_nobody_and_no_letter)?;
    let keyless = "NOT EXISTS (SELECT 1 FROM keyrings k WHERE k.subject_id = t.subject_id)
                   AND NOT EXISTS (SELECT 1 FROM tombstones e WHERE e.subject_id = t.subject_id)";
    for table in ["subjects", "dossier"] {
        count(tx, &mut found, "blob-without-keyring", table, keyless)?;
    }
    count(
        tx,
        &mut found,
        "keyring-without-bucket",
        "keyrings",
        "NOT EXISTS (SELECT 1 FROM key_buckets b WHERE b.bucket_id = t.bucket_id)",
    )?;
    count(
        tx,
        &mut found,
        "bucket-without-epoch",
        "key_buckets",
        "NOT EXISTS (SELECT 1 FROM key_epochs e WHERE e.epoch = t.epoch)",
    )?;
    Ok(found)
}

/// Hands every sealed blob of the database to `f`, one at a time.
pub fn each_blob(tx: &mut Tx<'_>, mut f: impl FnMut(Blob<'_>) -> Result<(), Fault>) -> Result<(), Fault> {
    tx.take_time()?;
    dossier::each(tx, Kind::Values, |subject, body| {
        crate::codec::decode_values(&body)?
            .iter()
            .try_for_each(|value| f(Blob { kind: "values", subject, sealed: value.sealed.as_bytes() }))
    })?;
    dossier::each(tx, Kind::History, |subject, body| f(Blob { kind: "history", subject, sealed: &body }))?;
    dossier::each(tx, Kind::Receipt, |subject, body| {
        let receipt = crate::codec::decode_receipt(subject, ReceiptId::from_bytes([0; 16]), &body)?;
        f(Blob { kind: "receipt", subject, sealed: receipt.sealed.as_bytes() })
    })?;
    tx.for_each("SELECT subject_id, payload FROM jobs", &[], |row| {
        f(Blob { kind: "job", subject: row.id(0)?, sealed: row.bytes(1)? })
    })
}

/// Checks one living person: every lookup its values name stands, and no set is empty of meaning; gives how
/// many lookups are missing.
pub fn missing_lookups(tx: &mut Tx<'_>, subject: SubjectId) -> Result<usize, Fault> {
    let mut missing = 0;
    for set in value_sets::list(tx, subject)? {
        for value in set.values {
            let Some(mac) = value.mac else { continue };
            let stands = tx.query_opt(
                "SELECT 1 FROM lookups WHERE category = ?1 AND mac = ?2 AND subject_id = ?3",
                params![&value.category, &mac, &subject],
            )?;
            missing += usize::from(stands.is_none());
        }
    }
    Ok(missing)
}

/// Parts of a column's name that say it may hold what clause 15 keeps apart from persons.
const ADDRESS_WORDS: [&str; 8] =
    ["ip", "ip_address", "ipaddr", "remote_addr", "referrer", "referer", "user_agent", "useragent"];

/// Columns of the database as it stands that could hold a visitor's address: (table, column).
pub fn address_columns(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>, Fault> {
    let mut found = tx.columns()?;
    found.retain(|(_, column)| ADDRESS_WORDS.contains(&column.to_ascii_lowercase().as_str()));
    Ok(found)
}
