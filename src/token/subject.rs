//! All tokens that a value has or had: under every live key and epoch, in every form.

use super::ring::{Key, KeyRing};
use super::syntax::Kid;
use super::tokenizer::{TokenOptions, TokenScratch, Tokenizer};
use crate::action::TokenForm;
use crate::error::Error;
use crate::finding::TypeId;

/// One token of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectToken {
    /// The key that makes it.
    pub kid: Kid,
    /// The key's epoch, if the ring has epochs.
    pub epoch: Option<u32>,
    /// Its form.
    pub form: TokenForm,
    /// The token itself; an address for [`TokenForm::IpPrefix`], digits for [`TokenForm::CardFf1`].
    pub text: String,
}

/// The tokens of `value` (any spelling) as a value of `kind`, for the options' tenant, audience and
/// bits. An e-mail token that keeps its domain begins with the one-way token given here.
///
/// # Errors
/// Unusable options or ring.
pub fn subject_tokens(
    ring: &KeyRing,
    options: &TokenOptions,
    kind: TypeId,
    value: &[u8],
) -> Result<Vec<SubjectToken>, Error> {
    const FORMS: [TokenForm; 5] =
        [TokenForm::OneWay, TokenForm::Reversible, TokenForm::Ip, TokenForm::IpPrefix, TokenForm::CardFf1];
    ring.check()?;
    let live = |key: &&Key| key.group_key(kind.group()).is_some();
    let mut tokens: Vec<SubjectToken> = Vec::new();
    for key in ring.keys().iter().filter(live) {
        let tokenizer = Tokenizer::with_key(ring, key, options)?;
        let mut scratch = TokenScratch::default();
        for form in FORMS.into_iter().filter(|form| form.fits(kind)) {
            let mut text = Vec::new();
            tokenizer.write(kind, form, value, &mut scratch, &mut text);
            let text = String::from_utf8_lossy(&text).into_owned();
            // A form that can't take the value falls back to another one, which stands here already.
            if !text.is_empty() && !tokens.iter().any(|known| known.text == text) {
                tokens.push(SubjectToken { kid: key.kid(), epoch: key.epoch(), form, text });
            }
        }
    }
    Ok(tokens)
}

/// A tokenizer for each live key of the ring, the one that writes today's tokens first.
///
/// # Errors
/// Unusable options or ring.
#[cfg(feature = "cli")]
pub(crate) fn live_tokenizers(ring: &KeyRing, options: &TokenOptions) -> Result<Vec<Tokenizer>, Error> {
    let mut tokenizers = vec![Tokenizer::new(ring, options)?];
    let writes = tokenizers.first().map(Tokenizer::kid);
    for key in ring.keys().iter().filter(|key| Some(key.kid()) != writes && !key.groups().is_empty()) {
        tokenizers.push(Tokenizer::with_key(ring, key, options)?);
    }
    Ok(tokenizers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::date::Moment;
    use crate::token::ring::KeyStatus;
    use crate::token::tokenizer_tests::fixed_ring;

    fn forms(ring: &KeyRing, kind: TypeId, value: &str) -> Vec<TokenForm> {
        let tokens = subject_tokens(ring, &TokenOptions::default(), kind, value.as_bytes()).unwrap();
        tokens.iter().map(|token| token.form).collect()
    }

    #[test]
    fn every_form_of_every_live_key() {
        use TokenForm::*;
        let mut ring = fixed_ring(1);
        assert_eq!(forms(&ring, TypeId::EMAIL, "jane@example.com"), [OneWay, Reversible]);
        assert_eq!(forms(&ring, TypeId::IPV4, "192.0.2.1"), [OneWay, Reversible, Ip, IpPrefix]);
        assert_eq!(forms(&ring, TypeId::CARD, "4111111111111111"), [OneWay, Reversible, CardFf1]);
        assert_eq!(forms(&ring, TypeId::CARD, "4"), [OneWay, Reversible], "the fallback stands once");
        let old = ring.primary().unwrap().kid();
        ring.add_random(KeyStatus::Primary, Moment(1)).unwrap();
        assert_eq!(forms(&ring, TypeId::EMAIL, "jane@example.com").len(), 4);
        ring.destroy(old, Moment(2)).unwrap();
        assert_eq!(forms(&ring, TypeId::EMAIL, "jane@example.com").len(), 2);
    }

    #[test]
    fn what_was_written_is_found_after_the_epoch_while_its_group_is_kept() {
        let mut ring = fixed_ring(1);
        // Only contact data is kept, for nine days.
        ring.start_epochs(86_400, Moment(0), [0, 0, 0, 9 * 86_400, 0, 0, 0, 0]).unwrap();
        let written =
            subject_tokens(&ring, &TokenOptions::default(), TypeId::EMAIL, b"jane@example.com").unwrap();
        ring.advance(Moment(3 * 86_400)).unwrap();
        let later =
            subject_tokens(&ring, &TokenOptions::default(), TypeId::EMAIL, b"JANE@example.com").unwrap();
        assert_eq!(later[..2], written[..]);
        assert_eq!(later.len(), 8, "epochs 0 to 3");
        assert_eq!(forms(&ring, TypeId::IPV4, "192.0.2.1").len(), 4, "the current epoch alone");
        ring.advance(Moment(20 * 86_400)).unwrap();
        let gone =
            subject_tokens(&ring, &TokenOptions::default(), TypeId::EMAIL, b"jane@example.com").unwrap();
        assert!(!gone.iter().any(|token| written.contains(token)));
    }
}
