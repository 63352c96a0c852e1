//! The reference of the interface as a page: the same document, readable without a tool.

use maud::{Markup, html};
use serde_json::Value;

use super::{PROBLEMS, WORDS, build, words};
use crate::api::{Door, PREFIX, ROUTES};
use crate::ui::Tone;
use crate::ui::blocks;

/// The body of the page; English, as the interface itself.
pub(crate) fn reference() -> Markup {
    let document = build();
    let mut tags: Vec<&str> = Vec::new();
    for words in WORDS {
        if !tags.contains(&words.tag) {
            tags.push(words.tag);
        }
    }
    html! {
        h1 { "Interface for programs" }
        p.lead { (document["info"]["description"].as_str().unwrap_or_default()) }
        p { "OpenAPI 3.1: " a href={ (PREFIX) "/openapi.json" } { (PREFIX) "/openapi.json" } ". Send the key as " code { "Authorization: Bearer …" } "." }
        @for tag in &tags {
            h2 id=(tag) { (tag) }
            @for route in ROUTES {
                @if let Some(words) = words(route).filter(|words| words.tag == *tag) {
                    section aria-labelledby=(words.id) {
                        h3 id=(words.id) { code { (route.method) " " (PREFIX) (route.path.replace("{*", "{")) } }
                        p { strong { (words.summary) } " " @if route.door == Door::Open { (blocks::tag(Tone::Quiet, "no key")) } }
                        p { (marked(words.description)) }
                        @if !words.parameters.is_empty() {
                            dl.why {
                                @for parameter in words.parameters {
                                    div { dt { code { (parameter.name) } } dd { (marked(parameter.words)) @if parameter.required { " Required." } } }
                                }
                            }
                        }
                        @if let Some(body) = words.body { (shape(&document, "Body", body)) }
                        (shape(&document, &format!("Answer {}", words.answer.0), words.answer.2))
                    }
                }
            }
        }
        h2 { "Problems" }
        dl.why {
            @for (status, words) in PROBLEMS { div { dt { code { (status) } } dd { (words) } } }
        }
        (shape(&document, "Problem", "Problem"))
    }
}

/// Words with `code` in them.
fn marked(words: &str) -> Markup {
    html! { @for (index, part) in words.split('`').enumerate() { @if index % 2 == 1 { code { (part) } } @else { (part) } } }
}

fn shape(document: &Value, label: &str, schema: &str) -> Markup {
    let text = document["components"]["schemas"]
        .get(schema)
        .map(|schema| sketch(document, schema, 0))
        .unwrap_or_default();
    html! { (blocks::details(label, &blocks::code_block(schema, &text))) }
}

/// A schema as JSON with words for kinds, to two levels.
fn sketch(document: &Value, schema: &Value, depth: usize) -> String {
    if let Some(target) = schema["$ref"].as_str() {
        let name = target.rsplit('/').next().unwrap_or_default();
        let inner = document.pointer(target.trim_start_matches('#')).unwrap_or(&Value::Null);
        let is_object =
            inner["type"] == "object" && inner.get("properties").is_some() || inner.get("oneOf").is_some();
        return if is_object && depth <= 2 {
            sketch(document, inner, depth)
        } else {
            kind(inner).unwrap_or_else(|| name.to_owned())
        };
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let words: Vec<String> = choices.iter().map(|choice| sketch(document, choice, depth)).collect();
        return words.join(" | ");
    }
    if schema["type"] == "array" {
        return format!("[{}]", sketch(document, &schema["items"], depth));
    }
    let Some(properties) = schema["properties"].as_object() else {
        return kind(schema).unwrap_or_else(|| "object".to_owned());
    };
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let indent = "  ".repeat(depth + 1);
    let lines: Vec<String> = properties
        .iter()
        .map(|(name, inner)| {
            let mark = if required.contains(&name.as_str()) { "" } else { "?" };
            format!("{indent}\"{name}\"{mark}: {}", sketch(document, inner, depth + 1))
        })
        .collect();
    format!("{{\n{}\n{}}}", lines.join(",\n"), "  ".repeat(depth))
}

fn kind(schema: &Value) -> Option<String> {
    if let Some(choices) = schema["enum"].as_array() {
        let words: Vec<&str> = choices.iter().filter_map(Value::as_str).collect();
        return Some(words.join("|"));
    }
    match &schema["type"] {
        Value::String(kind) => Some(kind.clone()),
        Value::Array(kinds) => Some(kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|")),
        _ => None,
    }
}
