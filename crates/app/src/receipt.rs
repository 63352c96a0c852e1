//! Receipts: the file a person keeps, which verifies offline for ever.
//!
//! The body (what the receipt says) is bound to the log by `payload = SHA-256(label ‖ nonce ‖ body)` in
//! the entry; the entry is bound by its salted commitment, the commitment by an inclusion proof, the tree
//! by a signed checkpoint. The body is stored sealed under the person's key and dies with it; the payload
//! in the log is then a commitment from which nothing can be read.
//!
//! Clauses: C6.2, C17; DESIGN §2c.

mod change;
mod handover;

pub(crate) use change::Change;
pub use handover::hand_over;

use model::{
    EntryId, Instant, Operation, Private, ProcessingContext, ReceiptId, RecordId, SubjectId, entry::base64,
    platform::random,
};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::Tx;
use store::log;
use store::tables::receipts::{self, Receipt};

use crate::{App, Failure, code};

/// Version of the sealed receipt record.
const RECORD_VERSION: u32 = 1;

/// A receipt before it has a place in the log.
pub(crate) struct Unplaced {
    pub id: ReceiptId,
    pub kind: &'static str,
    pub body: String,
    pub nonce: [u8; 32],
}

impl Unplaced {
    pub fn new(app: &App, id: ReceiptId, kind: &'static str, body: &impl Serialize) -> Self {
        // Bodies are made of texts, numbers and lists of them, none of which can fail to serialise.
        let body = serde_json::to_string(body).unwrap_or_default();
        Self { id, kind, body, nonce: random(app.entropy()) }
    }

    /// What the entry carries.
    pub fn payload(&self) -> [u8; 32] {
        Sha256::new()
            .chain_update(b"senim/payload/v1\n")
            .chain_update(self.nonce)
            .chain_update(self.body.as_bytes())
            .finalize()
            .into()
    }

    /// The row to store: nonce and body, one to a line, sealed under a record key of the person.
    pub fn seal(
        &self,
        app: &App,
        keyring: &mut vault::Keyring,
        record: RecordId,
        entry: EntryId,
    ) -> Result<Receipt, Failure> {
        let text = format!("{}\n{}", base64(&self.nonce), self.body);
        let sealed =
            keyring.seal(code::CORRESPONDENCE, record, RECORD_VERSION, &Private::new(text), app.entropy())?;
        Ok(Receipt {
            subject: keyring.subject(),
            receipt: self.id,
            kind: self.kind.to_owned(),
            entry,
            record,
            sealed,
        })
    }
}

/// The parts of the log that a receipt carries.
pub(crate) struct Place {
    entry: String,
    salt: model::Salt,
    index: u64,
    proof: Vec<tlog::Hash>,
    checkpoint: String,
}

/// Finds an entry's place; `None` while it is not integrated.
pub(crate) fn place(tx: &mut Tx<'_>, entry: EntryId) -> Result<Option<Place>, store::Fault> {
    let Some(row) = log::entry(tx, entry)? else { return Ok(None) };
    let (Some(entry), Some(salt)) = (row.entry, row.salt) else { return Ok(None) };
    let found = log::inclusion(tx, row.index)?;
    Ok(Some(Place { entry, salt, index: found.index, proof: found.hashes, checkpoint: found.checkpoint }))
}

/// The receipt file.
pub(crate) fn assemble(app: &App, kind: &str, nonce: [u8; 32], body: String, place: Place) -> String {
    tlog::Receipt {
        kind: kind.to_owned(),
        body,
        nonce,
        entry: place.entry,
        salt: place.salt,
        index: place.index,
        checkpoint: place.checkpoint,
        proof: place.proof,
        vkey: app.signer().vkey().to_string(),
    }
    .encode()
}

/// An entry that was just appended, as far as a receipt carries it.
pub(crate) struct Appended {
    id: EntryId,
    entry: String,
    salt: model::Salt,
}

impl Appended {
    pub fn new(entry: &model::Entry, salt: model::Salt) -> Self {
        Self { id: entry.id, entry: entry.canonical(), salt }
    }

    pub fn of(line: &model::LogLine) -> Self {
        Self::new(&line.entry, line.salt)
    }
}

/// The receipt that was just made, or `None` while its entry is not integrated (then `receipt_url`). The unit
/// that appended the line says its index, where it has one already.
pub(crate) fn placed(
    app: &App,
    unplaced: Unplaced,
    appended: Appended,
    index: Option<u64>,
) -> Result<Option<String>, Failure> {
    let found = match app.store().inclusion(appended.id, index) {
        // The act stands: a database that is out of reach just now takes the receipt from this answer, not the act.
        Err(fault) if fault.is_retriable() => None,
        found => found?,
    };
    let place = found.map(|found| {
        let Appended { entry, salt, .. } = appended;
        Place { entry, salt, index: found.index, proof: found.hashes, checkpoint: found.checkpoint }
    });
    Ok(place.map(|place| assemble(app, unplaced.kind, unplaced.nonce, unplaced.body, place)))
}

