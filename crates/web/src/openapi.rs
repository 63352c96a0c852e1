//! The interface described in `OpenAPI` 3.1, made from the same table of routes as the router.
//!
//! Invariant: an operation of [`crate::api`] without a description here, or the other way round, fails the
//! tests; so does an answer that does not fit its schema.

mod page;
mod schemas;
mod words;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::api::{Door, PREFIX, ROUTES, Route};

pub(crate) use page::reference;
use words::{JSON, WORDS, Words};

fn words(route: &Route) -> Option<&'static Words> {
    WORDS.iter().find(|words| words.id == route.id)
}

fn reference_to(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// The parameters in a path such as `/subjects/{subject_id}/data`.
fn path_parameters(path: &str) -> Vec<Value> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            let name = name.trim_start_matches('*');
            let schema = match name {
                "subject_id" => "SubjectId",
                "consent_id" => "ConsentId",
                "receipt_id" => "ReceiptId",
                "request_id" => "RequestId",
                "enquiry_id" => "EnquiryId",
                "rule_id" => "RuleId",
                "value_id" => "RecordId",
                "records" => "RecordsNamed",
                "form" => "FormId",
                _ => "Text",
            };
            json!({ "name": name, "in": "path", "required": true, "schema": reference_to(schema) })
        })
        .collect()
}

fn operation(route: &Route, words: &Words) -> Value {
    let mut parameters = path_parameters(route.path);
    for parameter in words.parameters {
        parameters.push(json!({
            "name": parameter.name,
            "in": parameter.place,
            "required": parameter.required,
            "description": parameter.words,
            "schema": reference_to(parameter.schema),
        }));
    }
    let (status, media_type, schema) = words.answer;
    let mut answers = Map::new();
    answers.insert(
        status.to_string(),
        json!({ "description": words.summary, "content": { media_type: { "schema": reference_to(schema) } } }),
    );
    let always: &[u16] = match route.door {
        Door::Open => &[400, 429, 500, 503],
        Door::Key => &[400, 401, 429, 500, 503],
    };
    for status in always.iter().chain(words.problems) {
        answers
            .insert(status.to_string(), json!({ "$ref": format!("#/components/responses/Problem{status}") }));
    }
    let mut operation = json!({
        "operationId": words.id,
        "tags": [words.tag],
        "summary": words.summary,
        "description": words.description,
        "parameters": parameters,
        "responses": answers,
    });
    if let Some(body) = words.body {
        let required = !matches!(body, "Nothing" | "Withdrawal");
        operation["requestBody"] =
            json!({ "required": required, "content": { JSON: { "schema": reference_to(body) } } });
    }
    if route.door == Door::Open {
        operation["security"] = json!([]);
    }
    operation
}

/// What each status of a problem means.
const PROBLEMS: &[(u16, &str)] = &[
    (400, "The request cannot be read: no JSON, a member that is missing, unknown or of the wrong kind"),
    (401, "No key, or one that does not live"),
    (403, "Refused by the policy, with codes and clauses"),
    (404, "No such thing"),
    (409, "Not possible in the present state"),
    (410, "The data were erased"),
    (413, "The body is larger than 64 KiB"),
    (415, "The body is not application/json"),
    (422, "The input breaks a rule, or an idempotency key came with another body"),
    (429, "Too many calls; see Retry-After"),
    (500, "Something failed; nothing was stored"),
    (503, "Nothing can be stored or opened now"),
    (507, "No room; withdrawals, restrictions and erasures still work"),
];

/// The whole document.
pub(crate) fn build() -> Value {
    let mut paths = Map::new();
    for route in ROUTES {
        let Some(words) = words(route) else { continue };
        let path = format!("{PREFIX}{}", route.path.replace("{*", "{"));
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[route.method.as_str().to_ascii_lowercase()] = operation(route, words);
    }
    let responses: Map<String, Value> = PROBLEMS
        .iter()
        .map(|(status, words)| {
            let content = json!({ "application/problem+json": { "schema": reference_to("Problem") } });
            (format!("Problem{status}"), json!({ "description": words, "content": content }))
        })
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Senim",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Personal data enter only with consent and leave only through the gate. Ids are a prefix and 26 characters of lower-case Crockford base32; instants are RFC 3339 in UTC; lists are {items, next_cursor}. Problems (RFC 9457) are worded in the language of Accept-Language: ru, kk or en.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "key": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": { "type": "http", "scheme": "bearer", "description": "A key of senim api-key add; it has one role and may be narrowed to purposes." },
            },
            "schemas": schemas::all(),
            "responses": responses,
        },
    })
}

/// The document as text, for `senim openapi`.
pub fn openapi_json() -> String {
    serde_json::to_string_pretty(&build()).unwrap_or_default()
}

/// `GET openapi.json`.
pub(crate) async fn document() -> Response {
    let headers = [(header::CONTENT_TYPE, JSON), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, openapi_json()).into_response()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_route_is_described_and_every_description_has_its_route() {
        let routes: BTreeSet<&str> = ROUTES.iter().map(|route| route.id).collect();
        let described: BTreeSet<&str> = WORDS.iter().map(|words| words.id).collect();
        assert_eq!(routes, described);
        assert_eq!(routes.len(), ROUTES.len(), "operation ids are unique");
        let document = build();
        let operations: usize =
            document["paths"].as_object().unwrap().values().map(|item| item.as_object().unwrap().len()).sum();
        assert_eq!(operations, ROUTES.len());
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_schema_is_used() {
        fn references(value: &Value, found: &mut BTreeSet<String>) {
            match value {
                Value::Object(members) => {
                    if let Some(target) = members.get("$ref").and_then(Value::as_str) {
                        found.insert(target.to_owned());
                    }
                    members.values().for_each(|member| references(member, found));
                }
                Value::Array(items) => items.iter().for_each(|item| references(item, found)),
                _ => {}
            }
        }
        let document = build();
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        for target in &found {
            let pointer = target.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{target}");
        }
        for name in document["components"]["schemas"].as_object().unwrap().keys() {
            assert!(found.contains(&format!("#/components/schemas/{name}")), "{name} is used nowhere");
        }
    }

    /// Whether a value fits a schema of the document; the first misfit otherwise.
    pub(crate) fn fits(document: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        if let Some(target) = schema["$ref"].as_str() {
            let inner = document.pointer(target.trim_start_matches('#')).ok_or("dangling reference")?;
            return fits(document, inner, value, at);
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let fitting = choices.iter().filter(|choice| fits(document, choice, value, at).is_ok()).count();
            return if fitting == 1 {
                Ok(())
            } else {
                Err(format!("{at}: fits {fitting} of oneOf: {value}"))
            };
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(kind) => vec![kind],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => return Ok(()),
        };
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if !kinds.contains(&kind) {
            return Err(format!("{at}: {kind} instead of {kinds:?}"));
        }
        if let (Some(allowed), false) = (schema["enum"].as_array(), value.is_null())
            && !allowed.contains(value)
        {
            return Err(format!("{at}: {value} is not one of {allowed:?}"));
        }
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    fits(document, &schema["items"], item, &format!("{at}[{index}]"))?;
                }
            }
            Value::Object(members) => {
                for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                    if !members.contains_key(name) {
                        return Err(format!("{at}: {name} is missing"));
                    }
                }
                for (name, member) in members {
                    match schema["properties"].get(name) {
                        Some(inner) => fits(document, inner, member, &format!("{at}.{name}"))?,
                        None if schema["additionalProperties"] == Value::Bool(false) => {
                            return Err(format!("{at}: {name} is not described"));
                        }
                        None => {}
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}
