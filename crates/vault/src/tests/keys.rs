//! The life of keys: destruction, epochs, the sixty seconds.

use super::*;
use crate::{Fault, OpenFault, Piece, Unopened};

#[test]
fn a_value_survives_the_closing_of_its_keyring() {
    let it = Platform::new(1);
    let bucket = it.vault.new_bucket(1, BUCKET, &it.entropy).unwrap();
    let mut keyring = it.vault.new_keyring(&bucket, SUBJECT, &it.entropy).unwrap();
    let sealed = it.seal(&mut keyring, &email(1), "Әлия@пошта.қаз");
    let row = it.vault.close_keyring(&bucket, &keyring, &it.entropy).unwrap();
    let again = it.vault.open_keyring(&bucket, &row).unwrap();
    assert_eq!(opened(&again, &email(1), &sealed).as_deref(), Some("Әлия@пошта.қаз"));
    assert!(again.holds(&email(1), &sealed));
    assert_eq!((again.subject(), again.bucket()), (SUBJECT, BUCKET));
    assert!(again.contains(record(1)) && !again.contains(record(2)));
    assert!(!again.was_reduced());
}

#[test]
fn clause_17_a_destroyed_value_opens_with_no_newer_key() {
    let it = Platform::new(2);
    let bucket = it.vault.new_bucket(1, BUCKET, &it.entropy).unwrap();
    let mut keyring = it.vault.new_keyring(&bucket, SUBJECT, &it.entropy).unwrap();
    let gone = it.seal(&mut keyring, &email(1), "gone@example.kz");
    let stays = it.seal(&mut keyring, &email(2), "stays@example.kz");
    let old = it.vault.close_keyring(&bucket, &keyring, &it.entropy).unwrap();

    let mut keyring = it.vault.open_keyring(&bucket, &old).unwrap();
    assert!(keyring.destroy(record(1)));
    assert!(!keyring.destroy(record(1)));
    assert!(keyring.was_reduced());
    let new = it.vault.close_keyring(&bucket, &keyring, &it.entropy).unwrap();
    assert!(keyring.was_reduced(), "closing must not hide that the bucket is dirty");

    // The old sealed keyring does not open with the new subject key, nor the new one with the old key.
    let mut mixed = old.clone();
    mixed.wrapped_key.clone_from(&new.wrapped_key);
    assert!(matches!(
        it.vault.open_keyring(&bucket, &mixed),
        Err(Fault::Unopened(Unopened::Broken(Piece::Keyring)))
    ));
    let mut mixed = new.clone();
    mixed.wrapped_key = old.wrapped_key;
    assert!(matches!(
        it.vault.open_keyring(&bucket, &mixed),
        Err(Fault::Unopened(Unopened::Broken(Piece::Keyring)))
    ));

    let keyring = it.vault.open_keyring(&bucket, &new).unwrap();
    assert_eq!(keyring.unseal(&email(1), &gone).err(), Some(OpenFault::Destroyed(record(1))));
    assert_eq!(opened(&keyring, &email(2), &stays).as_deref(), Some("stays@example.kz"));

    // Not even a new key of the same record opens it.
    let mut keyring = keyring;
    it.seal(&mut keyring, &email(1), "new@example.kz");
    assert_eq!(
        keyring.unseal(&email(1), &gone).err(),
        Some(OpenFault::Unopened(Unopened::Broken(Piece::Value)))
    );
}

#[test]
fn sealing_a_record_again_destroys_its_older_version() {
    let it = Platform::new(3);
    let bucket = it.vault.new_bucket(1, BUCKET, &it.entropy).unwrap();
    let mut keyring = it.vault.new_keyring(&bucket, SUBJECT, &it.entropy).unwrap();
    let first = it.seal(&mut keyring, &email(1), "first");
    assert!(!keyring.was_reduced());
    let second = it.seal(&mut keyring, &ValueRef { version: 2, ..email(1) }, "second");
    assert!(keyring.was_reduced());
    assert_eq!(opened(&keyring, &email(1), &first), None);
    assert_eq!(opened(&keyring, &ValueRef { version: 2, ..email(1) }, &second).as_deref(), Some("second"));
}

