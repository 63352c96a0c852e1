//! What comes in after the first submission: further consents, further enquiries, and the receipt that a door
//! fetches for the person before it.

use super::*;

/// A submission that consents to nothing but the answer.
async fn narrow(instance: &Instance, key: &str) -> Value {
    let mut body = Instance::submission();
    body["consent"]["purposes"] = json!(["p8-2"]);
    let said = instance.send(Method::POST, "/forms/consultation/submissions", key, Some(body)).await;
    assert_eq!(said.status, 201, "{}", said.body);
    said.body
}

fn path_of(url: &Value) -> String {
    text(url).rsplit("/api/v1").next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_6_2_a_further_consent_is_recorded_with_how_it_was_obtained() {
    let instance = Instance::new();
    let (service, dpo) = (instance.key("service", &[]), instance.key("dpo", &[]));
    let made = narrow(&instance, &service).await;
    let subject = text(&made["subject_id"]).to_owned();
    let data = format!("/subjects/{subject}/data?purpose=p8-4");
    assert_eq!(instance.send(Method::GET, &data, &service, None).await.status, 403);

    let body = json!({"subject_id": subject, "purposes": ["p8-4"], "notice_version": "2026-11", "language": "kk", "channel": "phone"});
    instance.platform.clock.advance_seconds(1);
    let send = async |key: &str, body: &Value| {
        let headers = [("idempotency-key", "further-1")];
        instance.send_with(Method::POST, "/consents", key, &headers, Some(body.to_string())).await
    };
    let given = send(&service, &body).await;
    assert_eq!(given.status, 201, "{}", given.body);
    assert_ne!(given.body["consent_id"], made["consent_id"]);
    let receipt = text(&given.body["receipt"]).to_owned();
    let again = send(&service, &body).await;
    assert_eq!((again.status, &again.body["consent_id"]), (201, &given.body["consent_id"]));
    let mut other = body.clone();
    other["purposes"] = json!(["p8-3"]);
    assert_eq!(send(&service, &other).await.body["code"], "idempotency-mismatch");

    // It lives at once, the first one lives on, and the receipt verifies and holds no value.
    assert_eq!(instance.send(Method::GET, &data, &service, None).await.status, 200);
    let first = format!("/subjects/{subject}/data?purpose=p8-2");
    assert_eq!(instance.send(Method::GET, &first, &service, None).await.status, 200);
    assert!(app::receipt::verify(&instance.platform.app, receipt.as_bytes()).unwrap().valid);
    for value in ["Айгүл", "aigul", "7011234567"] {
        assert!(!receipt.contains(value), "{value} in the receipt");
    }

    // Listed with its evidence, by pages of one.
    let listed = instance.send(Method::GET, &format!("/consents?subject_id={subject}"), &dpo, None).await;
    let items = listed.body["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["consent_id"]), (2, &given.body["consent_id"]));
    let record = &items[0]["record"];
    assert_eq!((text(&record["channel"]), text(&record["language"])), ("phone", "kk"));
    assert_eq!(text(&record["obtained_by"]["role"]), "service");
    assert!(text(&record["obtained_by"]["principal"]).starts_with("key_"), "{record}");
    let page =
        instance.send(Method::GET, &format!("/consents?subject_id={subject}&limit=1"), &dpo, None).await;
    let cursor = text(&page.body["next_cursor"]);
    let rest = instance
        .send(Method::GET, &format!("/consents?subject_id={subject}&limit=1&cursor={cursor}"), &dpo, None)
        .await;
    assert_eq!(
        (&rest.body["items"][0]["consent_id"], &rest.body["next_cursor"]),
        (&made["consent_id"], &Value::Null)
    );

    // Withdrawn alone.
    let withdraw = format!("/consents/{}/withdraw", text(&given.body["consent_id"]));
    assert_eq!(instance.send(Method::POST, &withdraw, &dpo, None).await.status, 200);
    assert_eq!(instance.send(Method::GET, &data, &service, None).await.status, 403);
    assert_eq!(instance.send(Method::GET, &first, &service, None).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_further_consent_is_refused_with_its_rule_and_leaves_nothing() {
    let instance = Instance::new();
    let (service, dpo) = (instance.key("service", &[]), instance.key("dpo", &[]));
    let made = narrow(&instance, &service).await;
    let subject = made["subject_id"].clone();
    let ask = |more: Value| {
        let mut body = json!({"subject_id": subject, "purposes": ["p8-4"], "notice_version": "2026-11", "language": "ru"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let narrowed = instance.key("service", &["p8-2"]);
    let marketing = instance.key("marketing", &[]);
    for (key, body, status, code) in [
        (&service, ask(json!({"notice_version": "2020-01"})), 422, "notice-outdated"),
        (&service, ask(json!({"purposes": []})), 422, "purpose-required"),
        (&service, ask(json!({"purposes": ["p9-9"]})), 422, "purpose-unknown"),
        (&service, ask(json!({"purposes": ["rights"]})), 422, "purpose-unknown"),
        (&service, ask(json!({"adult": false})), 422, "adult-not-declared"),
        (&service, ask(json!({"channel": "by phone, she said"})), 422, "text-invalid"),
        (&service, ask(json!({"purposes": ["p8-4", "p8-5"]})), 403, "purpose-not-of-role"),
        (&narrowed, ask(json!({})), 403, "purpose-not-of-role"),
        (&marketing, ask(json!({})), 403, "operation-not-of-role"),
    ] {
        let said = instance.send(Method::POST, "/consents", key, Some(body)).await;
        assert_eq!((said.status, said.body["code"].as_str()), (status, Some(code)), "{}", said.body);
    }
    let listed =
        instance.send(Method::GET, &format!("/consents?subject_id={}", text(&subject)), &dpo, None).await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
    let id = text(&subject).parse().unwrap();
    app::erasure::erase(&instance.platform.app, &instance.platform.own(id), id, "demand").unwrap();
    assert_eq!(instance.send(Method::POST, "/consents", &service, Some(ask(json!({})))).await.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_8_2_an_enquiry_is_opened_only_under_a_live_consent() {
    let instance = Instance::new();
    let (service, dpo) = (instance.key("service", &[]), instance.key("dpo", &[]));
    let made = narrow(&instance, &service).await;
    let subject = made["subject_id"].clone();
    let body = json!({"subject_id": subject, "form": "consultation", "text": "Когда вы перезвоните?"});
    let send = async || {
        let headers = [("idempotency-key", "enquiry-1")];
        instance.send_with(Method::POST, "/enquiries", &service, &headers, Some(body.to_string())).await
    };
    let opened = send().await;
    assert_eq!((opened.status, text(&opened.body["status"])), (201, "received"), "{}", opened.body);
    assert_eq!((text(&opened.body["purpose"]), &opened.body["subject_id"]), ("p8-2", &subject));
    assert_ne!(opened.body["enquiry_id"], made["enquiry_id"]);
    assert_eq!(send().await.body["enquiry_id"], opened.body["enquiry_id"], "made once");
    let data = format!("/subjects/{}/data?purpose=p8-2&categories=message", text(&subject));
    let read = instance.send(Method::GET, &data, &service, None).await;
    assert_eq!(read.body["values"][0]["value"], "Когда вы перезвоните?");

    let ask = async |key: &str, body: Value| instance.send(Method::POST, "/enquiries", key, Some(body)).await;
    for (form, purpose, code) in
        [("nothing", "p8-2", "form-unknown"), ("consultation", "p8-3", "purpose-unknown")]
    {
        let said = ask(&service, json!({"subject_id": subject, "form": form, "purpose": purpose})).await;
        assert_eq!((said.status, said.body["code"].as_str()), (422, Some(code)), "{}", said.body);
    }
    // Offered by the form, not consented to by this person.
    let missing = json!({"subject_id": subject, "form": "consultation", "purpose": "p8-4"});
    assert_eq!(ask(&service, missing).await.body["code"], "consent-missing");
    let plain = json!({"subject_id": subject, "form": "consultation"});
    assert_eq!(ask(&instance.key("marketing", &[]), plain.clone()).await.status, 403);
    assert_eq!(ask(&instance.key("service", &["p8-4"]), plain.clone()).await.status, 403);

    let withdraw = format!("/consents/{}/withdraw", text(&made["consent_id"]));
    assert_eq!(instance.send(Method::POST, &withdraw, &dpo, None).await.status, 200);
    let refused = ask(&service, plain).await;
    assert_eq!((refused.status, refused.body["code"].as_str()), (403, Some("consent-withdrawn")));
    let listed = instance.send(Method::GET, "/enquiries", &service, None).await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 2, "nothing half-stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_11_4_a_door_fetches_the_receipts_of_its_own_submissions_and_no_others() {
    let instance = Instance::new();
    let (intake, stranger, service) =
        (instance.key("intake", &[]), instance.key("intake", &[]), instance.key("service", &[]));
    for (own, foreign) in [(&intake, &stranger), (&service, &intake), (&stranger, &service)] {
        let made = instance.submitted(own).await;
        let url = path_of(&made["receipt_url"]);
        let fetched = instance.send(Method::GET, &url, own, None).await;
        assert_eq!(fetched.status, 200, "{}", fetched.body);
        let first: Value = serde_json::from_str(text(&made["receipt"])).unwrap();
        assert_eq!(fetched.body["body"], first["body"]);
        assert_eq!(instance.send(Method::GET, &url, foreign, None).await.status, 404);
        // Nothing else of the person opens by it.
        let consent = format!("/consents/{}/receipt", text(&made["consent_id"]));
        assert_eq!(instance.send(Method::GET, &consent, own, None).await.status, 403);
    }
    // A receipt that the person himself made is nobody's at the door.
    let made = instance.submitted(&service).await;
    let subject = text(&made["subject_id"]).parse().unwrap();
    let consent = text(&made["consent_id"]).parse().unwrap();
    let own = instance.platform.own(subject);
    let all = app::consent::Withdrawal::default();
    let app = &instance.platform.app;
    let withdrawn = app::consent::withdraw(app, &own, consent, &all).unwrap();
    let url = format!("/receipts/{}", withdrawn.receipt_id);
    assert_eq!(instance.send(Method::GET, &url, &service, None).await.status, 404);

    // The look stands in the history, by the key, and the time for it ends.
    let blind = instance.submitted(&intake).await;
    let url = path_of(&blind["receipt_url"]);
    assert_eq!(instance.send(Method::GET, &url, &intake, None).await.status, 200);
    let auditor = instance.key("auditor", &[]);
    let entries = instance.send(Method::GET, "/log/entries?limit=200", &auditor, None).await;
    let last = entries.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .rfind(|item| item["entry"]["kind"] == "receipt-handed-over");
    assert_eq!(last.unwrap()["entry"]["role"], "intake");
    instance.platform.wait_hours(i64::from(app.policy().limits().idempotency_hours));
    assert_eq!(instance.send(Method::GET, &url, &intake, None).await.status, 403);
}
