//! Notices: the published policy, byte for byte, by version and language; which one is in force.
//!
//! A version published in Russian alone is shown in Russian on every page, labelled; the notice shipped
//! with the product never stands in for it. A text that calls itself a draft is shown, and no consent binds it:
//! what a consent binds is [`head_in_force`], what a page shows is [`in_force`] (C19).
//!
//! Clauses: C2, C4.1, C19, C20.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::Date;
use model::{EntryId, EntryKind, Instant, Locale, NoticeId, ProcessingContext, Witness as _};
use policy::Finding;
use sha2::{Digest as _, Sha256};
use store::tables::notices::{self, NoticeRow};

use crate::failure::clause_id;
use crate::{App, Failure};

/// A published notice in one language.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// Its version, the same in all its languages.
    pub version: String,
    /// The language of this text.
    pub language: Locale,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// The bytes as published.
    pub body: Vec<u8>,
    /// From which day it is in force.
    pub effective_on: Date,
    /// When it was published.
    pub published_at: Instant,
    /// `shipped` with the product or `published` by the company.
    pub source: String,
    /// It calls itself a draft: it helps to read, and binds nobody.
    pub draft: bool,
}

impl Notice {
    /// The hash as 64 hexadecimal digits.
    pub fn sha256_hex(&self) -> String {
        self.sha256.iter().fold(String::with_capacity(64), |mut text, byte| {
            use std::fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
    /// The text.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

fn notice(row: NoticeRow, draft: bool) -> Notice {
    Notice {
        draft,
        id: row.notice,
        version: row.version,
        language: row.language.parse().unwrap_or_default(),
        sha256: row.sha256,
        body: row.body,
        effective_on: row.effective_on.parse().unwrap_or_default(),
        published_at: row.published_at,
        source: row.source,
    }
}

/// All published notices with their bytes, newest version first.
///
/// # Errors
/// Faults of the store.
pub fn list(app: &App) -> Result<Vec<Notice>, Failure> {
    heads(app)?.iter().map(|head| with_body(app, head.clone())).collect()
}

/// The heads of all notices as last read, where no other process publishes: a form asks for them at each press.
#[derive(Default)]
pub(crate) struct Resident {
    /// How often something was published, and the heads, once read.
    heads: RwLock<(u64, Option<Arc<[Notice]>>)>,
    /// Which texts call themselves drafts; a published text never changes.
    drafts: RwLock<BTreeMap<NoticeId, bool>>,
}

impl Resident {
    fn get(&self) -> (u64, Option<Arc<[Notice]>>) {
        let held = self.heads.read().unwrap_or_else(PoisonError::into_inner);
        (held.0, held.1.clone())
    }

    /// Keeps what was read, unless something was published while it was read.
    fn keep(&self, publications: u64, heads: &Arc<[Notice]>) {
        let mut held = self.heads.write().unwrap_or_else(PoisonError::into_inner);
        if held.0 == publications {
            held.1 = Some(Arc::clone(heads));
        }
    }

    /// Something was published.
    fn forget(&self) {
        let mut held = self.heads.write().unwrap_or_else(PoisonError::into_inner);
        *held = (held.0 + 1, None);
    }
}

/// All published notices without their bytes, newest version first.
fn heads(app: &App) -> Result<Arc<[Notice]>, Failure> {
    let (publications, resident) = app.notices().get();
    if let Some(resident) = resident.filter(|_| app.store().is_alone()) {
        return Ok(resident);
    }
    let mut all = Vec::new();
    for row in app.store().read(notices::list)? {
        let draft = is_draft(app, &row)?;
        all.push(notice(row, draft));
    }
    all.sort_by_key(|one| std::cmp::Reverse((one.effective_on, one.published_at, one.language)));
    let all = all.into();
    app.notices().keep(publications, &all);
    Ok(all)
}

fn is_draft(app: &App, row: &NoticeRow) -> Result<bool, Failure> {
    let (drafts, id) = (&app.notices().drafts, row.notice);
    if let Some(known) = drafts.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
        return Ok(*known);
    }
    let body =
        app.store().read(move |tx| notices::fetch(tx, id))?.map(|whole| whole.body).unwrap_or_default();
    let locale = row.language.parse().unwrap_or_default();
    let draft = policy::check::is_draft(app.policy_files(), locale, &String::from_utf8_lossy(&body));
    drafts.write().unwrap_or_else(PoisonError::into_inner).insert(id, draft);
    Ok(draft)
}

fn with_body(app: &App, head: Notice) -> Result<Notice, Failure> {
    let (id, draft) = (head.id, head.draft);
    Ok(app.store().read(move |tx| notices::fetch(tx, id))?.map_or(head, |row| notice(row, draft)))
}

/// The languages of the version in force on this day, newest publication of each first.
fn version_in_force(all: &[Notice], today: Date) -> impl Iterator<Item = &Notice> + Clone {
    let version = all.iter().find(|one| one.effective_on <= today).map(|one| &one.version);
    all.iter().filter(move |one| Some(&one.version) == version)
}

/// The text in this language, else the Russian one, else whichever there is.
fn pick<'a>(candidates: impl Iterator<Item = &'a Notice>, locale: Locale) -> Result<Notice, Failure> {
    let rank = |one: &Notice| (one.language != locale, one.language != Locale::Ru);
    candidates.min_by_key(|one| rank(one)).cloned().ok_or(Failure::NotFound)
}

/// What a consent binds: the notice in force without its bytes, in this language if it was published in it,
/// else in Russian, else as published; a draft only if there is nothing else.
///
/// # Errors
/// `NotFound` before the first publication.
pub fn head_in_force(app: &App, locale: Locale, at: Instant) -> Result<Notice, Failure> {
    let all = heads(app)?;
    let texts = version_in_force(&all, today(app, at));
    pick(texts.clone().filter(|one| !one.draft), locale).or_else(|_| pick(texts, locale))
}

/// What a page in this language shows: the text in force with its bytes, a draft too.
///
/// # Errors
/// As [`head_in_force`].
pub fn in_force(app: &App, locale: Locale, at: Instant) -> Result<Notice, Failure> {
    let head = pick(version_in_force(&heads(app)?, today(app, at)), locale)?;
    with_body(app, head)
}

fn today(app: &App, at: Instant) -> Date {
    app.policy().calendar().almaty_date(at.micros())
}

/// The languages in which the version in force was published.
///
/// # Errors
/// Faults of the store.
pub fn languages_in_force(app: &App, at: Instant) -> Result<Vec<Locale>, Failure> {
    let mut languages: Vec<Locale> =
        version_in_force(&heads(app)?, today(app, at)).map(|one| one.language).collect();
    languages.sort_unstable();
    languages.dedup();
    Ok(languages)
}

/// A version in a language, falling back like [`in_force`].
///
/// # Errors
/// `NotFound`.
pub fn fetch(app: &App, version: &str, locale: Locale) -> Result<Notice, Failure> {
    let head = pick(heads(app)?.iter().filter(|one| one.version == version), locale)?;
    with_body(app, head)
}

/// A notice to publish.
pub struct Publication {
    /// Its language.
    pub language: Locale,
    /// From which day it is in force.
    pub effective_on: Date,
    /// Its version; the effective date unless given.
    pub version: Option<String>,
    /// The Markdown, byte for byte.
    pub body: Vec<u8>,
    /// `shipped` or `published`.
    pub source: &'static str,
}

/// Publishes a notice. Findings of `check` are returned beside it and never stop a company from publishing
/// its own text; only what cannot be shown at all does.
///
/// # Errors
/// `notice-not-text` for bytes that are no UTF-8, `notice-empty`; `Conflict("notice-exists")` when that
/// version has other bytes in that language already.
pub fn publish(
    app: &App,
    ctx: &ProcessingContext,
    publication: Publication,
) -> Result<(Notice, Vec<Finding>), Failure> {
    let text = String::from_utf8(publication.body.clone())
        .map_err(|_| Failure::violation("notice-not-text", "C19"))?;
    if text.trim().is_empty() {
        return Err(Failure::violation("notice-empty", "C19"));
    }
    let findings = policy::check::check(app.policy_files(), Some(("notice.md", &text)));
    let version = publication.version.unwrap_or_else(|| publication.effective_on.to_string());
    let sha256: [u8; 32] = Sha256::digest(&publication.body).into();
    let row = NoticeRow {
        notice: NoticeId::new(ctx.at, app.entropy()),
        version,
        language: publication.language.as_str().to_owned(),
        sha256,
        body: publication.body,
        effective_on: publication.effective_on.to_string(),
        published_at: ctx.at,
        source: publication.source.to_owned(),
    };
    let entry = model::Entry {
        id: EntryId::new(ctx.at, app.entropy()),
        at: ctx.at,
        kind: EntryKind::NoticePublished,
        purpose: None,
        categories: Vec::new(),
        actor: ctx.actor,
        clause: clause_id("C19"),
        recipient: None,
        subjects: 0,
        payload: Some(sha256),
        note: model::CategoryCode::new(publication.language.as_str()).ok(),
    };
    let line = app.bare_line(entry);
    let stored = row.clone();
    let outcome = app.store().write(move |tx| {
        let same = notices::list(tx)?
            .into_iter()
            .find(|held| held.version == stored.version && held.language == stored.language);
        if let Some(held) = same {
            return Ok(if held.sha256 == stored.sha256 { Ok(Some(held)) } else { Err(()) });
        }
        notices::insert(tx, &stored)?;
        tx.append(line.clone())?;
        Ok(Ok(None))
    });
    app.notices().forget();
    match outcome? {
        Ok(held) => {
            let row = held.unwrap_or(row);
            let draft = is_draft(app, &row)?;
            Ok((notice(row, draft), findings))
        }
        Err(()) => Err(Failure::Conflict("notice-exists")),
    }
}
