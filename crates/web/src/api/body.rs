//! Bodies, queries and path members, read strictly: the right content type, a bounded size, no member that
//! is not asked for.
//!
//! Invariant: what a body says is never repeated in an error; where it is wrong is said by line and column.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use model::Private;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::answer::Trouble;
use crate::api::{BODY_BYTES_MAX, Problem};
use crate::fields;
use crate::state::Web;

/// A JSON body, with its bytes for the idempotency key.
pub(crate) struct Body<T> {
    /// What it says.
    pub value: T,
    /// What came over the wire.
    pub bytes: Private<Vec<u8>>,
}

impl<T: DeserializeOwned> FromRequest<Web> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Web) -> Result<Self, Problem> {
        need_json(request.headers())?;
        let bytes = read(request).await?;
        let value = parse(bytes.expose())?;
        Ok(Self { value, bytes })
    }
}

/// A JSON body that may be left out.
pub(crate) struct OptionalBody<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequest<Web> for OptionalBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Web) -> Result<Self, Problem> {
        let typed = need_json(request.headers());
        let bytes = read(request).await?;
        if bytes.expose().is_empty() {
            return Ok(Self(T::default()));
        }
        typed?;
        Ok(Self(parse(bytes.expose())?))
    }
}

fn need_json(headers: &HeaderMap) -> Result<(), Problem> {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(|value| value.split(';').next().unwrap_or_default().trim())
        .is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    if is_json { Ok(()) } else { Err(Trouble::ContentType.into()) }
}

async fn read(request: Request) -> Result<Private<Vec<u8>>, Problem> {
    Ok(Private::new(fields::read(request, BODY_BYTES_MAX).await?.to_vec()))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|fault| Problem::malformed(place(&fault)))
}

/// Where a body is wrong: a member's name if it is ours or looks like a name, and line and column; never
/// the text of the fault, for it may quote a value.
fn place(fault: &serde_json::Error) -> String {
    let text = fault.to_string();
    let named = |prefix: &str| {
        text.strip_prefix(prefix)
            .and_then(|rest| rest.split('`').next())
            .filter(|name| is_name(name))
            .map(str::to_owned)
    };
    let at = format!("line {}, column {}", fault.line(), fault.column());
    if let Some(name) = named("missing field `") {
        format!("missing-field: {name}; {at}")
    } else if text.starts_with("unknown field `") {
        format!("undeclared-field: {}; {at}", named("unknown field `").as_deref().unwrap_or("?"))
    } else if let Some(name) = named("duplicate field `") {
        format!("field-repeated: {name}; {at}")
    } else {
        at
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// The members of `values`: names with texts, in order, doubles kept so that they can be refused.
#[derive(Default)]
pub(crate) struct Values(pub Vec<(String, Private<String>)>);

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members(PhantomData<()>);
        impl<'de> Visitor<'de> for Members {
            type Value = Values;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values, A::Error> {
                let mut values = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Private<String>>()? {
                    values.push((name, value));
                }
                Ok(Values(values))
            }
        }
        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// A query string read strictly.
pub(crate) struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Web> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Problem> {
        axum::extract::Query::<T>::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(asked)| Self(asked))
            .map_err(|fault| Problem::malformed(query_place(&fault.body_text())))
    }
}

/// Which member of a query is wrong, if its name looks like one; never what was sent.
fn query_place(fault: &str) -> String {
    let name = fault
        .rsplit_once("query string: ")
        .and_then(|(_, rest)| rest.split(':').next())
        .filter(|name| is_name(name));
    name.map_or_else(|| "query".to_owned(), |name| format!("query: {name}"))
}

/// An id or code in the path; one that is none is not found.
pub(crate) struct Id<T>(pub T);

impl<T: FromStr> FromRequestParts<Web> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, web).await.map_err(|_| Problem::not_found())?;
        text.parse().map(Self).map_err(|_| Problem::not_found())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Small {
        #[expect(dead_code, reason = "only read from JSON")]
        form: u8,
    }

    fn wrong(text: &str) -> String {
        place(&serde_json::from_str::<Small>(text).unwrap_err())
    }

    #[test]
    fn a_fault_names_members_and_places_and_no_value() {
        assert_eq!(wrong("{}"), "missing-field: form; line 1, column 2");
        assert!(wrong(r#"{"form":1,"extra":2}"#).starts_with("undeclared-field: extra; line 1"));
        for secret in
            [r#"{"form":"Aigerim"}"#, r#"{"Айгерим":1}"#, r#"{"form":1,"A b@c":2}"#, r#""+77011234567""#]
        {
            let said = wrong(secret);
            for leak in ["Aigerim", "Айгерим", "A b", "+7701"] {
                assert!(!said.contains(leak), "{said}");
            }
        }
    }

    #[test]
    fn values_keep_order_and_doubles() {
        let values: Values = serde_json::from_str(r#"{"b":"1","a":"2","b":"3"}"#).unwrap();
        let names: Vec<&str> = values.0.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["b", "a", "b"]);
        assert!(serde_json::from_str::<Values>(r#"{"a":1}"#).is_err());
        assert!(serde_json::from_str::<Values>("[]").is_err());
    }
}
