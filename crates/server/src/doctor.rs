//! `senim doctor`: is this installation fit to keep what it promises, now? Each finding says what to do.
//!
//! Clauses: C11.1, C11.5, C17; RELIABILITY §3.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::config::Config;
use crate::{backups, files, restore, wiring};

/// A pair of backups up to this size is tried out by a restore into a scratch folder.
const TRIAL_BYTES_MAX: u64 = 512 << 20;
/// Bytes that must be free beside the reserve, so that erasures still work (DESIGN §1, invariant 6).
const FREE_BYTES_MIN: u64 = 64 << 20;
/// The scratch folder of a trial, below the data folder.
const TRIAL: &str = "trial";

/// One thing looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Stable code.
    pub code: &'static str,
    /// Whether it is in order.
    pub fine: bool,
    /// What was found and what to do.
    pub message: String,
}

fn check(code: &'static str, fine: bool, message: impl Into<String>) -> Check {
    Check { code, fine, message: message.into() }
}

/// Whether everything is in order.
pub fn is_fine(checks: &[Check]) -> bool {
    checks.iter().all(|check| check.fine)
}

/// Looks at everything. `state` is what the instance says of itself, or why it cannot.
pub fn examine(config: &Config, state: &anyhow::Result<Value>) -> Vec<Check> {
    let mut checks = vec![policy(config)];
    match state {
        Ok(state) => {
            checks.push(check("data-folder", true, format!("{}: opens", config.data.display())));
            checks.extend(locations(state));
            checks.extend(token(state));
            checks.push(log(state));
            checks.push(structure(state));
            checks.push(letters(state));
        }
        Err(fault) => checks.push(check("data-folder", false, format!("{fault:#}"))),
    }
    checks.push(pair(config));
    checks.push(disk(&config.data));
    checks
}

fn policy(config: &Config) -> Check {
    match wiring::load_policy(config.policy.as_deref()) {
        Ok((policy, _)) => check("policy", true, format!("compiles, version {}", &policy.version()[..12])),
        Err(fault) => check("policy", false, format!("{fault:#}")),
    }
}

fn locations(state: &Value) -> Vec<Check> {
    let home = state["country"].as_str().unwrap_or_default();
    let all = state["locations"].as_array().map_or(&[][..], Vec::as_slice);
    all.iter()
        .map(|location| {
            let text = |key: &str| location[key].as_str().unwrap_or_default();
            let (what, place) = (text("what"), text("place"));
            match location["country"].as_str() {
                Some(country) if country == home => {
                    check("location", true, format!("{what} in {country}: {place}"))
                }
                Some(country) => check(
                    "location-foreign",
                    false,
                    format!("{what} stands in {country}, it must stand in {home} (C11.1): move {place}"),
                ),
                None => check(
                    "location-undeclared",
                    false,
                    format!("{what}: nobody declared where it stands; set location.{what} (C11.1)"),
                ),
            }
        })
        .collect()
}

/// What no backup of ours holds.
fn token(state: &Value) -> Option<Check> {
    let token = state["keystore"]["token"].as_str()?;
    Some(check(
        "keystore-token",
        true,
        format!(
            "keys are in the token {token}, epochs {}; they cannot be copied: keep a second token, or a copy, with its \
             maker's means, or nothing can be restored when it is lost",
            state["keys"]["keystore_epochs"]
        ),
    ))
}

fn lines(state: &Value, key: &str) -> Vec<String> {
    state[key].as_array().into_iter().flatten().filter_map(|line| line.as_str().map(str::to_owned)).collect()
}

fn log(state: &Value) -> Check {
    let problems = lines(state, "log_problems");
    match problems.first() {
        None => check("log", true, "recomputed from its entries: whole"),
        Some(first) => {
            check("log", false, format!("{} problems, first: {first}; restore from backups", problems.len()))
        }
    }
}

fn structure(state: &Value) -> Check {
    let findings = lines(state, "structure");
    match findings.first() {
        None => check("keys-and-rows", true, "no row of an erased person, every sealed value has its key"),
        Some(first) => check("keys-and-rows", false, format!("{} findings, first: {first}", findings.len())),
    }
}

fn letters(state: &Value) -> Check {
    let waiting = state["waiting_mails"].as_u64().unwrap_or_default();
    match (state["smtp"].as_bool().unwrap_or_default(), waiting) {
        (true, _) => check("mail", true, format!("leaves by SMTP, {waiting} waiting")),
        (false, 0) => check("mail", true, "no mail server is set (smtp.host), nothing waits"),
        (false, _) => check(
            "mail-waiting",
            false,
            format!(
                "{waiting} letters wait and no mail server is set: set smtp.host, or read `senim mail outbox`"
            ),
        ),
    }
}

