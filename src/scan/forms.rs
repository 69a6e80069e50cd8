//! What a value looks like that a key names and is something else: ids, paths, numbers of devices.

use super::not_names::NOT_NAMES;
use crate::check::random::looks_random;
use crate::check::words::Words;
use crate::context::{Value, byte_at};
use crate::detect::{username, uuid};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// Sixteen small hex digits, letters among them.
pub(super) fn is_raft_id(value: &[u8]) -> bool {
    let hex = value.iter().take_while(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')).count();
    hex == 16
        && value[..hex].iter().any(u8::is_ascii_alphabetic)
        && !byte_at(value, hex).is_ascii_alphanumeric()
}

/// Digits and letters beyond hexadecimal: a device's serial number; those of certificates and zones
/// have none.
pub(super) fn is_mixed(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_digit)
        && value.iter().any(|b| b.is_ascii_alphabetic() && !b.is_ascii_hexdigit())
}

/// `UserDto(id=512, …`, `Address{street='…`, `Contact [mail=…`: an object and its first field, whose key says
/// what it holds. `Alice(uid=1000)` is a name and its number.
pub(super) fn is_object(value: &[u8]) -> bool {
    if !value.first().is_some_and(u8::is_ascii_uppercase) {
        return false;
    }
    let class = value
        .iter()
        .take(48)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'$' | b'@'))
        .count();
    let open = class + usize::from(byte_at(value, class) == b' ' && byte_at(value, class + 1) == b'[');
    let inside = value.get(open + 1..).unwrap_or_default();
    let field = inside.iter().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    matches!(byte_at(value, open), b'(' | b'{' | b'[')
        && field > 0
        && byte_at(inside, field) == b'='
        && !inside.starts_with(b"uid=")
}

/// 28 letters of both cases and digits.
pub(super) fn is_mixed_id(value: &[u8]) -> bool {
    let length = value.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let id = &value[..length];
    length == 28
        && [u8::is_ascii_digit, u8::is_ascii_lowercase, u8::is_ascii_uppercase]
            .iter()
            .all(|is| id.iter().any(is))
}

/// Digits and a word behind a colon: `1000:profile` of `user:1000:profile`.
pub(super) fn is_path_of_cache(value: &[u8]) -> bool {
    let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
    digits > 0 && byte_at(value, digits) == b':' && byte_at(value, digits + 1).is_ascii_alphabetic()
}

/// Four to eight digits.
pub(super) fn is_pin(value: &[u8]) -> bool {
    (4..=8).contains(&value.len()) && value.iter().all(u8::is_ascii_digit)
}

/// The subject of a token as identity providers write it: a long number, a UUID, `auth0|5f7c8ec7…`.
pub(super) fn is_subject(value: &[u8]) -> bool {
    let word =
        value.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'|')).count();
    let id = &value[..word];
    let digits = id.iter().filter(|b| b.is_ascii_digit()).count();
    let provider = memchr::memchr(b'|', id).is_some_and(|bar| bar > 1 && digits > 3);
    provider || word >= 9 && digits == word || uuid::keyed(id).is_some_and(|found| found.end == word)
}

/// A working directory, not a password (`PWD=/srv/app`).
pub(super) fn is_path(value: &[u8]) -> bool {
    value.starts_with(b"/")
        || value.starts_with(b"~")
        || value.starts_with(b"./")
        || value.starts_with(b"../")
        || value.get(1..3) == Some(b":\\")
}

/// A name that Windows gives a person's computer, or what it was made of: `DESKTOP-4F3KQ2L`, `LAPTOP-ANNA`, in capitals
/// and at most fifteen bytes long (NetBIOS). Servers are `WIN-…`, and stay.
pub(super) fn personal_computer(value: &[u8]) -> Option<Match> {
    const MADE: [&[u8]; 2] = [b"DESKTOP-", b"LAPTOP-"];
    const KINDS: [&[u8]; 2] = [b"-LAPTOP", b"-NOTEBOOK"];
    let is_capital = |b: &&u8| b.is_ascii_uppercase() || b.is_ascii_digit() || **b == b'-';
    let label = &value[..value.iter().take(16).take_while(is_capital).count()];
    if label.len() < 16
        && !byte_at(value, label.len()).is_ascii_lowercase()
        && KINDS.iter().any(|kind| label.len() > kind.len() + 3 && label.ends_with(kind))
    {
        let (end, kind, rule) = (label.len(), TypeId::DEVICE_NAME, rules::DEVICE_NAME);
        let evidence = Evidence::KEY.and(Evidence::SHAPE);
        return Some(Match { start: 0, end, kind, rule, confidence: 80, evidence });
    }
    let made = MADE.iter().find(|made| value.starts_with(made))?;
    let own = value[made.len()..].iter().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
    let end = made.len() + own;
    let goes_on = byte_at(value, end).is_ascii_alphanumeric() || matches!(byte_at(value, end), b'-' | b'_');
    let (start, kind, rule) = (0, TypeId::DEVICE_NAME, rules::DEVICE_NAME);
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    (own > 2 && end <= 15 && !goes_on).then_some(Match { start, end, kind, rule, confidence: 80, evidence })
}

