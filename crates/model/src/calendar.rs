//! The business calendar: which days are worked, and on which day a limit ends.
//!
//! Invariant: no holiday, swap, weekend or zone is known to this code. All of it is data
//! (`policy/calendar.kz.toml`) that a lawyer changes, and every answer names the version it was counted with.
//!
//! Counting follows the Civil Code (Art. 172–177): the day of the event is not counted, the last day ends at its
//! midnight. A limit in working days therefore ends on a working day by itself; a limit in calendar days or months
//! is never extended over a weekend, which is the stricter reading for our own duties.
//! Arithmetic stops at the last day that can be written (9999-12-31) and then says `estimate`.
//!
//! Clauses: C16, C17.

mod check;
mod read;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use serde::Deserialize;

pub use check::CalendarProblem;
use read::CalendarFile;
pub use read::{CalendarFault, CalendarOverride};
use table::{Table, Walker};

/// A calendar: rules, years, swaps and the zone, read from a file; immutable afterwards.
///
/// Reading checks only what cannot be represented (a date that does not exist, an unknown zone);
/// [`Calendar::validate`] finds what contradicts itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "CalendarFile")]
pub struct Calendar {
    file: CalendarFile,
    zone: TimeZone,
    /// Days off of each listed year, computed once; other years are computed when asked.
    tables: BTreeMap<i16, Table>,
}

/// The last day of a limit, with what it was counted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The last day of the limit in the calendar's zone; the limit ends at the midnight that ends this day.
    pub date: Date,
    /// Version of the calendar that gave this date; another version may give another date.
    pub calendar_version: String,
    /// True if a day on the way lies in a year that is not settled, or near a holiday whose date may still move.
    pub estimate: bool,
}

/// What a day is, and by which rule: the "why" behind a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day<'c> {
    /// An ordinary working day.
    Working,
    /// A day off that is worked in exchange for another day.
    WorkedBySwap(&'c Swap),
    /// An ordinary day off of the week.
    Weekend,
    /// A holiday of its own, on any day of the week.
    Holiday(&'c Holiday),
    /// Off because a holiday fell on a weekend before it.
    CarriedOver {
        /// The holiday that fell on a weekend.
        holiday: &'c Holiday,
        /// The weekend day it fell on.
        from: Date,
    },
    /// A working day that is off in exchange for another day.
    OffBySwap(&'c Swap),
}

/// One holiday: fixed days of every year, or one date for each year.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// Stable kebab-case name.
    pub id: String,
    /// Its name in the languages of the pages.
    pub name: Names,
    /// Days that come every year.
    #[serde(default)]
    pub days: Vec<YearDay>,
    /// Dates announced year by year.
    #[serde(default)]
    pub dates: Vec<Announced>,
    /// First year it counts (included).
    pub first_year: Option<i16>,
    /// Last year it counts (included).
    pub last_year: Option<i16>,
    /// Whether a weekend gives it back as the next working day.
    pub carried: bool,
    /// How many days an estimated date may still move, either way.
    #[serde(default)]
    pub moves_by_days: u8,
    /// Id of the source it was read in.
    pub source: String,
}

/// A name in three languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Russian.
    pub ru: String,
    /// Kazakh.
    pub kk: String,
    /// English.
    pub en: String,
}

/// A month and a day, written `MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct YearDay {
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31; 29 February counts in leap years only.
    pub day: i8,
}

/// The date of a moving holiday in one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announced {
    /// The date.
    #[serde(deserialize_with = "read::date")]
    pub on: Date,
    /// True until the date is announced.
    #[serde(default)]
    pub estimated: bool,
}

/// A day off that is worked and the working day that is off for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swap {
    /// The day off that is worked.
    #[serde(deserialize_with = "read::date")]
    pub worked: Date,
    /// The working day that is off.
    #[serde(deserialize_with = "read::date")]
    pub off: Date,
    /// Id of the source it was read in.
    pub source: String,
}

/// How settled a year is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Settled: a deadline in it is final.
    Published,
    /// The rules are known, a swap may still be ordered.
    Provisional,
    /// Computed ahead. Years that are not listed are treated so too.
    Estimate,
}

impl Calendar {
    /// The version that every [`Due`] carries.
    pub fn version(&self) -> &str {
        &self.file.version
    }

    /// The day up to which the sources were read.
    pub fn checked_until(&self) -> Date {
        self.file.checked_until
    }

    /// The name of the zone, as in the time-zone database.
    pub fn zone_name(&self) -> &str {
        &self.file.zone
    }

    /// How settled a year is; a year that is not listed is an estimate.
    pub fn standing(&self, year: i16) -> Standing {
        self.file.year.iter().find(|y| y.number == year).map_or(Standing::Estimate, |y| y.standing)
    }

