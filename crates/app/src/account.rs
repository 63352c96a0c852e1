//! The person's account: signing in by a code to the e-mail or by the secret on the receipt, and
//! sessions.
//!
//! Codes and secrets are compared as MACs; nothing tells whether a contact is known (C9.0). A code opens the
//! entries of the contact it was sent to and no others: the session remembers that contact, for what stands in an
//! entry may be changed to anybody's. Opening an entry is not saying that one made it: where a contact stands in
//! several, the person says so for each ([`confirm`]), else a stranger's consents would come alive with her sign-in.
//!
//! Clauses: C8.1, C9.0, C9.2, C9.3, C16.2.

use model::{
    CategoryCode, EntryId, EntryKind, Instant, Private, ProcessingContext, SubjectId, Witness as _,
    platform::random,
};
use store::tables::sessions::{self, Session as SessionRow};
use store::tables::signin_codes::{self, SigninCode};
use store::tables::{jobs, lookups, secrets, subjects, value_sets};

use crate::failure::clause_id;
use crate::secret::Secret;
use crate::{App, Failure, code, held};

/// A session as the web layer sees it.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who is signed in.
    pub subject: SubjectId,
    /// The token that forms must carry.
    pub csrf: String,
    /// How the person signed in: `code` or `secret`.
    pub method: String,
    /// When it ends.
    pub expires_at: Instant,
    /// A keyed hash of the contact that the code was sent to.
    contact: Option<String>,
}

impl Session {
    /// Whether this session proved the contact under this keyed hash.
    fn proved(&self, app: &App, mac: &[u8; 32]) -> bool {
        self.contact
            .as_ref()
            .is_some_and(|known| vault::same(known.as_bytes(), contact_of(app, mac).as_bytes()))
    }
}

/// A session just begun: the token goes into the cookie and is kept nowhere else.
pub struct Begun {
    /// The cookie's value.
    pub token: Private<String>,
    /// Who is signed in.
    pub subject: SubjectId,
}

/// Signed in by a code to the e-mail.
const BY_CODE: &str = "code";
/// Signed in by the secret on the receipt.
const BY_SECRET: &str = "secret";
/// Digits in a sign-in code.
const CODE_DIGITS: u32 = 8;
/// What stands between the way of signing in and the contact that it proved.
const OF: char = ':';
/// How many entries one contact may open.
const SUBJECTS_MAX: u32 = 20;

/// Asks for a code. The answer is the same whether the address is known or not; a code row is written in
/// both cases, so that even the work is alike.
///
/// # Errors
/// The validator's violation for a text that is no e-mail; faults of the store.
pub fn request_code(app: &App, ctx: &ProcessingContext, email: &Private<String>) -> Result<(), Failure> {
    let mac = contact_mac(app, email)?;
    let number = u64::from_be_bytes(random(app.entropy())) % 10u64.pow(CODE_DIGITS);
    let text = Private::new(format!("{number:08}"));
    let found = app.store().read(move |tx| lookups::subjects(tx, code::EMAIL, &mac, SUBJECTS_MAX))?;
    let expires_at = ctx.at.plus_seconds(i64::from(app.policy().limits().signin_code_minutes) * 60);
    let row = SigninCode {
        contact_mac: mac,
        code_mac: code_mac(app, &mac, text.expose()),
        subjects: found.iter().map(|(subject, _)| *subject).collect(),
        attempts: 0,
        expires_at,
    };
    // The newest entry's keys carry the letter; the code opens all entries of this contact.
    let newest = row.subjects.iter().max().copied();
    held::retry(|| {
        let row = row.clone();
        let Some(subject) = newest else {
            return Ok(app.store().write(move |tx| signin_codes::put(tx, &row))?);
        };
        let mut held = match app.hold(subject) {
            Ok(held) => held,
            Err(Failure::Gone | Failure::NotFound) => {
                return Ok(app.store().write(move |tx| signin_codes::put(tx, &row))?);
            }
            Err(other) => return Err(other),
        };
        let mail = crate::outbox::draft(
            app,
            ctx,
            &mut held.keyring,
            "sign-in-code",
            &[("code", &text)],
            code::RIGHTS,
            0,
        )?;
        let closed = app.close(&held)?;
        Ok(app.store().write(move |tx| {
            closed.store(tx)?;
            jobs::enqueue(tx, &mail)?;
            signin_codes::put(tx, &row)
        })?)
    })
}

