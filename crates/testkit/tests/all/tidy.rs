//! The repository keeps the law of the house, and each rule of it turns red on a planted breach.

use testkit::tidy::{Rule, Tree, arrows, code, lists, shape};

#[expect(clippy::expect_used, reason = "without its files nothing can be judged")]
fn repository() -> Tree {
    Tree::repository().expect("the repository can be read")
}

fn holds(rule: Rule) {
    let tree = repository();
    assert!(tree.rust().count() > 100, "the repository is where it is expected");
    let breaches: Vec<String> = rule(&tree).iter().map(ToString::to_string).collect();
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

/// The rule finds what is wrong in the planted files, at the line, and nothing in what is right.
fn finds(rule: Rule, wrong: (&str, &str), line: usize, right: (&str, &str)) {
    let found = rule(&Tree::planted(&[wrong]));
    // What is missing (line 0) is reported where it should be.
    assert!(found.iter().any(|one| (one.path == wrong.0 || line == 0) && one.line == line), "{found:?}");
    let clean = rule(&Tree::planted(&[right]));
    assert!(!clean.iter().any(|one| one.path == right.0), "{clean:?}");
}

macro_rules! rules {
    ($($name:ident: $rule:expr, $wrong:expr, $line:expr, $right:expr;)*) => {
        $(mod $name {
            use super::*;

            #[test]
            fn holds_in_the_repository() {
                holds($rule);
            }

            #[test]
            fn finds_a_planted_breach() {
                finds($rule, $wrong, $line, $right);
            }
        })*
    };
}

const WEB: &str = "crates/web/src/pages/some.rs";
const APP: &str = "crates/app/src/some.rs";

rules! {
    arrows_point_inward: arrows::arrows,
        ("crates/web/Cargo.toml", "[package]\nname = \"web\"\n[dependencies]\nstore.workspace = true\n"), 4,
        ("crates/app/Cargo.toml", "[dependencies]\nstore.workspace = true\n");
    boundaries_have_one_keeper: arrows::arrows,
        ("crates/app/Cargo.toml", "[dependencies]\nlettre.workspace = true\n"), 2,
        ("crates/courier/Cargo.toml", "[dependencies]\nlettre.workspace = true\n");
    dependencies_have_reasons: arrows::reasons,
        ("Cargo.toml", "[workspace.dependencies]\nleft-pad = \"1\"\n"), 2,
        ("Cargo.toml", "[workspace.dependencies]\nmodel = { path = \"crates/model\" }\n");
    sql_only_in_store: code::sql,
        (APP, "//! A.\nconst Q: &str = \"DELETE FROM subjects\";\n"), 2,
        ("crates/store/src/some.rs", "//! A.\nconst Q: &str = \"DELETE FROM subjects\";\n");
    plaintext_only_in_listed_files: code::expose,
        (WEB, "//! A.\nfn a(v: &P) { v.expose(); }\n"), 2,
        (WEB, "//! A.\n// v.expose() is for listed files\n");
    one_witness: code::witness,
        (APP, "//! A.\nimpl model::Witness for Free {}\n"), 2,
        ("crates/store/src/tx.rs", "//! A.\nimpl model::Witness for Tx<'_> {}\n");
    the_core_is_synchronous: code::synchronous,
        (APP, "//! A.\npub async fn a() {}\n"), 2,
        (WEB, "//! A.\npub async fn a() {}\n");
    private_cannot_leak: code::private,
        ("crates/model/src/private.rs", "//! A.\n#[derive(Clone)]\npub struct Private<T>(T);\n"), 3,
        ("crates/model/src/private.rs", "//! A.\npub struct Private<T>(T);\n");
    no_days_in_code: code::durations,
        (APP, "//! A.\nlet due = calendar.working_days(3);\n"), 2,
        (APP, "//! A.\n\n#[cfg(test)]\nmod tests {\n    let due = calendar.working_days(3);\n}\n");
    no_test_is_ignored: code::ignored,
        (APP, "//! A.\n#[ignore = \"later\"]\nfn a() {}\n"), 2,
        (APP, "//! A.\n// #[ignore] is not for us\n");
    files_begin_with_what_they_are: shape::heads,
        (APP, "use model;\n"), 1,
        (APP, "//! The use of the model.\nuse model;\n");
    files_stay_readable: shape::sizes,
        (APP, concat!("//! A.\n// aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n")), 2,
        (APP, "//! A.\nlet a = b;\n");
    words_are_of_the_field: shape::words,
        (APP, "//! A.\nstruct UserTicket { ttl: u32 }\n"), 2,
        (APP, "//! A user's view.\nstruct Muttluser { title: String }\n");
    no_path_of_a_machine: shape::paths,
        ("README.md", concat!("# A\nsee /ho", "me/me/senim\n")), 2,
        ("README.md", "# A\nsee docs/src and https://example.kz/homepage\n");
    every_file_is_compiled: shape::reached,
        ("crates/app/src/lost.rs", "//! A.\n"), 0,
        ("crates/app/src/lib.rs", "//! A.\nmod found;\n");
    every_clause_has_its_row: lists::clauses,
        ("policy/clauses.toml", "[[clause]]\nid = \"C99\"\n"), 1,
        ("elsewhere.toml", "");
    what_is_built_is_proven: lists::proofs,
        ("policy/clauses.toml", "[[clause]]\nid = \"C2\"\ntests = [\"clause_2\"]\nbuilt = true\n"), 1,
        ("policy/clauses.toml", "[[clause]]\nid = \"C2\"\ntests = [\"clause_2\"]\nbuilt = false\nnext = \"later\"\n");
    languages_say_the_same: lists::languages,
        ("assets/i18n/ru/a.ftl", "one = Один { $n }\n"), 0,
        ("assets/static/a.txt", "");
    no_address_in_any_record: lists::columns,
        ("crates/store/migrations/0099_x.sql", "CREATE TABLE a (\n  ip TEXT\n);\n"), 2,
        ("crates/store/migrations/0099_x.sql", "-- no ip here\nCREATE TABLE a (id BLOB);\n");
}

#[test]
fn a_missing_translation_is_found() {
    let tree = Tree::planted(&[
        ("assets/i18n/ru/a.ftl", "one = Один\ntwo = Два { $n }\n"),
        ("assets/i18n/kk/a.ftl", "one = Бір\ntwo = Екі { $n }\n"),
        ("assets/i18n/en/a.ftl", "two = Two\n"),
    ]);
    let found: Vec<String> = lists::languages(&tree).iter().map(ToString::to_string).collect();
    assert!(found.iter().all(|one| one.starts_with("assets/i18n/en/a.ftl")), "{found:?}");
    assert!(
        found.iter().any(|one| one.contains("`one`")) && found.iter().any(|one| one.contains("$n")),
        "{found:?}"
    );
}

#[test]
fn a_test_of_clause_10_does_not_prove_clause_1() {
    let row = "[[clause]]\nid = \"C1.1\"\ntests = [\"clause_1_1\"]\nbuilt = true\n";
    let with = |test: &str| {
        let text = format!("//! A.\n#[test]\nfn {test}() {{}}\n");
        lists::proofs(&Tree::planted(&[("policy/clauses.toml", row), ("crates/app/tests/a.rs", &text)])).len()
    };
    assert_eq!(with("clause_1_10_is_kept"), 1);
    assert_eq!(with("clause_1_1_is_kept"), 0);
}
