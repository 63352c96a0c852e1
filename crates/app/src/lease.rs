//! The lease of the keys: on a database that several nodes share, one of them rotates at a time.
//!
//! Who holds it changes its value every few seconds. Who wants it takes it when it is free, or when its value has
//! stood still for [`LEASE`] on the own monotonic clock: no clock of one node is ever compared with another's.
//!
//! Invariant: the lease is only moved by compare-and-swap, and what must happen under it asks for it again in the
//! same transaction ([`Fence`]); so a node that slept through the end of its lease changes nothing.
//!
//! Clauses: C17.4; DESIGN §2b, RELIABILITY §2 "Time".

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use store::tables::meta;
use store::{Fault, Tx};

use crate::{App, Failure};

/// The conflict of who comes while another node rotates.
pub const ELSEWHERE: &str = "keys-rotate-on-another-node";
/// Where it stands.
const KEY: &str = "key-rotation";
/// How long a value stands still before its holder is taken to be gone.
pub const LEASE: Duration = Duration::from_secs(15);
/// How often the holder changes it.
const BEAT: Duration = Duration::from_secs(3);

/// What this process saw of somebody else's lease, and since when.
#[derive(Default)]
pub(crate) struct Watch(Mutex<Option<(Vec<u8>, Instant)>>);

impl Watch {
    /// Whether this value has stood still for as long as a lease lasts.
    fn is_stale(&self, value: &[u8], now: Instant) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*seen {
            Some((same, since)) if same == value => now.duration_since(*since) >= LEASE,
            _ => {
                *seen = Some((value.to_vec(), now));
                false
            }
        }
    }
}

/// The lease, held; given back when dropped.
pub(crate) struct Lease<'a> {
    app: &'a App,
    /// Who (16 bytes, drawn for each lease) and the number of the beat; `None` where this process is alone.
    value: Option<Vec<u8>>,
    beaten: Instant,
}

impl<'a> Lease<'a> {
    /// Takes it, unless another node holds it.
    pub(crate) fn take(app: &'a App) -> Result<Option<Self>, Failure> {
        let now = Instant::now();
        if app.store().is_alone() {
            return Ok(Some(Self { app, value: None, beaten: now }));
        }
        let found = app.store().read(|tx| meta::get(tx, KEY))?;
        if let Some(value) = &found
            && !app.watch().is_stale(value, now)
        {
            return Ok(None);
        }
        let who: [u8; 16] = model::platform::random(app.entropy());
        let value = [&who[..], &0_u64.to_be_bytes()].concat();
        let to = value.clone();
        let is_mine = app.store().write(move |tx| meta::swap(tx, KEY, found.as_deref(), Some(&to)))?;
        Ok(is_mine.then_some(Self { app, value: Some(value), beaten: now }))
    }

    /// Says that this node is still at it, when that is due.
    ///
    /// # Errors
    /// [`lost`] when it took so long that another node took over.
    pub(crate) fn beat(&mut self) -> Result<(), Failure> {
        let now = Instant::now();
        let Some(value) = self.value.as_ref().filter(|_| now.duration_since(self.beaten) >= BEAT) else {
            return Ok(());
        };
        let mut next = value.clone();
        let (_, number) = next.split_at_mut(16);
        let beat = u64::from_be_bytes((&*number).try_into().unwrap_or_default()).wrapping_add(1);
        number.copy_from_slice(&beat.to_be_bytes());
        let (from, to) = (value.clone(), next.clone());
        let is_mine = self.app.store().write(move |tx| meta::swap(tx, KEY, Some(&from), Some(&to)))?;
        if !is_mine {
            return Err(lost());
        }
        self.value = Some(next);
        self.beaten = now;
        Ok(())
    }

    /// What asks for it again, in a transaction.
    pub(crate) fn fence(&self) -> Fence {
        Fence(self.value.clone())
    }
}

/// Asks for a lease in a transaction, and holds it until that ends.
#[derive(Clone)]
pub(crate) struct Fence(Option<Vec<u8>>);

impl Fence {
    /// For what needs no lease.
    pub(crate) const OPEN: Self = Self(None);

    /// # Errors
    /// [`Fault::Rollback`] when it is no longer held.
    pub(crate) fn check(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        match &self.0 {
            Some(value) => meta::hold(tx, KEY, value),
            None => Ok(()),
        }
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let Some(value) = self.value.take() else { return };
        // If this fails the next one waits for as long as a lease lasts.
        let _ = self.app.store().write(move |tx| meta::swap(tx, KEY, Some(&value), None));
    }
}

/// Another node rotates, or took over.
pub(crate) const fn lost() -> Failure {
    Failure::Conflict(ELSEWHERE)
}

/// A failure as [`lost`], if it is that.
pub(crate) fn lost_or(fault: Fault) -> Failure {
    if matches!(fault, Fault::Rollback(meta::MOVED)) { lost() } else { fault.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_value_that_stood_still_for_the_whole_lease_is_stale() {
        let watch = Watch::default();
        let begin = Instant::now();
        let after = |seconds| begin + Duration::from_secs(seconds);
        assert!(!watch.is_stale(b"one", begin), "seen for the first time");
        assert!(!watch.is_stale(b"one", after(14)));
        assert!(!watch.is_stale(b"two", after(15)), "it moved");
        assert!(!watch.is_stale(b"two", after(29)));
        assert!(watch.is_stale(b"two", after(30)));
    }
}
