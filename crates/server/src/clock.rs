//! The wall clock, the rehearsal clock, and the clock that stands still. None ever runs backwards.
//!
//! The largest instant seen is kept in the database and handed back at the next start, so that a clock set
//! back never makes an expired consent live again (RELIABILITY §2 "Time").

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};

use model::{Clock, Instant};

use crate::files;

/// The largest instant shown so far.
#[derive(Debug, Default)]
struct Largest(AtomicI64);

impl Largest {
    /// The later of this instant and all before.
    fn raise(&self, to: Instant) -> Instant {
        Instant::from_micros(self.0.fetch_max(to.micros(), Ordering::SeqCst).max(to.micros()))
    }
}

/// A clock that can be told what was seen before it began.
pub trait Resumable: Clock {
    /// From here on never earlier than this.
    fn not_before(&self, seen: Instant);
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock(Largest);

impl SystemClock {
    /// The machine's clock.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    fn now(&self) -> Instant {
        self.0.raise(Instant::from_micros(jiff::Timestamp::now().as_microsecond()))
    }
}

impl Resumable for SystemClock {
    fn not_before(&self, seen: Instant) {
        self.0.raise(seen);
    }
}

/// A clock that reads an RFC 3339 instant from a file at each look.
#[derive(Debug)]
pub struct RehearsalClock {
    file: PathBuf,
    largest: Largest,
    /// The last earlier instant reported, so that each is reported once.
    reported: AtomicI64,
}

impl RehearsalClock {
    /// The clock of this file.
    ///
    /// # Errors
    /// When the file does not hold an instant now.
    pub fn new(file: &Path) -> anyhow::Result<Self> {
        let clock =
            Self { file: file.to_owned(), largest: Largest::default(), reported: AtomicI64::new(i64::MIN) };
        let first = clock.look().ok_or_else(|| {
            anyhow::anyhow!("{}: holds no RFC 3339 instant, such as 2026-11-23T09:00:00Z", file.display())
        })?;
        clock.largest.raise(first);
        Ok(clock)
    }

    fn look(&self) -> Option<Instant> {
        files::read_text(&self.file).ok()?.trim().parse().ok()
    }
}

impl Clock for RehearsalClock {
    fn now(&self) -> Instant {
        let seen = self.look().unwrap_or_default();
        let now = self.largest.raise(seen);
        if seen < now
            && seen != Instant::default()
            && self.reported.swap(seen.micros(), Ordering::SeqCst) != seen.micros()
        {
            tracing::warn!(code = "rehearsal-clock-backwards", asked = %seen, kept = %now, "the rehearsal clock never runs backwards");
        }
        now
    }
}

impl Resumable for RehearsalClock {
    fn not_before(&self, seen: Instant) {
        self.largest.raise(seen);
    }
}

/// Stands where a rehearsal was left: for commands on a rehearsal's folder whose server is down.
#[derive(Debug, Default)]
pub struct StandingClock(Largest);

impl Clock for StandingClock {
    fn now(&self) -> Instant {
        self.0.raise(Instant::default())
    }
}

impl Resumable for StandingClock {
    fn not_before(&self, seen: Instant) {
        self.0.raise(seen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::scratch::Scratch;

    fn instant(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn the_machine_clock_never_runs_backwards() {
        let clock = SystemClock::new();
        let first = clock.now();
        assert!(clock.now() >= first);
        let later = first.plus_seconds(3600);
        clock.not_before(later);
        assert!(clock.now() >= later, "what was seen before the start still holds");
    }

    #[test]
    fn the_rehearsal_clock_follows_its_file_but_not_back() {
        let scratch = Scratch::new();
        let file = scratch.path().join("now");
        files::replace(&file, b"2026-11-23T09:00:00Z\n").unwrap();
        let clock = RehearsalClock::new(&file).unwrap();
        assert_eq!(clock.now(), instant("2026-11-23T09:00:00Z"));
        files::replace(&file, b"2026-11-26T09:00:00+05:00").unwrap();
        assert_eq!(clock.now(), instant("2026-11-26T04:00:00Z"));
        files::replace(&file, b"2026-11-01T00:00:00Z").unwrap();
        assert_eq!(clock.now(), instant("2026-11-26T04:00:00Z"), "an earlier instant is refused");
        files::replace(&file, b"tomorrow").unwrap();
        assert_eq!(clock.now(), instant("2026-11-26T04:00:00Z"), "an unreadable file keeps the last instant");
        files::remove(&file).unwrap();
        assert_eq!(clock.now(), instant("2026-11-26T04:00:00Z"));
        assert!(RehearsalClock::new(&file).is_err());
    }
}
