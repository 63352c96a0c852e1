//! The law of the house as a test: what no compiler checks is checked here, on the text of the repository.
//!
//! Invariant: every rule names the file and the line and says what to do; every exception stands in a list
//! with its reason; each rule is shown red on a planted breach in `tests/all/tidy.rs`.
//!
//! | rules | where |
//! |---|---|
//! | who may name whom | [`arrows`] |
//! | who may write what | [`code`] |
//! | how files look | [`shape`] |
//! | clauses, words of pages, columns | [`lists`] |

pub mod arrows;
pub mod code;
pub mod lists;
pub mod shape;
mod text;

use std::path::Path;

pub use text::{Literal, Rust};

/// Folders that are not ours or not text.
const SKIPPED: &[&str] = &[".git", "target", "data", "node_modules", "book"];
/// Endings of the files that rules read.
const READ: &[&str] = &["rs", "toml", "sql", "ftl", "md", "sh", "mjs", "js", "css", "json", "yml", "svg"];

/// One file of the repository.
#[derive(Debug)]
pub struct File {
    /// From the root of the repository, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
    /// Code and literals apart, for Rust.
    pub rust: Option<Rust>,
}

impl File {
    /// A file with this text, read as Rust if its name says so.
    pub fn new(path: &str, text: &str) -> Self {
        let rust = Path::new(path).extension().is_some_and(|end| end == "rs").then(|| Rust::read(text));
        Self { path: path.to_owned(), text: text.to_owned(), rust }
    }

    /// The crate it belongs to: `crates/<name>/…`, or `bench`.
    pub fn of_crate(&self) -> Option<&str> {
        let mut parts = self.path.split('/');
        match parts.next()? {
            "crates" => parts.next(),
            "bench" => Some("bench"),
            _ => None,
        }
    }

    /// It holds tests, examples or benches and nothing that ships.
    pub fn is_test(&self) -> bool {
        let path = &self.path;
        ["/tests/", "/examples/", "/benches/"].iter().any(|part| path.contains(part))
            || path.ends_with("/tests.rs")
            || path.ends_with("/test_log.rs")
            || matches!(self.of_crate(), Some("testkit" | "bench"))
    }

    /// Lines of code that ship, with their numbers: no comment, no content of a string, no test module.
    pub fn shipped(&self) -> impl Iterator<Item = (usize, &str)> {
        let rust = self.rust.as_ref().filter(|_| !self.is_test());
        rust.into_iter()
            .flat_map(|rust| rust.code.lines().take(rust.shipped_lines))
            .enumerate()
            .map(|(i, line)| (i + 1, line))
    }

    /// String literals that ship.
    pub fn shipped_literals(&self) -> impl Iterator<Item = &Literal> {
        let rust = self.rust.as_ref().filter(|_| !self.is_test());
        rust.into_iter().flat_map(|rust| rust.literals.iter().filter(|one| one.line <= rust.shipped_lines))
    }
}

/// The repository, or a planted one.
#[derive(Debug, Default)]
pub struct Tree {
    /// Every file that rules read, by path.
    pub files: Vec<File>,
}

impl Tree {
    /// The repository this crate lies in.
    ///
    /// # Errors
    /// When a folder or a file cannot be read.
    pub fn repository() -> std::io::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
        let mut files = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir()? {
                let path = entry?.path();
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
                if path.is_symlink() {
                } else if path.is_dir() {
                    if !SKIPPED.contains(&name.as_str()) {
                        folders.push(path);
                    }
                } else if READ.iter().any(|end| path.extension().is_some_and(|found| found == *end))
                    || name == "Makefile"
                {
                    files.push(File::new(&relative(&root, &path), &read(&path)?));
                }
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files })
    }

    /// A tree of the given files, for planted breaches.
    pub fn planted(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| File::new(path, text)).collect() }
    }

    /// Rust files.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.rust.is_some())
    }

    /// The file at this path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}

#[expect(clippy::disallowed_methods, reason = "tidy reads the sources it judges")]
fn read(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}

fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Where the house's law is broken, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Breach {
    /// File, from the root of the repository.
    pub path: String,
    /// Line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong and what to do.
    pub what: String,
}

impl Breach {
    /// A breach at a line of a file.
    pub fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

impl std::fmt::Display for Breach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// A rule looks at the whole tree and lists the breaches.
pub type Rule = fn(&Tree) -> Vec<Breach>;
