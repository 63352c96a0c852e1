//! The store as its users see it: isolation, durability, the log, the full disk, damage, backups, erasure.

#![expect(clippy::disallowed_methods, reason = "tests open, damage and copy the files of their own folders")]

mod backup;
mod citus;
mod erasure;
mod fault;
mod group_commit;
mod load;
mod log;
mod nodes;
mod redo;
mod resident;
mod terms;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use model::{
    Actor, BucketId, CategoryCode, ClauseId, ConsentEvent, ConsentEventKind, ConsentFact, ConsentId,
    EnquiryId, Entry, EntryId, EntryKind, FormId, HistoryRow, Instant, JobId, LogLine, NoticeId,
    OperationSet, Principal, PurposeId, ReceiptId, RecordId, RoleId, Sealed, SubjectFacts, SubjectId,
    Witness as _,
};
use tlog::{Ed25519Signer, Signer};

use crate::tables::jobs::{Job, JobStatus};
use crate::tables::{
    consent_events, consents, enquiries, jobs, key_buckets, key_epochs, keyrings, lookups, receipts,
    subjects, value_sets,
};
use crate::{Fault, Options, Server, Store, Tx};

/// A folder that is removed when the test ends.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let path = std::env::temp_dir().join(format!("senim-store-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(super) fn signer(seed: u8) -> Arc<dyn Signer> {
    Arc::new(Ed25519Signer::from_seed("senim.test/log", &[seed; 32]).unwrap())
}

pub(super) fn options(path: &Path, server: Option<Server>) -> Options {
    // With a small reserve, so that a hundred tests do not fill the disk.
    Options { path: path.into(), log: signer(7), max_bytes: Some(1 << 30), readers: 2, server }
}

/// What must hold on both families: on the server at `SENIM_TEST_POSTGRES` when there is one, each folder in a schema
/// of its own, else on the embedded database.
pub(super) fn open(path: &Path) -> Result<Store, Fault> {
    Store::open(options(path, server(path)))
}

/// What is about the embedded database's own file.
pub(super) fn open_embedded(path: &Path) -> Result<Store, Fault> {
    Store::open(options(path, None))
}

#[expect(clippy::disallowed_methods, reason = "the test's own environment says which family it runs on")]
pub(super) fn server(path: &Path) -> Option<Server> {
    let url = std::env::var("SENIM_TEST_POSTGRES").ok()?;
    let schema: String = path
        .to_str()
        .unwrap()
        .chars()
        .map(|one| if one.is_ascii_alphanumeric() { one } else { '_' })
        .collect();
    let schema = format!("t{}", schema.to_ascii_lowercase());
    Some(Server {
        url: format!("{url}?options=-c%20search_path%3D{schema}"),
        authorities: None,
        connections_max: 8,
        statement_timeout: std::time::Duration::from_secs(20),
    })
}

pub(super) fn id(number: u64) -> [u8; 16] {
    (u128::from(number) | 1 << 100).to_be_bytes()
}

pub(super) fn at(seconds: i64) -> Instant {
    Instant::from_micros(1_795_424_400_000_000).plus_seconds(seconds)
}

pub(super) fn line(number: u64, history: Option<SubjectId>) -> LogLine {
    LogLine {
        entry: Entry {
            id: EntryId::from_bytes(id(number)),
            at: at(0),
            kind: EntryKind::Collection,
            purpose: Some(PurposeId::new("p8-2").unwrap()),
            categories: vec![CategoryCode::new("email").unwrap()],
            actor: Actor { principal: Principal::System, role: RoleId::new("system").unwrap() },
            clause: ClauseId::new("C8.2").unwrap(),
            recipient: None,
            subjects: 1,
            payload: None,
            note: None,
        },
        salt: [u8::try_from(number % 251).unwrap(); 32],
        history: history
            .map(|subject| HistoryRow { subject, sealed: Sealed::from_bytes(vec![9; 400]) })
            .into_iter()
            .collect(),
    }
}