/// The address of a device of Zigbee in one number: `0x00158d0001a2b3c4` (IEEE 802.15.4-2020 section 7.1).
pub(super) fn extended_address(value: &[u8]) -> Option<Match> {
    let hex = value.strip_prefix(b"0x")?;
    let is_address = hex.len() == 16
        && hex.iter().all(u8::is_ascii_hexdigit)
        && !hex.iter().all(|b| *b == b'0')
        && !hex.iter().all(|b| matches!(b, b'f' | b'F'));
    let (kind, rule, evidence) = (TypeId::MAC, rules::MAC, Evidence::KEY.and(Evidence::SHAPE));
    is_address.then_some(Match { start: 2, end: value.len(), kind, rule, confidence: 92, evidence })
}

/// A name as people write theirs: a capital or no ASCII, and nothing that files and programs have.
pub(super) fn is_written_name(value: &[u8]) -> bool {
    value.iter().any(|b| b.is_ascii_uppercase() || *b >= 0x80)
        && !value.iter().any(|b| matches!(b, b'/' | b'\\' | b'_' | b'['))
        && !memchr::memchr_iter(b'.', value).any(|dot| byte_at(value, dot + 1).is_ascii_alphanumeric())
}

/// `i-04ca47edc1111111`, as EC2 names machines.
pub(super) fn is_instance(value: &[u8]) -> bool {
    value.strip_prefix(b"i-").is_some_and(|id| id.len() > 7 && id.iter().all(u8::is_ascii_hexdigit))
}

