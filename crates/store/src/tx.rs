//! One transaction: statements over [`Param`] and [`Row`], and the only [`model::Witness`].
//!
//! Invariant: a line appended here is a row of the same transaction as the act it is about, or neither stands.
//!
//! Clauses: C1.3, L11; DESIGN §1 invariants 4 and 5.

use std::sync::Arc;

use model::{EntryId, LogLine, SubjectFacts, SubjectId};
use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, Value as Cell, ValueRef};
use tlog::tile::EdgeTiles;

use crate::fault::Fault;
use crate::postgres::Session;
use crate::redo::{Place, Record};
use crate::resident::Resident;
use crate::value::{Param, Row, Value};

/// What of a row that is read to be changed is kept from others until the transaction ends. On the embedded database
/// there is one writer and nothing to lock; in a read nothing is locked either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// Nothing.
    None,
    /// The row; whoever else wants it waits.
    Row,
    /// The row; one that somebody else holds is left out of the answer.
    Free,
}

impl Lock {
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Row => " FOR UPDATE",
            Self::Free => " FOR UPDATE SKIP LOCKED",
        }
    }
}

/// One transaction, given to the function of [`crate::Store::read`] or [`crate::Store::write`].
pub struct Tx<'c> {
    engine: Engine<'c>,
    log: Appending,
    /// A fatal fault that was met, even if the unit swallowed it.
    poison: Option<Fault>,
    /// The writer's edge of the log as it was when a read began: saves reading the last tile's rows.
    edge: Option<Arc<EdgeTiles>>,
    /// The facts that the writer keeps in memory, as committed.
    resident: Option<&'c mut Resident>,
    /// Subjects whose facts this transaction changed, with what they are now; `None` for those that are no more.
    changed: Vec<(SubjectId, Option<SubjectFacts>)>,
    /// What the writer's transaction does, for the redo log.
    record: Option<Record>,
}

