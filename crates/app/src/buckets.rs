//! Open buckets: each submission takes one to itself for as long as it writes, so that submissions at the same
//! moment never wait for one another's key row, and none is read from storage.
//!
//! Invariants: a bucket is filled by one process, which counts its members; one whose epoch ended is not lent
//! again, whichever node ended it, and whether it still stands is asked again in the transaction
//! (`key_buckets::hold`).

use std::sync::{Mutex, PoisonError};

use model::{BucketId, Instant};
use store::tables::{key_buckets, key_epochs};
use vault::WrappedBucket;

use crate::{App, Failure, held};

/// The buckets that nobody is filling at this moment.
#[derive(Default)]
pub(crate) struct Buckets {
    free: Mutex<Free>,
}

#[derive(Default)]
struct Free {
    open: Vec<Open>,
    /// Whether the bucket that an earlier run left with room was taken up.
    took_up: bool,
}

struct Open {
    bucket: WrappedBucket,
    members: u32,
    is_stored: bool,
}

/// A bucket on loan; it goes back when dropped.
pub(crate) struct Lease<'a> {
    app: &'a App,
    open: Option<Open>,
    pub bucket: WrappedBucket,
    /// It is not stored yet: the first unit that uses it stores it.
    pub is_new: bool,
}

impl App {
    /// A bucket with room for one more subject.
    pub(crate) fn lease_bucket(&self, at: Instant) -> Result<Lease<'_>, Failure> {
        let open = loop {
            match self.buckets().take() {
                None => break self.take_up_bucket(at)?,
                Some(open) if self.vault().opens_bucket(&open.bucket)? => break open,
                // Its epoch ended while it lay here.
                Some(_) => {}
            }
        };
        let (bucket, is_new) = (open.bucket.clone(), !open.is_stored);
        Ok(Lease { app: self, open: Some(open), bucket, is_new })
    }

    /// The newest bucket of an earlier run, once; else a new one.
    fn take_up_bucket(&self, at: Instant) -> Result<Open, Failure> {
        let (epoch, newest) = self.store().read(|tx| {
            let epoch = key_epochs::current(tx)?;
            Ok((epoch, key_buckets::newest(tx)?))
        })?;
        let epoch = epoch.ok_or(Failure::Conflict("no-key-epoch"))?.epoch;
        if self.buckets().is_first()
            && let Some((row, members)) = newest
            && row.epoch == epoch
            && members < key_buckets::MEMBERS_MAX
        {
            return Ok(Open { bucket: held::bucket_of(&row), members, is_stored: true });
        }
        let bucket = self.vault().new_bucket(epoch, BucketId::new(at, self.entropy()), self.entropy())?;
        Ok(Open { bucket, members: 0, is_stored: false })
    }
}

impl Buckets {
    fn take(&self) -> Option<Open> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).open.pop()
    }

    fn drop_until(&self, epoch: u32) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.open.retain(|open| open.bucket.epoch > epoch);
    }

    fn is_first(&self) -> bool {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        !std::mem::replace(&mut free.took_up, true)
    }
}

impl Lease<'_> {
    /// A subject was put in, durably.
    pub fn filled(mut self) {
        self.open = self.open.take().map(|open| Open { members: open.members + 1, is_stored: true, ..open });
    }

    /// It no longer stands in its epoch, or nobody knows: neither it nor another of its epoch is used again.
    pub fn discard(mut self) {
        self.open = None;
        self.app.buckets().drop_until(self.bucket.epoch);
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(open) = self.open.take().filter(|open| open.members < key_buckets::MEMBERS_MAX) {
            self.app.buckets().free.lock().unwrap_or_else(PoisonError::into_inner).open.push(open);
        }
    }
}
