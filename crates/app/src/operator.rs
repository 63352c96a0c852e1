//! Operators: set up by a one-time link, signing in with password (Argon2id) and TOTP (RFC 6238).
//!
//! No default credentials; wrong password, wrong code and unknown login are answered alike and cost alike.
//!
//! Clauses: C11.4, L13; RELIABILITY §2 "Accounts".

mod standing;

pub use standing::{Standing, set_standing};

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::entry::base64;
use model::{
    Actor, CategoryCode, EntryId, EntryKind, Instant, Locale, OperatorId, Principal, Private,
    ProcessingContext, RoleId, Witness as _, platform::random,
};
use policy::Ability;
use store::tables::operators::{self, OperatorRow};
use store::tables::sessions::{self, Session};
use store::tables::setup_links::{self, SetupLink};

use crate::failure::{clause_id, violation};
use crate::{App, Failure};

/// Argon2id parameters after OWASP: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Fewest characters of a password.
pub const PASSWORD_MIN: usize = 12;
/// Most bytes of a password, so that hashing stays bounded.
const PASSWORD_MAX: usize = 512;
/// Waiting for the first code.
const PENDING: &str = "pending";
/// May sign in.
const ACTIVE: &str = "active";
/// May not sign in until somebody lets him.
const SUSPENDED: &str = "suspended";
/// May never sign in again.
const REVOKED: &str = "revoked";
/// Seconds a TOTP code stands for (RFC 6238).
const TOTP_STEP_SECONDS: i64 = 30;

/// An operator without secrets.
#[derive(Clone, Debug, serde::Serialize)]
pub struct OperatorView {
    /// Who.
    pub operator_id: OperatorId,
    /// The name he signs in with.
    pub login: String,
    /// What he may do.
    pub roles: Vec<RoleId>,
    /// `pending` until the first code, then `active`; `suspended` for a while, `revoked` for good.
    pub status: String,
    /// Since when.
    pub created_at: Instant,
}

/// A signed-in operator.
#[derive(Clone, Debug)]
pub struct OperatorSession {
    /// Who.
    pub operator: OperatorView,
    /// The token that forms must carry.
    pub csrf: String,
}

/// What an operator scans into the authenticator.
pub struct Enrolment {
    /// Whom.
    pub operator: OperatorId,
    /// The secret in base32.
    pub secret: Private<String>,
    /// The `otpauth://` address for the QR code.
    pub address: Private<String>,
}

fn view(row: &OperatorRow) -> OperatorView {
    OperatorView {
        operator_id: row.operator,
        login: row.login.clone(),
        roles: row.roles.clone(),
        status: row.status.clone(),
        created_at: row.created_at,
    }
}

/// Makes a one-time link's token for setting up an operator. Valid for the time that `policy/` gives.
///
/// # Errors
/// `purpose-not-of-role` for a role without the ability `operators`; faults of the store.
pub fn setup_link(app: &App, ctx: &ProcessingContext, roles: Vec<RoleId>) -> Result<String, Failure> {
    app.require(ctx, Ability::Operators)?;
    let token = crate::account::token(app);
    let row = SetupLink {
        token_mac: app.vault().mac("setup-link", token.as_bytes()),
        roles,
        expires_at: app.now().plus_seconds(i64::from(app.policy().limits().setup_link_hours) * 3_600),
        used: false,
    };
    let line = app.bare_line(entry(app, ctx.actor, "invited"));
    app.store().write(move |tx| {
        setup_links::insert(tx, &row)?;
        tx.append(line.clone())
    })?;
    Ok(token)
}

/// Whether nobody is set up yet.
///
/// # Errors
/// Faults of the store.
pub fn none_yet(app: &App) -> Result<bool, Failure> {
    Ok(app.store().read(operators::list)?.iter().all(|row| row.status != ACTIVE))
}

/// Whether a set-up link may still be used.
///
/// # Errors
/// Faults of the store.
pub fn link_is_open(app: &App, token: &str) -> Result<bool, Failure> {
    let mac = app.vault().mac("setup-link", token.as_bytes());
    let now = app.now();
    Ok(app
        .store()
        .read(move |tx| setup_links::fetch(tx, &mac))?
        .is_some_and(|row| !row.used && row.expires_at > now))
}

