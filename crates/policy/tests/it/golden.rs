//! Decisions, deadlines and values of the shipped policy, one by one.

use model::{
    Actor, CategoryCode, ConsentEventKind, ConsentFact, ConsentId, EntryId, EntryKind, FormId, Instant,
    LogLine, Operation, OperationSet, OperatorId, Part, Principal, PurposeId, RestrictionKind, RoleId,
    SubjectFacts, SubjectId, SubjectStatus, Witness,
};
use policy::{Ability, Basis, Decision, Draft, LimitSource, Policy, Query, Severity, Unit, decide};

use crate::shipped;

fn policy() -> Policy {
    Policy::load(&shipped::files()).unwrap()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn purpose(id: &str) -> PurposeId {
    PurposeId::new(id).unwrap()
}

const SUBJECT: SubjectId = SubjectId::from_bytes([7; 16]);

fn operator() -> Principal {
    Principal::Operator(OperatorId::from_bytes([1; 16]))
}

/// An adult with a live consent to these purposes.
fn facts(purposes: &[&str]) -> SubjectFacts {
    let mut facts = SubjectFacts::new(SUBJECT, true);
    for id in purposes {
        facts.set_consent(ConsentFact {
            purpose: purpose(id),
            consent: ConsentId::from_bytes([2; 16]),
            given_at: at("2026-11-01T00:00:00Z"),
            expires_at: Some(at("2027-11-01T00:00:00Z")),
            ended: None,
            withdrawn: OperationSet::EMPTY,
        });
    }
    facts
}

struct Ask<'a>(&'a Policy, Principal, &'a str, &'a str, &'a [&'a str], Operation);

impl Ask<'_> {
    fn query(&self) -> Query {
        let Self(policy, principal, role, purpose, categories, operation) = self;
        let codes: Vec<CategoryCode> =
            categories.iter().map(|code| CategoryCode::new(code).unwrap()).collect();
        Query {
            actor: Actor { principal: *principal, role: RoleId::new(role).unwrap() },
            purpose: PurposeId::new(purpose).unwrap(),
            categories: policy.category_set(&codes).unwrap(),
            operation: *operation,
            recipient: None,
            at: at("2026-11-23T09:00:00Z"),
        }
    }
    /// The codes of the violations; none = permitted.
    fn of(&self, facts: &SubjectFacts) -> Vec<String> {
        match decide(self.0, facts, &self.query()) {
            Decision::Permit(_) => Vec::new(),
            Decision::Refuse(broken) => broken.iter().map(|v| format!("{} {}", v.code, v.clause)).collect(),
        }
    }
}

#[test]
fn the_shipped_policy_has_no_finding_at_all() {
    let (policy, findings) = Policy::lint(&shipped::files());
    assert_eq!(findings, []);
    let policy = policy.unwrap();
    assert_eq!(policy.purposes().iter().filter(|p| p.basis == Basis::Consent).count(), 10);
    assert_eq!(policy.roles().len(), 10);
    assert_eq!(policy.forms().len(), 4);
    assert_eq!(policy.version().len(), 64);
    assert!(policy.recipients().is_empty());
}

#[test]
fn clause_8_every_purpose_has_an_end_a_term_and_its_clause() {
    let policy = policy();
    for number in 1..=10 {
        let purpose = policy.purpose(purpose(&format!("p8-{number}"))).unwrap();
        assert_eq!(purpose.clause.as_str(), format!("C8.{number}"));
        assert!(policy.retention().event(&purpose.ends).is_some());
        assert!(purpose.storage.amount > 0);
    }
}

#[test]
fn clause_10_1_service_reads_for_a_consented_purpose_only() {
    let policy = policy();
    let ask = |purpose, categories| {
        Ask(&policy, operator(), "service", purpose, categories, Operation::Retrieval).of(&facts(&["p8-2"]))
    };
    assert_eq!(ask("p8-2", &["given_name", "phone"]), [""; 0]);
    assert_eq!(ask("p8-1", &["phone"]), ["consent-missing C6.1"]);
    assert_eq!(ask("p8-2", &["preferences"]), ["category-not-for-purpose C10.5"]);
    assert_eq!(ask("p8-10", &["phone"]), ["consent-missing C6.1", "purpose-not-of-role C11.4"]);
    assert_eq!(ask("p9-9", &["phone"]), ["purpose-unknown C10.2"]);
}

