//! Wi-Fi names under their keys.

use crate::check::{absent, phrase};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::SSID;

/// The longest name: 32 bytes in the air (IEEE 802.11 section 9.4.2.2), more when escaped.
const MAX_LENGTH: usize = 32 * 6;

/// Words that go on with the sentence behind an unquoted name.
const GOES_ON: [&[u8]; 22] = [
    b"on",
    b"at",
    b"with",
    b"from",
    b"in",
    b"for",
    b"via",
    b"is",
    b"was",
    b"and",
    b"to",
    b"channel",
    b"freq",
    b"signal",
    b"using",
    b"has",
    b"not",
    b"failed",
    b"done",
    b"ok",
    b"connected",
    b"disconnected",
];

/// The name in a value. Nulls, `<unknown ssid>` and hidden names stay; an unquoted name ends before a
/// comma, two blanks, the next key or a word that goes on with the sentence.
pub(crate) fn keyed(value: &[u8], quoted: bool) -> Option<Match> {
    let end = if quoted { value.len() } else { sentence_end(value, phrase::limit(value, true)) };
    let (start, end) = phrase::trimmed(value.get(..end)?);
    let name = value.get(start..end)?;
    if name.len() > MAX_LENGTH
        || absent::is_absent(name)
        || name.iter().all(|b| matches!(b, b'0' | b'x' | b'\\'))
    {
        return None;
    }
    Some(Match { start, end, kind: TypeId::SSID, rule: SSID, confidence: 84, evidence: Evidence::KEY })
}

/// The end of the words before one that goes on with the sentence.
fn sentence_end(value: &[u8], limit: usize) -> usize {
    let mut at = 0;
    for word in value.get(..limit).unwrap_or_default().split(|b| *b == b' ') {
        // `--ssid=HomeNet --channel 6`, `{Ssid:HomeNet Channel:6}`
        let is_option = matches!(word, [b'-' | b'/', b'-' | b'a'..=b'z', ..]);
        let is_key = word.iter().position(|b| *b == b':').is_some_and(|colon| colon > 0);
        if at > 0 && (GOES_ON.contains(&word) || is_option || is_key) {
            return at - 1;
        }
        at += word.len() + 1;
    }
    limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (value, quoted, expected) in [
            ("Villa Kunterbunt", true, Some("Villa Kunterbunt")),
            ("FRITZ!Box 7590 AB", true, Some("FRITZ!Box 7590 AB")),
            ("HomeNet-5G signal=-61", false, Some("HomeNet-5G")),
            ("Mueller-WLAN, RSSI: -61", false, Some("Mueller-WLAN")),
            ("Haus am See", false, Some("Haus am See")),
            ("HomeNet on channel 6", false, Some("HomeNet")),
            ("HomeNet --channel 6", false, Some("HomeNet")),
            ("HomeNet Channel:6", false, Some("HomeNet")),
            ("<unknown ssid>, RSSI", false, None),
            ("<unknown ssid>", true, None),
            ("", true, None),
            ("null", false, None),
            ("off wifi=on", false, None),
            ("true", false, None),
        ] {
            let found = keyed(value.as_bytes(), quoted);
            assert_eq!(found.and_then(|m| value.get(m.start..m.end)), expected, "{value:?}");
        }
        assert!(keyed(&[b'a'; 300], true).is_none());
    }
}
