//! A restore brings back the living, not the erased, and withdrawals hold.

use app::Failure;
use app::consent::Withdrawal;
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
    store::restore::restore(&data, &keys, &folder).unwrap();
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
fn reliability_keys_older_than_the_data_are_refused() {
    let platform = Platform::new().unwrap();
    let keys = platform.beside("keys.backup");
    app::backup::keys(&platform.app, &keys).unwrap();
    platform.submit(&Person::aigul()).unwrap();
    let data = platform.beside("data.backup");
    app::backup::data(&platform.app, &data).unwrap();
    assert!(store::restore::restore(&data, &keys, &platform.beside("restored")).is_err());
}
