//! Steps are linear on hostile input: four times the bytes take about four times the work.

mod common;

use std::time::{Duration, Instant};

use logveil::{Clean, Policy, Scanner, Scratch, Summary};

/// The shorter input, in bytes; the longer one has [`GROWTH`] times as many.
const SHORT_BYTES: usize = 256 << 10;
const GROWTH: usize = 4;
/// A quadratic step would take 16 times the work.
const MOST_TIMES: f64 = 8.0;
/// What the longer input may take, in CPU time of an unoptimised build on a slow machine.
const MOST_WORK: Duration = Duration::from_secs(30);
/// Below this the clock says more than the work: it ticks every few milliseconds.
const LEAST_WORK: Duration = Duration::from_millis(25);

/// A name, what stands in front once, what is repeated, and the bytes of a line when there are many.
const HOSTILE: &[(&str, &str, &str)] = &[
    ("escaped quotes in secrets", "", "password=a\\\"b "),
    ("escaped quotes without blanks", "", "password=a\\\"b"),
    ("fields of structs", "", "Street:Am Markt "),
    ("angles in words", "", "gps_latitude=1 deg "),
    ("postal addresses in quotes", "", "address 'A 1, "),
    ("holders of cards", "", "card holder=A b "),
    ("drivers", "", "driver_name=A B "),
    ("parcels", "", "recipient=\"A B\" "),
    ("binds", "", ":P_NAME='A B' "),
    ("accounts of members", "", "member=M-40188 "),
    ("lists of numbers", "phoneNumbers=[", "030 23125014, "),
    ("numbers in groups in a list", "phoneNumbers=[", "030 "),
    ("devices in paths", "", "/3/device/4b1c9f7e2a6d8035c1e4f9b2a7d6083514cefb9d2a7068354b1c9f7e2a6d8035"),
    ("users in paths", "", "/scim/Users/57854cbe-2b27-4ebe-9df2-d03116e7ac7c"),
    ("addresses between underscores", "", "_2001:db8:1::7_"),
    ("ids of accounts with a dash", "", "uid=8f2c-1182 "),
    ("gateways of messages", "", "?msisdn=4915550143221&to="),
    ("national numbers with dots", "", "756.1029.3847.53 "),
    ("colours of syslog", "", "user=a#033["),
    ("sessions of users", "", "Session a of user_id 1 "),
    ("numbers of papers", "", "number=A1234567 "),
    ("keys with numbers", "", "addr_line_1=A 1 "),
    ("methods of Hadoop", "", "as:a (auth:SIMPLE) "),
    ("clients of shares", "", "a (ipv4:192.0.2.1:1) connect to service "),
    ("statements about users", "", "DROP USER a"),
    ("rights in statements", "", "GRANT a TO "),
    ("upgrades and arrows", "", "upgraded agent 10.1.2.3 -> 10.1.2.4 "),
    ("quoted local parts in strings", "", "\\\"a\\\"@example.org "),
    ("ports of networks", "", "/ports?device_id=4f1a2b3c-77de-4c13-a1f5-2b6f90cd1e34&device_owner="),
    ("common names", "", "VERIFY OK: depth=0, CN=a.b"),
    ("registrations of modems", "", "+CREG: lac=1A2B,ci=A1B2C3D4"),
    ("calls back", "", "call back at 020 "),
    ("towns beside names", "", "vorname=a&ort=B&"),
    ("tenants", "", "uid=55012 tenant=a "),
    ("wrong passwords", "", "username or password for a"),
    ("hellos", "", "H=(PC-Elias) [192.0.2.1] "),
    ("values turned away", "", "on field 'email': rejected value [a"),
    ("elements of images", "", "(0010,0010) PN [a"),
    ("versions and arrows", "", "firmware 1.2.3.4 -> 1.2.3.5 -> "),
    ("addresses between bars", "", "|192.0.2.1|a|GET"),
    ("relatives of patients", "", "NK1|"),
    ("options of Rust", "", "phone: Some(\""),
    ("names in capitals", "", "holder=A B "),
    ("names", "", "name=A "),
    ("given names", "", "given="),
    ("lines of hostapd", "\"", "\\nwpa_passphrase=a"),
    ("cards behind words", "", "card no 501800182229 "),
    ("dollars and bars", "", "$|PID|"),
    ("ats", "", "@@@@"),
    ("one-letter labels", "", "a.a.a."),
    ("digits and dots", "", "1.1.1."),
    ("colons", "", "::::"),
    ("hex groups", "", "a:b:"),
    ("pairs without values", "", "key=key="),
    ("passwords", "", "password="),
    ("passwords with blanks", "", "password: "),
    ("user keys", "", "user="),
    ("users and objects", "", "\"user\":{"),
    ("users and arrays", "", "\"user\":["),
    ("users and strings", "", "\"user\":\""),
    ("backslashes", "", "\\\\\\\\"),
    ("escaped quotes", "", "\\\""),
    ("quotes", "", "\""),
    ("apostrophes", "", "'"),
    ("open arrays", "{\"a\":", "[[[["),
    ("open objects", "", "{\"a\":"),
    ("arrays of strings", "{\"password\":[", "\"x\","),
    ("arrays of passwords", "{\"user\":[", "{\"password\":\"hunter2x\"},"),
    ("members", "{\"a\":1", ",\"email\":\"ann@example.org\""),
    ("numbers of a position", "{\"gps\":[", "1.5,"),
    ("positions", "{\"coordinates\":[", "[1.5,2.5],"),
    ("percents", "", "%25%25"),
    ("percent-encoded ats", "", "%40a"),
    ("character references", "", "&#64;"),
    ("ampersands", "", "&"),
    ("unicode escapes", "\"", "\\u0040a"),
    ("structured data", "<165>1 - - - - - [x", " a=\"192.0.2.44\""),
    ("structured data that is never closed", "<165>1 - - - - - [x a=\"", "192.0.2.44 "),
    ("structured data in message", "<165>1 - - - - - - ", "a=\"192.0.2.44\" "),
    ("our labels", "", "[IPV4][IPV4]"),
    ("opening brackets", "", "["),
    ("labels that never close", "", "[EMAIL"),
    ("addresses", "", "198.51.100.7 "),
    ("addresses without blanks", "", "198.51.100.7,"),
    ("addresses in JSON", "{\"a\":[", "\"198.51.100.7\","),
    ("mail addresses", "", "ann@example.org "),
    ("mail addresses that overlap", "", "ann@example.org@"),
    ("token openings", "", "eyJ"),
    ("tokens in one word", "", "eyJhbGciOiJIUzI1NiJ9."),
    ("base64", "", "YW5uQGV4YW1wbGUub3Jn"),
    ("one letter", "", "a"),
    ("one digit", "", "1"),
    ("hex", "", "deadbeef"),
    ("words with hyphens", "", "a-b-c-d-e-f-"),
    ("underscores", "", "sk_live_"),
    ("key openings", "", "-----BEGIN "),
    ("key frames", "", "-----BEGIN PRIVATE KEY-----"),
    ("cookies", "", "Cookie: a=b; "),
    ("one header of many cookies", "Cookie: ", "a=b; "),
    ("credentials", "", "Authorization: Bearer "),
    ("phones", "", "+4930"),
    ("groups of digits", "", "4111 1111 1111 1111 "),
    ("cards without blanks", "", "4111111111111111-"),
    ("digits and hyphens", "", "1-"),
    ("names", "", "name: Ann "),
    ("addresses of streets", "", "address: 1 Main St, "),
    ("sudo", "", "sudo: "),
    ("queries", "/?", "q=ann&"),
    ("directory names", "", "uid=ann,ou=x,"),
    ("elements", "", "<user>"),
    ("slashes", "", "//"),
    ("blanks", "", " "),
    ("tabs", "", "\t"),
    ("NUL", "", "\0"),
    ("no UTF-8", "", "\u{80}"),
    ("letters of two bytes", "", "ä"),
    ("login sentences", "", "session opened for user ann by "),
    ("for user", "", "for user "),
    ("secrets in secrets", "", "oauth_code="),
    ("tuples in tuples", "", "password=('a',"),
    ("tuples of two keys", "", "password=('a',token=(\"b\","),
    ("arrays in arrays", "", "mac=["),
    ("credentials with parameters", "", "Authorization: Digest username=\"ann\", "),
    ("headers in headers", "", "cookie=[a=b; "),
    ("headers in arrays", "", "Set-Cookie: [\"a=b\", "),
    ("positions under keys", "", "loc: "),
    ("names without blanks", "", "nome="),
    ("custom fields without labels", "", "cs1=1.2.3.4 "),
    ("patients", "", " PID|1|"),
    ("receivers", "", "$GPRMC,"),
    ("apostrophes that stay open", "", "password='\"} "),
    ("quotes that may end a text", "", "password: \"]]]] "),
    ("numbers in a string", "{\"a\":\"", "[4111111111111111],"),
    ("signatures", "", "signature=abcdefgh1234 "),
    ("what changed", "", "field=name old="),
    ("keys that were others", "", "phone_old="),
    ("secrets that changed", "", "token old=abcdefgh1234abcdefgh1234 "),
    ("arrows", "", "name: 'Ann Lee' -> "),
    ("arrows without an end", "", "city: Wien -> "),
    ("values turned away", "", "Phone \"1\" is invalid "),
    ("numbers without a place", "", "cannot unmarshal number 1 into Go struct field "),
    ("codes of one use", "", "otp code=123456 "),
    ("containers in a string", "{\"m\":\"", "password={"),
    ("names before logins", "", "user Ann Lee ("),
    ("positions of events", "", "at=1.2345,"),
    ("texts cut in strings", "", "{\"a\":\"invalid user \",\"b\":1}"),
    ("numbers behind a colon in a string", "", "{\"a\":\":4111111111111111\"}"),
    ("folders of users", "user=anna ", "/dav/files/anna/"),
    ("logins of folders", "", "user=anna7 /dav/files/anna7/x "),
];

