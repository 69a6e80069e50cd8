//! Columns: names in the first row of a table, behind `#Fields:` in a W3C log, or behind `#fields` in one of Zeek,
//! say what stands below.

use std::fmt;
use std::sync::Arc;

use super::Engine;
use super::slots::{self, Meaning};
use crate::classify::{Candidates, Filter, Kind};
use crate::context::KeyTable;
use crate::fields::records;
use crate::finding::{Evidence, Finding};

/// What announces the columns of a W3C extended log (W3C Working Draft WD-logfile-960323).
const FIELDS: &[u8] = b"#Fields:";
/// What a log of Zeek starts with, and what announces its columns (Zeek, Writer::Ascii).
const ZEEK_HEAD: &[u8] = b"#separator ";
const ZEEK_FIELDS: &[u8] = b"#fields\t";
/// The longest row of names that is read, in bytes, and the most columns.
const MAX_HEADER_BYTES: usize = 64 << 10;
const MAX_COLUMNS: usize = 4096;

/// The most records that one field in quotes reaches over: a stray quote must not cost a whole table.
const MAX_FIELD_RECORDS: u16 = 64;

/// A field in quotes whose line break ended the record (RFC 4180 section 2): its column counted from one, 0 if none is
/// open, and the records that it has gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct OpenField {
    column: u16,
    records: u16,
}

/// How a row ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// With a field.
    Whole,
    /// In a field in quotes.
    Open,
    /// Behind a quote that closed too early.
    Torn,
}

/// What a field of a W3C log looks like (W3C WD-logfile, section "Fields").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `YYYY-MM-DD`, `HH:MM:SS` perhaps with decimals; seconds in Zeek.
    Stamp,
    Number,
    /// An address, or what stands for one.
    Address,
}

impl Form {
    /// Of a column by its name.
    fn of(name: &[u8]) -> Option<Self> {
        match name {
            b"date" | b"time" | b"ts" => Some(Self::Stamp),
            b"c-ip" | b"s-ip" => Some(Self::Address),
            b"sc-status" | b"sc-substatus" | b"sc-win32-status" | b"s-port" | b"c-port" | b"time-taken"
            | b"sc-bytes" | b"cs-bytes" => Some(Self::Number),
            _ => None,
        }
    }

    fn fits(self, field: &[u8]) -> bool {
        let is_none = matches!(field, b"-" | b"");
        match self {
            Self::Stamp => {
                let of_time = |b: &u8| matches!(b, b'0'..=b'9' | b'-' | b':' | b'.' | b'T' | b'Z');
                let is_date = field.len() == 10 && field[4] == b'-' && field[7] == b'-';
                let is_time = field.len() > 7 && field[2] == b':' && field[5] == b':';
                (is_date || is_time || field.len() > 9 && field[0].is_ascii_digit())
                    && field.iter().all(of_time)
            }
            Self::Number => is_none || field.iter().all(|b| b.is_ascii_digit() || *b == b'.'),
            Self::Address => {
                is_none
                    || crate::mark::mark_at(field, 0).is_some()
                    || field
                        .iter()
                        .all(|b| b.is_ascii_hexdigit() || matches!(b, b'.' | b':' | b'%' | b'/' | b'*'))
            }
        }
    }
}

/// The columns of a table.
pub(super) struct Columns {
    /// The row of names, to tell two tables apart.
    header: Vec<u8>,
    /// What parts the columns; blanks or tabs in a W3C log.
    separator: Option<u8>,
    meanings: Vec<Meaning>,
    /// The columns of a W3C log whose form is known: they tell its rows from other lines.
    formed: Vec<(usize, Form)>,
}

impl PartialEq for Columns {
    fn eq(&self, other: &Self) -> bool {
        self.header == other.header && self.separator == other.separator
    }
}

impl Eq for Columns {}

impl fmt::Debug for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Columns({})", self.meanings.len())
    }
}

