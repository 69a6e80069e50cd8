//! Long words: tokens of vendors, IBANs, wallets, vehicles, digests and addresses in paths.

use super::accept::Hunt;
use super::phrases::head;
use super::shapes::national;
use super::{entries, trackers};
use crate::check::bytes;
use crate::check::random::looks_random;
use crate::classify::Candidate;
use crate::context::{before, byte_at, is_word, veto};
use crate::detect::{iban, mac, uuid, vendor, vin, wallet};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// What a long word may be.
const TYPES: [TypeId; 5] = [TypeId::TOKEN, TypeId::IBAN, TypeId::VIN, TypeId::NATIONAL_ID, TypeId::WALLET];

/// Runs of sixteen and more word bytes: tokens, IBANs, wallets.
pub(super) fn hunt(hunt: &mut Hunt<'_>, candidates: &[Candidate]) {
    let is_wanted = TYPES.iter().any(|kind| hunt.wants(*kind));
    for c in candidates {
        let (text, start) = (hunt.text, (c.at as usize).saturating_sub(15));
        let may_be_number = is_wanted && may_be_number(text, start);
        let may_be_ours = may_be_number | (is_wanted && vendor::may_be(text, start));
        if may_be_ours | has_place(text, start) {
            long_word(hunt, start, may_be_number);
        }
    }
}

/// Whether a word is looked at for where it stands or how it starts.
#[inline(always)]
fn has_place(text: &[u8], start: usize) -> bool {
    matches!(before(text, start), b'/' | b'$' | b'.' | b'(')
        | text[start..].starts_with(b"000")
        | matches!(text[start..], [b'I' | b'i', b'B' | b'b', ..])
}

fn long_word(hunt: &mut Hunt<'_>, start: usize, may_be_number: bool) {
    let text = hunt.text;
    let left = before(text, start);
    if left == b'/'
        && (avatar(hunt, start)
            || bluez_device(hunt, start)
            || webhook(hunt, start)
            || link(hunt, start)
            || pushed_to(hunt, start))
    {
        return;
    }
    if text[start..].get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"IBAN")) {
        return named_iban(hunt, start);
    }
    if matches!(left, b'$' | b'.' | b'/')
        && (hunt.wants(TypeId::PASSWORD) || hunt.wants(TypeId::USERNAME))
        && entries::digest(hunt, start)
    {
        return;
    }
    if text[start..].starts_with(b"0001") || text[start..].starts_with(b"0003") {
        client_id(hunt, start);
    }
    // a report of a tracker, its fields glued: `(087073819397BR00261128A4807.0380N01131.0000E…`
    if before(text, start) == b'(' {
        trackers::glued(hunt, start);
    }
    if !TYPES.iter().any(|kind| hunt.wants(*kind)) {
        return;
    }
    // a token of ours may hold what looks like another's prefix (`ip_e4t91_pat…`)
    let is_ours = || crate::mark::mark_at(text, start).is_some();
    if let Some(found) = vendor::at(text, start) {
        if !is_ours() {
            hunt.accept(found);
        }
        return;
    }
    if !may_be_number || is_word(left) {
        return;
    }
    if byte_at(text, start + 2).is_ascii_digit()
        && hunt.wants(TypeId::IBAN)
        && let Some(found) = iban::at(text, start).filter(|_| !is_ours())
    {
        hunt.accept(found);
    }
    let ends_at = |length: usize| !is_word(byte_at(text, start + length));
    if ends_at(17)
        && hunt.wants(TypeId::VIN)
        && let Some(found) = vin::at(text, start).filter(|_| !is_ours())
        && !veto::number_is_named(hunt.keys, text, start)
    {
        hunt.accept(found);
    }
    if (ends_at(16) || ends_at(18)) && !is_ours() {
        national(hunt, start);
    }
    // the shortest has twenty-six symbols
    if byte_at(text, start + 25).is_ascii_alphanumeric()
        && hunt.wants(TypeId::WALLET)
        && let Some(found) = wallet::at(text, start).filter(|_| !is_ours())
        && !veto::number_is_named(hunt.keys, text, start)
    {
        hunt.accept(found);
    }
}

