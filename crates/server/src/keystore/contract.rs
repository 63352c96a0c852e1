//! What every keystore promises, held against memory, files and a token alike.

use cryptoki::object::{Attribute, KeyType, ObjectClass};
use std::collections::BTreeSet;
use std::sync::Arc;

use model::platform::SeededEntropy;
use testkit::softhsm;
use vault::{Keystore, KeystoreFault, MemoryKeystore, Root, Secret};
use zeroize::Zeroizing;

use super::FileKeystore;
use crate::files::scratch::Scratch;

const PLACE: &[u8] = b"senim/v1/bucket\0 of one bucket";

fn holds(keystore: &dyn Keystore) {
    let entropy = SeededEntropy::new(77);
    let key = || Secret::random(&entropy);

    // Roots: three, apart from each other, the same at each look.
    let roots: BTreeSet<[u8; 32]> =
        Root::ALL.into_iter().map(|root| *keystore.root(root).unwrap().expose()).collect();
    assert_eq!(roots.len(), Root::ALL.len());
    assert!(keystore.root(Root::Index).unwrap().matches(&keystore.root(Root::Index).unwrap()));

    // Before its key is made an epoch wraps nothing.
    assert_eq!(keystore.epochs().unwrap(), [0; 0]);
    assert!(matches!(keystore.wrap(1, PLACE, &key(), &entropy), Err(KeystoreFault::Missing(1))));

    // What was wrapped opens in its epoch and at its place, and nowhere else.
    keystore.create_epoch(1, &entropy).unwrap();
    keystore.create_epoch(12, &entropy).unwrap();
    let secret = key();
    let wrapped = keystore.wrap(1, PLACE, &secret, &entropy).unwrap();
    assert_eq!((wrapped.len(), wrapped[0]), (61, 1), "a box of format 1");
    assert!(keystore.unwrap(1, PLACE, &wrapped).unwrap().matches(&secret));
    let unopened = |epoch, place: &[u8], wrapped: &[u8]| {
        matches!(keystore.unwrap(epoch, place, wrapped), Err(KeystoreFault::Unopened(_)))
    };
    assert!(unopened(12, PLACE, &wrapped), "the key of another epoch");
    assert!(unopened(1, b"another place", &wrapped));
    assert!(unopened(1, PLACE, &[]) && unopened(1, PLACE, &wrapped[..60]));
    for at in [0, 1, 12, 13, 44, 45, 60] {
        let mut broken = wrapped.clone();
        broken[at] ^= 1;
        assert!(unopened(1, PLACE, &broken), "byte {at}");
    }
    let again = keystore.wrap(1, PLACE, &secret, &entropy).unwrap();
    assert_ne!(again, wrapped, "a nonce of its own each time");
    assert!(!wrapped.windows(32).any(|window| window == secret.expose()));

    // A key is never overwritten.
    assert!(matches!(keystore.create_epoch(1, &entropy), Err(KeystoreFault::Exists(1))));
    assert!(keystore.unwrap(1, PLACE, &wrapped).unwrap().matches(&secret));
    assert_eq!(keystore.epochs().unwrap(), [1, 12]);

    // Threads at once.
    std::thread::scope(|scope| {
        let work = || {
            let entropy = SeededEntropy::new(5);
            for _ in 0..20 {
                let secret = Secret::random(&entropy);
                let wrapped = keystore.wrap(12, PLACE, &secret, &entropy).unwrap();
                assert!(keystore.unwrap(12, PLACE, &wrapped).unwrap().matches(&secret));
            }
        };
        let threads: Vec<_> = (0..12).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            thread.join().unwrap();
        }
    });

    // The end of an epoch, once more after a crash, and nothing that it wrapped opens; a new key of its number neither.
    keystore.destroy_epoch(1).unwrap();
    keystore.destroy_epoch(1).unwrap();
    assert_eq!(keystore.epochs().unwrap(), [12]);
    assert!(matches!(keystore.unwrap(1, PLACE, &wrapped), Err(KeystoreFault::Missing(1))));
    keystore.create_epoch(1, &entropy).unwrap();
    assert!(unopened(1, PLACE, &wrapped));
}

#[test]
fn memory_keeps_the_contract() {
    holds(&MemoryKeystore::new(&SeededEntropy::new(1)));
}

#[test]
fn files_keep_the_contract() {
    let scratch = Scratch::new();
    let keystore = FileKeystore::at(&scratch.path().join("keystore"));
    keystore.create_roots(&SeededEntropy::new(1)).unwrap();
    holds(&keystore);
}

