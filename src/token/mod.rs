//! Tokens (being built).
