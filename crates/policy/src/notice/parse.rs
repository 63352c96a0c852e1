//! Reading a notice: numbers that may start a clause are collected in one pass over the text, and a number
//! is taken only where it is the expected successor in the numbering (next sibling, first child, next of an
//! ancestor). So dates, amounts, addresses, laws and references such as «п. 8.7.» stay text.
//!
//! INVARIANT: any text is read, in time linear in its length.
//! Clauses: C1.1, C19.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use model::ClauseId;

use super::{Clause, NoticeText, Repeated};

/// Deepest numbering: `11.6.1.2`.
const MAX_DEPTH: usize = 4;
/// Numbers that may be missing in a row before a number is no clause any more.
const MAX_GAP: u16 = 3;
/// Characters of a line that are looked at to see whether it is a heading.
const MAX_TITLE: usize = 200;
/// Places where the numbering may begin (a table of contents before the text, a list after it).
const MAX_STARTS: usize = 8;

/// Words and signs after which a number is a reference.
const REFERENCES: &[&str] = &[
    "п",
    "пп",
    "подп",
    "ст",
    "ч",
    "абз",
    "гл",
    "разд",
    "см",
    "пункт",
    "пункта",
    "пункте",
    "пункту",
    "пунктом",
    "пункты",
    "пунктов",
    "пунктах",
    "подпункт",
    "подпункта",
    "подпункте",
    "статья",
    "статьи",
    "статье",
    "статьей",
    "статьёй",
    "раздел",
    "раздела",
    "разделе",
    "clause",
    "clauses",
    "section",
    "sections",
    "article",
    "articles",
    "art",
    "sec",
    "cl",
    "para",
    "no",
    "қараңыз",
    "бап",
    "тармақ",
];
/// Abbreviations after which a number in the middle of a line is a part of an address, a date or an amount.
const ABBREVIATIONS: &[&str] =
    &["г", "д", "ул", "кв", "оф", "стр", "корп", "т", "с", "рис", "табл", "тел", "қ", "к", "үй"];
/// How the first line of the company details begins.
const DETAILS: &[&str] = &[
    "сведения о",
    "реквизит",
    "наши реквизит",
    "контактн",
    "бин",
    "бсн",
    "bin",
    "иик",
    "жск",
    "iban",
    "бик",
    "бск",
    "bic",
    "company details",
    "our details",
    "details of",
    "деректемелер",
    "компания туралы",
    "тоо «",
    "тоо \"",
    "жшс",
    "ип «",
    "ао «",
];

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Number {
    parts: [u16; MAX_DEPTH],
    depth: usize,
}

impl Number {
    fn part(&self, level: usize) -> u16 {
        self.parts.get(level).copied().unwrap_or(0)
    }

    /// The number with another last part.
    fn with_last(mut self, value: u16) -> Self {
        if let Some(last) = self.parts.get_mut(self.depth.saturating_sub(1)) {
            *last = value;
        }
        self
    }

    fn text(&self) -> String {
        let parts: Vec<String> = self.parts.iter().take(self.depth).map(u16::to_string).collect();
        parts.join(".")
    }

