//! The gate against an oracle that reads the tables as they stand and scans them line by line.

use std::collections::BTreeSet;

use model::{
    Actor, ApiKeyId, CategoryCode, ConsentEventKind, ConsentFact, ConsentId, Instant, Operation,
    OperationSet, OperatorId, Principal, PurposeId, RecipientId, RestrictionKind, RoleId, SubjectFacts,
    SubjectId, SubjectStatus,
};
use policy::{Decision, Policy, PolicyFiles, Query, decide};
use proptest::prelude::*;
use toml::{Table, Value};

use crate::shipped;

const RECIPIENTS: &str = r#"
[[recipient]]
id = "bank"
kind = "bank"
name = { ru = "Банк", kk = "Банк", en = "Bank" }
bin = "210140019844"
country = "KZ"
purposes = ["p8-10"]
categories = ["phone", "credit_application"]
published = true
undertaking_until = "1970-01-01T00:00:15Z"
attestation_until = "1970-01-01T00:00:10Z"

[[recipient]]
id = "partner"
kind = "partner"
name = { ru = "Партнёр", kk = "Серіктес", en = "Partner" }
bin = "991240000003"
country = "KZ"
purposes = ["p8-2", "p8-3"]
categories = ["phone"]
published = true
undertaking_until = "1970-01-01T00:00:15Z"

[[recipient]]
id = "hidden"
kind = "partner"
name = { ru = "Партнёр", kk = "Серіктес", en = "Partner" }
bin = "991240000003"
country = "KZ"
purposes = ["p8-2"]
categories = ["phone"]
published = false
"#;

fn files() -> PolicyFiles {
    let mut files = shipped::files();
    files.0.get_mut("recipients.toml").unwrap().push_str(RECIPIENTS);
    files
}

/// The tables as text says them.
struct Oracle {
    purposes: Vec<Value>,
    roles: Vec<Value>,
    recipients: Vec<Value>,
}

fn rows(files: &PolicyFiles, file: &str, key: &str) -> Vec<Value> {
    let table: Table = toml::from_str(&files.0[file]).unwrap();
    table[key].as_array().unwrap().clone()
}

fn find<'a>(rows: &'a [Value], id: &str) -> Option<&'a Value> {
    rows.iter().find(|row| row["id"].as_str() == Some(id))
}

fn has(row: &Value, key: &str, word: &str) -> bool {
    row.get(key)
        .and_then(Value::as_array)
        .is_some_and(|list| list.iter().any(|item| item.as_str() == Some(word)))
}

fn flag(row: &Value, key: &str) -> bool {
    row.get(key).and_then(Value::as_bool).unwrap_or(false)
}

type Broken = BTreeSet<(String, Option<String>)>;

impl Oracle {
    fn new(files: &PolicyFiles) -> Self {
        Self {
            purposes: rows(files, "purposes.toml", "purpose"),
            roles: rows(files, "roles.toml", "role"),
            recipients: rows(files, "recipients.toml", "recipient"),
        }
    }

