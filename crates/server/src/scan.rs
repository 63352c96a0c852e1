//! `senim erasure scan --values`: looks for given values in every file, in twelve encodings (RELIABILITY §3).
//!
//! Invariants: a value is never logged, stored or reported, only the number of its line; the search first
//! proves on planted bytes that it finds each encoding.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{Entropy, platform::random};
use zeroize::Zeroizing;

use crate::files;

/// Shorter byte strings are found everywhere by chance.
const BYTES_MIN: usize = 4;
/// Bytes read at once.
const CHUNK: usize = 1 << 20;

/// The twelve encodings.
pub const ENCODINGS: [&str; 12] = [
    "utf-8",
    "utf-16-le",
    "utf-16-be",
    "base64-at-0",
    "base64-at-1",
    "base64-at-2",
    "hex-lower",
    "hex-upper",
    "percent",
    "json-escape",
    "quoted-printable",
    "windows-1251",
];

/// A value in one encoding; `None` where the encoding cannot write it.
fn encode(value: &str, encoding: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = value.as_bytes();
    let written = match encoding {
        "utf-8" => bytes.to_vec(),
        "utf-16-le" => value.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16-be" => value.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "base64-at-0" => base64_at(bytes, 0),
        "base64-at-1" => base64_at(bytes, 1),
        "base64-at-2" => base64_at(bytes, 2),
        "hex-lower" => bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect(),
        "hex-upper" => bytes.iter().flat_map(|byte| format!("{byte:02X}").into_bytes()).collect(),
        "percent" => escaped(bytes, '%', |byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)),
        "quoted-printable" => escaped(bytes, '=', |byte| (b' '..=b'~').contains(&byte) && byte != b'='),
        "json-escape" => value
            .encode_utf16()
            .flat_map(|unit| match u8::try_from(unit) {
                Ok(b'"') => b"\\\"".to_vec(),
                Ok(b'\\') => b"\\\\".to_vec(),
                Ok(byte @ b' '..=b'~') => vec![byte],
                _ => format!("\\u{unit:04x}").into_bytes(),
            })
            .collect(),
        "windows-1251" => value.chars().map(windows_1251).collect::<Option<Vec<u8>>>()?,
        _ => return None,
    };
    Some(Zeroizing::new(written))
}

/// The characters of base64 that depend on the value alone when it stands so many bytes into its group.
fn base64_at(bytes: &[u8], offset: usize) -> Vec<u8> {
    let mut padded = Zeroizing::new(vec![0; offset]);
    padded.extend_from_slice(bytes);
    let text = STANDARD.encode(&*padded);
    // The first characters also carry bits of what stands before, the last ones of what follows.
    let from = [0, 2, 3][offset];
    let to = padded.len() * 8 / 6;
    text.as_bytes().get(from..to).unwrap_or_default().to_vec()
}

fn escaped(bytes: &[u8], mark: char, plain: impl Fn(u8) -> bool) -> Vec<u8> {
    bytes
        .iter()
        .flat_map(|&byte| if plain(byte) { vec![byte] } else { format!("{mark}{byte:02X}").into_bytes() })
        .collect()
}

/// One letter in windows-1251; the letters of Kazakh that it lacks have none.
fn windows_1251(letter: char) -> Option<u8> {
    match letter {
        '\0'..='\x7f' => u8::try_from(u32::from(letter)).ok(),
        'А'..='я' => u8::try_from(u32::from(letter) - 0x410 + 0xc0).ok(),
        'Ё' => Some(0xa8),
        'ё' => Some(0xb8),
        'І' => Some(0xb2),
        'і' => Some(0xb3),
        '№' => Some(0xb9),
        '«' => Some(0xab),
        '»' => Some(0xbb),
        '–' => Some(0x96),
        '—' => Some(0x97),
        '\u{a0}' => Some(0xa0),
        _ => None,
    }
}

/// A place where a value stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Hit {
    /// The file.
    pub file: PathBuf,
    /// The number of the value, from 1 in the order given; never the value.
    pub value: usize,
    /// In which encoding.
    pub encoding: &'static str,
    /// About where in the file, in bytes.
    pub offset: u64,
}

/// What a scan found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// Files searched.
    pub files: usize,
    /// Bytes searched.
    pub bytes: u64,
    /// How many of the twelve encodings of the planted control were found.
    pub control_found: usize,
    /// Every hit, at most one per file, value and encoding.
    pub hits: Vec<Hit>,
}

impl Report {
    /// Whether the search found everything that was planted for it.
    pub fn control_is_complete(&self) -> bool {
        self.control_found == ENCODINGS.len()
    }
}

