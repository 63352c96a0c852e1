//! Tables: dense and quiet for operators, readable as cards on a phone for persons.
//!
//! Invariant: every table has a caption and real header cells; sorting and paging are links, so the view is in the
//! address and works without JavaScript.

use maud::{Markup, html};

use super::Link;

/// How the rows are ordered by this column now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By another column.
    #[default]
    None,
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// The head of a column.
#[derive(Clone, Copy, Debug, Default)]
pub struct Column<'a> {
    /// Words of the head.
    pub label: &'a str,
    /// Address that sorts by this column; none when it cannot.
    pub sort_href: Option<&'a str>,
    /// Present order.
    pub sort: Sort,
    /// Figures: aligned to the right.
    pub numeric: bool,
}

/// A table; a row is a list of cells, the first names the row.
#[derive(Default)]
pub struct Table<'a> {
    /// Id of the table, unique in the page.
    pub id: &'a str,
    /// What is listed, with the count.
    pub caption: &'a str,
    /// The caption is only spoken (a heading stands above).
    pub caption_hidden: bool,
    /// Columns.
    pub columns: &'a [Column<'a>],
    /// Rows of as many cells as columns.
    pub rows: Vec<Vec<Markup>>,
    /// Cells hold values of persons: none of the body goes to paper (clause 11.5).
    pub holds_values: bool,
    /// Printed instead of such a body: `Значения не печатаются (пункт 11.5)`.
    pub on_paper: &'a str,
}

/// Dense table of the console: 36 px rows, sticky head, sort links.
#[must_use]
pub fn operator_table(table: &Table<'_>) -> Markup {
    render(table, "dense")
}

/// Calm table of a person's page: on a phone each row becomes a card.
#[must_use]
pub fn person_table(table: &Table<'_>) -> Markup {
    render(table, "cards")
}

fn render(table: &Table<'_>, look: &str) -> Markup {
    let caption_id = format!("{}-caption", table.id);
    html! {
        div class={ "scroll " (look) } role="region" aria-labelledby=(caption_id) tabindex="0" {
            table #(table.id) {
                caption id=(caption_id) class=[table.caption_hidden.then_some("vh")] { (table.caption) }
                thead {
                    tr {
                        @for column in table.columns { (head(column)) }
                    }
                }
                tbody class=[table.holds_values.then_some("no-print-value")] {
                    @for row in &table.rows {
                        tr {
                            @for (i, cell) in row.iter().enumerate() {
                                @let column = table.columns.get(i).copied().unwrap_or_default();
                                @let class = column.numeric.then_some("figures");
                                @if i == 0 {
                                    th scope="row" class=[class] { (cell) }
                                } @else {
                                    td class=[class] data-label=(column.label) { (cell) }
                                }
                            }
                        }
                    }
                }
            }
            @if table.holds_values { p.print-only { (table.on_paper) } }
        }
    }
}

fn head(column: &Column<'_>) -> Markup {
    let order = match column.sort {
        Sort::None => None,
        Sort::Ascending => Some("ascending"),
        Sort::Descending => Some("descending"),
    };
    html! {
        th scope="col" class=[column.numeric.then_some("figures")] aria-sort=[order] {
            @if let Some(href) = column.sort_href { a href=(href) { (column.label) } } @else { (column.label) }
        }
    }
}

/// Where the reader is in a long list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pages<'a> {
    /// Spoken name: `Страницы`.
    pub label: &'a str,
    /// Where we are: `1–50 из 312`.
    pub position: &'a str,
    /// Link to the page before, if any.
    pub previous: Option<Link<'a>>,
    /// Link to the next page, if any.
    pub next: Option<Link<'a>>,
}

/// Paging by links.
#[must_use]
pub fn pagination(pages: &Pages<'_>) -> Markup {
    html! {
        nav.pages aria-label=(pages.label) {
            @if let Some(link) = pages.previous { a href=(link.href) rel="prev" { span aria-hidden="true" { "← " } (link.text) } }
            span { (pages.position) }
            @if let Some(link) = pages.next { a href=(link.href) rel="next" { (link.text) span aria-hidden="true" { " →" } } }
        }
    }
}

/// A filter over the rows already shown; appears only when the script runs. `count` is spoken after typing, `{}` is
/// replaced by the number of rows left.
#[must_use]
pub fn row_filter(label: &str, table_id: &str, count: &str) -> Markup {
    html! {
        div.rowfilter hidden data-filter=(table_id) data-count=(count) {
            label for={ (table_id) "-filter" } { (label) }
            input type="search" id={ (table_id) "-filter" } autocomplete="off" spellcheck="false";
            output for={ (table_id) "-filter" } {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_column_says_so_and_cells_are_escaped() {
        let columns = [
            Column {
                label: "Номер",
                sort_href: Some("?sort=-number"),
                sort: Sort::Ascending,
                numeric: false,
            },
            Column { label: "<b>", numeric: true, ..Column::default() },
        ];
        let table = Table {
            id: "list",
            caption: "Заявки",
            columns: &columns,
            rows: vec![vec![html! { "<script>" }, html! { "7" }]],
            holds_values: true,
            ..Table::default()
        };
        let html = operator_table(&table).into_string();
        assert!(html.contains("aria-sort=\"ascending\"") && html.contains("scope=\"row\""));
        assert!(
            html.contains("tbody class=\"no-print-value\"")
                && !html.contains("<script")
                && !html.contains("<b>")
        );
    }
}
