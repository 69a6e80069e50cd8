//! A writer of small JSON documents (RFC 8259): one object a line, nothing kept in memory.

use std::fmt::{Display, Write};

/// A JSON object or array being written.
#[derive(Debug, Default)]
pub struct Json {
    text: String,
    /// Whether the next member needs a comma before it.
    follows: bool,
}

impl Json {
    /// An empty text.
    pub fn new() -> Self {
        Self::default()
    }
    /// Opens an object, as a member if `key` is given.
    pub fn open(&mut self, key: Option<&str>, bracket: char) -> &mut Self {
        self.separate(key);
        self.text.push(bracket);
        self.follows = false;
        self
    }
    /// Closes what was opened.
    pub fn close(&mut self, bracket: char) -> &mut Self {
        self.text.push(bracket);
        self.follows = true;
        self
    }
    /// A string member.
    pub fn string(&mut self, key: &str, value: &str) -> &mut Self {
        self.separate(Some(key));
        self.quote(value);
        self
    }
    /// A number member; `value` must print as a JSON number.
    pub fn number(&mut self, key: &str, value: impl Display) -> &mut Self {
        self.separate(Some(key));
        let _ = write!(self.text, "{value}");
        self
    }
    /// An array of strings.
    pub fn strings<'a>(
        &mut self,
        key: &str,
        values: impl Iterator<Item = std::borrow::Cow<'a, str>>,
    ) -> &mut Self {
        self.open(Some(key), '[');
        for value in values {
            self.separate(None);
            self.quote(&value);
        }
        self.close(']')
    }
    /// What has been written.
    pub fn finish(self) -> String {
        self.text
    }
    fn separate(&mut self, key: Option<&str>) {
        if self.follows {
            self.text.push(',');
        }
        self.follows = true;
        if let Some(key) = key {
            self.quote(key);
            self.text.push(':');
        }
    }
    fn quote(&mut self, value: &str) {
        self.text.push('"');
        for c in value.chars() {
            match c {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                c if c < ' ' || c == '\u{7f}' => {
                    let _ = write!(self.text, "\\u{:04x}", u32::from(c));
                }
                c => self.text.push(c),
            }
        }
        self.text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_escapes() {
        let mut json = Json::new();
        json.open(None, '{').string("a", "q\"b\\\n\u{1}é").number("n", 5);
        json.strings("s", ["x", ""].into_iter().map(Into::into)).strings("e", std::iter::empty());
        json.open(Some("o"), '{').close('}').close('}');
        assert_eq!(json.finish(), r#"{"a":"q\"b\\\n\u0001é","n":5,"s":["x",""],"e":[],"o":{}}"#);
    }
}
