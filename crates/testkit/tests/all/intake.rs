//! Data enter only with consent, checked whole before anything is stored.

use app::Failure;
use model::PurposeId;
use testkit::{Person, Platform};

fn codes(failure: Failure) -> Vec<(&'static str, String)> {
    match failure {
        Failure::Refused(violations) => {
            violations.into_iter().map(|one| (one.code, one.clause.to_string())).collect()
        }
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn refused(person: &Person) -> Vec<(&'static str, String)> {
    let platform = Platform::new().unwrap();
    let failure = platform.submit(person).err().expect("refused");
    // Nothing half-stored: a lookup by the contact that was typed finds nobody.
    let ctx = platform.staff("service").unwrap();
    let email = model::Private::new("aigul@example.kz".to_owned());
    assert!(app::access::lookup(&platform.app, &ctx, app::code::EMAIL, &email).unwrap().is_empty());
    codes(failure)
}

#[test]
fn clause_4_1_a_submission_makes_a_subject_a_consent_an_enquiry_and_a_receipt() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    assert!(done.enquiry_id.is_some() && done.number.is_some() && done.secret.is_some());
    let consents =
        app::consent::list(&platform.app, &platform.own(done.subject_id), done.subject_id).unwrap();
    assert_eq!(consents.len(), 1);
    let record = &consents[0].record;
    for pointer in ["/notice/sha256", "/form", "/button", "/language", "/channel", "/policy_version"] {
        assert!(record.pointer(pointer).is_some_and(|value| !value.is_null()), "{pointer}");
    }
    let given: Vec<&str> = consents[0]
        .purposes
        .iter()
        .filter(|one| one.status == model::ConsentStatus::Given)
        .map(|one| one.purpose.as_str())
        .collect();
    assert_eq!(given, ["p8-2", "p8-4"]);
}

#[test]
fn clause_6_2_the_receipt_verifies_offline_and_holds_the_eight_fields() {
    let platform = Platform::new().unwrap();
    let receipt = platform.submit(&Person::aigul()).unwrap().receipt.expect("integrated at once");
    let document = tlog::Document::parse_strict(receipt.as_bytes()).expect("canonical");
    let verified = document.verify(None).expect("valid");
    assert_eq!(verified.kind, "consent");
    let file: serde_json::Value = serde_json::from_str(&receipt).unwrap();
    let body: serde_json::Value = serde_json::from_str(file["body"].as_str().unwrap()).unwrap();
    let fields = body["law_94_v_art_8_4"].as_object().unwrap();
    assert_eq!(fields.len(), 8, "{fields:?}");
    assert_eq!(fields["2_data_subject"]["given_name"], "Айгүл");
    assert_eq!(fields["2_data_subject"]["surname"], "not given");
    assert_eq!(fields["4_transfer_to_third_parties"], "not given");
    assert!(body["purposes"].as_array().unwrap().iter().any(|one| one["status"] == "not given"));
    // A contact never stands on a receipt.
    assert!(!receipt.contains("aigul@") && !receipt.contains("7011234567"));
}

#[test]
fn clause_6_2_a_receipt_with_one_changed_byte_fails() {
    let platform = Platform::new().unwrap();
    let receipt = platform.submit(&Person::aigul()).unwrap().receipt.unwrap().into_bytes();
    for at in 0..receipt.len() {
        let mut changed = receipt.clone();
        changed[at] ^= 1;
        let verified =
            tlog::Document::parse_strict(&changed).is_ok_and(|document| document.verify(None).is_ok());
        assert!(!verified, "byte {at} changed and still valid");
    }
}

#[test]
fn clause_5_an_undeclared_field_is_refused() {
    let person = Person::aigul().with("blood_group", "A+");
    assert_eq!(refused(&person), [("undeclared-field", "C5".to_owned())]);
}

#[test]
fn clause_5_a_missing_field_is_named() {
    let mut person = Person::aigul();
    person.values.retain(|(name, _)| name != "phone");
    assert_eq!(refused(&person), [("missing-field", "C5".to_owned())]);
}

#[test]
fn clause_1_2_under_18_is_refused_by_declaration_and_by_iin() {
    let mut person = Person::aigul();
    person.adult = false;
    assert_eq!(refused(&person), [("adult-not-declared", "C1.2".to_owned())]);
}

#[test]
fn clause_19_an_outdated_notice_version_is_refused() {
    let mut person = Person::aigul();
    person.notice = "2020-01".into();
    assert_eq!(refused(&person), [("notice-outdated", "C19".to_owned())]);
}

#[test]
fn clause_8_an_unknown_purpose_and_a_missing_required_one_are_refused() {
    let mut person = Person::aigul();
    person.purposes = vec![PurposeId::new("p9-9").unwrap()];
    assert_eq!(
        refused(&person),
        [("purpose-unknown", "C8".to_owned()), ("purpose-required", "C4.1".to_owned())]
    );
}

#[test]
fn clause_5_every_bad_value_is_named_at_once() {
    let person = Person::aigul().with("phone", "12").with("email", "no mail").with("given_name", "<script>");
    let found: Vec<&str> = refused(&person).into_iter().map(|(code, _)| code).collect();
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn clause_9_0_a_strangers_submission_touches_nothing_of_the_victim() {
    let platform = Platform::new().unwrap();
    let victim = platform.submit(&Person::aigul()).unwrap();
    let before = platform.read("service", victim.subject_id, "p8-2").unwrap();
    // The victim withdraws information messages; the stranger "consents" to them again with her contacts.
    let withdrawal =
        app::consent::Withdrawal { purposes: vec![PurposeId::new("p8-4").unwrap()], parts: Vec::new() };
    app::consent::withdraw(&platform.app, &platform.own(victim.subject_id), victim.consent_id, &withdrawal)
        .unwrap();

    let known = platform.submit(&Person::named("Чужой", "+7 701 123 45 67", "aigul@example.kz")).unwrap();
    let unknown = platform.submit(&Person::named("Чужой", "+7 701 765 43 21", "nobody@example.kz")).unwrap();

    assert_ne!(known.subject_id, victim.subject_id);
    assert_eq!(platform.read("service", victim.subject_id, "p8-2").unwrap(), before);
    let refused = platform.read("service", victim.subject_id, "p8-4").expect_err("withdrawn stays withdrawn");
    assert!(matches!(refused, Failure::Refused(_)));
    // The answers are alike: the same members are there, none speaks of the other record.
    assert_eq!(known.number.is_some(), unknown.number.is_some());
    assert_eq!(known.secret.is_some(), unknown.secret.is_some());
    let shape = |receipt: &str| {
        let file: serde_json::Value = serde_json::from_str(receipt).unwrap();
        let body: serde_json::Value = serde_json::from_str(file["body"].as_str().unwrap()).unwrap();
        body.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(shape(&known.receipt.unwrap()), shape(&unknown.receipt.unwrap()));
}

#[test]
fn submissions_fill_a_bucket_each_at_the_same_moment_and_the_same_one_in_turn() {
    let platform = Platform::new().unwrap();
    for number in 0..5 {
        let email = format!("turn{number}@example.kz");
        platform.submit(&Person::named("Сара", "+7 701 000 11 22", &email)).unwrap();
    }
    assert_eq!(app::keys::status(&platform.app).unwrap().buckets, 1);
    std::thread::scope(|scope| {
        for number in 0..6 {
            let platform = &platform;
            scope.spawn(move || {
                let email = format!("p{number}@example.kz");
                platform.submit(&Person::named("Сара", "+7 701 000 11 22", &email)).unwrap();
            });
        }
    });
    let filled = app::keys::status(&platform.app).unwrap().buckets;
    assert!((1..=6).contains(&filled), "{filled} buckets for six at a time");
    let platform = platform.restart().unwrap();
    for number in 0..5 {
        let email = format!("later{number}@example.kz");
        platform.submit(&Person::named("Сара", "+7 701 000 11 22", &email)).unwrap();
    }
    // A restart goes on with the newest, which has room.
    assert_eq!(app::keys::status(&platform.app).unwrap().buckets, filled);
}

#[test]
fn clause_17_4_a_form_is_taken_in_after_the_keys_were_rotated() {
    let platform = Platform::new().unwrap();
    let before = platform.submit(&Person::aigul()).unwrap();
    app::keys::rotate(&platform.app).unwrap();
    let after = platform.submit(&Person::named("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz")).unwrap();
    for subject in [before.subject_id, after.subject_id] {
        assert!(platform.read("service", subject, "p8-2").is_ok());
    }
}

#[test]
fn clause_17_4_forms_come_in_while_the_keys_are_rotated_here_or_on_another_node() {
    let platform = Platform::new().unwrap();
    let other = platform.beside_me().unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    let taken = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (platform, done) = (&platform, &done);
                scope.spawn(move || {
                    let mut taken = Vec::new();
                    while !done.load(std::sync::atomic::Ordering::Relaxed) || taken.is_empty() {
                        let email = format!("w{writer}-{}@example.kz", taken.len());
                        let person = Person::named("Айгүл", "+7 701 123 45 67", &email);
                        let submitted = platform.submit(&person).expect("a form was refused");
                        assert!(platform.read("service", submitted.subject_id, "p8-2").is_ok());
                        taken.push(submitted.subject_id);
                    }
                    taken
                })
            })
            .collect();
        let rotated =
            (0..10).try_for_each(|_| app::keys::rotate(other.as_ref().unwrap_or(&platform.app)).map(drop));
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        rotated.unwrap();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect::<Vec<_>>()
    });
    let status = app::keys::status(&platform.app).unwrap();
    assert_eq!(status.keystore_epochs, [status.epoch], "keys of ended epochs were left");
    for subject in taken {
        assert!(platform.read("service", subject, "p8-2").is_ok());
    }
}
