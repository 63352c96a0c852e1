//! Closed-loop clients: each waits for its answer before it asks again.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use crate::figures::{Round, Side};
use crate::machine;

/// Lets so many clients act for a while; `begin` makes what a client keeps between two acts.
pub(crate) fn drive<S>(
    clients: usize,
    length: Duration,
    begin: impl Fn(usize) -> anyhow::Result<S> + Sync,
    act: impl Fn(&mut S) -> anyhow::Result<()> + Sync,
) -> anyhow::Result<Round> {
    let barrier = Barrier::new(clients + 1);
    let (begin, act, wait) = (&begin, &act, &barrier);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|client| {
                scope.spawn(move || -> anyhow::Result<(Vec<Duration>, Instant)> {
                    // Whatever happens, the others must not wait for this one.
                    let state = begin(client);
                    wait.wait();
                    let (mut state, start) = (state?, Instant::now());
                    let mut times = Vec::new();
                    loop {
                        let begun = Instant::now();
                        if begun.duration_since(start) >= length {
                            return Ok((times, begun));
                        }
                        act(&mut state)?;
                        times.push(begun.elapsed());
                    }
                })
            })
            .collect();
        wait.wait();
        let (start, cpu) = (Instant::now(), machine::cpu_seconds());
        let (mut times, mut last) = (Vec::new(), start);
        for thread in threads {
            let (mut own, ended) =
                thread.join().map_err(|_| anyhow::anyhow!("a client panicked: the run is void"))??;
            times.append(&mut own);
            last = last.max(ended);
        }
        Ok(Round::of(times, last.duration_since(start), machine::cpu_seconds() - cpu))
    })
}

/// A round of one side.
pub(crate) type Play<'a> = &'a mut dyn FnMut() -> anyhow::Result<Round>;

/// Plays rounds of all sides in turn: A B A B …, after one that does not count.
pub(crate) fn interleave(rounds: usize, sides: &mut [(&str, Play<'_>)]) -> anyhow::Result<Vec<Side>> {
    let mut played: Vec<Side> =
        sides.iter().map(|(name, _)| Side { name: (*name).to_owned(), rounds: Vec::new() }).collect();
    for number in 0..=rounds {
        for (side, (name, play)) in played.iter_mut().zip(sides.iter_mut()) {
            let round = play()?;
            if number > 0 {
                eprintln!(
                    "    {name}: {:.0}/s, p50 {:.0} µs, p99 {:.0} µs",
                    round.rate(),
                    round.p50_micros,
                    round.p99_micros
                );
                side.rounds.push(round);
            }
        }
    }
    Ok(played)
}
