//! The gate. From the texts of `policy/` it answers "may this actor do this to these categories of this
//! person for this purpose now?" with a [`Grant`] or a list of [`model::Violation`]s, and knows which clause
//! is proven by what.
//!
//! Pure: it is given texts, facts and instants; it reads no file, no clock and no database. Deny by default:
//! what no table permits is refused, and every broken rule is named.
//!
//! Clauses: C1.2, C5, C6.1, C8, C9.0, C10, C11.3, C12, C16, C17, C18.

pub mod check;
pub mod clause;
pub mod deadline;
pub mod finding;
pub mod form;
pub mod gate;
mod hash;
mod load;
pub mod matrix;
pub mod notice;
pub mod policy;
pub mod purpose;
mod raw;
pub mod recipient;
pub mod retention;
pub mod role;
pub mod set;
pub mod value;

pub use clause::ClauseRow;
pub use deadline::{DeadlineLine, LimitSource};
pub use finding::{Finding, Severity};
pub use form::{Field, Form, FormPurpose};
pub use gate::{Bulk, Decision, Draft, Grant, Query, Witnessed, decide};
pub use matrix::matrix;
pub use policy::{Controller, Limits, Policy, PolicyFiles, Texts};
pub use purpose::{Basis, Category, Channel, Purpose, StoragePeriod, Unit, Validator};
pub use recipient::{Recipient, RecipientKind};
pub use retention::{EvidenceRule, LegalLimit, LegalPack, Retention};
pub use role::{Ability, PrincipalKind, Role};
pub use set::CategorySet;
