//! What contradicts itself in a calendar, said so that a lawyer can mend the file.

use std::collections::BTreeSet;

use jiff::civil::Date;
use thiserror::Error;

use super::{Calendar, Day, Standing};

/// One contradiction in a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CalendarProblem {
    /// The version is empty, so deadlines could not say what they were counted with.
    #[error("version is empty: write one that no other calendar has")]
    NoVersion,
    /// No day of the week is left to work.
    #[error("weekend takes all seven days: leave at least one working day")]
    NoWorkingDay,
    /// No year is listed, so every deadline would be an estimate.
    #[error("no [[year]] is listed: list at least the current year")]
    NoYear,
    /// A year is listed twice.
    #[error("year {0} is listed twice: keep one")]
    YearTwice(i16),
    /// A year between two listed years is missing.
    #[error("year {0} is missing between listed years: add it")]
    YearMissing(i16),
    /// The total of a year differs from the published one.
    #[error("year {year}: {counted} working days by the rules, {stated} stated: check holidays and swaps")]
    YearTotal {
        /// The year.
        year: i16,
        /// As written in the file.
        stated: u16,
        /// As counted from the rules.
        counted: u16,
    },
    /// The total of a month differs from the published one.
    #[error(
        "{year}-{month:02}: {counted} working days by the rules, {stated} stated: check holidays and swaps"
    )]
    MonthTotal {
        /// The year.
        year: i16,
        /// 1 to 12.
        month: i8,
        /// As written in the file.
        stated: u16,
        /// As counted from the rules.
        counted: u16,
    },
    /// Two holidays or two sources share an id.
    #[error("id \"{0}\" is used twice: give each its own")]
    IdTwice(String),
    /// A rule names a source that is not listed.
    #[error("source \"{source_id}\" of \"{of}\" is not listed: add a [[source]]")]
    UnknownSource {
        /// The rule.
        of: String,
        /// The missing source.
        source_id: String,
    },
    /// A holiday has neither fixed days nor dates, or both.
    #[error("holiday \"{0}\" needs either days or dates")]
    DaysOrDates(String),
    /// A holiday ends before it begins.
    #[error("holiday \"{0}\" has last_year before first_year: swap them")]
    YearsReversed(String),
    /// A moving holiday has no date, or several, in a listed year.
    #[error("holiday \"{holiday}\" has {count} dates in {year}: give exactly one")]
    DatesInYear {
        /// The holiday.
        holiday: String,
        /// The year.
        year: i16,
        /// How many were found.
        count: usize,
    },
    /// The day to be worked is worked anyway.
    #[error("swap: {0} is a working day already: name a day off")]
    SwapWorked(Date),
    /// The day to be off is off anyway.
    #[error("swap: {0} is a day off already: name a working day")]
    SwapOff(Date),
    /// A day stands in two swaps.
    #[error("swap: {0} stands in two swaps: keep one")]
    SwapTwice(Date),
    /// A swap lies in a year that is not listed.
    #[error("swap: {0} lies in a year that is not listed: add the year")]
    SwapOutside(Date),
    /// A year is called published although a date in it is only estimated.
    #[error(
        "year {year} is published but \"{holiday}\" is still estimated: set the date or call it provisional"
    )]
    PublishedEstimate {
        /// The year.
        year: i16,
        /// The holiday.
        holiday: String,
    },
}

impl CalendarProblem {
    /// A stable kebab-case code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoVersion => "calendar-no-version",
            Self::NoWorkingDay => "calendar-no-working-day",
            Self::NoYear => "calendar-no-year",
            Self::YearTwice(_) => "calendar-year-twice",
            Self::YearMissing(_) => "calendar-year-missing",
            Self::YearTotal { .. } => "calendar-year-total",
            Self::MonthTotal { .. } => "calendar-month-total",
            Self::IdTwice(_) => "calendar-id-twice",
            Self::UnknownSource { .. } => "calendar-unknown-source",
            Self::DaysOrDates(_) => "calendar-days-or-dates",
            Self::YearsReversed(_) => "calendar-years-reversed",
            Self::DatesInYear { .. } => "calendar-dates-in-year",
            Self::SwapWorked(_) => "calendar-swap-worked",
            Self::SwapOff(_) => "calendar-swap-off",
            Self::SwapTwice(_) => "calendar-swap-twice",
            Self::SwapOutside(_) => "calendar-swap-outside",
            Self::PublishedEstimate { .. } => "calendar-published-estimate",
        }
    }
}

impl Calendar {
    /// Everything in the calendar that contradicts itself; empty when it may be used.
    pub fn validate(&self) -> Vec<CalendarProblem> {
        let mut problems = Vec::new();
        if self.file.version.trim().is_empty() {
            problems.push(CalendarProblem::NoVersion);
        }
        let weekend: BTreeSet<i8> =
            self.file.weekend.iter().map(|name| name.weekday().to_monday_one_offset()).collect();
        if weekend.len() >= 7 {
            problems.push(CalendarProblem::NoWorkingDay);
        }
        self.check_years(&mut problems);
        self.check_sources(&mut problems);
        self.check_holidays(&mut problems);
        self.check_swaps(&mut problems);
        problems
    }

