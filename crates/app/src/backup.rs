//! Backups in pairs, and the fences that a restore applies before it serves.
//!
//! A data backup holds no key; a key backup holds no value, and carries the fence journal. Restoring an
//! older data backup with the current keys brings back everyone living and nobody erased meanwhile, and
//! withdrawals made meanwhile hold (DESIGN §2b).
//!
//! Clauses: C10.7, C17; RELIABILITY §3.

use std::path::Path;

use model::{ConsentEvent, ConsentEventKind, ConsentId, EntryId, EntryKind, OperationSet, PurposeId, SubjectStatus, Witness as _};
use store::tables::{consents, fence_journal, jobs, subjects, tombstones, value_sets};

use crate::failure::clause_id;
use crate::{App, Failure};

/// Writes the data part of a backup: everything but keys.
///
/// # Errors
/// Faults of the store; the file must not exist yet.
pub fn data(app: &App, file: &Path) -> Result<(), Failure> {
    store::backup::data(app.store(), file)?;
    note(app, EntryKind::Backup, "data")
}

/// Writes the key part: wrapped keys, fence journal, log state. The keystore's own files are copied beside
/// it by `server`.
///
/// # Errors
/// Faults of the store.
pub fn keys(app: &App, file: &Path) -> Result<(), Failure> {
    Ok(store::backup::keys(app.store(), file)?)
}

fn note(app: &App, kind: EntryKind, note: &str) -> Result<(), Failure> {
    let at = app.now();
    let entry = model::Entry {
        id: EntryId::new(at, app.entropy()),
        at,
        kind,
        purpose: None,
        categories: Vec::new(),
        actor: app.system().actor,
        clause: clause_id("C11.5"),
        recipient: None,
        subjects: 0,
        payload: None,
        note: model::CategoryCode::new(note).ok(),
    };
    let line = app.bare_line(entry);
    Ok(app.store().write(move |tx| tx.append(line.clone()))?)
}

/// What a restore had to repeat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Repeated {
    /// Erasures applied again.
    pub erasures: usize,
    /// Withdrawals applied again.
    pub withdrawals: usize,
    /// Subjects whose keys were gone though no fence named them: erased as unreadable.
    pub keyless: usize,
}

#[derive(serde::Deserialize)]
struct WithdrawalDetail {
    consent: ConsentId,
    purposes: Vec<PurposeId>,
    operations: u16,
}

/// Applies the fence journal to a database that was just restored; must run before the server serves.
///
/// # Errors
/// Faults of the store: the restored folder must then not be served.
pub fn apply_fences(app: &App) -> Result<Repeated, Failure> {
    let mut repeated = Repeated::default();
    let fences = app.store().read(fence_journal::list)?;
    for fence in fences {
        let subject = fence.subject;
        let done = app.store().write_protected(move |tx| {
            let Some(mut facts) = subjects::facts(tx, subject)? else { return Ok(false) };
            if facts.status == SubjectStatus::Erased {
                return Ok(false);
            }
            match fence.kind {
                fence_journal::Kind::Erasure => {
                    erase_restored(tx, &mut facts, fence.at)?;
                    Ok(true)
                }
                fence_journal::Kind::Withdrawal => withdraw_restored(tx, &mut facts, &fence),
                fence_journal::Kind::Restriction => {
                    facts.restriction = Some(model::RestrictionKind::OnDemand);
                    subjects::set_facts(tx, &facts)?;
                    Ok(true)
                }
            }
        })?;
        match fence.kind {
            fence_journal::Kind::Erasure => repeated.erasures += usize::from(done),
            fence_journal::Kind::Withdrawal => repeated.withdrawals += usize::from(done),
            fence_journal::Kind::Restriction => {}
        }
    }
    repeated.keyless = app.store().write_protected(|tx| {
        let mut keyless = 0;
        for mut facts in store::erase::subjects_without_keys(tx)? {
            erase_restored(tx, &mut facts, facts_made_at(&facts))?;
            keyless += 1;
        }
        Ok(keyless)
    })?;
    note(app, EntryKind::Restore, "restored")?;
    Ok(repeated)
}

fn facts_made_at(facts: &model::SubjectFacts) -> model::Instant {
    facts.consents.iter().map(|fact| fact.given_at).max().unwrap_or_default()
}

fn erase_restored(
    tx: &mut store::Tx,
    facts: &mut model::SubjectFacts,
    at: model::Instant,
) -> Result<(), store::Fault> {
    let subject = facts.subject;
    let macs: Vec<_> = value_sets::list(tx, subject)?
        .into_iter()
        .flat_map(|set| set.values)
        .filter_map(|value| value.mac.map(|mac| (value.category, mac)))
        .collect();
    store::erase::shred(tx, subject, &macs)?;
    facts.status = SubjectStatus::Erased;
    facts.epoch += 1;
    facts.consents.clear();
    facts.contact_proven = false;
    subjects::set_facts(tx, facts)?;
    if tombstones::fetch(tx, subject)?.is_none() {
        tombstones::insert(
            tx,
            &tombstones::Row {
                subject,
                erasure: model::ErasureId::from_bytes(*subject.as_bytes()),
                erased_at: at,
                ground: "restored-fence".to_owned(),
                clause: clause_id("C17.3"),
                entry: EntryId::from_bytes([0; 16]),
                evidence: Vec::new(),
                evidence_until: at,
                retained: "[]".to_owned(),
                rows_gone: false,
            },
        )?;
    }
    Ok(())
}

fn withdraw_restored(
    tx: &mut store::Tx,
    facts: &mut model::SubjectFacts,
    fence: &fence_journal::Row,
) -> Result<bool, store::Fault> {
    let Ok(detail) = serde_json::from_str::<WithdrawalDetail>(&fence.detail) else {
        return Err(store::Fault::Rollback("a fence of the journal cannot be read"));
    };
    let operations = OperationSet::from_bits(detail.operations);
    let mut changed = false;
    for &purpose in &detail.purposes {
        let Some(mut fact) = facts.consent(purpose).copied() else { continue };
        // A consent given again after the withdrawal stands.
        if fact.consent != detail.consent || fact.given_at > fence.at || fact.ended.is_some() {
            continue;
        }
        if operations == OperationSet::ALL {
            fact.ended = Some(ConsentEventKind::Withdrawn);
        } else {
            fact.withdrawn = OperationSet::from_bits(fact.withdrawn.bits() | operations.bits());
        }
        facts.set_consent(fact);
        changed = true;
    }
    if changed {
        facts.epoch += 1;
        subjects::set_facts(tx, facts)?;
        for &purpose in &detail.purposes {
            jobs::cancel_by_purpose(tx, facts.subject, purpose)?;
        }
        let events = consents::events(tx, facts.subject, detail.consent)?;
        let event = ConsentEvent {
            consent: detail.consent,
            number: u32::try_from(events.len()).unwrap_or(u32::MAX),
            kind: ConsentEventKind::Withdrawn,
            purposes: detail.purposes,
            operations,
            at: fence.at,
            previous: events.last().map_or([0; 32], crate::consent::hash),
        };
        consents::insert_event(tx, facts.subject, &event, EntryId::from_bytes([0; 16]))?;
    }
    Ok(changed)
}

/// The structural part of `senim erasure scan`: no row of a tombstoned subject, every sealed value with a
/// living key.
///
/// # Errors
/// Faults of the store.
pub fn scan_structure(app: &App) -> Result<Vec<String>, Failure> {
    Ok(app.store().read(store::erase::scan)?)
}
