//! Mode `e`: AES-256-SIV (RFC 5297), the token's own prefix as associated data.

use aes_siv::KeyInit;
use aes_siv::siv::Aes256Siv;
use zeroize::Zeroizing;

/// Deterministic authenticated encryption of one type's values; one for each thread, because the
/// MAC inside keeps state.
pub(crate) struct SivCipher(Box<Aes256Siv>);

impl SivCipher {
    pub(crate) fn new(key: &Zeroizing<[u8; 64]>) -> Self {
        Self(Box::new(Aes256Siv::new(&(**key).into())))
    }
    /// Turns a value into vector and ciphertext in place. False if that can't be done.
    pub(crate) fn seal(&mut self, prefix: &[u8], value: &mut Vec<u8>) -> bool {
        self.0.encrypt_in_place([prefix], value).is_ok()
    }
    /// The value, if `sealed` was made with this key under this prefix.
    pub(crate) fn open(&mut self, prefix: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.0.decrypt([prefix], sealed).ok().map(Zeroizing::new)
    }
}
