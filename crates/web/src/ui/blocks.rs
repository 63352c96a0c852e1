//! The blocks of a page: notices, tags, lists to check, dates with their reasons, receipts, the head of a print.
//!
//! Invariant: a value of a person is written through [`value`] (or a row marked `private`), so paper never shows it.
//! Clauses: C11.5.

use maud::{Markup, html};

use super::{
    Link, Tone,
    icon::{Icon, icon},
};

/// A value of a person: seen on the screen, replaced by `on_paper` in print (clause 11.5).
#[must_use]
pub fn value(text: &str, on_paper: &str) -> Markup {
    html! { span.no-print-value { (text) } span.print-only { (on_paper) } }
}

/// A box with a shape and a word: something the reader must not miss.
#[must_use]
pub fn notice(tone: Tone, word: &str, body: &Markup) -> Markup {
    html! {
        div class={ "notice " (tone.class()) } role="note" {
            (icon(tone.icon()))
            div { strong.word { (word) } (body) }
        }
    }
}

/// Words set apart, without alarm.
#[must_use]
pub fn inset(body: &Markup) -> Markup {
    html! { div.inset { (body) } }
}

/// A status in one or two words, with its shape.
#[must_use]
pub fn tag(tone: Tone, text: &str) -> Markup {
    html! { span class={ "tag " (tone.class()) } { (icon(tone.icon())) (text) } }
}

/// More for those who ask.
#[must_use]
pub fn details(summary: &str, body: &Markup) -> Markup {
    html! { details { summary { (summary) } div.inside { (body) } } }
}

/// Back to the page before.
#[must_use]
pub fn back_link(link: &Link<'_>) -> Markup {
    html! { a.back href=(link.href) { span aria-hidden="true" { "← " } (link.text) } }
}

/// The way down to this page; the last crumb is the page itself and not a link.
#[must_use]
pub fn breadcrumbs(label: &str, crumbs: &[Link<'_>]) -> Markup {
    html! {
        nav.crumbs aria-label=(label) {
            ol {
                @for (i, crumb) in crumbs.iter().enumerate() {
                    li { @if i + 1 == crumbs.len() { span aria-current="page" { (crumb.text) } } @else { (crumb) } }
                }
            }
        }
    }
}

/// One answer to check, with links that change it.
#[derive(Clone, Default)]
pub struct SummaryRow<'a> {
    /// What it is.
    pub key: &'a str,
    /// The answer.
    pub value: Markup,
    /// A value of a person: not printed; the words of `on_paper` stand instead.
    pub private: bool,
    /// `Изменить` with hidden words naming the row.
    pub actions: &'a [Link<'a>],
}

/// Answers to check, or facts about a thing. `on_paper` replaces private values in print.
#[must_use]
pub fn summary_list(rows: &[SummaryRow<'_>], on_paper: &str) -> Markup {
    html! {
        dl.facts {
            @for row in rows {
                div {
                    dt { (row.key) }
                    dd {
                        @if row.private {
                            div.no-print-value { (row.value) }
                            span.print-only { (on_paper) }
                        } @else { (row.value) }
                    }
                    @if !row.actions.is_empty() { dd.actions { @for link in row.actions { (link) } } }
                }
            }
        }
    }
}

/// It is done: what, its number, and its seal.
#[derive(Clone, Default)]
pub struct Confirmation<'a> {
    /// What is done: `Заявка принята`.
    pub title: &'a str,
    /// Before the number: `Номер заявки`.
    pub number_label: &'a str,
    /// Reference number.
    pub number: &'a str,
    /// The seal of the entry, if it stands already.
    pub seal: Option<Markup>,
}

/// The panel at the end of a path; holds the heading of the page.
#[must_use]
pub fn confirmation(view: &Confirmation<'_>) -> Markup {
    html! {
        div.done {
            div {
                h1 { (view.title) }
                @if !view.number.is_empty() { p { (view.number_label) br; strong.number { (view.number) } } }
            }
            @if let Some(seal) = &view.seal { div { (seal) } }
        }
    }
}

/// A door of the privacy centre: a verb and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Tile<'a> {
    /// Address.
    pub href: &'a str,
    /// Verb: `Узнать, что о вас хранится`.
    pub title: &'a str,
    /// When it is done and how.
    pub text: &'a str,
    /// Shape.
    pub icon: Icon,
}

