//! Parameters and rows in our own words, so that the same calls work on `SQLite` and the `PostgreSQL` family.

use std::str::FromStr;

use model::{CodeError, Instant};

use crate::fault::Fault;

/// A parameter of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Param<'a> {
    /// No value.
    Null,
    /// A whole number.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

/// A cell of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// No value.
    Null,
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl From<&Param<'_>> for Value {
    fn from(param: &Param<'_>) -> Self {
        match *param {
            Param::Null => Self::Null,
            Param::Int(number) => Self::Int(number),
            Param::Text(text) => Self::Text(text.to_owned()),
            Param::Blob(bytes) => Self::Blob(bytes.to_vec()),
        }
    }
}

/// A type that is stored as 16 bytes.
pub trait StoredId: Sized {
    /// The id with these bytes.
    fn from_stored(bytes: [u8; 16]) -> Self;
}

macro_rules! ids {
    ($($name:ident)*) => {$(
        impl StoredId for model::$name {
            fn from_stored(bytes: [u8; 16]) -> Self {
                Self::from_bytes(bytes)
            }
        }
        impl<'a> From<&'a model::$name> for Param<'a> {
            fn from(id: &'a model::$name) -> Self {
                Self::Blob(id.as_bytes())
            }
        }
    )*};
}
ids! {
    ApiKeyId BucketId ConsentId EnquiryId EntryId ErasureId JobId NoticeId OperatorId ReceiptId RecordId
    RequestId RuleId SessionId SubjectId SubmissionId WithdrawalId
}

macro_rules! codes {
    ($($name:ident)*) => {$(
        impl<'a> From<&'a model::$name> for Param<'a> {
            fn from(code: &'a model::$name) -> Self {
                Self::Text(code.as_str())
            }
        }
    )*};
}
codes! { CategoryCode PurposeId RoleId RecipientId ClauseId FormId TermCode }

macro_rules! integers {
    ($($name:ty)*) => {$(
        impl From<$name> for Param<'_> {
            fn from(number: $name) -> Self {
                Self::Int(number.into())
            }
        }
    )*};
}
integers! { i64 u32 u16 u8 bool }

impl From<u64> for Param<'_> {
    /// Saturates: no counter of ours reaches 2^63.
    fn from(number: u64) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}
impl From<Instant> for Param<'_> {
    fn from(at: Instant) -> Self {
        Self::Int(at.micros())
    }
}
impl<'a> From<&'a str> for Param<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}
impl<'a> From<&'a String> for Param<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}
impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Blob(bytes)
    }
}
impl<'a> From<&'a Vec<u8>> for Param<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Blob(bytes)
    }
}
impl<'a, const N: usize> From<&'a [u8; N]> for Param<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::Blob(bytes)
    }
}
impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A list of parameters from anything that converts into one.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Param::from($value)),*] };
}

/// One row of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(Vec<Value>);

impl Row {
    /// A row of these cells.
    pub const fn new(cells: Vec<Value>) -> Self {
        Self(cells)
    }

    /// Its cells, in order.
    pub(crate) fn cells(&self) -> &[Value] {
        &self.0
    }

    /// The cell at a position; [`Fault::Corrupt`] when the row is shorter.
    pub fn value(&self, at: usize) -> Result<&Value, Fault> {
        self.0.get(at).ok_or(Fault::Corrupt("row is too short"))
    }

    /// Whether the cell is empty.
    pub fn is_null(&self, at: usize) -> Result<bool, Fault> {
        Ok(*self.value(at)? == Value::Null)
    }

    /// A whole number in the range of `T`.
    pub fn int<T: TryFrom<i64>>(&self, at: usize) -> Result<T, Fault> {
        match self.value(at)? {
            Value::Int(number) => T::try_from(*number).map_err(|_| Fault::Corrupt("number out of range")),
            _ => Err(Fault::Corrupt("not a number")),
        }
    }

