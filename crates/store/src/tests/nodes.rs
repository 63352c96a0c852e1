//! Several nodes on one server: one log, one fence, nothing lost when a node or the server itself is killed. On the
//! embedded database there is one process, and nothing of this to ask.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use model::Witness as _;

use super::{
    Folder, at, fsck, id, job, line, log_size, open_epoch, options, server, signer, subject, submit,
};
use crate::tables::{jobs, meta, subjects};
use crate::{Fault, Options, Store};

/// Two nodes with folders of their own on one schema; `None` without a server.
fn nodes(folder: &Folder) -> Option<[Arc<Store>; 2]> {
    let server = server(folder.path())?;
    Some(["a", "b"].map(|name| {
        let path = folder.path().join(name);
        Arc::new(Store::open(options(&path, Some(server.clone()))).unwrap())
    }))
}

#[test]
fn two_nodes_make_one_log_and_every_answer_carries_its_proof() {
    let folder = Folder::new();
    let Some(nodes) = nodes(&folder) else { return };
    open_epoch(&nodes[0]);
    let next = AtomicU64::new(1);
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let (store, next) = (&nodes[worker % 2], &next);
            scope.spawn(move || {
                for _ in 0..25 {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    store.write(move |tx| submit(tx, number)).unwrap();
                    let proof = store.inclusion(line(number * 10, None).entry.id, None).unwrap();
                    assert!(proof.is_some(), "an answer without its proof");
                }
            });
        }
    });
    for store in &nodes {
        assert_eq!(log_size(store), 400);
        assert_eq!(fsck(store), Vec::<String>::new());
        assert_eq!(store.read(subjects::count).unwrap(), 200);
    }
}

#[test]
fn clause_6_1_a_withdrawal_on_one_node_stops_what_the_other_would_send() {
    const PEOPLE: u64 = 60;
    let folder = Folder::new();
    let Some([here, there]) = nodes(&folder) else { return };
    open_epoch(&here);
    for number in 1..=PEOPLE {
        here.write(move |tx| submit(tx, number)).unwrap();
    }
    let acknowledged: Vec<AtomicBool> = (0..=PEOPLE).map(|_| AtomicBool::new(false)).collect();
    let (is_over, mut claimed) = (AtomicBool::new(false), 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 1..=PEOPLE {
                here.write(move |tx| {
                    let mut facts =
                        subjects::facts(tx, subject(number))?.ok_or(Fault::Missing("subjects"))?;
                    facts.epoch += 1;
                    subjects::set_facts(tx, &facts)
                })
                .unwrap();
                acknowledged[usize::try_from(number).unwrap()].store(true, Ordering::SeqCst);
            }
            is_over.store(true, Ordering::SeqCst);
        });
        loop {
            let is_last = is_over.load(Ordering::SeqCst);
            let before: Vec<bool> = acknowledged.iter().map(|one| one.load(Ordering::SeqCst)).collect();
            for job in there.write(|tx| jobs::claim(tx, "mail", at(2), 2)).unwrap() {
                let number = (1..=PEOPLE).find(|&number| job.subject == Some(subject(number))).unwrap();
                assert!(!before[usize::try_from(number).unwrap()], "a stale permit for {number}");
                claimed += 1;
            }
            if is_last {
                break;
            }
        }
    });
    let rest = there.write(|tx| jobs::claim(tx, "mail", at(2), 100)).unwrap();
    assert_eq!(rest, [], "everyone has withdrawn; {claimed} were sent before");
}

#[test]
fn a_node_that_goes_takes_nothing_with_it() {
    let folder = Folder::new();
    let Some([here, there]) = nodes(&folder) else { return };
    open_epoch(&here);
    for number in 1..=20 {
        here.write(move |tx| submit(tx, number)).unwrap();
    }
    // Whether or not its sequencer came to them: the other one does.
    drop(here);
    there.write(|tx| tx.append(line(9_000, None))).unwrap();
    assert_eq!(log_size(&there), 41);
    assert_eq!(fsck(&there), Vec::<String>::new());
}

#[test]
fn a_node_starts_while_another_is_writing_the_log() {
    let folder = Folder::new();
    let Some(server) = server(folder.path()) else { return };
    let first = Store::open(options(&folder.path().join("a"), Some(server.clone()))).unwrap();
    open_epoch(&first);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for number in 1.. {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                first.write(move |tx| tx.append(line(number, None))).unwrap();
            }
        });
        for start in 0..40 {
            let path = folder.path().join(format!("b{start}"));
            let opened = Store::open(options(&path, Some(server.clone())));
            if let Err(fault) = &opened {
                is_over.store(true, Ordering::SeqCst);
                panic!("start {start}: {fault}");
            }
        }
        is_over.store(true, Ordering::SeqCst);
        writing.join().unwrap();
    });
    assert_eq!(fsck(&first), Vec::<String>::new());
}

