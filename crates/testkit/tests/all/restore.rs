//! A restore brings back the living, not the erased, and withdrawals hold.

use app::Failure;
use app::consent::{Further, Withdrawal};
use model::PurposeId;
use testkit::{Person, Platform};

#[test]
fn clause_17_a_three_day_old_backup_does_not_bring_back_the_erased() {
    let platform = Platform::new().unwrap();
    let living = platform.submit(&Person::named("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz")).unwrap();
    let erased = platform.submit(&Person::aigul()).unwrap();
    let data = platform.beside("data.backup");
    app::backup::data(&platform.app, &data).unwrap();

    platform.wait_hours(48);
    let own = platform.own(erased.subject_id);
    app::erasure::erase(&platform.app, &own, erased.subject_id, "demand").unwrap();
    let what = Withdrawal { purposes: vec![PurposeId::new("p8-4").unwrap()], parts: vec![] };
    let own = platform.own(living.subject_id);
    app::consent::withdraw(&platform.app, &own, living.consent_id, &what).unwrap();
    app::keys::rotate(&platform.app).unwrap();
    platform.wait_hours(24);
    let keys = platform.beside("keys.backup");
    app::backup::keys(&platform.app, &keys).unwrap();

    let folder = platform.beside("restored");
    testkit::family::restore(&data, &keys, &folder).unwrap();
    let restored = platform.open_other(&folder).unwrap();
    let service = platform.staff("service").unwrap();
    let look = |subject, purpose| {
        app::access::data(&restored, &service, subject, PurposeId::new(purpose).unwrap(), &[])
    };
    let seen = look(living.subject_id, "p8-2").unwrap();
    assert!(seen.values.iter().any(|value| value.value.expose() == "nurlan@example.kz"));
    assert!(matches!(look(erased.subject_id, "p8-2"), Err(Failure::Gone)));
    assert!(matches!(look(living.subject_id, "p8-4"), Err(Failure::Refused(_))));
    app::erasure::sweep(&restored).unwrap();
    assert_eq!(app::backup::scan_structure(&restored).unwrap(), Vec::<String>::new());
    assert_eq!(app::log::fsck(&restored).unwrap(), Vec::<String>::new());
}

#[test]
fn clause_6_2_a_consent_whose_record_is_lost_is_no_consent_after_a_restore() {
    let platform = Platform::new().unwrap();
    let person = platform.submit(&Person::aigul()).unwrap();
    let data = platform.beside("data.backup");
    app::backup::data(&platform.app, &data).unwrap();

    platform.wait_hours(1);
    let further = Further {
        purposes: vec![PurposeId::new("p8-3").unwrap()],
        notice_version: "2026-11".into(),
        adult: None,
        channel: model::CategoryCode::new("phone").unwrap(),
        idempotency: None,
    };
    let service = platform.staff("service").unwrap();
    app::consent::give(&platform.app, &service, person.subject_id, &further).unwrap();
    assert!(platform.read("service", person.subject_id, "p8-3").is_ok());
    let what = Withdrawal { purposes: vec![PurposeId::new("p8-4").unwrap()], parts: vec![] };
    let own = platform.own(person.subject_id);
    app::consent::withdraw(&platform.app, &own, person.consent_id, &what).unwrap();
    let keys = platform.beside("keys.backup");
    app::backup::keys(&platform.app, &keys).unwrap();

    let folder = platform.beside("restored");
    testkit::family::restore(&data, &keys, &folder).unwrap();
    let restored = platform.open_other(&folder).unwrap();
    let look = |purpose| {
        app::access::data(&restored, &service, person.subject_id, PurposeId::new(purpose).unwrap(), &[])
    };
    for (purpose, code) in [("p8-3", "consent-missing"), ("p8-4", "consent-withdrawn")] {
        let Err(Failure::Refused(violations)) = look(purpose) else { panic!("{purpose} opened") };
        assert_eq!(violations[0].code, code);
    }
    assert!(look("p8-2").is_ok());
}

#[test]
fn reliability_keys_older_than_the_data_are_refused() {
    let platform = Platform::new().unwrap();
    let keys = platform.beside("keys.backup");
    app::backup::keys(&platform.app, &keys).unwrap();
    platform.submit(&Person::aigul()).unwrap();
    let data = platform.beside("data.backup");
    app::backup::data(&platform.app, &data).unwrap();
    assert!(testkit::family::restore(&data, &keys, &platform.beside("restored")).is_err());
}