impl Columns {
    /// The columns that a row of names announces; `None` if it is too long or has only one.
    fn read(keys: &KeyTable, header: &[u8], separator: Option<u8>) -> Option<Arc<Self>> {
        let header = header.strip_prefix("\u{feff}".as_bytes()).unwrap_or(header);
        let mut cuts = Vec::new();
        if header.len() > MAX_HEADER_BYTES || !cut(header, separator, &mut cuts) || cuts.len() > MAX_COLUMNS {
            return None;
        }
        let name = |(start, end): &(usize, usize)| {
            let name = header.get(*start..*end).unwrap_or_default().trim_ascii();
            // `cs(User-Agent)`: a header of the client
            let inside =
                name.strip_suffix(b")").and_then(|name| Some(&name[memchr::memchr(b'(', name)? + 1..]));
            // the ids of connections and files in Zeek
            if separator.is_none() && matches!(name, b"uid" | b"fuid" | b"conn_uids" | b"ts") {
                return Meaning::Technical;
            }
            Meaning::of_name(keys, inside.filter(|_| separator.is_none()).unwrap_or(name))
        };
        let mut meanings: Vec<Meaning> = cuts.iter().map(name).collect();
        if separator.is_some() {
            Meaning::name_persons(&mut meanings, keys);
        }
        let form =
            |(place, (start, end)): (usize, &(usize, usize))| Some((place, Form::of(&header[*start..*end])?));
        let formed = match separator {
            None => cuts.iter().enumerate().filter_map(form).collect(),
            Some(_) => Vec::new(),
        };
        Some(Arc::new(Self { header: header.to_vec(), separator, meanings, formed }))
    }

    /// Adds the slots of a row that starts at `from` or goes on there in the field that is `open`; what is open
    /// behind it. A row that is whole by itself starts anew.
    fn fill_quoted(
        &self,
        row: &[u8],
        from: usize,
        open: OpenField,
        cuts: &mut Vec<(usize, usize)>,
        all: &mut Vec<(usize, usize, Meaning)>,
    ) -> OpenField {
        let separator = self.separator.unwrap_or(b',');
        let width = self.meanings.len();
        let mut first = 0;
        let mut end = cut_quoted(row, separator, false, cuts);
        if !(end == End::Whole && cuts.len() == width) && open.column > 0 {
            first = usize::from(open.column) - 1;
            end = cut_quoted(row, separator, true, cuts);
        }
        let reached = first + cuts.len();
        let fits = match end {
            End::Whole => reached == width,
            End::Open => reached <= width && (first == 0 || open.records < MAX_FIELD_RECORDS),
            End::Torn => false,
        };
        if !fits {
            return OpenField::default();
        }
        // the first field and the last may be parts
        let is_part = |place: usize| place == 0 && first > 0 || place + 1 == cuts.len() && end == End::Open;
        let filled = cuts.iter().zip(&self.meanings[first..]).enumerate();
        all.extend(filled.map(|(place, ((start, stop), meaning))| {
            let meaning = match meaning {
                Meaning::Key(key) if is_part(place) => Meaning::Line(*key),
                whole => *whole,
            };
            (from + start, from + stop, meaning)
        }));
        match end {
            End::Open => OpenField { column: reached as u16, records: open.records + 1 },
            _ => OpenField::default(),
        }
    }

    /// The head of a log of Zeek, whose names of columns are still to come.
    fn zeek() -> Arc<Self> {
        let header = ZEEK_HEAD.to_vec();
        Arc::new(Self { header, separator: None, meanings: Vec::new(), formed: Vec::new() })
    }

    /// Adds the slots of a row that starts at `from`; a row of another width has none, and neither has one
    /// whose fields have another form than their columns.
    fn fill(
        &self,
        row: &[u8],
        from: usize,
        cuts: &mut Vec<(usize, usize)>,
        all: &mut Vec<(usize, usize, Meaning)>,
    ) {
        // names parted by tabs head rows that are: a sentence may have as many words
        let is_parted = self.separator.is_some() || row.contains(&b'\t') || !self.header.contains(&b'\t');
        let is_row = is_parted && cut(row, self.separator, cuts) && cuts.len() == self.meanings.len();
        let fits = |(place, form): &(usize, Form)| {
            let (start, end) = cuts[*place];
            form.fits(&row[start..end])
        };
        if is_row && self.formed.iter().all(fits) {
            let filled = cuts.iter().zip(&self.meanings);
            all.extend(filled.map(|((start, end), meaning)| (from + start, from + end, *meaning)));
        }
    }
}

