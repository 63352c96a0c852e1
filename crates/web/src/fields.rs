//! The fields of a posted form: plaintext from the first byte read, so it is [`Private`] at once.
//!
//! Clauses: C3, C5.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use http_body_util::{BodyExt as _, Limited};
use model::Private;

use crate::answer::Trouble;

/// Largest body of a form, bytes.
pub const FORM_BYTES_MAX: usize = 64 * 1024;
/// Most fields in a form.
const FIELDS_MAX: usize = 128;

/// Name and value pairs in the order sent.
#[derive(Default)]
pub struct Fields(Vec<(String, Private<String>)>);

impl Fields {
    /// The first value of a name, empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.expose().as_str())
    }
    /// All values of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.expose().as_str())
    }
    /// A copy of the first value, still private.
    pub fn private(&self, name: &str) -> Private<String> {
        Private::new(self.text(name).to_owned())
    }
    /// The names sent.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
    /// The pairs themselves.
    pub fn into_pairs(self) -> Vec<(String, Private<String>)> {
        self.0
    }

    /// Reads `application/x-www-form-urlencoded`.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        let mut fields = Vec::new();
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            if fields.len() == FIELDS_MAX {
                return None;
            }
            let middle = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let name = decode(pair.get(..middle)?)?;
            let value = decode(pair.get(middle + 1..).unwrap_or_default())?;
            fields.push((name, Private::new(value)));
        }
        Some(Self(fields))
    }
}

fn decode(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let (high, low) = (digit(*rest.next()?)?, digit(*rest.next()?)?);
                bytes.push(u8::try_from(high * 16 + low).ok()?);
            }
            other => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).ok()
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Trouble;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Trouble> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Trouble::ContentType);
        }
        let body = read(request, FORM_BYTES_MAX).await?;
        Self::parse(&body).ok_or(Trouble::Malformed)
    }
}

/// The whole body, refused above so many bytes.
pub(crate) async fn read(request: Request, bytes_max: usize) -> Result<Bytes, Trouble> {
    match Limited::new(request.into_body(), bytes_max).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(Trouble::TooLarge),
        Err(_) => Err(Trouble::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded_and_bounded() {
        let fields =
            Fields::parse("surname=%D0%90%D1%85+met&purposes=p8-2&purposes=p8-4&empty=&flag".as_bytes())
                .unwrap();
        assert_eq!(fields.text("surname"), "Ах met");
        assert_eq!(fields.all("purposes").collect::<Vec<_>>(), ["p8-2", "p8-4"]);
        assert_eq!(fields.text("empty"), "");
        assert_eq!(fields.names().count(), 5);
        for bad in ["a=%", "a=%4", "a=%zz", "a=%ff"] {
            assert!(Fields::parse(bad.as_bytes()).is_none(), "{bad}");
        }
        assert!(Fields::parse("a=1&".repeat(200).as_bytes()).is_none());
    }
}
