//! The interface against a whole instance: every answer is checked against the `OpenAPI` document.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use model::{Locale, RoleId};
use serde_json::{Value, json};
use testkit::Platform;
use tower::ServiceExt as _;

mod doors;
mod lists;
mod records;

use super::{Door, PREFIX, ROUTES};
use crate::openapi;
use crate::state::Web;

/// An instance with its interface, and keys by role.
struct Instance {
    platform: Platform,
    router: Router,
    document: Value,
}

struct Said {
    status: u16,
    headers: axum::http::HeaderMap,
    body: Value,
}

impl Instance {
    fn new() -> Self {
        Self::of(Platform::new().unwrap())
    }

    fn of(platform: Platform) -> Self {
        let web = Web::new(platform.app.clone(), false, [3; 32]);
        let router = crate::router(web);
        Self { platform, router, document: openapi::build() }
    }

    fn key(&self, role: &str, purposes: &[&str]) -> String {
        let app = &self.platform.app;
        let purposes = purposes.iter().map(|id| id.parse().unwrap()).collect();
        let ctx = app.system();
        let made = app::api_key::add(app, &ctx, role, RoleId::new(role).unwrap(), purposes).unwrap();
        made.key.expose().clone()
    }

    async fn send(&self, method: Method, path: &str, key: &str, body: Option<Value>) -> Said {
        self.send_with(method, path, key, &[], body.map(|body| body.to_string())).await
    }

