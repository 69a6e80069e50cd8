//! Shared arithmetic: check digits, entropy. One check a file; every function is total and never panics.

pub(crate) mod absent;
pub(crate) mod base58;
pub(crate) mod bech32;
pub(crate) mod border;
pub(crate) mod bytes;
pub(crate) mod calendar;
pub(crate) mod crc32;
pub(crate) mod digits;
pub(crate) mod entropy;
pub(crate) mod filler;
pub(crate) mod luhn;
pub(crate) mod mod11;
pub(crate) mod mod97;
pub(crate) mod phrase;
pub(crate) mod random;
pub(crate) mod separator;
pub(crate) mod verhoeff;
pub(crate) mod words;
