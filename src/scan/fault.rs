//! A panic on demand: tests see what a bug of ours would show. Release builds and libraries have none of it.

use std::sync::OnceLock;

/// Panics if the chunk holds the word of `LOGVEIL_TEST_PANIC`, and says the whole chunk as it does:
/// the worst that a bug could say.
pub(super) fn panic_if_asked(chunk: &[u8]) {
    static WORD: OnceLock<Option<String>> = OnceLock::new();
    let word = WORD.get_or_init(|| std::env::var("LOGVEIL_TEST_PANIC").ok().filter(|word| !word.is_empty()));
    if let Some(word) = word
        && memchr::memmem::find(chunk, word.as_bytes()).is_some()
    {
        panic!("asked for, at {}", String::from_utf8_lossy(chunk));
    }
}