#[test]
fn clause_6_1_a_consent_that_ended_permits_nothing() {
    let policy = policy();
    let ask = Ask(&policy, operator(), "service", "p8-2", &["phone"], Operation::Retrieval);
    let mut held = facts(&["p8-2"]);
    held.consents[0].expires_at = Some(at("2026-11-23T09:00:00Z"));
    assert_eq!(ask.of(&held), ["consent-expired C6.1"]);
    held.consents[0].ended = Some(ConsentEventKind::Withdrawn);
    assert_eq!(ask.of(&held), ["consent-withdrawn C6.1"]);
    // A part of it: transfer ends, the rest lives.
    let mut held = facts(&["p8-2"]);
    held.consents[0].withdrawn = Part::Transfer.operations();
    assert_eq!(ask.of(&held), [""; 0]);
    let transfer = Ask(&policy, operator(), "service", "p8-2", &["phone"], Operation::Provision);
    assert_eq!(transfer.of(&held), ["consent-withdrawn C6.1", "recipient-missing C11.3"]);
}

#[test]
fn clause_1_2_who_did_not_declare_full_age_is_refused_but_keeps_his_rights() {
    let policy = policy();
    let mut held = facts(&["p8-2"]);
    held.adult_declared = false;
    let submit = Ask(&policy, Principal::Visitor, "intake", "p8-2", &["phone"], Operation::Collection);
    assert_eq!(submit.of(&held), ["adult-not-declared C1.2"]);
    let own = Principal::DataSubject(SUBJECT);
    let read = Ask(&policy, own, "data-subject", "rights", &["phone", "iin"], Operation::Retrieval);
    assert_eq!(read.of(&held), [""; 0]);
}

#[test]
fn clause_9_0_advertising_waits_for_a_proven_contact() {
    let policy = policy();
    let mut held = facts(&["p8-5"]);
    let submit = Ask(&policy, Principal::Visitor, "intake", "p8-5", &["email"], Operation::Collection);
    let send = Ask(&policy, Principal::System, "system", "p8-5", &["email"], Operation::Use);
    assert_eq!(submit.of(&held), [""; 0]);
    assert_eq!(send.of(&held), ["contact-unproven C9.0"]);
    held.contact_proven = true;
    assert_eq!(send.of(&held), [""; 0]);
}

#[test]
fn clause_8_7_and_8_9_no_consent_opens_data_for_research() {
    let policy = policy();
    let held = facts(&["p8-7", "p8-9"]);
    for (id, clause) in [("p8-7", "C8.7"), ("p8-9", "C8.9")] {
        let read = Ask(&policy, operator(), "research", id, &["preferences"], Operation::Retrieval);
        let refusal = format!("research-not-anonymised {clause}");
        assert_eq!(read.of(&held), [refusal.as_str(), "operation-not-of-role C11.4"]);
        let anonymise = Ask(&policy, operator(), "research", id, &["preferences"], Operation::Anonymisation);
        assert_eq!(anonymise.of(&held), [""; 0]);
    }
}

#[test]
fn clause_16_1_a_person_sees_his_own_data_and_nobody_elses() {
    let policy = policy();
    let other = Principal::DataSubject(SubjectId::from_bytes([8; 16]));
    let read = |principal, role| {
        Ask(&policy, principal, role, "rights", &["phone"], Operation::Retrieval).of(&facts(&[]))
    };
    assert_eq!(read(Principal::DataSubject(SUBJECT), "data-subject"), [""; 0]);
    assert_eq!(read(other, "data-subject"), ["not-own-data C16.1"]);
    assert_eq!(read(operator(), "data-subject"), ["principal-not-of-role C11.4", "not-own-data C16.1"]);
    assert_eq!(read(Principal::DataSubject(SUBJECT), "dpo"), ["principal-not-of-role C11.4"]);
    assert_eq!(read(operator(), "nobody"), ["role-unknown C11.4"]);
}

