//! P11: a log entry appended, durable and proven before the answer.

use std::sync::Arc;

use app::access::DecisionQuery;
use model::{
    Actor, CategoryCode, Entry, EntryId, EntryKind, LogLine, Operation, Principal, PurposeId, RoleId,
    Witness as _, platform::random,
};
use server::entropy::SystemEntropy;
use store::Store;

use crate::Scale;
use crate::drive::{drive, interleave};
use crate::figures::{Comparison, Outcome, Reading, Round, Spread, Wanted};
use crate::plain::Plain;
use crate::stand::{People, Stand, staff};

/// Bytes of an entry's canonical text, about; what the plain row carries with its salt and hash.
const ROW_BYTES: usize = 400;

const TABLES: &str = "CREATE TABLE audit (id INTEGER PRIMARY KEY, body BLOB NOT NULL);";

pub(super) fn line(at: model::Instant) -> anyhow::Result<LogLine> {
    let entry = Entry {
        id: EntryId::new(at, &SystemEntropy),
        at,
        kind: EntryKind::Retrieval,
        purpose: Some(PurposeId::new("p8-2")?),
        categories: vec![CategoryCode::new("phone")?],
        actor: Actor { principal: Principal::System, role: RoleId::new("system")? },
        clause: model::ClauseId::new("C10.1")?,
        recipient: None,
        subjects: 1,
        payload: None,
        note: None,
    };
    Ok(LogLine { entry, salt: random(&SystemEntropy), history: Vec::new() })
}

pub(crate) fn run(scale: &Scale, stand: &Stand) -> anyhow::Result<Outcome> {
    let signer = Arc::new(tlog::Ed25519Signer::from_seed("senim.bench", &[9; 32])?);
    let options =
        store::Options { path: stand.path("store"), log: signer, max_bytes: None, readers: 4, server: None };
    let store = Store::open(options)?;
    let instance = stand.instance("ours")?;
    let app = &instance.app;
    let subject = People::new(app)?.submit(app)?.subject_id;
    let ctx = staff(app)?;
    let plain = Plain::open(&stand.path("plain.db"), TABLES)?;

    let append = || -> anyhow::Result<()> {
        let line = line(app.now())?;
        let id = line.entry.id;
        let index = store.write(move |tx| {
            tx.append(line.clone())?;
            Ok(tx.last_index())
        })?;
        let proof = store.inclusion(id, index)?;
        anyhow::ensure!(proof.is_some(), "an entry without its proof: the run is void");
        Ok(())
    };
    let decision = || -> anyhow::Result<()> {
        let query = DecisionQuery {
            subject,
            purpose: PurposeId::new("p8-2")?,
            categories: vec![CategoryCode::new("phone")?],
            operation: Operation::Retrieval,
            recipient: None,
        };
        let (_, entry) = app::access::decide(app, &ctx, vec![query])?;
        app::log::proof(app, entry)?;
        Ok(())
    };
    let row = || {
        let body = vec![0x5e_u8; ROW_BYTES];
        plain.write(move |connection| {
            connection.prepare_cached("INSERT INTO audit (body) VALUES (?1)")?.execute([body]).map(drop)
        })
    };
    let mut comparisons = Vec::new();
    let mut readings = Vec::new();
    for clients in [256, 512] {
        eprintln!("  {clients} in flight");
        let play = |act: &(dyn Fn() -> anyhow::Result<()> + Sync)| {
            drive(clients, scale.length, |_| Ok(()), |()| act())
        };
        let mut sides = interleave(
            scale.rounds,
            &mut [
                ("append and proof", &mut || play(&append)),
                ("decision and proof file", &mut || play(&decision)),
                ("plain audit row, no proof", &mut || play(&row)),
            ],
        )?;
        let (Some(reference), Some(decision), Some(append)) = (sides.pop(), sides.pop(), sides.pop()) else {
            continue;
        };
        let p99 = Spread::over(&append.rounds, |round| round.p99_micros / 1_000.0);
        readings.push(
            Reading::new(
                format!("entries appended and proven, {clients} in flight"),
                "/s",
                Spread::over(&append.rounds, Round::rate),
            )
            .wanted(Wanted::AtLeast(30_000.0)),
        );
        readings.push(
            Reading::new(format!("p99 until the proof is there, {clients} in flight"), "ms", p99)
                .wanted(Wanted::AtMost(50.0)),
        );
        comparisons.push(Comparison {
            what: "append with proof".into(),
            clients,
            ours: append,
            reference: reference.clone(),
            wanted: None,
        });
        comparisons.push(Comparison {
            what: "logged decision with proof file".into(),
            clients,
            ours: decision,
            reference,
            wanted: None,
        });
    }
    Ok(Outcome {
        title: "The log: appended, durable, proven before the answer".into(),
        method: "One thread for each client in flight. `Store::write` with one entry, then its inclusion proof under a signed \
                 checkpoint; and the same through the use cases (`access::decide`, `log::proof`). Beside it one plain audit row of \
                 as many bytes, as durable, without proof."
            .into(),
        limits: "Thread switches: every client is a thread that sleeps twice for each entry, on two cores. An entry is one row, one \
                 hash and a share of one signature, its proof comes from memory (10,000/s before it did). The logged decision and its \
                 proof file read the person's keys, the facts and the entry from SQLite."
            .into(),
        comparisons,
        readings,
        ..Outcome::default()
    })
}
