//! Storage ends: what no live purpose needs any more is destroyed within the limit.
//!
//! One job kind, `destroy-unneeded`, serves withdrawal, expiry and reached purposes alike: when it is due
//! it looks again at what is still needed, so that a job made in error destroys nothing.
//!
//! Clauses: C10.7, C11.6, C17.2, C17.4.

use std::sync::atomic::{AtomicUsize, Ordering};

use model::{Instant, JobId, PurposeId, SubjectFacts, SubjectId, SubjectStatus};
use store::tables::jobs::{self, Job, JobStatus};
use store::tables::subjects;
use store::tables::value_sets::{self, ValueSet};

use crate::held::Held;
use crate::{App, Failure};

/// The kind of these jobs.
pub(crate) const DESTROY_UNNEEDED: &str = "destroy-unneeded";
/// How many subjects one sweep looks at per transaction.
const SWEEP_UNIT: u32 = 500;
/// Destructions claimed at once.
const CLAIM_MAX: u32 = 256;
/// Destructions carried out side by side: each waits for its own durable commit, and commits are shared.
const LANES: usize = 16;

/// When data left without a purpose at this instant will have been destroyed: the strictest limit.
pub(crate) fn destroyed_by(app: &App, from: Instant) -> Instant {
    app.policy().deadlines("destruction", from).first().map_or(from, |line| line.due_at)
}

/// Whether ending these purposes leaves some stored value without any live purpose.
pub(crate) fn leaves_unneeded(app: &App, held: &Held, ended: &[PurposeId], at: Instant) -> bool {
    is_any_unneeded(app, &held.facts, &held.sets, ended, at)
}

fn is_any_unneeded(
    app: &App,
    facts: &SubjectFacts,
    sets: &[ValueSet],
    ended: &[PurposeId],
    at: Instant,
) -> bool {
    let needed = needed(app, facts, ended, at);
    sets.iter()
        .flat_map(|set| &set.values)
        .any(|value| app.policy().category_set(&[value.category]).is_ok_and(|set| !needed.covers(set)))
}

/// The categories that a live purpose other than these still needs.
fn needed(app: &App, facts: &SubjectFacts, without: &[PurposeId], at: Instant) -> policy::CategorySet {
    facts
        .consents
        .iter()
        .filter(|fact| fact.is_live(at) && !without.contains(&fact.purpose))
        .filter_map(|fact| app.policy().purpose(fact.purpose))
        .fold(policy::CategorySet::EMPTY, |set, purpose| set.union(purpose.categories))
}

/// The job that destroys what is not needed. It falls due half-way to the limit: the person may think
/// again and give a new consent, and there is time to repeat a failed attempt.
pub(crate) fn job(app: &App, subject: SubjectId, from: Instant) -> Job {
    let limit = destroyed_by(app, from);
    let due_at = Instant::from_micros(from.micros() + (limit.micros() - from.micros()) / 2);
    Job {
        job: JobId::new(from, app.entropy()),
        subject: Some(subject),
        epoch: None,
        kind: DESTROY_UNNEEDED.to_owned(),
        status: JobStatus::Waiting,
        due_at,
        attempts: 0,
        payload: model::Sealed::from_bytes(Vec::new()),
        record: None,
        template: String::new(),
        locale: String::new(),
        message_id: String::new(),
    }
}

