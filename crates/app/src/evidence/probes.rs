//! The probes, one function each, named in `policy/clauses.toml`. Each gives one line per breach.

use std::collections::BTreeSet;

use model::identifier::Bin;
use model::{
    CategoryCode, ConsentEventKind, EntryKind, Locale, Operation, OperationSet, PurposeId, RecipientId,
    RoleId,
};
use sha2::{Digest as _, Sha256};

use super::survey::{Logged, Survey};
use crate::{App, Failure};

/// Runs a probe by name; `None` when there is no such probe.
pub(super) fn run(app: &App, survey: &Survey, name: &str) -> Result<Option<Vec<String>>, Failure> {
    Ok(Some(match name {
        "controller-valid" => controller_valid(app)?,
        "adults-only" => adults_only(survey),
        "entry-kinds-closed" => entry_kinds_closed(survey),
        "values-sealed" => values_sealed(survey),
        "consent-record-complete" => consent_record_complete(app, survey)?,
        "no-subject-without-consent" => no_subject_without_consent(survey),
        "categories-declared" => categories_declared(app, survey),
        "consent-chain" => consent_chain(survey),
        "receipts-verify" => receipts_verify(app, survey)?,
        "purpose-consented" => purpose_consented(app, survey),
        "contact-proof" => contact_proof(survey),
        "values-have-source" => values_have_source(app, survey),
        "decision-before-act" => decision_before_act(app, survey),
        "erasure-scan" => crate::backup::scan_structure(app)?,
        "locations-declared" => locations_declared(app),
        "disclosures-lawful" => disclosures_lawful(app, survey),
        "no-address-column" => no_address_column(app)?,
        "access-complete" => access_complete(survey),
        "fence-holds" => fence_holds(survey),
        "recipients-published" => recipients_published(app),
        "notice-in-force" => notice_in_force(app, survey)?,
        "log-consistent" => crate::log::fsck(app)?,
        _ => return Ok(None),
    }))
}

/// The notice in force names exactly the controller's BIN (C1.1).
fn controller_valid(app: &App) -> Result<Vec<String>, Failure> {
    let own = &app.policy().controller().bin;
    let mut findings = Vec::new();
    if Bin::parse(own).is_err() {
        findings.push("the controller's BIN has a wrong check digit".to_owned());
    }
    let notice = crate::notice::in_force(app, Locale::Ru, app.now())?;
    for bin in bins_of(&notice.text()) {
        if bin != *own {
            findings
                .push(format!("the notice {} names BIN {bin}, the controller's is another", notice.version));
        }
    }
    Ok(findings)
}

/// The runs of exactly twelve digits that pass as a BIN.
fn bins_of(text: &str) -> BTreeSet<String> {
    text.split(|letter: char| !letter.is_ascii_digit())
        .filter(|run| run.len() == 12 && Bin::parse(run).is_ok())
        .map(str::to_owned)
        .collect()
}

fn adults_only(survey: &Survey) -> Vec<String> {
    survey
        .people
        .iter()
        .filter(|person| !person.facts.adult_declared)
        .map(|person| format!("{} has not declared full age and capacity", person.facts.subject))
        .collect()
}

fn entry_kinds_closed(survey: &Survey) -> Vec<String> {
    survey
        .entries
        .iter()
        // After a restore only the commitment of the entries in between came back; `fsck` counts those.
        .filter(|logged| !logged.entry.is_null())
        .filter(|logged| {
            let kind = EntryKind::from_code(Survey::field(logged, "kind"));
            kind.is_none_or(|kind| {
                kind.operation().map_or("", Operation::code) != Survey::field(logged, "operation")
            })
        })
        .map(|logged| format!("entry {} has a kind or operation outside the closed set", logged.index))
        .collect()
}

fn values_sealed(survey: &Survey) -> Vec<String> {
    let mut findings = Vec::new();
    for person in &survey.people {
        let Some(keyring) = &person.keyring else {
            findings.push(format!("the keyring of {} is missing or does not open", person.facts.subject));
            continue;
        };
        for value in person.sets.iter().flat_map(|set| &set.values) {
            let at =
                vault::ValueRef { category: value.category, record: value.record, version: value.version };
            if !keyring.holds(&at, &value.sealed) {
                findings.push(format!("{} is not sealed under a living key of its person", value.record));
            }
        }
    }
    findings
}

