//! Receipts: valid as issued, invalid after any change, verifiable by implementations that are not ours.

use super::*;
use crate::note::{Ed25519Signer, Signer as _};
use crate::test_log::{ORIGIN, TestLog};

/// Parse and verify, as `senim verify` does.
fn valid(bytes: &[u8]) -> bool {
    Receipt::parse_strict(bytes).is_ok_and(|receipt| receipt.verify(None).is_ok())
}

#[test]
fn a_receipt_verifies_with_and_without_the_key() {
    let (log, receipt) = TestLog::with_receipt(ORIGIN, 5, 6);
    let bytes = receipt.encode().into_bytes();
    let again = Receipt::parse_strict(&bytes).unwrap();
    assert_eq!(again, receipt);
    let expected = Verified {
        kind: "consent".into(),
        origin: ORIGIN.into(),
        key_id: log.key().id_hex(),
        trust: Trust::SelfAsserted,
        index: 5,
        size: 12,
        rehearsal: false,
    };
    assert_eq!(again.verify(None), Ok(expected.clone()));
    assert_eq!(again.verify(Some(log.key())), Ok(Verified { trust: Trust::Given, ..expected }));
    let other = Ed25519Signer::from_seed(ORIGIN, &[8; 32]).unwrap();
    assert_eq!(again.verify(Some(other.vkey())), Err(InvalidReceipt::OtherKey));
    let debug = format!("{again:?}");
    assert!(debug.contains("consent") && !debug.contains("Келісім") && !debug.contains("payload"));
}

#[test]
fn the_spelling_is_fixed() {
    let (_, receipt) = TestLog::with_receipt(ORIGIN, 0, 0);
    let text = receipt.encode();
    let members: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("  \"")?.split('"').next()).collect();
    assert_eq!(
        members,
        ["format", "kind", "body", "nonce", "entry", "salt", "index", "checkpoint", "proof", "vkey"]
    );
    assert!(text.starts_with("{\n  \"format\": \"senim-receipt/v1\",\n") && text.ends_with("\"\n}\n"));
    assert!(text.contains("\n  \"proof\": [],\n"));
    assert!(valid(text.as_bytes()));
    for edited in [
        text.trim_end().to_owned(),
        format!("{text}\n"),
        format!(" {text}"),
        format!("\u{feff}{text}"),
        text.replace("\n  ", "\n    "),
        text.replace("\"index\": 0", "\"index\": 0.0"),
        text.replace("\"index\": 0", "\"index\": -0"),
        text.replace("\"consent\",\n", "\"\\u0063onsent\",\n"),
        text.replacen("\"kind\"", "\"kind\": \"consent\",\n  \"kind\"", 1),
        text.replacen("\"kind\"", "\"note\": 1,\n  \"kind\"", 1),
        text.replace('\n', "\r\n"),
    ] {
        assert_ne!(edited, text);
        assert!(!valid(edited.as_bytes()), "{edited}");
    }
    assert_eq!(Receipt::parse_strict(format!("{text}\n").as_bytes()), Err(Unreadable::NotCanonical));
    let other = text.replace("senim-receipt/v1", "senim-receipt/v2");
    assert_eq!(Receipt::parse_strict(other.as_bytes()), Err(Unreadable::UnknownFormat));
    assert!(matches!(Receipt::parse_strict(b"no json"), Err(Unreadable::Malformed { line: 1, .. })));
}

/// Every position, each bit, removal, repetition, and a few other bytes.
#[test]
fn one_changed_byte_anywhere_fails() {
    for (before, after) in [(0, 0), (3, 4)] {
        let bytes = TestLog::with_receipt(ORIGIN, before, after).1.encode().into_bytes();
        assert!(valid(&bytes));
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            let others = (0..8).map(|bit| bytes[at] ^ (1 << bit)).chain([b' ', b'0', b'A', b'"', 0, 255]);
            for other in others.filter(|other| *other != bytes[at]) {
                changed[at] = other;
                assert!(!valid(&changed), "byte {at} as {other:#04x}");
            }
            let mut shorter = bytes.clone();
            shorter.remove(at);
            assert!(!valid(&shorter), "without byte {at}");
            let mut longer = bytes.clone();
            longer.insert(at, bytes[at]);
            assert!(!valid(&longer), "byte {at} twice");
            assert!(!valid(&bytes[..at]), "cut at {at}");
        }
    }
}

