//! Shared arithmetic: check digits, entropy. One check a file; every function is total and never panics.
