//! Bars on a logarithmic scale, as SVG that is readable on light and dark.

use std::fmt::Write as _;

/// One bar.
pub(crate) struct Bar {
    pub label: String,
    pub value: f64,
    /// What the value is as text.
    pub text: String,
    /// Which of the colours.
    pub colour: usize,
    /// Where the target stands, if there is one.
    pub target: Option<f64>,
}

/// Bars under a heading.
pub(crate) struct Group {
    pub heading: String,
    pub bars: Vec<Bar>,
}

const ROW: f64 = 22.0;
const LABELS: f64 = 250.0;
const BARS: f64 = 420.0;
const TEXTS: f64 = 110.0;
const COLOURS: [&str; 2] = ["#0f766e", "#8b9099"];

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// The chart. A bar's length is the logarithm of its value; a mark stands where the target is.
pub(crate) fn draw(title: &str, groups: &[Group]) -> Result<String, std::fmt::Error> {
    let values = || {
        let bars = groups.iter().flat_map(|group| &group.bars);
        bars.flat_map(|bar| [Some(bar.value), bar.target]).flatten().filter(|value| *value > 0.0)
    };
    let least = values().fold(f64::INFINITY, f64::min).log10().floor();
    let most = values().fold(0.0, f64::max).max(1e-9).log10().ceil().max(least + 1.0);
    let at = |value: f64| ((value.max(1e-9).log10() - least) / (most - least)).clamp(0.005, 1.0) * BARS;
    let rows: usize = groups.iter().map(|group| group.bars.len() + 1).sum();
    let (width, height) = (LABELS + BARS + TEXTS, (rows as f64 + 2.0) * ROW);
    let mut svg = String::new();
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{0}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\">\n\
         <style>text{{fill:#1b1f24}}@media(prefers-color-scheme:dark){{text{{fill:#e6e8eb}}}}</style>\n\
         <text x=\"0\" y=\"16\" font-size=\"15\" font-weight=\"600\">{0}</text>",
        escaped(title)
    )?;
    let mut y = ROW * 1.5;
    for group in groups {
        y += ROW;
        writeln!(
            svg,
            "<text x=\"0\" y=\"{:.0}\" font-weight=\"600\">{}</text>",
            y - 6.0,
            escaped(&group.heading)
        )?;
        for bar in &group.bars {
            let colour = COLOURS[bar.colour.min(1)];
            writeln!(
                svg,
                "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{}</text>\
                 <rect x=\"{LABELS:.0}\" y=\"{:.0}\" width=\"{:.1}\" height=\"{:.0}\" rx=\"2\" fill=\"{colour}\"/>\
                 <text x=\"{:.1}\" y=\"{:.0}\">{}</text>",
                LABELS - 8.0,
                y + 15.0,
                escaped(&bar.label),
                y + 3.0,
                at(bar.value),
                ROW - 7.0,
                LABELS + at(bar.value) + 6.0,
                y + 15.0,
                escaped(&bar.text)
            )?;
            if let Some(target) = bar.target {
                writeln!(
                    svg,
                    "<rect x=\"{:.1}\" y=\"{:.0}\" width=\"2\" height=\"{:.0}\" fill=\"#b45309\"/>",
                    LABELS + at(target),
                    y + 1.0,
                    ROW - 3.0
                )?;
            }
            y += ROW;
        }
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_time_is_a_longer_bar_and_text_is_escaped() {
        let bar = |label: &str, value: f64| Bar {
            label: label.into(),
            value,
            text: format!("{value}"),
            colour: 0,
            target: None,
        };
        let group = Group { heading: "a < b".into(), bars: vec![bar("short", 1.0), bar("long", 100.0)] };
        let svg = draw("times", &[group]).unwrap();
        let widths: Vec<f64> = svg
            .split("width=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next()?.parse().ok())
            .filter(|width| *width > 2.0)
            .collect();
        assert!(widths[0] < widths[1], "{widths:?}");
        assert!(svg.contains("a &lt; b"));
    }
}
