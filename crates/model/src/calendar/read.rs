//! The calendar as it stands in its file: shapes, strict reading, and the override of single years.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, de};
use thiserror::Error;

use super::{Announced, Calendar, Holiday, Standing, Swap, YearDay};

/// Why a calendar cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CalendarFault {
    /// The zone is not in the time-zone database.
    #[error("zone \"{0}\" is not in the time-zone database: write a name such as Asia/Almaty")]
    UnknownZone(String),
    /// An override names a holiday that the calendar does not have, or one with fixed days.
    #[error("override: holiday \"{0}\" is not a moving holiday of this calendar: name one that has `dates`")]
    UnknownMovingHoliday(String),
}

impl CalendarFault {
    /// A stable kebab-case code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownZone(_) => "calendar-zone",
            Self::UnknownMovingHoliday(_) => "calendar-override",
        }
    }
}

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarFile {
    pub version: String,
    #[serde(deserialize_with = "date")]
    pub checked_until: Date,
    pub zone: String,
    pub weekend: Vec<WeekdayName>,
    #[serde(default)]
    pub source: Vec<Source>,
    #[serde(default)]
    pub year: Vec<Year>,
    #[serde(default)]
    pub holiday: Vec<Holiday>,
    #[serde(default)]
    pub swap: Vec<Swap>,
}

/// What changes some years of a calendar: an order that came after the file was written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarOverride {
    version: String,
    #[serde(deserialize_with = "date")]
    checked_until: Date,
    #[serde(default)]
    source: Vec<Source>,
    #[serde(default)]
    year: Vec<Year>,
    #[serde(default)]
    swap: Vec<Swap>,
    #[serde(default)]
    moved: Vec<Moved>,
}

/// The date of a moving holiday, set anew for its year.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Moved {
    holiday: String,
    #[serde(deserialize_with = "date")]
    on: Date,
    #[serde(default)]
    estimated: bool,
}

/// Where a rule was read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub id: String,
    pub title: String,
}

/// One listed year.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Year {
    #[serde(rename = "year")]
    pub number: i16,
    pub standing: Standing,
    pub working_days: Option<u16>,
    pub by_month: Option<[u8; 12]>,
}

/// A day of the week by its English name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WeekdayName {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl WeekdayName {
    pub(super) const fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Monday,
            Self::Tuesday => Weekday::Tuesday,
            Self::Wednesday => Weekday::Wednesday,
            Self::Thursday => Weekday::Thursday,
            Self::Friday => Weekday::Friday,
            Self::Saturday => Weekday::Saturday,
            Self::Sunday => Weekday::Sunday,
        }
    }
}

impl TryFrom<CalendarFile> for Calendar {
    type Error = CalendarFault;

    fn try_from(file: CalendarFile) -> Result<Self, Self::Error> {
        let zone = TimeZone::get(&file.zone).map_err(|_| CalendarFault::UnknownZone(file.zone.clone()))?;
        let mut calendar = Self { file, zone, tables: BTreeMap::new() };
        calendar.tables =
            calendar.file.year.iter().map(|y| (y.number, calendar.compute_table(y.number))).collect();
        Ok(calendar)
    }
}

impl Calendar {
    /// This calendar with some years changed: standings and moving dates of a year are replaced, swaps and sources
    /// added, version and checked day taken over. Open deadlines must then be computed again by the caller.
    pub fn overridden(&self, change: CalendarOverride) -> Result<Self, CalendarFault> {
        let mut file = self.file.clone();
        file.version = change.version;
        file.checked_until = change.checked_until;
        file.source.extend(change.source);
        file.swap.extend(change.swap);
        for year in change.year {
            file.year.retain(|known| known.number != year.number);
            file.year.push(year);
        }
        file.year.sort_by_key(|year| year.number);
        for moved in change.moved {
            let holiday = file
                .holiday
                .iter_mut()
                .find(|holiday| holiday.id == moved.holiday && holiday.days.is_empty())
                .ok_or(CalendarFault::UnknownMovingHoliday(moved.holiday))?;
            holiday.dates.retain(|known| known.on.year() != moved.on.year());
            holiday.dates.push(Announced { on: moved.on, estimated: moved.estimated });
        }
        Self::try_from(file)
    }
}

impl<'de> Deserialize<'de> for YearDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // Read in a leap year, so that 29 February can be written and 30 February cannot.
        let date = parse_date(&format!("2024-{text}"))
            .ok_or_else(|| de::Error::custom(format!("\"{text}\" is not a day of the year: write MM-DD")))?;
        Ok(Self { month: date.month(), day: date.day() })
    }
}

/// Reads a date written as `YYYY-MM-DD`.
pub(super) fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_date(&text).ok_or_else(|| de::Error::custom(format!("\"{text}\" is not a date: write YYYY-MM-DD")))
}

/// Exactly `YYYY-MM-DD`: the general parser also takes times and other spellings, which a lawyer would not mean.
fn parse_date(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}
