//! The privacy centre: the verbs, and the company's forms.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::html;

use super::{Here, Sheet, Visit};
use crate::state::Web;
use crate::ui::blocks::{Tile, tiles};
use crate::ui::icon::Icon;

/// The route of the privacy centre.
pub fn router() -> Router<Web> {
    Router::new().route("/{lang}", get(show)).route("/{lang}/", get(show))
}

async fn show(visit: Visit) -> Response {
    let t = visit.t;
    let policy = visit.web.app().policy();
    let company = visit.web.company(visit.locale);
    let doors = [
        ("/account", "home-see", Icon::Eye),
        ("/account", "home-correct", Icon::Pen),
        ("/account/consents", "home-withdraw", Icon::Back),
        ("/account/restrict", "home-restrict", Icon::Pause),
        ("/account/erase", "home-erase", Icon::Bin),
    ];
    let words: Vec<(String, String, String, Icon)> = doors
        .iter()
        .map(|(rest, key, icon)| {
            let text = t.find(&format!("{key}-text")).unwrap_or_default();
            (visit.href(rest), t.find(key).unwrap_or_default(), text, *icon)
        })
        .collect();
    let doors: Vec<Tile<'_>> =
        words.iter().map(|(href, title, text, icon)| Tile { href, title, text, icon: *icon }).collect();
    let title = t.get("home-title");
    let body = html! {
        h1 { (title) }
        p.lead { (t.with("home-lead", &[("company", &company)])) }
        (tiles(&doors))
        p { (t.with("home-write", &[("mailbox", &policy.controller().mailbox)])) }
        @if !policy.forms().is_empty() {
            h2 { (t.get("home-forms")) }
            ul {
                @for form in policy.forms() {
                    li { a href=(visit.href(&format!("/f/{}", form.id))) { (super::form::title(t, form)) } }
                }
            }
        }
        h2 { (t.get("home-more")) }
        ul {
            li { a href=(visit.href("/policy")) { (t.get("home-policy")) } }
            li { a href=(visit.href("/partners")) { (t.get("home-partners")) } }
            li { a href=(visit.href("/receipts/verify")) { (t.get("home-verify")) } }
        }
    };
    visit.page(&Sheet {
        title: &title,
        here: Here::Home,
        body,
        public: true,
        rest: Some("/"),
        ..Sheet::default()
    })
}
