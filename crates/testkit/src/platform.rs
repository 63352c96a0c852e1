//! A whole server without its doors, and people to fill in its forms.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use app::intake::{ConsentInput, Submission, Submitted};
use app::outbox::{Addressed, Letter, Letters, Transport, Undelivered};
use app::{App, Failure, Location, Settings};
use model::platform::{MockClock, SeededEntropy};
use model::{
    Actor, CategoryCode, FormId, Instant, Locale, OperatorId, Principal, Private, ProcessingContext,
    PurposeId, RoleId, SubjectId,
};
use policy::{Policy, PolicyFiles};
use vault::{MemoryKeystore, Vault};

/// When the story begins: a Monday.
pub const MONDAY: &str = "2026-11-23T09:00:00Z";
/// The form most people fill in.
const CONSULTATION: FormId = match FormId::new("consultation") {
    Ok(form) => form,
    Err(_) => unreachable!(),
};
/// The repository's root.
pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A server without its doors.
pub struct Platform {
    /// The use cases.
    pub app: App,
    /// The clock; stands still until moved.
    pub clock: Arc<MockClock>,
    /// The keystore, which survives a restart.
    pub keystore: Arc<MemoryKeystore>,
    folder: tempfile::TempDir,
    data: PathBuf,
    files: Arc<PolicyFiles>,
    entropy: Arc<SeededEntropy>,
    smtp: bool,
}

/// Where the platform stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    country: Option<&'a str>,
    max_bytes: Option<u64>,
    smtp: bool,
}

impl Place<'_> {
    const HOME: Self = Self { country: Some("KZ"), max_bytes: None, smtp: false };

    const fn with_smtp(smtp: bool) -> Self {
        Self { smtp, ..Self::HOME }
    }
}

/// What the platform cannot do: a test that meets it fails.
pub type Broken = Box<dyn std::error::Error + Send + Sync>;

impl Platform {
    /// A fresh server on an empty folder with the shipped policy.
    ///
    /// # Errors
    /// When the shipped policy or the store is broken.
    pub fn new() -> Result<Self, Broken> {
        Self::with_files(|_| {})
    }

    /// The same with policy files changed before they are loaded.
    ///
    /// # Errors
    /// As [`Platform::new`].
    pub fn with_files(change: impl FnOnce(&mut BTreeMap<String, String>)) -> Result<Self, Broken> {
        Self::build(change, Place::HOME)
    }

    /// The same with everything standing in this country, or nowhere declared.
    ///
    /// # Errors
    /// As [`Platform::new`].
    pub fn with_locations(country: Option<&str>) -> Result<Self, Broken> {
        Self::build(|_| {}, Place { country, ..Place::HOME })
    }

    /// The same on a disk that is full at so many bytes.
    ///
    /// # Errors
    /// As [`Platform::new`].
    pub fn with_max_bytes(max_bytes: u64) -> Result<Self, Broken> {
        Self::build(|_| {}, Place { max_bytes: Some(max_bytes), ..Place::HOME })
    }

    /// The same with a mail server configured; give `run_due` a transport.
    ///
    /// # Errors
    /// As [`Platform::new`].
    pub fn with_smtp() -> Result<Self, Broken> {
        Self::build(|_| {}, Place::with_smtp(true))
    }

    fn build(change: impl FnOnce(&mut BTreeMap<String, String>), place: Place<'_>) -> Result<Self, Broken> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        let mut files = shipped_files()?;
        change(&mut files);
        let entropy = Arc::new(SeededEntropy::new(42));
        let keystore = Arc::new(MemoryKeystore::new(&*entropy));
        let clock = Arc::new(MockClock::at(MONDAY.parse()?));
        let files = Arc::new(PolicyFiles(files));
        let app = build(&data, &files, &clock, &entropy, &keystore, place)?;
        let platform = Self { app, clock, keystore, folder, data, files, entropy, smtp: place.smtp };
        app::keys::ensure_epoch(&platform.app)?;
        platform.publish_shipped()?;
        Ok(platform)
    }

    fn publish_shipped(&self) -> Result<(), Broken> {
        for locale in Locale::ALL {
            let path = format!("notice/2026-11/notice.{locale}.md");
            let body = self.files.get(&path).ok_or("a shipped notice is missing")?.as_bytes().to_vec();
            let publication = app::notice::Publication {
                language: locale,
                effective_on: "2026-11-01".parse()?,
                version: Some("2026-11".into()),
                body,
                source: "shipped",
            };
            app::notice::publish(&self.app, &self.app.system(), publication)?;
        }
        Ok(())
    }

    /// Closes the store and opens the same folder again, as a restart does.
    ///
    /// # Errors
    /// When the folder does not open.
    pub fn restart(self) -> Result<Self, Broken> {
        let Self { app, clock, keystore, folder, data, files, entropy, smtp } = self;
        drop(app);
        let app = build(&data, &files, &clock, &entropy, &keystore, Place::with_smtp(smtp))?;
        Ok(Self { app, clock, keystore, folder, data, files, entropy, smtp })
    }

