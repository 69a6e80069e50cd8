//! Findings of whole records on several threads, in order, without replacing anything.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::Error;
use crate::finding::Finding;
use crate::scan::{Carry, Scanner, Scratch};

/// Below this a thread of its own costs more than it saves.
const LEAST_PART_BYTES: usize = 32 << 10;

/// Scans one input chunk after chunk, each on all threads.
pub(crate) struct Finder<'s> {
    scanner: &'s Scanner,
    pool: Option<rayon::ThreadPool>,
    parts: Vec<Part>,
    /// What is open behind the last chunk.
    carry: Carry,
    found: Vec<Finding>,
}

/// Some whole records of a chunk.
#[derive(Default)]
struct Part {
    range: Range<usize>,
    scratch: Scratch,
    /// What is open behind it; none if the scan panicked.
    carry: Option<Carry>,
}

impl Part {
    fn scan(&mut self, scanner: &Scanner, records: &[u8], carry: Carry) {
        let (bytes, scratch) = (&records[self.range.clone()], &mut self.scratch);
        let scanned = catch_unwind(AssertUnwindSafe(|| scanner.scan_with_carry(bytes, carry, scratch)));
        self.carry = scanned.ok();
        if self.carry.is_none() {
            self.scratch = Scratch::default();
        }
    }
}

impl<'s> Finder<'s> {
    /// What is open behind the last chunk.
    pub fn carry(&self) -> &Carry {
        &self.carry
    }

    /// A finder on `threads` threads, at least one.
    ///
    /// # Errors
    /// No more threads can be started.
    pub fn new(scanner: &'s Scanner, threads: usize) -> Result<Self, Error> {
        let pool = super::start_threads(threads)?;
        let parts = (0..threads.max(1)).map(|_| Part::default()).collect();
        Ok(Self { scanner, pool, parts, carry: Carry::default(), found: Vec::new() })
    }

    /// Begins another input: nothing is open.
    pub fn begin(&mut self) {
        self.carry = Carry::default();
    }

    /// The findings of whole records, with offsets into them. `None` if a scan panicked, which is a bug of
    /// ours: what is open is as before then, and the records can be asked for one by one.
    pub fn find(&mut self, records: &[u8]) -> Option<&[Finding]> {
        self.found.clear();
        let used = self.cut(records);
        let (scanner, parts) = (self.scanner, &mut self.parts[..used]);
        match self.pool.as_ref().filter(|_| used > 1) {
            Some(pool) => pool.in_place_scope(|scope| {
                for part in parts.iter_mut() {
                    scope.spawn(move |_| part.scan(scanner, records, Carry::default()));
                }
            }),
            None => parts.iter_mut().for_each(|part| part.scan(scanner, records, Carry::default())),
        }
        let mut carry = self.carry.clone();
        for part in parts {
            // scanned as if nothing were open before it
            if carry != Carry::default() {
                part.scan(scanner, records, carry);
            }
            carry = part.carry.take()?;
            let moved = |f: &Finding| Finding {
                start: f.start + part.range.start,
                end: f.end + part.range.start,
                ..*f
            };
            self.found.extend(part.scratch.findings().iter().map(moved));
        }
        self.carry = carry;
        Some(&self.found)
    }

    /// Cuts records into parts at line ends; answers how many.
    fn cut(&mut self, records: &[u8]) -> usize {
        let wanted = (records.len() / self.parts.len()).max(LEAST_PART_BYTES);
        let (mut start, mut used) = (0, 0);
        while used == 0 || start < records.len() {
            let limit = start + wanted;
            let is_last = used + 1 == self.parts.len() || limit >= records.len();
            let end = match is_last {
                true => records.len(),
                false => memchr::memchr(b'\n', &records[limit..]).map_or(records.len(), |p| limit + p + 1),
            };
            self.parts[used].range = start..end;
            used += 1;
            start = end;
        }
        used
    }
}
