//! Storage ends: what no live purpose needs any more is destroyed within the limit.
//!
//! One job kind, `destroy-unneeded`, serves withdrawal, expiry and reached purposes alike: when it is due
//! it looks again at what is still needed, so that a job made in error destroys nothing.
//!
//! Clauses: C10.7, C11.6, C17.2, C17.4.

use model::{Instant, JobId, PurposeId, SubjectId};
use store::tables::jobs::{self, Job, JobStatus};
use store::tables::subjects;

use crate::held::Held;
use crate::{App, Failure};

/// The kind of these jobs.
pub(crate) const DESTROY_UNNEEDED: &str = "destroy-unneeded";
/// How many subjects one sweep looks at per transaction.
const SWEEP_UNIT: u32 = 500;

/// When data left without a purpose at this instant will have been destroyed: the strictest limit.
pub(crate) fn destroyed_by(app: &App, from: Instant) -> Instant {
    app.policy().deadlines("destruction", from).first().map_or(from, |line| line.due_at)
}

/// Whether ending these purposes leaves some stored value without any live purpose.
pub(crate) fn leaves_unneeded(app: &App, held: &Held, ended: &[PurposeId], at: Instant) -> bool {
    let needed = needed(app, held, ended, at);
    held.values()
        .any(|(_, value)| app.policy().category_set(&[value.category]).is_ok_and(|set| !needed.covers(set)))
}

/// The categories that a live purpose other than these still needs.
fn needed(app: &App, held: &Held, without: &[PurposeId], at: Instant) -> policy::CategorySet {
    held.facts
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
    let needed = needed(app, &held, &[], ctx.at);
    let unneeded: Vec<model::RecordId> = held
        .values()
        .filter(|(_, value)| {
            app.policy().category_set(&[value.category]).is_ok_and(|set| !needed.covers(set))
        })
        .map(|(_, value)| value.record)
        .collect();
    for record in unneeded {
        crate::account::delete_value(app, &ctx, subject, record)?;
    }
    Ok(())
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
        let page = app.store().read(move |tx| subjects::list(tx, after, SWEEP_UNIT))?;
        let Some(last) = page.last() else { return Ok(made) };
        after = Some(last.facts.subject);
        for facts in page.iter().map(|row| &row.facts) {
            let ended = facts.consents.iter().any(|fact| !fact.is_live(now));
            if !ended || facts.status == model::SubjectStatus::Erased {
                continue;
            }
            let Ok(held) = app.hold(facts.subject) else { continue };
            if !leaves_unneeded(app, &held, &[], now) {
                continue;
            }
            let subject = facts.subject;
            let row = job(app, subject, now);
            let inserted = app.store().write(move |tx| {
                let open = |job: &Job| {
                    job.kind == DESTROY_UNNEEDED
                        && matches!(job.status, JobStatus::Waiting | JobStatus::Claimed)
                };
                if jobs::list_by_subject(tx, subject)?.iter().any(open) {
                    return Ok(false);
                }
                jobs::enqueue(tx, &row)?;
                Ok(true)
            })?;
            made += usize::from(inserted);
        }
    }
}
