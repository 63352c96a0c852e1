//! The compiled policy: tables indexed so that a decision is a few lookups, however many rules there are.

use std::collections::BTreeMap;

use model::calendar::Calendar;
use model::{CategoryCode, FormId, Locale, OperationSet, PurposeId, RecipientId, RoleId};

use crate::clause::ClauseRow;
use crate::finding::{Finding, Severity};
use crate::form::Form;
use crate::hash::CodeMap;
use crate::purpose::{Category, Purpose};
use crate::recipient::Recipient;
use crate::retention::{LegalPack, Retention};
use crate::role::Role;
use crate::set::CategorySet;

/// The texts of the policy folder: path relative to `policy/` → text, such as `purposes.toml`,
/// `forms/consultation.toml`, `notice/2026-11/notice.ru.md`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyFiles(pub BTreeMap<String, String>);

impl PolicyFiles {
    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }
}

/// The same words in the three languages.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// Russian.
    pub ru: String,
    /// Kazakh.
    pub kk: String,
    /// English.
    pub en: String,
}

impl Texts {
    /// The words in a language.
    pub fn get(&self, locale: Locale) -> &str {
        match locale {
            Locale::Ru => &self.ru,
            Locale::Kk => &self.kk,
            Locale::En => &self.en,
        }
    }
}

/// Who answers for the data (C1.1), and where they lie (C11.1).
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Controller {
    /// Its name.
    pub name: Texts,
    /// Its BIN, 12 digits.
    pub bin: String,
    /// Its address.
    pub address: Texts,
    /// The mailbox of clauses 7 and 21.
    pub mailbox: String,
    /// Whom to call about a breach or a weakness (RFC 9116).
    pub security_contact: String,
    /// The person responsible for processing: post and order of appointment.
    pub responsible: Texts,
    /// The country whose law and calendar apply, ISO 3166-1 alpha-2.
    pub country: String,
    /// The legal pack in force: `legal/<id>.toml`.
    pub legal_pack: String,
    /// The calendar in force: a file of the policy folder.
    pub calendar: String,
    /// Age from which a person may give his own data (C1.2).
    pub adult_age_years: u8,
    /// Where things are: countries, ISO 3166-1 alpha-2.
    pub locations: Locations,
    /// Lifetimes and caps.
    pub limits: Limits,
}

/// Declared locations (C11.1): countries, ISO 3166-1 alpha-2.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locations {
    /// The database.
    pub database: String,
    /// The keystore.
    pub keystore: String,
    /// The backups.
    pub backups: String,
    /// The mail server that sends.
    pub mail: String,
}

/// Lifetimes and caps that the policy sets. Units stand last in each name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// How long a sign-in code is good.
    pub signin_code_minutes: u32,
    /// How many tries a sign-in code has.
    pub signin_code_attempts: u32,
    /// How long a person's session lasts.
    pub account_session_minutes: u32,
    /// How long an operator's session lasts.
    pub operator_session_minutes: u32,
    /// How long a set-up link is good.
    pub setup_link_hours: u32,
    /// How long an idempotency key is remembered.
    pub idempotency_hours: u32,
    /// How long the old contact may object to its replacement (C9.2).
    pub contact_objection_hours: u32,
    /// How long the keys of one epoch live.
    pub key_epoch_hours: u32,
    /// How long data backups are kept.
    pub backup_retention_days: u32,
    /// How often a message is tried before it is given to a person to look at.
    pub message_attempts: u32,
    /// How long `security.txt` is good (RFC 9116).
    pub security_txt_days: u32,
}

/// What a role may do for one purpose.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) categories: CategorySet,
    pub(crate) operations: OperationSet,
}

