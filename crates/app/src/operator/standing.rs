//! Whether an operator may come in: suspended for a while, let in again, or revoked for good.
//!
//! Invariants: his sessions end in the same transaction; nobody but the owner of the machine, at the terminal,
//! leaves the instance without anybody who may let operators in.
//!
//! Clauses: C11.4, L13.

use model::{OperatorId, Principal, ProcessingContext, RoleId, Witness as _};
use policy::Ability;
use store::Tx;
use store::tables::operators::{self, OperatorRow};
use store::tables::sessions;

use super::{ACTIVE, OperatorView, PENDING, REVOKED, SUSPENDED, entry, view};
use crate::{App, Failure};

/// How an operator shall stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// May sign in again.
    Active,
    /// May not sign in for now.
    Suspended,
    /// May never sign in again.
    Revoked,
}

impl Standing {
    /// The standing with this code: `active`, `suspended`, `revoked`.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Active, Self::Suspended, Self::Revoked].into_iter().find(|one| one.code() == code)
    }

    /// Its stable code, also the status of the account.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => ACTIVE,
            Self::Suspended => SUSPENDED,
            Self::Revoked => REVOKED,
        }
    }

    /// Whether an account of this status can come to stand so.
    fn follows(self, status: &str) -> bool {
        match self {
            Self::Active => status == SUSPENDED,
            Self::Suspended => status == ACTIVE,
            Self::Revoked => [PENDING, ACTIVE, SUSPENDED].contains(&status),
        }
    }
}

/// Suspends an operator, lets him in again, or revokes his access; his sessions end at once.
///
/// # Errors
/// `purpose-not-of-role` for a role without the ability `operators`; not found; `operator-transition` for a step
/// that his standing does not allow; `operator-last` for the last who may let operators in.
pub fn set_standing(
    app: &App,
    ctx: &ProcessingContext,
    operator: OperatorId,
    standing: Standing,
) -> Result<OperatorView, Failure> {
    app.require(ctx, Ability::Operators)?;
    let line = app.bare_line(entry(app, ctx.actor, standing.code()));
    let at_the_terminal = ctx.actor.principal == Principal::System;
    let inner = app.clone();
    let row = app.store().write(move |tx| {
        let Some(row) = operators::fetch(tx, operator)? else { return Ok(Err(Failure::NotFound)) };
        if !standing.follows(&row.status) {
            return Ok(Err(Failure::Conflict("operator-transition")));
        }
        let closes = standing != Standing::Active;
        if closes && !at_the_terminal && is_last(&inner, tx, &row)? {
            return Ok(Err(Failure::Conflict("operator-last")));
        }
        let changed =
            OperatorRow { status: standing.code().to_owned(), failures: 0, locked_until: None, ..row };
        operators::replace(tx, &changed)?;
        if closes {
            sessions::delete_by_operator(tx, operator)?;
        }
        tx.append(line.clone())?;
        Ok(Ok(changed))
    })??;
    Ok(view(&row))
}

/// Whether nobody else who may sign in may let operators in.
fn is_last(app: &App, tx: &mut Tx<'_>, row: &OperatorRow) -> Result<bool, store::Fault> {
    let admits = |role: &RoleId| app.policy().role(*role).is_some_and(|role| role.can(Ability::Operators));
    let may = |row: &OperatorRow| row.status == ACTIVE && row.roles.iter().any(admits);
    Ok(may(row) && !operators::list(tx)?.iter().any(|other| other.operator != row.operator && may(other)))
}
