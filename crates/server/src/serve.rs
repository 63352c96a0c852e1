//! `senim serve`: the listeners, the thread that does what falls due, and a graceful stop.
//!
//! Invariant: after a storage error nothing is acknowledged any more; the process ends with
//! [`exit::RESTART`], so that its supervisor starts it again through recovery (DESIGN §1, invariant 6).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use model::Instant;
use serde_json::json;
use tokio::sync::watch;

use crate::cli::say;
use crate::config::{Config, Metrics};
use crate::wiring::{self, Instance, Opening};
use crate::{backups, commands, control, exit, hardening};

/// How often the background thread looks.
const TICK: Duration = Duration::from_millis(250);
/// Ticks between two looks at what is less urgent.
const TICKS_PER_SWEEP: u64 = 4;
/// Ticks between two looks at the end of the epoch and at the key backup.
const TICKS_PER_KEYS: u64 = 20;
/// Ticks between two signs of life to the other nodes.
const TICKS_PER_SIGN: u64 = 20;
/// Ticks between two notes of the latest instant.
const TICKS_PER_NOTE: u64 = 120;
/// Seconds, by the instance's clock, between two looks at what consents ended.
const RETENTION_SECONDS: i64 = 3_600;
/// Ticks after the start before the first backup by itself.
const TICKS_BEFORE_BACKUP: u64 = 240;
/// Metrics listen here unless told otherwise, if it is free.
const METRICS_PORT: u16 = 9464;
/// Threads that carry requests; the work itself is done on the blocking pool.
const WORKERS: usize = 2;
/// How many free ports are tried when port 0 was asked for.
const PORT_TRIES: usize = 8;

/// Serves until told to stop. Returns the exit code.
///
/// # Errors
/// When it cannot start: each says what to do.
pub fn run(config: &Config, opening: &Opening, as_json: bool) -> anyhow::Result<u8> {
    hardening::apply().context("core dumps cannot be turned off")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .context("no threads can be started")?;
    let mut config = config.clone();
    let wants_free_port = config.listen.port() == 0;
    if wants_free_port {
        config.listen.set_port(free_port(&config)?);
    }
    let mut instance = Arc::new(wiring::open(&config, opening)?);
    for left in (0..PORT_TRIES).rev() {
        match runtime.block_on(bind(&instance)) {
            Ok(server) => return Ok(runtime.block_on(serve(&instance, server, as_json))),
            Err(fault) if fault.kind() == std::io::ErrorKind::AddrInUse && wants_free_port && left > 0 => {
                config.listen.set_port(free_port(&config)?);
                drop(instance);
                instance = Arc::new(wiring::open(&config, opening)?);
            }
            Err(fault) => {
                return Err(fault).with_context(|| format!("{}: cannot listen there", config.listen));
            }
        }
    }
    anyhow::bail!("no free port was found")
}

/// A port that is free now: the address must be known before anybody listens, since links carry it.
#[expect(
    clippy::disallowed_methods,
    reason = "asks the system for a free port and lets go of it; web listens"
)]
fn free_port(config: &Config) -> anyhow::Result<u16> {
    let mut address = config.listen;
    address.set_port(0);
    let listener =
        std::net::TcpListener::bind(address).with_context(|| format!("{address}: cannot listen there"))?;
    Ok(listener.local_addr()?.port())
}

async fn bind(instance: &Arc<Instance>) -> std::io::Result<web::Server> {
    let config = &instance.config;
    let by_default = std::net::SocketAddr::new(config.listen.ip(), METRICS_PORT);
    let metrics = match config.metrics {
        Some(Metrics::Off) => None,
        Some(Metrics::At(address)) => Some(address),
        None => Some(by_default),
    };
    let attempt = |metrics| {
        let listener = control::listen(&config.data);
        let inner = Arc::clone(instance);
        let handler: web::control::Handler =
            Arc::new(move |command, body| commands::run(&inner, command, body));
        async move {
            let options = web::Options {
                listen: config.listen,
                metrics,
                control: Some(web::Control {
                    listener: listener?,
                    handler,
                    uid: rustix::process::geteuid().as_raw(),
                }),
                secure_cookies: instance.app.settings().base_url.starts_with("https://"),
            };
            web::bind(instance.app.clone(), options).await
        }
    };
    match attempt(metrics).await {
        // Nobody asked for this very address: go without rather than not at all.
        Err(_) if config.metrics.is_none() => attempt(None).await,
        other => other,
    }
}