/// An id that says itself what it is of (`cus_ISaYoidjgGN850` of Stripe), or the number of a customer, which is no day.
pub(super) fn prefixed_account(value: &[u8]) -> Option<Match> {
    let is_id = value
        .strip_prefix(b"cus_")
        .is_some_and(|id| id.len() > 7 && id.iter().all(u8::is_ascii_alphanumeric));
    let number = value.iter().take_while(|b| b.is_ascii_digit()).count();
    // `K-448812`
    let letters = value.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let is_prefix = matches!(&value[..letters], b"K" | b"KD" | b"C" | b"CU" | b"CUS" | b"CUST");
    if is_prefix && value.get(letters) == Some(&b'-') {
        let digits = value[letters + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        let end = letters + 1 + digits;
        let (start, kind, rule) = (0, TypeId::ACCOUNT_ID, rules::ACCOUNT_ID);
        let is_id = (5..=10).contains(&digits) && matches!(value.get(end), None | Some(b' ' | b','));
        let evidence = Evidence::KEY.and(Evidence::SHAPE);
        return is_id.then_some(Match { start, end, kind, rule, confidence: 84, evidence });
    }
    let is_number = (6..=12).contains(&number)
        && !(number == 8 && value.starts_with(b"20"))
        && matches!(value.get(number), None | Some(b' ' | b','));
    let end = if is_id { value.len() } else { number };
    let (start, kind, rule) = (0, TypeId::ACCOUNT_ID, rules::ACCOUNT_ID);
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    (is_id || is_number).then_some(Match { start, end, kind, rule, confidence: 86, evidence })
}

/// The name of a mailbox alone, perhaps in brackets, that is not one of those that a domain has for what it does
/// (RFC 2142).
pub(super) fn is_mailbox(mailbox: &[u8]) -> bool {
    static OFFICES: Words<12> = Words::new([
        b"postmaster",
        b"hostmaster",
        b"webmaster",
        b"abuse",
        b"noc",
        b"security",
        b"info",
        b"support",
        b"root",
        b"mailer-daemon",
        b"noreply",
        b"nobody",
    ]);
    let name = mailbox.strip_prefix(b"<").and_then(|name| name.strip_suffix(b">")).unwrap_or(mailbox);
    name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        && !OFFICES.contains(name)
}

/// Groups of digits with dashes between: `1000-4471-88`.
pub(super) fn is_account_number(value: &[u8]) -> bool {
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    digits > 5 && digits < value.len() && value.iter().all(|b| b.is_ascii_digit() || *b == b'-')
}

/// An id of capitals and digits alone, long enough to be no word.
pub(super) fn is_capital_id(value: &[u8]) -> bool {
    value.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && (value.len() > 15 || value.len() > 5 && value.iter().any(u8::is_ascii_digit))
}

/// The id of a client in Google's measurement: a random number and the second of the first visit, perhaps behind the
/// version of the cookie (`GA1.2.1234567890.1718000000`).
pub(super) fn measured_client(value: &[u8]) -> Option<Match> {
    let version = value.strip_prefix(b"GA1.").and_then(|rest| memchr::memchr(b'.', rest));
    let id = value.get(version.map_or(0, |dot| dot + 5)..)?;
    let dot = memchr::memchr(b'.', &id[..id.len().min(11)])?;
    let (random, second) = (&id[..dot], &id[dot + 1..]);
    let is_id = (6..=10).contains(&random.len())
        && second.len() == 10
        && second.starts_with(b"1")
        && [random, second].iter().all(|part| part.iter().all(u8::is_ascii_digit));
    let (start, end, kind, rule) = (0, value.len(), TypeId::DEVICE_ID, rules::DEVICE_ID);
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    is_id.then_some(Match { start, end, kind, rule, confidence: 88, evidence })
}

/// Whether the own key of a leaf under a secret's object says its state, its kind, a moment or a name of it.
pub(super) fn says_what_state(text: &[u8], value: Value) -> bool {
    static SAYS: Words<22> = Words::new([
        b"name",
        b"path",
        b"status",
        b"state",
        b"type",
        b"kind",
        b"date",
        b"time",
        b"at",
        b"version",
        b"algorithm",
        b"alg",
        b"count",
        b"length",
        b"format",
        b"encoding",
        b"enabled",
        b"active",
        b"created",
        b"updated",
        b"expires",
        b"scope",
    ]);
    static THINGS: Words<6> =
        Words::new([b"nodeid", b"allocationid", b"requestid", b"evalid", b"jobid", b"traceid"]);
    let head = &text[value.start.saturating_sub(48)..value.start];
    let Some(head) = [&b"\":\""[..], b"\": \""].iter().find_map(|joint| head.strip_suffix(*joint)) else {
        return false;
    };
    let letters = head.iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    let word = &head[head.len() - letters..];
    // `createDate`: its last word
    let last = word.iter().rposition(u8::is_ascii_uppercase).unwrap_or(0);
    let bytes = value.bytes(text);
    SAYS.contains(&word[last..]) && (!has_mixed_word(bytes) || is_moment(bytes))
        // `"NodeID":"b70676cb-731b-976b-edc4-a5b1bb963fe4"`
        || THINGS.contains(word) && uuid::keyed(bytes).is_some()
}

/// Whether a value is a moment as ISO 8601 writes it.
fn is_moment(value: &[u8]) -> bool {
    let of_moment = |b: &u8| b.is_ascii_digit() || matches!(b, b'-' | b':' | b'.' | b'T' | b'Z' | b'+');
    value.len() > 9 && value[4] == b'-' && value[7] == b'-' && value.iter().all(of_moment)
}

/// Whether a word of a value is of letters and digits or signs both, as secrets are, and none of our tokens.
fn has_mixed_word(value: &[u8]) -> bool {
    let mut at = 0;
    while at < value.len() {
        if let Some(mark) = crate::mark::mark_at(value, at) {
            at += mark;
            continue;
        }
        let rest = &value[at..];
        let length =
            rest.iter().take_while(|b| !matches!(b, b' ' | b',' | b'-' | b':' | b'/' | b'.')).count();
        let word = &rest[..length];
        let letters = word.iter().any(u8::is_ascii_alphabetic);
        let others = word.iter().any(|b| !b.is_ascii_alphabetic() && *b != b'_');
        if letters && others && !word.ends_with(b"Z") {
            return true;
        }
        at += length + 1;
    }
    false
}

/// Whether a value is a word and a number, as pools call their workers.
pub(super) fn names_worker(value: &[u8]) -> bool {
    let joint = value.iter().position(|b| matches!(b, b'-' | b'_')).unwrap_or(0);
    joint > 1
        && value[..joint].iter().all(u8::is_ascii_lowercase)
        && value[joint + 1..].iter().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'_'))
}

/// Whether a value is several words with capitals, or has a number or an apostrophe.
pub(super) fn is_title(value: &[u8]) -> bool {
    value.iter().any(|b| b.is_ascii_digit() || matches!(b, b'\'' | b'-' | 0x80..))
        || value.contains(&b' ')
            && value.split(|b| *b == b' ').all(|word| word.first().is_some_and(u8::is_ascii_uppercase))
}

