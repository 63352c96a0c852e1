//! Codes: the short ASCII names that `policy/` gives to categories, purposes, roles, recipients, clauses
//! and forms. Held inline, so that a decision neither allocates nor follows a pointer.

use std::fmt;
use std::str::FromStr;

/// Longest code, in bytes.
pub const MAX_CODE_LEN: usize = 24;

/// The text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a code: 1 to 24 of a-z, A-Z, 0-9, `.`, `-`, `_`")]
pub struct CodeError;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Code([u8; MAX_CODE_LEN]);

impl Code {
    const fn new(text: &str) -> Result<Self, CodeError> {
        let bytes = text.as_bytes();
        if bytes.is_empty() || bytes.len() > MAX_CODE_LEN {
            return Err(CodeError);
        }
        let mut code = [0; MAX_CODE_LEN];
        let mut at = 0;
        while at < bytes.len() {
            if !(bytes[at].is_ascii_alphanumeric() || matches!(bytes[at], b'.' | b'-' | b'_')) {
                return Err(CodeError);
            }
            code[at] = bytes[at];
            at += 1;
        }
        Ok(Self(code))
    }

    fn as_str(&self) -> &str {
        let len = self.0.iter().position(|&byte| byte == 0).unwrap_or(MAX_CODE_LEN);
        // INVARIANT: `new` lets only ASCII in.
        std::str::from_utf8(&self.0[..len]).unwrap_or_default()
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Code);

        impl $name {
            /// The code in a text.
            ///
            /// # Errors
            /// [`CodeError`] when it is empty, too long, or has a character outside the alphabet.
            pub const fn new(text: &str) -> Result<Self, CodeError> {
                match Code::new(text) {
                    Ok(code) => Ok(Self(code)),
                    Err(error) => Err(error),
                }
            }
            /// The code as text.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = CodeError;
            fn from_str(text: &str) -> Result<Self, CodeError> {
                Self::new(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

codes! {
    /// A category of personal data, such as `email`.
    CategoryCode;
    /// A purpose, such as `p8-2`, or a duty of the law, such as `rights`.
    PurposeId;
    /// A role, such as `service` or `data-subject`.
    RoleId;
    /// A recipient.
    RecipientId;
    /// A clause of the policy or a row of the law, such as `C16.2` or `L7`.
    ClauseId;
    /// A form, such as `consultation`.
    FormId;
    /// A term of a record, such as `1825d` or `form`.
    TermCode;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_their_text_and_refuse_others() {
        assert_eq!(PurposeId::new("p8-10").unwrap().as_str(), "p8-10");
        assert_eq!(CategoryCode::new("abcdefghijklmnopqrstuvwx").unwrap().as_str().len(), 24);
        for text in ["", "a b", "имя", "abcdefghijklmnopqrstuvwxy", "a\0"] {
            assert!(CategoryCode::new(text).is_err());
        }
    }
}
