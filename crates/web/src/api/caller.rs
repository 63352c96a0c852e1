//! Who calls: the holder of a bearer key, in which language, and what its key is narrowed to.
//!
//! Clauses: C11.4; RELIABILITY §1.10 (scope escalation by API clients).

use app::App;
use app::api_key::{self, Holder};
use app::intake::Idempotency;
use app::policy::{Ability, CategorySet};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use model::{Locale, Operation, Private, ProcessingContext, PurposeId};

use crate::answer::Trouble;
use crate::api::Problem;
use crate::limit::Kind;
use crate::pages::accepted;
use crate::state::Web;

/// Longest idempotency key, in bytes.
const KEY_MAX: usize = 255;

/// A program with a living key.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Whose key it is.
    pub holder: Holder,
    /// The language it asked to be answered in.
    pub locale: Locale,
}

impl Caller {
    /// The context in which it acts.
    pub fn context(&self, app: &App) -> ProcessingContext {
        self.holder.context(app, self.locale)
    }

    /// Refuses a purpose that the key is not for.
    pub fn need_purpose(&self, purpose: PurposeId) -> Result<(), Problem> {
        if self.holder.covers(purpose) { Ok(()) } else { Err(Problem::forbidden("purpose-not-of-role")) }
    }

    /// Refuses a role without the ability, so that nothing is looked up for it.
    pub fn need(&self, web: &Web, ability: Ability) -> Result<(), Problem> {
        let able = web.app().policy().role(self.holder.role).is_some_and(|role| role.can(ability));
        if able { Ok(()) } else { Err(Problem::forbidden("purpose-not-of-role")) }
    }

    /// Refuses a role that may not do this for the duty `rights`.
    pub fn need_rights(&self, web: &Web, operation: Operation) -> Result<(), Problem> {
        self.need_purpose(app::code::RIGHTS)?;
        let may = web.app().policy().may(self.holder.role, app::code::RIGHTS, operation);
        if may { Ok(()) } else { Err(Problem::forbidden("operation-not-of-role")) }
    }

    /// Counts a look at persons, so that a key cannot be used to read or try everybody.
    pub fn count_look(&self, web: &Web) -> Result<(), Problem> {
        Ok(web.limits().take(Kind::ApiLook, self.holder.id.as_bytes()).map_err(Trouble::RateLimited)?)
    }

    /// The idempotency key of a call, with the body it came with and what the body was sent to.
    pub fn idempotency(
        &self,
        headers: &HeaderMap,
        target: &str,
        body: Private<Vec<u8>>,
    ) -> Result<Option<Idempotency>, Problem> {
        let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
        let key = key
            .to_str()
            .ok()
            .filter(|key| !key.is_empty() && key.len() <= KEY_MAX)
            .ok_or_else(|| Problem::malformed("header: Idempotency-Key"))?;
        let body = body.map(|bytes| [target.as_bytes(), b"\n", bytes].concat());
        Ok(Some(Idempotency { principal: self.holder.id.to_string(), key: key.to_owned(), body }))
    }

    /// Whether the role may know which record is whose: it opens values or serves people.
    pub fn may_know_subjects(&self, web: &Web) -> bool {
        let policy = web.app().policy();
        policy.purposes().iter().any(|purpose| {
            purpose.categories != CategorySet::EMPTY
                && self.holder.covers(purpose.id)
                && policy.may(self.holder.role, purpose.id, Operation::Retrieval)
        })
    }
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let bearer = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| Private::new(token.trim().to_owned()))
            .ok_or(Trouble::SignIn)?;
        let locale = accepted(&parts.headers);
        let holder = match api_key::known(web.app(), &bearer) {
            Some(holder) => holder,
            None => web.call(move |app| api_key::authenticate(app, &bearer)).await?,
        };
        web.limits().take(Kind::ApiKey, holder.id.as_bytes()).map_err(Trouble::RateLimited)?;
        Ok(Self { holder, locale })
    }
}
