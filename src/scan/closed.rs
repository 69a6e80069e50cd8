//! What is found in a record of JSON ends where its string does.
//!
//! A text that was cut behind a word (`"msg":"Invalid user ","pid":811`) announces a value that is not there, and a
//! finder that read on would take the next member for it: the record would be no JSON any more. No value of a
//! string goes beyond it, so this holds for all of them in one place.

use crate::finding::{Evidence, Finding, TypeId};
use crate::frame::json::{Strings, backslashes_before, document_in};
use crate::rules::RuleId;

/// Ends findings where the string of JSON ends that they start in, and leaves out those that start between two
/// strings, and the names of members. `findings` are disjoint and in order; the chunk may start inside of a record,
/// which is none of JSON then.
pub(super) fn keep_inside(chunk: &[u8], findings: &mut Vec<Finding>, is_inside_record: bool) {
    let mut walk = Walk::default();
    let mut lost = false;
    for finding in findings.iter_mut() {
        if is_plain(chunk, finding) {
            continue;
        }
        let is_name = is_name_of_member(chunk, finding);
        if !is_name && !may_cross(chunk, finding) {
            continue;
        }
        walk.to(chunk, finding.start);
        if !walk.is_inside_document(finding.start) || is_inside_record && walk.record == 0 {
            continue;
        }
        finding.end =
            if is_name && walk.strings.is_inside { finding.start } else { walk.end_of(chunk, finding) };
        // behind an escape, not in it: `\nanna`
        if walk.strings.is_inside && walk.is_escaped(chunk, finding.start) {
            finding.start = finding.end.min(finding.start + 1);
            // an annotation in a line of its own: `\n@test.support.only`
            if finding.kind == TypeId::EMAIL && chunk[finding.start] == b'@' {
                finding.start = finding.end;
            }
        }
        lost |= finding.end == finding.start;
    }
    if lost {
        findings.retain(|finding| finding.start < finding.end);
    }
}

/// Whether a finding is of a kind whose values have no quotes, and nearly all are: asked first, as on application
/// logs the other questions of each finding were 4 % of the time.
#[inline]
fn is_plain(chunk: &[u8], finding: &Finding) -> bool {
    match finding.kind {
        TypeId::IPV4
        | TypeId::IPV6
        | TypeId::MAC
        | TypeId::UUID
        | TypeId::CARD
        | TypeId::IMEI
        | TypeId::PHONE => true,
        // a local part may be a quoted string (RFC 5321 section 4.1.2)
        TypeId::EMAIL => {
            chunk[finding.start].is_ascii_alphanumeric() && !may_be_escaped(chunk, finding.start)
        }
        _ => false,
    }
}

/// Whether a finding holds a quote, or starts with what stands between the members of an object; what a user's rule
/// takes is the user's.
#[inline]
fn may_cross(chunk: &[u8], finding: &Finding) -> bool {
    finding.rule.0 < RuleId::USER_FIRST
        && (matches!(chunk[finding.start], b',' | b':' | b']' | b'}' | b' ')
            || may_be_escaped(chunk, finding.start)
            || memchr::memchr(b'"', &chunk[finding.start..finding.end]).is_some())
}

/// Whether what may be the letter of an escape stands at `at`.
#[inline]
fn may_be_escaped(chunk: &[u8], at: usize) -> bool {
    matches!(chunk[at], b'n' | b'r' | b't' | b'b' | b'f') && chunk[..at].last() == Some(&b'\\')
}

/// Whether what words before it made a finding is the name of a member: `"msg":"net use x: /user:anna","pid":811`.
#[inline]
fn is_name_of_member(chunk: &[u8], finding: &Finding) -> bool {
    const TOLD: [Evidence; 3] = [Evidence::KEY, Evidence::SLOT_PHRASE, Evidence::SLOT_COLUMN];
    let slashes = |text: &[u8]| text.iter().take_while(|b| **b == b'\\').count();
    let rest = &chunk[finding.end..];
    // as many backslashes before both quotes, in a document in a string
    let depth = slashes(&rest[..rest.len().min(16)]);
    let Some(behind) = rest[depth..].strip_prefix(b"\"") else { return false };
    let Some(head) = chunk[..finding.start].strip_suffix(b"\"") else { return false };
    let trimmed = head.iter().rev().take(16).take_while(|b| **b == b'\\').count();
    let head = &head[..head.len() - trimmed];
    trimmed == depth
        && behind.trim_ascii_start().starts_with(b":")
        && matches!(head.trim_ascii_end().last(), Some(b',' | b'{'))
        && (!finding.evidence.has(Evidence::SHAPE) || finding.evidence.has(Evidence::SLOT_COLUMN))
        && TOLD.iter().any(|told| finding.evidence.has(*told))
}

/// The record in hand and the strings on the way to a finding.
#[derive(Default)]
struct Walk {
    record: usize,
    end: usize,
    /// Where its document starts, perhaps behind the header of a logger.
    document: Option<usize>,
    strings: Strings,
}

impl Walk {
    /// Goes on to `at`, which is not before that of an earlier call.
    fn to(&mut self, chunk: &[u8], at: usize) {
        if at >= self.end {
            let record = memchr::memrchr(b'\n', &chunk[self.end..at]).map_or(self.end, |p| self.end + p + 1);
            let end = memchr::memchr(b'\n', &chunk[at..]).map_or(chunk.len(), |p| at + p + 1);
            let document = document_in(&chunk[record..end]).map(|start| record + start);
            *self = Self { record, end, document, strings: Strings::of(document.unwrap_or(record)) };
        }
        if self.is_inside_document(at) {
            self.strings.go_to(chunk, at);
        }
    }

