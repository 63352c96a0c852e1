//! Signed notes against the vectors of golang.org/x/mod/sumdb/note and of the specification.

use super::*;
use proptest::prelude::*;

const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
/// The tail of the published signer key: the type and the seed.
const PETER_SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH_LINE: &str = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";
const SPEC_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const SPEC_NOTE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

fn key(text: &str) -> VerifierKey {
    VerifierKey::parse(text).unwrap()
}

fn peter_signer() -> Ed25519Signer {
    let seed = b64::decode(PETER_SEED).unwrap()[1..].try_into().unwrap();
    Ed25519Signer::from_seed("PeterNeumann", &seed).unwrap()
}

#[test]
fn go_and_specification_vectors_hold() {
    assert_eq!(key(PETER).to_string(), PETER);
    assert_eq!(key(PETER).id_hex(), "c74f20a3");
    assert_eq!(peter_signer().vkey(), &key(PETER));
    let zero = Ed25519Signer::from_seed("EnochRoot", &[0; 32]).unwrap();
    assert_eq!(zero.vkey().to_string(), ENOCH);

    let signed = format!("{TEXT}\n{PETER_LINE}");
    assert_eq!(Note::sign(TEXT, &peter_signer()).unwrap().to_string(), signed);
    let both = format!("{signed}{ENOCH_LINE}");
    let note = Note::parse(&both).unwrap();
    assert_eq!((note.text(), note.to_string()), (TEXT, both.clone()));
    let by = note.open(&[key(ENOCH), key(PETER)]).unwrap();
    assert_eq!(by.iter().map(|by| by.name.as_str()).collect::<Vec<_>>(), ["PeterNeumann", "EnochRoot"]);
    assert_eq!(note.open(&[key(ENOCH)]).unwrap().len(), 1);
    assert_eq!(note.only(&key(PETER)).unwrap().to_string(), signed);
    assert_eq!(note.open(&[key(SPEC_KEY)]), Err(NoteError::NoKnownSignature));
    assert_eq!(note.open(&[key(PETER), key(PETER)]), Err(NoteError::AmbiguousKeys));

    assert_eq!(Note::parse(SPEC_NOTE).unwrap().open(&[key(SPEC_KEY)]).unwrap()[0].posix_seconds, None);
}

#[test]
fn malformed_keys_are_refused() {
    for bad in [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a3+",
        "PeterNeumann+c74f20a3+!!!!",
        "",
        "+",
        "++",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
    ] {
        assert_eq!(VerifierKey::parse(bad), Err(NoteError::MalformedKey), "{bad}");
    }
    let unknown = "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    assert_eq!(VerifierKey::parse(unknown), Err(NoteError::UnknownAlgorithm));
    for name in ["", "a b", "a+b", "a\u{a0}b", "a\tb", "a\u{2003}b"] {
        assert!(Ed25519Signer::from_seed(name, &[1; 32]).is_err(), "{name:?}");
    }
}

#[test]
fn malformed_notes_are_refused() {
    let line = PETER_LINE.trim_end();
    for bad in [
        TEXT.to_owned(),
        format!("{TEXT}\n"),
        format!("{TEXT}\n{line}"),
        format!("\u{1}{TEXT}\n{PETER_LINE}"),
        format!("{TEXT}\r\n{PETER_LINE}"),
        format!("{TEXT}\n{PETER_LINE}Unexpected line.\n"),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "Bad Name")),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "Bad+Name")),
        format!("{TEXT}\n{}", PETER_LINE.replace('—', "-")),
        format!("{TEXT}\n{}", PETER_LINE.replace("AM=", "AM")),
        format!("{TEXT}\n{}", PETER_LINE.replace("AM=", "AN=")),
        format!("{TEXT}\n— PeterNeumann x08gow==\n"),
        format!("{TEXT}\n{PETER_LINE}\n{PETER_LINE}\n"),
    ] {
        assert_eq!(Note::parse(&bad), Err(NoteError::MalformedNote), "{bad:?}");
    }
    assert!(Note::parse(&format!("{TEXT}\n{}", PETER_LINE.repeat(100))).is_ok());
    assert_eq!(Note::parse(&format!("{TEXT}\n{}", PETER_LINE.repeat(101))), Err(NoteError::TooLarge));
    assert_eq!(Note::parse(&"a".repeat(NOTE_BYTES_MAX + 1)), Err(NoteError::TooLarge));
    for text in ["no newline", "tab\t\n"] {
        assert_eq!(Note::sign(text, &peter_signer()), Err(NoteError::MalformedText));
    }
}

