//! What names a subscriber or their device behind a word and a blank: `IMEI 490154203237518`, `ECGI 262-01-1a2b3c4`.

use super::accept::Hunt;
use super::calls;
use super::phrases::{head, slot, tail};
use crate::check::random::looks_random;
use crate::check::words::Words;
use crate::context::{before, byte_at};
use crate::detect::{cell_id, iccid, imei, imsi, meid, uuid, vin};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// Hex digits of the token of a device of Apple's push service.
const PUSH_BYTES: usize = 64;

/// The word at `at`: digits, letters and dashes.
fn word(text: &[u8], at: usize) -> &[u8] {
    let length = text[at..].iter().take(80).take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    &text[at..at + length]
}

/// The number of a device, with its software's version or not.
pub(super) fn equipment(hunt: &mut Hunt<'_>, at: usize) {
    let digits = word(hunt.text, at);
    if digits.len() == 14 && hunt.text[at.saturating_sub(5)..at].eq_ignore_ascii_case(b"meid ") {
        return take(hunt, at, meid::keyed(digits));
    }
    if !digits.iter().all(u8::is_ascii_digit) {
        return;
    }
    // `ICCID 8933 1014 2558 1907 335`, as it is printed on the card
    if digits.len() == 4 && hunt.text[at.saturating_sub(6)..at].eq_ignore_ascii_case(b"iccid ") {
        let is_part = |b: &&u8| b.is_ascii_digit() || **b == b' ';
        let printed = hunt.text[at..].iter().take(25).take_while(is_part).count();
        let printed = hunt.text[at..at + printed].trim_ascii_end();
        return take(hunt, at, iccid::keyed(printed));
    }
    let found = match digits.len() {
        14 | 15 => imei::keyed(digits),
        16 => imei::keyed_imeisv(digits),
        18..=20 => iccid::keyed(digits),
        _ => None,
    };
    take(hunt, at, found);
}

/// The id of a device of Apple: forty hex digits, or eight, a dash and sixteen on devices since 2018.
pub(super) fn apple_device(hunt: &mut Hunt<'_>, at: usize) {
    let id = word(hunt.text, at);
    let is_hex = id.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-');
    let is_id = is_hex
        && match id.len() {
            25 => id[8] == b'-' && id.iter().filter(|b| **b == b'-').count() == 1,
            // `IDFA 6D92078A-8246-4BA4-AE5B-76104861E7DC`
            36 => crate::detect::uuid::keyed(id).is_some(),
            length => length == 40 && !id.contains(&b'-'),
        };
    // `client DUID 00:01:00:01:…` of DHCPv6 (RFC 8415 section 11)
    let is_part = |b: &&u8| b.is_ascii_hexdigit() || **b == b':';
    let run = hunt.text[at..].iter().take(80).take_while(is_part).count();
    let octets = hunt.text[at..at + run].split(|b| *b == b':');
    let is_duid = octets.clone().all(|octet| octet.len() == 2) && (8..=20).contains(&octets.count());
    if is_id || is_duid {
        let length = if is_duid { run } else { id.len() };
        hunt.accept(slot(at, at + length, TypeId::DEVICE_ID, rules::DEVICE_ID, 88));
    }
}

/// Seventeen capitals and digits behind the word for a vehicle's number.
pub(super) fn vehicle(hunt: &mut Hunt<'_>, at: usize) {
    let found = vehicle_number(&hunt.text[at..]);
    take(hunt, at, found);
}

/// The same at the start of a text that goes on.
pub(super) fn vehicle_number(text: &[u8]) -> Option<Match> {
    let number = word(text, 0);
    let is_number = number.len() == 17
        && number.iter().any(u8::is_ascii_uppercase)
        && number.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if is_number { vin::keyed(number) } else { None }
}

/// A password for once: four to eight digits (`OTP 993112`, `verification code is 482913`).
pub(super) fn passcode(hunt: &mut Hunt<'_>, at: usize) {
    const SAID: [&[u8]; 3] = [b"code is ", b"code: ", b"code "];
    let said = SAID.iter().find(|said| hunt.text[at..].starts_with(said)).map_or(0, |said| said.len());
    let at = at + said;
    let digits = word(hunt.text, at);
    if (4..=8).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) {
        hunt.accept(slot(at, at + digits.len(), TypeId::PASSWORD, rules::PASSWORD, 84));
    }
}

