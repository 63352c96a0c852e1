//! Plain `SQLite`: one table, an index on every field, one writer with group commit, readers beside it.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, params};

use super::oracle::meta_text;
use super::trace::{Field, Op, Size, Which, data};
use super::{Answer, Client, PAGE, Replayer};
use crate::plain::Plain;

pub(super) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs().cast_signed())
}

/// The tables, for both databases that speak SQL.
pub(super) fn tables(bytes: &str) -> String {
    let columns: String = Field::ALL.map(|field| format!("{} TEXT NOT NULL, ", field.name())).concat();
    let indexes: String =
        Field::ALL.map(|field| format!("CREATE INDEX records_{0} ON records ({0});", field.name())).concat();
    format!(
        "CREATE TABLE records (key BIGINT NOT NULL PRIMARY KEY, usr BIGINT NOT NULL, {columns}
             expires_at BIGINT NOT NULL, created_at BIGINT NOT NULL, data {bytes} NOT NULL);
         {indexes} CREATE INDEX records_usr ON records (usr); CREATE INDEX records_expires ON records (expires_at);"
    )
}

pub(super) fn insert_sql(mark: &str) -> String {
    let names = Field::ALL.map(Field::name).join(", ");
    let marks: Vec<String> = (1..=13).map(|at| format!("{mark}{at}")).collect();
    format!(
        "INSERT INTO records (key, usr, {names}, expires_at, created_at, data) VALUES ({})",
        marks.join(", ")
    )
}

/// The condition for some records, with its one parameter in the place `mark`.
pub(super) fn condition(which: &Which, mark: &str) -> String {
    match which {
        Which::Shared(field, _) => format!("{} = {mark}", field.name()),
        Which::Of(_) => format!("usr = {mark}"),
    }
}

/// What sets a field: the end moves with its period.
pub(super) fn assignment(field: Field, mark: &str) -> String {
    match field {
        Field::Period => format!("period = {mark}, expires_at = created_at + CAST({mark} AS BIGINT)"),
        other => format!("{} = {mark}", other.name()),
    }
}

pub(super) fn meta_columns() -> String {
    Field::ALL.map(Field::name).join(", ")
}

/// The replayer.
pub(super) struct Sqlite {
    path: std::path::PathBuf,
    plain: Arc<Plain>,
    size: Size,
}

impl Sqlite {
    pub fn new(folder: &Path, size: Size) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join("plain.db");
        let plain = Arc::new(Plain::open(&path, &tables("BLOB"))?);
        for first in (0..size.records).step_by(1_000) {
            let last = size.records.min(first + 1_000);
            plain.write(move |connection| {
                (first..last).try_for_each(|n| insert(connection, &size, n, None))
            })?;
        }
        Ok(Self { path, plain, size })
    }
}

fn insert(connection: &Connection, size: &Size, n: u64, period: Option<i64>) -> rusqlite::Result<()> {
    let value = |field: Field| match (field, period) {
        (Field::Period, Some(period)) => period.to_string(),
        _ => field.value(n),
    };
    let period: i64 = value(Field::Period).parse().unwrap_or(0);
    let [pur, period_text, obj, dec, acl, shr, src, cat] = Field::ALL.map(value);
    let (key, person, now) = (n.cast_signed(), size.person(n).cast_signed(), now());
    connection
        .prepare_cached(&insert_sql("?"))?
        .execute(params![
            key,
            person,
            pur,
            period_text,
            obj,
            dec,
            acl,
            shr,
            src,
            cat,
            now + period,
            now,
            data(n, 0)
        ])
        .map(drop)
}

impl Replayer for Sqlite {
    fn client(&self) -> anyhow::Result<Box<dyn Client + '_>> {
        let reader = Connection::open(&self.path)?;
        Ok(Box::new(Session { plain: Arc::clone(&self.plain), reader, size: self.size }))
    }

    fn settle(&self) -> anyhow::Result<()> {
        self.plain.write(|connection| {
            connection.execute("DELETE FROM records WHERE expires_at <= ?1", params![now()]).map(drop)
        })
    }

    fn bytes(&self) -> anyhow::Result<(u64, u64)> {
        crate::stand::compact(&self.path)
    }
}

struct Session {
    plain: Arc<Plain>,
    reader: Connection,
    size: Size,
}

