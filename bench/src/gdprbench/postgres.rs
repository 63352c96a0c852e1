//! `PostgreSQL`: an index on every field; once plain, once with pgcrypto for the data and an audit row in the same transaction
//! as every operation.

use anyhow::Context as _;
use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client as Server, NoTls, Statement};

use super::oracle::meta_text;
use super::sqlite::{assignment, condition, insert_sql, meta_columns, now, tables};
use super::trace::{Field, Op, Size, Which, data};
use super::{Answer, Client, PAGE, Replayer};

const AUDIT: &str = "CREATE TABLE audit (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(), actor TEXT NOT NULL, operation TEXT NOT NULL, about TEXT NOT NULL)";

/// The replayer: a database of its own on the server at `SENIM_TEST_POSTGRES`.
pub(super) struct Postgres {
    url: String,
    size: Size,
    audited: bool,
}

fn runtime() -> anyhow::Result<Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

fn connect(runtime: &Runtime, url: &str) -> anyhow::Result<Server> {
    let (server, connection) = runtime.block_on(tokio_postgres::connect(url, NoTls))?;
    runtime.spawn(async move {
        // Its end is the end of the client.
        let _ = connection.await;
    });
    Ok(server)
}

impl Postgres {
    pub fn new(size: Size, audited: bool) -> anyhow::Result<Self> {
        let server = std::env::var("SENIM_TEST_POSTGRES").context("run under scripts/with-postgres.sh")?;
        let runtime = runtime()?;
        let name = if audited { "audited" } else { "indexed" };
        let admin = connect(&runtime, &server)?;
        runtime.block_on(admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")))?;
        runtime.block_on(admin.batch_execute(&format!("CREATE DATABASE {name}")))?;
        let (place, _) =
            server.rsplit_once('/').context("the address of the server has no database in it")?;
        let url = format!("{place}/{name}");
        let this = Self { url, size, audited };
        let client = connect(&runtime, &this.url)?;
        runtime.block_on(client.batch_execute(&tables(if audited { "BYTEA" } else { "TEXT" })))?;
        if audited {
            runtime.block_on(client.batch_execute(&format!("CREATE EXTENSION pgcrypto; {AUDIT}")))?;
        }
        let mut session = Session { runtime, server: client, size, audited, statements: Vec::new() };
        for first in (0..size.records).step_by(1_000) {
            session.batch("BEGIN")?;
            for n in first..size.records.min(first + 1_000) {
                session.insert(n, None)?;
            }
            session.batch("COMMIT")?;
        }
        session.batch("VACUUM ANALYZE")?;
        Ok(this)
    }
}

impl Replayer for Postgres {
    fn client(&self) -> anyhow::Result<Box<dyn Client + '_>> {
        let runtime = runtime()?;
        let server = connect(&runtime, &self.url)?;
        Ok(Box::new(Session {
            runtime,
            server,
            size: self.size,
            audited: self.audited,
            statements: Vec::new(),
        }))
    }

    fn settle(&self) -> anyhow::Result<()> {
        let runtime = runtime()?;
        let server = connect(&runtime, &self.url)?;
        runtime.block_on(server.execute("DELETE FROM records WHERE expires_at <= $1", &[&now()]))?;
        Ok(())
    }

    fn bytes(&self) -> anyhow::Result<(u64, u64)> {
        let runtime = runtime()?;
        let server = connect(&runtime, &self.url)?;
        let row = runtime.block_on(server.query_one("SELECT pg_total_relation_size('records')", &[]))?;
        let bytes = row.get::<_, i64>(0).cast_unsigned();
        Ok((bytes, bytes))
    }
}

struct Session {
    runtime: Runtime,
    server: Server,
    size: Size,
    audited: bool,
    statements: Vec<(String, Statement)>,
}