    fn broken(&self, facts: &SubjectFacts, query: &Query, categories: &BTreeSet<String>) -> Broken {
        let mut broken = Broken::new();
        let mut say = |code: &str, category: Option<&str>| {
            broken.insert((code.to_owned(), category.map(str::to_owned)));
        };
        if facts.status == SubjectStatus::Erased {
            say("subject-erased", None);
            return broken;
        }
        let operation = query.operation.code();
        let purpose_id = query.purpose.as_str();
        let role = find(&self.roles, query.actor.role.as_str());
        let purpose = find(&self.purposes, purpose_id);
        let by_consent = purpose.is_some_and(|purpose| purpose["basis"].as_str() == Some("consent"));
        if let Some(role) = role {
            let kind = match query.actor.principal {
                Principal::DataSubject(_) => "data-subject",
                Principal::Operator(_) => "operator",
                Principal::ApiKey(_) => "api-key",
                Principal::Visitor => "visitor",
                Principal::System => "system",
            };
            if !has(role, "principals", kind) {
                say("principal-not-of-role", None);
            }
            if flag(role, "own_data_only") && query.actor.principal != Principal::DataSubject(facts.subject) {
                say("not-own-data", None);
            }
        } else {
            say("role-unknown", None);
        }
        if let Some(purpose) = purpose {
            for category in categories.iter().filter(|category| !has(purpose, "categories", category)) {
                say("category-not-for-purpose", Some(category));
            }
            if flag(purpose, "anonymised_only") {
                if operation != "anonymisation" {
                    say("research-not-anonymised", None);
                }
            } else if !has(purpose, "operations", operation) {
                say("operation-not-for-purpose", None);
            }
        } else {
            say("purpose-unknown", None);
        }
        if by_consent {
            if !facts.adult_declared {
                say("adult-not-declared", None);
            }
            let ingress =
                ["collection", "receipt", "recording", "systematisation", "accumulation", "storage"];
            let wants_proof = purpose.is_some_and(|purpose| flag(purpose, "needs_proven_contact"));
            if wants_proof && !facts.contact_proven && !ingress.contains(&operation) {
                say("contact-unproven", None);
            }
            match facts.consents.iter().find(|fact| fact.purpose == query.purpose) {
                None => say("consent-missing", None),
                Some(fact) => match fact.ended {
                    Some(ConsentEventKind::Withdrawn) => say("consent-withdrawn", None),
                    Some(ConsentEventKind::Refused) => say("consent-missing", None),
                    Some(ConsentEventKind::Invalidated) => say("consent-invalidated", None),
                    Some(ConsentEventKind::Revoked) => say("consent-revoked", None),
                    _ if fact.expires_at.is_some_and(|end| end <= query.at) => say("consent-expired", None),
                    _ if fact.withdrawn.contains(query.operation) => say("consent-withdrawn", None),
                    _ => {}
                },
            }
        }
        if let (Some(role), Some(purpose)) = (role, purpose) {
            let rules = role.get("may").and_then(Value::as_array).cloned().unwrap_or_default();
            match rules.iter().find(|rule| has(rule, "purposes", purpose_id)) {
                None => say("purpose-not-of-role", None),
                Some(rule) => {
                    if !has(rule, "operations", operation) {
                        say("operation-not-of-role", None);
                    }
                    for category in categories {
                        let listed = rule.get("categories").is_none() || has(rule, "categories", category);
                        if has(purpose, "categories", category) && !listed {
                            say("category-not-of-role", Some(category));
                        }
                    }
                }
            }
        }
        if facts.restriction.is_some() {
            let excepted = purpose.is_some()
                && !by_consent
                && role.is_some_and(|role| has(role, "while_restricted", operation));
            if !excepted {
                say("subject-restricted", None);
            }
        }
        match query.recipient {
            None if ["provision", "access"].contains(&operation) => say("recipient-missing", None),
            None => {}
            Some(id) => match find(&self.recipients, id.as_str()).filter(|row| flag(row, "published")) {
                None => say("recipient-unpublished", None),
                Some(row) => {
                    if !has(row, "purposes", purpose_id) {
                        say("recipient-not-for-purpose", None);
                    }
                    for category in categories.iter().filter(|category| !has(row, "categories", category)) {
                        say("category-not-for-recipient", Some(category));
                    }
                    for (key, code) in [
                        ("undertaking_until", "recipient-undertaking"),
                        ("attestation_until", "recipient-attestation"),
                    ] {
                        let end =
                            row.get(key).and_then(Value::as_str).map(|end| end.parse::<Instant>().unwrap());
                        if end.is_none_or(|end| end <= query.at) {
                            say(code, None);
                        }
                    }
                }
            },
        }
        broken
    }
}

const SUBJECT: SubjectId = SubjectId::from_bytes([7; 16]);
const OTHER: SubjectId = SubjectId::from_bytes([8; 16]);

fn purpose_id() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "p8-1", "p8-2", "p8-3", "p8-4", "p8-5", "p8-6", "p8-7", "p8-8", "p8-9", "p8-10", "rights",
        "security", "p9-1",
    ])
}

fn fact() -> impl Strategy<Value = ConsentFact> {
    use ConsentEventKind::{Given, Invalidated, Refused, Revoked, Withdrawn};
    let ended = prop::sample::select(vec![
        None,
        None,
        None,
        Some(Given),
        Some(Withdrawn),
        Some(Refused),
        Some(Invalidated),
        Some(Revoked),
    ]);
    (
        purpose_id(),
        prop::option::of(0_i64..20),
        ended,
        prop::sample::select(vec![0_u16, 0, 0, 1 << 10, u16::MAX]),
    )
        .prop_map(|(purpose, end, ended, withdrawn)| ConsentFact {
            purpose: PurposeId::new(purpose).unwrap(),
            consent: ConsentId::from_bytes([2; 16]),
            given_at: Instant::from_micros(0),
            expires_at: end.map(|end| Instant::from_micros(end * 1_000_000)),
            ended,
            withdrawn: OperationSet::from_bits(withdrawn),
        })
}

