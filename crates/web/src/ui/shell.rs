//! The frame of every page: skip link, header with languages, banner, main, footer.
//!
//! Invariant: the page works under `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;
//! form-action 'self'`: no inline style, no inline script, no foreign host.

use maud::{DOCTYPE, Markup, html};

use super::{
    Link, Tone,
    icon::{house_mark, icon},
};

/// Who reads the page: it sets density, width and type size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A person: 18/28 px, one column, one question a page.
    #[default]
    Person,
    /// An operator: 15/22 px, full width, dense tables.
    Operator,
}

/// A place of the navigation.
#[derive(Clone, Copy, Debug, Default)]
pub struct NavItem<'a> {
    /// Address.
    pub href: &'a str,
    /// Seen text.
    pub text: &'a str,
    /// The page shown now is this one.
    pub here: bool,
}

/// One of ҚАЗ, РУС, ENG: the same page in another language.
#[derive(Clone, Copy, Debug, Default)]
pub struct Language<'a> {
    /// BCP 47 code: `kk`, `ru`, `en`.
    pub code: &'a str,
    /// Seen text: `ҚАЗ`.
    pub short: &'a str,
    /// The language's own name for screen readers: `Қазақша`.
    pub name: &'a str,
    /// Address of this page in that language.
    pub href: &'a str,
    /// The page is in this language.
    pub here: bool,
}

/// A line over the whole page that cannot be overlooked: REHEARSAL, draft translation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Banner<'a> {
    /// Gold for rehearsal and draft, red for a fault.
    pub tone: Tone,
    /// The one word in capitals: `РЕПЕТИЦИЯ`.
    pub word: &'a str,
    /// What it means for the reader.
    pub text: &'a str,
}

/// Everything around and in a page; strings are in the language of the page.
#[derive(Default)]
pub struct Page<'a> {
    /// BCP 47 code of the page.
    pub lang: &'a str,
    /// Title of the document; the caller puts the error prefix before it.
    pub title: &'a str,
    /// Name of the organisation, shown beside the house mark.
    pub site: &'a str,
    /// Where the name leads.
    pub home: &'a str,
    /// Density.
    pub kind: Kind,
    /// Hashed address of `senim.css`.
    pub css: &'a str,
    /// Hashed address of `senim.js`, or none.
    pub js: Option<&'a str>,
    /// Hashed address of `favicon.svg`.
    pub favicon: &'a str,
    /// Text of the skip link.
    pub skip: &'a str,
    /// Spoken name of the navigation.
    pub nav_label: &'a str,
    /// Places; empty for none.
    pub nav: &'a [NavItem<'a>],
    /// Spoken name of the language switch.
    pub languages_label: &'a str,
    /// ҚАЗ, РУС, ENG.
    pub languages: &'a [Language<'a>],
    /// Right end of the header: name of the operator, health, sign-out form.
    pub tools: Option<Markup>,
    /// Rehearsal, draft: one line each, over the page and on paper.
    pub banners: &'a [Banner<'a>],
    /// Above the heading, jumped over by the skip link: back link or breadcrumbs.
    pub before: Option<Markup>,
    /// The head of the printed page ([`super::blocks::print_head`]).
    pub print: Option<Markup>,
    /// The page itself; begins with its only `h1`.
    pub body: Markup,
    /// Links of the footer.
    pub footer_links: &'a [Link<'a>],
    /// Last line: organisation, BIN, address, help.
    pub footer: Option<Markup>,
    /// `light` or `dark` pins the theme; none follows the device.
    pub theme: Option<&'a str>,
    /// Search engines stay out (everything but the public pages).
    pub private: bool,
}

/// Puts a page into its frame.
#[must_use]
pub fn shell(page: &Page<'_>) -> Markup {
    let kind = match page.kind {
        Kind::Person => "person",
        Kind::Operator => "operator",
    };
    html! {
        (DOCTYPE)
        html lang=(page.lang) data-theme=[page.theme] {
            head {
                meta charset="utf-8";
                title { (page.title) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="theme-color" content="#FAF9F5" media="(prefers-color-scheme: light)";
                meta name="theme-color" content="#0F161C" media="(prefers-color-scheme: dark)";
                meta name="format-detection" content="telephone=no";
                @if page.private { meta name="robots" content="noindex"; }
                link rel="stylesheet" href=(page.css);
                link rel="icon" type="image/svg+xml" href=(page.favicon);
                @if let Some(js) = page.js { script src=(js) defer {} }
            }
            body class=(kind) {
                a.skip href="#main" { (page.skip) }
                header.top {
                    @for banner in page.banners { (banner_line(banner)) }
                    div.wrap {
                        a.brand href=(page.home) { (house_mark()) span { (page.site) } }
                        @if let Some(tools) = &page.tools { div.tools { (tools) } }
                        @if !page.languages.is_empty() {
                            nav.langs aria-label=(page.languages_label) {
                                @for language in page.languages { (language_link(language)) }
                            }
                        }
                        @if !page.nav.is_empty() {
                            nav.places aria-label=(page.nav_label) {
                                ul {
                                    @for item in page.nav {
                                        li { a href=(item.href) aria-current=[item.here.then_some("page")] { (item.text) } }
                                    }
                                }
                            }
                        }
                    }
                }
                @if let Some(print) = &page.print { (print) }
                main.wrap.page {
                    @if let Some(before) = &page.before { (before) }
                    div.body #main tabindex="-1" { (page.body) }
                }
                footer.bottom {
                    div.wrap {
                        @if !page.footer_links.is_empty() {
                            ul { @for link in page.footer_links { li { (link) } } }
                        }
                        @if let Some(footer) = &page.footer { div.small { (footer) } }
                    }
                }
            }
        }
    }
}

fn banner_line(banner: &Banner<'_>) -> Markup {
    html! {
        div class={ "banner " (banner.tone.class()) } role="note" {
            p.wrap { (icon(banner.tone.icon())) strong { (banner.word) } " " span { (banner.text) } }
        }
    }
}

fn language_link(language: &Language<'_>) -> Markup {
    html! {
        a href=(language.href) lang=(language.code) hreflang=(language.code)
            aria-current=[language.here.then_some("true")] {
            (language.short) span.vh { " " (language.name) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_is_escaped_and_without_inline_code() {
        let evil = "<script>x</script>";
        let page = Page {
            lang: "ru",
            title: evil,
            site: evil,
            nav: &[NavItem { href: "/ru/\"><script>", text: evil, here: true }],
            banners: &[Banner { tone: Tone::Gold, word: evil, text: evil }],
            js: Some("/static/senim.js"),
            footer_links: &[Link { href: "/", text: evil, hidden: evil }],
            ..Page::default()
        };
        let html = shell(&page).into_string();
        assert_eq!(html.matches("<script").count(), 1, "only the deferred file");
        assert!(!html.contains("style=") && !html.contains("<style") && !html.contains(" on"));
        assert!(html.contains("<html lang=\"ru\"") && html.contains("href=\"#main\""));
        assert!(html.contains("aria-current=\"page\""));
    }
}
