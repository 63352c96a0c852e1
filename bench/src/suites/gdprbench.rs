//! P1, P2, P14: `GDPRbench`.

use crate::Scale;
use crate::figures::{Comparison, Outcome, Reading, Side, Spread, Wanted};
use crate::gdprbench::trace::{Role, Size};
use crate::gdprbench::{Engine, Played, check, play};
use crate::stand::Stand;

const CLIENTS: usize = 8;

pub(crate) fn run(scale: &Scale, stand: &Stand) -> anyhow::Result<Outcome> {
    let size = if scale.full {
        Size { records: 100_000, persons: 10_000, operations: 10_000 }
    } else {
        Size { records: 10_000, persons: 1_000, operations: 1_000 }
    };
    for engine in Engine::ALL {
        eprintln!("  {}: every answer is compared", engine.name());
        check(engine, stand)?;
    }
    let mut played: Vec<(Engine, Vec<Played>)> = Engine::ALL.map(|engine| (engine, Vec::new())).into();
    for _ in 0..scale.rounds {
        for (engine, rounds) in &mut played {
            rounds.push(play(*engine, stand, size, CLIENTS)?);
        }
    }
    let of = |wanted: Engine| -> &[Played] {
        played.iter().find(|(engine, _)| *engine == wanted).map_or(&[], |(_, rounds)| rounds)
    };
    let side = |engine: Engine, role: usize| Side {
        name: engine.name().to_owned(),
        rounds: of(engine).iter().map(|round| round.roles[role].clone()).collect(),
    };
    let sum = |round: &Played| round.roles.iter().map(|role| role.seconds).sum::<f64>();
    let ratio = |ours: Engine, other: Engine| {
        Spread::of(of(ours).iter().zip(of(other)).map(|(ours, other)| sum(other) / sum(ours)))
    };

    let mut comparisons = Vec::new();
    for (at, role) in Role::ALL.iter().enumerate() {
        for (ours, other, wanted) in [
            (Engine::Embedded, Engine::Postgres, (*role == Role::Controller).then_some(50.0)),
            (Engine::Embedded, Engine::Audited, Some(3.0)),
            (Engine::Http, Engine::Audited, None),
            (Engine::Embedded, Engine::Redis, None),
            (Engine::Embedded, Engine::Sqlite, None),
        ] {
            comparisons.push(Comparison {
                what: format!("{}, {}", role.name(), ours.name()),
                clients: CLIENTS,
                ours: side(ours, at),
                reference: side(other, at),
                wanted,
            });
        }
    }
    let mut readings = Vec::new();
    for (engine, rounds) in &played {
        let seconds = Spread::of(rounds.iter().map(sum));
        readings.push(Reading::new(format!("completion of all four roles, {}", engine.name()), "s", seconds));
    }
    let times = |what: &str, ours, other| Reading::new(what, "×", ratio(ours, other));
    readings.push(
        times("in process: times faster than PostgreSQL, indexed", Engine::Embedded, Engine::Postgres)
            .wanted(Wanted::AtLeast(20.0)),
    );
    readings.push(
        times("over HTTP: times faster than PostgreSQL, indexed", Engine::Http, Engine::Postgres)
            .wanted(Wanted::AtLeast(5.0)),
    );
    readings.push(times(
        "in process: times faster than PostgreSQL, pgcrypto and audit",
        Engine::Embedded,
        Engine::Audited,
    ));
    readings.push(times(
        "over HTTP: times faster than PostgreSQL, pgcrypto and audit",
        Engine::Http,
        Engine::Audited,
    ));
    for (engine, rounds) in &played {
        let name = engine.name();
        let what = format!("P14: bytes on disk for each byte of data and metadata, {name}");
        readings.push(Reading::new(what, "", Spread::of(rounds.iter().map(|round| round.space.0))));
        if *engine == Engine::Embedded {
            let what = format!("P14: the same without log and histories, {name}");
            let space = Spread::of(rounds.iter().map(|round| round.space.1));
            readings.push(Reading::new(what, "", space).wanted(Wanted::AtMost(2.5)));
        }
        let load = Spread::of(rounds.iter().map(|round| round.load_seconds));
        readings.push(Reading::new(format!("loading, {}", engine.name()), "s", load));
    }
    if scale.full {
        growth(stand, &mut readings)?;
    }
    Ok(Outcome {
        title: format!(
            "GDPRbench: {} records of {} people, {} operations for each role",
            size.records, size.persons, size.operations
        ),
        method: METHOD.into(),
        limits: LIMITS.into(),
        comparisons,
        readings,
        ..Outcome::default()
    })
}

