//! From options to a scanner: policy, flags over it, kernel.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use super::args::{DetectArgs, InputKind, JsonNumbersArg};
use super::keys::{KeySourceArgs, TokenArgs, no_core_dumps, token_options};
use super::options::Place;
use super::outcome::Outcome;
use crate::error::Error;
use crate::plan::Plan;
use crate::policy::{Overrides, Policy, is_path};
use crate::scan::Scanner;
use crate::simd::Kernel;
use crate::token::{Moment, SuppressionList, Tokenizer};

/// The most bytes of an allow-list on standard input or in a file.
const MAX_LIST_BYTES: u64 = 64 << 20;

/// What the options make of a run.
pub(super) enum Planned {
    /// A scanner to run.
    Scanner(Scanner),
    /// `--print-policy` was answered; nothing is to be read.
    Printed,
}

/// The scanner that the options ask for.
///
/// # Errors
/// Names, actions, files, keys or kernels that can't be used; nothing has been read then.
pub(super) fn plan(args: &DetectArgs, places: &[Place]) -> Result<Planned, Error> {
    if args.allow.iter().any(|entry| entry == "-") && places.contains(&Place::Stdin) {
        return Err(Error::usage(
            "--allow: standard input can't be both the list and the log; name one of them as a file",
        ));
    }
    let policy = policy_of(args)?;
    if args.print_policy {
        std::io::stdout()
            .write_all(policy.to_toml(true).as_bytes())
            .map_err(|e| Error::io("can't write to standard output", e))?;
        return Ok(Planned::Printed);
    }
    Ok(Planned::Scanner(scanner_with_keys(&policy, &args.keys, &args.token)?))
}

impl Planned {
    /// The scanner, or how the run has ended already.
    pub fn scanner(self) -> Result<Scanner, Outcome> {
        match self {
            Self::Scanner(scanner) => Ok(scanner),
            Self::Printed => Err(Outcome::DONE),
        }
    }
}

/// The policy that the options ask for.
///
/// # Errors
/// As [`plan`].
pub(super) fn policy_of(args: &DetectArgs) -> Result<Policy, Error> {
    let allow = args.allow.iter().map(|entry| allow_entries(entry)).collect::<Result<Vec<_>, _>>()?;
    let flags = Overrides {
        policy: args.policy.clone(),
        patterns: args.patterns.clone(),
        only: args.only.clone(),
        skip: args.skip.clone(),
        actions: args.action.clone(),
        set: args.set.clone(),
        allow: allow.concat(),
        forbidden: args.forbid.clone(),
        strict: args.strict,
        shadow: args.shadow,
        region: args.region.clone(),
        line_format: args.line_format.clone(),
        json_numbers: args.json_numbers.map(|numbers| {
            match numbers {
                JsonNumbersArg::Quote => "quote",
                JsonNumbersArg::Null => "null",
                JsonNumbersArg::Zero => "zero",
            }
            .to_owned()
        }),
    };
    let environment = Overrides::from_environment(&|name| std::env::var(name).ok());
    let policy = flags.policy(&environment).map_err(|error| without_values(error, args))?;
    Ok(match args.input {
        InputKind::Lines => policy,
        InputKind::Csv => policy.with_columns(b','),
        InputKind::Tsv => policy.with_columns(b'\t'),
    })
}

/// What `--allow` names: an entry, `-` for a list on standard input, `@FILE` for one in a file.
fn allow_entries(entry: &str) -> Result<Vec<String>, Error> {
    let list = match entry.strip_prefix('@') {
        None if entry == "-" => read_list(std::io::stdin()),
        // `@example.com` is a domain, unless there is a file of that name.
        Some(path) if path.contains('/') || Path::new(path).is_file() => {
            std::fs::File::open(path).and_then(read_list)
        }
        _ => return Ok(vec![entry.to_owned()]),
    };
    let list = list.map_err(|e| Error::io("--allow: the list can't be read", e))?;
    let lines = list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}

fn read_list(reader: impl Read) -> std::io::Result<String> {
    let mut text = String::new();
    reader.take(MAX_LIST_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

/// A scanner for a policy, with the keys of `LOGVEIL_KEY_FILE` if it makes tokens.
///
/// # Errors
/// As [`plan`].
pub(super) fn scanner_of(policy: &Policy) -> Result<Scanner, Error> {
    scanner_with_keys(policy, &KeySourceArgs::default(), &TokenArgs::default())
}

/// A scanner for a policy, with keys if it makes tokens, on the kernel that `LOGVEIL_KERNEL` asks for.
///
/// # Errors
/// As [`plan`].
pub(super) fn scanner_with_keys(
    policy: &Policy,
    keys: &KeySourceArgs,
    token: &TokenArgs,
) -> Result<Scanner, Error> {
    let kernel = forced_kernel()?;
    let settings = token.over(policy);
    let mut tokenizer = None;
    // A ring that was named also tells tokens from look-alikes where none is made.
    let needs_key = policy.needs_key() || settings.suppress.is_some();
    if needs_key || keys.is_named() || (policy.is_strict_somewhere() && keys.source_for(&settings).is_ok()) {
        let source = keys.source_for(&settings);
        let what = if settings.suppress.is_some() {
            "a suppression list"
        } else {
            "the action `token` (`hash` is the same)"
        };
        let source = source.map_err(|e| Error::key(format!("{what} needs keys: {e}; nothing was read")))?;
        let options = token_options(policy, &settings)?;
        no_core_dumps();
        let ring = source.load(Moment::now())?;
        let mut made = Tokenizer::new(&ring, &options)?;
        if let Some(path) = &settings.suppress {
            made = made.with_suppressed(&SuppressionList::read(path, &ring, &options.tenant)?, &ring)?;
        }
        tokenizer = Some(Arc::new(made));
    }
    let scanner = Scanner::with_plan(Plan::new(policy, tokenizer)?)?;
    Ok(match kernel {
        Some(kernel) => scanner.with_kernel(kernel),
        None => scanner,
    })
}

/// An error about an option's value, without the value: it may be what must not be shown.
///
/// Errors of files keep their excerpt: what stands in a policy is no value of a log.
fn without_values(error: Error, args: &DetectArgs) -> Error {
    let is_file = args.policy.as_deref().is_some_and(is_path);
    if !error.is_usage() && (is_file || !args.patterns.is_empty()) {
        return error;
    }
    let mut message = error.to_string();
    let lists = [&args.only, &args.skip, &args.action, &args.set, &args.allow, &args.forbid];
    let singles = [&args.region, &args.line_format, &args.policy];
    let typed = lists.into_iter().flatten().chain(singles.into_iter().flatten());
    let mut parts: Vec<&str> =
        typed.flat_map(|text| text.split(['=', ':', ','])).chain(args.policy.as_deref()).collect();
    parts.retain(|part| part.len() > 1);
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    message.truncate(message.find('\n').unwrap_or(message.len()));
    for part in parts {
        message = message.replace(&format!(" `{part}`"), "");
    }
    Error::usage(message)
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
