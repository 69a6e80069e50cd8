//! Names that people give to their devices: `Annas-iPhone`, `Bob's Galaxy Buds`, `LAPTOP-ANNA`.

use crate::check::words::{Starts, Words};
use crate::check::{absent, phrase};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::DEVICE_NAME;
use crate::rules::given_names::is_given_name;

/// The longest name that is taken.
const MAX_LENGTH: usize = 128;

/// Words for personal devices, in lower case.
static DEVICES: Starts<31> = Starts::new([
    b"mbp",
    b"iphone",
    b"ipad",
    b"ipod",
    b"macbook",
    b"imac",
    b"mac-mini",
    b"airpods",
    b"galaxy",
    b"pixel",
    b"xiaomi",
    b"redmi",
    b"huawei",
    b"oneplus",
    b"laptop",
    b"notebook",
    b"desktop",
    b"tablet",
    b"handy",
    b"phone",
    b"watch",
    b"buds",
    b"kindle",
    b"echo",
    b"fire-tv",
    b"homepod",
    b"surface",
    b"thinkpad",
    b"chromebook",
    b"playstation",
    b"xbox",
]);

/// What a device is or runs, where nobody gave it a name: browsers, systems, classes.
static KINDS: Words<30> = Words::new([
    b"computer",
    b"game console",
    b"tv",
    b"smart tv",
    b"bot",
    b"pc",
    b"hostname",
    b"localhost",
    b"other",
    b"generic",
    b"chrome",
    b"firefox",
    b"safari",
    b"edge",
    b"opera",
    b"browser",
    b"web",
    b"web browser",
    b"windows",
    b"linux",
    b"macos",
    b"mac os x",
    b"android",
    b"ios",
    b"desktop",
    b"mobile",
    b"phone",
    b"tablet",
    b"iphone",
    b"ipad",
]);

/// Words between a device and its owner: "iPhone von Karl".
const OF: [&[u8]; 9] = [b"von", b"de", b"di", b"van", b"do", b"da", b"d'", b"of", b"af"];

/// The device's name in a value under a key for such names; paths, kernel names (`eth0`, `sda1`),
/// nulls and numbers stay.
pub(crate) fn keyed(value: &[u8], quoted: bool) -> Option<Match> {
    let (start, end) = span(value, quoted)?;
    let name = value.get(start..end)?;
    let letters = name.iter().filter(|b| b.is_ascii_alphabetic() || **b >= 0x80).count();
    // `Workstation Name:   Logon GUID: {…`: the next key of an event of Windows
    const NEXT: [&[u8]; 4] =
        [b"Logon GUID:", b"Source Network ", b"Source Port:", b"Detailed Authentication"];
    if !quoted && NEXT.iter().any(|next| value[start..].starts_with(next)) {
        return None;
    }
    if letters < 2 || absent::is_absent(name) || is_path(name) || is_kernel_name(name) || KINDS.contains(name)
    {
        return None;
    }
    let owned = is_owned(name);
    if !owned && is_product(name) {
        return None;
    }
    let (confidence, evidence) =
        if owned { (88, Evidence::KEY.and(Evidence::SHAPE)) } else { (82, Evidence::KEY) };
    Some(Match { start, end, kind: TypeId::DEVICE_NAME, rule: DEVICE_NAME, confidence, evidence })
}

/// The name in a value under a key that mostly holds names of servers (`hostname`, DHCP's client
/// name): only one that says whose device it is.
pub(crate) fn owned(value: &[u8], quoted: bool) -> Option<Match> {
    let (start, mut end) = span(value, quoted)?;
    // `annas-tablet.fritz.box`: the domain is nobody's
    let label = value.get(start..end)?.iter().position(|b| *b == b'.').map_or(end, |dot| start + dot);
    if label < end && is_owned(value.get(start..label)?) {
        end = label;
    }
    is_owned(value.get(start..end)?).then_some(Match {
        start,
        end,
        kind: TypeId::DEVICE_NAME,
        rule: DEVICE_NAME,
        confidence: 80,
        evidence: Evidence::KEY.and(Evidence::SHAPE),
    })
}

/// The name of a client where people's machines speak: one of [`owned`], or what a device is beside a word of letters
/// that may be whose it is (`marisol-laptop`), which no office or pool is called.
pub(crate) fn of_client(value: &[u8]) -> Option<Match> {
    static MACHINES: Words<8> =
        Words::new([b"laptop", b"notebook", b"macbook", b"mbp", b"thinkpad", b"surface", b"iphone", b"ipad"]);
    static POOLS: Words<20> = Words::new([
        b"office",
        b"test",
        b"build",
        b"loan",
        b"spare",
        b"pool",
        b"demo",
        b"sales",
        b"guest",
        b"dev",
        b"lab",
        b"shared",
        b"kiosk",
        b"service",
        b"admin",
        b"training",
        b"meeting",
        b"company",
        b"default",
        b"new",
    ]);
    let end = value.iter().position(|b| *b == b'.').unwrap_or(value.len());
    let (one, other) = {
        let dash = value.get(..end)?.iter().position(|b| matches!(b, b'-' | b'_'))?;
        (value.get(..dash)?, value.get(dash + 1..end)?)
    };
    let is_word = |word: &[u8]| word.len() > 2 && word.iter().all(u8::is_ascii_alphabetic);
    let is_pair = |device: &[u8], owner: &[u8]| {
        MACHINES.contains(device) && is_word(owner) && !POOLS.contains(owner) && !MACHINES.contains(owner)
    };
    owned(value, true).or_else(|| {
        (is_pair(one, other) || is_pair(other, one)).then_some(Match {
            start: 0,
            end,
            kind: TypeId::DEVICE_NAME,
            rule: DEVICE_NAME,
            confidence: 78,
            evidence: Evidence::SHAPE,
        })
    })
}

