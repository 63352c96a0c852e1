//! Lists that must agree: clauses with their proofs, words of pages in three languages, columns of tables.
//!
//! Clauses: C15.

use std::collections::{BTreeMap, BTreeSet};

use super::{Breach, File, Tree};

/// Every row of the list of obligations, in its order.
pub const CLAUSES: &[&str] = &[
    "C1.1", "C1.2", "C1.3", "C2", "C3", "C4.1", "C4.2", "C4.3", "C5", "C6.1", "C6.2", "C7", "C8.1", "C8.2",
    "C8.3", "C8.4", "C8.5", "C8.6", "C8.7", "C8.8", "C8.9", "C8.10", "C9.0", "C9.1", "C9.2", "C9.3", "C9.4",
    "C10.1", "C10.2", "C10.3", "C10.4", "C10.5", "C10.6", "C10.7", "C11.1", "C11.2", "C11.3", "C11.4",
    "C11.5", "C11.6", "C11.7", "C12.1", "C12.2", "C12.3", "C13", "C14", "C15", "C16.1", "C16.2", "C16.3",
    "C17.1", "C17.2", "C17.3", "C17.4", "C17.5", "C18", "C19", "C20", "C21", "L7", "L9", "L11", "L12", "L13",
    "L14",
];

/// Columns and fields that no record of a person may have (C15).
const FORBIDDEN_COLUMNS: &[&str] = &[
    "ip",
    "ip_address",
    "remote_addr",
    "remote_address",
    "client_ip",
    "referrer",
    "referer",
    "user_agent",
    "useragent",
];

const CLAUSES_FILE: &str = "policy/clauses.toml";
const LANGUAGES: [&str; 3] = ["ru", "kk", "en"];

struct Row {
    line: usize,
    id: String,
    built: bool,
    tests: Vec<String>,
    next: bool,
}

/// Rows of `clauses.toml`, as far as rules need them: the file's form is one key a line.
fn rows(file: &File) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (i, line) in file.text.lines().enumerate() {
        if line.trim() == "[[clause]]" {
            rows.push(Row { line: i + 1, id: String::new(), built: false, tests: Vec::new(), next: false });
        }
        let (Some(row), Some((key, value))) = (rows.last_mut(), line.split_once('=')) else { continue };
        let quoted = || value.split('"').skip(1).step_by(2).map(str::to_owned);
        match key.trim() {
            "id" => row.id = quoted().next().unwrap_or_default(),
            "built" => row.built = value.trim() == "true",
            "tests" => row.tests = quoted().collect(),
            "next" => row.next = quoted().next().is_some_and(|text| !text.is_empty()),
            _ => {}
        }
    }
    rows
}

/// `clauses.toml` has exactly the rows of the list, in its order.
pub fn clauses(tree: &Tree) -> Vec<Breach> {
    let Some(file) = tree.file(CLAUSES_FILE) else {
        return vec![Breach::new(CLAUSES_FILE, 0, "the file is missing: every clause needs its row")];
    };
    let rows = rows(file);
    let mut breaches = Vec::new();
    for id in CLAUSES {
        match rows.iter().filter(|row| row.id == *id).count() {
            1 => {}
            0 => breaches.push(Breach::new(
                CLAUSES_FILE,
                0,
                format!("{id} has no row: say what it obliges to, what keeps it, what proves it"),
            )),
            _ => breaches.push(Breach::new(CLAUSES_FILE, 0, format!("{id} has two rows: keep one"))),
        }
    }
    for row in rows.iter().filter(|row| !CLAUSES.contains(&row.id.as_str())) {
        breaches.push(Breach::new(
            CLAUSES_FILE,
            row.line,
            format!("{} is in no list: add it to tidy/lists.rs or mend the id", row.id),
        ));
    }
    breaches
}

/// Names of tests, anywhere in our crates.
fn tests(tree: &Tree) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for rust in tree.rust().filter_map(|file| file.rust.as_ref()) {
        let lines: Vec<&str> = rust.code.lines().map(str::trim).collect();
        for (i, line) in lines.iter().enumerate() {
            let Some(rest) = line.strip_prefix("fn ").or_else(|| line.strip_prefix("async fn ")) else {
                continue;
            };
            let attributes =
                lines[..i].iter().rev().take_while(|above| above.starts_with("#[") || above.is_empty());
            if attributes.clone().any(|above| above.contains("test]") || above.contains("test(")) {
                names.insert(rest.split(['(', '<']).next().unwrap_or_default().to_owned());
            }
        }
    }
    names
}

/// A test of clause 1 is not one of clause 10: after the pattern no further digit follows.
fn proves(name: &str, pattern: &str) -> bool {
    name.match_indices(pattern).any(|(at, _)| {
        let after = name[at + pattern.len()..].chars().next();
        let before = name[..at].chars().next_back();
        !after.is_some_and(|letter| letter.is_ascii_digit()) && !before.is_some_and(char::is_alphanumeric)
    })
}

