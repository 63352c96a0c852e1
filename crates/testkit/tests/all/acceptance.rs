//! What must be seen to work on the real program: receipts that verify elsewhere, erasure to the last byte,
//! backups that bring back the living, a notice byte for byte, a rehearsal that says so.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use testkit::process::binary;
use testkit::site::{Site, senim, text};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[test]
fn clause_17_3_after_the_epoch_no_byte_of_the_erased_is_left_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::open(&folder.path().join("data"));
    let aigul = site.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz");
    let nurlan = site.submit("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz");
    let backups = folder.path().join("backups");
    let (code, said) = senim(&["backup", "--data", site.folder(), "--to", backups.to_str().unwrap()], "");
    assert_eq!(code, 0, "{said}");

    site.erase(&text(&aigul, "subject_id"));
    assert_eq!(site.read(&text(&aigul, "subject_id"), "p8-2").0, 410);
    let (code, said) = senim(&["key", "rotate", "--data", site.folder()], "");
    assert_eq!(code, 0, "{said}");

    // Every spelling of the values, in every file, the backups too.
    let values = "Айгүл\naigul@example.kz\n+77011234567\n+7 701 123 45 67\n";
    let also = backups.to_str().unwrap();
    let scan = ["erasure", "scan", "--values", "-", "--also", also, "--data", site.folder()];
    let (code, said) = senim(&scan, values);
    assert_eq!(code, 0, "{said}");
    let (code, said) = senim(&["erasure", "scan", "--data", site.folder()], "");
    assert_eq!(code, 0, "{said}");
    // A scan that cannot find anything proves nothing: plant a value and see it found.
    std::fs::write(folder.path().join("data/forgotten.log"), "call aigul@example.kz back").unwrap();
    assert_eq!(senim(&scan, values).0, 1);

    assert_eq!(site.read(&text(&nurlan, "subject_id"), "p8-2").0, 200);
}

#[test]
fn clause_6_2_receipts_verify_on_another_machine_and_not_after_a_changed_byte() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::open(&folder.path().join("data"));
    let receipt = text(&site.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz"), "receipt");
    let file = folder.path().join("receipt.json");
    let verify = |bytes: &[u8], key: Option<&str>| {
        std::fs::write(&file, bytes).unwrap();
        let mut arguments = vec!["verify", "--json", file.to_str().unwrap()];
        arguments.extend(key.iter().flat_map(|key| ["--key", key]));
        senim(&arguments, "")
    };
    let key = site.page("/.well-known/senim-log-key").body.trim().to_owned();
    let (code, said) = verify(receipt.as_bytes(), Some(&key));
    assert_eq!(code, 0, "{said}");
    let verdict: Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
    assert_eq!((verdict["valid"].as_bool(), verdict["kind"].as_str()), (Some(true), Some("consent")));
    assert_eq!(verdict["trust"], "given");
    let (code, said) = verify(receipt.as_bytes(), None);
    assert_eq!(code, 0);
    assert!(said.contains("self-asserted"), "{said}");
    // Another key does not vouch for it.
    let other = tlog::Ed25519Signer::from_seed("other.example", &[3; 32]).unwrap();
    assert_eq!(verify(receipt.as_bytes(), Some(&tlog::Signer::vkey(&other).to_string())).0, 1);
    for at in [0, 10, receipt.len() / 3, receipt.len() / 2, receipt.len() - 2] {
        let mut changed = receipt.clone().into_bytes();
        changed[at] ^= 1;
        assert_ne!(verify(&changed, Some(&key)).0, 0, "byte {at}");
    }
    assert_eq!(verify(b"no receipt at all", None).0, 2);
    // Several at once, as a shell gives what was downloaded: the worst decides.
    let good = folder.path().join("good.json");
    std::fs::write(&good, &receipt).unwrap();
    let (good, bad) = (good.to_str().unwrap(), file.to_str().unwrap());
    assert_eq!(senim(&["verify", good, good], "").0, 0);
    let (code, said) = senim(&["verify", good, bad], "");
    assert!(code == 2 && said.contains(&format!("{good}: valid: consent")), "{said}");
}

#[test]
fn clause_17_2_a_three_day_old_backup_brings_back_the_living_and_the_withdrawal_holds() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::open(&folder.path().join("data"));
    let aigul = site.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz");
    let nurlan = site.submit("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz");
    let old = folder.path().join("old");
    assert_eq!(senim(&["backup", "--data", site.folder(), "--to", old.to_str().unwrap()], "").0, 0);
    site.erase(&text(&aigul, "subject_id"));
    let path = format!("/api/v1/consents/{}/withdraw", text(&nurlan, "consent_id"));
    let (status, answer) = site.call(&site.dpo, "POST", &path, &json!({ "purposes": ["p8-4"] }));
    assert_eq!(status, 200, "{answer}");
    assert!(!answer["receipt"].is_null());
    assert_eq!(senim(&["key", "rotate", "--data", site.folder()], "").0, 0);
    let new = folder.path().join("new");
    assert_eq!(senim(&["backup", "--data", site.folder(), "--to", new.to_str().unwrap()], "").0, 0);
    site.server.kill();

    // The data of then, the keys of now.
    let restored = folder.path().join("restored");
    let keys = new.join("keys");
    let (code, said) = senim(
        &[
            "restore",
            "--data",
            restored.to_str().unwrap(),
            "--from",
            old.to_str().unwrap(),
            "--keys",
            keys.to_str().unwrap(),
        ],
        "",
    );
    assert_eq!(code, 0, "{said}");
    let site = Site::open(&restored);
    assert_eq!(site.read(&text(&nurlan, "subject_id"), "p8-2").0, 200);
    assert_eq!(site.read(&text(&nurlan, "subject_id"), "p8-4").0, 403);
    assert_eq!(site.read(&text(&aigul, "subject_id"), "p8-2").0, 410);
    assert_eq!(senim(&["erasure", "scan", "--data", site.folder()], "").0, 0);
}

