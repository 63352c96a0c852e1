//! Unwrapped bucket keys, kept for at most 60 seconds and never more than a few thousand.
//!
//! Invariant: a key is found only by the very bytes that wrap it, so a renewed bucket never meets its old
//! key; expiry goes by the clock given, and a clock that stepped back expires everything.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use model::Instant;

use crate::bucket::WrappedBucket;
use crate::secret::Secret;

/// How long an unwrapped key may stay, in seconds (DESIGN §2b).
pub const KEEP_SECONDS: i64 = 60;
/// How many may stay: one million subjects' buckets.
const CAPACITY: usize = 4096;

#[derive(Default)]
pub struct Cache {
    keys: HashMap<Arc<WrappedBucket>, Arc<Secret>>,
    /// By instant of unwrapping: the first to expire is in front.
    order: VecDeque<(Instant, Arc<WrappedBucket>)>,
}

impl Cache {
    pub fn get(&mut self, row: &WrappedBucket, now: Instant) -> Option<Arc<Secret>> {
        self.expire(now);
        self.keys.get(row).cloned()
    }

    pub fn put(&mut self, row: &WrappedBucket, key: Arc<Secret>, now: Instant) {
        self.expire(now);
        if self.keys.contains_key(row) {
            return; // another thread unwrapped it meanwhile; its instant stands
        }
        while self.order.len() >= CAPACITY {
            self.drop_oldest();
        }
        let row = Arc::new(row.clone());
        self.keys.insert(Arc::clone(&row), key);
        self.order.push_back((now, row));
    }

    pub fn expire(&mut self, now: Instant) {
        if self.order.back().is_some_and(|(youngest, _)| *youngest > now) {
            self.clear();
        }
        while self.order.front().is_some_and(|(oldest, _)| oldest.plus_seconds(KEEP_SECONDS) <= now) {
            self.drop_oldest();
        }
    }

    pub fn clear(&mut self) {
        self.keys.clear();
        self.order.clear();
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    fn drop_oldest(&mut self) {
        if let Some((_, row)) = self.order.pop_front() {
            self.keys.remove(&row);
        }
    }
}