#[test]
fn clause_17_a_restriction_leaves_the_person_and_the_dpo_an_erasure_nobody() {
    let policy = policy();
    let mut held = facts(&["p8-2"]);
    held.restriction = Some(RestrictionKind::Dispute);
    let own = Principal::DataSubject(SUBJECT);
    let read =
        |principal, role, purpose| Ask(&policy, principal, role, purpose, &["phone"], Operation::Retrieval);
    assert_eq!(read(own, "data-subject", "rights").of(&held), [""; 0]);
    assert_eq!(read(operator(), "dpo", "rights").of(&held), [""; 0]);
    assert_eq!(read(Principal::System, "system", "rights").of(&held), ["subject-restricted C17.4"]);
    assert_eq!(read(operator(), "service", "p8-2").of(&held), ["subject-restricted C17.4"]);
    // The code that lets the person in must reach him.
    let code = Ask(&policy, Principal::System, "system", "rights", &["phone"], Operation::Use);
    assert_eq!(code.of(&held), [""; 0]);
    // The law's "block" stops destruction too.
    let destroy = Ask(&policy, own, "data-subject", "rights", &["phone"], Operation::Destruction);
    assert_eq!(destroy.of(&held), ["subject-restricted C17.4"]);
    held.status = SubjectStatus::Erased;
    assert_eq!(read(own, "data-subject", "rights").of(&held), ["subject-erased C10.7"]);
}

#[test]
fn admin_and_auditor_see_no_personal_data() {
    let policy = policy();
    let every: Vec<&str> = policy.categories().iter().map(|category| category.code.as_str()).collect();
    let all: Vec<&str> = policy.purposes().iter().map(|purpose| purpose.id.as_str()).collect();
    let mut held = facts(&all);
    held.contact_proven = true;
    for role in ["admin", "auditor"] {
        for purpose in &all {
            for category in &every {
                for operation in Operation::ALL {
                    let ask = Ask(&policy, operator(), role, purpose, &[category], operation);
                    assert_ne!(ask.of(&held), [""; 0], "{role} {purpose} {category} {operation:?}");
                }
            }
        }
        assert!(!policy.role(RoleId::new(role).unwrap()).unwrap().can(Ability::MailOutbox));
    }
}

struct Tape(Vec<LogLine>, bool);

impl Witness for Tape {
    type Fault = &'static str;
    fn append(&mut self, line: LogLine) -> Result<(), Self::Fault> {
        if self.1 {
            return Err("the log cannot be written");
        }
        self.0.push(line);
        Ok(())
    }
}

#[test]
fn clause_10_1_no_entry_no_witnessed_grant() {
    let policy = policy();
    let ask = Ask(&policy, operator(), "service", "p8-2", &["phone", "given_name"], Operation::Retrieval);
    let grant = || decide(&policy, &facts(&["p8-2"]), &ask.query()).granted().unwrap();
    let draft = || Draft {
        id: EntryId::from_bytes([3; 16]),
        // A kind of another operation cannot make the log say less than was permitted.
        kind: EntryKind::Storage,
        payload: None,
        salt: [4; 32],
        history: Vec::new(),
    };
    let mut tape = Tape(Vec::new(), false);
    let witnessed = grant().witness(&policy, draft(), &mut tape).unwrap();
    assert_eq!(witnessed.subject(), SUBJECT);
    let entry = &tape.0[0].entry;
    assert_eq!(
        *entry,
        policy.entry_for(&ask.query(), EntryId::from_bytes([3; 16]), EntryKind::Retrieval, None)
    );
    assert_eq!((entry.kind, entry.clause.as_str(), entry.subjects), (EntryKind::Retrieval, "C8.2", 1));
    let codes: Vec<&str> = entry.categories.iter().map(CategoryCode::as_str).collect();
    assert_eq!(codes, ["given_name", "phone"]);
    assert!(grant().witness(&policy, draft(), &mut Tape(Vec::new(), true)).is_err());
}

