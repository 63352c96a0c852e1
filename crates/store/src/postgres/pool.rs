//! Connections to the primary: TLS, settings that durability depends on, and the pool.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::fault::Fault;

/// Where the database is, and how it is used.
#[derive(Clone)]
pub struct Server {
    /// `postgres://name:password@host:port/database?sslmode=…`.
    pub url: String,
    /// Certificates of the authorities that may sign the server's, in PEM; those of the web when `None`.
    pub authorities: Option<Vec<u8>>,
    /// Most connections of this node.
    pub connections_max: usize,
    /// After which time a statement is given up, and the wait for a free connection.
    pub statement_timeout: Duration,
}

impl Server {
    /// The schema that the address names (`?options=-c search_path=…`): letters, digits and `_`; else the usual one.
    pub(super) fn schema(&self) -> String {
        let config: Option<Config> = self.url.parse().ok();
        config
            .as_ref()
            .and_then(Config::get_options)
            .and_then(|options| options.split_once("search_path="))
            .map(|(_, rest)| rest.split_whitespace().next().unwrap_or_default())
            .filter(|name| {
                !name.is_empty() && name.chars().all(|one| one.is_ascii_alphanumeric() || one == '_')
            })
            .unwrap_or("public")
            .to_ascii_lowercase()
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password.
        f.debug_struct("Server").field("connections_max", &self.connections_max).finish_non_exhaustive()
    }
}

/// Reads the address; nothing is connected yet.
pub(super) fn open(server: &Server) -> Result<Pool, Fault> {
    let mut config: Config = server.url.parse().map_err(|_| {
        Fault::Database("its address is not of the form postgres://name@host:port/database".to_owned())
    })?;
    let is_near = config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => ["localhost", "127.0.0.1", "::1"].contains(&name.as_str()),
    });
    if !is_near && config.get_ssl_mode() == SslMode::Prefer {
        // Never fall back to clear text over a network.
        config.ssl_mode(SslMode::Require);
    }
    let timeout = server.statement_timeout;
    config
        .application_name("senim")
        .target_session_attrs(TargetSessionAttrs::ReadWrite)
        .connect_timeout(timeout)
        .keepalives_idle(Duration::from_secs(15))
        .options(format!(
            "-c synchronous_commit=on -c statement_timeout={0} -c lock_timeout={0} \
             -c idle_in_transaction_session_timeout={0} -c search_path={1}",
            timeout.as_millis(),
            server.schema(),
        ));
    let manager = Manager::from_config(
        config,
        MakeRustlsConnect::new(tls(server.authorities.as_deref())?),
        ManagerConfig { recycling_method: RecyclingMethod::Fast },
    );
    Pool::builder(manager)
        .max_size(server.connections_max.max(3))
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(timeout))
        .create_timeout(Some(timeout))
        .build()
        .map_err(|_| Fault::Database("no pool of connections can be made".to_owned()))
}

fn tls(authorities: Option<&[u8]>) -> Result<ClientConfig, Fault> {
    let refused = |what: &str| Fault::Database(what.to_owned());
    let mut roots = RootCertStore::empty();
    match authorities {
        Some(pem) => {
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|_| refused("the file of authorities is no PEM"))?;
                roots
                    .add(certificate)
                    .map_err(|_| refused("a certificate of the authorities cannot be used"))?;
            }
        }
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| refused("TLS cannot be set up"))?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// A connection fault in words that say what to do.
pub(super) fn explain(fault: Fault) -> Fault {
    match fault {
        Fault::Lost | Fault::Busy => Fault::Database(
            "no primary answers at its address; check host, port, TLS and that it takes connections"
                .to_owned(),
        ),
        fault => fault,
    }
}
