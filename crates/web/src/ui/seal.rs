//! The seal: a round mark drawn from a log entry's hash after Kazakh felt ornament (ram's horns, қошқар мүйіз).
//!
//! Invariant: the same hash gives the same bytes of SVG, at most 1 KB, without inline style. The drawing identifies
//! nothing by itself; it is a picture of a hash that a person can compare, and a door to the proof.

use core::f32::consts::PI;
use core::fmt::Write as _;

use maud::{Markup, PreEscaped, html};

/// What is known about the entry at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealState {
    /// The proof was checked while this page was made: closed green ring with a tick.
    Verified,
    /// The entry is durable but not yet in the tree: grey dashed ring.
    Pending,
    /// The proof does not hold: red ring, broken through.
    Broken,
}

/// The seal with its words, as a link to the proof. `label` says what is sealed and how the check ended.
#[must_use]
pub fn seal(hash: &[u8; 32], state: SealState, label: &str, href: &str) -> Markup {
    html! { a.seal href=(href) { (PreEscaped(draw(hash, state, &[label, href]))) span { (label) } } }
}

/// The mark alone, at most 1,024 bytes; hidden from screen readers, so words must stand beside it.
#[must_use]
pub fn seal_mark(hash: &[u8; 32], state: SealState) -> Markup {
    PreEscaped(draw(hash, state, &[]))
}

/// The first eight bytes of a hash in groups of four hex digits, as shown under a seal.
#[must_use]
pub fn fingerprint(hash: &[u8; 32]) -> String {
    let mut out = String::with_capacity(19);
    for (i, byte) in hash.iter().take(8).enumerate() {
        if i > 0 && i % 2 == 0 {
            out.push(' ');
        }
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// Writes path data with as few bytes as SVG allows.
#[derive(Default)]
struct Pen(String);

impl Pen {
    fn number(&mut self, value: f32) {
        let full = format!("{value:.1}");
        let short = full.strip_suffix(".0").unwrap_or(&full);
        let text = match (short, short.strip_prefix("0."), short.strip_prefix("-0.")) {
            ("-0", ..) => "0".to_owned(),
            (_, Some(part), _) => format!(".{part}"),
            (_, _, Some(part)) => format!("-.{part}"),
            _ => short.to_owned(),
        };
        if !text.starts_with('-') && self.0.ends_with(|c: char| c.is_ascii_digit()) {
            self.0.push(' ');
        }
        self.0.push_str(&text);
    }

    fn to(&mut self, command: char, numbers: &[f32]) {
        self.0.push(command);
        for value in numbers {
            self.number(*value);
        }
    }

    /// A half circle of this radius, from here to `dx` sideways; `over` bends it upwards when going right.
    fn half(&mut self, radius: f32, dx: f32, sweep: bool) {
        self.0.push('a');
        self.number(radius);
        self.number(radius);
        self.0.push_str(if sweep { " 0 01" } else { " 0 00" });
        if dx >= 0.0 {
            self.0.push(' ');
        }
        // The flag needs no separator before a minus sign.
        let start = self.0.len();
        self.number(dx);
        if self.0[start..].starts_with(' ') {
            self.0.remove(start);
        }
        self.0.push_str(" 0");
    }
}

/// What the hash decides.
struct Dice<'a>(&'a [u8; 32], usize);

impl Dice<'_> {
    fn byte(&mut self) -> u8 {
        let byte = self.0[self.1 % 32];
        self.1 += 1;
        byte
    }
    fn pick<T: Copy, const N: usize>(&mut self, from: [T; N]) -> T {
        from[usize::from(self.byte()) % N]
    }
    /// A number between the two ends, in 16 steps.
    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * f32::from(self.byte() % 16) / 15.0
    }
}

