//! A form: fields, the whole consent text with each purpose and its end, one named button.
//!
//! Invariant: showing the page stores nothing and sets no cookie; what was typed lives in the page alone
//! until the press. The hash in the consent record is of the text that stood on the page: it is built again
//! for the moment of showing, which the form's token carries, and must be the same.
//! Clauses: C4, C5, C6.2, C9.0.

use app::intake::{ConsentInput, Submission, Submitted, submit};
use app::notice;
use app::policy::{Form, Policy};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use model::{FormId, Instant, Private, PurposeId, Violation};
use sha2::{Digest as _, Sha256};

use super::{Sheet, Visit, receipt};
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::i18n::Text;
use crate::limit::Kind;
use crate::state::Web;
use crate::ui::blocks::{self, SummaryRow};
use crate::ui::form::{self, ButtonKind, Choice, Field, Group, Width};

/// Names of the form's own fields; every other name is a value.
const OWN: &[&str] = &["token", "notice_version", "purposes", "optional", "adult"];

/// The routes of the forms.
pub fn router() -> Router<Web> {
    Router::new().route("/{lang}/f/{form}", get(show).post(send)).route("/{lang}/refused", get(refused))
}

/// The title in the words of the pages, else of the policy.
pub(super) fn title(t: Text, form: &Form) -> String {
    t.find(&form.title_key).unwrap_or_else(|| form.title.get(t.locale()).to_owned())
}

fn button(t: Text, form: &Form) -> String {
    form.button.get(t.locale()).to_owned()
}

/// The consent text as it stands on the page; its lines are what the hash is over.
struct ConsentText {
    facts: Vec<(String, String)>,
    purposes: Vec<PurposeText>,
    notice_version: String,
    notice_line: String,
    button_line: String,
    sha256: [u8; 32],
}

struct PurposeText {
    id: PurposeId,
    required: bool,
    title: String,
    text: String,
    end: String,
    until: String,
}

impl ConsentText {
    fn build(web: &Web, t: Text, form: &Form, notice: &notice::Notice, at: Instant) -> Self {
        let locale = t.locale();
        let policy = web.app().policy();
        let controller = policy.controller();
        let label = |field: &app::policy::Field| {
            let label = field.label.get(locale);
            if field.required { label.to_owned() } else { format!("{label} {}", t.get("site-optional")) }
        };
        let recipients: Vec<&str> = form
            .purposes
            .iter()
            .filter_map(|offered| policy.purpose(offered.id))
            .flat_map(|purpose| &purpose.recipients)
            .filter_map(|id| policy.recipient(*id))
            .filter(|one| one.published)
            .map(|one| one.name.get(locale))
            .collect();
        let to_whom =
            if recipients.is_empty() { t.get("consent-to-whom-none") } else { recipients.join(", ") };
        let facts = vec![
            (
                t.get("consent-who"),
                t.with(
                    "consent-who-text",
                    &[
                        ("company", controller.name.get(locale)),
                        ("bin", &controller.bin),
                        ("address", controller.address.get(locale)),
                    ],
                ),
            ),
            (t.get("consent-what"), form.fields.iter().map(label).collect::<Vec<_>>().join(", ")),
            (t.get("consent-to-whom"), to_whom),
            (t.get("consent-cross-border"), t.get("consent-cross-border-none")),
            (t.get("consent-publication"), t.get("consent-publication-none")),
            (t.get("consent-withdraw"), t.with("consent-withdraw-text", &[("mailbox", &controller.mailbox)])),
        ];
        let purposes = form
            .purposes
            .iter()
            .filter_map(|offered| policy.purpose(offered.id).map(|purpose| (offered, purpose)))
            .map(|(offered, purpose)| {
                let until = web.date(t, policy.period_ends_at(purpose.storage, at).plus_seconds(-1));
                PurposeText {
                    id: purpose.id,
                    required: offered.required,
                    title: purpose.title.get(locale).to_owned(),
                    text: purpose.text.get(locale).to_owned(),
                    end: t.find(&format!("purpose-{}-end", purpose.id)).unwrap_or_default(),
                    until: t.with("consent-until", &[("date", &until)]),
                }
            })
            .collect();
        let mut this = Self {
            facts,
            purposes,
            notice_version: notice.version.clone(),
            notice_line: t.with("consent-notice", &[("version", &notice.version)]),
            button_line: t.with("consent-button-note", &[("button", &button(t, form))]),
            sha256: [0; 32],
        };
        this.sha256 = Sha256::digest(this.lines(t, notice).join("\n").as_bytes()).into();
        this
    }

