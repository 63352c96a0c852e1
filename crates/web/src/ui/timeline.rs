//! The life of a consent or a request as a horizontal line: past solid, future dashed, the limit a gold tick.
//!
//! Invariant: the drawing has a title, a description, and the same facts in a table behind it. Positions are
//! percentages, so letters keep their size on every screen; a label that would collide is left to the table.

use maud::{Markup, html};

/// What a point on the line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PointKind {
    /// Something that happened or will happen.
    #[default]
    Event,
    /// The present moment: where solid becomes dashed.
    Now,
    /// The last moment allowed: a gold tick.
    Limit,
    /// The end of the line: destroyed, withdrawn.
    End,
}

/// One moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Point<'a> {
    /// Place on the line in any unit that grows with time (seconds, microseconds).
    pub at: i64,
    /// Date as read by a person.
    pub date: &'a str,
    /// What happens.
    pub label: &'a str,
    /// What it is.
    pub kind: PointKind,
}

/// The whole line; points in order of time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timeline<'a> {
    /// Id of the drawing, unique in the page.
    pub id: &'a str,
    /// Title.
    pub title: &'a str,
    /// The story in one sentence.
    pub description: &'a str,
    /// Points in order of time.
    pub points: &'a [Point<'a>],
    /// Opens the table: `Показать таблицей`.
    pub table_label: &'a str,
    /// Heads of the table: date, event.
    pub columns: [&'a str; 2],
}

/// Where the line starts and how long it is, in thousandths of the width.
const START: i64 = 15;
const LENGTH: i64 = 970;
/// Least width of the drawing in pixels on a phone, in a column, on a desk; the stylesheet's container queries agree.
const WIDTHS: [(usize, &str); 3] = [(280, "narrow"), (580, "wide"), (900, "full")];
/// Width of one letter of a label, pixels.
const LETTER: usize = 8;

/// A label with the place found for it on one kind of screen.
struct Label<'a> {
    point: Point<'a>,
    permille: i64,
    anchor: &'static str,
    screen: &'static str,
}

fn percent(permille: i64) -> String {
    format!("{}.{}%", permille / 10, permille % 10)
}

/// Thousandths of the width for each point.
fn positions(points: &[Point<'_>]) -> Vec<i64> {
    let first = points.iter().map(|p| p.at).min().unwrap_or(0);
    let span = points.iter().map(|p| p.at).max().unwrap_or(0).saturating_sub(first).max(1);
    points
        .iter()
        .map(|point| {
            let part = i128::from(point.at.saturating_sub(first)) * i128::from(LENGTH) / i128::from(span);
            START + i64::try_from(part).unwrap_or(LENGTH)
        })
        .collect()
}

/// Finds room for the labels of one screen; what must be seen takes its place first, the rest is left to the table.
fn labels<'a>(points: &'a [Point<'a>], width: usize, screen: &'static str) -> Vec<Label<'a>> {
    let places = positions(points);
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by_key(|i| match points[*i].kind {
        PointKind::Limit | PointKind::Now => 0,
        PointKind::End => 1,
        // The beginning says what the line is about.
        PointKind::Event if *i == 0 => 2,
        PointKind::Event => 3,
    });
    let mut taken: Vec<(bool, usize, usize)> = Vec::new();
    let mut found = Vec::new();
    for i in order {
        let point = points[i];
        let below = point.kind == PointKind::Limit;
        let x = usize::try_from(places[i]).unwrap_or(0) * width / 1000;
        let letters = point.label.chars().count().max(point.date.chars().count());
        let long = letters * LETTER;
        let choices = [
            ("middle", x.checked_sub(long / 2)),
            ("start", x.checked_sub(4)),
            ("end", (x + 4).checked_sub(long)),
        ];
        for (anchor, from) in choices {
            let Some(from) = from else { continue };
            let to = from + long;
            let clear =
                taken.iter().all(|(row, a, b)| *row != below || to + LETTER <= *a || from >= *b + LETTER);
            if to <= width && clear {
                taken.push((below, from, to));
                found.push(Label { point, permille: places[i], anchor, screen });
                break;
            }
        }
    }
    found
}

