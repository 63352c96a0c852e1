//! API keys: bearer tokens with one role and, if wished, fewer purposes than the role has.
//!
//! Clauses: C11.4.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use model::{
    Actor, ApiKeyId, CategoryCode, EntryId, EntryKind, Instant, Locale, Principal, Private,
    ProcessingContext, PurposeId, RoleId, Witness as _,
};
use policy::Ability;
use store::tables::api_keys::{self, ApiKey};

use crate::failure::{clause_id, violation};
use crate::{App, Failure};

/// A key just made: shown once.
pub struct NewKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Its name.
    pub name: String,
    /// What to send as `Authorization: Bearer …`.
    pub key: Private<String>,
}

/// A key as listed.
#[derive(Clone, Debug, serde::Serialize)]
pub struct KeyView {
    /// Its id.
    pub id: ApiKeyId,
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: RoleId,
    /// The purposes it is narrowed to; all of the role's when empty.
    pub purposes: Vec<PurposeId>,
    /// `active` or `revoked`.
    pub status: String,
    /// Since when.
    pub created_at: Instant,
}

/// The holder of a key.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Which key.
    pub id: ApiKeyId,
    /// Its role.
    pub role: RoleId,
    /// The purposes it is narrowed to.
    pub purposes: Vec<PurposeId>,
}

impl Holder {
    /// The context in which it acts.
    pub fn context(&self, app: &App, locale: Locale) -> ProcessingContext {
        ProcessingContext {
            actor: Actor { principal: Principal::ApiKey(self.id), role: self.role },
            at: app.now(),
            locale,
        }
    }

    /// Whether the key may be used for this purpose at all; the gate decides the rest.
    pub fn covers(&self, purpose: PurposeId) -> bool {
        self.purposes.is_empty() || self.purposes.contains(&purpose)
    }
}

/// Holders of keys that work, as last read, where no other process changes them: each call of a program asks.
#[derive(Default)]
pub(crate) struct Resident {
    /// How often a key was revoked, and holders by the keyed hash of their key.
    holders: RwLock<(u64, HashMap<[u8; 32], Holder>)>,
}

impl Resident {
    fn get(&self, mac: &[u8; 32]) -> (u64, Option<Holder>) {
        let held = self.holders.read().unwrap_or_else(PoisonError::into_inner);
        (held.0, held.1.get(mac).cloned())
    }

    /// Keeps a holder that was read, unless a key was revoked while it was read.
    fn keep(&self, revocations: u64, mac: [u8; 32], holder: &Holder) {
        let mut held = self.holders.write().unwrap_or_else(PoisonError::into_inner);
        if held.0 == revocations {
            held.1.insert(mac, holder.clone());
        }
    }

    /// A key was revoked.
    fn forget(&self) {
        let mut held = self.holders.write().unwrap_or_else(PoisonError::into_inner);
        held.0 += 1;
        held.1.clear();
    }
}

/// The state of a key that works.
const ACTIVE: &str = "active";
/// The state of a key that was taken back.
const REVOKED: &str = "revoked";
/// What every key begins with, so that leak scanners find it.
const PREFIX: &str = "senim_";

