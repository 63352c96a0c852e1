//! Consent is withdrawn at once, everywhere, and its chain says so.

use app::Failure;
use app::consent::Withdrawal;
use model::{ConsentStatus, Locale, Part, PurposeId};
use testkit::{Person, Platform};

fn purpose(code: &str) -> PurposeId {
    PurposeId::new(code).unwrap()
}

fn status(platform: &Platform, subject: model::SubjectId, wanted: &str) -> ConsentStatus {
    let consents = app::consent::list(&platform.app, &platform.own(subject), subject).unwrap();
    consents[0].purposes.iter().find(|one| one.purpose == purpose(wanted)).unwrap().status
}

#[test]
fn clause_17_2_a_withdrawn_purpose_is_refused_at_once_everywhere() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    assert!(platform.read("service", done.subject_id, "p8-4").is_ok());
    let what = Withdrawal { purposes: vec![purpose("p8-4")], parts: vec![] };
    let withdrawn =
        app::consent::withdraw(&platform.app, &platform.own(done.subject_id), done.consent_id, &what)
            .unwrap();
    let receipt = withdrawn.receipt.unwrap();
    let verified = tlog::Document::parse_strict(receipt.as_bytes()).unwrap().verify(None).unwrap();
    assert_eq!(verified.kind, "withdrawal");

    let Err(Failure::Refused(violations)) = platform.read("service", done.subject_id, "p8-4") else {
        panic!("a withdrawn purpose was read")
    };
    assert_eq!(violations[0].code, "consent-withdrawn");
    let query = app::access::DecisionQuery {
        subject: done.subject_id,
        purpose: purpose("p8-4"),
        categories: vec![app::code::EMAIL],
        operation: model::Operation::Use,
        recipient: None,
    };
    let ctx = platform.staff("service").unwrap();
    let (views, _) = app::access::decide(&platform.app, &ctx, vec![query]).unwrap();
    assert_eq!(views[0].decision, "refuse");
    // The rest lives on.
    assert!(platform.read("service", done.subject_id, "p8-2").is_ok());
    assert_eq!(status(&platform, done.subject_id, "p8-4"), ConsentStatus::Withdrawn);
    assert_eq!(status(&platform, done.subject_id, "p8-2"), ConsentStatus::Given);
}

#[test]
fn clause_6_1_a_part_can_be_withdrawn_alone() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let what = Withdrawal { purposes: vec![purpose("p8-2")], parts: vec![Part::Collection] };
    app::consent::withdraw(&platform.app, &platform.own(done.subject_id), done.consent_id, &what).unwrap();
    assert_eq!(status(&platform, done.subject_id, "p8-2"), ConsentStatus::Given);
    assert!(platform.read("service", done.subject_id, "p8-2").is_ok());
}

#[test]
fn clause_6_1_a_consent_ends_with_its_term() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    platform.wait_hours(24 * 366);
    assert_eq!(status(&platform, done.subject_id, "p8-2"), ConsentStatus::Expired);
    assert!(matches!(platform.read("service", done.subject_id, "p8-2"), Err(Failure::Refused(_))));
}

#[test]
fn clause_17_2_withdrawing_everything_destroys_the_data_within_the_limit() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let own = platform.own(done.subject_id);
    let withdrawn =
        app::consent::withdraw(&platform.app, &own, done.consent_id, &Withdrawal::default()).unwrap();
    let by = withdrawn.destroyed_by.expect("nothing is needed any more");
    platform.clock.set(by.plus_seconds(-60));
    app::outbox::run_due(&platform.app, None).unwrap();
    assert!(matches!(platform.read("service", done.subject_id, "p8-2"), Err(Failure::Gone)));
}