/// Changes that keep the file well spelled and are consistent in themselves.
#[test]
fn consistent_forgeries_fail_where_they_break() {
    let (mut log, receipt) = TestLog::with_receipt(ORIGIN, 3, 4);
    let with = |change: &dyn Fn(&mut Receipt)| {
        let mut forged = receipt.clone();
        change(&mut forged);
        let parsed = Receipt::parse_strict(forged.encode().as_bytes()).unwrap();
        parsed.verify(None).unwrap_err()
    };
    assert_eq!(with(&|r| r.kind = "destruction".into()), InvalidReceipt::Kind);
    assert_eq!(with(&|r| r.body.push(' ')), InvalidReceipt::Payload);
    assert_eq!(with(&|r| r.nonce[0] ^= 1), InvalidReceipt::Payload);
    assert_eq!(with(&|r| r.entry.push(' ')), InvalidReceipt::Proof(ProofError::RootMismatch));
    assert_eq!(with(&|r| r.salt[0] ^= 1), InvalidReceipt::Proof(ProofError::RootMismatch));
    assert_eq!(with(&|r| r.index = 4), InvalidReceipt::Proof(ProofError::RootMismatch));
    assert_eq!(with(&|r| r.index = 8), InvalidReceipt::Proof(ProofError::OutOfTree));
    assert_eq!(
        with(&|r| r.proof.truncate(r.proof.len() - 1)),
        InvalidReceipt::Proof(ProofError::WrongLength)
    );
    for entry in [
        "[\"consent\",\"x\"]",
        "{}",
        "{\"kind\":\"consent\"}",
        "{\"kind\":\"consent\",\"payload\":7}",
        "{\"kind\":\"consent\",\"kind\":\"consent\",\"payload\":\"\"}",
        "{\"kind\":\"consent\",\"payload\":\"\"}x",
    ] {
        assert_eq!(with(&|r| r.entry = entry.into()), InvalidReceipt::Entry, "{entry}");
    }
    // A body with its own entry is still not in the log.
    let forged = with(&|r| {
        r.body = "{}".into();
        let payload = commitment::payload_base64(&r.nonce, b"{}");
        r.entry = format!("{{\"kind\":\"consent\",\"payload\":\"{payload}\"}}");
    });
    assert_eq!(forged, InvalidReceipt::Proof(ProofError::RootMismatch));
    // Extension lines are signed too.
    let extended = with(&|r| r.checkpoint = r.checkpoint.replace("\n\n", "\nextension\n\n"));
    assert_eq!(extended, InvalidReceipt::Checkpoint(NoteError::BadSignature.into()));
    let line = receipt.checkpoint.lines().last().unwrap().to_owned();
    let doubled = with(&|r| r.checkpoint = format!("{}{line}\n", r.checkpoint));
    assert_eq!(doubled, InvalidReceipt::SignatureLines);
    // The same origin with another key: valid in itself, refused by who knows the key.
    let forger = Ed25519Signer::from_seed(ORIGIN, &[66; 32]).unwrap();
    let mut copied = receipt.clone();
    copied.checkpoint = log.head().sign(&forger).unwrap().to_string();
    assert_eq!(copied.verify(None), Err(InvalidReceipt::Checkpoint(NoteError::NoKnownSignature.into())));
    copied.vkey = forger.vkey().to_string();
    assert_eq!(copied.verify(None).unwrap().trust, Trust::SelfAsserted);
    assert_eq!(copied.verify(Some(log.key())), Err(InvalidReceipt::OtherKey));
    // A newer checkpoint needs a newer proof.
    log.append([1; 32]);
    assert!(matches!(with(&|r| r.checkpoint = log.signed_head()), InvalidReceipt::Proof(_)));
}

#[test]
fn a_witness_key_signs_no_receipt() {
    let (_, mut receipt) = TestLog::with_receipt(ORIGIN, 1, 0);
    let witness = Ed25519Signer::witness_from_seed(ORIGIN, &[7; 32]).unwrap();
    receipt.vkey = witness.vkey().to_string();
    let mut note = Note::parse(&receipt.checkpoint).unwrap();
    let line = crate::note::cosign(note.text(), 5, &witness).unwrap();
    note.attach(line).unwrap();
    receipt.checkpoint = note.only(witness.vkey()).unwrap().to_string();
    assert_eq!(receipt.verify(None), Err(InvalidReceipt::Key(NoteError::WrongKeyKind)));
}

#[test]
fn a_rehearsal_is_called_one() {
    let (_, receipt) = TestLog::with_receipt("senim.example/log/rehearsal", 2, 2);
    assert!(receipt.verify(None).unwrap().rehearsal);
}

/// A verifier that is not ours: the members of the file, `signed_note` for the signature, `tlog_tiles` for the
/// checkpoint and the inclusion proof, plain `sha2` and `serde_json` for the rest.
#[test]
fn an_independent_verifier_accepts_a_receipt() {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    use sha2::{Digest as _, Sha256};
    for (before, after) in [(0, 0), (5, 6), (200, 100)] {
        let file = TestLog::with_receipt(ORIGIN, before, after).1.encode();
        let json: serde_json::Value = serde_json::from_str(&file).unwrap();
        let text = |name: &str| json[name].as_str().unwrap();
        let bytes = |text: &str| BASE64_STANDARD.decode(text).unwrap();

        let entry: serde_json::Value = serde_json::from_str(text("entry")).unwrap();
        let body =
            [b"senim/payload/v1\n".as_slice(), &bytes(text("nonce")), text("body").as_bytes()].concat();
        assert_eq!(bytes(entry["payload"].as_str().unwrap()), Sha256::digest(body).as_slice());
        let entry = [b"senim/entry/v1\n".as_slice(), &bytes(text("salt")), text("entry").as_bytes()].concat();
        let leaf = tlog_tiles::record_hash(Sha256::digest(entry).as_slice());

        let note = signed_note::Note::from_bytes(text("checkpoint").as_bytes()).unwrap();
        let verifier = signed_note::StandardVerifier::new(text("vkey")).unwrap();
        note.verify(&signed_note::VerifierList::new(vec![Box::new(verifier)])).unwrap();
        let head = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
        let hashes = json["proof"].as_array().unwrap().iter();
        let proof =
            hashes.map(|hash| tlog_tiles::Hash::parse_hash(hash.as_str().unwrap()).unwrap()).collect();
        let index = json["index"].as_u64().unwrap();
        tlog_tiles::check_record(&proof, head.size(), *head.hash(), index, leaf).unwrap();
        assert!(tlog_tiles::check_record(&proof, head.size(), *head.hash(), index + 1, leaf).is_err());
    }
}