fn input(open: &str, repeated: &str, bytes: usize, line_bytes: usize) -> Vec<u8> {
    let mut line = open.as_bytes().to_vec();
    line.extend(repeated.bytes().cycle().take(line_bytes.saturating_sub(open.len())));
    if line_bytes >= bytes {
        return line;
    }
    line.push(b'\n');
    line.repeat(bytes / line.len())
}

/// CPU time of this thread where the system tells it, else the time of the wall.
fn work_of(run: impl FnOnce()) -> Duration {
    let (cpu, wall) = (cpu_time(), Instant::now());
    run();
    match (cpu, cpu_time()) {
        (Some(before), Some(after)) => after - before,
        _ => wall.elapsed(),
    }
}

/// The first number of Linux' `schedstat`: nanoseconds on a processor.
fn cpu_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

fn work(scanner: &Scanner, text: &[u8], scratch: &mut Scratch) -> Duration {
    let mut clean = Clean::new();
    work_of(|| scanner.redact(text, scratch, &mut clean, &mut Summary::default()))
}

/// The middle one of three runs of each; one that is fast enough at once is not repeated.
fn times(scanner: &Scanner, short: &[u8], long: &[u8], scratch: &mut Scratch) -> (f64, Duration) {
    let once = |scratch: &mut Scratch| {
        let brief = work(scanner, short, scratch).max(LEAST_WORK);
        let full = work(scanner, long, scratch);
        (full.as_secs_f64() / brief.as_secs_f64(), full)
    };
    let first = once(scratch);
    if first.0 < MOST_TIMES && first.1 < MOST_WORK {
        return first;
    }
    let mut all = [first, once(scratch), once(scratch)];
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all[1]
}

fn check(line_bytes: Option<usize>) {
    let (scanner, mut scratch) = (Scanner::new(&Policy::default()).unwrap(), Scratch::default());
    let mut slow = Vec::new();
    for (name, open, repeated) in HOSTILE {
        let long_bytes = GROWTH * SHORT_BYTES;
        let short = input(open, repeated, SHORT_BYTES, line_bytes.unwrap_or(SHORT_BYTES));
        let long = input(open, repeated, long_bytes, line_bytes.unwrap_or(long_bytes));
        let (ratio, full) = times(&scanner, &short, &long, &mut scratch);
        println!("{full:>12.1?} {ratio:>5.1} {name}");
        if ratio >= MOST_TIMES || full >= MOST_WORK {
            slow.push(format!("{name}: {ratio:.1} times the work of a quarter, {full:.1?}"));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}

#[test]
fn one_line() {
    check(None);
}

#[test]
fn many_lines() {
    check(Some(200));
}

#[test]
fn lines_of_kilobytes() {
    check(Some(16 << 10));
}