struct Patterns {
    automaton: AhoCorasick,
    /// Per pattern: number of the value (0 for the control), encoding.
    meaning: Vec<(usize, &'static str)>,
    longest: usize,
}

impl Patterns {
    fn new(values: &[Zeroizing<String>], control: &str) -> anyhow::Result<Self> {
        let mut texts: Vec<Zeroizing<Vec<u8>>> = Vec::new();
        let mut meaning = Vec::new();
        let all = std::iter::once(control).chain(values.iter().map(|value| value.as_str()));
        for (number, value) in all.enumerate() {
            for encoding in ENCODINGS {
                if let Some(text) = encode(value, encoding).filter(|text| text.len() >= BYTES_MIN) {
                    texts.push(text);
                    meaning.push((number, encoding));
                }
            }
        }
        let longest = texts.iter().map(|text| text.len()).max().unwrap_or_default();
        let automaton = AhoCorasick::new(texts.iter().map(|text| text.as_slice()))
            .map_err(|_| anyhow::anyhow!("too many values at once; split the list"))?;
        Ok(Self { automaton, meaning, longest })
    }

    /// Tells each pattern found in these bytes, with its place.
    fn search(&self, bytes: &[u8], mut found: impl FnMut(usize, &'static str, usize)) {
        for place in self.automaton.find_overlapping_iter(bytes) {
            let (value, encoding) = self.meaning[place.pattern().as_usize()];
            found(value, encoding, place.start());
        }
    }
}

/// Searches the files below these places for the values, one per entry.
///
/// A control of random bytes in every encoding is planted in `plant` (a folder that is searched), looked for
/// in the same pass, and removed.
///
/// # Errors
/// A value too short to be told from chance; a file that cannot be read: a scan that leaves a file out is none.
pub fn scan(
    places: &[PathBuf],
    plant: &Path,
    values: &[Zeroizing<String>],
    entropy: &dyn Entropy,
) -> anyhow::Result<Report> {
    for (index, value) in values.iter().enumerate() {
        anyhow::ensure!(
            value.len() >= BYTES_MIN && value.chars().count() >= BYTES_MIN,
            "value {}: shorter than {BYTES_MIN} characters, it would be found everywhere by chance",
            index + 1
        );
    }
    let token: [u8; 12] = random(entropy);
    let letters = files::hex(&token);
    let control = format!("Бақылау {letters}").replace('қ', "к");
    let patterns = Patterns::new(values, &control)?;
    let planted = plant.join(format!("scan-control-{}", &letters[..12]));
    files::write_new(&planted, &plant_of(&control))?;
    let outcome = search_all(places, &planted, &patterns);
    files::shred(&planted)?;
    outcome
}

/// The control in each encoding, parted by bytes that belong to none.
fn plant_of(control: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for encoding in ENCODINGS {
        if let Some(text) = encode(control, encoding) {
            bytes.extend_from_slice(b"\0\x01|");
            bytes.extend_from_slice(&text);
        }
    }
    bytes
}

fn search_all(places: &[PathBuf], planted: &Path, patterns: &Patterns) -> anyhow::Result<Report> {
    let mut report = Report { files: 0, bytes: 0, control_found: 0, hits: Vec::new() };
    let mut seen = std::collections::BTreeSet::new();
    let mut control = std::collections::BTreeSet::new();
    for place in places {
        if !place.exists() {
            continue;
        }
        for file in files::walk(place)? {
            if !seen.insert(file.clone()) {
                continue;
            }
            let mut hits = Vec::new();
            match search_file(&file, patterns, |value, encoding, offset| match value {
                0 if file == planted => {
                    control.insert(encoding);
                }
                0 => {}
                value => hits.push(Hit { file: file.clone(), value, encoding, offset }),
            }) {
                Ok(bytes) => report.bytes += bytes,
                // A running server removes files of its own (drafts, the write-ahead log).
                Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => continue,
                Err(fault) => {
                    anyhow::bail!("{}: cannot be read ({fault}); run the scan as its owner", file.display())
                }
            }
            report.files += 1;
            hits.sort();
            hits.dedup_by(|one, two| (one.value, one.encoding) == (two.value, two.encoding));
            report.hits.extend(hits);
        }
    }
    report.control_found = control.len();
    report.hits.sort();
    Ok(report)
}

/// Searches one file as it is, and again without line breaks, since mail folds base64 and quoted-printable.
fn search_file(
    file: &Path,
    patterns: &Patterns,
    mut found: impl FnMut(usize, &'static str, u64),
) -> std::io::Result<u64> {
    let mut source = files::open(file)?;
    let overlap = patterns.longest * 4 + 16;
    let mut window: Zeroizing<Vec<u8>> = Zeroizing::new(Vec::with_capacity(CHUNK + overlap));
    let (mut start, mut total) = (0_u64, 0_u64);
    loop {
        let had = window.len();
        let read = (&mut source).take(CHUNK as u64).read_to_end(&mut window)?;
        if read == 0 {
            return Ok(total);
        }
        total += read as u64;
        patterns.search(&window, |value, encoding, at| found(value, encoding, start + at as u64));
        let unfolded = unfold(&window);
        if unfolded.len() < window.len() {
            patterns.search(&unfolded, |value, encoding, at| found(value, encoding, start + at as u64));
        }
        let keep = window.len().min(overlap);
        let drop = window.len() - keep;
        window.drain(..drop);
        start += drop as u64;
        debug_assert!(had <= overlap);
    }
}

/// The bytes without line breaks, and without the `=` that quoted-printable puts before a break.
fn unfold(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let mut flat = Zeroizing::new(Vec::with_capacity(bytes.len()));
    for (at, byte) in bytes.iter().enumerate() {
        let soft = *byte == b'=' && bytes.get(at + 1).is_some_and(is_break);
        if !is_break(byte) && !soft {
            flat.push(*byte);
        }
    }
    flat
}

/// The values of a list, one per line; blank lines do not count.
pub fn values_of(text: &str) -> Vec<Zeroizing<String>> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| Zeroizing::new(line.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use model::platform::SeededEntropy;

    use super::*;
    use crate::files::scratch::Scratch;

    const VALUE: &str = "Жұмабаева Алия";
    const RUSSIAN: &str = "Петрова Ольга =1";

    fn run(scratch: &Scratch, values: &[&str]) -> Report {
        let values: Vec<_> = values.iter().map(|value| Zeroizing::new((*value).to_owned())).collect();
        let places = [scratch.path().to_owned(), scratch.path().join("not-there")];
        scan(&places, scratch.path(), &values, &SeededEntropy::new(1)).unwrap()
    }

    #[test]
    fn each_encoding_is_as_others_write_it() {
        let written =
            |value, encoding| encode(value, encoding).map(|text| String::from_utf8(text.to_vec()).unwrap());
        assert_eq!(written("Ия \"x\"", "json-escape").unwrap(), "\\u0418\\u044f \\\"x\\\"");
        assert_eq!(written("Ия=", "quoted-printable").unwrap(), "=D0=98=D1=8F=3D");
        assert_eq!(written("a b/я", "percent").unwrap(), "a%20b%2F%D1%8F");
        assert_eq!(written("Ия", "hex-upper").unwrap(), "D098D18F");
        assert_eq!(encode("Яя№", "windows-1251").unwrap().as_slice(), [0xdf, 0xff, 0xb9]);
        assert_eq!(encode("Әлия", "windows-1251"), None);
        assert_eq!(encode("Ия", "utf-16-be").unwrap().as_slice(), [0x04, 0x18, 0x04, 0x4f]);
        for before in ["", "x", "xy", "xyz", "xyzw"] {
            let text = STANDARD.encode(format!("{before}{VALUE}what follows"));
            let found = (0..3)
                .any(|at| text.contains(std::str::from_utf8(&base64_at(VALUE.as_bytes(), at)).unwrap()));
            assert!(found, "after {before:?}");
        }
    }

    #[test]
    fn the_control_is_found_in_all_twelve_and_removed() {
        let scratch = Scratch::new();
        let report = run(&scratch, &[VALUE]);
        assert!(report.control_is_complete(), "{report:?}");
        assert_eq!(report.hits, []);
        assert!(files::names(scratch.path()).unwrap().is_empty());
    }

    #[test]
    fn a_value_is_found_in_every_encoding_folded_and_across_chunks() {
        for encoding in ENCODINGS {
            let scratch = Scratch::new();
            let text = encode(RUSSIAN, encoding).unwrap();
            let mut bytes = vec![b'.'; CHUNK - text.len() / 2];
            bytes.extend_from_slice(&text);
            bytes.extend_from_slice(&[b'.'; 100]);
            files::write_new(&scratch.path().join("file.db-wal"), &bytes).unwrap();
            let report = run(&scratch, &["not there at all", RUSSIAN]);
            assert!(
                report.hits.iter().any(|hit| hit.value == 2 && hit.encoding == encoding),
                "{encoding}: {report:?}"
            );
            assert!(report.hits.iter().all(|hit| hit.value == 2));
        }
        let scratch = Scratch::new();
        let folded = format!(
            "=D0=9F=D0=B5=D1=82=\r\n=D1=80=D0=BE=D0=B2=D0=B0 =\n{}",
            "=D0=9E=D0=BB=D1=8C=D0=B3=D0=B0 =3D1"
        );
        files::write_new(&scratch.path().join("letter"), folded.as_bytes()).unwrap();
        assert_eq!(run(&scratch, &[RUSSIAN]).hits.len(), 1);
    }

    #[test]
    fn a_report_never_holds_the_value_and_short_ones_are_refused() {
        let scratch = Scratch::new();
        files::write_new(&scratch.path().join("file"), VALUE.as_bytes()).unwrap();
        let report = run(&scratch, &[VALUE]);
        assert_eq!((report.hits.len(), report.hits[0].value), (1, 1));
        assert!(!serde_json::to_string(&report).unwrap().contains("Алия"));
        let short = [Zeroizing::new("abc".to_owned())];
        assert!(scan(&[], scratch.path(), &short, &SeededEntropy::new(1)).is_err());
    }
}