#[test]
fn a_node_with_another_key_of_the_log_is_refused() {
    let folder = Folder::new();
    let Some(server) = server(folder.path()) else { return };
    drop(Store::open(options(&folder.path().join("a"), Some(server.clone()))).unwrap());
    let other = Options { log: signer(8), ..options(&folder.path().join("b"), Some(server)) };
    assert!(matches!(Store::open(other).err(), Some(Fault::OtherKeys)));
}

#[test]
fn a_server_that_cannot_be_used_is_refused_with_advice() {
    let folder = Folder::new();
    let Some(server) = server(folder.path()) else { return };
    let refused = |url: String| {
        let server = crate::Server { url, statement_timeout: Duration::from_secs(2), ..server.clone() };
        Store::open(options(&folder.path().join("x"), Some(server))).err().unwrap().to_string()
    };
    let bare = server.url.split('?').next().unwrap();
    assert!(refused("postgres:/nowhere".into()).contains("form postgres://"));
    assert!(refused("postgres://senim@127.0.0.1:1/senim".into()).contains("no primary answers"));
    let nobody = format!("{}/nobody", bare.rsplit_once('/').unwrap().0);
    assert!(refused(nobody).contains("no database of this name"));
}

/// The server is killed under load, again and again: whatever was acknowledged is there, and nothing twice.
#[test]
fn what_was_acknowledged_outlives_a_kill_of_the_server() {
    const KILLS: usize = 5;
    let folder = Folder::new();
    let Some(nodes) = nodes(&folder) else { return };
    open_epoch(&nodes[0]);
    let (next, is_over) = (AtomicU64::new(1), AtomicBool::new(false));
    let told = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..6)
            .map(|worker| {
                let (store, next, is_over) = (&nodes[worker % 2], &next, &is_over);
                scope.spawn(move || {
                    let mut told = BTreeSet::new();
                    while !is_over.load(Ordering::SeqCst) {
                        let number = next.fetch_add(1, Ordering::SeqCst);
                        let unit = move |tx: &mut crate::Tx<'_>| {
                            submit(tx, number)?;
                            meta::put(tx, &format!("told-{number}"), b"1")
                        };
                        match store.write(unit) {
                            Ok(()) => assert!(told.insert(number)),
                            Err(Fault::Lost | Fault::Busy | Fault::Unknown | Fault::Database(_)) => {}
                            Err(other) => panic!("{other}"),
                        }
                    }
                    told
                })
            })
            .collect();
        for _ in 0..KILLS {
            std::thread::sleep(Duration::from_millis(400));
            kill();
        }
        std::thread::sleep(Duration::from_millis(300));
        is_over.store(true, Ordering::SeqCst);
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect::<BTreeSet<u64>>()
    });
    assert!(told.len() > KILLS, "nothing went on between the kills");
    let store = &nodes[0];
    for number in &told {
        let stands = store.read(|tx| subjects::facts(tx, subject(*number))).unwrap();
        assert!(stands.is_some(), "{number} was acknowledged and is lost");
        let entry = line(number * 10, None).entry.id;
        assert!(store.inclusion(entry, None).unwrap().is_some(), "{number} has no place in the log");
    }
    let people = store.read(subjects::count).unwrap();
    assert_eq!(log_size(store), people * 2, "a unit is there whole or not at all, and once");
    assert_eq!(fsck(store), Vec::<String>::new());
    assert_eq!(job(1, None, None).job.as_bytes(), &id(1));
}

/// Kills the server as a power cut would, and starts it again.
#[expect(clippy::disallowed_methods, reason = "the test's own environment says where the server is")]
fn kill() {
    let of = |name: &str| std::env::var(name).unwrap();
    let data = format!("{}/data", of("SENIM_TEST_POSTGRES_FOLDER"));
    let log = format!("{}/log", of("SENIM_TEST_POSTGRES_FOLDER"));
    let control = format!("{}/pg_ctl", of("SENIM_TEST_POSTGRES_BIN"));
    let account = of("SENIM_TEST_POSTGRES_ACCOUNT");
    let mut command = if account == "postgres" {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", &control]);
        command
    } else {
        Command::new(&control)
    };
    let done =
        command.args(["-D", &data, "-l", &log, "-m", "immediate", "-w", "restart"]).current_dir("/").output();
    assert!(done.unwrap().status.success(), "the server starts again");
}
