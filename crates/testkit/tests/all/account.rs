//! The person's account: a code or the secret opens it; values are seen, corrected and deleted.

use app::Failure;
use app::account::Session;
use model::{EntryKind, Private, PurposeId, SubjectId};
use testkit::platform::Trap;
use testkit::{Person, Platform};

fn private(text: &str) -> Private<String> {
    Private::new(text.to_owned())
}

fn code_sent(platform: &Platform, email: &str) -> String {
    let visitor = platform.app.visitor(model::Locale::Ru);
    app::account::request_code(&platform.app, &visitor, &private(email)).unwrap();
    let trap = Trap::default();
    app::outbox::run_due(&platform.app, Some(&trap)).unwrap();
    let letters = trap.letters.lock().unwrap();
    let (to, _, body) =
        letters.iter().rev().find(|(_, subject, _)| subject == "sign-in-code").expect("a code");
    assert_eq!(to, email);
    body.lines().find_map(|line| line.strip_prefix("code=")).unwrap().to_owned()
}

#[test]
fn clause_8_1_a_code_signs_in_once_and_proves_the_contact() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let code = code_sent(&platform, "aigul@example.kz");
    let visitor = platform.app.visitor(model::Locale::Ru);
    let email = private("aigul@example.kz");
    let wrong = app::account::redeem_code(&platform.app, &visitor, &email, &private("00000000"));
    assert!(matches!(wrong, Err(Failure::Unauthorised("code-wrong"))));
    let begun = app::account::redeem_code(&platform.app, &visitor, &email, &private(&code)).unwrap();
    assert_eq!(begun.subject, done.subject_id);
    let again = app::account::redeem_code(&platform.app, &visitor, &email, &private(&code));
    assert!(again.is_err(), "a code is good once");
    let session = app::account::session(&platform.app, &begun.token).unwrap().expect("signed in");
    let ctx = app::account::context(&platform.app, &session, model::Locale::Ru);
    let view = app::access::data(&platform.app, &ctx, session.subject, app::code::RIGHTS, &[]).unwrap();
    let proven: Vec<_> =
        view.values.iter().filter(|value| value.proven).map(|value| value.category).collect();
    assert_eq!(proven, [app::code::EMAIL]);
    app::account::sign_out(&platform.app, &begun.token).unwrap();
    assert!(app::account::session(&platform.app, &begun.token).unwrap().is_none());
}

/// Signs in by a code sent to this address.
fn by_code(platform: &Platform, email: &str) -> Session {
    let code = code_sent(platform, email);
    let visitor = platform.app.visitor(model::Locale::Ru);
    let begun = app::account::redeem_code(&platform.app, &visitor, &private(email), &private(&code)).unwrap();
    app::account::session(&platform.app, &begun.token).unwrap().expect("signed in")
}

/// Writes another e-mail into one's own entry.
fn change_email(platform: &Platform, subject: SubjectId, new: &str) {
    let own = platform.own(subject);
    let view = app::access::data(&platform.app, &own, subject, app::code::RIGHTS, &[]).unwrap();
    let record = view.values.iter().find(|value| value.category == app::code::EMAIL).unwrap().record;
    app::value::edit(&platform.app, &own, subject, record, &private(new)).unwrap();
}

#[test]
fn clause_9_0_who_writes_anothers_address_into_his_entry_opens_nothing_of_hers() {
    let platform = Platform::new().unwrap();
    let victim = platform.submit(&Person::aigul()).unwrap();
    let stranger = platform.submit(&Person::named("Чужой", "+7 701 765 43 21", "other@example.kz")).unwrap();
    let session = by_code(&platform, "other@example.kz");
    change_email(&platform, stranger.subject_id, "aigul@example.kz");
    let refused = || {
        assert!(app::account::siblings(&platform.app, &session).unwrap().is_empty());
        let own = platform.own(stranger.subject_id);
        let opened = app::account::switch(&platform.app, &own, &session, victim.subject_id);
        assert!(matches!(opened, Err(Failure::NotFound)));
        assert!(matches!(app::account::confirm(&platform.app, &own, &session), Err(Failure::NotFound)));
    };
    refused();
    // Nor when she signs in, who now holds an address in his entry too.
    let hers = by_code(&platform, "aigul@example.kz");
    refused();
    let others: Vec<SubjectId> =
        app::account::siblings(&platform.app, &hers).unwrap().into_iter().map(|(other, _)| other).collect();
    assert_eq!(others.len(), 1);
    let own = platform.own(hers.subject);
    assert!(
        app::account::switch(&platform.app, &own, &hers, others[0]).is_ok(),
        "she may see what names her"
    );
}

