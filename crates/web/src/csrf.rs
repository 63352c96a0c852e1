//! Forms come from our own pages: the browser's word about the origin, and a token in the form.
//!
//! A visitor gets no cookie at all, so the token of a public form is signed by this process and bound to the
//! form and the moment of showing; the token of a signed-in form is the session's own.
//! Clauses: C4.2.

use axum::http::{HeaderMap, header};
use hmac::{Hmac, KeyInit, Mac};
use model::Instant;
use sha2::Sha256;

/// A public form may stay open this long, seconds.
const OPEN_SECONDS_MAX: i64 = 12 * 3_600;

/// Makes and checks tokens.
pub struct Guard {
    key: [u8; 32],
}

impl Guard {
    /// With 32 random bytes of this process.
    pub const fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    fn tag(&self, at: Instant, bound: &str) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else { return [0; 32] };
        mac.update(b"senim/form/v1\n");
        mac.update(&at.micros().to_be_bytes());
        mac.update(bound.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// A token for a form shown at this moment; `bound` names the form and whatever must come back unchanged.
    pub fn token(&self, at: Instant, bound: &str) -> String {
        let mut text = format!("{:x}.", at.micros());
        for byte in self.tag(at, bound) {
            use std::fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// When the form with this token was shown, if the token is ours, of this form, and not too old.
    pub fn shown_at(&self, token: &str, bound: &str, now: Instant) -> Option<Instant> {
        let (at, _) = token.split_once('.')?;
        let at = Instant::from_micros(i64::from_str_radix(at, 16).ok()?);
        let age = now.seconds_since(at);
        let expected = self.token(at, bound);
        let same = expected.len() == token.len()
            && expected.bytes().zip(token.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0;
        (same && (0..=OPEN_SECONDS_MAX).contains(&age)).then_some(at)
    }
}

/// Whether two session tokens are the same, in constant time.
pub fn same(expected: &str, given: &str) -> bool {
    expected.len() == given.len()
        && expected.bytes().zip(given.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

/// Whether the browser says that this request comes from our own page.
///
/// `Sec-Fetch-Site` decides where the browser sends it. Else the origin must be ours; `null` says nothing,
/// because our pages send no referrer, and then the token decides alone.
pub fn from_own_page(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    match origin {
        None | Some("null") => true,
        Some(origin) => {
            let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
            origin.split_once("://").is_some_and(|(_, authority)| authority == host)
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn tokens_are_bound_to_form_key_and_time() {
        let guard = Guard::new([7; 32]);
        let at = Instant::from_micros(1_795_424_400_000_000);
        let token = guard.token(at, "consultation");
        assert_eq!(guard.shown_at(&token, "consultation", at.plus_seconds(60)), Some(at));
        assert_eq!(guard.shown_at(&token, "order", at), None);
        assert_eq!(guard.shown_at(&token, "consultation", at.plus_seconds(13 * 3_600)), None);
        assert_eq!(guard.shown_at(&token, "consultation", at.plus_seconds(-1)), None);
        assert_eq!(Guard::new([8; 32]).shown_at(&token, "consultation", at), None);
        assert_eq!(guard.shown_at("", "consultation", at), None);
    }

    #[test]
    fn foreign_pages_are_refused() {
        let check = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            from_own_page(&headers)
        };
        assert!(check(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(!check(&[("sec-fetch-site", "cross-site")]));
        assert!(!check(&[("sec-fetch-site", "same-site")]));
        assert!(check(&[("host", "a.kz"), ("origin", "https://a.kz")]));
        assert!(!check(&[("host", "a.kz"), ("origin", "https://b.kz")]));
        assert!(check(&[]));
    }
}
