//! Small texts of the shapes that published policies have, each with the finding it must raise.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const DATA: &str = include_str!("../../../../policy/check.toml");

fn files(notices: &[(&str, &str)]) -> PolicyFiles {
    let mut files = BTreeMap::from([(RULES.to_owned(), DATA.to_owned())]);
    files.extend(notices.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    PolicyFiles(files)
}

fn findings(text: &str) -> Vec<Finding> {
    let mut findings = check(&files(&[]), Some(("text.ru.md", text)));
    findings.retain(|finding| finding.file == "text.ru.md");
    findings
}

/// Clauses 1 to `last` under a prefix, with nothing to find in them.
fn numbered(prefix: &str, last: usize) -> String {
    let clauses: Vec<String> = (1..=last).map(|number| format!("{prefix}{number}. а\n\n")).collect();
    clauses.concat()
}

#[track_caller]
fn raises(text: &str, code: &str, clauses: &[&str], place: &str) {
    let findings = findings(text);
    let Some(finding) = findings
        .iter()
        .find(|f| f.code == code && clauses.iter().all(|c| f.clauses.iter().any(|id| id.as_str() == *c)))
    else {
        panic!("no {code} {clauses:?} in {findings:#?}");
    };
    let line = text.lines().nth(finding.line as usize - 1).unwrap();
    let found: String =
        line.chars().skip(finding.column as usize - 1).take(finding.length as usize).collect();
    assert_eq!(found, place, "{code}");
}

#[track_caller]
fn is_silent(text: &str, code: &str) {
    let found: Vec<Finding> = findings(text).into_iter().filter(|finding| finding.code == code).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn clause_1_one_controller_is_named_one_way() {
    let text = "1. ТОО «Ветер», БИН 210140019844, адрес: г. Семей, ул. Речная, 7, офис 12 (далее – Ветер).\n\nРеквизиты:\n\n\
Адрес: г. Семей,\nул. Речная, 7.\n\nБИН: 991240000003\n";
    raises(text, "bin-conflict", &["C1.1"], "991240000003");
    raises(text, "address-variants", &["C1.1"], "г. Семей,");
    raises("1. БИН 210140019845.", "bin-invalid", &["C1.1"], "210140019845");
    is_silent("1. БИН 210140019844, снова БИН: 210140019844. Адрес: г. Семей, дом 1. Мы.", "bin-conflict");
    raises("1. Мы.\n\nИИК: KZ36601A861002128112", "iban-invalid", &["C1.1"], "KZ36601A861002128112");
    is_silent("1. Мы.\n\nИИК: KZ36 601A 8610 0212 8111\n\nБИК: HSBKKZKX", "iban-invalid");
    is_silent("1. Мы.\n\nБИК: HSBKKZKX", "bic-invalid");
    raises("1. Мы.\n\nБИК: HSB1KZKX", "bic-invalid", &["C1.1"], "HSB1KZKX");
}

#[test]
fn clause_9_capacity_accuracy_and_repetition() {
    let text = "1. Клиент – дееспособный взрослый.\n\n2. а\n\n3. б\n\n4. в\n\n5. Имя, инн.\n\n6. г\n\n7. д\n\n8. е\n\n\
9. Мы не проверяем сведения.\n\n9.1. За недееспособного действует опекун.\n\n9.2. пишет правду. Сам следит за своими данными.\n\n\
9.3. сам следит за своими данными.\n\n10. Основы:\n\n10.1. а\n\n10.2. б\n\n10.3. в\n\n10.4. г\n\n10.5. д\n\n10.6. точность;";
    raises(text, "capable-or-represented", &["C1.2", "C9.1"], "дееспособный");
    raises(text, "accuracy-unverified", &["C10.6"], "не проверяем");
    raises(text, "clauses-repeat", &["C9.2", "C9.3"], "9.3");
    raises(text, "iin-misnamed", &["C5"], "инн");
}

#[test]
fn clause_16_and_17_limits() {
    let numbers: String = numbered("", 15);
    let text = format!(
        "{numbers}16. Изменения вносим за 9 (девять) рабочих дней. Незаконное за 8 рабочих дней обязуемся уничтожить.\n\n\
17. Прекращаем при:\n\n17.1. неправомерной обработке. Уничтожаем за 40 (сорок) дней, иначе блокируем, но не дольше 5 месяцев.\n"
    );
    raises(&text, "limits-conflict", &["C16.3", "C17.1"], "8 рабочих дней обязуемся уничтожить");
    raises(&text, "calendar-days", &["C17", "C17.1"], "40 (сорок) дней");
    raises(&text, "months-start-unclear", &["C17"], "5 месяцев");
    raises(&text, "block-or-destroy", &["C16.3", "C17.1"], "блокируем");
    raises(&text, "laxer-than-law", &["C16.2"], "Изменения вносим за 9 (девять) рабочих дней");
    raises(&text, "access-limit-missing", &["C16.1"], "16");
    raises(&text, "consent-term-missing", &["C6.2"], "6");
    raises(&text, "clause-missing", &["C21"], "17");
    is_silent(&text.replace("40 (сорок) дней", "40 календарных дней"), "calendar-days");
}

#[test]
fn clauses_10_to_15_contradictions() {
    let mut text: String = numbered("", 6);
    text.push_str("7. Пишите на lavka@gmail.com.\n\n8. Цели:\n\n");
    text.push_str(&numbered("8.", 8));
    text.push_str("8.9. маркетинговые исследования с подрядчиком; 8.10. кредиты.\n\n9. а\n\n10. Основы:\n\n");
    text.push_str(&numbered("10.", 6));
    text.push_str("10.7. уничтожение или обезличивание данных.\n\n11. Хранение.\n\n");
    text.push_str(&numbered("11.", 6));
    text.push_str(
        "11.7. Храним всё, кроме случаев отзыва.\n\n12. а\n\n13. В обезличенной форме – партнёрам. Рекламные баннеры по вашим \
         предпочтениям.\n\n14. Собираем IP-адрес. Использование сайта означает согласие и передачу третьим лицам.\n\n\
         15. Адрес не используется для установления личности.\n",
    );
    raises(&text, "mailbox-foreign", &["C7", "C11.1"], "lavka@gmail.com");
    raises(&text, "research-not-anonymised", &["C8.9"], "маркетинговые исследования");
    raises(&text, "run-on", &["C8.10"], "8.10");
    raises(&text, "category-undeclared", &["C5", "C8.10"], "кредиты");
    raises(&text, "anonymise-or-destroy", &["C10.7", "C11.7"], "уничтожение или обезличивание");
    raises(&text, "anonymised-advertising", &["C13"], "обезличенной форме");
    raises(&text, "cookies-by-use", &["C14"], "Использование сайта означает");
    raises(&text, "cookies-third-parties", &["C14"], "передачу третьим лицам");
    raises(&text, "cookies-against-15", &["C14", "C15"], "IP-адрес");
    for code in [
        "cross-border-missing",
        "publication-missing",
        "date-missing",
        "version-missing",
        "responsible-missing",
        "kazakh-missing",
    ] {
        assert!(findings(&text).iter().any(|finding| finding.code == code), "{code}");
    }
}

#[test]
fn clause_19_form_and_languages() {
    raises("1. Закон №\n\n5-V и\n\nтак далее.\n\n2. б", "sentence-split", &["C1"], "№");
    raises("1. а\n\n3. б\n\n4. в", "clause-missing", &["C2"], "3");
    raises("текст", "clause-missing", &[], "т");
    raises("1. а\n\n1.1. б\n\n1.1. в\n\n2. г", "clause-duplicate", &["C1.1"], "1.1");
    let ru = ("notice/7/notice.ru.md", "# П\n\n1. а");
    let alone = check(&files(&[ru]), None);
    assert!(alone.iter().any(|finding| finding.code == "kazakh-missing" && finding.file == ru.0));
    let both = check(
        &files(&[ru, ("notice/7/notice.kk.md", "# С\n\n1. а\n\n2. б")]),
        Some(("policy/notice/7/notice.ru.md", ru.1)),
    );
    assert!(both.iter().any(|finding| finding.code == "clauses-differ"));
    assert!(!both.iter().any(|finding| finding.code == "kazakh-missing"));
}

#[test]
fn the_shipped_notice_is_free_of_errors_and_warnings() {
    let shipped = [
        ("notice/2026-11/notice.ru.md", include_str!("../../../../policy/notice/2026-11/notice.ru.md")),
        ("notice/2026-11/notice.kk.md", include_str!("../../../../policy/notice/2026-11/notice.kk.md")),
        ("notice/2026-11/notice.en.md", include_str!("../../../../policy/notice/2026-11/notice.en.md")),
    ];
    let mut found = check(&files(&shipped), None);
    found.retain(|finding| finding.file.starts_with("notice/") && finding.severity != Severity::Info);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn broken_or_missing_rules_are_a_finding() {
    let with = |text: &str| {
        check(&PolicyFiles(BTreeMap::from([(RULES.to_owned(), text.to_owned())])), Some(("a.md", "1. а")))
    };
    assert!(check(&PolicyFiles::default(), None).iter().any(|finding| finding.code == "check-rules-missing"));
    assert!(with("version = 1").iter().any(|finding| finding.code == "check-rules-broken"));
    let odd = DATA.replace("\"ил намерева*\"", "\"...\"");
    assert!(with(&odd).iter().any(|finding| finding.code == "check-rules-broken" && finding.line > 50));
    let own = format!(
        "{DATA}\n[[rule]]\ncode = \"ours\"\nseverity = \"info\"\nclauses = [\"C1\"]\nmessage = \"m\"\n[[rule.when]]\nen = [\"a\"]\n"
    );
    let own = check(&PolicyFiles(BTreeMap::from([(RULES.to_owned(), own)])), Some(("a.en.md", "1. a")));
    assert!(own.iter().any(|finding| finding.code == "house-rule"));
}

#[test]
fn every_code_of_the_rules_is_known() {
    let table: toml::Table = toml::from_str(DATA).unwrap();
    for rule in table["rule"].as_array().unwrap() {
        let code = rule["code"].as_str().unwrap();
        assert!(CODES.contains(&code), "{code}");
    }
}

proptest! {
    #[test]
    fn any_text_is_checked(text in any::<String>(), name in "(a|b\\.ru|c\\.kk)\\.md") {
        check(&files(&[]), Some((&name, &text)));
    }
}