/// A number behind the word for it and a dash (3GPP TS 29.571): `imsi-262011234567890`, `imei-…`, `msisdn-…`.
pub(super) fn named(hunt: &mut Hunt<'_>, start: usize) {
    let head = &hunt.text[..start - 1];
    let is =
        |word: &[u8]| head.len() >= word.len() && head[head.len() - word.len()..].eq_ignore_ascii_case(word);
    if is(b"imsi") {
        calls::subscriber(hunt, start);
    } else if is(b"imei") || is(b"imeisv") {
        equipment(hunt, start);
    } else if is(b"msisdn") {
        calls::number(
            hunt,
            start,
            start + word(hunt.text, start).iter().take_while(|b| b.is_ascii_digit()).count(),
        );
    }
}

/// A row of a call's record without names of columns, from the number of the equipment: the subscriber before or behind
/// it, and numbers of telephones around both (`MOC|262018678298816|353325109981724|4917612345678|`).
pub(super) fn call_record(hunt: &mut Hunt<'_>, equipment: usize, parts: u8) {
    let text = hunt.text;
    let end = equipment + 15;
    if imei::at(text, equipment).is_none_or(|found| found.end != end) {
        return;
    }
    // up to four numbers to either side
    let mut fields = [(0, 0); 8];
    let mut count = 0;
    let is_number = |field: &&[u8]| (10..=15).contains(&field.len()) && field.iter().all(u8::is_ascii_digit);
    if before(text, equipment) == parts {
        let mut stop = equipment - 1;
        for field in head(text, stop, 64).rsplit(|b| *b == parts).take_while(is_number).take(4) {
            fields[count] = (stop - field.len(), stop);
            (stop, count) = ((stop - field.len()).saturating_sub(1), count + 1);
        }
    }
    if byte_at(text, end) == parts {
        let mut start = end + 1;
        for field in tail(text, start, 64).split(|b| *b == parts).take_while(is_number).take(4) {
            fields[count] = (start, start + field.len());
            (start, count) = (start + field.len() + 1, count + 1);
        }
    }
    let fields = &fields[..count];
    let is_subscriber = |(from, to): &(usize, usize)| {
        (to + 1 == equipment || *from == end + 1)
            && to - from == 15
            && imsi::keyed(&text[*from..*to]).is_some()
    };
    let Some(found) = fields.iter().copied().find(is_subscriber) else { return };
    hunt.accept(slot(found.0, found.1, TypeId::IMSI, rules::IMSI, 86));
    // a moment has its century first, seconds since 1970 a one
    let is_moment = |number: &[u8]| match number.len() {
        12 | 14 => number.starts_with(b"20"),
        10 | 13 => number.starts_with(b"1"),
        _ => false,
    };
    for &(from, to) in fields {
        if (from, to) != found && !is_moment(&text[from..to]) {
            calls::number(hunt, from, to);
        }
    }
}

/// The number that a concealed identifier does not conceal, where a group of its digits starts at `at`:
/// `suci-0-234-15-0000-0-0-0007487`.
pub(super) fn concealed(hunt: &mut Hunt<'_>, at: usize) {
    if let Some(start) = at.checked_sub(7)
        && hunt.wants(TypeId::IMSI)
        && let Some(found) = imsi::unconcealed(tail(hunt.text, start, 64))
    {
        hunt.accept(Match { start: start + found.start, end: start + found.end, ..found });
    }
}

/// A global identity of a cell or an area, or its number beside a word of radio: `PLMN 310-410 TAC 8722 CID 187392514 PCI
/// 301`.
pub(super) fn cell(hunt: &mut Hunt<'_>, start: usize, at: usize) {
    static RADIO: Words<8> =
        Words::new([b"plmn", b"rsrp", b"rsrq", b"earfcn", b"arfcn", b"mcc", b"rssi", b"pci"]);
    let text = hunt.text;
    let value = word(text, at);
    // words, not bytes, for values between may be replaced
    let is_said = || {
        let is_radio = |word: &[u8]| RADIO.contains(word.split(|b| *b == b'=').next().unwrap_or_default());
        text[start..at].iter().any(u8::is_ascii_uppercase)
            && (head(text, start, 64).rsplit(|b| *b == b' ').take(5).any(is_radio)
                || tail(text, at, 64).split(|b| *b == b' ').take(5).any(is_radio))
    };
    if !value.first().is_some_and(u8::is_ascii_digit) {
        return;
    }
    if value.contains(&b'-') {
        take(hunt, at, cell_id::keyed(value));
    } else if value.len() > 2 && is_said() {
        let is_area = matches!(text[start], b'T' | b'L');
        take(hunt, at, if is_area { cell_id::area(value) } else { cell_id::keyed(value) });
    }
}