fn contact_mac(app: &App, email: &Private<String>) -> Result<[u8; 32], Failure> {
    let category =
        app.policy().category(code::EMAIL).ok_or_else(|| Failure::violation("category-unknown", "C5"))?;
    let normalised = app
        .policy()
        .validate_value(category, email.expose())
        .map_err(|reason| Failure::Refused(vec![reason.of_field("email")]))?;
    Ok(app.blind_index(code::EMAIL, &normalised))
}

fn code_mac(app: &App, contact: &[u8; 32], text: &str) -> [u8; 32] {
    let mut input = contact.to_vec();
    input.extend_from_slice(text.as_bytes());
    app.vault().mac("sign-in-code", &input)
}

/// Redeems a code: signs in and proves the e-mail of the entries that hold it.
///
/// # Errors
/// `Unauthorised("code-wrong")` for a wrong, used, guessed-out or expired code, and for unknown contacts.
pub fn redeem_code(
    app: &App,
    ctx: &ProcessingContext,
    email: &Private<String>,
    typed: &Private<String>,
) -> Result<Begun, Failure> {
    let mac = contact_mac(app, email)?;
    let digits: String = typed.expose().chars().filter(char::is_ascii_digit).collect();
    let wanted = code_mac(app, &mac, &digits);
    let attempts_max = app.policy().limits().signin_code_attempts;
    let at = ctx.at;
    let opened = app.store().write(move |tx| {
        let Some(row) = signin_codes::fetch(tx, &mac)? else { return Ok(None) };
        if row.expires_at <= at || row.attempts >= attempts_max {
            signin_codes::delete(tx, &mac)?;
            return Ok(None);
        }
        if !vault::same(&row.code_mac, &wanted) {
            signin_codes::count_attempt(tx, &mac)?;
            return Ok(None);
        }
        signin_codes::delete(tx, &mac)?;
        // Of the entries that the code was made for, those that stand and still hold the contact.
        let mut held = lookups::subjects(tx, code::EMAIL, &mac, SUBJECTS_MAX)?;
        held.retain(|(subject, _)| row.subjects.contains(subject));
        Ok(Some(held))
    })?;
    let mut candidates = opened.filter(|all| !all.is_empty()).ok_or(Failure::Unauthorised("code-wrong"))?;
    // An entry that the person confirmed before comes first, then the newest.
    candidates.sort_unstable_by_key(|(subject, proven)| std::cmp::Reverse((*proven, *subject)));
    let proves = candidates.len() == 1;
    for (subject, _) in candidates {
        match begin(app, ctx, subject, Way::Code { mac, proves }) {
            Err(Failure::Gone | Failure::NotFound) => {}
            done => return done,
        }
    }
    Err(Failure::Unauthorised("code-wrong"))
}

/// Signs in with the secret printed on the receipt.
///
/// # Errors
/// `Unauthorised("secret-wrong")`.
pub fn redeem_secret(app: &App, ctx: &ProcessingContext, typed: &Private<String>) -> Result<Begun, Failure> {
    let mac = Secret::typed(typed.expose()).mac(app);
    let subject = app.store().read(move |tx| secrets::fetch(tx, &mac))?.map(|row| row.subject);
    match begin(app, ctx, subject.ok_or(Failure::Unauthorised("secret-wrong"))?, Way::Secret) {
        Err(Failure::Gone | Failure::NotFound) => Err(Failure::Unauthorised("secret-wrong")),
        done => done,
    }
}

