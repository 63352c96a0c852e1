//! Results as JSON, one file a day, and the page made from them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use model::Clock as _;
use serde::{Deserialize, Serialize};
use server::clock::SystemClock;

use crate::chart::{Bar, Group, draw};
use crate::figures::{Comparison, Outcome, Reading, Round, Spread, Wanted};
use crate::machine;

/// The figures of a day.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Results {
    date: String,
    machine: String,
    suites: Vec<Outcome>,
}

fn folder(root: &Path) -> PathBuf {
    root.join("bench/results")
}

impl Results {
    /// Today's, with what they hold already.
    pub fn of_today(root: &Path) -> anyhow::Result<Self> {
        let date: String = SystemClock::new().now().to_string().chars().take(10).collect();
        match fs::read(folder(root).join(format!("{date}.json"))) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
            Err(_) => Ok(Self { date, machine: machine::description(), suites: Vec::new() }),
        }
    }

    /// The newest that stand.
    pub fn newest(root: &Path) -> anyhow::Result<Option<Self>> {
        let Ok(entries) = fs::read_dir(folder(root)) else { return Ok(None) };
        let newest = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|suffix| suffix == "json"))
            .max();
        newest.map(|path| Ok(serde_json::from_slice(&fs::read(path)?)?)).transpose()
    }

    /// Whether a suite of this build stands in them.
    pub fn has(&self, code: &str, build: &str) -> bool {
        self.suites.iter().any(|suite| suite.code == code && suite.build == build)
    }

    /// Puts a suite in, in place of an earlier run of it.
    pub fn put(&mut self, outcome: Outcome) {
        self.suites.retain(|suite| suite.code != outcome.code);
        self.suites.push(outcome);
        self.suites.sort_by_key(|suite| suite.code[1..].parse::<u32>().unwrap_or(u32::MAX));
    }

    /// Writes `bench/results/<date>.json`.
    pub fn write(&self, root: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder(root))?;
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        fs::write(folder(root).join(format!("{}.json", self.date)), text)?;
        Ok(())
    }
}

/// Three digits that matter.
fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 1_000.0 => {
            let digits = format!("{value:.0}");
            let mut text = String::new();
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at).is_multiple_of(3) {
                    text.push(',');
                }
                text.push(digit);
            }
            text
        }
        middle if middle >= 100.0 || middle.fract() == 0.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// `median (smallest–largest)`.
fn spread(value: Spread) -> String {
    if (value.max - value.min).abs() < f64::EPSILON {
        return number(value.median);
    }
    format!("{} ({}–{})", number(value.median), number(value.min), number(value.max))
}

/// `None`: the build is not the one that targets are about.
fn verdict(is_met: Option<bool>) -> &'static str {
    match is_met {
        Some(true) => "met",
        Some(false) => "**missed**",
        None => "not judged",
    }
}

fn comparison(page: &mut String, one: &Comparison, is_judged: bool) -> std::fmt::Result {
    let side = |rounds: &[Round]| {
        let part = |of: fn(&Round) -> f64| Spread::over(rounds, of);
        format!(
            "{} | {} | {}",
            spread(part(Round::rate)),
            number(part(|round| round.p50_micros / 1_000.0).median),
            number(part(|round| round.p99_micros / 1_000.0).median)
        )
    };
    // The kernel counts in hundredths of a second: a few operations are too short for it.
    let micros = |rounds: &[Round]| {
        if rounds.iter().any(|round| round.cpu_seconds < 0.05) {
            return "–".to_owned();
        }
        number(Spread::over(rounds, |round| round.cpu_seconds * 1e6 / round.operations.max(1) as f64).median)
    };
    let ratio = one.ratio();
    let target = one.wanted.map_or_else(
        || "–".to_owned(),
        |wanted| format!("≥ {}: {}", number(wanted), verdict(is_judged.then_some(ratio.median >= wanted))),
    );
    writeln!(
        page,
        "| {}, {} | {} | {} | {} | {} | {} | {} | {target} |",
        one.what,
        one.clients,
        side(&one.ours.rounds),
        micros(&one.ours.rounds),
        one.reference.name,
        side(&one.reference.rounds),
        micros(&one.reference.rounds),
        spread(ratio),
    )
}

fn reading(page: &mut String, one: &Reading, is_judged: bool) -> std::fmt::Result {
    let target = match one.wanted {
        None => "–".to_owned(),
        Some(wanted) => {
            let met = verdict(is_judged.then_some(wanted.is_met(one.value.median)));
            match wanted {
                Wanted::AtMost(most) => format!("≤ {}: {met}", number(most)),
                Wanted::AtLeast(least) => format!("≥ {}: {met}", number(least)),
            }
        }
    };
    writeln!(page, "| {} | {} {} | {target} |", one.what, spread(one.value), one.unit)
}