enum Engine<'c> {
    Sqlite(&'c Connection),
    Postgres(&'c mut Session),
}

/// What becomes of a line that is appended.
#[derive(Clone, Copy)]
enum Appending {
    /// This is a read.
    Refused,
    /// It gets this index, in the same commit.
    Indexed(u64),
    /// It waits for the sequencer; the first one appended here is kept, by which the outcome of the commit can be asked
    /// for.
    Pending(Option<EntryId>),
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match *self {
            Self::Null => ToSqlOutput::Owned(Cell::Null),
            Self::Int(number) => ToSqlOutput::Owned(Cell::Integer(number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Blob(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

impl<'c> Tx<'c> {
    pub(crate) const fn new(connection: &'c Connection, next_index: Option<u64>) -> Self {
        let log = match next_index {
            Some(index) => Appending::Indexed(index),
            None => Appending::Refused,
        };
        Self {
            engine: Engine::Sqlite(connection),
            log,
            poison: None,
            edge: None,
            resident: None,
            changed: Vec::new(),
            record: None,
        }
    }

    pub(crate) const fn reader(connection: &'c Connection, edge: Arc<EdgeTiles>) -> Self {
        Self {
            engine: Engine::Sqlite(connection),
            log: Appending::Refused,
            poison: None,
            edge: Some(edge),
            resident: None,
            changed: Vec::new(),
            record: None,
        }
    }

    /// The writer's transaction: with the facts that it keeps in memory.
    pub(crate) fn writer(connection: &'c Connection, next_index: u64, resident: &'c mut Resident) -> Self {
        let mut tx = Self::new(connection, Some(next_index));
        tx.resident = Some(resident);
        tx.record = Some(Record::default());
        tx
    }

    /// What this transaction made of the facts of subjects, in the order it did, and what it did altogether.
    pub(crate) fn into_done(self) -> (Vec<(SubjectId, Option<SubjectFacts>)>, Record) {
        (self.changed, self.record.unwrap_or_default())
    }

    /// Where the record of this transaction stands.
    pub(crate) fn place(&self) -> Option<Place> {
        self.record.as_ref().map(Record::place)
    }

    /// Takes what was done since out of the record: it was rolled back.
    pub(crate) fn undo_to(&mut self, place: Option<&Place>) {
        if let (Some(record), Some(place)) = (&mut self.record, place) {
            record.undo_to(place);
        }
    }

    /// Notes that the facts of a subject are others from now on, or that there are none any more.
    pub(crate) fn facts_changed(&mut self, subject: SubjectId, facts: Option<&SubjectFacts>) {
        if self.resident.is_some() {
            self.changed.push((subject, facts.cloned()));
        }
    }

    /// The facts kept in memory, for a subject that this transaction left as it was.
    pub(crate) fn resident(&mut self, subject: SubjectId) -> Option<&mut Resident> {
        let is_changed = self.changed.iter().any(|(changed, _)| *changed == subject);
        self.resident.as_deref_mut().filter(|_| !is_changed)
    }

    pub(crate) const fn postgres(session: &'c mut Session, writes: bool) -> Self {
        let log = if writes { Appending::Pending(None) } else { Appending::Refused };
        Self {
            engine: Engine::Postgres(session),
            log,
            poison: None,
            edge: None,
            resident: None,
            changed: Vec::new(),
            record: None,
        }
    }

    pub(crate) fn edge(&self) -> Option<Arc<EdgeTiles>> {
        self.edge.clone()
    }

    /// The index of the line appended last in this unit's transaction: what [`crate::Store::inclusion`] takes once
    /// the unit is answered. `None` where lines get their index later.
    pub fn last_index(&self) -> Option<u64> {
        self.next_index().and_then(|next| next.checked_sub(1))
    }

    /// The first line appended in this transaction that waits for the sequencer.
    pub(crate) const fn pending_entry(&self) -> Option<EntryId> {
        match self.log {
            Appending::Pending(entry) => entry,
            Appending::Refused | Appending::Indexed(_) => None,
        }
    }

    pub(crate) const fn next_index(&self) -> Option<u64> {
        match self.log {
            Appending::Indexed(index) => Some(index),
            Appending::Refused | Appending::Pending(_) => None,
        }
    }

    pub(crate) const fn set_next_index(&mut self, index: u64) {
        self.log = Appending::Indexed(index);
    }

    pub(crate) const fn take_poison(&mut self) -> Option<Fault> {
        self.poison.take()
    }

    /// Whether this is the embedded database, where a statement costs no round trip.
    pub(crate) const fn is_embedded(&self) -> bool {
        matches!(self.engine, Engine::Sqlite(_))
    }

    pub(crate) fn is_open(&self) -> bool {
        match &self.engine {
            Engine::Sqlite(connection) => !connection.is_autocommit(),
            Engine::Postgres(_) => true,
        }
    }

    fn met(&mut self, error: rusqlite::Error) -> Fault {
        let fault = Fault::from(error);
        // FULL may have rolled back more than this unit, so the batch must hear of it too.
        if fault.is_fatal() || fault == Fault::Full {
            self.poison = Some(fault.clone());
        }
        fault
    }

    /// Runs a statement that answers with no rows; gives the number of rows changed.
    ///
    /// # Errors
    /// [`Fault::Conflict`] for a key that stands already; storage faults.
    pub fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<usize, Fault> {
        let changed = self.execute_unrecorded(sql, params)?;
        if let Some(record) = &mut self.record {
            record.add(sql, params, changed);
        }
        Ok(changed)
    }

    /// As [`Tx::execute`], for what is no act and stands in no record: the words around a transaction, and statements that
    /// are put together to build a whole database.
    pub(crate) fn execute_unrecorded(&mut self, sql: &str, params: &[Param<'_>]) -> Result<usize, Fault> {
        match &mut self.engine {
            Engine::Sqlite(connection) => {
                let connection = *connection;
                connection
                    .prepare_cached(sql)
                    .and_then(|mut statement| statement.execute(rusqlite::params_from_iter(params)))
                    .map_err(|error| self.met(error))
            }
            Engine::Postgres(_) if matches!(self.log, Appending::Refused) => Err(Fault::ReadOnly),
            Engine::Postgres(session) => {
                session.defer(sql, params, None);
                session.flush()
            }
        }
    }

    /// Runs a statement that must change exactly one row. On a server it may be sent and checked only with the next
    /// statement that is answered, or before the commit.
    ///
    /// # Errors
    /// [`Fault::Affected`] when it changed another number; else as [`Tx::execute`].
    pub fn execute_one(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<(), Fault> {
        if self.defer_one(sql, params) { Ok(()) } else { ensure_affected(self.execute(sql, params)?, 1) }
    }

    /// As [`Tx::execute_one`] for a statement that was put together; see [`Tx::execute_unrecorded`].
    pub(crate) fn execute_one_unrecorded(&mut self, sql: &str, params: &[Param<'_>]) -> Result<(), Fault> {
        if self.defer_one(sql, params) {
            return Ok(());
        }
        ensure_affected(self.execute_unrecorded(sql, params)?, 1)
    }

    /// Whether the statement goes to a server with the next one that is answered.
    fn defer_one(&mut self, sql: &str, params: &[Param<'_>]) -> bool {
        let (Engine::Postgres(session), Appending::Pending(_)) = (&mut self.engine, self.log) else {
            return false;
        };
        session.defer(sql, params, Some(1));
        true
    }

    /// Hands each row of an answer to `f`, one at a time.
    ///
    /// # Errors
    /// Storage faults, and what `f` gives.
    pub fn for_each(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        f: impl FnMut(Row) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.for_each_locked(sql, params, Lock::None, f)
    }

    fn for_each_locked(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        lock: Lock,
        mut f: impl FnMut(Row) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let connection = match &mut self.engine {
            Engine::Postgres(session) => return session.query(sql, params, lock, f),
            Engine::Sqlite(connection) => *connection,
        };
        let mut statement = connection.prepare_cached(sql).map_err(|error| self.met(error))?;
        let width = statement.column_count();
        let mut rows =
            statement.query(rusqlite::params_from_iter(params)).map_err(|error| self.met(error))?;
        loop {
            let cells = match rows.next() {
                Ok(Some(row)) => (0..width).map(|at| cell(row.get_ref(at)?)).collect(),
                Ok(None) => return Ok(()),
                Err(error) => Err(error),
            };
            f(Row::new(cells.map_err(|error| self.met(error))?))?;
        }
    }

    /// All rows of an answer; the statement carries its own limit.
    ///
    /// # Errors
    /// Storage faults.
    pub fn query_all(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, Fault> {
        let mut rows = Vec::new();
        self.for_each(sql, params, |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// All rows of an answer, which this unit may change: they are kept from others as `lock` says.
    ///
    /// # Errors
    /// Storage faults.
    pub fn query_locked(&mut self, sql: &str, params: &[Param<'_>], lock: Lock) -> Result<Vec<Row>, Fault> {
        let mut rows = Vec::new();
        self.for_each_locked(sql, params, lock, |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first row of an answer, if there is one.
    ///
    /// # Errors
    /// Storage faults.
    pub fn query_opt(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Option<Row>, Fault> {
        self.query_opt_locked(sql, params, Lock::None)
    }

    /// The first row of an answer, which this unit may change.
    ///
    /// # Errors
    /// Storage faults.
    pub fn query_opt_locked(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        lock: Lock,
    ) -> Result<Option<Row>, Fault> {
        let connection = match &mut self.engine {
            Engine::Postgres(_) => return Ok(self.query_locked(sql, params, lock)?.into_iter().next()),
            Engine::Sqlite(connection) => *connection,
        };
        let mut statement = connection.prepare_cached(sql).map_err(|error| self.met(error))?;
        let width = statement.column_count();
        let mut rows =
            statement.query(rusqlite::params_from_iter(params)).map_err(|error| self.met(error))?;
        let cells: rusqlite::Result<Option<Vec<Value>>> = match rows.next() {
            Ok(Some(row)) => (0..width).map(|at| cell(row.get_ref(at)?)).collect::<Result<_, _>>().map(Some),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        Ok(cells.map_err(|error| self.met(error))?.map(Row::new))
    }

    /// Lifts the time limits of a server for this transaction: for work that reads or writes everything there is.
    ///
    /// # Errors
    /// Storage faults.
    pub fn take_time(&mut self) -> Result<(), Fault> {
        if let Engine::Postgres(_) = self.engine {
            let lift = "SELECT set_config('statement_timeout', '0', true),
                               set_config('idle_in_transaction_session_timeout', '0', true)";
            self.query_all(lift, &[])?;
        }
        Ok(())
    }

    /// What time it is where several nodes share the database; `None` on the embedded one.
    ///
    /// # Errors
    /// Storage faults.
    pub fn server_clock(&mut self) -> Result<Option<model::Instant>, Fault> {
        if self.is_embedded() {
            return Ok(None);
        }
        let asked = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";
        self.query_one(asked, &[])?.instant(0).map(Some)
    }

    /// Every column of every table as the database itself tells it: (table, column).
    ///
    /// # Errors
    /// Storage faults.
    pub fn columns(&mut self) -> Result<Vec<(String, String)>, Fault> {
        let sql = match self.engine {
            Engine::Sqlite(_) => {
                "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'"
            }
            Engine::Postgres(_) => {
                "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
                 WHERE table_schema = current_schema()"
            }
        };
        self.query_all(sql, &[])?
            .into_iter()
            .map(|mut row| Ok((row.take_text(0)?, row.take_text(1)?)))
            .collect()
    }

    /// The one row of an answer.
    ///
    /// # Errors
    /// [`Fault::Missing`] when there is none; storage faults.
    pub fn query_one(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Row, Fault> {
        self.query_opt(sql, params)?.ok_or(Fault::Missing("answer"))
    }
}

fn cell(value: ValueRef<'_>) -> rusqlite::Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        ValueRef::Real(_) => {
            return Err(rusqlite::Error::InvalidColumnType(0, String::new(), rusqlite::types::Type::Real));
        }
    })
}

/// Turns a silent no-op into an error.
///
/// # Errors
/// [`Fault::Affected`] when the numbers differ.
pub const fn ensure_affected(actual: usize, expected: usize) -> Result<(), Fault> {
    if actual == expected { Ok(()) } else { Err(Fault::Affected { expected, actual }) }
}

impl model::Witness for Tx<'_> {
    type Fault = Fault;

    fn append(&mut self, line: LogLine) -> Result<(), Fault> {
        let text = line.entry.canonical();
        let commitment = tlog::commitment::commit(&line.salt, text.as_bytes());
        match self.log {
            Appending::Refused => return Err(Fault::ReadOnly),
            Appending::Indexed(index) => {
                self.execute_one(
                    "INSERT INTO log_entries (log_index, entry_id, commitment, salt, entry)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                    crate::params![index, &line.entry.id, &commitment, &line.salt, &text],
                )?;
                self.log = Appending::Indexed(index + 1);
            }
            Appending::Pending(first) => {
                self.execute_one(
                    "INSERT INTO log_pending (entry_id, commitment, salt, entry) VALUES (?1, ?2, ?3, ?4)",
                    crate::params![&line.entry.id, &commitment, &line.salt, &text],
                )?;
                self.log = Appending::Pending(first.or(Some(line.entry.id)));
            }
        }
        for row in &line.history {
            crate::tables::history::insert(self, row)?;
        }
        Ok(())
    }
}
