//! Consents: the life of each as a line, each purpose with its status, withdrawal of one or all.
//!
//! Clauses: C6.1, C6.2, C17.2.

use app::consent::{self, ConsentView, PurposeView, Withdrawal};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::{Markup, html};
use model::{ConsentId, ConsentStatus, Instant, PurposeId};

use super::account::page;
use super::{Person, Sheet, Visit};
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::state::Web;
use crate::ui::Tone;
use crate::ui::blocks::{self, SummaryRow};
use crate::ui::form::{self, ButtonKind};
use crate::ui::table::{Column, Table, person_table};
use crate::ui::timeline::{Point, PointKind, Timeline, timeline};

/// The routes of consents.
pub fn router() -> Router<Web> {
    Router::new()
        .route("/{lang}/account/consents", get(show))
        .route("/{lang}/account/consents/{consent}/withdraw", get(ask).post(withdraw))
}

async fn list(visit: &Visit, person: &Person) -> Result<Vec<ConsentView>, Trouble> {
    let (ctx, subject) = (person.context(visit), person.session.subject);
    visit.web.call(move |app| consent::list(app, &ctx, subject)).await
}

fn purpose_title(visit: &Visit, id: PurposeId) -> String {
    let policy = visit.web.app().policy();
    policy.purpose(id).map_or_else(|| id.to_string(), |known| known.title.get(visit.locale).to_owned())
}

fn tone(status: ConsentStatus) -> Tone {
    match status {
        ConsentStatus::Given => Tone::Green,
        ConsentStatus::Requested => Tone::Gold,
        ConsentStatus::Revoked | ConsentStatus::Invalidated => Tone::Red,
        _ => Tone::Quiet,
    }
}

async fn show(visit: Visit) -> Result<Response, Trouble> {
    let person = visit.person().await?;
    let all = list(&visit, &person).await?;
    let t = visit.t;
    let title = t.get("consents-title");
    let done = visit.rest.split_once("?done=").map(|(_, id)| id.to_owned());
    let done = done.filter(|id| id.parse::<model::ReceiptId>().is_ok());
    let body = html! {
        @if let Some(id) = &done {
            (form::flash(Tone::Green, &t.get("withdraw-done")))
            p { a href=(visit.href(&format!("/account/receipts/{id}"))) download { (t.get("withdraw-receipt")) } }
        }
        h1 { (title) }
        p.lead { (t.get("consents-lead")) }
        @if all.is_empty() { (blocks::empty_state(&t.get("consents-empty"), "", None)) }
        @for one in &all { (consent_part(&visit, one)) }
        p.hint { (t.get("withdraw-again")) }
    };
    Ok(page(
        &visit,
        &person,
        "/account/consents",
        Sheet { title: &title, body, rest: Some("/account/consents"), ..Sheet::default() },
    ))
}

fn consent_part(visit: &Visit, one: &ConsentView) -> Markup {
    let t = visit.t;
    let record = &one.record;
    let text = |pointer: &str| {
        record.pointer(pointer).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    };
    let form = model::FormId::new(&text("/form")).ok();
    let form = form
        .and_then(|id| visit.web.app().policy().form(id))
        .map_or_else(|| text("/form"), |form| super::form::title(t, form));
    let version = text("/notice/version");
    let heads = [
        t.get("consents-form"),
        t.get("consents-notice"),
        t.get("consents-button"),
        t.get("consents-receipt"),
    ];
    let (version_href, receipt_words) = (
        // In the language of the text that it binds.
        format!(
            "/{}/policy/versions/{}",
            text("/notice/language").parse().unwrap_or(visit.locale),
            super::policy::query(&version)
        ),
        t.get("done-receipt-download"),
    );
    let live = one.purposes.iter().filter(|purpose| purpose.status == ConsentStatus::Given).count();
    let given = visit.web.date_time(t, one.given_at);
    html! {
        section {
            h2 { (t.with("timeline-given", &[("date", &given)])) }
            (life(visit, one))
            (purposes(visit, one))
            (blocks::summary_list(&[
                SummaryRow { key: &heads[0], value: html! { (form) }, ..SummaryRow::default() },
                SummaryRow { key: &heads[1], value: html! { a href=(version_href) { (version) } }, ..SummaryRow::default() },
                SummaryRow { key: &heads[2], value: html! { (text("/button")) }, ..SummaryRow::default() },
                SummaryRow { key: &heads[3], value: html! {
                    @if let Some(id) = one.receipt_id { a href=(visit.href(&format!("/account/receipts/{id}"))) download { (receipt_words) } }
                }, ..SummaryRow::default() },
            ], ""))
            @if live > 1 {
                p { a class="button second" href=(visit.href(&format!("/account/consents/{}/withdraw", one.consent_id))) { (t.get("withdraw-all")) } }
            }
        }
    }
}

/// The life of a consent as a line: given, withdrawn, now, the last end.
fn life(visit: &Visit, one: &ConsentView) -> Markup {
    let t = visit.t;
    let now = visit.now();
    let mut moments: Vec<(Instant, String, PointKind)> = Vec::new();
    for event in &one.events {
        let label = match event.kind {
            "given" => t.get("entry-consent"),
            "withdrawn" => t.get("entry-withdrawal"),
            // What was not agreed to has no life.
            _ => continue,
        };
        moments.push((event.at, label, PointKind::Event));
    }
    moments.push((now, t.get("timeline-now"), PointKind::Now));
    let end = one
        .purposes
        .iter()
        .filter(|purpose| purpose.status == ConsentStatus::Given)
        .filter_map(|purpose| purpose.expires_at)
        .max();
    if let Some(end) = end {
        // The end is exclusive: the day before it is the last.
        moments.push((end.plus_seconds(-1), t.get("consents-ends"), PointKind::Limit));
    }
    moments.sort_by_key(|(at, ..)| *at);
    let dates: Vec<String> = moments.iter().map(|(at, ..)| visit.web.date(t, *at)).collect();
    let points: Vec<Point<'_>> = moments
        .iter()
        .zip(&dates)
        .map(|((at, label, kind), date)| Point { at: at.micros(), date, label, kind: *kind })
        .collect();
    let (title, table_label, when, what) =
        (t.get("consent-timeline"), t.get("site-details"), t.get("history-when"), t.get("history-what"));
    let description =
        points.iter().map(|point| format!("{}: {}", point.label, point.date)).collect::<Vec<_>>().join("; ");
    let id = format!("life-{}", one.consent_id);
    timeline(&Timeline {
        id: &id,
        title: &title,
        description: &description,
        points: &points,
        table_label: &table_label,
        columns: [&when, &what],
    })
}

