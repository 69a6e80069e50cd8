//! Allow-lists: values that are left alone although a detector found them.

mod builtin;
mod canonical;

use std::collections::HashSet;
use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use builtin::{is_built_in, is_special_v4};

use crate::error::Error;
use crate::finding::TypeId;
use canonical::{MAX_CANONICAL_BYTES, canonical, embedded_ipv4, ipv4, ipv6};

/// A compiled allow-list. Asking it costs a few nanoseconds for an address while it is short.
#[derive(Clone, Default)]
pub struct Allow {
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
    /// Lower case, without the `@`; a domain covers its subdomains.
    domains: Vec<Vec<u8>>,
    exact: HashSet<Box<[u8]>>,
    /// The exact entries' forms, by type, to meet other spellings.
    forms: HashSet<(u8, Box<[u8]>)>,
    regexes: Vec<Regex>,
    entries: Vec<String>,
    /// What is allowed by default is asked for, too: `explain` shows what would be found.
    lifts_built_in: bool,
}

/// The named sets and their networks (RFC 1918, 4193, 3927, 4291, 6598, 5737, 3849, 9637).
const SETS: [(&str, &[&str]); 4] = [
    ("@private", &["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]),
    ("@link-local", &["169.254.0.0/16", "fe80::/10"]),
    ("@cgnat", &["100.64.0.0/10"]),
    ("@doc", &["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"]),
];

/// Domains that RFC 2606 and RFC 6761 keep for documentation and tests; part of `@doc`.
const DOC_DOMAINS: [&str; 6] = ["example.com", "example.net", "example.org", "example", "test", "invalid"];

/// Said of a regex without its text: a flag's may be what must not be shown.
const REGEX_HELP: &str = "an allow-list regex can't be compiled: is a bracket open? Look-around and \
     back-references are not in the syntax (docs.rs/regex)";

/// Types whose values are spelled in several ways, so that an exact entry is compared by form.
const FORMS: [TypeId; 11] = [
    TypeId::EMAIL,
    TypeId::PHONE,
    TypeId::MAC,
    TypeId::UUID,
    TypeId::CARD,
    TypeId::IBAN,
    TypeId::IMEI,
    TypeId::IMSI,
    TypeId::ICCID,
    TypeId::NATIONAL_ID,
    TypeId::VIN,
];

/// Whether a text is an address, or numbers and full stops as a mistyped one is.
fn is_like_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
        || text.contains('.') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

impl Allow {
    /// Adds one entry: a value (compared whole, in its canonical form), an address or CIDR network,
    /// a named set (`@private`, `@link-local`, `@cgnat`, `@doc`), `@example.com` for a domain and
    /// its subdomains, or `/regex/`, which must match the whole decoded value.
    ///
    /// # Errors
    /// An unknown set or a regex that can't be compiled (`is_policy`). The entry is not quoted.
    pub fn add(&mut self, entry: &str) -> Result<(), Error> {
        let entry = entry.trim();
        if entry.is_empty() {
            return Err(Error::policy("an allow-list entry is empty"));
        }
        self.entries.push(entry.to_owned());
        if let Some(pattern) = entry.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            return self.add_regex(pattern);
        }
        if let Some(name) = entry.strip_prefix('@') {
            return self.add_set_or_domain(entry, name);
        }
        if let Ok(network) = entry.parse::<IpNet>() {
            self.add_net(network);
        } else if let Ok(address) = entry.parse::<IpAddr>() {
            self.add_net(IpNet::from(address));
        } else if entry.split_once('/').is_some_and(|(address, _)| is_like_address(address)) {
            return Err(Error::policy("a network is an address, `/` and 0 to 32 bits, for IPv6 0 to 128"));
        } else if is_like_address(entry) && entry.split('.').count() == 4 {
            return Err(Error::policy("an IPv4 address is four numbers of 0 to 255, without leading zeros"));
        } else {
            self.add_exact(entry.as_bytes());
        }
        Ok(())
    }

    /// Adds the entries of a text: one a line; empty lines and lines after `#` are left out.
    ///
    /// # Errors
    /// As [`Allow::add`], with the line's number.
    pub fn add_lines(&mut self, text: &str) -> Result<(), Error> {
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                self.add(line).map_err(|error| Error::policy(format!("line {}: {error}", number + 1)))?;
            }
        }
        Ok(())
    }

    fn add_regex(&mut self, pattern: &str) -> Result<(), Error> {
        let whole = format!(r"\A(?:{pattern})\z");
        let regex = Regex::builder()
            .configure(Regex::config().utf8_empty(false).nfa_size_limit(Some(4 << 20)))
            .syntax(syntax::Config::new().utf8(false))
            .build(&whole)
            .map_err(|_| Error::policy(REGEX_HELP))?;
        self.regexes.push(regex);
        Ok(())
    }

    fn add_set_or_domain(&mut self, entry: &str, name: &str) -> Result<(), Error> {
        if let Some((_, networks)) = SETS.iter().find(|(set, _)| *set == entry) {
            for network in *networks {
                if let Ok(network) = network.parse::<IpNet>() {
                    self.add_net(network);
                }
            }
            if entry == "@doc" {
                self.domains.extend(DOC_DOMAINS.map(|domain| domain.as_bytes().to_vec()));
            }
            return Ok(());
        }
        if !name.contains('.') {
            let known = SETS.map(|(set, _)| set);
            let near = crate::nearest::nearest(entry, known);
            let hint = near.map_or_else(|| known.join(", "), |near| format!("did you mean `{near}`?"));
            return Err(Error::policy(format!("no such allow-list set; {hint}")));
        }
        self.domains.push(name.to_ascii_lowercase().into_bytes());
        Ok(())
    }

    fn add_net(&mut self, network: IpNet) {
        match network {
            IpNet::V4(net) => insert(&mut self.v4, u32::from(net.network()), u32::from(net.broadcast())),
            IpNet::V6(net) => insert(&mut self.v6, u128::from(net.network()), u128::from(net.broadcast())),
        }
    }

    fn add_exact(&mut self, value: &[u8]) {
        self.exact.insert(value.into());
        for kind in FORMS {
            if let Some(form) =
                canonical(kind, value, &mut [0; MAX_CANONICAL_BYTES]).filter(|form| form.len() > 3)
            {
                self.forms.insert((kind.0, form.into()));
            }
        }
    }

    /// True if this value of this type is listed or allowed by default.
    pub(crate) fn spares(&self, kind: TypeId, value: &[u8]) -> bool {
        (!self.lifts_built_in && is_built_in(kind, value)) || self.has(kind, value)
    }

    /// The same for an IPv4 address that is read already.
    pub(crate) fn spares_v4(&self, address: u32, value: &[u8]) -> bool {
        (!self.lifts_built_in && is_special_v4(address)) || self.has(TypeId::IPV4, value)
    }

    /// The list without what is allowed by default.
    #[cfg(feature = "cli")]
    pub(crate) fn without_built_in(self) -> Self {
        Self { lifts_built_in: true, ..self }
    }

    /// True if nothing is listed.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries as they were written, in order.
    pub fn entries(&self) -> &[String] {
        &self.entries
    }

    /// True if this value of this type is listed.
    #[inline]
    pub fn has(&self, kind: TypeId, value: &[u8]) -> bool {
        !self.entries.is_empty() && self.has_entry(kind, value)
    }

    fn has_entry(&self, kind: TypeId, value: &[u8]) -> bool {
        // People log in by their address: where a login name was expected it is the same address.
        if matches!(kind, TypeId::USERNAME | TypeId::ACCOUNT_ID)
            && [TypeId::EMAIL, TypeId::IPV4, TypeId::IPV6].into_iter().any(|own| self.has_entry(own, value))
        {
            return true;
        }
        self.has_net(kind, value)
            || (kind == TypeId::EMAIL && self.has_domain(value))
            || self.has_exact(kind, value)
            || self.regexes.iter().any(|regex| regex.is_match(value))
    }

    fn has_net(&self, kind: TypeId, value: &[u8]) -> bool {
        let v4 = |address: Option<u32>| address.is_some_and(|address| within(&self.v4, address));
        match kind {
            TypeId::IPV4 => v4(ipv4(value)),
            TypeId::HOSTNAME_IP => v4(embedded_ipv4(value)),
            TypeId::IPV6 if !(self.v6.is_empty() && self.v4.is_empty()) => {
                ipv6(value).is_some_and(|address| {
                    within(&self.v6, address) || (address >> 32 == 0xffff && within(&self.v4, address as u32))
                })
            }
            _ => false,
        }
    }

    fn has_domain(&self, value: &[u8]) -> bool {
        let Some(at) = value.iter().rposition(|byte| *byte == b'@') else { return false };
        let host = value.get(at + 1..).unwrap_or_default();
        self.domains.iter().any(|domain| {
            let Some(before) = host.len().checked_sub(domain.len()) else { return false };
            let (head, tail) = host.split_at(before);
            tail.eq_ignore_ascii_case(domain) && (head.is_empty() || head.ends_with(b"."))
        })
    }

    fn has_exact(&self, kind: TypeId, value: &[u8]) -> bool {
        if self.exact.contains(value) {
            return true;
        }
        if self.forms.is_empty() || !FORMS.contains(&kind) {
            return false;
        }
        let mut buffer = [0; MAX_CANONICAL_BYTES];
        let Some(form) = canonical(kind, value, &mut buffer) else { return false };
        self.forms.contains(&(kind.0, Box::from(form)))
    }
}

