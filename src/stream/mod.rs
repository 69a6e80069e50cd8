//! `Redactor`: bytes pushed in any portions, clean bytes out, record by record.

mod adapters;
mod once;

pub use adapters::{RedactReader, RedactWriter};
pub use once::redact;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::finding::TypeId;
use crate::frame::json::is_json_start;
use crate::frame::{LongRecord, Rest};
use crate::scan::{Carry, Scanner, Scratch, cut};
use crate::transform::{self, Clean};

/// One count for each built-in rule and one for all rules of user packs.
const RULES: usize = crate::rules::RULE_NAMES.len() + 1;

/// What a run did. Counts only, never bytes.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Records (lines) seen.
    pub records: u64,
    /// Bytes taken in, after decompression.
    pub bytes_in: u64,
    /// Bytes given out.
    pub bytes_out: u64,
    /// Findings by type index ([`TypeId::index`]).
    pub findings: [u64; 128],
    /// Records of which a part was withheld (over-long, failed).
    pub withheld_records: u64,
    /// Bytes withheld.
    pub withheld_bytes: u64,
    /// Records dropped by the action `drop-record`.
    pub dropped_records: u64,
    /// Findings of types that the policy forbids.
    pub forbidden: u64,
    /// Findings by rule number, those of user packs together in the last place.
    pub(crate) rules: [u64; RULES],
    /// What was done with findings, by the place of the action in [`crate::Action::NAMES`].
    pub(crate) actions: [u64; crate::action::Action::NAMES.len()],
    /// Findings in shadow: counted in `findings`, too, and left as they were.
    pub shadowed: u64,
}

impl Default for Summary {
    fn default() -> Self {
        Self {
            records: 0,
            bytes_in: 0,
            bytes_out: 0,
            findings: [0; 128],
            withheld_records: 0,
            withheld_bytes: 0,
            dropped_records: 0,
            forbidden: 0,
            rules: [0; RULES],
            actions: Default::default(),
            shadowed: 0,
        }
    }
}

impl Summary {
    /// Adds another run's counts.
    pub fn add(&mut self, other: &Summary) {
        self.records += other.records;
        self.bytes_in += other.bytes_in;
        self.bytes_out += other.bytes_out;
        for (a, b) in self.findings.iter_mut().zip(other.findings) {
            *a += b;
        }
        self.withheld_records += other.withheld_records;
        self.withheld_bytes += other.withheld_bytes;
        self.dropped_records += other.dropped_records;
        self.forbidden += other.forbidden;
        self.shadowed += other.shadowed;
        for (a, b) in self.rules.iter_mut().zip(other.rules) {
            *a += b;
        }
        for (a, b) in self.actions.iter_mut().zip(other.actions) {
            *a += b;
        }
    }
    /// Actions and how often each was carried out, in the order of [`crate::Action::NAMES`].
    #[cfg_attr(not(feature = "cli"), allow(dead_code))]
    pub(crate) fn by_action(&self) -> impl Iterator<Item = (&'static str, u64)> {
        crate::action::Action::NAMES.into_iter().zip(self.actions)
    }
    /// Notes which rule a finding is of.
    #[inline]
    pub(crate) fn count_rule(&mut self, rule: crate::rules::RuleId) {
        self.rules[usize::from(rule.0).min(RULES - 1)] += 1;
    }
    /// Findings by rule: in the order of [`crate::rules::rule_names`], then those of user packs.
    pub fn found_by_rule(&self) -> impl Iterator<Item = u64> {
        self.rules.into_iter()
    }
    /// Findings of one type.
    pub fn found(&self, kind: TypeId) -> u64 {
        self.findings[kind.index()]
    }
    /// All findings.
    pub fn found_in_all(&self) -> u64 {
        self.findings.iter().sum()
    }
}

/// Takes bytes in portions of any size and gives clean bytes out, single-threaded, without I/O.
///
/// How the input is cut into portions never changes the output.
///
/// ```
/// use logveil::{Clean, Policy, Redactor, Scanner};
///
/// let mut redactor = Redactor::new(Scanner::new(&Policy::default())?);
/// let mut clean = Clean::new();
/// redactor.write(b"client 203.0.113.7 as", &mut clean);
/// redactor.write(b"ked\n", &mut clean);
/// let summary = redactor.finish(&mut clean);
/// assert_eq!(clean.as_bytes(), b"client [IPV4] asked\n");
/// assert_eq!(summary.records, 1);
/// # Ok::<(), logveil::Error>(())
/// ```
pub struct Redactor {
    scanner: Scanner,
    scratch: Scratch,
    summary: Summary,
    carry: Carry,
    max_record_bytes: usize,
    /// The start of a record whose end has not come yet.
    pending: Vec<u8>,
    long: Option<LongRecord>,
}

