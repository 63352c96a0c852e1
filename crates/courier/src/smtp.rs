//! Letters over SMTP: pooled, encrypted, with a stable Message-ID, so that a letter sent twice is seen once.
//!
//! Invariants: without encryption only to this machine; a rehearsal only to this machine; what went wrong is
//! told as a code of the protocol, never in the words of the other server, which may quote an address.
//!
//! Clauses: C4.3, C8.4; RELIABILITY §2 "Delivery".

use std::net::IpAddr;
use std::sync::{Arc, Once};
use std::time::{Duration, SystemTime};

use app::outbox::{Addressed, Transport, Undelivered};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials as Login;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, SmtpTransport, Transport as _};
use model::{Clock, Private};

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte (RFC 8314).
    Implicit,
    /// An upgrade by STARTTLS, required: without it nothing is sent.
    StartTls,
    /// None; accepted only to this machine.
    None,
}

impl Encryption {
    /// The port that is usual for it.
    pub const fn usual_port(self) -> u16 {
        match self {
            Self::Implicit => 465,
            Self::StartTls => 587,
            Self::None => 25,
        }
    }
}

/// Name and password at the mail server.
pub struct Credentials {
    /// The name.
    pub name: String,
    /// The password.
    pub password: Private<String>,
}

/// Where letters are handed over.
pub struct Settings {
    /// Host name or address.
    pub host: String,
    /// Port; the usual one of the encryption when `None`.
    pub port: Option<u16>,
    /// How the connection is protected.
    pub encryption: Encryption,
    /// Name and password, if the server asks for them.
    pub credentials: Option<Credentials>,
    /// A further trusted root certificate in PEM, for a mail server of the company's own.
    pub root_certificate: Option<Vec<u8>>,
    /// How long connecting and each answer may take.
    pub timeout: Duration,
    /// Only this machine may be reached.
    pub rehearsal: bool,
}

/// Why no letters can be sent with these settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpFault {
    /// A rehearsal must not reach anybody.
    #[error("a rehearsal sends to this machine only: set smtp.host to 127.0.0.1 or leave it out")]
    RehearsalBeyondLoopback,
    /// Letters would travel readable.
    #[error("smtp.tls = \"none\" is allowed to this machine only: use \"starttls\" or \"implicit\"")]
    Unprotected,
    /// No host given.
    #[error("smtp.host is empty: name the mail server")]
    NoHost,
    /// The certificate file is no certificate.
    #[error("smtp.root_certificate is no certificate in PEM: export it again")]
    Certificate,
    /// TLS cannot be set up for this host.
    #[error("smtp.host cannot be used with TLS: give the name that stands in its certificate")]
    Tls,
}

/// How many connections are kept.
const CONNECTIONS: u32 = 4;
/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);

/// How a certificate in PEM begins.
const PEM_HEAD: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Hands letters to one SMTP server. Blocking: called from the thread that runs jobs.
pub struct Smtp {
    transport: SmtpTransport,
    clock: Arc<dyn Clock>,
}

