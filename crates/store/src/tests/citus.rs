//! Spreading over nodes: the distribution statements fit the tables, and each statement of the table modules stays on one
//! node and uses an index, but for those that are listed with their reason. Citus itself is not run here.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;

use crate::migrations;
use crate::plans::{Key, TABLES};

const DISTRIBUTION: &str = include_str!("../../migrations/citus/0001_distribution.sql");

/// Statements that ask every node, by a part of their text, with the reason. None is on the way of a submission, a
/// decision, a look, a withdrawal or an erasure.
const EVERY_NODE: &[(&str, &str)] = &[
    ("FROM dossier WHERE kind = ?1", "the structural scan reads everything"),
    ("FROM subjects WHERE subject_id > ?1", "a sweep goes through all subjects, a page at a time"),
    ("COUNT(*) FROM subjects", "a figure for the console"),
    ("COUNT(*) FROM tombstones", "a figure for the console"),
    ("FROM tombstones WHERE rows_gone = 0", "the sweep of rows"),
    ("FROM tombstones WHERE subject_id > ?1", "a key backup goes through all tombstones"),
    ("FROM tombstones WHERE evidence_until <= ?1", "the sweep of evidence"),
    ("FROM enquiries WHERE enquiry_id < ?1", "the desk's list"),
    ("FROM enquiries WHERE enquiry_id = ?1", "the desk opens one by its id"),
    ("COUNT(*) FROM enquiries WHERE status = ?1", "the desk's list"),
    ("FROM requests WHERE request_id < ?1", "the list of requests"),
    ("FROM requests WHERE request_id = ?1", "one request by its id"),
    ("DELETE FROM jobs WHERE (subject_id, job_id) IN", "jobs that ended long ago are swept"),
    ("FROM jobs WHERE status", "whoever is free takes the jobs that are due"),
    ("FROM keyrings WHERE bucket_id = ?1", "a rotation re-wraps the keyrings of a bucket"),
    ("FROM key_buckets ORDER BY bucket_id DESC LIMIT 1", "a node that starts goes on with the newest bucket"),
    ("FROM key_buckets WHERE epoch = ?1", "a rotation goes through the buckets of an epoch"),
    ("AND NOT EXISTS (SELECT 1 FROM keyrings", "a bucket that lost its last person"),
    ("UPDATE idempotency SET subject_id = NULL", "at an erasure: keys of calls about that person"),
    ("DELETE FROM idempotency WHERE subject_id = ?1", "at an erasure: keys of calls about that person"),
    ("DELETE FROM idempotency WHERE (principal, key) IN", "keys that are over are swept"),
    ("FROM sessions WHERE subject_id = ?1", "all sign-ins of a person are listed, or ended at an erasure"),
    ("FROM sessions WHERE operator_id = ?1", "all sign-ins of an operator"),
    ("FROM sessions WHERE expires_at <= ?1", "sessions that are over are swept"),
    ("FROM signin_codes WHERE expires_at <= ?1", "codes that are over are swept"),
    ("FROM dossier WHERE group_id = ?1", "the records of a group, for whoever asks for the group"),
    ("SELECT 1 FROM dossier WHERE dossier.group_id", "what a rule destroyed is swept"),
    ("FROM bulk_reads WHERE entry_id >= ?1", "a person's history: whether the person was among the many"),
    ("COUNT(*) FROM log_pending", "how much the sequencer has before it"),
];

