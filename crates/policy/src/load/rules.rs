//! Categories, purposes and forms.

use std::collections::BTreeSet;

use model::{CategoryCode, Operation, OperationSet, PurposeId};
use toml::Spanned;

use super::terms::known_clause;
use super::{Reader, place, row};
use crate::clause::ClauseRow;
use crate::form::{Field, Form, FormPurpose};
use crate::hash::CodeMap;
use crate::purpose::{Basis, Category, Purpose, StoragePeriod, Unit};
use crate::raw;
use crate::retention::Retention;
use crate::set::{CategorySet, MAX_CATEGORIES};

/// What the later files may refer to.
pub(super) struct Known<'a> {
    pub(super) clauses: &'a [ClauseRow],
    pub(super) categories: &'a [Category],
    pub(super) category_rows: &'a CodeMap<CategoryCode, u32>,
}

impl Known<'_> {
    /// The set of some codes; each unknown one is a finding.
    pub(super) fn set(
        &self,
        reader: &mut Reader<'_>,
        file: &str,
        codes: &[Spanned<CategoryCode>],
    ) -> CategorySet {
        codes.iter().fold(CategorySet::EMPTY, |set, code| {
            if let Some(&row) = self.category_rows.get(code.get_ref()) {
                return set.union(CategorySet::of_row(row as usize));
            }
            let message =
                format!("category {} is not in categories.toml: correct it or add it", code.get_ref());
            reader.error("category-unknown", &["C5"], place(file, code), message);
            set
        })
    }

    /// The codes in a set, for a message.
    pub(super) fn names(&self, set: CategorySet) -> String {
        let names: Vec<&str> = set
            .rows()
            .filter_map(|row| self.categories.get(row))
            .map(|category| category.code.as_str())
            .collect();
        names.join(", ")
    }
}

/// All categories as one set.
pub(super) fn all(categories: &[Category]) -> CategorySet {
    categories.iter().fold(CategorySet::EMPTY, |set, category| set.union(category.set))
}

pub(super) fn categories(
    reader: &mut Reader<'_>,
    clauses: &[ClauseRow],
    file: raw::CategoriesFile,
) -> (Vec<Category>, CodeMap<CategoryCode, u32>) {
    const FILE: &str = "categories.toml";
    let mut rows = CodeMap::default();
    let mut categories = Vec::with_capacity(file.category.len());
    for (number, category) in file.category.into_iter().enumerate() {
        let code = *category.code.get_ref();
        known_clause(reader, clauses, FILE, &category.clause);
        if number == MAX_CATEGORIES {
            let message = format!("more than {MAX_CATEGORIES} categories: join some of them");
            reader.error("category-too-many", &["C10.5"], place(FILE, &category.code), message);
        }
        if rows.insert(code, row(number)).is_some() {
            let message = format!("category {code} stands twice: keep one");
            reader.error("category-twice", &["C5"], place(FILE, &category.code), message);
        }
        if *category.max_len.get_ref() == 0 {
            let message = format!("category {code} takes no character: say in max_len how many it may have");
            reader.error("category-empty", &["C5"], place(FILE, &category.max_len), message);
        }
        categories.push(Category {
            code,
            clause: category.clause.into_inner(),
            label: category.label,
            validator: category.validator,
            sensitive: category.sensitive,
            max_len: category.max_len.into_inner(),
            lookup: category.lookup,
            set: CategorySet::of_row(number),
        });
    }
    (categories, rows)
}

