//! The days off of one year, computed from the rules.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Calendar, Day, Holiday};

/// Days of one year that a holiday takes, with the holiday's place in the file.
pub(super) type Table = BTreeMap<Date, Off>;

/// Why a day is off, apart from weekends and swaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Off {
    Holiday(usize),
    Carried { holiday: usize, from: Date },
}

impl Holiday {
    /// The dates it takes in one year.
    pub(super) fn dates_in(&self, year: i16) -> impl Iterator<Item = Date> + '_ {
        let counts = self.first_year.is_none_or(|first| first <= year)
            && self.last_year.is_none_or(|last| year <= last);
        let fixed = self.days.iter().filter_map(move |day| Date::new(year, day.month, day.day).ok());
        let announced = self.dates.iter().map(|announced| announced.on).filter(move |on| on.year() == year);
        fixed.chain(announced).filter(move |_| counts)
    }
}

impl Calendar {
    /// The table of a year: the kept one, or one computed now for a year that is not listed.
    pub(super) fn table(&self, year: i16) -> Cow<'_, Table> {
        self.tables.get(&year).map_or_else(|| Cow::Owned(self.compute_table(year)), Cow::Borrowed)
    }

    /// Holidays, then the chain: each carried holiday on a weekend takes the next day that is still worked, in the
    /// order of the year. The year before is looked at too, because a chain may cross New Year.
    pub(super) fn compute_table(&self, year: i16) -> Table {
        let mut days = Table::new();
        let mut to_carry = Vec::new();
        for year in year.saturating_sub(1)..=year {
            for (index, holiday) in self.file.holiday.iter().enumerate() {
                for on in holiday.dates_in(year) {
                    days.insert(on, Off::Holiday(index));
                    if holiday.carried && self.is_weekend(on) {
                        to_carry.push((on, index));
                    }
                }
            }
        }
        to_carry.sort_unstable();
        // Two holidays on one weekend day are still one day lost.
        to_carry.dedup_by_key(|(on, _)| *on);
        for (from, holiday) in to_carry {
            let mut date = from;
            while let Ok(next) = date.tomorrow() {
                date = next;
                // Belongs to the next year's table; also the way out when a file leaves no day to work.
                if date.year() > year {
                    break;
                }
                if !self.is_weekend(date) && !days.contains_key(&date) {
                    days.insert(date, Off::Carried { holiday, from });
                    break;
                }
            }
        }
        days.retain(|date, _| date.year() == year);
        days
    }

    /// Swaps are ordered with the holidays in view, so they win over every other rule.
    pub(super) fn day_in(&self, table: &Table, date: Date) -> Day<'_> {
        for swap in &self.file.swap {
            if swap.worked == date {
                return Day::WorkedBySwap(swap);
            }
            if swap.off == date {
                return Day::OffBySwap(swap);
            }
        }
        self.unswapped(table, date)
    }

    /// What the day would be without any swap.
    pub(super) fn unswapped(&self, table: &Table, date: Date) -> Day<'_> {
        match table.get(&date) {
            Some(Off::Holiday(index)) => Day::Holiday(&self.file.holiday[*index]),
            Some(Off::Carried { holiday, from }) => {
                Day::CarriedOver { holiday: &self.file.holiday[*holiday], from: *from }
            }
            None if self.is_weekend(date) => Day::Weekend,
            None => Day::Working,
        }
    }

    fn is_weekend(&self, date: Date) -> bool {
        self.file.weekend.iter().any(|name| name.weekday() == date.weekday())
    }
}

/// Walks over days and keeps the table of the year it is in.
pub(super) struct Walker<'c> {
    calendar: &'c Calendar,
    year: i16,
    table: Cow<'c, Table>,
}

impl<'c> Walker<'c> {
    pub(super) fn new(calendar: &'c Calendar, start: Date) -> Self {
        Self { calendar, year: start.year(), table: calendar.table(start.year()) }
    }

    pub(super) fn is_working(&mut self, date: Date) -> bool {
        if date.year() != self.year {
            self.year = date.year();
            self.table = self.calendar.table(self.year);
        }
        matches!(self.calendar.day_in(&self.table, date), Day::Working | Day::WorkedBySwap(_))
    }
}
