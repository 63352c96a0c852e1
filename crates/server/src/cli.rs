//! The command line of `senim`: what can be asked, and with which code it ends.

mod data;
mod offline;
pub mod say;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};

use crate::config::Config;
use crate::control::ControlFault;
use crate::wiring::Opening;
use crate::{exit, logging, serve};

const CODES: &str =
    "Exit codes: 0 done; 1 not done, the output says why; 2 the command line cannot be understood.";
const CODES_DATA: &str = "Exit codes: 0 done; 1 not done, the output says why; 2 the command line cannot be \
understood; 75 a server holds the data folder and does not answer: try again.\n\nBeside a running server the \
command is carried out by that server, through DATA/control.sock.";

/// One server that makes a published personal-data policy true and provable.
#[derive(Debug, Parser)]
#[command(name = "senim", version, after_help = CODES)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
struct Common {
    /// Data folder [default: ./data]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Database: `sqlite` (in the data folder) or postgres://NAME@HOST:PORT/DATABASE; better in the configuration file,
    /// where no list of processes shows it
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// Keystore: pkcs11:token=LABEL?module-path=/…/module.so&pin-source=file:/…, or a folder of key files
    /// [default: `keystore` in the data folder]
    #[arg(long, global = true, value_name = "ADDRESS")]
    keystore: Option<String>,
    /// Configuration file in TOML; every key also as an environment variable `SENIM_…`
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Policy folder; the shipped policy unless given
    #[arg(long, global = true, value_name = "DIR")]
    policy: Option<PathBuf>,
    /// Take the time from FILE: makes, or continues, a rehearsal
    #[arg(long, global = true, value_name = "FILE")]
    rehearsal_clock: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve pages, API and console; makes the data folder at the first start
    #[command(
        after_help = "Exit codes: 0 stopped by SIGTERM or SIGINT; 1 cannot start, the output says why; 2 the \
command line cannot be understood; 70 stopped after a storage error: start again to recover.\n\nWith --json one \
line {address, setup_link?} when ready."
    )]
    Serve {
        /// Address of pages and API [default: 127.0.0.1:8080]
        #[arg(long, value_name = "ADDR")]
        listen: Option<std::net::SocketAddr>,
    },
    /// Check the policy folder, and a notice against it
    #[command(after_help = "Exit codes: 0 no errors; 1 errors; 2 a file cannot be read.")]
    Check {
        /// A notice in Markdown
        #[arg(long, value_name = "FILE")]
        notice: Option<PathBuf>,
    },
    /// The last day of a limit, by the calendar of the policy
    #[command(
        after_help = "Exit codes: 0 done; 1 the policy cannot be used; 2 the command line cannot be understood."
    )]
    Deadline(offline::Deadline),
    /// Notices: publish, list, compare
    #[command(subcommand)]
    Notice(Notice),
    /// Verify a receipt, a proof or an access package, offline
    #[command(
        after_help = "Exit codes: 0 valid; 1 invalid; 2 unreadable; of several files the worst.\n\nWithout --key the key comes from the \
file itself: then the file is only shown to be whole (trust: self-asserted). The log's key is published at \
/.well-known/senim-log-key."
    )]
    Verify {
        /// The log's public key, or a file that holds it
        #[arg(long, value_name = "VKEY")]
        key: Option<String>,
        /// The file, or several; `-` for standard input
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Every obligation with its controls, its tests, and how it stands now
    #[command(
        after_help = "Exit codes: 0 nothing is broken; 1 an obligation is broken; 75 a server holds the data \
folder and does not answer."
    )]
    Evidence {
        /// Language of the obligations: ru, kk, en
        #[arg(long, default_value = "ru")]
        language: model::Locale,
    },
    /// Erasures
    #[command(subcommand)]
    Erasure(Erasure),
    /// Make a pair of backups: data without keys, keys without data
    #[command(after_help = CODES_DATA)]
    Backup {
        /// Folder [default: backup.dir of the configuration]
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Make a new data folder from a pair of backups
    #[command(
        after_help = "Exit codes: 0 restored; 1 not restored, nothing is left in the folder; 2 the command line \
cannot be understood.\n\nThe keys must be at least as new as the data. Nobody erased since comes back; nothing \
withdrawn since is live."
    )]
    Restore {
        /// Folder of the backups
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
        /// Data backup [default: the newest in the folder]
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Folder of the key backup [default: `keys` in the folder]
        #[arg(long, value_name = "DIR")]
        keys: Option<PathBuf>,
        /// With a token: it serves the restored database from now on, and the one it was made from no longer
        #[arg(long)]
        take_over: bool,
    },
    /// Write what an auditor may have, without values: log, tiles, entries, notices
    #[command(after_help = CODES_DATA)]
    Export {
        /// An empty folder
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Key epochs
    #[command(subcommand)]
    Key(Key),
    /// Operators
    #[command(subcommand)]
    Operator(Operator),
    /// Keys of programs
    #[command(subcommand)]
    ApiKey(ApiKey),
    /// Rules about groups of records
    #[command(subcommand)]
    Rule(Rule),
    /// Letters
    #[command(subcommand)]
    Mail(Mail),
    /// Is this installation fit to keep what it promises, now?
    #[command(
        after_help = "Exit codes: 0 everything is in order; 1 something is not; 75 a server holds the data \
folder and does not answer."
    )]
    Doctor,
    /// The `OpenAPI` description of /api/v1
    #[command(after_help = CODES)]
    Openapi,
}

