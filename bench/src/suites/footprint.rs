//! P15: size of the program, memory when idle, time to start.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::figures::{Outcome, Reading, Spread, Wanted};
use crate::stand::{People, Stand};
use crate::{Scale, machine};

/// How long the server stands before its memory is read.
const IDLE: Duration = Duration::from_secs(3);
/// Subjects in the folder that is opened again.
const SUBJECTS: usize = 1_000;

/// The program, built if need be.
fn program(given: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(path) = given {
        return Ok(path.to_owned());
    }
    let built = Command::new("cargo")
        .args(["build", "--release", "--quiet", "-p", "server", "--bin", "senim"])
        .current_dir(crate::ROOT)
        .status()?;
    anyhow::ensure!(built.success(), "senim cannot be built");
    let own = std::env::current_exe()?;
    Ok(own.parent().context("no folder")?.join("senim"))
}

/// A server that is ready; ended when dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts it and waits until it says where it is.
fn start(program: &Path, data: &Path) -> anyhow::Result<(Running, Duration)> {
    let begun = Instant::now();
    let mut child = Command::new(program)
        .args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .env("SENIM_METRICS", "off")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{}: cannot be started", program.display()))?;
    let output = child.stdout.take().context("no output")?;
    let running = Running(child);
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    anyhow::ensure!(line.contains("address"), "it did not say where it is");
    Ok((running, begun.elapsed()))
}

/// Size of a copy without symbols, in MiB.
fn stripped_mib(program: &Path, stand: &Stand) -> anyhow::Result<Option<f64>> {
    let copy = stand.path("senim.stripped");
    match Command::new("strip").arg("-o").arg(&copy).arg(program).status() {
        Ok(status) if status.success() => Ok(Some(std::fs::metadata(copy)?.len() as f64 / 1_048_576.0)),
        _ => Ok(None),
    }
}

pub(crate) fn run(scale: &Scale, stand: &Stand) -> anyhow::Result<Outcome> {
    let program = program(scale.senim.as_deref())?;
    let mut readings = Vec::new();
    let size = std::fs::metadata(&program)?.len() as f64 / 1_048_576.0;
    readings.push(Reading::new("the program as built, with symbols", "MiB", Spread::of([size])));
    if let Some(stripped) = stripped_mib(&program, stand)? {
        readings.push(
            Reading::new("the program, stripped", "MiB", Spread::of([stripped])).wanted(Wanted::AtMost(60.0)),
        );
    }
    {
        let instance = stand.instance("peopled")?;
        People::new(&instance.app)?.move_in(&instance.app, SUBJECTS)?;
    }
    let (mut first, mut again, mut rss, mut peopled) = (vec![], vec![], vec![], vec![]);
    for round in 0..scale.rounds {
        let (server, took) = start(&program, &stand.path(&format!("empty-{round}")))?;
        first.push(took.as_secs_f64());
        std::thread::sleep(IDLE);
        rss.push(machine::memory_mib(&server.0.id().to_string(), "VmRSS"));
        drop(server);
        let (server, took) = start(&program, &stand.path("peopled"))?;
        again.push(took.as_secs_f64());
        std::thread::sleep(IDLE);
        peopled.push(machine::memory_mib(&server.0.id().to_string(), "VmRSS"));
    }
    readings.extend([
        Reading::new("start on an empty folder, until it serves", "s", Spread::of(first))
            .wanted(Wanted::AtMost(2.0)),
        Reading::new("start on a folder with 1,000 subjects, after kill -9", "s", Spread::of(again))
            .wanted(Wanted::AtMost(2.0)),
        Reading::new("resident when idle, empty folder", "MiB", Spread::of(rss)).wanted(Wanted::AtMost(60.0)),
        Reading::new("resident when idle, 1,000 subjects", "MiB", Spread::of(peopled))
            .wanted(Wanted::AtMost(60.0)),
    ]);
    Ok(Outcome {
        title: "Footprint".into(),
        method: "`senim serve` as a process: from its start to the line that says where it listens; resident memory after three \
                 seconds of idling. Facts of a million subjects resident in memory are not built yet, so their figure is missing."
            .into(),
        limits: "Start: keystore, migrations, the first key epoch and three notices are each made durable on an empty folder. \
                 Memory: page caches of the writer and four readers, the time-zone table, templates."
            .into(),
        readings,
        ..Outcome::default()
    })
}