    fn is_inside_document(&self, at: usize) -> bool {
        self.document.is_some_and(|start| at >= start)
    }

    /// Whether the letter of an escape stands at `at` (RFC 8259 section 7): a backslash, as strings of this level
    /// write it, is none of two.
    fn is_escaped(&self, chunk: &[u8], at: usize) -> bool {
        let all = chunk[..at].iter().rev().take(63).take_while(|b| **b == b'\\').count();
        may_be_escaped(chunk, at) && all.trailing_zeros() == self.strings.level()
    }

    /// Where `finding` ends at the latest, whose start was gone on to; at its start if it has no string.
    fn end_of(&self, chunk: &[u8], finding: &Finding) -> usize {
        // a document in the string is looked at for what words tell: values under keys know their quotes, and what
        // was replaced in them already may have been a part of it
        let told = finding.evidence.has(Evidence::SLOT_PHRASE) || finding.evidence.has(Evidence::SLOT_COLUMN);
        let innermost = if told { self.strings.level() + 1 } else { 0 };
        // between two members of it
        let closed =
            |quote: usize| chunk[quote] == b'"' && !self.strings.is_open(backslashes_before(chunk, quote));
        let is_between = told
            && matches!(chunk[finding.start], b',' | b':' | b']' | b'}')
            && self.document.is_some_and(|start| finding.start > start)
            && closed(finding.start - 1);
        if is_between {
            return finding.start;
        }
        let quotes = memchr::memchr_iter(b'"', &chunk[finding.start..finding.end]);
        for quote in quotes.map(|p| finding.start + p) {
            let escapes = backslashes_before(chunk, quote);
            let depth = escapes.trailing_ones();
            // one that a string inside of this one has closes it only before another member
            let closes = depth == 0 || depth < innermost && is_before_structure(&chunk[quote + 1..self.end]);
            if closes {
                return if self.strings.is_inside {
                    (quote - escapes).max(finding.start)
                } else {
                    finding.start
                };
            }
        }
        if self.strings.is_inside { finding.end } else { finding.start }
    }
}

/// Whether a comma or a closing bracket comes next.
fn is_before_structure(rest: &[u8]) -> bool {
    matches!(rest.trim_ascii_start().first(), None | Some(b',' | b':' | b'}' | b']' | b'\\'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Layers;
    use crate::rules;

    #[test]
    fn a_finding_ends_with_its_string() {
        for (text, found, kept) in [
            (r#"{"msg":"pw x","k":"v"}"#, r#"x","k"#, "x"),
            (r#"{"msg":"user ","k":"v"}"#, ",", ""),
            (r#"{"msg":"user ","k":"v"}"#, r#",""#, ""),
            (r#"{"msg":"pw\nanna","k":"v"}"#, "nanna", "anna"),
            (r#"{"msg":"pw\\nanna","k":"v"}"#, "nanna", "nanna"),
            (r#"{"m":"{\"a\":\"pw\\nanna\"}"}"#, "nanna", "anna"),
            (r#"{"m":"{\"a\":\"pw\\\\nanna\"}"}"#, "nanna", "nanna"),
            (r#"{"m":"{\"a\":\"user \",\"b\":1}"}"#, ",", ""),
            (r#"{"msg":"pw ","k":"v"}"#, "k", ""),
            (r#"{"msg":"pw ","k":"v"}"#, "v", "v"),
            (r#"{"msg":"pw \"x\"y","k":"v"}"#, r#"\"x\"y"#, r#"\"x\"y"#),
            (r#"{"m":"{\"a\":\"pw x\",\"b\":1}"}"#, r#"x\",\"b"#, "x"),
            (r#"{"m":"{\"a\":\"pw x\",\"b\":1}","n":2}"#, r#"x\",\"b\":1}","n"#, "x"),
            (r#"{"m":"5\" and pw x\"y z"}"#, r#"x\"y"#, r#"x\"y"#),
            (r#"Mar  4 10:11:12 host1 app[123]: {"msg":"pw x","k":"v"}"#, r#"x","k"#, "x"),
            (r#"caddy | {"msg":"user ","k":"v"}"#, r#"",""#, ""),
            (r#"user "x" in {"msg":"a","k":"v"}"#, r#""x" i"#, r#""x" i"#),
            // no JSON
            (r#"{"msg":"pw x","k":"v""#, r#"x","k"#, r#"x","k"#),
            (r#"msg="pw x" k="v""#, r#"x" k"#, r#"x" k"#),
        ] {
            let start = text.find(found).unwrap();
            for lead in ["", "{\"a\":\"b\"}\n", "text \"\n"] {
                let chunk = format!("{lead}{text}\n");
                let start = lead.len() + start;
                let mut findings = vec![Finding {
                    start,
                    end: start + found.len(),
                    kind: TypeId::PASSWORD,
                    rule: rules::USERNAME_PHRASE,
                    confidence: 80,
                    evidence: Evidence::SLOT_PHRASE,
                    key: None,
                    layers: Layers::NONE,
                }];
                keep_inside(chunk.as_bytes(), &mut findings, false);
                let left = findings.first().map_or("", |f| &chunk[f.start..f.end]);
                assert_eq!(left, kept, "{chunk}");
            }
        }
    }
}
