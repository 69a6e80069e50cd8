//! User names in the sentences of log-ins: sshd, PAM, su, databases, mail, proxies, appliances.

use super::accept::Hunt;
use super::elements;
use super::login_words::{
    DONE_BY_PEOPLE, DONE_TO_USERS, SAID_OF_SHOWN, SAID_OF_USERS, behind_remark, ends_record,
    is_given_and_family, is_word_for_name, shows_itself,
};
use super::not_names::NOT_NAMES;
use super::phrases::{head, is_one_of, slot, tail, word_before};
use crate::check::absent::is_absent;
use crate::check::bytes;
use crate::check::words::Words;
use crate::context::{before, byte_at, value};
use crate::detect::username;
use crate::finding::TypeId;
use crate::rules;

/// The longest name that is taken, in bytes.
const MAX_NAME_BYTES: usize = 128;

/// Bytes that end a name of one word.
static ENDS_NAME: [bool; 256] = bytes::table(b" \t\n\r,;\"()[]<>=");

/// The name at `at`: quoted, in brackets, or one word; its range.
pub(super) fn name_at(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut open = at;
    while byte_at(text, open) == b'\\' {
        open += 1;
    }
    let inside = |close: u8| {
        let rest = &text[at + 1..text.len().min(at + MAX_NAME_BYTES)];
        let length = rest.iter().position(|b| *b == close || *b == b'\n')?;
        (length > 0 && rest[length] == close).then_some((at + 1, at + 1 + length))
    };
    match byte_at(text, open) {
        // `""anna""` in a field of a row in quotes (RFC 4180 section 2)
        b'"' if open == at
            && text[at..].starts_with(b"\"\"")
            && byte_at(text, at + 2).is_ascii_alphanumeric() =>
        {
            let end = value::string_end(text, at + 1, 0)?;
            return (byte_at(text, end + 1) == b'"' && end - at < MAX_NAME_BYTES).then_some((at + 2, end));
        }
        b'"' | b'\'' => {
            let mut end = value::string_end(text, open, open - at)?;
            // `'O'Leary'`: an apostrophe among letters
            if byte_at(text, end) == b'\''
                && byte_at(text, end + 1).is_ascii_uppercase()
                && text[end - 1].is_ascii_alphabetic()
            {
                end = value::string_end(text, end, 0).unwrap_or(end);
            }
            return (end > open + 1 && end - open < MAX_NAME_BYTES).then_some((open + 1, end));
        }
        b'[' => return inside(b']'),
        b'(' => return inside(b')'),
        b'<' => return inside(b'>'),
        // `anna', as Apache and old tools write it
        b'`' => {
            let (close, typed) = (inside(b'`'), inside(b'\''));
            return close.filter(|c| typed.is_none_or(|t| c.1 <= t.1)).or(typed);
        }
        _ => {}
    }
    let ends = |b: &u8| ENDS_NAME[usize::from(*b)];
    let length = text[at..].iter().take(MAX_NAME_BYTES).take_while(|b| !ends(b)).count();
    let mut end = at + length;
    // the escape of a line's end in a string: `changed for root\n"`
    if matches!(text[at..end].last_chunk(), Some([b'\\', b'n' | b'r'])) && byte_at(text, end) == b'"' {
        end -= 2;
    }
    while end > at && matches!(text[end - 1], b'.' | b':' | b'\'' | b'\\') {
        end -= 1;
    }
    // the end of a phrase that CockroachDB marks
    if text[at..end].ends_with("›".as_bytes()) && !text[at..end].starts_with("‹".as_bytes()) {
        end -= "›".len();
    }
    (end > at).then_some((at, end))
}

/// A name that could be someone's: no word of the sentence, no number, path or placeholder.
pub(super) fn is_somebody(name: &[u8]) -> bool {
    // `authenticate user (session: 8f1a2b)`: a pair
    memchr::memmem::find(name, b": ").is_none()
        && !NOT_NAMES.contains(name)
        // an account of a shop at Stripe
        && !(name.len() > 18
            && name.starts_with(b"acct_")
            && name.iter().any(u8::is_ascii_digit)
            && name.iter().any(u8::is_ascii_uppercase))
        && username::keyed(name, true).is_some_and(|m| m.end - m.start == name.len())
}

pub(super) fn take(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    hunt.accept(slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 86));
}