/// Destroys what this subject's live purposes do not need: single values, or everything when no consent
/// is left.
///
/// # Errors
/// Faults of the store; the job is then tried again.
pub(crate) fn destroy_unneeded(app: &App, subject: SubjectId) -> Result<(), Failure> {
    let ctx = app.system();
    let held = match app.hold(subject) {
        Ok(held) => held,
        Err(Failure::Gone | Failure::NotFound) => return Ok(()),
        Err(other) => return Err(other),
    };
    if held.facts.restriction == Some(model::RestrictionKind::Dispute) {
        // A disputed record is neither used nor destroyed until decided (C17).
        return Ok(());
    }
    let any_live = held.facts.consents.iter().any(|fact| fact.is_live(ctx.at));
    if !any_live {
        let withdrawn = held.facts.consents.iter().any(|fact| fact.ended.is_some());
        let ground = if withdrawn { "withdrawal" } else { "expiry" };
        return match crate::erasure::erase(app, &ctx, subject, ground) {
            Ok(_) | Err(Failure::Gone) => Ok(()),
            Err(other) => Err(other),
        };
    }
    let needed = needed(app, &held.facts, &[], ctx.at);
    let unneeded: Vec<model::RecordId> = held
        .values()
        .filter(|(_, value)| {
            app.policy().category_set(&[value.category]).is_ok_and(|set| !needed.covers(set))
        })
        .map(|(_, value)| value.record)
        .collect();
    for record in unneeded {
        crate::value::delete(app, &ctx, subject, record)?;
    }
    Ok(())
}

/// Carries out the destructions that are due, several side by side, until none is left. Returns how many.
///
/// # Errors
/// Faults of the store; the jobs stay and are claimed again after their lease.
pub(crate) fn run_due(app: &App) -> Result<usize, Failure> {
    let mut done = 0;
    loop {
        let now = app.now();
        if !app.store().read(|tx| jobs::is_due(tx, DESTROY_UNNEEDED, now))? {
            return Ok(done);
        }
        let claimed = app.store().write(move |tx| jobs::claim(tx, DESTROY_UNNEEDED, now, CLAIM_MAX))?;
        let next = AtomicUsize::new(0);
        let lane = || -> Result<(), Failure> {
            while let Some(row) = claimed.get(next.fetch_add(1, Ordering::Relaxed)) {
                run(app, row)?;
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let lanes: Vec<_> = (0..LANES.min(claimed.len())).map(|_| scope.spawn(lane)).collect();
            lanes.into_iter().try_for_each(|lane| lane.join().unwrap_or(Err(Failure::Conflict("panicked"))))
        })?;
        done += claimed.len();
    }
}

fn run(app: &App, row: &Job) -> Result<(), Failure> {
    match row.subject.map_or(Ok(()), |subject| destroy_unneeded(app, subject)) {
        Ok(()) => crate::outbox::finish(app, row),
        Err(Failure::Store(fault)) => Err(fault.into()),
        Err(_) => crate::outbox::put_off(app, row),
    }
}

/// Looks through all subjects for consents whose term is over and makes their jobs. Returns how many.
///
/// # Errors
/// Faults of the store.
pub fn sweep(app: &App) -> Result<usize, Failure> {
    let now = app.now();
    let mut after = None;
    let mut made = 0;
    loop {
        let page = app.store().read(move |tx| {
            let page = subjects::list(tx, after, SWEEP_UNIT)?;
            let last = page.last().map(|row| row.facts.subject);
            let mut over = Vec::new();
            for facts in page.into_iter().map(|row| row.facts) {
                let is_ended = facts.consents.iter().any(|fact| !fact.is_live(now));
                if is_ended && facts.status != SubjectStatus::Erased {
                    let sets = value_sets::list(tx, facts.subject)?;
                    over.push((facts, sets));
                }
            }
            Ok(last.map(|last| (last, over)))
        })?;
        let Some((last, over)) = page else { return Ok(made) };
        after = Some(last);
        let rows: Vec<Job> = over
            .iter()
            .filter(|(facts, sets)| is_any_unneeded(app, facts, sets, &[], now))
            .map(|(facts, _)| job(app, facts.subject, now))
            .collect();
        if rows.is_empty() {
            continue;
        }
        made += app.store().write(move |tx| {
            let mut made = 0;
            for row in &rows {
                let Some(subject) = row.subject else { continue };
                let is_open = |job: &Job| {
                    job.kind == DESTROY_UNNEEDED
                        && matches!(job.status, JobStatus::Waiting | JobStatus::Claimed)
                };
                if !jobs::list_by_subject(tx, subject)?.iter().any(is_open) {
                    jobs::enqueue(tx, row)?;
                    made += 1;
                }
            }
            Ok(made)
        })?;
    }
}
