//! The user names in sentences of log-ins that end with `for`: `Failed password for alice from …`.

use super::accept::Hunt;
use super::login_words::{OUTCOMES, behind_realm, ends_record};
use super::logins::{is_from_address, is_somebody, name_at};
use super::phrases::{head, is_one_of, slot, tail, word_before};
use crate::check::absent::is_absent;
use crate::check::words::Words;
use crate::context::before;
use crate::finding::TypeId;
use crate::rules;

/// `Failed password for alice from …`, `Successful su for bob by root`, `FOR 'petra'`.
pub(super) fn user(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    static METHODS: Words<12> = Words::new([
        b"password",
        b"publickey",
        b"exceeded",
        b"none",
        b"keyboard-interactive/pam",
        b"keyboard-interactive",
        b"gssapi-with-mic",
        b"hostbased",
        b"hostkey",
        b"challenge-response",
        b"failure",
        b"rhosts-rsa",
    ]);
    // with the outcomes, all behind which a name stands that nothing encloses and no address follows
    static SAID: Words<10> = Words::new([
        b"error",
        b"authentication",
        b"failures",
        b"su",
        b"changed",
        b"expiry",
        b"login",
        b"logon",
        b"opened",
        b"closed",
    ]);
    let text = hunt.text;
    let previous = word_before(text, word);
    if previous.eq_ignore_ascii_case(b"password") && matches!(text[at], b'\'' | b'"') {
        super::commands::set_password(hunt, at);
    }
    let Some((start, end)) = name_at(text, at) else { return };
    let (name, after) = (&text[start..end], tail(text, end, 96));
    let after = after.strip_prefix(b"'").filter(|_| start > at).unwrap_or(after);
    let after = behind_realm(name, after);
    // `Login succeeded for anna/Staff (session:00000000) from 203.0.113.7`
    let comes_from_address = is_from_address(after);
    let is_method = METHODS.contains(previous);
    let is_outcome = OUTCOMES.contains(previous);
    if start == at && !comes_from_address && !is_method && !is_outcome && !SAID.contains(previous) {
        return;
    }
    let may_end = after.starts_with(b" (session:") || comes_from_address || ends_record(after);
    let role = memchr::memchr(b'/', name)
        .filter(|slash| *slash > 0 && may_end && name.get(slash + 1).is_some_and(u8::is_ascii_uppercase));
    let (name, end) = role.map_or((name, end), |slash| (&name[..slash], start + slash));
    if matches!(name, b"invalid" | b"illegal" | b"user")
        || name.starts_with(b"sip:")
        || name.starts_with(b"sips:")
    {
        return;
    }
    let is_erred = previous == b"error" && text[..word].ends_with(b"uthentication error ");
    if (is_method || is_erred) && after.starts_with(b" from ")
        // LemonLDAP::NG: `Bad password for anna (192.0.2.7)`
        || previous == b"password" && text[..word].ends_with(b"ad password ") && is_address_behind(after)
        // `AuthError: bad password for anna`
        || previous == b"password"
            && (ends_record(after) || after.starts_with(b", "))
            && [&b"bad "[..], b"wrong ", b"incorrect ", b"invalid "].iter().any(|how| {
                let said = head(text, word, 24).strip_suffix(b"password ").unwrap_or_default();
                said.len() >= how.len() && said[said.len() - how.len()..].eq_ignore_ascii_case(how)
            })
            && is_somebody(name)
        // sshd: `Too many authentication failures for anna [preauth]`
        || previous == b"failures" && after.starts_with(b" [preauth]") && name != b"admin"
        || comes_from_address && memchr::memmem::find(after, b" port ").is_some()
    {
        return hunt.accept(slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
    }
    let is_changed = previous.eq_ignore_ascii_case(b"password")
        && [&b" changed"[..], b" reset", b" expired", b" updated", b" rejected"]
            .iter()
            .any(|w| after.starts_with(w));
    let switched =
        previous == b"su" || is_changed || matches!(previous, b"changed" | b"expiry") && ends_record(after);
    let at_terminal = start > at
        && before(text, word.saturating_sub(1)) == b'\''
        && &text[word..at] == b"FOR "
        && !is_absent(name)
        || start > at && is_one_of(previous, &[b"access-accept", b"access-reject", b"query", b"permissions"]);
    let tried = is_erred || is_one_of(previous, &[b"login", b"logon", b"authentication"]);
    let failed = (tried || is_outcome)
        && (comes_from_address
            || after.starts_with(b" against ")
            || after.starts_with(b" on ") && memchr::memmem::find(after, b" from client ").is_some()
            || after.starts_with(b" on /dev/")
            || after.starts_with(b" (auth:")
            || after.starts_with(b" (ID: ")
            || role.is_some());
    // Elasticsearch: `Password authentication failed for anna`
    let failed = failed || ends_record(after) && text[..word].ends_with(b"Password authentication failed ");
    // `Password authentication failed for 'anna' from IP: …`, `Authentication failed for 'anna' : password mismatch`
    let told = start > at
        && matches!(text[at], b'\'' | b'"' | b'`')
        && [&b"uthentication failed "[..], b"ogin failed ", b"ogon failed ", b"ubkey auth succeeded "]
            .iter()
            .any(|what| text[..word].ends_with(what));
    // `auth could not identify password for [x]`
    let refused = previous == b"failed"
        && start > at
        && text[at] == b'['
        && text[..word].ends_with(b"uthentication failed ");
    // strongSwan: `EAP method EAP_MSCHAPV2 succeeded for anna, MSK established`
    let by_eap = is_one_of(previous, &[b"succeeded", b"failed"])
        && (ends_record(after) || after.starts_with(b", "))
        && memchr::memmem::find(head(text, word, 48), b"EAP").is_some();
    // Drupal: `Login attempt failed for anna.`, `Session opened for anna.`
    let ends = ends_record(after.strip_prefix(b".").unwrap_or(after));
    let is_invalid = after.starts_with(b", invalid ") && text[..word].ends_with(b"ailed login attempt ");
    let attempted = is_invalid
        || ends
            && [&b"ogin attempt failed "[..], b"|Session opened ", b"|Session closed "]
                .iter()
                .any(|said| text[..word].ends_with(said));
    let asked = refused
        || previous == b"password"
            && start > at
            && text[at] == b'['
            && after.get(1..).is_some_and(ends_record);
    // Hadoop: `Auth successful for job_1745144423722_0020 (auth:SIMPLE)`
    let is_job = name.iter().filter(|b| b.is_ascii_digit()).count() > 9;
    if at_terminal
        || asked
        || (switched || failed || told || by_eap || attempted) && !is_job && is_somebody(name)
    {
        hunt.accept(slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
    }
}

/// An address in parentheses.
fn is_address_behind(after: &[u8]) -> bool {
    let Some(rest) = after.strip_prefix(b" (") else { return false };
    let length =
        rest.iter().take(48).take_while(|b| b.is_ascii_hexdigit() || matches!(b, b'.' | b':')).count();
    rest.get(length) == Some(&b')') && rest[..length].iter().any(|b| matches!(b, b'.' | b':'))
}
