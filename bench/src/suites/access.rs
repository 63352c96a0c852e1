//! P9: the access package.

use model::SubjectId;

use crate::Scale;
use crate::drive::drive;
use crate::figures::{Outcome, Reading, Round, Spread, Wanted};
use crate::stand::{People, Stand, own, staff};

/// People whose packages are made.
const SUBJECTS: usize = 256;
/// Lines of history of the one who was looked at often.
const LINES: usize = 1_000;

pub(crate) fn run(scale: &Scale, stand: &Stand) -> anyhow::Result<Outcome> {
    let instance = stand.instance("ours")?;
    let app = &instance.app;
    let people = People::new(app)?;
    let make = |subject: SubjectId| -> anyhow::Result<usize> {
        let package = app::access::package(app, &own(app, subject), subject)?;
        anyhow::ensure!(package.expose().contains("Айгүл"), "a package without a value: the run is void");
        Ok(package.expose().len())
    };
    let mut readings = Vec::new();
    for (clients, wanted) in [(1, None), (64, Some(8_000.0))] {
        let (mut rounds, mut bytes) = (Vec::new(), 0);
        for round in 0..=scale.rounds {
            // Each making is a line of the history: fresh people, so that it stays short.
            let subjects = people.move_in(app, SUBJECTS)?;
            let next = std::sync::atomic::AtomicUsize::new(0);
            let played = drive(
                clients,
                scale.length / 2,
                |_| Ok(()),
                |()| {
                    let place = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % SUBJECTS;
                    make(subjects[place]).map(drop)
                },
            )?;
            bytes = make(subjects[0])?;
            if round > 0 {
                eprintln!("    {clients}: {:.0}/s, p50 {:.0} µs", played.rate(), played.p50_micros);
                rounds.push(played);
            }
        }
        let rate =
            Reading::new(format!("packages, {clients} in flight"), "/s", Spread::over(&rounds, Round::rate));
        readings.push(wanted.map_or(rate.clone(), |wanted| rate.wanted(Wanted::AtLeast(wanted))));
        let p50 = Spread::over(&rounds, |round| round.p50_micros / 1_000.0);
        let p50 = Reading::new(format!("a package, p50, {clients} in flight"), "ms", p50);
        readings.push(if clients == 1 { p50.wanted(Wanted::AtMost(1.0)) } else { p50 });
        readings.push(Reading::new(
            format!("bytes of a package, {clients} in flight"),
            "bytes",
            Spread::of([bytes as f64]),
        ));
    }
    let known = people.submit(app)?.subject_id;
    let ctx = staff(app)?;
    for _ in 0..LINES {
        app::access::data(app, &ctx, known, model::PurposeId::new("p8-2")?, &[])?;
    }
    let mut times = Vec::new();
    for _ in 0..9 {
        let begun = std::time::Instant::now();
        make(known)?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    readings.push(
        Reading::new(format!("a package with {LINES} lines of history"), "ms", Spread::of(times))
            .wanted(Wanted::AtMost(50.0)),
    );
    Ok(Outcome {
        title: "The access package".into(),
        method: "`app::access::package` of people who filled in one form: five values, consents, history with commitments, purposes, \
                 receipts, as JSON that `senim verify` checks; its making is logged durably in itself. A policy has at most 64 categories and a \
                 form as many fields, so a person of 120 fields, as the target has it, cannot come in by one form yet."
            .into(),
        limits: "Three durable acts for each package (consents, history, values are each witnessed), each waits for its own commit."
            .into(),
        readings,
        ..Outcome::default()
    })
}
