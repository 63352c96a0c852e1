//! The individual identification number (ИИН, ЖСН). It tells date of birth and sex: never in logs, URLs or receipts.

use jiff::civil::Date;

use super::{IdentifierError, check_digit, digits_text, identifier, twelve_digits};

identifier! {
    /// An IIN: 12 digits, fifth digit 0–3, check digit right; a date of birth that exists, unless the century digit
    /// is 0 (seen for some foreigners), which then gives no date of birth.
    Iin
}

impl Iin {
    /// Reads an IIN; white space is ignored, nothing else is.
    pub fn parse(input: &str) -> Result<Self, IdentifierError> {
        let digits = twelve_digits(input).ok_or(IdentifierError::IinLength)?;
        if digits[4] > 3 {
            return Err(IdentifierError::IinKind);
        }
        if digits[6] > 6 {
            return Err(IdentifierError::IinCentury);
        }
        if digits[6] != 0 && birth_date(digits).is_none() {
            return Err(IdentifierError::IinBirthDate);
        }
        if check_digit(digits) != Some(digits[11]) {
            return Err(IdentifierError::IinCheckDigit);
        }
        Ok(Self(digits_text(digits)))
    }

    /// The date of birth, if the number tells the century. Good for refusing, never proof of who somebody is.
    pub fn birth_date(&self) -> Option<Date> {
        twelve_digits(&self.0).and_then(birth_date)
    }

    /// Whether the person has reached an age in full years on a date; `None` without a date of birth.
    ///
    /// Who was born on 29 February reaches it on 1 March of an ordinary year.
    pub fn is_adult_on(&self, date: Date, age_years: u8) -> Option<bool> {
        let born = self.birth_date()?;
        let birthday_passed = (date.month(), date.day()) >= (born.month(), born.day());
        let years = i32::from(date.year()) - i32::from(born.year()) - i32::from(!birthday_passed);
        Some(years >= i32::from(age_years))
    }
}

fn birth_date(digits: [u8; 12]) -> Option<Date> {
    let century: i16 = match digits[6] {
        1 | 2 => 1800,
        3 | 4 => 1900,
        5 | 6 => 2000,
        _ => return None,
    };
    let two = |at: usize| (digits[at] * 10 + digits[at + 1]).cast_signed();
    Date::new(century + i16::from(two(0)), two(2), two(4)).ok()
}
