//! Checkpoints: strict parsing, signing only forwards, witnesses, and readers that are not ours.

use super::*;
use crate::note::{Ed25519Signer, cosign};
use crate::test_log::{ORIGIN, TestLog};
use crate::tile::TileHashes;
use crate::tree::consistency_proof;
use proptest::prelude::*;

const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

#[test]
fn the_example_of_the_specification_round_trips() {
    let text = format!("example.com/behind-the-sofa\n20852163\n{ROOT}\n");
    let checkpoint = Checkpoint::parse(&text).unwrap();
    assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(checkpoint.to_string(), text);
    let theirs = tlog_tiles::Checkpoint::from_bytes(text.as_bytes()).unwrap();
    assert_eq!((theirs.size(), theirs.hash().0), (checkpoint.size, checkpoint.root.0));
    let extended = format!("{text}an extension\n");
    assert_eq!(Checkpoint::parse(&extended).unwrap().to_string(), extended);
}

#[test]
fn other_spellings_are_refused() {
    for bad in [
        String::new(),
        format!("o\n1\n{ROOT}"),
        format!("o\n01\n{ROOT}\n"),
        format!("o\n+1\n{ROOT}\n"),
        format!("o\n-1\n{ROOT}\n"),
        format!("o\n1 \n{ROOT}\n"),
        format!("\n1\n{ROOT}\n"),
        format!("o o\n1\n{ROOT}\n"),
        format!("o\n1\n{ROOT}\n\n"),
        format!("o\n1\n{ROOT}\n\nx\n"),
        format!("o\n18446744073709551615\n{ROOT}\n"),
        format!("o\n1\n{}\n", ROOT.replace("2I=", "2J=")),
        format!("o\n1\n{}\n", ROOT.replace('=', "")),
        "o\n1\nAAAA\n".to_owned(),
        "o\n1\n".to_owned(),
    ] {
        assert_eq!(Checkpoint::parse(&bad), Err(CheckpointError::Malformed), "{bad:?}");
    }
}

#[test]
fn only_the_log_itself_signs_and_only_forwards() {
    let older = TestLog::of_size(300);
    let newer = TestLog::of_size(700);
    let reader = newer.reader();
    let proof = consistency_proof(&TileHashes::new(&reader, 700), 300, 700).unwrap();
    let note = newer.head().sign_after(&older.head(), &proof, &newer.signer).unwrap();
    assert_eq!(Checkpoint::open(&note.to_string(), newer.key()).unwrap(), newer.head());

    let back = older.head().sign_after(&newer.head(), &[], &newer.signer);
    assert_eq!(back, Err(CheckpointError::NotAnExtension(ProofError::OutOfTree)));
    let mut fork = TestLog::of_size(300);
    fork.rows.clear();
    fork.edge = TestLog::of_size(299).edge;
    fork.append([1; 32]);
    let forked = newer.head().sign_after(&fork.head(), &proof, &newer.signer);
    assert_eq!(forked, Err(CheckpointError::NotAnExtension(ProofError::RootMismatch)));

    let stranger = Ed25519Signer::from_seed("other.example", &[7; 32]).unwrap();
    assert_eq!(newer.head().sign(&stranger), Err(CheckpointError::WrongOrigin));
    let other_log = Checkpoint::new("other.example", 700, newer.head().root);
    assert_eq!(other_log.sign_after(&older.head(), &proof, &stranger), Err(CheckpointError::WrongOrigin));
    let foreign = Note::sign(&newer.head().to_string(), &stranger).unwrap().to_string();
    assert_eq!(Checkpoint::open(&foreign, stranger.vkey()), Err(CheckpointError::WrongOrigin));
}

