//! Words of sentences about users: what is said behind a name, and what names look like.

use crate::check::words::{Starts, Words};
use crate::detect::name;

/// What is said of a user behind the name.
pub(super) static SAID_OF_USERS: Starts<139> = Starts::new([
    b" - RAW: ",
    b" : Group(",
    b" failed login",
    b" succeeded in ",
    b" locked out",
    b" logged in",
    b" logged out",
    b" logged on",
    b" logged off",
    b" signed in",
    b" signed out",
    b" logging in",
    b" login failed",
    b" failed to log",
    b" failed to authenticate",
    b" failed authentication",
    b" authenticated",
    b" not found",
    b" not in sudoers",
    b" NOT in sudoers",
    b" has logged",
    b" connected from",
    b" not allowed",
    b" not known",
    b" does not exist",
    b" has been locked",
    b" is locked",
    b" is not allowed",
    b" is disabled",
    b" disconnected",
    b"(uid=",
    b": Login",
    b": login",
    b" (Login",
    b": authentication",
    b": no such user",
    b" doesn't exist",
    b"> IP <",
    b" authentication failed",
    b" authentication failure",
    b", coming from",
    b" authentication succeeded",
    b", Addr ",
    b" has exited",
    b" added to auth",
    b"(MAC=",
    b" - Client_ip ",
    b" abgelaufen",
    b" angemeldet",
    b" abgemeldet",
    b" gesperrt",
    b" hat sich ",
    b" hat sein ",
    b" hat ihr ",
    b" a \xc3\xa9t\xc3\xa9 ",
    b" nicht gefunden",
    b" nicht angemeldet",
    b" introuvable",
    b" non trouv",
    b" connect\xc3\xa9",
    b" d\xc3\xa9connect\xc3\xa9",
    b" s'est ",
    b" depuis ",
    b" desde ",
    b" inici\xc3\xb3 ",
    b" inicio sesi",
    b" cerr\xc3\xb3 ",
    b" autenticado",
    b" no encontrado",
    b" bloqueado",
    b" n\xc3\xa3o encontrado",
    b" submitted ",
    b" requested ",
    b" uploaded ",
    b" downloaded ",
    b" accessed ",
    b" executed ",
    b" opened ",
    b" joined ",
    b" removed ",
    b" attempted ",
    b" exported ",
    b" viewed ",
    b" placed ",
    b" registered ",
    b" signed up ",
    b" subscribed ",
    b" purchased ",
    b" approved ",
    b" rejected ",
    b" cancelled ",
    b" ha iniciado",
    b" s'est connect",
    b" hat sich",
    b" ha effettuato",
    b" heeft zich",
    b" dialed",
    b" connected on",
    b" disconnected",
    b": Authentication",
    b" in security realm",
    b" login ",
    b" logout ",
    b" time out",
    b" timed out",
    b" timeout",
    b" commit ",
    b" committed ",
    b" Stored ",
    b" Retrieved ",
    b" stored ",
    b" retrieved ",
    b" changed ",
    b" created ",
    b" deleted ",
    b" modified ",
    b" enabled ",
    b" disabled ",
    b" entered ",
    b" exited ",
    b" unlocked",
    b" assigned ",
    b" terminated ",
    b" started ",
    b" stopped ",
    b" renamed ",
    b" copied ",
    b" moved ",
    b" transferred ",
    b" issued ",
    b" ran ",
    b" typed ",
    b" invoked ",
    b" did not ",
    b" could not ",
    b" is not auth",
    b" priv level",
    b" successfully ",
    b" : mot de passe",
]);

/// What is said of a user or an account behind a name that shows what it is: before these stand things as often.
pub(super) static SAID_OF_SHOWN: Starts<24> = Starts::new([
    b" blocked",
    b" banned",
    b" suspended",
    b" deactivated",
    b" activated",
    b" created",
    b" deleted",
    b" disabled",
    b" enabled",
    b" locked",
    b" unlocked",
    b" denied",
    b" removed",
    b" expired",
    b" added to ",
    b" added by ",
    b" kicked",
    b" impersonat",
    b" updated ",
    b" ha ",
    b" hat ",
    b" heeft ",
    b" has ",
    b" from metadata",
]);

/// What is done to accounts, before `user` and a name.
pub(super) static DONE_TO_USERS: Words<32> = Words::new([
    b"created",
    b"creating",
    b"deleted",
    b"deleting",
    b"removed",
    b"removing",
    b"remove",
    b"added",
    b"adding",
    b"blocked",
    b"blocking",
    b"banned",
    b"banning",
    b"disabled",
    b"disabling",
    b"enabled",
    b"enabling",
    b"unlocked",
    b"unlocking",
    b"locking",
    b"updated",
    b"updating",
    b"suspended",
    b"suspending",
    b"deactivated",
    b"deactivating",
    b"impersonating",
    b"impersonated",
    b"kicked",
    b"invited",
    b"inviting",
    b"notified",
]);

/// How a log-in came out, before `for` and a name.
pub(super) static OUTCOMES: Words<14> = Words::new([
    b"failed",
    b"succeeded",
    b"passed",
    b"successful",
    b"attempt",
    b"session",
    b"denied",
    b"granted",
    b"accepted",
    b"approved",
    b"rejected",
    b"blocked",
    b"locked",
    b"challenge",
]);

/// What people do, before `by` and a name.
pub(super) static DONE_BY_PEOPLE: Words<30> = Words::new([
    b"approved",
    b"rejected",
    b"created",
    b"updated",
    b"deleted",
    b"modified",
    b"changed",
    b"edited",
    b"requested",
    b"submitted",
    b"signed",
    b"reviewed",
    b"assigned",
    b"invited",
    b"uploaded",
    b"removed",
    b"added",
    b"revoked",
    b"granted",
    b"locked",
    b"unlocked",
    b"closed",
    b"reopened",
    b"merged",
    b"confirmed",
    b"cancelled",
    b"canceled",
    b"booked",
    b"ordered",
    b"saved",
]);

