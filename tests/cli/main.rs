//! The command line from outside: options, exit codes, what goes where.

mod append;
mod explain;
mod files;
mod help;
mod in_place;
mod line_format;
mod metrics_listen;
mod options;
mod output;
mod patterns;
mod redact;
mod rollout;
mod scan;
mod signals;
mod support;
mod telling;
mod usage;
