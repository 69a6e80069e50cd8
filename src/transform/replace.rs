//! One finding's replacement by its action.

use super::{Scratch, generalise, placeholder, value};
use crate::codec;
use crate::finding::{Finding, Layers, TypeId};
use crate::plan::Plan;
use crate::policy::{Action, MaskForm};

/// Writes the replacement of `finding` to `scratch.replacement`.
pub(super) fn write(plan: &Plan, chunk: &[u8], finding: &Finding, action: &Action, scratch: &mut Scratch) {
    if *action == Action::Label && finding.layers == Layers::NONE {
        return label(plan, finding, scratch);
    }
    let raw = &chunk[finding.start..finding.end];
    if let Action::Token(form) = action {
        let value = value::of(chunk, finding, &mut scratch.container);
        return token(plan, finding, *form, &value, scratch);
    }
    let layers = match action {
        Action::Mask(_) => all_layers(raw, finding),
        _ => finding.layers,
    };
    let decoded = codec::decode_value(raw, layers);
    let value = decoded.as_deref().unwrap_or(raw);
    match action {
        Action::Keep | Action::DropRecord | Action::Remove | Action::Token(_) => {}
        Action::Label => label(plan, finding, scratch),
        Action::Placeholder => match placeholder::of(finding.kind) {
            Some(reserved) => scratch.replacement.extend_from_slice(reserved),
            None => label(plan, finding, scratch),
        },
        Action::Mask(form) => mask(value, *form, &mut scratch.replacement),
        Action::Truncate => {
            if !truncate(finding.kind, value, &mut scratch.replacement) {
                label(plan, finding, scratch);
            }
        }
        Action::Generalise(detail) => {
            if !generalise::write(finding.kind, value, *detail, &mut scratch.replacement) {
                label(plan, finding, scratch);
            }
        }
    }
    for _ in layers.names().filter(|layer| *layer == "json") {
        json_escape(&mut scratch.replacement);
    }
    if finding.layers.names().any(|l| l == "percent") {
        percent_encode(&mut scratch.replacement, finding.layers);
    }
}

/// The layers of a finding and the JSON escapes that its bytes still hold: a mask that leaves
/// characters must not leave a part of an escape.
fn all_layers(raw: &[u8], finding: &Finding) -> Layers {
    let mut layers = finding.layers;
    while layers.names().count() < 2 {
        let text = codec::decode_value(raw, layers);
        let text = text.as_deref().unwrap_or(raw);
        let json = Layers::NONE.with(Layers::JSON);
        if !text.contains(&b'\\') || codec::decode_value(text, json).as_deref() == Some(text) {
            break;
        }
        layers = layers.with(Layers::JSON);
    }
    layers
}

fn label(plan: &Plan, finding: &Finding, scratch: &mut Scratch) {
    let (erases, out) = (plan.erases || scratch.is_erased, &mut scratch.replacement);
    let label = plan.policy.type_label(finding.kind).as_bytes();
    match label.strip_suffix(b"]") {
        Some(open) if erases => {
            out.extend_from_slice(open);
            out.extend_from_slice(crate::mark::ERASED);
            out.push(b']');
        }
        _ => out.extend_from_slice(label),
    }
}

/// `*` for every character but those that the form leaves; a short value is masked whole.
fn mask(value: &[u8], form: MaskForm, out: &mut Vec<u8>) {
    let starts: Vec<usize> = (0..value.len()).filter(|i| value[*i] & 0xc0 != 0x80).collect();
    let (first, last) = (usize::from(form.first), usize::from(form.last));
    let shown = first + last;
    // an escape of a layer deeper than those decoded must not be cut in two
    let is_escaped = || {
        let head = starts.get(first).map_or(value, |end| &value[..*end]);
        let tail =
            starts.len().checked_sub(last).and_then(|at| starts.get(at)).map_or(0, |at| value.len() - at);
        head.contains(&b'\\') || value[value.len() - tail..].contains(&b'\\')
    };
    if shown == 0 || starts.len() < 2 * shown || is_escaped() {
        out.extend(std::iter::repeat_n(b'*', starts.len()));
        return;
    }
    out.extend_from_slice(&value[..starts[first]]);
    out.extend(std::iter::repeat_n(b'*', starts.len() - shown));
    let tail = if last == 0 { value.len() } else { starts[starts.len() - last] };
    out.extend_from_slice(&value[tail..]);
}

