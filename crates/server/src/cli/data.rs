//! Commands on a data folder: carried out here when it is free, else by the server that holds it.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::Locale;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{Scene, Unreadable, say};
use crate::control::ControlFault;
use crate::entropy::SystemEntropy;
use crate::restore::Sources;
use crate::{
    commands, control, data_folder, doctor as examination, exit, files, hardening, key_import as importing,
    restore as restoring, scan, wiring,
};

/// How long a command waits for a folder that is held by somebody who does not answer: a server that is just
/// starting or ending, or another command.
const HELD_FOR: Duration = Duration::from_secs(5);
/// How often it looks meanwhile.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Carries a command out on the open folder, or asks the server that holds it.
pub(super) fn ask(scene: &Scene, command: &str, body: &Value) -> anyhow::Result<Value> {
    let folder = &scene.config.data;
    let began = Instant::now();
    loop {
        let fault = if data_folder::is_held(folder)? {
            match control::ask(folder, command, body) {
                Err(ControlFault::NoAnswer) => ControlFault::NoAnswer,
                answer => return Ok(answer?),
            }
        } else {
            hardening::apply().context("core dumps cannot be turned off")?;
            match wiring::open(&scene.config, &scene.opening) {
                Ok(instance) => return Ok(commands::run(&instance, command, body.clone())?),
                // Somebody took it between the two looks.
                Err(fault) if wiring::is_locked(&fault) => ControlFault::NoAnswer,
                Err(fault) => return Err(fault),
            }
        };
        if began.elapsed() >= HELD_FOR {
            return Err(fault.into());
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// Says the answer as JSON, or by the words given.
fn answer(scene: &Scene, value: &Value, words: impl FnOnce()) {
    if scene.json { say::line(&value.to_string()) } else { words() }
}

pub(super) fn notice_publish(
    scene: &Scene,
    language: Locale,
    effective: jiff::civil::Date,
    version: Option<&str>,
    file: &Path,
) -> anyhow::Result<u8> {
    let body = files::read(file)
        .map_err(|fault| Unreadable(format!("{}: cannot be read: {fault}", file.display())))?;
    let asked = json!({
        "language": language,
        "effective_on": effective.to_string(),
        "version": version,
        "body_base64": STANDARD.encode(&body),
    });
    let done = ask(scene, "notice-publish", &asked)?;
    answer(scene, &done, || {
        for finding in items(&done, "findings") {
            say::line(&format!(
                "  {}: {} [{}]",
                text(finding, "severity"),
                text(finding, "message"),
                text(finding, "code")
            ));
        }
        say::line(&format!(
            "published {} in {}, in force from {}, sha256 {}",
            text(&done, "version"),
            text(&done, "language"),
            text(&done, "effective_on"),
            text(&done, "sha256")
        ));
    });
    Ok(exit::FINE)
}

pub(super) fn notice_list(scene: &Scene) -> anyhow::Result<u8> {
    let done = ask(scene, "notice-list", &Value::Null)?;
    answer(scene, &done, || {
        let head = ["version", "language", "effective_on", "source", "sha256"];
        let rows: Vec<Vec<String>> = items(&done, "items")
            .iter()
            .map(|item| head.iter().map(|key| text(item, key).to_owned()).collect())
            .collect();
        say::table(&head, &rows);
    });
    Ok(exit::FINE)
}

pub(super) fn evidence(scene: &Scene, language: Locale) -> anyhow::Result<u8> {
    let done = ask(scene, "evidence", &json!({ "language": language }))?;
    let broken = items(&done, "rows").iter().filter(|row| text(row, "standing") == "broken").count();
    answer(scene, &done, || {
        let list = |row: &Value, key: &str| {
            items(row, key).iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        };
        let rows: Vec<Vec<String>> = items(&done, "rows")
            .iter()
            .map(|row| {
                vec![
                    text(row, "id").to_owned(),
                    text(row, "standing").to_owned(),
                    list(row, "controls"),
                    list(row, "tests"),
                    text(row, "obligation").to_owned(),
                ]
            })
            .collect();
        say::table(&["clause", "standing", "controls", "tests", "obligation"], &rows);
        for row in items(&done, "rows") {
            for finding in items(row, "findings").iter().filter_map(Value::as_str) {
                say::line(&format!("{}: {finding}", text(row, "id")));
            }
        }
        say::line(&format!("{} rows, {broken} broken", rows.len()));
    });
    Ok(if broken == 0 { exit::FINE } else { exit::FAILED })
}

pub(super) fn scan_structure(scene: &Scene) -> anyhow::Result<u8> {
    let done = ask(scene, "scan-structure", &Value::Null)?;
    let findings = items(&done, "findings");
    answer(scene, &done, || {
        for finding in findings.iter().filter_map(Value::as_str) {
            say::line(finding);
        }
        say::line(&format!("{} findings", findings.len()));
    });
    Ok(if findings.is_empty() { exit::FINE } else { exit::FAILED })
}

pub(super) fn scan_values(scene: &Scene, values: &Path, also: &[PathBuf]) -> anyhow::Result<u8> {
    hardening::apply().context("core dumps cannot be turned off")?;
    let unreadable =
        |fault: &dyn std::fmt::Display| Unreadable(format!("{}: cannot be read: {fault}", values.display()));
    let mut list = Zeroizing::new(String::new());
    if values.as_os_str() == "-" {
        std::io::stdin().lock().read_to_string(&mut list).map_err(|fault| unreadable(&fault))?;
    } else {
        list = Zeroizing::new(files::read_text(values).map_err(|fault| unreadable(&fault))?);
    }
    let wanted = scan::values_of(&list);
    if wanted.is_empty() {
        return Err(Unreadable("no values were given, one per line".to_owned()).into());
    }
    let config = &scene.config;
    let mut places = vec![config.data.clone(), config.backup_dir(), config.backup_keys_dir()];
    places.extend(also.iter().cloned());
    let report = scan::scan(&places, &config.data, &wanted, &SystemEntropy)
        .map_err(|fault| Unreadable(format!("{fault:#}")))?;
    let done = json!({
        "values": wanted.len(),
        "files": report.files,
        "bytes": report.bytes,
        "encodings": scan::ENCODINGS.len(),
        "control_found": report.control_found,
        "hits": report.hits,
    });
    answer(scene, &done, || {
        for hit in &report.hits {
            say::line(&format!(
                "value {} as {} in {} near byte {}",
                hit.value,
                hit.encoding,
                hit.file.display(),
                hit.offset
            ));
        }
        say::line(&format!(
            "{} values in {} files, {} bytes: {} hits; control found in {} of {} encodings",
            wanted.len(),
            report.files,
            report.bytes,
            report.hits.len(),
            report.control_found,
            scan::ENCODINGS.len()
        ));
    });
    Ok(match (report.control_is_complete(), report.hits.is_empty()) {
        (false, _) => exit::UNREADABLE,
        (true, true) => exit::FINE,
        (true, false) => exit::FAILED,
    })
}

pub(super) fn backup(scene: &Scene, to: Option<&Path>) -> anyhow::Result<u8> {
    // Absolute, since a server may stand in another working folder.
    let dir = match to {
        Some(to) => Some(data_folder::absolute(to)?),
        None => None,
    };
    let done = ask(scene, "backup", &json!({ "dir": dir }))?;
    answer(scene, &done, || {
        say::line(&format!("data  {}", text(&done["data"], "file")));
        say::line(&format!("keys  {}", text(&done["keys"], "folder")));
        match done["keys"]["note"]["token"].as_str() {
            None => say::line("Keep the two apart: together they open everything."),
            Some(token) => say::line(&format!(
                "The keys themselves are in the token {token}: no backup holds them. Without it, or a copy made with \
                 its maker's means, nothing can be restored."
            )),
        }
    });
    Ok(exit::FINE)
}

pub(super) fn restore(
    scene: &Scene,
    from: &Path,
    file: Option<PathBuf>,
    keys: Option<PathBuf>,
    take_over: bool,
) -> anyhow::Result<u8> {
    hardening::apply().context("core dumps cannot be turned off")?;
    let sources = Sources::choose(from, file, keys, take_over)?;
    let outcome = restoring::restore(&scene.config, &sources, &scene.opening)?;
    answer(scene, &serde_json::to_value(&outcome)?, || {
        say::line(&format!(
            "restored from {}: {} people erased again, {} fences applied, {} people without data",
            outcome.data.display(),
            outcome.erased_again,
            outcome.fences_applied,
            outcome.lost
        ));
        for problem in &outcome.problems {
            say::line(&format!("  problem: {problem}"));
        }
    });
    Ok(if outcome.problems.is_empty() { exit::FINE } else { exit::FAILED })
}

pub(super) fn export(scene: &Scene, to: &Path) -> anyhow::Result<u8> {
    let done = ask(scene, "export", &json!({ "dir": data_folder::absolute(to)? }))?;
    answer(scene, &done, || {
        say::line(&format!(
            "exported {} log entries in {} tiles and {} notices to {}",
            done["log_size"],
            done["tiles"],
            done["notices"],
            text(&done, "dir")
        ));
    });
    Ok(exit::FINE)
}

pub(super) fn key_rotate(scene: &Scene) -> anyhow::Result<u8> {
    let done = ask(scene, "key-rotate", &Value::Null)?;
    answer(scene, &done, || {
        say::line(&format!(
            "epoch {}: {} buckets re-wrapped, {} renewed, keys destroyed of epochs {}",
            done["epoch"], done["rewrapped"], done["renewed"], done["destroyed"]
        ));
    });
    Ok(exit::FINE)
}

pub(super) fn key_status(scene: &Scene) -> anyhow::Result<u8> {
    let done = ask(scene, "key-status", &Value::Null)?;
    answer(scene, &done, || {
        say::line(&format!(
            "epoch {} since {}, ends {}; {} buckets; keystore holds epochs {}",
            done["epoch"],
            text(&done, "opened_at"),
            text(&done, "ends_at"),
            done["buckets"],
            done["keystore_epochs"]
        ));
    });
    Ok(exit::FINE)
}

pub(super) fn key_import(scene: &Scene, from: Option<&Path>) -> anyhow::Result<u8> {
    hardening::apply().context("core dumps cannot be turned off")?;
    let done = importing::run(&scene.config, &scene.opening, from)?;
    answer(scene, &serde_json::to_value(&done)?, || {
        say::line(&format!("keys are in {}; epoch {} was made there", done.token, done.epoch));
        say::line(&format!("destroyed: {}", done.destroyed.display()));
        say::line(
            "Name the token in the configuration from now on. Older copies of the files hold the roots still.",
        );
    });
    Ok(exit::FINE)
}

pub(super) fn operator_add(scene: &Scene, roles: &[String]) -> anyhow::Result<u8> {
    let done = ask(scene, "operator-add", &json!({ "roles": roles }))?;
    answer(scene, &done, || say::line(text(&done, "setup_link")));
    Ok(exit::FINE)
}

pub(super) fn api_key_add(scene: &Scene, name: &str, role: &str, purposes: &[String]) -> anyhow::Result<u8> {
    let done = ask(scene, "api-key-add", &json!({ "name": name, "role": role, "purposes": purposes }))?;
    answer(scene, &done, || say::line(text(&done, "key")));
    Ok(exit::FINE)
}

pub(super) fn operator_list(scene: &Scene) -> anyhow::Result<u8> {
    let done = ask(scene, "operator-list", &Value::Null)?;
    listed(scene, &done, &["login", "status", "roles", "created_at", "operator_id"]);
    Ok(exit::FINE)
}

pub(super) fn operator_standing(scene: &Scene, operator: &str, standing: &str) -> anyhow::Result<u8> {
    let done = ask(scene, "operator-standing", &json!({ "operator": operator, "standing": standing }))?;
    answer(scene, &done, || say::line(&format!("{}  {}", text(&done, "login"), text(&done, "status"))));
    Ok(exit::FINE)
}

pub(super) fn api_key_list(scene: &Scene) -> anyhow::Result<u8> {
    let done = ask(scene, "api-key-list", &Value::Null)?;
    listed(scene, &done, &["name", "status", "role", "purposes", "created_at", "id"]);
    Ok(exit::FINE)
}

pub(super) fn api_key_revoke(scene: &Scene, key: &str) -> anyhow::Result<u8> {
    let done = ask(scene, "api-key-revoke", &json!({ "key": key }))?;
    answer(scene, &done, || say::line(&format!("{}  {}", text(&done, "name"), text(&done, "status"))));
    Ok(exit::FINE)
}

pub(super) fn rule_make(
    scene: &Scene,
    pattern: &str,
    effect: &str,
    standing: bool,
    ground: &str,
) -> anyhow::Result<u8> {
    let asked = json!({ "pattern": pattern, "effect": effect, "standing": standing, "ground": ground });
    let done = ask(scene, "rule-make", &asked)?;
    answer(scene, &done, || {
        say::line(&format!("{}  {} groups of records changed", text(&done, "rule_id"), done["groups"]));
    });
    Ok(exit::FINE)
}

pub(super) fn rule_list(scene: &Scene) -> anyhow::Result<u8> {
    let done = ask(scene, "rule-list", &Value::Null)?;
    listed(scene, &done, &["made_at", "pattern_text", "effect", "standing", "ended_at", "ground", "rule_id"]);
    Ok(exit::FINE)
}

pub(super) fn rule_end(scene: &Scene, rule: &str) -> anyhow::Result<u8> {
    let done = ask(scene, "rule-end", &json!({ "rule": rule }))?;
    answer(scene, &done, || {
        say::line(&format!("{}  ended {}", text(&done, "rule_id"), text(&done, "ended_at")));
    });
    Ok(exit::FINE)
}

/// Says `items` as a table: texts as they are, lists with commas.
fn listed(scene: &Scene, done: &Value, head: &[&str]) {
    answer(scene, done, || {
        let cell = |value: &Value| match value {
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            Value::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
            other => other.as_str().unwrap_or_default().to_owned(),
        };
        let rows: Vec<Vec<String>> = items(done, "items")
            .iter()
            .map(|item| head.iter().map(|key| cell(&item[*key])).collect())
            .collect();
        say::table(head, &rows);
    });
}

pub(super) fn mail_outbox(scene: &Scene) -> anyhow::Result<u8> {
    let done = ask(scene, "mail-outbox", &Value::Null)?;
    answer(scene, &done, || {
        let letters = items(&done, "items");
        for letter in letters {
            say::line(&format!("{}  due {}", text(letter, "job_id"), text(letter, "due_at")));
            match letter["to"].as_str() {
                Some(to) => {
                    say::line(&format!(
                        "To: {to}\nSubject: {}\n\n{}",
                        text(letter, "subject"),
                        text(letter, "body")
                    ));
                }
                None => say::line("(cannot be opened now)"),
            }
            say::line("");
        }
        say::line(&format!("{} letters wait", letters.len()));
    });
    Ok(exit::FINE)
}

pub(super) fn doctor(scene: &Scene) -> anyhow::Result<u8> {
    let state = ask(scene, "state", &Value::Null);
    if let Err(fault) = &state
        && matches!(fault.downcast_ref(), Some(ControlFault::NoAnswer))
    {
        return Err(ControlFault::NoAnswer.into());
    }
    let config =
        crate::config::Config { data: data_folder::absolute(&scene.config.data)?, ..scene.config.clone() };
    let checks = examination::examine(&config, &state);
    let fine = examination::is_fine(&checks);
    answer(scene, &json!({ "fine": fine, "checks": checks }), || {
        for check in &checks {
            say::line(&format!(
                "{}  {:<22} {}",
                if check.fine { "fine" } else { "RED " },
                check.code,
                check.message
            ));
        }
    });
    Ok(if fine { exit::FINE } else { exit::FAILED })
}
