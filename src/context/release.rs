//! Versions by the words around them: products, verbs of package managers, what is upgraded from one to another.

use super::veto::{names_address, word_before, word_behind_blank};
use super::{before, byte_at, head, is_word, tail};
use crate::check::bytes;
use crate::check::words::Words;
use crate::classify::Tail;

/// Words before a blank and a version.
static PRODUCTS: Words<47> = Words::new([
    b"electron",
    b"edge",
    b"webkit",
    b"brave",
    b"bios",
    b"uefi",
    b"openssl",
    b"openssh",
    b"libressl",
    b"nginx",
    b"apache",
    b"mysql",
    b"mariadb",
    b"postgresql",
    b"oracle",
    b"java",
    b"jdk",
    b"jre",
    b"jvm",
    b"php",
    b"ruby",
    b"rails",
    b"python",
    b"perl",
    b"nodejs",
    b"kernel",
    b"linux",
    b"android",
    b"ios",
    b"chrome",
    b"chromium",
    b"firefox",
    b"safari",
    b"opera",
    b"rom",
    b"bootrom",
    b"fpga",
    b"wcp",
    b"driver",
    b"ios-xe",
    b"ios-xr",
    b"nx-os",
    b"nxos",
    b"junos",
    b"fortios",
    b"arubaos",
    b"sonicos",
]);

/// Whether the words before a blank say that a version follows, or a number of a part of a document (`appendix
/// 10.1.1.2`); of a private address only those that nothing else stands behind.
pub(super) fn is_announced_version(text: &[u8], start: usize, private: bool) -> bool {
    static PARTS: Words<10> = Words::new([
        b"section",
        b"chapter",
        b"clause",
        b"appendix",
        b"annex",
        b"paragraph",
        b"anhang",
        b"fig",
        b"fig.",
        b"figure",
    ]);
    let (first, name) = word_before(text, start - 1);
    if name.is_empty() {
        let follows = follows_version(text, start) || is_graded(text, start);
        return !private && is_said_to_be_version(text, start) || follows;
    }
    // `firmware zb-coordinator 7.4.3.0`, `firmware image 10.2.3.118`
    let is_of_firmware = || {
        let is_name = name.iter().any(|b| b.is_ascii_digit() || *b == b'-')
            || [&b"image"[..], b"version", b"build", b"revision", b"release", b"package"].contains(&name);
        is_name && word_behind_blank(text, first).1.eq_ignore_ascii_case(b"firmware")
    };
    // `firmware 1.22.0.4 not newer than 1.22.0.4`
    let is_compared_to = || {
        [&b"newer"[..], b"older", b"higher", b"lower", b"greater", b"later", b"earlier"]
            .contains(&word_behind_blank(text, first).1)
    };
    // `(api 8.0.0.1)`, `module ABI 10.2.1.255`, `cert ext 2.5.29.17`
    let is_interface = || {
        name.eq_ignore_ascii_case(b"abi")
            || is_small(text, start) && !private && matches!(name, b"api" | b"API")
            || matches!(text[start..], [b'2', b'.', ..]) && matches!(name, b"ext" | b"extension")
    };
    is_library(name)
        || is_interface()
        || !private && name == b"than" && is_compared_to() && has_release_word(text, start)
        || PARTS.contains(name)
        || !private && is_of_parts(text, first, name) && is_small(text, start)
        || is_graded(text, start)
        || is_of_firmware()
        || !private && is_said_to_be_version(text, start)
}

/// Whether a word names a part of a document or a procedure: `step 3.1.4.1`, `table 1.2.3.4 of contents`; tables of
/// routes hold addresses.
fn is_of_parts(text: &[u8], first: usize, name: &[u8]) -> bool {
    static PARTS: Words<7> =
        Words::new([b"step", b"table", b"listing", b"equation", b"kapitel", b"abschnitt", b"tabelle"]);
    static LISTS: Words<8> =
        Words::new([b"routing", b"route", b"ip", b"in", b"nat", b"arp", b"from", b"forwarding"]);
    let of = text[first..].get(name.len()..).unwrap_or_default();
    let rest = &of[(1 + quad_bytes(of, 1)).min(of.len())..];
    PARTS.contains(name)
        && !LISTS.contains(word_behind_blank(text, first).1)
        && (name.eq_ignore_ascii_case(b"step")
            || !name.eq_ignore_ascii_case(b"table")
            || rest.starts_with(b" of "))
}

