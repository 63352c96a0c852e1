//! Numbered migrations, forward only, each pinned by its hash.

use rusqlite::{Connection, OptionalExtension as _};

use crate::fault::Fault;

/// A step of the schema.
pub(crate) struct Migration {
    /// Its number, from 1 without a gap.
    pub(crate) number: u32,
    /// Its file in `store/migrations`.
    pub(crate) name: &'static str,
    /// Its text, before [`form`] gives it the database's words.
    pub(crate) sql: &'static str,
    /// SHA-256 of its text; never changed once released.
    pub(crate) sha256: &'static str,
}

macro_rules! migrations {
    ($($number:literal $name:literal $sha256:literal;)*) => {
        /// Every migration, in order.
        pub(crate) const MIGRATIONS: &[Migration] = &[$(Migration {
            number: $number,
            name: $name,
            sql: include_str!(concat!("../migrations/", $name, ".sql")),
            sha256: $sha256,
        },)*];
    };
}

migrations! {
    1 "0001_meta_and_log" "9d0c2c1d88dcb75ea5cc6afe4374a0cfa36b592638ab2df7d84bc34b9115c21b";
    2 "0002_keys" "4da53efd6d1982d1bec195b7202941811b1852a38c75a510cc2141f1db26296e";
    3 "0003_subjects" "1a7ac09518fe3c85d573f0f5410e48266994c6753ceab11dd2f4ae24b9907759";
    4 "0004_work" "d978f9cc62cfd48804fff725abbcdf1b4883d3ef862c3e47db75fa670c58c347";
    5 "0005_access" "53c57cb0699dc92e59b04abb5b821f43e4ddf4c9a157f6ef58de40cc1aac8266";
    6 "0006_evidence" "c6f8366999bdb2dcfac9b0b7ff4a172b9e6ccb6bccbddf28e6505c53f874c171";
    7 "0007_log_pending" "f3f0a00cfbb8cf0814cbd10ff673944050062a96e23d048112128291b99c6877";
    8 "0008_terms" "2e475d15f272ed47132a9d0f4ac0460cfa5e61f09385678ed7912bf4de5a6981";
}

/// The newest schema version.
pub(crate) const fn newest() -> u32 {
    MIGRATIONS[MIGRATIONS.len() - 1].number
}

/// In whose words a migration is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// The embedded database.
    Sqlite,
    /// A server.
    Postgres,
}

/// A migration in the words of a family.
pub(crate) fn form(sql: &str, family: Family) -> String {
    let (bytes, int64, strict, clustered) = match family {
        Family::Sqlite => ("BLOB", "INTEGER", "STRICT", "STRICT, WITHOUT ROWID"),
        Family::Postgres => ("BYTEA", "BIGINT", "", ""),
    };
    sql.replace("{BYTES}", bytes)
        .replace("{INT64}", int64)
        .replace("{STRICT}", strict)
        .replace("{CLUSTERED}", clustered)
}

/// The statements of a migration, without comments.
pub(crate) fn statements(sql: &str) -> Vec<String> {
    let bare: Vec<&str> = sql.lines().filter(|line| !line.starts_with("--")).collect();
    bare.join("\n").split(';').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

/// The hashes of all migrations, as `meta` keeps them.
pub(crate) fn hashes() -> String {
    MIGRATIONS.iter().map(|step| step.sha256).collect::<Vec<_>>().join(" ")
}

/// The migrations after a version.
pub(crate) fn after(version: u32) -> impl Iterator<Item = &'static Migration> {
    MIGRATIONS.iter().filter(move |step| step.number > version)
}

