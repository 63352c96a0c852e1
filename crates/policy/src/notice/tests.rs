//! Clauses: C19, C20.

use proptest::prelude::*;

use super::*;

fn ids(text: &str) -> Vec<String> {
    parse(text).clauses.iter().map(|clause| clause.number.clone()).collect()
}

const PLAIN: &str = "\n\nПОЛИТИКА МАСТЕРСКОЙ\n\n1. Мастерская, г. Алматы, ул. Абая, 5. Далее – Мастерская.\n\n\
2. Основание – закон от 3 мая 2013 года №\n\n94-V «О данных», срок – 30 (тридцать) дней согласно п. 2.1. настоящего текста.\n\n\
3. Цели:\n\n3.1. ответ на заявку; 3.2. рассылка;\n\n3.3. учёт по п.3 и п. 3.4. ниже. 3.4. Проверка.\n\n3.5. сроки:\n\n\
3.5.1. до отзыва;\n\n3.5.2. до цели.\n\n4. Вопросы: почта@пример.kz.\n\nСведения о мастерской:\n\nБИН: 000000000000\n";

#[test]
fn clause_19_a_plain_text_with_run_on_lines_is_read_into_its_clauses() {
    let notice = parse(PLAIN);
    assert_eq!(ids(PLAIN), ["1", "2", "3", "3.1", "3.2", "3.3", "3.4", "3.5", "3.5.1", "3.5.2", "4"]);
    assert_eq!(notice.title, "ПОЛИТИКА МАСТЕРСКОЙ");
    assert_eq!(notice.intro, "");
    assert!(notice.trailer.starts_with("Сведения о мастерской"));
    let run_on: Vec<&str> = notice.clauses.iter().filter(|c| c.run_on).map(|c| c.number.as_str()).collect();
    assert_eq!(run_on, ["3.2", "3.4"]);
    let second = notice.clause(ClauseId::new("C2").unwrap()).unwrap();
    assert!(second.text.contains("№\n\n94-V") && second.text.ends_with("настоящего текста."));
    assert_eq!((second.line, second.depth), (7, 1));
    let third = notice.clause(ClauseId::new("C3").unwrap()).unwrap();
    assert_eq!(notice.children(third).count(), 5);
    let under = notice.subtree(third.id).unwrap();
    assert!(PLAIN[under].ends_with("до цели.\n\n"));
    let first = notice.clause(ClauseId::new("C3.1").unwrap()).unwrap();
    assert_eq!(first.text, "ответ на заявку;");
    assert_eq!(&PLAIN[first.number_span.clone()], "3.1");
}

#[test]
fn clause_19_headings_bold_and_escaped_numbers_are_read_alike() {
    let text = "\u{feff}# Политика\r\n\r\nРедакция 7.\r\n\r\n## 1. Кто мы\r\n\r\nМы.\r\n\r\n1. не пункт\r\n2. тоже не пункт\r\n\r\n\
## 2. Цели\r\n\r\n**2.1.** Первая.\r\n\r\n**2.2. Вторая.** Текст.\r\n\r\n**2.3. Третья**\r\n\r\nТекст.\r\n\r\n2\\.4\\. Пятая\r\n\r\n## Реквизиты\r\n\r\nБанк";
    let notice = parse(text);
    assert_eq!(ids(text), ["1", "2", "2.1", "2.2", "2.3", "2.4"]);
    assert_eq!(notice.intro, "Редакция 7.");
    assert_eq!(notice.trailer, "## Реквизиты\r\n\r\nБанк");
    let texts: Vec<(Option<&str>, &str)> =
        notice.clauses.iter().skip(1).map(|c| (c.heading.as_deref(), c.text.as_str())).collect();
    assert_eq!(texts[0], (Some("Цели"), ""));
    assert_eq!(texts[1], (None, "Первая."));
    assert_eq!(texts[2], (None, "**Вторая.** Текст."));
    assert_eq!(texts[3].0, Some("Третья"));
    assert_eq!(ids("1\\. Раз\n\n1\\.1\\. Два\n\n2\\. Три"), ["1", "1.1", "2"]);
    assert_eq!(ids("**1. Общее**\n\nтекст\n\n**2. Прочее**\n\nтекст"), ["1", "2"]);
}

