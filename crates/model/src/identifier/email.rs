//! E-mail addresses: the local part as written, the domain in small letters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

use super::{IdentifierError, identifier};

/// Longest address in octets (RFC 5321 path without brackets).
const MAX_ADDRESS: usize = 254;
/// Longest local part in octets (RFC 5321).
const MAX_LOCAL: usize = 64;
/// Longest label of a domain in octets (RFC 1035); a label in another script is longer on the wire, where mail finds out.
const MAX_LABEL: usize = 63;

identifier! {
    /// An e-mail address: local part in NFC and otherwise as written (dots and capitals matter to its owner), domain
    /// with at least two labels in small letters. No quoted local parts, no address literals.
    Email
}

impl Email {
    /// Reads an address; white space around it is ignored.
    pub fn parse(input: &str) -> Result<Self, IdentifierError> {
        let input = input.trim();
        // NFC never shrinks to less than a third of the octets; what is far too long need not be normalised.
        if input.len() > MAX_ADDRESS * 4 {
            return Err(IdentifierError::EmailTooLong);
        }
        let (local, domain) = input.rsplit_once('@').ok_or(IdentifierError::EmailInvalid)?;
        let mut address = String::with_capacity(MAX_ADDRESS);
        address.extend(local.nfc());
        let local_octets = address.len();
        address.push('@');
        address.extend(Zeroizing::new(domain.to_lowercase()).nfc());
        // Built first, so that the text is wiped when it is refused.
        let email = Self(address);
        let (local, domain) = (&email.0[..local_octets], &email.0[local_octets + 1..]);
        if !local.split('.').all(is_atom) || !is_domain(domain) {
            return Err(IdentifierError::EmailInvalid);
        }
        if email.0.len() > MAX_ADDRESS || local_octets > MAX_LOCAL {
            return Err(IdentifierError::EmailTooLong);
        }
        Ok(email)
    }

    /// The part before the `@`, as written.
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// The part after the `@`, in small letters.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// For recognising without telling: `a***@example.kz`.
    pub fn masked(&self) -> String {
        let first: String = self.local_part().chars().take(1).collect();
        format!("{first}***@{}", self.domain())
    }
}

fn is_atom(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(is_combining_mark)
        && text.chars().all(|c| "!#$%&'*+-/=?^_`{|}~".contains(c) || is_letter_or_digit(c))
}

fn is_domain(text: &str) -> bool {
    let labels = || text.split('.');
    labels().count() >= 2
        && labels().all(is_label)
        && labels()
            .next_back()
            .is_some_and(|top| top.chars().count() >= 2 && top.starts_with(|c: char| !c.is_numeric()))
}

fn is_label(label: &str) -> bool {
    let octets = 1..=MAX_LABEL;
    octets.contains(&label.len())
        && !label.starts_with(|c| c == '-' || is_combining_mark(c))
        && !label.ends_with('-')
        && label.chars().all(|c| c == '-' || is_letter_or_digit(c))
        // Compatibility forms (full width, ligatures) are other spellings of another domain.
        && label.nfkc().eq(label.chars())
        // A label never mixes these two scripts; a slip of the keyboard layout does.
        && !(label.contains(|c: char| c.is_ascii_alphabetic()) && label.contains(is_cyrillic))
        // Case without a stable small form would give one address two spellings.
        && label.to_lowercase() == label
}

fn is_letter_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric() || (!c.is_ascii() && (c.is_alphanumeric() || is_combining_mark(c)))
}

fn is_cyrillic(c: char) -> bool {
    ('\u{400}'..='\u{52f}').contains(&c)
}
