//! Commands that need no data folder: check, deadline, verify, and comparing notices.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use policy::{Policy, Severity};
use serde_json::json;

use super::{Scene, Unreadable, data, say};
use crate::{embedded, exit, files};

/// Largest file that is verified.
const FILE_BYTES_MAX: u64 = 64 << 20;

fn unreadable(path: &str, fault: &impl std::fmt::Display) -> anyhow::Error {
    Unreadable(format!("{path}: cannot be read: {fault}")).into()
}

/// `senim check`.
pub(super) fn check(scene: &Scene, notice: Option<&Path>) -> anyhow::Result<u8> {
    let policy_files = embedded::policy_files(scene.config.policy.as_deref())
        .map_err(|fault| Unreadable(format!("{fault:#}")))?;
    let name = notice.map(|path| path.display().to_string());
    let text = match notice {
        Some(path) => {
            Some(files::read_text(path).map_err(|fault| unreadable(&path.display().to_string(), &fault))?)
        }
        None => None,
    };
    let given = name.as_deref().zip(text.as_deref());
    let findings = policy::check::check(&policy_files, given);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if scene.json {
        say::line(&json!({ "errors": errors, "findings": findings }).to_string());
    } else {
        for finding in &findings {
            let clauses: Vec<String> = finding.clauses.iter().map(ToString::to_string).collect();
            say::line(&format!(
                "{}:{}:{}: {}: {} [{}]{}",
                finding.file,
                finding.line,
                finding.column,
                finding.severity.code(),
                finding.message,
                finding.code,
                if clauses.is_empty() { String::new() } else { format!(" ({})", clauses.join(", ")) },
            ));
        }
        say::line(&format!("{} findings, {errors} errors", findings.len()));
    }
    Ok(if errors == 0 { exit::FINE } else { exit::FAILED })
}

/// What `senim deadline` is asked.
#[derive(Debug, Args)]
pub(super) struct Deadline {
    /// Day of the event; it does not count itself
    #[arg(long, value_name = "DATE")]
    from: jiff::civil::Date,
    #[command(flatten)]
    amount: Amount,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Amount {
    /// Working days
    #[arg(long, value_name = "N")]
    working_days: Option<u32>,
    /// Calendar days
    #[arg(long, value_name = "N")]
    days: Option<u32>,
    /// Months
    #[arg(long, value_name = "N")]
    months: Option<u32>,
}

/// `senim deadline`.
pub(super) fn deadline(scene: &Scene, asked: &Deadline) -> anyhow::Result<u8> {
    let (policy, _) = crate::wiring::load_policy(scene.config.policy.as_deref())?;
    let due = due(&policy, asked);
    if scene.json {
        let answer = json!({
            "from": asked.from.to_string(),
            "due_on": due.date.to_string(),
            "calendar_version": due.calendar_version,
            "estimate": due.estimate,
        });
        say::line(&answer.to_string());
    } else {
        say::line(&format!(
            "{} (calendar {}{})",
            due.date,
            due.calendar_version,
            if due.estimate { "; an estimate: a holiday on the way may still move" } else { "" }
        ));
    }
    Ok(exit::FINE)
}

fn due(policy: &Policy, asked: &Deadline) -> model::calendar::Due {
    let calendar = policy.calendar();
    let Amount { working_days, days, months } = asked.amount;
    match (working_days, days, months) {
        (Some(n), _, _) => calendar.add_working_days(asked.from, n),
        (_, Some(n), _) => calendar.add_days(asked.from, n),
        (_, _, months) => calendar.add_months(asked.from, months.unwrap_or_default()),
    }
}

/// Reads a file, or standard input for `-`, up to the limit.
fn read_input(path: &Path) -> anyhow::Result<Vec<u8>> {
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    let read = if name == "-" {
        std::io::stdin().lock().take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)
    } else {
        files::open(path).and_then(|file| file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes))
    };
    read.map_err(|fault| unreadable(&name, &fault))?;
    Ok(bytes)
}

/// `senim verify`: each file by itself; the code of the worst.
pub(super) fn verify(scene: &Scene, key: Option<&str>, files: &[PathBuf]) -> anyhow::Result<u8> {
    let trusted = key.map(key_of).transpose()?;
    let mut worst = exit::FINE;
    let mut self_asserted = false;
    for file in files {
        let name = file.display().to_string();
        // One file is told of by itself, as programs know it; several by their names.
        let named = (files.len() > 1).then_some(name.as_str());
        let code = match read_input(file) {
            Ok(bytes) => verify_one(scene, trusted.as_ref(), &name, named, &bytes),
            Err(fault) => {
                not_valid(scene, named, &fault);
                say::error(&format!("senim: {fault:#}"));
                exit::UNREADABLE
            }
        };
        self_asserted |= code == exit::FINE && trusted.is_none();
        worst = worst.max(code);
    }
    if self_asserted {
        say::error(
            "senim: the key came from the file itself; give the published one with --key to know who signed",
        );
    }
    Ok(worst)
}

