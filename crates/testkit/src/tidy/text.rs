//! Rust text as a rule needs it: code with comments and string contents blanked, and the strings apart.

/// A string literal of a Rust file.
#[derive(Debug, PartialEq, Eq)]
pub struct Literal {
    /// Line on which it begins, from 1.
    pub line: usize,
    /// What stands between the quotes, as written.
    pub text: String,
}

/// A Rust file, taken apart.
#[derive(Debug)]
pub struct Rust {
    /// The file with comments and contents of strings as blanks; lines and columns are kept.
    pub code: String,
    /// Its string literals.
    pub literals: Vec<Literal>,
    /// Lines before the test module at the end.
    pub shipped_lines: usize,
}

impl Rust {
    /// Takes a file apart.
    pub fn read(text: &str) -> Self {
        let mut reader =
            Reader { rest: text, line: 1, code: String::with_capacity(text.len()), literals: Vec::new() };
        while reader.step() {}
        let Reader { code, literals, .. } = reader;
        let shipped_lines = before_tests(&code);
        Self { code, literals, shipped_lines }
    }
}

/// Lines before `#[cfg(test)] mod …`: by custom the last thing of a file.
fn before_tests(code: &str) -> usize {
    let lines: Vec<&str> = code.lines().collect();
    let found = lines.windows(2).position(|pair| {
        let next = pair[1].trim_start();
        pair[0].trim() == "#[cfg(test)]" && next.starts_with("mod ") && next.ends_with('{')
    });
    found.unwrap_or(lines.len())
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    code: String,
    literals: Vec<Literal>,
}

impl Reader<'_> {
    fn keep(&mut self, bytes: usize) {
        let (taken, rest) = self.rest.split_at(bytes);
        self.line += taken.matches('\n').count();
        self.code.push_str(taken);
        self.rest = rest;
    }

    fn blank(&mut self, bytes: usize) {
        let (taken, rest) = self.rest.split_at(bytes);
        self.line += taken.matches('\n').count();
        self.code.extend(taken.chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }));
        self.rest = rest;
    }

    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else { return false };
        let before = self.code.chars().next_back().unwrap_or(' ');
        let in_word = before.is_alphanumeric() || before == '_';
        if self.rest.starts_with("//") {
            self.blank(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.blank(comment_end(self.rest));
        } else if let Some(hashes) = raw_string(self.rest).filter(|_| !in_word) {
            let open = self.rest.find('"').unwrap_or(0) + 1;
            let close = format!("\"{}", "#".repeat(hashes));
            let length = self.rest[open..].find(&close).unwrap_or(self.rest.len() - open);
            self.literal(open, length, close.len());
        } else if first == '"' {
            self.literal(1, string_length(&self.rest[1..]), 1);
        } else if first == '\'' {
            self.keep(1);
            if let Some(length) = char_length(self.rest) {
                self.blank(length);
                self.keep(1);
            }
        } else {
            // On to whatever may begin a comment or a literal; `r` and `b` may begin a raw string.
            let length = first.len_utf8();
            let next = self.rest[length..]
                .find(['/', '"', '\'', 'r', 'b'])
                .map_or(self.rest.len(), |at| length + at);
            self.keep(next);
        }
        true
    }

    fn literal(&mut self, open: usize, length: usize, close: usize) {
        self.keep(open);
        self.literals.push(Literal { line: self.line, text: self.rest[..length].to_owned() });
        self.blank(length);
        self.keep(close.min(self.rest.len()));
    }
}

fn comment_end(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    let bytes = text.as_bytes();
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The number of `#` when a raw string begins here.
fn raw_string(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = rest.bytes().take_while(|byte| *byte == b'#').count();
    rest[hashes..].starts_with('"').then_some(hashes)
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character literal after its first quote; `None` for a lifetime.
fn char_length(text: &str) -> Option<usize> {
    if let Some(escape) = text.strip_prefix('\\') {
        let first = escape.chars().next()?.len_utf8();
        return escape[first..].find('\'').map(|at| 1 + first + at);
    }
    let length = text.chars().next()?.len_utf8();
    text[length..].starts_with('\'').then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_comments_are_no_code() {
        let text = "fn a<'x>() { let c = '\"'; let d = '\\''; f(\"SELECT \\\" x\"); } // user\n/* user /* in */ */ b(r#\"a \"q\" b\"#);\n";
        let rust = Rust::read(text);
        assert!(!rust.code.contains("user") && !rust.code.contains("SELECT"), "{}", rust.code);
        assert!(rust.code.contains("fn a<'x>() {") && rust.code.contains("b(r#\""));
        assert_eq!(
            rust.literals,
            [
                Literal { line: 1, text: "SELECT \\\" x".into() },
                Literal { line: 2, text: "a \"q\" b".into() }
            ]
        );
        assert_eq!(rust.code.lines().count(), text.lines().count());
    }

    #[test]
    fn a_test_module_does_not_ship() {
        let rust = Rust::read("fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n");
        assert_eq!(rust.shipped_lines, 2);
        assert_eq!(Rust::read("#[cfg(test)]\nmod tests;\nfn a() {}\n").shipped_lines, 3);
    }
}