    /// A whole number, or nothing.
    pub fn opt_int<T: TryFrom<i64>>(&self, at: usize) -> Result<Option<T>, Fault> {
        if self.is_null(at)? { Ok(None) } else { self.int(at).map(Some) }
    }

    /// Yes or no, stored as 1 or 0.
    pub fn flag(&self, at: usize) -> Result<bool, Fault> {
        Ok(self.int::<i64>(at)? != 0)
    }

    /// An instant, stored in microseconds.
    pub fn instant(&self, at: usize) -> Result<Instant, Fault> {
        self.int(at).map(Instant::from_micros)
    }

    /// An instant, or nothing.
    pub fn opt_instant(&self, at: usize) -> Result<Option<Instant>, Fault> {
        Ok(self.opt_int(at)?.map(Instant::from_micros))
    }

    /// A text.
    pub fn text(&self, at: usize) -> Result<&str, Fault> {
        match self.value(at)? {
            Value::Text(text) => Ok(text),
            _ => Err(Fault::Corrupt("not a text")),
        }
    }

    /// A text, or nothing.
    pub fn opt_text(&self, at: usize) -> Result<Option<&str>, Fault> {
        if self.is_null(at)? { Ok(None) } else { self.text(at).map(Some) }
    }

    /// Bytes.
    pub fn bytes(&self, at: usize) -> Result<&[u8], Fault> {
        match self.value(at)? {
            Value::Blob(bytes) => Ok(bytes),
            _ => Err(Fault::Corrupt("not bytes")),
        }
    }

    /// Bytes, or nothing.
    pub fn opt_bytes(&self, at: usize) -> Result<Option<&[u8]>, Fault> {
        if self.is_null(at)? { Ok(None) } else { self.bytes(at).map(Some) }
    }

    /// Exactly `N` bytes.
    pub fn array<const N: usize>(&self, at: usize) -> Result<[u8; N], Fault> {
        self.bytes(at)?.try_into().map_err(|_| Fault::Corrupt("wrong number of bytes"))
    }

    /// An id.
    pub fn id<T: StoredId>(&self, at: usize) -> Result<T, Fault> {
        self.array(at).map(T::from_stored)
    }

    /// An id, or nothing.
    pub fn opt_id<T: StoredId>(&self, at: usize) -> Result<Option<T>, Fault> {
        if self.is_null(at)? { Ok(None) } else { self.id(at).map(Some) }
    }

    /// A code.
    pub fn code<T: FromStr<Err = CodeError>>(&self, at: usize) -> Result<T, Fault> {
        self.text(at)?.parse().map_err(|_| Fault::Corrupt("not a code"))
    }

    /// Codes joined by commas.
    pub fn codes<T: FromStr<Err = CodeError>>(&self, at: usize) -> Result<Vec<T>, Fault> {
        self.text(at)?
            .split(',')
            .filter(|code| !code.is_empty())
            .map(|code| code.parse().map_err(|_| Fault::Corrupt("not a code")))
            .collect()
    }

    /// The bytes at a position, moved out.
    pub fn take_bytes(&mut self, at: usize) -> Result<Vec<u8>, Fault> {
        match self.0.get_mut(at).map(|cell| std::mem::replace(cell, Value::Null)) {
            Some(Value::Blob(bytes)) => Ok(bytes),
            _ => Err(Fault::Corrupt("not bytes")),
        }
    }

    /// The text at a position, moved out.
    pub fn take_text(&mut self, at: usize) -> Result<String, Fault> {
        match self.0.get_mut(at).map(|cell| std::mem::replace(cell, Value::Null)) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(Fault::Corrupt("not a text")),
        }
    }
}

/// Codes joined by commas, as [`Row::codes`] reads them.
pub(crate) fn join<T: AsRef<str>>(codes: impl IntoIterator<Item = T>) -> String {
    let mut text = String::new();
    for code in codes {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(code.as_ref());
    }
    text
}