#[test]
fn clause_9_0_signing_in_revives_no_consent_that_a_stranger_gave() {
    let platform = Platform::new().unwrap();
    let promotions = PurposeId::new("p8-8").unwrap();
    let mut person = Person::aigul();
    person.purposes.push(promotions);
    let victim = platform.submit(&person).unwrap();
    let read = |subject| platform.read("marketing", subject, "p8-8");
    assert!(read(victim.subject_id).is_err(), "not before the contact is proven");
    by_code(&platform, "aigul@example.kz");
    assert!(read(victim.subject_id).is_ok(), "the only entry of a proven contact");
    let withdrawal = app::consent::Withdrawal { purposes: vec![promotions], parts: Vec::new() };
    let own = platform.own(victim.subject_id);
    app::consent::withdraw(&platform.app, &own, victim.consent_id, &withdrawal).unwrap();

    let mut forged = Person::named("Чужой", "+7 701 123 45 67", "aigul@example.kz");
    forged.purposes.push(promotions);
    let forged = platform.submit(&forged).unwrap();
    let session = by_code(&platform, "aigul@example.kz");
    assert_eq!(session.subject, victim.subject_id, "the entry that she confirmed comes first");
    let begun = app::account::switch(&platform.app, &own, &session, forged.subject_id).unwrap();
    assert!(read(forged.subject_id).is_err(), "a look at it makes nothing live");
    let session = app::account::session(&platform.app, &begun.token).unwrap().unwrap();
    assert!(app::account::is_unconfirmed(&platform.app, &session).unwrap());
    let own = platform.own(forged.subject_id);
    app::account::confirm(&platform.app, &own, &session).unwrap();
    assert!(read(forged.subject_id).is_ok(), "it is live once she says that the entry is hers");
    assert!(!app::account::is_unconfirmed(&platform.app, &session).unwrap());
}

#[test]
fn clause_9_0_a_code_opens_no_entry_that_lost_its_address_meanwhile() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let code = code_sent(&platform, "aigul@example.kz");
    change_email(&platform, done.subject_id, "new@example.kz");
    let visitor = platform.app.visitor(model::Locale::Ru);
    let redeemed =
        app::account::redeem_code(&platform.app, &visitor, &private("aigul@example.kz"), &private(&code));
    assert!(matches!(redeemed, Err(Failure::Unauthorised("code-wrong"))));
}

#[test]
fn clause_9_0_an_unknown_address_is_answered_alike_and_gets_nothing() {
    let platform = Platform::new().unwrap();
    let visitor = platform.app.visitor(model::Locale::Ru);
    app::account::request_code(&platform.app, &visitor, &private("nobody@example.kz")).unwrap();
    let trap = Trap::default();
    app::outbox::run_due(&platform.app, Some(&trap)).unwrap();
    assert!(trap.letters.lock().unwrap().is_empty());
    let redeemed = app::account::redeem_code(
        &platform.app,
        &visitor,
        &private("nobody@example.kz"),
        &private("12345678"),
    );
    assert!(matches!(redeemed, Err(Failure::Unauthorised("code-wrong"))));
}

#[test]
fn reliability_codes_are_guessed_only_a_few_times() {
    let platform = Platform::new().unwrap();
    platform.submit(&Person::aigul()).unwrap();
    let code = code_sent(&platform, "aigul@example.kz");
    let visitor = platform.app.visitor(model::Locale::Ru);
    let email = private("aigul@example.kz");
    for _ in 0..platform.app.policy().limits().signin_code_attempts {
        assert!(app::account::redeem_code(&platform.app, &visitor, &email, &private("00000000")).is_err());
    }
    assert!(app::account::redeem_code(&platform.app, &visitor, &email, &private(&code)).is_err());
}