#[test]
fn clause_17_2_letters_that_cannot_leave_hold_no_destruction_up() {
    // More letters than one look takes wait before it, and no mail server is there.
    let platform = Platform::new().unwrap();
    let waiting = 1_001;
    std::thread::scope(|scope| {
        for lane in 0..8 {
            let platform = &platform;
            scope.spawn(move || {
                for number in (lane..waiting).step_by(8) {
                    let address = format!("person{number}@example.kz");
                    platform.submit(&Person::named("Ждёт", "+7 701 123 45 67", &address)).unwrap();
                }
            });
        }
    });
    let done = platform.submit(&Person::aigul()).unwrap();
    let own = platform.own(done.subject_id);
    let withdrawn =
        app::consent::withdraw(&platform.app, &own, done.consent_id, &Withdrawal::default()).unwrap();
    platform.clock.set(withdrawn.destroyed_by.unwrap().plus_seconds(-60));
    app::outbox::run_due(&platform.app, None).unwrap();
    assert!(matches!(platform.read("service", done.subject_id, "p8-2"), Err(Failure::Gone)));
}

#[test]
fn clause_17_4_all_whose_term_is_over_are_destroyed_in_one_sweep_with_a_receipt_each() {
    let platform = Platform::new().unwrap();
    let people: Vec<_> = (0..600)
        .map(|number| {
            let address = format!("person{number}@example.kz");
            platform.submit(&Person::named("Срок", "+7 701 123 45 67", &address)).unwrap().subject_id
        })
        .collect();
    platform.wait_hours(24 * 366);
    assert_eq!(app::retention::sweep(&platform.app).unwrap(), people.len());
    assert_eq!(app::retention::sweep(&platform.app).unwrap(), 0, "each has its job already");
    let later = platform.app.policy().deadlines("destruction", platform.app.now())[0].due_at;
    let fresh = platform.submit(&Person::aigul()).unwrap();
    platform.clock.set(later);
    app::outbox::run_due(&platform.app, None).unwrap();
    for subject in people {
        assert!(matches!(platform.read("service", subject, "p8-2"), Err(Failure::Gone)));
    }
    assert!(platform.read("service", fresh.subject_id, "p8-2").is_ok(), "whose term runs stays");
    let auditor = platform.staff("auditor").unwrap();
    platform.settle().unwrap();
    let entries = app::log::entries(&platform.app, &auditor, 0, 10_000).unwrap();
    let destroyed = entries.iter().filter(|entry| entry.entry["kind"] == "destruction").count();
    assert_eq!(destroyed, 600, "one entry, and so one receipt, for each");
}

#[test]
fn clause_16_1_nobody_withdraws_for_another() {
    let platform = Platform::new().unwrap();
    let victim = platform.submit(&Person::aigul()).unwrap();
    let stranger = platform.submit(&Person::named("Чужой", "+7 701 765 43 21", "other@example.kz")).unwrap();
    let outcome = app::consent::withdraw(
        &platform.app,
        &platform.own(stranger.subject_id),
        victim.consent_id,
        &Withdrawal::default(),
    );
    assert!(matches!(outcome, Err(Failure::Refused(_))));
    assert!(platform.read("service", victim.subject_id, "p8-2").is_ok());
}

#[test]
fn clause_19_a_draft_is_shown_and_is_never_what_a_consent_binds() {
    let platform = Platform::new().unwrap();
    let bound = |notice: &str| {
        let mut person = Person::aigul();
        person.notice = notice.into();
        let kazakh = platform.app.visitor(Locale::Kk);
        let done = app::intake::submit(&platform.app, &kazakh, &person.submission()).unwrap();
        let own = platform.own(done.subject_id);
        let consents = app::consent::list(&platform.app, &own, done.subject_id).unwrap();
        consents[0].record["notice"]["language"].as_str().unwrap().to_owned()
    };
    let now = platform.app.now();
    let shown = app::notice::in_force(&platform.app, Locale::Kk, now).unwrap();
    assert!(shown.draft && shown.language == Locale::Kk, "the Kazakh text that ships waits for a reader");
    assert_eq!(bound("2026-11"), "ru");
    // Once it is read, its text is what a Kazakh consent binds.
    for (language, text) in
        [(Locale::Ru, "# Политика\n\n1. Пункт.\n"), (Locale::Kk, "# Саясат\n\n1. Тармақ.\n")]
    {
        let publication = app::notice::Publication {
            language,
            effective_on: "2026-11-02".parse().unwrap(),
            version: Some("final".into()),
            body: text.into(),
            source: "published",
        };
        app::notice::publish(&platform.app, &platform.app.system(), publication).unwrap();
    }
    assert_eq!(bound("final"), "kk");
}