fn facts() -> impl Strategy<Value = SubjectFacts> {
    let restriction = prop::sample::select(vec![
        None,
        None,
        None,
        Some(RestrictionKind::Dispute),
        Some(RestrictionKind::OnDemand),
    ]);
    (
        prop::collection::vec(fact(), 0..12),
        restriction,
        prop::bool::weighted(0.9),
        any::<bool>(),
        prop::bool::weighted(0.05),
    )
        .prop_map(|(consents, restriction, adult, proven, erased)| {
            let mut facts = SubjectFacts::new(SUBJECT, adult);
            for fact in consents {
                facts.set_consent(fact);
            }
            facts.restriction = restriction;
            facts.contact_proven = proven;
            facts.status = if erased { SubjectStatus::Erased } else { SubjectStatus::Live };
            facts
        })
}

fn actor() -> impl Strategy<Value = Actor> {
    let role = prop::sample::select(vec![
        "data-subject",
        "intake",
        "service",
        "marketing",
        "research",
        "bank-desk",
        "dpo",
        "auditor",
        "admin",
        "system",
        "nobody",
    ]);
    let principal = prop::sample::select(vec![
        Principal::DataSubject(SUBJECT),
        Principal::DataSubject(OTHER),
        Principal::Operator(OperatorId::from_bytes([1; 16])),
        Principal::ApiKey(ApiKeyId::from_bytes([1; 16])),
        Principal::Visitor,
        Principal::System,
    ]);
    // Half of the time the principal that fits, or hardly anything would ever be permitted.
    (role, principal, any::<bool>()).prop_map(|(role, principal, fitting)| {
        let principal = match role {
            _ if !fitting => principal,
            "data-subject" => Principal::DataSubject(SUBJECT),
            "system" => Principal::System,
            _ => Principal::Operator(OperatorId::from_bytes([1; 16])),
        };
        Actor { principal, role: RoleId::new(role).unwrap() }
    })
}

#[test]
fn the_gate_and_the_oracle_agree() {
    let files = files();
    let policy = Policy::load(&files).unwrap();
    let oracle = Oracle::new(&files);
    let codes: Vec<String> = policy.categories().iter().map(|category| category.code.to_string()).collect();
    let permitted = std::cell::Cell::new(0_u32);
    let categories = prop_oneof![
        prop::sample::subsequence(codes.clone(), 0..4),
        prop::sample::subsequence(vec!["given_name".to_owned(), "phone".to_owned()], 0..=2),
    ];
    let recipient =
        prop::option::weighted(0.2, prop::sample::select(vec!["bank", "partner", "hidden", "nobody"]));
    let input = (
        facts(),
        actor(),
        purpose_id(),
        categories,
        prop::sample::select(Operation::ALL.to_vec()),
        recipient,
        0_i64..20,
    );
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    runner
        .run(&input, |(facts, actor, purpose, categories, operation, recipient, second)| {
            let set: Vec<CategoryCode> =
                categories.iter().map(|code| CategoryCode::new(code).unwrap()).collect();
            let query = Query {
                actor,
                purpose: PurposeId::new(purpose).unwrap(),
                categories: policy.category_set(&set).unwrap(),
                operation,
                recipient: recipient.map(|id| RecipientId::new(id).unwrap()),
                at: Instant::from_micros(second * 1_000_000),
            };
            let expected = oracle.broken(&facts, &query, &categories.into_iter().collect());
            let got: Broken = match decide(&policy, &facts, &query) {
                Decision::Permit(grant) => {
                    prop_assert_eq!(grant.query(), &query);
                    permitted.set(permitted.get() + 1);
                    Broken::new()
                }
                Decision::Refuse(broken) => {
                    prop_assert!(!broken.is_empty());
                    broken
                        .iter()
                        .map(|violation| {
                            (violation.code.to_owned(), violation.category.map(|code| code.to_string()))
                        })
                        .collect()
                }
            };
            prop_assert_eq!(got, expected);
            Ok(())
        })
        .unwrap();
    // An oracle that agrees on refusals alone would prove little.
    assert!(permitted.get() > 100, "only {} permits", permitted.get());
}
