//! Configuration: one TOML file, every key also as an environment variable `SENIM_…`, a flag over both.
//!
//! `[smtp] host` is `SENIM_SMTP_HOST`. A key the file knows nothing of is refused; an unknown variable is
//! reported, since it may belong to somebody else.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::files;

/// What every variable begins with.
const PREFIX: &str = "SENIM_";

/// Everything that can be set. Each field's text is what `senim doctor` says about it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where pages and API listen. Put a proxy with TLS before it; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// How people reach this server, such as `https://privacy.example.kz`: links, and `https` makes cookies
    /// `Secure`. The listening address unless given.
    pub base_url: Option<String>,
    /// The policy folder; the shipped policy unless given.
    pub policy: Option<PathBuf>,
    /// Where Prometheus metrics listen; `off` for nowhere. 127.0.0.1:9464 if free, unless given.
    pub metrics: Option<Metrics>,
    /// What is logged: `error`, `warn`, `info`, `debug`.
    pub log_level: String,
    /// Most bytes the database file may take; the disk decides unless given.
    pub max_bytes: Option<u64>,
    /// The database server; the embedded database in the data folder unless given.
    pub database: Option<DatabaseSection>,
    /// The keystore.
    pub keystore: KeystoreSection,
    /// The mail server; without it letters wait in the outbox.
    pub smtp: Option<SmtpSection>,
    /// Backups.
    pub backup: BackupSection,
    /// In which country things stand, as ISO 3166-1 codes such as `KZ`; what `controller.toml` declares unless
    /// given (C11.1).
    pub location: LocationSection,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: PathBuf::from("data"),
            base_url: None,
            policy: None,
            metrics: None,
            log_level: "warn".to_owned(),
            max_bytes: None,
            database: None,
            keystore: KeystoreSection::default(),
            smtp: None,
            backup: BackupSection::default(),
            location: LocationSection::default(),
        }
    }
}

/// Where metrics go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metrics {
    /// Nowhere.
    Off,
    /// This address.
    At(SocketAddr),
}

impl<'de> Deserialize<'de> for Metrics {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "off" {
            return Ok(Self::Off);
        }
        text.parse()
            .map(Self::At)
            .map_err(|_| serde::de::Error::custom("neither `off` nor an address like 127.0.0.1:9464"))
    }
}

/// `[database]`: a PostgreSQL server, or one that speaks as it does.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSection {
    /// `postgres://name:password@host:port/database`; over a network always with TLS. `?options=-c search_path=…` names
    /// a schema of its own.
    pub url: String,
    /// Root certificates in PEM that may sign the server's; those of the web unless given.
    pub root_certificate: Option<PathBuf>,
    /// Most connections of this node.
    pub connections: usize,
    /// Seconds after which a statement, or the wait for a connection, is given up.
    pub timeout_seconds: u64,
    /// Seconds by which the clocks of a node and of the server may be apart; beyond that the node does not start.
    pub clock_apart_seconds: u64,
}

impl Default for DatabaseSection {
    fn default() -> Self {
        Self {
            url: String::new(),
            root_certificate: None,
            connections: 32,
            timeout_seconds: 15,
            clock_apart_seconds: 2,
        }
    }
}

impl std::fmt::Debug for DatabaseSection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold a password.
        f.debug_struct("DatabaseSection").field("connections", &self.connections).finish_non_exhaustive()
    }
}

impl DatabaseSection {
    /// What the store is told.
    ///
    /// # Errors
    /// A certificate that cannot be read.
    pub fn server(&self) -> anyhow::Result<store::Server> {
        let authorities = self
            .root_certificate
            .as_ref()
            .map(|path| files::read(path).with_context(|| format!("{}: cannot be read", path.display())))
            .transpose()?;
        Ok(store::Server {
            url: self.url.clone(),
            authorities,
            connections_max: self.connections,
            statement_timeout: std::time::Duration::from_secs(self.timeout_seconds.max(1)),
        })
    }

    /// Host and database, without name and password, for what is shown.
    pub fn place(&self) -> String {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        let rest = rest.split('?').next().unwrap_or_default();
        format!("postgres://{}", rest.rsplit_once('@').map_or(rest, |(_, place)| place))
    }
}