/// Puts a range into a sorted list of disjoint ranges.
fn insert<T: Ord + Copy>(ranges: &mut Vec<(T, T)>, first: T, last: T) {
    let (mut first, mut last) = (first, last);
    ranges.retain(|(low, high)| {
        let apart = *high < first || last < *low;
        if !apart {
            first = first.min(*low);
            last = last.max(*high);
        }
        apart
    });
    let place = ranges.partition_point(|(low, _)| *low < first);
    ranges.insert(place, (first, last));
}

fn within<T: Ord + Copy>(ranges: &[(T, T)], value: T) -> bool {
    let place = ranges.partition_point(|(low, _)| *low <= value);
    place.checked_sub(1).and_then(|place| ranges.get(place)).is_some_and(|(_, high)| value <= *high)
}

impl fmt::Debug for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Allow({} entries)", self.entries.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[&str]) -> Allow {
        let mut allow = Allow::default();
        for entry in entries {
            allow.add(entry).unwrap();
        }
        allow
    }

    #[test]
    fn entries_cover_what_they_say() {
        let cases: &[(&[&str], TypeId, &[u8], bool)] = &[
            (&[], TypeId::IPV4, b"10.0.0.1", false),
            (&["@private"], TypeId::IPV4, b"10.0.0.1", true),
            (&["@private"], TypeId::IPV4, b"172.16.0.0", true),
            (&["@private"], TypeId::IPV4, b"172.15.255.255", false),
            (&["@private"], TypeId::IPV4, b"172.32.0.0", false),
            (&["@private"], TypeId::IPV6, b"fd00::1", true),
            (&["@private"], TypeId::IPV6, b"::ffff:192.168.1.1", true),
            (&["@private"], TypeId::IPV6, b"fe80::1", false),
            (&["@link-local"], TypeId::IPV6, b"fe80::1%eth0", true),
            (&["@cgnat"], TypeId::IPV4, b"100.127.255.255", true),
            (&["@cgnat"], TypeId::IPV4, b"100.128.0.0", false),
            (&["@doc"], TypeId::IPV4, b"203.0.113.9", true),
            (&["@doc"], TypeId::EMAIL, b"anna@mail.example.org", true),
            (&["@doc"], TypeId::EMAIL, b"anna@notexample.org", false),
            (&["192.0.2.0/24", "192.0.2.7", "192.0.3.0/24"], TypeId::IPV4, b"192.0.3.255", true),
            (&["192.0.2.7"], TypeId::IPV4, b"192.0.2.8", false),
            (&["2001:db8::/32"], TypeId::IPV6, b"2001:DB8:0::9", true),
            (&["203.0.113.0/24"], TypeId::HOSTNAME_IP, b"203-0-113-77.isp.example", true),
            (&["@example.com"], TypeId::EMAIL, b"a@EXAMPLE.com", true),
            (&["@example.com"], TypeId::EMAIL, b"a@b.example.com", true),
            (&["@example.com"], TypeId::EMAIL, b"a@badexample.com", false),
            (&["@example.com"], TypeId::EMAIL, b"a@example.com.evil.net", false),
            (&["@example.com"], TypeId::NAME, b"a@example.com", false),
            (&["Support@Example.com"], TypeId::EMAIL, b"support@example.com", true),
            (&["Support@Example.com"], TypeId::NAME, b"support@example.com", false),
            (&["+49 162 1234567"], TypeId::PHONE, b"00491621234567", true),
            (&["4111111111111111"], TypeId::CARD, b"4111-1111 1111.1111", true),
            (&["4111111111111111"], TypeId::CARD, b"4111-1111-1111-1112", false),
            (&["00:00:5e:00:53:01"], TypeId::MAC, b"0000.5E00.5301", true),
            (&["/test-[0-9]+/"], TypeId::USERNAME, b"test-12", true),
            (&["/test-[0-9]+/"], TypeId::USERNAME, b"xtest-12", false),
            (&["/test-[0-9]+/"], TypeId::USERNAME, b"test-12\n", false),
            (&["/(?-u:\\xff)+/"], TypeId::USERNAME, b"\xff\xff", true),
            (&["anna"], TypeId::USERNAME, b"", false),
            (&["@example.com"], TypeId::USERNAME, b"ann@mail.example.com", true),
            (&["@example.com"], TypeId::USERNAME, b"ann@example.org", false),
            (&["Ann@example.com"], TypeId::ACCOUNT_ID, b"ann@EXAMPLE.com", true),
            (&["@private"], TypeId::USERNAME, b"10.0.0.1", true),
        ];
        for (entries, kind, value, expect) in cases {
            let found = list(entries).has(*kind, value);
            assert_eq!(found, *expect, "{entries:?} {kind:?} {}", String::from_utf8_lossy(value));
        }
    }

    #[test]
    fn wrong_entries_are_refused_without_quoting_them() {
        for entry in ["", "  ", "/(/", "@privat", "192.0.2.0/33", "2001:db8::/x"] {
            let error = Allow::default().add(entry).unwrap_err();
            assert!(error.is_policy(), "{entry}");
        }
        assert!(Allow::default().add("@privat").unwrap_err().to_string().contains("@private"));
        let error = Allow::default().add_lines("# fine\nanna\n\n/secret(/\n").unwrap_err().to_string();
        assert!(error.contains("line 4") && !error.contains("secret"), "{error}");
    }

    #[test]
    fn ranges_join() {
        let mut ranges = vec![];
        for (first, last) in [(5u32, 9), (1, 2), (8, 12), (0, 0), (2, 5)] {
            insert(&mut ranges, first, last);
        }
        assert_eq!(ranges, [(0, 0), (1, 12)]);
    }
}
