//! P3 and P4: what the protection costs, and what the log alone costs, against plain replayers of equal durability.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use model::{PurposeId, Witness as _, platform::random};
use server::entropy::SystemEntropy;
use store::{Store, params};

use crate::Scale;
use crate::drive::{drive, interleave};
use crate::figures::{Comparison, Outcome};
use crate::plain::Plain;
use crate::stand::{Dice, People, Stand, staff};

/// People whose data are read.
const SUBJECTS: usize = 512;
/// Bytes of the values of one of them, about.
const BODY_BYTES: usize = 260;
/// Bytes of a row that is written beside its log entry.
const ROW_BYTES: usize = 1_000;

const TABLES: &str = "CREATE TABLE person (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
    CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, person INTEGER NOT NULL,
        purpose TEXT NOT NULL, what TEXT NOT NULL);";

fn audit(connection: &rusqlite::Connection, person: i64, what: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO audit (at, actor, person, purpose, what) VALUES (?1, 'operator', ?2, 'p8-2', ?3)",
        )?
        .execute((1_795_424_400_000_000_i64, person, what))
        .map(drop)
}

/// P3: people read for a purpose (three of four) and newly taken in (one of four).
pub(crate) fn compliance(scale: &Scale, stand: &Stand) -> anyhow::Result<Outcome> {
    let instance = stand.instance("ours")?;
    let app = &instance.app;
    let people = People::new(app)?;
    let subjects = people.move_in(app, SUBJECTS)?;
    let (ctx, purpose) = (staff(app)?, PurposeId::new("p8-2")?);
    let plain = Plain::open(&stand.path("plain.db"), TABLES)?;
    plain.write(|connection| {
        let mut insert = connection.prepare_cached("INSERT INTO person (body) VALUES (?1)")?;
        (0..SUBJECTS).try_for_each(|_| insert.execute([[0x5e_u8; BODY_BYTES]]).map(drop))
    })?;
    let ours = |dice: &mut Dice| -> anyhow::Result<()> {
        if dice.below(4) == 0 {
            return people.submit(app).map(drop);
        }
        let view = app::access::data(app, &ctx, subjects[dice.below(SUBJECTS)], purpose, &[])?;
        anyhow::ensure!(view.values.len() == 5, "a wrong answer: the run is void");
        Ok(())
    };
    let bare = |dice: &mut Dice, audited: bool| -> anyhow::Result<()> {
        let person = i64::try_from(dice.below(SUBJECTS)).unwrap_or(0) + 1;
        let is_new = dice.below(4) == 0;
        plain.write(move |connection| {
            if is_new {
                connection
                    .prepare_cached("INSERT INTO person (body) VALUES (?1)")?
                    .execute([[0x5e_u8; BODY_BYTES]])?;
            } else {
                connection
                    .prepare_cached("SELECT body FROM person WHERE id = ?1")?
                    .query_row([person], |row| row.get::<_, Vec<u8>>(0))?;
            }
            if audited {
                audit(connection, person, if is_new { "collection" } else { "retrieval" })
            } else {
                Ok(())
            }
        })
    };
    let mut comparisons = Vec::new();
    for (clients, wanted) in [(1, None), (8, None), (64, Some(0.8))] {
        eprintln!("  {clients} in flight");
        let begin = |client: usize| Ok(Dice(0x5eed + client as u64));
        let mut sides = interleave(
            scale.rounds,
            &mut [
                ("senim", &mut || drive(clients, scale.length, begin, ours)),
                ("plain with an audit row", &mut || {
                    drive(clients, scale.length, begin, |dice| bare(dice, true))
                }),
                ("plain", &mut || drive(clients, scale.length, begin, |dice| bare(dice, false))),
            ],
        )?;
        let (Some(unaudited), Some(audited), Some(senim)) = (sides.pop(), sides.pop(), sides.pop()) else {
            continue;
        };
        let what = "read 3 of 4, take in 1 of 4".to_owned();
        comparisons.push(Comparison {
            what: what.clone(),
            clients,
            ours: senim.clone(),
            reference: audited,
            wanted,
        });
        comparisons.push(Comparison { what, clients, ours: senim, reference: unaudited, wanted: None });
    }
    Ok(Outcome {
        title: "What protection costs".into(),
        method: "Three of four operations open the five values of one of 512 people for a purpose (`access::data`: decision, durable log \
                 entry, keyring, five values, a line of that person's history), one takes a new person in (`intake::submit`, with its \
                 receipt). The plain side reads or inserts one plaintext row in the same engine and commits one plaintext audit row in the \
                 same durable transaction; and once more without the audit row."
            .into(),
        limits: "A person is taken in as nineteen rows (keyring, lookups, consent chain, receipt, letter, log) against two, and a read writes \
                 two rows (entry, history) against one: what P7 says of pages holds here for a quarter of the operations. A read also fetches \
                 and opens the keyring and the value sets."
            .into(),
        comparisons,
        ..Outcome::default()
    })
}

