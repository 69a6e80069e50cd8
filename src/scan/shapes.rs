//! Values found by their shape: candidates of each kind to the detectors that could take them.

use super::accept::Hunt;
use super::settled::Settled;
use super::{
    access, announced, calls, clients, daemons, databases, devices, digits, domains, embedded, exported,
    full_names, hardware, hl7, hosts, people, signs, subscribers, words,
};
use crate::check::bytes;
use crate::classify::{Candidate, Candidates, Filter, Kind};
use crate::context::{before, byte_at, is_behind_colour, is_word, key_of_value, veto};
use crate::detect::{email, gps, home_dir, hostname, iban, ip, national_id, phone, uuid};
use crate::finding::{Evidence, TypeId};
use crate::simd::{BATCH, Dotted};

/// Leaves out the shapes that none of the `wanted` types has.
pub(super) fn fill(filter: &mut Filter, wanted: impl Fn(TypeId) -> bool) {
    let shapes: [(Kind, &[TypeId]); 6] = [
        (Kind::Uuid, &[TypeId::UUID, TypeId::ACCOUNT_ID, TypeId::DEVICE_ID]),
        (Kind::LetterDigits, &[TypeId::IBAN]),
        (Kind::SocialSecurity, &[TypeId::NATIONAL_ID, TypeId::IMSI]),
        // who stands behind a host name in an access log; a subscriber in dashes
        (Kind::DashedQuad, &[TypeId::HOSTNAME_IP, TypeId::USERNAME, TypeId::IMSI, TypeId::ACCOUNT_ID]),
        (Kind::Dashes, &[TypeId::TOKEN]),
        (Kind::Sign, &signs::TYPES),
    ];
    for (kind, of) in shapes {
        if !of.iter().any(|of| wanted(*of)) {
            filter.leave_out(kind);
        }
    }
}

/// Hunts every kind of candidate that a shape offers.
pub(super) fn hunt(hunt: &mut Hunt<'_>, candidates: &Candidates) {
    let mut settled = Settled::of(hunt);
    quads(hunt, candidates.of(Kind::Ipv4));
    for &c in candidates.of(Kind::At) {
        if !settled.emails.has(c.at as usize, |_| true) {
            at_sign(hunt, c.at as usize);
        }
    }
    let mut behind = 0;
    for &c in candidates.of(Kind::Ipv6) {
        if !settled.hardware.has(c.at as usize, |_| true) {
            behind = v6(hunt, c, behind);
        }
    }
    settled.hardware.rewind();
    for &c in candidates.of(Kind::Mac) {
        if !settled.hardware.has(c.at as usize, |_| true) {
            hardware::hardware(hunt, c);
        }
    }
    for &c in candidates.of(Kind::Uuid) {
        identifier(hunt, c);
    }
    let mut behind = 0;
    for &c in candidates.of(Kind::DigitRun) {
        if !settled.numbers.has(c.at as usize, |_| true) {
            behind = digits::digits(hunt, c, behind);
        }
    }
    let mut behind = 0;
    for &c in candidates.of(Kind::Grouped) {
        behind = digits::grouped(hunt, c, behind);
    }
    settled.numbers.rewind();
    for &c in candidates.of(Kind::International) {
        if !settled.numbers.has(c.at as usize, |kind| kind == TypeId::PHONE) {
            international(hunt, c);
        }
    }
    for &c in candidates.of(Kind::National) {
        three_three_four(hunt, c);
    }
    for &c in candidates.of(Kind::LetterDigits) {
        letter_digits(hunt, c);
    }
    for &c in candidates.of(Kind::SocialSecurity) {
        let Some(start) = digits::start_of_national(hunt.text, c.at as usize) else { continue };
        match before(hunt.text, start) {
            b'/' if announced::in_path(hunt, start) => {}
            b'-' => subscribers::concealed(hunt, start),
            _ => national(hunt, start),
        }
    }
    words::hunt(hunt, candidates.of(Kind::LongWord));
    for &c in candidates.of(Kind::DashedQuad) {
        if domains::security_id(hunt, c.at as usize) {
            continue;
        }
        if let Some((start, end)) = hostname::dashed_octets(hunt.text, c.at as usize)
            && let Some(found) = hostname::around(hunt.text, start, end)
        {
            // `dsl-203-0-113-7.example.net - anna [29/Nov/2026:…`
            if before(hunt.text, found.start) == b'\n' {
                access::clf_user(hunt, found.end);
            }
            hunt.accept(found);
        }
    }
    for &c in candidates.of(Kind::Sign) {
        signs::sign(hunt, c.at as usize);
    }
    // off by default: only who asks for it pays for the search
    if hunt.wants(TypeId::HOME_DIR) {
        home_dir::each(hunt.text, &mut |found| {
            let name = &hunt.text[found.start..found.end];
            if !hunt.engine.plan.policy.is_allowed(TypeId::USERNAME, name) {
                hunt.accept(found);
            }
        });
    }
}

