//! What is around every page of a person: language, places, banners, footer; and who visits.

use app::account::Session;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use model::{Instant, Locale, Private, ProcessingContext};

use crate::answer::{self, Facts, Trouble};
use crate::i18n::Text;
use crate::session::Holder;
use crate::state::Web;
use crate::ui::blocks::{self, Reason};
use crate::ui::form::{ErrorLink, error_summary};
use crate::ui::shell::{self, Banner, Language, NavItem};
use crate::ui::{Link, Tone};
use crate::{assets, csrf};

/// Which place of the navigation a page belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Here {
    /// None of them.
    #[default]
    Elsewhere,
    /// The privacy centre.
    Home,
    /// The policy and its versions.
    Policy,
    /// The partners.
    Partners,
    /// The account.
    Account,
    /// The check of receipts.
    Verify,
}

/// One request for a page.
pub struct Visit {
    /// The shared state.
    pub web: Web,
    /// The language of the page.
    pub locale: Locale,
    /// Its words.
    pub t: Text,
    /// The request's headers.
    pub headers: HeaderMap,
    /// What follows the language in the address, with the query: `/policy?x=1`.
    pub rest: String,
    /// Where the visitor comes from, for the rate limits alone.
    pub from: Option<Vec<u8>>,
}

/// A person who is signed in.
pub struct Person {
    /// The session.
    pub session: Session,
    /// Its token, to end it.
    pub token: Private<String>,
}

impl Person {
    /// The context in which this person acts.
    pub fn context(&self, visit: &Visit) -> ProcessingContext {
        app::account::context(visit.web.app(), &self.session, visit.locale)
    }
}

impl FromRequestParts<Web> for Visit {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Trouble> {
        let path = parts.uri.path();
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        let locale: Locale = first.parse().map_err(|_| Trouble::App(app::Failure::NotFound))?;
        let mut rest = path.get(first.len() + 1..).unwrap_or("/").to_owned();
        if let Some(query) = parts.uri.query() {
            rest.push('?');
            rest.push_str(query);
        }
        let peer =
            parts.extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>().map(|peer| peer.0);
        let from = crate::limit::visitor(peer, &parts.headers);
        Ok(Self { web: web.clone(), locale, t: Text::of(locale), headers: parts.headers.clone(), rest, from })
    }
}

/// A page before it is put into the frame.
#[derive(Default)]
pub struct Sheet<'a> {
    /// Title of the document; the heading of the page says the same.
    pub title: &'a str,
    /// Place in the navigation.
    pub here: Here,
    /// The page, beginning with its `h1`.
    pub body: Markup,
    /// Above the heading: back link.
    pub before: Option<Markup>,
    /// Head of the printed page.
    pub print: Option<Markup>,
    /// Right end of the header.
    pub tools: Option<Markup>,
    /// Something is wrong with what was typed: the title says so first.
    pub wrong: bool,
    /// Search engines may list it.
    pub public: bool,
    /// Where the language switch leads instead of this address.
    pub rest: Option<&'a str>,
    /// Status of the answer; 200 unless set.
    pub status: Option<StatusCode>,
}

impl Visit {
    /// A visit of which nothing is known but the language.
    pub fn plain(web: Web, locale: Locale) -> Self {
        Self { web, locale, t: Text::of(locale), headers: HeaderMap::new(), rest: "/".to_owned(), from: None }
    }

    /// Now.
    pub fn now(&self) -> Instant {
        self.web.app().now()
    }

