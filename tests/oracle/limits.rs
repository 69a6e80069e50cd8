//! What a finding must be at least: a value by the loosest reading of its standard, not cut out of a word.

use logveil::{Finding, TypeId};

use crate::rules::{groups_v6, ipv4, is_label, passes_luhn};

/// Whether the engine may have found this, whatever stands around it.
pub fn check(line: &[u8], finding: &Finding) -> Result<(), &'static str> {
    let text =
        std::str::from_utf8(&line[finding.start..finding.end]).map_err(|_| "it is cut in a character")?;
    let (left, right) = (finding.start.checked_sub(1).map(|at| line[at]), line.get(finding.end).copied());
    let is_word = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    // `%3A192.0.2.1`: what stands before is an escape, not a word
    let behind_escape = finding.start.checked_sub(3).is_some_and(|at| line[at] == b'%');
    let left = left.filter(|_| !behind_escape);
    let is_cut = match finding.kind {
        // letters glued to it do not make it a number of something else
        TypeId::IPV4 => [left, right].iter().any(|byte| byte.is_some_and(|byte| byte.is_ascii_digit())),
        // of a local part longer than an address the last 254 bytes are taken, as far as the walk goes back
        TypeId::EMAIL => is_word(left) && text.find('@') != Some(254) || is_word(right),
        // a zone is only followed so far
        TypeId::IPV6 => is_word(left) || is_word(right) && !text.contains('%'),
        _ => is_word(left) || is_word(right),
    };
    if is_cut {
        return Err("it is cut out of a word");
    }
    let is_value = match finding.kind {
        TypeId::IPV4 => is_ipv4(text),
        TypeId::IPV6 => is_ipv6(text),
        TypeId::EMAIL => is_email(text),
        TypeId::PHONE => is_phone(text),
        TypeId::CARD => is_card(text),
        TypeId::MAC => is_mac(text),
        TypeId::IMEI => {
            digits(text).len() == 15 && only_digits_and(text, " -/.") && passes_luhn(&digits(text))
        }
        TypeId::UUID => is_uuid(text),
        _ => return Err("it is of none of the eight types"),
    };
    is_value.then_some(()).ok_or("it is no value of this type")
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn only_digits_and(text: &str, others: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || others.contains(c))
}

/// Four octets, all of three digits if one has a zero in front, and a prefix length.
fn is_ipv4(text: &str) -> bool {
    let (address, length) = text.split_once('/').unwrap_or((text, "0"));
    let octets: Vec<&str> = address.split('.').collect();
    let is_padded = octets.iter().all(|octet| octet.len() == 3);
    ipv4(address).is_some()
        || is_padded
            && octets.len() == 4
            && length.parse::<u8>().is_ok_and(|length| length <= 32)
            && octets.iter().all(|octet| octet.parse::<u8>().is_ok())
        || ipv4(text).is_some()
}

fn is_ipv6(text: &str) -> bool {
    let body = &text[..text.find(['%', '/']).unwrap_or(text.len())];
    groups_v6(body).is_some()
}

/// RFC 5321 section 4.5.3.1, but for a local part that is too long, which is taken whole; and a domain of at
/// least two labels, the last no number, or an address literal.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let labels: Vec<&str> = domain.split('.').collect();
    let is_host = labels.len() > 1
        && labels.iter().all(|label| is_label(label))
        && labels
            .last()
            .is_some_and(|last| last.len() > 1 && last.starts_with(|c: char| c.is_ascii_alphabetic()));
    let is_literal = ipv4(domain.trim_start_matches('[').trim_end_matches(']')).is_some();
    (1..=254).contains(&local.len()) && domain.len() <= 255 && (is_host || is_literal)
}

/// ITU-T E.164 section 6: at most 15 digits (16 where people write the trunk zero too, or a plan of before 1997
/// has one more), with a prefix for dialling abroad and an extension beside them.
fn is_phone(text: &str) -> bool {
    let count = digits(text).len();
    let body = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let has_extension =
        ["x", "ext", "ext.", "#", "x ", "ext ", "ext. "].iter().any(|mark| body.ends_with(mark));
    let most = if text.starts_with("00") { 18 } else { 16 } + if has_extension { 7 } else { 0 };
    (7..=most).contains(&count)
        && (has_extension || only_digits_and(text, "+ -./()"))
        && text.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '(')
}

/// ISO/IEC 7812-1: 12 to 19 digits with single separators; or a track with what ISO/IEC 7813 puts behind them.
fn is_card(text: &str) -> bool {
    let text = text.split_once('=').map_or(text, |(number, _)| number);
    let digits = digits(text);
    let is_split =
        text.split([' ', '-', '.', '+']).all(|group| !group.is_empty() && only_digits_and(group, ""));
    (12..=19).contains(&digits.len()) && is_split && passes_luhn(&digits)
}

/// Twelve or sixteen hex digits with separators of one kind; single digits only between colons.
fn is_mac(text: &str) -> bool {
    let hex = text.chars().filter(char::is_ascii_hexdigit).count();
    let separators: Vec<char> = text.chars().filter(|c| !c.is_ascii_hexdigit()).collect();
    let groups: Vec<&str> = text.split([':', '-', '.', '_']).collect();
    let even = [12, 16].contains(&hex) && groups.iter().all(|group| group.len() == groups[0].len());
    let short =
        groups.len() == 6 && text.contains(':') && groups.iter().all(|group| (1..=2).contains(&group.len()));
    groups.len() > 2
        && separators.iter().all(|c| *c == separators[0] && ":-._".contains(*c))
        && groups.iter().all(|group| !group.is_empty())
        && (even || short)
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}
