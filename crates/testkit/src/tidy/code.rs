//! Who may write what: SQL, plaintext, witnesses, asynchronous code, numbers of days.

use super::{Breach, File, Tree};

/// Files that may look at plaintext, each with its reason.
const EXPOSE: &[(&str, &str)] = &[
    ("crates/vault/src/aead.rs", "seals it"),
    ("crates/vault/src/bucket.rs", "keys, not values"),
    ("crates/vault/src/index.rs", "keyed hash of it"),
    ("crates/vault/src/keyring.rs", "seals it"),
    ("crates/vault/src/keystore.rs", "keys, not values"),
    ("crates/vault/src/schedule.rs", "keys, not values"),
    ("crates/vault/src/secret.rs", "keys, not values"),
    ("crates/vault/src/value.rs", "seals it"),
    ("crates/hsm/src/keystore.rs", "keys, not values: on their way into the token"),
    ("crates/hsm/src/token.rs", "keys, not values: roots on their way into the token"),
    ("crates/server/src/keystore.rs", "keys, not values: the key file"),
    ("crates/server/src/keystore/contract.rs", "keys, not values: what every keystore must do"),
    ("crates/server/src/key_import.rs", "keys, not values: their way from files into a token"),
    ("crates/server/src/wiring.rs", "keys, not values: the seed of the log's signer"),
    ("crates/server/src/commands.rs", "a new API key, printed once"),
    ("crates/app/src/intake.rs", "checks and seals what came in"),
    ("crates/app/src/record.rs", "checks and seals what is recorded"),
    ("crates/app/src/access.rs", "the person's own access and export"),
    ("crates/app/src/account.rs", "sign-in codes and secrets"),
    ("crates/app/src/value.rs", "validates and seals a corrected value"),
    ("crates/app/src/api_key.rs", "compares a presented key"),
    ("crates/app/src/operator.rs", "passwords and one-time codes of operators"),
    ("crates/app/src/enquiry/opening.rs", "seals what the person asks"),
    ("crates/app/src/outbox.rs", "address of a letter, in its sealed job"),
    ("crates/app/src/outbox/last.rs", "address of the letter after an erasure, sealed aside"),
    ("crates/app/src/receipt.rs", "secret printed on the receipt"),
    ("crates/app/src/replay.rs", "keyed hash of a body, for the idempotency key"),
    ("crates/app/src/request.rs", "seals the person's words"),
    ("crates/courier/src/smtp.rs", "the address on the envelope"),
    ("crates/web/src/fields.rs", "hands typed fields to `app`"),
    ("crates/web/src/session.rs", "the session's cookie"),
    ("crates/web/src/api/body.rs", "hands values of the request to `app`"),
    ("crates/web/src/api/reads.rs", "answers a read that the log has witnessed"),
    ("crates/web/src/console/desk.rs", "the session's token"),
    ("crates/web/src/console/entrance.rs", "shows a new operator the authenticator's key, once"),
    ("crates/web/src/console/find.rs", "which kind of contact was typed"),
    ("crates/web/src/console/keys.rs", "shows a new API key, once"),
    ("crates/web/src/console/open.rs", "shows values for a purpose, after the log has witnessed it"),
    ("crates/web/src/console/outbox.rs", "shows waiting letters, after the log has witnessed it"),
    ("crates/web/src/pages/account.rs", "shows a person's values to that person"),
    ("crates/web/src/pages/export.rs", "the person's own export"),
    ("crates/web/src/pages/frame.rs", "the session's token"),
    ("crates/web/src/pages/sessions.rs", "the session's token"),
    ("crates/web/src/pages/signin.rs", "the session's token"),
];

/// Files where a number of seconds or days is no limit of the policy, each with its reason.
const DURATIONS: &[(&str, &str)] = &[
    ("crates/web/src/assets.rs", "how long a browser may keep the icon"),
    ("crates/web/src/limit.rs", "the salt of rate limits changes daily (C15)"),
    ("crates/web/src/pages/plain.rs", "RFC 9116 wants an expiry of security.txt"),
    ("crates/server/src/serve.rs", "days of the policy, as seconds"),
];

/// Tests that do not run by themselves, each with its reason.
const IGNORED: &[(&str, &str)] =
    &[("crates/store/src/tests/load.rs", "a measurement for whoever works on the writer")];

/// SQL text stands in `store` and nowhere else.
pub fn sql(tree: &Tree) -> Vec<Breach> {
    let speaks = |text: &str| {
        let has = |part: &str| text.contains(part);
        has("INSERT INTO ")
            || has("DELETE FROM ")
            || has("CREATE TABLE ")
            || (has("SELECT ") && has(" FROM "))
            || (has("UPDATE ") && has(" SET "))
            || has("PRAGMA ")
    };
    tree.rust()
        .filter(|file| file.of_crate() != Some("store"))
        .flat_map(|file| {
            file.shipped_literals().filter(|one| speaks(&one.text)).map(|one| {
                Breach::new(
                    &file.path,
                    one.line,
                    "SQL outside `store`: write a function in store/src/tables and call it",
                )
            })
        })
        .collect()
}