/// The doors of the privacy centre.
#[must_use]
pub fn tiles(doors: &[Tile<'_>]) -> Markup {
    html! {
        ul.tiles {
            @for door in doors {
                li { (icon(door.icon)) h2 { a href=(door.href) { (door.title) } } p { (door.text) } }
            }
        }
    }
}

/// Nothing here yet, and what to do next.
#[must_use]
pub fn empty_state(title: &str, text: &str, next: Option<&Markup>) -> Markup {
    html! {
        div.empty { p.title { (title) } p { (text) } @if let Some(next) = next { (next) } }
    }
}

/// One reason of a date or number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reason<'a> {
    /// Kind of source: clause, law, calendar.
    pub source: &'a str,
    /// What it says.
    pub text: &'a str,
    /// Where it can be read, may be empty.
    pub href: &'a str,
}

/// A date with its reasons.
#[derive(Clone, Copy, Debug, Default)]
pub struct Due<'a> {
    /// As a person reads it: `до 2 декабря 2026, среда`.
    pub date: &'a str,
    /// For machines: `2026-12-02`.
    pub datetime: &'a str,
    /// Small beside it: `осталось 6 рабочих дней`, may be empty.
    pub left: &'a str,
    /// Opens the reasons: `Почему эта дата`.
    pub why: &'a str,
    /// Clause, law, calendar.
    pub reasons: &'a [Reason<'a>],
    /// Gold while it runs, red when passed, green when kept, quiet when it does not matter any more.
    pub tone: Tone,
}

/// The date first, the duration small, the reason on a click.
#[must_use]
pub fn due(view: &Due<'_>) -> Markup {
    html! {
        div class={ "due " (view.tone.class()) } {
            p {
                (icon(view.tone.icon()))
                time datetime=(view.datetime) { (view.date) }
                @if !view.left.is_empty() { " " small { (view.left) } }
            }
            @if !view.reasons.is_empty() {
                details { summary { (view.why) } (why(view.reasons)) }
            }
        }
    }
}

/// The reasons of a number or a refusal as a list: source, what it says, where it stands.
#[must_use]
pub fn why(reasons: &[Reason<'_>]) -> Markup {
    html! {
        dl.why {
            @for reason in reasons {
                div {
                    dt { @if reason.href.is_empty() { (reason.source) } @else { a href=(reason.href) { (reason.source) } } }
                    dd { (reason.text) }
                }
            }
        }
    }
}

/// A term with its meaning, for glossaries and the console.
#[must_use]
pub fn definition(term: &str, meaning: &str) -> Markup {
    html! { dl.why { div { dt { (term) } dd { (meaning) } } } }
}

/// A file to take away.
#[derive(Clone, Copy, Debug, Default)]
pub struct Download<'a> {
    /// Address.
    pub href: &'a str,
    /// What it is: `Скачать квитанцию`.
    pub text: &'a str,
    /// Kind and size: `JSON, 4 КБ`.
    pub note: &'a str,
}

/// A receipt on the page.
#[derive(Clone, Default)]
pub struct Receipt<'a> {
    /// `Квитанция о согласии`.
    pub title: &'a str,
    /// The seal with its words.
    pub seal: Option<Markup>,
    /// What it says.
    pub rows: &'a [SummaryRow<'a>],
    /// Printed instead of private rows.
    pub on_paper: &'a str,
    /// Before the secret: `Секрет квитанции`.
    pub secret_label: &'a str,
    /// The secret, set in groups of four; empty when it is not shown.
    pub secret: &'a str,
    /// What the secret opens and that it is shown once.
    pub secret_hint: &'a str,
    /// Label of the copy button (only with the script), may be empty.
    pub copy_label: &'a str,
    /// Said when copied.
    pub copied_label: &'a str,
    /// Files.
    pub downloads: &'a [Download<'a>],
    /// QR code for paper.
    pub qr: Option<Markup>,
}

/// The receipt block: seal, facts, secret, files.
#[must_use]
pub fn receipt(view: &Receipt<'_>) -> Markup {
    html! {
        section.receipt aria-label=(view.title) {
            header { h2 { (view.title) } @if let Some(seal) = &view.seal { (seal) } }
            (summary_list(view.rows, view.on_paper))
            @if !view.secret.is_empty() {
                div.secret-box {
                    p.label { (view.secret_label) }
                    p { (secret("receipt-secret", view.secret)) @if !view.copy_label.is_empty() { (copy_button("receipt-secret", view.copy_label, view.copied_label)) } }
                    p.hint { (view.secret_hint) }
                }
            }
            @if let Some(qr) = &view.qr { div.qr { (qr) } }
            (downloads(view.downloads))
        }
    }
}

