//! Receipts on pages: the seal drawn after a check made just now, the file, the secret; and the public check.
//!
//! Invariant: a receipt is handed back as a file from the body of a form, never by an address that holds a
//! secret; only what our own log key signed is handed back.
//! Clauses: C6.2, C17.

use app::{App, receipt::Verdict};
use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use model::Instant;

use super::{Here, Sheet, Visit};
use crate::answer::Trouble;
use crate::fields::{self, Fields};
use crate::state::Web;
use crate::ui::blocks::{self, SummaryRow};
use crate::ui::form::{self, ButtonKind, Field};
use crate::ui::seal::{SealState, fingerprint, seal_mark};
use crate::ui::{Tone, icon};

/// Largest file to check, bytes.
const FILE_BYTES_MAX: usize = 256 * 1024;

/// The routes of receipts.
pub fn router() -> Router<Web> {
    Router::new()
        .route("/{lang}/receipts/verify", get(ask).post(verify))
        .route("/{lang}/receipts/download", post(download))
}

/// A receipt checked while the page was made.
pub(super) struct Checked {
    pub commitment: [u8; 32],
    pub valid: bool,
    pub at: Option<Instant>,
}

impl Checked {
    /// The seal's mark.
    pub fn mark(&self) -> Markup {
        seal_mark(&self.commitment, if self.valid { SealState::Verified } else { SealState::Broken })
    }
}

/// Checks a receipt for the seal beside it.
pub(super) fn check(app: &App, receipt: &str) -> Option<Checked> {
    let verdict = app::receipt::verify(app, receipt.as_bytes()).ok()?;
    Some(Checked { commitment: verdict.commitment?, valid: verdict.valid, at: verdict.at })
}

/// The receipt on a page: seal, fact lines, secret, and the form that hands over the file.
pub(super) fn block(
    visit: &Visit,
    title: &str,
    receipt: Option<&str>,
    checked: Option<&Checked>,
    secret: Option<&str>,
    download_words: &str,
) -> Markup {
    let t = visit.t;
    let words = t.get(match checked {
        Some(checked) if checked.valid => "seal-verified",
        Some(_) => "seal-broken",
        None => "seal-pending",
    });
    let print = checked.map(|checked| fingerprint(&checked.commitment)).unwrap_or_default();
    let when =
        checked.and_then(|checked| checked.at).map(|at| visit.web.date_time(t, at)).unwrap_or_default();
    let (recorded, proof) = (t.get("verify-recorded-at"), t.get("history-proof"));
    let mut rows = Vec::new();
    if !when.is_empty() {
        rows.push(SummaryRow {
            key: &recorded,
            value: html! { (when) " · " (t.get("date-zone")) },
            ..SummaryRow::default()
        });
    }
    if !print.is_empty() {
        rows.push(SummaryRow {
            key: &proof,
            value: html! { code { (print) } " " (words) },
            ..SummaryRow::default()
        });
    }
    let (secret_label, secret_hint) = (t.get("done-secret-title"), t.get("done-secret-text"));
    let (copy, copied) = (t.get("site-copy"), t.get("site-copied"));
    let view = blocks::Receipt {
        title,
        seal: checked.map(Checked::mark),
        rows: &rows,
        secret_label: &secret_label,
        secret: secret.unwrap_or_default(),
        secret_hint: &secret_hint,
        copy_label: &copy,
        copied_label: &copied,
        ..blocks::Receipt::default()
    };
    html! {
        (blocks::receipt(&view))
        @if let Some(receipt) = receipt {
            form action=(visit.href("/receipts/download")) method="post" {
                (form::hidden("receipt", receipt))
                button class="button second" type="submit" { (icon::icon(icon::Icon::Download)) (download_words) }
            }
        } @else { p { (t.get("done-receipt-pending")) } }
    }
}

