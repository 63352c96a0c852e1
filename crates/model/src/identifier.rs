//! Values that name or reach somebody, parsed and never guessed.
//!
//! Invariant: a value of these types is well-formed and in its one normal form; parsing the normal form gives the
//! same value again. None of them has `Display`, `Clone` or `Serialize`, `Debug` shows the name of the type only,
//! and the memory is wiped on drop. No error holds any part of the input. Rules: the numbering rules of Kazakhstan
//! for IIN, BIN, telephone and IBAN; Unicode NFC for every text.
//!
//! Clauses: C5, C9, C15.

mod bin;
mod email;
mod iban;
mod iin;
mod name;
mod phone;
mod text;

use thiserror::Error;

pub use bin::{Bin, BinHolder, BinPart};
pub use email::Email;
pub use iban::Iban;
pub use iin::Iin;
pub use name::PersonName;
pub use phone::{Phone, PhoneKind};
pub use text::FreeText;

/// Why a value is refused: which rule it broke and what to do, never the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum IdentifierError {
    /// An IIN is not 12 digits.
    #[error("an IIN has 12 digits: write all of them, without letters")]
    IinLength,
    /// The fifth digit belongs to a BIN.
    #[error("this is the number of a business: write the IIN of the person")]
    IinKind,
    /// The seventh digit names no century.
    #[error("the seventh digit of an IIN is 0 to 6: check the number")]
    IinCentury,
    /// The first six digits are no date.
    #[error("an IIN begins with a date of birth: check the first six digits")]
    IinBirthDate,
    /// The check digit is wrong, or the number cannot have been issued.
    #[error("the check digit of the IIN does not fit: check every digit")]
    IinCheckDigit,
    /// A BIN is not 12 digits.
    #[error("a BIN has 12 digits: write all of them, without letters")]
    BinLength,
    /// The fifth or sixth digit names no kind of business.
    #[error("the fifth digit of a BIN is 4 to 6, the sixth 0 to 3: check the number")]
    BinKind,
    /// The third and fourth digits are no month.
    #[error("a BIN begins with year and month of registration: check the first four digits")]
    BinMonth,
    /// The check digit is wrong, or the number cannot have been issued.
    #[error("the check digit of the BIN does not fit: check every digit")]
    BinCheckDigit,
    /// No telephone number that can be reached.
    #[error(
        "this is not a telephone number we can reach: write it as +7 and ten digits, or + and the country code"
    )]
    PhoneInvalid,
    /// No e-mail address.
    #[error("this is not an e-mail address: write it as name@example.kz")]
    EmailInvalid,
    /// An e-mail address longer than mail allows.
    #[error("the e-mail address is too long: check it")]
    EmailTooLong,
    /// A name with something that no name has.
    #[error("a name has letters, hyphens, apostrophes and spaces: write it as in the identity document")]
    NameInvalid,
    /// A name that is too long.
    #[error("the name is too long: write it as in the identity document")]
    NameTooLong,
    /// No account number of Kazakhstan.
    #[error("an account number (IBAN) has KZ and 18 more letters and digits: check it")]
    IbanInvalid,
    /// The check digits of the account number are wrong.
    #[error("the check digits of the account number (IBAN) do not fit: check every letter and digit")]
    IbanCheckDigits,
    /// Nothing but white space.
    #[error("the text is empty: write something")]
    TextEmpty,
    /// More characters than the field takes.
    #[error("the text is too long: shorten it")]
    TextTooLong,
    /// Control characters or hidden changes of direction.
    #[error("the text holds hidden control characters: write it again instead of pasting it")]
    TextInvalid,
}

impl IdentifierError {
    /// A stable kebab-case code, the same in pages, API and tests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::IinLength => "iin-length",
            Self::IinKind => "iin-kind",
            Self::IinCentury => "iin-century",
            Self::IinBirthDate => "iin-birth-date",
            Self::IinCheckDigit => "iin-check-digit",
            Self::BinLength => "bin-length",
            Self::BinKind => "bin-kind",
            Self::BinMonth => "bin-month",
            Self::BinCheckDigit => "bin-check-digit",
            Self::PhoneInvalid => "phone-invalid",
            Self::EmailInvalid => "email-invalid",
            Self::EmailTooLong => "email-too-long",
            Self::NameInvalid => "name-invalid",
            Self::NameTooLong => "name-too-long",
            Self::IbanInvalid => "iban-invalid",
            Self::IbanCheckDigits => "iban-check-digits",
            Self::TextEmpty => "text-empty",
            Self::TextTooLong => "text-too-long",
            Self::TextInvalid => "text-invalid",
        }
    }
}

/// What all of these types share: the normal form, a `Debug` that is silent, memory wiped on drop.
macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(PartialEq, Eq, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
        pub struct $name(String);

        impl $name {
            /// The normal form: personal data, only for sealing, indexing and showing to whom may see it.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The normal form itself, without a copy; the caller takes over the care of wiping it.
            pub fn into_string(mut self) -> String {
                std::mem::take(&mut self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}
use identifier;

/// Twelve digits, with white space anywhere ignored; any other character is refused.
fn twelve_digits(input: &str) -> Option<[u8; 12]> {
    let mut digits = [0; 12];
    let mut count = 0;
    for c in input.chars().filter(|c| !c.is_whitespace()) {
        *digits.get_mut(count)? = u8::try_from(c.to_digit(10)?).ok()?;
        count += 1;
    }
    (count == 12).then_some(digits)
}

/// The text of twelve digits.
fn digits_text(digits: [u8; 12]) -> String {
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
}

/// The check digit of IIN and BIN: two passes of weights modulo 11; ten in both means the number is never issued.
fn check_digit(digits: [u8; 12]) -> Option<u8> {
    const PASSES: [[u32; 11]; 2] = [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]];
    PASSES.iter().find_map(|weights| {
        let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum();
        u8::try_from(sum % 11).ok().filter(|rest| *rest < 10)
    })
}

#[cfg(test)]
mod tests;
