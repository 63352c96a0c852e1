//! Surname, given name or patronymic, as the identity document has it.

use unicode_normalization::UnicodeNormalization;

use super::{IdentifierError, identifier};

/// Longest name in characters, above any identity document.
const MAX_CHARS: usize = 100;
/// Marks that may follow one letter; more of them is a drawing, not a name.
const MAX_MARKS: usize = 2;

identifier! {
    /// One part of a person's name in NFC: Cyrillic (with every Kazakh letter) or Latin letters, single hyphens,
    /// apostrophes and spaces between them. Capitals stay as written.
    PersonName
}

impl PersonName {
    /// Reads a name; white space around it is ignored, runs of spaces become one.
    pub fn parse(input: &str) -> Result<Self, IdentifierError> {
        let input = input.trim();
        // Four octets a character and the marks that NFC may fold away.
        if input.len() > MAX_CHARS * 4 * (MAX_MARKS + 1) {
            return Err(IdentifierError::NameTooLong);
        }
        let mut text = String::with_capacity(input.len());
        for c in input.nfc() {
            let c = if c == '\u{a0}' { ' ' } else { c };
            if c != ' ' || !text.ends_with(' ') {
                text.push(c);
            }
        }
        let name = Self(text);
        if !is_name(&name.0) {
            return Err(IdentifierError::NameInvalid);
        }
        if name.0.chars().count() > MAX_CHARS {
            return Err(IdentifierError::NameTooLong);
        }
        Ok(name)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Last {
    Letter,
    Mark(usize),
    Apostrophe,
    Joint,
}

fn is_name(text: &str) -> bool {
    let mut last = Last::Joint;
    let mut has_letter = false;
    for c in text.chars() {
        last = match (c, last) {
            (c, _) if is_letter(c) => {
                has_letter = true;
                Last::Letter
            }
            ('\u{300}'..='\u{36f}', Last::Letter) => Last::Mark(1),
            ('\u{300}'..='\u{36f}', Last::Mark(marks)) if marks < MAX_MARKS => Last::Mark(marks + 1),
            (c, last) if is_apostrophe(c) && last != Last::Apostrophe => Last::Apostrophe,
            ('-' | '\u{2010}' | '\u{2011}' | ' ', last) if last != Last::Joint => Last::Joint,
            _ => return false,
        };
    }
    has_letter && last != Last::Joint
}

fn is_letter(c: char) -> bool {
    let in_scripts = c.is_ascii()
        // Latin-1 letters, Latin Extended A and B
        || ('\u{c0}'..='\u{24f}').contains(&c)
        // Cyrillic with Ә Ғ Қ Ң Ө Ұ Ү Һ І, and its supplement
        || ('\u{400}'..='\u{52f}').contains(&c)
        // Latin Extended Additional
        || ('\u{1e00}'..='\u{1eff}').contains(&c);
    in_scripts && c.is_alphabetic()
}

/// The signs that documents and keyboards use for one.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{2bb}' | '\u{2bc}')
}