/// The version that these hashes of `meta` stand for; 0 when there are none.
///
/// # Errors
/// [`Fault::Version`] when they are of a newer program or of another line of migrations.
pub(crate) fn applied(hashes: Option<&[u8]>) -> Result<u32, Fault> {
    let Some(hashes) = hashes else { return Ok(0) };
    let refused = |found| Fault::Version { found, expected: newest() };
    let stored = std::str::from_utf8(hashes).map_err(|_| refused(0))?;
    let applied: Vec<&str> = stored.split_ascii_whitespace().collect();
    let found = u32::try_from(applied.len()).unwrap_or(u32::MAX);
    if applied.len() > MIGRATIONS.len()
        || applied.iter().zip(MIGRATIONS).any(|(hash, step)| *hash != step.sha256)
    {
        return Err(refused(found));
    }
    Ok(found)
}

/// The version of a file; 0 when it is empty.
pub(crate) fn version(connection: &Connection) -> Result<u32, Fault> {
    let tables: i64 = connection.query_row("SELECT COUNT(*) FROM sqlite_master", [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(0);
    }
    let refused = |found| Fault::Version { found, expected: newest() };
    let stored: Option<Vec<u8>> = connection
        .query_row("SELECT value FROM meta WHERE key = 'schema'", [], |row| row.get(0))
        .optional()
        .map_err(|_| refused(0))?;
    // The hashes of all that were applied, so that a folder made by another line of migrations is told apart.
    applied(Some(&stored.ok_or_else(|| refused(0))?))
}

/// Brings a file to the newest version, in one transaction.
///
/// # Errors
/// [`Fault::Version`] when it is newer than this program or of another line.
pub(crate) fn apply(connection: &Connection) -> Result<(), Fault> {
    let from = version(connection)?;
    if from == newest() {
        return Ok(());
    }
    let transaction = connection.unchecked_transaction()?;
    for step in after(from) {
        transaction.execute_batch(&form(step.sql, Family::Sqlite)).map_err(|error| {
            match Fault::from(error) {
                Fault::Statement(text) => Fault::Statement(format!("{}: {text}", step.name)),
                fault => fault,
            }
        })?;
    }
    transaction.execute(
        "INSERT INTO meta (key, value) VALUES ('schema', ?1)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [hashes().as_bytes()],
    )?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest as _, Sha256};
    use std::fmt::Write as _;

    #[test]
    fn a_released_migration_never_changes() {
        for (at, step) in MIGRATIONS.iter().enumerate() {
            let hash = Sha256::digest(step.sql).iter().fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            });
            assert_eq!(hash, step.sha256, "{} was changed: add a new migration instead", step.name);
            assert_eq!(step.number as usize, at + 1);
            assert!(step.name.starts_with(&format!("{:04}_", step.number)));
        }
    }

    #[test]
    fn every_table_says_what_it_serves_and_whether_it_can_lie() {
        for step in MIGRATIONS {
            for (before, after) in
                step.sql.match_indices("CREATE TABLE ").map(|(at, _)| step.sql.split_at(at))
            {
                let name = after["CREATE TABLE ".len()..].split(' ').next().unwrap();
                let comment = before.rsplit("\n\n").next().unwrap();
                assert!(
                    comment.contains(&format!("-- {name}. Serves: ")),
                    "{name} does not say what it serves"
                );
                assert!(
                    comment.contains("Lies: "),
                    "{name} does not say whether one who can write it can lie"
                );
            }
        }
    }

    #[test]
    fn migrations_apply_once_and_other_lines_are_refused() {
        let connection = Connection::open_in_memory().unwrap();
        apply(&connection).unwrap();
        assert_eq!(version(&connection), Ok(newest()));
        apply(&connection).unwrap();
        connection
            .execute("UPDATE meta SET value = CAST(value || ' 00' AS BLOB) WHERE key = 'schema'", [])
            .unwrap();
        assert_eq!(apply(&connection), Err(Fault::Version { found: newest() + 1, expected: newest() }));
        connection.execute("UPDATE meta SET value = x'3030' WHERE key = 'schema'", []).unwrap();
        assert_eq!(apply(&connection), Err(Fault::Version { found: 1, expected: newest() }));
        connection.execute("DROP TABLE meta", []).unwrap();
        assert_eq!(apply(&connection), Err(Fault::Version { found: 0, expected: newest() }));
    }
}
