//! Record and findings to clean bytes: the only maker of [`Clean`].

mod clean;

pub use clean::{Clean, Revealed};
