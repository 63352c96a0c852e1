//! Phrases: how `policy/check.toml` says what to look for, so that a lawyer can change it.
//!
//! A phrase is words separated by blanks. `слово*` is any word that begins so, `...` up to 14 words of the
//! same sentence, `<n>` a number; words in brackets behind a number, such as «30 (тридцать)», are stepped over.
//! Case, «ё», punctuation and line ends do not count.

use std::ops::Range;

/// Widest gap that `...` covers.
const MAX_GAP: usize = 14;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// In lower case, «ё» as «е».
    pub text: String,
    /// Bytes in the text.
    pub span: Range<usize>,
    /// Inside brackets.
    pub bracketed: bool,
    /// The sentence ends behind it.
    pub ends_sentence: bool,
}

/// The words of a text in their order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut brackets = 0_usize;
    let mut chars = text.char_indices().peekable();
    // What stood between the last word and here.
    let (mut stop, mut newlines) = (false, 0);
    while let Some((start, c)) = chars.next() {
        if !c.is_alphanumeric() {
            match c {
                '(' => brackets += 1,
                ')' => brackets = brackets.saturating_sub(1),
                '.' | '!' | '?' => stop = true,
                ';' => newlines = 2,
                '\n' => newlines += 1,
                _ => {}
            }
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some(&(at, next)) = chars.peek() {
            let joins =
                next == '-' && text.get(at + 1..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
            if !(next.is_alphanumeric() || joins) {
                break;
            }
            end = at + next.len_utf8();
            chars.next();
        }
        if let Some(last) = words.last_mut() {
            last.ends_sentence = newlines >= 2 || (stop && c.is_uppercase());
        }
        if newlines >= 2 {
            // A forgotten bracket ends with its paragraph.
            brackets = 0;
        }
        (stop, newlines) = (false, 0);
        let source = text.get(start..end).unwrap_or_default();
        words.push(Word {
            text: lower(source),
            span: start..end,
            bracketed: brackets > 0,
            ends_sentence: false,
        });
    }
    words
}

fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ё' { 'е' } else { c }).collect()
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Word(String),
    Prefix(String),
    Number,
    Gap,
}

/// A phrase to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase(Vec<Part>);

/// A phrase found: indexes of words and the number of `<n>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    pub words: Range<usize>,
    pub number: Option<u32>,
}

impl Phrase {
    /// The phrase of a text; nothing when it is empty or begins or ends with a gap.
    pub fn new(text: &str) -> Option<Self> {
        let parts: Vec<Part> = text
            .split_whitespace()
            .map(|part| match (part, part.strip_suffix('*')) {
                ("...", _) => Part::Gap,
                ("<n>", _) => Part::Number,
                (_, Some(prefix)) => Part::Prefix(lower(prefix)),
                _ => Part::Word(lower(part)),
            })
            .collect();
        let ends_well = |part: Option<&Part>| part.is_some_and(|part| *part != Part::Gap);
        (ends_well(parts.first()) && ends_well(parts.last())).then_some(Self(parts))
    }

    /// The phrase, beginning exactly at word `at`.
    pub fn match_at(&self, words: &[Word], at: usize) -> Option<Match> {
        let (end, number) = match_parts(&self.0, words, at)?;
        Some(Match { words: at..end, number })
    }
}

fn match_parts(parts: &[Part], words: &[Word], at: usize) -> Option<(usize, Option<u32>)> {
    let Some((part, rest)) = parts.split_first() else { return Some((at, None)) };
    if *part == Part::Gap {
        for skipped in 0..=MAX_GAP {
            if let Some(found) = match_parts(rest, words, at + skipped) {
                return Some(found);
            }
            if words.get(at + skipped).is_none_or(|word| word.ends_sentence) {
                break;
            }
        }
        return None;
    }
    let word = words.get(at)?;
    let number = match part {
        Part::Word(text) => (word.text == *text).then_some(None)?,
        Part::Prefix(text) => word.text.starts_with(text.as_str()).then_some(None)?,
        Part::Number => Some(word.text.parse::<u32>().ok()?),
        Part::Gap => None,
    };
    let mut next = at + 1;
    if word.text.bytes().all(|byte| byte.is_ascii_digit()) && !word.bracketed {
        next += words.iter().skip(next).take(6).take_while(|word| word.bracketed).count();
    }
    // A gap directly before a sentence's end has nothing to cover.
    if rest.first() == Some(&Part::Gap) && word.ends_sentence {
        return None;
    }
    let (end, later) = match_parts(rest, words, next)?;
    Some((end, number.or(later)))
}
