//! From options to a scanner: policy, flags over it, kernel.

use std::io::Read;
use std::path::Path;

use super::args::{DetectArgs, InputKind, JsonNumbersArg};
use crate::error::Error;
use crate::policy::{Action, JsonNumbers, Policy};
use crate::scan::Scanner;
use crate::simd::Kernel;

/// The most bytes of an allow-list on standard input or in a file.
const MAX_LIST_BYTES: u64 = 64 << 20;

/// The policy that the options ask for.
///
/// # Errors
/// Names, actions or files that can't be used.
pub(super) fn policy_of(args: &DetectArgs) -> Result<Policy, Error> {
    for (given, option) in [
        (args.policy.is_some(), "--policy"),
        (!args.set.is_empty(), "--set"),
        (!args.patterns.is_empty(), "--patterns"),
        (args.input != InputKind::Lines, "--input"),
        (args.print_policy, "--print-policy"),
    ] {
        if given {
            return Err(Error::usage(format!("{option} is not there yet; leave it out")));
        }
    }
    let mut policy = Policy::default();
    if !args.only.is_empty() {
        policy = policy.only(&args.only).map_err(|e| unquoted("--only", &e, &args.only))?;
    }
    policy = policy.skip(&args.skip).map_err(|e| unquoted("--skip", &e, &args.skip))?;
    for text in &args.action {
        set_action(&mut policy, text)?;
    }
    for entry in &args.allow {
        policy = allow(policy, entry)?;
    }
    if let Some(region) = &args.region {
        policy = policy
            .with_region(region)
            .map_err(|_| Error::usage("--region: write two letters of ISO 3166-1, such as DE"))?;
    }
    if let Some(format) = &args.line_format {
        policy = policy.with_line_format(format);
    }
    if let Some(numbers) = args.json_numbers {
        policy = policy.with_json_numbers(match numbers {
            JsonNumbersArg::Quote => JsonNumbers::Quote,
            JsonNumbersArg::Null => JsonNumbers::Null,
            JsonNumbersArg::Zero => JsonNumbers::Zero,
        });
    }
    refuse_tokens_without_key(&policy, args.key_file.as_deref())?;
    Ok(policy)
}

fn set_action(policy: &mut Policy, text: &str) -> Result<(), Error> {
    let Some((selector, action)) = text.split_once('=') else {
        return Err(Error::usage(
            "--action: write TYPE=ACTION, such as email=mask; `*` stands for all types",
        ));
    };
    if action == "hash" || action.starts_with("hash:") {
        return Err(Error::usage(
            "--action: `hash` is refused: an unkeyed hash of an address is undone by trying them all; \
             use `token` with --key-file",
        ));
    }
    let typed = [selector, action, action.split(':').next().unwrap_or_default()];
    let action = Action::parse(action).map_err(|e| unquoted("--action", &e, &typed))?;
    policy.set_action(selector, action).map_err(|e| unquoted("--action", &e, &typed))
}

/// Adds what `--allow` names: an entry, `-` for a list on standard input, `@FILE` for one in a file.
fn allow(policy: Policy, entry: &str) -> Result<Policy, Error> {
    let failed = |e: Error| Error::usage(format!("--allow: {e}"));
    let list = match entry.strip_prefix('@') {
        None if entry == "-" => read_list(std::io::stdin()),
        // `@example.com` is a domain, unless there is a file of that name.
        Some(path) if path.contains('/') || Path::new(path).is_file() => {
            std::fs::File::open(path).and_then(read_list)
        }
        _ => return policy.allow(entry).map_err(failed),
    };
    let list = list.map_err(|e| Error::io("--allow: the list can't be read", e))?;
    let mut policy = policy;
    for (number, line) in list.lines().map(str::trim).enumerate() {
        if !line.is_empty() && !line.starts_with('#') {
            policy = policy
                .allow(line)
                .map_err(|e| Error::usage(format!("--allow: line {} of the list: {e}", number + 1)))?;
        }
    }
    Ok(policy)
}

fn read_list(reader: impl Read) -> std::io::Result<String> {
    let mut text = String::new();
    reader.take(MAX_LIST_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

fn refuse_tokens_without_key(policy: &Policy, key_file: Option<&Path>) -> Result<(), Error> {
    let wants_tokens = policy.types().any(|t| policy.is_enabled(t) && policy.action(t).needs_key());
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

/// An error about an option's value, without the value: it may be what must not be shown.
fn unquoted<S: AsRef<str>>(option: &str, error: &Error, typed: &[S]) -> Error {
    let mut message = error.to_string();
    for value in typed {
        message = message.replace(&format!(" `{}`", value.as_ref()), "");
    }
    Error::usage(format!("{option}: {message}"))
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