/// Opens another entry of the e-mail that this session proved, within the same sign-in.
///
/// # Errors
/// Not found unless both entries hold the e-mail that this session proved.
pub fn switch(
    app: &App,
    ctx: &ProcessingContext,
    session: &Session,
    other: SubjectId,
) -> Result<Begun, Failure> {
    let mac = proved_mac(app, session)?.ok_or(Failure::NotFound)?;
    let holds = app.store().read(move |tx| Ok(email_macs(tx, other)?.contains(&mac)))?;
    if !holds {
        return Err(Failure::NotFound);
    }
    begin(app, ctx, other, Way::Code { mac, proves: false })
}

/// The keyed hash of the e-mail that this session proved, if its entry still holds it.
fn proved_mac(app: &App, session: &Session) -> Result<Option<[u8; 32]>, Failure> {
    let own = session.subject;
    let macs = app.store().read(move |tx| email_macs(tx, own))?;
    Ok(macs.into_iter().find(|mac| session.proved(app, mac)))
}

/// Whether this session may say that the person made this entry: it holds the e-mail that the session proved,
/// and nobody has said so yet.
///
/// # Errors
/// Faults of the store.
pub fn is_unconfirmed(app: &App, session: &Session) -> Result<bool, Failure> {
    let Some(mac) = proved_mac(app, session)? else { return Ok(false) };
    let own = session.subject;
    let sets = app.store().read(move |tx| value_sets::list(tx, own))?;
    Ok(sets.iter().flat_map(|set| &set.values).any(|value| value.mac == Some(mac) && !value.proven))
}

/// The person says that the entry is theirs: the e-mail counts as proven in it, and what waited for that is live.
///
/// # Errors
/// Not found unless the entry holds the e-mail that this session proved.
pub fn confirm(app: &App, ctx: &ProcessingContext, session: &Session) -> Result<(), Failure> {
    let subject = session.subject;
    let mac = proved_mac(app, session)?.ok_or(Failure::NotFound)?;
    let held = app.hold(subject)?;
    let line = app.line(&held.keyring, proof_entry(app, ctx.at, subject))?;
    Ok(app.store().write(move |tx| {
        if set_proven(tx, subject, &mac)? {
            tx.append(line.clone())?;
        }
        Ok(())
    })?)
}

/// Marks the contact as proven in one entry; gives whether it was not before.
fn set_proven(tx: &mut store::Tx<'_>, subject: SubjectId, mac: &[u8; 32]) -> Result<bool, store::Fault> {
    let Some(mut facts) = subjects::facts(tx, subject)? else { return Ok(false) };
    let mut changed = false;
    for mut set in value_sets::list(tx, subject)? {
        let waiting = set.values.iter_mut().filter(|value| value.mac == Some(*mac) && !value.proven);
        if waiting.map(|value| value.proven = true).count() > 0 {
            value_sets::replace(tx, &set)?;
            changed = true;
        }
    }
    if changed {
        lookups::set_proven(tx, code::EMAIL, mac, subject, true)?;
        facts.contact_proven = true;
        subjects::set_facts(tx, &facts)?;
    }
    Ok(changed)
}

fn proof_entry(app: &App, at: Instant, subject: SubjectId) -> model::Entry {
    model::Entry {
        id: EntryId::new(at, app.entropy()),
        at,
        kind: EntryKind::ContactProven,
        purpose: Some(code::RIGHTS),
        categories: vec![code::EMAIL],
        actor: model::Actor { principal: model::Principal::DataSubject(subject), role: code::DATA_SUBJECT },
        clause: clause_id("C9.0"),
        recipient: None,
        subjects: 1,
        payload: None,
        note: None,
    }
}

fn email_macs(tx: &mut store::Tx<'_>, subject: SubjectId) -> Result<Vec<[u8; 32]>, store::Fault> {
    let sets = value_sets::list(tx, subject)?;
    Ok(sets
        .into_iter()
        .flat_map(|set| set.values)
        .filter(|value| value.category == code::EMAIL)
        .filter_map(|value| value.mac)
        .collect())
}

