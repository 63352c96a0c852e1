//! Deleting everything: consequences first, a typed word, then the receipt, once.
//!
//! Invariant: after the act nothing of the person can be shown again; the destruction receipt stands in the
//! answer and nowhere else.
//! Clauses: C10.7, C17.3.

use app::erasure::{self, Erased, Retained};
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::{Markup, html};

use super::account::page;
use super::{Person, Sheet, Visit, receipt, signin};
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::state::Web;
use crate::ui::Tone;
use crate::ui::blocks;
use crate::ui::form::{self, ButtonKind, Field, Width};

/// The routes of the erasure.
pub fn router() -> Router<Web> {
    Router::new().route("/{lang}/account/erase", get(ask).post(erase))
}

async fn ask(visit: Visit) -> Result<Response, Trouble> {
    let person = visit.person().await?;
    consequences(&visit, &person, None).await
}

async fn consequences(visit: &Visit, person: &Person, wrong: Option<&str>) -> Result<Response, Trouble> {
    let (ctx, subject) = (person.context(visit), person.session.subject);
    let found = visit.web.call(move |app| erasure::consequences(app, &ctx, subject)).await?;
    let t = visit.t;
    let policy = visit.web.app().policy();
    let title = t.get("erase-title");
    let word = t.get("erase-confirm-word");
    let errors: Vec<(String, String)> =
        wrong.iter().map(|text| ("#word".to_owned(), (*text).to_owned())).collect();
    let names = found
        .categories
        .iter()
        .filter_map(|code| policy.category(*code))
        .map(|known| known.label.get(visit.locale))
        .collect::<Vec<_>>()
        .join(", ");
    let (label, error_word) = (t.with("erase-confirm-label", &[("word", &word)]), t.get("error-prefix"));
    // At the latest when the key epoch that is open now ends.
    let by = visit.now().plus_seconds(i64::from(policy.limits().key_epoch_hours) * 3_600);
    let body = html! {
        (visit.summary(&errors))
        h1 { (title) }
        p.lead { (t.get("erase-lead")) }
        ul {
            li { (t.count("erase-consequence-values", i64::try_from(found.categories.len()).unwrap_or(i64::MAX))) @if !names.is_empty() { " " (names) "." } }
            @if found.consents > 0 { li { (t.get("erase-consequence-consents")) } }
            @if found.open_enquiries > 0 { li { (t.get("erase-consequence-enquiries")) } }
            li { (t.get("erase-consequence-account")) }
            li { (t.get("erase-consequence-recipients-none")) }
            li { (t.with("erase-consequence-backups", &[("date", &visit.web.date_time(t, by))])) }
        }
        h2 { (t.get("erase-retained-title")) }
        (retained(visit, &found.retained))
        p { a href=(visit.href("/account/export")) { (t.get("erase-export-first")) } }
        (form::form(&visit.href("/account/erase"), Some(("token", &person.session.csrf)), &html! {
            (form::text_field(&Field {
                name: "word", label: &label, autocomplete: Some("off"), width: Width::Short,
                error: wrong, error_word: &error_word, ..Field::default()
            }))
            (form::buttons(&html! {
                (form::button(&t.get("erase-button"), ButtonKind::Harm))
                a class="button second" href=(visit.href("/account")) { (t.get("erase-keep-button")) }
            }))
        }))
    };
    Ok(page(
        visit,
        person,
        "/account/erase",
        Sheet {
            title: &title,
            body,
            wrong: wrong.is_some(),
            status: wrong.is_some().then_some(StatusCode::UNPROCESSABLE_ENTITY),
            ..Sheet::default()
        },
    ))
}

/// What is retained, on which ground, until when.
fn retained(visit: &Visit, all: &[Retained]) -> Markup {
    let t = visit.t;
    html! {
        ul {
            @for one in all {
                li {
                    @match one.until {
                        Some(until) if one.what == erasure::LAST_LETTER_ADDRESS => {
                            (t.with("erase-retained-letter", &[("ground", &one.ground), ("date", &visit.web.date_time(t, until))]))
                        },
                        None => (t.get("erase-retained-log")),
                        Some(until) => {
                            (t.get("erase-retained-tombstone")) " "
                            (t.with("erase-retained-commitment", &[("ground", &one.ground), ("date", &visit.web.date(t, until))]))
                        },
                    }
                }
            }
        }
    }
}

async fn erase(visit: Visit, typed: Fields) -> Result<Response, Trouble> {
    let person = visit.person_posting(typed.text("token")).await?;
    let word = visit.t.get("erase-confirm-word");
    if typed.text("word").trim().to_lowercase() != word.to_lowercase() {
        return consequences(&visit, &person, Some(&visit.t.get("error-confirmation-mismatch"))).await;
    }
    let (ctx, subject) = (person.context(&visit), person.session.subject);
    let done = visit
        .web
        .call(move |app| {
            let erased = erasure::erase(app, &ctx, subject, "demand")?;
            let seal = erased.receipt.as_deref().and_then(|receipt| receipt::check(app, receipt));
            Ok((erased, seal))
        })
        .await;
    let (erased, seal) = match done {
        Ok(done) => done,
        // Pressed twice: the first press was enough.
        Err(Trouble::App(app::Failure::Gone)) => return Ok(Redirect::to(&visit.href("/")).into_response()),
        Err(other) => return Err(other),
    };
    let mut response = farewell(&visit, &erased, seal.as_ref());
    signin::leave(&visit, &mut response);
    Ok(response)
}

fn farewell(visit: &Visit, erased: &Erased, seal: Option<&receipt::Checked>) -> Response {
    let t = visit.t;
    let title = t.get("erase-done-title");
    let number = erased.erasure_id.to_string();
    let label = t.with("done-reference", &[("number", "")]);
    let body = html! {
        (blocks::confirmation(&blocks::Confirmation {
            title: &title,
            number_label: label.trim(),
            number: &number,
            seal: seal.map(|checked| html! { span.big { (checked.mark()) } }),
        }))
        (blocks::notice(Tone::Gold, &t.get("erase-receipt"), &html! { p { (t.get("erase-done-text")) } }))
        (receipt::block(visit, &t.get("erase-receipt"), erased.receipt.as_deref(), seal, None, &t.get("erase-receipt-download")))
        h2 { (t.get("erase-retained-title")) }
        (retained(visit, &erased.retained))
        p { (t.with("erase-residues", &[("date", &visit.web.date_time(t, erased.residues_dead_by))])) }
    };
    let print = receipt::print_head(visit, &t.get("erase-receipt"), &number, seal);
    visit.page(&Sheet { title: &title, body, print: Some(print), rest: Some("/"), ..Sheet::default() })
}