#[test]
fn clause_4_3_the_secret_on_the_receipt_opens_the_account_without_any_mail() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let typed = done.secret.unwrap().to_uppercase().replace('-', " ");
    let visitor = platform.app.visitor(model::Locale::Ru);
    let begun = app::account::redeem_secret(&platform.app, &visitor, &private(&typed)).unwrap();
    assert_eq!(begun.subject, done.subject_id);
    let wrong = app::account::redeem_secret(&platform.app, &visitor, &private("00000-00000-00000-00000"));
    assert!(matches!(wrong, Err(Failure::Unauthorised("secret-wrong"))));
}

#[test]
fn clause_16_2_an_edited_value_replaces_the_old_one_whose_key_is_destroyed() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let own = platform.own(done.subject_id);
    let before = app::access::data(&platform.app, &own, done.subject_id, app::code::RIGHTS, &[]).unwrap();
    let phone = before.values.iter().find(|value| value.category == app::code::PHONE).unwrap();
    let changed =
        app::value::edit(&platform.app, &own, done.subject_id, phone.record, &private("8 (702) 555-66-77"))
            .unwrap();
    let receipt = changed.receipt.unwrap();
    assert!(tlog::Document::parse_strict(receipt.as_bytes()).unwrap().verify(None).is_ok());
    assert!(!receipt.contains("5556677") && !receipt.contains("1234567"));
    let after = app::access::data(&platform.app, &own, done.subject_id, app::code::RIGHTS, &[]).unwrap();
    let phone = after.values.iter().find(|value| value.category == app::code::PHONE).unwrap();
    assert_eq!(phone.value.expose(), "+77025556677");
    assert_eq!(phone.source, "account");
    let ctx = platform.staff("service").unwrap();
    let found = |number: &str| {
        app::access::lookup(&platform.app, &ctx, app::code::PHONE, &private(number)).unwrap().len()
    };
    assert_eq!((found("+7 701 123 45 67"), found("+7 702 555 66 77")), (0, 1));
}

#[test]
fn clause_11_6_1_a_deleted_value_is_gone() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let own = platform.own(done.subject_id);
    let before = app::access::data(&platform.app, &own, done.subject_id, app::code::RIGHTS, &[]).unwrap();
    let email = before.values.iter().find(|value| value.category == app::code::EMAIL).unwrap();
    app::value::delete(&platform.app, &own, done.subject_id, email.record).unwrap();
    let after = app::access::data(&platform.app, &own, done.subject_id, app::code::RIGHTS, &[]).unwrap();
    assert!(after.values.iter().all(|value| value.category != app::code::EMAIL));
    assert_eq!(after.values.len(), before.values.len() - 1);
}

#[test]
fn clause_17_1_while_processing_is_restricted_no_value_is_changed_or_destroyed() {
    let platform = Platform::new().unwrap();
    let whom = platform.submit(&Person::aigul()).unwrap().subject_id;
    let (own, dpo) = (platform.own(whom), platform.staff("dpo").unwrap());
    let values = || app::access::data(&platform.app, &own, whom, app::code::RIGHTS, &[]).unwrap().values;
    let phone = values().into_iter().find(|value| value.category == app::code::PHONE).unwrap();
    app::request::restrict(&platform.app, &dpo, whom, true).unwrap();
    let edited = app::value::edit(&platform.app, &own, whom, phone.record, &private("+7 702 555 66 77"));
    let deleted = app::value::delete(&platform.app, &own, whom, phone.record);
    for refused in [edited, deleted] {
        let Err(Failure::Refused(why)) = refused else { panic!("not refused") };
        assert!(why.iter().any(|why| why.code == "subject-restricted"), "{why:?}");
    }
    app::request::restrict(&platform.app, &dpo, whom, false).unwrap();
    let after = values().into_iter().find(|value| value.category == app::code::PHONE).unwrap();
    assert_eq!((after.record, after.value.expose()), (phone.record, phone.value.expose()));
}

#[test]
fn clause_16_1_the_history_shows_every_look() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    platform.read("service", done.subject_id, "p8-2").unwrap();
    platform.read("marketing", done.subject_id, "p8-5").expect_err("never consented");
    let own = platform.own(done.subject_id);
    let lines = app::access::history(&platform.app, &own, done.subject_id).unwrap();
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line.entry["kind"].as_str()).collect();
    for kind in [EntryKind::Collection, EntryKind::Consent, EntryKind::Retrieval, EntryKind::Refusal] {
        assert!(kinds.contains(&kind.code()), "{} is missing in {kinds:?}", kind.code());
    }
    let look = lines.iter().find(|line| line.entry["role"] == "service").unwrap();
    assert_eq!(look.entry["clause"], "C8.2");
    assert_eq!(look.entry["purpose"], "p8-2");
}

