//! The interface described in `OpenAPI` 3.1, made from the same table of routes as the router.
//!
//! Invariant: an operation of [`crate::api`] without a description here, or the other way round, fails the
//! tests; so does an answer that does not fit its schema.

mod page;
mod schemas;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::api::{Door, PREFIX, ROUTES, Route};

pub(crate) use page::reference;

/// What is said about one operation.
struct Words {
    id: &'static str,
    tag: &'static str,
    summary: &'static str,
    /// Who may call it and what else holds.
    description: &'static str,
    /// Query parameters and headers: place, name, whether required, schema, words.
    parameters: &'static [Parameter],
    /// Schema of the body, if there is one.
    body: Option<&'static str>,
    /// Status, media type and schema of the success.
    answer: (u16, &'static str, &'static str),
    /// Problems beside those that every operation may have.
    problems: &'static [u16],
}

struct Parameter {
    place: &'static str,
    name: &'static str,
    required: bool,
    schema: &'static str,
    words: &'static str,
}

const fn query(name: &'static str, required: bool, schema: &'static str, words: &'static str) -> Parameter {
    Parameter { place: "query", name, required, schema, words }
}

const JSON: &str = "application/json";
const LIMIT: Parameter = query("limit", false, "Limit", "Most items of the page; 50 unless given.");

const IDEMPOTENCY: Parameter = Parameter {
    place: "header",
    name: "Idempotency-Key",
    required: false,
    schema: "IdempotencyKey",
    words: "The same key with the same body makes nothing new and answers as before; with another body 422; after an erasure 410.",
};
const CURSOR: Parameter =
    query("cursor", false, "Cursor", "`next_cursor` of the page before, as it was given.");