impl Redactor {
    /// The longest record, in bytes, when nothing else is said: 1 MiB.
    pub const MAX_RECORD_BYTES: usize = 1 << 20;
    /// The least that the longest record may be set to, in bytes: four times what a finding can span.
    pub const LEAST_MAX_RECORD_BYTES: usize = 4 * cut::MAX_SPAN_BYTES;

    /// A redactor with the default limit.
    pub fn new(scanner: Scanner) -> Self {
        Self {
            scanner,
            scratch: Scratch::default(),
            summary: Summary::default(),
            carry: Carry::default(),
            max_record_bytes: Self::MAX_RECORD_BYTES,
            pending: Vec::new(),
            long: None,
        }
    }
    /// Sets the longest record in bytes, without its line end; what is longer is cut at white space
    /// where nothing could be cut in two, or withheld. At least [`Self::LEAST_MAX_RECORD_BYTES`].
    pub fn with_max_record_bytes(mut self, bytes: usize) -> Self {
        self.max_record_bytes = bytes.max(Self::LEAST_MAX_RECORD_BYTES);
        self
    }

    /// Takes `input` and appends to `out` all records that are complete.
    pub fn write(&mut self, mut input: &[u8], out: &mut Clean) {
        while !input.is_empty() {
            if self.long.is_some() {
                input = self.continue_long(input, out);
            } else if self.pending.is_empty() {
                input = self.take_whole(input, out);
            } else {
                input = self.complete_pending(input, out);
            }
        }
    }

    /// Redacts what is left as a last record without a line end and returns the counts.
    pub fn finish(&mut self, out: &mut Clean) -> Summary {
        if let Some(long) = self.long.take() {
            self.end_long(long, false, out);
        }
        let pending = std::mem::take(&mut self.pending);
        if !pending.is_empty() {
            self.redact(&pending, out);
        }
        self.summary.clone()
    }

    /// Withholds what is left: the input broke off inside a record. Returns the counts.
    pub fn finish_cut_off(&mut self, out: &mut Clean) -> Summary {
        let mut bytes = self.pending.len() as u64;
        let mut is_json = is_json_start(&self.pending);
        let mut is_new = true;
        if let Some(long) = self.long.take() {
            (bytes, is_json, is_new) = long.broken_off();
        }
        if bytes > 0 {
            self.summary.bytes_in += bytes;
            self.summary.records += u64::from(is_new);
            self.withhold(bytes, is_json, b"", out);
        }
        self.pending.clear();
        self.summary.clone()
    }

    /// The counts so far.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Whether the start of a record waits for its end.
    pub fn is_mid_record(&self) -> bool {
        !self.pending.is_empty() || self.long.is_some()
    }

    pub(crate) fn carry(&self) -> Carry {
        self.carry.clone()
    }
    pub(crate) fn set_carry(&mut self, carry: Carry) {
        self.carry = carry;
    }

    fn redact(&mut self, records: &[u8], out: &mut Clean) {
        self.carry = redact_guarded(
            &self.scanner,
            records,
            std::mem::take(&mut self.carry),
            &mut self.scratch,
            out,
            &mut self.summary,
        );
    }

    fn withhold(&mut self, bytes: u64, is_json: bool, line_end: &[u8], out: &mut Clean) {
        let before = out.len();
        transform::withhold(bytes, is_json, line_end, out);
        self.summary.bytes_out += (out.len() - before) as u64;
        self.summary.withheld_records += 1;
        self.summary.withheld_bytes += bytes;
    }