#[test]
fn clause_19_numbers_that_are_no_clauses_stay_text() {
    for text in [
        "1. Срок.\n\n30. дней хватит",
        "1. Раз.\n\n14. июня",
        "1. Дом\n\n050000, г. Алматы",
        "1. Дата 02.03.2026; 1.1.2026 и 10.10.2026.",
        "1. Цена 2.5. тенге; см. п. 1.1. Правил",
        "1. По\n\nпункту 1.1. Правил",
        "1. Мы по адресу: ул. Абая, д. 2. Приходите.",
        "1. Раз. 2. Два в той же строке.",
    ] {
        assert_eq!(ids(text), ["1"], "{text}");
    }
    assert!(ids("").is_empty());
    assert!(ids("просто текст 2. без нумерации").is_empty());
}

#[test]
fn clause_19_a_table_of_contents_is_not_the_text_and_a_hole_is_no_end() {
    let text = "Содержание\n\n1. Кто\n2. Зачем\n3. Куда\n\n1. Кто\n\nМы, мастерская.\n\n2. Зачем\n\nЧтобы чинить.\n\n3. Куда\n\nСюда.";
    let notice = parse(text);
    assert_eq!(ids(text), ["1", "2", "3"]);
    assert!(notice.clauses[0].text.contains("мастерская"));
    // 3 and 4.2 are missing; the numbering goes on.
    assert_eq!(ids("1. а\n\n2. б\n\n4. в\n\n4.1. г\n\n4.3. д\n\n5. е"), ["1", "2", "4", "4.1", "4.3", "5"]);
    // A hole that a run-on line fills.
    assert_eq!(ids("1. а\n\n2. б. 3. Вот третий\n\n4. г"), ["1", "2", "3", "4"]);
    let twice = parse("1. а\n\n1.1. б\n\n1.2. в\n\n1.1. г\n\n2. д");
    assert_eq!(twice.repeated.len(), 1);
}

#[test]
fn clause_19_rendered_clauses_carry_anchors_and_nothing_that_runs() {
    let text = "# Т & <b>\n\n1. Мы <script>alert(1)</script> [x](javascript:alert(1)) [y](https://a.kz/?a=1&b=2) <https://b.kz/>\n\n\
1.1. ![z](data:image/png;base64,AA) [d](data:text/html,x) [j](java&#x0A;script:alert(1)) [m](mailto:a@b.kz); 1.2. второй <img src=x onerror=alert(1)>\n\n\
2. [r]\n\n<div onclick=x>блок</div>\n\n[r]: vbscript:x\n";
    let page = render(&parse(text));
    let anchors: Vec<&str> = page.clauses.iter().map(|clause| clause.anchor.as_str()).collect();
    assert_eq!(anchors, ["c-1", "c-1-1", "c-1-2", "c-2"]);
    let all: String = page.clauses.iter().map(|clause| clause.html.as_str()).collect();
    for banned in ["<script", "<img", "<div", "href=\"java", "href=\"data", "href=\"vbs"] {
        assert!(!all.contains(banned), "{banned} in {all}");
    }
    assert!(all.contains("&lt;script&gt;") && all.contains("второй"));
    assert!(all.contains("<a href=\"https://a.kz/?a=1&amp;b=2\" rel=\"noopener noreferrer\">y</a>"));
    assert!(all.contains("<a href=\"mailto:a@b.kz\""));
    assert_eq!(page.clauses[2].html, "<p>второй &lt;img src=x onerror=alert(1)&gt;</p>\n");
    assert_eq!(page.title, "Т & <b>");
}

