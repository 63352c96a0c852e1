//! Several servers on one database: what was acknowledged outlives the kill of any of them and of the database, a
//! withdrawal holds on all of them at once, and who does not fit is not let in. Only where the tests run on a server.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, RwLock};
use std::time::Duration;

use serde_json::{Value, json};
use testkit::http::ask;
use testkit::site::{Site, text};
use testkit::{Platform, family, softhsm};

const LABEL: &str = "senim";
/// Kills in `make test`: a node, the other node, the database, in turn.
const KILLS: usize = 9;
/// Clients at once.
const CLIENTS: usize = 4;
/// Acknowledgements between two kills.
const BETWEEN: usize = 8;
/// How long a client insists on an answer.
const INSISTS: Duration = Duration::from_mins(1);

fn variables(first: &Path) -> Vec<(String, String)> {
    let database = family::variables(first).into_iter().map(|(name, value)| (name.to_owned(), value));
    std::iter::once(("SENIM_KEYSTORE".to_owned(), softhsm::address())).chain(database).collect()
}

/// Two addresses that change while servers come and go, and the keys of their programs.
struct Nodes {
    addresses: [RwLock<String>; 2],
    service: String,
    dpo: String,
}

impl Nodes {
    /// One POST to one node; `None` when nobody answers.
    fn post(
        &self,
        node: usize,
        key: &str,
        path: &str,
        body: &Value,
        once: Option<&str>,
    ) -> Option<(u16, Value)> {
        let address = self.addresses[node % 2].read().unwrap().clone();
        let bearer = format!("Bearer {key}");
        let mut headers = vec![("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        headers.extend(once.map(|key| ("Idempotency-Key", key)));
        let answer =
            ask(&address, "POST", path, &headers, &body.to_string()).ok().filter(|one| one.status > 0)?;
        Some((answer.status, serde_json::from_str(&answer.body).ok()?))
    }

    /// Asks one node and the other until one of them says what became of it.
    fn insist(&self, node: usize, path: &str, body: &Value, once: &str) -> Value {
        let begun = std::time::Instant::now();
        for turn in node.. {
            match self.post(turn, &self.service, path, body, Some(once)) {
                Some((201, answer)) => return answer,
                None | Some((429 | 500..=599, _)) => std::thread::sleep(Duration::from_millis(20)),
                Some((status, answer)) => panic!("{status} {answer}"),
            }
            assert!(begun.elapsed() < INSISTS, "no node says what became of a form");
        }
        unreachable!("a node is asked for ever")
    }

    /// What a node decides about this person and the purpose that was withdrawn; `None` when it cannot be asked.
    fn decides(&self, node: usize, subject: &str) -> Option<String> {
        let body = json!({ "subject_id": subject, "purpose": "p8-4", "categories": ["email"] });
        match self.post(node, &self.service, "/api/v1/decisions", &body, None) {
            Some((200, answer)) => Some(text(&answer, "decision")),
            _ => None,
        }
    }
}

/// Somebody who was told that a form was taken in.
struct Told {
    email: String,
    subject: String,
    /// Asked for; whether it stands is unknown until it is acknowledged.
    withdrawing: bool,
    withdrawn: bool,
    receipt: Value,
}

fn client(nodes: &Nodes, number: usize) -> Told {
    let email = format!("person{number}@example.kz");
    let body = json!({
        "values": { "given_name": "Айгүл", "phone": format!("+7701{number:07}"), "email": email },
        "consent": { "notice_version": "2026-11", "purposes": ["p8-2", "p8-4"], "adult": true, "language": "ru" },
    });
    let path = "/api/v1/forms/consultation/submissions";
    let answer = nodes.insist(number, path, &body, &format!("form-{number}"));
    let mut told = Told {
        email,
        subject: text(&answer, "subject_id"),
        withdrawing: number.is_multiple_of(2),
        withdrawn: false,
        receipt: answer["receipt"].clone(),
    };
    if told.withdrawing {
        let path = format!("/api/v1/consents/{}/withdraw", text(&answer, "consent_id"));
        let asked = nodes.post(number / 2, &nodes.dpo, &path, &json!({ "purposes": ["p8-4"] }), None);
        told.withdrawn = asked.is_some_and(|(status, _)| status == 200);
    }
    if told.withdrawn {
        // From here on no node may permit, whichever took the withdrawal.
        for node in 0..2 {
            let decided = nodes.decides(node, &told.subject);
            assert!(decided.is_none_or(|decision| decision == "refuse"), "a stale permit on node {node}");
        }
    }
    told
}

#[test]
fn reliability_nothing_acknowledged_is_lost_when_a_node_or_the_database_is_killed() {
    const NAME: &str =
        "nodes::reliability_nothing_acknowledged_is_lost_when_a_node_or_the_database_is_killed";
    if !family::is_server() || !softhsm::alone(NAME, LABEL) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let data = [folder.path().join("one"), folder.path().join("two")];
    let shared = variables(&data[0]);
    let first = Site::under(&data[0], &[], &shared);
    let second = Site::under(&data[1], &[], &shared);
    let nodes = Nodes {
        addresses: [&first, &second].map(|site| RwLock::new(site.server.address.clone())),
        service: first.service.clone(),
        dpo: first.dpo.clone(),
    };
    let (next, acknowledged, over) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let all = Mutex::new(Vec::new());
    let mut servers = [Some(first.server), Some(second.server)];
    let start = |node: usize| {
        let given: Vec<_> = shared.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let server = testkit::process::Server::start(&data[node], &[], &given);
        server.address.clone_into(&mut nodes.addresses[node].write().unwrap());
        Some(server)
    };
    let kills = std::env::var("SENIM_TORTURE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| {
                    while !over.load(Ordering::SeqCst) {
                        let told = client(&nodes, next.fetch_add(1, Ordering::SeqCst));
                        all.lock().unwrap().push(told);
                        acknowledged.fetch_add(1, Ordering::SeqCst);
                    }
                })
            })
            .collect();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for kill in 0..kills {
                let before = acknowledged.load(Ordering::SeqCst);
                while acknowledged.load(Ordering::SeqCst) < before + BETWEEN {
                    assert!(clients.iter().any(|client| !client.is_finished()), "all clients gave up");
                    std::thread::sleep(Duration::from_millis(1));
                }
                match kill % 3 {
                    2 => family::cut_power(),
                    node => {
                        drop(servers[node].take());
                        servers[node] = start(node);
                    }
                }
            }
        }));
        over.store(true, Ordering::SeqCst);
        for client in clients {
            client.join().expect("no client saw a wrong answer");
        }
        outcome.unwrap();
    });
    let all = all.into_inner().unwrap();
    assert!(all.len() >= kills * BETWEEN, "too little was acknowledged to prove anything: {}", all.len());
    for told in &all {
        for node in 0..2 {
            let body = json!({ "email": told.email });
            let (status, found) =
                nodes.post(node, &nodes.service, "/api/v1/subjects/lookup", &body, None).expect("it answers");
            assert_eq!(status, 200, "{found}");
            let items = found["items"].as_array().unwrap();
            assert_eq!(items.len(), 1, "a form was taken in twice, or is lost: {found}");
            assert_eq!(items[0]["subject_id"], told.subject.as_str());
            let wanted = if told.withdrawn { "refuse" } else { "permit" };
            let decided = nodes.decides(node, &told.subject).expect("it answers");
            let is_unknown = told.withdrawing && !told.withdrawn;
            assert!(decided == wanted || is_unknown, "{decided} instead of {wanted}");
        }
        if let Some(receipt) = told.receipt.as_str() {
            let verified =
                tlog::Document::parse_strict(receipt.as_bytes()).map(|document| document.verify(None));
            assert!(matches!(verified, Ok(Ok(_))), "a receipt that was handed out does not verify");
        }
    }
    let arguments = ["doctor", "--data", data[0].to_str().unwrap()];
    let (_, said) = testkit::site::senim_with(&shared, &arguments, "");
    assert!(said.contains("recomputed from its entries: whole"), "{said}");
    assert!(said.contains("no row of an erased person, every sealed value has its key"), "{said}");
}

