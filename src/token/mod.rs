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
mod form_siv;
mod mac;
mod memo;
mod ring;
mod ring_file;
#[cfg(test)]
mod ring_tests;
mod ring_text;
mod source;
mod subject;
mod syntax;
mod tokenizer;
#[cfg(test)]
mod tokenizer_tests;
#[cfg(test)]
mod vector_tests;

pub use crate::action::TokenForm;
#[cfg(feature = "cli")]
pub(crate) use canonical::{address, render, write as write_canonical};
pub use date::{Moment, parse_span};
pub use detokenize::{Detokenizer, Opened, Refusal};
pub use ring::{Epochs, Key, KeyRing, KeyStatus, MAX_KEYS};
pub use ring_file::{create as create_ring_file, update as update_ring_file};
pub use source::KeySource;
pub use subject::{SubjectToken, subject_tokens};
#[cfg(feature = "cli")]
pub(crate) use syntax::token_kind;
pub use syntax::{Kid, looks_like_token};
pub use tokenizer::{TokenOptions, TokenScratch, Tokenizer};
