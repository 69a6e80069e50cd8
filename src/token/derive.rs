//! Keys from keys: one for each purpose, type, tenant and audience, and the ratchet of epochs.
//!
//! Everything is HKDF-Expand with SHA-256 (RFC 5869 section 2.3); ring secrets are 32 uniformly
//! random bytes, so they stand as the pseudorandom key and no extract step is needed (section 3.3).

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::finding::Group;

/// The first field of every `info`; a new format of tokens gets a new one.
const FORMAT: &[u8] = b"logveil/v1";

/// 32 secret bytes; wiped when dropped, never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
    /// The key of the next epoch; there is no way back.
    pub(crate) fn ratchet(&self) -> Secret {
        Secret(expand(self, &[b"ratchet"]))
    }
    /// The key below which all keys of a group's types stand, so that a group can outlive an epoch.
    pub(crate) fn group(&self, group: Group) -> GroupKey {
        GroupKey(Secret(expand(self, &[b"group", group.id().as_bytes()])))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What a derived key is for; no two purposes share a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    OneWay,
    Reversible,
    Ip,
    IpPrefix,
    CardFf1,
    Sealed,
    Suppression,
    SuppressionCheck,
}

impl Purpose {
    fn name(self) -> &'static [u8] {
        match self {
            Purpose::OneWay => b"one-way",
            Purpose::Reversible => b"reversible",
            Purpose::Ip => b"ip",
            Purpose::IpPrefix => b"ip-prefix",
            Purpose::CardFf1 => b"card-ff1",
            Purpose::Sealed => b"sealed",
            Purpose::Suppression => b"suppression",
            Purpose::SuppressionCheck => b"suppression-check",
        }
    }
}

/// Whose tokens they are: separate keys for each pair, so nobody links across them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Realm<'o> {
    pub tenant: &'o str,
    pub audience: &'o str,
}

/// The key of one group in one epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GroupKey(pub(crate) Secret);

impl GroupKey {
    /// The key for `purpose` and the type of that code; `N` bytes (16, 32 or 64).
    pub(crate) fn derive<const N: usize>(
        &self,
        purpose: Purpose,
        code: &str,
        realm: Realm<'_>,
    ) -> Zeroizing<[u8; N]> {
        let fields = [purpose.name(), code.as_bytes(), realm.tenant.as_bytes(), realm.audience.as_bytes()];
        expand(&self.0, &fields)
    }
    /// The key of the check symbols. It knows no tenant and no audience: a token made for one
    /// recipient must be left alone by the redactor that works for another.
    pub(crate) fn check(&self) -> Zeroizing<[u8; 16]> {
        expand(&self.0, &[b"check"])
    }
}

/// HKDF-Expand with `info` = the format, then each field, all led by their length as two bytes.
///
/// A field longer than 65,535 bytes can't come here: names are bounded by the policy; one that did
/// would be cut in the length only, not in the bytes, and stay deterministic.
fn expand<const N: usize>(key: &Secret, fields: &[&[u8]]) -> Zeroizing<[u8; N]> {
    let mut info = Vec::with_capacity(64);
    for field in std::iter::once(&FORMAT).chain(fields) {
        info.extend_from_slice(&(field.len() as u16).to_be_bytes());
        info.extend_from_slice(field);
    }
    let mut out = Zeroizing::new([0u8; N]);
    // Both can't fail: a key of 32 bytes is as long as the hash, N is at most 64 of 8,160.
    if let Ok(hkdf) = Hkdf::<Sha256>::from_prk(key.bytes()) {
        let done = hkdf.expand(&info, out.as_mut());
        debug_assert!(done.is_ok());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const REALM: Realm<'_> = Realm { tenant: "default", audience: "" };

    fn secret() -> Secret {
        Secret::new(std::array::from_fn(|i| i as u8 * 7 + 3))
    }

    #[test]
    fn keys_differ_by_every_field() {
        let k = secret();
        let base: Zeroizing<[u8; 32]> = k.group(Group::Network).derive(Purpose::OneWay, "ip", REALM);
        let others: [Zeroizing<[u8; 32]>; 6] = [
            k.group(Group::Contact).derive(Purpose::OneWay, "ip", REALM),
            k.group(Group::Network).derive(Purpose::IpPrefix, "ip", REALM),
            k.group(Group::Network).derive(Purpose::OneWay, "mac", REALM),
            k.group(Group::Network).derive(Purpose::OneWay, "ip", Realm { tenant: "a", audience: "" }),
            k.group(Group::Network).derive(Purpose::OneWay, "ip", Realm { tenant: "", audience: "default" }),
            k.ratchet().group(Group::Network).derive(Purpose::OneWay, "ip", REALM),
        ];
        for other in &others {
            assert_ne!(*base, **other);
        }
        let again: Zeroizing<[u8; 32]> = k.group(Group::Network).derive(Purpose::OneWay, "ip", REALM);
        assert_eq!(*base, *again);
        assert_ne!(*base, [0; 32]);
    }

    #[test]
    fn fields_do_not_run_together() {
        let g = secret().group(Group::Network);
        let a: Zeroizing<[u8; 32]> = g.derive(Purpose::Ip, "ip", Realm { tenant: "ab", audience: "c" });
        let b: Zeroizing<[u8; 32]> = g.derive(Purpose::Ip, "ip", Realm { tenant: "a", audience: "bc" });
        assert_ne!(*a, *b);
    }

    #[test]
    fn debug_shows_nothing() {
        let shown = format!("{:?} {:?}", secret(), secret().group(Group::Network));
        assert_eq!(shown, "Secret(..) GroupKey(Secret(..))");
    }
}
