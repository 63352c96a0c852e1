//! This node among those of one database: all go by one policy and by one clock.
//!
//! A node with another policy would decide otherwise than its peers about the same person, and one whose clock is apart
//! would let consents live too long or end too soon. Both are refused before anything is done. On the embedded database
//! there is one node, and nothing to compare.
//!
//! Clauses: C6.1, C10.1, C19.

use std::time::Duration;

use model::Instant;
use store::tables::nodes::{self, Node};
use store::{Fault, Tx};

use crate::{App, Failure};

/// How long a node counts as here after it last said so, in seconds of the database's clock: three times as long as
/// servers take to say it again.
const HERE_SECONDS: i64 = 15;

/// Why a node may not serve beside the others.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// Another node goes by another policy.
    #[error(
        "another node of this database goes by policy {theirs}, this one by {ours}: give all nodes the same policy folder, \
         and stop those of the old one first"
    )]
    Policy {
        /// The beginning of our policy's version.
        ours: String,
        /// The beginning of theirs.
        theirs: String,
    },
    /// Its clock and the database's are apart.
    #[error(
        "the clocks of this node and of the database are {millis} ms apart, at most {bound} ms are allowed: let both \
         follow one time server, or set database.clock_apart_seconds"
    )]
    Clock {
        /// How far.
        millis: i64,
        /// How far they may be.
        bound: i64,
    },
}

/// Says under a name, drawn by the caller at each start, that this node is here, unless it does not fit; for a command
/// that serves nothing, `name` is `None` and nothing is said.
///
/// # Errors
/// Faults of the store.
pub fn join(app: &App, name: Option<&str>, clock_apart_max: Duration) -> Result<Option<Misfit>, Failure> {
    if app.store().is_alone() {
        return Ok(None);
    }
    let (name, inner) = (name.map(str::to_owned), app.clone());
    Ok(app.store().write(move |tx| {
        nodes::hold(tx)?;
        let (now, misfit) = look(&inner, tx, name.as_deref(), clock_apart_max)?;
        if let (Some(name), None) = (&name, &misfit) {
            nodes::put(
                tx,
                &Node { name: name.clone(), policy: inner.policy().version().to_owned(), seen_at: now },
            )?;
        }
        Ok(misfit)
    })?)
}

/// Says that this node is gone.
///
/// # Errors
/// Faults of the store.
pub fn leave(app: &App, name: &str) -> Result<(), Failure> {
    let name = name.to_owned();
    Ok(app.store().write(move |tx| nodes::remove(tx, &name))?)
}

/// The database's time, and what does not fit.
fn look(
    app: &App,
    tx: &mut Tx<'_>,
    name: Option<&str>,
    clock_apart_max: Duration,
) -> Result<(Instant, Option<Misfit>), Fault> {
    let before = app.now();
    let theirs = tx.server_clock()?.unwrap_or(before);
    let after = app.now();
    let bound = i64::try_from(clock_apart_max.as_millis()).unwrap_or(i64::MAX);
    // How long the question took is not held against either.
    let micros = (before.micros() - theirs.micros()).max(theirs.micros() - after.micros()).max(0);
    let millis = micros / 1_000;
    if millis > bound && !app.settings().rehearsal {
        return Ok((theirs, Some(Misfit::Clock { millis, bound })));
    }
    let ours = app.policy().version();
    for node in nodes::list(tx)? {
        if Some(node.name.as_str()) == name {
            continue;
        }
        if theirs.seconds_since(node.seen_at) > HERE_SECONDS {
            // Killed: it could not say that it went.
            nodes::remove(tx, &node.name)?;
        } else if node.policy != ours {
            let short = |version: &str| version.chars().take(12).collect();
            return Ok((theirs, Some(Misfit::Policy { ours: short(ours), theirs: short(&node.policy) })));
        }
    }
    Ok((theirs, None))
}