#[derive(Debug, Subcommand)]
enum Notice {
    /// Publish a notice, byte for byte
    #[command(after_help = CODES_DATA)]
    Publish {
        /// Its language: ru, kk, en
        #[arg(long)]
        lang: model::Locale,
        /// From which day it is in force
        #[arg(long, value_name = "DATE")]
        effective: jiff::civil::Date,
        /// Its version [default: the effective date]
        #[arg(long)]
        version: Option<String>,
        /// The notice in Markdown
        file: PathBuf,
    },
    /// All published notices
    #[command(after_help = CODES_DATA)]
    List,
    /// What changed between two notices, clause by clause
    #[command(
        after_help = "OLD and NEW are files, or published versions such as 2026-11@ru.\n\nExit codes: 0 the \
same; 1 different; 2 unreadable; 75 a server holds the data folder and does not answer."
    )]
    Diff {
        /// The older one
        old: String,
        /// The newer one
        new: String,
    },
}

#[derive(Debug, Subcommand)]
enum Erasure {
    /// Look for traces of erased people
    #[command(
        after_help = "Without --values: structure. No row, key or lookup of an erased person, and a living key \
for every sealed value.\nWith --values, one per line: every file of the data folder and of the backups, in twelve \
encodings. The values are never stored or logged; hits name their line.\n\nExit codes: 0 nothing found; 1 found; \
2 the search could not prove that it works, or cannot be understood; 75 a server holds the data folder and does \
not answer."
    )]
    Scan {
        /// File with values, one per line; `-` for standard input
        #[arg(long, value_name = "FILE")]
        values: Option<PathBuf>,
        /// Also search this file or folder, such as logs kept elsewhere
        #[arg(long, value_name = "PATH")]
        also: Vec<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
enum Key {
    /// End the key epoch now: copies of keys destroyed in it are dead from then on
    #[command(after_help = CODES_DATA)]
    Rotate,
    /// Where keys stand
    #[command(after_help = CODES_DATA)]
    Status,
    /// Move the keys of a folder that nobody serves from files into the token named by --keystore
    #[command(
        after_help = "Copies them into the token, ends the key epoch, so that the open epoch's key was made in the \
token, and destroys the files. Cut short, it is run again.\n\nExit codes: 0 done; 1 not done, the output says why; 2 the \
command line cannot be understood."
    )]
    Import {
        /// Folder of the key files [default: `keystore` in the data folder]
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
enum Operator {
    /// A one-time link with which an operator sets up an account
    #[command(after_help = CODES_DATA)]
    Add {
        /// A role of policy/roles.toml; again for more [default: every role of operators]
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
    },
    /// All operators, how they stand and in which roles
    #[command(after_help = CODES_DATA)]
    List,
    /// Close an operator's access for good; open sessions end at once
    #[command(after_help = CODES_DATA)]
    Revoke {
        /// Login or id
        operator: String,
    },
    /// Close an operator's access for a while; open sessions end at once
    #[command(after_help = CODES_DATA)]
    Suspend {
        /// Login or id
        operator: String,
    },
    /// Let a suspended operator in again
    #[command(after_help = CODES_DATA)]
    Resume {
        /// Login or id
        operator: String,
    },
}

#[derive(Debug, Subcommand)]
enum ApiKey {
    /// Add a key; it is shown once
    #[command(after_help = CODES_DATA)]
    Add {
        /// What it is for
        #[arg(long)]
        name: String,
        /// Its role
        #[arg(long)]
        role: String,
        /// Only for this purpose; again for more [default: every purpose of the role]
        #[arg(long = "purpose", value_name = "ID")]
        purposes: Vec<String>,
    },
    /// All keys, never the secret
    #[command(after_help = CODES_DATA)]
    List,
    /// Revoke a key at once
    #[command(after_help = CODES_DATA)]
    Revoke {
        /// Id, or a name that only one living key has
        key: String,
    },
}

#[derive(Debug, Subcommand)]
enum Rule {
    /// From now on, for all records under certain terms
    #[command(after_help = CODES_DATA)]
    Make {
        /// Which records, such as `purpose=p8-2,source=consultation`
        #[arg(long)]
        pattern: String,
        /// `destroy`, a term such as `storage_period=30d`, or one to take away, such as `recipient=`
        #[arg(long)]
        effect: String,
        /// Hold for records that come later too
        #[arg(long)]
        standing: bool,
        /// Why: a clause, the version of a notice, or a code of your own
        #[arg(long)]
        ground: String,
    },
    /// The newest rules
    #[command(after_help = CODES_DATA)]
    List,
    /// End a standing rule
    #[command(after_help = CODES_DATA)]
    End {
        /// Its id
        rule: String,
    },
}

#[derive(Debug, Subcommand)]
enum Mail {
    /// The letters that wait; reading them is logged
    #[command(after_help = CODES_DATA)]
    Outbox,
}

/// What a command needs to know of its surroundings.
struct Scene {
    config: Config,
    opening: Opening,
    json: bool,
}

/// Runs the command line of this process.
#[expect(clippy::disallowed_methods, reason = "arguments and variables are read here, once")]
pub fn main() -> ExitCode {
    ExitCode::from(run(std::env::args_os(), std::env::vars()))
}

/// Runs a command line; returns the exit code.
pub fn run(
    arguments: impl Iterator<Item = OsString>,
    variables: impl Iterator<Item = (String, String)>,
) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(fault) => {
            let asked = !fault.use_stderr();
            let text = fault.render().to_string();
            if asked {
                say::text(&text);
            } else {
                say::error_text(&text);
            }
            return if asked { exit::FINE } else { exit::UNREADABLE };
        }
    };
    let json = cli.common.json;
    match prepare(&cli, variables).and_then(|scene| dispatch(cli.command, &scene)) {
        Ok(code) => code,
        Err(fault) => {
            let code = match fault.downcast_ref() {
                Some(ControlFault::NoAnswer) => exit::TRY_AGAIN,
                _ if fault.is::<Unreadable>() => exit::UNREADABLE,
                _ => exit::FAILED,
            };
            if json {
                say::line(&serde_json::json!({ "error": format!("{fault:#}") }).to_string());
            }
            say::error(&format!("senim: {fault:#}"));
            code
        }
    }
}

