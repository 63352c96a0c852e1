//! The path of a person and an operator in a real browser: three languages, two themes, a narrow screen, paper,
//! the keyboard alone, no scripts. What it finds stands in the test's output, screenshots in target/screenshots.

use std::path::Path;
use std::process::Command;

use testkit::process::Server;

#[test]
fn the_whole_path_in_three_languages() {
    let data = tempfile::tempdir().expect("a folder for the data");
    let server = Server::start(&data.path().join("data"), &[], &[]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let ours = root.join("target/tools/node");
    let node = if ours.exists() { ours } else { "node".into() };
    let status = Command::new(node)
        .arg(root.join("crates/testkit/browser/run.mjs"))
        .env("SENIM_BASE_URL", &server.address)
        .env("SENIM_SETUP_LINK", server.setup_link.as_deref().expect("nobody is set up yet"))
        .env("SENIM_SHOTS", root.join("target/screenshots"))
        .status()
        .expect("Node.js is missing: scripts/setup.sh test installs it");
    assert!(status.success(), "the browser found problems: they stand above");
}