fn purposes(visit: &Visit, one: &ConsentView) -> Markup {
    let t = visit.t;
    let heads =
        [t.get("consents-clause"), t.get("data-state"), t.get("consents-ends"), t.get("data-actions")];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let rows = one
        .purposes
        .iter()
        .map(|purpose| {
            let title = purpose_title(visit, purpose.purpose);
            let status = t.find(&format!("consent-status-{}", purpose.status.code())).unwrap_or_default();
            let href = visit.href(&format!("/account/consents/{}/withdraw?purpose={}", one.consent_id, purpose.purpose));
            vec![
                html! { (title) },
                html! { (blocks::tag(tone(purpose.status), &status)) },
                html! { (ends(visit, purpose)) },
                html! { @if purpose.status == ConsentStatus::Given { a href=(href) { (t.get("withdraw-button")) span.vh { " " (title) } } } },
            ]
        })
        .collect();
    let id = format!("purposes-{}", one.consent_id);
    person_table(&Table {
        id: &id,
        caption: &heads[0],
        caption_hidden: true,
        columns: &columns,
        rows,
        ..Table::default()
    })
}

fn ends(visit: &Visit, purpose: &PurposeView) -> String {
    match (purpose.status, purpose.expires_at) {
        (ConsentStatus::Given | ConsentStatus::Expired, Some(end)) => {
            visit.web.date(visit.t, end.plus_seconds(-1))
        }
        _ => String::new(),
    }
}

#[derive(serde::Deserialize)]
struct Which {
    purpose: Option<String>,
}

fn ids(consent: &str, which: &Which) -> Result<(ConsentId, Option<PurposeId>), Trouble> {
    let none = || Trouble::App(app::Failure::NotFound);
    let consent = consent.parse().map_err(|_| none())?;
    let purpose = which.purpose.as_deref().map(PurposeId::new).transpose().map_err(|_| none())?;
    Ok((consent, purpose))
}

async fn ask(
    visit: Visit,
    Path((_, consent)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Result<Response, Trouble> {
    let person = visit.person().await?;
    let (consent, purpose) = ids(&consent, &which)?;
    let all = list(&visit, &person).await?;
    let found =
        all.iter().find(|one| one.consent_id == consent).ok_or(Trouble::App(app::Failure::NotFound))?;
    let ending: Vec<&PurposeView> = found
        .purposes
        .iter()
        .filter(|one| {
            one.status == ConsentStatus::Given && purpose.is_none_or(|wanted| one.purpose == wanted)
        })
        .collect();
    if ending.is_empty() {
        return Err(Trouble::App(app::Failure::NotFound));
    }
    let t = visit.t;
    let policy = visit.web.app().policy();
    let title = match purpose {
        Some(id) => t.with("withdraw-title", &[("purpose", &purpose_title(&visit, id))]),
        None => t.get("withdraw-all"),
    };
    let now = visit.now();
    let by = policy.deadlines("destruction", now).first().map_or(now, |line| line.due_at);
    let by = visit.web.date_time(t, by);
    let action = match purpose {
        Some(id) => visit.href(&format!("/account/consents/{consent}/withdraw?purpose={id}")),
        None => visit.href(&format!("/account/consents/{consent}/withdraw")),
    };
    let body = html! {
        h1 { (title) }
        @if purpose.is_none() { ul { @for one in &ending { li { (purpose_title(&visit, one.purpose)) } } } }
        (blocks::inset(&html! { p { (t.with("withdraw-effect", &[("date", &by)])) } }))
        (form::form(&action, Some(("token", &person.session.csrf)), &form::buttons(&html! {
            (form::button(&if purpose.is_some() { t.get("withdraw-button") } else { t.get("withdraw-all") }, ButtonKind::Harm))
            a class="button plain" href=(visit.href("/account/consents")) { (t.get("site-cancel")) }
        })))
    };
    Ok(page(&visit, &person, "/account/consents", Sheet { title: &title, body, ..Sheet::default() }))
}

async fn withdraw(
    visit: Visit,
    Path((_, consent)): Path<(String, String)>,
    Query(which): Query<Which>,
    typed: Fields,
) -> Result<Response, Trouble> {
    let person = visit.person_posting(typed.text("token")).await?;
    let (consent, purpose) = ids(&consent, &which)?;
    let (ctx, subject) = (person.context(&visit), person.session.subject);
    let done = visit
        .web
        .call(move |app| {
            // Whose consent it is decides here too: another's is not found, not refused.
            if consent::subject_of(app, consent)? != subject {
                return Err(app::Failure::NotFound);
            }
            let what = Withdrawal { purposes: purpose.into_iter().collect(), parts: Vec::new() };
            consent::withdraw(app, &ctx, consent, &what)
        })
        .await?;
    Ok(Redirect::to(&visit.href(&format!("/account/consents?done={}", done.receipt_id))).into_response())
}
