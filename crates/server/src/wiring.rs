//! Putting the parts together: a data folder becomes an [`Instance`].
//!
//! The first start makes, in this order: keystore roots → `about.toml` → database → first key epoch → the
//! shipped notices. A start cut short anywhere is finished by the next one.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use app::App;
use app::outbox::{Addressed, Transport, Undelivered};
use courier::{Credentials, Encryption, Smtp};
use model::{Clock, Instant, Private};
use policy::{Policy, PolicyFiles, Severity};
use store::Store;
use vault::{Keystore as _, Root, Vault};

use crate::clock::{RehearsalClock, Resumable, StandingClock, SystemClock};
use crate::config::{Config, SmtpTls};
use crate::data_folder::{self, About};
use crate::embedded;
use crate::entropy::SystemEntropy;
use crate::files;
use crate::provider::{Found, Provider};

/// Reader connections of the database.
const READERS: usize = 4;
/// How long the mail server may take to connect and to answer.
const SMTP_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(20);

/// An open data folder with everything that works on it.
pub struct Instance {
    /// The use cases.
    pub app: App,
    /// The keys.
    pub keystore: Arc<Provider>,
    /// The configuration, with absolute paths.
    pub config: Config,
    /// What the folder is.
    pub about: About,
    /// How letters leave, if they do.
    pub transport: Option<Arc<dyn Transport>>,
    /// Its name among the nodes of its database, unless a command opened it.
    pub node: Option<String>,
    /// Held while keys move: a rotation and a key backup exclude each other.
    pub keys_at_rest: Mutex<()>,
}

/// How a folder is opened.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    /// Make the folder if it is not there.
    pub create: bool,
    /// Time comes from this file.
    pub rehearsal_clock: Option<PathBuf>,
    /// A command, not a server: a rehearsal's clock may stand still.
    pub command: bool,
}

/// Reads and compiles the policy.
///
/// # Errors
/// The folder cannot be read; every error in it, one per line.
pub fn load_policy(folder: Option<&Path>) -> anyhow::Result<(Policy, PolicyFiles)> {
    let files = embedded::policy_files(folder)?;
    match Policy::load(&files) {
        Ok(policy) => Ok((policy, files)),
        Err(findings) => {
            let lines: Vec<String> = findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .map(|finding| {
                    format!("  {}:{}:{}: {}", finding.file, finding.line, finding.column, finding.message)
                })
                .collect();
            anyhow::bail!("the policy cannot be used; run `senim check`:\n{}", lines.join("\n"))
        }
    }
}