#[test]
fn clause_17_after_a_renewal_and_the_end_of_the_epoch_no_old_row_opens() {
    let it = Platform::new(4);
    let old_bucket = it.vault.new_bucket(1, BUCKET, &it.entropy).unwrap();
    let other = SubjectId::from_bytes([0x52; 16]);
    let mut erased = it.vault.new_keyring(&old_bucket, SUBJECT, &it.entropy).unwrap();
    let mut living = it.vault.new_keyring(&old_bucket, other, &it.entropy).unwrap();
    it.seal(&mut erased, &email(1), "erased@example.kz");
    let value = it.seal(&mut living, &email(2), "living@example.kz");
    let erased = it.vault.close_keyring(&old_bucket, &erased, &it.entropy).unwrap();
    let living = it.vault.close_keyring(&old_bucket, &living, &it.entropy).unwrap();

    it.vault.create_epoch(2, &it.entropy).unwrap();
    let (bucket, moved) =
        it.vault.renew_bucket(&old_bucket, 2, std::slice::from_ref(&living), &it.entropy).unwrap();
    it.vault.destroy_epoch(1).unwrap();
    assert_eq!(it.vault.epochs().unwrap(), [2]);
    assert_eq!((bucket.bucket, bucket.epoch), (BUCKET, 2));

    for row in [&erased, &living] {
        let old = it.vault.open_keyring(&old_bucket, row);
        assert!(matches!(old, Err(Fault::Keystore(KeystoreFault::Missing(1)))));
        let crossed = it.vault.open_keyring(&bucket, row);
        assert!(matches!(crossed, Err(Fault::Unopened(Unopened::Broken(Piece::SubjectKey)))));
    }
    // Nor does the old bucket open when it claims to be of the new epoch.
    let forged = crate::WrappedBucket { epoch: 2, ..old_bucket };
    assert!(matches!(
        it.vault.open_keyring(&forged, &living),
        Err(Fault::Unopened(Unopened::Broken(Piece::Bucket)))
    ));

    let keyring = it.vault.open_keyring(&bucket, &moved[0]).unwrap();
    assert_eq!(opened(&keyring, &email(2), &value).as_deref(), Some("living@example.kz"));
}

#[test]
fn after_a_rewrap_and_the_end_of_the_epoch_the_living_open() {
    let it = Platform::new(5);
    let old = it.vault.new_bucket(1, BUCKET, &it.entropy).unwrap();
    let mut keyring = it.vault.new_keyring(&old, SUBJECT, &it.entropy).unwrap();
    let value = it.seal(&mut keyring, &email(1), "living@example.kz");
    let row = it.vault.close_keyring(&old, &keyring, &it.entropy).unwrap();

    it.vault.create_epoch(2, &it.entropy).unwrap();
    let new = it.vault.rewrap_bucket(&old, 2, &it.entropy).unwrap();
    it.vault.destroy_epoch(1).unwrap();
    it.vault.destroy_epoch(1).unwrap(); // again, after a crash
    let keyring = it.vault.open_keyring(&new, &row).unwrap();
    assert_eq!(opened(&keyring, &email(1), &value).as_deref(), Some("living@example.kz"));
    assert!(it.vault.open_keyring(&old, &row).is_err());
}

#[test]
fn keys_never_go_back_to_an_older_epoch_nor_are_overwritten() {
    let it = Platform::new(6);
    it.vault.create_epoch(2, &it.entropy).unwrap();
    let bucket = it.vault.new_bucket(2, BUCKET, &it.entropy).unwrap();
    for to in [1, 2] {
        assert!(matches!(it.vault.rewrap_bucket(&bucket, to, &it.entropy), Err(Fault::NotLater { .. })));
        assert!(matches!(it.vault.renew_bucket(&bucket, to, &[], &it.entropy), Err(Fault::NotLater { .. })));
    }
    assert!(matches!(it.vault.create_epoch(2, &it.entropy), Err(Fault::Keystore(KeystoreFault::Exists(2)))));
    let missing = it.vault.new_bucket(9, BUCKET, &it.entropy);
    assert!(matches!(missing, Err(Fault::Keystore(KeystoreFault::Missing(9)))));
}

