//! `[token]`: how tokens are made and where their keys come from.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::Policy;
use super::apply::Layer;
use super::print::{quoted, quoted_list};
use super::raw::RawToken;
use crate::error::Error;

/// What a policy says about its tokens; what it leaves out is [`crate::token::TokenOptions`]' default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenSettings {
    /// Bits of a one-way token: 64, 80, 96 or 128.
    pub bits: Option<u16>,
    /// Bits of a one-way token of a card: 64, 80, 96 or 128.
    pub card_bits: Option<u16>,
    /// The domains that `token:email-domain` keeps.
    pub email_domains: Option<Vec<String>>,
    /// A program and its arguments that print the key ring.
    pub key_command: Option<Vec<String>>,
    /// Who receives the tokens: recipients can't link their copies.
    pub audience: Option<String>,
    /// Whose logs they are.
    pub tenant: Option<String>,
    /// The epoch whose key makes the tokens, to repeat a run.
    pub epoch: Option<u32>,
    /// The file of the public key that `token:sealed` seals values to.
    pub seal_to: Option<PathBuf>,
    /// The file of a suppression list: who was erased and stays so.
    pub suppress: Option<PathBuf>,
}

impl TokenSettings {
    /// The names of the settings.
    pub(super) const KEYS: [&'static str; 9] = [
        "bits",
        "card_bits",
        "email_domains",
        "key_command",
        "audience",
        "tenant",
        "epoch",
        "seal_to",
        "suppress",
    ];

    /// Puts what `over` says over this.
    pub(crate) fn lay(&mut self, over: &TokenSettings) {
        fn put<T: Clone>(to: &mut Option<T>, from: &Option<T>) {
            if from.is_some() {
                to.clone_from(from);
            }
        }
        put(&mut self.bits, &over.bits);
        put(&mut self.card_bits, &over.card_bits);
        put(&mut self.email_domains, &over.email_domains);
        put(&mut self.key_command, &over.key_command);
        put(&mut self.audience, &over.audience);
        put(&mut self.tenant, &over.tenant);
        put(&mut self.epoch, &over.epoch);
        put(&mut self.seal_to, &over.seal_to);
        put(&mut self.suppress, &over.suppress);
    }

    /// The options of a tokenizer, but for the public key and the suppression list: their files are
    /// still to be read (`SealKey::read`, `SuppressionList::read`).
    #[cfg(feature = "token")]
    pub fn options(&self) -> crate::token::TokenOptions {
        let mut options = crate::token::TokenOptions { epoch: self.epoch, ..Default::default() };
        options.bits = self.bits.unwrap_or(options.bits);
        options.card_bits = self.card_bits.unwrap_or(options.card_bits);
        options.email_domains = self.email_domains.clone().unwrap_or_default();
        options.audience = self.audience.clone().unwrap_or_default();
        options.tenant = self.tenant.clone().unwrap_or(options.tenant);
        options
    }

    /// As TOML, the title included; empty if nothing is set.
    pub(super) fn to_toml(&self) -> String {
        let mut out = String::new();
        let mut line = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                let lead = if out.is_empty() { "\n[token]\n" } else { "" };
                let _ = writeln!(out, "{lead}{key} = {value}");
            }
        };
        line("bits", self.bits.map(|bits| bits.to_string()));
        line("card_bits", self.card_bits.map(|bits| bits.to_string()));
        line("email_domains", self.email_domains.as_deref().map(quoted_list));
        line("key_command", self.key_command.as_deref().map(quoted_list));
        line("audience", self.audience.as_deref().map(quoted));
        line("tenant", self.tenant.as_deref().map(quoted));
        line("epoch", self.epoch.map(|epoch| epoch.to_string()));
        let path = |path: &Option<PathBuf>| path.as_deref().map(|path| quoted(&path.to_string_lossy()));
        line("seal_to", path(&self.seal_to));
        line("suppress", path(&self.suppress));
        out
    }
}

/// Lays a file's `[token]` over the policy's.
pub(super) fn lay_over(layer: &Layer<'_>, policy: &mut Policy) -> Result<(), Error> {
    let Some(raw) = &layer.raw.token else { return Ok(()) };
    let RawToken { bits, card_bits, email_domains, key_command, audience, tenant, epoch, seal_to, suppress } =
        raw;
    for bits in [bits, card_bits].into_iter().flatten() {
        if !matches!(bits.get_ref(), 64 | 80 | 96 | 128) {
            return Err(layer.source.error(&bits.span(), "a one-way token has 64, 80, 96 or 128 bits"));
        }
    }
    if let Some(command) = key_command
        && command.get_ref().is_empty()
    {
        return Err(layer.source.error(&command.span(), "the key command is empty; name a program"));
    }
    policy.token.lay(&TokenSettings {
        bits: bits.as_ref().map(|bits| *bits.get_ref()),
        card_bits: card_bits.as_ref().map(|bits| *bits.get_ref()),
        email_domains: email_domains.clone(),
        key_command: key_command.as_ref().map(|command| command.get_ref().clone()),
        audience: audience.clone(),
        tenant: tenant.clone(),
        epoch: *epoch,
        seal_to: seal_to.as_ref().map(|path| layer.folder.join(path)),
        suppress: suppress.as_ref().map(|path| layer.folder.join(path)),
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_printed_and_laid_over() {
        let text = "[token]\nbits = 96\ncard_bits = 64\nemail_domains = [\"example.com\"]\n\
                    key_command = [\"age\", \"-d\"]\naudience = \"press\"\ntenant = \"a\"\nepoch = 3\n\
                    seal_to = \"/etc/seal.pub\"\nsuppress = \"/etc/erased.list\"\n";
        let policy = Policy::from_toml("p.toml", text).unwrap();
        assert_eq!(policy.token().bits, Some(96));
        assert_eq!(policy.token().seal_to.as_deref(), Some(std::path::Path::new("/etc/seal.pub")));
        let again = Policy::from_toml("p.toml", &policy.to_toml(true)).unwrap();
        assert_eq!(again.token(), policy.token());
        assert_eq!(again.digest(), policy.digest());
        assert_ne!(Policy::default().digest(), policy.digest());
        let options = policy.token().options();
        assert_eq!((options.bits, options.card_bits, options.epoch), (96, 64, Some(3)));
        assert_eq!((options.tenant.as_str(), options.audience.as_str()), ("a", "press"));
        assert_eq!(TokenSettings::default().options(), crate::token::TokenOptions::default());
    }

    #[test]
    fn wrong_settings_are_refused() {
        for text in ["bits = 72", "card_bits = 0", "key_command = []", "key = \"x\"", "epoch = -1"] {
            let error = Policy::from_toml("p.toml", &format!("[token]\n{text}\n")).unwrap_err();
            assert!(error.is_policy() && error.to_string().contains("p.toml:2"), "{text}: {error}");
        }
    }
}