/// The head of a printed receipt: who, what, number, seal, and the way to the check.
pub(super) fn print_head(visit: &Visit, title: &str, number: &str, checked: Option<&Checked>) -> Markup {
    let t = visit.t;
    let app = visit.web.app();
    let controller = app.policy().controller();
    let site = t.with(
        "site-footer-controller",
        &[
            ("company", controller.name.get(visit.locale)),
            ("bin", &controller.bin),
            ("address", controller.address.get(visit.locale)),
        ],
    );
    let label = t.with("done-reference", &[("number", "")]);
    let address = format!("{}{}", app.settings().base_url, visit.href("/receipts/verify"));
    blocks::print_head(&blocks::PrintHead {
        site: &site,
        title,
        number_label: label.trim(),
        number,
        date: &visit.web.date_time(t, visit.now()),
        seal: checked.map(Checked::mark),
        qr: qr(&address),
    })
}

/// An address as a QR code, for paper.
fn qr(address: &str) -> Option<Markup> {
    let drawn = qrcode::QrCode::new(address.as_bytes()).ok()?;
    let svg = drawn.render::<qrcode::render::svg::Color<'_>>().min_dimensions(96, 96).build();
    // The declaration of an XML document has no place inside a page.
    let start = svg.find("<svg")?;
    Some(maud::PreEscaped(svg.get(start..)?.to_owned()))
}

/// A receipt as a file.
pub(super) fn file(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, text).into_response()
}

async fn download(visit: Visit, typed: Fields) -> Result<Response, Trouble> {
    visit.own_page()?;
    // Browsers send line breaks of a form as CRLF; a receipt has one spelling, with LF.
    let text = typed.text("receipt").replace("\r\n", "\n");
    let copy = text.clone();
    let verdict = visit.web.call(move |app| Ok(app::receipt::verify(app, copy.as_bytes()))).await?;
    match verdict {
        Ok(found) if found.valid => {
            let kind =
                found.kind.unwrap_or_default().replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "");
            let print = found.commitment.map(|hash| fingerprint(&hash).replace(' ', "")).unwrap_or_default();
            Ok(file(&format!("senim-{kind}-{print}.json"), text))
        }
        _ => Err(Trouble::Malformed),
    }
}

async fn ask(visit: Visit) -> Response {
    page(&visit, None, None)
}

/// What was found, and whether anything was given at all.
enum Found {
    Nothing,
    Unreadable,
    Verdict(Box<Verdict>),
}

async fn verify(visit: Visit, request: Request) -> Result<Response, Trouble> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    // Url-encoding makes a pasted file up to three times as long.
    let body = fields::read(request, 3 * FILE_BYTES_MAX).await?;
    let bytes = if let Ok(boundary) = multer::parse_boundary(&kind) {
        from_multipart(body, boundary).await?
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        pasted(Fields::parse(&body).ok_or(Trouble::Malformed)?.text("text"))
    } else {
        return Err(Trouble::ContentType);
    };
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Trouble::TooLarge);
    }
    if bytes.is_empty() {
        return Ok(page(&visit, Some(&Found::Nothing), None));
    }
    let found = visit.web.call(move |app| Ok(app::receipt::verify(app, &bytes))).await?;
    let found = found.map_or(Found::Unreadable, |verdict| Found::Verdict(Box::new(verdict)));
    let key = visit.web.call(|app| Ok(app::log::vkey(app))).await?;
    Ok(page(&visit, Some(&found), Some(&key)))
}

async fn from_multipart(body: Bytes, boundary: String) -> Result<Vec<u8>, Trouble> {
    let stream = futures_once(body);
    let mut parts = multer::Multipart::new(stream, boundary);
    let mut text = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|_| Trouble::Malformed)? {
        let name = part.name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|_| Trouble::Malformed)?;
        match name.as_deref() {
            Some("file") if !bytes.is_empty() => return Ok(bytes.to_vec()),
            Some("text") => text = pasted(&String::from_utf8_lossy(&bytes)),
            _ => {}
        }
    }
    Ok(text)
}

/// A pasted text with the file's own spelling: a textarea sends CRLF and loses the end of the last line. An
/// uploaded file is checked byte for byte.
fn pasted(text: &str) -> Vec<u8> {
    let text = text.trim();
    if text.is_empty() { Vec::new() } else { format!("{}\n", text.replace("\r\n", "\n")).into_bytes() }
}

/// A body that is already whole, as the stream that the multipart reader wants.
fn futures_once(body: Bytes) -> axum::body::BodyDataStream {
    axum::body::Body::from(body).into_data_stream()
}

