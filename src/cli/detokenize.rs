//! `logveil detokenize`: reversible tokens back to values, with an audit line for every run.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::keys::KeySourceArgs;
use super::opening::{Audit, AuditArgs, Opener, open_all};
use super::outcome::Outcome;
use crate::error::Error;
use crate::token::{Detokenizer, Kid, Opened};

/// Turn reversible tokens back into values
///
/// Only tokens that authenticate themselves (mode e) are turned back; a changed one is reported and
/// left as it is, never guessed. The exit code is 1 if any was. Values come in their canonical form,
/// inside JSON records escaped as strings need it; inside a URL they may need quoting again.
#[derive(Debug, Args)]
pub(crate) struct DetokenizeCommand {
    /// Files; - or none for standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub audit: AuditArgs,
    /// Whose tokens they are
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub tenant: String,
    /// For whom they were made
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    pub audience: String,
    /// Also turn back address tokens (mode d), which only 20 check bits vouch for
    #[arg(long)]
    pub accept_addresses: bool,
    #[command(flatten)]
    pub ring: KeySourceArgs,
}

/// Runs the subcommand.
///
/// # Errors
/// No key ring, no audit file that can be written (nothing is read then), an input or output that
/// fails.
pub(super) fn run(command: DetokenizeCommand) -> Result<Outcome, Error> {
    let ring = command.ring.load()?;
    let whose = json!({ "tenant": command.tenant, "audience": command.audience });
    let audit = Audit::open(&command.audit, "detokenize", &command.files, whose)?;
    let detokenizer = Detokenizer::new(&ring, &command.tenant, &command.audience);
    open_all(&command.files, &mut detokenizer.accept_addresses(command.accept_addresses), audit)
}

impl Opener for Detokenizer<'_> {
    fn start_input(&mut self) {
        Detokenizer::start_input(self);
    }
    fn part(&mut self, part: &[u8], out: &mut Vec<u8>, told: &mut dyn FnMut(Kid, Option<&'static str>)) {
        self.line(part, out, |kid, opened| match opened {
            Opened::Value(_) => told(kid, None),
            Opened::Refused(why) => told(kid, Some(why.reason())),
        });
    }
}
