//! Promises that hold by structure: one vault, nothing kept of who refuses, compatible use, home country.

use app::Failure;
use app::evidence::Standing;
use model::{CategoryCode, Locale, PurposeId};
use testkit::{Person, Platform};

/// Whether any file below the folder holds the bytes.
fn holds(folder: &std::path::Path, needle: &str) -> bool {
    // A server comes and goes with files of its own while they are looked at.
    std::fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return holds(&path, needle);
        }
        std::fs::read(&path)
            .is_ok_and(|bytes| bytes.windows(needle.len()).any(|window| window == needle.as_bytes()))
    })
}

#[test]
fn clause_2_and_clause_3_whatever_comes_in_is_only_ciphertext_on_disk() {
    let platform = Platform::new().unwrap();
    platform.submit(&Person::aigul().with("message", "Қайырлы күн, перезвоните")).unwrap();
    let storage = testkit::family::storage(platform.data());
    for value in ["Айгүл", "aigul@example.kz", "+77011234567", "77011234567", "перезвоните"] {
        assert!(!holds(&storage, value), "a value lies in clear on the disk");
    }
    // The control: something that must be there is found by the same search.
    assert!(holds(&storage, "consultation"));
}

#[test]
fn clause_3_every_form_leads_into_the_one_vault() {
    let platform = Platform::new().unwrap();
    for form in platform.app.policy().forms() {
        let mut person = Person::aigul();
        person.form = form.id;
        person.purposes = form.purposes.iter().filter(|one| one.required).map(|one| one.id).collect();
        for (field, value) in [
            ("surname", "Серікова"),
            ("given_name", "Айгүл"),
            ("iin", "000101500001"),
            ("registered_address", "г. Алматы, ул. Абая, 1"),
            ("message", "—"),
        ] {
            if form.field(field).is_some_and(|known| known.required) {
                person = person.with(field, value);
            }
        }
        person.values.retain(|(name, _)| form.field(name).is_some());
        let done = platform.submit(&person).unwrap_or_else(|failure| panic!("{}: {failure:?}", form.id));
        let own = platform.own(done.subject_id);
        let view = app::access::data(&platform.app, &own, done.subject_id, app::code::RIGHTS, &[]).unwrap();
        assert_eq!(view.values.len(), person.values.len(), "{}", form.id);
    }
}

#[test]
fn clause_4_2_who_refuses_leaves_without_a_trace() {
    let platform = Platform::new().unwrap();
    let auditor = platform.staff("auditor").unwrap();
    let size = || {
        platform.settle().unwrap();
        app::log::entries(&platform.app, &auditor, 0, 1_000).unwrap().len()
    };
    let before = size();
    let mut person = Person::aigul();
    person.purposes.clear();
    assert!(matches!(platform.submit(&person), Err(Failure::Refused(_))));
    assert_eq!(size(), before, "not even an entry without a person");
    assert!(!holds(platform.data(), "example.kz\""));
}

#[test]
fn clause_1_2_an_iin_of_a_minor_is_refused() {
    let platform = Platform::new().unwrap();
    let order = platform
        .app
        .policy()
        .forms()
        .iter()
        .find(|form| form.field("iin").is_some())
        .expect("a form with IIN");
    let mut person = Person::aigul().with("iin", &minor());
    person.form = order.id;
    person.purposes = order.purposes.iter().filter(|one| one.required).map(|one| one.id).collect();
    let Err(Failure::Refused(violations)) = platform.submit(&person) else { panic!("a minor was taken in") };
    assert!(
        violations.iter().any(|one| one.clause.as_str() == "C1.2" && one.field.as_deref() == Some("iin"))
    );
}

/// A synthetic IIN of somebody born on 1 January 2015, its check digit computed.
fn minor() -> String {
    let base = "15010150000";
    for serial in 0..10 {
        for check in 0..10 {
            let text = format!("{}{serial}{check}", &base[..10]);
            if model::identifier::Iin::parse(&text).is_ok() {
                return text;
            }
        }
    }
    panic!("no valid check digit")
}

#[test]
fn clause_8_2_an_enquiry_is_seen_moved_on_and_never_back() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let service = platform.staff("service").unwrap();
    let (all, _) = app::enquiry::list(&platform.app, &service, None, None, 50).unwrap();
    assert_eq!(all[0].number, done.number.unwrap());
    let enquiry = done.enquiry_id.unwrap();
    let to =
        |status: &str| app::enquiry::set_status(&platform.app, &service, done.subject_id, enquiry, status);
    assert_eq!(to("assigned").unwrap().status, "assigned");
    assert_eq!(to("fulfilled").unwrap().status, "fulfilled");
    assert!(matches!(to("received"), Err(Failure::Refused(_))));
    let admin = platform.staff("admin").unwrap();
    assert!(matches!(app::enquiry::list(&platform.app, &admin, None, None, 50), Err(Failure::Refused(_))));
}

