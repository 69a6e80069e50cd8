//! From options to a scanner: policy, flags over it, kernel.

use super::args::{DetectArgs, InputKind, JsonNumbersArg};
use crate::error::Error;
use crate::finding::{Group, TypeId};
use crate::policy::{Action, JsonNumbers, Policy, TokenForm};
use crate::scan::Scanner;
use crate::simd::Kernel;

/// The policy that the options ask for.
///
/// # Errors
/// Names, actions or files that can't be used.
pub(super) fn policy_of(args: &DetectArgs) -> Result<Policy, Error> {
    let mut policy = Policy::default();
    if !args.only.is_empty() {
        policy.enabled = [false; 128];
        for name in &args.only {
            for kind in select("--only", name)? {
                policy.enabled[kind.index()] = true;
            }
        }
    }
    for name in &args.skip {
        for kind in select("--skip", name)? {
            policy.enabled[kind.index()] = false;
        }
    }
    for text in &args.action {
        let (name, action) = text.split_once('=').ok_or_else(|| {
            Error::usage("--action: write TYPE=ACTION, such as email=mask; `*` stands for all types")
        })?;
        let action = parse_action(action)?;
        for kind in select("--action", name)? {
            policy.actions[kind.index()] = action.clone();
        }
    }
    policy.json_numbers = match args.json_numbers {
        None | Some(JsonNumbersArg::Quote) => JsonNumbers::Quote,
        Some(JsonNumbersArg::Null) => JsonNumbers::Null,
        Some(JsonNumbersArg::Zero) => JsonNumbers::Zero,
    };
    for (given, option) in [
        (!args.allow.is_empty(), "--allow"),
        (args.policy.is_some(), "--policy"),
        (!args.set.is_empty(), "--set"),
        (!args.patterns.is_empty(), "--patterns"),
        (args.region.is_some(), "--region"),
        (args.line_format.is_some(), "--line-format"),
        (args.input != InputKind::Lines, "--input"),
        (args.print_policy, "--print-policy"),
    ] {
        if given {
            return Err(Error::usage(format!("{option} is not there yet; leave it out")));
        }
    }
    Ok(policy)
}

fn select(option: &str, name: &str) -> Result<Vec<TypeId>, Error> {
    if name == "*" {
        return Ok(TypeId::all().collect());
    }
    if let Some(kind) = TypeId::from_id(name) {
        return Ok(vec![kind]);
    }
    if let Some(group) = Group::from_id(name) {
        return Ok(TypeId::all().filter(|t| t.group() == group).collect());
    }
    Err(Error::usage(format!("{option}: no such type or group; `logveil patterns list` shows them")))
}

fn parse_action(text: &str) -> Result<Action, Error> {
    Ok(match text {
        "label" => Action::Label,
        "placeholder" => Action::Placeholder,
        "mask" => Action::Mask,
        "truncate" => Action::Truncate,
        "remove" => Action::Remove,
        "drop-record" => Action::DropRecord,
        "keep" => Action::Keep,
        "token" => Action::Token(TokenForm::OneWay),
        _ if text == "hash" || text.starts_with("hash:") => {
            return Err(Error::usage(
                "--action: `hash` is refused: unkeyed hashes can be reversed; use token",
            ));
        }
        _ => {
            return Err(Error::usage(
                "--action: no such action; use label, placeholder, mask, truncate, remove, token, \
                 drop-record or keep",
            ));
        }
    })
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

/// The name of a type's action, as it is written in options and policies.
pub(super) fn action_name(policy: &Policy, kind: TypeId) -> String {
    let action = policy.actions.get(kind.index()).cloned().unwrap_or_default();
    match action {
        Action::Label => "label",
        Action::Placeholder => "placeholder",
        Action::Mask => "mask",
        Action::Truncate => "truncate",
        Action::Remove => "remove",
        Action::DropRecord => "drop-record",
        Action::Keep => "keep",
        Action::Token(_) => "token",
    }
    .to_owned()
}
