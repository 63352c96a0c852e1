//! Data are used only as consented: by purpose, role, category.

use app::Failure;
use model::{CategoryCode, Private};
use testkit::{Person, Platform};

#[test]
fn clause_10_2_a_role_sees_only_its_purposes() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let seen = platform.read("service", done.subject_id, "p8-2").unwrap();
    assert!(seen.contains(&(app::code::EMAIL, "aigul@example.kz".to_owned())));
    for (role, purpose) in
        [("marketing", "p8-2"), ("admin", "p8-2"), ("auditor", "rights"), ("service", "p8-10")]
    {
        let Err(Failure::Refused(violations)) = platform.read(role, done.subject_id, purpose) else {
            panic!("{role} read {purpose}")
        };
        assert!(violations.iter().all(|one| !one.clause.as_str().is_empty()), "{violations:?}");
    }
}

#[test]
fn clause_10_5_a_category_outside_the_purpose_is_refused_and_nothing_is_opened() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let ctx = platform.staff("service").unwrap();
    let iin = CategoryCode::new("iin").unwrap();
    let purpose = model::PurposeId::new("p8-4").unwrap();
    let Err(Failure::Refused(violations)) =
        app::access::data(&platform.app, &ctx, done.subject_id, purpose, &[app::code::EMAIL, iin])
    else {
        panic!("opened")
    };
    assert!(violations.iter().any(|one| one.code == "category-not-for-purpose" && one.category == Some(iin)));
}

#[test]
fn clause_9_0_lookups_answer_empty_for_unknown_contacts() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let ctx = platform.staff("service").unwrap();
    let find = |phone: &str| {
        app::access::lookup(&platform.app, &ctx, app::code::PHONE, &Private::new(phone.to_owned())).unwrap()
    };
    assert_eq!(find("8 701 123-45-67")[0].subject_id, done.subject_id);
    assert!(find("8 701 000 00 00").is_empty());
}

#[test]
fn clause_10_1_a_batch_of_decisions_is_one_entry() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let ctx = platform.staff("service").unwrap();
    let auditor = platform.staff("auditor").unwrap();
    let size = || {
        platform.settle().unwrap();
        app::log::entries(&platform.app, &auditor, 0, 1_000).unwrap().len()
    };
    let before = size();
    let query = |purpose: &str| app::access::DecisionQuery {
        subject: done.subject_id,
        purpose: model::PurposeId::new(purpose).unwrap(),
        categories: vec![app::code::EMAIL],
        operation: model::Operation::Retrieval,
        recipient: None,
    };
    let (views, _) =
        app::access::decide(&platform.app, &ctx, vec![query("p8-2"), query("p8-5"), query("p8-4")]).unwrap();
    let answers: Vec<&str> = views.iter().map(|view| view.decision).collect();
    assert_eq!(answers, ["permit", "refuse", "permit"]);
    assert_eq!(size(), before + 1);
}

#[test]
fn clause_17_a_restricted_person_is_read_by_nobody_but_himself() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let own = platform.own(done.subject_id);
    app::request::restrict(&platform.app, &own, done.subject_id, true).unwrap();
    assert!(matches!(platform.read("service", done.subject_id, "p8-2"), Err(Failure::Refused(_))));
    assert!(app::access::data(&platform.app, &own, done.subject_id, app::code::RIGHTS, &[]).is_ok());
    app::request::restrict(&platform.app, &own, done.subject_id, false).unwrap();
    assert!(platform.read("service", done.subject_id, "p8-2").is_ok());
}

#[test]
fn clause_16_1_a_request_shows_every_limit_and_is_never_carried_out_unverified() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let dpo = platform.staff("dpo").unwrap();
    let request = app::request::open(&platform.app, &dpo, done.subject_id, "erasure", "letter").unwrap();
    assert_eq!(request.status, "received");
    assert!(request.deadlines.iter().filter(|line| line.effective).count() == 1, "{:?}", request.deadlines);
    let early = app::request::advance(&platform.app, &dpo, request.request_id, "completed");
    assert!(matches!(early, Err(Failure::Refused(_))));
    app::request::advance(&platform.app, &dpo, request.request_id, "verified").unwrap();
    app::request::advance(&platform.app, &dpo, request.request_id, "completed").unwrap();
    assert!(matches!(platform.read("service", done.subject_id, "p8-2"), Err(Failure::Gone)));
}
