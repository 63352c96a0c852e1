//! The frame of the console: who sits at it, which places the roles open, and how a form is checked.

use app::App;
use app::operator::{self, OperatorSession};
use app::policy::Ability;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use model::{EntryId, Locale, Private, ProcessingContext, RoleId, Violation};

use crate::answer::{Facts, Trouble};
use crate::fields::Fields;
use crate::pages::Visit;
use crate::session::Holder;
use crate::state::Web;
use crate::ui::blocks::{self, Reason};
use crate::ui::form::{self, ButtonKind, Choice, Field};
use crate::ui::seal::{SealState, seal};
use crate::ui::shell::{self, Banner, Language, NavItem};
use crate::ui::{Link, Tone};
use crate::{assets, csrf};

/// Name of the hidden field that carries the session's token.
pub(crate) const CSRF: &str = "csrf";

/// A signed-in operator at a page.
pub(crate) struct Desk {
    /// The request.
    pub visit: Visit,
    /// Who.
    pub session: OperatorSession,
    /// The cookie's token, to end the session.
    pub token: Private<String>,
}

impl FromRequestParts<Web> for Desk {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Trouble> {
        let visit = Visit::from_request_parts(parts, web).await?;
        let token = web.cookies().token(Holder::Operator, &visit.headers).ok_or(Trouble::SignIn)?;
        let copy = Private::new(token.expose().clone());
        let session = web.call(move |app| operator::session(app, &copy)).await?.ok_or(Trouble::SignIn)?;
        Ok(Self { visit, session, token })
    }
}

/// The places of the console: path below `/console`, ability, key of the words.
const PLACES: &[(&str, Option<Ability>, &str)] = &[
    ("", None, "console-nav-home"),
    ("/enquiries", Some(Ability::Enquiries), "console-nav-enquiries"),
    ("/people", Some(Ability::People), "console-nav-people"),
    ("/requests", Some(Ability::Requests), "console-nav-requests"),
    ("/mail", Some(Ability::MailOutbox), "console-nav-mail"),
    ("/evidence", Some(Ability::Evidence), "console-nav-evidence"),
    ("/log", Some(Ability::LogEntries), "console-nav-log"),
    ("/notices", Some(Ability::Notices), "console-nav-notices"),
    ("/keys", Some(Ability::ApiKeys), "console-nav-keys"),
    ("/operators", Some(Ability::Operators), "console-nav-operators"),
];

impl Desk {
    /// The operator's roles that open this part of the console, in the order of the policy.
    pub fn roles_with(&self, ability: Ability) -> Vec<RoleId> {
        let policy = self.visit.web.app().policy();
        let own = &self.session.operator.roles;
        policy
            .roles()
            .iter()
            .filter(|role| own.contains(&role.id) && role.can(ability))
            .map(|role| role.id)
            .collect()
    }

    /// The role in which a page is shown: the first that opens it.
    pub fn role_for(&self, ability: Ability) -> Result<RoleId, Trouble> {
        let refused = || app::Failure::violation("purpose-not-of-role", "C11.4");
        self.roles_with(ability).first().copied().ok_or_else(|| refused().into())
    }

    /// The role chosen in a form, among those that open this part.
    pub fn role_chosen(&self, fields: &Fields, ability: Ability) -> Result<RoleId, Trouble> {
        let open = self.roles_with(ability);
        match fields.text("role") {
            "" => self.role_for(ability),
            text => RoleId::new(text)
                .ok()
                .filter(|role| open.contains(role))
                .ok_or_else(|| app::Failure::violation("role-unknown", "C11.4").into()),
        }
    }

    /// Runs a use case as this operator in a role.
    pub async fn act<R, F>(&self, role: RoleId, act: F) -> Result<R, Trouble>
    where
        R: Send + 'static,
        F: FnOnce(&App, &ProcessingContext) -> Result<R, app::Failure> + Send + 'static,
    {
        let (session, locale) = (self.session.clone(), self.visit.locale);
        self.visit
            .web
            .call(move |app| {
                let ctx = operator::context(app, &session, role, locale)?;
                act(app, &ctx)
            })
            .await
    }