/// A secret in groups of four monospaced characters; copying gives it without gaps.
#[must_use]
pub fn secret(id: &str, text: &str) -> Markup {
    let letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    html! {
        code.secret id=(id) translate="no" { @for group in letters.chunks(4) { span { (group.iter().collect::<String>()) } } }
    }
}

/// Files as buttons with kind and size.
#[must_use]
pub fn downloads(files: &[Download<'_>]) -> Markup {
    html! {
        @if !files.is_empty() {
            ul.downloads {
                @for file in files {
                    li { a class="button second" href=(file.href) download { (icon(Icon::Download)) (file.text) @if !file.note.is_empty() { small { (file.note) } } } }
                }
            }
        }
    }
}

/// Copies the text of the element `id`; appears only when the script runs.
#[must_use]
pub fn copy_button(id: &str, label: &str, copied: &str) -> Markup {
    html! { button class="button second copy" type="button" hidden data-copy=(id) data-copied=(copied) { (label) } }
}

/// Code or raw text with its name.
#[must_use]
pub fn code_block(label: &str, text: &str) -> Markup {
    html! {
        figure.code { figcaption { (label) } pre tabindex="0" role="region" aria-label=(label) { code translate="no" { (text) } } }
    }
}

/// Head of the printed page.
#[derive(Clone, Default)]
pub struct PrintHead<'a> {
    /// Organisation with BIN.
    pub site: &'a str,
    /// What is printed.
    pub title: &'a str,
    /// Before the number: `Документ №`.
    pub number_label: &'a str,
    /// Document number.
    pub number: &'a str,
    /// Date of the print's content.
    pub date: &'a str,
    /// Seal of the entry ([`super::seal::seal_mark`]).
    pub seal: Option<Markup>,
    /// QR code that opens the proof.
    pub qr: Option<Markup>,
}

/// The head of a printed page; unseen on the screen.
#[must_use]
pub fn print_head(view: &PrintHead<'_>) -> Markup {
    html! {
        div.print-head aria-hidden="true" {
            div { p { (view.site) } p { strong { (view.title) } } p { (view.number_label) " " strong { (view.number) } " · " (view.date) } }
            @if let Some(seal) = &view.seal { (seal) }
            @if let Some(qr) = &view.qr { (qr) }
        }
    }
}

/// A long text with its own anchors (the policy), beside or under its contents.
#[must_use]
pub fn prose(contents_label: &str, contents: &[Link<'_>], body: &Markup) -> Markup {
    html! {
        div.letter {
            @if !contents.is_empty() {
                nav.contents aria-label=(contents_label) { p.label { (contents_label) } ol { @for link in contents { li { (link) } } } }
            }
            article.prose { (body) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_marked_for_paper() {
        let html = value("Айгерим <script>", "не печатается").into_string();
        assert_eq!(
            html,
            "<span class=\"no-print-value\">Айгерим &lt;script&gt;</span><span class=\"print-only\">не печатается</span>"
        );
        let rows =
            [SummaryRow { key: "Телефон", value: html! { "+7 701" }, private: true, actions: &[] }];
        assert!(
            summary_list(&rows, "—").into_string().contains("<div class=\"no-print-value\">+7 701</div>")
        );
    }

    #[test]
    fn secret_is_grouped_and_copies_whole() {
        let html = secret("s", "abcd-efgh 23").into_string();
        assert!(html.contains("<span>abcd</span><span>efgh</span><span>23</span>"), "{html}");
    }

    #[test]
    fn every_block_is_inert() {
        let evil = "<script>x</script>";
        let link = Link { href: "javascript\"><script>", text: evil, hidden: evil };
        let reasons = [Reason { source: evil, text: evil, href: "/x" }];
        let all = html! {
            (notice(Tone::Red, evil, &html! { (evil) })) (tag(Tone::Gold, evil)) (details(evil, &html! {})) (back_link(&link))
            (breadcrumbs(evil, &[link, link])) (confirmation(&Confirmation { title: evil, number: evil, ..Confirmation::default() }))
            (tiles(&[Tile { href: evil, title: evil, text: evil, icon: Icon::Eye }])) (empty_state(evil, evil, None))
            (due(&Due { date: evil, datetime: evil, left: evil, why: evil, reasons: &reasons, ..Due::default() }))
            (receipt(&Receipt { title: evil, secret: evil, downloads: &[Download { href: evil, text: evil, note: evil }], ..Receipt::default() }))
            (code_block(evil, evil)) (print_head(&PrintHead { title: evil, ..PrintHead::default() })) (prose(evil, &[link], &html! {}))
            (definition(evil, evil)) (inset(&html! { (evil) }))
        };
        assert!(!all.into_string().contains("<script"));
    }
}
