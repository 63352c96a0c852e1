//! How files look: a head that says what they are, a size that can be read, words of the field.

use super::{Breach, Tree};

/// Columns of what rustfmt leaves alone: comments, markup in macros. Code is kept to 110 by `cargo fmt --check`.
const COLUMNS_MAX: usize = 150;
/// Lines of a Rust file.
const LINES_MAX: usize = 700;
/// Words that we do not use for what we mean, and what to write instead.
const WORDS: &[(&str, &str)] = &[
    ("user", "data subject, person, operator"),
    ("users", "data subjects, operators"),
    ("customer", "data subject"),
    ("customers", "data subjects"),
    ("pii", "personal data"),
    ("ticket", "request or enquiry"),
    ("tickets", "requests or enquiries"),
    ("profile", "account or preferences"),
    ("profiles", "accounts"),
    ("ttl", "storage period, or a name with its unit"),
    ("ledger", "log"),
    ("blockchain", "log"),
];
/// Identifiers of others that hold such a word.
const FOREIGN: &[&str] = &[
    "user_version",
    "getuid",
    "user_agent",
    // PKCS#11's words for who logs in to a token.
    "UserType",
    "RoUser",
    "RwUser",
    "UserNotLoggedIn",
    "UserAlreadyLoggedIn",
    "UserPinNotInitialized",
];
/// The same, where the last word alone would be ours.
const FOREIGN_PATHS: &[&str] = &["UserType::User"];

/// Each Rust file begins by saying what it is.
pub fn heads(tree: &Tree) -> Vec<Breach> {
    tree.rust()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| {
            Breach::new(
                &file.path,
                1,
                "begin the file with `//!`: what it is, its invariant, the clauses it serves",
            )
        })
        .collect()
}

/// Files stay readable.
pub fn sizes(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in tree.rust() {
        let lines = file.text.lines().count();
        if lines > LINES_MAX {
            let what =
                format!("{lines} lines, more than {LINES_MAX}: split it where its second thing begins");
            breaches.push(Breach::new(&file.path, lines, what));
        }
        let code = file.rust.as_ref().map(|rust| rust.code.as_str()).unwrap_or_default();
        for (i, (line, code)) in file.text.lines().zip(code.lines()).enumerate() {
            let measured = if line.trim_start().starts_with("//") { line } else { code.trim_end() };
            // A literal or an address cannot be broken without harm.
            if measured.chars().count() > COLUMNS_MAX && !line.contains('"') && !line.contains("://") {
                let what = format!("more than {COLUMNS_MAX} columns: break the line");
                breaches.push(Breach::new(&file.path, i + 1, what));
            }
        }
    }
    breaches
}

/// Identifiers are words of the field.
pub fn words(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in tree.rust() {
        let Some(rust) = &file.rust else { continue };
        for (i, line) in rust.code.lines().enumerate() {
            let line = FOREIGN_PATHS.iter().fold(line.to_owned(), |line, path| line.replace(path, ""));
            for name in line.split(|letter: char| !letter.is_alphanumeric() && letter != '_') {
                if FOREIGN.contains(&name) {
                    continue;
                }
                for part in parts(name) {
                    if let Some((word, instead)) = WORDS.iter().find(|(word, _)| *word == part) {
                        let what = format!("`{name}`: we do not say `{word}`; write {instead}");
                        breaches.push(Breach::new(&file.path, i + 1, what));
                    }
                }
            }
        }
    }
    breaches
}

/// Words of an identifier, in lower case.
fn parts(name: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut before_lower = false;
    for letter in name.chars() {
        if letter == '_' || (letter.is_uppercase() && before_lower) {
            parts.push(std::mem::take(&mut part));
        }
        if letter != '_' {
            part.extend(letter.to_lowercase());
        }
        before_lower = letter.is_lowercase();
    }
    parts.push(part);
    parts
}

/// No file speaks of the machine it was written on.
pub fn paths(tree: &Tree) -> Vec<Breach> {
    // Put together here, so that this file does not find itself.
    let places: Vec<String> =
        ["work", "home", "root", "Users"].iter().map(|name| format!("/{name}/")).collect();
    let mut breaches = Vec::new();
    for file in &tree.files {
        for (i, line) in file.text.lines().enumerate() {
            let mut found = places.iter().filter(|place| {
                line.match_indices(place.as_str()).any(|(at, _)| {
                    let before = line[..at].chars().next_back().unwrap_or(' ');
                    !before.is_alphanumeric() && !"./~_-}*".contains(before)
                })
            });
            if let Some(place) = found.next() {
                let what =
                    format!("a path below `{place}` of some machine: write it from the repository's root");
                breaches.push(Breach::new(&file.path, i + 1, what));
            }
        }
    }
    breaches
}

/// Every file of a crate is reached from its root, every integration test from the one binary.
pub fn reached(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in tree.rust() {
        if let Some(name) =
            file.path.strip_prefix("crates/testkit/tests/all/").and_then(|name| name.strip_suffix(".rs"))
        {
            let binary =
                tree.file("crates/testkit/tests/all.rs").map(|file| file.text.as_str()).unwrap_or_default();
            if !name.contains('/') && !binary.contains(&format!("mod {name};")) {
                breaches.push(Breach::new(
                    &file.path,
                    0,
                    format!("nothing runs these tests: add `mod {name};` to tests/all.rs"),
                ));
            }
        }
        let Some((root, below)) = file.path.split_once("/src/") else { continue };
        if matches!(below, "lib.rs" | "main.rs") || below.starts_with("bin/") {
            continue;
        }
        let below = below.strip_suffix("/mod.rs").or_else(|| below.strip_suffix(".rs")).unwrap_or(below);
        let (folder, name) = below.rsplit_once('/').unwrap_or(("", below));
        let parents = if folder.is_empty() {
            vec![format!("{root}/src/lib.rs"), format!("{root}/src/main.rs")]
        } else {
            vec![format!("{root}/src/{folder}.rs"), format!("{root}/src/{folder}/mod.rs")]
        };
        let named = parents.iter().filter_map(|path| tree.file(path)).any(|parent| {
            let code = parent.rust.as_ref().map(|rust| rust.code.as_str()).unwrap_or_default();
            code.contains(&format!("mod {name};"))
        });
        if !named {
            breaches.push(Breach::new(
                &file.path,
                0,
                format!("nothing compiles this file: add `mod {name};` to its parent or delete it"),
            ));
        }
    }
    breaches
}