impl Smtp {
    /// Prepares the connections; none is opened before the first letter.
    ///
    /// # Errors
    /// [`SmtpFault`], with what to change.
    pub fn new(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, SmtpFault> {
        use_one_provider();
        let host = settings.host.trim();
        if host.is_empty() {
            return Err(SmtpFault::NoHost);
        }
        if settings.rehearsal && !is_loopback(host) {
            return Err(SmtpFault::RehearsalBeyondLoopback);
        }
        let tls = match settings.encryption {
            Encryption::None if is_loopback(host) => Tls::None,
            Encryption::None => return Err(SmtpFault::Unprotected),
            Encryption::StartTls => Tls::Required(parameters(host, settings.root_certificate.as_deref())?),
            Encryption::Implicit => Tls::Wrapper(parameters(host, settings.root_certificate.as_deref())?),
        };
        let mut builder = SmtpTransport::builder_dangerous(host)
            .port(settings.port.unwrap_or_else(|| settings.encryption.usual_port()))
            .tls(tls)
            .timeout(Some(settings.timeout))
            .pool_config(PoolConfig::new().min_idle(0).max_size(CONNECTIONS).idle_timeout(IDLE));
        if let Some(credentials) = &settings.credentials {
            builder = builder
                .credentials(Login::new(credentials.name.clone(), credentials.password.expose().clone()));
        }
        Ok(Self { transport: builder.build(), clock })
    }

    /// Whether the server answers now; opens and keeps a connection.
    ///
    /// # Errors
    /// As for a letter.
    pub fn probe(&self) -> Result<(), Undelivered> {
        match self.transport.test_connection() {
            Ok(true) => Ok(()),
            Ok(false) => Err(Undelivered::Later("smtp no answer".into())),
            Err(error) => Err(Undelivered::Later(short(&error))),
        }
    }
}

impl Transport for Smtp {
    fn send(&self, letter: &Addressed) -> Result<(), Undelivered> {
        let message = compose(letter, &*self.clock)?;
        self.transport.send(&message).map(|_| ()).map_err(|error| undelivered(&error))
    }
}

/// Whether the host is this machine, said by its address or by the reserved name.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// One cryptographic library for the whole process; the first caller wins, all callers want the same.
fn use_one_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Already installed by somebody else: it is the same provider, nothing to do.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    });
}

fn parameters(host: &str, root: Option<&[u8]>) -> Result<TlsParameters, SmtpFault> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = root {
        // A file without any certificate would pass as one that adds none.
        if !pem.windows(PEM_HEAD.len()).any(|window| window == PEM_HEAD) {
            return Err(SmtpFault::Certificate);
        }
        let certificate = Certificate::from_pem(pem).map_err(|_| SmtpFault::Certificate)?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|_| SmtpFault::Tls)
}

/// The letter in RFC 5322 form. Its date comes from the clock, so that a rehearsal says its own time.
fn compose(letter: &Addressed, clock: &dyn Clock) -> Result<Message, Undelivered> {
    let from: Mailbox = letter.from.parse().map_err(|_| Undelivered::Later("sender address".into()))?;
    let to: Address =
        letter.to.expose().parse().map_err(|_| Undelivered::Never("receiver address".into()))?;
    let micros = u64::try_from(clock.now().micros()).unwrap_or_default();
    Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(letter.letter.subject.clone())
        .message_id(Some(letter.message_id.clone()))
        .date(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
        .header(AutoSubmitted)
        .header(ContentLanguage(letter.locale.as_str().to_owned()))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.letter.body.clone())
        .map_err(|_| Undelivered::Never("letter form".into()))
}

/// Tells auto-responders to keep still (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The language of the letter (RFC 3282), so that screen readers pronounce it right.
#[derive(Clone)]
struct ContentLanguage(String);

impl Header for ContentLanguage {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Language")
    }
    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

fn undelivered(error: &lettre::transport::smtp::Error) -> Undelivered {
    let code = error.status().map(u16::from);
    if code.is_some_and(is_for_good) {
        Undelivered::Never(short(error))
    } else {
        Undelivered::Later(short(error))
    }
}

/// Whether an SMTP reply says that this letter will never be taken.
///
/// Of the 5xx replies (RFC 5321 §4.2) those about syntax, the service itself or our own sign-in speak of the
/// set-up and not of the receiver: somebody repairs it, and the letter still leaves.
const fn is_for_good(code: u16) -> bool {
    matches!(code, 500..=599) && !matches!(code, 500..=504 | 521 | 523 | 530 | 534 | 535 | 538)
}

fn short(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("smtp {}", u16::from(code)),
        None if error.is_timeout() => "smtp timeout".to_owned(),
        None if error.is_tls() => "smtp tls".to_owned(),
        None if error.is_client() => "smtp set-up".to_owned(),
        None if error.is_response() => "smtp answer".to_owned(),
        None => "smtp connection".to_owned(),
    }
}

#[cfg(test)]
mod tests;
