//! P7: a form submission, acknowledged durable with its receipt, against a plain insert of the same bytes.

use crate::Scale;
use crate::drive::{drive, interleave};
use crate::figures::{Comparison, Outcome, Reading, Round, Spread, Wanted};
use crate::machine;
use crate::plain::Plain;
use crate::stand::{People, Stand, stored};

/// Submissions from which the bytes of one are known.
const PILOT: usize = 256;
/// Syncs of each probe.
const SYNCS: usize = 50;

const TABLES: &str = "CREATE TABLE plain (id INTEGER PRIMARY KEY, body BLOB NOT NULL);";

/// Rows and bytes that one submission leaves in the tables, without index entries.
fn rows_and_bytes(stand: &Stand) -> anyhow::Result<(f64, f64)> {
    let instance = stand.instance("pilot")?;
    let people = People::new(&instance.app)?;
    let database = stand.path("pilot").join("senim.db");
    people.move_in(&instance.app, 1)?;
    // A look lets the file have all that was answered.
    app::outbox::count(&instance.app)?;
    let before = stored(&database)?;
    people.move_in(&instance.app, PILOT)?;
    app::outbox::count(&instance.app)?;
    let after = stored(&database)?;
    Ok(((after.0 - before.0) as f64 / PILOT as f64, (after.1 - before.1) as f64 / PILOT as f64))
}

pub(crate) fn run(scale: &Scale, stand: &Stand) -> anyhow::Result<Outcome> {
    let (rows, bytes) = rows_and_bytes(stand)?;
    eprintln!("  one submission: {rows:.1} rows, {bytes:.0} bytes");
    let instance = stand.instance("ours")?;
    let app = &instance.app;
    let people = People::new(app)?;
    let plain = Plain::open(&stand.path("plain.db"), TABLES)?;
    let body = vec![0x5e_u8; bytes as usize];

    let mut comparisons = Vec::new();
    let mut readings = vec![
        Reading::new("rows of a submission", "rows", Spread::of([rows])),
        Reading::new("bytes of a submission, without indexes", "bytes", Spread::of([bytes])),
    ];
    for (clients, wanted) in [(1, None), (8, Some(0.5))] {
        eprintln!("  {clients} clients");
        let mut syncs = Vec::new();
        let mut ours = || {
            syncs.push(machine::sync_micros(stand.folder(), SYNCS)?);
            drive(clients, scale.length, |_| Ok(()), |()| people.submit(app).map(drop))
        };
        let mut reference = || {
            drive(
                clients,
                scale.length,
                |_| Ok(()),
                |()| {
                    let body = body.clone();
                    plain.write(move |connection| {
                        connection
                            .prepare_cached("INSERT INTO plain (body) VALUES (?1)")?
                            .execute([body])
                            .map(drop)
                    })
                },
            )
        };
        let mut sides = interleave(
            scale.rounds,
            &mut [("senim", &mut ours), ("plain insert of the same bytes", &mut reference)],
        )?;
        let (Some(reference), Some(ours)) = (sides.pop(), sides.pop()) else { continue };
        let fdatasync = Spread::of(syncs.iter().map(|sync| sync.0));
        let fsync = Spread::of(syncs.iter().map(|sync| sync.1));
        let in_syncs = |of: f64| Spread::over(&ours.rounds, |round: &Round| round.p50_micros / of);
        if clients == 1 {
            readings.push(Reading::new("append of 16 KiB and `fdatasync`, in the same run", "µs", fdatasync));
            readings.push(Reading::new("append of 16 KiB and `fsync`, in the same run", "µs", fsync));
            readings.push(
                Reading::new(
                    "p50 of a submission at 1 client, in `fdatasync`s",
                    "×",
                    in_syncs(fdatasync.median),
                )
                .wanted(Wanted::AtMost(2.0)),
            );
            readings.push(Reading::new(
                "p50 of a submission at 1 client, in p50 of the plain insert",
                "×",
                in_syncs(Spread::over(&reference.rounds, |round| round.p50_micros).median),
            ));
        }
        comparisons.push(Comparison { what: "submission".into(), clients, ours, reference, wanted });
    }
    let disk = machine::bytes_below(&stand.path("ours")).saturating_sub(64 << 20) as f64;
    readings.push(Reading::new(
        "bytes on disk for each submission, with indexes and log (reserve file left out)",
        "bytes",
        Spread::of([disk / people.count().max(1) as f64]),
    ));
    Ok(Outcome {
        title: "A form submission, acknowledged durable with its receipt".into(),
        method: "`app::intake::submit` — validation, decision, own keyring, five sealed values, lookups, consent chain, \
                 two log entries, sealed receipt, letter in the outbox, all in one durable transaction, with its proof — against one insert of as many bytes into \
                 one table with one writer, the same group commit, write-ahead log and `synchronous=FULL`."
            .into(),
        limits: LIMITS.into(),
        comparisons,
        readings,
        ..Outcome::default()
    })
}

const LIMITS: &str = "At one client: the sync of the redo log (10 KB, about two fifths), twenty statements (a quarter), and what is done \
    before and after them: checks, sealing, the signature of the log, the receipt's text. At eight clients: the processor. A batch of \
    seven runs its statements one after the other (0.8 ms), is synced (0.3 ms), and then seven clients on two cores prepare the next \
    ones, while the plain side prepares nothing; the next way would be to run a batch while the one before it is synced. Tried and kept: \
    the redo log of statements, with SQLite's own commit for many batches at once; pages of 2 KiB; the caller as its own writer; syncs \
    in small pieces; mimalloc (each with its figures in `docs/adr/0014`); before that: writing over the write-ahead log instead of \
    growing it, units without savepoints, proofs and notices from memory, a key bucket for each submission in flight, one table for \
    what is written together (`docs/adr/0004`, `0008`). Tried and given back: pages of 1 KiB, tables without row numbers for consents \
    and keyrings. The commit of 64 batches at once and the copying back of the write-ahead log make the tail.";
