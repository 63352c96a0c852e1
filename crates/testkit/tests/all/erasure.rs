//! Erasure leaves nothing that opens, and a receipt that proves it.

use app::Failure;
use model::platform::SeededEntropy;
use testkit::{Person, Platform};
use vault::Keystore as _;

#[test]
fn clause_17_3_an_erased_person_is_gone_and_the_receipt_proves_it() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let other = platform.submit(&Person::named("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz")).unwrap();
    let consent_receipt = done.receipt.unwrap();
    let own = platform.own(done.subject_id);
    let erased = app::erasure::erase(&platform.app, &own, done.subject_id, "demand").unwrap();
    let receipt = erased.receipt.unwrap();
    let verified = tlog::Document::parse_strict(receipt.as_bytes()).unwrap().verify(None).unwrap();
    assert_eq!(verified.kind, "destruction");
    assert!(receipt.contains("tombstone"), "what is retained stands on the receipt");

    assert!(matches!(platform.read("dpo", done.subject_id, "rights"), Err(Failure::Gone)));
    let ctx = platform.staff("service").unwrap();
    let email = model::Private::new("aigul@example.kz".to_owned());
    assert!(app::access::lookup(&platform.app, &ctx, app::code::EMAIL, &email).unwrap().is_empty());
    app::erasure::sweep(&platform.app).unwrap();
    assert_eq!(app::backup::scan_structure(&platform.app).unwrap(), Vec::<String>::new());
    assert_eq!(app::log::fsck(&platform.app).unwrap(), Vec::<String>::new());
    // What she was given before still verifies; the log holds her commitment, not her.
    assert!(tlog::Document::parse_strict(consent_receipt.as_bytes()).unwrap().verify(None).is_ok());
    assert!(platform.read("service", other.subject_id, "p8-2").is_ok());
    let again = app::erasure::erase(&platform.app, &own, done.subject_id, "demand");
    assert!(matches!(again, Err(Failure::Gone)));
}

#[test]
fn clause_17_4_after_the_epoch_no_key_opens_what_was_kept_of_the_erased() {
    let platform = Platform::new().unwrap();
    let erased = platform.submit(&Person::aigul()).unwrap();
    let living = platform.submit(&Person::named("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz")).unwrap();
    let own = platform.own(erased.subject_id);
    app::erasure::erase(&platform.app, &own, erased.subject_id, "demand").unwrap();
    let rotation = app::keys::rotate(&platform.app).unwrap();
    assert_eq!(rotation.renewed, 1, "the bucket of the erased person got a new key");
    assert_eq!(rotation.destroyed, [1]);
    let status = app::keys::status(&platform.app).unwrap();
    assert_eq!(status.keystore_epochs, [status.epoch]);
    assert!(platform.read("service", living.subject_id, "p8-2").is_ok());
    // A second rotation with nothing destroyed only re-wraps.
    let rotation = app::keys::rotate(&platform.app).unwrap();
    assert_eq!((rotation.renewed, rotation.rewrapped), (0, 1));
    let platform = platform.restart().unwrap();
    assert!(platform.read("service", living.subject_id, "p8-2").is_ok());
}

#[test]
fn clause_17_4_a_rotation_that_was_cut_short_is_finished_without_waiting_for_the_next_epoch() {
    let platform = Platform::new().unwrap();
    let person = platform.submit(&Person::aigul()).unwrap();
    assert!(app::keys::rotate_if_due(&platform.app).unwrap().is_none(), "the epoch is not over");
    // As far as a rotation comes that ends after its first step.
    let at = platform.app.now();
    platform.keystore.create_epoch(2, &SeededEntropy::new(4)).unwrap();
    let platform = platform.tampered(move |tx| store::tables::key_epochs::open(tx, 2, at)).unwrap();
    let done = app::keys::rotate_if_due(&platform.app).unwrap().expect("it is finished");
    assert_eq!((done.epoch, done.rewrapped, done.destroyed), (2, 1, vec![1]));
    assert!(platform.read("service", person.subject_id, "p8-2").is_ok());
    assert!(app::keys::rotate_if_due(&platform.app).unwrap().is_none());
    let hours = i64::from(platform.app.policy().limits().key_epoch_hours);
    platform.wait_hours(hours);
    assert_eq!(app::keys::rotate_if_due(&platform.app).unwrap().map(|done| done.epoch), Some(3));
}

#[test]
fn clause_17_nobody_erases_another() {
    let platform = Platform::new().unwrap();
    let victim = platform.submit(&Person::aigul()).unwrap();
    let stranger = platform.submit(&Person::named("Чужой", "+7 701 765 43 21", "other@example.kz")).unwrap();
    let own = platform.own(stranger.subject_id);
    assert!(matches!(
        app::erasure::erase(&platform.app, &own, victim.subject_id, "demand"),
        Err(Failure::Refused(_))
    ));
    assert!(platform.read("service", victim.subject_id, "p8-2").is_ok());
}