/// Statements that read a whole table, likewise.
const WHOLE_TABLE: &[(&str, &str)] = &[
    ("FROM dossier WHERE kind = ?1", "the structural scan reads everything"),
    ("COUNT(*) FROM", "figures"),
    ("ORDER BY operator_id", "there are few operators"),
    ("ORDER BY key_id", "there are few keys"),
    ("FROM notices", "there are few notices"),
    ("FROM meta WHERE substr(key, 1, 5)", "there are few settings and nodes"),
    ("FROM key_epochs", "there are one or two epochs"),
    ("DELETE FROM jobs WHERE (subject_id, job_id) IN", "jobs that ended long ago are swept"),
    ("FROM jobs WHERE status = ?1 ORDER BY due_at", "the outbox page, and what a crash left"),
    ("FROM sessions WHERE expires_at <= ?1", "swept once in a while"),
    ("FROM signin_codes WHERE expires_at <= ?1", "swept once in a while"),
    ("FROM setup_links WHERE expires_at <= ?1", "there are few links"),
    ("FROM tombstones WHERE evidence_until <= ?1", "the sweep of evidence, once a day"),
    ("FROM key_buckets ORDER BY bucket_id DESC LIMIT 1", "the end of an index"),
    ("FROM terms WHERE ended = 1", "there are fewer groups than records"),
    ("FROM log_entries ORDER BY log_index", "the log is recomputed whole"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place<'a> {
    /// Spread by this column; with the persons' rows or not.
    By {
        column: &'a str,
        with_persons: bool,
    },
    Everywhere,
    Coordinator,
}

fn places() -> BTreeMap<&'static str, Place<'static>> {
    let mut places = BTreeMap::new();
    for statement in DISTRIBUTION.lines().filter_map(|line| line.strip_prefix("SELECT ")) {
        let (function, rest) = statement.split_once('(').unwrap();
        let words: Vec<&str> = rest.split('\'').skip(1).step_by(2).collect();
        let place = match (function, words.as_slice()) {
            ("create_distributed_table", [_, column, rest @ ..]) => {
                assert!(rest.is_empty() || rest == ["subjects"] || rest == ["none"], "{statement}");
                Place::By { column, with_persons: rest != ["none"] }
            }
            ("create_reference_table", [_]) => Place::Everywhere,
            ("citus_add_local_table_to_metadata", [_]) => Place::Coordinator,
            _ => panic!("not understood: {statement}"),
        };
        assert!(places.insert(words[0], place).is_none(), "{} stands twice", words[0]);
    }
    places
}

fn database() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    migrations::apply(&connection).unwrap();
    connection
}

/// The columns of each unique key of a table, its primary key among them.
fn unique_keys(connection: &Connection, table: &str) -> Vec<Vec<String>> {
    let strings = |sql: &str, of: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([of], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let primary = strings("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk", table);
    let indexes = strings("SELECT name FROM pragma_index_list(?1) WHERE \"unique\" = 1", table);
    let of_index = |index: &String| strings("SELECT name FROM pragma_index_info(?1)", index);
    std::iter::once(primary).chain(indexes.iter().map(of_index)).collect()
}

#[test]
fn every_table_has_its_place_and_no_unique_key_spans_nodes() {
    let (places, connection) = (places(), database());
    assert_eq!(places.len(), TABLES.len(), "a table stands in one of the two lists only");
    for (table, key) in TABLES {
        let place = *places.get(table).unwrap_or_else(|| panic!("{table} has no place"));
        let fits = match (key, place) {
            (Key::Subject, Place::By { column, with_persons }) => column == "subject_id" && with_persons,
            (Key::Lookup | Key::None, Place::By { column, with_persons }) => {
                column != "subject_id" && !with_persons
            }
            (Key::Lookup, Place::Coordinator) => *table == "fence_journal",
            (Key::None, Place::Everywhere | Place::Coordinator) => true,
            (Key::Subject | Key::Lookup, _) => false,
        };
        assert!(fits, "{table}: {key:?} does not lie well at {place:?}");
        if let Place::By { column, .. } = place {
            for unique in unique_keys(&connection, table) {
                assert!(unique.iter().any(|one| one == column), "{table}: the key {unique:?} lacks {column}");
            }
        }
        let references: i64 = connection
            .query_row("SELECT COUNT(*) FROM pragma_foreign_key_list(?1)", [table], |row| row.get(0))
            .unwrap();
        assert_eq!(references, 0, "{table} refers to another table: both must lie together");
    }
}

/// The statements in the text of the table modules and of the log, each with its file.
fn statements() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files: Vec<_> =
        std::fs::read_dir(root.join("tables")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.extend(["log.rs", "tx.rs", "integrate.rs"].map(|name| root.join(name)));
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let shipped = text.split("#[cfg(test)]").next().unwrap();
        // Between quotes; no statement holds one.
        for literal in shipped.split('"').skip(1).step_by(2) {
            let literal = literal.replace("\\\n", "\n");
            let sql: Vec<&str> = literal.split_whitespace().collect();
            if matches!(sql.first(), Some(&("SELECT" | "INSERT" | "UPDATE" | "DELETE"))) && sql.len() > 2 {
                found.push((file.file_name().unwrap().to_string_lossy().into_owned(), sql.join(" ")));
            }
        }
    }
    assert!(found.len() > 150, "the statements were not found");
    found
}

