//! The letter after an erasure: it reaches the proven address, says nothing of the person, and its address is
//! destroyed with it.

use std::sync::{Arc, Mutex};

use app::outbox::{Addressed, Transport, Undelivered};
use model::{Private, SubjectId};
use store::tables::jobs::{self, JobStatus, LAST_LETTER};
use store::tables::key_buckets::{self, KeyBucket};
use store::tables::keyrings::{self, KeyringRow};
use testkit::platform::Trap;
use testkit::{Person, Platform};
use vault::{Vault, WrappedBucket, WrappedKeyring};

const EMAIL: &str = "aigul@example.kz";
/// A shipped policy keeps the address at most this long, and the test waits longer.
const LONGER_THAN_KEPT_HOURS: i64 = 24 * 5;

/// A mail server that is never there.
struct Away;

impl Transport for Away {
    fn send(&self, _: &Addressed) -> Result<(), Undelivered> {
        Err(Undelivered::Later("away".into()))
    }
}

fn letters(platform: &Platform) -> Vec<(String, String, String)> {
    let trap = Trap::default();
    app::outbox::run_due(&platform.app, Some(&trap)).unwrap();
    let letters = trap.letters.lock().unwrap();
    letters.clone()
}

/// Somebody whose e-mail is proven.
fn proven(platform: &Platform) -> SubjectId {
    let done = platform.submit(&Person::aigul()).unwrap();
    let visitor = platform.app.visitor(model::Locale::Ru);
    let email = Private::new(EMAIL.to_owned());
    app::account::request_code(&platform.app, &visitor, &email).unwrap();
    let sent = letters(platform);
    let body = &sent.iter().find(|(_, subject, _)| subject == "sign-in-code").expect("a code").2;
    let code = body.lines().find_map(|line| line.strip_prefix("code=")).unwrap().to_owned();
    app::account::redeem_code(&platform.app, &visitor, &email, &Private::new(code)).unwrap();
    done.subject_id
}

fn erase(platform: &Platform, subject: SubjectId) -> String {
    let erased = app::erasure::erase(&platform.app, &platform.own(subject), subject, "demand").unwrap();
    app::erasure::sweep(&platform.app).unwrap();
    erased.receipt.unwrap()
}

type Kept = (KeyringRow, KeyBucket);

/// What an intruder copies: the key of the letter on its way, and the bucket it is wrapped in.
fn copied(platform: Platform) -> (Platform, Option<Kept>) {
    let found: Arc<Mutex<Option<Kept>>> = Arc::default();
    let put = Arc::clone(&found);
    let platform = platform
        .tampered(move |tx| {
            let all = jobs::list(tx, JobStatus::Waiting, 100)?;
            if let Some(subject) = all.iter().find(|job| job.kind == LAST_LETTER).and_then(|job| job.subject)
                && let Some(keyring) = keyrings::fetch(tx, subject)?
                && let Some(bucket) = key_buckets::fetch(tx, keyring.bucket)?
            {
                *put.lock().unwrap() = Some((keyring, bucket));
            }
            Ok(())
        })
        .unwrap();
    let kept = found.lock().unwrap().clone();
    (platform, kept)
}

/// Whether the copied key opens with the bucket's key of now.
fn opens(platform: Platform, kept: &Kept) -> (Platform, bool) {
    let now: Arc<Mutex<Option<KeyBucket>>> = Arc::default();
    let (put, bucket) = (Arc::clone(&now), kept.1.bucket);
    let platform = platform
        .tampered(move |tx| {
            *put.lock().unwrap() = key_buckets::fetch(tx, bucket)?;
            Ok(())
        })
        .unwrap();
    let vault = Vault::new(platform.keystore.clone(), platform.clock.clone()).unwrap();
    let keyring = WrappedKeyring {
        subject: kept.0.subject,
        bucket: kept.0.bucket,
        wrapped_key: kept.0.wrapped_key.clone(),
        sealed: kept.0.sealed.clone(),
    };
    let of = |row: &KeyBucket| WrappedBucket {
        bucket: row.bucket,
        epoch: row.epoch,
        wrapped: row.wrapped.clone(),
    };
    let with_now =
        now.lock().unwrap().as_ref().is_some_and(|row| vault.open_keyring(&of(row), &keyring).is_ok());
    let with_then = vault.open_keyring(&of(&kept.1), &keyring).is_ok();
    (platform, with_now || with_then)
}

#[test]
fn clause_17_3_the_person_is_told_and_the_address_dies_with_the_letter() {
    let platform = Platform::with_smtp().unwrap();
    let subject = proven(&platform);
    let neighbour =
        platform.submit(&Person::named("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz")).unwrap();
    letters(&platform);
    let receipt = erase(&platform, subject);
    assert!(receipt.contains(app::erasure::LAST_LETTER_ADDRESS), "what waits stands on the receipt");
    assert_eq!(app::backup::scan_structure(&platform.app).unwrap(), Vec::<String>::new());
    // It outlives the end of an epoch.
    app::keys::rotate(&platform.app).unwrap();
    let (platform, kept) = copied(platform);
    let kept = kept.expect("the address waits");
    let (platform, open) = opens(platform, &kept);
    assert!(open, "the control: before the letter the key opens");
    // Nobody at the desk reads it.
    let desk = platform.app.system();
    assert!(
        app::outbox::list(&platform.app, &desk)
            .unwrap()
            .iter()
            .all(|one| { one.letter.as_ref().is_none_or(|letter| letter.to.expose() != EMAIL) })
    );

    let sent = letters(&platform);
    assert_eq!(sent.len(), 1);
    let (to, template, body) = &sent[0];
    assert_eq!((to.as_str(), template.as_str()), (EMAIL, "erasure-done"));
    for value in ["Айгүл", EMAIL, "7011234567", "701 123"] {
        assert!(!body.contains(value), "a value in the letter");
    }
    assert!(letters(&platform).is_empty(), "once");
    app::keys::rotate(&platform.app).unwrap();
    let (platform, open) = opens(platform, &kept);
    assert!(!open, "a copy of the key of the address still opens");
    let (platform, left) = copied(platform);
    assert!(left.is_none());
    assert_eq!(app::backup::scan_structure(&platform.app).unwrap(), Vec::<String>::new());
    assert_eq!(app::log::fsck(&platform.app).unwrap(), Vec::<String>::new());
    assert!(platform.read("service", neighbour.subject_id, "p8-2").is_ok());
}