/// Where the name stands in the value: `.local` left out; unquoted, it ends before a delimiter, the
/// next key or a lower-case word.
fn span(value: &[u8], quoted: bool) -> Option<(usize, usize)> {
    let end = if quoted { value.len() } else { words_end(value, phrase::limit(value, true)) };
    let (start, end) = phrase::trimmed(value.get(..end)?);
    let name = value.get(start..end)?;
    let name = name.strip_suffix(b".local").unwrap_or(name);
    (!name.is_empty() && name.len() <= MAX_LENGTH).then_some((start, start + name.len()))
}

/// The end of the words at the start: each but the first must have a capital or digit, or say "of".
fn words_end(value: &[u8], limit: usize) -> usize {
    let mut at = 0;
    let mut end = 0;
    for word in value.get(..limit).unwrap_or_default().split(|b| *b == b' ') {
        // a NetBIOS name is one word (`DESKTOP-7QK2L1 Source Network Address: …`), and so is what we
        // have written for one
        let is_ours = || crate::mark::mark_at(value, 0) == Some(end);
        if at > 0 && (is_net_bios(value.get(..end).unwrap_or_default()) || is_ours()) {
            break;
        }
        let named = word.first().is_some_and(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b >= 0x80)
            || word.get(1).is_some_and(u8::is_ascii_uppercase);
        let of = OF.contains(&word);
        if at > 0 && !named && !of {
            break;
        }
        at += word.len() + 1;
        if !of || at == word.len() + 1 {
            end = at - 1;
        }
    }
    end
}

/// Capitals, digits and a dash, 15 at most: the name of a Windows computer.
fn is_net_bios(word: &[u8]) -> bool {
    (3..=15).contains(&word.len())
        && word.contains(&b'-')
        && word.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'-')
}

/// A word for a personal device, and an owner before or behind it: a word in the genitive
/// (`Annas-`, `Bob's `), or one behind "of", or any other word that is no number or model.
fn is_owned(name: &[u8]) -> bool {
    let mut lower = [0u8; MAX_LENGTH];
    let Some(lower) = lower.get_mut(..name.len()) else { return false };
    // an owner, a separator and a device
    if name.len() < 6 || !name.iter().any(|b| matches!(b, b' ' | b'-' | b'_' | b'.' | b'\'') || *b >= 0x80) {
        return false;
    }
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    let lower = &*lower;
    // `PC-Elias`, `elias-pc`
    if let Some(owner) = ["pc-", "nb-"].iter().find_map(|device| lower.strip_prefix(device.as_bytes())) {
        return is_given_name(owner);
    }
    // too short to be looked for inside of words
    if let Some(owner) = lower.strip_suffix(b"-pc").or_else(|| lower.strip_suffix(b"-nb")) {
        let is_genitive =
            owner.len() > 4 && owner.ends_with(b"s") && owner.iter().all(u8::is_ascii_alphabetic);
        return is_genitive || is_given_name(owner);
    }
    // short words of a device behind an owner in the genitive: `Michaels-Air`
    if [&b"-air"[..], b"-mac", b"-mini"].iter().any(|device| lower.ends_with(device)) {
        let dash = name.iter().position(|b| *b == b'-').unwrap_or(0);
        let owner = name.get(..dash).unwrap_or_default();
        let rest = owner.get(1..).unwrap_or_default();
        return owner.len() > 3
            && owner.first().is_some_and(u8::is_ascii_uppercase)
            && rest.iter().all(u8::is_ascii_lowercase)
            && owner.ends_with(b"s");
    }
    let Some((at, device)) = first_device(lower) else { return false };
    let is_separator = |b: &u8| matches!(b, b' ' | b'-' | b'_' | b'.');
    let words = |part: &[u8]| {
        part.split(|b| is_separator(b)).any(|word| {
            word.len() >= 3 && word.iter().all(|b| b.is_ascii_alphabetic() || *b == b'\'' || *b >= 0x80)
        })
    };
    let (before, behind) =
        (lower.get(..at).unwrap_or_default(), lower.get(at + device.len()..).unwrap_or_default());
    // `annasMacBook-Pro`: a genitive that a capital sets off
    if device == b"macbook"
        && name.get(at) == Some(&b'M')
        && before.len() > 3
        && name[at - 1].is_ascii_lowercase()
    {
        return before.ends_with(b"s") && name[..at].iter().skip(1).all(u8::is_ascii_lowercase);
    }
    let genitive = before.last().is_some_and(is_separator)
        && words(before)
        && (memchr::memchr(b'\'', before).is_some()
            || before.iter().any(|b| *b >= 0x80)
            || before.split(|b| is_separator(b)).any(|word| word.len() >= 4 && word.ends_with(b"s")));
    let of = behind.split(|b| is_separator(b)).any(|word| OF.contains(&word)) && words(behind);
    genitive || of
}

