//! The secret printed on the receipt page: it opens the account without any mail.
//!
//! Clauses: C4.3, C8.1.

use model::platform::random;

use crate::App;

/// The secret printed on the receipt page: 100 bits in four groups of five characters.
pub(crate) struct Secret {
    pub text: String,
}

impl Secret {
    pub fn draw(app: &App) -> Self {
        const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let bytes: [u8; 20] = random(app.entropy());
        let mut text = String::with_capacity(23);
        for (position, byte) in bytes.iter().enumerate() {
            if position > 0 && position % 5 == 0 {
                text.push('-');
            }
            text.push(char::from(ALPHABET[usize::from(byte & 31)]));
        }
        Self { text }
    }

    /// What the person typed, as it was printed: case, spaces and look-alike letters forgiven.
    pub fn typed(text: &str) -> Self {
        let kept: String = text
            .chars()
            .filter_map(|letter| match letter.to_ascii_lowercase() {
                'o' => Some('0'),
                'i' | 'l' => Some('1'),
                letter if letter.is_ascii_alphanumeric() => Some(letter),
                _ => None,
            })
            .collect();
        let groups: Vec<&str> =
            kept.as_bytes().chunks(5).filter_map(|group| std::str::from_utf8(group).ok()).collect();
        Self { text: groups.join("-") }
    }

    pub fn mac(&self, app: &App) -> [u8; 32] {
        app.vault().mac("receipt-secret", self.text.as_bytes())
    }
}