/// Dotted quads, some at once.
fn quads(hunt: &mut Hunt<'_>, candidates: &[Candidate]) {
    let mut read = [Dotted::default(); BATCH];
    for some in candidates.chunks(BATCH) {
        let mut fourths = [0; BATCH];
        for (fourth, c) in fourths.iter_mut().zip(some) {
            *fourth = c.at;
        }
        hunt.kernel.dotted(hunt.text, &fourths[..some.len()], &mut read);
        for (c, dotted) in some.iter().zip(&read) {
            match ip::Quad::of(dotted).or_else(|| ip::quad_at(hunt.text, c.at as usize)) {
                Some(found) => quad(hunt, found),
                None => embedded::quad(hunt, c.at as usize),
            }
        }
    }
}

fn quad(hunt: &mut Hunt<'_>, quad: ip::Quad) {
    let text = hunt.text;
    if quad.fifth.is_some_and(|end| !is_tcpdump(text, quad.start, end)) {
        return;
    }
    let (left, right) = (before(text, quad.start), byte_at(text, quad.end));
    if left == b'm' && is_behind_colour(text, quad.start) {
        return;
    }
    let joins = |byte: u8| byte.is_ascii_alphanumeric();
    let named =
        (right == b'.' || right == b'-') && joins(byte_at(text, quad.end + 1)) && quad.fifth.is_none()
            || (left == b'.' || left == b'-')
                && quad.start > 1
                && before(text, quad.start - 1).is_ascii_alphabetic();
    // `crm_export_v2.1.0.4.py`
    let numbered = named && matches!(left, b'v' | b'V') && !joins(before(text, quad.start - 1));
    if numbered && is_file(text, quad.end) {
        return;
    }
    if named && let Some(found) = hostname::around(text, quad.start, quad.end) {
        hunt.accept(found);
        return;
    }
    if veto::quad_is_version(hunt.keys, text, quad.start, quad.end, quad.octets) {
        return;
    }
    let mut found = ip::v4_match(text, &quad);
    if found.end > quad.end && is_port(text, quad.end) {
        found.end = quad.end;
    }
    if left == b'[' && right == b']' || left == b'(' && right == b')' {
        hosts::named_by_address(hunt, quad.start - 1, quad.octets);
    }
    if right == b' ' && left == b'\n' {
        found.evidence = found.evidence.and(Evidence::SLOT_CLF_CLIENT);
    }
    if right == b',' && left == b',' {
        daemons::served_before(hunt, quad.start - 1);
        devices::audited_lease(hunt, quad.end);
        hardware::sampled_flow(hunt, quad.start, quad.end);
        exported::users_by_place(hunt, quad.start, quad.end);
    }
    if hunt.wants_people() {
        people_around(hunt, &quad, left, right);
    }
    hunt.accept_v4(found, quad.octets);
}

/// Whether what stands behind the slash at `slash` is a port and no prefix, as Cisco's firewalls write it:
/// `%ASA-6-605005: Login permitted from 192.168.0.3/11 to …`.
fn is_port(text: &[u8], slash: usize) -> bool {
    let head = super::phrases::head(text, slash, 320);
    [&b"%ASA-"[..], b"%FTD-", b"%PIX-", b"%FWSM-"]
        .iter()
        .any(|tag| byte_at(text, slash) == b'/' && memchr::memmem::find(head, tag).is_some())
}