    /// Closes the store, lets an intruder write into it past every rule, and opens it again.
    ///
    /// # Errors
    /// When the folder does not open or the intruder's unit fails.
    pub fn tampered(
        self,
        unit: impl FnMut(&mut store::Tx<'_>) -> Result<(), store::Fault> + Send + 'static,
    ) -> Result<Self, Broken> {
        let Self { app, clock, keystore, folder, data, files, entropy, smtp } = self;
        drop(app);
        let signer = Arc::new(tlog::Ed25519Signer::from_seed("senim.test", &[9; 32])?);
        let options = store::Options {
            path: data.clone(),
            log: signer,
            max_bytes: None,
            readers: 1,
            server: crate::family::server(&data),
        };
        store::Store::open(options)?.write(unit)?;
        let app = build(&data, &files, &clock, &entropy, &keystore, Place::with_smtp(smtp))?;
        Ok(Self { app, clock, keystore, folder, data, files, entropy, smtp })
    }

    /// Opens another data folder with the same keystore, as after a restore.
    ///
    /// # Errors
    /// When the folder does not open.
    pub fn open_other(&self, data: &Path) -> Result<App, Broken> {
        build(data, &self.files, &self.clock, &self.entropy, &self.keystore, Place::HOME)
    }

    /// Another server on the same database and keystore, with a folder of its own; `None` on the embedded database,
    /// which one process holds.
    ///
    /// # Errors
    /// When it does not open.
    pub fn beside_me(&self) -> Result<Option<App>, Broken> {
        let Some(server) = crate::family::server(&self.data) else { return Ok(None) };
        let entropy = Arc::new(SeededEntropy::new(43));
        let data = self.beside("another node");
        build_on(&data, Some(server), &self.files, &self.clock, &entropy, &self.keystore, Place::HOME)
            .map(Some)
    }

    /// Waits until every entry that was written has its place in the log: on a server that takes a moment.
    ///
    /// # Errors
    /// Faults of the store; a sequencer that stands still.
    pub fn settle(&self) -> Result<(), Broken> {
        if app::log::settle(&self.app)? { Ok(()) } else { Err("the sequencer stands still".into()) }
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }
    /// A path beside the data folder, gone with the platform.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
    /// Moves the clock on.
    pub fn wait_hours(&self, hours: i64) {
        self.clock.advance_seconds(hours * 3600);
    }

    /// A context of staff in a role.
    ///
    /// # Errors
    /// When the role's code is not well formed.
    pub fn staff(&self, role: &str) -> Result<ProcessingContext, Broken> {
        let operator = OperatorId::from_bytes([7; 16]);
        Ok(ProcessingContext {
            actor: Actor { principal: Principal::Operator(operator), role: RoleId::new(role)? },
            at: self.app.now(),
            locale: Locale::Ru,
        })
    }

    /// The context of the person himself.
    pub fn own(&self, subject: SubjectId) -> ProcessingContext {
        ProcessingContext {
            actor: Actor { principal: Principal::DataSubject(subject), role: app::code::DATA_SUBJECT },
            at: self.app.now(),
            locale: Locale::Ru,
        }
    }

    /// Fills in the consultation form.
    ///
    /// # Errors
    /// Whatever the intake says.
    pub fn submit(&self, person: &Person) -> Result<Submitted, Failure> {
        app::intake::submit(&self.app, &self.app.visitor(Locale::Ru), &person.submission())
    }

    /// The values a role sees for a purpose.
    ///
    /// # Errors
    /// Whatever the gate says.
    pub fn read(
        &self,
        role: &str,
        subject: SubjectId,
        purpose: &str,
    ) -> Result<Vec<(CategoryCode, String)>, Failure> {
        let ctx = self.staff(role).map_err(|_| Failure::NotFound)?;
        let purpose = PurposeId::new(purpose).map_err(|_| Failure::NotFound)?;
        let view = app::access::data(&self.app, &ctx, subject, purpose, &[])?;
        Ok(view.values.iter().map(|value| (value.category, value.value.expose().clone())).collect())
    }
}

fn build(
    data: &Path,
    files: &Arc<PolicyFiles>,
    clock: &Arc<MockClock>,
    entropy: &Arc<SeededEntropy>,
    keystore: &Arc<MemoryKeystore>,
    place: Place<'_>,
) -> Result<App, Broken> {
    build_on(data, crate::family::server(data), files, clock, entropy, keystore, place)
}

fn build_on(
    data: &Path,
    server: Option<store::Server>,
    files: &Arc<PolicyFiles>,
    clock: &Arc<MockClock>,
    entropy: &Arc<SeededEntropy>,
    keystore: &Arc<MemoryKeystore>,
    place: Place<'_>,
) -> Result<App, Broken> {
    let policy = Policy::load(files)
        .map_err(|findings| findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let signer: Arc<dyn tlog::Signer> = Arc::new(tlog::Ed25519Signer::from_seed("senim.test", &[9; 32])?);
    let store = store::Store::open(store::Options {
        path: data.to_owned(),
        log: signer.clone(),
        max_bytes: place.max_bytes,
        readers: 2,
        server,
    })?;
    let vault = Vault::new(keystore.clone(), clock.clone())?;
    let settings = Settings {
        base_url: "http://127.0.0.1:8080".into(),
        rehearsal: false,
        locations: ["database", "keystore", "backups", "mail"]
            .map(|what| Location {
                what: what.into(),
                country: place.country.map(str::to_owned),
                place: "test".into(),
            })
            .to_vec(),
        smtp: place.smtp,
        mail_from: "privacy@example.kz".into(),
        backup_dir: data.join("backups"),
    };
    Ok(App::new(
        Arc::new(policy),
        files.clone(),
        store,
        vault,
        clock.clone(),
        entropy.clone(),
        signer,
        settings,
        Arc::new(PlainLetters),
    ))
}

/// The shipped policy folder as texts.
///
/// # Errors
/// When a file cannot be read.
#[expect(clippy::disallowed_methods, reason = "the test platform reads the repository's own files")]
pub fn shipped_files() -> Result<BTreeMap<String, String>, Broken> {
    fn walk(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> Result<(), Broken> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                walk(&entry.path(), &format!("{name}/"), files)?;
            } else {
                files.insert(name, std::fs::read_to_string(entry.path())?);
            }
        }
        Ok(())
    }
    let mut files = BTreeMap::new();
    walk(&Path::new(ROOT).join("policy"), "", &mut files)?;
    Ok(files)
}