impl Session {
    fn texts(&self, sql: &str, of: &dyn rusqlite::ToSql, columns: usize) -> anyhow::Result<Vec<String>> {
        let mut statement = self.reader.prepare_cached(sql)?;
        let rows = statement.query_map(params![of, now()], |row| {
            if columns == 1 {
                return row.get(0);
            }
            let values: Vec<String> = (0..columns).map(|at| row.get(at)).collect::<Result<_, _>>()?;
            Ok(meta_text(|field| values[field as usize].clone()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Writes; whether a row was changed.
    fn write(&self, sql: String, params: Vec<rusqlite::types::Value>) -> anyhow::Result<bool> {
        let (told, answer) = std::sync::mpsc::sync_channel(1);
        self.plain.write(move |connection| {
            let changed =
                connection.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(params.iter()))?;
            // Whoever asks waits below.
            let _ = told.send(changed > 0);
            Ok(())
        })?;
        Ok(answer.recv()?)
    }
}

fn param(which: &Which) -> rusqlite::types::Value {
    match which {
        Which::Shared(_, value) => value.clone().into(),
        Which::Of(person) => person.cast_signed().into(),
    }
}

impl Client for Session {
    fn apply(&mut self, op: &Op) -> anyhow::Result<Answer> {
        let found =
            |texts: Vec<String>| if texts.is_empty() { Answer::Missing } else { Answer::texts(texts) };
        let done = |changed: bool| if changed { Answer::Done } else { Answer::Missing };
        let key = |n: &u64| n.cast_signed();
        Ok(match op {
            Op::Create(n) => {
                let (size, n) = (self.size, *n);
                self.plain.write(move |connection| insert(connection, &size, n, None))?;
                Answer::Done
            }
            Op::Delete(which) => {
                self.write(
                    format!("DELETE FROM records WHERE {}", condition(which, "?1")),
                    vec![param(which)],
                )?;
                Answer::Done
            }
            Op::Update(which, field, value) => {
                let sql = format!(
                    "UPDATE records SET {} WHERE {}",
                    assignment(*field, "?1"),
                    condition(which, "?2")
                );
                self.write(sql, vec![value.clone().into(), param(which)])?;
                Answer::Done
            }
            Op::ReadDataOf(person) => Answer::texts(self.texts(
                "SELECT data FROM records WHERE usr = ?1 AND expires_at > ?2",
                &key(person),
                1,
            )?),
            Op::ReadDataBy(field, value) => {
                let sql = format!(
                    "SELECT data FROM records WHERE {} = ?1 AND expires_at > ?2 LIMIT {PAGE}",
                    field.name()
                );
                Answer::texts(self.texts(&sql, value, 1)?)
            }
            Op::ReadMetaOf(person) => {
                let sql =
                    format!("SELECT {} FROM records WHERE usr = ?1 AND expires_at > ?2", meta_columns());
                Answer::texts(self.texts(&sql, &key(person), Field::ALL.len())?)
            }
            Op::ReadMeta(n) => {
                let sql =
                    format!("SELECT {} FROM records WHERE key = ?1 AND expires_at > ?2", meta_columns());
                found(self.texts(&sql, &key(n), Field::ALL.len())?)
            }
            Op::ReadData(n) => found(self.texts(
                "SELECT data FROM records WHERE key = ?1 AND expires_at > ?2",
                &key(n),
                1,
            )?),
            Op::UpdateData(n, version) => done(self.write(
                "UPDATE records SET data = ?1 WHERE key = ?2".into(),
                vec![data(*n, *version).into(), key(n).into()],
            )?),
            Op::UpdateMeta(n, field, value) => done(self.write(
                format!("UPDATE records SET {} WHERE key = ?2", assignment(*field, "?1")),
                vec![value.clone().into(), key(n).into()],
            )?),
            Op::DeleteKey(n) => {
                done(self.write("DELETE FROM records WHERE key = ?1".into(), vec![key(n).into()])?)
            }
            // It keeps none.
            Op::ReadLog => Answer::Done,
            Op::VerifyDeletion(n) => Answer::Gone(
                self.texts("SELECT data FROM records WHERE key = ?1 AND expires_at > ?2", &key(n), 1)?
                    .is_empty(),
            ),
        })
    }

    fn create_for(&mut self, n: u64, seconds: u32) -> anyhow::Result<()> {
        let size = self.size;
        self.plain.write(move |connection| insert(connection, &size, n, Some(i64::from(seconds))))
    }
}
