//! The look of Senim: pages and their parts as plain functions from ready-made strings to markup.
//!
//! Invariant: nothing here knows a language, a clause or a person; every string comes from the caller and is
//! escaped, every page works without JavaScript and under `default-src 'none'; style-src 'self'` (no inline style,
//! no inline script). A value of a person goes through [`blocks::value`], which keeps it off paper.
//! Clauses: C11.5.

pub mod blocks;
pub mod flow;
pub mod form;
pub mod icon;
pub mod seal;
pub mod shell;
pub mod table;
pub mod timeline;

/// What a colour means; a word or a shape always stands with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad: grey.
    #[default]
    Quiet,
    /// Something can be done here: sky.
    Sky,
    /// Time: gold.
    Gold,
    /// Harm or refusal: red.
    Red,
    /// Done and proven: green.
    Green,
}

impl Tone {
    /// The class of the stylesheet.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Sky => "sky",
            Self::Gold => "gold",
            Self::Red => "red",
            Self::Green => "green",
        }
    }

    /// The shape that says the same as the colour.
    #[must_use]
    pub fn icon(self) -> icon::Icon {
        match self {
            Self::Quiet => icon::Icon::Dot,
            Self::Sky => icon::Icon::Info,
            Self::Gold => icon::Icon::Clock,
            Self::Red => icon::Icon::Stop,
            Self::Green => icon::Icon::Tick,
        }
    }
}

/// A link with its text; `hidden` is spoken after the text and not seen ("Изменить *почту*").
#[derive(Clone, Copy, Debug, Default)]
pub struct Link<'a> {
    /// Address, already encoded.
    pub href: &'a str,
    /// Seen text.
    pub text: &'a str,
    /// Text for screen readers only, may be empty.
    pub hidden: &'a str,
}

impl<'a> Link<'a> {
    /// A link without hidden words.
    #[must_use]
    pub fn new(href: &'a str, text: &'a str) -> Self {
        Self { href, text, hidden: "" }
    }
}

impl maud::Render for Link<'_> {
    fn render(&self) -> maud::Markup {
        maud::html! {
            a href=(self.href) { (self.text) @if !self.hidden.is_empty() { span.vh { " " (self.hidden) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    const CSS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/static/senim.css"));
    const JS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/static/senim.js"));

    #[test]
    fn assets_stay_small_and_self_contained() {
        // 12 KB gzip is the budget; this stylesheet packs about 4 : 1, so the plain size stands in for it.
        assert!(CSS.len() <= 40_000, "senim.css has {} bytes", CSS.len());
        assert!(JS.len() <= 3_072, "senim.js has {} bytes", JS.len());
        for foreign in ["@import", "@font-face", "http:", "https:", "url("] {
            assert!(!CSS.contains(foreign), "senim.css must not contain {foreign}");
        }
        assert!(!JS.contains("innerHTML") && !JS.contains("eval(") && !JS.contains("http"));
    }

    #[test]
    fn paper_shows_no_value() {
        let print = CSS.split("@media print").nth(1).expect("a print section");
        assert!(print.contains(".no-print-value"), "values of a person stay off paper (clause 11.5)");
        assert!(print.contains("display: none !important"));
    }
}
