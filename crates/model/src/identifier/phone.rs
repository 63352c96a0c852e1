//! Telephone numbers, kept as E.164. Country code 7 is shared with Russia.

use zeroize::Zeroizing;

use super::{IdentifierError, identifier};

identifier! {
    /// A telephone number in E.164: `+` and up to 15 digits.
    Phone
}

/// What a number can be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneKind {
    /// A mobile number of Kazakhstan: takes SMS.
    Mobile,
    /// A geographic number of Kazakhstan.
    Geographic,
    /// A number of another country, Russia included: kept and flagged.
    Foreign,
}

impl Phone {
    /// Reads a number. Without `+` only the ways of dialling within Kazakhstan are taken: `8…` and `7…` with eleven
    /// digits, ten digits from 7, and `8 10` before a country code. Spaces, hyphens, dots and brackets are ignored.
    pub fn parse(input: &str) -> Result<Self, IdentifierError> {
        Self::read(input).ok_or(IdentifierError::PhoneInvalid)
    }

    fn read(input: &str) -> Option<Self> {
        let input = input.trim();
        let (international, rest) = match input.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, input),
        };
        // Longest: 8 10 and fifteen digits.
        let mut digits = Zeroizing::new(String::with_capacity(18));
        for c in rest.chars() {
            match c {
                '0'..='9' if digits.len() < 18 => digits.push(c),
                '-' | '.' | '(' | ')' | '\u{2010}'..='\u{2013}' => {}
                c if c.is_whitespace() => {}
                _ => return None,
            }
        }
        let digits = digits.as_str();
        let number = Zeroizing::new(match (international, digits.len()) {
            (true, _) => digits.to_owned(),
            (false, 11) if digits.starts_with('7') => digits.to_owned(),
            // A trunk prefix; no area begins with 1, so 8 10 is never one.
            (false, 11) if digits.starts_with('8') && !digits.starts_with("810") => {
                format!("7{}", &digits[1..])
            }
            (false, 10) if digits.starts_with('7') => format!("7{digits}"),
            (false, 11..) => digits.strip_prefix("810")?.to_owned(),
            _ => return None,
        });
        let phone = Self(format!("+{}", *number));
        phone.kind_of_digits().map(|_| phone)
    }

    /// What the number can be used for.
    pub fn kind(&self) -> PhoneKind {
        self.kind_of_digits().unwrap_or(PhoneKind::Foreign)
    }

    /// Whether it is a number of another country.
    pub fn is_foreign(&self) -> bool {
        self.kind() == PhoneKind::Foreign
    }

    /// For reading: `+7 701 123 45 67`; numbers outside country code 7 stay in one piece.
    pub fn display(&self) -> String {
        let n = &self.0;
        if !self.is_seven() {
            return n.clone();
        }
        format!("{} {} {} {} {}", &n[..2], &n[2..5], &n[5..8], &n[8..10], &n[10..])
    }

    /// For recognising without telling: `+7 701 *** ** 67`.
    pub fn masked(&self) -> String {
        let n = &self.0;
        let end = &n[n.len() - 2..];
        if !self.is_seven() {
            return format!("{}{}{end}", &n[..3], "*".repeat(n.len() - 5));
        }
        format!("{} {} *** ** {end}", &n[..2], &n[2..5])
    }

    fn is_seven(&self) -> bool {
        self.0.starts_with("+7")
    }

    /// The kind after the numbering plan, or nothing if nobody can be reached under the number.
    fn kind_of_digits(&self) -> Option<PhoneKind> {
        let digits = self.0.strip_prefix('+')?.as_bytes();
        if let [b'7', national @ ..] = digits {
            return if national.len() == 10 { kind_in_seven(national) } else { None };
        }
        // "+8 7…" is the trunk prefix with a plus by mistake: those codes (870, 878 …) belong to no country, and
        // 89 to nobody.
        let assigned = !matches!(digits, [b'0', ..] | [b'8', b'7' | b'9', ..]);
        ((7..=15).contains(&digits.len()) && assigned).then_some(PhoneKind::Foreign)
    }
}

/// The national numbers of country code 7 (ten digits), after the plan that libphonenumber keeps.
fn kind_in_seven(national: &[u8]) -> Option<PhoneKind> {
    match national {
        [b'7', b'0', b'0'..=b'2' | b'5'..=b'8', ..]
        | [b'7', b'4', b'7', ..]
        | [b'7', b'6', b'0'..=b'4', ..]
        | [b'7', b'7', b'1' | b'5'..=b'8', ..]
        | [b'7', b'8', b'5', ..] => Some(PhoneKind::Mobile),
        [b'7', b'1' | b'2', ..] => Some(PhoneKind::Geographic),
        // Free-phone numbers are shared by both countries and reach no person.
        [b'8', b'0', b'0', ..] => None,
        [b'3' | b'4' | b'8' | b'9', ..] => Some(PhoneKind::Foreign),
        _ => None,
    }
}