pub(super) fn mac(number: u64) -> [u8; 32] {
    // Spread like a real keyed hash: random keys are what an index costs.
    let mut word = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5555;
    let mut bytes = [0; 32];
    for chunk in bytes.chunks_mut(8) {
        word = (word ^ (word >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        chunk.copy_from_slice(&word.to_be_bytes());
    }
    bytes
}

pub(super) fn subject(number: u64) -> SubjectId {
    SubjectId::from_bytes(id(number))
}

pub(super) fn open_epoch(store: &Store) {
    store
        .write(|tx| {
            key_epochs::open(tx, 1, at(0))?;
            key_buckets::insert(tx, &bucket(0))
        })
        .unwrap();
}

fn bucket(number: u64) -> key_buckets::KeyBucket {
    let bucket = BucketId::from_bytes(id(number));
    key_buckets::KeyBucket { bucket, epoch: 1, wrapped: vec![1; 60], dirty: false }
}

/// The keyed hash of a person's printed secret.
pub(super) fn secret_mac(number: u64) -> [u8; 32] {
    mac(number + 1_000_000)
}

/// A whole submission, as a form makes it: two log entries, a person with everything.
pub(super) fn submit(tx: &mut Tx<'_>, number: u64) -> Result<(), Fault> {
    let subject = subject(number);
    let purpose = PurposeId::new("p8-2").unwrap();
    let consent = ConsentId::from_bytes(id(number));
    let newest = match key_buckets::newest(tx)? {
        Some((newest, members)) if members < key_buckets::MEMBERS_MAX => newest,
        _ => {
            key_buckets::insert(tx, &bucket(number))?;
            bucket(number)
        }
    };
    key_buckets::hold(tx, newest.bucket, 1)?;
    let (wrapped_key, sealed) = (vec![2; 60], vec![3; 480]);
    keyrings::insert(tx, &keyrings::KeyringRow { subject, bucket: newest.bucket, wrapped_key, sealed })?;
    let mut facts = SubjectFacts::new(subject, true);
    facts.set_consent(ConsentFact {
        purpose,
        consent,
        given_at: at(0),
        expires_at: None,
        ended: None,
        withdrawn: OperationSet::EMPTY,
    });
    subjects::insert(tx, &facts, newest.bucket, at(0), Some(&secret_mac(number)))?;
    let category = CategoryCode::new("email").unwrap();
    let value = |offset: u64| value_sets::StoredValue {
        record: RecordId::from_bytes(id(number * 10 + offset)),
        category,
        version: 1,
        as_of: at(0),
        source: "form".into(),
        mac: (offset < 2).then(|| mac(number * 10 + offset)),
        proven: false,
        sealed: Sealed::from_bytes(vec![4; 60]),
    };
    let values: Vec<_> = (0..7).map(value).collect();
    for mac in values.iter().filter_map(|value| value.mac) {
        lookups::insert(tx, category, &mac, subject, false)?;
    }
    value_sets::insert(tx, &value_sets::ValueSet { subject, set: values[0].record, values, place: None })?;
    let notice = NoticeId::from_bytes(id(1));
    consents::insert(
        tx,
        &consents::Consent { subject, consent, notice, record: "{}".repeat(200), given_at: at(0) },
    )?;
    let event = ConsentEvent {
        consent,
        number: 0,
        kind: ConsentEventKind::Given,
        purposes: vec![purpose],
        operations: OperationSet::ALL,
        at: at(0),
        previous: [0; 32],
    };
    let entry = EntryId::from_bytes(id(number * 10));
    consent_events::insert(tx, &consent_events::ConsentEventRow { subject, event, entry: Some(entry) })?;
    let enquiry = EnquiryId::from_bytes(id(number));
    let text =
        format!("Q-{:x}", mac(number)[0..8].iter().fold(0u64, |all, byte| all << 8 | u64::from(*byte)));
    enquiries::insert(
        tx,
        &enquiries::Enquiry {
            subject,
            enquiry,
            number: text,
            form: FormId::new("consultation").unwrap(),
            purpose,
            status: "open".into(),
            opened_at: at(0),
            changed_at: at(0),
        },
    )?;
    receipts::insert(
        tx,
        &receipts::Receipt {
            subject,
            // As in life no receipt has the id of a consent.
            receipt: ReceiptId::from_bytes(id(number | 1 << 50)),
            kind: "consent".into(),
            entry,
            record: RecordId::from_bytes(id(number * 10)),
            sealed: Sealed::from_bytes(vec![5; 700]),
        },
    )?;
    jobs::enqueue(tx, &job(number, Some(subject), Some(0)))?;
    tx.append(line(number * 10, Some(subject)))?;
    tx.append(line(number * 10 + 1, Some(subject)))
}

pub(super) fn job(number: u64, subject: Option<SubjectId>, epoch: Option<u32>) -> Job {
    Job {
        job: JobId::from_bytes(id(number)),
        subject,
        epoch,
        kind: "mail".into(),
        status: JobStatus::Waiting,
        due_at: at(1),
        attempts: 0,
        payload: Sealed::from_bytes(vec![6; 200]),
        record: None,
        template: "thanks".into(),
        locale: "ru".into(),
        message_id: "m@senim.test".into(),
    }
}

pub(super) fn fsck(store: &Store) -> Vec<String> {
    settle(store);
    let key = store.log_key().clone();
    store.read(|tx| crate::log::fsck(tx, &key)).unwrap()
}

pub(super) fn log_size(store: &Store) -> u64 {
    settle(store);
    store.read(crate::log::state).unwrap().unwrap().size
}

/// Waits until the sequencer has nothing left.
fn settle(store: &Store) {
    assert!(store.settle().unwrap(), "the sequencer stands still");
}
