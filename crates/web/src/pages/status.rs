//! Where an enquiry or a request stands, by its number, without signing in: a state, dates and their reasons.
//!
//! Invariant: nothing of the person; an unknown number and an erased one get the same answer, and nobody tries
//! numbers at speed.
//!
//! Clauses: C7, C8.2, C15, C16.

use app::status::{self, Kind as Subject, Standing};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use model::Instant;

use super::{Sheet, Visit, account};
use crate::answer::Trouble;
use crate::limit::Kind;
use crate::state::Web;
use crate::ui::Tone;
use crate::ui::blocks::{self, SummaryRow};
use crate::ui::timeline::{Point, PointKind, Timeline, timeline};

/// The routes.
pub fn router() -> Router<Web> {
    Router::new().route("/{lang}/requests/{number}", get(show))
}

async fn show(visit: Visit, Path((_, number)): Path<(String, String)>) -> Result<Response, Trouble> {
    let limits = visit.web.limits();
    limits.take(Kind::StatusOverall, b"").map_err(Trouble::RateLimited)?;
    if let Some(from) = &visit.from {
        limits.take(Kind::StatusVisitor, from).map_err(Trouble::RateLimited)?;
    }
    let found = match visit.web.call(move |app| status::find(app, &number)).await {
        Ok(found) => found,
        Err(Trouble::App(app::Failure::NotFound)) => return Ok(unknown(&visit)),
        Err(other) => return Err(other),
    };
    let own = visit.person().await.is_ok_and(|person| found.is_of(person.session.subject));
    Ok(page(&visit, &found, own))
}

fn unknown(visit: &Visit) -> Response {
    let t = visit.t;
    let title = t.get("status-unknown-title");
    let body = html! {
        h1 { (title) }
        p { (t.get("status-unknown-text")) }
        p { a href=(visit.href("/account")) { (t.get("status-account")) } }
    };
    visit.page(&Sheet {
        title: &title,
        body,
        rest: Some("/"),
        status: Some(StatusCode::NOT_FOUND),
        ..Sheet::default()
    })
}

fn page(visit: &Visit, one: &Standing, own: bool) -> Response {
    let t = visit.t;
    let (title, kind, status, account_at) = match &one.kind {
        Subject::Enquiry => (
            t.with("enquiry-title", &[("number", &one.number)]),
            t.get("status-kind-enquiry"),
            t.find(&format!("enquiry-status-{}", one.status)),
            "/account",
        ),
        Subject::Request(kind) => (
            t.with("request-title", &[("number", &one.number)]),
            t.find(&format!("request-kind-{kind}")).unwrap_or_else(|| kind.clone()),
            t.find(&format!("request-status-{}", one.status)),
            "/account/requests",
        ),
    };
    let status = status.unwrap_or_else(|| one.status.clone());
    let tone = if one.is_open() { Tone::Sky } else { Tone::Quiet };
    let heads = [t.get("status-what"), t.get("enquiries-status"), t.get("enquiries-received")];
    let body = html! {
        h1 { (title) }
        p.lead { (t.get("status-lead")) }
        (blocks::summary_list(&[
            SummaryRow { key: &heads[0], value: html! { (kind) }, ..SummaryRow::default() },
            SummaryRow { key: &heads[1], value: blocks::tag(tone, &status), ..SummaryRow::default() },
            SummaryRow { key: &heads[2], value: html! { (visit.web.date(t, one.opened_at)) }, ..SummaryRow::default() },
        ], ""))
        @if let Some((due_on, deadlines)) = one.due.as_ref().filter(|_| one.is_open()) {
            (account::due(visit, *due_on, deadlines))
        }
        (life(visit, one, &status))
        @if own {
            p { a.button href=(visit.href(account_at)) { (t.get("status-own")) } }
        } @else {
            p { a href=(visit.href("/account")) { (t.get("status-account")) } }
        }
    };
    visit.page(&Sheet { title: &title, body, ..Sheet::default() })
}

