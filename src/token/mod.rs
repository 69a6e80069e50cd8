//! Tokens: the same value, the same token, and no way back without the key.
//!
//! A [`KeyRing`] holds secrets, a [`Tokenizer`] derives from it one key for each purpose, type,
//! tenant and audience and writes tokens, [`looks_like_token`] knows their grammar.
//!
//! "One way" means without the key. Whoever holds it can try all values of a small domain (all IPv4
//! addresses take minutes); only destroying the key ends that. By chance, two of n values share an
//! 80-bit token with a probability of about n²/2⁸¹: one in a trillion for a million values.

mod canonical;
mod date;
mod derive;
mod detokenize;
mod ff1;
mod form_card;
mod form_email;
mod form_ip;
mod form_sealed;
mod form_siv;
mod home;
mod json_place;
mod mac;
mod memo;
mod reveal;
mod ring;
mod ring_file;
#[cfg(test)]
mod ring_tests;
mod ring_text;
mod seal_key;
mod source;
mod subject;
mod suppress;
mod syntax;
mod tokenizer;
#[cfg(test)]
mod tokenizer_tests;
#[cfg(test)]
mod vector_tests;

pub use crate::action::TokenForm;
#[cfg(feature = "cli")]
pub(crate) use canonical::{address, render};
pub use date::{Moment, parse_span};
pub use detokenize::{Detokenizer, Opened, Refusal};
#[cfg(feature = "cli")]
pub(crate) use home::Home;
#[cfg(feature = "cli")]
pub(crate) use reveal::sealed_part;
pub use reveal::{Revealer, Unsealed};
pub use ring::{Epochs, Key, KeyRing, KeyStatus, MAX_KEYS};
#[cfg(feature = "cli")]
pub(crate) use ring_file::{Care, create_text};
pub use ring_file::{create as create_ring_file, update as update_ring_file};
pub use seal_key::{RevealKey, SealKey};
pub use source::KeySource;
#[cfg(feature = "cli")]
pub(crate) use subject::live_tokenizers;
pub use subject::{SubjectToken, subject_tokens};
pub use suppress::SuppressionList;
pub use syntax::{Kid, looks_like_token};
#[cfg(feature = "cli")]
pub(crate) use syntax::{token_kind, token_parts};
pub use tokenizer::{TokenOptions, TokenScratch, Tokenizer};