#[test]
fn clause_16_and_17_the_strictest_limit_counts_and_all_are_shown() {
    let policy = policy();
    // (kind, source, amount, unit, due) of what counts, from Friday 20 March 2026 in Almaty.
    let golden = [
        ("access", LimitSource::Clause, 3, Unit::WorkingDays, "2026-03-30"),
        ("rectification", LimitSource::Law, 1, Unit::WorkingDays, "2026-03-26"),
        ("withdrawal", LimitSource::Law, 15, Unit::WorkingDays, "2026-04-15"),
        ("erasure", LimitSource::Law, 1, Unit::WorkingDays, "2026-03-26"),
        ("unlawful-processing", LimitSource::Law, 1, Unit::WorkingDays, "2026-03-26"),
        ("breach", LimitSource::Gdpr, 72, Unit::Hours, "2026-03-23"),
        ("transfer-notice", LimitSource::Clause, 10, Unit::WorkingDays, "2026-04-08"),
    ];
    for (kind, source, amount, unit, due) in golden {
        let lines = policy.deadlines(kind, at("2026-03-20T06:00:00Z"));
        let first = &lines[0];
        assert_eq!((first.source, first.amount, first.unit), (source, amount, unit), "{kind}");
        assert_eq!(first.due_on.to_string(), due, "{kind}");
        assert_eq!(lines.iter().filter(|line| line.effective).count(), 1);
        assert!(first.effective && lines.is_sorted_by_key(|line| line.due_at));
    }
    let access = policy.deadlines("access", at("2026-03-20T06:00:00Z"));
    let sources: Vec<LimitSource> = access.iter().map(|line| line.source).collect();
    assert_eq!(sources, [LimitSource::Clause, LimitSource::Law, LimitSource::Gdpr]);
    // 30 March ends in Almaty five hours before it ends in UTC.
    assert_eq!(access[0].due_at, at("2026-03-30T19:00:00Z"));
    assert_eq!(access[2].due_on.to_string(), "2026-04-20");
    assert_eq!(policy.deadlines("no-such-duty", at("2026-03-20T06:00:00Z")), []);
    let enquiry = policy.purpose(purpose("p8-2")).unwrap();
    assert_eq!(
        policy.period_ends_at(enquiry.storage, at("2026-11-23T09:00:00Z")),
        at("2027-11-23T19:00:00Z")
    );
}

#[test]
fn clause_5_values_are_normalised_or_refused_without_being_told() {
    let policy = policy();
    let check = |code: &str, value: &str| {
        let category = policy.category(CategoryCode::new(code).unwrap()).unwrap();
        policy
            .validate_value(category, value)
            .map_err(|violation| (violation.code, violation.clause.to_string()))
    };
    assert_eq!(check("phone", "8 (701) 123-45-67"), Ok("+77011234567".to_owned()));
    assert_eq!(check("iin", "000101500001"), Ok("000101500001".to_owned()));
    assert_eq!(check("iin", "000101500002"), Err(("iin-check-digit", "C5".to_owned())));
    assert_eq!(check("email", "not an address"), Err(("email-invalid", "C5".to_owned())));
    assert_eq!(check("message", &"я".repeat(4001)), Err(("text-too-long", "C5".to_owned())));
    assert!(check("given_name", "Әйгерім").is_ok());
}

#[test]
fn clause_1_2_an_iin_refuses_a_minor_and_verifies_nobody() {
    let policy = policy();
    let iin = policy.category(CategoryCode::new("iin").unwrap()).unwrap();
    // Born on 1 January 2000.
    assert!(policy.check_adult(iin, "000101500001", at("2026-11-23T09:00:00Z")).is_ok());
    let refused = policy.check_adult(iin, "000101500001", at("2017-12-31T09:00:00Z")).unwrap_err();
    assert_eq!((refused.code, refused.clause.as_str()), ("under-age", "C1.2"));
}

#[test]
fn clause_4_3_a_name_and_a_phone_are_enough_for_a_consultation() {
    let policy = policy();
    let form = policy.form(FormId::new("consultation").unwrap()).unwrap();
    let required: Vec<&str> = form.fields.iter().filter(|f| f.required).map(|f| f.name.as_str()).collect();
    assert_eq!(required, ["given_name", "phone"]);
    let required: Vec<&str> = form.purposes.iter().filter(|p| p.required).map(|p| p.id.as_str()).collect();
    assert_eq!(required, ["p8-2"]);
    assert!(policy.forms().iter().all(|form| form.field("email").is_some_and(|field| !field.required)));
}

#[test]
fn every_rule_of_the_gate_has_its_row_in_the_clause_table() {
    let policy = policy();
    for id in
        "C1.2 C5 C6.1 C9.0 C10.2 C10.5 C10.7 C11.3 C11.4 C12.1 C12.2 C16.1 C17.4 C18 C8.7 C8.9".split(' ')
    {
        assert!(policy.clauses().iter().any(|row| row.id.as_str() == id), "{id}");
    }
    assert_eq!(policy.clauses().len(), 65);
    for number in 1..=14 {
        let id = model::ClauseId::new(&format!("D{number}")).unwrap();
        assert!(policy.legal().limit(id).is_some(), "{id}");
    }
    assert!(policy.clauses().iter().any(|row| row.built));
    assert_eq!(Severity::Error.code(), "error");
}