#[test]
fn witnesses_are_counted_once_each_and_must_be_right() {
    let log = TestLog::of_size(5);
    let witness = |name: &str, seed| Ed25519Signer::witness_from_seed(name, &[seed; 32]).unwrap();
    let (first, second) = (witness("w.example/1", 21), witness("w.example/2", 22));
    let keys = [first.vkey().clone(), second.vkey().clone()];
    let mut note = log.head().sign(&log.signer).unwrap();
    let text = note.text().to_owned();
    note.attach(cosign(&text, 1_790_000_000, &first).unwrap()).unwrap();
    note.attach(cosign(&text, 1_790_000_001, &first).unwrap()).unwrap();
    assert_eq!(note.signatures().len(), 2);
    let signed = note.to_string();
    let (checkpoint, by) = Checkpoint::open_witnessed(&signed, log.key(), &keys, 1).unwrap();
    assert_eq!(checkpoint, log.head());
    assert_eq!((by.len(), by[0].posix_seconds), (1, Some(1_790_000_001)));
    let two = Checkpoint::open_witnessed(&signed, log.key(), &keys, 2);
    assert_eq!(two, Err(CheckpointError::TooFewWitnesses { have: 1, want: 2 }));

    let other_text = TestLog::of_size(6).head().to_string();
    note.attach(cosign(&other_text, 1_790_000_002, &second).unwrap()).unwrap();
    let wrong = Checkpoint::open_witnessed(&note.to_string(), log.key(), &keys, 1);
    assert_eq!(wrong, Err(NoteError::BadSignature.into()));
    // Who does not know the second witness is not disturbed by it.
    assert!(Checkpoint::open_witnessed(&note.to_string(), log.key(), &keys[..1], 1).is_ok());

    // Witnesses alone are no log.
    let mut bare = Note::parse(&signed).unwrap().only(first.vkey()).unwrap();
    assert!(Checkpoint::open(&bare.to_string(), log.key()).is_err());
    bare.attach(cosign(&text, 5, &second).unwrap()).unwrap();
    let headless = Checkpoint::open_witnessed(&bare.to_string(), log.key(), &keys, 1);
    assert_eq!(headless, Err(NoteError::NoKnownSignature.into()));
}

/// A checkpoint of a public staging log with the lines of four public witnesses and of an RFC 6962 key.
const PUBLIC: &str = include_str!("arche2025h1.checkpoint");
const PUBLIC_LOG: &str =
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";
const PUBLIC_WITNESS: &str = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";

#[test]
fn a_public_checkpoint_and_its_public_witness_verify() {
    let (log, witness) =
        (VerifierKey::parse(PUBLIC_LOG).unwrap(), VerifierKey::parse(PUBLIC_WITNESS).unwrap());
    assert_eq!(witness.algorithm(), Algorithm::CosignatureV1);
    assert_eq!(Note::parse(PUBLIC).unwrap().to_string(), PUBLIC);
    let (checkpoint, by) = Checkpoint::open_witnessed(PUBLIC, &log, &[witness], 1).unwrap();
    assert_eq!(checkpoint.origin, log.name());
    assert_eq!((by.len(), by[0].name.as_str()), (1, "remora.n621.de"));
    let bent = PUBLIC.replacen(&format!("\n{}\n", checkpoint.size), "\n42\n", 1);
    assert!(Checkpoint::open(&bent, &log).is_err());
}

/// `signed_note` and `tlog_tiles` verify what we sign.
#[test]
fn independent_implementations_open_our_checkpoint() {
    let log = TestLog::of_size(300);
    let bytes = log.signed_head();
    let verifier = signed_note::StandardVerifier::new(&log.key().to_string()).unwrap();
    let note = signed_note::Note::from_bytes(bytes.as_bytes()).unwrap();
    let (verified, unverified) =
        note.verify(&signed_note::VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!((verified.len(), unverified.len()), (1, 0));
    let theirs = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
    assert_eq!((theirs.origin(), theirs.size(), theirs.hash().0), (ORIGIN, 300, log.edge.root().0));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_parses_prints_the_same(text in "[a-z\\n0-9+=/ ]{0,80}") {
        if let Ok(checkpoint) = Checkpoint::parse(&text) {
            prop_assert_eq!(checkpoint.to_string(), text);
        }
    }
}
