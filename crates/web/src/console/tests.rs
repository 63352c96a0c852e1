//! The console against a whole instance, as a browser without JavaScript would use it.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use model::Locale;
use testkit::staff::{PASSWORD, hire, totp};
use testkit::{Person, Platform};
use tower::ServiceExt as _;

use crate::state::Web;

struct Browser {
    platform: Platform,
    router: Router,
    cookie: Option<String>,
}

struct Shown {
    status: u16,
    location: Option<String>,
    html: String,
}

impl Shown {
    /// The value of a hidden field.
    fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let at =
            self.html.find(&start).unwrap_or_else(|| panic!("no field {name}: {}", self.html)) + start.len();
        self.html[at..].split('"').next().unwrap().to_owned()
    }
}

fn encode(fields: &[(&str, &str)]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let text = |text: &str| {
        text.bytes()
            .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect::<String>()
    };
    fields.iter().map(|(name, value)| format!("{}={}", text(name), text(value))).collect::<Vec<_>>().join("&")
}

impl Browser {
    fn new() -> Self {
        let platform = Platform::new().unwrap();
        let web = Web::new(platform.app.clone(), false, [5; 32]);
        Self { router: crate::router(web), platform, cookie: None }
    }

    async fn signed_in(roles: &[&str]) -> Self {
        let mut browser = Self::new();
        let secret = hire(&browser.platform.app, "aliya", roles).unwrap();
        browser.platform.clock.advance_seconds(60);
        browser.sign_in("aliya", PASSWORD, &totp(&secret, browser.platform.app.now())).await;
        assert!(browser.cookie.is_some());
        browser
    }

    async fn sign_in(&mut self, login: &str, password: &str, code: &str) -> Shown {
        let csrf = self.get("/ru/console/sign-in").await.hidden("csrf");
        self.post(
            "/ru/console/sign-in",
            &[("csrf", &csrf), ("login", login), ("password", password), ("code", code)],
        )
        .await
    }

    async fn get(&mut self, path: &str) -> Shown {
        self.send(Request::get(path), Body::empty()).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(encode(fields))).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Shown {
        let request = match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        };
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        if let Some(cookie) = parts.headers.get(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
            self.cookie =
                (!cookie.contains("Max-Age=0")).then(|| cookie.split(';').next().unwrap().to_owned());
        }
        let html = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        assert!(!html.contains('⟦'), "a word is missing: {html}");
        assert!(!html.contains("style=") && !html.contains(" onclick"), "inline style or script");
        let location = parts.headers.get(header::LOCATION).map(|at| at.to_str().unwrap().to_owned());
        if parts.status.is_success() || parts.status.is_client_error() {
            assert!(
                parts.headers[header::CONTENT_SECURITY_POLICY]
                    .to_str()
                    .unwrap()
                    .contains("default-src 'none'")
            );
            assert!(parts.headers[header::CACHE_CONTROL].to_str().unwrap().contains("no-store"));
        }
        Shown { status: parts.status.as_u16(), location, html }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sets_up_by_link_and_signs_in_with_two_factors() {
    let mut browser = Browser::new();
    let app = browser.platform.app.clone();
    let link = app::operator::setup_link(&app, &app.system(), vec!["service".parse().unwrap()]).unwrap();
    let short = browser.get(&format!("/console/set-up/{link}")).await;
    let path = short.location.unwrap();
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200);
    let csrf = page.hidden("csrf");
    let weak = browser
        .post(&path, &[("csrf", &csrf), ("login", "алия"), ("password", "short"), ("again", "short")])
        .await;
    assert_eq!(weak.status, 422);
    assert!(weak.html.contains("#login") && weak.html.contains("#password"));
    let differ = browser
        .post(
            &path,
            &[("csrf", &csrf), ("login", "aliya"), ("password", PASSWORD), ("again", "other words here")],
        )
        .await;
    assert!(differ.html.contains("#again"));
    let second = browser
        .post(&path, &[("csrf", &csrf), ("login", "aliya"), ("password", PASSWORD), ("again", PASSWORD)])
        .await;
    assert_eq!(second.status, 200, "{}", second.html);
    assert!(second.html.contains("<svg class=\"picture\""));
    let start = second.html.find("id=\"totp-key\"").unwrap();
    let block = second.html[start..].split("</code>").next().unwrap();
    let secret: String =
        block.split("<span>").skip(1).map(|group| group.split('<').next().unwrap()).collect();
    let operator = second.hidden("operator");
    let confirm = format!("{path}/confirm");
    let wrong = browser.post(&confirm, &[("csrf", &csrf), ("operator", &operator), ("code", "000000")]).await;
    assert_eq!(wrong.status, 422);
    let code = totp(&secret, app.now());
    let done = browser.post(&confirm, &[("csrf", &csrf), ("operator", &operator), ("code", &code)]).await;
    assert_eq!(done.status, 200, "{}", done.html);
    assert_eq!(browser.get(&path).await.status, 401, "the link is used up");

