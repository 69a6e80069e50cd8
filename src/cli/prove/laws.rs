//! What must be true of one output: JSON stays JSON, bytes outside findings stay, nothing is left.

use serde_json::Value;

use super::Row;
use crate::policy::{Action, Policy};
use crate::scan::{Scanner, Scratch};

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n')
}

/// Only an output with as many lines can be compared line by line.
fn unpaired(input: &[u8], output: &[u8]) -> Option<String> {
    let (before, after) = (lines(input).count(), lines(output).count());
    (before != after)
        .then(|| format!("NOT PROVEN: {before} lines became {after} (drop-record, or withheld lines)"))
}

/// Every line that was JSON is JSON still: the same tree, leaves replaced at most.
pub(super) fn json(input: &[u8], output: &[u8]) -> Row {
    let mut documents = 0usize;
    let mut broken = unpaired(input, output);
    if broken.is_none() {
        for (number, (before, after)) in lines(input).zip(lines(output)).enumerate() {
            if !matches!(before.trim_ascii_start().first(), Some(b'{' | b'[')) {
                continue;
            }
            let Ok(before) = serde_json::from_slice::<Value>(before) else { continue };
            documents += 1;
            let same = serde_json::from_slice::<Value>(after).is_ok_and(|after| same_tree(&before, &after));
            if !same && broken.is_none() {
                broken = Some(format!("BROKEN: line {} is another tree", number + 1));
            }
        }
    }
    Row { law: "JSON in, the same JSON tree out", tried: format!("{documents} documents"), broken }
}

fn same_tree(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            before.len() == after.len()
                && before
                    .iter()
                    .zip(after)
                    .all(|((key, left), (other, right))| key == other && same_tree(left, right))
        }
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len()
                && before.iter().zip(after).all(|(left, right)| same_tree(left, right))
        }
        (Value::Null | Value::Bool(_), _) => before == after,
        (Value::String(_), Value::String(_)) => true,
        (Value::Number(_), after) => {
            before == after || matches!(after, Value::String(_) | Value::Null | Value::Number(_))
        }
        _ => false,
    }
}

/// The text between the findings of a line stands in its output, in order and whole.
pub(super) fn outside(scanner: &Scanner, input: &[u8], output: &[u8]) -> Row {
    let mut scratch = Scratch::default();
    let (mut findings, mut broken) = (0usize, unpaired(input, output));
    let paired = broken.is_none();
    for (number, (before, after)) in lines(input).zip(lines(output)).enumerate().filter(|_| paired) {
        let found = scanner.scan(before, &mut scratch);
        findings += found.len();
        let mut edge = 0;
        let mut gaps = Vec::with_capacity(found.len() + 1);
        for finding in found {
            gaps.push(before.get(edge..finding.start).unwrap_or_default());
            edge = finding.end;
        }
        gaps.push(before.get(edge..).unwrap_or_default());
        if broken.is_none() && !stand_in_order(&gaps, after) {
            broken = Some(format!("BROKEN: line {} changed outside its findings", number + 1));
        }
    }
    Row { law: "bytes outside findings stay", tried: format!("{findings} findings"), broken }
}

/// True if `text` begins with the first gap, ends with the last, and holds the others between.
fn stand_in_order(gaps: &[&[u8]], text: &[u8]) -> bool {
    let ([first, middle @ .., last], true) = (gaps, gaps.len() > 1) else {
        return gaps.first().is_some_and(|only| *only == text);
    };
    let Some(rest) = text.strip_prefix(*first) else { return false };
    let Some(mut rest) = rest.strip_suffix(*last) else { return false };
    for gap in middle {
        match memchr::memmem::find(rest, gap) {
            Some(at) => rest = rest.get(at + gap.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

/// Nothing is found in the output but what the policy keeps or only watches.
pub(super) fn rescan(scanner: &Scanner, policy: &Policy, output: &[u8]) -> Row {
    let mut scratch = Scratch::default();
    let mut broken = None;
    for (number, line) in lines(output).enumerate() {
        let left = scanner
            .scan(line, &mut scratch)
            .iter()
            .find(|finding| !policy.shadows(finding) && *policy.action(finding.kind) != Action::Keep);
        if let (Some(finding), None) = (left, &broken) {
            broken = Some(format!(
                "BROKEN: output line {} still holds {}",
                number + 1,
                policy.type_id(finding.kind)
            ));
        }
    }
    Row { law: "nothing is left on a rescan", tried: "the whole output".into(), broken }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_are_the_same_but_for_leaves() {
        for (before, after, expect) in [
            (r#"{"a":1,"b":[true,"x"]}"#, r#"{"a":"[IPV4]","b":[true,"[NAME]"]}"#, true),
            (r#"{"a":1}"#, r#"{"a":null}"#, true),
            (r#"{"a":1}"#, r#"{"b":1}"#, false),
            (r#"{"a":true}"#, r#"{"a":"[NAME]"}"#, false),
            (r#"{"a":[1]}"#, r#"{"a":[1,2]}"#, false),
            (r#"{"a":{"b":1}}"#, r#"{"a":"[NAME]"}"#, false),
        ] {
            let (left, right) = (serde_json::from_str(before).unwrap(), serde_json::from_str(after).unwrap());
            assert_eq!(same_tree(&left, &right), expect, "{before} {after}");
        }
        assert!(json(b"{\"a\":1}\nx\n", b"{\"a\":1\nx\n").broken.unwrap().contains("line 1"));
        assert!(json(b"{\"a\":1}\n", b"{\"a\":2}\n").broken.is_none());
    }

    #[test]
    fn gaps_stand_in_order() {
        for (gaps, text, expect) in [
            (&["plain"][..], "plain", true),
            (&["plain"], "plaim", false),
            (&["from ", " ok"], "from [IPV4] ok", true),
            (&["from ", " ok"], "frxm [IPV4] ok", false),
            (&["a ", " b ", " c"], "a X b Y c", true),
            (&["a ", " b ", " c"], "a X Y c", false),
            (&["", ""], "[IPV4]", true),
        ] {
            let gaps: Vec<&[u8]> = gaps.iter().map(|gap| gap.as_bytes()).collect();
            assert_eq!(stand_in_order(&gaps, text.as_bytes()), expect, "{gaps:?} {text}");
        }
    }
}