/// One curl to the right and its mirror image, from the stem at `foot` to the shoulder at `shoulder`.
fn horns(pen: &mut Pen, foot: f32, shoulder: f32, radius: f32, shrink: f32, turns: u8, up: bool) {
    pen.to('M', &[0.0, foot]);
    pen.to('V', &[shoulder]);
    for side in [1.0_f32, -1.0] {
        if side < 0.0 {
            pen.to('M', &[0.0, shoulder]);
        }
        let (mut bend, mut direction) = (radius, side);
        for _ in 0..turns {
            pen.half(bend, 2.0 * bend * direction, (side > 0.0) == up);
            direction = -direction;
            bend *= shrink;
        }
    }
}

/// A heart of two horns whose curls look inwards, from the foot up to the shoulder.
fn heart(pen: &mut Pen, foot: f32, shoulder: f32, radius: f32, shrink: f32, turns: u8, up: bool) {
    let reach = radius * 2.05;
    for side in [1.0_f32, -1.0] {
        pen.to('M', &[0.0, foot]);
        pen.to('Q', &[reach * side, foot + (shoulder - foot) * 0.45, reach * side, shoulder]);
        let (mut bend, mut direction) = (radius * 0.9, -side);
        for _ in 0..turns {
            pen.half(bend, 2.0 * bend * direction, (side < 0.0) == up);
            direction = -direction;
            bend *= shrink;
        }
    }
}

