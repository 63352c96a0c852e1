//! Tables and vectors computed by hand from the law, and the counting rules against a slow oracle.

use std::sync::LazyLock;

use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;

use super::*;

const SHIPPED: &str = include_str!("../../../../policy/calendar.kz.toml");

fn kz() -> Calendar {
    toml::from_str(SHIPPED).expect("the shipped calendar reads")
}

fn changed(from: &str, to: &str) -> Calendar {
    assert!(SHIPPED.contains(from), "the shipped calendar has {from:?}");
    toml::from_str(&SHIPPED.replacen(from, to, 1)).expect("the changed calendar reads")
}

fn micros(text: &str) -> i64 {
    text.parse::<Timestamp>().expect("an instant").as_microsecond()
}

fn is_weekend(on: Date) -> bool {
    matches!(on.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Every weekday off and every weekend day worked in a year.
fn exceptions(calendar: &Calendar, year: i16) -> (Vec<Date>, Vec<Date>) {
    let days = || date(year, 1, 1).series(1.day()).take_while(move |d| d.year() == year);
    (
        days().filter(|d| !is_weekend(*d) && !calendar.is_working(*d)).collect(),
        days().filter(|d| is_weekend(*d) && calendar.is_working(*d)).collect(),
    )
}

type MonthDays = &'static [(i8, i8)];

fn dates(year: i16, days: &[(i8, i8)]) -> Vec<Date> {
    days.iter().map(|(month, day)| date(year, *month, *day)).collect()
}

#[test]
fn shipped_calendar_has_no_problem() {
    assert_eq!(kz().validate(), []);
    assert_eq!(kz().version(), "kz.2026-11-23");
    assert_eq!(kz().checked_until(), date(2026, 11, 23));
}

#[test]
fn off_lists_of_2024_to_2028_are_exact() {
    let calendar = kz();
    #[rustfmt::skip]
    let tables: [(i16, MonthDays, MonthDays); 5] = [
        (2024, &[(1,1),(1,2),(3,8),(3,21),(3,22),(3,25),(5,1),(5,7),(5,8),(5,9),(7,8),(8,30),(10,25),(12,16)], &[(5,4)]),
        (2025, &[(1,1),(1,2),(1,3),(1,7),(3,10),(3,21),(3,24),(3,25),(5,1),(5,7),(5,9),(6,6),(7,7),(9,1),(10,27),(12,16)], &[(1,5)]),
        (2026, &[(1,1),(1,2),(1,7),(3,9),(3,23),(3,24),(3,25),(5,1),(5,7),(5,11),(5,27),(7,6),(10,26),(12,16)], &[]),
        (2027, &[(1,1),(1,4),(1,7),(3,8),(3,15),(3,22),(3,23),(3,24),(5,3),(5,7),(5,10),(7,6),(10,25),(12,16)], &[]),
        (2028, &[(1,3),(1,4),(1,7),(3,8),(3,15),(3,21),(3,22),(3,23),(5,1),(5,5),(5,8),(5,9),(7,6),(10,25),(12,18)], &[]),
    ];
    for (year, off, worked) in tables {
        assert_eq!(exceptions(&calendar, year), (dates(year, off), dates(year, worked)), "{year}");
    }
}

#[test]
fn totals_of_years_and_months_match_the_published_ones() {
    let calendar = kz();
    let months = |year| calendar.working_days_by_month(year);
    assert_eq!(months(2025), [20, 20, 17, 22, 19, 20, 22, 21, 21, 22, 20, 22]);
    assert_eq!(months(2026), [19, 20, 18, 22, 17, 22, 22, 21, 22, 21, 21, 22]);
    assert_eq!(months(2027), [18, 20, 18, 22, 18, 22, 21, 22, 22, 20, 22, 22]);
    let totals = [2024, 2025, 2026, 2027].map(|year| months(year).iter().sum::<u16>());
    assert_eq!(totals, [249, 246, 247, 247]);
}

#[test]
fn days_that_older_tables_have_wrong() {
    let calendar = kz();
    assert!(calendar.is_working(date(2026, 8, 31)));
    assert!(calendar.is_working(date(2026, 3, 16)));
    assert!(!calendar.is_working(date(2027, 3, 15)));
}

#[test]
fn vectors_of_working_day_limits() {
    let calendar = kz();
    let vectors = [
        ("2026-03-20", ["2026-03-26", "2026-03-30", "2026-04-03", "2026-04-08", "2026-04-15"]),
        ("2026-04-30", ["2026-05-04", "2026-05-06", "2026-05-14", "2026-05-19", "2026-05-26"]),
        ("2026-08-28", ["2026-08-31", "2026-09-02", "2026-09-08", "2026-09-11", "2026-09-18"]),
        ("2026-11-23", ["2026-11-24", "2026-11-26", "2026-12-02", "2026-12-07", "2026-12-14"]),
        ("2026-12-14", ["2026-12-15", "2026-12-18", "2026-12-24", "2026-12-29", "2027-01-08"]),
        ("2026-12-31", ["2027-01-05", "2027-01-08", "2027-01-14", "2027-01-19", "2027-01-26"]),
        ("2027-03-12", ["2027-03-16", "2027-03-18", "2027-03-29", "2027-04-01", "2027-04-08"]),
    ];
    for (from, dues) in vectors {
        for (n, due) in [1, 3, 7, 10, 15].into_iter().zip(dues) {
            let due: Date = due.parse().unwrap();
            let found = calendar.add_working_days(from.parse().unwrap(), n);
            assert_eq!(found.date, due, "{from} + {n}");
            assert_eq!(found.estimate, due.year() > 2026, "{from} + {n}");
            assert_eq!(found.calendar_version, "kz.2026-11-23");
        }
    }
}

#[test]
fn days_say_why_they_are_off() {
    let calendar = kz();
    let Day::CarriedOver { holiday, from } = calendar.day(date(2027, 1, 4)) else { panic!("carried over") };
    assert_eq!((holiday.id.as_str(), from), ("new-year", date(2027, 1, 2)));
    assert!(matches!(calendar.day(date(2026, 1, 7)), Day::Holiday(h) if h.id == "orthodox-christmas"));
    assert!(matches!(calendar.day(date(2024, 5, 8)), Day::OffBySwap(s) if s.worked == date(2024, 5, 4)));
    assert!(matches!(calendar.day(date(2025, 1, 5)), Day::WorkedBySwap(_)));
    assert_eq!(calendar.day(date(2026, 11, 22)), Day::Weekend);
    assert_eq!(calendar.day(date(2026, 11, 23)), Day::Working);
    assert!(matches!(calendar.day(date(2025, 10, 25)), Day::Holiday(h) if h.name.en == "Republic Day"));
    assert!(
        matches!(calendar.day(date(2026, 10, 25)), Day::Holiday(h) if h.name.kk == "Қазақстан Республикасы күні")
    );
}

#[test]
fn christmas_and_kurban_are_not_carried_over() {
    let calendar = kz();
    // 7 January 2024 and 16 May 2027 are Sundays.
    assert!(calendar.is_working(date(2024, 1, 8)));
    assert!(calendar.is_working(date(2027, 5, 17)));
}

#[test]
fn chain_crosses_new_year_and_jumps_over_holidays() {
    // 30 and 31 December 2028 are a weekend, 1 and 2 January 2029 a Monday and a Tuesday.
    let calendar = changed(r#"days = ["12-16"]"#, r#"days = ["12-30", "12-31"]"#);
    assert!(!calendar.is_working(date(2029, 1, 3)));
    assert!(!calendar.is_working(date(2029, 1, 4)));
    assert!(calendar.is_working(date(2029, 1, 5)));
    assert!(calendar.is_working(date(2028, 12, 29)));
}

#[test]
fn zero_working_days_is_the_day_itself_or_the_next_worked_one() {
    let calendar = kz();
    assert_eq!(calendar.add_working_days(date(2026, 11, 23), 0).date, date(2026, 11, 23));
    assert_eq!(calendar.add_working_days(date(2026, 11, 21), 0).date, date(2026, 11, 23));
}

#[test]
fn calendar_days_are_not_extended() {
    let calendar = kz();
    let due = calendar.add_days(date(2026, 11, 20), 30);
    assert_eq!((due.date, due.estimate), (date(2026, 12, 20), false));
    assert_eq!(due.date.weekday(), Weekday::Sunday);
    assert_eq!(calendar.last_working_day_before(due.date), date(2026, 12, 18));
    assert_eq!(calendar.last_working_day_before(date(2026, 12, 17)), date(2026, 12, 15));
}

#[test]
fn months_keep_the_day_or_end_with_the_month() {
    let calendar = kz();
    let due = |from, n| calendar.add_months(from, n).date;
    assert_eq!(due(date(2026, 8, 31), 6), date(2027, 2, 28));
    assert_eq!(due(date(2027, 8, 31), 6), date(2028, 2, 29));
    assert_eq!(due(date(2026, 11, 23), 6), date(2027, 5, 23));
    assert_eq!(due(date(2028, 2, 29), 12), date(2029, 2, 28));
    assert_eq!(due(date(2026, 12, 31), 2), date(2027, 2, 28));
    assert!(!calendar.add_months(date(2026, 8, 31), 600).estimate);
}

#[test]
fn distance_is_signed_and_excludes_the_first_day() {
    let calendar = kz();
    assert_eq!(calendar.working_days_between(date(2026, 11, 23), date(2026, 12, 2)), 7);
    assert_eq!(calendar.working_days_between(date(2026, 12, 2), date(2026, 11, 23)), -7);
    assert_eq!(calendar.working_days_between(date(2026, 12, 2), date(2026, 12, 2)), 0);
}

#[test]
fn years_outside_the_data_are_estimates() {
    let calendar = kz();
    assert!(!calendar.add_working_days(date(2026, 11, 23), 3).estimate);
    assert!(calendar.add_working_days(date(2023, 11, 23), 3).estimate);
    assert!(calendar.add_working_days(date(2031, 11, 20), 3).estimate);
    assert_eq!(calendar.standing(2027), Standing::Provisional);
    assert_eq!(calendar.standing(2031), Standing::Estimate);
    // The fixed rules still hold there: 16 December 2031 is a Tuesday.
    assert!(!calendar.is_working(date(2031, 12, 16)));
}

#[test]
fn an_estimated_date_makes_its_neighbourhood_an_estimate() {
    let calendar = changed(r#"{ on = "2026-05-27" }"#, r#"{ on = "2026-05-27", estimated = true }"#);
    let estimate = |from, n| calendar.add_working_days(from, n).estimate;
    assert!(estimate(date(2026, 5, 20), 4), "ends on the day before the date");
    assert!(!estimate(date(2026, 5, 20), 3), "ends two days before it");
    assert!(estimate(date(2026, 5, 27), 1), "begins on the day after it");
    assert!(!estimate(date(2026, 5, 28), 1), "begins two days after it");
}

#[test]
fn the_end_of_time_is_an_answer() {
    let calendar = kz();
    let last = Due { date: Date::MAX, calendar_version: "kz.2026-11-23".to_owned(), estimate: true };
    assert_eq!(calendar.add_working_days(date(9999, 12, 30), 5), last);
    assert_eq!(calendar.add_days(date(2026, 1, 1), u32::MAX), last);
    assert_eq!(calendar.add_months(date(2026, 1, 1), u32::MAX), last);
    assert_eq!(calendar.last_working_day_before(Date::MIN), Date::MIN);
    assert_eq!(calendar.almaty_date(i64::MAX), Date::MAX);
    assert_eq!(calendar.almaty_date(i64::MIN), Date::MIN);
    assert!(calendar.end_of_day(Date::MAX) > calendar.end_of_day(date(9998, 1, 1)));
    let never = changed(
        r#"["saturday", "sunday"]"#,
        r#"["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]"#,
    );
    assert!(never.validate().contains(&CalendarProblem::NoWorkingDay));
    assert_eq!(never.add_working_days(date(9990, 1, 1), 1).date, Date::MAX);
}

#[test]
fn zone_changes_on_the_first_of_march_2024() {
    let calendar = kz();
    let on = |text| calendar.almaty_date(micros(text));
    assert_eq!(on("2024-02-29T23:30:00+06:00"), date(2024, 2, 29));
    // Midnight by the old clock is 23:00 by the new one; an old time-zone database would say 1 March here.
    assert_eq!(on("2024-03-01T00:00:00+06:00"), date(2024, 2, 29));
    assert_eq!(on("2024-02-29T23:59:59.999999+05:00"), date(2024, 2, 29));
    assert_eq!(on("2024-03-01T00:00:00+05:00"), date(2024, 3, 1));
    assert_eq!(on("2024-02-28T23:59:59+06:00"), date(2024, 2, 28));
    assert_eq!(on("2024-02-29T00:00:00+06:00"), date(2024, 2, 29));
    assert_eq!(on("2026-11-23T23:59:59+05:00"), date(2026, 11, 23));
    assert_eq!(on("2026-11-23T19:00:00Z"), date(2026, 11, 24));
    assert_eq!(calendar.end_of_day(date(2024, 2, 28)), micros("2024-02-29T00:00:00+06:00"));
    assert_eq!(calendar.end_of_day(date(2024, 2, 29)), micros("2024-03-01T00:00:00+05:00"));
    assert_eq!(calendar.end_of_day(date(2026, 11, 23)), micros("2026-11-23T19:00:00Z"));
}

#[test]
fn one_working_day_from_the_moment_keeps_the_clock_time() {
    let calendar = kz();
    let target = |text| calendar.same_time_next_working_day(micros(text));
    assert_eq!(target("2026-11-20T17:45:10.5+05:00"), micros("2026-11-23T17:45:10.5+05:00"));
    assert_eq!(target("2026-11-21T03:00:00+05:00"), micros("2026-11-23T03:00:00+05:00"));
    assert_eq!(target("2024-02-29T10:00:00+06:00"), micros("2024-03-01T10:00:00+05:00"));
}

#[test]
fn planted_contradictions_are_found() {
    let cases = [
        (r#"version = "kz.2026-11-23""#, r#"version = """#, "calendar-no-version"),
        (r#"days = ["08-30"]"#, r#"days = ["08-28", "08-30"]"#, "calendar-year-total"),
        (r#"days = ["08-30"]"#, r#"days = ["10-09"]"#, "calendar-month-total"),
        ("last_year = 2025", "last_year = 1995", "calendar-years-reversed"),
        (r#"id = "nauryz""#, r#"id = "unity-day""#, "calendar-id-twice"),
        (r#"source = "dumk""#, r#"source = "rumour""#, "calendar-unknown-source"),
        (r#"  { on = "2026-05-27" },"#, "", "calendar-dates-in-year"),
        (
            r#"{ on = "2026-05-27" }"#,
            r#"{ on = "2026-05-27", estimated = true }"#,
            "calendar-published-estimate",
        ),
        (r#"days = ["07-06"]"#, "days = []", "calendar-days-or-dates"),
        (r#"worked = "2024-05-04""#, r#"worked = "2024-05-06""#, "calendar-swap-worked"),
        (r#"off = "2024-05-08""#, r#"off = "2024-05-09""#, "calendar-swap-off"),
        (r#"worked = "2025-01-05""#, r#"worked = "2024-05-04""#, "calendar-swap-twice"),
        (r#"off = "2025-01-03""#, r#"off = "2023-01-04""#, "calendar-swap-outside"),
        ("year = 2026\n", "year = 2025\n", "calendar-year-twice"),
        ("year = 2026\n", "year = 2029\n", "calendar-year-missing"),
    ];
    for (from, to, code) in cases {
        let codes: Vec<_> = changed(from, to).validate().iter().map(CalendarProblem::code).collect();
        assert!(codes.contains(&code), "{to}: {codes:?}");
    }
}

#[test]
fn unreadable_files_are_refused() {
    for (from, to) in [
        ("Asia/Almaty", "Asia/Atlantis"),
        ("\"12-16\"", "\"02-30\""),
        ("\"12-16\"", "\"16.12\""),
        ("\"2026-05-27\"", "\"2026-05-27T00:00\""),
        ("\"sunday\"", "\"someday\""),
        ("zone =", "zoned ="),
        ("standing = \"published\"", "standing = \"certain\""),
    ] {
        assert!(toml::from_str::<Calendar>(&SHIPPED.replacen(from, to, 1)).is_err(), "{to}");
    }
}

#[test]
fn an_override_changes_its_years_only() {
    let change = r#"
        version = "kz.2027-01-15"
        checked_until = "2027-01-15"
        [[source]]
        id = "swap-2027"
        title = "a rehearsal"
        [[year]]
        year = 2027
        standing = "published"
        [[swap]]
        worked = "2027-03-13"
        off = "2027-03-09"
        source = "swap-2027"
        [[moved]]
        holiday = "kurban-ait"
        on = "2027-05-17"
    "#;
    let before = kz();
    let after = before.overridden(toml::from_str(change).unwrap()).unwrap();
    assert_eq!(after.validate(), []);
    assert_eq!(after.version(), "kz.2027-01-15");
    assert!(after.is_working(date(2027, 3, 13)) && !after.is_working(date(2027, 3, 9)));
    assert!(before.is_working(date(2027, 5, 17)) && !after.is_working(date(2027, 5, 17)));
    assert!(!after.add_working_days(date(2027, 4, 5), 15).estimate);
    assert_eq!(exceptions(&after, 2026), exceptions(&before, 2026));
    let wrong = change.replace("kurban-ait", "nauryz");
    assert_eq!(before.overridden(toml::from_str(&wrong).unwrap()).unwrap_err().code(), "calendar-override");
}

/// Read once for the property tests.
static KZ: LazyLock<Calendar> = LazyLock::new(kz);

prop_compose! {
    fn some_date()(offset in 0_i32..4000) -> Date {
        date(2022, 1, 1).checked_add(offset.days()).expect("in range")
    }
}

/// Counts the slow way, one question per day, without the walker or its kept tables.
fn oracle(calendar: &Calendar, from: Date, n: u32) -> Date {
    let mut counted = 0;
    let mut on = from;
    while counted < n {
        on = on.tomorrow().expect("in range");
        counted += u32::from(calendar.is_working(on));
    }
    on
}

proptest! {
    #[test]
    fn counting_matches_the_oracle(from in some_date(), n in 1_u32..400) {
        let calendar = &*KZ;
        let due = calendar.add_working_days(from, n).date;
        prop_assert_eq!(due, oracle(calendar, from, n));
        prop_assert!(calendar.is_working(due));
        prop_assert_eq!(calendar.working_days_between(from, due), i32::try_from(n).unwrap());
        prop_assert_eq!(calendar.working_days_between(due, from) < 0, true);
    }

    #[test]
    fn counting_is_monotone(from in some_date(), later in 0_i32..60, n in 0_u32..60) {
        let calendar = &*KZ;
        let next = from.checked_add(later.days()).unwrap();
        prop_assert!(calendar.add_working_days(from, n).date <= calendar.add_working_days(next, n).date);
        prop_assert!(calendar.add_working_days(from, n).date < calendar.add_working_days(from, n + 1).date
            || n == 0);
        prop_assert!(calendar.add_months(from, n).date <= calendar.add_months(next, n).date);
        prop_assert!(calendar.add_days(from, n).date <= calendar.add_working_days(from, n).date);
    }

    #[test]
    fn the_day_before_is_worked_and_nearest(on in some_date()) {
        let calendar = &*KZ;
        let before = calendar.last_working_day_before(on);
        prop_assert!(before < on && calendar.is_working(before));
        prop_assert!(calendar.add_working_days(before, 1).date >= on);
    }

    #[test]
    fn every_instant_lies_in_its_date(at in -2_000_000_000_000_000_i64..4_000_000_000_000_000) {
        let calendar = &*KZ;
        let on = calendar.almaty_date(at);
        prop_assert!(at < calendar.end_of_day(on));
        prop_assert!(at >= calendar.end_of_day(on.yesterday().unwrap()));
    }
}
