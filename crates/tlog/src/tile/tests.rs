//! Paths, encodings and geometry against the examples of tlog-tiles and against the crate `tlog_tiles`.

use super::*;
use crate::test_log::TestLog;
use crate::tree::{consistency_proof, inclusion_proof, leaf_hash};
use proptest::prelude::*;
use tlog_tiles::TileReader as _;

#[test]
fn paths_are_those_of_the_specification() {
    assert_eq!(Tile::hashes(0, 1_234_067, WIDTH).path(), "tile/0/x001/x234/067");
    assert_eq!(Tile::hashes(3, 0, 1).path(), "tile/3/000.p/1");
    assert_eq!(Tile::hashes(0, 999, 255).path(), "tile/0/999.p/255");
    assert_eq!(Tile::hashes(0, 1000, WIDTH).path(), "tile/0/x001/000");
    assert_eq!(Tile::entries(5, 112).path(), "tile/entries/005.p/112");
    assert_eq!(Tile::entries(u64::MAX, WIDTH).path(), "tile/entries/x018/x446/x744/x073/x709/x551/615");
    for bad in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/1",
        "tile/0/0001",
        "tile/0/x000/001",
        "tile/0/001/001",
        "tile/00/001",
        "tile/+1/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/data/001",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/01",
        "tile/0/001.p/",
        "tile/0/001.p/1/",
        "tile/0/+01",
        "tile/0/x001",
        "tile/0/001.p/1.p/1",
        "/tile/0/001",
        "tile/0/001 ",
        "tile/0/0é",
        "tile/0/X001/001",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
    ] {
        assert_eq!(Tile::parse_path(bad), Err(TileError::Path), "{bad}");
    }
}

#[test]
fn a_tree_of_70000_has_the_tiles_the_specification_counts() {
    let tiles = completed(0, 70_000);
    assert_eq!(tiles.iter().filter(|tile| tile.kind == Kind::Hashes(0)).count(), 273);
    assert_eq!(tiles.len(), 274);
    assert_eq!(partial(70_000), [Tile::hashes(0, 273, 112), Tile::hashes(1, 1, 17), Tile::hashes(2, 0, 1)]);
    assert_eq!(partial(256), [Tile::hashes(1, 0, 1)]);
    assert_eq!(partial(0), []);
    assert!(Tile::hashes(1, 1, 17).is_in(70_000) && !Tile::hashes(1, 1, 18).is_in(70_000));
    assert!(Tile::entries(273, 112).is_in(70_000) && !Tile::entries(273, 0).is_in(70_000));
    assert!(!Tile::hashes(63, u64::MAX, 1).is_in(u64::MAX));
}

#[test]
fn bodies_round_trip_and_refuse_other_lengths() {
    let hashes = vec![leaf_hash(b"a"), leaf_hash(b"b")];
    let body = encode_hashes(&hashes);
    assert_eq!(decode_hashes(&body, 2), Ok(hashes));
    assert_eq!(decode_hashes(&body, 1), Err(TileError::Length));
    assert_eq!(decode_hashes(&body[1..], 2), Err(TileError::Length));

    let bundle = encode_entries(&[b"".as_slice(), b"a", &[7; 300]]).unwrap();
    assert_eq!(bundle[..5], [0, 0, 0, 1, b'a']);
    assert_eq!(decode_entries(&bundle, 3).unwrap()[2], [7; 300]);
    for (cut, width) in [(1, 3), (0, 2), (0, 4), (300, 3), (302, 3)] {
        assert_eq!(decode_entries(&bundle[..bundle.len() - cut], width), Err(TileError::Bundle));
    }
    assert_eq!(encode_entries(&[vec![0; 65_536]]), Err(TileError::EntryTooLong));
    assert_eq!(encode_entries(&[[1; 32]]).unwrap().len(), 34);
}

#[test]
fn full_tiles_and_leaf_hashes_are_enough_to_start_again() {
    for size in [0, 1, 255, 256, 257, 700, 1024, 65_536, 65_537, 66_000] {
        let log = TestLog::of_size(size);
        let leaves = log.leaves();
        let tail = &leaves[leaves.len() - leaves.len() % 256..];
        let edge = EdgeTiles::rebuild(size, tail, &log.tiles).unwrap();
        assert_eq!(edge, log.edge, "size {size}");
        let expected: Vec<_> = completed(0, size);
        assert_eq!(log.tiles.0.len(), expected.len());
        assert!(expected.iter().all(|tile| match tile.kind {
            Kind::Hashes(level) => log.tiles.0.contains_key(&(level, tile.index)),
            Kind::Entries => false,
        }));
    }
    let log = TestLog::of_size(300);
    assert!(EdgeTiles::rebuild(300, &[], &log.tiles).is_err());
}