async fn serve(instance: &Arc<Instance>, server: web::Server, as_json: bool) -> u8 {
    let (stop, mut stopped) = watch::channel(false);
    let ending = Arc::new(AtomicBool::new(false));
    let worker = {
        let (instance, ending) = (Arc::clone(instance), Arc::clone(&ending));
        std::thread::Builder::new().name("background".into()).spawn(move || {
            let guard = StopOnEnd(stop);
            background(&instance, &ending);
            drop(guard);
        })
    };
    let Ok(worker) = worker else {
        tracing::error!(code = "no-thread", "the background thread cannot be started");
        return exit::RESTART;
    };
    let present = {
        let (instance, ending) = (Arc::clone(instance), Arc::clone(&ending));
        std::thread::Builder::new().name("present".into()).spawn(move || present(&instance, &ending)).ok()
    };
    announce(instance, as_json);
    let signalled = async {
        tokio::select! {
            () = signal() => {}
            _ = stopped.wait_for(|stopped| *stopped) => {}
        }
    };
    server.run(signalled).await;
    ending.store(true, Ordering::SeqCst);
    let ended = move || {
        drop(present.map(std::thread::JoinHandle::join));
        worker.join().is_err()
    };
    let fell = tokio::task::spawn_blocking(ended).await.unwrap_or(true);
    if instance.app.is_stopped() || fell {
        tracing::error!(code = "restart", "stopped after a storage error: start again to recover");
        return exit::RESTART;
    }
    exit::FINE
}

/// Ends the server when the background thread ends, also by a panic: without it nothing falls due any more.
struct StopOnEnd(watch::Sender<bool>);

impl Drop for StopOnEnd {
    fn drop(&mut self) {
        let _ = self.0.send(true);
    }
}

async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
        // Without signals the server runs until it is killed, which it survives.
        _ => std::future::pending().await,
    }
}

/// Says where it is, and how the first operator gets in.
fn announce(instance: &Instance, as_json: bool) {
    let app = &instance.app;
    let address = format!("http://{}", instance.config.listen);
    let link = match app::operator::none_yet(app) {
        Ok(true) => commands::setup_link(app, commands::first_roles(app)).ok(),
        _ => None,
    };
    if as_json {
        let mut line = json!({ "address": address });
        if let Some(link) = link {
            line["setup_link"] = json!(link);
        }
        say::line(&line.to_string());
        return;
    }
    say::line(&format!("Senim {} serves {address}/", env!("CARGO_PKG_VERSION")));
    say::line(&format!("  privacy centre   {}/ru/", app.settings().base_url));
    say::line(&format!("  operators        {}/console", app.settings().base_url));
    say::line(&format!("  data folder      {}", instance.config.data.display()));
    if instance.about.rehearsal {
        say::line("  REHEARSAL        time comes from a file; letters stay on this machine");
    }
    if let Some(link) = link {
        let hours = app.policy().limits().setup_link_hours;
        say::line(&format!("  first operator   {link}\n                   (works once, for {hours} hours)"));
    }
}

/// What the thread remembers between two looks.
struct Rounds {
    tick: u64,
    retention_at: Option<Instant>,
    backup_at: Option<Instant>,
    /// What the key backup held when it was last made.
    keys_mark: Option<(u64, u64)>,
    /// No key backup before this tick: a large one is made less often than it takes.
    keys_after: u64,
}

fn background(instance: &Instance, ending: &AtomicBool) {
    let mut rounds = Rounds { tick: 0, retention_at: None, backup_at: None, keys_mark: None, keys_after: 0 };
    if let Err(fault) = backups::settle(&instance.config.backup_keys_dir()) {
        tracing::warn!(code = "key-backup", %fault, "a key backup cut short cannot be finished");
    }
    while !ending.load(Ordering::SeqCst) && !instance.app.is_stopped() {
        if let Err(fault) = round(instance, &mut rounds) {
            tracing::warn!(code = "background", fault = %format!("{fault:#}"), "will be tried again");
        }
        rounds.tick += 1;
        std::thread::sleep(TICK);
    }
    if !instance.app.is_stopped()
        && let Err(fault) = app::upkeep::remember(&instance.app)
    {
        tracing::warn!(code = "latest-instant", %fault, "not kept");
    }
}