/// Whether people do what a word says before `by` and a name that is written out: also what they write, say and pay.
pub(super) fn is_done_by_people(verb: &[u8]) -> bool {
    const MORE: [&[u8]; 5] = [b"reported", b"authored", b"written", b"called", b"paid"];
    DONE_BY_PEOPLE.contains(verb) || MORE.iter().any(|more| verb.eq_ignore_ascii_case(more))
}

/// A word for a name in the place of one: `Invalid user name/password`.
pub(super) fn is_word_for_name(word: &[u8]) -> bool {
    word.eq_ignore_ascii_case(b"name") || word.eq_ignore_ascii_case(b"name/password")
}

/// `m.braun`, `scala.dev` behind `approved by`: two words of small letters and a dot, but no file, host or unit.
pub(super) fn is_given_and_family(name: &[u8]) -> bool {
    const ENDS: [&[u8]; 30] = [
        b"sh",
        b"js",
        b"ts",
        b"py",
        b"rb",
        b"go",
        b"rs",
        b"php",
        b"jar",
        b"exe",
        b"dll",
        b"bin",
        b"yml",
        b"yaml",
        b"json",
        b"xml",
        b"conf",
        b"cfg",
        b"service",
        b"timer",
        b"socket",
        b"target",
        b"slice",
        b"local",
        b"internal",
        b"com",
        b"net",
        b"org",
        b"daily",
        b"hourly",
    ];
    let Some(dot) = memchr::memchr(b'.', name) else { return false };
    let (first, last) = (&name[..dot], &name[dot + 1..]);
    let is_word = |word: &[u8]| word.iter().all(u8::is_ascii_lowercase);
    !first.is_empty() && last.len() > 1 && is_word(first) && is_word(last) && !ENDS.contains(&last)
}

/// A login name that nothing else is called: `k.hahn`, `anna.berg`, `CORP\\anna`, a common given name alone.
pub(super) fn is_login(name: &[u8]) -> bool {
    let in_domain = memchr::memchr(b'\\', name).is_some_and(|slash| {
        slash > 1 && name.len() > slash + 2 && name[..slash].iter().all(u8::is_ascii_uppercase)
    });
    let initial = name.get(1) == Some(&b'.') && name.len() > 4 && is_given_and_family(name);
    in_domain || initial || name::is_given(name) || {
        let first = name.split(|b| *b == b'.').next().unwrap_or_default();
        // `oscar.l`
        let is_initial =
            name.len() == first.len() + 2 && name.iter().all(|b| b.is_ascii_lowercase() || *b == b'.');
        (is_given_and_family(name) || is_initial) && name::is_given(first)
    }
}

/// A name that is somebody's by its form, behind words for accounts: a login, a given name with more behind it
/// (`svetlana_k`, `anna7`), a word with two digits and more (`hsato42`) that is no word of machines.
pub(super) fn shows_itself(word: &[u8]) -> bool {
    const MACHINES: [&[u8]; 12] = [
        b"base", b"utf", b"sha", b"oauth", b"http", b"smtp", b"node", b"host", b"group", b"server", b"test",
        b"worker",
    ];
    let letters = word.iter().take_while(|b| b.is_ascii_lowercase()).count();
    let (head, rest) = word.split_at(letters);
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let is_numbered =
        letters > 3 && (2..=4).contains(&digits) && digits == rest.len() && !MACHINES.contains(&head);
    // `schmidt_k`
    let is_initialled = letters > 4
        && matches!(rest, [b'_', letter] if letter.is_ascii_lowercase())
        && !matches!(head, b"schema" | b"table" | b"option" | b"version" | b"class" | b"cache" | b"queue")
        && !MACHINES.contains(&head);
    let is_tailed = letters > 3 && name::is_given(head) && rest.len() < 4;
    is_login(word) || is_given_and_family(word) || is_numbered || is_tailed || is_initialled
}

/// What stands behind a remark with a pair in it: ` (id=55120) logged in`.
pub(super) fn behind_remark(after: &[u8]) -> &[u8] {
    let inside = after.strip_prefix(b" (").unwrap_or_default();
    let close = inside.iter().take(48).position(|b| matches!(b, b')' | b'\n')).unwrap_or(0);
    match inside.get(..close) {
        Some(pair) if pair.contains(&b'=') && inside[close] == b')' => &inside[close + 1..],
        _ => after,
    }
}

/// Whether the record ends here, or the string of a document or pair that it stands in, or a line in that string.
pub(super) fn ends_record(after: &[u8]) -> bool {
    let is_end = |after: &[u8]| matches!(after.first(), None | Some(b'\n' | b'\r'));
    let rest = after.strip_prefix(b"\"").unwrap_or(after);
    is_end(rest)
        || rest.len() < after.len() && matches!(rest[0], b',' | b'}' | b' ')
        || matches!(after, [b'\\', b'n' | b'r', ..])
}

/// What stands behind the last word of a realm of blanks: `anna/Staff Realm (session:00000000)`.
pub(super) fn behind_realm<'t>(name: &[u8], after: &'t [u8]) -> &'t [u8] {
    if !after.starts_with(b" ") || !name.contains(&b'/') {
        return after;
    }
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-' | b'_');
    let words = after.iter().take_while(is_part).count();
    match after[words..].starts_with(b"(session:") && after[..words].ends_with(b" ") {
        true => &after[words - 1..],
        false => after,
    }
}