/// Whether the word at `start` may be an account, a vehicle, a person's number or a wallet, by the bytes and
/// lengths of nearly all of them at once: a branch for each was guessed wrong at every other word.
#[inline(always)]
fn may_be_number(text: &[u8], start: usize) -> bool {
    // near the end of a text each is asked
    let Some(word) = text.get(start..).and_then(|word| word.first_chunk::<26>()) else { return true };
    let eight = |from: usize| word[from..].first_chunk().map_or(0, |eight| u64::from_le_bytes(*eight));
    let (first, second, third) = (eight(0), eight(8), eight(16));
    let is_account = word[0].is_ascii_alphabetic()
        & word[1].is_ascii_alphabetic()
        & word[2].is_ascii_digit()
        & word[3].is_ascii_digit();
    // vehicles and persons of sixteen to eighteen symbols have no small letters
    let ends = bytes::no_alphanumeric(third);
    let is_measured =
        (ends & 0x0080_8080 != 0) & (bytes::small_letters(first) | bytes::small_letters(second) == 0);
    // twenty-six symbols and more in one word; few start as an address does
    let is_wallet = wallet::may_start(word[0])
        && (ends == 0)
            & word[24].is_ascii_alphanumeric()
            & word[25].is_ascii_alphanumeric()
            & (bytes::has_no_hex(first) | bytes::has_no_hex(second) | bytes::has_no_hex(third));
    let is_joined = (bytes::equal(first, b'_') | bytes::equal(second, b'_')) != 0;
    is_account | (is_measured | is_wallet) & !is_joined
}

/// The number behind a word that nothing parts from it: `IBANDE89370400440532013000`, `IBAN_DE89…`.
fn named_iban(hunt: &mut Hunt<'_>, start: usize) {
    let text = hunt.text;
    let length = text[start..].iter().take(48).take_while(|b| is_word(**b)).count();
    let is_whole = !is_word(before(text, start));
    if is_whole
        && hunt.wants(TypeId::IBAN)
        && let Some(found) = iban::keyed(&text[start..start + length])
    {
        hunt.accept(Match { start: start + found.start, end: start + found.end, ..found });
    }
}

/// The digest of an e-mail address in the address of its picture (`gravatar.com/avatar/…`): MD5 or
/// SHA-256 in hex, which a list of addresses undoes.
fn avatar(hunt: &mut Hunt<'_>, start: usize) -> bool {
    let text = hunt.text;
    let head = &text[start.saturating_sub(40)..start];
    let length = text[start..].iter().take(65).take_while(|b| b.is_ascii_hexdigit()).count();
    let end = start + length;
    // a proxy's path has no host, but the same parameters: size, default, rating
    let is_asked =
        || [&b"?s="[..], b"?d=", b"?r=", b"?size="].iter().any(|query| text[end..].starts_with(query));
    let is_of_host = head.ends_with(b"avatar.com/avatar/") || head.ends_with(b"libravatar.org/avatar/");
    if !is_of_host && !(head.ends_with(b"/avatar/") && is_asked()) {
        return false;
    }
    if !matches!(length, 32 | 64) || is_word(byte_at(text, end)) {
        return false;
    }
    let (kind, rule, evidence) = (TypeId::EMAIL, rules::EMAIL, Evidence::STRUCTURE.and(Evidence::SLOT_URL));
    hunt.accept(Match { start, end, kind, rule, confidence: 90, evidence });
    true
}

/// What makes the address of a webhook a secret: the path behind the service's own, or the last part of it.
fn webhook(hunt: &mut Hunt<'_>, start: usize) -> bool {
    const SERVICES: [(&[u8], bool); 4] = [
        (b"hooks.slack.com/services/", true),
        (b"hooks.slack.com/workflows/", true),
        (b"webhook.office.com/webhookb2/", true),
        (b"/api/webhooks/", false),
    ];
    let text = hunt.text;
    let head = head(text, start, 160);
    if memchr::memmem::find(head, b"hook").is_none() {
        return false;
    }
    let line = start - head.len();
    let Some((from, is_whole)) =
        SERVICES.iter().find_map(|(path, whole)| bytes::rfind(head, path).map(|p| (p + path.len(), *whole)))
    else {
        return false;
    };
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'/' | b'@');
    let length =
        text[start..].iter().take(128).take_while(|b| is_part(b) && (is_whole || **b != b'/')).count();
    // Discord: a number before the secret
    let is_numbered = || {
        let number = head[from..].strip_suffix(b"/").unwrap_or_default();
        number.len() > 16 && number.iter().all(u8::is_ascii_digit)
    };
    if !head[from..].iter().all(is_part) || !is_whole && !is_numbered() || !hunt.wants(TypeId::TOKEN) {
        return false;
    }
    let (kind, rule) = (TypeId::TOKEN, rules::TOKEN_VENDOR);
    let evidence = Evidence::STRUCTURE.and(Evidence::SLOT_URL);
    let start = if is_whole { line + from } else { start };
    let end = line + head.len() + length;
    hunt.accept(Match { start, end, kind, rule, confidence: 94, evidence });
    true
}

