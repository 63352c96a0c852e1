//! Letters that wait: counted for all who may, opened only when asked, each opening logged.
//!
//! Clauses: C10, C11.4, C11.5.

use app::outbox::{self, Waiting};
use app::policy::Ability;
use axum::response::Response;
use maud::{Markup, html};

use super::desk::Desk;
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::ui::Tone;
use crate::ui::blocks;
use crate::ui::form::{self, ButtonKind};

async fn page(desk: &Desk, below: &Markup) -> Result<Response, Trouble> {
    let t = desk.visit.t;
    let title = t.get("outbox-title");
    let count = desk.visit.web.call(outbox::count).await?;
    let body = html! {
        h1 { (title) }
        p.lead { (t.get("outbox-lead")) }
        @if count == 0 {
            (blocks::empty_state(&t.get("outbox-empty"), "", None))
        } @else {
            p { (t.count("health-letters", i64::try_from(count).unwrap_or(i64::MAX))) }
            (desk.form("/mail", &html! {
                p { (t.get("outbox-open-lead")) }
                (desk.role_field(Ability::MailOutbox))
                (form::button(&t.get("outbox-open-all"), ButtonKind::Primary))
            }))
        }
        (below)
    };
    Ok(desk.page("/mail", &title, body))
}

pub(super) async fn form(desk: Desk) -> Result<Response, Trouble> {
    desk.role_for(Ability::MailOutbox)?;
    page(&desk, &html! {}).await
}

pub(super) async fn read(desk: Desk, fields: Fields) -> Result<Response, Trouble> {
    desk.posted(&fields)?;
    let role = desk.role_chosen(&fields, Ability::MailOutbox)?;
    let waiting = desk.act(role, outbox::list).await?;
    let below = html! { @for one in waiting.iter().rev() { (letter(&desk, one)) } };
    page(&desk, &below).await
}

fn letter(desk: &Desk, waiting: &Waiting) -> Markup {
    let t = desk.visit.t;
    let due = desk.visit.web.date_time(t, waiting.due_at);
    let tag = blocks::tag(Tone::Gold, &t.get("outbox-status-waiting"));
    html! {
        section aria-label={ (t.get("outbox-kind")) " " (due) } {
            @match &waiting.letter {
                Some(addressed) => {
                    h2 { (addressed.letter.subject) }
                    p.small {
                        (tag) " " (t.get("outbox-next-try")) ": " time datetime=(waiting.due_at) { (due) } " · "
                        (t.get("outbox-attempts")) ": " (waiting.attempts) " · "
                        (t.get("outbox-to")) ": " (blocks::value(addressed.to.expose(), &t.get("site-not-printed")))
                    }
                    div.no-print-value { pre lang=(addressed.locale) tabindex="0" role="region" aria-label=(addressed.letter.subject) { (addressed.letter.body) } }
                }
                None => {
                    h2 { (t.get("outbox-closed")) }
                    p.small { (tag) " " (t.get("outbox-next-try")) ": " (due) }
                }
            }
        }
    }
}
