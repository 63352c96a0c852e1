//! Evidence is computed from what is stored: a planted breach turns its rows red.

use std::path::Path;

use app::evidence::{Evidence, Standing, compute};
use model::{CategoryCode, Locale};
use store::tables::subjects;
use store::tables::value_sets::{self, StoredValue};
use testkit::{Person, Platform};

fn broken(evidence: &Evidence) -> Vec<&str> {
    let rows = evidence.rows.iter().filter(|row| row.standing == Standing::Broken);
    rows.map(|row| row.id.as_str()).collect()
}

/// Writes into the closed database as an intruder would.
fn tamper(data: &Path, sql: &str) {
    let file = std::fs::read_dir(data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3")))
        .expect("a database");
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.execute_batch(sql).unwrap();
}

#[test]
fn clause_all_a_fresh_instance_keeps_what_is_built_and_says_what_is_not() {
    let platform = Platform::new().unwrap();
    platform.submit(&Person::aigul()).unwrap();
    let evidence = compute(&platform.app, Locale::En).unwrap();
    let findings: Vec<_> = evidence.rows.iter().filter(|row| !row.findings.is_empty()).collect();
    assert!(evidence.is_sound(), "{findings:#?}");
    let standing =
        |wanted: &str| evidence.rows.iter().find(|row| row.id.as_str() == wanted).unwrap().standing;
    assert_eq!(standing("C6.1"), Standing::Kept);
    assert_eq!(standing("C14"), Standing::NotBuilt);
    for row in evidence.rows.iter().filter(|row| row.standing == Standing::NotBuilt) {
        assert!(row.next.is_some(), "{} does not say what brings it", row.id);
    }
}

#[test]
fn clause_4_1_a_further_consent_has_no_button_and_says_who_took_it() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let further = app::consent::Further {
        purposes: vec![model::PurposeId::new("p8-1").unwrap()],
        notice_version: "2026-11".into(),
        adult: Some(true),
        channel: CategoryCode::new("phone").unwrap(),
        idempotency: None,
    };
    app::consent::give(&platform.app, &platform.staff("service").unwrap(), done.subject_id, &further)
        .unwrap();
    let evidence = compute(&platform.app, Locale::En).unwrap();
    assert!(evidence.is_sound(), "{:?}", broken(&evidence));
}

/// Each planted breach, the SQL of the intruder, and a row that must turn red.
const BREACHES: &[(&str, &str, &str)] = &[
    (
        "values in clear",
        "UPDATE dossier SET body = CAST(replace(hex(body), '00', '01') AS BLOB) WHERE kind = 1",
        "C2",
    ),
    ("keyring gone", "DELETE FROM keyrings", "C2"),
    ("consent rows gone", "DELETE FROM dossier WHERE kind = 3", "C4.2"),
    (
        "chain rewritten",
        "UPDATE dossier SET body = CAST(substr(body, 1, 1) || x'0000000000000001' || substr(body, 10) AS BLOB)
         WHERE kind = 3 AND number = 0",
        "C6.1",
    ),
    (
        "record emptied",
        "UPDATE dossier SET body = CAST(substr(body, 1, 25) || '{}' AS BLOB) WHERE kind = 2",
        "C4.1",
    ),
    ("history emptied", "DELETE FROM dossier WHERE kind = 5", "C16.1"),
    ("notice replaced", "UPDATE notices SET body = CAST('# another' AS BLOB)", "C19"),
    ("address column", "ALTER TABLE sessions ADD COLUMN ip TEXT", "C15"),
    (
        "row of an erased person",
        "INSERT INTO lookups (category, mac, subject_id, proven) SELECT 'email', zeroblob(32), subject_id, 0 FROM tombstones",
        "C17.3",
    ),
    (
        "kind outside the set",
        "UPDATE log_entries SET entry = replace(entry, '\"kind\":\"consent\"', '\"kind\":\"whatever\"')",
        "C1.3",
    ),
    (
        "disclosure to nobody known",
        "UPDATE log_entries SET entry = replace(replace(entry, '\"kind\":\"collection\"', '\"kind\":\"disclosure\"'), '\"operation\":\"collection\"', '\"operation\":\"provision\"')",
        "C11.3",
    ),
    (
        "beyond the purpose",
        "UPDATE log_entries SET entry = replace(entry, '\"purpose\":\"p8-2\"', '\"purpose\":\"p8-7\"') WHERE entry LIKE '%collection%'",
        "C10.2",
    ),
    (
        "used in a role that does not work for it",
        "UPDATE log_entries SET entry = replace(entry, '\"role\":\"intake\"', '\"role\":\"marketing\"')",
        "C8.2",
    ),
    (
        "receipt's entry gone",
        "UPDATE log_entries SET entry = replace(entry, '\"payload\"', '\"payloae\"')",
        "C6.2",
    ),
];