    /// Every line of the consent text, in the order of the page.
    fn lines(&self, t: Text, notice: &notice::Notice) -> Vec<String> {
        let mut lines =
            vec!["senim/consent-text/v1".to_owned(), t.get("consent-title"), t.get("consent-lead")];
        for (key, value) in &self.facts {
            lines.push(format!("{key}: {value}"));
        }
        for one in &self.purposes {
            let need = t.get(if one.required { "consent-required" } else { "consent-optional" });
            lines.push(format!("{need} {}: {} {} {}", one.title, one.text, one.end, one.until));
        }
        lines.push(t.get("field-adult"));
        lines.push(format!("{} {}", self.notice_line, notice.sha256_hex()));
        lines.push(self.button_line.clone());
        lines
    }

    fn bound(&self, form: &Form, t: Text) -> String {
        let mut bound = format!("{}|{}|{}|", form.id, t.locale(), self.notice_version);
        for byte in self.sha256 {
            use std::fmt::Write as _;
            let _ = write!(bound, "{byte:02x}");
        }
        bound
    }
}

fn find<'a>(policy: &'a Policy, id: &str) -> Result<&'a Form, Trouble> {
    let id = FormId::new(id).map_err(|_| Trouble::App(app::Failure::NotFound))?;
    policy.form(id).ok_or(Trouble::App(app::Failure::NotFound))
}

async fn current(visit: &Visit) -> Result<notice::Notice, Trouble> {
    let (locale, now) = (visit.locale, visit.now());
    visit.web.call(move |app| notice::head_in_force(app, locale, now)).await
}

async fn show(visit: Visit, Path((_, id)): Path<(String, String)>) -> Result<Response, Trouble> {
    let policy = visit.web.app().policy().clone();
    let form = find(&policy, &id)?;
    let notice = current(&visit).await?;
    Ok(page(&visit, form, &notice, &Fields::default(), &[]))
}

fn page(
    visit: &Visit,
    shown: &Form,
    notice: &notice::Notice,
    typed: &Fields,
    violations: &[Violation],
) -> Response {
    let t = visit.t;
    let now = visit.now();
    let consent = ConsentText::build(&visit.web, t, shown, notice, now);
    let token = visit.web.guard().token(now, &consent.bound(shown, t));
    let required_missing = shown
        .purposes
        .iter()
        .filter(|offered| offered.required)
        .filter_map(|offered| visit.web.app().policy().purpose(offered.id))
        .map(|purpose| purpose.title.get(visit.locale))
        .collect::<Vec<_>>()
        .join(", ");
    let worded: Vec<(String, String)> = violations
        .iter()
        .map(|one| {
            let field = one.field.as_deref().unwrap_or("?");
            let target = match field {
                "?" | "notice_version" | "token" => "#consent".to_owned(),
                known => format!("#{known}"),
            };
            (target, visit.wording(one, &[("purpose", &required_missing)]))
        })
        .collect();
    let error_of = |name: &str| {
        let target = format!("#{name}");
        worded.iter().find(|(field, _)| *field == target).map(|(_, text)| text.as_str())
    };
    let title = title(t, shown);
    let error_word = t.get("error-prefix");
    let optional = t.get("site-optional");
    let optional = optional.trim_matches(['(', ')']);
    let fields = html! {
        @for field in &shown.fields {
            (input(visit, field, typed.text(&field.name), error_of(&field.name), &error_word, optional))
        }
    };
    let chosen: Vec<&str> = typed.all("purposes").chain(typed.all("optional")).collect();
    let hints: Vec<String> =
        consent.purposes.iter().map(|one| format!("{} {} {}", one.text, one.end, one.until)).collect();
    let choices = |required: bool| -> Vec<Choice<'_>> {
        consent
            .purposes
            .iter()
            .zip(&hints)
            .filter(|(one, _)| one.required == required)
            .map(|(one, hint)| Choice {
                value: one.id.as_str(),
                label: &one.title,
                hint: Some(hint),
                checked: chosen.contains(&one.id.as_str()),
                ..Choice::default()
            })
            .collect()
    };
    let (needed, wanted) = (choices(true), choices(false));
    let (adult_label, adult_hint) = (t.get("field-adult"), t.get("field-adult-hint"));
    let adult = [Choice {
        value: "yes",
        label: &adult_label,
        hint: Some(&adult_hint),
        checked: typed.text("adult") == "yes",
        ..Choice::default()
    }];
    let facts: Vec<SummaryRow<'_>> = consent
        .facts
        .iter()
        .map(|(key, value)| SummaryRow { key, value: html! { (value) }, ..SummaryRow::default() })
        .collect();
    let version_href =
        visit.href(&format!("/policy/versions/{}", super::policy::query(&consent.notice_version)));
    let inside = html! {
        (form::hidden("notice_version", &consent.notice_version))
        (fields)
        section #consent aria-labelledby="consent-title" tabindex="-1" {
            h2 #consent-title { (t.get("consent-title")) }
            p { (t.get("consent-lead")) }
            (blocks::summary_list(&facts, ""))
            h3 { (t.get("consent-why")) }
            (form::checkboxes(&Group {
                name: "purposes",
                legend: &t.get("consent-required"),
                error: error_of("purposes"),
                error_word: &error_word,
                choices: &needed,
                ..Group::default()
            }))
            @if !wanted.is_empty() {
                (form::checkboxes(&Group {
                    name: "optional",
                    legend: &t.get("consent-optional"),
                    error: error_of("optional"),
                    error_word: &error_word,
                    choices: &wanted,
                    ..Group::default()
                }))
            }
            (form::checkboxes(&Group {
                name: "adult",
                legend: &t.get("form-adult-legend"),
                error: error_of("adult"),
                error_word: &error_word,
                choices: &adult,
                ..Group::default()
            }))
            p { (consent.notice_line) " " a href=(version_href) { (t.get("home-policy")) } }
            p { (consent.button_line) }
        }
        (form::buttons(&html! {
            (form::button(&button(t, shown), ButtonKind::Primary))
            a class="button plain" href=(visit.href("/refused")) { (t.get("consent-refuse")) }
        }))
    };
    let lead = t.find(&format!("form-{}-lead", shown.id)).unwrap_or_default();
    let body = html! {
        (visit.summary(&worded))
        h1 { (title) }
        @if !lead.is_empty() { p.lead { (lead) } }
        p { (t.get("form-nothing-stored")) }
        p { (t.get("form-required-note")) " " (t.get("form-no-scans")) }
        (form::form(&visit.href(&format!("/f/{}", shown.id)), Some(("token", &token)), &inside))
    };
    visit.page(&Sheet {
        title: &title,
        body,
        before: Some(visit.back("/")),
        wrong: !worded.is_empty(),
        public: true,
        status: (!worded.is_empty()).then_some(StatusCode::UNPROCESSABLE_ENTITY),
        ..Sheet::default()
    })
}