/// Lets the word that announces columns pass the filter.
pub(super) fn fill(filter: &mut Filter) {
    filter.add_tag(b"fields");
}

/// Lays the columns in force over a chunk; returns those in force behind it.
pub(super) fn hunt(
    engine: &Engine,
    chunk: &[u8],
    candidates: &Candidates,
    open: Option<Arc<Columns>>,
    field: OpenField,
    findings: &mut Vec<Finding>,
) -> (Option<Arc<Columns>>, OpenField) {
    let separator = engine.plan.policy.columns();
    let (mut columns, mut field) = (open, field);
    let mut from = 0;
    if separator.is_none() && columns.is_none() {
        let mut places = candidates.of(Kind::Tag).iter().map(|c| c.at as usize);
        let first = places.find(|at| announces(chunk, *at)).map(|colon| colon + 1 - FIELDS.len());
        let mut places = candidates.of(Kind::Phrase).iter().map(|c| c.at as usize);
        let zeek = places.find(|at| opens_zeek(chunk, *at)).map(|at| at - ZEEK_HEAD.len());
        let Some(first) = first.into_iter().chain(zeek).min() else { return (None, field) };
        from = first;
    }
    let (mut cuts, mut filled) = (Vec::new(), Vec::new());
    for (start, end) in records(chunk.get(from..).unwrap_or_default()) {
        let (start, end) = (from + start, from + end);
        let row = chunk.get(start..end).unwrap_or_default();
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        if separator.is_none()
            && let Some(names) = row.strip_prefix(FIELDS)
        {
            columns = Columns::read(&engine.keys, names.trim_ascii(), None);
        } else if separator.is_none() && row.starts_with(ZEEK_HEAD) {
            columns = Some(Columns::zeek());
        } else if separator.is_none()
            && columns.is_some()
            && let Some(names) = row.strip_prefix(ZEEK_FIELDS)
        {
            columns = Columns::read(&engine.keys, names, None);
        } else if row.is_empty() || separator.is_none() && row.starts_with(b"#") {
        } else if let Some(columns) = columns.as_ref().filter(|_| separator.is_some()) {
            field = columns.fill_quoted(row, start, field, &mut cuts, &mut filled);
        } else if let Some(columns) = &columns {
            columns.fill(row, start, &mut cuts, &mut filled);
        } else if separator.is_some() {
            columns = Columns::read(&engine.keys, row, separator.map(|comma| parted_by(row, comma)));
        }
    }
    slots::lay_over(engine, chunk, &filled, Evidence::SLOT_COLUMN, findings);
    (columns, field)
}

/// What parts the names of a header: a semicolon where spreadsheets write decimal commas.
fn parted_by(header: &[u8], separator: u8) -> u8 {
    let count = |sign: u8| memchr::memchr_iter(sign, header).count();
    if separator == b',' && count(b';') > count(b',') { b';' } else { separator }
}

/// Whether the colon at `colon` ends the word that announces columns, at the start of a record.
fn announces(text: &[u8], colon: usize) -> bool {
    let start = (colon + 1).checked_sub(FIELDS.len());
    start.is_some_and(|start| text[start..].starts_with(FIELDS) && (start == 0 || text[start - 1] == b'\n'))
}

/// Whether the value at `at` stands in the first line of a log of Zeek.
fn opens_zeek(text: &[u8], at: usize) -> bool {
    let Some(start) = at.checked_sub(ZEEK_HEAD.len()) else { return false };
    &text[start..at] == ZEEK_HEAD && (start == 0 || text[start - 1] == b'\n')
}

/// Cuts a row into its fields, without the quotes around them (RFC 4180); `None` for a separator means
/// tabs, or blanks where there is none. False if a quote isn't closed where its field ends.
fn cut(row: &[u8], separator: Option<u8>, cuts: &mut Vec<(usize, usize)>) -> bool {
    cuts.clear();
    let Some(separator) = separator else {
        let by = if row.contains(&b'\t') { b'\t' } else { b' ' };
        let mut at = 0;
        for field in row.split(|b| *b == by) {
            cuts.push((at, at + field.len()));
            at += field.len() + 1;
        }
        return true;
    };
    cut_quoted(row, separator, false, cuts) == End::Whole
}