#[test]
fn clause_16_1_the_access_package_is_complete_and_verifies() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let own = platform.own(done.subject_id);
    let package = app::access::package(&platform.app, &own, done.subject_id).unwrap();
    let verified = tlog::Document::parse_strict(package.expose().as_bytes()).unwrap().verify(None).unwrap();
    assert_eq!(verified.kind, "access-package");
    let file: serde_json::Value = serde_json::from_str(package.expose()).unwrap();
    let body: serde_json::Value = serde_json::from_str(file["body"].as_str().unwrap()).unwrap();
    for part in ["values", "consents", "purposes", "recipients", "history", "sources", "controller"] {
        assert!(!body[part].is_null(), "{part}");
    }
    assert!(body["values"].as_array().unwrap().iter().any(|value| value["value"] == "aigul@example.kz"));
}

#[test]
fn clause_9_0_an_address_finds_its_owner_however_it_is_spelt_and_is_kept_as_typed() {
    let platform = Platform::new().unwrap();
    let person = Person::named("Әлия", "+7 701 123 45 67", "Aliya.S@Example.KZ");
    let done = platform.submit(&person).unwrap();
    let desk = platform.staff("service").unwrap();
    for typed in ["aliya.s@example.kz", "ALIYA.S@EXAMPLE.KZ", "Aliya.S@example.kz"] {
        let found = app::access::lookup(&platform.app, &desk, app::code::EMAIL, &private(typed)).unwrap();
        assert_eq!(found.iter().map(|one| one.subject_id).collect::<Vec<_>>(), [done.subject_id], "{typed}");
    }
    let values = platform.read("service", done.subject_id, "p8-2").unwrap();
    assert!(values.contains(&(app::code::EMAIL, "Aliya.S@example.kz".to_owned())));
    // A correction that only changes the spelling keeps the way in.
    let own = platform.own(done.subject_id);
    let view = app::access::data(&platform.app, &own, done.subject_id, app::code::RIGHTS, &[]).unwrap();
    let record = view.values.iter().find(|value| value.category == app::code::EMAIL).unwrap().record;
    app::value::edit(&platform.app, &own, done.subject_id, record, &private("aliya.s@example.kz")).unwrap();
    let found =
        app::access::lookup(&platform.app, &desk, app::code::EMAIL, &private("Aliya.S@example.kz")).unwrap();
    assert_eq!(found.len(), 1);
}

#[test]
fn clause_11_5_every_sign_in_is_listed_and_can_be_ended() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let other = platform.submit(&Person::named("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz")).unwrap();
    let visitor = platform.app.visitor(model::Locale::Ru);
    let begin = |secret: &Option<String>| {
        let secret = private(secret.as_ref().unwrap());
        let begun = app::account::redeem_secret(&platform.app, &visitor, &secret).unwrap();
        let session = app::account::session(&platform.app, &begun.token).unwrap().unwrap();
        (session, begun.token)
    };
    let (first, first_token) = begin(&done.secret);
    let (second, second_token) = begin(&done.secret);
    let (stranger, stranger_token) = begin(&other.secret);
    let list = |session, token| app::account::sessions(&platform.app, session, token).unwrap();
    let own = list(&first, &first_token);
    assert_eq!(own.len(), 2);
    assert_eq!(own.iter().filter(|one| one.current).count(), 1);
    assert!(own.iter().all(|one| one.expires_at > one.began_at));
    let lives = |token: &Private<String>| app::account::session(&platform.app, token).unwrap().is_some();
    // Nobody ends the sign-in of another.
    let named = &list(&stranger, &stranger_token)[0].handle;
    let ended = app::account::end_sessions(&platform.app, &first, &first_token, Some(named));
    assert!(matches!(ended, Err(Failure::NotFound)) && lives(&stranger_token));
    assert!(!app::account::end_sessions(&platform.app, &second, &second_token, None).unwrap());
    assert!(!lives(&first_token) && lives(&second_token) && lives(&stranger_token));
    let own = list(&second, &second_token);
    assert_eq!(own.len(), 1);
    assert!(app::account::end_sessions(&platform.app, &second, &second_token, Some(&own[0].handle)).unwrap());
    assert!(!lives(&second_token));
}