    assert_eq!(browser.sign_in("aliya", PASSWORD, &code).await.status, 422, "a code is good once");
    assert!(browser.cookie.is_none());
    browser.platform.clock.advance_seconds(60);
    let code = totp(&secret, app.now());
    assert_eq!(browser.sign_in("aliya", "wrong words here", &code).await.status, 422);
    assert_eq!(browser.sign_in("aliya", PASSWORD, &code).await.status, 303);
    let home = browser.get("/ru/console").await;
    assert_eq!(home.status, 200);
    let out = browser.post("/ru/console/sign-out", &[("csrf", &home.hidden("csrf"))]).await;
    assert_eq!(out.status, 303);
    assert!(browser.cookie.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_without_a_session_and_no_form_without_its_token() {
    let mut browser = Browser::new();
    for place in [
        "",
        "/enquiries",
        "/people",
        "/requests",
        "/mail",
        "/evidence",
        "/log",
        "/keys",
        "/operators",
        "/notices",
    ] {
        let shown = browser.get(&format!("/en/console{place}")).await;
        assert_eq!(shown.location.as_deref(), Some("/en/console/sign-in"), "{place}");
    }
    assert_eq!(browser.post("/ru/console/sign-in", &[("login", "aliya")]).await.status, 403);
    let mut browser = Browser::signed_in(&["admin"]).await;
    let made = browser.post("/ru/console/keys", &[("name", "x"), ("key-role", "service")]).await;
    assert_eq!(made.status, 403);
    assert!(app::api_key::list(&browser.platform.app, &browser.platform.app.system()).unwrap().is_empty());
    let csrf = browser.get("/ru/console/keys").await.hidden("csrf");
    let foreign = Request::post("/ru/console/keys")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site");
    let body = encode(&[("csrf", &csrf), ("name", "x"), ("key-role", "service")]);
    assert_eq!(browser.send(foreign, Body::from(body)).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_11_4_data_open_for_a_purpose_of_the_role_and_are_refused_otherwise() {
    let mut browser = Browser::signed_in(&["service", "marketing"]).await;
    browser.platform.submit(&Person::aigul()).unwrap();
    let list = browser.get("/ru/console/enquiries?status=received").await;
    assert_eq!(list.status, 200);
    let at = list.html.find("/ru/console/enquiries/enq_").unwrap();
    let path = list.html[at..].split('"').next().unwrap().to_owned();
    let page = browser.get(&path).await;
    assert!(!page.html.contains("aigul@example.kz") && !page.html.contains("Айгүл"));
    let csrf = page.hidden("csrf");
    let moved = browser.post(&path, &[("csrf", &csrf), ("status", "in-work")]).await;
    assert_eq!(moved.status, 303);
    let at = page.html.find("/ru/console/people/sub_").unwrap();
    let person = page.html[at..].split('"').next().unwrap().to_owned();

    let open = browser.post(&person, &[("csrf", &csrf), ("purpose", "service:p8-2")]).await;
    assert_eq!(open.status, 200, "{}", open.html);
    assert!(open.html.contains("aigul@example.kz") && open.html.contains("Айгүл"));
    assert!(open.html.contains("tbody class=\"no-print-value\""), "clause 11.5");
    assert!(open.html.contains("class=\"seal\""));
    let only =
        browser.post(&person, &[("csrf", &csrf), ("purpose", "service:p8-2"), ("categories", "phone")]).await;
    assert!(only.html.contains("+77011234567") && !only.html.contains("aigul@example.kz"));

    for (choice, code, clause) in [
        ("marketing:p8-5", "consent-missing", "8.5"),
        ("marketing:p8-2", "purpose-not-of-role", "11.4"),
        ("dpo:rights", "role-unknown", "11.4"),
    ] {
        let refused = browser.post(&person, &[("csrf", &csrf), ("purpose", choice)]).await;
        assert_eq!(refused.status, 403, "{choice}");
        assert!(refused.html.contains(code), "{choice}: {}", refused.html);
        assert!(
            refused.html.contains(&format!("#c-{}", clause.replace('.', "-")))
                || refused.html.contains("#c-6-1")
        );
        assert!(!refused.html.contains("aigul@example.kz"));
    }

    let find = browser.get("/ru/console/people").await;
    for (typed, hits) in [("aigul@EXAMPLE.kz", true), ("8 701 123 45 67", true), ("nobody@example.kz", false)]
    {
        let found =
            browser.post("/ru/console/people", &[("csrf", &find.hidden("csrf")), ("contact", typed)]).await;
        assert_eq!(found.status, 200);
        assert_eq!(found.html.contains("/ru/console/people/sub_"), hits, "{typed}");
    }
    let wrong =
        browser.post("/ru/console/people", &[("csrf", &find.hidden("csrf")), ("contact", "12")]).await;
    assert_eq!(wrong.status, 422);

    // Roles that do not open a place do not reach it.
    for place in ["/mail", "/log", "/keys", "/operators", "/requests", "/evidence", "/notices"] {
        assert_eq!(browser.get(&format!("/ru/console{place}")).await.status, 403, "{place}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_opens_in_three_languages() {
    let mut browser = Browser::signed_in(&["dpo", "admin", "auditor", "service"]).await;
    let made = browser.platform.submit(&Person::aigul()).unwrap();
    let own = browser.platform.own(made.subject_id);
    app::request::open(&browser.platform.app, &own, made.subject_id, "access", "web").unwrap();
    for locale in Locale::ALL {
        for place in [
            "",
            "/enquiries",
            "/people",
            "/requests",
            "/mail",
            "/evidence",
            "/log",
            "/keys",
            "/operators",
            "/notices",
        ] {
            let shown = browser.get(&format!("/{locale}/console{place}")).await;
            assert_eq!(shown.status, 200, "{locale} {place}");
            assert!(!shown.html.contains("aigul@example.kz"));
        }
    }
    let mail = browser.get("/ru/console/mail").await;
    let letters = browser.post("/ru/console/mail", &[("csrf", &mail.hidden("csrf")), ("role", "dpo")]).await;
    assert!(letters.html.contains("aigul@example.kz"), "{}", letters.html);
    let log = browser.get("/ru/console/log").await;
    let checked = browser.post("/ru/console/log", &[("csrf", &log.hidden("csrf"))]).await;
    assert!(checked.html.contains("flash green"), "{}", checked.html);
    let keys = browser.get("/ru/console/keys").await;
    let csrf = keys.hidden("csrf");
    let made = browser
        .post(
            "/ru/console/keys",
            &[("csrf", &csrf), ("name", "site"), ("key-role", "service"), ("purposes", "p8-2")],
        )
        .await;
    assert!(made.html.contains("senim_"), "{}", made.html);
    assert!(!browser.get("/ru/console/keys").await.html.contains("senim_"), "shown once");
    let bad = browser
        .post(
            "/ru/console/keys",
            &[("csrf", &csrf), ("name", "site"), ("key-role", "auditor"), ("purposes", "p8-2")],
        )
        .await;
    assert_eq!(bad.status, 422);
    let id = app::api_key::list(&browser.platform.app, &browser.platform.app.system()).unwrap()[0].id;
    assert_eq!(browser.post(&format!("/ru/console/keys/{id}"), &[("csrf", &csrf)]).await.status, 303);
    assert_eq!(
        app::api_key::list(&browser.platform.app, &browser.platform.app.system()).unwrap()[0].status,
        "revoked"
    );
    let link = browser.post("/ru/console/operators", &[("csrf", &csrf), ("roles", "service")]).await;
    assert!(link.html.contains("/ru/console/set-up/"));
    // Himself he cannot put out; another he can.
    let staff = app::operator::list(&browser.platform.app, &browser.platform.app.system()).unwrap();
    let path = format!("/ru/console/operators/{}", staff[0].operator_id);
    let last = browser.post(&path, &[("csrf", &csrf), ("standing", "revoked")]).await;
    assert_eq!(last.status, 409, "{}", last.html);
    assert!(last.html.contains("senim operator revoke"));
    hire(&browser.platform.app, "second", &["service"]).unwrap();
    let staff = app::operator::list(&browser.platform.app, &browser.platform.app.system()).unwrap();
    let path = format!("/ru/console/operators/{}", staff[1].operator_id);
    assert!(browser.get("/ru/console/operators").await.html.contains(&path));
    for standing in ["suspended", "active", "revoked"] {
        assert_eq!(browser.post(&path, &[("csrf", &csrf), ("standing", standing)]).await.status, 303);
    }
    assert!(!browser.get("/ru/console/operators").await.html.contains(&path), "nothing is left to do");
    let requests = browser.get("/ru/console/requests").await;
    let at = requests.html.find("/ru/console/requests/req_").unwrap();
    let path = requests.html[at..].split('"').next().unwrap().to_owned();
    assert_eq!(browser.post(&path, &[("csrf", &csrf), ("to", "completed")]).await.status, 303);
    assert_eq!(browser.get("/docs/api").await.status, 200);
    assert_eq!(browser.get("/console").await.location.as_deref(), Some("/ru/console"));
}
