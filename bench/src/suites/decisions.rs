//! P6: `POST /decisions` over HTTP through the real web crate, and batches in process.

mod reference;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::App;
use app::access::DecisionQuery;
use model::{CategoryCode, Operation, PurposeId, RoleId, SubjectId};
use tokio::runtime::Runtime;

use crate::client::Connection;
use crate::drive::{drive, interleave};
use crate::figures::{Comparison, Outcome, Reading, Spread, Wanted};
use crate::stand::{People, Stand, staff};
use crate::{Scale, plain::Plain};

/// People whose decisions are asked for.
const SUBJECTS: usize = 256;
/// Questions of a batch.
const BATCH: usize = 1_000;
/// Threads that carry requests, as in `senim serve`.
const WORKERS: usize = 2;

pub(crate) fn runtime() -> anyhow::Result<Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build()?)
}

pub(crate) fn serve(runtime: &Runtime, app: &App) -> anyhow::Result<SocketAddr> {
    let options = web::Options {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        metrics: None,
        control: None,
        secure_cookies: false,
    };
    let server = runtime.block_on(web::bind(app.clone(), options))?;
    let address = server.address();
    runtime.spawn(server.run(std::future::pending()));
    Ok(address)
}

pub(crate) fn run(scale: &Scale, stand: &Stand) -> anyhow::Result<Outcome> {
    let instance = stand.instance("ours")?;
    let app = instance.app.clone();
    let people = People::new(&app)?;
    let subjects = people.move_in(&app, SUBJECTS)?;
    let key = app::api_key::add(&app, &app.system(), "bench", RoleId::new("service")?, Vec::new())?.key;

    let ours_runtime = runtime()?;
    let ours = serve(&ours_runtime, &app)?;
    let plain = Arc::new(Plain::open(&stand.path("plain.db"), reference::TABLES)?);
    let reference_runtime = runtime()?;
    let facts = subjects
        .iter()
        .map(|&subject| reference::facts(app.now(), subject))
        .collect::<Result<Vec<_>, _>>()?;
    let reference = reference::serve(&reference_runtime, &plain, app.policy(), facts, key.expose())?;

    let mut comparisons = Vec::new();
    let mut readings = Vec::new();
    for connections in [16, 64] {
        eprintln!("  {connections} connections");
        let round = |address: SocketAddr, path: &str| {
            let next = AtomicUsize::new(0);
            drive(
                connections,
                scale.length,
                |_| Connection::open(address),
                |connection| {
                    let subject = subjects[next.fetch_add(1, Ordering::Relaxed) % SUBJECTS];
                    let body = format!(
                        "{{\"subject_id\":\"{subject}\",\"purpose\":\"p8-2\",\"categories\":[\"phone\"],\"operation\":\"retrieval\"}}"
                    );
                    let answer = connection.post(path, key.expose(), &body)?;
                    anyhow::ensure!(
                        answer.contains("\"decision\":\"permit\""),
                        "a wrong decision: the run is void"
                    );
                    Ok(())
                },
            )
        };
        let mut sides = interleave(
            scale.rounds,
            &mut [
                ("senim", &mut || round(ours, "/api/v1/decisions")),
                ("same handler, one audit row", &mut || round(reference, "/decisions")),
                ("constant handler", &mut || round(reference, "/constant")),
            ],
        )?;
        let constant = sides.pop();
        let (other, ours) = (sides.pop(), sides.pop());
        let (Some(reference), Some(ours), Some(constant)) = (other, ours, constant) else { continue };
        let rate = Spread::over(&ours.rounds, crate::figures::Round::rate);
        let p99 = Spread::over(&ours.rounds, |round| round.p99_micros / 1_000.0);
        readings.push(
            Reading::new(format!("decisions over HTTP, {connections} connections"), "/s", rate)
                .wanted(Wanted::AtLeast(10_000.0)),
        );
        readings.push(
            Reading::new(format!("p99 over HTTP, {connections} connections"), "ms", p99)
                .wanted(Wanted::AtMost(5.0)),
        );
        let what = "POST /decisions".to_owned();
        comparisons.push(Comparison {
            what: what.clone(),
            clients: connections,
            ours: ours.clone(),
            reference,
            wanted: Some(0.85),
        });
        comparisons.push(Comparison { what, clients: connections, ours, reference: constant, wanted: None });
    }
    // Nothing of either server may run beside what follows.
    ours_runtime.shutdown_background();
    reference_runtime.shutdown_background();
    readings.extend(batches(scale, &app, &subjects)?);
    Ok(Outcome {
        title: "A decision over HTTP, logged durably".into(),
        method: "The web crate's own server and, beside it, an axum server of the same number of threads that reads the \
                 same body, compares the same key, holds the facts in memory, calls the same `policy::decide`, and commits one \
                 plaintext audit row with the same group commit before it answers. Clients are threads with one \
                 kept-alive connection each, in this process. Batches: `app::access::decide` with 1,000 questions, \
                 one log entry each."
            .into(),
        limits: LIMITS.into(),
        comparisons,
        readings,
        ..Outcome::default()
    })
}

const LIMITS: &str = "Facts and holders of keys are in memory and no thread waits for the commit. Ours carries what the reference \
    does not: thirteen headers, counters, time limits and problem documents around every handler (a boxed future for each \
    layer: allocation is a third of the time in the workers' own code), a keyed hash of the key instead of a comparison, and the \
    entry with its salt, commitment, place in the tree and share of a signature instead of one row. Tried and kept: facts and keys \
    in memory, an answer by channel instead of two trips to the blocking pool (0.28 to 0.65 at 64 connections), one layer around \
    everything instead of three (3 %). Tried and given back: mimalloc (8 % at 64 connections, nothing at 16).";

/// Decisions a second inside batches: one subject asked about often, and as many subjects as questions.
fn batches(scale: &Scale, app: &App, subjects: &[SubjectId]) -> anyhow::Result<Vec<Reading>> {
    let ctx = staff(app)?;
    let question = |subject: SubjectId| -> anyhow::Result<DecisionQuery> {
        Ok(DecisionQuery {
            subject,
            purpose: PurposeId::new("p8-2")?,
            categories: vec![CategoryCode::new("phone")?],
            operation: Operation::Retrieval,
            recipient: None,
        })
    };
    let many: Vec<DecisionQuery> =
        subjects.iter().cycle().take(BATCH).map(|&subject| question(subject)).collect::<Result<_, _>>()?;
    let one = vec![question(subjects[0])?; BATCH];
    let mut readings = Vec::new();
    for (what, asked) in [("one subject", &one), ("many subjects", &many)] {
        let mut act = || {
            drive(
                4,
                scale.length,
                |_| Ok(()),
                |()| {
                    let (views, _) = app::access::decide(app, &ctx, asked.clone())?;
                    anyhow::ensure!(
                        views.iter().all(|view| view.decision == "permit"),
                        "a wrong decision: the run is void"
                    );
                    Ok(())
                },
            )
        };
        let sides = interleave(scale.rounds, &mut [(what, &mut act)])?;
        let rounds = sides.first().map_or(&[][..], |side| &side.rounds);
        let rate = Spread::over(rounds, |round| round.rate() * BATCH as f64);
        readings.push(
            Reading::new(
                format!("decisions inside batches of 1,000, {what}, 4 clients, in process"),
                "/s",
                rate,
            )
            .wanted(Wanted::AtLeast(1_000_000.0)),
        );
    }
    Ok(readings)
}
