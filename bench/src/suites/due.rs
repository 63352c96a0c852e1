//! P13: very many people whose term is over on one day.

use std::time::Instant;

use app::access::DecisionQuery;
use model::{CategoryCode, Operation, PurposeId};

use crate::figures::{Outcome, Reading, Spread, Wanted};
use crate::stand::{People, Stand, staff};

/// People whose term is over on one day.
const COUNT: usize = 10_000;

pub(crate) fn run(stand: &Stand) -> anyhow::Result<Outcome> {
    let clock = stand.path("clock");
    let set = |at: model::Instant| std::fs::write(&clock, at.to_string());
    let start: model::Instant = "2026-11-23T04:00:00Z".parse()?;
    set(start)?;
    let instance = stand.rehearsal("ours", &clock)?;
    let app = &instance.app;
    let count = COUNT;
    eprintln!("  {count} subjects move in");
    let subjects = People::new(app)?.move_in(app, count)?;
    // A year and a day later, at night; nothing else happened.
    let over = start.plus_seconds(366 * 86_400);
    set(over)?;
    let ctx = staff(app)?;
    let questions = |subjects: &[model::SubjectId]| -> anyhow::Result<Vec<DecisionQuery>> {
        let (purpose, category) = (PurposeId::new("p8-2")?, CategoryCode::new("phone")?);
        let ask = |&subject: &model::SubjectId| DecisionQuery {
            subject,
            purpose,
            categories: vec![category],
            operation: Operation::Retrieval,
            recipient: None,
        };
        Ok(subjects.iter().map(ask).collect())
    };
    let begun = Instant::now();
    let (views, _) = app::access::decide(app, &ctx, questions(&subjects)?)?;
    let stopped = begun.elapsed().as_secs_f64();
    anyhow::ensure!(
        views.iter().all(|view| view.decision == "refuse"),
        "a term that is over permits: the run is void"
    );

    let begun = Instant::now();
    let found = app::retention::sweep(app)?;
    let swept = begun.elapsed().as_secs_f64();
    anyhow::ensure!(found == count, "{found} of {count} were found: the run is void");
    let limit = app.policy().deadlines("destruction", over).first().map_or(over, |line| line.due_at);
    set(limit)?;
    let begun = Instant::now();
    app::outbox::run_due(app, None)?;
    let shredded = begun.elapsed().as_secs_f64();
    eprintln!("    stopped {stopped:.2} s, found {swept:.2} s, shredded {shredded:.2} s");
    for subject in &subjects {
        let outcome = app::access::data(app, &ctx, *subject, PurposeId::new("p8-2")?, &[]);
        anyhow::ensure!(matches!(outcome, Err(app::Failure::Gone)), "somebody is left: the run is void");
    }
    let begun = Instant::now();
    while app::erasure::sweep(app)? > 0 {}
    let rows_gone = begun.elapsed().as_secs_f64();
    let one = |what: String, seconds: f64| Reading::new(what, "s", Spread::of([seconds]));
    Ok(Outcome {
        title: "Very many people whose term is over on one day".into(),
        method: "A rehearsal clock moves a year and a day ahead. Stopped: a decision about every one of them, each refused. Found: \
                 `retention::sweep`. Shredded: `outbox::run_due` after the sweep's own waiting time, with a receipt and a log entry for each; then \
                 everybody is asked for and gone. Played once: who is erased cannot be erased again."
            .into(),
        limits: "Nothing stops on the day: consents end by themselves, so the first figure is only how long asking takes. Shredding is \
                 two transactions for each person, side by side in sixteen lanes that share commits."
            .into(),
        readings: vec![
            one(format!("{count} people stopped (all asked about, all refused)"), stopped).wanted(Wanted::AtMost(1.0)),
            one(format!("{count} people found by the sweep"), swept),
            one(format!("{count} people shredded, a receipt each"), shredded).wanted(Wanted::AtMost(10.0)),
            one(format!("ciphertext rows of {count} people gone after"), rows_gone).wanted(Wanted::AtMost(60.0)),
        ],
        ..Outcome::default()
    })
}
