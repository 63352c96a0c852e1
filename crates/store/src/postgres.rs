//! The PostgreSQL family: the same statements on a server that several nodes share.
//!
//! Invariant: one unit is one transaction on the primary, answered after its commit. What a unit reads to change it
//! locks; what two units insert meets at a unique key; both are run again, a bounded number of times. A commit whose
//! answer was lost is asked for by the log entry that it wrote, never guessed.

mod codec;
mod fault;
mod integrator;
mod pool;
mod schema;
mod session;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

use model::EntryId;
use tlog::Signer;
use tokio::runtime::Runtime;

pub(crate) use session::Session;

use crate::fault::Fault;
use crate::files::Folder;
use crate::tx::Tx;
use integrator::{Integrator, Shared};

pub use pool::Server;

/// How often a unit is run again when others were in its way, or the connection was lost before its commit.
const RUNS_MAX: u32 = 10;
const CONFLICT_RUNS_MAX: u32 = 4;
/// How long the outcome of a commit is asked for.
const OUTCOME_ASKED: u32 = 300;
const OUTCOME_PAUSE: Duration = Duration::from_millis(100);

const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A database server as one node sees it.
pub(crate) struct Postgres {
    runtime: Runtime,
    pool: deadpool_postgres::Pool,
    shared: Arc<Shared>,
    integrator: Option<JoinHandle<()>>,
    /// This node's own folder, held alone.
    _folder: Folder,
}

