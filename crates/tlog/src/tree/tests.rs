//! RFC 6962 against the certificate-transparency vectors and against `ct-merkle`.

use super::*;
use crate::test_log::TestLog;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use proptest::prelude::*;

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn hash(text: &str) -> Hash {
    Hash(unhex(text).try_into().unwrap())
}

/// Leaves and roots of the reference tree of google/certificate-transparency (`merkle_tree_test`).
const CT_LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const CT_ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const CT_INCLUSION_0_OF_8: [&str; 3] = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
];
const CT_CONSISTENCY_6_TO_8: [&str; 3] = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
];

fn ct_leaves() -> Vec<Hash> {
    CT_LEAVES.iter().map(|leaf| leaf_hash(&unhex(leaf))).collect()
}

#[test]
fn roots_are_those_of_certificate_transparency() {
    assert_eq!(empty_root(), hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    assert_eq!(Frontier::new().root(), empty_root());
    let leaves = ct_leaves();
    let mut frontier = Frontier::new();
    for (size, (leaf, expected)) in (1u64..).zip(leaves.iter().zip(CT_ROOTS)) {
        assert_eq!(frontier.append(*leaf), size - 1);
        assert_eq!(frontier.root(), hash(expected));
        assert_eq!(root(&leaves, size).unwrap(), hash(expected));
        assert_eq!(Frontier::from_parts(size, frontier.edge().to_vec()).unwrap(), frontier);
    }
    assert!(Frontier::from_parts(3, vec![leaves[0]]).is_err());
}

#[test]
fn proofs_are_those_of_certificate_transparency() {
    let leaves = ct_leaves();
    let list = |texts: &[&str]| texts.iter().map(|text| hash(text)).collect::<Vec<_>>();
    assert_eq!(inclusion_proof(&leaves, 8, 0).unwrap(), list(&CT_INCLUSION_0_OF_8));
    assert_eq!(consistency_proof(&leaves, 6, 8).unwrap(), list(&CT_CONSISTENCY_6_TO_8));
    assert_eq!(consistency_proof(&leaves, 1, 8).unwrap(), list(&CT_INCLUSION_0_OF_8));
}

#[test]
fn edges_of_the_domain_are_refused_or_trivial() {
    let leaves = ct_leaves();
    assert_eq!(inclusion_proof(&leaves, 0, 0), Err(BuildError::OutOfTree));
    assert_eq!(inclusion_proof(&leaves, 8, 8), Err(BuildError::OutOfTree));
    assert_eq!(inclusion_proof(&leaves, 9, 0), Err(BuildError::Read(ProofError::OutOfTree)));
    assert_eq!(consistency_proof(&leaves, 5, 4), Err(BuildError::OutOfTree));
    assert_eq!(consistency_proof(&leaves, 0, 4), Ok(vec![]));
    assert_eq!(consistency_proof(&leaves, 4, 4), Ok(vec![]));
    let (four, eight) = (hash(CT_ROOTS[3]), hash(CT_ROOTS[7]));
    assert_eq!(verify_consistency(0, &empty_root(), 8, &eight, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &four, 8, &eight, &[]), Err(ProofError::RootMismatch));
    assert_eq!(verify_consistency(4, &four, 4, &eight, &[]), Err(ProofError::RootMismatch));
    assert_eq!(verify_consistency(8, &eight, 4, &four, &[]), Err(ProofError::OutOfTree));
    assert_eq!(verify_consistency(4, &four, 8, &eight, &[]), Err(ProofError::WrongLength));
    assert_eq!(verify_inclusion(&leaves[0], 0, 0, &[], &empty_root()), Err(ProofError::OutOfTree));
    assert_eq!(verify_inclusion(&leaves[0], u64::MAX - 1, u64::MAX, &[], &eight), Err(ProofError::OutOfTree));
    assert_eq!(verify_inclusion(&leaves[0], 0, 1, &[], &leaves[0]), Ok(()));
}

fn ours(bytes: &[u8]) -> Hash {
    Hash(bytes.try_into().unwrap())
}

fn chunks(bytes: &[u8]) -> Vec<Hash> {
    bytes.chunks(32).map(ours).collect()
}

fn bytes_of(proof: &[Hash]) -> Vec<u8> {
    crate::tile::encode_hashes(proof)
}

/// `ct-merkle` and ours, over the same commitments.
fn pair(size: u64) -> (TestLog, MemoryBackedTree<Sha256, Vec<u8>>) {
    let log = TestLog::of_size(size);
    let mut tree = MemoryBackedTree::new();
    log.rows.iter().for_each(|(_, commitment)| tree.push(commitment.to_vec()));
    (log, tree)
}

#[test]
fn every_root_up_to_600_is_that_of_ct_merkle() {
    let mut log = TestLog::of_size(0);
    let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let mut frontier = Frontier::new();
    for n in 0..600u64 {
        assert_eq!(log.edge.root(), ours(tree.root().as_bytes()));
        assert_eq!(log.edge.frontier(), frontier);
        let commitment = crate::commitment::commit(&[1; 32], &n.to_be_bytes());
        log.append(commitment);
        frontier.append(leaf_hash(&commitment));
        tree.push(commitment.to_vec());
    }
}

#[test]
fn every_inclusion_proof_of_some_trees_is_that_of_ct_merkle() {
    for size in [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 600] {
        let (log, tree) = pair(size);
        for index in 0..size {
            let proof = log.inclusion(index);
            let theirs = tree.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(proof, chunks(theirs.as_bytes()), "leaf {index} of {size}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn inclusion_agrees_with_ct_merkle_and_nothing_else_verifies(
        size in 1u64..600, at in any::<u64>(), wrong in any::<u64>(), bit in any::<u16>(),
    ) {
        let index = at % size;
        let (log, tree) = pair(size);
        let proof = log.inclusion(index);
        let leaf = log.leaves()[usize::try_from(index).unwrap()];
        let root = log.edge.root();
        prop_assert_eq!(&proof, &chunks(tree.prove_inclusion(usize::try_from(index).unwrap()).as_bytes()));
        let theirs = InclusionProof::<Sha256>::try_from_bytes(bytes_of(&proof)).unwrap();
        let commitment = log.rows[usize::try_from(index).unwrap()].1;
        prop_assert!(tree.root().verify_inclusion(&commitment, index, &theirs).is_ok());

        let other = wrong % size;
        if other != index {
            prop_assert!(verify_inclusion(&leaf, other, size, &proof, &root).is_err());
        }
        let mut longer = proof.clone();
        longer.push(leaf);
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &longer, &root), Err(ProofError::WrongLength));
        if let Some((_, shorter)) = proof.split_last() {
            prop_assert_eq!(verify_inclusion(&leaf, index, size, shorter, &root), Err(ProofError::WrongLength));
            let mut bent = proof.clone();
            let position = usize::from(bit) % (bent.len() * 256);
            bent[position / 256].0[position % 256 / 8] ^= 1 << (position % 8);
            prop_assert_eq!(verify_inclusion(&leaf, index, size, &bent, &root), Err(ProofError::RootMismatch));
        }
    }

    #[test]
    fn consistency_agrees_with_ct_merkle_and_nothing_else_verifies(
        newer in 1u64..600, at in any::<u64>(), bit in any::<u16>(),
    ) {
        let older = 1 + at % newer;
        let (log, tree) = pair(newer);
        let (old_log, old_tree) = pair(older);
        let (old_root, new_root) = (old_log.edge.root(), log.edge.root());
        let reader = log.reader();
        let proof = consistency_proof(&crate::tile::TileHashes::new(&reader, newer), older, newer).unwrap();
        prop_assert_eq!(&proof, &consistency_proof(&log.leaves(), older, newer).unwrap());
        prop_assert_eq!(verify_consistency(older, &old_root, newer, &new_root, &proof), Ok(()));
        if older < newer {
            let theirs = tree.prove_consistency(usize::try_from(newer - older).unwrap());
            prop_assert_eq!(&proof, &chunks(theirs.as_bytes()));
            let mine = ConsistencyProof::<Sha256>::try_from_bytes(bytes_of(&proof)).unwrap();
            let old: RootHash<Sha256> = old_tree.root();
            prop_assert!(tree.root().verify_consistency(&old, &mine).is_ok());

            prop_assert!(verify_consistency(older, &new_root, newer, &new_root, &proof).is_err());
            prop_assert!(verify_consistency(older, &old_root, newer, &old_root, &proof).is_err());
            prop_assert!(verify_consistency(older, &old_root, newer, &new_root, &proof[1..]).is_err());
            let mut bent = proof.clone();
            let position = usize::from(bit) % (bent.len() * 256);
            bent[position / 256].0[position % 256 / 8] ^= 1 << (position % 8);
            prop_assert!(verify_consistency(older, &old_root, newer, &new_root, &bent).is_err());
        }
    }
}