/// `for invalid user x`, `user "x"`, `user x logged in`, `username x password …`.
pub(super) fn user(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    let previous = word_before(text, word);
    match &text[word..at] {
        b"LOGIN " => elements::mail_login(hunt, word, at),
        b"USER " => elements::typed(hunt, word, at, TypeId::USERNAME),
        _ => {}
    }
    // `Username entry (anna) …` of wireless controllers, `with username input 'anna' which …`
    let at =
        at + if text[at..].starts_with(b"entry (") || text[at..].starts_with(b"input '") { 6 } else { 0 };
    let Some((start, end)) = name_at(text, at) else { return };
    let name = &text[start..end];
    let after = behind_remark(&text[end..]);
    // `denied for user (using password: YES)`: nobody is named
    if name.starts_with(b"using password") {
        return;
    }
    // `User CORP\anna@203.0.113.7 logged in`: the address is found by its shape
    let host = memchr::memchr(b'@', name).filter(|sign| name.get(sign + 1).is_some_and(u8::is_ascii_digit));
    let (name, end) = host.map_or((name, end), |sign| (&name[..sign], start + sign));
    const ACCOUNTS: [&[u8]; 8] = [
        b"user ",
        b"benutzer ",
        b"benutzername ",
        b"nutzer ",
        b"utilisateur ",
        b"usuario ",
        b"utilizador ",
        b"utente ",
    ];
    let is_account = ACCOUNTS.iter().any(|account| text[word..at].eq_ignore_ascii_case(account));
    // `because of invalid user name`
    if is_account && is_one_of(previous, &[b"invalid", b"illegal"]) && !is_word_for_name(name) {
        // `Invalid user input` is a sentence where nothing says from where
        let is_prose = (NOT_NAMES.contains(name) || memchr::memmem::find(name, b": ").is_some())
            && ![&b" from "[..], b" [preauth]", b" port "].iter().any(|w| after.starts_with(w));
        // what is typed where a name is asked may be a password, but not a digit or four
        if !is_prose && (name.len() > 4 || !name.iter().all(u8::is_ascii_digit)) {
            hunt.accept_listed(slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
        }
        return;
    }
    #[rustfmt::skip]
    static ANNOUNCES: Words<21> = Words::new([
        b"para", b"voor", b"dla",
        b"provided", "für".as_bytes(), b"pour", b"del", b"do", b"authenticate", b"username", b"for", b"authenticating",
        b"of", b"by", b"as", b"unknown", b"locked", b"from", b"to", b"new", b"failure;",
    ]);
    let quoted = start > at && matches!(text[start - 1], b'"' | b'\'' | b'`')
        || start > at && after.starts_with(b"> IP <");
    let wrapped = start > at;
    let many = text[word..at].starts_with(b"users");
    // `Deleting account hsato42`, `user hana.sato blocked by policy`, `Created user jdoe with role ADMIN`
    let is_owned = is_account || text[word..at].eq_ignore_ascii_case(b"account ");
    let treated = is_owned
        && (DONE_TO_USERS.contains(previous) && (shows_itself(name) || after.starts_with(b" with role "))
            || SAID_OF_SHOWN.begin(after) && shows_itself(name));
    // `failed to login through SSH`: a verb
    let is_verb = previous == b"to" && !is_account && !text[word..at].eq_ignore_ascii_case(b"username ");
    let is_italian = previous == b"per" && text[word..at].eq_ignore_ascii_case(b"utente ");
    // `account locked after 5 attempts: login pat.quinn, unlock at 12:31`
    if &text[word..at] == b"login " && is_given_and_family(name) && shows_itself(name) {
        return take(hunt, start, end);
    }
    let announced = (ANNOUNCES.contains(previous) || is_italian) && !many && !is_verb;
    let is_ppp = text[word..at].eq_ignore_ascii_case(b"account ") && before(text, word) == b','
        || text[word..at].eq_ignore_ascii_case(b"administrator ");
    // `user [anna@Firebox-DB] from 203.0.113.7`, `User [anna] from [192.168.2.5]`, `User [anna] logged in`
    let is_said = |after: &[u8]| {
        is_from_address(after)
            || byte_at(text, at) == b'['
                && SAID_OF_USERS.begin(after)
                && !name.iter().any(|b| matches!(b, b' ' | b'@'))
    };
    let fenced = is_account && wrapped && after.get(1..).is_some_and(is_said);
    let realm = memchr::memchr(b'@', name).filter(|_| fenced && memchr::memchr(b'.', name).is_none());
    let (name, end) = realm.map_or((name, end), |sign| (&name[..sign], start + sign));
    // `(user HR_APP, host wks-112)`
    let is_marked = |b: &u8| b.is_ascii_digit() || b.is_ascii_uppercase() || matches!(b, b'.' | b'_');
    let enclosed = is_account
        && before(text, word) == b'('
        && (after.first() == Some(&b',') || after.first() == Some(&b')') && name.iter().any(is_marked));
    let is_named = text[word..at].eq_ignore_ascii_case(b"username ");
    // `The user CORP\ruth dialed …`: a domain in capitals and a name
    let domain = memchr::memchr(b'\\', name).map_or(&b""[..], |slash| &name[..slash]);
    let in_domain = is_account
        && domain.len() > 1
        && domain.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'-')
        && name.len() > domain.len() + 2
        && name[domain.len() + 1..]
            .iter()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'.');
    let said = (is_account || is_ppp) && SAID_OF_USERS.begin(after)
        || (is_account || is_named) && (is_from_address(after) || after.starts_with(b", ip "))
        // sshd: `User anna from gw.example.com not allowed because …`
        || is_account
            && after.starts_with(b" from ")
            && memchr::memmem::find(tail(text, end, 96), b" not allowed because ").is_some();
    let configured =
        [&b" password "[..], b" secret ", b" privilege ", b" role "].iter().any(|w| after.starts_with(w))
            && text[word..at].eq_ignore_ascii_case(b"username ")
            || after.starts_with(b" password ")
                && &text[word..at] == b"login "
                && head(text, word, 96).windows(8).any(|w| w == b"machine ");
    let entry = text[..start].ends_with(b"sername entry (");
    // `Login failed for user '…'`: some type their password there
    let typed = quoted && head(text, word, 8).ends_with(b"led for ") && !is_absent(name);
    let end = if announced && !wrapped { end + family_bytes(text, start, end) } else { end };
    if typed
        || (quoted || announced || fenced || enclosed || (said && !wrapped) || configured || entry || treated)
            && is_somebody(name)
        || in_domain
    {
        take(hunt, start, end);
        // MySQL: `'anna'@'annas-macbook.lan'`
        let host = after.strip_prefix(b"\\").unwrap_or(after);
        if let Some(quote) = host.strip_prefix(b"'@") {
            let open = text.len() - quote.len() + usize::from(quote.starts_with(b"\\")) + 1;
            super::devices::owned_device(hunt, open);
        }
        // Samba: `user [CORP\anna] -> [anna]`
        if let Some(mapped) = after.strip_prefix(b"] -> [") {
            let length =
                mapped.iter().take(MAX_NAME_BYTES).take_while(|b| !matches!(b, b']' | b'\n')).count();
            take(hunt, end + 6, end + 6 + length);
        }
    }
}

