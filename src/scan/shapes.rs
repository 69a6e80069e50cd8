//! Values found by their shape: candidates of each kind to the detectors that could take them.

use super::accept::Hunt;
use super::{calls, people};
use crate::classify::{Candidate, Candidates, Kind};
use crate::context::{before, byte_at, is_word, value, veto};
use crate::detect::{
    card, email, gps, hostname, iban, iccid, imei, ip, mac, national_id, phone, uuid, vendor, vin, wallet,
};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// Hunts every kind of candidate that a shape offers.
pub(super) fn hunt(hunt: &mut Hunt<'_>, candidates: &Candidates) {
    for &c in candidates.of(Kind::Ipv4) {
        quad(hunt, c);
    }
    for &c in candidates.of(Kind::At) {
        at_sign(hunt, c.at as usize);
    }
    let mut behind = 0;
    for &c in candidates.of(Kind::Ipv6) {
        behind = v6(hunt, c, behind);
    }
    for &c in candidates.of(Kind::Mac) {
        hardware(hunt, c);
    }
    for &c in candidates.of(Kind::Uuid) {
        identifier(hunt, c);
    }
    let mut behind = 0;
    for &c in candidates.of(Kind::DigitRun) {
        behind = digits(hunt, c, behind);
    }
    let mut behind = 0;
    for &c in candidates.of(Kind::Grouped) {
        behind = grouped(hunt, c, behind);
    }
    for &c in candidates.of(Kind::International) {
        international(hunt, c);
    }
    for &c in candidates.of(Kind::National) {
        three_three_four(hunt, c);
    }
    for &c in candidates.of(Kind::LetterDigits) {
        letter_digits(hunt, c);
    }
    for &c in candidates.of(Kind::SocialSecurity) {
        if let Some(start) = (c.at as usize).checked_sub(6) {
            national(hunt, c, start);
        }
    }
    for &c in candidates.of(Kind::LongWord) {
        long_word(hunt, c);
    }
    for &c in candidates.of(Kind::DashedQuad) {
        if hunt.wants(TypeId::HOSTNAME_IP)
            && let Some((start, end)) = hostname::dashed_octets(hunt.text, c.at as usize)
            && let Some(found) = hostname::around(hunt.text, start, end)
        {
            hunt.accept(found);
        }
    }
}

fn quad(hunt: &mut Hunt<'_>, c: Candidate) {
    let (text, record) = (hunt.text, 0);
    let Some(quad) = ip::quad_at(text, c.at as usize) else {
        embedded_quad(hunt, c.at as usize);
        return;
    };
    if quad.fifth.is_some_and(|end| !is_tcpdump(text, record, quad.start, end)) {
        return;
    }
    let (left, right) = (before(text, quad.start), byte_at(text, quad.end));
    let joins = |byte: u8| byte.is_ascii_alphanumeric();
    let named =
        (right == b'.' || right == b'-') && joins(byte_at(text, quad.end + 1)) && quad.fifth.is_none()
            || (left == b'.' || left == b'-')
                && quad.start > 1
                && before(text, quad.start - 1).is_ascii_alphabetic();
    if named && let Some(found) = hostname::around(text, quad.start, quad.end) {
        hunt.accept(found);
        return;
    }
    if veto::quad_is_version(&hunt.engine.keys, text, record, quad.start, quad.end, quad.octets) {
        return;
    }
    let mut found = ip::v4_match(text, &quad);
    if before(text, quad.start) == b'\n' && right == b' ' {
        found.evidence = found.evidence.and(Evidence::SLOT_CLF_CLIENT);
        clf_user(hunt, quad.end);
    }
    hunt.accept(found);
}

/// Numbers that are no address by themselves but stand in a host name that embeds one.
fn embedded_quad(hunt: &mut Hunt<'_>, fourth: usize) {
    let text = hunt.text;
    let is_part = |b: u8| b.is_ascii_digit() || b == b'.';
    let mut start = fourth;
    while start > 0 && fourth - start < 16 && is_part(text[start - 1]) {
        start -= 1;
    }
    let mut end = fourth;
    while end < text.len() && end - fourth < 4 && text[end].is_ascii_digit() {
        end += 1;
    }
    let four = text[start..end].split(|b| *b == b'.').filter(|o| !o.is_empty()).count() == 4;
    let octets = text[start..end]
        .split(|b| *b == b'.')
        .all(|o| o.len() <= 3 && o.iter().fold(0u32, |v, b| v * 10 + u32::from(b.wrapping_sub(b'0'))) < 256);
    if four
        && octets
        && let Some(found) = hostname::around(text, start, end)
    {
        hunt.accept(found);
    }
}

