//! transform (being built).
