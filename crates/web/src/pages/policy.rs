//! The published policy: clause by clause with anchors, raw bytes, versions, differences.
//!
//! Invariant: what is shown is the version in force as published; where it was not published in the page's
//! language, the Russian text stands there under a label (C19). The raw download is the published bytes.
//! Clauses: C19, C20.

use app::notice::{self, Notice};
use app::policy::notice as text;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, PreEscaped, html};
use model::Locale;

use super::{Here, Sheet, Visit};
use crate::answer::Trouble;
use crate::dates;
use crate::i18n::Text;
use crate::state::Web;
use crate::ui::blocks::{self, Download, SummaryRow};
use crate::ui::{Link, Tone};

/// The routes of the policy.
pub fn router() -> Router<Web> {
    Router::new()
        .route("/{lang}/policy", get(current))
        .route("/{lang}/policy/raw", get(raw))
        .route("/{lang}/policy/versions", get(versions))
        .route("/{lang}/policy/versions/{version}", get(version))
        .route("/{lang}/policy/diff", get(diff))
}

async fn current(visit: Visit) -> Result<Response, Trouble> {
    let (locale, now) = (visit.locale, visit.now());
    let notice = visit.web.call(move |app| notice::in_force(app, locale, now)).await?;
    Ok(show(&visit, &notice, true))
}

async fn version(visit: Visit, Path((_, version)): Path<(String, String)>) -> Result<Response, Trouble> {
    let (locale, now) = (visit.locale, visit.now());
    let (notice, current) = visit
        .web
        .call(move |app| {
            let current = notice::in_force(app, locale, now).map(|one| one.version).unwrap_or_default();
            Ok((notice::fetch(app, &version, locale)?, current))
        })
        .await?;
    let is_current = notice.version == current;
    Ok(show(&visit, &notice, is_current))
}

#[derive(serde::Deserialize)]
struct Which {
    version: Option<String>,
}

async fn raw(visit: Visit, Query(which): Query<Which>) -> Result<Response, Trouble> {
    let (locale, now) = (visit.locale, visit.now());
    let notice = visit
        .web
        .call(move |app| match &which.version {
            Some(version) => notice::fetch(app, version, locale),
            None => notice::in_force(app, locale, now),
        })
        .await?;
    let name = format!("policy-{}.{}.md", safe(&notice.version), notice.language);
    let headers = [
        (header::CONTENT_TYPE, "text/markdown; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CONTENT_LANGUAGE, notice.language.to_string()),
        (header::ETAG, format!("\"{}\"", notice.sha256_hex())),
        (header::CACHE_CONTROL, "public, max-age=300".to_owned()),
    ];
    Ok((headers, notice.body).into_response())
}

/// A version as part of a file name.
fn safe(version: &str) -> String {
    version.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '_' }).collect()
}

fn label(visit: &Visit, notice: &Notice) -> Markup {
    let t = visit.t;
    html! {
        @if notice.language != visit.locale {
            (blocks::notice(Tone::Gold, &t.get("policy-title"), &html! { p { (t.get("policy-only-ru")) } }))
        } @else if notice.draft {
            @let published = format!("/{}/policy/versions/{}", Locale::Ru, query(&notice.version));
            (blocks::notice(Tone::Gold, &t.get("site-draft-mark"), &html! {
                p { (t.get("policy-translation-draft")) " " a href=(published) hreflang="ru" lang="ru" { (Text::of(Locale::Ru).get("site-language-name-ru")) } }
            }))
        }
    }
}

