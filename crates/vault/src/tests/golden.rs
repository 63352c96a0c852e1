//! Bytes frozen for ever: what was sealed by format 1 must open in every later version.

use std::fmt::Write as _;

use super::*;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

const WRAPPED_BUCKET: &str = concat!(
    "01af149dddac8a3a8881af1d27664944babf553b7f796910d6b255848f7f2abb6737bbe3f7009e8753ab6f8c243836f3",
    "76c598f937ce7c268db85b4886",
);
const WRAPPED_KEY: &str = concat!(
    "01944fda91704afb2970781978902c74e447738dcd844c2d4f7e6e30062a6ce05a0ae5e2910967cff40e92e7790ffb8f",
    "9decee83e77ad8618ab4ab8aaa",
);
const SEALED_KEYRING: &str = concat!(
    "014a6429aca8077727c7c7fb0fa042c34dcdc64eab6f9583e003fbce620e5fb848ec5c2beb71645020718e6d4a5860b0",
    "f65836c5e648a02ba8615eb1f6edaf02f8e1b8aa46cfdd68c6545960c8c0813dcb8fb71903e25364f26023da6695f477",
    "cddc9602266345d1f770dec175ed",
);
const SEALED_VALUE: &str = concat!(
    "01999f36bedb638e74788336c387daaee997997e07ed717ec69b69db04d02dccd0137e98f5e25475fcd202c68a2e1152",
    "5b4501c566bbd436e82fda4f2e",
);
const SEALED_HISTORY: &str = concat!(
    "010ab1bdd59618377752f3d8d011c00167118f26b30f659ccca671ef48fb636e7ab1fac19e201efdd6d7ebe8c1ec8865",
    "ca8a22ebfd778249d845b21c9af97efdaed89a2e7f312aebe6346c1a0d88e97d5fc1a162941ea7275ad4de2c00",
);
const SERVER_SECRET: &str = concat!(
    "0105f9b4dd027becab9a665f07fa236b77c2502560307bd7af985db2d047248f8803c5d93ddf0695b98ce7a55976ed08",
    "a9",
);
const BLIND_INDEX: &str = "e212bdac1b6b45ba03d80d1a3df404e6b8667ebc740ddd02021f620817bc890c";
const MAC: &str = "5f6180f6a8f82442998d0f4cf47e8004f0befa63fcdf6a805053e24270fa9e13";

const ENTRY: &str = r#"{"v":1,"kind":"collection"}"#;

#[test]
fn format_1_is_written_as_ever() {
    let it = Platform::new(20_261_123);
    let bucket = it.vault.new_bucket(1, BUCKET, &it.entropy).unwrap();
    let mut keyring = it.vault.new_keyring(&bucket, SUBJECT, &it.entropy).unwrap();
    let value = it.seal(&mut keyring, &email(1), "aliya@example.kz");
    let history = keyring.seal_history(ENTRY, &[7; 32], &it.entropy).unwrap();
    let row = it.vault.close_keyring(&bucket, &keyring, &it.entropy).unwrap();
    let secret = it.vault.seal_secret("totp", b"operator", b"twenty bytes of key!", &it.entropy).unwrap();
    let index = it.vault.blind_index(email(1).category, "aliya@example.kz");
    let mac = it.vault.mac("session", b"token");
    let found = [
        ("WRAPPED_BUCKET", hex(&bucket.wrapped), WRAPPED_BUCKET),
        ("WRAPPED_KEY", hex(&row.wrapped_key), WRAPPED_KEY),
        ("SEALED_KEYRING", hex(&row.sealed), SEALED_KEYRING),
        ("SEALED_VALUE", hex(value.as_bytes()), SEALED_VALUE),
        ("SEALED_HISTORY", hex(history.as_bytes()), SEALED_HISTORY),
        ("SERVER_SECRET", hex(&secret), SERVER_SECRET),
        ("BLIND_INDEX", hex(&index), BLIND_INDEX),
        ("MAC", hex(&mac), MAC),
    ];
    let changed: Vec<_> = found.iter().filter(|(_, now, frozen)| now != frozen).collect();
    assert!(changed.is_empty(), "a frozen format changed: {changed:#?}");
}

#[test]
fn format_1_is_read_as_ever() {
    let it = Platform::new(20_261_123);
    let bucket = crate::WrappedBucket { bucket: BUCKET, epoch: 1, wrapped: unhex(WRAPPED_BUCKET) };
    let row = crate::WrappedKeyring {
        subject: SUBJECT,
        bucket: BUCKET,
        wrapped_key: unhex(WRAPPED_KEY),
        sealed: unhex(SEALED_KEYRING),
    };
    let keyring = it.vault.open_keyring(&bucket, &row).unwrap();
    let value = Sealed::from_bytes(unhex(SEALED_VALUE));
    assert_eq!(opened(&keyring, &email(1), &value).as_deref(), Some("aliya@example.kz"));
    let line = keyring.unseal_history(&Sealed::from_bytes(unhex(SEALED_HISTORY))).ok();
    assert_eq!(line, Some((ENTRY.to_owned(), [7; 32])));
    let secret = it.vault.open_secret("totp", b"operator", &unhex(SERVER_SECRET)).unwrap();
    assert_eq!(secret.as_slice(), b"twenty bytes of key!");
}
