//! What a run tells about itself: counts and places, never found bytes unless somebody asked.

mod finding;
mod json;
mod stats;

pub use finding::{Place, evidence, json_line, text_line};
pub use json::Json;
pub use stats::{Stats, found_types};
