//! The account: every value with its source and date; change and delete one; enquiries; other entries.
//!
//! Clauses: C8.1, C9.2, C9.3, C11.5, C11.6.1, C16.

use app::access::{self, ValueView};
use app::{account, enquiry};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use model::{RecordId, SubjectId};

use super::{Here, Person, Sheet, Visit};
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::state::Web;
use crate::ui::blocks::{self, SummaryRow};
use crate::ui::form::{self, ButtonKind, Field};
use crate::ui::shell::NavItem;
use crate::ui::table::{Column, Table, person_table};
use crate::ui::{Link, Tone};

/// The routes of the data pages.
pub fn router() -> Router<Web> {
    Router::new()
        .route("/{lang}/account", get(show))
        .route("/{lang}/account/confirm", post(confirm))
        .route("/{lang}/account/data/{record}", get(ask_edit).post(edit))
        .route("/{lang}/account/data/{record}/delete", get(ask_delete).post(delete))
        .route("/{lang}/account/receipts/{receipt}", get(receipt))
        .route("/{lang}/account/requests", get(requests))
        .route("/{lang}/account/restrict", get(ask_restrict).post(restrict))
        .route("/{lang}/account/requests/new", post(restrict))
}

/// A page of the account, with its own places and the way out.
pub(super) fn page(visit: &Visit, person: &Person, at: &str, mut sheet: Sheet<'_>) -> Response {
    let t = visit.t;
    let places = [
        ("/account", "account-nav-data"),
        ("/account/consents", "account-nav-consents"),
        ("/account/history", "account-nav-history"),
        ("/account/requests", "account-nav-requests"),
        ("/account/export", "account-nav-export"),
        ("/account/erase", "account-nav-erase"),
    ];
    let words: Vec<(String, String, bool)> = places
        .iter()
        .map(|(rest, key)| (visit.href(rest), t.find(key).unwrap_or_default(), *rest == at))
        .collect();
    let items: Vec<NavItem<'_>> =
        words.iter().map(|(href, text, here)| NavItem { href, text, here: *here }).collect();
    let label = t.get("account-title");
    sheet.before = Some(html! {
        nav.places.inner aria-label=(label) {
            ul { @for item in &items { li { a href=(item.href) aria-current=[item.here.then_some("page")] { (item.text) } } } }
        }
        @if let Some(before) = &sheet.before { (before) }
    });
    sheet.tools = Some(html! {
        (form::form(&visit.href("/account/sign-out"), Some(("token", &person.session.csrf)), &form::button(&t.get("site-sign-out"), ButtonKind::Quiet)))
    });
    sheet.here = Here::Account;
    visit.page(&sheet)
}

/// Where a value came from, in words.
fn source(visit: &Visit, code: &str) -> String {
    let t = visit.t;
    let (kind, detail) = code.split_once(':').unwrap_or((code, ""));
    match kind {
        "form" => {
            let form = model::FormId::new(detail).ok().and_then(|id| visit.web.app().policy().form(id));
            form.map_or_else(|| t.get("source-form"), |form| super::form::title(t, form))
        }
        "role" => t.find(&format!("role-{detail}")).unwrap_or_else(|| detail.to_owned()),
        other => t.find(&format!("source-{other}")).unwrap_or_else(|| other.to_owned()),
    }
}

fn category(visit: &Visit, code: model::CategoryCode) -> String {
    visit
        .web
        .app()
        .policy()
        .category(code)
        .map_or_else(|| code.to_string(), |known| known.label.get(visit.locale).to_owned())
}

/// What the account's first page shows.
struct Shown {
    data: access::DataView,
    enquiries: Vec<enquiry::EnquiryView>,
    others: Vec<(SubjectId, model::Instant)>,
    unconfirmed: bool,
}

