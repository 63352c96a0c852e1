//! No log entry, no plaintext: what a witnessed grant opens, under the shipped policy.

use std::path::Path;

use model::{
    Actor, ConsentFact, EntryId, EntryKind, LogLine, Operation, OperationSet, Principal, PurposeId, RoleId,
    SubjectFacts, Witness,
};
use policy::{Draft, Grant, Policy, PolicyFiles, Query, Witnessed, decide};

use super::*;
use crate::OpenFault;

/// A log in memory, or one that is full.
struct Log(Option<Vec<LogLine>>);

impl Witness for Log {
    type Fault = &'static str;
    fn append(&mut self, line: LogLine) -> Result<(), Self::Fault> {
        self.0.as_mut().ok_or("the log is full")?.push(line);
        Ok(())
    }
}

fn gather(folder: &Path, prefix: &str, files: &mut PolicyFiles) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            gather(&path, &format!("{name}/"), files);
        } else {
            #[expect(clippy::disallowed_methods, reason = "a test of the shipped policy reads it")]
            files.0.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn shipped() -> Policy {
    let mut files = PolicyFiles::default();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy"), "", &mut files);
    Policy::load(&files).unwrap()
}

/// The grant to retrieve `categories` of [`SUBJECT`], witnessed by `log`.
fn ask(
    policy: &Policy,
    (role, principal): (&str, Principal),
    purpose: &str,
    categories: &[&str],
    log: &mut Log,
) -> Result<Witnessed<Grant>, &'static str> {
    let codes: Vec<_> = categories.iter().map(|code| CategoryCode::new(code).unwrap()).collect();
    let purpose = PurposeId::new(purpose).unwrap();
    let at = Instant::from_micros(1_795_424_400_000_000);
    let mut facts = SubjectFacts::new(SUBJECT, true);
    facts.contact_proven = true;
    facts.set_consent(consent(purpose, at));
    let query = Query {
        actor: Actor { principal, role: RoleId::new(role).unwrap() },
        purpose,
        categories: policy.category_set(&codes).unwrap(),
        operation: Operation::Retrieval,
        recipient: None,
        at,
    };
    let draft = Draft {
        id: EntryId::from_bytes([1; 16]),
        kind: EntryKind::Retrieval,
        payload: None,
        salt: [0; 32],
        history: Vec::new(),
    };
    decide(policy, &facts, &query).granted().unwrap().witness(policy, draft, log)
}

fn consent(purpose: PurposeId, at: Instant) -> ConsentFact {
    ConsentFact {
        purpose,
        consent: model::ConsentId::from_bytes([1; 16]),
        given_at: at.plus_seconds(-60),
        expires_at: None,
        ended: None,
        withdrawn: OperationSet::EMPTY,
    }
}

const HERSELF: (&str, Principal) = ("data-subject", Principal::DataSubject(SUBJECT));
const STAFF: (&str, Principal) = ("service", Principal::Operator(model::OperatorId::from_bytes([3; 16])));

#[test]
fn clause_11_3_a_witnessed_grant_opens_what_its_entry_names_and_nothing_else() {
    let (it, policy) = (Platform::new(1), shipped());
    let bucket = it.vault.new_bucket(1, BUCKET, &it.entropy).unwrap();
    let mut keyring = it.vault.new_keyring(&bucket, SUBJECT, &it.entropy).unwrap();
    let phone = ValueRef { category: CategoryCode::new("phone").unwrap(), ..email(2) };
    let address = it.seal(&mut keyring, &email(1), "aliya@example.kz");
    let number = it.seal(&mut keyring, &phone, "+77011234567");

    let mut log = Log(Some(Vec::new()));
    let grant = ask(&policy, HERSELF, "rights", &["email", "iin"], &mut log).unwrap();
    let lines = log.0.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].entry.categories.contains(&email(1).category), grant.covers(email(1).category));
    let value = it.vault.open(&grant, &keyring, &email(1), &address).unwrap();
    assert_eq!(value.expose(), "aliya@example.kz");
    let refused = it.vault.open(&grant, &keyring, &phone, &number).err();
    assert_eq!(refused, Some(OpenFault::CategoryNotGranted(phone.category)));
    // Calling a phone an e-mail does not help.
    let claimed = ValueRef { category: email(1).category, ..phone };
    assert!(matches!(it.vault.open(&grant, &keyring, &claimed, &number), Err(OpenFault::Unopened(_))));

    let stranger = SubjectId::from_bytes([0x52; 16]);
    let mut others = it.vault.new_keyring(&bucket, stranger, &it.entropy).unwrap();
    let theirs = it.seal(&mut others, &email(1), "other@example.kz");
    let line = others.seal_history("{}", &[0; 32], &it.entropy).unwrap();
    assert_eq!(it.vault.open(&grant, &others, &email(1), &theirs).err(), Some(OpenFault::OtherSubject));
    assert_eq!(it.vault.open_history(&grant, &others, &line).err(), Some(OpenFault::OtherSubject));
}

#[test]
fn clause_16_a_history_opens_for_the_duty_towards_the_person_only() {
    let (it, policy) = (Platform::new(2), shipped());
    let bucket = it.vault.new_bucket(1, BUCKET, &it.entropy).unwrap();
    let keyring = it.vault.new_keyring(&bucket, SUBJECT, &it.entropy).unwrap();
    let line = keyring.seal_history(r#"{"v":1}"#, &[7; 32], &it.entropy).unwrap();
    let mut log = Log(Some(Vec::new()));
    let hers = ask(&policy, HERSELF, "rights", &["email"], &mut log).unwrap();
    assert_eq!(it.vault.open_history(&hers, &keyring, &line), Ok((r#"{"v":1}"#.to_owned(), [7; 32])));
    let service = ask(&policy, STAFF, "p8-2", &["email"], &mut log).unwrap();
    let refused = it.vault.open_history(&service, &keyring, &line).err();
    assert_eq!(refused, Some(OpenFault::PurposeNotGranted(PurposeId::new("p8-2").unwrap())));
}

#[test]
fn clause_11_3_without_a_log_entry_there_is_no_witnessed_grant() {
    let refused = ask(&shipped(), HERSELF, "rights", &["email"], &mut Log(None));
    assert_eq!(refused.err(), Some("the log is full"));
}
