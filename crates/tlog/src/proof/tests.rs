//! Proof files, and the dispatch over all file kinds.

use super::*;
use crate::test_log::{ORIGIN, TestLog};
use crate::tile::TileHashes;
use crate::tree::consistency_proof;

fn files() -> (TestLog, Vec<String>) {
    let older = TestLog::of_size(5);
    let log = TestLog::of_size(12);
    let (vkey, checkpoint) = (log.key().to_string(), log.signed_head());
    let inclusion = Inclusion {
        commitment: log.rows[4].1,
        index: 4,
        checkpoint: checkpoint.clone(),
        proof: log.inclusion(4),
        vkey: vkey.clone(),
    };
    let reader = log.reader();
    let consistency = Consistency {
        older: older.signed_head(),
        checkpoint,
        proof: consistency_proof(&TileHashes::new(&reader, 12), 5, 12).unwrap(),
        vkey,
    };
    let receipt = TestLog::with_receipt(ORIGIN, 2, 1).1.encode();
    (log, vec![inclusion.encode(), consistency.encode(), receipt])
}

#[test]
fn every_kind_of_file_verifies_and_one_changed_byte_fails() {
    let (log, files) = files();
    let verify = |bytes: &[u8]| Document::parse_strict(bytes).ok()?.verify(Some(log.key())).ok();
    let kinds: Vec<_> = files
        .iter()
        .map(|file| verify(file.as_bytes()).unwrap())
        .map(|v| (v.kind, v.index, v.size))
        .collect();
    let expect = |kind: &str, index, size| (kind.to_owned(), index, size);
    assert_eq!(kinds, [expect(INCLUSION, 4, 12), expect(CONSISTENCY, 5, 12), expect("consent", 2, 4)]);
    for file in files {
        for at in 0..file.len() {
            for bit in 0..8 {
                let mut changed = file.clone().into_bytes();
                changed[at] ^= 1 << bit;
                let without_key =
                    Document::parse_strict(&changed).ok().and_then(|file| file.verify(None).ok());
                assert_eq!(without_key, None, "byte {at}, bit {bit}");
            }
        }
    }
}

#[test]
fn other_files_are_told_apart() {
    let (_, files) = files();
    let text = files[0].clone();
    let parse = |text: String| Document::parse_strict(text.as_bytes());
    assert_eq!(parse(text.replace("proof/v1", "proof/v9")), Err(Unreadable::UnknownFormat));
    assert_eq!(parse(text.replace("inclusion", "exclusion")), Err(Unreadable::UnknownFormat));
    assert!(matches!(parse(text.replace("inclusion", "consistency")), Err(Unreadable::Malformed { .. })));
    assert!(matches!(parse("{}".into()), Err(Unreadable::Malformed { .. })));
    assert!(matches!(parse(String::new()), Err(Unreadable::Malformed { .. })));
    // A message about a broken file quotes nothing of it.
    let broken = text.replace("\"index\": 4", "\"index\": \"secret\"");
    assert!(!parse(broken).unwrap_err().to_string().contains("secret"));
}