/// `[keystore]`: where the keys stand that the database never sees. `keystore = "pkcs11:…"` is short for its `url`.
#[derive(Debug, Clone, Default)]
pub struct KeystoreSection {
    /// Folder of the keystore in files; `keystore` in the data folder unless given.
    pub dir: Option<PathBuf>,
    /// A PKCS#11 token in place of files: `pkcs11:token=LABEL?module-path=/…/module.so&pin-source=file:/…` (RFC 7512).
    pub url: Option<hsm::Address>,
    /// File whose first line is the token's PIN, readable by this account only; before `pin-source`.
    pub pin_file: Option<PathBuf>,
    /// The PIN itself; better a file.
    pub pin: Option<Pin>,
}

/// The PIN of a token; never shown.
#[derive(Clone)]
pub struct Pin(pub Zeroizing<String>);

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin")
    }
}

impl<'de> Deserialize<'de> for KeystoreSection {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        struct Table {
            dir: Option<PathBuf>,
            url: Option<String>,
            pin_file: Option<PathBuf>,
            pin: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "neither `pkcs11:…` nor a table with dir, url, pin_file and pin")]
        enum Form {
            Short(String),
            Table(Table),
        }
        let table = match Form::deserialize(deserializer)? {
            Form::Short(url) => Table { url: Some(url), ..Table::default() },
            Form::Table(table) => table,
        };
        let url = table.url.as_deref().map(str::parse).transpose();
        Ok(Self {
            dir: table.dir,
            url: url.map_err(|fault| serde::de::Error::custom(format!("keystore: {fault}")))?,
            pin_file: table.pin_file,
            pin: table.pin.map(|pin| Pin(Zeroizing::new(pin))),
        })
    }
}

/// `[smtp]`: how letters leave.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SmtpSection {
    /// Host name of the mail server.
    pub host: String,
    /// Its port; the usual one of `tls` unless given.
    pub port: Option<u16>,
    /// `starttls` (default), `implicit`, or `none` to this machine only.
    pub tls: SmtpTls,
    /// Name at the mail server.
    pub username: Option<String>,
    /// File that holds the password, readable by this account only.
    pub password_file: Option<PathBuf>,
    /// Sender, such as `Senim <privacy@example.kz>`; the mailbox of `controller.toml` unless given.
    pub from: Option<String>,
    /// A further root certificate in PEM, for a mail server of the company's own.
    pub root_certificate: Option<PathBuf>,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// Upgrade, required.
    #[default]
    StartTls,
    /// From the first byte.
    Implicit,
    /// None; to this machine only.
    None,
}

/// `[backup]`: pairs of data and keys.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BackupSection {
    /// Folder of the backups; `backups` in the data folder unless given. Choose another disk.
    pub dir: Option<PathBuf>,
    /// Folder of the key backup; `keys` in the backup folder unless given. Choose a place apart from the data.
    pub keys_dir: Option<PathBuf>,
    /// How long data backups are kept; the policy's limit unless given, and never longer than it.
    pub keep_days: Option<u32>,
    /// A data backup is made by itself every so many hours; 0 for never.
    pub every_hours: u32,
}

impl Default for BackupSection {
    fn default() -> Self {
        Self { dir: None, keys_dir: None, keep_days: None, every_hours: 24 }
    }
}

/// `[location]`: in which country things stand.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LocationSection {
    /// The database.
    pub database: Option<String>,
    /// The keystore.
    pub keystore: Option<String>,
    /// The backups.
    pub backups: Option<String>,
    /// The mail server.
    pub mail: Option<String>,
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
}

/// Every key that a variable can set: path in the file, and how its text is read.
const KEYS: &[(&[&str], Kind)] = &[
    (&["listen"], Kind::Text),
    (&["data"], Kind::Text),
    (&["base_url"], Kind::Text),
    (&["policy"], Kind::Text),
    (&["metrics"], Kind::Text),
    (&["log_level"], Kind::Text),
    (&["max_bytes"], Kind::Number),
    (&["database", "url"], Kind::Text),
    (&["database", "root_certificate"], Kind::Text),
    (&["database", "connections"], Kind::Number),
    (&["database", "timeout_seconds"], Kind::Number),
    (&["database", "clock_apart_seconds"], Kind::Number),
    (&["keystore", "dir"], Kind::Text),
    (&["keystore", "url"], Kind::Text),
    (&["keystore", "pin_file"], Kind::Text),
    (&["keystore", "pin"], Kind::Text),
    (&["smtp", "host"], Kind::Text),
    (&["smtp", "port"], Kind::Number),
    (&["smtp", "tls"], Kind::Text),
    (&["smtp", "username"], Kind::Text),
    (&["smtp", "password_file"], Kind::Text),
    (&["smtp", "from"], Kind::Text),
    (&["smtp", "root_certificate"], Kind::Text),
    (&["backup", "dir"], Kind::Text),
    (&["backup", "keys_dir"], Kind::Text),
    (&["backup", "keep_days"], Kind::Number),
    (&["backup", "every_hours"], Kind::Number),
    (&["location", "database"], Kind::Text),
    (&["location", "keystore"], Kind::Text),
    (&["location", "backups"], Kind::Text),
    (&["location", "mail"], Kind::Text),
];

