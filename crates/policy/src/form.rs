//! Forms: which fields are asked for, and which purposes stand before the button.
//!
//! Clauses: C4.1, C4.3, C5, C10.5.

use model::{CategoryCode, FormId, PurposeId};

use crate::policy::Texts;

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the submission.
    pub name: String,
    /// What it collects.
    pub category: CategoryCode,
    /// Whether the form cannot be carried out without it.
    pub required: bool,
    /// Longest value, in characters.
    pub max_len: u32,
    /// Its label.
    pub label: Texts,
}

/// A purpose that a form asks consent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormPurpose {
    /// The purpose.
    pub id: PurposeId,
    /// Whether the form cannot be carried out without it; all others stand unticked.
    pub required: bool,
}

/// A form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Its id, also the path segment.
    pub id: FormId,
    /// Whether a submission opens an enquiry.
    pub enquiry: bool,
    /// Its title.
    pub title: Texts,
    /// The name of its button: the words by which consent is given.
    pub button: Texts,
    /// Key of the title in `assets/i18n`, where a longer wording may stand: `form-<id>-title`.
    pub title_key: String,
    /// Key of the button in `assets/i18n`: `form-<id>-button`.
    pub button_key: String,
    /// Its fields, in order.
    pub fields: Vec<Field>,
    /// Its purposes, in order.
    pub purposes: Vec<FormPurpose>,
}

impl Form {
    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
    /// The purpose with this id, if the form asks for it.
    pub fn purpose(&self, id: PurposeId) -> Option<&FormPurpose> {
        self.purposes.iter().find(|purpose| purpose.id == id)
    }
}
