//! The first page: how the instance stands, and what waits.

use app::policy::Ability;
use axum::response::Response;
use maud::{Markup, html};

use super::desk::Desk;
use crate::answer::Trouble;
use crate::ui::Tone;
use crate::ui::blocks::{self, SummaryRow};

pub(super) async fn show(desk: Desk) -> Result<Response, Trouble> {
    let t = desk.visit.t;
    let web = &desk.visit.web;
    let (letters, checkpoint, keys) = web
        .call(|app| {
            let letters = app::outbox::count(app)?;
            let checkpoint = match app::log::checkpoint(app) {
                Ok(note) => Some(note),
                Err(app::Failure::NotFound) => None,
                Err(other) => return Err(other),
            };
            Ok((letters, checkpoint, app::keys::status(app)?))
        })
        .await?;
    let app = web.app();
    let settings = app.settings();
    let stopped = app.is_stopped();
    let note = checkpoint.unwrap_or_default();
    let mut lines = note.lines();
    let (origin, size, root) =
        (lines.next().unwrap_or_default(), lines.next().unwrap_or("0"), lines.next().unwrap_or_default());
    let now = desk.visit.now();
    let overdue = keys.ends_at < now;
    let epoch = t.with(
        "health-epoch",
        &[("epoch", &keys.epoch.to_string()), ("date", &web.date_time(t, keys.ends_at))],
    );
    let undeclared = settings.locations.iter().any(|location| location.country.is_none());
    let state = |bad: bool, good: &str, wrong: &str| -> Markup {
        if bad { blocks::tag(Tone::Red, wrong) } else { blocks::tag(Tone::Green, good) }
    };
    let (fine, attention) = (t.get("health-fine"), t.get("health-attention"));
    let words = [
        t.get("health-store"),
        t.get("log-title"),
        t.get("health-keys"),
        t.get("outbox-title"),
        t.get("settings-locations"),
        t.get("settings-backup"),
        t.get("settings-policy"),
        t.get("health-encryption"),
    ];
    let rows = [
        SummaryRow {
            key: &words[0],
            value: state(stopped, &fine, &t.get("health-stopped")),
            ..SummaryRow::default()
        },
        SummaryRow {
            key: &words[1],
            value: html! {
                (state(false, &fine, &attention)) " "
                code { (origin) } br;
                (t.with("log-checkpoint", &[("size", size), ("root", root)]))
            },
            ..SummaryRow::default()
        },
        SummaryRow {
            key: &words[2],
            value: html! { (state(overdue, &fine, &attention)) " " (epoch) },
            ..SummaryRow::default()
        },
        SummaryRow {
            key: &words[3],
            value: html! {
                (t.count("health-letters", i64::try_from(letters).unwrap_or(i64::MAX)))
                @if !settings.smtp { " " (blocks::tag(Tone::Gold, &t.get("health-no-smtp"))) }
            },
            ..SummaryRow::default()
        },
        SummaryRow {
            key: &words[4],
            value: html! {
                (state(undeclared, &fine, &attention))
                ul { @for location in &settings.locations {
                    li {
                        (t.find(&format!("health-location-{}", location.what)).unwrap_or_else(|| location.what.clone())) ": "
                        (location.country.clone().unwrap_or_else(|| t.get("settings-location-undeclared")))
                    }
                } }
            },
            ..SummaryRow::default()
        },
        SummaryRow { key: &words[5], value: html! { (t.get("health-backup")) }, ..SummaryRow::default() },
        SummaryRow {
            key: &words[6],
            value: html! { code { (app.policy().version().get(..16).unwrap_or_default()) } },
            ..SummaryRow::default()
        },
        SummaryRow { key: &words[7], value: html! { (t.get("settings-crypto")) }, ..SummaryRow::default() },
    ];
    let enquiries = match desk.role_for(Ability::Enquiries) {
        Ok(role) => {
            let (list, _) = desk
                .act(role, |app, ctx| app::enquiry::list(app, ctx, Some("received".to_owned()), None, 200))
                .await?;
            Some(list.len())
        }
        Err(_) => None,
    };
    let operator = &desk.session.operator;
    let roles: Vec<String> = operator.roles.iter().map(|role| desk.role_name(*role)).collect();
    let who = t.with("console-signed-in-as", &[("name", &operator.login), ("roles", &roles.join(", "))]);
    let title = t.get("console-home-title");
    let body = html! {
        h1 { (title) }
        @if stopped { (blocks::notice(Tone::Red, &t.get("health-stopped"), &html! { p { (t.get("health-stopped-next")) } })) }
        p { (who) }
        @if let Some(count) = enquiries {
            p { a href=(desk.href("/enquiries?status=received")) { (t.count("health-enquiries", i64::try_from(count).unwrap_or(i64::MAX))) } }
        }
        h2 { (t.get("health-title")) }
        (blocks::summary_list(&rows, ""))
    };
    Ok(desk.page("", &title, body))
}
