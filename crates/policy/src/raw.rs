//! The files as they stand, before they are checked against each other. Unknown keys are refused; what refers
//! to something else keeps its place in the text.

use model::{CategoryCode, ClauseId, FormId, Instant, Operation, PurposeId, RecipientId, RoleId};
use serde::Deserialize;
use toml::Spanned;

use crate::policy::Texts;
use crate::purpose::{Basis, Channel, StoragePeriod, Validator};
use crate::recipient::RecipientKind;
use crate::retention::{Authority, LegalSource, ReadIn};
use crate::role::{Ability, PrincipalKind};

/// A list of tables under one key; the same shape in every file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CategoriesFile {
    pub(crate) category: Vec<RawCategory>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawCategory {
    pub(crate) code: Spanned<CategoryCode>,
    pub(crate) clause: Spanned<ClauseId>,
    pub(crate) label: Texts,
    pub(crate) validator: Validator,
    #[serde(default)]
    pub(crate) sensitive: bool,
    pub(crate) max_len: Spanned<u32>,
    #[serde(default)]
    pub(crate) lookup: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PurposesFile {
    pub(crate) purpose: Vec<RawPurpose>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPurpose {
    pub(crate) id: Spanned<PurposeId>,
    pub(crate) clause: Spanned<ClauseId>,
    pub(crate) basis: Basis,
    pub(crate) title: Texts,
    pub(crate) text: Texts,
    pub(crate) categories: Vec<Spanned<CategoryCode>>,
    pub(crate) operations: Vec<Operation>,
    #[serde(default)]
    pub(crate) recipient_kinds: Vec<RecipientKind>,
    pub(crate) storage: Option<Spanned<StoragePeriod>>,
    pub(crate) ends: Option<Spanned<String>>,
    pub(crate) channel: Channel,
    #[serde(default)]
    pub(crate) needs_proven_contact: bool,
    #[serde(default)]
    pub(crate) anonymised_only: bool,
    #[serde(default)]
    pub(crate) may_outlast_withdrawal: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RolesFile {
    pub(crate) role: Vec<RawRole>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRole {
    pub(crate) id: Spanned<RoleId>,
    pub(crate) title: Texts,
    pub(crate) principals: Vec<PrincipalKind>,
    #[serde(default)]
    pub(crate) abilities: Vec<Ability>,
    #[serde(default)]
    pub(crate) own_data_only: bool,
    #[serde(default)]
    pub(crate) while_restricted: Vec<Operation>,
    #[serde(default)]
    pub(crate) may: Vec<RawMay>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMay {
    pub(crate) purposes: Vec<Spanned<PurposeId>>,
    pub(crate) operations: Vec<Operation>,
    /// Left out = all that the purpose has.
    pub(crate) categories: Option<Vec<Spanned<CategoryCode>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecipientsFile {
    #[serde(default)]
    pub(crate) recipient: Vec<RawRecipient>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRecipient {
    pub(crate) id: Spanned<RecipientId>,
    pub(crate) kind: RecipientKind,
    pub(crate) name: Texts,
    pub(crate) bin: Spanned<String>,
    pub(crate) country: Spanned<String>,
    pub(crate) purposes: Vec<Spanned<PurposeId>>,
    pub(crate) categories: Vec<Spanned<CategoryCode>>,
    pub(crate) published: Spanned<bool>,
    pub(crate) undertaking_until: Option<Instant>,
    pub(crate) attestation_until: Option<Instant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetentionFile {
    pub(crate) evidence: RawEvidence,
    pub(crate) restriction: RawRestriction,
    pub(crate) last_letter: Option<RawLastLetter>,
    pub(crate) event: Vec<RawEvent>,
    pub(crate) deadline: Vec<RawDeadline>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawEvidence {
    pub(crate) period: StoragePeriod,
    pub(crate) rule: String,
    pub(crate) ground: Texts,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawLastLetter {
    pub(crate) period: StoragePeriod,
    pub(crate) rule: String,
    pub(crate) ground: Texts,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRestriction {
    pub(crate) ceiling: StoragePeriod,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawEvent {
    pub(crate) code: Spanned<String>,
    pub(crate) clause: Spanned<ClauseId>,
    pub(crate) text: Texts,
    pub(crate) grace: StoragePeriod,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDeadline {
    pub(crate) kind: Spanned<String>,
    #[serde(default)]
    pub(crate) clause: Vec<RawClauseLimit>,
    #[serde(default)]
    pub(crate) pack: Vec<Spanned<ClauseId>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawClauseLimit {
    pub(crate) rule: Spanned<ClauseId>,
    pub(crate) amount: u32,
    pub(crate) unit: crate::purpose::Unit,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LegalFile {
    pub(crate) id: Spanned<String>,
    pub(crate) checked_until: Spanned<String>,
    pub(crate) source: Vec<LegalSource>,
    pub(crate) limit: Vec<RawLegalLimit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawLegalLimit {
    pub(crate) id: Spanned<ClauseId>,
    pub(crate) authority: Authority,
    pub(crate) period: Option<StoragePeriod>,
    pub(crate) text: Texts,
    pub(crate) article: String,
    pub(crate) source: Spanned<String>,
    pub(crate) read_in: ReadIn,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormFile {
    pub(crate) id: Spanned<FormId>,
    pub(crate) enquiry: bool,
    pub(crate) title: Texts,
    pub(crate) button: Texts,
    pub(crate) field: Vec<RawField>,
    pub(crate) purpose: Vec<RawFormPurpose>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawField {
    pub(crate) name: Spanned<String>,
    /// Left out = the name is the category.
    pub(crate) category: Option<Spanned<CategoryCode>>,
    pub(crate) required: bool,
    /// Left out = as long as the category allows.
    pub(crate) max_len: Option<Spanned<u32>>,
    /// Left out = the label of the category.
    pub(crate) label: Option<Texts>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFormPurpose {
    pub(crate) id: Spanned<PurposeId>,
    pub(crate) required: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClausesFile {
    pub(crate) clause: Vec<RawClause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawClause {
    pub(crate) id: Spanned<ClauseId>,
    pub(crate) text: Texts,
    pub(crate) controls: Vec<String>,
    #[serde(default)]
    pub(crate) tests: Vec<String>,
    pub(crate) built: Spanned<bool>,
    pub(crate) check: Option<String>,
    pub(crate) next: Option<Texts>,
}