/// Whether the ending of a file stands at `end`: `.py`, `.tar.gz`.
fn is_file(text: &[u8], end: usize) -> bool {
    const ENDINGS: [&[u8]; 20] = [
        b".py", b".tgz", b".tar", b".zip", b".jar", b".log", b".json", b".txt", b".gz", b".sh", b".exe",
        b".msi", b".deb", b".rpm", b".whl", b".js", b".css", b".bin", b".img", b".iso",
    ];
    ENDINGS.iter().any(|ending| {
        text[end..].starts_with(ending) && !byte_at(text, end + ending.len()).is_ascii_alphanumeric()
    })
}

/// Who is named in the slots around the address of a client.
fn people_around(hunt: &mut Hunt<'_>, quad: &ip::Quad, left: u8, right: u8) {
    match (left, right) {
        (_, b' ') => {
            access::fields_around(hunt, quad.start, quad.end);
            if left == b' ' || left == b'\n' {
                clients::at_terminal(hunt, quad.start, quad.end);
            }
            if byte_at(hunt.text, quad.end + 1) == b'(' {
                clients::served_by_uwsgi(hunt, quad.end + 2);
            }
            if left == b' ' {
                clients::panel_user(hunt, quad.start, quad.end);
                clients::named_client(hunt, quad.start, quad.end);
            }
            if byte_at(hunt.text, quad.end + 1).is_ascii_alphabetic() {
                clients::owned_client(hunt, quad.end + 1);
            }
        }
        (b'[', b']') => {
            access::mail_client(hunt, quad.start, quad.end);
            access::gateway_user(hunt, quad.end);
        }
        (b'|', b'|') => access::piped_user(hunt, quad.start, quad.end),
        (b' ', b'#') => clients::asked_for(hunt, quad.end),
        // not the commonest, a string of JSON
        (b'"', b':' | b'"') if before(hunt.text, quad.start - 1) == b',' => {
            exported::csvlog_user(hunt, quad.start);
        }
        (_, b':') => {
            match left {
                b' ' => access::proxied_user(hunt, quad.start),
                b',' => exported::mailbox_user(hunt, quad.start, quad.end),
                _ => {}
            }
            people::tunnel_user(hunt, quad.start, quad.end);
            if left == b'/' {
                people::player(hunt, quad.start, quad.end);
            }
        }
        (b'\t', b'\t') => clients::transferred(hunt, quad.end),
        (b'(', b'/') => clients::identified(hunt, quad.end),
        (b':', b'/') => clients::interface_user(hunt, quad.end),
        (b':', b']') => clients::session_user(hunt, quad.start),
        (b'(', b')') => clients::hotspot_user(hunt, quad.start, quad.end),
        // `WLAN-Gerät angemeldet, Annas-iPhone, IP 192.168.178.34, MAC …` of FRITZ!Box
        (b' ', b',') if hunt.text[..quad.start].ends_with(b", IP ") => {
            devices::device_before(hunt, quad.start - 5);
        }
        (b' ', b',') if hunt.text[..quad.start].ends_with(b", ") => {
            devices::device_before(hunt, quad.start - 2);
        }
        _ => {}
    }
}

