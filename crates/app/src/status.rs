//! Where an enquiry or a request stands, by the number that the person was told.
//!
//! Invariant: whoever knows a number learns a state and dates, and nothing of the person: no value, no id, not
//! which form it was. A number that never was and one whose person was erased answer alike.
//!
//! Clauses: C7, C8.2, C16, C17.

use jiff::civil::Date;
use model::{EnquiryId, Instant, RequestId, SubjectId};
use store::tables::{enquiries, numbers, requests, subjects};

use crate::request::{self, DeadlineView};
use crate::{App, Failure};

/// Longest number that is looked for.
const NUMBER_MAX: usize = 16;

/// What a number stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something the company was asked for.
    Enquiry,
    /// A request about rights: one of [`request::KINDS`].
    Request(String),
}

/// Where it stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The number as it was told.
    pub number: String,
    /// What it stands for.
    pub kind: Kind,
    /// The state, as enquiries or requests name it.
    pub status: String,
    /// When it arrived.
    pub opened_at: Instant,
    /// When the state last changed, where that is kept.
    pub changed_at: Option<Instant>,
    /// The last day of the strictest limit and every limit; `None` where no limit runs.
    pub due: Option<(Date, Vec<DeadlineView>)>,
    subject: SubjectId,
}

impl Standing {
    /// Whether it is this person's own.
    pub fn is_of(&self, subject: SubjectId) -> bool {
        self.subject == subject
    }
    /// Whether something is still to be done.
    pub fn is_open(&self) -> bool {
        match self.kind {
            Kind::Enquiry => !crate::enquiry::next_states(&self.status).is_empty(),
            Kind::Request(_) => !request::next_states(&self.status).is_empty(),
        }
    }
}

/// Finds what a number stands for; case and blanks around it do not matter.
///
/// # Errors
/// Not found for a number that never was and for one of an erased person; faults of the store.
pub fn find(app: &App, typed: &str) -> Result<Standing, Failure> {
    let number = typed.trim().to_uppercase();
    let well_formed =
        number.len() <= NUMBER_MAX && number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !well_formed {
        return Err(Failure::NotFound);
    }
    let found = app.store().read(move |tx| {
        let Some(row) = numbers::fetch(tx, &number)? else { return Ok(None) };
        // Until the sweep has passed, a row of an erased person still stands.
        if subjects::facts(tx, row.subject)?.is_none() {
            return Ok(None);
        }
        Ok(if row.kind == numbers::ENQUIRY {
            enquiries::fetch(tx, row.subject, EnquiryId::from_bytes(row.reference))?.map(Found::Enquiry)
        } else {
            requests::fetch(tx, row.subject, RequestId::from_bytes(row.reference))?.map(Found::Request)
        })
    })?;
    Ok(match found.ok_or(Failure::NotFound)? {
        Found::Enquiry(row) => Standing {
            number: row.number,
            kind: Kind::Enquiry,
            status: row.status,
            opened_at: row.opened_at,
            changed_at: Some(row.changed_at).filter(|at| *at > row.opened_at),
            due: None,
            subject: row.subject,
        },
        Found::Request(row) => {
            let (due_on, deadlines) = request::deadlines(app, &row.kind, row.opened_at);
            Standing {
                number: row.number,
                kind: Kind::Request(row.kind),
                status: row.status,
                opened_at: row.opened_at,
                changed_at: None,
                due: due_on.map(|due_on| (due_on, deadlines)),
                subject: row.subject,
            }
        }
    })
}

enum Found {
    Enquiry(enquiries::Enquiry),
    Request(requests::Request),
}
