//! Where a command's key ring is, and care for the process that holds it.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::error::Error;
use crate::policy::{Policy, TokenSettings};
use crate::token::{KeyRing, KeySource, Moment, SealKey, TokenOptions};

/// The options that name a key ring.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Key ring")]
pub(crate) struct KeySourceArgs {
    /// The ring's file [env: LOGVEIL_KEY_FILE]
    #[arg(long, value_name = "RING", conflicts_with_all = ["key_env", "key_fd"])]
    pub key_file: Option<PathBuf>,
    /// The name of an environment variable that holds the ring
    #[arg(long, value_name = "NAME", conflicts_with = "key_fd")]
    pub key_env: Option<String>,
    /// A file descriptor to read the ring from
    #[arg(long, value_name = "N")]
    pub key_fd: Option<u32>,
}

/// How many bits a one-way token may have.
fn bits() -> impl TypedValueParser<Value = u16> {
    PossibleValuesParser::new(["64", "80", "96", "128"]).map(|bits| bits.parse().unwrap_or_default())
}

/// The options that say whose tokens are made.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Tokens")]
pub(crate) struct TokenArgs {
    /// Who receives the output: recipients can't link their copies
    #[arg(long, value_name = "NAME")]
    pub audience: Option<String>,
    /// Whose logs these are: another tenant has other tokens for the same values
    #[arg(long, value_name = "NAME")]
    pub tenant: Option<String>,
    /// Make tokens with the key of this epoch, to repeat a run
    #[arg(long, value_name = "N")]
    pub epoch: Option<u32>,
    /// Bits of one-way tokens: 64, 80, 96 or 128 [default: 80, cards 128]
    #[arg(long, value_name = "BITS", value_parser = bits(), hide_possible_values = true)]
    pub token_bits: Option<u16>,
    /// The public key that `token:sealed` seals values to (`logveil key seal-pair` makes one)
    #[arg(long, value_name = "FILE")]
    pub seal_to: Option<PathBuf>,
    /// Replace who is on this list by `[… ERASED]` (`logveil subject suppress` makes it)
    #[arg(long, value_name = "LIST")]
    pub suppress: Option<PathBuf>,
}

impl TokenArgs {
    /// The policy's settings with these over them.
    pub fn over(&self, policy: &Policy) -> TokenSettings {
        let mut settings = policy.token().clone();
        settings.lay(&TokenSettings {
            bits: self.token_bits,
            card_bits: self.token_bits,
            audience: self.audience.clone(),
            tenant: self.tenant.clone(),
            epoch: self.epoch,
            seal_to: self.seal_to.clone(),
            suppress: self.suppress.clone(),
            ..TokenSettings::default()
        });
        settings
    }
}

impl KeySourceArgs {
    /// The source that was named, or that of the environment.
    ///
    /// # Errors
    /// None was.
    pub fn source(&self) -> Result<KeySource, Error> {
        let from_environment = || std::env::var_os("LOGVEIL_KEY_FILE").filter(|path| !path.is_empty());
        if let Some(name) = &self.key_env {
            Ok(KeySource::Environment(name.clone()))
        } else if let Some(number) = self.key_fd {
            Ok(KeySource::Descriptor(number))
        } else if let Some(path) = self.key_file.clone().or_else(|| from_environment().map(PathBuf::from)) {
            Ok(KeySource::File(path))
        } else {
            Err(Error::usage(
                "no key ring: name one with --key-file or LOGVEIL_KEY_FILE; `logveil key new -o RING` makes one",
            ))
        }
    }
    /// The source for a policy: what was named, then the policy's command, then the environment.
    ///
    /// # Errors
    /// None was.
    pub fn source_for(&self, settings: &TokenSettings) -> Result<KeySource, Error> {
        match &settings.key_command {
            Some(command) if !self.is_named() => Ok(KeySource::Command(command.clone())),
            _ => self.source(),
        }
    }
    /// Whether an option names a source.
    pub fn is_named(&self) -> bool {
        self.key_file.is_some() || self.key_env.is_some() || self.key_fd.is_some()
    }
    /// The path of the ring, for what changes it.
    ///
    /// # Errors
    /// None was named, or the source is no file.
    pub fn path(&self) -> Result<PathBuf, Error> {
        let source = self.source()?;
        let path = source.path().map(PathBuf::from);
        path.ok_or_else(|| Error::usage("only a ring file can be changed; name it with --key-file"))
    }
    /// Reads the ring, with core dumps off.
    ///
    /// # Errors
    /// Those of [`KeySource::load`].
    pub fn load(&self) -> Result<KeyRing, Error> {
        let source = self.source()?;
        no_core_dumps();
        source.load(Moment::now())
    }
}

/// The options of a tokenizer for a policy and these settings, the public key read.
///
/// # Errors
/// A public key that was named and can't be used.
pub(super) fn token_options(policy: &Policy, settings: &TokenSettings) -> Result<TokenOptions, Error> {
    let seal_to = settings.seal_to.as_deref().map(SealKey::read).transpose()?;
    Ok(TokenOptions { seal_to, ..policy.with_settings(settings) })
}

/// The ring, or none if none was named: what is searched for is then the clear values alone.
///
/// # Errors
/// A ring that was named and can't be used.
pub(super) fn optional_ring(args: &KeySourceArgs) -> Result<Option<KeyRing>, Error> {
    match args.source() {
        Ok(_) => args.load().map(Some),
        Err(_) => Ok(None),
    }
}

/// From now on a crash leaves no memory image behind and others can't look in.
pub(crate) fn no_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // A limit can always be lowered; where it can't, the run is as safe as it was.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