const WORDS: &[Words] = &[
    Words {
        id: "getOpenApi",
        tag: "interface",
        summary: "This document",
        description: "No key.",
        parameters: &[],
        body: None,
        answer: (200, JSON, "Document"),
        problems: &[],
    },
    Words {
        id: "getCurrentNotice",
        tag: "notices",
        summary: "The notice in force",
        description: "No key. `sha256` is that of the text in `language`, chosen by Accept-Language among the published ones. A submission names `version`.",
        parameters: &[],
        body: None,
        answer: (200, JSON, "Notice"),
        problems: &[404],
    },
    Words {
        id: "createSubmission",
        tag: "submissions",
        summary: "Take a form submission in",
        description: "Roles that may collect for every purpose named, such as intake. A submission proves nothing about who sent it: it always makes a subject of its own (C9.0). `secret` opens the person's account; it is given once, never on a replay. `subject_id` is given to roles that may open values.",
        parameters: &[IDEMPOTENCY],
        body: Some("Submission"),
        answer: (201, JSON, "Submitted"),
        problems: &[403, 404, 410, 413, 415, 422, 507],
    },
    Words {
        id: "lookUpSubjects",
        tag: "subjects",
        summary: "Find subjects by one contact",
        description: "Roles with the ability `people`. The contact stands in the body, never in an address. Empty when unknown. The lookup is logged.",
        parameters: &[],
        body: Some("Contact"),
        answer: (200, JSON, "FoundList"),
        problems: &[403, 413, 415, 422],
    },
    Words {
        id: "getSubjectData",
        tag: "subjects",
        summary: "Open a person's data for a purpose",
        description: "The gate decides by role, purpose, categories, consent and restriction; the entry is durable before a value is opened. A refusal is logged too and names its codes and clauses.",
        parameters: &[
            query("purpose", true, "PurposeId", "For which purpose."),
            query(
                "categories",
                false,
                "CategoryList",
                "Only these, separated by commas; else all that the purpose covers.",
            ),
        ],
        body: None,
        answer: (200, JSON, "Data"),
        problems: &[403, 404, 410, 422],
    },
    Words {
        id: "decide",
        tag: "decisions",
        summary: "Ask the gate",
        description: "One question, or `queries`: then `results` in order and one log entry with their count and a hash. An unknown subject is refused as one without consent.",
        parameters: &[],
        body: Some("Question"),
        answer: (200, JSON, "DecisionOrResults"),
        problems: &[413, 415],
    },
    Words {
        id: "listConsents",
        tag: "consents",
        summary: "Consents of a person, newest first",
        description: "Roles that may read for the duty `rights`.",
        parameters: &[query("subject_id", true, "SubjectId", "Whose."), CURSOR, LIMIT],
        body: None,
        answer: (200, JSON, "ConsentList"),
        problems: &[403, 404, 410],
    },
    Words {
        id: "giveConsent",
        tag: "consents",
        summary: "Record a further consent of a person whose data are held",
        description: "Roles that may collect for every purpose named. The record keeps how it was obtained (`channel`), by which key and in which role; the person is told by letter, if there is an address. No transfer is consented to, and no value goes into the receipt. A consent to a purpose already consented to takes its place.",
        parameters: &[IDEMPOTENCY],
        body: Some("FurtherConsent"),
        answer: (201, JSON, "GivenConsent"),
        problems: &[403, 404, 409, 410, 413, 415, 422, 507],
    },
    Words {
        id: "withdrawConsent",
        tag: "consents",
        summary: "Withdraw a consent, whole or in part",
        description: "At once, also on a full disk. Without members everything is withdrawn. `recipients` and `items` must be empty: no consent of this version names one.",
        parameters: &[],
        body: Some("Withdrawal"),
        answer: (200, JSON, "Withdrawn"),
        problems: &[403, 404, 410, 413, 415, 422],
    },
    Words {
        id: "getConsentReceipt",
        tag: "consents",
        summary: "The receipt of a consent",
        description: "Roles that may read for the duty `rights`. The file verifies offline with `senim verify`.",
        parameters: &[],
        body: None,
        answer: (200, JSON, "ReceiptFile"),
        problems: &[403, 404, 409, 410],
    },
    Words {
        id: "getReceipt",
        tag: "consents",
        summary: "A receipt by its id",
        description: "Roles that may read for the duty `rights`. Any other key has only the receipts of consents that it took in itself, for as long as its call could be repeated with an idempotency key; those of others are not found. Each look is logged.",
        parameters: &[],
        body: None,
        answer: (200, JSON, "ReceiptFile"),
        problems: &[403, 404, 409, 410],
    },
    Words {
        id: "listRequests",
        tag: "requests",
        summary: "Requests about rights, newest first",
        description: "Roles with the ability `requests`.",
        parameters: &[CURSOR, LIMIT],
        body: None,
        answer: (200, JSON, "RequestList"),
        problems: &[403],
    },
    Words {
        id: "openRequest",
        tag: "requests",
        summary: "Open a request for a person",
        description: "Roles with the ability `requests`. It waits for verification; every limit that applies is listed, the strictest is effective. A contact that several records hold answers 409: name the subject.",
        parameters: &[],
        body: Some("RequestOpening"),
        answer: (201, JSON, "Request"),
        problems: &[403, 404, 409, 410, 413, 415, 422],
    },
    Words {
        id: "verifyRequest",
        tag: "requests",
        summary: "Say that the person's identity was verified",
        description: "The person responsible (role dpo).",
        parameters: &[],
        body: Some("Nothing"),
        answer: (200, JSON, "Request"),
        problems: &[403, 404, 409, 410, 413, 415],
    },
    Words {
        id: "confirmRequest",
        tag: "requests",
        summary: "Accept a verified request",
        description: "The person responsible (role dpo).",
        parameters: &[],
        body: Some("Nothing"),
        answer: (200, JSON, "Request"),
        problems: &[403, 404, 409, 410, 413, 415],
    },
    Words {
        id: "refuseRequest",
        tag: "requests",
        summary: "Refuse a request",
        description: "The person responsible (role dpo).",
        parameters: &[],
        body: Some("Nothing"),
        answer: (200, JSON, "Request"),
        problems: &[403, 404, 409, 410, 413, 415],
    },
    Words {
        id: "completeRequest",
        tag: "requests",
        summary: "Carry a request out now",
        description: "The person responsible (role dpo). A request that was not verified cannot be carried out (409).",
        parameters: &[],
        body: Some("Nothing"),
        answer: (200, JSON, "Request"),
        problems: &[403, 404, 409, 410, 413, 415],
    },
    Words {
        id: "listEnquiries",
        tag: "enquiries",
        summary: "Enquiries, newest first, without values",
        description: "Roles with the ability `enquiries`; a key narrowed to purposes sees only theirs.",
        parameters: &[query("status", false, "EnquiryStatus", "Only of this state."), CURSOR, LIMIT],
        body: None,
        answer: (200, JSON, "EnquiryList"),
        problems: &[403],
    },
    Words {
        id: "openEnquiry",
        tag: "enquiries",
        summary: "Open an enquiry of a person whose data are held",
        description: "Roles with the ability `enquiries` that may record for the purpose; only under a live consent to it. `purpose` is one that the form asks for; else the first that it requires.",
        parameters: &[IDEMPOTENCY],
        body: Some("EnquiryOpening"),
        answer: (201, JSON, "Enquiry"),
        problems: &[403, 404, 409, 410, 413, 415, 422, 507],
    },
    Words {
        id: "setEnquiryStatus",
        tag: "enquiries",
        summary: "Move an enquiry to another state",
        description: "Roles with the ability `enquiries`.",
        parameters: &[],
        body: Some("StatusChange"),
        answer: (200, JSON, "Enquiry"),
        problems: &[403, 404, 409, 410, 413, 415],
    },
    Words {
        id: "selectRecords",
        tag: "records",
        summary: "Open the records that stand under certain terms",
        description: "Roles with the ability `people`. The gate decides for each person; whose data it does not let out is left out. One log entry for the page, which each person finds in the own history. What a rule or a storage period ended, and what the person objects to for this purpose, is not found.",
        parameters: &[
            query("purpose", true, "PurposeId", "For which purpose."),
            query(
                "terms",
                true,
                "TermsText",
                "Terms that the records have, such as `purpose=p8-2,source=form`; empty for all.",
            ),
            CURSOR,
            LIMIT,
        ],
        body: None,
        answer: (200, JSON, "RecordsSelected"),
        problems: &[403, 422],
    },
    Words {
        id: "listRecords",
        tag: "records",
        summary: "The records of a person with their terms",
        description: "Roles that may read for the duty `rights`. No value is opened; logged as a look.",
        parameters: &[],
        body: None,
        answer: (200, JSON, "RecordList"),
        problems: &[403, 404, 410],
    },
    Words {
        id: "writeRecord",
        tag: "records",
        summary: "Write a record about a person whose data are held",
        description: "Roles that may record for the purpose, under a consent that lives. `values` by category. Standing rules apply to `terms` at once; the answer says what they became.",
        parameters: &[],
        body: Some("NewRecord"),
        answer: (201, JSON, "RecordWritten"),
        problems: &[403, 404, 410, 413, 415, 422, 507],
    },
    Words {
        id: "getRecordData",
        tag: "records",
        summary: "Open one record for a purpose",
        description: "As getSubjectData, but for one record.",
        parameters: &[query("purpose", true, "PurposeId", "For which purpose.")],
        body: None,
        answer: (200, JSON, "RecordData"),
        problems: &[403, 404, 410, 422],
    },
    Words {
        id: "changeTerms",
        tag: "records",
        summary: "Put a record of a person, or all, under other terms",
        description: "Roles that may rectify for the duty `rights`. Standing rules hold for the new terms too.",
        parameters: &[],
        body: Some("TermsChange"),
        answer: (200, JSON, "Logged"),
        problems: &[403, 404, 410, 413, 415, 422],
    },
    Words {
        id: "deleteRecords",
        tag: "records",
        summary: "Destroy a record of a person, or all, with their keys",
        description: "Roles that may delete for the duty `rights`.",
        parameters: &[],
        body: Some("Nothing"),
        answer: (200, JSON, "Logged"),
        problems: &[403, 404, 410, 413, 415, 422],
    },
    Words {
        id: "rectifyValue",
        tag: "records",
        summary: "Correct a value; the old one's key is destroyed",
        description: "Roles that may rectify for the duty `rights`. `value_id` is that of the new value.",
        parameters: &[],
        body: Some("Correction"),
        answer: (200, JSON, "Rectified"),
        problems: &[403, 404, 410, 413, 415, 422],
    },
    Words {
        id: "listRules",
        tag: "rules",
        summary: "Rules about groups of records, newest first",
        description: "Roles that may read for the duty `rights`.",
        parameters: &[CURSOR, LIMIT],
        body: None,
        answer: (200, JSON, "RuleList"),
        problems: &[403],
    },
    Words {
        id: "makeRule",
        tag: "rules",
        summary: "From now on, for all records under certain terms",
        description: "Roles that may restrict, or destroy, for the duty `rights`. It costs the same however many records it finds and holds from its answer on. `set` with one term: a code, or null to take it away; or `destroy`. `standing`: records that come later meet it too; taking the recipient from all records that name one, standing, suspends the recipient.",
        parameters: &[],
        body: Some("NewRule"),
        answer: (201, JSON, "RuleMade"),
        problems: &[403, 413, 415, 422],
    },
    Words {
        id: "endRule",
        tag: "rules",
        summary: "End a standing rule",
        description: "Roles that may restrict for the duty `rights`. Records that come later no longer meet it; what it made of others stays.",
        parameters: &[],
        body: Some("Nothing"),
        answer: (200, JSON, "Rule"),
        problems: &[403, 404, 409, 413, 415],
    },
    Words {
        id: "listRecipients",
        tag: "recipients",
        summary: "The register of recipients",
        description: "Any key. Recipients are part of the policy: they are entered in its folder (recipients.toml), checked and published with it, and by no call; registering undertakings over the interface is not built yet.",
        parameters: &[CURSOR, LIMIT],
        body: None,
        answer: (200, JSON, "RecipientList"),
        problems: &[],
    },
    Words {
        id: "getEvidence",
        tag: "evidence",
        summary: "Every clause with its control, tests and result, computed now",
        description: "Roles with the ability `evidence`.",
        parameters: &[],
        body: None,
        answer: (200, JSON, "Evidence"),
        problems: &[403],
    },
    Words {
        id: "getLogCheckpoint",
        tag: "log",
        summary: "The newest signed checkpoint (C2SP tlog-checkpoint)",
        description: "No key.",
        parameters: &[],
        body: None,
        answer: (200, "text/plain; charset=utf-8", "Text"),
        problems: &[404],
    },
    Words {
        id: "getLogTile",
        tag: "log",
        summary: "A tile (C2SP tlog-tiles), such as `0/000` or `entries/000.p/17`",
        description: "No key. A leaf is a salted commitment to an entry, nothing else.",
        parameters: &[],
        body: None,
        answer: (200, "application/octet-stream", "Bytes"),
        problems: &[404],
    },
    Words {
        id: "getLogProof",
        tag: "log",
        summary: "The inclusion proof of an entry",
        description: "No key: who has the id may have the proof. The file verifies offline with `senim verify`.",
        parameters: &[query("entry", true, "EntryId", "Which entry.")],
        body: None,
        answer: (200, JSON, "ProofFile"),
        problems: &[404],
    },
    Words {
        id: "listLogEntries",
        tag: "log",
        summary: "Entries of the log in order",
        description: "Role auditor and others with the ability `log-entries`. An entry names no person and holds no value.",
        parameters: &[
            query(
                "cursor",
                false,
                "LogIndex",
                "`next_cursor` of the page before, or the first index wanted.",
            ),
            LIMIT,
        ],
        body: None,
        answer: (200, JSON, "LogEntryList"),
        problems: &[403],
    },
];

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
