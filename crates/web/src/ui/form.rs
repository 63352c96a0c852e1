//! Forms after the GOV.UK patterns: label above, hint, error beside the field and in the summary, nothing ticked.
//!
//! Invariant: the server validates (`novalidate`), a label is never a placeholder, and nothing is ticked for the
//! person on the first showing. `id` of a field is its name; error summaries link to `#name` (groups: first choice).

use maud::{Markup, PreEscaped, html};

use super::{
    Link, Tone,
    icon::{Icon, icon},
};

/// What is wrong with one field.
#[derive(Clone, Copy, Debug, Default)]
pub struct ErrorLink<'a> {
    /// Fragment of the field: `#phone`.
    pub href: &'a str,
    /// What to do about it.
    pub text: &'a str,
}

/// How wide the field is drawn: it hints at the length of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// As wide as the column.
    #[default]
    Full,
    /// About 24 characters: names, phones.
    Medium,
    /// About 13 characters: IIN, codes.
    Short,
}

/// One field with everything that belongs to it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Field<'a> {
    /// Name in the form and id in the page.
    pub name: &'a str,
    /// What is asked.
    pub label: &'a str,
    /// The label is the heading of the page (one question a page).
    pub heading: bool,
    /// Said beside the label of a field that may stay empty: `необязательно`.
    pub optional: Option<&'a str>,
    /// Help, example.
    pub hint: Option<&'a str>,
    /// What is wrong, in the person's language.
    pub error: Option<&'a str>,
    /// Spoken before an error: `Ошибка:`.
    pub error_word: &'a str,
    /// What was typed.
    pub value: &'a str,
    /// `text` when empty; else `email`, `tel`, `password`, `date`, `search`.
    pub kind: &'a str,
    /// Token of the HTML standard: `email`, `family-name`, `one-time-code`.
    pub autocomplete: Option<&'a str>,
    /// `numeric`, `tel`, `email`.
    pub inputmode: Option<&'a str>,
    /// The browser may check spelling (free text only).
    pub spellcheck: bool,
    /// Must be filled; spoken, not checked by the browser.
    pub required: bool,
    /// Most characters the server takes.
    pub maxlength: Option<u32>,
    /// Width.
    pub width: Width,
    /// Language of the value when it differs from the page.
    pub lang: Option<&'a str>,
}

impl Field<'_> {
    fn described_by(&self) -> Option<String> {
        described_by(self.name, self.hint, self.error)
    }

    fn frame(&self, control: &Markup) -> Markup {
        let label = html! {
            label for=(self.name) { (self.label) @if let Some(word) = self.optional { span.optional { " (" (word) ")" } } }
        };
        html! {
            div class={ "field" @if self.error.is_some() { " wrong" } } {
                @if self.heading { h1.ask { (label) } } @else { (label) }
                @if let Some(hint) = self.hint { p.hint id={ (self.name) "-hint" } { (hint) } }
                (error_line(self.name, self.error, self.error_word))
                (control)
            }
        }
    }

    fn width_class(&self) -> &'static str {
        match self.width {
            Width::Full => "w-full",
            Width::Medium => "w-medium",
            Width::Short => "w-short",
        }
    }
}

fn described_by(name: &str, hint: Option<&str>, error: Option<&str>) -> Option<String> {
    let mut ids = Vec::with_capacity(2);
    if hint.is_some() {
        ids.push(format!("{name}-hint"));
    }
    if error.is_some() {
        ids.push(format!("{name}-error"));
    }
    (!ids.is_empty()).then(|| ids.join(" "))
}

fn error_line(name: &str, error: Option<&str>, word: &str) -> Markup {
    html! {
        @if let Some(error) = error {
            p.error id={ (name) "-error" } { (icon(Icon::Stop)) span.vh { (word) " " } (error) }
        }
    }
}

/// A form that posts to its own server with the session's CSRF token (none for public forms bound by origin).
#[must_use]
pub fn form(action: &str, csrf: Option<(&str, &str)>, body: &Markup) -> Markup {
    html! {
        form action=(action) method="post" novalidate {
            @if let Some((name, token)) = csrf { input type="hidden" name=(name) value=(token); }
            (body)
        }
    }
}