/// Received, changed, today, and the last day allowed, as a line.
fn life(visit: &Visit, one: &Standing, status: &str) -> Markup {
    let t = visit.t;
    let mut moments: Vec<(Instant, String, PointKind)> =
        vec![(one.opened_at, t.get("enquiries-received"), PointKind::Event)];
    if let Some(at) = one.changed_at {
        let kind = if one.is_open() { PointKind::Event } else { PointKind::End };
        moments.push((at, status.to_owned(), kind));
    }
    if one.is_open() {
        moments.push((visit.now(), t.get("timeline-now"), PointKind::Now));
        let limit = one.due.as_ref().and_then(|(_, lines)| lines.iter().find(|line| line.effective));
        if let Some(line) = limit {
            // The end is exclusive: the day before it is the last.
            moments.push((line.due_at.plus_seconds(-1), t.get("status-limit"), PointKind::Limit));
        }
    }
    moments.sort_by_key(|(at, ..)| *at);
    let dates: Vec<String> = moments.iter().map(|(at, ..)| visit.web.date(t, *at)).collect();
    let points: Vec<Point<'_>> = moments
        .iter()
        .zip(&dates)
        .map(|((at, label, kind), date)| Point { at: at.micros(), date, label, kind: *kind })
        .collect();
    let description =
        points.iter().map(|point| format!("{}: {}", point.label, point.date)).collect::<Vec<_>>().join("; ");
    let (title, table_label, when, what) =
        (t.get("status-life"), t.get("site-details"), t.get("history-when"), t.get("history-what"));
    timeline(&Timeline {
        id: "life",
        title: &title,
        description: &description,
        points: &points,
        table_label: &table_label,
        columns: [&when, &what],
    })
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::body::Body;
    use axum::extract::ConnectInfo;
    use axum::http::Request;
    use http_body_util::BodyExt as _;
    use testkit::{Person, Platform};
    use tower::ServiceExt as _;

    use super::*;

    async fn get(router: &Router, path: &str, from: &str) -> (u16, String) {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(from.parse::<SocketAddr>().unwrap()));
        let response = router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        (parts.status.as_u16(), String::from_utf8_lossy(&bytes).into_owned())
    }

    #[tokio::test]
    async fn clause_8_2_the_page_of_a_number_says_nothing_of_the_person_and_the_erased_are_unknown() {
        let platform = Platform::new().unwrap();
        let router = crate::router(Web::new(platform.app.clone(), false, [5; 32]));
        let done = platform.submit(&Person::aigul()).unwrap();
        let own = platform.own(done.subject_id);
        let request = app::request::open(&platform.app, &own, done.subject_id, "access", "account").unwrap();
        let enquiry = done.number.clone().unwrap();
        for locale in model::Locale::ALL {
            for number in [&enquiry, &request.number] {
                let (status, page) =
                    get(&router, &format!("/{locale}/requests/{number}"), "198.51.100.1:1").await;
                assert_eq!(status, 200);
                assert!(page.contains(number.as_str()) && page.contains("<svg") && !page.contains('⟦'));
                for value in ["Айгүл", "aigul", "123 45 67", &done.subject_id.to_string(), "consultation"]
                {
                    assert!(!page.contains(value), "{locale}: {value}");
                }
            }
        }
        let (_, page) = get(&router, &format!("/ru/requests/{}", request.number), "198.51.100.1:1").await;
        assert!(page.contains("#c-16-1") && page.contains(&request.due_on.to_string()));
        app::erasure::erase(&platform.app, &own, done.subject_id, "demand").unwrap();
        let erased = get(&router, &format!("/ru/requests/{enquiry}"), "198.51.100.1:1").await;
        assert_eq!(erased.0, 404);
        assert_eq!(erased, get(&router, "/ru/requests/0000-0000", "198.51.100.1:1").await);
    }

    #[tokio::test]
    async fn numbers_are_not_tried_at_speed() {
        let platform = Platform::new().unwrap();
        let router = crate::router(Web::new(platform.app.clone(), false, [5; 32]));
        let mut last = 0;
        for number in 0..31 {
            last = get(&router, &format!("/ru/requests/0000-{number:04}"), "198.51.100.1:1").await.0;
        }
        assert_eq!(last, 429);
        assert_eq!(get(&router, "/ru/requests/0000-0000", "203.0.113.1:1").await.0, 404);
    }
}
