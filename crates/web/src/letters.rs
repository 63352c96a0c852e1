//! Letters from `assets/i18n/<lang>/mail.ftl`: subject and body of a template, footer, draft and rehearsal marks.
//!
//! Clauses: C4.3, C7.

use std::sync::Arc;

use app::Settings;
use app::outbox::{Letter, Letters};
use app::policy::Policy;
use model::Locale;

use crate::i18n::Text;

/// What stands in every letter unless the job says otherwise.
#[derive(Clone, Debug, Default)]
struct Sender {
    company: [(Locale, String); 3],
    mailbox: String,
    base_url: String,
    code_minutes: u32,
    rehearsal: bool,
}

struct Wording(Sender);

/// The letters of this server, in the words of `assets/i18n`.
pub fn letters(policy: &Policy, settings: &Settings) -> Arc<dyn Letters> {
    let controller = policy.controller();
    Arc::new(Wording(Sender {
        company: Locale::ALL.map(|locale| (locale, controller.name.get(locale).to_owned())),
        mailbox: controller.mailbox.clone(),
        base_url: settings.base_url.clone(),
        code_minutes: policy.limits().signin_code_minutes,
        rehearsal: settings.rehearsal,
    }))
}

impl Letters for Wording {
    fn render(&self, locale: Locale, template: &str, variables: &[(String, String)]) -> Option<Letter> {
        let t = Text::of(locale);
        let sender = &self.0;
        let company =
            sender.company.iter().find(|(known, _)| *known == locale).map_or("", |(_, name)| name.as_str());
        let link = format!("{}/{locale}/account", sender.base_url);
        let not_me = format!("{}/{locale}/not-me", sender.base_url);
        let minutes = sender.code_minutes.to_string();
        let unknown = t.get("site-not-given");
        let mut values: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        for (name, value) in [
            ("company", company),
            ("mailbox", sender.mailbox.as_str()),
            ("link", link.as_str()),
            ("not_me_link", not_me.as_str()),
            ("minutes", minutes.as_str()),
            ("date", unknown.as_str()),
            ("time", unknown.as_str()),
            ("number", unknown.as_str()),
            ("version", unknown.as_str()),
        ] {
            if !values.iter().any(|(given, _)| *given == name) {
                values.push((name, value));
            }
        }
        let subject = t.find_with(&format!("mail-{template}-subject"), &values)?;
        let mut body = t.find_with(&format!("mail-{template}-body"), &values)?;
        body.push_str("\n\n");
        body.push_str(t.with("mail-footer", &values).trim_start_matches('\n'));
        if locale == Locale::Kk {
            body.push_str("\n\n");
            body.push_str(&t.get("mail-draft"));
        }
        if sender.rehearsal {
            body.push_str("\n\n");
            body.push_str(&t.get("mail-rehearsal"));
        }
        body.push('\n');
        // A header of one line, whatever a variable holds.
        let subject = subject.replace(['\r', '\n'], " ");
        Some(Letter { subject, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every template that a use case names.
    const TEMPLATES: &[&str] =
        &["sign-in-code", "consent-given", "data-changed", "withdrawal-done", "erasure-done"];

    #[test]
    fn letters_render_in_three_languages_without_holes() {
        let letters = Wording(Sender {
            company: Locale::ALL.map(|locale| (locale, "Үлгі".to_owned())),
            mailbox: "privacy@example.kz".into(),
            base_url: "https://privacy.example.kz".into(),
            code_minutes: 10,
            rehearsal: true,
        });
        for locale in Locale::ALL {
            for template in TEMPLATES {
                let letter = letters.render(locale, template, &[("code".into(), "12345678".into())]).unwrap();
                assert!(!letter.body.contains("{$") && !letter.body.contains('⟦'), "{}", letter.body);
                assert!(!letter.subject.is_empty() && !letter.subject.contains('\n'));
            }
            assert!(letters.render(locale, "no-such", &[]).is_none());
        }
        let code = letters.render(Locale::Ru, "sign-in-code", &[("code".into(), "12345678".into())]).unwrap();
        assert!(code.body.contains("12345678") && code.body.contains("10"));
    }
}