/// The token of a device in the service that pushes messages to it.
pub(super) fn pushed(hunt: &mut Hunt<'_>, at: usize) {
    // `Token for <com.example.app> is <d6a6…>`
    if hunt.text[at..].starts_with(b"for <")
        && let Some(is) = memchr::memmem::find(super::phrases::tail(hunt.text, at, 160), b"> is <")
    {
        return pushed(hunt, at + is + 6);
    }
    let value = word(hunt.text, at);
    let end = at + value.len();
    if value.len() == PUSH_BYTES && value.iter().all(u8::is_ascii_hexdigit) && byte_at(hunt.text, end) != b'_'
    {
        hunt.accept(slot(at, end, TypeId::TOKEN, rules::TOKEN_VENDOR, 84));
    } else if is_drawn(value)
        && !matches!(byte_at(hunt.text, end), b'_' | b'/' | b'+' | b'=')
        && !(byte_at(hunt.text, end) == b'.' && byte_at(hunt.text, end + 1).is_ascii_alphanumeric())
    {
        hunt.accept(slot(at, end, TypeId::TOKEN, rules::TOKEN, 80));
    }
}

/// `token 4f8b2c1d7e9a4f0b8c2d1e7f`: 24 letters and digits and more, mixed as no word is; 20 where both cases are.
pub(super) fn is_drawn(value: &[u8]) -> bool {
    let count = |is: fn(&u8) -> bool| value.iter().filter(|b| is(b)).count();
    let digits = count(u8::is_ascii_digit);
    let has_both_cases = count(u8::is_ascii_uppercase) > 2 && count(u8::is_ascii_lowercase) > 2;
    let is_mixed = value.len() >= 24 && digits >= 4 && value.len() - digits >= 4;
    // `BucketRefillScheduler2024`: words and a year
    let tail = value.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    (digits > tail || tail != 4)
        && (is_mixed || has_both_cases && value.len() >= 20 && digits >= 2)
        && value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        && looks_random(value)
        && !(value.contains(&b'-') && uuid::keyed(value).is_some())
}

fn take(hunt: &mut Hunt<'_>, at: usize, found: Option<Match>) {
    if let Some(found) = found {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: at + found.start, end: at + found.end, evidence, ..found });
    }
}

/// The numbers in what a modem reports of calls and messages (3GPP TS 27.007, 27.005): `+CLIP: "4155550114",129`.
pub(super) fn reported(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    each_quoted(hunt.text, at, stop, |start, end| {
        let is_number = hunt.text[start..end].iter().all(|b| b.is_ascii_digit() || *b == b'+');
        if is_number {
            calls::number(hunt, start, end);
        }
    });
}

/// The area and the cell that a modem is registered in: `+CREG: 2,1,"1A2B","01A2B3C4",7`, `+CREG: 2,1,lac=1A2B,ci=A1B2C3D4`.
pub(super) fn registered(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let line = &hunt.text[at..stop];
    for key in [&b"lac="[..], b"tac=", b"ci=", b"cid="] {
        let Some(start) = memchr::memmem::find(line, key).map(|p| at + p + key.len()) else { continue };
        let length = word(hunt.text, start).iter().take_while(|b| b.is_ascii_hexdigit()).count();
        if (4..=8).contains(&length) && length == word(hunt.text, start).len() {
            hunt.accept(slot(start, start + length, TypeId::CELL_ID, rules::CELL_ID, 84));
        }
    }
    each_quoted(hunt.text, at, stop, |start, end| {
        let value = &hunt.text[start..end];
        if (4..=8).contains(&value.len()) && value.iter().all(u8::is_ascii_hexdigit) {
            hunt.accept(slot(start, end, TypeId::CELL_ID, rules::CELL_ID, 84));
        }
    });
}

/// Calls `each` with the strings of a list.
fn each_quoted(text: &[u8], at: usize, stop: usize, mut each: impl FnMut(usize, usize)) {
    let mut start = at;
    for (place, part) in text[at..stop].split(|b| *b == b'"').enumerate().take(16) {
        if place % 2 == 1 {
            each(start, start + part.len());
        }
        start += part.len() + 1;
    }
}