/// The other entries that hold the e-mail this session proved: id and time of making, no value.
///
/// # Errors
/// Faults of the store.
pub fn siblings(app: &App, session: &Session) -> Result<Vec<(SubjectId, Instant)>, Failure> {
    let Some(mac) = proved_mac(app, session)? else { return Ok(Vec::new()) };
    let own = session.subject;
    Ok(app.store().read(move |tx| {
        let mut found = Vec::new();
        for (subject, _) in lookups::subjects(tx, code::EMAIL, &mac, SUBJECTS_MAX)? {
            if subject != own
                && let Some(row) = subjects::fetch(tx, subject)?
            {
                found.push((subject, row.created_at));
            }
        }
        Ok(found)
    })?)
}

/// How somebody shows that an entry is theirs to open.
#[derive(Clone, Copy)]
enum Way {
    /// The secret on the receipt.
    Secret,
    /// A code that was sent to the contact; `proves` if the contact stands in this entry alone.
    Code { mac: [u8; 32], proves: bool },
}

fn begin(app: &App, ctx: &ProcessingContext, subject: SubjectId, way: Way) -> Result<Begun, Failure> {
    let held = app.hold(subject)?;
    let token = Private::new(token(app));
    let csrf = token_text(app);
    let (method, kind) = match way {
        Way::Secret => (BY_SECRET, BY_SECRET.to_owned()),
        Way::Code { mac, .. } => (BY_CODE, format!("{BY_CODE}{OF}{}", contact_of(app, &mac))),
    };
    let entry = model::Entry {
        kind: EntryKind::SignIn,
        categories: Vec::new(),
        clause: clause_id("C8.1"),
        note: CategoryCode::new(method).ok(),
        ..proof_entry(app, ctx.at, subject)
    };
    let line = app.line(&held.keyring, entry)?;
    let proof = match way {
        Way::Code { mac, proves: true } => {
            Some((mac, app.line(&held.keyring, proof_entry(app, ctx.at, subject))?))
        }
        _ => None,
    };
    let expires_at = ctx.at.plus_seconds(i64::from(app.policy().limits().account_session_minutes) * 60);
    let row = SessionRow {
        token_mac: app.vault().mac("session", token.expose().as_bytes()),
        kind,
        subject: Some(subject),
        operator: None,
        csrf: csrf.into_bytes(),
        created_at: ctx.at,
        expires_at,
    };
    app.store().write(move |tx| {
        if subjects::facts(tx, subject)?.is_none() {
            return Err(store::Fault::Rollback("gone"));
        }
        sessions::insert(tx, &row)?;
        tx.append(line.clone())?;
        if let Some((mac, proof)) = &proof
            && set_proven(tx, subject, mac)?
        {
            tx.append(proof.clone())?;
        }
        Ok(())
    })?;
    Ok(Begun { token, subject })
}

/// What a session keeps of the contact that it proved: a keyed hash of its keyed hash, found in no lookup row.
fn contact_of(app: &App, mac: &[u8; 32]) -> String {
    hex(&app.vault().mac("session-contact", mac))
}

/// The way of signing in, and the contact that it proved, from a session's row.
fn way_of(kind: &str) -> (String, Option<String>) {
    match kind.split_once(OF) {
        Some((method, contact)) => (method.to_owned(), Some(contact.to_owned())),
        None => (kind.to_owned(), None),
    }
}

pub(crate) fn token(app: &App) -> String {
    token_text(app)
}

fn token_text(app: &App) -> String {
    hex(&random(app.entropy()))
}

fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The session behind a cookie, if it lives.
///
/// # Errors
/// Faults of the store.
pub fn session(app: &App, token: &Private<String>) -> Result<Option<Session>, Failure> {
    let mac = app.vault().mac("session", token.expose().as_bytes());
    let now = app.now();
    let row = app.store().read(move |tx| sessions::fetch(tx, &mac))?;
    Ok(row.filter(|row| row.expires_at > now).and_then(|row| {
        let (method, contact) = way_of(&row.kind);
        Some(Session {
            subject: row.subject?,
            csrf: String::from_utf8(row.csrf).unwrap_or_default(),
            method,
            expires_at: row.expires_at,
            contact,
        })
    }))
}