    /// How many numbers are left out between `self` and `next`, if `next` may follow at all.
    fn gap_before(&self, next: &Self) -> Option<u16> {
        if next.depth > self.depth + 1 {
            return None;
        }
        let last = next.depth.checked_sub(1)?;
        if (0..last).any(|level| self.part(level) != next.part(level)) {
            return None;
        }
        let before = if next.depth > self.depth { 0 } else { self.part(last) };
        next.part(last).checked_sub(before)?.checked_sub(1)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Heading(usize),
    Paragraph,
    Line,
    Middle,
}

struct Candidate {
    number: Number,
    place: Place,
    /// From the mark before the number (`## **`) …
    start: usize,
    digits: Range<usize>,
    /// … to the text after it.
    body: usize,
    /// The mark of strong text is open before the number and not closed right after it.
    strong: Option<&'static str>,
    line: usize,
}

/// Reads a notice. Never fails: a text without numbering is all intro.
pub fn parse(text: &str) -> NoticeText {
    let candidates = candidates(text);
    let heading = heading_level(&candidates);
    let taken = best_chain(&candidates, heading);

    let first = taken.first().and_then(|&index| candidates.get(index)).map_or(text.len(), |c| c.start);
    let (title, intro) = split_title(slice(text, 0..first));
    let mut notice = NoticeText { title, intro, intro_span: 0..first, ..NoticeText::default() };

    let mut end = text.len();
    if let Some(last) = taken.last().and_then(|&index| candidates.get(index)) {
        end = details_start(text, last, heading);
    }
    notice.trailer_span = end..text.len();
    slice(text, end..text.len()).trim().clone_into(&mut notice.trailer);

    for (position, &index) in taken.iter().enumerate() {
        let Some(candidate) = candidates.get(index) else { continue };
        let next = taken.get(position + 1).and_then(|&index| candidates.get(index)).map_or(end, |c| c.start);
        let number = candidate.number.text();
        // INVARIANT: four numbers of three digits with dots fit a code.
        let Ok(id) = ClauseId::new(&format!("C{number}")) else { continue };
        let (heading, body) = split_heading(slice(text, candidate.body..next), candidate);
        notice.clauses.push(Clause {
            id,
            number,
            heading,
            text: body,
            span: candidate.start..next,
            number_span: candidate.digits.clone(),
            line: candidate.line,
            depth: u8::try_from(candidate.number.depth).unwrap_or(u8::MAX),
            run_on: candidate.place == Place::Middle,
        });
    }
    notice.repeated = repeated(&candidates, &taken, end);
    notice
}

fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

// ---- Numbers that may start a clause ---------------------------------------------------------------------

fn candidates(text: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut offset = 0;
    let mut after_blank = true;
    for (index, raw) in text.split_inclusive('\n').enumerate() {
        let line = raw.trim_end();
        let start = offset;
        offset += raw.len();
        if line.trim_start_matches(['\u{feff}', ' ', '\t']).is_empty() {
            after_blank = true;
            continue;
        }
        let end = start + line.len();
        let mut scanned = start;
        if let Some(candidate) = at_line_start(text, start..end, after_blank, index + 1) {
            scanned = candidate.body;
            after_blank = matches!(candidate.place, Place::Heading(_));
            found.push(candidate);
        } else {
            after_blank = line.trim_start().starts_with('#');
        }
        in_line(text, scanned..end, index + 1, &mut found);
    }
    found
}

fn at_line_start(text: &str, line: Range<usize>, after_blank: bool, number: usize) -> Option<Candidate> {
    let all = slice(text, line.clone());
    let mut rest = all.trim_start_matches(['\u{feff}', ' ', '\t', '\u{a0}', '>']);
    let start = line.start + (all.len() - rest.len());
    let hashes = rest.bytes().take_while(|&byte| byte == b'#').count();
    let mut place = if after_blank { Place::Paragraph } else { Place::Line };
    if (1..=6).contains(&hashes) {
        rest = rest.get(hashes..)?.strip_prefix([' ', '\t'])?.trim_start();
        place = Place::Heading(hashes);
    }
    let mut bullet = false;
    if let Some(item) = ["- ", "* ", "+ "].into_iter().find_map(|mark| rest.strip_prefix(mark)) {
        rest = item.trim_start();
        bullet = true;
    }
    let mut strong = None;
    if let Some((mark, inner)) =
        ["**", "__"].into_iter().find_map(|mark| Some((mark, rest.strip_prefix(mark)?)))
    {
        strong = Some(mark);
        rest = inner;
    }
    let from = line.end - rest.len();
    let read = number_at(text, from..line.end)?;
    let is_heading = matches!(place, Place::Heading(_));
    if read.number.depth == 1 && (bullet || !(read.dotted || is_heading)) {
        return None;
    }
    let (body, closed) = close_strong(text, read.end..line.end, strong);
    let after = slice(text, body..line.end).chars().next();
    let fits = match after {
        None => true,
        Some(next) if next.is_whitespace() => true,
        // «1.Общие положения»
        Some(next) => read.dotted && (next.is_alphabetic() || next == '«'),
    };
    if !fits || (!is_heading && ends_with_reference(slice(text, 0..start), REFERENCES)) {
        return None;
    }
    let strong = if closed { None } else { strong };
    Some(Candidate { number: read.number, place, start, digits: read.digits, body, strong, line: number })
}

/// Numbers behind the end of a sentence inside a line: «…; 8.6. …».
fn in_line(text: &str, range: Range<usize>, line: usize, found: &mut Vec<Candidate>) {
    let bytes = text.as_bytes();
    let mut at = range.start;
    while at < range.end {
        if !bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
            continue;
        }
        let run = slice(text, at..range.end);
        let skip = run.len() - run.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        if let Some(candidate) = in_line_at(text, at..range.end, range.start, line) {
            found.push(candidate);
        }
        at += skip.max(1);
    }
}