fn consent_record_complete(app: &App, survey: &Survey) -> Result<Vec<String>, Failure> {
    const WANTED: [&str; 7] = [
        "/notice/id",
        "/notice/version",
        "/notice/sha256",
        "/language",
        "/channel",
        "/actor",
        "/purposes_offered",
    ];
    /// What was pressed and where; of a further consent that staff or a program took, who took it.
    const BY_FORM: [&str; 2] = ["/form", "/button"];
    const BY_OTHERS: [&str; 2] = ["/obtained_by/principal", "/obtained_by/role"];
    let notices = crate::notice::list(app)?;
    let mut findings = Vec::new();
    for (consent, _) in survey.people.iter().flat_map(|person| &person.consents) {
        let record: serde_json::Value = serde_json::from_str(&consent.record).unwrap_or_default();
        let by_others = record.get("obtained_by").is_some_and(|by| !by.is_null());
        for pointer in WANTED.into_iter().chain(if by_others { BY_OTHERS } else { BY_FORM }) {
            if record.pointer(pointer).is_none_or(serde_json::Value::is_null) {
                findings.push(format!("{} lacks {}", consent.consent, &pointer[1..]));
            }
        }
        let sha256 = record.pointer("/notice/sha256").and_then(serde_json::Value::as_str);
        if !notices
            .iter()
            .any(|notice| notice.id == consent.notice && Some(notice.sha256_hex().as_str()) == sha256)
        {
            findings.push(format!("{} binds a notice that is not published with that hash", consent.consent));
        }
    }
    Ok(findings)
}

fn no_subject_without_consent(survey: &Survey) -> Vec<String> {
    survey
        .people
        .iter()
        .filter(|person| {
            !person
                .consents
                .iter()
                .flat_map(|(_, events)| events)
                .any(|event| event.kind == ConsentEventKind::Given)
        })
        .map(|person| format!("{} stands without any consent given", person.facts.subject))
        .collect()
}

fn categories_declared(app: &App, survey: &Survey) -> Vec<String> {
    survey
        .people
        .iter()
        .flat_map(|person| &person.sets)
        .flat_map(|set| &set.values)
        .filter(|value| app.policy().category(value.category).is_none())
        .map(|value| format!("{} is of the undeclared category {}", value.record, value.category))
        .collect()
}

/// Links, numbers, and the facts that the gate reads, all from the events alone (C6.1).
fn consent_chain(survey: &Survey) -> Vec<String> {
    let mut findings = Vec::new();
    for person in &survey.people {
        for (consent, events) in &person.consents {
            let mut previous = [0; 32];
            for (position, event) in events.iter().enumerate() {
                if event.number as usize != position || event.previous != previous {
                    findings.push(format!("the chain of {} is broken at link {position}", consent.consent));
                    break;
                }
                previous = crate::consent::hash(event);
            }
        }
        for fact in &person.facts.consents {
            let events = person.consents.iter().find(|(consent, _)| consent.consent == fact.consent);
            let last = events.and_then(|(_, events)| {
                events.iter().rev().find(|event| {
                    event.purposes.contains(&fact.purpose) && event.operations == OperationSet::ALL
                })
            });
            let ended = last.map(|event| event.kind).filter(|kind| *kind != ConsentEventKind::Given);
            if last.is_none() || ended != fact.ended {
                findings.push(format!(
                    "what the gate holds of {} for {} is not what its events say",
                    fact.consent, fact.purpose
                ));
            }
        }
    }
    findings
}

fn receipts_verify(app: &App, survey: &Survey) -> Result<Vec<String>, Failure> {
    let mut findings = Vec::new();
    for row in survey.people.iter().flat_map(|person| &person.receipts) {
        let entry = row.entry;
        let wrong = match crate::log::proof(app, entry) {
            Ok(file) => match tlog::Document::parse_strict(file.as_bytes()) {
                Ok(document) => document.verify(Some(app.signer().vkey())).is_err(),
                Err(_) => true,
            },
            Err(Failure::Store(fault)) => return Err(fault.into()),
            Err(_) => true,
        };
        let logged = survey.entries.iter().find(|logged| Survey::field(logged, "id") == entry.to_string());
        let says_so = logged.is_some_and(|logged| {
            Survey::field(logged, "kind") == row.kind && !Survey::field(logged, "payload").is_empty()
        });
        if wrong || !says_so {
            findings.push(format!("the receipt {} is not proven by the log", row.receipt));
        }
    }
    Ok(findings)
}

/// Entries about acts that need a purpose.
fn acts(survey: &Survey) -> impl Iterator<Item = &Logged> {
    survey.entries.iter().filter(|logged| {
        matches!(
            EntryKind::from_code(Survey::field(logged, "kind")),
            Some(
                EntryKind::Collection
                    | EntryKind::Retrieval
                    | EntryKind::Use
                    | EntryKind::Disclosure
                    | EntryKind::Distribution
                    | EntryKind::ThirdPartyAccess
            )
        ) && Survey::field(logged, "note") != "lookup"
    })
}

/// Every act for one of the ten purposes was done in a role that works for it (C8).
fn purpose_consented(app: &App, survey: &Survey) -> Vec<String> {
    acts(survey)
        .filter(|logged| {
            let role =
                RoleId::new(Survey::field(logged, "role")).ok().and_then(|role| app.policy().role(role));
            let purpose = PurposeId::new(Survey::field(logged, "purpose")).ok();
            !role.zip(purpose).is_some_and(|(role, purpose)| role.purposes.contains(&purpose))
        })
        .map(|logged| format!("entry {} was made in a role that does not work for its purpose", logged.index))
        .collect()
}

