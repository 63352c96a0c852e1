//! Acknowledged means durable: the server is killed with -9 under load, started again, and compared with what
//! its clients were told.
//!
//! `make test` kills 200 times, `make torture` 10,000 (`SENIM_TORTURE_KILLS`).

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use testkit::http::ask;
use testkit::process::{Server, command};

/// Kills in `make test`.
const KILLS: usize = 200;
/// Clients at once.
const CLIENTS: usize = 4;
/// Acknowledgements between two kills, at most; the real number is drawn from a fixed series.
const BETWEEN_MAX: usize = 12;

/// What a client was told.
#[derive(Clone)]
struct Told {
    subject: String,
    consent: String,
    receipt: String,
    withdrawn: bool,
    /// Asked for; whether it happened is unknown until it is acknowledged.
    erasing: bool,
    erased: bool,
}

struct Keys {
    intake: String,
    dpo: String,
}

fn api_key(data: &std::path::Path, role: &str) -> String {
    let output = command(data)
        .args(["api-key", "add", "--json", "--name", role, "--role", role, "--data"])
        .arg(data)
        .output()
        .expect("the program runs");
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one line of JSON");
    answer["key"].as_str().expect("a key").to_owned()
}

/// One POST; `None` when the server died under it.
fn post(
    address: &str,
    key: &str,
    path: &str,
    body: &Value,
    idempotency: Option<&str>,
) -> Option<(u16, Value)> {
    let bearer = format!("Bearer {key}");
    let mut headers = vec![("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    if let Some(key) = idempotency {
        headers.push(("Idempotency-Key", key));
    }
    let answer = ask(address, "POST", path, &headers, &body.to_string()).ok().filter(|one| one.status > 0)?;
    Some((answer.status, serde_json::from_str(&answer.body).ok()?))
}

fn submission(number: usize) -> Value {
    json!({
        "values": {
            "given_name": "Айгүл",
            "phone": format!("+7701{:07}", number % 10_000_000),
            "email": format!("person{number}@example.kz"),
        },
        "consent": { "notice_version": "2026-11", "purposes": ["p8-2", "p8-4"], "adult": true, "language": "ru" },
    })
}

/// Submits, and now and then withdraws or erases, until the server dies or enough was acknowledged.
fn work(
    address: &str,
    keys: &Keys,
    told: &Mutex<Vec<Told>>,
    next: &AtomicUsize,
    acknowledged: &AtomicUsize,
    stop: &AtomicBool,
) {
    while !stop.load(Ordering::SeqCst) {
        let number = next.fetch_add(1, Ordering::SeqCst);
        let key = format!("crash-{number}");
        let path = "/api/v1/forms/consultation/submissions";
        let Some((status, answer)) = post(address, &keys.intake, path, &submission(number), Some(&key))
        else {
            return;
        };
        if status == 429 || status == 503 {
            std::thread::sleep(Duration::from_millis(20));
            continue;
        }
        assert_eq!(status, 201, "{answer}");
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        let mut one = Told {
            subject: text("subject_id"),
            consent: text("consent_id"),
            receipt: text("receipt"),
            withdrawn: false,
            erasing: false,
            erased: false,
        };
        told.lock().unwrap().push(one.clone());
        acknowledged.fetch_add(1, Ordering::SeqCst);
        if number.is_multiple_of(3) && !one.subject.is_empty() {
            let path = format!("/api/v1/consents/{}/withdraw", one.consent);
            let Some((status, answer)) =
                post(address, &keys.dpo, &path, &json!({ "purposes": ["p8-4"] }), None)
            else {
                return;
            };
            assert_eq!(status, 200, "{answer}");
            one.withdrawn = true;
            replace(told, &one);
            acknowledged.fetch_add(1, Ordering::SeqCst);
        }
        if number.is_multiple_of(5) && !one.subject.is_empty() {
            one.erasing = true;
            replace(told, &one);
            let body = json!({ "kind": "erasure", "subject_id": one.subject, "channel": "test" });
            let Some((status, answer)) = post(address, &keys.dpo, "/api/v1/requests", &body, None) else {
                return;
            };
            assert_eq!(status, 201, "{answer}");
            let request = answer["request_id"].as_str().unwrap_or_default().to_owned();
            for step in ["verify", "complete"] {
                let path = format!("/api/v1/requests/{request}/{step}");
                let Some((status, answer)) = post(address, &keys.dpo, &path, &json!({}), None) else {
                    return;
                };
                assert_eq!(status, 200, "{answer}");
            }
            one.erased = true;
            replace(told, &one);
            acknowledged.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn replace(told: &Mutex<Vec<Told>>, one: &Told) {
    let mut all = told.lock().unwrap();
    if let Some(held) = all.iter_mut().find(|held| held.consent == one.consent) {
        *held = one.clone();
    }
}

/// What the server says now must be what the clients were told.
fn compare(address: &str, keys: &Keys, told: &[Told]) {
    for one in told {
        let bearer = format!("Bearer {}", keys.dpo);
        let headers = [("Authorization", bearer.as_str())];
        let path = format!("/api/v1/consents?subject_id={}", one.subject);
        let answer = ask(address, "GET", &path, &headers, "").expect("the server answers");
        if one.erased {
            assert_eq!(answer.status, 410, "an erased person came back: {}", answer.body);
            continue;
        }
        if one.erasing && answer.status == 410 {
            // Durable, but the kill came before the answer: the client may find either.
            continue;
        }
        assert_eq!(answer.status, 200, "an acknowledged submission is lost: {}", answer.body);
        let body: Value = serde_json::from_str(&answer.body).expect("JSON");
        let status = |purpose: &str| {
            body["items"][0]["purposes"]
                .as_array()
                .into_iter()
                .flatten()
                .find(|one| one["purpose"] == purpose)
                .map(|one| one["status"].as_str().unwrap_or_default().to_owned())
        };
        assert_eq!(status("p8-2").as_deref(), Some("given"), "half-applied: {}", answer.body);
        if one.withdrawn {
            assert_eq!(status("p8-4").as_deref(), Some("withdrawn"), "a withdrawal is lost");
        }
        let verified =
            tlog::Document::parse_strict(one.receipt.as_bytes()).map(|document| document.verify(None));
        assert!(matches!(verified, Ok(Ok(_))), "a receipt that was handed out does not verify");
    }
}

#[test]
fn reliability_nothing_acknowledged_is_lost_by_kills() {
    let kills = std::env::var("SENIM_TORTURE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = Server::start(&data, &[], &[]);
    let keys = Arc::new(Keys { intake: api_key(&data, "service"), dpo: api_key(&data, "dpo") });
    let told = Arc::new(Mutex::new(Vec::new()));
    let next = Arc::new(AtomicUsize::new(1));
    let mut compared = 0;
    for kill in 0..kills {
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let stop = Arc::new(AtomicBool::new(false));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (address, keys) = (server.address.clone(), Arc::clone(&keys));
                let (told, next) = (Arc::clone(&told), Arc::clone(&next));
                let (acknowledged, stop) = (Arc::clone(&acknowledged), Arc::clone(&stop));
                std::thread::spawn(move || work(&address, &keys, &told, &next, &acknowledged, &stop))
            })
            .collect();
        // A fixed series, so that a failing run can be told apart from luck.
        let wanted = 1 + (kill * 7 + kill / 3) % BETWEEN_MAX;
        while acknowledged.load(Ordering::SeqCst) < wanted {
            assert!(clients.iter().any(|client| !client.is_finished()), "all clients gave up");
            std::thread::sleep(Duration::from_millis(1));
        }
        server.kill();
        stop.store(true, Ordering::SeqCst);
        for client in clients {
            client.join().expect("no client saw a wrong answer");
        }
        // Opening holds the log against its signed checkpoint: a torn log would not start.
        server = Server::start(&data, &[], &[]);
        let all = told.lock().unwrap().clone();
        compare(&server.address, &keys, &all[compared..]);
        compared = all.len();
    }
    let all = told.lock().unwrap().clone();
    compare(&server.address, &keys, &all);
    assert!(all.len() >= kills, "too little was acknowledged to prove anything: {}", all.len());
    server.kill();
}