fn not_valid(scene: &Scene, named: Option<&str>, fault: &dyn std::fmt::Display) {
    if scene.json {
        let mut answer = json!({ "valid": false, "error": fault.to_string() });
        if let Some(name) = named {
            answer["file"] = json!(name);
        }
        say::line(&answer.to_string());
    }
}

fn verify_one(
    scene: &Scene,
    trusted: Option<&tlog::VerifierKey>,
    name: &str,
    named: Option<&str>,
    bytes: &[u8],
) -> u8 {
    let verified = match tlog::Document::parse_strict(bytes) {
        Ok(document) => document.verify(trusted),
        Err(fault) => {
            not_valid(scene, named, &fault);
            say::error(&format!("senim: {name}: unreadable: {fault}"));
            return exit::UNREADABLE;
        }
    };
    let found = match verified {
        Ok(found) => found,
        Err(fault) => {
            not_valid(scene, named, &fault);
            say::error(&format!("senim: {name}: invalid: {fault}"));
            return exit::FAILED;
        }
    };
    if scene.json {
        let mut answer = json!({
            "valid": true,
            "kind": found.kind,
            "origin": found.origin,
            "key_id": found.key_id,
            "trust": found.trust.as_str(),
            "index": found.index,
            "size": found.size,
            "rehearsal": found.rehearsal,
        });
        if let Some(name) = named {
            answer["file"] = json!(name);
        }
        say::line(&answer.to_string());
    } else {
        if found.rehearsal {
            say::line("REHEARSAL: this proves nothing about a real person");
        }
        say::line(&format!(
            "{}valid: {}, entry {} of {} in the log {} (key {}, {})",
            named.map(|name| format!("{name}: ")).unwrap_or_default(),
            found.kind,
            found.index,
            found.size,
            found.origin,
            found.key_id,
            found.trust.as_str()
        ));
    }
    exit::FINE
}

/// A verifier key as text, or in a file.
fn key_of(text: &str) -> anyhow::Result<tlog::VerifierKey> {
    if let Ok(key) = tlog::VerifierKey::parse(text.trim()) {
        return Ok(key);
    }
    let held = files::read_text(Path::new(text))
        .map_err(|_| Unreadable(format!("--key {text}: neither a verifier key nor a file that holds one")))?;
    tlog::VerifierKey::parse(held.trim()).map_err(|fault| Unreadable(format!("{text}: {fault}")).into())
}

/// `senim notice diff`.
pub(super) fn notice_diff(scene: &Scene, old: &str, new: &str) -> anyhow::Result<u8> {
    let (before, after) = (notice_of(scene, old)?, notice_of(scene, new)?);
    let changes = policy::notice::diff(&policy::notice::parse(&before), &policy::notice::parse(&after));
    let changed: Vec<_> =
        changes.iter().filter(|change| change.kind != policy::notice::ChangeKind::Same).collect();
    if scene.json {
        let items: Vec<_> = changed
            .iter()
            .map(|change| {
                let words: Vec<_> =
                    change.words.iter().map(|(kind, text)| json!([mark(*kind), text])).collect();
                json!({ "clause": change.id, "kind": kind_of(change.kind), "words": words })
            })
            .collect();
        say::line(&json!({ "changed": items }).to_string());
    } else {
        for change in &changed {
            say::line(&format!("{} {}", kind_of(change.kind), change.id));
            for (kind, text) in &change.words {
                if *kind != policy::notice::WordChange::Equal {
                    say::line(&format!("  {} {text}", mark(*kind)));
                }
            }
        }
        say::line(&format!("{} clauses changed", changed.len()));
    }
    Ok(if changed.is_empty() && before == after { exit::FINE } else { exit::FAILED })
}

fn kind_of(kind: policy::notice::ChangeKind) -> &'static str {
    match kind {
        policy::notice::ChangeKind::Added => "added",
        policy::notice::ChangeKind::Removed => "removed",
        policy::notice::ChangeKind::Changed => "changed",
        policy::notice::ChangeKind::Same => "same",
    }
}

fn mark(kind: policy::notice::WordChange) -> &'static str {
    match kind {
        policy::notice::WordChange::Equal => "=",
        policy::notice::WordChange::Insert => "+",
        policy::notice::WordChange::Delete => "-",
    }
}

/// A notice by file name, or by `VERSION@LANGUAGE` among the published ones.
fn notice_of(scene: &Scene, name: &str) -> anyhow::Result<String> {
    let path = Path::new(name);
    if path.exists() {
        return files::read_text(path).map_err(|fault| unreadable(name, &fault));
    }
    let (version, language) = name.split_once('@').ok_or_else(|| {
        Unreadable(format!("{name}: neither a file nor VERSION@LANGUAGE, such as 2026-11@ru"))
    })?;
    let answer = data::ask(scene, "notice-text", &json!({ "version": version, "language": language }))?;
    let body = answer["body_base64"].as_str().unwrap_or_default();
    let bytes = STANDARD.decode(body).context("the notice did not arrive whole")?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