pub(super) fn purposes(
    reader: &mut Reader<'_>,
    known: &Known<'_>,
    retention: &Retention,
    file: raw::PurposesFile,
) -> (Vec<Purpose>, CodeMap<PurposeId, u32>) {
    const FILE: &str = "purposes.toml";
    let mut rows = CodeMap::default();
    let mut purposes = Vec::with_capacity(file.purpose.len());
    for (number, purpose) in file.purpose.into_iter().enumerate() {
        let id = *purpose.id.get_ref();
        let clause = purpose.clause.get_ref().as_str().to_owned();
        let here = || place(FILE, &purpose.id);
        known_clause(reader, known.clauses, FILE, &purpose.clause);
        if rows.insert(id, row(number)).is_some() {
            reader.error("purpose-twice", &[&clause], here(), format!("purpose {id} stands twice: keep one"));
        }
        let categories = known.set(reader, FILE, &purpose.categories);
        let operations: OperationSet = purpose.operations.iter().copied().collect();
        match &purpose.ends {
            None => {
                let message = format!(
                    "purpose {id} has no event that reaches it: name one of retention.toml in `ends`"
                );
                reader.error("purpose-without-end", &[&clause, "C17.4"], here(), message);
            }
            Some(code) if retention.event(code.get_ref()).is_none() => {
                let message =
                    format!("event \"{}\" is not in retention.toml: correct it or add it", code.get_ref());
                reader.error("event-unknown", &[&clause, "C17.4"], place(FILE, code), message);
            }
            Some(_) => {}
        }
        match &purpose.storage {
            None => {
                let message = format!("purpose {id} has no storage period: say the longest one in `storage`");
                reader.error("storage-missing", &[&clause, "C6.2"], here(), message);
            }
            Some(period) if period.get_ref().amount == 0 => {
                let message = format!("purpose {id} may store nothing: say a storage period above zero");
                reader.error("storage-missing", &[&clause, "C6.2"], place(FILE, period), message);
            }
            Some(_) => {}
        }
        if purpose.basis == Basis::Consent && categories.is_empty() {
            let message =
                format!("purpose {id} asks consent for no category: list what it needs, or drop it");
            reader.error("purpose-without-category", &[&clause, "C10.4"], here(), message);
        }
        if purpose.anonymised_only && purpose.operations != [Operation::Anonymisation] {
            let message =
                format!("purpose {id} is for anonymised data only: its one operation is anonymisation");
            reader.error("research-not-anonymised", &[&clause, "C11.7"], here(), message);
        }
        let discloses = purpose.operations.iter().any(|operation| operation.is_disclosure());
        if discloses && purpose.recipient_kinds.is_empty() {
            let message = format!(
                "purpose {id} may disclose, but to no kind of recipient: say which in recipient_kinds"
            );
            reader.error("recipient-kind-missing", &[&clause, "C11.3"], here(), message);
        }
        purposes.push(Purpose {
            id,
            clause: *purpose.clause.get_ref(),
            basis: purpose.basis,
            title: purpose.title,
            text: purpose.text,
            categories,
            operations,
            recipient_kinds: purpose.recipient_kinds,
            recipients: Vec::new(),
            storage: purpose
                .storage
                .map_or(StoragePeriod { amount: 0, unit: Unit::CalendarDays }, Spanned::into_inner),
            ends: purpose.ends.map_or_else(String::new, Spanned::into_inner),
            channel: purpose.channel,
            needs_proven_contact: purpose.needs_proven_contact,
            anonymised_only: purpose.anonymised_only,
            may_outlast_withdrawal: purpose.may_outlast_withdrawal,
        });
    }
    (purposes, rows)
}

pub(super) fn forms(
    reader: &mut Reader<'_>,
    known: &Known<'_>,
    purposes: &[Purpose],
    purpose_rows: &CodeMap<PurposeId, u32>,
    files: Vec<(String, raw::FormFile)>,
) -> Vec<Form> {
    files.into_iter().map(|(file, raw)| form(reader, known, purposes, purpose_rows, &file, raw)).collect()
}

