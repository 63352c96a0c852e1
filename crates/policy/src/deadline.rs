//! Limits: the strictest of clause, law and GDPR counts; all are shown.
//!
//! Clauses: C16, C17, L7, L9, L11. The numbers are data (`retention.toml`, the legal pack).

use jiff::civil::Date;
use model::{ClauseId, Instant};

use crate::policy::Policy;
use crate::purpose::{StoragePeriod, Unit};
use crate::retention::Authority;

/// Whose limit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LimitSource {
    /// The published policy.
    Clause,
    /// The law.
    Law,
    /// The GDPR.
    Gdpr,
}

impl LimitSource {
    /// The stable kebab-case code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Clause => "clause",
            Self::Law => "law",
            Self::Gdpr => "gdpr",
        }
    }
}

/// One limit of a duty, counted from an event.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DeadlineLine {
    /// Whose limit it is.
    pub source: LimitSource,
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
    /// The last day, in the zone of the calendar.
    #[serde(serialize_with = "as_text")]
    pub due_on: Date,
    /// The instant at which it is over (exclusive).
    pub due_at: Instant,
    /// Whether it is the one that counts.
    pub effective: bool,
    /// The clause, or the row of the legal pack.
    pub rule: ClauseId,
    /// Whether the calendar may still change on the way.
    pub estimate: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde calls")]
fn as_text<S: serde::Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

impl Policy {
    /// The limits of a kind of duty, such as `access`, counted from its event; the strictest first and marked
    /// effective. Empty for a kind that `retention.toml` does not name.
    pub fn deadlines(&self, kind: &str, from: Instant) -> Vec<DeadlineLine> {
        let Some(rule) = self.retention().deadlines.iter().find(|rule| rule.kind == kind) else {
            return Vec::new();
        };
        let clause = rule.clause.iter().map(|limit| {
            (LimitSource::Clause, StoragePeriod { amount: limit.amount, unit: limit.unit }, limit.rule)
        });
        let pack = rule.pack.iter().filter_map(|&id| {
            let limit = self.legal().limit(id)?;
            let source = match limit.authority {
                Authority::Law => LimitSource::Law,
                Authority::Gdpr => LimitSource::Gdpr,
            };
            Some((source, limit.period?, id))
        });
        let mut lines: Vec<DeadlineLine> =
            clause.chain(pack).map(|(source, period, rule)| self.line(source, period, rule, from)).collect();
        lines.sort_by_key(|line| (line.due_at, line.source));
        if let Some(first) = lines.first_mut() {
            first.effective = true;
        }
        lines
    }

    /// When a period that begins at an instant is over (exclusive). Days and months end at midnight in the
    /// zone of the calendar, hours to the microsecond.
    pub fn period_ends_at(&self, period: StoragePeriod, from: Instant) -> Instant {
        self.count(period, from).1
    }

    fn line(
        &self,
        source: LimitSource,
        period: StoragePeriod,
        rule: ClauseId,
        from: Instant,
    ) -> DeadlineLine {
        let (due_on, due_at, estimate) = self.count(period, from);
        let StoragePeriod { amount, unit } = period;
        DeadlineLine { source, amount, unit, due_on, due_at, effective: false, rule, estimate }
    }

    fn count(&self, period: StoragePeriod, from: Instant) -> (Date, Instant, bool) {
        let calendar = self.calendar();
        let start = calendar.almaty_date(from.micros());
        let due = match period.unit {
            Unit::WorkingDays => calendar.add_working_days(start, period.amount),
            Unit::CalendarDays => calendar.add_days(start, period.amount),
            Unit::Months => calendar.add_months(start, period.amount),
            Unit::Hours => {
                let due_at = from.plus_seconds(i64::from(period.amount) * 3600);
                return (calendar.almaty_date(due_at.micros()), due_at, false);
            }
        };
        (due.date, Instant::from_micros(calendar.end_of_day(due.date)), due.estimate)
    }
}