/// The same for fields that may stand in quotes; `inside` says that the row starts in one.
fn cut_quoted(row: &[u8], separator: u8, inside: bool, cuts: &mut Vec<(usize, usize)>) -> End {
    cuts.clear();
    let (mut at, mut inside) = (0, inside);
    loop {
        let opens = !inside && row.get(at) == Some(&b'"');
        if opens || inside {
            let start = at + usize::from(opens);
            inside = false;
            let mut end = start;
            loop {
                match memchr::memchr(b'"', row.get(end..).unwrap_or_default()) {
                    None => {
                        cuts.push((start, row.len()));
                        return End::Open;
                    }
                    Some(p) if row.get(end + p + 1) == Some(&b'"') => end += p + 2,
                    Some(p) => break end += p,
                }
            }
            cuts.push((start, end));
            at = end + 1;
        } else {
            let rest = row.get(at..).unwrap_or_default();
            let length = memchr::memchr(separator, rest).unwrap_or(rest.len());
            cuts.push((at, at + length));
            at += length;
        }
        match row.get(at) {
            None => return End::Whole,
            Some(byte) if *byte == separator => at += 1,
            Some(_) => return End::Torn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::cut;
    use crate::{Clean, Policy, Scanner, Scratch, Summary};

    #[test]
    fn rows_are_cut_as_rfc_4180_says() {
        for (row, expected) in [
            ("a,b,c", Some(vec!["a", "b", "c"])),
            ("\"a,1\",\"b \"\"x\"\"\",", Some(vec!["a,1", "b \"\"x\"\"", ""])),
            ("", Some(vec![""])),
            ("\"a", None),
            ("\"a\"b,c", None),
            ("a\"b,c", Some(vec!["a\"b", "c"])),
        ] {
            let mut cuts = Vec::new();
            let whole = cut(row.as_bytes(), Some(b','), &mut cuts);
            let fields: Vec<&str> = cuts.iter().map(|(start, end)| &row[*start..*end]).collect();
            assert_eq!(whole.then_some(fields), expected, "{row}");
        }
    }

    fn redacted(policy: &Policy, chunks: &[&str]) -> String {
        let scanner = Scanner::new(policy).unwrap();
        let (mut scratch, mut out, mut summary) = (Scratch::default(), Clean::new(), Summary::default());
        let mut carry = super::super::Carry::default();
        for chunk in chunks {
            carry = scanner.redact_with_carry(chunk.as_bytes(), carry, &mut scratch, &mut out, &mut summary);
        }
        String::from_utf8(out.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn names_of_columns_are_keys() {
        let policy = Policy::default().with_columns(b',');
        let rows = [
            "order,First Name,phone,login,total,created\n",
            "4155550132,Anna,4155550132,aberg,49.90,1710224724\n",
            "4155550133,\"Tom, jr\",\"(415) 555-0133\",tom,12.00,1710224725\n",
            "short,row\n",
        ];
        let expected = "order,First Name,phone,login,total,created\n\
                        4155550132,[NAME],[PHONE],[USERNAME],49.90,1710224724\n\
                        4155550133,\"[NAME]\",\"[PHONE]\",[USERNAME],12.00,1710224725\n\
                        short,row\n";
        assert_eq!(redacted(&policy, &rows), expected);
        assert_eq!(redacted(&policy, &[&rows.concat()]), expected);
        let tabs = rows.concat().replace(',', "\t").replace("Tom\t jr", "Tom, jr");
        let expected = expected.replace(',', "\t");
        assert_eq!(redacted(&Policy::default().with_columns(b'\t'), &[&tabs]), expected);
    }

    #[test]
    fn fields_in_quotes_go_on_behind_a_line_break() {
        let policy = Policy::default().with_columns(b',');
        let rows = [
            "first name,address,phone,total\n",
            "Anna,\"12 Elm St\n",
            "Springfield\",4155550132,49.90\n",
            "\"Tom\n",
            "Berg\",\"7 Oak Rd\r\n",
            "\r\n",
            "Shelbyville\",4155550133,12.00\n",
            "\"stray,7 Oak Rd,4155550134,1.00\n",
            "Bob,8 Oak Rd,4155550135,2.00\n",
        ];
        let expected = "first name,address,phone,total\n\
                        [NAME],\"[ADDRESS]\n\
                        [ADDRESS]\",[PHONE],49.90\n\
                        \"[NAME]\n\
                        [NAME]\",\"[ADDRESS]\r\n\
                        \r\n\
                        [ADDRESS]\",[PHONE],12.00\n";
        let clean = redacted(&policy, &rows);
        assert!(clean.starts_with(expected), "{clean}");
        assert!(clean.ends_with("[NAME],[ADDRESS],[PHONE],2.00\n"), "{clean}");
        assert_eq!(redacted(&policy, &[&rows.concat()]), clean);
    }

    #[test]
    fn fields_of_w3c_logs_are_columns() {
        let rows = [
            "#Software: Microsoft Internet Information Services 10.0\n",
            "#Fields: date time s-ip cs-method cs-uri-stem cs-username c-ip cs(User-Agent) sc-status\n",
            "2024-03-12 06:25:24 10.1.2.20 GET /a.aspx CORP\\aberg 203.0.113.5 Mozilla/5.0+(X11) 200\n",
            "2024-03-12 06:25:25 10.1.2.20 GET /a.aspx - 203.0.113.5 curl/8.5.0 200\n",
            "2024-03-12 06:25:26, Info CBS Loaded Stack v6.1.7601.24000 with Core\n",
            "#Fields: date time x-forwarded cs-user cs-uri-query\n",
            "2024-03-12\t06:25:25\t-\tanna\tx=1\n",
        ];
        let clean = redacted(&Policy::default(), &rows);
        let lines: Vec<&str> = clean.lines().collect();
        assert_eq!(
            lines[2],
            "2024-03-12 06:25:24 [IPV4] GET /a.aspx [USERNAME] [IPV4] Mozilla/5.0+(X11) 200"
        );
        assert_eq!(lines[3], "2024-03-12 06:25:25 [IPV4] GET /a.aspx - [IPV4] curl/8.5.0 200");
        // a line of another log, as wide
        assert_eq!(lines[4], rows[4].trim_end());
        assert_eq!(lines[6], "2024-03-12\t06:25:25\t-\t[USERNAME]\tx=1");
        assert_eq!(redacted(&Policy::default(), &[&rows.concat()]), clean);
    }

    #[test]
    fn fields_of_zeek_are_columns_behind_its_head() {
        let rows = [
            "#separator \\x09\n",
            "#path\tftp\n",
            "#fields\tts\tuid\tid.orig_h\tuser\tpassword\tcommand\n",
            "#types\ttime\tstring\taddr\tstring\tstring\tstring\n",
            "1764340978.112233\tCHhAvVGS1DHFjwGM9\t203.0.113.5\tanna\tgeh3im\tRETR\n",
            "x\tanna\t203.0.113.5\tanna\tgeh3im\tRETR\n",
            "2026-11-28 x 203.0.113.5 anna geh3im RETR\n",
            "#close\t2026-11-28-00-00-00\n",
        ];
        let clean = redacted(&Policy::default(), &rows);
        let lines: Vec<&str> = clean.lines().collect();
        assert_eq!(lines[2], rows[2].trim_end());
        assert_eq!(lines[4], "1764340978.112233\tCHhAvVGS1DHFjwGM9\t[IPV4]\t[USERNAME]\t[PASSWORD]\tRETR");
        // no time where one stands: a line of something else
        assert_eq!(lines[5], "x\tanna\t[IPV4]\tanna\tgeh3im\tRETR");
        // as many words, but no tabs
        assert_eq!(lines[6], "2026-11-28 x [IPV4] anna geh3im RETR");
        assert_eq!(redacted(&Policy::default(), &[&rows.concat()]), clean);
        // names without the head of Zeek announce nothing
        let alone = redacted(&Policy::default(), &[&rows[2..].concat()]);
        assert_eq!(alone.lines().nth(2).unwrap(), rows[4].trim_end().replace("203.0.113.5", "[IPV4]"));
    }
}
