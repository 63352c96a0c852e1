//! The terms under which a record stands, and what a rule about a group of records makes of them.
//!
//! A record is what was collected together. Its terms are eight codes, each of which may be missing; a group is all
//! records under the same terms. A rule names a group by a pattern and says what holds for it from now on.
//!
//! Clauses: C10.2, C10.7, C11.3, C11.6, C17.

use std::fmt;
use std::str::FromStr;

use crate::code::{CodeError, TermCode};
use crate::time::Instant;

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// One of the terms.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum TermField { $($(#[$doc])* $name,)* }

        impl TermField {
            /// Every field, in the order of its number.
            pub const ALL: [Self; 8] = [$(Self::$name,)*];
            /// Its name in texts and in the interface.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

fields! {
    /// What the record was collected for.
    Purpose = "purpose";
    /// How long it is kept from when it was written: a number and `s`, `h` or `d`, such as `1825d`.
    StoragePeriod = "storage_period";
    /// The purpose for which the person objects to its use, or `all`.
    Objection = "objection";
    /// Whether decisions may be made from it by machine alone.
    AutomatedDecisions = "automated_decisions";
    /// Who works with it.
    Role = "role";
    /// With whom it is shared.
    Recipient = "recipient";
    /// Where it came from.
    Source = "source";
    /// What it belongs to.
    Category = "category";
}

impl TermField {
    /// Its number, as stored.
    pub const fn number(self) -> u8 {
        self as u8
    }
}

/// The text names no terms, or not in their one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not terms: expected such as `purpose=p8-2,storage_period=30d`")]
pub struct TermsError;

impl From<CodeError> for TermsError {
    fn from(_: CodeError) -> Self {
        Self
    }
}

/// Terms, or a pattern of them: a pattern fits terms that have every code that it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Terms([Option<TermCode>; 8]);

impl Terms {
    /// The code of a field.
    pub fn get(&self, field: TermField) -> Option<TermCode> {
        self.0[field as usize]
    }

    /// The same with another code, or none, in a field.
    ///
    /// # Errors
    /// [`TermsError`] when a storage period is none.
    pub fn with(mut self, field: TermField, code: Option<TermCode>) -> Result<Self, TermsError> {
        if field == TermField::StoragePeriod && code.is_some_and(|code| seconds(code).is_none()) {
            return Err(TermsError);
        }
        self.0[field as usize] = code;
        Ok(self)
    }

    /// The fields that have a code, in order.
    pub fn codes(&self) -> impl Iterator<Item = (TermField, TermCode)> + '_ {
        TermField::ALL.into_iter().filter_map(|field| Some((field, self.get(field)?)))
    }

    /// Whether there is no code at all.
    pub fn is_empty(&self) -> bool {
        self.codes().next().is_none()
    }

    /// Whether these terms have every code of the pattern.
    pub fn fit(&self, pattern: &Self) -> bool {
        pattern.codes().all(|(field, code)| self.get(field) == Some(code))
    }

    /// When a record written at this instant has been kept long enough; `None` when its terms do not say.
    pub fn ends_at(&self, written_at: Instant) -> Option<Instant> {
        let seconds = self.get(TermField::StoragePeriod).and_then(seconds)?;
        Some(written_at.plus_seconds(seconds))
    }

    /// Whether the person objects to the record's use for this purpose.
    pub fn objects_to(&self, purpose: &str) -> bool {
        self.get(TermField::Objection)
            .is_some_and(|code| matches!(code.as_str(), code if code == purpose || code == "all"))
    }
}

const HOUR: i64 = 60 * 60;

/// The seconds of a storage period.
fn seconds(code: TermCode) -> Option<i64> {
    let text = code.as_str();
    let unit = match text.as_bytes().last()? {
        b's' => 1,
        b'h' => HOUR,
        b'd' => 24 * HOUR,
        _ => return None,
    };
    let number = &text[..text.len() - 1];
    let amount: u32 = number.parse().ok()?;
    // One period has one text, so that a pattern finds it.
    (amount.to_string() == number).then(|| i64::from(amount) * unit)
}