    /// Redacts the whole records at the start of `input`; keeps what has no end yet.
    fn take_whole<'i>(&mut self, input: &'i [u8], out: &mut Clean) -> &'i [u8] {
        // no line of a portion this long can be longer than the limit
        let (portion, rest) = input.split_at(input.len().min(self.max_record_bytes + 1));
        if let Some(end) = memchr::memrchr(b'\n', portion) {
            self.redact(&portion[..=end], out);
            return &input[end + 1..];
        }
        self.pending.extend_from_slice(portion);
        self.settle();
        rest
    }

    /// Adds to the record in hand up to its end or the limit.
    fn complete_pending<'i>(&mut self, input: &'i [u8], out: &mut Clean) -> &'i [u8] {
        let room = self.max_record_bytes + 1 - self.pending.len();
        let (portion, rest) = input.split_at(input.len().min(room));
        match memchr::memchr(b'\n', portion) {
            Some(end) => {
                self.pending.extend_from_slice(&portion[..=end]);
                let record = std::mem::take(&mut self.pending);
                self.redact(&record, out);
                self.pending = record;
                self.pending.clear();
                &input[end + 1..]
            }
            None => {
                self.pending.extend_from_slice(portion);
                self.settle();
                rest
            }
        }
    }

    /// Turns a record that is past the limit without an end into a long one.
    fn settle(&mut self) {
        if self.pending.len() > self.max_record_bytes {
            self.long = Some(LongRecord::new(std::mem::take(&mut self.pending), self.max_record_bytes));
        }
    }

    /// Adds to a long record, cutting off and redacting what can be, until its end.
    fn continue_long<'i>(&mut self, input: &'i [u8], out: &mut Clean) -> &'i [u8] {
        let Some(mut long) = self.long.take() else { return input };
        let end = memchr::memchr(b'\n', input);
        let mut body = &input[..end.unwrap_or(input.len())];
        loop {
            while let Some(window) = long.full() {
                let place = match long.is_whole() {
                    true => None,
                    false => self.scanner.cut_point(window, &self.carry, &mut self.scratch),
                };
                if let Some(part) = long.cut(place) {
                    self.redact_part(&part, out);
                }
            }
            if body.is_empty() {
                break;
            }
            body = &body[long.fill(body)..];
        }
        match end {
            Some(end) => {
                self.end_long(long, true, out);
                &input[end + 1..]
            }
            None => {
                self.long = Some(long);
                &input[input.len()..]
            }
        }
    }

    /// Redacts a part of a record that goes on behind it; it is counted at its end.
    fn redact_part(&mut self, part: &[u8], out: &mut Clean) {
        let records = self.summary.records;
        self.redact(part, out);
        self.carry = std::mem::take(&mut self.carry).inside_record(true);
        self.summary.records = records;
    }

    fn end_long(&mut self, long: LongRecord, has_line_feed: bool, out: &mut Clean) {
        self.summary.records += 1;
        match long.end(has_line_feed) {
            Rest::Part(part) => self.redact_part(&part, out),
            Rest::Withheld { bytes, is_json, line_end } => {
                self.summary.bytes_in += bytes + line_end.len() as u64;
                self.withhold(bytes, is_json, line_end, out);
            }
        }
        self.carry = std::mem::take(&mut self.carry).inside_record(false);
    }
}

/// Redacts records; if that panics, withholds the record that made it panic and no other.
///
/// A panic is a bug of ours. It must cost one record and be counted, never pass a record raw.
pub(crate) fn redact_guarded(
    scanner: &Scanner,
    records: &[u8],
    carry: Carry,
    scratch: &mut Scratch,
    out: &mut Clean,
    summary: &mut Summary,
) -> Carry {
    let mut attempt =
        |bytes: &[u8], carry: Carry, out: &mut Clean, summary: &mut Summary| -> Result<Carry, ()> {
            let (length, before) = (out.len(), summary.clone());
            let redacted = catch_unwind(AssertUnwindSafe(|| {
                scanner.redact_with_carry(bytes, carry, scratch, out, summary)
            }));
            redacted.map_err(|_| {
                out.truncate(length);
                *summary = before;
                *scratch = Scratch::default();
            })
        };
    if let Ok(carry) = attempt(records, carry.clone(), out, summary) {
        return carry;
    }
    let mut carry = carry;
    for record in records.split_inclusive(|b| *b == b'\n') {
        match attempt(record, carry.clone(), out, summary) {
            Ok(next) => carry = next,
            Err(()) => {
                let body = record.strip_suffix(b"\n").unwrap_or(record);
                let length = out.len();
                transform::withhold(body.len() as u64, is_json_start(body), &record[body.len()..], out);
                summary.records += 1;
                summary.bytes_in += record.len() as u64;
                summary.bytes_out += (out.len() - length) as u64;
                summary.withheld_records += 1;
                summary.withheld_bytes += body.len() as u64;
            }
        }
    }
    carry
}