fn input(
    visit: &Visit,
    field: &app::policy::Field,
    value: &str,
    error: Option<&str>,
    error_word: &str,
    optional: &str,
) -> Markup {
    let t = visit.t;
    let limit = field.max_len.to_string();
    let key = format!("field-{}-hint", field.name.replace('_', "-"));
    let hint = t.find_with(&key, &[("limit", &limit)]);
    let code = field.category.as_str();
    let (kind, autocomplete, inputmode, width) = match code {
        "surname" => ("", Some("family-name"), None, Width::Medium),
        "given_name" => ("", Some("given-name"), None, Width::Medium),
        "patronymic" => ("", Some("additional-name"), None, Width::Medium),
        "email" => ("email", Some("email"), Some("email"), Width::Medium),
        "phone" => ("tel", Some("tel"), Some("tel"), Width::Medium),
        "iin" => ("", Some("off"), Some("numeric"), Width::Short),
        "registered_address" => ("", Some("street-address"), None, Width::Full),
        _ => ("", None, None, Width::Full),
    };
    let long = matches!(code, "message" | "preferences" | "registered_address" | "correspondence");
    let view = Field {
        name: &field.name,
        label: field.label.get(visit.locale),
        optional: (!field.required).then_some(optional),
        hint: hint.as_deref(),
        error,
        error_word,
        value,
        kind,
        autocomplete,
        inputmode,
        spellcheck: code == "message",
        required: field.required,
        width,
        ..Field::default()
    };
    if long { form::textarea(&view, 4) } else { form::text_field(&view) }
}