/// Ids inside the drawing: from the hash and from the words beside it, so that the same entry may be sealed twice in
/// one page (in the panel and in the receipt) without a duplicate id.
fn ids(hash: &[u8; 32], words: &[&str]) -> String {
    let own = u32::from_be_bytes([hash[28], hash[29], hash[30], hash[31]]);
    // In the manner of FNV: nothing rests on it but uniqueness in a page.
    let place = words
        .iter()
        .flat_map(|word| word.bytes())
        .fold(0, |sum: u32, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("z{:08x}", own ^ place)
}

fn draw(hash: &[u8; 32], state: SealState, words: &[&str]) -> String {
    let mut dice = Dice(hash, 0);
    let fold = dice.pick([4_u8, 6, 8]);
    let half_step = 180.0 / f32::from(fold);
    let outwards = dice.byte() & 1 == 0;
    let (stroke, radius) = match fold {
        4 => (dice.between(4.2, 5.2), dice.between(8.6, 10.2)),
        6 => (dice.between(3.5, 4.2), dice.between(6.0, 6.9)),
        _ => (dice.between(2.8, 3.4), dice.between(4.3, 5.0)),
    };
    let shrink = dice.between(0.56, 0.68);
    let turns = if fold == 8 { 2 } else { dice.pick([2, 3]) };
    let hearts = dice.byte() & 1 == 0;
    let rim = 40.0 - stroke / 2.0;

    let mut main = Pen::default();
    // Outwards the stem stands in the middle and the curls touch the rim; inwards it hangs from the rim.
    let (shoulder, inner) = if outwards {
        let shoulder = rim - radius;
        let foot = dice.between(5.0, 9.0);
        if hearts {
            heart(&mut main, -foot, -shoulder, radius, shrink, turns, true);
        } else {
            horns(&mut main, -foot, -shoulder, radius, shrink, turns, true);
        }
        (shoulder, foot)
    } else {
        let half = PI / f32::from(fold);
        // Closer to the middle than this the curls of neighbours would touch.
        let shoulder = ((2.0 * radius + stroke / 2.0 + 0.8) / half.tan()).min(rim - 6.0);
        if hearts {
            heart(&mut main, -rim - 1.0, -shoulder, radius, shrink, turns, false);
        } else {
            horns(&mut main, -rim - 1.0, -shoulder, radius, shrink, turns, false);
        }
        (shoulder, shoulder - radius - stroke / 2.0)
    };

    // Between the horns: how far a leaf can grow before it meets a curl.
    let angle = PI / f32::from(fold);
    let need = radius + stroke / 2.0 + 2.4;
    let centre_x = if hearts { radius * 1.15 } else { radius };
    let along = centre_x * angle.sin() + shoulder * angle.cos();
    let aside = (centre_x * angle.cos() - shoulder * angle.sin()).abs();
    let free = if aside < need { along - (need * need - aside * aside).sqrt() } else { 30.0 };
    let (from, to) = if outwards {
        (inner.max(6.0) + 1.0, free.clamp(13.0, 30.0))
    } else {
        ((along + (need * need - aside * aside).max(0.0).sqrt()).min(34.0), 41.0)
    };
    let mut leaf = Pen::default();
    let wide = ((to - from) * 0.3).clamp(1.6, 4.6);
    let middle = -f32::midpoint(from, to);
    match dice.byte() % 4 {
        0 => {
            leaf.to('M', &[0.0, -from]);
            leaf.to('Q', &[wide * 1.7, middle, 0.0, -to]);
            leaf.to('Q', &[-wide * 1.7, middle, 0.0, -from]);
        }
        1 => {
            leaf.to('M', &[0.0, -from]);
            leaf.to('L', &[wide, middle, 0.0, -to, -wide, middle]);
            leaf.0.push('z');
        }
        2 => {
            leaf.to('M', &[-wide, -to]);
            leaf.to('H', &[wide]);
            leaf.to('L', &[0.0, -from]);
            leaf.0.push('z');
        }
        _ => {
            let knob = wide * 0.75;
            leaf.to('M', &[0.0, -from]);
            leaf.to('L', &[knob, knob - to]);
            leaf.half(knob, -2.0 * knob, false);
            leaf.0.push('z');
        }
    }

    let id = ids(hash, words);
    let state_class = match state {
        SealState::Verified => "ok",
        SealState::Pending => "wait",
        SealState::Broken => "bad",
    };
    let onlay = if dice.byte() & 1 == 0 { " on" } else { "" };
    let mut svg =
        format!("<svg class=\"mark {state_class}{onlay}\" viewBox=\"-50 -50 100 100\" aria-hidden=\"true\">");
    let _ = write!(svg, "<title>{}</title>", fingerprint(hash));
    svg.push_str(match state {
        SealState::Verified | SealState::Pending => "<circle class=\"r\" r=\"47\"/>",
        SealState::Broken => "<path class=\"r\" d=\"M10-46A47 47 0 1 1-7-46.5\"/>",
    });
    if onlay.is_empty() {
        let beads = f32::from(fold) * dice.pick([4.0_f32, 5.0, 6.0]);
        // Two decimals here, or the chain of beads would not close.
        let _ = write!(
            svg,
            "<circle class=\"b\" r=\"43\" stroke-dasharray=\"0 {:.2}\"/>",
            2.0 * PI * 43.0 / beads
        );
    } else {
        svg.push_str("<circle class=\"g\" r=\"43\"/>");
    }
    // One wedge, then doubled by rotation until the circle is full.
    let wedge = format!(
        "<path class=\"mh\" stroke-width=\"{stroke:.1}\" d=\"{}\"/><path class=\"ml\" transform=\"rotate({half_step})\" d=\"{}\"/>",
        main.0, leaf.0
    );
    let turn =
        |name: &str, degrees: u16| format!("<use href=\"#{id}{name}\" transform=\"rotate({degrees})\"/>");
    let full = match fold {
        4 => format!("<g id=\"{id}b\"><g id=\"{id}a\">{wedge}</g>{}</g>{}", turn("a", 90), turn("b", 180)),
        6 => format!(
            "<g id=\"{id}b\"><g id=\"{id}a\">{wedge}</g>{}{}</g>{}",
            turn("a", 60),
            turn("a", 120),
            turn("b", 180)
        ),
        _ => format!(
            "<g id=\"{id}c\"><g id=\"{id}b\"><g id=\"{id}a\">{wedge}</g>{}</g>{}</g>{}",
            turn("a", 45),
            turn("b", 90),
            turn("c", 180)
        ),
    };
    svg.push_str(&full);
    centre(&mut svg, &mut dice, (inner - 2.2).clamp(3.0, 12.0));
    // The shape that says what the colour says: a tick, or a crack and a cross.
    svg.push_str(match state {
        SealState::Verified => "<circle class=\"t\" cx=\"35\" cy=\"35\" r=\"13\"/><path class=\"k\" d=\"M29 35l5 5 8-9\"/>",
        SealState::Pending => "",
        SealState::Broken => "<path class=\"c\" d=\"M-7-49L-1-31-9-20 0 2 1-18 9-29 10-49z\"/><circle class=\"t\" cx=\"35\" cy=\"35\" r=\"13\"/><path class=\"k\" d=\"M30 30l10 10m0-10L30 40\"/>",
    });
    svg.push_str("</svg>");
    svg
}

/// The middle of the seal: a bead, a ring, a lozenge, or the crown of a yurt (шаңырақ).
fn centre(svg: &mut String, dice: &mut Dice<'_>, room: f32) {
    let mut pen = Pen::default();
    match dice.byte() % 4 {
        0 => {
            let _ = write!(svg, "<circle class=\"ml\" r=\"{:.1}\"/>", room.min(5.5));
        }
        1 => {
            let _ = write!(svg, "<circle class=\"mh\" stroke-width=\"2\" r=\"{:.1}\"/>", room * 0.8);
        }
        2 => {
            pen.to('M', &[0.0, -room]);
            pen.to('L', &[room, 0.0, 0.0, room, -room, 0.0]);
            let _ = write!(svg, "<path class=\"ml\" d=\"{}z\"/>", pen.0);
        }
        _ => {
            let arm = room * 0.72;
            let bow = room * 0.4;
            let _ = write!(svg, "<circle class=\"mh\" stroke-width=\"1.8\" r=\"{room:.1}\"/>");
            for side in [1.0_f32, -1.0] {
                pen.to('M', &[bow * side, -arm]);
                pen.to('Q', &[0.0, 0.0, bow * side, arm]);
                pen.to('M', &[-arm, bow * side]);
                pen.to('Q', &[0.0, 0.0, arm, bow * side]);
            }
            let _ = write!(svg, "<path class=\"mh\" stroke-width=\"1.4\" d=\"{}\"/>", pen.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// A small generator, good enough to visit every branch.
    fn hashes(count: u32) -> impl Iterator<Item = [u8; 32]> {
        (0..count).map(|seed| {
            let mut state = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed;
            core::array::from_fn(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state.to_le_bytes()[3]
            })
        })
    }

    #[test]
    fn every_seal_fits_in_a_kilobyte_and_is_deterministic() {
        for hash in hashes(4_000) {
            for state in [SealState::Verified, SealState::Pending, SealState::Broken] {
                let svg = seal_mark(&hash, state).into_string();
                assert!(svg.len() <= 1_024, "{} bytes: {svg}", svg.len());
                assert_eq!(svg, seal_mark(&hash, state).into_string());
                assert!(!svg.contains("style") && !svg.contains("NaN") && !svg.contains("inf"));
            }
        }
    }

    #[test]
    fn different_hashes_look_different() {
        let drawn: BTreeSet<String> = hashes(2_000)
            .map(|mut hash| {
                // The same id and title: only the drawing may tell them apart.
                hash[28..].fill(0);
                let svg = seal_mark(&hash, SealState::Verified).into_string();
                svg.split("</title>").nth(1).unwrap().to_owned()
            })
            .collect();
        assert!(drawn.len() > 1_990, "{} different drawings of 2000", drawn.len());
    }

    #[test]
    fn one_entry_may_stand_twice_in_a_page() {
        let one = ids(&[7; 32], &["Согласие", "/p"]);
        assert_ne!(one, ids(&[7; 32], &["Квитанция", "/p"]));
        assert_ne!(one, ids(&[7; 32], &[]));
    }

    #[test]
    fn label_is_inert() {
        let html =
            seal(&[7; 32], SealState::Pending, "<script>alert(1)</script>", "/a\"onclick=\"x").into_string();
        assert!(!html.contains("<script") && !html.contains("\"onclick"));
    }
}