/// An input that cannot be understood: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unreadable(String);

fn prepare(cli: &Cli, variables: impl Iterator<Item = (String, String)>) -> anyhow::Result<Scene> {
    let common = &cli.common;
    let (mut config, unknown) = Config::read(common.config.as_deref(), variables)?;
    match common.database.as_deref() {
        None => {}
        Some("sqlite") => config.database = None,
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            url.clone_into(&mut config.database.get_or_insert_default().url);
        }
        // Not repeated: it may hold a password.
        Some(_) => anyhow::bail!("--database is `sqlite` or begins with postgres://"),
    }
    match common.keystore.as_deref() {
        None => {}
        Some(text) if text.starts_with("pkcs11:") => {
            config.keystore.url = Some(text.parse().context("--keystore")?);
        }
        Some(folder) => {
            config.keystore.url = None;
            config.keystore.dir = Some(folder.into());
        }
    }
    if let Some(data) = &common.data {
        config.data.clone_from(data);
    }
    if let Some(policy) = &common.policy {
        config.policy = Some(policy.clone());
    }
    if let Command::Serve { listen: Some(listen) } = &cli.command {
        config.listen = *listen;
    }
    logging::start(&config.log_level)?;
    for name in unknown {
        tracing::warn!(code = "variable-unknown", name, "no key of the configuration has this name");
    }
    let serves = matches!(cli.command, Command::Serve { .. });
    let opening =
        Opening { create: serves, rehearsal_clock: common.rehearsal_clock.clone(), command: !serves };
    Ok(Scene { config, opening, json: common.json })
}