/// Opens a data folder, or makes one.
///
/// # Errors
/// Locked ([`is_locked`]), of another version, damaged, foreign; a policy with errors; settings that cannot be
/// used. Each says what to do.
pub fn open(config: &Config, opening: &Opening) -> anyhow::Result<Instance> {
    let config = Config {
        data: data_folder::absolute(&config.data)?,
        backup: crate::config::BackupSection {
            dir: Some(data_folder::absolute(&config.backup_dir())?),
            keys_dir: Some(data_folder::absolute(&config.backup_keys_dir())?),
            ..config.backup.clone()
        },
        keystore: crate::config::KeystoreSection {
            dir: Some(data_folder::absolute(&config.keystore_dir())?),
            ..config.keystore.clone()
        },
        ..config.clone()
    };
    let folder = &config.data;
    let (policy, policy_files) = load_policy(config.policy.as_deref())?;
    let found = About::read(folder)?;
    anyhow::ensure!(
        found.is_some() || opening.create,
        "{}: is no data folder; `senim serve` makes one",
        folder.display()
    );
    let keystore = Found::open(&config)?;
    // A folder without a name joins the instance of its token.
    let named = found.as_ref().or(keystore.about()).cloned();
    let rehearsal = named.as_ref().map_or(opening.rehearsal_clock.is_some(), |about| about.rehearsal);
    let clock = clock_for(opening, rehearsal)?;
    let is_made = named.is_none();
    let (about, keystore) = match named {
        Some(about) => {
            let keystore = keystore.of(&about)?;
            ensure_database(&config, &keystore)?;
            if found.is_none() {
                make_folder(folder, &about)?;
            }
            (about, keystore)
        }
        None => make(&config, keystore, rehearsal, clock.now())?,
    };
    let keystore = Arc::new(keystore);
    let seed = keystore.root(Root::Log)?;
    let signer = Arc::new(tlog::Ed25519Signer::from_seed(&about.origin, seed.expose())?);
    let store = Store::open(store::Options {
        path: folder.clone(),
        log: signer.clone(),
        max_bytes: config.max_bytes,
        readers: READERS,
        server: config.database.as_ref().map(crate::config::DatabaseSection::server).transpose()?,
    });
    if is_made && matches!(store, Err(store::Fault::OtherKeys)) {
        // The database is somebody's: this was no first start, and leaves no instance that never was.
        keystore.unmake()?;
        files::remove(&folder.join(data_folder::ABOUT))?;
    }
    let store = store?;
    if let Some(latest) = app::upkeep::latest(&store)? {
        clock.not_before(latest);
    }
    let clock: Arc<dyn Clock> = clock;
    let transport = transport(&config, about.rehearsal, &clock)?;
    let vault = Vault::new(keystore.clone(), clock.clone())?;
    let settings = settings(&config, &about, &policy, transport.is_some(), keystore.place());
    let letters = web::letters(&policy, &settings);
    let app = App::new(
        Arc::new(policy),
        Arc::new(policy_files),
        store,
        vault,
        clock,
        Arc::new(SystemEntropy),
        signer,
        settings,
        letters,
    );
    let node = (!opening.command).then(|| files::hex(&model::platform::random::<8>(&SystemEntropy)));
    // Before anything is done in the name of a policy that the others do not go by.
    if let Some(misfit) = app::node::join(&app, node.as_deref(), config.clock_apart_max())? {
        return Err(misfit.into());
    }
    app::keys::ensure_epoch(&app)?;
    publish_shipped(&app)?;
    Ok(Instance { app, keystore, config, about, transport, node, keys_at_rest: Mutex::new(()) })
}

/// Whether an opening failed because another process holds the folder.
pub fn is_locked(fault: &anyhow::Error) -> bool {
    matches!(fault.downcast_ref(), Some(store::Fault::Locked))
}

/// A folder whose keys were used has a database. An empty one in its place would begin the log anew under the
/// same name, and two histories with one signature prove nothing.
///
/// # Errors
/// When the file is not there.
fn ensure_database(config: &Config, keystore: &Provider) -> anyhow::Result<()> {
    let file = config.data.join(data_folder::DATABASE);
    let stands = config.database.is_some() || file.metadata().is_ok_and(|meta| meta.len() > 0);
    anyhow::ensure!(
        stands || keystore.epochs()?.is_empty(),
        "{}: is missing or empty, and the keystore says that it stood; restore from a pair of backups",
        file.display()
    );
    Ok(())
}