/// Variables that are short for another.
const SHORT: &[(&str, &str)] = &[("SENIM_KEYSTORE", "SENIM_KEYSTORE_URL")];

/// The variable of a key.
fn variable(path: &[&str]) -> String {
    format!("{PREFIX}{}", path.join("_").to_uppercase())
}

impl Config {
    /// Reads the file, if one is given, and the variables over it. Also says which variables it did not know.
    ///
    /// # Errors
    /// An unreadable file, an unknown key, a value of another shape: with file and place.
    pub fn read(
        file: Option<&Path>,
        variables: impl Iterator<Item = (String, String)>,
    ) -> anyhow::Result<(Self, Vec<String>)> {
        let mut table = match file {
            Some(file) => {
                let text =
                    files::read_text(file).with_context(|| format!("{}: cannot be read", file.display()))?;
                // Once by itself, so that an error shows the place in the file.
                toml::from_str::<Self>(&text).with_context(|| format!("{}", file.display()))?;
                text.parse::<toml::Table>().with_context(|| format!("{}", file.display()))?
            }
            None => toml::Table::new(),
        };
        let mut unknown = Vec::new();
        for (name, text) in variables.filter(|(name, _)| name.starts_with(PREFIX)) {
            let full =
                SHORT.iter().find(|(short, _)| *short == name).map_or(name.as_str(), |(_, full)| *full);
            match KEYS.iter().find(|(path, _)| variable(path) == full) {
                Some((path, kind)) => set(&mut table, path, value(&name, &text, *kind)?),
                None => unknown.push(name),
            }
        }
        let config: Self = table.try_into().context("a SENIM_ variable has a value of another shape")?;
        if let Some(url) = &config.base_url {
            let plain = url.starts_with("http://") || url.starts_with("https://");
            anyhow::ensure!(
                plain && !url.ends_with('/'),
                "base_url must begin with https:// and end without a slash"
            );
        }
        Ok((config, unknown))
    }

    /// How far the clocks of this node and of the database may be apart.
    pub fn clock_apart_max(&self) -> std::time::Duration {
        let section = self.database.clone().unwrap_or_default();
        std::time::Duration::from_secs(section.clock_apart_seconds)
    }
    /// The folder of the backups.
    pub fn backup_dir(&self) -> PathBuf {
        self.backup.dir.clone().unwrap_or_else(|| self.data.join("backups"))
    }
    /// The folder of the key backup.
    pub fn backup_keys_dir(&self) -> PathBuf {
        self.backup.keys_dir.clone().unwrap_or_else(|| self.backup_dir().join("keys"))
    }
    /// The keystore's folder.
    pub fn keystore_dir(&self) -> PathBuf {
        self.keystore.dir.clone().unwrap_or_else(|| self.data.join("keystore"))
    }
}

fn value(name: &str, text: &str, kind: Kind) -> anyhow::Result<toml::Value> {
    match kind {
        Kind::Text => Ok(toml::Value::String(text.to_owned())),
        Kind::Number => {
            let number = text.parse().with_context(|| format!("{name}: not a whole number"))?;
            Ok(toml::Value::Integer(number))
        }
    }
}

