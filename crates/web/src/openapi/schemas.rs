//! The shapes of bodies and answers.

use serde_json::{Map, Value, json};

use super::reference_to as to;

/// An object: its members; those whose names do not end in `?` are required; nothing else may stand there.
fn object(members: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, schema) in members {
        let plain = name.trim_end_matches('?');
        if plain == *name {
            required.push(Value::from(plain));
        }
        properties.insert(plain.to_owned(), schema.clone());
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn list(of: &str) -> Value {
    json!({ "type": "array", "items": to(of) })
}

fn page(of: &str) -> Value {
    object(&[("items", list(of)), ("next_cursor", or_null(&text()))])
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn instant() -> Value {
    json!({ "type": "string", "format": "date-time", "pattern": "Z$" })
}

fn or_null(schema: &Value) -> Value {
    let mut schema = schema.clone();
    schema["type"] = json!([schema["type"], "null"]);
    schema
}

fn nullable(of: &str) -> Value {
    json!({ "oneOf": [to(of), { "type": "null" }] })
}

fn code(of: &[&str]) -> Value {
    json!({ "type": "string", "enum": of })
}

fn id(prefix: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$") })
}

fn short_code() -> Value {
    json!({ "type": "string", "pattern": "^[A-Za-z0-9._-]{1,24}$" })
}

/// Records, their terms, and rules about groups of them.
fn records(add: &mut impl FnMut(&str, Value)) {
    let names: Vec<String> = model::TermField::ALL.iter().map(|field| format!("{}?", field.code())).collect();
    let terms = |schema: &Value| {
        object(&names.iter().map(|name| (name.as_str(), schema.clone())).collect::<Vec<_>>())
    };
    add("TermCode", short_code());
    add("Terms", terms(&to("TermCode")));
    add("TermsChanged", terms(&nullable("TermCode")));
    add("TermsText", json!({ "type": "string", "pattern": "^([a-z_]+=[A-Za-z0-9._-]+(,|$))*$" }));
    add(
        "RecordsNamed",
        json!({ "type": "string", "description": "The id of a record, or `all` where more may be meant." }),
    );
    let view = [
        ("subject_id", to("SubjectId")),
        ("record_id", to("RecordId")),
        ("terms", to("Terms")),
        ("written_at", instant()),
        ("categories", list("CategoryCode")),
    ];
    add("Record", object(&view));
    add("RecordList", object(&[("items", list("Record")), ("log_entry", to("EntryId"))]));
    let mut shown = view.to_vec();
    shown.push(("values", list("Value")));
    add("RecordShown", object(&shown));
    shown.push(("log_entry", to("EntryId")));
    add("RecordData", object(&shown));
    add(
        "RecordsSelected",
        object(&[
            ("items", list("RecordShown")),
            ("next_cursor", or_null(&text())),
            ("log_entry", to("EntryId")),
        ]),
    );
    add(
        "NewRecord",
        object(&[
            ("purpose", to("PurposeId")),
            (
                "values",
                json!({ "type": "object", "additionalProperties": { "type": "string" }, "description": "Values by category." }),
            ),
            ("terms?", to("Terms")),
        ]),
    );
    add(
        "RecordWritten",
        object(&[
            ("record_id", to("RecordId")),
            ("value_ids", list("RecordId")),
            ("terms", to("Terms")),
            ("log_entry", to("EntryId")),
        ]),
    );
    add("TermsChange", object(&[("terms", to("TermsChanged"))]));
    add("Correction", object(&[("value", text())]));
    add(
        "Rectified",
        object(&[
            ("value_id", nullable("RecordId")),
            ("receipt", or_null(&text())),
            ("receipt_url", json!({ "type": "string", "format": "uri" })),
        ]),
    );
    add("Logged", object(&[("log_entry", to("EntryId"))]));
    add(
        "RecordsDeleted",
        object(&[
            ("records", json!({ "type": "integer", "minimum": 1 })),
            ("receipt", or_null(&text())),
            ("receipt_url", json!({ "type": "string", "format": "uri" })),
            ("log_entry", to("EntryId")),
        ]),
    );
    let flag = json!({ "type": "boolean" });
    add(
        "NewRule",
        object(&[
            ("pattern", to("Terms")),
            ("set?", to("TermsChanged")),
            ("destroy?", flag.clone()),
            ("standing?", flag.clone()),
            ("ground", to("TermCode")),
        ]),
    );
    let mut rule = vec![
        ("rule_id", to("RuleId")),
        ("pattern", to("Terms")),
        ("effect", text()),
        ("standing", flag),
        ("ground", to("TermCode")),
        ("made_at", instant()),
        ("ended_at", or_null(&instant())),
    ];
    add("Rule", object(&rule));
    add("RuleList", page("Rule"));
    rule.extend([("groups", json!({ "type": "integer", "minimum": 0 })), ("log_entry", to("EntryId"))]);
    add("RuleMade", object(&rule));
}

/// Every schema by name.
pub(super) fn all() -> Value {
    let mut schemas = Map::new();
    let mut add = |name: &str, schema: Value| {
        schemas.insert(name.to_owned(), schema);
    };
    for (name, prefix) in [
        ("SubjectId", "sub"),
        ("ConsentId", "con"),
        ("RequestId", "req"),
        ("ReceiptId", "rcp"),
        ("EnquiryId", "enq"),
        ("EntryId", "ent"),
        ("SubmissionId", "sbm"),
        ("WithdrawalId", "wdr"),
        ("RecordId", "rec"),
        ("RuleId", "rul"),
    ] {
        add(name, id(prefix));
    }
    for name in ["FormId", "PurposeId", "CategoryCode", "RecipientId", "ClauseId", "RoleId"] {
        add(name, short_code());
    }
    add("Text", text());
    add("Bytes", json!({ "type": "string", "contentMediaType": "application/octet-stream" }));
    add("Document", json!({ "type": "object" }));
    add("Language", code(&["ru", "kk", "en"]));
    add("Limit", json!({ "type": "integer", "minimum": 1, "maximum": 200 }));
    add(
        "Cursor",
        json!({ "type": "string", "pattern": "^([0-9a-f]{2})+$", "description": "Opaque; good for the list that gave it." }),
    );
    add("LogIndex", json!({ "type": "integer", "minimum": 0 }));
    add("CategoryList", json!({ "type": "string", "description": "Codes separated by commas." }));
    add("IdempotencyKey", json!({ "type": "string", "minLength": 1, "maxLength": 255 }));
    add("EnquiryStatus", code(&["received", "assigned", "in-work", "fulfilled", "declined", "lapsed"]));
    add("Operation", code(&model::Operation::ALL.map(model::Operation::code)));
    add(
        "Nothing",
        json!({ "type": "object", "additionalProperties": false, "description": "Nothing, or an empty object." }),
    );

    add(
        "Problem",
        object(&[
            ("type", text()),
            ("title", text()),
            ("status", json!({ "type": "integer" })),
            ("detail", text()),
            ("code", json!({ "type": "string", "description": "Stable kebab-case code." })),
            ("clause?", to("ClauseId")),
            ("violations", list("WordedViolation")),
            ("request_id", text()),
        ]),
    );
    let violation =
        [("code", text()), ("clause", to("ClauseId")), ("category?", to("CategoryCode")), ("field?", text())];
    add("Violation", object(&violation));
    let mut worded = violation.to_vec();
    worded.push(("message", text()));
    add("WordedViolation", object(&worded));

    add(
        "Notice",
        object(&[
            ("version", text()),
            ("sha256", json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })),
            ("language", to("Language")),
            ("languages", list("Language")),
            ("effective_on", json!({ "type": "string", "format": "date" })),
        ]),
    );
    add(
        "Submission",
        object(&[
            (
                "values",
                json!({ "type": "object", "additionalProperties": { "type": "string" },
                    "description": "Fields of the form by name: surname, given_name, patronymic, iin, registered_address, email, phone, …" }),
            ),
            ("consent", to("ConsentGiven")),
            (
                "representative?",
                json!({ "type": ["boolean", "object", "null"], "description": "Representatives act in the account or on paper; a form proves no mandate, so this is refused (C9.1)." }),
            ),
            (
                "source?",
                json!({ "type": ["string", "null"], "maxLength": 256, "pattern": "^[A-Za-z0-9/._:-]*$", "description": "Where the form stood, such as a page's path; no query." }),
            ),
        ]),
    );
    add(
        "ConsentGiven",
        object(&[
            ("notice_version", text()),
            ("purposes", list("PurposeId")),
            ("adult", json!({ "type": "boolean" })),
            ("language", to("Language")),
        ]),
    );
    add(
        "Submitted",
        object(&[
            ("submission_id", to("SubmissionId")),
            ("subject_id?", to("SubjectId")),
            ("enquiry_id", nullable("EnquiryId")),
            ("number", or_null(&text())),
            ("consent_id", to("ConsentId")),
            (
                "receipt",
                json!({ "type": ["string", "null"], "description": "The receipt file; null while its entry waits for integration: then `receipt_url`." }),
            ),
            ("receipt_url", json!({ "type": "string", "format": "uri" })),
            (
                "secret?",
                json!({ "type": "string", "description": "Opens the person's account; given once." }),
            ),
        ]),
    );
    add("Contact", object(&[("email?", text()), ("phone?", text()), ("iin?", text())]));
    add("Found", object(&[("subject_id", to("SubjectId")), ("proven", json!({ "type": "boolean" }))]));
    add("FoundList", object(&[("items", list("Found"))]));
    add(
        "Value",
        object(&[
            ("value_id", to("RecordId")),
            ("category", to("CategoryCode")),
            ("value", text()),
            ("as_of", instant()),
            ("source", text()),
            ("proven", json!({ "type": "boolean" })),
        ]),
    );
    add(
        "Data",
        object(&[
            ("subject_id", to("SubjectId")),
            ("purpose", to("PurposeId")),
            ("values", list("Value")),
            ("log_entry", to("EntryId")),
        ]),
    );

    records(&mut add);

    let query = [
        ("subject_id", to("SubjectId")),
        ("purpose", to("PurposeId")),
        ("categories", list("CategoryCode")),
        ("operation?", to("Operation")),
        ("recipient?", to("RecipientId")),
    ];
    add("Query", object(&query));
    add("Queries", object(&[("queries", json!({ "type": "array", "items": to("Query"), "minItems": 1 }))]));
    add("Question", json!({ "oneOf": [to("Query"), to("Queries")] }));
    let decision = [("decision", code(&["permit", "refuse"])), ("violations", list("Violation"))];
    add("Decision", object(&decision));
    let mut single = decision.to_vec();
    single.push(("log_entry", to("EntryId")));
    add("LoggedDecision", object(&single));
    add("DecisionResults", object(&[("results", list("Decision")), ("log_entry", to("EntryId"))]));
    add("DecisionOrResults", json!({ "oneOf": [to("LoggedDecision"), to("DecisionResults")] }));

    add(
        "ConsentPurpose",
        object(&[
            ("purpose", to("PurposeId")),
            (
                "status",
                code(&["requested", "given", "refused", "withdrawn", "expired", "invalidated", "revoked"]),
            ),
            ("expires_at", or_null(&instant())),
            ("withdrawn_operations", list("Operation")),
        ]),
    );
    add(
        "ConsentEvent",
        object(&[
            ("kind", code(&["given", "withdrawn", "refused", "invalidated", "revoked"])),
            ("purposes", list("PurposeId")),
            ("at", instant()),
        ]),
    );
    add(
        "Consent",
        object(&[
            ("consent_id", to("ConsentId")),
            ("given_at", instant()),
            (
                "record",
                json!({ "type": "object", "description": "Notice, form, button, language and channel as they stood; no values." }),
            ),
            ("purposes", list("ConsentPurpose")),
            ("events", list("ConsentEvent")),
            ("receipt_id", nullable("ReceiptId")),
        ]),
    );
    add("ConsentList", page("Consent"));
    add(
        "FurtherConsent",
        object(&[
            ("subject_id", to("SubjectId")),
            ("purposes", list("PurposeId")),
            ("notice_version", text()),
            ("language", to("Language")),
            (
                "adult?",
                json!({ "type": ["boolean", "null"], "description": "The declaration of full age and capacity; once made it stands." }),
            ),
            (
                "channel?",
                json!({ "type": ["string", "null"], "pattern": "^[A-Za-z0-9._-]{1,24}$", "description": "How it was obtained: phone, paper, chat …; `api` unless given." }),
            ),
        ]),
    );
    add(
        "GivenConsent",
        object(&[
            ("consent_id", to("ConsentId")),
            ("receipt", or_null(&text())),
            ("receipt_url", json!({ "type": "string", "format": "uri" })),
        ]),
    );
    add("Part", code(&["collection", "processing", "publication", "transfer", "cross-border"]));
    add(
        "Withdrawal",
        object(&[
            ("purposes?", list("PurposeId")),
            ("operations?", list("Part")),
            ("recipients?", list("RecipientId")),
            ("items?", list("RecordId")),
        ]),
    );
    add(
        "Withdrawn",
        object(&[
            ("withdrawal_id", to("WithdrawalId")),
            ("receipt", or_null(&text())),
            ("receipt_url", json!({ "type": "string", "format": "uri" })),
            ("purposes", list("PurposeId")),
            ("destroyed_by", or_null(&instant())),
        ]),
    );
    add("ReceiptFile", json!({ "type": "object", "description": "A receipt; keep it byte for byte." }));
    add(
        "ProofFile",
        json!({ "type": "object", "description": "An inclusion proof; keep it byte for byte." }),
    );

    add("RequestKind", code(&app::request::KINDS));
    add(
        "Deadline",
        object(&[
            ("source", code(&["clause", "law", "gdpr"])),
            ("rule", to("ClauseId")),
            ("amount", json!({ "type": "integer" })),
            ("unit", code(&["working-days", "calendar-days", "months", "hours"])),
            ("due_at", instant()),
            ("effective", json!({ "type": "boolean" })),
        ]),
    );
    add(
        "Request",
        object(&[
            ("request_id", to("RequestId")),
            ("number", text()),
            ("kind", to("RequestKind")),
            ("subject_id", to("SubjectId")),
            ("status", code(&["received", "verified", "confirmed", "completed", "refused"])),
            ("opened_at", instant()),
            ("due_on", json!({ "type": "string", "format": "date" })),
            ("deadlines", list("Deadline")),
            ("receipt?", text()),
        ]),
    );
    add("RequestList", page("Request"));
    add(
        "RequestOpening",
        object(&[
            ("kind", to("RequestKind")),
            ("subject_id?", to("SubjectId")),
            ("contact?", to("Contact")),
            (
                "channel",
                json!({ "type": "string", "pattern": "^[A-Za-z0-9._-]{1,24}$", "description": "By which door it came: email, phone, paper, web …" }),
            ),
            (
                "text?",
                json!({ "type": ["string", "null"], "description": "The person's own words; sealed." }),
            ),
            ("identity?", to("Identity")),
        ]),
    );
    add(
        "Identity",
        object(&[
            ("method", short_code()),
            (
                "note?",
                json!({ "type": ["string", "null"], "description": "What the checker noted; sealed." }),
            ),
        ]),
    );

    add(
        "Enquiry",
        object(&[
            ("enquiry_id", to("EnquiryId")),
            ("number", text()),
            ("subject_id?", to("SubjectId")),
            ("form", to("FormId")),
            ("purpose", to("PurposeId")),
            ("status", to("EnquiryStatus")),
            ("opened_at", instant()),
            ("changed_at", instant()),
        ]),
    );
    add("EnquiryList", page("Enquiry"));
    add(
        "EnquiryOpening",
        object(&[
            ("subject_id", to("SubjectId")),
            ("form", to("FormId")),
            ("purpose?", nullable("PurposeId")),
            (
                "text?",
                json!({ "type": ["string", "null"], "description": "What the person asks, in their own words; sealed." }),
            ),
        ]),
    );
    add("StatusChange", object(&[("status", to("EnquiryStatus"))]));
    add(
        "Recipient",
        object(&[
            ("recipient_id", to("RecipientId")),
            ("kind", code(&["partner", "bank", "contractor", "authority", "internal-system"])),
            ("name", text()),
            ("bin", text()),
            ("country", text()),
            ("purposes", list("PurposeId")),
            ("categories", list("CategoryCode")),
            ("published", json!({ "type": "boolean" })),
        ]),
    );
    add("RecipientList", page("Recipient"));
    add(
        "EvidenceRow",
        object(&[
            ("id", to("ClauseId")),
            ("obligation", text()),
            ("controls", list("Text")),
            ("tests", list("Text")),
            ("standing", code(&["kept", "broken", "partly", "not-built"])),
            ("probe", or_null(&text())),
            ("findings", list("Text")),
            ("next", or_null(&text())),
        ]),
    );
    add(
        "Evidence",
        object(&[
            ("at", instant()),
            ("policy_version", text()),
            ("log_size", json!({ "type": "integer" })),
            ("rows", list("EvidenceRow")),
        ]),
    );
    add(
        "Entry",
        object(&[
            ("v", json!({ "type": "integer" })),
            ("id", to("EntryId")),
            ("at", instant()),
            ("kind", code(&model::EntryKind::ALL.iter().map(|kind| kind.code()).collect::<Vec<_>>())),
            ("operation?", to("Operation")),
            ("purpose?", to("PurposeId")),
            ("categories", list("CategoryCode")),
            ("actor", text()),
            ("role", to("RoleId")),
            ("clause", to("ClauseId")),
            ("recipient?", to("RecipientId")),
            ("subjects", json!({ "type": "integer" })),
            ("payload?", text()),
            ("note?", text()),
        ]),
    );
    add("LogEntry", object(&[("index", to("LogIndex")), ("entry", to("Entry")), ("salt", text())]));
    add("LogEntryList", page("LogEntry"));
    Value::Object(schemas)
}