type Sent<'a> = &'a [&'a (dyn ToSql + Sync)];

impl Session {
    fn batch(&self, sql: &str) -> anyhow::Result<()> {
        Ok(self.runtime.block_on(self.server.batch_execute(sql))?)
    }

    fn prepared(&mut self, sql: &str) -> anyhow::Result<Statement> {
        if let Some((_, statement)) = self.statements.iter().find(|(known, _)| known == sql) {
            return Ok(statement.clone());
        }
        let statement = self.runtime.block_on(self.server.prepare(sql))?;
        self.statements.push((sql.to_owned(), statement.clone()));
        Ok(statement)
    }

    /// The key of the data is the audited variant's.
    fn opened(&self) -> &'static str {
        if self.audited {
            "pgp_sym_decrypt(data, 'a key of the benchmark', 'cipher-algo=aes256')"
        } else {
            "data"
        }
    }

    fn sealed(&self, mark: &str) -> String {
        if self.audited {
            format!("pgp_sym_encrypt({mark}, 'a key of the benchmark', 'cipher-algo=aes256, s2k-mode=0')")
        } else {
            mark.to_owned()
        }
    }

    fn insert(&mut self, n: u64, period: Option<u32>) -> anyhow::Result<()> {
        let value = |field: Field| match (field, period) {
            (Field::Period, Some(period)) => period.to_string(),
            _ => field.value(n),
        };
        let period: i64 = value(Field::Period).parse()?;
        let values = Field::ALL.map(value);
        let (key, person, now) = (n.cast_signed(), self.size.person(n).cast_signed(), now());
        let (expires, text) = (now + period, data(n, 0));
        let mut params: Vec<&(dyn ToSql + Sync)> = vec![&key, &person];
        params.extend(values.iter().map(|value| value as &(dyn ToSql + Sync)));
        params.extend([&expires as &(dyn ToSql + Sync), &now, &text]);
        let sql = insert_sql("$").replace("$13", &self.sealed("$13"));
        let statement = self.prepared(&sql)?;
        self.runtime.block_on(self.server.execute(&statement, &params))?;
        Ok(())
    }

    /// Runs an operation, with its audit row in the same transaction where there is one.
    fn act<R>(
        &mut self,
        operation: &str,
        about: &str,
        act: impl FnOnce(&mut Self) -> anyhow::Result<R>,
    ) -> anyhow::Result<R> {
        if !self.audited {
            return act(self);
        }
        self.batch("BEGIN")?;
        let done = act(self)?;
        let audit = self.prepared("INSERT INTO audit (actor, operation, about) VALUES ('bench', $1, $2)")?;
        self.runtime.block_on(self.server.execute(&audit, &[&operation, &about]))?;
        self.batch("COMMIT")?;
        Ok(done)
    }

    fn write(&mut self, operation: &str, about: &str, sql: &str, params: Sent<'_>) -> anyhow::Result<bool> {
        self.act(operation, about, |this| {
            let statement = this.prepared(sql)?;
            Ok(this.runtime.block_on(this.server.execute(&statement, params))? > 0)
        })
    }

    fn texts(&mut self, about: &str, sql: &str, of: &(dyn ToSql + Sync)) -> anyhow::Result<Vec<String>> {
        self.act("read", about, |this| {
            let statement = this.prepared(sql)?;
            let rows = this.runtime.block_on(this.server.query(&statement, &[of, &now()]))?;
            let text = |row: &tokio_postgres::Row| {
                if row.len() == 1 { row.get(0) } else { meta_text(|field| row.get(field as usize)) }
            };
            Ok(rows.iter().map(text).collect())
        })
    }
}

/// Whether the server ended a transaction so that another could go on: whoever asked begins again.
fn is_deadlock(fault: &anyhow::Error) -> bool {
    let code = fault.downcast_ref::<tokio_postgres::Error>().and_then(tokio_postgres::Error::code);
    code == Some(&SqlState::T_R_DEADLOCK_DETECTED)
}

impl Client for Session {
    fn apply(&mut self, op: &Op) -> anyhow::Result<Answer> {
        loop {
            match self.try_apply(op) {
                Err(fault) if is_deadlock(&fault) => self.batch("ROLLBACK")?,
                done => return done,
            }
        }
    }

    fn create_for(&mut self, n: u64, seconds: u32) -> anyhow::Result<()> {
        self.act("create", "for a while", |this| this.insert(n, Some(seconds)))
    }
}