/// First step of set-up: login and password; the answer is the TOTP secret to scan. The link is used up
/// only by [`confirm`].
///
/// # Errors
/// `Unauthorised("setup-link")`; violations `login-invalid`, `login-taken`, `password-short`, `password-long`.
pub fn set_up(app: &App, token: &str, login: &str, password: &Private<String>) -> Result<Enrolment, Failure> {
    if !link_is_open(app, token)? {
        return Err(Failure::Unauthorised("setup-link"));
    }
    let mut violations = Vec::new();
    let login = login.trim().to_lowercase();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    if login.is_empty() || login.len() > 64 || !login.chars().all(plain) {
        violations.push(violation("login-invalid", "C11.4").of_field("login"));
    }
    if password.expose().chars().count() < PASSWORD_MIN {
        violations.push(violation("password-short", "C11.4").of_field("password"));
    }
    if password.expose().len() > PASSWORD_MAX {
        violations.push(violation("password-long", "C11.4").of_field("password"));
    }
    if !violations.is_empty() {
        return Err(Failure::Refused(violations));
    }
    let mac = app.vault().mac("setup-link", token.as_bytes());
    let roles =
        app.store().read(move |tx| setup_links::fetch(tx, &mac))?.map(|row| row.roles).unwrap_or_default();
    let now = app.now();
    let operator = OperatorId::new(now, app.entropy());
    let secret: [u8; 20] = random(app.entropy());
    let row = OperatorRow {
        operator,
        login: login.clone(),
        password_hash: hash_password(app, password)?,
        totp_sealed: app.vault().seal_secret("totp", operator.as_bytes(), &secret, app.entropy())?,
        totp_step: 0,
        roles,
        status: PENDING.to_owned(),
        created_at: now,
        failures: 0,
        locked_until: None,
    };
    let wanted = login.clone();
    let taken = app.store().write(move |tx| {
        if let Some(held) = operators::fetch_by_login(tx, &wanted)? {
            if held.status != PENDING {
                return Ok(true);
            }
            operators::delete(tx, held.operator)?;
        }
        operators::insert(tx, &row)?;
        Ok(false)
    })?;
    if taken {
        return Err(Failure::Refused(vec![violation("login-taken", "C11.4").of_field("login")]));
    }
    let text = base32(&secret);
    let address =
        format!("otpauth://totp/Senim:{login}?secret={text}&issuer=Senim&algorithm=SHA1&digits=6&period=30");
    Ok(Enrolment { operator, secret: Private::new(text), address: Private::new(address) })
}

/// What a pending operator must scan, shown again when the first code was wrong.
///
/// # Errors
/// `Unauthorised("setup-link")`, not found.
pub fn enrolment(app: &App, token: &str, operator: OperatorId) -> Result<Enrolment, Failure> {
    if !link_is_open(app, token)? {
        return Err(Failure::Unauthorised("setup-link"));
    }
    let row = app.store().read(move |tx| operators::fetch(tx, operator))?.ok_or(Failure::NotFound)?;
    if row.status != PENDING {
        return Err(Failure::NotFound);
    }
    let secret = app.vault().open_secret("totp", operator.as_bytes(), &row.totp_sealed)?;
    let text = base32(&secret);
    let login = &row.login;
    let address =
        format!("otpauth://totp/Senim:{login}?secret={text}&issuer=Senim&algorithm=SHA1&digits=6&period=30");
    Ok(Enrolment { operator, secret: Private::new(text), address: Private::new(address) })
}

/// Last step of set-up: the first code makes the operator active and uses the link up.
///
/// # Errors
/// `Unauthorised("setup-link")` or `Unauthorised("totp-wrong")`.
pub fn confirm(app: &App, token: &str, operator: OperatorId, typed: &Private<String>) -> Result<(), Failure> {
    if !link_is_open(app, token)? {
        return Err(Failure::Unauthorised("setup-link"));
    }
    let row = app.store().read(move |tx| operators::fetch(tx, operator))?.ok_or(Failure::NotFound)?;
    if row.status != PENDING {
        // A link sets up; it brings nobody back whose access was closed.
        return Err(Failure::NotFound);
    }
    let step = check_totp(app, &row, typed)?.ok_or(Failure::Unauthorised("totp-wrong"))?;
    let mac = app.vault().mac("setup-link", token.as_bytes());
    let line = app.bare_line(entry(app, himself(operator), "active"));
    app.store().write(move |tx| {
        setup_links::use_up(tx, &mac)?;
        let Some(row) = operators::fetch(tx, operator)?.filter(|row| row.status == PENDING) else {
            return Err(store::Fault::Missing("operators"));
        };
        operators::replace(tx, &OperatorRow { status: ACTIVE.to_owned(), totp_step: step, ..row })?;
        tx.append(line.clone())
    })?;
    Ok(())
}