#[test]
fn old_sizes_are_answered_from_the_newest_tiles() {
    let log = TestLog::of_size(66_000);
    let (reader, leaves) = (log.reader(), log.leaves());
    for size in [1, 200, 256, 300, 65_535, 65_536, 65_999] {
        let tiles = TileHashes::new(&reader, size);
        assert_eq!(crate::tree::root(&tiles, size).unwrap(), crate::tree::root(&leaves, size).unwrap());
        let index = size / 2;
        assert_eq!(
            inclusion_proof(&tiles, size, index).unwrap(),
            inclusion_proof(&leaves, size, index).unwrap()
        );
        let newest = TileHashes::new(&reader, log.size());
        let proof = consistency_proof(&newest, size, log.size()).unwrap();
        assert_eq!(proof, consistency_proof(&leaves, size, log.size()).unwrap());
    }
    assert!(matches!(reader.tile(0, 257, 209), Err(ReadError::Tile(TileError::OutOfTree))));
    assert!(matches!(TileHashes::new(&reader, 300).hash(0, 300), Err(ReadError::Tile(TileError::OutOfTree))));
    assert!(TileHashes::new(&reader, 300).hash(255, u64::MAX).is_err());
}

/// `tlog_tiles` reads our tiles through our paths, authenticates them against our root, builds the same proofs
/// and accepts ours.
#[test]
fn an_independent_reader_agrees_on_tiles_and_proofs() {
    for size in [1u64, 5, 256, 300, 1000, 66_000] {
        let log = TestLog::of_size(size);
        let root = tlog_tiles::Hash(log.edge.root().0);
        let theirs = tlog_tiles::TileHashReader::new(size, root, &log);
        assert_eq!(tlog_tiles::tree_hash(size, &theirs).unwrap(), root);
        let leaves = log.leaves();
        for index in [0, size / 3, size / 2, size - 1] {
            let convert =
                |proof: Vec<Hash>| proof.iter().map(|hash| tlog_tiles::Hash(hash.0)).collect::<Vec<_>>();
            let ours = convert(log.inclusion(index));
            assert_eq!(tlog_tiles::prove_record(size, index, &theirs).unwrap(), ours);
            let leaf = tlog_tiles::Hash(leaves[usize::try_from(index).unwrap()].0);
            tlog_tiles::check_record(&ours, size, root, index, leaf).unwrap();
            let older = index + 1;
            let reader = log.reader();
            let ours = convert(consistency_proof(&TileHashes::new(&reader, size), older, size).unwrap());
            assert_eq!(tlog_tiles::prove_tree(size, older, &theirs).unwrap(), ours);
            let old_root = tlog_tiles::Hash(crate::tree::root(&leaves, older).unwrap().0);
            tlog_tiles::check_tree(&ours, size, root, older, old_root).unwrap();
        }
        assert_eq!(log.height(), HEIGHT);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn paths_agree_with_tlog_tiles(level in 0u8..8, index in any::<u64>(), width in 1u16..=256) {
        let tile = Tile::hashes(level, index, width);
        prop_assert_eq!(Tile::parse_path(&tile.path()), Ok(tile));
        let bundle = Tile::entries(index, width);
        prop_assert_eq!(Tile::parse_path(&bundle.path()), Ok(bundle));
        let index = index >> 8;
        let theirs = tlog_tiles::Tile::new(8, level, index, u32::from(width), false);
        prop_assert_eq!(theirs.path().replacen("tile/8/", "tile/", 1), Tile::hashes(level, index, width).path());
    }

    #[test]
    fn new_tiles_agree_with_tlog_tiles(older in 0u64..200_000, growth in 0u64..70_000) {
        let newer = older + growth;
        let mut ours: Vec<String> = completed(older, newer).iter().map(Tile::path).collect();
        let grown = |tile: &&Tile| match tile.kind {
            Kind::Hashes(level) => nodes_at(level, older) != nodes_at(level, newer),
            Kind::Entries => false,
        };
        ours.extend(partial(newer).iter().filter(grown).map(Tile::path));
        ours.sort();
        let path = |tile: &tlog_tiles::Tile| tile.path().replacen("tile/8/", "tile/", 1);
        let mut theirs: Vec<String> = tlog_tiles::Tile::new_tiles(8, older, newer).iter().map(path).collect();
        theirs.sort();
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn any_text_as_path_never_panics(text in "\\PC{0,40}") {
        if let Ok(tile) = Tile::parse_path(&text) {
            prop_assert_eq!(tile.path(), text);
        }
    }
}