/// The list of everything wrong, at the top of the page; it takes the focus when the page opens.
#[must_use]
pub fn error_summary(title: &str, errors: &[ErrorLink<'_>]) -> Markup {
    html! {
        div.summary role="alert" tabindex="-1" autofocus {
            h2 { (icon(Icon::Stop)) (title) }
            ul { @for error in errors { li { a href=(error.href) { (error.text) } } } }
        }
    }
}

/// A field of one line.
#[must_use]
pub fn text_field(field: &Field<'_>) -> Markup {
    let kind = if field.kind.is_empty() { "text" } else { field.kind };
    field.frame(&html! {
        input class=(field.width_class()) id=(field.name) name=(field.name) type=(kind) value=(field.value)
            autocomplete=[field.autocomplete] inputmode=[field.inputmode] maxlength=[field.maxlength]
            lang=[field.lang] spellcheck=(field.spellcheck) autocapitalize=[(!field.spellcheck).then_some("off")]
            aria-required=[field.required.then_some("true")] aria-invalid=[field.error.map(|_| "true")]
            aria-describedby=[field.described_by()];
    })
}

/// A field of several lines; a leading line break of the value survives.
#[must_use]
pub fn textarea(field: &Field<'_>, rows: u8) -> Markup {
    field.frame(&html! {
        textarea class=(field.width_class()) id=(field.name) name=(field.name) rows=(rows)
            autocomplete=[field.autocomplete] maxlength=[field.maxlength] lang=[field.lang]
            spellcheck=(field.spellcheck) aria-required=[field.required.then_some("true")]
            aria-invalid=[field.error.map(|_| "true")] aria-describedby=[field.described_by()] {
            (PreEscaped("\n")) (field.value)
        }
    })
}

/// A closed list; use radios when there are fewer than seven choices.
#[must_use]
pub fn select(field: &Field<'_>, choices: &[Choice<'_>]) -> Markup {
    field.frame(&html! {
        select class=(field.width_class()) id=(field.name) name=(field.name)
            aria-required=[field.required.then_some("true")] aria-invalid=[field.error.map(|_| "true")]
            aria-describedby=[field.described_by()] {
            @for choice in choices {
                option value=(choice.value) selected[choice.checked] disabled[choice.disabled] { (choice.label) }
            }
        }
    })
}

/// A field that answers nothing seen: step, version, CSRF.
#[must_use]
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// One box or one button of a group.
#[derive(Clone, Default)]
pub struct Choice<'a> {
    /// Value sent.
    pub value: &'a str,
    /// What is chosen.
    pub label: &'a str,
    /// What it means: for a purpose its end, recipients, clause.
    pub hint: Option<&'a str>,
    /// Was chosen before an error or on the check page; never on the first showing.
    pub checked: bool,
    /// Cannot be chosen.
    pub disabled: bool,
    /// More words under the label (links, a `details`).
    pub more: Option<Markup>,
}

/// Several choices under one question.
#[derive(Clone, Copy, Default)]
pub struct Group<'a> {
    /// Name sent; ids are `name`, `name-2`, `name-3` …
    pub name: &'a str,
    /// The question.
    pub legend: &'a str,
    /// The legend is the heading of the page.
    pub heading: bool,
    /// Help.
    pub hint: Option<&'a str>,
    /// What is wrong.
    pub error: Option<&'a str>,
    /// Spoken before an error.
    pub error_word: &'a str,
    /// The choices.
    pub choices: &'a [Choice<'a>],
    /// Side by side where there is room (yes and no).
    pub inline: bool,
}

/// Boxes: any number, none ticked for the person.
#[must_use]
pub fn checkboxes(group: &Group<'_>) -> Markup {
    choices(group, "checkbox")
}

/// Radio buttons: exactly one, none chosen for the person.
#[must_use]
pub fn radios(group: &Group<'_>) -> Markup {
    choices(group, "radio")
}

fn choices(group: &Group<'_>, kind: &str) -> Markup {
    let body = html! {
        div class={ "choices" @if group.inline { " inline" } } {
            @for (i, choice) in group.choices.iter().enumerate() {
                @let id = if i == 0 { group.name.to_owned() } else { format!("{}-{}", group.name, i + 1) };
                @let hint_id = choice.hint.map(|_| format!("{id}-of"));
                div.choice {
                    input type=(kind) id=(id) name=(group.name) value=(choice.value) checked[choice.checked]
                        disabled[choice.disabled] aria-describedby=[hint_id.as_deref()];
                    div {
                        label for=(id) { (choice.label) }
                        @if let Some(hint) = choice.hint { p.hint id=[hint_id.as_deref()] { (hint) } }
                        @if let Some(more) = &choice.more { div.more { (more) } }
                    }
                }
            }
        }
    };
    let legend = html! { @if group.heading { h1.ask { (group.legend) } } @else { (group.legend) } };
    html! {
        fieldset class={ "field" @if group.error.is_some() { " wrong" } }
            aria-describedby=[described_by(group.name, group.hint, group.error)] {
            legend { (legend) }
            @if let Some(hint) = group.hint { p.hint id={ (group.name) "-hint" } { (hint) } }
            (error_line(group.name, group.error, group.error_word))
            (body)
        }
    }
}

