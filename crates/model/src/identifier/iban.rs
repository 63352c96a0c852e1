//! The account number of a bank in Kazakhstan (ИИК, ЖСК).

use super::{IdentifierError, identifier};

identifier! {
    /// An IBAN of Kazakhstan: `KZ`, two check digits, three digits of the bank, thirteen letters or digits.
    Iban
}

impl Iban {
    /// Reads an IBAN; white space is ignored, small letters become capitals, nothing else is changed.
    pub fn parse(input: &str) -> Result<Self, IdentifierError> {
        let mut text = String::with_capacity(20);
        for c in input.chars().filter(|c| !c.is_whitespace()) {
            if text.len() == 20 || !c.is_ascii_alphanumeric() {
                return Err(IdentifierError::IbanInvalid);
            }
            text.push(c.to_ascii_uppercase());
        }
        // Built first, so that the text is wiped when it is refused.
        let iban = Self(text);
        let bytes = iban.0.as_bytes();
        if bytes.len() != 20 || !bytes.starts_with(b"KZ") || !bytes[2..7].iter().all(u8::is_ascii_digit) {
            return Err(IdentifierError::IbanInvalid);
        }
        // 00, 01 and 99 would pass the sum but are never computed as check digits.
        if matches!(&bytes[2..4], b"00" | b"01" | b"99") || remainder(bytes) != 1 {
            return Err(IdentifierError::IbanCheckDigits);
        }
        Ok(iban)
    }

    /// The three digits of the bank.
    pub fn bank_code(&self) -> &str {
        &self.0[4..7]
    }

    /// In groups of four, for reading.
    pub fn grouped(&self) -> String {
        let mut text = String::with_capacity(24);
        for (index, c) in self.0.chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                text.push(' ');
            }
            text.push(c);
        }
        text
    }
}

/// The number modulo 97 (ISO 13616): first four characters moved to the end, letters as 10 to 35.
fn remainder(bytes: &[u8]) -> u32 {
    let (head, rest) = bytes.split_at(4);
    rest.iter().chain(head).fold(0, |sum, byte| {
        let value = char::from(*byte).to_digit(36).unwrap_or(0);
        (sum * if value < 10 { 10 } else { 100 } + value) % 97
    })
}
