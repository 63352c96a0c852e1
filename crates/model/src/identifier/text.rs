//! Text that a person writes in their own words.

use unicode_normalization::UnicodeNormalization;

use super::{IdentifierError, identifier};

identifier! {
    /// Free text in NFC: not empty, newline as the only control character, no hidden changes of direction.
    FreeText
}

impl FreeText {
    /// Reads a text of at most `max_chars` characters, counted in the normal form. White space around it is ignored;
    /// every kind of line end becomes a newline, a tab a space.
    pub fn parse(input: &str, max_chars: usize) -> Result<Self, IdentifierError> {
        let input = input.trim();
        // Built first, so that the text is wiped when it is refused.
        let mut text = Self(String::with_capacity(input.len()));
        let mut left = max_chars;
        let mut previous = None;
        for c in input.nfc() {
            let ends_return = previous == Some('\r') && c == '\n';
            previous = Some(c);
            if ends_return {
                continue;
            }
            let c = match c {
                '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
                '\t' => ' ',
                c if is_hidden(c) => return Err(IdentifierError::TextInvalid),
                c => c,
            };
            left = left.checked_sub(1).ok_or(IdentifierError::TextTooLong)?;
            text.0.push(c);
        }
        if text.0.is_empty() { Err(IdentifierError::TextEmpty) } else { Ok(text) }
    }
}

/// Control characters, and the marks that make a text read otherwise than it is stored.
fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
