//! Parallel redaction (being built).