#[test]
fn clause_17_3_a_letter_that_cannot_be_delivered_is_given_up_at_the_end_on_the_receipt() {
    let platform = Platform::with_smtp().unwrap();
    let subject = proven(&platform);
    letters(&platform);
    erase(&platform, subject);
    app::outbox::run_due(&platform.app, Some(&Away)).unwrap();
    let (platform, kept) = copied(platform);
    let kept = kept.expect("it is tried again");
    platform.wait_hours(LONGER_THAN_KEPT_HOURS);
    // Without a mail server too.
    app::outbox::run_due(&platform.app, None).unwrap();
    assert!(letters(&platform).is_empty(), "nothing leaves after the end");
    app::keys::rotate(&platform.app).unwrap();
    let (platform, open) = opens(platform, &kept);
    assert!(!open, "a copy of the key of the address still opens");
    assert_eq!(app::backup::scan_structure(&platform.app).unwrap(), Vec::<String>::new());
    assert_eq!(app::outbox::count(&platform.app).unwrap(), 0);
}

#[test]
fn clause_17_3_a_key_that_waits_for_no_letter_is_found_by_the_scan() {
    let platform = Platform::with_smtp().unwrap();
    let subject = proven(&platform);
    letters(&platform);
    erase(&platform, subject);
    let platform = platform
        .tampered(|tx| {
            let all = jobs::list(tx, JobStatus::Waiting, 100)?;
            let addressee = all.iter().find(|job| job.kind == LAST_LETTER).and_then(|job| job.subject);
            jobs::delete_by_subject(tx, addressee.expect("a letter"))?;
            Ok(())
        })
        .unwrap();
    assert_eq!(
        app::backup::scan_structure(&platform.app).unwrap(),
        ["row-of-unknown-subject: 1 rows in keyrings"]
    );
}

#[test]
fn clause_9_0_no_letter_and_nothing_kept_without_a_proven_address_or_a_way_to_send() {
    let waits = |platform: Platform, subject: SubjectId| {
        letters(&platform);
        let receipt = erase(&platform, subject);
        assert!(!receipt.contains(app::erasure::LAST_LETTER_ADDRESS));
        let (platform, kept) = copied(platform);
        kept.is_some() || !letters(&platform).is_empty()
    };
    let platform = Platform::with_smtp().unwrap();
    let unproven = platform.submit(&Person::aigul()).unwrap().subject_id;
    assert!(!waits(platform, unproven), "an unproven address");
    let platform = Platform::with_smtp().unwrap();
    let mut nameless = Person::aigul();
    nameless.values.retain(|(field, _)| field != "email");
    let nameless = platform.submit(&nameless).unwrap().subject_id;
    assert!(!waits(platform, nameless), "no address");
    let platform = Platform::new().unwrap();
    let subject = proven(&platform);
    assert!(!waits(platform, subject), "no mail server");
}

#[test]
fn clause_17_3_a_restore_sends_the_letter_that_waited_and_revives_no_address() {
    let platform = Platform::with_smtp().unwrap();
    let subject = proven(&platform);
    letters(&platform);
    let before = platform.beside("before.backup");
    app::backup::data(&platform.app, &before).unwrap();
    erase(&platform, subject);
    let after = platform.beside("after.backup");
    app::backup::data(&platform.app, &after).unwrap();
    let keys = platform.beside("keys.backup");
    app::backup::keys(&platform.app, &keys).unwrap();
    let restored = |data: &std::path::Path, folder: &str, keys: &std::path::Path| {
        let folder = platform.beside(folder);
        testkit::family::restore(data, keys, &folder).unwrap();
        let app = platform.open_other(&folder).unwrap();
        app::erasure::sweep(&app).unwrap();
        assert_eq!(app::backup::scan_structure(&app).unwrap(), Vec::<String>::new(), "before sending");
        let trap = Trap::default();
        app::outbox::run_due(&app, Some(&trap)).unwrap();
        assert_eq!(app::backup::scan_structure(&app).unwrap(), Vec::<String>::new(), "after sending");
        assert_eq!(app::outbox::count(&app).unwrap(), 0);
        let sent = trap.letters.lock().unwrap().clone();
        sent.into_iter().map(|(to, template, _)| (to, template)).collect::<Vec<_>>()
    };
    let expected = (EMAIL.to_owned(), "erasure-done".to_owned());
    assert_eq!(restored(&after, "one", &keys), [expected]);
    assert_eq!(restored(&before, "two", &keys), [], "its job is not in that backup, so its key goes");
    // Sent meanwhile: the key backup has no key of it any more, and nothing leaves a second time.
    assert_eq!(letters(&platform).len(), 1);
    let newer = platform.beside("newer.backup");
    app::backup::keys(&platform.app, &newer).unwrap();
    assert_eq!(restored(&after, "three", &newer), []);
}
