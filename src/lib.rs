//! **logveil** finds personal data in log bytes and masks or tokenizes it.
//!
//! Everything outside the findings stays byte for byte as it was.
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
pub use stream::{RedactReader, RedactWriter, Redactor, Summary};
pub use transform::Clean;
