//! A reader of JSON that keeps raw text: duplicate keys, number text, escapes and lone surrogates
//! stay what they are, so that two documents can be compared leaf by leaf.

use std::ops::Range;

/// A value and where it stands in the text.
pub struct Node {
    pub range: Range<usize>,
    pub tree: Tree,
}

pub enum Tree {
    /// A number, `true`, `false`, `null`: its raw text says which.
    Scalar,
    /// A string; the range includes its quotes.
    String,
    Array(Vec<Node>),
    /// Keys with their ranges (quotes included), in order and as often as they occur.
    Object(Vec<(Range<usize>, Node)>),
}

/// The document if the text is exactly one (RFC 8259; any bytes may stand in strings).
pub fn parse(text: &[u8]) -> Option<Node> {
    let mut parser = Parser { text, at: 0 };
    let node = parser.value(0)?;
    parser.blanks();
    (parser.at == text.len()).then_some(node)
}

/// True if the text is an object or an array.
pub fn is_document(text: &[u8]) -> bool {
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) && parse(text).is_some()
}

struct Parser<'t> {
    text: &'t [u8],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }
    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }
    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }
    fn value(&mut self, depth: usize) -> Option<Node> {
        self.blanks();
        let start = self.at;
        let tree = match self.peek()? {
            _ if depth > 200 => return None,
            b'{' => self.object(depth)?,
            b'[' => self.array(depth)?,
            b'"' => {
                self.string()?;
                Tree::String
            }
            b'-' | b'0'..=b'9' => {
                self.number()?;
                Tree::Scalar
            }
            _ => {
                let word = [&b"true"[..], b"false", b"null"];
                self.at += word.into_iter().find(|word| self.text[self.at..].starts_with(word))?.len();
                Tree::Scalar
            }
        };
        Some(Node { range: start..self.at, tree })
    }
    fn object(&mut self, depth: usize) -> Option<Tree> {
        self.eat(b'{')?;
        let mut fields = Vec::new();
        self.blanks();
        if self.eat(b'}').is_some() {
            return Some(Tree::Object(fields));
        }
        loop {
            self.blanks();
            let start = self.at;
            self.string()?;
            let key = start..self.at;
            self.blanks();
            self.eat(b':')?;
            fields.push((key, self.value(depth + 1)?));
            self.blanks();
            if self.eat(b',').is_none() {
                self.eat(b'}')?;
                return Some(Tree::Object(fields));
            }
        }
    }
    fn array(&mut self, depth: usize) -> Option<Tree> {
        self.eat(b'[')?;
        let mut items = Vec::new();
        self.blanks();
        if self.eat(b']').is_some() {
            return Some(Tree::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blanks();
            if self.eat(b',').is_none() {
                self.eat(b']')?;
                return Some(Tree::Array(items));
            }
        }
    }
    fn string(&mut self) -> Option<()> {
        self.eat(b'"')?;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => return Some(()),
                b'\\' => match self.peek()? {
                    b'u' => {
                        let digits = self.text.get(self.at + 1..self.at + 5)?;
                        digits.iter().all(u8::is_ascii_hexdigit).then_some(())?;
                        self.at += 5;
                    }
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
                    _ => return None,
                },
                _ => {}
            }
        }
    }
    fn digits(&mut self) -> Option<usize> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > start).then_some(self.at - start)
    }
    fn number(&mut self) -> Option<()> {
        let _ = self.eat(b'-');
        let zero = self.peek() == Some(b'0');
        if self.digits()? > 1 && zero {
            return None;
        }
        if self.eat(b'.').is_some() {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }
}

/// What a string's raw text (with its quotes) means, and where in it each byte came from;
/// surrogates become `?`.
pub fn decode(raw: &[u8]) -> (Vec<u8>, Vec<usize>) {
    let (mut out, mut places, mut at) = (Vec::new(), Vec::new(), 1);
    while at + 1 < raw.len() {
        if raw[at] != b'\\' {
            out.push(raw[at]);
            places.push(at);
            at += 1;
            continue;
        }
        let escape = at;
        match raw[at + 1] {
            b'u' => {
                let digits = std::str::from_utf8(&raw[at + 2..at + 6]).unwrap();
                let unit = u32::from_str_radix(digits, 16).unwrap();
                let letter = char::from_u32(unit).unwrap_or('?');
                out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                at += 4;
            }
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            byte => out.push(byte),
        }
        at += 2;
        places.resize(out.len(), escape);
    }
    (out, places)
}

/// Says where two documents differ in anything but the leaves and keys that `touched` names
/// (ranges of the text before).
pub fn difference(
    before: (&[u8], &Node),
    after: (&[u8], &Node),
    touched: &dyn Fn(&Range<usize>) -> bool,
) -> Option<String> {
    let raw = |text: &[u8], range: &Range<usize>| String::from_utf8_lossy(&text[range.clone()]).into_owned();
    let (a, b) = (before.1, after.1);
    match (&a.tree, &b.tree) {
        (Tree::Object(left), Tree::Object(right)) if left.len() == right.len() => {
            left.iter().zip(right).find_map(|((key, value), (new_key, new_value))| {
                if before.0[key.clone()] != after.0[new_key.clone()] && !touched(key) {
                    return Some(format!("key {} became {}", raw(before.0, key), raw(after.0, new_key)));
                }
                difference((before.0, value), (after.0, new_value), touched)
            })
        }
        (Tree::Array(left), Tree::Array(right)) if left.len() == right.len() => left
            .iter()
            .zip(right)
            .find_map(|(value, new)| difference((before.0, value), (after.0, new), touched)),
        (Tree::Scalar | Tree::String, Tree::Scalar | Tree::String) => {
            let (old, new) = (&before.0[a.range.clone()], &after.0[b.range.clone()]);
            if old == new {
                return None;
            }
            if !touched(&a.range) {
                return Some(format!("{} became {}", raw(before.0, &a.range), raw(after.0, &b.range)));
            }
            matches!((&a.tree, &b.tree), (Tree::String, Tree::Scalar))
                .then(|| format!("the string {} lost its quotes", raw(before.0, &a.range)))
        }
        _ => Some(format!("{} became {}", raw(before.0, &a.range), raw(after.0, &b.range))),
    }
}