    /// An address in the language of the page.
    pub fn href(&self, rest: &str) -> String {
        format!("/{}{rest}", self.locale)
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// [`Trouble::SignIn`] when nobody is.
    pub async fn person(&self) -> Result<Person, Trouble> {
        let token = self.web.cookies().token(Holder::Person, &self.headers).ok_or(Trouble::SignIn)?;
        let copy = Private::new(token.expose().clone());
        let session = self.web.call(move |app| app::account::session(app, &copy)).await?;
        Ok(Person { session: session.ok_or(Trouble::SignIn)?, token })
    }

    /// Who is signed in, for a form he sent from our own page with the session's token.
    ///
    /// # Errors
    /// [`Trouble::SignIn`], [`Trouble::Csrf`].
    pub async fn person_posting(&self, token: &str) -> Result<Person, Trouble> {
        self.own_page()?;
        let person = self.person().await?;
        if csrf::same(&person.session.csrf, token) { Ok(person) } else { Err(Trouble::Csrf) }
    }

    /// Refuses what a foreign page sent.
    ///
    /// # Errors
    /// [`Trouble::Csrf`].
    pub fn own_page(&self) -> Result<(), Trouble> {
        if csrf::from_own_page(&self.headers) { Ok(()) } else { Err(Trouble::Csrf) }
    }

    /// The page as an answer.
    pub fn page(&self, sheet: &Sheet<'_>) -> Response {
        (sheet.status.unwrap_or(StatusCode::OK), Html(self.frame(sheet).into_string())).into_response()
    }

    fn frame(&self, sheet: &Sheet<'_>) -> Markup {
        let t = self.t;
        let app = self.web.app();
        let controller = app.policy().controller();
        let company = controller.name.get(self.locale);
        let place = |rest: &str| self.href(rest);
        let (home, policy, partners, account, verify) =
            (place("/"), place("/policy"), place("/partners"), place("/account"), place("/receipts/verify"));
        let words = [
            t.get("site-nav-home"),
            t.get("site-nav-policy"),
            t.get("site-nav-partners"),
            t.get("site-nav-verify"),
            t.get("site-nav-account"),
        ];
        let nav = [
            NavItem { href: &home, text: &words[0], here: sheet.here == Here::Home },
            NavItem { href: &policy, text: &words[1], here: sheet.here == Here::Policy },
            NavItem { href: &partners, text: &words[2], here: sheet.here == Here::Partners },
            NavItem { href: &verify, text: &words[3], here: sheet.here == Here::Verify },
            NavItem { href: &account, text: &words[4], here: sheet.here == Here::Account },
        ];
        let rest = sheet.rest.unwrap_or(&self.rest);
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
                here: *code == self.locale.as_str(),
            })
            .collect();
        let rehearsal = t.get("site-rehearsal");
        let (rehearsal_word, rehearsal_text) = rehearsal.split_once(". ").unwrap_or((&rehearsal, ""));
        let (draft_word, draft_text) = (t.get("site-draft-mark"), t.get("site-draft-note"));
        let mut banners = Vec::new();
        if app.settings().rehearsal {
            banners.push(Banner { tone: Tone::Gold, word: rehearsal_word, text: rehearsal_text });
        }
        if self.locale == Locale::Kk {
            banners.push(Banner { tone: Tone::Quiet, word: &draft_word, text: &draft_text });
        }
        let (cookies, evidence, comments) = (place("/cookies"), place("/evidence"), place("/comments"));
        let footer_words = [
            t.get("site-nav-evidence"),
            t.get("site-nav-cookies"),
            t.get("site-nav-comments"),
            t.get("site-footer-security"),
        ];
        let footer_links = [
            Link::new(&evidence, &footer_words[0]),
            Link::new(&cookies, &footer_words[1]),
            Link::new(&comments, &footer_words[2]),
            Link::new("/.well-known/security.txt", &footer_words[3]),
        ];
        let footer = html! {
            p { (t.with("site-footer-controller", &[("company", company), ("bin", &controller.bin), ("address", controller.address.get(self.locale))])) }
            p { (t.with("site-footer-contact", &[("mailbox", &controller.mailbox)])) }
            p { (t.with("site-footer-responsible", &[("name", controller.responsible.get(self.locale))])) }
            p { (t.get("site-footer-built-with")) }
        };
        let site = t.with("site-title", &[("company", company)]);
        let mut title = format!("{} · {company}", sheet.title);
        if sheet.wrong {
            title = t.with("error-page-title-prefix", &[("title", &title)]);
        }
        let (skip, nav_label, languages_label) =
            (t.get("site-skip-link"), t.get("site-nav-label"), t.get("site-language-switch"));
        shell::shell(&shell::Page {
            lang: self.locale.as_str(),
            title: &title,
            site: &site,
            home: &home,
            kind: shell::Kind::Person,
            css: assets::css(),
            js: Some(assets::js()),
            favicon: assets::favicon(),
            skip: &skip,
            nav_label: &nav_label,
            nav: &nav,
            languages_label: &languages_label,
            languages: &languages,
            tools: sheet.tools.clone(),
            banners: &banners,
            before: sheet.before.clone(),
            print: sheet.print.clone(),
            body: sheet.body.clone(),
            footer_links: &footer_links,
            footer: Some(footer),
            theme: None,
            private: !sheet.public,
        })
    }

    /// A link back above the heading.
    pub fn back(&self, rest: &str) -> Markup {
        let (href, words) = (self.href(rest), self.t.get("site-back"));
        blocks::back_link(&Link::new(&href, &words))
    }

    /// The summary of everything wrong, each linking to its field.
    pub fn summary(&self, errors: &[(String, String)]) -> Markup {
        let links: Vec<ErrorLink<'_>> =
            errors.iter().map(|(field, text)| ErrorLink { href: field, text }).collect();
        html! { @if !links.is_empty() { (error_summary(&self.t.get("error-summary-title"), &links)) } }
    }

    /// Words of a violation.
    pub fn wording(&self, violation: &model::Violation, extra: &[(&str, &str)]) -> String {
        answer::wording(self.t, self.web.app().policy(), violation, extra)
    }

    /// The page of a trouble: what is wrong, which rule, what next.
    pub fn trouble(&self, facts: &Facts) -> Response {
        let t = self.t;
        let policy = self.web.app().policy();
        let mailbox = policy.controller().mailbox.as_str();
        let minutes = facts.retry_after.unwrap_or(60).div_ceil(60).to_string();
        let extra = [("minutes", minutes.as_str()), ("mailbox", mailbox), ("reference", facts.code)];
        let main = if let Some(first) = facts.violations.first() {
            answer::wording(t, policy, first, &extra)
        } else {
            t.find_with(&format!("error-{}", facts.code), &extra).unwrap_or_else(|| {
                t.get(if facts.status.is_server_error() {
                    "error-storage-unavailable"
                } else {
                    "error-conflict"
                })
            })
        };
        let clause = facts.clause.map(|clause| clause.to_string().trim_start_matches('C').to_owned());
        let href = clause
            .as_deref()
            .map(|number| self.href(&format!("/policy#c-{}", number.replace('.', "-"))))
            .unwrap_or_default();
        let rule =
            clause.as_deref().map(|number| t.with("error-rule", &[("clause", number)])).unwrap_or_default();
        let code = t.with("error-code", &[("code", facts.code)]);
        let mut reasons = Vec::new();
        if rule.is_empty() {
            reasons.push(Reason { source: facts.status.as_str(), text: &code, href: "" });
        } else {
            reasons.push(Reason { source: &rule, text: &code, href: &href });
        }
        let title = t.get("error-summary-title");
        let home = self.href("/");
        let more: Vec<String> =
            facts.violations.iter().skip(1).map(|one| answer::wording(t, policy, one, &extra)).collect();
        let body = html! {
            h1 { (title) }
            p.lead { (main) }
            @if !more.is_empty() { ul { @for line in &more { li { (line) } } } }
            (blocks::why(&reasons))
            p { a href=(home) { (t.get("site-back-home")) } }
        };
        self.page(&Sheet {
            title: &title,
            body,
            rest: Some("/"),
            status: Some(facts.status),
            ..Sheet::default()
        })
    }
}
