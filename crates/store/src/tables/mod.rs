//! One module for each table (or pair of a table and its index): rows as plain structs, free functions on a
//! [`Tx`](crate::Tx), SQL beside the one function that uses it. Nouns are modules, verbs are functions:
//! `insert, fetch, list_by_…, set_status, delete`.

pub mod api_keys;
pub mod bulk_reads;
pub mod consent_events;
pub mod consents;
pub(crate) mod dossier;
pub mod enquiries;
pub mod fence_journal;
pub mod history;
mod id_index;
pub mod idempotency;
pub mod jobs;
pub mod key_buckets;
pub mod key_epochs;
pub mod keyrings;
pub mod lookups;
pub mod meta;
pub mod nodes;
pub mod notices;
pub mod numbers;
pub mod operators;
pub mod receipts;
pub mod requests;
pub mod rules;
pub mod secrets;
pub mod sessions;
pub mod setup_links;
pub mod signin_codes;
pub mod subjects;
pub mod terms;
pub mod tombstones;
pub mod value_sets;