fn dispatch(command: Command, scene: &Scene) -> anyhow::Result<u8> {
    match command {
        Command::Serve { .. } => serve::run(&scene.config, &scene.opening, scene.json),
        Command::Check { notice } => offline::check(scene, notice.as_deref()),
        Command::Deadline(asked) => offline::deadline(scene, &asked),
        Command::Notice(Notice::Publish { lang, effective, version, file }) => {
            data::notice_publish(scene, lang, effective, version.as_deref(), &file)
        }
        Command::Notice(Notice::List) => data::notice_list(scene),
        Command::Notice(Notice::Diff { old, new }) => offline::notice_diff(scene, &old, &new),
        Command::Verify { key, files } => offline::verify(scene, key.as_deref(), &files),
        Command::Evidence { language } => data::evidence(scene, language),
        Command::Erasure(Erasure::Scan { values: None, .. }) => data::scan_structure(scene),
        Command::Erasure(Erasure::Scan { values: Some(values), also }) => {
            data::scan_values(scene, &values, &also)
        }
        Command::Backup { to } => data::backup(scene, to.as_deref()),
        Command::Restore { from, file, keys, take_over } => {
            data::restore(scene, &from, file, keys, take_over)
        }
        Command::Export { to } => data::export(scene, &to),
        Command::Key(Key::Rotate) => data::key_rotate(scene),
        Command::Key(Key::Status) => data::key_status(scene),
        Command::Key(Key::Import { from }) => data::key_import(scene, from.as_deref()),
        Command::Operator(Operator::Add { roles }) => data::operator_add(scene, &roles),
        Command::ApiKey(ApiKey::Add { name, role, purposes }) => {
            data::api_key_add(scene, &name, &role, &purposes)
        }
        Command::Operator(Operator::List) => data::operator_list(scene),
        Command::Operator(Operator::Revoke { operator }) => {
            data::operator_standing(scene, &operator, "revoked")
        }
        Command::Operator(Operator::Suspend { operator }) => {
            data::operator_standing(scene, &operator, "suspended")
        }
        Command::Operator(Operator::Resume { operator }) => {
            data::operator_standing(scene, &operator, "active")
        }
        Command::ApiKey(ApiKey::List) => data::api_key_list(scene),
        Command::ApiKey(ApiKey::Revoke { key }) => data::api_key_revoke(scene, &key),
        Command::Rule(Rule::Make { pattern, effect, standing, ground }) => {
            data::rule_make(scene, &pattern, &effect, standing, &ground)
        }
        Command::Rule(Rule::List) => data::rule_list(scene),
        Command::Rule(Rule::End { rule }) => data::rule_end(scene, &rule),
        Command::Mail(Mail::Outbox) => data::mail_outbox(scene),
        Command::Doctor => data::doctor(scene),
        Command::Openapi => {
            say::line(&web::openapi_json());
            Ok(exit::FINE)
        }
    }
}

#[cfg(test)]
mod tests;
