//! Values against the rule of their category.
//!
//! Clauses: C5, C9.

use std::borrow::Cow;

use model::identifier::{Email, FreeText, IdentifierError, Iin, PersonName, Phone};
use model::{CategoryCode, ClauseId, Violation};

use crate::policy::Policy;
use crate::purpose::{Category, Validator};

impl Policy {
    /// The value in its one normal form.
    ///
    /// # Errors
    /// A violation with the code of the broken rule, never with the value.
    pub fn validate_value(&self, category: &Category, value: &str) -> Result<String, Violation> {
        normalise(category, value)
            .map_err(|code| Violation::new(code, category.clause).of_category(category.code))
    }

    /// The form of a validated value under which it is looked up. An e-mail in small letters, since the mailbox is the
    /// same however its owner spells it; the value itself stays as typed.
    pub fn lookup_form<'a>(&self, category: CategoryCode, validated: &'a str) -> Cow<'a, str> {
        match self.category(category).map(|known| known.validator) {
            Some(Validator::Email) => Cow::Owned(validated.to_lowercase()),
            _ => Cow::Borrowed(validated),
        }
    }

    /// Whether a value shows that the person is too young to give data (C1.2): only an IIN can, and it is used
    /// to refuse, never to verify.
    ///
    /// # Errors
    /// `under-age` when it does.
    pub fn check_adult(&self, category: &Category, value: &str, at: model::Instant) -> Result<(), Violation> {
        if category.validator != Validator::Iin {
            return Ok(());
        }
        let today = self.calendar().almaty_date(at.micros());
        let adult =
            Iin::parse(value).ok().and_then(|iin| iin.is_adult_on(today, self.controller().adult_age_years));
        match (adult, ClauseId::new("C1.2")) {
            (Some(false), Ok(clause)) => Err(Violation::new("under-age", clause).of_category(category.code)),
            _ => Ok(()),
        }
    }
}

fn normalise(category: &Category, value: &str) -> Result<String, &'static str> {
    let max = category.max_len as usize;
    let code = |error: IdentifierError| error.code();
    let normal = match category.validator {
        Validator::Name => PersonName::parse(value).map(PersonName::into_string).map_err(code)?,
        Validator::Iin => Iin::parse(value).map(Iin::into_string).map_err(code)?,
        Validator::Email => Email::parse(value).map(Email::into_string).map_err(code)?,
        Validator::Phone => Phone::parse(value).map(Phone::into_string).map_err(code)?,
        Validator::Address | Validator::Text => {
            FreeText::parse(value, max).map(FreeText::into_string).map_err(code)?
        }
        Validator::Id => {
            let known =
                !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if known { value.to_owned() } else { return Err("id-invalid") }
        }
    };
    if normal.chars().count() > max { Err("value-too-long") } else { Ok(normal) }
}