/// The operator himself, in the role under which his own account is set up and entered.
fn himself(operator: OperatorId) -> Actor {
    Actor { principal: Principal::Operator(operator), role: crate::role("admin") }
}

fn entry(app: &App, actor: Actor, note: &str) -> model::Entry {
    let at = app.now();
    model::Entry {
        id: EntryId::new(at, app.entropy()),
        at,
        kind: EntryKind::OperatorChanged,
        purpose: None,
        categories: Vec::new(),
        actor,
        clause: clause_id("C11.4"),
        recipient: None,
        subjects: 0,
        payload: None,
        note: CategoryCode::new(note).ok(),
    }
}

/// Signs an operator in. Failures are counted per account; after too many it rests for a while.
///
/// # Errors
/// `Unauthorised("sign-in-wrong")`, whatever was wrong.
pub fn sign_in(
    app: &App,
    login: &str,
    password: &Private<String>,
    typed: &Private<String>,
) -> Result<Private<String>, Failure> {
    const WRONG: Failure = Failure::Unauthorised("sign-in-wrong");
    let wanted = login.trim().to_lowercase();
    let now = app.now();
    let row = app.store().read(move |tx| operators::fetch_by_login(tx, &wanted))?;
    let row = row.filter(|row| row.status == ACTIVE);
    let password_right = verify_password(password, row.as_ref().map_or("", |row| &row.password_hash))?;
    let Some(row) = row else { return Err(WRONG) };
    if row.locked_until.is_some_and(|until| until > now) {
        return Err(WRONG);
    }
    let step = check_totp(app, &row, typed)?;
    let operator = row.operator;
    let (true, Some(step)) = (password_right, step) else {
        let limits = app.policy().limits();
        let lock_until = (row.failures + 1 >= limits.signin_code_attempts)
            .then(|| now.plus_seconds(i64::from(limits.signin_code_minutes) * 60));
        app.store().write(move |tx| {
            let Some(row) = operators::fetch(tx, operator)? else { return Ok(()) };
            let failures = if lock_until.is_some() { 0 } else { row.failures + 1 };
            operators::replace(tx, &OperatorRow { failures, locked_until: lock_until, ..row })
        })?;
        return Err(WRONG);
    };
    let token = Private::new(crate::account::token(app));
    let session = Session {
        token_mac: app.vault().mac("session", token.expose().as_bytes()),
        kind: "password-totp".to_owned(),
        subject: None,
        operator: Some(operator),
        csrf: crate::account::token(app).into_bytes(),
        created_at: now,
        expires_at: now.plus_seconds(i64::from(app.policy().limits().operator_session_minutes) * 60),
    };
    let mut signed_in = entry(app, himself(operator), "password-totp");
    signed_in.kind = EntryKind::SignIn;
    let line = app.bare_line(signed_in);
    app.store()
        .write(move |tx| {
            // A code is good once: its step must be newer than the last one used.
            match operators::fetch(tx, operator)? {
                Some(row) if row.totp_step < step && row.status == ACTIVE => {
                    operators::replace(
                        tx,
                        &OperatorRow { totp_step: step, failures: 0, locked_until: None, ..row },
                    )?;
                }
                _ => return Err(store::Fault::Rollback("totp-used")),
            }
            sessions::insert(tx, &session)?;
            tx.append(line.clone())
        })
        .map_err(|fault| match fault {
            store::Fault::Rollback("totp-used") => WRONG,
            other => other.into(),
        })?;
    Ok(token)
}