#[test]
fn a_keyring_stays_with_its_bucket() {
    let it = Platform::new(7);
    let bucket = it.vault.new_bucket(1, BUCKET, &it.entropy).unwrap();
    let other = it.vault.new_bucket(1, BucketId::from_bytes([0xb1; 16]), &it.entropy).unwrap();
    let keyring = it.vault.new_keyring(&bucket, SUBJECT, &it.entropy).unwrap();
    let row = it.vault.close_keyring(&bucket, &keyring, &it.entropy).unwrap();
    it.vault.create_epoch(2, &it.entropy).unwrap();
    assert!(matches!(it.vault.open_keyring(&other, &row), Err(Fault::OtherBucket { .. })));
    assert!(matches!(it.vault.close_keyring(&other, &keyring, &it.entropy), Err(Fault::OtherBucket { .. })));
    let renewed = it.vault.renew_bucket(&other, 2, std::slice::from_ref(&row), &it.entropy);
    assert!(matches!(renewed, Err(Fault::OtherBucket { .. })));
    let forged = crate::WrappedKeyring { bucket: other.bucket, ..row };
    assert!(matches!(
        it.vault.open_keyring(&other, &forged),
        Err(Fault::Unopened(Unopened::Broken(Piece::SubjectKey)))
    ));
}

#[test]
fn unwrapped_keys_stay_sixty_seconds_and_no_longer() {
    let it = Platform::new(8);
    let bucket = it.vault.new_bucket(1, BUCKET, &it.entropy).unwrap();
    let use_it = || it.vault.new_keyring(&bucket, SUBJECT, &it.entropy).map(drop).unwrap();
    let before = it.asked();
    use_it();
    it.clock.advance_seconds(59);
    use_it(); // does not prolong the stay
    assert_eq!((it.asked() - before, it.vault.keys_in_memory()), (1, 1));
    it.clock.advance_seconds(1);
    it.vault.sweep();
    assert_eq!(it.vault.keys_in_memory(), 0);
    use_it();
    assert_eq!(it.asked() - before, 2);
    it.clock.advance_seconds(-10); // a clock that stepped back
    it.vault.sweep();
    assert_eq!(it.vault.keys_in_memory(), 0);
    use_it();
    it.vault.forget_keys();
    assert_eq!(it.vault.keys_in_memory(), 0);
}

#[test]
fn macs_and_indexes_are_apart_by_label_and_category() {
    let it = Platform::new(9);
    let category = |code| CategoryCode::new(code).unwrap();
    let index = it.vault.blind_index(category("phone"), "+77011234567");
    assert_eq!(index, it.vault.blind_index(category("phone"), "+77011234567"));
    assert_ne!(index, it.vault.blind_index(category("email"), "+77011234567"));
    assert_ne!(index, it.vault.mac("phone", b"+77011234567"));

    let mac = it.vault.mac("session", b"token");
    assert!(it.vault.mac_matches("session", b"token", &mac));
    assert!(!it.vault.mac_matches("signin", b"token", &mac));
    assert!(!it.vault.mac_matches("session", b"tokem", &mac));
    assert!(!it.vault.mac_matches("session", b"token", &mac[..31]));
}

#[test]
fn a_server_secret_opens_only_in_its_place() {
    let it = Platform::new(10);
    let sealed = it.vault.seal_secret("totp", b"operator 1", b"shared key", &it.entropy).unwrap();
    assert_eq!(it.vault.open_secret("totp", b"operator 1", &sealed).unwrap().as_slice(), b"shared key");
    assert!(it.vault.open_secret("totp", b"operator 2", &sealed).is_err());
    assert!(it.vault.open_secret("other", b"operator 1", &sealed).is_err());
}