/// Writes `docs/performance.md`.
pub(crate) fn write_page(root: &Path, results: &Results) -> anyhow::Result<()> {
    let mut page = String::new();
    writeln!(
        page,
        "# Performance\n\n\
         Written by the program `bench` (`make bench` builds it for release) from `bench/results/{0}.json`; change `bench/` and run it again.\n\n\
         Measured {0} on {1}. Every comparison is a ratio: rounds of both sides alternate in one run on one disk, with the \
         same clients and the same durability (a sync before each acknowledgement); median of the rounds, smallest and \
         largest in brackets. Clients run in the process that is measured, so processor time is that of both. Ours always \
         runs with everything on: decision, per-person encryption, log entry with proof. A run with a wrong answer gives no \
         figure. The load average while a suite ran stands with it. Above the number of cores, other work took \
         part of the time: absolute figures are too low, latencies too high, and a ratio is too low as well wherever our side \
         needs more processor time than the other. Processor time for each operation depends on the load least.",
        results.date, results.machine
    )?;
    if results.suites.iter().any(|suite| !suite.is_judged()) {
        writeln!(
            page,
            "\n**Some figures below come from a development build, as each says. They show that the suite runs, not \
             how fast the product is: no target is judged by them until `make bench` has measured the release build.**"
        )?;
    }
    writeln!(page, "\n![Our rate as a share of the reference's](img/performance-ratios.svg)")?;
    for suite in &results.suites {
        writeln!(
            page,
            "\n## {}: {}\n\n{}\n\n{} build; {}; load average {}; peak memory of the measuring process {:.0} MiB.",
            suite.code, suite.title, suite.method, suite.build, suite.scale, suite.load, suite.peak_rss_mib
        )?;
        if suite.code == "P1" {
            writeln!(page, "\n![Completion times of the four roles](img/gdprbench.svg)")?;
        }
        if !suite.comparisons.is_empty() {
            writeln!(
                page,
                "\n| what, clients | ours /s | p50 ms | p99 ms | CPU µs | reference | /s | p50 ms | p99 ms | CPU µs | ratio | target |\n\
                 |---|---|---|---|---|---|---|---|---|---|---|---|"
            )?;
            for one in &suite.comparisons {
                comparison(&mut page, one, suite.is_judged())?;
            }
        }
        if !suite.readings.is_empty() {
            writeln!(page, "\n| what | value | target |\n|---|---|---|")?;
            for one in &suite.readings {
                reading(&mut page, one, suite.is_judged())?;
            }
        }
        writeln!(page, "\nWhat limits it: {}", suite.limits)?;
    }
    fs::write(root.join("docs/performance.md"), page)?;
    let images = root.join("docs/img");
    fs::write(images.join("performance-ratios.svg"), ratios(results)?)?;
    if let Some(suite) = results.suites.iter().find(|suite| suite.code == "P1") {
        fs::write(images.join("gdprbench.svg"), times(suite)?)?;
    }
    Ok(())
}

/// Our rate as a share of the reference's, where there is a target.
fn ratios(results: &Results) -> Result<String, std::fmt::Error> {
    let groups = results.suites.iter().filter_map(|suite| {
        let judged = suite.comparisons.iter().filter(|one| one.wanted.is_some());
        let bars: Vec<Bar> = judged
            .map(|one| {
                let value = one.ratio().median;
                Bar {
                    label: format!("{}, {}", one.what, one.clients),
                    value,
                    text: format!("{} ×", number(value)),
                    colour: usize::from(one.wanted.is_some_and(|wanted| value < wanted)),
                    target: one.wanted,
                }
            })
            .collect();
        (!bars.is_empty()).then(|| Group { heading: format!("{}: {}", suite.code, suite.title), bars })
    });
    draw("Our rate as a share of the reference's; the mark is the target", &groups.collect::<Vec<_>>())
}

/// Completion times of the roles of `GDPRbench`.
fn times(suite: &Outcome) -> Result<String, std::fmt::Error> {
    let mut groups: Vec<Group> = Vec::new();
    for one in &suite.comparisons {
        let role = one.what.split(',').next().unwrap_or_default();
        if groups.last().is_none_or(|group| group.heading != role) {
            groups.push(Group { heading: role.to_owned(), bars: Vec::new() });
        }
        let Some(group) = groups.last_mut() else { continue };
        for (side, is_ours) in [(&one.ours, true), (&one.reference, false)] {
            if group.bars.iter().any(|bar| bar.label == side.name) {
                continue;
            }
            let value = Spread::over(&side.rounds, |round| round.seconds).median;
            let (label, text) = (side.name.clone(), format!("{} s", number(value)));
            group.bars.push(Bar { label, value, text, colour: usize::from(!is_ours), target: None });
        }
    }
    draw(&format!("{}: seconds", suite.title), &groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_enough_to_read() {
        assert_eq!(number(1_234_567.8), "1,234,568");
        assert_eq!(number(999.4), "999");
        assert_eq!(number(12.34), "12.3");
        assert_eq!(number(0.1234), "0.12");
        assert_eq!(number(60.0), "60");
    }
}
