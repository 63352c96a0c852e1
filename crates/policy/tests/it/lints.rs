//! Planted mistakes: each is found, at its place, with what to do next.

use policy::{Finding, Policy, PolicyFiles, Severity};

use crate::shipped;

fn planted(file: &str, old: &str, new: &str) -> Vec<Finding> {
    let mut files = shipped::files();
    let text = files.0.get_mut(file).unwrap();
    assert!(text.contains(old), "{file} has no {old}");
    *text = text.replacen(old, new, 1);
    let (policy, findings) = Policy::lint(&files);
    assert_eq!(policy.is_none(), findings.iter().any(|finding| finding.severity == Severity::Error));
    findings
}

/// The one finding with this code; its place begins with `word`.
fn found(findings: &[Finding], code: &str, word: &str, file: &str, text: &str) {
    let finding = findings
        .iter()
        .find(|finding| finding.code == code)
        .unwrap_or_else(|| panic!("{code}: {findings:?}"));
    assert_eq!(finding.file, file);
    let line = text.lines().nth(finding.line as usize - 1).unwrap();
    let place: String =
        line.chars().skip(finding.column as usize - 1).take(finding.length as usize).collect();
    assert!(place.contains(word), "{code}: {place} has no {word}");
    assert!(finding.message.len() > 20);
}

#[test]
fn planted_mistakes_are_found_at_their_place() {
    // file, what stands there, what is put there, code, word at the place
    let mistakes = [
        ("purposes.toml", "basis = \"consent\"", "bases = \"consent\"", "file-unreadable", "bases"),
        ("purposes.toml", "ends = \"account-deleted\"\n", "", "purpose-without-end", "p8-1"),
        ("purposes.toml", "\"account-deleted\"", "\"account-gone\"", "event-unknown", "account-gone"),
        ("purposes.toml", "storage = { amount = 36, unit = \"months\" }\n", "", "storage-missing", "p8-1"),
        ("purposes.toml", "\"published_content\"", "\"publication\"", "category-unknown", "publication"),
        ("purposes.toml", "clause = \"C8.1\"", "clause = \"C8.99\"", "clause-unknown", "C8.99"),
        ("purposes.toml", "id = \"p8-2\"", "id = \"p8-1\"", "purpose-twice", "p8-1"),
        (
            "purposes.toml",
            "operations = [\"anonymisation\"]",
            "operations = [\"use\"]",
            "research-not-anonymised",
            "p8-7",
        ),
        ("roles.toml", "\"p8-6\"", "\"p8-66\"", "purpose-unknown", "p8-66"),
        ("roles.toml", "purposes = [\"p8-10\"]", "purposes = [\"p8-10\", \"p8-10\"]", "rule-twice", "p8-10"),
        (
            "roles.toml",
            "principals = [\"data-subject\"]",
            "principals = []",
            "role-without-principal",
            "data-subject",
        ),
        (
            "forms/consultation.toml",
            "name = \"message\"",
            "name = \"preferences\"\ncategory = \"credit_decision\"",
            "field-without-purpose",
            "credit_decision",
        ),
        (
            "forms/consultation.toml",
            "id = \"p8-2\"\nrequired = true",
            "id = \"p8-2\"\nrequired = false",
            "form-without-purpose",
            "consultation",
        ),
        ("forms/consultation.toml", "id = \"p8-4\"", "id = \"rights\"", "form-purpose-duty", "rights"),
        ("forms/consultation.toml", "name = \"phone\"", "name = \"fax\"", "category-unknown", "fax"),
        ("forms/consultation.toml", "id = \"consultation\"", "id = \"advice\"", "form-id", "advice"),
        ("retention.toml", "pack = [\"D1\", \"G12.3\"]", "pack = [\"D99\"]", "pack-row-unknown", "D99"),
        (
            "legal/kz.2026-09.toml",
            "source = \"rules-395\"",
            "source = \"rules-396\"",
            "source-unknown",
            "rules-396",
        ),
        ("controller.toml", "991240000003", "991240000004", "controller-bin", "991240000004"),
        ("controller.toml", "backups = \"KZ\"", "backups = \"DE\"", "location-foreign", "[locations]"),
        ("clauses.toml", "check = \"controller-valid\"\n", "", "clause-unproven", "true"),
    ];
    for (file, old, new, code, word) in mistakes {
        let findings = planted(file, old, new);
        let text = shipped::files().0[file].replacen(old, new, 1);
        found(&findings, code, word, file, &text);
    }
}

#[test]
fn clause_12_and_18_a_recipient_that_may_receive_nothing_is_named() {
    let recipient = r#"
[[recipient]]
id = "bank"
kind = "bank"
name = { ru = "Банк", kk = "Банк", en = "Bank" }
bin = "210140019844"
country = "RU"
purposes = ["p8-10", "p8-2"]
categories = ["phone", "preferences"]
published = false
"#;
    let mut files = shipped::files();
    files.0.get_mut("recipients.toml").unwrap().push_str(recipient);
    let (policy, findings) = Policy::lint(&files);
    assert!(policy.is_none());
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    for code in [
        "recipient-foreign",
        "recipient-unpublished",
        "recipient-undertaking",
        "recipient-not-for-purpose",
        "category-not-for-purpose",
    ] {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
}

#[test]
fn an_empty_folder_names_every_missing_file() {
    let findings = Policy::load(&PolicyFiles::default()).unwrap_err();
    assert!(findings.iter().all(|finding| finding.code == "file-missing"));
    assert!(findings.len() >= 7);
}