/// Whether a number is one of the two versions between which a program goes up or down, which have the same first part:
/// `upgraded agent 10.4.12.3 -> 10.5.0.1`, `agent downgraded from 10.5.0.1 to 10.4.12.3`. Machines are addresses.
fn is_graded(text: &[u8], start: usize) -> bool {
    const JOINTS: [&[u8]; 3] = [b" -> ", b" to ", b" => "];
    static PROGRAMS: Words<14> = Words::new([
        b"agent",
        b"package",
        b"plugin",
        b"driver",
        b"module",
        b"chart",
        b"image",
        b"app",
        b"application",
        b"addon",
        b"operator",
        b"exporter",
        b"firmware",
        b"collector",
    ]);
    let behind = |at: usize| {
        let end = at + quad_bytes(text, at);
        JOINTS.iter().find(|joint| text[end..].starts_with(joint)).map(|joint| end + joint.len())
    };
    let before = JOINTS.iter().find_map(|joint| text[..start].strip_suffix(*joint)).map(|head| {
        let digits = head.iter().rev().take(16).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
        head.len() - digits
    });
    let first = before.filter(|at| behind(*at) == Some(start)).unwrap_or(start);
    let Some(second) = behind(first) else { return false };
    let (one, two) = (quad(text, first), quad(text, second));
    let two = two.strip_suffix(b".").unwrap_or(two);
    let major = one.iter().position(|b| *b == b'.').map_or(0, |dot| dot + 1);
    let is_quad = |quad: &[u8]| quad.iter().filter(|b| **b == b'.').count() == 3;
    if !(1..4).contains(&major) || !two.starts_with(&one[..major]) || !is_quad(one) || !is_quad(two) {
        return false;
    }
    let is_verb = |word: &[u8]| {
        let word = word.to_ascii_lowercase();
        [&b"upgrad"[..], b"downgrad"].iter().any(|verb| word.starts_with(verb)) || word == b"bumped"
    };
    let (begin, word) = word_behind_blank(text, first);
    let (verb_begin, verb) = word_behind_blank(text, begin);
    let program = if word == b"from" { word_behind_blank(text, verb_begin).1 } else { word };
    // machines that take each other's place are of one network
    let is_network = one.iter().rposition(|b| *b == b'.').is_some_and(|dot| two.starts_with(&one[..=dot]));
    // `firmware update: 10.4.1.17 -> 10.4.2.0`
    let is_of_firmware = || {
        let line = head(text, first, 24);
        line.ends_with(b": ") && memchr::memmem::find(line, b"irmware update").is_some()
    };
    (is_verb(verb) && PROGRAMS.contains(program) || is_of_firmware()) && one != two && !is_network
}

/// How many digits and dots stand at `start`, up to the length of a quad.
fn quad_bytes(text: &[u8], start: usize) -> usize {
    text[start..].iter().take(15).take_while(|b| b.is_ascii_digit() || **b == b'.').count()
}

/// Whether a quad starts with three digits, as few versions do.
pub(super) fn starts_like_address(text: &[u8], start: usize) -> bool {
    text[start..].iter().take(3).all(u8::is_ascii_digit)
}

/// Whether all numbers of a quad are below 32, as those of parts of a document are.
fn is_small(text: &[u8], start: usize) -> bool {
    let quad = &text[start..start + quad_bytes(text, start)];
    let quad = quad.strip_suffix(b".").unwrap_or(quad);
    quad.split(|b| *b == b'.').all(|part| matches!(part, [_] | [b'1' | b'2', _] | [b'3', b'0' | b'1']))
}

/// Whether an arrow points from a version to the number, whose first part is the same: `firmware
/// 10.4.18.2 -> 10.5.0.1`.
fn follows_version(text: &[u8], start: usize) -> bool {
    let Some(head) = text[..start].strip_suffix(b" -> ") else { return false };
    let length = head.iter().rev().take(16).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let first = head.len() - length;
    let word = word_behind_blank(text, first).1;
    let major = |from: usize| {
        let digits = text[from..].iter().take(4).take_while(|b| b.is_ascii_digit());
        digits.fold(0u32, |number, digit| number * 10 + u32::from(digit - b'0'))
    };
    length > 6
        && [&b"firmware"[..], b"version"].iter().any(|w| word.eq_ignore_ascii_case(w))
        && major(start) == major(first)
}