/// The compiled policy.
#[derive(Debug)]
pub struct Policy {
    pub(crate) controller: Controller,
    pub(crate) categories: Vec<Category>,
    /// All of them as one set, for the gate.
    pub(crate) known: CategorySet,
    pub(crate) category_rows: CodeMap<CategoryCode, u32>,
    pub(crate) purposes: Vec<Purpose>,
    pub(crate) purpose_rows: CodeMap<PurposeId, u32>,
    pub(crate) roles: Vec<Role>,
    pub(crate) role_rows: CodeMap<RoleId, u32>,
    /// (role row, purpose row) → what may be done.
    pub(crate) cells: CodeMap<(u32, u32), Cell>,
    pub(crate) recipients: Vec<Recipient>,
    pub(crate) recipient_rows: CodeMap<RecipientId, u32>,
    pub(crate) forms: Vec<Form>,
    pub(crate) clauses: Vec<ClauseRow>,
    pub(crate) retention: Retention,
    pub(crate) legal: LegalPack,
    pub(crate) calendar: Calendar,
    pub(crate) version: String,
}

impl Policy {
    /// Reads and compiles the policy folder.
    ///
    /// # Errors
    /// Every finding, when at least one of them is an error.
    pub fn load(files: &PolicyFiles) -> Result<Self, Vec<Finding>> {
        match Self::lint(files) {
            (Some(policy), findings)
                if findings.iter().all(|finding| finding.severity != Severity::Error) =>
            {
                Ok(policy)
            }
            (_, findings) => Err(findings),
        }
    }

    /// Reads the policy folder and says everything that can be said about it. The policy is there when
    /// none of the findings is an error.
    pub fn lint(files: &PolicyFiles) -> (Option<Self>, Vec<Finding>) {
        crate::load::compile(files)
    }

    /// Who answers for the data.
    pub const fn controller(&self) -> &Controller {
        &self.controller
    }
    /// Lifetimes and caps.
    pub const fn limits(&self) -> &Limits {
        &self.controller.limits
    }
    /// All purposes, as in the file.
    pub fn purposes(&self) -> &[Purpose] {
        &self.purposes
    }
    /// The purpose with this id.
    pub fn purpose(&self, id: PurposeId) -> Option<&Purpose> {
        self.purpose_rows.get(&id).and_then(|&row| self.purposes.get(row as usize))
    }
    /// All categories, as in the file.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }
    /// The category with this code.
    pub fn category(&self, code: CategoryCode) -> Option<&Category> {
        self.category_rows.get(&code).and_then(|&row| self.categories.get(row as usize))
    }
    /// All roles, as in the file.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }
    /// The role with this id.
    pub fn role(&self, id: RoleId) -> Option<&Role> {
        self.role_rows.get(&id).and_then(|&row| self.roles.get(row as usize))
    }
    /// All forms, ordered by id.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }
    /// The form with this id.
    pub fn form(&self, id: FormId) -> Option<&Form> {
        self.forms.iter().find(|form| form.id == id)
    }
    /// All recipients, as in the file.
    pub fn recipients(&self) -> &[Recipient] {
        &self.recipients
    }
    /// The recipient with this id.
    pub fn recipient(&self, id: RecipientId) -> Option<&Recipient> {
        self.recipient_rows.get(&id).and_then(|&row| self.recipients.get(row as usize))
    }
    /// The business calendar in force.
    pub const fn calendar(&self) -> &Calendar {
        &self.calendar
    }
    /// The legal pack in force.
    pub const fn legal(&self) -> &LegalPack {
        &self.legal
    }
    /// The rows of the clause table, as in the file.
    pub fn clauses(&self) -> &[ClauseRow] {
        &self.clauses
    }
    /// What ends storage, and the limits.
    pub const fn retention(&self) -> &Retention {
        &self.retention
    }
    /// SHA-256 of all files of the folder, in hexadecimal.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// These categories as a set.
    ///
    /// # Errors
    /// The first code that `categories.toml` does not name.
    pub fn category_set(&self, codes: &[CategoryCode]) -> Result<CategorySet, CategoryCode> {
        codes.iter().try_fold(CategorySet::EMPTY, |set, code| match self.category_rows.get(code) {
            Some(&row) => Ok(set.union(CategorySet::of_row(row as usize))),
            None => Err(*code),
        })
    }
    /// The codes in a set, ordered by code.
    pub fn codes(&self, set: CategorySet) -> Vec<CategoryCode> {
        let mut codes: Vec<CategoryCode> =
            set.rows().filter_map(|row| self.categories.get(row).map(|category| category.code)).collect();
        codes.sort_unstable();
        codes
    }
}