fn opened() -> hsm::Token {
    let pin = Zeroizing::new(softhsm::PIN.to_owned());
    hsm::Token::open(&softhsm::address().parse().unwrap(), &pin).unwrap()
}

fn of_instance() -> hsm::TokenKeystore {
    let keystore = opened().of_instance("a1b2");
    keystore.make(b"about", &SeededEntropy::new(1)).unwrap();
    keystore
}

#[test]
fn a_token_keeps_the_contract() {
    if softhsm::alone("keystore::contract::a_token_keeps_the_contract", "contract") {
        holds(&of_instance());
    }
}

#[test]
fn a_token_that_was_away_is_found_again() {
    if !softhsm::alone("keystore::contract::a_token_that_was_away_is_found_again", "away") {
        return;
    }
    let entropy = SeededEntropy::new(3);
    let keystore = of_instance();
    keystore.create_epoch(1, &entropy).unwrap();
    let secret = Secret::random(&entropy);
    let wrapped = keystore.wrap(1, PLACE, &secret, &entropy).unwrap();
    // Another user of the module in this process ends it: every session is gone, and the login with them.
    let module = cryptoki::context::Pkcs11::new(softhsm::module()).unwrap();
    module.clone().finalize().unwrap();
    assert!(keystore.unwrap(1, PLACE, &wrapped).unwrap().matches(&secret));
    // The login alone: a key that cannot be seen is not gone.
    let slot = module.get_slots_with_initialized_token().unwrap()[0];
    let other = module.open_rw_session(slot).unwrap();
    other.logout().unwrap();
    assert_eq!(keystore.epochs().unwrap(), [1]);
    other.logout().unwrap();
    assert!(keystore.unwrap(1, PLACE, &wrapped).unwrap().matches(&secret));
    other.logout().unwrap();
    assert!(keystore.root(Root::Log).is_ok());
}

#[test]
fn two_nodes_that_make_the_key_of_one_epoch_at_once_harm_nothing() {
    if !softhsm::alone(
        "keystore::contract::two_nodes_that_make_the_key_of_one_epoch_at_once_harm_nothing",
        "race",
    ) {
        return;
    }
    let entropy = SeededEntropy::new(3);
    let keystore = of_instance();
    keystore.create_epoch(1, &entropy).unwrap();
    let secret = Secret::random(&entropy);
    let first = keystore.wrap(1, PLACE, &secret, &entropy).unwrap();
    // A second key of the same name, as a race makes it.
    let twin = Arc::new(opened().of_instance("a1b2"));
    twin.import(b"about", &[], &[(2, Secret::random(&entropy))], &entropy).unwrap();
    keystore.destroy_epoch(2).unwrap();
    let module = cryptoki::context::Pkcs11::new(softhsm::module()).unwrap();
    let session = module.open_rw_session(module.get_slots_with_initialized_token().unwrap()[0]).unwrap();
    for _ in 0..3 {
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::AES),
            Attribute::Token(true),
            Attribute::Label(b"senim a1b2 epoch 1".to_vec()),
            Attribute::Encrypt(true),
            Attribute::Decrypt(true),
            Attribute::Value(Secret::random(&entropy).expose().to_vec()),
        ];
        session.create_object(&template).unwrap();
    }
    let second = keystore.wrap(1, PLACE, &secret, &entropy).unwrap();
    for wrapped in [&first, &second] {
        assert!(twin.unwrap(1, PLACE, wrapped).unwrap().matches(&secret));
    }
    assert_eq!(keystore.epochs().unwrap(), [1]);
    keystore.destroy_epoch(1).unwrap();
    assert!(matches!(twin.unwrap(1, PLACE, &first), Err(KeystoreFault::Missing(1))));
}

#[test]
fn a_token_serves_one_instance() {
    if !softhsm::alone("keystore::contract::a_token_serves_one_instance", "one") {
        return;
    }
    let entropy = SeededEntropy::new(3);
    assert_eq!(opened().about().unwrap(), None);
    let keystore = of_instance();
    let root = keystore.root(Root::Index).unwrap();
    // A first start that was cut short is finished by the next, and changes nothing that stands.
    keystore.make(b"about", &entropy).unwrap();
    assert!(keystore.root(Root::Index).unwrap().matches(&root));
    assert_eq!(opened().about().unwrap().as_deref(), Some(&b"about"[..]));
    let other = opened().of_instance("ffff").make(b"another", &entropy);
    assert!(matches!(other, Err(hsm::TokenFault::Taken { .. })));
    assert!(matches!(opened().of_instance("ffff").root(Root::Index), Err(KeystoreFault::RootMissing(_))));
}
