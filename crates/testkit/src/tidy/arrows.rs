//! Arrows point inward only: which crate may name which, ours and theirs, by their Cargo.toml.

use super::{Breach, Tree};

/// Ours: crate → what it may depend on (DESIGN: five rings). `None`: everything.
const OURS: &[(&str, Option<&[&str]>)] = &[
    ("model", Some(&[])),
    ("policy", Some(&["model"])),
    ("tlog", Some(&[])),
    ("vault", Some(&["model", "policy"])),
    ("store", Some(&["model", "tlog"])),
    ("app", Some(&["model", "policy", "tlog", "vault", "store"])),
    ("web", Some(&["app", "model"])),
    ("courier", Some(&["app", "model"])),
    ("hsm", Some(&["model", "vault"])),
    ("server", None),
    ("testkit", None),
    ("bench", None),
];

/// Theirs that stand at a boundary: crate → who may depend on it, and why nobody else.
const THEIRS: &[(&str, &[&str], &str)] = &[
    ("rusqlite", &["store"], "only `store` speaks SQL"),
    ("tokio-postgres", &["store"], "only `store` speaks SQL"),
    ("axum", &["web"], "only `web` listens"),
    ("tower-http", &["web"], "only `web` listens"),
    ("hyper", &["web", "server"], "only `web` listens; `server` has the client of the control socket"),
    ("hyper-util", &["web", "server"], "only `web` listens; `server` has the client of the control socket"),
    ("cryptoki", &["hsm"], "only `hsm` speaks to tokens"),
    ("lettre", &["courier"], "only `courier` dials out"),
    ("reqwest", &[], "outgoing connections are `courier`'s, over what is in the tree"),
    ("ureq", &[], "outgoing connections are `courier`'s, over what is in the tree"),
    (
        "aws-lc-rs",
        &["vault", "tlog", "server"],
        "encryption in `vault`, signatures in `tlog`, entropy and signer in `server`",
    ),
    ("argon2", &["app"], "passwords of operators are hashed in `app::operator`"),
    ("anyhow", &["server"], "errors that others match on are `thiserror` enums"),
];

/// Crates that may take anything, because nothing of them ships.
const FREE: &[&str] = &["testkit", "bench"];

/// Dependencies that `Cargo.toml` names under one heading, with their lines.
fn named<'a>(text: &'a str, heading: &str) -> Vec<(usize, &'a str)> {
    let mut inside = false;
    let mut found = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[') {
            inside = section.trim_end_matches(']') == heading;
        } else if inside && !line.is_empty() && !line.starts_with('#') {
            found.push((i + 1, line.split(['.', '=', ' ']).next().unwrap_or_default()));
        }
    }
    found
}

/// No crate depends outward, and what stands at a boundary is named by its keeper alone.
pub fn arrows(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with("/Cargo.toml")) {
        let Some(name) = file.of_crate() else { continue };
        let Some((_, allowed)) = OURS.iter().find(|(known, _)| *known == name) else {
            let what = format!(
                "crate `{name}` has no ring: give it a row in tidy/arrows.rs and in ARCHITECTURE.md, or make it a module"
            );
            breaches.push(Breach::new(&file.path, 0, what));
            continue;
        };
        let edges = ["dependencies", "build-dependencies", "dev-dependencies"];
        for (heading, line, dependency) in edges.iter().flat_map(|heading| {
            named(&file.text, heading).into_iter().map(move |(line, name)| (heading, line, name))
        }) {
            // Tests of any crate may stand on the test platform, and look at a token past its keeper: nothing of it ships.
            if *heading == "dev-dependencies" && ["testkit", "cryptoki"].contains(&dependency) {
                continue;
            }
            let ours = OURS.iter().any(|(known, _)| *known == dependency);
            if ours && allowed.is_some_and(|allowed| !allowed.contains(&dependency)) {
                let what = format!(
                    "`{name}` must not name `{dependency}`: arrows point inward; ask `app` for it, or move the type to `model`"
                );
                breaches.push(Breach::new(&file.path, line, what));
            }
            let keeper = THEIRS.iter().find(|(known, ..)| *known == dependency);
            if let Some((_, keepers, why)) = keeper
                && !keepers.contains(&name)
                && !FREE.contains(&name)
            {
                let what =
                    format!("`{name}` must not name `{dependency}`: {why}; call the crate that keeps it");
                breaches.push(Breach::new(&file.path, line, what));
            }
        }
        for (line, dependency) in edges.iter().flat_map(|heading| named(&file.text, heading)) {
            let text = file.text.lines().nth(line - 1).unwrap_or_default();
            if !text.contains("workspace = true") {
                let what = format!(
                    "give `{dependency}` its version in the workspace's Cargo.toml and write `{dependency}.workspace = true`"
                );
                breaches.push(Breach::new(&file.path, line, what));
            }
        }
    }
    breaches
}

/// Each direct dependency has its line in the list of reasons.
pub fn reasons(tree: &Tree) -> Vec<Breach> {
    let Some(root) = tree.file("Cargo.toml") else { return Vec::new() };
    let list = tree.file("docs/adr/0002-dependencies.md").map(|file| file.text.as_str()).unwrap_or_default();
    named(&root.text, "workspace.dependencies")
        .into_iter()
        .filter(|(_, name)| !OURS.iter().any(|(known, _)| known == name))
        .filter(|(_, name)| !list.contains(&format!("`{name}`")))
        .map(|(line, name)| {
            let what = format!("`{name}` has no line in docs/adr/0002-dependencies.md: say what it is for and why it and not the next one");
            Breach::new("Cargo.toml", line, what)
        })
        .collect()
}
