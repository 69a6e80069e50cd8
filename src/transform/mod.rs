//! Chunk and findings to clean bytes: the only maker of [`Clean`].

mod bucket;
mod clean;
mod container;
mod generalise;
mod placeholder;
mod places;
mod replace;
pub(crate) mod value;
mod withheld;

pub use clean::{Clean, Revealed};

use container::Container;

use crate::finding::{Finding, Layers};
use crate::plan::Plan;
use crate::policy::{Action, JsonNumbers};
use crate::stream::Summary;

/// Memory that writing reuses.
#[derive(Default)]
pub(crate) struct Scratch {
    container: container::Memo,
    replacement: Vec<u8>,
    /// The finding in hand is of somebody who was erased.
    is_erased: bool,
    places: places::Memo,
    #[cfg(feature = "token")]
    pub(crate) token: crate::token::TokenScratch,
}

impl Scratch {
    /// Forgets what was learned about another chunk; whether the one to come starts inside of a record.
    pub fn start_chunk(&mut self, is_inside_record: bool) {
        self.container.start_chunk(is_inside_record);
        self.places.start_chunk();
    }
}

/// Appends `chunk` to `out` with its findings replaced, and counts them.
///
/// `findings` are disjoint and in order, as the scanner gives them; `scratch` was told that a chunk starts.
pub(crate) fn apply(
    plan: &Plan,
    chunk: &[u8],
    findings: &[Finding],
    scratch: &mut Scratch,
    out: &mut Clean,
    summary: &mut Summary,
) {
    let policy = &plan.policy;
    let mut copied = 0;
    let is_plain = plan.is_plain && !plan.erases;
    // labels are hardly longer than what they replace
    out.bytes_mut().reserve(chunk.len() + chunk.len() / 8);
    let mut record = RecordPlace { chunk_at: 0, out_at: out.len() };
    for (place, finding) in findings.iter().enumerate() {
        summary.findings[finding.kind.index()] += 1;
        summary.count_rule(finding.rule);
        summary.forbidden += u64::from(policy.is_forbidden(finding.kind));
        if finding.start < copied {
            continue; // a part of a number or token that is written already
        }
        // nearly all findings: nothing but a label, whose making needs nothing of the value
        if is_plain
            && finding.layers == Layers::NONE
            && *policy.action(finding.kind) == Action::Label
            && !policy.shadows(finding)
            && scratch.container.of(chunk, finding) == Container::Text
        {
            summary.actions[Action::Label.place()] += 1;
            let bytes = out.bytes_mut();
            bytes.extend_from_slice(&chunk[copied..finding.start]);
            bytes.extend_from_slice(policy.type_label(finding.kind).as_bytes());
            copied = finding.end;
            continue;
        }
        let Some(action) = &scratch.places.action(plan, chunk, finding) else {
            summary.shadowed += 1;
            continue; // only counted
        };
        scratch.is_erased = is_suppressed(plan, chunk, finding, scratch);
        let action = if scratch.is_erased && *action != Action::DropRecord { &Action::Label } else { action };
        summary.actions[action.place()] += 1;
        match action {
            Action::Keep => {}
            Action::DropRecord => {
                copied = drop_record(chunk, finding, copied, &mut record, out, summary);
            }
            _ => {
                if plan.drops_records {
                    record.follow(chunk, finding.start, copied, out.len());
                }
                let finding = &joined(plan, chunk, &findings[place..], action, scratch);
                let container = scratch.container.of(chunk, finding);
                let (start, end) = container.range(finding);
                let start = start.max(copied);
                out.bytes_mut().extend_from_slice(&chunk[copied..start]);
                scratch.replacement.clear();
                replace::write(plan, chunk, finding, action, scratch);
                container.put(
                    &scratch.replacement,
                    policy.json_numbers(),
                    matches!(action, Action::Token(_)),
                    out.bytes_mut(),
                );
                copied = end;
            }
        }
    }
    out.bytes_mut().extend_from_slice(&chunk[copied.min(chunk.len())..]);
}

/// The first finding, and those that follow it without a border if all become tokens: side by side two could not be told
/// apart again (`x-access-token:` and the secret behind it in a URL), so one token stands for all of them.
fn joined(
    plan: &Plan,
    chunk: &[u8],
    findings: &[Finding],
    action: &Action,
    scratch: &mut Scratch,
) -> Finding {
    let mut whole = findings[0];
    if !matches!(action, Action::Token(_)) {
        return whole;
    }
    for next in &findings[1..] {
        let touches = next.start == whole.end && next.layers == whole.layers;
        if !touches
            || !matches!(scratch.places.action(plan, chunk, next), Some(Action::Token(_)))
            || is_suppressed(plan, chunk, next, scratch)
        {
            break;
        }
        whole.end = next.end;
    }
    whole
}

/// Whether a finding's value is on the list of people who were erased and stay so.
fn is_suppressed(plan: &Plan, chunk: &[u8], finding: &Finding, scratch: &mut Scratch) -> bool {
    #[cfg(feature = "token")]
    if let Some(tokenizer) = plan.tokenizer().as_ref().filter(|tokenizer| tokenizer.has_suppressed()) {
        let value = value::of(chunk, finding, &mut scratch.container);
        return tokenizer.is_suppressed(&value, &mut scratch.token);
    }
    let _ = (plan, chunk, finding, scratch);
    false
}

/// Where the record in hand starts, in the chunk and in the output.
struct RecordPlace {
    chunk_at: usize,
    out_at: usize,
}

impl RecordPlace {
    /// Moves to the record of `at`; everything up to `copied` has been written to `out_length`.
    fn follow(&mut self, chunk: &[u8], at: usize, copied: usize, out_length: usize) {
        let start = memchr::memrchr(b'\n', &chunk[..at]).map_or(0, |p| p + 1);
        if start > self.chunk_at && start >= copied {
            *self = Self { chunk_at: start, out_at: out_length + (start - copied) };
        }
    }
}

/// Takes back what was written of the record and steps over its rest, line end included.
fn drop_record(
    chunk: &[u8],
    finding: &Finding,
    copied: usize,
    record: &mut RecordPlace,
    out: &mut Clean,
    summary: &mut Summary,
) -> usize {
    record.follow(chunk, finding.start, copied, out.len());
    let bytes = out.bytes_mut();
    if record.chunk_at > copied {
        bytes.extend_from_slice(&chunk[copied..record.chunk_at]);
    }
    bytes.truncate(record.out_at);
    summary.dropped_records += 1;
    memchr::memchr(b'\n', &chunk[finding.end..]).map_or(chunk.len(), |p| finding.end + p + 1)
}

/// Appends the marker of a withheld record; `line_end` follows it as it was.
pub(crate) use withheld::withhold;

/// How a JSON number's replacement is written is up to the policy; a token always needs a string.
fn is_quoted(numbers: JsonNumbers, is_token: bool) -> bool {
    is_token || numbers == JsonNumbers::Quote
}
