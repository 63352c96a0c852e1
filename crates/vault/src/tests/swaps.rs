//! Ciphertexts cannot change places, and no changed byte opens.

use proptest::prelude::*;

use super::*;
use crate::{Fault, Unopened, WrappedBucket, WrappedKeyring};

/// A person with one value at each of several places.
fn person(it: &Platform, subject: u8, places: &[ValueRef], values: &[String]) -> (Keyring, Vec<Sealed>) {
    let bucket = it.vault.new_bucket(1, BUCKET, &it.entropy).unwrap();
    let subject = SubjectId::from_bytes([subject; 16]);
    let mut keyring = it.vault.new_keyring(&bucket, subject, &it.entropy).unwrap();
    let sealed = places.iter().zip(values).map(|(at, value)| it.seal(&mut keyring, at, value)).collect();
    (keyring, sealed)
}

fn place() -> impl Strategy<Value = ValueRef> {
    ("[a-z][a-z0-9.-]{0,23}", any::<[u8; 16]>(), any::<u32>()).prop_map(|(category, record, version)| {
        ValueRef {
            category: CategoryCode::new(&category).unwrap(),
            record: RecordId::from_bytes(record),
            version,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_survives(seed: u64, at in place(), value in "\\PC{0,300}") {
        let it = Platform::new(seed);
        let (keyring, sealed) = person(&it, 1, &[at], std::slice::from_ref(&value));
        prop_assert_eq!(opened(&keyring, &at, &sealed[0]), Some(value.clone()));
        prop_assert_eq!(sealed[0].as_bytes().len(), 1 + 12 + (value.len() / 16 + 1) * 16 + 16);
    }

    #[test]
    fn a_value_opens_nowhere_but_at_its_place(
        seed: u64,
        at in place(),
        other in place(),
        value in "\\PC{0,60}",
    ) {
        prop_assume!(at.record != other.record && at.category != other.category && at.version != other.version);
        let it = Platform::new(seed);
        let values = [value.clone(), value];
        let (keyring, sealed) = person(&it, 1, &[at, other], &values);
        prop_assert!(opened(&keyring, &at, &sealed[0]).is_some());
        for wrong in [
            ValueRef { category: other.category, ..at },
            ValueRef { record: other.record, ..at },
            ValueRef { version: other.version, ..at },
            other,
        ] {
            prop_assert!(opened(&keyring, &wrong, &sealed[0]).is_none());
        }
        prop_assert!(opened(&keyring, &at, &sealed[1]).is_none());

        // Another person, even one who were given the same record key.
        let (stranger, theirs) = person(&it, 2, &[at, other], &values);
        prop_assert!(opened(&stranger, &at, &sealed[0]).is_none());
        prop_assert!(opened(&keyring, &at, &theirs[0]).is_none());
        let key = keyring.key(at.record).unwrap();
        let place = |subject| crate::schedule::value(subject, at.category, at.record, at.version);
        let open = |subject| crate::aead::open(key, &place(subject), sealed[0].as_bytes(), crate::Piece::Value);
        prop_assert!(open(keyring.subject()).is_ok());
        prop_assert!(open(stranger.subject()).is_err());
    }

    #[test]
    fn history_is_the_persons_own(seed: u64, entry in "\\PC{0,400}", salt: [u8; 32]) {
        let it = Platform::new(seed);
        let (keyring, _) = person(&it, 1, &[], &[]);
        let (stranger, _) = person(&it, 2, &[], &[]);
        let line = keyring.seal_history(&entry, &salt, &it.entropy).unwrap();
        prop_assert_eq!(keyring.unseal_history(&line).ok(), Some((entry, salt)));
        prop_assert!(stranger.unseal_history(&line).is_err());
    }

    #[test]
    fn no_changed_byte_opens(seed: u64, flip in 1u8..=255, place: prop::sample::Index, cut: prop::sample::Index) {
        let it = Platform::new(seed);
        let bucket = it.vault.new_bucket(1, BUCKET, &it.entropy).unwrap();
        let mut keyring = it.vault.new_keyring(&bucket, SUBJECT, &it.entropy).unwrap();
        let value = it.seal(&mut keyring, &email(1), "a@example.kz");
        let row = it.vault.close_keyring(&bucket, &keyring, &it.entropy).unwrap();
        let breaks = |bytes: &[u8]| {
            let mut changed = bytes.to_vec();
            changed[place.index(bytes.len())] ^= flip;
            [changed, bytes[..cut.index(bytes.len())].to_vec()]
        };
        for wrapped in breaks(&bucket.wrapped) {
            let bucket = WrappedBucket { wrapped, ..bucket };
            prop_assert!(it.vault.open_keyring(&bucket, &row).is_err());
        }
        for wrapped_key in breaks(&row.wrapped_key) {
            let row = WrappedKeyring { wrapped_key, ..row.clone() };
            prop_assert!(it.vault.open_keyring(&bucket, &row).is_err());
        }
        for sealed in breaks(&row.sealed) {
            let row = WrappedKeyring { sealed, ..row.clone() };
            prop_assert!(it.vault.open_keyring(&bucket, &row).is_err());
        }
        for sealed in breaks(value.as_bytes()) {
            prop_assert!(opened(&keyring, &email(1), &Sealed::from_bytes(sealed)).is_none());
        }
        let other = WrappedKeyring { subject: SubjectId::from_bytes([9; 16]), ..row.clone() };
        prop_assert!(matches!(it.vault.open_keyring(&bucket, &other), Err(Fault::Unopened(Unopened::Broken(_)))));
    }

    #[test]
    fn only_what_was_not_destroyed_opens(
        seed: u64,
        destroyed in prop::collection::vec(any::<bool>(), 1..20),
    ) {
        let it = Platform::new(seed);
        let bucket = it.vault.new_bucket(1, BUCKET, &it.entropy).unwrap();
        let places: Vec<_> = (0..destroyed.len()).map(|number| email(u8::try_from(number).unwrap())).collect();
        let values: Vec<_> = places.iter().map(|at| at.record.to_string()).collect();
        let (keyring, sealed) = person(&it, 1, &places, &values);
        let old = it.vault.close_keyring(&bucket, &keyring, &it.entropy).unwrap();
        let mut keyring = it.vault.open_keyring(&bucket, &old).unwrap();
        for (at, _) in places.iter().zip(&destroyed).filter(|(_, gone)| **gone) {
            prop_assert!(keyring.destroy(at.record));
        }
        let new = it.vault.close_keyring(&bucket, &keyring, &it.entropy).unwrap();
        it.vault.create_epoch(2, &it.entropy).unwrap();
        let (bucket, rows) = it.vault.renew_bucket(&bucket, 2, &[new], &it.entropy).unwrap();
        it.vault.destroy_epoch(1).unwrap();
        let keyring = it.vault.open_keyring(&bucket, &rows[0]).unwrap();
        for (number, at) in places.iter().enumerate() {
            prop_assert_eq!(keyring.holds(at, &sealed[number]), !destroyed[number]);
        }
    }
}

#[test]
fn unknown_formats_are_named() {
    let it = Platform::new(1);
    let (keyring, sealed) = person(&it, 1, &[email(1)], &["a@example.kz".to_owned()]);
    let mut bytes = sealed[0].as_bytes().to_vec();
    bytes[0] = 2;
    let fault = keyring.unseal(&email(1), &Sealed::from_bytes(bytes)).err();
    assert_eq!(fault, Some(Unopened::Format { piece: crate::Piece::Value, found: 2 }.into()));
}
