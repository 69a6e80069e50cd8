//! pack (being built).