/// The operator behind a cookie, if the session lives.
///
/// # Errors
/// Faults of the store.
pub fn session(app: &App, token: &Private<String>) -> Result<Option<OperatorSession>, Failure> {
    let mac = app.vault().mac("session", token.expose().as_bytes());
    let now = app.now();
    let found = app.store().read(move |tx| {
        let Some(row) = sessions::fetch(tx, &mac)? else { return Ok(None) };
        let Some(operator) = row.operator else { return Ok(None) };
        Ok(operators::fetch(tx, operator)?.map(|operator| (row, operator)))
    })?;
    Ok(found.filter(|(row, operator)| row.expires_at > now && operator.status == ACTIVE).map(
        |(row, operator)| OperatorSession {
            operator: view(&operator),
            csrf: String::from_utf8(row.csrf).unwrap_or_default(),
        },
    ))
}

/// All operators.
///
/// # Errors
/// `purpose-not-of-role` for a role without the ability `operators`; faults of the store.
pub fn list(app: &App, ctx: &ProcessingContext) -> Result<Vec<OperatorView>, Failure> {
    app.require(ctx, Ability::Operators)?;
    Ok(app.store().read(operators::list)?.iter().map(view).collect())
}

/// The context in which an operator acts in one of his roles.
///
/// # Errors
/// `role-unknown` for a role that is not his.
pub fn context(
    app: &App,
    session: &OperatorSession,
    role: RoleId,
    locale: Locale,
) -> Result<ProcessingContext, Failure> {
    if !session.operator.roles.contains(&role) {
        return Err(Failure::violation("role-unknown", "C11.4"));
    }
    Ok(ProcessingContext {
        actor: Actor { principal: Principal::Operator(session.operator.operator_id), role },
        at: app.now(),
        locale,
    })
}

fn argon2() -> Result<Argon2<'static>, Failure> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(32))
        .map_err(|_| Failure::Keys("the password hash parameters are out of range".into()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn derive(password: &Private<String>, salt: &[u8]) -> Result<[u8; 32], Failure> {
    let mut output = [0; 32];
    argon2()?
        .hash_password_into(password.expose().as_bytes(), salt, &mut output)
        .map_err(|_| Failure::Keys("the password could not be hashed".into()))?;
    Ok(output)
}

/// The PHC string: parameters, salt and hash.
fn hash_password(app: &App, password: &Private<String>) -> Result<String, Failure> {
    let salt: [u8; 16] = random(app.entropy());
    let hash = derive(password, &salt)?;
    let (salt, hash) = (base64(&salt), base64(&hash));
    Ok(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}"))
}

/// Costs the same whether there is a stored hash or none.
fn verify_password(password: &Private<String>, stored: &str) -> Result<bool, Failure> {
    if password.expose().len() > PASSWORD_MAX {
        return Ok(false);
    }
    let mut parts = stored.rsplit('$');
    let (hash, salt) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let salt = STANDARD.decode(salt).ok().filter(|salt| salt.len() == 16);
    let derived = derive(password, salt.as_deref().unwrap_or(&[0; 16]))?;
    Ok(salt.is_some() && vault::same(base64(&derived).as_bytes(), hash.as_bytes()))
}

/// The step of a right code, one step of drift allowed either way; never a step used before.
fn check_totp(app: &App, row: &OperatorRow, typed: &Private<String>) -> Result<Option<i64>, Failure> {
    let secret = app.vault().open_secret("totp", row.operator.as_bytes(), &row.totp_sealed)?;
    let digits: String = typed.expose().chars().filter(char::is_ascii_digit).collect();
    let now = app.now().micros() / 1_000_000 / TOTP_STEP_SECONDS;
    let mut right = None;
    for step in now - 1..=now + 1 {
        let wanted = format!("{:06}", vault::totp(&secret, step));
        if vault::same(wanted.as_bytes(), digits.as_bytes()) && step > row.totp_step {
            right = Some(step);
        }
    }
    Ok(right)
}

fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut text, mut held, mut bits) = (String::new(), 0u32, 0u32);
    for &byte in bytes {
        held = (held << 8) | u32::from(byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(held << (5 - bits) & 31) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn base32_as_in_rfc_4648() {
        assert_eq!(super::base32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(super::base32(b"f"), "MY");
    }
}
