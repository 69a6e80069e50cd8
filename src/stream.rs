//! stream (being built).
