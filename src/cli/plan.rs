//! From options to a scanner: policy, flags over it, kernel.

use std::io::Read;
use std::path::Path;

use super::args::{DetectArgs, InputKind, JsonNumbersArg};
use crate::error::Error;
use crate::policy::{JsonNumbers, Overrides, Policy};
use crate::scan::Scanner;
use crate::simd::Kernel;

/// The most bytes of an allow-list on standard input or in a file.
const MAX_LIST_BYTES: u64 = 64 << 20;

/// The policy that the options ask for.
///
/// # Errors
/// Names, actions or files that can't be used.
pub(super) fn policy_of(args: &DetectArgs) -> Result<Policy, Error> {
    if args.input != InputKind::Lines {
        return Err(Error::usage("--input is not there yet; leave it out"));
    }
    let numbers = args.json_numbers.map(|numbers| match numbers {
        JsonNumbersArg::Quote => JsonNumbers::Quote,
        JsonNumbersArg::Null => JsonNumbers::Null,
        JsonNumbersArg::Zero => JsonNumbers::Zero,
    });
    let flags = Overrides {
        policy: args.policy.clone(),
        patterns: args.patterns.clone(),
        only: args.only.clone(),
        skip: args.skip.clone(),
        actions: args.action.clone(),
        set: args.set.clone(),
        allow: allow_entries(&args.allow)?,
        region: args.region.clone(),
        line_format: args.line_format.clone(),
        json_numbers: numbers.map(|numbers| numbers.id().to_owned()),
        ..Overrides::default()
    };
    let policy = flags.policy(&Overrides::from_environment(&|name| std::env::var(name).ok()))?;
    if !args.print_policy {
        refuse_tokens_without_key(&policy, args.key_file.as_deref())?;
    }
    Ok(policy)
}

/// Prints the effective policy and where each value came from, when that was asked for.
///
/// # Errors
/// Standard output can't be written.
pub(super) fn print_policy(args: &DetectArgs, policy: &Policy) -> Result<bool, Error> {
    if args.print_policy {
        super::policy::print(&policy.to_toml(true))?;
    }
    Ok(args.print_policy)
}

/// What `--allow` names: an entry, `-` for a list on standard input, `@FILE` for one in a file.
fn allow_entries(given: &[String]) -> Result<Vec<String>, Error> {
    let mut entries = Vec::new();
    for entry in given {
        let list = match entry.strip_prefix('@') {
            None if entry == "-" => read_list(std::io::stdin()),
            // `@example.com` is a domain, unless there is a file of that name.
            Some(path) if path.contains('/') || Path::new(path).is_file() => {
                std::fs::File::open(path).and_then(read_list)
            }
            _ => {
                entries.push(entry.clone());
                continue;
            }
        };
        let list = list.map_err(|e| Error::io("--allow: the list can't be read", e))?;
        let lines = list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        entries.extend(lines.map(str::to_owned));
    }
    Ok(entries)
}

fn read_list(reader: impl Read) -> std::io::Result<String> {
    let mut text = String::new();
    reader.take(MAX_LIST_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

fn refuse_tokens_without_key(policy: &Policy, key_file: Option<&Path>) -> Result<(), Error> {
    let wants_tokens = policy.needs_key();
    let from_environment = std::env::var_os("LOGVEIL_KEY_FILE").is_some_and(|v| !v.is_empty());
    if wants_tokens && key_file.is_none() && !from_environment {
        return Err(Error::key(
            "the action `token` needs keys: make a ring with `logveil key new -o RING` and give it by \
             --key-file or LOGVEIL_KEY_FILE; nothing was read",
        ));
    }
    if wants_tokens {
        return Err(Error::key("the action `token` is not there yet; nothing was read"));
    }
    Ok(())
}

/// A scanner for a policy on the kernel that `LOGVEIL_KERNEL` asks for.
///
/// # Errors
/// A policy or kernel that can't be used.
pub(super) fn scanner_of(policy: &Policy) -> Result<Scanner, Error> {
    let kernel = forced_kernel()?;
    let scanner = Scanner::new(policy)?;
    Ok(match kernel {
        Some(kernel) => scanner.with_kernel(kernel),
        None => scanner,
    })
}

/// The kernel that `LOGVEIL_KERNEL` names, if it is set.
///
/// # Errors
/// A name that is unknown or that this CPU can't run.
pub(super) fn forced_kernel() -> Result<Option<Kernel>, Error> {
    match std::env::var_os("LOGVEIL_KERNEL") {
        None => Ok(None),
        Some(name) if name.is_empty() => Ok(None),
        Some(name) => name.to_str().and_then(Kernel::from_name).map(Some).ok_or_else(|| {
            let known: Vec<_> = Kernel::available().into_iter().map(Kernel::name).collect();
            Error::usage(format!("LOGVEIL_KERNEL: not a kernel of this CPU; use {}", known.join(", ")))
        }),
    }
}