fn in_line_at(text: &str, range: Range<usize>, floor: usize, line: usize) -> Option<Candidate> {
    let mut before = slice(text, floor..range.start);
    let mut strong = None;
    if let Some((mark, outer)) =
        ["**", "__"].into_iter().find_map(|mark| Some((mark, before.strip_suffix(mark)?)))
    {
        strong = Some(mark);
        before = outer;
    }
    let start = floor + before.len();
    if !before.ends_with(char::is_whitespace) {
        return None;
    }
    if !before
        .trim_end()
        .trim_end_matches(['*', '_', '»', '"', '”', ')'])
        .ends_with(['.', ';', ':', '!', '?'])
    {
        return None;
    }
    let read = number_at(text, range.clone())?;
    if !read.dotted || ends_with_reference(before, REFERENCES) || ends_with_reference(before, ABBREVIATIONS) {
        return None;
    }
    let (body, closed) = close_strong(text, read.end..range.end, strong);
    let rest = slice(text, body..range.end);
    if !rest.starts_with(char::is_whitespace) {
        return None;
    }
    rest.trim_start()
        .chars()
        .next()
        .filter(|next| next.is_alphabetic() || matches!(next, '«' | '"' | '“' | '*'))?;
    let strong = if closed { None } else { strong };
    Some(Candidate {
        number: read.number,
        place: Place::Middle,
        start,
        digits: read.digits,
        body,
        strong,
        line,
    })
}

struct Read {
    number: Number,
    digits: Range<usize>,
    end: usize,
    dotted: bool,
}

fn number_at(text: &str, range: Range<usize>) -> Option<Read> {
    let mut parts = [0; MAX_DEPTH];
    let mut depth = 0;
    let mut at = range.start;
    loop {
        let rest = slice(text, at..range.end);
        let len = rest.bytes().take(4).take_while(u8::is_ascii_digit).count();
        let digits = rest.get(..len).filter(|digits| (1..=3).contains(&len) && !digits.starts_with('0'))?;
        *parts.get_mut(depth)? = digits.parse().ok()?;
        depth += 1;
        at += len;
        let number_end = at;
        let rest = slice(text, at..range.end);
        // Converters write `8\.` so that Markdown sees no list.
        let dot = ["\\.", "."].into_iter().find(|dot| rest.starts_with(dot));
        at += dot.map_or(0, str::len);
        if dot.is_none() || !slice(text, at..range.end).starts_with(|c: char| c.is_ascii_digit()) {
            let digits = range.start..number_end;
            return Some(Read { number: Number { parts, depth }, digits, end: at, dotted: dot.is_some() });
        }
    }
}

/// Steps over the closing mark of strong text right behind the number.
fn close_strong(text: &str, range: Range<usize>, strong: Option<&str>) -> (usize, bool) {
    let rest = slice(text, range.clone());
    match strong {
        Some(mark) if rest.starts_with(mark) => {
            let after = range.start + mark.len();
            // `**8.1**.`
            let dot = usize::from(slice(text, after..range.end).starts_with('.'));
            (after + dot, true)
        }
        _ => (range.start, false),
    }
}