async fn send(
    visit: Visit,
    Path((_, id)): Path<(String, String)>,
    typed: Fields,
) -> Result<Response, Trouble> {
    visit.own_page()?;
    let policy = visit.web.app().policy().clone();
    let form = find(&policy, &id)?;
    if let Some(from) = &visit.from {
        visit.web.limits().take(Kind::Submission, from).map_err(Trouble::RateLimited)?;
    }
    let t = visit.t;
    let now = visit.now();
    let notice = current(&visit).await?;
    // The moment of showing stands in the token; the text of that moment must give the token's own hash.
    let Some(consent) = shown(&visit, form, &notice, typed.text("token"), now) else {
        let code = if typed.text("notice_version") == notice.version { "csrf" } else { "notice-outdated" };
        let violation = Violation::new(code, app::failure::clause_id("C4.1")).of_field("token");
        return Ok(page(&visit, form, &notice, &typed, &[violation]));
    };
    let mut violations = Vec::new();
    let mut purposes = Vec::new();
    for text in typed.all("purposes").chain(typed.all("optional")) {
        match PurposeId::new(text) {
            Ok(purpose) => purposes.push(purpose),
            Err(_) => violations
                .push(Violation::new("purpose-unknown", app::failure::clause_id("C8")).of_field("purposes")),
        }
    }
    if !violations.is_empty() {
        return Ok(page(&visit, form, &notice, &typed, &violations));
    }
    let submission = Submission {
        form: form.id,
        values: values(&typed),
        consent: ConsentInput {
            notice_version: typed.text("notice_version").to_owned(),
            purposes,
            adult: typed.text("adult") == "yes",
            shown_sha256: Some(consent.sha256),
            button: button(t, form),
            channel: "web-form",
        },
        representative: false,
        source: Some(format!("/{}/f/{}", visit.locale, form.id)),
        idempotency: None,
    };
    let has_email = !typed.text("email").trim().is_empty();
    let ctx = visit.web.app().visitor(visit.locale);
    let done = visit
        .web
        .call(move |app| match submit(app, &ctx, &submission) {
            Ok(done) => {
                let seal = done.receipt.as_deref().and_then(|receipt| receipt::check(app, receipt));
                Ok(Ok((done, seal)))
            }
            Err(app::Failure::Refused(violations)) => Ok(Err(violations)),
            Err(other) => Err(other),
        })
        .await?;
    match done {
        Ok((done, seal)) => Ok(confirmation(&visit, form, &done, seal.as_ref(), has_email)),
        Err(violations) => Ok(page(&visit, form, &notice, &typed, &violations)),
    }
}

fn values(typed: &Fields) -> Vec<(String, Private<String>)> {
    let mut values = Vec::new();
    for name in typed.names().filter(|name| !OWN.contains(name)) {
        if values.iter().any(|(known, _): &(String, Private<String>)| known == name) {
            continue;
        }
        for value in typed.all(name) {
            values.push((name.to_owned(), Private::new(value.to_owned())));
        }
    }
    values
}

/// The consent text that stood on the page of this token, if it stands so today.
fn shown(
    visit: &Visit,
    form: &Form,
    notice: &notice::Notice,
    token: &str,
    now: Instant,
) -> Option<ConsentText> {
    let (at, _) = token.split_once('.')?;
    let at = Instant::from_micros(i64::from_str_radix(at, 16).ok()?);
    let consent = ConsentText::build(&visit.web, visit.t, form, notice, at);
    visit.web.guard().shown_at(token, &consent.bound(form, visit.t), now)?;
    // The ends of the purposes were counted from that day; a page kept open over midnight is shown again.
    (visit.web.local(at).date() == visit.web.local(now).date()).then_some(consent)
}

fn confirmation(
    visit: &Visit,
    form: &Form,
    done: &Submitted,
    seal: Option<&receipt::Checked>,
    has_email: bool,
) -> Response {
    let t = visit.t;
    let title = t.get("done-title");
    let number = done.number.clone().unwrap_or_else(|| done.receipt_id.to_string());
    let label = t.with("done-reference", &[("number", "")]);
    let body = html! {
        (blocks::confirmation(&blocks::Confirmation {
            title: &title,
            number_label: label.trim(),
            number: &number,
            seal: seal.map(|checked| html! { span.big { (checked.mark()) } }),
        }))
        h2 { (t.get("done-next-title")) }
        ul {
            @if form.enquiry { li { (t.get("done-next-contact")) } }
            @if has_email { li { (t.get("done-next-confirm")) } }
            @if let Some(number) = &done.number { li { a href=(visit.href(&format!("/requests/{number}"))) { (t.get("done-next-status")) } } }
            li { a href=(visit.href("/account")) { (t.get("done-next-change")) } }
        }
        (receipt::block(visit, &t.get("done-receipt-title"), done.receipt.as_deref(), seal, done.secret.as_deref(), &t.get("done-receipt-download")))
    };
    visit.page(&Sheet {
        title: &title,
        body,
        print: Some(receipt::print_head(visit, &t.get("done-receipt-title"), &number, seal)),
        rest: Some(&format!("/f/{}", form.id)),
        status: Some(StatusCode::CREATED),
        ..Sheet::default()
    })
}

async fn refused(visit: Visit) -> Response {
    let t = visit.t;
    let title = t.get("refused-title");
    let body = html! {
        h1 { (title) }
        p { (t.get("refused-text")) }
        p { a href=(visit.href("/")) { (t.get("site-back-home")) } }
    };
    visit.page(&Sheet { title: &title, body, ..Sheet::default() })
}