async fn show(visit: Visit) -> Result<Response, Trouble> {
    let person = visit.person().await?;
    let ctx = person.context(&visit);
    let session = person.session.clone();
    let shown = visit
        .web
        .call(move |app| {
            let subject = session.subject;
            Ok(Shown {
                data: access::data(app, &ctx, subject, app::code::RIGHTS, &[])?,
                enquiries: enquiry::list_own(app, subject)?,
                others: account::siblings(app, &session)?,
                unconfirmed: account::is_unconfirmed(app, &session)?,
            })
        })
        .await?;
    let t = visit.t;
    let title = t.get("data-title");
    let receipt = visit.rest.split_once("?done=").map(|(_, id)| id.to_owned());
    let receipt = receipt.filter(|id| id.parse::<model::ReceiptId>().is_ok());
    let body = html! {
        @if let Some(id) = &receipt {
            (form::flash(Tone::Green, &t.get("data-edit-done")))
            p { a href=(visit.href(&format!("/account/receipts/{id}"))) download { (t.get("receipt-download")) } }
        }
        @if visit.rest.ends_with("?confirmed") { (form::flash(Tone::Green, &t.get("account-confirm-done"))) }
        h1 { (title) }
        p.lead { (t.get("data-lead")) }
        @if shown.unconfirmed { (ask_confirmation(&visit, &person)) }
        @if shown.data.values.is_empty() {
            (blocks::empty_state(&t.get("data-empty"), "", None))
        } @else {
            (values(&visit, &shown.data.values))
            p.hint { (t.get("site-print-no-values")) }
        }
        @if !shown.enquiries.is_empty() {
            h2 { (t.get("enquiries-title")) }
            (enquiries(&visit, &shown.enquiries))
        }
        @if !shown.others.is_empty() {
            h2 { (t.get("account-others-title")) }
            p { (t.get("account-others-text")) }
            @for (subject, since) in &shown.others {
                (form::form(&visit.href("/account/switch"), Some(("token", &person.session.csrf)), &html! {
                    (form::hidden("entry", &subject.to_string()))
                    (form::button(&t.with("account-others-open", &[("date", &visit.web.date_time(t, *since))]), ButtonKind::Secondary))
                }))
            }
        }
        h2 { (t.get("account-session-title")) }
        p { (t.with(
            if person.session.method == "code" { "account-session-code" } else { "account-session-secret" },
            &[("date", &visit.web.date_time(t, person.session.expires_at))],
        )) }
        p { a href=(visit.href("/account/sessions")) { (t.get("sessions-title")) } }
    };
    Ok(page(
        &visit,
        &person,
        "/account",
        Sheet { title: &title, body, rest: Some("/account"), ..Sheet::default() },
    ))
}

/// Whoever holds the address did not always send the form: what waits for a proven contact waits for this answer.
fn ask_confirmation(visit: &Visit, person: &Person) -> Markup {
    let t = visit.t;
    let answer = html! {
        (form::button(&t.get("account-confirm-yes"), ButtonKind::Secondary))
        a.button.plain href=(visit.href("/account/erase")) { (t.get("account-confirm-no")) }
    };
    blocks::notice(
        Tone::Gold,
        &t.get("account-confirm-title"),
        &html! {
            p { (t.get("account-confirm-text")) }
            (form::form(
                &visit.href("/account/confirm"),
                Some(("token", &person.session.csrf)),
                &form::buttons(&answer),
            ))
        },
    )
}

async fn confirm(visit: Visit, typed: Fields) -> Result<Response, Trouble> {
    let person = visit.person_posting(typed.text("token")).await?;
    let ctx = person.context(&visit);
    let session = person.session;
    visit.web.call(move |app| account::confirm(app, &ctx, &session)).await?;
    Ok(Redirect::to(&visit.href("/account?confirmed")).into_response())
}

fn values(visit: &Visit, values: &[ValueView]) -> Markup {
    let t = visit.t;
    let heads = [
        t.get("data-category"),
        t.get("data-value"),
        t.get("data-source"),
        t.get("data-as-of"),
        t.get("data-state"),
        t.get("data-actions"),
    ];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let (edit, delete) = (t.get("data-edit"), t.get("data-delete"));
    let rows = values
        .iter()
        .map(|value| {
            let name = category(visit, value.category);
            let (edit_href, delete_href) = (
                visit.href(&format!("/account/data/{}", value.record)),
                visit.href(&format!("/account/data/{}/delete", value.record)),
            );
            let contact = visit.web.app().policy().category(value.category).is_some_and(|known| known.lookup)
                && value.category != app::code::IIN;
            vec![
                html! { (name) },
                html! { (value.value.expose()) },
                html! { (source(visit, &value.source)) },
                html! { (visit.web.date(t, value.as_of)) },
                html! { @if contact {
                    @if value.proven { (blocks::tag(Tone::Green, &t.get("data-proven"))) }
                    @else { (blocks::tag(Tone::Gold, &t.get("data-unproven"))) }
                } },
                html! { (Link { href: &edit_href, text: &edit, hidden: &name }) br; (Link { href: &delete_href, text: &delete, hidden: &name }) },
            ]
        })
        .collect();
    person_table(&Table {
        id: "values",
        caption: &t.get("data-title"),
        caption_hidden: true,
        columns: &columns,
        rows,
        holds_values: true,
        on_paper: &t.get("site-not-printed"),
    })
}

