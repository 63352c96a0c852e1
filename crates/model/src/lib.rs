//! The vocabulary of Senim: ids, codes, data subjects, consent, operations, deadlines, the log entry,
//! and the three types that make "no log entry, no plaintext" a matter of types: [`Private`],
//! [`Sealed`] and [`Witness`].
//!
//! Pure: no files, no clock, no randomness, no SQL, no HTTP. Names follow W3C DPV 2.x and ISO/IEC TS 27560.

pub mod actor;
pub mod calendar;
pub mod code;
pub mod consent;
pub mod entry;
pub mod id;
pub mod identifier;
pub mod locale;
pub mod operation;
pub mod platform;
pub mod private;
pub mod subject;
pub mod terms;
pub mod time;
pub mod violation;

pub use actor::{Actor, Principal, ProcessingContext};
pub use code::{CategoryCode, ClauseId, CodeError, FormId, PurposeId, RecipientId, RoleId, TermCode};
pub use consent::{ConsentEvent, ConsentEventKind, ConsentFact, ConsentStatus, Part, Standing};
pub use entry::{Entry, EntryKind, HistoryRow, LogLine, Salt, Witness};
pub use id::{
    ApiKeyId, BucketId, ConsentId, EnquiryId, EntryId, ErasureId, JobId, NoticeId, OperatorId, ReceiptId,
    RecordId, RequestId, RuleId, SessionId, SubjectId, SubmissionId, WithdrawalId,
};
pub use locale::Locale;
pub use operation::{Operation, OperationSet};
pub use platform::{Clock, Entropy};
pub use private::{Private, Sealed};
pub use subject::{Facts, RestrictionKind, SubjectFacts, SubjectStatus};
pub use terms::{Effect, TermField, Terms, TermsError};
pub use time::Instant;
pub use violation::Violation;