    /// Refuses a form that does not come from a page of this session.
    pub fn posted(&self, fields: &Fields) -> Result<(), Trouble> {
        self.visit.own_page()?;
        if csrf::same(&self.session.csrf, fields.text(CSRF)) { Ok(()) } else { Err(Trouble::Csrf) }
    }

    /// An address of the console in the language of the page.
    pub fn href(&self, rest: &str) -> String {
        self.visit.href(&format!("/console{rest}"))
    }

    /// A form with the session's token.
    pub fn form(&self, rest: &str, body: &Markup) -> Markup {
        form::form(&self.href(rest), Some((CSRF, &self.session.csrf)), body)
    }

    /// In which role to act: asked only when several open this part.
    pub fn role_field(&self, ability: Ability) -> Markup {
        let roles = self.roles_with(ability);
        if roles.len() < 2 {
            return html! {};
        }
        let names: Vec<(String, String)> =
            roles.iter().map(|role| (role.to_string(), self.role_name(*role))).collect();
        let choices: Vec<Choice<'_>> =
            names.iter().map(|(value, label)| Choice { value, label, ..Choice::default() }).collect();
        let label = self.visit.t.get("console-role");
        form::select(&Field { name: "role", label: &label, ..Field::default() }, &choices)
    }

    /// The name of a role.
    pub fn role_name(&self, role: RoleId) -> String {
        let policy = self.visit.web.app().policy();
        policy
            .role(role)
            .map_or_else(|| role.to_string(), |known| known.title.get(self.visit.locale).to_owned())
    }

    /// The name of a purpose with its clause.
    pub fn purpose_name(&self, purpose: model::PurposeId) -> String {
        let policy = self.visit.web.app().policy();
        policy.purpose(purpose).map_or_else(
            || purpose.to_string(),
            |known| format!("{} ({})", known.title.get(self.visit.locale), number(known.clause.as_str())),
        )
    }

    /// The page as an answer. `here` is the path below `/console` whose place of the navigation is lit.
    pub fn page(&self, here: &str, title: &str, body: Markup) -> Response {
        self.page_with(StatusCode::OK, here, title, body)
    }

    /// The page with another status than 200.
    pub fn page_with(&self, status: StatusCode, here: &str, title: &str, body: Markup) -> Response {
        let t = self.visit.t;
        let places: Vec<(String, String, bool)> = PLACES
            .iter()
            .filter(|(_, ability, _)| ability.is_none_or(|ability| !self.roles_with(ability).is_empty()))
            .map(|(path, _, key)| (self.href(path), t.find(key).unwrap_or_default(), *path == here))
            .collect();
        let nav: Vec<NavItem<'_>> =
            places.iter().map(|(href, text, here)| NavItem { href, text, here: *here }).collect();
        let tools = html! {
            span.small { (self.session.operator.login) }
            (self.form("/sign-out", &form::button(&t.get("site-sign-out"), ButtonKind::Quiet)))
        };
        let print = blocks::print_head(&blocks::PrintHead {
            site: &self.visit.web.company(self.visit.locale),
            title,
            date: &self.visit.web.date_time(t, self.visit.now()),
            ..blocks::PrintHead::default()
        });
        frame(&self.visit, status, title, body, &nav, Some(tools), Some(print))
    }

    /// What is wrong, as a block at the top of a page: rule, clause, code. `known` fills in what a violation
    /// does not carry itself, such as the purpose that was asked for.
    pub fn refusal(
        &self,
        lead: &str,
        violations: &[Violation],
        after: &str,
        known: &[(&str, &str)],
    ) -> Markup {
        let t = self.visit.t;
        let lines: Vec<(String, String, String)> = violations
            .iter()
            .map(|violation| {
                let clause = violation.clause.as_str();
                let rule = t.with("error-rule", &[("clause", number(clause))]);
                let code = t.with("error-code", &[("code", violation.code)]);
                let href = clause_href(&self.visit, clause);
                (format!("{} {code}", self.visit.wording(violation, known)), rule, href)
            })
            .collect();
        let reasons: Vec<Reason<'_>> =
            lines.iter().map(|(text, source, href)| Reason { source, text, href }).collect();
        blocks::notice(
            Tone::Red,
            &t.get("refusal-title"),
            &html! { p { (lead) } (blocks::why(&reasons)) @if !after.is_empty() { p { (after) } } },
        )
    }

