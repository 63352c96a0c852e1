//! What happens to each table at an erasure, in an export, in retention and in a backup. A table that is in
//! none of these lists fails the tests (DESIGN §1, invariant 9: forgetting is a test failure).
//!
//! Clauses: C7, C16, C17, C20.

/// By what a table is keyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Personal data; `subject_id` is the first key column.
    Subject,
    /// Personal data under its own key; the row carries the subject, or is found through the subject's values.
    Lookup,
    /// No person's data.
    None,
}

/// What an erasure does to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// Gone in the bounded transaction (`erase::shred`).
    Stop,
    /// Ciphertext and what leads to it, swept within 60 s (`erase::sweep_rows`).
    Sweep,
    /// Written by the erasure and kept; the text says why.
    Kept(&'static str),
    /// Not about data subjects.
    NotPersonal,
}

/// What an access package takes from a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// The person gets what is in it.
    Included,
    /// The person does not; the text says why.
    Excluded(&'static str),
}

/// What ends the storage of a table's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// The storage period of their purpose (`policy/retention.toml`), then the person's erasure.
    Purpose,
    /// An instant in the row, watched by a sweep.
    Expiry,
    /// Kept for ever; the text says why.
    Forever(&'static str),
    /// The life of the instance's configuration.
    Instance,
}

/// Into which backup a table goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backup {
    /// The data backup.
    Data,
    /// The key backup only.
    Keys,
    /// Both; a restore takes it from the key backup.
    Both,
    /// Neither: it is access, not data, and ends with the instance that gave it.
    Neither,
}

/// Every table and by what it is keyed.
pub const TABLES: &[(&str, Key)] = &[
    ("meta", Key::None),
    ("log_entries", Key::None),
    ("log_pending", Key::None),
    ("log_tiles", Key::None),
    ("log_state", Key::None),
    ("dossier", Key::Subject),
    ("terms", Key::None),
    ("term_index", Key::None),
    ("rules", Key::None),
    ("rule_groups", Key::None),
    ("bulk_reads", Key::None),
    ("key_epochs", Key::None),
    ("key_buckets", Key::None),
    ("keyrings", Key::Subject),
    ("subjects", Key::Subject),
    ("lookups", Key::Lookup),
    ("id_index", Key::Lookup),
    ("enquiries", Key::Subject),
    ("numbers", Key::Lookup),
    ("requests", Key::Subject),
    ("jobs", Key::Subject),
    ("idempotency", Key::Lookup),
    ("sessions", Key::Lookup),
    ("signin_codes", Key::Lookup),
    ("secrets", Key::Lookup),
    ("operators", Key::None),
    ("api_keys", Key::None),
    ("setup_links", Key::None),
    ("notices", Key::None),
    ("tombstones", Key::Subject),
    ("fence_journal", Key::Lookup),
];

/// What an erasure does to each table.
pub const ERASURE_PLAN: &[(&str, Erasure)] = &[
    ("meta", Erasure::NotPersonal),
    ("log_entries", Erasure::NotPersonal),
    ("log_pending", Erasure::NotPersonal),
    ("log_tiles", Erasure::NotPersonal),
    ("log_state", Erasure::NotPersonal),
    ("dossier", Erasure::Sweep),
    ("terms", Erasure::NotPersonal),
    ("term_index", Erasure::NotPersonal),
    ("rules", Erasure::NotPersonal),
    ("rule_groups", Erasure::NotPersonal),
    ("bulk_reads", Erasure::NotPersonal),
    ("key_epochs", Erasure::NotPersonal),
    ("key_buckets", Erasure::NotPersonal),
    ("keyrings", Erasure::Stop),
    ("subjects", Erasure::Stop),
    ("lookups", Erasure::Stop),
    ("id_index", Erasure::Sweep),
    ("enquiries", Erasure::Sweep),
    ("numbers", Erasure::Sweep),
    ("requests", Erasure::Sweep),
    ("jobs", Erasure::Stop),
    ("idempotency", Erasure::Stop),
    ("sessions", Erasure::Stop),
    ("signin_codes", Erasure::Stop),
    ("secrets", Erasure::Stop),
    ("operators", Erasure::NotPersonal),
    ("api_keys", Erasure::NotPersonal),
    ("setup_links", Erasure::NotPersonal),
    ("notices", Erasure::NotPersonal),
    ("tombstones", Erasure::Kept("that, when and why; commitments, destroyed on their own date")),
    ("fence_journal", Erasure::Kept("so that no restore revives the person; pruned with the oldest backup")),
];

