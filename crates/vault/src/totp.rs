//! Time-based one-time passwords (RFC 6238 over RFC 4226, SHA-1, six digits): what authenticator apps speak.

use aws_lc_rs::hmac;

/// The six digits of a secret at a time step (30 seconds each since 1970).
pub fn totp(secret: &[u8], step: i64) -> u32 {
    const DIGITS: u32 = 1_000_000;
    // RFC 6238 apps speak HMAC-SHA-1; its weakness in collisions does not touch HMAC.
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = bytes.last().map_or(0, |byte| usize::from(byte & 0x0f));
    let word = bytes.get(offset..offset + 4).and_then(|four| <[u8; 4]>::try_from(four).ok());
    (u32::from_be_bytes(word.unwrap_or_default()) & 0x7fff_ffff) % DIGITS
}

#[cfg(test)]
mod tests {
    #[test]
    fn as_in_rfc_6238_appendix_b() {
        // The RFC prints eight digits; the last six are ours.
        for (seconds, digits) in [(59, 287_082), (1_111_111_109, 81_804), (20_000_000_000, 353_130)] {
            assert_eq!(super::totp(b"12345678901234567890", seconds / 30), digits);
        }
    }
}
