//! What a token costs beside files: wraps, unwraps and rotations of epochs a second, and forms taken in.
//!
//! ```console
//! $ softhsm2-util --init-token --free --label bench …
//! $ cargo run --release -p server --example keystores -- 'pkcs11:token=bench?module-path=…&pin-source=file:…' [postgres://…]
//! ```
//! The rounds of both keystores alternate; medians are printed. The token must be fresh.

#![expect(
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    reason = "a measurement: reads the clock and says what it found; nothing of it ships"
)]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use app::intake::{ConsentInput, Submission};
use model::{FormId, Locale, Private, PurposeId};
use server::config::{Config, DatabaseSection, KeystoreSection};
use server::entropy::SystemEntropy;
use server::wiring::{self, Instance, Opening};
use vault::{Keystore, Secret};

const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 5;
const PLACE: &[u8] = b"senim/v1/bucket\0 somewhere";

/// Calls a second of so many threads.
fn rate(threads: usize, f: impl Fn() -> anyhow::Result<()> + Sync) -> anyhow::Result<f64> {
    let count = AtomicU64::new(0);
    let began = Instant::now();
    std::thread::scope(|scope| {
        let work = || -> anyhow::Result<()> {
            while began.elapsed() < ROUND {
                f()?;
                count.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        };
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        all.into_iter().try_for_each(|one| one.join().map_err(|_| anyhow::anyhow!("a thread panicked"))?)
    })?;
    Ok(count.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Both sides in turn; the medians.
fn compare(
    what: &str,
    threads: usize,
    sides: [&(dyn Fn() -> anyhow::Result<()> + Sync); 2],
) -> anyhow::Result<()> {
    let mut rates = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (rates, side) in rates.iter_mut().zip(sides) {
            rates.push(rate(threads, side)?);
        }
    }
    let [files, token] = rates.map(median);
    println!("{what}, {threads} threads: files {files:.0}/s, token {token:.0}/s, ratio {:.2}", token / files);
    Ok(())
}

fn open(data: PathBuf, keystore: KeystoreSection, database: Option<String>) -> anyhow::Result<Instance> {
    let database = database.map(|url| DatabaseSection { url, ..DatabaseSection::default() });
    let config = Config { data, keystore, database, ..Config::default() };
    wiring::open(&config, &Opening { create: true, rehearsal_clock: None, command: false })
}

fn submit(instance: &Instance, number: u64) -> anyhow::Result<()> {
    let app = &instance.app;
    let value = |name: &str, text: String| (name.to_owned(), Private::new(text));
    let form = Submission {
        form: FormId::new("consultation")?,
        values: vec![
            value("surname", "Серикова".into()),
            value("given_name", "Айгүл".into()),
            value("phone", format!("+7 701 {:07}", number % 10_000_000)),
            value("email", format!("person{number}@example.kz")),
            value("message", "Please call me back about the conditions of the contract.".into()),
        ],
        consent: ConsentInput {
            notice_version: app::notice::head_in_force(app, Locale::Ru, app.now())?.version,
            purposes: ["p8-2", "p8-4"].into_iter().map(PurposeId::new).collect::<Result<_, _>>()?,
            adult: true,
            shown_sha256: None,
            button: "Запросить консультацию".into(),
            channel: "web-form",
        },
        representative: false,
        source: None,
        idempotency: None,
    };
    let done = app::intake::submit(app, &app.visitor(Locale::Ru), &form)?;
    anyhow::ensure!(done.receipt.is_some(), "a submission without its receipt: the run is void");
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address: hsm::Address = arguments.next().context("which token? pkcs11:…")?.parse()?;
    let database = arguments.next();
    let folder = Path::new("target/keystores").join(std::process::id().to_string());
    std::fs::create_dir_all(&folder)?;
    let token = KeystoreSection { url: Some(address), ..KeystoreSection::default() };
    let schema = |name: &str| database.as_ref().map(|url| format!("{url}?options=-c%20search_path%3D{name}"));
    let files = open(folder.join("files"), KeystoreSection::default(), schema("files"))?;
    let token = open(folder.join("token"), token, schema("token"))?;

    let keys = [&*files.keystore, &*token.keystore].map(|keystore| keystore as &dyn Keystore);
    let secret = Secret::random(&SystemEntropy);
    let wrapped =
        [keys[0].wrap(1, PLACE, &secret, &SystemEntropy)?, keys[1].wrap(1, PLACE, &secret, &SystemEntropy)?];
    for threads in [1, 8] {
        let wrap =
            |side: usize| keys[side].wrap(1, PLACE, &secret, &SystemEntropy).map(drop).map_err(Into::into);
        compare("wrap a key", threads, [&|| wrap(0), &|| wrap(1)])?;
        let unwrap = |side: usize| keys[side].unwrap(1, PLACE, &wrapped[side]).map(drop).map_err(Into::into);
        compare("unwrap a key", threads, [&|| unwrap(0), &|| unwrap(1)])?;
    }
    let epoch = |side: usize| {
        keys[side].create_epoch(1_000, &SystemEntropy)?;
        Ok(keys[side].destroy_epoch(1_000)?)
    };
    compare("make and destroy an epoch's key", 1, [&|| epoch(0), &|| epoch(1)])?;
    let next = AtomicU64::new(1);
    for clients in [1, 8] {
        let form = |instance| submit(instance, next.fetch_add(1, Ordering::Relaxed));
        compare("take in a form", clients, [&|| form(&files), &|| form(&token)])?;
    }
    for (name, instance) in [("files", &files), ("token", &token)] {
        let began = Instant::now();
        let done = app::keys::rotate(&instance.app)?;
        let buckets = done.rewrapped + done.renewed;
        println!(
            "rotation with {name}: {buckets} buckets in {:.0} ms",
            began.elapsed().as_secs_f64() * 1_000.0
        );
    }
    drop((files, token));
    Ok(std::fs::remove_dir_all(&folder)?)
}