fn set(table: &mut toml::Table, path: &[&str], value: toml::Value) {
    let [sections @ .., key] = path else { return };
    let mut table = table;
    for section in sections {
        let entry = table.entry(*section).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        if let toml::Value::String(url) = entry {
            // `keystore = "…"`, the short form.
            let inner =
                toml::Table::from_iter([("url".to_owned(), toml::Value::String(std::mem::take(url)))]);
            *entry = toml::Value::Table(inner);
        }
        match entry {
            toml::Value::Table(inner) => table = inner,
            // The file has another shape there; reading it already failed.
            _ => return,
        }
    }
    table.insert((*key).to_owned(), value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::scratch::Scratch;

    fn read(text: &str, variables: &[(&str, &str)]) -> anyhow::Result<(Config, Vec<String>)> {
        let scratch = Scratch::new();
        let file = scratch.path().join("senim.toml");
        files::replace(&file, text.as_bytes()).unwrap();
        Config::read(
            Some(&file),
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    }

    #[test]
    fn the_default_listens_on_this_machine_only() {
        let (config, _) = Config::read(None, std::iter::empty()).unwrap();
        assert!(config.listen.ip().is_loopback());
        assert_eq!(config.backup_keys_dir(), Path::new("data/backups/keys"));
    }

    #[test]
    fn a_variable_wins_over_the_file() {
        let text = "listen = \"127.0.0.1:9000\"\nmetrics = \"off\"\n[smtp]\nhost = \"mail.example.kz\"\n";
        let variables = [
            ("SENIM_LISTEN", "127.0.0.1:9001"),
            ("SENIM_SMTP_PORT", "2525"),
            ("SENIM_LOCATION_DATABASE", "KZ"),
            ("SENIM_KILLS", "200"),
            ("PATH", "/bin"),
        ];
        let (config, unknown) = read(text, &variables).unwrap();
        assert_eq!(config.listen.port(), 9001);
        assert_eq!(config.metrics, Some(Metrics::Off));
        let smtp = config.smtp.unwrap();
        assert_eq!(
            (smtp.host.as_str(), smtp.port, smtp.tls),
            ("mail.example.kz", Some(2525), SmtpTls::StartTls)
        );
        assert_eq!(config.location.database.as_deref(), Some("KZ"));
        assert_eq!(unknown, ["SENIM_KILLS"]);
    }

    #[test]
    fn a_token_is_named_in_four_ways_and_its_pin_in_none_that_shows() {
        const URL: &str = "pkcs11:token=Senim?module-path=/m.so&pin-source=file:/pin";
        let short = format!("keystore = {URL:?}\n");
        let long = format!("[keystore]\nurl = {URL:?}\npin_file = \"/pin\"\n");
        let same = |(config, unknown): (Config, Vec<String>)| {
            assert_eq!(unknown, [""; 0]);
            assert_eq!(config.keystore.url.as_ref(), Some(&URL.parse().unwrap()));
            config.keystore
        };
        same(read(&short, &[]).unwrap());
        assert_eq!(same(read(&long, &[]).unwrap()).pin_file.as_deref(), Some(Path::new("/pin")));
        same(read("", &[("SENIM_KEYSTORE", URL)]).unwrap());
        let named = read(&short, &[("SENIM_KEYSTORE_PIN", "98765432"), ("SENIM_KEYSTORE_URL", URL)]).unwrap();
        let keystore = same(named);
        assert_eq!(keystore.pin.as_ref().unwrap().0.as_str(), "98765432");
        assert!(!format!("{keystore:?}").contains("98765432"));
        let inside =
            read("keystore = \"pkcs11:token=a?module-path=/m&pin-value=98765432\"", &[]).unwrap_err();
        let said = format!("{inside:#}");
        assert!(said.contains("pin-source"), "{said}");
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_place() {
        let fault = format!("{:#}", read("lisen = \"127.0.0.1:9000\"\n", &[]).unwrap_err());
        assert!(fault.contains("lisen") && fault.contains("senim.toml"), "{fault}");
        assert!(read("", &[("SENIM_BACKUP_KEEP_DAYS", "many")]).is_err());
        assert!(read("base_url = \"privacy.example.kz\"", &[]).is_err());
        assert!(read("metrics = \"everywhere\"", &[]).is_err());
    }

    #[test]
    fn every_key_of_the_file_has_its_variable() {
        for (path, kind) in KEYS {
            let text = match (path.last(), kind) {
                (Some(&"listen" | &"metrics"), _) => "127.0.0.1:1",
                (Some(&"base_url"), _) => "https://a.kz",
                (Some(&"tls"), _) => "implicit",
                _ if *path == ["keystore", "url"] => "pkcs11:token=a?module-path=/m",
                (_, Kind::Number) => "1",
                _ => "text",
            };
            let found = Config::read(None, std::iter::once((variable(path), text.to_owned())));
            assert!(found.is_ok_and(|(_, unknown)| unknown.is_empty()), "{path:?}");
        }
    }
}
