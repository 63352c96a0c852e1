//! How fast, measured by hand: `cargo test -p store --release -- --ignored --nocapture speed`.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use model::Witness as _;

use super::{Folder, line, open, open_epoch, submit};
use crate::Store;

fn run(store: &Arc<Store>, clients: u64, seconds: f64, next: &Arc<AtomicU64>, whole: bool) {
    let threads: Vec<_> = (0..clients)
        .map(|_| {
            let (store, next) = (Arc::clone(store), Arc::clone(next));
            std::thread::spawn(move || {
                let (start, mut times) = (Instant::now(), Vec::new());
                while start.elapsed().as_secs_f64() < seconds {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let begun = Instant::now();
                    if whole {
                        store.write(move |tx| submit(tx, number)).unwrap();
                    } else {
                        store.write(move |tx| tx.append(line(number * 10, None))).unwrap();
                        store
                            .read(|tx| crate::log::prove(tx, line(number * 10, None).entry.id))
                            .unwrap()
                            .unwrap();
                    }
                    times.push(begun.elapsed());
                }
                times
            })
        })
        .collect();
    let begun = Instant::now();
    let mut times: Vec<Duration> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    let elapsed = begun.elapsed().as_secs_f64().max(seconds);
    times.sort();
    let part = |share: f64| times[(times.len() as f64 * share) as usize];
    println!(
        "{} {clients} clients: {:.0}/s p50 {:?} p99 {:?} max {:?}",
        if whole { "submission" } else { "append+proof" },
        times.len() as f64 / elapsed,
        part(0.5),
        part(0.99),
        times[times.len() - 1]
    );
}

#[test]
#[ignore = "a measurement, not a test"]
fn speed() {
    let folder = Folder::new();
    let store = Arc::new(open(folder.path()).unwrap());
    open_epoch(&store);
    let next = Arc::new(AtomicU64::new(1));
    // What the rows cost without the wait for the disk.
    let begun = Instant::now();
    store.write(|tx| (10_000_000..10_005_000).try_for_each(|number| submit(tx, number))).unwrap();
    println!("rows of a submission: {:?}", begun.elapsed() / 5000);
    for clients in [1, 8, 64, 1, 8, 64] {
        run(&store, clients, 3.0, &next, true);
    }
    for clients in [1, 8, 64, 256] {
        run(&store, clients, 3.0, &next, false);
    }
}