/// The text ends with a word (or sign) of the list, with or without a dot: a reference follows.
fn ends_with_reference(before: &str, words: &[&str]) -> bool {
    let before = before.trim_end().trim_end_matches('*');
    if before.ends_with(['№', '§']) {
        return true;
    }
    // What stands in a heading is a title, not a reference.
    let line = before.chars().rev().take(MAX_TITLE).position(|c| c == '\n').unwrap_or(MAX_TITLE);
    if before.chars().rev().take(line).last() == Some('#') {
        return false;
    }
    let (before, dotted) = before.strip_suffix('.').map_or((before, false), |before| (before, true));
    let word: Vec<char> = before.chars().rev().take(16).take_while(|c| c.is_alphanumeric()).collect();
    let word: String = word.into_iter().rev().flat_map(char::to_lowercase).collect();
    // Abbreviations carry a dot, whole words do not.
    (dotted || word.chars().count() > 3) && words.contains(&word.as_str())
}

// ---- The chain of successors -----------------------------------------------------------------------------

/// The level of headings that carry the top clauses, when headings carry them.
fn heading_level(candidates: &[Candidate]) -> Option<usize> {
    let level_of = |value: u16| {
        candidates.iter().find_map(|c| match c.place {
            Place::Heading(level) if c.number.depth == 1 && c.number.part(0) == value => Some(level),
            _ => None,
        })
    };
    let level = level_of(1)?;
    (level_of(2) == Some(level)).then_some(level)
}

struct LastSeen {
    line: HashMap<Number, usize>,
    paragraph: HashMap<Number, usize>,
}

/// The chain with most top clauses; among equals the one whose clauses hold more text, so that a table of
/// contents never wins over the text itself.
fn best_chain(candidates: &[Candidate], heading: Option<usize>) -> Vec<usize> {
    let mut seen = LastSeen { line: HashMap::new(), paragraph: HashMap::new() };
    for candidate in candidates {
        if !is_of_style(candidate, heading) || candidate.place == Place::Middle {
            continue;
        }
        seen.line.insert(candidate.number, candidate.start);
        if candidate.place != Place::Line {
            seen.paragraph.insert(candidate.number, candidate.start);
        }
    }
    let starts = candidates.iter().enumerate().filter(|(_, c)| {
        c.number.depth == 1 && c.number.part(0) == 1 && c.place != Place::Middle && is_of_style(c, heading)
    });
    let mut best: (usize, usize, Vec<usize>) = (0, 0, Vec::new());
    for (start, _) in starts.take(MAX_STARTS) {
        let chain = chain(candidates, start, heading, &seen);
        let starts = || chain.iter().filter_map(|&index| candidates.get(index));
        let tops = starts().filter(|c| c.number.depth == 1).count();
        let covered = match (starts().next(), starts().next_back()) {
            (Some(first), Some(last)) => last.start - first.start,
            _ => 0,
        };
        if (tops, covered) > (best.0, best.1) || best.2.is_empty() {
            best = (tops, covered, chain);
        }
    }
    best.2
}

fn is_of_style(candidate: &Candidate, heading: Option<usize>) -> bool {
    candidate.number.depth > 1 || heading.is_none_or(|level| candidate.place == Place::Heading(level))
}

fn chain(candidates: &[Candidate], from: usize, heading: Option<usize>, seen: &LastSeen) -> Vec<usize> {
    let mut path = Number { parts: [0; MAX_DEPTH], depth: 1 };
    let mut taken = Vec::new();
    for (index, candidate) in candidates.iter().enumerate().skip(from) {
        if is_of_style(candidate, heading) && is_successor(&path, candidate, seen) {
            path = candidate.number;
            taken.push(index);
        }
    }
    taken
}

fn is_successor(path: &Number, candidate: &Candidate, seen: &LastSeen) -> bool {
    let number = candidate.number;
    let Some(gap) = path.gap_before(&number) else { return false };
    let later = |map: &HashMap<Number, usize>, number: Number| {
        map.get(&number).is_some_and(|&at| at > candidate.start)
    };
    let last = number.part(number.depth.saturating_sub(1));
    let next_exists = later(&seen.line, number.with_last(last.saturating_add(1)));
    match candidate.place {
        // The same number at a better place wins.
        Place::Middle if later(&seen.line, number) => return false,
        // A top clause inside a line only bridges a hole of the numbering.
        Place::Middle if number.depth == 1 && !(gap == 0 && next_exists) => return false,
        Place::Middle if gap > 0 => return false,
        Place::Line if later(&seen.paragraph, number) => return false,
        _ => {}
    }
    if gap == 0 {
        return true;
    }
    // Left-out numbers: only where none of them comes later and the numbering visibly goes on.
    gap <= MAX_GAP
        && (1..=gap).all(|step| !later(&seen.line, number.with_last(last - step)))
        && (number.depth > 1 || matches!(candidate.place, Place::Heading(_)) || next_exists)
}

