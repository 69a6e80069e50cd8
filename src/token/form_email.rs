//! E-mail tokens that keep the domain, for domains that the policy lists.

use super::canonical;

/// The listed domains, canonical and sorted.
#[derive(Default)]
pub(crate) struct Domains(Vec<Vec<u8>>);

impl Domains {
    pub(crate) fn new<'d>(domains: impl IntoIterator<Item = &'d str>) -> Self {
        let canonical = domains.into_iter().map(|domain| {
            let mut out = Vec::new();
            let domain = domain.strip_prefix('@').unwrap_or(domain);
            canonical::domain(domain.strip_suffix('.').unwrap_or(domain).as_bytes(), &mut out);
            out
        });
        let mut list: Vec<_> = canonical.filter(|domain| !domain.is_empty()).collect();
        list.sort();
        Self(list)
    }
    /// The `@domain` of a canonical address, if the domain is listed. A subdomain is not: its name
    /// may say whose it is.
    pub(crate) fn kept<'a>(&self, address: &'a [u8]) -> Option<&'a [u8]> {
        let at = address.iter().rposition(|&b| b == b'@')?;
        let kept = address.get(at..)?;
        self.lists(kept.get(1..)?).then_some(kept)
    }
    /// The length of `@` and the longest listed domain at the start of `text` that ends where a label
    /// may, or 0.
    pub(crate) fn listed_length(&self, text: &[u8]) -> usize {
        let Some(rest) = text.strip_prefix(b"@") else { return 0 };
        let ends = |length: usize| rest.get(length).is_none_or(|b| !b.is_ascii_alphanumeric());
        let fits = |domain: &&Vec<u8>| rest.starts_with(domain) && ends(domain.len());
        self.0.iter().filter(fits).map(|domain| 1 + domain.len()).max().unwrap_or(0)
    }
    /// Whether a canonical domain is listed.
    fn lists(&self, domain: &[u8]) -> bool {
        self.0.binary_search_by(|d| d.as_slice().cmp(domain)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_listed_domains_are_kept() {
        let domains = Domains::new(["Example.COM", "@bücher.example", ""]);
        let cases: [(&[u8], Option<&[u8]>); 8] = [
            (b"a@example.com", Some(b"@example.com")),
            (b"a@b@example.com", Some(b"@example.com")),
            (b"a@xn--bcher-kva.example", Some(b"@xn--bcher-kva.example")),
            (b"a@mail.example.com", None),
            (b"a@example.org", None),
            (b"example.com", None),
            (b"a@", None),
            (b"", None),
        ];
        for (address, kept) in cases {
            assert_eq!(domains.kept(address), kept);
        }
        for (text, length) in [
            ("@example.com", 12),
            ("@example.com.pdf", 12),
            ("@example.com-x", 12),
            ("@example.community", 0),
            ("@mail.example.com", 0),
            ("example.com", 0),
            ("@", 0),
            ("", 0),
        ] {
            assert_eq!(domains.listed_length(text.as_bytes()), length, "{text}");
        }
    }
}