/// `IP 10.0.0.1.443 > 10.0.0.2.51514:` as tcpdump prints addresses with ports.
fn is_tcpdump(text: &[u8], start: usize, end: usize) -> bool {
    let head = &text[..start];
    text[end..].starts_with(b" > ")
        || head.ends_with(b" > ")
        || head.ends_with(b"IP ")
        // DB2: an address, a port, the time of the connection
        || byte_at(text, end) == b'.' && bytes::digits(&text[end + 1..]) == 12
        || memchr::memmem::find(super::phrases::head(text, start, 512), b" tcp/").is_some() // Dante
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
        // the service that grants tickets (RFC 4120 section 7.3)
        let is_service = hunt.text[..found.start].ends_with(b"krbtgt/")
            || before(hunt.text, found.start) == b'/'
                && is_service_principal(&hunt.text[found.start..found.end]);
        if is_service {
            return;
        }
        // of a call (RFC 3261 section 20.8)
        let head = &hunt.text[found.start.saturating_sub(9)..found.start];
        if head.last() == Some(&b' ') && head.to_ascii_lowercase().starts_with(b"call-id:") {
            return;
        }
        if is_message_id(hunt, found.start) {
            return;
        }
        if before(hunt.text, found.start) == b'<' {
            calls::named_mailbox(hunt, found.start - 1);
        }
        // else the name is looked for with what was found
        if !hunt.wants(TypeId::EMAIL) {
            full_names::beside(hunt, found.start, found.end);
        }
        // Exim: `<= anna@example.org U=anna P=local`
        if hunt.text[found.end..].starts_with(b" U=") {
            let user = found.end + 3;
            let length = hunt.text[user..].iter().take(64).take_while(|b| !matches!(b, b' ' | b'\n')).count();
            if hunt.text[user + length..].starts_with(b" P=") {
                super::daemons::name(hunt, user, user + length);
            }
        }
        if hunt.text[found.end..].starts_with(b" (") {
            full_names::in_comment(hunt, found.end + 2);
        }
        devices::behind_address(hunt, found.end);
        hunt.accept(found);
    } else if before(hunt.text, sign) == b'/'
        && let Some(found) = gps::at(hunt.text, sign)
    {
        hunt.accept(found); // a map link: `/@48.8584,2.2945,17z`
    } else {
        if !databases::database_user(hunt, sign) {
            hosts::user_at_host(hunt, sign);
        }
        domains::realm_user(hunt, sign);
        domains::lease_holder(hunt, sign);
        domains::matrix_user(hunt, sign);
        calls::named_user(hunt, sign);
    }
}

/// Whether the address at `start` is the id of a message or call under its key, which has a sign and a host
/// (RFC 5322 section 3.6.4): `"messageId": "<17058b6f-183635@a42.example>"`.
fn is_message_id(hunt: &Hunt<'_>, start: usize) -> bool {
    let text = hunt.text;
    // most addresses stand in no quotes
    let quote = start - usize::from(before(text, start) == b'<');
    // and few keys end so
    let key = text[..quote].strip_suffix(b"\"").unwrap_or_default().trim_ascii_end();
    let key = key.strip_suffix(b":").unwrap_or_default().trim_ascii_end();
    let key = key.strip_suffix(b"\"").unwrap_or_default();
    if !key.len().checked_sub(2).is_some_and(|at| key[at..].eq_ignore_ascii_case(b"id")) {
        return false;
    }
    let Some(key) = key_of_value(hunt.keys, text, start) else { return false };
    matches!(
        hunt.keys.row(key).words,
        "message id" | "messageid" | "internet message id" | "call id" | "callid"
    ) && {
        let local = text[start..].iter().take(128).take_while(|b| **b != b'@');
        let digits = local.clone().filter(|b| b.is_ascii_digit()).count();
        // `anna1990@example.com`, `441632960961@sms.example.com`: somebody
        digits > 5 && local.count() > digits
    }
}

fn v6(hunt: &mut Hunt<'_>, c: Candidate, behind: usize) -> usize {
    let at = c.at as usize;
    if at < behind {
        return behind;
    }
    let text = hunt.text;
    let Some((found, plausible)) = ip::v6_at(text, at) else {
        return hardware::short_groups(hunt, at).unwrap_or(behind);
    };
    if veto::is_moment(text, found.start) {
        return found.end;
    }
    // a list of addresses has one a line
    let is_alone = before(text, found.start) == b'\n' && matches!(byte_at(text, found.end), b'\n' | b'\r');
    if !plausible && !is_alone && !veto::announces_address(text, found.start) {
        return behind;
    }
    // no digest is written with `::`
    let compressed = text[found.start..found.end].windows(2).any(|pair| pair == b"::");
    if !compressed && veto::is_digest(hunt.keys, text, found.start) {
        return behind;
    }
    let end = found.end;
    if hunt.wants_people() {
        match (before(text, found.start), byte_at(text, end)) {
            (_, b' ') => access::fields_around(hunt, found.start, end),
            (b',', b',') => {
                daemons::served_before(hunt, found.start - 1);
                exported::users_by_place(hunt, found.start, end);
            }
            _ => {}
        }
    }
    hunt.accept(found);
    end
}