/// Whether the newest data backup and the key backup can be restored together now.
fn pair(config: &Config) -> Check {
    let (dir, keys_dir) = (config.backup_dir(), config.backup_keys_dir());
    let missing = |what: &str| check("backup-missing", false, format!("{what}; run `senim backup`"));
    let data = match backups::list(&dir) {
        Ok(mut found) => match found.pop() {
            Some(newest) => newest,
            None => return missing(&format!("{}: no data backup", dir.display())),
        },
        Err(fault) => return missing(&format!("{}: {fault:#}", dir.display())),
    };
    let keys = match backups::keys_note(&keys_dir) {
        Ok(Some(note)) => note,
        Ok(None) => return missing(&format!("{}: no key backup", keys_dir.display())),
        Err(fault) => return missing(&format!("{fault:#}")),
    };
    if keys.log_size < data.note.log_size
        || keys.fence < data.note.fence
        || keys.instance != data.note.instance
    {
        return missing("the key backup does not belong to the newest data backup");
    }
    if data.note.bytes + keys.bytes > TRIAL_BYTES_MAX {
        return check(
            "backup",
            true,
            format!("newest pair from {}; too large for a trial restore here", data.note.at),
        );
    }
    match trial(config, &data.file, &keys_dir) {
        Ok(()) => {
            check("backup", true, format!("newest pair from {}, restored on trial just now", data.note.at))
        }
        Err(fault) => check("backup-not-restorable", false, format!("{fault:#}; run `senim backup`")),
    }
}

/// Restores the pair into a scratch folder, looks at it, and destroys it.
fn trial(config: &Config, data: &Path, keys: &Path) -> anyhow::Result<()> {
    let scratch = config.data.join(TRIAL);
    files::shred_folder(&scratch)?;
    // A trial opens with the token and changes nothing on it.
    let sources = restore::Sources { data: data.to_owned(), keys: keys.to_owned(), take_over: true };
    let inner = Config {
        data: scratch.clone(),
        max_bytes: None,
        database: None,
        keystore: crate::config::KeystoreSection { dir: None, ..config.keystore.clone() },
        smtp: None,
        ..config.clone()
    };
    let opening = wiring::Opening { command: true, ..wiring::Opening::default() };
    let outcome = restore::restore(&inner, &sources, &opening);
    files::shred_folder(&scratch)?;
    let outcome = outcome?;
    if let Some(problem) = outcome.problems.first() {
        anyhow::bail!("the restored folder has problems: {problem}");
    }
    Ok(())
}

fn disk(folder: &Path) -> Check {
    match rustix::fs::statvfs(folder) {
        Ok(stat) => {
            let free = stat.f_bavail.saturating_mul(stat.f_frsize);
            let text = format!("{} MiB free on the disk of {}", free >> 20, folder.display());
            if free >= FREE_BYTES_MIN {
                check("disk", true, text)
            } else {
                check("disk-full", false, format!("{text}: free some; withdrawals and erasures still work"))
            }
        }
        Err(fault) => check("disk", false, format!("{}: {fault}", folder.display())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::files::scratch::Scratch;

    fn state(country: Option<&str>, waiting: u64, smtp: bool) -> Value {
        json!({
            "country": "KZ",
            "locations": [{ "what": "database", "country": country, "place": "/data" }],
            "smtp": smtp, "waiting_mails": waiting, "log_problems": [], "structure": [],
        })
    }

    fn codes(state: Value) -> Vec<&'static str> {
        let scratch = Scratch::new();
        let config = Config { data: scratch.path().to_owned(), ..Config::default() };
        examine(&config, &Ok(state)).into_iter().filter(|check| !check.fine).map(|check| check.code).collect()
    }

    #[test]
    fn a_place_abroad_or_nowhere_is_red() {
        assert!(codes(state(Some("DE"), 0, true)).contains(&"location-foreign"));
        assert!(codes(state(None, 0, true)).contains(&"location-undeclared"));
        let home = codes(state(Some("KZ"), 0, true));
        assert!(!home.iter().any(|code| code.starts_with("location")));
    }

    #[test]
    fn without_backups_or_with_stuck_letters_it_is_red() {
        assert!(codes(state(Some("KZ"), 0, true)).contains(&"backup-missing"));
        assert!(codes(state(Some("KZ"), 3, false)).contains(&"mail-waiting"));
        assert!(!codes(state(Some("KZ"), 3, true)).contains(&"mail-waiting"));
    }
}
