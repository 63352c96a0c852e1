//! P8: erasing a subject with its receipt — subjects drawn at random, and the heaviest.

use std::time::{Duration, Instant};

use app::App;
use model::{PurposeId, SubjectId};

use crate::figures::{Comparison, Outcome, Reading, Round, Side, Spread, Wanted};
use crate::plain::Plain;
use crate::stand::{Dice, People, Stand, own, staff};
use crate::{Scale, machine};

/// Looks at a person's data, on average; Zipf decides whose. Each leaves a row of history.
const LOOKS: usize = 4;
/// Subjects erased at random in a round.
const ERASED: usize = 60;
/// Heaviest subjects erased in a round.
const HEAVIEST: usize = 3;
/// Rows that a submission leaves, for the plain side.
const ROWS: usize = 18;
/// Bytes of a row on the plain side.
const ROW_BYTES: usize = 200;

const TABLES: &str =
    "CREATE TABLE data (id INTEGER PRIMARY KEY, subject INTEGER NOT NULL, body BLOB NOT NULL);
    CREATE INDEX data_by_subject ON data (subject);
    CREATE TABLE audit (id INTEGER PRIMARY KEY, subject INTEGER NOT NULL, what TEXT NOT NULL);";

/// How often each of so many subjects is looked at: rank `r` gets a share of `1/(r+1)^0.99`.
fn looks(subjects: usize) -> Vec<usize> {
    let shares: Vec<f64> = (1..=subjects).map(|rank| (rank as f64).powf(-0.99)).collect();
    let whole: f64 = shares.iter().sum();
    shares.iter().map(|share| (share / whole * (subjects * LOOKS) as f64).round() as usize).collect()
}

/// Looks at the subjects as often as they weigh, by 64 clients.
fn burden(app: &App, subjects: &[SubjectId], looks: &[usize]) -> anyhow::Result<()> {
    let mut work: Vec<SubjectId> = Vec::new();
    for (&subject, &times) in subjects.iter().zip(looks) {
        work.extend(std::iter::repeat_n(subject, times));
    }
    let ctx = staff(app)?;
    let purpose = PurposeId::new("p8-2")?;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..64)
            .map(|client| {
                let work = &work;
                scope.spawn(move || -> anyhow::Result<()> {
                    for &subject in work.iter().skip(client).step_by(64) {
                        app::access::data(app, &ctx, subject, purpose, &[])?;
                    }
                    Ok(())
                })
            })
            .collect();
        for thread in threads {
            thread.join().map_err(|_| anyhow::anyhow!("a client panicked"))??;
        }
        Ok(())
    })
}