#[test]
fn clause_20_the_difference_is_told_clause_by_clause() {
    let old = parse("# П\n\n1. Мы чиним часы.\n\n2. Храним год.\n\n3. Звоните.");
    let new = parse("# П\n\n1. Мы чиним  часы.\n\n2. Храним ровно один год.\n\n4. Пишите.\n\n5. Конец.");
    let changes: Vec<(String, ChangeKind)> =
        diff(&old, &new).iter().map(|change| (change.id.to_string(), change.kind)).collect();
    assert_eq!(
        changes,
        [
            ("intro".to_owned(), ChangeKind::Same),
            ("C1".to_owned(), ChangeKind::Same),
            ("C2".to_owned(), ChangeKind::Changed),
            ("C3".to_owned(), ChangeKind::Removed),
            ("C4".to_owned(), ChangeKind::Added),
            ("C5".to_owned(), ChangeKind::Added),
        ]
    );
    let words = &diff(&old, &new)[2].words;
    assert_eq!(
        *words,
        [
            (WordChange::Equal, "Храним".to_owned()),
            (WordChange::Insert, "ровно один".to_owned()),
            (WordChange::Equal, "год.".to_owned()),
        ]
    );
}

fn side(words: &[(WordChange, String)], dropped: WordChange) -> Vec<String> {
    let kept = words.iter().filter(|(change, _)| *change != dropped);
    kept.flat_map(|(_, text)| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn check_any(text: &str) {
    let notice = parse(text);
    let mut at = notice.intro_span.end;
    assert_eq!(notice.intro_span.start, 0);
    let mut seen = std::collections::HashSet::new();
    let mut before: Vec<u16> = Vec::new();
    for clause in &notice.clauses {
        assert_eq!(clause.span.start, at);
        at = clause.span.end;
        assert!(text.get(clause.span.clone()).is_some() && text.get(clause.number_span.clone()).is_some());
        assert!(seen.insert(clause.id));
        let number: Vec<u16> = clause.number.split('.').map(|part| part.parse().unwrap()).collect();
        assert!(number > before, "{number:?} after {before:?}");
        before = number;
    }
    assert_eq!(notice.trailer_span, at..text.len());
    let page = render(&notice);
    let html: String =
        page.clauses.iter().map(|clause| clause.html.as_str()).chain([page.intro.as_str()]).collect();
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("href=\"javascript"));
    assert!(diff(&notice, &notice).iter().all(|change| change.kind == ChangeKind::Same));
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_hole(text in any::<String>()) {
        check_any(&text);
    }

    #[test]
    fn any_text_like_a_policy_is_read_without_a_hole(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "1. ", "2. ", "3. ", "1.1. ", "1.2. ", "2.1. ", "1.1.1. ", "## ", "**", "\n", "\n\n", "; ", ". ", "№", "п. ",
                "слово ", "Слово ", "БИН: ", "94-V ", "\\.", "<script>", "[a](javascript:x)", "](", "`", "\u{feff}", "\r\n", "8.10. ", "- ",
            ]),
            0..60,
        )
    ) {
        check_any(&parts.concat());
    }

    #[test]
    fn a_difference_holds_both_texts(
        old in prop::collection::vec("[абв]{1,2}", 0..40), new in prop::collection::vec("[абв]{1,2}", 0..40),
    ) {
        let (a, b) = (parse(&format!("1. {}", old.join(" "))), parse(&format!("1. {}", new.join(" "))));
        let changes = diff(&a, &b);
        let words = &changes.iter().find(|change| change.id.as_str() == "C1").unwrap().words;
        prop_assert_eq!(side(words, WordChange::Insert), old);
        prop_assert_eq!(side(words, WordChange::Delete), new);
    }
}

#[test]
fn long_and_hostile_texts_are_read_in_one_pass() {
    for unit in ["1. 1.1. ", "\n", "1.\n", "; 1.1. а", "\n\n1.1. ", "№\n\n1. ", "# 1. \n", "9", "**1.1.** "]
    {
        let text = unit.repeat(600_000 / unit.len());
        let notice = parse(&text);
        assert_eq!(notice.trailer_span.end, text.len());
    }
    // Far more changes than the comparison follows word by word.
    let long = |word: &str| {
        let words: Vec<String> = (0..5000).map(|n| format!("{word}{n}")).collect();
        parse(&format!("1. {}", words.join(" ")))
    };
    let words = &diff(&long("а"), &long("б"))[0].words;
    assert_eq!(words.len(), 2);
}