    async fn send_with(
        &self,
        method: Method,
        path: &str,
        key: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Said {
        let mut request = Request::builder().method(method.clone()).uri(format!("{PREFIX}{path}"));
        if !key.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        if body.is_some() && !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.map_or_else(Body::empty, Body::from)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let kind = parts.headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
        let kind = kind.unwrap_or_default();
        let body = if kind.contains("json") {
            serde_json::from_slice(&bytes).unwrap()
        } else {
            Value::from(String::from_utf8_lossy(&bytes).into_owned())
        };
        self.fits(&method, path, parts.status, &kind, &body);
        Said { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// The answer is one that the document promises for this operation.
    fn fits(&self, method: &Method, path: &str, status: StatusCode, kind: &str, body: &Value) {
        let plain = path.split('?').next().unwrap();
        let matches = |template: &str| {
            if let Some(start) = template.strip_suffix("{*path}") {
                return plain.starts_with(start);
            }
            let (asked, known): (Vec<&str>, Vec<&str>) =
                (plain.split('/').collect(), template.split('/').collect());
            asked.len() == known.len()
                && asked.iter().zip(&known).all(|(asked, known)| known.starts_with('{') || asked == known)
        };
        let Some(route) = ROUTES.iter().find(|route| route.method == *method && matches(route.path)) else {
            assert!(
                status == StatusCode::NOT_FOUND || status == StatusCode::METHOD_NOT_ALLOWED,
                "{path}: {status}"
            );
            return;
        };
        let path = format!("{PREFIX}{}", route.path.replace("{*", "{"));
        let operation = &self.document["paths"][&path][method.as_str().to_lowercase()];
        let answer = &operation["responses"][status.as_str()];
        assert!(answer.is_object(), "{path}: {status} is not described: {body}");
        let answer = match answer["$ref"].as_str() {
            Some(target) => self.document.pointer(target.trim_start_matches('#')).unwrap(),
            None => answer,
        };
        let schema = &answer["content"][kind]["schema"];
        assert!(schema.is_object(), "{path}: {status} answers {kind:?}: {body}");
        if let Err(misfit) = openapi::tests::fits(&self.document, schema, body, "") {
            panic!("{path} {status}: {misfit}");
        }
    }

    fn submission() -> Value {
        json!({
            "values": { "given_name": "Айгүл", "phone": "+7 701 123 45 67", "email": "aigul@example.kz" },
            "consent": { "notice_version": "2026-11", "purposes": ["p8-2", "p8-4"], "adult": true, "language": "ru" },
            "source": "/ru/f/consultation",
        })
    }

    async fn submitted(&self, key: &str) -> Value {
        let said =
            self.send(Method::POST, "/forms/consultation/submissions", key, Some(Self::submission())).await;
        assert_eq!(said.status, 201, "{}", said.body);
        said.body
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn codes(body: &Value) -> Vec<String> {
    body["violations"].as_array().unwrap().iter().map(|one| text(&one["code"]).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_path_from_a_form_to_an_erasure() {
    let instance = Instance::new();
    let (service, intake, dpo) =
        (instance.key("service", &[]), instance.key("intake", &[]), instance.key("dpo", &[]));

    let notice = instance.send(Method::GET, "/notices/current", "", None).await;
    assert_eq!((notice.status, text(&notice.body["version"])), (200, "2026-11"));
    assert_eq!(notice.body["languages"].as_array().unwrap().len(), 3);

    // A role that may not open values is not told which record it made.
    let blind = instance.submitted(&intake).await;
    assert!(blind.get("subject_id").is_none() && blind["secret"].is_string());
    let made = instance.submitted(&service).await;
    let subject = text(&made["subject_id"]).to_owned();
    assert!(made["receipt"].is_string() && made["enquiry_id"].is_string() && made["number"].is_string());
    assert_ne!(blind["consent_id"], made["consent_id"], "C9.0: each submission is a record of its own");

    let found = instance
        .send(Method::POST, "/subjects/lookup", &service, Some(json!({"phone": "8 (701) 123-45-67"})))
        .await;
    assert_eq!(found.body["items"].as_array().unwrap().len(), 2);
    assert_eq!(found.body["items"][0]["proven"], false);
    let nobody = instance
        .send(Method::POST, "/subjects/lookup", &service, Some(json!({"email": "no@example.kz"})))
        .await;
    assert_eq!((nobody.status, nobody.body["items"].as_array().unwrap().len()), (200, 0));

    let data =
        instance.send(Method::GET, &format!("/subjects/{subject}/data?purpose=p8-2"), &service, None).await;
    assert_eq!(data.status, 200, "{}", data.body);
    let values: BTreeMap<&str, &str> = data.body["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| (text(&value["category"]), text(&value["value"])))
        .collect();
    assert_eq!(values["email"], "aigul@example.kz");
    assert_eq!(values["given_name"], "Айгүл");
    let narrow = format!("/subjects/{subject}/data?purpose=p8-2&categories=email");
    assert_eq!(
        instance.send(Method::GET, &narrow, &service, None).await.body["values"].as_array().unwrap().len(),
        1
    );
    let entry = text(&data.body["log_entry"]).to_owned();
    let proof = instance.send(Method::GET, &format!("/log/proof?entry={entry}"), "", None).await;
    assert_eq!(proof.status, 200);

    // Decisions, one and many, with one entry.
    let question = json!({"subject_id": subject, "purpose": "p8-2", "categories": ["email"]});
    let one = instance.send(Method::POST, "/decisions", &service, Some(question.clone())).await;
    assert_eq!(one.body["decision"], "permit");
    let marketing = json!({"subject_id": subject, "purpose": "p8-5", "categories": ["email"]});
    let many = instance
        .send(Method::POST, "/decisions", &service, Some(json!({"queries": [question, marketing]})))
        .await;
    assert_eq!(many.body["results"][0]["decision"], "permit");
    assert_eq!(many.body["results"][1]["decision"], "refuse");

    // The person responsible sees the consents, withdraws one purpose, and it is refused at once.
    let consents = instance.send(Method::GET, &format!("/consents?subject_id={subject}"), &dpo, None).await;
    assert_eq!(consents.body["items"][0]["consent_id"], made["consent_id"]);
    let consent = text(&made["consent_id"]).to_owned();
    let receipt = instance.send(Method::GET, &format!("/consents/{consent}/receipt"), &dpo, None).await;
    assert_eq!(receipt.body["format"], "senim-receipt/v1");
    let by_id = text(&made["receipt_url"]).rsplit("/api/v1").next().unwrap().to_owned();
    // The checkpoint grows, what the receipt says does not.
    assert_eq!(instance.send(Method::GET, &by_id, &dpo, None).await.body["body"], receipt.body["body"]);
    let withdrawn = instance
        .send(
            Method::POST,
            &format!("/consents/{consent}/withdraw"),
            &dpo,
            Some(json!({"purposes": ["p8-4"]})),
        )
        .await;
    assert_eq!(withdrawn.status, 200, "{}", withdrawn.body);
    let refused =
        instance.send(Method::GET, &format!("/subjects/{subject}/data?purpose=p8-4"), &service, None).await;
    assert_eq!((refused.status, refused.body["code"].as_str()), (403, Some("consent-withdrawn")));

    // Enquiries.
    let listed = instance.send(Method::GET, "/enquiries?status=received&limit=1", &service, None).await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
    let cursor = text(&listed.body["next_cursor"]).to_owned();
    let next = instance.send(Method::GET, &format!("/enquiries?cursor={cursor}"), &service, None).await;
    assert_eq!(next.body["items"].as_array().unwrap().len(), 1);
    let seen = instance.send(Method::GET, "/enquiries", &intake, None).await;
    assert!(seen.body["items"][0].get("subject_id").is_none());
    let enquiry = format!("/enquiries/{}/status", text(&made["enquiry_id"]));
    let moved = instance.send(Method::POST, &enquiry, &service, Some(json!({"status": "in-work"}))).await;
    assert_eq!(moved.body["status"], "in-work");
    let back = instance.send(Method::POST, &enquiry, &service, Some(json!({"status": "received"}))).await;
    assert_eq!((back.status, back.body["code"].as_str()), (409, Some("enquiry-transition")));

    // A request cannot be carried out before it is verified (C16, RELIABILITY §1.9), nor by who only takes in.
    let opening = json!({"kind": "erasure", "subject_id": subject, "channel": "email"});
    let request = instance.send(Method::POST, "/requests", &intake, Some(opening)).await;
    assert_eq!(
        (request.status, request.body["status"].as_str()),
        (201, Some("received")),
        "{}",
        request.body
    );
    assert!(request.body["deadlines"].as_array().unwrap().len() > 1);
    let step = |name: &str| format!("/requests/{}/{name}", text(&request.body["request_id"]));
    assert_eq!(instance.send(Method::POST, &step("complete"), &dpo, None).await.status, 409);
    assert_eq!(instance.send(Method::POST, &step("verify"), &intake, None).await.status, 403);
    assert_eq!(
        instance.send(Method::POST, &step("verify"), &dpo, Some(json!({}))).await.body["status"],
        "verified"
    );
    assert_eq!(
        instance.send(Method::GET, "/requests", &dpo, None).await.body["items"].as_array().unwrap().len(),
        1
    );
    assert_eq!(instance.send(Method::POST, &step("complete"), &dpo, None).await.body["status"], "completed");
    let gone =
        instance.send(Method::GET, &format!("/subjects/{subject}/data?purpose=p8-2"), &service, None).await;
    assert_eq!(gone.status, 410);
    let left = instance
        .send(Method::POST, "/subjects/lookup", &service, Some(json!({"phone": "+77011234567"})))
        .await;
    assert_eq!(left.body["items"].as_array().unwrap().len(), 1);

    // What the auditor sees.
    let auditor = instance.key("auditor", &[]);
    let entries = instance.send(Method::GET, "/log/entries?limit=5", &auditor, None).await;
    assert_eq!((entries.status, entries.body["next_cursor"].as_str()), (200, Some("5")));
    let checkpoint = instance.send(Method::GET, "/log/checkpoint", "", None).await;
    assert!(text(&checkpoint.body).starts_with("senim.test"));
    let size: u64 = text(&checkpoint.body).lines().nth(1).unwrap().parse().unwrap();
    let tile = instance.send(Method::GET, &format!("/log/tile/0/000.p/{size}"), "", None).await;
    assert_eq!(tile.status, 200);
    assert_eq!(instance.send(Method::GET, "/evidence", &auditor, None).await.status, 200);
    assert_eq!(instance.send(Method::GET, "/recipients", &auditor, None).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_makes_one_thing_once() {
    let instance = Instance::new();
    let service = instance.key("service", &[]);
    let path = "/forms/consultation/submissions";
    let body = Instance::submission().to_string();
    let send = async |key: &str, body: &str| {
        instance
            .send_with(Method::POST, path, key, &[("idempotency-key", "k-1")], Some(body.to_owned()))
            .await
    };
    let first = send(&service, &body).await;
    let again = send(&service, &body).await;
    assert_eq!((first.status, again.status), (201, 201));
    for name in
        ["submission_id", "subject_id", "enquiry_id", "consent_id", "number", "receipt", "receipt_url"]
    {
        assert_eq!(first.body[name], again.body[name], "{name}");
    }
    assert!(again.body.get("secret").is_none(), "a secret is told once");
    let other = send(&service, &body.replace("Айгүл", "Айша")).await;
    assert_eq!((other.status, other.body["code"].as_str()), (422, Some("idempotency-mismatch")));
    // Keys of two principals never meet.
    let stranger = instance.key("service", &[]);
    let theirs = send(&stranger, &body).await;
    assert_eq!(theirs.status, 201);
    assert_ne!(theirs.body["subject_id"], first.body["subject_id"]);
    // Erased since: gone.
    let subject = text(&first.body["subject_id"]).parse().unwrap();
    let app = &instance.platform.app;
    app::erasure::erase(app, &instance.platform.own(subject), subject, "demand").unwrap();
    assert_eq!(send(&service, &body).await.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_names_field_rule_and_clause_and_stores_nothing() {
    let instance = Instance::new();
    let service = instance.key("service", &[]);
    let path = "/forms/consultation/submissions";
    let change = |pointer: &str, value: Value| {
        let mut body = Instance::submission();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let values = |more: Value| {
        let mut body = Instance::submission();
        let all = body["values"].as_object_mut().unwrap();
        all.extend(more.as_object().unwrap().clone());
        body
    };
    for (body, code, field, clause) in [
        (values(json!({"email": "not an address"})), "email-invalid", "email", None),
        (values(json!({"phone": "12"})), "phone-invalid", "phone", None),
        (values(json!({"shoe_size": "42"})), "undeclared-field", "?", Some("C5")),
        (values(json!({"given_name": " "})), "missing-field", "given_name", Some("C5")),
        (change("/consent/adult", json!(false)), "adult-not-declared", "adult", Some("C1.2")),
        (
            change("/consent/notice_version", json!("2020-01")),
            "notice-outdated",
            "notice_version",
            Some("C19"),
        ),
        (change("/consent/purposes", json!(["p8-2", "p8-3"])), "purpose-unknown", "purposes", Some("C8")),
        (change("/consent/purposes", json!(["p8-4"])), "purpose-required", "purposes", Some("C4.1")),
        (change("/source", json!("/ru?email=a@b.kz")), "text-invalid", "source", Some("C10.5")),
    ] {
        let said = instance.send(Method::POST, path, &service, Some(body)).await;
        assert_eq!(said.status, 422, "{code}: {}", said.body);
        let violation = &said.body["violations"][0];
        assert_eq!((violation["code"].as_str(), violation["field"].as_str()), (Some(code), Some(field)));
        if let Some(clause) = clause {
            assert_eq!(violation["clause"], clause);
            assert_eq!(said.body["clause"], clause);
        }
        assert_eq!(said.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(said.headers[header::CONTENT_LANGUAGE], "ru", "the person's language");
        assert!(!text(&violation["message"]).contains('⟦') && !said.body.to_string().contains("aigul"));
    }
    let raw = async |kind: &'static str, body: String| {
        instance.send_with(Method::POST, path, &service, &[("content-type", kind)], Some(body)).await
    };
    let good = Instance::submission().to_string();
    assert_eq!(raw("text/plain", good.clone()).await.status, 415);
    assert_eq!(raw("application/json; charset=utf-8", "{".into()).await.status, 400);
    let big = good.replace("Айгүл", &"я".repeat(40_000));
    assert_eq!(raw("application/json", big).await.status, 413);
    let extra = raw("application/json", good.replacen('{', r#"{"extra":1,"#, 1)).await;
    assert_eq!((extra.status, extra.body["code"].as_str()), (400, Some("malformed")));
    assert!(text(&extra.body["detail"]).contains("undeclared-field: extra"), "{}", extra.body);
    let missing = raw("application/json", r#"{"values":{}}"#.into()).await;
    assert!(text(&missing.body["detail"]).contains("missing-field: consent"));
    let twice = good.replacen(r#""given_name""#, r#""given_name":"A","given_name""#, 1);
    assert_eq!(codes(&raw("application/json", twice).await.body), ["field-repeated"]);
    assert_eq!(
        instance
            .send(Method::POST, "/forms/nothing/submissions", &service, Some(Instance::submission()))
            .await
            .status,
        404
    );
    assert_eq!(instance.send(Method::DELETE, path, &service, None).await.status, 405);
    assert_eq!(instance.send(Method::GET, "/no/such", &service, None).await.status, 404);
    let items = instance.send(Method::GET, "/enquiries", &service, None).await;
    assert_eq!(items.body["items"].as_array().unwrap().len(), 0, "nothing half-stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_11_4_a_key_does_what_its_role_and_purposes_let_it() {
    let instance = Instance::new();
    let service = instance.key("service", &[]);
    let made = instance.submitted(&service).await;
    let subject = text(&made["subject_id"]).to_owned();
    let data = |purpose: &str| format!("/subjects/{subject}/data?purpose={purpose}");

    for route in ROUTES {
        let path = route.path.replace("{*path}", "0/000").replace("{form}", "consultation");
        let path = path
            .split('/')
            .map(|part| if part.starts_with('{') { "sub_00000000000000000000000000" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let said = instance.send(route.method.clone(), &path, "", None).await;
        match route.door {
            Door::Key => assert_eq!(said.status, 401, "{path}"),
            Door::Open => assert_ne!(said.status, 401, "{path}"),
        }
    }
    let wrong = instance.send(Method::GET, &data("p8-2"), "senim_wrong", None).await;
    assert_eq!((wrong.status, wrong.headers[header::WWW_AUTHENTICATE].to_str().unwrap()), (401, "Bearer"));

    for (role, purpose, code) in [
        ("marketing", "p8-2", "purpose-not-of-role"),
        ("marketing", "p8-5", "consent-missing"),
        ("intake", "p8-2", "operation-not-of-role"),
        ("admin", "p8-2", "purpose-not-of-role"),
        ("auditor", "rights", "purpose-not-of-role"),
        ("service", "rights", "purpose-not-of-role"),
    ] {
        let said = instance.send(Method::GET, &data(purpose), &instance.key(role, &[]), None).await;
        assert_eq!(said.status, 403, "{role} {purpose}: {}", said.body);
        assert!(codes(&said.body).contains(&code.to_owned()), "{role} {purpose}: {}", said.body);
        assert!(said.body["clause"].is_string());
    }
    let narrow = instance.key("service", &["p8-4"]);
    assert_eq!(instance.send(Method::GET, &data("p8-2"), &narrow, None).await.status, 403);
    assert_eq!(instance.send(Method::GET, &data("p8-4"), &narrow, None).await.status, 200);
    let question = json!({"subject_id": subject, "purpose": "p8-2", "categories": ["email"]});
    let decided = instance.send(Method::POST, "/decisions", &narrow, Some(question)).await;
    assert_eq!(decided.body["decision"], "refuse");
    let listed = instance.send(Method::GET, "/enquiries", &narrow, None).await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 0);
    let sent = instance
        .send(Method::POST, "/forms/consultation/submissions", &narrow, Some(Instance::submission()))
        .await;
    assert_eq!(sent.status, 403);

    let keys = app::api_key::list(&instance.platform.app, &instance.platform.app.system()).unwrap();
    for key in keys {
        app::api_key::revoke(&instance.platform.app, &instance.platform.app.system(), key.id).unwrap();
    }
    assert_eq!(instance.send(Method::GET, &data("p8-2"), &service, None).await.status, 401);
}

/// Route × role with ids of nobody: never a server error, never an answer that the document does not know.
#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_every_role_as_described() {
    let instance = Instance::new();
    let roles = ["intake", "service", "marketing", "research", "bank-desk", "dpo", "auditor", "admin"];
    let keys: Vec<String> = roles.iter().map(|role| instance.key(role, &[])).collect();
    let zeros = "00000000000000000000000000";
    for route in ROUTES {
        let mut path = route.path.replace("{*path}", "0/000.p/1").replace("{form}", "consultation");
        for (name, prefix) in [
            ("subject_id", "sub"),
            ("consent_id", "con"),
            ("receipt_id", "rcp"),
            ("request_id", "req"),
            ("enquiry_id", "enq"),
            ("records", "rec"),
            ("value_id", "rec"),
            ("rule_id", "rul"),
        ] {
            path = path.replace(&format!("{{{name}}}"), &format!("{prefix}_{zeros}"));
        }
        let query = match route.id {
            "getSubjectData" | "getRecordData" => "?purpose=p8-2".to_owned(),
            "selectRecords" => "?purpose=p8-2&terms=source%3Dnone".to_owned(),
            "listConsents" => format!("?subject_id=sub_{zeros}"),
            "getLogProof" => format!("?entry=ent_{zeros}"),
            _ => String::new(),
        };
        let body = match route.id {
            "createSubmission" => Some(Instance::submission()),
            "lookUpSubjects" => Some(json!({"email": "a@example.kz"})),
            "decide" => Some(
                json!({"subject_id": format!("sub_{zeros}"), "purpose": "p8-2", "categories": ["email"]}),
            ),
            "openRequest" => {
                Some(json!({"kind": "access", "subject_id": format!("sub_{zeros}"), "channel": "email"}))
            }
            "giveConsent" => Some(json!({"subject_id": format!("sub_{zeros}"), "purposes": ["p8-4"],
                "notice_version": "2026-11", "language": "ru"})),
            "openEnquiry" => Some(json!({"subject_id": format!("sub_{zeros}"), "form": "consultation"})),
            "writeRecord" => Some(json!({"purpose": "p8-2", "values": {"message": "a"}})),
            "changeTerms" => Some(json!({"terms": {"source": null}})),
            "rectifyValue" => Some(json!({"value": "a"})),
            "makeRule" => {
                Some(json!({"pattern": {"source": "none"}, "set": {"source": null}, "ground": "C10.2"}))
            }
            "setEnquiryStatus" => Some(json!({"status": "in-work"})),
            _ => None,
        };
        for key in &keys {
            let said =
                instance.send(route.method.clone(), &format!("{path}{query}"), key, body.clone()).await;
            assert!(said.status < 500 && said.status != 400, "{}: {} {}", route.id, said.status, said.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_speak_the_language_asked_for() {
    let instance = Instance::new();
    let mut titles = Vec::new();
    for locale in Locale::ALL {
        let said = instance
            .send_with(Method::GET, "/recipients", "", &[("accept-language", locale.as_str())], None)
            .await;
        assert_eq!(said.headers[header::CONTENT_LANGUAGE], locale.as_str());
        titles.push(text(&said.body["title"]).to_owned());
    }
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 3);
}
