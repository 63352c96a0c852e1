//! `GDPRbench`: one trace, carried out by the product (in process and over HTTP) and by four others that keep personal data.
//!
//! Invariant: before anything is measured every replayer carries out a small trace, one operation after the other, and each
//! answer is compared with an oracle's.

mod embedded;
mod http;
mod oracle;
mod people;
mod postgres;
mod redis;
mod sqlite;
pub(crate) mod trace;

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use self::oracle::Oracle;
use self::trace::{Field, Op, Role, Size, trace};
use crate::figures::Round;
use crate::machine;
use crate::stand::Stand;

/// Most records of one answer to an operation that selects over all people.
pub(crate) const PAGE: usize = 100;

/// What an operation answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Done,
    Missing,
    /// Data or metadata, sorted.
    Texts(Vec<String>),
    /// Whether it is deleted.
    Gone(bool),
}

impl Answer {
    fn texts(texts: impl IntoIterator<Item = String>) -> Self {
        let mut texts: Vec<String> = texts.into_iter().collect();
        texts.sort_unstable();
        Self::Texts(texts)
    }
}

/// One who keeps the benchmark's records.
trait Replayer: Sync {
    fn client(&self) -> anyhow::Result<Box<dyn Client + '_>>;
    /// Ends what was put off: whatever is to be deleted is deleted when this returns.
    fn settle(&self) -> anyhow::Result<()>;
    /// Bytes on disk: all, and without what only says what was done.
    fn bytes(&self) -> anyhow::Result<(u64, u64)>;
}

/// One connection to it.
trait Client {
    fn apply(&mut self, op: &Op) -> anyhow::Result<Answer>;
    /// Creates a record that is kept for so many seconds.
    fn create_for(&mut self, n: u64, seconds: u32) -> anyhow::Result<()>;
}

/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Embedded,
    Http,
    Postgres,
    Audited,
    Redis,
    Sqlite,
}

impl Engine {
    pub const ALL: [Self; 6] =
        [Self::Embedded, Self::Http, Self::Postgres, Self::Audited, Self::Redis, Self::Sqlite];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Embedded => "senim, in process",
            Self::Http => "senim, HTTP",
            Self::Postgres => "PostgreSQL, indexed",
            Self::Audited => "PostgreSQL, pgcrypto and audit",
            Self::Redis => "Redis",
            Self::Sqlite => "plain SQLite",
        }
    }

    /// A fresh one with the records loaded.
    fn load(self, stand: &Stand, size: Size) -> anyhow::Result<Box<dyn Replayer>> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("gdprbench-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = stand.path(&name);
        Ok(match self {
            Self::Embedded => Box::new(embedded::Embedded::new(stand, &name, size)?),
            Self::Http => Box::new(http::Http::new(stand, &name, size)?),
            Self::Postgres => Box::new(postgres::Postgres::new(size, false)?),
            Self::Audited => Box::new(postgres::Postgres::new(size, true)?),
            Self::Redis => Box::new(redis::Redis::new(&folder, size)?),
            Self::Sqlite => Box::new(sqlite::Sqlite::new(&folder, size)?),
        })
    }
}

/// Carries out a small trace of every role and compares each answer.
pub(crate) fn check(engine: Engine, stand: &Stand) -> anyhow::Result<()> {
    let size = Size { records: 400, persons: 40, operations: 250 };
    let replayer = engine.load(stand, size)?;
    let mut client = replayer.client()?;
    let mut oracle = Oracle::new(size);
    for role in Role::ALL {
        for (at, op) in trace(&size, role).iter().enumerate() {
            let (right, given) = (oracle.apply(op), client.apply(op)?);
            anyhow::ensure!(
                Oracle::agrees(&right, &given, op),
                "{}: {} {at} {op:?}: a wrong answer, the run is void: {given:?} instead of {right:?}",
                engine.name(),
                role.name()
            );
        }
        replayer.settle()?;
    }
    // A short period ends.
    let n = size.records + size.operations as u64;
    client.create_for(n, 1)?;
    std::thread::sleep(Duration::from_millis(2_100));
    let read =
        [Op::ReadData(n), Op::ReadMeta(n), Op::ReadDataBy(Field::Period, "1".into()), Op::VerifyDeletion(n)];
    let gone = [Answer::Missing, Answer::Missing, Answer::Texts(Vec::new()), Answer::Gone(true)];
    for (op, right) in read.iter().zip(&gone) {
        let given = client.apply(op)?;
        anyhow::ensure!(
            *right == given,
            "{}: {op:?}: kept too long, the run is void: {given:?}",
            engine.name()
        );
    }
    Ok(())
}

/// What one engine did in one round.
pub(crate) struct Played {
    /// One for each role, in their order.
    pub roles: Vec<Round>,
    /// Bytes on disk after loading, for each byte of data and metadata; and without the log of operations.
    pub space: (f64, f64),
    pub load_seconds: f64,
}

/// Loads an engine and lets the roles act, one after the other, each with so many clients.
pub(crate) fn play(engine: Engine, stand: &Stand, size: Size, clients: usize) -> anyhow::Result<Played> {
    let begun = Instant::now();
    let replayer = engine.load(stand, size)?;
    let load_seconds = begun.elapsed().as_secs_f64();
    let text = |n: u64| trace::DATA_LEN + oracle::meta_text(|field| field.value(n)).len();
    let personal: usize = (0..size.records).map(text).sum();
    let (whole, kept) = replayer.bytes()?;
    let space = (whole as f64 / personal as f64, kept as f64 / personal as f64);
    let roles = Role::ALL
        .iter()
        .map(|role| {
            let round = act(&*replayer, &trace(&size, *role), clients)?;
            eprintln!(
                "    {}, {}: {:.2} s, p50 {:.0} µs, p99 {:.0} µs",
                engine.name(),
                role.name(),
                round.seconds,
                round.p50_micros,
                round.p99_micros
            );
            Ok(round)
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Played { roles, space, load_seconds })
}

/// Carries out the operations with so many clients, each taking the next when it is free; what was put off counts too.
fn act(replayer: &dyn Replayer, operations: &[Op], clients: usize) -> anyhow::Result<Round> {
    let (next, barrier) = (AtomicUsize::new(0), Barrier::new(clients + 1));
    let (next, wait) = (&next, &barrier);
    let (begun, cpu, times) = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|_| {
                scope.spawn(move || -> anyhow::Result<Vec<Duration>> {
                    // Whatever happens, the others must not wait for this one.
                    let client = replayer.client();
                    wait.wait();
                    let (mut client, mut times) = (client?, Vec::new());
                    while let Some(op) = operations.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let begun = Instant::now();
                        client.apply(op)?;
                        times.push(begun.elapsed());
                    }
                    Ok(times)
                })
            })
            .collect();
        wait.wait();
        let (begun, cpu) = (Instant::now(), machine::cpu_seconds());
        let mut times = Vec::with_capacity(operations.len());
        for thread in threads {
            times.extend(thread.join().map_err(|_| anyhow::anyhow!("a client panicked: the run is void"))??);
        }
        anyhow::Ok((begun, cpu, times))
    })?;
    replayer.settle()?;
    Ok(Round::of(times, begun.elapsed(), machine::cpu_seconds() - cpu))
}
