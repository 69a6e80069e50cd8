//! An explained line as one JSON object. Values are not repeated: offsets say where they stand.

use super::account::{Account, Found, Left};
use crate::report::Json;
use crate::rules::RULESET;

/// The object of line `number`, from 1.
pub(super) fn object(number: usize, account: &Account) -> String {
    let mut json = Json::new();
    json.open(None, '{').number("line", number).string("ruleset", RULESET);
    json.string("shape", account.shape);
    match &account.condition {
        None => json.number("when", "null"),
        Some((place, policy)) => {
            json.open(Some("when"), '{').number("number", place).string("policy", policy).close('}')
        }
    };
    json.open(Some("findings"), '[');
    account.found.iter().for_each(|found| finding(&mut json, found));
    json.close(']');
    match &account.spared {
        None => {
            json.number("spared", "null");
        }
        Some(list) => {
            json.open(Some("spared"), '[');
            list.iter().for_each(|left| spared(&mut json, left));
            json.close(']');
        }
    }
    bytes(&mut json, "result", account.result.as_deref());
    json.close('}');
    json.finish()
}

/// Bytes as text, lossy where they are not UTF-8; null if there are none.
fn bytes(json: &mut Json, key: &str, bytes: Option<&[u8]>) {
    match bytes {
        Some(bytes) => json.string(key, &String::from_utf8_lossy(bytes)),
        None => json.number(key, "null"),
    };
}

fn text(json: &mut Json, key: &str, text: Option<&str>) {
    match text {
        Some(text) => json.string(key, text),
        None => json.number(key, "null"),
    };
}

fn finding(json: &mut Json, found: &Found) {
    json.open(None, '{').number("start", found.start).number("end", found.end);
    json.string("type", &found.kind).string("rule", &found.rule).string("source", &found.source);
    json.number("confidence", found.confidence);
    text(json, "key", found.key);
    text(json, "path", found.path.as_deref());
    json.strings("slots", found.slots.iter().map(|slot| (*slot).into()));
    json.strings("encodings", found.encodings.iter().map(|layer| (*layer).into()));
    json.strings("evidence", found.evidence.iter().map(|name| name.as_str().into()));
    json.strings("vetoes_asked", found.vetoes.iter().map(|veto| (*veto).into()));
    json.string("action", &found.action).string("mode", if found.is_shadow { "shadow" } else { "enforce" });
    json.number("forbidden", found.is_forbidden).string("set_by", &found.set_by);
    bytes(json, "becomes", found.becomes.as_deref());
    json.close('}');
}

fn spared(json: &mut Json, left: &Left) {
    json.open(None, '{').number("start", left.start).number("end", left.end);
    json.string("type", &left.kind);
    text(json, "rule", left.rule.as_deref());
    match left.confidence {
        Some(confidence) => json.number("confidence", confidence),
        None => json.number("confidence", "null"),
    };
    text(json, "key", left.key);
    json.strings("encodings", left.encodings.iter().map(|layer| (*layer).into()));
    json.open(Some("reasons"), '[');
    for (id, sentence) in &left.reasons {
        json.open(None, '{').string("id", id).string("why", sentence).close('}');
    }
    json.close(']').close('}');
}
