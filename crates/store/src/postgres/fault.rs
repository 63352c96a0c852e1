//! What PostgreSQL and the way to it report, as our faults: codes only, since a detail may quote a value.

use std::error::Error as _;

use deadpool_postgres::PoolError;
use tokio_postgres::error::{Error, SqlState};

use crate::fault::Fault;

/// A fault of a statement or a connection.
#[expect(clippy::needless_pass_by_value, reason = "what `map_err` hands over")]
pub(super) fn of(error: Error) -> Fault {
    let Some(code) = error.code() else {
        let is_io = error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
        return if error.is_closed() || is_io {
            Fault::Lost
        } else {
            // The kind of the error only: its source may quote what was sent.
            Fault::Database(error.to_string())
        };
    };
    match *code {
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::LOCK_NOT_AVAILABLE
        | SqlState::QUERY_CANCELED
        | SqlState::OUT_OF_MEMORY
        | SqlState::TOO_MANY_CONNECTIONS => Fault::Busy,
        SqlState::UNIQUE_VIOLATION => Fault::Conflict,
        SqlState::DISK_FULL => Fault::Full,
        SqlState::READ_ONLY_SQL_TRANSACTION => Fault::ReadOnly,
        SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN | SqlState::CANNOT_CONNECT_NOW => Fault::Lost,
        SqlState::INSUFFICIENT_PRIVILEGE => {
            Fault::Database("its role lacks a right; it must own the schema".to_owned())
        }
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            Fault::Database("it refuses this name or password".to_owned())
        }
        SqlState::INVALID_CATALOG_NAME => Fault::Database("there is no database of this name".to_owned()),
        _ if code.code().starts_with("08") => Fault::Lost,
        // Class 42 names columns and tables, never values.
        _ if code.code().starts_with("42") => {
            Fault::Statement(error.as_db_error().map_or_else(String::new, |error| error.message().to_owned()))
        }
        _ => Fault::Statement(format!("SQLSTATE {}", code.code())),
    }
}

/// A fault of the pool.
pub(super) fn of_pool(error: PoolError) -> Fault {
    match error {
        PoolError::Timeout(_) => Fault::Busy,
        PoolError::Backend(error) => of(error),
        _ => Fault::Lost,
    }
}