fn page(visit: &Visit, found: Option<&Found>, key: Option<&str>) -> Response {
    let t = visit.t;
    let title = t.get("verify-title");
    let unreadable = t.get("verify-unreadable-text");
    let wrong = matches!(found, Some(Found::Nothing | Found::Unreadable));
    let errors = if wrong { vec![("#text".to_owned(), unreadable.clone())] } else { Vec::new() };
    let (paste, file_label, error_word) =
        (t.get("verify-paste"), t.get("verify-file"), t.get("error-prefix"));
    let body = html! {
        (visit.summary(&errors))
        @if let Some(Found::Verdict(verdict)) = found { (result(visit, verdict, key.unwrap_or_default())) }
        // A valid receipt is the heading of the page itself.
        @if matches!(found, Some(Found::Verdict(verdict)) if verdict.valid) { h2 { (title) } } @else { h1 { (title) } }
        p.lead { (t.get("verify-lead")) }
        form action=(visit.href("/receipts/verify")) method="post" enctype="multipart/form-data" novalidate {
            (form::textarea(&Field {
                name: "text",
                label: &paste,
                error: wrong.then_some(unreadable.as_str()),
                error_word: &error_word,
                autocomplete: Some("off"),
                ..Field::default()
            }, 6))
            div.field {
                label for="file" { (file_label) }
                input id="file" name="file" type="file" accept=".json,application/json";
            }
            (form::buttons(&form::button(&t.get("verify-button"), ButtonKind::Primary)))
        }
        p.hint { (t.get("verify-offline")) " " a href="/.well-known/senim-log-key" { (t.get("log-key")) } }
    };
    visit.page(&Sheet {
        title: &title,
        here: Here::Verify,
        body,
        before: None,
        wrong,
        public: found.is_none(),
        status: wrong.then_some(StatusCode::UNPROCESSABLE_ENTITY),
        ..Sheet::default()
    })
}

fn result(visit: &Visit, verdict: &Verdict, key: &str) -> Markup {
    let t = visit.t;
    if !verdict.valid {
        return html! {
            (blocks::notice(Tone::Red, &t.get("verify-invalid"), &html! {
                p { (t.get("verify-invalid-text")) }
                @if let Some(reason) = &verdict.reason { p.small lang="en" { (reason) } }
            }))
        };
    }
    let origin = verdict.origin.clone().unwrap_or_default();
    let kind = verdict.kind.clone().unwrap_or_default();
    let kind = t.find(&format!("verify-kind-{kind}")).unwrap_or(kind);
    let at = verdict.at.map(|at| visit.web.date_time(t, at)).unwrap_or_default();
    let print = verdict.commitment.map(|hash| fingerprint(&hash)).unwrap_or_default();
    let heads = [
        t.get("verify-kind"),
        t.get("verify-recorded-at"),
        t.get("log-origin"),
        t.get("log-key"),
        t.get("history-proof"),
    ];
    html! {
        (blocks::confirmation(&blocks::Confirmation {
            title: &t.get("verify-valid"),
            seal: verdict.commitment.map(|hash| html! { span.big { (seal_mark(&hash, SealState::Verified)) } }),
            ..blocks::Confirmation::default()
        }))
        @if verdict.rehearsal {
            @let words = t.get("site-rehearsal");
            @let (word, text) = words.split_once(". ").unwrap_or((&words, ""));
            (blocks::notice(Tone::Gold, word, &html! { p { (text) } }))
        }
        p { (t.with("verify-valid-text", &[("origin", &origin)])) }
        (blocks::summary_list(&[
            SummaryRow { key: &heads[0], value: html! { (kind) }, ..SummaryRow::default() },
            SummaryRow { key: &heads[1], value: html! { (at) }, ..SummaryRow::default() },
            SummaryRow { key: &heads[2], value: html! { code { (origin) } }, ..SummaryRow::default() },
            SummaryRow { key: &heads[3], value: html! { code.hash { (key) } }, ..SummaryRow::default() },
            SummaryRow { key: &heads[4], value: html! { code { (print) } }, ..SummaryRow::default() },
        ], ""))
    }
}
