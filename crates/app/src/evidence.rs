//! Evidence: every row of the clause table with its controls, its tests, and a result computed now from
//! this instance. What is not built yet says so.
//!
//! A probe looks at what is stored, never at what ought to be: a planted breach turns its rows red.
//!
//! Clauses: all; C12.2 (evaluation of measures).

mod probes;
mod survey;

use std::collections::BTreeMap;

use model::{ClauseId, Instant, Locale, ProcessingContext};
use policy::Ability;

use crate::{App, Failure};
use survey::Survey;

/// How a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Built, and the probe found nothing against it.
    Kept,
    /// The probe found a breach.
    Broken,
    /// Built only in part: the probe found nothing against the part that is.
    Partly,
    /// Not built yet.
    NotBuilt,
}

impl Standing {
    /// The stable kebab-case code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Broken => "broken",
            Self::Partly => "partly",
            Self::NotBuilt => "not-built",
        }
    }
}

/// One row of the matrix.
#[derive(Clone, Debug, serde::Serialize)]
pub struct EvidenceRow {
    /// The clause or row of the law.
    pub id: ClauseId,
    /// What it obliges to.
    pub obligation: String,
    /// What keeps it.
    pub controls: Vec<String>,
    /// What proves that.
    pub tests: Vec<String>,
    /// How it stands now.
    pub standing: Standing,
    /// The probe that was run.
    pub probe: Option<String>,
    /// What the probe found, without personal data: counts and ids.
    pub findings: Vec<String>,
    /// What brings the missing part.
    pub next: Option<String>,
}

/// The matrix, computed at one instant.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Evidence {
    /// When.
    pub at: Instant,
    /// Version of the policy files.
    pub policy_version: String,
    /// Size of the log it was computed on.
    pub log_size: u64,
    /// Every row, in the order of the clauses.
    pub rows: Vec<EvidenceRow>,
}

impl Evidence {
    /// Whether no row is broken.
    pub fn is_sound(&self) -> bool {
        self.rows.iter().all(|row| row.standing != Standing::Broken)
    }
}

/// Findings listed per probe, at most; the count is always exact.
const FINDINGS_MAX: usize = 20;

/// Computes the matrix. Public: it holds no personal data.
///
/// # Errors
/// Faults of store or keystore.
pub fn compute(app: &App, locale: Locale) -> Result<Evidence, Failure> {
    // Where several nodes share a log, what was acknowledged a moment ago gets its place first.
    app.store().settle()?;
    let survey = Survey::take(app)?;
    let mut results: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut rows = Vec::new();
    for clause in app.policy().clauses() {
        let (mut findings, mut known) = (Vec::new(), false);
        if let Some(check) = &clause.check {
            if !results.contains_key(check.as_str())
                && let Some(found) = probes::run(app, &survey, check)?
            {
                results.insert(check, found);
            }
            if let Some(found) = results.get(check.as_str()) {
                known = true;
                findings.clone_from(found);
            }
        }
        let standing = match (clause.built, known, findings.is_empty()) {
            (_, true, false) => Standing::Broken,
            (true, true, true) => Standing::Kept,
            (false, true, true) => Standing::Partly,
            // A built row without a probe that runs proves nothing.
            (_, false, _) => Standing::NotBuilt,
        };
        let total = findings.len();
        findings.truncate(FINDINGS_MAX);
        if total > FINDINGS_MAX {
            findings.push(format!("and {} more", total - FINDINGS_MAX));
        }
        rows.push(EvidenceRow {
            id: clause.id,
            obligation: clause.text.get(locale).to_owned(),
            controls: clause.controls.clone(),
            tests: clause.tests.clone(),
            standing,
            probe: clause.check.clone(),
            findings,
            next: clause.next.as_ref().map(|texts| texts.get(locale).to_owned()),
        });
    }
    Ok(Evidence {
        at: app.now(),
        policy_version: app.policy().version().to_owned(),
        log_size: survey.entries.len() as u64,
        rows,
    })
}

/// The matrix for the console: only roles with the ability `evidence`.
///
/// # Errors
/// The role's refusal; faults of store or keystore.
pub fn compute_for(app: &App, ctx: &ProcessingContext) -> Result<Evidence, Failure> {
    app.require(ctx, Ability::Evidence)?;
    compute(app, ctx.locale)
}