impl Postgres {
    /// Connects, migrates, and holds the log against its checkpoint.
    pub(crate) fn open(folder: Folder, server: &Server, signer: Arc<dyn Signer>) -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("store-net")
            .enable_all()
            .build()?;
        let pool = pool::open(server)?;
        let shared = Arc::new(Shared::default());
        let mut session = session(&runtime, &pool, true).map_err(pool::explain)?;
        schema::apply(&mut session, &server.schema())?;
        drop(session);
        let integrator =
            Integrator::open(runtime.handle().clone(), pool.clone(), Arc::clone(&shared), signer)?;
        let integrator =
            std::thread::Builder::new().name("store-log".into()).spawn(move || integrator.run())?;
        Ok(Self { runtime, pool, shared, integrator: Some(integrator), _folder: folder })
    }

    /// Runs a unit in a transaction of its own and answers after its durable commit.
    pub(crate) fn write<R>(&self, mut unit: impl FnMut(&mut Tx<'_>) -> Result<R, Fault>) -> Result<R, Fault> {
        let mut runs = 0;
        loop {
            runs += 1;
            let fault = match self.run(&mut unit) {
                Ok(answer) => {
                    self.shared.wake();
                    return Ok(answer);
                }
                Err(fault) => fault,
            };
            let runs_max = match fault {
                Fault::Busy | Fault::Lost => RUNS_MAX,
                // Another may have put the same key just now; a key that stands for good stays in the way.
                Fault::Conflict => CONFLICT_RUNS_MAX,
                _ => 1,
            };
            if runs >= runs_max {
                return Err(fault);
            }
            // Longer with each run, and not the same for two that met: the thread's number is as good as a die.
            let spread = u64::from(runs) * (1 + u64::from(std::process::id() % 7));
            std::thread::sleep(Duration::from_millis(spread));
        }
    }

    fn run<R>(&self, unit: &mut impl FnMut(&mut Tx<'_>) -> Result<R, Fault>) -> Result<R, Fault> {
        let mut session = session(&self.runtime, &self.pool, true)?;
        session.begin(WRITE);
        let (answer, entry) = {
            let mut tx = Tx::postgres(&mut session, true);
            let answer = catch_unwind(AssertUnwindSafe(|| unit(&mut tx))).unwrap_or(Err(Fault::Panicked));
            (answer, tx.pending_entry())
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(fault) => {
                // If even this fails the connection is thrown away, and the server undoes it.
                let _ = session.roll_back();
                return Err(fault);
            }
        };
        // Everything but the commit itself is done and checked before the commit is sent: so a statement that changed
        // another number of rows than it must is undone, and the log entry is there, or its key is held, when the outcome
        // must be asked for.
        if let Err(fault) = session.flush() {
            let _ = session.roll_back();
            return Err(fault);
        }
        match session.commit() {
            Ok(()) => Ok(answer),
            Err(Fault::Lost) => {
                drop(session);
                let entry = entry.ok_or(Fault::Unknown)?;
                if self.was_committed(entry)? { Ok(answer) } else { Err(Fault::Lost) }
            }
            Err(fault) => Err(fault),
        }
    }

    /// What became of a unit whose commit was not answered: whether its log entry stands, or never will.
    ///
    /// Its transaction number would not tell: one that left nothing in the write-ahead log before a crash is given
    /// again to another transaction, whose outcome it then is.
    fn was_committed(&self, entry: EntryId) -> Result<bool, Fault> {
        for _ in 0..OUTCOME_ASKED {
            match self.stands(entry) {
                Err(Fault::Lost | Fault::Busy) => std::thread::sleep(OUTCOME_PAUSE),
                outcome => return outcome,
            }
        }
        Err(Fault::Unknown)
    }

    /// Whether a log entry stands. Putting it in a second time waits for whoever is still at it.
    fn stands(&self, entry: EntryId) -> Result<bool, Fault> {
        let mut session = session(&self.runtime, &self.pool, true)?;
        session.begin(WRITE);
        let stands = {
            let mut tx = Tx::postgres(&mut session, true);
            let nothing: &[u8] = &[];
            let put = tx.execute(
                "INSERT INTO log_pending (entry_id, commitment) VALUES (?1, ?2) ON CONFLICT (entry_id) DO NOTHING",
                crate::params![&entry, nothing],
            )?;
            put == 0 || crate::log::position(&mut tx, entry)?.is_some()
        };
        session.roll_back()?;
        Ok(stands)
    }

    /// Runs a function on one snapshot of the primary.
    pub(crate) fn read<R>(&self, mut f: impl FnMut(&mut Tx<'_>) -> Result<R, Fault>) -> Result<R, Fault> {
        let mut runs = 0;
        loop {
            runs += 1;
            let answer = session(&self.runtime, &self.pool, false).and_then(|mut session| {
                session.begin(READ);
                let answer = f(&mut Tx::postgres(&mut session, false));
                // If even this fails the connection is thrown away, and the server undoes it.
                let _ = session.roll_back();
                answer
            });
            match answer {
                Err(Fault::Lost) if runs < RUNS_MAX => {
                    std::thread::sleep(Duration::from_millis(20 * u64::from(runs)));
                }
                answer => return answer,
            }
        }
    }

    /// The index of an entry once it is integrated, waited for at most so long.
    pub(crate) fn index_within(&self, entry: EntryId, at_most: Duration) -> Result<Option<u64>, Fault> {
        self.shared.index_within(entry, at_most, || self.read(|tx| crate::log::position(tx, entry)))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.shared.is_closed.store(true, Ordering::SeqCst);
        self.shared.wake();
        if let Some(integrator) = self.integrator.take() {
            let _ = integrator.join();
        }
        self.pool.close();
    }
}

/// Migrates an empty server and fills it in one transaction, before any node uses it.
pub(crate) fn fill(server: &Server, f: impl FnOnce(&mut Tx<'_>) -> Result<(), Fault>) -> Result<(), Fault> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let pool = pool::open(server)?;
    let mut session = session(&runtime, &pool, true).map_err(pool::explain)?;
    schema::apply(&mut session, &server.schema())?;
    session.begin(WRITE);
    f(&mut Tx::postgres(&mut session, true))?;
    session.commit()
}

/// A connection from the pool.
fn session(runtime: &Runtime, pool: &deadpool_postgres::Pool, locks: bool) -> Result<Session, Fault> {
    let client = session::wait(runtime.handle(), pool.get()).map_err(fault::of_pool)?;
    Ok(Session::new(runtime.handle().clone(), client, locks))
}
