//! The business identification number (БИН, БСН).

use super::{IdentifierError, check_digit, digits_text, identifier, twelve_digits};

identifier! {
    /// A BIN: 12 digits, month 01–12, fifth digit 4–6, sixth 0–3, check digit right.
    Bin
}

/// Whom a BIN belongs to (fifth digit).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinHolder {
    /// A legal entity resident in Kazakhstan.
    Resident,
    /// A legal entity resident elsewhere.
    NonResident,
    /// Individual entrepreneurs who act jointly.
    JointEntrepreneur,
}

/// Which part of the business a BIN names (sixth digit).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinPart {
    /// The head office.
    Head,
    /// A branch.
    Branch,
    /// A representation.
    Representation,
    /// A farm.
    Farm,
}

impl Bin {
    /// Reads a BIN; white space is ignored, nothing else is.
    pub fn parse(input: &str) -> Result<Self, IdentifierError> {
        let digits = twelve_digits(input).ok_or(IdentifierError::BinLength)?;
        if !(4..=6).contains(&digits[4]) || digits[5] > 3 {
            return Err(IdentifierError::BinKind);
        }
        if !(1..=12).contains(&(digits[2] * 10 + digits[3])) {
            return Err(IdentifierError::BinMonth);
        }
        if check_digit(digits) != Some(digits[11]) {
            return Err(IdentifierError::BinCheckDigit);
        }
        Ok(Self(digits_text(digits)))
    }

    /// Whom it belongs to.
    pub fn holder(&self) -> BinHolder {
        match self.0.as_bytes().get(4) {
            Some(b'4') => BinHolder::Resident,
            Some(b'5') => BinHolder::NonResident,
            _ => BinHolder::JointEntrepreneur,
        }
    }

    /// Which part of the business it names.
    pub fn part(&self) -> BinPart {
        match self.0.as_bytes().get(5) {
            Some(b'0') => BinPart::Head,
            Some(b'1') => BinPart::Branch,
            Some(b'2') => BinPart::Representation,
            _ => BinPart::Farm,
        }
    }
}