#[test]
fn a_wrong_line_of_a_known_key_refuses_the_note() {
    let wrong = PETER_LINE.replace("RyyBwJnAM=", "RyyBwJnBM=");
    let open = |lines: &str| Note::parse(&format!("{TEXT}\n{lines}")).unwrap().open(&[key(PETER)]);
    assert_eq!(open(&wrong), Err(NoteError::BadSignature));
    assert_eq!(open(&format!("{wrong}{PETER_LINE}")), Err(NoteError::BadSignature));
    // As in Go, a second line of a key that was already verified is not looked at.
    assert_eq!(open(&format!("{PETER_LINE}{wrong}")).unwrap().len(), 1);
    let short = "— PeterNeumann x08go/ZJkuA=\n";
    assert_eq!(open(short), Err(NoteError::BadSignature));
}

#[test]
fn cosignatures_state_their_time_and_kinds_do_not_mix() {
    let log = peter_signer();
    let witness = Ed25519Signer::witness_from_seed("w.example/1", &[5; 32]).unwrap();
    assert_eq!(Note::sign(TEXT, &witness), Err(NoteError::WrongKeyKind));
    assert_eq!(cosign(TEXT, 1, &log), Err(NoteError::WrongKeyKind));
    assert_eq!(cosign(TEXT, u64::MAX, &witness), Err(NoteError::MalformedText));
    let line = cosign(TEXT, 1_679_315_147, &witness).unwrap();
    assert_eq!(SignatureLine::parse(&line.to_string()), Ok(line.clone()));
    let mut note = Note::sign(TEXT, &log).unwrap();
    note.attach(line.clone()).unwrap();
    let keys = [log.vkey().clone(), witness.vkey().clone()];
    assert_eq!(note.open(&keys).unwrap()[1].posix_seconds, Some(1_679_315_147));

    let mut late = line.clone();
    late.signature[7] ^= 1;
    note.attach(late).unwrap();
    assert_eq!(note.open(&keys), Err(NoteError::BadSignature));
    let mut unsigned = line;
    unsigned.signature.truncate(7);
    note.attach(unsigned).unwrap();
    assert_eq!(note.open(&keys), Err(NoteError::BadSignature));
    // The same key and name under the two types are two keys.
    let twin = Ed25519Signer::from_seed("w.example/1", &[5; 32]).unwrap();
    assert_eq!(twin.vkey().key(), witness.vkey().key());
    assert_ne!(twin.vkey().id(), witness.vkey().id());
}

#[test]
fn ml_dsa_lines_are_kept_and_skipped() {
    let key44 = VerifierKey::new("w.example/pq", Algorithm::MlDsa44, &[9; 1312]).unwrap();
    assert_eq!(key(&key44.to_string()), key44);
    let line = SignatureLine { name: "w.example/pq".into(), id: key44.id(), signature: vec![1; 8 + 2420] };
    let mut note = Note::sign(TEXT, &peter_signer()).unwrap();
    note.attach(line).unwrap();
    let again = Note::parse(&note.to_string()).unwrap();
    assert_eq!(again, note);
    assert_eq!(again.open(&[key44.clone(), key(PETER)]).unwrap().len(), 1);
    assert_eq!(again.open(&[key44]), Err(NoteError::NoKnownSignature));
}

#[test]
fn debugging_a_signer_shows_no_key() {
    assert_eq!(
        format!("{:?}", peter_signer()),
        format!("Ed25519Signer {{ vkey: VerifierKey({PETER}), .. }}")
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_parses_prints_the_same(text in "[ -~\\n]{0,60}", tail in "[ -~—\\n]{0,80}") {
        let whole = format!("{text}\n\n— {tail}\n");
        if let Ok(note) = Note::parse(&whole) {
            prop_assert_eq!(note.to_string(), whole);
        }
    }

    #[test]
    fn our_notes_verify_and_texts_with_empty_lines_survive(text in "[a-zа-яәіңғүұқөһ\\n ]{0,80}") {
        let text = format!("{text}\n");
        let note = Note::sign(&text, &peter_signer()).unwrap();
        let again = Note::parse(&note.to_string()).unwrap();
        prop_assert_eq!(again.text(), &text);
        prop_assert!(again.open(&[key(PETER)]).is_ok());
    }
}
