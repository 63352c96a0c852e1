//! One store over two families: an embedded database in one folder, or a server that several nodes share.
//!
//! Invariant: an answer of [`Store::write`] leaves after the durable commit (DESIGN §1, invariants 5 and 6).

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::EntryId;
use tlog::{Signer, VerifierKey};

use crate::fault::Fault;
use crate::files::Folder;
use crate::log::{self, Inclusion};
use crate::postgres::{Postgres, Server};
use crate::sqlite::Sqlite;
use crate::tx::Tx;

/// How long an answer with a proof waits for the integration of its entry (DESIGN §2c).
const INTEGRATED_WITHIN: Duration = Duration::from_secs(2);
const SETTLE_PAUSE: Duration = Duration::from_millis(10);

/// How to open a store.
pub struct Options {
    /// The data folder; made if it is not there. With a server it holds only what is this node's own.
    pub path: PathBuf,
    /// Who signs the log's checkpoints; its name is the log's origin.
    pub log: Arc<dyn Signer>,
    /// Most bytes the database file may take; its last 64 MiB (a quarter when it is small) are for
    /// [`Store::write_protected`].
    pub max_bytes: Option<u64>,
    /// Reader connections of the embedded database, at least one.
    pub readers: usize,
    /// The server, unless the database is the embedded one.
    pub server: Option<Server>,
}

/// The store.
pub struct Store {
    family: Family,
    key: VerifierKey,
}

enum Family {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Store {
    /// Opens a store, or makes one: takes the folder's lock, migrates, and holds the log against its checkpoint.
    ///
    /// # Errors
    /// [`Fault::Locked`], [`Fault::Version`], [`Fault::Corrupt`], [`Fault::Full`], [`Fault::Database`], storage faults.
    pub fn open(options: Options) -> Result<Self, Fault> {
        let folder = Folder::hold(&options.path)?;
        let key = options.log.vkey().clone();
        let family = match &options.server {
            Some(server) => Family::Postgres(Postgres::open(folder, server, options.log)?),
            None => Family::Sqlite(Sqlite::open(folder, options)?),
        };
        Ok(Self { family, key })
    }

    /// Runs a unit in a transaction and answers after its durable commit. An error of the unit rolls back
    /// only the unit; it may be run again, so all it draws is drawn before.
    ///
    /// # Errors
    /// What the unit gives; [`Fault::Full`], [`Fault::Busy`], [`Fault::Stopped`], [`Fault::Lost`], storage faults.
    pub fn write<R, F>(&self, unit: F) -> Result<R, Fault>
    where
        F: FnMut(&mut Tx<'_>) -> Result<R, Fault> + Send + 'static,
        R: Send + 'static,
    {
        match &self.family {
            Family::Sqlite(sqlite) => sqlite.write(unit, false),
            Family::Postgres(postgres) => postgres.write(unit),
        }
    }

    /// As [`Store::write`] for who cannot wait: `done` is told the outcome once, on the writer's thread, which waits for
    /// it. Only the embedded database has such a thread ([`Store::is_alone`]); on a server this call blocks.
    pub fn write_then<R, F, D>(&self, unit: F, done: D)
    where
        F: FnMut(&mut Tx<'_>) -> Result<R, Fault> + Send + 'static,
        R: Send + 'static,
        D: FnOnce(Result<R, Fault>) + Send + 'static,
    {
        match &self.family {
            Family::Sqlite(sqlite) => sqlite.write_then(unit, false, done),
            Family::Postgres(postgres) => done(postgres.write(unit)),
        }
    }

    /// As [`Store::write`], also when the disk is full: for withdrawals, restrictions and erasures only.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_protected<R, F>(&self, unit: F) -> Result<R, Fault>
    where
        F: FnMut(&mut Tx<'_>) -> Result<R, Fault> + Send + 'static,
        R: Send + 'static,
    {
        match &self.family {
            Family::Sqlite(sqlite) => sqlite.write(unit, true),
            Family::Postgres(postgres) => postgres.write(unit),
        }
    }

    /// Runs a function on one snapshot of everything committed; it may be run again.
    ///
    /// # Errors
    /// What the function gives; [`Fault::Stopped`], [`Fault::Lost`], storage faults.
    pub fn read<R>(&self, f: impl FnMut(&mut Tx<'_>) -> Result<R, Fault>) -> Result<R, Fault> {
        match &self.family {
            Family::Sqlite(sqlite) => sqlite.read(f),
            Family::Postgres(postgres) => postgres.read(f),
        }
    }

    /// The proof that an entry stands under the newest checkpoint. `index` is what [`Tx::last_index`] said in the unit
    /// that appended it; where it had none yet its integration is waited for. `None` when that takes too long.
    ///
    /// # Errors
    /// [`Fault::Missing`] when the log is not that long; as [`Store::read`].
    pub fn inclusion(&self, entry: EntryId, index: Option<u64>) -> Result<Option<Inclusion>, Fault> {
        let known = match (&self.family, index) {
            _ if self.is_stopped() => return Err(Fault::Stopped),
            (Family::Sqlite(sqlite), Some(index)) => sqlite.known_inclusion(index),
            _ => None,
        };
        if known.is_some() {
            return Ok(known);
        }
        let index = match (&self.family, index) {
            (_, Some(index)) => Some(index),
            (Family::Postgres(postgres), None) => postgres.index_within(entry, INTEGRATED_WITHIN)?,
            (Family::Sqlite(sqlite), None) => sqlite.read(|tx| log::position(tx, entry))?,
        };
        index.map(|index| self.read(|tx| log::inclusion(tx, index))).transpose()
    }

    /// Waits until what was acknowledged before has its place in the log, as long as an answer would wait for its
    /// proof; gives whether it has. At once on the embedded database.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn settle(&self) -> Result<bool, Fault> {
        let until = Instant::now() + INTEGRATED_WITHIN;
        while !self.is_alone() && self.read(log::waiting)? > 0 {
            if Instant::now() >= until {
                return Ok(false);
            }
            std::thread::sleep(SETTLE_PAUSE);
        }
        Ok(true)
    }

    /// Whether a storage error ended all acknowledgement; the process must restart to recover.
    pub fn is_stopped(&self) -> bool {
        match &self.family {
            Family::Sqlite(sqlite) => sqlite.is_stopped(),
            Family::Postgres(_) => false,
        }
    }

    /// Whether no other process writes here: then what this one read or wrote may be kept in memory.
    pub const fn is_alone(&self) -> bool {
        matches!(self.family, Family::Sqlite(_))
    }

    /// The public key of the log.
    pub const fn log_key(&self) -> &VerifierKey {
        &self.key
    }

    /// The file of the embedded database, with all in it that was answered.
    pub(crate) fn database(&self) -> Result<Option<PathBuf>, Fault> {
        match &self.family {
            Family::Sqlite(sqlite) => sqlite.database().map(Some),
            Family::Postgres(_) => Ok(None),
        }
    }

    #[cfg(test)]
    pub(crate) fn inject(&self, fault: Fault) {
        if let Family::Sqlite(sqlite) = &self.family {
            sqlite.inject(fault);
        }
    }
}
