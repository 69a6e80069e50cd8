//! The command line from outside: options, exit codes, what goes where.

mod append;
mod explain;
mod files;
mod help;
mod in_place;
mod options;
mod output;
mod patterns;
mod redact;
mod scan;
mod signals;
mod support;
mod usage;