/// P2: how the product's time grows from 100,000 to 500,000 records.
fn growth(stand: &Stand, readings: &mut Vec<Reading>) -> anyhow::Result<()> {
    let seconds = |records: u64| -> anyhow::Result<Vec<f64>> {
        let size = Size { records, persons: records / 10, operations: 10_000 };
        let played = play(Engine::Embedded, stand, size, CLIENTS)?;
        Ok(played.roles.iter().map(|round| round.seconds).collect())
    };
    let small = seconds(100_000)?;
    for records in [300_000, 500_000] {
        let large = seconds(records)?;
        for (at, role) in Role::ALL.iter().enumerate() {
            let grown = Spread::of([large[at] / small[at]]);
            let what = format!("P2: {}, {records} records: times the time of 100,000", role.name());
            let reading = Reading::new(what, "×", grown);
            readings.push(if records == 500_000 { reading.wanted(Wanted::AtMost(1.3)) } else { reading });
        }
    }
    Ok(())
}

const METHOD: &str = "The trace of Shastri et al. (VLDB 2020), made anew: records of 100 bytes with eight fields of metadata that \
    are shared by many, and what controller, customer, processor and regulator do. Each replayer answers a small trace first, and \
    every answer is compared with an oracle's; a short storage period must end on time. Then 8 clients carry out the trace of each \
    role, the controller last; the time includes what was put off (our sweep of destroyed records). Mapping: a person is a data \
    subject, a record a record, its metadata its terms; an update or deletion by purpose, period or recipient is a rule about a \
    group of records; one by person is a change of that person's records; a selection by purpose, objection or automated decisions \
    opens the first 100 records for purpose p8-2, on every side alike, with one entry of the log. Customers act as themselves in \
    process and through the person responsible over HTTP. PostgreSQL has an index on every field; its second variant seals the data \
    with pgcrypto and writes an audit row in the transaction of each operation, reads too; the plain variants answer the reading \
    of a system log at once, for they keep none. Redis syncs each write; SQLite has the product's own settings and group commit.";

const LIMITS: &str = "Every operation of ours, a read too, waits for the durable commit of its log entry, as those of the audited PostgreSQL \
    do: with 8 clients each waits for one and a half syncs of the disk, and no role can be several times faster than another \
    that syncs as often. The plain variants read from memory and wait for nothing. Updates and deletions by a shared value cost \
    one row for each group instead of one for each record, which shows the more records there are: at 10,000 a rewrite is still \
    cheap, and the time of the indexed PostgreSQL is that of the deadlocks between two of them. What our controller waits for \
    is the sweep that destroys the keys: tried and kept, one line of history for all rules that a person's records met \
    instead of one for each, person after person instead of group after group (0.9 s to 0.4 s for 9,000 records, development \
    build), four units side by side. A page of a selection opens 100 keyrings, 2 to 3 ms. Space: each record leaves a line in \
    the log and one in the person's history, 0.9 KB for 190 bytes; and each person here has ten records only, so a tenth of \
    the consent, receipts and keys of one weighs on each. \
    One round at 100,000 records of 10,000 people and 10,000 operations for each role, the same day: in process 25 s \
    (processor 5.1, regulator 3.6, customer 3.9, controller 12.6), over HTTP 35 s, PostgreSQL 35 s indexed and 54 s \
    audited (controller 32 and 42), Redis 60 s, plain SQLite 9 s. At 300,000 records ours take 1.26 (processor), 1.09 \
    (regulator), 1.02 (customer) and 1.79 times (controller) as long as at 100,000: the controller's growth is the sweep, \
    which has three times as many records to destroy.";