    /// The seal of an entry, checked while this page is made.
    pub async fn seal_of(&self, entry: EntryId) -> Result<Markup, Trouble> {
        let found = self.visit.web.call(move |app| Ok(checked(app, entry))).await?;
        Ok(self.draw_seal(entry, found))
    }

    /// Draws what [`checked`] found.
    pub fn draw_seal(&self, entry: EntryId, (hash, state): ([u8; 32], SealState)) -> Markup {
        let t = self.visit.t;
        let label = t.get(match state {
            SealState::Verified => "seal-verified",
            SealState::Pending => "seal-pending",
            SealState::Broken => "seal-broken",
        });
        seal(&hash, state, &label, &self.visit.href(&format!("/log/proof/{entry}")))
    }
}

/// The commitment of an entry and whether its proof holds now.
pub(crate) fn checked(app: &App, entry: EntryId) -> ([u8; 32], SealState) {
    let Ok(proof) = app::log::proof(app, entry) else { return ([0; 32], SealState::Pending) };
    let hash = serde_json::from_str::<serde_json::Value>(&proof)
        .ok()
        .and_then(|file| commitment(file["commitment"].as_str()?))
        .unwrap_or([0; 32]);
    match app::receipt::verify(app, proof.as_bytes()) {
        Ok(verdict) if verdict.valid => (hash, SealState::Verified),
        _ => (hash, SealState::Broken),
    }
}

/// 32 bytes in standard base64.
fn commitment(text: &str) -> Option<[u8; 32]> {
    let mut bytes = Vec::with_capacity(33);
    let (mut held, mut bits) = (0u32, 0u32);
    for letter in text.trim_end_matches('=').bytes() {
        let digit = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(digit)) & 0x3fff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
    }
    bytes.try_into().ok()
}

/// `16.2` of `C16.2`; a row of the law stays as it is.
pub(crate) fn number(clause: &str) -> &str {
    clause.strip_prefix('C').unwrap_or(clause)
}

/// Where a clause can be read.
pub(crate) fn clause_href(visit: &Visit, clause: &str) -> String {
    match clause.strip_prefix('C') {
        Some(number) => visit.href(&format!("/policy#c-{}", number.replace('.', "-"))),
        None => visit.href(&format!("/evidence#{clause}")),
    }
}

/// A page for those who write programs: of no language's console.
pub(crate) fn reference(visit: &Visit, title: &str, body: Markup) -> Response {
    let t = visit.t;
    let (skip, home, words) = (t.get("site-skip-link"), visit.href("/"), t.get("site-nav-home"));
    let site = t.with("site-title", &[("company", &visit.web.company(visit.locale))]);
    let page = shell::shell(&shell::Page {
        lang: visit.locale.as_str(),
        title,
        site: &site,
        home: &home,
        kind: shell::Kind::Operator,
        css: assets::css(),
        js: Some(assets::js()),
        favicon: assets::favicon(),
        skip: &skip,
        body,
        footer_links: &[Link::new(&home, &words)],
        ..shell::Page::default()
    });
    Html(page.into_string()).into_response()
}

/// A page of the console for somebody who is not signed in.
pub(crate) fn outside(visit: &Visit, title: &str, body: Markup) -> Response {
    frame(visit, StatusCode::OK, title, body, &[], None, None)
}

/// The same with another status.
pub(crate) fn outside_with(visit: &Visit, status: StatusCode, title: &str, body: Markup) -> Response {
    frame(visit, status, title, body, &[], None, None)
}

