//! Cursors of lists: where the next page begins. Opaque to the caller, good for one list only.
//!
//! Invariant: a cursor holds the id of the last item seen and nothing else; one that is not ours is refused by
//! name, never taken as the beginning.

use std::fmt::{Display, Write as _};
use std::str::FromStr;

use crate::api::Problem;

/// The lists that have pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Consents,
    Requests,
    Enquiries,
    Recipients,
    Records,
    Rules,
}

impl List {
    /// What sets the cursors of this list apart from those of the others.
    const fn mark(self) -> u8 {
        match self {
            Self::Consents => 0xc5,
            Self::Requests => 0x7e,
            Self::Enquiries => 0xe9,
            Self::Recipients => 0x3b,
            Self::Records => 0x4d,
            Self::Rules => 0xa6,
        }
    }

    /// The cursor after this item.
    pub fn after(self, last: impl Display) -> String {
        let mut cursor = String::new();
        for byte in std::iter::once(self.mark()).chain(last.to_string().bytes()) {
            // Writing to a String cannot fail.
            let _ = write!(cursor, "{byte:02x}");
        }
        cursor
    }

    /// The item after which the page begins; nothing when no cursor was given.
    pub fn read<T: FromStr>(self, cursor: Option<&str>) -> Result<Option<T>, Problem> {
        let Some(cursor) = cursor else { return Ok(None) };
        let item = self.item(cursor).and_then(|text| text.parse().ok());
        item.map(Some).ok_or_else(|| Problem::malformed("query: cursor"))
    }

    fn item(self, cursor: &str) -> Option<String> {
        if !cursor.is_ascii() {
            return None;
        }
        let bytes: Option<Vec<u8>> = cursor
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        let text = String::from_utf8(bytes?.strip_prefix(&[self.mark()])?.to_vec()).ok()?;
        // One item has one cursor: other spellings are nobody's.
        (self.after(&text) == cursor).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use model::{EnquiryId, RequestId};

    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_item_in_its_own_list_only() {
        let last = EnquiryId::from_bytes([7; 16]);
        let cursor = List::Enquiries.after(last);
        assert!(!cursor.contains("enq"), "opaque");
        assert_eq!(List::Enquiries.read::<EnquiryId>(Some(&cursor)).unwrap(), Some(last));
        assert_eq!(List::Enquiries.read::<EnquiryId>(None).unwrap(), None);
        assert!(List::Requests.read::<RequestId>(Some(&cursor)).is_err());
        for bad in [
            "",
            "e",
            "e9",
            "zz",
            "é9",
            &last.to_string(),
            &cursor[2..],
            &cursor.to_uppercase(),
            &format!("{cursor}0"),
        ] {
            assert!(List::Enquiries.read::<EnquiryId>(Some(bad)).is_err(), "{bad}");
        }
    }
}