/// Fields that belong together under one legend.
#[must_use]
pub fn fieldset(legend: &str, heading: bool, body: &Markup) -> Markup {
    html! {
        fieldset.together { legend { @if heading { h1.ask { (legend) } } @else { (legend) } } (body) }
    }
}

/// Weight of a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing this page is for.
    #[default]
    Primary,
    /// Another way.
    Secondary,
    /// Destroys something: red, says what.
    Harm,
    /// Looks like a link: sign out, cancel.
    Quiet,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button",
            Self::Secondary => "button second",
            Self::Harm => "button harm",
            Self::Quiet => "button plain",
        }
    }
}

/// A button that sends its form; the label is a verb with its object.
#[must_use]
pub fn button(label: &str, kind: ButtonKind) -> Markup {
    html! { button class=(kind.class()) type="submit" { (label) } }
}

/// A button that sends its own name and value, so that one form can do several things.
#[must_use]
pub fn button_named(label: &str, kind: ButtonKind, name: &str, value: &str) -> Markup {
    html! { button class=(kind.class()) type="submit" name=(name) value=(value) { (label) } }
}

/// A link that looks like a button: the start of a path.
#[must_use]
pub fn button_link(link: &Link<'_>, kind: ButtonKind) -> Markup {
    html! {
        a class=(kind.class()) href=(link.href) {
            (link.text) @if !link.hidden.is_empty() { span.vh { " " (link.hidden) } }
        }
    }
}

/// Buttons in one row, under each other on a phone.
#[must_use]
pub fn buttons(inside: &Markup) -> Markup {
    html! { div.buttons { (inside) } }
}

/// Filters of an operator's list: a GET form, so that the view lives in the address.
#[must_use]
pub fn filters(action: &str, label: &str, button_label: &str, fields: &Markup) -> Markup {
    html! {
        form.filters action=(action) method="get" role="search" aria-label=(label) {
            (fields)
            button class="button second" type="submit" { (icon(Icon::Search)) (button_label) }
        }
    }
}

/// Tone of an answer line above a form ("Сохранено").
#[must_use]
pub fn flash(tone: Tone, text: &str) -> Markup {
    html! { p class={ "flash " (tone.class()) } role="status" { (icon(tone.icon())) (text) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_names_its_hint_and_error() {
        let html = text_field(&Field {
            name: "iin",
            label: "ИИН",
            hint: Some("12 цифр"),
            error: Some("Введите 12 цифр"),
            error_word: "Ошибка:",
            inputmode: Some("numeric"),
            ..Field::default()
        })
        .into_string();
        assert!(
            html.contains("aria-describedby=\"iin-hint iin-error\"")
                && html.contains("aria-invalid=\"true\"")
        );
        assert!(html.contains("spellcheck=\"false\"") && html.contains("<label for=\"iin\">"));
    }

    #[test]
    fn typed_markup_is_inert() {
        let evil = "</textarea><script>x</script>\" autofocus onfocus=\"y";
        let field = Field { name: "text", label: evil, value: evil, hint: Some(evil), ..Field::default() };
        let choice = [Choice { value: evil, label: evil, hint: Some(evil), ..Choice::default() }];
        let group = Group { name: "g", legend: evil, choices: &choice, ..Group::default() };
        for html in [text_field(&field), textarea(&field, 4), select(&field, &choice), checkboxes(&group)] {
            let html = html.into_string();
            assert!(!html.contains("<script") && !html.contains("\" onfocus"), "{html}");
            assert!(html.matches("</textarea").count() <= 1);
        }
    }

    #[test]
    fn nothing_is_ticked_by_default() {
        let choice = [Choice { value: "p8-9", label: "Рассылка", ..Choice::default() }];
        let html =
            checkboxes(&Group { name: "purposes", choices: &choice, ..Group::default() }).into_string();
        assert!(!html.contains("checked"));
    }
}