/// Verbs of package managers: the name of a package and its version follow.
static INSTALLS: Words<10> = Words::new([
    b"using",
    b"installing",
    b"installed",
    b"fetching",
    b"collecting",
    b"downloading",
    b"upgrading",
    b"unpacking",
    b"removing",
    b"updating",
]);

/// A product or a part of a document stands before the blank (`BIOS 2.12.1.0`, `Using rails 7.1.3.2`), or a
/// verb for what versions do.
pub(super) fn is_said_to_be_version(text: &[u8], start: usize) -> bool {
    let (first, name) = word_before(text, start - 1);
    if PRODUCTS.contains(name) || is_library(name) {
        return true;
    }
    // `using nameserver 9.9.9.9`
    let may_be_installed = name != b"nameserver" && !starts_like_address(text, start);
    let is_installed = || {
        may_be_installed
            && INSTALLS.contains(word_before(text, first - 1).1)
            && !names_address(text, start - 1)
    };
    if !name.is_empty() && first > 1 && text[first - 1] == b' ' && is_installed() {
        return true;
    }
    let joins = |word: &[u8]| word.eq_ignore_ascii_case(b"to") || word.eq_ignore_ascii_case(b"from");
    let may_be = name.is_empty() || joins(name) || UPGRADES.contains(name) || arrow_behind(text, start);
    may_be && is_upgraded(text, start)
}

/// `libfoo`, `python3-foo`, `foo-dev`, `foo.so`, `foo.dll`: a name that only packages and their files have.
pub(super) fn is_library(name: &[u8]) -> bool {
    const HEADS: [&[u8]; 3] = [b"python3-", b"golang-", b"linux-image-"];
    const ENDS: [&[u8]; 10] =
        [b"-dev", b"-devel", b"-libs", b"-bin", b"-common", b".so", b".dll", b".exe", b".jar", b".ko"];
    name.len() > 5
        && (name.starts_with(b"lib")
            && name[3..]
                .iter()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
            || HEADS.iter().any(|head| name.starts_with(head))
            || ENDS.iter().any(|end| name.ends_with(end)))
}

/// Verbs before the versions that something changes between.
static UPGRADES: Words<9> = Words::new([
    b"upgrade",
    b"upgrading",
    b"upgraded",
    b"downgrade",
    b"downgrading",
    b"downgraded",
    b"migrating",
    b"migrated",
    b"bump",
]);

/// Between which versions something changes: `upgrade 4.2.1.0 -> 4.2.2.0`, `Upgrading from 4.2.1.0 to
/// 4.2.2.0`.
fn is_upgraded(text: &[u8], start: usize) -> bool {
    // `ws: upgrade from 203.0.113.17:50112`
    let end = start + quad_bytes(text, start);
    if byte_at(text, end) == b':' && byte_at(text, end + 1).is_ascii_digit() {
        return false;
    }
    let is_verb = |word: &[u8]| UPGRADES.contains(word);
    let head = &text[..start];
    // behind the first of the two
    let first = [&b" to "[..], b" -> "].iter().find_map(|joint| head.strip_suffix(*joint)).map(|head| {
        let digits = head.iter().rev().take(16).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
        (digits, head.len() - digits)
    });
    let at = match first {
        Some((1.., at)) if before(text, at) == b' ' => at,
        Some((1.., _)) => return false,
        _ => start,
    };
    // `firmware: board 4.12.0.11 -> 4.12.0.12 flashed`, from either of the two
    if (head.ends_with(b" -> ") || arrow_behind(text, start)) && has_release_word(text, at) {
        return true;
    }
    let (begin, word) = word_before(text, at - 1);
    if word.eq_ignore_ascii_case(b"from") && before(text, begin) == b' ' {
        let (name, verb) = word_before(text, begin - 1);
        // `Upgrading openssl from 1.1.1.14 to 3.0.2.0`; machines are migrated between addresses
        let is_of_product = || {
            let (_, verb) = word_behind_blank(text, name);
            (first.is_some() || number_behind(text, start))
                && verb.to_ascii_lowercase().ends_with(b"grading")
                && !names_address(text, begin - 1)
                && !text[name..begin].trim_ascii_end().ends_with(b"ed")
        };
        return is_verb(verb) || is_of_product() || is_updated(text, begin - 1, at);
    }
    is_verb(word) || first.is_some() && is_verb(word_behind_blank(text, begin).1)
}

