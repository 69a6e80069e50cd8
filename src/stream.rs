//! `Redactor`: bytes pushed in any portions, clean bytes out, record by record.

use crate::finding::TypeId;
use crate::scan::Scanner;
use crate::transform::Clean;

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
pub struct Redactor {
    scanner: Scanner,
    summary: Summary,
}

impl Redactor {
    /// The longest record, in bytes, when nothing else is said: 1 MiB.
    pub const MAX_RECORD_BYTES: usize = 1 << 20;

    /// A redactor with the default limit.
    pub fn new(scanner: Scanner) -> Self {
        Self { scanner, summary: Summary::default() }
    }
    /// Sets the longest record in bytes; what is longer is cut at white space or withheld.
    pub fn with_max_record_bytes(self, _bytes: usize) -> Self {
        self
    }
    /// Takes `input` and appends to `out` all records that are complete.
    pub fn write(&mut self, _input: &[u8], _out: &mut Clean) {
        let _ = &self.scanner;
    }
    /// Redacts what is left as a last record without a line end and returns the counts.
    pub fn finish(&mut self, _out: &mut Clean) -> Summary {
        self.summary.clone()
    }
    /// The counts so far.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }
}
