//! Who received what: person → company → recipients, the width of a line is the number of categories.
//!
//! Invariant: the lines are a picture with title and description; the names are text, and a table behind the picture
//! says the same in words.

use core::fmt::Write as _;

use maud::{Markup, html};

use super::{
    Tone,
    icon::{Icon, house_mark, icon},
};

/// One who received.
#[derive(Clone, Copy, Debug, Default)]
pub struct FlowRecipient<'a> {
    /// Name as in the list of partners.
    pub name: &'a str,
    /// What was passed, in words: `телефон, почта`.
    pub what: &'a str,
    /// When, why, clause.
    pub note: &'a str,
    /// Number of categories: the width of the line.
    pub categories: u8,
    /// Quiet for an ended disclosure (dashed), sky for a living one.
    pub tone: Tone,
    /// Address of the disclosure, may be empty.
    pub href: &'a str,
}

/// The drawing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flow<'a> {
    /// Id of the drawing, unique in the page.
    pub id: &'a str,
    /// Title.
    pub title: &'a str,
    /// The story in one sentence.
    pub description: &'a str,
    /// Left: `Вы`.
    pub person: &'a str,
    /// Middle: the company.
    pub company: &'a str,
    /// What the company holds: `6 категорий`.
    pub company_note: &'a str,
    /// Number of categories the company holds.
    pub categories: u8,
    /// Right.
    pub recipients: &'a [FlowRecipient<'a>],
    /// Opens the table.
    pub table_label: &'a str,
    /// Heads of the table: recipient, what, note.
    pub columns: [&'a str; 3],
}

/// Height of one recipient in the drawing, pixels; the stylesheet says the same.
const ROW: usize = 68;

fn weight(categories: u8) -> String {
    format!("{:.1}", f32::from(categories.clamp(1, 12)) * 1.6)
}

/// Draws the flow with its table.
#[must_use]
pub fn flow(view: &Flow<'_>) -> Markup {
    let height = ROW * view.recipients.len().max(1);
    let middle = height / 2;
    let view_box = format!("0 0 100 {height}");
    html! {
        figure.flow aria-labelledby={ (view.id) "-t" } {
            figcaption id={ (view.id) "-t" } { (view.title) }
            div.stage {
                p.who { (icon(Icon::People)) span { (view.person) } }
                svg.link.first viewBox="0 0 100 68" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                    path.sky d="M0 34H100" stroke-width=(weight(view.categories)) {}
                }
                p.who { (house_mark()) span { (view.company) @if !view.company_note.is_empty() { small { (view.company_note) } } } }
                svg.link role="img" aria-labelledby={ (view.id) "-d" } viewBox=(view_box) preserveAspectRatio="none" height=(height) {
                    title id={ (view.id) "-d" } { (view.description) }
                    @for (i, recipient) in view.recipients.iter().enumerate() {
                        @let y = ROW * i + ROW / 2;
                        path class=(recipient.tone.class()) d=(curve(middle, y)) stroke-width=(weight(recipient.categories)) {}
                    }
                }
                ul {
                    @for recipient in view.recipients {
                        li class=(recipient.tone.class()) {
                            @if recipient.href.is_empty() { strong { (recipient.name) } } @else { a href=(recipient.href) { (recipient.name) } }
                            small { (recipient.what) }
                        }
                    }
                }
            }
            details {
                summary { (view.table_label) }
                table {
                    caption.vh { (view.title) }
                    thead { tr { @for head in view.columns { th scope="col" { (head) } } } }
                    tbody {
                        @for recipient in view.recipients {
                            tr { th scope="row" { (recipient.name) } td { (recipient.what) } td { (recipient.note) } }
                        }
                    }
                }
            }
        }
    }
}

fn curve(from: usize, to: usize) -> String {
    let mut path = String::with_capacity(32);
    let _ = write!(path, "M0 {from}C55 {from} 45 {to} 100 {to}");
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_text_and_inert() {
        let recipients = [
            FlowRecipient {
                name: "<script>",
                what: "телефон",
                categories: 1,
                tone: Tone::Sky,
                ..FlowRecipient::default()
            },
            FlowRecipient {
                name: "Банк",
                what: "ИИН, телефон",
                categories: 200,
                href: "/d/1",
                ..FlowRecipient::default()
            },
        ];
        let html = flow(&Flow { id: "f", recipients: &recipients, ..Flow::default() }).into_string();
        assert!(!html.contains("<script") && html.contains("&lt;script&gt;"));
        assert!(html.contains("stroke-width=\"1.6\"") && html.contains("stroke-width=\"19.2\""));
        assert!(html.contains("M0 68C55 68 45 34 100 34"));
    }
}