#[test]
fn clause_9_2_every_value_says_where_it_came_from_and_since_when() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    let own = platform.own(done.subject_id);
    let view = app::access::data(&platform.app, &own, done.subject_id, app::code::RIGHTS, &[]).unwrap();
    for value in &view.values {
        assert_eq!(value.source, "form:consultation");
        assert_eq!(value.as_of.to_string(), testkit::platform::MONDAY);
    }
}

#[test]
fn clause_10_3_what_was_given_for_one_purpose_serves_no_other() {
    let platform = Platform::new().unwrap();
    let mut person = Person::aigul();
    person.purposes = vec![PurposeId::new("p8-2").unwrap()];
    let done = platform.submit(&person).unwrap();
    for (role, purpose) in
        [("service", "p8-4"), ("marketing", "p8-5"), ("marketing", "p8-8"), ("bank-desk", "p8-10")]
    {
        assert!(
            matches!(platform.read(role, done.subject_id, purpose), Err(Failure::Refused(_))),
            "{role} used data for {purpose}"
        );
    }
}

#[test]
fn clause_10_4_a_form_asks_for_nothing_that_its_purposes_do_not_need() {
    let platform = Platform::new().unwrap();
    let policy = platform.app.policy();
    for form in policy.forms() {
        for field in &form.fields {
            let set = policy.category_set(&[field.category]).unwrap();
            let needed =
                form.purposes.iter().any(|one| policy.purpose(one.id).unwrap().categories.covers(set));
            assert!(needed, "{} asks for {}", form.id, field.name);
        }
    }
    let unknown = CategoryCode::new("blood_group").unwrap();
    assert_eq!(policy.category_set(&[unknown]), Err(unknown));
}

#[test]
fn clause_11_1_an_undeclared_or_foreign_location_turns_the_row_red() {
    for country in [None, Some("US")] {
        let platform = Platform::with_locations(country).unwrap();
        let evidence = app::evidence::compute(&platform.app, Locale::En).unwrap();
        let row = evidence.rows.iter().find(|row| row.id.as_str() == "C11.1").unwrap();
        assert_eq!(row.standing, Standing::Broken);
    }
}

#[test]
fn clause_18_no_recipient_is_known_that_is_not_published() {
    let platform = Platform::new().unwrap();
    assert!(platform.app.policy().recipients().iter().all(|recipient| recipient.published));
    let done = platform.submit(&Person::aigul()).unwrap();
    let ctx = platform.staff("bank-desk").unwrap();
    let query = app::access::DecisionQuery {
        subject: done.subject_id,
        purpose: PurposeId::new("p8-10").unwrap(),
        categories: vec![app::code::PHONE],
        operation: model::Operation::Provision,
        recipient: Some(model::RecipientId::new("bank-nobody-knows").unwrap()),
    };
    let (views, _) = app::access::decide(&platform.app, &ctx, vec![query]).unwrap();
    assert_eq!(views[0].decision, "refuse");
    assert!(
        views[0].violations.iter().any(|one| one.code.starts_with("recipient-")),
        "{:?}",
        views[0].violations
    );
}

#[test]
fn clause_17_2_on_a_full_disk_nothing_is_taken_in_but_withdrawal_and_erasure_work() {
    if testkit::family::is_server() {
        // The disk of a server is its own: it refuses, and its words are mapped (`store::Fault::Full`).
        return;
    }
    let platform = Platform::with_max_bytes(4 << 20).unwrap();
    let first = platform.submit(&Person::aigul()).unwrap();
    let second = platform.submit(&Person::named("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz")).unwrap();
    let long = "слово ".repeat(150);
    let mut full = None;
    for number in 0..5_000 {
        let person = Person::named("Сара", "+7 701 000 11 22", &format!("p{number}@example.kz"));
        if let Err(failure) = platform.submit(&person.with("message", &long)) {
            full = Some(failure);
            break;
        }
    }
    assert!(full.is_some_and(|failure| failure.is_disk_full()), "the disk never filled up");
    let what = app::consent::Withdrawal { purposes: vec![PurposeId::new("p8-4").unwrap()], parts: vec![] };
    let own = platform.own(first.subject_id);
    app::consent::withdraw(&platform.app, &own, first.consent_id, &what).unwrap();
    let own = platform.own(second.subject_id);
    app::erasure::erase(&platform.app, &own, second.subject_id, "demand").unwrap();
    app::erasure::sweep(&platform.app).unwrap();
    assert_eq!(app::log::fsck(&platform.app).unwrap(), Vec::<String>::new());
}

#[test]
fn clause_16_1_an_intake_key_can_exercise_nobodys_rights() {
    let platform = Platform::new().unwrap();
    let done = platform.submit(&Person::aigul()).unwrap();
    for role in ["intake", "service", "marketing", "auditor", "admin"] {
        let ctx = platform.staff(role).unwrap();
        let everything = app::consent::Withdrawal::default();
        let withdrawn = app::consent::withdraw(&platform.app, &ctx, done.consent_id, &everything);
        assert!(matches!(withdrawn, Err(Failure::Refused(_))), "{role} withdrew");
        let erased = app::erasure::erase(&platform.app, &ctx, done.subject_id, "demand");
        assert!(matches!(erased, Err(Failure::Refused(_))), "{role} erased");
    }
}
