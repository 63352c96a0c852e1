//! Rate limits in memory: how often something was tried under a keyed hash that changes every day.
//!
//! Invariant: no address, contact or secret is kept, here or anywhere: only a hash under a key that lives in
//! this process and is replaced daily, so that yesterday's hashes mean nothing (C15).
//! Clauses: C15.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest as _, Sha256};

/// What is limited: how many tries in which window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Sign-in codes asked for one contact.
    CodeRequest,
    /// Codes and secrets tried, per contact.
    SignIn,
    /// Secrets tried, all together.
    SignInOverall,
    /// Sign-ins tried from one place.
    SignInVisitor,
    /// Numbers of requests looked up from one place.
    StatusVisitor,
    /// Numbers of requests looked up, all together.
    StatusOverall,
    /// Forms sent from one place.
    Submission,
    /// Operators' sign-ins, per login.
    OperatorSignIn,
    /// Operators' sign-ins, all together.
    OperatorSignInOverall,
    /// Calls of the interface, per key.
    ApiKey,
    /// Lookups and reads of persons over the interface, per key.
    ApiLook,
    /// Lookups in the console, per operator.
    OperatorLook,
}

impl Kind {
    const fn budget(self) -> (u32, Duration) {
        match self {
            Self::CodeRequest => (5, Duration::from_mins(15)),
            Self::SignIn | Self::OperatorSignIn => (10, Duration::from_mins(15)),
            Self::SignInVisitor | Self::StatusVisitor => (30, Duration::from_mins(15)),
            Self::SignInOverall | Self::StatusOverall => (600, Duration::from_mins(1)),
            Self::OperatorSignInOverall | Self::Submission => (60, Duration::from_mins(1)),
            // A gate is asked thousands of times a second; one record after another is not read at that rate.
            Self::ApiKey => (1_500_000, Duration::from_mins(1)),
            Self::ApiLook => (30_000, Duration::from_mins(1)),
            Self::OperatorLook => (120, Duration::from_mins(1)),
        }
    }
}

/// Most hashes kept; above it the oldest windows go first.
const ROWS_MAX: usize = 100_000;
const DAY: Duration = Duration::from_hours(24);

#[derive(Clone, Copy)]
struct Window {
    began: Instant,
    tries: u32,
}

struct Inner {
    key: [u8; 32],
    since: Instant,
    windows: HashMap<(Kind, [u8; 16]), Window>,
}

/// All limits of this process.
pub struct Limits {
    inner: Mutex<Inner>,
}

impl Limits {
    /// Empty, under a key of this process.
    pub fn new(key: [u8; 32]) -> Self {
        let key = Sha256::new().chain_update(b"senim/limits/v1").chain_update(key).finalize().into();
        Self { inner: Mutex::new(Inner { key, since: Instant::now(), windows: HashMap::new() }) }
    }

    /// Counts one try.
    ///
    /// # Errors
    /// The seconds to wait when the budget of this window is spent.
    pub fn take(&self, kind: Kind, who: &[u8]) -> Result<(), u64> {
        self.take_at(kind, who, Instant::now())
    }

    fn take_at(&self, kind: Kind, who: &[u8], now: Instant) -> Result<(), u64> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(inner.since) >= DAY {
            inner.key = Sha256::new().chain_update(b"next").chain_update(inner.key).finalize().into();
            inner.windows.clear();
            inner.since = now;
        }
        if inner.windows.len() >= ROWS_MAX {
            inner.windows.retain(|(kind, _), window| now.duration_since(window.began) < kind.budget().1);
            if inner.windows.len() >= ROWS_MAX {
                inner.windows.clear();
            }
        }
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&inner.key) else { return Ok(()) };
        mac.update(who);
        let full: [u8; 32] = mac.finalize().into_bytes().into();
        let mut hash = [0; 16];
        hash.copy_from_slice(&full[..16]);
        let (budget, length) = kind.budget();
        let window = inner.windows.entry((kind, hash)).or_insert(Window { began: now, tries: 0 });
        let age = now.duration_since(window.began);
        if age >= length {
            *window = Window { began: now, tries: 0 };
        }
        if window.tries >= budget {
            return Err(length.saturating_sub(age).as_secs().max(1));
        }
        window.tries += 1;
        Ok(())
    }
}

/// Where a visitor comes from, coarse: the address, or the /64 of IPv6. Behind a proxy on the own machine
/// its word counts. Used for the hash above and nothing else; `None` when nothing is known.
pub fn visitor(peer: Option<SocketAddr>, headers: &HeaderMap) -> Option<Vec<u8>> {
    let peer = peer?.ip();
    let address = if peer.is_loopback() {
        let forwarded = headers.get("x-forwarded-for")?.to_str().ok()?;
        forwarded.rsplit(',').next()?.trim().parse::<IpAddr>().ok()?
    } else {
        peer
    };
    Some(match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets()[..8].to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_spent_and_comes_back() {
        let limits = Limits::new([1; 32]);
        let start = Instant::now();
        for _ in 0..5 {
            assert_eq!(limits.take_at(Kind::CodeRequest, b"a", start), Ok(()));
        }
        assert!(limits.take_at(Kind::CodeRequest, b"a", start).is_err());
        assert_eq!(limits.take_at(Kind::CodeRequest, b"b", start), Ok(()));
        assert_eq!(limits.take_at(Kind::CodeRequest, b"a", start + Duration::from_secs(901)), Ok(()));
        assert_eq!(limits.take_at(Kind::SignIn, b"a", start + DAY), Ok(()));
        assert_eq!(limits.inner.lock().unwrap().windows.len(), 1, "a new day forgets");
    }

    #[test]
    fn a_proxy_on_this_machine_is_believed_and_nobody_else() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "203.0.113.9".parse().unwrap());
        let from = |peer: &str| visitor(Some(peer.parse().unwrap()), &headers);
        assert_eq!(from("127.0.0.1:1"), Some(vec![203, 0, 113, 9]));
        assert_eq!(from("198.51.100.1:1"), Some(vec![198, 51, 100, 1]));
        assert_eq!(visitor(None, &headers), None);
    }
}
