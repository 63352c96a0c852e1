//! P12: a withdrawal acknowledged, and no permit after it.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use app::access::DecisionQuery;
use app::consent::Withdrawal;
use model::{CategoryCode, Operation, PurposeId};

use crate::figures::{Outcome, Reading, Round, Spread, Wanted};
use crate::stand::{People, Stand, own, staff};
use crate::{Scale, machine};

/// People who withdraw in a round.
const WITHDRAWALS: usize = 400;
/// Clients that withdraw, and clients that ask for decisions about the same people meanwhile.
const CLIENTS: usize = 4;

pub(crate) fn run(scale: &Scale, stand: &Stand) -> anyhow::Result<Outcome> {
    let instance = stand.instance("ours")?;
    let app = &instance.app;
    let people = People::new(app)?;
    let ctx = staff(app)?;
    let (purpose, category) = (PurposeId::new("p8-2")?, CategoryCode::new("phone")?);
    let (mut rounds, mut stale, mut asked_after) = (Vec::new(), 0, 0);
    for round in 0..=scale.rounds {
        let submitted = (0..WITHDRAWALS).map(|_| people.submit(app)).collect::<anyhow::Result<Vec<_>>>()?;
        // Set once the withdrawal is acknowledged: a decision asked for after that must refuse.
        let gone: Vec<AtomicBool> = submitted.iter().map(|_| AtomicBool::new(false)).collect();
        let (next, over) = (AtomicUsize::new(0), AtomicBool::new(false));
        let (permits_after, decisions_after) = (AtomicU64::new(0), AtomicU64::new(0));
        let withdraw = || -> anyhow::Result<Vec<std::time::Duration>> {
            let mut times = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::SeqCst);
                let Some(person) = submitted.get(place) else { return Ok(times) };
                let begun = Instant::now();
                let ctx = own(app, person.subject_id);
                app::consent::withdraw(app, &ctx, person.consent_id, &Withdrawal::default())?;
                times.push(begun.elapsed());
                gone[place].store(true, Ordering::SeqCst);
            }
        };
        let ask = |client: usize| -> anyhow::Result<()> {
            let mut turn = client;
            while !over.load(Ordering::SeqCst) {
                // Around the one that is withdrawn now.
                let place = (next.load(Ordering::SeqCst).saturating_sub(turn % 8)).min(WITHDRAWALS - 1);
                turn += 1;
                let was_gone = gone[place].load(Ordering::SeqCst);
                let query = DecisionQuery {
                    subject: submitted[place].subject_id,
                    purpose,
                    categories: vec![category],
                    operation: Operation::Retrieval,
                    recipient: None,
                };
                let (views, _) = app::access::decide(app, &ctx, vec![query])?;
                if was_gone {
                    decisions_after.fetch_add(1, Ordering::Relaxed);
                    let is_stale = views.iter().any(|view| view.decision == "permit");
                    permits_after.fetch_add(u64::from(is_stale), Ordering::Relaxed);
                }
            }
            Ok(())
        };
        let (begun, cpu) = (Instant::now(), machine::cpu_seconds());
        let times = std::thread::scope(|scope| {
            let asking: Vec<_> = (0..CLIENTS).map(|client| scope.spawn(move || ask(client))).collect();
            let withdrawing: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(withdraw)).collect();
            let mut times = Vec::new();
            for thread in withdrawing {
                times.extend(thread.join().map_err(|_| anyhow::anyhow!("a client panicked"))??);
            }
            over.store(true, Ordering::SeqCst);
            for thread in asking {
                thread.join().map_err(|_| anyhow::anyhow!("a client panicked"))??;
            }
            anyhow::Ok(times)
        })?;
        let played = Round::of(times, begun.elapsed(), machine::cpu_seconds() - cpu);
        stale += permits_after.into_inner();
        asked_after += decisions_after.into_inner();
        if round > 0 {
            eprintln!("    p50 {:.0} µs, p99 {:.0} µs", played.p50_micros, played.p99_micros);
            rounds.push(played);
        }
    }
    anyhow::ensure!(asked_after > 0, "nobody was asked about after a withdrawal: the run is void");
    let millis = |part: fn(&Round) -> f64| Spread::over(&rounds, |round| part(round) / 1_000.0);
    Ok(Outcome {
        title: "A withdrawal acknowledged, and no permit after it".into(),
        method: format!(
            "`app::consent::withdraw` of everything by {CLIENTS} clients, {WITHDRAWALS} people a round, while {CLIENTS} other \
             clients ask `access::decide` about the same people. A decision asked for after the acknowledgement must refuse."
        ),
        limits: "One commit and its sync, shared with the decisions that are logged meanwhile. Recipients' own jobs are not built \
                 yet, so enqueuing a thousand of them is not measured."
            .into(),
        readings: vec![
            Reading::new("permits after an acknowledged withdrawal", "", Spread::of([stale as f64]))
                .wanted(Wanted::AtMost(0.0)),
            Reading::new("decisions asked for after one", "", Spread::of([asked_after as f64])),
            Reading::new("withdrawal, p50", "ms", millis(|round| round.p50_micros)),
            Reading::new("withdrawal, p99", "ms", millis(|round| round.p99_micros)).wanted(Wanted::AtMost(15.0)),
        ],
        ..Outcome::default()
    })
}