/// A UUID is one under any key: who asks for the type wants those of requests too.
fn identifier(hunt: &mut Hunt<'_>, c: Candidate) {
    let Some(start) = (c.at as usize).checked_sub(23) else { return };
    if words::scim_user(hunt, start) {
        return;
    }
    announced::identified(hunt, start);
    if hunt.wants(TypeId::UUID)
        && let Some(found) = uuid::at(hunt.text, start)
    {
        hunt.accept(found);
    }
}

fn international(hunt: &mut Hunt<'_>, c: Candidate) {
    let (text, at) = (hunt.text, c.at as usize);
    let start = if before(text, at) == b'+' { at - 1 } else { at.saturating_sub(2) };
    if before(text, start) == b'|' {
        hl7::around(hunt, start);
    }
    if text[..start].ends_with(b"<tel:") {
        calls::named_mailbox(hunt, start - 5);
    }
    // a modem is told to dial (ITU-T V.250 section 6.3.1)
    if text[..start].ends_with(b"ATD") || text[..start].ends_with(b"ATDT") {
        calls::dialled(hunt, start);
    }
    if matches!(before(text, start), b'<' | b',') && signs::location(hunt, start) {
        return;
    }
    phone_at(hunt, start);
}

fn three_three_four(hunt: &mut Hunt<'_>, c: Candidate) {
    // the first digit of the last group
    let (text, at) = (hunt.text, (c.at as usize).saturating_sub(3));
    // back over 3-3 digits, brackets, blanks and a country code
    let mut start = at.saturating_sub(8);
    while start > 0 && at - start < 12 && matches!(text[start - 1], b'(' | b'0'..=b'9') {
        start -= 1;
    }
    match before(text, start) {
        b'|' => hl7::around(hunt, start),
        b'-' => subscribers::concealed(hunt, start),
        _ => {}
    }
    // `1-415-555-0132`
    if before(text, start) == b'-' && start > 1 && text[start - 2] == b'1' {
        phone_at(hunt, start - 2);
    }
    phone_at(hunt, start);
    // `(415 555-0132`: a bracket that nothing closes
    if matches!(byte_at(text, start), b'(' | b' ' | b')') {
        phone_at(hunt, start + 1);
    }
    // `(415) 555-0132`: the blank makes it one longer
    if let Some(open) = at.checked_sub(10)
        && byte_at(text, open) == b'('
        && open != start
    {
        phone_at(hunt, open);
    }
}

fn phone_at(hunt: &mut Hunt<'_>, start: usize) {
    if hunt.wants(TypeId::PHONE)
        && let Some(found) = phone::at(hunt.text, start)
        && !veto::number_is_named(hunt.keys, hunt.text, found.start)
    {
        hunt.accept(found);
    }
}

/// National numbers that no key announces.
pub(super) fn national(hunt: &mut Hunt<'_>, start: usize) {
    if hunt.wants(TypeId::NATIONAL_ID)
        && let Some(found) = national_id::at(hunt.text, start)
        && !veto::number_is_named(hunt.keys, hunt.text, start)
    {
        hunt.accept(found);
    }
}

/// `GB29 NWBK …`: an IBAN in groups.
fn letter_digits(hunt: &mut Hunt<'_>, c: Candidate) {
    if let Some(start) = (c.at as usize).checked_sub(4)
        && !is_word(before(hunt.text, start))
        && let Some(found) = iban::at(hunt.text, start)
    {
        hunt.accept(found);
    }
}

/// A host and a realm in capitals, behind the name of a service: `cifs/files.example.org@EXAMPLE.ORG`
/// (RFC 4120 section 6.2.1).
fn is_service_principal(address: &[u8]) -> bool {
    let sign = memchr::memchr(b'@', address).unwrap_or(0);
    address[..sign].contains(&b'.') && !address[sign..].iter().any(u8::is_ascii_lowercase)
}