/// Says every few seconds that this node is here, and at the end that it is gone: on a thread of its own, since the
/// rounds may take their time.
fn present(instance: &Instance, ending: &AtomicBool) {
    let Some(name) = instance.node.as_deref() else { return };
    let mut tick = 0;
    while !ending.load(Ordering::SeqCst) && !instance.app.is_stopped() {
        tick += 1;
        if u64::is_multiple_of(tick, TICKS_PER_SIGN) {
            match app::node::join(&instance.app, Some(name), instance.config.clock_apart_max()) {
                Ok(None) => {}
                // It did fit when it began; to stop now would help nobody whose form is on the way.
                Ok(Some(misfit)) => {
                    tracing::error!(code = "node-misfit", %misfit, "stop this node and mend it");
                }
                Err(fault) => tracing::warn!(code = "node", %fault, "could not say that it is here"),
            }
        }
        std::thread::sleep(TICK);
    }
    // What is left is forgotten by the others soon.
    drop(app::node::leave(&instance.app, name));
}

fn round(instance: &Instance, rounds: &mut Rounds) -> anyhow::Result<()> {
    let app = &instance.app;
    let due = |every: u64| rounds.tick.is_multiple_of(every);
    let done = app::outbox::run_due(app, instance.transport.as_deref())?;
    if done > 0 {
        tracing::info!(code = "jobs", count = done, "jobs done");
    }
    if due(TICKS_PER_SWEEP) {
        app::erasure::sweep(app)?;
        app::record::sweep(app)?;
        app::upkeep::wipe_keys(app);
    }
    if due(TICKS_PER_NOTE) {
        app::upkeep::remember(app)?;
        app::upkeep::sweep(app)?;
    }
    let now = app.now();
    if rounds.retention_at.is_none_or(|last| now.seconds_since(last) >= RETENTION_SECONDS) {
        let made = app::retention::sweep(app)?;
        rounds.retention_at = Some(now);
        tracing::debug!(code = "retention", count = made, "looked at what consents ended");
    }
    if due(TICKS_PER_KEYS) {
        keys(instance, rounds)?;
        data(instance, rounds, now)?;
    }
    Ok(())
}

/// Rotates at the end of the epoch, and keeps the key backup current.
fn keys(instance: &Instance, rounds: &mut Rounds) -> anyhow::Result<()> {
    let app = &instance.app;
    if let Some(rotation) = commands::rotate_if_due(instance)? {
        tracing::info!(code = "keys-rotated", epoch = rotation.epoch, "a key epoch ended");
    }
    let folder = instance.config.backup_keys_dir();
    if rounds.tick < rounds.keys_after || backups::keys_note(&folder)?.is_none() {
        return Ok(());
    }
    let mark = app::backup::mark(app)?;
    if rounds.keys_mark == Some(mark) {
        return Ok(());
    }
    let began = std::time::Instant::now();
    backups::keys(instance, &folder)?;
    rounds.keys_mark = Some(mark);
    // At most a tenth of the time goes into copying keys.
    let ticks = began.elapsed().as_millis() * 10 / TICK.as_millis();
    rounds.keys_after = rounds.tick + u64::try_from(ticks).unwrap_or(u64::MAX);
    Ok(())
}

/// Makes the data backup that is due, and destroys those that are over.
fn data(instance: &Instance, rounds: &mut Rounds, now: Instant) -> anyhow::Result<()> {
    let config = &instance.config;
    if config.backup.every_hours == 0 || rounds.tick < TICKS_BEFORE_BACKUP {
        return Ok(());
    }
    let folder = config.backup_dir();
    let newest = match rounds.backup_at {
        Some(at) => Some(at),
        None => backups::list(&folder)?.last().map(|found| found.note.at),
    };
    let every = i64::from(config.backup.every_hours) * 3_600;
    if newest.is_some_and(|at| now.seconds_since(at) < every) {
        rounds.backup_at = newest;
        return Ok(());
    }
    backups::data(instance, &folder)?;
    rounds.backup_at = Some(now);
    backups::keys(instance, &config.backup_keys_dir())?;
    let limit = instance.app.policy().limits().backup_retention_days;
    let days = config.backup.keep_days.map_or(limit, |days| days.min(limit));
    backups::prune(&folder, now.plus_seconds(-i64::from(days) * 86_400))?;
    Ok(())
}