/// Draws the line with its table.
#[must_use]
pub fn timeline(line: &Timeline<'_>) -> Markup {
    let places = positions(line.points);
    let end = START + LENGTH;
    let now = line.points.iter().position(|point| point.kind == PointKind::Now).map_or(end, |i| places[i]);
    let words = WIDTHS.iter().flat_map(|(width, screen)| labels(line.points, *width, screen));
    html! {
        figure.timeline {
            svg role="img" aria-labelledby={ (line.id) "-t " (line.id) "-d" } width="100%" height="124" {
                title id={ (line.id) "-t" } { (line.title) }
                desc id={ (line.id) "-d" } { (line.description) }
                line.past x1=(percent(START)) x2=(percent(now)) y1="60" y2="60" {}
                @if now < end { line.future x1=(percent(now)) x2=(percent(end)) y1="60" y2="60" {} }
                @for (point, place) in line.points.iter().zip(&places) { (mark(point.kind, *place, now)) }
                @for label in words { (write_label(&label)) }
            }
            details {
                summary { (line.table_label) }
                table {
                    caption.vh { (line.title) }
                    thead { tr { @for head in line.columns { th scope="col" { (head) } } } }
                    tbody {
                        @for point in line.points { tr { td { (point.date) } td { (point.label) } } }
                    }
                }
            }
        }
    }
}

fn mark(kind: PointKind, place: i64, now: i64) -> Markup {
    let x = percent(place);
    html! {
        @match kind {
            PointKind::Now => circle.now cx=(x) cy="60" r="7" {},
            PointKind::Limit => line.limit x1=(x) x2=(x) y1="46" y2="76" {},
            PointKind::End => line.end x1=(x) x2=(x) y1="50" y2="70" {},
            PointKind::Event => circle class=(if place <= now { "was" } else { "will" }) cx=(x) cy="60" r="5" {},
        }
    }
}

fn write_label(label: &Label<'_>) -> Markup {
    let x = percent(label.permille);
    let (tone, word_y, date_y) = match label.point.kind {
        PointKind::Limit => (" gold", "96", "115"),
        PointKind::Now => (" sky", "18", "37"),
        PointKind::Event | PointKind::End => ("", "18", "37"),
    };
    html! {
        g class={ "words " (label.screen) (tone) } text-anchor=(label.anchor) {
            text x=(x) y=(word_y) { (label.point.label) }
            text.date x=(x) y=(date_y) { (label.point.date) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> [Point<'static>; 5] {
        [
            Point { at: 0, date: "2 марта", label: "Согласие", kind: PointKind::Event },
            Point { at: 10, date: "3 марта", label: "Доступ", kind: PointKind::Event },
            Point { at: 400, date: "сегодня", label: "Сейчас", kind: PointKind::Now },
            Point {
                at: 900, date: "2 декабря", label: "Крайний срок", kind: PointKind::Limit
            },
            Point { at: 1_000, date: "9 декабря", label: "<script>", kind: PointKind::End },
        ]
    }

    #[test]
    fn past_is_solid_and_future_dashed() {
        let points = sample();
        let html = timeline(&Timeline { id: "t", points: &points, ..Timeline::default() }).into_string();
        assert!(html.contains("class=\"past\" x1=\"1.5%\" x2=\"40.3%\""), "{html}");
        assert!(html.contains("class=\"future\" x1=\"40.3%\" x2=\"98.5%\""));
        assert!(html.contains("class=\"limit\"") && !html.contains("<script"));
    }

    #[test]
    fn crowded_labels_give_way_and_odd_lines_do_not_break() {
        let points = sample();
        for (width, screen) in WIDTHS {
            let found = labels(&points, width, screen);
            let kinds: Vec<PointKind> = found.iter().map(|label| label.point.kind).collect();
            assert!(
                kinds.contains(&PointKind::Limit) && kinds.contains(&PointKind::Now),
                "{screen}: {kinds:?}"
            );
            assert!(
                kinds.iter().filter(|kind| **kind == PointKind::Event).count() < 2,
                "two labels cannot share a place"
            );
        }
        assert!(labels(&[], 280, "narrow").is_empty());
        let same = [Point { at: i64::MAX, ..Point::default() }, Point { at: i64::MIN, ..Point::default() }];
        assert_eq!(positions(&same).len(), 2);
    }
}
