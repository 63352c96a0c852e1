//! A notice as HTML fragments, one per clause, with stable anchors.
//!
//! INVARIANT: the only tags are those that Markdown itself makes. Raw HTML of the source is shown as text,
//! images give way to their description, and a link keeps its text but loses an address with a scheme other
//! than http, https, mailto and tel.
//! Clauses: C19.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::NoticeText;

/// A notice ready for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedNotice {
    /// Title as plain text.
    pub title: String,
    /// HTML of what stands before the first clause.
    pub intro: String,
    /// The clauses in the order of the text.
    pub clauses: Vec<RenderedClause>,
    /// HTML of the company details.
    pub trailer: String,
}

/// One clause as HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedClause {
    /// Id of the element: `c-8-5`.
    pub anchor: String,
    /// `8.5`.
    pub number: String,
    /// 1 for a top clause.
    pub depth: u8,
    /// Heading as plain text, to be escaped by the page.
    pub heading: Option<String>,
    /// Safe HTML of the clause's own text, without number and heading.
    pub html: String,
}

/// Renders a notice; run-on clauses come out apart.
pub fn render(notice: &NoticeText) -> RenderedNotice {
    RenderedNotice {
        title: plain(&notice.title),
        intro: markdown(&notice.intro),
        clauses: notice
            .clauses
            .iter()
            .map(|clause| RenderedClause {
                anchor: format!("c-{}", clause.number.replace('.', "-")),
                number: clause.number.clone(),
                depth: clause.depth,
                heading: clause.heading.as_deref().map(plain),
                html: markdown(&clause.text),
            })
            .collect(),
        trailer: markdown(&notice.trailer),
    }
}

fn parser(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
}

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for event in parser(text) {
        match event {
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => {
                out.push_str(&part);
            }
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            _ => {}
        }
    }
    out
}

fn markdown(text: &str) -> String {
    // Whether each open link was kept, so that its end is treated alike.
    let mut links: Vec<bool> = Vec::new();
    let events = parser(text).filter_map(|event| safe(event, &mut links));
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    html::push_html(&mut out, events);
    out
}

fn safe<'a>(event: Event<'a>, links: &mut Vec<bool>) -> Option<Event<'a>> {
    Some(match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => return None,
        Event::Start(Tag::Link { dest_url, link_type, .. }) => {
            let is_mail = matches!(link_type, pulldown_cmark::LinkType::Email);
            let keep = is_mail || is_safe_address(&dest_url);
            links.push(keep);
            if !keep {
                return None;
            }
            let scheme = if is_mail && !dest_url.starts_with("mailto:") { "mailto:" } else { "" };
            let tag = format!("<a href=\"{scheme}{}\" rel=\"noopener noreferrer\">", escape(&dest_url));
            Event::InlineHtml(CowStr::from(tag))
        }
        Event::End(TagEnd::Link) => {
            return links.pop().unwrap_or(false).then_some(Event::InlineHtml(CowStr::Borrowed("</a>")));
        }
        // The page's own headings are above these.
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: level.max(HeadingLevel::H3),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(level.max(HeadingLevel::H3))),
        other => other,
    })
}

fn is_safe_address(address: &str) -> bool {
    // Browsers skip control characters and blanks inside a scheme.
    let clean: String = address.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    if clean.starts_with("//") || clean.starts_with('\\') {
        return false;
    }
    match clean.find([':', '/', '?', '#']) {
        Some(at) if clean.get(at..).is_some_and(|rest| rest.starts_with(':')) => {
            let scheme = clean.get(..at).unwrap_or_default();
            ["http", "https", "mailto", "tel"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
        }
        _ => !clean.contains('&') || !clean.to_ascii_lowercase().contains("&colon"),
    }
}

fn escape(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if c.is_control() || c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}