#[test]
fn clause_all_every_planted_breach_turns_its_row_red() {
    if testkit::family::is_server() {
        // The probes ask the same questions of either family; the intruder here writes into a file.
        return;
    }
    let mut missed = Vec::new();
    for (name, sql, row) in BREACHES {
        let platform = Platform::new().unwrap();
        platform.submit(&Person::aigul()).unwrap();
        let erased =
            platform.submit(&Person::named("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz")).unwrap();
        let own = platform.own(erased.subject_id);
        app::erasure::erase(&platform.app, &own, erased.subject_id, "demand").unwrap();
        app::erasure::sweep(&platform.app).unwrap();
        let before = compute(&platform.app, Locale::En).unwrap();
        assert!(before.is_sound(), "before {name}: {:?}", broken(&before));
        tamper(platform.data(), sql);
        match compute(&platform.app, Locale::En) {
            Ok(after) if broken(&after).contains(row) => {}
            Ok(after) => missed.push(format!("{name}: {row} stays green, broken are {:?}", broken(&after))),
            // A body that cannot even be decoded is refused whole: louder than red.
            Err(app::Failure::Store(store::Fault::Corrupt(_))) => {}
            Err(other) => missed.push(format!("{name}: {other}")),
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

/// Changes every stored value of the person as an intruder would.
fn with_values(change: fn(&mut StoredValue)) -> Evidence {
    let platform = Platform::new().unwrap();
    let subject = platform.submit(&Person::aigul()).unwrap().subject_id;
    let platform = platform
        .tampered(move |tx| {
            for mut set in value_sets::list(tx, subject)? {
                set.values.iter_mut().for_each(change);
                value_sets::replace(tx, &set)?;
            }
            Ok(())
        })
        .unwrap();
    compute(&platform.app, Locale::En).unwrap()
}

#[test]
fn clause_5_and_clause_9_planted_values_turn_their_rows_red() {
    let unknown = with_values(|value| value.category = CategoryCode::new("shoe_size").unwrap());
    assert!(broken(&unknown).contains(&"C5"), "{:?}", broken(&unknown));
    let proven = with_values(|value| value.proven = true);
    assert!(broken(&proven).contains(&"C9.0"), "{:?}", broken(&proven));
    let sourceless = with_values(|value| value.source.clear());
    assert!(broken(&sourceless).contains(&"C9.2"), "{:?}", broken(&sourceless));
}

#[test]
fn clause_1_2_a_planted_minor_turns_the_row_red() {
    let platform = Platform::new().unwrap();
    let subject = platform.submit(&Person::aigul()).unwrap().subject_id;
    let platform = platform
        .tampered(move |tx| {
            let Some(mut facts) = subjects::facts(tx, subject)? else { return Ok(()) };
            facts.adult_declared = false;
            subjects::set_facts(tx, &facts)
        })
        .unwrap();
    assert_eq!(broken(&compute(&platform.app, Locale::En).unwrap()), ["C1.2"]);
}

#[test]
fn clause_18_an_unpublished_recipient_is_refused_or_red() {
    let recipient = "\n[[recipient]]\nid = \"hidden\"\nkind = \"partner\"\nname = { ru = \"Т\", kk = \"Т\", en = \"T\" }\n\
        bin = \"991240000003\"\ncountry = \"KZ\"\npurposes = [\"p8-2\"]\ncategories = [\"phone\"]\npublished = false\n";
    let opened = Platform::with_files(|files| {
        files.entry("recipients.toml".into()).or_default().push_str(recipient);
    });
    match opened {
        // The policy folder itself is refused, and the refusal names the recipient: nothing is served at all.
        Err(refusal) => assert!(refusal.to_string().contains("recipient"), "{refusal}"),
        Ok(platform) => assert!(broken(&compute(&platform.app, Locale::En).unwrap()).contains(&"C18")),
    }
}

#[test]
fn clause_1_1_a_notice_with_another_bin_turns_the_row_red() {
    let platform = Platform::new().unwrap();
    let publication = app::notice::Publication {
        language: Locale::Ru,
        effective_on: "2026-11-02".parse().unwrap(),
        version: None,
        body: "# Политика\n\n1. Компания, БИН 210140019844.\n".into(),
        source: "published",
    };
    app::notice::publish(&platform.app, &platform.app.system(), publication).unwrap();
    let evidence = compute(&platform.app, Locale::En).unwrap();
    assert_eq!(broken(&evidence), ["C1.1"]);
}
