//! Where a matter stands, by its number alone.

use app::Failure;
use app::status::{self, Kind};
use testkit::{Person, Platform};

#[test]
fn clause_8_2_a_number_tells_where_an_enquiry_stands_and_no_more() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let number = done.number.unwrap();
    let found = status::find(&platform.app, &format!(" {} ", number.to_lowercase())).unwrap();
    assert_eq!((found.kind.clone(), found.status.as_str()), (Kind::Enquiry, "received"));
    assert!(found.is_open() && found.is_of(done.subject_id) && found.changed_at.is_none());
    platform.wait_hours(1);
    let service = platform.staff("service").unwrap();
    let enquiry = done.enquiry_id.unwrap();
    app::enquiry::set_status(&platform.app, &service, done.subject_id, enquiry, "fulfilled").unwrap();
    let found = status::find(&platform.app, &number).unwrap();
    assert!(!found.is_open() && found.changed_at.is_some());
}

#[test]
fn clause_16_1_a_request_shows_its_last_day_with_the_rule_it_comes_from() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let own = platform.own(done.subject_id);
    let request = app::request::open(&platform.app, &own, done.subject_id, "access", "account").unwrap();
    let found = status::find(&platform.app, &request.number).unwrap();
    assert_eq!(found.kind, Kind::Request("access".into()));
    let (due_on, lines) = found.due.unwrap();
    assert_eq!(due_on, request.due_on);
    assert_eq!(lines.iter().filter(|line| line.effective).count(), 1);
}

#[test]
fn clause_17_3_an_erased_number_is_as_unknown_as_one_that_never_was() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let number = done.number.unwrap();
    app::erasure::erase(&platform.app, &platform.own(done.subject_id), done.subject_id, "demand").unwrap();
    // Before the sweep, and after it.
    assert!(matches!(status::find(&platform.app, &number), Err(Failure::NotFound)));
    app::erasure::sweep(&platform.app).unwrap();
    assert!(matches!(status::find(&platform.app, &number), Err(Failure::NotFound)));
    assert_eq!(app::backup::scan_structure(&platform.app).unwrap(), Vec::<String>::new());
    for odd in ["0000-0000", "", "'; --", "ⅷ", "A-NUMBER-THAT-IS-FAR-TOO-LONG"] {
        assert!(matches!(status::find(&platform.app, odd), Err(Failure::NotFound)), "{odd}");
    }
}
