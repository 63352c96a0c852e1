//! Records under terms: rules about groups of them, storage periods, objections, suspended recipients, and what each
//! person is shown of it.

use app::access::{self, DecisionQuery};
use app::record::{self, NewRecord, Written};
use app::rule::{self, Made, NewRule};
use app::{Failure, code};
use model::{Operation, Private, PurposeId, RecipientId, SubjectId, TermField};
use testkit::{Person, Platform};

fn purpose(id: &str) -> PurposeId {
    PurposeId::new(id).unwrap()
}

fn write(platform: &Platform, subject: SubjectId, message: &str, terms: &str) -> Written {
    let values = vec![(code::MESSAGE, Private::new(message.to_owned()))];
    let new =
        NewRecord { purpose: purpose("p8-2"), values, terms: terms.parse().unwrap(), idempotency: None };
    record::write(&platform.app, &platform.staff("service").unwrap(), subject, &new).unwrap()
}

fn rule(platform: &Platform, pattern: &str, effect: &str, is_standing: bool) -> Made {
    let new = NewRule {
        pattern: pattern.parse().unwrap(),
        effect: effect.parse().unwrap(),
        is_standing,
        ground: model::TermCode::new("C10.2").unwrap(),
    };
    rule::make(&platform.app, &platform.staff("dpo").unwrap(), &new).unwrap()
}

fn messages(platform: &Platform, subject: SubjectId) -> Vec<String> {
    let seen = platform.read("service", subject, "p8-2").unwrap();
    seen.into_iter().filter(|(category, _)| *category == code::MESSAGE).map(|(_, value)| value).collect()
}

fn selected(platform: &Platform, terms: &str) -> Vec<String> {
    let ctx = platform.staff("service").unwrap();
    let found =
        record::select(&platform.app, &ctx, purpose("p8-2"), &terms.parse().unwrap(), None, 200).unwrap();
    let values = found.records.into_iter().flat_map(|one| one.values);
    let mut texts: Vec<String> = values
        .filter(|value| value.category == code::MESSAGE)
        .map(|value| value.value.expose().clone())
        .collect();
    texts.sort();
    texts
}

/// Kinds of entries in the person's history with the id of each.
fn history(platform: &Platform, subject: SubjectId) -> Vec<(String, String)> {
    let lines = access::history(&platform.app, &platform.own(subject), subject).unwrap();
    lines.into_iter().map(|line| (line.entry["kind"].as_str().unwrap().to_owned(), line.entry_id)).collect()
}

fn shows(platform: &Platform, subject: SubjectId, entry: model::EntryId) -> usize {
    history(platform, subject).iter().filter(|(_, id)| *id == entry.to_string()).count()
}

/// No key of the person opens this record any more.
fn is_gone(platform: &Platform, subject: SubjectId, record: model::RecordId) -> bool {
    let (listed, _) = record::list(&platform.app, &platform.staff("dpo").unwrap(), subject).unwrap();
    listed.iter().all(|one| one.record_id != record)
}

#[test]
fn clause_10_7_what_a_rule_destroys_is_gone_at_once_and_its_keys_soon() {
    let platform = Platform::new().unwrap();
    let whom = platform.submit(&Person::aigul()).unwrap().subject_id;
    let other = platform
        .submit(&Person::named("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz"))
        .unwrap()
        .subject_id;
    let doomed = write(&platform, whom, "to be destroyed", "source=old");
    write(&platform, whom, "stays", "source=new");
    write(&platform, other, "of the other", "source=new");
    let made = rule(&platform, "source=old", "destroy", false);
    assert_eq!(made.groups, 1);
    assert_eq!(selected(&platform, "source=old"), Vec::<String>::new());
    assert!(!messages(&platform, whom).contains(&"to be destroyed".to_owned()));
    assert_eq!(shows(&platform, whom, made.log_entry), 1, "the person is shown the rule before the sweep");
    assert_eq!(record::sweep(&platform.app).unwrap(), 1);
    assert_eq!(record::sweep(&platform.app).unwrap(), 0);
    assert!(is_gone(&platform, whom, doomed.record_id));
    assert_eq!(shows(&platform, whom, made.log_entry), 1, "and after it");
    assert_eq!(shows(&platform, other, made.log_entry), 0, "whom it did not meet is not");
    assert!(history(&platform, whom).iter().any(|(kind, _)| kind == "destruction"));
    assert!(!history(&platform, other).iter().any(|(kind, _)| kind == "destruction"));
    assert!(messages(&platform, whom).contains(&"stays".to_owned()));
    // What is written later under the same terms is no part of it.
    write(&platform, whom, "later", "source=old");
    assert_eq!(selected(&platform, "source=old"), ["later"]);
    assert_eq!(app::log::fsck(&platform.app).unwrap(), Vec::<String>::new());
    assert_eq!(app::backup::scan_structure(&platform.app).unwrap(), Vec::<String>::new());
}