fn make(config: &Config, keystore: Found, rehearsal: bool, at: Instant) -> anyhow::Result<(About, Provider)> {
    let folder = &config.data;
    files::create_folder(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
    data_folder::ensure_fresh(folder)?;
    let about = About::new(config, rehearsal, at, &SystemEntropy);
    let keystore = keystore.make(&about, &SystemEntropy)?;
    make_folder(folder, &about)?;
    Ok((about, keystore))
}

fn make_folder(folder: &Path, about: &About) -> anyhow::Result<()> {
    files::create_folder(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
    data_folder::ensure_fresh(folder)?;
    about.write(folder)
}

fn clock_for(opening: &Opening, rehearsal: bool) -> anyhow::Result<Arc<dyn Resumable>> {
    match (&opening.rehearsal_clock, rehearsal) {
        (Some(file), true) => Ok(Arc::new(RehearsalClock::new(file)?)),
        (Some(_), false) => {
            anyhow::bail!("this data folder is real: a rehearsal needs a folder made with --rehearsal-clock")
        }
        (None, true) if opening.command => Ok(Arc::new(StandingClock::default())),
        (None, true) => {
            anyhow::bail!("this data folder is a rehearsal for ever: give --rehearsal-clock FILE")
        }
        (None, false) => Ok(Arc::new(SystemClock::new())),
    }
}

/// The SMTP settings, ready to send; `None` when no mail server is configured.
fn transport(
    config: &Config,
    rehearsal: bool,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<Option<Arc<dyn Transport>>> {
    let Some(section) = config.smtp.as_ref().filter(|section| !section.host.is_empty()) else {
        return Ok(None);
    };
    let credentials = match (&section.username, &section.password_file) {
        (Some(name), Some(file)) => {
            let text =
                files::read_text(file).with_context(|| format!("{}: cannot be read", file.display()))?;
            Some(Credentials { name: name.clone(), password: Private::new(text.trim_end().to_owned()) })
        }
        (None, None) => None,
        _ => anyhow::bail!("smtp.username and smtp.password_file belong together: give both or neither"),
    };
    let root_certificate = match &section.root_certificate {
        Some(file) => Some(files::read(file).with_context(|| format!("{}: cannot be read", file.display()))?),
        None => None,
    };
    let encryption = match section.tls {
        SmtpTls::StartTls => Encryption::StartTls,
        SmtpTls::Implicit => Encryption::Implicit,
        SmtpTls::None => Encryption::None,
    };
    let settings = courier::Settings {
        host: section.host.clone(),
        port: section.port,
        encryption,
        credentials,
        root_certificate,
        timeout: SMTP_TIMEOUT,
        rehearsal,
    };
    Ok(Some(Arc::new(Reporting(Smtp::new(&settings, clock.clone())?))))
}

/// Tells the log why a letter did not leave: a code, never an address.
struct Reporting<T>(T);

impl<T: Transport> Transport for Reporting<T> {
    fn send(&self, letter: &Addressed) -> Result<(), Undelivered> {
        let outcome = self.0.send(letter);
        if let Err(reason) = &outcome {
            tracing::warn!(code = "letter-not-delivered", message_id = letter.message_id, %reason);
        }
        outcome
    }
}

fn settings(config: &Config, about: &About, policy: &Policy, smtp: bool, keystore: String) -> app::Settings {
    let controller = policy.controller();
    let declared = &controller.locations;
    let smtp_section = config.smtp.as_ref().filter(|_| smtp);
    let location = |what: &str, given: &Option<String>, declared: &str, place: String| app::Location {
        what: what.to_owned(),
        country: given
            .clone()
            .or_else(|| Some(declared.to_owned()))
            .map(|country| country.trim().to_uppercase())
            .filter(|country| !country.is_empty()),
        place,
    };
    let given = &config.location;
    app::Settings {
        base_url: config.base_url.clone().unwrap_or_else(|| format!("http://{}", config.listen)),
        rehearsal: about.rehearsal,
        locations: vec![
            location(
                "database",
                &given.database,
                &declared.database,
                config
                    .database
                    .as_ref()
                    .map_or_else(|| config.data.display().to_string(), crate::config::DatabaseSection::place),
            ),
            location("keystore", &given.keystore, &declared.keystore, keystore),
            location("backups", &given.backups, &declared.backups, config.backup_dir().display().to_string()),
            location(
                "mail",
                &given.mail,
                &declared.mail,
                smtp_section
                    .map_or_else(|| "outbox of this server".to_owned(), |section| section.host.clone()),
            ),
        ],
        smtp,
        mail_from: smtp_section
            .and_then(|section| section.from.clone())
            .unwrap_or_else(|| controller.mailbox.clone()),
        backup_dir: config.backup_dir(),
    }
}

/// Publishes the notices among the policy files, as long as the company has not published one of its own.
fn publish_shipped(app: &App) -> anyhow::Result<()> {
    const SHIPPED: &str = "shipped";
    let published = app::notice::list(app)?;
    if published.iter().any(|notice| notice.source != SHIPPED) {
        return Ok(());
    }
    let ctx = app.system();
    let today = app.policy().calendar().almaty_date(ctx.at.micros());
    for notice in embedded::notices(app.policy_files()) {
        let known =
            published.iter().any(|held| held.version == notice.version && held.language == notice.language);
        if known {
            continue;
        }
        // A first notice is in force at once, whatever the name of its folder says.
        let effective_on =
            if published.is_empty() { notice.effective_on.min(today) } else { notice.effective_on };
        let publication = app::notice::Publication {
            language: notice.language,
            effective_on,
            version: Some(notice.version),
            body: notice.body,
            source: SHIPPED,
        };
        app::notice::publish(app, &ctx, publication)?;
    }
    Ok(())
}