    /// What a day is, and by which rule.
    pub fn day(&self, date: Date) -> Day<'_> {
        self.day_in(&self.table(date.year()), date)
    }

    /// Whether a day is worked.
    pub fn is_working(&self, date: Date) -> bool {
        matches!(self.day(date), Day::Working | Day::WorkedBySwap(_))
    }

    /// The last day of a limit of `n` working days after an event on `from`, which is not counted.
    ///
    /// `n = 0` is the day of the event, or the next working day if that one is not worked.
    pub fn add_working_days(&self, from: Date, n: u32) -> Due {
        let mut walker = Walker::new(self, from);
        let mut left = n;
        let mut date = from;
        if n == 0 && !walker.is_working(from) {
            left = 1;
        }
        while left > 0 {
            let Ok(next) = date.tomorrow() else {
                return self.due(date, true);
            };
            date = next;
            if walker.is_working(date) {
                left -= 1;
            }
        }
        let first = if n == 0 { from } else { from.tomorrow().unwrap_or(from) };
        self.due(date, self.is_estimate(first, date))
    }

    /// The last day of a limit of `n` calendar days; not extended over a weekend, so never an estimate.
    pub fn add_days(&self, from: Date, n: u32) -> Due {
        self.after(from, Span::new().try_days(i64::from(n)))
    }

    /// The last day of a limit of `n` months: the same day number, else the last day of that month; not extended.
    pub fn add_months(&self, from: Date, n: u32) -> Due {
        self.after(from, Span::new().try_months(i64::from(n)))
    }

    /// How many working days lie after `a` up to and including `b`; negative when `b` is before `a`.
    ///
    /// It undoes [`Calendar::add_working_days`]: "days left" is the distance from today to the last day.
    pub fn working_days_between(&self, a: Date, b: Date) -> i32 {
        let (mut date, last, sign) = if a <= b { (a, b, 1) } else { (b, a, -1) };
        let mut walker = Walker::new(self, date);
        let mut count = 0;
        while date < last {
            let Ok(next) = date.tomorrow() else { break };
            date = next;
            count += i32::from(walker.is_working(date));
        }
        count * sign
    }

    /// The last working day strictly before `date`: when to warn about a limit that ends on `date`.
    pub fn last_working_day_before(&self, date: Date) -> Date {
        let mut walker = Walker::new(self, date);
        let mut date = date;
        while let Ok(previous) = date.yesterday() {
            date = previous;
            if walker.is_working(date) {
                break;
            }
        }
        date
    }

    /// The date in the calendar's zone at an instant in microseconds UTC; an instant out of range gives the
    /// nearest date that can be written.
    pub fn almaty_date(&self, at_micros: i64) -> Date {
        Timestamp::from_microsecond(at_micros)
            .map_or(if at_micros < 0 { Date::MIN } else { Date::MAX }, |instant| {
                self.zone.to_datetime(instant).date()
            })
    }

    /// The instant, in microseconds UTC, at which a date has ended (exclusive): the midnight after it.
    pub fn end_of_day(&self, date: Date) -> i64 {
        let midnight = date.tomorrow().ok().and_then(|next| self.zone.to_timestamp(next.at(0, 0, 0, 0)).ok());
        midnight.unwrap_or(Timestamp::MAX).as_microsecond()
    }

    /// The same clock time on the next working day, in microseconds UTC: the target of a limit of one working day
    /// "from the moment" of an event; its hard stop is [`Calendar::end_of_day`] of that day.
    pub fn same_time_next_working_day(&self, at_micros: i64) -> i64 {
        let Ok(instant) = Timestamp::from_microsecond(at_micros) else {
            return at_micros;
        };
        let local = self.zone.to_datetime(instant);
        let date = self.add_working_days(local.date(), 1).date;
        self.zone.to_timestamp(date.to_datetime(local.time())).unwrap_or(Timestamp::MAX).as_microsecond()
    }

    fn after(&self, from: Date, span: Result<Span, jiff::Error>) -> Due {
        match span.and_then(|span| from.checked_add(span)) {
            Ok(date) => self.due(date, false),
            Err(_) => self.due(Date::MAX, true),
        }
    }

    fn due(&self, date: Date, estimate: bool) -> Due {
        Due { date, calendar_version: self.file.version.clone(), estimate }
    }

    /// Whether a count over `first..=last` rests on anything that may still change.
    fn is_estimate(&self, first: Date, last: Date) -> bool {
        let unsettled = (first.year()..=last.year()).any(|year| self.standing(year) != Standing::Published);
        unsettled
            || self.file.holiday.iter().any(|holiday| {
                let slack = i32::from(holiday.moves_by_days).days();
                holiday.dates.iter().any(|announced| {
                    announced.estimated
                        && announced.on.saturating_add(slack) >= first
                        && announced.on.saturating_sub(slack) <= last
                })
            })
    }
}