/// `IP 10.0.0.1.443 > 10.0.0.2.51514:` as tcpdump prints addresses with ports.
fn is_tcpdump(text: &[u8], record: usize, start: usize, end: usize) -> bool {
    let head = &text[record..start];
    text[end..].starts_with(b" > ") || head.ends_with(b" > ") || head.ends_with(b"IP ")
}

/// The user name in the third field of the common log format: `address ident user [time]`.
fn clf_user(hunt: &mut Hunt<'_>, after_address: usize) {
    let text = hunt.text;
    let field = |from: usize| {
        text[from.min(text.len())..]
            .iter()
            .take(128)
            .take_while(|b| !matches!(b, b' ' | b'\n' | b'\t'))
            .count()
    };
    if byte_at(text, after_address) != b' ' || byte_at(text, after_address + 1) == b' ' {
        return;
    }
    let ident = after_address + 1;
    let mut user = ident + field(ident) + 1;
    let mut length = field(user);
    let mut end = user + length;
    let quoted = byte_at(text, user) == b'"';
    if quoted && let Some(close) = value::string_end(text, user, 0).filter(|close| close - user < 128) {
        // `"max mustermann"`
        (user, length, end) = (user + 1, close - user - 1, close);
    }
    let behind = end + usize::from(byte_at(text, end) == b'"');
    if length == 0
        || !matches!(byte_at(text, user - 1), b' ' | b'"')
        || byte_at(text, behind) != b' '
        || byte_at(text, behind + 1) != b'['
        || !byte_at(text, behind + 2).is_ascii_digit()
        || &text[user..end] == b"-"
        || &text[user..end] == b"\"\""
    {
        return;
    }
    hunt.accept(Match {
        start: user,
        end,
        kind: TypeId::USERNAME,
        rule: rules::USERNAME_CLF,
        confidence: 85,
        evidence: Evidence::SLOT_CLF_USER,
    });
}

fn at_sign(hunt: &mut Hunt<'_>, sign: usize) {
    if calls::at_sign(hunt, sign) {
        return;
    }
    if let Some(found) = email::userinfo_at(hunt.text, sign) {
        let info = &hunt.text[found.start..found.end];
        // `ssh://git@host`: a service's account without a password
        if !info.contains(&b':') && hunt.engine.plan.policy.is_allowed(TypeId::USERNAME, info) {
            return;
        }
        hunt.accept(found);
        return;
    }
    if let Some(found) = email::at(hunt.text, sign) {
        hunt.accept(found);
    } else if before(hunt.text, sign) == b'/'
        && let Some(found) = gps::at(hunt.text, sign)
    {
        hunt.accept(found); // a map link: `/@48.8584,2.2945,17z`
    } else {
        people::database_user(hunt, sign);
    }
}

fn v6(hunt: &mut Hunt<'_>, c: Candidate, behind: usize) -> usize {
    let at = c.at as usize;
    if at < behind {
        return behind;
    }
    let (text, record) = (hunt.text, 0);
    let Some((found, plausible)) = ip::v6_at(text, at) else { return behind };
    if !plausible && !veto::announces_address(text, record, found.start) {
        return behind;
    }
    // no digest is written with `::`
    let compressed = text[found.start..found.end].windows(2).any(|pair| pair == b"::");
    if !compressed && veto::is_digest(&hunt.engine.keys, text, record, found.start) {
        return behind;
    }
    let end = found.end;
    hunt.accept(found);
    end
}