/// Whether the key before a number says which of several releases follows: `Firmware: current=7.88.11.22
/// available=7.88.12.3`, `"component":"upgrader","from":"4.19.0.2","to":"4.20.1.0"`; `version [8.16.1.0]`.
pub(super) fn is_field_of_release(text: &[u8], start: usize) -> bool {
    let head = &text[..start];
    if head.ends_with(b"[") {
        return head.ends_with(b"ersion [");
    }
    if head.ends_with(b"\"") {
        let is_end = head.ends_with(b"\"from\":\"") || head.ends_with(b"\"to\":\"");
        let line = crate::context::head(text, start, 96);
        return is_end
            && [&b"upgrad"[..], b"firmware"].iter().any(|word| memchr::memmem::find(line, word).is_some());
    }
    const FIELDS: [&[u8]; 6] =
        [b" current=", b" available=", b" installed=", b" latest=", b" previous=", b" target="];
    // by the last letter first
    matches!(before(text, start - 1), b't' | b'e' | b'd' | b's')
        && FIELDS.iter().any(|field| text[..start].ends_with(field))
        && has_release_word(text, start)
}

/// Whether a word before `at` says that what is released changes.
pub(super) fn has_release_word(text: &[u8], at: usize) -> bool {
    const RELEASES: [&[u8]; 6] = [b"firmware", b"Firmware", b"version", b"Version", b"bios", b"BIOS"];
    let head = head(text, at, 48);
    RELEASES.iter().any(|word| memchr::memmem::find(head, word).is_some())
}

/// The numbers between dots that start at `at`.
fn quad(text: &[u8], at: usize) -> &[u8] {
    let rest = text.get(at..).unwrap_or_default();
    &rest[..rest.iter().take(16).take_while(|b| b.is_ascii_digit() || **b == b'.').count()]
}

/// Whether ` to ` and another number follow the one at `start`.
fn number_behind(text: &[u8], start: usize) -> bool {
    let rest = &text[start + quad(text, start).len()..];
    rest.strip_prefix(b" to ").is_some_and(|next| next.first().is_some_and(u8::is_ascii_digit))
}

/// Whether an arrow follows the number at `start`.
fn arrow_behind(text: &[u8], start: usize) -> bool {
    text[start + quad(text, start).len()..].starts_with(b" -> ")
}

/// Words for updates, which addresses send and receive as well.
static UPDATES: Words<5> = Words::new([b"update", b"updating", b"updated", b"updates", b"patched"]);

/// Whether something is updated between two versions that start alike: `update of libfoo from 1.0.0.1 to 1.0.0.2`,
/// from where `from` starts and the first version.
fn is_updated(text: &[u8], from: usize, first: usize) -> bool {
    let one = quad(text, first);
    let Some(joint) = text[first + one.len()..].starts_with(b" to ").then_some(first + one.len() + 4) else {
        return false;
    };
    let two = quad(text, joint);
    let major = one.iter().position(|b| *b == b'.').map_or(one, |dot| &one[..=dot]);
    let (begin, word) = word_before(text, from);
    let is_verb = |word: &[u8]| UPDATES.contains(word);
    let named = || {
        let (begin, of) = word_behind_blank(text, begin);
        of == b"of" && is_verb(word_behind_blank(text, begin).1) || is_verb(of)
    };
    !major.is_empty() && major.len() < 4 && two.starts_with(major) && one != two && (is_verb(word) || named())
}

