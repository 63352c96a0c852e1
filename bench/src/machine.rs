//! What the machine says of itself and of this process: load, processor time, memory, the disk's own sync.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use crate::figures::Spread;

/// Kernel ticks in a second, as `/proc/self/stat` counts them.
const TICKS: f64 = 100.0;
/// Bytes appended before each sync: about what one commit adds to a write-ahead log.
const SYNCED_BYTES: usize = 16 * 1024;

/// The one-minute load average.
pub(crate) fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("?").to_owned()
}

/// Processor seconds of this process so far.
pub(crate) fn cpu_seconds() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> = text
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse().ok())
        .collect();
    fields.iter().sum::<f64>() / TICKS
}

/// A line of `/proc/<process>/status` in MiB.
pub(crate) fn memory_mib(process: &str, name: &str) -> f64 {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let kib =
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')?.split_whitespace().next());
    kib.and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// The most memory this process ever held, in MiB.
pub(crate) fn peak_rss_mib() -> f64 {
    memory_mib("self", "VmHWM")
}

/// Processor, cores and memory in one line.
pub(crate) fn description() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = |name: &str| {
        cpu.lines()
            .find(|line| line.starts_with(name))
            .and_then(|line| line.split_once(':'))
            .map_or("?", |(_, text)| text.trim())
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = memory.lines().next().and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    format!(
        "{}, {cores} cores, {:.0} GiB of memory",
        named("model name"),
        memory.unwrap_or(0.0) / 1_048_576.0
    )
}

/// Microseconds of one append and sync, `fdatasync` and `fsync`, many times over: the middle of each.
pub(crate) fn sync_micros(folder: &Path, times: usize) -> anyhow::Result<(f64, f64)> {
    let path = folder.join("sync.probe");
    let mut file = File::create(&path)?;
    let block = vec![0x5a; SYNCED_BYTES];
    let (mut data, mut all) = (Vec::new(), Vec::new());
    for _ in 0..times {
        let begun = Instant::now();
        file.write_all(&block)?;
        file.sync_data()?;
        data.push(begun.elapsed().as_secs_f64() * 1e6);
        let begun = Instant::now();
        file.write_all(&block)?;
        file.sync_all()?;
        all.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    drop(file);
    fs::remove_file(path)?;
    Ok((Spread::of(data).median, Spread::of(all).median))
}

/// Bytes of all files below a folder.
pub(crate) fn bytes_below(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => bytes_below(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        })
        .sum()
}
