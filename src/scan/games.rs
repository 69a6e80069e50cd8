//! Players in the lines of game servers.

use super::accept::Hunt;
use super::daemons::name;
use super::phrases::{head, slot, tail};
use crate::context::before;
use crate::detect::account_id;
use crate::finding::TypeId;
use crate::rules;

/// The longest name of a player, in bytes.
const MAX_PLAYER_BYTES: usize = 32;

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Bytes of a player's name from `at` on; services have dashes.
fn player_bytes(text: &[u8], at: usize) -> usize {
    let length = text[at..].iter().take(MAX_PLAYER_BYTES).take_while(|b| is_part(**b)).count();
    if (3..MAX_PLAYER_BYTES).contains(&length) { length } else { 0 }
}

/// `[12:00:01] [Server thread/INFO]: hanna_b joined the game`, from the verb.
pub(super) fn joined(hunt: &mut Hunt<'_>, verb: usize, at: usize) {
    let text = hunt.text;
    if !text[at..].starts_with(b"the game") || before(text, verb) != b' ' {
        return;
    }
    let end = verb - 1;
    let start = end - text[..end].iter().rev().take(MAX_PLAYER_BYTES).take_while(|b| is_part(**b)).count();
    let opened = [&b"]: "[..], b"] ", b"> "].iter().any(|open| text[..start].ends_with(open));
    if opened && player_bytes(text, start) == end - start {
        name(hunt, start, end);
    }
}

/// `UUID of player hanna_b is …`, `Player hanna_b has been authenticated`, from the name.
pub(super) fn player(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    const SAID: [&[u8]; 7] = [
        b" has been authenticated",
        b" joined",
        b" left",
        b" connected",
        b" disconnected",
        b" was kicked",
        b" has been kicked",
    ];
    let text = hunt.text;
    let end = at + player_bytes(text, at);
    let after = &text[end..];
    let told = after.starts_with(b" is ") && head(text, word, 16).ends_with(b"UUID of ");
    if end > at && (told || SAID.iter().any(|said| after.starts_with(said))) {
        name(hunt, at, end);
    }
}

/// The player and the id in lines of Source engine, from the bracket behind the player's number:
/// `"anna<6><STEAM_1:0:123456><CT>" connected`.
pub(super) fn steam_user(hunt: &mut Hunt<'_>, close: usize) {
    let text = hunt.text;
    let rest = tail(text, close + 1, 48);
    let Some(id) = [&b"<STEAM_"[..], b"<[U:"].iter().find(|id| rest.starts_with(id)).and(rest.get(1..))
    else {
        return;
    };
    let line = head(text, close, 96);
    let (Some(open), Some(quote)) = (memchr::memrchr(b'<', line), memchr::memrchr(b'"', line)) else {
        return;
    };
    let start = close - line.len();
    if quote + 1 < open {
        hunt.accept(slot(start + quote + 1, start + open, TypeId::USERNAME, rules::USERNAME_PHRASE, 86));
    }
    if let Some(length) = memchr::memchr(b'>', id)
        && account_id::keyed(id[..length].trim_ascii()).is_some()
    {
        hunt.accept(slot(close + 2, close + 2 + length, TypeId::ACCOUNT_ID, rules::ACCOUNT_ID, 84));
    }
}