fn show(visit: &Visit, notice: &Notice, current: bool) -> Response {
    let t = visit.t;
    let rendered = text::render(&text::parse(&notice.text()));
    let sha = notice.sha256_hex();
    let effective = dates::date(t, notice.effective_on);
    let raw = visit.href(&format!("/policy/raw?version={}", query(&notice.version)));
    let versions = visit.href("/policy/versions");
    let anchors: Vec<(String, String)> = rendered
        .clauses
        .iter()
        .filter(|clause| clause.depth == 1)
        .map(|clause| {
            let heading = clause.heading.clone().unwrap_or_else(|| first_words(&clause.html));
            (format!("#{}", clause.anchor), format!("{}. {heading}", clause.number))
        })
        .collect();
    let contents: Vec<Link<'_>> = anchors.iter().map(|(href, words)| Link::new(href, words)).collect();
    let size = format!("Markdown, {} B", notice.body.len());
    let article = html! {
        @if !rendered.intro.is_empty() { (PreEscaped(&rendered.intro)) }
        @for clause in &rendered.clauses {
            @let link = t.with("policy-clause-link", &[("clause", &clause.number)]);
            @let mark = html! { a href={ "#" (clause.anchor) } aria-label=(link) title=(link) { (clause.number) } };
            @match (clause.depth, &clause.heading) {
                (1, Some(heading)) => h2 id=(clause.anchor) { (mark) ". " (heading) },
                (1, None) => h2 id=(clause.anchor) { (mark) },
                (_, Some(heading)) => h3 id=(clause.anchor) { (mark) " " (heading) },
                (_, None) => h3 id=(clause.anchor) { (mark) },
            }
            (PreEscaped(&clause.html))
        }
        @if !rendered.trailer.is_empty() { hr; (PreEscaped(&rendered.trailer)) }
    };
    let title = if rendered.title.is_empty() { t.get("policy-title") } else { rendered.title.clone() };
    let body = html! {
        h1 { (title) }
        (label(visit, notice))
        (blocks::summary_list(&[
            SummaryRow { key: &t.with("policy-version", &[("version", &notice.version)]), value: html! {
                (blocks::tag(if current { Tone::Green } else { Tone::Quiet }, &t.get(if current { "policy-current" } else { "policy-archived" })))
                " " (t.with("policy-effective", &[("date", &effective)]))
            }, ..SummaryRow::default() },
            SummaryRow { key: &t.get("policy-sha256"), value: html! { code.hash { (sha) } }, ..SummaryRow::default() },
            SummaryRow { key: &t.get("policy-versions"), value: html! { a href=(versions) { (t.get("policy-versions")) } }, ..SummaryRow::default() },
        ], ""))
        (blocks::downloads(&[Download { href: &raw, text: &t.get("policy-raw"), note: &size }]))
        p.hint { (t.get("policy-raw-hint")) }
        // The width belongs to the letter inside, with its contents beside it.
        div.full lang=(notice.language.as_str()) { (blocks::prose(&t.get("policy-contents"), &contents, &article)) }
    };
    visit.page(&Sheet { title: &title, here: Here::Policy, body, public: current, ..Sheet::default() })
}