/// Plaintext is looked at in the listed files only, and the list has no stale line.
pub fn expose(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let looks =
        |file: &File| file.shipped().find(|(_, line)| line.contains(".expose()")).map(|(number, _)| number);
    for file in tree.rust() {
        if let Some(line) = looks(file)
            && EXPOSE.iter().all(|(path, _)| *path != file.path)
        {
            let what = "this file looks at plaintext and is not listed: pass the `Private` on, or list the file with its reason in tidy/code.rs";
            breaches.push(Breach::new(&file.path, line, what));
        }
    }
    for (path, _) in EXPOSE {
        if tree.file(path).and_then(looks).is_none() {
            breaches.push(Breach::new(
                path,
                0,
                "listed in tidy/code.rs as looking at plaintext, and does not: take it off the list",
            ));
        }
    }
    breaches
}

/// `store`'s transaction is the only witness.
pub fn witness(tree: &Tree) -> Vec<Breach> {
    tree.rust()
        .flat_map(|file| file.shipped().map(move |(number, line)| (file, number, line)))
        .filter(|(file, _, line)| {
            let made = line.contains("impl") && line.contains("Witness for ");
            made && !(file.path == "crates/store/src/tx.rs" && line.contains("for Tx"))
        })
        .map(|(file, number, _)| {
            Breach::new(
                &file.path,
                number,
                "only store::Tx may witness a grant: take `&mut impl Witness` from the caller instead",
            )
        })
        .collect()
}

/// Where the core waits for the database driver, on a runtime of its own; nothing outside sees it.
const DRIVER: &str = "crates/store/src/postgres";

/// The core is synchronous.
pub fn synchronous(tree: &Tree) -> Vec<Breach> {
    tree.rust()
        .filter(|file| !file.path.starts_with(DRIVER))
        .filter(|file| matches!(file.of_crate(), Some("model" | "policy" | "tlog" | "vault" | "store" | "app")))
        .flat_map(|file| file.shipped().map(move |(number, line)| (file, number, line)))
        .filter(|(_, _, line)| line.contains("async fn") || line.contains("async move") || line.contains(".await"))
        .map(|(file, number, _)| {
            Breach::new(&file.path, number, "the core is synchronous: make slow or outgoing work a job row, and await only in web, courier and server")
        })
        .collect()
}

/// `Private` can be neither printed, compared, serialised nor copied.
pub fn private(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in tree.rust() {
        let mut derived = "";
        for (number, line) in file.shipped() {
            let line = line.trim();
            let foreign = ["Debug", "Display", "Clone", "Copy", "Serialize", "PartialEq", "Hash", "Deref"];
            let by_hand = line.starts_with("impl")
                && foreign.iter().any(|one| line.contains(&format!("{one} for Private<")));
            let by_derive = line.contains("struct Private<") && derived.starts_with("#[derive");
            if by_hand || by_derive {
                breaches.push(Breach::new(
                    &file.path,
                    number,
                    "`Private` has no such trait on purpose: open it where it is used, in a listed file",
                ));
            }
            if !line.is_empty() {
                derived = line;
            }
        }
    }
    breaches
}

/// Numbers of days, months and hours belong to `policy/`.
pub fn durations(tree: &Tree) -> Vec<Breach> {
    let smells = |line: &str| {
        let numbers = ["(3)", "(6)", "(7)", "(10)", "(15)", "(30)", "(72)"];
        let calls = ["days", "working_days", "hours", "months"];
        calls.iter().any(|call| numbers.iter().any(|number| line.contains(&format!("{call}{number}"))))
            || ["* 24 * 60", "86_400", "86400", "24 * 3_600", "24 * 3600"]
                .iter()
                .any(|text| line.contains(text))
    };
    let mut breaches: Vec<Breach> = tree
        .rust()
        .filter(|file| !DURATIONS.iter().any(|(path, _)| *path == file.path))
        .flat_map(|file| file.shipped().map(move |(number, line)| (file, number, line)))
        .filter(|(_, _, line)| smells(line))
        .map(|(file, number, _)| {
            let what = "a number of days in code: put it into policy/ with its clause, or list the file with its reason in tidy/code.rs";
            Breach::new(&file.path, number, what)
        })
        .collect();
    for (path, _) in DURATIONS {
        if tree.file(path).is_none() && tree.file("Cargo.toml").is_some() {
            breaches.push(Breach::new(path, 0, "listed in tidy/code.rs and gone: take it off the list"));
        }
    }
    breaches
}

/// No test is switched off.
pub fn ignored(tree: &Tree) -> Vec<Breach> {
    tree.rust()
        .filter_map(|file| file.rust.as_ref().map(|rust| (file, rust)))
        .flat_map(|(file, rust)| rust.code.lines().enumerate().map(move |(i, line)| (file, i + 1, line)))
        .filter(|(file, _, line)| {
            line.trim_start().starts_with("#[ignore") && IGNORED.iter().all(|(path, _)| *path != file.path)
        })
        .map(|(file, number, _)| {
            Breach::new(&file.path, number, "an ignored test proves nothing: mend it or delete it")
        })
        .collect()
}