/// What makes a link that is sent to somebody a secret: `/password/reset/8f3c…`, `/invitations/Zk3v…/accept`.
fn link(hunt: &mut Hunt<'_>, start: usize) -> bool {
    const LINKS: [&[u8]; 22] = [
        b"password_resets/",
        b"password-resets/",
        b"password-reset/",
        b"password_reset/",
        b"password/reset/",
        b"password/edit/",
        b"reset-password/",
        b"reset_password/",
        b"resetpassword/",
        b"forgot-password/",
        b"set-password/",
        b"set_password/",
        b"magic-link/",
        b"magic_link/",
        b"magic-login/",
        b"confirm-email/",
        b"confirm_email/",
        b"email/confirm/",
        b"verify-email/",
        b"email/verify/",
        b"invitations/",
        b"invite/",
    ];
    let text = hunt.text;
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let length = text[start..].iter().take(128).take_while(is_part).count();
    let head = head(text, start, 24);
    let is_link = || LINKS.iter().any(|link| head.ends_with(link));
    if !hunt.wants(TypeId::TOKEN) || length < 20 || !is_link() || !looks_random(&text[start..start + length])
    {
        return false;
    }
    let (kind, rule, end) = (TypeId::TOKEN, rules::TOKEN, start + length);
    let evidence = Evidence::SHAPE.and(Evidence::SLOT_URL);
    hunt.accept(Match { start, end, kind, rule, confidence: 86, evidence });
    true
}

/// The token of a device in the path of a push to it (Apple Push Notification service): `POST /3/device/4b1c…`.
fn pushed_to(hunt: &mut Hunt<'_>, start: usize) -> bool {
    let text = hunt.text;
    let length = text[start..].iter().take(201).take_while(|b| b.is_ascii_hexdigit()).count();
    let end = start + length;
    if !(64..=200).contains(&length)
        || !text[..start].ends_with(b"/3/device/")
        || is_word(byte_at(text, end))
        || !hunt.wants(TypeId::DEVICE_ID)
    {
        return false;
    }
    let (kind, rule) = (TypeId::DEVICE_ID, rules::DEVICE_ID);
    let evidence = Evidence::STRUCTURE.and(Evidence::SLOT_URL);
    hunt.accept(Match { start, end, kind, rule, confidence: 94, evidence });
    true
}

/// Who the path of a request is about (RFC 7644 section 3.2): `/scim/v2/Users/2819c223-7f76-453a-919d-413861904646`.
pub(super) fn scim_user(hunt: &mut Hunt<'_>, start: usize) -> bool {
    const PATHS: [&[u8]; 3] = [b"/scim/users/", b"/scim/v2/users/", b"/scim/v1/users/"];
    let text = hunt.text;
    if before(text, start) != b'/' || before(text, start - 1) != b's' || !hunt.wants(TypeId::ACCOUNT_ID) {
        return false;
    }
    let path = head(text, start, 16).to_ascii_lowercase();
    let Some(found) = uuid::at(text, start).filter(|_| PATHS.iter().any(|of| path.ends_with(of))) else {
        return false;
    };
    let (kind, rule) = (TypeId::ACCOUNT_ID, rules::ACCOUNT_ID);
    hunt.accept(Match { kind, rule, evidence: Evidence::STRUCTURE.and(Evidence::SLOT_URL), ..found });
    true
}

/// The hardware address at the end of a client's id of DHCP for IPv6 in one word (RFC 8415 section 11): `0003000100005e005301`.
fn client_id(hunt: &mut Hunt<'_>, start: usize) {
    let word = &hunt.text[start..hunt.text.len().min(start + 29)];
    let hex = word.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let is_own = hex == 20 && word.starts_with(b"00030001") || hex == 28 && word.starts_with(b"00010001");
    if is_own
        && hunt.wants(TypeId::MAC)
        && !is_word(byte_at(hunt.text, start + hex))
        && let Some(found) = mac::keyed(&word[hex - 12..hex])
    {
        let at = start + hex - 12;
        hunt.accept(Match { start: at + found.start, end: at + found.end, ..found });
    }
}

/// The address in the path of a device of BlueZ: `/org/bluez/hci0/dev_00_00_5E_00_53_01`.
fn bluez_device(hunt: &mut Hunt<'_>, start: usize) -> bool {
    let text = hunt.text;
    let address = text[start..].starts_with(b"dev_").then(|| mac::at(text, start + 4)).flatten();
    if let Some(found) = address {
        hunt.accept(found);
    }
    address.is_some()
}
