//! The policy folder: compiled in, or the one given by `--policy`, which wins as a whole.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use policy::PolicyFiles;

use crate::files;

/// The shipped policy.
#[derive(rust_embed::RustEmbed)]
#[folder = "../../policy/"]
struct Shipped;

/// Whether a file belongs to the policy: tables and notices.
fn is_policy(path: &Path) -> bool {
    path.extension().is_some_and(|suffix| suffix == "toml" || suffix == "md")
}

/// The policy as shipped with the program.
pub fn shipped() -> PolicyFiles {
    let mut texts = BTreeMap::new();
    for path in Shipped::iter().filter(|path| is_policy(Path::new(path.as_ref()))) {
        if let Some(file) = Shipped::get(&path) {
            texts.insert(path.into_owned(), String::from_utf8_lossy(&file.data).into_owned());
        }
    }
    PolicyFiles(texts)
}

/// The policy in a folder: its `.toml` and `.md` files, also those in folders below.
///
/// # Errors
/// When the folder cannot be read, holds no such file, or one of them is no UTF-8.
pub fn from_folder(folder: &Path) -> anyhow::Result<PolicyFiles> {
    let mut texts = BTreeMap::new();
    let found = files::walk(folder).with_context(|| format!("{}: cannot be read", folder.display()))?;
    for file in found {
        let Ok(relative) = file.strip_prefix(folder) else { continue };
        if !is_policy(relative) {
            continue;
        }
        let name = relative.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        let text = files::read_text(&file).with_context(|| format!("{name}: must be UTF-8 text"))?;
        texts.insert(name, text);
    }
    anyhow::ensure!(
        !texts.is_empty(),
        "{}: holds no policy file; give the folder with purposes.toml",
        folder.display()
    );
    Ok(PolicyFiles(texts))
}

/// The given folder's policy, else the shipped one.
///
/// # Errors
/// As [`from_folder`].
pub fn policy_files(folder: Option<&Path>) -> anyhow::Result<PolicyFiles> {
    folder.map_or_else(|| Ok(shipped()), from_folder)
}

/// A notice among the policy files.
pub struct ShippedNotice {
    /// The name of its folder.
    pub version: String,
    /// Its language.
    pub language: model::Locale,
    /// From which day: the folder's name as a date, the first of the month when it names a month.
    pub effective_on: jiff::civil::Date,
    /// Its text.
    pub body: Vec<u8>,
}

/// The notices `notice/<version>/notice.<language>.md`, earliest version first.
pub fn notices(files: &PolicyFiles) -> Vec<ShippedNotice> {
    let mut notices: Vec<ShippedNotice> = files
        .0
        .iter()
        .filter_map(|(path, text)| {
            let (version, name) = path.strip_prefix("notice/")?.split_once('/')?;
            let language = name.strip_prefix("notice.")?.strip_suffix(".md")?.parse().ok()?;
            let effective_on = date_of(version)?;
            Some(ShippedNotice {
                version: version.to_owned(),
                language,
                effective_on,
                body: text.clone().into_bytes(),
            })
        })
        .collect();
    notices.sort_by_key(|notice| (notice.effective_on, notice.language));
    notices
}

fn date_of(version: &str) -> Option<jiff::civil::Date> {
    version.parse().ok().or_else(|| format!("{version}-01").parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_notices_are_there_in_three_languages() {
        let found = notices(&shipped());
        for language in model::Locale::ALL {
            assert!(found.iter().any(|notice| notice.language == language && !notice.body.is_empty()));
        }
        assert_eq!(date_of("2026-11"), "2026-11-01".parse().ok());
        assert_eq!(date_of("2026-11-23"), "2026-11-23".parse().ok());
        assert_eq!(date_of("draft"), None);
    }
}