#[test]
fn clause_19_a_notice_published_in_russian_alone_is_shown_byte_for_byte_in_every_language() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::open(&folder.path().join("data"));
    let before = site.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz");
    let body = "# Политика\n\n1. Компания «Пример», БИН 991240000003, собирает данные.\r\n\n2. Второй пункт;  с двумя пробелами.\n";
    let file = folder.path().join("notice.md");
    std::fs::write(&file, body).unwrap();
    let (code, said) = senim(
        &[
            "notice",
            "publish",
            "--lang",
            "ru",
            "--effective",
            "2026-11-02",
            "--data",
            site.folder(),
            file.to_str().unwrap(),
        ],
        "",
    );
    assert_eq!(code, 0, "{said}");
    assert_eq!(site.page("/ru/policy/raw").body, body);
    let sha256 = hex(&Sha256::digest(body));
    for language in ["ru", "kk", "en"] {
        let page = site.page(&format!("/{language}/policy"));
        assert_eq!(page.status, 200);
        assert!(page.body.contains(&sha256) && page.body.contains("Второй пункт"), "{language}");
        assert!(language == "ru" || page.body.contains("lang=\"ru\""), "{language}: the text is labelled");
    }
    let (_, current) = site.call(&site.intake, "GET", "/api/v1/notices/current", &Value::Null);
    assert_eq!(
        (current["sha256"].as_str(), current["languages"].clone()),
        (Some(sha256.as_str()), json!(["ru"]))
    );
    let after = site.submit("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz");
    let bound = |submitted: &Value| {
        let path = format!("/api/v1/consents?subject_id={}", text(submitted, "subject_id"));
        let (_, answer) = site.call(&site.dpo, "GET", &path, &Value::Null);
        answer["items"][0]["record"]["notice"]["sha256"].clone()
    };
    assert_eq!(bound(&after), json!(sha256));
    assert_ne!(bound(&before), json!(sha256), "an old consent keeps its own version");
    assert_eq!(site.page("/ru/policy/versions/2026-11").status, 200);
    // What changed is told in one language: the Russian of both, for the newer one has no other.
    let changed = site.page("/en/policy/diff?from=2026-11&to=2026-11-02").body;
    assert!(changed.contains("Второй пункт") && changed.contains("Кто мы и какие слова используем"));
    assert!(!changed.contains("Who we are and the words we use"));
}

#[test]
fn reliability_a_rehearsal_is_marked_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let (data, clock) = (folder.path().join("data"), folder.path().join("clock"));
    std::fs::write(&clock, "2026-12-31T10:00:00Z").unwrap();
    let arguments = ["--rehearsal-clock", clock.to_str().unwrap()];
    let site = Site::with(&data, &arguments);
    let receipt = text(&site.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz"), "receipt");
    let document = tlog::Document::parse_strict(receipt.as_bytes()).unwrap().verify(None).unwrap();
    assert!(document.rehearsal);
    assert!(site.page("/en/").body.to_lowercase().contains("rehearsal"));
    site.server.kill();
    let real = Command::new(binary())
        .args(["serve", "--json", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(!real.status.success(), "a rehearsal folder was served with the real clock");
}

#[test]
fn reliability_a_held_or_foreign_folder_is_refused_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::open(&folder.path().join("data"));
    let (code, said) = senim(&["serve", "--listen", "127.0.0.1:0", "--data", site.folder()], "");
    assert_ne!(code, 0);
    assert!(said.to_lowercase().contains("another process"), "{said}");
    let foreign = folder.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("senim.db"), b"SQLite format 3\0 but not ours").unwrap();
    let (code, said) = senim(&["serve", "--listen", "127.0.0.1:0", "--data", foreign.to_str().unwrap()], "");
    assert_ne!(code, 0, "{said}");
}

#[test]
fn reliability_a_folder_that_lost_its_keys_or_its_database_is_refused_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::open(&folder.path().join("data"));
    site.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz");
    let data = site.data.clone();
    site.server.kill();
    let refused = |lost: &Path| {
        let kept = folder.path().join("kept");
        std::fs::rename(lost, &kept).unwrap();
        let (code, said) = senim(&["serve", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()], "");
        assert!(code == 1 && said.contains("restore"), "without {}: {code} {said}", lost.display());
        std::fs::rename(&kept, lost).unwrap();
    };
    // Without the epoch's key nothing stored opens; a new database would begin the log anew under its old name.
    refused(&data.join("keystore/epoch-1.key"));
    if !testkit::family::is_server() {
        refused(&data.join("senim.db"));
    }
    let (code, said) = senim(&["key", "status", "--data", data.to_str().unwrap()], "");
    assert_eq!(code, 0, "{said}");
}