/// Renders a stored receipt again for the person himself or for a role that may see it.
///
/// # Errors
/// Not found, erased, or refused by the gate.
pub fn render(app: &App, ctx: &ProcessingContext, receipt: ReceiptId) -> Result<String, Failure> {
    let subject = subject_of(app, receipt)?;
    let held = app.hold(subject)?;
    let query = crate::held::query(
        ctx,
        code::RIGHTS,
        app.category_set(&[code::CORRESPONDENCE])?,
        Operation::Retrieval,
    );
    let drafts = app.drafts(&held.keyring, &query, model::EntryKind::Retrieval, None)?;
    let inner = app.clone();
    let outcome = app.store().write(move |tx| {
        let facts = store::tables::subjects::facts(tx, subject)?;
        let Some(facts) = facts else { return Ok(None) };
        let row = receipts::fetch(tx, subject, receipt)?;
        let decided = drafts.decide(&inner, tx, &facts, &query)?;
        let Some(row) = row else { return Ok(None) };
        let place = place(tx, row.entry)?;
        Ok(Some((decided, row, place)))
    })?;
    let Some((decided, row, place)) = outcome else { return Err(Failure::NotFound) };
    let witnessed = decided.map_err(Failure::Refused)?;
    let value =
        vault::ValueRef { category: code::CORRESPONDENCE, record: row.record, version: RECORD_VERSION };
    let opened = app.vault().open(&witnessed, &held.keyring, &value, &row.sealed)?;
    let Some(place) = place else { return Err(Failure::Conflict("not-integrated")) };
    reassemble(app, &row.kind, &opened, place)
}

/// The receipt file from what [`Unplaced::seal`] stored.
fn reassemble(app: &App, kind: &str, opened: &Private<String>, place: Place) -> Result<String, Failure> {
    let (nonce, body) = opened
        .expose()
        .split_once('\n')
        .and_then(|(nonce, body)| Some((tlog::decode_base64_32(nonce)?, body.to_owned())))
        .ok_or_else(|| Failure::Keys("a stored receipt is damaged".into()))?;
    Ok(assemble(app, kind, nonce, body, place))
}

/// Whose receipt it is.
pub(crate) fn subject_of(app: &App, receipt: ReceiptId) -> Result<SubjectId, Failure> {
    app.store().read(move |tx| receipts::subject_of(tx, receipt))?.ok_or(Failure::NotFound)
}

/// The context and the controller, the same in every body.
#[derive(Serialize)]
pub(crate) struct Frame<'a> {
    #[serde(rename = "@context")]
    context: Context,
    #[serde(rename = "@type")]
    kind: &'static str,
    receipt_id: ReceiptId,
    policy_version: &'a str,
    controller: Controller<'a>,
    at: Instant,
    on: jiff::civil::Date,
    language: &'static str,
    rehearsal: bool,
}

#[derive(Serialize)]
struct Context {
    #[serde(rename = "@vocab")]
    vocabulary: &'static str,
    dct: &'static str,
    schema_version: &'static str,
}

#[derive(Serialize)]
struct Controller<'a> {
    name: &'a str,
    bin: &'a str,
    address: &'a str,
}

pub(crate) fn frame_of<'a>(
    app: &'a App,
    kind: &'static str,
    id: ReceiptId,
    ctx: &ProcessingContext,
) -> Frame<'a> {
    let controller = app.policy().controller();
    Frame {
        context: Context {
            vocabulary: "https://w3id.org/dpv#",
            dct: "http://purl.org/dc/terms/",
            schema_version: "ISO/IEC TS 27560:2023",
        },
        kind,
        receipt_id: id,
        policy_version: app.policy().version(),
        controller: Controller {
            name: controller.name.get(ctx.locale),
            bin: &controller.bin,
            address: controller.address.get(ctx.locale),
        },
        at: ctx.at,
        on: app.policy().calendar().almaty_date(ctx.at.micros()),
        language: ctx.locale.as_str(),
        rehearsal: app.settings().rehearsal,
    }
}

/// The frame as a value, for bodies that are put together piece by piece.
pub(crate) fn frame(app: &App, kind: &'static str, id: ReceiptId, ctx: &ProcessingContext) -> Value {
    json!(frame_of(app, kind, id, ctx))
}

/// What the check of a file found.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether it stands in our log, unchanged.
    pub valid: bool,
    /// Its kind, such as `consent` or `access-package`.
    pub kind: Option<String>,
    /// Name of the log that signed it.
    pub origin: Option<String>,
    /// Id of the key that signed it.
    pub key_id: Option<String>,
    /// Hash of the public leaf, from which the seal is drawn; only receipts carry it.
    pub commitment: Option<[u8; 32]>,
    /// When the entry was written, as the entry says.
    pub at: Option<Instant>,
    /// It comes from a rehearsal and proves nothing in earnest.
    pub rehearsal: bool,
    /// Why it is not valid.
    pub reason: Option<String>,
}

/// Checks any receipt, proof or access package against our own log key; nothing is stored or looked up.
///
/// # Errors
/// A text that says why the file cannot be read at all.
pub fn verify(app: &App, bytes: &[u8]) -> Result<Verdict, String> {
    let document = tlog::Document::parse_strict(bytes).map_err(|unreadable| unreadable.to_string())?;
    let (commitment, at) = match &document {
        tlog::Document::Receipt(receipt) => {
            let entry: Value = serde_json::from_str(&receipt.entry).unwrap_or_default();
            let at = entry["at"].as_str().and_then(|text| text.parse().ok());
            (Some(tlog::commit(&receipt.salt, receipt.entry.as_bytes())), at)
        }
        _ => (None, None),
    };
    let key =
        tlog::VerifierKey::parse(&app.signer().vkey().to_string()).map_err(|error| error.to_string())?;
    Ok(match document.verify(Some(&key)) {
        Ok(found) => Verdict {
            valid: true,
            kind: Some(found.kind),
            origin: Some(found.origin),
            key_id: Some(found.key_id),
            commitment,
            at,
            rehearsal: found.rehearsal,
            reason: None,
        },
        Err(invalid) => Verdict {
            valid: false,
            kind: None,
            origin: None,
            key_id: None,
            commitment,
            at: None,
            rehearsal: false,
            reason: Some(invalid.to_string()),
        },
    })
}
