//! Dates as people read them: the civil time of the calendar's zone, in words of the language.

use jiff::civil::{Date, DateTime};
use model::Instant;

use crate::i18n::Text;

/// The civil time of an instant in a zone of the time-zone database; UTC when there is no such zone.
pub fn local(at: Instant, zone: &str) -> DateTime {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    zone.to_datetime(at.to_timestamp())
}

/// A date does not break before the abbreviated word for "year".
fn whole(text: &str) -> String {
    text.replace(" г.", "\u{a0}г.").replace(" ж.", "\u{a0}ж.")
}

/// `2 декабря 2026`.
pub fn date(t: Text, date: Date) -> String {
    let month = t.find(&format!("date-month-{}", date.month())).unwrap_or_default();
    whole(&t.with(
        "date-long",
        &[("day", &date.day().to_string()), ("month", &month), ("year", &date.year().to_string())],
    ))
}

/// `2 декабря 2026, среда`.
pub fn date_with_weekday(t: Text, date: Date) -> String {
    let month = t.find(&format!("date-month-{}", date.month())).unwrap_or_default();
    let weekday =
        t.find(&format!("date-weekday-{}", date.weekday().to_monday_one_offset())).unwrap_or_default();
    t.with(
        "date-long-weekday",
        &[
            ("day", &date.day().to_string()),
            ("month", &month),
            ("year", &date.year().to_string()),
            ("weekday", &weekday),
        ],
    )
}

/// `14:05`.
pub fn time(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `2 декабря 2026, 14:05`.
pub fn date_time(t: Text, at: DateTime) -> String {
    t.with("date-at-time", &[("date", &date(t, at.date())), ("time", &time(at))])
}

#[cfg(test)]
mod tests {
    use model::Locale;

    use super::*;

    #[test]
    fn dates_are_words_in_almaty() {
        let at = local("2026-12-01T20:05:00Z".parse().unwrap(), "Asia/Almaty");
        assert_eq!(date_with_weekday(Text::of(Locale::Ru), at.date()), "2 декабря 2026, среда");
        assert_eq!(date(Text::of(Locale::Ru), at.date()), "2 декабря 2026\u{a0}г.");
        assert_eq!(time(at), "01:05");
    }
}