/// What an access package takes from each table.
pub const EXPORT_PLAN: &[(&str, Export)] = &[
    ("meta", Export::Excluded("not about a person")),
    ("log_entries", Export::Excluded("the person's part of it is in the history")),
    ("log_pending", Export::Excluded("the person's part of it is in the history")),
    ("log_tiles", Export::Excluded("public hashes; the proofs in the package come from them")),
    ("log_state", Export::Excluded("public; its checkpoint is in the package's proofs")),
    ("dossier", Export::Included),
    ("terms", Export::Included),
    ("term_index", Export::Excluded("an index")),
    ("rules", Export::Included),
    ("rule_groups", Export::Excluded("an index")),
    ("bulk_reads", Export::Included),
    ("key_epochs", Export::Excluded("not about a person")),
    ("key_buckets", Export::Excluded("keys")),
    ("keyrings", Export::Excluded("keys")),
    ("subjects", Export::Included),
    ("lookups", Export::Excluded("keyed hashes of values that are in the package")),
    ("id_index", Export::Excluded("an index")),
    ("enquiries", Export::Included),
    ("numbers", Export::Excluded("an index")),
    ("requests", Export::Included),
    ("jobs", Export::Excluded("messages on their way, made of values that are in the package")),
    ("idempotency", Export::Excluded("technical, ends by itself")),
    ("sessions", Export::Included),
    ("signin_codes", Export::Excluded("would give access")),
    ("secrets", Export::Excluded("would give access")),
    ("operators", Export::Excluded("staff, not data subjects")),
    ("api_keys", Export::Excluded("not about a person")),
    ("setup_links", Export::Excluded("not about a person")),
    ("notices", Export::Included),
    ("tombstones", Export::Excluded("after an erasure there is nobody to give a package to")),
    ("fence_journal", Export::Excluded("repeats what consents, requests and history say")),
];

/// What ends the storage of each table's rows.
pub const RETENTION_PLAN: &[(&str, Retention)] = &[
    ("meta", Retention::Instance),
    ("log_entries", Retention::Forever("an append-only log holds no value and no person")),
    ("log_pending", Retention::Forever("an append-only log holds no value and no person")),
    ("log_tiles", Retention::Forever("hashes of the log")),
    ("log_state", Retention::Forever("one row, replaced")),
    ("dossier", Retention::Purpose),
    ("terms", Retention::Forever("what no person is in any more is a list of words")),
    ("term_index", Retention::Forever("an index")),
    ("rules", Retention::Forever("what held for whom, and since when, must stay provable")),
    ("rule_groups", Retention::Forever("an index")),
    ("bulk_reads", Retention::Forever("marks that nobody can tell once the person's keys are gone")),
    ("key_epochs", Retention::Expiry),
    ("key_buckets", Retention::Purpose),
    ("keyrings", Retention::Purpose),
    ("subjects", Retention::Purpose),
    ("lookups", Retention::Purpose),
    ("id_index", Retention::Purpose),
    ("enquiries", Retention::Purpose),
    ("numbers", Retention::Purpose),
    ("requests", Retention::Purpose),
    ("jobs", Retention::Expiry),
    ("idempotency", Retention::Expiry),
    ("sessions", Retention::Expiry),
    ("signin_codes", Retention::Expiry),
    ("secrets", Retention::Purpose),
    ("operators", Retention::Instance),
    ("api_keys", Retention::Instance),
    ("setup_links", Retention::Expiry),
    ("notices", Retention::Forever("every version stays readable for the consents that name it")),
    ("tombstones", Retention::Forever("a person once erased is answered 410, never made anew")),
    ("fence_journal", Retention::Expiry),
];

