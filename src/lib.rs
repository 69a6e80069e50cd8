//! **logveil** finds personal data in log bytes and masks or tokenizes it.
//!
//! Everything outside the findings stays byte for byte as it was; JSON in is JSON out. Nothing is found
//! by guessing what a text means: names and addresses in prose without a key or a known sentence stay.
//!
//! ```
//! use logveil::{Clean, Policy, Scanner, Scratch, Summary};
//!
//! // One scanner for a policy, shared by all threads; a scratch for each thread.
//! let scanner = Scanner::new(&Policy::default())?;
//! let (mut scratch, mut clean, mut summary) = (Scratch::default(), Clean::new(), Summary::default());
//! scanner.redact(b"user=kim.lee ip=203.0.113.9 ok\n", &mut scratch, &mut clean, &mut summary);
//! assert_eq!(clean.as_bytes(), b"user=[USERNAME] ip=[IPV4] ok\n");
//! assert_eq!(summary.found_in_all(), 2);
//! # Ok::<(), logveil::Error>(())
//! ```
//!
//! | from | to | by |
//! |---|---|---|
//! | a text | a text | [`redact`] |
//! | a chunk of whole records | findings ([`Finding`], offsets only), or clean bytes | [`Scanner`] |
//! | portions of a stream | clean bytes | [`Redactor`], [`RedactReader`], [`RedactWriter`] |
//!
//! What is looked for and what is done with it is a [`Policy`]. With `default-features = false` there is no
//! thread, no network, no output and no file; the features are `policy-toml`, `idn`, `phone`, `token`,
//! `parallel`, `compress`, and `cli` for all of them and the program.
#![warn(missing_docs)]
// What only files of policies and rules reach is dead without the features that read them.
#![cfg_attr(not(feature = "cli"), allow(dead_code))]

mod action;
mod check;
mod classify;
mod codec;
mod context;
mod detect;
mod error;
mod fields;
mod finding;
mod frame;
mod mark;
mod nearest;
mod pack;
#[cfg(feature = "parallel")]
pub mod parallel;
mod plan;
pub mod policy;
pub mod report;
mod resolve;
pub mod rules;
mod scan;
mod simd;
#[cfg(feature = "cli")]
mod source;
mod stream;
#[cfg(feature = "token")]
pub mod token;
mod transform;

#[cfg(feature = "cli")]
pub mod cli;

pub use error::Error;
pub use finding::{Evidence, Finding, Group, Layers, TypeId};
pub use policy::{Action, Policy};
pub use scan::{Scanner, Scratch};
pub use simd::Kernel;
pub use stream::{RedactReader, RedactWriter, Redactor, Summary, redact};
pub use transform::Clean;