/// P4: rows of 1 KB with and without an entry in our log.
pub(crate) fn log_alone(scale: &Scale, stand: &Stand) -> anyhow::Result<Outcome> {
    let signer = Arc::new(tlog::Ed25519Signer::from_seed("senim.bench", &[9; 32])?);
    let options =
        store::Options { path: stand.path("store"), log: signer, max_bytes: None, readers: 4, server: None };
    let store = Store::open(options)?;
    store.write(|tx| {
        tx.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, body BLOB NOT NULL)", &[]).map(drop)
    })?;
    let plain = Plain::open(&stand.path("plain.db"), TABLES)?;
    let begun = server::clock::SystemClock::new();
    let written = AtomicU64::new(0);
    let ours = || -> anyhow::Result<()> {
        let line = super::log::line(model::Clock::now(&begun))?;
        let _: [u8; 8] = random(&SystemEntropy);
        let id = line.entry.id;
        let body = [0x5e_u8; ROW_BYTES];
        let index = store.write(move |tx| {
            tx.execute_one("INSERT INTO person (body) VALUES (?1)", params![&body[..]])?;
            tx.append(line.clone())?;
            Ok(tx.last_index())
        })?;
        anyhow::ensure!(store.inclusion(id, index)?.is_some(), "an entry without its proof: the run is void");
        written.fetch_add(1, Ordering::Relaxed);
        Ok(())
    };
    let bare = || {
        plain.write(|connection| {
            connection
                .prepare_cached("INSERT INTO person (body) VALUES (?1)")?
                .execute([[0x5e_u8; ROW_BYTES]])
                .map(drop)
        })
    };
    let mut comparisons = Vec::new();
    for (clients, wanted) in [(8, None), (64, Some(0.85))] {
        eprintln!("  {clients} in flight");
        let mut sides = interleave(
            scale.rounds,
            &mut [
                ("row and log entry with proof", &mut || {
                    drive(clients, scale.length, |_| Ok(()), |()| ours())
                }),
                ("row", &mut || drive(clients, scale.length, |_| Ok(()), |()| bare())),
            ],
        )?;
        let (Some(reference), Some(ours)) = (sides.pop(), sides.pop()) else { continue };
        comparisons.push(Comparison {
            what: "1 KB row, with an entry of the log".into(),
            clients,
            ours,
            reference,
            wanted,
        });
    }
    Ok(Outcome {
        title: "What the log alone costs".into(),
        method: "A row of 1,000 bytes in the product's store together with one log entry, durable and proven before the answer, against the same \
                 row in the plain replayer."
            .into(),
        limits: "An entry is a second row of about 400 bytes with its index, one hash, its share of a signature, and the proof that is made for \
                 each answer; the plain side writes one row and answers."
            .into(),
        comparisons,
        ..Outcome::default()
    })
}