/// Every act names a purpose, and the purpose covers its categories and operation (C10).
fn decision_before_act(app: &App, survey: &Survey) -> Vec<String> {
    acts(survey)
        .filter(|logged| {
            let purpose =
                PurposeId::new(Survey::field(logged, "purpose")).ok().and_then(|id| app.policy().purpose(id));
            let operation: Option<Operation> = Survey::field(logged, "operation").parse().ok();
            let codes: Vec<CategoryCode> = logged.entry["categories"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|code| code.as_str().and_then(|code| CategoryCode::new(code).ok()))
                .collect();
            let set = app.policy().category_set(&codes).ok();
            !purpose.zip(operation).zip(set).is_some_and(|((purpose, operation), set)| {
                purpose.operations.contains(operation) && purpose.categories.covers(set)
            })
        })
        .map(|logged| format!("entry {} goes beyond its purpose", logged.index))
        .collect()
}

fn contact_proof(survey: &Survey) -> Vec<String> {
    survey
        .people
        .iter()
        .filter(|person| {
            let proven = person.sets.iter().flat_map(|set| &set.values).any(|value| value.proven);
            proven != person.facts.contact_proven
        })
        .map(|person| {
            format!("what the gate holds of {}'s contacts is not what is stored", person.facts.subject)
        })
        .collect()
}

fn values_have_source(app: &App, survey: &Survey) -> Vec<String> {
    let now = app.now();
    survey
        .people
        .iter()
        .flat_map(|person| &person.sets)
        .flat_map(|set| &set.values)
        .filter(|value| value.source.is_empty() || value.as_of > now || value.as_of.micros() == 0)
        .map(|value| format!("{} has no source or no date", value.record))
        .collect()
}

fn locations_declared(app: &App) -> Vec<String> {
    let home = &app.policy().controller().country;
    app.settings()
        .locations
        .iter()
        .filter(|location| location.country.as_ref() != Some(home))
        .map(|location| match &location.country {
            Some(country) => format!("{} stands in {country}", location.what),
            None => format!("the location of {} is not declared", location.what),
        })
        .collect()
}

fn disclosures_lawful(app: &App, survey: &Survey) -> Vec<String> {
    survey
        .entries
        .iter()
        .filter(|logged| {
            let kind = EntryKind::from_code(Survey::field(logged, "kind"));
            kind.and_then(EntryKind::operation).is_some_and(Operation::is_disclosure)
        })
        .filter(|logged| {
            let recipient = RecipientId::new(Survey::field(logged, "recipient")).ok();
            !recipient.and_then(|id| app.policy().recipient(id)).is_some_and(|known| known.published)
        })
        .map(|logged| format!("entry {} names no published recipient", logged.index))
        .collect()
}

/// No stored table has a column for what clause 15 keeps apart from persons.
fn no_address_column(app: &App) -> Result<Vec<String>, Failure> {
    Ok(app
        .store()
        .read(store::scan::address_columns)?
        .into_iter()
        .map(|(table, column)| format!("{table}.{column} could hold an address of a visitor"))
        .collect())
}

fn access_complete(survey: &Survey) -> Vec<String> {
    survey
        .people
        .iter()
        .filter(|person| person.history_lines == 0)
        .map(|person| format!("the history of {} is empty though data were collected", person.facts.subject))
        .collect()
}

fn fence_holds(survey: &Survey) -> Vec<String> {
    survey
        .fences
        .iter()
        .filter(|row| {
            let person = survey.people.iter().find(|person| person.facts.subject == row.fence.subject);
            row.fence.facts.as_ref().zip(person).is_some_and(|(then, now)| now.facts.epoch < then.epoch)
        })
        .map(|row| format!("fence {} does not hold: the consent epoch went back", row.number))
        .collect()
}

fn recipients_published(app: &App) -> Vec<String> {
    app.policy()
        .recipients()
        .iter()
        .filter(|recipient| !recipient.published && !recipient.purposes.is_empty())
        .map(|recipient| format!("{} may receive data but is not published", recipient.id))
        .collect()
}

/// A notice is in force, and the bytes of each are those whose hash the log holds (C19).
fn notice_in_force(app: &App, survey: &Survey) -> Result<Vec<String>, Failure> {
    let mut findings = Vec::new();
    if matches!(crate::notice::in_force(app, Locale::Ru, app.now()), Err(Failure::NotFound)) {
        findings.push("no notice is in force".to_owned());
    }
    let published: BTreeSet<&str> = survey
        .entries
        .iter()
        .filter(|logged| Survey::field(logged, "kind") == EntryKind::NoticePublished.code())
        .map(|logged| Survey::field(logged, "payload"))
        .collect();
    for notice in crate::notice::list(app)? {
        let hash: [u8; 32] = Sha256::digest(&notice.body).into();
        if !published.contains(model::entry::base64(&hash).as_str()) {
            findings.push(format!(
                "the bytes of {} in {} are not those published",
                notice.version, notice.language
            ));
        }
    }
    Ok(findings)
}
