//! Figures: rounds of two sides, their medians with the smallest and the largest, and readings against targets.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One round of one side.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Round {
    pub operations: u64,
    pub seconds: f64,
    /// Of this process in this round: server and clients together.
    pub cpu_seconds: f64,
    pub p50_micros: f64,
    pub p99_micros: f64,
    pub max_micros: f64,
}

impl Round {
    /// The round in which these operations were done.
    pub fn of(mut times: Vec<Duration>, elapsed: Duration, cpu_seconds: f64) -> Self {
        times.sort_unstable();
        let at = |share: f64| {
            let place = (times.len() as f64 * share) as usize;
            times.get(place.min(times.len().saturating_sub(1))).map_or(0.0, |time| time.as_secs_f64() * 1e6)
        };
        Self {
            operations: times.len() as u64,
            seconds: elapsed.as_secs_f64(),
            cpu_seconds,
            p50_micros: at(0.5),
            p99_micros: at(0.99),
            max_micros: at(1.0),
        }
    }

    /// Operations per second.
    pub fn rate(&self) -> f64 {
        self.operations as f64 / self.seconds.max(1e-9)
    }
}

/// The middle, the smallest and the largest of some values.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Spread {
    pub median: f64,
    pub min: f64,
    pub max: f64,
}

impl Spread {
    /// The spread of these values; zeros of none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let median = match values.len() {
            0 => 0.0,
            even if even.is_multiple_of(2) => f64::midpoint(values[middle - 1], values[middle]),
            _ => values[middle],
        };
        Self {
            median,
            min: values.first().copied().unwrap_or(0.0),
            max: values.last().copied().unwrap_or(0.0),
        }
    }

    /// The spread of a part of each round.
    pub fn over(rounds: &[Round], part: impl Fn(&Round) -> f64) -> Self {
        Self::of(rounds.iter().map(part))
    }
}

/// One side of a comparison.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Side {
    pub name: String,
    pub rounds: Vec<Round>,
}

/// Two sides whose rounds alternated.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Comparison {
    pub what: String,
    pub clients: usize,
    pub ours: Side,
    pub reference: Side,
    /// The share of the reference's rate that is the target.
    pub wanted: Option<f64>,
}

impl Comparison {
    /// Our rate as a share of the reference's, round by round.
    pub fn ratio(&self) -> Spread {
        Spread::of(
            self.ours
                .rounds
                .iter()
                .zip(&self.reference.rounds)
                .map(|(ours, other)| ours.rate() / other.rate()),
        )
    }
}

/// A target.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Wanted {
    AtMost(f64),
    AtLeast(f64),
}

impl Wanted {
    /// Whether a median meets it.
    pub fn is_met(self, median: f64) -> bool {
        match self {
            Self::AtMost(most) => median <= most,
            Self::AtLeast(least) => median >= least,
        }
    }
}

/// One value with its spread.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Reading {
    pub what: String,
    pub unit: String,
    pub value: Spread,
    pub wanted: Option<Wanted>,
}

impl Reading {
    /// A reading without a target.
    pub fn new(what: impl Into<String>, unit: &str, value: Spread) -> Self {
        Self { what: what.into(), unit: unit.to_owned(), value, wanted: None }
    }
    /// With a target.
    pub fn wanted(self, wanted: Wanted) -> Self {
        Self { wanted: Some(wanted), ..self }
    }
}

/// The build that targets are about.
pub(crate) const RELEASE: &str = "release";

/// What a suite found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub code: String,
    pub title: String,
    /// What stands on each side, and how it was measured.
    pub method: String,
    /// What limits the figures.
    pub limits: String,
    pub comparisons: Vec<Comparison>,
    pub readings: Vec<Reading>,
    /// One-minute load average before and after.
    pub load: String,
    pub scale: String,
    /// [`RELEASE`], or a build whose figures say nothing about a target.
    #[serde(default)]
    pub build: String,
    pub peak_rss_mib: f64,
}

impl Outcome {
    /// Whether its figures may be held against the targets.
    pub fn is_judged(&self) -> bool {
        self.build == RELEASE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_lies_in_the_middle() {
        assert!((Spread::of([3.0, 1.0, 2.0]).median - 2.0).abs() < 1e-9);
        assert!((Spread::of([4.0, 1.0, 2.0, 3.0]).median - 2.5).abs() < 1e-9);
        let round = Round::of((1..=100).map(Duration::from_micros).collect(), Duration::from_secs(2), 0.0);
        assert!((round.rate() - 50.0).abs() < 1e-9 && (round.p99_micros - 100.0).abs() < 1e-9);
    }
}
