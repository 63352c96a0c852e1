//! The stand: a folder on the real disk under `target/`, the product as its own program wires it, and people.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use app::App;
use app::intake::{ConsentInput, Submission, Submitted};
use model::{
    Actor, FormId, Locale, OperatorId, Principal, Private, ProcessingContext, PurposeId, RoleId, SubjectId,
};
use rusqlite::Connection;
use server::config::{BackupSection, Config};
use server::wiring::{self, Instance, Opening};

/// Where a suite works; gone with it.
pub(crate) struct Stand {
    folder: PathBuf,
}

impl Stand {
    /// An empty folder under `target/`: never a file system in memory, where a sync costs nothing.
    pub fn new(suite: &str) -> anyhow::Result<Self> {
        let target = std::env::current_exe()?;
        let target = target.ancestors().nth(2).unwrap_or(Path::new("target"));
        let folder = target.join("bench").join(format!("{}-{suite}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A fresh instance, opened by the same wiring as `senim serve`: system clock, system randomness, keys in
    /// files, four readers. Its background thread does not run.
    pub fn instance(&self, name: &str) -> anyhow::Result<Instance> {
        self.open(name, None)
    }

    /// The same with the time from a file.
    pub fn rehearsal(&self, name: &str, clock: &Path) -> anyhow::Result<Instance> {
        self.open(name, Some(clock.to_owned()))
    }

    fn open(&self, name: &str, rehearsal_clock: Option<PathBuf>) -> anyhow::Result<Instance> {
        let data = self.path(name);
        let backups = BackupSection { dir: Some(self.path("backups")), ..BackupSection::default() };
        let config = Config { data, backup: backups, ..Config::default() };
        wiring::open(&config, &Opening { create: true, rehearsal_clock, command: false })
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Fills in the consultation form, each time as somebody else.
pub(crate) struct People {
    next: AtomicU64,
    notice: String,
    purposes: Vec<PurposeId>,
    form: FormId,
}

impl People {
    /// People who agree to the notice in force.
    pub fn new(app: &App) -> anyhow::Result<Self> {
        let notice = app::notice::head_in_force(app, Locale::Ru, app.now())?.version;
        let purposes = ["p8-2", "p8-4"].into_iter().map(PurposeId::new).collect::<Result<_, _>>()?;
        Ok(Self { next: AtomicU64::new(1), notice, purposes, form: FormId::new("consultation")? })
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.next.load(Ordering::Relaxed) - 1
    }

    /// The next person's form: 130 bytes of values in five fields, two purposes ticked.
    pub fn form(&self) -> Submission {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let value = |name: &str, text: String| (name.to_owned(), Private::new(text));
        Submission {
            form: self.form,
            values: vec![
                value("surname", "Серикова".into()),
                value("given_name", "Айгүл".into()),
                value(
                    "phone",
                    format!(
                        "+7 701 {:03} {:02} {:02}",
                        number / 10_000 % 1_000,
                        number / 100 % 100,
                        number % 100
                    ),
                ),
                value("email", format!("person{number}@example.kz")),
                value("message", "Please call me back about the conditions of the contract.".into()),
            ],
            consent: ConsentInput {
                notice_version: self.notice.clone(),
                purposes: self.purposes.clone(),
                adult: true,
                shown_sha256: None,
                button: "Запросить консультацию".into(),
                channel: "web-form",
            },
            representative: false,
            source: Some("/ru/f/consultation".into()),
            idempotency: None,
        }
    }

    /// Sends the next form in; the answer must carry the receipt.
    pub fn submit(&self, app: &App) -> anyhow::Result<Submitted> {
        let done = app::intake::submit(app, &app.visitor(Locale::Ru), &self.form())?;
        anyhow::ensure!(done.receipt.is_some(), "a submission without its receipt: the run is void");
        Ok(done)
    }

    /// So many people, sent in by 64 clients.
    pub fn move_in(&self, app: &App, count: usize) -> anyhow::Result<Vec<SubjectId>> {
        let shares: Vec<usize> =
            (0..64).map(|client| count / 64 + usize::from(client < count % 64)).collect();
        std::thread::scope(|scope| {
            let threads: Vec<_> = shares
                .into_iter()
                .map(|share| {
                    scope.spawn(move || {
                        (0..share)
                            .map(|_| Ok(self.submit(app)?.subject_id))
                            .collect::<anyhow::Result<Vec<_>>>()
                    })
                })
                .collect();
            let mut subjects = Vec::with_capacity(count);
            for thread in threads {
                subjects.extend(thread.join().map_err(|_| anyhow::anyhow!("a client panicked"))??);
            }
            Ok(subjects)
        })
    }
}

/// Staff who carry enquiries out.
pub(crate) fn staff(app: &App) -> anyhow::Result<ProcessingContext> {
    let principal = Principal::Operator(OperatorId::from_bytes([7; 16]));
    Ok(ProcessingContext {
        actor: Actor { principal, role: RoleId::new("service")? },
        at: app.now(),
        locale: Locale::Ru,
    })
}

/// The person himself.
pub(crate) fn own(app: &App, subject: SubjectId) -> ProcessingContext {
    ProcessingContext {
        actor: Actor { principal: Principal::DataSubject(subject), role: app::code::DATA_SUBJECT },
        at: app.now(),
        locale: Locale::Ru,
    }
}

/// Rows and bytes of their columns in a database, index entries left out: what a plain insert would carry.
pub(crate) fn stored(database: &Path) -> anyhow::Result<(u64, u64)> {
    let connection = Connection::open(database)?;
    let names = |sql: &str, of: &[&str]| -> rusqlite::Result<Vec<String>> {
        connection.prepare(sql)?.query_map(rusqlite::params_from_iter(of), |row| row.get(0))?.collect()
    };
    let (mut rows, mut bytes) = (0, 0);
    for table in
        names("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'", &[])?
    {
        let columns = names("SELECT name FROM pragma_table_info(?1)", &[&table])?;
        let lengths: Vec<String> =
            columns.iter().map(|name| format!("coalesce(length(CAST(\"{name}\" AS BLOB)), 0)")).collect();
        let sql = format!("SELECT count(*), coalesce(sum({}), 0) FROM \"{table}\"", lengths.join(" + "));
        let (here, length): (i64, i64) =
            connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows += here as u64;
        bytes += length as u64;
    }
    Ok((rows, bytes))
}

/// Bytes of a database without air in it: all of it, and what is left without the log and the histories.
pub(crate) fn compact(database: &Path) -> anyhow::Result<(u64, u64)> {
    let copy = database.with_extension("compact");
    let name = copy.to_str().ok_or_else(|| anyhow::anyhow!("a path that is no text"))?;
    Connection::open(database)?.execute("VACUUM INTO ?1", [name])?;
    let whole = fs::metadata(&copy)?.len();
    let connection = Connection::open(&copy)?;
    let tables = "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('log_entries', 'dossier')";
    if connection.query_row(tables, [], |row| row.get::<_, i64>(0))? == 2 {
        connection.execute_batch(
            "DELETE FROM log_entries; DELETE FROM log_tiles; DELETE FROM dossier WHERE kind = 5; VACUUM;",
        )?;
    }
    drop(connection);
    let kept = fs::metadata(&copy)?.len();
    fs::remove_file(&copy)?;
    Ok((whole, kept))
}

/// A repeatable stream of numbers (xorshift), for who is drawn next.
pub(crate) struct Dice(pub u64);

impl Dice {
    /// The next number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }
}