/// Whatever is called built names tests that exist; whatever is not says what comes next.
pub fn proofs(tree: &Tree) -> Vec<Breach> {
    let Some(file) = tree.file(CLAUSES_FILE) else { return Vec::new() };
    let tests = tests(tree);
    let mut breaches = Vec::new();
    for row in rows(file) {
        if row.built {
            if row.tests.is_empty() {
                breaches.push(Breach::new(
                    CLAUSES_FILE,
                    row.line,
                    format!("{} is called built and names no test: name one or say built = false", row.id),
                ));
            }
            for pattern in row.tests.iter().filter(|pattern| !tests.iter().any(|name| proves(name, pattern)))
            {
                let what = format!(
                    "{} is called built and no test is named `…{pattern}…`: write it or say built = false",
                    row.id
                );
                breaches.push(Breach::new(CLAUSES_FILE, row.line, what));
            }
        } else if !row.next {
            breaches.push(Breach::new(
                CLAUSES_FILE,
                row.line,
                format!("{} is not built: `next` must say what brings it", row.id),
            ));
        }
    }
    breaches
}

/// Keys of a Fluent file with the variables of each.
fn keys(text: &str) -> BTreeMap<String, (usize, BTreeSet<String>)> {
    let mut keys: BTreeMap<String, (usize, BTreeSet<String>)> = BTreeMap::new();
    let mut current = None;
    for (i, line) in text.lines().enumerate() {
        if line.starts_with('#') {
            continue;
        }
        let key = line.split_once('=').map(|(key, _)| key.trim_end()).filter(|key| {
            key.starts_with(|letter: char| letter.is_ascii_alphabetic())
                && key.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
        });
        if let Some(key) = key {
            current = Some(key.to_owned());
            keys.entry(key.to_owned()).or_insert((i + 1, BTreeSet::new()));
        }
        let Some((_, variables)) = current.as_ref().and_then(|key| keys.get_mut(key)) else { continue };
        for part in line.split('$').skip(1) {
            variables.insert(
                part.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect(),
            );
        }
    }
    keys
}

/// Pages and letters say the same in ru, kk and en: the same keys with the same variables.
pub fn languages(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let names: BTreeSet<String> = tree
        .files
        .iter()
        .filter_map(|file| {
            file.path.strip_prefix("assets/i18n/")?.split_once('/').map(|(_, name)| name.to_owned())
        })
        .filter(|name| name.strip_suffix(".ftl").is_some())
        .collect();
    for name in names {
        let paths = LANGUAGES.map(|language| format!("assets/i18n/{language}/{name}"));
        let sets: Vec<_> = paths
            .iter()
            .map(|path| tree.file(path).map(|file| keys(&file.text)).unwrap_or_default())
            .collect();
        for (path, mine) in paths.iter().zip(&sets) {
            for (other_path, other) in paths.iter().zip(&sets) {
                for (key, (line, variables)) in other {
                    match mine.get(key) {
                        None => breaches.push(Breach::new(
                            path,
                            0,
                            format!("`{key}` is missing and stands in {other_path}:{line}: translate it"),
                        )),
                        Some((at, own)) if !variables.is_subset(own) => {
                            let missing: Vec<_> = variables.difference(own).map(String::as_str).collect();
                            let what = format!(
                                "`{key}` lacks {{ ${} }}, which {other_path}:{line} has",
                                missing.join(" }, { $")
                            );
                            breaches.push(Breach::new(path, *at, what));
                        }
                        Some(_) => {}
                    }
                }
            }
        }
    }
    breaches
}

/// No record of a person holds an address of a machine, a referrer or the name of a browser (C15).
pub fn columns(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.starts_with("crates/store/migrations/")) {
        for (i, line) in file.text.lines().enumerate() {
            let sql = line.split("--").next().unwrap_or_default().to_lowercase();
            for word in sql.split(|letter: char| !letter.is_alphanumeric() && letter != '_') {
                if FORBIDDEN_COLUMNS.contains(&word) {
                    breaches.push(Breach::new(
                        &file.path,
                        i + 1,
                        format!("column `{word}`: clause 15 forbids it in any record; take it out"),
                    ));
                }
            }
        }
    }
    for file in tree.rust().filter(|file| matches!(file.of_crate(), Some("model" | "store" | "app"))) {
        for (number, line) in file.shipped() {
            let field = line.trim().trim_start_matches("pub ").split(':').next().unwrap_or_default();
            if line.contains(':') && FORBIDDEN_COLUMNS.contains(&field) {
                breaches.push(Breach::new(
                    &file.path,
                    number,
                    format!("field `{field}`: clause 15 forbids it in any record; take it out"),
                ));
            }
        }
    }
    breaches
}
