//! What it costs: the product's own use cases, measured side by side with plain replayers of equal durability.
//!
//! Invariant: no figure is a test and none has a path made for it; rounds of both sides alternate in one run, and
//! a run with a wrong answer gives no figure.

#![expect(
    clippy::disallowed_methods,
    reason = "a measurement reads the clock, starts programs and keeps its own files; nothing of it ships"
)]
#![expect(clippy::print_stderr, reason = "says how far it is")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures for people"
)]

mod chart;
mod client;
mod drive;
mod figures;
mod gdprbench;
mod machine;
mod plain;
mod report;
mod stand;
mod suites;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};

use crate::report::Results;
use crate::stand::Stand;

/// How this program was built: the product is built with it, alike.
const BUILD: &str = if cfg!(debug_assertions) { "development" } else { figures::RELEASE };
/// The repository's root.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A group of figures, named by its row in the table of targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// `GDPRbench` against `PostgreSQL`, Redis and `SQLite`.
    P1,
    /// What protection costs.
    P3,
    /// What the log alone costs.
    P4,
    /// A decision in process.
    P5,
    /// Decisions over HTTP and in batches.
    P6,
    /// Form submissions.
    P7,
    /// Erasures.
    P8,
    /// Access packages.
    P9,
    /// Appending to the log.
    P11,
    /// Withdrawals.
    P12,
    /// Many terms that end on one day.
    P13,
    /// Size, memory, start.
    P15,
}

/// Measures the suites and writes `bench/results/<date>.json` and `docs/performance.md`.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Cli {
    /// Which suites; all of them unless named
    suites: Vec<Suite>,
    /// Full size: 16,000 subjects, longer rounds
    #[arg(long)]
    full: bool,
    /// Rounds of each side
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Seconds of a round [default: 2, full: 10]
    #[arg(long)]
    seconds: Option<f64>,
    /// Subjects that stand when erasures are measured [default: 2000, full: 16000]
    #[arg(long)]
    subjects: Option<usize>,
    /// Leave out what today's results hold already
    #[arg(long)]
    resume: bool,
    /// Measure nothing: write docs/performance.md again from the newest results
    #[arg(long)]
    report: bool,
    /// The program whose footprint is measured; built first unless given
    #[arg(long, value_name = "FILE")]
    senim: Option<PathBuf>,
}

/// How much is measured.
struct Scale {
    rounds: usize,
    length: Duration,
    /// Subjects that stand for P8.
    subjects: usize,
    /// Whether everything is measured at full size.
    full: bool,
    senim: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let root = Path::new(ROOT);
    if cli.report {
        return report::write_page(
            root,
            &Results::newest(root)?.context("no results yet: run `make bench`")?,
        );
    }
    let scale = Scale {
        rounds: cli.rounds.max(1),
        length: Duration::from_secs_f64(cli.seconds.unwrap_or(if cli.full { 10.0 } else { 2.0 })),
        subjects: cli.subjects.unwrap_or(if cli.full { 16_000 } else { 2_000 }),
        full: cli.full,
        senim: cli.senim,
    };
    let suites = if cli.suites.is_empty() { Suite::value_variants().to_vec() } else { cli.suites };
    let mut results = Results::of_today(root)?;
    for suite in suites {
        let code = format!("{suite:?}");
        if cli.resume && results.has(&code, BUILD) {
            eprintln!("{code}: stands in today's results");
            continue;
        }
        eprintln!("{code}: begins, load {}", machine::load());
        let stand = Stand::new(&code)?;
        let before = machine::load();
        let mut outcome = match suite {
            Suite::P1 => suites::gdprbench::run(&scale, &stand)?,
            Suite::P3 => suites::tax::compliance(&scale, &stand)?,
            Suite::P4 => suites::tax::log_alone(&scale, &stand)?,
            Suite::P5 => suites::gate::run(&scale)?,
            Suite::P6 => suites::decisions::run(&scale, &stand)?,
            Suite::P7 => suites::submissions::run(&scale, &stand)?,
            Suite::P8 => suites::erasures::run(&scale, &stand)?,
            Suite::P9 => suites::access::run(&scale, &stand)?,
            Suite::P11 => suites::log::run(&scale, &stand)?,
            Suite::P12 => suites::withdrawals::run(&scale, &stand)?,
            Suite::P13 => suites::due::run(&stand)?,
            Suite::P15 => suites::footprint::run(&scale, &stand)?,
        };
        outcome.code = code;
        BUILD.clone_into(&mut outcome.build);
        outcome.load = format!("{before} → {}", machine::load());
        outcome.peak_rss_mib = machine::peak_rss_mib();
        outcome.scale = format!("{} rounds of {:?}", scale.rounds, scale.length);
        results.put(outcome);
        // After each suite, so that a run cut short loses one suite at most.
        results.write(root)?;
        report::write_page(root, &results)?;
    }
    Ok(())
}