fn hardware(hunt: &mut Hunt<'_>, c: Candidate) {
    if !hunt.wants(TypeId::MAC) {
        return;
    }
    let (text, at) = (hunt.text, c.at as usize);
    // the run of hex digits and separators that the candidate stands in
    let is_part = |b: u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'-' | b'.');
    let mut start = at;
    while start > 0 && at - start < 64 && is_part(text[start - 1]) {
        start -= 1;
    }
    while start < at && !text[start].is_ascii_hexdigit() {
        start += 1;
    }
    // a word before the address may end in hex digits (`mac:`, `added-`)
    for first in [at.checked_sub(14), at.checked_sub(9), Some(start)].into_iter().flatten() {
        if let Some(found) = mac::at(text, first) {
            if !veto::is_digest(&hunt.engine.keys, text, 0, found.start) {
                hunt.accept(found);
                people::leased_device(hunt, found.end);
                if let Some(second) = mac::at(text, found.end + 1).filter(|m| m.start == found.end + 1) {
                    hunt.accept(second);
                }
            }
            return;
        }
    }
}

/// A UUID is one under any key: who asks for the type wants those of requests too.
fn identifier(hunt: &mut Hunt<'_>, c: Candidate) {
    if hunt.wants(TypeId::UUID)
        && let Some(start) = (c.at as usize).checked_sub(23)
        && let Some(found) = uuid::at(hunt.text, start)
    {
        hunt.accept(found);
    }
}

/// A run of twelve and more digits: card, IMEI, ICCID.
fn digits(hunt: &mut Hunt<'_>, c: Candidate, behind: usize) -> usize {
    let (text, start) = (hunt.text, (c.at as usize).saturating_sub(10));
    match before(text, start) {
        b'/' => calls::behind_slash(hunt, start),
        b'-' if text[..start - 1].ends_with(b"imsi") || text[..start - 1].ends_with(b"IMSI") => {
            calls::subscriber(hunt, start);
        }
        _ => {}
    }
    let glued = is_word(before(text, start));
    if start >= behind {
        // the one bare national number that is all digits has eighteen, the last perhaps a letter
        if !glued && byte_at(text, start + 16).is_ascii_digit() {
            national(hunt, c, start);
        }
        norwegian(hunt, start);
    }
    // no number is found that is glued to a word
    if glued { behind } else { numbers(hunt, 0, start, behind) }
}

/// `NO` and thirteen digits: the one IBAN that is too short for a long word.
fn norwegian(hunt: &mut Hunt<'_>, digits: usize) {
    let text = hunt.text;
    if hunt.wants(TypeId::IBAN)
        && let Some(start) = digits.checked_sub(2)
        && text[start..digits].eq_ignore_ascii_case(b"NO")
        && !is_word(before(text, start))
        && let Some(found) = iban::at(text, start)
    {
        hunt.accept(found);
    }
}

/// Digit groups with separators: back to the first group.
fn grouped(hunt: &mut Hunt<'_>, c: Candidate, behind: usize) -> usize {
    let (text, at) = (hunt.text, c.at as usize);
    let mut start = at;
    let floor = at.saturating_sub(24).max(behind);
    while start > floor
        && (text[start - 1].is_ascii_digit()
            || matches!(text[start - 1], b' ' | b'-' | b'.' | b'+')
                && start >= 2
                && text[start - 2].is_ascii_digit())
    {
        start -= 1;
    }
    let mut behind = behind;
    // each group may be the first
    let mut from = start;
    while from < at {
        if text[from].is_ascii_digit() && (from == start || !text[from - 1].is_ascii_digit()) {
            let end = numbers(hunt, 0, from, behind);
            if end > behind {
                return end;
            }
            behind = end;
        }
        from += 1;
    }
    behind
}

fn numbers(hunt: &mut Hunt<'_>, record: usize, start: usize, behind: usize) -> usize {
    if start < behind {
        return behind;
    }
    let text = hunt.text;
    let mut end = behind;
    for found in [card::at(text, start), imei::at(text, start), iccid::at(text, start)].into_iter().flatten()
    {
        if hunt.wants(found.kind) && !veto::number_is_named(&hunt.engine.keys, text, record, found.start) {
            end = end.max(found.end);
            hunt.accept(found);
        }
    }
    end
}

fn international(hunt: &mut Hunt<'_>, c: Candidate) {
    let (text, at) = (hunt.text, c.at as usize);
    let start = if before(text, at) == b'+' { at - 1 } else { at.saturating_sub(2) };
    // a modem is told to dial (ITU-T V.250 section 6.3.1)
    if text[..start].ends_with(b"ATD") || text[..start].ends_with(b"ATDT") {
        calls::dialled(hunt, start);
    }
    phone_at(hunt, c, start);
}

