//! What every handler shares: the use cases, the words, the limits, the metrics. Cheap to clone.

use std::sync::Arc;

use app::{App, Failure};
use model::{Instant, Locale};
use tokio::sync::oneshot;

use crate::answer::Trouble;
use crate::csrf::Guard;
use crate::i18n::Text;
use crate::limit::Limits;
use crate::metrics::Metrics;
use crate::{dates, session};

/// The state of the web layer.
#[derive(Clone)]
pub struct Web {
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    secure_cookies: bool,
    guard: Guard,
    limits: Limits,
    metrics: Metrics,
    evidence: crate::pages::EvidenceCache,
}

impl Web {
    /// Wires the state; `key` is 32 random bytes of this process, for form tokens and rate limits.
    pub fn new(app: App, secure_cookies: bool, key: [u8; 32]) -> Self {
        Self {
            inner: Arc::new(Inner {
                app,
                secure_cookies,
                guard: Guard::new(key),
                limits: Limits::new(key),
                metrics: Metrics::new(),
                evidence: crate::pages::EvidenceCache::default(),
            }),
        }
    }

    /// The use cases, for what answers from memory; anything that reads the store goes through [`Web::call`].
    pub fn app(&self) -> &App {
        &self.inner.app
    }
    /// Tokens of forms and the check of their origin.
    pub fn guard(&self) -> &Guard {
        &self.inner.guard
    }
    /// Rate limits.
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }
    /// Counters.
    pub fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }
    /// The last evidence matrix of each language.
    pub(crate) fn evidence(&self) -> &crate::pages::EvidenceCache {
        &self.inner.evidence
    }
    /// How cookies are named and marked here.
    pub fn cookies(&self) -> session::Cookies {
        session::Cookies::new(self.inner.secure_cookies)
    }

    /// Runs a use case on the blocking pool: the one way from a handler to the store.
    ///
    /// # Errors
    /// What the use case says; [`Trouble::Internal`] when it panicked.
    pub async fn call<R, F>(&self, act: F) -> Result<R, Trouble>
    where
        R: Send + 'static,
        F: FnOnce(&App) -> Result<R, Failure> + Send + 'static,
    {
        let app = self.inner.app.clone();
        match tokio::task::spawn_blocking(move || act(&app)).await {
            Ok(done) => done.map_err(Trouble::from),
            Err(_) => Err(Trouble::Internal),
        }
    }

    /// Runs a use case that answers by a way back, without a thread that waits for it where the store allows that.
    ///
    /// # Errors
    /// As [`Web::call`].
    pub async fn call_then<R, F>(&self, act: F) -> Result<R, Trouble>
    where
        R: Send + 'static,
        F: FnOnce(&App, Box<dyn FnOnce(Result<R, Failure>) + Send>) + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        // Who asked may have gone away; what is committed stands all the same.
        let done = Box::new(move |outcome| drop(reply.send(outcome)));
        if self.inner.app.answers_later() {
            act(&self.inner.app, done);
        } else {
            let app = self.inner.app.clone();
            tokio::task::spawn_blocking(move || act(&app, done));
        }
        answer.await.map_err(|_| Trouble::Internal)?.map_err(Trouble::from)
    }

    /// The civil time of an instant where the calendar stands.
    pub fn local(&self, at: Instant) -> jiff::civil::DateTime {
        dates::local(at, self.app().policy().calendar().zone_name())
    }
    /// `2 декабря 2026`.
    pub fn date(&self, t: Text, at: Instant) -> String {
        dates::date(t, self.local(at).date())
    }
    /// `2 декабря 2026, 14:05`.
    pub fn date_time(&self, t: Text, at: Instant) -> String {
        dates::date_time(t, self.local(at))
    }
    /// The published name of the controller.
    pub fn company(&self, locale: Locale) -> String {
        self.app().policy().controller().name.get(locale).to_owned()
    }
}