fn load_plain(plain: &Plain, looks: &[usize]) -> anyhow::Result<()> {
    for (from, share) in looks.chunks(500).enumerate() {
        let share = share.to_vec();
        plain.write(move |connection| {
            let mut insert = connection.prepare_cached("INSERT INTO data (subject, body) VALUES (?1, ?2)")?;
            for (at, times) in share.iter().enumerate() {
                for _ in 0..ROWS + times {
                    insert.execute((number(from * 500 + at), [0x5e_u8; ROW_BYTES]))?;
                }
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// A place as the database stores it.
fn number(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

fn timed(mut act: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    act()?;
    Ok(begun.elapsed())
}

pub(crate) fn run(scale: &Scale, stand: &Stand) -> anyhow::Result<Outcome> {
    let instance = stand.instance("ours")?;
    let app = &instance.app;
    let count = scale.subjects.max((scale.rounds + 1) * (ERASED + HEAVIEST) * 2);
    let people = People::new(app)?;
    eprintln!("  {count} subjects move in");
    let subjects = people.move_in(app, count)?;
    let looks = looks(count);
    burden(app, &subjects, &looks)?;
    let plain = Plain::open(&stand.path("plain.db"), TABLES)?;
    load_plain(&plain, &looks)?;
    eprintln!("  heaviest: {} looks, median: {}", looks[0], looks[count / 2]);

    let erase = |place: usize| {
        timed(|| {
            let done = app::erasure::erase(app, &own(app, subjects[place]), subjects[place], "demand")?;
            anyhow::ensure!(done.receipt.is_some(), "an erasure without its receipt: the run is void");
            Ok(())
        })
    };
    let delete = |place: usize| {
        timed(|| {
            plain.write(move |connection| {
                connection.prepare_cached("DELETE FROM data WHERE subject = ?1")?.execute([number(place)])?;
                connection
                    .prepare_cached("INSERT INTO audit (subject, what) VALUES (?1, 'deleted')")?
                    .execute([number(place)])
                    .map(drop)
            })
        })
    };

    // The heaviest are the first; those drawn at random come from behind them.
    let mut heavy = 0..(scale.rounds + 1) * HEAVIEST;
    let mut dice = Dice(0x5eed);
    let mut rest: Vec<usize> = (heavy.end..count).collect();
    let (mut ours, mut reference, mut heaviest, mut heaviest_plain) = (vec![], vec![], vec![], vec![]);
    let mut rows_gone = Vec::new();
    for round in 0..=scale.rounds {
        let drawn: Vec<usize> = (0..ERASED).map(|_| rest.swap_remove(dice.below(rest.len()))).collect();
        let play =
            |places: &[usize], act: &dyn Fn(usize) -> anyhow::Result<Duration>| -> anyhow::Result<Round> {
                let (begun, cpu) = (Instant::now(), machine::cpu_seconds());
                let times = places.iter().map(|&place| act(place)).collect::<anyhow::Result<Vec<_>>>()?;
                Ok(Round::of(times, begun.elapsed(), machine::cpu_seconds() - cpu))
            };
        let heavy: Vec<usize> = heavy.by_ref().take(HEAVIEST).collect();
        let played =
            [play(&drawn, &erase)?, play(&drawn, &delete)?, play(&heavy, &erase)?, play(&heavy, &delete)?];
        let begun = Instant::now();
        while app::erasure::sweep(app)? > 0 {}
        if round > 0 {
            rows_gone.push(begun.elapsed().as_secs_f64());
            let [random, other, heaviest_of_round, heaviest_other] = played;
            eprintln!(
                "    senim p50 {:.0} µs, plain {:.0} µs, heaviest {:.0} µs",
                random.p50_micros, other.p50_micros, heaviest_of_round.p50_micros
            );
            ours.push(random);
            reference.push(other);
            heaviest.push(heaviest_of_round);
            heaviest_plain.push(heaviest_other);
        }
    }
    let against =
        Spread::of(heaviest.iter().zip(&ours).map(|(heavy, random)| heavy.p50_micros / random.p50_micros));
    let millis =
        |rounds: &[Round], part: fn(&Round) -> f64| Spread::over(rounds, |round| part(round) / 1_000.0);
    let readings = vec![
        Reading::new("erasure with receipt, p50", "ms", millis(&ours, |round| round.p50_micros))
            .wanted(Wanted::AtMost(2.0)),
        Reading::new("erasure with receipt, p99", "ms", millis(&ours, |round| round.p99_micros))
            .wanted(Wanted::AtMost(15.0)),
        Reading::new(
            format!("the heaviest ({} rows of history and less) against the median", looks[HEAVIEST]),
            "×",
            against,
        )
        .wanted(Wanted::AtMost(2.0)),
        Reading::new(
            format!("ciphertext rows of {} subjects gone after", ERASED + HEAVIEST),
            "s",
            Spread::of(rows_gone),
        )
        .wanted(Wanted::AtMost(60.0)),
        Reading::new("subjects", "", Spread::of([count as f64])),
    ];
    let side = |name: &str, rounds: Vec<Round>| Side { name: name.into(), rounds };
    let comparisons = vec![
        Comparison {
            what: "erase, random subject".into(),
            clients: 1,
            ours: side("senim", ours),
            reference: side("plain delete and audit row", reference),
            wanted: None,
        },
        Comparison {
            what: "erase, heaviest subjects".into(),
            clients: 1,
            ours: side("senim", heaviest),
            reference: side("plain delete and audit row", heaviest_plain),
            wanted: None,
        },
    ];
    Ok(Outcome {
        title: "Erasing a subject with its receipt".into(),
        method: "`app::erasure::erase` at one client: fence, keys gone, lookups, sessions, secrets and jobs gone, tombstone, \
                 log entry, durable, receipt with its proof. Subjects have Zipf-distributed history (theta 0.99). Beside it a \
                 plain `DELETE` by an indexed subject number with an audit row, as durable, over as many rows. Afterwards the \
                 sweep of ciphertext rows is timed."
            .into(),
        limits: "One commit and its sync. What is destroyed at once is the keyring, not the rows, so the time does not grow with \
                 the person's history; the rows follow in the sweep. `secure_delete` overwrites what is taken away."
            .into(),
        comparisons,
        readings,
        ..Outcome::default()
    })
}