/// The coarser form of a value; false if the type has none.
///
/// IPv4 keeps 24 bits and IPv6 48 (RFC 6235 section 5), a hardware address its OUI, a card its
/// issuer digits, an e-mail address its domain.
fn truncate(kind: TypeId, value: &[u8], out: &mut Vec<u8>) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    match kind {
        TypeId::IPV4 => {
            let address = text.split('/').next().unwrap_or("");
            let Ok(address) = address.parse::<std::net::Ipv4Addr>() else { return false };
            let [a, b, c, _] = address.octets();
            out.extend_from_slice(format!("{a}.{b}.{c}.0").as_bytes());
        }
        TypeId::IPV6 => {
            let address = text.split(['/', '%']).next().unwrap_or("");
            let Ok(address) = address.parse::<std::net::Ipv6Addr>() else { return false };
            let [a, b, c, ..] = address.segments();
            let kept = std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0);
            out.extend_from_slice(kept.to_string().as_bytes());
        }
        TypeId::MAC if text.len() == 17 => {
            out.extend_from_slice(&value[..8]);
            let separator = value[2];
            for _ in 0..3 {
                out.extend_from_slice(&[separator, b'0', b'0']);
            }
        }
        TypeId::CARD => {
            let digits: Vec<u8> = value.iter().copied().filter(u8::is_ascii_digit).collect();
            if digits.len() < 12 {
                return false;
            }
            out.extend_from_slice(&digits[..6]);
            out.extend(std::iter::repeat_n(b'*', digits.len() - 6));
        }
        TypeId::EMAIL => {
            let Some((_, domain)) = text.rsplit_once('@') else { return false };
            out.extend_from_slice(b"[EMAIL]@");
            out.extend_from_slice(domain.as_bytes());
        }
        _ => return false,
    }
    true
}

/// The plan has a tokenizer wherever an action makes tokens. Were that ever broken, the marker of
/// withheld bytes says so: a label would hide it.
fn token(
    plan: &Plan,
    finding: &Finding,
    form: crate::policy::TokenForm,
    value: &[u8],
    scratch: &mut Scratch,
) {
    #[cfg(feature = "token")]
    if let Some(tokenizer) = plan.tokenizer() {
        return tokenizer.write(finding.kind, form, value, &mut scratch.token, &mut scratch.replacement);
    }
    debug_assert!(false, "{form:?} of {:?} without keys: {}", finding.kind, plan.tokenizer().is_none());
    let marker = crate::mark::withheld_marker(value.len() as u64, false);
    scratch.replacement.extend_from_slice(marker.as_bytes());
}

/// What may not stand raw in a JSON string (RFC 8259 section 7).
fn json_escape(replacement: &mut Vec<u8>) {
    if !replacement.iter().any(|b| matches!(b, b'"' | b'\\' | 0..0x20)) {
        return;
    }
    let mut escaped = Vec::with_capacity(replacement.len() + 8);
    codec::json::escape(replacement, &mut escaped);
    *replacement = escaped;
}

/// Brackets and the like once for each percent layer (RFC 3986 section 2.1).
fn percent_encode(replacement: &mut Vec<u8>, layers: Layers) {
    let depth = layers.names().filter(|l| *l == "percent").count();
    let mut encoded = Vec::with_capacity(replacement.len() + 8 * depth);
    for &byte in replacement.iter() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'*' | b'@' | b':') {
            encoded.push(byte);
        } else {
            encoded.push(b'%');
            encoded.extend((1..depth).flat_map(|_| *b"25"));
            encoded.extend_from_slice(format!("{byte:02X}").as_bytes());
        }
    }
    *replacement = encoded;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_the_length() {
        let masked = |value: &str, first, last| {
            let mut out = Vec::new();
            mask(value.as_bytes(), MaskForm { first, last }, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(masked("abcdef", 0, 0), "******");
        assert_eq!(masked("abcdefgh", 0, 4), "****efgh");
        assert_eq!(masked("abcdefg", 0, 4), "*******");
        assert_eq!(masked("müller", 1, 0), "m*****");
        for escaped in [r"\\u004111111111", r"411111111111\\"] {
            assert_eq!(masked(escaped, 2, 2), "*".repeat(escaped.len()));
        }
        assert_eq!(masked("", 0, 4), "");
    }

    #[test]
    fn truncated_values() {
        let cut = |kind, value: &str| {
            let mut out = Vec::new();
            truncate(kind, value.as_bytes(), &mut out).then(|| String::from_utf8(out).unwrap())
        };
        assert_eq!(cut(TypeId::IPV4, "198.51.100.7").as_deref(), Some("198.51.100.0"));
        assert_eq!(cut(TypeId::IPV6, "2001:db8:1:2::3").as_deref(), Some("2001:db8:1::"));
        assert_eq!(cut(TypeId::CARD, "4111 1111 1111 1111").as_deref(), Some("411111**********"));
        assert_eq!(cut(TypeId::EMAIL, "ann@example.com").as_deref(), Some("[EMAIL]@example.com"));
        assert_eq!(cut(TypeId::PASSWORD, "x"), None);
    }
}