/// The beginning of a clause without a heading, for the contents.
fn first_words(html: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => plain.push(c),
            _ => {}
        }
    }
    let plain = plain.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
    let mut words = String::new();
    for word in plain.split_whitespace() {
        if words.chars().count() + word.chars().count() > 40 {
            words.push('…');
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

/// A text as part of a query.
pub(super) fn query(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            use std::fmt::Write as _;
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

async fn versions(visit: Visit) -> Result<Response, Trouble> {
    let t = visit.t;
    let all = visit.web.call(notice::list).await?;
    let today = visit.web.local(visit.now()).date();
    let mut order: Vec<String> = Vec::new();
    for one in &all {
        if !order.contains(&one.version) {
            order.push(one.version.clone());
        }
    }
    let current = all.iter().find(|one| one.effective_on <= today).map(|one| one.version.clone());
    let title = t.get("policy-versions");
    let body = html! {
        h1 { (title) }
        p.lead { (t.get("policy-versions-lead")) }
        @for (position, version) in order.iter().enumerate() {
            @let texts = in_order(&all, version);
            @let languages = texts.iter().map(|one| t.find(&format!("site-language-name-{}", one.language)).unwrap_or_default()).collect::<Vec<_>>().join(", ");
            h2 { a href=(visit.href(&format!("/policy/versions/{}", query(version)))) { (t.with("policy-version", &[("version", version)])) } }
            @if let Some(first) = texts.first() {
                p {
                    @if Some(version) == current.as_ref() { (blocks::tag(Tone::Green, &t.get("policy-current"))) " " }
                    @else if first.effective_on > today { (blocks::tag(Tone::Gold, &t.get("policy-not-yet"))) " " }
                    @else { (blocks::tag(Tone::Quiet, &t.get("policy-archived"))) " " }
                    @let effective = t.with("policy-effective", &[("date", &dates::date(t, first.effective_on))]);
                    (effective) @if !effective.ends_with('.') { "." } " "
                    (t.with("policy-languages", &[("languages", &languages)]))
                }
            }
            ul {
                @for one in &texts {
                    li { (one.language) " · " (t.get("policy-sha256")) " " code.hash { (one.sha256_hex()) } }
                }
            }
            @if let Some(older) = order.get(position + 1) {
                p { a href=(visit.href(&format!("/policy/diff?from={}&to={}", query(older), query(version)))) {
                    (t.with("policy-diff-title", &[("old", older), ("new", version)]))
                } }
            }
        }
    };
    Ok(visit.page(&Sheet {
        title: &title,
        here: Here::Policy,
        body,
        before: Some(visit.back("/policy")),
        public: true,
        ..Sheet::default()
    }))
}

/// The texts of a version, in the order of the languages.
fn in_order<'a>(all: &'a [Notice], version: &str) -> Vec<&'a Notice> {
    let mut texts: Vec<&Notice> = all.iter().filter(|one| one.version == version).collect();
    texts.sort_by_key(|one| Locale::ALL.iter().position(|locale| *locale == one.language));
    texts
}

#[derive(serde::Deserialize)]
struct Between {
    from: String,
    to: String,
}

async fn diff(
    visit: Visit,
    between: Result<Query<Between>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Trouble> {
    let Ok(Query(Between { from, to })) = between else { return Err(Trouble::Malformed) };
    let t = visit.t;
    let locale = visit.locale;
    let (old, new) = visit
        .web
        .call(move |app| {
            let mut new = notice::fetch(app, &to, locale)?;
            let old = notice::fetch(app, &from, new.language)?;
            if old.language != new.language {
                // Only one language tells what changed in the text and not in the language.
                new = notice::fetch(app, &to, old.language)?;
            }
            Ok((old, new))
        })
        .await?;
    let changes: Vec<text::ClauseChange> = text::diff(&text::parse(&old.text()), &text::parse(&new.text()))
        .into_iter()
        .filter(|change| change.kind != text::ChangeKind::Same)
        .collect();
    let title = t.with("policy-diff-title", &[("old", &old.version), ("new", &new.version)]);
    let body = html! {
        h1 { (title) }
        (label(&visit, &new))
        @if changes.is_empty() { p { (t.get("policy-diff-none")) } }
        div.letter lang=(new.language.as_str()) { article.prose {
            @for change in &changes {
                @let number = change.id.to_string();
                @let number = number.trim_start_matches('C');
                h2 id={ "c-" (number.replace('.', "-")) } {
                    @if number.starts_with(|c: char| c.is_ascii_digit()) { (t.with("policy-clause", &[("clause", number)])) " " }
                    @match change.kind {
                        text::ChangeKind::Added => (blocks::tag(Tone::Green, &t.get("policy-diff-added"))),
                        text::ChangeKind::Removed => (blocks::tag(Tone::Red, &t.get("policy-diff-removed"))),
                        _ => (blocks::tag(Tone::Gold, &t.get("policy-diff-changed"))),
                    }
                }
                p {
                    @for (kind, words) in &change.words {
                        @match kind {
                            text::WordChange::Equal => (words),
                            text::WordChange::Insert => ins { (words) },
                            text::WordChange::Delete => del { (words) },
                        }
                        " "
                    }
                }
            }
        } }
    };
    Ok(visit.page(&Sheet {
        title: &title,
        here: Here::Policy,
        body,
        before: Some(visit.back("/policy/versions")),
        public: true,
        ..Sheet::default()
    }))
}