/// Into which backup each table goes.
pub const BACKUP_PLAN: &[(&str, Backup)] = &[
    ("meta", Backup::Data),
    ("log_entries", Backup::Both),
    ("log_pending", Backup::Both),
    ("log_tiles", Backup::Both),
    ("log_state", Backup::Both),
    ("dossier", Backup::Data),
    ("terms", Backup::Both),
    ("term_index", Backup::Both),
    ("rules", Backup::Both),
    ("rule_groups", Backup::Both),
    ("bulk_reads", Backup::Data),
    ("key_epochs", Backup::Keys),
    ("key_buckets", Backup::Keys),
    ("keyrings", Backup::Keys),
    ("subjects", Backup::Data),
    ("lookups", Backup::Data),
    ("id_index", Backup::Data),
    ("enquiries", Backup::Data),
    ("numbers", Backup::Data),
    ("requests", Backup::Data),
    ("jobs", Backup::Data),
    ("idempotency", Backup::Data),
    ("sessions", Backup::Neither),
    ("signin_codes", Backup::Neither),
    ("secrets", Backup::Data),
    ("operators", Backup::Data),
    ("api_keys", Backup::Data),
    ("setup_links", Backup::Neither),
    ("notices", Backup::Data),
    ("tombstones", Backup::Both),
    ("fence_journal", Backup::Both),
];

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;
    use std::collections::BTreeSet;

    fn schema() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        crate::migrations::apply(&connection).unwrap();
        connection
    }

    fn columns(connection: &Connection, sql: &str, table: &str) -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([table], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn forgetting_a_table_is_a_test_failure() {
        let connection = schema();
        let mut names = connection
            .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            .unwrap();
        let real: BTreeSet<String> =
            names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let listed = |names: Vec<&str>| {
            let set: BTreeSet<String> = names.iter().map(ToString::to_string).collect();
            assert_eq!(set.len(), names.len(), "a table is listed twice");
            set
        };
        assert_eq!(listed(TABLES.iter().map(|row| row.0).collect()), real, "TABLES");
        assert_eq!(listed(ERASURE_PLAN.iter().map(|row| row.0).collect()), real, "ERASURE_PLAN");
        assert_eq!(listed(EXPORT_PLAN.iter().map(|row| row.0).collect()), real, "EXPORT_PLAN");
        assert_eq!(listed(RETENTION_PLAN.iter().map(|row| row.0).collect()), real, "RETENTION_PLAN");
        assert_eq!(listed(BACKUP_PLAN.iter().map(|row| row.0).collect()), real, "BACKUP_PLAN");
    }

    #[test]
    fn personal_data_is_keyed_by_the_subject_first() {
        let connection = schema();
        for (table, key) in TABLES {
            let first = columns(&connection, "SELECT name FROM pragma_table_info(?1) WHERE pk = 1", table);
            let all = columns(&connection, "SELECT name FROM pragma_table_info(?1)", table);
            let names_subject = all.iter().any(|name| name == "subject_id" || name == "subjects");
            match key {
                Key::Subject => assert_eq!(first, ["subject_id"], "{table}"),
                Key::Lookup => assert!(names_subject, "{table}"),
                Key::None => assert!(!names_subject, "{table}"),
            }
            let erasure = ERASURE_PLAN.iter().find(|row| row.0 == *table).unwrap().1;
            assert_eq!(*key == Key::None, erasure == Erasure::NotPersonal, "{table}");
        }
    }

    #[test]
    fn clause_15_no_column_holds_an_address_a_referrer_or_a_browser() {
        let connection = schema();
        for (table, _) in TABLES {
            for column in columns(&connection, "SELECT name FROM pragma_table_info(?1)", table) {
                for part in column.split('_') {
                    assert!(
                        ![
                            "ip", "addr", "address", "referrer", "referer", "agent", "browser", "host",
                            "device"
                        ]
                        .contains(&part),
                        "{table}.{column}"
                    );
                }
            }
        }
    }
}