fn enquiries(visit: &Visit, all: &[enquiry::EnquiryView]) -> Markup {
    let t = visit.t;
    let heads = [
        t.get("enquiries-number"),
        t.get("enquiries-form"),
        t.get("enquiries-received"),
        t.get("enquiries-status"),
    ];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let rows = all
        .iter()
        .map(|one| {
            let form = visit
                .web
                .app()
                .policy()
                .form(one.form)
                .map_or_else(|| one.form.to_string(), |form| super::form::title(t, form));
            let status =
                t.find(&format!("enquiry-status-{}", one.status)).unwrap_or_else(|| one.status.clone());
            let tone = match one.status.as_str() {
                "fulfilled" => Tone::Green,
                "declined" | "lapsed" => Tone::Quiet,
                _ => Tone::Sky,
            };
            vec![
                html! { strong { a href=(visit.href(&format!("/requests/{}", one.number))) { (one.number) } } },
                html! { (form) },
                html! { (visit.web.date_time(t, one.opened_at)) },
                html! { (blocks::tag(tone, &status)) },
            ]
        })
        .collect();
    person_table(&Table {
        id: "enquiries",
        caption: &t.get("enquiries-title"),
        caption_hidden: true,
        columns: &columns,
        rows,
        ..Table::default()
    })
}

/// One value of the person who is signed in.
async fn one(visit: &Visit, person: &Person, record: &str) -> Result<ValueView, Trouble> {
    let record: RecordId = record.parse().map_err(|_| Trouble::App(app::Failure::NotFound))?;
    let ctx = person.context(visit);
    let subject = person.session.subject;
    let data = visit.web.call(move |app| access::data(app, &ctx, subject, app::code::RIGHTS, &[])).await?;
    data.values.into_iter().find(|value| value.record == record).ok_or(Trouble::App(app::Failure::NotFound))
}

async fn ask_edit(visit: Visit, Path((_, record)): Path<(String, String)>) -> Result<Response, Trouble> {
    let person = visit.person().await?;
    let value = one(&visit, &person, &record).await?;
    let typed = value.value.expose().clone();
    Ok(edit_page(&visit, &person, &value, &typed, None))
}

fn edit_page(
    visit: &Visit,
    person: &Person,
    value: &ValueView,
    typed: &str,
    wrong: Option<&str>,
) -> Response {
    let t = visit.t;
    let policy = visit.web.app().policy();
    let name = category(visit, value.category);
    let title = t.with("data-edit-title", &[("category", &name)]);
    let errors: Vec<(String, String)> =
        wrong.iter().map(|text| ("#value".to_owned(), (*text).to_owned())).collect();
    let (label, error_word) = (t.get("data-edit-new"), t.get("error-prefix"));
    let hint = t.find_with(
        &format!("field-{}-hint", value.category.as_str().replace('_', "-")),
        &[("limit", &policy.category(value.category).map_or(0, |known| known.max_len).to_string())],
    );
    let view = Field {
        name: "value",
        label: &label,
        hint: hint.as_deref(),
        error: wrong,
        error_word: &error_word,
        value: typed,
        ..Field::default()
    };
    let long = matches!(
        value.category.as_str(),
        "message" | "registered_address" | "preferences" | "correspondence"
    );
    let contact =
        policy.category(value.category).is_some_and(|known| known.lookup) && value.category != app::code::IIN;
    let hours = policy.limits().contact_objection_hours.to_string();
    let body = html! {
        (visit.summary(&errors))
        h1 { (title) }
        p { (t.get("data-edit-effect")) }
        @if contact { p { (t.with("data-edit-contact", &[("hours", &hours)])) } }
        (form::form(&visit.href(&format!("/account/data/{}", value.record)), Some(("token", &person.session.csrf)), &html! {
            div.no-print-value { @if long { (form::textarea(&view, 5)) } @else { (form::text_field(&view)) } }
            (form::buttons(&html! {
                (form::button(&t.get("data-edit-button"), ButtonKind::Primary))
                a class="button plain" href=(visit.href("/account")) { (t.get("site-cancel")) }
            }))
        }))
    };
    page(
        visit,
        person,
        "/account",
        Sheet {
            title: &title,
            body,
            wrong: wrong.is_some(),
            status: wrong.is_some().then_some(StatusCode::UNPROCESSABLE_ENTITY),
            ..Sheet::default()
        },
    )
}