/// Whether a value is the name of a class or package of Java: `com.atlassian.crowd.directory.RemoteDirectory`.
pub(super) fn is_class(value: &[u8]) -> bool {
    let top = value.iter().position(|b| *b == b'.').unwrap_or(0);
    matches!(&value[..top], b"com" | b"org" | b"net" | b"io" | b"java" | b"javax" | b"de")
        && value
            .iter()
            .rposition(|b| *b == b'.')
            .is_some_and(|last| last > top && value.get(last + 1).is_some_and(u8::is_ascii_uppercase))
        && !value.contains(&b' ')
}

/// A name with a capital, an opening bracket and a pair: `UserToken(user=…`.
pub(super) fn is_printed_object(value: &[u8]) -> bool {
    let name = value.iter().take(64).take_while(|b| b.is_ascii_alphanumeric()).count();
    let pair =
        value.get(name + 1..).unwrap_or_default().iter().take_while(|b| b.is_ascii_alphabetic()).count();
    value.first().is_some_and(u8::is_ascii_uppercase)
        && value.get(name) == Some(&b'(')
        && pair > 0
        && value.get(name + 1 + pair) == Some(&b'=')
}

/// A moment in seconds of these years (2020 to 2033), as Fortinet's firewalls have beside their serial number.
pub(super) fn is_recent_moment(value: &[u8]) -> bool {
    matches!(value, [b'1', b'6'..=b'9', ..]) && value.len() == 10 && value.iter().all(u8::is_ascii_digit)
}

/// What a request to Kafka asks for (its protocol's names of APIs): `FETCH`, `API_VERSIONS`.
pub(super) fn is_request_name(value: &[u8]) -> bool {
    static NAMES: Words<30> = Words::new([
        b"produce",
        b"fetch",
        b"metadata",
        b"heartbeat",
        b"envelope",
        b"list_offsets",
        b"offset_commit",
        b"offset_fetch",
        b"find_coordinator",
        b"join_group",
        b"leave_group",
        b"sync_group",
        b"describe_groups",
        b"list_groups",
        b"sasl_handshake",
        b"sasl_authenticate",
        b"api_versions",
        b"create_topics",
        b"delete_topics",
        b"delete_records",
        b"init_producer_id",
        b"add_partitions_to_txn",
        b"add_offsets_to_txn",
        b"end_txn",
        b"describe_configs",
        b"alter_configs",
        b"describe_cluster",
        b"leader_and_isr",
        b"update_metadata",
        b"stop_replica",
    ]);
    let length = value.iter().take_while(|b| b.is_ascii_uppercase() || **b == b'_').count();
    matches!(value.get(length), None | Some(b',' | b')' | b' ')) && NAMES.contains(&value[..length])
}

/// A movement reference number of customs: `26DE88120441209B17`.
pub(super) fn is_movement(value: &[u8]) -> bool {
    matches!(value.len(), 17 | 18)
        && value[..2].iter().all(u8::is_ascii_digit)
        && value[2..4].iter().all(u8::is_ascii_uppercase)
        && value[4..].iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// What owns a port of OpenStack's network: `compute:nova`, `network:dhcp`.
pub(super) fn is_service_of_ports(value: &[u8]) -> bool {
    [&b"compute:"[..], b"network:", b"baremetal:", b"neutron:"].iter().any(|owner| value.starts_with(owner))
}

/// A login name in small letters, under a key that also names numbers and ids: `anna`, `kpatel2`, no `9f8e7d…`.
pub(super) fn plain_login(value: &[u8], quoted: bool) -> Option<Match> {
    username::keyed(value, quoted).filter(|found| {
        let name = &value[found.start..found.end];
        name[0].is_ascii_lowercase() && !looks_random(name) && !NOT_NAMES.contains(name)
    })
}

/// The id of an installation of Firebase without a digit, as one of fifty is: 22 symbols drawn at random.
pub(super) fn installation(words: &str, value: &[u8]) -> Option<Match> {
    let is_key = words == "fid" || words.ends_with("installation id") || words.ends_with("instance id");
    let is_id = value.len() == 22
        && value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        && looks_random(value);
    let (start, end, kind, rule) = (0, value.len(), TypeId::DEVICE_ID, rules::DEVICE_ID);
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    (is_key && is_id).then_some(Match { start, end, kind, rule, confidence: 84, evidence })
}

/// The number of the user that a client is: `user/88` of GitLab.
pub(super) fn numbered_user(value: &[u8]) -> Option<Match> {
    let number = value.strip_prefix(b"user/")?;
    let (start, end, kind, rule) = (5, value.len(), TypeId::ACCOUNT_ID, rules::ACCOUNT_ID);
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    let is_number = (1..13).contains(&number.len()) && number.iter().all(u8::is_ascii_digit);
    is_number.then_some(Match { start, end, kind, rule, confidence: 86, evidence })
}