impl fmt::Display for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (field, code)) in self.codes().enumerate() {
            let comma = if position == 0 { "" } else { "," };
            write!(f, "{comma}{}={code}", field.code())?;
        }
        Ok(())
    }
}

impl FromStr for Terms {
    type Err = TermsError;
    fn from_str(text: &str) -> Result<Self, TermsError> {
        let mut terms = Self::default();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (name, code) = part.split_once('=').ok_or(TermsError)?;
            let field = name.parse::<TermField>()?;
            if terms.get(field).is_some() {
                return Err(TermsError);
            }
            terms = terms.with(field, Some(code.parse()?))?;
        }
        Ok(terms)
    }
}

impl FromStr for TermField {
    type Err = TermsError;
    fn from_str(text: &str) -> Result<Self, TermsError> {
        Self::ALL.into_iter().find(|field| field.code() == text).ok_or(TermsError)
    }
}

impl serde::Serialize for Terms {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.codes().map(|(field, code)| (field.code(), code)))
    }
}

/// What a rule makes of the records it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A term is this from now on, or missing.
    Set(TermField, Option<TermCode>),
    /// They are destroyed.
    Destroy,
}

impl Effect {
    /// The terms after it; `None` when the record is to be destroyed.
    pub fn on(self, terms: &Terms) -> Option<Terms> {
        match self {
            // INVARIANT: an effect comes from `of` or from its text, and both have looked at the period.
            Self::Set(field, code) => Some(terms.with(field, code).unwrap_or(*terms)),
            Self::Destroy => None,
        }
    }

    /// Sets a term.
    ///
    /// # Errors
    /// [`TermsError`] when a storage period is none.
    pub fn of(field: TermField, code: Option<TermCode>) -> Result<Self, TermsError> {
        Terms::default().with(field, code).map(|_| Self::Set(field, code))
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set(field, Some(code)) => write!(f, "{}={code}", field.code()),
            Self::Set(field, None) => write!(f, "{}=", field.code()),
            Self::Destroy => f.write_str("destroy"),
        }
    }
}

impl FromStr for Effect {
    type Err = TermsError;
    fn from_str(text: &str) -> Result<Self, TermsError> {
        if text == "destroy" {
            return Ok(Self::Destroy);
        }
        let (name, code) = text.split_once('=').ok_or(TermsError)?;
        let code = if code.is_empty() { None } else { Some(code.parse()?) };
        Self::of(name.parse()?, code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_survive_their_text_and_have_one() {
        let text = "purpose=p8-2,storage_period=30s,source=form";
        let terms: Terms = text.parse().unwrap();
        assert_eq!(terms.to_string(), text);
        assert_eq!("source=form,storage_period=30s,purpose=p8-2".parse(), Ok(terms));
        assert_eq!(Terms::default().to_string().parse(), Ok(Terms::default()));
        for bad in [
            "purpose",
            "colour=red",
            "purpose=a,purpose=b",
            "purpose=",
            "storage_period=soon",
            "storage_period=030s",
        ] {
            assert_eq!(bad.parse::<Terms>(), Err(TermsError), "{bad}");
        }
        for text in ["destroy", "recipient=", "recipient=bank", "storage_period=12h"] {
            assert_eq!(text.parse::<Effect>().unwrap().to_string(), text);
        }
        assert!("storage_period=soon".parse::<Effect>().is_err());
    }

    #[test]
    fn a_pattern_fits_what_has_all_of_it() {
        let terms: Terms = "purpose=a,recipient=b".parse().unwrap();
        for (pattern, fits) in
            [("", true), ("purpose=a", true), ("purpose=b", false), ("purpose=a,source=c", false)]
        {
            assert_eq!(terms.fit(&pattern.parse().unwrap()), fits, "{pattern}");
        }
    }

    #[test]
    fn a_period_counts_from_the_writing() {
        let written = Instant::from_micros(5);
        let terms: Terms = "storage_period=2h".parse().unwrap();
        assert_eq!(terms.ends_at(written), Some(Instant::from_micros(7_200_000_005)));
        assert_eq!(Terms::default().ends_at(written), None);
    }
}