#[test]
fn clause_11_6_a_record_ends_with_its_storage_period_and_a_rule_changes_it_for_all() {
    let platform = Platform::new().unwrap();
    let whom = platform.submit(&Person::aigul()).unwrap().subject_id;
    write(&platform, whom, "short", "storage_period=2h");
    write(&platform, whom, "long", "storage_period=900h");
    platform.wait_hours(1);
    assert_eq!(selected(&platform, "storage_period=2h"), ["short"]);
    platform.wait_hours(2);
    assert_eq!(selected(&platform, "storage_period=2h"), Vec::<String>::new());
    assert!(!messages(&platform, whom).contains(&"short".to_owned()), "over before any sweep");
    assert_eq!(record::sweep(&platform.app).unwrap(), 1);
    // Retention is changed for everything that was kept longer.
    let made = rule(&platform, "storage_period=900h", "storage_period=1h", true);
    assert_eq!(selected(&platform, "storage_period=1h"), Vec::<String>::new());
    assert_eq!(record::sweep(&platform.app).unwrap(), 1);
    assert_eq!(shows(&platform, whom, made.log_entry), 1);
}

#[test]
fn clause_11_3_a_suspended_recipient_gets_nothing_from_the_commit_on() {
    let bank = "\n[[recipient]]\nid = \"bank\"\nkind = \"partner\"\nname = { ru = \"Т\", kk = \"Т\", en = \"T\" }\n\
         bin = \"211240026660\"\ncountry = \"KZ\"\npurposes = [\"p8-2\"]\ncategories = [\"phone\"]\npublished = true\n\
         undertaking_until = \"2036-12-31T19:00:00Z\"\nattestation_until = \"2036-06-30T19:00:00Z\"\n";
    let platform =
        Platform::with_files(|files| files.entry("recipients.toml".into()).or_default().push_str(bank))
            .unwrap();
    let whom = platform.submit(&Person::aigul()).unwrap().subject_id;
    let ask = || {
        let query = DecisionQuery {
            subject: whom,
            purpose: purpose("p8-2"),
            categories: vec![code::PHONE],
            operation: Operation::Provision,
            recipient: Some(RecipientId::new("bank").unwrap()),
        };
        let ctx = platform.staff("service").unwrap();
        let (views, _) = access::decide(&platform.app, &ctx, vec![query]).unwrap();
        views[0].violations.iter().map(|one| one.code).collect::<Vec<_>>()
    };
    let before = ask();
    assert!(!before.contains(&"recipient-suspended"), "{before:?}");
    let made = rule(&platform, "recipient=bank", "recipient=", true);
    assert_eq!(ask(), ["recipient-suspended"]);
    let dpo = platform.staff("dpo").unwrap();
    rule::end(&platform.app, &dpo, made.rule.rule_id).unwrap();
    assert_eq!(ask(), before);
    // Under another purpose it would stand alone.
    rule(&platform, "recipient=bank,purpose=p8-4", "recipient=", true);
    assert_eq!(ask(), before);
}

#[test]
fn clause_16_1_a_read_of_many_is_one_entry_and_each_of_them_finds_it() {
    let platform = Platform::new().unwrap();
    let whom: Vec<SubjectId> = ["Аружан", "Нұрлан", "Дана"]
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let person = Person::named(name, &format!("+7 701 765 43 2{at}"), &format!("m{at}@example.kz"));
            platform.submit(&person).unwrap().subject_id
        })
        .collect();
    for subject in &whom[..2] {
        write(&platform, *subject, "of many", "role=desk");
    }
    let ctx = platform.staff("service").unwrap();
    let pattern = "role=desk".parse().unwrap();
    let found = record::select(&platform.app, &ctx, purpose("p8-2"), &pattern, None, 200).unwrap();
    assert_eq!(found.records.len(), 2);
    let shown: Vec<usize> = whom.iter().map(|subject| shows(&platform, *subject, found.log_entry)).collect();
    assert_eq!(shown, [1, 1, 0]);
    let auditor = platform.staff("auditor").unwrap();
    platform.settle().unwrap();
    let entries = app::log::entries(&platform.app, &auditor, 0, 1_000).unwrap();
    let entry = entries.iter().find(|one| one.entry["id"] == found.log_entry.to_string()).unwrap();
    assert_eq!((&entry.entry["kind"], &entry.entry["subjects"]), (&"retrieval".into(), &2.into()));

    // Who is restricted or has withdrawn is left out.
    app::request::restrict(&platform.app, &platform.own(whom[0]), whom[0], true).unwrap();
    let found = record::select(&platform.app, &ctx, purpose("p8-2"), &pattern, None, 200).unwrap();
    assert_eq!(found.records.iter().map(|one| one.terms.subject_id).collect::<Vec<_>>(), [whom[1]]);
    let wrong = record::select(&platform.app, &ctx, purpose("p8-10"), &pattern, None, 200).unwrap();
    assert!(wrong.records.is_empty(), "nobody consented to it, and it is no purpose of the role");
    // An erasure takes the person out of every list: nothing in it leads to the person any more.
    app::erasure::erase(&platform.app, &platform.own(whom[1]), whom[1], "demand").unwrap();
    let found = record::select(&platform.app, &ctx, purpose("p8-2"), &pattern, None, 200).unwrap();
    assert!(found.records.is_empty());
}