/// The length of a family name between a first name and the end of the record (`Started by user
/// Anna Berg`).
fn family_bytes(text: &[u8], start: usize, end: usize) -> usize {
    let titled = |word: &[u8]| {
        word.len() > 1
            && word[0].is_ascii_uppercase()
            && word[1..].iter().all(|b| b.is_ascii_lowercase() || *b >= 0x80)
    };
    let rest = &text[end..text.len().min(end + 32)];
    let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    let ends = length < rest.len() || end + length == text.len();
    let fits = ends && length > 1 && rest[0] == b' ' && titled(&rest[1..length]);
    if fits && titled(&text[start..end]) { length } else { 0 }
}

/// ` from ` or the like, and an address.
pub(super) fn is_from_address(after: &[u8]) -> bool {
    const JOINTS: [&[u8]; 5] = [b" from ", b" IP ", b" at ", b" on ", b" via "];
    let Some(rest) = JOINTS.iter().find_map(|joint| after.strip_prefix(*joint)) else { return false };
    let rest = rest.strip_prefix(b"[").unwrap_or(rest);
    let word = rest.iter().take(48).take_while(|b| b.is_ascii_hexdigit() || matches!(b, b'.' | b':')).count();
    word >= 3 && rest[..word].iter().any(|b| matches!(b, b'.' | b':'))
}

/// `role "x" does not exist` of PostgreSQL.
pub(super) fn role(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let Some((start, end)) = name_at(text, at).filter(|(start, _)| *start > at) else { return };
    let after = &text[(end + 1).min(text.len())..];
    let after = after.strip_prefix(b"\"").unwrap_or(after);
    if after.starts_with(b" does not exist") || after.starts_with(b" is not permitted to log in") {
        take(hunt, start, end);
    }
}