impl Session {
    fn try_apply(&mut self, op: &Op) -> anyhow::Result<Answer> {
        let found =
            |texts: Vec<String>| if texts.is_empty() { Answer::Missing } else { Answer::texts(texts) };
        let done = |changed: bool| if changed { Answer::Done } else { Answer::Missing };
        let about = format!("{op:?}");
        let data_column = self.opened();
        let by = |which: &Which| -> Box<dyn ToSql + Sync> {
            match which {
                Which::Shared(_, value) => Box::new(value.clone()),
                Which::Of(person) => Box::new(person.cast_signed()),
            }
        };
        let key = |n: &u64| n.cast_signed();
        Ok(match op {
            Op::Create(n) => {
                self.act("create", &about, |this| this.insert(*n, None))?;
                Answer::Done
            }
            Op::Delete(which) => {
                let sql = format!("DELETE FROM records WHERE {}", condition(which, "$1"));
                self.write("delete", &about, &sql, &[&*by(which)])?;
                Answer::Done
            }
            Op::Update(which, field, value) => {
                let set = assignment(*field, "$1").replace("CAST($1", "CAST(CAST($1 AS TEXT)");
                let sql = format!("UPDATE records SET {set} WHERE {}", condition(which, "$2"));
                self.write("update", &about, &sql, &[value, &*by(which)])?;
                Answer::Done
            }
            Op::ReadDataOf(person) => {
                let sql = format!("SELECT {data_column} FROM records WHERE usr = $1 AND expires_at > $2");
                Answer::texts(self.texts(&about, &sql, &key(person))?)
            }
            Op::ReadDataBy(field, value) => {
                let sql = format!(
                    "SELECT {data_column} FROM records WHERE {} = $1 AND expires_at > $2 LIMIT {PAGE}",
                    field.name()
                );
                Answer::texts(self.texts(&about, &sql, value)?)
            }
            Op::ReadMetaOf(person) => {
                let sql =
                    format!("SELECT {} FROM records WHERE usr = $1 AND expires_at > $2", meta_columns());
                Answer::texts(self.texts(&about, &sql, &key(person))?)
            }
            Op::ReadMeta(n) => {
                let sql =
                    format!("SELECT {} FROM records WHERE key = $1 AND expires_at > $2", meta_columns());
                found(self.texts(&about, &sql, &key(n))?)
            }
            Op::ReadData(n) => {
                let sql = format!("SELECT {data_column} FROM records WHERE key = $1 AND expires_at > $2");
                found(self.texts(&about, &sql, &key(n))?)
            }
            Op::UpdateData(n, version) => {
                let sql = format!("UPDATE records SET data = {} WHERE key = $2", self.sealed("$1"));
                done(self.write("update", &about, &sql, &[&data(*n, *version), &key(n)])?)
            }
            Op::UpdateMeta(n, field, value) => {
                let set = assignment(*field, "$1").replace("CAST($1", "CAST(CAST($1 AS TEXT)");
                let sql = format!("UPDATE records SET {set} WHERE key = $2");
                done(self.write("update", &about, &sql, &[value, &key(n)])?)
            }
            Op::DeleteKey(n) => {
                done(self.write("delete", &about, "DELETE FROM records WHERE key = $1", &[&key(n)])?)
            }
            Op::ReadLog if self.audited => {
                self.act("read-log", &about, |this| {
                    let sql =
                        "SELECT id, at::text, actor, operation, about FROM audit ORDER BY id DESC LIMIT 100";
                    let statement = this.prepared(sql)?;
                    Ok(this.runtime.block_on(this.server.query(&statement, &[]))?)
                })?;
                Answer::Done
            }
            // The plain variant keeps none.
            Op::ReadLog => Answer::Done,
            Op::VerifyDeletion(n) => {
                let sql = "SELECT key::text FROM records WHERE key = $1 AND expires_at > $2";
                Answer::Gone(self.texts(&about, sql, &key(n))?.is_empty())
            }
        })
    }
}