#[test]
fn reliability_a_node_with_another_policy_is_refused_until_the_others_are_gone() {
    const NAME: &str = "nodes::reliability_a_node_with_another_policy_is_refused_until_the_others_are_gone";
    if !family::is_server() || !softhsm::alone(NAME, LABEL) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let first = Site::under(&folder.path().join("one"), &[], &variables(&folder.path().join("one")));
    // The same policy with one more word in a comment: another version.
    let policy = folder.path().join("policy");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let copied = std::process::Command::new("cp").arg("-r").arg(&shipped).arg(&policy).status().unwrap();
    assert!(copied.success());
    let roles = std::fs::read_to_string(policy.join("roles.toml")).unwrap();
    std::fs::write(policy.join("roles.toml"), format!("{roles}\n# another one\n")).unwrap();
    let second = folder.path().join("two");
    let arguments = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--policy",
        policy.to_str().unwrap(),
        "--data",
        second.to_str().unwrap(),
    ];
    let shared = variables(&folder.path().join("one"));
    let (code, said) = testkit::site::senim_with(&shared, &arguments, "");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("another node of this database goes by policy"), "{said}");
    // A command would decide by it too.
    let backup = ["backup", "--policy", policy.to_str().unwrap(), "--data", second.to_str().unwrap()];
    let (code, said) = testkit::site::senim_with(&shared, &backup, "");
    assert!(code == 1 && said.contains("another policy") || said.contains("goes by policy"), "{said}");
    // Stopped in peace, it says that it went: the new policy may come at once.
    first.server.stop();
    let given: Vec<_> = shared.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let server = testkit::process::Server::start(&second, &["--policy", policy.to_str().unwrap()], &given);
    assert_eq!(ask(&server.address, "GET", "/health/ready", &[], "").unwrap().status, 200);
}

#[test]
fn reliability_a_node_whose_clock_is_apart_is_refused() {
    // The platform's clock stands still on a day of its own.
    let platform = Platform::new().unwrap();
    let within = |seconds: u64| {
        app::node::join(&platform.app, Some("one"), Duration::from_secs(seconds))
            .expect("the database answers")
    };
    if !family::is_server() {
        assert_eq!(within(2), None, "an embedded database has no clock of its own");
        return;
    }
    assert!(matches!(within(2), Some(app::node::Misfit::Clock { bound: 2_000, .. })));
    assert_eq!(within(1_000_000_000), None);
}