/// Whether the header, the name or the word before a number says that a version follows: `User-Agent: Yealink SIP-T22P
/// 7.73.0.50`, `MSAL.NET 4.54.1.0`, `VRMF(9.1.0.0)` of IBM MQ, `bump version to 1.4.10.2`.
pub(super) fn is_told_before(text: &[u8], start: usize) -> bool {
    const WORDS: [&[u8]; 6] = [
        b"VRMF(",
        b"VRMF (",
        b"ump version to ",
        b"pdate version to ",
        b"pgrade version to ",
        b"Operating System ",
    ];
    let head = &text[..start];
    // by the last letter first: nearly all other words end with another
    // `User-Agent: Yealink SIP-T22P 7.73.0.50` (RFC 3261 section 20.41)
    if head.ends_with(b" ") {
        let line = &head[start.saturating_sub(64)..];
        let line = &line[memchr::memrchr(b'\n', line).map_or(0, |p| p + 1)..];
        if line.starts_with(b"User-Agent: ") {
            return true;
        }
    }
    match head[start.saturating_sub(2)] {
        b'T' => head.strip_suffix(b".NET ").is_some_and(|head| {
            // `MAIL.EXAMPLE.NET 203.0.113.7`: a host
            let word = head.iter().rev().take(32).take_while(|b| !matches!(b, b' ' | b'\n'));
            word.into_iter().all(u8::is_ascii_alphanumeric)
        }),
        b'F' | b' ' | b'o' | b'm' => WORDS.iter().any(|word| head.ends_with(word)),
        _ => false,
    }
}

/// How far from a custom field its label is looked for, in bytes.
const MAX_LABEL_BYTES: usize = 320;

/// Whether a key that is written as one word ends with the word for versions (`deviceappversion=1.5.1.8`), a key of an
/// encoded query does (`ver%3D1.0.0.1`), or the label of a custom field (ArcSight's CEF: `cs2Label=PolicyVersion
/// cs2=4.1.0.22`).
pub(super) fn ends_with_version(text: &[u8], start: usize) -> bool {
    let all = &text[..start];
    let coded = [&b"%3D"[..], b"%3d"].iter().find_map(|sign| all.strip_suffix(*sign));
    let end = match coded {
        Some(key) => key.len(),
        None => start - all.iter().rev().take_while(|b| matches!(b, b'=' | b':' | b'"')).count(),
    };
    // by the last letter first: of `version`, `ver`, `api`, `sdk`, `cs2`
    if !matches!(before(text, end) | 0x20, b'n' | b'r' | b'i' | b'k' | b'1'..=b'6') {
        return false;
    }
    let letters = text[..end].iter().rev().take(24).take_while(|b| b.is_ascii_alphabetic()).count();
    let key = &text[end - letters..end];
    if coded.is_some() && [&b"ver"[..], b"version"].iter().any(|word| key.eq_ignore_ascii_case(word)) {
        return true;
    }
    // `api=3.6.0.1`, what two programs agree upon
    if [&b"api"[..], b"sdk", b"abi"].iter().any(|word| key.eq_ignore_ascii_case(word)) {
        return is_small(text, start);
    }
    // no `conversion`, `diversion`
    if letters > 10 && key[letters - 7..].eq_ignore_ascii_case(b"version") {
        return true;
    }
    let Some([b'c', b's', number @ b'1'..=b'6']) = text[..end].last_chunk() else { return false };
    let label = [b'c', b's', *number, b'L', b'a', b'b', b'e', b'l', b'='];
    [head(text, end, MAX_LABEL_BYTES), tail(text, end, MAX_LABEL_BYTES)].iter().any(|part| {
        let Some(at) = memchr::memmem::find(part, &label) else { return false };
        let label = &part[at + label.len()..];
        // up to the word before the next equals sign
        let next = memchr::memchr(b'=', label).unwrap_or(label.len());
        let label = &label[..next];
        let label = if next < 48 { &label[..memchr::memrchr(b' ', label).unwrap_or(next)] } else { b"" };
        memchr::memmem::find(label, b"ersion").is_some()
    })
}

/// A branch of a repository that is named for a release, its slash perhaps encoded.
pub(super) fn is_of_release(text: &[u8], start: usize, private: bool) -> bool {
    static RELEASES: Words<3> = Words::new([b"release", b"releases", b"hotfix"]);
    // the folders of what is downloaded, which devices have addresses too
    static DOWNLOADS: Words<3> = Words::new([b"firmware", b"versions", b"version"]);
    let head = &text[..start];
    let Some(head) = [&b"/"[..], b"%2F", b"%2f"].iter().find_map(|slash| head.strip_suffix(*slash)) else {
        return false;
    };
    let letters = bytes::letters_at_end(Tail::bytes_before(text, head.len())).min(head.len());
    letters > 0
        && {
            let word = &head[head.len() - letters..];
            RELEASES.contains(word) || !private && DOWNLOADS.contains(word)
        }
        && !is_word(before(head, head.len() - letters))
}