/// `session opened for user root by alice(uid=1000)`, `Configured from console by x on vty0`,
/// `password for 'x' changed by 'y'`, `LOGIN ON tty1 BY x`.
pub(super) fn by(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    // `closed by peer port`, `signed by key`
    static SAID: Words<4> = Words::new([b"changed", b"attempt", b"login", b"requested"]);
    let Some((start, end)) = name_at(text, at) else { return };
    let (name, after) = (&text[start..end], &text[end..]);
    let previous = word_before(text, word);
    let is_done = DONE_BY_PEOPLE.contains(previous);
    let may_stand = start > at
        || SAID.contains(previous)
        || previous.ends_with(b"ogin")
        || after.starts_with(b"(uid=")
        || [&b" on "[..], b" via "].iter().any(|next| after.starts_with(next))
        || (is_done && is_given_and_family(name))
        || ends_record(after);
    if !may_stand {
        return;
    }
    let head = head(text, word, 64);
    let with_id = after.starts_with(b"(uid=") && name != b"LOGIN";
    let at_line =
        [&b" on vty"[..], b" on tty", b" on pts", b" on console"].iter().any(|t| after.starts_with(t));
    let switched = ends_record(after)
        && (memchr::memmem::find(head, b" su for ").is_some()
            || memchr::memmem::find(head, b"LOGIN ON ").is_some());
    let changed =
        head.ends_with(b" changed ") && (start > at || head.windows(13).any(|w| &w[1..] == b"assword for "));
    // CUPS: `[Job 7] Queued on "HP" by "anna".`
    let tried = [&b"ogin attempt "[..], b"ogon attempt ", b"ogin ", b"eset requested "]
        .iter()
        .any(|w| head.ends_with(w));
    let queued = start > at
        && (memchr::memmem::find(head, b"ueued on ").is_some()
            || memchr::memmem::find(head, b"rint job ").is_some());
    let by_apple = head.ends_with(b"Login ") && after.starts_with(b" (AFP");
    // `was modified by anna via web from host …` of firewalls, `system,info rule changed by anna` of RouterOS
    let managed = [&b" via web"[..], b" via telnet", b" via ssh", b" via winbox", b" via cli"]
        .iter()
        .any(|way| after.starts_with(way))
        || ends_record(after) && memchr::memmem::find(head, b"system,info ").is_some();
    let acted = is_done && (managed || is_given_and_family(name));
    if with_id
        || (acted
            || at_line
            || switched
            || changed
            || queued
            || by_apple
            || tried && !is_one_of(name, &[b"user", b"the", b"ip", b"host", b"client"]))
            && is_somebody(name)
    {
        hunt.accept(slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
    }
}

/// FreeRADIUS wherever it is logged: `Login OK: [anna/<via Auth-Type = eap>] (from client …`, from `client`.
pub(super) fn by_radius(hunt: &mut Hunt<'_>, word: usize) {
    let text = hunt.text;
    let line = head(text, word, 320);
    let Some(tag) = [&b"Login OK"[..], b"Login incorrect", b"Invalid user"]
        .iter()
        .filter_map(|said| memchr::memmem::rfind(line, said))
        .max()
    else {
        return;
    };
    let start = word - line.len() + tag;
    let stop = text.len().min(word + 320);
    let stop = start + memchr::memchr(b'\n', &text[start..stop]).unwrap_or(stop - start);
    super::daemons::radius(hunt, start, stop);
}

/// `logged in as x`, `authenticated as x`.
pub(super) fn logged_in_as(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    let previous = word_before(text, word);
    let head = head(text, word, 24);
    // the broker of MQTT: `connected from … as sensor-7 (p2, c1, k60, u'anna').`
    let line = &text[at..text.len().min(at + 192)];
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    if let Some(start) = memchr::memmem::find(line, b", u'").map(|p| at + p + 4)
        && [&b" (p"[..], b" (c"].iter().any(|flags| memchr::memmem::find(line, flags).is_some())
        && let Some(length) = memchr::memchr(b'\'', &text[start..at + line.len()])
        && is_somebody(&text[start..start + length])
    {
        take(hunt, start, start + length);
    }
    let logged = previous == b"in" && (head.ends_with(b"ogged in ") || head.ends_with(b"igned in "));
    if !logged
        && !is_one_of(
            previous,
            &[b"authenticated", b"authenticate", b"login", b"logon", b"logging", b"connected", b"bind"],
        )
    {
        return;
    }
    // `User anna@192.0.2.7 logged in as pyvmomi Python/3.9`: an agent (RFC 9110 section 10.1.5)
    let agent = tail(text, at, 48);
    if memchr::memchr(b'/', agent).is_some_and(|slash| agent.get(slash + 1).is_some_and(u8::is_ascii_digit)) {
        return;
    }
    // polkit: `authenticated as unix-user:anna to gain …`; MongoDB: `authenticated as principal anna on shop`
    let kinds = [&b"unix-user:"[..], b"principal "];
    let at = at + kinds.iter().find(|kind| text[at..].starts_with(kind)).map_or(0, |kind| kind.len());
    if let Some((start, end)) = name_at(text, at)
        && is_somebody(&text[start..end])
    {
        take(hunt, start, end);
    }
}

/// `remote: Permission to team/repo.git denied to x.`
pub(super) fn let_in_or_denied(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    let previous = word_before(text, word);
    if previous != b"denied" && previous != b"Authorized" {
        return;
    }
    // sshd: `Authorized to anna, krb5 principal anna@EXAMPLE.COM (krb5_kuserok)`
    let ends = |after: &[u8]| match previous {
        b"denied" => ends_record(after.strip_prefix(b".").unwrap_or(after)),
        _ => after.starts_with(b", krb5 principal "),
    };
    if let Some((start, end)) = name_at(text, at)
        && ends(&text[end..])
        && is_somebody(&text[start..end])
    {
        take(hunt, start, end);
    }
}
