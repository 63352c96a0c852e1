//! The command line: what parses, what it answers without a data folder, and with which code it ends.

use clap::CommandFactory as _;

use super::*;
use crate::files;
use crate::files::scratch::Scratch;

fn senim(arguments: &[&str]) -> u8 {
    let all = std::iter::once("senim").chain(arguments.iter().copied()).map(OsString::from);
    run(all, std::iter::empty())
}

#[test]
fn the_command_line_is_consistent_and_every_command_tells_its_codes() {
    let command = Cli::command();
    command.clone().debug_assert();
    let mut waiting: Vec<_> = command.get_subcommands().cloned().collect();
    while let Some(command) = waiting.pop() {
        let inner: Vec<_> = command.get_subcommands().cloned().collect();
        let tells = command.get_after_help().is_some_and(|help| help.to_string().contains("Exit codes"));
        assert!(tells || !inner.is_empty(), "{} does not tell its exit codes", command.get_name());
        waiting.extend(inner);
    }
}

#[test]
fn a_deadline_needs_exactly_one_amount() {
    assert_eq!(senim(&["deadline", "--from", "2026-11-23", "--working-days", "15", "--json"]), exit::FINE);
    assert_eq!(senim(&["deadline", "--from", "2026-11-23", "--days", "30"]), exit::FINE);
    assert_eq!(senim(&["deadline", "--from", "2026-11-23", "--months", "6"]), exit::FINE);
    assert_eq!(senim(&["deadline", "--from", "2026-11-23"]), exit::UNREADABLE);
    assert_eq!(senim(&["deadline", "--from", "23.11.2026", "--days", "1"]), exit::UNREADABLE);
    assert_eq!(
        senim(&["deadline", "--from", "2026-11-23", "--days", "1", "--months", "1"]),
        exit::UNREADABLE
    );
}

#[test]
fn deadlines_follow_the_published_calendar() {
    let (policy, _) = crate::wiring::load_policy(None).unwrap();
    for (from, working_days, expected) in [
        ("2026-11-23", 15, "2026-12-14"),
        ("2026-12-14", 15, "2027-01-08"),
        ("2026-03-20", 1, "2026-03-26"),
        ("2026-04-30", 3, "2026-05-06"),
    ] {
        let due = policy.calendar().add_working_days(from.parse().unwrap(), working_days);
        assert_eq!(due.date.to_string(), expected, "{from} + {working_days}");
    }
}

#[test]
fn verify_tells_unreadable_from_invalid() {
    let scratch = Scratch::new();
    let file = scratch.path().join("receipt");
    files::write_new(&file, b"{}").unwrap();
    let name = file.display().to_string();
    assert_eq!(senim(&["verify", &name]), exit::UNREADABLE);
    assert_eq!(senim(&["verify", &scratch.path().join("none").display().to_string()]), exit::UNREADABLE);
    assert_eq!(senim(&["verify", "--key", "no key", &name]), exit::UNREADABLE);
}

#[test]
fn a_command_on_no_data_folder_says_so_and_makes_nothing() {
    let scratch = Scratch::new();
    let folder = scratch.path().join("none");
    let name = folder.display().to_string();
    assert_eq!(senim(&["key", "status", "--data", &name]), exit::FAILED);
    assert_eq!(senim(&["--database", "postgres://secret@host/db", "key", "status"]), exit::FAILED);
    assert!(!folder.exists());
}

#[test]
fn a_held_folder_without_a_socket_is_for_later() {
    let scratch = Scratch::new();
    let held = files::open_lock(&scratch.path().join(crate::data_folder::LOCK)).unwrap();
    held.lock().unwrap();
    let name = scratch.path().display().to_string();
    assert_eq!(senim(&["key", "status", "--data", &name]), exit::TRY_AGAIN);
    assert_eq!(senim(&["doctor", "--data", &name]), exit::TRY_AGAIN);
}