/// Ends a session.
///
/// # Errors
/// Faults of the store.
pub fn sign_out(app: &App, token: &Private<String>) -> Result<(), Failure> {
    let mac = app.vault().mac("session", token.expose().as_bytes());
    app.store().write(move |tx| sessions::delete(tx, &mac))?;
    Ok(())
}

/// A sign-in of the person, as the person sees it: when and how, never from where (C15).
#[derive(Clone, Debug)]
pub struct SessionView {
    /// What the form names to end it; it opens nothing.
    pub handle: String,
    /// When it began.
    pub began_at: Instant,
    /// When it ends by itself.
    pub expires_at: Instant,
    /// `code` or `secret`.
    pub method: String,
    /// The one that asks.
    pub current: bool,
}

/// Characters of a session's handle.
const HANDLE_LEN: usize = 32;

/// Every sign-in that lives: of this entry and, signed in by code, of the others with the same e-mail.
///
/// # Errors
/// Faults of the store.
pub fn sessions(app: &App, session: &Session, token: &Private<String>) -> Result<Vec<SessionView>, Failure> {
    let own = app.vault().mac("session", token.expose().as_bytes());
    let rows = living(app, session)?;
    Ok(rows
        .into_iter()
        .map(|row| SessionView {
            handle: handle(app, &row),
            began_at: row.created_at,
            expires_at: row.expires_at,
            current: row.token_mac == own,
            method: way_of(&row.kind).0,
        })
        .collect())
}

/// Ends one sign-in by its handle, or, without one, all but the one that asks; gives whether that one ended too.
///
/// # Errors
/// Not found for a handle that is none of the person's; faults of the store.
pub fn end_sessions(
    app: &App,
    session: &Session,
    token: &Private<String>,
    which: Option<&str>,
) -> Result<bool, Failure> {
    let own = app.vault().mac("session", token.expose().as_bytes());
    let wanted = |row: &SessionRow| match which {
        Some(named) => vault::same(handle(app, row).as_bytes(), named.as_bytes()),
        None => row.token_mac != own,
    };
    let ending: Vec<[u8; 32]> =
        living(app, session)?.iter().filter(|row| wanted(row)).map(|row| row.token_mac).collect();
    if which.is_some() && ending.is_empty() {
        return Err(Failure::NotFound);
    }
    let own_too = ending.contains(&own);
    app.store().write(move |tx| {
        for mac in &ending {
            sessions::delete(tx, mac)?;
        }
        Ok(())
    })?;
    Ok(own_too)
}

fn living(app: &App, session: &Session) -> Result<Vec<SessionRow>, Failure> {
    let now = app.now();
    let others = siblings(app, session)?;
    let all: Vec<SubjectId> =
        std::iter::once(session.subject).chain(others.into_iter().map(|(subject, _)| subject)).collect();
    let mut rows = app.store().read(move |tx| {
        let mut rows = Vec::new();
        for subject in &all {
            rows.extend(sessions::list_by_subject(tx, *subject)?);
        }
        Ok(rows)
    })?;
    rows.retain(|row| row.expires_at > now);
    rows.sort_by_key(|row| std::cmp::Reverse(row.created_at));
    Ok(rows)
}

fn handle(app: &App, row: &SessionRow) -> String {
    let mut text = hex(&app.vault().mac("session-handle", &row.token_mac));
    text.truncate(HANDLE_LEN);
    text
}

/// The context in which a signed-in person acts.
pub fn context(app: &App, session: &Session, locale: model::Locale) -> ProcessingContext {
    ProcessingContext {
        actor: model::Actor {
            principal: model::Principal::DataSubject(session.subject),
            role: code::DATA_SUBJECT,
        },
        at: app.now(),
        locale,
    }
}