/// Adds a key.
///
/// # Errors
/// `purpose-not-of-role` for a role without the ability `api-keys`, or for a purpose that the key's role has not;
/// `role-unknown`.
pub fn add(
    app: &App,
    ctx: &ProcessingContext,
    name: &str,
    role: RoleId,
    purposes: Vec<PurposeId>,
) -> Result<NewKey, Failure> {
    app.require(ctx, Ability::ApiKeys)?;
    let known = app
        .policy()
        .role(role)
        .filter(|known| known.id != crate::code::DATA_SUBJECT && known.id.as_str() != "system")
        .ok_or_else(|| Failure::Refused(vec![violation("role-unknown", "C11.4").of_field("role")]))?;
    for purpose in &purposes {
        if !known.purposes.contains(purpose) {
            return Err(Failure::Refused(vec![
                violation("purpose-not-of-role", "C11.4").of_field("purposes"),
            ]));
        }
    }
    let id = ApiKeyId::new(ctx.at, app.entropy());
    let key = format!("{PREFIX}{}", crate::account::token(app));
    let row = ApiKey {
        key: id,
        key_mac: app.vault().mac("api-key", key.as_bytes()),
        name: name.trim().to_owned(),
        role,
        purposes,
        status: ACTIVE.to_owned(),
        created_at: ctx.at,
    };
    let line = app.bare_line(entry(app, ctx, "added"));
    let name = row.name.clone();
    app.store().write(move |tx| {
        api_keys::insert(tx, &row)?;
        tx.append(line.clone())
    })?;
    Ok(NewKey { id, name, key: Private::new(key) })
}

fn entry(app: &App, ctx: &ProcessingContext, note: &str) -> model::Entry {
    model::Entry {
        id: EntryId::new(ctx.at, app.entropy()),
        at: ctx.at,
        kind: EntryKind::ApiKeyChanged,
        purpose: None,
        categories: Vec::new(),
        actor: ctx.actor,
        clause: clause_id("C11.4"),
        recipient: None,
        subjects: 0,
        payload: None,
        note: CategoryCode::new(note).ok(),
    }
}

/// Revokes a key at once.
///
/// # Errors
/// `purpose-not-of-role` for a role without the ability `api-keys`; `NotFound`.
pub fn revoke(app: &App, ctx: &ProcessingContext, id: ApiKeyId) -> Result<(), Failure> {
    app.require(ctx, Ability::ApiKeys)?;
    let line = app.bare_line(entry(app, ctx, "revoked"));
    let found = app.store().write(move |tx| {
        match api_keys::fetch(tx, id)? {
            None => return Ok(false),
            // Revoked twice is revoked: nothing new to log.
            Some(row) if row.status == REVOKED => return Ok(true),
            Some(_) => {}
        }
        api_keys::set_status(tx, id, REVOKED)?;
        tx.append(line.clone())?;
        Ok(true)
    });
    app.api_keys().forget();
    if found? { Ok(()) } else { Err(Failure::NotFound) }
}

/// All keys.
///
/// # Errors
/// `purpose-not-of-role` for a role without the ability `api-keys`; faults of the store.
pub fn list(app: &App, ctx: &ProcessingContext) -> Result<Vec<KeyView>, Failure> {
    app.require(ctx, Ability::ApiKeys)?;
    let rows = app.store().read(api_keys::list)?;
    Ok(rows
        .into_iter()
        .map(|row| KeyView {
            id: row.key,
            name: row.name,
            role: row.role,
            purposes: row.purposes,
            status: row.status,
            created_at: row.created_at,
        })
        .collect())
}

/// Who holds this bearer token.
///
/// # Errors
/// `Unauthorised("api-key")` for an unknown or revoked key.
pub fn authenticate(app: &App, bearer: &Private<String>) -> Result<Holder, Failure> {
    let mac = mac_of(app, bearer);
    let (revocations, _) = app.api_keys().get(&mac);
    let row = app.store().read(move |tx| api_keys::fetch_by_mac(tx, &mac))?;
    let holder = row
        .filter(|row| row.status == ACTIVE)
        .map(|row| Holder { id: row.key, role: row.role, purposes: row.purposes })
        .ok_or(Failure::Unauthorised("api-key"))?;
    if app.store().is_alone() {
        app.api_keys().keep(revocations, mac, &holder);
    }
    Ok(holder)
}

/// Who holds this bearer token, if that is known without the store.
pub fn known(app: &App, bearer: &Private<String>) -> Option<Holder> {
    app.api_keys().get(&mac_of(app, bearer)).1
}

fn mac_of(app: &App, bearer: &Private<String>) -> [u8; 32] {
    app.vault().mac("api-key", bearer.expose().as_bytes())
}
