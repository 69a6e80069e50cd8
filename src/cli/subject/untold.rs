//! Tokens that no key at hand can tell: the person may stand behind them, and nobody would know.

use std::cell::Cell;

use crate::cli::message::complain;
use crate::mark::starts_token;
use crate::token::{KeyRing, KeyStatus, token_kind};

/// Counts them in the lines that were looked at.
pub(super) struct Untold {
    /// The names of keys whose tokens of the person are known.
    live: Vec<String>,
    has_ring: bool,
    count: Cell<u64>,
}

impl Untold {
    pub fn new(ring: Option<&KeyRing>) -> Self {
        let keys = ring.map_or(&[][..], KeyRing::keys).iter();
        let live = keys.filter(|key| key.status() != KeyStatus::Destroyed).map(|key| key.kid().to_string());
        Self { live: live.collect(), has_ring: ring.is_some(), count: Cell::new(0) }
    }

    /// Looks for tokens of other keys in a line.
    pub fn look(&self, line: &[u8]) {
        let Some(last) = memchr::memrchr(b'_', line) else { return };
        let mut at = 0;
        while let Some(rest) = line.get(at..).filter(|_| at < last) {
            at += match token_kind(rest).filter(|_| starts_token(line, at)) {
                Some((_, length)) => {
                    // `{code}_{mode}{kid}_`
                    let kid = rest.iter().position(|byte| *byte == b'_').and_then(|p| rest.get(p + 2..p + 6));
                    let is_live = self.live.iter().any(|live| Some(live.as_bytes()) == kid);
                    self.count.set(self.count.get() + u64::from(!is_live));
                    length
                }
                None => 1,
            };
        }
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        self.count.get()
    }

    /// Says so, if there were any.
    pub fn tell(&self) {
        match (self.count(), self.has_ring) {
            (0, _) => {}
            (count, false) => complain(&format_args!(
                "{count} tokens could not be told whose they are: name the key ring with --key-file or \
                 LOGVEIL_KEY_FILE"
            )),
            (count, true) => complain(&format_args!(
                "{count} tokens are of keys that this ring does not have (any more); whose they are can't be told"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Kid, Moment};

    #[test]
    fn tokens_of_other_keys_are_counted() {
        let mut ring = KeyRing::generate(Moment(0)).unwrap();
        let (old, at) = (ring.primary().unwrap().kid(), Moment(1));
        ring.add_random(KeyStatus::Primary, at).unwrap();
        let new = ring.primary().unwrap().kid();
        let token = |kid: Kid| format!("email_h{kid}_0123456789abcdefghij");
        let line =
            format!("a_b {} x={}@example.com y_{} \\n{}", token(old), token(new), token(old), token(old));
        let count = |ring: Option<&KeyRing>, line: &str| {
            let untold = Untold::new(ring);
            untold.look(line.as_bytes());
            untold.count()
        };
        assert_eq!(count(None, &line), 3);
        assert_eq!(count(Some(&ring), &line), 0);
        ring.destroy(old, at).unwrap();
        assert_eq!(count(Some(&ring), &line), 2);
        assert_eq!(count(None, ""), 0);
        assert_eq!(count(None, "plain_text and __ only"), 0);
    }
}