fn three_three_four(hunt: &mut Hunt<'_>, c: Candidate) {
    // the first digit of the last group
    let (text, at) = (hunt.text, (c.at as usize).saturating_sub(3));
    // back over 3-3 digits, brackets, blanks and a country code
    let mut start = at.saturating_sub(8);
    while start > 0 && at - start < 12 && matches!(text[start - 1], b'(' | b'0'..=b'9') {
        start -= 1;
    }
    phone_at(hunt, c, start);
    if byte_at(text, start) == b' ' || byte_at(text, start) == b')' {
        phone_at(hunt, c, start + 1);
    }
    // `(415) 555-0132`: the blank makes it one longer
    if let Some(open) = at.checked_sub(10)
        && byte_at(text, open) == b'('
        && open != start
    {
        phone_at(hunt, c, open);
    }
}

fn phone_at(hunt: &mut Hunt<'_>, _c: Candidate, start: usize) {
    if hunt.wants(TypeId::PHONE)
        && let Some(found) = phone::at(hunt.text, start)
        && !veto::number_is_named(&hunt.engine.keys, hunt.text, 0, found.start)
    {
        hunt.accept(found);
    }
}

/// A run of sixteen and more word bytes: tokens, IBANs, wallets.
fn long_word(hunt: &mut Hunt<'_>, c: Candidate) {
    let (text, start) = (hunt.text, (c.at as usize).saturating_sub(15));
    // a token of ours may hold what looks like another's prefix (`ip_e4t91_pat…`)
    if crate::mark::mark_at(text, start).is_some() {
        return;
    }
    if before(text, start) == b'/' && avatar(hunt, start) {
        return;
    }
    if let Some(found) = vendor::at(text, start) {
        hunt.accept(found);
        return;
    }
    if is_word(before(text, start)) {
        return;
    }
    if byte_at(text, start + 2).is_ascii_digit()
        && hunt.wants(TypeId::IBAN)
        && let Some(found) = iban::at(text, start)
    {
        hunt.accept(found);
    }
    let ends_at = |length: usize| !is_word(byte_at(text, start + length));
    if ends_at(17)
        && hunt.wants(TypeId::VIN)
        && let Some(found) = vin::at(text, start)
        && !veto::number_is_named(&hunt.engine.keys, text, 0, start)
    {
        hunt.accept(found);
    }
    if ends_at(16) || ends_at(18) {
        national(hunt, c, start);
    }
    if hunt.wants(TypeId::WALLET)
        && let Some(found) = wallet::at(text, start)
        && !veto::number_is_named(&hunt.engine.keys, text, 0, start)
    {
        hunt.accept(found);
    }
}

/// The digest of an e-mail address in the address of its picture (`gravatar.com/avatar/…`): MD5 or
/// SHA-256 in hex, which a list of addresses undoes.
fn avatar(hunt: &mut Hunt<'_>, start: usize) -> bool {
    let text = hunt.text;
    let head = &text[start.saturating_sub(40)..start];
    if !head.ends_with(b"avatar.com/avatar/") && !head.ends_with(b"libravatar.org/avatar/") {
        return false;
    }
    let length = text[start..].iter().take(65).take_while(|b| b.is_ascii_hexdigit()).count();
    let end = start + length;
    if !matches!(length, 32 | 64) || is_word(byte_at(text, end)) {
        return false;
    }
    let (kind, rule, evidence) = (TypeId::EMAIL, rules::EMAIL, Evidence::STRUCTURE.and(Evidence::SLOT_URL));
    hunt.accept(Match { start, end, kind, rule, confidence: 90, evidence });
    true
}

/// National numbers that no key announces.
fn national(hunt: &mut Hunt<'_>, _c: Candidate, start: usize) {
    if hunt.wants(TypeId::NATIONAL_ID)
        && let Some(found) = national_id::at(hunt.text, start)
        && !veto::number_is_named(&hunt.engine.keys, hunt.text, 0, start)
    {
        hunt.accept(found);
    }
}

/// `GB29 NWBK …`: an IBAN in groups.
fn letter_digits(hunt: &mut Hunt<'_>, c: Candidate) {
    if hunt.wants(TypeId::IBAN)
        && let Some(start) = (c.at as usize).checked_sub(4)
        && !is_word(before(hunt.text, start))
        && let Some(found) = iban::at(hunt.text, start)
    {
        hunt.accept(found);
    }
}
