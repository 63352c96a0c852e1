//! Records under terms, and rules about groups of them, as programs see them.

use super::*;

async fn record(instance: &Instance, key: &str, subject: &str, message: &str, terms: Value) -> Value {
    let body = json!({"purpose": "p8-2", "values": {"message": message}, "terms": terms});
    let said = instance.send(Method::POST, &format!("/subjects/{subject}/records"), key, Some(body)).await;
    assert_eq!(said.status, 201, "{}", said.body);
    said.body
}

/// The messages that a selection finds.
async fn found(instance: &Instance, key: &str, terms: &str) -> Vec<String> {
    let path = format!("/records?purpose=p8-2&terms={}", terms.replace('=', "%3D"));
    let said = instance.send(Method::GET, &path, key, None).await;
    assert_eq!(said.status, 200, "{}", said.body);
    let items = said.body["items"].as_array().unwrap().iter();
    let mut messages: Vec<String> = items
        .flat_map(|item| item["values"].as_array().unwrap())
        .filter(|value| value["category"] == "message")
        .map(|value| text(&value["value"]).to_owned())
        .collect();
    messages.sort();
    messages
}

async fn rule(instance: &Instance, key: &str, body: Value) -> Said {
    instance.send(Method::POST, "/rules", key, Some(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_10_2_a_rule_holds_at_once_for_all_that_it_finds() {
    let instance = Instance::new();
    let (service, dpo) = (instance.key("service", &[]), instance.key("dpo", &[]));
    let mut subjects = Vec::new();
    for name in ["first", "second"] {
        let subject = text(&instance.submitted(&service).await["subject_id"]).to_owned();
        let made =
            record(&instance, &service, &subject, name, json!({"purpose": "p8-2", "recipient": "bank"}))
                .await;
        assert_eq!(made["terms"], json!({"purpose": "p8-2", "recipient": "bank"}));
        subjects.push((subject, text(&made["record_id"]).to_owned()));
    }
    assert_eq!(found(&instance, &service, "recipient=bank").await, ["first", "second"]);

    let taken = json!({"pattern": {"recipient": "bank"}, "set": {"recipient": null}, "standing": true, "ground": "C12.1"});
    let made = rule(&instance, &dpo, taken).await;
    assert_eq!((made.status, made.body["groups"].as_u64()), (201, Some(1)), "{}", made.body);
    assert!(found(&instance, &service, "recipient=bank").await.is_empty());
    assert_eq!(found(&instance, &service, "purpose=p8-2").await, ["first", "second"]);

    // What comes later meets it too, until it ends.
    let (subject, _) = &subjects[0];
    let later = record(&instance, &service, subject, "third", json!({"recipient": "bank"})).await;
    assert_eq!(later["terms"], json!({}));
    let path = format!("/rules/{}/end", text(&made.body["rule_id"]));
    assert_eq!(instance.send(Method::POST, &path, &dpo, None).await.status, 200);
    let again = instance.send(Method::POST, &path, &dpo, None).await;
    assert_eq!((again.status, again.body["code"].as_str()), (409, Some("rule-not-standing")));
    let later = record(&instance, &service, subject, "fourth", json!({"recipient": "bank"})).await;
    assert_eq!(later["terms"], json!({"recipient": "bank"}));

    // One person's record is put under other terms; the others stay.
    let (subject, id) = &subjects[1];
    let change = json!({"terms": {"objection": "p8-2", "recipient": "bank"}});
    let path = format!("/subjects/{subject}/records/{id}/terms");
    assert_eq!(instance.send(Method::POST, &path, &dpo, Some(change)).await.status, 200);
    assert_eq!(found(&instance, &service, "recipient=bank").await, ["fourth"], "the person objects");
    let listed = instance.send(Method::GET, &format!("/subjects/{subject}/records"), &dpo, None).await;
    let terms: Vec<&Value> =
        listed.body["items"].as_array().unwrap().iter().map(|item| &item["terms"]).collect();
    assert!(
        terms.contains(&&json!({"purpose": "p8-2", "objection": "p8-2", "recipient": "bank"})),
        "{terms:?}"
    );

    let rules = instance.send(Method::GET, "/rules", &dpo, None).await;
    assert_eq!(rules.body["items"][0]["effect"], "recipient=");
    assert!(rules.body["items"][0]["ended_at"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_16_2_one_record_is_opened_corrected_and_deleted() {
    let instance = Instance::new();
    let (service, dpo) = (instance.key("service", &[]), instance.key("dpo", &[]));
    let subject = text(&instance.submitted(&service).await["subject_id"]).to_owned();
    let made = record(&instance, &service, &subject, "before", json!({"source": "desk"})).await;
    let path = format!("/subjects/{subject}/records/{}", text(&made["record_id"]));
    let data = format!("{path}/data?purpose=p8-2");
    let opened = instance.send(Method::GET, &data, &service, None).await;
    assert_eq!(opened.body["values"][0]["value"], "before", "{}", opened.body);
    let value = text(&opened.body["values"][0]["value_id"]).to_owned();
    let rectify = format!("/subjects/{subject}/values/{value}/rectify");
    let said = instance.send(Method::POST, &rectify, &dpo, Some(json!({"value": "after"}))).await;
    assert_eq!(said.status, 200, "{}", said.body);
    assert_eq!(instance.send(Method::GET, &data, &service, None).await.body["values"][0]["value"], "after");
    let told = app::outbox::count(&instance.platform.app).unwrap();
    let deleted = instance.send(Method::POST, &format!("{path}/delete"), &dpo, None).await;
    assert_eq!((deleted.status, deleted.body["records"].as_u64()), (200, Some(1)), "{}", deleted.body);
    assert_eq!(instance.send(Method::GET, &data, &service, None).await.status, 404);
    // The person holds a receipt of it, which verifies, and is told.
    let receipt = text(&deleted.body["receipt"]);
    assert!(app::receipt::verify(&instance.platform.app, receipt.as_bytes()).unwrap().valid);
    assert!(receipt.contains(text(&made["record_id"])) && !receipt.contains("after"));
    let (_, path) = text(&deleted.body["receipt_url"]).split_once("/api/v1").unwrap();
    let kept = instance.send(Method::GET, path, &dpo, None).await;
    assert_eq!((kept.status, kept.body["kind"].as_str()), (200, Some("deletion")), "{}", kept.body);
    assert_eq!(app::outbox::count(&instance.platform.app).unwrap(), told + 1);
    // The rest of the person is there.
    let rest = format!("/subjects/{subject}/data?purpose=p8-2");
    assert_eq!(instance.send(Method::GET, &rest, &service, None).await.status, 200);
    let all =
        instance.send(Method::POST, &format!("/subjects/{subject}/records/all/delete"), &dpo, None).await;
    assert_eq!(all.status, 200, "{}", all.body);
    let rest = instance.send(Method::GET, &rest, &service, None).await;
    assert_eq!(rest.body["values"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_sent_twice_under_one_key_is_written_once() {
    let instance = Instance::new();
    let (service, dpo) = (instance.key("service", &[]), instance.key("dpo", &[]));
    let subject = text(&instance.submitted(&service).await["subject_id"]).to_owned();
    let path = format!("/subjects/{subject}/records");
    let send = async |path: &str, message: &str| {
        let body = json!({"purpose": "p8-2", "values": {"message": message}, "terms": {"source": "desk"}});
        let key = [("idempotency-key", "k-1")];
        instance.send_with(Method::POST, path, &service, &key, Some(body.to_string())).await
    };
    let first = send(&path, "once").await;
    let again = send(&path, "once").await;
    assert_eq!((first.status, again.status), (201, 201), "{}", again.body);
    assert_eq!(first.body, again.body);
    assert_eq!(found(&instance, &service, "source=desk").await, ["once"]);
    for (path, message) in
        [(path.as_str(), "another"), (&path.replace(&subject, &other(&instance).await), "once")]
    {
        let said = send(path, message).await;
        assert_eq!((said.status, said.body["code"].as_str()), (422, Some("idempotency-mismatch")));
    }
    let gone = format!("{path}/{}/delete", text(&first.body["record_id"]));
    assert_eq!(instance.send(Method::POST, &gone, &dpo, None).await.status, 200);
    assert_eq!(send(&path, "once").await.status, 410);
}

/// Somebody else whose data are held.
async fn other(instance: &Instance) -> String {
    let service = instance.key("service", &[]);
    text(&instance.submitted(&service).await["subject_id"]).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_rule_and_who_may_make_none_is_told() {
    let instance = Instance::new();
    let (service, dpo) = (instance.key("service", &[]), instance.key("dpo", &[]));
    let ground = "C10.2";
    for (body, status, code) in [
        (json!({"pattern": {}, "destroy": true, "ground": ground}), 422, "rule-without-pattern"),
        (
            json!({"pattern": {"source": "a"}, "destroy": true, "standing": true, "ground": ground}),
            422,
            "rule-destroys-later",
        ),
        (json!({"pattern": {"colour": "a"}, "destroy": true, "ground": ground}), 400, "malformed"),
        (json!({"pattern": {"source": "a"}, "ground": ground}), 400, "malformed"),
        (
            json!({"pattern": {"source": "a"}, "set": {"storage_period": "soon"}, "ground": ground}),
            400,
            "malformed",
        ),
        (json!({"pattern": {"source": "a"}, "destroy": true, "ground": "так решили"}), 400, "malformed"),
    ] {
        let said = rule(&instance, &dpo, body.clone()).await;
        assert_eq!((said.status, said.body["code"].as_str()), (status, Some(code)), "{body}: {}", said.body);
    }
    let whole = json!({"pattern": {"source": "a"}, "destroy": true, "ground": ground});
    assert_eq!(rule(&instance, &service, whole).await.status, 403);
    let subject = text(&instance.submitted(&service).await["subject_id"]).to_owned();
    let wrong = json!({"purpose": "p8-2", "values": {"message": "x"}, "terms": {"storage_period": "soon"}});
    let said =
        instance.send(Method::POST, &format!("/subjects/{subject}/records"), &service, Some(wrong)).await;
    assert_eq!(
        (said.status, text(&said.body["detail"]).contains("storage_period")),
        (400, true),
        "{}",
        said.body
    );
    let path = format!("/subjects/{subject}/records");
    let unknown = json!({"purpose": "p8-2", "values": {"blood_group": "x"}});
    let said = instance.send(Method::POST, &path, &service, Some(unknown)).await;
    assert_eq!((said.status, codes(&said.body)), (422, vec!["category-unknown".to_owned()]));
    let excess = json!({"purpose": "p8-2", "values": {"preferences": "x"}});
    let said = instance.send(Method::POST, &path, &service, Some(excess)).await;
    assert!(said.status == 403 || said.status == 422, "{}", said.body);
    let said = instance.send(Method::GET, "/records?purpose=p8-2&terms=what", &service, None).await;
    assert_eq!(said.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_has_pages_and_each_record_stands_on_one() {
    let instance = Instance::new();
    let service = instance.key("service", &[]);
    let mut wanted = Vec::new();
    for number in 0..7 {
        let subject = text(&instance.submitted(&service).await["subject_id"]).to_owned();
        let terms = json!({"source": "desk", "role": format!("r{}", number % 3)});
        wanted.push(text(&record(&instance, &service, &subject, "m", terms).await["record_id"]).to_owned());
        instance.platform.clock.advance_seconds(1);
    }
    wanted.sort();
    for limit in [1, 2, 7, 50] {
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/records?purpose=p8-2&terms=source%3Ddesk&limit={limit}{cursor}");
            let page = instance.send(Method::GET, &path, &service, None).await;
            assert_eq!(page.status, 200, "{}", page.body);
            let items = page.body["items"].as_array().unwrap();
            assert!(items.len() <= limit && !items.is_empty());
            ids.extend(items.iter().map(|item| text(&item["record_id"]).to_owned()));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        ids.sort();
        assert_eq!(ids, wanted, "by {limit}");
    }
}