/// Clause numbers at the start of a line that the text already has, between the first clause and the details.
fn repeated(candidates: &[Candidate], taken: &[usize], end: usize) -> Vec<Repeated> {
    let mut known: HashSet<Number> = HashSet::new();
    let mut next = taken.iter().peekable();
    let mut found = Vec::new();
    for (index, candidate) in candidates.iter().enumerate() {
        if next.peek() == Some(&&index) {
            next.next();
            known.insert(candidate.number);
        } else if candidate.number.depth > 1
            && candidate.place != Place::Middle
            && candidate.start < end
            && known.contains(&candidate.number)
            && let Ok(id) = ClauseId::new(&format!("C{}", candidate.number.text()))
        {
            found.push(Repeated { id, span: candidate.digits.clone() });
        }
    }
    found
}

// ---- Title, headings, details ----------------------------------------------------------------------------

fn split_title(intro: &str) -> (String, String) {
    let mut offset = 0;
    for raw in intro.split_inclusive('\n') {
        let start = offset;
        offset += raw.len();
        let line = raw.trim().trim_start_matches('\u{feff}');
        if line.is_empty() {
            continue;
        }
        let title = line.trim_start_matches('#').trim_end_matches('#').trim().trim_matches('*').trim();
        // A first paragraph that runs on is no title.
        if !line.starts_with('#') && title.chars().count() > 160 {
            return (String::new(), intro.trim().to_owned());
        }
        let rest = slice(intro, offset..intro.len());
        let before = slice(intro, 0..start).trim().trim_start_matches('\u{feff}');
        debug_assert!(before.is_empty());
        return (title.to_owned(), rest.trim().to_owned());
    }
    (String::new(), String::new())
}

fn split_heading(body: &str, candidate: &Candidate) -> (Option<String>, String) {
    let (line, rest) = body.split_once('\n').unwrap_or((body, ""));
    let line = line.trim();
    if matches!(candidate.place, Place::Heading(_)) {
        let heading = line.trim_end_matches('#').trim_end().trim_matches('*').trim();
        return ((!heading.is_empty()).then(|| heading.to_owned()), rest.trim().to_owned());
    }
    match candidate.strong {
        None => (None, body.trim().to_owned()),
        Some(mark) => match line.strip_suffix(mark) {
            Some(heading) if !heading.contains(mark) && !heading.trim().is_empty() => {
                (Some(heading.trim().to_owned()), rest.trim().to_owned())
            }
            _ => (None, format!("{mark}{}", body.trim())),
        },
    }
}

/// Where the company details begin: a paragraph behind the last clause's first one that looks like them.
fn details_start(text: &str, last: &Candidate, heading: Option<usize>) -> usize {
    let mut offset = last.body;
    let mut seen_text = false;
    let mut blank = false;
    for (index, raw) in slice(text, last.body..text.len()).split_inclusive('\n').enumerate() {
        let start = offset;
        offset += raw.len();
        let line = raw.trim();
        if line.is_empty() {
            blank = true;
            continue;
        }
        let level = line.bytes().take_while(|&byte| byte == b'#').count();
        let breaks = line.len() >= 3
            && (line.bytes().all(|byte| byte == b'-') || line.bytes().all(|byte| byte == b'*'));
        let is_heading = level > 0 && heading.is_none_or(|top| level <= top);
        let plain: String = line
            .trim_start_matches(['#', '*', '_', ' '])
            .chars()
            .take(32)
            .flat_map(char::to_lowercase)
            .collect();
        let is_details = DETAILS.iter().any(|words| plain.starts_with(words));
        if index > 0 && seen_text && (is_heading || (blank && (breaks || is_details))) {
            return start;
        }
        seen_text = true;
        blank = false;
    }
    text.len()
}
