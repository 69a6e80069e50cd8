//! simd (being built).
