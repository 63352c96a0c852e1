//! Line icons, 24 units square, drawn with one stroke in the colour of the text; never without a word beside them.

use maud::{Markup, html};

/// The shapes at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A filled dot: neutral.
    Dot,
    /// A letter i in a ring: a remark.
    Info,
    /// A clock: time.
    Clock,
    /// An octagon with a bar: harm or refusal.
    Stop,
    /// A tick: done and proven.
    Tick,
    /// An eye: see my data.
    Eye,
    /// A pen: correct my data.
    Pen,
    /// Two bars: restrict, block.
    Pause,
    /// An arrow going back: withdraw consent.
    Back,
    /// A bin: destroy.
    Bin,
    /// An arrow into a tray: download.
    Download,
    /// A sheet: policy, receipt.
    Sheet,
    /// Two people: partners and recipients.
    People,
    /// A speech sign: ask, complain.
    Speech,
    /// A magnifier: search, verify.
    Search,
    /// A printer.
    Print,
}

/// Draws an icon; hidden from screen readers because the word beside it says the same.
#[must_use]
pub fn icon(shape: Icon) -> Markup {
    let path = match shape {
        Icon::Dot => "M12 8.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z",
        Icon::Info => "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 11v5.5M12 7.4v.2",
        Icon::Clock => "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 7v5.2l3.4 2",
        Icon::Stop => "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3zM7.5 12h9",
        Icon::Tick => "M4.5 12.8l5 5L19.5 7",
        Icon::Eye => {
            "M2.5 12c2.3-4 5.5-6 9.5-6s7.2 2 9.5 6c-2.3 4-5.5 6-9.5 6s-7.2-2-9.5-6zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z"
        }
        Icon::Pen => "M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5",
        Icon::Pause => "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM9.7 8.5v7M14.3 8.5v7",
        Icon::Back => "M8.5 5L4 9.5 8.5 14M4.5 9.5h9a5 5 0 0 1 0 10H9",
        Icon::Bin => "M4.5 7h15M9.5 7V4h5v3M6.5 7l1 13.5h9l1-13.5M10.3 11v5.5M13.7 11v5.5",
        Icon::Download => "M12 3.5v11M7.5 10.5L12 15l4.5-4.5M4 16.5v4h16v-4",
        Icon::Sheet => "M6 3h8.5L18 6.5V21H6zM14 3v4h4M9 11.5h6M9 15h6",
        Icon::People => {
            "M9 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM2.5 20c.3-4 2.5-6 6.5-6s6.2 2 6.5 6M15.5 5a3.3 3.3 0 0 1 0 6.2M18 14.6c2.3.8 3.4 2.6 3.5 5.4"
        }
        Icon::Speech => "M4 4.5h16v11.5h-9L6.5 20v-4H4zM8 8.5h8M8 12h5",
        Icon::Search => "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.3 15.3l5.2 5.2",
        Icon::Print => "M7 8.5V3.5h10v5M7 17H4V8.5h16V17h-3M7 14h10v6.5H7z",
    };
    html! {
        svg class=(if shape == Icon::Dot { "icon solid" } else { "icon" }) viewBox="0 0 24 24" aria-hidden="true" focusable="false" { path d=(path) {} }
    }
}

/// The house mark: one pair of ram's horns on its stem.
#[must_use]
pub fn house_mark() -> Markup {
    html! {
        svg.house viewBox="-16 -16 32 32" aria-hidden="true" focusable="false" {
            path d="M0 13V-4a6.5 6.5 0 0 1 13 0a4.2 4.2 0 0 1-8.4 0M0-4a6.5 6.5 0 0 0-13 0a4.2 4.2 0 0 0 8.4 0M-6.5 9.5a6.5 5 0 0 0 6.5-4a6.5 5 0 0 0 6.5 4" {}
        }
    }
}