async fn edit(
    visit: Visit,
    Path((_, record)): Path<(String, String)>,
    typed: Fields,
) -> Result<Response, Trouble> {
    let person = visit.person_posting(typed.text("token")).await?;
    let id: RecordId = record.parse().map_err(|_| Trouble::App(app::Failure::NotFound))?;
    let (ctx, subject, new) = (person.context(&visit), person.session.subject, typed.private("value"));
    match visit.web.call(move |app| app::value::edit(app, &ctx, subject, id, &new)).await {
        Ok(changed) => {
            Ok(Redirect::to(&visit.href(&format!("/account?done={}", changed.receipt_id))).into_response())
        }
        Err(Trouble::App(app::Failure::Refused(violations)))
            if violations.iter().any(|one| one.field.is_some()) =>
        {
            let words = violations.iter().map(|one| visit.wording(one, &[])).collect::<Vec<_>>().join(" ");
            let value = one(&visit, &person, &record).await?;
            Ok(edit_page(&visit, &person, &value, typed.text("value"), Some(&words)))
        }
        Err(other) => Err(other),
    }
}

async fn ask_delete(visit: Visit, Path((_, record)): Path<(String, String)>) -> Result<Response, Trouble> {
    let person = visit.person().await?;
    let value = one(&visit, &person, &record).await?;
    let t = visit.t;
    let policy = visit.web.app().policy();
    let name = category(&visit, value.category);
    let title = t.with("data-delete-title", &[("category", &name)]);
    let (ctx, subject) = (person.context(&visit), person.session.subject);
    let consents = visit.web.call(move |app| app::consent::list(app, &ctx, subject)).await?;
    let live = |id: model::PurposeId| {
        let all = consents.iter().flat_map(|one| &one.purposes);
        all.into_iter().any(|one| one.purpose == id && one.status == model::ConsentStatus::Given)
    };
    let losing = policy
        .purposes()
        .iter()
        .filter(|purpose| live(purpose.id) && policy.codes(purpose.categories).contains(&value.category))
        .map(|purpose| purpose.title.get(visit.locale))
        .collect::<Vec<_>>()
        .join(", ");
    let losing = if losing.is_empty() { t.get("site-none") } else { losing };
    let (label, on_paper) = (t.get("data-value"), t.get("site-not-printed"));
    let body = html! {
        h1 { (title) }
        (blocks::summary_list(&[SummaryRow { key: &label, value: html! { (value.value.expose()) }, private: true, actions: &[] }], &on_paper))
        (blocks::notice(Tone::Red, &t.get("data-delete"), &html! { p { (t.with("data-delete-effect", &[("purposes", &losing)])) } }))
        (form::form(&visit.href(&format!("/account/data/{}/delete", value.record)), Some(("token", &person.session.csrf)), &form::buttons(&html! {
            (form::button(&t.get("data-delete-button"), ButtonKind::Harm))
            a class="button plain" href=(visit.href("/account")) { (t.get("site-cancel")) }
        })))
    };
    Ok(page(&visit, &person, "/account", Sheet { title: &title, body, ..Sheet::default() }))
}

async fn delete(
    visit: Visit,
    Path((_, record)): Path<(String, String)>,
    typed: Fields,
) -> Result<Response, Trouble> {
    let person = visit.person_posting(typed.text("token")).await?;
    let record: RecordId = record.parse().map_err(|_| Trouble::App(app::Failure::NotFound))?;
    let (ctx, subject) = (person.context(&visit), person.session.subject);
    let changed = visit.web.call(move |app| app::value::delete(app, &ctx, subject, record)).await?;
    Ok(Redirect::to(&visit.href(&format!("/account?done={}", changed.receipt_id))).into_response())
}

/// A stored receipt of the person, as a file.
async fn receipt(visit: Visit, Path((_, receipt)): Path<(String, String)>) -> Result<Response, Trouble> {
    let person = visit.person().await?;
    let id: model::ReceiptId = receipt.parse().map_err(|_| Trouble::App(app::Failure::NotFound))?;
    let ctx = person.context(&visit);
    let text = visit.web.call(move |app| app::receipt::render(app, &ctx, id)).await?;
    Ok(super::receipt::file(&format!("senim-{receipt}.json"), text))
}