/// The first word for a device in a name in small letters, and where it stands.
fn first_device(lower: &[u8]) -> Option<(usize, &'static [u8])> {
    (0..lower.len()).find_map(|at| DEVICES.of(&lower[at..]).map(|device| (at, device)))
}

/// What a maker of things to wear calls a product, as it introduces itself (Bluetooth): `HONOR Band 5-A1C`; a name that
/// somebody gave has a word of theirs.
fn is_product(name: &[u8]) -> bool {
    static MAKERS: Words<14> = Words::new([
        b"honor",
        b"huawei",
        b"amazfit",
        b"fitbit",
        b"garmin",
        b"polar",
        b"suunto",
        b"withings",
        b"jabra",
        b"bose",
        b"jbl",
        b"sennheiser",
        b"logitech",
        b"plantronics",
    ]);
    let mut words = name.split(|b| matches!(b, b' ' | b'-' | b'_'));
    words.next().is_some_and(|maker| MAKERS.contains(maker))
        && name.contains(&b' ')
        && name.rsplit(|b| *b == b' ').next().is_some_and(|last| last.iter().any(u8::is_ascii_digit))
        && words.all(|word| word.is_ascii() && !is_given_name(word) && !OF.contains(&word))
}

fn is_path(name: &[u8]) -> bool {
    name.first().is_some_and(|b| matches!(b, b'/' | b'\\' | b'.'))
        || matches!(name, [b'A'..=b'Z' | b'a'..=b'z', b':', b'\\', ..])
        || memchr::memmem::find(name, b"://").is_some()
}

/// `eth0`, `sda1`, `hci0`, `enp3s0`, `ttyUSB0`, `nvme0n1`: short, letters then digits, mostly lower-case.
fn is_kernel_name(name: &[u8]) -> bool {
    let plain = name.len() <= 10 && name.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let digit = name.iter().any(u8::is_ascii_digit) && name.first().is_some_and(u8::is_ascii_lowercase);
    let sd = matches!(name, [b's' | b'h' | b'v', b'd', _]);
    (plain && digit) || sd || name.starts_with(b"tty")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str, found: Option<Match>) -> Option<&str> {
        found.and_then(|m| value.get(m.start..m.end))
    }

    #[test]
    fn under_their_keys() {
        for (value, quoted, expected) in [
            ("Annas-iPhone os=17.3", false, Some("Annas-iPhone")),
            ("Anna's iPhone", true, Some("Anna's iPhone")),
            ("iPad von Jonas", false, Some("iPad von Jonas")),
            ("Bob's Galaxy Buds", false, Some("Bob's Galaxy Buds")),
            ("Marias Galaxy Buds connected", false, Some("Marias Galaxy Buds")),
            ("LENAS-LAPTOP Domain=CORP", false, Some("LENAS-LAPTOP")),
            ("Jonas AirPods", true, Some("Jonas AirPods")),
            ("DESKTOP-AB12CD3", true, Some("DESKTOP-AB12CD3")),
            ("Annas-MacBook-Air.local", true, Some("Annas-MacBook-Air")),
            ("/dev/nvme0n1 size=512G", false, None),
            ("sda1 added", false, None),
            ("eth0", true, None),
            ("", true, None),
            ("null", false, None),
            ("12", true, None),
        ] {
            assert_eq!(text(value, keyed(value.as_bytes(), quoted)), expected, "{value:?}");
        }
        assert!(keyed(&[b'a'; 300], true).is_none());
    }

    #[test]
    fn under_keys_of_hosts() {
        for (value, expected) in [
            ("Annas-iPhone", Some("Annas-iPhone")),
            ("Marias-iPad lease granted", Some("Marias-iPad")),
            ("iPhone-von-Karl", Some("iPhone-von-Karl")),
            ("Bobs-MacBook-Pro", Some("Bobs-MacBook-Pro")),
            ("annasMacBook-Pro", Some("annasMacBook-Pro")),
            ("newMacBook-Pro", None),
            ("buildMacBook-Air", None),
            ("web-01", None),
            ("db1.example", None),
            ("desktop-7", None),
            ("iPhone15,2", None),
            ("", None),
        ] {
            assert_eq!(text(value, owned(value.as_bytes(), false)), expected, "{value:?}");
        }
    }
}