/// The page of a trouble.
pub(crate) fn trouble(visit: &Visit, facts: &Facts) -> Response {
    let t = visit.t;
    let minutes = facts.retry_after.unwrap_or(60).div_ceil(60).to_string();
    let mailbox = visit.web.app().policy().controller().mailbox.clone();
    let extra = [("minutes", minutes.as_str()), ("mailbox", &mailbox), ("reference", facts.code)];
    let lines: Vec<String> = if facts.violations.is_empty() {
        let words = t.find_with(&format!("error-{}", facts.code), &extra);
        vec![words.unwrap_or_else(|| t.get("error-conflict"))]
    } else {
        facts.violations.iter().map(|violation| visit.wording(violation, &extra)).collect()
    };
    let title =
        t.get(if facts.status == StatusCode::FORBIDDEN { "refusal-title" } else { "error-summary-title" });
    let rule = facts.clause.map(|clause| t.with("error-rule", &[("clause", number(clause.as_str()))]));
    let href = facts.clause.map(|clause| clause_href(visit, clause.as_str())).unwrap_or_default();
    let code = t.with("error-code", &[("code", facts.code)]);
    let source = rule.unwrap_or_else(|| facts.status.as_str().to_owned());
    let body = html! {
        h1 { (title) }
        @for line in &lines { p { (line) } }
        (blocks::why(&[Reason { source: &source, text: &code, href: &href }]))
        p { a href=(visit.href("/console")) { (t.get("console-nav-home")) } }
    };
    outside_with(visit, facts.status, &title, body)
}

fn frame(
    visit: &Visit,
    status: StatusCode,
    title: &str,
    body: Markup,
    nav: &[NavItem<'_>],
    tools: Option<Markup>,
    print: Option<Markup>,
) -> Response {
    let t = visit.t;
    let console = t.get("console-title");
    let home = visit.href("/console");
    let rest = if visit.rest == "/" { "/console" } else { &visit.rest };
    let switch: Vec<(&str, String, String, String)> = Locale::ALL
        .into_iter()
        .map(|locale| {
            let code = locale.as_str();
            let short = t.find(&format!("site-language-{code}")).unwrap_or_default();
            let name = t.find(&format!("site-language-name-{code}")).unwrap_or_default();
            (code, short, name, format!("/{code}{rest}"))
        })
        .collect();
    let languages: Vec<Language<'_>> = switch
        .iter()
        .map(|(code, short, name, href)| Language {
            code,
            short,
            name,
            href,
            here: *code == visit.locale.as_str(),
        })
        .collect();
    let rehearsal = t.get("site-rehearsal");
    let (word, text) = rehearsal.split_once(". ").unwrap_or((&rehearsal, ""));
    let (draft_word, draft_text) = (t.get("site-draft-mark"), t.get("site-draft-note"));
    let mut banners = Vec::new();
    if visit.web.app().settings().rehearsal {
        banners.push(Banner { tone: Tone::Gold, word, text });
    }
    if visit.locale == Locale::Kk {
        banners.push(Banner { tone: Tone::Quiet, word: &draft_word, text: &draft_text });
    }
    let (skip, nav_label, languages_label) =
        (t.get("site-skip-link"), t.get("console-nav-label"), t.get("site-language-switch"));
    let privacy = visit.href("/");
    let privacy_words = t.get("site-nav-home");
    let page = shell::shell(&shell::Page {
        lang: visit.locale.as_str(),
        title: &format!("{title} · {console}"),
        site: &console,
        home: &home,
        kind: shell::Kind::Operator,
        css: assets::css(),
        js: Some(assets::js()),
        favicon: assets::favicon(),
        skip: &skip,
        nav_label: &nav_label,
        nav,
        languages_label: &languages_label,
        languages: &languages,
        tools,
        banners: &banners,
        print,
        body,
        footer_links: &[Link::new(&privacy, &privacy_words), Link::new("/docs/api", "API")],
        private: true,
        ..shell::Page::default()
    });
    (status, Html(page.into_string())).into_response()
}

#[cfg(test)]
mod tests {
    #[test]
    fn commitments_are_read_from_base64() {
        let bytes: [u8; 32] = std::array::from_fn(|index| u8::try_from(index * 7).unwrap());
        assert_eq!(super::commitment(&model::entry::base64(&bytes)), Some(bytes));
        assert_eq!(super::commitment("AAAA"), None);
        assert_eq!(super::commitment("?"), None);
    }
}