async fn requests(visit: Visit) -> Result<Response, Trouble> {
    let person = visit.person().await?;
    let ctx = person.context(&visit);
    let all = visit.web.call(move |app| app::request::list(app, &ctx, 100)).await?;
    let t = visit.t;
    let title = t.get("account-nav-requests");
    let body = html! {
        h1 { (title) }
        @if all.is_empty() { (blocks::empty_state(&t.get("requests-empty"), "", None)) }
        @for one in &all {
            (request(&visit, one))
        }
        p { a class="button second" href=(visit.href("/account/restrict")) { (t.get("request-kind-unlawful-processing")) } }
    };
    Ok(page(&visit, &person, "/account/requests", Sheet { title: &title, body, ..Sheet::default() }))
}

/// A request with its limit and the reasons of the date.
fn request(visit: &Visit, one: &app::request::RequestView) -> Markup {
    let t = visit.t;
    let kind = t.find(&format!("request-kind-{}", one.kind)).unwrap_or_else(|| one.kind.clone());
    let status = t.find(&format!("request-status-{}", one.status)).unwrap_or_else(|| one.status.clone());
    let open = !matches!(one.status.as_str(), "completed" | "refused");
    html! {
        h2 { a href=(visit.href(&format!("/requests/{}", one.number))) { (t.with("request-title", &[("number", &one.number)])) } }
        p { (kind) " · " (blocks::tag(if open { Tone::Sky } else { Tone::Quiet }, &status)) " · " (t.with("request-received", &[("date", &visit.web.date(t, one.opened_at))])) }
        @if open { (due(visit, one.due_on, &one.deadlines)) }
    }
}

/// The last day allowed, how long that is, and every limit with its source.
pub(super) fn due(
    visit: &Visit,
    due_on: jiff::civil::Date,
    deadlines: &[app::request::DeadlineView],
) -> Markup {
    let t = visit.t;
    let due = crate::dates::date_with_weekday(t, due_on);
    let today = visit.web.local(visit.now()).date();
    let left = i64::from(visit.web.app().policy().calendar().working_days_between(today, due_on));
    let left = if left >= 0 {
        t.count("date-remaining-working-days", left)
    } else {
        t.count("date-overdue-working-days", -left)
    };
    let lines: Vec<(String, String, String)> = deadlines
        .iter()
        .map(|line| {
            let rule = line.rule.to_string();
            let number = rule.trim_start_matches('C').to_owned();
            let source = match line.source {
                "clause" => t.with("deadline-source-clause", &[("clause", &number)]),
                "law" => format!("{} · {rule}", t.get("deadline-source-law")),
                _ => format!("{} · {rule}", t.get("deadline-source-gdpr")),
            };
            let mut text = t.count(&format!("unit-{}", line.unit), i64::from(line.amount));
            if line.effective {
                text = format!("{text}. {}", t.get("deadline-effective"));
            }
            let href = if line.source == "clause" {
                visit.href(&format!("/policy#c-{}", number.replace('.', "-")))
            } else {
                String::new()
            };
            (source, text, href)
        })
        .collect();
    let reasons: Vec<blocks::Reason<'_>> =
        lines.iter().map(|(source, text, href)| blocks::Reason { source, text, href }).collect();
    blocks::due(&blocks::Due {
        date: &t.with("request-due", &[("date", &due)]),
        datetime: &due_on.to_string(),
        left: &left,
        why: &t.get("deadline-title"),
        reasons: &reasons,
        tone: Tone::Gold,
    })
}

async fn ask_restrict(visit: Visit) -> Result<Response, Trouble> {
    let person = visit.person().await?;
    let t = visit.t;
    let title = t.get("request-kind-unlawful-processing");
    let body = html! {
        h1 { (title) }
        p.lead { (t.get("home-restrict-text")) }
        p { (t.get("restrict-effect")) }
        (form::form(&visit.href("/account/restrict"), Some(("token", &person.session.csrf)), &form::buttons(&html! {
            (form::button(&t.get("request-button"), ButtonKind::Primary))
            a class="button plain" href=(visit.href("/account")) { (t.get("site-cancel")) }
        })))
    };
    Ok(page(&visit, &person, "/account/requests", Sheet { title: &title, body, ..Sheet::default() }))
}

/// Opens the request and restricts at once; the decision follows (C16.3).
async fn restrict(visit: Visit, typed: Fields) -> Result<Response, Trouble> {
    let person = visit.person_posting(typed.text("token")).await?;
    let (ctx, subject) = (person.context(&visit), person.session.subject);
    visit
        .web
        .call(move |app| {
            app::request::open(app, &ctx, subject, "unlawful-processing", "account")?;
            app::request::restrict(app, &ctx, subject, true)
        })
        .await?;
    Ok(Redirect::to(&visit.href("/account/requests")).into_response())
}