#[test]
fn clause_17_an_objection_hides_a_record_from_its_purpose_alone() {
    let platform = Platform::new().unwrap();
    let whom = platform.submit(&Person::aigul()).unwrap().subject_id;
    let made = write(&platform, whom, "objected", "source=desk");
    let object = |to: &str| {
        let changes = [(TermField::Objection, Some(model::TermCode::new(to).unwrap()))];
        let own = platform.own(whom);
        record::change_terms(&platform.app, &own, whom, Some(made.record_id), &changes).unwrap()
    };
    let entry = object("p8-4");
    assert!(messages(&platform, whom).contains(&"objected".to_owned()));
    object("p8-2");
    assert!(!messages(&platform, whom).contains(&"objected".to_owned()));
    assert_eq!(selected(&platform, "source=desk"), Vec::<String>::new());
    assert_eq!(shows(&platform, whom, entry), 1);
    let dpo = platform.staff("dpo").unwrap();
    let own = access::data(&platform.app, &dpo, whom, code::RIGHTS, &[]).unwrap();
    assert!(
        own.values.iter().any(|value| value.value.expose() == "objected"),
        "the person's own right stays"
    );
    // Somebody else's record is out of reach.
    let other =
        platform.submit(&Person::named("Дана", "+7 701 111 11 11", "dana@example.kz")).unwrap().subject_id;
    let none = [(TermField::Source, None)];
    let foreign = record::change_terms(&platform.app, &platform.own(other), whom, None, &none);
    assert!(matches!(foreign, Err(Failure::Refused(_))));
}

#[test]
fn clause_17_a_rule_made_after_the_backup_holds_after_the_restore() {
    let platform = Platform::new().unwrap();
    let whom = platform.submit(&Person::aigul()).unwrap().subject_id;
    write(&platform, whom, "old", "source=old");
    write(&platform, whom, "new", "source=new");
    let data = platform.beside("data.backup");
    app::backup::data(&platform.app, &data).unwrap();
    platform.wait_hours(1);
    rule(&platform, "source=old", "destroy", false);
    let keys = platform.beside("keys.backup");
    app::backup::keys(&platform.app, &keys).unwrap();
    let folder = platform.beside("restored");
    testkit::family::restore(&data, &keys, &folder).unwrap();
    let restored = platform.open_other(&folder).unwrap();
    let service = platform.staff("service").unwrap();
    let seen = access::data(&restored, &service, whom, purpose("p8-2"), &[]).unwrap();
    let texts: Vec<&String> = seen.values.iter().map(|value| value.value.expose()).collect();
    assert!(texts.contains(&&"new".to_owned()) && !texts.contains(&&"old".to_owned()), "{texts:?}");
    assert_eq!(record::sweep(&restored).unwrap(), 1);
    assert_eq!(app::backup::scan_structure(&restored).unwrap(), Vec::<String>::new());
}

#[test]
fn clause_10_1_who_may_not_restrict_or_destroy_makes_no_rule() {
    let platform = Platform::new().unwrap();
    let new = NewRule {
        pattern: "source=a".parse().unwrap(),
        effect: "destroy".parse().unwrap(),
        is_standing: false,
        ground: model::TermCode::new("C10.2").unwrap(),
    };
    for role in ["service", "marketing", "auditor", "admin", "intake"] {
        let refused = rule::make(&platform.app, &platform.staff(role).unwrap(), &new);
        assert!(matches!(refused, Err(Failure::Refused(_))), "{role}");
    }
    let whom = platform.submit(&Person::aigul()).unwrap().subject_id;
    assert!(matches!(rule::make(&platform.app, &platform.own(whom), &new), Err(Failure::Refused(_))));
}
