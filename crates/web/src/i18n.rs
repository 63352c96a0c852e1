//! The words of every page and letter, from `assets/i18n`, in the language of the person.
//!
//! Invariant: the three languages hold the same keys; a key that a page asks for and that is missing shows
//! itself as `⟦key⟧` and fails the tests of this module.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use model::Locale;
use unic_langid::LanguageIdentifier;

type Bundle = FluentBundle<FluentResource>;

macro_rules! source {
    ($language:literal) => {
        [
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/i18n/", $language, "/main.ftl")),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/i18n/", $language, "/mail.ftl")),
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../assets/i18n/",
                $language,
                "/console.ftl"
            )),
        ]
    };
}

static RU: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::Ru, source!("ru")));
static KK: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::Kk, source!("kk")));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::En, source!("en")));

fn bundle(locale: Locale, sources: [&str; 3]) -> Bundle {
    let language: LanguageIdentifier = locale.as_str().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // The marks that isolate right-to-left text would stand in numbers, addresses and mails.
    bundle.set_use_isolating(false);
    for source in sources {
        // What could be read is used; the tests refuse a file with errors.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The words of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(Locale);

impl Text {
    /// The words of this language.
    pub const fn of(locale: Locale) -> Self {
        Self(locale)
    }

    /// The language.
    pub const fn locale(self) -> Locale {
        self.0
    }

    fn bundle(self) -> &'static Bundle {
        match self.0 {
            Locale::Ru => &RU,
            Locale::Kk => &KK,
            Locale::En => &EN,
        }
    }

    fn format(self, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle().get_message(key)?.value()?;
        let mut faults = Vec::new();
        let text = self.bundle().format_pattern(pattern, args, &mut faults);
        // A date that ends in an abbreviation ends the sentence with the same full stop.
        Some(text.replace("г..", "г.").replace("ж..", "ж."))
    }

    /// The words under a key.
    pub fn get(self, key: &str) -> String {
        self.format(key, None).unwrap_or_else(|| format!("⟦{key}⟧"))
    }

    /// The words under a key that may be missing.
    pub fn find(self, key: &str) -> Option<String> {
        self.format(key, None)
    }

    /// The words under a key with values put in.
    pub fn with(self, key: &str, values: &[(&str, &str)]) -> String {
        self.find_with(key, values).unwrap_or_else(|| format!("⟦{key}⟧"))
    }

    /// The words under a key that may be missing, with values put in.
    pub fn find_with(self, key: &str, values: &[(&str, &str)]) -> Option<String> {
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(*name, FluentValue::from(*value));
        }
        self.format(key, Some(&args))
    }

    /// The words under a key that counts something, in the right plural.
    pub fn count(self, key: &str, count: i64) -> String {
        let mut args = FluentArgs::with_capacity(1);
        args.set("count", FluentValue::from(count));
        self.format(key, Some(&args)).unwrap_or_else(|| format!("⟦{key}⟧"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(sources: [&str; 3]) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for source in sources {
            let resource = FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| errors).unwrap();
            drop(resource);
            for line in source.lines() {
                let name: String = line
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_')
                    .collect();
                if !name.is_empty() && line[name.len()..].trim_start().starts_with('=') {
                    keys.insert(name);
                }
            }
        }
        keys
    }

    #[test]
    fn languages_hold_the_same_keys() {
        let ru = keys(source!("ru"));
        assert!(ru.len() > 700);
        for (name, other) in [("kk", keys(source!("kk"))), ("en", keys(source!("en")))] {
            assert_eq!(ru.difference(&other).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in {name}");
            assert_eq!(other.difference(&ru).collect::<Vec<_>>(), Vec::<&String>::new(), "only in {name}");
        }
    }

    /// Every literal handed to a method of [`Text`] in this crate names a key.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test that reads its own crate")]
    fn every_key_used_exists() {
        let known = keys(source!("ru"));
        let mut missing = Vec::new();
        let mut seen = 0;
        let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("i18n.rs") {
                    let code = std::fs::read_to_string(&path).unwrap();
                    for call in [
                        "t.get(\"",
                        "t.with(\"",
                        "t.count(\"",
                        "text.get(\"",
                        "text.with(\"",
                        "text.count(\"",
                    ] {
                        for part in code.split(call).skip(1) {
                            let key = part.split('"').next().unwrap();
                            seen += 1;
                            if !known.contains(key) {
                                missing.push(format!("{}: {key}", path.display()));
                            }
                        }
                    }
                }
            }
        }
        assert!(seen > 50, "the test must see the keys: {seen}");
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn plurals_follow_the_language() {
        assert_eq!(Text::of(Locale::Ru).count("unit-working-days", 1), "1 рабочий день");
        assert_eq!(Text::of(Locale::Ru).count("unit-working-days", 3), "3 рабочих дня");
        assert_eq!(Text::of(Locale::En).count("unit-working-days", 2), "2 working days");
    }
}
