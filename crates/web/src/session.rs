//! Cookies of sessions. A visitor gets none; a signed-in person gets one, a signed-in operator another.
//!
//! Invariant: a cookie holds a random token and nothing else; it is `HttpOnly`, host-only, and `Secure`
//! with the `__Host-` prefix wherever the site is served over TLS.

use axum::http::{HeaderMap, HeaderValue, header};
use model::Private;

/// How cookies are named and marked on this server.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    secure: bool,
}

/// Whose session a cookie holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person in the account.
    Person,
    /// An operator in the console.
    Operator,
}

impl Cookies {
    /// Cookies for a site served over TLS (`secure`) or in the clear on the own machine.
    pub const fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// Whether the site is served over TLS.
    pub const fn is_secure(self) -> bool {
        self.secure
    }

    /// The cookie's name.
    pub const fn name(self, holder: Holder) -> &'static str {
        match (holder, self.secure) {
            (Holder::Person, true) => "__Host-senim",
            (Holder::Person, false) => "senim",
            (Holder::Operator, true) => "__Host-senim-console",
            (Holder::Operator, false) => "senim-console",
        }
    }

    fn attributes(self, holder: Holder) -> &'static str {
        match (holder, self.secure) {
            (Holder::Person, true) => "Path=/; HttpOnly; SameSite=Lax; Secure",
            (Holder::Person, false) => "Path=/; HttpOnly; SameSite=Lax",
            (Holder::Operator, true) => "Path=/; HttpOnly; SameSite=Strict; Secure",
            (Holder::Operator, false) => "Path=/; HttpOnly; SameSite=Strict",
        }
    }

    /// `Set-Cookie` that begins a session; it ends with the browser, the server ends it earlier.
    ///
    /// # Errors
    /// None in practice: a token is hexadecimal.
    pub fn set(self, holder: Holder, token: &Private<String>) -> Option<HeaderValue> {
        let text = format!("{}={}; {}", self.name(holder), token.expose(), self.attributes(holder));
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// `Set-Cookie` that ends a session.
    pub fn clear(self, holder: Holder) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("{}=; {}; Max-Age=0", self.name(holder), self.attributes(holder))).ok()
    }

    /// The token a request carries, if it has the shape of one.
    pub fn token(self, holder: Holder, headers: &HeaderMap) -> Option<Private<String>> {
        let name = self.name(holder);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
            .filter(|value| value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .map(|value| Private::new(value.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_host_only_and_comes_back() {
        let token = Private::new("ab".repeat(32));
        let cookies = Cookies::new(true);
        let set = cookies.set(Holder::Person, &token).unwrap();
        let text = set.to_str().unwrap();
        for part in ["__Host-senim=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("Domain"));
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            HeaderValue::from_str(&format!("a=b; __Host-senim={}", token.expose())).unwrap(),
        );
        assert_eq!(cookies.token(Holder::Person, &headers).unwrap().expose(), token.expose());
        assert!(cookies.token(Holder::Operator, &headers).is_none());
        headers.insert(header::COOKIE, HeaderValue::from_static("__Host-senim=<script>"));
        assert!(cookies.token(Holder::Person, &headers).is_none());
    }
}