struct PlainLetters;

impl Letters for PlainLetters {
    fn render(&self, _: Locale, template: &str, variables: &[(String, String)]) -> Option<Letter> {
        let lines: Vec<String> = variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Some(Letter { subject: template.to_owned(), body: lines.join("\n") })
    }
}

/// A mail trap: keeps what was sent.
#[derive(Default)]
pub struct Trap {
    /// Recipient, subject and body of each letter.
    pub letters: Mutex<Vec<(String, String, String)>>,
}

impl Transport for Trap {
    fn send(&self, letter: &Addressed) -> Result<(), Undelivered> {
        let kept = (letter.to.expose().clone(), letter.letter.subject.clone(), letter.letter.body.clone());
        self.letters.lock().map_err(|_| Undelivered::Later("trap".into()))?.push(kept);
        Ok(())
    }
}

/// Somebody who fills in a form.
#[derive(Clone)]
pub struct Person {
    /// Field names and values as typed.
    pub values: Vec<(String, String)>,
    /// Boxes ticked.
    pub purposes: Vec<PurposeId>,
    /// The declaration of age.
    pub adult: bool,
    /// The form.
    pub form: FormId,
    /// The notice version shown.
    pub notice: String,
}

impl Person {
    /// Айгүл, who asks for a consultation and wants information too.
    pub fn aigul() -> Self {
        Self::named("Айгүл", "+7 701 123 45 67", "aigul@example.kz")
    }

    /// Anybody.
    pub fn named(given_name: &str, phone: &str, email: &str) -> Self {
        Self {
            values: vec![
                ("given_name".into(), given_name.into()),
                ("phone".into(), phone.into()),
                ("email".into(), email.into()),
            ],
            purposes: ["p8-2", "p8-4"].into_iter().filter_map(|code| PurposeId::new(code).ok()).collect(),
            adult: true,
            form: CONSULTATION,
            notice: "2026-11".into(),
        }
    }

    /// The same with another value in a field.
    #[must_use]
    pub fn with(mut self, field: &str, value: &str) -> Self {
        self.values.retain(|(name, _)| name != field);
        self.values.push((field.into(), value.into()));
        self
    }

    /// What the form sends.
    pub fn submission(&self) -> Submission {
        let form = self.form;
        Submission {
            form,
            values: self
                .values
                .iter()
                .map(|(name, value)| (name.clone(), Private::new(value.clone())))
                .collect(),
            consent: ConsentInput {
                notice_version: self.notice.clone(),
                purposes: self.purposes.clone(),
                adult: self.adult,
                shown_sha256: None,
                button: "Запросить консультацию".into(),
                channel: "web-form",
            },
            representative: false,
            source: None,
            idempotency: None,
        }
    }
}

/// The instant of a text.
///
/// # Errors
/// When it is none.
pub fn at(text: &str) -> Result<Instant, Broken> {
    Ok(text.parse()?)
}