/// The tables that a statement names.
fn tables_of(sql: &str) -> Vec<&'static str> {
    let named = |table: &str| {
        ["FROM ", "INTO ", "UPDATE "].iter().any(|word| {
            sql.match_indices(&format!("{word}{table}")).any(|(at, whole)| {
                sql[at + whole.len()..]
                    .chars()
                    .next()
                    .is_none_or(|next| !next.is_alphanumeric() && next != '_')
            })
        })
    };
    TABLES.iter().map(|(table, _)| *table).filter(|table| named(table)).collect()
}

fn listed(list: &'static [(&str, &str)], sql: &str, used: &mut [bool]) -> bool {
    let at = list.iter().position(|(part, _)| sql.contains(part));
    if let Some(at) = at {
        used[at] = true;
    }
    at.is_some()
}

#[test]
fn a_statement_about_one_person_asks_one_node() {
    let places = places();
    let mut used = vec![false; EVERY_NODE.len()];
    for (file, sql) in statements() {
        for table in tables_of(&sql) {
            let Place::By { column, .. } = places[table] else { continue };
            let names = |text: &str| text.split(['(', ',', ')', ' ']).any(|word| word == column);
            let is_put = sql.starts_with("INSERT INTO") && sql.split(" VALUES ").next().is_some_and(names);
            let is_one = is_put || sql.contains(&format!("{column} = ?"));
            assert!(
                is_one || listed(EVERY_NODE, &sql, &mut used) || file == "integrate.rs",
                "{file}: asks every node of {table}: {sql}"
            );
        }
    }
    for (at, (part, _)) in EVERY_NODE.iter().enumerate() {
        assert!(used[at], "no statement is like this any more: {part}");
    }
}

#[test]
fn every_statement_finds_its_rows_by_an_index() {
    let connection = database();
    let mut used = vec![false; WHOLE_TABLE.len()];
    for (file, sql) in statements() {
        if tables_of(&sql).is_empty() || file == "integrate.rs" || sql.contains("information_schema") {
            continue;
        }
        let mut plan = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap_or_else(|fault| panic!("{sql}: {fault}"));
        let lines: Vec<String> = plan.raw_query().mapped(|row| row.get(3)).map(Result::unwrap).collect();
        // An index of what waits is short, and read from its beginning.
        let is_short = |line: &str| {
            ["tombstones_pending", "jobs_waiting", "rules_standing"].iter().any(|index| line.ends_with(index))
        };
        let is_of_ours = |rest: &str| TABLES.iter().any(|(table, _)| rest.starts_with(table));
        let scans = lines
            .iter()
            .any(|line| line.strip_prefix("SCAN ").is_some_and(|rest| is_of_ours(rest) && !is_short(rest)));
        assert!(
            !scans || listed(WHOLE_TABLE, &sql, &mut used),
            "{file}: reads a whole table: {sql}\n{}",
            lines.join("\n")
        );
    }
    for (at, (part, _)) in WHOLE_TABLE.iter().enumerate() {
        assert!(used[at], "no statement is like this any more: {part}");
    }
}