fn form(
    reader: &mut Reader<'_>,
    known: &Known<'_>,
    purposes: &[Purpose],
    purpose_rows: &CodeMap<PurposeId, u32>,
    file: &str,
    raw: raw::FormFile,
) -> Form {
    let id = *raw.id.get_ref();
    if format!("forms/{id}.toml") != file {
        let message = format!("the form calls itself \"{id}\": its id is its file name");
        reader.error("form-id", &["C4.1"], place(file, &raw.id), message);
    }
    // What all purposes cover, and what the required ones alone do.
    let (mut covered, mut covered_always) = (CategorySet::EMPTY, CategorySet::EMPTY);
    let mut asked: Vec<FormPurpose> = Vec::with_capacity(raw.purpose.len());
    for purpose in &raw.purpose {
        let name = *purpose.id.get_ref();
        let here = || place(file, &purpose.id);
        match purpose_rows.get(&name).and_then(|&row| purposes.get(row as usize)) {
            None => {
                let message = format!("purpose {name} is not in purposes.toml: correct it or add it");
                reader.error("purpose-unknown", &["C10.2"], here(), message);
            }
            Some(known) if known.basis != Basis::Consent => {
                let message = format!("{name} is a duty of the law: a form asks no consent for it; drop it");
                reader.error("form-purpose-duty", &["C4.1"], here(), message);
            }
            Some(known) => {
                covered = covered.union(known.categories);
                if purpose.required {
                    covered_always = covered_always.union(known.categories);
                }
            }
        }
        if asked.iter().any(|held| held.id == name) {
            reader.error(
                "purpose-twice",
                &["C4.1"],
                here(),
                format!("purpose {name} stands twice: keep one"),
            );
        }
        asked.push(FormPurpose { id: name, required: purpose.required });
    }
    if !asked.iter().any(|purpose| purpose.required) {
        let message =
            format!("form {id} requires no purpose: say which one it cannot be carried out without");
        reader.error("form-without-purpose", &["C4.1"], place(file, &raw.id), message);
    }
    let mut names = BTreeSet::new();
    let mut fields = Vec::with_capacity(raw.field.len());
    for field in raw.field {
        if !names.insert(field.name.get_ref().clone()) {
            let message = format!("field {} stands twice: keep one", field.name.get_ref());
            reader.error("field-twice", &["C5"], place(file, &field.name), message);
        }
        fields.extend(form_field(reader, known, file, field, covered, covered_always));
    }
    Form {
        id,
        enquiry: raw.enquiry,
        title: raw.title,
        button: raw.button,
        title_key: format!("form-{id}-title"),
        button_key: format!("form-{id}-button"),
        fields,
        purposes: asked,
    }
}

fn form_field(
    reader: &mut Reader<'_>,
    known: &Known<'_>,
    file: &str,
    raw: raw::RawField,
    covered: CategorySet,
    covered_always: CategorySet,
) -> Option<Field> {
    let at = raw.category.as_ref().map_or_else(|| raw.name.span(), Spanned::span);
    let name = raw.name.get_ref().as_str();
    let code = match &raw.category {
        Some(code) => Some(*code.get_ref()),
        None => CategoryCode::new(name).ok(),
    };
    let category = code
        .and_then(|code| known.category_rows.get(&code))
        .and_then(|&row| known.categories.get(row as usize));
    let Some(category) = category else {
        let message =
            format!("field {name} collects no known category: name one of categories.toml in `category`");
        reader.error("category-unknown", &["C5"], (file, at), message);
        return None;
    };
    if !covered.covers(category.set) {
        let message = format!(
            "field {name} collects {}, which no purpose of the form covers: drop it, or add its purpose",
            category.code
        );
        reader.error("field-without-purpose", &["C5", "C10.5"], (file, at), message);
    } else if raw.required && !covered_always.covers(category.set) {
        let message = format!(
            "field {name} is required, but only optional purposes use {}: make it optional",
            category.code
        );
        reader.error("field-required-in-vain", &["C4.1", "C10.5"], (file, at), message);
    }
    if raw.required && category.validator == crate::purpose::Validator::Email {
        let message =
            format!("field {name} requires an e-mail address: ask for it only where a phone cannot do");
        reader.warn("email-required", &["C4.3"], place(file, &raw.name), message);
    }
    let max_len = match &raw.max_len {
        Some(max) if *max.get_ref() == 0 || *max.get_ref() > category.max_len => {
            let message =
                format!("field {name}: max_len is 1 to {}, as its category allows", category.max_len);
            reader.error("field-length", &["C5"], place(file, max), message);
            category.max_len
        }
        Some(max) => *max.get_ref(),
        None => category.max_len,
    };
    let label = raw.label.unwrap_or_else(|| category.label.clone());
    Some(Field {
        name: raw.name.into_inner(),
        category: category.code,
        required: raw.required,
        max_len,
        label,
    })
}