    fn check_years(&self, problems: &mut Vec<CalendarProblem>) {
        let mut seen = BTreeSet::new();
        for listed in &self.file.year {
            if !seen.insert(listed.number) {
                problems.push(CalendarProblem::YearTwice(listed.number));
            }
            let counted = self.working_days_by_month(listed.number);
            let total = counted.iter().sum();
            if let Some(stated) = listed.working_days
                && stated != total
            {
                problems.push(CalendarProblem::YearTotal { year: listed.number, stated, counted: total });
            }
            for ((month, counted), stated) in (1..).zip(counted).zip(listed.by_month.into_iter().flatten()) {
                if counted != u16::from(stated) {
                    let stated = stated.into();
                    problems.push(CalendarProblem::MonthTotal {
                        year: listed.number,
                        month,
                        stated,
                        counted,
                    });
                }
            }
        }
        match (seen.first(), seen.last()) {
            (Some(&first), Some(&last)) => {
                let gaps = (first..=last).filter(|year| !seen.contains(year));
                problems.extend(gaps.map(CalendarProblem::YearMissing));
            }
            _ => problems.push(CalendarProblem::NoYear),
        }
    }

    fn check_sources(&self, problems: &mut Vec<CalendarProblem>) {
        let mut known = BTreeSet::new();
        for source in &self.file.source {
            if !known.insert(source.id.as_str()) || source.title.trim().is_empty() {
                problems.push(CalendarProblem::IdTwice(source.id.clone()));
            }
        }
        let of_holidays = self.file.holiday.iter().map(|holiday| (holiday.id.clone(), &holiday.source));
        let of_swaps = self.file.swap.iter().map(|swap| (format!("swap {}", swap.off), &swap.source));
        for (of, source) in of_holidays.chain(of_swaps) {
            if !known.contains(source.as_str()) {
                problems.push(CalendarProblem::UnknownSource { of, source_id: source.clone() });
            }
        }
    }

    fn check_holidays(&self, problems: &mut Vec<CalendarProblem>) {
        let mut ids = BTreeSet::new();
        for holiday in &self.file.holiday {
            let id = || holiday.id.clone();
            if !ids.insert(holiday.id.as_str()) {
                problems.push(CalendarProblem::IdTwice(id()));
            }
            if holiday.days.is_empty() == holiday.dates.is_empty() {
                problems.push(CalendarProblem::DaysOrDates(id()));
            }
            if let (Some(first), Some(last)) = (holiday.first_year, holiday.last_year)
                && last < first
            {
                problems.push(CalendarProblem::YearsReversed(id()));
            }
            if !holiday.days.is_empty() {
                continue;
            }
            for listed in &self.file.year {
                let year = listed.number;
                let due = holiday.first_year.is_none_or(|first| first <= year)
                    && holiday.last_year.is_none_or(|last| year <= last);
                let count = holiday.dates.iter().filter(|announced| announced.on.year() == year).count();
                if due && count != 1 {
                    problems.push(CalendarProblem::DatesInYear { holiday: id(), year, count });
                }
                let estimated = holiday.dates.iter().any(|a| a.estimated && a.on.year() == year);
                if due && estimated && listed.standing == Standing::Published {
                    problems.push(CalendarProblem::PublishedEstimate { year, holiday: id() });
                }
            }
        }
    }

    fn check_swaps(&self, problems: &mut Vec<CalendarProblem>) {
        let mut seen = BTreeSet::new();
        for swap in &self.file.swap {
            for date in [swap.worked, swap.off] {
                if !seen.insert(date) {
                    problems.push(CalendarProblem::SwapTwice(date));
                }
                if !self.tables.contains_key(&date.year()) {
                    problems.push(CalendarProblem::SwapOutside(date));
                }
            }
            let before = |date: Date| self.unswapped(&self.table(date.year()), date);
            if before(swap.worked) == Day::Working {
                problems.push(CalendarProblem::SwapWorked(swap.worked));
            }
            if before(swap.off) != Day::Working {
                problems.push(CalendarProblem::SwapOff(swap.off));
            }
        }
    }

    /// Working days of each month of a year, January first.
    pub fn working_days_by_month(&self, year: i16) -> [u16; 12] {
        let mut counts = [0; 12];
        for (month, count) in (1..).zip(&mut counts) {
            let Ok(first) = Date::new(year, month, 1) else { continue };
            let worked = first.series(jiff::Span::new().days(1)).take_while(|date| date.month() == month);
            *count = worked.map(|date| u16::from(self.is_working(date))).sum();
        }
        counts
    }
}
