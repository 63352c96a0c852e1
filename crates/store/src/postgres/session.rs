//! One connection in use: statements in our own words, sent together and checked together.
//!
//! Invariant: what a unit writes is sent with its next read or its commit, and every answer is looked at before the
//! commit; a connection whose transaction did not end by our word is thrown away, never handed on.

use deadpool_postgres::Object;
use futures_util::{StreamExt as _, future, pin_mut};
use tokio::runtime::Handle;
use tokio_postgres::Statement;
use tokio_postgres::types::{ToSql, Type};

use super::{codec, fault};
use crate::fault::Fault;
use crate::tx::Lock;
use crate::value::{Param, Row, Value};

/// A connection on loan from the pool.
pub(crate) struct Session {
    runtime: Handle,
    /// `None` once it was thrown away.
    client: Option<Object>,
    waiting: Vec<Waiting>,
    /// Whether rows that are read to be changed are locked.
    pub(crate) locks: bool,
    is_open: bool,
}

/// A statement that was not sent yet.
struct Waiting {
    sql: String,
    params: Vec<Value>,
    /// How many rows it must change.
    expected: Option<usize>,
}

impl Session {
    pub(crate) const fn new(runtime: Handle, client: Object, locks: bool) -> Self {
        Self { runtime, client: Some(client), waiting: Vec::new(), locks, is_open: false }
    }

    fn client(&self) -> Result<&Object, Fault> {
        self.client.as_ref().ok_or(Fault::Lost)
    }

    /// Begins a transaction, with the first statement in it.
    pub(crate) fn begin(&mut self, how: &str) {
        self.is_open = true;
        self.waiting.push(Waiting { sql: how.to_owned(), params: Vec::new(), expected: None });
    }

    /// Puts a statement into the queue.
    pub(crate) fn defer(&mut self, sql: &str, params: &[Param<'_>], expected: Option<usize>) {
        let params = params.iter().map(Value::from).collect();
        self.waiting.push(Waiting { sql: codec::numbered(sql), params, expected });
    }

    /// Sends what waits; gives how many rows the last of it changed.
    pub(crate) fn flush(&mut self) -> Result<usize, Fault> {
        if self.waiting.is_empty() {
            return Ok(0);
        }
        let waiting = std::mem::take(&mut self.waiting);
        let client = self.client()?;
        let counts = wait(&self.runtime, async {
            let prepared = prepare_all(client, &waiting).await?;
            execute_all(client, &waiting, &prepared).await
        })?;
        check(&waiting, &counts)
    }

    /// Sends what waits and a query in one go, and hands over each row of its answer.
    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        lock: Lock,
        mut f: impl FnMut(Row) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut sql = codec::numbered(sql);
        if self.locks {
            sql.push_str(lock.words());
        }
        let params: Vec<Value> = params.iter().map(Value::from).collect();
        let waiting = std::mem::take(&mut self.waiting);
        let client = self.client()?;
        wait(&self.runtime, async {
            let prepared = prepare_all(client, &waiting).await?;
            let statement = prepare(client, &sql, params.iter().map(codec::kind)).await?;
            let sent = execute_all(client, &waiting, &prepared);
            let asked = client.query_raw(&statement, params.iter().map(|value| value as &(dyn ToSql + Sync)));
            let (counts, answer) = future::join(sent, asked).await;
            check(&waiting, &counts?)?;
            let rows = answer.map_err(fault::of)?;
            pin_mut!(rows);
            while let Some(row) = rows.next().await {
                f(codec::row(&row.map_err(fault::of)?)?)?;
            }
            Ok(())
        })
    }

    /// Ends the transaction: everything was checked before the commit leaves.
    pub(crate) fn commit(&mut self) -> Result<(), Fault> {
        self.defer("COMMIT", &[], None);
        self.flush()?;
        self.is_open = false;
        Ok(())
    }

    /// Undoes the transaction.
    pub(crate) fn roll_back(&mut self) -> Result<(), Fault> {
        self.waiting.clear();
        self.defer("ROLLBACK", &[], None);
        self.flush()?;
        self.is_open = false;
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.is_open
            && let Some(client) = self.client.take()
        {
            // Closed by dropping it; the server undoes what was open.
            drop(Object::take(client));
        }
    }
}

/// Waits for the driver, also where the caller's thread belongs to a runtime of its own.
pub(super) fn wait<F: Future>(runtime: &Handle, future: F) -> F::Output {
    if Handle::try_current().is_ok() {
        tokio::task::block_in_place(|| runtime.block_on(future))
    } else {
        runtime.block_on(future)
    }
}

async fn prepare_all(client: &Object, waiting: &[Waiting]) -> Result<Vec<Statement>, Fault> {
    let mut prepared = Vec::with_capacity(waiting.len());
    for one in waiting {
        prepared.push(prepare(client, &one.sql, one.params.iter().map(codec::kind)).await?);
    }
    Ok(prepared)
}

async fn prepare(client: &Object, sql: &str, kinds: impl Iterator<Item = Type>) -> Result<Statement, Fault> {
    let kinds: Vec<Type> = kinds.collect();
    client.prepare_typed_cached(sql, &kinds).await.map_err(fault::of)
}

/// Sends every statement before it waits for the first answer.
async fn execute_all(
    client: &Object,
    waiting: &[Waiting],
    prepared: &[Statement],
) -> Result<Vec<u64>, Fault> {
    let sent = waiting.iter().zip(prepared).map(|(one, statement)| {
        client.execute_raw(statement, one.params.iter().map(|value| value as &(dyn ToSql + Sync)))
    });
    let answers = future::join_all(sent).await;
    answers.into_iter().collect::<Result<_, _>>().map_err(fault::of)
}

fn check(waiting: &[Waiting], counts: &[u64]) -> Result<usize, Fault> {
    let mut last = 0;
    for (one, &count) in waiting.iter().zip(counts) {
        last = usize::try_from(count).unwrap_or(usize::MAX);
        if let Some(expected) = one.expected {
            crate::tx::ensure_affected(last, expected)?;
        }
    }
    Ok(last)
}
