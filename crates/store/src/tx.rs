//! One transaction: statements over [`Param`] and [`Row`], and the only [`model::Witness`].
//!
//! Invariant: a line appended here is a row of the same transaction as the act it is about, or neither stands.
//!
//! Clauses: C1.3, L11; DESIGN §1 invariants 4 and 5.

use std::sync::Arc;

use model::LogLine;
use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, Value as Cell, ValueRef};
use tlog::tile::EdgeTiles;

use crate::fault::Fault;
use crate::value::{Param, Row, Value};

/// One transaction, given to the function of [`crate::Store::read`] or [`crate::Store::write`].
pub struct Tx<'c> {
    connection: &'c Connection,
    /// The index the next log line gets; `None` in a read.
    next_index: Option<u64>,
    /// A fatal fault that was met, even if the unit swallowed it.
    poison: Option<Fault>,
    /// The writer's edge of the log as it was when a read began: saves reading the last tile's rows.
    edge: Option<Arc<EdgeTiles>>,
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
        Self { connection, next_index, poison: None, edge: None }
    }

    pub(crate) const fn reader(connection: &'c Connection, edge: Arc<EdgeTiles>) -> Self {
        Self { connection, next_index: None, poison: None, edge: Some(edge) }
    }

    pub(crate) fn edge(&self) -> Option<Arc<EdgeTiles>> {
        self.edge.clone()
    }

    /// The index of the line appended last in this unit's transaction: what [`crate::Store::inclusion`] takes once
    /// the unit is answered. `None` where lines get their index later.
    pub fn last_index(&self) -> Option<u64> {
        self.next_index.and_then(|next| next.checked_sub(1))
    }

    pub(crate) const fn next_index(&self) -> Option<u64> {
        self.next_index
    }

    pub(crate) const fn set_next_index(&mut self, index: u64) {
        self.next_index = Some(index);
    }

    pub(crate) const fn take_poison(&mut self) -> Option<Fault> {
        self.poison.take()
    }

    pub(crate) fn is_open(&self) -> bool {
        !self.connection.is_autocommit()
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
    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<usize, Fault> {
        let connection = self.connection;
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(rusqlite::params_from_iter(params)))
            .map_err(|error| self.met(error))
    }

    /// Runs a statement that must change exactly one row.
    ///
    /// # Errors
    /// [`Fault::Affected`] when it changed another number; else as [`Tx::execute`].
    pub fn execute_one(&mut self, sql: &str, params: &[Param<'_>]) -> Result<(), Fault> {
        let actual = self.execute(sql, params)?;
        ensure_affected(actual, 1)
    }

    /// Hands each row of an answer to `f`, one at a time.
    ///
    /// # Errors
    /// Storage faults, and what `f` gives.
    pub fn for_each(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut f: impl FnMut(Row) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let connection = self.connection;
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

    /// The first row of an answer, if there is one.
    ///
    /// # Errors
    /// Storage faults.
    pub fn query_opt(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Option<Row>, Fault> {
        let connection = self.connection;
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
        let index = self.next_index.ok_or(Fault::ReadOnly)?;
        let stored = i64::try_from(index).map_err(|_| Fault::Corrupt("log index"))?;
        let text = line.entry.canonical();
        let commitment = tlog::commitment::commit(&line.salt, text.as_bytes());
        self.execute_one(
            "INSERT INTO log_entries (log_index, entry_id, commitment, salt, entry) VALUES (?1, ?2, ?3, ?4, ?5)",
            crate::params![stored, &line.entry.id, &commitment, &line.salt, &text],
        )?;
        for row in &line.history {
            crate::tables::history::insert(self, row)?;
        }
        self.next_index = Some(index + 1);
        Ok(())
    }
}
