//! mark (being built).
